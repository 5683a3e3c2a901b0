//! Which classes stand for which records, the user's own subclasses included.

use crate::model::name::{Family, PlayerType};
use crate::model::vocabulary::{PM, common};
use crate::records::Reader;
use oxigraph::model::{NamedNode, Term};
use spareval::QueryableDataset;
use std::collections::{BTreeMap, VecDeque};

/// What record a subject of a class is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Player(PlayerType),
    Topic,
    Map,
    Deal { is_event: bool },
    Identity,
    Edge(Family),
    Observation,
    Claim,
    Document,
    Concept,
}

/// Returns the classes of the ontology that are read, the general ones before the special ones.
fn roots() -> Vec<(NamedNode, Role)> {
    let pm = |local: &str| NamedNode::new_unchecked(format!("{PM}{local}"));
    let mut roots = vec![
        (pm("Player"), Role::Player(PlayerType::Company)),
        (pm("Organisation"), Role::Player(PlayerType::Company)),
    ];
    roots.extend(
        PlayerType::ALL
            .iter()
            .map(|t| (t.class(), Role::Player(*t))),
    );
    roots.extend([
        (pm("Topic"), Role::Topic),
        (pm("Map"), Role::Map),
        (pm("Deal"), Role::Deal { is_event: false }),
        (pm("Event"), Role::Deal { is_event: true }),
    ]);
    roots.extend(Family::ALL.iter().map(|f| (f.iri(), Role::Edge(*f))));
    roots.extend([
        (pm("Identity"), Role::Identity),
        (pm("Observation"), Role::Observation),
        (pm("Claim"), Role::Claim),
        (pm("Document"), Role::Document),
        (
            NamedNode::new_unchecked("http://www.w3.org/2004/02/skos/core#Concept"),
            Role::Concept,
        ),
    ]);
    roots
}

/// Returns every class that is read, general ones first: the roots, and what is below each without passing another
/// root.
pub(super) fn classes<'a, D: QueryableDataset<'a>>(
    reader: &Reader<'_, 'a, D>,
) -> Result<Vec<(NamedNode, Role)>, D::Error> {
    let below = reader
        .dataset
        .internalize_term(common::SUB_CLASS_OF.into_owned().into())?;
    let mut children: BTreeMap<NamedNode, Vec<NamedNode>> = BTreeMap::new();
    for [child, _, parent] in reader.triples(None, Some(&below), None)? {
        if let (Term::NamedNode(child), Term::NamedNode(parent)) = (
            reader.dataset.externalize_term(child)?,
            reader.dataset.externalize_term(parent)?,
        ) {
            children.entry(parent).or_default().push(child);
        }
    }
    let mut classes = roots();
    let mut queue: VecDeque<_> = classes.iter().cloned().collect();
    while let Some((class, role)) = queue.pop_front() {
        let mut direct = children.remove(&class).unwrap_or_default();
        direct.sort_unstable();
        for child in direct {
            if !classes.iter().any(|(known, _)| *known == child) {
                classes.push((child.clone(), role));
                queue.push_back((child, role));
            }
        }
    }
    Ok(classes)
}
