//! The tables of a map, read together with the rest of its text.

use crate::format::csv::{self, Source, Table};
use crate::model::record::Records;
use crate::records;
use powermap_rdf::{FormatError, MemoryStore, ReadStore, StoreError, SyntaxProblem, TableSource};
use std::path::Path;

/// The records of all tables and what had to be made up, given what the rest of the map and the ontology say.
pub(super) fn read(
    tables: &[TableSource],
    known: &MemoryStore,
) -> Result<(Records, Vec<SyntaxProblem>), StoreError> {
    let (known, _) = records::read(&known.dataset())?;
    let sources: Vec<_> = tables
        .iter()
        .map(|source| {
            Ok(Source {
                name: &source.name,
                table: Table::from_path(Path::new(&source.name))?,
                bytes: &source.bytes,
            })
        })
        .collect::<Result<_, FormatError>>()?;
    Ok(csv::read(&sources, &known).strict()?)
}
