//! Dependence: who could do without whom?

mod entry;

pub use entry::ANALYSIS;

use crate::analysis::concentration::{self, Excluded, Whole, herfindahl};
use crate::analysis::error::AnalysisError;
use crate::analysis::pairs::{Pairs, Wholes, counts, pairs};
use crate::analysis::position::{Lens, Position};
use crate::model::name::{Family, Flow};
use crate::model::quantity::Quantity;
use crate::model::time::Day;
use crate::model::unit::{Measure, Unit};
use crate::model::view::View;
use oxigraph::model::NamedNode;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

/// Which of a player's dealings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DependenceSide {
    /// What suppliers bring it.
    Supply,
    /// What investors and lenders give it.
    Funding,
    /// What it supplies to customers.
    Sales,
    /// What it puts into others.
    Portfolio,
}

impl DependenceSide {
    /// All sides.
    pub const ALL: [Self; 4] = [Self::Supply, Self::Funding, Self::Sales, Self::Portfolio];

    /// Returns its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Supply => "supply",
            Self::Funding => "funding",
            Self::Sales => "sales",
            Self::Portfolio => "portfolio",
        }
    }

    fn is_inward(self) -> bool {
        matches!(self, Self::Supply | Self::Funding)
    }

    fn is_supply(self) -> bool {
        matches!(self, Self::Supply | Self::Sales)
    }
}

/// What shares are taken of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DependenceBasis {
    /// What edges are worth in a unit.
    In(Unit),
    /// How many edges there are.
    Edges,
}

impl DependenceBasis {
    /// Returns the code of the unit, or `edges`.
    pub fn name(self) -> &'static str {
        match self {
            Self::In(unit) => unit.code(),
            Self::Edges => "edges",
        }
    }
}

/// What to compute.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DependenceOptions {
    /// Whose dependence; everybody's if empty.
    pub players: Vec<NamedNode>,
    /// On which sides; on all if empty.
    pub sides: Vec<DependenceSide>,
    /// By which measure, or by numbers of edges if that is inside; by every measure that there are values of if `None`.
    pub basis: Option<Option<Measure>>,
    /// On which days; on that of the position if empty.
    pub days: Vec<Day>,
}

/// A number as headlines have it, and its bounds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Figure {
    /// The figure.
    pub headline: f64,
    /// The least it can be.
    pub lower: f64,
    /// The most it can be.
    pub upper: f64,
    /// Whether it is more than the lower bound, and whether it is less than the upper one, where the sources say "more
    /// than" and "less than". Kept for shares; the bounds of an index or a difference are not said to be excluded.
    pub excluded: Excluded,
}

impl Figure {
    /// Returns the figure; what is known of headlines alone is nothing, so that the figure is within its bounds.
    fn new(headline: f64, (lower, upper): (f64, f64), excluded: Excluded) -> Self {
        Self {
            headline: headline.clamp(lower, upper),
            lower,
            upper,
            excluded,
        }
    }
}

/// How a player depends on one counterparty.
#[derive(Debug, Clone, PartialEq)]
pub struct Dependence {
    /// The day of the board.
    pub day: Option<Day>,
    /// The player.
    pub player: NamedNode,
    /// The side.
    pub side: DependenceSide,
    /// The counterparty.
    pub counterparty: NamedNode,
    /// What the shares are taken of.
    pub basis: DependenceBasis,
    /// What the edges between them are worth; a number of edges has no quantity.
    pub value: Option<Quantity>,
    /// The counterparty's share.
    pub share: Figure,
    /// The concentration of the side.
    pub herfindahl: Figure,
    /// The share, less the player's share on the counterparty's opposite side.
    pub asymmetry: Figure,
    /// Of how many counterparties a value is known in this basis.
    pub known: u32,
    /// How many counterparties the side has.
    pub counterparties: u32,
    /// The edges that the value rests on, sorted.
    pub edges: Vec<NamedNode>,
}

impl Dependence {
    /// Returns whether the share says anything of the whole: the only one of several counterparties whose value is known
    /// has all that is known, which is no share.
    pub fn has_share(&self) -> bool {
        self.known > 1 || self.known == self.counterparties
    }
}

/// A counterparty whose edges are a total of which other players' edges are all: it is listed by these.
#[derive(Debug, Clone, PartialEq)]
pub struct ListedByParts {
    /// The day of the board.
    pub day: Option<Day>,
    /// The player.
    pub player: NamedNode,
    /// The side.
    pub side: DependenceSide,
    /// The counterparty that the total is stated of.
    pub counterparty: NamedNode,
    /// The parts, sorted.
    pub parts: Vec<NamedNode>,
}

/// Counterparties that are left out of shares, since nothing is known of what their edges are worth.
#[derive(Debug, Clone, PartialEq)]
pub struct MissingBase {
    /// The day of the board.
    pub day: Option<Day>,
    /// The player.
    pub player: NamedNode,
    /// The side.
    pub side: DependenceSide,
    /// The basis.
    pub basis: DependenceBasis,
    /// The counterparties, sorted.
    pub counterparties: Vec<NamedNode>,
}

/// Who depends on whom.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DependenceReport {
    /// Sorted by day, player, side and basis, then by falling share.
    pub rows: Vec<Dependence>,
    /// What is missing.
    pub missing: Vec<MissingBase>,
    /// Totals that have no row, since nothing is left of them beside their parts.
    pub listed_by_parts: Vec<ListedByParts>,
}

/// Computes who depends on whom.
///
/// # Definition
/// A player has four sides. What comes in by *supply* and *funding*, and what goes out by *sales* and *portfolio*: the
/// same edges, looked at from the other end. On each side, the part of counterparty i in a player's whole is
/// sᵢ = xᵢ / Σ xⱼ, with x what the edges between them are worth in one basis: money of one currency, capacity, units.
/// Values are intervals, and so are shares: the least interval that holds xᵢ / Σ xⱼ, whatever each value is within its
/// bounds, [lᵢ / (lᵢ + Σ uⱼ), uᵢ / (uᵢ + Σ lⱼ)] over the others j. The concentration of a side is the
/// Herfindahl–Hirschman index Σ sᵢ², as the least interval over all values at once. How the two depend on each other is shown by the asymmetry
/// dep(A on B) − dep(B on A), where the share of a supplier in A's supply is met by the share of A in the supplier's
/// sales, and the share of an investor in A's funding by the share of A in the investor's portfolio. The value between the two
/// enters both shares, and the asymmetry is the least interval over both at once.
///
/// Besides the bounds there are the figures as headlines have them: of an interval the middle, of an open one the bound that
/// is known ("up to 6 GW" is 6).
///
/// Funding is what carries cash: equity, loans, credit lines, funding rounds, pledges. Ownership, warrants and guarantees
/// do not. Totals and their parts count once. A counterparty whose edges
/// have no value in the basis is not in the shares; the report lists it, and each row says of how many counterparties a
/// value is known; a single known one of several has no share (see [`Dependence::has_share`]). A total of which nothing is left
/// beside its parts has no row, but is listed by these. A side on which nothing has a value in any
/// basis is given in numbers of edges.
///
/// # Complexity
/// O(m log m) for m edges, and for each day one resolution of the board.
///
/// On made-up networks of 10⁵, 10⁶ and 10⁷ edges, for the player with the most edges: 21 ms, 0.37 s and 5.6 s
/// (`cargo bench --bench analyses`, two busy cores).
///
/// # References
/// R. M. Emerson, *Power-Dependence Relations*, American Sociological Review 27 (1962). A. O. Hirschman, *The Paternity
/// of an Index*, American Economic Review 54 (1964).
///
/// # Errors
/// Those of the network; cancelled.
///
/// # Example
/// ```
/// use powermap::analysis::{DependenceOptions, DependenceSide, dependence};
/// use powermap::Map;
/// use std::sync::atomic::AtomicBool;
/// let map = Map::built_in()?;
/// let options = DependenceOptions {
///     players: vec![map.player("nscale")?],
///     sides: vec![DependenceSide::Funding],
///     ..DependenceOptions::default()
/// };
/// let report = dependence(&map.position()?, &options, &AtomicBool::new(false))?;
/// let aker = report.rows.iter().find(|row| row.counterparty.as_str().ends_with("/aker"));
/// let share = aker.ok_or("Aker put money in")?.share;
/// assert!(share.lower > 0.1 && share.upper < 0.3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn dependence(
    position: &Position,
    options: &DependenceOptions,
    cancel: &AtomicBool,
) -> Result<DependenceReport, AnalysisError> {
    let mut report = DependenceReport::default();
    if options.days.is_empty() {
        add(position, position.day(), options, cancel, &mut report)?;
    }
    for day in &options.days {
        let seen = position.at(View {
            as_of: Some(*day),
            ..position.view()
        });
        add(&seen, Some(*day), options, cancel, &mut report)?;
    }
    Ok(report)
}

/// By basis: what lies between each two players, and what each has in all.
type Bases = BTreeMap<DependenceBasis, (Pairs, Wholes)>;

fn add(
    position: &Position,
    day: Option<Day>,
    options: &DependenceOptions,
    cancel: &AtomicBool,
    report: &mut DependenceReport,
) -> Result<(), AnalysisError> {
    let lens = position.network()?;
    let wanted: Vec<u32> = match options.players.is_empty() {
        true => (0..lens.network.graph.node_count()).collect(),
        false => {
            let players = options.players.iter();
            players.filter_map(|p| lens.network.node(p)).collect()
        }
    };
    let supply = bases(lens, true);
    let funding = bases(lens, false);
    for player in wanted {
        if cancel.load(Ordering::Relaxed) {
            return Err(AnalysisError::Cancelled);
        }
        for side in DependenceSide::ALL {
            if options.sides.is_empty() || options.sides.contains(&side) {
                let view = SideView {
                    lens,
                    day,
                    player,
                    side,
                    bases: if side.is_supply() { &supply } else { &funding },
                };
                view.add(options.basis, report);
            }
        }
    }
    Ok(())
}

/// Returns whether an edge is a supply, or a funding that carries cash.
pub(crate) fn belongs(lens: Lens<'_>, edge: u32, is_supply: bool) -> bool {
    let columns = &lens.network.columns;
    match columns.family(edge) {
        Family::Supply => is_supply,
        Family::Investment => !is_supply && columns.kind_of(edge).carries == Some(Flow::Cash),
        Family::Influence => false,
    }
}

fn bases(lens: Lens<'_>, is_supply: bool) -> Bases {
    let counts_here = |edge: u32| belongs(lens, edge, is_supply);
    let mut bases = Bases::new();
    for measure in [Measure::Amount, Measure::Capacity, Measure::Units] {
        let pairs = pairs(lens, measure, counts_here).into_iter();
        bases.extend(pairs.map(|(unit, pairs)| (DependenceBasis::In(unit), with_wholes(pairs))));
    }
    bases.insert(
        DependenceBasis::Edges,
        with_wholes(counts(lens, counts_here)),
    );
    bases
}

fn with_wholes(pairs: Pairs) -> (Pairs, Wholes) {
    let wholes = pairs.wholes();
    (pairs, wholes)
}

/// One side of one player.
struct SideView<'a> {
    lens: Lens<'a>,
    day: Option<Day>,
    player: u32,
    side: DependenceSide,
    bases: &'a Bases,
}

impl SideView<'_> {
    fn name(&self, node: u32) -> NamedNode {
        self.lens.network.player(node)
    }

    fn add(&self, basis: Option<Option<Measure>>, report: &mut DependenceReport) {
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
            }
        }
    }

    /// Returns the counterparties and the places of their pairs, ascending.
    fn members(&self, pairs: &Pairs) -> Vec<(u32, usize)> {
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
        (all, members): (&[(u32, usize)], &[(u32, usize)]),
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
                    counterparties: counterparties as u32,
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

    fn missing(
        &self,
        basis: DependenceBasis,
        all: &[(u32, usize)],
        members: &[(u32, usize)],
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

fn concentration(pairs: &Pairs, members: &[(u32, usize)]) -> Option<Figure> {
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
