//! Cancellation of an evaluation and everything that it calls.

use oxigraph::sparql::CancellationToken;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

/// A one-shot cancellation flag, as an `AtomicBool` and as spareval's token.
///
/// ```
/// use powermap_rdf::Cancellation;
/// let cancellation = Cancellation::default();
/// assert!(!cancellation.is_cancelled());
/// cancellation.clone().cancel();
/// assert!(cancellation.flag().load(std::sync::atomic::Ordering::Relaxed));
/// ```
#[derive(Clone, Default)]
pub struct Cancellation {
    token: CancellationToken,
    flag: Arc<AtomicBool>,
    /// The deadline, checked by [`Cancellation::is_cancelled`].
    deadline: Option<Instant>,
}

impl Cancellation {
    /// Requests all work under it to stop.
    pub fn cancel(&self) {
        self.flag.store(true, Ordering::Relaxed);
        self.token.cancel();
    }

    /// Returns whether it was cancelled, or the deadline has passed.
    pub fn is_cancelled(&self) -> bool {
        self.flag.load(Ordering::Relaxed)
            || self
                .deadline
                .is_some_and(|deadline| Instant::now() >= deadline)
    }

    /// Adds a deadline, which [`Cancellation::is_cancelled`] sees; the flag and the token still have to be raised.
    #[must_use]
    pub(crate) fn until(self, deadline: Option<Instant>) -> Self {
        Self { deadline, ..self }
    }

    /// Returns the flag that kernels and analyses watch.
    pub fn flag(&self) -> &AtomicBool {
        &self.flag
    }

    /// Returns the token that spareval watches.
    pub(crate) fn token(&self) -> CancellationToken {
        self.token.clone()
    }
}
