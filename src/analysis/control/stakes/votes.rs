//! Whose the votes are: as stated, as left over, and as control that is stated makes them.

use super::{Holdings, MAJORITY, Pair, Stakes, Ties};
use crate::analysis::control::holding::Holding;
use crate::analysis::error::AnalysisError;
use std::collections::{BTreeMap, BTreeSet};

impl Ties {
    /// Returns the votes as stated, the holders of whom nothing is stated having what is left at most; else those of the
    /// capital.
    pub(super) fn votes(&self) -> BTreeMap<Pair, Holding> {
        let mut votes: BTreeMap<Pair, Holding> = BTreeMap::new();
        let mut stated: BTreeMap<u32, f64> = BTreeMap::new();
        for ((_, company), holding) in &self.votes {
            *stated.entry(*company).or_default() += holding.reached().0;
        }
        votes.extend(self.votes.iter().map(|(pair, holding)| (*pair, *holding)));
        for (pair, holding) in &self.capital {
            let own = self.capital.get(&(pair.1, pair.1));
            let share = match stated.get(&pair.1) {
                // Nobody votes with the shares that a company holds itself.
                None if pair.0 == pair.1 => continue,
                None => own.map_or(*holding, |own| holding.without(*own)),
                Some(stated) => Holding::within(0.0, (1.0 - stated).clamp(0.0, 1.0)),
            };
            votes.entry(*pair).or_insert(share);
        }
        votes
    }

    /// Returns who certainly controls each company of which somebody states control: those, and whoever has a stated majority
    /// of its votes or, of a company that was bought as a whole and of which no votes are stated, of its capital.
    pub(super) fn controllers(&self) -> BTreeMap<u32, Vec<u32>> {
        let mut controllers: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for ((owner, company), is_held) in &self.stated {
            if *is_held {
                controllers.entry(*company).or_default().push(*owner);
            }
        }
        let voted: BTreeSet<u32> = self.votes.keys().map(|(_, company)| *company).collect();
        let is_bought = |company| self.bought.contains(company) && !voted.contains(company);
        let bought = self.capital.iter();
        let bought = bought.filter(|((_, company), _)| is_bought(company));
        for ((owner, company), votes) in self.votes.iter().chain(bought) {
            let is_own = votes.reached().0 > MAJORITY && !self.nominees.contains(company);
            if let Some(of) = controllers.get_mut(company)
                && is_own
                && !of.contains(owner)
            {
                of.push(*owner);
            }
        }
        controllers
    }
}

impl Stakes {
    /// Returns the sets of votes where control of a company is stated: all of them are its controller's. There is one set, or
    /// as many as one company has certain controllers: that cannot be, and each of them is right in a set of its own.
    ///
    /// Each set is made when it is asked for, in O(n log n) for n pairs.
    pub(in crate::analysis::control) fn votes(
        &self,
    ) -> impl Iterator<Item = Result<Holdings, AnalysisError>> {
        let count = self.controllers.values().map(Vec::len).max().unwrap_or(1);
        let pairs: BTreeSet<Pair> = self
            .plain
            .keys()
            .chain(self.stated.keys())
            .copied()
            .collect();
        (0..count).map(move |set| {
            let votes = pairs
                .iter()
                .filter_map(|pair| Some((*pair, self.votes_of(set, *pair)?)));
            Holdings::of(self.ties.node_count(), &votes.collect())
        })
    }

    /// Returns the votes of a pair in one of the sets.
    pub(in crate::analysis::control) fn votes_of(&self, set: usize, pair: Pair) -> Option<Holding> {
        let controllers = self.controllers.get(&pair.1);
        let controller = controllers.and_then(|owners| owners.get(set).or(owners.last()));
        match self.plain.get(&pair) {
            _ if controller == Some(&pair.0) => Some(Holding::ALL),
            _ if self.stated.contains_key(&pair) => Some(Holding::within(0.0, 1.0)),
            Some(_) if controller.is_some() => Some(Holding::default()),
            plain => plain.copied(),
        }
    }
}
