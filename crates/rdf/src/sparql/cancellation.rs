//! Stopping an evaluation and everything that it calls.

use oxigraph::sparql::CancellationToken;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// A flag that is raised once, in the two forms that those who watch it want it in.
///
/// ```
/// use powermap_rdf::sparql::cancellation::Cancellation;
/// let cancellation = Cancellation::default();
/// assert!(!cancellation.is_cancelled());
/// cancellation.clone().cancel();
/// assert!(cancellation.flag().load(std::sync::atomic::Ordering::Relaxed));
/// ```
#[derive(Clone, Default)]
pub struct Cancellation {
    token: CancellationToken,
    flag: Arc<AtomicBool>,
    /// When [`Cancellation::is_cancelled`] says so of itself.
    deadline: Option<Instant>,
}

impl Cancellation {
    /// Asks all work under it to stop.
    pub fn cancel(&self) {
        self.flag.store(true, Ordering::Relaxed);
        self.token.cancel();
    }

    /// Whether that has been asked, or the time is over.
    pub fn is_cancelled(&self) -> bool {
        self.flag.load(Ordering::Relaxed)
            || self
                .deadline
                .is_some_and(|deadline| Instant::now() >= deadline)
    }

    /// The same, over at some time for those who ask; who watches the flag or the token has to be told.
    #[must_use]
    pub(crate) fn until(self, deadline: Option<Instant>) -> Self {
        Self { deadline, ..self }
    }

    /// For kernels and analyses.
    pub fn flag(&self) -> &AtomicBool {
        &self.flag
    }

    /// For the evaluator of queries.
    pub(crate) fn token(&self) -> CancellationToken {
        self.token.clone()
    }
}
