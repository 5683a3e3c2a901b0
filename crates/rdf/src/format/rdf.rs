//! RDF text to quads, and quads to RDF text.

use crate::format::Format;
use crate::format::entities;
use crate::format::error::{FormatError, place_of};
use crate::format::json;
use crate::prefixes::Prefixes;
use oxigraph::io::{RdfFormat, RdfParseError, RdfParser, RdfSerializer, RdfSyntaxError};
use oxigraph::model::{BlankNode, GraphName, GraphNameRef, NamedOrBlankNode, Quad, Term, TermRef};
use rustc_hash::FxHashMap;
use std::cmp::Ordering;
use std::fmt::Write as _;
use std::io::Read;

/// The mark that some editors put at the start of UTF-8 text; it is no part of the data.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// Parses all quads of a text, in their order.
///
/// Blank nodes get the label of their source and the number of their first occurrence in it, so
/// that two files never share one by accident and two readings of the same text are equal.
///
/// # Errors
/// The first place that does not follow the format: source, line and column. For RDF/XML the
/// place is the end of the element or attribute list at fault.
///
/// # Example
/// ```
/// use powermap_rdf::{Format, rdf};
///
/// let text = b"@prefix id: <https://w3id.org/powermap/id/> . id:a id:knows [] .";
/// let quads = rdf::parse(text, Format::Turtle, "who.ttl")?;
/// assert_eq!(quads[0].object.to_string(), "_:who.ttl-0");
/// let error = rdf::parse(b"id:a id:b id:c .", Format::Turtle, "no-prefix.ttl").unwrap_err();
/// assert!(error.to_string().starts_with("no-prefix.ttl:1:1: "), "{error}");
/// # Ok::<(), powermap_rdf::FormatError>(())
/// ```
pub fn parse(bytes: &[u8], format: Format, source_name: &str) -> Result<Vec<Quad>, FormatError> {
    let mut quads = Vec::new();
    let mut labels = BlankNodeLabels::new(source_name);
    parse_each(bytes, format, source_name, |quad| {
        quads.push(labels.rename(quad));
    })?;
    Ok(quads)
}

/// Reads text and hands over quad by quad, with blank nodes as the parser names them.
///
/// # Errors
/// As [`parse`]; JSON that has records in it but not one statement of RDF.
pub(crate) fn parse_each(
    bytes: &[u8],
    format: Format,
    source_name: &str,
    mut each: impl FnMut(Quad),
) -> Result<(), FormatError> {
    let rdf = rdf_format(format)?;
    let bytes = without_byte_order_mark(bytes);
    if format == Format::RdfXml {
        entities::check(bytes, source_name)?;
    }
    let mut is_empty = true;
    for quad in RdfParser::from_format(rdf).for_slice(bytes) {
        each(quad.map_err(|error| syntax_error(&error, bytes, rdf, source_name))?);
        is_empty = false;
    }
    match is_empty && format == Format::JsonLd {
        true => json::check_is_rdf(bytes, source_name),
        false => Ok(()),
    }
}

/// Serialises quads, to the same bytes for the same set of quads.
///
/// Quads are sorted by graph, subject, predicate (`rdf:type` first) and object, and written once;
/// Turtle and TriG use the prefixes. Time O(n log n).
///
/// # Errors
/// [`FormatError::Unsupported`] when there are named graphs and the format holds one graph only,
/// when the format is no RDF format, when RDF/XML has no way to write a predicate, or when a prefix stands for no IRI.
///
/// # Example
/// ```
/// use powermap_rdf::{Format, rdf};
/// use powermap_rdf::Prefixes;
///
/// let text = b"<http://a.example/b> <http://a.example/p> 2 , 1 .";
/// let quads = rdf::parse(text, Format::Turtle, "numbers.ttl")?;
/// let lines = String::from_utf8(rdf::serialise(quads, Format::NTriples, &Prefixes::default())?)?;
/// assert!(lines.lines().next().unwrap().contains("\"1\""));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn serialise(
    quads: impl IntoIterator<Item = Quad>,
    format: Format,
    prefixes: &Prefixes,
) -> Result<Vec<u8>, FormatError> {
    let mut quads: Vec<Quad> = quads.into_iter().collect();
    quads.sort_by(compare_quads);
    quads.dedup();
    rdf_format(format)?;
    let named = quads
        .iter()
        .find(|quad| !quad.graph_name.is_default_graph());
    if let (false, Some(quad)) = (format.holds_named_graphs(), named) {
        return Err(FormatError::Unsupported {
            format: format.name(),
            what: format!("the named graph {}", quad.graph_name),
            hint: "use TriG, N-Quads or JSON-LD, or write one graph only".into(),
        });
    }
    let unsupported = |error: std::io::Error| FormatError::Unsupported {
        format: format.name(),
        what: format!("this data ({error})"),
        hint: "use Turtle or N-Quads".into(),
    };
    let mut writer = serializer(format, prefixes)?.for_writer(Vec::new());
    for quad in &quads {
        writer.serialize_quad(quad).map_err(unsupported)?;
    }
    writer.finish().map_err(unsupported)
}

/// Returns a serialiser of a format; that of Turtle and TriG uses the prefixes.
///
/// # Errors
/// [`FormatError::Unsupported`] when the format is no RDF format or a prefix stands for no IRI.
pub fn serializer(format: Format, prefixes: &Prefixes) -> Result<RdfSerializer, FormatError> {
    let mut serializer = RdfSerializer::from_format(rdf_format(format)?);
    if matches!(format, Format::Turtle | Format::TriG) {
        for (prefix, namespace) in prefixes.iter() {
            serializer = serializer.with_prefix(prefix, namespace).map_err(|error| {
                FormatError::Unsupported {
                    format: format.name(),
                    what: format!("the prefix {prefix}: for {namespace} ({error})"),
                    hint: "give it an absolute IRI".into(),
                }
            })?;
        }
    }
    Ok(serializer)
}

/// The order in which quads are written: by graph (the default graph first), subject, predicate
/// (`rdf:type` first) and object.
pub fn compare_quads(left: &Quad, right: &Quad) -> Ordering {
    let by_graph = graph_key(left).cmp(&graph_key(right));
    let no_type = |quad: &Quad| quad.predicate.as_ref() != oxigraph::model::vocab::rdf::TYPE;
    by_graph
        .then_with(|| compare_terms(left.subject.as_ref().into(), right.subject.as_ref().into()))
        .then_with(|| no_type(left).cmp(&no_type(right)))
        .then_with(|| left.predicate.as_str().cmp(right.predicate.as_str()))
        .then_with(|| compare_terms(left.object.as_ref(), right.object.as_ref()))
}

fn graph_key(quad: &Quad) -> Option<(u8, &str)> {
    match quad.graph_name.as_ref() {
        GraphNameRef::DefaultGraph => None,
        GraphNameRef::NamedNode(node) => Some((0, node.as_str())),
        GraphNameRef::BlankNode(node) => Some((1, node.as_str())),
    }
}

/// The order in which terms are written: IRIs, blank nodes (by source, then number), literals
/// (by text, datatype, language).
pub(crate) fn compare_terms(left: TermRef<'_>, right: TermRef<'_>) -> Ordering {
    match (left, right) {
        (TermRef::NamedNode(left), TermRef::NamedNode(right)) => left.as_str().cmp(right.as_str()),
        (TermRef::BlankNode(left), TermRef::BlankNode(right)) => {
            label_parts(left.as_str()).cmp(&label_parts(right.as_str()))
        }
        (TermRef::Literal(left), TermRef::Literal(right)) => left
            .value()
            .cmp(right.value())
            .then_with(|| left.datatype().as_str().cmp(right.datatype().as_str()))
            .then_with(|| left.language().cmp(&right.language())),
        (left, right) => kind(left).cmp(&kind(right)),
    }
}

fn kind(term: TermRef<'_>) -> u8 {
    match term {
        TermRef::NamedNode(_) => 0,
        TermRef::BlankNode(_) => 1,
        TermRef::Literal(_) => 2,
    }
}

/// Splits the number off a label, so that the tenth blank node comes after the ninth. The label
/// itself comes last, so that only equal labels compare as equal.
fn label_parts(label: &str) -> (&str, Option<u64>, &str) {
    match label.rsplit_once('-') {
        Some((source, number)) => match number.parse() {
            Ok(number) => (source, Some(number), label),
            Err(_) => (label, None, label),
        },
        None => (label, None, label),
    }
}

/// Names for the blank nodes of one source: `SOURCE-NUMBER`, numbered by first occurrence.
///
/// Sources with different names never share a label.
#[derive(Debug, Clone)]
pub struct BlankNodeLabels {
    prefix: String,
    numbers: FxHashMap<String, u64>,
}

impl BlankNodeLabels {
    /// Names for the blank nodes of the source of this name.
    pub fn new(source_name: &str) -> Self {
        Self {
            prefix: label_prefix(source_name),
            numbers: FxHashMap::default(),
        }
    }

    /// The part of the labels of this source before `-NUMBER`.
    pub(crate) fn source_part(&self) -> &str {
        self.prefix.strip_suffix('-').unwrap_or(&self.prefix)
    }

    /// The label here of the blank node that the parser calls `label`.
    pub fn label(&mut self, label: &str) -> String {
        let number = match self.numbers.get(label) {
            Some(number) => *number,
            None => {
                let number = self.numbers.len() as u64;
                self.numbers.insert(label.to_owned(), number);
                number
            }
        };
        format!("{}{number}", self.prefix)
    }

    /// The quad with the names that its blank nodes have here.
    pub fn rename(&mut self, mut quad: Quad) -> Quad {
        if let NamedOrBlankNode::BlankNode(node) = &quad.subject {
            quad.subject = self.node(node).into();
        }
        if let Term::BlankNode(node) = &quad.object {
            quad.object = self.node(node).into();
        }
        if let GraphName::BlankNode(node) = &quad.graph_name {
            quad.graph_name = self.node(node).into();
        }
        quad
    }

    fn node(&mut self, node: &BlankNode) -> BlankNode {
        BlankNode::new_unchecked(self.label(node.as_str()))
    }
}

/// A source name as the start of a blank node label. Different names give different starts:
/// what a label cannot hold, and `_` itself, is written as `_` and two hexadecimal digits per byte.
fn label_prefix(source_name: &str) -> String {
    let mut prefix = String::with_capacity(source_name.len() + 1);
    for (i, byte) in source_name.bytes().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => prefix.push(char::from(byte)),
            // A label cannot start with these.
            b'-' | b'.' if i > 0 => prefix.push(char::from(byte)),
            _ => {
                // Writing to a string cannot fail.
                let _ = write!(prefix, "_{byte:02x}");
            }
        }
    }
    if prefix.is_empty() {
        prefix.push('_');
    }
    prefix.push('-');
    prefix
}

pub(crate) fn rdf_format(format: Format) -> Result<RdfFormat, FormatError> {
    format.to_rdf().ok_or_else(|| FormatError::Unsupported {
        format: format.name(),
        what: "RDF as such".into(),
        hint: "use Turtle, TriG, N-Triples, N-Quads, JSON-LD or RDF/XML".into(),
    })
}

pub(crate) fn without_byte_order_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes)
}

/// The parser's error with its place and, for common slips, what to try.
fn syntax_error(
    error: &RdfSyntaxError,
    bytes: &[u8],
    format: RdfFormat,
    source_name: &str,
) -> FormatError {
    let message = message_without_place(&error.to_string());
    let hint = hint(&message);
    let result = FormatError::syntax(source_name, message);
    let result = match error.location() {
        Some(place) => result.at(place.start.line + 1, place.start.column + 1),
        None => match slow_place(bytes, format) {
            Some((line, column)) => result.at(line, column),
            None => result,
        },
    };
    match hint {
        Some(hint) => result.with_hint(hint),
        None => result,
    }
}

/// The parsers put the place in front of some messages; we say it ourselves, counted from 1.
fn message_without_place(message: &str) -> String {
    for start in [
        "Parser error at ",
        "Parser error between ",
        "parser error at ",
    ] {
        if let Some(rest) = message.strip_prefix(start)
            && let Some((_, text)) = rest.split_once(": ")
        {
            return text.to_owned();
        }
    }
    message.to_owned()
}

fn hint(message: &str) -> Option<&'static str> {
    let message = message.to_ascii_lowercase();
    if message.contains("prefix") && message.contains("not") {
        Some(
            "declare the prefix at the top of the file: @prefix id: <https://w3id.org/powermap/id/> .",
        )
    } else if message.contains("no scheme") {
        Some("write the whole IRI, as in <https://example.com/name>")
    } else if message.contains("utf-8") {
        Some("save the file as UTF-8")
    } else if message.contains("loaddocumentcallback") || message.contains("remote") {
        Some("put the @context into the file itself: nothing is fetched from the network")
    } else {
        None
    }
}

/// Finds the place of an error for the one format whose parser does not tell (RDF/XML): reads
/// again byte by byte and looks how far the parser got.
fn slow_place(bytes: &[u8], format: RdfFormat) -> Option<(u64, u64)> {
    struct OneByOne<'a> {
        bytes: &'a [u8],
        read: &'a std::cell::Cell<usize>,
    }
    impl Read for OneByOne<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let (Some(byte), Some(slot)) = (self.bytes.get(self.read.get()), buffer.first_mut())
            else {
                return Ok(0);
            };
            *slot = *byte;
            self.read.set(self.read.get() + 1);
            Ok(1)
        }
    }
    let read = std::cell::Cell::new(0);
    let reader = OneByOne { bytes, read: &read };
    let failed = RdfParser::from_format(format)
        .for_reader(reader)
        .any(|quad| matches!(quad, Err(RdfParseError::Syntax(_))));
    if !failed {
        return None;
    }
    Some(place_of(bytes, read.get().saturating_sub(1)))
}
