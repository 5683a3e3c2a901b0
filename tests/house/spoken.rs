//! What the library says of files that cannot be read is there in Chinese too.

use std::fs;
use std::path::{Path, PathBuf};

/// Where the library makes such texts.
const SOURCES: [&str; 4] = [
    "src/format",
    "src/records",
    "src/model/error.rs",
    "src/map/error.rs",
];

/// What a text stands behind.
const OPENERS: [&str; 5] = [
    "Fault::new(",
    "with_hint(",
    "Hint::from(",
    "SyntaxProblem::new(",
    "#[error(",
];

fn files(path: &Path, found: &mut Vec<PathBuf>) {
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            files(&entry.unwrap().path(), found);
        }
    } else if path.extension().is_some_and(|ending| ending == "rs") {
        found.push(path.to_owned());
    }
}

/// Returns the text of a literal that the source begins with, lines that go on joined, and the places of its parts without
/// what stands in them.
fn literal(source: &str) -> Option<String> {
    let inner = source.trim_start();
    let inner = inner.strip_prefix("format!(").unwrap_or(inner).trim_start();
    let mut chars = inner.strip_prefix('"')?.chars().peekable();
    let (mut text, mut depth) = (String::new(), 0);
    while let Some(c) = chars.next() {
        match c {
            '"' => return Some(text),
            '\\' => match chars.next()? {
                '\n' => while chars.next_if(|c| c.is_whitespace()).is_some() {},
                'n' => text.push('\n'),
                other => text.push(other),
            },
            '{' if chars.next_if_eq(&'{').is_some() => text.push('{'),
            '}' if depth == 0 && chars.next_if_eq(&'}').is_some() => text.push('}'),
            '{' => {
                depth = 1;
                text.push('{');
            }
            '}' => {
                depth = 0;
                text.push('}');
            }
            _ if depth == 1 => {}
            _ => text.push(c),
        }
    }
    None
}

fn texts(source: &str) -> Vec<String> {
    let code = source.split("#[cfg(test)]").next().unwrap_or_default();
    let mut found = Vec::new();
    for opener in OPENERS {
        let places = code.match_indices(opener);
        found.extend(places.filter_map(|(at, _)| literal(&code[at + opener.len()..])));
    }
    // A text that is another one says nothing by itself.
    found.retain(|text| text.replace("{}", "").chars().any(char::is_alphabetic));
    found
}

#[test]
fn what_is_wrong_with_files_is_said_in_chinese_too() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let tables = root.join("src/bin/powermap/words/chinese");
    let mut known = String::new();
    for table in ["errors.rs", "library.rs", "tables.rs"] {
        known += &fs::read_to_string(tables.join(table)).unwrap();
    }
    let mut paths = Vec::new();
    for source in SOURCES {
        files(&root.join(source), &mut paths);
    }
    paths.sort();
    let (mut checked, mut missing) = (0, Vec::new());
    for path in paths {
        for text in texts(&fs::read_to_string(&path).unwrap()) {
            checked += 1;
            let key = text
                .replace('\\', "\\\\")
                .replace('"', "\\\"")
                .replace('\n', "\\n");
            if !known.contains(&format!("\"{key}\" =>")) {
                missing.push(format!("{}: {text}", path.display()));
            }
        }
    }
    assert!(checked > 150, "{checked}");
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn literals_are_taken_from_the_source() {
    let source =
        "Fault::new(format!(\"'{text}' is \\\n     {{no}} {}\", what)).with_hint(\"{name}\")";
    assert_eq!(texts(source), ["'{}' is {no} {}"]);
}

#[test]
fn headings_of_named_queries_are_there_in_chinese_too() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let known =
        fs::read_to_string(root.join("src/bin/powermap/words/chinese/headings.rs")).unwrap();
    let mut queries = Vec::new();
    let mut open = vec![root.join("queries")];
    while let Some(path) = open.pop() {
        match path.is_dir() {
            true => open.extend(
                fs::read_dir(path)
                    .unwrap()
                    .map(|entry| entry.unwrap().path()),
            ),
            false => queries.push(path),
        }
    }
    assert!(queries.len() > 90, "{}", queries.len());
    let mut missing = Vec::new();
    for path in queries {
        let text = fs::read_to_string(&path).unwrap();
        let code: Vec<_> = text.lines().filter(|line| !line.starts_with('#')).collect();
        let code = code.join(" ");
        let Some((_, rest)) = code.split_once("SELECT ") else {
            continue;
        };
        let (selected, _) = rest.split_once("WHERE").unwrap();
        // Of an expression, the name that it is given.
        let named: Vec<_> = selected.split(" AS ").collect();
        let own = named[0].split('(').next().unwrap_or_default();
        let later = named[1..].iter().map(|part| part.replace(')', " "));
        let names = format!("{own} {}", later.collect::<Vec<_>>().join(" "));
        for name in names
            .split_whitespace()
            .filter_map(|word| word.strip_prefix(['?', '$']))
        {
            let name = name.strip_suffix("_name").unwrap_or(name);
            if !known.contains(&format!("\"{name}\" =>")) {
                missing.push(format!("{}: {name}", path.display()));
            }
        }
    }
    // People read these at the figure.
    missing.retain(|name| !name.ends_with(": approximate") && !name.ends_with("_exclusive"));
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}
