//! On which lines of a text its quads stand.

use crate::format::Format;
use crate::format::entities;
use crate::format::error::FormatError;
use crate::format::rdf::{BlankNodeLabels, rdf_format, without_byte_order_mark};
use oxigraph::io::RdfParser;
use oxigraph::model::Quad;
use std::cell::Cell;
use std::io::Read;
use std::ops::ControlFlow;

/// Calls a function with each quad of a text that was read before, and the line (from 1) that the quad ends on, until the
/// function breaks or the text is not right. Blank nodes are named as [`parse`](crate::format::rdf::parse) names them.
///
/// In RDF/XML and JSON-LD a quad can end on a line after its own.
///
/// # Errors
/// When the format is no RDF format.
///
/// ```
/// use powermap_rdf::{Format, each_with_line};
/// use std::ops::ControlFlow;
///
/// let text = b"<x:a> <x:b> <x:c> ,\n  <x:d> .\n";
/// let mut lines = Vec::new();
/// each_with_line(text, Format::Turtle, "a.ttl", |_, line| {
///     lines.push(line);
///     ControlFlow::Continue(())
/// })?;
/// assert_eq!(lines, [1, 2]);
/// # Ok::<(), powermap_rdf::FormatError>(())
/// ```
pub fn each_with_line(
    bytes: &[u8],
    format: Format,
    source_name: &str,
    mut each: impl FnMut(Quad, u64) -> ControlFlow<()>,
) -> Result<(), FormatError> {
    if format == Format::RdfXml {
        entities::check(bytes, source_name)?;
    }
    let line = Cell::new(0);
    let reader = LineByLine {
        rest: without_byte_order_mark(bytes),
        is_at_start: true,
        line: &line,
    };
    let mut labels = BlankNodeLabels::new(source_name);
    let quads = RdfParser::from_format(rdf_format(format)?).for_reader(reader);
    for quad in quads.map_while(Result::ok) {
        if each(labels.rename(quad), line.get()).is_break() {
            break;
        }
    }
    Ok(())
}

/// Gives a line at a time, and counts, so that it is known how far a parser had to read.
struct LineByLine<'a> {
    rest: &'a [u8],
    is_at_start: bool,
    line: &'a Cell<u64>,
}

impl Read for LineByLine<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let end = self.rest.iter().position(|byte| *byte == b'\n');
        let length = end.map_or(self.rest.len(), |end| end + 1).min(buffer.len());
        let (now, rest) = self.rest.split_at(length);
        if length > 0 {
            self.line.set(self.line.get() + u64::from(self.is_at_start));
            self.is_at_start = now.ends_with(b"\n");
        }
        buffer[..length].copy_from_slice(now);
        self.rest = rest;
        Ok(length)
    }
}
