//! The bytes of a source: plain, or unpacked while they are read.

use crate::format::field::items::frames::{Frames, ZSTANDARD};
use flate2::bufread::DeflateDecoder;
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

/// The beginning of a part of a `zip` archive.
const ZIP: &[u8] = b"PK\x03\x04";

/// How the parts of workbooks are called: these archives are read as a whole.
const WORKBOOKS: &[&[u8]] = &[
    b"[Content_Types].xml",
    b"mimetype",
    b"_rels/",
    b"xl/",
    b"docProps/",
];

/// A source that is read from its beginning to its end.
pub(in crate::format) struct Input<'a> {
    inner: Box<dyn BufRead + 'a>,
    /// How many line feeds were taken.
    lines: u64,
}

impl<'a> Input<'a> {
    /// Opens a file.
    ///
    /// # Errors
    /// Those of the operating system.
    pub(in crate::format) fn open(path: &Path) -> io::Result<Self> {
        let file = File::open(path)?;
        let size = file.metadata()?.len();
        Self::new(BufReader::with_capacity(BLOCK_BYTES, file), size)
    }

    /// Reads bytes that are in memory.
    ///
    /// # Errors
    /// None but those of unpacking.
    pub(in crate::format) fn of(bytes: &'a [u8]) -> io::Result<Self> {
        Self::new(Cursor::new(bytes), bytes.len() as u64)
    }

    fn new(mut packed: impl BufRead + 'a, size: u64) -> io::Result<Self> {
        let left = FREE_BYTES.max(size.saturating_mul(RATIO_MAX));
        let head = packed.fill_buf()?;
        let mut inner: Box<dyn BufRead + 'a> = if head.starts_with(GZIP) {
            bounded(MultiGzDecoder::new(packed), left)
        } else if head.starts_with(ZSTANDARD) {
            bounded(Frames::new(packed)?, left)
        } else if let Some(length) = zip_header(head)? {
            packed.consume(length);
            bounded(OnlyPart(DeflateDecoder::new(packed)), left)
        } else {
            Box::new(packed)
        };
        if inner.fill_buf()?.starts_with(b"\xEF\xBB\xBF") {
            inner.consume(3);
        }
        Ok(Self { inner, lines: 0 })
    }

    /// Returns the line that is read now, from 1.
    pub(in crate::format) fn line(&self) -> u64 {
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

fn bounded<'a>(inner: impl Read + 'a, left: u64) -> Box<dyn BufRead + 'a> {
    let bounded = Bounded { inner, left };
    Box::new(BufReader::with_capacity(BLOCK_BYTES, bounded))
}

/// Returns the length of the header of the first part of an archive; nothing for what is no archive, or a workbook.
///
/// # Errors
/// A part that is packed in an unusual way.
///
/// # Reference
/// PKWARE, *.ZIP File Format Specification* 6.3.10, §4.3.7.
fn zip_header(head: &[u8]) -> io::Result<Option<usize>> {
    const FIXED: usize = 30;
    const DEFLATED: u16 = 8;
    let number = |at: usize| {
        let bytes = head.get(at..at + 2)?;
        Some(u16::from_le_bytes([bytes[0], bytes[1]]))
    };
    let (Some(method), Some(name), Some(extra)) = (number(8), number(26), number(28)) else {
        return Ok(None);
    };
    let called = head
        .get(FIXED..FIXED + usize::from(name))
        .unwrap_or_default();
    let is_workbook = WORKBOOKS.iter().any(|known| called.starts_with(known));
    if !head.starts_with(ZIP) || is_workbook {
        return Ok(None);
    }
    if method != DEFLATED {
        let message = "the archive packs its files in an unusual way: unpack it first";
        return Err(io::Error::new(io::ErrorKind::InvalidData, message));
    }
    Ok(Some(FIXED + usize::from(name) + usize::from(extra)))
}

/// The only part of an archive; a second one is an error at the end of the first.
struct OnlyPart<R>(DeflateDecoder<R>);

impl<R: BufRead> Read for OnlyPart<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.0.read(buffer)?;
        if length > 0 || buffer.is_empty() {
            return Ok(length);
        }
        // What follows is the size of the part, if anything, and the next part or the directory.
        let rest = self.0.get_mut().fill_buf()?;
        let place = |mark: &[u8]| memchr::memmem::find(rest, mark);
        match (place(ZIP), place(b"PK\x01\x02")) {
            (Some(part), directory) if directory.is_none_or(|at| part < at) => Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "the archive has more than one file: unpack it, and give each of them",
            )),
            _ => Ok(0),
        }
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
