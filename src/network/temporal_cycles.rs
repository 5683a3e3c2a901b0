//! Cycles along which time moves on: where something went round, step after step.
//!
//! A time-respecting cycle is a sequence of edges e₁, …, e_L with L ≥ 2 that leads over L different nodes back to the
//! first, with t(e₁) < t(e₂) < … < t(e_L) and t(e_L) − t(e₁) ≤ Δ for a window Δ. Each choice among parallel edges is a
//! cycle of its own. Its first edge is the earliest, so each is found once.
//!
//! # Method
//! For each first edge s → v at time t, what can be reached within the window is searched forward from v, each edge
//! looked at once; and, only if that comes back to s, what leads to s is searched back, which gives for each node the
//! latest time ℓ at which one can still leave it. The walk over the nodes then takes a step at time τ to w only if
//! τ < ℓ(w). It carries *bundles*: for the nodes walked so far, all last edges at once, each with the number of ways in
//! which it can be reached. So edges that repeat between the same two players cost once for each stretch, not once for
//! each combination, and a cycle of nodes closes with all its choices of edges.
//!
//! # Complexity
//! Memory: O(n + m). Time for each first edge: O(the edges within reach in the window), plus the walks, which for small
//! windows rarely fail; in the worst case they are exponential, as the number of cycles is.
//!
//! # References
//! R. Kumar and T. Calders, *2SCENT: an efficient algorithm to enumerate all simple temporal cycles*, PVLDB 11 (2018),
//! for the bundles. J. Blanuša, P. Ienne and K. Atasu, *Scalable fine-grained parallel cycle enumeration algorithms*,
//! SPAA (2022).

use crate::network::cycles::{Counts, Ending, broken};
use crate::network::error::NetworkError;
use crate::network::graph::Graph;
use std::ops::{ControlFlow, Range};
use std::sync::atomic::{AtomicBool, Ordering};

/// No edge.
const NONE: u32 = u32::MAX;
/// How many steps go by between two looks at the flag that cancels.
const PATIENCE: u32 = 4096;

/// An edge, in the order of the sources and then of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Hop {
    time: i64,
    target: u32,
    /// The edge before and the one after this with the same two ends.
    before: u32,
    after: u32,
    /// The first edge out of the target that is later.
    next: u32,
}

/// A graph with times, made ready for searches.
///
/// ```
/// use powermap::network::{graph::Graph, temporal_cycles::TemporalCycles};
/// use std::sync::atomic::AtomicBool;
/// let (graph, _) = Graph::from_edges(2, &[0, 1, 1], &[1, 0, 0])?;
/// let cycles = TemporalCycles::new(&graph, &[10, 12, 30], |_| true)?;
/// let never = AtomicBool::new(false);
/// assert_eq!(cycles.count(5, u32::MAX, &never).total(), 1);
/// assert_eq!(cycles.count(20, u32::MAX, &never).total(), 2);
/// # Ok::<(), powermap::network::error::NetworkError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TemporalCycles {
    offsets: Box<[u32]>,
    hops: Box<[Hop]>,
    /// The id of each edge in the graph.
    ids: Box<[u32]>,
    sources: Box<[u32]>,
    in_offsets: Box<[u32]>,
    /// The edges into each node by time.
    into: Box<[u32]>,
}

impl TemporalCycles {
    /// Takes the edges of a graph for which `keep` holds, with the time of each edge of the graph in any unit.
    ///
    /// Time: O(n + m log m); memory: 36 bytes for each edge.
    ///
    /// # Errors
    /// Not as many times as edges.
    pub fn new(
        graph: &Graph,
        times: &[i64],
        keep: impl Fn(u32) -> bool,
    ) -> Result<Self, NetworkError> {
        if times.len() != graph.edge_count() as usize {
            return Err(NetworkError::Times {
                edges: graph.edge_count(),
                times: times.len(),
            });
        }
        let n = graph.node_count();
        let mut offsets = Vec::with_capacity(n as usize + 1);
        let mut ids: Vec<u32> = Vec::with_capacity(times.len());
        let mut sources = Vec::with_capacity(times.len());
        offsets.push(0);
        for source in 0..n {
            let start = ids.len();
            let edges = graph.out_edges(source).zip(graph.targets_of(source));
            ids.extend(
                edges
                    .filter(|(edge, target)| **target != source && keep(*edge))
                    .map(|(edge, _)| edge),
            );
            ids[start..].sort_by_key(|edge| times[*edge as usize]);
            sources.resize(ids.len(), source);
            offsets.push(ids.len() as u32);
        }
        let mut hops: Vec<Hop> = ids
            .iter()
            .map(|edge| Hop {
                time: times[*edge as usize],
                target: graph.target(*edge),
                before: NONE,
                after: NONE,
                next: NONE,
            })
            .collect();
        chain(&offsets, &mut hops);
        let (in_offsets, into) = into(n, &hops);
        Ok(Self {
            offsets: offsets.into(),
            hops: hops.into(),
            ids: ids.into(),
            sources: sources.into(),
            in_offsets,
            into,
        })
    }

    /// Counts the cycles within a window that have at most `length_max` edges, by their length.
    ///
    /// Counts that do not fit stay at the largest number. When `cancel` becomes true, the search ends soon and the
    /// counts are of what it had found until then.
    pub fn count(&self, window: u64, length_max: u32, cancel: &AtomicBool) -> Counts {
        let mut by_length: Vec<u64> = Vec::new();
        let ending = self.search(window, length_max, cancel, |walk, closing| {
            let length = walk.frames.len() + 1;
            if by_length.len() <= length {
                by_length.resize(length + 1, 0);
            }
            let ways = walk.ways(closing);
            by_length[length] = by_length[length].saturating_add(ways);
            ControlFlow::Continue(())
        });
        Counts { by_length, ending }
    }

    /// Tells the cycles within a window that have at most `length_max` edges, as the ids of their edges from the
    /// earliest on, until `visit` breaks.
    ///
    /// The order is always the same, and has no meaning.
    pub fn for_each(
        &self,
        window: u64,
        length_max: u32,
        cancel: &AtomicBool,
        mut visit: impl FnMut(&[u32]) -> ControlFlow<()>,
    ) -> Ending {
        let mut cycle = Vec::new();
        let mut places = Vec::new();
        self.search(window, length_max, cancel, |walk, closing| {
            walk.expand(closing, &mut cycle, &mut places, &mut visit)
        })
    }

    fn search(
        &self,
        window: u64,
        length_max: u32,
        cancel: &AtomicBool,
        mut close: impl FnMut(&Walk, u32) -> ControlFlow<()>,
    ) -> Ending {
        let mut walk = Walk::new(self, length_max, cancel);
        for root in 0..self.offsets.len() as u32 - 1 {
            if walk.root(root, window, &mut close).is_break() {
                return broken(cancel);
            }
        }
        Ending::Complete
    }

    fn out(&self, node: u32) -> Range<u32> {
        self.offsets[node as usize]..self.offsets[node as usize + 1]
    }

    fn edges_into(&self, node: u32) -> &[u32] {
        let node = node as usize;
        &self.into[self.in_offsets[node] as usize..self.in_offsets[node + 1] as usize]
    }
}

/// Links the edges with the same ends, and each edge to those that can follow it.
fn chain(offsets: &[u32], hops: &mut [Hop]) {
    let mut last = vec![NONE; offsets.len() - 1];
    for bounds in offsets.windows(2) {
        for at in bounds[0]..bounds[1] {
            let hop = hops[at as usize];
            let before = last[hop.target as usize];
            // What the last one of another source left there lies before this range.
            if before != NONE && before >= bounds[0] {
                hops[at as usize].before = before;
                hops[before as usize].after = at;
            }
            last[hop.target as usize] = at;
            let out = offsets[hop.target as usize]..offsets[hop.target as usize + 1];
            let next = hops[out.start as usize..out.end as usize]
                .partition_point(|other| other.time <= hop.time);
            hops[at as usize].next = out.start + next as u32;
        }
    }
}

/// The edges into each node by time.
fn into(node_count: u32, hops: &[Hop]) -> (Box<[u32]>, Box<[u32]>) {
    let mut offsets = vec![0_u32; node_count as usize + 1].into_boxed_slice();
    for hop in hops {
        offsets[hop.target as usize + 1] += 1;
    }
    for at in 1..offsets.len() {
        offsets[at] += offsets[at - 1];
    }
    let mut next = offsets.clone();
    let mut into = vec![0; hops.len()].into_boxed_slice();
    for (edge, hop) in hops.iter().enumerate() {
        let place = &mut next[hop.target as usize];
        into[*place as usize] = edge as u32;
        *place += 1;
    }
    for bounds in offsets.windows(2) {
        into[bounds[0] as usize..bounds[1] as usize].sort_by_key(|edge| hops[*edge as usize].time);
    }
    (offsets, into)
}

/// What is known of a node for the present first edge.
#[derive(Debug, Clone, Copy)]
struct Reach {
    /// The search for which this holds.
    search: u32,
    /// The first of its edges that can follow on the first edge.
    from: u32,
    /// The latest time to leave it and still get back.
    latest: i64,
    on_path: bool,
}

/// A last edge of the nodes walked so far.
#[derive(Debug, Clone, Copy)]
struct Entry {
    time: i64,
    /// In how many ways it is reached from the first edge.
    ways: u64,
    edge: u32,
}

/// A node of the walk.
#[derive(Debug, Clone, Copy)]
struct Frame {
    node: u32,
    /// Where its bundle begins in the pool; it ends where the next one begins.
    bundle: u32,
    /// The first of its edges that is later than the first of the bundle.
    first: u32,
    next: u32,
}

struct Walk<'a> {
    graph: &'a TemporalCycles,
    length_max: u32,
    cancel: &'a AtomicBool,
    patience: u32,
    root: u32,
    search: u32,
    deadline: i64,
    reach: Vec<Reach>,
    queue: Vec<u32>,
    frames: Vec<Frame>,
    pool: Vec<Entry>,
}

impl<'a> Walk<'a> {
    fn new(graph: &'a TemporalCycles, length_max: u32, cancel: &'a AtomicBool) -> Self {
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
            patience: PATIENCE,
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
    fn root(
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
        // How many of the edges into the root are within the window.
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

    /// Whether the edges that can follow within the window lead back to the root, and whether they lead elsewhere.
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
        self.frames.clear();
        self.pool.clear();
        self.pool.push(Entry {
            time: hop.time,
            ways: 1,
            edge: first,
        });
        self.frames.push(Frame {
            node: hop.target,
            bundle: 0,
            first: hop.next,
            next: hop.next,
        });
        close(self, closing)
    }

    /// Notes what the first edge can lead to before the deadline; tells whether that comes back to the root.
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
            // The upper end was put beside the node.
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

    /// Notes that a node can be left by what follows on an edge, and queues what is new.
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

    /// Notes for the nodes within reach until when they can be left so as to come back to the root in time.
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

    /// Notes that the source of an edge can be left by it.
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
        let hop = graph.hops[first as usize];
        self.frames.clear();
        self.pool.clear();
        self.pool.push(Entry {
            time: hop.time,
            ways: 1,
            edge: first,
        });
        self.stay(hop.target, 0, hop.next);
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
            // The chain of edges to this node has begun before.
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
            self.patience -= 1;
            if self.patience == 0 {
                self.patience = PATIENCE;
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

    fn stay(&mut self, node: u32, bundle: u32, first: u32) {
        self.reach[node as usize].on_path = true;
        self.frames.push(Frame {
            node,
            bundle,
            first,
            next: first,
        });
    }

    /// Puts the edges of a chain into the pool, from `edge` on and before a time, with the ways to each.
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

    /// In how many ways the walk closes with a chain of edges to the root.
    fn ways(&self, closing: u32) -> u64 {
        let mut bundle = &self.pool[self.frames.last().map_or(0, |frame| frame.bundle) as usize..];
        let (mut ways, mut total) = (0_u64, 0_u64);
        let mut edge = closing;
        while edge != NONE {
            let hop = self.graph.hops[edge as usize];
            if hop.time > self.deadline {
                break;
            }
            while let Some((entry, rest)) = bundle.split_first()
                && entry.time < hop.time
            {
                ways = ways.saturating_add(entry.ways);
                bundle = rest;
            }
            total = total.saturating_add(ways);
            edge = hop.after;
        }
        total
    }

    /// Tells every choice of edges with which the walk closes.
    fn expand(
        &self,
        closing: u32,
        cycle: &mut Vec<u32>,
        places: &mut Vec<u32>,
        visit: &mut impl FnMut(&[u32]) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let levels = self.frames.len();
        cycle.clear();
        cycle.resize(levels + 1, 0);
        places.clear();
        places.resize(levels, 0);
        let mut edge = closing;
        while edge != NONE {
            let hop = self.graph.hops[edge as usize];
            if hop.time > self.deadline {
                break;
            }
            cycle[levels] = self.graph.ids[edge as usize];
            self.choose(hop.time, cycle, places, visit)?;
            edge = hop.after;
        }
        ControlFlow::Continue(())
    }

    /// Goes through the choices of edges before the last one, which leaves at `time`. Each that is earlier than its
    /// successor can itself be reached, so that no choice fails.
    fn choose(
        &self,
        time: i64,
        cycle: &mut [u32],
        places: &mut [u32],
        visit: &mut impl FnMut(&[u32]) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let levels = places.len();
        let mut level = levels - 1;
        places[level] = self.frames[level].bundle;
        loop {
            let end = self
                .frames
                .get(level + 1)
                .map_or(self.pool.len(), |frame| frame.bundle as usize);
            let later = if level + 1 == levels {
                time
            } else {
                self.pool[places[level + 1] as usize - 1].time
            };
            let place = places[level] as usize;
            if place < end && self.pool[place].time < later {
                places[level] += 1;
                cycle[level] = self.graph.ids[self.pool[place].edge as usize];
                if level > 0 {
                    level -= 1;
                    places[level] = self.frames[level].bundle;
                } else {
                    visit(cycle)?;
                }
            } else {
                level += 1;
                if level == levels {
                    return ControlFlow::Continue(());
                }
            }
        }
    }
}
