//! Values of Python as terms of a query, and terms as texts.

use crate::failure::Failure;
use oxigraph::model::vocab::xsd;
use oxigraph::model::{Literal, Term};
use powermap::Map;
use powermap::model::vocabulary::{ID, compact};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDate, PyDateTime, PyDict, PyFloat, PyInt, PyString};

/// Returns the values of the parameters of a query.
///
/// A text is a player, by any of its names, or else an IRI in any of its forms where its name begins with a colon or it
/// stands in angle brackets; other texts are literals.
pub(crate) fn bound(
    map: &Map,
    values: Option<&Bound<'_, PyDict>>,
) -> PyResult<Vec<(String, Term)>> {
    let Some(values) = values else {
        return Ok(Vec::new());
    };
    let term = |(name, value): (Bound<'_, PyAny>, Bound<'_, PyAny>)| {
        let name: String = name.extract()?;
        let term = term(map, &name, &value)?;
        Ok((name, term))
    };
    values.iter().map(term).collect()
}

fn term(map: &Map, name: &str, value: &Bound<'_, PyAny>) -> PyResult<Term> {
    let py = value.py();
    if value.is_instance_of::<PyBool>() {
        return Ok(Literal::from(value.extract::<bool>()?).into());
    }
    if value.is_instance_of::<PyInt>() {
        return Ok(Literal::from(value.extract::<i64>()?).into());
    }
    if value.is_instance_of::<PyFloat>() {
        return Ok(Literal::from(value.extract::<f64>()?).into());
    }
    if value.is_instance_of::<PyDate>() && !value.is_instance_of::<PyDateTime>() {
        let text = value.str()?.to_string();
        return Ok(Literal::new_typed_literal(text, xsd::DATE).into());
    }
    if value.is_instance_of::<PyString>() {
        let text: String = value.extract()?;
        return Ok(
            match text
                .strip_prefix('"')
                .and_then(|text| text.strip_suffix('"'))
            {
                Some(text) => Literal::new_simple_literal(text).into(),
                None => named(map, &text).map_err(|failure| failure.into_exception(py))?,
            },
        );
    }
    let kind = value.get_type().name()?.to_string();
    let message = format!("the parameter '{name}' is a {kind}");
    let hint = "give a text, a number, a truth value or a date";
    Err(Failure::argument(message, hint).into_exception(py))
}

/// Returns the player of a name, or else what the text stands for as an id.
fn named(map: &Map, text: &str) -> Result<Term, Failure> {
    if let Some(iri) = powermap::model::vocabulary::expand(text).filter(|_| text.contains(':')) {
        return Ok(iri.into());
    }
    Ok(map.player(text)?.into())
}

/// Returns an IRI as the tables of a map have it: the local part of an `id:` IRI, else a prefixed name or the whole.
pub(crate) fn short(iri: &str) -> String {
    let is_plain = |c: u8| c.is_ascii_alphanumeric() || c == b'-';
    if let Some(local) = iri.strip_prefix(ID)
        && !local.is_empty()
        && local.bytes().all(is_plain)
    {
        return local.to_owned();
    }
    let compact = compact(iri);
    match compact
        .strip_prefix('<')
        .and_then(|rest| rest.strip_suffix('>'))
    {
        Some(iri) => iri.to_owned(),
        None => compact,
    }
}
