//! Which contradictions weigh most.

use crate::analysis::conflicts::{Conflict, ConflictReason, conflicts};
use crate::model::quantity::Quantity;
use crate::model::record::Records;
use crate::story::ledger::Ledger;
use crate::story::sentence::{Filling, Sentence};
use crate::words::Message;
use oxigraph::model::{NamedNode, NamedOrBlankNode};
use std::collections::BTreeSet;

/// How far apart two statuses count as: as values of which one is half as large again.
const CLASH: f64 = 1.5;

/// Returns the hardest contradictions about whatever a condition holds of, one for each thing: first those whose values are
/// the farthest apart, as a ratio.
pub(crate) fn contradictions(
    ledger: &Ledger<'_>,
    most: usize,
    concerns: impl Fn(&NamedNode) -> bool,
) -> Vec<Sentence> {
    let records = ledger.position.records();
    let mut found: Vec<(f64, Conflict)> = conflicts(records, ledger.position.view())
        .into_iter()
        .filter(|conflict| concerns(&conflict.about))
        .map(|conflict| (gap(records, &conflict), conflict))
        .collect();
    found.sort_by(|(a, one), (b, other)| {
        let order = b.total_cmp(a).then_with(|| one.about.cmp(&other.about));
        order.then_with(|| one.claim_a.to_string().cmp(&other.claim_a.to_string()))
    });
    let mut told = BTreeSet::new();
    let first = found.iter().filter(|(_, conflict)| {
        // Several documents may measure one thing.
        told.insert(records.described(&conflict.about, ledger.lang))
    });
    let sentences = first
        .take(most)
        .map(|(_, conflict)| sentence(ledger, conflict));
    sentences.collect()
}

/// Returns how far apart two claims are: the ratio of their nearest figures.
fn gap(records: &Records, conflict: &Conflict) -> f64 {
    let quantity = |id: &NamedOrBlankNode| records.claims.get(id).and_then(|claim| claim.quantity);
    let both = quantity(&conflict.claim_a).zip(quantity(&conflict.claim_b));
    let Some((a, b)) = both.filter(|_| conflict.reason == ConflictReason::DisjointValues) else {
        return CLASH;
    };
    let (a, b) = (a.in_base_unit(), b.in_base_unit());
    let between = |low: &Quantity, high: &Quantity| match (low.upper, high.lower) {
        (Some(low), Some(high)) if low > 0.0 && high > low => high / low,
        _ => 1.0,
    };
    between(&a, &b).max(between(&b, &a))
}

fn sentence(ledger: &Ledger<'_>, conflict: &Conflict) -> Sentence {
    let records = ledger.position.records();
    let lang = ledger.lang;
    let claim = |id: &NamedOrBlankNode| {
        let claim = records.claims.get(id);
        let with = vec![id.clone()];
        let Some(claim) = claim else {
            return Filling::default();
        };
        let status = claim.status.map(|status| status.iri());
        let status = status.map(|iri| Filling::text(records.label(&iri, lang)));
        let value = claim
            .quantity
            .map(|quantity| Filling::quantity(quantity, with.clone(), lang));
        let by_value = conflict.reason == ConflictReason::DisjointValues;
        let first = if by_value {
            value.or(status)
        } else {
            status.or(value)
        };
        let text = || {
            claim
                .text
                .get(lang)
                .map(|text| Filling::text(text.trim_end_matches(['.', '。'])))
        };
        first.or_else(text).unwrap_or_default().resting_on(with)
    };
    let (a, b) = (claim(&conflict.claim_a), claim(&conflict.claim_b));
    let thing = Filling::text(records.described(&conflict.about, lang));
    ledger.say(
        Message::Contradiction,
        &[("thing", &thing), ("one", &a), ("other", &b)],
    )
}
