//! One line to its cells.

use std::borrow::Cow;

/// A cell of a line.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Cell<'a> {
    /// Where it starts in the line.
    pub(super) start: usize,
    /// What it holds, without quotes around it.
    pub(super) text: &'a [u8],
    /// Whether quotes inside are doubled.
    is_doubled: bool,
}

impl<'a> Cell<'a> {
    /// The text without its outer spaces, each doubled quote as one; nothing where it is not UTF-8.
    pub(super) fn trimmed(&self) -> Option<Cow<'a, str>> {
        let text = std::str::from_utf8(self.text).ok()?.trim();
        Some(match self.is_doubled {
            true => Cow::Owned(text.replace("\"\"", "\"")),
            false => Cow::Borrowed(text),
        })
    }
}

/// The cells of a line; a quote that is out of place comes as its place and what is wrong, and ends them.
pub(super) struct Cells<'a> {
    line: &'a [u8],
    separator: u8,
    /// Where the next cell starts; past the end when there is none.
    at: usize,
}

impl<'a> Cells<'a> {
    pub(super) fn new(line: &'a [u8], separator: u8) -> Self {
        Self {
            line,
            separator,
            at: 0,
        }
    }

    fn quoted(&mut self) -> Result<Cell<'a>, (usize, &'static str)> {
        let start = self.at;
        let (mut end, mut is_doubled) = (start + 1, false);
        loop {
            let Some(close) = memchr::memchr(b'"', &self.line[end..]) else {
                return Err((start, "this quote is not closed on its line"));
            };
            end += close + 1;
            if self.line.get(end) != Some(&b'"') {
                break;
            }
            is_doubled = true;
            end += 1;
        }
        match self.line.get(end) {
            Some(byte) if *byte != self.separator => {
                return Err((end, "unexpected text after the closing quote"));
            }
            _ => self.at = end + 1,
        }
        Ok(Cell {
            start,
            text: &self.line[start + 1..end - 1],
            is_doubled,
        })
    }
}

impl<'a> Iterator for Cells<'a> {
    type Item = Result<Cell<'a>, (usize, &'static str)>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let start = self.at;
        let rest = self.line.get(start..)?;
        if rest.first() == Some(&b'"') {
            let cell = self.quoted();
            if cell.is_err() {
                self.at = self.line.len() + 1;
            }
            return Some(cell);
        }
        let length = memchr::memchr(self.separator, rest).unwrap_or(rest.len());
        self.at = start + length + 1;
        let text = &rest[..length];
        if let Some(quote) = memchr::memchr(b'"', text) {
            self.at = self.line.len() + 1;
            let message = "a quote stands inside a cell that does not start with one";
            return Some(Err((start + quote, message)));
        }
        Some(Ok(Cell {
            start,
            text,
            is_doubled: false,
        }))
    }
}

/// The column of a place in a line, in characters from 1.
pub(super) fn column(line: &[u8], at: usize) -> u64 {
    String::from_utf8_lossy(&line[..at.min(line.len())])
        .chars()
        .count() as u64
        + 1
}
