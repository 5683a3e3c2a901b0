//! Plain English: turns of phrase that read like a translation, and what to write in their place.

use std::fs;
use std::path::{Path, PathBuf};

/// What is searched for, where, and what is better.
const LIST: &[(&str, Place, &str)] = &[
    (
        "so many",
        Place::Text,
        "the number itself: \"the number of rows decoded per batch\"",
    ),
    (
        "whole standard",
        Place::Text,
        "the general evaluator, spareval",
    ),
    ("who asks", Place::Text, "who needs it, or leave it out"),
    ("behind the ", Place::Text, "after the"),
    ("behind a ", Place::Text, "after a"),
    ("--help behind", Place::Text, "see `powermap VERB --help`"),
    ("The same, ", Place::Summary, "what it does, verb first"),
    ("The same but ", Place::Summary, "what it does, verb first"),
    ("The same with ", Place::Summary, "what it does, verb first"),
    ("Whether so ", Place::Summary, "Returns whether …"),
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Anywhere in a comment, a string or a page.
    Text,
    /// At the beginning of a documentation comment.
    Summary,
}

/// The lines of a text that have a phrase of the list, with what is better.
fn findings(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut previous = "";
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        let doc = line
            .strip_prefix("///")
            .or_else(|| line.strip_prefix("//!"));
        let begins = !previous.starts_with("//");
        for (phrase, place, better) in LIST {
            let is_there = match place {
                Place::Text => line.to_lowercase().contains(phrase),
                Place::Summary => begins && doc.is_some_and(|doc| doc.trim().starts_with(phrase)),
            };
            if is_there {
                found.push(format!(
                    "{}: \"{phrase}\": write {better}\n    {line}",
                    number + 1
                ));
            }
        }
        previous = line;
    }
    found
}

fn collect(folder: &Path, endings: &[&str], files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, endings, files);
        } else if endings
            .iter()
            .any(|ending| path.extension().is_some_and(|e| e == *ending))
        {
            files.push(path);
        }
    }
}

#[test]
fn nothing_reads_like_a_translation() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for folder in [
        "src",
        "crates",
        "docs",
        "fuzz/targets",
        "benches",
        "examples",
    ] {
        collect(&root.join(folder), &["rs", "md"], &mut files);
    }
    files.extend(["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"].map(|name| root.join(name)));
    files.sort();
    assert!(files.len() > 300, "the files were not found");
    let mut found = Vec::new();
    for path in files {
        let text = fs::read_to_string(&path).unwrap();
        let name = path.strip_prefix(root).unwrap().display().to_string();
        found.extend(
            findings(&text)
                .into_iter()
                .map(|line| format!("{name}:{line}")),
        );
    }
    assert!(
        found.is_empty(),
        "{} places:\n{}",
        found.len(),
        found.join("\n")
    );
}

#[test]
fn phrases_are_found_where_they_are_looked_for() {
    let count = |text: &str| findings(text).len();
    assert_eq!(count("// Keeps so many rows."), 1);
    assert_eq!(count("let x = \"text behind the quote\";"), 1);
    assert_eq!(count("/// The same, with a limit.\nfn f() {}"), 1);
    assert_eq!(
        count("/// Opens a map.\n/// The same, with a limit.\nfn f() {}"),
        0
    );
    assert_eq!(count("/// Returns the same rows, sorted."), 0);
}
