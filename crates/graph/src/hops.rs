//! Who reaches whom in one step: the distinct neighbours of a multigraph, in an order made for searching.

use crate::graph::Graph;
use std::ops::Range;

/// The edges from one node to another: a range of ids, since parallel edges stand together.
///
/// Time: O(log d) for d edges out of the source.
///
/// ```
/// use powermap_graph::{graph::Graph, hops::legs};
/// let (graph, _) = Graph::from_edges(3, &[0, 0, 0], &[1, 2, 1])?;
/// assert_eq!(legs(&graph, 0, 1), 0..2);
/// assert!(legs(&graph, 1, 0).is_empty());
/// # Ok::<(), powermap_graph::error::GraphError>(())
/// ```
pub fn legs(graph: &Graph, source: u32, target: u32) -> Range<u32> {
    let first = graph.out_edges(source).start;
    let targets = graph.targets_of(source);
    let start = targets.partition_point(|other| *other < target);
    let end = start + targets[start..].partition_point(|other| *other == target);
    first + start as u32..first + end as u32
}

/// Lists of nodes, one for each node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Lists {
    offsets: Box<[u32]>,
    nodes: Box<[u32]>,
}

impl Lists {
    #[inline]
    pub(crate) fn of(&self, node: u32) -> &[u32] {
        let node = node as usize;
        &self.nodes[self.offsets[node] as usize..self.offsets[node + 1] as usize]
    }

    pub(crate) fn node_count(&self) -> u32 {
        (self.offsets.len() - 1) as u32
    }

    #[inline]
    pub(crate) fn len_of(&self, node: u32) -> u32 {
        self.offsets[node as usize + 1] - self.offsets[node as usize]
    }

    /// The first node of a list, or of a later one if it is empty; zero if there is none.
    #[inline]
    pub(crate) fn first_of(&self, node: u32) -> u32 {
        let at = self.offsets[node as usize] as usize;
        self.nodes.get(at).copied().unwrap_or(0)
    }

    /// The distinct targets of each node over the edges that are kept, without loops, ascending.
    pub(crate) fn targets(graph: &Graph, keep: impl Fn(u32) -> bool) -> Self {
        let n = graph.node_count();
        let mut offsets = Vec::with_capacity(n as usize + 1);
        let mut nodes = Vec::with_capacity(graph.edge_count() as usize);
        offsets.push(0);
        for source in 0..n {
            let mut last = source;
            for (edge, target) in graph.out_edges(source).zip(graph.targets_of(source)) {
                // A loop resets `last` to its own source, which no hop can have.
                if *target != last && *target != source && keep(edge) {
                    nodes.push(*target);
                    last = *target;
                }
            }
            offsets.push(nodes.len() as u32);
        }
        Self {
            offsets: offsets.into(),
            nodes: nodes.into(),
        }
    }

    /// The same hops from their other ends; each list is in the order in which `order` names the nodes that reach it.
    fn turned(
        &self,
        order: impl Iterator<Item = u32>,
        name: impl Fn(u32) -> Option<u32>,
        names: u32,
    ) -> Self {
        let mut offsets = vec![0_u32; names as usize + 1].into_boxed_slice();
        for old in 0..self.node_count() {
            if name(old).is_some() {
                for new in self.of(old).iter().filter_map(|other| name(*other)) {
                    offsets[new as usize + 1] += 1;
                }
            }
        }
        for i in 1..offsets.len() {
            offsets[i] += offsets[i - 1];
        }
        let mut next = offsets.clone();
        let mut nodes = vec![0; offsets[names as usize] as usize].into_boxed_slice();
        for old in order {
            let Some(own) = name(old) else { continue };
            for new in self.of(old).iter().filter_map(|other| name(*other)) {
                let place = &mut next[new as usize];
                nodes[*place as usize] = own;
                *place += 1;
            }
        }
        Self { offsets, nodes }
    }

    /// The same hops from their other ends, ascending.
    pub(crate) fn reversed(&self) -> Self {
        self.turned(0..self.node_count(), Some, self.node_count())
    }
}

/// The hops that can be part of a cycle, with nodes renamed so that those with the most neighbours come first.
///
/// Each list is in descending order, so that the neighbours above a root are a prefix. Nodes that have no way in or no
/// way out are peeled off, again and again; what is left has every cycle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hops {
    pub(crate) out: Lists,
    pub(crate) into: Lists,
    /// The node that each name stands for.
    pub(crate) nodes: Box<[u32]>,
    /// How many names, from the lowest, can be the root of a cycle.
    pub(crate) root_count: u32,
}

impl Hops {
    /// Takes the kept edges of a graph. With `through`, only these nodes are roots, and they have the lowest names.
    ///
    /// Time and memory: O(n + m).
    pub(crate) fn new(graph: &Graph, keep: impl Fn(u32) -> bool, through: Option<&[u32]>) -> Self {
        let out = Lists::targets(graph, keep);
        let into = out.reversed();
        let degrees = peel(&out, &into);
        let mut first = vec![through.is_none(); degrees.len()];
        for node in through.into_iter().flatten() {
            if let Some(first) = first.get_mut(*node as usize) {
                *first = true;
            }
        }
        let nodes = by_degree(&degrees, &first);
        let root_count = nodes.partition_point(|node| first[*node as usize]) as u32;
        let mut names = vec![u32::MAX; degrees.len()];
        for (name, node) in nodes.iter().enumerate() {
            names[*node as usize] = name as u32;
        }
        let name = |node: u32| Some(names[node as usize]).filter(|name| *name != u32::MAX);
        let order = || nodes.iter().rev().copied();
        Self {
            out: into.turned(order(), name, nodes.len() as u32),
            into: out.turned(order(), name, nodes.len() as u32),
            root_count,
            nodes,
        }
    }
}

/// The number of hops at each node after peeling; zero for those that are gone.
fn peel(out: &Lists, into: &Lists) -> Vec<u32> {
    let n = out.node_count();
    let mut outs: Vec<u32> = (0..n).map(|node| out.len_of(node)).collect();
    let mut ins: Vec<u32> = (0..n).map(|node| into.len_of(node)).collect();
    let mut gone: Vec<u32> = (0..n)
        .filter(|node| outs[*node as usize] == 0 || ins[*node as usize] == 0)
        .collect();
    let mut there = vec![true; n as usize];
    for node in &gone {
        there[*node as usize] = false;
    }
    while let Some(node) = gone.pop() {
        for (lists, counts) in [(out, &mut ins), (into, &mut outs)] {
            for other in lists.of(node) {
                let at = *other as usize;
                counts[at] -= 1;
                if counts[at] == 0 && there[at] {
                    there[at] = false;
                    gone.push(*other);
                }
            }
        }
    }
    (0..n as usize)
        .map(|at| if there[at] { outs[at] + ins[at] } else { 0 })
        .collect()
}

/// The nodes with hops: those in `first` before the others, each part by falling degree, then by node.
fn by_degree(degrees: &[u32], first: &[bool]) -> Box<[u32]> {
    let mut nodes: Vec<u32> = (0..degrees.len() as u32)
        .filter(|node| degrees[*node as usize] > 0)
        .collect();
    nodes.sort_by_key(|node| {
        let at = *node as usize;
        (!first[at], u32::MAX - degrees[at])
    });
    nodes.into()
}
