//! CSV for spreadsheets: cells that one would take for a formula are text.

use std::io::{self, Write};

/// Returns whether a spreadsheet would take a cell for a formula: it begins with a sign that formulas begin with, and is no
/// number.
fn is_formula(cell: &[u8]) -> bool {
    let begins = matches!(
        cell.first(),
        Some(b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r')
    );
    let number = || std::str::from_utf8(cell).is_ok_and(|text| text.parse::<f64>().is_ok());
    begins && !number()
}

/// A writer that passes CSV on, with an apostrophe before each cell that a spreadsheet would take for a formula.
pub(crate) struct AsText<W: Write> {
    inner: W,
    /// The cell as far as it has come, without its opening quote.
    cell: Vec<u8>,
    place: Place,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Before the first character of a cell.
    Start,
    /// In a cell without quotes.
    Plain,
    /// In a cell in quotes.
    Quoted,
    /// After a quote in a cell in quotes, which closes it or stands for a quote with the next one.
    Quote,
}

impl<W: Write> AsText<W> {
    pub(crate) fn new(inner: W) -> Self {
        Self {
            inner,
            cell: Vec::new(),
            place: Place::Start,
        }
    }

    /// Writes the rest.
    pub(crate) fn finish(mut self) -> io::Result<W> {
        self.end_cell()?;
        Ok(self.inner)
    }

    fn end_cell(&mut self) -> io::Result<()> {
        let is_quoted = matches!(self.place, Place::Quoted | Place::Quote);
        if is_quoted {
            self.inner.write_all(b"\"")?;
        }
        let text = match self.place {
            // The closing quote is in it.
            Place::Quote => &self.cell[..self.cell.len() - 1],
            _ => &self.cell,
        };
        if is_formula(text) {
            self.inner.write_all(b"'")?;
        }
        self.inner.write_all(&self.cell)?;
        self.cell.clear();
        self.place = Place::Start;
        Ok(())
    }
}

impl<W: Write> Write for AsText<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for byte in bytes {
            match (self.place, byte) {
                (Place::Start, b'"') => self.place = Place::Quoted,
                (Place::Quoted, b'"') => {
                    self.cell.push(b'"');
                    self.place = Place::Quote;
                }
                (Place::Quote, b'"') => {
                    self.cell.push(b'"');
                    self.place = Place::Quoted;
                }
                (Place::Quoted, byte) => self.cell.push(*byte),
                // A carriage return is a part of the line's end, and nothing begins with it.
                (Place::Start, b'\r') => self.inner.write_all(b"\r")?,
                (_, b',' | b'\n') => {
                    self.end_cell()?;
                    self.inner.write_all(&[*byte])?;
                }
                (Place::Plain | Place::Quote, b'\r') => {
                    self.end_cell()?;
                    self.inner.write_all(b"\r")?;
                }
                (place, byte) => {
                    self.cell.push(*byte);
                    if place == Place::Start {
                        self.place = Place::Plain;
                    }
                }
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Returns CSV with an apostrophe before each cell that a spreadsheet would take for a formula.
pub(crate) fn as_text(csv: &[u8]) -> Vec<u8> {
    let mut writer = AsText::new(Vec::new());
    // Writing to memory does not fail.
    let written = writer.write_all(csv).and_then(|()| writer.finish());
    written.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{AsText, Write};

    fn as_text(csv: &str) -> String {
        let mut writer = AsText::new(Vec::new());
        for byte in csv.as_bytes() {
            writer.write_all(&[*byte]).unwrap();
        }
        String::from_utf8(writer.finish().unwrap()).unwrap()
    }

    #[test]
    fn formulas_are_text_and_all_else_stays() {
        for (csv, expected) in [
            ("=1+1,b\n", "'=1+1,b\n"),
            ("a,@SUM(A1)\r\n", "a,'@SUM(A1)\r\n"),
            (
                "\"=HYPERLINK(\"\"x\"\",1)\",-5\n",
                "\"'=HYPERLINK(\"\"x\"\",1)\",-5\n",
            ),
            ("-1.5e9,+7,-2+3,- \n", "-1.5e9,+7,'-2+3,'- \n"),
            ("\"\tx\",a=b,\"\",\n", "\"'\tx\",a=b,\"\",\n"),
            ("\"two\n=lines\",=end", "\"two\n=lines\",'=end"),
            ("id,name\r\nada,奥特曼\r\n", "id,name\r\nada,奥特曼\r\n"),
        ] {
            assert_eq!(as_text(csv), expected);
        }
    }

    #[test]
    fn a_reader_finds_the_same_cells_with_an_apostrophe() {
        let cells = ["=a", "\"=b\"", "x,=c", "+d\n", "plain", "-3"];
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(cells).unwrap();
        let text = as_text(&String::from_utf8(writer.into_inner().unwrap()).unwrap());
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(text.as_bytes());
        let row = reader.records().next().unwrap().unwrap();
        let read: Vec<_> = row.iter().collect();
        assert_eq!(read, ["'=a", "\"=b\"", "x,=c", "'+d\n", "plain", "-3"]);
    }
}
