//! Queries on the columns of a compiled map give what the evaluator of the whole standard gives.

mod engine {
    pub(crate) mod queries;
}

use engine::queries::{Chance, Query, data, query};
use oxigraph::model::{GraphName, NamedNode, Quad, Triple};
use oxigraph::sparql::QueryTripleIter;
use powermap::sparql::error::SparqlError;
use powermap::sparql::evaluator::Evaluator;
use powermap::sparql::rows::{Results, Rows};
use powermap::store::compiled::CompiledStore;
use powermap::store::memory::MemoryStore;
use powermap::store::read::{ReadDataset, ReadStore};

/// The rows of a query as sorted text, or that it fails; and the values of the columns that it is ordered by.
fn answer<'a>(
    evaluator: &Evaluator,
    dataset: impl ReadDataset<'a>,
    query: &Query,
) -> (Vec<String>, Vec<String>) {
    let text = &query.text;
    let rows = match evaluator.query(dataset, text, &[]) {
        Ok(Results::Boolean(answer)) => return (vec![answer.to_string()], Vec::new()),
        Ok(Results::Solutions(rows)) => rows,
        Ok(Results::Graph(triples)) => return (graph(text, triples), Vec::new()),
        Err(error) => return (vec![format!("error {error}")], Vec::new()),
    };
    let variables = rows.variables().iter();
    let names: Vec<String> = variables.map(|name| name.as_str().to_owned()).collect();
    let (mut found, mut keys) = (Vec::new(), Vec::new());
    for row in rows {
        let row = row.unwrap_or_else(|error| panic!("{text}: {error}"));
        let mut cells: Vec<String> = Vec::new();
        for name in &names {
            let value = row.get(name.as_str());
            let mut value = value.map_or("-".to_owned(), ToString::to_string);
            if name.starts_with('k') {
                // Equal values that are written otherwise may come in any order.
                keys.push(number(&value));
            }
            if name == "f" && query.is_tied {
                value = number(&value);
            }
            if name == "f" && query.is_concatenated {
                let mut parts: Vec<&str> = value.split(['|', '"']).collect();
                parts.sort_unstable();
                value = parts.join("|");
            }
            cells.push(format!("{name}={value}"));
        }
        cells.sort();
        found.push(cells.join(" "));
    }
    found.sort();
    (found, keys)
}

/// Triples as sorted text; nodes that the query made have no name to compare.
fn graph(text: &str, triples: Rows<QueryTripleIter<'_>>) -> Vec<String> {
    let named = |triple: Result<Triple, SparqlError>| {
        let triple = triple.unwrap_or_else(|error| panic!("{text}: {error}"));
        let is_new = triple.predicate.as_str() == "http://a.example/of";
        let subject = if is_new {
            String::new()
        } else {
            triple.subject.to_string()
        };
        format!("{subject} {} {}", triple.predicate, triple.object)
    };
    let mut found: Vec<String> = triples.map(named).collect();
    found.sort();
    found
}

/// The value of a literal if it is a number, else its text.
fn number(term: &str) -> String {
    let text = term.split("^^").next().unwrap_or_default();
    let number = text.trim_matches('"').parse::<f64>();
    number.map_or_else(|_| text.to_owned(), |number| number.to_string())
}

fn evaluator() -> Evaluator {
    let graph = |name: &str| NamedNode::new(format!("http://a.example/{name}")).unwrap();
    Evaluator::new()
        .with_prefix("", "http://a.example/")
        .unwrap()
        .with_default_graphs(vec![
            GraphName::DefaultGraph,
            graph("g0").into(),
            graph("g1").into(),
        ])
}

#[test]
fn generated_queries_have_the_same_answers() {
    let mut count = 0;
    for seed in 0..60 {
        let mut chance = Chance::new(seed);
        let memory = MemoryStore::from_quads(data(&mut chance));
        let compiled = CompiledStore::in_memory(&memory).unwrap();
        // One of the graphs of the default graph in memory over the file, as the board of another day is.
        let name = NamedNode::new("http://a.example/g1").unwrap();
        let without = memory.with_graph(name.clone(), []);
        let graph = memory.matching(None, None, None, name.as_ref().into());
        let over = CompiledStore::in_memory(&without)
            .and_then(|store| store.with_graph(name.clone(), graph.map(Triple::from)))
            .unwrap();
        for _ in 0..60 {
            let query = query(&mut chance);
            let evaluator = evaluator();
            let (expected, keys) = answer(&evaluator, memory.dataset(), &query);
            let plain = evaluator.clone().without_columns();
            for (what, (found, found_keys)) in [
                ("columns", answer(&evaluator, compiled.dataset(), &query)),
                (
                    "a graph over columns",
                    answer(&evaluator, over.dataset(), &query),
                ),
                (
                    "triples of the file",
                    answer(&plain, compiled.dataset(), &query),
                ),
            ] {
                let place = format!("{what}, seed {seed}: {}", query.text);
                if query.is_sliced {
                    assert_eq!(found.len(), expected.len(), "{place}");
                } else {
                    assert_eq!(found, expected, "{place}");
                }
                if query.is_ordered {
                    assert_eq!(found_keys, keys, "{place}");
                }
            }
            count += usize::from(!expected.is_empty());
        }
    }
    // About half of the queries find something.
    assert!(count > 1500, "{count}");
}

/// The rows of a query on columns.
fn rows_on_columns(store: &CompiledStore, text: &str) -> Vec<String> {
    let evaluator = evaluator().with_plans();
    let Ok(Results::Solutions(rows)) = evaluator.query(store.dataset(), text, &[]) else {
        panic!("{text}: no rows");
    };
    assert!(
        !rows.plan()[0].starts_with("the evaluator of the whole"),
        "{text}: {:?}",
        rows.plan()
    );
    let mut found: Vec<String> = rows
        .map(|row| {
            let row = row.unwrap();
            let cells = row.iter().map(|(name, term)| format!("{name} {term}"));
            cells
                .collect::<Vec<_>>()
                .join(", ")
                .replace("http://a.example/", "")
        })
        .collect();
    found.sort();
    found
}

#[test]
fn exists_sees_its_own_group_only() {
    let node = |name: &str| NamedNode::new(format!("http://a.example/{name}")).unwrap();
    let quads = [("a", "p", "b"), ("b", "q", "c"), ("b", "r", "d")]
        .map(|(s, p, o)| Quad::new(node(s), node(p), node(o), GraphName::DefaultGraph));
    let store = CompiledStore::in_memory(&MemoryStore::from_quads(quads)).unwrap();
    // In the inner group ?a has no value yet: something has to have an :r.
    assert_eq!(
        rows_on_columns(
            &store,
            "SELECT * { ?a :p ?b { ?b :q ?c FILTER EXISTS { ?a :r ?d } } }"
        ),
        ["?a <a>, ?b <b>, ?c <c>"]
    );
    assert!(
        rows_on_columns(
            &store,
            "SELECT * { ?a :p ?b . ?b :q ?c FILTER EXISTS { ?a :r ?d } }"
        )
        .is_empty()
    );
}

#[test]
fn most_queries_are_answered_from_columns() {
    let mut chance = Chance::new(7);
    let compiled = CompiledStore::in_memory(&MemoryStore::from_quads(data(&mut chance))).unwrap();
    let evaluator = evaluator().with_plans();
    let (mut all, mut known) = (0, 0);
    for _ in 0..500 {
        let text = query(&mut chance).text;
        let plan = match evaluator.query(compiled.dataset(), &text, &[]) {
            Ok(Results::Solutions(rows)) => rows.plan().to_vec(),
            Ok(Results::Graph(triples)) => triples.plan().to_vec(),
            _ => continue,
        };
        all += 1;
        let is_left = plan[0].starts_with("the evaluator of the whole");
        if is_left {
            eprintln!("{} {text}", plan[0]);
        }
        known += usize::from(!is_left);
    }
    // Random ones join on variables without a value more often than people do.
    assert!(known * 2 > all, "{known} of {all}");
}

#[test]
fn plans_say_what_is_done_and_with_how_many_rows() {
    let memory = MemoryStore::from_quads(data(&mut Chance::new(1)));
    let compiled = CompiledStore::in_memory(&memory).unwrap();
    let plan = |text: &str| {
        let evaluator = evaluator().with_plans();
        let Results::Solutions(rows) = evaluator.query(compiled.dataset(), text, &[]).unwrap()
        else {
            panic!("{text}: no rows");
        };
        let plan = rows.plan().to_vec();
        (plan, rows.count())
    };
    let (lines, count) = plan("SELECT ?a ?b { ?a :p ?b . ?b :q ?a OPTIONAL { ?a :v ?m } }");
    assert_eq!(lines[0], format!("optional: {count} rows"));
    assert!(
        lines[1..]
            .iter()
            .any(|line| line.contains("search 2 patterns on ?")),
        "{lines:?}"
    );
    let (lines, count) = plan("SELECT (COUNT(*) AS ?n) { ?a :v ?m FILTER(?m > 1) } LIMIT 5");
    assert_eq!((lines[0].as_str(), count), ("slice: 1 rows", 1));
    let filter = lines
        .iter()
        .position(|line| line.contains("filter by ranges of numbers on ?m"));
    let group = lines
        .iter()
        .position(|line| line.trim_start() == "group: 1 rows");
    assert!(group.is_some() && group < filter, "{lines:?}");
    let (lines, _) = plan("SELECT * { ?a :p ?b FILTER EXISTS { ?b :q ?c MINUS { ?b :q ?a } } }");
    assert_eq!(
        lines,
        ["the evaluator of the whole standard: EXISTS of a pattern that is more than a join"]
    );
}
