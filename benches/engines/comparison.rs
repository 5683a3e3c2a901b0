//! The same questions to several engines, in turns.

use crate::engines::Failure;
use crate::engines::engine::{Answer, Kind, Question, Stop};
use crate::engines::options::Options;
use crate::engines::worker::{self, Ready, Worker};
use std::path::Path;

/// What making an engine ready took.
pub(crate) struct Start {
    pub(crate) kind: &'static Kind,
    /// What building the file took, and its size; nothing for engines without one.
    pub(crate) built: Option<(Ready, u64)>,
    pub(crate) opened: Ready,
    /// The most memory after all questions, in MiB.
    pub(crate) peak: f64,
}

/// What an engine made of one question.
pub(crate) struct Measure {
    pub(crate) kind: &'static Kind,
    /// Of the checked run.
    pub(crate) answer: Result<Answer, Stop>,
    /// Milliseconds of the timed runs, sorted; of the checked run where there was no time for more.
    pub(crate) times: Vec<f64>,
}

/// All of it.
pub(crate) struct Comparison {
    pub(crate) triples: u64,
    /// Whether the engines took turns; otherwise there was not enough memory for all.
    pub(crate) is_interleaved: bool,
    pub(crate) starts: Vec<Start>,
    /// Questions in the order in which they were asked.
    pub(crate) asked: Vec<(String, Vec<Measure>)>,
}

/// Asks all of the engines of the options, whose data is in `rdf`.
pub(crate) fn compare(
    rdf: &Path,
    triples: u64,
    questions: &[Question],
    options: &Options,
) -> Result<Comparison, Failure> {
    let wanted: u64 = options
        .engines
        .iter()
        .map(|kind| kind.bytes_per_triple)
        .sum();
    let is_interleaved =
        !options.is_apart && wanted.saturating_mul(triples) < available_bytes() / 5 * 4;
    let mut comparison = Comparison {
        triples,
        is_interleaved,
        starts: Vec::new(),
        asked: questions
            .iter()
            .map(|question| (question.name.clone(), Vec::new()))
            .collect(),
    };
    let at_once = match is_interleaved {
        true => options.engines.len(),
        false => 1,
    };
    for kinds in options.engines.chunks(at_once.max(1)) {
        let mut workers = Vec::new();
        for kind in kinds {
            let (worker, start) = ready(kind, rdf, &comparison.starts)?;
            workers.push(worker);
            comparison.starts.push(start);
        }
        for (question, (_, measures)) in questions.iter().zip(&mut comparison.asked) {
            measures.extend(measure(question, kinds, &mut workers, options)?);
        }
        let started = comparison.starts.len() - kinds.len();
        for (worker, start) in workers.into_iter().zip(&mut comparison.starts[started..]) {
            start.peak = worker.peak;
            worker.stop()?;
        }
    }
    Ok(comparison)
}

fn ready(kind: &'static Kind, rdf: &Path, earlier: &[Start]) -> Result<(Worker, Start), Failure> {
    let mut file = rdf.to_owned();
    let mut built = None;
    if let Some(build) = &kind.build {
        file.set_extension(build.ending);
        let same = |start: &&Start| {
            let other = start.kind.build.as_ref();
            other.is_some_and(|other| other.ending == build.ending)
        };
        built = match earlier.iter().find(same) {
            Some(start) => start.built,
            None => {
                let took = worker::build(kind, rdf, &file)?;
                Some((took, std::fs::metadata(&file)?.len()))
            }
        };
    }
    let worker = Worker::start(kind, &file)?;
    let start = Start {
        kind,
        built,
        opened: worker.ready,
        peak: worker.peak,
    };
    Ok((worker, start))
}

/// Once checked, then timed as often as the options and the budget allow; the engines take turns.
fn measure(
    question: &Question,
    kinds: &[&'static Kind],
    workers: &mut [Worker],
    options: &Options,
) -> Result<Vec<Measure>, Failure> {
    let mut measures: Vec<(Measure, f64)> = Vec::new();
    let mut question = Question {
        is_checked: true,
        ..question.clone()
    };
    for (kind, worker) in kinds.iter().zip(workers.iter_mut()) {
        let reply = worker.ask(&question)?;
        let measure = Measure {
            kind,
            answer: reply.answer,
            times: Vec::new(),
        };
        measures.push((measure, reply.ms));
    }
    question.is_checked = false;
    let checked: Vec<f64> = measures.iter().map(|(_, ms)| *ms).collect();
    for _ in 0..options.runs {
        for ((measure, spent), worker) in measures.iter_mut().zip(workers.iter_mut()) {
            let is_affordable = *spent < options.budget.as_secs_f64() * 1e3;
            if measure.answer.is_ok() && is_affordable {
                let reply = worker.ask(&question)?;
                *spent += reply.ms;
                match reply.answer {
                    Ok(_) => measure.times.push(reply.ms),
                    // Just within the limit the first time, and not again: what was there stays.
                    Err(_) => *spent = f64::MAX,
                }
            }
        }
    }
    let measures = measures.into_iter().zip(checked);
    Ok(measures
        .map(|((mut measure, _), checked)| {
            if measure.times.is_empty() {
                measure.times.push(checked);
            }
            measure.times.sort_by(f64::total_cmp);
            measure
        })
        .collect())
}

/// How much memory there is, where the system tells.
fn available_bytes() -> u64 {
    let kib = || {
        let text = std::fs::read_to_string("/proc/meminfo").ok()?;
        let line = text
            .lines()
            .find(|line| line.starts_with("MemAvailable:"))?;
        line.split_whitespace().nth(1)?.parse::<u64>().ok()
    };
    kib().map_or(u64::MAX, |kib| kib.saturating_mul(1024))
}
