//! The formats of the field to records: what registers, leaks, filings and investigations publish.
//!
//! A source is recognised by its content, and read as a stream of its own records. Each of these becomes players, edges,
//! identifiers and claims, with the document, the place and the date that the source gives. Every value is either held or
//! counted as left out, see [`FieldReport`]. `docs/formats/` has a page on each format: what becomes what, what has no place,
//! and what was found in real files.

mod bods;
mod fields;
mod ftm;
mod further;
mod gather;
mod gleif;
mod icij;
mod ids;
pub(in crate::format) mod items;
mod kind;
mod littlesis;
mod psc;
mod reader;
mod recognise;
pub(in crate::format) mod report;
mod sec;
mod value;
mod wikidata;
#[cfg(feature = "workbook")]
pub(in crate::format) mod workbook;
mod written;

pub use crate::format::field::bods::write::write_bods;
pub use crate::format::field::ftm::write::write_ftm;
pub use crate::format::field::kind::FieldFormat;
pub use crate::format::field::report::{FieldReport, LeftOut, LeftOutReason, Reading};
#[cfg(feature = "workbook")]
pub use crate::format::field::workbook::write::write_workbook;
pub use crate::format::field::written::FieldText;

use crate::format::field::gather::Gather;
use crate::format::field::items::input::Input;
use crate::format::field::items::{Items, Layout};
use crate::format::field::reader::RecordReader;
use crate::format::field::recognise::{Recognised, recognised};
use crate::model::record::Records;
use powermap_rdf::{FormatError, StoreError};
use std::path::Path;

/// Returns the format of a file that is one of the field's, by its content.
///
/// A file that cannot be read, or whose ending says that it is RDF, is none. Reads its first 64 KiB.
pub fn field_format(path: &Path) -> Option<FieldFormat> {
    if !recognise::may_be(path) {
        return None;
    }
    let mut input = Input::open(path).ok()?;
    let head = recognise::head(&mut input).ok()?;
    Some(recognised(&head)?.format)
}

/// Reads a file in a format of the field, as a part of a map that has `known` already: what it says of edges that are known
/// are further claims on these. With `keeps_going`, records that cannot be read are left out and listed in the report.
///
/// The memory taken is that of the records and of the largest record of the source, which is never in memory as a whole.
///
/// # Errors
/// A file that cannot be opened or is in none of the formats; without `keeps_going`, the first record that cannot be read.
///
/// ```
/// use powermap::format::field::{FieldFormat, field_format, read_file};
/// use powermap::model::Records;
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("owners.ftm.json");
/// let lines = r#"{"id":"a","schema":"Company","properties":{"name":["Acme Ltd"]}}
/// {"id":"b","schema":"Person","properties":{"name":["Ada"]}}
/// {"id":"c","schema":"Ownership","properties":{"owner":["b"],"asset":["a"],"percentage":["25-50"]}}
/// "#;
/// std::fs::write(&path, lines)?;
/// assert_eq!(field_format(&path), Some(FieldFormat::FollowTheMoney));
/// let reading = read_file(&path, "owners.ftm.json", &Records::default(), false)?;
/// assert_eq!(reading.records.edges.len(), 1);
/// assert_eq!(reading.report.values_left_out(), 0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_file(
    path: &Path,
    source_name: &str,
    known: &Records,
    keeps_going: bool,
) -> Result<Reading, StoreError> {
    let failed = |error| StoreError::io("read the file", path, error);
    let head = recognise::head(&mut Input::open(path).map_err(failed)?).map_err(failed)?;
    let input = Input::open(path).map_err(failed)?;
    Ok(read(input, &head, source_name, known, keeps_going)?)
}

/// Reads bytes in a format of the field, as a map of their own; see [`read_file`].
///
/// # Errors
/// As [`read_file`].
pub fn read_bytes(
    bytes: &[u8],
    source_name: &str,
    keeps_going: bool,
) -> Result<Reading, FormatError> {
    let failed = |error: std::io::Error| {
        FormatError::syntax(source_name, format!("the file cannot be read: {error}"))
    };
    let head = recognise::head(&mut Input::of(bytes).map_err(failed)?).map_err(failed)?;
    let input = Input::of(bytes).map_err(failed)?;
    read(input, &head, source_name, &Records::default(), keeps_going)
}

fn read(
    input: Input<'_>,
    head: &[u8],
    source_name: &str,
    known: &Records,
    keeps_going: bool,
) -> Result<Reading, FormatError> {
    let Some(Recognised { format, layout }) = recognised(head) else {
        let names: Vec<_> = FieldFormat::ALL
            .iter()
            .map(|format| format.name())
            .collect();
        let error = FormatError::syntax(source_name, "the file is in no format that is known");
        return Err(error.with_hint(format!("data of {} are read", names.join(", "))));
    };
    let mut gather = Gather::new(source_name, format, known, keeps_going);
    match format {
        FieldFormat::FollowTheMoney => run(input, layout, ftm::Reader, &mut gather),
        FieldFormat::Bods => run(input, layout, bods::Reader::new(), &mut gather),
        FieldFormat::CompaniesHouse => run(input, layout, psc::Reader, &mut gather),
        FieldFormat::Gleif => run(input, layout, gleif::Reader::new(), &mut gather),
        FieldFormat::LittleSis => run(input, layout, littlesis::Reader, &mut gather),
        FieldFormat::Icij => run(input, layout, icij::Reader, &mut gather),
        FieldFormat::Sec => run(input, layout, sec::Reader, &mut gather),
        FieldFormat::Wikidata => run(input, layout, wikidata::Reader, &mut gather),
        #[cfg(feature = "workbook")]
        FieldFormat::Workbook => return workbook::read(input, source_name, keeps_going),
        FieldFormat::Mapped => {
            let error = FormatError::syntax(source_name, "a mapped table is read with its mapping");
            return Err(error);
        }
        #[cfg(not(feature = "workbook"))]
        FieldFormat::Workbook => {
            let error = FormatError::syntax(source_name, "this build does not read workbooks");
            return Err(error.with_hint("save each sheet as CSV"));
        }
    }?;
    Ok(gather.finish())
}

fn run(
    input: Input<'_>,
    layout: Layout,
    mut reader: impl RecordReader,
    gather: &mut Gather<'_>,
) -> Result<(), FormatError> {
    let mut items = Items::new(input, layout, gather.source_name())?;
    while let Some(next) = items.next() {
        match next {
            Ok(item) => {
                gather.begin(item.line, &item.fields);
                if let Err(problem) = reader.read(item, gather) {
                    gather.problem(problem)?;
                }
            }
            Err(problem) => {
                gather.no_record(problem)?;
                if items.is_over() {
                    break;
                }
            }
        }
    }
    Ok(())
}
