//! What a file says of edges and players that the map has already: further claims, never a second value where one counts.

use crate::model::record::{Edge, Records};
use crate::model::time::TimeSpan;
use crate::model::vocabulary::short_name;
use oxigraph::model::NamedNode;
use std::collections::BTreeMap;

/// A value that the map does not get, since it has another one: what it is of, and a line on it.
pub(super) struct Dropped {
    pub(super) kind: &'static str,
    pub(super) text: String,
}

/// Keeps what the map has of the things that records are about, too. Another start of an edge is lost only where no claim
/// says that it holds from then.
pub(super) fn further(records: &mut Records, known: &Records) -> Vec<Dropped> {
    let mut dropped = Vec::new();
    let mut starts: BTreeMap<&NamedNode, TimeSpan> = BTreeMap::new();
    for (id, edge) in &mut records.edges {
        if let Some(before) = known.edges.get(id) {
            let start = keep(&mut edge.since, &before.since);
            starts.extend(start.map(|start| (id, start)));
            dropped.extend(of_edge(id, edge, before));
        }
    }
    for claim in records.claims.values() {
        if claim.holds_from.as_ref() == starts.get(&claim.about) {
            starts.remove(&claim.about);
        }
    }
    let lost = starts.into_iter();
    dropped.extend(lost.map(|(id, start)| drop(id, "since", &start.to_string())));
    for (id, player) in &mut records.players {
        let before = known.players.get(id).map(|before| &before.part_of);
        let other = before.and_then(|before| keep(&mut player.part_of, before));
        dropped.extend(other.map(|whole| drop(id, "part_of", short_name(whole.as_str()))));
    }
    dropped
}

/// Keeps what the map has of an edge, save for its start.
fn of_edge(id: &NamedNode, edge: &mut Edge, before: &Edge) -> Vec<Dropped> {
    let end = keep(&mut edge.until, &before.until);
    let total = keep(&mut edge.part_of_total, &before.part_of_total);
    let kind = keep(&mut edge.kind, &before.kind);
    if kind.is_some() {
        edge.family = before.family;
    }
    [
        end.map(|end| drop(id, "until", &end.to_string())),
        total.map(|total| drop(id, "part_of_total", short_name(total.as_str()))),
        kind.map(|kind| drop(id, "kind", short_name(kind.as_str()))),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn drop(id: &NamedNode, kind: &'static str, text: &str) -> Dropped {
    Dropped {
        kind,
        text: format!("{}: {text}", short_name(id.as_str())),
    }
}

/// Puts what is known in the place of a value; returns the value where it is another one.
fn keep<T: Clone + PartialEq>(value: &mut Option<T>, known: &Option<T>) -> Option<T> {
    if known.is_none() || value.is_none() || value == known {
        return None;
    }
    std::mem::replace(value, known.clone())
}
