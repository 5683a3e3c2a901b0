//! The nodes that one node reaches, by strongly connected component in topological order.

use crate::error::{GraphError, check_cancelled};
use crate::graph::Graph;
use std::ops::Range;
use std::sync::atomic::AtomicBool;

/// Steps between two checks of the cancel flag.
const POLL: u32 = 1 << 16;

/// The direction in which to follow edges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// From a company to its owners.
    Owners,
    /// From an owner to what it holds.
    Holdings,
}

impl Side {
    pub(super) fn reversed(self) -> Self {
        match self {
            Self::Owners => Self::Holdings,
            Self::Holdings => Self::Owners,
        }
    }
}

/// The edges with a share, in one direction.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arcs<'a> {
    pub(super) graph: &'a Graph,
    pub(super) weights: &'a [f64],
    /// Says whether some weights are 0, so that each must be checked.
    pub(super) has_zeros: bool,
    pub(super) side: Side,
}

impl<'a> Arcs<'a> {
    /// Returns the neighbours of a node, and a function from their positions to edge ids.
    #[inline]
    fn all(self, node: u32) -> (&'a [u32], impl Fn(usize) -> u32 + use<'a>) {
        let (others, ids, first) = match self.side {
            Side::Owners => (self.graph.sources_of(node), self.graph.in_edges(node), 0),
            Side::Holdings => {
                let first = self.graph.out_edges(node).start;
                (self.graph.targets_of(node), [].as_slice(), first)
            }
        };
        // The ids of the edges out of a node are consecutive.
        let edge = move |at: usize| ids.get(at).copied().unwrap_or(first + at as u32);
        (others, edge)
    }

    /// Yields the wanted neighbours of a node over edges of positive weight, with the weights.
    #[inline]
    pub(super) fn to(
        self,
        node: u32,
        wanted: impl Fn(u32) -> bool,
    ) -> impl Iterator<Item = (u32, f64)> {
        let (others, edge) = self.all(node);
        let wanted = others.iter().enumerate().filter(move |(_, o)| wanted(**o));
        wanted
            .map(move |(at, other)| (*other, self.weights[edge(at) as usize]))
            .filter(|(_, weight)| *weight > 0.0)
    }

    /// Yields the neighbours of a node over edges of positive weight, with the weights.
    #[inline]
    pub(super) fn of(self, node: u32) -> impl Iterator<Item = (u32, f64)> {
        self.to(node, |_| true)
    }

    #[inline]
    fn counts(self, edge: u32) -> bool {
        !self.has_zeros || self.weights[edge as usize] > 0.0
    }

    pub(super) fn reversed(self) -> Self {
        Self {
            side: self.side.reversed(),
            ..self
        }
    }
}

/// All nodes that one node reaches, ordered so that no edge leads from a later component to an earlier one.
#[derive(Debug)]
pub(super) struct Reach {
    /// The nodes, those of a component together; the start is the first.
    pub(super) nodes: Vec<u32>,
    /// The end of each component in `nodes`.
    ends: Vec<usize>,
    /// The position of each node in `nodes`, counted from 1; 0 for a node not reached.
    places: Vec<u32>,
}

impl Reach {
    /// Searches from a start; with `once`, edges back to the start are ignored.
    pub(super) fn new(
        arcs: Arcs<'_>,
        start: u32,
        once: bool,
        cancel: &AtomicBool,
    ) -> Result<Self, GraphError> {
        let mut search = Search {
            arcs,
            marks: vec![0; arcs.graph.node_count() as usize],
            opened: 0,
            path: Vec::new(),
            waiting: Vec::new(),
            nodes: Vec::new(),
            ends: Vec::new(),
        };
        search.run(start, once, cancel)?;
        let Search {
            marks: mut places,
            mut nodes,
            ends,
            ..
        } = search;
        // Components were finished in reverse topological order.
        nodes.reverse();
        for (at, node) in nodes.iter().enumerate() {
            places[*node as usize] = at as u32 + 1;
        }
        let begins = ends.iter().rev().skip(1).chain([&0]);
        let ends = begins.map(|begin| nodes.len() - begin).collect();
        Ok(Self {
            nodes,
            ends,
            places,
        })
    }

    /// Yields the components as ranges of `nodes`.
    pub(super) fn blocks(&self) -> impl Iterator<Item = Range<usize>> {
        let begins = [0].into_iter().chain(self.ends.iter().copied());
        begins.zip(&self.ends).map(|(begin, end)| begin..*end)
    }

    /// Returns the position of a node in `nodes`.
    #[inline]
    pub(super) fn place(&self, node: u32) -> Option<usize> {
        (self.places[node as usize] as usize).checked_sub(1)
    }
}

/// The mark of the nodes of finished components.
const CLOSED: u32 = u32::MAX;

/// Tarjan's search with its path on the heap, so that long chains cannot overflow the thread's stack.
struct Search<'a> {
    arcs: Arcs<'a>,
    /// 0 for a new node, otherwise the order in which it was opened, or [`CLOSED`].
    marks: Vec<u32>,
    opened: u32,
    path: Vec<Step>,
    waiting: Vec<u32>,
    nodes: Vec<u32>,
    ends: Vec<usize>,
}

/// A node on the path of the search.
#[derive(Debug, Clone, Copy)]
struct Step {
    node: u32,
    /// The order in which it was opened.
    own: u32,
    /// The earliest open node that it reaches.
    low: u32,
    /// The position of the next edge to follow.
    next: usize,
}

impl Search<'_> {
    fn open(&mut self, node: u32) {
        self.opened += 1;
        self.marks[node as usize] = self.opened;
        self.path.push(Step {
            node,
            own: self.opened,
            low: self.opened,
            next: 0,
        });
        self.waiting.push(node);
    }

    fn run(&mut self, start: u32, once: bool, cancel: &AtomicBool) -> Result<(), GraphError> {
        let mut steps = 0_u32;
        self.open(start);
        if once {
            // Hides the start from edges that lead back to it.
            self.marks[start as usize] = CLOSED;
        }
        while let Some(top) = self.path.last_mut() {
            steps = steps.wrapping_add(1);
            if steps.is_multiple_of(POLL) {
                check_cancelled(cancel)?;
            }
            let (others, edge) = self.arcs.all(top.node);
            let mut child = None;
            while let Some(other) = others.get(top.next) {
                let at = top.next;
                top.next += 1;
                let mark = self.marks[*other as usize];
                // The weight is read only if the edge can change the result.
                if (mark == 0 || mark < top.low) && self.arcs.counts(edge(at)) {
                    if mark == 0 {
                        child = Some(*other);
                        break;
                    }
                    top.low = mark;
                }
            }
            match child {
                Some(child) => self.open(child),
                None => self.finish(),
            }
        }
        Ok(())
    }

    /// Leaves the last node of the path, and closes its component if the node is the root of it.
    fn finish(&mut self) {
        let Some(Step { node, own, low, .. }) = self.path.pop() else {
            return;
        };
        if low != own {
            if let Some(above) = self.path.last_mut() {
                above.low = above.low.min(low);
            }
            return;
        }
        while let Some(member) = self.waiting.pop() {
            self.marks[member as usize] = CLOSED;
            self.nodes.push(member);
            if member == node {
                break;
            }
        }
        self.ends.push(self.nodes.len());
    }
}
