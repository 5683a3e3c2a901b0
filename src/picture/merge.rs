//! What several edges are worth together.

use crate::model::lang::Lang;
use crate::model::quantity::Quantity;
use crate::model::record::{Edge, Records};
use crate::model::resolve::{Resolution, ResolvedValue};
use crate::model::unit::{Measure, Unit};
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

/// One value of one edge: where a policy keeps several, the narrowest interval around them.
struct Term<'a> {
    edge: BoardEdge<'a>,
    quantity: Quantity,
    claims: Vec<&'a NamedOrBlankNode>,
}

/// What the edges of an arrow are worth together.
pub(crate) struct Sum {
    /// The sum, an interval.
    pub(crate) quantity: Quantity,
    /// The edges that are summed: a part is not, where its total is.
    edges: Vec<String>,
    /// The claims that the sum rests on.
    claims: Vec<String>,
    /// The numbers of the sources of these claims.
    sources: Vec<usize>,
}

impl Sum {
    /// Returns the sum as a picture shows it.
    pub(crate) fn into_value(self, lang: Lang) -> ArrowValue {
        let mut value = ArrowValue::new(amount(&self.quantity, lang));
        value.edges = self.edges;
        value.claims = self.claims;
        value.sources = self.sources;
        value
    }

    /// Returns the quantity if it is money.
    pub(crate) fn money(&self) -> Option<Quantity> {
        let is_money = self.quantity.unit.measure() == Measure::Amount;
        is_money.then_some(self.quantity)
    }
}

/// Sums the values of edges by measure and unit, money first.
///
/// An edge is left out of a sum that its total is in. Units that do not convert into each other stay apart, so that
/// no currencies are mixed. An open end of one term leaves the sum open.
pub(crate) fn sums(records: &Records, edges: &[BoardEdge<'_>], sources: &Sources<'_>) -> Vec<Sum> {
    let mut terms: BTreeMap<(Measure, Unit), Vec<Term<'_>>> = BTreeMap::new();
    for edge in edges {
        let mut own: BTreeMap<(Measure, Unit), Term<'_>> = BTreeMap::new();
        for value in &edge.resolution.values {
            let key = (value.measure, value.quantity.unit);
            match own.get_mut(&key) {
                Some(term) => {
                    term.quantity = hull(&term.quantity, &value.quantity);
                    term.claims.extend(&value.claims);
                }
                None => {
                    own.insert(key, term(*edge, value));
                }
            }
        }
        for (key, term) in own {
            terms.entry(key).or_default().push(term);
        }
    }
    let mut values = Vec::new();
    for terms in terms.values() {
        let counts = |term: &&Term<'_>| !has_total_in(records, term.edge, terms);
        let counted: Vec<_> = terms.iter().filter(counts).collect();
        let sum = counted
            .iter()
            .map(|term| term.quantity)
            .reduce(|sum, term| sum.add(&term).unwrap_or(sum));
        let Some(quantity) = sum else { continue };
        let claims = || counted.iter().flat_map(|term| term.claims.iter().copied());
        let mut names: Vec<_> = claims().map(claim_id).collect();
        names.sort_unstable();
        names.dedup();
        values.push(Sum {
            quantity,
            edges: counted
                .iter()
                .map(|term| short_name(term.edge.id.as_str()).to_owned())
                .collect(),
            claims: names,
            sources: sources.numbers(claims()),
        });
    }
    values
}

fn term<'a>(edge: BoardEdge<'a>, value: &'a ResolvedValue) -> Term<'a> {
    Term {
        edge,
        quantity: value.quantity,
        claims: value.claims.iter().collect(),
    }
}

/// The interval that holds both.
fn hull(a: &Quantity, b: &Quantity) -> Quantity {
    Quantity {
        lower: a.lower.zip(b.lower).map(|(a, b)| a.min(b)),
        upper: a.upper.zip(b.upper).map(|(a, b)| a.max(b)),
        unit: a.unit,
        approximate: a.approximate || b.approximate,
    }
}

/// Whether an edge is a part of a total, or of a total of totals, that is among the terms.
fn has_total_in(records: &Records, edge: BoardEdge<'_>, terms: &[Term<'_>]) -> bool {
    let mut at = edge.edge.part_of_total.as_ref();
    // Totals that contain each other end the search.
    for _ in 0..terms.len().max(16) {
        let Some(total) = at.filter(|total| *total != edge.id) else {
            return false;
        };
        if terms.iter().any(|term| term.edge.id == total) {
            return true;
        }
        at = records
            .edges
            .get(total)
            .and_then(|edge| edge.part_of_total.as_ref());
    }
    false
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
