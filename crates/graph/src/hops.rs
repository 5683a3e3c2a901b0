//! The hops of a multigraph (pairs of distinct nodes with at least one edge), in an order made for searching.

use crate::graph::Graph;

/// A list of nodes for each node.
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

    /// Returns the first node of a list, of the next list if it is empty, and 0 if all lists from there on are.
    #[inline]
    pub(crate) fn first_of(&self, node: u32) -> u32 {
        let at = self.offsets[node as usize] as usize;
        self.nodes.get(at).copied().unwrap_or(0)
    }

    /// Lists the distinct targets of each node over the edges that are kept, ascending, without self-loops.
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

    /// Transposes the lists and renames the nodes; each new list is in the order in which `order` yields its nodes.
    fn transposed(
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

    /// Transposes the lists: for each node, the nodes that list it, ascending.
    pub(crate) fn reversed(&self) -> Self {
        self.transposed(0..self.node_count(), Some, self.node_count())
    }
}

/// The hops that can be part of a cycle, with nodes renamed by falling degree.
///
/// Each list is in descending order, so that the neighbours above a root are a prefix. Nodes without a hop in or without
/// a hop out are peeled off repeatedly; the rest contains every cycle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hops {
    pub(crate) out: Lists,
    pub(crate) into: Lists,
    /// The node of each name.
    pub(crate) nodes: Box<[u32]>,
    /// The names below this can be the root of a cycle.
    pub(crate) root_count: u32,
}

impl Hops {
    /// Indexes the kept edges of a graph. With `through`, only these nodes are roots, and they have the lowest names.
    ///
    /// O(n + m) time and memory.
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
            out: into.transposed(order(), name, nodes.len() as u32),
            into: out.transposed(order(), name, nodes.len() as u32),
            root_count,
            nodes,
        }
    }
}

/// Returns the number of hops at each node after peeling; 0 for the nodes that were peeled off.
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

/// Lists the nodes with hops: those in `first` before the others, each part by falling degree, then by node.
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
