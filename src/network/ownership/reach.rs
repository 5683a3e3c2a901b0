//! What one node reaches, strongly connected component by component.

use crate::network::error::{NetworkError, check_cancelled};
use crate::network::graph::Graph;
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
    pub(super) side: Side,
}

impl<'a> Arcs<'a> {
    /// Both lists of a node: whom its edges lead to, and their ids.
    #[inline]
    pub(super) fn of(self, node: u32) -> impl Iterator<Item = (u32, f64)> + use<'a> {
        let (others, listed, first) = match self.side {
            Side::Owners => (self.graph.sources_of(node), self.graph.in_edges(node), 0),
            Side::Holdings => (
                self.graph.targets_of(node),
                [].as_slice(),
                self.graph.out_edges(node).start,
            ),
        };
        let weights = self.weights;
        others.iter().enumerate().filter_map(move |(at, other)| {
            let edge = listed.get(at).copied().unwrap_or(first + at as u32);
            let weight = weights[edge as usize];
            (weight > 0.0).then_some((*other, weight))
        })
    }

    /// The next edge of a node from a place in its list on that counts, and the place after it.
    #[inline]
    fn next(self, node: u32, from: u32) -> Option<(u32, u32)> {
        let (others, listed, first) = match self.side {
            Side::Owners => (self.graph.sources_of(node), self.graph.in_edges(node), 0),
            Side::Holdings => (
                self.graph.targets_of(node),
                [].as_slice(),
                self.graph.out_edges(node).start,
            ),
        };
        (from as usize..others.len())
            .find(|at| {
                let edge = listed.get(*at).copied().unwrap_or(first + *at as u32);
                self.weights[edge as usize] > 0.0
            })
            .map(|at| (others[at], at as u32 + 1))
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
    ) -> Result<Self, NetworkError> {
        let mut search = Search {
            arcs,
            barred: once.then_some(start),
            marks: vec![0; arcs.graph.node_count() as usize],
            opened: 0,
            path: Vec::new(),
            waiting: Vec::new(),
            nodes: Vec::new(),
            ends: Vec::new(),
        };
        search.run(start, cancel)?;
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
    barred: Option<u32>,
    /// 0: not seen; otherwise in which order it was opened, or [`CLOSED`].
    marks: Vec<u32>,
    opened: u32,
    /// The node, the next edge to follow, and the earliest open node that it reaches.
    path: Vec<(u32, u32, u32)>,
    waiting: Vec<u32>,
    nodes: Vec<u32>,
    ends: Vec<usize>,
}

impl Search<'_> {
    fn open(&mut self, node: u32) {
        self.opened += 1;
        self.marks[node as usize] = self.opened;
        self.path.push((node, 0, self.opened));
        self.waiting.push(node);
    }

    fn run(&mut self, start: u32, cancel: &AtomicBool) -> Result<(), NetworkError> {
        let mut steps = 0_u32;
        self.open(start);
        while let Some(top) = self.path.last_mut() {
            steps = steps.wrapping_add(1);
            if steps.is_multiple_of(POLL) {
                check_cancelled(cancel)?;
            }
            let Some((other, after)) = self.arcs.next(top.0, top.1) else {
                let (node, _, low) = *top;
                self.path.pop();
                self.finish(node, low);
                continue;
            };
            top.1 = after;
            let mark = self.marks[other as usize];
            if Some(other) == self.barred {
                continue;
            }
            if mark == 0 {
                self.open(other);
            } else if mark != CLOSED {
                top.2 = top.2.min(mark);
            }
        }
        Ok(())
    }

    fn finish(&mut self, node: u32, low: u32) {
        if low != self.marks[node as usize] {
            if let Some(above) = self.path.last_mut() {
                above.2 = above.2.min(low);
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
