//! Dependence: who could do without whom?

mod entry;
mod side;

pub use entry::ANALYSIS;

use crate::analysis::concentration::Excluded;
use crate::analysis::dependence::side::SideView;
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
    pub(crate) fn has_share(&self) -> bool {
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
    /// Counterparties of which some edges have a value and others have none at all, so that their part may be greater.
    pub partial: Vec<MissingBase>,
    /// Totals that have no row, since nothing is left of them beside their parts.
    pub listed_by_parts: Vec<ListedByParts>,
    /// The days that were asked for, and how many edges without a start are left out of each board, since no claim of them
    /// speaks of so early a day; without the days where none is.
    pub unknown_starts: Vec<(Day, usize)>,
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
/// do not. Totals and their parts count once. A counterparty whose edges have no value in the basis is not in the shares. One
/// with further edges that have no value at all may have more: the upper bound of its share of money is open, and so are the
/// lower bounds of the others'. The report lists both, and each row says of how many counterparties a value is known; a single
/// known one of several has no share. A total of which nothing is left beside its parts has no
/// row, but is listed by these. A side on which nothing has a value in any
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
        report.unknown_starts.extend(seen.unknown_starts());
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
