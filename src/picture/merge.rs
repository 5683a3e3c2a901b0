//! What the edges of an arrow come to.

use crate::model::lang::Lang;
use crate::model::quantity::Quantity;
use crate::model::record::{Edge, Records};
use crate::model::resolve::Resolution;
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
    edges: BTreeMap<&'a NamedNode, BoardEdge<'a>>,
    totals: Totals<&'a NamedNode>,
}

/// What some edges come to, money first.
pub(crate) struct Values {
    /// The sums, by measure and unit.
    pub(crate) quantities: Vec<Quantity>,
    /// The same sums as a picture shows them.
    pub(crate) shown: Vec<ArrowValue>,
    /// The number of edges that nothing is known of.
    pub(crate) unknown: usize,
}

impl Values {
    /// Returns the money among the sums, if there is any.
    pub(crate) fn money(&self) -> Option<Quantity> {
        let mut quantities = self.quantities.iter().copied();
        quantities.find(|quantity| quantity.unit.measure() == Measure::Amount)
    }
}

impl<'a> Sums<'a> {
    /// Takes the edges that count on one day.
    pub(crate) fn of(records: &'a Records, edges: impl Iterator<Item = BoardEdge<'a>>) -> Self {
        let edges: BTreeMap<_, _> = edges.map(|edge| (edge.id, edge)).collect();
        Self {
            totals: Totals::new(&records.stated_totals(), |edge| edges.contains_key(edge)),
            edges,
        }
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
        sums.sort_by_key(|sum| sum.quantity.unit.measure());
        Values {
            quantities: sums.iter().map(|sum| sum.quantity).collect(),
            shown: sums
                .into_iter()
                .map(|sum| self.value(sum, sources, lang))
                .collect(),
            unknown,
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
        arrow(one) == arrow(other)
    }
}

/// How firm some edges are together.
pub(crate) fn firmness(edges: &[BoardEdge<'_>]) -> Firmness {
    let binding = |edge: &&BoardEdge<'_>| edge.resolution.status.is_some_and(|s| s.is_binding());
    match edges.iter().filter(binding).count() {
        0 => Firmness::Loose,
        count if count == edges.len() => Firmness::Firm,
        _ => Firmness::Partly,
    }
}
