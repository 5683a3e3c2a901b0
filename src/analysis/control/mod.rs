//! Control: who controls a company, and how surely?

mod chains;
mod entry;
mod holding;
mod stakes;

pub use entry::ANALYSIS;
pub use holding::Holding;

use crate::analysis::control::chains::Chains;
use crate::analysis::control::stakes::{Holdings, MAJORITY, Stakes};
use crate::analysis::error::AnalysisError;
use crate::analysis::parameter::{Usual, usual};
use crate::analysis::position::{Lens, Position};
use oxigraph::model::NamedNode;
use powermap_graph::{
    ControlVerdict, IntegratedOwnership, OwnershipForm, Shares, controlled, controllers, holdings,
    owners,
};
use std::collections::{BTreeMap, BTreeSet};
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
    /// What part of the votes must be exceeded, from 0 to below 1: 0.5 for a majority, 0.25 for a beneficial owner by the
    /// rules against money laundering, 0.1 for a minority stake to be disclosed.
    pub threshold: f64,
}

/// By how much less than the threshold is reached by those who hold it exactly: more than rounding.
const LEVEL: f64 = 1e-9;

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

/// Whether a player controls a company.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// It does not, whatever holds within the bounds.
    No,
    /// It does for some values within the bounds, but not for all.
    Possible,
    /// It holds exactly the threshold, itself or through others, as two owners of a half each: nobody decides alone.
    Joint,
    /// It does for all values within the bounds.
    Certain,
}

/// What a verdict rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ControlBasis {
    /// Control that a source states: a charter, a contract, a golden share, consolidation, appointment, a nominee, or the
    /// purchase of the company.
    Stated,
    /// Votes that are stated.
    Votes,
    /// Shares of the capital, since nobody states votes.
    Shares,
    /// Companies in between.
    Chain,
}

/// What one player owns of a company, and whether it controls it.
#[derive(Debug, Clone, PartialEq)]
pub struct Control {
    /// The owner.
    pub controller: NamedNode,
    /// The company.
    pub company: NamedNode,
    /// Whether it controls the company.
    pub verdict: Verdict,
    /// What the verdict rests on.
    pub basis: ControlBasis,
    /// What it owns directly and through others; nothing where no share is known.
    pub share: Option<Holding>,
    /// What it owns directly; nothing where no share is known.
    pub direct: Option<Holding>,
    /// The votes that it has directly, where votes of the company are stated.
    pub votes: Option<Holding>,
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
    /// Companies that more than one player controls certainly, which cannot be.
    pub contradicted: Vec<NamedNode>,
    /// Stakes that do not count beside the chain that they are made of, sorted.
    pub indirect: Vec<NamedNode>,
    /// Investments within reach of the player whose share is not known: the owner and the edge, sorted.
    pub unknown: Vec<(NamedNode, NamedNode)>,
}

/// Computes who controls a player, or what it controls.
///
/// # Definition
/// *Integrated ownership* is what somebody owns of a company directly and through others: Y = A + AY for the matrix A of
/// shares of the capital, counted once where it goes round ([`owners`]). *Control* follows majorities of votes: a player
/// controls a company if it and the companies that it controls together hold more than a threshold of its votes
/// ([`controllers`]). Shares are intervals, so the verdict is `certain` if the lower bounds are enough, `possible` if the
/// upper ones are, `joint` for exactly the threshold, itself or through others, else `no`.
///
/// # What counts as a share
/// Every investment edge with a value in percent, of the capital or of the votes; a stake runs from the owner to the
/// company. A stake that is not binding (announced, planned, contingent, …) or only a right to shares (a warrant, an option)
/// may come to nothing: its lower bound is 0. Rights are to new shares, so that they take no room from the shares of others;
/// what is held now is what is shown of these. Of several edges between the same two, kinds may tell of the same shares
/// twice, so that the pair has at least the most that one kind has, and at most the sum of all, up to the whole. Edges of
/// one kind add up, without parts of totals.
///
/// A right to appoint a majority of the board is control. Below a majority ([`ControlOptions::threshold`]), control by
/// another takes no vote from anybody.
///
/// Where votes are stated for some holders of a company only, the others have what is left of them at most. Where none are
/// stated, shares of the capital stand for them, without those that the company holds itself. Where control is stated (see [`ControlBasis::Stated`]), the controller has
/// all votes, whatever the shares of others; an acquisition without a share states it once it is completed, and makes it
/// possible before.
///
/// A stake that is made of other edges ([`Edge::components`](crate::model::Edge)), that is declared as held through others
/// where a chain leads the same way, or that equals the product of a chain of two stakes, is that chain told once more, and
/// does not count beside it; the report lists it. Where it states how much, and its edges don't, those have what the whole
/// leaves them. Debts in percent are no shares. Investments without a value in percent are no shares;
/// the report lists them, since a `no` may be wrong because of them. Shares that sum to more than the whole are scaled down
/// and listed, as are companies that own themselves wholly in a circle; see [`Shares`](powermap_graph::Shares).
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
/// use powermap::analysis::{ControlOptions, Verdict, control};
/// use powermap::Map;
/// use std::sync::atomic::AtomicBool;
/// let map = Map::built_in()?;
/// let options = ControlOptions::of(map.player("meta-blue-owl-venture")?);
/// let report = control(&map.position()?, &options, &AtomicBool::new(false))?;
/// assert_eq!(report.rows[0].controller, map.player("blue-owl")?);
/// let share = report.rows[0].share.map(|share| share.bounds());
/// assert_eq!((report.rows[0].verdict, share), (Verdict::Certain, Some((0.8, 0.8))));
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
    let capital = &stakes.capital;
    let form = OwnershipForm::Corrected;
    let owned = |shares: &Shares| match options.direction {
        ControlDirection::Owners => owners(&capital.graph, shares, player, form, cancel),
        ControlDirection::Holdings => holdings(&capital.graph, shares, player, form, cancel),
    };
    let found = owned(&capital.shares)?;
    let plain = capital.plain.as_ref().map(owned).transpose()?;
    let (verdicts, reaching) = verdicts(&stakes, player, options, cancel)?;
    let near = stakes.near(player, options.direction);
    let mut others = others(&found, plain.as_ref(), verdicts, near);
    // What comes back to the player itself is no control of anybody else.
    others.remove(&player);
    let name = |node: &u32| lens.network.player(*node);
    let mut chains = Chains::of(&stakes, player, options.direction);
    let mut rows: Vec<_> = others
        .into_iter()
        .map(|(node, (share, verdict))| {
            let pair = match options.direction {
                ControlDirection::Owners => (node, player),
                ControlDirection::Holdings => (player, node),
            };
            let mut row = row(lens, &stakes, pair, share, verdict, options.threshold);
            if row.verdict == Verdict::No && reaching.contains(&node) {
                row.verdict = Verdict::Joint;
            }
            let edges = chains.with(node).into_iter();
            row.edges = edges.map(|edge| lens.network.id(edge)).collect();
            row.edges.sort();
            row
        })
        .filter(holds_anything)
        .collect();
    rows.sort_by(|a, b| {
        let known = |row: &Control| row.share.unwrap_or_default().reached();
        let by_share = |a: (f64, f64), b: (f64, f64)| b.0.total_cmp(&a.0).then(b.1.total_cmp(&a.1));
        (b.verdict.cmp(&a.verdict))
            .then_with(|| by_share(known(a), known(b)))
            .then_with(|| (&a.controller, &a.company).cmp(&(&b.controller, &b.company)))
    });
    Ok(ControlReport {
        circular: found.circular().iter().map(name).collect(),
        coarse: found.coarse().iter().map(name).collect(),
        oversubscribed: stakes.oversubscribed()?.iter().map(name).collect(),
        contradicted: match options.threshold < MAJORITY {
            true => Vec::new(),
            false => contradicted(&rows),
        },
        indirect: stakes.told_by_chains(lens, player, options.direction),
        unknown: stakes.unknown(lens, player, options.direction),
        rows,
    })
}

/// What the votes of each player decide.
type Verdicts = Vec<(u32, ControlVerdict)>;

/// Returns the verdicts by the votes, and who certainly reaches the threshold at least.
fn verdicts(
    stakes: &Stakes,
    player: u32,
    options: &ControlOptions,
    cancel: &AtomicBool,
) -> Result<(Verdicts, BTreeSet<u32>), AnalysisError> {
    let of = |votes: &Holdings, threshold: f64| match options.direction {
        ControlDirection::Owners => {
            controllers(&votes.graph, &votes.shares, player, threshold, cancel)
        }
        ControlDirection::Holdings => {
            controlled(&votes.graph, &votes.shares, player, threshold, cancel)
        }
    };
    let (mut verdicts, mut reaching) = (Vec::new(), BTreeSet::new());
    for votes in stakes.votes() {
        let votes = votes?;
        verdicts.extend(of(&votes, options.threshold)?);
        if options.threshold > LEVEL {
            let surely = |(node, verdict)| (verdict == ControlVerdict::Certain).then_some(node);
            let reach = of(&votes, options.threshold - LEVEL)?;
            reaching.extend(reach.into_iter().filter_map(surely));
        }
    }
    // Below a majority, control by another takes no vote from those who have them.
    if options.threshold < MAJORITY {
        verdicts.extend(of(&stakes.plain_votes()?, options.threshold)?);
    }
    Ok((verdicts, reaching))
}

/// Returns whether somebody has shares, votes or control of a company, or may have.
fn holds_anything(row: &Control) -> bool {
    let has_share = row.share.is_some_and(|share| share.upper > 0.0);
    has_share || row.verdict != Verdict::No || row.votes.is_some()
}

/// Returns everybody whom shares, verdicts or direct ties concern, with what is owned and the verdict.
///
/// `found` is computed from the bounds that can be reached; `plain` from the stated bounds, where some of them are excluded.
fn others(
    found: &IntegratedOwnership,
    plain: Option<&IntegratedOwnership>,
    verdicts: Verdicts,
    near: &[u32],
) -> BTreeMap<u32, (Holding, ControlVerdict)> {
    let none = (Holding::default(), ControlVerdict::No);
    let mut others: BTreeMap<u32, (Holding, ControlVerdict)> = BTreeMap::new();
    for (node, verdict) in verdicts {
        let known = others.entry(node).or_insert(none);
        known.1 = known.1.max(verdict);
    }
    let bounds = |owned: &IntegratedOwnership| -> BTreeMap<u32, (f64, f64)> {
        let bounds = owned.lower.iter().zip(&owned.upper);
        let bounds = bounds.map(|(lower, upper)| (*lower, upper.min(1.0)));
        owned.nodes.iter().copied().zip(bounds).collect()
    };
    let plain = plain.map(bounds);
    for (node, reached) in bounds(found) {
        let plain = plain.as_ref().and_then(|plain| plain.get(&node).copied());
        let owned = Holding::computed(plain.unwrap_or(reached), reached);
        others.entry(node).or_insert(none).0 = owned;
    }
    for node in near {
        others.entry(*node).or_insert(none);
    }
    others
}

/// Returns what one player owns of another, and its verdict, without the edges.
fn row(
    lens: Lens<'_>,
    stakes: &Stakes,
    (owner, company): (u32, u32),
    share: Holding,
    verdict: ControlVerdict,
    threshold: f64,
) -> Control {
    let is_declared = stakes.declared.contains(&(owner, company));
    let held = stakes.capital.direct(owner, company);
    let held = held.filter(|_| !is_declared);
    let rights = stakes.rights.get(&(owner, company)).copied();
    let with_rights = |held: Holding| held.or_as_much_as(rights.unwrap_or_default());
    let direct = held.or(rights.map(|_| Holding::default())).map(with_rights);
    // Nobody who states no share says that it is none.
    let share = Some(share).filter(|share| share.upper > 0.0 || direct.is_some());
    let is_stated = stakes.stated.get(&(owner, company)).copied();
    let has_votes =
        stakes.with_votes.contains(&company) || stakes.vote_rights.contains_key(&(owner, company));
    let plain_votes = stakes.plain.get(&(owner, company)).copied();
    let vote_rights = stakes.vote_rights.get(&(owner, company)).copied();
    let direct_votes = plain_votes
        .or(vote_rights.map(|_| Holding::default()))
        .map(|votes| votes.or_as_much_as(vote_rights.unwrap_or_default()));
    // A majority of the votes that is stated stays one where control by another is stated too: both are said.
    let is_majority = |votes: Holding| votes.reached().0 > threshold.max(MAJORITY);
    let is_told = has_votes && direct_votes.is_some_and(is_majority);
    let verdict = match verdict {
        _ if is_stated == Some(true) || (is_told && !stakes.has_nominees(company)) => {
            Verdict::Certain
        }
        ControlVerdict::Certain => Verdict::Certain,
        ControlVerdict::Possible => Verdict::Possible,
        // A takeover that is planned, or rights that are not used yet.
        ControlVerdict::No
            if is_stated.is_some() || rights > Some(threshold) || vote_rights > Some(threshold) =>
        {
            Verdict::Possible
        }
        ControlVerdict::No => Verdict::No,
    };
    let basis = match () {
        () if is_stated.is_some() => ControlBasis::Stated,
        () if direct.is_none() && direct_votes.is_none() => ControlBasis::Chain,
        () if has_votes => ControlBasis::Votes,
        () => ControlBasis::Shares,
    };
    Control {
        controller: lens.network.player(owner),
        company: lens.network.player(company),
        verdict,
        basis,
        share: share.map(with_rights),
        direct,
        votes: direct_votes.filter(|_| has_votes),
        edges: Vec::new(),
    }
}

/// Returns the companies that more than one row controls certainly by itself: by a statement or a majority of its own.
fn contradicted(rows: &[Control]) -> Vec<NamedNode> {
    let has_majority = |row: &Control| {
        let held = row.votes.or(row.direct);
        held.is_some_and(|held| held.reached().0 > MAJORITY)
    };
    let mut certain: Vec<_> = rows
        .iter()
        .filter(|row| row.verdict == Verdict::Certain)
        .filter(|row| row.basis == ControlBasis::Stated || has_majority(row))
        .map(|row| &row.company)
        .collect();
    certain.sort();
    let repeated = certain.windows(2).filter(|pair| pair[0] == pair[1]);
    let mut companies: Vec<NamedNode> = repeated.map(|pair| pair[0].clone()).collect();
    companies.dedup();
    companies
}
