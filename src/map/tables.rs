//! The tables of a map, read together with the rest of its text.

use crate::format::csv::{self, Source, Table};
use crate::model::record::Records;
use crate::records;
use powermap_rdf::format::error::{FormatError, SyntaxProblem};
use powermap_rdf::store::error::StoreError;
use powermap_rdf::store::load::TableSource;
use powermap_rdf::store::memory::MemoryStore;
use powermap_rdf::store::read::ReadStore;
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
