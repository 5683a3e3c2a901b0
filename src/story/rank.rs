//! The contradictions that weigh most, in sentences.

use crate::analysis::conflicts::{Conflict, ConflictReason, conflicts};
use crate::story::ledger::Ledger;
use crate::story::sentence::{Filling, Sentence};
use crate::words::Message;
use oxigraph::model::{NamedNode, NamedOrBlankNode};
use std::collections::BTreeSet;

/// Returns the hardest contradictions about whatever a condition holds of, one for each thing.
pub(crate) fn contradictions(
    ledger: &Ledger<'_>,
    most: usize,
    concerns: impl Fn(&NamedNode) -> bool,
) -> Vec<Sentence> {
    let records = ledger.position.records();
    let found = conflicts(records, ledger.position.view());
    let mut told = BTreeSet::new();
    let first = found.iter().filter(|conflict| {
        // Several documents may measure one thing.
        concerns(&conflict.about) && told.insert(records.described(&conflict.about, ledger.lang))
    });
    first
        .take(most)
        .map(|conflict| sentence(ledger, conflict))
        .collect()
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
