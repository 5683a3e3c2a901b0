//! Which column of ours each column of a foreign table is.

use crate::format::csv::Table;
use crate::format::mapping::amounts::{Unread, amount};
use crate::format::mapping::days::{day, day_of_number};
use crate::format::mapping::ends::ends;
use crate::format::mapping::lexicon::lexicon;
use crate::format::mapping::measure::{measure, scheme_of};
use crate::format::mapping::roles::{Certainty, Heading};
use crate::format::mapping::row::{AMOUNTS, TIMES, is_chinese};
use crate::format::mapping::sheets::{ForeignRow, Value};
use crate::model::name_key::folded;
use std::collections::BTreeMap;

/// How many cells of a column are shown.
const SAMPLES_MAX: usize = 3;
/// How many different cells of a column are translated one by one.
const VALUES_MAX: usize = 24;

/// What holds for all rows.
pub(super) type Constants = Vec<(&'static str, String)>;

/// A sheet as it is looked at.
pub(super) struct Sheet<'a> {
    pub(super) headings: Vec<Heading>,
    pub(super) rows: &'a [ForeignRow],
}

/// The guess for a column.
#[derive(Debug, Clone)]
pub(super) struct ColumnGuess {
    pub(super) position: usize,
    pub(super) heading: String,
    /// The column of ours.
    pub(super) column: &'static str,
    pub(super) certainty: Certainty,
    /// The unit as a mapping has it; `?` where it is needed and not known.
    pub(super) unit: Option<String>,
    pub(super) factor: Option<f64>,
    pub(super) scheme: Option<&'static str>,
    /// Cells and what they are in ours; `?` where that is not known.
    pub(super) values: Vec<(String, String)>,
    pub(super) claim: Option<String>,
    pub(super) with: Vec<(&'static str, String)>,
    pub(super) samples: Vec<String>,
}

impl<'a> Sheet<'a> {
    /// Returns the cells of a column that have anything in them.
    pub(super) fn cells(&self, position: usize) -> impl Iterator<Item = &'a Value> {
        let cells = self
            .rows
            .iter()
            .filter_map(move |row| row.cells.get(position));
        cells.filter(|cell| !cell.is_empty())
    }

    /// Returns the first different cells of a column.
    pub(super) fn samples(&self, position: usize) -> Vec<String> {
        let mut samples: Vec<String> = Vec::new();
        for cell in self.cells(position) {
            let text = cell.text();
            if !samples.contains(&text) {
                samples.push(text);
            }
            if samples.len() == SAMPLES_MAX {
                break;
            }
        }
        samples
    }

    /// Returns whether more than half of the cells that say anything pass.
    pub(super) fn mostly(&self, position: usize, is_right: impl Fn(&Value) -> bool) -> bool {
        let (mut all, mut right) = (0, 0);
        for cell in self.cells(position) {
            if lexicon().find("nothing", &folded(&cell.text())).is_none() {
                all += 1;
                right += usize::from(is_right(cell));
            }
        }
        2 * right > all
    }

    /// Returns whether the cells of a column can be what the column of ours holds.
    pub(super) fn fits(&self, position: usize, column: &str) -> bool {
        let is_amount = |cell: &Value| match cell {
            Value::Number(_) | Value::Shown(_) => true,
            Value::Day(_) | Value::Empty => false,
            Value::Text(text) => {
                !matches!(amount(text, None), Err(Unread::Wrong | Unread::Nothing))
            }
        };
        let is_time = |cell: &Value| match cell {
            Value::Number(number) => day_of_number(*number).is_some(),
            Value::Day(_) => true,
            Value::Shown(_) | Value::Empty => false,
            Value::Text(text) => !matches!(day(text, None), Err(Unread::Wrong)),
        };
        let is_empty = self.cells(position).next().is_none();
        if AMOUNTS.contains(&column) {
            return is_empty || self.mostly(position, is_amount);
        }
        if TIMES.contains(&column) {
            return is_empty || self.mostly(position, is_time);
        }
        if column == "right" || column == "unit" {
            return !self.mostly(position, is_amount);
        }
        true
    }

    fn guess(&self, position: usize, column: &'static str, certainty: Certainty) -> ColumnGuess {
        ColumnGuess {
            position,
            heading: self.headings[position].name.clone(),
            column,
            certainty,
            unit: None,
            factor: None,
            scheme: None,
            values: Vec::new(),
            claim: None,
            with: Vec::new(),
            samples: self.samples(position),
        }
    }

    /// Returns the column of the table that has the name of a heading itself.
    pub(super) fn own(&self, position: usize, table: Table) -> Option<&'static str> {
        let name = folded(&self.headings[position].name);
        let name = match name.as_str() {
            "from" if self.are_times(position) => "since",
            "to" if self.are_times(position) => "until",
            name => name,
        };
        table.columns().read().find(|column| *column == name)
    }

    /// Returns whether the cells of a column are times, and there are some.
    fn are_times(&self, position: usize) -> bool {
        self.cells(position).next().is_some() && self.fits(position, "since")
    }

    /// Returns the columns that a sort of words is for, the surest first.
    pub(super) fn candidates(
        &self,
        of: &'static str,
    ) -> Vec<(usize, &'static str, &'static str, Certainty)> {
        let mut found = Vec::new();
        for (position, heading) in self.headings.iter().enumerate() {
            let is_used = self.cells(position).next().is_some();
            if let Some(meaning) = heading.meaning(of).filter(|_| is_used) {
                let entry = meaning.entry;
                found.push((position, entry.ours, entry.detail, meaning.certainty));
            }
        }
        found.sort_by_key(|(position, .., certainty)| (std::cmp::Reverse(*certainty), *position));
        found
    }
}

/// Returns the columns of a sheet of edges, and what holds for all rows; nothing where it has no two ends.
pub(super) fn edges(sheet: &Sheet<'_>) -> Option<(Vec<ColumnGuess>, Constants)> {
    let ends = ends(sheet)?;
    let mut columns = vec![
        sheet.guess(ends.from.0, "from", ends.from.1),
        sheet.guess(ends.to.0, "to", ends.to.1),
    ];
    rest(sheet, Table::Edges, "heading", &mut columns);
    let mut constants = Constants::new();
    let kinds = columns.iter().find(|column| column.column == "kind");
    let has_family = columns.iter().any(|column| column.column == "family");
    let families: Vec<_> = kinds.map_or(Vec::new(), |kinds| {
        let ours = kinds.values.iter().map(|(_, ours)| ours.as_str());
        ours.map(|ours| detail_of("value.kind", ours)).collect()
    });
    let family = match families.first() {
        Some(first) if *first != "-" && families.iter().all(|family| family == first) => *first,
        _ => ends.family,
    };
    let is_mixed = families
        .iter()
        .any(|other| *other != family && *other != "-");
    if !has_family && !is_mixed {
        let family = if family.is_empty() { "?" } else { family };
        constants.push(("family", family.to_owned()));
    }
    if kinds.is_none() && ends.kind != "-" {
        constants.push(("kind", ends.kind.to_owned()));
    }
    let names_type = columns.iter().any(|column| column.column == "from_type");
    if family == "influence" && !names_type {
        constants.push(("from_type", "person".to_owned()));
    }
    columns.sort_by_key(|column| column.position);
    Some((columns, constants))
}

/// Returns what goes with a word of ours.
fn detail_of(of: &'static str, ours: &str) -> &'static str {
    let mut entries = lexicon().entries(of).iter();
    entries
        .find(|entry| entry.ours == ours)
        .map_or("-", |entry| entry.detail)
}

/// Adds the columns that are not the ends of edges and the like.
fn rest(sheet: &Sheet<'_>, table: Table, of: &'static str, columns: &mut Vec<ColumnGuess>) {
    let mut candidates: Vec<_> = (0..sheet.headings.len())
        .filter_map(|at| Some((at, sheet.own(at, table)?, "-", Certainty::Sure)))
        .collect();
    candidates.extend(sheet.candidates(of));
    // A share is a further claim beside an amount of money.
    candidates.sort_by_key(|(position, column, detail, _)| {
        let unit = sheet.headings[*position].unit;
        let is_money = unit.is_some_and(|(code, _)| code != "percent");
        let is_percent = unit.is_some_and(|(code, _)| code == "percent");
        let is_part = is_percent || ["percent", "votes"].contains(detail);
        let is_share = *column == "amount" && !is_money && is_part;
        // Whether amounts need a unit is known once its column is.
        (*column != "unit", is_share)
    });
    let known = |name: &str| {
        table.columns().read().any(|column| column == name)
            || crate::format::mapping::file::OF_ENDS.contains(&name)
    };
    for (position, column, detail, certainty) in candidates {
        // "Stand" is a status, or the day on which something was so.
        let column = match column {
            "status" if sheet.are_times(position) => "since",
            column => column,
        };
        let is_used = columns.iter().any(|one| one.position == position);
        if is_used || !known(column) || !sheet.fits(position, column) {
            continue;
        }
        let mut guess = sheet.guess(position, column, certainty);
        let taken = columns
            .iter()
            .filter(|one| one.column == column && one.claim.is_none());
        let has_unit = columns.iter().any(|one| one.column == "unit");
        let is_amount = AMOUNTS.contains(&column);
        if is_amount {
            measure(sheet, &mut guess, detail, has_unit);
        }
        if detail == "votes" && table == Table::Edges {
            guess.with.push(("right", "votes".to_owned()));
        }
        if taken.count() > 0 {
            let is_share = guess.unit.as_deref() == Some("percent");
            if column != "amount" || certainty == Certainty::Guess && !is_share {
                continue;
            }
            let claim = if is_share {
                let is_vote = !guess.with.is_empty();
                if is_vote { "votes" } else { "share" }.to_owned()
            } else {
                format!("amount {}", position + 1)
            };
            if columns.iter().any(|one| one.claim.as_ref() == Some(&claim)) {
                continue;
            }
            guess.claim = Some(claim);
        }
        if matches!(column, "from_identifier" | "to_identifier" | "identifier") {
            guess.scheme = scheme_of(sheet, position);
            if guess.scheme.is_none() {
                continue;
            }
        }
        if translate(sheet, &mut guess) {
            columns.push(guess);
        }
    }
    // Cells that are addresses say where they are from, whatever their column is called.
    if known("document") && !columns.iter().any(|one| one.column == "document") {
        let is_free = |at: &usize| !columns.iter().any(|one| one.position == *at);
        let is_address = |cell: &Value| cell.text().starts_with("http");
        let found = (0..sheet.headings.len())
            .filter(is_free)
            .find(|at| sheet.cells(*at).next().is_some() && sheet.mostly(*at, is_address));
        if let Some(position) = found {
            columns.push(sheet.guess(position, "document", Certainty::Guess));
        }
    }
}

/// Translates the cells of a column that has a few values only; returns whether they can be translated.
fn translate(sheet: &Sheet<'_>, guess: &mut ColumnGuess) -> bool {
    let of = match guess.column {
        "kind" => "value.kind",
        "family" => "value.family",
        "status" => "value.status",
        "metric" => "value.metric",
        "right" => "value.right",
        "type" | "from_type" | "to_type" => "value.type",
        _ => return true,
    };
    let mut values: BTreeMap<String, String> = BTreeMap::new();
    for cell in sheet.cells(guess.position) {
        let text = cell.text();
        let word = folded(&text);
        if lexicon().find("nothing", &word).is_none() {
            let ours = lexicon().find(of, &word).map_or("?", |entry| entry.ours);
            values.insert(text, ours.to_owned());
        }
        if values.len() > VALUES_MAX {
            return false;
        }
    }
    let known = values.values().filter(|ours| *ours != "?").count();
    // A column of which nothing is known is most likely about something else.
    let is_right = values.is_empty()
        || known > 0
        || guess.certainty == Certainty::Sure && guess.column != "kind";
    guess.values = values.into_iter().collect();
    is_right
}

/// Returns the columns of a sheet of figures, and what holds for all rows; nothing where it has none.
pub(super) fn observations(sheet: &Sheet<'_>) -> Option<(Vec<ColumnGuess>, Constants)> {
    let subjects = sheet.candidates("observation");
    let (subject, _, _, certainty) = *subjects.iter().find(|one| one.1 == "subject")?;
    let mut columns = vec![sheet.guess(subject, "subject", certainty)];
    rest(sheet, Table::Observations, "observation", &mut columns);
    let has =
        |columns: &[ColumnGuess], name| columns.iter().any(|one: &ColumnGuess| one.column == name);
    if !has(&columns, "metric") {
        // One column for each figure.
        columns.retain(|one| !AMOUNTS.contains(&one.column));
        for (position, heading) in sheet.headings.iter().enumerate() {
            let is_free = !columns
                .iter()
                .any(|one| one.position == position && one.column != "period");
            let Some((metric, period)) = heading.metric().filter(|_| is_free) else {
                continue;
            };
            if sheet.cells(position).next().is_none() || !sheet.fits(position, "amount") {
                continue;
            }
            columns.retain(|one| one.position != position);
            let mut guess = sheet.guess(position, "amount", Certainty::Likely);
            measure(sheet, &mut guess, "money", has(&columns, "unit"));
            let mut claim = metric.to_owned();
            guess.with.push(("metric", metric.to_owned()));
            if let Some(period) = period {
                claim = format!("{claim} {period}");
                guess.with.push(("period", period));
            }
            if !columns.iter().any(|one| one.claim.as_ref() == Some(&claim)) {
                guess.claim = Some(claim);
                columns.push(guess);
            }
        }
        if !columns.iter().any(|one| one.claim.is_some()) {
            return None;
        }
    } else if !has(&columns, "amount") {
        return None;
    }
    columns.sort_by_key(|column| column.position);
    Some((columns, Constants::new()))
}

/// Returns the columns of a sheet of players; nothing where it has no names.
pub(super) fn players(sheet: &Sheet<'_>) -> Option<Vec<ColumnGuess>> {
    let mut columns = Vec::new();
    let named = sheet.candidates("player");
    let names = named.iter().filter(|one| one.1 == "name");
    for (position, _, _, certainty) in names {
        let column = match sheet.mostly(*position, |cell| is_chinese(&cell.text())) {
            true => "name_zh",
            false => "name_en",
        };
        if !columns.iter().any(|one: &ColumnGuess| one.column == column) {
            columns.push(sheet.guess(*position, column, *certainty));
        }
    }
    rest(sheet, Table::Players, "player", &mut columns);
    let is_named = columns.iter().any(|one| one.column.starts_with("name_"));
    columns.sort_by_key(|column| column.position);
    is_named.then_some(columns)
}
