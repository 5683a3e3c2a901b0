//! `SELECT` clauses: aliases that use aliases before them, and the order of the columns of `*`.

#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests may panic like the tests"
)]

use oxigraph::model::{GraphName, Literal, NamedNode, Quad};
use powermap_rdf::{CompiledStore, Evaluator, MemoryStore, ReadDataset, ReadStore, Results};

fn store() -> MemoryStore {
    let node = |name: &str| NamedNode::new(format!("http://a.example/{name}")).unwrap();
    let quads =
        [("a", "x", 1), ("a", "x", 4), ("b", "x", 6), ("b", "y", 2)].map(|(s, p, value)| {
            let value = Literal::from(value);
            Quad::new(node(s), node(p), value, GraphName::DefaultGraph)
        });
    MemoryStore::from_quads(quads)
}

/// The columns and the rows, each cell without its datatype.
fn table<'a>(dataset: impl ReadDataset<'a>, text: &str) -> Result<Vec<String>, String> {
    let evaluator = Evaluator::new()
        .with_prefix("", "http://a.example/")
        .unwrap();
    let results = evaluator.query(dataset, text, &[]);
    let Results::Solutions(rows) = results.map_err(|error| error.to_string())? else {
        panic!("{text}: no rows");
    };
    let names = rows.variables().iter().map(|name| name.as_str());
    let mut lines = vec![names.collect::<Vec<_>>().join(" ")];
    let mut cells: Vec<String> = rows
        .map(|row| {
            let row = row.unwrap();
            let cell = |term: &oxigraph::model::Term| {
                let text = term.to_string();
                text.split("^^")
                    .next()
                    .unwrap()
                    .replace("http://a.example/", "")
            };
            let cells = row.values().iter();
            let cells = cells.map(|term| term.as_ref().map_or("-".to_owned(), cell));
            cells.collect::<Vec<_>>().join(" ")
        })
        .collect();
    cells.sort();
    lines.append(&mut cells);
    Ok(lines)
}

fn assert_table(text: &str, expected: &[&str]) {
    let memory = store();
    let compiled = CompiledStore::in_memory(&memory).unwrap();
    for found in [
        table(memory.dataset(), text),
        table(compiled.dataset(), text),
    ] {
        assert_eq!(found.unwrap(), expected, "{text}");
    }
}

#[test]
fn an_alias_may_use_those_before_it() {
    assert_table(
        "SELECT (SUM(?x) AS ?t) (COUNT(?x) AS ?n) (?t / ?n AS ?mean) { ?s :x ?x }",
        &["t n mean", "\"11\" \"3\" \"3.666666666666666666\""],
    );
    assert_table(
        "SELECT ?s (SUM(?x) AS ?t) (?t * 2 AS ?double) (IF(BOUND(?double), ?double + ?t, 0) AS ?all)
         { ?s :x ?x } GROUP BY ?s HAVING (COUNT(?x) > 0) ORDER BY ?t",
        &[
            "s t double all",
            "<a> \"5\" \"10\" \"15\"",
            "<b> \"6\" \"12\" \"18\"",
        ],
    );
    // Inside of a subquery, and with a variable of the same name in the pattern of EXISTS.
    assert_table(
        "SELECT ?more { { SELECT (MAX(?x) AS ?m) (?m + 1 AS ?more) { ?s :x ?x } } }",
        &["more", "\"7\""],
    );
    assert_table(
        "SELECT (MAX(?x) AS ?m) (EXISTS { ?other :x ?m } AS ?has) (?m > 5 AS ?great) { ?s :x ?x }",
        &["m has great", "\"6\" \"true\" \"true\""],
    );
}

#[test]
fn what_is_no_alias_stays_an_error() {
    let memory = store();
    for (text, place) in [
        (
            "SELECT (SUM(?x) AS ?t) (?u / 2 AS ?half) { ?s :x ?x }",
            "?u",
        ),
        (
            "SELECT (?t / 2 AS ?half) (SUM(?x) AS ?t) { ?s :x ?x }",
            "?t",
        ),
        ("SELECT (SUM(?x) AS ?t) (?t / AS ?half) { ?s :x ?x }", "AS"),
    ] {
        let error = table(memory.dataset(), text).unwrap_err();
        assert!(error.starts_with("1:"), "{place}: {error}");
    }
}

#[test]
fn columns_of_a_star_come_in_the_order_of_their_first_appearance() {
    assert_table(
        "SELECT * { ?z :y ?value . ?z :x ?b OPTIONAL { ?z :none ?a } }",
        &["z value b a", "<b> \"2\" \"6\" -"],
    );
    assert_table(
        "SELECT DISTINCT * { { SELECT ?y ?x { ?y :x ?x } } FILTER(?x > 4) } LIMIT 5",
        &["y x", "<b> \"6\""],
    );
    // Columns that are named keep the order in which they are named.
    assert_table("SELECT ?x ?s { ?s :y ?x }", &["x s", "\"2\" <b>"]);
}
