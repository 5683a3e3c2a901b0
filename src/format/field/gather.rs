//! The records that a reader makes of a source, and the account of what it left out.

use crate::format::field::fields::Fields;
use crate::format::field::further::further;
pub(super) use crate::format::field::ids::{id, id_of, register};
use crate::format::field::kind::FieldFormat;
use crate::format::field::report::{FieldReport, LeftOutReason, LeftOuts, Reading, shortened};
use crate::format::field::value::{self, DATE_EXPECTED};
use crate::model::content_id::content_id;
use crate::model::identifier;
use crate::model::name::{PlayerType, Status};
use crate::model::record::{Claim, Document, Edge, Identifier, Identity, Player, Records};
use crate::model::time::TimeSpan;
use crate::model::vocabulary::ID;
use oxigraph::model::{NamedNode, NamedNodeRef, NamedOrBlankNode};
use powermap_rdf::{FormatError, SyntaxProblem};
use rustc_hash::FxHashSet;
use std::fmt::Write as _;

/// The most problems that are kept; the others are counted.
const PROBLEMS_MAX: usize = 100;

/// How many examples of players that are only referred to are kept.
const REFERRED_MAX: usize = 3;

/// Where a statement stands, and when it was made.
#[derive(Debug, Clone)]
pub(super) struct Source {
    pub(super) document: NamedNode,
    pub(super) locator: String,
    pub(super) said: Option<TimeSpan>,
}

impl Source {
    /// Returns a claim of this source about something.
    pub(super) fn claim(&self, about: &NamedNode) -> Claim {
        Claim {
            document: Some(self.document.clone()),
            asserted_by: Some(self.document.clone()),
            locator: Some(self.locator.clone()),
            said: self.said,
            ..Claim::about(about.clone())
        }
    }
}

/// What became of a source so far.
pub(super) struct Gather<'a> {
    source_name: &'a str,
    format: FieldFormat,
    keeps_going: bool,
    /// What the map has already.
    known: &'a Records,
    /// The line of the current record.
    line: u64,
    records: Records,
    left_out: LeftOuts,
    record_count: u64,
    value_count: u64,
    /// How many values the current record has.
    own_count: u64,
    /// Players at the ends of edges, and what they are taken for where no record describes them.
    referred: Vec<(NamedNode, PlayerType)>,
    referred_seen: FxHashSet<NamedNode>,
    problems: Vec<SyntaxProblem>,
    problem_count: u64,
}

impl<'a> Gather<'a> {
    pub(super) fn new(
        source_name: &'a str,
        format: FieldFormat,
        known: &'a Records,
        keeps_going: bool,
    ) -> Self {
        Self {
            source_name,
            format,
            keeps_going,
            known,
            line: 0,
            records: Records::default(),
            left_out: LeftOuts::default(),
            record_count: 0,
            value_count: 0,
            own_count: 0,
            referred: Vec::new(),
            referred_seen: FxHashSet::default(),
            problems: Vec::new(),
            problem_count: 0,
        }
    }

    /// Begins with a record at a line.
    pub(super) fn begin(&mut self, line: u64, fields: &Fields) {
        self.line = line;
        self.record_count += 1;
        self.own_count = fields.leaves();
        self.value_count += self.own_count;
    }

    /// Returns the place of the current record: `FILE:LINE`.
    pub(super) fn place(&self) -> String {
        format!("{}:{}", self.source_name, self.line)
    }

    /// Returns the name of the source.
    pub(super) fn source_name(&self) -> &'a str {
        self.source_name
    }

    /// Notes that a part of the source is no record; what it has in it counts as one value.
    ///
    /// # Errors
    /// As [`Gather::problem`].
    pub(super) fn no_record(&mut self, problem: FormatError) -> Result<(), FormatError> {
        self.line = problem.problem().and_then(|one| one.line).unwrap_or(0);
        self.record_count += 1;
        self.own_count = 1;
        self.value_count += 1;
        self.problem(problem)
    }

    /// Notes that a record cannot be read: its values are left out.
    ///
    /// # Errors
    /// The problem itself, unless reading goes on.
    pub(super) fn problem(&mut self, problem: FormatError) -> Result<(), FormatError> {
        if !self.keeps_going {
            return Err(problem);
        }
        let place = self.place();
        let message = problem.problem().map_or("", |one| one.message.as_str());
        self.left_out.add_many(
            LeftOutReason::NotUnderstood,
            "records that are not right",
            &place,
            message,
            self.own_count,
        );
        self.problem_count += 1;
        if self.problems.len() < PROBLEMS_MAX {
            self.problems.extend(problem.problem().cloned());
        }
        Ok(())
    }

    /// Returns an error about the current record.
    pub(super) fn wrong(&self, message: impl Into<String>) -> FormatError {
        FormatError::syntax(self.source_name, message).at(self.line, 1)
    }

    /// Counts a value that the map does not get.
    pub(super) fn left_out(&mut self, reason: LeftOutReason, kind: &str, text: &str) {
        let place = self.place();
        self.left_out.add(reason, kind, &place, text);
    }

    /// Counts all values that are left of a record, by their paths below a word.
    pub(super) fn left(&mut self, reason: LeftOutReason, word: &str, fields: &Fields) {
        let place = self.place();
        let left_out = &mut self.left_out;
        fields.each_leaf(|path, text| left_out.add(reason, &kind(word, path), &place, text));
    }

    /// Counts the values of some fields for which there is no place, and takes them from the record.
    pub(super) fn no_place(&mut self, word: &str, fields: &mut Fields, keys: &[&str]) {
        for key in keys {
            if let Some(field) = fields.split_off(key) {
                self.left(LeftOutReason::NoPlace, word, &field);
            }
        }
    }

    /// Takes a time from a field. What is none is counted.
    pub(super) fn date(&mut self, word: &str, fields: &mut Fields, key: &str) -> Option<TimeSpan> {
        let text = fields.text(key)?;
        let date = value::date(&text);
        if date.is_none() {
            self.not_understood(word, key, &text, DATE_EXPECTED);
        }
        date
    }

    /// Returns the end of something that has a start; one that is before the start is counted instead.
    pub(super) fn until(
        &mut self,
        word: &str,
        since: Option<TimeSpan>,
        until: Option<TimeSpan>,
    ) -> Option<TimeSpan> {
        let kept = value::until(since, until);
        self.backwards(word, until.filter(|_| kept.is_none()));
        kept
    }

    /// Returns the time between two ends; an end that is before the start is counted instead.
    pub(super) fn range(
        &mut self,
        word: &str,
        start: Option<TimeSpan>,
        end: Option<TimeSpan>,
    ) -> Option<TimeSpan> {
        let range = value::range(start, end);
        if range.is_some() {
            return range;
        }
        self.backwards(word, end);
        value::range(start, None)
    }

    fn backwards(&mut self, word: &str, end: Option<TimeSpan>) {
        if let Some(end) = end {
            let expected = "an end that is not before the start";
            self.not_understood(word, "", &end.to_string(), expected);
        }
    }

    /// Counts a text that is not what it should be.
    pub(super) fn not_understood(&mut self, word: &str, key: &str, text: &str, expected: &str) {
        let text = format!("'{}': expected {expected}", shortened(text));
        self.left_out(LeftOutReason::NotUnderstood, &kind(word, key), &text);
    }

    /// Returns a document, made where it is not there.
    pub(super) fn document(
        &mut self,
        id: NamedNode,
        document: impl FnOnce() -> Document,
    ) -> NamedNode {
        if !self.records.documents.contains_key(&id) {
            self.records.documents.insert(id.clone(), document());
        }
        id
    }

    /// Adds a player, or what is said of one that is there: the first name becomes its label, others further names.
    pub(super) fn player(
        &mut self,
        id: &NamedNode,
        player_type: PlayerType,
        names: impl IntoIterator<Item = String>,
    ) {
        let player = (self.records.players.entry(id.clone())).or_insert_with(|| Player {
            player_type,
            labels: Default::default(),
            aliases: Vec::new(),
            note: None,
            part_of: None,
        });
        for name in names {
            if player.labels.is_empty() {
                player.labels.insert("", &name);
            } else if player.labels.exact("") != Some(&name) && !player.aliases.contains(&name) {
                player.aliases.push(name);
            }
        }
    }

    /// Adds the name of a player in a language.
    pub(super) fn name(&mut self, id: &NamedNode, language: &str, name: &str) {
        if let Some(player) = self.records.players.get_mut(id) {
            player.labels.insert(language, name);
        }
    }

    /// Adds a further name of a player.
    pub(super) fn alias(&mut self, id: &NamedNode, name: &str) {
        if let Some(player) = self.records.players.get_mut(id)
            && !player.aliases.iter().any(|known| known == name)
        {
            player.aliases.push(name.to_owned());
        }
    }

    /// Says that a player is a part of another one, unless it is of one already; whether it did.
    pub(super) fn part_of(&mut self, id: &NamedNode, whole: &NamedNode) -> bool {
        let player = self.records.players.get_mut(id);
        match player {
            Some(player) if player.part_of.is_none() => {
                player.part_of = Some(whole.clone());
                true
            }
            Some(player) => player.part_of.as_ref() == Some(whole),
            None => false,
        }
    }

    /// Notes that a player stands at the end of an edge or the like, and what it is if nothing says more of it.
    pub(super) fn refer(&mut self, id: &NamedNode, player_type: PlayerType) {
        if self.referred_seen.insert(id.clone()) {
            self.referred.push((id.clone(), player_type));
        }
    }

    /// Adds a topic, for what is no player.
    pub(super) fn topic(&mut self, id: &NamedNode, name: &str) {
        let topic = self.records.topics.entry(id.clone()).or_default();
        topic.labels.insert("", name);
    }

    /// Adds an identifier of a player by the name of its scheme, with a claim; whether it could be held.
    pub(super) fn identifier(
        &mut self,
        player: &NamedNode,
        scheme: NamedNodeRef<'_>,
        text: &str,
        source: &Source,
    ) -> bool {
        let scheme = scheme.into_owned();
        let Ok(value) = identifier::normal_value(&scheme, text) else {
            return false;
        };
        let identifier = Identifier {
            player: player.clone(),
            scheme,
            value,
        };
        let id = identifier.content_id();
        if !self.records.identifiers.contains_key(&id) {
            self.claim(source.claim(&id));
            self.records.identifiers.insert(id, identifier);
        }
        true
    }

    /// Adds a claim that two players may be one.
    pub(super) fn alike(&mut self, one: &NamedNode, other: &NamedNode, claim: Claim) {
        let Some(identity) = Identity::between(one.clone(), other.clone()) else {
            return;
        };
        let id = identity.content_id();
        self.claim(Claim {
            about: id.clone(),
            same: Some(true),
            status: Some(Status::Rumoured),
            ..claim
        });
        self.records.identities.insert(id, identity);
    }

    /// Adds an edge, or widens what is known of one that is there.
    pub(super) fn edge(&mut self, id: &NamedNode, edge: Edge) {
        match self.records.edges.get_mut(id) {
            None => {
                self.records.edges.insert(id.clone(), edge);
            }
            Some(known) => {
                known.since = known.since.or(edge.since);
                known.until = edge.until.or(known.until);
            }
        }
    }

    /// Returns an edge that is there, or that the map has already.
    pub(super) fn edge_mut(&mut self, id: &NamedNode) -> Option<&mut Edge> {
        if !self.records.edges.contains_key(id)
            && let Some(known) = self.known.edges.get(id)
        {
            self.records.edges.insert(id.clone(), known.clone());
        }
        self.records.edges.get_mut(id)
    }

    /// Returns an edge as the map has it already.
    pub(super) fn known_edge(&self, id: &NamedNode) -> Option<&'a Edge> {
        self.known.edges.get(id)
    }

    /// Adds a claim, whose id follows from what it says; one that is there already is not added twice.
    pub(super) fn claim(&mut self, claim: Claim) {
        let quantity = claim.quantity.map(|quantity| format!("{quantity:?}"));
        let text = claim.text.exact("");
        let node = |node: &Option<NamedNode>| node.as_ref().map(|node| node.as_str().to_owned());
        let time = |time: Option<TimeSpan>| time.map(|time| time.to_string());
        let parts = [
            Some(claim.about.as_str().to_owned()),
            node(&claim.document),
            claim.locator.clone(),
            quantity,
            text.map(str::to_owned),
            claim.status.map(|status| status.to_string()),
            time(claim.said),
            time(claim.holds_from),
            time(claim.period),
            claim.as_printed.clone(),
        ];
        let parts: Vec<_> = parts
            .iter()
            .map(|part| part.as_deref().unwrap_or(""))
            .collect();
        let id = NamedOrBlankNode::from(content_id("claim", &parts));
        self.records.claims.insert(id, claim);
    }

    /// Says in one claim about a thing all that is left of a record, as `path: text`.
    pub(super) fn describe(&mut self, fields: Fields, about: &NamedNode, source: &Source) {
        self.tell(&described(&fields), about, source);
    }

    /// Says a text in a claim about a thing, unless it is empty.
    pub(super) fn tell(&mut self, text: &str, about: &NamedNode, source: &Source) {
        if !text.is_empty() {
            let mut claim = source.claim(about);
            claim.text.insert("", text);
            self.claim(claim);
        }
    }

    /// Puts an end to reading.
    pub(super) fn finish(mut self) -> Reading {
        let (mut referred, mut referred_examples) = (0, Vec::new());
        for (id, player_type) in std::mem::take(&mut self.referred) {
            if self.records.players.contains_key(&id) {
                continue;
            }
            referred += 1;
            if referred_examples.len() < REFERRED_MAX {
                let name = id.as_str().strip_prefix(ID).unwrap_or(id.as_str());
                referred_examples.push(name.to_owned());
            }
            self.player(&id, player_type, None);
        }
        for dropped in further(&mut self.records, self.known) {
            self.left_out.add(
                LeftOutReason::SaidOtherwise,
                dropped.kind,
                self.source_name,
                &dropped.text,
            );
        }
        if self.problem_count > self.problems.len() as u64 {
            let more = self.problem_count - self.problems.len() as u64;
            self.problems.push(SyntaxProblem {
                source_name: self.source_name.to_owned(),
                line: None,
                column: None,
                message: format!("{more} more records cannot be read"),
                hint: None,
            });
        }
        self.records.sort();
        Reading {
            records: self.records,
            report: FieldReport {
                source: self.source_name.to_owned(),
                format: self.format,
                records: self.record_count,
                values: self.value_count,
                left_out: self.left_out.finish(),
                referred,
                referred_examples,
                problems: self.problems,
                warnings: Vec::new(),
            },
        }
    }
}

/// Returns all that is left of a record in one text; values of one path together.
pub(super) fn described(fields: &Fields) -> String {
    described_by(fields, |_| true)
}

/// Returns all that is left of a record in one text; values of one path together where that says so.
pub(super) fn described_by(fields: &Fields, is_together: impl Fn(&str) -> bool) -> String {
    let mut text = String::new();
    let mut last = String::new();
    fields.each_leaf(|path, value| {
        // Writing to a string cannot fail.
        let _ = match path == last {
            true if is_together(path) => write!(text, ", {value}"),
            _ if text.is_empty() => write!(text, "{path}: {value}"),
            _ => write!(text, "; {path}: {value}"),
        };
        path.clone_into(&mut last);
    });
    text
}

fn kind(word: &str, path: &str) -> String {
    match (word, path) {
        ("", path) => path.to_owned(),
        (word, "") => word.to_owned(),
        (word, path) => format!("{word}.{path}"),
    }
}
