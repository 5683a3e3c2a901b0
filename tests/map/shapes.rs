//! The shapes of maps, on the built-in map and on maps with one fault each.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use oxigraph::model::{Quad, Term};
use powermap::Map;
use powermap::map::{ONTOLOGY, SILICON_VALLEY};
use powermap::model::Lang;
use powermap::model::vocabulary::{PREFIXES, compact, expand};
use powermap_rdf::{Format, MemoryStore, ReadStore, Shapes, ValidationResult, rdf};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &Path) -> Vec<Quad> {
    let name = path.file_name().unwrap().to_str().unwrap();
    rdf::parse(&fs::read(path).unwrap(), Format::Turtle, name).unwrap()
}

fn shapes_of_maps() -> Shapes {
    Shapes::parse(
        read(&root().join("data/ontology/shapes.ttl")),
        PREFIXES.clone(),
    )
    .unwrap()
}

/// What the shapes of maps find in the ontology together with this text.
fn findings_in(shapes: &Shapes, quads: Vec<Quad>) -> Vec<ValidationResult> {
    let ontology = rdf::parse(ONTOLOGY.as_bytes(), Format::Turtle, "powermap.ttl").unwrap();
    let store = MemoryStore::from_quads(ontology.into_iter().chain(quads));
    shapes.validate(store.dataset()).unwrap()
}

fn files(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join(folder)).unwrap();
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn each_faulty_map_gives_exactly_the_finding_that_it_names() {
    let shapes = shapes_of_maps();
    let files = files("tests/shacl/bad");
    assert!(files.len() > 20);
    let mut components = BTreeSet::new();
    for path in files {
        let text = fs::read_to_string(&path).unwrap();
        let expected = text
            .lines()
            .next()
            .unwrap()
            .strip_prefix("# expect: ")
            .unwrap();
        let found = findings_in(&shapes, read(&path));
        let lines: Vec<_> = found
            .iter()
            .map(|finding| {
                let focus = match &finding.focus {
                    Term::NamedNode(node) => compact(node.as_str()),
                    _ => "_:".to_owned(),
                };
                format!("{}ConstraintComponent {focus}", finding.component_name())
            })
            .collect();
        assert_eq!(lines, [expected], "{}", path.display());
        for lang in [Lang::En, Lang::Zh] {
            assert!(
                found[0].messages.contains_key(lang.tag()),
                "{}",
                path.display()
            );
        }
        components.insert(found[0].component_name().to_owned());
    }
    assert!(components.len() > 6, "{components:?}");
}

#[test]
fn the_ontology_the_good_maps_and_the_built_in_map_conform() {
    let shapes = shapes_of_maps();
    assert!(shapes.len() > 100);
    assert_eq!(findings_in(&shapes, Vec::new()), []);
    for path in files("tests/shacl/good") {
        assert_eq!(findings_in(&shapes, read(&path)), [], "{}", path.display());
    }
    let map = SILICON_VALLEY
        .iter()
        .flat_map(|(name, text)| rdf::parse(text.as_bytes(), Format::Turtle, name).unwrap());
    assert_eq!(findings_in(&shapes, map.collect()), []);
}

#[test]
fn a_map_is_checked_without_its_board() {
    // The board is derived, so nothing in it can be a fault of the author's.
    let map = Map::built_in().unwrap();
    let ontology = [expand("pm:ontology").unwrap().into()];
    let findings = shapes_of_maps()
        .validate(map.store().unwrap().dataset_with_default(&ontology))
        .unwrap();
    assert_eq!(findings, []);
}
