//! Records to a workbook of Excel: a sheet for each table.

use crate::format::csv;
use crate::format::field::report::{LeftOutReason, LeftOuts};
use crate::format::field::written::FieldText;
use crate::model::record::Records;
use crate::model::vocabulary::expand;
use powermap_rdf::FormatError;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Url, Workbook, Worksheet, XlsxError};

/// The most characters that a cell can hold.
const CELL_CHARS_MAX: usize = 32_767;

/// The most rows that a sheet can have, with its heading.
const ROWS_MAX: usize = 1 << 20;

/// The most links that a sheet can have.
const LINKS_MAX: usize = 65_530;

/// The columns whose cells are numbers where they can be.
const NUMBERS: [&str; 3] = ["lower", "upper", "amount"];

/// The widths of columns in characters: of most, and of those with texts.
const WIDTHS: [f64; 2] = [16.0, 44.0];

/// Writes records as a workbook of Excel, whose sheets are the tables of a map and are read back as these; a table without rows
/// has no sheet. Documents are links to where they can be read.
///
/// O(n log n) in the number of records. The same records give the same bytes.
///
/// # Errors
/// More rows in a table than a sheet can have.
///
/// ```
/// use powermap::format::field::{read_bytes, write_workbook};
///
/// let line = r#"{"id":"a","schema":"Person","properties":{"name":["Ada"]}}"#;
/// let first = read_bytes(line.as_bytes(), "people.json", false)?;
/// let written = write_workbook(&first.records)?;
/// let again = read_bytes(&written.bytes, "people.xlsx", false)?;
/// assert_eq!(again.records.players, first.records.players);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write_workbook(records: &Records) -> Result<FieldText, FormatError> {
    let written = csv::write(records);
    let mut left_out = LeftOuts::default();
    for sentence in &written.left_out {
        let (place, value) = sentence.split_once(": ").unwrap_or(("", sentence));
        left_out.add(LeftOutReason::NoPlaceInFormat, "cell", place, value);
    }
    let mut book = Workbook::new();
    // A day that is always the same, since the file would else differ each time.
    let day = ExcelDateTime::from_ymd(2000, 1, 1).map_err(failed)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&day));
    let has_rows = |text: &str| text.lines().nth(1).is_some();
    let is_empty = !written.tables.iter().any(|(_, text)| has_rows(text));
    for (table, text) in &written.tables {
        let is_first = is_empty && *table == csv::Table::Players;
        if !has_rows(text) && !is_first {
            continue;
        }
        let rows = cells(text);
        if rows.len() > ROWS_MAX {
            let error = FormatError::syntax(
                table.name(),
                format!(
                    "a sheet has at most {ROWS_MAX} rows, and this table {}",
                    rows.len()
                ),
            );
            return Err(error.with_hint("write the map as CSV, which has no limit"));
        }
        let sheet = book.add_worksheet();
        fill(sheet, table.name(), &rows, records, &mut left_out).map_err(failed)?;
    }
    let bytes = book.save_to_buffer().map_err(failed)?;
    Ok(FieldText {
        bytes,
        left_out: left_out.finish(),
    })
}

/// Returns the cells of a table, its headings first.
fn cells(text: &str) -> Vec<Vec<String>> {
    let mut builder = ::csv::ReaderBuilder::new();
    let builder = builder.has_headers(false).flexible(true);
    let reader = builder.from_reader(text.as_bytes());
    // Text in memory that is written as a table is one.
    let rows = reader.into_records().map_while(Result::ok);
    rows.map(|row| row.iter().map(str::to_owned).collect())
        .collect()
}

fn failed(error: XlsxError) -> FormatError {
    FormatError::syntax(
        "workbook",
        format!("the workbook cannot be written: {error}"),
    )
}

fn fill(
    sheet: &mut Worksheet,
    name: &str,
    rows: &[Vec<String>],
    records: &Records,
    left_out: &mut LeftOuts,
) -> Result<(), XlsxError> {
    sheet.set_name(name)?;
    sheet.set_freeze_panes(1, 0)?;
    let Some(headings) = rows.first() else {
        return Ok(());
    };
    let bold = Format::new().set_bold();
    for (column, heading) in (0u16..).zip(headings) {
        sheet.write_string_with_format(0, column, heading, &bold)?;
        let is_text =
            heading.starts_with("text") || matches!(heading.as_str(), "note" | "title" | "url");
        sheet.set_column_width(column, WIDTHS[usize::from(is_text)])?;
    }
    let mut links = 0;
    for (row, cells) in (1u32..).zip(&rows[1..]) {
        for ((column, heading), cell) in (0u16..).zip(headings).zip(cells) {
            if cell.is_empty() {
                continue;
            }
            if cell.chars().count() > CELL_CHARS_MAX {
                let place = format!("{name}:{}:{heading}", row + 1);
                left_out.add(LeftOutReason::NoPlaceInFormat, "cell", &place, cell);
                continue;
            }
            let number = cell
                .parse::<f64>()
                .ok()
                .filter(|number| number.to_string() == *cell);
            if let Some(number) = number.filter(|_| NUMBERS.contains(&heading.as_str())) {
                sheet.write_number(row, column, number)?;
                continue;
            }
            if links < LINKS_MAX
                && let Some(url) = link(heading, cell, records)
                && sheet
                    .write_url(row, column, Url::new(url).set_text(cell))
                    .is_ok()
            {
                links += 1;
                continue;
            }
            sheet.write_string(row, column, cell)?;
        }
    }
    Ok(())
}

/// Returns where the document of a cell can be read.
fn link<'a>(heading: &str, cell: &'a str, records: &'a Records) -> Option<&'a str> {
    let url = match heading {
        "url" => cell,
        "document" => records.documents.get(&expand(cell)?)?.url.as_deref()?,
        _ => return None,
    };
    (url.starts_with("https://") || url.starts_with("http://")).then_some(url)
}
