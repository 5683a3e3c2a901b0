//! How the time of a query grows with its length: the data are a few triples, so that what is measured is the work
//! before the first row, and that of handing one row from step to step (`OPTIONAL-empty` has none).
//!
//! `cargo bench --bench planning -- [SIZE…] [KIND…]`: sizes are numbers of parts of the query, by default 100, 1,000 and
//! 3,000; kinds of queries are words such as `OPTIONAL`, by default all. Each runs three times on the columns of a
//! compiled map; the least time counts. After a size that took more than 20 seconds the larger ones are left out.

#![allow(clippy::print_stdout, reason = "the figures are the output")]

use oxigraph::model::{GraphName, NamedNode, Quad};
use powermap_rdf::{CompiledStore, Evaluator, MemoryStore, ReadStore, Results};
use std::error::Error;
use std::fmt::Write;
use std::time::{Duration, Instant};

const NAMESPACE: &str = "http://a.example/";
const RUNS: usize = 3;
const ENOUGH: Duration = Duration::from_secs(20);

/// Makes a query of this number of parts.
type Shape = fn(usize) -> String;

const SHAPES: &[(&str, Shape)] = &[
    ("OPTIONAL", |size| {
        parts("?s :p ?o", size, |i| {
            format!(" OPTIONAL {{ ?s :p{} ?x{i} }}", i % 5)
        })
    }),
    ("OPTIONAL-empty", |size| {
        parts("?s :none ?o", size, |i| {
            format!(" OPTIONAL {{ ?s :p{} ?x{i} }}", i % 5)
        })
    }),
    ("UNION", |size| {
        parts("{ ?s :p ?o }", size, |i| {
            format!(" UNION {{ ?s :p{} ?x }}", i % 5)
        })
    }),
    ("star", |size| {
        parts("?s :p ?o", size, |i| format!(" . ?s :p0 ?x{i}"))
    }),
    ("chain", |size| {
        parts("?x0 :p ?o", size, |i| format!(" . ?x{i} :next ?x{}", i + 1))
    }),
    ("FILTER", |size| {
        let open = "{ ".repeat(size);
        parts(&format!("{open} ?s :p ?o"), size, |i| {
            format!(" FILTER(?o != {i}) }}")
        })
    }),
    ("BIND", |size| {
        parts("?s :p ?o", size, |i| format!(" BIND(?o AS ?x{i})"))
    }),
    ("MINUS", |size| {
        parts("?s :p ?o", size, |i| {
            format!(" MINUS {{ ?s :p{} :no }}", i % 5)
        })
    }),
    ("SELECT", |size| {
        parts("?s :p ?o", size, |i| {
            format!(" {{ SELECT ?s {{ ?s :p{} ?y }} }}", i % 5)
        })
    }),
];

fn parts(first: &str, size: usize, part: impl Fn(usize) -> String) -> String {
    let mut text = format!("SELECT * {{ {first}");
    for i in 0..size {
        text.push_str(&part(i));
    }
    text.push_str(" }");
    text
}

fn main() -> Result<(), Box<dyn Error>> {
    let (mut sizes, mut kinds) = (Vec::<usize>::new(), Vec::new());
    for word in std::env::args().skip(1).filter(|word| word != "--bench") {
        match word.parse() {
            Ok(size) => sizes.push(size),
            Err(_) => kinds.push(word),
        }
    }
    if sizes.is_empty() {
        sizes = vec![100, 1_000, 3_000];
    }
    let store = store()?;
    let evaluator = Evaluator::new()
        .with_prefixes(powermap::model::vocabulary::PREFIXES.clone())
        .with_prefix("", NAMESPACE)?;
    let mut line = format!("{:<18}", "milliseconds");
    for size in &sizes {
        write!(line, "{size:>12}")?;
    }
    println!("{line}");
    for (name, shape) in SHAPES {
        if !kinds.is_empty() && !kinds.iter().any(|kind| kind == name) {
            continue;
        }
        let mut line = format!("{name:<18}");
        for size in &sizes {
            let time = least(&store, &evaluator, &shape(*size))?;
            write!(line, "{:>12.2}", time.as_secs_f64() * 1e3)?;
            if time > ENOUGH {
                break;
            }
        }
        println!("{line}");
    }
    Ok(())
}

/// One player with a value for each predicate, and a chain of players.
fn store() -> Result<CompiledStore, Box<dyn Error>> {
    let node = |name: String| NamedNode::new(format!("{NAMESPACE}{name}"));
    let mut quads = Vec::new();
    let mut add = |s: String, p: String, o: String| -> Result<(), Box<dyn Error>> {
        quads.push(Quad::new(
            node(s)?,
            node(p)?,
            node(o)?,
            GraphName::DefaultGraph,
        ));
        Ok(())
    };
    add("s".to_owned(), "p".to_owned(), "o".to_owned())?;
    for i in 0..5 {
        add("s".to_owned(), format!("p{i}"), format!("o{i}"))?;
        add(format!("n{i}"), "next".to_owned(), format!("n{}", i + 1))?;
    }
    Ok(CompiledStore::in_memory(&MemoryStore::from_quads(quads))?)
}

fn least(
    store: &CompiledStore,
    evaluator: &Evaluator,
    query: &str,
) -> Result<Duration, Box<dyn Error>> {
    let mut least = Duration::MAX;
    for _ in 0..RUNS {
        let start = Instant::now();
        if let Results::Solutions(rows) = evaluator.query(store.dataset(), query, &[])? {
            for row in rows {
                row?;
            }
        }
        least = least.min(start.elapsed());
        if start.elapsed() > ENOUGH {
            break;
        }
    }
    Ok(least)
}
