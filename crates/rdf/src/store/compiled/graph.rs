//! One graph: for each predicate the pairs of subject and object, by subject and by object.

use crate::store::compiled::check;
use crate::store::compiled::pages::Pages;
use crate::store::compiled::sets::{Sets, SetsView};
use crate::store::dictionary::TermId;
use crate::store::error::StoreError;
use oxigraph::model::NamedOrBlankNode;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

/// The location of a graph in the file.
#[derive(Debug)]
pub(crate) struct Graph {
    /// The number of its name; `None` for the default graph.
    pub(crate) name: Option<TermId>,
    /// Its name as a term.
    pub(crate) label: Option<NamedOrBlankNode>,
    pub(crate) triples: u64,
    /// By their numbers.
    pub(crate) predicates: Vec<Predicate>,
    /// The predicates of each subject.
    pub(crate) subjects: Sets,
    /// The predicates of each object.
    pub(crate) objects: Sets,
    /// The number of terms in the dictionary.
    pub(crate) terms: u32,
}

/// The location of the triples of one predicate.
#[derive(Debug)]
pub struct Predicate {
    pub(crate) id: TermId,
    pub(crate) triples: u32,
    pub(crate) by_subject: Order,
    pub(crate) by_object: Order,
}

/// The location of the pairs of one predicate in one order, in bytes.
#[derive(Debug)]
pub(crate) struct Order {
    pub(crate) keys: usize,
    pub(crate) key_count: u32,
    /// Missing when each key has one value.
    pub(crate) offsets: Option<usize>,
    pub(crate) values: usize,
    /// Whether the numbers have been validated.
    pub(crate) checked: AtomicBool,
}

/// The pairs of one predicate, sorted: each key once, with its sorted values.
#[derive(Debug, Clone, Copy)]
pub struct Pairs<'a> {
    /// The keys.
    pub keys: &'a [TermId],
    /// The start of the values of each key, and the end; empty if each key has one value.
    pub(crate) offsets: &'a [u32],
    pub(crate) values: &'a [TermId],
}

impl<'a> Pairs<'a> {
    /// Returns where the values of the key at a place are.
    #[inline]
    pub(crate) fn range(&self, place: usize) -> Range<usize> {
        if self.offsets.is_empty() {
            place..place + 1
        } else {
            self.offsets[place] as usize..self.offsets[place + 1] as usize
        }
    }

    /// Returns the values of the key at a place.
    #[inline]
    pub(crate) fn values_at(&self, place: usize) -> &'a [TermId] {
        &self.values[self.range(place)]
    }

    /// Returns the values of a key. O(log n), and O(1) where the keys lie close.
    #[inline]
    pub fn values_of(&self, key: TermId) -> &'a [TermId] {
        match find(self.keys, key) {
            Some(place) => self.values_at(place),
            None => &[],
        }
    }
}

/// Returns the place of a number in sorted numbers.
#[inline]
pub fn find(keys: &[TermId], key: TermId) -> Option<usize> {
    let place = first_from(keys, key);
    (keys.get(place) == Some(&key)).then_some(place)
}

/// Returns the place of the first of some sorted numbers that is not less than this: looks first where it would be if
/// they were evenly spread. O(log n), and O(1) where they are.
#[inline]
pub(crate) fn first_from(keys: &[TermId], key: TermId) -> usize {
    let (Some(&first), Some(&last)) = (keys.first(), keys.last()) else {
        return 0;
    };
    if key <= first {
        return 0;
    }
    if key > last {
        return keys.len();
    }
    let spread = u64::from(key - first) * (keys.len() as u64 - 1);
    let guess = (spread / u64::from(last - first)) as usize;
    // Doubling steps away from the guess, then bisection.
    let mut step = 1;
    let range = if keys[guess] == key {
        return guess;
    } else if keys[guess] < key {
        let mut low = guess + 1;
        while low + step < keys.len() && keys[low + step] < key {
            low += step;
            step *= 2;
        }
        low..(low + step + 1).min(keys.len())
    } else {
        let mut high = guess;
        while high > step && keys[high - step] > key {
            high -= step;
            step *= 2;
        }
        high.saturating_sub(step)..high
    };
    let start = range.start;
    start + keys[range].partition_point(|other| *other < key)
}

/// A graph with the bytes that it is in.
#[derive(Debug, Clone, Copy)]
pub struct GraphRef<'a> {
    pub(crate) graph: &'a Graph,
    pub(crate) pages: &'a Pages,
}

impl<'a> GraphRef<'a> {
    /// Returns the predicate of a number, if the graph has it.
    pub fn predicate(self, id: TermId) -> Option<&'a Predicate> {
        let predicates = &self.graph.predicates;
        let place = predicates.binary_search_by_key(&id, |p| p.id);
        place.ok().map(|place| &predicates[place])
    }

    /// Returns the pairs (subject; objects) of a predicate. The first time O(n) for a check, then O(1).
    #[inline]
    pub fn by_subject(self, predicate: &Predicate) -> Result<Pairs<'a>, StoreError> {
        self.pairs(predicate, &predicate.by_subject)
    }

    /// Returns the pairs (object; subjects) of a predicate. The first time O(n) for a check, then O(1).
    #[inline]
    pub fn by_object(self, predicate: &Predicate) -> Result<Pairs<'a>, StoreError> {
        self.pairs(predicate, &predicate.by_object)
    }

    /// Returns which predicates each subject has. The first time O(n) for a check, then O(1).
    pub(crate) fn subjects(self) -> Result<SetsView<'a>, StoreError> {
        let predicates = self.graph.predicates.len() as u32;
        self.graph
            .subjects
            .view(self.pages, self.graph.terms, predicates)
    }

    /// Returns which predicates each object has. The first time O(n) for a check, then O(1).
    pub(crate) fn objects(self) -> Result<SetsView<'a>, StoreError> {
        let predicates = self.graph.predicates.len() as u32;
        self.graph
            .objects
            .view(self.pages, self.graph.terms, predicates)
    }

    fn pairs(self, predicate: &Predicate, order: &Order) -> Result<Pairs<'a>, StoreError> {
        let Self { graph, pages } = self;
        let is_known = order.checked.load(Ordering::Relaxed);
        let column = |start, count| match is_known {
            true => pages.known_column(start, count),
            false => pages.column(start, count),
        };
        let key_count = order.key_count as usize;
        let pairs = Pairs {
            keys: column(order.keys, key_count)?,
            offsets: match order.offsets {
                Some(start) => column(start, key_count + 1)?,
                None => &[],
            },
            values: column(order.values, predicate.triples as usize)?,
        };
        if !is_known {
            let right = check::is_set(pairs.keys, graph.terms)
                && match order.offsets {
                    Some(_) => {
                        check::is_partition(pairs.offsets, pairs.values.len())
                            && check::are_sets(pairs.offsets, pairs.values, graph.terms)
                    }
                    None => {
                        pairs.keys.len() == pairs.values.len()
                            && pairs.values.iter().all(|value| *value < graph.terms)
                    }
                };
            if !right {
                return Err(pages.damaged("the triples of a predicate are not in order"));
            }
            order.checked.store(true, Ordering::Relaxed);
        }
        Ok(pairs)
    }

    /// Checks all numbers.
    pub(crate) fn verify(self) -> Result<(), StoreError> {
        let mut triples = 0;
        for predicate in &self.graph.predicates {
            self.by_subject(predicate)?;
            self.by_object(predicate)?;
            triples += u64::from(predicate.triples);
        }
        self.subjects()?;
        self.objects()?;
        if triples != self.graph.triples {
            return Err(self
                .pages
                .damaged("the number of triples is not what the directory says"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{find, first_from};
    use proptest::prelude::*;

    #[test]
    fn finds_what_a_bisection_finds() {
        let lists: [&[u32]; 6] = [
            &[],
            &[7],
            &[0, 1, 2, 3, 4, 5],
            &[0, 1, 2, 1_000_000, u32::MAX],
            &[5, 9, 10, 11, 12, 4_000_000_000],
            &[10, 20, 21, 22, 23, 24, 25, 26, 27, 100],
        ];
        for list in lists {
            let near = list
                .iter()
                .flat_map(|n| [n.saturating_sub(1), *n, n.saturating_add(1)]);
            for key in near.chain([0, 17, u32::MAX]) {
                assert_eq!(
                    find(list, key),
                    list.binary_search(&key).ok(),
                    "{key} in {list:?}"
                );
            }
        }
    }

    proptest! {
        #[test]
        fn the_first_number_from_another_on(
            mut keys in prop::collection::vec(prop_oneof![0u32..40, any::<u32>()], 0..60),
            wanted in prop_oneof![0u32..42, any::<u32>()],
        ) {
            keys.sort_unstable();
            keys.dedup();
            prop_assert_eq!(first_from(&keys, wanted), keys.partition_point(|key| *key < wanted));
            prop_assert_eq!(find(&keys, wanted), keys.binary_search(&wanted).ok());
        }
    }
}
