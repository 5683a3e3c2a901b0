//! The bytes of a compiled file, checked before they are used.
//!
//! The file is divided into pages of 64 KiB, each with a checksum (XXH3, 64 bits). The first access to a page compares
//! its checksum, later ones look at one bit. So a damaged file is found when its damage would matter, and opening a
//! file touches next to nothing of it.

use crate::store::error::StoreError;
use bytemuck::AnyBitPattern;
use memmap2::Mmap;
use std::fs::File;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use twox_hash::XxHash3_64;

/// The number of bytes that share a checksum.
pub(crate) const PAGE_BYTES: usize = 1 << 16;
/// The first bytes of a compiled file.
pub(crate) const MAGIC: [u8; 8] = *b"\x89PMAP\r\n\n";
/// The version of the layout.
pub(crate) const VERSION: u32 = 1;
/// Tells the order of bytes.
pub(crate) const BYTE_ORDER: u32 = 0x0403_0201;
/// The bytes of the trailer: eight numbers.
pub(crate) const TRAILER_BYTES: usize = 64;

pub(crate) fn checksum(bytes: &[u8]) -> u64 {
    XxHash3_64::oneshot(bytes)
}

#[derive(Debug)]
enum Bytes {
    Mapped(Mmap),
    /// In words, so that columns are aligned as in a mapping; and the length.
    Owned(Box<[u64]>, usize),
}

/// The checked bytes of one file.
#[derive(Debug)]
pub(crate) struct Pages {
    bytes: Bytes,
    path: PathBuf,
    /// The offset of the checksums, which is the end of the pages.
    sums: Range<usize>,
    directory: Range<usize>,
    /// One bit for each page whose checksum was verified.
    checked: Box<[AtomicU64]>,
}

impl Pages {
    pub(crate) fn map(path: &Path) -> Result<Self, StoreError> {
        let failed = |error| StoreError::io("open the compiled map", path, error);
        let file = File::open(path).map_err(failed)?;
        if !file.metadata().map_err(failed)?.is_file() {
            return Err(failed(std::io::ErrorKind::IsADirectory.into()));
        }
        // SAFETY: the mapping is read-only and no file that this library wrote is ever changed in place: a new one
        // takes its name. That others do not cut it short is a condition of `CompiledStore::open`, which says what
        // happens then. Bytes that change under us are numbers like any others: all of them are checked where used.
        #[allow(unsafe_code)]
        let map = unsafe { Mmap::map(&file) }.map_err(failed)?;
        Self::of(Bytes::Mapped(map), path.to_owned())
    }

    pub(crate) fn owned(bytes: &[u8]) -> Result<Self, StoreError> {
        let mut words = vec![0u64; bytes.len().div_ceil(8)].into_boxed_slice();
        bytemuck::cast_slice_mut::<u64, u8>(&mut words)[..bytes.len()].copy_from_slice(bytes);
        Self::of(Bytes::Owned(words, bytes.len()), PathBuf::from("(memory)"))
    }

    fn of(bytes: Bytes, path: PathBuf) -> Result<Self, StoreError> {
        let mut pages = Self {
            bytes,
            path,
            sums: 0..0,
            directory: 0..0,
            checked: Box::default(),
        };
        pages.read_frame()?;
        Ok(pages)
    }

    /// Reads the header and the trailer, and checks all that is not in a page.
    fn read_frame(&mut self) -> Result<(), StoreError> {
        let all = self.all();
        if all.is_empty() {
            return Err(self.damaged("the file is empty"));
        }
        if !all.starts_with(&MAGIC) {
            return Err(self.damaged("it does not start as a compiled map does"));
        }
        let number = |at: usize| Some(u32::from_le_bytes(all.get(at..at + 4)?.try_into().ok()?));
        if number(12).map(u32::swap_bytes) == Some(BYTE_ORDER) || cfg!(target_endian = "big") {
            return Err(self.damaged("its bytes are in the order of another kind of processor"));
        }
        match number(8) {
            Some(VERSION) => {}
            Some(other) => {
                return Err(self.damaged(&format!(
                    "it has version {other} of the layout, this program reads version {VERSION}"
                )));
            }
            None => return Err(self.damaged("it is cut short")),
        }
        let Some(start) = all.len().checked_sub(TRAILER_BYTES) else {
            return Err(self.damaged("it is cut short"));
        };
        let words: Vec<u64> = all[start..]
            .chunks_exact(8)
            .map(|word| word.try_into().map_or(0, u64::from_le_bytes))
            .collect();
        let [
            sums,
            sums_len,
            directory,
            directory_len,
            len,
            sums_hash,
            directory_hash,
            hash,
        ] = words[..]
        else {
            return Err(self.damaged("it is cut short"));
        };
        if hash != checksum(&all[start..start + TRAILER_BYTES - 8]) {
            return Err(self.damaged("it is cut short, or its end was changed"));
        }
        let range = |start: u64, len: u64| {
            let start = usize::try_from(start).ok()?;
            let end = start.checked_add(usize::try_from(len).ok()?)?;
            (end <= all.len()).then_some(start..end)
        };
        let (Some(sums), Some(directory)) =
            (range(sums, sums_len), range(directory, directory_len))
        else {
            return Err(self.damaged("its end points outside of the file"));
        };
        let pages = sums.start.div_ceil(PAGE_BYTES);
        if len != all.len() as u64 || sums.len() != pages * 8 || sums.start % 8 != 0 {
            return Err(self.damaged("its length is not what its end says"));
        }
        if checksum(&all[sums.clone()]) != sums_hash
            || checksum(&all[directory.clone()]) != directory_hash
        {
            return Err(self.damaged("its directory was changed"));
        }
        self.checked = (0..pages.div_ceil(64)).map(|_| AtomicU64::new(0)).collect();
        self.sums = sums;
        self.directory = directory;
        Ok(())
    }

    fn all(&self) -> &[u8] {
        match &self.bytes {
            Bytes::Mapped(map) => map,
            Bytes::Owned(words, len) => &bytemuck::cast_slice::<u64, u8>(words)[..*len],
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.all().len()
    }

    /// Returns the bytes of the directory, which were checked.
    pub(crate) fn directory(&self) -> &[u8] {
        &self.all()[self.directory.clone()]
    }

    /// Returns bytes whose checksums are right.
    #[inline]
    pub(crate) fn bytes(&self, start: usize, len: usize) -> Result<&[u8], StoreError> {
        let end = match start.checked_add(len) {
            Some(end) if end <= self.sums.start => end,
            _ => return Err(self.damaged("a part of it lies outside of the file")),
        };
        if len > 0 {
            for page in start / PAGE_BYTES..=(end - 1) / PAGE_BYTES {
                if self.checked[page / 64].load(Ordering::Relaxed) & 1 << (page % 64) == 0 {
                    self.check(page)?;
                }
            }
        }
        Ok(&self.all()[start..end])
    }

    /// Returns a column of numbers, checked: `count` of them from the byte `start` on.
    #[inline]
    pub(crate) fn column<T: AnyBitPattern>(
        &self,
        start: usize,
        count: usize,
    ) -> Result<&[T], StoreError> {
        let len = count.saturating_mul(size_of::<T>());
        let bytes = self.bytes(start, len)?;
        bytemuck::try_cast_slice(bytes).map_err(|_| self.damaged("a column of it is not aligned"))
    }

    /// Returns a column that was verified before: no page of it is checked again.
    #[inline]
    pub(crate) fn known_column<T: AnyBitPattern>(
        &self,
        start: usize,
        count: usize,
    ) -> Result<&[T], StoreError> {
        let end = start.saturating_add(count.saturating_mul(size_of::<T>()));
        let bytes = self.all().get(start..end).unwrap_or_default();
        bytemuck::try_cast_slice(bytes).map_err(|_| self.damaged("a column of it is not aligned"))
    }

    #[cold]
    fn check(&self, page: usize) -> Result<(), StoreError> {
        let all = self.all();
        let start = page * PAGE_BYTES;
        let bytes = &all[start..(start + PAGE_BYTES).min(self.sums.start)];
        let place = self.sums.start + page * 8;
        let expected = all[place..place + 8]
            .try_into()
            .map_or(0, u64::from_le_bytes);
        if checksum(bytes) != expected {
            return Err(self.damaged(&format!("its bytes from {start} on were changed")));
        }
        self.checked[page / 64].fetch_or(1 << (page % 64), Ordering::Relaxed);
        Ok(())
    }

    /// Checks all pages.
    pub(crate) fn verify(&self) -> Result<(), StoreError> {
        self.bytes(0, self.sums.start).map(|_| ())
    }

    #[cold]
    pub(crate) fn damaged(&self, what: &str) -> StoreError {
        StoreError::Damaged {
            path: self.path.clone(),
            what: what.to_owned(),
        }
    }
}
