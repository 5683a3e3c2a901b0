//! Which column of ours each column of a foreign table is.

use crate::format::csv::Table;
use crate::format::mapping::amounts::{Unread, amount};
use crate::format::mapping::days::{day, day_of_number};
use crate::format::mapping::lexicon::{folded, lexicon};
use crate::format::mapping::roles::{Certainty, Heading};
use crate::format::mapping::row::{AMOUNTS, TIMES, is_chinese};
use crate::format::mapping::sheets::{ForeignRow, Value};
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

/// What is guessed of a column.
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
    fn cells(&self, position: usize) -> impl Iterator<Item = &'a Value> {
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
    fn mostly(&self, position: usize, is_right: impl Fn(&Value) -> bool) -> bool {
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
    fn fits(&self, position: usize, column: &str) -> bool {
        let is_amount = |cell: &Value| match cell {
            Value::Number(_) => true,
            Value::Day(_) | Value::Empty => false,
            Value::Text(text) => {
                !matches!(amount(text, None), Err(Unread::Wrong | Unread::Nothing))
            }
        };
        let is_time = |cell: &Value| match cell {
            Value::Number(number) => day_of_number(*number).is_some(),
            Value::Day(_) => true,
            Value::Empty => false,
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
    fn own(&self, position: usize, table: Table) -> Option<&'static str> {
        let name = folded(&self.headings[position].name);
        table.columns().read().find(|column| *column == name)
    }

    /// Returns the columns that a sort of words is for, the surest first.
    fn candidates(&self, of: &'static str) -> Vec<(usize, &'static str, &'static str, Certainty)> {
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

/// The two ends of edges: their columns, the family, and the kind that their headings tell.
struct Ends {
    family: &'static str,
    from: (usize, Certainty),
    to: (usize, Certainty),
    kind: &'static str,
}

fn ends(sheet: &Sheet<'_>) -> Option<Ends> {
    let own = |name: &str| {
        let mut all = 0..sheet.headings.len();
        all.find(|at| {
            sheet.own(*at, Table::Edges) == Some(if name == "from" { "from" } else { "to" })
                && folded(&sheet.headings[*at].name) == name
        })
    };
    if let (Some(from), Some(to)) = (own("from"), own("to")) {
        let (from, to) = ((from, Certainty::Sure), (to, Certainty::Sure));
        return Some(Ends {
            family: "",
            from,
            to,
            kind: "-",
        });
    }
    let of = |kind| sheet.candidates(kind);
    let (buyers, sellers, companies) = (of("buyer"), of("seller"), of("company"));
    let mut best: Option<(u8, Ends)> = None;
    for (family, from, to) in [
        ("investment", "from.investment", "to.investment"),
        ("supply", "from.supply", "to.supply"),
        ("influence", "from.influence", "to.influence"),
    ] {
        let (mut from, mut to) = (of(from), of(to));
        let lesser = |(position, ours, kind, certainty): &(usize, _, _, Certainty)| {
            let certainty = (*certainty).min(Certainty::Likely);
            (*position, *ours, *kind, certainty)
        };
        match family {
            "investment" => from.extend(
                buyers
                    .iter()
                    .map(|(at, ours, _, certainty)| (*at, *ours, "acquisition", *certainty)),
            ),
            "supply" => {
                to.extend(buyers.iter().map(lesser));
                from.extend(sellers.iter().map(lesser));
            }
            _ => {}
        }
        // A company is the end that nothing else is.
        if to.is_empty() || to.iter().all(|one| one.3 == Certainty::Guess) {
            to.extend(companies.iter().map(lesser));
        } else if from.is_empty() && family == "supply" {
            from.extend(companies.iter().map(lesser));
        }
        let pairs = from
            .iter()
            .flat_map(|one| to.iter().map(move |other| (one, other)));
        let pairs = pairs.filter(|(one, other)| one.0 != other.0);
        let found = pairs.max_by_key(|(one, other)| {
            let places = usize::MAX - one.0 - other.0;
            (one.3 as u8 + other.3 as u8, places)
        });
        if let Some((one, other)) = found {
            let score = one.3 as u8 + other.3 as u8;
            if best.as_ref().is_none_or(|(known, _)| score > *known) {
                // What the heading of the target says is more than what that of an investor does.
                let kind = match (one.2, other.2) {
                    (_, kind) if kind != "-" => kind,
                    (kind, _) => kind,
                };
                let (from, to) = ((one.0, one.3), (other.0, other.3));
                best = Some((
                    score,
                    Ends {
                        family,
                        from,
                        to,
                        kind,
                    },
                ));
            }
        }
    }
    best.map(|(_, ends)| ends)
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
        let is_share = *column == "amount" && !is_money && (is_percent || *detail == "percent");
        // Whether amounts need a unit is known once its column is.
        (*column != "unit", is_share)
    });
    let known = |name: &str| {
        table.columns().read().any(|column| column == name)
            || crate::format::mapping::file::OF_ENDS.contains(&name)
    };
    for (position, column, detail, certainty) in candidates {
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
        if taken.count() > 0 {
            let is_share = guess.unit.as_deref() == Some("percent");
            if column != "amount" || certainty == Certainty::Guess && !is_share {
                continue;
            }
            let claim = if is_share {
                "share".to_owned()
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

/// Returns the scheme of the identifiers in a column.
fn scheme_of(sheet: &Sheet<'_>, position: usize) -> Option<&'static str> {
    let is_lei = |text: &str| text.len() == 20 && text.bytes().all(|b| b.is_ascii_alphanumeric());
    let is_item = |text: &str| {
        let digits = text.strip_prefix('Q').unwrap_or_default();
        !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
    };
    if sheet.mostly(position, |cell| is_lei(&cell.text())) {
        return Some("lei");
    }
    sheet
        .mostly(position, |cell| is_item(&cell.text()))
        .then_some("wikidata")
}

/// Finds the unit of a column of amounts.
fn measure(sheet: &Sheet<'_>, guess: &mut ColumnGuess, detail: &str, has_unit_column: bool) {
    let heading = &sheet.headings[guess.position];
    let read = |cell: &Value| amount(&cell.text(), None).ok();
    let own = |cell: &Value| read(cell).and_then(|amount| amount.unit);
    let is_percent = heading.unit.is_some_and(|(code, _)| code == "percent")
        || heading.unit.is_none() && detail == "percent"
        || sheet.mostly(guess.position, |cell| own(cell) == Some("percent"));
    if is_percent {
        guess.unit = Some("percent".to_owned());
        let plain = |cell: &Value| match (cell, own(cell)) {
            (_, Some(_)) => None,
            (cell, None) => cell.text().replace(',', ".").parse::<f64>().ok(),
        };
        let numbers: Vec<_> = sheet.cells(guess.position).filter_map(plain).collect();
        // Cells that are shown as percent are fractions.
        let are_parts = numbers.iter().all(|number| *number <= 1.0)
            && numbers.iter().any(|number| number.fract() != 0.0);
        if are_parts {
            guess.factor = Some(100.0);
            guess.certainty = Certainty::Guess;
        }
        if numbers.iter().any(|number| *number > 100.0) {
            guess.unit = Some("shares".to_owned());
        }
        return;
    }
    let says_own = |cell: &&Value| own(cell).is_some_and(|code| code != "?");
    let nothing = |cell: &&Value| lexicon().find("nothing", &folded(&cell.text())).is_some();
    let all_say = sheet
        .cells(guess.position)
        .all(|cell| says_own(&cell) || nothing(&cell));
    let power = heading
        .unit
        .map_or(heading.power.unwrap_or(0), |(_, power)| power);
    let scale = match power {
        0 => Some(""),
        3 => Some("_k"),
        6 => Some("_mn"),
        9 => Some("_bn"),
        12 => Some("_tn"),
        _ => None,
    };
    if scale.is_none() {
        guess.factor = Some(10_f64.powi(power));
    }
    let scale = scale.unwrap_or("");
    match heading.unit {
        Some((code, _)) => guess.unit = Some(format!("{code}{scale}")),
        None if has_unit_column => {
            if power != 0 {
                guess.factor = Some(10_f64.powi(power));
            }
        }
        None if all_say => {}
        None => guess.unit = Some("?".to_owned()),
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
