//! One engine in a process of its own, so that neither finds the memory of the other: the bench starts itself again
//! with `--worker`, and the two talk in lines of JSON.

use crate::engines::Failure;
use crate::engines::engine::{Answer, Kind, Question, Stop};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::io::{BufRead, BufReader, Lines, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// What making ready took.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Ready {
    pub(crate) seconds: f64,
    /// What the process holds now, and the most that it ever held, in MiB.
    pub(crate) resident: f64,
    pub(crate) peak: f64,
}

/// What one question took.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Reply {
    pub(crate) ms: f64,
    pub(crate) answer: Result<Answer, Stop>,
    pub(crate) peak: f64,
}

/// The side of the worker: `--worker build NAME RDF FILE` and `--worker serve NAME FILE`.
pub(crate) fn work(words: &[String]) -> Result<(), Failure> {
    let [way, name, paths @ ..] = words else {
        return Err("a worker needs an engine".into());
    };
    let kind = Kind::of(name)?;
    let start = Instant::now();
    match (way.as_str(), paths) {
        ("build", [rdf, file]) => {
            let build = kind.build.as_ref().ok_or("this engine builds nothing")?;
            (build.make)(Path::new(rdf), Path::new(file))?;
            say(&ready(start))
        }
        ("serve", [file]) => {
            let engine = (kind.open)(Path::new(file))?;
            say(&ready(start))?;
            for line in std::io::stdin().lines() {
                let question: Question = serde_json::from_str(&line?)?;
                let watch = Watch::start(question.limit);
                let start = Instant::now();
                let answer = engine.ask(&question);
                let ms = start.elapsed().as_secs_f64() * 1e3;
                drop(watch);
                let (_, peak) = memory();
                say(&Reply { ms, answer, peak })?;
            }
            // Tearing down a large store takes seconds, and nobody waits for it.
            std::process::exit(0);
        }
        _ => Err("a worker builds or serves".into()),
    }
}

fn ready(start: Instant) -> Ready {
    let seconds = start.elapsed().as_secs_f64();
    let (resident, peak) = memory();
    Ready {
        seconds,
        resident,
        peak,
    }
}

fn say(what: &impl Serialize) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", serde_json::to_string(what)?)?;
    out.flush()?;
    Ok(())
}

/// Resident memory now and at most, in MiB, where the system tells.
fn memory() -> (f64, f64) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mib = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name))?;
        let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
        Some(kib / 1024.0)
    };
    (
        mib("VmRSS:").unwrap_or(f64::NAN),
        mib("VmHWM:").unwrap_or(f64::NAN),
    )
}

/// Ends the process where an engine does not look at its own clock.
struct Watch {
    _end: Option<mpsc::Sender<()>>,
}

impl Watch {
    fn start(limit: Option<Duration>) -> Self {
        let end = limit.map(|limit| {
            let (end, wait) = mpsc::channel::<()>();
            thread::spawn(move || {
                let patience = 2 * limit + Duration::from_secs(5);
                if wait.recv_timeout(patience) == Err(mpsc::RecvTimeoutError::Timeout) {
                    let _ = say(&Reply {
                        ms: patience.as_secs_f64() * 1e3,
                        answer: Err(Stop::Late),
                        peak: memory().1,
                    });
                    std::process::exit(0);
                }
            });
            end
        });
        Self { _end: end }
    }
}

/// The side of the bench: an engine that is ready.
pub(crate) struct Worker {
    kind: &'static Kind,
    file: PathBuf,
    child: Child,
    stdin: ChildStdin,
    lines: Lines<BufReader<ChildStdout>>,
    /// What opening took.
    pub(crate) ready: Ready,
    /// The most memory of the process so far, in MiB.
    pub(crate) peak: f64,
}

impl Worker {
    /// Opens the file of an engine in a new process.
    pub(crate) fn start(kind: &'static Kind, file: &Path) -> Result<Self, Failure> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(["--worker", "serve", kind.name])
            .arg(file)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let stdin = child.stdin.take().ok_or("the worker has no input")?;
        let stdout = child.stdout.take().ok_or("the worker has no output")?;
        let mut lines = BufReader::new(stdout).lines();
        let ready: Ready = heard(&mut lines)?.ok_or("the worker did not start")?;
        Ok(Self {
            kind,
            file: file.to_owned(),
            child,
            stdin,
            lines,
            ready,
            peak: ready.peak,
        })
    }

    /// Asks; a worker that has ended is started again.
    pub(crate) fn ask(&mut self, question: &Question) -> Result<Reply, Failure> {
        let line = serde_json::to_string(question)?;
        for _ in 0..2 {
            // A worker that has ended does not read: the missing reply tells.
            let _ = writeln!(self.stdin, "{line}").and_then(|()| self.stdin.flush());
            if let Some(reply) = heard::<Reply>(&mut self.lines)? {
                self.peak = self.peak.max(reply.peak);
                return Ok(reply);
            }
            self.child.wait()?;
            *self = Self::start(self.kind, &self.file)?;
        }
        Err(format!("{} ended at {}", self.kind.name, question.name).into())
    }

    /// Ends the process.
    pub(crate) fn stop(mut self) -> Result<(), Failure> {
        drop(self.stdin);
        self.child.wait()?;
        Ok(())
    }
}

fn heard<T: DeserializeOwned>(
    lines: &mut Lines<BufReader<ChildStdout>>,
) -> Result<Option<T>, Failure> {
    let Some(line) = lines.next() else {
        return Ok(None);
    };
    Ok(Some(serde_json::from_str(&line?)?))
}

/// Makes the file of an engine in a process that ends with it.
pub(crate) fn build(kind: &Kind, rdf: &Path, file: &Path) -> Result<Ready, Failure> {
    let output = Command::new(std::env::current_exe()?)
        .args(["--worker", "build", kind.name])
        .args([rdf, file])
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        return Err(format!("{} built no file", kind.name).into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}
