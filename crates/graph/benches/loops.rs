//! Times of cycles, paths and time-respecting cycles, against a plain depth-first search with pruning by distance.
//!
//! `cargo bench -p powermap-graph --bench loops -- [FOLDER [GRAPH…]]`: a folder of graphs in the format of
//! `graphs/mod.rs`. Without one, a power-law graph is generated. Times are medians of five runs in milliseconds; ratios
//! are the plain search's time to ours, streaming's to counting's, and one thread's to two.

#![allow(clippy::print_stdout, reason = "the figures are the output")]

mod graphs;

use graphs::Edges;
use powermap_graph::{Cycles, Graph, Paths, TemporalCycles};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

type Failure = Box<dyn std::error::Error>;

static NEVER: AtomicBool = AtomicBool::new(false);

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1).filter(|word| word != "--bench");
    let cases = match arguments.next() {
        None => vec![("generated".to_owned(), graphs::generated(20_000, 100_000))],
        Some(folder) => {
            let mut names: Vec<String> = arguments.collect();
            if names.is_empty() {
                names = ["collegemsg", "btcotc", "pl200k_hot"]
                    .map(String::from)
                    .to_vec();
            }
            let read = |name: String| {
                graphs::read(&Path::new(&folder).join(&name)).map(|edges| (name, edges))
            };
            names.into_iter().map(read).collect::<Result<_, _>>()?
        }
    };
    println!(
        "{:<28} {:>12} {:>10} {:>10} {:>8} {:>10} {:>8}",
        "", "found", "ms", "plain ms", "ratio", "stream ms", "ratio"
    );
    for (name, case) in &cases {
        loops(name, case)?;
        paths(name, case)?;
        timed(name, case)?;
    }
    Ok(())
}

/// Returns the median time of five runs in milliseconds, and the count of the last.
fn median(mut run: impl FnMut() -> u64) -> (f64, u64) {
    let mut found = 0;
    let mut times: Vec<f64> = (0..5)
        .map(|_| {
            let start = Instant::now();
            found = run();
            start.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    (times[2], found)
}

fn row(
    what: &str,
    ours: impl FnMut() -> u64,
    plain: impl FnMut() -> u64,
    stream: impl FnMut() -> u64,
) -> f64 {
    let (ms, found) = median(ours);
    let (plain_ms, plain_found) = median(plain);
    let (stream_ms, streamed) = median(stream);
    assert_eq!(
        (found, found),
        (plain_found, streamed),
        "{what}: counts differ"
    );
    println!(
        "{what:<28} {found:>12} {ms:>10.2} {plain_ms:>10.2} {:>8.2} {stream_ms:>10.2} {:>8.2}",
        plain_ms / ms,
        stream_ms / ms
    );
    ms
}

fn loops(name: &str, case: &Edges) -> Result<(), Failure> {
    let (graph, _) = Graph::from_edges(case.node_count, &case.sources, &case.targets)?;
    let start = Instant::now();
    let cycles = Cycles::new(&graph, |_| true, None);
    println!(
        "{:<28} {:>12} {:>10.2}",
        format!("{name} indexed"),
        "",
        start.elapsed().as_secs_f64() * 1e3
    );
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build()?;
    for length in [3, 4, 5] {
        if length == 5 && case.node_count > 50_000 {
            continue;
        }
        let mut plain = Plain::new(&graph, true);
        let ms = row(
            &format!("{name} cycles ≤ {length}"),
            || cycles.count(length, &NEVER).total(),
            || plain.cycles(length),
            || streamed(|visit| _ = cycles.for_each(length, &NEVER, visit)),
        );
        let (two, _) = median(|| pool.install(|| cycles.count_parallel(length, &NEVER).total()));
        println!(
            "{:<28} {:>12} {two:>10.2} {:>19.2}",
            "  on two threads",
            "",
            ms / two
        );
    }
    Ok(())
}

fn paths(name: &str, case: &Edges) -> Result<(), Failure> {
    let (graph, _) = Graph::from_edges(case.node_count, &case.sources, &case.targets)?;
    let ready = Paths::new(&graph, |_| true);
    // The ends of edges, so that much-used nodes are asked for often.
    let step = case.sources.len() / 20;
    let pairs: Vec<(u32, u32)> = (0..20)
        .map(|query| {
            (
                case.sources[query * step],
                case.targets[(query * step + step / 2) % case.targets.len()],
            )
        })
        .filter(|(source, target)| source != target)
        .collect();
    let mut plain = Plain::new(&graph, false);
    row(
        &format!("{name} paths ≤ 5"),
        || {
            pairs
                .iter()
                .map(|(s, t)| ready.count(*s, *t, 5, &NEVER).total())
                .sum()
        },
        || pairs.iter().map(|(s, t)| plain.paths(*s, *t, 5)).sum(),
        || {
            pairs
                .iter()
                .map(|(s, t)| streamed(|visit| _ = ready.for_each(*s, *t, 5, &NEVER, visit)))
                .sum()
        },
    );
    Ok(())
}

fn timed(name: &str, case: &Edges) -> Result<(), Failure> {
    if case.times.is_empty() {
        return Ok(());
    }
    let (graph, order) = Graph::from_edges(case.node_count, &case.sources, &case.targets)?;
    let times: Vec<i64> = order
        .iter()
        .map(|edge| case.times[*edge as usize])
        .collect();
    let cycles = TemporalCycles::new(&graph, &times, |_| true)?;
    let span = times.iter().max().unwrap_or(&0) - times.iter().min().unwrap_or(&0);
    // As shares of the whole time, so that a window fits the graph whatever its unit.
    for share in [100_000, 10_000, 1_150] {
        let window = (span / share).max(1).unsigned_abs();
        let mut plain = PlainTimed::new(&graph, &times);
        row(
            &format!("{name} window {window}"),
            || cycles.count(window, u32::MAX, &NEVER).total(),
            || plain.cycles(window as i64),
            || streamed(|visit| _ = cycles.for_each(window, u32::MAX, &NEVER, visit)),
        );
    }
    Ok(())
}

/// Counts the streamed cycles or paths, and reads a node of each.
fn streamed(run: impl FnOnce(&mut dyn FnMut(&[u32]) -> ControlFlow<()>)) -> u64 {
    let (mut found, mut sum) = (0, 0_u64);
    run(&mut |nodes| {
        found += 1;
        sum = sum.wrapping_add(u64::from(nodes[nodes.len() - 1]));
        ControlFlow::Continue(())
    });
    std::hint::black_box(sum);
    found
}

/// The plain search: adjacency lists, distances back to the goal, one step after the other.
struct Plain {
    out: Vec<Vec<u32>>,
    into: Vec<Vec<u32>>,
    distance: Vec<u32>,
    on_path: Vec<bool>,
}

impl Plain {
    fn new(graph: &Graph, by_degree: bool) -> Self {
        let n = graph.node_count();
        let mut nodes: Vec<u32> = (0..n).collect();
        if by_degree {
            nodes.sort_by_key(|node| {
                std::cmp::Reverse(graph.out_degree(*node) + graph.in_degree(*node))
            });
        }
        let mut names = vec![0; n as usize];
        for (name, node) in nodes.iter().enumerate() {
            names[*node as usize] = name as u32;
        }
        let list = |node: u32, others: &[u32]| {
            let mut list: Vec<u32> = others
                .iter()
                .filter(|other| **other != node)
                .map(|other| names[*other as usize])
                .collect();
            list.sort_unstable();
            list.dedup();
            list
        };
        Self {
            out: nodes
                .iter()
                .map(|node| list(*node, graph.targets_of(*node)))
                .collect(),
            into: nodes
                .iter()
                .map(|node| list(*node, graph.sources_of(*node)))
                .collect(),
            distance: vec![u32::MAX; n as usize],
            on_path: vec![false; n as usize],
        }
    }

    fn cycles(&mut self, length_max: u32) -> u64 {
        (0..self.out.len() as u32)
            .map(|root| self.search(root, root, root, length_max))
            .sum()
    }

    fn paths(&mut self, source: u32, target: u32, length_max: u32) -> u64 {
        self.search(source, target, 0, length_max)
    }

    /// Searches over the names from `least` on.
    fn search(&mut self, start: u32, goal: u32, least: u32, length_max: u32) -> u64 {
        if self.out[start as usize].is_empty() || self.into[goal as usize].is_empty() {
            return 0;
        }
        let mut queue = vec![goal];
        self.distance[goal as usize] = 0;
        let mut at = 0;
        while let Some(node) = queue.get(at).copied() {
            at += 1;
            let distance = self.distance[node as usize] + 1;
            if distance >= length_max {
                break;
            }
            for other in self.into[node as usize]
                .iter()
                .rev()
                .take_while(|other| **other >= least)
            {
                if self.distance[*other as usize] == u32::MAX {
                    self.distance[*other as usize] = distance;
                    queue.push(*other);
                }
            }
        }
        self.on_path[start as usize] = true;
        let found = self.walk(start, goal, 1, length_max);
        self.on_path[start as usize] = false;
        for node in queue {
            self.distance[node as usize] = u32::MAX;
        }
        found
    }

    fn walk(&mut self, node: u32, goal: u32, depth: u32, length_max: u32) -> u64 {
        let mut found = 0;
        for at in 0..self.out[node as usize].len() {
            let next = self.out[node as usize][at];
            let place = next as usize;
            if next == goal {
                found += 1;
            } else if !self.on_path[place] && self.distance[place] <= length_max - depth {
                self.on_path[place] = true;
                found += self.walk(next, goal, depth + 1, length_max);
                self.on_path[place] = false;
            }
        }
        found
    }
}

/// The plain search in time: edges sorted by time, no pruning.
struct PlainTimed {
    out: Vec<Vec<(i64, u32)>>,
    on_path: Vec<bool>,
}

impl PlainTimed {
    fn new(graph: &Graph, times: &[i64]) -> Self {
        let out = (0..graph.node_count()).map(|node| {
            let edges = graph
                .out_edges(node)
                .filter(|edge| graph.target(*edge) != node);
            let mut list: Vec<_> = edges
                .map(|edge| (times[edge as usize], graph.target(edge)))
                .collect();
            list.sort_unstable();
            list
        });
        Self {
            out: out.collect(),
            on_path: vec![false; graph.node_count() as usize],
        }
    }

    fn cycles(&mut self, window: i64) -> u64 {
        let mut found = 0;
        for root in 0..self.out.len() {
            for at in 0..self.out[root].len() {
                let (time, node) = self.out[root][at];
                found += self.walk(root as u32, node, time, time + window);
            }
        }
        found
    }

    fn walk(&mut self, root: u32, node: u32, after: i64, until: i64) -> u64 {
        self.on_path[node as usize] = true;
        let mut found = 0;
        let first = self.out[node as usize].partition_point(|(time, _)| *time <= after);
        for at in first..self.out[node as usize].len() {
            let (time, next) = self.out[node as usize][at];
            if time > until {
                break;
            }
            if next == root {
                found += 1;
            } else if !self.on_path[next as usize] {
                found += self.walk(root, next, time, until);
            }
        }
        self.on_path[node as usize] = false;
        found
    }
}
