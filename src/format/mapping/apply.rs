//! Foreign tables by a mapping: each row becomes rows of our tables, on the line that it has in its file.

mod rows;

use crate::format::csv::{self, Source, Table};
use crate::format::field::FieldFormat;
use crate::format::field::report::{FieldReport, LeftOutReason, LeftOuts};
use crate::format::mapping::doubts::{is_long, parts_of, remarks};
use crate::format::mapping::file::{ColumnMapping, Mapping, SheetMapping};
use crate::format::mapping::headings::Headings;
use crate::format::mapping::lexicon::lexicon;
use crate::format::mapping::players::Players;
use crate::format::mapping::report::{MappedReading, MappedReport, SameEdge};
use crate::format::mapping::row::{Made, written};
use crate::format::mapping::sheets::{ForeignFile, ForeignRow, ForeignSheet, Value};
use crate::format::mapping::tables::{FileSource, OurTable, made_tables, texts};
use crate::model::name_key::folded;
use crate::model::record::Records;
use powermap_rdf::{FormatError, SyntaxProblem, nearest};
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::BTreeSet;

/// What to try where a name is perhaps that of several players.
const JOINT: &str = "if several are meant, write a row for each, or say in the mapping who is meant, under values: \"name\" = \"id\"";

/// What rows that cannot be read are counted as.
pub(super) const WRONG_ROWS: &str = "rows that are not right";

/// The records and problems of the sheets that were read so far.
struct Translation<'k> {
    players: Players<'k>,
    made: Made,
    tables: Vec<OurTable>,
    left_out: LeftOuts,
    problems: Vec<SyntaxProblem>,
    values: u64,
    records: u64,
    /// The columns that are read, by the name of each table.
    read: FxHashMap<String, Vec<usize>>,
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
        read: FxHashMap::default(),
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
        let positions = columns.iter().map(|(position, _)| *position);
        self.read.insert(name.clone(), positions.collect());
        let rows = &sheet.rows[headings.row + 1..];
        let is_read = |row: &&ForeignRow| mapped.last.is_none_or(|last| row.line <= last);
        let read = rows.iter().take_while(is_read).count();
        let (rows, after) = rows.split_at(read);
        let (rows, remarks) = rows.split_at(read - remarks(rows, columns.len()));
        let before = &sheet.rows[..headings.row];
        self.leave_out(&name, before, "rows above the headings");
        self.leave_out(&name, after, "rows below the last that is read");
        self.leave_out(&name, remarks, "remarks below the table");
        let source = FileSource::new(file, sheet);
        let mut table = OurTable {
            name: name.clone(),
            table: mapped.table,
            rows: Vec::new(),
        };
        for row in rows {
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

    /// Reads our tables as they are now, and those of what they refer to.
    fn read(&mut self, file: &ForeignFile, known: &Records) -> csv::Reading {
        self.players.keep(&self.tables);
        let made = made_tables(&file.name, &self.tables, &self.made, &self.players, known);
        let texts: Vec<_> = made.iter().chain(&self.tables).flat_map(texts).collect();
        let sources: Vec<_> = texts
            .iter()
            .map(|(name, table, text)| Source {
                name,
                table: *table,
                bytes: text.as_bytes(),
            })
            .collect();
        csv::read(&sources, known)
    }

    /// Warns of the players that were made of a name which has the name of another player in it: `A and B` beside `A`, or
    /// beside `A and C`.
    fn joint(&self) -> Vec<SyntaxProblem> {
        let made: FxHashSet<String> = (self.players.new_ones())
            .map(|(_, new)| folded(&new.name))
            .collect();
        // A name of several words that stands in two others is most likely one by itself.
        let mut counts: FxHashMap<&str, usize> = FxHashMap::default();
        let names = self.players.new_ones().map(|(_, new)| parts_of(&new.name));
        for part in names.filter(|parts| parts.len() > 1).flatten() {
            *counts.entry(part).or_default() += usize::from(is_long(part));
        }
        let is_known = |part: &&&str| {
            let is_name = self.players.knows(part) || made.contains(&folded(part));
            is_name || counts.get(**part).is_some_and(|count| *count > 1)
        };
        let mut joint: FxHashMap<String, String> = FxHashMap::default();
        for (id, new) in self.players.new_ones() {
            let parts = parts_of(&new.name);
            let known: Vec<_> = parts.iter().filter(is_known).copied().collect();
            if parts.len() > 1 && !known.is_empty() {
                let message = format!(
                    "'{}' became one player, and has names in it that stand elsewhere too: {}",
                    new.name,
                    known.join(", ")
                );
                joint.insert(written(id), message);
            }
        }
        // Each is told at the first row that has it.
        let mut warnings = Vec::new();
        for table in &self.tables {
            for (line, cells) in &table.rows {
                let told = cells.values().filter_map(|cell| joint.remove(cell));
                warnings.extend(told.map(|message| SyntaxProblem {
                    source_name: table.name.clone(),
                    line: Some(*line),
                    column: None,
                    message,
                    hint: Some(JOINT.to_owned()),
                }));
            }
        }
        warnings
    }

    /// Takes the rows away that problems are about, and counts their cells as left out; returns whether there were any.
    fn without(&mut self, file: &ForeignFile, problems: &[SyntaxProblem]) -> bool {
        let wrong: FxHashSet<(&str, u64)> = problems
            .iter()
            .filter_map(|problem| Some((problem.source_name.as_str(), problem.line?)))
            .collect();
        let mut gone: BTreeSet<(String, u64)> = BTreeSet::new();
        for table in &mut self.tables {
            table.rows.retain(|(line, _)| {
                let is_wrong = wrong.contains(&(table.name.as_str(), *line));
                if is_wrong {
                    gone.insert((table.name.clone(), *line));
                }
                !is_wrong
            });
        }
        for sheet in &file.sheets {
            let name = place(file, sheet);
            let positions = self.read.get(&name).map_or(&[][..], Vec::as_slice);
            let rows = sheet.rows.iter();
            for row in rows.filter(|row| gone.contains(&(name.clone(), row.line))) {
                let cells = positions.iter().filter_map(|at| row.cells.get(*at));
                for cell in cells.filter(|cell| !is_nothing(cell)) {
                    let place = format!("{name}:{}", row.line);
                    let reason = LeftOutReason::NotUnderstood;
                    self.left_out.add(reason, WRONG_ROWS, &place, &cell.text());
                }
            }
        }
        let places: BTreeSet<_> = gone
            .iter()
            .map(|(name, line)| format!("{name}:{line}"))
            .collect();
        self.same
            .retain(|same| !places.contains(&same.first) && !places.contains(&same.second));
        !gone.is_empty()
    }

    /// Reads the tables that were made.
    fn finish(
        mut self,
        file: &ForeignFile,
        known: &Records,
        keeps_going: bool,
    ) -> Result<MappedReading, FormatError> {
        let mut reading = loop {
            let mut reading = self.read(file, known);
            reading.problems.iter_mut().for_each(in_words_of_the_file);
            // Without a row that is not right, nobody may need the players that it names.
            let is_less = keeps_going && self.without(file, &reading.problems);
            self.problems.append(&mut reading.problems);
            if !is_less {
                break reading;
            }
        };
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
        reading.warnings.extend(self.joint());
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

/// Returns whether a cell says nothing: it is counted already.
fn is_nothing(cell: &Value) -> bool {
    cell.is_empty() || lexicon().find("nothing", &folded(&cell.text())).is_some()
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
