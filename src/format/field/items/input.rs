//! The bytes of a source: plain, or unpacked while they are read.

use flate2::read::MultiGzDecoder;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::Path;

/// How much is read at once.
const BLOCK_BYTES: usize = 1 << 16;

/// How many times its own size a packed source may have, once it is larger than [`FREE_BYTES`]. Text of these sources
/// packs to a tenth or a thirtieth.
const RATIO_MAX: u64 = 300;

/// How large anything may become when it is unpacked.
const FREE_BYTES: u64 = 1 << 30;

/// The beginning of a file that `gzip` packed.
const GZIP: &[u8] = &[0x1f, 0x8b];

/// A source that is read from its beginning to its end.
pub(in crate::format::field) struct Input<'a> {
    inner: Box<dyn BufRead + 'a>,
    /// How many line feeds were taken.
    lines: u64,
}

impl<'a> Input<'a> {
    /// Opens a file.
    ///
    /// # Errors
    /// Those of the operating system.
    pub(in crate::format::field) fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let size = file.metadata()?.len();
        Self::new(BufReader::with_capacity(BLOCK_BYTES, file), size)
    }

    /// Reads bytes that are in memory.
    ///
    /// # Errors
    /// None but those of unpacking.
    pub(in crate::format::field) fn of(bytes: &'a [u8]) -> io::Result<Self> {
        Self::new(Cursor::new(bytes), bytes.len() as u64)
    }

    fn new(mut packed: impl BufRead + 'a, size: u64) -> io::Result<Self> {
        let is_packed = packed.fill_buf()?.starts_with(GZIP);
        let mut inner: Box<dyn BufRead + 'a> = match is_packed {
            true => {
                let plain = Bounded {
                    inner: MultiGzDecoder::new(packed),
                    left: FREE_BYTES.max(size.saturating_mul(RATIO_MAX)),
                };
                Box::new(BufReader::with_capacity(BLOCK_BYTES, plain))
            }
            false => Box::new(packed),
        };
        if inner.fill_buf()?.starts_with(b"\xEF\xBB\xBF") {
            inner.consume(3);
        }
        Ok(Self { inner, lines: 0 })
    }

    /// Returns the line that is read now, from 1.
    pub(in crate::format::field) fn line(&self) -> u64 {
        self.lines + 1
    }
}

impl Read for Input<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(buffer)?;
        self.lines += memchr::memchr_iter(b'\n', &buffer[..length]).count() as u64;
        Ok(length)
    }
}

impl BufRead for Input<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        // The bytes are there already: nothing is read for this.
        if let Ok(bytes) = self.inner.fill_buf() {
            let taken = &bytes[..amount.min(bytes.len())];
            self.lines += memchr::memchr_iter(b'\n', taken).count() as u64;
        }
        self.inner.consume(amount);
    }
}

/// Refuses what unpacks to far more than any source of the field.
struct Bounded<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(buffer)?;
        match self.left.checked_sub(length as u64) {
            Some(left) => self.left = left,
            None => {
                let message = format!("it unpacks to more than {RATIO_MAX} times its size");
                return Err(io::Error::new(io::ErrorKind::InvalidData, message));
            }
        }
        Ok(length)
    }
}
