//! The board as triples: what goes into the named graph `pm:board`.

use crate::format::quads::number_literal;
use crate::model::board::Board;
use crate::model::outcome::{Outcome, outcomes};
use crate::model::record::{Edge, Records};
use crate::model::resolve::{Candidate, Resolution, ResolvedValue};
use crate::model::time::{Period, TimeSpan};
use crate::model::unit::Measure;
use crate::model::view::View;
use crate::model::vocabulary::{PM, common, pm};
use oxigraph::model::{Literal, NamedNode, NamedNodeRef, NamedOrBlankNode, Term, Triple};
use std::collections::BTreeMap;

/// The triples of a resolved board, in the order of the board's ids.
///
/// On `pm:board` itself stand the view and the claims that are known (`pm:knows`), so that a query about what was
/// said can keep to them. For each edge on the board: the plain relation between its players (`pm:investsIn`, `pm:supplies` or
/// `pm:influences`); its status, the claims that it rests on and whether they clash; and for each measure with one
/// value its bounds and unit. Each value is also a node of its own that names the claims it rests on. Where several claims
/// speak of one thing, each says what became of it (`pm:valueOutcome`, `pm:statusOutcome`). Linear in the size of the
/// board; one edge after the other, so that the whole is never in memory as text.
pub fn board_triples<'a>(
    records: &'a Records,
    board: &'a Board,
) -> impl Iterator<Item = Triple> + use<'a> {
    let edges = board.edges.iter().map(|(id, resolution)| {
        let mut out = Out::default();
        if let Some(edge) = records.edges.get(id) {
            out.relation(edge);
        }
        out.resolution(id, resolution, Measure::name);
        out.outcomes(records, board.view, resolution);
        out
    });
    let observations = board.observations.iter().map(|(id, resolution)| {
        let mut out = Out::default();
        out.resolution(id, resolution, |_| "value");
        out.outcomes(records, board.view, resolution);
        out
    });
    let view = std::iter::once_with(|| Out::view(board.view));
    let known = board.claims.iter().map(Out::known);
    let parts = view.chain(known).chain(edges).chain(observations);
    parts.flat_map(|out| out.triples)
}

/// The triples about one thing.
#[derive(Default)]
struct Out {
    triples: Vec<Triple>,
}

impl Out {
    fn add(&mut self, subject: &NamedNode, predicate: NamedNodeRef<'_>, object: impl Into<Term>) {
        self.triples
            .push(Triple::new(subject.clone(), predicate.into_owned(), object));
    }

    fn view(view: View) -> Self {
        let mut out = Self::default();
        let graph = pm::BOARD.into_owned();
        let day = |day| TimeSpan::At(Period::Day(day)).to_literal();
        if let Some(as_of) = view.as_of {
            out.add(&graph, pm::AS_OF, day(as_of));
        }
        if let Some(known_by) = view.known_by {
            out.add(&graph, pm::KNOWN_BY, day(known_by));
        }
        out.add(&graph, pm::POLICY, view.policy.iri());
        out
    }

    fn known(claim: &NamedOrBlankNode) -> Self {
        let mut out = Self::default();
        out.add(&pm::BOARD.into_owned(), pm::KNOWS, term(claim));
        out
    }

    fn relation(&mut self, edge: &Edge) {
        let verb = format!("{PM}{}", edge.family.verb());
        self.add(
            &edge.from,
            NamedNodeRef::new_unchecked(&verb),
            edge.to.clone(),
        );
    }

    /// Writes what holds of an edge or observation; `name` gives the start of the property names for a measure.
    fn resolution(
        &mut self,
        id: &NamedNode,
        resolution: &Resolution,
        name: impl Fn(Measure) -> &'static str,
    ) {
        if let Some(status) = resolution.status {
            self.add(id, pm::STATUS, status.iri());
        }
        for claim in &resolution.claims {
            self.add(id, pm::RESTS_ON, term(claim));
        }
        if resolution.disputed {
            self.add(id, pm::DISPUTED, Literal::from(true));
        }
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for value in &resolution.values {
            let count = counts.entry(name(value.measure)).or_default();
            *count += 1;
            let node = format!("{}#{}-{count}", id.as_str(), name(value.measure));
            let node = NamedNode::new_unchecked(node);
            self.value(id, &node, value);
            if resolution.status_is_apart(value.measure) {
                self.add(&node, pm::STATUS_APART, Literal::from(true));
            }
        }
        for value in &resolution.values {
            if counts[name(value.measure)] == 1 {
                self.shortcut(id, name(value.measure), value);
            }
        }
    }

    fn value(&mut self, id: &NamedNode, node: &NamedNode, value: &ResolvedValue) {
        self.add(node, common::TYPE, pm::RESOLVED_VALUE);
        self.add(node, pm::OF, id.clone());
        let mut measure = value.measure.name().to_owned();
        measure[..1].make_ascii_uppercase();
        self.add(
            node,
            pm::MEASURE,
            NamedNode::new_unchecked(format!("{PM}{measure}")),
        );
        let quantity = &value.quantity;
        for (property, bound) in [(pm::LOWER, quantity.lower), (pm::UPPER, quantity.upper)] {
            if let Some(bound) = bound {
                self.add(node, property, number_literal(bound));
            }
        }
        let exclusive = [
            (
                pm::LOWER_EXCLUSIVE,
                quantity.lower,
                quantity.lower_exclusive,
            ),
            (
                pm::UPPER_EXCLUSIVE,
                quantity.upper,
                quantity.upper_exclusive,
            ),
        ];
        for (property, bound, is_exclusive) in exclusive {
            if let Some(bound) = bound.filter(|_| is_exclusive) {
                self.add(node, property, number_literal(bound));
            }
        }
        self.add(node, pm::UNIT, quantity.unit.iri());
        if quantity.approximate {
            self.add(node, pm::APPROXIMATE, Literal::from(true));
        }
        for claim in &value.claims {
            self.add(node, pm::RESTS_ON, term(claim));
        }
    }

    /// Writes what became of each claim, where there are several.
    fn outcomes(&mut self, records: &Records, view: View, resolution: &Resolution) {
        if resolution.claims.len() < 2 {
            return;
        }
        let candidates: Vec<_> = (resolution.claims.iter())
            .filter_map(|id| records.claims.get_key_value(id))
            .map(|(id, claim)| Candidate::new(records, id, claim))
            .collect();
        for outcome in outcomes(&candidates, view.as_of, view.policy, resolution) {
            self.outcome(&outcome.claim, pm::VALUE_OUTCOME, outcome.value);
            self.outcome(&outcome.claim, pm::STATUS_OUTCOME, outcome.status);
        }
    }

    fn outcome(
        &mut self,
        claim: &NamedOrBlankNode,
        property: NamedNodeRef<'_>,
        outcome: Option<Outcome>,
    ) {
        if let Some(outcome) = outcome {
            let triple = Triple::new(claim.clone(), property.into_owned(), outcome.iri());
            self.triples.push(triple);
        }
    }

    /// Writes the bounds on the edge itself, so that a one-line query finds them.
    fn shortcut(&mut self, id: &NamedNode, name: &str, value: &ResolvedValue) {
        let bounds = [
            ("Lower", value.quantity.lower),
            ("Upper", value.quantity.upper),
        ];
        for (end, bound) in bounds {
            if let Some(bound) = bound {
                let property = format!("{PM}{name}{end}");
                self.add(
                    id,
                    NamedNodeRef::new_unchecked(&property),
                    number_literal(bound),
                );
            }
        }
        let property = format!("{PM}{name}Unit");
        self.add(
            id,
            NamedNodeRef::new_unchecked(&property),
            value.quantity.unit.iri(),
        );
    }
}

fn term(claim: &NamedOrBlankNode) -> Term {
    claim.clone().into()
}
