//! A table being read: the header, and typed access to the cells of a row that collects what is wrong with it.

mod reference;

pub(super) use reference::Reference;

use crate::format::csv::cells;
use crate::format::csv::columns::{Columns, column_of};
use crate::format::csv::headings::{foreign, unknown_column};
use crate::format::csv::local::{self, Numbers};
use crate::format::csv::names::PlayerNames;
use crate::format::csv::scan::{Cell, Place, Scanner, is_separator_line};
use crate::model::error::ModelError;
use crate::model::lang::Labels;
use crate::model::time::TimeSpan;
use oxigraph::model::NamedNode;
use powermap_rdf::SyntaxProblem;
use rustc_hash::FxHashMap;
use std::rc::Rc;

/// What is wrong with a value, before its place is known.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::format) struct Fault {
    message: String,
    hint: Option<String>,
}

impl Fault {
    pub(in crate::format) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            hint: None,
        }
    }

    pub(in crate::format) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub(in crate::format) fn into_parts(self) -> (String, Option<String>) {
        (self.message, self.hint)
    }
}

impl From<ModelError> for Fault {
    fn from(error: ModelError) -> Self {
        Self {
            message: error.to_string(),
            hint: error.hint().map(|hint| hint.to_string()),
        }
    }
}

/// Where a row or a cell stands: the number of its source, and the line and column in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Spot {
    pub(super) source: usize,
    pub(super) line: u64,
    pub(super) column: u64,
}

/// A table being read.
pub(super) struct Sheet<'a> {
    name: &'a str,
    source: usize,
    scanner: Scanner<'a>,
    /// The columns of the header, in order.
    header: Vec<String>,
    by_name: FxHashMap<String, usize>,
    /// Stem, language tag and position of the columns of text.
    texts: Vec<(&'static str, String, usize)>,
    /// What players are called, for cells that have a name in the place of an id.
    names: Rc<PlayerNames>,
}

impl<'a> Sheet<'a> {
    /// Reads the header.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub(super) fn open(
        name: &'a str,
        source: usize,
        bytes: &'a [u8],
        columns: &Columns,
    ) -> Result<Self, Vec<SyntaxProblem>> {
        let mut sheet = Self {
            name,
            source,
            scanner: Scanner::new(bytes),
            header: Vec::new(),
            by_name: FxHashMap::default(),
            texts: Vec::new(),
            names: Rc::default(),
        };
        let start = sheet.scanner.start();
        if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
            let fault = Fault::new("the file is UTF-16").with_hint("save it as UTF-8");
            return Err(vec![sheet.problem(start, fault)]);
        }
        let mut first = sheet.scanner.next_row();
        if let Some(Ok(cells)) = &first
            && is_separator_line(cells)
        {
            first = sheet.scanner.next_row();
        }
        let cells = match first {
            Some(Ok(cells)) => cells,
            Some(Err(fault)) => {
                let (place, fault) = (fault.place, Fault::new(fault.message).with_hint(fault.hint));
                return Err(vec![sheet.problem(place, fault)]);
            }
            None => {
                let fault = Fault::new("the file is empty: a header row is expected").with_hint(
                    format!("start it with the line {}", columns.required.join(",")),
                );
                return Err(vec![sheet.problem(start, fault)]);
            }
        };
        let named = cells.iter().rposition(|cell| !cell.text.trim().is_empty());
        let faults = sheet.header(&cells[..named.map_or(0, |last| last + 1)], columns);
        if faults.is_empty() {
            Ok(sheet)
        } else {
            Err(faults
                .into_iter()
                .map(|(place, fault)| sheet.problem(place, fault))
                .collect())
        }
    }

    /// Reads cells that have the name of a player in the place of its id.
    pub(super) fn with_names(self, names: Rc<PlayerNames>) -> Self {
        Self { names, ..self }
    }

    fn header(&mut self, cells: &[Cell<'_>], columns: &Columns) -> Vec<(Place, Fault)> {
        let mut faults = Vec::new();
        let is_known = |cell: &Cell<'_>| {
            let name = cell.text.trim();
            columns.language_read(name).is_some() || columns.read().any(|known| known == name)
        };
        if let [first, _, ..] = cells
            && !cells.iter().any(is_known)
            // A line that is cut at another sign has a hint of its own.
            && !first.text.contains([';', '\t', '|'])
        {
            return vec![(first.place, foreign(cells, columns))];
        }
        for (position, cell) in cells.iter().enumerate() {
            let name = cell.text.trim();
            let language = columns.language_read(name);
            if language.is_none() && !columns.read().any(|known| known == name) {
                faults.push((cell.place, unknown_column(name, columns)));
            }
            let name = match language {
                Some((stem, tag)) => {
                    self.texts.push((stem, tag.to_owned(), position));
                    column_of(stem, tag)
                }
                None => name.to_owned(),
            };
            if self.by_name.insert(name.clone(), position).is_some() {
                let fault = Fault::new(format!("the column '{name}' is there twice"))
                    .with_hint("keep one of the two");
                faults.push((cell.place, fault));
            }
            self.header.push(name);
        }
        for required in columns.required {
            if !self.by_name.contains_key(*required) {
                let place = cells
                    .first()
                    .map_or(self.scanner.start(), |cell| cell.place);
                let fault =
                    Fault::new(format!("the column '{required}' is missing")).with_hint(format!(
                        "the table needs the columns {}",
                        columns.required.join(", ")
                    ));
                faults.push((place, fault));
            }
        }
        faults
    }

    fn problem(&self, place: Place, fault: Fault) -> SyntaxProblem {
        SyntaxProblem {
            source_name: self.name.to_owned(),
            line: Some(place.line),
            column: Some(self.scanner.column(place)),
            message: fault.message,
            hint: fault.hint,
        }
    }

    /// The next row, or what keeps it from being one.
    pub(super) fn next_row(&mut self) -> Option<Result<Row<'_, 'a>, SyntaxProblem>> {
        let mut cells = match self.scanner.next_row()? {
            Ok(cells) => cells,
            Err(fault) => {
                let (place, fault) = (fault.place, Fault::new(fault.message).with_hint(fault.hint));
                return Some(Err(self.problem(place, fault)));
            }
        };
        let wanted = self.header.len();
        // Spreadsheets write cells to the right of the last column that has a name.
        while cells.len() > wanted && cells.last().is_some_and(|cell| cell.text.trim().is_empty()) {
            cells.pop();
        }
        let found = cells.len();
        if found != wanted {
            // The cell after the last column, or the last cell there is.
            let place = cells.get(wanted).or(cells.last()).map(|cell| cell.place);
            let fault = Fault::new(format!(
                "the header has {wanted} columns, and the row has {found}"
            ))
            .with_hint(match (found > wanted, self.scanner.separator()) {
                (true, ',') => "put a cell that has a comma in it in quotes",
                (true, _) => "put a cell that has the separator in it in quotes",
                (false, ',') => "write a comma for every empty cell",
                (false, _) => "write a separator for every empty cell",
            });
            let place = place.unwrap_or(self.scanner.start());
            return Some(Err(self.problem(place, fault)));
        }
        Some(Ok(Row {
            sheet: self,
            cells,
            faults: Vec::new(),
            warnings: Vec::new(),
            references: Vec::new(),
        }))
    }
}

/// What came of reading a row, apart from its record.
#[derive(Debug, Default)]
pub(super) struct Findings {
    pub(super) faults: Vec<SyntaxProblem>,
    pub(super) warnings: Vec<SyntaxProblem>,
    pub(super) references: Vec<Reference>,
}

/// One row, which notes everything that is wrong with it rather than the first thing only.
pub(super) struct Row<'s, 'a> {
    sheet: &'s Sheet<'a>,
    cells: Vec<Cell<'a>>,
    faults: Vec<SyntaxProblem>,
    warnings: Vec<SyntaxProblem>,
    references: Vec<Reference>,
}

impl Row<'_, '_> {
    /// Where the row starts.
    pub(super) fn spot(&self) -> Spot {
        Spot {
            source: self.sheet.source,
            line: self.cells.first().map_or(1, |cell| cell.place.line),
            column: 1,
        }
    }

    /// The id in the column `id`, if it can be read.
    pub(super) fn id(&self) -> Option<NamedNode> {
        cells::id(self.trimmed("id")).ok()
    }

    fn position(&self, column: &str) -> Option<usize> {
        self.sheet.by_name.get(column).copied()
    }

    /// Whether there is anything in a cell.
    pub(super) fn has(&self, column: &str) -> bool {
        !self.trimmed(column).is_empty()
    }

    /// Whether any column of text has something in it.
    pub(super) fn has_text(&self, stem: &str) -> bool {
        self.sheet
            .texts
            .iter()
            .any(|(of, _, at)| *of == stem && !self.cells[*at].text.trim().is_empty())
    }

    fn trimmed(&self, column: &str) -> &str {
        self.position(column)
            .map_or("", |position| self.cells[position].text.trim())
    }

    fn problem(&self, column: &str, fault: Fault) -> SyntaxProblem {
        let position = self.position(column);
        let place = position.map_or(self.cells[0].place, |position| self.cells[position].place);
        let message = match position {
            Some(position) => format!("column {} '{column}': {}", position + 1, fault.message),
            None => fault.message,
        };
        self.sheet.problem(place, Fault { message, ..fault })
    }

    /// Notes that a cell cannot be used, and why.
    pub(super) fn reject(&mut self, column: &str, fault: Fault) {
        let problem = self.problem(column, fault);
        self.faults.push(problem);
    }

    /// Notes something about a cell that the row can still be used with.
    pub(super) fn warn(&mut self, column: &str, fault: Fault) {
        let problem = self.problem(column, fault);
        self.warnings.push(problem);
    }

    /// Reads a cell, if there is anything in it.
    pub(super) fn read<T>(
        &mut self,
        column: &str,
        read: impl FnOnce(&str) -> Result<T, Fault>,
    ) -> Option<T> {
        let text = self.trimmed(column);
        if text.is_empty() {
            return None;
        }
        match read(text) {
            Ok(value) => Some(value),
            Err(fault) => {
                self.reject(column, fault);
                None
            }
        }
    }

    /// Reads a cell that must not be empty.
    pub(super) fn required<T>(
        &mut self,
        column: &str,
        what: &str,
        read: impl FnOnce(&str) -> Result<T, Fault>,
    ) -> Option<T> {
        if !self.has(column) {
            self.reject(
                column,
                Fault::new(format!("the cell is empty: expected {what}")),
            );
            return None;
        }
        self.read(column, read)
    }

    /// A date, month, year or span of time.
    pub(super) fn time(&mut self, column: &str) -> Option<TimeSpan> {
        self.read(column, |text| match local::day(text) {
            Some(day) => day,
            None => text.parse().map_err(Fault::from),
        })
    }

    /// How the numbers of the table are written.
    pub(super) fn numbers(&self) -> Numbers {
        match self.sheet.scanner.separator() {
            ';' => Numbers::WithComma,
            _ => Numbers::WithPoint,
        }
    }

    /// The text of a cell: exactly as it stands in quotes, else without its outer spaces.
    pub(super) fn text(&self, column: &str) -> Option<String> {
        self.text_at(self.position(column)?)
    }

    fn text_at(&self, position: usize) -> Option<String> {
        let cell = &self.cells[position];
        let text = if cell.quoted {
            &*cell.text
        } else {
            cell.text.trim()
        };
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// The texts of all columns of a stem, by language.
    pub(super) fn labels(&self, stem: &str) -> Labels {
        let mut labels = Labels::default();
        for (of, tag, position) in &self.sheet.texts {
            if *of == stem
                && let Some(text) = self.text_at(*position)
            {
                labels.insert(tag, &text);
            }
        }
        labels
    }

    /// What was found; the row is good if there are no faults.
    pub(super) fn finish(self) -> Findings {
        Findings {
            faults: self.faults,
            warnings: self.warnings,
            references: self.references,
        }
    }
}
