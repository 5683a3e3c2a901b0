//! One value out of many claims: which claims count, which of them wins, and whether they agree.
//!
//! Nothing here depends on the order of the claims: every comparison ends with the claim's id.

use crate::model::name::{Policy, Stance, Status, Tier};
use crate::model::quantity::Quantity;
use crate::model::record::{Claim, Records};
use crate::model::time::{Day, TimeSpan};
use crate::model::unit::Measure;
use oxigraph::model::NamedOrBlankNode;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// A claim together with what its rank among others depends on.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    /// The claim's id.
    pub id: &'a NamedOrBlankNode,
    /// The claim.
    pub claim: &'a Claim,
    /// The day it is known from: the later of when it was said and when its document came out.
    pub known_from: Option<Day>,
    /// The tier of its document.
    pub tier: Option<Tier>,
}

impl<'a> Candidate<'a> {
    /// Looks up what the records say about a claim's document.
    pub fn new(records: &'a Records, id: &'a NamedOrBlankNode, claim: &'a Claim) -> Self {
        let document = claim
            .document
            .as_ref()
            .and_then(|id| records.documents.get(id));
        let said = claim.said.and_then(TimeSpan::earliest);
        let issued = document
            .and_then(|document| document.issued)
            .and_then(TimeSpan::earliest);
        Self {
            id,
            claim,
            known_from: said.max(issued),
            tier: document.and_then(|document| document.tier),
        }
    }

    /// Returns whether it counts for someone who knows all that was known on a day.
    pub fn is_known_by(&self, day: Option<Day>) -> bool {
        match (self.known_from, day) {
            (Some(known), Some(day)) => known <= day,
            _ => true,
        }
    }

    /// Returns the day from which its status holds.
    pub fn effective(&self) -> Option<Day> {
        let held = self.claim.holds_from.and_then(TimeSpan::earliest);
        held.or_else(|| self.claim.said.and_then(TimeSpan::earliest))
            .or(self.known_from)
    }

    fn blank_last(&self) -> (bool, &str) {
        match self.id {
            NamedOrBlankNode::NamedNode(node) => (false, node.as_str()),
            NamedOrBlankNode::BlankNode(node) => (true, node.as_str()),
        }
    }

    /// Orders by the day known, then by trust, then by id.
    fn by_day(&self, other: &Self) -> Ordering {
        self.known_from
            .cmp(&other.known_from)
            .then(self.tier.cmp(&other.tier))
            .then_with(|| self.blank_last().cmp(&other.blank_last()))
    }

    fn by_trust(&self, other: &Self) -> Ordering {
        self.tier.cmp(&other.tier).then_with(|| self.by_day(other))
    }
}

/// A value that claims lead to, and the claims that it rests on.
#[derive(Debug, Clone, PartialEq)]
pub struct ResolvedValue {
    /// What it measures.
    pub measure: Measure,
    /// The value, in its base unit.
    pub quantity: Quantity,
    /// The claims that say so, sorted by id.
    pub claims: Vec<NamedOrBlankNode>,
}

/// What holds of an edge or an observation, by a policy.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Resolution {
    /// The status; the firmest of several under [`Policy::All`].
    pub status: Option<Status>,
    /// The values, by measure and unit; one each, except under [`Policy::All`].
    pub values: Vec<ResolvedValue>,
    /// Every claim that counts, sorted by id.
    pub claims: Vec<NamedOrBlankNode>,
    /// Whether the claims that count cannot all be right.
    pub disputed: bool,
}

impl Resolution {
    /// Returns the one value of a measure; `None` where there is none, or several in units that do not convert.
    pub fn value(&self, measure: Measure) -> Option<&ResolvedValue> {
        let mut of_measure = self.values.iter().filter(|v| v.measure == measure);
        of_measure.next().filter(|_| of_measure.next().is_none())
    }
}

/// Resolves the claims about one edge or observation.
///
/// The candidates are those known in time and not superseded or corrected by another such claim. Values in units
/// that convert at a fixed rate compete with each other; others stand side by side. Where any claim means its value
/// firmly (a statement, plan, forecast…), opinions and hypotheses do not compete.
///
/// O(n log n) in the number of claims.
pub fn resolve(candidates: &[Candidate<'_>], as_of: Option<Day>, policy: Policy) -> Resolution {
    let mut groups: BTreeMap<(Measure, &'static str), Vec<(Candidate<'_>, Quantity)>> =
        BTreeMap::new();
    for candidate in candidates {
        if let Some(quantity) = &candidate.claim.quantity {
            let quantity = quantity.in_base_unit();
            let key = (quantity.unit.measure(), quantity.unit.code());
            groups.entry(key).or_default().push((*candidate, quantity));
        }
    }
    let mut disputed = candidates
        .iter()
        .any(|c| c.claim.stance == Some(Stance::Contests));
    let mut values = Vec::new();
    for ((measure, _), group) in groups {
        let group = in_force(group, as_of);
        disputed |= cannot_all_be_right(&group);
        values.extend(pick(&group, policy).into_iter().map(|quantity| {
            let mut claims: Vec<_> = group
                .iter()
                .filter(|(_, other)| *other == quantity)
                .map(|(candidate, _)| candidate.id.clone())
                .collect();
            claims.sort_by_cached_key(ToString::to_string);
            ResolvedValue {
                measure,
                quantity,
                claims,
            }
        }));
    }
    let status = status(candidates, as_of, policy);
    let mut claims: Vec<_> = candidates.iter().map(|c| c.id.clone()).collect();
    claims.sort_by_cached_key(ToString::to_string);
    Resolution {
        status,
        values,
        claims,
        disputed: disputed || status == Some(Status::Disputed),
    }
}

/// Returns the claims whose value holds on the day, and of these the firm ones; all of them where none is left.
fn in_force<'a>(
    group: Vec<(Candidate<'a>, Quantity)>,
    as_of: Option<Day>,
) -> Vec<(Candidate<'a>, Quantity)> {
    let holds = |candidate: &Candidate<'_>| {
        let from = candidate.claim.holds_from.and_then(TimeSpan::earliest);
        match (from, as_of) {
            (Some(from), Some(day)) => from <= day,
            _ => true,
        }
    };
    let narrowed = |group: Vec<(Candidate<'a>, Quantity)>,
                    keep: &dyn Fn(&Candidate<'_>) -> bool| {
        if group.iter().any(|(candidate, _)| keep(candidate)) {
            group.into_iter().filter(|(c, _)| keep(c)).collect()
        } else {
            group
        }
    };
    narrowed(narrowed(group, &holds), &|c| c.claim.modality.is_firm())
}

/// Returns whether two of the values exclude each other: the greatest lower bound is above the least upper bound.
fn cannot_all_be_right(group: &[(Candidate<'_>, Quantity)]) -> bool {
    let lower = group.iter().filter_map(|(_, q)| q.lower).reduce(f64::max);
    let upper = group.iter().filter_map(|(_, q)| q.upper).reduce(f64::min);
    matches!((lower, upper), (Some(lower), Some(upper)) if lower > upper)
}

/// Returns the winning quantity, or every distinct one.
fn pick(group: &[(Candidate<'_>, Quantity)], policy: Policy) -> Vec<Quantity> {
    let by_bounds = |a: &Quantity, b: &Quantity| {
        let key = |q: &Quantity| {
            (
                q.upper.unwrap_or(f64::INFINITY),
                q.lower.unwrap_or(f64::NEG_INFINITY),
            )
        };
        let ((a_upper, a_lower), (b_upper, b_lower)) = (key(a), key(b));
        a_upper
            .total_cmp(&b_upper)
            .then(a_lower.total_cmp(&b_lower))
            .then(a.approximate.cmp(&b.approximate))
    };
    let winner = match policy {
        Policy::Latest => group.iter().max_by(|(a, _), (b, _)| a.by_day(b)),
        Policy::MostTrusted => group.iter().max_by(|(a, _), (b, _)| a.by_trust(b)),
        Policy::Lowest => group.iter().min_by(|(_, a), (_, b)| by_bounds(a, b)),
        Policy::Highest => group.iter().max_by(|(_, a), (_, b)| by_bounds(a, b)),
        Policy::All => {
            let mut all: Vec<_> = group.iter().map(|(_, q)| *q).collect();
            all.sort_by(by_bounds);
            all.dedup();
            return all;
        }
    };
    winner.map(|(_, quantity)| *quantity).into_iter().collect()
}

/// Returns the status on a day: of the claims in force by then; before the first of them, the first.
fn status(candidates: &[Candidate<'_>], as_of: Option<Day>, policy: Policy) -> Option<Status> {
    let all: Vec<_> = candidates
        .iter()
        .filter_map(|c| c.claim.status.map(|status| (c, status)))
        .collect();
    let mut held: Vec<_> = all
        .iter()
        .filter(|(c, _)| match (c.effective(), as_of) {
            (Some(from), Some(day)) => from <= day,
            _ => true,
        })
        .copied()
        .collect();
    let by_effect = |a: &Candidate<'_>, b: &Candidate<'_>| {
        a.effective().cmp(&b.effective()).then_with(|| a.by_day(b))
    };
    if held.is_empty() {
        held.extend(all.iter().min_by(|(a, _), (b, _)| by_effect(a, b)));
    }
    match policy {
        Policy::Latest => held.iter().max_by(|(a, _), (b, _)| by_effect(a, b)),
        Policy::MostTrusted => held
            .iter()
            .max_by(|(a, _), (b, _)| a.tier.cmp(&b.tier).then_with(|| by_effect(a, b))),
        Policy::Lowest => held.iter().min_by_key(|(_, status)| *status),
        Policy::Highest | Policy::All => held.iter().max_by_key(|(_, status)| *status),
    }
    .map(|(_, status)| *status)
}
