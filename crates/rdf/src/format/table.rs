//! A plain table and its writers: aligned text, CSV, TSV, JSON and Markdown.
//!
//! It knows nothing of RDF, so that every report of the program can be written by the same code.

use std::borrow::Cow;
use std::io::{self, Write};
use std::str::FromStr;
use unicode_width::UnicodeWidthChar;

/// One cell of a [`Table`].
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing is known: an empty cell, JSON `null`.
    Empty,
    /// Plain text, left-aligned.
    Text(String),
    /// A whole number, right-aligned.
    Integer(i64),
    /// A number, right-aligned.
    Number(f64),
    /// `true` or `false`.
    Bool(bool),
}

impl Cell {
    /// Returns the cell as text, without any escaping.
    ///
    /// Numbers are written in full up to 10²¹ and down to 10⁻⁷, else with an exponent, as JavaScript does.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Self::Empty => Cow::Borrowed(""),
            Self::Text(text) => Cow::Borrowed(text),
            Self::Integer(value) => Cow::Owned(value.to_string()),
            Self::Number(value) => Cow::Owned(number(*value)),
            Self::Bool(true) => Cow::Borrowed("true"),
            Self::Bool(false) => Cow::Borrowed("false"),
        }
    }

    fn is_numeric(&self) -> bool {
        matches!(self, Self::Integer(_) | Self::Number(_))
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Cell {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<f64> for Cell {
    fn from(value: f64) -> Self {
        Self::Number(value)
    }
}

impl From<bool> for Cell {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<usize> for Cell {
    fn from(value: usize) -> Self {
        i64::try_from(value).map_or(Self::Number(value as f64), Self::Integer)
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}

/// The formats of a [`Table`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TableFormat {
    /// Columns aligned for a terminal, wide characters counted as two cells.
    #[default]
    Table,
    /// Comma-separated values, RFC 4180 quoting, lines ended by `\n`.
    Csv,
    /// Tab-separated values; tabs, line ends and backslashes inside a cell are escaped by a backslash.
    Tsv,
    /// An array of objects, numbers as numbers, empty cells as `null`.
    Json,
    /// A GitHub-flavoured Markdown table.
    Markdown,
}

impl TableFormat {
    /// Every format with its name.
    pub const NAMES: [(&'static str, Self); 5] = [
        (Self::Table.name(), Self::Table),
        (Self::Csv.name(), Self::Csv),
        (Self::Tsv.name(), Self::Tsv),
        (Self::Json.name(), Self::Json),
        (Self::Markdown.name(), Self::Markdown),
    ];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Csv => "csv",
            Self::Tsv => "tsv",
            Self::Json => "json",
            Self::Markdown => "markdown",
        }
    }
}

impl FromStr for TableFormat {
    type Err = String;

    /// Reads a format's name; the error lists the names.
    fn from_str(text: &str) -> Result<Self, String> {
        named(text, &Self::NAMES)
    }
}

/// Returns the format of a name.
///
/// # Errors
/// A message that lists the names.
pub(crate) fn named<F: Copy>(text: &str, formats: &[(&str, F)]) -> Result<F, String> {
    let found = formats.iter().find(|(name, _)| *name == text);
    found.map(|(_, format)| *format).ok_or_else(|| {
        let names: Vec<_> = formats.iter().map(|(name, _)| *name).collect();
        format!(
            "unknown format {text:?}: expected one of {}",
            names.join(", ")
        )
    })
}

/// Named columns and rows of cells.
///
/// ```
/// use powermap_rdf::table::{Cell, Table, TableFormat};
///
/// let mut table = Table::new(["player", "deals"]);
/// table.push(["黄仁勋".into(), Cell::Integer(12)]);
/// table.push(["Ellison".into(), Cell::Integer(3)]);
/// assert_eq!(
///     table.to_text(TableFormat::Table),
///     "player   deals\n───────  ─────\n黄仁勋      12\nEllison      3\n"
/// );
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// The names of the columns, in order.
    pub columns: Vec<String>,
    /// The rows; a row that is shorter than `columns` ends in empty cells.
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    /// Returns an empty table with these columns.
    pub fn new(columns: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self {
            columns: columns.into_iter().map(Into::into).collect(),
            rows: Vec::new(),
        }
    }

    /// Adds a row.
    pub fn push(&mut self, row: impl Into<Vec<Cell>>) {
        self.rows.push(row.into());
    }

    /// Writes the table.
    ///
    /// # Errors
    /// Only those of the writer.
    pub fn write(&self, format: TableFormat, writer: impl Write) -> io::Result<()> {
        match format {
            TableFormat::Table => self.write_aligned(writer),
            TableFormat::Csv => self.write_csv(writer),
            TableFormat::Tsv => self.write_tsv(writer),
            TableFormat::Json => self.write_json(writer),
            TableFormat::Markdown => self.write_markdown(writer),
        }
    }

    /// Returns the table as text in one of its formats.
    pub fn to_text(&self, format: TableFormat) -> String {
        let mut bytes = Vec::new();
        self.write(format, &mut bytes)
            .expect("writing to memory does not fail");
        String::from_utf8(bytes).expect("all writers write UTF-8")
    }

    fn cell(row: &[Cell], column: usize) -> &Cell {
        row.get(column).unwrap_or(&Cell::Empty)
    }

    /// Returns whether a column holds only numbers and gaps, and so is aligned to the right.
    pub fn is_numeric(&self, column: usize) -> bool {
        let mut cells = self.rows.iter().map(|row| Self::cell(row, column));
        cells.clone().any(Cell::is_numeric)
            && cells.all(|cell| cell.is_numeric() || *cell == Cell::Empty)
    }

    fn write_aligned(&self, mut writer: impl Write) -> io::Result<()> {
        let header: Vec<_> = self.columns.iter().map(|name| visible(name)).collect();
        let body: Vec<Vec<_>> = self
            .rows
            .iter()
            .map(|row| {
                (0..header.len())
                    .map(|column| visible(&Self::cell(row, column).text()))
                    .collect()
            })
            .collect();
        let mut widths: Vec<usize> = header.iter().map(|text| width(text)).collect();
        for row in &body {
            for (widest, cell) in widths.iter_mut().zip(row) {
                *widest = (*widest).max(width(cell));
            }
        }
        let right: Vec<_> = (0..header.len()).map(|c| self.is_numeric(c)).collect();
        let rules: Vec<_> = widths.iter().map(|width| "─".repeat(*width)).collect();
        for row in [&header, &rules].into_iter().chain(&body) {
            let mut line = String::new();
            for (column, cell) in row.iter().enumerate() {
                if column > 0 {
                    line.push_str("  ");
                }
                let padding = " ".repeat(widths[column] - width(cell));
                if right[column] {
                    line.push_str(&padding);
                    line.push_str(cell);
                } else {
                    line.push_str(cell);
                    line.push_str(&padding);
                }
            }
            writeln!(writer, "{}", line.trim_end_matches(' '))?;
        }
        Ok(())
    }

    fn write_csv(&self, writer: impl Write) -> io::Result<()> {
        let mut csv = csv::WriterBuilder::new().flexible(true).from_writer(writer);
        csv.write_record(&self.columns)?;
        for row in &self.rows {
            csv.write_record(
                (0..self.columns.len())
                    .map(|column| Self::cell(row, column).text().into_owned().into_bytes()),
            )?;
        }
        csv.flush()
    }

    fn write_tsv(&self, mut writer: impl Write) -> io::Result<()> {
        let header: Vec<_> = self.columns.iter().map(|name| tsv(name)).collect();
        writeln!(writer, "{}", header.join("\t"))?;
        for row in &self.rows {
            let cells: Vec<_> = (0..self.columns.len())
                .map(|column| tsv(&Self::cell(row, column).text()))
                .collect();
            writeln!(writer, "{}", cells.join("\t"))?;
        }
        Ok(())
    }

    fn write_json(&self, mut writer: impl Write) -> io::Result<()> {
        writer.write_all(b"[")?;
        for (index, row) in self.rows.iter().enumerate() {
            writer.write_all(if index == 0 { b"\n  {" } else { b",\n  {" })?;
            for (column, name) in self.columns.iter().enumerate() {
                if column > 0 {
                    writer.write_all(b", ")?;
                }
                serde_json::to_writer(&mut writer, name)?;
                writer.write_all(b": ")?;
                write_json_cell(&mut writer, Self::cell(row, column))?;
            }
            writer.write_all(b"}")?;
        }
        writer.write_all(if self.rows.is_empty() {
            b"]\n"
        } else {
            b"\n]\n"
        })
    }

    fn write_markdown(&self, mut writer: impl Write) -> io::Result<()> {
        let header: Vec<_> = self.columns.iter().map(|name| markdown(name)).collect();
        writeln!(writer, "| {} |", header.join(" | "))?;
        let rules: Vec<_> = (0..self.columns.len())
            .map(|column| {
                if self.is_numeric(column) {
                    "---:"
                } else {
                    "---"
                }
            })
            .collect();
        writeln!(writer, "| {} |", rules.join(" | "))?;
        for row in &self.rows {
            let cells: Vec<_> = (0..self.columns.len())
                .map(|column| markdown(&Self::cell(row, column).text()))
                .collect();
            writeln!(writer, "| {} |", cells.join(" | "))?;
        }
        Ok(())
    }
}

/// The width of a text on a terminal: two cells for a wide (Chinese) character, none for a combining one.
///
/// ```
/// assert_eq!(powermap_rdf::table::width("甲骨文 Oracle"), 13);
/// ```
pub fn width(text: &str) -> usize {
    text.chars()
        .map(|character| character.width().unwrap_or(0))
        .sum()
}

/// Returns a text with what a terminal would act on (line ends, control and direction characters) made visible.
pub fn visible(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' => result.push_str("\\n"),
            '\r' => result.push_str("\\r"),
            '\t' => result.push_str("\\t"),
            _ if character.is_control() || is_direction_mark(character) => {
                result.extend(character.escape_unicode());
            }
            _ => result.push(character),
        }
    }
    result
}

/// Marks that reorder the text after them, so that a table would not read as it was written.
fn is_direction_mark(character: char) -> bool {
    matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn tsv(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' => result.push_str("\\\\"),
            '\n' => result.push_str("\\n"),
            '\r' => result.push_str("\\r"),
            '\t' => result.push_str("\\t"),
            _ => result.push(character),
        }
    }
    result
}

/// Escapes what Markdown or HTML would read as markup; an underscore inside a word is not markup.
fn markdown(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    let mut before = ' ';
    while let Some(character) = characters.next() {
        let after = characters.peek().copied().unwrap_or(' ');
        match character {
            '\r' if after == '\n' => {}
            '\n' | '\r' => result.push_str("<br>"),
            '\t' => result.push(' '),
            '&' => result.push_str("&amp;"),
            '<' => result.push_str("&lt;"),
            '_' if before.is_alphanumeric() && after.is_alphanumeric() => result.push('_'),
            '|' | '\\' | '`' | '*' | '[' | ']' | '_' => result.extend(['\\', character]),
            _ if character.is_control() || is_direction_mark(character) => {
                result.push_str("&#xFFFD;");
            }
            _ => result.push(character),
        }
        before = character;
    }
    result
}

fn number(value: f64) -> String {
    let size = value.abs();
    if value.is_infinite() {
        // As XML Schema spells them.
        (if value > 0.0 { "INF" } else { "-INF" }).to_owned()
    } else if size != 0.0 && size.is_finite() && !(1e-7..1e21).contains(&size) {
        format!("{value:e}")
    } else {
        value.to_string()
    }
}

fn write_json_cell(writer: &mut impl Write, cell: &Cell) -> io::Result<()> {
    match cell {
        Cell::Empty => writer.write_all(b"null"),
        Cell::Bool(value) => write!(writer, "{value}"),
        Cell::Integer(value) => write!(writer, "{value}"),
        Cell::Number(value) if value.is_finite() => writer.write_all(number(*value).as_bytes()),
        // JSON has no infinity and no NaN: they stay readable as text.
        Cell::Number(_) | Cell::Text(_) => Ok(serde_json::to_writer(writer, &*cell.text())?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sample() -> Table {
        let mut table = Table::new(["name", "amount", "ok"]);
        table.push(["a|b\tc\n\u{1b}[31m".into(), Cell::Integer(5), true.into()]);
        table.push(["芯片".into(), Cell::Number(1.5), Cell::Empty]);
        table.push(["\\\"x\"".into()]);
        table
    }

    #[test]
    fn aligned_table_counts_wide_characters_and_shows_control_characters() {
        let name = r"a|b\tc\n\u{1b}[31m";
        assert_eq!(
            sample().to_text(TableFormat::Table),
            [
                format!("{:18}  amount  ok", "name"),
                format!("{}  ──────  ────", "─".repeat(18)),
                format!("{name}       5  true"),
                format!("芯片{}1.5", " ".repeat(19)),
                "\\\"x\"".to_owned(),
                String::new(),
            ]
            .join("\n")
        );
    }

    #[test]
    fn csv_quotes_and_tsv_escapes() {
        assert_eq!(
            sample().to_text(TableFormat::Csv),
            "name,amount,ok\n\"a|b\tc\n\u{1b}[31m\",5,true\n芯片,1.5,\n\"\\\"\"x\"\"\",,\n"
        );
        assert_eq!(
            sample().to_text(TableFormat::Tsv),
            "name\tamount\tok\na|b\\tc\\n\u{1b}[31m\t5\ttrue\n芯片\t1.5\t\n\\\\\"x\"\t\t\n"
        );
    }

    #[test]
    fn json_keeps_numbers_and_order() {
        let text = sample().to_text(TableFormat::Json);
        assert!(text.starts_with(
            "[\n  {\"name\": \"a|b\\tc\\n\\u001b[31m\", \"amount\": 5, \"ok\": true},\n"
        ));
        assert!(text.contains("{\"name\": \"芯片\", \"amount\": 1.5, \"ok\": null}"));
        assert_eq!(Table::new(["a"]).to_text(TableFormat::Json), "[]\n");
    }

    #[test]
    fn markdown_escapes_markup() {
        assert_eq!(
            sample().to_text(TableFormat::Markdown),
            "| name | amount | ok |\n| --- | ---: | --- |\n\
             | a\\|b c<br>&#xFFFD;\\[31m | 5 | true |\n| 芯片 | 1.5 |  |\n| \\\\\"x\" |  |  |\n"
        );
        assert_eq!(markdown("a_b _c_"), "a_b \\_c\\_");
    }

    #[test]
    fn numbers_are_plain_where_people_can_read_them() {
        assert_eq!(number(1e11), "100000000000");
        assert_eq!(number(0.000_001), "0.000001");
        assert_eq!(number(1e300), "1e300");
        assert_eq!(number(f64::NEG_INFINITY), "-INF");
        assert_eq!(number(f64::NAN), "NaN");
        assert_eq!(Cell::from(usize::MAX), Cell::Number(usize::MAX as f64));
    }

    #[test]
    fn unknown_format_lists_the_known_ones() {
        let error = "yaml".parse::<TableFormat>().unwrap_err();
        assert!(
            error.contains("\"yaml\"") && error.contains("markdown"),
            "{error}"
        );
    }

    proptest! {
        #[test]
        fn every_row_is_one_line_and_json_reads_back(cells in prop::collection::vec(any::<String>(), 0..6)) {
            let mut table = Table::new(["one"]);
            for cell in &cells {
                table.push([cell.as_str().into()]);
            }
            for format in [TableFormat::Table, TableFormat::Tsv, TableFormat::Markdown] {
                let header = if format == TableFormat::Tsv { 1 } else { 2 };
                prop_assert_eq!(table.to_text(format).split('\n').count(), cells.len() + header + 1);
            }
            let json: Vec<std::collections::BTreeMap<String, String>> =
                serde_json::from_str(&table.to_text(TableFormat::Json)).unwrap();
            prop_assert_eq!(json.into_iter().map(|mut row| row.remove("one").unwrap()).collect::<Vec<_>>(), cells);
        }
    }
}
