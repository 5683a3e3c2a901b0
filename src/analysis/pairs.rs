//! What lies between each two players in one unit, and what each player has in all.

use crate::analysis::concentration::{Bounds, Excluded, Whole};
use crate::analysis::position::Lens;
use crate::model::quantity::Quantity;
use crate::model::unit::{Measure, Unit};
use std::collections::BTreeMap;

/// Values from sources to targets, by target and in it by source.
///
/// 24 bytes for each pair that has a value, and 4 for each player; 96 more for each player with [`Wholes`].
#[derive(Debug, Clone, Default)]
pub(crate) struct Pairs {
    /// Where each target's pairs begin; one more entry than there are players.
    offsets: Vec<u32>,
    sources: Vec<u32>,
    /// Minus infinity where the bound is open.
    lower: Vec<f64>,
    /// Infinity where the bound is open.
    upper: Vec<f64>,
    approximate: Vec<bool>,
    excluded: Vec<Excluded>,
    /// Whether an edge of the pair has no value at all, so that there may be more than is stated.
    is_partial: Vec<bool>,
}

/// What each player has in all.
#[derive(Debug, Clone)]
pub(crate) struct Wholes {
    /// What comes in.
    pub(crate) inward: Vec<Whole>,
    /// What goes out.
    pub(crate) outward: Vec<Whole>,
}

/// Returns the values of the edges for which `keep` holds, by unit; an edge to its own source is between nobody.
///
/// Totals and their parts count once; see [`crate::model::sum`].
///
/// O(n + m log m).
pub(crate) fn pairs(
    lens: Lens<'_>,
    measure: Measure,
    keep: impl Fn(u32) -> bool,
) -> BTreeMap<Unit, Pairs> {
    let graph = &lens.network.graph;
    let mut all: BTreeMap<Unit, Pairs> = BTreeMap::new();
    if !lens.network.columns.has_values(measure) {
        return all;
    }
    let mut edges: Vec<(u32, u32)> = Vec::new();
    let mut legs: Vec<u32> = Vec::new();
    for target in 0..graph.node_count() {
        edges.clear();
        let into = graph.in_edges(target).iter().zip(graph.sources_of(target));
        edges.extend(
            into.map(|(edge, source)| (*edge, *source))
                .filter(|(edge, source)| *source != target && lens.keeps(*edge) && keep(*edge)),
        );
        for between in edges.chunk_by(|a, b| a.1 == b.1) {
            legs.clear();
            legs.extend(between.iter().map(|(edge, _)| *edge));
            let is_partial = measure == Measure::Amount && legs.iter().any(|e| lens.is_silent(*e));
            for (unit, value) in lens.quantities(&legs, measure) {
                let pairs = all.entry(unit).or_default();
                pairs.push(target, between[0].1, &value, is_partial);
            }
        }
    }
    for pairs in all.values_mut() {
        pairs.finish(graph.node_count());
    }
    all
}

/// Returns how many of the edges for which `keep` holds lie between each two players.
pub(crate) fn counts(lens: Lens<'_>, keep: impl Fn(u32) -> bool) -> Pairs {
    let graph = &lens.network.graph;
    let mut counts = Pairs::default();
    for target in 0..graph.node_count() {
        let into = graph.in_edges(target).iter().zip(graph.sources_of(target));
        let mut last: Option<(u32, f64)> = None;
        for (edge, source) in into {
            if *source == target || !lens.keeps(*edge) || !keep(*edge) {
                continue;
            }
            last = match last {
                Some((same, count)) if same == *source => Some((same, count + 1.0)),
                other => {
                    counts.push_count(target, other);
                    Some((*source, 1.0))
                }
            };
        }
        counts.push_count(target, last);
    }
    counts.finish(graph.node_count());
    counts
}

impl Pairs {
    fn push(&mut self, target: u32, source: u32, value: &Quantity, is_partial: bool) {
        self.push_bounds(
            target,
            source,
            (
                value.lower.unwrap_or(f64::NEG_INFINITY),
                value.upper.unwrap_or(f64::INFINITY),
            ),
            value.approximate,
            [value.lower_exclusive, value.upper_exclusive],
        );
        self.is_partial.push(is_partial);
    }

    fn push_count(&mut self, target: u32, pair: Option<(u32, f64)>) {
        if let Some((source, count)) = pair {
            self.push_bounds(target, source, (count, count), false, [false; 2]);
            self.is_partial.push(false);
        }
    }

    /// Adds a pair; targets come in ascending order, and the sources of each.
    fn push_bounds(
        &mut self,
        target: u32,
        source: u32,
        (lower, upper): Bounds,
        approximate: bool,
        excluded: Excluded,
    ) {
        self.offsets
            .resize(target as usize + 1, self.sources.len() as u32);
        self.sources.push(source);
        self.lower.push(lower);
        self.upper.push(upper);
        self.approximate.push(approximate);
        self.excluded.push(excluded);
    }

    fn finish(&mut self, nodes: u32) {
        self.offsets
            .resize(nodes as usize + 1, self.sources.len() as u32);
    }

    /// Returns what each player has in all. O(n) for n pairs and players.
    pub(crate) fn wholes(&self) -> Wholes {
        let nodes = self.offsets.len() - 1;
        let mut wholes = Wholes {
            inward: vec![Whole::default(); nodes],
            outward: vec![Whole::default(); nodes],
        };
        for target in 0..nodes as u32 {
            for place in self.places_into(target) {
                let (bounds, headline) = (self.bounds(place), self.headline(place));
                let excluded = self.excluded(place);
                wholes.inward[target as usize].add(bounds, excluded, headline);
                wholes.outward[self.sources[place] as usize].add(bounds, excluded, headline);
            }
        }
        wholes
    }

    /// Returns how many pairs have a value.
    pub(crate) fn count(&self) -> usize {
        self.sources.len()
    }

    /// Returns the places of the pairs of a target.
    pub(crate) fn places_into(&self, target: u32) -> std::ops::Range<usize> {
        self.offsets[target as usize] as usize..self.offsets[target as usize + 1] as usize
    }

    /// Returns the place of a pair.
    pub(crate) fn find(&self, source: u32, target: u32) -> Option<usize> {
        let places = self.places_into(target);
        let found = self.sources[places.clone()].binary_search(&source).ok()?;
        Some(places.start + found)
    }

    /// Returns the source of a pair.
    pub(crate) fn source(&self, place: usize) -> u32 {
        self.sources[place]
    }

    /// Returns the value of a pair, as far as it is stated.
    pub(crate) fn quantity(&self, place: usize, unit: Unit) -> Quantity {
        let bound = |bound: f64| Some(bound).filter(|bound| bound.is_finite());
        Quantity {
            lower: bound(self.lower[place]),
            upper: bound(self.upper[place]),
            unit,
            approximate: self.approximate[place],
            lower_exclusive: self.excluded[place][0],
            upper_exclusive: self.excluded[place][1],
        }
    }

    /// Returns whether there may be more between a pair than is stated, since an edge has no value at all.
    pub(crate) fn is_partial(&self, place: usize) -> bool {
        self.is_partial[place]
    }

    /// Returns which bounds of a pair are excluded.
    pub(crate) fn excluded(&self, place: usize) -> Excluded {
        let [lower, upper] = self.excluded[place];
        [lower, upper && !self.is_partial[place]]
    }

    /// Returns the bounds of a pair, none of them below zero; what is not stated may be anything.
    pub(crate) fn bounds(&self, place: usize) -> Bounds {
        let upper = match self.is_partial[place] {
            true => f64::INFINITY,
            false => self.upper[place].max(0.0),
        };
        (self.lower[place].max(0.0), upper)
    }

    /// Returns the value of a pair as headlines have it, not below zero.
    pub(crate) fn headline(&self, place: usize) -> f64 {
        let headline = match (self.lower[place].is_finite(), self.upper[place].is_finite()) {
            (true, true) => f64::midpoint(self.lower[place], self.upper[place]),
            (true, false) => self.lower[place],
            (false, true) => self.upper[place],
            (false, false) => 0.0,
        };
        headline.max(0.0)
    }
}
