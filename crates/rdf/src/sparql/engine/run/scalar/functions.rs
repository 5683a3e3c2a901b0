//! Functions, and expressions that go to the general evaluator, spareval.

use crate::sparql::engine::batch::{Batch, UNBOUND};
use crate::sparql::engine::context::Context;
use crate::sparql::engine::outside;
use crate::sparql::engine::plan::scalar::{Call, Outside, Value};
use crate::sparql::engine::run::state::{Remembered, Run};
use crate::sparql::error::SparqlError;
use oxigraph::model::{Term, Variable};
use spareval::ExpressionTerm;
use spargebra::algebra::Function;
use sparopt::algebra::Expression as Evaluable;

impl Call {
    /// Returns the value for some values of the operands.
    pub(crate) fn of(
        &self,
        context: &Context<'_>,
        values: Vec<ExpressionTerm>,
    ) -> Option<ExpressionTerm> {
        use ExpressionTerm as T;
        match (&self.function, &values[..]) {
            (Function::Str, [T::StringLiteral(_)]) => return values.into_iter().next(),
            (Function::Str, [T::NamedNode(node)]) => {
                return Some(T::StringLiteral(node.as_str().to_owned()));
            }
            (Function::Str, [T::LangStringLiteral { value, .. }]) => {
                return Some(T::StringLiteral(value.clone()));
            }
            (Function::Lang, [T::LangStringLiteral { language, .. }]) => {
                return Some(T::StringLiteral(language.clone()));
            }
            (Function::LCase, [T::StringLiteral(text)]) => {
                return Some(T::StringLiteral(text.to_lowercase()));
            }
            (Function::UCase, [T::StringLiteral(text)]) => {
                return Some(T::StringLiteral(text.to_uppercase()));
            }
            (Function::Contains, [T::StringLiteral(text), T::StringLiteral(part)]) => {
                return Some(text.contains(&**part).into());
            }
            (Function::StrStarts, [T::StringLiteral(text), T::StringLiteral(part)]) => {
                return Some(text.starts_with(&**part).into());
            }
            (Function::StrEnds, [T::StringLiteral(text), T::StringLiteral(part)]) => {
                return Some(text.ends_with(&**part).into());
            }
            (Function::Concat, texts) => {
                let texts = texts.iter().map(|text| match text {
                    T::StringLiteral(text) => Some(&**text),
                    _ => None,
                });
                if let Some(text) = texts.collect::<Option<String>>() {
                    return Some(T::StringLiteral(text));
                }
            }
            _ => {}
        }
        ask(context, &self.of_variables, &self.variables, values)
    }
}

/// Evaluates an expression on some variables by the general evaluator.
pub(crate) fn ask(
    context: &Context<'_>,
    expression: &Evaluable,
    variables: &[Variable],
    values: Vec<ExpressionTerm>,
) -> Option<ExpressionTerm> {
    let values = variables.iter().zip(values.into_iter().map(Term::from));
    let value = context.evaluator.evaluate_expression(expression, values);
    value.map(ExpressionTerm::from)
}

impl Outside {
    /// Returns the values in some rows.
    pub(crate) fn values(
        &self,
        run: &Run<'_, '_>,
        batch: &Batch,
        rows: &[u32],
    ) -> Result<Vec<Option<Value>>, SparqlError> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let context = run.context;
        let evaluate =
            |batch: &Batch| outside::values(context, &self.expression, &self.columns, batch);
        let numbers = match self.columns[..] {
            [(_, slot)] if !self.is_volatile => remembered(
                context,
                run.state.values(self.memo),
                batch,
                slot,
                rows,
                evaluate,
            )?,
            _ => evaluate(&batch.pick(rows))?,
        };
        let value = |number| (number != UNBOUND).then_some(Value::Number(number));
        Ok(numbers.into_iter().map(value).collect())
    }
}

/// Evaluates a function of one column, once for each distinct number.
pub(crate) fn remembered<T: Copy + Default>(
    context: &Context<'_>,
    known: &Remembered<T>,
    batch: &Batch,
    slot: usize,
    rows: &[u32],
    evaluate: impl FnOnce(&Batch) -> Result<Vec<T>, SparqlError>,
) -> Result<Vec<T>, SparqlError> {
    let numbers = || rows.iter().map(|row| batch.get(slot, *row as usize));
    let mut known = known.borrow_mut();
    let mut new = Vec::new();
    for number in numbers() {
        if known.get(number).is_none() {
            known.insert(context, number, T::default())?;
            new.push(number);
        }
    }
    if !new.is_empty() {
        let mut values = Batch::new(batch.columns.len());
        values.len = new.len();
        values.columns[slot].clone_from(&new);
        for (number, value) in new.into_iter().zip(evaluate(&values)?) {
            known.insert(context, number, value)?;
        }
    }
    Ok(numbers()
        .map(|number| known.get(number).unwrap_or_default())
        .collect())
}
