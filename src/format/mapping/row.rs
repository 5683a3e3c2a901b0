//! One row of a foreign table as cells of ours.

use crate::format::csv::Table;
use crate::format::csv::cells::{id, id_text};
use crate::format::csv::scheme::one_listed;
use crate::format::csv::taken_ids::made_id;
use crate::format::mapping::amounts::{Unread, unit_of};
use crate::format::mapping::days::{day, day_of_number};
use crate::format::mapping::doubts::{are_addresses, are_several, several};
use crate::format::mapping::file::{ColumnMapping, DATES, SheetMapping};
use crate::format::mapping::lexicon::lexicon;
use crate::format::mapping::players::{Players, Several};
use crate::format::mapping::sheets::Value;
use crate::model::name::Family;
use crate::model::name_key::folded;
use crate::model::unit::Unit;
use indexmap::IndexMap;
use oxigraph::model::NamedNode;
use std::collections::BTreeMap;

/// The columns whose cells are days.
pub(super) const TIMES: [&str; 7] = [
    "since",
    "until",
    "said",
    "holds_from",
    "announced",
    "issued",
    "period",
];

/// The columns whose cells are amounts.
pub(super) const AMOUNTS: [&str; 3] = ["amount", "lower", "upper"];

/// The columns that say what a claim states, which a further claim of the same row does not share.
const STATED: [&str; 10] = [
    "amount",
    "lower",
    "upper",
    "unit",
    "approximate",
    "right",
    "text",
    "text_zh",
    "as_printed",
    "fact_id",
];

/// The words of a closed column, in the lexicon.
fn closed(column: &str) -> Option<&'static str> {
    Some(match column {
        "kind" => "value.kind",
        "family" => "value.family",
        "status" => "value.status",
        "metric" => "value.metric",
        "right" => "value.right",
        "modality" => "value.modality",
        "type" | "from_type" | "to_type" => "value.type",
        _ => return None,
    })
}

/// A problem with a cell, and what to try.
#[derive(Debug)]
pub(super) struct CellFault {
    /// The place of the column in the row; nothing for the row as a whole.
    pub(super) position: Option<usize>,
    pub(super) message: String,
    pub(super) hint: Option<String>,
}

/// Documents and deals that rows refer to and that are made with them.
#[derive(Debug, Default)]
pub(super) struct Made {
    /// Titles by id.
    pub(super) documents: IndexMap<NamedNode, String>,
    /// Names by id.
    pub(super) deals: IndexMap<NamedNode, String>,
}

/// A row being read.
pub(super) struct RowReader<'r, 'k> {
    pub(super) sheet: &'r SheetMapping,
    pub(super) players: &'r mut Players<'k>,
    pub(super) made: &'r mut Made,
    /// The cells of each claim of the row: of the first, and of further ones by name.
    pub(super) claims: BTreeMap<&'r str, BTreeMap<String, String>>,
    pub(super) faults: Vec<CellFault>,
    /// The cells that say that there is nothing to say, by the place of their column.
    pub(super) nothing: Vec<usize>,
}

impl<'r, 'k> RowReader<'r, 'k> {
    pub(super) fn new(
        sheet: &'r SheetMapping,
        players: &'r mut Players<'k>,
        made: &'r mut Made,
    ) -> Self {
        Self {
            sheet,
            players,
            made,
            claims: BTreeMap::new(),
            faults: Vec::new(),
            nothing: Vec::new(),
        }
    }

    /// Reads the cells of the row that columns of ours are mapped to.
    pub(super) fn read(&mut self, columns: &[(usize, &'r ColumnMapping)], cells: &[Value]) {
        let sheet = self.sheet;
        self.claims.entry("").or_default();
        for (name, text) in &sheet.constants {
            self.constant("", name, text);
        }
        // The units first, since amounts are in them; then what is known of players, since these are then looked for.
        let order = |column: &ColumnMapping| match column.column.as_str() {
            "unit" => 0,
            "from_type" | "to_type" | "from_identifier" | "to_identifier" => 1,
            _ => 2,
        };
        let mut columns = columns.to_vec();
        columns.sort_by_key(|(position, column)| (order(column), *position));
        for (position, column) in columns {
            let cell = cells.get(position).unwrap_or(&Value::Empty);
            if cell.is_empty() {
                continue;
            }
            for (name, text) in &column.with {
                self.constant(&column.claim, name, text);
            }
            self.cell(position, column, cell);
        }
        self.fill();
    }

    /// Takes what is the same in each row.
    fn constant(&mut self, claim: &'r str, name: &str, text: &str) {
        let text = match name {
            "from" | "to" | "subject" => match self.players.find(text, None, &self.sheet.players) {
                Ok(id) => written(&id),
                Err(Several(ids)) => return self.fault(None, several(text, &ids), None),
            },
            "document" => self.document(text),
            "deal" => self.deal(text),
            name => match closed(name).and_then(|of| lexicon().find(of, &folded(text))) {
                Some(entry) => entry.ours.to_owned(),
                None => text.to_owned(),
            },
        };
        self.put(claim, name, text);
    }

    pub(super) fn put(&mut self, claim: &'r str, name: &str, text: String) {
        let cells = self.claims.entry(claim).or_default();
        cells.insert(name.to_owned(), text);
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.claims.get("")?.get(name).map(String::as_str)
    }

    pub(super) fn fault(&mut self, position: Option<usize>, message: String, hint: Option<String>) {
        self.faults.push(CellFault {
            position,
            message,
            hint,
        });
    }

    fn cell(&mut self, position: usize, column: &'r ColumnMapping, cell: &Value) {
        let mut text = cell.text();
        let name = column.column.as_str();
        let claim = column.claim.as_str();
        let is_translated = match column.values.get(&folded(&text)) {
            Some(ours) if ours.is_empty() => return self.nothing.push(position),
            Some(ours) => {
                text.clone_from(ours);
                true
            }
            None => false,
        };
        let cell = if is_translated {
            &Value::Text(text.clone())
        } else {
            cell
        };
        if AMOUNTS.contains(&name) {
            return self.amount(position, column, cell);
        }
        if TIMES.contains(&name) {
            return self.time(position, column, cell);
        }
        let is_nothing = !is_translated && lexicon().find("nothing", &folded(&text)).is_some();
        if is_nothing {
            return self.nothing.push(position);
        }
        match name {
            "from" | "to" | "subject" | "player" | "a" | "b" | "part_of" => {
                let type_of = format!("{name}_type");
                let player_type = self.get(&type_of).unwrap_or(&self.sheet.players).to_owned();
                let identifier = self.get(&format!("{name}_identifier")).map(str::to_owned);
                self.player(position, column, &text, identifier.as_deref(), &player_type);
            }
            "asserted_by" | "attributed_to" => self.player(position, column, &text, None, "voice"),
            "document" if are_addresses(&text) => {
                let message = format!("'{text}' has several addresses");
                let hint = "write the one that says so; the others go into further rows";
                self.fault(Some(position), message, Some(hint.to_owned()));
            }
            "document" => {
                let id = self.document(&text);
                self.put(claim, name, id);
            }
            "deal" => {
                let id = self.deal(&text);
                self.put(claim, name, id);
            }
            "id" => {
                let id = id(&text).unwrap_or_else(|_| made_id(&text));
                self.put(claim, name, written(&id));
            }
            "unit" => self.unit(position, &text, claim),
            "identifier" | "from_identifier" | "to_identifier" => {
                let scheme = column.scheme.as_deref();
                let text = scheme.map_or(text.clone(), |scheme| format!("{scheme}:{text}"));
                match one_listed(&text, &[]) {
                    Ok(_) => self.put(claim, name, text),
                    Err(fault) => {
                        let (message, _) = fault.into_parts();
                        let hint = "say by scheme = \"lei\" in the mapping whose identifiers the column has";
                        self.fault(Some(position), message, Some(hint.to_owned()));
                    }
                }
            }
            // Which language a text is in is seen by its script.
            "text" if is_chinese(&text) => self.put(claim, "text_zh", text),
            _ => match closed(name) {
                Some(of) => self.closed(position, column, of, &text),
                None => self.put(claim, name, text),
            },
        }
    }

    /// Reads a cell of a column that has a few values only.
    fn closed(&mut self, position: usize, column: &'r ColumnMapping, of: &'static str, text: &str) {
        let name = column.column.as_str();
        let found = lexicon().find(of, &folded(text));
        let ours = found.map(|entry| entry.ours).or_else(|| {
            let mut entries = lexicon().entries(of).iter();
            entries
                .find(|entry| entry.ours == text)
                .map(|entry| entry.ours)
        });
        let is_open = matches!(name, "kind" | "metric");
        match ours {
            Some(ours) => self.put(&column.claim, name, ours.to_owned()),
            // Concepts of the map's own have a prefix; the rest is checked with the map.
            None if !is_open || text.contains(':') => {
                self.put(&column.claim, name, text.to_owned());
            }
            None => {
                let mut names: Vec<_> = lexicon().entries(of).iter().map(|one| one.ours).collect();
                names.dedup();
                let message = format!(
                    "'{text}' is no {name} that is known: expected one of {}",
                    names.join(", ")
                );
                let hint = format!(
                    "say in the mapping what it is, under values: \"{}\" = \"…\"; with \"\", the cell is left out",
                    text.replace(['"', '\\'], "")
                );
                self.fault(Some(position), message, Some(hint));
            }
        }
    }

    fn player(
        &mut self,
        position: usize,
        column: &'r ColumnMapping,
        text: &str,
        identifier: Option<&str>,
        player_type: &str,
    ) {
        if !text.contains(char::is_alphanumeric) {
            let message = format!("'{text}' is no name of a player");
            return self.fault(Some(position), message, None);
        }
        if are_several(text) {
            let message = format!("'{text}' names several players");
            let hint = "write a row for each, or say in the mapping who is meant, under values: \"name\" = \"id\"";
            return self.fault(Some(position), message, Some(hint.to_owned()));
        }
        match self.players.find(text, identifier, player_type) {
            Ok(id) => self.put(&column.claim, &column.column, written(&id)),
            Err(Several(ids)) => {
                let hint = "say in the mapping which one is meant, under values: \"name\" = \"id\"";
                self.fault(Some(position), several(text, &ids), Some(hint.to_owned()));
            }
        }
    }

    /// Returns the id of a document by its address or its title.
    fn document(&mut self, text: &str) -> String {
        let is_address = text.starts_with("http://") || text.starts_with("https://");
        let address = || {
            let iri = text.replace(' ', "%20");
            NamedNode::new(iri).ok().filter(|_| is_address)
        };
        let id = address().unwrap_or_else(|| made_id(text));
        self.made
            .documents
            .entry(id.clone())
            .or_insert_with(|| text.to_owned());
        written(&id)
    }

    fn deal(&mut self, text: &str) -> String {
        let id = made_id(text);
        self.made
            .deals
            .entry(id.clone())
            .or_insert_with(|| text.to_owned());
        written(&id)
    }

    fn time(&mut self, position: usize, column: &'r ColumnMapping, cell: &Value) {
        let text = cell.text();
        let read = match cell {
            Value::Number(number) => day_of_number(*number).ok_or(Unread::Wrong),
            Value::Day(day) => Ok(day.clone()),
            _ => day(&text, column.order),
        };
        match read {
            Ok(day) => self.put(&column.claim, &column.column, day),
            Err(Unread::Nothing) => self.nothing.push(position),
            Err(Unread::Ambiguous(one, other)) => {
                let message = format!("'{text}' is {one} or {other}");
                let [(day, _), (month, _)] = DATES;
                let hint = format!("say in the mapping which: dates = \"{day}\" or \"{month}\"");
                self.fault(Some(position), message, Some(hint));
            }
            Err(Unread::Wrong) => {
                let order = DATES.iter().find(|(_, order)| Some(*order) == column.order);
                let order = order.map_or(String::new(), |(name, _)| format!(", here {name}"));
                let message = format!(
                    "'{text}' is no day: expected one such as 2024-12-31, 31 Dec 2024 or 31/12/2024{order}"
                );
                self.fault(Some(position), message, None);
            }
        }
    }

    fn unit(&mut self, position: usize, text: &str, claim: &'r str) {
        if Unit::parse_scaled(text).is_ok() {
            return self.put(claim, "unit", text.to_owned());
        }
        match unit_of(text) {
            Some((code, power)) => self.put(claim, "unit", format!("{code}e{power}")),
            None => {
                let message =
                    format!("'{text}' is no unit: expected a code such as USD, EUR_mn or percent");
                self.fault(Some(position), message, None);
            }
        }
    }

    /// Adds what follows from the other cells.
    fn fill(&mut self) {
        let family = self.get("kind").and_then(|kind| {
            let mut entries = lexicon().entries("value.kind").iter();
            entries.find(|entry| entry.ours == kind)
        });
        let family = family.map(|entry| entry.detail);
        let is_family = |family: &&str| family.parse::<Family>().is_ok();
        if self.sheet.table == Table::Edges
            && self.get("family").is_none()
            && let Some(family) = family.filter(is_family)
        {
            self.put("", "family", family.to_owned());
        }
        if let Some(own) = self.claims.get_mut("") {
            // Only amounts need a unit, and a scale of its own is in their numbers by now.
            let has_amount = AMOUNTS.iter().any(|name| own.contains_key(*name));
            if !has_amount {
                own.remove("unit");
            }
            for name in ["from_type", "to_type", "from_identifier", "to_identifier"] {
                own.remove(name);
            }
        }
    }

    /// Returns the cells of each claim, the first one first; `source` is what stands for the document where the row names none,
    /// and `row` the place of the row, with the name of its file.
    pub(super) fn finish(
        mut self,
        source: &[(&str, &str)],
        row: &str,
    ) -> Vec<BTreeMap<String, String>> {
        let mut first = self.claims.remove("").unwrap_or_default();
        let columns = self.sheet.table.columns();
        let takes = |name: &str| columns.read().any(|known| known == name);
        if takes("document") && !first.contains_key("document") {
            for (name, text) in source {
                let cell = first.entry((*name).to_owned());
                cell.or_insert_with(|| (*text).to_owned());
            }
        }
        // A page on the web is one place. What another title stands for is not at hand: the row says that it says so.
        let document = first.get("document");
        let place = document.map(|document| match document.starts_with("http") {
            true => "page",
            false => row,
        });
        if let Some(place) = place.filter(|_| takes("locator")) {
            let place = place.to_owned();
            first.entry("locator".to_owned()).or_insert(place);
        }
        let has_amount =
            |cells: &BTreeMap<String, String>| AMOUNTS.iter().any(|name| cells.contains_key(*name));
        let mut further = Vec::new();
        for (_, mut cells) in std::mem::take(&mut self.claims) {
            if !has_amount(&cells) {
                continue;
            }
            for (name, text) in &first {
                if !STATED.contains(&name.as_str()) {
                    cells.entry(name.clone()).or_insert_with(|| text.clone());
                }
            }
            further.push(cells);
        }
        let says_nothing = !STATED.iter().any(|name| first.contains_key(*name));
        if says_nothing && !further.is_empty() {
            return further;
        }
        further.insert(0, first);
        further
    }
}

/// Returns whether a text has Chinese characters in it.
pub(super) fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c))
}

/// Returns an id as a cell.
pub(super) fn written(id: &NamedNode) -> String {
    id_text(id).unwrap_or_else(|| format!("<{}>", id.as_str()))
}
