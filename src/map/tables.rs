//! The tables of a map, read together with the rest of its text.

use crate::format::csv::{self, Source, Table};
use crate::map::notice::{MapNotice, of_cells};
use crate::map::old_form;
use crate::model::record::Records;
use crate::records;
use powermap_rdf::{FormatError, MemoryStore, ReadStore, StoreError, SyntaxProblem, TableSource};
use std::path::Path;

/// What tables say.
#[derive(Debug, Default)]
pub(super) struct Tables {
    pub(super) records: Records,
    /// What had to be made up, or looks wrong.
    pub(super) warnings: Vec<SyntaxProblem>,
    /// What every reader has to know.
    pub(super) notices: Vec<MapNotice>,
}

/// Reads all tables, given what the rest of the map and the ontology say.
pub(super) fn read(tables: &[TableSource], known: &MemoryStore) -> Result<Tables, StoreError> {
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
    let reading = csv::read(&sources, &known);
    let unused = of_cells(&reading.unused);
    let (mut records, warnings) = reading.strict()?;
    let turned = old_form::turn_round(&mut records, &known.concepts, &sources);
    Ok(Tables {
        records,
        warnings,
        notices: unused.into_iter().chain(turned).collect(),
    })
}
