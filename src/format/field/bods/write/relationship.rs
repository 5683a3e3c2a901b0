//! Edges to statements about relationships.

use super::{Statement, Writer};
use crate::format::field::bods::interest::WORDS;
use crate::model::name::PlayerType;
use crate::model::record::Edge;
use crate::model::vocabulary::short_name;
use oxigraph::model::NamedNode;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Which records a relationship is made of, and whether it is itself a part of another one.
struct Composition<'r> {
    is_component: bool,
    of: Vec<&'r str>,
}

impl<'a> Writer<'a> {
    /// Writes a statement for each relationship: the edges that were made of one become one again.
    pub(super) fn relationships(&mut self) {
        let mut records: BTreeMap<String, Vec<(&'a NamedNode, &'a Edge)>> = BTreeMap::new();
        for (id, edge) in &self.writing.records.edges {
            let own = self.record(id);
            let base = base(id, &own);
            let key = match records.get(base) {
                Some(known) if known.iter().any(|(_, other)| !has_same_ends(edge, other)) => &own,
                _ => base,
            };
            records.entry(key.to_owned()).or_default().push((id, edge));
        }
        let record_of = records.iter().flat_map(|(record, edges)| {
            let ids = edges.iter().map(|(id, _)| *id);
            ids.map(move |id| (id, record.as_str()))
        });
        let record_of: BTreeMap<&NamedNode, &str> = record_of.collect();
        let mut composed: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (id, edge) in records.values().flatten() {
            let parts = edge.components.iter();
            let parts = parts.filter_map(|part| record_of.get(part).copied());
            let whole = record_of[id];
            let parts = parts.filter(|part| *part != whole);
            composed.entry(whole).or_default().extend(parts);
        }
        let components: BTreeSet<&str> = composed.values().flatten().copied().collect();
        for (record, edges) in &records {
            let composed_of = composed.get(record.as_str());
            let place = Composition {
                is_component: components.contains(record.as_str()),
                of: composed_of.into_iter().flatten().copied().collect(),
            };
            self.relationship(record, edges, &place);
        }
    }

    fn relationship(
        &mut self,
        record: &str,
        edges: &[(&'a NamedNode, &'a Edge)],
        place: &Composition<'_>,
    ) {
        let Some((first, one)) = edges.first().copied() else {
            return;
        };
        if !self.has_ends(first, one) {
            return;
        }
        let (mut interests, mut claims) = (Vec::new(), Vec::new());
        for (id, edge) in edges {
            let own = self.writing.claims(id);
            let found = self.interests(id, edge, &own);
            if found.is_empty() {
                continue;
            }
            self.lost_of(&own, edge.since);
            self.lost_of_edge(id, edge);
            interests.extend(found);
            claims.extend(own);
        }
        if interests.is_empty() {
            return;
        }
        let subject = self.record(&one.to);
        let party: Value = match self.unspecified(&one.from) {
            Some(reason) => json!({"reason": reason}),
            None => self.record(&one.from).into(),
        };
        let mut details = json!({
            "isComponent": place.is_component,
            "subject": subject,
            "interestedParty": party,
            "interests": interests,
        });
        if !place.of.is_empty() {
            details["componentRecords"] = json!(place.of);
        }
        let statement = Statement {
            record,
            sort: "relationship",
            subject: &subject,
            details,
            notes: Vec::new(),
        };
        self.add(first, statement, &claims);
    }

    /// Returns whether both ends can stand in a relationship: the subject is an entity, the other one no product.
    fn has_ends(&mut self, id: &NamedNode, edge: &Edge) -> bool {
        let of = |node: &NamedNode| self.player(node).map(|player| player.player_type);
        let (from, to) = (of(&edge.from), of(&edge.to));
        let is_party = from.is_some_and(|from| from != PlayerType::Product);
        let is_subject =
            to.is_some_and(|to| !matches!(to, PlayerType::Product | PlayerType::Person));
        if is_party && is_subject {
            return true;
        }
        let kind = edge
            .kind
            .as_ref()
            .map_or(edge.family.name(), |kind| short_name(kind.as_str()));
        self.writing.lost("edge.ends", id, kind);
        false
    }

    fn lost_of_edge(&mut self, id: &NamedNode, edge: &Edge) {
        let lost = [
            ("edge.deal", edge.deal.as_ref()),
            ("edge.part_of_total", edge.part_of_total.as_ref()),
        ];
        for (kind, node) in lost {
            if let Some(node) = node {
                self.writing.lost(kind, id, short_name(node.as_str()));
            }
        }
        for (_, label) in edge.labels.iter() {
            self.writing.lost("edge.label", id, label);
        }
    }
}

fn has_same_ends(one: &Edge, other: &Edge) -> bool {
    (&one.from, &one.to) == (&other.from, &other.to)
}

/// Returns the record that an edge was made of: its id without the word for the sort of interest.
fn base<'o>(id: &NamedNode, own: &'o str) -> &'o str {
    if !short_name(id.as_str()).starts_with("bods-") {
        return own;
    }
    let plain = own.strip_suffix("-indirect").unwrap_or(own);
    WORDS
        .iter()
        .find_map(|word| plain.strip_suffix(word)?.strip_suffix('-'))
        .unwrap_or(own)
}
