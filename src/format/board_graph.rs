//! The board as triples: what goes into the named graph `pm:board`.

use crate::format::quads::number_literal;
use crate::model::board::Board;
use crate::model::content_id::content_id;
use crate::model::joined::{Basis, Link, Outcome as LinkOutcome};
use crate::model::name::Family;
use crate::model::outcome::{Outcome, outcomes};
use crate::model::record::Records;
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
/// said can keep to them. A player that is joined into another one points to that (`pm:shownAs`), an edge between two that
/// are one to the player that it is within, and an identity that is not followed is a node of its own.
///
/// For each edge on the board: the plain relation between its players (`pm:investsIn`, `pm:supplies` or `pm:influences`),
/// of a mutual kind both ways; its status, the claims that it rests on and whether they clash; and for each measure with
/// one value its bounds and unit. Each value is also a node of its own that names the claims it rests on. Where several
/// claims speak of one thing, each says what became of it (`pm:valueOutcome`, `pm:statusOutcome`).
///
/// Linear in the size of the board; one edge after the other, so that the whole is never in memory as text.
pub(crate) fn board_triples<'a>(
    records: &'a Records,
    board: &'a Board,
) -> impl Iterator<Item = Triple> + use<'a> {
    let edges = board.edges.iter().map(|(id, resolution)| {
        let mut out = Out::default();
        if let Some(edge) = records.edges.get(id) {
            let [from, to] = [&edge.from, &edge.to].map(|end| board.joined.shown(end));
            out.relation(edge.family, from, to);
            if records.is_mutual(edge) {
                out.relation(edge.family, to, from);
            }
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
    let joined = std::iter::once_with(|| Out::joined(records, board));
    let known = board.claims.iter().map(Out::known);
    let parts = view
        .chain(known)
        .chain(joined)
        .chain(edges)
        .chain(observations);
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

    /// Writes which players are shown as one, the edges within one, those told again, and what was not followed.
    fn joined(records: &Records, board: &Board) -> Self {
        let mut out = Self::default();
        for (player, shown) in board.joined.pairs() {
            out.add(player, pm::SHOWN_AS, shown.clone());
        }
        for id in &board.within {
            if let Some(edge) = records.edges.get(id) {
                out.add(id, pm::WITHIN, board.joined.shown(&edge.from).clone());
            }
        }
        for (again, counted) in &board.told_again {
            out.add(again, pm::COUNTED_AS, counted.clone());
        }
        for link in board.joined.links() {
            let apart = match &link.outcome {
                // That the two are not one has the last word over what they share.
                LinkOutcome::Contradicted(apart) if *apart != link.players => apart,
                LinkOutcome::Unlike(apart) => apart,
                _ => continue,
            };
            out.refused(link, apart);
        }
        out
    }

    fn refused(&mut self, link: &Link, would_join: &[NamedNode; 2]) {
        let [one, other] = &link.players;
        let (kind, name) = match &link.basis {
            Basis::Identity(identity, _) => ("", identity.as_str()),
            Basis::Identifier(scheme, value) => (scheme.as_str(), value.as_str()),
        };
        let node = content_id("refused", &[one.as_str(), other.as_str(), kind, name]);
        self.add(&node, common::TYPE, pm::REFUSED_IDENTITY);
        for player in &link.players {
            self.add(&node, pm::BETWEEN, player.clone());
        }
        for player in would_join {
            self.add(&node, pm::WOULD_JOIN, player.clone());
        }
        if let Basis::Identifier(scheme, value) = &link.basis {
            self.add(&node, pm::SCHEME, scheme.clone());
            self.add(&node, pm::VALUE, Literal::from(value.as_str()));
        }
        for claim in &link.claims {
            self.add(&node, pm::RESTS_ON, term(claim));
        }
    }

    fn relation(&mut self, family: Family, from: &NamedNode, to: &NamedNode) {
        let verb = format!("{PM}{}", family.verb());
        self.add(from, NamedNodeRef::new_unchecked(&verb), to.clone());
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
