//! Front-coded blocks of sixteen sorted texts: the first in full, the others as the shared length and the rest.

use crate::store::compiled::kind::{Kind, text_order};
use crate::store::compiled::pages::Pages;
use crate::store::error::StoreError;
use std::cmp::Ordering;

/// The number of texts in a block.
pub(crate) const BLOCK: u32 = 16;

/// The location of the texts of one kind in the file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TextSection {
    pub(crate) kind: Kind,
    pub(crate) count: u32,
    /// The offset of the starts of the blocks: a number for each block and one more, relative to `bytes`.
    pub(crate) index: usize,
    /// The offset of the blocks.
    pub(crate) bytes: usize,
}

impl TextSection {
    fn blocks(&self) -> u32 {
        self.count.div_ceil(BLOCK)
    }

    /// Returns the bytes of a block.
    pub(crate) fn block<'a>(&self, pages: &'a Pages, block: u32) -> Result<&'a [u8], StoreError> {
        let ends: &[u64] = pages.column(self.index.saturating_add(block as usize * 8), 2)?;
        let len = ends[1].checked_sub(ends[0]);
        match (usize::try_from(ends[0]), len.map(usize::try_from)) {
            (Ok(start), Some(Ok(len))) => pages.bytes(self.bytes.saturating_add(start), len),
            _ => Err(wrong(pages)),
        }
    }

    /// Returns the text at a place below `count`, in two parts. O(1).
    pub(crate) fn get<'a>(
        &self,
        pages: &'a Pages,
        place: u32,
    ) -> Result<(&'a str, &'a str), StoreError> {
        let mut block =
            Block::open(self.block(pages, place / BLOCK)?).ok_or_else(|| wrong(pages))?;
        let steps = place % BLOCK;
        if steps == 0 {
            return Ok((text(pages, block.head)?, ""));
        }
        for _ in 1..steps {
            block.next().ok_or_else(|| wrong(pages))?;
        }
        let (shared, rest) = block.next().ok_or_else(|| wrong(pages))?;
        Ok((text(pages, &block.head[..shared])?, text(pages, rest)?))
    }

    /// Returns the first place whose text does not fulfil a condition that the texts before it do. O(log n).
    pub(crate) fn partition(
        &self,
        pages: &Pages,
        mut is_before: impl FnMut(&str) -> bool,
    ) -> Result<u32, StoreError> {
        // The first block whose head is not before: the place is in the block in front of it.
        let (mut low, mut high) = (0, self.blocks());
        while low < high {
            let middle = low + (high - low) / 2;
            let block = Block::open(self.block(pages, middle)?).ok_or_else(|| wrong(pages))?;
            if is_before(text(pages, block.head)?) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        let Some(block) = low.checked_sub(1) else {
            return Ok(0);
        };
        let first = block * BLOCK;
        let len = BLOCK.min(self.count - first);
        let mut block = Block::open(self.block(pages, block)?).ok_or_else(|| wrong(pages))?;
        let mut buffer = String::new();
        for step in 1..len {
            let (shared, rest) = block.next().ok_or_else(|| wrong(pages))?;
            buffer.clear();
            buffer.push_str(text(pages, &block.head[..shared])?);
            buffer.push_str(text(pages, rest)?);
            if !is_before(&buffer) {
                return Ok(first + step);
            }
        }
        Ok(first + len)
    }

    /// Returns the place of a text. O(log n).
    pub(crate) fn find(&self, pages: &Pages, wanted: &str) -> Result<Option<u32>, StoreError> {
        let is_before = |text: &str| text_order(self.kind, text, wanted) == Ordering::Less;
        let place = self.partition(pages, is_before)?;
        if place >= self.count {
            return Ok(None);
        }
        let (shared, rest) = self.get(pages, place)?;
        let found = wanted.strip_prefix(shared) == Some(rest);
        Ok(found.then_some(place))
    }

    /// Checks that all texts can be read and are in order.
    pub(crate) fn verify(&self, pages: &Pages) -> Result<(), StoreError> {
        let mut before: Option<String> = None;
        for place in 0..self.count {
            let (shared, rest) = self.get(pages, place)?;
            let text = format!("{shared}{rest}");
            if let Some(before) = before
                && text_order(self.kind, &before, &text) != Ordering::Less
            {
                return Err(pages.damaged("terms are not in order"));
            }
            before = Some(text);
        }
        Ok(())
    }
}

/// A block being read.
pub(crate) struct Block<'a> {
    pub(crate) head: &'a [u8],
    rest: &'a [u8],
}

impl<'a> Block<'a> {
    pub(crate) fn open(mut bytes: &'a [u8]) -> Option<Self> {
        let len = read_length(&mut bytes)?;
        let (head, rest) = bytes.split_at_checked(len)?;
        Some(Self { head, rest })
    }

    /// Returns how much the next text shares with the head, and its rest.
    pub(crate) fn next(&mut self) -> Option<(usize, &'a [u8])> {
        let shared = read_length(&mut self.rest)?;
        let len = read_length(&mut self.rest)?;
        let (text, rest) = self.rest.split_at_checked(len)?;
        self.rest = rest;
        (shared <= self.head.len()).then_some((shared, text))
    }
}

/// Reads a length of 7 bits in a byte, the lowest first.
fn read_length(bytes: &mut &[u8]) -> Option<usize> {
    let mut length = 0u64;
    for shift in (0..63).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        length |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return usize::try_from(length).ok();
        }
    }
    None
}

fn write_length(mut length: usize, bytes: &mut Vec<u8>) {
    while length >= 0x80 {
        bytes.push(length as u8 | 0x80);
        length >>= 7;
    }
    bytes.push(length as u8);
}

fn text<'a>(pages: &Pages, bytes: &'a [u8]) -> Result<&'a str, StoreError> {
    std::str::from_utf8(bytes).map_err(|_| wrong(pages))
}

#[cold]
fn wrong(pages: &Pages) -> StoreError {
    pages.damaged("the text of a term cannot be read")
}

/// Puts sorted texts into blocks.
#[derive(Debug, Default)]
pub(crate) struct TextBuilder {
    pub(crate) count: u32,
    /// The start of each block.
    pub(crate) index: Vec<u64>,
    pub(crate) bytes: Vec<u8>,
    head: String,
}

impl TextBuilder {
    /// Adds the next text.
    pub(crate) fn push(&mut self, text: &str) {
        if self.count.is_multiple_of(BLOCK) {
            self.index.push(self.bytes.len() as u64);
            text.clone_into(&mut self.head);
            write_length(text.len(), &mut self.bytes);
            self.bytes.extend_from_slice(text.as_bytes());
        } else {
            let pairs = self.head.bytes().zip(text.bytes());
            let mut shared = pairs.take_while(|(left, right)| left == right).count();
            while !text.is_char_boundary(shared) {
                shared -= 1;
            }
            write_length(shared, &mut self.bytes);
            write_length(text.len() - shared, &mut self.bytes);
            self.bytes.extend_from_slice(&text.as_bytes()[shared..]);
        }
        self.count += 1;
    }

    /// Adds the texts of another, unfinished writer; this one has only whole blocks so far.
    pub(crate) fn append(&mut self, next: &Self) {
        debug_assert!(self.count.is_multiple_of(BLOCK), "a block was not full");
        let start = self.bytes.len() as u64;
        self.index.extend(next.index.iter().map(|at| start + at));
        self.bytes.extend_from_slice(&next.bytes);
        self.count += next.count;
    }

    /// Ends the index.
    pub(crate) fn finish(&mut self) {
        self.index.push(self.bytes.len() as u64);
    }
}
