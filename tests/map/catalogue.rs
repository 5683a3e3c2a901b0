//! The built-in queries: all of them are embedded, documented and run on the built-in map.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use powermap::catalogue::{Catalogue, QUERIES, QueryParameterType, QueryPresence};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn files(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rq") {
            let root = Path::new(env!("CARGO_MANIFEST_DIR"));
            let path = path.strip_prefix(root).unwrap();
            found.insert(path.to_string_lossy().replace('\\', "/"));
        }
    }
}

#[test]
fn every_file_is_embedded() {
    let mut found = BTreeSet::new();
    files(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("queries"),
        &mut found,
    );
    let listed: Vec<_> = QUERIES.iter().map(|(path, _)| (*path).to_owned()).collect();
    assert_eq!(
        listed,
        found.into_iter().collect::<Vec<_>>(),
        "src/sparql/catalogue/built_in.rs must list the files of queries/, sorted"
    );
}

#[test]
fn every_query_is_described_in_both_languages_with_an_example() {
    for entry in Catalogue::built_in().unwrap().entries() {
        let header = &entry.header;
        assert!(
            header.summary.ends_with(['?', '.']),
            "{}: a sentence",
            entry.path
        );
        assert!(
            !header.summary_zh.is_empty(),
            "{}: a summary in Chinese",
            entry.path
        );
        assert!(!header.tags.is_empty(), "{}: tags", entry.path);
        let command = format!("powermap ask {}", entry.name);
        assert!(
            header.example.starts_with(&command),
            "{}: an example",
            entry.path
        );
        for parameter in &header.parameters {
            assert!(
                !parameter.description.is_empty(),
                "{}: {}",
                entry.path,
                parameter.name
            );
            assert_eq!(
                header
                    .example
                    .contains(&format!("--{} ", parameter.name.replace('_', "-"))),
                parameter.presence == QueryPresence::Required,
                "{}: the example gives exactly the required parameters ({})",
                entry.path,
                parameter.name
            );
        }
    }
}

#[test]
fn the_page_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/catalogue.md");
    let page = Catalogue::built_in().unwrap().markdown_page();
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &page).unwrap();
    }
    assert_eq!(
        fs::read_to_string(&path).unwrap_or_default(),
        page,
        "run the tests with BLESS=1 to rewrite docs/catalogue.md"
    );
}

#[test]
fn every_query_runs_on_the_built_in_map() {
    let map = powermap::Map::built_in().unwrap();
    for entry in Catalogue::built_in().unwrap().entries() {
        let given: Vec<_> = entry
            .header
            .parameters
            .iter()
            .filter(|parameter| parameter.presence == QueryPresence::Required)
            .map(|parameter| {
                let text = example_value(&entry.header.example, &parameter.name)
                    .unwrap_or_else(|| panic!("{}: {}", entry.path, parameter.name));
                assert_ne!(
                    parameter.kind,
                    QueryParameterType::Lang,
                    "{} has a default",
                    entry.path
                );
                (parameter.name.clone(), text)
            })
            .collect();
        let terms = entry.bind(&given).unwrap();
        let count = count(&map, entry, &terms);
        // A check that finds nothing has found that all is well.
        assert!(
            count > 0 || entry.topic == "checks",
            "{}: its example finds nothing",
            entry.path
        );
    }
}

/// The value that an example gives to a parameter.
fn example_value(example: &str, name: &str) -> Option<String> {
    let option = format!("--{}", name.replace('_', "-"));
    let mut words = example.split_whitespace();
    words.find(|word| *word == option)?;
    words.next().map(str::to_owned)
}

fn count(
    map: &powermap::map::Map,
    entry: &powermap::catalogue::NamedQuery,
    terms: &[(String, oxigraph::model::Term)],
) -> usize {
    use powermap_rdf::{ReadStore, Results};
    let results = map
        .evaluator()
        .evaluate(map.store().unwrap().dataset(), entry.query.clone(), terms)
        .unwrap();
    match results {
        Results::Boolean(answer) => usize::from(answer),
        Results::Solutions(rows) => rows.map(Result::unwrap).count(),
        Results::Graph(triples) => triples.map(Result::unwrap).count(),
    }
}
