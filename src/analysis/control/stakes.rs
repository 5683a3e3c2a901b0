//! The stakes of a network: who holds what part of the capital and of the votes of whom, and who controls whom without.

mod indirect;
mod votes;

use crate::analysis::control::ControlDirection;
use crate::analysis::control::holding::Holding;
use crate::analysis::error::AnalysisError;
use crate::analysis::position::Lens;
use crate::model::name::{Family, Flow, Status};
use crate::model::shares::{Tenure, held};
use crate::model::unit::Measure;
use crate::model::vocabulary::pm;
use crate::network::columns::Kind;
use oxigraph::model::NamedNode;
use powermap_graph::{Graph, Shares};
use std::collections::{BTreeMap, BTreeSet};

/// The part of votes or seats that gives control where it is exceeded.
pub(super) const MAJORITY: f64 = 0.5;

/// An owner and a company, by node.
type Pair = (u32, u32);

/// Who holds what part of whom in one right, one edge for each pair.
pub(super) struct Holdings {
    /// From owners to companies.
    pub(super) graph: Graph,
    pub(super) shares: Shares,
    /// The shares with excluded bounds treated as included; `None` where no bound is excluded.
    pub(super) plain: Option<Shares>,
    /// What the edges of each pair state, whose bounds `shares` may narrow.
    held: Vec<Holding>,
}

impl Holdings {
    fn of(node_count: u32, pairs: &BTreeMap<Pair, Holding>) -> Result<Self, AnalysisError> {
        let owners: Vec<u32> = pairs.keys().map(|(owner, _)| *owner).collect();
        let companies: Vec<u32> = pairs.keys().map(|(_, company)| *company).collect();
        // The pairs are sorted, so that the order is theirs.
        let (graph, _) = Graph::from_edges(node_count, &owners, &companies)?;
        let held: Vec<_> = pairs.values().copied().collect();
        let shares = |bounds: fn(&Holding) -> (f64, f64)| {
            let (lower, upper): (Vec<_>, Vec<_>) = held.iter().map(bounds).unzip();
            Shares::new(&graph, &lower, &upper)
        };
        let has_excluded = held.iter().any(|holding| holding.excluded != [false; 2]);
        Ok(Self {
            shares: shares(Holding::reached)?,
            plain: has_excluded.then(|| shares(Holding::bounds)).transpose()?,
            graph,
            held,
        })
    }

    /// Returns what an owner holds of a company without others, where anything is said of it.
    pub(super) fn direct(&self, owner: u32, company: u32) -> Option<Holding> {
        let edge = self.graph.edges_between(owner, company).next()?;
        self.held.get(edge as usize).copied()
    }
}

/// All that a network says about who owns and who controls whom.
pub(super) struct Stakes {
    /// The shares of the capital.
    pub(super) capital: Holdings,
    /// What an owner may hold of the capital of a company directly when all its rights to new shares are used.
    pub(super) rights: BTreeMap<Pair, f64>,
    /// What an owner may have of the votes of a company directly when all its rights to new votes are used.
    pub(super) vote_rights: BTreeMap<Pair, f64>,
    /// Who certainly controls each company of which somebody states control.
    controllers: BTreeMap<u32, Vec<u32>>,
    /// The votes of each pair: as stated, or else those of the capital, whoever controls without them.
    pub(super) plain: BTreeMap<Pair, Holding>,
    /// Companies of which somebody states votes.
    pub(super) with_votes: BTreeSet<u32>,
    /// Who controls whom by a statement, and whether it holds already.
    pub(super) stated: BTreeMap<Pair, bool>,
    /// Companies of which one owner is said to hold more than the whole.
    above: BTreeSet<u32>,
    /// Companies of which somebody holds a part in the name of another.
    nominees: BTreeSet<u32>,
    /// Pairs of which all shares are declared to be held through others.
    pub(super) declared: BTreeSet<Pair>,
    /// Stakes left out, since a chain of other stakes is the same: the edges.
    pub(super) indirect: Vec<u32>,
    /// The edges of each pair.
    pub(super) edges: BTreeMap<Pair, Vec<u32>>,
    /// All pairs, for walks over any tie.
    pub(super) ties: Graph,
}

impl Stakes {
    pub(super) fn of(lens: Lens<'_>) -> Result<Self, AnalysisError> {
        let mut ties = Ties::read(lens);
        let indirect = ties.leave_out_chains();
        let node_count = lens.network.graph.node_count();
        let pairs: BTreeSet<Pair> = ties.edges.keys().copied().collect();
        let (from, to): (Vec<u32>, Vec<u32>) = pairs.into_iter().unzip();
        let (controllers, plain) = (ties.controllers(), ties.votes());
        Ok(Self {
            capital: Holdings::of(node_count, &ties.capital)?,
            rights: ties.rights,
            vote_rights: ties.vote_rights,
            controllers,
            plain,
            with_votes: ties.votes.keys().map(|(_, company)| *company).collect(),
            stated: ties.stated,
            nominees: ties.nominees,
            declared: ties.declared,
            above: ties.above,
            indirect,
            edges: ties.edges,
            ties: Graph::from_edges(node_count, &from, &to)?.0,
        })
    }

    /// Returns whether a holder of votes of a company may be a nominee for somebody else.
    pub(super) fn has_nominees(&self, company: u32) -> bool {
        self.nominees.contains(&company)
    }

    /// Returns the shares of the votes, whoever controls without votes.
    pub(super) fn plain_votes(&self) -> Result<Holdings, AnalysisError> {
        Holdings::of(self.ties.node_count(), &self.plain)
    }

    /// Returns the companies of which more than the whole is stated, of the capital or of the votes.
    pub(super) fn oversubscribed(&self) -> Result<BTreeSet<u32>, AnalysisError> {
        let votes = self.plain_votes()?;
        let of_capital = self.capital.shares.oversubscribed().iter();
        let both = of_capital.chain(votes.shares.oversubscribed());
        Ok(both.copied().chain(self.above.iter().copied()).collect())
    }

    /// Returns the players with a direct tie to a player in a direction.
    pub(super) fn near(&self, player: u32, direction: ControlDirection) -> &[u32] {
        match direction {
            ControlDirection::Owners => self.ties.sources_of(player),
            ControlDirection::Holdings => self.ties.targets_of(player),
        }
    }

    /// Returns which players are reached over any tie, the start included.
    pub(super) fn reach(&self, start: u32, direction: ControlDirection) -> Vec<bool> {
        let mut reached = vec![false; self.ties.node_count() as usize];
        let mut ahead = vec![start];
        reached[start as usize] = true;
        while let Some(node) = ahead.pop() {
            let next = match direction {
                ControlDirection::Owners => self.ties.sources_of(node),
                ControlDirection::Holdings => self.ties.targets_of(node),
            };
            for other in next {
                if !std::mem::replace(&mut reached[*other as usize], true) {
                    ahead.push(*other);
                }
            }
        }
        reached
    }

    /// Returns the stakes within reach that are left out beside the chains that tell them, sorted.
    pub(super) fn told_by_chains(
        &self,
        lens: Lens<'_>,
        player: u32,
        direction: ControlDirection,
    ) -> Vec<NamedNode> {
        let reached = self.reach(player, direction);
        let graph = &lens.network.graph;
        let is_near = |edge: &&u32| match direction {
            ControlDirection::Owners => reached[graph.target(**edge) as usize],
            ControlDirection::Holdings => reached[graph.source(**edge) as usize],
        };
        let near = self.indirect.iter().filter(is_near);
        near.map(|edge| lens.network.id(*edge)).collect()
    }

    /// Returns the investments that give a part of a company within reach, but do not say how much: the owner and the
    /// edge, sorted.
    pub(super) fn unknown(
        &self,
        lens: Lens<'_>,
        player: u32,
        direction: ControlDirection,
    ) -> Vec<(NamedNode, NamedNode)> {
        let reached = self.reach(player, direction);
        let graph = &lens.network.graph;
        let has_share = |pair: Pair| {
            let (owner, company) = pair;
            let has_capital = self.capital.direct(owner, company).is_some();
            has_capital
                || self.plain.contains_key(&pair)
                || self.rights.contains_key(&pair)
                || self.vote_rights.contains_key(&pair)
        };
        let is_unknown = |edge: &u32| {
            let (owner, company) = (graph.source(*edge), graph.target(*edge));
            let near = match direction {
                ControlDirection::Owners => company,
                ControlDirection::Holdings => owner,
            };
            let pair = (owner, company);
            is_stake(lens, *edge)
                && reached[near as usize]
                && !has_share(pair)
                && self.indirect.binary_search(edge).is_err()
                // Who controls the player itself has a row.
                && !(self.stated.contains_key(&pair) && near == player)
        };
        let unknown = lens.edges().filter(is_unknown);
        let owner = |edge| lens.network.player(graph.source(edge));
        let mut unknown: Vec<_> = unknown
            .map(|edge| (owner(edge), lens.network.id(edge)))
            .collect();
        unknown.sort();
        unknown
    }
}

/// Returns whether a kind of the columns is marked; edges without a kind have none of these.
fn is_one_of(marked: &[bool], kind: u8) -> bool {
    marked
        .get(usize::from(kind))
        .is_some_and(|is_marked| *is_marked)
}

/// Returns whether an edge is a part of a company, or a right to one, whatever it says of how much.
fn is_stake(lens: Lens<'_>, edge: u32) -> bool {
    let columns = &lens.network.columns;
    let kind = columns.kind_of(edge);
    let is_owned =
        |concept: &NamedNode| *concept == pm::OWNERSHIP || *concept == pm::INDIRECT_OWNERSHIP;
    columns.family(edge) == Family::Investment
        && (kind.returns == Some(Flow::Equity) || kind.concept.as_ref().is_some_and(is_owned))
}

/// What the edges between an owner and a company say, by right.
struct Ties {
    capital: BTreeMap<Pair, Holding>,
    rights: BTreeMap<Pair, f64>,
    vote_rights: BTreeMap<Pair, f64>,
    votes: BTreeMap<Pair, Holding>,
    stated: BTreeMap<Pair, bool>,
    nominees: BTreeSet<u32>,
    declared: BTreeSet<Pair>,
    /// Companies that somebody has bought, without a share: a majority that another holds contradicts it.
    bought: BTreeSet<u32>,
    above: BTreeSet<u32>,
    /// The edges that say so.
    edges: BTreeMap<Pair, Vec<u32>>,
    /// The edges left out, since others tell them: sorted.
    through_others: Vec<u32>,
}

impl Ties {
    /// Reads all edges. O(m log m).
    fn read(lens: Lens<'_>) -> Self {
        let columns = &lens.network.columns;
        let graph = &lens.network.graph;
        let mut pairs: BTreeMap<Pair, BTreeMap<u8, Vec<u32>>> = BTreeMap::new();
        let mut ties = Self {
            capital: BTreeMap::new(),
            rights: BTreeMap::new(),
            vote_rights: BTreeMap::new(),
            votes: BTreeMap::new(),
            stated: BTreeMap::new(),
            nominees: BTreeSet::new(),
            declared: BTreeSet::new(),
            bought: BTreeSet::new(),
            above: BTreeSet::new(),
            edges: BTreeMap::new(),
            through_others: Vec::new(),
        };
        // Kinds are few, and their names long to compare.
        let controls: Vec<bool> = columns.kinds.iter().map(Kind::is_control).collect();
        let takeovers: Vec<bool> = columns.kinds.iter().map(Kind::is_takeover).collect();
        let mut taken: Vec<(Pair, u32)> = Vec::new();
        let kinds = columns.kinds.iter();
        let ultimates: Vec<bool> = kinds.map(Kind::is_ultimate_control).collect();
        let mut ultimate: Vec<(Pair, u32)> = Vec::new();
        let is_share = |edge: u32| {
            let has = |measure| columns.values_of(edge, Some(measure)).next().is_some();
            let measures = [Measure::Share, Measure::Votes, Measure::Appointment];
            let is_debt = columns.kind_of(edge).is_debt();
            columns.family(edge) == Family::Investment && !is_debt && measures.into_iter().any(has)
        };
        let is_control = |edge: u32| {
            columns.family(edge) == Family::Influence
                && is_one_of(&controls, columns.kind.get(edge))
        };
        let told = indirect::ToldByOthers::of(lens, |edge| is_share(edge) || is_control(edge));
        ties.through_others = told.edges();
        let links = told.links();
        ties.capital.extend(links);
        for edge in lens.edges() {
            let pair = (graph.source(edge), graph.target(edge));
            if told.contains(edge) {
                continue;
            }
            match columns.family(edge) {
                Family::Investment if is_share(edge) => {
                    let kinds = pairs.entry(pair).or_default();
                    kinds.entry(columns.kind.get(edge)).or_default().push(edge);
                }
                Family::Investment if is_one_of(&takeovers, columns.kind.get(edge)) => {
                    taken.push((pair, edge));
                    continue;
                }
                // Nobody controls itself.
                Family::Influence if pair.0 == pair.1 => continue,
                Family::Influence if is_control(edge) => {
                    let is_held = lens.status(edge).is_none_or(Status::is_binding);
                    *ties.stated.entry(pair).or_default() |= is_held;
                    if columns.kind_of(edge).is_nominee() {
                        ties.nominees.insert(pair.1);
                    }
                }
                Family::Influence if is_one_of(&ultimates, columns.kind.get(edge)) => {
                    ultimate.push((pair, edge));
                    continue;
                }
                Family::Investment | Family::Influence if links.contains_key(&pair) => {}
                _ => continue,
            }
            ties.edges.entry(pair).or_default().push(edge);
        }
        ties.add_takeovers(lens, &taken, &pairs);
        for (pair, kinds) in &pairs {
            ties.add_shares(lens, *pair, kinds);
        }
        ties.add_ultimate(lens, &ultimate);
        ties.above.extend(above(&ties.capital));
        ties.above.extend(above(&ties.votes));
        ties
    }

    /// Adds those who buy a company and of whom no share is said: they buy the whole of it.
    fn add_takeovers(
        &mut self,
        lens: Lens<'_>,
        taken: &[(Pair, u32)],
        pairs: &BTreeMap<Pair, BTreeMap<u8, Vec<u32>>>,
    ) {
        for (pair, edge) in taken {
            if !pairs.contains_key(pair) {
                let status = lens.status(*edge);
                let is_done = status.is_none_or(|status| status == Status::Completed);
                *self.stated.entry(*pair).or_default() |= is_done;
                self.edges.entry(*pair).or_default().push(*edge);
                self.bought.insert(pair.1);
            }
        }
    }

    /// Adds what the edges of a pair, by kind, say of shares.
    fn add_shares(&mut self, lens: Lens<'_>, pair: Pair, kinds: &BTreeMap<u8, Vec<u32>>) {
        let columns = &lens.network.columns;
        for (measure, of) in [
            (Measure::Share, &mut self.capital),
            (Measure::Votes, &mut self.votes),
        ] {
            if let Some(bounds) = bounds(lens, kinds, measure) {
                of.insert(pair, bounds);
            }
            let is_held = |edge: &&u32| {
                let is_right = columns.kind_of(**edge).is_right_to_shares();
                !is_right && lens.status(**edge).is_none_or(Status::is_binding)
            };
            for edges in kinds.values() {
                let held: Vec<u32> = edges.iter().filter(is_held).copied().collect();
                let sum = lens.quantities(&held, measure).into_values().next();
                if sum
                    .and_then(|sum| sum.lower)
                    .is_some_and(|lower| lower > 100.0)
                {
                    self.above.insert(pair.1);
                }
            }
        }
        let is_declared = |kind: &u8| {
            let concept = columns
                .kinds
                .get(usize::from(*kind))
                .map(|kind| &kind.concept);
            concept.is_some_and(|kind| *kind == Some(pm::INDIRECT_OWNERSHIP.into_owned()))
        };
        if kinds.keys().all(is_declared) {
            self.declared.insert(pair);
        }
        let all: Vec<u32> = kinds.values().flatten().copied().collect();
        if all
            .iter()
            .any(|edge| columns.kind_of(*edge).is_right_to_shares())
        {
            for (measure, of) in [
                (Measure::Share, &mut self.rights),
                (Measure::Votes, &mut self.vote_rights),
            ] {
                let most = sum(lens, &all, measure).map(|share| share.upper);
                of.extend(most.map(|most| (pair, most)));
            }
        }
        // Whoever fills most seats of the board controls it.
        if let Some(seats) = bounds(lens, kinds, Measure::Appointment)
            && seats.reached().1 > MAJORITY
        {
            *self.stated.entry(pair).or_default() |= seats.reached().0 > MAJORITY;
        }
    }

    /// Adds those at the top of a chain of firms to the companies of which nothing else says who controls them: where it
    /// is said, they control through the chain.
    fn add_ultimate(&mut self, lens: Lens<'_>, ultimate: &[(Pair, u32)]) {
        let is_major = |(_, holding): &(&Pair, &Holding)| holding.reached().0 > MAJORITY;
        let majors = self.capital.iter().chain(&self.votes).filter(is_major);
        let majors = majors.map(|(pair, _)| pair.1);
        let stated = self.stated.keys().map(|(_, company)| *company);
        let explained: BTreeSet<u32> = stated.chain(majors).collect();
        for (pair, edge) in ultimate {
            if !explained.contains(&pair.1) {
                let is_held = lens.status(*edge).is_none_or(Status::is_binding);
                *self.stated.entry(*pair).or_default() |= is_held;
                self.edges.entry(*pair).or_default().push(*edge);
            }
        }
    }
}

/// Returns the companies of which more than the whole is held where a bound is excluded: "more than 25 %" beside 75 %.
fn above(holdings: &BTreeMap<Pair, Holding>) -> BTreeSet<u32> {
    let mut sums: BTreeMap<u32, (f64, bool)> = BTreeMap::new();
    for ((_, company), holding) in holdings {
        let (sum, is_more) = sums.entry(*company).or_default();
        *sum += holding.lower;
        *is_more |= holding.excluded[0];
    }
    let above = sums
        .into_iter()
        .filter(|(_, (sum, is_more))| *is_more && *sum > 1.0 - 1e-9);
    above.map(|(company, _)| company).collect()
}

/// Returns what the edges between an owner and a company come to in one right, as a fraction of the company; `None` where
/// none says anything of it. Rights to new shares are none yet.
fn bounds(lens: Lens<'_>, kinds: &BTreeMap<u8, Vec<u32>>, measure: Measure) -> Option<Holding> {
    let columns = &lens.network.columns;
    let edges = kinds
        .iter()
        .flat_map(|(kind, edges)| edges.iter().map(move |e| (*kind, *e)));
    let shares = edges
        .filter(|(_, edge)| !columns.kind_of(*edge).is_right_to_shares())
        .map(|(kind, edge)| (kind, edge, Tenure::of(false, lens.status(edge))));
    let held = held(shares, |edges| {
        lens.quantities(edges, measure).into_values().next()
    })?;
    Some(Holding::of(&held))
}

/// Returns the sum of edges in one right, as a fraction of the whole; totals never with their parts.
fn sum(lens: Lens<'_>, edges: &[u32], measure: Measure) -> Option<Holding> {
    let sum = lens.quantities(edges, measure).into_values().next()?;
    Some(Holding::of(&sum))
}
