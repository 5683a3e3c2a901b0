//! One graph kernel on one graph, for those who put it beside others; see `benches/peers/`.
//!
//! `kernels KERNEL GRAPH RUNS THREADS [ARGUMENT…]`. A graph is `GRAPH.src` and `GRAPH.dst` (32-bit ids, little-endian),
//! `GRAPH.n` (the number of nodes as text) and, if there are any, `GRAPH.w` (weights) and `GRAPH.ts` (times). Each run
//! prints its milliseconds, without reading and building, and a number that others can be checked against.

#![allow(clippy::print_stdout, reason = "the figures are the output")]

use powermap_graph::betweenness::betweenness;
use powermap_graph::bfs::{UNREACHED, Way, search};
use powermap_graph::bonacich::{Options as Bonacich, bonacich, spectral_radius};
use powermap_graph::communities::communities;
use powermap_graph::components::{strong, weak};
use powermap_graph::constraint::constraint;
use powermap_graph::core_numbers::core_numbers;
use powermap_graph::cycles::{Counts, Cycles};
use powermap_graph::debt_rank::{Options as Rounds, Variant, debt_rank};
use powermap_graph::graph::Graph;
use powermap_graph::ownership::{Form, Shares, owners};
use powermap_graph::pagerank::{Options as Walk, pagerank};
use powermap_graph::paths::Paths;
use powermap_graph::shortest_paths::{self, whole};
use powermap_graph::temporal_cycles::TemporalCycles;
use std::ops::ControlFlow;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

type Failure = Box<dyn std::error::Error>;

static NEVER: AtomicBool = AtomicBool::new(false);

/// A graph and what stands beside its edges, in the order of the graph.
struct Case {
    graph: Graph,
    weights: Vec<u32>,
    times: Vec<i64>,
}

fn main() -> Result<(), Failure> {
    let words: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| word != "--bench")
        .collect();
    let [kernel, graph, runs, threads, arguments @ ..] = &words[..] else {
        println!("kernels KERNEL GRAPH RUNS THREADS [ARGUMENT…]; benches/peers/run calls it");
        return Ok(());
    };
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads.parse()?)
        .build_global()?;
    let case = read(graph)?;
    let numbers: Vec<u32> = arguments
        .iter()
        .map(|word| word.parse())
        .collect::<Result<_, _>>()?;
    let is_parallel = threads != "1";
    let mut run = prepare(kernel, &case, &numbers, is_parallel)?;
    for _ in 0..runs.parse()? {
        let start = Instant::now();
        let check = run()?;
        println!("{:.3} {check}", start.elapsed().as_secs_f64() * 1e3);
    }
    Ok(())
}

fn read(name: &str) -> Result<Case, Failure> {
    let words = |ending: &str| -> Result<Vec<u32>, Failure> {
        let bytes = std::fs::read(format!("{name}.{ending}"))?;
        let (words, _) = bytes.as_chunks::<4>();
        Ok(words.iter().map(|word| u32::from_le_bytes(*word)).collect())
    };
    let nodes: u32 = std::fs::read_to_string(format!("{name}.n"))?
        .trim()
        .parse()?;
    let (graph, order) = Graph::from_edges(nodes, &words("src")?, &words("dst")?)?;
    let (weights, times) = (
        words("w").unwrap_or_default(),
        words("ts").unwrap_or_default(),
    );
    let pick = |list: &[u32]| -> Vec<u32> {
        order
            .iter()
            .filter_map(|edge| list.get(*edge as usize).copied())
            .collect()
    };
    Ok(Case {
        graph,
        weights: pick(&weights),
        times: pick(&times)
            .into_iter()
            .map(|time| i64::from(time.cast_signed()))
            .collect(),
    })
}

type Run<'a> = Box<dyn FnMut() -> Result<String, Failure> + 'a>;

fn sum(values: &[f64]) -> String {
    format!("{:.6}", values.iter().sum::<f64>())
}

/// The pairs of ends that paths are asked for: the last numbers, two by two.
fn pairs(numbers: &[u32]) -> impl Iterator<Item = (u32, u32)> + '_ {
    numbers[1..].chunks_exact(2).map(|pair| (pair[0], pair[1]))
}

fn prepare<'a>(
    kernel: &str,
    case: &'a Case,
    numbers: &'a [u32],
    is_parallel: bool,
) -> Result<Run<'a>, Failure> {
    let graph = &case.graph;
    Ok(match kernel {
        // Making ready is a part of the search, as it is for the others.
        "cycles" => Box::new(move || {
            let cycles = Cycles::new(graph, |_| true, None);
            let counts = match is_parallel {
                true => cycles.count_parallel(numbers[0], &NEVER),
                false => cycles.count(numbers[0], &NEVER),
            };
            Ok(counts.total().to_string())
        }),
        "cycles-stream" => Box::new(move || {
            let cycles = Cycles::new(graph, |_| true, None);
            let (mut seen, mut nodes) = (0_u64, 0_u64);
            cycles.for_each(numbers[0], &NEVER, |cycle| {
                seen += 1;
                nodes = nodes.wrapping_add(u64::from(cycle[cycle.len() / 2]));
                ControlFlow::Continue(())
            });
            std::hint::black_box(nodes);
            Ok(seen.to_string())
        }),
        "temporal" => Box::new(move || {
            let cycles = TemporalCycles::new(graph, &case.times, |_| true)?;
            Ok(cycles
                .count(u64::from(numbers[0]), u32::MAX, &NEVER)
                .total()
                .to_string())
        }),
        "paths" => Box::new(move || {
            let paths = Paths::new(graph, |_| true);
            let ends: Vec<_> = pairs(numbers).collect();
            let counts = paths.count_pairs(&ends, numbers[0], &NEVER);
            Ok(counts.iter().map(Counts::total).sum::<u64>().to_string())
        }),
        "bfs" => Box::new(move || {
            let tree = search(graph, numbers[0], Way::Forward, &NEVER)?;
            let levels = tree.levels.iter().filter(|level| **level != UNREACHED);
            Ok(levels
                .map(|level| u64::from(*level))
                .sum::<u64>()
                .to_string())
        }),
        "shortest" => Box::new(move || {
            let distances = whole(graph, numbers[0], &case.weights, &NEVER)?;
            let reached = distances
                .iter()
                .filter(|d| **d != shortest_paths::UNREACHED);
            Ok(reached.sum::<u64>().to_string())
        }),
        "strong" => Box::new(move || Ok(strong(graph, &NEVER)?.sizes.len().to_string())),
        "weak" => Box::new(move || Ok(weak(graph, &NEVER)?.sizes.len().to_string())),
        "pagerank" => Box::new(move || {
            let walk = Walk {
                damping: 0.85,
                tolerance: 1e-6,
                rounds_max: 1000,
            };
            let ranks = pagerank(graph, None, &walk, &NEVER)?.ranks;
            Ok(format!("{:.9}", ranks.iter().copied().fold(0.0, f64::max)))
        }),
        "betweenness" => Box::new(move || Ok(sum(&betweenness(graph, &NEVER)?))),
        "constraint" => Box::new(move || {
            let values = constraint(graph, None, &NEVER)?;
            Ok(sum(&values
                .into_iter()
                .filter(|value| value.is_finite())
                .collect::<Vec<_>>()))
        }),
        "cores" => Box::new(move || {
            let cores = core_numbers(graph, &NEVER)?;
            Ok(cores
                .iter()
                .map(|core| u64::from(*core))
                .sum::<u64>()
                .to_string())
        }),
        "communities" => Box::new(move || {
            let found = communities(graph, None, 1.0, &NEVER)?;
            Ok(format!("{:.6}", found.modularity))
        }),
        "debtrank" => debtrank(case),
        "bonacich" => power(case)?,
        "ownership" => ownership(case, numbers[0])?,
        other => return Err(format!("no kernel {other}").into()),
    })
}

/// Weights as parts of what comes in to each node: nine tenths of it in all.
fn parts(case: &Case) -> Vec<f64> {
    let graph = &case.graph;
    let mut whole = vec![0.0; graph.node_count() as usize];
    for edge in 0..graph.edge_count() {
        whole[graph.target(edge) as usize] += f64::from(case.weights[edge as usize]);
    }
    (0..graph.edge_count())
        .map(|edge| {
            0.9 * f64::from(case.weights[edge as usize]) / whole[graph.target(edge) as usize]
        })
        .collect()
}

fn debtrank(case: &Case) -> Run<'_> {
    let impacts = parts(case);
    let values = vec![1.0; case.graph.node_count() as usize];
    let options = Rounds {
        variant: Variant::Cumulative,
        tolerance: 1e-6,
        rounds_max: 10_000,
    };
    Box::new(move || {
        let found = debt_rank(
            &case.graph,
            &impacts,
            &[(0, 1.0)],
            &values,
            &options,
            &NEVER,
        )?;
        Ok(sum(&found.distress))
    })
}

fn power(case: &Case) -> Result<Run<'_>, Failure> {
    let (_, radius) = spectral_radius(&case.graph, None, 1e-3, 1000, &NEVER)?;
    let options = Bonacich {
        beta: 0.5 / radius,
        tolerance: 1e-8,
        rounds_max: 1000,
    };
    println!("beta {:.17e}", options.beta);
    Ok(Box::new(move || {
        let found = bonacich(&case.graph, None, &options, &NEVER)?;
        Ok(sum(&found.power))
    }))
}

fn ownership(case: &Case, company: u32) -> Result<Run<'_>, Failure> {
    let shares = parts(case);
    let shares = Shares::new(&case.graph, &shares, &shares)?;
    Ok(Box::new(move || {
        let found = owners(&case.graph, &shares, company, Form::Gross, &NEVER)?;
        Ok(sum(&found.lower))
    }))
}
