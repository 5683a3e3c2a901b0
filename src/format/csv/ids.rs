//! Ids for rows that have none: readable where they can be, and the same on every reading.

use crate::model::vocabulary::{ID, short_name};
use oxigraph::model::NamedNode;
use rustc_hash::{FxHashMap, FxHashSet};

/// An IRI of the map's own namespace.
pub(super) fn own(local: &str) -> NamedNode {
    NamedNode::new_unchecked(format!("{ID}{local}"))
}

/// The readable part of an IRI, of letters, digits and hyphens only.
pub(super) fn slug_of(iri: &NamedNode) -> String {
    let name = short_name(iri.as_str());
    let name = if name.len() == iri.as_str().len() {
        let last = name.trim_end_matches(['/', '#']).rsplit(['/', '#', ':']);
        last.into_iter().next().unwrap_or(name)
    } else {
        name
    };
    slug(name)
}

/// A text as letters, digits and single hyphens, in lower case; `x` if there are none.
///
/// Letters of any script stay: they are as good in an IRI.
pub(super) fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_alphanumeric() {
            slug.extend(c.to_lowercase().filter(|c| c.is_alphanumeric()));
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "x" } else { slug }.to_owned()
}

/// Gives out ids that are not taken: the second `a-b` is `a-b-2`.
#[derive(Debug, Default)]
pub(super) struct FreeIds {
    taken: FxHashSet<NamedNode>,
    next: FxHashMap<String, u64>,
}

impl FreeIds {
    /// Keeps an id from being given out.
    pub(super) fn take(&mut self, id: NamedNode) {
        self.taken.insert(id);
    }

    /// The first free id that starts with a name.
    pub(super) fn free(&mut self, name: &str) -> NamedNode {
        let number = self.next.entry(name.to_owned()).or_insert(1);
        loop {
            let id = match *number {
                1 => own(name),
                n => own(&format!("{name}-{n}")),
            };
            *number += 1;
            if self.taken.insert(id.clone()) {
                return id;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_readable() {
        assert_eq!(slug("Data/2025 Edges.CSV"), "data-2025-edges-csv");
        assert_eq!(slug("甲骨文"), "甲骨文");
        assert_eq!(slug("--"), "x");
        let iri = NamedNode::new_unchecked("https://example.com/firm#Big_Co/");
        assert_eq!(slug_of(&iri), "big-co");
    }

    #[test]
    fn ids_that_are_taken_are_counted_up() {
        let mut ids = FreeIds::default();
        ids.take(own("a-2"));
        assert_eq!(ids.free("a"), own("a"));
        assert_eq!(ids.free("a"), own("a-3"));
    }
}
