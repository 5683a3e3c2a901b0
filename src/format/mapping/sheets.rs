//! Tables of others as they stand in their file: sheets of rows of cells.

use crate::format::csv::scan::{Scanner, is_separator_line};
use crate::format::field::items::input::Input;
#[cfg(feature = "workbook")]
use crate::format::field::workbook::cells::SheetCells;
#[cfg(feature = "workbook")]
use crate::format::mapping::amounts::unit_of;
#[cfg(feature = "workbook")]
use calamine::Data;
use powermap_rdf::{FormatError, SyntaxProblem};
use std::io::{BufRead, Read};

/// The largest table in text that is read: it is in memory as a whole.
const BYTES_MAX: u64 = 1 << 30;

/// How many lines are looked at to find out what separates the cells.
const LINES_SEEN: usize = 30;

/// What separates the cells of a row, the likeliest first where several do equally well.
const SEPARATORS: [u8; 4] = [b'\t', b';', b'|', b','];

/// A cell.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(
    not(feature = "workbook"),
    expect(dead_code, reason = "only workbooks have cells with a type")
)]
pub(super) enum Value {
    /// Nothing.
    Empty,
    /// Text as it stands there, without outer spaces.
    Text(String),
    /// A number of a workbook.
    Number(f64),
    /// A number of a workbook that is shown as a percentage or with a currency: as text with a point.
    Shown(String),
    /// A day of a workbook, year first.
    Day(String),
}

impl Value {
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::Empty
    }

    /// Returns the cell as text; a number in digits with a point.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) | Self::Shown(text) | Self::Day(text) => text.clone(),
            Self::Number(number) => number.to_string(),
        }
    }
}

/// A row, and its number in the sheet or its line in the file.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ForeignRow {
    pub(super) line: u64,
    pub(super) cells: Vec<Value>,
}

/// A sheet.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ForeignSheet {
    /// Its name; empty for a file of text.
    pub(super) name: String,
    /// The rows that have anything in them.
    pub(super) rows: Vec<ForeignRow>,
    /// What separates the cells; nothing in a workbook.
    pub(super) separator: Option<char>,
}

/// The sheets of a file.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ForeignFile {
    /// Its name, which errors begin with.
    pub(super) name: String,
    pub(super) sheets: Vec<ForeignSheet>,
    /// Rows that are not right as text, which are left out.
    pub(super) problems: Vec<SyntaxProblem>,
}

impl ForeignFile {
    /// Reads a workbook or a table in text.
    ///
    /// # Errors
    /// A file that is neither.
    pub(super) fn read(mut input: Input<'_>, name: &str) -> Result<Self, FormatError> {
        let failed = |error: std::io::Error| {
            FormatError::syntax(name, format!("the file cannot be read: {error}"))
        };
        let head = input.fill_buf().map_err(failed)?;
        let is_old = head.starts_with(b"\xD0\xCF\x11\xE0");
        if head.starts_with(b"PK\x03\x04") || is_old {
            return workbook(input, name);
        }
        if head.starts_with(b"%PDF") || head.starts_with(b"\x89PNG") {
            let error = FormatError::syntax(name, "this is no table");
            return Err(error.with_hint("give a workbook (.xlsx, .ods) or a table in text (.csv)"));
        }
        let mut bytes = Vec::new();
        input
            .take(BYTES_MAX + 1)
            .read_to_end(&mut bytes)
            .map_err(failed)?;
        if bytes.len() as u64 > BYTES_MAX {
            let error = FormatError::syntax(name, "the table is larger than 1 GiB");
            return Err(error.with_hint("cut it into several files"));
        }
        Ok(table(&decoded(bytes, name)?, name))
    }
}

/// Returns text as UTF-8, which spreadsheets also write as UTF-16.
fn decoded(bytes: Vec<u8>, name: &str) -> Result<Vec<u8>, FormatError> {
    let pairs = |of: fn([u8; 2]) -> u16| {
        let pairs = bytes[2..].chunks_exact(2);
        let units: Vec<_> = pairs.map(|pair| of([pair[0], pair[1]])).collect();
        String::from_utf16(&units)
    };
    let text = match bytes.get(..2) {
        Some([0xFF, 0xFE]) => pairs(u16::from_le_bytes),
        Some([0xFE, 0xFF]) => pairs(u16::from_be_bytes),
        _ => return Ok(bytes),
    };
    let text = text.map_err(|_| {
        let error = FormatError::syntax(name, "the file begins as UTF-16, and is not");
        error.with_hint("save it as UTF-8")
    })?;
    Ok(text.into_bytes())
}

/// Cuts a text into rows.
fn table(bytes: &[u8], name: &str) -> ForeignFile {
    let separator = separator_of(bytes);
    let mut scanner = Scanner::new(bytes).with_separator(separator);
    let (mut rows, mut problems) = (Vec::new(), Vec::new());
    while let Some(row) = scanner.next_row() {
        match row {
            Ok(cells) if rows.is_empty() && is_separator_line(&cells) => {}
            Ok(cells) => {
                let line = cells.first().map_or(1, |cell| cell.place.line);
                let cells = cells.iter().map(|cell| value(&cell.text));
                rows.push(ForeignRow {
                    line,
                    cells: cells.collect(),
                });
            }
            Err(fault) => problems.push(SyntaxProblem {
                source_name: name.to_owned(),
                line: Some(fault.place.line),
                column: Some(scanner.column(fault.place)),
                message: fault.message,
                hint: Some(fault.hint.to_owned()),
            }),
        }
    }
    let sheet = ForeignSheet {
        name: String::new(),
        rows,
        separator: Some(char::from(separator)),
    };
    ForeignFile {
        name: name.to_owned(),
        sheets: vec![sheet],
        problems,
    }
}

fn value(text: &str) -> Value {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    match text {
        "" => Value::Empty,
        text => Value::Text(text.to_owned()),
    }
}

/// Returns what separates the cells: what a line `sep=;` names, or what as many as possible of the first lines have in equal
/// number.
fn separator_of(bytes: &[u8]) -> u8 {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let lines: Vec<_> = bytes
        .split(|byte| matches!(byte, b'\n' | b'\r'))
        .filter(|line| !line.trim_ascii().is_empty())
        .take(LINES_SEEN)
        .collect();
    if let Some(first) = lines.first()
        && let Some([separator, ..]) = first
            .strip_prefix(b"sep=")
            .or_else(|| first.strip_prefix(b"SEP="))
        && SEPARATORS.contains(separator)
    {
        return *separator;
    }
    let count = |line: &[u8], separator: u8| {
        let mut is_quoted = false;
        let mut count = 0_usize;
        for byte in line {
            is_quoted ^= *byte == b'"';
            count += usize::from(*byte == separator && !is_quoted);
        }
        count
    };
    let mut best = (0, b',');
    for separator in SEPARATORS {
        let counts: Vec<_> = lines.iter().map(|line| count(line, separator)).collect();
        let most = counts.iter().filter(|count| **count > 0);
        let alike = most.map(|one| counts.iter().filter(|other| *other == one).count());
        let alike = alike.max().unwrap_or(0);
        if alike > best.0 {
            best = (alike, separator);
        }
    }
    best.1
}

#[cfg(not(feature = "workbook"))]
fn workbook(_: Input<'_>, name: &str) -> Result<ForeignFile, FormatError> {
    let error = FormatError::syntax(name, "this build does not read workbooks");
    Err(error.with_hint("save each sheet as CSV"))
}

#[cfg(feature = "workbook")]
fn workbook(input: Input<'_>, name: &str) -> Result<ForeignFile, FormatError> {
    use crate::format::field::workbook::cells::sheets;
    let sheets = sheets(input, name)?.into_iter();
    Ok(ForeignFile {
        name: name.to_owned(),
        sheets: sheets
            .map(|sheet| ForeignSheet {
                rows: rows(&sheet),
                name: sheet.name,
                separator: None,
            })
            .collect(),
        problems: Vec::new(),
    })
}

/// Returns the rows that have anything in them. Columns are counted from the first of the sheet, as a spreadsheet names them.
#[cfg(feature = "workbook")]
fn rows(sheet: &SheetCells) -> Vec<ForeignRow> {
    let rows = sheet.rows().filter_map(|(line, row)| {
        let mut cells = Vec::new();
        for ((_, column), data) in row {
            cells.resize(*column as usize, Value::Empty);
            let sign = sheet.signs.get(&(line, *column));
            cells.push(cell(data, sign.map(String::as_str)));
        }
        let line = u64::from(line) + 1;
        let is_empty = cells.iter().all(Value::is_empty);
        (!is_empty).then_some(ForeignRow { line, cells })
    });
    rows.collect()
}

#[cfg(feature = "workbook")]
fn cell(data: &Data, sign: Option<&str>) -> Value {
    let number = match data {
        Data::Float(number) => Some(*number),
        Data::Int(number) => Some(*number as f64),
        _ => None,
    };
    if let (Some(number), Some(sign)) = (number, sign)
        && let Some((unit, 0)) = unit_of(sign)
    {
        return Value::Shown(match unit {
            // Without what rounding adds to 0.07 times 100.
            "percent" => format!("{}%", (number * 1e11).round() / 1e9),
            _ => format!("{number} {sign}"),
        });
    }
    match data {
        Data::Empty => Value::Empty,
        Data::DateTime(moment) => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            Value::Day(format!("{year:04}-{month:02}-{day:02}"))
        }
        Data::DateTimeIso(text) => {
            Value::Day(text.split('T').next().unwrap_or_default().to_owned())
        }
        Data::Float(number) => Value::Number(*number),
        Data::Int(number) => Value::Number(*number as f64),
        other => value(&other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> ForeignFile {
        ForeignFile::read(Input::of(bytes).unwrap(), "x.csv").unwrap()
    }

    #[test]
    fn the_separator_is_that_of_most_lines() {
        for (text, separator) in [
            ("Deals of 2024\n\na;b;c\n1,5;2,5;3\n2,5;3,5;4\n", ';'),
            ("a,b\n1;2,3\n4,5\n", ','),
            ("sep=;\na,b\n", ';'),
            ("a\tb\n1,5\t2,5\n", '\t'),
            ("\"a;b\",c\n\"d;e\",f\n", ','),
            ("alone\n", ','),
            ("", ','),
        ] {
            assert_eq!(
                read(text.as_bytes()).sheets[0].separator,
                Some(separator),
                "{text}"
            );
        }
    }

    #[test]
    fn rows_keep_their_lines_and_utf_16_is_read() {
        let file = read(b"sep=;\na;b\n\n\"x\ny\";2\n");
        let lines: Vec<_> = file.sheets[0].rows.iter().map(|row| row.line).collect();
        assert_eq!(lines, [2, 4]);
        let units = "\u{feff}a\tb\n1\t2\n".encode_utf16();
        let bytes: Vec<_> = units.flat_map(u16::to_le_bytes).collect();
        let file = read(&bytes);
        assert_eq!(file.sheets[0].rows[0].cells[0], Value::Text("a".to_owned()));
        assert_eq!(read(b"a,\"b\n").problems.len(), 1);
    }
}
