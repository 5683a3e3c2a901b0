//! Errors about headings that no table has, with the heading that was probably meant.

use crate::format::csv::columns::Columns;
use crate::format::csv::scan::Cell;
use crate::format::csv::sheet::Fault;
use powermap_rdf::nearest;

/// Returns what is wrong with a header that has none of our columns.
pub(super) fn foreign(cells: &[Cell<'_>], columns: &Columns) -> Fault {
    let names: Vec<_> = cells.iter().map(|cell| cell.text.trim()).collect();
    let known: Vec<_> = columns.named().collect();
    Fault::new(format!(
        "no column is one of ours: {}; expected {}",
        names.join(", "),
        known.join(", ")
    ))
    .with_hint("say in a mapping.toml what the columns are; import --suggest writes a first one")
}

/// Returns what is wrong with a column that the table does not have.
pub(super) fn unknown_column(name: &str, columns: &Columns) -> Fault {
    let known: Vec<_> = columns.named().collect();
    let fault = Fault::new(format!(
        "the column '{name}' is not known: expected {}",
        known.join(", ")
    ));
    if name.contains([';', '\t', '|']) {
        return fault.with_hint("separate all columns by the same sign");
    }
    match nearest(name, known).first() {
        Some(near) => fault.with_hint(format!("did you mean '{near}'?")),
        None => fault,
    }
}
