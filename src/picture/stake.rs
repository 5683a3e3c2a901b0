//! What players have at stake with each other: the money between them.

use crate::analysis::error::AnalysisError;
use crate::analysis::loops::{Loop, LoopStep};
use crate::analysis::position::{Lens, Position};
use crate::model::name::{Family, PlayerType};
use crate::model::record::{Edge, Records};
use crate::model::unit::Measure;
use crate::picture::error::SceneError;
use indexmap::{IndexMap, IndexSet};
use oxigraph::model::NamedNode;
use std::cmp::Ordering;
use std::collections::BTreeSet;

/// How many players are drawn however many arrows there are between them.
const AT_LEAST: usize = 4;

/// Players to choose from, and what is known of each.
pub(crate) struct Stakes<'a> {
    lens: Lens<'a>,
    players: IndexMap<&'a NamedNode, Stake<'a>>,
    /// The players of each loop, by place.
    loops: Vec<Vec<usize>>,
}

/// What one player has at stake.
struct Stake<'a> {
    /// The edges of the network at the player, with the other end.
    edges: Vec<(u32, usize)>,
    /// Those that lead to players that are chosen.
    chosen: Vec<u32>,
    /// The arrows that the player would have, whoever is chosen: the other end, the way and the family.
    arrows: BTreeSet<(&'a NamedNode, bool, Family)>,
    /// Whether it stands for several players or an unnamed one; these come after all others.
    is_group: bool,
    /// The money that goes through its hands, and what part of it is with players that are chosen.
    money: f64,
    money_chosen: f64,
    /// The loops that it is a member of.
    loops: Vec<usize>,
}

impl<'a> Stakes<'a> {
    /// Gathers what some players have at stake. `counted` are the edges that would be arrows.
    ///
    /// # Errors
    /// Those of the network.
    pub(crate) fn of(
        position: &'a Position,
        records: &Records,
        players: &'a [NamedNode],
        counted: impl Iterator<Item = &'a Edge>,
        loops: &[Loop],
    ) -> Result<Self, SceneError> {
        let lens = position.network().map_err(AnalysisError::from)?;
        let stake = |id: &'a NamedNode| {
            let kind = records.players.get(id).map(|player| player.player_type);
            let stake = Stake {
                edges: Vec::new(),
                chosen: Vec::new(),
                arrows: BTreeSet::new(),
                is_group: matches!(kind, Some(PlayerType::Group | PlayerType::Voice)),
                money: 0.0,
                money_chosen: 0.0,
                loops: Vec::new(),
            };
            (id, stake)
        };
        let mut stakes = Self {
            lens,
            players: players.iter().map(stake).collect(),
            loops: Vec::new(),
        };
        for one in loops {
            let place = |hop: &LoopStep| stakes.players.get_index_of(&hop.from);
            let Some(places) = one.hops.iter().map(place).collect::<Option<Vec<_>>>() else {
                continue;
            };
            for place in &places {
                stakes.players[*place].loops.push(stakes.loops.len());
            }
            stakes.loops.push(places);
        }
        for edge in counted {
            for (own, other, is_out) in
                [(&edge.from, &edge.to, true), (&edge.to, &edge.from, false)]
            {
                if let Some(stake) = stakes.players.get_mut(own) {
                    stake.arrows.insert((other, is_out, edge.family));
                }
            }
        }
        let graph = &lens.network.graph;
        for edge in lens.edges() {
            let ends = [graph.source(edge), graph.target(edge)];
            let [from, to] = ends.map(|end| stakes.players.get_index_of(&lens.network.player(end)));
            if let (Some(from), Some(to)) = (from, to) {
                stakes.players[from].edges.push((edge, to));
                stakes.players[to].edges.push((edge, from));
            }
        }
        for place in 0..stakes.players.len() {
            let all = &stakes.players[place].edges;
            let edges: Vec<u32> = all.iter().map(|(edge, _)| *edge).collect();
            stakes.players[place].money = stakes.money(&edges);
        }
        Ok(stakes)
    }

    /// Returns the most money that some edges may come to in any one currency.
    fn money(&self, edges: &[u32]) -> f64 {
        let sums = self.lens.quantities(edges, Measure::Amount);
        let most = sums
            .values()
            .map(|sum| sum.upper.or(sum.lower).unwrap_or_default());
        most.fold(0.0, f64::max)
    }

    /// Chooses players: the first ones as they are given, then again and again whoever closes a loop with those chosen so
    /// far, or else deals in the most money with them; no more once they would have too many arrows between them.
    ///
    /// O(k (n + l) + m log m) for k chosen of n players with m edges and l loops.
    pub(crate) fn choose(
        &mut self,
        first: &[&NamedNode],
        most: usize,
        arrows_max: usize,
    ) -> IndexSet<NamedNode> {
        let mut chosen: IndexSet<NamedNode> = IndexSet::new();
        let mut arrows = 0;
        let first: Vec<usize> = first
            .iter()
            .filter_map(|id| self.players.get_index_of(*id))
            .collect();
        for place in first {
            if chosen.len() < most {
                arrows += self.take(place, &mut chosen);
            }
        }
        while chosen.len() < most {
            let left = (0..self.players.len()).filter(|place| !chosen.contains(self.id(*place)));
            let Some(next) = left.max_by(|a, b| self.compare(*a, *b, &chosen)) else {
                break;
            };
            if chosen.len() >= AT_LEAST && arrows + self.arrows(next, &chosen) > arrows_max {
                break;
            }
            arrows += self.take(next, &mut chosen);
        }
        chosen
    }

    fn id(&self, place: usize) -> &'a NamedNode {
        self.players.keys()[place]
    }

    /// Returns the number of arrows between a player and those that are chosen.
    fn arrows(&self, place: usize, chosen: &IndexSet<NamedNode>) -> usize {
        let arrows = self.players[place].arrows.iter();
        arrows.filter(|(other, ..)| chosen.contains(*other)).count()
    }

    /// Chooses a player; returns how many arrows it adds.
    fn take(&mut self, place: usize, chosen: &mut IndexSet<NamedNode>) -> usize {
        let arrows = self.arrows(place, chosen);
        if !chosen.insert(self.id(place).clone()) {
            return 0;
        }
        let mut touched = BTreeSet::new();
        for (edge, other) in std::mem::take(&mut self.players[place].edges) {
            self.players[other].chosen.push(edge);
            touched.insert(other);
        }
        for other in touched {
            self.players[other].money_chosen = self.money(&self.players[other].chosen);
        }
        arrows
    }

    /// Returns whether a player closes a loop with those that are chosen.
    fn closes_loop(&self, place: usize, chosen: &IndexSet<NamedNode>) -> bool {
        let is_there = |other: &usize| *other == place || chosen.contains(self.id(*other));
        let mut loops = self.players[place].loops.iter();
        loops.any(|one| self.loops[*one].iter().all(is_there))
    }

    /// Puts first who has more at stake: in a loop with those chosen, in money with them, then at all; groups last.
    fn compare(&self, a: usize, b: usize, chosen: &IndexSet<NamedNode>) -> Ordering {
        let (one, other) = (&self.players[a], &self.players[b]);
        let order = other.is_group.cmp(&one.is_group);
        let order = order.then_with(|| {
            self.closes_loop(a, chosen)
                .cmp(&self.closes_loop(b, chosen))
        });
        let order = order.then(one.money_chosen.total_cmp(&other.money_chosen));
        let order = order.then_with(|| self.arrows(a, chosen).cmp(&self.arrows(b, chosen)));
        let order = order.then(one.money.total_cmp(&other.money));
        let order = order.then(one.arrows.len().cmp(&other.arrows.len()));
        order.then_with(|| self.id(b).cmp(self.id(a)))
    }
}
