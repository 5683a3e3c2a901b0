//! [RDF Patch](https://afs.github.io/rdf-delta/rdf-patch.html): quads that come and go, one a line.
//!
//! ```text
//! H sha256 "9f86…0a08  claims.ttl" .
//! TX .
//! D <http://a.example/s> <http://a.example/p> "old" .
//! A <http://a.example/s> <http://a.example/p> "new" <http://a.example/graph> .
//! TC .
//! ```
//!
//! Terms are written whole, as in N-Quads: prefixes (`PA`, `PD`) are not read.

use crate::format::Format;
use crate::format::error::FormatError;
use crate::format::rdf;
use indexmap::IndexMap;
use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::{Quad, Term};
use std::fmt::Write as _;

/// The net effect of a patch: no quad is in both lists, and none is in a list twice.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Patch {
    /// Names and values that say what the patch belongs to, in order.
    pub headers: Vec<(String, Term)>,
    /// The quads that are there after it.
    pub inserts: Vec<Quad>,
    /// The quads that are gone after it.
    pub deletes: Vec<Quad>,
}

/// Parses a patch to the net effect of its committed transactions.
///
/// # Errors
/// The first line that is none of `H`, `TX`, `TC`, `TA`, `A` and `D`, that has terms which are
/// not right, or that leaves a transaction open at the end.
///
/// # Example
/// ```
/// use powermap_rdf::rdf_patch;
///
/// let patch = rdf_patch::parse(b"TX .\nA <x:s> <x:p> \"o\" .\nTC .\n", "updates.rdfp")?;
/// assert_eq!((patch.inserts.len(), patch.deletes.len()), (1, 0));
/// let error = rdf_patch::parse(b"TX .\nA <x:s> <x:p> .\n", "updates.rdfp").unwrap_err();
/// assert!(error.to_string().starts_with("updates.rdfp:2:"), "{error}");
/// # Ok::<(), powermap_rdf::FormatError>(())
/// ```
pub fn parse(bytes: &[u8], source_name: &str) -> Result<Patch, FormatError> {
    let mut patch = Patch::default();
    // The final state of each quad: added or deleted.
    let mut net: IndexMap<Quad, bool> = IndexMap::new();
    // The changes of the open transaction and the line where it began.
    let mut open: Option<(u64, Vec<(Quad, bool)>)> = None;
    for (line, text) in (1u64..).zip(bytes.split(|byte| *byte == b'\n')) {
        let trimmed = text.trim_ascii();
        if trimmed.is_empty() || trimmed.starts_with(b"#") {
            continue;
        }
        let wrong = |message: String| FormatError::syntax(source_name, message).at(line, 1);
        let code_end = trimmed
            .iter()
            .position(|byte| byte.is_ascii_whitespace())
            .unwrap_or(trimmed.len());
        let (code, rest) = trimmed.split_at(code_end);
        let indent = text.len() - text.trim_ascii_start().len();
        let place = (line, indent + code_end);
        match code {
            b"H" => patch.headers.push(header(rest, source_name, place)?),
            b"TX" if open.is_some() => {
                return Err(wrong("a transaction begins inside another one".into()));
            }
            b"TX" => open = Some((line, Vec::new())),
            b"TC" | b"TA" => {
                let Some((_, changes)) = open.take() else {
                    return Err(wrong("a transaction ends that did not begin".into()));
                };
                if code == b"TC" {
                    net.extend(changes);
                }
            }
            b"A" | b"D" => {
                let change = (quad(rest, source_name, place)?, code == b"A");
                match &mut open {
                    Some((_, changes)) => changes.push(change),
                    None => net.extend([change]),
                }
            }
            _ => {
                let code = String::from_utf8_lossy(code).into_owned();
                return Err(wrong(format!("'{code}' is no line of a patch"))
                    .with_hint("lines begin with A, D, TX, TC, TA or H"));
            }
        }
    }
    if let Some((line, _)) = open {
        return Err(FormatError::syntax(
            source_name,
            "the transaction that begins here never ends",
        )
        .at(line, 1)
        .with_hint("add 'TC .' if it is whole, or 'TA .' to drop it"));
    }
    for (quad, there) in net {
        if there {
            patch.inserts.push(quad);
        } else {
            patch.deletes.push(quad);
        }
    }
    Ok(patch)
}

/// A patch as text: headers, then one transaction with the deletes and the inserts, each sorted.
/// Serialises a patch, to the same bytes whatever the order of its lists.
pub fn serialise(patch: &Patch) -> Vec<u8> {
    let mut text = String::new();
    // Writing to a string cannot fail.
    for (name, value) in &patch.headers {
        let _ = writeln!(text, "H {name} {value} .");
    }
    text.push_str("TX .\n");
    for (code, quads) in [("D", &patch.deletes), ("A", &patch.inserts)] {
        let mut quads: Vec<&Quad> = quads.iter().collect();
        quads.sort_by(|left, right| rdf::compare_quads(left, right));
        quads.dedup();
        for quad in quads {
            let _ = writeln!(text, "{code} {quad} .");
        }
    }
    text.push_str("TC .\n");
    text.into_bytes()
}

/// The one quad of a line, after `skipped` characters of it.
fn quad(
    text: &[u8],
    source_name: &str,
    (line, skipped): (u64, usize),
) -> Result<Quad, FormatError> {
    let mut quads = RdfParser::from_format(RdfFormat::NQuads).for_slice(text);
    let missing = || {
        FormatError::syntax(source_name, "expected subject, predicate, object and '.'")
            .at(line, skipped as u64 + 1)
    };
    match quads.next() {
        None => Err(missing()),
        Some(Ok(quad)) if quads.next().is_none() => Ok(quad),
        Some(Ok(_)) => Err(missing().with_hint("one quad a line")),
        Some(Err(_)) => {
            // The same error in the words and with the place of the N-Quads reader.
            match rdf::parse_each(text, Format::NQuads, source_name, |_| {}) {
                Err(FormatError::Syntax(mut problem)) => {
                    problem.line = Some(line);
                    problem.column = problem.column.map(|column| column + skipped as u64);
                    Err(FormatError::Syntax(problem))
                }
                _ => Err(missing()),
            }
        }
    }
}

/// The name and value of a header line.
fn header(
    text: &[u8],
    source_name: &str,
    (line, skipped): (u64, usize),
) -> Result<(String, Term), FormatError> {
    let wrong = || {
        FormatError::syntax(source_name, "expected a name, a term and '.' after H")
            .at(line, skipped as u64 + 1)
    };
    let text = std::str::from_utf8(text).map_err(|_| wrong())?.trim_start();
    let (name, term) = text.split_once(char::is_whitespace).ok_or_else(wrong)?;
    // A term alone is no sentence, so read it as the object of one.
    let sentence = format!("<x:h> <x:h> {term}");
    let quad = quad(sentence.as_bytes(), source_name, (line, 0)).map_err(|_| wrong())?;
    Ok((name.to_owned(), quad.object))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_back() {
        let text = b"H id <urn:x> .\nH sha256 \"00  a b.ttl\" .\nTX .\n\
            D <x:s> <x:p> \"two\\nlines\"@en .\n\
            A _:a.ttl-9 <x:p> <x:o> .\nA _:a.ttl-10 <x:p> <x:o> <x:g> .\nTC .\n";
        let patch = parse(text, "u.rdfp").unwrap();
        assert_eq!(patch.headers.len(), 2);
        assert_eq!((patch.inserts.len(), patch.deletes.len()), (2, 1));
        assert_eq!(
            String::from_utf8(serialise(&patch)).unwrap(),
            String::from_utf8(text.to_vec()).unwrap()
        );
    }

    #[test]
    fn the_last_word_counts_and_aborted_changes_do_not() {
        let patch = parse(b"A <x:a> <x:p> 'no' .", "single-quotes.rdfp");
        assert!(patch.is_err());
        let patch = parse(
            b"# a comment\nTX .\nA <x:a> <x:p> <x:b> .\nTC .\nTX .\r\nD <x:a> <x:p> <x:b> .\r\nTC .\n\
              TX .\nA <x:c> <x:p> <x:d> .\nTA .\n",
            "u.rdfp",
        )
        .unwrap();
        assert_eq!(patch.inserts, []);
        assert_eq!(patch.deletes.len(), 1);
    }

    #[test]
    fn errors_tell_the_place() {
        for (text, place) in [
            ("TX .\nTX .\n", "u:2:1: "),
            ("TC .\n", "u:1:1: "),
            ("\nTX .\n", "u:2:1: "),
            ("X <x:a> .", "u:1:1: 'X'"),
            ("A <x:a> <x:b> .", "u:1:"),
            ("A <x:a> <x:b> <x:c> . <x:a> <x:b> <x:d> .", "u:1:2: "),
            ("A <x:a> <x:b> <not an iri> .", "u:1:1"),
            ("H name .", "u:1:2: "),
            ("A", "u:1:2: "),
        ] {
            let error = parse(text.as_bytes(), "u").unwrap_err().to_string();
            assert!(error.starts_with(place), "{text:?}: {error}");
        }
    }
}
