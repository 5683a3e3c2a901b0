//! Times of the kernels on one graph.
//!
//! `cargo bench -p powermap-graph --bench kernels`: every kernel on a generated power-law graph, as the median of five runs
//! in milliseconds.
//!
//! `kernels KERNEL GRAPH RUNS THREADS [ARGUMENT…]`: one kernel on a graph in the format of `graphs/mod.rs`, for comparison
//! with other libraries (`benches/peers/` of the repository). Each run prints its milliseconds, without reading and
//! building, and a number that the results of others can be checked against.

#![allow(clippy::print_stdout, reason = "the figures are the output")]

mod graphs;

use graphs::Edges;
use powermap_graph::{
    BfsTree, BonacichOptions, Cycles, DebtRankOptions, DebtRankVariant, Direction, Graph,
    LengthCounts, OwnershipForm, PageRankOptions, Paths, Shares, TemporalCycles,
    UNREACHED_DISTANCE, betweenness, bfs, bonacich_power, communities, constraint, core_numbers,
    debt_rank, owners, pagerank, shortest_distances_u32, spectral_radius, strong_components,
    weak_components,
};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

type Failure = Box<dyn std::error::Error>;

static NEVER: AtomicBool = AtomicBool::new(false);

/// The kernels with the arguments that they get on the generated graph.
const KERNELS: [(&str, &[u32]); 16] = [
    ("cycles", &[4]),
    ("cycles-stream", &[4]),
    ("temporal", &[3_600]),
    ("paths", &[4, 0, 100, 200, 300]),
    ("bfs", &[0]),
    ("shortest", &[0]),
    ("strong", &[]),
    ("weak", &[]),
    ("pagerank", &[]),
    ("betweenness", &[]),
    ("constraint", &[]),
    ("cores", &[]),
    ("communities", &[]),
    ("debtrank", &[]),
    ("bonacich", &[]),
    ("ownership", &[0]),
];

/// A graph, and the attributes of its edges in the order of the graph.
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
    match &words[..] {
        [] => all_on_generated(),
        [kernel, graph, runs, threads, arguments @ ..] => {
            one(kernel, graph, runs.parse()?, threads.parse()?, arguments)
        }
        _ => Err("expected KERNEL GRAPH RUNS THREADS [ARGUMENT…], or nothing".into()),
    }
}

fn all_on_generated() -> Result<(), Failure> {
    let case = case(&graphs::generated(5_000, 25_000))?;
    println!("{:<16} {:>10}  check", "kernel", "ms");
    for (kernel, numbers) in KERNELS {
        let mut run = prepare(kernel, &case, numbers, false)?;
        let mut times = Vec::new();
        let mut check = String::new();
        for _ in 0..5 {
            let start = Instant::now();
            check = run()?;
            times.push(start.elapsed().as_secs_f64() * 1e3);
        }
        times.sort_by(f64::total_cmp);
        println!("{kernel:<16} {:>10.3}  {check}", times[2]);
    }
    Ok(())
}

fn one(
    kernel: &str,
    graph: &str,
    runs: u32,
    threads: usize,
    arguments: &[String],
) -> Result<(), Failure> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build_global()?;
    let case = case(&graphs::read(Path::new(graph))?)?;
    let numbers: Vec<u32> = arguments
        .iter()
        .map(|word| word.parse())
        .collect::<Result<_, _>>()?;
    if kernel == "bonacich" {
        println!("beta {:.17e}", beta(&case)?);
    }
    let mut run = prepare(kernel, &case, &numbers, threads > 1)?;
    for _ in 0..runs {
        let start = Instant::now();
        let check = run()?;
        println!("{:.3} {check}", start.elapsed().as_secs_f64() * 1e3);
    }
    Ok(())
}

fn case(edges: &Edges) -> Result<Case, Failure> {
    let (graph, order) = Graph::from_edges(edges.node_count, &edges.sources, &edges.targets)?;
    let at = |edge: &u32| *edge as usize;
    Ok(Case {
        graph,
        weights: (order.iter())
            .filter_map(|edge| edges.weights.get(at(edge)).copied())
            .collect(),
        times: (order.iter())
            .filter_map(|edge| edges.times.get(at(edge)).copied())
            .collect(),
    })
}

type Run<'a> = Box<dyn FnMut() -> Result<String, Failure> + 'a>;

fn sum(values: &[f64]) -> String {
    format!("{:.6}", values.iter().sum::<f64>())
}

/// Returns the sources and targets of paths: the numbers from the second on, two by two.
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
        // Indexing is a part of the search, as it is in other libraries.
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
            Ok(counts
                .iter()
                .map(LengthCounts::total)
                .sum::<u64>()
                .to_string())
        }),
        "bfs" => Box::new(move || {
            let tree = bfs(graph, numbers[0], Direction::Forward, &NEVER)?;
            let levels = tree
                .levels
                .iter()
                .filter(|level| **level != BfsTree::UNREACHED);
            Ok(levels
                .map(|level| u64::from(*level))
                .sum::<u64>()
                .to_string())
        }),
        "shortest" => Box::new(move || {
            let distances = shortest_distances_u32(graph, numbers[0], &case.weights, &NEVER)?;
            let reached = distances.iter().filter(|d| **d != UNREACHED_DISTANCE);
            Ok(reached.sum::<u64>().to_string())
        }),
        "strong" => Box::new(move || Ok(strong_components(graph, &NEVER)?.sizes.len().to_string())),
        "weak" => Box::new(move || Ok(weak_components(graph, &NEVER)?.sizes.len().to_string())),
        "pagerank" => Box::new(move || {
            let walk = PageRankOptions::new(0.85).with_tolerance(1e-6);
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

/// Returns weights as fractions of the weight into each node, scaled to a sum of nine tenths.
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
    let options = DebtRankOptions::new(DebtRankVariant::Cumulative).with_tolerance(1e-6);
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

/// Returns half of the limit of β.
fn beta(case: &Case) -> Result<f64, Failure> {
    let (_, radius) = spectral_radius(&case.graph, None, 1e-3, 1000, &NEVER)?;
    Ok(0.5 / radius)
}

fn power(case: &Case) -> Result<Run<'_>, Failure> {
    let options = BonacichOptions::new(beta(case)?)
        .with_tolerance(1e-8)
        .with_rounds_max(1000);
    Ok(Box::new(move || {
        let found = bonacich_power(&case.graph, None, &options, &NEVER)?;
        Ok(sum(&found.power))
    }))
}

fn ownership(case: &Case, company: u32) -> Result<Run<'_>, Failure> {
    let shares = parts(case);
    let shares = Shares::new(&case.graph, &shares, &shares)?;
    Ok(Box::new(move || {
        let found = owners(&case.graph, &shares, company, OwnershipForm::Gross, &NEVER)?;
        Ok(sum(&found.lower))
    }))
}
