//! Stakes that are held through others: told once more beside their chain, they do not count.

use super::{Pair, Ties, is_one_of};
use crate::analysis::position::Lens;
use crate::model::vocabulary::pm;
use std::collections::{BTreeMap, BTreeSet};

/// How near a stake has to be to the product of a chain to be that chain, told as one stake.
const SAME: f64 = 1e-9;

/// The edges that others tell: those made of others which lead the same way, and those declared to be held through others
/// where a chain of others leads the same way.
pub(super) struct ToldByOthers(BTreeSet<u32>);

impl ToldByOthers {
    /// Looks at the edges that tell of shares or of control. Linear in all edges, and in those above each one that is declared.
    pub(super) fn of(lens: Lens<'_>, tells: impl Fn(u32) -> bool) -> Self {
        let graph = &lens.network.graph;
        let ends = |edge: u32| (graph.source(edge), graph.target(edge));
        let counts = |edge: &u32| lens.keeps(*edge) && tells(*edge);
        let mut told = BTreeSet::new();
        for (whole, parts) in &lens.network.components {
            if counts(whole) && parts.iter().all(counts) {
                let steps = parts.iter().map(|part| ends(*part)).collect();
                if leads(&owners_of(steps), ends(*whole), &BTreeSet::new()) {
                    told.insert(*whole);
                }
            }
        }
        let kinds = lens.network.columns.kinds.iter();
        let declares: Vec<bool> = kinds
            .map(|kind| {
                kind.concept
                    .as_ref()
                    .is_some_and(|kind| *kind == pm::INDIRECT_OWNERSHIP)
            })
            .collect();
        if !declares.contains(&true) {
            return Self(told);
        }
        let is_declared = |edge: u32| is_one_of(&declares, lens.network.columns.kind.get(edge));
        let (mut steps, mut declared) = (BTreeSet::new(), BTreeSet::new());
        let mut direct = BTreeSet::new();
        for edge in lens
            .edges()
            .filter(|edge| tells(*edge) && !told.contains(edge))
        {
            steps.insert(ends(edge));
            match is_declared(edge) {
                true => declared.insert((ends(edge), edge)),
                false => direct.insert(ends(edge)),
            };
        }
        let owners = owners_of(steps);
        // What a chain tells is no step of one, unless there is a direct stake as well.
        let mut gone: BTreeSet<Pair> = BTreeSet::new();
        for (pair, edge) in declared {
            if gone.contains(&pair) || leads(&owners, pair, &gone) {
                told.insert(edge);
                if !direct.contains(&pair) {
                    gone.insert(pair);
                }
            }
        }
        Self(told)
    }

    pub(super) fn contains(&self, edge: u32) -> bool {
        self.0.contains(&edge)
    }

    /// Returns the edges, sorted.
    pub(super) fn edges(&self) -> Vec<u32> {
        self.0.iter().copied().collect()
    }
}

fn owners_of(steps: BTreeSet<Pair>) -> BTreeMap<u32, Vec<u32>> {
    let mut owners: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (owner, company) in steps {
        owners.entry(company).or_default().push(owner);
    }
    owners
}

/// Returns whether a chain of two steps or more leads from an owner to a company.
fn leads(owners: &BTreeMap<u32, Vec<u32>>, pair: Pair, gone: &BTreeSet<Pair>) -> bool {
    let (mut ahead, mut seen) = (vec![pair.1], BTreeSet::from([pair.1]));
    while let Some(node) = ahead.pop() {
        for above in owners.get(&node).into_iter().flatten() {
            let step = (*above, node);
            if step != pair && !gone.contains(&step) && seen.insert(*above) {
                ahead.push(*above);
            }
        }
    }
    seen.contains(&pair.0)
}

impl Ties {
    /// Leaves out the stakes that equal the product of a chain of two others, or the sum of the products of all such. Returns
    /// their edges, and those that others tell, sorted.
    ///
    /// O(Σ min(d(owner), d(company))) over all stakes.
    pub(super) fn leave_out_chains(&mut self) -> Vec<u32> {
        let mut edges = std::mem::take(&mut self.through_others);
        for pair in self.products() {
            self.capital.remove(&pair);
            edges.extend(self.edges.get(&pair).into_iter().flatten());
        }
        edges.sort_unstable();
        edges
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
