//! Answers as Arrow tables.

use crate::analysis::answer::{Answer, Cell, Row};
use crate::analysis::column::{Column, ColumnKind};
use crate::analysis::definition::Analysis;
use crate::format::tables::columns::{Bounds, Columns};
use crate::format::tables::{concept_text, id_text, node_text};
use crate::model::unit::Unit;
use arrow_array::RecordBatch;
use arrow_schema::ArrowError;
use std::borrow::Cow;

/// Returns the rows of an answer as an Arrow table, whose columns depend on the analysis alone.
///
/// Quantities, shares and ranges have the columns of [`Column::names`], and beside each bound whether it is excluded; times
/// have three columns, as in [`tables`](crate::format::tables); several ids or claims are a list. What is not known is null.
///
/// O(n) in the number of rows.
///
/// # Errors
/// More text in one column than Arrow's 32-bit offsets can count.
///
/// # Example
/// ```
/// use powermap::Map;
/// use powermap::analysis::{LOOPS, record_batch};
///
/// let answer = Map::built_in()?.answer(&LOOPS, [("through", "openai")])?;
/// let table = record_batch(&LOOPS, &answer)?;
/// assert_eq!(table.num_rows(), answer.rows.len());
/// assert!(table.column_by_name("lower").is_some());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn record_batch(analysis: &Analysis, answer: &Answer) -> Result<RecordBatch, ArrowError> {
    let mut columns = Columns::of(&answer.rows);
    for (place, column) in analysis.columns.iter().enumerate() {
        add(&mut columns, analysis, column, place);
    }
    columns.finish()
}

fn add<'r>(columns: &mut Columns<'r, Row>, analysis: &Analysis, column: &Column, place: usize) {
    let cell = move |row: &'r Row| row.cells.get(place);
    let names = column.names();
    match column.kind {
        ColumnKind::Id => columns.text(column.name, |row| match cell(row)? {
            Cell::Id(id) => Some(id_text(id)),
            other => data(other),
        }),
        ColumnKind::Concept => columns.text(column.name, |row| match cell(row)? {
            Cell::Id(id) => Some(concept_text(id)),
            other => data(other),
        }),
        ColumnKind::Text => columns.text(column.name, |row| data(cell(row)?)),
        ColumnKind::Ids(_) | ColumnKind::Claims(_) => columns.list(column.name, |row| {
            Some(match cell(row)? {
                Cell::Ids(ids) => ids.iter().map(|id| id_text(id).into_owned()).collect(),
                Cell::Claims(ids) => ids.iter().map(node_text).collect(),
                _ => Vec::new(),
            })
        }),
        ColumnKind::Integer => columns.integer(column.name, |row| match cell(row)? {
            Cell::Integer(number) => Some(*number),
            _ => None,
        }),
        ColumnKind::Number => columns.number(column.name, |row| match cell(row)? {
            Cell::Integer(number) => Some(*number as f64),
            Cell::Number(number) => Some(*number),
            _ => None,
        }),
        ColumnKind::Time => columns.time(column.name, |row| match cell(row)? {
            Cell::Time(time) => Some(*time),
            _ => None,
        }),
        ColumnKind::Quantity | ColumnKind::OwnQuantity => {
            if let [lower, upper, unit] = names.as_slice() {
                columns.bounds([lower, upper], |row| bounds(cell(row)?));
                let is_shared = column.shares_unit();
                columns.text(unit, |row| {
                    let own = own_unit(cell(row)?);
                    let shared = || row.unit(analysis.columns).filter(|_| is_shared);
                    Some(own.or_else(shared)?.code().into())
                });
            }
        }
        ColumnKind::Amount | ColumnKind::Share | ColumnKind::Range => {
            if let [lower, upper] = names.as_slice() {
                columns.bounds([lower, upper], |row| bounds(cell(row)?));
            }
        }
    }
}

/// Returns what programs read; nothing for nothing.
fn data(cell: &Cell) -> Option<Cow<'_, str>> {
    Some(cell.data())
        .filter(|data| !data.is_empty())
        .map(Cow::from)
}

fn own_unit(cell: &Cell) -> Option<Unit> {
    match cell {
        Cell::Quantity(quantity) => Some(quantity.unit),
        _ => None,
    }
}

fn bounds(cell: &Cell) -> Option<Bounds> {
    match cell {
        Cell::Quantity(quantity) => Some(quantity.into()),
        Cell::Range { lower, upper } => Some(Bounds {
            ends: [Some(*lower), Some(*upper)],
            excluded: [false; 2],
        }),
        Cell::Share {
            lower,
            upper,
            excluded,
        } => Some(Bounds {
            ends: [*lower, *upper],
            excluded: *excluded,
        }),
        Cell::Number(number) => Some(Bounds {
            ends: [Some(*number); 2],
            excluded: [false; 2],
        }),
        _ => None,
    }
}
