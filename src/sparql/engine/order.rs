//! The order of the variables of a join, by estimates from exact sizes.

use crate::sparql::engine::join::{Allowed, Atom, End};
use crate::sparql::engine::relation::Relation;

/// Up to so many variables, all orders are compared; more are ordered greedily.
const ALL_ORDERS_MAX: usize = 6;

/// The variables that are not bound yet, in the order in which the join should search.
pub(crate) fn order(
    atoms: &[Atom],
    allowed: &[Allowed],
    relations: &[Relation<'_>],
    bound: &[usize],
) -> Vec<usize> {
    let mut slots = Vec::new();
    for slot in atoms.iter().flat_map(|atom| atom.slots()) {
        if !bound.contains(&slot) && !slots.contains(&slot) {
            slots.push(slot);
        }
    }
    let estimate = Estimate {
        atoms,
        allowed,
        relations,
    };
    let start = (
        bound.to_vec(),
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
    // Greedily from each variable that the search can start with.
    let starts = estimate.next(&slots, &start.0);
    let orders = starts
        .iter()
        .map(|first| estimate.greedy(*first, &slots, &start));
    let best = orders.min_by(|(left, _), (right, _)| left.total().total_cmp(&right.total()));
    best.map(|(_, order)| order).unwrap_or_default()
}

/// How many rows the whole join has, roughly.
pub(crate) fn rows(
    atoms: &[Atom],
    allowed: &[Allowed],
    relations: &[Relation<'_>],
    bound: &[usize],
) -> f64 {
    let estimate = Estimate {
        atoms,
        allowed,
        relations,
    };
    let (mut known, mut cost) = (
        bound.to_vec(),
        Cost {
            rows: 1.0,
            work: 0.0,
        },
    );
    for slot in order(atoms, allowed, relations, bound) {
        cost = estimate.with(slot, &known, cost);
        known.push(slot);
    }
    cost.rows
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
    atoms: &'a [Atom],
    allowed: &'a [Allowed],
    relations: &'a [Relation<'r>],
}

impl Estimate<'_, '_> {
    fn try_all(
        &self,
        slots: &[usize],
        (known, cost): &(Vec<usize>, Cost),
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
                let known = [&known[..], &[*slot]].concat();
                self.try_all(slots, &(known, next), so_far, best);
                so_far.pop();
            }
        }
    }

    /// The variables that the search can go on to: those that a pattern connects with what is known, if there are any.
    /// Others would make a product, which sizes alone make look cheap where they are small.
    fn next(&self, slots: &[usize], known: &[usize]) -> Vec<usize> {
        let left = || slots.iter().filter(|slot| !known.contains(slot));
        let is_connected = |slot: &&usize| {
            self.atoms.iter().any(|atom| {
                let mut slots = atom.slots();
                slots.any(|other| other == **slot)
                    && atom.slots().any(|other| known.contains(&other))
            })
        };
        let connected: Vec<usize> = left().filter(is_connected).copied().collect();
        match connected.is_empty() {
            true => left().copied().collect(),
            false => connected,
        }
    }

    /// An order that starts with a variable and goes on with the cheapest one each time.
    fn greedy(
        &self,
        first: usize,
        slots: &[usize],
        (known, cost): &(Vec<usize>, Cost),
    ) -> (Cost, Vec<usize>) {
        let (mut known, mut cost) = (known.clone(), *cost);
        let mut found = Vec::new();
        let mut next = Some((first, self.with(first, &known, cost)));
        while let Some((slot, with)) = next {
            cost = with;
            known.push(slot);
            found.push(slot);
            let left = self.next(slots, &known).into_iter();
            next = left
                .map(|slot| (slot, self.with(slot, &known, cost)))
                .min_by(|(_, left), (_, right)| left.total().total_cmp(&right.total()));
        }
        (cost, found)
    }

    /// The cost with one variable more: the smallest list is read, the others are looked into.
    fn with(&self, slot: usize, known: &[usize], cost: Cost) -> Cost {
        let mut sizes: Vec<f64> = Vec::new();
        let mut domain = 1f64;
        for atom in self.atoms {
            let relation = &self.relations[atom.relation];
            let (by_subject, by_object) = (relation.by_subject(), relation.by_object());
            let (mine, theirs, other) = match (atom.subject, atom.object) {
                (End::Slot(subject), other) if subject == slot => (by_subject, by_object, other),
                (other, End::Slot(object)) if object == slot => (by_object, by_subject, other),
                _ => continue,
            };
            let (all, kept) = self.keys(slot, mine.keys);
            domain = domain.max(all);
            sizes.push(match other {
                End::Term(term) => theirs.values_of(term).len() as f64,
                End::Slot(other) if known.contains(&other) => {
                    let fan = relation.len() as f64 / (theirs.keys.len() as f64).max(1.0);
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

    /// How many keys there are, and how many of them are allowed for a slot.
    fn keys(&self, slot: usize, keys: &[u32]) -> (f64, f64) {
        let all = keys.len() as f64;
        let Some(allowed) = self.allowed.iter().find(|allowed| allowed.slot == slot) else {
            return (all, all);
        };
        let before = |number: u32| keys.partition_point(|key| *key < number);
        let kept = allowed
            .ranges
            .iter()
            .map(|range| before(range.end) - before(range.start));
        (all, kept.sum::<usize>() as f64)
    }
}
