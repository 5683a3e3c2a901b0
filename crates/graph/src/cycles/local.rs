//! The walk from one node to another or back to itself, with the marks and lists that prune it.

use crate::cycles::sink::{ON_PATH, Sink};
use crate::hops::{Hops, Lists};
use std::hint::black_box;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

/// The flag of nodes with a hop to the goal.
const CLOSES: u8 = 0x40;
/// The flag of nodes whose lists are in the pool.
const LISTED: u8 = 0x20;
/// The bits of the level: the number of hops, at least two, to the goal; 0 if unknown.
const LEVEL: u8 = 0x1f;
/// Steps and reported walks between two checks of the cancel flag.
const POLL: u32 = 4096;

/// Graphs with fewer nodes fit into the caches and need no prefetch.
const SMALL: usize = 1 << 14;
/// Neighbours of a root to prefetch.
const PREFETCHED_MAX: usize = 64;

/// The part of a graph that a walk may use: its start, its goal, and the hops between the other nodes.
pub(crate) trait Scope: Copy {
    fn start(self) -> u32;
    fn goal(self) -> u32;
    /// Yields the nodes that can follow a node, without the start and the goal.
    fn out(self, node: u32) -> impl Iterator<Item = u32>;
    /// Yields the nodes that can precede a node, without the start and the goal.
    fn into(self, node: u32) -> impl Iterator<Item = u32>;
    /// Fetches from memory the lists that the next walks need.
    fn prefetch(self) {}
}

/// The scope of cycles: from a root back to itself over higher names.
#[derive(Clone, Copy)]
pub(crate) struct CycleScope<'a> {
    pub(crate) hops: &'a Hops,
    pub(crate) root: u32,
}

impl Scope for CycleScope<'_> {
    fn start(self) -> u32 {
        self.root
    }

    fn goal(self) -> u32 {
        self.root
    }

    #[inline]
    fn out(self, node: u32) -> impl Iterator<Item = u32> {
        let list = self.hops.out.of(node).iter().copied();
        list.take_while(move |node| *node > self.root)
    }

    #[inline]
    fn into(self, node: u32) -> impl Iterator<Item = u32> {
        let list = self.hops.into.of(node).iter().copied();
        list.take_while(move |node| *node > self.root)
    }

    /// On large graphs, most of the time is spent waiting for memory. Requests the lists of the next roots together:
    /// first their offsets, then their first entries.
    #[inline]
    fn prefetch(self) {
        let hops = self.hops;
        if hops.nodes.len() < SMALL {
            return;
        }
        for (ahead, within) in [(16, false), (8, true)] {
            let root = self.root + ahead;
            if root >= hops.root_count {
                continue;
            }
            for lists in [&hops.into, &hops.out] {
                let near = lists.of(root).iter().take(PREFETCHED_MAX);
                for node in near.take_while(|node| **node > root) {
                    black_box(if within {
                        lists.first_of(*node)
                    } else {
                        lists.len_of(*node)
                    });
                }
            }
        }
    }
}

/// The scope of paths: from one node to another.
#[derive(Clone, Copy)]
pub(crate) struct PathScope<'a> {
    pub(crate) out: &'a Lists,
    pub(crate) into: &'a Lists,
    pub(crate) source: u32,
    pub(crate) target: u32,
}

impl Scope for PathScope<'_> {
    fn start(self) -> u32 {
        self.source
    }

    fn goal(self) -> u32 {
        self.target
    }

    #[inline]
    fn out(self, node: u32) -> impl Iterator<Item = u32> {
        let list = self.out.of(node).iter().copied();
        list.filter(move |node| *node != self.source && *node != self.target)
    }

    #[inline]
    fn into(self, node: u32) -> impl Iterator<Item = u32> {
        let list = self.into.of(node).iter().copied();
        list.filter(move |node| *node != self.source && *node != self.target)
    }
}

/// The ranges of the lists of a node in the pool.
#[derive(Debug, Clone, Copy, Default)]
struct Local {
    /// The nodes that lead to the goal.
    closing: (usize, usize),
    /// The nodes to walk on to, by level.
    onward: (usize, usize),
    /// The distance up to which `onward` is complete.
    reach: u32,
}

/// A search, whose memory serves one walk after the other.
pub(crate) struct Search<'a> {
    length_max: u32,
    /// The highest level that is marked.
    levels: u32,
    cancel: &'a AtomicBool,
    until_poll: u32,
    marks: Vec<u8>,
    /// The nodes with marks, level by level.
    marked: Vec<u32>,
    locals: Vec<Local>,
    pool: Vec<u32>,
    /// The nodes to walk on to, before they are sorted.
    onward: Vec<u32>,
    path: Vec<u32>,
    /// For each node of the path, the rest of the nodes to walk on to.
    left: Vec<(usize, usize)>,
    counts: [u32; LEVEL as usize + 3],
}

impl<'a> Search<'a> {
    /// Prepares for walks of at most `length_max` hops among `node_count` nodes.
    pub(crate) fn new(node_count: usize, length_max: u32, cancel: &'a AtomicBool) -> Self {
        // No simple walk has more hops than there are nodes.
        let length_max = length_max.min(node_count as u32);
        Self {
            length_max,
            levels: levels(length_max),
            cancel,
            until_poll: POLL,
            marks: vec![0; node_count],
            marked: Vec::new(),
            locals: vec![Local::default(); node_count],
            pool: Vec::new(),
            onward: Vec::new(),
            path: Vec::new(),
            left: Vec::new(),
            counts: [0; LEVEL as usize + 3],
        }
    }

    /// Finds the walks of two hops and more from the start to the goal.
    pub(crate) fn run(&mut self, scope: impl Scope, sink: &mut impl Sink) -> ControlFlow<()> {
        if self.cancel.load(Ordering::Relaxed) {
            return ControlFlow::Break(());
        }
        if self.length_max < 2
            || scope.out(scope.start()).next().is_none()
            || scope.into(scope.goal()).next().is_none()
        {
            return ControlFlow::Continue(());
        }
        scope.prefetch();
        self.mark(scope);
        self.pool.clear();
        self.path.clear();
        self.left.clear();
        let flow = self.walk(scope, sink);
        for node in self.marked.drain(..) {
            self.marks[node as usize] = 0;
        }
        flow
    }

    /// Marks the nodes with a hop to the goal, and the others with their distance to it.
    fn mark(&mut self, scope: impl Scope) {
        for node in scope.into(scope.goal()) {
            self.marks[node as usize] = CLOSES;
            self.marked.push(node);
        }
        let mut from = 0;
        for level in 2..=self.levels {
            let to = self.marked.len();
            for at in from..to {
                for node in scope.into(self.marked[at]) {
                    let mark = &mut self.marks[node as usize];
                    if *mark & LEVEL == 0 {
                        *mark |= level as u8;
                        self.marked.push(node);
                    }
                }
            }
            from = to;
        }
    }

    fn walk(&mut self, scope: impl Scope, sink: &mut impl Sink) -> ControlFlow<()> {
        self.step(scope.start(), scope, sink)?;
        while let Some((next, end)) = self.left.last_mut() {
            let depth = self.path.len() as u32;
            if *next == *end {
                self.left.pop();
                if let Some(node) = self.path.pop() {
                    self.marks[node as usize] &= !ON_PATH;
                }
                continue;
            }
            let node = self.pool[*next];
            *next += 1;
            let mark = self.marks[node as usize];
            if mark >= ON_PATH {
                continue;
            }
            if self.distance(mark) > self.length_max - depth {
                // The nodes are sorted by distance, so the rest is too far as well.
                *self.left.last_mut().expect("the path is not empty") = (0, 0);
                continue;
            }
            self.step(node, scope, sink)?;
        }
        ControlFlow::Continue(())
    }

    /// Returns the least number of hops, of two or more, from a node to the goal, or a lower bound above all levels.
    #[inline]
    fn distance(&self, mark: u8) -> u32 {
        match mark & LEVEL {
            0 => self.levels + 1,
            level => u32::from(level),
        }
    }

    /// Goes to a node: reports the walks that end after two more hops, and stays there if longer ones are possible.
    #[inline]
    fn step(&mut self, node: u32, scope: impl Scope, sink: &mut impl Sink) -> ControlFlow<()> {
        let depth = self.path.len() as u32;
        self.path.push(node);
        // The last two hops are reported at once, not walked.
        let reach = match self.length_max - depth {
            0..=2 => 0,
            // No distance is above this, so a list up to it is complete and is built once.
            left => (left - 1).min(self.levels + 1),
        };
        let local = self.local(node, scope, reach);
        let (start, end) = local.closing;
        if start < end {
            let last = &self.pool[start..end];
            // What is done with a walk may take much longer than to find it.
            self.until_poll = self.until_poll.saturating_sub(last.len() as u32);
            if let ControlFlow::Break(()) = sink.take(&self.path, last, &self.marks) {
                self.leave();
                return ControlFlow::Break(());
            }
        }
        if depth + 3 <= self.length_max && local.onward.0 < local.onward.1 {
            self.marks[node as usize] |= ON_PATH;
            self.left.push(local.onward);
            return self.poll();
        }
        self.path.pop();
        self.poll()
    }

    /// Checks the cancel flag once every [`POLL`] steps and reported walks.
    #[inline]
    fn poll(&mut self) -> ControlFlow<()> {
        if self.until_poll > 1 {
            self.until_poll -= 1;
            return ControlFlow::Continue(());
        }
        self.until_poll = POLL;
        if self.cancel.load(Ordering::Relaxed) {
            self.leave();
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }

    /// Clears the marks of the path, so that the memory can be reused.
    fn leave(&mut self) {
        for node in self.path.drain(..) {
            self.marks[node as usize] = 0;
        }
    }

    /// Returns the lists of a node, built unless they exist up to `reach`.
    #[inline]
    fn local(&mut self, node: u32, scope: impl Scope, reach: u32) -> Local {
        if self.marks[node as usize] & LISTED != 0 {
            let local = self.locals[node as usize];
            if local.reach >= reach {
                return local;
            }
        }
        self.list(node, scope, reach)
    }

    /// Lists the neighbours that have a hop to the goal, and those whose distance to it is at most `reach`, the nearest
    /// first.
    fn list(&mut self, node: u32, scope: impl Scope, reach: u32) -> Local {
        let last = reach as usize;
        let start = self.pool.len();
        self.onward.clear();
        self.counts[..=last + 1].fill(0);
        for other in scope.out(node) {
            let mark = self.marks[other as usize];
            if mark & CLOSES != 0 {
                self.pool.push(other);
            }
            let distance = self.distance(mark) as usize;
            if distance <= last {
                self.counts[distance + 1] += 1;
                self.onward.push(other);
            }
        }
        let middle = self.pool.len();
        if last > 2 {
            self.sort(last);
        } else {
            self.pool.extend_from_slice(&self.onward);
        }
        let local = Local {
            closing: (start, middle),
            onward: (middle, self.pool.len()),
            reach,
        };
        // Empty lists directly after the root are not recorded: each root steps to such a node once, and on sparse
        // graphs rarely again, so recording costs more than listing again.
        if self.path.len() == 2 && start == self.pool.len() {
            return local;
        }
        self.locals[node as usize] = local;
        let mark = &mut self.marks[node as usize];
        if *mark == 0 {
            self.marked.push(node);
        }
        *mark |= LISTED;
        local
    }

    /// Moves the nodes to walk on to into the pool, sorted by distance, stably.
    fn sort(&mut self, last: usize) {
        let start = self.pool.len();
        for distance in 1..=last {
            self.counts[distance] += self.counts[distance - 1];
        }
        self.pool.resize(start + self.onward.len(), 0);
        for node in &self.onward {
            let distance = self.distance(self.marks[*node as usize]) as usize;
            let place = &mut self.counts[distance];
            self.pool[start + *place as usize] = *node;
            *place += 1;
        }
    }
}

/// Returns the number of levels to mark for a bound of the length.
fn levels(length_max: u32) -> u32 {
    match length_max {
        0..=3 => 1,
        4..=5 => 2,
        _ => (length_max - 3).min(u32::from(LEVEL)),
    }
}
