//! Writing a compiled file: bytes in pages, their checksums, and what stands at its end.

use crate::store::compiled::pages::{
    BYTE_ORDER, MAGIC, PAGE_BYTES, TRAILER_BYTES, VERSION, checksum,
};
use std::io::{self, Write};

/// Writes pages and their checksums.
pub(super) struct Output<'a> {
    out: &'a mut (dyn Write + Send),
    page: Vec<u8>,
    written: usize,
    sums: Vec<u8>,
}

impl<'a> Output<'a> {
    /// Begins with the header.
    pub(super) fn start(out: &'a mut (dyn Write + Send)) -> io::Result<Self> {
        let mut output = Self {
            out,
            page: Vec::with_capacity(PAGE_BYTES),
            written: 0,
            sums: Vec::new(),
        };
        output.bytes(&MAGIC)?;
        output.bytes(&VERSION.to_le_bytes())?;
        output.bytes(&BYTE_ORDER.to_le_bytes())?;
        Ok(output)
    }

    fn bytes(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let (now, later) = bytes.split_at(bytes.len().min(PAGE_BYTES - self.page.len()));
            self.page.extend_from_slice(now);
            if self.page.len() == PAGE_BYTES {
                self.end_page()?;
            }
            bytes = later;
        }
        Ok(())
    }

    fn end_page(&mut self) -> io::Result<()> {
        self.out.write_all(&self.page)?;
        self.sums
            .extend_from_slice(&checksum(&self.page).to_le_bytes());
        self.written += self.page.len();
        self.page.clear();
        Ok(())
    }

    /// Writes numbers; returns the offset where they start.
    pub(super) fn column<T: bytemuck::NoUninit>(&mut self, numbers: &[T]) -> io::Result<usize> {
        let start = self.written + self.page.len();
        let bytes: &[u8] = bytemuck::cast_slice(numbers);
        self.bytes(bytes)?;
        self.bytes(&[0; 8][..bytes.len().next_multiple_of(8) - bytes.len()])?;
        Ok(start)
    }

    /// Skips pages of zeros that are not written: the hole of a file in a test.
    #[cfg(test)]
    pub(super) fn skip_pages(&mut self, count: usize) -> io::Result<()> {
        let zeros = [0; PAGE_BYTES];
        let rest = PAGE_BYTES - self.page.len();
        self.bytes(&zeros[..rest])?;
        let sum = checksum(&zeros).to_le_bytes();
        self.sums.extend(std::iter::repeat_n(sum, count).flatten());
        self.written += count * PAGE_BYTES;
        Ok(())
    }

    pub(super) fn finish(mut self, directory: &[u8]) -> io::Result<()> {
        if !self.page.is_empty() {
            self.end_page()?;
        }
        let (sums, start) = (std::mem::take(&mut self.sums), self.written);
        let mut trailer = Vec::new();
        for number in [
            start,
            sums.len(),
            start + sums.len(),
            directory.len(),
            start + sums.len() + directory.len() + TRAILER_BYTES,
        ] {
            trailer.extend_from_slice(&(number as u64).to_le_bytes());
        }
        trailer.extend_from_slice(&checksum(&sums).to_le_bytes());
        trailer.extend_from_slice(&checksum(directory).to_le_bytes());
        trailer.extend_from_slice(&checksum(&trailer).to_le_bytes());
        self.out.write_all(&sums)?;
        self.out.write_all(directory)?;
        self.out.write_all(&trailer)
    }
}
