//! Many ids, each held once and known by a number.

use std::hash::{BuildHasher, RandomState};

/// Ids in their short form, numbered in the order in which they first occur. Memory: the text, 8 bytes per id, and 11 to
/// 22 while it grows.
#[derive(Debug, Default)]
pub(super) struct Ids {
    pub(super) text: String,
    pub(super) ends: Vec<u64>,
    /// Half of the hash and the number plus one; zero where nothing is. At most three quarters are taken.
    slots: Vec<u64>,
    /// Its keys are random, so that no file can make the slots collide; what is read does not depend on them.
    pub(super) hasher: RandomState,
}

impl Ids {
    /// The number of an id, whose hash is given so that it can be computed on another thread.
    ///
    /// Nothing when there are too many ids for 32 bits.
    pub(super) fn number(&mut self, id: &str, hash: u64) -> Option<u32> {
        if (self.ends.len() + 1) * 4 > self.slots.len() * 3 {
            self.grow();
        }
        let (mask, tag) = (self.slots.len() - 1, tag(hash));
        let mut at = hash as usize & mask;
        loop {
            let slot = self.slots[at];
            if slot == 0 {
                let number = u32::try_from(self.ends.len()).ok()?;
                self.slots[at] = tag | u64::from(number.checked_add(1)?);
                self.text.push_str(id);
                self.ends.push(self.text.len() as u64);
                return Some(number);
            }
            if slot & TAG == tag {
                let number = slot as u32 - 1;
                if self.get(number) == id {
                    return Some(number);
                }
            }
            at = (at + 1) & mask;
        }
    }

    pub(super) fn get(&self, number: u32) -> &str {
        get(&self.text, &self.ends, number)
    }

    fn grow(&mut self) {
        let size = (self.slots.len() * 2).max(1 << 10);
        let mut slots = vec![0; size];
        for number in 0..self.ends.len() as u32 {
            let hash = self.hasher.hash_one(self.get(number));
            let mut at = hash as usize & (size - 1);
            while slots[at] != 0 {
                at = (at + 1) & (size - 1);
            }
            slots[at] = tag(hash) | u64::from(number + 1);
        }
        self.slots = slots;
    }
}

/// The bits of a slot that are from the hash; its place comes from the lower ones.
const TAG: u64 = !(u32::MAX as u64);

fn tag(hash: u64) -> u64 {
    hash & TAG
}

/// The text of a number.
pub(super) fn get<'a>(text: &'a str, ends: &[u64], number: u32) -> &'a str {
    let start = match number {
        0 => 0,
        _ => ends[number as usize - 1],
    };
    &text[start as usize..ends[number as usize] as usize]
}
