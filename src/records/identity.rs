//! Identifiers and identities out of triples, and what can be checked of them only when everything is read.

use crate::model::identifier::normal_value;
use crate::model::record::{Identifier, Identity, Records};
use crate::model::vocabulary::{compact, pm};
use crate::records::node::Node;
use crate::records::{Reader, RecordProblem, required};
use oxigraph::model::{NamedNode, NamedNodeRef, Term};
use powermap_rdf::nearest;
use spareval::QueryableDataset;

impl<'a, D: QueryableDataset<'a>> Reader<'_, 'a, D> {
    /// Reads the identifiers of a player.
    pub(super) fn identifiers(&mut self, node: &mut Node) -> Result<(), D::Error> {
        let Term::NamedNode(player) = node.id.clone() else {
            return Ok(());
        };
        for value in node.values(pm::IDENTIFIER) {
            if matches!(value, Term::Literal(_)) {
                node.reject(
                    pm::IDENTIFIER,
                    format!("a node with pm:scheme and pm:value is expected, not {value}"),
                );
                continue;
            }
            let subject = self.dataset.internalize_term(value.clone())?;
            let mut own = self.node(&subject)?;
            if let Term::BlankNode(_) = value {
                // A blank node has no name that a person could look for.
                own.id = node.id.clone();
            }
            let scheme = required(&mut own, pm::SCHEME);
            let text = match own.values(pm::VALUE).is_empty() {
                true => {
                    own.reject(pm::VALUE, "is required and missing");
                    None
                }
                false => own.text(pm::VALUE),
            };
            if let (Some(scheme), Some(text)) = (scheme, text) {
                match normal_value(&scheme, &text) {
                    Ok(text) => self.identifier(&value, &player, scheme, text),
                    Err(error) => own.reject(pm::VALUE, error),
                }
            }
            node.problems.append(&mut own.problems);
        }
        Ok(())
    }

    fn identifier(&mut self, node: &Term, player: &NamedNode, scheme: NamedNode, value: String) {
        let identifier = Identifier {
            player: player.clone(),
            scheme,
            value,
        };
        let id = match node {
            Term::NamedNode(id) => id.clone(),
            _ => identifier.content_id(),
        };
        self.records.identifiers.insert(id, identifier);
    }

    pub(super) fn identity(&mut self, node: &mut Node, id: NamedNode) {
        let mut players = Vec::new();
        for value in node.values(pm::BETWEEN) {
            match value {
                Term::NamedNode(player) => players.push(player),
                other => node.reject(pm::BETWEEN, format!("an IRI is expected, not {other}")),
            }
        }
        let count = players.len();
        let identity = <[_; 2]>::try_from(players)
            .ok()
            .and_then(|[one, other]| Identity::between(one, other));
        match identity {
            Some(identity) => {
                self.records.identities.insert(id, identity);
            }
            None => node.reject(
                pm::BETWEEN,
                format!(
                    "two different players are expected, and there {}",
                    there_is(count)
                ),
            ),
        }
    }
}

fn there_is(count: usize) -> String {
    match count {
        0 => "is none".to_owned(),
        1 => "is one".to_owned(),
        _ => format!("are {count}"),
    }
}

/// The number of unknown names whose nearest known ones are looked up: each takes a pass over all names.
const SUGGESTIONS_MAX: usize = 20;

/// The faults that only all identities together show.
#[derive(Default)]
struct Found {
    problems: Vec<RecordProblem>,
    suggested: usize,
}

impl Found {
    fn note(&mut self, subject: impl Into<Term>, property: NamedNodeRef<'_>, message: String) {
        self.problems.push(RecordProblem {
            subject: subject.into(),
            property: Some(property.into_owned()),
            message,
        });
    }

    /// Returns the hint at the nearest of some ids, with a space in front; empty where none is near.
    fn suggestion<'n>(&mut self, name: &str, ids: impl Iterator<Item = &'n NamedNode>) -> String {
        self.suggested += 1;
        if self.suggested > SUGGESTIONS_MAX {
            return String::new();
        }
        let names: Vec<_> = ids.map(|id| compact(id.as_str())).collect();
        let near = nearest(name, names.iter().map(String::as_str));
        let hint = near.first().map(|near| format!(" (did you mean {near}?)"));
        hint.unwrap_or_default()
    }
}

/// Leaves out identifiers of unknown schemes and identities of unknown players, and notes claims that say of something else
/// than an identity that it is the same, or nothing of one that they are about.
pub(super) fn check(records: &mut Records) -> Vec<RecordProblem> {
    let mut found = Found::default();
    for (id, claim) in &records.claims {
        match (claim.same, records.identities.contains_key(&claim.about)) {
            (None, true) => {
                let message = "a claim about an identity says true or false";
                found.note(id.clone(), pm::SAME, message.to_owned());
            }
            (Some(_), false) => {
                let message = "a claim that does not speak of an identity (pm:Identity) has none";
                found.note(id.clone(), pm::SAME, message.to_owned());
            }
            _ => {}
        }
    }
    let concepts = records.concepts.iter();
    let schemes: Vec<_> = concepts
        .filter(|(_, concept)| concept.identifies.is_some())
        .map(|(id, _)| id)
        .collect();
    if !schemes.is_empty() {
        records.identifiers.retain(|_, identifier| {
            let is_known = schemes.contains(&&identifier.scheme);
            if !is_known {
                let name = compact(identifier.scheme.as_str());
                let hint = found.suggestion(&name, schemes.iter().copied());
                let message = format!("{name} is no scheme of identifiers{hint}");
                found.note(identifier.player.clone(), pm::SCHEME, message);
            }
            is_known
        });
    }
    let players = &records.players;
    records.identities.retain(|id, identity| {
        let unknown = identity
            .players
            .iter()
            .filter(|id| !players.contains_key(*id));
        let count = unknown
            .map(|player| {
                let name = compact(player.as_str());
                let hint = found.suggestion(&name, players.keys());
                let message = format!("there is no player {name}{hint}");
                found.note(id.clone(), pm::BETWEEN, message);
            })
            .count();
        count == 0
    });
    found.problems
}
