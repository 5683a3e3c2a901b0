//! The records of a few subjects, and of what is named with them.

use crate::model::record::Records;
use crate::model::vocabulary::{common, pm};
use crate::records::{Reader, Role, roles};
use oxigraph::model::{NamedNode, NamedNodeRef, NamedOrBlankNode, Term};
use rustc_hash::FxHashMap;
use spareval::QueryableDataset;
use std::collections::BTreeSet;

/// Reads the records of some subjects, and of those that their names and sources take: the ends and kinds of edges, the
/// subjects and metrics of observations, the documents and statuses of claims. Each is as [`read`](super::read) has it.
///
/// Linear in the triples of these records, besides those of `rdfs:subClassOf`.
///
/// # Errors
/// Only those of the dataset itself.
pub(crate) fn read_some<'a, D: QueryableDataset<'a>>(
    dataset: &D,
    subjects: impl IntoIterator<Item = NamedOrBlankNode>,
) -> Result<Records, D::Error> {
    let mut reader = Reader::new(dataset)?;
    let roles = roles::classes(&reader)?;
    // The place tells which of several classes of one subject comes last, and so counts.
    let roles: FxHashMap<NamedNode, (usize, Role)> = roles
        .into_iter()
        .enumerate()
        .map(|(place, (class, role))| (class, (place, role)))
        .collect();
    let a = dataset.internalize_term(common::TYPE.into_owned().into())?;
    let mut open: Vec<NamedOrBlankNode> = subjects.into_iter().collect();
    let mut done = BTreeSet::new();
    while let Some(id) = open.pop() {
        if !done.insert(id.to_string()) {
            continue;
        }
        let subject = dataset.internalize_term(Term::from(id.clone()))?;
        let mut found = Vec::new();
        for [_, _, class] in reader.triples(Some(&subject), Some(&a), None)? {
            if let Term::NamedNode(class) = dataset.externalize_term(class)? {
                found.extend(roles.get(&class).copied());
            }
        }
        found.sort_unstable_by_key(|(place, _)| *place);
        for (_, role) in found {
            reader.record(subject.clone(), role)?;
        }
        open.extend(named_with(&reader.records, &id));
    }
    Ok(reader.records)
}

/// Reads all players.
///
/// Linear in their triples.
///
/// # Errors
/// Only those of the dataset itself.
pub(crate) fn read_players<'a, D: QueryableDataset<'a>>(dataset: &D) -> Result<Records, D::Error> {
    read_role(dataset, |role| matches!(role, Role::Player(_)))
}

/// Reads all observations, and the claims about them with their documents.
///
/// Linear in their triples.
///
/// # Errors
/// Only those of the dataset itself.
pub(crate) fn read_observations<'a, D: QueryableDataset<'a>>(
    dataset: &D,
) -> Result<Records, D::Error> {
    let found = read_role(dataset, |role| role == Role::Observation)?;
    let reader = Reader::new(dataset)?;
    let property = |name: NamedNodeRef<'_>| dataset.internalize_term(name.into_owned().into());
    let (about, qualifies) = (property(pm::ABOUT)?, property(pm::QUALIFIES)?);
    let pointing = |property: &D::InternalTerm, to: Term| -> Result<Vec<_>, D::Error> {
        let to = dataset.internalize_term(to)?;
        let mut found = Vec::new();
        for [from, ..] in reader.triples(None, Some(property), Some(&to))? {
            match dataset.externalize_term(from)? {
                Term::NamedNode(from) => found.push(NamedOrBlankNode::from(from)),
                Term::BlankNode(from) => found.push(from.into()),
                _ => {}
            }
        }
        Ok(found)
    };
    let mut all: Vec<NamedOrBlankNode> = found.observations.into_keys().map(Into::into).collect();
    let mut claims = Vec::new();
    for observation in &all {
        claims.extend(pointing(&about, observation.clone().into())?);
    }
    // What a claim corrects or supersedes may be about something else.
    let mut others = Vec::new();
    for claim in &claims {
        others.extend(pointing(&qualifies, claim.clone().into())?);
    }
    all.extend(claims);
    all.extend(others);
    let mut records = read_some(dataset, all)?;
    records.sort();
    Ok(records)
}

fn read_role<'a, D: QueryableDataset<'a>>(
    dataset: &D,
    fits: impl Fn(Role) -> bool,
) -> Result<Records, D::Error> {
    let mut reader = Reader::new(dataset)?;
    for (class, role) in roles::classes(&reader)? {
        if fits(role) {
            for subject in reader.instances(&class)? {
                reader.record(subject, role)?;
            }
        }
    }
    reader.records.sort();
    Ok(reader.records)
}

/// Returns what stands in the name of something, or in the line that says where it comes from.
fn named_with(records: &Records, id: &NamedOrBlankNode) -> Vec<NamedOrBlankNode> {
    let mut found = Vec::new();
    if let NamedOrBlankNode::NamedNode(id) = id {
        if let Some(edge) = records.edges.get(id) {
            found.extend([edge.from.clone(), edge.to.clone()]);
            found.extend(edge.kind.clone());
        }
        if let Some(identity) = records.identities.get(id) {
            found.extend(identity.players.clone());
        }
        if let Some(observation) = records.observations.get(id) {
            found.extend([observation.subject.clone(), observation.metric.clone()]);
        }
    }
    if let Some(claim) = records.claims.get(id) {
        found.extend(claim.document.clone());
        found.extend(claim.status.map(|status| status.iri()));
    }
    found.into_iter().map(NamedOrBlankNode::from).collect()
}
