//! Workbooks of Excel and OpenDocument: sheets that are named as our tables, or have their columns.
//!
//! `docs/formats/spreadsheets.md` says what a sheet can hold. Each sheet becomes the text of a table, a line for each row, so
//! that everything that holds for tables holds for sheets.

pub(in crate::format) mod cells;
mod extent;
mod signs;
pub(super) mod write;

use crate::format::csv::{self, Source, Table};
use crate::format::field::items::input::Input;
use crate::format::field::kind::FieldFormat;
use crate::format::field::report::{FieldReport, LeftOutReason, LeftOuts, Reading};
use crate::format::field::workbook::cells::{SheetCells, sheets as sheets_of};
use crate::model::record::Records;
use calamine::Data;
use powermap_rdf::FormatError;
use std::path::Path;

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
    let found = sheets_of(input, source_name)?;
    let names: Vec<_> = found.iter().map(|sheet| sheet.name.as_str()).collect();
    let mut left_out = LeftOuts::default();
    let (mut sheets, mut values) = (Vec::new(), 0);
    for one in &found {
        values += one.cells.len() as u64;
        match table_of(one) {
            Some(table) => sheets.push(sheet(source_name, table, one)),
            None => {
                for ((row, _), value) in &one.cells {
                    let place = format!("{source_name}:{}:{}", one.name, u64::from(*row) + 1);
                    left_out.add(
                        LeftOutReason::NoPlace,
                        &one.name,
                        &place,
                        &value.to_string(),
                    );
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

/// Returns the table that a sheet is, by its name or else by the columns of its first row.
fn table_of(sheet: &SheetCells) -> Option<Table> {
    if let Ok(table) = Table::from_path(Path::new(&format!("{}.csv", sheet.name))) {
        return Some(table);
    }
    let (_, first) = sheet.rows().next()?;
    let headings: Vec<_> = first
        .iter()
        .map(|(_, cell)| cell.to_string().trim().to_lowercase())
        .collect();
    let has = |heading: &str| headings.iter().any(|known| known == heading);
    if has("from") && has("to") {
        return Some(Table::Edges);
    }
    (has("id") && has("type")).then_some(Table::Players)
}

/// Writes a sheet as the text of a table; each row on the line of its number, with as many cells as there are headings.
fn sheet(source_name: &str, table: Table, cells: &SheetCells) -> Sheet {
    let first_column = cells.first_column();
    let (mut text, mut lines, mut rows) = (String::new(), 0, 0);
    let mut headings = None;
    for (number, row) in cells.rows() {
        text.extend((lines..number).map(|_| '\n'));
        lines = number + 1;
        let (mut is_empty, mut at) = (true, first_column);
        for ((_, column), cell) in row {
            text.extend((at..*column).map(|_| ','));
            at = *column;
            let cell = cell_text(cell);
            is_empty &= cell.is_empty();
            push(&mut text, &cell);
        }
        rows += u64::from(!is_empty && headings.is_some());
        let last = *headings.get_or_insert(at);
        text.extend((at..last).map(|_| ','));
        text.push('\n');
    }
    Sheet {
        name: format!("{source_name}:{}", cells.name),
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
