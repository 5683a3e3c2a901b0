//! Breadth-first search that switches direction on dense frontiers.

use crate::error::{GraphError, check_cancelled, check_start};
use crate::graph::Graph;
use rayon::prelude::*;
use std::sync::atomic::AtomicBool;

/// Bottom-up steps begin when the frontier has more than 1/14 of the unexplored edges (α in the paper).
const TO_BOTTOM_UP: u64 = 14;
/// Bottom-up steps end when the frontier shrinks below 1/24 of the nodes (β in the paper).
const TO_TOP_DOWN: u32 = 24;
/// Nodes in one piece of a bottom-up step; a multiple of 64, the bits of a word of the bitmap.
const PIECE: usize = 1 << 13;

/// The result of [`bfs`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct BfsTree {
    /// The least number of edges between the start and each node, by node; [`BfsTree::UNREACHED`] for a node without a
    /// path.
    pub levels: Vec<u32>,
    /// The previous node on a shortest path to each node, by node; the start is its own parent, and the parent of a node
    /// without a path is [`BfsTree::UNREACHED`]. The choice among several parents is unspecified, but the same in every
    /// run and with any number of threads.
    pub parents: Vec<u32>,
}

impl BfsTree {
    /// The level and the parent of a node that the search does not reach.
    pub const UNREACHED: u32 = u32::MAX;
}

const UNREACHED: u32 = BfsTree::UNREACHED;

/// The direction in which a search follows edges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From source to target: finds the nodes that the start reaches.
    Forward,
    /// From target to source: finds the nodes that reach the start.
    Backward,
}

/// Returns the distance in hops between one node and all others, and a tree of shortest paths.
///
/// While the frontier is small, a step goes from the frontier to its neighbours. When the frontier holds much of the
/// graph, each unreached node looks for a neighbour in it instead, which skips most edges; these steps use the threads of
/// the current rayon pool.
///
/// # Errors
/// [`GraphError::NoSuchStart`] if the graph does not have the start, or cancelled.
///
/// # Complexity
/// O(n + m) time, O(n) space.
///
/// # Reference
/// Beamer, Asanović and Patterson, *Direction-Optimizing Breadth-First Search*, SC 2012.
///
/// # Example
/// ```
/// use powermap_graph::{BfsTree, Direction, Graph, bfs};
/// use std::sync::atomic::AtomicBool;
///
/// let (graph, _) = Graph::from_edges(4, &[0, 1, 0, 3], &[1, 2, 0, 0])?;
/// let tree = bfs(&graph, 0, Direction::Forward, &AtomicBool::new(false))?;
/// assert_eq!(tree.levels, [0, 1, 2, BfsTree::UNREACHED]);
/// assert_eq!(tree.parents, [0, 0, 1, BfsTree::UNREACHED]);
/// # Ok::<(), powermap_graph::GraphError>(())
/// ```
pub fn bfs(
    graph: &Graph,
    start: u32,
    direction: Direction,
    cancel: &AtomicBool,
) -> Result<BfsTree, GraphError> {
    check_start(start, graph.node_count())?;
    match direction {
        Direction::Forward => run(
            graph,
            start,
            |v| graph.targets_of(v),
            |v| graph.sources_of(v),
            cancel,
        ),
        Direction::Backward => run(
            graph,
            start,
            |v| graph.sources_of(v),
            |v| graph.targets_of(v),
            cancel,
        ),
    }
}

fn run<'a>(
    graph: &'a Graph,
    start: u32,
    successors: impl Fn(u32) -> &'a [u32] + Sync,
    predecessors: impl Fn(u32) -> &'a [u32] + Sync,
    cancel: &AtomicBool,
) -> Result<BfsTree, GraphError> {
    let node_count = graph.node_count();
    let mut tree = BfsTree {
        levels: vec![UNREACHED; node_count as usize],
        parents: vec![UNREACHED; node_count as usize],
    };
    tree.levels[start as usize] = 0;
    tree.parents[start as usize] = start;
    let mut queue = vec![start];
    let mut next = Vec::new();
    let mut unexplored = u64::from(graph.edge_count());
    let mut edges_next = successors(start).len() as u64;
    let mut level = 0;
    while !queue.is_empty() {
        check_cancelled(cancel)?;
        if edges_next > unexplored / TO_BOTTOM_UP {
            queue = bottom_up(&mut tree, queue, &mut level, &predecessors, cancel)?;
            // Bottom-up steps do not count edges; the rest of the graph is small.
            edges_next = 1;
            continue;
        }
        unexplored = unexplored.saturating_sub(edges_next);
        level += 1;
        edges_next = 0;
        for node in &queue {
            for other in successors(*node) {
                let seen = &mut tree.levels[*other as usize];
                if *seen == UNREACHED {
                    *seen = level;
                    tree.parents[*other as usize] = *node;
                    edges_next += successors(*other).len() as u64;
                    next.push(*other);
                }
            }
        }
        queue.clear();
        std::mem::swap(&mut queue, &mut next);
    }
    Ok(tree)
}

/// Takes bottom-up steps until the frontier is small again; returns the frontier.
fn bottom_up<'a>(
    tree: &mut BfsTree,
    queue: Vec<u32>,
    level: &mut u32,
    predecessors: &(impl Fn(u32) -> &'a [u32] + Sync),
    cancel: &AtomicBool,
) -> Result<Vec<u32>, GraphError> {
    let words = tree.levels.len().div_ceil(64);
    let mut frontier = vec![0_u64; words];
    for node in &queue {
        frontier[*node as usize / 64] |= 1 << (node % 64);
    }
    let mut next = vec![0_u64; words];
    let mut active = queue.len() as u32;
    loop {
        check_cancelled(cancel)?;
        *level += 1;
        let before = active;
        active = bottom_up_step(tree, &frontier, &mut next, *level, predecessors);
        std::mem::swap(&mut frontier, &mut next);
        let small = active <= tree.levels.len() as u32 / TO_TOP_DOWN;
        if active == 0 || (active < before && small) {
            break;
        }
    }
    let mut queue = Vec::with_capacity(active as usize);
    for (place, word) in frontier.iter().enumerate() {
        let mut word = *word;
        while word != 0 {
            queue.push(place as u32 * 64 + word.trailing_zeros());
            word &= word - 1;
        }
    }
    Ok(queue)
}

/// The levels, parents and frontier words of a range of nodes.
type NodePiece<'a> = ((&'a mut [u32], &'a mut [u32]), &'a mut [u64]);

/// Takes one step: each unreached node looks for a neighbour in the frontier. Returns the number of nodes reached.
fn bottom_up_step<'a>(
    tree: &mut BfsTree,
    frontier: &[u64],
    next: &mut [u64],
    level: u32,
    predecessors: &(impl Fn(u32) -> &'a [u32] + Sync),
) -> u32 {
    let piece = |(number, ((levels, parents), words)): (usize, NodePiece<'_>)| {
        let mut found = 0;
        words.fill(0);
        for (i, (seen, parent)) in levels.iter_mut().zip(parents).enumerate() {
            if *seen != UNREACHED {
                continue;
            }
            let node = (number * PIECE + i) as u32;
            let in_frontier = |v: &u32| frontier[*v as usize / 64] >> (v % 64) & 1 == 1;
            if let Some(v) = predecessors(node).iter().copied().find(|v| in_frontier(v)) {
                *seen = level;
                *parent = v;
                words[i / 64] |= 1 << (i % 64);
                found += 1;
            }
        }
        found
    };
    let (levels, parents) = (&mut tree.levels, &mut tree.parents);
    if rayon::current_num_threads() == 1 {
        levels
            .chunks_mut(PIECE)
            .zip(parents.chunks_mut(PIECE))
            .zip(next.chunks_mut(PIECE / 64))
            .enumerate()
            .map(piece)
            .sum()
    } else {
        levels
            .par_chunks_mut(PIECE)
            .zip(parents.par_chunks_mut(PIECE))
            .zip(next.par_chunks_mut(PIECE / 64))
            .enumerate()
            .map(piece)
            .sum()
    }
}
