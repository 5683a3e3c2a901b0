//! What a mapping says, checked: which table each sheet is, and which column of it each column.

use crate::format::csv::Table;
use crate::format::mapping::amounts::Marks;
use crate::format::mapping::days::Order;
use crate::format::mapping::text::{self, ColumnKeys, ColumnText, Constant, SheetText, UNDECIDED};
use crate::model::name::PlayerType;
use crate::model::name_key::folded;
use crate::model::unit::Unit;
use powermap_rdf::{FormatError, SyntaxProblem, nearest};
use std::collections::BTreeMap;
use toml::Spanned;

/// How the numbers of a table are written.
pub(super) const NUMBERS: [(&str, Marks); 2] =
    [("1,234.5", Marks::Point), ("1.234,5", Marks::Comma)];

/// What stands first in the days of a table.
pub(super) const DATES: [(&str, Order); 2] = [
    ("day-month-year", Order::Day),
    ("month-day-year", Order::Month),
];

/// The columns of edges that say something of the players at their ends.
pub(super) const OF_ENDS: [&str; 4] = ["from_type", "to_type", "from_identifier", "to_identifier"];

/// What tables of others say in ours: sheets, columns, units, the order of days.
///
/// `docs/formats/spreadsheets.md` describes the file.
#[derive(Debug, Clone)]
pub struct Mapping {
    /// Its name, which errors begin with.
    pub(super) source_name: String,
    /// The file that it is for, where it says so.
    pub(super) file: Option<String>,
    pub(super) sheets: Vec<SheetMapping>,
}

/// One sheet.
#[derive(Debug, Clone)]
pub(super) struct SheetMapping {
    /// The line and the column of the mapping, for errors about it as a whole.
    pub(super) place: (u64, u64),
    pub(super) name: Option<String>,
    pub(super) table: Table,
    /// The row of the headings.
    pub(super) header: Option<u64>,
    /// The last row that is read.
    pub(super) last: Option<u64>,
    /// The type of players that are only named.
    pub(super) players: String,
    pub(super) constants: BTreeMap<String, String>,
    pub(super) columns: Vec<ColumnMapping>,
    pub(super) left_out: Vec<(String, (u64, u64))>,
}

/// One column.
#[derive(Debug, Clone)]
pub(super) struct ColumnMapping {
    pub(super) place: (u64, u64),
    /// The heading in the foreign table.
    pub(super) heading: String,
    /// The column of ours.
    pub(super) column: String,
    pub(super) unit: Option<(&'static str, i32)>,
    pub(super) factor: f64,
    pub(super) scheme: Option<String>,
    pub(super) marks: Option<Marks>,
    pub(super) order: Option<Order>,
    /// What cells say, folded, and what that is in ours.
    pub(super) values: BTreeMap<String, String>,
    /// The further claim of the row that it belongs to; empty for the first.
    pub(super) claim: String,
    /// What else holds for that claim.
    pub(super) with: BTreeMap<String, String>,
}

impl Mapping {
    /// Reads a mapping.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with its line and column.
    ///
    /// ```
    /// use powermap::format::mapping::Mapping;
    ///
    /// let text = "[[sheet]]\ntable = \"edges\"\n[sheet.columns]\n\"Investor\" = \"form\"\n";
    /// let error = Mapping::parse(text, "mapping.toml").unwrap_err();
    /// assert!(error.to_string().starts_with("mapping.toml:4:1"), "{error}");
    /// ```
    pub fn parse(text: &str, source_name: &str) -> Result<Self, FormatError> {
        let read = text::read(text, source_name)?;
        let mut checker = Checker {
            text,
            source_name,
            problems: Vec::new(),
        };
        if read.sheet.is_empty() {
            let hint = "begin one with [[sheet]] and table = \"edges\"";
            checker.note(0, "the mapping has no sheet".to_owned(), Some(hint));
        }
        let mut sheets: Vec<SheetMapping> = Vec::new();
        for sheet in read.sheet {
            let at = sheet.span().start;
            let sheet = sheet.into_inner();
            let is_twice = sheets.iter().any(|other| other.name == sheet.name);
            if is_twice {
                let name = sheet.name.clone().unwrap_or_default();
                let hint = "map each sheet once, by its name";
                checker.note(at, format!("the sheet '{name}' is there twice"), Some(hint));
            }
            sheets.extend(checker.sheet(at, sheet));
        }
        match checker.problems.len() {
            0 => Ok(Self {
                source_name: source_name.to_owned(),
                file: read.file,
                sheets,
            }),
            1 => Err(FormatError::Syntax(Box::new(checker.problems.remove(0)))),
            _ => Err(FormatError::Rows(checker.problems)),
        }
    }

    /// Returns whether the mapping is for a file of this name, or for any.
    pub(crate) fn is_for(&self, file_name: &str) -> bool {
        self.file.as_deref().is_none_or(|file| file == file_name)
    }

    /// Returns a problem at a place of the mapping.
    pub(super) fn problem(
        &self,
        (line, column): (u64, u64),
        message: String,
        hint: Option<String>,
    ) -> SyntaxProblem {
        SyntaxProblem {
            source_name: self.source_name.clone(),
            line: Some(line),
            column: Some(column),
            message,
            hint,
        }
    }
}

/// A mapping being checked.
struct Checker<'t> {
    text: &'t str,
    source_name: &'t str,
    problems: Vec<SyntaxProblem>,
}

impl Checker<'_> {
    fn note(&mut self, at: usize, message: String, hint: Option<&str>) {
        let hint = hint.map(str::to_owned);
        let problem = text::problem(self.text, self.source_name, at, message, hint);
        self.problems.push(problem);
    }

    fn place(&self, at: usize) -> (u64, u64) {
        let problem = text::problem(self.text, self.source_name, at, String::new(), None);
        (problem.line.unwrap_or(1), problem.column.unwrap_or(1))
    }

    /// Takes one value of a few, which may not be decided yet.
    fn one_of<T: Copy>(
        &mut self,
        key: &str,
        value: Option<&Spanned<String>>,
        known: &[(&str, T)],
    ) -> Option<T> {
        let value = value?;
        let found = known.iter().find(|(name, _)| name == value.get_ref());
        if let Some((_, found)) = found {
            return Some(*found);
        }
        let names: Vec<_> = known.iter().map(|(name, _)| *name).collect();
        self.refuse(key, value, &names);
        None
    }

    /// Says that a value is none of those known, or not decided.
    fn refuse(&mut self, key: &str, value: &Spanned<String>, names: &[&str]) {
        let (at, text) = (value.span().start, value.get_ref());
        let expected = names.join(", ");
        if text == UNDECIDED {
            let message = format!("'{key}' is not decided: expected {expected}");
            let hint = "look at the cells, and write what they mean";
            return self.note(at, message, Some(hint));
        }
        let near = nearest(text, names.iter().copied());
        let hint = near.first().map(|near| format!("did you mean '{near}'?"));
        let message = format!("'{text}' is no value of '{key}': expected one of {expected}");
        self.note(at, message, hint.as_deref());
    }

    fn sheet(&mut self, at: usize, sheet: SheetText) -> Option<SheetMapping> {
        let tables = Table::ALL.map(|table| (table.name(), table));
        if sheet.table.is_none() {
            let names = Table::ALL.map(Table::name).join(", ");
            let message = format!("the key 'table' is missing: expected one of {names}");
            self.note(at, message, None);
        }
        let table = self.one_of("table", sheet.table.as_ref(), &tables);
        let marks = self.one_of("numbers", sheet.numbers.as_ref(), &NUMBERS);
        let order = self.one_of("dates", sheet.dates.as_ref(), &DATES);
        let types: Vec<_> = PlayerType::ALL
            .iter()
            .map(|one| (one.name(), one.name()))
            .collect();
        let players = self.one_of("players", sheet.players.as_ref(), &types);
        let table = table?;
        let constants = self.constants(table, sheet.constants);
        let mut columns: Vec<ColumnMapping> = Vec::new();
        let mut named: Vec<_> = sheet.columns.into_iter().collect();
        named.sort_by_key(|(heading, _)| heading.span().start);
        for (heading, keys) in named {
            let Some(mut column) = self.column(table, &heading, keys) else {
                continue;
            };
            column.marks = column.marks.or(marks);
            column.order = column.order.or(order);
            let same = |other: &&ColumnMapping| {
                (&other.column, &other.claim) == (&column.column, &column.claim)
            };
            if let Some(other) = columns.iter().find(same) {
                let (first, name) = (&other.heading, &column.column);
                let message = format!(
                    "'{first}' and '{}' are both the column '{name}'",
                    column.heading
                );
                let hint = "leave one out; or give one a claim of its own: claim = \"second\"";
                self.note(heading.span().start, message, Some(hint));
            }
            columns.push(column);
        }
        let left_out = sheet.left_out.into_keys().map(|heading| {
            let place = self.place(heading.span().start);
            (heading.into_inner(), place)
        });
        let left_out = left_out.collect();
        let sheet = SheetMapping {
            place: self.place(at),
            name: sheet.name,
            table,
            header: sheet.header.map(Spanned::into_inner),
            last: sheet.last.map(Spanned::into_inner),
            players: players.unwrap_or("company").to_owned(),
            constants,
            columns,
            left_out,
        };
        self.require(at, &sheet);
        Some(sheet)
    }

    /// Says what a table needs and nothing gives.
    fn require(&mut self, at: usize, sheet: &SheetMapping) {
        let has = |name: &str| {
            let with = |column: &ColumnMapping| column.with.contains_key(name);
            sheet.constants.contains_key(name)
                || sheet
                    .columns
                    .iter()
                    .any(|column| column.column == name || with(column))
        };
        for required in sheet.table.columns().required {
            let is_made = match (sheet.table, *required) {
                (_, "document") | (Table::Players, "type") => true,
                (Table::Edges, "family") => has("kind"),
                (Table::Players | Table::Deals, "id") => {
                    let stem = if sheet.table == Table::Deals {
                        "label"
                    } else {
                        "name"
                    };
                    let mut columns = sheet.columns.iter();
                    columns.any(|column| column.column.starts_with(stem))
                }
                (Table::Documents, "id") => has("url") || has("title"),
                _ => false,
            };
            if !is_made && !has(required) {
                let message = format!(
                    "the table {} needs the column '{required}', and nothing gives it",
                    sheet.table
                );
                let hint = format!(
                    "map a column to it, or write it under [sheet.constants]: {required} = \"…\""
                );
                self.note(at, message, Some(&hint));
            }
        }
    }

    fn constants(
        &mut self,
        table: Table,
        constants: BTreeMap<Spanned<String>, Spanned<Constant>>,
    ) -> BTreeMap<String, String> {
        let mut taken = BTreeMap::new();
        for (name, value) in constants {
            self.check_column(table, &name);
            let value_at = value.span().start;
            let value = value.into_inner().0;
            if value == UNDECIDED {
                let message = format!("'{}' is not decided", name.get_ref());
                let hint = "write what holds for all rows, or leave the line out";
                self.note(value_at, message, Some(hint));
            }
            taken.insert(name.into_inner(), value);
        }
        taken
    }

    /// Says that a name is no column of a table, where it is none.
    fn check_column(&mut self, table: Table, name: &Spanned<String>) -> bool {
        let (at, text) = (name.span().start, name.get_ref());
        let columns = table.columns();
        let of_ends = OF_ENDS.iter().filter(|_| table == Table::Edges);
        let known: Vec<_> = columns.read().chain(of_ends.copied()).collect();
        if known.contains(&text.as_str()) || columns.language_read(text).is_some() {
            return true;
        }
        let near = nearest(text, known.iter().copied());
        let hint = near.first().map(|near| format!("did you mean '{near}'?"));
        let message = format!(
            "the table {table} has no column '{text}': expected {}",
            known.join(", ")
        );
        self.note(at, message, hint.as_deref());
        false
    }

    fn column(
        &mut self,
        table: Table,
        heading: &Spanned<String>,
        keys: Spanned<ColumnText>,
    ) -> Option<ColumnMapping> {
        let at = heading.span().start;
        let keys = match keys.into_inner() {
            ColumnText::Keys(keys) => *keys,
            // The place of the heading is near enough.
            ColumnText::Name(name) => ColumnKeys::of(Spanned::new(heading.span(), name)),
        };
        if keys.column.get_ref() == UNDECIDED {
            let message = format!("the column of '{}' is not decided", heading.get_ref());
            let hint = "write a column of ours, or move the line to [sheet.left_out]";
            self.note(keys.column.span().start, message, Some(hint));
            return None;
        }
        let is_known = self.check_column(table, &keys.column);
        let unit = keys
            .unit
            .as_ref()
            .and_then(|unit| self.unit(heading.get_ref(), unit));
        let factor = keys.factor.as_ref().map_or(1.0, |factor| *factor.get_ref());
        if !factor.is_finite() || factor <= 0.0 {
            let at = keys
                .factor
                .as_ref()
                .map_or(at, |factor| factor.span().start);
            let message = "'factor' is no number above 0".to_owned();
            self.note(at, message, Some("write what each number is multiplied by"));
        }
        if let Some((theirs, _)) = keys.values.iter().find(|(_, ours)| ours.0 == UNDECIDED) {
            let message = format!(
                "what '{theirs}' is in the column '{}' is not decided",
                heading.get_ref()
            );
            let hint = "write our word for it, or \"\" to leave such cells out";
            self.note(at, message, Some(hint));
        }
        let values = keys.values.into_iter();
        let values = values.map(|(theirs, ours)| (folded(&theirs), ours.0));
        let column = ColumnMapping {
            place: self.place(at),
            heading: heading.get_ref().clone(),
            unit,
            factor,
            marks: self.one_of("numbers", keys.numbers.as_ref(), &NUMBERS),
            order: self.one_of("dates", keys.dates.as_ref(), &DATES),
            scheme: keys.scheme.map(Spanned::into_inner),
            values: values.collect(),
            claim: keys.claim.unwrap_or_default(),
            with: self.constants(table, keys.with),
            column: keys.column.into_inner(),
        };
        is_known.then_some(column)
    }

    /// Reads the unit of a column: its code, and the power of ten of its scale.
    fn unit(&mut self, heading: &str, unit: &Spanned<String>) -> Option<(&'static str, i32)> {
        let (at, text) = (unit.span().start, unit.get_ref());
        if text == UNDECIDED {
            let message = format!("the unit of the column '{heading}' is not decided");
            let hint = "write its code, such as USD, EUR_mn, CNY or percent";
            self.note(at, message, Some(hint));
            return None;
        }
        match Unit::parse_scaled(text) {
            Ok((unit, scale)) => Some((unit.code(), scale.log10().round() as i32)),
            Err(error) => {
                let hint = error.hint().map(|hint| hint.to_string());
                self.note(at, error.to_string(), hint.as_deref());
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        match Mapping::parse(text, "m.toml") {
            Ok(mapping) => format!("{} sheets", mapping.sheets.len()),
            Err(FormatError::Rows(problems)) => {
                let lines: Vec<_> = problems.iter().map(ToString::to_string).collect();
                lines.join("\n")
            }
            Err(error) => error
                .problem()
                .map_or(error.to_string(), ToString::to_string),
        }
    }

    const ENDS: &str = "[sheet.columns]\n\"A\" = \"from\"\n\"B\" = \"to\"\n\"C\" = \"kind\"\n";

    #[test]
    fn what_is_wrong_with_a_mapping_is_said_with_its_place() {
        let sheet = |rest: &str| format!("[[sheet]]\ntable = \"edges\"\n{rest}");
        assert_eq!(told(&sheet(ENDS)), "1 sheets");
        for (text, expected) in [
            (String::new(), "m.toml:1:1: the mapping has no sheet"),
            (
                "[[sheet]]\n".to_owned(),
                "m.toml:1:1: the key 'table' is missing",
            ),
            (
                "[[sheet]]\ntabel = \"edges\"\n".to_owned(),
                "m.toml:2:1: the key 'tabel' is not known: expected name, table,",
            ),
            (
                "[[sheet]]\ntable = \"edge\"\n".to_owned(),
                "m.toml:2:9: 'edge' is no value of 'table': expected one of players,",
            ),
            (
                "[[sheet]]\ntable = 5\n".to_owned(),
                "m.toml:2:9: this is integer `5`: expected a string",
            ),
            ("[[sheet\n".to_owned(), "m.toml:1:8: this is not TOML: "),
            (
                sheet(&format!("dates = \"?\"\n{ENDS}")),
                "m.toml:3:9: 'dates' is not decided: expected day-month-year, month-day-year",
            ),
            (
                sheet(&format!("{ENDS}\"D\" = \"sinse\"\n")),
                "m.toml:7:1: the table edges has no column 'sinse': expected from, to,",
            ),
            (
                sheet(&format!("{ENDS}\"D\" = \"to\"\n")),
                "m.toml:7:1: 'B' and 'D' are both the column 'to'",
            ),
            (
                sheet(&format!(
                    "{ENDS}\"D\" = {{ column = \"amount\", unit = \"?\" }}\n"
                )),
                "m.toml:7:35: the unit of the column 'D' is not decided",
            ),
            (
                sheet(&format!("{ENDS}\"D\" = {{ colum = \"amount\" }}\n")),
                "m.toml:7:9: the key 'colum' is not known",
            ),
            (
                sheet("[sheet.columns]\n\"A\" = \"from\"\n"),
                "m.toml:1:1: the table edges needs the column 'to', and nothing gives it",
            ),
            (
                sheet(&format!("{ENDS}\"A\" = \"to\"\n")),
                "m.toml:7:1: this key is there twice",
            ),
        ] {
            let told = told(&text);
            assert!(told.starts_with(expected), "{text}\n{told}");
        }
    }

    #[test]
    fn a_mapping_may_be_for_one_file() {
        let text = format!("file = \"a.xlsx\"\n[[sheet]]\ntable = \"edges\"\n{ENDS}");
        let mapping = Mapping::parse(&text, "m.toml").unwrap();
        assert!(mapping.is_for("a.xlsx") && !mapping.is_for("b.xlsx"));
    }
}
