//! The floors of the house: a file imports lower floors only, and siblings on one floor ignore each other.

use std::fs;
use std::path::{Path, PathBuf};

/// Each floor's modules, the lowest first.
const FLOORS: &[&[&str]] = &[
    &["model"],
    &["format"],
    &["store"],
    &["sparql"],
    &["network"],
    &["analysis"],
    &["callable", "picture"],
    &["map"],
    &["server", "cli"],
];

fn floor(module: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&module))
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// The violations in a text that stands in a module: each with its line number.
fn violations(module: &str, text: &str) -> Vec<String> {
    let own = floor(module);
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let code = line.trim_start();
        if code.starts_with("//") {
            continue;
        }
        if code.contains("super::super") || code.contains("use crate::{") {
            found.push(format!(
                "{}: {code} (write the full path of the module)",
                number + 1
            ));
        }
        for (at, _) in code.match_indices("crate::") {
            let target: String = code[at + "crate::".len()..]
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            let Some(other) = floor(&target) else {
                found.push(format!("{}: crate::{target} is on no floor", number + 1));
                continue;
            };
            if own.is_some_and(|own| other > own || (other == own && target != module)) {
                found.push(format!("{}: {module} must not import {target}", number + 1));
            }
        }
    }
    found
}

#[test]
fn every_file_imports_lower_floors_only() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    assert!(files.len() > 20, "the sources were not found");
    let mut found = Vec::new();
    for path in files {
        let relative = path.strip_prefix(&root).unwrap();
        let first = relative.components().next().unwrap().as_os_str();
        let module = Path::new(first).file_stem().unwrap().to_str().unwrap();
        if matches!(module, "lib" | "main") {
            continue;
        }
        assert!(
            floor(module).is_some(),
            "src/{module} is on no floor: name it in tests/layers.rs and ARCHITECTURE.md"
        );
        let text = fs::read_to_string(&path).unwrap();
        for violation in violations(module, &text) {
            found.push(format!("src/{}:{violation}", relative.display()));
        }
    }
    assert!(found.is_empty(), "upward imports:\n{}", found.join("\n"));
}

#[test]
fn an_upward_or_sideways_import_is_found() {
    assert!(violations("model", "use powermap_rdf::store::read::ReadStore;").len() == 1);
    assert!(violations("picture", "use crate::callable::x;").len() == 1);
    assert!(violations("store", "use powermap_rdf::format::Format;").is_empty());
    assert!(violations("store", "// crate::cli is named in a comment only").is_empty());
    assert!(violations("store", "use super::super::x;").len() == 1);
}
