//! Queries on the columns of a compiled map give what the evaluator of the whole standard gives.

mod engine {
    pub(crate) mod queries;
}

use engine::queries::{Chance, data, query};
use oxigraph::model::{GraphName, NamedNode};
use powermap::sparql::evaluator::Evaluator;
use powermap::sparql::rows::Results;
use powermap::store::compiled::CompiledStore;
use powermap::store::memory::MemoryStore;
use powermap::store::read::{ReadDataset, ReadStore};

/// The rows of a query as sorted text, or that it fails; and the values of the columns that it is ordered by.
fn answer<'a>(
    evaluator: &Evaluator,
    dataset: impl ReadDataset<'a>,
    text: &str,
) -> (Vec<String>, Vec<String>) {
    let rows = match evaluator.query(dataset, text, &[]) {
        Ok(Results::Boolean(answer)) => return (vec![answer.to_string()], Vec::new()),
        Ok(Results::Solutions(rows)) => rows,
        Ok(Results::Graph(_)) => panic!("{text}: no rows"),
        Err(error) => return (vec![format!("error {error}")], Vec::new()),
    };
    let names: Vec<String> = rows
        .variables()
        .iter()
        .map(|name| name.as_str().to_owned())
        .collect();
    let (mut found, mut keys) = (Vec::new(), Vec::new());
    for row in rows {
        let row = row.unwrap_or_else(|error| panic!("{text}: {error}"));
        let mut cells: Vec<String> = Vec::new();
        for name in &names {
            let value = row
                .get(name.as_str())
                .map_or("-".to_owned(), ToString::to_string);
            if name.starts_with('k') {
                // Equal values that are written otherwise may come in any order.
                let text = value
                    .split("^^")
                    .next()
                    .unwrap_or_default()
                    .trim_matches('"');
                let number = text.parse::<i64>().map(|number| number.to_string());
                keys.push(number.unwrap_or_else(|_| text.to_owned()));
            }
            cells.push(format!("{name}={value}"));
        }
        cells.sort();
        found.push(cells.join(" "));
    }
    found.sort();
    (found, keys)
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
        for _ in 0..60 {
            let query = query(&mut chance);
            let evaluator = evaluator();
            let (expected, keys) = answer(&evaluator, memory.dataset(), &query.text);
            let (found, found_keys) = answer(&evaluator, compiled.dataset(), &query.text);
            if query.is_sliced {
                assert_eq!(found.len(), expected.len(), "seed {seed}: {}", query.text);
            } else {
                assert_eq!(found, expected, "seed {seed}: {}", query.text);
            }
            if query.is_ordered {
                assert_eq!(found_keys, keys, "seed {seed}: {}", query.text);
            }
            count += usize::from(!expected.is_empty());
        }
    }
    // Most queries find something.
    assert!(count > 2000, "{count}");
}
