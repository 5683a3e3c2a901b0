//! Bytes to rows of cells, each with its place in the text.
//!
//! The rules are those of RFC 4180, with any of the usual line ends. A forgiving parser would swallow the rest of the
//! file after a quote that is never closed, and cannot say at which character a cell starts; this one reports both.

use std::borrow::Cow;

/// The longest cell that is read; a longer one is taken for a quote that is not closed.
pub(in crate::format) const CELL_BYTES_MAX: usize = 1 << 20;

/// Where something stands in the text: the byte, and the line that it is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::format) struct Place {
    /// The line, from 1.
    pub(in crate::format) line: u64,
    line_start: usize,
    at: usize,
}

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::format) struct Cell<'a> {
    /// The text, without the quotes around it.
    pub(in crate::format) text: Cow<'a, str>,
    /// Whether it stood in quotes, so that its outer spaces are meant.
    pub(in crate::format) quoted: bool,
    /// Where it starts.
    pub(in crate::format) place: Place,
}

/// One thing that is wrong with a row as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::format) struct ScanFault {
    pub(in crate::format) place: Place,
    pub(in crate::format) message: String,
    pub(in crate::format) hint: &'static str,
}

/// Cuts a text into rows. Blank lines are no rows.
#[derive(Debug, Clone)]
pub(in crate::format) struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u64,
    line_start: usize,
    /// What stands between the cells of a row.
    separator: u8,
    /// Set after a quote that is never closed, so that what follows is searched once only.
    quotes_end_with_the_line: bool,
}

impl<'a> Scanner<'a> {
    /// Starts after the byte order mark, if there is one.
    pub(in crate::format) fn new(bytes: &'a [u8]) -> Self {
        let start = if bytes.starts_with(b"\xEF\xBB\xBF") {
            3
        } else {
            0
        };
        Self {
            bytes,
            at: start,
            line: 1,
            line_start: start,
            separator: separator_of(&bytes[start..]),
            quotes_end_with_the_line: false,
        }
    }

    /// Cuts rows at another separator than the first line suggests.
    pub(in crate::format) fn with_separator(self, separator: u8) -> Self {
        Self { separator, ..self }
    }

    /// What stands between the cells of a row.
    pub(in crate::format) fn separator(&self) -> char {
        char::from(self.separator)
    }

    /// The column of a place in characters, from 1.
    pub(in crate::format) fn column(&self, place: Place) -> u64 {
        let before = self.bytes.get(place.line_start..place.at).unwrap_or(&[]);
        String::from_utf8_lossy(before).chars().count() as u64 + 1
    }

    /// The start of the text.
    pub(in crate::format) fn start(&self) -> Place {
        Place {
            line: 1,
            line_start: 0,
            at: 0,
        }
    }

    /// How far it has read: the byte and its line, counted from 1.
    pub(in crate::format) fn position(&self) -> (usize, u64) {
        (self.at, self.line)
    }

    fn place(&self) -> Place {
        Place {
            line: self.line,
            line_start: self.line_start,
            at: self.at,
        }
    }

    /// The next row that is not blank.
    pub(in crate::format) fn next_row(&mut self) -> Option<Result<Vec<Cell<'a>>, ScanFault>> {
        while self.at < self.bytes.len() {
            match self.row() {
                Ok(cells) if is_blank(&cells) => {}
                Ok(cells) => return Some(Ok(cells)),
                Err(fault) => {
                    // The row is lost; the next line is likely to be a row again.
                    self.skip_line();
                    return Some(Err(fault));
                }
            }
        }
        None
    }

    fn row(&mut self) -> Result<Vec<Cell<'a>>, ScanFault> {
        let mut cells = Vec::new();
        loop {
            cells.push(if self.bytes.get(self.at) == Some(&b'"') {
                self.quoted_cell()?
            } else {
                self.plain_cell()?
            });
            match self.bytes.get(self.at) {
                Some(byte) if *byte == self.separator => self.at += 1,
                Some(_) => {
                    self.end_line();
                    return Ok(cells);
                }
                None => return Ok(cells),
            }
        }
    }

    /// Reads up to the separator or line end.
    fn plain_cell(&mut self) -> Result<Cell<'a>, ScanFault> {
        let place = self.place();
        let rest = &self.bytes[self.at..];
        let length = memchr::memchr3(self.separator, b'\n', b'\r', rest).unwrap_or(rest.len());
        let bytes = &rest[..length];
        if let Some(offset) = memchr::memchr(b'"', bytes) {
            return Err(ScanFault {
                place: Place {
                    at: place.at + offset,
                    ..place
                },
                message: "a quote stands inside a cell that does not start with one".to_owned(),
                hint: "put the whole cell in quotes, without spaces before them, and double each quote inside",
            });
        }
        let text = Cow::Borrowed(text_of(bytes, place)?);
        self.at += length;
        Ok(Cell {
            text,
            quoted: false,
            place,
        })
    }

    /// Reads up to the quote that closes, which has to be followed by a separator or the end of the line.
    fn quoted_cell(&mut self) -> Result<Cell<'a>, ScanFault> {
        let place = self.place();
        let mut end = self.at + 1;
        let mut doubled = false;
        loop {
            let close = memchr::memchr(b'"', &self.bytes[end..]).map(|offset| end + offset);
            let close = close.filter(|close| {
                !self.quotes_end_with_the_line
                    || memchr::memchr2(b'\n', b'\r', &self.bytes[end..*close]).is_none()
            });
            let Some(close) = close else {
                self.quotes_end_with_the_line = true;
                return Err(ScanFault {
                    place,
                    message: "this quote is never closed".to_owned(),
                    hint: "close it, and double each quote that is part of the text",
                });
            };
            end = close + 1;
            if self.bytes.get(end) != Some(&b'"') {
                break;
            }
            doubled = true;
            end += 1;
        }
        let bytes = &self.bytes[self.at + 1..end - 1];
        self.pass(end);
        let text = text_of(bytes, place)?;
        let text = if doubled {
            Cow::Owned(text.replace("\"\"", "\""))
        } else {
            Cow::Borrowed(text)
        };
        let is_end = |byte: &u8| *byte == self.separator || matches!(byte, b'\n' | b'\r');
        if !self.bytes.get(end).is_none_or(is_end) {
            return Err(ScanFault {
                place: self.place(),
                message: "unexpected text after the closing quote".to_owned(),
                hint: "a comma or the end of the line is expected; double each quote that is part of the text",
            });
        }
        Ok(Cell {
            text,
            quoted: true,
            place,
        })
    }

    /// Moves on to a byte, counting the lines passed.
    fn pass(&mut self, to: usize) {
        while let Some(offset) = memchr::memchr2(b'\n', b'\r', &self.bytes[self.at..to]) {
            self.at += offset;
            self.end_line();
        }
        self.at = self.at.max(to);
    }

    /// Moves past the line end that starts here.
    fn end_line(&mut self) {
        let rest = &self.bytes[self.at..];
        self.at += if rest.starts_with(b"\r\n") { 2 } else { 1 };
        self.line += 1;
        self.line_start = self.at;
    }

    fn skip_line(&mut self) {
        let rest = &self.bytes[self.at..];
        match memchr::memchr2(b'\n', b'\r', rest) {
            Some(offset) => {
                self.at += offset;
                self.end_line();
            }
            None => self.at = self.bytes.len(),
        }
    }
}

/// Returns what stands between the cells of a text: what its first line names, as in `sep=;`; or else a semicolon, a tab or
/// a bar where the first line has no comma outside of quotes.
fn separator_of(text: &[u8]) -> u8 {
    const OTHERS: [u8; 3] = [b';', b'\t', b'|'];
    let length = memchr::memchr2(b'\n', b'\r', text).unwrap_or(text.len());
    let line = &text[..length];
    if let Some([separator, ..]) = line.strip_prefix(b"sep=").or(line.strip_prefix(b"SEP=")) {
        return match OTHERS.contains(separator) {
            true => *separator,
            false => b',',
        };
    }
    let mut counts = [0_usize; 3];
    let mut is_quoted = false;
    for byte in line {
        match byte {
            b'"' => is_quoted = !is_quoted,
            _ if is_quoted => {}
            b',' => return b',',
            _ => {
                for (count, other) in counts.iter_mut().zip(OTHERS) {
                    *count += usize::from(*byte == other);
                }
            }
        }
    }
    let most = counts.iter().copied().max().unwrap_or(0);
    match counts.iter().position(|count| *count == most) {
        Some(at) if most > 0 => OTHERS[at],
        _ => b',',
    }
}

/// Returns whether the first line of a spreadsheet's export only names the separator, as in `sep=,`.
pub(in crate::format) fn is_separator_line(cells: &[Cell<'_>]) -> bool {
    let is_name =
        |text: &str| matches!(text.strip_prefix("sep="), Some(rest) if rest.chars().count() < 2);
    match cells {
        // The separator itself cuts the line.
        [first, last] => is_name(&first.text.to_lowercase()) && last.text.is_empty(),
        [only] => is_name(&only.text.to_lowercase()),
        _ => false,
    }
}

fn is_blank(cells: &[Cell<'_>]) -> bool {
    cells.iter().all(|cell| cell.text.trim().is_empty())
}

/// The text of a cell's bytes.
fn text_of(bytes: &[u8], place: Place) -> Result<&str, ScanFault> {
    if bytes.len() > CELL_BYTES_MAX {
        return Err(ScanFault {
            place,
            message: format!(
                "this cell has {} bytes; at most {CELL_BYTES_MAX} are read",
                bytes.len()
            ),
            hint: "is a quote not closed?",
        });
    }
    let text = std::str::from_utf8(bytes).map_err(|error| ScanFault {
        place,
        message: format!(
            "this cell is not UTF-8: byte {} of it is 0x{:02X}",
            error.valid_up_to() + 1,
            bytes.get(error.valid_up_to()).copied().unwrap_or(0)
        ),
        hint: "save the file as UTF-8",
    })?;
    if text.contains('\0') {
        return Err(ScanFault {
            place,
            message: "there is a NUL character in this cell".to_owned(),
            hint: "save the file as UTF-8 text, not as UTF-16 or a spreadsheet",
        });
    }
    Ok(text)
}
