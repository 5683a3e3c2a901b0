//! How the program ends.

use std::process::ExitCode;

/// What the exit code says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// The work was done: 0.
    Done,
    /// The answer is no: 1. An ASK query is false, a check found problems, rows were left out of an import.
    No,
    /// Something was wrong with the input or the surroundings: 2.
    Error,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Done => Self::SUCCESS,
            Exit::No => Self::from(1),
            Exit::Error => Self::from(2),
        }
    }
}
