//! Errors: those of the program itself, and what to try about any error, in the words of the program.

use crate::picture::{picture_hint, scene_hint};
use powermap::MapError;
use powermap::analysis::AnalysisError;
use powermap::callable::CallError;
use powermap::model::{ModelError, UnknownPlayer};
use powermap::picture::SceneError;
use powermap_rdf::{FormatError, Hint, SparqlError, StoreError};
use std::error::Error;
use std::fmt;

/// An error of the program itself.
#[derive(Debug)]
pub(crate) struct Failure {
    message: String,
    hint: Option<String>,
}

impl Failure {
    pub(crate) fn new(message: impl fmt::Display) -> Self {
        Self {
            message: message.to_string(),
            hint: None,
        }
    }

    pub(crate) fn with_hint(self, hint: impl fmt::Display) -> Self {
        Self {
            hint: Some(hint.to_string()),
            ..self
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for Failure {}

/// Returns from a function with a [`Failure`]: a message to fill in and, after a semicolon, what to try.
macro_rules! fail {
    ($message:literal $(, $value:expr)* $(; $hint:literal $(, $part:expr)*)?) => {
        return Err($crate::failure::Failure::new(format_args!($message $(, $value)*))
            $(.with_hint(format_args!($hint $(, $part)*)))?
            .into())
    };
}

pub(crate) use fail;

/// Returns what to try about an error, where anything is known.
pub(crate) fn hint(error: &anyhow::Error) -> Option<String> {
    error.chain().find_map(of_cause)
}

/// Returns the hint of one error of a chain, in the words of the program.
fn of_cause(cause: &(dyn Error + 'static)) -> Option<String> {
    /// What an error says, if it is of the type that `hint` takes.
    fn of<E: Error + 'static, H>(
        cause: &(dyn Error + 'static),
        hint: impl FnOnce(&E) -> Option<H>,
    ) -> Option<H> {
        cause.downcast_ref().and_then(hint)
    }
    if let Some(failure) = cause.downcast_ref::<Failure>() {
        return failure.hint.clone();
    }
    let of_picture = of(cause, scene_hint).or_else(|| of(cause, picture_hint));
    if let Some(words) = of_picture {
        return Some(words.to_owned());
    }
    of(cause, MapError::hint)
        .or_else(|| of(cause, CallError::hint))
        .or_else(|| of(cause, SparqlError::hint))
        .or_else(|| of(cause, StoreError::hint))
        .or_else(|| of(cause, FormatError::hint))
        .or_else(|| of(cause, SceneError::hint))
        .or_else(|| of(cause, AnalysisError::hint))
        .or_else(|| of(cause, ModelError::hint))
        .or_else(|| of(cause, |unknown: &UnknownPlayer| Some(unknown.hint())))
        .map(|hint| in_flags(&hint))
}

/// Returns a hint of the library in the words of this program.
fn in_flags(hint: &Hint) -> String {
    let words = match hint {
        Hint::MoreTime => {
            "ask for less (LIMIT, a bound player, a shorter path) or allow more time (--timeout)"
        }
        Hint::MoreMemory => {
            "ask for less (LIMIT, a bound player, a narrower pattern) or allow more memory (--memory)"
        }
        Hint::RunAsQuery => "run it with powermap query",
        Hint::RunAsUpdate => "run it with powermap update",
        Hint::LoadFirst => "import the data first (powermap import), then update",
        Hint::CompileAgain => "compile it again with powermap compile; nothing was changed",
        Hint::NamedQuery(name) => return format!("powermap ask {name} lists them all"),
        hint => return hint.to_string(),
    };
    words.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failing(number: u32) -> anyhow::Result<()> {
        if number == 0 {
            fail!("the number is {}", number);
        }
        fail!("the number is {number}"; "give {}, not {}", 0, number)
    }

    #[test]
    fn a_failure_has_a_message_and_a_hint() {
        let error = failing(0).unwrap_err();
        assert_eq!(
            (error.to_string(), hint(&error)),
            ("the number is 0".to_owned(), None)
        );
        let error = failing(7).unwrap_err().context("reading");
        assert_eq!(hint(&error).as_deref(), Some("give 0, not 7"));
    }

    #[test]
    fn hints_are_found_under_every_error_of_the_library() {
        let unknown = || UnknownPlayer {
            name: "x".to_owned(),
            fits: Vec::new(),
            near: Vec::new(),
        };
        let errors: [anyhow::Error; 4] = [
            unknown().into(),
            MapError::from(unknown()).into(),
            MapError::from(AnalysisError::from(unknown())).into(),
            MapError::from(SparqlError::Service {
                service: "call:loops".to_owned(),
                source: Box::new(CallError::from(AnalysisError::from(unknown()))),
            })
            .into(),
        ];
        for error in errors {
            let expected = "powermap ask players lists them all";
            assert_eq!(hint(&error).as_deref(), Some(expected), "{error}");
        }
    }
}
