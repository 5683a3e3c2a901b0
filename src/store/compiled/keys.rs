//! The keys of many terms at once, in one text.

use crate::store::compiled::kind::{Kind, date_text};
use crate::store::compiled::pages::Pages;
use crate::store::compiled::terms::{Section, Terms};
use crate::store::compiled::text::{BLOCK, Block, TextSection};
use crate::store::dictionary::TermId;
use crate::store::error::StoreError;

/// Keys one behind the other, as [`term_key`](crate::store::term_key) has them.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    text: String,
    ends: Vec<u32>,
}

impl Keys {
    /// The key at a place; nothing where there is no term.
    pub(crate) fn get(&self, place: usize) -> Option<&str> {
        let start = match place.checked_sub(1) {
            Some(before) => self.ends[before] as usize,
            None => 0,
        };
        let key = &self.text[start..self.ends[place] as usize];
        (!key.is_empty()).then_some(key)
    }

    /// Puts other keys in the place of these; their text is checked once they are there.
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

/// Keys that are being put together.
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

impl Terms {
    /// Adds the keys of some terms of the file; what `other` adds stands for numbers beyond. O(1) for each.
    ///
    /// The blocks of all terms are found before any of them is read, so that the memory is waited for at once, and
    /// neighbours in a block are read in one go.
    pub(crate) fn add_keys(
        &self,
        pages: &Pages,
        ids: &[TermId],
        filling: &mut Filling,
        mut other: impl FnMut(TermId, &mut Filling) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut blocks = Vec::with_capacity(ids.len());
        for id in ids {
            blocks.push(match self.text_place(*id) {
                Some((section, place)) => section.block(pages, place / BLOCK)?,
                None => &[],
            });
        }
        let first_bytes = blocks.iter().filter_map(|block| block.first());
        std::hint::black_box(first_bytes.fold(0, |all, byte| all ^ byte));
        let mut last = LastBlock::default();
        for (id, block) in ids.iter().zip(blocks) {
            if *id >= self.len() {
                other(*id, filling)?;
                continue;
            }
            let kind = self.kind(*id);
            let place = (*id - self.range(kind).start) as usize;
            if let Some(letter) = kind.letter() {
                // Letters of keys are ASCII.
                filling.bytes.push(letter as u8);
            }
            match self.section(kind) {
                Section::Text(_) => {
                    let before = filling.bytes.len();
                    let text = last.read(block, place as u32 % BLOCK, &mut filling.bytes);
                    if text.is_none() || kind == Kind::Other && filling.bytes.len() == before {
                        return Err(pages.damaged("the text of a term cannot be read"));
                    }
                }
                Section::Integers(start) => {
                    let value: &[i64] = pages.column(start.saturating_add(place * 8), 1)?;
                    let mut digits = itoa::Buffer::new();
                    filling
                        .bytes
                        .extend_from_slice(digits.format(value[0]).as_bytes());
                }
                Section::Dates(start) => {
                    let days: &[i32] = pages.column(start.saturating_add(place * 4), 1)?;
                    let text = date_text(days[0]).ok_or_else(|| pages.damaged("a date is none"))?;
                    filling.bytes.extend_from_slice(&text);
                }
            }
            filling.end();
        }
        Ok(())
    }

    /// Where a term of the file is text, its section and its place there.
    fn text_place(&self, id: TermId) -> Option<(TextSection, u32)> {
        if id >= self.len() {
            return None;
        }
        let kind = self.kind(id);
        match self.section(kind) {
            Section::Text(section) => Some((section, id - self.range(kind).start)),
            _ => None,
        }
    }
}

/// The block that was read last, and how far.
#[derive(Default)]
struct LastBlock<'a> {
    bytes: &'a [u8],
    block: Option<Block<'a>>,
    /// Which text of the block comes next.
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
