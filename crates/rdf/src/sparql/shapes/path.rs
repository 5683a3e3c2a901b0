//! Property paths: SHACL §2.3.1 in RDF to SPARQL §9.1.

use crate::prefixes::Prefixes;
use crate::sparql::shapes::graph::ShapesGraph;
use crate::sparql::shapes::sh::{FIRST, SH};
use oxigraph::model::Term;
use spargebra::algebra::PropertyPathExpression as Path;

/// Deeper paths are refused: they would be a mistake, and a cycle would have no end.
const MAX_DEPTH: usize = 50;

/// The problem with a path, and what is expected instead.
pub(crate) type PathError = (String, String);

/// Reads the path that a node stands for.
pub(crate) fn parse(graph: &ShapesGraph, node: &Term) -> Result<Path, PathError> {
    parse_within(graph, node, MAX_DEPTH)
}

fn parse_within(graph: &ShapesGraph, node: &Term, depth: usize) -> Result<Path, PathError> {
    let error = |problem: String| {
        let expected = "a property, a list of paths, or a blank node with one of sh:inversePath, sh:alternativePath, \
                        sh:zeroOrMorePath, sh:oneOrMorePath, sh:zeroOrOnePath";
        (problem, expected.to_owned())
    };
    let Some(depth) = depth.checked_sub(1) else {
        return Err(error(
            "sh:path nests too deeply, or contains itself".to_owned(),
        ));
    };
    if let Term::NamedNode(predicate) = node {
        return Ok(predicate.clone().into());
    }
    let mut kinds = graph
        .pairs(node)
        .iter()
        .filter(|(predicate, _)| predicate.as_ref() == FIRST || predicate.as_str().starts_with(SH));
    let (Some((kind, object)), None) = (kinds.next(), kinds.next()) else {
        return Err(error(format!(
            "sh:path has {}, which is no path or more than one",
            graph.written(node)
        )));
    };
    let members = |list: &Term| -> Result<Vec<Path>, PathError> {
        let Some(members) = graph.list(list).filter(|members| members.len() > 1) else {
            return Err(error(
                "sh:path has a list of less than two paths".to_owned(),
            ));
        };
        members
            .iter()
            .map(|member| parse_within(graph, member, depth))
            .collect()
    };
    let inner = || parse_within(graph, object, depth).map(Box::new);
    Ok(match kind.as_str().strip_prefix(SH) {
        None => fold(members(node)?, Path::Sequence),
        Some("alternativePath") => fold(members(object)?, Path::Alternative),
        Some("inversePath") => Path::Reverse(inner()?),
        Some("zeroOrMorePath") => Path::ZeroOrMore(inner()?),
        Some("oneOrMorePath") => Path::OneOrMore(inner()?),
        Some("zeroOrOnePath") => Path::ZeroOrOne(inner()?),
        Some(other) => return Err(error(format!("sh:path has sh:{other}"))),
    })
}

fn fold(paths: Vec<Path>, join: fn(Box<Path>, Box<Path>) -> Path) -> Path {
    let joined = paths
        .into_iter()
        .rev()
        .reduce(|right, left| join(left.into(), right.into()));
    joined.expect("a list of paths has two members at least")
}

/// Returns whether a path leads from every node to that node itself.
pub(crate) fn is_reflexive(path: &Path) -> bool {
    match path {
        Path::NamedNode(_) | Path::NegatedPropertySet(_) => false,
        Path::ZeroOrMore(_) | Path::ZeroOrOne(_) => true,
        Path::OneOrMore(inner) | Path::Reverse(inner) => is_reflexive(inner),
        Path::Sequence(left, right) => is_reflexive(left) && is_reflexive(right),
        Path::Alternative(left, right) => is_reflexive(left) || is_reflexive(right),
    }
}

/// Returns a path as SPARQL writes it, with the known prefixes: `^pm:about/pm:amount`.
pub(crate) fn text(path: &Path, prefixes: &Prefixes) -> String {
    write(path, 0, prefixes)
}

/// Writes a path in brackets if it binds less tightly than its surroundings: 0 alternative, 1 sequence, 2 inverse,
/// 3 a step that can be repeated.
fn write(path: &Path, surroundings: u8, prefixes: &Prefixes) -> String {
    let inner = |path: &Path, surroundings| write(path, surroundings, prefixes);
    let (binds, text) = match path {
        Path::NamedNode(predicate) => (4, prefixes.compact(predicate.as_str())),
        Path::Alternative(left, right) => (0, format!("{}|{}", inner(left, 0), inner(right, 0))),
        Path::Sequence(left, right) => (1, format!("{}/{}", inner(left, 1), inner(right, 1))),
        Path::Reverse(path) => (2, format!("^{}", inner(path, 3))),
        Path::ZeroOrMore(path) => (3, format!("{}*", inner(path, 4))),
        Path::OneOrMore(path) => (3, format!("{}+", inner(path, 4))),
        Path::ZeroOrOne(path) => (3, format!("{}?", inner(path, 4))),
        Path::NegatedPropertySet(_) => (4, path.to_string()),
    };
    if binds < surroundings {
        format!("({text})")
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::{Format, rdf};
    use crate::prefixes::tests::prefixes;
    use crate::sparql::shapes::sh::sh;
    use oxigraph::model::NamedNode;

    fn path(turtle: &str) -> Result<Path, PathError> {
        let text = format!(
            "@prefix sh: <{SH}> . @prefix id: <https://w3id.org/powermap/id/> .
             @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . id:s sh:path {turtle} ."
        );
        let graph = ShapesGraph::new(
            rdf::parse(text.as_bytes(), Format::Turtle, "path")
                .unwrap()
                .into_iter(),
            prefixes(),
        );
        let shape = NamedNode::new_unchecked("https://w3id.org/powermap/id/s").into();
        let node = graph
            .objects(&shape, sh("path").as_ref())
            .next()
            .unwrap()
            .clone();
        parse(&graph, &node)
    }

    #[test]
    fn paths_are_read_and_written_as_sparql_writes_them() {
        for (turtle, expected) in [
            ("id:a", "id:a"),
            ("( id:a id:b id:c )", "id:a/id:b/id:c"),
            ("[ sh:inversePath id:a ]", "^id:a"),
            ("[ sh:inversePath ( id:a id:b ) ]", "^(id:a/id:b)"),
            (
                "[ sh:alternativePath ( id:a ( id:b id:c ) ) ]",
                "id:a|id:b/id:c",
            ),
            (
                "( [ sh:alternativePath ( id:a id:b ) ] id:c )",
                "(id:a|id:b)/id:c",
            ),
            ("[ sh:zeroOrMorePath [ sh:inversePath id:a ] ]", "(^id:a)*"),
            ("[ sh:inversePath [ sh:oneOrMorePath id:a ] ]", "^id:a+"),
            ("( id:a [ sh:zeroOrOnePath id:b ] )", "id:a/id:b?"),
        ] {
            assert_eq!(text(&path(turtle).unwrap(), &prefixes()), expected);
        }
    }

    #[test]
    fn other_paths_are_errors() {
        for turtle in [
            "\"id:a\"",
            "[]",
            "( id:a )",
            "( id:a \"b\" )",
            "[ sh:inversePath id:a ; sh:oneOrMorePath id:a ]",
            "[ sh:alternativePath id:a ]",
            "[ sh:minCount 1 ]",
            "_:x . _:x sh:inversePath _:x",
            "_:x . _:x rdf:first id:a ; rdf:rest _:x",
        ] {
            let (problem, _) = path(turtle).unwrap_err();
            assert!(problem.contains("sh:path"), "{turtle}: {problem}");
        }
    }

    #[test]
    fn paths_that_may_stay_where_they_are() {
        assert!(is_reflexive(&path("[ sh:zeroOrMorePath id:a ]").unwrap()));
        assert!(is_reflexive(
            &path("[ sh:alternativePath ( id:b [ sh:zeroOrOnePath id:a ] ) ]").unwrap()
        ));
        assert!(!is_reflexive(
            &path("( id:b [ sh:zeroOrMorePath id:a ] )").unwrap()
        ));
    }
}
