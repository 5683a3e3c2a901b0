//! The walk from one first edge: forward search, backward search, and the walk over nodes with bundles of edges.

mod ways;

use crate::temporal_cycles::{Hop, NONE, TemporalCycles};
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

/// Steps between two checks of the cancel flag.
const POLL: u32 = 4096;

/// The results of both searches at a node for the current first edge.
#[derive(Debug, Clone, Copy)]
struct Reach {
    /// The number of the search that wrote this.
    search: u32,
    /// The first of its edges that can follow the first edge of the walk.
    from: u32,
    /// The latest time to leave it and still return.
    latest: i64,
    on_path: bool,
}

/// A last edge of the nodes walked so far.
#[derive(Debug, Clone, Copy)]
struct Entry {
    time: i64,
    /// The number of ways to reach it from the first edge.
    ways: u64,
    edge: u32,
}

/// A node of the walk.
#[derive(Debug, Clone, Copy)]
struct Frame {
    node: u32,
    /// The first entry of its bundle in the pool; the bundle ends at that of the next frame.
    bundle: u32,
    /// The first of its edges that is later than the first edge of the bundle.
    first: u32,
    next: u32,
}

/// A search, whose memory serves one first edge after the other.
pub(crate) struct Walk<'a> {
    graph: &'a TemporalCycles,
    length_max: u32,
    cancel: &'a AtomicBool,
    until_poll: u32,
    root: u32,
    search: u32,
    deadline: i64,
    reach: Vec<Reach>,
    queue: Vec<u32>,
    frames: Vec<Frame>,
    pool: Vec<Entry>,
}

impl<'a> Walk<'a> {
    pub(crate) fn new(graph: &'a TemporalCycles, length_max: u32, cancel: &'a AtomicBool) -> Self {
        let nothing = Reach {
            search: 0,
            from: 0,
            latest: i64::MIN,
            on_path: false,
        };
        Self {
            graph,
            length_max,
            cancel,
            until_poll: POLL,
            root: 0,
            search: 0,
            deadline: 0,
            reach: vec![nothing; graph.offsets.len() - 1],
            queue: Vec::new(),
            frames: Vec::new(),
            pool: Vec::new(),
        }
    }

    /// Finds the cycles whose first edge leaves `root`.
    pub(crate) fn root(
        &mut self,
        root: u32,
        window: u64,
        close: &mut impl FnMut(&Walk, u32) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let graph = self.graph;
        let into = graph.edges_into(root);
        if into.is_empty() || self.length_max < 2 {
            return ControlFlow::Continue(());
        }
        self.root = root;
        // The number of edges into the root that are within the window.
        let mut within = 0;
        for edge in graph.out(root) {
            let start = graph.hops[edge as usize].time;
            let deadline = start.saturating_add_unsigned(window);
            while within < into.len() && graph.hops[into[within] as usize].time <= deadline {
                within += 1;
            }
            let Some(last) = within.checked_sub(1) else {
                continue;
            };
            self.deadline = graph.hops[into[last] as usize].time;
            if self.deadline <= start {
                continue;
            }
            if self.cancel.load(Ordering::Relaxed) {
                return ControlFlow::Break(());
            }
            let (back, onward) = self.near(edge);
            if onward && self.length_max > 2 {
                if self.forward(edge) {
                    self.back(&into[..within], start);
                    self.walk(edge, close)?;
                }
            } else if back || onward {
                self.close_at_once(edge, close)?;
            }
        }
        ControlFlow::Continue(())
    }

    /// Returns whether the edges that can follow within the window lead back to the root, and whether to other nodes.
    #[inline]
    fn near(&self, first: u32) -> (bool, bool) {
        let graph = self.graph;
        let hop = graph.hops[first as usize];
        let end = graph.offsets[hop.target as usize + 1];
        let (mut back, mut onward) = (false, false);
        for next in &graph.hops[hop.next as usize..end as usize] {
            if next.time > self.deadline {
                break;
            }
            if next.target == self.root {
                back = true;
            } else {
                onward = true;
                break;
            }
        }
        (back, onward)
    }

    /// Closes the cycles of two edges.
    fn close_at_once(
        &mut self,
        first: u32,
        close: &mut impl FnMut(&Walk, u32) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let graph = self.graph;
        let hop = graph.hops[first as usize];
        let end = graph.offsets[hop.target as usize + 1];
        let closing = (hop.next..end).find(|edge| graph.hops[*edge as usize].target == self.root);
        let Some(closing) = closing.filter(|edge| graph.hops[*edge as usize].time <= self.deadline)
        else {
            return ControlFlow::Continue(());
        };
        self.begin(first);
        close(self, closing)
    }

    /// Marks the nodes that the first edge can lead to before the deadline; returns whether the root is one of them.
    fn forward(&mut self, first: u32) -> bool {
        let graph = self.graph;
        let hop = graph.hops[first as usize];
        let mut back = false;
        self.search += 1;
        self.queue.clear();
        self.arrive(hop);
        let mut at = 0;
        let mut depth = 1;
        let mut layer = self.queue.len();
        while at < self.queue.len() {
            if at == layer {
                depth += 1;
                layer = self.queue.len();
            }
            if depth >= self.length_max {
                break;
            }
            // Each entry is a node and the end of its range of edges.
            let (node, until) = (self.queue[at], self.queue[at + 1]);
            at += 2;
            let from = self.reach[node as usize].from;
            for edge in from..until {
                let hop = graph.hops[edge as usize];
                if hop.time > self.deadline {
                    break;
                }
                if hop.target == self.root {
                    back = true;
                } else {
                    self.arrive(hop);
                }
            }
        }
        back
    }

    /// Records that a node can be left by the edges that follow an edge, and queues the new ones.
    #[inline]
    fn arrive(&mut self, hop: Hop) {
        let reach = &mut self.reach[hop.target as usize];
        let until = if reach.search == self.search {
            reach.from
        } else {
            self.graph.offsets[hop.target as usize + 1]
        };
        if reach.search == self.search && hop.next >= reach.from {
            return;
        }
        *reach = Reach {
            search: self.search,
            from: hop.next,
            latest: i64::MIN,
            on_path: false,
        };
        self.queue.push(hop.target);
        self.queue.push(until);
    }

    /// Records for each marked node the latest time to leave it and still return to the root in time.
    fn back(&mut self, into_root: &[u32], start: i64) {
        self.queue.clear();
        for edge in into_root.iter().rev() {
            if self.graph.hops[*edge as usize].time <= start {
                break;
            }
            self.leave(*edge);
        }
        let graph = self.graph;
        while let Some(node) = self.queue.pop() {
            let latest = self.reach[node as usize].latest;
            let into = graph.edges_into(node);
            let end = into.partition_point(|edge| graph.hops[*edge as usize].time < latest);
            for edge in into[..end].iter().rev() {
                if graph.hops[*edge as usize].time <= start {
                    break;
                }
                self.leave(*edge);
            }
        }
    }

    /// Records that the source of an edge can be left by it.
    #[inline]
    fn leave(&mut self, edge: u32) {
        let source = self.graph.sources[edge as usize];
        let time = self.graph.hops[edge as usize].time;
        let reach = &mut self.reach[source as usize];
        if reach.search == self.search
            && edge >= reach.from
            && time > reach.latest
            && source != self.root
        {
            reach.latest = time;
            self.queue.push(source);
        }
    }

    fn walk(
        &mut self,
        first: u32,
        close: &mut impl FnMut(&Walk, u32) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let graph = self.graph;
        self.begin(first);
        while let Some(frame) = self.frames.last_mut() {
            let edge = frame.next;
            frame.next += 1;
            let (first, node) = (frame.first, frame.node);
            if edge >= graph.offsets[node as usize + 1]
                || graph.hops[edge as usize].time > self.reach[node as usize].latest
            {
                self.pool.truncate(frame.bundle as usize);
                self.frames.pop();
                self.reach[node as usize].on_path = false;
                continue;
            }
            let hop = graph.hops[edge as usize];
            // The bundle of an earlier edge includes this one.
            if hop.before != NONE && hop.before >= first {
                continue;
            }
            if hop.target == self.root {
                close(self, edge)?;
                continue;
            }
            let reach = self.reach[hop.target as usize];
            if reach.search != self.search
                || reach.on_path
                || hop.time >= reach.latest
                || self.frames.len() as u32 + 2 > self.length_max
            {
                continue;
            }
            self.until_poll -= 1;
            if self.until_poll == 0 {
                self.until_poll = POLL;
                if self.cancel.load(Ordering::Relaxed) {
                    return ControlFlow::Break(());
                }
            }
            let bundle = self.pool.len() as u32;
            self.bundle(edge, reach.latest);
            self.stay(hop.target, bundle, hop.next);
        }
        ControlFlow::Continue(())
    }

    /// Starts the walk with the first edge and its target.
    fn begin(&mut self, first: u32) {
        let hop = self.graph.hops[first as usize];
        self.frames.clear();
        self.pool.clear();
        self.pool.push(Entry {
            time: hop.time,
            ways: 1,
            edge: first,
        });
        self.stay(hop.target, 0, hop.next);
    }

    fn stay(&mut self, node: u32, bundle: u32, first: u32) {
        self.reach[node as usize].on_path = true;
        self.frames.push(Frame {
            node,
            bundle,
            first,
            next: first,
        });
    }

    /// Adds the edges of a chain to the pool, from `edge` on and before a time, with the number of ways to each.
    fn bundle(&mut self, edge: u32, before: i64) {
        let mut from = self.frames.last().map_or(0, |frame| frame.bundle) as usize;
        let end = self.pool.len();
        let mut ways = 0_u64;
        let mut edge = edge;
        while edge != NONE {
            let hop = self.graph.hops[edge as usize];
            if hop.time >= before {
                break;
            }
            while from < end && self.pool[from].time < hop.time {
                ways = ways.saturating_add(self.pool[from].ways);
                from += 1;
            }
            self.pool.push(Entry {
                time: hop.time,
                ways,
                edge,
            });
            edge = hop.after;
        }
    }
}
