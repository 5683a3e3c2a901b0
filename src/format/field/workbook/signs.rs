//! What the format of a number says that it is: a percentage, or money in a currency.

use crate::format::field::workbook::cells::{COLUMNS_MAX, Place, ROWS_MAX};
use crate::format::field::workbook::extent::{attribute, content, repeats};
use calamine::Xlsx;
use quick_xml::Reader;
use quick_xml::events::Event;
use rustc_hash::FxHashMap;
use std::io::{BufReader, Read, Seek};

/// The sign that stands beside the number of a cell, such as `%`, `€` or `EUR`, by its place.
pub(super) type Signs = FxHashMap<Place, String>;

/// The signs of currencies that formats have outside of brackets and quotes.
const BARE: [char; 4] = ['$', '€', '£', '¥'];

/// Returns the signs of the cells of a sheet of Excel. A sheet that is damaged has its error where it is read.
pub(super) fn of_excel<R: Read + Seek>(book: &mut Xlsx<R>, sheet: &str) -> Signs {
    let mut signs = Signs::default();
    let Ok(mut reader) = book.worksheet_cells_reader(sheet) else {
        return signs;
    };
    let formats = reader
        .styles()
        .iter()
        .map(|style| style.number_format.as_ref());
    let formats = formats.map(|format| sign(&format?.format_code));
    let formats: Vec<_> = formats.collect();
    if formats.iter().all(Option::is_none) {
        return signs;
    }
    while let Ok(Some((row, column, style))) = reader.next_style_id() {
        if let Some(Some(sign)) = formats.get(style) {
            signs.insert((row, column), sign.clone());
        }
    }
    signs
}

/// Returns the sign that a format shows with a number: `%` of `0.0%`, `€` of `[$€-407]#,##0`, `EUR` of `#,##0 "EUR"`.
fn sign(format: &str) -> Option<String> {
    // What follows a semicolon is for numbers below zero.
    let mut bare = String::new();
    let (mut named, mut is_over) = (Vec::new(), false);
    let mut rest = format.chars();
    while let Some(c) = rest.next() {
        match c {
            '"' => named.push(rest.by_ref().take_while(|c| *c != '"').collect::<String>()),
            '[' => {
                let inside: String = rest.by_ref().take_while(|c| *c != ']').collect();
                let symbol = inside
                    .strip_prefix('$')
                    .and_then(|rest| rest.split('-').next());
                named.extend(symbol.map(str::to_owned));
            }
            '\\' => bare.extend(rest.next()),
            // A space as wide as the next character, and one that fills the cell.
            '_' | '*' => {
                rest.next();
            }
            ';' => is_over = true,
            c => bare.push(c),
        }
        if is_over {
            break;
        }
    }
    if bare.contains('%') {
        return Some("%".to_owned());
    }
    let named = named.into_iter().map(|name| name.trim().to_owned());
    let mut named = named.filter(|name| !name.is_empty());
    let sign = bare.chars().find(|c| BARE.contains(c));
    sign.map(String::from).or_else(|| named.next_back())
}

/// Returns the signs of the cells of all sheets of OpenDocument, by the name of the sheet. A file that is damaged has its
/// error where it is read.
pub(super) fn of_open(bytes: &[u8]) -> FxHashMap<String, Signs> {
    let mut found = FxHashMap::default();
    if let Some(content) = content(bytes) {
        // What was read up to an error are signs all the same.
        let _ = read(content, &mut found);
    }
    found
}

fn read(content: impl Read, found: &mut FxHashMap<String, Signs>) -> Option<()> {
    let mut reader = Reader::from_reader(BufReader::new(content));
    let mut buffer = Vec::new();
    let (mut sheet, mut row, mut column) = (String::new(), 0_u64, 0_u64);
    let mut rows = 1;
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer).ok()? {
            Event::Eof => return Some(()),
            Event::Start(start) | Event::Empty(start) => match start.name().as_ref() {
                b"table:table" => {
                    sheet = attribute(&start, b"table:name")?;
                    (row, rows) = (0, 0);
                }
                b"table:table-row" => {
                    row += rows;
                    rows = repeats(&start, b"table:number-rows-repeated");
                    column = 0;
                }
                b"table:table-cell" | b"table:covered-table-cell" => {
                    let columns = repeats(&start, b"table:number-columns-repeated");
                    let sign = match attribute(&start, b"office:value-type").as_deref() {
                        Some("percentage") => Some("%".to_owned()),
                        Some("currency") => attribute(&start, b"office:currency"),
                        _ => None,
                    };
                    if let Some(sign) = sign {
                        let signs = found.entry(sheet.clone()).or_default();
                        let last = (row + rows).min(u64::from(ROWS_MAX));
                        let end = (column + columns).min(u64::from(COLUMNS_MAX));
                        for place in
                            (row..last).flat_map(|row| (column..end).map(move |at| (row, at)))
                        {
                            signs.insert((place.0 as u32, place.1 as u32), sign.clone());
                        }
                    }
                    column += columns;
                }
                _ => {}
            },
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_show_signs() {
        for (format, expected) in [
            ("General", None),
            ("#,##0.00", None),
            ("0%", Some("%")),
            ("0.00%;[Red]-0.00%", Some("%")),
            ("[$€-407]#,##0.00", Some("€")),
            ("#,##0.00 [$€-407]", Some("€")),
            ("\"$\"#,##0", Some("$")),
            ("_($* #,##0_);_($* (#,##0)", Some("$")),
            ("[$£-809]#,##0", Some("£")),
            ("#,##0 \"EUR\"", Some("EUR")),
            ("[$HK$-C04]#,##0", Some("HK$")),
            ("[Red]0.0", None),
            ("0.0\"%\"", Some("%")),
            ("yyyy-mm-dd", None),
            ("[$-409]mmm d", None),
        ] {
            assert_eq!(sign(format).as_deref(), expected, "{format}");
        }
    }
}
