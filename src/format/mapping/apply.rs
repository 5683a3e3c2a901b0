//! Foreign tables by a mapping: each row becomes rows of our tables, on the line that it has in its file.

use crate::format::csv::cells::list;
use crate::format::csv::names::made_id;
use crate::format::csv::{self, Source, Table};
use crate::format::field::FieldFormat;
use crate::format::field::report::{FieldReport, LeftOutReason, LeftOuts};
use crate::format::letters::letters;
use crate::format::mapping::file::{ColumnMapping, Mapping, SheetMapping};
use crate::format::mapping::headings::Headings;
use crate::format::mapping::players::Players;
use crate::format::mapping::report::{MappedReading, MappedReport, SameEdge};
use crate::format::mapping::row::{Made, RowReader, written};
use crate::format::mapping::sheets::{ForeignFile, ForeignRow, ForeignSheet};
use crate::format::mapping::tables::{FileSource, OurTable, made_tables, texts};
use crate::model::record::Records;
use crate::model::vocabulary::expand;
use powermap_rdf::{FormatError, SyntaxProblem, nearest};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::collections::hash_map::Entry;

/// The records and problems of the sheets that were read so far.
struct Translation<'k> {
    players: Players<'k>,
    made: Made,
    tables: Vec<OurTable>,
    left_out: LeftOuts,
    problems: Vec<SyntaxProblem>,
    values: u64,
    records: u64,
    /// The first row of each edge, by what makes it one.
    edges: FxHashMap<Vec<String>, String>,
    same: Vec<SameEdge>,
}

/// Reads the tables of a file as a mapping says, as a part of a map that has `known` already.
pub(super) fn apply(
    file: &ForeignFile,
    mapping: &Mapping,
    known: &Records,
    keeps_going: bool,
) -> Result<MappedReading, FormatError> {
    let mut translation = Translation {
        players: Players::of(known),
        made: Made::default(),
        tables: Vec::new(),
        left_out: LeftOuts::default(),
        problems: file.problems.clone(),
        values: 0,
        records: 0,
        edges: FxHashMap::default(),
        same: Vec::new(),
    };
    let sheets = sheets_of(file, mapping)?;
    for sheet in &file.sheets {
        let is_mapped = sheets.iter().any(|(mapped, _)| mapped.name == sheet.name);
        if !is_mapped {
            translation.leave_out(&place(file, sheet), &sheet.rows, &sheet.name);
        }
    }
    // Players first: the other tables may call them by their names.
    let (first, rest): (Vec<_>, Vec<_>) = sheets
        .into_iter()
        .partition(|(_, mapped)| mapped.table == Table::Players);
    for (sheet, mapped) in first.into_iter().chain(rest) {
        translation.sheet(file, sheet, mapped, mapping)?;
    }
    translation.finish(file, known, keeps_going)
}

/// Returns each sheet that is mapped, with what it is mapped to.
fn sheets_of<'a>(
    file: &'a ForeignFile,
    mapping: &'a Mapping,
) -> Result<Vec<(&'a ForeignSheet, &'a SheetMapping)>, FormatError> {
    let (mut found, mut problems) = (Vec::new(), Vec::new());
    let names: Vec<_> = file
        .sheets
        .iter()
        .map(|sheet| sheet.name.as_str())
        .collect();
    for mapped in &mapping.sheets {
        let wanted = mapped.name.as_deref();
        let only = file.sheets.first().filter(|_| file.sheets.len() == 1);
        let named = wanted.and_then(|name| file.sheets.iter().find(|sheet| sheet.name == name));
        // A file of text has one sheet without a name.
        let only = only.filter(|sheet| wanted.is_none() || sheet.name.is_empty());
        match named.or(only) {
            Some(sheet) => found.push((sheet, mapped)),
            None => {
                let file_name = &file.name;
                let (message, hint) = match wanted {
                    None => (
                        format!("{file_name} has several sheets: {}", names.join(", ")),
                        Some("say by name = \"…\" which one is meant".to_owned()),
                    ),
                    Some(wanted) => {
                        let near = nearest(wanted, names.iter().copied());
                        let near = near.first().map(|near| format!("did you mean '{near}'?"));
                        let names = names.join(", ");
                        (
                            format!("{file_name} has no sheet '{wanted}': expected one of {names}"),
                            near,
                        )
                    }
                };
                problems.push(mapping.problem(mapped.place, message, hint));
            }
        }
    }
    match problems.is_empty() {
        true => Ok(found),
        false => Err(FormatError::Rows(problems)),
    }
}

/// Returns a sheet as errors call it.
fn place(file: &ForeignFile, sheet: &ForeignSheet) -> String {
    match sheet.name.is_empty() {
        true => file.name.clone(),
        false => format!("{}:{}", file.name, sheet.name),
    }
}

impl Translation<'_> {
    /// Counts the cells of rows that are in no table.
    fn leave_out(&mut self, place: &str, rows: &[ForeignRow], kind: &str) {
        for row in rows {
            for cell in row.cells.iter().filter(|cell| !cell.is_empty()) {
                let place = format!("{place}:{}", row.line);
                self.left_out
                    .add(LeftOutReason::NoPlace, kind, &place, &cell.text());
                self.values += 1;
            }
        }
    }

    fn sheet(
        &mut self,
        file: &ForeignFile,
        sheet: &ForeignSheet,
        mapped: &SheetMapping,
        mapping: &Mapping,
    ) -> Result<(), FormatError> {
        let name = place(file, sheet);
        let wanted: Vec<_> = mapped
            .columns
            .iter()
            .map(|one| one.heading.as_str())
            .collect();
        let Some(headings) = Headings::of(sheet, mapped.header, &wanted) else {
            let row = mapped
                .header
                .map_or(String::new(), |row| format!(" in row {row}"));
            let message = format!("the sheet {name} has no headings{row}");
            let problem = mapping.problem(mapped.place, message, None);
            return Err(FormatError::Syntax(Box::new(problem)));
        };
        let columns = self.columns(&headings, mapped, mapping, &name)?;
        let rows = &sheet.rows[headings.row + 1..];
        let is_read = |row: &&ForeignRow| mapped.last.is_none_or(|last| row.line <= last);
        let read = rows.iter().take_while(is_read).count();
        let (before, after) = (&sheet.rows[..headings.row], &rows[read..]);
        self.leave_out(&name, before, "rows above the headings");
        self.leave_out(&name, after, "rows below the last that is read");
        let source = FileSource::new(file, sheet);
        let mut table = OurTable {
            name: name.clone(),
            table: mapped.table,
            rows: Vec::new(),
        };
        for row in &rows[..read] {
            self.records += 1;
            self.row(row, &columns, &headings, mapped, &source, &mut table);
        }
        self.tables.push(table);
        Ok(())
    }

    /// Returns the columns that are mapped, with their places.
    fn columns<'m>(
        &self,
        headings: &Headings,
        mapped: &'m SheetMapping,
        mapping: &Mapping,
        sheet: &str,
    ) -> Result<Vec<(usize, &'m ColumnMapping)>, FormatError> {
        let (mut columns, mut problems) = (Vec::new(), Vec::new());
        let left_out = mapped
            .left_out
            .iter()
            .map(|(name, place)| (name, *place, None));
        let named = mapped.columns.iter();
        let named = named.map(|column| (&column.heading, column.place, Some(column)));
        for (heading, place, column) in named.chain(left_out) {
            match (headings.find(heading), column) {
                (Some(position), Some(column)) => columns.push((position, column)),
                (Some(_), None) => {}
                (None, _) => {
                    let names: Vec<_> = headings.names().collect();
                    let near = nearest(heading, names.iter().copied());
                    let hint = near.first().map(|near| format!("did you mean '{near}'?"));
                    let message = format!(
                        "{sheet} has no column '{heading}': expected one of {}",
                        names.join(", ")
                    );
                    problems.push(mapping.problem(place, message, hint));
                }
            }
        }
        match problems.is_empty() {
            true => Ok(columns),
            false => Err(FormatError::Rows(problems)),
        }
    }

    fn row(
        &mut self,
        row: &ForeignRow,
        columns: &[(usize, &ColumnMapping)],
        headings: &Headings,
        mapped: &SheetMapping,
        source: &FileSource,
        table: &mut OurTable,
    ) {
        let place = format!("{}:{}", table.name, row.line);
        for (position, cell) in row.cells.iter().enumerate() {
            if cell.is_empty() {
                continue;
            }
            self.values += 1;
            if !columns.iter().any(|(mapped, _)| *mapped == position) {
                let kind = headings.name(position);
                self.left_out
                    .add(LeftOutReason::NoPlace, &kind, &place, &cell.text());
            }
        }
        let mut reader = RowReader::new(mapped, &mut self.players, &mut self.made);
        reader.read(columns, &row.cells);
        for position in std::mem::take(&mut reader.nothing) {
            let kind = headings.name(position);
            let text = row
                .cells
                .get(position)
                .map_or(String::new(), |cell| cell.text());
            self.left_out
                .add(LeftOutReason::NotUnderstood, &kind, &place, &text);
        }
        let faults = std::mem::take(&mut reader.faults);
        let is_right = faults.is_empty();
        for fault in faults {
            let column = fault
                .position
                .map(|at| (at as u64 + 1, letters(at), headings.name(at)));
            let message = match &column {
                Some((_, letters, name)) => format!("column {letters} '{name}': {}", fault.message),
                None => fault.message,
            };
            self.problems.push(SyntaxProblem {
                source_name: table.name.clone(),
                line: Some(row.line),
                column: column.map(|(number, ..)| number),
                message,
                hint: fault.hint,
            });
        }
        let locator = source.locator(row.line);
        let cells = reader.finish(&[("document", &source.id), ("locator", &locator)]);
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
        let Some(id) = given.or_else(|| names.first().map(|name| made_id(name))) else {
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

    /// Reads the tables that were made.
    fn finish(
        mut self,
        file: &ForeignFile,
        known: &Records,
        keeps_going: bool,
    ) -> Result<MappedReading, FormatError> {
        let made = made_tables(&file.name, &self.tables, &self.made, &self.players, known);
        let own = std::mem::take(&mut self.tables);
        let texts: Vec<_> = made.iter().chain(&own).flat_map(texts).collect();
        let sources: Vec<_> = texts
            .iter()
            .map(|(name, table, text)| Source {
                name,
                table: *table,
                bytes: text.as_bytes(),
            })
            .collect();
        let mut reading = csv::read(&sources, known);
        reading.problems.iter_mut().for_each(in_words_of_the_file);
        self.problems.append(&mut reading.problems);
        if !keeps_going && !self.problems.is_empty() {
            return Err(match self.problems.len() {
                1 => FormatError::Syntax(Box::new(self.problems.remove(0))),
                _ => FormatError::Rows(self.problems),
            });
        }
        for unused in &mut reading.unused {
            in_words_of_the_file(unused);
            let place = format!("{}:{}", unused.source_name, unused.line.unwrap_or(0));
            let reason = LeftOutReason::NotUnderstood;
            self.left_out
                .add(reason, &unused.source_name, &place, &unused.message);
        }
        reading.warnings.iter_mut().for_each(in_words_of_the_file);
        let (matched, made) = self.players.report();
        Ok(MappedReading {
            records: reading.records,
            report: MappedReport {
                field: FieldReport {
                    source: file.name.clone(),
                    format: FieldFormat::Mapped,
                    records: self.records,
                    values: self.values,
                    left_out: self.left_out.finish(),
                    referred: 0,
                    referred_examples: Vec::new(),
                    problems: self.problems,
                    warnings: reading.warnings,
                },
                matched,
                made,
                same: self.same,
            },
        })
    }
}

/// Puts a problem of a table that was made in the words of the file: its row is there, the columns are not.
fn in_words_of_the_file(problem: &mut SyntaxProblem) {
    problem.column = None;
    let rest = problem.message.strip_prefix("column ");
    let rest = rest.and_then(|rest| rest.split_once(' '));
    if let Some((number, rest)) = rest
        && number.bytes().all(|byte| byte.is_ascii_digit())
    {
        problem.message = rest.to_owned();
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
