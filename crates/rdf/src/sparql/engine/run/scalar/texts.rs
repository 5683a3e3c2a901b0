//! Functions of the texts of stored terms, where they stand: no term is built for them.

use crate::sparql::engine::batch::{Batch, UNBOUND};
use crate::sparql::engine::context::{Context, store_error};
use crate::sparql::engine::plan::scalar::{Call, Scalar, Value};
use crate::sparql::engine::run::scalar::Column;
use crate::sparql::engine::run::state::Run;
use crate::sparql::error::SparqlError;
use crate::store::compiled::kind::Kind;
use spareval::ExpressionTerm;
use spargebra::algebra::Function;

impl Call {
    /// Returns the values in some rows, if it is a function of the text of one slot, and perhaps of a constant.
    pub(crate) fn of_texts(
        &self,
        run: &Run<'_, '_>,
        batch: &Batch,
        rows: &[u32],
    ) -> Result<Option<Column>, SparqlError> {
        let (first, second) = match &self.operands[..] {
            [first] => (first, None),
            [first, Scalar::Constant(second)] => (first, Some(second)),
            _ => return Ok(None),
        };
        let (slot, of_str) = match first {
            Scalar::Slot(slot) => (*slot, false),
            Scalar::Call(call) if call.function == Function::Str => match call.operands[..] {
                [Scalar::Slot(slot)] => (slot, true),
                _ => return Ok(None),
            },
            _ => return Ok(None),
        };
        let context = run.context;
        let part = match second {
            Some(value) => match context.term_of(value.clone())? {
                ExpressionTerm::StringLiteral(part) => Some(part),
                _ => return Ok(None),
            },
            None => None,
        };
        let is_known = match part {
            None => matches!(
                self.function,
                Function::StrLen | Function::UCase | Function::LCase
            ),
            Some(_) => matches!(
                self.function,
                Function::StrStarts
                    | Function::StrEnds
                    | Function::Contains
                    | Function::StrBefore
                    | Function::StrAfter
            ),
        };
        if !is_known {
            return Ok(None);
        }
        let part = part.unwrap_or_default();
        let (mut values, mut buffer) = (Vec::with_capacity(rows.len()), String::new());
        for row in rows {
            let number = batch.get(slot, *row as usize);
            values.push(if number == UNBOUND {
                None
            } else if let Some(kind) = context.read_text(number, of_str, &mut buffer)? {
                let (text, language) = match kind {
                    Kind::Tagged => tagged(&buffer),
                    _ => (&*buffer, None),
                };
                let language = language.filter(|_| !of_str);
                Some(Value::Computed(of_text(
                    &self.function,
                    text,
                    language,
                    &part,
                )))
            } else {
                let row = [*row];
                self.of_rows(run, batch, &row)?.pop().flatten()
            });
        }
        Ok(Some(values))
    }
}

impl Context<'_> {
    /// Puts the text of a stored string, or of an IRI whose text is asked for, into a buffer; `None` for other terms.
    fn read_text(
        &self,
        number: u32,
        with_iris: bool,
        buffer: &mut String,
    ) -> Result<Option<Kind>, SparqlError> {
        let store = self.dataset.store();
        let terms = store.terms();
        if number >= terms.len() {
            return Ok(None);
        }
        let kind = terms.kind(number);
        let is_text = matches!(kind, Kind::Text | Kind::Tagged) || with_iris && kind == Kind::Iri;
        let Some(section) = terms.text(kind).filter(|_| is_text) else {
            return Ok(None);
        };
        let place = number - terms.range(kind).start;
        let (head, rest) = section.get(store.pages(), place).map_err(store_error)?;
        buffer.clear();
        buffer.push_str(head);
        buffer.push_str(rest);
        Ok(Some(kind))
    }
}

/// Splits a tagged string as it is stored into its text and its language.
fn tagged(stored: &str) -> (&str, Option<&str>) {
    let parts = stored.split_once(':').and_then(|(length, rest)| {
        let (language, text) = rest.split_at_checked(length.parse().ok()?)?;
        Some((text, Some(language)))
    });
    parts.unwrap_or((stored, None))
}

/// Returns the value of a function of a text with a language, and of a part of it without one.
fn of_text(function: &Function, text: &str, language: Option<&str>, part: &str) -> ExpressionTerm {
    let string = |text: String| match language {
        Some(language) => ExpressionTerm::LangStringLiteral {
            value: text,
            language: language.to_owned(),
        },
        None => ExpressionTerm::StringLiteral(text),
    };
    // A part that is not found leaves a text without a language.
    let found = |found: Option<&str>| match found {
        Some(found) => string(found.to_owned()),
        None => ExpressionTerm::StringLiteral(String::new()),
    };
    match function {
        Function::StrLen => {
            let count = text.chars().count();
            ExpressionTerm::IntegerLiteral(i64::try_from(count).unwrap_or(i64::MAX).into())
        }
        Function::UCase => string(text.to_uppercase()),
        Function::LCase => string(text.to_lowercase()),
        Function::StrStarts => text.starts_with(part).into(),
        Function::StrEnds => text.ends_with(part).into(),
        Function::Contains => text.contains(part).into(),
        Function::StrBefore => found(text.find(part).map(|at| &text[..at])),
        _ => found(text.find(part).map(|at| &text[at + part.len()..])),
    }
}
