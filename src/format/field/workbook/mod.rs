//! Workbooks of Excel and OpenDocument: sheets that are named as our tables, or have their columns.
//!
//! `docs/formats/spreadsheets.md` says what a sheet can hold. Each sheet becomes the text of a table, a line for each row, so
//! that everything that holds for tables holds for sheets.

pub(super) mod write;

use crate::format::csv::{self, Source, Table};
use crate::format::field::items::input::Input;
use crate::format::field::kind::FieldFormat;
use crate::format::field::report::{FieldReport, LeftOutReason, LeftOuts, Reading};
use crate::model::record::Records;
use calamine::{Data, Range, Reader, open_workbook_auto_from_rs};
use powermap_rdf::FormatError;
use std::io::{Cursor, Read};
use std::path::Path;

/// The largest workbook that is read: it is in memory as a whole.
const BYTES_MAX: u64 = 256 << 20;

/// How large its parts may become when they are unpacked.
const UNPACKED_BYTES_MAX: u64 = 2 << 30;

/// The entry of a part in the directory of a packed file.
const ENTRY: &[u8] = b"PK\x01\x02";

/// A sheet as the text of a table.
struct Sheet {
    name: String,
    table: Table,
    text: String,
    rows: u64,
}

/// Reads a workbook.
///
/// # Errors
/// A file that is no workbook, or has no sheet that is a table; without `keeps_going`, rows that are wrong.
pub(super) fn read(
    input: Input<'_>,
    source_name: &str,
    keeps_going: bool,
) -> Result<Reading, FormatError> {
    let wrong = |message: String| FormatError::syntax(source_name, message);
    let ranges = ranges(input, source_name)?;
    let names: Vec<_> = ranges.iter().map(|(name, _)| name.as_str()).collect();
    let mut left_out = LeftOuts::default();
    let (mut sheets, mut values) = (Vec::new(), 0);
    for (name, range) in &ranges {
        let sheet_values = range.used_cells().count() as u64;
        values += sheet_values;
        match table_of(name, range) {
            Some(table) => sheets.push(sheet(source_name, name, table, range)),
            None if sheet_values == 0 => {}
            None => {
                for (row, _, value) in range.used_cells() {
                    let place = format!("{source_name}:{name}:{}", row + 1);
                    left_out.add(LeftOutReason::NoPlace, name, &place, &value.to_string());
                }
            }
        }
    }
    if sheets.is_empty() {
        let tables = Table::ALL.map(Table::name).join(", ");
        return Err(wrong(format!("none of the sheets is a table of a map: {}", names.join(", ")))
            .with_hint(format!("name a sheet after its table: {tables}; or begin one with the columns from, to and family; or say in a mapping.toml what its columns are")));
    }
    let sources: Vec<_> = sheets
        .iter()
        .map(|sheet| Source {
            name: &sheet.name,
            table: sheet.table,
            bytes: sheet.text.as_bytes(),
        })
        .collect();
    let tables = csv::read(&sources, &Records::default());
    if !keeps_going && !tables.problems.is_empty() {
        return Err(FormatError::Rows(tables.problems));
    }
    for unused in &tables.unused {
        let place = format!("{}:{}", unused.source_name, unused.line.unwrap_or(0));
        left_out.add(
            LeftOutReason::NotUnderstood,
            &unused.source_name,
            &place,
            &unused.message,
        );
    }
    let report = FieldReport {
        source: source_name.to_owned(),
        format: FieldFormat::Workbook,
        records: sheets.iter().map(|sheet| sheet.rows).sum(),
        values,
        left_out: left_out.finish(),
        referred: 0,
        referred_examples: Vec::new(),
        problems: tables.problems,
        warnings: tables.warnings,
    };
    Ok(Reading {
        records: tables.records,
        report,
    })
}

/// Reads the sheets of a workbook, with their names.
///
/// # Errors
/// A file that is too large, or is no workbook.
pub(in crate::format) fn ranges(
    input: impl Read,
    source_name: &str,
) -> Result<Vec<(String, Range<Data>)>, FormatError> {
    let wrong = |message: String| FormatError::syntax(source_name, message);
    let mut bytes = Vec::new();
    let mut limited = input.take(BYTES_MAX + 1);
    let read = limited.read_to_end(&mut bytes);
    read.map_err(|error| wrong(format!("the workbook cannot be read: {error}")))?;
    if bytes.len() as u64 > BYTES_MAX || unpacked_bytes(&bytes) > UNPACKED_BYTES_MAX {
        return Err(wrong("the workbook is too large".to_owned())
            .with_hint("save its sheets as CSV, which has no limit"));
    }
    let mut book = open_workbook_auto_from_rs(Cursor::new(bytes.as_slice()))
        .map_err(|error| wrong(format!("this is no workbook: {error}")))?;
    let mut ranges = Vec::new();
    for name in book.sheet_names() {
        let range = book
            .worksheet_range(&name)
            .map_err(|error| wrong(format!("the sheet '{name}' cannot be read: {error}")))?;
        ranges.push((name, range));
    }
    Ok(ranges)
}

/// Returns how many bytes the parts of a packed file have, as its directory says.
fn unpacked_bytes(bytes: &[u8]) -> u64 {
    memchr::memmem::find_iter(bytes, ENTRY)
        .filter_map(|at| bytes.get(at + 24..at + 28)?.try_into().ok())
        .map(|size| u64::from(u32::from_le_bytes(size)))
        .sum()
}

/// Returns the table that a sheet is, by its name or else by the columns of its first row.
fn table_of(name: &str, range: &Range<Data>) -> Option<Table> {
    if let Ok(table) = Table::from_path(Path::new(&format!("{name}.csv"))) {
        return Some(table);
    }
    let headings: Vec<_> = range
        .rows()
        .next()?
        .iter()
        .map(|cell| cell.to_string().trim().to_lowercase())
        .collect();
    let has = |heading: &str| headings.iter().any(|known| known == heading);
    if has("from") && has("to") {
        return Some(Table::Edges);
    }
    (has("id") && has("type")).then_some(Table::Players)
}

/// Writes a sheet as the text of a table; each row on the line of its number.
fn sheet(source_name: &str, name: &str, table: Table, range: &Range<Data>) -> Sheet {
    let first = range.start().map_or(0, |(row, _)| row);
    let mut text = "\n".repeat(first as usize);
    let mut rows = 0;
    for (number, row) in range.rows().enumerate() {
        let mut is_empty = true;
        for (column, cell) in row.iter().enumerate() {
            if column > 0 {
                text.push(',');
            }
            let cell = cell_text(cell);
            is_empty &= cell.is_empty();
            push(&mut text, &cell);
        }
        text.push('\n');
        rows += u64::from(!is_empty && number > 0);
    }
    Sheet {
        name: format!("{source_name}:{name}"),
        table,
        text,
        rows,
    }
}

/// Writes a cell, in quotes where it needs them. Line ends become spaces, so that lines are rows.
fn push(text: &mut String, cell: &str) {
    let cell = cell.replace(['\r', '\n'], " ");
    if cell.contains([',', '"', ';', '\t', '|']) {
        text.push('"');
        text.push_str(&cell.replace('"', "\"\""));
        text.push('"');
    } else {
        text.push_str(&cell);
    }
}

/// Returns a cell as a table has it: numbers in digits with a point, days as they are in ISO 8601.
fn cell_text(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::DateTime(moment) => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        Data::DateTimeIso(text) => text.split('T').next().unwrap_or_default().to_owned(),
        Data::Float(number) => number.to_string(),
        other => other.to_string(),
    }
}
