//! The board as a table.

use crate::format::tables::columns::{Bounds, Columns};
use crate::format::tables::write::{concept, id, node};
use crate::model::board::Board;
use crate::model::record::{Edge, Records};
use crate::model::resolve::{Resolution, ResolvedValue};
use arrow_array::RecordBatch;
use arrow_schema::ArrowError;
use oxigraph::model::NamedNode;

/// A row: an edge of the board with one of its values.
struct Row<'r> {
    id: &'r NamedNode,
    edge: &'r Edge,
    held: &'r Resolution,
    value: Option<&'r ResolvedValue>,
}

/// Returns the edges of a board: a row for each value of an edge, and one row for an edge without a value.
///
/// The ends are the players that the board shows. O(n) in the number of edges and values.
///
/// # Errors
/// More text in one column than Arrow's 32-bit offsets can count.
///
/// # Example
/// ```
/// use powermap::Map;
/// use powermap::format::tables::board;
///
/// let map = Map::built_in()?;
/// let table = board(map.board()?, map.records()?)?;
/// assert!(table.num_rows() >= map.board()?.edges.len());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn board(board: &Board, records: &Records) -> Result<RecordBatch, ArrowError> {
    let mut rows = Vec::with_capacity(board.edges.len());
    for (id, held) in &board.edges {
        let Some(edge) = records.edges.get(id) else {
            continue;
        };
        let row = |value| Row {
            id,
            edge,
            held,
            value,
        };
        match held.values.as_slice() {
            [] => rows.push(row(None)),
            values => rows.extend(values.iter().map(|value| row(Some(value)))),
        }
    }
    let mut columns = Columns::of(&rows);
    columns.required("edge", |row| id(row.id));
    columns.required("from", |row| id(board.joined.shown(&row.edge.from)));
    columns.required("to", |row| id(board.joined.shown(&row.edge.to)));
    columns.required("family", |row| row.edge.family.name().into());
    columns.text("kind", |row| row.edge.kind.as_ref().map(concept));
    columns.text("deal", |row| row.edge.deal.as_ref().map(id));
    columns.time("since", |row| row.edge.since);
    columns.time("until", |row| row.edge.until);
    columns.text("status", |row| row.held.status.map(|s| s.name().into()));
    columns.text("measure", |row| row.value.map(|v| v.measure.name().into()));
    columns.bounds(["lower", "upper"], |row| {
        row.value.map(|value| Bounds::from(&value.quantity))
    });
    columns.text("unit", |row| {
        row.value.map(|v| v.quantity.unit.code().into())
    });
    columns.flag("approximate", |row| {
        row.value.map(|v| v.quantity.approximate)
    });
    columns.text("part_of_total", |row| {
        row.edge.part_of_total.as_ref().map(id)
    });
    columns.flag("disputed", |row| Some(row.held.disputed));
    columns.list("claims", |row| {
        let own = row.value.map_or(&row.held.claims, |value| &value.claims);
        Some(own.iter().map(node).collect())
    });
    columns.list("status_claims", |row| {
        Some(row.held.status_claims.iter().map(node).collect())
    });
    columns.finish()
}
