//! Strongly and weakly connected components.

use crate::bfs::{BfsTree, Direction, bfs};
use crate::error::{GraphError, check_cancelled};
use crate::graph::Graph;
use std::sync::atomic::AtomicBool;

/// Nodes between two checks of the cancel flag.
const POLL: u32 = 1 << 16;

/// A partition of the nodes into components: the result of [`strong_components`] and [`weak_components`].
///
/// Components are numbered from 0 in the order of their smallest nodes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Components {
    /// The component of each node, by node.
    pub of: Vec<u32>,
    /// The number of nodes of each component, by component.
    pub sizes: Vec<u32>,
}

impl Components {
    /// Numbers a partition given by any label below `label_count` for each node.
    fn from_labels(mut labels: Vec<u32>, label_count: usize) -> Self {
        let mut numbers = vec![u32::MAX; label_count];
        let mut sizes: Vec<u32> = Vec::new();
        for label in &mut labels {
            let number = &mut numbers[*label as usize];
            if *number == u32::MAX {
                *number = sizes.len() as u32;
                sizes.push(0);
            }
            *label = *number;
            sizes[*number as usize] += 1;
        }
        Self { of: labels, sizes }
    }
}

/// Returns the strongly connected components: which nodes reach each other along the edges?
///
/// The component of the best connected node, by far the largest in most networks, is the intersection of a forward and a
/// backward search from it; the others are found by one depth-first search with a stack on the heap, so that long chains
/// cannot overflow the thread's stack.
///
/// # Errors
/// Cancelled.
///
/// # Complexity
/// O(n + m) time, O(n) space.
///
/// # References
/// Tarjan, *Depth-First Search and Linear Graph Algorithms*, SIAM J. Comput. 1972; in the form of Pearce, *A
/// Space-Efficient Algorithm for Finding Strongly Connected Components*, Inf. Process. Lett. 2016. Forward and backward
/// search: Fleischer, Hendrickson and Pınar, IPDPS 2000.
///
/// # Example
/// ```
/// use powermap_graph::{Graph, strong_components};
/// use std::sync::atomic::AtomicBool;
///
/// let (graph, _) = Graph::from_edges(4, &[0, 1, 2, 2], &[1, 2, 1, 3])?;
/// let components = strong_components(&graph, &AtomicBool::new(false))?;
/// assert_eq!(components.of, [0, 1, 1, 2]);
/// assert_eq!(components.sizes, [1, 2, 1]);
/// # Ok::<(), powermap_graph::GraphError>(())
/// ```
pub fn strong_components(graph: &Graph, cancel: &AtomicBool) -> Result<Components, GraphError> {
    let mut search = DepthFirst::new(graph);
    let degree = |v: u32| u64::from(graph.out_degree(v)) * u64::from(graph.in_degree(v));
    if let Some(pivot) = (0..graph.node_count())
        .max_by_key(|v| degree(*v))
        .filter(|v| degree(*v) > 0)
    {
        search.settle_around(pivot, cancel)?;
    }
    for node in 0..graph.node_count() {
        if node.is_multiple_of(POLL) {
            check_cancelled(cancel)?;
        }
        if search.marks[node as usize] == 0 {
            search.visit(node, cancel)?;
        }
    }
    // Marks count down from the first label.
    let mut labels = search.marks;
    for label in &mut labels {
        *label = FIRST_LABEL - *label;
    }
    Ok(Components::from_labels(
        labels,
        (FIRST_LABEL - search.next_label) as usize,
    ))
}

/// The label of the first finished component. Labels count down, and stay above the positions of open nodes.
const FIRST_LABEL: u32 = u32::MAX;

/// Pearce's search, which keeps one number per node: its position in the search, or its finished component.
struct DepthFirst<'a> {
    graph: &'a Graph,
    /// 0 for a new node; a small number for the earliest open node that it reaches; a large one for the label of its
    /// component.
    marks: Vec<u32>,
    position: u32,
    next_label: u32,
    /// Finished nodes that wait for the root of their component.
    waiting: Vec<u32>,
    /// The path of the search: node, next edge to follow, position.
    path: Vec<(u32, u32, u32)>,
}

impl<'a> DepthFirst<'a> {
    fn new(graph: &'a Graph) -> Self {
        Self {
            graph,
            marks: vec![0; graph.node_count() as usize],
            position: 1,
            next_label: FIRST_LABEL,
            waiting: Vec::new(),
            path: Vec::new(),
        }
    }

    /// Labels the component of one node: all nodes that it reaches and that reach it.
    fn settle_around(&mut self, pivot: u32, cancel: &AtomicBool) -> Result<(), GraphError> {
        let reached = bfs(self.graph, pivot, Direction::Forward, cancel)?.levels;
        let reaching = bfs(self.graph, pivot, Direction::Backward, cancel)?.levels;
        for ((mark, there), back) in self.marks.iter_mut().zip(reached).zip(reaching) {
            if there != BfsTree::UNREACHED && back != BfsTree::UNREACHED {
                *mark = self.next_label;
            }
        }
        self.next_label -= 1;
        Ok(())
    }

    fn open(&mut self, node: u32) {
        self.marks[node as usize] = self.position;
        let first = self.graph.out_edges(node).start;
        self.path.push((node, first, self.position));
        self.position += 1;
    }

    fn visit(&mut self, root: u32, cancel: &AtomicBool) -> Result<(), GraphError> {
        let mut steps = 0_u32;
        self.open(root);
        while let Some((node, edge, position)) = self.path.last().copied() {
            steps = steps.wrapping_add(1);
            if steps.is_multiple_of(POLL) {
                check_cancelled(cancel)?;
            }
            let mut low = self.marks[node as usize];
            let mut child = None;
            let mut edge = edge;
            let end = self.graph.out_edges(node).end;
            while edge < end {
                let target = self.graph.target(edge);
                let mark = self.marks[target as usize];
                if mark == 0 {
                    // The edge is visited again when the child is finished, for the nodes that the child reaches.
                    child = Some(target);
                    break;
                }
                low = low.min(mark);
                edge += 1;
            }
            self.marks[node as usize] = low;
            if let Some(child) = child {
                if let Some(top) = self.path.last_mut() {
                    top.1 = edge;
                }
                self.open(child);
            } else {
                self.path.pop();
                self.close(node, low, position);
            }
        }
        Ok(())
    }

    /// Finishes a node, as the root of a component or as a member that waits for the root.
    fn close(&mut self, node: u32, low: u32, position: u32) {
        if low != position {
            self.waiting.push(node);
            return;
        }
        let label = self.next_label;
        self.next_label -= 1;
        self.position -= 1;
        while let Some(last) = self.waiting.last().copied() {
            if self.marks[last as usize] < position {
                break;
            }
            self.waiting.pop();
            self.marks[last as usize] = label;
            self.position -= 1;
        }
        self.marks[node as usize] = label;
    }
}

/// Returns the weakly connected components: which nodes are connected if directions are ignored?
///
/// The first two edges of each node join most of the graph; the other edges are followed only for nodes outside of the
/// largest component.
///
/// # Errors
/// Cancelled.
///
/// # Complexity
/// O(n + m·log n) time in the worst case, near O(n) in practice; O(n) space.
///
/// # Reference
/// Sutton, Ben-Nun and Barak, *Optimizing Parallel Graph Connectivity Computation via Subgraph Sampling*, IPDPS 2018.
///
/// # Example
/// ```
/// use powermap_graph::{Graph, weak_components};
/// use std::sync::atomic::AtomicBool;
///
/// let (graph, _) = Graph::from_edges(5, &[1, 3, 1], &[0, 4, 0])?;
/// let components = weak_components(&graph, &AtomicBool::new(false))?;
/// assert_eq!(components.of, [0, 0, 1, 2, 2]);
/// assert_eq!(components.sizes, [2, 1, 2]);
/// # Ok::<(), powermap_graph::GraphError>(())
/// ```
pub fn weak_components(graph: &Graph, cancel: &AtomicBool) -> Result<Components, GraphError> {
    const SAMPLED_EDGES: usize = 2;
    let node_count = graph.node_count();
    let mut parents: Vec<u32> = (0..node_count).collect();
    for round in 0..SAMPLED_EDGES {
        check_cancelled(cancel)?;
        for node in 0..node_count {
            if let Some(target) = graph.targets_of(node).get(round) {
                join(&mut parents, node, *target);
            }
        }
        flatten(&mut parents);
    }
    let largest = most_frequent(&parents);
    for node in 0..node_count {
        if node.is_multiple_of(POLL) {
            check_cancelled(cancel)?;
        }
        if Some(parents[node as usize]) == largest {
            continue;
        }
        for other in graph.targets_of(node).iter().skip(SAMPLED_EDGES) {
            join(&mut parents, node, *other);
        }
        for other in graph.sources_of(node) {
            join(&mut parents, node, *other);
        }
    }
    flatten(&mut parents);
    Ok(Components::from_labels(parents, node_count as usize))
}

/// Joins the trees of two nodes; a root is the smallest node of its tree.
fn join(parents: &mut [u32], a: u32, b: u32) {
    if parents[a as usize] == parents[b as usize] {
        return;
    }
    let (a, b) = (root(parents, a), root(parents, b));
    parents[a.max(b) as usize] = a.min(b);
}

/// Returns the root of a node's tree, and halves the path to it.
fn root(parents: &mut [u32], mut node: u32) -> u32 {
    loop {
        let above = parents[node as usize];
        if above == node {
            return node;
        }
        let next = parents[above as usize];
        parents[node as usize] = next;
        node = next;
    }
}

/// Points every node at its root. Parents are smaller than their children, so one ascending pass is enough.
fn flatten(parents: &mut [u32]) {
    for node in 0..parents.len() {
        parents[node] = parents[parents[node] as usize];
    }
}

/// Returns the most frequent label of an evenly spaced sample, the smallest of equally frequent ones.
fn most_frequent(labels: &[u32]) -> Option<u32> {
    const SAMPLES: usize = 1024;
    let step = (labels.len() / SAMPLES).max(1);
    let mut sample: Vec<u32> = labels.iter().step_by(step).copied().collect();
    sample.sort_unstable();
    let runs = sample.chunk_by(|a, b| a == b);
    runs.rev().max_by_key(|run| run.len()).map(|run| run[0])
}
