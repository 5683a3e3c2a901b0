//! One side of one player: its rows, and what is missing from them.

use crate::analysis::concentration::{self, Whole, herfindahl};
use crate::analysis::dependence::{
    Bases, Dependence, DependenceBasis, DependenceReport, DependenceSide, Figure, ListedByParts,
    MissingBase, belongs,
};
use crate::analysis::pairs::{Pairs, Wholes};
use crate::analysis::position::Lens;
use crate::model::time::Day;
use crate::model::unit::Measure;
use oxigraph::model::NamedNode;

/// A counterparty, and the place of its pair.
type Member = (u32, usize);

/// One side of one player.
pub(super) struct SideView<'a> {
    pub(super) lens: Lens<'a>,
    pub(super) day: Option<Day>,
    pub(super) player: u32,
    pub(super) side: DependenceSide,
    pub(super) bases: &'a Bases,
}

impl SideView<'_> {
    fn name(&self, node: u32) -> NamedNode {
        self.lens.network.player(node)
    }

    /// Adds the rows of the side to the report, and what is missing from it.
    pub(super) fn add(&self, basis: Option<Option<Measure>>, report: &mut DependenceReport) {
        let mut has_rows = false;
        let edges = self.bases.get(&DependenceBasis::Edges);
        let Some(all) = edges.map(|(pairs, _)| self.members(pairs)) else {
            return;
        };
        for (wanted, (pairs, wholes)) in self.bases {
            let is_wanted = match (wanted, basis) {
                (DependenceBasis::Edges, None) => !has_rows,
                (DependenceBasis::In(_), None) => true,
                (DependenceBasis::Edges, Some(measure)) => measure.is_none(),
                (DependenceBasis::In(unit), Some(measure)) => measure == Some(unit.measure()),
            };
            if !is_wanted || all.is_empty() {
                continue;
            }
            let mut members = self.members(pairs);
            members.retain(|(other, place)| {
                pairs.bounds(*place).1 > 0.0 || !self.is_listed_by_parts(*wanted, *other, report)
            });
            if members
                .iter()
                .any(|(_, place)| pairs.bounds(*place).1 > 0.0)
            {
                has_rows = true;
                self.rows(*wanted, (pairs, wholes), (&all, &members), report);
                self.missing(*wanted, &all, &members, report);
                self.partial(*wanted, pairs, &members, report);
            }
        }
    }

    /// Returns the counterparties and the places of their pairs, ascending.
    fn members(&self, pairs: &Pairs) -> Vec<Member> {
        if self.side.is_inward() {
            let places = pairs.places_into(self.player);
            return places.map(|place| (pairs.source(place), place)).collect();
        }
        let mut targets = self.lens.network.graph.targets_of(self.player).to_vec();
        targets.dedup();
        let found = |target: u32| Some((target, pairs.find(self.player, target)?));
        targets.into_iter().filter_map(found).collect()
    }

    fn rows(
        &self,
        basis: DependenceBasis,
        (pairs, wholes): (&Pairs, &Wholes),
        (all, members): (&[Member], &[Member]),
        report: &mut DependenceReport,
    ) {
        let (own, mirror) = match self.side.is_inward() {
            true => (&wholes.inward, &wholes.outward),
            false => (&wholes.outward, &wholes.inward),
        };
        let own = &own[self.player as usize];
        let Some(herfindahl) = concentration(pairs, members) else {
            return;
        };
        // Totals are listed seldom: mostly there is nothing to compare.
        let counterparties = match report.listed_by_parts.is_empty() {
            true => all.len(),
            false => all
                .iter()
                .filter(|(other, _)| !self.is_listed(&self.name(*other), report))
                .count(),
        };
        let mut rows: Vec<_> = members
            .iter()
            .map(|(other, place)| {
                let share = share_of(own, pairs, *place);
                let mirror = &mirror[*other as usize];
                Dependence {
                    day: self.day,
                    player: self.name(self.player),
                    side: self.side,
                    counterparty: self.name(*other),
                    basis,
                    value: match basis {
                        DependenceBasis::In(unit) => Some(pairs.quantity(*place, unit)),
                        DependenceBasis::Edges => None,
                    },
                    share,
                    herfindahl,
                    asymmetry: asymmetry(own, mirror, pairs, *place),
                    known: members.len() as u32,
                    counterparties: counterparties.max(members.len()) as u32,
                    edges: self.edges(basis, *other),
                }
            })
            .collect();
        rows.sort_by(|a, b| {
            let by_share = b.share.headline.total_cmp(&a.share.headline);
            by_share.then_with(|| a.counterparty.cmp(&b.counterparty))
        });
        report.rows.extend(rows);
    }

    /// Returns the edges between the player and a counterparty that have a value in the basis, and the parts of them
    /// that are taken away since they run elsewhere.
    fn edges(&self, basis: DependenceBasis, other: u32) -> Vec<NamedNode> {
        let (source, target) = match self.side.is_inward() {
            true => (other, self.player),
            false => (self.player, other),
        };
        let lens = self.lens;
        let mut found = self.between(source, target);
        if let DependenceBasis::In(unit) = basis {
            let sum = lens.sums(&found, unit.measure()).by_unit.remove(&unit);
            found.retain(|edge| {
                let mut values = lens.network.columns.values_of(*edge, Some(unit.measure()));
                values.any(|value| value.in_base_unit().unit == unit)
            });
            found.extend(sum.into_iter().flat_map(|sum| sum.parts));
        }
        let mut edges: Vec<_> = found
            .into_iter()
            .map(|edge| lens.network.id(edge))
            .collect();
        edges.sort();
        edges
    }

    /// Returns whether nothing is left of a total since its parts run elsewhere; if so, the report lists it.
    fn is_listed_by_parts(
        &self,
        basis: DependenceBasis,
        other: u32,
        report: &mut DependenceReport,
    ) -> bool {
        let DependenceBasis::In(unit) = basis else {
            return false;
        };
        let (source, target) = match self.side.is_inward() {
            true => (other, self.player),
            false => (self.player, other),
        };
        let between = self.between(source, target);
        let sums = self.lens.sums(&between, unit.measure());
        let Some(sum) = sums.by_unit.get(&unit).filter(|sum| sum.whole.is_some()) else {
            return false;
        };
        let mut parts: Vec<_> = sum
            .parts
            .iter()
            .map(|edge| self.lens.network.id(*edge))
            .collect();
        parts.sort();
        report.listed_by_parts.push(ListedByParts {
            day: self.day,
            player: self.name(self.player),
            side: self.side,
            counterparty: self.name(other),
            parts,
        });
        true
    }

    /// Returns whether the report lists a counterparty by the parts of its total.
    fn is_listed(&self, counterparty: &NamedNode, report: &DependenceReport) -> bool {
        report.listed_by_parts.iter().any(|total| {
            total.counterparty == *counterparty
                && (total.day, total.side) == (self.day, self.side)
                && total.player == self.name(self.player)
        })
    }

    /// Returns the edges of the side that run from one player to another.
    fn between(&self, source: u32, target: u32) -> Vec<u32> {
        let lens = self.lens;
        lens.network
            .graph
            .edges_between(source, target)
            .filter(|edge| lens.keeps(*edge) && belongs(lens, *edge, self.side.is_supply()))
            .collect()
    }

    fn partial(
        &self,
        basis: DependenceBasis,
        pairs: &Pairs,
        members: &[Member],
        report: &mut DependenceReport,
    ) {
        let partial = members.iter().filter(|(_, place)| pairs.is_partial(*place));
        let counterparties: Vec<_> = partial.map(|(node, _)| self.name(*node)).collect();
        if !counterparties.is_empty() {
            report.partial.push(MissingBase {
                day: self.day,
                player: self.name(self.player),
                side: self.side,
                basis,
                counterparties,
            });
        }
    }

    fn missing(
        &self,
        basis: DependenceBasis,
        all: &[Member],
        members: &[Member],
        report: &mut DependenceReport,
    ) {
        let is_there = |node: u32| {
            members
                .binary_search_by_key(&node, |(other, _)| *other)
                .is_ok()
        };
        let counterparties: Vec<_> = all
            .iter()
            .filter(|(node, _)| !is_there(*node))
            .map(|(node, _)| self.name(*node))
            .filter(|name| !self.is_listed(name, report))
            .collect();
        if !counterparties.is_empty() {
            report.missing.push(MissingBase {
                day: self.day,
                player: self.name(self.player),
                side: self.side,
                basis,
                counterparties,
            });
        }
    }
}

/// Returns the part that a pair has in a whole.
fn share_of(whole: &Whole, pairs: &Pairs, place: usize) -> Figure {
    let (bounds, excluded) = (pairs.bounds(place), pairs.excluded(place));
    Figure::new(
        whole.headline_share(pairs.headline(place)),
        whole.share(bounds),
        whole.share_excluded(bounds, excluded),
    )
}

/// Returns the part that a pair has in one whole, less the part that it has in the other.
fn asymmetry(own: &Whole, mirror: &Whole, pairs: &Pairs, place: usize) -> Figure {
    let value = pairs.bounds(place);
    let headline = share_of(own, pairs, place).headline - share_of(mirror, pairs, place).headline;
    let bounds = concentration::asymmetry(value, own.others(value), mirror.others(value));
    Figure::new(headline, bounds, [false; 2])
}

fn concentration(pairs: &Pairs, members: &[Member]) -> Option<Figure> {
    let bounds: Vec<_> = members
        .iter()
        .map(|(_, place)| pairs.bounds(*place))
        .collect();
    let headlines: Vec<_> = members
        .iter()
        .map(|(_, place)| (pairs.headline(*place), pairs.headline(*place)))
        .collect();
    let bounds = herfindahl(&bounds)?;
    let headline = herfindahl(&headlines).map_or(bounds.0, |index| index.0);
    Some(Figure::new(headline, bounds, [false; 2]))
}
