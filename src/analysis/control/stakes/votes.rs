//! Whose the votes are: as stated, as left over, and as control that is stated makes them.

use super::{MAJORITY, Pair, Ties};
use crate::analysis::control::holding::Holding;
use std::collections::BTreeMap;

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
            let share = match stated.get(&pair.1) {
                None => *holding,
                Some(stated) => Holding::within(0.0, (1.0 - stated).clamp(0.0, 1.0)),
            };
            votes.entry(*pair).or_insert(share);
        }
        votes
    }

    /// Returns who certainly controls each company of which somebody states control: those, and whoever has a stated majority
    /// of its votes.
    fn controllers(&self) -> BTreeMap<u32, Vec<u32>> {
        let mut controllers: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for ((owner, company), is_held) in &self.stated {
            if *is_held {
                controllers.entry(*company).or_default().push(*owner);
            }
        }
        for ((owner, company), votes) in &self.votes {
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

    /// Returns votes as they are where control of a company is stated: all of them are its controller's. Where several
    /// certainly control it, which cannot be, each of them is right in a set of votes of its own.
    pub(super) fn with_control(
        &self,
        plain: &BTreeMap<Pair, Holding>,
    ) -> Vec<BTreeMap<Pair, Holding>> {
        let controllers = self.controllers();
        let count = controllers.values().map(Vec::len).max().unwrap_or(1);
        let chosen = |set: usize| {
            let mut votes = plain.clone();
            for ((_, company), holding) in &mut votes {
                if controllers.contains_key(company) {
                    *holding = Holding::default();
                }
            }
            for pair in self.stated.keys() {
                votes.insert(*pair, Holding::within(0.0, 1.0));
            }
            for (company, owners) in &controllers {
                if let Some(owner) = owners.get(set).or(owners.last()) {
                    votes.insert((*owner, *company), Holding::ALL);
                }
            }
            votes
        };
        (0..count).map(chosen).collect()
    }
}
