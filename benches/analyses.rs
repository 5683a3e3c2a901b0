//! How long the analyses take on networks of 10⁵, 10⁶ and 10⁷ edges, and how much memory the process has had by then.
//!
//! `cargo bench --bench analyses -- [EDGES…] [--only NAME]`; without sizes, 10⁵ and 10⁶ edges. Networks are made up with
//! a tenth as many players as edges, and read from an edge list; players that are asked for are those with the most edges.
//! Times are medians of three runs in milliseconds.

#![allow(clippy::print_stdout, reason = "the figures are the output")]

use nix::sys::resource::{UsageWho, getrusage};
use powermap::Map;
use powermap::analysis::{Analysis, Position, all};
use powermap::format::edge_list::{self, EdgeListReader};
use powermap::format::write_edges;
use powermap::model::generate::{self, GenerateOptions};
use powermap::network::Network;
use std::cmp::Reverse;
use std::io::{BufWriter, Write};
use std::sync::atomic::AtomicBool;
use std::time::Instant;

type Failure = Box<dyn std::error::Error>;

/// What each analysis is asked.
const CASES: &[(&str, &[(&str, &str)])] = &[
    ("control", &[("of", "FIRST")]),
    ("dependence", &[("of", "FIRST")]),
    ("exposure", &[("of", "FIRST")]),
    ("loops", &[("max-length", "3"), ("limit", "1000")]),
    ("loops", &[("max-length", "3"), ("count", "true")]),
    (
        "loops",
        &[("through", "FIRST"), ("max-length", "4"), ("limit", "1000")],
    ),
    ("loops", &[("max-length", "3"), ("near", "true")]),
    ("paths", &[("source", "FIRST"), ("target", "SECOND")]),
    (
        "paths",
        &[("source", "FIRST"), ("target", "SECOND"), ("flow", "cash")],
    ),
    (
        "paths",
        &[
            ("source", "FIRST"),
            ("target", "SECOND"),
            ("flow", "cash"),
            ("weight", "amount"),
        ],
    ),
    ("standing", &[]),
];

fn main() -> Result<(), Failure> {
    let mut sizes = Vec::new();
    let mut only = None;
    let mut arguments = std::env::args().skip(1).filter(|word| word != "--bench");
    while let Some(word) = arguments.next() {
        match word.as_str() {
            "--only" => only = arguments.next(),
            size => sizes.push(size.parse::<f64>()? as usize),
        }
    }
    if sizes.is_empty() {
        sizes = vec![100_000, 1_000_000];
    }
    println!(
        "{:<44} {:>10} {:>12} {:>10} {:>14}",
        "", "edges", "ms", "rows", "peak MB so far"
    );
    for edges in sizes {
        let network = network(edges)?;
        let [first, second] = hubs(&network);
        let position = Position::of_network(network);
        for (name, given) in CASES {
            if only.as_deref().is_some_and(|only| only != *name) {
                continue;
            }
            let analysis = all().iter().find(|analysis| analysis.name == *name);
            if let Some(analysis) = analysis {
                let given = given.iter().map(|(name, value)| match *value {
                    "FIRST" => (*name, first.as_str()),
                    "SECOND" => (*name, second.as_str()),
                    value => (*name, value),
                });
                run(analysis, &given.collect::<Vec<_>>(), &position, edges)?;
            }
        }
    }
    Ok(())
}

fn run(
    analysis: &Analysis,
    given: &[(&str, &str)],
    position: &Position,
    edges: usize,
) -> Result<(), Failure> {
    let mut times = Vec::new();
    let mut rows = 0;
    for _ in 0..3 {
        let start = Instant::now();
        let arguments = analysis.arguments(given.iter().copied(), position)?;
        let answer = analysis.answer(position, &arguments, &AtomicBool::new(false))?;
        times.push(start.elapsed().as_secs_f64() * 1e3);
        rows = answer.rows.len();
    }
    times.sort_by(f64::total_cmp);
    let words: Vec<_> = given
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    row(
        &format!("{} {}", analysis.name, words.join(" ")),
        edges,
        times[1],
        rows,
    );
    Ok(())
}

fn row(name: &str, edges: usize, ms: f64, rows: usize) {
    // The peak over everything so far, hence the order of the sizes.
    let peak = getrusage(UsageWho::RUSAGE_SELF).map_or(0, |usage| usage.max_rss());
    println!(
        "{name:<44} {edges:>10} {ms:>12.1} {rows:>10} {:>14.1}",
        peak as f64 / 1024.0
    );
}

/// A made-up network, through the text of an edge list as the program reads it.
fn network(edges: usize) -> Result<Network, Failure> {
    let options = GenerateOptions {
        players: (edges / 10).max(10) as u32,
        edges: edges as u64,
        seed: 1,
        skew: 1.0,
        from: "2015-01-01".parse()?,
        to: "2025-12-31".parse()?,
    };
    let mut file = tempfile::NamedTempFile::new()?;
    let mut out = BufWriter::new(file.as_file_mut());
    write_edges(generate::deals(&options)?, &mut out, |_| ())?;
    out.flush()?;
    drop(out);
    let map = Map::built_in()?;
    let concepts = &map.records()?.concepts;
    let start = Instant::now();
    let reader = EdgeListReader::new("edges.csv", concepts);
    let list = edge_list::file::read_file(file.path(), reader, |_| ())?;
    row("(read)", edges, start.elapsed().as_secs_f64() * 1e3, 0);
    let start = Instant::now();
    let network = Network::from_edges(list, concepts)?;
    row("(network)", edges, start.elapsed().as_secs_f64() * 1e3, 0);
    Ok(network)
}

/// The players with the most edges, the first two.
fn hubs(network: &Network) -> [String; 2] {
    let graph = &network.graph;
    let mut nodes: Vec<u32> = (0..graph.node_count()).collect();
    nodes.sort_by_key(|node| Reverse(graph.out_degree(*node) + graph.in_degree(*node)));
    [nodes[0], nodes[1]].map(|node| network.player(node).into_string())
}
