//! Stakes that are held through others: told once more beside their chain, they do not count.

use super::{Pair, Ties};
use std::collections::{BTreeMap, BTreeSet};

/// How near a stake has to be to the product of a chain to be that chain, told as one stake.
const SAME: f64 = 1e-9;

impl Ties {
    /// Leaves out the stakes that a chain of others is told as: those declared to be held through others, where there is a
    /// chain, and those equal to the product of one of two stakes, or to the sum of the products of all such. Returns their
    /// edges, and those that are made of others.
    ///
    /// O(Σ min(d(owner), d(company))) over all stakes, and the edges above each one that is declared.
    pub(super) fn leave_out_chains(&mut self) -> Vec<u32> {
        let mut edges = std::mem::take(&mut self.composed);
        for pair in self.declared() {
            self.capital.remove(&pair);
            self.votes.remove(&pair);
            edges.extend(self.edges.get(&pair).into_iter().flatten());
        }
        for pair in self.products() {
            self.capital.remove(&pair);
            edges.extend(self.edges.get(&pair).into_iter().flatten());
        }
        edges.sort_unstable();
        edges
    }

    /// Returns the stakes that are declared to be held through others, where a chain of the others leads the same way.
    fn declared(&self) -> BTreeSet<Pair> {
        let mut found = BTreeSet::new();
        if self.declared_indirect.is_empty() {
            return found;
        }
        let pairs = self.capital.keys().chain(self.votes.keys());
        let pairs: BTreeSet<&Pair> = pairs.chain(self.stated.keys()).collect();
        let mut owners: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (owner, company) in pairs {
            owners.entry(*company).or_default().push(*owner);
        }
        for pair in &self.declared_indirect {
            let (mut ahead, mut seen) = (vec![pair.1], BTreeSet::from([pair.1]));
            while let Some(node) = ahead.pop() {
                for above in owners.get(&node).into_iter().flatten() {
                    let step = (*above, node);
                    // What a chain tells is no step of one.
                    if step != *pair && !found.contains(&step) && seen.insert(*above) {
                        ahead.push(*above);
                    }
                }
            }
            if seen.contains(&pair.0) {
                found.insert(*pair);
            }
        }
        found
    }

    /// Returns the stakes that equal the product of a chain of two others, or the sum of the products of all such.
    fn products(&self) -> Vec<Pair> {
        let mut of_owner: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        let mut of_company: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (owner, company) in self.capital.keys() {
            of_owner.entry(*owner).or_default().push(*company);
            of_company.entry(*company).or_default().push(*owner);
        }
        let point = |pair: Pair| {
            self.capital
                .get(&pair)
                .filter(|(lower, upper)| lower == upper)
        };
        let none = Vec::new();
        let is_chain = |(pair, bounds): (&Pair, &(f64, f64))| {
            let (owner, company) = *pair;
            if bounds.0 != bounds.1 {
                return false;
            }
            let (below, above) = (of_owner.get(&owner), of_company.get(&company));
            let (below, above) = (below.unwrap_or(&none), above.unwrap_or(&none));
            let shorter = if below.len() < above.len() {
                below
            } else {
                above
            };
            let between = shorter.iter().filter(|between| {
                **between != owner
                    && **between != company
                    && self.capital.contains_key(&(owner, **between))
                    && self.capital.contains_key(&(**between, company))
            });
            let mut sum = 0.0;
            for between in between {
                let one = (point((owner, *between)), point((*between, company)));
                let (Some(first), Some(second)) = one else {
                    continue;
                };
                let product = first.0 * second.0;
                if (product - bounds.0).abs() < SAME {
                    return true;
                }
                sum += product;
            }
            sum > 0.0 && (sum - bounds.0).abs() < SAME
        };
        let found = self.capital.iter().filter(|stake| is_chain(*stake));
        found.map(|(pair, _)| *pair).collect()
    }
}
