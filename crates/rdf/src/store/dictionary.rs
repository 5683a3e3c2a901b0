//! Terms to numbers and back: an append-only dictionary in layers.
//!
//! A layer is one text of all its keys, and a hash table of them. A new snapshot adds a layer
//! for its new terms and shares the others, so numbers never change between snapshots of one
//! store. Layers of similar size are joined, so there are O(log n) of them.

use crate::store::term_key;
use oxigraph::model::{Term, TermRef};
use rayon::prelude::*;
use rustc_hash::FxHasher;
use std::hash::Hasher;
use std::sync::Arc;

/// The number of a term in a store.
pub type TermId = u32;

/// Term numbers stay below this, so that one bit of a `u32` is free to mark computed terms.
pub(crate) const MAX_TERMS: usize = (1 << 31) - 1;

/// The number of entries from which a table is filled by all threads.
const MANY_ENTRIES: usize = 1 << 16;

/// Returns a hash of a key with all its bits mixed; the upper half picks the place in a table.
pub(crate) fn hash(key: &str) -> u32 {
    let mut hasher = FxHasher::default();
    hasher.write(key.as_bytes());
    (hasher.finish().wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as u32
}

/// One layer: consecutive term numbers from `first` on.
#[derive(Debug, Clone, Default)]
pub(crate) struct Layer {
    first: TermId,
    text: String,
    /// The end of each key in the text; it starts at the end of the one before.
    ends: Vec<usize>,
    /// Open addressing: hash in the upper half, place in this layer plus one in the lower; 0 empty.
    slots: Vec<u64>,
}

impl Layer {
    pub(crate) fn new(first: TermId) -> Self {
        Self {
            first,
            ..Self::default()
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Returns whether this many more terms are sure to get a number.
    pub(crate) fn has_room_for(&self, more: usize) -> bool {
        self.first as usize + self.len() + more <= MAX_TERMS
    }

    pub(crate) fn key(&self, place: usize) -> &str {
        let start = match place.checked_sub(1) {
            Some(before) => self.ends[before],
            None => 0,
        };
        &self.text[start..self.ends[place]]
    }

    /// Returns where the probing for a hash starts; the table is never empty here.
    fn slot(&self, hash: u32) -> usize {
        let bits = self.slots.len().trailing_zeros();
        (u64::from(hash) >> (32 - bits)) as usize
    }

    /// Returns the place of a key in this layer.
    pub(crate) fn find(&self, key: &str, hash: u32) -> Option<usize> {
        if self.slots.is_empty() {
            return None;
        }
        let mask = self.slots.len() - 1;
        let mut slot = self.slot(hash);
        loop {
            let entry = self.slots[slot];
            if entry == 0 {
                return None;
            }
            if (entry >> 32) as u32 == hash {
                let place = (entry as u32 - 1) as usize;
                if self.key(place) == key {
                    return Some(place);
                }
            }
            slot = (slot + 1) & mask;
        }
    }

    /// Adds a new key; returns its place.
    pub(crate) fn push(&mut self, key: &str, hash: u32) -> usize {
        let place = self.append(key);
        self.index(&[hash]);
        place
    }

    /// Adds a new key, which is not found before [`Layer::index`]; returns its place.
    pub(crate) fn append(&mut self, key: &str) -> usize {
        self.text.push_str(key);
        self.ends.push(self.text.len());
        self.ends.len() - 1
    }

    /// Makes the last keys, whose hashes these are, ones that are found.
    pub(crate) fn index(&mut self, hashes: &[u32]) {
        if self.len() * 3 > self.slots.len() * 2 {
            let size = (self.len() * 2).next_power_of_two().max(16);
            let old = std::mem::replace(&mut self.slots, vec![0; size]);
            // Memory that is read before it is first written to costs two page faults instead of one, and makes other
            // threads wait.
            let pages = self.slots.par_chunks_mut(MANY_ENTRIES);
            pages.for_each(|slots| slots.fill(0));
            self.insert_slots(&old);
        }
        let first = self.len() - hashes.len();
        let entries = (first as u64 + 1..).zip(hashes);
        let entries = entries.map(|(place, hash)| u64::from(*hash) << 32 | place);
        match hashes {
            [] => {}
            [_] => entries.for_each(|entry| self.insert_slot(entry)),
            _ => self.insert_slots(&entries.collect::<Vec<_>>()),
        }
    }

    /// Returns the place of a key, added if it was not there.
    pub(crate) fn intern(&mut self, key: &str) -> usize {
        let hash = hash(key);
        match self.find(key, hash) {
            Some(place) => place,
            None => self.push(key, hash),
        }
    }

    fn insert_slot(&mut self, entry: u64) {
        let mask = self.slots.len() - 1;
        let mut slot = self.slot((entry >> 32) as u32);
        while self.slots[slot] != 0 {
            slot = (slot + 1) & mask;
        }
        self.slots[slot] = entry;
    }

    /// Puts many entries into the table, each thread those of its part of it.
    fn insert_slots(&mut self, entries: &[u64]) {
        let part_count = match entries.len() {
            0..MANY_ENTRIES => 1,
            _ => rayon::current_num_threads().next_power_of_two(),
        };
        let size = self.slots.len() / part_count;
        let mut slots = std::mem::take(&mut self.slots);
        let shift = 32 - slots.len().trailing_zeros();
        let parts = slots.par_chunks_mut(size).enumerate();
        // An entry that finds no free place in its part moves on to the next one.
        let late: Vec<Vec<u64>> = parts
            .map(|(part, slots)| {
                let mut late = Vec::new();
                for entry in entries.iter().filter(|entry| **entry != 0) {
                    let slot = (entry >> 32 >> shift) as usize;
                    if slot / size == part {
                        match slots[slot % size..].iter_mut().find(|slot| **slot == 0) {
                            Some(slot) => *slot = *entry,
                            None => late.push(*entry),
                        }
                    }
                }
                late
            })
            .collect();
        self.slots = slots;
        for entry in late.into_iter().flatten() {
            self.insert_slot(entry);
        }
    }

    /// Returns the hash and key of each term, in order.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|place| self.key(place))
    }

    /// This layer and the next one as one.
    fn joined(&self, next: &Self) -> Self {
        let mut joined = Self {
            first: self.first,
            text: String::with_capacity(self.text.len() + next.text.len()),
            ends: Vec::with_capacity(self.len() + next.len()),
            slots: self.slots.clone(),
        };
        joined.text.push_str(&self.text);
        joined.ends.extend_from_slice(&self.ends);
        for key in next.keys() {
            joined.push(key, hash(key));
        }
        joined
    }

    fn shrink(&mut self) {
        self.text.shrink_to_fit();
        self.ends.shrink_to_fit();
    }

    pub(crate) fn bytes(&self) -> usize {
        self.text.capacity()
            + self.ends.capacity() * size_of::<usize>()
            + self.slots.capacity() * size_of::<u64>()
    }
}

/// The terms of a snapshot. Cheap to clone: the layers are shared.
#[derive(Debug, Clone, Default)]
pub(crate) struct Dictionary {
    layers: Arc<[Arc<Layer>]>,
    len: u32,
}

impl Dictionary {
    /// Returns how many terms there are: their numbers are `0..len`.
    pub(crate) fn len(&self) -> u32 {
        self.len
    }

    pub(crate) fn find_key(&self, key: &str) -> Option<TermId> {
        let hash = hash(key);
        self.layers
            .iter()
            .find_map(|layer| Some(layer.first + layer.find(key, hash)? as u32))
    }

    pub(crate) fn find(&self, term: TermRef<'_>) -> Option<TermId> {
        let mut key = String::new();
        term_key::write_key(term, &mut key);
        self.find_key(&key)
    }

    /// Returns the key of a term number below [`Dictionary::len`].
    pub(crate) fn key(&self, id: TermId) -> &str {
        let layer = match &*self.layers {
            [only] => only,
            layers => &layers[layers.partition_point(|layer| layer.first <= id) - 1],
        };
        layer.key((id - layer.first) as usize)
    }

    pub(crate) fn term(&self, id: TermId) -> Term {
        term_key::term(self.key(id))
    }

    /// This dictionary with a layer more on top, whose numbers start at [`Dictionary::len`].
    ///
    /// A layer is joined with the one below while it is at least half as large, which costs
    /// O(log n) copies of each term over any series of snapshots.
    pub(crate) fn with_layer(&self, mut layer: Layer) -> Self {
        if layer.len() == 0 {
            return self.clone();
        }
        layer.shrink();
        let len = self.len + layer.len() as u32;
        let mut layers = self.layers.to_vec();
        let mut top = Arc::new(layer);
        while let Some(below) = layers.pop_if(|below| below.len() <= 2 * top.len()) {
            top = Arc::new(below.joined(&top));
        }
        layers.push(top);
        Self {
            layers: layers.into(),
            len,
        }
    }
}

/// Adds terms to a dictionary: looks below first, then in a new layer.
pub(crate) struct Interner<'a> {
    base: &'a Dictionary,
    layer: Layer,
    key: String,
}

impl<'a> Interner<'a> {
    pub(crate) fn new(base: &'a Dictionary) -> Self {
        Self {
            base,
            layer: Layer::new(base.len()),
            key: String::new(),
        }
    }

    /// Returns the number of a term, new if need be; `None` when there is no number left.
    pub(crate) fn intern(&mut self, term: TermRef<'_>) -> Option<TermId> {
        let mut key = std::mem::take(&mut self.key);
        term_key::write_key(term, &mut key);
        let id = self.intern_key(&key);
        self.key = key;
        id
    }

    /// Returns the number of the term of a key, new if need be; `None` when there is no number left.
    pub(crate) fn intern_key(&mut self, key: &str) -> Option<TermId> {
        let hash = hash(key);
        for layer in &*self.base.layers {
            if let Some(place) = layer.find(key, hash) {
                return Some(layer.first + place as u32);
            }
        }
        let place = match self.layer.find(key, hash) {
            Some(place) => place,
            None if !self.layer.has_room_for(1) => return None,
            None => self.layer.push(key, hash),
        };
        Some(self.layer.first + place as u32)
    }

    pub(crate) fn finish(self) -> Dictionary {
        self.base.with_layer(self.layer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_end_at_the_limit() {
        let base = Dictionary {
            layers: Arc::default(),
            len: MAX_TERMS as u32 - 2,
        };
        let mut interner = Interner::new(&base);
        let numbers = ["Ix:a", "Ix:b", "Ix:a", "Ix:c", "Ix:b"].map(|key| interner.intern_key(key));
        let [a, b] = [2, 1].map(|below| Some(MAX_TERMS as u32 - below));
        assert_eq!(numbers, [a, b, a, None, b]);
    }
}
