//! Answers as text that can be compared.

use crate::engine::queries::{FixedRows, Query};
use oxigraph::model::{GraphName, NamedNode};
use oxigraph::sparql::QueryTripleIter;
use powermap_rdf::{Evaluator, ReadDataset, Results, Rows};
use std::sync::Arc;

/// An answer to a query.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The rows as sorted text, or that it fails.
    pub(crate) rows: Vec<String>,
    /// The values of the columns that it is ordered by.
    keys: Vec<String>,
}

impl Answer {
    fn of(rows: Vec<String>) -> Self {
        Self {
            rows,
            keys: Vec::new(),
        }
    }

    /// Panics if another answer to the query is not as good as this one.
    pub(crate) fn assert_same(&self, found: &Self, query: &Query, place: &str) {
        if query.is_sliced {
            assert_eq!(found.rows.len(), self.rows.len(), "{place}: {}", query.text);
        } else {
            assert_eq!(found.rows, self.rows, "{place}: {}", query.text);
        }
        if query.is_ordered {
            assert_eq!(found.keys, self.keys, "{place}: {}", query.text);
        }
    }
}

/// Evaluates a query.
pub(crate) fn answer<'a>(
    evaluator: &Evaluator,
    dataset: impl ReadDataset<'a>,
    query: &Query,
) -> Answer {
    let text = &query.text;
    let rows = match evaluator.query(dataset, text, &[]) {
        Ok(Results::Boolean(answer)) => return Answer::of(vec![answer.to_string()]),
        Ok(Results::Solutions(rows)) => rows,
        Ok(Results::Graph(triples)) => return Answer::of(graph(triples)),
        Err(error) => return Answer::of(vec![format!("error {error}")]),
    };
    let variables = rows.variables().iter();
    let names: Vec<String> = variables.map(|name| name.as_str().to_owned()).collect();
    let (mut found, mut keys) = (Vec::new(), Vec::new());
    for row in rows {
        let row = match row {
            Ok(row) => row,
            Err(error) => return Answer::of(vec![format!("error {error}")]),
        };
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
    Answer { rows: found, keys }
}

/// Triples as sorted text, or that they fail; nodes that the query made have no name to compare.
fn graph(triples: Rows<QueryTripleIter<'_>>) -> Vec<String> {
    let mut found = Vec::new();
    for triple in triples {
        let triple = match triple {
            Ok(triple) => triple,
            Err(error) => return vec![format!("error {error}")],
        };
        let is_new = triple.predicate.as_str() == "http://a.example/of";
        let subject = match is_new {
            true => String::new(),
            false => triple.subject.to_string(),
        };
        found.push(format!("{subject} {} {}", triple.predicate, triple.object));
    }
    found.sort();
    found
}

/// The value of a literal if it is a number, else its text.
fn number(term: &str) -> String {
    let text = term.split("^^").next().unwrap_or_default();
    let number = text.trim_matches('"').parse::<f64>();
    number.map_or_else(|_| text.to_owned(), |number| number.to_string())
}

/// An evaluator for the queries, with three graphs as its default graph and a service that gives rows with holes.
pub(crate) fn evaluator() -> Evaluator {
    let graph = |name: &str| NamedNode::new(format!("http://a.example/{name}")).unwrap();
    Evaluator::new()
        .with_prefixes(powermap::model::vocabulary::PREFIXES.clone())
        .with_prefix("", "http://a.example/")
        .unwrap()
        .with_default_graphs(vec![
            GraphName::DefaultGraph,
            graph("g0").into(),
            graph("g1").into(),
        ])
        .with_service(&graph("rows"), Arc::new(FixedRows))
}
