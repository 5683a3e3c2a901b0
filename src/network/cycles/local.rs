//! The walk from one root, and what it knows about the graph above it.

use crate::network::cycles::sink::{ON_PATH, Sink};
use crate::network::hops::Hops;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

/// The flag of nodes with a hop to the root.
const CLOSES: u8 = 0x40;
/// The bits that hold a level: the number of hops, at least two, to the root. Zero is not known.
const LEVEL: u8 = 0x3f;
/// Not made yet.
const NONE: u32 = u32::MAX;
/// How many steps go by between two looks at the flag that cancels.
const PATIENCE: u32 = 4096;

/// Where the lists of a node stand in the pool.
#[derive(Debug, Clone, Copy)]
struct Local {
    /// The root for which this holds.
    root: u32,
    /// The nodes that close the cycle one hop on.
    closing: (u32, u32),
    /// The nodes to walk on to, by level.
    onward: (u32, u32),
    /// The level up to which `onward` is complete; zero if it is not made.
    reach: u32,
}

const EMPTY: Local = Local {
    root: NONE,
    closing: (NONE, 0),
    onward: (0, 0),
    reach: 0,
};

/// The memory of a search, for one root after the other.
pub(crate) struct Search<'a> {
    hops: &'a Hops,
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
    path: Vec<u32>,
    /// For each node of the path, what is left of the nodes to walk on to.
    left: Vec<(u32, u32)>,
    counts: [u32; LEVEL as usize + 3],
}

impl<'a> Search<'a> {
    pub(crate) fn new(hops: &'a Hops, length_max: u32, cancel: &'a AtomicBool) -> Self {
        let n = hops.nodes.len();
        // No simple cycle is longer than there are nodes.
        let length_max = length_max.min(n as u32);
        Self {
            hops,
            length_max,
            levels: levels(length_max),
            cancel,
            patience: PATIENCE,
            marks: vec![0; n],
            marked: Vec::new(),
            locals: vec![EMPTY; n],
            pool: Vec::new(),
            path: Vec::new(),
            left: Vec::new(),
            counts: [0; LEVEL as usize + 3],
        }
    }

    /// Finds the cycles whose lowest name is `root`.
    pub(crate) fn root(&mut self, root: u32, sink: &mut impl Sink) -> ControlFlow<()> {
        if self.cancel.load(Ordering::Relaxed) {
            return ControlFlow::Break(());
        }
        let above = |lists: &[u32]| lists.first().is_some_and(|highest| *highest > root);
        if self.length_max < 2 || !above(self.hops.out.of(root)) || !above(self.hops.into.of(root))
        {
            return ControlFlow::Continue(());
        }
        self.mark(root);
        self.pool.clear();
        self.path.clear();
        self.left.clear();
        let flow = self.walk(root, sink);
        for node in self.marked.drain(..) {
            self.marks[node as usize] = 0;
        }
        flow
    }

    /// Marks the nodes with a hop to the root, and how far others are from it.
    fn mark(&mut self, root: u32) {
        for node in above(self.hops.into.of(root), root) {
            self.marks[node as usize] = CLOSES;
            self.marked.push(node);
        }
        let mut from = 0;
        for level in 2..=self.levels {
            let to = self.marked.len();
            for at in from..to {
                for node in above(self.hops.into.of(self.marked[at]), root) {
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

    fn walk(&mut self, root: u32, sink: &mut impl Sink) -> ControlFlow<()> {
        self.step(root, root, sink)?;
        while let Some((next, end)) = self.left.last_mut() {
            let depth = self.path.len() as u32;
            if *next == *end {
                self.left.pop();
                if let Some(node) = self.path.pop() {
                    self.marks[node as usize] &= !ON_PATH;
                }
                continue;
            }
            let node = self.pool[*next as usize];
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
            self.step(node, root, sink)?;
        }
        ControlFlow::Continue(())
    }

    /// The least number of hops, beyond one, from a marked node to the root, as far as it is known.
    #[inline]
    fn distance(&self, mark: u8) -> u32 {
        match mark & LEVEL {
            0 => self.levels + 1,
            level => u32::from(level),
        }
    }

    /// Goes to a node: tells the cycles that close one hop on, and stays there if there is more.
    #[inline]
    fn step(&mut self, node: u32, root: u32, sink: &mut impl Sink) -> ControlFlow<()> {
        let depth = self.path.len() as u32;
        self.path.push(node);
        let (start, end) = self.closing(node, root);
        if start < end {
            let last = &self.pool[start as usize..end as usize];
            if let ControlFlow::Break(()) = sink.take(&self.path, last, &self.marks) {
                self.leave();
                return ControlFlow::Break(());
            }
        }
        if depth + 3 <= self.length_max {
            let (start, end) = self.onward(node, root, self.length_max - depth - 1);
            if start < end {
                self.marks[node as usize] |= ON_PATH;
                self.left.push((start, end));
                return self.look();
            }
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

    /// The nodes next to this one that have a hop to the root.
    #[inline]
    fn closing(&mut self, node: u32, root: u32) -> (u32, u32) {
        let local = &mut self.locals[node as usize];
        if local.root != root {
            *local = Local { root, ..EMPTY };
        } else if local.closing.0 != NONE {
            return local.closing;
        }
        let start = self.pool.len() as u32;
        let marks = &self.marks;
        self.pool.extend(
            above(self.hops.out.of(node), root)
                .filter(|other| marks[*other as usize] & CLOSES != 0),
        );
        local.closing = (start, self.pool.len() as u32);
        local.closing
    }

    /// The nodes next to this one whose distance to the root is at most `reach`, the nearest first.
    #[inline]
    fn onward(&mut self, node: u32, root: u32, reach: u32) -> (u32, u32) {
        let local = self.locals[node as usize];
        if local.reach >= reach {
            return local.onward;
        }
        self.make_onward(node, root, reach)
    }

    fn make_onward(&mut self, node: u32, root: u32, reach: u32) -> (u32, u32) {
        let start = self.pool.len() as u32;
        let last = (self.levels + 1).min(reach) as usize;
        self.counts[..=last + 1].fill(0);
        for other in above(self.hops.out.of(node), root) {
            let distance = self.distance(self.marks[other as usize]) as usize;
            if distance <= last {
                self.counts[distance + 1] += 1;
                self.pool.push(other);
            }
        }
        let end = self.pool.len() as u32;
        if last > 2 {
            self.sort(start as usize, last);
        }
        let local = &mut self.locals[node as usize];
        local.onward = (start, end);
        local.reach = reach;
        local.onward
    }

    /// Sorts the end of the pool by distance, stably.
    fn sort(&mut self, start: usize, last: usize) {
        let end = self.pool.len();
        for distance in 1..=last {
            self.counts[distance] += self.counts[distance - 1];
        }
        self.pool.extend_from_within(start..);
        for at in end..self.pool.len() {
            let node = self.pool[at];
            let distance = self.distance(self.marks[node as usize]) as usize;
            let place = &mut self.counts[distance];
            self.pool[start + *place as usize] = node;
            *place += 1;
        }
        self.pool.truncate(end);
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

/// The nodes of a descending list that are above the root.
#[inline]
fn above(list: &[u32], root: u32) -> impl Iterator<Item = u32> {
    list.iter().copied().take_while(move |node| *node > root)
}
