//! Queries of any length and depth: an answer, or an error that says how deep they are; never an end of the stack.

#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests may panic like the tests"
)]

use oxigraph::model::{GraphName, NamedNode, Quad};
use powermap_rdf::{
    CompiledStore, Evaluator, MemoryStore, ReadDataset, ReadStore, Results, SparqlError,
};

fn node(name: &str) -> NamedNode {
    NamedNode::new(format!("http://a.example/{name}")).unwrap()
}

/// One triple.
fn store() -> MemoryStore {
    let quad = Quad::new(node("s"), node("p"), node("o"), GraphName::DefaultGraph);
    MemoryStore::from_quads([quad])
}

fn count<'a>(dataset: impl ReadDataset<'a>, query: &str) -> Result<usize, SparqlError> {
    let evaluator = Evaluator::new()
        .with_prefixes(powermap::model::vocabulary::PREFIXES.clone())
        .with_prefix("", "http://a.example/")
        .unwrap();
    let Results::Solutions(rows) = evaluator.query(dataset, query, &[])? else {
        panic!("no rows");
    };
    rows.map(|row| row.map(|_| ()))
        .collect::<Result<Vec<_>, _>>()
        .map(|rows| rows.len())
}

/// A query of so many parts, in which `#` is the number of the part.
fn query(first: &str, size: usize, part: &str, last: &str) -> String {
    let parts: String = (0..size)
        .map(|i| part.replace('#', &i.to_string()))
        .collect();
    format!("SELECT ?s {{ {first}{parts} {last} }}")
}

/// Queries of so many levels, each with one row.
fn queries(size: usize) -> Vec<String> {
    let closed = |open: &str, inner: &str, close: &str| {
        format!(
            "SELECT ?s {{ {}{inner}{} }}",
            open.repeat(size),
            close.repeat(size)
        )
    };
    vec![
        query("?s :p ?o", size, " OPTIONAL { ?s :q ?x# }", ""),
        query("?s :p ?o", size, " MINUS { ?s :q ?o }", ""),
        query(
            "{ ?s :q ?o }",
            size,
            " UNION { ?s :q ?o }",
            "UNION { ?s :p ?o }",
        ),
        query("?s :p ?o", size, " { SELECT ?s { ?s :p ?o } }", ""),
        query(
            "?s :p ?o FILTER(?o = :a",
            size,
            " || ?o = :b",
            "|| ?o = :o)",
        ),
        query("?s :p ?o FILTER(0 < 1", size, " + 1", ")"),
        closed("{ ", "?s :p ?o", " FILTER(?o != :s) }"),
        closed("?s :p ?o OPTIONAL { ", "?s :p ?o", " }"),
    ]
}

#[test]
fn long_queries_on_columns() {
    let store = CompiledStore::in_memory(&store()).unwrap();
    for query in queries(1_000) {
        let found = count(store.dataset(), &query).map_err(|error| error.to_string());
        assert_eq!(found, Ok(1), "{}", &query[..80]);
    }
}

#[test]
fn a_list_of_any_length_is_no_depth() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("one.pmap");
    CompiledStore::write(&store(), &path).unwrap();
    let compiled = CompiledStore::open(&path).unwrap();
    let items: Vec<String> = (0..50_000).map(|i| format!("\"{i}\"")).collect();
    for (last, rows) in [("http://a.example/s", 1), ("http://a.example/other", 0)] {
        let list = format!("{}, \"{last}\"", items.join(", "));
        let query = format!("SELECT ?s {{ ?s :p ?o FILTER(STR(?s) IN ({list})) }}");
        assert_eq!(count(compiled.dataset(), &query).unwrap(), rows, "{last}");
    }
}

#[test]
fn many_columns_for_the_evaluator_of_the_whole_standard() {
    let store = CompiledStore::in_memory(&store()).unwrap();
    let numbers = |part: &str| -> String {
        let parts = (0..60).map(|i| part.replace('#', &i.to_string()));
        parts.collect()
    };
    let wide = numbers("OPTIONAL { ?s :q ?x# } ");
    let evaluator = Evaluator::new()
        .with_prefixes(powermap::model::vocabulary::PREFIXES.clone())
        .with_prefix("", "http://a.example/")
        .unwrap();
    let query = format!(
        "CONSTRUCT {{ ?s :is ?o . {} }} WHERE {{ ?s :p ?o {wide} }}",
        numbers("?s :x# ?x# . ")
    );
    let Results::Graph(triples) = evaluator.query(store.dataset(), &query, &[]).unwrap() else {
        panic!("no triples");
    };
    assert_eq!(triples.count(), 1);
    let query = format!(
        "SELECT ?s {{ ?s :p ?o {wide} FILTER(REGEX(COALESCE({} STR(?o)), \"o$\")) }}",
        numbers("STR(?x#), ")
    );
    let found = count(store.dataset(), &query).map_err(|error| error.to_string());
    assert_eq!(found, Ok(1));
}

#[test]
fn long_queries_on_triples_in_memory() {
    let store = store();
    for query in queries(60) {
        let found = count(store.dataset(), &query).map_err(|error| error.to_string());
        assert_eq!(found, Ok(1), "{}", &query[..80]);
    }
}

/// The errors of a query and of an update with the same group.
fn parse(group: &str) -> [Option<SparqlError>; 2] {
    let evaluator = Evaluator::new()
        .with_prefixes(powermap::model::vocabulary::PREFIXES.clone())
        .with_prefix("", "http://a.example/")
        .unwrap();
    let update = format!("DELETE {{ ?s ?p 1 }} WHERE {{ {group} }}");
    [
        evaluator.parse_query(&format!("ASK {{ {group} }}")).err(),
        evaluator.parse_update(&update).err(),
    ]
}

#[test]
fn brackets_within_a_token_are_no_depth() {
    for brackets in ["(", "[", "{", "([{", ")", "(]"].map(|brackets| brackets.repeat(30_000)) {
        let mut groups: Vec<String> = ["'", "\"", "'''", "\"\"\""]
            .iter()
            .map(|quote| {
                format!("?s :p {quote}{brackets}{quote}, 'a\\'{brackets}' . ?s :q (1 '{brackets}')")
            })
            .collect();
        groups.push(format!("?s :p ?o . # {brackets}\n ?s :q ?o # {brackets}\n"));
        groups.push(format!(
            "?s :p '''\n'{brackets}''\\'''' FILTER(?s < 2 && ?s > '{brackets}')"
        ));
        // Others cannot stand in an IRI.
        if !brackets.contains(['{', '[', ']']) {
            groups.push(format!(
                "?s <http://a.example/{brackets}> <http://a.example/#{brackets}>"
            ));
            groups.push(format!("?s (<http://a.example/{brackets}>|:p)* ?o"));
        }
        for group in groups {
            for error in parse(&group) {
                assert!(error.is_none(), "{}: {}", &group[..40], error.unwrap());
            }
        }
    }
}

#[test]
fn brackets_that_the_parser_may_go_down_into_are_depth() {
    let deep =
        |open: &str, close: &str| format!("{}1{}", open.repeat(20_000), close.repeat(20_000));
    let nested = deep("(", ")");
    for group in [
        format!("?s :p {nested}"),
        format!("?s :p {}", deep("[ :p ", "]")),
        deep("{", "}"),
        // What looks like an IRI is a comparison.
        format!("FILTER(?s<{nested}>2)"),
        format!("FILTER(?s<'a>'+{nested}+'b')"),
        format!("FILTER(?s<1#'>\n+{nested}+2#'\n)"),
        format!("FILTER(EXISTS {{ ?s ?p ?o }}<'a>'+{nested}+'b')"),
        // A string that does not end may be an empty one and another one.
        format!("?s :p ( ''' 'a' {nested} )"),
    ] {
        for error in parse(&group) {
            let text = error.map(|error| error.to_string()).unwrap_or_default();
            assert!(
                text.contains(": nested too deep: "),
                "{}: {text}",
                &group[..20]
            );
        }
    }
}

#[test]
fn a_query_that_is_too_deep_is_refused() {
    let (memory, compiled) = (store(), CompiledStore::in_memory(&store()).unwrap());
    for query in queries(20_000) {
        for result in [
            count(memory.dataset(), &query),
            count(compiled.dataset(), &query),
        ] {
            match result {
                Err(error) => {
                    let text = error.to_string();
                    assert!(text.contains("nested too deep: 2000"), "{text}");
                }
                other => panic!("{}: {other:?}", &query[..80]),
            }
        }
    }
    let update = format!(
        "DELETE WHERE {{ ?s ?p ?o }} ; INSERT {{ ?s :q ?s }} WHERE {{ {} }}",
        query("?s :p ?o", 20_000, " OPTIONAL { ?s :q ?x# }", "")
            .trim_start_matches("SELECT ?s {")
            .trim_end_matches('}')
    );
    let evaluator = Evaluator::new()
        .with_prefixes(powermap::model::vocabulary::PREFIXES.clone())
        .with_prefix("", "http://a.example/")
        .unwrap();
    let error = evaluator.update(&memory, &update, &[]).unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("nested too deep: ")
            && text.contains(" levels, at most 10000 can be evaluated"),
        "{text}"
    );
    assert!(
        error
            .hint()
            .unwrap()
            .to_string()
            .starts_with("each OPTIONAL")
    );
}

#[test]
fn prefix_operators_are_depth_too() {
    let deep = |part: &str, count: usize| part.repeat(count);
    let refused = |text: &str, place: &str| {
        let error = match text.starts_with("INSERT") {
            true => Evaluator::new().parse_update(text).map(|_| ()),
            false => Evaluator::new().parse_query(text).map(|_| ()),
        };
        let error = error.unwrap_err().to_string();
        assert!(
            error.starts_with(&format!("{place}: nested too deep: ")),
            "{error}"
        );
    };
    refused(&format!("ASK{{{}", deep("<<", 12_000)), "1:20003");
    refused(
        &format!("ASK{{FILTER({}?a)}}", deep("!", 20_000)),
        "1:10010",
    );
    refused(&format!("ASK{{FILTER({}?a", deep("!(", 20_000)), "1:10010");
    refused(&format!("ASK{{FILTER({}", deep("!STR(", 20_000)), "1:25007");
    refused(
        &format!("INSERT DATA {{{}", deep("<< 1.5 a ", 40_000)),
        "1:90005",
    );
    // Deep, but not too deep: the parser says what it does not like.
    for text in [
        format!("ASK{{{}", deep("<<", 8_000)),
        format!("ASK{{FILTER({}?a)}}", deep("!", 9_000)),
    ] {
        let error = Evaluator::new().parse_query(&text).unwrap_err();
        assert!(matches!(error, SparqlError::Syntax(_)), "{error}");
        assert!(!error.to_string().contains("too deep"), "{error}");
    }
    // Comparisons and denials side by side are no depth.
    let sides = deep(
        "!(?a = 1) && ?a<<http://a.example/x> && !BOUND(?b) || ",
        9_000,
    );
    let text = format!("ASK{{FILTER({sides} true)}}");
    Evaluator::new().parse_query(&text).unwrap();
}

#[test]
fn chains_of_patterns_are_answered_or_stopped_in_time() {
    let link = |i: usize| {
        let [s, o] = [i, i + 1].map(|i| node(&format!("n{i}")));
        Quad::new(s, node("p"), o, GraphName::DefaultGraph)
    };
    let memory = MemoryStore::from_quads((0..7_000).map(link));
    let compiled = CompiledStore::in_memory(&memory).unwrap();
    let patterns = |count: usize| -> String {
        (0..count)
            .map(|i| format!("?x{i} <http://a.example/p> ?x{} . ", i + 1))
            .collect()
    };
    let time = std::time::Duration::from_secs(2);
    let evaluator = Evaluator::new().with_timeout(time);
    let query = format!("ASK {{ {} }}", patterns(7_000));
    match evaluator.query(compiled.dataset(), &query, &[]) {
        Ok(Results::Boolean(true)) | Err(SparqlError::Timeout { .. }) => {}
        Ok(_) => panic!("not the answer"),
        Err(error) => panic!("{error}"),
    }
    // What is deeper than any stack is refused.
    let long = format!("ASK {{ {} }}", patterns(12_000));
    let plain = Evaluator::new().without_columns();
    let error = plain.query(memory.dataset(), &long, &[]).err().unwrap();
    assert!(matches!(error, SparqlError::Nesting { .. }), "{error}");
}
