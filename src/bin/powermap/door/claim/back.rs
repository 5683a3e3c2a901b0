//! Claims that are taken back, with what came with them.

use super::{ADDED_DOCUMENT, ADDED_EDGE, ADDED_FIGURE, ADDED_PLAYER, added};
use crate::failure::fail;
use anyhow::Result;
use oxigraph::model::{NamedNode, NamedOrBlankNode, Quad, Term};
use powermap::Map;
use powermap::map::MapChange;
use powermap::model::vocabulary::{expand, short_name};
use powermap::model::{Claim, Records};
use std::collections::{HashSet, VecDeque};

/// Returns whether there is a claim of this id.
pub(crate) fn is_known(records: &Records, name: &str) -> bool {
    expand(name).is_some_and(|id| records.claims.contains_key(&NamedOrBlankNode::from(id)))
}

/// Returns what taking a claim back takes away: the claim, and what was added here and nobody else speaks of.
///
/// # Errors
/// A claim that was not added here.
pub(crate) fn taken_back(map: &Map, name: &str) -> Result<MapChange> {
    let records = map.records()?;
    let found = added(records).find(|(id, _)| short_name(id.as_str()) == name);
    let Some((id, claim)) = found else {
        fail!("{} was not added here", name; "what stands in the files of the map is changed there, or by an update at /sparql");
    };
    let others = || {
        records
            .claims
            .iter()
            .filter(|(other, _)| **other != NamedOrBlankNode::from(id.clone()))
    };
    let mut gone: HashSet<NamedOrBlankNode> = HashSet::from([id.clone().into()]);
    let is_own = |id: &NamedNode, word: &str| short_name(id.as_str()).starts_with(word);
    let is_added = [ADDED_EDGE, ADDED_FIGURE]
        .iter()
        .any(|word| is_own(&claim.about, word));
    if is_added && !others().any(|(_, other)| other.about == claim.about) {
        gone.insert(claim.about.clone().into());
        let players = ends(records, &claim.about).into_iter();
        gone.extend(
            players
                .filter(|player| {
                    is_own(player, ADDED_PLAYER) && !is_used(records, player, &claim.about, id)
                })
                .map(|player| player.clone().into()),
        );
    }
    if let Some(document) = &claim.document
        && is_own(document, ADDED_DOCUMENT)
        && !others().any(|(_, other)| other.document.as_ref() == Some(document))
    {
        gone.insert(document.clone().into());
    }
    Ok(MapChange {
        inserts: Vec::new(),
        deletes: statements(&map.quads()?, gone),
    })
}

/// Returns the players of an edge or a figure.
fn ends<'a>(records: &'a Records, id: &NamedNode) -> Vec<&'a NamedNode> {
    let edge = records.edges.get(id).map(|edge| vec![&edge.from, &edge.to]);
    let figure = || {
        records
            .observations
            .get(id)
            .map(|figure| vec![&figure.subject])
    };
    edge.or_else(figure).unwrap_or_default()
}

/// Returns whether anything speaks of a player, but for one edge or figure and one claim.
fn is_used(records: &Records, player: &NamedNode, but: &NamedNode, claim: &NamedNode) -> bool {
    let things = records.edges.keys().chain(records.observations.keys());
    let mut things = things.filter(|id| *id != but);
    let mut claims = (records.claims.iter())
        .filter(|(id, _)| **id != NamedOrBlankNode::from(claim.clone()))
        .map(|(_, claim)| claim);
    let speaks = |claim: &Claim| {
        [
            Some(&claim.about),
            claim.asserted_by.as_ref(),
            claim.attributed_to.as_ref(),
        ]
        .contains(&Some(player))
    };
    things.any(|id| ends(records, id).contains(&player)) || claims.any(speaks)
}

/// Returns the statements about things, and about the blank nodes that these lead to.
fn statements(quads: &[Quad], things: HashSet<NamedOrBlankNode>) -> Vec<Quad> {
    let mut open: VecDeque<NamedOrBlankNode> = things.iter().cloned().collect();
    let mut seen = things;
    let mut found = Vec::new();
    while let Some(thing) = open.pop_front() {
        for quad in quads.iter().filter(|quad| quad.subject == thing) {
            if let Term::BlankNode(node) = &quad.object
                && seen.insert(node.clone().into())
            {
                open.push_back(node.clone().into());
            }
            found.push(quad.clone());
        }
    }
    found
}
