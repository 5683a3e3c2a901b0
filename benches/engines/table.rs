//! What was measured, as tables and as lines for other programs.

use crate::engines::Failure;
use crate::engines::comparison::{Comparison, Measure, Start};
use crate::engines::engine::Stop;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

/// Prints one comparison, and tells whether all engines gave the same.
pub(crate) fn print(comparison: &Comparison) -> bool {
    println!(
        "\n{} triples; engines {}",
        comparison.triples,
        match comparison.is_interleaved {
            true => "in turns, each in a process of its own",
            false =>
                "one after the other, each in a process of its own (--apart, or too little memory)",
        }
    );
    print_starts(comparison);
    println!(
        "\n{:<32} {:<14} {:>10} {:>12} {:>12} {:>5} {:>9}  check",
        "query", "engine", "rows", "min ms", "median ms", "runs", "ratio"
    );
    let mut is_same = true;
    let mut factors: Vec<(&str, Factors)> = Vec::new();
    for (name, measures) in &comparison.asked {
        let base = &measures[0];
        for measure in measures {
            let verdict = verdict(base, measure);
            is_same &= verdict.is_same;
            print_measure(name, base, measure, &verdict);
            let at = factors
                .iter()
                .position(|(engine, _)| *engine == measure.kind.name)
                .unwrap_or_else(|| {
                    factors.push((measure.kind.name, Factors::default()));
                    factors.len() - 1
                });
            factors[at].1.add(&verdict);
        }
    }
    println!();
    let base = comparison
        .starts
        .first()
        .map_or("", |start| start.kind.name);
    for (engine, factors) in factors.iter().filter(|(engine, _)| *engine != base) {
        factors.print(engine, base);
    }
    is_same
}

fn print_starts(comparison: &Comparison) {
    println!(
        "{:<14} {:>14} {:>9} {:>10} {:>9} {:>12} {:>19}",
        "engine",
        "build, load s",
        "peak MiB",
        "B/triple",
        "open µs",
        "resident MiB",
        "peak, queried MiB"
    );
    for start in &comparison.starts {
        let Start { kind, opened, .. } = start;
        let (seconds, peak, bytes, open) = match &start.built {
            Some((built, bytes)) => (
                built.seconds,
                built.peak,
                format!("{:.1}", *bytes as f64 / comparison.triples as f64),
                format!("{:.0}", opened.seconds * 1e6),
            ),
            None => (opened.seconds, opened.peak, "-".into(), "(load)".into()),
        };
        println!(
            "{:<14} {seconds:>14.2} {peak:>9.0} {bytes:>10} {open:>9} {:>12.1} {:>19.0}",
            kind.name, opened.resident, start.peak
        );
    }
}

/// How an engine compares to the first one.
struct Verdict {
    /// How many times as fast; nothing where one of the two has no answer to compare.
    ratio: Option<f64>,
    /// Whether the first one gave up, so that the ratio is the least that it can be.
    is_least: bool,
    is_late: bool,
    is_same: bool,
    note: String,
}

fn verdict(base: &Measure, measure: &Measure) -> Verdict {
    let is_late = measure.answer == Err(Stop::Late);
    let is_least = base.answer == Err(Stop::Late);
    let (is_same, note) = match (&base.answer, &measure.answer) {
        (_, Err(Stop::Failed(error))) => (false, error.lines().next().unwrap_or("").to_owned()),
        (Ok(theirs), Ok(ours)) if ours != theirs => (
            false,
            format!("DIFFERS: {} has {} rows", base.kind.name, theirs.rows),
        ),
        (_, Ok(_)) => (true, String::new()),
        (_, Err(Stop::Late)) => (true, "gave up".to_owned()),
    };
    let ratio = (!is_late).then(|| median(&base.times) / median(&measure.times));
    Verdict {
        ratio: ratio.filter(|_| base.answer.is_ok() || is_least),
        is_least,
        is_late,
        is_same,
        note,
    }
}

pub(crate) fn median(times: &[f64]) -> f64 {
    match times.len() {
        0 => f64::NAN,
        n if n % 2 == 1 => times[n / 2],
        n => f64::midpoint(times[n / 2 - 1], times[n / 2]),
    }
}

fn print_measure(name: &str, base: &Measure, measure: &Measure, verdict: &Verdict) {
    let rows = measure
        .answer
        .as_ref()
        .map_or("-".to_owned(), |answer| answer.rows.to_string());
    let shown = |ms: f64| match verdict.is_late {
        true => format!("> {ms:.0}"),
        false => format!("{ms:.3}"),
    };
    let ratio = verdict
        .ratio
        .filter(|_| measure.kind.name != base.kind.name)
        .map_or(String::new(), |ratio| match verdict.is_least {
            true => format!("> {ratio:.2}"),
            false => format!("{ratio:.2}"),
        });
    println!(
        "{name:<32} {:<14} {rows:>10} {:>12} {:>12} {:>5} {ratio:>9}  {}",
        measure.kind.name,
        shown(measure.times[0]),
        shown(median(&measure.times)),
        measure.times.len(),
        verdict.note
    );
}

/// The ratios of one engine over all questions.
#[derive(Default)]
struct Factors {
    logarithms: Vec<f64>,
    /// How many of them are least values.
    least: usize,
    /// How many questions the engine gave up.
    late: usize,
    slower: usize,
}

impl Factors {
    fn add(&mut self, verdict: &Verdict) {
        self.late += usize::from(verdict.is_late);
        if let Some(ratio) = verdict.ratio {
            self.logarithms.push(ratio.ln());
            self.least += usize::from(verdict.is_least);
            self.slower += usize::from(ratio < 1.0);
        }
    }

    fn print(&self, engine: &str, base: &str) {
        let mean = self.logarithms.iter().sum::<f64>() / self.logarithms.len() as f64;
        print!(
            "{engine} against {base}, geometric mean of the ratios of {} queries: {:.2}; slower on {}",
            self.logarithms.len(),
            mean.exp(),
            self.slower
        );
        if self.least > 0 {
            print!(
                "; {base} gave up {}, which count as if they had ended then",
                self.least
            );
        }
        if self.late > 0 {
            print!("; {engine} gave up {}, which do not count", self.late);
        }
        println!();
    }
}

/// Adds the figures to a file: triples, query, engine, rows, sum of the integers, least and median milliseconds, runs.
pub(crate) fn write(comparison: &Comparison, path: &Path) -> Result<(), Failure> {
    let mut out = OpenOptions::new().create(true).append(true).open(path)?;
    for (name, measures) in &comparison.asked {
        for measure in measures {
            if let Ok(answer) = &measure.answer {
                writeln!(
                    out,
                    "{}\t{name}\t{}\t{}\t{}\t{:.3}\t{:.3}\t{}",
                    comparison.triples,
                    measure.kind.name,
                    answer.rows,
                    answer.sum,
                    measure.times[0],
                    median(&measure.times),
                    measure.times.len()
                )?;
            }
        }
    }
    Ok(())
}
