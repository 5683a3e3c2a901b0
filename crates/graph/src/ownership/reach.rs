//! What one node reaches, strongly connected component by component.

use crate::error::{GraphError, check_cancelled};
use crate::graph::Graph;
use std::ops::Range;
use std::sync::atomic::AtomicBool;

/// Steps between two looks at the cancel flag.
const POLL: u32 = 1 << 16;

/// Which way to follow edges.
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

/// Edges that count, one way round.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arcs<'a> {
    pub(super) graph: &'a Graph,
    pub(super) weights: &'a [f64],
    /// Whether some weights are 0, so that each must be looked at.
    pub(super) has_zeros: bool,
    pub(super) side: Side,
}

impl<'a> Arcs<'a> {
    /// Whom the edges of a node lead to, and the ids of the edges.
    #[inline]
    fn all(self, node: u32) -> (&'a [u32], impl Fn(usize) -> u32 + use<'a>) {
        let (others, ids, first) = match self.side {
            Side::Owners => (self.graph.sources_of(node), self.graph.in_edges(node), 0),
            Side::Holdings => {
                let first = self.graph.out_edges(node).start;
                (self.graph.targets_of(node), [].as_slice(), first)
            }
        };
        // Edges out of a node follow each other.
        let edge = move |at: usize| ids.get(at).copied().unwrap_or(first + at as u32);
        (others, edge)
    }

    /// Whom the edges of a node that count lead to, as far as those are wanted, and with which weight.
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

    /// Whom the edges of a node that count lead to, and with which weight.
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

/// All that one node reaches, in an order in which no edge leads back from a later component to an earlier one.
#[derive(Debug)]
pub(super) struct Reach {
    /// The nodes, those of a component together; the start is the first of all.
    pub(super) nodes: Vec<u32>,
    /// Where each component ends in `nodes`.
    ends: Vec<usize>,
    /// Where each node is in `nodes`, counted from 1; 0 where it is not.
    places: Vec<u32>,
}

impl Reach {
    /// With `once`, edges back to the start do not count.
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
        // Components were finished from the far end.
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

    /// The components as ranges of `nodes`.
    pub(super) fn blocks(&self) -> impl Iterator<Item = Range<usize>> {
        let begins = [0].into_iter().chain(self.ends.iter().copied());
        begins.zip(&self.ends).map(|(begin, end)| begin..*end)
    }

    /// Where a node is in `nodes`.
    #[inline]
    pub(super) fn place(&self, node: u32) -> Option<usize> {
        (self.places[node as usize] as usize).checked_sub(1)
    }
}

/// What stands for a finished component.
const CLOSED: u32 = u32::MAX;

/// Tarjan's search with a path of its own, so that long chains do not exhaust the thread's stack.
struct Search<'a> {
    arcs: Arcs<'a>,
    /// 0: not seen; otherwise in which order it was opened, or [`CLOSED`].
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
    /// When it was opened.
    own: u32,
    /// The earliest open node that it reaches.
    low: u32,
    /// The place of the next edge to follow.
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
            // As if there were no way back to it.
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
                // Whether the edge counts is worth a look only where it makes a difference.
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

    /// Leaves the last node of the path, and closes its component if it is where that was entered.
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
