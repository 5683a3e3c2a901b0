//! Reports: rows that read well for people and exactly for programs.
//!
//! A table or Markdown is for people: names, sources, quantities as `≤ $100 bn`. CSV, TSV and JSON are for programs:
//! ids, and the bounds and the unit of a quantity in columns of their own.

use crate::output::Output;
use anyhow::Result;
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
    /// Any number of quantities; for programs the row is repeated for each.
    Quantities(Vec<Quantity>),
    /// One cell for people, one or several others for programs; see [`Report::spread`].
    Cells {
        /// What people read.
        people: Cell,
        /// What programs read.
        data: Vec<Cell>,
    },
}

impl<T: Into<Cell>> From<T> for Value {
    fn from(value: T) -> Self {
        Self::Plain(value.into())
    }
}

/// A column: its name, and its heading in Chinese.
pub(crate) type Column = (&'static str, &'static str);

/// The column that holds quantities; for programs it becomes `lower`, `upper` and `unit`.
pub(crate) const QUANTITY: Column = ("quantity", "数量");

/// Rows under a title.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Report {
    /// What programs call it.
    pub(crate) key: &'static str,
    title: String,
    columns: Vec<Column>,
    rows: Vec<Vec<Value>>,
    /// The columns that people need not see.
    hidden: Vec<&'static str>,
    /// The columns that are several for programs, and what these are called.
    spread: Vec<(&'static str, Vec<String>)>,
}

impl Report {
    /// A report without rows. One column at most may be [`QUANTITY`].
    pub(crate) fn new(
        key: &'static str,
        title: impl Into<String>,
        columns: impl IntoIterator<Item = Column>,
    ) -> Self {
        Self {
            key,
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

    fn names(&self, column: &Column) -> Option<&[String]> {
        let found = self.spread.iter().find(|(name, _)| *name == column.0);
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

    pub(crate) fn push(&mut self, row: impl Into<Vec<Value>>) {
        self.rows.push(row.into());
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

    /// The table that people read.
    fn for_people(&self, lang: Lang) -> Table {
        let separator = lang.pick("; ", "；");
        let cell = |value: &Value| match value {
            Value::Plain(cell) => cell.clone(),
            Value::Words { people, .. } => Cell::Text(people.clone()),
            Value::Cells { people, .. } => people.clone(),
            Value::Quantities(quantities) => {
                let shown: Vec<_> = quantities.iter().map(|q| q.display(lang)).collect();
                Cell::Text(shown.join(separator))
            }
        };
        let shown = |(name, _): &Column| !self.hidden.contains(name);
        let heading =
            |(name, chinese): &Column| lang.pick(name.replace('_', " "), (*chinese).to_owned());
        let mut table = Table::new(self.columns.iter().filter(|c| shown(c)).map(heading));
        for row in &self.rows {
            let cells = self.columns.iter().zip(row).filter(|(c, _)| shown(c));
            table.push(cells.map(|(_, value)| cell(value)).collect::<Vec<_>>());
        }
        table
    }

    /// The table that programs read.
    fn for_programs(&self) -> Table {
        let mut columns = Vec::new();
        for column in &self.columns {
            if let Some(names) = self.names(column) {
                columns.extend(names.iter().cloned());
            } else if *column == QUANTITY {
                columns.extend(["lower", "upper", "unit"].map(str::to_owned));
            } else {
                columns.push(column.0.to_owned());
            }
        }
        let mut table = Table::new(columns);
        for row in &self.rows {
            let repeats = row.iter().map(|value| match value {
                Value::Quantities(quantities) => quantities.len(),
                _ => 1,
            });
            let repeats = repeats.max().unwrap_or(1);
            for repeat in 0..repeats {
                let mut cells = Vec::with_capacity(table.columns.len());
                for (column, value) in self.columns.iter().zip(row) {
                    let names = self.names(column).map_or(1, <[_]>::len);
                    match value {
                        Value::Cells { data, .. } => cells.extend(data.iter().cloned()),
                        // Nothing is nothing in each of the columns.
                        Value::Plain(Cell::Empty) => {
                            cells.extend(std::iter::repeat_n(Cell::Empty, names));
                        }
                        Value::Plain(cell) => cells.push(cell.clone()),
                        Value::Words { data, .. } if data.is_empty() => cells.push(Cell::Empty),
                        Value::Words { data, .. } => cells.push(Cell::Text(data.clone())),
                        Value::Quantities(quantities) => {
                            cells.extend(bounds(quantities.get(repeat)));
                        }
                    }
                }
                table.push(cells);
            }
        }
        table
    }

    fn table(&self, format: TableFormat, lang: Lang) -> Table {
        if is_for_people(format) {
            self.for_people(lang)
        } else {
            self.for_programs()
        }
    }

    /// Writes this report alone, without its title.
    pub(crate) fn write(&self, output: &Output) -> Result<()> {
        let format = output.table_format()?;
        output.data(|out| Ok(self.table(format, output.lang).write(format, out)?))
    }

    /// The report with its title (for people), or as its rows.
    pub(crate) fn write_titled(
        &self,
        format: TableFormat,
        lang: Lang,
        out: &mut dyn Write,
    ) -> Result<()> {
        match format {
            TableFormat::Markdown => write!(out, "## {}\n\n", self.title)?,
            TableFormat::Table => writeln!(out, "{}\n", self.title)?,
            _ => {}
        }
        Ok(self.table(format, lang).write(format, out)?)
    }
}

fn is_for_people(format: TableFormat) -> bool {
    matches!(format, TableFormat::Table | TableFormat::Markdown)
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
    let (format, lang) = (output.table_format()?, output.lang);
    output.data(|out| match format {
        TableFormat::Table | TableFormat::Markdown => {
            let full = reports.iter().filter(|report| !report.is_empty());
            for (number, report) in full.enumerate() {
                if number > 0 {
                    writeln!(out)?;
                }
                report.write_titled(format, lang, out)?;
            }
            if !last_word.is_empty() {
                write!(out, "\n{last_word}")?;
            }
            Ok(())
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
            Ok(writeln!(out, "\n}}")?)
        }
        TableFormat::Csv | TableFormat::Tsv => Ok(joined(reports).write(format, out)?),
    })
}

/// One table with the columns of all reports.
fn joined(reports: &[Report]) -> Table {
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

    fn report() -> Report {
        let mut report = Report::new("edges", "Edges", [("to", "到"), QUANTITY]);
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
            report()
                .table(TableFormat::Markdown, Lang::En)
                .to_text(TableFormat::Markdown),
            "| to | quantity |\n| --- | --- |\n| OpenAI | ≤ $100 bn; 10 GW |\n| xAI |  |\n"
        );
        assert_eq!(
            report()
                .table(TableFormat::Csv, Lang::Zh)
                .to_text(TableFormat::Csv),
            "to,lower,upper,unit\nopenai,,100000000000,USD\nopenai,10,10,GW\nxAI,,,\n"
        );
    }

    #[test]
    fn several_reports_join_into_one_table() {
        let mut other = Report::new("names", "Names", [("name", "名称")]);
        other.push([Value::from("甲骨文")]);
        assert_eq!(
            joined(&[report(), other])
                .to_text(TableFormat::Csv)
                .lines()
                .last(),
            Some("names,,,,,甲骨文")
        );
    }
}
