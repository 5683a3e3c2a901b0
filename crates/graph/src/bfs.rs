//! Breadth-first search: how many hops from one node to all others.

use crate::error::{GraphError, check_cancelled, check_start};
use crate::graph::Graph;
use rayon::prelude::*;
use std::sync::atomic::AtomicBool;

/// The level and the parent of a node that the start does not reach.
pub const UNREACHED: u32 = u32::MAX;

/// Bottom-up steps begin when the frontier has more than a fourteenth of the unexplored edges (α of the paper)…
const TO_BOTTOM_UP: u64 = 14;
/// …and end when the frontier shrinks below a twenty-fourth of the nodes (β of the paper).
const TO_TOP_DOWN: u32 = 24;
/// Nodes in one piece of a bottom-up step: whole words of the bitmap.
const PIECE: usize = 1 << 13;

/// What a search found, by node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tree {
    /// The least number of edges from the start; [`UNREACHED`] where there is no path.
    pub levels: Vec<u32>,
    /// The node before on a shortest path; the start is its own. Which of several is not promised, but it is the same
    /// in every run, with any number of threads.
    pub parents: Vec<u32>,
}

/// Which way to follow the edges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// From source to target: whom the start reaches.
    Forward,
    /// From target to source: who reaches the start.
    Backward,
}

/// The levels and parents of all nodes in a search from one.
///
/// A step goes from the frontier to its neighbours while the frontier is small; when it holds much of the graph, each
/// unreached node looks for one neighbour in it instead, which leaves most edges unseen. The latter steps use the
/// threads of the current rayon pool.
///
/// # Errors
/// A start that is not in the graph, or cancelled.
///
/// # Complexity
/// O(n + m) time, O(n) space.
///
/// # Reference
/// Beamer, Asanović and Patterson, *Direction-Optimizing Breadth-First Search*, SC 2012.
///
/// # Example
/// ```
/// use powermap_graph::bfs::{UNREACHED, Way, search};
/// use powermap_graph::graph::Graph;
/// use std::sync::atomic::AtomicBool;
/// let (graph, _) = Graph::from_edges(4, &[0, 1, 0, 3], &[1, 2, 0, 0])?;
/// let tree = search(&graph, 0, Way::Forward, &AtomicBool::new(false))?;
/// assert_eq!(tree.levels, [0, 1, 2, UNREACHED]);
/// assert_eq!(tree.parents, [0, 0, 1, UNREACHED]);
/// # Ok::<(), powermap_graph::error::GraphError>(())
/// ```
pub fn search(
    graph: &Graph,
    start: u32,
    way: Way,
    cancel: &AtomicBool,
) -> Result<Tree, GraphError> {
    check_start(start, graph.node_count())?;
    match way {
        Way::Forward => run(
            graph,
            start,
            |v| graph.targets_of(v),
            |v| graph.sources_of(v),
            cancel,
        ),
        Way::Backward => run(
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
    ahead: impl Fn(u32) -> &'a [u32] + Sync,
    behind: impl Fn(u32) -> &'a [u32] + Sync,
    cancel: &AtomicBool,
) -> Result<Tree, GraphError> {
    let node_count = graph.node_count();
    let mut tree = Tree {
        levels: vec![UNREACHED; node_count as usize],
        parents: vec![UNREACHED; node_count as usize],
    };
    tree.levels[start as usize] = 0;
    tree.parents[start as usize] = start;
    let mut queue = vec![start];
    let mut next = Vec::new();
    let mut unexplored = u64::from(graph.edge_count());
    let mut edges_ahead = ahead(start).len() as u64;
    let mut level = 0;
    while !queue.is_empty() {
        check_cancelled(cancel)?;
        if edges_ahead > unexplored / TO_BOTTOM_UP {
            queue = bottom_up(&mut tree, queue, &mut level, &behind, cancel)?;
            // The bottom-up steps did not count; what is left of the graph is small.
            edges_ahead = 1;
            continue;
        }
        unexplored = unexplored.saturating_sub(edges_ahead);
        level += 1;
        edges_ahead = 0;
        for node in &queue {
            for other in ahead(*node) {
                let seen = &mut tree.levels[*other as usize];
                if *seen == UNREACHED {
                    *seen = level;
                    tree.parents[*other as usize] = *node;
                    edges_ahead += ahead(*other).len() as u64;
                    next.push(*other);
                }
            }
        }
        queue.clear();
        std::mem::swap(&mut queue, &mut next);
    }
    Ok(tree)
}

/// Bottom-up steps until the frontier is small again, which is given back.
fn bottom_up<'a>(
    tree: &mut Tree,
    queue: Vec<u32>,
    level: &mut u32,
    behind: &(impl Fn(u32) -> &'a [u32] + Sync),
    cancel: &AtomicBool,
) -> Result<Vec<u32>, GraphError> {
    let words = tree.levels.len().div_ceil(64);
    let mut frontier = vec![0_u64; words];
    for node in &queue {
        frontier[*node as usize / 64] |= 1 << (node % 64);
    }
    let mut next = vec![0_u64; words];
    let mut awake = queue.len() as u32;
    loop {
        check_cancelled(cancel)?;
        *level += 1;
        let before = awake;
        awake = bottom_up_step(tree, &frontier, &mut next, *level, behind);
        std::mem::swap(&mut frontier, &mut next);
        let small = awake <= tree.levels.len() as u32 / TO_TOP_DOWN;
        if awake == 0 || (awake < before && small) {
            break;
        }
    }
    let mut queue = Vec::with_capacity(awake as usize);
    for (place, word) in frontier.iter().enumerate() {
        let mut word = *word;
        while word != 0 {
            queue.push(place as u32 * 64 + word.trailing_zeros());
            word &= word - 1;
        }
    }
    Ok(queue)
}

/// The levels, parents and frontier words of a stretch of nodes.
type NodePiece<'a> = ((&'a mut [u32], &'a mut [u32]), &'a mut [u64]);

/// One step: each unreached node looks for a neighbour in the frontier. Tells how many found one.
fn bottom_up_step<'a>(
    tree: &mut Tree,
    frontier: &[u64],
    next: &mut [u64],
    level: u32,
    behind: &(impl Fn(u32) -> &'a [u32] + Sync),
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
            if let Some(v) = behind(node).iter().copied().find(|v| in_frontier(v)) {
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
