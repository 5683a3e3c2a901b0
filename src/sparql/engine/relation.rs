//! The pairs of a predicate over all graphs that a pattern looks at.

use crate::sparql::memory::vec_bytes;
use crate::store::compiled::graph::{GraphRef, Pairs};
use crate::store::dictionary::TermId;
use crate::store::error::StoreError;
use std::ops::Range;

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

    /// The union. O(n), of which most is copying runs of keys that only one of the parts has.
    fn union(mut parts: Vec<Pairs<'_>>) -> Self {
        parts.sort_by_key(|part| part.values.len());
        let mut all = Union::default();
        for part in parts {
            all = all.with(part);
        }
        let Union {
            keys,
            mut offsets,
            values,
        } = all;
        offsets.push(values.len() as u32);
        Self::Merged {
            keys,
            offsets,
            values,
        }
    }
}

/// A union while it is made: where the values of each key start, without the end.
#[derive(Default)]
struct Union {
    keys: Vec<TermId>,
    offsets: Vec<u32>,
    values: Vec<TermId>,
}

impl Union {
    /// The union of this, the smaller one, with other pairs.
    fn with(mut self, other: Pairs<'_>) -> Self {
        self.offsets.push(self.values.len() as u32);
        let own = Pairs {
            keys: &self.keys,
            offsets: &self.offsets,
            values: &self.values,
        };
        let (keys, values) = (
            own.keys.len() + other.keys.len(),
            own.values.len() + other.values.len(),
        );
        let mut all = Self {
            keys: Vec::with_capacity(keys),
            offsets: Vec::with_capacity(keys + 1),
            values: Vec::with_capacity(values),
        };
        let mut at = 0;
        for (place, key) in own.keys.iter().enumerate() {
            let next = at + other.keys[at..].partition_point(|other| other < key);
            all.copy(other, at..next);
            at = next;
            all.keys.push(*key);
            all.offsets.push(all.values.len() as u32);
            let mine = own.values_at(place);
            if other.keys.get(at) == Some(key) {
                all.values.extend(merged(mine, other.values_at(at)));
                at += 1;
            } else {
                all.values.extend_from_slice(mine);
            }
        }
        all.copy(other, at..other.keys.len());
        all
    }

    /// Adds the pairs of the keys at these places, all behind those that are here.
    fn copy(&mut self, from: Pairs<'_>, places: Range<usize>) {
        if places.is_empty() {
            return;
        }
        let values = from.range(places.start).start..from.range(places.end - 1).end;
        let (before, first) = (self.values.len() as u32, values.start as u32);
        let starts = places.clone();
        if from.offsets.is_empty() {
            self.offsets
                .extend(starts.map(|start| start as u32 - first + before));
        } else {
            let starts = from.offsets[starts].iter();
            self.offsets
                .extend(starts.map(|start| start - first + before));
        }
        self.keys.extend_from_slice(&from.keys[places]);
        self.values.extend_from_slice(&from.values[values]);
    }
}

/// Two ascending lists as one, each number once.
fn merged(left: &[TermId], right: &[TermId]) -> Vec<TermId> {
    let mut all = [left, right].concat();
    // Two runs, which the sort only merges.
    all.sort();
    all.dedup();
    all
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// The pairs of a set as columns.
    fn columns(pairs: &BTreeSet<(u32, u32)>) -> (Vec<u32>, Vec<u32>, Vec<u32>) {
        let (mut keys, mut offsets, mut values) = (Vec::new(), Vec::new(), Vec::new());
        for (key, value) in pairs {
            if keys.last() != Some(key) {
                keys.push(*key);
                offsets.push(values.len() as u32);
            }
            values.push(*value);
        }
        offsets.push(values.len() as u32);
        if keys.len() == values.len() {
            offsets.clear();
        }
        (keys, offsets, values)
    }

    #[test]
    fn a_union_is_that_of_the_sets() {
        let mut state = 7u64;
        let mut chance = |most: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 33) % most
        };
        for round in 0..2_000 {
            let (few, many) = (1 + chance(6), 1 + chance(60));
            let sets: Vec<BTreeSet<(u32, u32)>> = (0..chance(4))
                .map(|_| {
                    let pair = |_| (chance(many) as u32, chance(few) as u32);
                    (0..round % 40).map(pair).collect()
                })
                .collect();
            let parts: Vec<_> = sets.iter().map(columns).collect();
            let pairs = parts.iter().map(|(keys, offsets, values)| Pairs {
                keys,
                offsets,
                values,
            });
            let union = Sorted::union(pairs.collect());
            let found = union.pairs();
            let all = (0..found.keys.len()).flat_map(|place| {
                let values = found.values_at(place).iter();
                values.map(move |value| (found.keys[place], *value))
            });
            let expected: BTreeSet<(u32, u32)> = sets.iter().flatten().copied().collect();
            assert_eq!(
                all.collect::<Vec<_>>(),
                expected.into_iter().collect::<Vec<_>>()
            );
            assert!(found.keys.is_sorted_by(|left, right| left < right));
        }
    }
}
