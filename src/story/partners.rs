//! With whom a player trades, and for how much.

use crate::model::name::{Family, Flow, Status};
use crate::model::quantity::Quantity;
use crate::story::ledger::{Ledger, Worth, by_size};
use crate::story::sentence::{Filling, Sentence};
use crate::words::Message;
use indexmap::IndexMap;
use oxigraph::model::NamedNode;

/// How many partners are named with what is bought from them.
const PARTNERS_MAX: usize = 5;

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
pub(super) type Partner = (u32, Option<Worth>);

/// Returns with whom a player has edges of a family, from it or to it: money first, the greatest first, then capacity and
/// numbers, what is not known last.
pub(super) fn sums(
    ledger: &Ledger<'_>,
    player: &NamedNode,
    is_from: bool,
    family: Family,
) -> Vec<Partner> {
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
        let order = measure(&a.greatest).cmp(&measure(&b.greatest));
        order.then_with(|| by_size(&b.greatest, &a.greatest))
    });
    sums
}

/// Returns partners as a list, of many the first few and how many more.
pub(super) fn listed(ledger: &Ledger<'_>, mut sums: Vec<Partner>) -> Option<Sentence> {
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
                let plan = ledger.plan(&sum.edges());
                let mut statuses = sum
                    .edges()
                    .into_iter()
                    .filter_map(|edge| ledger.lens.status(edge));
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
