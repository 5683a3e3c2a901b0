//! The named queries: every one of them answers a question on the map whose answer is known.
//!
//! A case is `tests/queries/<query>/<case>.args` with the rows it expects in `<case>.csv`; `BLESS=1` writes the rows.
//! A line of the arguments is `name value` for a parameter, or `as-of DAY`, `known-by DAY`, `policy NAME`; `empty ok`
//! allows an answer without rows, and `#` starts a comment, which says what facts the rows rest on. A `data.ttl` beside
//! the cases takes the place of the built-in map. The queries of the topic `checks` have tests of their own.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use oxigraph::model::Term;
use powermap::catalogue::{Catalogue, NamedQuery};
use powermap::model::vocabulary::compact;
use powermap::{Map, View};
use powermap_rdf::{Format, Results, rdf};
use std::fs;
use std::path::{Path, PathBuf};

fn root(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_below(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|found| found == extension)
}

/// What a case asks for.
#[derive(Default)]
struct Case {
    arguments: Vec<(String, String)>,
    view: View,
    may_be_empty: bool,
    is_explained: bool,
}

fn read_case(path: &Path) -> Case {
    let mut case = Case::default();
    for line in fs::read_to_string(path).unwrap().lines() {
        if line.starts_with('#') {
            case.is_explained = true;
            continue;
        }
        let (name, value) = line
            .split_once(' ')
            .unwrap_or_else(|| panic!("{}: `name value` expected, found {line:?}", path.display()));
        match name {
            "as-of" => case.view.as_of = Some(value.parse().unwrap()),
            "known-by" => case.view.known_by = Some(value.parse().unwrap()),
            "policy" => case.view.policy = value.parse().unwrap(),
            "empty" => case.may_be_empty = value == "ok",
            _ => case.arguments.push((name.to_owned(), value.to_owned())),
        }
    }
    case
}

fn cell(term: Option<&Term>) -> String {
    match term {
        None => String::new(),
        Some(Term::NamedNode(node)) => compact(node.as_str()).trim_matches(['<', '>']).to_owned(),
        Some(Term::Literal(literal)) => literal.value().to_owned(),
        Some(Term::BlankNode(_)) => "[]".to_owned(),
    }
}

/// The rows as CSV, and how many there are.
fn run(map: &Map, query: &NamedQuery, case: &Case) -> (String, usize) {
    let name = &query.name;
    let map = map.with_view(case.view);
    let results = map
        .ask(query, &case.arguments)
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    let Results::Solutions(rows) = results else {
        panic!("{name} is not a SELECT query");
    };
    let mut csv = csv::Writer::from_writer(Vec::new());
    let columns = rows.variables().to_vec();
    csv.write_record(columns.iter().map(|v| v.as_str()))
        .unwrap();
    let mut count = 0;
    for row in rows {
        let row = row.unwrap_or_else(|error| panic!("{name}: {error}"));
        csv.write_record(columns.iter().map(|v| cell(row.get(v))))
            .unwrap();
        count += 1;
    }
    let csv = String::from_utf8(csv.into_inner().unwrap()).unwrap();
    (csv, count)
}

/// The map of a query's cases.
fn own_map(folder: &Path) -> Option<Map> {
    let text = fs::read(folder.join("data.ttl")).ok()?;
    let quads = rdf::parse(&text, Format::Turtle, "data.ttl").unwrap();
    Some(Map::from_quads(quads).unwrap())
}

#[test]
fn every_query_answers_its_cases() {
    let bless = std::env::var_os("BLESS").is_some();
    let built_in = Map::built_in().unwrap();
    let catalogue = Catalogue::built_in().unwrap();
    let mut problems = Vec::new();
    for query in catalogue.entries().filter(|query| query.topic != "checks") {
        let folder = root("tests/queries").join(&query.name);
        let own = own_map(&folder);
        let mut cases = files_below(&folder);
        cases.retain(|path| has_extension(path, "args"));
        if cases.is_empty() {
            problems.push(format!("{}: no case", query.name));
        }
        for path in cases {
            let case = read_case(&path);
            let (found, rows) = run(own.as_ref().unwrap_or(&built_in), query, &case);
            if rows == 0 && !case.may_be_empty {
                problems.push(format!("{}: no rows", path.display()));
            }
            if !case.is_explained {
                problems.push(format!("{}: no comment", path.display()));
            }
            let expected = path.with_extension("csv");
            if bless {
                fs::write(&expected, &found).unwrap();
            } else if fs::read_to_string(&expected).unwrap_or_default() != found {
                problems.push(format!("{}: found\n{found}", path.display()));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn every_file_of_the_cases_is_used() {
    let catalogue = Catalogue::built_in().unwrap();
    let mut unused = files_below(&root("tests/queries"));
    unused.retain(|path| {
        let query = path.parent().and_then(Path::file_name).unwrap();
        let is_read = has_extension(path, "args")
            || has_extension(path, "csv") && path.with_extension("args").exists()
            || path.file_name().is_some_and(|name| name == "data.ttl");
        !is_read || catalogue.get(query.to_str().unwrap()).is_err()
    });
    assert!(unused.is_empty(), "{unused:?}");
}
