//! Control: who controls a company, and how surely?

mod entry;
mod stakes;

pub use entry::ANALYSIS;

use crate::analysis::control::stakes::Stakes;
use crate::analysis::error::AnalysisError;
use crate::analysis::parameter::{Usual, usual};
use crate::analysis::position::Position;
use oxigraph::model::NamedNode;
use powermap_graph::{ControlVerdict, OwnershipForm, controlled, controllers, holdings, owners};
use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

/// Whether owners are searched, or holdings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ControlDirection {
    /// Up: who owns and controls the player.
    #[default]
    Owners,
    /// Down: what the player owns and controls.
    Holdings,
}

/// What to compute.
#[derive(Debug, Clone, PartialEq)]
pub struct ControlOptions {
    /// The player to start from.
    pub player: NamedNode,
    /// Up or down.
    pub direction: ControlDirection,
    /// What part of the votes must be exceeded, from 0 to below 1; 0.5 is a majority.
    pub threshold: f64,
}

/// The part of the votes to be exceeded, unless it is said: a majority.
const THRESHOLD_USUAL: Usual<f64> = usual!(0.5);

impl ControlOptions {
    /// Returns the options for who controls a player by majority.
    pub fn of(player: NamedNode) -> Self {
        Self {
            player,
            direction: ControlDirection::default(),
            threshold: THRESHOLD_USUAL.value,
        }
    }
}

/// What one player owns of a company, and whether it controls it.
#[derive(Debug, Clone, PartialEq)]
pub struct Control {
    /// The owner.
    pub controller: NamedNode,
    /// The company.
    pub company: NamedNode,
    /// Whether it controls the company.
    pub verdict: ControlVerdict,
    /// The bounds of what it owns directly and through others, from 0 to 1.
    pub share: (f64, f64),
    /// The bounds of what it owns directly.
    pub direct: (f64, f64),
    /// The edges of all chains between the two, sorted.
    pub edges: Vec<NamedNode>,
}

/// Who controls whom.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ControlReport {
    /// The surest and greatest first.
    pub rows: Vec<Control>,
    /// Members of circles that own themselves wholly, or may.
    pub circular: Vec<NamedNode>,
    /// Owners in circles too large to solve for each: their bounds hold, and are wider than they need be.
    pub coarse: Vec<NamedNode>,
    /// Companies whose shares sum to more than the whole even at their lower bounds.
    pub oversubscribed: Vec<NamedNode>,
    /// Investments within reach of the player whose share is not known: the owner and the edge, sorted.
    pub unknown: Vec<(NamedNode, NamedNode)>,
}

/// Computes who controls a player, or what it controls.
///
/// # Definition
/// *Integrated ownership* is what somebody owns of a company directly and through others: Y = A + AY for the matrix A of
/// shares, counted once where it goes round ([`owners`]). *Control* follows
/// majorities: a player controls a company if it and the companies it controls together hold more than a threshold of
/// it ([`controllers`]). Shares are intervals, so the verdict is `certain` if
/// the lower bounds are enough, `possible` if the upper ones are, else `no`.
///
/// # What counts as a share
/// Every investment edge that has a value in percent. A stake runs from the owner to the company; where a kind carries
/// equity and returns none (a warrant), it runs from the company to the holder and is turned round. A stake that is not
/// binding (announced, planned, contingent, …) or only a right to shares may come to nothing: its lower bound is 0. Of
/// several edges between the same two, kinds may tell of the same shares twice, so that the pair has at least the most
/// that one kind has, and at most the sum of all, up to the whole. Edges of one kind add up, without parts of totals.
///
/// Investments without a value in percent are no shares; the report lists them, since a `no` may be wrong because of them.
/// Shares that sum to more than the whole are scaled down and listed, as are companies that own themselves wholly in a
/// circle; see [`Shares`](powermap_graph::Shares).
///
/// # Complexity
/// Linear in the edges above the company, plus s³ for each circle of s ≤ 128 companies; for verdicts, once for each
/// candidate.
///
/// On made-up networks of 10⁵, 10⁶ and 10⁷ edges, for the player with the most edges: 17 ms, 71 ms and 1.5 s
/// (`cargo bench --bench analyses`, two busy cores).
///
/// # References
/// Brioschi, Buzzacchi and Colombo, *Risk Capital Financing and the Separation of Ownership and Control in Business
/// Groups*, J. Banking & Finance 13 (1989). Vitali, Glattfelder and Battiston, *The Network of Global Corporate Control*,
/// PLoS ONE 6 (2011).
///
/// # Errors
/// A threshold out of range, those of the network, cancelled.
///
/// # Example
/// ```
/// use powermap::analysis::{ControlOptions, control};
/// use powermap::Map;
/// use powermap_graph::ControlVerdict;
/// use std::sync::atomic::AtomicBool;
/// let map = Map::built_in()?;
/// let options = ControlOptions::of(map.player("meta-blue-owl-venture")?);
/// let report = control(&map.position()?, &options, &AtomicBool::new(false))?;
/// assert_eq!(report.rows[0].controller, map.player("blue-owl")?);
/// assert_eq!((report.rows[0].verdict, report.rows[0].share), (ControlVerdict::Certain, (0.8, 0.8)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn control(
    position: &Position,
    options: &ControlOptions,
    cancel: &AtomicBool,
) -> Result<ControlReport, AnalysisError> {
    let lens = position.network()?;
    let Some(player) = lens.network.node(&options.player) else {
        return Ok(ControlReport::default());
    };
    let stakes = Stakes::of(lens)?;
    let (graph, shares) = (&stakes.graph, &stakes.shares);
    let form = OwnershipForm::Corrected;
    let (found, verdicts) = match options.direction {
        ControlDirection::Owners => (
            owners(graph, shares, player, form, cancel)?,
            controllers(graph, shares, player, options.threshold, cancel)?,
        ),
        ControlDirection::Holdings => (
            holdings(graph, shares, player, form, cancel)?,
            controlled(graph, shares, player, options.threshold, cancel)?,
        ),
    };
    let verdicts: BTreeMap<u32, ControlVerdict> = verdicts.into_iter().collect();
    let name = |node: &u32| lens.network.player(*node);
    let others = found.nodes.iter().zip(found.lower.iter().zip(&found.upper));
    let mut rows: Vec<_> = others
        // What comes back to the player itself is no control of anybody else.
        .filter(|(node, _)| **node != player)
        .map(|(node, (lower, upper))| {
            let (owner, company) = match options.direction {
                ControlDirection::Owners => (*node, player),
                ControlDirection::Holdings => (player, *node),
            };
            let edges = stakes.chains(owner, company);
            let mut edges: Vec<_> = edges.iter().map(|edge| lens.network.id(*edge)).collect();
            edges.sort();
            Control {
                controller: name(&owner),
                company: name(&company),
                verdict: verdicts.get(node).copied().unwrap_or(ControlVerdict::No),
                share: (*lower, upper.min(1.0)),
                direct: stakes.direct(owner, company),
                edges,
            }
        })
        .collect();
    rows.sort_by(|a, b| {
        let by_share = |a: (f64, f64), b: (f64, f64)| b.0.total_cmp(&a.0).then(b.1.total_cmp(&a.1));
        (b.verdict.cmp(&a.verdict))
            .then_with(|| by_share(a.share, b.share))
            .then_with(|| (&a.controller, &a.company).cmp(&(&b.controller, &b.company)))
    });
    Ok(ControlReport {
        rows,
        circular: found.circular().iter().map(name).collect(),
        coarse: found.coarse().iter().map(name).collect(),
        oversubscribed: shares.oversubscribed().iter().map(name).collect(),
        unknown: stakes.unknown(lens, player, options.direction),
    })
}
