//! Work on a thread of its own, without the lock of the interpreter, that Ctrl-C and a limit on time end.

use crate::failure::Failure;
use powermap_rdf::Cancellation;
use pyo3::prelude::*;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

/// How often signals are looked at.
const POLL: Duration = Duration::from_millis(50);

/// The stack of the thread.
const STACK_BYTES: usize = 16 << 20;

/// What ended the work before it had a result.
enum Ended {
    Failed(Failure),
    Interrupted(PyErr),
}

/// Does some work, which looks at the flag that it is given.
pub(crate) fn run<T: Send>(
    py: Python<'_>,
    timeout: Option<f64>,
    work: impl FnOnce(&Cancellation) -> Result<T, Failure> + Send,
) -> PyResult<T> {
    let limit = match timeout.map(Duration::try_from_secs_f64) {
        None => None,
        Some(Ok(limit)) => Some(limit),
        Some(Err(_)) => {
            let hint = "give seconds, such as 10 or 0.5";
            return Err(Failure::argument("timeout is no length of time", hint).into_exception(py));
        }
    };
    let ended = py.detach(|| {
        let cancellation = Cancellation::default();
        thread::scope(|scope| {
            let (sender, receiver) = channel();
            let flag = cancellation.clone();
            let worker = thread::Builder::new().stack_size(STACK_BYTES);
            let started = worker.spawn_scoped(scope, move || {
                // Nobody listens any more where the interpreter ends.
                let _ = sender.send(work(&flag));
            });
            started.map_err(|error| Ended::Failed(Failure::Thread(error)))?;
            let begun = Instant::now();
            loop {
                let left = limit.map(|limit| limit.saturating_sub(begun.elapsed()));
                match receiver.recv_timeout(left.map_or(POLL, |left| left.min(POLL))) {
                    Ok(result) => return result.map_err(Ended::Failed),
                    Err(RecvTimeoutError::Disconnected) => {
                        return Err(Ended::Failed(Failure::Lost));
                    }
                    Err(RecvTimeoutError::Timeout) => {}
                }
                let over = limit.filter(|limit| begun.elapsed() >= *limit);
                let ended = match (over, Python::attach(|py| py.check_signals())) {
                    (_, Err(interrupt)) => Ended::Interrupted(interrupt),
                    (Some(limit), Ok(())) => Ended::Failed(Failure::Timeout(limit)),
                    (None, Ok(())) => continue,
                };
                cancellation.cancel();
                return Err(ended);
            }
        })
    });
    ended.map_err(|ended| match ended {
        Ended::Failed(failure) => failure.into_exception(py),
        Ended::Interrupted(interrupt) => interrupt,
    })
}
