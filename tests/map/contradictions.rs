//! What is known to be odd about the built-in map's sources is found, by the claims that it is odd about.
//!
//! The codes are tags of the queries in `queries/checks/`: `a..` for arithmetic that can be redone, `c..` for what the
//! article gets wrong by itself, `x..` for what later reports contradict. Where two claims simply differ no query is
//! needed: the conflicts of the map tell.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use oxigraph::model::vocab::xsd;
use oxigraph::model::{Literal, NamedNode, NamedOrBlankNode, Term};
use powermap::catalogue::{Catalogue, NamedQuery};
use powermap::map::SILICON_VALLEY;
use powermap::model::vocabulary::expand;
use powermap::{Map, View};
use powermap_rdf::{Format, ReadStore, Results, rdf};
use std::collections::{BTreeMap, BTreeSet};

/// A code, the facts that it is about, and the day by which it can be found, if that is not the last.
struct Code {
    code: String,
    facts: BTreeSet<String>,
    known_by: Option<String>,
}

fn codes() -> Vec<Code> {
    let text = include_str!("../data/codes.csv");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    assert_eq!(reader.headers().unwrap(), vec!["code", "facts", "known_by"]);
    reader
        .records()
        .map(|row| {
            let row = row.unwrap();
            Code {
                code: row[0].to_owned(),
                facts: row[1].split(' ').map(str::to_owned).collect(),
                known_by: Some(row[2].to_owned()).filter(|day| !day.is_empty()),
            }
        })
        .collect()
}

/// The map as known by a day.
fn map(known_by: Option<&str>) -> Map {
    Map::built_in().unwrap().with_view(View {
        known_by: known_by.map(|day| day.parse().unwrap()),
        ..View::default()
    })
}

/// The rows of a query with its defaults: the value of each column that has one.
fn rows(map: &Map, entry: &NamedQuery) -> Vec<BTreeMap<String, Term>> {
    let terms = entry.bind(&[]).unwrap();
    let results = map
        .evaluator()
        .evaluate(map.store().unwrap().dataset(), entry.query.clone(), &terms)
        .unwrap();
    let Results::Solutions(rows) = results else {
        panic!("{}: rows are expected", entry.path);
    };
    rows.map(|row| {
        row.unwrap()
            .iter()
            .map(|(variable, term)| (variable.as_str().to_owned(), term.clone()))
            .collect()
    })
    .collect()
}

/// The facts that the claims of a row state.
fn facts(map: &Map, row: &BTreeMap<String, Term>) -> Vec<String> {
    ["claim_a", "claim_b"]
        .into_iter()
        .filter_map(|column| match row.get(column)? {
            Term::NamedNode(node) => Some(NamedOrBlankNode::from(node.clone())),
            _ => None,
        })
        .flat_map(|claim| map.records().unwrap().claims[&claim].fact_ids.clone())
        .collect()
}

/// Those of the facts that another one of them contradicts.
fn facts_in_conflict(map: &Map, facts: &BTreeSet<String>) -> BTreeSet<String> {
    let of = |claim: &NamedOrBlankNode| -> BTreeSet<String> {
        let all = map.records().unwrap().claims[claim].fact_ids.iter();
        all.filter(|fact| facts.contains(*fact)).cloned().collect()
    };
    map.conflicts()
        .unwrap()
        .iter()
        .map(|conflict| (of(&conflict.claim_a), of(&conflict.claim_b)))
        .filter(|(a, b)| !a.is_empty() && !b.is_empty() && a != b)
        .flat_map(|(a, b)| a.into_iter().chain(b))
        .collect()
}

#[test]
fn every_code_is_found_by_the_claims_that_it_is_about() {
    let catalogue = Catalogue::built_in().unwrap();
    let mut maps = BTreeMap::new();
    for Code {
        code,
        facts: expected,
        known_by,
    } in codes()
    {
        let map: &Map = maps
            .entry(known_by.clone())
            .or_insert_with(|| map(known_by.as_deref()));
        let tagged: Vec<_> = catalogue
            .entries()
            .filter(|entry| entry.header.tags.contains(&code))
            .collect();
        let found = if tagged.is_empty() {
            assert!(code.starts_with('x'), "{code}: no query has the tag");
            facts_in_conflict(map, &expected)
        } else {
            tagged
                .iter()
                .flat_map(|entry| rows(map, entry))
                .filter(|row| {
                    let holds = row.get("verdict").is_some_and(|v| is_text(v, "holds"));
                    code.starts_with('a') || !holds
                })
                .flat_map(|row| facts(map, &row))
                .collect()
        };
        assert!(
            found.is_superset(&expected),
            "{code}: found {found:?}, expected {expected:?}"
        );
    }
}

fn is_text(term: &Term, text: &str) -> bool {
    matches!(term, Term::Literal(literal) if literal.value() == text)
}

#[test]
fn every_code_of_the_article_has_a_query() {
    let expected = (1..=13)
        .map(|n| format!("a{n:02}"))
        .chain((1..=14).map(|n| format!("c{n:02}")));
    let tags: BTreeSet<_> = Catalogue::built_in()
        .unwrap()
        .entries()
        .flat_map(|entry| entry.header.tags.clone())
        .collect();
    let missing: Vec<_> = expected.filter(|code| !tags.contains(code)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_check_gives_the_columns_that_a_report_needs() {
    let map = map(None);
    for entry in Catalogue::built_in().unwrap().entries() {
        if entry.topic != "checks" {
            continue;
        }
        assert!(
            entry.header.tags.first().is_some_and(|tag| tag == "check"),
            "{}: its first tag is check",
            entry.path
        );
        let terms = entry.bind(&[]).unwrap();
        let Results::Solutions(rows) = map
            .evaluator()
            .evaluate(map.store().unwrap().dataset(), entry.query.clone(), &terms)
            .unwrap()
        else {
            panic!("{}: rows are expected", entry.path);
        };
        let columns: Vec<_> = rows.variables().iter().map(|v| v.as_str()).collect();
        for column in ["about", "claim_a", "claim_b", "reason"] {
            assert!(columns.contains(&column), "{}: no {column}", entry.path);
        }
        for row in rows {
            let row = row.unwrap();
            assert!(row.get("about").is_some(), "{}: {row:?}", entry.path);
            let reason = row.get("reason");
            assert!(
                matches!(reason, Some(Term::Literal(text)) if !text.value().is_empty()),
                "{}: {row:?}",
                entry.path
            );
            let verdict = row.get("verdict");
            assert!(
                verdict.is_none_or(|v| is_text(v, "holds") || is_text(v, "fails")),
                "{}: {row:?}",
                entry.path
            );
        }
    }
}

/// The built-in map with the bounds of one claim's amount set to a number.
fn altered(claim: &str, number: &str) -> Map {
    let claim = NamedNode::new_unchecked(format!("https://w3id.org/powermap/id/{claim}"));
    let mut quads = Vec::new();
    for (name, text) in SILICON_VALLEY {
        quads.extend(rdf::parse(text.as_bytes(), Format::Turtle, name).unwrap());
    }
    let [amount, lower, upper] =
        ["pm:amount", "pm:lower", "pm:upper"].map(|name| expand(name).unwrap());
    let amount = quads
        .iter()
        .find(|quad| quad.subject == claim.clone().into() && quad.predicate == amount)
        .map(|quad| quad.object.clone())
        .unwrap_or_else(|| panic!("{claim} has no amount"));
    for quad in &mut quads {
        let is_bound = quad.predicate == lower || quad.predicate == upper;
        if is_bound && Term::from(quad.subject.clone()) == amount {
            quad.object = Literal::new_typed_literal(number, xsd::DOUBLE).into();
        }
    }
    Map::from_quads(quads).unwrap()
}

/// The verdicts of the rows that name a claim, by the queries with a tag; a row without one is a finding.
fn verdicts(map: &Map, code: &str, claim: &str) -> Vec<String> {
    let claim = Term::from(NamedNode::new_unchecked(format!(
        "https://w3id.org/powermap/id/{claim}"
    )));
    let catalogue = Catalogue::built_in().unwrap();
    catalogue
        .entries()
        .filter(|entry| entry.header.tags.iter().any(|tag| tag == code))
        .flat_map(|entry| rows(map, entry))
        .filter(|row| {
            ["claim_a", "claim_b"]
                .iter()
                .any(|column| row.get(*column) == Some(&claim))
        })
        .map(|row| match row.get("verdict") {
            Some(Term::Literal(verdict)) => verdict.value().to_owned(),
            _ => "found".to_owned(),
        })
        .collect()
}

#[test]
fn arithmetic_that_does_not_work_out_fails() {
    let map = map(None);
    for (code, claim, number) in [
        ("a01", "claim-s009", "12"),
        ("a02", "claim-e116", "9e9"),
        ("a03", "claim-s047-b", "21"),
        ("a04", "claim-s049", "20"),
        ("a06", "claim-s070", "6e12"),
        ("a07", "claim-s074", "0.8"),
        ("a08", "claim-s075-a", "2e10"),
        ("a09", "claim-s077", "-42"),
        ("a10", "claim-s109", "3e10"),
        ("a12", "claim-s026", "5e12"),
        ("a13", "claim-s123", "3e12"),
    ] {
        let before = verdicts(&map, code, claim);
        assert!(
            !before.is_empty() && before.iter().all(|v| v == "holds"),
            "{code}: {claim}: {before:?}"
        );
        let after = verdicts(&altered(claim, number), code, claim);
        assert!(
            after.iter().any(|v| v == "fails"),
            "{code}: {claim} at {number}: {after:?}"
        );
    }
}

#[test]
fn a_contradiction_that_is_put_right_is_gone() {
    let map = map(None);
    for (code, claim, number) in [
        ("c01", "claim-s024", "8e8"),
        ("c02", "claim-s028", "1.5e10"),
        ("c03", "claim-s029", "2.7"),
        ("c04", "claim-s001", "3e12"),
        ("c06", "claim-s027", "7.9e9"),
        ("c07", "claim-s066", "6e13"),
        ("c10", "claim-s076", "4.05"),
        ("c11", "claim-s080", "3"),
        ("c13", "claim-s003-e", "2"),
    ] {
        let before = verdicts(&map, code, claim);
        assert!(before.iter().any(|v| v != "holds"), "{code}: {claim}");
        let after = verdicts(&altered(claim, number), code, claim);
        assert!(
            after.iter().all(|v| v == "holds"),
            "{code}: {claim} at {number}: {after:?}"
        );
    }
}
