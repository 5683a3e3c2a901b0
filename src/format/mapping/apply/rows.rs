//! Rows of foreign tables, each of which becomes rows of ours.

use crate::format::csv::Table;
use crate::format::csv::cells::list;
use crate::format::csv::taken_ids::made_id;
use crate::format::field::report::LeftOutReason;
use crate::format::letters::letters;
use crate::format::mapping::apply::{Translation, WRONG_ROWS};
use crate::format::mapping::doubts::{excess, is_total};
use crate::format::mapping::file::{ColumnMapping, SheetMapping};
use crate::format::mapping::headings::Headings;
use crate::format::mapping::report::SameEdge;
use crate::format::mapping::row::{CellFault, RowReader, written};
use crate::format::mapping::sheets::ForeignRow;
use crate::format::mapping::tables::{FileSource, OurTable};
use crate::model::vocabulary::expand;
use powermap_rdf::SyntaxProblem;
use std::collections::BTreeMap;
use std::collections::hash_map::Entry;

impl Translation<'_> {
    /// Reads a row: adds what it becomes to a table of ours, or says why it is left out.
    pub(super) fn row(
        &mut self,
        row: &ForeignRow,
        columns: &[(usize, &ColumnMapping)],
        headings: &Headings,
        mapped: &SheetMapping,
        source: &FileSource,
        table: &mut OurTable,
    ) {
        let place = format!("{}:{}", table.name, row.line);
        if is_total(row, columns, &self.players) {
            let row = std::slice::from_ref(row);
            return self.leave_out(&table.name, row, "rows of totals");
        }
        let mut left_out = Vec::new();
        for (position, cell) in row.cells.iter().enumerate() {
            self.values += u64::from(!cell.is_empty());
            let is_mapped = columns.iter().any(|(mapped, _)| *mapped == position);
            if !cell.is_empty() && !is_mapped {
                left_out.push((LeftOutReason::NoPlace, headings.name(position), cell));
            }
        }
        let mut reader = RowReader::new(mapped, &mut self.players, &mut self.made);
        reader.read(columns, &row.cells);
        let nothing = std::mem::take(&mut reader.nothing);
        let mut faults = std::mem::take(&mut reader.faults);
        if let Some(message) = excess(row, headings) {
            faults.push(CellFault {
                position: None,
                message,
                hint: None,
            });
        }
        let locator = source.locator(row.line);
        let in_file = format!("{}, {locator}", source.title);
        let own = [("document", source.id.as_str()), ("locator", &locator)];
        let cells = reader.finish(&own, &in_file);
        let is_right = faults.is_empty();
        let places = columns.iter().map(|(position, _)| *position);
        for position in places.filter(|position| !is_right || nothing.contains(position)) {
            let kind = match is_right {
                true => headings.name(position),
                false => WRONG_ROWS.to_owned(),
            };
            let cell = row.cells.get(position).filter(|cell| !cell.is_empty());
            left_out.extend(cell.map(|cell| (LeftOutReason::NotUnderstood, kind, cell)));
        }
        for (reason, kind, cell) in left_out {
            self.left_out.add(reason, &kind, &place, &cell.text());
        }
        for fault in faults {
            let problem = problem(fault, &table.name, row.line, headings);
            self.problems.push(problem);
        }
        if !is_right {
            return;
        }
        if mapped.table == Table::Edges
            && let Some(first) = cells.first()
        {
            self.compare(first, &place);
        }
        for mut cells in cells {
            match mapped.table {
                Table::Players => self.player(&mut cells, &mapped.players),
                Table::Deals | Table::Documents => name_by(&mut cells),
                _ => {}
            }
            if cells.get("document") == Some(&source.id) {
                let id = expand(&source.id).unwrap_or_else(|| made_id(&source.id));
                self.made
                    .documents
                    .entry(id)
                    .or_insert_with(|| source.title.clone());
            }
            table.rows.push((row.line, cells));
        }
    }

    /// Notes that an earlier row has the players, the kind and the day of this one.
    fn compare(&mut self, cells: &BTreeMap<String, String>, place: &str) {
        if cells.contains_key("id") {
            return;
        }
        const KEY: [&str; 6] = ["from", "to", "family", "kind", "deal", "since"];
        let key = KEY.map(|name| cells.get(name).cloned().unwrap_or_default());
        match self.edges.entry(key.to_vec()) {
            Entry::Vacant(free) => {
                free.insert(place.to_owned());
            }
            Entry::Occupied(first) => self.same.push(SameEdge {
                first: first.get().clone(),
                second: place.to_owned(),
            }),
        }
    }

    /// Completes a row of players: an id that the map has for it, or one made from its name.
    fn player(&mut self, cells: &mut BTreeMap<String, String>, player_type: &str) {
        let labels: Vec<_> = cells
            .iter()
            .filter(|(name, _)| name.starts_with("name_"))
            .map(|(_, text)| text.clone())
            .collect();
        let names: Vec<_> = labels.iter().map(String::as_str).collect();
        let given = cells.get("id").and_then(|id| expand(id));
        let made = || Some(self.players.free_id(names.first()?));
        let Some(id) = given.or_else(made) else {
            return;
        };
        let id = self.players.known(&id, &names).unwrap_or(id);
        let aliases = cells.get("alias").map_or(Vec::new(), |text| list(text));
        self.players.define(&id, &names, &aliases);
        cells.insert("id".to_owned(), written(&id));
        cells
            .entry("type".to_owned())
            .or_insert_with(|| player_type.to_owned());
    }
}

/// Returns what is wrong with a cell, or with its row, with its place.
fn problem(fault: CellFault, table: &str, line: u64, headings: &Headings) -> SyntaxProblem {
    let column = fault
        .position
        .map(|at| (at as u64 + 1, letters(at), headings.name(at)));
    let message = match &column {
        Some((_, letters, name)) => format!("column {letters} '{name}': {}", fault.message),
        None => fault.message,
    };
    SyntaxProblem {
        source_name: table.to_owned(),
        line: Some(line),
        column: column.map(|(number, ..)| number),
        message,
        hint: fault.hint,
    }
}

/// Gives a row without an id one that is made from its name.
fn name_by(cells: &mut BTreeMap<String, String>) {
    if cells.contains_key("id") {
        return;
    }
    let mut named = cells
        .iter()
        .filter(|(name, _)| name.starts_with("label_") || matches!(name.as_str(), "title" | "url"));
    if let Some((_, name)) = named.next() {
        let id = written(&made_id(name));
        cells.insert("id".to_owned(), id);
    }
}
