//! Edges that several records of one player tell.

use crate::model::board::Board;
use crate::model::name::Family;
use crate::model::record::{Edge, Records};
use crate::model::unit::Measure;
use crate::model::vocabulary::pm;
use oxigraph::model::NamedNode;
use std::collections::{BTreeMap, BTreeSet};

/// What edges have in common that may be one: their players as they are shown, family, kind and deal.
type Key<'a> = (
    &'a NamedNode,
    &'a NamedNode,
    Family,
    Option<&'a NamedNode>,
    Option<&'a NamedNode>,
);

/// Edges by the records that they run between.
type Tellings<'a> = BTreeMap<(&'a NamedNode, &'a NamedNode), Vec<Telling<'a>>>;

/// An edge, and the documents that tell of it.
struct Telling<'a> {
    id: &'a NamedNode,
    edge: &'a Edge,
    documents: BTreeSet<&'a NamedNode>,
}

/// Returns the edges on the board that are told again, and the edge that each of them is, both by id; sorted.
///
/// Two records of one player that each tell of an edge to the same other, of one kind, deal and right, tell of one edge: what
/// two registers know of a stake is one stake. Of a kind that moves something, such as a loan, they also have to begin
/// together, as far as both say when. Edges between the same two records are as many as their ids, and a document that
/// lists both records tells of two.
///
/// O(e log e) in the edges.
pub(super) fn told_again(records: &Records, board: &Board) -> Vec<(NamedNode, NamedNode)> {
    let mut groups: BTreeMap<Key<'_>, BTreeMap<Option<Measure>, Tellings<'_>>> = BTreeMap::new();
    for (id, resolution) in &board.edges {
        let Some((id, edge)) = records.edges.get_key_value(id) else {
            continue;
        };
        let (from, to) = (board.joined.shown(&edge.from), board.joined.shown(&edge.to));
        let is_joined = |player| board.joined.members(player).len() > 1;
        if is_joined(from) || is_joined(to) {
            let key = (
                from,
                to,
                edge.family,
                edge.kind.as_ref(),
                edge.deal.as_ref(),
            );
            let rights = resolution.values.iter();
            let rights = rights.filter(|value| value.quantity.unit.right().is_some());
            let right = rights.map(|value| value.measure).min();
            let group = groups.entry(key).or_default().entry(right).or_default();
            let ends = (&edge.from, &edge.to);
            let claims = resolution.claims.iter();
            let claims = claims.filter_map(|claim| records.claims.get(claim));
            let documents = claims.filter_map(|claim| claim.document.as_ref()).collect();
            let telling = Telling {
                id,
                edge,
                documents,
            };
            group.entry(ends).or_default().push(telling);
        }
    }
    let mut again = Vec::new();
    for mut group in groups.into_values() {
        let without = group.remove(&None).unwrap_or_default();
        let stated: Vec<_> = group.into_values().collect();
        match stated.first() {
            Some(stated) => again.extend(beside(&without, stated)),
            None => again.extend(in_order(without)),
        }
        again.extend(stated.into_iter().flat_map(in_order));
    }
    again.sort_unstable();
    again
}

/// Returns the edges of other records than the first that are one with its edge in the same place, by when they begin.
fn in_order(mut told: Tellings<'_>) -> Vec<(NamedNode, NamedNode)> {
    for edges in told.values_mut() {
        edges.sort_by_key(|one| (one.edge.since.and_then(|since| since.earliest()), one.id));
    }
    let mut again = Vec::new();
    let most = told.values().map(Vec::len).max().unwrap_or(0);
    for place in 0..most {
        let mut tellings = told.values().filter_map(|edges| edges.get(place));
        let Some(first) = tellings.next() else {
            continue;
        };
        again.extend(tellings.filter_map(|other| one(first, other)));
    }
    again
}

/// Returns the edges without a right that are one with the first edge of other records that states one.
fn beside(without: &Tellings<'_>, stated: &Tellings<'_>) -> Vec<(NamedNode, NamedNode)> {
    let mut again = Vec::new();
    for (ends, edges) in without {
        let other = stated.iter().find(|(other, _)| *other != ends);
        if let Some(first) = other.and_then(|(_, others)| others.first()) {
            again.extend(edges.iter().filter_map(|edge| one(first, edge)));
        }
    }
    again
}

/// Returns the ids of two edges of one kind and the same players, the second first, if they can be one.
fn one(first: &Telling<'_>, other: &Telling<'_>) -> Option<(NamedNode, NamedNode)> {
    let kind = first.edge.kind.as_ref();
    let is_held = kind.is_some_and(|kind| *kind == pm::OWNERSHIP);
    let starts = first.edge.since.zip(other.edge.since);
    let begin_together = starts.is_none_or(|(since, other)| since.overlaps(other));
    let is_one = (is_held || begin_together) && first.documents.is_disjoint(&other.documents);
    is_one.then(|| (other.id.clone(), first.id.clone()))
}
