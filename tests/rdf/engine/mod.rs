//! Queries on the columns of a compiled map give what the general evaluator gives.

pub(crate) mod answers;
mod counts;
pub(crate) mod limits;
pub(crate) mod queries;
mod zero_length;

use self::answers::{answer, evaluator};
use self::limits::Numbered;
use self::queries::{Chance, data, query};
use oxigraph::model::{GraphName, NamedNode, Quad, Triple};
use powermap_rdf::{CompiledStore, Evaluator, MemoryStore, ReadDataset, ReadStore, Results};
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};
use std::sync::Arc;

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
        !rows.plan()[0].starts_with("the general evaluator"),
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
        let is_left = plan[0].starts_with("the general evaluator");
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
        ["the general evaluator: EXISTS of a pattern that is more than a join"]
    );
}

/// The rows of a query in their order.
struct InOrder {
    rows: Vec<String>,
    /// Whether the row limit left some out.
    is_cut: bool,
    /// Whether the columns gave them: the general evaluator gives the rows of joins in another order each time.
    is_of_columns: bool,
}

fn rows_in_order<'a>(evaluator: &Evaluator, dataset: impl ReadDataset<'a>, text: &str) -> InOrder {
    let evaluator = evaluator.clone().with_plans();
    let results = evaluator.query(dataset, text, &[]);
    let Results::Solutions(mut rows) = results.unwrap_or_else(|error| panic!("{text}: {error}"))
    else {
        panic!("{text}: no rows");
    };
    let plan = rows.plan().first();
    let is_of_columns = plan.is_some_and(|line| !line.starts_with("the general evaluator"));
    let found = rows.by_ref().map(|row| {
        let row = row.unwrap_or_else(|error| panic!("{text}: {error}"));
        format!("{row:?}")
    });
    InOrder {
        rows: found.collect(),
        is_cut: rows.is_cut(),
        is_of_columns,
    }
}

/// Holds rows to being `length` of all rows from `start` on: the very ones on columns, elsewhere any of them.
fn assert_some(found: &InOrder, all: &InOrder, start: usize, length: usize, place: &str) {
    let end = all.rows.len().min(start + length);
    let expected = &all.rows[start.min(end)..end];
    if all.is_of_columns {
        assert_eq!(found.rows, expected, "{place}");
        return;
    }
    assert_eq!(found.rows.len(), expected.len(), "{place}");
    let mut left = all.rows.clone();
    for row in &found.rows {
        let at = left.iter().position(|other| other == row);
        left.swap_remove(
            at.unwrap_or_else(|| panic!("{place}: {row} is no row of {:?}", all.rows)),
        );
    }
}

fn with_numbered(few: &Numbered, many: &Numbered) -> Evaluator {
    let name = |name: &str| NamedNode::new(format!("http://a.example/{name}")).unwrap();
    evaluator()
        .with_service(&name("few"), Arc::new(few.clone()))
        .with_service(&name("many"), Arc::new(many.clone()))
        .with_service(&name("none"), Arc::new(Numbered::new(0)))
}

#[test]
fn a_limit_gives_the_first_rows() {
    let evaluator = with_numbered(&Numbered::new(2), &Numbered::new(11));
    let plain = evaluator.clone().without_columns();
    let mut cut = 0;
    for seed in 0..30 {
        let mut chance = seeded(seed);
        let memory = MemoryStore::from_quads(data(&mut chance));
        let compiled = CompiledStore::in_memory(&memory).unwrap();
        for _ in 0..20 {
            let query = limits::query(&mut chance);
            let (start, length) = (chance.below(3), chance.below(8));
            type Ask<'a> = &'a dyn Fn(&Evaluator, &str) -> InOrder;
            let law = |evaluator: &Evaluator, ask: Ask<'_>, place: &str| {
                let all = ask(evaluator, &query.text);
                if query.is_sliced && !all.is_of_columns {
                    // Which rows a subquery with a limit has is not determined.
                    return 0;
                }
                let place = format!("{place}, seed {seed}: {}", query.text);
                let found = ask(evaluator, &format!("{} LIMIT {length}", query.text));
                assert_some(&found, &all, 0, length, &format!("LIMIT {length}, {place}"));
                let slice = format!("OFFSET {start} LIMIT {length}");
                let found = ask(evaluator, &format!("{} {slice}", query.text));
                assert_some(&found, &all, start, length, &format!("{slice}, {place}"));
                let limited = evaluator.clone().with_row_limit(length);
                let found = ask(&limited, &query.text);
                assert_some(&found, &all, 0, length, &format!("{length} rows, {place}"));
                assert_eq!(
                    found.is_cut,
                    all.rows.len() > length,
                    "{length} rows, {place}"
                );
                usize::from(found.is_cut)
            };
            let of_text = |evaluator: &Evaluator, text: &str| {
                rows_in_order(evaluator, memory.dataset(), text)
            };
            let of_columns = |evaluator: &Evaluator, text: &str| {
                rows_in_order(evaluator, compiled.dataset(), text)
            };
            cut += law(&evaluator, &of_columns, "columns");
            law(&evaluator, &of_text, "triples in memory");
            law(&plain, &of_columns, "triples of the file");
        }
    }
    assert!(cut > 150, "{cut}");
}

#[test]
fn only_the_call_that_the_rows_come_from_is_limited() {
    let (few, many) = (Numbered::new(2), Numbered::new(11));
    let evaluator = with_numbered(&few, &many);
    let store = MemoryStore::default();
    let compiled = CompiledStore::in_memory(&store).unwrap();
    for (text, of_many, of_few) in [
        (
            "SELECT ?m { SERVICE :many { [] :m ?m } } LIMIT 3",
            Some(3),
            None,
        ),
        (
            "SELECT ?m { SERVICE :many { [] :m ?m } } OFFSET 2 LIMIT 3",
            Some(5),
            None,
        ),
        (
            "SELECT ?m { SERVICE :many { [] :m ?m } BIND(?m + 1 AS ?n) } LIMIT 3",
            Some(3),
            None,
        ),
        (
            "SELECT ?m ?has { SERVICE :many { [] :m ?m } BIND(EXISTS { SERVICE :few { [] :m ?m } } AS ?has) } LIMIT 1",
            Some(1),
            Some(None),
        ),
        (
            "SELECT ?m { SERVICE :many { [] :m ?m } FILTER(?m > 5) } LIMIT 3",
            None,
            None,
        ),
        (
            "SELECT DISTINCT ?m { SERVICE :many { [] :m ?m } } LIMIT 3",
            None,
            None,
        ),
        (
            "SELECT ?m { SERVICE :many { [] :m ?m } } ORDER BY DESC(?m) LIMIT 3",
            None,
            None,
        ),
        (
            "SELECT (COUNT(*) AS ?n) { SERVICE :many { [] :m ?m } } LIMIT 3",
            None,
            None,
        ),
        (
            "SELECT ?m { SERVICE :many { [] :m ?m } SERVICE :few { [] :m ?m } } LIMIT 1",
            None,
            Some(None),
        ),
        (
            "SELECT ?m { SERVICE :many { [] :m ?m } OPTIONAL { SERVICE :few { [] :m ?n } } } LIMIT 1",
            None,
            Some(None),
        ),
        (
            "SELECT ?m { { SERVICE :many { [] :m ?m } } UNION { SERVICE :few { [] :m ?m } } } LIMIT 1",
            None,
            Some(None),
        ),
        (
            "SELECT ?m { SERVICE :many { [] :m ?m } MINUS { SERVICE :few { [] :m ?m } } } LIMIT 1",
            None,
            Some(None),
        ),
    ] {
        for is_compiled in [false, true] {
            match is_compiled {
                true => rows_in_order(&evaluator, compiled.dataset(), text),
                false => rows_in_order(&evaluator, store.dataset(), text),
            };
            assert_eq!(many.limits(), [of_many], "{text}");
            assert_eq!(few.limits(), Vec::from_iter(of_few), "{text}");
        }
    }
}
