//! Relationships: who has which interests in whom.

use crate::format::field::bods::interest::{self, Meaning, WORDS};
use crate::format::field::bods::{Reader, Statement, day, party_id};
use crate::format::field::fields::Fields;
use crate::format::field::gather::{Gather, described, id};
use crate::format::field::report::LeftOutReason;
use crate::model::name::{PlayerType, Status};
use crate::model::record::{Claim, Edge};
use crate::model::time::{Period, TimeSpan};
use crate::model::vocabulary::pm;
use oxigraph::model::NamedNode;

/// Reasons that say that there is nobody, or nobody who has to be named.
const NOBODY: &[&str] = &["noBeneficialOwners", "subjectExemptFromDisclosure"];

/// One end of a relationship.
enum End {
    Party(NamedNode),
    /// Somebody who is not named, and why.
    Unspecified(String),
}

/// Reads a statement about a relationship.
pub(super) fn read(
    reader: &mut Reader,
    statement: &Statement,
    mut details: Fields,
    gather: &mut Gather<'_>,
) {
    details.flag("isComponent");
    let components = details.texts("componentRecords");
    let subject = end(reader, &mut details, "subject");
    let party = end(reader, &mut details, "interestedParty");
    let Some(End::Party(subject)) = subject else {
        gather.left_out(
            LeftOutReason::Incomplete,
            "relationship.subject",
            &statement.record,
        );
        gather.left(LeftOutReason::Incomplete, "relationship", &details);
        return;
    };
    gather.refer(&subject, PlayerType::Company);
    let has_interests = details.has("interests");
    let party = match party {
        Some(End::Party(party)) => {
            gather.refer(&party, PlayerType::Company);
            party
        }
        Some(End::Unspecified(reason)) if has_interests && !NOBODY.contains(&reason.as_str()) => {
            let party = id("bods", &format!("{}-unspecified", statement.record));
            gather.player(&party, PlayerType::Voice, [reason]);
            party
        }
        _ => {
            gather.describe(details, &subject, &statement.source);
            return;
        }
    };
    let mut told = Told {
        statement,
        ends: [party, subject],
        edges: Vec::new(),
    };
    let mut interests = Vec::new();
    details.each("interests", |interest| {
        interests.push(std::mem::take(interest))
    });
    if interests.is_empty() {
        interests.push(Fields::default());
    }
    let rest = described(&details);
    for (number, interest) in interests.into_iter().enumerate() {
        let rest = if number == 0 { rest.as_str() } else { "" };
        told.interest(interest, rest, gather);
    }
    let before = match reader.edges.get(&statement.record) {
        Some(edges) => edges.clone(),
        None => told.known(gather),
    };
    told.end_others(&before, gather);
    let edges = told.edges;
    reader.compose(&statement.record, &edges, &components, gather);
    reader.edges.insert(statement.record.clone(), edges);
}

impl Reader {
    /// Says of the edges of a record which relationships they are made of, in whatever order these come; other records are
    /// at their ends.
    fn compose(
        &mut self,
        record: &str,
        edges: &[NamedNode],
        components: &[String],
        gather: &mut Gather<'_>,
    ) {
        let mut add = |whole: &NamedNode, parts: &[NamedNode]| {
            if let Some(edge) = gather.edge_mut(whole) {
                let parts = parts.iter().filter(|part| *part != whole);
                edge.components.extend(parts.cloned());
                edge.components.sort_unstable();
                edge.components.dedup();
            }
        };
        for component in components.iter().filter(|component| *component != record) {
            for whole in edges {
                match self.edges.get(component) {
                    Some(parts) => add(whole, parts),
                    None => {
                        let awaiting = self.awaiting.entry(component.clone()).or_default();
                        awaiting.push(whole.clone());
                    }
                }
            }
        }
        for whole in self.awaiting.remove(record).unwrap_or_default() {
            add(&whole, edges);
        }
    }
}

/// Takes one end of a relationship: the id of a record, or of a statement before 0.4; or why there is none.
fn end(reader: &Reader, details: &mut Fields, key: &str) -> Option<End> {
    if let Some(record) = details.text(key) {
        return Some(End::Party(party_id(&record)));
    }
    let found = details.inside(key, |end| {
        let statement = ["describedByEntityStatement", "describedByPersonStatement"]
            .into_iter()
            .find_map(|key| end.text(key));
        if let Some(statement) = statement {
            return Some(End::Party(party_id(&reader.first_of(&statement))));
        }
        let reason = end.peek("reason").map(str::to_owned);
        let reason = reason.or_else(|| {
            end.inside("unspecified", |inside| {
                inside.peek("reason").map(str::to_owned)
            })?
        });
        reason.map(End::Unspecified)
    });
    found?
}

/// What a statement says of one relationship.
struct Told<'s> {
    statement: &'s Statement,
    /// The interested party and the subject.
    ends: [NamedNode; 2],
    edges: Vec<NamedNode>,
}

impl Told<'_> {
    fn interest(&mut self, mut interest: Fields, rest: &str, gather: &mut Gather<'_>) {
        let sort = interest.text("type");
        let level = interest
            .text("directOrIndirect")
            .or_else(|| interest.text("interestLevel"));
        let is_indirect = level.as_deref() == Some("indirect");
        let since = day("interests", &mut interest, "startDate", gather);
        let until = day("interests", &mut interest, "endDate", gather);
        let until = gather.until("interests", since, until);
        let share = interest::share(&mut interest, gather);
        let name = sort.as_deref().unwrap_or("unknownInterest");
        let meaning = match interest::meaning(name, share) {
            Some(meaning) => meaning,
            None => {
                gather.not_understood(
                    "interests",
                    "type",
                    name,
                    "a type of interest of the standard",
                );
                Meaning::unknown()
            }
        };
        let quantity = share
            .zip(meaning.right)
            .and_then(|(share, right)| share.of(right));
        if let (Some(share), None) = (share, quantity) {
            interest.put_back("share", &share.to_string());
        }
        if meaning.is_told || is_indirect {
            interest.put_back("type", name);
        }
        if let Some(level) = level.filter(|level| level != "direct") {
            interest.put_back("directOrIndirect", &level);
        }
        let node = self.edge(&meaning, is_indirect, [since, until], gather);
        let text = described(&interest);
        let text = match (text.is_empty(), rest.is_empty()) {
            (true, _) => rest.to_owned(),
            (_, true) => text,
            _ => format!("{text}; {rest}"),
        };
        let mut claim = Claim {
            quantity,
            holds_from: since,
            status: Some(meaning.status),
            ..self.statement.source.claim(&node)
        };
        if !text.is_empty() {
            claim.text.insert("", &text);
        }
        gather.claim(claim);
    }

    /// Adds the edge for a sort of interest, or widens it.
    fn edge(
        &mut self,
        meaning: &Meaning,
        is_indirect: bool,
        [since, until]: [Option<TimeSpan>; 2],
        gather: &mut Gather<'_>,
    ) -> NamedNode {
        let (mut kind, mut word) = (meaning.kind, meaning.word.to_owned());
        if is_indirect {
            if kind == pm::OWNERSHIP {
                kind = pm::INDIRECT_OWNERSHIP;
            }
            word += "-indirect";
        }
        let node = id("bods", &format!("{}-{word}", self.statement.record));
        let closed = self.eve().filter(|_| self.statement.is_closed);
        let until = until.or(closed.filter(|closed| {
            since.and_then(TimeSpan::earliest) <= closed.latest() || since.is_none()
        }));
        let is_first = !self.edges.contains(&node);
        if let Some(known) = gather.edge_mut(&node) {
            // A later statement says when it ended, or that it goes on.
            if is_first || until.is_none() {
                known.until = until;
            }
        }
        let [from, to] = self.ends.clone();
        let edge = Edge {
            family: meaning.family,
            kind: Some(kind.into_owned()),
            from,
            to,
            deal: None,
            since,
            until,
            part_of_total: None,
            components: Vec::new(),
            labels: Default::default(),
        };
        gather.edge(&node, edge);
        if is_first {
            self.edges.push(node.clone());
        }
        node
    }

    /// Returns the last day before the statement: what it closes holds no more on its day.
    fn eve(&self) -> Option<TimeSpan> {
        let day = self.statement.source.said?.earliest()?.before()?;
        Some(TimeSpan::At(Period::Day(day)))
    }

    /// Returns the edges of the record that the map has from earlier files and that hold on the day before the statement.
    fn known(&self, gather: &Gather<'_>) -> Vec<NamedNode> {
        let words = WORDS
            .iter()
            .flat_map(|word| [word.to_string(), format!("{word}-indirect")]);
        let nodes = words.map(|word| id("bods", &format!("{}-{word}", self.statement.record)));
        let eve = self.eve().and_then(TimeSpan::latest);
        let is_held = |node: &NamedNode| {
            let known = gather.known_edge(node);
            known.is_some_and(|edge| {
                let is_over = edge.until.is_some_and(|until| until.latest() <= eve);
                edge.since.and_then(TimeSpan::earliest) <= eve && !is_over
            })
        };
        nodes.filter(is_held).collect()
    }

    /// Ends the edges that the last statement told of, and this one does not.
    fn end_others(&self, before: &[NamedNode], gather: &mut Gather<'_>) {
        for node in before {
            if self.edges.contains(node) {
                continue;
            }
            if let Some(edge) = gather.edge_mut(node) {
                edge.until = edge.until.or(self.eve());
            }
            let mut claim = self.statement.source.claim(node);
            claim.status = Some(Status::Completed);
            claim
                .text
                .insert("", "not among the interests of the updated record");
            gather.claim(claim);
        }
    }
}
