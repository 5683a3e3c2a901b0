//! The short forms in which many IRIs are held.

use crate::model::vocabulary::ID;
use oxigraph::model::NamedNode;
use std::cmp::Ordering;

/// Returns the form in which an IRI is held: the local part of an `id:` IRI if it has no colon, which every whole IRI
/// has.
pub(crate) fn short(iri: &str) -> &str {
    let local = iri.strip_prefix(ID);
    local.filter(|local| is_local(local)).unwrap_or(iri)
}

fn is_local(short: &str) -> bool {
    !short.contains(':')
}

/// Returns the order of the IRIs that two short forms stand for.
pub(crate) fn order(left: &str, right: &str) -> Ordering {
    match (is_local(left), is_local(right)) {
        (true, true) | (false, false) => left.cmp(right),
        (true, false) => ID.bytes().chain(left.bytes()).cmp(right.bytes()),
        (false, true) => left.bytes().cmp(ID.bytes().chain(right.bytes())),
    }
}

/// Returns the IRI that a short form stands for.
pub(crate) fn iri(short: &str) -> NamedNode {
    NamedNode::new_unchecked(match is_local(short) {
        true => format!("{ID}{short}"),
        false => short.to_owned(),
    })
}
