//! Stakes that are held through others: told once more beside their chain, they do not count.

use super::{Pair, Ties, is_one_of};
use crate::analysis::control::holding::Holding;
use crate::analysis::position::Lens;
use crate::model::unit::Measure;
use crate::model::vocabulary::pm;
use std::collections::{BTreeMap, BTreeSet};

/// How near a stake has to be to the product of a chain to be that chain, told as one stake.
const SAME: f64 = 1e-9;

/// The edges that others tell: those made of others which lead the same way, and those declared to be held through others
/// where a chain of others leads the same way.
pub(super) struct ToldByOthers {
    edges: BTreeSet<u32>,
    /// What those that are made of others leave to their parts without a share.
    links: BTreeMap<Pair, Holding>,
}

impl ToldByOthers {
    /// Looks at the edges that tell of shares or of control. Linear in all edges, and in those above each one that is declared.
    pub(super) fn of(lens: Lens<'_>, tells: impl Fn(u32) -> bool) -> Self {
        let graph = &lens.network.graph;
        let ends = |edge: u32| (graph.source(edge), graph.target(edge));
        let counts = |edge: &u32| lens.keeps(*edge) && tells(*edge);
        let (mut told, mut links) = (BTreeSet::new(), BTreeMap::new());
        for (whole, parts) in &lens.network.components {
            if counts(whole) && parts.iter().all(|part| lens.keeps(*part)) {
                let steps = parts.iter().map(|part| ends(*part)).collect();
                if leads(&owners_of(steps), ends(*whole), &BTreeSet::new()) {
                    told.insert(*whole);
                    links.extend(left_to_parts(lens, *whole, parts));
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
            return Self { edges: told, links };
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
        Self { edges: told, links }
    }

    pub(super) fn contains(&self, edge: u32) -> bool {
        self.edges.contains(&edge)
    }

    /// Returns the edges, sorted.
    pub(super) fn edges(&self) -> Vec<u32> {
        self.edges.iter().copied().collect()
    }

    /// Returns what pairs hold of which only a stake through them says how much.
    pub(super) fn links(&self) -> &BTreeMap<Pair, Holding> {
        &self.links
    }
}

/// Returns what a stake leaves to those of its parts that state no share: a part on the way to one of its last steps has what
/// the other last steps cannot bring, at least, and what this one can, at most.
fn left_to_parts(lens: Lens<'_>, whole: u32, parts: &[u32]) -> BTreeMap<Pair, Holding> {
    let graph = &lens.network.graph;
    let ends = |edge: u32| (graph.source(edge), graph.target(edge));
    let share_of = |edge: u32| {
        let share = lens
            .quantities(&[edge], Measure::Share)
            .into_values()
            .next();
        share.map(|share| Holding::of(&share))
    };
    let (owner, company) = ends(whole);
    let is_last = |part: &&u32| ends(**part).1 == company;
    let last: Option<Vec<(u32, Holding)>> = parts
        .iter()
        .filter(is_last)
        .map(|part| Some((ends(*part).0, share_of(*part)?)))
        .collect();
    // Where a last step has no share either, nothing says how much is left to which.
    let (Some(all), Some(last)) = (share_of(whole), last) else {
        return BTreeMap::new();
    };
    let most: f64 = last.iter().map(|(_, share)| share.upper).sum();
    let mut links: BTreeMap<Pair, Holding> = BTreeMap::new();
    let through = |(before, share): &&(u32, Holding)| *before != owner && share.upper > 0.0;
    for (before, share) in last.iter().filter(through) {
        let least = (all.lower - (most - share.upper)) / share.upper;
        let most = if share.lower > 0.0 {
            all.upper / share.lower
        } else {
            1.0
        };
        let (mut way, mut ahead) = (BTreeSet::new(), vec![*before]);
        while let Some(node) = ahead.pop() {
            let steps = parts.iter().filter(|part| ends(**part).1 == node);
            for step in steps.filter(|step| way.insert(**step)).collect::<Vec<_>>() {
                ahead.push(ends(*step).0);
            }
        }
        let most = if way.len() == 1 { most.min(1.0) } else { 1.0 };
        // Shares that are rounded may come to a little more than the whole.
        let least = least.clamp(0.0, most);
        for step in way.into_iter().filter(|step| share_of(*step).is_none()) {
            let link = links.entry(ends(step)).or_insert(Holding::within(0.0, 1.0));
            *link = Holding::within(link.lower.max(least), link.upper.min(most));
        }
    }
    // Where the parts contradict each other, nothing follows from them.
    links.retain(|_, link| link.lower <= link.upper);
    links
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

/// The most stakes that a chain told as one may have.
const CHAIN_MAX: usize = 5;
/// The most steps that are looked at for one stake.
const STEPS_MAX: usize = 1 << 10;
/// Chains that come to less than this part of a stake are not looked for.
const PART_MIN: f64 = 1.0 / 16.0;

/// The stakes of which the share is one number: the owners of each company, with it.
type Exact = BTreeMap<u32, Vec<(u32, f64)>>;

impl Ties {
    /// Leaves out the stakes that equal the product of a chain of others, or the sum of the products of all such. Returns
    /// their edges, and those that others tell, sorted.
    ///
    /// For each stake, up to [`STEPS_MAX`] steps on the chains of up to [`CHAIN_MAX`] others that come to [`PART_MIN`] of it
    /// or more: the shares of a company sum to one, so that these are few.
    pub(super) fn leave_out_chains(&mut self) -> Vec<u32> {
        let mut edges = std::mem::take(&mut self.through_others);
        for pair in self.products() {
            self.capital.remove(&pair);
            edges.extend(self.edges.get(&pair).into_iter().flatten());
        }
        edges.sort_unstable();
        edges
    }

    /// Returns the stakes that equal the product of a chain of others, or the sum of the products of all such.
    fn products(&self) -> Vec<Pair> {
        let mut exact = Exact::new();
        for ((owner, company), holding) in &self.capital {
            if holding.is_exact() && holding.lower > 0.0 && owner != company {
                let owners = exact.entry(*company).or_default();
                owners.push((*owner, holding.lower));
            }
        }
        let mut holdings: BTreeMap<u32, u32> = BTreeMap::new();
        for (owner, _) in exact.values().flatten() {
            *holdings.entry(*owner).or_default() += 1;
        }
        // Whoever holds a stake through another holds one in that other, and the other one in the company.
        let companies = exact.iter().filter(|(_, owners)| owners.len() > 1);
        let stakes = companies.flat_map(|(company, owners)| {
            let owners = owners
                .iter()
                .filter(|(owner, _)| holdings.get(owner) > Some(&1));
            owners.map(|owner| (*company, *owner))
        });
        stakes
            .filter(|(company, (owner, share))| {
                is_told_by_chains(&exact, (*owner, *company), *share)
            })
            .map(|(company, (owner, _))| (owner, company))
            .collect()
    }
}

/// Returns whether a stake equals the product of a chain of others, or the sum of the products of several.
fn is_told_by_chains(exact: &Exact, (owner, company): Pair, share: f64) -> bool {
    let (mut sum, mut steps) = (0.0, 0);
    // From the company up: the players on the way, and their product.
    let mut ahead = vec![(vec![company], 1.0)];
    while let Some((way, product)) = ahead.pop() {
        let above = way.last().and_then(|last| exact.get(last));
        for (next, part) in above.into_iter().flatten() {
            let product = product * part;
            if product < share * PART_MIN {
                continue;
            }
            steps += 1;
            if steps > STEPS_MAX {
                return false;
            }
            if *next == owner {
                let is_chain = way.len() > 1;
                sum += if is_chain { product } else { 0.0 };
                if is_chain && (product - share).abs() < SAME {
                    return true;
                }
            } else if way.len() < CHAIN_MAX && !way.contains(next) {
                ahead.push(([way.as_slice(), &[*next]].concat(), product));
            }
        }
    }
    sum > 0.0 && (sum - share).abs() < SAME
}
