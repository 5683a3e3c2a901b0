//! Suggestions for errors, as data.

use std::borrow::Cow;
use std::fmt;

/// A suggestion for resolving an error.
///
/// It prints in the words of this library. A program that has words of its own for a limit or a call, such as the name
/// of a flag, matches on it.
///
/// ```
/// use powermap_rdf::Evaluator;
/// use powermap_rdf::Hint;
///
/// let error = Evaluator::new().parse_query("INSERT DATA { <a:s> <a:p> 1 }").unwrap_err();
/// assert_eq!(error.hint(), Some(Hint::RunAsUpdate));
/// assert_eq!(error.hint().unwrap().to_string(), "run it by Evaluator::update");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Hint {
    /// Advice in words.
    Words(Cow<'static, str>),
    /// To give one of these names, which are spelt alike.
    DidYouMean(Vec<String>),
    /// Allow the query more time, or ask for less.
    MoreTime,
    /// Allow the query more memory, or ask for less.
    MoreMemory,
    /// To run a text as a query: it is no update.
    RunAsQuery,
    /// To run a text as an update: it is no query.
    RunAsUpdate,
    /// To load data before an update, which does not.
    LoadFirst,
    /// To compile a map again.
    CompileAgain,
    /// To run the named query of this name, which lists what there is.
    NamedQuery(&'static str),
    /// To look into the catalogue of named queries, which are too many to list.
    Catalogue,
}

impl From<&'static str> for Hint {
    fn from(words: &'static str) -> Self {
        Self::Words(words.into())
    }
}

impl From<String> for Hint {
    fn from(words: String) -> Self {
        Self::Words(words.into())
    }
}

impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Words(words) => words,
            Self::DidYouMean(names) => return write!(f, "did you mean {}?", names.join(", or ")),
            Self::MoreTime => {
                "ask for less (LIMIT, a bound variable, a shorter path) or allow more time (Evaluator::with_timeout)"
            }
            Self::MoreMemory => {
                "ask for less (LIMIT, a bound variable, a narrower pattern) or allow more memory \
                 (Evaluator::with_memory_limit)"
            }
            Self::RunAsQuery => "run it by Evaluator::query",
            Self::RunAsUpdate => "run it by Evaluator::update",
            Self::LoadFirst => "load the data first, then update",
            Self::CompileAgain => "compile it again; nothing was changed",
            Self::Catalogue => "the catalogue lists them all",
            Self::NamedQuery(name) => return write!(f, "the named query {name} lists them all"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Hint;

    #[test]
    fn the_words_of_the_library_name_nothing_of_the_program() {
        for hint in [
            Hint::MoreTime,
            Hint::MoreMemory,
            Hint::RunAsQuery,
            Hint::RunAsUpdate,
            Hint::LoadFirst,
            Hint::CompileAgain,
            Hint::NamedQuery("players"),
        ] {
            let words = hint.to_string();
            assert!(
                !words.contains("--") && !words.contains("powermap"),
                "{words}"
            );
        }
    }
}
