//! What went wrong, in the language of the reports. Errors that have no text in it stay in English.

use crate::failure::Failure;
use crate::words::{Message, help, of_library, said, said_or};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use powermap::analysis::AnalysisError;
use powermap::callable::CallError;
use powermap::evidence::EvidenceError;
use powermap::model::UnknownPlayer;
use powermap::{Lang, MapError};
use powermap_rdf::{FormatError, SparqlError, StoreError, SyntaxError, SyntaxProblem};
use std::error::Error;

/// Returns what one error of a chain says.
pub(crate) fn message(cause: &(dyn Error + 'static), lang: Lang) -> String {
    if let Some(failure) = cause.downcast_ref::<Failure>() {
        return failure.message(lang);
    }
    if let Some(inner) = inside(cause) {
        return message(inner, lang);
    }
    if let Some(SparqlError::Service { service, source }) = cause.downcast_ref() {
        let inner = message(&**source, lang);
        return said("service <{}>: {}", lang, &[service.clone(), inner]);
    }
    if let Some(SparqlError::Syntax(error)) = cause.downcast_ref() {
        let error = SyntaxError {
            message: said(&error.message, lang, &[]),
            ..(**error).clone()
        };
        return error.to_string();
    }
    if let Some(error) = cause.downcast_ref::<FormatError>()
        && lang != Lang::En
    {
        return of_format(error, lang);
    }
    let parts = of_player(cause)
        .or_else(|| of_analysis(cause, lang))
        .or_else(|| of_query(cause, lang))
        .or_else(|| of_store(cause, lang))
        .or_else(|| of_evidence(cause));
    let said = parts.and_then(|(text, parts)| said_or(text, lang, &parts));
    said.unwrap_or_else(|| {
        let text = cause.to_string();
        of_library(&text, lang).unwrap_or(text)
    })
}

/// Returns the error that another one only passes on.
fn inside<'e>(cause: &'e (dyn Error + 'static)) -> Option<&'e (dyn Error + 'static)> {
    if let Some(error) = cause.downcast_ref::<MapError>() {
        return match error {
            MapError::Format(error) => Some(error),
            MapError::Store(error) => Some(error),
            MapError::Unreadable(error) => Some(&**error),
            MapError::Sparql(error) => Some(error),
            MapError::UnknownPlayer(error) => Some(error),
            MapError::Analysis(error) => Some(error),
            _ => None,
        };
    }
    if let Some(StoreError::Format(error)) = cause.downcast_ref() {
        return Some(error);
    }
    match cause.downcast_ref::<AnalysisError>() {
        Some(AnalysisError::UnknownPlayer(error)) => return Some(error),
        Some(_) => return None,
        None => {}
    }
    match cause.downcast_ref::<CallError>() {
        Some(CallError::Analysis(error)) => Some(error),
        Some(CallError::Sparql(error)) => Some(&**error),
        _ => None,
    }
}

/// Returns what is wrong with texts, a line for each place; with hints where there are several, since only one can stand below.
fn of_format(error: &FormatError, lang: Lang) -> String {
    match error {
        FormatError::Syntax(only) => bare(only, lang),
        FormatError::Rows(problems) if problems.len() == 1 => bare(&problems[0], lang),
        FormatError::Rows(problems) => {
            let lines = problems.iter().map(|one| problem(one, lang));
            lines.collect::<Vec<_>>().join("\n")
        }
        error => {
            let text = error.to_string();
            of_library(&text, lang).unwrap_or(text)
        }
    }
}

/// Returns a place in a text and what is wrong there, with what to try.
pub(crate) fn problem(problem: &SyntaxProblem, lang: Lang) -> String {
    if lang == Lang::En {
        return problem.to_string();
    }
    let bare = bare(problem, lang);
    match &problem.hint {
        None => bare,
        Some(hint) => {
            let hint = of_library(hint, lang).unwrap_or_else(|| said(hint, lang, &[]));
            Message::WithRemark.filled(lang, &[("text", &bare), ("remark", &hint)])
        }
    }
}

/// Returns a place in a text and what is wrong there.
fn bare(problem: &SyntaxProblem, lang: Lang) -> String {
    let mut place = problem.source_name.clone();
    for number in [problem.line, problem.column].into_iter().flatten() {
        place.push_str(&format!(":{number}"));
    }
    let message = of_library(&problem.message, lang);
    let message = message.as_deref().unwrap_or(&problem.message);
    format!("{place}: {message}")
}

/// A text in English, by which the table of a language knows it, and its parts.
type Parts = Option<(&'static str, Vec<String>)>;

fn of_player(cause: &(dyn Error + 'static)) -> Parts {
    if let Some(MapError::UnknownId { name, .. }) = cause.downcast_ref() {
        return Some(("there is nothing '{}' in the map", vec![name.clone()]));
    }
    let unknown: &UnknownPlayer = cause.downcast_ref()?;
    let name = unknown.name.clone();
    Some(match unknown.fits.as_slice() {
        [] => ("there is no player '{}'", vec![name]),
        fits => (
            "'{}' is the name of several players: {}",
            vec![name, fits.join(", ")],
        ),
    })
}

fn of_analysis(cause: &(dyn Error + 'static), lang: Lang) -> Parts {
    let error: &AnalysisError = cause.downcast_ref()?;
    Some(match error {
        AnalysisError::Value {
            name,
            value,
            expected,
            ..
        } => {
            let (text, expected) = match expected.strip_prefix("one of ") {
                Some(names) => ("'{}' is no value for {}: expected one of {}", names),
                None => ("'{}' is no value for {}: expected {}", expected.as_str()),
            };
            let expected = said(expected, lang, &[]);
            (text, vec![value.clone(), name.clone(), expected])
        }
        AnalysisError::Missing {
            analysis,
            name,
            help: text,
        } => {
            let text = help(text, lang).map_or_else(|| said(text, lang, &[]), str::to_owned);
            (
                "{} needs the parameter '{}': {}",
                vec![(*analysis).to_owned(), name.clone(), text],
            )
        }
        AnalysisError::Cancelled => ("cancelled before the answer was complete", Vec::new()),
        AnalysisError::NoClaims { analysis } => (
            "{} reads claims, and a plain edge list has none",
            vec![(*analysis).to_owned()],
        ),
        AnalysisError::OwnDays { analysis } => (
            "{} takes the days to look at as parameters of its own, not as as-of",
            vec![(*analysis).to_owned()],
        ),
        _ => return None,
    })
}

fn of_query(cause: &(dyn Error + 'static), lang: Lang) -> Parts {
    let error: &SparqlError = cause.downcast_ref()?;
    Some(match error {
        SparqlError::Timeout { limit } => {
            ("the query was stopped after {}", vec![format!("{limit:?}")])
        }
        SparqlError::UnknownQuery { name, .. } => ("no query is named {}", vec![name.clone()]),
        SparqlError::UndeclaredParameter { query, name, known } => (
            "the query {} has no parameter {}: it takes {}",
            vec![query.clone(), name.clone(), listed(known, lang)],
        ),
        SparqlError::MissingParameter {
            query, parameter, ..
        } => (
            "the query {} needs the parameter {}",
            vec![query.clone(), said(parameter, lang, &[])],
        ),
        SparqlError::RepeatedParameter { name } => {
            ("?{} was given more than once", vec![name.clone()])
        }
        _ => return None,
    })
}

/// Returns parameters of a query with what they take.
fn listed(parameters: &[String], lang: Lang) -> String {
    let all = parameters
        .iter()
        .map(|parameter| said(parameter, lang, &[]));
    all.collect::<Vec<_>>().join(", ")
}

fn of_evidence(cause: &(dyn Error + 'static)) -> Parts {
    let error: &EvidenceError = cause.downcast_ref()?;
    Some(match error {
        EvidenceError::Syntax(error) => {
            ("this is no file of evidence: {}", vec![error.to_string()])
        }
        _ => return None,
    })
}

fn of_store(cause: &(dyn Error + 'static), lang: Lang) -> Parts {
    let error: &StoreError = cause.downcast_ref()?;
    Some(match error {
        StoreError::Io {
            action,
            path,
            source,
            ..
        } => (
            "{}: could not {}: {}",
            vec![
                path.display().to_string(),
                said(action, lang, &[]),
                said(&source.to_string(), lang, &[]),
            ],
        ),
        StoreError::Conflict { path } => (
            "{}: another process changed the map since it was opened",
            vec![path.display().to_string()],
        ),
        StoreError::Busy { path, seconds } => (
            "{}: other processes have been changing the map for {} seconds",
            vec![path.display().to_string(), seconds.to_string()],
        ),
        _ => return None,
    })
}

/// Returns what an error says was expected, or all that it says.
fn expected(reason: &str, lang: Lang) -> String {
    let after = reason.split_once(": expected ").map(|(_, rest)| rest);
    let text = after.or_else(|| reason.strip_prefix("expected "));
    said(text.unwrap_or(reason), lang, &[])
}

/// Returns what is wrong with arguments, and what to try; nothing where the language has no words for it.
pub(crate) fn usage(error: &clap::Error, lang: Lang) -> Option<(String, Vec<String>)> {
    let context = |kind: ContextKind| match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(texts) => Some(texts.join(", ")),
        other => Some(other.to_string()),
    };
    let (text, kinds): (&'static str, &[ContextKind]) = match error.kind() {
        ErrorKind::InvalidSubcommand => {
            ("there is no verb '{}'", &[ContextKind::InvalidSubcommand])
        }
        ErrorKind::UnknownArgument => (
            "the argument '{}' is not expected",
            &[ContextKind::InvalidArg],
        ),
        ErrorKind::MissingRequiredArgument => {
            ("these arguments are needed: {}", &[ContextKind::InvalidArg])
        }
        ErrorKind::ArgumentConflict => (
            "the argument '{}' cannot be used with {}",
            &[ContextKind::InvalidArg, ContextKind::PriorArg],
        ),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => (
            "'{}' is no value for {}",
            &[ContextKind::InvalidValue, ContextKind::InvalidArg],
        ),
        ErrorKind::MissingSubcommand => ("a verb is needed", &[]),
        _ => return None,
    };
    let parts = kinds.iter().map(|kind| context(*kind));
    let mut message = said_or(text, lang, &parts.collect::<Option<Vec<_>>>()?)?;
    let values = context(ContextKind::ValidValue).filter(|values| !values.is_empty());
    let reason = error
        .source()
        .map(|reason| expected(&reason.to_string(), lang));
    if let Some(expected) = values.or(reason) {
        message.push_str(&said_or("; expected: {}", lang, &[expected])?);
    }
    let hints = [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg]
        .into_iter()
        .filter_map(context)
        .filter_map(|name| said_or("did you mean {}?", lang, &[name]))
        .collect();
    Some((message, hints))
}
