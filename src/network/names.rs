//! The names of nodes: many short IRIs, held in one text.

use crate::model::short_iri;
use oxigraph::model::NamedNode;
use std::cmp::Ordering;

/// The names of the nodes of a network, each once, in the order of their IRIs.
///
/// An IRI in the `id:` namespace is held as its local part, so that ten million players take about as much memory as
/// the cells that named them. Memory: the text and 8 bytes per name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Names {
    text: Box<str>,
    /// Where each name ends in the text.
    ends: Box<[u64]>,
}

impl Names {
    /// The names of some IRIs. O(n log n).
    pub fn of(iris: impl IntoIterator<Item = NamedNode>) -> Self {
        let mut iris: Vec<_> = iris.into_iter().collect();
        iris.sort_unstable();
        iris.dedup();
        Self::of_sorted(iris.iter().map(|iri| short_iri::short(iri.as_str())))
    }

    /// The names of short forms that are in order, each once.
    pub(crate) fn of_sorted<'a>(shorts: impl Iterator<Item = &'a str>) -> Self {
        let (mut text, mut ends) = (String::new(), Vec::new());
        for short in shorts {
            text.push_str(short);
            ends.push(text.len() as u64);
        }
        Self {
            text: text.into(),
            ends: ends.into(),
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The node that has this name. O(log n).
    pub fn node(&self, iri: &NamedNode) -> Option<u32> {
        let wanted = short_iri::short(iri.as_str());
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low + (high - low) / 2;
            match short_iri::order(self.short(middle), wanted) {
                Ordering::Less => low = middle + 1,
                Ordering::Equal => return Some(middle as u32),
                Ordering::Greater => high = middle,
            }
        }
        None
    }

    /// The name of a node. O(1).
    pub fn iri(&self, node: u32) -> NamedNode {
        short_iri::iri(self.short(node as usize))
    }

    /// All names, by node.
    pub fn iter(&self) -> impl Iterator<Item = NamedNode> {
        (0..self.len()).map(|node| self.iri(node as u32))
    }

    fn short(&self, place: usize) -> &str {
        let start = match place {
            0 => 0,
            _ => self.ends[place - 1],
        };
        &self.text[start as usize..self.ends[place] as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::vocabulary::expand;

    #[test]
    fn names_are_kept_once_in_the_order_of_their_iris() {
        let iris = ["openai", "nvidia", "openai", "https://example.org/x"];
        let names = Names::of(iris.map(|name| expand(name).unwrap()));
        assert_eq!(names.len(), 3, "each once");
        assert_eq!(names.node(&expand("openai").unwrap()), Some(2));
        assert_eq!(
            names.iri(0),
            NamedNode::new_unchecked("https://example.org/x")
        );
    }
}
