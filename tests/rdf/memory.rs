//! A query that would hold more memory than its limit is an error that says what for, and never another answer.

#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests may panic like the tests"
)]

use oxigraph::model::{GraphName, Literal, NamedNode, Quad, Term, Variable};
use powermap::Map;
use powermap_rdf::results::{ResultFormat, write};
use powermap_rdf::{
    Call, CompiledStore, Evaluator, Hint, MemoryStore, ReadDataset, ReadStore, Service,
    ServiceAnswer, SparqlError,
};
use std::error::Error;
use std::sync::Arc;

const PLAYERS: usize = 5_000;

fn node(name: &str) -> NamedNode {
    NamedNode::new(format!("http://a.example/{name}")).unwrap()
}

/// A chain of players with a number, a name and a group each; the numbers stand in a second graph too.
fn store() -> MemoryStore {
    let mut quads = Vec::new();
    for i in 0..PLAYERS {
        let mut add = |p: &str, o: Term, graph: GraphName| {
            quads.push(Quad::new(node(&format!("s{i}")), node(p), o, graph));
        };
        let number = Term::from(Literal::from(i as i64));
        add("v", number.clone(), GraphName::DefaultGraph);
        add("v", number, node("g").into());
        let name = Literal::new_simple_literal(format!("player {i}"));
        add("name", name.into(), GraphName::DefaultGraph);
        let (group, next) = (format!("o{}", i % 50), format!("s{}", i + 1));
        add("group", node(&group).into(), GraphName::DefaultGraph);
        add("next", node(&next).into(), GraphName::DefaultGraph);
    }
    MemoryStore::from_quads(quads)
}

fn evaluator() -> Evaluator {
    Evaluator::new()
        .with_prefixes(powermap::model::vocabulary::PREFIXES.clone())
        .with_prefix("", "http://a.example/")
        .unwrap()
}

fn answer<'a>(
    evaluator: &Evaluator,
    dataset: impl ReadDataset<'a>,
    query: &str,
    format: ResultFormat,
) -> Result<Vec<u8>, SparqlError> {
    let mut bytes = Vec::new();
    let results = evaluator.query(dataset, query, &[])?;
    write(results, format, evaluator.prefixes(), &mut bytes)?;
    Ok(bytes)
}

/// Holds a query to its answer at the least limit that does, and below it to an error that says what for.
fn check<S: ReadStore>(store: &S, evaluator: &Evaluator, query: &str, step: &str) {
    check_as(store, evaluator, query, step, ResultFormat::Csv);
}

fn check_as<S: ReadStore>(
    store: &S,
    evaluator: &Evaluator,
    query: &str,
    step: &str,
    format: ResultFormat,
) {
    check_with(evaluator, query, step, &|evaluator| {
        answer(evaluator, store.dataset(), query, format)
    });
}

fn check_with(
    evaluator: &Evaluator,
    query: &str,
    step: &str,
    answer: &dyn Fn(&Evaluator) -> Result<Vec<u8>, SparqlError>,
) {
    let with = |limit: usize| answer(&evaluator.clone().with_memory_limit(limit));
    let expected = answer(evaluator).unwrap();
    let (mut refused, mut enough) = (1, None);
    assert!(with(refused).is_err(), "{query}");
    while enough.is_none_or(|enough| refused + enough / 64 < enough) {
        let limit = enough.map_or(2 * refused, |enough| refused.midpoint(enough));
        match with(limit) {
            Ok(found) => {
                assert!(found == expected, "{query} within {limit}");
                enough = Some(limit);
            }
            Err(SparqlError::Memory { limit: told, .. }) => {
                assert_eq!(told, limit, "{query}");
                refused = limit;
            }
            Err(error) => panic!("{query}: {error}"),
        }
    }
    let error = with(refused).unwrap_err();
    assert!(
        error.to_string().contains(step),
        "{query} within {refused}: {error}"
    );
    assert_eq!(error.hint(), Some(Hint::MoreMemory));
}

#[test]
fn each_step_on_columns_says_what_it_holds() {
    let store = CompiledStore::in_memory(&store()).unwrap();
    for (query, step) in [
        ("SELECT * { ?s :v ?v }", "the rows of the result"),
        (
            "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?s ?v { ?s :v ?v } }",
            "DISTINCT",
        ),
        (
            "SELECT (COUNT(*) AS ?n) { SELECT ?v (COUNT(?s) AS ?c) { ?s :v ?v } GROUP BY ?v }",
            "GROUP BY",
        ),
        (
            "SELECT (COUNT(*) AS ?n) { SELECT ?v ?s { ?s :v ?v } GROUP BY ?v ?s }",
            "GROUP BY",
        ),
        (
            "SELECT ?o (COUNT(DISTINCT ?v) AS ?c) { ?s :v ?v ; :group ?o } GROUP BY ?o",
            "GROUP BY",
        ),
        (
            "SELECT ?s { ?s :v ?v } ORDER BY DESC(?v) ?s LIMIT 3",
            "ORDER BY",
        ),
        (
            "SELECT ?s { ?s :name ?name } ORDER BY (?name < \"player 5\") ?s LIMIT 3",
            "ORDER BY",
        ),
        (
            "SELECT (COUNT(*) AS ?n) { { SELECT ?s ?o { ?s :group ?o } } { SELECT ?s ?v { ?s :v ?v } } }",
            "a join by hash",
        ),
        (
            "SELECT (COUNT(*) AS ?n) { ?s :group :o7 MINUS { SELECT ?s { ?s :v ?v } } }",
            "a join by hash",
        ),
        (
            "SELECT (COUNT(*) AS ?n) { :s0 :next+ ?x }",
            "a property path",
        ),
        (
            "SELECT (COUNT(*) AS ?n) { :s0 (:next/:group)|:next* ?x }",
            "a property path",
        ),
        (
            "SELECT (COUNT(*) AS ?n) { ?s :name ?a BIND(CONCAT(?a, \" and more\") AS ?b) }",
            "computed terms",
        ),
        (
            "SELECT (COUNT(*) AS ?n) { :s0 (!(:group|:v|:name))+ ?x }",
            "a property path",
        ),
        (
            "SELECT (COUNT(*) AS ?n) { { SELECT ?s ?v { ?s :group :o7 OPTIONAL { ?s :v ?v FILTER(?v > 900) } } } \
             { SELECT ?s ?v { ?s :group ?o OPTIONAL { ?s :v ?v FILTER(?v > 300) } } } }",
            "a join by hash",
        ),
        (
            "SELECT (STRLEN(GROUP_CONCAT(?name)) AS ?n) { ?s :name ?name }",
            "GROUP BY",
        ),
        (
            "SELECT (COUNT(*) AS ?n) { ?s :name ?a FILTER(STRLEN(?a) > 7) }",
            "rows on their way",
        ),
        (
            "SELECT (COUNT(?v) AS ?n) { ?s :group ?o OPTIONAL { ?s :v ?v FILTER(?v > 7) } }",
            "rows on their way",
        ),
        (
            "SELECT (COUNT(*) AS ?n) { ?s :group ?o { ?s :v ?v } UNION { ?s :name ?v } }",
            "rows on their way",
        ),
        (
            "SELECT (COUNT(*) AS ?n) { ?s :name ?name FILTER(REGEX(?name, \"7$\")) }",
            "the values of expressions",
        ),
        (
            "SELECT (COUNT(*) AS ?n) { ?s :group ?o FILTER NOT EXISTS { ?s :v 7 } }",
            "",
        ),
        ("ASK { ?s :v ?v ; ?p ?v . ?s ?q ?v FILTER(?p != ?q) }", ""),
    ] {
        check(&store, &evaluator(), query, step);
    }
    let both = vec![GraphName::DefaultGraph, node("g").into()];
    check(
        &store,
        &evaluator().with_default_graphs(both),
        "SELECT (COUNT(*) AS ?n) { ?s :v ?v }",
        "the union of several graphs",
    );
    let values: Vec<String> = (0..PLAYERS).map(|i| format!("(:s{i} {i})")).collect();
    check(
        &store,
        &evaluator(),
        &format!(
            "SELECT (COUNT(*) AS ?n) {{ ?s :v ?v VALUES (?s ?v) {{ {} }} }}",
            values.join(" ")
        ),
        "a join by hash",
    );
}

struct Numbers;

impl Service for Numbers {
    fn call(&self, _: &Call<'_>) -> Result<ServiceAnswer, Box<dyn Error + Send + Sync>> {
        Ok(ServiceAnswer {
            variables: vec![Variable::new("n")?],
            rows: (0..1000)
                .map(|n| vec![Some(Literal::from(n).into())])
                .collect(),
            notices: Vec::new(),
        })
    }
}

#[test]
fn what_is_held_beside_the_evaluator_of_the_whole_standard_counts() {
    let memory = store();
    let compiled = CompiledStore::in_memory(&memory).unwrap();
    let evaluator = evaluator().with_service(&node("numbers"), Arc::new(Numbers));
    let computed = "SELECT (COUNT(?b) AS ?n) { ?s :name ?a BIND(CONCAT(?a, \" and more\") AS ?b) }";
    check(&memory, &evaluator, computed, "computed terms");
    let plain = evaluator.clone().without_columns();
    check(&compiled, &plain, computed, "computed terms");
    let called = "SELECT ?n { SERVICE :numbers { ?x :is ?n } }";
    check(&memory, &evaluator, called, "the answers of services");
    let joined = "SELECT (COUNT(*) AS ?c) { SERVICE :numbers { ?x :is ?n } ?s :v ?n }";
    check(&compiled, &evaluator, joined, "a join by hash");
    let made = "CONSTRUCT { ?s :is ?v ; :was ?v } WHERE { ?s :v ?v }";
    let lines = ResultFormat::NTriples;
    check_as(
        &compiled,
        &evaluator,
        made,
        "the triples of CONSTRUCT",
        lines,
    );
    let described = "DESCRIBE ?s { ?s :v ?v FILTER(?v < 100) }";
    check_as(
        &compiled,
        &evaluator,
        described,
        "the rows of the result",
        lines,
    );
    let rows = "SELECT * { ?s :v ?v } ORDER BY ?v";
    for format in [ResultFormat::Table, ResultFormat::Markdown] {
        check_as(&memory, &evaluator, rows, "the rows of the result", format);
    }
    let graph = "CONSTRUCT WHERE { ?s :v ?v }";
    check_as(
        &memory,
        &evaluator,
        graph,
        "the rows of the result",
        ResultFormat::Table,
    );
}

/// Holds a query on a map to its limit of memory, with the evaluator of the map and this service.
fn check_map(map: &Map, query: &str, step: &str) {
    let evaluator = map
        .evaluator()
        .with_prefix("", "http://a.example/")
        .unwrap()
        .with_service(&node("numbers"), Arc::new(Numbers));
    check_with(&evaluator, query, step, &|evaluator| {
        let mut bytes = Vec::new();
        let results = evaluator.query(map.store().unwrap().dataset(), query, &[])?;
        write(results, ResultFormat::Csv, evaluator.prefixes(), &mut bytes)?;
        Ok(bytes)
    });
}

#[test]
fn queries_on_maps_of_text_and_compiled_ones_count_what_they_compute() {
    let text = Map::from_quads(store().quads()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("map.pmap");
    text.compile(&path, |_| {}).unwrap();
    let compiled = Map::open(&path).unwrap();
    let computed = "BIND(CONCAT(?a, \" and more\") AS ?b)";
    let simple = format!("SELECT (COUNT(?b) AS ?n) {{ ?s :name ?a {computed} }}");
    // EXISTS of a subquery is not known to columns: the whole query falls back.
    let left = format!(
        "SELECT (COUNT(?b) AS ?n) {{ ?s :name ?a {computed} FILTER EXISTS {{ SELECT ?s {{ ?s :v ?v }} LIMIT 1 }} }}"
    );
    // Numbers that the map does not hold become terms when they are joined.
    let called =
        "SELECT (COUNT(*) AS ?c) { SERVICE :numbers { ?x :is ?n } BIND(?n + 90000 AS ?m) }";
    for map in [&text, &compiled] {
        check_map(map, &simple, "computed terms");
        check_map(map, &left, "computed terms");
        check_map(map, called, "");
    }
}

#[test]
fn an_update_that_is_stopped_changes_nothing() {
    let store = store();
    let update = "DELETE { ?s :v ?v } INSERT { ?s :w ?v } WHERE { ?s :v ?v }";
    let limited = |limit| {
        let evaluator = evaluator().with_memory_limit(limit);
        evaluator.update(&store, update, &[])
    };
    let error = limited(100_000).unwrap_err().to_string();
    assert!(error.contains("for the changes of an update"), "{error}");
    assert_eq!(limited(1 << 30).unwrap().inserts.len(), PLAYERS);
}

#[test]
fn one_text_that_grows_is_refused_before_it_is_made() {
    let store = CompiledStore::in_memory(&store()).unwrap();
    let long = "a".repeat(64);
    let sixteen = |name: &str| vec![format!("?{name}"); 16].join(", ");
    // ?d has 256 KiB, ?e 8 MiB, and what is asked for more than 100 MiB.
    let text = format!(
        "BIND(\"{long}\" AS ?a) BIND(CONCAT({}) AS ?b) BIND(CONCAT({}) AS ?c) BIND(CONCAT({}) AS ?d) \
         BIND(CONCAT({}, {}) AS ?e)",
        sixteen("a"),
        sixteen("b"),
        sixteen("c"),
        sixteen("d"),
        sixteen("d"),
    );
    for query in [
        format!(
            "SELECT (STRLEN(?e) AS ?n) {{ {text} BIND(CONCAT({}) AS ?f) }}",
            sixteen("e")
        ),
        format!("SELECT (STRLEN(GROUP_CONCAT(?c)) AS ?n) {{ ?s :v ?v {text} }}"),
    ] {
        let limited = evaluator().with_memory_limit(100 << 20);
        let error = answer(&limited, store.dataset(), &query, ResultFormat::Csv).unwrap_err();
        assert!(
            matches!(error, SparqlError::Memory { held, .. } if held < 1 << 30),
            "{error}"
        );
    }
}
