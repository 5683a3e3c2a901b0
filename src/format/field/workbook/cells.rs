//! The cells of the sheets of a workbook: those that have anything in them, one by one.
//!
//! A sheet of three cells may have one of them in its last row, so that nothing here holds the empty ones.

use crate::format::field::workbook::extent::{beyond, unpacked_bytes};
use crate::format::field::workbook::signs::{self, Signs};
use crate::format::letters::letters;
use calamine::{Cell, Data, DataRef, Reader, Sheets, XlsxError, open_workbook_auto_from_rs};
use powermap_rdf::FormatError;
use std::io::{Cursor, Read};

/// The largest workbook that is read: it is in memory as a whole.
const BYTES_MAX: u64 = 256 << 20;

/// How large its parts may become when they are unpacked.
const UNPACKED_BYTES_MAX: u64 = 2 << 30;

/// The rows and columns that a sheet of Excel or of OpenDocument can have.
pub(super) const ROWS_MAX: u32 = 1 << 20;
pub(super) const COLUMNS_MAX: u32 = 1 << 14;

/// How many cells the rows of a workbook may have up to their last ones: rows are read with the empty cells between.
pub(super) const CELLS_MAX: u64 = 1 << 25;

/// The row and the column of a cell, both from 0.
pub(super) type Place = (u32, u32);

/// A sheet.
pub(in crate::format) struct SheetCells {
    pub(in crate::format) name: String,
    /// The cells that are not empty, by place.
    pub(in crate::format) cells: Vec<(Place, Data)>,
    /// What the formats of numbers show beside them, such as `%` and `€`.
    pub(in crate::format) signs: Signs,
}

impl SheetCells {
    /// Returns the rows that have anything in them, with their numbers from 0.
    pub(in crate::format) fn rows(&self) -> impl Iterator<Item = (u32, &[(Place, Data)])> {
        let rows = self.cells.chunk_by(|one, other| one.0.0 == other.0.0);
        rows.filter_map(|row| Some((row.first()?.0.0, row)))
    }

    /// Returns the first column that has anything in it.
    pub(in crate::format) fn first_column(&self) -> u32 {
        let columns = self.cells.iter().map(|((_, column), _)| *column);
        columns.min().unwrap_or(0)
    }
}

/// Takes the cells of one sheet, and counts those of all.
struct Gatherer<'a> {
    source_name: &'a str,
    /// How many cells the rows of all sheets have, the empty ones before others among them.
    count: u64,
}

impl Gatherer<'_> {
    fn sheet<E: ToString>(
        &mut self,
        name: &str,
        mut next: impl FnMut() -> Result<Option<(Place, Data)>, E>,
    ) -> Result<SheetCells, FormatError> {
        let mut cells: Vec<(Place, Data)> = Vec::new();
        loop {
            let cell = next().map_err(|error| unread(self.source_name, name, &error))?;
            let Some((place, value)) = cell else { break };
            if place.0 >= ROWS_MAX || place.1 >= COLUMNS_MAX {
                return Err(self.outside(name, place));
            }
            if value != Data::Empty {
                cells.push((place, value));
            }
        }
        // Files have cells in any order, and the last of two in one place counts.
        cells.reverse();
        cells.sort_by_key(|(place, _)| *place);
        cells.dedup_by_key(|(place, _)| *place);
        let sheet = SheetCells {
            name: name.to_owned(),
            cells,
            signs: Signs::default(),
        };
        self.count(&sheet)?;
        Ok(sheet)
    }

    /// Counts the cells of a sheet, as its rows are at least as wide as its headings.
    fn count(&mut self, sheet: &SheetCells) -> Result<(), FormatError> {
        let mut headings = None;
        for (_, row) in sheet.rows() {
            let Some((place, _)) = row.last() else {
                continue;
            };
            let width = u64::from(place.1) + 1;
            self.count += width.max(*headings.get_or_insert(width));
            if self.count > CELLS_MAX {
                return Err(too_many(self.source_name, Some(&sheet.name), *place));
            }
        }
        Ok(())
    }

    fn outside(&self, name: &str, place: Place) -> FormatError {
        let message = format!(
            "the sheet '{name}' has a cell {}, and a sheet ends at {}",
            written(place),
            written((ROWS_MAX - 1, COLUMNS_MAX - 1))
        );
        FormatError::syntax(self.source_name, message)
            .with_hint("the file is damaged: save it again with a spreadsheet program")
    }
}

/// Returns the error of rows that have too many cells, the empty ones with them.
fn too_many(source_name: &str, sheet: Option<&str>, place: Place) -> FormatError {
    let place = written(place);
    let place = match sheet {
        Some(sheet) => format!("{place} of the sheet '{sheet}'"),
        None => format!("{place} of a sheet"),
    };
    let message = format!(
        "the rows have more than {CELLS_MAX} cells up to {place}, the empty ones between others among them"
    );
    FormatError::syntax(source_name, message)
        .with_hint("delete what stands far outside of the table, or save each sheet as CSV")
}

/// Returns the name of a cell: `B2`.
fn written((row, column): Place) -> String {
    format!("{}{}", letters(column as usize), u64::from(row) + 1)
}

fn unread(source_name: &str, sheet: &str, error: &impl ToString) -> FormatError {
    let error = error.to_string();
    FormatError::syntax(
        source_name,
        format!("the sheet '{sheet}' cannot be read: {error}"),
    )
}

/// Returns a cell as it is kept.
fn kept(cell: Cell<DataRef<'_>>) -> (Place, Data) {
    (cell.get_position(), cell.get_value().clone().into())
}

/// Reads the sheets of a workbook.
///
/// # Errors
/// A file that is too large, is no workbook, or has a cell where no sheet has one.
pub(in crate::format) fn sheets(
    input: impl Read,
    source_name: &str,
) -> Result<Vec<SheetCells>, FormatError> {
    let wrong = |message: String| FormatError::syntax(source_name, message);
    let mut bytes = Vec::new();
    let mut limited = input.take(BYTES_MAX + 1);
    let read = limited.read_to_end(&mut bytes);
    read.map_err(|error| wrong(format!("the workbook cannot be read: {error}")))?;
    if bytes.len() as u64 > BYTES_MAX || unpacked_bytes(&bytes) > UNPACKED_BYTES_MAX {
        return Err(wrong("the workbook is too large".to_owned())
            .with_hint("save its sheets as CSV, which has no limit"));
    }
    if let Some(beyond) = beyond(&bytes) {
        return Err(too_many(source_name, beyond.sheet.as_deref(), beyond.cell));
    }
    let mut book = open_workbook_auto_from_rs(Cursor::new(bytes.as_slice()))
        .map_err(|error| wrong(format!("this is no workbook: {error}")))?;
    let mut gatherer = Gatherer {
        source_name,
        count: 0,
    };
    let names = book.sheet_names();
    let mut open = match &book {
        Sheets::Ods(_) => signs::of_open(&bytes),
        _ => Default::default(),
    };
    let sheets = names.iter().map(|name| {
        let mut sheet = sheet(&mut book, name, &mut gatherer)?;
        sheet.signs = match &mut book {
            Sheets::Xlsx(book) => signs::of_excel(book, name),
            _ => open.remove(name).unwrap_or_default(),
        };
        Ok(sheet)
    });
    sheets.collect()
}

/// Reads a sheet.
fn sheet<R: Read + std::io::Seek>(
    book: &mut Sheets<R>,
    name: &str,
    gatherer: &mut Gatherer<'_>,
) -> Result<SheetCells, FormatError> {
    let source_name = gatherer.source_name;
    match book {
        Sheets::Xlsx(book) => match book.worksheet_cells_reader(name) {
            Ok(mut reader) => gatherer.sheet(name, || {
                let next = reader.next_cell_with_formula_metadata();
                let Some(cell) = next.map_err(|error| error.to_string())? else {
                    return Ok(None);
                };
                let value = Data::from(cell.value);
                match (&value, cell.formula) {
                    // Programs that write formulas may leave it to others to compute them.
                    (Data::Empty, Some(_)) => Err(format!(
                        "the cell {} has a formula and no stored value: open the workbook in a spreadsheet program and save it",
                        written(cell.pos)
                    )),
                    _ => Ok(Some((cell.pos, value))),
                }
            }),
            // A sheet of charts has no cells.
            Err(XlsxError::NotAWorksheet(_)) => gatherer.sheet(name, || Ok::<_, XlsxError>(None)),
            Err(error) => Err(unread(source_name, name, &error)),
        },
        Sheets::Xlsb(book) => {
            let reader = book.worksheet_cells_reader(name);
            let mut reader = reader.map_err(|error| unread(source_name, name, &error))?;
            gatherer.sheet(name, || {
                Ok::<_, calamine::XlsbError>(reader.next_cell()?.map(kept))
            })
        }
        Sheets::Xls(_) | Sheets::Ods(_) => {
            let range = book.worksheet_range(name);
            let range = range.map_err(|error| unread(source_name, name, &error))?;
            let (first_row, first_column) = range.start().unwrap_or_default();
            let mut cells = range.used_cells().map(|(row, column, value)| {
                let place = (first_row + row as u32, first_column + column as u32);
                (place, value.clone())
            });
            gatherer.sheet(name, || Ok::<_, calamine::Error>(cells.next()))
        }
    }
}
