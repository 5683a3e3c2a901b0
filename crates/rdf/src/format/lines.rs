//! N-Triples and N-Quads line by line, for text that is mostly plain.
//!
//! Almost all lines of large files have no escapes, comments or odd spaces. The scanner here cuts
//! such a line into pieces without copying or checking the pieces; every other line it leaves to
//! the full parser. It never accepts a line that the parser refuses, as long as the caller checks
//! each IRI once (see [`is_iri`]); so a caller that numbers terms checks only the new ones.

use oxigraph::model::NamedNode;
use oxigraph::model::vocab::rdf;

/// A term as it stands in the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PlainTerm<'a> {
    /// The text between the angle brackets.
    Iri(&'a str),
    /// The label without `_:`.
    BlankNode(&'a str),
    /// A literal without datatype or language tag.
    Text(&'a str),
    /// The text and the IRI of the datatype of a literal.
    Typed(&'a str, &'a str),
    /// The text and the language tag of a literal.
    Tagged(&'a str, &'a str),
}

/// A line as the scanner sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Line<'a> {
    /// Nothing is said.
    Empty,
    /// Subject, predicate, object and, in N-Quads, the name of a graph.
    Quad([PlainTerm<'a>; 3], Option<PlainTerm<'a>>),
    /// Ask the full parser.
    Other,
}

/// Cuts a line, without its line feed, into terms.
pub(crate) fn scan(line: &str, with_graphs: bool) -> Line<'_> {
    let rest = skip_space(line);
    if rest.is_empty() || rest.starts_with('#') || rest == "\r" {
        // A carriage return ends a line too, so a comment may end before the line feed does.
        return if rest.len() > 1 && rest.contains('\r') {
            Line::Other
        } else {
            Line::Empty
        };
    }
    scan_quad(rest, with_graphs).unwrap_or(Line::Other)
}

fn scan_quad(line: &str, with_graphs: bool) -> Option<Line<'_>> {
    let (subject, rest) = node(line)?;
    let (predicate, rest) = iri(skip_space(rest))?;
    let (object, rest) = object(skip_space(rest))?;
    let mut rest = skip_space(rest);
    let mut graph = None;
    if with_graphs && !rest.starts_with('.') {
        let (name, after) = node(rest)?;
        graph = Some(name);
        rest = skip_space(after);
    }
    let end = skip_space(rest.strip_prefix('.')?);
    let terms = [subject, PlainTerm::Iri(predicate), object];
    matches!(end, "" | "\r").then_some(Line::Quad(terms, graph))
}

fn skip_space(text: &str) -> &str {
    text.trim_start_matches([' ', '\t'])
}

fn node(text: &str) -> Option<(PlainTerm<'_>, &str)> {
    if text.starts_with('<') {
        return iri(text).map(|(iri, rest)| (PlainTerm::Iri(iri), rest));
    }
    let label = text.strip_prefix("_:")?;
    let end = label
        .bytes()
        .position(|byte| !byte.is_ascii_alphanumeric() && byte != b'_')?;
    // Labels may go on with other characters; those are for the parser.
    let ends_here = matches!(label.as_bytes()[end], b' ' | b'\t' | b'<');
    (end > 0 && ends_here).then(|| (PlainTerm::BlankNode(&label[..end]), &label[end..]))
}

fn iri(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_prefix('<')?;
    let end = memchr::memchr(b'>', inner.as_bytes())?;
    Some((&inner[..end], &inner[end + 1..]))
}

fn object(text: &str) -> Option<(PlainTerm<'_>, &str)> {
    let Some(inner) = text.strip_prefix('"') else {
        return node(text);
    };
    let end = memchr::memchr3(b'"', b'\\', b'\r', inner.as_bytes())?;
    let (value, rest) = (&inner[..end], inner[end..].strip_prefix('"')?);
    if let Some(rest) = rest.strip_prefix("^^") {
        let (datatype, rest) = iri(rest)?;
        return Some((PlainTerm::Typed(value, datatype), rest));
    }
    let Some(tagged) = rest.strip_prefix('@') else {
        return Some((PlainTerm::Text(value), rest));
    };
    // Other tags have rules of their own and are written in lower case by the parser.
    let length = tagged.bytes().position(|byte| !byte.is_ascii_lowercase())?;
    let ends_here = matches!(tagged.as_bytes()[length], b' ' | b'\t' | b'.');
    ((2..=3).contains(&length) && ends_here).then(|| {
        (
            PlainTerm::Tagged(value, &tagged[..length]),
            &tagged[length..],
        )
    })
}

/// Returns whether a text between angle brackets is an absolute IRI.
pub(crate) fn is_iri(text: &str) -> bool {
    NamedNode::new(text).is_ok()
}

/// Returns whether a text between angle brackets is an IRI that may be the datatype of a literal.
pub(crate) fn is_datatype(text: &str) -> bool {
    text != rdf::LANG_STRING.as_str()
        && text != "http://www.w3.org/1999/02/22-rdf-syntax-ns#dirLangString"
        && is_iri(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use oxigraph::io::{RdfFormat, RdfParser};
    use oxigraph::model::{BlankNode, GraphName, Literal, NamedNode, Quad, Term};
    use proptest::prelude::*;

    fn term(plain: PlainTerm<'_>) -> Option<Term> {
        Some(match plain {
            PlainTerm::Iri(iri) => NamedNode::new(iri).ok()?.into(),
            PlainTerm::BlankNode(label) => BlankNode::new_unchecked(label).into(),
            PlainTerm::Text(text) => Literal::new_simple_literal(text).into(),
            PlainTerm::Typed(_, datatype) if !is_datatype(datatype) => return None,
            PlainTerm::Typed(text, datatype) => {
                Literal::new_typed_literal(text, NamedNode::new_unchecked(datatype)).into()
            }
            PlainTerm::Tagged(text, tag) => {
                Literal::new_language_tagged_literal_unchecked(text, tag).into()
            }
        })
    }

    /// Scans a line; returns `None` to leave it to the parser.
    fn scanned(line: &str, with_graphs: bool) -> Option<Vec<Quad>> {
        let (terms, graph) = match scan(line, with_graphs) {
            Line::Other => return None,
            Line::Empty => return Some(Vec::new()),
            Line::Quad(terms, graph) => (terms, graph),
        };
        let [s, p, o] = terms.map(term);
        let graph = match graph {
            None => GraphName::DefaultGraph,
            Some(graph) => match term(graph)? {
                Term::NamedNode(node) => node.into(),
                Term::BlankNode(node) => node.into(),
                Term::Literal(literal) => panic!("{literal}"),
            },
        };
        let (Term::NamedNode(p), s) = (p?, s?) else {
            panic!("{line}")
        };
        Some(vec![match s {
            Term::NamedNode(s) => Quad::new(s, p, o?, graph),
            Term::BlankNode(s) => Quad::new(s, p, o?, graph),
            Term::Literal(literal) => panic!("{literal}"),
        }])
    }

    /// Where the scanner gives an answer, the parser gives the same.
    fn check(line: &str) -> bool {
        let mut answered = false;
        for (format, with_graphs) in [(RdfFormat::NTriples, false), (RdfFormat::NQuads, true)] {
            if let Some(quads) = scanned(line, with_graphs) {
                answered = true;
                let parser = RdfParser::from_format(format).for_slice(line.as_bytes());
                let parsed = parser.collect::<Result<Vec<Quad>, _>>();
                assert_eq!(quads, parsed.expect(line), "{line:?}");
            }
        }
        answered
    }

    #[test]
    fn plain_lines_are_cut_and_others_are_left() {
        for line in [
            "<x:a> <x:b> <x:c> .",
            "<x:a> <x:b> <x:c> <x:g> .",
            "<x:a><x:b>\"c\".\r",
            "  _:a <x:b> _:c _:d .",
            "<x:a>\t<x:b> \"五\"@zh .",
            "<x:a> <x:b> \"5\"^^<x:int> <x:g>.",
            "# comment",
            "",
            "\r",
        ] {
            assert!(check(line), "{line:?}");
        }
        for line in [
            "<x:a> <x:b> \"\\u0041\" .",
            "<x:a> <x:b> \"a\"@en-GB .",
            "<x:a> <x:b> <x:c> . # comment",
            "_:a.b <x:b> <x:c> .",
            "<x:a> <x:b> <x:c>",
            "<x:a> <x:b> <x:c> . <x:a> <x:b> <x:d> .",
            "# comment \r <x:a> <x:b> <x:c> .",
            "<a> <x:b> <x:c> .",
            "\"a\" <x:b> <x:c> .",
        ] {
            assert!(!check(line), "{line:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn the_scanner_never_says_what_the_parser_does_not(
            pieces in prop::collection::vec(prop_oneof![
                8 => Just("<x:a>"), 8 => Just(" "), 4 => Just("."), 2 => Just("_:b"),
                2 => Just("\"c\""), 1 => Just("\"c\\n\""), 1 => Just("@en"), 1 => Just("@EN"),
                1 => Just("^^<x:t>"), 1 => Just("\r"), 1 => Just("#"), 1 => Just("_:b.c"),
                1 => Just("<x:\\u0041>"), 1 => Just("<no>"), 1 => Just("\t"), 1 => Just("é"),
                1 => Just("@e"), 1 => Just("@en-x"), 1 => Just("\""), 1 => Just("<"),
                1 => Just("^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#langString>"),
            ], 0..12),
        ) {
            check(&pieces.concat());
        }

        #[test]
        fn almost_right_lines_too(
            subject in "(<x:[a>]{1,2}>|_:[a.-]{1,3})", object in "(<x:b>|\"[a\"é\\\\]{0,2}\"|_:b)",
            after in "(@[a-zA-Z-]{0,4}|\\^\\^<x:t?>)?", graph in "(<x:g>|_:g)?", end in "[ .\r#]{0,4}",
        ) {
            check(&format!("{subject} <x:p> {object}{after} {graph}{end}"));
        }
    }
}
