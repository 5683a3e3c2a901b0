//! The row of a foreign table that names its columns.

use crate::format::letters::letters;
use crate::format::mapping::sheets::{ForeignRow, ForeignSheet, Value};
use crate::model::name_key::folded;
use std::collections::HashMap;

/// How many rows are looked at to find the headings.
const ROWS_SEEN: usize = 30;

/// The headings of a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Headings {
    /// The place of their row among the rows of the sheet.
    pub(super) row: usize,
    /// Their names by place; empty where a column has none.
    names: Vec<String>,
    /// Whether the sheet is text, where rows have as many cells as there are headings.
    is_text: bool,
}

impl Headings {
    /// Returns the headings in a row of a number or, without one, in the first row that has the most of those wanted.
    pub(super) fn of(sheet: &ForeignSheet, line: Option<u64>, wanted: &[&str]) -> Option<Self> {
        let row = match line {
            Some(line) => sheet.rows.iter().position(|row| row.line == line)?,
            None => {
                let wanted: Vec<_> = wanted.iter().map(|name| folded(name)).collect();
                let count = |row: &ForeignRow| {
                    let names = names(row);
                    let has = |name: &String| names.iter().any(|known| folded(known) == *name);
                    wanted.iter().filter(|name| has(name)).count()
                };
                let rows = sheet.rows.iter().take(ROWS_SEEN).enumerate();
                // Of equals, the first.
                let best = rows.rev().max_by_key(|(_, row)| count(row));
                best?.0
            }
        };
        Some(Self {
            row,
            names: names(&sheet.rows[row]),
            is_text: sheet.separator.is_some(),
        })
    }

    /// Returns the place of a column: by its name, its name without regard to case, or its letters in brackets.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        let exact = self.names.iter().position(|known| known == name);
        let wanted = folded(name);
        let alike = || self.names.iter().position(|known| folded(known) == wanted);
        let by_letters = || {
            let letters_of = name.strip_prefix('(')?.strip_suffix(')')?;
            // Wider than any sheet.
            (0..20_000).find(|position| letters(*position) == letters_of)
        };
        exact.or_else(alike).or_else(by_letters)
    }

    /// Returns the name of a column, its letters in brackets where it has none.
    pub(super) fn name(&self, position: usize) -> String {
        match self.names.get(position).filter(|name| !name.is_empty()) {
            Some(name) => name.clone(),
            None => format!("({})", letters(position)),
        }
    }

    /// Returns how many cells a row of text has at most.
    pub(super) fn width(&self) -> Option<usize> {
        self.is_text.then_some(self.names.len())
    }

    /// Returns the names of the columns that have one.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        let named = self.names.iter().map(String::as_str);
        named.filter(|name| !name.is_empty())
    }
}

/// Returns the cells of a row as names: on one line, and with a number where two are equal.
fn names(row: &ForeignRow) -> Vec<String> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let name = |cell: &Value| {
        let text = cell.text();
        let words: Vec<_> = text.split_whitespace().collect();
        let name = words.join(" ");
        if name.is_empty() {
            return name;
        }
        let count = seen.entry(name.clone()).or_default();
        *count += 1;
        match *count {
            1 => name,
            count => format!("{name}#{count}"),
        }
    };
    row.cells.iter().map(name).collect()
}
