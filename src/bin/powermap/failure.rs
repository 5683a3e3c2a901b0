//! Errors: those of the program itself, and what to try about any error, in the words of the program.

use crate::picture::{picture_hint, scene_hint};
use crate::words::{Message, of_library, said};
use powermap::analysis::AnalysisError;
use powermap::callable::CallError;
use powermap::evidence::EvidenceError;
use powermap::model::{ModelError, UnknownPlayer};
use powermap::picture::SceneError;
use powermap::{Lang, MapError};
use powermap_rdf::{FormatError, Hint, SparqlError, StoreError};
use std::error::Error;
use std::fmt;

/// A text with `{}` for its parts.
type Text = (&'static str, Vec<String>);

/// An error of the program itself.
#[derive(Debug)]
pub(crate) struct Failure {
    message: Text,
    hint: Option<Text>,
}

impl Failure {
    pub(crate) fn new(message: &'static str, parts: Vec<String>) -> Self {
        Self {
            message: (message, parts),
            hint: None,
        }
    }

    pub(crate) fn with_hint(self, hint: &'static str, parts: Vec<String>) -> Self {
        Self {
            hint: Some((hint, parts)),
            ..self
        }
    }

    /// Returns the message in a language.
    pub(crate) fn message(&self, lang: Lang) -> String {
        said(self.message.0, lang, &self.message.1)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message(Lang::En))
    }
}

impl Error for Failure {}

/// Returns from a function with a [`Failure`]: a message to fill in and, after a semicolon, what to try.
macro_rules! fail {
    ($message:literal $(, $value:expr)* $(; $hint:literal $(, $part:expr)*)?) => {
        return Err($crate::failure::Failure::new($message, vec![$($value.to_string()),*])
            $(.with_hint($hint, vec![$($part.to_string()),*]))?
            .into())
    };
}

pub(crate) use fail;

/// Returns what to try about an error, where anything is known.
pub(crate) fn hint(error: &anyhow::Error, lang: Lang) -> Option<String> {
    error
        .chain()
        .find_map(|cause| of_cause(cause, lang, in_flags))
}

/// Returns what to try about an error for a caller that does not type commands.
pub(crate) fn hint_for_programs(error: &anyhow::Error, lang: Lang) -> Option<String> {
    let mut causes = error.chain();
    causes.find_map(|cause| of_cause(cause, lang, without_flags))
}

/// Returns the hint of one error of a chain, with hints of the library in these words.
fn of_cause(
    cause: &(dyn Error + 'static),
    lang: Lang,
    words: fn(&Hint, Lang) -> String,
) -> Option<String> {
    /// What an error says, if it is of the type that `hint` takes.
    fn of<E: Error + 'static, H>(
        cause: &(dyn Error + 'static),
        hint: impl FnOnce(&E) -> Option<H>,
    ) -> Option<H> {
        cause.downcast_ref().and_then(hint)
    }
    if let Some(failure) = cause.downcast_ref::<Failure>() {
        let hint = failure.hint.as_ref()?;
        return Some(said(hint.0, lang, &hint.1));
    }
    let of_picture = of(cause, scene_hint).or_else(|| of(cause, picture_hint));
    if let Some(words) = of_picture {
        return Some(said(words, lang, &[]));
    }
    of(cause, MapError::hint)
        .or_else(|| of(cause, CallError::hint))
        .or_else(|| of(cause, SparqlError::hint))
        .or_else(|| of(cause, StoreError::hint))
        .or_else(|| of(cause, FormatError::hint))
        .or_else(|| of(cause, SceneError::hint))
        .or_else(|| of(cause, AnalysisError::hint))
        .or_else(|| of(cause, ModelError::hint))
        .or_else(|| of(cause, EvidenceError::hint))
        .or_else(|| of(cause, |unknown: &UnknownPlayer| Some(unknown.hint())))
        .map(|hint| words(&hint, lang))
}

/// Returns a hint of the library in words that name no option.
fn without_flags(hint: &Hint, lang: Lang) -> String {
    let words = match hint {
        Hint::MoreTime | Hint::MoreMemory => {
            "ask for less: LIMIT, a bound player, a shorter path, a narrower pattern"
        }
        Hint::RunAsQuery => "send it as a query",
        Hint::RunAsUpdate => "send it as an update",
        Hint::Catalogue => "the catalogue lists them all",
        Hint::LoadFirst => "send the data itself (INSERT DATA, or a graph by PUT)",
        Hint::NamedQuery(name) => {
            return said(
                "the named query {} lists them all",
                lang,
                &[(*name).to_owned()],
            );
        }
        hint => return in_flags(hint, lang),
    };
    said(words, lang, &[])
}

/// Returns a hint of the library in the words of this program.
fn in_flags(hint: &Hint, lang: Lang) -> String {
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
        Hint::Catalogue => "powermap ask lists them all",
        Hint::CompileAgain => "compile it again with powermap compile; nothing was changed",
        Hint::NamedQuery(name) => {
            return said(
                "powermap ask {} lists them all",
                lang,
                &[(*name).to_owned()],
            );
        }
        Hint::DidYouMean(names) => {
            let names = names.join(Message::OrSeparator.text(lang));
            return said("did you mean {}?", lang, &[names]);
        }
        hint => {
            let text = hint.to_string();
            return of_library(&text, lang).unwrap_or_else(|| said(&text, lang, &[]));
        }
    };
    said(words, lang, &[])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failing(number: u32) -> anyhow::Result<()> {
        if number == 0 {
            fail!("the number is {}", number);
        }
        fail!("the number is {}", number; "give {}, not {}", 0, number)
    }

    #[test]
    fn a_failure_has_a_message_and_a_hint() {
        let error = failing(0).unwrap_err();
        assert_eq!(
            (error.to_string(), hint(&error, Lang::En)),
            ("the number is 0".to_owned(), None)
        );
        let error = failing(7).unwrap_err().context("reading");
        assert_eq!(hint(&error, Lang::En).as_deref(), Some("give 0, not 7"));
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
            assert_eq!(hint(&error, Lang::En).as_deref(), Some(expected), "{error}");
        }
    }
}
