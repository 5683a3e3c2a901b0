//! Queries on the columns of a compiled map give what the evaluator of the whole standard gives.

pub(crate) mod answers;
pub(crate) mod queries;

use self::answers::{answer, evaluator};
use self::queries::{Chance, data, query};
use oxigraph::model::{GraphName, NamedNode, Quad, Triple};
use powermap_rdf::sparql::rows::Results;
use powermap_rdf::store::compiled::CompiledStore;
use powermap_rdf::store::memory::MemoryStore;
use powermap_rdf::store::read::ReadStore;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

/// Choices that repeat themselves.
fn seeded(seed: u64) -> Chance {
    let mut numbers = Xoshiro256PlusPlus::seed_from_u64(seed);
    Chance::new(move |limit| (numbers.next_u64() % limit as u64) as usize)
}

#[test]
fn generated_queries_have_the_same_answers() {
    let mut count = 0;
    for seed in 0..60 {
        let mut chance = seeded(seed);
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
            let expected = answer(&evaluator, memory.dataset(), &query);
            let plain = evaluator.clone().without_columns();
            for (what, found) in [
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
                expected.assert_same(&found, &query, &format!("{what}, seed {seed}"));
            }
            count += usize::from(!expected.rows.is_empty());
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
    let mut chance = seeded(7);
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
        known += usize::from(!is_left);
    }
    // What is left is mostly EXISTS of more than people write.
    assert!(known * 10 > all * 9, "{known} of {all}");
}

#[test]
fn plans_say_what_is_done_and_with_how_many_rows() {
    let memory = MemoryStore::from_quads(data(&mut seeded(1)));
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
    let (lines, _) = plan("SELECT * { ?a :p ?b FILTER EXISTS { SELECT ?b { ?b :q ?c } LIMIT 1 } }");
    assert_eq!(
        lines,
        ["the evaluator of the whole standard: EXISTS of a pattern that is more than a join"]
    );
}
