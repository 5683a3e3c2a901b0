//! Reads the keys of many terms at once, into one text.

use crate::store::compiled::kind::{Kind, date_text};
use crate::store::compiled::pages::Pages;
use crate::store::compiled::terms::{Section, Terms};
use crate::store::compiled::text::{BLOCK, Block};
use crate::store::dictionary::TermId;
use crate::store::error::StoreError;

/// Concatenated keys, as defined in [`term_key`](crate::store::term_key).
#[derive(Debug, Default)]
pub(crate) struct Keys {
    text: String,
    ends: Vec<u32>,
}

impl Keys {
    /// Returns the key at a place; `None` where there is no term.
    pub(crate) fn get(&self, place: usize) -> Option<&str> {
        let start = match place.checked_sub(1) {
            Some(before) => self.ends[before] as usize,
            None => 0,
        };
        let key = &self.text[start..self.ends[place] as usize];
        (!key.is_empty()).then_some(key)
    }

    /// Replaces the keys; their text is validated afterwards, in one pass.
    pub(crate) fn refill(
        &mut self,
        pages: &Pages,
        fill: impl FnOnce(&mut Filling) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut filling = Filling {
            bytes: std::mem::take(&mut self.text).into_bytes(),
            ends: std::mem::take(&mut self.ends),
        };
        filling.bytes.clear();
        filling.ends.clear();
        fill(&mut filling)?;
        let wrong = || pages.damaged("the text of a term cannot be read");
        self.text = String::from_utf8(filling.bytes).map_err(|_| wrong())?;
        self.ends = filling.ends;
        let is_boundary = |end: &u32| self.text.is_char_boundary(*end as usize);
        if self.text.len() > u32::MAX as usize || !self.ends.iter().all(is_boundary) {
            return Err(wrong());
        }
        Ok(())
    }
}

/// Keys under construction.
pub(crate) struct Filling {
    bytes: Vec<u8>,
    ends: Vec<u32>,
}

impl Filling {
    /// Adds a key; an empty one stands for no term.
    pub(crate) fn push(&mut self, key: &str) {
        self.bytes.extend_from_slice(key.as_bytes());
        self.end();
    }

    fn end(&mut self) {
        self.ends.push(self.bytes.len() as u32);
    }
}

/// The location of a term, or the term itself.
#[derive(Clone, Copy)]
enum Place<'a> {
    /// This text of a block in the section of a kind.
    Text(Kind, &'a [u8], u32),
    Integer(i64),
    Date(i32),
    /// A term that the file lacks.
    Beyond,
}

impl Terms {
    /// Adds the keys of some terms of the file; what `other` adds stands for numbers beyond. O(1) for each.
    ///
    /// All terms are found before any of them is read, so that the memory is waited for at once, and neighbours in a
    /// block are read in one go.
    pub(crate) fn add_keys(
        &self,
        pages: &Pages,
        ids: &[TermId],
        filling: &mut Filling,
        mut other: impl FnMut(TermId, &mut Filling) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let places = self.places(pages, ids)?;
        let first_bytes = places.iter().map(|place| match place {
            Place::Text(_, block, _) => block.first().copied().unwrap_or_default(),
            _ => 0,
        });
        std::hint::black_box(first_bytes.fold(0, |all, byte| all ^ byte));
        let mut last = LastBlock::default();
        let mut digits = itoa::Buffer::new();
        for (id, place) in ids.iter().zip(places) {
            let bytes = &mut filling.bytes;
            match place {
                Place::Text(kind, block, step) => {
                    // Letters of keys are ASCII.
                    bytes.extend(kind.letter().map(|letter| letter as u8));
                    let before = bytes.len();
                    let text = last.read(block, step, bytes);
                    if text.is_none() || kind == Kind::Other && bytes.len() == before {
                        return Err(pages.damaged("the text of a term cannot be read"));
                    }
                }
                Place::Integer(value) => {
                    bytes.extend(Kind::Integer.letter().map(|letter| letter as u8));
                    bytes.extend_from_slice(digits.format(value).as_bytes());
                }
                Place::Date(days) => {
                    bytes.extend(Kind::Date.letter().map(|letter| letter as u8));
                    let text = date_text(days).ok_or_else(|| pages.damaged("a date is none"))?;
                    bytes.extend_from_slice(&text);
                }
                Place::Beyond => {
                    other(*id, filling)?;
                    continue;
                }
            }
            filling.end();
        }
        Ok(())
    }

    fn places<'a>(&self, pages: &'a Pages, ids: &[TermId]) -> Result<Vec<Place<'a>>, StoreError> {
        let mut places = Vec::with_capacity(ids.len());
        // Columns mostly have terms of one kind.
        let (mut kind, mut range) = (Kind::Blank, self.range(Kind::Blank));
        for id in ids {
            if !range.contains(id) {
                if *id >= self.len() {
                    places.push(Place::Beyond);
                    continue;
                }
                kind = self.kind(*id);
                range = self.range(kind);
            }
            let place = id - range.start;
            places.push(match self.section(kind) {
                Section::Text(section) => {
                    let block = section.block(pages, place / BLOCK)?;
                    Place::Text(kind, block, place % BLOCK)
                }
                Section::Integers(start) => {
                    let at = start.saturating_add(place as usize * size_of::<i64>());
                    Place::Integer(pages.column(at, 1)?[0])
                }
                Section::Dates(start) => {
                    let at = start.saturating_add(place as usize * size_of::<i32>());
                    Place::Date(pages.column(at, 1)?[0])
                }
            });
        }
        Ok(places)
    }
}

/// The block read last, and the position in it.
#[derive(Default)]
struct LastBlock<'a> {
    bytes: &'a [u8],
    block: Option<Block<'a>>,
    /// The next text of the block.
    next: u32,
}

impl<'a> LastBlock<'a> {
    /// Adds a text of a block.
    fn read(&mut self, bytes: &'a [u8], wanted: u32, out: &mut Vec<u8>) -> Option<()> {
        let is_same = std::ptr::eq(self.bytes, bytes) && wanted >= self.next;
        if !is_same || self.block.is_none() {
            (self.bytes, self.block, self.next) = (bytes, Some(Block::open(bytes)?), 1);
        }
        let block = self.block.as_mut()?;
        if wanted == 0 {
            out.extend_from_slice(block.head);
            return Some(());
        }
        while self.next < wanted {
            block.next()?;
            self.next += 1;
        }
        let (shared, rest) = block.next()?;
        self.next += 1;
        out.extend_from_slice(&block.head[..shared]);
        out.extend_from_slice(rest);
        Some(())
    }
}
