//! The check queries: each finds what it is meant to find, and nothing else.
//!
//! A case is `tests/checks/<query>/<case>.args` with the rows it expects in `<case>.csv`; `BLESS=1` writes the rows. A
//! line of the arguments is `name value` for a parameter, `as-of DAY`, `known-by DAY` or `policy NAME`; `empty ok`
//! allows an answer without rows. A `data.ttl` beside the cases takes the place of the built-in map, except where a
//! case says `map built-in`.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use oxigraph::model::Term;
use powermap::catalogue::{Catalogue, NamedQuery};
use powermap::model::vocabulary::compact;
use powermap::{Map, View};
use powermap_rdf::{Format, ReadStore, Results, rdf};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// What a case asks for.
#[derive(Default)]
struct Case {
    arguments: Vec<(String, String)>,
    view: View,
    is_built_in: bool,
    may_be_empty: bool,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/checks")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<_> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .map(|entry| entry.unwrap().path())
        .collect();
    found.sort();
    found
}

fn extension(path: &Path) -> &str {
    path.extension()
        .and_then(|e| e.to_str())
        .unwrap_or_default()
}

fn read_case(path: &Path) -> Case {
    let mut case = Case::default();
    for line in fs::read_to_string(path).unwrap().lines() {
        let Some((name, value)) = line.trim().split_once(' ') else {
            assert!(line.trim().is_empty(), "{}: {line}", path.display());
            continue;
        };
        match (name, value) {
            ("as-of", day) => case.view.as_of = Some(day.parse().unwrap()),
            ("known-by", day) => case.view.known_by = Some(day.parse().unwrap()),
            ("policy", policy) => case.view.policy = policy.parse().unwrap(),
            ("map", "built-in") => case.is_built_in = true,
            ("empty", "ok") => case.may_be_empty = true,
            _ => case.arguments.push((name.to_owned(), value.to_owned())),
        }
    }
    case
}

fn cell(term: Option<&Term>) -> String {
    match term {
        None => String::new(),
        Some(Term::NamedNode(node)) => compact(node.as_str()),
        Some(Term::Literal(literal)) => literal.value().to_owned(),
        Some(Term::BlankNode(_)) => "[]".to_owned(),
    }
}

/// The rows as CSV, and how many there are.
fn run(map: &Map, entry: &NamedQuery, case: &Case) -> (String, usize) {
    let terms = entry.bind(&case.arguments).unwrap();
    let map = map.with_view(case.view);
    let results = map
        .evaluator()
        .evaluate(map.store().unwrap().dataset(), entry.query.clone(), &terms)
        .unwrap();
    let Results::Solutions(rows) = results else {
        panic!("{}: rows are expected", entry.path);
    };
    let columns: Vec<_> = rows.variables().to_vec();
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(columns.iter().map(|v| v.as_str()))
        .unwrap();
    let mut count = 0;
    for row in rows {
        let row = row.unwrap();
        csv.write_record(columns.iter().map(|v| cell(row.get(v))))
            .unwrap();
        count += 1;
    }
    (String::from_utf8(csv.into_inner().unwrap()).unwrap(), count)
}

#[test]
fn every_check_finds_what_its_cases_expect() {
    let bless = std::env::var_os("BLESS").is_some();
    let built_in = Map::built_in().unwrap();
    let mut problems = Vec::new();
    for entry in Catalogue::built_in().unwrap().entries() {
        if entry.topic != "checks" {
            continue;
        }
        let files = files(&folder().join(&entry.name));
        let own = files.iter().find(|path| path.ends_with("data.ttl"));
        let own = own.map(|path| {
            let quads = rdf::parse(&fs::read(path).unwrap(), Format::Turtle, "data.ttl").unwrap();
            Map::from_quads(quads).unwrap()
        });
        let mut has_found = false;
        for path in files.iter().filter(|path| extension(path) == "args") {
            let case = read_case(path);
            let map = own.as_ref().filter(|_| !case.is_built_in);
            let (found, rows) = run(map.unwrap_or(&built_in), entry, &case);
            has_found |= rows > 0;
            let name = path.strip_prefix(folder()).unwrap().display();
            if rows == 0 && !case.may_be_empty {
                problems.push(format!("{name}: no rows"));
            }
            let expected = path.with_extension("csv");
            if bless {
                fs::write(&expected, &found).unwrap();
            } else if fs::read_to_string(&expected).unwrap_or_default() != found {
                problems.push(format!("{name}: found\n{found}"));
            }
        }
        if !has_found {
            problems.push(format!(
                "{}: no case in which it finds something",
                entry.name
            ));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn every_file_of_the_cases_is_used() {
    let catalogue = Catalogue::built_in().unwrap();
    let checks: BTreeMap<_, _> = catalogue
        .entries()
        .filter(|entry| entry.topic == "checks")
        .map(|entry| (entry.name.clone(), entry))
        .collect();
    let mut unused = BTreeSet::new();
    for case in files(&folder()) {
        if !checks.contains_key(case.file_name().unwrap().to_str().unwrap()) {
            unused.insert(case.clone());
        }
        unused.extend(files(&case).into_iter().filter(|path| {
            !(extension(path) == "args"
                || path.ends_with("data.ttl")
                || (extension(path) == "csv" && path.with_extension("args").exists()))
        }));
    }
    assert!(unused.is_empty(), "{unused:?}");
}
