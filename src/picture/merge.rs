//! What the edges of an arrow come to.

use crate::model::lang::Lang;
use crate::model::quantity::Quantity;
use crate::model::record::{Edge, Records};
use crate::model::resolve::Resolution;
use crate::model::shares::{Tenure, held, is_right_to_shares};
use crate::model::sum::{Edges, Sum, Totals, sums};
use crate::model::unit::Measure;
use crate::model::vocabulary::short_name;
use crate::picture::convert::amount;
use crate::picture::sources::Sources;
use oxigraph::model::{NamedNode, NamedOrBlankNode};
use powermap_picture::{ArrowValue, Firmness};
use std::collections::BTreeMap;

/// An edge on the board, with what holds of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BoardEdge<'a> {
    pub(crate) id: &'a NamedNode,
    pub(crate) edge: &'a Edge,
    pub(crate) resolution: &'a Resolution,
}

/// The id of a claim as programs read it.
pub(crate) fn claim_id(id: &NamedOrBlankNode) -> String {
    match id {
        NamedOrBlankNode::NamedNode(node) => short_name(node.as_str()).to_owned(),
        NamedOrBlankNode::BlankNode(node) => node.to_string(),
    }
}

/// The edges on a board that count, and the totals among them.
pub(crate) struct Sums<'a> {
    records: &'a Records,
    edges: BTreeMap<&'a NamedNode, BoardEdge<'a>>,
    totals: Totals<&'a NamedNode>,
    /// Whether parallel edges have arrows of their own, so that a part is at another arrow than its total.
    is_split: bool,
}

/// What some edges come to, money first.
pub(crate) struct Values {
    /// The sums, by measure and unit.
    pub(crate) quantities: Vec<Quantity>,
    /// The same sums as a picture shows them.
    pub(crate) shown: Vec<ArrowValue>,
    /// The number of edges that nothing is known of.
    pub(crate) unknown: usize,
    /// The edges that the sum is made of that stands at the arrow, if one does.
    labelled: Vec<NamedNode>,
}

impl Values {
    /// Returns the money among the sums, if there is any.
    pub(crate) fn money(&self) -> Option<Quantity> {
        let mut quantities = self.quantities.iter().copied();
        quantities.find(|quantity| quantity.unit.measure() == Measure::Amount)
    }

    /// Returns those of some edges that the label of their arrow speaks of: those that are summed, or else all.
    pub(crate) fn labelled<'a>(&self, edges: &[BoardEdge<'a>]) -> Vec<BoardEdge<'a>> {
        let is_summed =
            |edge: &&BoardEdge<'_>| self.labelled.is_empty() || self.labelled.contains(edge.id);
        edges.iter().filter(is_summed).copied().collect()
    }

    /// Returns whether other arrows have all that is known of the edges.
    pub(crate) fn is_in_parts(&self) -> bool {
        !self.shown.is_empty() && self.shown.iter().all(ArrowValue::is_in_parts)
    }
}

impl<'a> Sums<'a> {
    /// Takes the edges that count on one day.
    pub(crate) fn of(
        records: &'a Records,
        edges: impl Iterator<Item = BoardEdge<'a>>,
        is_split: bool,
    ) -> Self {
        let edges: BTreeMap<_, _> = edges.map(|edge| (edge.id, edge)).collect();
        Self {
            totals: Totals::new(&records.stated_totals(), |edge| edges.contains_key(edge)),
            edges,
            records,
            is_split,
        }
    }

    /// Returns what a sum of shares comes to, of which some may be plans and rights alone.
    fn share(&self, sum: &Sum<&'a NamedNode>) -> Option<Quantity> {
        let measure = sum.quantity.unit.measure();
        let is_share = [Measure::Share, Measure::Votes, Measure::Appointment];
        if !is_share.contains(&measure) {
            return None;
        }
        let edges = sum.edges.iter().filter_map(|id| self.edges.get(id));
        let shares = edges.map(|one| {
            let kind = one.edge.kind.as_ref();
            let concept = kind.and_then(|kind| self.records.concepts.get(kind));
            let is_right =
                concept.is_some_and(|concept| is_right_to_shares(concept.carries, concept.returns));
            (kind, one.id, Tenure::of(is_right, one.resolution.status))
        });
        held(shares, |edges| {
            let sums = sums(self, &self.totals, edges, Some(measure));
            let mut found = sums.by_unit.into_values();
            found
                .find(|one| one.quantity.unit == sum.quantity.unit)
                .map(|one| one.quantity)
        })
    }

    /// The parts of an edge, and their parts.
    pub(crate) fn parts(&self, edge: &'a NamedNode) -> impl Iterator<Item = BoardEdge<'a>> {
        let parts = self.totals.parts(edge).into_iter();
        parts.filter_map(|part| self.edges.get(part).copied())
    }

    /// Returns what some of the edges come to, by measure and unit, and the number of those that nothing is known of;
    /// see [`crate::model::sum`].
    pub(crate) fn values(
        &self,
        edges: &[BoardEdge<'a>],
        sources: &Sources<'_>,
        lang: Lang,
    ) -> Values {
        let ids: Vec<_> = edges.iter().map(|edge| edge.id).collect();
        let sums = sums(self, &self.totals, &ids, None);
        let unknown = sums.unknown.len();
        let mut sums: Vec<_> = sums.by_unit.into_values().collect();
        for sum in &mut sums {
            sum.quantity = self.share(sum).unwrap_or(sum.quantity);
        }
        // Of several currencies, the one with the greatest figure comes first.
        sums.sort_by(|a, b| {
            let key = |sum: &Sum<_>| (sum.quantity.unit.measure(), -sum.quantity.headline());
            let (a, b) = (key(a), key(b));
            a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))
        });
        let quantities: Vec<_> = sums.iter().map(|sum| sum.quantity).collect();
        let (mut shown, mut labelled) = (Vec::new(), Vec::new());
        for sum in sums {
            let edges = sum.edges.clone();
            let value = self.value(sum, sources, lang);
            if labelled.is_empty() && !value.is_in_parts() {
                labelled = edges.into_iter().cloned().collect();
            }
            shown.push(value);
        }
        print_beside(&quantities, &mut shown);
        Values {
            quantities,
            shown,
            unknown,
            labelled,
        }
    }

    fn value(&self, sum: Sum<&'a NamedNode>, sources: &Sources<'_>, lang: Lang) -> ArrowValue {
        let unit = sum.quantity.unit;
        let used = sum.edges.iter().chain(&sum.parts);
        let claims: Vec<_> = used
            .filter_map(|edge| self.edges.get(edge))
            .flat_map(|edge| &edge.resolution.values)
            .filter(|value| value.quantity.unit.base().0 == unit)
            .flat_map(|value| &value.claims)
            .collect();
        let mut names: Vec<_> = claims.iter().map(|id| claim_id(id)).collect();
        names.sort_unstable();
        names.dedup();
        let short = |edges: Vec<&NamedNode>| -> Vec<String> {
            let names = edges.into_iter().map(|id| short_name(id.as_str()));
            names.map(str::to_owned).collect()
        };
        let mut value = ArrowValue::new(amount(&sum.quantity, lang));
        value.whole = sum.whole.map(|whole| amount(&whole, lang));
        value.edges = short(sum.edges);
        value.parts_elsewhere = short(sum.parts);
        value.parts_included = short(sum.included);
        value.claims = names;
        value.sources = sources.numbers(claims);
        value
    }
}

/// Marks what is printed beside the first value: money in another currency, votes beside a share of the capital.
fn print_beside(quantities: &[Quantity], shown: &mut [ArrowValue]) {
    let Some(first) = shown.iter().position(|value| !value.is_in_parts()) else {
        return;
    };
    let mut values = quantities.iter().zip(shown).skip(first);
    let Some((main, _)) = values.next() else {
        return;
    };
    for (quantity, value) in values {
        value.is_beside = matches!(
            (main.unit.measure(), quantity.unit.measure()),
            (Measure::Amount, Measure::Amount) | (Measure::Share, Measure::Votes)
        );
    }
}

impl<'a> Edges<&'a NamedNode> for Sums<'a> {
    fn values(
        &self,
        edge: &'a NamedNode,
        measure: Option<Measure>,
    ) -> impl Iterator<Item = Quantity> {
        let values = self.edges.get(edge).map(|edge| &edge.resolution.values);
        let values = values.into_iter().flatten();
        values
            .filter(move |value| measure.is_none_or(|measure| measure == value.measure))
            .map(|value| value.quantity)
    }

    fn are_parallel(&self, one: &'a NamedNode, other: &'a NamedNode) -> bool {
        let arrow = |edge: &NamedNode| {
            let edge = self.edges.get(edge)?.edge;
            Some((&edge.from, &edge.to, edge.family))
        };
        !self.is_split && arrow(one) == arrow(other)
    }
}

/// How firm some edges are together.
pub(crate) fn firmness(edges: &[BoardEdge<'_>]) -> Firmness {
    let binding = |edge: &&BoardEdge<'_>| edge.resolution.status.is_some_and(|s| s.is_binding());
    let is_stated = |edge: &BoardEdge<'_>| edge.resolution.status.is_some();
    match edges.iter().filter(binding).count() {
        0 if edges.iter().all(is_stated) => Firmness::Loose,
        0 => Firmness::Unstated,
        count if count == edges.len() => Firmness::Firm,
        _ => Firmness::Partly,
    }
}
