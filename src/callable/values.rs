//! Terms to the values of parameters, and cells to terms.

use crate::analysis::answer::{Cell, Row};
use crate::analysis::parameter::{ParameterKind, Presence};
use crate::analysis::position::Position;
use crate::callable::error::CallError;
use crate::callable::signature::{Slot, Taken, Takes};
use crate::format::quads::number_literal;
use crate::model::vocabulary::compact;
use oxigraph::model::vocab::{rdf, xsd};
use oxigraph::model::{Literal, Term};

/// Returns a number as a decimal, or as a double where a decimal cannot hold it.
fn number(value: f64) -> Term {
    if value.is_finite() {
        number_literal(value).into()
    } else {
        Literal::from(value).into()
    }
}

/// Returns the values of a column in a row of an answer; none for an empty cell.
pub(crate) fn terms(slot: Slot, row: &Row, number_of_row: usize, position: &Position) -> Vec<Term> {
    let bounds = |place: usize| match row.cells.get(place) {
        Some(Cell::Quantity(quantity)) => (quantity.lower, quantity.upper),
        Some(Cell::Range { lower, upper }) => (Some(*lower), Some(*upper)),
        Some(Cell::Share { lower, upper, .. }) => (*lower, *upper),
        _ => (None, None),
    };
    let excluded = |place: usize, end: usize| {
        let cell = row.cells.get(place);
        let is_excluded = cell.is_some_and(|cell| cell.excluded()[end]);
        let told = is_excluded.then(|| Literal::from(true).into());
        told.into_iter().collect()
    };
    match slot {
        Slot::LowerExclusive(place) => excluded(place, 0),
        Slot::UpperExclusive(place) => excluded(place, 1),
        Slot::Whole(place) => row.cells.get(place).map(whole).unwrap_or_default(),
        Slot::Lower(place) => bounds(place).0.map(number).into_iter().collect(),
        Slot::Upper(place) => bounds(place).1.map(number).into_iter().collect(),
        Slot::Unit(columns) => {
            let unit = row.unit(columns).map(|unit| unit.iri().into());
            unit.into_iter().collect()
        }
        Slot::UnitOf(place) => row.cells.get(place).and_then(unit).into_iter().collect(),
        Slot::Claims => {
            let mut claims: Vec<_> = row
                .support
                .iter()
                .flat_map(|support| position.claims(&support.id, support.measure))
                .collect();
            claims.sort_by_cached_key(ToString::to_string);
            claims.dedup();
            claims.into_iter().map(Term::from).collect()
        }
        Slot::Row => vec![integer(number_of_row)],
    }
}

fn unit(cell: &Cell) -> Option<Term> {
    match cell {
        Cell::Quantity(quantity) => Some(quantity.unit.iri().into()),
        _ => None,
    }
}

/// Returns a whole number as a term.
pub(crate) fn integer(number: usize) -> Term {
    Literal::new_typed_literal(number.to_string(), xsd::INTEGER).into()
}

fn whole(cell: &Cell) -> Vec<Term> {
    match cell {
        Cell::Id(id) => vec![id.clone().into()],
        Cell::Ids(ids) => ids.iter().cloned().map(Term::from).collect(),
        Cell::Claims(claims) => claims.iter().cloned().map(Term::from).collect(),
        Cell::Integer(whole) => {
            vec![Literal::new_typed_literal(whole.to_string(), xsd::INTEGER).into()]
        }
        Cell::Number(value) => vec![number(*value)],
        Cell::Text(text) => vec![Literal::from(text.as_ref()).into()],
        Cell::Words { data, .. } if data.is_empty() => Vec::new(),
        Cell::Words { data, .. } => vec![Literal::from(data.as_str()).into()],
        Cell::Time(time) => vec![time.to_literal().into()],
        Cell::Empty | Cell::Quantity(_) | Cell::Range { .. } | Cell::Share { .. } => Vec::new(),
    }
}

/// Returns whether two terms are the same value: the same term, or the same number.
pub(crate) fn is_same(left: &Term, right: &Term) -> bool {
    left == right
        || as_number(left)
            .zip(as_number(right))
            .is_some_and(|(l, r)| l == r)
}

fn as_number(term: &Term) -> Option<f64> {
    match term {
        Term::Literal(literal) if is_numeric(literal) => literal.value().parse().ok(),
        _ => None,
    }
}

fn is_numeric(literal: &Literal) -> bool {
    let datatype = literal.datatype();
    is_integer(literal) || [xsd::DECIMAL, xsd::DOUBLE, xsd::FLOAT].contains(&datatype)
}

fn is_integer(literal: &Literal) -> bool {
    [
        xsd::INTEGER,
        xsd::INT,
        xsd::LONG,
        xsd::NON_NEGATIVE_INTEGER,
        xsd::POSITIVE_INTEGER,
    ]
    .contains(&literal.datatype())
}

/// Returns the text that a parameter reads a term from.
///
/// # Errors
/// [`CallError::Value`], if the term is not of the type of the parameter.
pub(crate) fn text(parameter: &Taken, term: &Term) -> Result<String, CallError> {
    let Takes::Kind(kind) = parameter.takes else {
        return Ok(term.to_string());
    };
    let found = match term {
        Term::NamedNode(iri) if takes_iri(kind) => Some(compact(iri.as_str())),
        Term::Literal(literal) => literal_text(kind, literal),
        _ => None,
    };
    found.ok_or_else(|| wrong(parameter, term))
}

/// Returns the error for a term that a parameter does not take.
pub(crate) fn wrong(parameter: &Taken, term: &Term) -> CallError {
    CallError::Value {
        name: parameter.property.clone(),
        value: shown(term),
        expected: match parameter.takes {
            Takes::Kind(kind) => expected(kind),
            Takes::Term => "an IRI or a literal".to_owned(),
        },
        hint: None,
    }
}

/// Returns a term as it is written in a query.
pub(crate) fn shown(term: &Term) -> String {
    match term {
        Term::NamedNode(iri) => compact(iri.as_str()),
        Term::Literal(literal) if literal.datatype() == xsd::STRING => literal.to_string(),
        Term::Literal(literal) if literal.language().is_some() => literal.to_string(),
        Term::Literal(literal) => {
            format!(
                "{:?}^^{}",
                literal.value(),
                compact(literal.datatype().as_str())
            )
        }
        term => term.to_string(),
    }
}

fn takes_iri(kind: ParameterKind) -> bool {
    matches!(
        kind,
        ParameterKind::Player
            | ParameterKind::Edge
            | ParameterKind::Concept
            | ParameterKind::Family
            | ParameterKind::Flow
            | ParameterKind::Status
    )
}

fn literal_text(kind: ParameterKind, literal: &Literal) -> Option<String> {
    let datatype = literal.datatype();
    let is_text = datatype == xsd::STRING || datatype == rdf::LANG_STRING;
    let fits = match kind {
        ParameterKind::Integer(..) => is_integer(literal),
        ParameterKind::Number => is_numeric(literal),
        ParameterKind::Fraction(_) => is_text || is_numeric(literal),
        ParameterKind::Day | ParameterKind::Moment => is_text || datatype == xsd::DATE,
        ParameterKind::Time => {
            is_text || [xsd::DATE, xsd::G_YEAR_MONTH, xsd::G_YEAR].contains(&datatype)
        }
        ParameterKind::Flag if datatype == xsd::BOOLEAN => {
            return match literal.value() {
                "true" | "1" => Some("true".to_owned()),
                "false" | "0" => Some("false".to_owned()),
                _ => None,
            };
        }
        ParameterKind::Flag => false,
        _ => is_text,
    };
    fits.then(|| literal.value().to_owned())
}

fn expected(kind: ParameterKind) -> String {
    match kind {
        ParameterKind::Player => "the IRI of a player, or its name as a string".to_owned(),
        ParameterKind::Edge => "the IRI of an edge on the board".to_owned(),
        ParameterKind::Concept => "the IRI of a concept, such as pm:Equity".to_owned(),
        ParameterKind::Family => "pm:Investment, pm:Supply or pm:Influence".to_owned(),
        ParameterKind::Flow => "the IRI of what flows, such as pm:Cash".to_owned(),
        ParameterKind::Status => "the IRI of a status, such as pm:Announced".to_owned(),
        ParameterKind::Day => "an xsd:date".to_owned(),
        ParameterKind::Time => "an xsd:date, an xsd:gYearMonth or an xsd:gYear".to_owned(),
        ParameterKind::Moment => "an xsd:date, or a string DAY@KNOWN-BY".to_owned(),
        ParameterKind::Integer(least, u64::MAX) => format!("an xsd:integer, {least} or more"),
        ParameterKind::Integer(least, most) => format!("an xsd:integer from {least} to {most}"),
        ParameterKind::Number => "a number".to_owned(),
        ParameterKind::Fraction(names) => format!(
            "a number from 0 to below 1, or one of the strings {}",
            names
                .iter()
                .map(|(name, _)| *name)
                .collect::<Vec<_>>()
                .join(", ")
        ),
        ParameterKind::Word(words) => format!("one of the strings {}", words.join(", ")),
        ParameterKind::Text => "a string".to_owned(),
        ParameterKind::Flag => "true or false".to_owned(),
    }
}

/// Checks that each parameter is given as often as it should be.
///
/// # Errors
/// [`CallError::Missing`] and [`CallError::Repeated`].
pub(crate) fn check_counts(parameters: &[Taken], given: &[(usize, Term)]) -> Result<(), CallError> {
    for (place, parameter) in parameters.iter().enumerate() {
        let count = given.iter().filter(|(at, _)| *at == place).count();
        if count == 0 && parameter.presence == Presence::Required {
            return Err(CallError::Missing {
                name: parameter.property.clone(),
                help: parameter.help.to_owned(),
            });
        }
        if count > 1 && parameter.presence != Presence::Repeatable {
            return Err(CallError::Repeated {
                name: parameter.property.clone(),
                count,
            });
        }
    }
    Ok(())
}
