//! Large N-Triples and N-Quads, in parts and without a copy of the text in memory.

use crate::format::Format;
use crate::format::lines::{self, Line};
use crate::format::rdf::BlankNodeLabels;
use crate::store::error::StoreError;
use crate::store::files;
use crate::store::intern::{self, COUNT_STEP, Part, PartBuilder};
use oxigraph::io::RdfParser;
use rayon::prelude::*;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::Path;

/// The size of the buffer of a part in bytes, unless a line is longer.
const BLOCK_BYTES: usize = 1 << 20;

/// Reads a large text of lines in memory, in parts.
pub(crate) fn read_slice_parts(
    bytes: &[u8],
    format: Format,
    source_name: &str,
    parts: usize,
    count: &(impl Fn(u64) + Sync),
) -> Result<Vec<Part>, StoreError> {
    let mut starts = vec![0];
    for part in 1..parts {
        let from = (bytes.len() / parts * part).max(starts[part - 1]);
        let line_feed = memchr::memchr(b'\n', &bytes[from..]);
        starts.push(line_feed.map_or(bytes.len(), |place| from + place + 1));
    }
    let read = read_parts(
        &ranges(&starts, bytes.len()),
        source_name,
        &|range, reader| {
            let mut reader = LineReader::new(format, reader, count);
            Ok(reader.read(&bytes[range])?.then(|| reader.finish()))
        },
    )?;
    match read {
        Some(parts) => Ok(parts),
        // Reading again from the start tells the line of the error in the whole text.
        None => Ok(vec![intern::read_whole(
            bytes,
            format,
            source_name,
            &|_| {},
        )?]),
    }
}

/// Reads a large file of lines, in parts, block by block.
pub(crate) fn read_file_parts(
    path: &Path,
    format: Format,
    source_name: &str,
    parts: usize,
    count: &(impl Fn(u64) + Sync),
) -> Result<Vec<Part>, StoreError> {
    let failed = |error| StoreError::io("read the file", path, error);
    let (starts, size) = file_starts(path, parts).map_err(failed)?;
    let read = read_parts(&ranges(&starts, size), source_name, &|range, labels| {
        let mut reader = LineReader::new(format, labels, count);
        let mut file = File::open(path).map_err(failed)?;
        file.seek(SeekFrom::Start(range.start as u64))
            .map_err(failed)?;
        let mut blocks = Blocks::new(file.take(range.len() as u64));
        while let Some(block) = blocks.next().map_err(failed)? {
            if !reader.read(block)? {
                return Ok(None);
            }
        }
        Ok(Some(reader.finish()))
    })?;
    match read {
        Some(parts) => Ok(parts),
        // Reading again from the start tells the line of the error in the whole text.
        None => Ok(vec![intern::read_whole(
            &files::read(path)?,
            format,
            source_name,
            &|_| {},
        )?]),
    }
}

fn ranges(starts: &[usize], end: usize) -> Vec<Range<usize>> {
    let ends = starts[1..].iter().chain([&end]);
    starts
        .iter()
        .zip(ends)
        .map(|(start, end)| *start..*end)
        .collect()
}

/// Returns where each part of a file starts, after a line feed, and the size of the file.
fn file_starts(path: &Path, parts: usize) -> std::io::Result<(Vec<usize>, usize)> {
    let mut file = File::open(path)?;
    let size = file.metadata()?.len() as usize;
    let mut starts = vec![0];
    let mut buffer = vec![0; 4096];
    for part in 1..parts {
        let mut place = (size / parts * part).max(starts[part - 1]);
        file.seek(SeekFrom::Start(place as u64))?;
        loop {
            let length = file.read(&mut buffer)?;
            if let Some(line_feed) = memchr::memchr(b'\n', &buffer[..length]) {
                place += line_feed + 1;
                break;
            }
            place += length;
            if length == 0 {
                break;
            }
        }
        starts.push(place.min(size));
    }
    Ok((starts, size))
}

/// Reads all parts in parallel; `None` when one of them met an error.
fn read_parts(
    ranges: &[Range<usize>],
    source_name: &str,
    read: &(impl Fn(Range<usize>, Option<BlankNodeLabels>) -> Result<Option<Part>, StoreError> + Sync),
) -> Result<Option<Vec<Part>>, StoreError> {
    let parts: Result<Vec<Option<Part>>, StoreError> = ranges
        .par_iter()
        .enumerate()
        .map(|(place, range)| {
            // The first part sees the first occurrences first, so it can give the final names.
            let labels = (place == 0).then(|| BlankNodeLabels::new(source_name));
            read(range.clone(), labels)
        })
        .collect();
    Ok(parts?.into_iter().collect())
}

/// Reads the lines of one part.
struct LineReader<'a, C> {
    format: Format,
    builder: PartBuilder,
    labels: Option<BlankNodeLabels>,
    count: &'a C,
    quads: u64,
}

impl<'a, C: Fn(u64)> LineReader<'a, C> {
    fn new(format: Format, labels: Option<BlankNodeLabels>, count: &'a C) -> Self {
        Self {
            format,
            builder: PartBuilder::new(),
            labels,
            count,
            quads: 0,
        }
    }

    /// Reads whole lines; false when they are not right.
    fn read(&mut self, bytes: &[u8]) -> Result<bool, StoreError> {
        let Ok(text) = std::str::from_utf8(bytes) else {
            return Ok(false);
        };
        let mut start = 0;
        let ends = memchr::memchr_iter(b'\n', bytes).chain([bytes.len()]);
        for end in ends {
            let line = &text[start..end];
            start = (end + 1).min(bytes.len());
            let done = match lines::scan(line, self.format.holds_named_graphs()) {
                Line::Empty => continue,
                Line::Quad(terms, graph) => {
                    self.builder
                        .push_plain(terms, graph, self.labels.as_mut())?
                }
                Line::Other => false,
            };
            if !done && !self.read_with_parser(line)? {
                return Ok(false);
            }
            self.quads += 1;
            if self.quads == COUNT_STEP {
                (self.count)(std::mem::take(&mut self.quads));
            }
        }
        Ok(true)
    }

    /// Reads a line that is not plain; false when it is not right.
    fn read_with_parser(&mut self, line: &str) -> Result<bool, StoreError> {
        let Some(format) = self.format.to_rdf() else {
            return Ok(false);
        };
        for quad in RdfParser::from_format(format).for_slice(line) {
            let Ok(mut quad) = quad else {
                return Ok(false);
            };
            if let Some(labels) = &mut self.labels {
                quad = labels.rename(quad);
            }
            self.builder.push(quad.as_ref())?;
        }
        Ok(true)
    }

    fn finish(self) -> Part {
        (self.count)(self.quads);
        self.builder.finish_part(self.labels)
    }
}

/// The whole lines of a stream, block by block.
struct Blocks<R> {
    reader: R,
    buffer: Vec<u8>,
    /// The number of bytes of the buffer already handed out.
    used: usize,
}

impl<R: Read> Blocks<R> {
    fn new(reader: R) -> Self {
        Self {
            reader,
            buffer: Vec::new(),
            used: 0,
        }
    }

    /// Returns the next lines; the last one may lack its line feed.
    fn next(&mut self) -> std::io::Result<Option<&[u8]>> {
        self.buffer.drain(..self.used);
        loop {
            let before = self.buffer.len();
            let wanted = BLOCK_BYTES as u64;
            let length = self
                .reader
                .by_ref()
                .take(wanted)
                .read_to_end(&mut self.buffer)?;
            let line_feed = memchr::memrchr(b'\n', &self.buffer[before..]);
            self.used = match line_feed {
                Some(place) => before + place + 1,
                None if length == 0 => self.buffer.len(),
                None => continue,
            };
            return Ok((self.used > 0).then(|| &self.buffer[..self.used]));
        }
    }
}
