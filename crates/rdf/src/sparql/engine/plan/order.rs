//! Orders the variables of a join, by estimates from exact sizes.

use crate::sparql::engine::plan::join::{Allowed, Atom, Bgp, End};
use crate::sparql::engine::plan::slots::Slots;
use crate::sparql::engine::relation::{Key, Relation};
use rustc_hash::FxHashMap;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Number of variables up to which all orders are compared; more are ordered greedily.
const ALL_ORDERS_MAX: usize = 6;
/// Number of variables that are tried as the first one of a greedy order.
const STARTS_MAX: usize = 16;

/// Returns the variables that are not bound yet, in the order in which the join should search.
pub(crate) fn order(
    atoms: &[Atom],
    allowed: &[Allowed],
    relations: &[Relation<'_>],
    bound: &[usize],
) -> Vec<usize> {
    let known: Slots = bound.iter().copied().collect();
    let (mut slots, mut seen) = (Vec::new(), known.clone());
    for slot in atoms.iter().flat_map(|atom| atom.slots()) {
        if seen.insert(slot) {
            slots.push(slot);
        }
    }
    let estimate = Estimate::new(atoms, allowed, relations);
    let start = (
        known,
        Cost {
            rows: 1.0,
            work: 0.0,
        },
    );
    if slots.len() <= ALL_ORDERS_MAX {
        let mut best = (f64::INFINITY, slots.clone());
        estimate.try_all(&slots, &start, &mut Vec::new(), &mut best);
        return best.1;
    }
    // Greedily from each variable that the search can start with, or the cheapest of them.
    let mut starts = estimate.next(&slots, &start.0);
    if starts.len() > STARTS_MAX {
        let weight = |slot: &usize| estimate.weight(*slot, &start.0);
        starts.sort_by_cached_key(|slot| weight(slot).to_bits());
        starts.truncate(STARTS_MAX);
    }
    let orders = starts
        .iter()
        .map(|first| estimate.greedy(*first, &slots, &start));
    let best = orders.min_by(|(left, _), (right, _)| left.total().total_cmp(&right.total()));
    best.map(|(_, order)| order).unwrap_or_default()
}

/// Estimates the number of rows of the whole join.
pub(crate) fn rows(
    atoms: &[Atom],
    allowed: &[Allowed],
    relations: &[Relation<'_>],
    bound: &[usize],
) -> f64 {
    let estimate = Estimate::new(atoms, allowed, relations);
    let (mut known, mut cost): (Slots, Cost) = (
        bound.iter().copied().collect(),
        Cost {
            rows: 1.0,
            work: 0.0,
        },
    );
    for slot in order(atoms, allowed, relations, bound) {
        cost = estimate.with(slot, &known, cost);
        known.insert(slot);
    }
    cost.rows
}

/// Returns the order for a join of which only the variables that are needed are made and the others counted: each
/// variable comes before those that it makes independent of each other.
pub(crate) fn counting_order(bgp: &Bgp, relations: &[Relation<'_>]) -> Vec<usize> {
    let plain = order(&bgp.atoms, &bgp.allowed, relations, &bgp.bound);
    if plain.len() < 2 || plain.len() > ALL_ORDERS_MAX {
        return plain;
    }
    let estimate = Estimate::new(&bgp.atoms, &bgp.allowed, relations);
    let known: Slots = bgp.bound.iter().copied().collect();
    let (mut slots, mut work) = (Vec::new(), 0.0);
    for group in estimate.groups(&plain, &known) {
        let (cost, order) = estimate.tree(&group, &known, 1.0, &bgp.needed);
        work += cost;
        slots.extend(order);
    }
    match work.is_finite() {
        true => slots,
        false => plain,
    }
}

#[derive(Debug, Clone, Copy)]
struct Cost {
    rows: f64,
    work: f64,
}

impl Cost {
    fn total(self) -> f64 {
        self.work + self.rows
    }
}

struct Estimate<'a, 'r> {
    allowed: &'a [Allowed],
    relations: &'a [Relation<'r>],
    /// The patterns that each slot stands in.
    atoms_of: FxHashMap<usize, Vec<&'a Atom>>,
}

impl<'a, 'r> Estimate<'a, 'r> {
    fn new(atoms: &'a [Atom], allowed: &'a [Allowed], relations: &'a [Relation<'r>]) -> Self {
        let mut atoms_of: FxHashMap<usize, Vec<&Atom>> = FxHashMap::default();
        for atom in atoms {
            for slot in atom.slots() {
                atoms_of.entry(slot).or_default().push(atom);
            }
        }
        Self {
            allowed,
            relations,
            atoms_of,
        }
    }

    fn atoms(&self, slot: usize) -> impl Iterator<Item = &'a Atom> {
        self.atoms_of.get(&slot).into_iter().flatten().copied()
    }

    /// Returns the variables in groups that no pattern connects but by those that are known.
    fn groups(&self, slots: &[usize], known: &Slots) -> Vec<Vec<usize>> {
        let (mut groups, mut seen): (Vec<Vec<usize>>, _) = (Vec::new(), known.clone());
        for slot in slots {
            if !seen.insert(*slot) {
                continue;
            }
            let (mut group, mut next) = (vec![*slot], 0);
            while let Some(slot) = group.get(next).copied() {
                next += 1;
                let others = self.atoms(slot).flat_map(|atom| atom.slots());
                group.extend(others.filter(|other| seen.insert(*other)));
            }
            groups.push(group);
        }
        groups
    }

    /// Returns the cheapest order to count a group of variables, and how often the search looks at a number in it, for
    /// each of these rows.
    fn tree(&self, group: &[usize], known: &Slots, rows: f64, needed: &Slots) -> (f64, Vec<usize>) {
        if let [only] = group
            && !needed.contains(only)
            && self.atoms(*only).count() == 1
        {
            return (rows, vec![*only]);
        }
        let mut best = (f64::INFINITY, group.to_vec());
        for root in group {
            let cost = self.with(*root, known, Cost { rows, work: 0.0 });
            let mut inner = known.clone();
            inner.insert(*root);
            let rest: Vec<usize> = group.iter().copied().filter(|slot| slot != root).collect();
            let (mut work, mut order) = (cost.work, vec![*root]);
            for group in self.groups(&rest, &inner) {
                if work >= best.0 {
                    break;
                }
                let (more, slots) = self.tree(&group, &inner, cost.rows.max(1.0), needed);
                work += more;
                order.extend(slots);
            }
            if work < best.0 {
                best = (work, order);
            }
        }
        best
    }

    fn try_all(
        &self,
        slots: &[usize],
        (known, cost): &(Slots, Cost),
        so_far: &mut Vec<usize>,
        best: &mut (f64, Vec<usize>),
    ) {
        if so_far.len() == slots.len() {
            if cost.total() < best.0 {
                *best = (cost.total(), so_far.clone());
            }
            return;
        }
        for slot in &self.next(slots, known) {
            let next = self.with(*slot, known, *cost);
            if next.total() < best.0 {
                so_far.push(*slot);
                let mut known = known.clone();
                known.insert(*slot);
                self.try_all(slots, &(known, next), so_far, best);
                so_far.pop();
            }
        }
    }

    /// Returns the variables that the search can go on to: those that a pattern connects with what is known, if there
    /// are any. Others would make a product, which sizes alone make look cheap where they are small.
    fn next(&self, slots: &[usize], known: &Slots) -> Vec<usize> {
        let left = || slots.iter().filter(|slot| !known.contains(slot));
        let is_connected = |slot: &&usize| {
            let mut atoms = self.atoms(**slot);
            atoms.any(|atom| atom.slots().any(|other| known.contains(&other)))
        };
        let connected: Vec<usize> = left().filter(is_connected).copied().collect();
        match connected.is_empty() {
            true => left().copied().collect(),
            false => connected,
        }
    }

    /// Returns an order that starts with a variable and goes on with the cheapest one each time. O(n log n) for n
    /// patterns.
    fn greedy(
        &self,
        first: usize,
        slots: &[usize],
        (known, cost): &(Slots, Cost),
    ) -> (Cost, Vec<usize>) {
        let (mut known, mut cost) = (known.clone(), *cost);
        let mut found = Vec::with_capacity(slots.len());
        let places: FxHashMap<usize, usize> =
            (0..).zip(slots).map(|(at, slot)| (*slot, at)).collect();
        // Slots that a pattern connects with what is known, the cheapest on top; what they cost may have changed since.
        let mut heap = BinaryHeap::new();
        let mut latest: FxHashMap<usize, u64> = FxHashMap::default();
        let add =
            |slot: usize, known: &Slots, heap: &mut BinaryHeap<_>, latest: &mut FxHashMap<_, _>| {
                let weight = self.weight(slot, known).to_bits();
                if latest.insert(slot, weight) != Some(weight) {
                    heap.push(Reverse((weight, places[&slot])));
                }
            };
        for slot in self.next(slots, &known) {
            if !known.is_empty() {
                add(slot, &known, &mut heap, &mut latest);
            }
        }
        let mut next = Some(first);
        while let Some(slot) = next {
            cost = self.with(slot, &known, cost);
            known.insert(slot);
            found.push(slot);
            for other in self.atoms(slot).flat_map(|atom| atom.slots()) {
                if !known.contains(&other) {
                    add(other, &known, &mut heap, &mut latest);
                }
            }
            next = None;
            while let Some(Reverse((weight, place))) = heap.pop() {
                let slot = slots[place];
                if !known.contains(&slot) && latest.get(&slot) == Some(&weight) {
                    next = Some(slot);
                    break;
                }
            }
            if next.is_none() && found.len() < slots.len() {
                let left = slots.iter().filter(|slot| !known.contains(slot));
                next = left
                    .min_by_key(|slot| self.weight(**slot, &known).to_bits())
                    .copied();
            }
        }
        (cost, found)
    }

    /// Returns the cost that a variable adds to each row so far; never negative.
    fn weight(&self, slot: usize, known: &Slots) -> f64 {
        let one = Cost {
            rows: 1.0,
            work: 0.0,
        };
        self.with(slot, known, one).total()
    }

    /// Returns the cost after one more variable: the smallest list is read, the others are looked into.
    fn with(&self, slot: usize, known: &Slots, cost: Cost) -> Cost {
        let mut sizes: Vec<f64> = Vec::new();
        let mut domain = 1f64;
        for atom in self.atoms(slot) {
            let relation = &self.relations[atom.relation];
            let (mine, other) = match (atom.subject, atom.object) {
                (End::Slot(subject), other) if subject == slot => (Key::Subject, other),
                (other, End::Slot(object)) if object == slot => (Key::Object, other),
                _ => continue,
            };
            let theirs = mine.other();
            let all = relation.estimate(mine, |pairs| pairs.keys.len());
            let kept = relation.estimate(mine, |pairs| self.allowed(slot, pairs.keys));
            domain = domain.max(all);
            sizes.push(match other {
                End::Term(term) => relation.estimate(theirs, |pairs| pairs.values_of(term).len()),
                End::Slot(other) if known.contains(&other) => {
                    let keys = relation.estimate(theirs, |pairs| pairs.keys.len());
                    let fan = relation.estimate(theirs, |pairs| pairs.values.len()) / keys.max(1.0);
                    fan * kept / all.max(1.0)
                }
                End::Slot(_) => kept,
            });
        }
        sizes.sort_by(f64::total_cmp);
        let Some((least, others)) = sizes.split_first() else {
            return cost;
        };
        let mut each = 1.0;
        let mut found = *least;
        for size in others {
            each += 1.0 + (size / least.max(1e-9)).max(1.0).log2();
            found *= (size / domain).min(1.0);
        }
        Cost {
            work: cost.work + cost.rows * least.max(1.0) * each,
            rows: cost.rows * found,
        }
    }

    /// Returns how many of some keys are allowed for a slot.
    fn allowed(&self, slot: usize, keys: &[u32]) -> usize {
        let Some(allowed) = self.allowed.iter().find(|allowed| allowed.slot == slot) else {
            return keys.len();
        };
        let before = |number: u32| keys.partition_point(|key| *key < number);
        let kept = allowed
            .ranges
            .iter()
            .map(|range| before(range.end) - before(range.start));
        kept.sum()
    }
}
