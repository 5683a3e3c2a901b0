//! The finding: where the money goes round, and what it is bound up with.

use crate::analysis::error::AnalysisError;
use crate::analysis::loops::Loop;
use crate::analysis::position::Position;
use crate::model::lang::Lang;
use crate::model::name::Family;
use crate::model::quantity::Quantity;
use crate::model::unit::Measure;
use crate::model::vocabulary::pm;
use crate::story::ledger::{Ledger, by_size};
use crate::story::partners::{listed, sums};
use crate::story::sentence::{Filling, Sentence, between};
use crate::words::Message;
use indexmap::IndexMap;
use oxigraph::model::{NamedNode, NamedOrBlankNode};

/// The circle of money on a board.
pub(crate) struct Circle {
    /// The player that the most money comes back from.
    hub: NamedNode,
    /// The suppliers that also put money into it, the one to whom the most can come back first.
    investors: Vec<Investor>,
    /// The suppliers that give it shares in themselves for its custom, each with the edges of its loop that do.
    issuers: Vec<(NamedNode, Vec<NamedNode>)>,
    /// The greatest loop of three players and more through it.
    long: Option<Loop>,
}

/// A supplier that puts money into its customer.
struct Investor {
    player: NamedNode,
    /// The loop of the two.
    one: Loop,
    /// The edges of the loop by which it puts money in, and those that the customer pays for.
    edges: [Vec<NamedNode>; 2],
    /// What it puts in and the customer pays for: what can come back. Nothing where neither is known.
    back: Option<Quantity>,
}

impl Investor {
    /// Returns the supplier that starts at a hop of a loop of two, if it both sells and puts money in.
    fn of(ledger: &Ledger<'_>, one: &Loop, hop: usize) -> Option<Self> {
        let supplier = &one.hops[hop].from;
        let put_in = Circle::edges(ledger, &one.hops[hop].edges, Family::Investment, supplier);
        let sold = Circle::edges(ledger, &one.hops[1 - hop].edges, Family::Supply, supplier);
        if put_in.is_empty() || sold.is_empty() {
            return None;
        }
        // What else lies between the two is no part of it.
        let is_all = |edges: &[NamedNode], hop: usize| edges.len() == one.hops[hop].edges.len();
        let back = match is_all(&put_in, hop) && is_all(&sold, 1 - hop) {
            true => one.circulating,
            false => {
                let hub = &one.hops[1 - hop].from;
                let sum = |family: Family, ids: &[NamedNode]| {
                    let mut edges = ledger.edges(Some(supplier), Some(hub), family);
                    edges.retain(|edge| ids.contains(&ledger.lens.network.id(*edge)));
                    Some(ledger.sum_in(&edges, Measure::Amount)?.greatest)
                };
                match (sum(Family::Investment, &put_in), sum(Family::Supply, &sold)) {
                    (Some(one), Some(other)) => one.minimum(&other).ok(),
                    (known, None) | (None, known) => known
                        .filter(|known| known.upper.is_some())
                        .map(|known| Quantity {
                            lower: None,
                            lower_exclusive: false,
                            ..known
                        }),
                }
            }
        };
        Some(Self {
            player: supplier.clone(),
            one: one.clone(),
            edges: [put_in, sold],
            back,
        })
    }

    /// Returns the claims of the amounts.
    fn claims(&self, ledger: &Ledger<'_>) -> Vec<NamedOrBlankNode> {
        let edges = self.edges.iter().flatten();
        with_amounts(ledger, edges, self.back.is_none())
    }
}

impl Circle {
    /// Finds the circle around the player who gets the most from those it buys from; nothing where no two players
    /// both invest and trade.
    ///
    /// O(l log l) for l loops, which are those of up to three players, the greatest first.
    pub(crate) fn of(ledger: &Ledger<'_>, found: &[Loop]) -> Option<Self> {
        let is_alive = |one: &&Loop| {
            let mut hops = one.hops.iter();
            hops.all(|hop| hop.edges.iter().any(|edge| ledger.is_alive(edge)))
        };
        let found: Vec<&Loop> = found.iter().filter(is_alive).collect();
        let mut hubs: IndexMap<NamedNode, Vec<Investor>> = IndexMap::new();
        for one in found.iter().filter(|one| one.hops.len() == 2) {
            for hop in [1, 0] {
                if let Some(investor) = Investor::of(ledger, one, hop) {
                    let hub = one.hops[1 - hop].from.clone();
                    hubs.entry(hub).or_default().push(investor);
                }
            }
        }
        let money = |investors: &[Investor]| {
            total(investors).map_or(0.0, |q| q.upper.or(q.lower).unwrap_or(0.0))
        };
        let hub = hubs.into_iter().max_by(|a, b| {
            let order = money(&a.1).total_cmp(&money(&b.1));
            order
                .then(a.1.len().cmp(&b.1.len()))
                .then_with(|| b.0.cmp(&a.0))
        });
        let (hub, mut investors) = hub?;
        investors.sort_by(|a, b| match (&a.back, &b.back) {
            (Some(a), Some(b)) => by_size(b, a),
            (a, b) => b.is_some().cmp(&a.is_some()),
        });
        let through = |one: &&&Loop| one.hops.iter().any(|hop| hop.from == hub);
        let long = found
            .iter()
            .filter(through)
            .filter(|one| one.hops.len() > 2 && one.circulating.is_some())
            // Of equals, the greatest comes first.
            .min_by_key(|one| one.hops.iter().filter(|hop| hop.amount.is_none()).count());
        let of_two = found.iter().filter(|one| one.hops.len() == 2);
        let issuers = of_two
            .filter(through)
            .filter_map(|one| Self::issuer(ledger, one, &hub))
            .collect();
        Some(Self {
            long: long.map(|one| (*one).clone()),
            issuers,
            hub,
            investors,
        })
    }

    /// Returns those of some edges that are of a family and start at a player.
    fn edges(
        ledger: &Ledger<'_>,
        edges: &[NamedNode],
        family: Family,
        from: &NamedNode,
    ) -> Vec<NamedNode> {
        let records = ledger.position.records();
        let is_one = |id: &&NamedNode| {
            let edge = records.edges.get(*id);
            edge.is_some_and(|edge| edge.family == family && edge.from == *from)
        };
        edges.iter().filter(is_one).cloned().collect()
    }

    fn has(ledger: &Ledger<'_>, edges: &[NamedNode], family: Family, from: &NamedNode) -> bool {
        !Self::edges(ledger, edges, family, from).is_empty()
    }

    /// Returns the supplier in a loop of two who gives the hub shares while it sells to it, and the edges that give them.
    fn issuer(
        ledger: &Ledger<'_>,
        one: &Loop,
        hub: &NamedNode,
    ) -> Option<(NamedNode, Vec<NamedNode>)> {
        let there = usize::from(one.hops[0].from != *hub);
        let supplier = &one.hops[1 - there].from;
        let sells = Self::has(ledger, &one.hops[there].edges, Family::Supply, supplier);
        let gives = Self::edges(ledger, &one.hops[1 - there].edges, Family::Investment, hub);
        (sells && !gives.is_empty()).then(|| (supplier.clone(), gives))
    }

    /// Returns the finding: who of the hub's suppliers invests in it, and how much can come back to them.
    pub(crate) fn finding(&self, ledger: &Ledger<'_>) -> Sentence {
        let hub = ledger.name(&self.hub);
        let total = total(&self.investors);
        let counts = |investor: &&Investor| {
            let unit = investor.back.map(|amount| amount.unit);
            total.is_none_or(|total| unit == Some(total.unit))
        };
        let (summed, others): (Vec<_>, Vec<_>) = self.investors.iter().partition(counts);
        let names = ledger.names(summed.iter().map(|investor| &investor.player));
        let count = ledger.number(self.investors.len());
        let places = [("hub", &hub), ("names", &names), ("count", &count)];
        let is_one = self.investors.len() == 1;
        let Some(total) = total else {
            let message = if is_one {
                Message::FindingOneUnknown
            } else {
                Message::FindingUnknown
            };
            return ledger.say(message, &places);
        };
        let claims = summed.iter().flat_map(|investor| investor.claims(ledger));
        let claims = claims.collect();
        let amount = Filling::quantity(total, claims, ledger.lang);
        let mut put_in = summed.iter().flat_map(|investor| &investor.edges[0]);
        let all_put = put_in.all(|edge| ledger.is_binding(edge));
        let message = match (is_one, all_put) {
            (true, true) => Message::FindingOne,
            (true, false) => Message::FindingOnePlanned,
            (false, true) => Message::Finding,
            (false, false) => Message::FindingPlanned,
        };
        let mut sentence = ledger.say(
            message,
            &[places.as_slice(), &[("amount", &amount)]].concat(),
        );
        if !others.is_empty() {
            let names = ledger.names(others.iter().map(|investor| &investor.player));
            let rest = ledger.say(Message::FindingOthers, &[("names", &names)]);
            sentence = Sentence::joined([sentence, rest], between(ledger.lang));
        }
        sentence
    }

    /// Returns the loops that are told: those of the investors, and the greatest longer one.
    pub(crate) fn named(&self) -> impl Iterator<Item = &Loop> {
        let investors = self.investors.iter().map(|investor| &investor.one);
        investors.chain(&self.long)
    }

    /// Returns whether less can come back to the investors than goes round in a loop for sure, or nobody says how much.
    pub(crate) fn is_less_than(&self, one: &Loop) -> bool {
        let is_told = || self.named().any(|other| other == one);
        let is_less = match (total(&self.investors), one.circulating) {
            (Some(total), Some(round)) => {
                let (most, least) = (total.upper.or(total.lower), round.lower);
                total.unit == round.unit
                    && most.zip(least).is_some_and(|(most, least)| most < least)
            }
            (None, round) => round.is_some(),
            _ => false,
        };
        is_less && !is_told()
    }

    /// Returns what the hub buys from whom.
    pub(crate) fn orders(&self, ledger: &Ledger<'_>) -> Option<Sentence> {
        let (known, silent): (Vec<_>, Vec<_>) = sums(ledger, &self.hub, false, Family::Supply)
            .into_iter()
            .partition(|(_, sum)| sum.is_some());
        let list = listed(ledger, known)?;
        let mut sentence = ledger.say(Message::OrdersOf, &[("hub", &ledger.name(&self.hub))]);
        sentence.append(list);
        if !silent.is_empty() {
            let player = |(node, _): &(u32, _)| ledger.lens.network.player(*node);
            let players: Vec<NamedNode> = silent.iter().map(player).collect();
            let names = ledger.names(&players);
            sentence.append(ledger.say(Message::OrdersSilent, &[("names", &names)]));
        }
        sentence.append(ledger.say(Message::StoryStop, &[]));
        Some(sentence)
    }

    /// Returns who gives the hub shares for its custom.
    pub(crate) fn shares(&self, ledger: &Ledger<'_>) -> Option<Sentence> {
        if self.issuers.is_empty() {
            return None;
        }
        let names = ledger.names(self.issuers.iter().map(|(issuer, _)| issuer));
        let hub = ledger.name(&self.hub);
        let edges = self.issuers.iter().flat_map(|(_, edges)| edges);
        let records = ledger.position.records();
        let mut kinds = edges
            .clone()
            .map(|id| records.edges.get(id).and_then(|edge| edge.kind.as_ref()));
        let are_rights =
            kinds.all(|kind| kind.is_some_and(|kind| *kind == pm::WARRANT || *kind == pm::OPTION));
        let message = match (self.issuers.len(), are_rights) {
            (1, true) => Message::RightsForOrdersOne,
            (_, true) => Message::RightsForOrders,
            (1, false) => Message::SharesForOrdersOne,
            (_, false) => Message::SharesForOrders,
        };
        let claims = edges.flat_map(|edge| ledger.position.claims(edge, None));
        let claims = claims.collect();
        let sources = Filling::default().resting_on(claims);
        Some(ledger.say(
            message,
            &[("hub", &hub), ("names", &names), ("sources", &sources)],
        ))
    }

    /// Returns the greatest way round by three players and more.
    pub(crate) fn longest(&self, ledger: &Ledger<'_>) -> Option<Sentence> {
        let long = self.long.as_ref()?;
        Some(way_round(ledger, long, &self.hub))
    }
}

/// Returns a loop of a position in words, from one of its players on.
pub(crate) fn way(
    position: &Position,
    one: &Loop,
    from: &NamedNode,
    lang: Lang,
) -> Result<Sentence, AnalysisError> {
    Ok(way_round(&Ledger::new(position, lang)?, one, from))
}

/// Returns a loop in words: the players in order, from one of them on, and what can go round.
pub(crate) fn way_round(ledger: &Ledger<'_>, one: &Loop, from: &NamedNode) -> Sentence {
    let start = one
        .hops
        .iter()
        .position(|hop| hop.from == *from)
        .unwrap_or(0);
    let ring = one.hops.iter().cycle().skip(start).take(one.hops.len() + 1);
    let names: Vec<_> = ring.map(|hop| ledger.label(&hop.from)).collect();
    let way = Filling::text(names.join(" → "));
    match one.circulating {
        Some(circulating) => {
            let amount = Filling::quantity(circulating, claims(ledger, one), ledger.lang);
            let silent = one.hops.iter().filter(|hop| hop.amount.is_none()).count();
            let message = match silent {
                0 => Message::WayRound,
                1 => Message::WayRoundOneSilent,
                _ => Message::WayRoundSilent,
            };
            let places = [
                ("way", &way),
                ("amount", &amount),
                ("silent", &Filling::text(silent)),
                ("steps", &Filling::text(one.hops.len())),
            ];
            ledger.say(message, &places)
        }
        None => ledger.say(
            Message::WayRoundUnknown,
            &[("way", &way.resting_on(claims(ledger, one)))],
        ),
    }
}

/// Returns the claims of the amounts of a loop.
fn claims(ledger: &Ledger<'_>, one: &Loop) -> Vec<NamedOrBlankNode> {
    let edges = one.hops.iter().flat_map(|hop| &hop.edges);
    with_amounts(ledger, edges, one.circulating.is_none())
}

/// Returns the claims of the amounts of edges; of all of them, or of those that have one.
fn with_amounts<'a>(
    ledger: &Ledger<'_>,
    edges: impl Iterator<Item = &'a NamedNode>,
    of_all: bool,
) -> Vec<NamedOrBlankNode> {
    let edges = edges.filter(|edge| {
        let resolution = ledger.position.resolution(edge);
        let mut values = resolution
            .into_iter()
            .flat_map(|resolution| &resolution.values);
        of_all || values.any(|value| value.measure == Measure::Amount)
    });
    edges
        .flat_map(|edge| ledger.position.claims(edge, Some(Measure::Amount)))
        .collect()
}

/// Returns what can come back to all of the investors: the loops of two have no edge in common.
fn total(investors: &[Investor]) -> Option<Quantity> {
    let mut known = investors.iter().filter_map(|investor| investor.back);
    let first = known.next()?;
    let same = known.filter(|back| back.unit == first.unit);
    Some(same.fold(first, |sum, one| sum.add_non_negative(&one)))
}
