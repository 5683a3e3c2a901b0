//! Queries that call services which stop where the query says that it reads no more.

use crate::engine::queries::Chance;
use oxigraph::model::{Literal, NamedNode, Term, Variable};
use powermap_rdf::{Call, Service, ServiceAnswer};
use spargebra::algebra::GraphPattern;
use spargebra::term::TermPattern;
use std::error::Error;
use std::sync::{Arc, Mutex};

fn iri(name: &str) -> NamedNode {
    NamedNode::new(format!("http://a.example/{name}")).unwrap()
}

/// A service of a number of rows: `:a` gives nodes that come again, `:m` numbers, `:h` numbers with holes. It gives
/// no more rows than are wanted, and writes down how many that were.
#[derive(Clone, Default)]
pub(crate) struct Numbered {
    pub(crate) rows: usize,
    pub(crate) wanted: Arc<Mutex<Vec<Option<usize>>>>,
}

impl Numbered {
    pub(crate) fn new(rows: usize) -> Self {
        Self {
            rows,
            ..Self::default()
        }
    }

    /// The limits of the calls since the last time, in the order of the calls.
    pub(crate) fn limits(&self) -> Vec<Option<usize>> {
        std::mem::take(&mut self.wanted.lock().unwrap())
    }
}

impl Service for Numbered {
    fn call(&self, call: &Call<'_>) -> Result<ServiceAnswer, Box<dyn Error + Send + Sync>> {
        self.wanted.lock().unwrap().push(call.rows_wanted);
        let GraphPattern::Bgp { patterns } = call.pattern else {
            return Err("not a list of triples".into());
        };
        let mut columns: Vec<(Variable, String)> = Vec::new();
        for pattern in patterns {
            if let TermPattern::Variable(variable) = &pattern.object {
                columns.push((variable.clone(), pattern.predicate.to_string()));
            }
        }
        let cell = |column: &str, row: usize| -> Option<Term> {
            match column {
                "<http://a.example/a>" => Some(iri(&format!("n{}", row % 5)).into()),
                "<http://a.example/h>" if row % 3 == 1 => None,
                _ => Some(Literal::from(row as i64).into()),
            }
        };
        let rows = self.rows.min(call.rows_wanted.unwrap_or(usize::MAX));
        Ok(ServiceAnswer {
            rows: (0..rows)
                .map(|row| {
                    columns
                        .iter()
                        .map(|(_, column)| cell(column, row))
                        .collect()
                })
                .collect(),
            variables: columns.into_iter().map(|(variable, _)| variable).collect(),
            notices: Vec::new(),
        })
    }
}

const VARIABLES: [&str; 4] = ["?a", "?b", "?m", "?n"];

/// A call with one or two columns.
fn call(chance: &mut Chance) -> String {
    let node = chance.pick(&["?a", "?a", "?b"]);
    let number = chance.pick(&["?m", "?m", "?n"]);
    let service = chance.pick(&[":few", ":many", ":many", ":none"]);
    let columns = match chance.below(4) {
        0 => format!(":a {node}"),
        1 => format!(":a {node} ; :h {number}"),
        2 => format!(":m {number}"),
        _ => format!(":a {node} ; :m {number}"),
    };
    format!("SERVICE {service} {{ [] {columns} }}")
}

fn triple(chance: &mut Chance) -> String {
    chance
        .pick(&["?a :p ?b .", "?b :q ?a .", "?a :v ?m .", "?b :r ?c ."])
        .to_owned()
}

fn expression(chance: &mut Chance, depth: usize) -> String {
    let (x, y) = (chance.pick(&VARIABLES), chance.pick(&VARIABLES));
    match chance.below(7) {
        0 => format!("{x} = {y}"),
        1 => format!("BOUND({x})"),
        2 => format!("{x} > 3"),
        3 => format!("!BOUND({x}) || {y} < 7"),
        4 | 5 => format!("EXISTS {{ {} }}", group(chance, depth)),
        _ => format!("NOT EXISTS {{ {} }}", group(chance, depth)),
    }
}

/// What stands between the braces of a group.
fn group(chance: &mut Chance, depth: usize) -> String {
    let mut text = match chance.below(4) {
        0 => triple(chance),
        _ => call(chance),
    };
    if depth == 0 {
        return text;
    }
    for _ in 0..chance.below(3) {
        let depth = depth - 1;
        let more = match chance.below(11) {
            0 => triple(chance),
            1 => call(chance),
            2 => format!("OPTIONAL {{ {} }}", group(chance, depth)),
            3 => format!("MINUS {{ {} }}", group(chance, depth)),
            4 => {
                let left = group(chance, depth);
                format!("{{ {left} }} UNION {{ {} }}", group(chance, depth))
            }
            5 => format!("FILTER({})", expression(chance, depth)),
            6..9 => {
                let name = format!("?x{depth}{}", text.len());
                format!("BIND({} AS {name})", expression(chance, depth))
            }
            9 => format!("{{ {} }}", select(chance, depth)),
            _ => "VALUES ?a { :n1 :n3 }".to_owned(),
        };
        text.push(' ');
        text.push_str(&more);
    }
    text
}

/// A subquery, often with a limit of its own.
fn select(chance: &mut Chance, depth: usize) -> String {
    let group = group(chance, depth);
    let slice = match chance.below(4) {
        0 => String::new(),
        1 => format!("LIMIT {}", chance.below(5)),
        2 => format!("OFFSET {}", chance.below(4)),
        _ => format!("OFFSET {} LIMIT {}", chance.below(4), chance.below(5)),
    };
    match chance.below(5) {
        0 => format!("SELECT DISTINCT ?a {{ {group} }} {slice}"),
        1 => format!("SELECT ?a (COUNT(*) AS ?n) {{ {group} }} GROUP BY ?a {slice}"),
        2 => format!("SELECT ?a ?m {{ {group} }} ORDER BY ?m ?a {slice}"),
        _ => format!("SELECT ?a ?m {{ {group} }} {slice}"),
    }
}

/// A query without a limit, with the calls anywhere in it.
pub(crate) struct Query {
    pub(crate) text: String,
    /// Whether a part of it has a limit, so that which rows it has depends on their order.
    pub(crate) is_sliced: bool,
}

pub(crate) fn query(chance: &mut Chance) -> Query {
    let group = group(chance, 2);
    let text = match chance.below(8) {
        0 => format!("SELECT DISTINCT ?a {{ {group} }}"),
        1 => {
            format!("SELECT ?a (COUNT(*) AS ?count) (MAX(?m) AS ?most) {{ {group} }} GROUP BY ?a")
        }
        2 => format!("SELECT ?a ?b ?m {{ {group} }} ORDER BY DESC(?m) ?a ?b ?n"),
        3 => {
            let has = expression(chance, 1);
            format!("SELECT ?a ?m ({has} AS ?has) {{ {group} }}")
        }
        _ => format!("SELECT * {{ {group} }}"),
    };
    Query {
        is_sliced: text.contains("LIMIT") || text.contains("OFFSET"),
        text,
    }
}
