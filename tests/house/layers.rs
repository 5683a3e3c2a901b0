//! The floors of the house: a file imports lower floors only, siblings on one floor ignore each other, and few files
//! import each other in a circle.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Modules by floor, the lowest first.
type Floors = &'static [&'static [&'static str]];

/// The folders of sources that have floors, and which.
const HOUSE: &[(&str, Floors)] = &[
    (
        "crates/rdf/src",
        &[
            &["hint", "prefixes", "spelling"],
            &["format"],
            &["store"],
            &["sparql"],
        ],
    ),
    (
        "src",
        &[
            &["words"],
            &["model"],
            &["format"],
            &["records", "catalogue"],
            &["network"],
            &["analysis"],
            &["story"],
            &["callable", "picture"],
            &["map"],
            &["evidence"],
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

/// The most files that may import each other in a circle.
const CIRCLE_MAX: usize = 5;

/// Larger circles that are left: a file of each, and the number of its files. These numbers may only become smaller.
const LARGER_CIRCLES: &[(&str, usize)] = &[];

/// The module that a file is, as its path: `analysis/loops/mod.rs` is `["analysis", "loops"]`.
fn module_of(file: &str) -> Vec<&str> {
    let mut module: Vec<&str> = file.trim_end_matches(".rs").split('/').collect();
    if module.last() == Some(&"mod") {
        module.pop();
    }
    module
}

/// The paths of a text that begin with `crate::`, with lists in braces written out.
fn paths(text: &str) -> Vec<Vec<String>> {
    let code: String = text
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| [line, "\n"])
        .collect();
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let own = code[..at].chars().next_back();
        if own.is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != ':') {
            read_path(&code[at + "crate::".len()..], &mut Vec::new(), &mut found);
        }
    }
    found
}

/// Reads a path that goes on after `so_far`; returns what comes after it.
fn read_path<'a>(
    mut text: &'a str,
    so_far: &mut Vec<String>,
    found: &mut Vec<Vec<String>>,
) -> &'a str {
    let depth = so_far.len();
    loop {
        text = text.trim_start();
        if let Some(mut list) = text.strip_prefix('{') {
            while !list.trim_start().starts_with('}') {
                list = read_path(list, so_far, found).trim_start();
                match list.strip_prefix(',') {
                    Some(rest) => list = rest,
                    None => break,
                }
            }
            so_far.truncate(depth);
            return list.trim_start().strip_prefix('}').unwrap_or(list);
        }
        let end = text.find(|c: char| !c.is_alphanumeric() && c != '_');
        let (name, rest) = text.split_at(end.unwrap_or(text.len()));
        if name.is_empty() {
            so_far.truncate(depth);
            return text;
        }
        so_far.push(name.to_owned());
        match rest.strip_prefix("::") {
            Some(rest) => text = rest,
            None => {
                found.push(so_far.clone());
                so_far.truncate(depth);
                return rest;
            }
        }
    }
}

/// Which files of a crate import which, by place in the list.
fn imports(files: &[(String, String)]) -> Vec<BTreeSet<usize>> {
    let modules: BTreeMap<Vec<&str>, usize> = files
        .iter()
        .enumerate()
        .map(|(place, (file, _))| (module_of(file), place))
        .collect();
    let import = |place: usize, path: &[String]| {
        let names: Vec<&str> = path.iter().map(String::as_str).collect();
        let longest = (1..=names.len())
            .rev()
            .find_map(|length| modules.get(&names[..length]));
        longest.copied().filter(|other| *other != place)
    };
    files
        .iter()
        .enumerate()
        .map(|(place, (_, text))| {
            let paths = paths(text);
            paths
                .iter()
                .filter_map(|path| import(place, path))
                .collect()
        })
        .collect()
}

/// The files that import each other in circles: the strongly connected components of two files and more, sorted.
fn circles(files: &[(String, String)]) -> Vec<Vec<String>> {
    let imports = imports(files);
    let reached: Vec<BTreeSet<usize>> = (0..files.len())
        .map(|start| {
            let mut reached = BTreeSet::new();
            let mut ahead = vec![start];
            while let Some(at) = ahead.pop() {
                ahead.extend(imports[at].iter().filter(|next| reached.insert(**next)));
            }
            reached
        })
        .collect();
    let circles: BTreeSet<Vec<usize>> = (0..files.len())
        .filter(|start| reached[*start].contains(start))
        .map(|start| {
            let back = |other: &&usize| reached[**other].contains(&start);
            reached[start].iter().filter(back).copied().collect()
        })
        .collect();
    let names = |circle: Vec<usize>| {
        circle
            .into_iter()
            .map(|place| files[place].0.clone())
            .collect()
    };
    circles.into_iter().map(names).collect()
}

/// The sources of each crate: a file imports others of its own crate by `crate::`.
const CRATES: &[&str] = &[
    "crates/graph/src",
    "crates/rdf/src",
    "src/bin/powermap",
    "src",
];

#[test]
fn few_files_import_each_other_in_a_circle() {
    let mut all = Vec::new();
    for folder in CRATES {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let mut found = Vec::new();
        sources(&root, &mut found);
        found.sort();
        let files: Vec<(String, String)> = found
            .iter()
            .map(|path| {
                let relative = path.strip_prefix(&root).unwrap().to_str().unwrap();
                (
                    relative.replace('\\', "/"),
                    fs::read_to_string(path).unwrap(),
                )
            })
            .filter(|(file, _)| !file.starts_with("bin/"))
            .collect();
        let named = |circle: Vec<String>| -> Vec<String> {
            let files = circle.into_iter();
            files.map(|file| format!("{folder}/{file}")).collect()
        };
        all.extend(circles(&files).into_iter().map(named));
    }
    for circle in &all {
        let is_in = |(file, _): &&(&str, usize)| circle.iter().any(|member| member == file);
        let (why, bound) = match LARGER_CIRCLES.iter().find(is_in) {
            Some((_, bound)) => ("a circle that may only become smaller", *bound),
            None => ("a circle", CIRCLE_MAX),
        };
        assert!(
            circle.len() <= bound,
            "{why} has {} files, more than {bound}: move what they share into a file of its own\n{}",
            circle.len(),
            circle.join("\n")
        );
    }
    for (file, bound) in LARGER_CIRCLES {
        let circle = all
            .iter()
            .find(|circle| circle.iter().any(|member| member == file));
        let left = circle.map_or(0, Vec::len);
        assert!(
            left == *bound,
            "the circle of {file} has {left} files now: write that down in LARGER_CIRCLES, or take it out at {CIRCLE_MAX}"
        );
    }
}

#[test]
fn a_circle_of_imports_is_found() {
    let file = |name: &str, text: &str| (name.to_owned(), text.to_owned());
    let files = [
        file("a/mod.rs", "use crate::a::{b, c::{D, e}};"),
        file("a/b.rs", "fn f() { crate::a::c::g() }"),
        file("a/c.rs", "use crate::a::b::H;\n// use crate::a::I;"),
        file("z.rs", "use crate::a::b::H;"),
    ];
    assert_eq!(circles(&files), [["a/b.rs", "a/c.rs"]]);
}
