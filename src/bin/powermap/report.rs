//! Reports: rows that read well for people and exactly for programs.
//!
//! A table or Markdown is for people: names, sources, quantities as `≤ $100 bn`. CSV, TSV and JSON are for programs:
//! ids, and the bounds and the unit of a quantity in columns of their own.

mod programs;
mod shown;

pub(crate) use crate::report::programs::number_json;
pub(crate) use crate::report::shown::{Shown, ShownCell};

use crate::footnotes::Footnotes;
use crate::output::Output;
use crate::screen::Screen;
use crate::words::Message;
use anyhow::Result;
use oxigraph::model::NamedOrBlankNode;
use powermap::model::{Lang, Quantity};
use powermap_rdf::table::{Cell, Table, TableFormat};
use std::io::Write;

/// A value of a report.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    /// The same for people and programs.
    Plain(Cell),
    /// Words for people, ids or names for programs.
    Words {
        /// What people read.
        people: String,
        /// What programs read.
        data: String,
    },
    /// Several words or names, separated by `;` where programs read a table.
    List {
        /// What people read.
        people: String,
        /// What programs read.
        data: Vec<String>,
    },
    /// The places of sources: numbers for people, with a list below, and text for programs.
    Sources {
        /// A document, and a place in it.
        places: Vec<String>,
        /// What programs read.
        data: String,
        /// The claims that stand there.
        claims: Vec<NamedOrBlankNode>,
    },
    /// Any number of quantities; for programs the row is repeated for each.
    Quantities(Vec<Quantity>),
    /// One cell for people, one or several others for programs; see [`Report::spread`].
    Cells {
        /// What people read.
        people: Cell,
        /// What programs read.
        data: Vec<Cell>,
        /// Whether the first two of these are bounds that are excluded.
        excluded: [bool; 2],
    },
}

impl<T: Into<Cell>> From<T> for Value {
    fn from(value: T) -> Self {
        Self::Plain(value.into())
    }
}

/// A column: its name for programs, and its heading for people.
pub(crate) type Column = (&'static str, Message);

/// A row, and the claims that it rests on.
#[derive(Debug, Clone, PartialEq)]
struct Line {
    values: Vec<Value>,
    claims: Vec<NamedOrBlankNode>,
}

/// The column that holds quantities; for programs it becomes `lower`, `upper` and `unit`.
pub(crate) const QUANTITY: Column = ("quantity", Message::HeadingQuantity);
/// The column of the sources of a row.
pub(crate) const SOURCES: Column = ("sources", Message::HeadingSources);
/// The name of the column that lists the claims of a row.
pub(crate) const CLAIMS: &str = "claims";

/// The cells of a row as people read them, and the claims that it rests on.
pub(crate) type PeopleRow<'a> = (Vec<String>, &'a [NamedOrBlankNode]);

/// Rows under a title.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Report {
    /// What programs call it.
    pub(crate) key: &'static str,
    lang: Lang,
    title: String,
    /// Names and headings.
    columns: Vec<(&'static str, String)>,
    rows: Vec<Line>,
    /// The columns that people need not see.
    hidden: Vec<&'static str>,
    /// The columns that are several for programs, and what these are called.
    spread: Vec<(&'static str, Vec<String>)>,
}

impl Report {
    /// A report without rows. One column at most may be [`QUANTITY`].
    pub(crate) fn new(
        lang: Lang,
        key: &'static str,
        title: impl Into<String>,
        columns: impl IntoIterator<Item = Column>,
    ) -> Self {
        let columns = columns.into_iter();
        let columns = columns.map(|(name, heading)| (name, heading.text(lang).to_owned()));
        Self::with_headings(lang, key, title, columns)
    }

    /// A report without rows whose headings are given in its language.
    pub(crate) fn with_headings(
        lang: Lang,
        key: &'static str,
        title: impl Into<String>,
        columns: impl IntoIterator<Item = (&'static str, String)>,
    ) -> Self {
        Self {
            key,
            lang,
            title: title.into(),
            columns: columns.into_iter().collect(),
            rows: Vec::new(),
            hidden: Vec::new(),
            spread: Vec::new(),
        }
    }

    /// Makes a column of [`Value::Cells`] several columns with these names where programs read.
    #[must_use]
    pub(crate) fn spread(mut self, column: &'static str, names: Vec<String>) -> Self {
        self.spread.push((column, names));
        self
    }

    fn names(&self, column: &str) -> Option<&[String]> {
        let found = self.spread.iter().find(|(name, _)| *name == column);
        found.map(|(_, names)| names.as_slice())
    }

    /// Leaves columns out where people read, such as an id beside a name.
    #[must_use]
    pub(crate) fn for_programs_only(
        mut self,
        columns: impl IntoIterator<Item = &'static str>,
    ) -> Self {
        self.hidden.extend(columns);
        self
    }

    /// The same under another title.
    #[must_use]
    pub(crate) fn titled(self, title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            ..self
        }
    }

    /// Adds a row that rests on the claims of its sources.
    pub(crate) fn push(&mut self, row: impl Into<Vec<Value>>) {
        let values: Vec<Value> = row.into();
        let claims = values.iter().flat_map(|value| match value {
            Value::Sources { claims, .. } => claims.as_slice(),
            _ => &[],
        });
        let claims = claims.cloned().collect();
        self.push_on(values, claims);
    }

    /// Adds a row that rests on these claims.
    pub(crate) fn push_on(&mut self, values: impl Into<Vec<Value>>, claims: Vec<NamedOrBlankNode>) {
        self.rows.push(Line {
            values: values.into(),
            claims,
        });
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Keeps the first rows, up to a number; returns whether some were left out.
    pub(crate) fn cut(&mut self, limit: Option<usize>) -> bool {
        let limit = limit.unwrap_or(usize::MAX);
        let is_cut = self.rows.len() > limit;
        self.rows.truncate(limit);
        is_cut
    }

    /// The table of the first rows that people read; sources get their numbers from `notes`.
    fn for_people(&self, rows: usize, notes: &mut Footnotes) -> Table {
        let separator = Message::Semicolon.text(self.lang);
        let mut cell = |value: &Value| match value {
            Value::Plain(cell) => cell.clone(),
            Value::Words { people, .. } | Value::List { people, .. } => Cell::Text(people.clone()),
            Value::Sources { places, .. } => Cell::Text(notes.numbers(places)),
            Value::Cells { people, .. } => people.clone(),
            Value::Quantities(quantities) => {
                let shown: Vec<_> = quantities.iter().map(|q| q.display(self.lang)).collect();
                Cell::Text(shown.join(separator))
            }
        };
        let shown = |name: &str| !self.hidden.contains(&name);
        let headings = self.columns.iter().filter(|(name, _)| shown(name));
        let mut table = Table::new(headings.map(|(_, heading)| heading.clone()));
        for row in self.rows.iter().take(rows) {
            let cells = self.columns.iter().zip(&row.values);
            let cells = cells.filter(|((name, _), _)| shown(name));
            table.push(cells.map(|(_, value)| cell(value)).collect::<Vec<_>>());
        }
        table
    }

    pub(crate) fn title(&self) -> &str {
        &self.title
    }

    /// The headings and rows that people read, without the column of sources, and the claims that each row rests on.
    pub(crate) fn people(&self) -> (Vec<String>, Vec<PeopleRow<'_>>) {
        let mut bare = self.clone();
        bare.hidden.push(SOURCES.0);
        let table = bare.for_people(self.rows.len(), &mut Footnotes::default());
        let cells = table.rows.into_iter().map(|row| {
            let cells = row.iter().map(|cell| cell.text().into_owned());
            cells.collect::<Vec<_>>()
        });
        let claims = self.rows.iter().map(|line| line.claims.as_slice());
        (table.columns, cells.zip(claims).collect())
    }

    /// Writes this report alone, without its title.
    pub(crate) fn write(&self, output: &Output) -> Result<()> {
        self.write_after(|_| String::new(), output)
    }

    /// Writes this report alone, without its title; for people, after a text that shares its footnotes.
    pub(crate) fn write_after(
        &self,
        lead: impl FnOnce(&mut Footnotes) -> String,
        output: &Output,
    ) -> Result<()> {
        let format = output.table_format()?;
        let mut notes = Footnotes::default();
        let left = output.text(format, |out| {
            if is_for_people(format) {
                out.write_all(lead(&mut notes).as_bytes())?;
            }
            let left = self.write_rows(format, output.screen, 1, &mut notes, out)?;
            write_notes(&notes, format, output, out)?;
            Ok(left)
        })?;
        output.more(left);
        Ok(())
    }

    /// The report with its title (for people), or as its rows; it is as wide as it is.
    pub(crate) fn write_titled(
        &self,
        format: TableFormat,
        output: &Output,
        out: &mut dyn Write,
    ) -> Result<()> {
        let mut notes = Footnotes::default();
        self.write_title(format, out)?;
        self.write_rows(format, Screen::default(), 1, &mut notes, out)?;
        write_notes(&notes, format, output, out)
    }

    fn write_title(&self, format: TableFormat, out: &mut dyn Write) -> Result<()> {
        match format {
            TableFormat::Markdown => write!(out, "## {}\n\n", self.title)?,
            TableFormat::Table => writeln!(out, "{}\n", self.title)?,
            _ => {}
        }
        Ok(())
    }

    /// Writes the rows, as many as one of several tables has room for; returns how many it had no room for.
    fn write_rows(
        &self,
        format: TableFormat,
        screen: Screen,
        tables: usize,
        notes: &mut Footnotes,
        out: &mut dyn Write,
    ) -> Result<usize> {
        if !is_for_people(format) {
            self.for_programs().write(format, out)?;
            return Ok(0);
        }
        if format != TableFormat::Table {
            self.for_people(self.rows.len(), notes).write(format, out)?;
            return Ok(0);
        }
        let before = notes.clone();
        let (text, shown) = screen.fit(self.rows.len(), tables, |rows| {
            *notes = before.clone();
            self.for_people(rows, notes)
        });
        out.write_all(text.as_bytes())?;
        Ok(self.rows.len() - shown)
    }
}

fn is_for_people(format: TableFormat) -> bool {
    matches!(format, TableFormat::Table | TableFormat::Markdown)
}

fn write_notes(
    notes: &Footnotes,
    format: TableFormat,
    output: &Output,
    out: &mut dyn Write,
) -> Result<()> {
    let list = notes.list(format, output.screen.columns, output.lang);
    if !list.is_empty() && is_for_people(format) {
        write!(out, "\n{list}")?;
    }
    Ok(())
}

pub(crate) fn bounds(quantity: Option<&Quantity>) -> [Cell; 3] {
    [
        quantity.and_then(|q| q.lower).into(),
        quantity.and_then(|q| q.upper).into(),
        quantity.map(|q| q.unit.code()).into(),
    ]
}

/// Writes several reports: one under the other for people, without the empty ones; for programs as one JSON object,
/// or as one table with the report's key in its first column. The last word is for people only.
pub(crate) fn write_all(reports: &[Report], last_word: &str, output: &Output) -> Result<()> {
    let format = output.table_format()?;
    let left = output.text(format, |out| match format {
        TableFormat::Table | TableFormat::Markdown => {
            let full: Vec<_> = reports.iter().filter(|report| !report.is_empty()).collect();
            let mut notes = Footnotes::default();
            let mut left = 0;
            for (number, report) in full.iter().enumerate() {
                if number > 0 {
                    writeln!(out)?;
                }
                report.write_title(format, out)?;
                left += report.write_rows(format, output.screen, full.len(), &mut notes, out)?;
            }
            write_notes(&notes, format, output, out)?;
            if !last_word.is_empty() {
                write!(out, "\n{last_word}")?;
            }
            Ok(left)
        }
        TableFormat::Json => {
            for (number, report) in reports.iter().enumerate() {
                write!(
                    out,
                    "{}\n\"{}\": ",
                    if number == 0 { "{" } else { "," },
                    report.key
                )?;
                let rows = report.for_programs().to_text(format);
                write!(out, "{}", rows.trim_end())?;
            }
            writeln!(out, "\n}}")?;
            Ok(0)
        }
        TableFormat::Csv | TableFormat::Tsv => {
            joined(reports).write(format, out)?;
            Ok(0)
        }
    })?;
    output.more(left);
    Ok(())
}

/// One table with the columns of all reports.
pub(crate) fn joined(reports: &[Report]) -> Table {
    let tables: Vec<_> = reports.iter().map(Report::for_programs).collect();
    let mut columns = vec!["report".to_owned()];
    for table in &tables {
        for column in &table.columns {
            if !columns.contains(column) {
                columns.push(column.clone());
            }
        }
    }
    let mut all = Table::new(columns.iter().cloned());
    for (report, table) in reports.iter().zip(&tables) {
        for row in &table.rows {
            let cell = |column: &String| {
                let place = table.columns.iter().position(|other| other == column);
                place
                    .and_then(|place| row.get(place))
                    .cloned()
                    .unwrap_or(Cell::Empty)
            };
            let mut cells: Vec<_> = columns.iter().map(cell).collect();
            if let Some(first) = cells.first_mut() {
                *first = report.key.into();
            }
            all.push(cells);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use powermap::model::Unit;

    fn report(lang: Lang) -> Report {
        let columns = [("to", Message::HeadingTo), QUANTITY];
        let mut report = Report::new(lang, "edges", "Edges", columns);
        let openai = Value::Words {
            people: "OpenAI".into(),
            data: "openai".into(),
        };
        let money = Quantity::new(None, Some(1e11), Unit::USD, false).unwrap();
        let power = Quantity::exact(10.0, "GW".parse().unwrap());
        report.push([openai, Value::Quantities(vec![money, power])]);
        report.push([Value::from("xAI"), Value::Quantities(Vec::new())]);
        report
    }

    #[test]
    fn people_read_one_row_and_programs_one_for_each_quantity() {
        assert_eq!(
            report(Lang::En)
                .for_people(2, &mut Footnotes::default())
                .to_text(TableFormat::Markdown),
            "| to | quantity |\n| --- | --- |\n| OpenAI | ≤ $100 bn; 10 GW |\n| xAI |  |\n"
        );
        assert_eq!(
            report(Lang::Zh).for_programs().to_text(TableFormat::Csv),
            "to,lower,upper,unit\nopenai,,100000000000,USD\nopenai,10,10,GW\nxAI,,,\n"
        );
    }

    #[test]
    fn several_reports_join_into_one_table() {
        let columns = [("name", Message::HeadingName)];
        let mut other = Report::new(Lang::En, "names", "Names", columns);
        other.push([Value::from("甲骨文")]);
        assert_eq!(
            joined(&[report(Lang::En), other])
                .to_text(TableFormat::Csv)
                .lines()
                .last(),
            Some("names,,,,,甲骨文")
        );
    }
}
