//! The receivers of the cycles and paths that a search finds.

use crate::cycles::{Ending, LengthCounts};
use std::ops::ControlFlow;

/// The flag of nodes on the path.
pub(crate) const ON_PATH: u8 = 0x80;

/// Receives the cycles of a search, many at once.
pub(crate) trait Sink {
    /// Takes the cycles made of `path` and any one node of `last` that `marks` does not flag as on the path.
    fn take(&mut self, path: &[u32], last: &[u32], marks: &[u8]) -> ControlFlow<()>;
}

/// Counts cycles by length.
#[derive(Debug, Default)]
pub(crate) struct Counter {
    by_length: Vec<u64>,
}

impl Counter {
    /// Counts one cycle of a length.
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

    pub(crate) fn counts(mut self, ending: Ending) -> LengthCounts {
        let longest = self.by_length.iter().rposition(|count| *count > 0);
        self.by_length.truncate(longest.map_or(0, |at| at + 1));
        LengthCounts {
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

/// Passes each cycle to a visitor, from its smallest node on.
pub(crate) struct Stream<'a, F> {
    nodes: &'a [u32],
    visit: F,
    /// The names of the last path, without its end.
    names: Vec<u32>,
    /// The cycle twice in a row, so that it is a slice from each of its nodes on.
    around: Vec<u32>,
    /// The smallest node in `names`, and its position.
    smallest: (u32, usize),
}

impl<'a, F: FnMut(&[u32]) -> ControlFlow<()>> Stream<'a, F> {
    pub(crate) fn new(nodes: &'a [u32], visit: F) -> Self {
        Self {
            nodes,
            visit,
            names: Vec::new(),
            around: Vec::new(),
            smallest: (u32::MAX, 0),
        }
    }
}

impl<F> Stream<'_, F> {
    /// Writes the nodes of a path without its end, twice, each time with a gap of two.
    fn write(&mut self, names: &[u32]) {
        self.names.clear();
        self.names.extend_from_slice(names);
        self.smallest = (u32::MAX, 0);
        self.around.clear();
        for (place, name) in names.iter().enumerate() {
            let node = self.nodes[*name as usize];
            self.smallest = self.smallest.min((node, place));
            self.around.push(node);
        }
        self.around.extend([0, 0]);
        self.around.extend_from_within(..);
    }
}

impl<F: FnMut(&[u32]) -> ControlFlow<()>> Sink for Stream<'_, F> {
    #[inline]
    fn take(&mut self, path: &[u32], last: &[u32], marks: &[u8]) -> ControlFlow<()> {
        let length = path.len() + 1;
        let end = path.len() - 1;
        let same = |names: &[u32]| names.iter().zip(path).all(|(old, new)| old == new);
        if self.names.len() != end || self.around.is_empty() || !same(&self.names) {
            self.write(&path[..end]);
        }
        let node = self.nodes[path[end] as usize];
        self.around[end] = node;
        self.around[length + end] = node;
        let (smallest, at) = self.smallest.min((node, end));
        for name in last {
            if marks[*name as usize] >= ON_PATH {
                continue;
            }
            let node = self.nodes[*name as usize];
            self.around[end + 1] = node;
            self.around[length + end + 1] = node;
            let start = if node < smallest { end + 1 } else { at };
            (self.visit)(&self.around[start..start + length])?;
        }
        ControlFlow::Continue(())
    }
}
