//! The finding: where the money goes round, and what it is bound up with.

use crate::analysis::error::AnalysisError;
use crate::analysis::loops::Loop;
use crate::analysis::position::Position;
use crate::model::lang::Lang;
use crate::model::name::{Family, Flow, Status};
use crate::model::quantity::Quantity;
use crate::model::sum::Sum;
use crate::model::unit::Measure;
use crate::model::vocabulary::pm;
use crate::story::ledger::{Ledger, by_size};
use crate::story::sentence::{Filling, Sentence, between};
use crate::words::Message;
use indexmap::IndexMap;
use oxigraph::model::{NamedNode, NamedOrBlankNode};

/// How many partners are named with what is bought from them.
const PARTNERS_MAX: usize = 5;

/// The circle of money on a board.
pub(crate) struct Circle {
    /// The player that the most money comes back from.
    hub: NamedNode,
    /// The suppliers that also put money into it, each with the loop of the two, the greatest first.
    investors: Vec<(NamedNode, Loop)>,
    /// The suppliers that give it shares in themselves for its custom, each with the edges of its loop that do.
    issuers: Vec<(NamedNode, Vec<NamedNode>)>,
    /// The greatest loop of three players and more through it.
    long: Option<Loop>,
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
        let mut hubs: IndexMap<NamedNode, Vec<(NamedNode, Loop)>> = IndexMap::new();
        for one in found.iter().filter(|one| one.hops.len() == 2) {
            for (there, back) in [(0, 1), (1, 0)] {
                let (hub, supplier) = (&one.hops[there].from, &one.hops[back].from);
                let invests =
                    Self::has(ledger, &one.hops[back].edges, Family::Investment, supplier);
                let sells = Self::has(ledger, &one.hops[there].edges, Family::Supply, supplier);
                if invests && sells {
                    let supplier = supplier.clone();
                    hubs.entry(hub.clone())
                        .or_default()
                        .push((supplier, (*one).clone()));
                }
            }
        }
        let money = |investors: &[(NamedNode, Loop)]| {
            total(investors).map_or(0.0, |q| q.upper.or(q.lower).unwrap_or(0.0))
        };
        let hub = hubs.into_iter().max_by(|a, b| {
            let order = money(&a.1).total_cmp(&money(&b.1));
            order
                .then(a.1.len().cmp(&b.1.len()))
                .then_with(|| b.0.cmp(&a.0))
        });
        let (hub, mut investors) = hub?;
        investors.sort_by(|a, b| match (&a.1.circulating, &b.1.circulating) {
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
        let counts = |one: &Loop| {
            let unit = one.circulating.map(|amount| amount.unit);
            total.is_none_or(|total| unit == Some(total.unit))
        };
        let (summed, others): (Vec<_>, Vec<_>) =
            (self.investors.iter()).partition(|(_, one)| counts(one));
        let names = ledger.names(summed.iter().map(|(player, _)| player));
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
        let claims = summed.iter().flat_map(|(_, one)| claims(ledger, one));
        let claims = claims.collect();
        let amount = Filling::quantity(total, claims, ledger.lang);
        let puts = |(player, one): &&(NamedNode, Loop)| {
            let back = usize::from(one.hops[0].from != *player);
            let given = Self::edges(ledger, &one.hops[back].edges, Family::Investment, player);
            given.iter().any(|edge| ledger.is_binding(edge))
        };
        let all_put = self.investors.iter().all(|one| puts(&one));
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
            let names = ledger.names(others.iter().map(|(player, _)| player));
            let rest = ledger.say(Message::FindingOthers, &[("names", &names)]);
            sentence = Sentence::joined([sentence, rest], between(ledger.lang));
        }
        sentence
    }

    /// Returns the loops that the finding names, in the order of its investors.
    pub(crate) fn named(&self) -> impl Iterator<Item = &Loop> {
        self.investors.iter().map(|(_, one)| one)
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
    let edges = edges.filter(|edge| {
        let resolution = ledger.position.resolution(edge);
        let mut values = resolution
            .into_iter()
            .flat_map(|resolution| &resolution.values);
        one.circulating.is_none() || values.any(|value| value.measure == Measure::Amount)
    });
    edges
        .flat_map(|edge| ledger.position.claims(edge, Some(Measure::Amount)))
        .collect()
}

/// Returns what can come back to all of the investors: the loops of two have no edge in common.
fn total(investors: &[(NamedNode, Loop)]) -> Option<Quantity> {
    let mut known = investors.iter().filter_map(|(_, one)| one.circulating);
    let first = known.next()?;
    let same = known.filter(|circulating| circulating.unit == first.unit);
    Some(same.fold(first, |sum, one| sum.add_non_negative(&one)))
}

/// Returns with whom a player has edges of a family, from it or to it, and for how much, the greatest first, as a list; those
/// for which no source says how much come last.
pub(crate) fn partners(
    ledger: &Ledger<'_>,
    player: &NamedNode,
    is_from: bool,
    family: Family,
) -> Option<Sentence> {
    listed(ledger, sums(ledger, player, is_from, family))
}

/// The other side of a trade, and what the edges with it sum to, where any source says.
type Partner = (u32, Option<Sum<u32>>);

/// Returns with whom a player has edges of a family, from it or to it: money first, the greatest first, then capacity and
/// numbers, what is not known last.
fn sums(ledger: &Ledger<'_>, player: &NamedNode, is_from: bool, family: Family) -> Vec<Partner> {
    let graph = &ledger.lens.network.graph;
    let (from, to) = if is_from {
        (Some(player), None)
    } else {
        (None, Some(player))
    };
    let mut by_partner: IndexMap<u32, Vec<u32>> = IndexMap::new();
    // Of investments, those that bring money: a stake that is only held does not.
    let columns = &ledger.lens.network.columns;
    let pays = |edge: &u32| {
        family != Family::Investment || columns.kind_of(*edge).carries == Some(Flow::Cash)
    };
    for edge in ledger.edges(from, to, family).into_iter().filter(pays) {
        let partner = if is_from {
            graph.target(edge)
        } else {
            graph.source(edge)
        };
        by_partner.entry(partner).or_default().push(edge);
    }
    // Who gives a total that others are the parts of gives nothing beside them.
    by_partner.retain(|_, edges| !ledger.is_in_parts(edges));
    let sums = by_partner
        .iter()
        .map(|(partner, edges)| (*partner, ledger.sum(edges)));
    let mut sums: Vec<_> = sums.collect();
    sums.sort_by(|(_, a), (_, b)| {
        let (Some(a), Some(b)) = (a, b) else {
            return b.is_some().cmp(&a.is_some());
        };
        let measure = |sum: &Quantity| (sum.unit.measure(), sum.unit);
        let order = measure(&a.quantity).cmp(&measure(&b.quantity));
        order.then_with(|| by_size(&b.quantity, &a.quantity))
    });
    sums
}

/// Returns partners as a list, of many the first few and how many more.
fn listed(ledger: &Ledger<'_>, mut sums: Vec<Partner>) -> Option<Sentence> {
    // One more takes as much room as its name.
    let more = match sums.len().saturating_sub(PARTNERS_MAX) {
        1 => 0,
        more => more,
    };
    sums.truncate(PARTNERS_MAX + usize::from(more == 0));
    let parts = sums.iter().map(|(partner, sum)| {
        let name = ledger.name(&ledger.lens.network.player(*partner));
        match sum {
            Some(sum) => {
                let plan = ledger.plan(&sum.edges);
                let mut statuses = (sum.edges.iter()).filter_map(|edge| ledger.lens.status(*edge));
                let is_partly = statuses.any(Status::is_binding);
                let message = match (plan.is_some(), is_partly) {
                    (false, _) => Message::NameAndAmount,
                    (true, false) => Message::NameAndPlan,
                    (true, true) => Message::NameAndPartPlan,
                };
                let places = [
                    ("name", &name),
                    ("amount", &ledger.amount(sum)),
                    ("status", &plan.unwrap_or_default()),
                ];
                ledger.say(message, &places)
            }
            None => ledger.say(Message::NameWithoutAmount, &[("name", &name)]),
        }
    });
    let mut parts: Vec<_> = parts.collect();
    if more > 0 {
        parts.push(ledger.say(Message::StoryMore, &[("count", &Filling::text(more))]));
    }
    (!parts.is_empty()).then(|| ledger.listed(parts))
}
