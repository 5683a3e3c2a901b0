//! Errors for other programs: a message, a hint, and what kind of error it is.

use crate::failure::{Failure, hint_for_programs};
use crate::spoken;
use anyhow::Error;
use powermap::analysis::AnalysisError;
use powermap::picture::SceneError;
use powermap::{Lang, MapError};
use powermap_picture::PictureError;
use powermap_rdf::{SparqlError, StoreError};

/// The kinds of errors that callers have to tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The request is at fault.
    Request,
    /// What was asked for is not there.
    NotFound,
    /// A limit on time was reached.
    Time,
    /// A limit on memory was reached.
    Memory,
    /// Somebody else changed the map.
    Conflict,
    /// The map or the machine is at fault.
    Internal,
}

/// An error with what to try.
#[derive(Debug, Clone)]
pub(crate) struct Trouble {
    /// What went wrong.
    pub(crate) message: String,
    /// What to try.
    pub(crate) hint: Option<String>,
    /// Its kind.
    pub(crate) kind: Kind,
}

impl Trouble {
    /// Reads an error with its causes.
    pub(crate) fn of(error: &Error, lang: Lang) -> Self {
        let mut message = String::new();
        for cause in error.chain() {
            let text = match cause.downcast_ref::<clap::Error>() {
                Some(error) => first_paragraph(error),
                None => spoken::message(cause, lang),
            };
            // A transparent error says the same as its cause.
            if !message.contains(&text) {
                if !message.is_empty() {
                    message.push_str(": ");
                }
                message.push_str(&text);
            }
        }
        let kinds = error.chain().filter_map(|cause| {
            (cause.downcast_ref().and_then(of_map))
                .or_else(|| cause.downcast_ref().and_then(of_sparql))
                .or_else(|| cause.downcast_ref().and_then(of_store))
                .or_else(|| cause.downcast_ref().map(of_picture))
        });
        let kind = kinds.into_iter().next();
        let kind = kind.or_else(|| error.chain().find_map(of_other));
        Self {
            message,
            hint: hint_for_programs(error, lang),
            kind: kind.unwrap_or(Kind::Internal),
        }
    }
}

/// Returns what is wrong with arguments, without how the program is called.
fn first_paragraph(error: &clap::Error) -> String {
    let text = error.to_string();
    let first = text.split("\n\n").next().unwrap_or_default();
    let first = first.strip_prefix("error: ").unwrap_or(first);
    first.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn of_map(error: &MapError) -> Option<Kind> {
    Some(match error {
        MapError::Sparql(error) => of_sparql(error)?,
        MapError::Store(error) => of_store(error)?,
        MapError::UnknownPlayer(_) | MapError::UnknownId { .. } => Kind::NotFound,
        MapError::Analysis(error) => of_analysis(error),
        MapError::Compiled
        | MapError::DerivedGraph { .. }
        | MapError::Format(_)
        | MapError::NothingHeld(_)
        | MapError::NothingNew(_) => Kind::Request,
        _ => Kind::Internal,
    })
}

fn of_analysis(error: &AnalysisError) -> Kind {
    match error {
        AnalysisError::UnknownPlayer(_) => Kind::NotFound,
        AnalysisError::Cancelled => Kind::Time,
        AnalysisError::Checks(_) => Kind::Internal,
        _ => Kind::Request,
    }
}

fn of_sparql(error: &SparqlError) -> Option<Kind> {
    Some(match error {
        SparqlError::Timeout { .. } | SparqlError::Cancelled => Kind::Time,
        SparqlError::Memory { .. } => Kind::Memory,
        SparqlError::UnknownQuery { .. } => Kind::NotFound,
        SparqlError::Io(_) | SparqlError::Read { .. } => Kind::Internal,
        SparqlError::Evaluation(_) => Kind::Internal,
        SparqlError::Service { source, .. } => match source.downcast_ref::<AnalysisError>() {
            Some(AnalysisError::Cancelled) => Kind::Time,
            _ => Kind::Request,
        },
        _ => Kind::Request,
    })
}

fn of_store(error: &StoreError) -> Option<Kind> {
    Some(match error {
        StoreError::Conflict { .. } | StoreError::Busy { .. } => Kind::Conflict,
        _ => Kind::Internal,
    })
}

fn of_picture(error: &PictureError) -> Kind {
    match error {
        PictureError::Scale { .. } => Kind::Request,
        _ => Kind::Internal,
    }
}

fn of_other(cause: &(dyn std::error::Error + 'static)) -> Option<Kind> {
    if cause.is::<Failure>() || cause.is::<SceneError>() || cause.is::<clap::Error>() {
        return Some(Kind::Request);
    }
    if let Some(error) = cause.downcast_ref::<AnalysisError>() {
        return Some(of_analysis(error));
    }
    cause
        .downcast_ref::<powermap::model::UnknownPlayer>()
        .map(|_| Kind::NotFound)
}
