//! The edges on the chains of stakes between one player and others.

use crate::analysis::control::ControlDirection;
use crate::analysis::control::stakes::Stakes;

/// The chains between one player and others.
pub(super) struct Chains<'a> {
    stakes: &'a Stakes,
    direction: ControlDirection,
    /// Which players have a chain to or from the one player.
    reached: Vec<bool>,
    /// The last walk that came to each player.
    last: Vec<u32>,
    walk: u32,
}

impl<'a> Chains<'a> {
    /// Returns the chains of the owners above a player, or of its holdings below it. O(n + m).
    pub(super) fn of(stakes: &'a Stakes, player: u32, direction: ControlDirection) -> Self {
        Self {
            direction,
            reached: stakes.reach(player, direction),
            last: vec![0; stakes.ties.node_count() as usize],
            walk: 0,
            stakes,
        }
    }

    /// Returns the edges of the network on any chain between the player and another one. Linear in the ties of those who are
    /// on these chains.
    pub(super) fn with(&mut self, other: u32) -> Vec<u32> {
        self.walk += 1;
        let mut edges = Vec::new();
        let mut ahead = vec![other];
        self.last[other as usize] = self.walk;
        while let Some(node) = ahead.pop() {
            // From the other player towards the one: whoever has a chain to it is on the way.
            let next = match self.direction {
                ControlDirection::Owners => self.stakes.ties.targets_of(node),
                ControlDirection::Holdings => self.stakes.ties.sources_of(node),
            };
            for next in next.iter().copied() {
                if !self.reached[next as usize] {
                    continue;
                }
                let pair = match self.direction {
                    ControlDirection::Owners => (node, next),
                    ControlDirection::Holdings => (next, node),
                };
                edges.extend(self.stakes.edges.get(&pair).into_iter().flatten());
                if std::mem::replace(&mut self.last[next as usize], self.walk) != self.walk {
                    ahead.push(next);
                }
            }
        }
        edges
    }
}
