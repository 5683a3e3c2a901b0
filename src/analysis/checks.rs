//! What the check queries of a map find, which only a floor that knows SPARQL can ask.

use crate::analysis::source_error::SourceError;
use crate::model::lang::Lang;
use crate::model::view::View;
use crate::words::Message;
use oxigraph::model::{NamedNode, NamedOrBlankNode, Term};
use std::sync::atomic::AtomicBool;

/// Runs the check queries of a map as seen from a view, and returns what they refute.
pub type Checks = dyn Fn(View, &AtomicBool) -> Result<Vec<Refuted>, SourceError> + Send + Sync;

/// Something that a check query found not to be so.
#[derive(Debug, Clone, PartialEq)]
pub struct Refuted {
    /// The name of the query.
    pub query: String,
    /// What the query asks, in English.
    pub question: String,
    /// What the query asks, in Chinese.
    pub question_zh: String,
    /// What it was found at.
    pub about: Term,
    /// The metric, if it is about a figure.
    pub metric: Option<NamedNode>,
    /// The claims that do not go together, or the one that is wrong in itself.
    pub claims: Vec<NamedOrBlankNode>,
    /// What the sources say, where that is a number.
    pub found: Option<String>,
    /// What it would have to be.
    pub expected: Option<String>,
    /// Why, in English.
    pub reason: String,
}

impl Refuted {
    /// Returns what the query asks, in a language.
    pub fn question_in(&self, lang: Lang) -> &str {
        match lang {
            Lang::En => &self.question,
            Lang::Zh => &self.question_zh,
        }
    }

    /// Returns the reason in a language. The reasons of the queries are in English; in Chinese, the question and the numbers
    /// say it.
    pub fn reason_in(&self, lang: Lang) -> String {
        let question = self.question_in(lang);
        if question.is_empty() {
            return self.reason.clone();
        }
        match (&self.found, &self.expected) {
            (Some(found), Some(expected)) => Message::RefutedFigures.filled(
                lang,
                &[
                    ("question", &question),
                    ("reason", &self.reason),
                    ("found", found),
                    ("expected", expected),
                ],
            ),
            _ => {
                Message::Refuted.filled(lang, &[("question", &question), ("reason", &self.reason)])
            }
        }
    }
}
