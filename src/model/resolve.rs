//! One value out of many claims: which claims count, which of them wins, and whether they agree.
//!
//! # The policy `weighed`
//! - Among claims about one thing, one whose document is nearer to the facts (its tier) wins over one that is farther.
//! - Among equals the later wins: by the day from which it holds, or else on which it was said, then by the day from which
//!   it was known.
//! - A claim of a farther tier wins only by telling of a change: it states from when it holds, and that is later than what
//!   the nearer claim speaks of.
//! - Claims of equal rank that can all be right are joined: the value is what all allow, and all are its sources. Where
//!   they exclude each other, the value is the least interval that holds them, and disputed. No tie goes by id.
//! - Statuses are weighed in the same way. Where the status does not come from a claim of the value,
//!   [`Resolution::status_is_apart`] says so.
//!
//! The other policies pick one claim; their ties go to the claim that was known later, then the more trusted, then by id.
//!
//! Nothing here depends on the order of the claims.

use crate::model::name::{Family, Policy, Stance, Status, Tier};
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
    /// The value in its base unit; a ratio of an investment, such as 0.51, is the share that it states.
    pub quantity: Option<Quantity>,
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
            quantity: claim.quantity.map(|quantity| {
                let is_investment = || {
                    let edge = records.edges.get(&claim.about);
                    edge.is_some_and(|edge| edge.family == Family::Investment)
                };
                match quantity.as_share() {
                    Some(share) if is_investment() => share,
                    _ => quantity.in_base_unit(),
                }
            }),
        }
    }

    /// Returns whether it counts for someone who knows all that was known on a day.
    pub fn is_known_by(&self, day: Option<Day>) -> bool {
        match (self.known_from, day) {
            (Some(known), Some(day)) => known <= day,
            _ => true,
        }
    }

    /// Returns the day that it speaks of: from which it holds, or else on which it was said or known.
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

    /// Returns the day from which it says that it holds.
    pub(crate) fn stated_start(&self) -> Option<Day> {
        self.claim.holds_from.and_then(TimeSpan::earliest)
    }

    /// Returns whether its value counts on a day: from when it says that it holds or, where it tells a status as well, from
    /// when that counts, since both are one statement. A value alone, whenever it is told, is that of all days.
    pub(super) fn has_value_on(&self, day: Option<Day>) -> bool {
        let from = match self.claim.status {
            Some(_) => self.effective(),
            None => self.stated_start(),
        };
        match (from, day) {
            (Some(from), Some(day)) => from <= day,
            _ => true,
        }
    }

    /// Returns its rank among claims of one tier; the greatest is the latest.
    pub(super) fn age(&self) -> (Option<Day>, Option<Day>) {
        (self.effective(), self.known_from)
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
    /// The claims that the status rests on, sorted by id.
    pub status_claims: Vec<NamedOrBlankNode>,
    /// The values, by measure and unit; one each, except under [`Policy::All`].
    pub values: Vec<ResolvedValue>,
    /// Every claim that counts, sorted by id.
    pub claims: Vec<NamedOrBlankNode>,
    /// Whether the claims that count cannot all be right.
    pub disputed: bool,
}

impl Resolution {
    /// Returns whether the status comes from none of the claims of a value, though both are known: they may speak of
    /// different times.
    pub(crate) fn status_is_apart(&self, measure: Measure) -> bool {
        let is_status = |claim: &NamedOrBlankNode| self.status_claims.contains(claim);
        self.status.is_some()
            && (self.value(measure)).is_some_and(|value| !value.claims.iter().any(is_status))
    }

    /// Returns the claims that the values and the status rest on, sorted by id; where there are neither, all that count. Others
    /// are known, and say something else.
    pub fn support(&self) -> Vec<NamedOrBlankNode> {
        let values = self.values.iter().flat_map(|value| &value.claims);
        let mut support: Vec<_> = values.chain(&self.status_claims).cloned().collect();
        if support.is_empty() {
            support.clone_from(&self.claims);
        }
        support.sort_by_cached_key(ToString::to_string);
        support.dedup();
        support
    }

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
        if let Some(quantity) = candidate.quantity {
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
        values.extend(
            pick(&group, policy)
                .into_iter()
                .map(|(quantity, mut claims)| {
                    claims.sort_by_cached_key(ToString::to_string);
                    ResolvedValue {
                        measure,
                        quantity,
                        claims,
                    }
                }),
        );
    }
    let (status, mut status_claims) = status(candidates, as_of, policy).unzip();
    if let Some(claims) = &mut status_claims {
        claims.sort_by_cached_key(ToString::to_string);
    }
    let mut claims: Vec<_> = candidates.iter().map(|c| c.id.clone()).collect();
    claims.sort_by_cached_key(ToString::to_string);
    Resolution {
        status,
        status_claims: status_claims.unwrap_or_default(),
        values,
        claims,
        disputed: disputed || status == Some(Status::Disputed),
    }
}

/// Returns the claims of the greatest weight: one, or several of equal rank. O(n log n).
pub(super) fn weighed<'c, 'a>(
    group: impl Iterator<Item = &'c Candidate<'a>>,
) -> Vec<&'c Candidate<'a>> {
    let mut group: Vec<_> = group.collect();
    // The nearest tier first, and the latest of it.
    group.sort_by(|a, b| b.tier.cmp(&a.tier).then_with(|| b.age().cmp(&a.age())));
    let mut winner: Option<&Candidate<'_>> = None;
    for tier in group.chunk_by(|a, b| a.tier == b.tier) {
        winner = match winner {
            None => tier.first().copied(),
            Some(nearer) => {
                let tells_of_a_change = |c: &&&Candidate<'_>| c.stated_start() > nearer.effective();
                tier.iter().find(tells_of_a_change).copied().or(winner)
            }
        };
    }
    let Some(winner) = winner else {
        return Vec::new();
    };
    // A tie counts only if it has the same right to win.
    let is_stated = |c: &Candidate<'_>| c.stated_start().is_some();
    let is_nearest = group.first().is_some_and(|first| first.tier == winner.tier);
    group.retain(|c| {
        c.tier == winner.tier && c.age() == winner.age() && (is_nearest || is_stated(c))
    });
    group
}

/// Returns the claims that have the last word by a policy that goes by their weight: several under `weighed`, where these are
/// of equal rank.
pub(crate) fn prevailing<'c, 'a>(
    group: impl Iterator<Item = &'c Candidate<'a>>,
    policy: Policy,
) -> Vec<&'c Candidate<'a>> {
    let one = match policy {
        Policy::Latest => group.max_by(|a, b| a.by_day(b)),
        Policy::MostTrusted => group.max_by(|a, b| a.by_trust(b)),
        _ => return weighed(group),
    };
    one.into_iter().collect()
}

/// Returns the claims whose value holds on the day, and of these the firm ones, if any.
///
/// Before the first of them, it is the first one told of the thing; one that says from when it holds says nothing of the
/// days before, so that there may be none.
pub(super) fn in_force<'a>(
    mut group: Vec<(Candidate<'a>, Quantity)>,
    as_of: Option<Day>,
) -> Vec<(Candidate<'a>, Quantity)> {
    match group.iter().any(|(c, _)| c.has_value_on(as_of)) {
        true => group.retain(|(c, _)| c.has_value_on(as_of)),
        false => {
            group.retain(|(c, _)| c.stated_start().is_none());
            let first = group.iter().map(|(c, _)| c.effective()).min();
            group.retain(|(c, _)| Some(c.effective()) == first);
        }
    }
    if group.iter().any(|(c, _)| c.claim.modality.is_firm()) {
        group.retain(|(c, _)| c.claim.modality.is_firm());
    }
    group
}

/// Returns whether two of the values exclude each other: the greatest lower bound is above the least upper bound. Values
/// of the time before the last change that any claim states are no contradiction to those after it.
fn cannot_all_be_right(group: &[(Candidate<'_>, Quantity)]) -> bool {
    let change = group.iter().filter_map(|(c, _)| c.stated_start()).max();
    let current = group
        .iter()
        .filter(|(candidate, _)| candidate.effective() >= change)
        .map(|(_, quantity)| *quantity);
    common(current).is_none()
}

/// Returns the values that all allow; `None` where there are none, or no quantities.
pub(super) fn common(quantities: impl Iterator<Item = Quantity>) -> Option<Quantity> {
    let mut quantities = quantities;
    let first = quantities.next()?;
    quantities.try_fold(first, |common, quantity| {
        common.intersection(&quantity).ok().flatten()
    })
}

/// Returns the winning quantity, or every distinct one, each with the claims that say so.
fn pick(
    group: &[(Candidate<'_>, Quantity)],
    policy: Policy,
) -> Vec<(Quantity, Vec<NamedOrBlankNode>)> {
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
            .then(b.upper_exclusive.cmp(&a.upper_exclusive))
            .then(a_lower.total_cmp(&b_lower))
            .then(a.lower_exclusive.cmp(&b.lower_exclusive))
            .then(a.approximate.cmp(&b.approximate))
    };
    let of_equal = |quantity: Quantity| {
        let equal = group.iter().filter(|(_, other)| *other == quantity);
        (
            quantity,
            equal.map(|(candidate, _)| candidate.id.clone()).collect(),
        )
    };
    let winner = match policy {
        Policy::Weighed => return joined(group).into_iter().collect(),
        Policy::Latest => group.iter().max_by(|(a, _), (b, _)| a.by_day(b)),
        Policy::MostTrusted => group.iter().max_by(|(a, _), (b, _)| a.by_trust(b)),
        Policy::Lowest => group.iter().min_by(|(_, a), (_, b)| by_bounds(a, b)),
        Policy::Highest => group.iter().max_by(|(_, a), (_, b)| by_bounds(a, b)),
        Policy::All => {
            let mut all: Vec<_> = group.iter().map(|(_, q)| *q).collect();
            all.sort_by(by_bounds);
            all.dedup();
            return all.into_iter().map(of_equal).collect();
        }
    };
    winner
        .map(|(_, quantity)| of_equal(*quantity))
        .into_iter()
        .collect()
}

/// Returns the value of the claims of the greatest weight: what all allow, or else the least interval that holds all. Those
/// of lesser weight that say the same are its sources too.
fn joined(group: &[(Candidate<'_>, Quantity)]) -> Option<(Quantity, Vec<NamedOrBlankNode>)> {
    let winners = weighed(group.iter().map(|(candidate, _)| candidate));
    let values = || winners.iter().filter_map(|winner| winner.quantity);
    let quantity = common(values()).or_else(|| {
        // Quantities in one unit have a hull.
        values().reduce(|hull, quantity| hull.hull(&quantity).unwrap_or(hull))
    })?;
    let is_source = |candidate: &Candidate<'_>, value: &Quantity| {
        *value == quantity || winners.iter().any(|winner| winner.id == candidate.id)
    };
    let sources = group.iter().filter(|(c, value)| is_source(c, value));
    Some((quantity, sources.map(|(c, _)| c.id.clone()).collect()))
}

/// Returns the status on a day and the claims that it rests on: of the claims in force by then; before the first of them,
/// the first.
fn status(
    candidates: &[Candidate<'_>],
    as_of: Option<Day>,
    policy: Policy,
) -> Option<(Status, Vec<NamedOrBlankNode>)> {
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
    let of_status = |status: Status| {
        let equal = held.iter().filter(|(_, other)| *other == status);
        Some((status, equal.map(|(c, _)| c.id.clone()).collect()))
    };
    let winner = match policy {
        Policy::Weighed => {
            let winners = weighed(held.iter().map(|(candidate, _)| *candidate));
            // Of statuses of equal rank, the less firm one is what all of them allow.
            let status = winners.iter().filter_map(|c| c.claim.status).min()?;
            let claims = winners.iter().filter(|c| c.claim.status == Some(status));
            return Some((status, claims.map(|c| c.id.clone()).collect()));
        }
        Policy::Latest => held.iter().max_by(|(a, _), (b, _)| by_effect(a, b)),
        Policy::MostTrusted => held
            .iter()
            .max_by(|(a, _), (b, _)| a.tier.cmp(&b.tier).then_with(|| by_effect(a, b))),
        Policy::Lowest => return of_status(held.iter().map(|(_, status)| *status).min()?),
        Policy::Highest | Policy::All => {
            return of_status(held.iter().map(|(_, status)| *status).max()?);
        }
    };
    winner.map(|(candidate, status)| (*status, vec![candidate.id.clone()]))
}
