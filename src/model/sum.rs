//! The sum of a set of edges: one rule for the picture, the tables and the analyses.
//!
//! # The rule
//! - Values are summed for each unit on its own. Units that convert at a fixed rate are one; currencies do not convert,
//!   and a rate per year is a unit of its own. Where an edge has several values in one unit, the interval that holds
//!   them all counts.
//! - Values of edges are not negative. A sum has a lower bound as soon as one of its terms has one, and an upper bound
//!   only if all of its terms do: "10" and "up to 4" are 10–14.
//! - An edge without a value adds nothing to a sum and is listed as unknown.
//! - A total and its parts count once. A part whose total is in the same set is left out, since its total has it
//!   already. A part that runs between other players, or in another family, is taken away from its total: of a round of 47
//!   with a part of 41 by one investor, 6 are left. The remainder is interval arithmetic, never below zero: "up to 47" less
//!   41 is "up to 6", and 47 less "at least 41" is "up to 6" too. A part that is parallel to its total but not in the set,
//!   as where only edges of some kinds or statuses are summed, takes nothing away.
//! - What is left of a total is no less than its parallel parts in the set are together: "up to 10" with a part of 3 is 3–10.
//! - Totals have totals: a part belongs to the nearest total above it that has a value in its unit.
//! - A part that has no value in the unit of its total cannot be taken away: its total goes on to include it, so that all
//!   together is still the total. The sum lists it, so that the output can say so.
//! - A part that does not count, because it is not on the board of the day or does not pass the filter, is not taken
//!   away: the total stands whole, so that what is visible still adds up to it. Where a total does not count, its parts
//!   belong to the nearest total above it that does.
//! - Totals that contain each other say nothing: each edge on such a circle counts on its own.

use crate::model::circles::on_circles;
use crate::model::quantity::Quantity;
use crate::model::unit::{Measure, Unit};
use std::collections::{BTreeMap, BTreeSet};

/// Which edges are parts of which totals, among the edges that count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Totals<E> {
    total_of: BTreeMap<E, E>,
    parts_of: BTreeMap<E, Vec<E>>,
}

impl<E> Default for Totals<E> {
    fn default() -> Self {
        Self {
            total_of: BTreeMap::new(),
            parts_of: BTreeMap::new(),
        }
    }
}

impl<E: Ord + Copy> Totals<E> {
    /// Resolves what is stated of parts, as pairs of a part and its total, to the edges that count.
    ///
    /// O(t log t) for t pairs.
    pub(crate) fn new(stated: &BTreeMap<E, E>, counts: impl Fn(E) -> bool) -> Self {
        let on_circles = on_circles(stated.iter().map(|(part, total)| (*part, *total)));
        let mut nearest: BTreeMap<E, Option<E>> = BTreeMap::new();
        let mut totals = Self::default();
        for part in stated.keys().copied().filter(|part| counts(*part)) {
            let mut path = Vec::new();
            let mut at = part;
            let found = loop {
                if let Some(known) = nearest.get(&at) {
                    break *known;
                }
                path.push(at);
                match stated.get(&at).filter(|_| !on_circles.contains(&at)) {
                    None => break None,
                    Some(total) if counts(*total) => break Some(*total),
                    Some(total) => at = *total,
                }
            };
            nearest.extend(path.into_iter().map(|edge| (edge, found)));
            if let Some(total) = found {
                totals.total_of.insert(part, total);
                totals.parts_of.entry(total).or_default().push(part);
            }
        }
        totals
    }

    /// Returns the nearest total that an edge is a part of.
    pub(crate) fn total_of(&self, edge: E) -> Option<E> {
        self.total_of.get(&edge).copied()
    }

    /// Returns the totals by part.
    pub(crate) fn by_part(&self) -> &BTreeMap<E, E> {
        &self.total_of
    }

    /// Returns the edges of which this one is the nearest total.
    pub(crate) fn parts_of(&self, edge: E) -> &[E] {
        self.parts_of.get(&edge).map_or(&[], Vec::as_slice)
    }

    /// Returns the parts of an edge, and their parts.
    pub(crate) fn parts(&self, edge: E) -> Vec<E> {
        let mut found = self.parts_of(edge).to_vec();
        let mut next = 0;
        while let Some(part) = found.get(next) {
            let more = self.parts_of(*part);
            found.extend(more);
            next += 1;
        }
        found
    }

    /// Returns whether an edge is a part or a total.
    fn concern(&self, edge: E) -> bool {
        self.total_of.contains_key(&edge) || self.parts_of.contains_key(&edge)
    }
}

/// The sum of some edges in one unit, and what it is made of.
#[derive(Debug, Clone, PartialEq)]
pub struct Sum<E> {
    /// The sum.
    pub quantity: Quantity,
    /// The sum before parts that run elsewhere were taken away, where any were.
    pub whole: Option<Quantity>,
    /// The edges that are summed, without parts whose total is among them.
    pub edges: Vec<E>,
    /// The parts that run elsewhere and are taken away.
    pub parts: Vec<E>,
    /// The parts that run elsewhere and are included, since they have no value in the unit.
    pub included: Vec<E>,
}

/// The sums of some edges, by unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Sums<E> {
    /// The sum in each unit.
    pub by_unit: BTreeMap<Unit, Sum<E>>,
    /// The edges without a value, except parts of a total that is summed.
    pub unknown: Vec<E>,
}

/// What a sum has to know about edges.
pub(crate) trait Edges<E> {
    /// Returns the values of an edge in one measure, or in all.
    fn values(&self, edge: E, measure: Option<Measure>) -> impl Iterator<Item = Quantity>;

    /// Returns whether two edges run from the same player to the same player, in the same family.
    fn are_parallel(&self, one: E, other: E) -> bool;
}

/// Returns the sums of some edges, each given once, in one measure or in all, with what they are made of.
///
/// O(n log n) for n edges and parts of them, times the depth of
/// totals in totals.
pub(crate) fn sums<E: Ord + Copy>(
    board: &impl Edges<E>,
    totals: &Totals<E>,
    edges: &[E],
    measure: Option<Measure>,
) -> Sums<E> {
    let mut by_unit: BTreeMap<Unit, Sum<E>> = BTreeMap::new();
    let unknown = for_each_term(board, totals, edges, measure, |edge, value, left, parts| {
        let is_less = parts.iter().any(|part| part.value.is_some());
        let sum = by_unit.entry(value.unit).or_insert_with(|| Sum {
            quantity: left,
            whole: None,
            edges: Vec::new(),
            parts: Vec::new(),
            included: Vec::new(),
        });
        let before = sum.whole.unwrap_or(sum.quantity);
        if sum.edges.is_empty() {
            sum.whole = is_less.then_some(value);
        } else {
            sum.quantity = sum.quantity.add_non_negative(&left);
            sum.whole = (is_less || sum.whole.is_some()).then(|| before.add_non_negative(&value));
        }
        sum.edges.push(edge);
        for part in parts {
            match part.value {
                Some(_) => sum.parts.push(part.edge),
                None => sum.included.push(part.edge),
            }
        }
    });
    Sums { by_unit, unknown }
}

/// Returns the quantities of [`sums`] in one measure, without what they are made of.
pub(crate) fn quantities<E: Ord + Copy>(
    board: &impl Edges<E>,
    totals: &Totals<E>,
    edges: &[E],
    measure: Measure,
) -> BTreeMap<Unit, Quantity> {
    let mut sums: BTreeMap<Unit, Quantity> = BTreeMap::new();
    for_each_term(board, totals, edges, Some(measure), |_, value, left, _| {
        sums.entry(value.unit)
            .and_modify(|sum| *sum = sum.add_non_negative(&left))
            .or_insert(left);
    });
    sums
}

/// Returns for each unit the least interval that holds all values in it, in base units, sorted by unit.
pub(crate) fn hulls(values: impl IntoIterator<Item = Quantity>) -> Vec<Quantity> {
    let mut hulls: Vec<Quantity> = Vec::with_capacity(1);
    for value in values {
        let value = value.in_base_unit();
        match hulls.iter_mut().find(|hull| hull.unit == value.unit) {
            // Quantities in one unit have a hull.
            Some(hull) => *hull = hull.hull(&value).unwrap_or(*hull),
            None => hulls.push(value),
        }
    }
    hulls.sort_by_key(|hull| hull.unit);
    hulls
}

/// A part of a summed total that runs elsewhere.
struct Part<E> {
    edge: E,
    /// Its value in the unit of the total.
    value: Option<Quantity>,
}

/// Visits the terms of the sums of some edges: each with its value, what is left of it, and its parts that run elsewhere;
/// returns the edges that have no value, nor a total among the terms.
fn for_each_term<E: Ord + Copy>(
    board: &impl Edges<E>,
    totals: &Totals<E>,
    edges: &[E],
    measure: Option<Measure>,
    mut visit: impl FnMut(E, Quantity, Quantity, &[Part<E>]),
) -> Vec<E> {
    let concern = |edge: &E| totals.concern(*edge);
    let set = edges.iter().any(concern).then(|| Set {
        board,
        totals,
        members: edges.iter().copied().collect(),
    });
    let mut parts = Vec::new();
    let mut unknown = Vec::new();
    for edge in edges {
        let is_known = for_each_hull(board.values(*edge, measure), |value| match &set {
            None => visit(*edge, value, value, &[]),
            Some(set) if set.is_in_total(*edge, |total| set.value(total, value.unit).is_some()) => {
            }
            Some(set) => {
                parts.clear();
                set.parts_elsewhere(*edge, value.unit, &mut parts);
                let left = set.no_less_than_parts(*edge, remainder(value, &parts));
                visit(*edge, value, left, &parts);
            }
        });
        let is_in_total = |set: &Set<'_, E, _>| {
            set.is_in_total(*edge, |total| board.values(total, measure).next().is_some())
        };
        if !is_known && !set.as_ref().is_some_and(is_in_total) {
            unknown.push(*edge);
        }
    }
    unknown
}

/// Calls a function with the hull of each unit; returns whether there is any. Most edges have one value.
fn for_each_hull(
    values: impl IntoIterator<Item = Quantity>,
    mut call: impl FnMut(Quantity),
) -> bool {
    let mut values = values.into_iter();
    let Some(first) = values.next() else {
        return false;
    };
    match values.next() {
        None => call(first.in_base_unit()),
        Some(second) => hulls([first, second].into_iter().chain(values))
            .into_iter()
            .for_each(call),
    }
    true
}

/// Edges that are summed, and the board that they are on.
struct Set<'a, E, B> {
    board: &'a B,
    totals: &'a Totals<E>,
    members: BTreeSet<E>,
}

impl<E: Ord + Copy, B: Edges<E>> Set<'_, E, B> {
    /// Returns the value of an edge in a unit.
    fn value(&self, edge: E, unit: Unit) -> Option<Quantity> {
        let hulls = hulls(self.board.values(edge, Some(unit.measure())));
        hulls.into_iter().find(|hull| hull.unit == unit)
    }

    /// Returns whether the nearest total that has a value is in the set; those parallel to the edge and not in the set
    /// are passed over.
    fn is_in_total(&self, edge: E, has_value: impl Fn(E) -> bool) -> bool {
        let above = std::iter::successors(self.totals.total_of(edge), |total| {
            self.totals.total_of(*total)
        });
        above
            .filter(|total| self.members.contains(total) || !self.board.are_parallel(edge, *total))
            .find(|total| has_value(*total))
            .is_some_and(|total| self.members.contains(&total))
    }

    /// Returns what is left of a total, whose parallel parts in the set are in it: it is no less than they are together.
    fn no_less_than_parts(&self, edge: E, left: Quantity) -> Quantity {
        let mut ahead = vec![edge];
        let mut least = Vec::new();
        while let Some(total) = ahead.pop() {
            for part in self.totals.parts_of(total) {
                let value = self.value(*part, left.unit);
                let is_own = self.members.contains(part) && self.board.are_parallel(edge, *part);
                match value.filter(|_| is_own) {
                    Some(value) => least.extend(value.lower),
                    None => ahead.push(*part),
                }
            }
        }
        // The rounding of a sum depends on the order of its terms, which must not depend on the names of edges.
        least.sort_by(f64::total_cmp);
        let least: f64 = least.iter().sum();
        // Parts above the whole are a contradiction, and none of the two is right.
        let is_within = left.upper.is_none_or(|upper| least <= upper);
        match least > left.lower.unwrap_or(0.0) && is_within {
            true => Quantity {
                lower: Some(least),
                lower_exclusive: false,
                ..left
            },
            false => left,
        }
    }

    /// Finds the parts of an edge that run elsewhere: those nearest to it that have a value in the unit, and those on the
    /// way to them that do not.
    fn parts_elsewhere(&self, edge: E, unit: Unit, found: &mut Vec<Part<E>>) {
        let mut ahead = vec![edge];
        while let Some(total) = ahead.pop() {
            for part in self.totals.parts_of(total) {
                if self.members.contains(part) || self.board.are_parallel(edge, *part) {
                    ahead.push(*part);
                    continue;
                }
                let value = self.value(*part, unit);
                if value.is_none() {
                    ahead.push(*part);
                }
                found.push(Part { edge: *part, value });
            }
        }
        found.sort_by_key(|part| part.edge);
    }
}

/// Returns what is left of a value without a part of it in the same unit, never below zero; the value itself without such a
/// part.
pub(crate) fn without_part(value: Quantity, part: Quantity) -> Quantity {
    let part = part.in_base_unit();
    match part.unit == value.in_base_unit().unit {
        true => remainder(
            value.in_base_unit(),
            &[Part {
                edge: (),
                value: Some(part),
            }],
        ),
        false => value,
    }
}

/// Returns what is left of a value without parts of it, never below zero.
fn remainder<E>(value: Quantity, parts: &[Part<E>]) -> Quantity {
    let mut away: Vec<Quantity> = parts.iter().filter_map(|part| part.value).collect();
    // The rounding of a sum depends on the order of its terms, which must not depend on the names of edges.
    let bounds = |q: &Quantity| (q.lower.unwrap_or(0.0), q.upper.unwrap_or(f64::INFINITY));
    away.sort_by(|a, b| {
        let (a, b) = (bounds(a), bounds(b));
        a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1))
    });
    let sum = away
        .into_iter()
        .reduce(|sum, part| sum.add_non_negative(&part));
    let Some(sum) = sum else { return value };
    let at_least = Quantity {
        lower: Some(sum.lower.unwrap_or(0.0).max(0.0)),
        ..sum
    };
    // Both are in the base unit.
    let left = value.subtract(&at_least).unwrap_or(value);
    Quantity {
        lower: left.lower.map(|bound| bound.max(0.0)),
        upper: left.upper.map(|bound| bound.max(0.0)),
        ..left
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A round of 47 with a part of 41, between other players.
    struct Round;

    impl Edges<u32> for Round {
        fn values(&self, edge: u32, _: Option<Measure>) -> impl Iterator<Item = Quantity> {
            [Quantity::exact(
                if edge == 1 { 47.0 } else { 41.0 },
                Unit::USD,
            )]
            .into_iter()
        }

        fn are_parallel(&self, one: u32, other: u32) -> bool {
            one == other
        }
    }

    #[test]
    fn a_part_counts_once() {
        let totals = Totals::new(&[(2, 1)].into(), |_| true);
        let left = sums(&Round, &totals, &[1], None);
        assert_eq!(left.by_unit[&Unit::USD].quantity.point(), Some(6.0));
        let both = sums(&Round, &totals, &[1, 2], None);
        assert_eq!(both.by_unit[&Unit::USD].quantity.point(), Some(47.0));
    }

    #[test]
    fn a_part_belongs_to_the_nearest_total_that_counts() {
        let stated = [(3, 2), (2, 1)].into();
        let totals = Totals::new(&stated, |edge| edge != 2);
        assert_eq!(totals.total_of(3), Some(1));
    }
}
