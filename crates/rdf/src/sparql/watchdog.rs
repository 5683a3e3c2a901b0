//! Stops a query that takes too long.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

/// A thread that cancels work after a time limit.
///
/// Dropping the watchdog wakes the thread and waits for it, so no thread outlives its query.
pub struct Watchdog {
    limit: Duration,
    expired: Arc<AtomicBool>,
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Watchdog {
    /// Starts counting.
    ///
    /// # Errors
    /// When the system refuses another thread.
    pub fn start(limit: Duration, call_off: impl FnOnce() + Send + 'static) -> io::Result<Self> {
        let expired = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&expired);
        let (stop, stopped) = channel::<()>();
        let thread = Builder::new()
            .name("query-timeout".to_owned())
            .spawn(move || {
                if stopped.recv_timeout(limit) == Err(RecvTimeoutError::Timeout) {
                    flag.store(true, Ordering::Release);
                    call_off();
                }
            })?;
        Ok(Self {
            limit,
            expired,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// Returns the limit, if it has passed.
    pub fn expired(&self) -> Option<Duration> {
        self.expired.load(Ordering::Acquire).then_some(self.limit)
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        // Closing the channel wakes the thread.
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            // The thread cannot panic, and after a panic there would be nothing left to stop.
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use oxigraph::sparql::CancellationToken;
    use std::time::Instant;

    fn cancelling(token: &CancellationToken) -> impl FnOnce() + Send + 'static {
        let token = token.clone();
        move || token.cancel()
    }

    #[test]
    fn cancels_after_the_limit_only() {
        let token = CancellationToken::new();
        let watchdog = Watchdog::start(Duration::from_millis(10), cancelling(&token)).unwrap();
        assert!(!token.is_cancelled() || watchdog.expired().is_some());
        let start = Instant::now();
        while watchdog.expired().is_none() {
            assert!(start.elapsed() < Duration::from_secs(60));
            std::thread::yield_now();
        }
        assert!(start.elapsed() >= Duration::from_millis(5));
        drop(watchdog);
        assert!(token.is_cancelled());
    }

    #[test]
    fn dropping_it_ends_the_thread_at_once() {
        let token = CancellationToken::new();
        let start = Instant::now();
        let watchdog = Watchdog::start(Duration::from_secs(3600), cancelling(&token)).unwrap();
        let expired = Arc::downgrade(&watchdog.expired);
        drop(watchdog);
        assert!(start.elapsed() < Duration::from_secs(60));
        assert!(!token.is_cancelled());
        // The thread held a clone of the flag: none is left once it has ended.
        assert_eq!(expired.strong_count(), 0);
    }
}
