//! Reading tables one after the other, and what is kept until all of them are read.

use crate::format::csv::ids::own;
use crate::format::csv::names::PlayerNames;
use crate::format::csv::rows::{self, ClaimRow, Claimed, Draft};
use crate::format::csv::sheet::{Fault, Findings, Reference, Sheet, Spot};
use crate::format::csv::{Reading, Source, Table};
use crate::model::record::{Claim, Edge, Identifier, Identity, Observation, Records};
use oxigraph::model::NamedNode;
use powermap_rdf::SyntaxProblem;
use rustc_hash::{FxHashMap, FxHashSet};
use std::rc::Rc;

/// Tables being read.
pub(super) struct Reader<'k> {
    /// What the map has already.
    pub(super) known: &'k Records,
    /// What has been read.
    pub(super) records: Records,
    pub(super) identifiers: Vec<Claimed<Identifier>>,
    pub(super) identities: Vec<Claimed<Identity>>,
    /// The identifiers of good rows, and where they stand.
    pub(super) identified: Vec<(Spot, Identifier)>,
    pub(super) edges: Vec<Claimed<Edge>>,
    pub(super) observations: Vec<Claimed<Observation>>,
    pub(super) claims: Vec<ClaimRow>,
    pub(super) references: Vec<Reference>,
    /// The ids of rows that could not be read, which are not made up for.
    pub(super) broken: FxHashSet<(Table, NamedNode)>,
    /// The schemes of identifiers that the map knows.
    schemes: Vec<NamedNode>,
    names: Vec<String>,
    player_names: Rc<PlayerNames>,
    first: FxHashMap<(Table, NamedNode), Spot>,
    problems: Vec<(usize, SyntaxProblem)>,
    warnings: Vec<(usize, SyntaxProblem)>,
    unused: Vec<(usize, SyntaxProblem)>,
}

impl<'k> Reader<'k> {
    pub(super) fn new(known: &'k Records, sources: &[Source<'_>]) -> Self {
        Self {
            known,
            records: Records::default(),
            identifiers: Vec::new(),
            identities: Vec::new(),
            identified: Vec::new(),
            edges: Vec::new(),
            observations: Vec::new(),
            claims: Vec::new(),
            references: Vec::new(),
            broken: FxHashSet::default(),
            schemes: schemes(known),
            names: sources
                .iter()
                .map(|source| source.name.to_owned())
                .collect(),
            player_names: Rc::default(),
            first: FxHashMap::default(),
            problems: Vec::new(),
            warnings: Vec::new(),
            unused: Vec::new(),
        }
    }

    /// Lets the tables that are read from now on call the players by their names.
    pub(super) fn name_players(&mut self) {
        self.player_names = Rc::new(PlayerNames::of([self.known, &self.records]));
    }

    /// Reads all rows of a table.
    pub(super) fn table(&mut self, number: usize, source: &Source<'_>) {
        let columns = source.table.columns();
        let mut sheet = match Sheet::open(source.name, number, source.bytes, columns) {
            Ok(sheet) => sheet.with_names(Rc::clone(&self.player_names)),
            Err(problems) => {
                let problems = problems.into_iter().map(|problem| (number, problem));
                self.problems.extend(problems);
                return;
            }
        };
        while let Some(row) = sheet.next_row() {
            let mut row = match row {
                Ok(row) => row,
                Err(problem) => {
                    self.problems.push((number, problem));
                    continue;
                }
            };
            let draft = rows::read(source.table, &mut row, &self.schemes);
            let (id, spot, findings) = (row.id(), row.spot(), row.finish());
            let is_good = findings.faults.is_empty();
            self.note(number, findings);
            match draft {
                Some(draft) if is_good => self.file(draft, spot),
                _ => self.broken.extend(id.map(|id| (source.table, id))),
            }
        }
    }

    fn note(&mut self, number: usize, findings: Findings) {
        let numbered = |problem| (number, problem);
        if findings.faults.is_empty() {
            self.references.extend(findings.references);
        }
        self.problems
            .extend(findings.faults.into_iter().map(numbered));
        let unused: Vec<_> = findings.warnings.into_iter().map(numbered).collect();
        self.unused.extend(unused.iter().cloned());
        self.warnings.extend(unused);
    }

    fn file(&mut self, draft: Draft, spot: Spot) {
        match draft {
            Draft::Player(id, player, identifiers) => {
                if self.is_first(Table::Players, &id, spot, true) {
                    self.records.players.insert(id, player);
                    let claimed = |thing| Claimed {
                        spot,
                        id: None,
                        thing,
                        claim: Claim::about(own("x")),
                        is_said: false,
                    };
                    self.identifiers
                        .extend(identifiers.into_iter().map(claimed));
                }
            }
            Draft::Topic(id, topic) => {
                if self.is_first(Table::Players, &id, spot, true) {
                    self.records.topics.insert(id, topic);
                }
            }
            Draft::Map(id, description) => {
                if self.is_first(Table::Players, &id, spot, true) {
                    self.records.descriptions.insert(id, description);
                }
            }
            Draft::Deal(id, deal) => {
                if self.is_first(Table::Deals, &id, spot, true) {
                    self.records.deals.insert(id, deal);
                }
            }
            Draft::Document(id, document) => {
                if self.is_first(Table::Documents, &id, spot, true) {
                    self.records.documents.insert(id, document);
                }
            }
            Draft::Identifier(row) => self.identifiers.push(row),
            Draft::Identity(row) => self.identities.push(row),
            Draft::Edge(row) => self.edges.push(row),
            Draft::Observation(row) => self.observations.push(row),
            Draft::Claim(row) => self.claims.push(row),
        }
    }

    /// Whether an id is there for the first time; a second one is a problem.
    ///
    /// An id that is not given is made from the content of the row, so the same id means the same content.
    pub(super) fn is_first(
        &mut self,
        table: Table,
        id: &NamedNode,
        spot: Spot,
        is_given: bool,
    ) -> bool {
        let first = *self.first.entry((table, id.clone())).or_insert(spot);
        if first != spot && !is_given {
            self.reject_repeated(spot, first);
        } else if first != spot {
            let message = format!("the id of this row is that of {} too", self.place(first));
            let fault = Fault::new(message).with_hint("give each row an id of its own");
            self.reject(spot, fault);
        }
        first == spot
    }

    /// Notes that a row says word for word what an earlier one says.
    pub(super) fn reject_repeated(&mut self, spot: Spot, first: Spot) {
        let fault = Fault::new(format!("this row says the same as {}", self.place(first)));
        let hint = match first.source == spot.source {
            true => "remove it, or tell the two apart by a date, a document or an id",
            false => {
                "if that is an earlier edition of this file, replace it by this one (import --replace); else tell the two apart by a date, a document or an id"
            }
        };
        self.reject(spot, fault.with_hint(hint));
    }

    /// A row as people would speak of it: `edges.csv, line 3`.
    pub(super) fn place(&self, spot: Spot) -> String {
        format!("{}, line {}", self.name(spot), spot.line)
    }

    pub(super) fn name(&self, spot: Spot) -> &str {
        self.names.get(spot.source).map_or("", String::as_str)
    }

    /// Notes that a row cannot be used, and why.
    pub(super) fn reject(&mut self, spot: Spot, fault: Fault) {
        let problem = self.problem(spot, fault);
        self.problems.push((spot.source, problem));
    }

    /// Notes something about a row that is used all the same.
    pub(super) fn warn(&mut self, spot: Spot, fault: Fault) {
        let problem = self.problem(spot, fault);
        self.warnings.push((spot.source, problem));
    }

    /// Notes something about a row of which nothing can be made.
    pub(super) fn leave(&mut self, spot: Spot, fault: Fault) {
        let problem = self.problem(spot, fault);
        self.unused.push((spot.source, problem.clone()));
        self.warnings.push((spot.source, problem));
    }

    fn problem(&self, spot: Spot, fault: Fault) -> SyntaxProblem {
        let (message, hint) = fault.into_parts();
        SyntaxProblem {
            source_name: self.name(spot).to_owned(),
            line: Some(spot.line),
            column: Some(spot.column),
            message,
            hint,
        }
    }

    /// The outcome, everything in order.
    pub(super) fn finish(mut self) -> Reading {
        self.records.sort();
        let sorted = |mut list: Vec<(usize, SyntaxProblem)>| {
            list.sort_by_key(|(source, problem)| (*source, problem.line, problem.column));
            list.into_iter().map(|(_, problem)| problem).collect()
        };
        Reading {
            records: self.records,
            problems: sorted(self.problems),
            warnings: sorted(self.warnings),
            unused: sorted(self.unused),
        }
    }
}

fn schemes(known: &Records) -> Vec<NamedNode> {
    let concepts = known.concepts.iter();
    let schemes = concepts.filter(|(_, concept)| concept.identifies.is_some());
    schemes.map(|(id, _)| id.clone()).collect()
}
