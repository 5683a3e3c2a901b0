//! One line on the terminal that says how far reading a large map is.

use crate::store::load::{Phase, Progress};
use std::io::{self, IsTerminal, Write};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// How long reading may take without a word.
const PATIENCE: Duration = Duration::from_millis(500);
/// How often the line changes.
const PAUSE: Duration = Duration::from_millis(100);

/// A line that comes late, changes seldom, and is gone at the end. Only on a terminal, and not with `--quiet`.
pub(crate) struct ProgressLine {
    /// When the line may be written next; `None` if it is never written.
    next: Option<Mutex<Instant>>,
    start: Instant,
}

impl ProgressLine {
    pub(crate) fn new(quiet: bool) -> Self {
        let start = Instant::now();
        let is_wanted = !quiet && io::stderr().is_terminal();
        Self {
            next: is_wanted.then(|| Mutex::new(start + PATIENCE)),
            start,
        }
    }

    /// Shows how far reading is, if it is time to.
    pub(crate) fn report(&self, progress: Progress) {
        let what = match progress.phase {
            Phase::Reading => "reading",
            Phase::Merging => "merging",
            _ => "sorting",
        };
        self.count(what, progress.quads, "triples");
    }

    /// Shows how much is done, if it is time to.
    pub(crate) fn count(&self, what: &str, done: u64, of: &str) {
        let Some(Ok(mut next)) = self.next.as_ref().map(Mutex::try_lock) else {
            return;
        };
        let now = Instant::now();
        if now < *next {
            return;
        }
        *next = now + PAUSE;
        // A terminal that is gone is no reason to stop.
        let _ = write!(io::stderr(), "\r\x1b[K{what}: {done} {of}");
    }
}

impl Drop for ProgressLine {
    fn drop(&mut self) {
        if self.next.is_some() && self.start.elapsed() >= PATIENCE {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}
