//! What becomes of the cycles that a search finds.

use crate::network::cycles::{Counts, Ending};
use std::ops::ControlFlow;

/// The flag of nodes that stand on the path.
pub(crate) const ON_PATH: u8 = 0x80;

/// Takes the cycles of a search, many at once.
pub(crate) trait Sink {
    /// `path` and any one of `last` that is not on the path by `marks` are a cycle.
    fn take(&mut self, path: &[u32], last: &[u32], marks: &[u8]) -> ControlFlow<()>;
}

/// Counts by length.
#[derive(Debug, Default)]
pub(crate) struct Counter {
    by_length: Vec<u64>,
}

impl Counter {
    /// Counts one of a length.
    pub(crate) fn count_one(&mut self, length: usize) {
        *self.at(length) += 1;
    }

    #[inline]
    fn at(&mut self, length: usize) -> &mut u64 {
        if self.by_length.len() <= length {
            self.by_length.resize(length + 1, 0);
        }
        &mut self.by_length[length]
    }

    pub(crate) fn add(&mut self, other: &Self) {
        if self.by_length.len() < other.by_length.len() {
            self.by_length.resize(other.by_length.len(), 0);
        }
        for (own, more) in self.by_length.iter_mut().zip(&other.by_length) {
            *own += more;
        }
    }

    pub(crate) fn counts(mut self, ending: Ending) -> Counts {
        let longest = self.by_length.iter().rposition(|count| *count > 0);
        self.by_length.truncate(longest.map_or(0, |at| at + 1));
        Counts {
            by_length: self.by_length,
            ending,
        }
    }
}

impl Sink for Counter {
    #[inline]
    fn take(&mut self, path: &[u32], last: &[u32], marks: &[u8]) -> ControlFlow<()> {
        let free = last
            .iter()
            .filter(|node| marks[**node as usize] < ON_PATH)
            .count();
        *self.at(path.len() + 1) += free as u64;
        ControlFlow::Continue(())
    }
}

/// Tells each cycle from its smallest node on.
pub(crate) struct Stream<'a, F> {
    nodes: &'a [u32],
    visit: F,
    /// The cycle from the smallest node of the path on, with a gap for the last one.
    around: Vec<u32>,
    /// The cycle from its last node on.
    from_last: Vec<u32>,
}

impl<'a, F: FnMut(&[u32]) -> ControlFlow<()>> Stream<'a, F> {
    pub(crate) fn new(nodes: &'a [u32], visit: F) -> Self {
        Self {
            nodes,
            visit,
            around: Vec::new(),
            from_last: Vec::new(),
        }
    }
}

impl<F: FnMut(&[u32]) -> ControlFlow<()>> Sink for Stream<'_, F> {
    #[inline]
    fn take(&mut self, path: &[u32], last: &[u32], marks: &[u8]) -> ControlFlow<()> {
        self.from_last.clear();
        self.from_last.push(0);
        self.from_last
            .extend(path.iter().map(|name| self.nodes[*name as usize]));
        let nodes = &self.from_last[1..];
        let mut at = 0;
        for (place, node) in nodes.iter().enumerate() {
            if *node < nodes[at] {
                at = place;
            }
        }
        let smallest = nodes[at];
        self.around.clear();
        self.around.extend_from_slice(&nodes[at..]);
        let gap = self.around.len();
        self.around.push(0);
        self.around.extend_from_slice(&nodes[..at]);
        for name in last {
            if marks[*name as usize] >= ON_PATH {
                continue;
            }
            let node = self.nodes[*name as usize];
            if node < smallest {
                self.from_last[0] = node;
                (self.visit)(&self.from_last)?;
            } else {
                self.around[gap] = node;
                (self.visit)(&self.around)?;
            }
        }
        ControlFlow::Continue(())
    }
}
