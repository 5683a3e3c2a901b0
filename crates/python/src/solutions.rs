//! Rows of a query as Arrow columns, each of the type that its values have.

use crate::failure::Failure;
use crate::terms::short;
use arrow_array::builder::StringBuilder;
use arrow_array::{
    ArrayRef, BooleanArray, Float64Array, Int64Array, NullArray, RecordBatch, RecordBatchOptions,
};
use arrow_schema::{Field, Schema};
use oxigraph::model::vocab::xsd;
use oxigraph::model::{LiteralRef, TermRef};
use powermap_rdf::Results;
use std::sync::Arc;

/// Returns the rows of a query, and whether a limit left some out; a truth value is a row, and triples have three columns.
pub(crate) fn batch(results: Results<'_>) -> Result<(RecordBatch, bool), Failure> {
    match results {
        Results::Solutions(mut rows) => {
            let names: Vec<_> = rows
                .variables()
                .iter()
                .map(|v| v.as_str().to_owned())
                .collect();
            let mut columns: Vec<_> = names.iter().map(|_| Column::default()).collect();
            let mut count = 0;
            while let Some(row) = rows.next_row() {
                let row = row?;
                for (place, column) in columns.iter_mut().enumerate() {
                    column.push(row.get(place));
                }
                count += 1;
            }
            Ok((of_columns(&names, columns, count)?, rows.is_cut()))
        }
        Results::Boolean(answer) => {
            let array: ArrayRef = Arc::new(BooleanArray::from(vec![answer]));
            Ok((RecordBatch::try_from_iter([("answer", array)])?, false))
        }
        Results::Graph(mut triples) => {
            let names = ["subject", "predicate", "object"].map(str::to_owned);
            let mut columns = vec![Column::default(), Column::default(), Column::default()];
            let mut count = 0;
            for triple in &mut triples {
                let triple = triple?;
                let terms = [
                    TermRef::from(triple.subject.as_ref()),
                    triple.predicate.as_ref().into(),
                    triple.object.as_ref(),
                ];
                for (column, term) in columns.iter_mut().zip(terms) {
                    column.push(Some(term));
                }
                count += 1;
            }
            Ok((of_columns(&names, columns, count)?, triples.is_cut()))
        }
    }
}

fn of_columns(
    names: &[String],
    columns: Vec<Column>,
    count: usize,
) -> Result<RecordBatch, Failure> {
    let arrays: Vec<_> = columns.into_iter().map(Column::finish).collect();
    let field =
        |(name, array): (&String, &ArrayRef)| Field::new(name, array.data_type().clone(), true);
    let fields: Vec<_> = names.iter().zip(&arrays).map(field).collect();
    let options = RecordBatchOptions::new().with_row_count(Some(count));
    Ok(RecordBatch::try_new_with_options(
        Arc::new(Schema::new(fields)),
        arrays,
        &options,
    )?)
}

/// A column whose type follows from its values: whole numbers, numbers or truth values where all are, else texts.
enum Column {
    Nothing(usize),
    Integers(Vec<Option<i64>>),
    Numbers(Vec<Option<f64>>),
    Flags(Vec<Option<bool>>),
    Texts(StringBuilder),
}

impl Default for Column {
    fn default() -> Self {
        Self::Nothing(0)
    }
}

/// A value of a cell.
enum Value<'t> {
    Integer(i64),
    Number(f64),
    Flag(bool),
    Text(&'t str),
    Iri(&'t str),
    Other(String),
}

impl Column {
    fn push(&mut self, term: Option<TermRef<'_>>) {
        let Some(term) = term else {
            match self {
                Self::Nothing(count) => *count += 1,
                Self::Integers(values) => values.push(None),
                Self::Numbers(values) => values.push(None),
                Self::Flags(values) => values.push(None),
                Self::Texts(texts) => texts.append_null(),
            }
            return;
        };
        let value = value(term);
        if let Self::Nothing(count) = self {
            let count = *count;
            *self = match value {
                Value::Integer(_) => Self::Integers(vec![None; count]),
                Value::Number(_) => Self::Numbers(vec![None; count]),
                Value::Flag(_) => Self::Flags(vec![None; count]),
                _ => Self::Texts(nulls(count)),
            };
        }
        match (&mut *self, value) {
            (Self::Integers(values), Value::Integer(number)) => values.push(Some(number)),
            (Self::Numbers(values), Value::Number(number)) => values.push(Some(number)),
            (Self::Numbers(values), Value::Integer(number)) => values.push(Some(number as f64)),
            (Self::Flags(values), Value::Flag(flag)) => values.push(Some(flag)),
            (Self::Texts(texts), Value::Iri(iri)) => texts.append_value(short(iri)),
            (Self::Texts(texts), Value::Text(text)) => texts.append_value(text),
            (Self::Texts(texts), Value::Other(text)) => texts.append_value(text),
            (Self::Texts(texts), _) => texts.append_value(lexical(term)),
            (Self::Integers(values), Value::Number(number)) => {
                let mut numbers: Vec<_> = values.iter().map(|v| v.map(|v| v as f64)).collect();
                numbers.push(Some(number));
                *self = Self::Numbers(numbers);
            }
            _ => {
                *self = self.as_texts();
                self.push(Some(term));
            }
        }
    }

    /// Returns the same values as texts, for a column whose values are of several types.
    fn as_texts(&self) -> Self {
        let mut texts = StringBuilder::new();
        match self {
            Self::Integers(values) => values
                .iter()
                .for_each(|v| texts.append_option(v.map(|v| v.to_string()))),
            Self::Numbers(values) => values
                .iter()
                .for_each(|v| texts.append_option(v.map(|v| v.to_string()))),
            Self::Flags(values) => values
                .iter()
                .for_each(|v| texts.append_option(v.map(|v| v.to_string()))),
            Self::Nothing(_) | Self::Texts(_) => {}
        }
        Self::Texts(texts)
    }

    fn finish(self) -> ArrayRef {
        match self {
            Self::Nothing(count) => Arc::new(NullArray::new(count)),
            Self::Integers(values) => Arc::new(Int64Array::from(values)),
            Self::Numbers(values) => Arc::new(Float64Array::from(values)),
            Self::Flags(values) => Arc::new(BooleanArray::from(values)),
            Self::Texts(mut texts) => Arc::new(texts.finish()),
        }
    }
}

fn nulls(count: usize) -> StringBuilder {
    let mut texts = StringBuilder::new();
    (0..count).for_each(|_| texts.append_null());
    texts
}

fn value(term: TermRef<'_>) -> Value<'_> {
    match term {
        TermRef::NamedNode(node) => Value::Iri(node.as_str()),
        TermRef::Literal(literal) => number(literal).unwrap_or(Value::Text(literal.value())),
        other => Value::Other(other.to_string()),
    }
}

fn number(literal: LiteralRef<'_>) -> Option<Value<'_>> {
    let (text, datatype) = (literal.value(), literal.datatype());
    if datatype == xsd::INTEGER {
        return text.parse().ok().map(Value::Integer);
    }
    if datatype == xsd::DECIMAL || datatype == xsd::DOUBLE || datatype == xsd::FLOAT {
        return text.parse().ok().map(Value::Number);
    }
    match text {
        "true" | "1" if datatype == xsd::BOOLEAN => Some(Value::Flag(true)),
        "false" | "0" if datatype == xsd::BOOLEAN => Some(Value::Flag(false)),
        _ => None,
    }
}

/// Returns the text of a literal, as it is written.
fn lexical(term: TermRef<'_>) -> String {
    match term {
        TermRef::Literal(literal) => literal.value().to_owned(),
        other => other.to_string(),
    }
}
