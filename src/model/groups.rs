//! Players put together one pair at a time, where some must stay apart.

use crate::model::name::PlayerType;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// Why two groups cannot be joined: the two players that would be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Apart {
    /// They are said not to be one.
    Different(u32, u32),
    /// They are of sorts that are never one, such as a person and a company.
    Sorts(u32, u32),
}

/// What a player is, as far as it decides whom it can be one with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Person,
    Body,
    Voice,
    Product,
}

impl Sort {
    pub(super) fn of(player_type: PlayerType) -> Self {
        match player_type {
            PlayerType::Person => Self::Person,
            PlayerType::Voice => Self::Voice,
            PlayerType::Product => Self::Product,
            _ => Self::Body,
        }
    }
}

/// Disjoint sets of players, numbered from 0.
///
/// O(α(n)) for a pair, besides what moves between the lists of those that stay apart: each entry moves O(log n) times, in
/// O(log n) each, since the lesser list goes into the greater one.
///
/// # Reference
/// R. E. Tarjan, *Efficiency of a Good But Not Linear Set Union Algorithm*, J. ACM 22 (1975).
#[derive(Debug, Default)]
pub(super) struct Groups {
    parent: Vec<u32>,
    /// By root: how many players and how many groups that stay apart.
    weight: Vec<u32>,
    /// By root: the sort, and the player that has it.
    sort: Vec<Option<(Sort, u32)>>,
    /// By root: the roots of the groups that stay apart from it, and the two players that are said not to be one.
    apart: FxHashMap<u32, BTreeMap<u32, (u32, u32)>>,
}

impl Groups {
    /// Returns each player alone, given their types.
    pub(super) fn new(types: impl Iterator<Item = Option<PlayerType>>) -> Self {
        let types = types.zip(0..);
        let sort: Vec<_> = types
            .map(|(of, number)| of.map(|of| (Sort::of(of), number)))
            .collect();
        Self {
            parent: (0..sort.len() as u32).collect(),
            weight: vec![1; sort.len()],
            sort,
            apart: FxHashMap::default(),
        }
    }

    /// Returns the number that stands for the group of a player.
    pub(super) fn root(&mut self, player: u32) -> u32 {
        let mut at = player as usize;
        while self.parent[at] as usize != at {
            let above = self.parent[at] as usize;
            self.parent[at] = self.parent[above];
            at = self.parent[at] as usize;
        }
        at as u32
    }

    /// Keeps two players apart; call it before any are joined.
    pub(super) fn set_apart(&mut self, one: u32, other: u32) {
        for (from, to) in [(one, other), (other, one)] {
            let apart = self.apart.entry(from).or_default();
            if apart.insert(to, (one, other)).is_none() {
                self.weight[from as usize] += 1;
            }
        }
    }

    /// Puts the groups of two players together.
    ///
    /// # Errors
    /// Why that cannot be.
    pub(super) fn join(&mut self, one: u32, other: u32) -> Result<(), Apart> {
        let (one, other) = (self.root(one), self.root(other));
        if one == other {
            return Ok(());
        }
        if let Some((a, b)) = self.apart.get(&one).and_then(|apart| apart.get(&other)) {
            return Err(Apart::Different(*a, *b));
        }
        let sorts = (self.sort[one as usize], self.sort[other as usize]);
        if let (Some((a, of)), Some((b, another))) = sorts
            && a != b
        {
            return Err(Apart::Sorts(of.min(another), of.max(another)));
        }
        let is_greater = self.weight[one as usize] >= self.weight[other as usize];
        let (great, little) = if is_greater {
            (one, other)
        } else {
            (other, one)
        };
        self.parent[little as usize] = great;
        self.weight[great as usize] += self.weight[little as usize];
        let sort = self.sort[little as usize];
        let known = &mut self.sort[great as usize];
        *known = (*known).or(sort);
        for (stranger, pair) in self.apart.remove(&little).unwrap_or_default() {
            self.set_pair(great, stranger, pair);
            if let Some(apart) = self.apart.get_mut(&stranger) {
                apart.remove(&little);
            }
            self.set_pair(stranger, great, pair);
        }
        Ok(())
    }

    /// Of several pairs that keep two groups apart, the first one counts.
    fn set_pair(&mut self, root: u32, stranger: u32, pair: (u32, u32)) {
        let apart = self.apart.entry(root).or_default();
        let known = apart.entry(stranger).or_insert(pair);
        *known = pair.min(*known);
    }
}
