//! The pairs of a predicate over all graphs that a pattern looks at.

use crate::sparql::memory::vec_bytes;
use crate::store::compiled::graph::{GraphRef, Pairs};
use crate::store::dictionary::TermId;
use crate::store::error::StoreError;

/// The pairs of one predicate in one order.
#[derive(Debug)]
enum Sorted<'a> {
    /// One graph has it: its columns.
    Stored(Pairs<'a>),
    /// Several graphs have it: their union.
    Merged {
        keys: Vec<TermId>,
        offsets: Vec<u32>,
        values: Vec<TermId>,
    },
}

impl Sorted<'_> {
    fn pairs(&self) -> Pairs<'_> {
        match self {
            Self::Stored(pairs) => *pairs,
            Self::Merged {
                keys,
                offsets,
                values,
            } => Pairs {
                keys,
                offsets,
                values,
            },
        }
    }

    /// The union. O(n).
    fn union(parts: Vec<Pairs<'_>>) -> Self {
        let mut pairs: Vec<u64> = Vec::new();
        for part in parts {
            for (place, key) in part.keys.iter().enumerate() {
                let values = part.values_at(place).iter();
                pairs.extend(values.map(|value| u64::from(*key) << 32 | u64::from(*value)));
            }
        }
        // Runs that are sorted each.
        pairs.sort();
        pairs.dedup();
        let (mut keys, mut offsets) = (Vec::new(), Vec::new());
        for (at, pair) in (0..).zip(&pairs) {
            let key = (pair >> 32) as u32;
            if keys.last() != Some(&key) {
                keys.push(key);
                offsets.push(at);
            }
        }
        offsets.push(pairs.len() as u32);
        Self::Merged {
            keys,
            offsets,
            values: pairs.into_iter().map(|pair| pair as u32).collect(),
        }
    }
}

/// The pairs of one predicate in both orders.
#[derive(Debug)]
pub(crate) struct Relation<'a> {
    by_subject: Sorted<'a>,
    by_object: Sorted<'a>,
}

impl<'a> Relation<'a> {
    /// The pairs of a predicate in the union of some graphs. O(1) where one graph has it, else O(n).
    pub(crate) fn open(graphs: &[GraphRef<'a>], predicate: TermId) -> Result<Self, StoreError> {
        let (mut by_subject, mut by_object) = (Vec::new(), Vec::new());
        for graph in graphs {
            if let Some(predicate) = graph.predicate(predicate) {
                by_subject.push(graph.by_subject(predicate)?);
                by_object.push(graph.by_object(predicate)?);
            }
        }
        let sorted = |mut parts: Vec<Pairs<'a>>| match parts.len() {
            1 => Sorted::Stored(parts.remove(0)),
            _ => Sorted::union(parts),
        };
        Ok(Self {
            by_subject: sorted(by_subject),
            by_object: sorted(by_object),
        })
    }

    /// The pairs (subject; objects).
    pub(crate) fn by_subject(&self) -> Pairs<'_> {
        self.by_subject.pairs()
    }

    /// The pairs (object; subjects).
    pub(crate) fn by_object(&self) -> Pairs<'_> {
        self.by_object.pairs()
    }

    /// How many bytes it takes besides the columns of the file.
    pub(crate) fn bytes(&self) -> usize {
        let orders = [&self.by_subject, &self.by_object].into_iter();
        let bytes = orders.map(|sorted| match sorted {
            Sorted::Stored(_) => 0,
            Sorted::Merged {
                keys,
                offsets,
                values,
            } => [keys, offsets, values]
                .map(|column| vec_bytes(column, 0))
                .iter()
                .sum(),
        });
        bytes.sum()
    }

    /// How many pairs there are.
    pub(crate) fn len(&self) -> usize {
        self.by_subject().values.len()
    }
}
