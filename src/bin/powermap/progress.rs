//! One line on the terminal that says how far reading or compiling a large map is.

use powermap_rdf::{Phase, Progress};
use std::io::{self, IsTerminal, Write};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// How long work may take without a word.
const PATIENCE: Duration = Duration::from_millis(500);
/// How often the line changes.
const PAUSE: Duration = Duration::from_millis(100);

/// A line that comes late, changes seldom, and is gone at the end. Only on a terminal, and not with `--quiet`.
pub(crate) struct ProgressLine {
    /// When the line may be written next, and what it says is being done; `None` if it is never written.
    line: Option<Mutex<(Instant, String)>>,
    start: Instant,
}

impl ProgressLine {
    pub(crate) fn new(quiet: bool) -> Self {
        Self::since(Instant::now(), quiet)
    }

    /// The same for work that goes on with what began then.
    pub(crate) fn since(start: Instant, quiet: bool) -> Self {
        let is_wanted = !quiet && io::stderr().is_terminal();
        Self {
            line: is_wanted.then(|| Mutex::new((start + PATIENCE, String::new()))),
            start,
        }
    }

    /// Shows how far reading or compiling is, if it is time to.
    pub(crate) fn report(&self, progress: Progress) {
        let what = match progress.phase {
            Phase::Reading => "reading",
            Phase::Merging => "merging",
            Phase::Sorting => "sorting",
            Phase::Resolving => "resolving the board",
            Phase::Compiling => "compiling",
            _ => "working",
        };
        self.count(what, progress.quads, "triples");
    }

    /// Shows how much is done, if it is time to: sooner where something else is done now.
    pub(crate) fn count(&self, what: &str, done: u64, of: &str) {
        let Some(Ok(mut line)) = self.line.as_ref().map(Mutex::try_lock) else {
            return;
        };
        let now = Instant::now();
        let (next, shown) = &mut *line;
        if now < self.start + PATIENCE || (now < *next && what == shown) {
            return;
        }
        *next = now + PAUSE;
        what.clone_into(shown);
        // A terminal that is gone is no reason to stop.
        let _ = write!(io::stderr(), "\r\x1b[K{what}: {done} {of}");
    }
}

impl Drop for ProgressLine {
    fn drop(&mut self) {
        if self.line.is_some() && self.start.elapsed() >= PATIENCE {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}
