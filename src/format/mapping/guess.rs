//! A first mapping, from the headings and cells of a table.

use crate::format::csv::Table;
use crate::format::mapping::amounts::{Marks, Unread, amount, marks_of};
use crate::format::mapping::columns::{
    ColumnGuess, Constants, Sheet, edges, observations, players,
};
use crate::format::mapping::days::{Order, day, order_of};
use crate::format::mapping::doubts::remarks;
use crate::format::mapping::headings::Headings;
use crate::format::mapping::lexicon::lexicon;
use crate::format::mapping::print;
use crate::format::mapping::roles::Heading;
use crate::format::mapping::row::{AMOUNTS, TIMES};
use crate::format::mapping::sheets::{ForeignFile, ForeignRow, ForeignSheet, Value};
use crate::model::lang::Lang;
use crate::model::name_key::folded;
use powermap_rdf::FormatError;

/// How many rows are looked at to find the headings.
const ROWS_SEEN: usize = 30;

/// A first mapping for a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    pub(super) text: String,
    pub(super) undecided: usize,
    pub(super) numbers: Vec<String>,
}

impl Suggestion {
    /// Returns the text of the mapping.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns whether the mapping can be used as it is: nothing in it is a `?`.
    pub fn is_decided(&self) -> bool {
        self.undecided == 0
    }

    /// Returns the headings of the columns that are left out and have numbers in them: most likely they say something.
    pub fn numbers(&self) -> &[String] {
        &self.numbers
    }

    /// Returns how many places of it are a `?`.
    pub fn undecided(&self) -> usize {
        self.undecided
    }
}

/// The guess for a whole sheet.
#[derive(Debug, Clone)]
pub(super) struct SheetGuess {
    pub(super) name: Option<String>,
    pub(super) table: Table,
    /// How many rows are read.
    pub(super) rows: usize,
    pub(super) header: u64,
    pub(super) last: Option<u64>,
    pub(super) numbers: Written<Marks>,
    pub(super) dates: Written<Order>,
    pub(super) constants: Constants,
    pub(super) columns: Vec<ColumnGuess>,
    pub(super) left_out: Vec<LeftOutGuess>,
}

/// A column that no column of ours was found for.
#[derive(Debug, Clone)]
pub(super) struct LeftOutGuess {
    pub(super) heading: String,
    /// The column of ours that it would be, which another one is.
    pub(super) taken: Option<(String, String)>,
    /// Whether most of its cells are numbers.
    pub(super) has_numbers: bool,
    pub(super) samples: Vec<String>,
}

/// How something is written in a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Written<T> {
    /// It does not matter.
    Either,
    /// As in this cell.
    As(T, String),
    /// Nobody can tell from these cells.
    Unknown(Vec<String>),
}

/// What became of a sheet.
pub(super) enum Guessed {
    Sheet(Box<SheetGuess>),
    /// Nothing in it is known.
    Unknown(String, Vec<String>),
}

/// Writes a first mapping for a file.
pub(super) fn suggest(file: &ForeignFile, lang: Lang) -> Result<Suggestion, FormatError> {
    let mut guesses = Vec::new();
    for sheet in file.sheets.iter().filter(|sheet| !sheet.rows.is_empty()) {
        let name = (file.sheets.len() > 1 || !sheet.name.is_empty()).then(|| sheet.name.clone());
        guesses.push(match guess(sheet, name.clone()) {
            Some(guess) => Guessed::Sheet(Box::new(guess)),
            None => Guessed::Unknown(sheet.name.clone(), first_cells(sheet)),
        });
    }
    let is_found = guesses.iter().any(|one| matches!(one, Guessed::Sheet(_)));
    if let Some(problem) = file.problems.first().filter(|_| !is_found) {
        return Err(FormatError::Syntax(Box::new(problem.clone())));
    }
    if !is_found {
        let first = file.sheets.iter().flat_map(first_cells).take(8);
        let first: Vec<_> = first.collect();
        let message = match first.is_empty() {
            true => "the table is empty".to_owned(),
            false => format!("no heading of the table is known: {}", first.join(", ")),
        };
        let hint = "a row of headings such as Investor, Target, Amount (USD m), Date is needed; or write the mapping by hand";
        return Err(FormatError::syntax(&file.name, message).with_hint(hint));
    }
    Ok(print::mapping(&file.name, &guesses, lang))
}

fn first_cells(sheet: &ForeignSheet) -> Vec<String> {
    let cells = sheet.rows.iter().flat_map(|row| &row.cells);
    let cells = cells.filter(|cell| !cell.is_empty());
    cells.take(8).map(Value::text).collect()
}

/// Returns what the heading can be in any table.
fn is_known(name: &str) -> bool {
    const ALL: [&str; 12] = [
        "heading",
        "player",
        "observation",
        "company",
        "buyer",
        "seller",
        "from.investment",
        "to.investment",
        "from.supply",
        "to.supply",
        "from.influence",
        "to.influence",
    ];
    let heading = Heading::of(name);
    ALL.iter().any(|of| heading.meaning(of).is_some()) || heading.metric().is_some()
}

/// Returns the place of the row that has the most headings that are known.
fn header_of(sheet: &ForeignSheet) -> Option<usize> {
    let count = |row: &ForeignRow| {
        let texts = row.cells.iter().filter_map(|cell| match cell {
            Value::Text(text) if text.chars().count() <= 60 => Some(text),
            _ => None,
        });
        let known = texts.filter(|text| is_known(text) && amount(text, None).is_err());
        known.count()
    };
    let rows = sheet.rows.iter().take(ROWS_SEEN).enumerate();
    let counted = rows.map(|(at, row)| (count(row), at));
    // Of equals, the first.
    let (best, at) = counted.min_by_key(|(count, at)| (std::cmp::Reverse(*count), *at))?;
    (best > 0).then_some(at)
}

fn guess(sheet: &ForeignSheet, name: Option<String>) -> Option<SheetGuess> {
    let header = header_of(sheet)?;
    let line = sheet.rows[header].line;
    let headings = Headings::of(sheet, Some(line), &[])?;
    let rows = &sheet.rows[header + 1..];
    let width = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let width = width.max(sheet.rows[header].cells.len());
    let mut seen = Sheet {
        headings: (0..width)
            .map(|at| Heading::of(&headings.name(at)))
            .collect(),
        rows,
    };
    let (_, columns, _) = table_of(&seen)?;
    let kept = rows.len() - trailing(rows, &columns);
    let last = (kept < rows.len() && kept > 0).then(|| rows[kept - 1].line);
    // Once more, without what stands below the table.
    let rows = &rows[..kept];
    seen.rows = rows;
    let (table, columns, constants) = table_of(&seen)?;
    let left_out = left_out(&seen, &columns);
    Some(SheetGuess {
        name,
        table,
        rows: rows.len(),
        header: line,
        last,
        numbers: numbers(rows, &columns),
        dates: dates(rows, &columns),
        constants,
        columns,
        left_out,
    })
}

/// Returns which table a sheet is, its columns, and what holds for all rows.
fn table_of(sheet: &Sheet<'_>) -> Option<(Table, Vec<ColumnGuess>, Constants)> {
    if let Some((columns, constants)) = edges(sheet) {
        return Some((Table::Edges, columns, constants));
    }
    if let Some((columns, constants)) = observations(sheet) {
        return Some((Table::Observations, columns, constants));
    }
    Some((Table::Players, players(sheet)?, Vec::new()))
}

/// Returns the number of rows at the end that are totals or remarks.
fn trailing(rows: &[ForeignRow], columns: &[ColumnGuess]) -> usize {
    const NEEDED: [&str; 3] = ["from", "to", "subject"];
    let ends: Vec<_> = columns
        .iter()
        .filter(|column| NEEDED.contains(&column.column))
        .map(|column| column.position)
        .collect();
    let is_over = |row: &&ForeignRow| {
        let first = row.cells.iter().find(|cell| !cell.is_empty());
        let is_total = first.is_some_and(|cell| {
            let text = folded(&cell.text());
            let word = lexicon().at_start("total", &text);
            word.is_some_and(|(_, rest)| rest.trim_matches([' ', ':']).is_empty())
        });
        let lacks = |at: &usize| row.cells.get(*at).is_none_or(Value::is_empty);
        is_total || (!ends.is_empty() && ends.iter().all(lacks))
    };
    let mut count = 0;
    loop {
        let rest = &rows[..rows.len() - count];
        let more = remarks(rest, columns.len());
        let more = more.max(rest.iter().rev().take_while(is_over).count());
        if more == 0 {
            return count;
        }
        count += more;
    }
}

fn left_out(sheet: &Sheet<'_>, columns: &[ColumnGuess]) -> Vec<LeftOutGuess> {
    let mut left_out = Vec::new();
    for (position, heading) in sheet.headings.iter().enumerate() {
        let is_used = columns.iter().any(|column| column.position == position);
        let samples = sheet.samples(position);
        if is_used || samples.is_empty() {
            continue;
        }
        let meaning = heading.meaning("heading");
        let taken = meaning.and_then(|meaning| {
            let other = columns
                .iter()
                .find(|one| one.column == meaning.entry.ours)?;
            Some((meaning.entry.ours.to_owned(), other.heading.clone()))
        });
        left_out.push(LeftOutGuess {
            heading: heading.name.clone(),
            taken,
            has_numbers: sheet.fits(position, "amount"),
            samples,
        });
    }
    left_out
}

/// Returns the texts of the cells of columns.
fn texts<'a>(
    rows: &'a [ForeignRow],
    columns: &'a [ColumnGuess],
    wanted: &'a [&str],
) -> impl Iterator<Item = &'a str> {
    let columns = columns.iter().filter(|one| wanted.contains(&one.column));
    columns.flat_map(move |column| {
        rows.iter()
            .filter_map(|row| match row.cells.get(column.position) {
                Some(Value::Text(text)) => Some(text.as_str()),
                _ => None,
            })
    })
}

/// Returns how something is written, from cells that can be one thing only and those that can be two.
fn written<T: Copy + PartialEq>(known: Vec<(T, &str)>, open: Vec<&str>) -> Written<T> {
    let first = known.first().copied();
    let other = first.and_then(|(one, _)| known.iter().find(|(other, _)| *other != one));
    match (first, other) {
        (Some((_, one)), Some((_, other))) if !open.is_empty() => Written::Unknown(vec![
            one.to_owned(),
            (*other).to_owned(),
            open[0].to_owned(),
        ]),
        (Some(_), Some(_)) => Written::Either,
        (Some((way, text)), None) => Written::As(way, text.to_owned()),
        (None, _) if open.is_empty() => Written::Either,
        (None, _) => Written::Unknown(open.iter().take(3).map(|text| (*text).to_owned()).collect()),
    }
}

fn numbers(rows: &[ForeignRow], columns: &[ColumnGuess]) -> Written<Marks> {
    let texts: Vec<_> = texts(rows, columns, &AMOUNTS).collect();
    let known = texts
        .iter()
        .filter_map(|text| Some((marks_of(text)?, *text)));
    let is_open = |text: &&&str| matches!(amount(text, None), Err(Unread::Ambiguous(..)));
    written(
        known.collect(),
        texts.iter().filter(is_open).copied().collect(),
    )
}

fn dates(rows: &[ForeignRow], columns: &[ColumnGuess]) -> Written<Order> {
    let texts: Vec<_> = texts(rows, columns, &TIMES).collect();
    let known = texts
        .iter()
        .filter_map(|text| Some((order_of(text)?, *text)));
    let is_open = |text: &&&str| matches!(day(text, None), Err(Unread::Ambiguous(..)));
    let open: Vec<_> = texts.iter().filter(is_open).copied().collect();
    match open.is_empty() {
        // Days with points, month names and the like say all there is to say.
        true if !texts.iter().any(|text| text.contains('/')) => Written::Either,
        _ => written(known.collect(), open),
    }
}
