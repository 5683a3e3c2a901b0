//! The floors of the house: a file imports lower floors only, and siblings on one floor ignore each other.

use std::fs;
use std::path::{Path, PathBuf};

/// Modules by floor, the lowest first.
type Floors = &'static [&'static [&'static str]];

/// The folders of sources that have floors, and which.
const HOUSE: &[(&str, Floors)] = &[
    (
        "crates/rdf/src",
        &[
            &["prefixes", "spelling"],
            &["format"],
            &["store"],
            &["sparql"],
        ],
    ),
    (
        "src",
        &[
            &["model"],
            &["format"],
            &["records", "catalogue"],
            &["network"],
            &["analysis"],
            &["callable", "board"],
            &["map"],
        ],
    ),
];

fn floor(floors: Floors, module: &str) -> Option<usize> {
    floors.iter().position(|floor| floor.contains(&module))
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
fn violations(floors: Floors, module: &str, text: &str) -> Vec<String> {
    let own = floor(floors, module);
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
            let Some(other) = floor(floors, &target) else {
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
    let mut found = Vec::new();
    for (folder, floors) in HOUSE {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let mut files = Vec::new();
        sources(&root, &mut files);
        assert!(files.len() > 20, "the sources in {folder} were not found");
        for path in files {
            let relative = path.strip_prefix(&root).unwrap();
            let first = relative.components().next().unwrap().as_os_str();
            let module = Path::new(first).file_stem().unwrap().to_str().unwrap();
            // The program is a crate of its own, above all floors.
            if matches!(module, "lib" | "bin") {
                continue;
            }
            assert!(
                floor(floors, module).is_some(),
                "{folder}/{module} is on no floor: name it in tests/house/layers.rs and ARCHITECTURE.md"
            );
            let text = fs::read_to_string(&path).unwrap();
            for violation in violations(floors, module, &text) {
                found.push(format!("{folder}/{}:{violation}", relative.display()));
            }
        }
    }
    assert!(found.is_empty(), "upward imports:\n{}", found.join("\n"));
}

#[test]
fn an_upward_or_sideways_import_is_found() {
    let floors: Floors = &[&["model"], &["format"], &["board", "callable"]];
    let count = |module, text| violations(floors, module, text).len();
    assert_eq!(count("model", "use crate::format::quads;"), 1);
    assert_eq!(count("board", "use crate::callable::x;"), 1);
    assert_eq!(count("board", "use crate::format::Format;"), 0);
    assert_eq!(
        count("model", "// crate::board is named in a comment only"),
        0
    );
    assert_eq!(count("format", "use super::super::x;"), 1);
    assert_eq!(count("format", "use crate::elsewhere::x;"), 1);
}
