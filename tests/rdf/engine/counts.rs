//! Aggregates over joins: solutions that are counted give what solutions that are made give.

#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests may panic like the tests"
)]

use crate::engine::answers::{answer, evaluator};
use crate::engine::queries::{Chance, Query};
use crate::engine::seeded;
use oxigraph::model::{GraphName, Literal, NamedNode, Quad, Term};
use powermap_rdf::{CompiledStore, Evaluator, Format, MemoryStore, ReadStore, Results, rdf};

/// Groups that bind ?a and ?b, and some of ?c, ?d and the number ?m.
const PATTERNS: &[&str] = &[
    "?a :p ?b",
    "?a :p ?b . ?b :q ?c",
    "?a :p ?b . ?a :q ?c . ?a :r ?d",
    "?a :p ?b . ?b :q ?c . ?c :r ?d . ?d :v ?m",
    "?a :p ?b . ?c :q ?b . ?c :v ?m",
    "?a :p ?b OPTIONAL { ?b :q ?c }",
    "?a :p ?b OPTIONAL { ?b :q ?c . ?c :v ?m } OPTIONAL { ?a :r ?d }",
    "{ ?a :p ?b } UNION { ?a :q ?b . ?b :r ?c } UNION { ?a :r ?b . ?b :v ?m }",
    "?a :p ?b MINUS { ?b :q ?c }",
    "?a :p ?b . ?b :q ?c MINUS { ?b :r ?c . ?c :q ?d }",
    "?a :p ?b . ?b :q ?c FILTER NOT EXISTS { ?c :r ?d }",
    "?a :p ?b . ?b :q ?c FILTER EXISTS { ?b :r ?d . ?d :q ?x }",
    "?a :p ?b . ?c :q ?d",
    "?a :v ?m . ?a :p ?b FILTER(?m > 2)",
    "?a :p ?b . ?b :v ?m FILTER(?m != 3 && ?a != :n2)",
    "?a :p ?b . ?b :p ?c . ?c :p ?a",
    "?a :p ?b . ?b :q :n3 . :n4 :r ?c",
    "?a :p ?b . ?b :q ?c FILTER(?c IN (:n1, :n3, :n5, :n8))",
    "?a :p+ ?b",
    "?a :p* ?b . ?b :v ?m",
    "?a (:p|:q)+ ?b . ?a :r ?c",
    "?a :p+ ?a . ?a :q ?b",
    "?a :p ?b . ?b :q+ ?c",
    "?a :p ?b . ?c :q* ?b . ?c :v ?m",
    "?a :p ?b . ?b :q ?c . ?a :r* ?c",
    "?a (:p/:q)* ?b",
    "?a ?x ?b . ?b :q ?c",
    "?a :p ?b { SELECT ?b (COUNT(*) AS ?m) { ?b :q ?c } GROUP BY ?b }",
    "?a :p ?b { SELECT ?b ?d { ?b :q ?c . ?c :r ?d } }",
    "?a :p ?b { SELECT DISTINCT ?b { ?b :q ?c . ?c :r ?d } }",
    "VALUES (?a ?m) { (:n1 2) (:n2 3) (:n1 2) (UNDEF 5) } ?a :p ?b . ?b :q ?c",
    "?a :p ?b BIND(STRLEN(STR(?b)) AS ?m) ?b :q ?c",
    "GRAPH ?x { ?a :p ?b } ?b :q ?c",
];

const AGGREGATES: &[&str] = &[
    "(COUNT(*) AS ?x1)",
    "(COUNT(?b) AS ?x1) (COUNT(?c) AS ?x2)",
    "(COUNT(DISTINCT ?b) AS ?x1)",
    "(COUNT(DISTINCT *) AS ?x1)",
    "(SUM(?m) AS ?x1)",
    "(SUM(?m) AS ?x1) (COUNT(*) AS ?x2) (AVG(?m) AS ?x3)",
    "(MIN(?m) AS ?x1) (MAX(?m) AS ?x2)",
    "(SUM(DISTINCT ?m) AS ?x1) (COUNT(*) AS ?x2)",
    "(SUM(?m * 2 + 1) AS ?x1)",
];

fn data(chance: &mut Chance) -> MemoryStore {
    let node = |chance: &mut Chance| {
        NamedNode::new(format!("http://a.example/n{}", chance.below(24))).unwrap()
    };
    let count = 60 + chance.below(90);
    let quads = (0..count).map(|_| {
        let predicate = chance.pick(&["p", "p", "q", "q", "r", "v"]);
        let object: Term = match predicate {
            "v" => Literal::from(chance.below(6) as i64).into(),
            _ => node(chance).into(),
        };
        let graph = match chance.below(8) {
            0 => GraphName::from(NamedNode::new("http://a.example/g0").unwrap()),
            _ => GraphName::DefaultGraph,
        };
        let predicate = NamedNode::new(format!("http://a.example/{predicate}")).unwrap();
        Quad::new(node(chance), predicate, object, graph)
    });
    MemoryStore::from_quads(quads.collect::<Vec<_>>())
}

fn query(chance: &mut Chance) -> String {
    let pattern = chance.pick(PATTERNS);
    if chance.below(8) == 0 {
        let columns = chance.pick(&["?a", "?b", "?a ?c", "?c ?d", "?m"]);
        return format!("SELECT DISTINCT {columns} {{ {pattern} }}");
    }
    let aggregates = chance.pick(AGGREGATES);
    let (columns, groups) = match chance.below(6) {
        0 => ("?a", "GROUP BY ?a"),
        1 => ("?b", "GROUP BY ?b"),
        2 => ("?a ?c", "GROUP BY ?a ?c"),
        3 => ("?c", "GROUP BY ?c HAVING(COUNT(*) > 1)"),
        _ => ("", ""),
    };
    format!("SELECT {columns} {aggregates} {{ {pattern} }} {groups}")
}

#[test]
fn what_is_counted_is_what_is_there() {
    for seed in 0..40 {
        let mut chance = seeded(seed);
        let memory = data(&mut chance);
        let compiled = CompiledStore::in_memory(&memory).unwrap();
        let plain = evaluator().without_columns();
        for _ in 0..40 {
            let query = Query {
                text: query(&mut chance),
                is_sliced: false,
                is_ordered: false,
                is_tied: false,
                is_concatenated: false,
            };
            let expected = answer(&plain, memory.dataset(), &query);
            let found = answer(&evaluator(), compiled.dataset(), &query);
            expected.assert_same(&found, &query, &format!("seed {seed}"));
        }
    }
}

/// The only cell of an answer, without its datatype.
fn cell(store: &CompiledStore, text: &str) -> String {
    let evaluator = Evaluator::new()
        .with_prefix("", "http://a.example/")
        .unwrap();
    let results = evaluator.query(store.dataset(), text, &[]);
    let Results::Solutions(mut rows) = results.unwrap() else {
        panic!("no rows");
    };
    let row = rows.next().unwrap().map_err(|error| error.to_string());
    match row {
        Ok(row) => row.get(0).map(ToString::to_string).unwrap_or_default(),
        Err(error) => error,
    }
}

#[test]
fn counts_need_not_be_listed() {
    // A star: 1,000 things each linked to 1,000 by each of two predicates.
    let mut text = String::from("@prefix : <http://a.example/> .\n");
    for predicate in ["p", "q"] {
        text.push_str(&format!(":hub :{predicate} "));
        let objects: Vec<String> = (0..3_000).map(|i| format!(":n{i}")).collect();
        text.push_str(&format!("{} .\n", objects.join(", ")));
    }
    let quads = rdf::parse(text.as_bytes(), Format::Turtle, "star.ttl").unwrap();
    let store = CompiledStore::in_memory(&MemoryStore::from_quads(quads)).unwrap();
    let patterns = |count: usize| -> String {
        let each = (0..count).map(|i| format!("?a :{} ?x{i} . ", ["p", "q"][i % 2]));
        each.collect()
    };
    let count = |count: usize| format!("SELECT (COUNT(*) AS ?n) {{ {} }}", patterns(count));
    let integer = "<http://www.w3.org/2001/XMLSchema#integer>";
    assert_eq!(cell(&store, &count(2)), format!("\"9000000\"^^{integer}"));
    assert_eq!(
        cell(&store, &count(5)),
        format!("\"243000000000000000\"^^{integer}")
    );
    // More than an xsd:integer of 64 bits can say is an error, not another number.
    let evaluator = Evaluator::new()
        .with_prefix("", "http://a.example/")
        .unwrap();
    let error = evaluator.query(store.dataset(), &count(6), &[]).err();
    let error = error.unwrap().to_string();
    assert!(error.contains("beyond the range of xsd:integer"), "{error}");
}

#[test]
fn closures_are_counted_by_components() {
    // A ring of 2,000 that leads to a chain of 500, and a loop on its own.
    let mut text = String::from("@prefix : <http://a.example/> .\n:self :p :self .\n");
    for i in 0..2_000 {
        text.push_str(&format!(":r{i} :p :r{} .\n", (i + 1) % 2_000));
    }
    text.push_str(":r0 :p :c0 .\n");
    for i in 0..499 {
        text.push_str(&format!(":c{i} :p :c{} .\n", i + 1));
    }
    let quads = rdf::parse(text.as_bytes(), Format::Turtle, "ring.ttl").unwrap();
    let store = CompiledStore::in_memory(&MemoryStore::from_quads(quads)).unwrap();
    let (ring, chain) = (2_000u64, 500u64);
    let pairs = ring * (ring + chain) + chain * (chain - 1) / 2 + 1;
    let integer = "^^<http://www.w3.org/2001/XMLSchema#integer>";
    for (text, count) in [
        ("SELECT (COUNT(*) AS ?n) { ?a :p+ ?b }", pairs),
        ("SELECT (COUNT(*) AS ?n) { ?a :p* ?b }", pairs + chain),
        ("SELECT (COUNT(*) AS ?n) { ?a ^:p+ ?b }", pairs),
        ("SELECT (COUNT(*) AS ?n) { ?a :p+ ?a }", ring + 1),
        (
            "SELECT (COUNT(DISTINCT ?a) AS ?n) { ?a :p+ ?b }",
            ring + chain,
        ),
        ("SELECT (COUNT(*) AS ?n) { ?a :p+ ?b . ?b :p :c1 }", ring),
        (
            "SELECT (COUNT(*) AS ?n) { ?a :p ?b . ?b :p+ ?c }",
            // The ring reaches all; the node that leads to the chain as well counts for it too.
            ring * (ring + chain) + (chain - 1) + (chain - 1) * (chain - 2) / 2 + 1,
        ),
    ] {
        assert_eq!(
            cell(&store, text),
            format!("\"{count}\"{integer}"),
            "{text}"
        );
    }
    let evaluator = Evaluator::new()
        .with_prefix("", "http://a.example/")
        .unwrap();
    let rows = evaluator.query(store.dataset(), "SELECT ?b { :r7 :p+ ?b }", &[]);
    let Ok(Results::Solutions(rows)) = rows else {
        panic!("no rows");
    };
    assert_eq!(rows.count() as u64, ring + chain);
}
