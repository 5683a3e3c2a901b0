//! Tables of others: spreadsheets whose columns are not ours, read by a mapping that says which column is what.
//!
//! A mapping is a file in TOML that people can read and correct. [`suggest`] writes a first one from the headings and the
//! cells of a table; [`read_mapped`] reads a table by one. `docs/formats/spreadsheets.md` describes the file.

mod amounts;
mod apply;
mod columns;
mod days;
mod doubts;
mod ends;
mod file;
mod guess;
mod headings;
mod lexicon;
mod measure;
mod near;
mod players;
mod print;
mod quantity;
mod report;
mod roles;
mod row;
mod sheets;
mod tables;
mod text;

pub use crate::format::mapping::file::Mapping;
pub use crate::format::mapping::guess::Suggestion;
pub(crate) use crate::format::mapping::near::{is_mapping_file, mapping_near};
pub use crate::format::mapping::players::{MadePlayer, Matched, MatchedBy};
pub use crate::format::mapping::report::{MappedReading, MappedReport, SameEdge};

use crate::format::field::items::input::Input;
use crate::format::mapping::sheets::ForeignFile;
use crate::model::lang::Lang;
use crate::model::record::Records;
use powermap_rdf::StoreError;
use std::path::Path;

/// Reads a workbook or a table in text by a mapping, as a part of a map that has `known` already. With `keeps_going`, rows
/// that cannot be read are left out and listed in the report.
///
/// The players of the table are looked for among those known by id, name, alias and identifier; who is nobody's name is
/// made. Where a row names no document, the file is the document and the row its place.
///
/// The file is in memory as a whole.
///
/// # Errors
/// A file that cannot be opened or is no table; sheets and columns of the mapping that are not there; without `keeps_going`,
/// rows that cannot be read.
///
/// ```
/// use powermap::format::mapping::{Mapping, read_mapped};
/// use powermap::model::Records;
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("deals.csv");
/// std::fs::write(&path, "Investor;Target;Betrag (Mio. EUR)\nAcme;Widgets GmbH;1.234,5\n")?;
/// let mapping = Mapping::parse(
///     r#"
/// [[sheet]]
/// table = "edges"
/// numbers = "1.234,5"
/// [sheet.constants]
/// kind = "equity"
/// [sheet.columns]
/// "Investor" = "from"
/// "Target" = "to"
/// "Betrag (Mio. EUR)" = { column = "amount", unit = "EUR_mn" }
/// "#,
///     "mapping.toml",
/// )?;
/// let reading = read_mapped(&path, "deals.csv", &mapping, &Records::default(), false)?;
/// let quantity = reading.records.claims.values().find_map(|claim| claim.quantity).ok_or("it has one")?;
/// assert_eq!((quantity.lower, quantity.unit.code()), (Some(1_234_500_000.0), "EUR"));
/// assert_eq!(reading.report.made.len(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_mapped(
    path: &Path,
    source_name: &str,
    mapping: &Mapping,
    known: &Records,
    keeps_going: bool,
) -> Result<MappedReading, StoreError> {
    let file = open(path, source_name)?;
    Ok(apply::apply(&file, mapping, known, keeps_going)?)
}

/// Writes a first mapping for a workbook or a table in text, from its headings and cells: which table each sheet is, which
/// column of ours each column, how numbers and days are written. What cannot be told from the cells is a `?`, which has to be
/// replaced before the mapping can be used. The same file gives the same text.
///
/// # Errors
/// A file that cannot be opened or is no table.
///
/// ```
/// use powermap::Lang;
/// use powermap::format::mapping::{Mapping, suggest};
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("deals.csv");
/// std::fs::write(&path, "Investor,Target,Amount (USD m),Date\nNvidia,OpenAI,100,31/12/2024\n")?;
/// let suggestion = suggest(&path, "deals.csv", Lang::En)?;
/// assert!(suggestion.is_decided());
/// assert!(suggestion.text().contains(r#""Amount (USD m)" = { column = "amount", unit = "USD_mn" }"#));
/// Mapping::parse(suggestion.text(), "mapping.toml")?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn suggest(path: &Path, source_name: &str, lang: Lang) -> Result<Suggestion, StoreError> {
    let file = open(path, source_name)?;
    Ok(guess::suggest(&file, lang)?)
}

fn open(path: &Path, source_name: &str) -> Result<ForeignFile, StoreError> {
    let failed = |error| StoreError::io("read the file", path, error);
    let input = Input::open(path).map_err(failed)?;
    Ok(ForeignFile::read(input, source_name)?)
}
