//! The choices of edges that close a walk over nodes.

use super::{NONE, Walk};
use std::ops::ControlFlow;

impl Walk<'_> {
    /// Returns the number of edges of the cycles that close now.
    pub(crate) fn length(&self) -> usize {
        self.frames.len() + 1
    }

    /// Returns the number of ways to close the walk with a chain of edges to the root.
    pub(crate) fn ways(&self, closing: u32) -> u64 {
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

    /// Visits each choice of edges that closes the walk.
    pub(crate) fn expand(
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

    /// Visits each choice of the edges before the last one, which leaves at `time`. Each edge that is earlier than its
    /// successor can be reached, so no choice fails.
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
