//! Evaluates scalar expressions, a column at a time. An operand that is not needed, as one after the first value of
//! `COALESCE`, is not evaluated.

pub(crate) mod functions;
pub(crate) mod operators;
mod texts;

use crate::sparql::engine::batch::{Batch, UNBOUND};
use crate::sparql::engine::context::Context;
use crate::sparql::engine::plan::comparison::Operator;
use crate::sparql::engine::plan::scalar::{Arithmetic, Call, Scalar, Value, variables};
use crate::sparql::engine::run::scalar::functions::{ask, remembered};
use crate::sparql::engine::run::scalar::operators::effective_boolean_value;
use crate::sparql::engine::run::state::Run;
use crate::sparql::error::SparqlError;
use crate::sparql::memory::{Held, Holder};
use crate::store::compiled::kind::Kind;
use spareval::ExpressionTerm;
use sparopt::algebra::Expression as Evaluable;

/// How many bytes of texts a batch may have before they are counted.
const TEXT_BYTES: usize = 1 << 20;

/// A value for each row, `None` where there is none.
pub(crate) type Column = Vec<Option<Value>>;

impl Scalar {
    /// Returns the numbers of the values in all rows; [`UNBOUND`] where there is none.
    pub(crate) fn numbers(
        &self,
        run: &Run<'_, '_>,
        batch: &Batch,
    ) -> Result<Vec<u32>, SparqlError> {
        let rows: Vec<u32> = (0..batch.len as u32).collect();
        if let (Self::Call(call), [slot]) = (self, &self.slots()[..]) {
            // Each term once.
            let known = run.state.values(call.memo);
            return remembered(run.context, known, batch, *slot, &rows, |batch| {
                let rows: Vec<u32> = (0..batch.len as u32).collect();
                self.numbered(run, self.values(run, batch, &rows)?)
            });
        }
        self.numbered(run, self.values(run, batch, &rows)?)
    }

    /// Returns the numbers of some values of it.
    fn numbered(&self, run: &Run<'_, '_>, values: Column) -> Result<Vec<u32>, SparqlError> {
        let numbers = values.into_iter().map(|value| match value {
            None => Ok(UNBOUND),
            Some(Value::Number(number))
                if self.gives_terms() || run.context.is_canonical(number) =>
            {
                Ok(number)
            }
            Some(value) => run
                .context
                .number_of_value(Some(run.context.term_of(value)?)),
        });
        numbers.collect()
    }

    /// Returns which of some rows it is true in.
    pub(crate) fn holds(
        &self,
        run: &Run<'_, '_>,
        batch: &Batch,
        rows: &[u32],
    ) -> Result<Vec<bool>, SparqlError> {
        let truth = self.truth(run, batch, rows)?;
        Ok(truth.into_iter().map(|truth| truth == Some(true)).collect())
    }

    /// Returns the effective boolean values in some rows.
    fn truth(
        &self,
        run: &Run<'_, '_>,
        batch: &Batch,
        rows: &[u32],
    ) -> Result<Vec<Option<bool>>, SparqlError> {
        match self {
            Self::Bound(slot) => {
                let is_bound = |row: &u32| Some(batch.get(*slot, *row as usize) != UNBOUND);
                Ok(rows.iter().map(is_bound).collect())
            }
            Self::Not(inner) => {
                let inner = inner.truth(run, batch, rows)?;
                Ok(inner.into_iter().map(|truth| truth.map(|is| !is)).collect())
            }
            Self::In(inner, list) => {
                let values = inner.values(run, batch, rows)?;
                let mut truth = vec![Some(false); rows.len()];
                for item in list {
                    run.context.check()?;
                    let open = places(&truth, |truth| *truth != Some(true));
                    let open_rows: Vec<u32> = open.iter().map(|place| rows[*place]).collect();
                    let items = item.values(run, batch, &open_rows)?;
                    for (place, item) in open.into_iter().zip(items) {
                        let is_it = match (values[place].clone(), item) {
                            (Some(value), Some(item)) => {
                                compare(run.context, Operator::Equal, value, item)?
                            }
                            _ => None,
                        };
                        truth[place] = either(truth[place], is_it, true);
                    }
                }
                Ok(truth)
            }
            Self::And(left, right) => connect(false, left, right, run, batch, rows),
            Self::Or(left, right) => connect(true, left, right, run, batch, rows),
            Self::Compare(operator, left, right) => {
                let left = left.values(run, batch, rows)?;
                let right = right.values(run, batch, rows)?;
                let pairs = left.into_iter().zip(right);
                pairs
                    .map(|pair| match pair {
                        (Some(left), Some(right)) => compare(run.context, *operator, left, right),
                        _ => Ok(None),
                    })
                    .collect()
            }
            other => {
                let values = other.values(run, batch, rows)?;
                let truth = values.into_iter().map(|value| match value {
                    Some(value) => Ok(effective_boolean_value(&run.context.term_of(value)?)),
                    None => Ok(None),
                });
                truth.collect()
            }
        }
    }

    /// Returns the values in some rows.
    fn values(
        &self,
        run: &Run<'_, '_>,
        batch: &Batch,
        rows: &[u32],
    ) -> Result<Column, SparqlError> {
        match self {
            Self::Slot(slot) => {
                let value = |row: &u32| {
                    let number = batch.get(*slot, *row as usize);
                    (number != UNBOUND).then_some(Value::Number(number))
                };
                Ok(rows.iter().map(value).collect())
            }
            Self::Constant(value) => Ok(vec![Some(value.clone()); rows.len()]),
            Self::Bound(_)
            | Self::Not(_)
            | Self::And(..)
            | Self::Or(..)
            | Self::Compare(..)
            | Self::In(..) => {
                let truth = self.truth(run, batch, rows)?.into_iter();
                let value = |truth: bool| Value::Computed(truth.into());
                Ok(truth.map(|truth| truth.map(value)).collect())
            }
            Self::Arithmetic(operator, left, right) => {
                let left = left.values(run, batch, rows)?;
                let right = right.values(run, batch, rows)?;
                let pairs = left.into_iter().zip(right);
                pairs
                    .map(|pair| match pair {
                        (Some(left), Some(right)) => compute(run.context, *operator, left, right),
                        _ => Ok(None),
                    })
                    .collect()
            }
            Self::If(condition, yes, no) => {
                let truth = condition.truth(run, batch, rows)?;
                let mut values = vec![None; rows.len()];
                for (wanted, branch) in [(true, yes), (false, no)] {
                    let places = places(&truth, |truth| *truth == Some(wanted));
                    branch.fill(run, batch, rows, &places, &mut values)?;
                }
                Ok(values)
            }
            Self::Coalesce(operands) => {
                let mut values = vec![None; rows.len()];
                for operand in operands {
                    let places = places(&values, Option::is_none);
                    operand.fill(run, batch, rows, &places, &mut values)?;
                }
                Ok(values)
            }
            Self::Call(call) => match call.of_texts(run, batch, rows)? {
                Some(values) => Ok(values),
                None => call.of_rows(run, batch, rows),
            },
            Self::Outside(outside) => outside.values(run, batch, rows),
        }
    }

    /// Puts the values in the rows at some places there.
    fn fill(
        &self,
        run: &Run<'_, '_>,
        batch: &Batch,
        rows: &[u32],
        places: &[usize],
        values: &mut Column,
    ) -> Result<(), SparqlError> {
        let rows: Vec<u32> = places.iter().map(|place| rows[*place]).collect();
        let found = self.values(run, batch, &rows)?;
        for (place, value) in places.iter().zip(found) {
            values[*place] = value;
        }
        Ok(())
    }
}

impl Call {
    /// Returns the values in some rows.
    fn of_rows(
        &self,
        run: &Run<'_, '_>,
        batch: &Batch,
        rows: &[u32],
    ) -> Result<Column, SparqlError> {
        let operands = self.operands.iter();
        let mut columns: Vec<_> = operands
            .map(|operand| Ok(operand.values(run, batch, rows)?.into_iter()))
            .collect::<Result<_, SparqlError>>()?;
        // What the values so far and the operands of a row take, counted before a value is made of them.
        let (mut made, mut held) = (0, run.context.memory.hold(Holder::Values));
        let value = |_: &u32| {
            let mut operands = Vec::with_capacity(columns.len());
            let (mut has_all, mut bytes) = (true, 0);
            for column in &mut columns {
                match column.next().flatten() {
                    Some(value) if has_all => {
                        let operand = run.context.term_of(value)?;
                        bytes += text_bytes(&operand);
                        count(&mut held, made + bytes)?;
                        operands.push(operand);
                    }
                    Some(_) => {}
                    None => has_all = false,
                }
            }
            // A value is mostly no longer than all operands together.
            count(&mut held, made + 2 * bytes)?;
            let value = has_all.then(|| self.of(run.context, operands)).flatten();
            made += value.as_ref().map_or(0, text_bytes);
            Ok(value.map(Value::Computed))
        };
        rows.iter().map(value).collect()
    }
}

/// Returns how many bytes the text of a value takes.
fn text_bytes(value: &ExpressionTerm) -> usize {
    match value {
        ExpressionTerm::StringLiteral(text)
        | ExpressionTerm::LangStringLiteral { value: text, .. } => text.len(),
        _ => 0,
    }
}

/// Counts the bytes of texts where they are many.
fn count(held: &mut Held, bytes: usize) -> Result<(), SparqlError> {
    match bytes > TEXT_BYTES {
        true => held.set(bytes),
        false => Ok(()),
    }
}

fn places<T>(values: &[T], is_wanted: impl Fn(&T) -> bool) -> Vec<usize> {
    let places = values.iter().enumerate();
    places
        .filter(|(_, value)| is_wanted(value))
        .map(|(place, _)| place)
        .collect()
}

/// `&&` and `||`, with the values of the latter if `decides` is true: one operand decides, even if the other is an
/// error.
fn connect(
    decides: bool,
    left: &Scalar,
    right: &Scalar,
    run: &Run<'_, '_>,
    batch: &Batch,
    rows: &[u32],
) -> Result<Vec<Option<bool>>, SparqlError> {
    let mut truth = left.truth(run, batch, rows)?;
    let open = places(&truth, |truth| *truth != Some(decides));
    let open_rows: Vec<u32> = open.iter().map(|place| rows[*place]).collect();
    let right = right.truth(run, batch, &open_rows)?;
    for (place, right) in open.into_iter().zip(right) {
        truth[place] = either(truth[place], right, decides);
    }
    Ok(truth)
}

/// Returns the value of two operands of which the first one does not decide.
fn either(left: Option<bool>, right: Option<bool>, decides: bool) -> Option<bool> {
    match (left, right) {
        (_, Some(right)) if right == decides => Some(decides),
        (Some(_), Some(_)) => Some(!decides),
        _ => None,
    }
}

fn compare(
    context: &Context<'_>,
    operator: Operator,
    left: Value,
    right: Value,
) -> Result<Option<bool>, SparqlError> {
    if operator == Operator::Equal
        && let (Value::Number(left), Value::Number(right)) = (&left, &right)
    {
        let is_name = |number: u32| matches!(context.kind(number), Some(Kind::Iri | Kind::Blank));
        if is_name(*left) || is_name(*right) {
            return Ok(Some(left == right));
        }
    }
    let (left, right) = (context.term_of(left)?, context.term_of(right)?);
    if let Some(truth) = operator.of(&left, &right) {
        return Ok(Some(truth));
    }
    let of = |left, right| match operator {
        Operator::Equal => Evaluable::Equal(left, right),
        Operator::Less => Evaluable::Less(left, right),
        Operator::LessOrEqual => Evaluable::LessOrEqual(left, right),
        Operator::Greater => Evaluable::Greater(left, right),
        Operator::GreaterOrEqual => Evaluable::GreaterOrEqual(left, right),
    };
    let value = of_two(context, of, left, right);
    Ok(value.as_ref().and_then(effective_boolean_value))
}

fn compute(
    context: &Context<'_>,
    operator: Arithmetic,
    left: Value,
    right: Value,
) -> Result<Option<Value>, SparqlError> {
    let (left, right) = (context.term_of(left)?, context.term_of(right)?);
    let value = match operator.of(&left, &right) {
        Some(value) => Some(value),
        None => {
            let of = |left, right| match operator {
                Arithmetic::Add => Evaluable::Add(left, right),
                Arithmetic::Subtract => Evaluable::Subtract(left, right),
                Arithmetic::Multiply => Evaluable::Multiply(left, right),
                Arithmetic::Divide => Evaluable::Divide(left, right),
            };
            of_two(context, of, left, right)
        }
    };
    Ok(value.map(Value::Computed))
}

/// Evaluates an operator on two values by the general evaluator.
fn of_two(
    context: &Context<'_>,
    of: impl FnOnce(Box<Evaluable>, Box<Evaluable>) -> Evaluable,
    left: ExpressionTerm,
    right: ExpressionTerm,
) -> Option<ExpressionTerm> {
    let variables = variables(2);
    let operand = |place: usize| Box::new(Evaluable::from(variables[place].clone()));
    let expression = of(operand(0), operand(1));
    ask(context, &expression, &variables, vec![left, right])
}

impl Context<'_> {
    /// Returns the term of a value.
    fn term_of(&self, value: Value) -> Result<ExpressionTerm, SparqlError> {
        match value {
            Value::Computed(value) => Ok(value),
            Value::Number(number) => match self.value(number)? {
                Some(value) => Ok(value),
                None => Err(SparqlError::Evaluation(
                    oxigraph::sparql::QueryEvaluationError::Unexpected(
                        "a value without a term".into(),
                    ),
                )),
            },
        }
    }

    /// Returns whether the term of a number is written as its value would be.
    fn is_canonical(&self, number: u32) -> bool {
        let kind = self.kind(number);
        kind.is_some_and(|kind| !matches!(kind, Kind::Other | Kind::Decimal | Kind::Double))
    }
}
