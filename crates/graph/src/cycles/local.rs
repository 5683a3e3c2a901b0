//! The walk from one node to another or back to itself, and what it knows of the graph around.

use crate::cycles::sink::{ON_PATH, Sink};
use crate::hops::{Hops, Lists};
use std::hint::black_box;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

/// The flag of nodes with a hop to the goal.
const CLOSES: u8 = 0x40;
/// The flag of nodes whose lists are made.
const LISTED: u8 = 0x20;
/// The bits that hold a level: the number of hops, at least two, to the goal. Zero is not known.
const LEVEL: u8 = 0x1f;
/// How many steps go by between two looks at the flag that cancels.
const PATIENCE: u32 = 4096;

/// Graphs with fewer nodes stay in the caches by themselves.
const SMALL: usize = 1 << 14;
/// How many neighbours of a root are looked at ahead.
const AHEAD_MAX: usize = 64;

/// The part of a graph that a walk may use: where it starts, where it must end, and the hops between others.
pub(crate) trait Ground: Copy {
    fn start(self) -> u32;
    fn goal(self) -> u32;
    /// The nodes that can come after a node, without the start and the goal.
    fn out(self, node: u32) -> impl Iterator<Item = u32>;
    /// The nodes that can come before a node, without the start and the goal.
    fn into(self, node: u32) -> impl Iterator<Item = u32>;
    /// Fetches from memory what walks after this one will need.
    fn look_ahead(self) {}
}

/// From a root back to itself over higher names.
#[derive(Clone, Copy)]
pub(crate) struct Above<'a> {
    pub(crate) hops: &'a Hops,
    pub(crate) root: u32,
}

impl Ground for Above<'_> {
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

    /// On large graphs most of the time goes to waiting for lists of nodes far apart; those that roots soon need are
    /// asked for together, first where they stand and then what they hold.
    #[inline]
    fn look_ahead(self) {
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
                let near = lists.of(root).iter().take(AHEAD_MAX);
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

/// From one node to another.
#[derive(Clone, Copy)]
pub(crate) struct Between<'a> {
    pub(crate) out: &'a Lists,
    pub(crate) into: &'a Lists,
    pub(crate) source: u32,
    pub(crate) target: u32,
}

impl Ground for Between<'_> {
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

/// Where the lists of a node stand in the pool.
#[derive(Debug, Clone, Copy, Default)]
struct Local {
    /// The nodes that lead to the goal.
    closing: (usize, usize),
    /// The nodes to walk on to, by level.
    onward: (usize, usize),
    /// The distance up to which `onward` is complete.
    reach: u32,
}

/// The memory of a search, for one walk after the other.
pub(crate) struct Search<'a> {
    length_max: u32,
    /// The highest level that is marked.
    levels: u32,
    cancel: &'a AtomicBool,
    patience: u32,
    marks: Vec<u8>,
    /// The nodes with marks, level by level.
    marked: Vec<u32>,
    locals: Vec<Local>,
    pool: Vec<u32>,
    /// The nodes to walk on to, before they are sorted.
    onward: Vec<u32>,
    path: Vec<u32>,
    /// For each node of the path, what is left of the nodes to walk on to.
    left: Vec<(usize, usize)>,
    counts: [u32; LEVEL as usize + 3],
}

impl<'a> Search<'a> {
    /// For walks of at most `length_max` hops among `node_count` nodes.
    pub(crate) fn new(node_count: usize, length_max: u32, cancel: &'a AtomicBool) -> Self {
        // No way without a node twice is longer than there are nodes.
        let length_max = length_max.min(node_count as u32);
        Self {
            length_max,
            levels: levels(length_max),
            cancel,
            patience: PATIENCE,
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

    /// Finds the ways from the start to the goal of two hops and more.
    pub(crate) fn run(&mut self, ground: impl Ground, sink: &mut impl Sink) -> ControlFlow<()> {
        if self.cancel.load(Ordering::Relaxed) {
            return ControlFlow::Break(());
        }
        if self.length_max < 2
            || ground.out(ground.start()).next().is_none()
            || ground.into(ground.goal()).next().is_none()
        {
            return ControlFlow::Continue(());
        }
        ground.look_ahead();
        self.mark(ground);
        self.pool.clear();
        self.path.clear();
        self.left.clear();
        let flow = self.walk(ground, sink);
        for node in self.marked.drain(..) {
            self.marks[node as usize] = 0;
        }
        flow
    }

    /// Marks the nodes with a hop to the goal, and how far others are from it.
    fn mark(&mut self, ground: impl Ground) {
        for node in ground.into(ground.goal()) {
            self.marks[node as usize] = CLOSES;
            self.marked.push(node);
        }
        let mut from = 0;
        for level in 2..=self.levels {
            let to = self.marked.len();
            for at in from..to {
                for node in ground.into(self.marked[at]) {
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

    fn walk(&mut self, ground: impl Ground, sink: &mut impl Sink) -> ControlFlow<()> {
        self.step(ground.start(), ground, sink)?;
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
                // The nearest come first.
                *self.left.last_mut().expect("the path is not empty") = (0, 0);
                continue;
            }
            self.step(node, ground, sink)?;
        }
        ControlFlow::Continue(())
    }

    /// The least number of hops, beyond one, from a marked node to the goal, as far as it is known.
    #[inline]
    fn distance(&self, mark: u8) -> u32 {
        match mark & LEVEL {
            0 => self.levels + 1,
            level => u32::from(level),
        }
    }

    /// Goes to a node: tells the ways that end two hops on, and stays there if there is more.
    #[inline]
    fn step(&mut self, node: u32, ground: impl Ground, sink: &mut impl Sink) -> ControlFlow<()> {
        let depth = self.path.len() as u32;
        self.path.push(node);
        // The last two hops are taken at once, not walked.
        let reach = match self.length_max - depth {
            0..=2 => 0,
            // No distance is above this, so that a list that reaches so far is complete and is made once.
            left => (left - 1).min(self.levels + 1),
        };
        let local = self.local(node, ground, reach);
        let (start, end) = local.closing;
        if start < end {
            let last = &self.pool[start..end];
            if let ControlFlow::Break(()) = sink.take(&self.path, last, &self.marks) {
                self.leave();
                return ControlFlow::Break(());
            }
        }
        if depth + 3 <= self.length_max && local.onward.0 < local.onward.1 {
            self.marks[node as usize] |= ON_PATH;
            self.left.push(local.onward);
            return self.look();
        }
        self.path.pop();
        ControlFlow::Continue(())
    }

    /// Looks at the flag that cancels, now and then.
    fn look(&mut self) -> ControlFlow<()> {
        self.patience -= 1;
        if self.patience > 0 {
            return ControlFlow::Continue(());
        }
        self.patience = PATIENCE;
        if self.cancel.load(Ordering::Relaxed) {
            self.leave();
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }

    /// Takes the path off the marks, so that the memory can serve again.
    fn leave(&mut self) {
        for node in self.path.drain(..) {
            self.marks[node as usize] = 0;
        }
    }

    /// The lists of a node, made if there are none that reach so far.
    #[inline]
    fn local(&mut self, node: u32, ground: impl Ground, reach: u32) -> Local {
        if self.marks[node as usize] & LISTED != 0 {
            let local = self.locals[node as usize];
            if local.reach >= reach {
                return local;
            }
        }
        self.list(node, ground, reach)
    }

    /// Lists the nodes next to this one that have a hop to the goal, and those whose distance to it is at most
    /// `reach`, the nearest first.
    fn list(&mut self, node: u32, ground: impl Ground, reach: u32) -> Local {
        let last = reach as usize;
        let start = self.pool.len();
        self.onward.clear();
        self.counts[..=last + 1].fill(0);
        for other in ground.out(node) {
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
        // A node without use is not kept where it costs more to note that than to look again: each root steps to a node
        // once from itself, and on sparse graphs to few of them ever after.
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

    /// Puts the nodes to walk on to into the pool, by distance and otherwise in their order.
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

/// How many levels to mark for a bound.
fn levels(length_max: u32) -> u32 {
    match length_max {
        0..=3 => 1,
        4..=5 => 2,
        _ => (length_max - 3).min(u32::from(LEVEL)),
    }
}
