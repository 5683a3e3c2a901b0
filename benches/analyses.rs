//! How long the analyses take on networks of 10⁵, 10⁶ and 10⁷ edges, and how much memory the process has had by then.
//!
//! `cargo bench --bench analyses -- [EDGES…] [--only NAME]`; without sizes, 10⁵ and 10⁶ edges. Networks are generated: a
//! fifth as many players as edges, degrees by a power law, a third each of equity, chips and influence, amounts known
//! exactly, within bounds, up to or from a value, or not at all. Times are medians of three runs in milliseconds.

#![allow(clippy::print_stdout, reason = "the figures are the output")]

use indexmap::IndexSet;
use nix::sys::resource::{UsageWho, getrusage};
use oxigraph::model::NamedNode;
use powermap::analysis::position::Position;
use powermap::analysis::table::{Analysis, all};
use powermap::model::name::{Family, Flow, Status};
use powermap::model::unit::{Measure, Unit};
use powermap::model::vocabulary::PM;
use powermap::network::columns::{Columns, Kind, Values};
use powermap::network::graph::Graph;
use powermap::network::named::{EdgeNames, Network};
use powermap::network::subset::Subset;
use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

type Failure = Box<dyn std::error::Error>;

/// What each analysis is asked.
const CASES: &[(&str, &[(&str, &str)])] = &[
    ("control", &[("of", "p0")]),
    ("dependence", &[("of", "p0")]),
    ("exposure", &[("of", "p0")]),
    ("loops", &[("max-length", "3"), ("limit", "1000")]),
    (
        "loops",
        &[("through", "p5"), ("max-length", "4"), ("limit", "1000")],
    ),
    ("paths", &[("source", "p0"), ("target", "p1")]),
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
        let start = Instant::now();
        let position = Position::of_network(network(edges)?);
        row("(network)", edges, start.elapsed().as_secs_f64() * 1e3, 0);
        for (name, given) in CASES {
            if only.as_deref().is_some_and(|only| only != *name) {
                continue;
            }
            let analysis = all().iter().find(|analysis| analysis.name == *name);
            if let Some(analysis) = analysis {
                run(analysis, given, &position, edges)?;
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

/// Numbers that look random (Steele, Lea and Flood, *Fast Splittable Pseudorandom Number Generators*, OOPSLA 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// From 0 to below 1.
    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

fn network(edges: usize) -> Result<Network, Failure> {
    let mut random = Random(42);
    let players = (edges / 5).max(10) as u32;
    let mut end = || (f64::from(players) * random.unit().powf(2.0)) as u32;
    let sources: Vec<u32> = (0..edges).map(|_| end()).collect();
    let targets: Vec<u32> = (0..edges).map(|_| end()).collect();
    let (graph, order) = Graph::from_edges(players, &sources, &targets)?;
    let kind: Box<[u8]> = (0..edges).map(|_| (random.next() % 3) as u8).collect();
    let families = [Family::Investment, Family::Supply, Family::Influence];
    let bounds: Vec<(f64, f64)> = (0..edges)
        .map(|_| {
            let amount = (1.0 + random.unit() * 1e3).round() * 1e6;
            match random.next() % 8 {
                0 => (f64::NEG_INFINITY, amount),
                1 => (amount, f64::INFINITY),
                2 => (amount, amount * 2.0),
                _ => (amount, amount),
            }
        })
        .collect();
    let columns = Columns {
        family: kind.iter().map(|kind| families[*kind as usize]).collect(),
        status: (0..edges)
            .map(|edge| {
                Some(if edge % 3 == 0 {
                    Status::Planned
                } else {
                    Status::Committed
                })
            })
            .collect(),
        since: vec![i32::MIN; edges].into(),
        until: vec![i32::MAX; edges].into(),
        values: BTreeMap::from([(
            Measure::Amount,
            Values {
                lower: bounds.iter().map(|bounds| bounds.0).collect(),
                upper: bounds.iter().map(|bounds| bounds.1).collect(),
                unit: (0..edges)
                    .map(|_| {
                        if random.next().is_multiple_of(10) {
                            u8::MAX
                        } else {
                            0
                        }
                    })
                    .collect(),
                approximate: Subset::of(edges as u32, |_| false),
            },
        )]),
        kinds: [
            ("Equity", Some(Flow::Cash), Some(Flow::Equity)),
            ("Chips", Some(Flow::Goods), Some(Flow::Cash)),
            ("Backing", None, None),
        ]
        .into_iter()
        .map(|(name, carries, returns)| Kind {
            concept: NamedNode::new(format!("{PM}{name}")).ok(),
            carries,
            returns,
        })
        .collect(),
        units: vec![Unit::USD],
        kind,
    };
    let names: Result<IndexSet<NamedNode>, _> = (0..players)
        .map(|player| NamedNode::new(format!("https://w3id.org/powermap/id/p{player}")))
        .collect();
    Ok(Network {
        graph,
        players: names?,
        columns,
        names: EdgeNames::Rows(order.into()),
        totals: BTreeMap::new(),
    })
}
