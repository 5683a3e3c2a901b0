//! How far the sheets of a workbook reach that are read as a whole, the empty cells with them: those of OpenDocument and of old
//! Excel. Looked at before they are read, since one cell far out fills the memory.

use crate::format::field::workbook::cells::{CELLS_MAX, COLUMNS_MAX, Place, ROWS_MAX};
use flate2::read::DeflateDecoder;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::io::{BufReader, Read};

/// The entry of a part in the directory of a packed file.
const ENTRY: &[u8] = b"PK\x01\x02";

/// The beginning of the part that has the sheets of OpenDocument, and of the record that says how far a sheet of old Excel
/// reaches.
const CONTENT: &[u8] = b"content.xml";
const DIMENSIONS: &[u8] = &[0x00, 0x02, 0x0E, 0x00];

/// The beginning of a file of old Excel.
const OLD: &[u8] = b"\xD0\xCF\x11\xE0";

/// A sheet that reaches too far.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Beyond {
    /// Its name, where the file has it there.
    pub(super) sheet: Option<String>,
    /// The cell at which there were too many.
    pub(super) cell: Place,
}

/// Returns how many bytes the parts of a packed file have, as its directory says.
pub(super) fn unpacked_bytes(bytes: &[u8]) -> u64 {
    let sizes = entries(bytes).filter_map(|entry| number(entry, 24));
    sizes.map(u64::from).sum()
}

/// Returns the first sheet that reaches too far. A file that is damaged has none here, and its error where it is read.
pub(super) fn beyond(bytes: &[u8]) -> Option<Beyond> {
    if bytes.starts_with(OLD) {
        return memchr::memmem::find_iter(bytes, DIMENSIONS).find_map(|at| old(&bytes[at + 4..]));
    }
    open(content(bytes)?)
}

/// Returns the part of a packed file that has the sheets of OpenDocument.
pub(super) fn content(bytes: &[u8]) -> Option<Box<dyn Read + '_>> {
    let is_content = |entry: &&[u8]| {
        short(entry, 28) == Some(CONTENT.len())
            && entry.get(46..46 + CONTENT.len()) == Some(CONTENT)
    };
    let entry = entries(bytes).find(is_content)?;
    let part = bytes.get(number(entry, 42)? as usize..)?;
    let start = 30 + short(part, 26)? + short(part, 28)?;
    let packed = part.get(start..)?;
    Some(match short(entry, 10)? {
        0 => Box::new(packed.take(u64::from(number(entry, 24)?))),
        _ => Box::new(DeflateDecoder::new(packed)),
    })
}

/// Returns the entries of the directory of a packed file, each with all that follows it.
fn entries(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    memchr::memmem::find_iter(bytes, ENTRY).filter_map(|at| bytes.get(at..))
}

fn short(bytes: &[u8], at: usize) -> Option<usize> {
    let bytes = bytes.get(at..at + 2)?.try_into().ok()?;
    Some(usize::from(u16::from_le_bytes(bytes)))
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// Reads how far a sheet of old Excel reaches.
fn old(record: &[u8]) -> Option<Beyond> {
    let (rows, columns) = (number(record, 4)?, short(record, 10)? as u32);
    let count = u64::from(rows) * u64::from(columns);
    // Its sheets have up to 65,536 rows of 256 cells.
    (short(record, 12)? == 0 && count > CELLS_MAX).then(|| Beyond {
        sheet: None,
        cell: (rows - 1, columns - 1),
    })
}

/// The cells of a sheet of OpenDocument as they are read: one by one, but for the empty ones at the end of a row.
#[derive(Default)]
struct Extent {
    sheet: Option<String>,
    /// The rows and columns up to the last cell that is not empty.
    used: (u64, u64),
    /// The number of the row from 0, and how often it is repeated.
    row: u64,
    repeats: u64,
    /// The cells of the row before those that may be its end, and these.
    cells: u64,
    empty: u64,
    /// The cells of the rows before.
    read: u64,
}

impl Extent {
    fn cell(&mut self, count: u64, is_empty: bool) {
        let count = count.min(u64::from(COLUMNS_MAX));
        self.cells += std::mem::take(&mut self.empty);
        if is_empty {
            self.empty = count;
            return;
        }
        self.cells += count;
        let rows = self.row.saturating_add(self.repeats);
        self.used = (rows.min(u64::from(ROWS_MAX)), self.used.1.max(self.cells));
    }

    /// Returns whether there are too many cells, with those that are empty.
    fn is_beyond(&self) -> bool {
        self.used.0.saturating_mul(self.used.1) > CELLS_MAX || self.read + self.cells > CELLS_MAX
    }

    fn end_row(&mut self) {
        self.read += self.cells;
        self.row = self.row.saturating_add(self.repeats);
        (self.cells, self.empty) = (0, 0);
    }
}

/// Reads the sheets of OpenDocument.
fn open(content: impl Read) -> Option<Beyond> {
    let mut reader = Reader::from_reader(BufReader::new(content));
    let (mut buffer, mut extent) = (Vec::new(), Extent::default());
    loop {
        buffer.clear();
        let event = reader.read_event_into(&mut buffer).ok()?;
        match &event {
            Event::Eof => return None,
            Event::Start(start) | Event::Empty(start) => match start.name().as_ref() {
                b"table:table" => {
                    extent = Extent {
                        sheet: attribute(start, b"table:name"),
                        ..Extent::default()
                    };
                }
                b"table:table-row" => {
                    extent.repeats = repeats(start, b"table:number-rows-repeated")
                }
                b"table:table-cell" | b"table:covered-table-cell" => {
                    let is_empty = matches!(event, Event::Empty(_)) && !has_value(start);
                    extent.cell(repeats(start, b"table:number-columns-repeated"), is_empty);
                    if extent.is_beyond() {
                        let last = |count: u64| u32::try_from(count - 1).unwrap_or(u32::MAX);
                        let cell = (last(extent.used.0.max(1)), last(extent.cells.max(1)));
                        return Some(Beyond {
                            sheet: extent.sheet,
                            cell,
                        });
                    }
                }
                _ => {}
            },
            Event::End(end) if end.name().as_ref() == b"table:table-row" => extent.end_row(),
            _ => {}
        }
    }
}

/// Returns whether a cell without content has a value or a formula.
fn has_value(cell: &BytesStart<'_>) -> bool {
    let mut attributes = cell.attributes().flatten();
    attributes
        .any(|one| one.key.as_ref().starts_with(b"office:") || one.key.as_ref() == b"table:formula")
}

pub(super) fn attribute(start: &BytesStart<'_>, name: &[u8]) -> Option<String> {
    let attribute = start.try_get_attribute(name).ok()??;
    Some(attribute.unescape_value().ok()?.into_owned())
}

/// Returns how often a row or a cell is there.
pub(super) fn repeats(start: &BytesStart<'_>, name: &[u8]) -> u64 {
    let text = attribute(start, name);
    text.and_then(|text| text.parse().ok()).unwrap_or(1)
}
