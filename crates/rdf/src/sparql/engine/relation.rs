//! The pairs of a predicate over all graphs that a pattern looks at.

use crate::sparql::bytes::vec_bytes;
use crate::sparql::error::SparqlError;
use crate::sparql::memory::{Holder, Memory};
use crate::store::compiled::graph::{GraphRef, Pairs};
use crate::store::dictionary::TermId;
use crate::store::error::StoreError;
use std::cell::OnceCell;
use std::ops::Range;

/// The pairs of one predicate in one order: those of each graph that has it, and their union, made on demand.
#[derive(Debug)]
struct Sorted<'a> {
    parts: Vec<Pairs<'a>>,
    union: OnceCell<Union>,
}

impl<'a> Sorted<'a> {
    fn new(parts: Vec<Pairs<'a>>) -> Self {
        Self {
            parts,
            union: OnceCell::new(),
        }
    }

    fn pairs(&self, memory: &Memory) -> Result<Pairs<'_>, SparqlError> {
        if let [only] = self.parts[..] {
            return Ok(only);
        }
        if let Some(union) = self.union.get() {
            return Ok(union.pairs());
        }
        let union = Union::of(&self.parts);
        memory.keep(Holder::Graphs, union.bytes())?;
        Ok(self.union.get_or_init(|| union).pairs())
    }
}

/// A union; while it is built, the offsets lack the final one.
#[derive(Debug, Default)]
struct Union {
    keys: Vec<TermId>,
    offsets: Vec<u32>,
    values: Vec<TermId>,
}

impl Union {
    /// O(n), of which most is copying runs of keys that only one of the parts has.
    fn of(parts: &[Pairs<'_>]) -> Self {
        let mut parts = parts.to_vec();
        parts.sort_by_key(|part| part.values.len());
        let mut all = Self::default();
        for part in parts {
            all = all.with(part);
        }
        all.offsets.push(all.values.len() as u32);
        all
    }

    fn pairs(&self) -> Pairs<'_> {
        Pairs {
            keys: &self.keys,
            offsets: &self.offsets,
            values: &self.values,
        }
    }

    fn bytes(&self) -> usize {
        let columns = [&self.keys, &self.offsets, &self.values];
        columns.map(|column| vec_bytes(column, 0)).iter().sum()
    }

    /// Returns the union of this, the smaller one, with other pairs.
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

    /// Adds the pairs of the keys at these places, all greater than those that are here.
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

/// Merges two ascending lists, each number once.
fn merged(left: &[TermId], right: &[TermId]) -> Vec<TermId> {
    let mut all = [left, right].concat();
    // Two runs, which the sort only merges.
    all.sort();
    all.dedup();
    all
}

/// The pairs of one predicate in both orders.
pub(crate) struct Relation<'a> {
    by_subject: Sorted<'a>,
    by_object: Sorted<'a>,
    memory: Memory,
}

/// The component that pairs are sorted by first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key {
    Subject,
    Object,
}

impl Key {
    pub(crate) fn other(self) -> Self {
        match self {
            Self::Subject => Self::Object,
            Self::Object => Self::Subject,
        }
    }
}

impl<'a> Relation<'a> {
    /// Returns the pairs of a predicate in the union of some graphs. O(1).
    pub(crate) fn open(
        graphs: &[GraphRef<'a>],
        predicate: TermId,
        memory: &Memory,
    ) -> Result<Self, StoreError> {
        let (mut by_subject, mut by_object) = (Vec::new(), Vec::new());
        for graph in graphs {
            if let Some(predicate) = graph.predicate(predicate) {
                by_subject.push(graph.by_subject(predicate)?);
                by_object.push(graph.by_object(predicate)?);
            }
        }
        Ok(Self {
            by_subject: Sorted::new(by_subject),
            by_object: Sorted::new(by_object),
            memory: memory.clone(),
        })
    }

    fn by(&self, key: Key) -> &Sorted<'a> {
        match key {
            Key::Subject => &self.by_subject,
            Key::Object => &self.by_object,
        }
    }

    /// Returns the pairs by a key. O(1) where one graph has the predicate, else O(n) the first time.
    pub(crate) fn pairs(&self, key: Key) -> Result<Pairs<'_>, SparqlError> {
        self.by(key).pairs(&self.memory)
    }

    /// Returns the lists that graphs have for a key, without empty ones.
    fn lists(&self, key: Key, of: TermId) -> impl Iterator<Item = &'a [TermId]> + use<'_, 'a> {
        let parts = self.by(key).parts.iter();
        let lists = parts.map(move |pairs| pairs.values_of(of));
        lists.filter(|list| !list.is_empty())
    }

    /// Returns whether no more than one graph has the predicate.
    pub(crate) fn is_in_one(&self) -> bool {
        self.by_subject.parts.len() < 2
    }

    /// Returns the values of a key in the union. O(log n), after building the union if several graphs have the key.
    #[inline]
    pub(crate) fn values_of(&self, key: Key, of: TermId) -> Result<&[TermId], SparqlError> {
        if let [only] = self.by(key).parts[..] {
            return Ok(only.values_of(of));
        }
        let mut lists = self.lists(key, of);
        match (lists.next(), lists.next()) {
            (None, _) => Ok(&[]),
            (Some(only), None) => Ok(only),
            _ => Ok(self.pairs(key)?.values_of(of)),
        }
    }

    /// Returns what the union has for a key, where several graphs have the key. O(n log n) in the number of that.
    pub(crate) fn merged(&self, key: Key, of: TermId) -> Result<Option<Vec<TermId>>, SparqlError> {
        if self.lists(key, of).nth(1).is_none() {
            return Ok(None);
        }
        let mut all = Vec::new();
        for list in self.lists(key, of) {
            all = merged(&all, list);
        }
        self.memory.keep(Holder::Graphs, vec_bytes(&all, 0))?;
        Ok(Some(all))
    }

    /// Returns whether the union has a pair. O(log n).
    pub(crate) fn has(&self, subject: TermId, object: TermId) -> bool {
        let mut lists = self.lists(Key::Subject, subject);
        lists.any(|objects| objects.binary_search(&object).is_ok())
    }

    /// Returns a sum over the graphs that have the predicate, which is no less than what the union has.
    pub(crate) fn estimate(&self, key: Key, of: impl Fn(&Pairs<'_>) -> usize) -> f64 {
        self.by(key).parts.iter().map(of).sum::<usize>() as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// Returns the pairs of a set as columns.
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
            let sorted = Sorted::new(pairs.collect());
            let found = sorted.pairs(&Memory::new(None)).unwrap();
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
