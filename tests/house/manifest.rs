//! The manifest: what the crate is built from keeps to the stated Rust version and to permissive licences.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// Licences that ask for nothing but a notice.
const PERMISSIVE: &[&str] = &[
    "MIT",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "Zlib",
    "Unlicense",
    "0BSD",
    "Unicode-3.0",
    "CC0-1.0",
];

/// Packages whose manifest names no licence, and the one that their licence file holds.
const IN_A_FILE: &[(&str, &str)] = &[
    ("dot-generator", "MIT"),
    ("graphviz-rust", "MIT"),
    ("into-attr", "MIT"),
    ("into-attr-derive", "MIT"),
];

/// The packages that the library and the program are built from, development dependencies left out.
fn packages() -> Vec<Value> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--locked", "--format-version", "1"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let nodes: BTreeMap<&str, &Value> = metadata["resolve"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| (node["id"].as_str().unwrap(), node))
        .collect();
    let mut wanted = BTreeSet::new();
    let mut queue = vec![metadata["resolve"]["root"].as_str().unwrap()];
    while let Some(id) = queue.pop() {
        if !wanted.insert(id) {
            continue;
        }
        for dependency in nodes[id]["deps"].as_array().unwrap() {
            let kinds = dependency["dep_kinds"].as_array().unwrap();
            if kinds.iter().any(|kind| kind["kind"] != "dev") {
                queue.push(dependency["pkg"].as_str().unwrap());
            }
        }
    }
    metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|package| wanted.contains(package["id"].as_str().unwrap()))
        .cloned()
        .collect()
}

fn version(text: &str) -> Vec<u32> {
    text.split('.').map(|part| part.parse().unwrap()).collect()
}

#[test]
fn no_dependency_needs_a_newer_rust() {
    let ours = version(env!("CARGO_PKG_RUST_VERSION"));
    let packages = packages();
    assert!(packages.len() > 30, "the packages were not found");
    for package in packages {
        if let Some(theirs) = package["rust_version"].as_str() {
            assert!(
                version(theirs) <= ours,
                "{} needs Rust {theirs}",
                package["name"]
            );
        }
    }
}

#[test]
fn every_dependency_may_be_used() {
    for package in packages() {
        let in_a_file = IN_A_FILE.iter().find(|(name, _)| package["name"] == *name);
        let stated = package["license"].as_str();
        let licence = stated
            .or(in_a_file.map(|(_, licence)| *licence))
            .unwrap_or("none");
        let permitted = licence.split(" AND ").all(|part| {
            part.trim_matches(['(', ')'])
                .split(" OR ")
                .flat_map(|one| one.split('/'))
                .any(|one| PERMISSIVE.contains(&one.trim_matches(['(', ')', ' '])))
        });
        assert!(permitted, "{}: {licence}", package["name"]);
    }
}
