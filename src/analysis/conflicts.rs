//! Conflicts: what do the sources not agree on?

use crate::analysis::answer::{Answer, Cell};
use crate::analysis::column::{ColumnKind, column};
use crate::analysis::definition::Analysis;
use crate::analysis::error::AnalysisError;
use crate::analysis::parameter::Arguments;
use crate::analysis::position::Position;
use crate::model::name::{Stance, Status};
use crate::model::quantity::Quantity;
use crate::model::record::Records;
use crate::model::resolve::Candidate;
use crate::model::time::{Period, TimeSpan};
use crate::model::view::View;
use crate::words::Message;
use oxigraph::model::{NamedNode, NamedOrBlankNode, Term};
use serde::Serialize;
use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::sync::atomic::AtomicBool;

/// Why two claims cannot both be right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConflictReason {
    /// Their intervals have no value in common.
    DisjointValues,
    /// One says that a party is bound, the other that it is not, of the same time.
    StatusClash,
    /// One says that two players are one, the other that they are not.
    OneAndNot,
    /// The one contests the other by name.
    Contested,
}

impl ConflictReason {
    /// Returns the words for it.
    pub(crate) fn word(self) -> Message {
        match self {
            Self::DisjointValues => Message::DisjointValues,
            Self::StatusClash => Message::StatusClash,
            Self::OneAndNot => Message::OneAndNot,
            Self::Contested => Message::Contested,
        }
    }

    fn cell(self) -> Cell {
        Cell::message(self.to_string(), self.word())
    }
}

impl fmt::Display for ConflictReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::DisjointValues => "disjoint-values",
            Self::StatusClash => "status-clash",
            Self::OneAndNot => "one-and-not",
            Self::Contested => "contested",
        })
    }
}

/// Two claims that do not go together.
#[derive(Debug, Clone, PartialEq)]
pub struct Conflict {
    /// What both are about: an edge, or the observation of the first claim.
    pub about: NamedNode,
    /// The metric, if they are about observations.
    pub metric: Option<NamedNode>,
    /// The claim with the smaller id.
    pub claim_a: NamedOrBlankNode,
    /// The other.
    pub claim_b: NamedOrBlankNode,
    /// Why.
    pub reason: ConflictReason,
    /// How far apart two values are that have nothing in common: the ratio of their nearest figures; `None` where there are
    /// no two values, or the ratio has no meaning (zero, or a change of sign).
    pub apart: Option<f64>,
}

/// How far apart claims count as that have no ratio, to rank them: as values of which one is half as large again.
const WITHOUT_RATIO: f64 = 1.5;

impl Conflict {
    /// Returns how much the conflict weighs beside others.
    fn weight(&self) -> f64 {
        self.apart.unwrap_or(WITHOUT_RATIO)
    }
}

/// What claims have to share to be compared: the edge, or the subject, metric and period of an observation.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Topic<'a> {
    Same(&'a NamedNode),
    Pair(&'a [NamedNode; 2]),
    Figure(&'a NamedNode, &'a NamedNode, Option<String>),
}

/// Finds the claims that contradict each other.
///
/// Compared are claims on the same edge, deal or player, on the identity of the same two players, and on observations of the same subject, metric and period,
/// as far as they are known by `view.known_by`. A claim that another one corrects or supersedes no longer counts.
/// Two values clash when their intervals are disjoint after conversion at fixed rates; values in different
/// currencies never do. Two statuses clash when one is binding and the other is not (or is disputed, stalled or
/// cancelled) although both speak of a common day; a change of status over time is no conflict.
///
/// Those whose values are the farthest apart come first, as a ratio; others count as half as large again. Among equals, they
/// are sorted by what they are about, then by claims.
///
/// # Complexity
/// O(c log c + p) for c claims and p pairs of claims on the same thing.
///
/// # Example
/// ```
/// use powermap::analysis::conflicts;
/// use powermap::model::{Records, View};
/// assert!(conflicts(&Records::default(), View::default()).is_empty());
/// ```
pub fn conflicts(records: &Records, view: View) -> Vec<Conflict> {
    let is_later = |day| view.as_of.is_some_and(|as_of| day > as_of);
    let known: Vec<_> = records
        .claims
        .iter()
        .map(|(id, claim)| Candidate::new(records, id, claim))
        .filter(|c| c.is_known_by(view.known_by) && !c.effective().is_some_and(is_later))
        .collect();
    let replaced: HashSet<_> = known
        .iter()
        .filter(|c| matches!(c.claim.stance, Some(Stance::Corrects | Stance::Supersedes)))
        .filter_map(|c| c.claim.qualifies.as_ref())
        .collect();
    let mut groups: BTreeMap<Topic<'_>, Vec<&Candidate<'_>>> = BTreeMap::new();
    for candidate in &known {
        if let NamedOrBlankNode::NamedNode(id) = candidate.id
            && replaced.contains(id)
        {
            continue;
        }
        groups
            .entry(topic(records, candidate))
            .or_default()
            .push(candidate);
    }
    let mut conflicts = Vec::new();
    for group in groups.values() {
        for (i, a) in group.iter().enumerate() {
            for b in &group[i + 1..] {
                if let Some(reason) = clash(a, b) {
                    conflicts.push(conflict(records, a, b, reason));
                }
            }
        }
    }
    conflicts.sort_by_cached_key(|c| {
        (
            c.about.clone(),
            c.claim_a.to_string(),
            c.claim_b.to_string(),
        )
    });
    conflicts.sort_by(|a, b| b.weight().total_cmp(&a.weight()));
    conflicts
}

/// Returns the ratio of the nearest figures of two values that have nothing in common.
fn apart(a: &Quantity, b: &Quantity) -> Option<f64> {
    let (a, b) = (a.in_base_unit(), b.in_base_unit());
    let between = |low: &Quantity, high: &Quantity| match (low.upper, high.lower) {
        (Some(low), Some(high)) if low > 0.0 && high >= low => Some(high / low),
        _ => None,
    };
    between(&a, &b).or_else(|| between(&b, &a))
}

fn topic<'a>(records: &'a Records, candidate: &Candidate<'a>) -> Topic<'a> {
    match records.observations.get(&candidate.claim.about) {
        Some(observation) => Topic::Figure(
            &observation.subject,
            &observation.metric,
            observation.period.map(|period| period.to_string()),
        ),
        None => match records.identities.get(&candidate.claim.about) {
            Some(identity) => Topic::Pair(&identity.players),
            None => Topic::Same(&candidate.claim.about),
        },
    }
}

fn conflict(
    records: &Records,
    a: &Candidate<'_>,
    b: &Candidate<'_>,
    reason: ConflictReason,
) -> Conflict {
    let (a, b) = if a.id.to_string() <= b.id.to_string() {
        (a, b)
    } else {
        (b, a)
    };
    Conflict {
        about: a.claim.about.clone(),
        metric: records
            .observations
            .get(&a.claim.about)
            .map(|o| o.metric.clone()),
        claim_a: a.id.clone(),
        claim_b: b.id.clone(),
        reason,
        apart: (a.claim.quantity.as_ref())
            .zip(b.claim.quantity.as_ref())
            .filter(|_| reason == ConflictReason::DisjointValues)
            .and_then(|(a, b)| apart(a, b)),
    }
}

fn clash(a: &Candidate<'_>, b: &Candidate<'_>) -> Option<ConflictReason> {
    let contests = |a: &Candidate<'_>, b: &Candidate<'_>| {
        a.claim.stance == Some(Stance::Contests)
            && matches!((&a.claim.qualifies, b.id), (Some(q), NamedOrBlankNode::NamedNode(id)) if q == id)
    };
    if contests(a, b) || contests(b, a) {
        return Some(ConflictReason::Contested);
    }
    if let (Some(x), Some(y)) = (&a.claim.quantity, &b.claim.quantity)
        && a.claim.modality.is_firm()
        && b.claim.modality.is_firm()
        && x.is_disjoint(y).unwrap_or(false)
        && !is_change(a, b)
        && !is_change(b, a)
    {
        return Some(ConflictReason::DisjointValues);
    }
    if let (Some(x), Some(y)) = (a.claim.same, b.claim.same)
        && x != y
        && a.claim.modality.is_firm()
        && b.claim.modality.is_firm()
    {
        return Some(ConflictReason::OneAndNot);
    }
    let (x, y) = (a.claim.status?, b.claim.status?);
    (x.is_binding() != y.is_binding() && speak_of_a_common_day(a, b) && !go_together(x, y))
        .then_some(ConflictReason::StatusClash)
}

/// Returns whether a claim says that it holds from later on than what another speaks of: each is right in its own time.
fn is_change(later: &Candidate<'_>, earlier: &Candidate<'_>) -> bool {
    (later.stated_start().zip(earlier.effective())).is_some_and(|(start, day)| start > day)
}

/// Returns whether two statuses go together although only one of them binds: to announce a deal says nothing about how
/// firm it is, and contingent and committed are neighbours on the ladder that sources mix up in good faith.
fn go_together(x: Status, y: Status) -> bool {
    let pair = (x.min(y), x.max(y));
    pair.0 == Status::Announced || pair == (Status::Contingent, Status::Committed)
}

fn speak_of_a_common_day(a: &Candidate<'_>, b: &Candidate<'_>) -> bool {
    let span = |c: &Candidate<'_>| {
        c.claim
            .holds_from
            .or(c.claim.said)
            .or(c.known_from.map(|day| TimeSpan::At(Period::Day(day))))
    };
    match (span(a), span(b)) {
        (Some(a), Some(b)) => a.overlaps(b),
        _ => true,
    }
}

/// The entry in the table of analyses.
pub const ANALYSIS: Analysis = Analysis {
    name: "conflicts",
    title: Message::ConflictsTitle,
    question: Message::ConflictsQuestion,
    definition: "Pairs of claims about the same edge, deal, player or figure that cannot both be right: values whose \
        intervals have nothing in common, statuses that clash, claims that contest others, and whatever the check \
        queries of the map refute. Those whose values are the farthest apart come first, what the check queries refute \
        last. Values in different currencies are never compared.",
    parameters: &[],
    columns: &[
        column(
            "about",
            Message::HeadingAbout,
            ColumnKind::Id,
            "What both claims are about",
        ),
        column(
            "metric",
            Message::HeadingMetric,
            ColumnKind::Concept,
            "The metric of a figure",
        ),
        column(
            "claim_a",
            Message::HeadingClaimA,
            ColumnKind::Claims("claim_a"),
            "The one claim",
        ),
        column(
            "claim_b",
            Message::HeadingClaimB,
            ColumnKind::Claims("claim_b"),
            "The other claim",
        ),
        column(
            "reason",
            Message::HeadingReason,
            ColumnKind::Text,
            "Why they do not go together: disjoint-values, status-clash, one-and-not, contested, or the check that fails",
        ),
        column(
            "apart",
            Message::HeadingApart,
            ColumnKind::Number,
            "How many times the smaller of two values the greater is at least",
        ),
    ],
    examples: &["powermap conflicts --known-by 2025-10-31"],
    run,
};

fn run(position: &Position, _: &Arguments, cancel: &AtomicBool) -> Result<Answer, AnalysisError> {
    position.check_claims("conflicts")?;
    let counts = |about: &NamedNode| match position.records().edges.get(about) {
        Some(edge) => position
            .resolution(about)
            .is_some_and(|r| position.admits(edge, r)),
        None => true,
    };
    let all = position.filter().is_open();
    let mut answer = Answer::default();
    for conflict in conflicts(position.records(), position.view()) {
        if all || counts(&conflict.about) {
            let cells = [
                conflict.about.into(),
                conflict.metric.into(),
                vec![conflict.claim_a].into(),
                vec![conflict.claim_b].into(),
                conflict.reason.cell(),
                conflict.apart.map_or(Cell::Empty, Cell::Number),
            ];
            answer.push(cells, Vec::new());
        }
    }
    for refuted in position.refuted(cancel)? {
        let Term::NamedNode(about) = &refuted.about else {
            continue;
        };
        if !refuted.claims.is_empty() && (all || counts(about)) {
            let claim = |place: usize| refuted.claims.get(place).map(|claim| vec![claim.clone()]);
            let cells = [
                about.clone().into(),
                refuted.metric.clone().into(),
                claim(0).into(),
                claim(1).into(),
                Cell::words(format!("{}: {}", refuted.query, refuted.reason), |lang| {
                    refuted.reason_in(lang)
                }),
                Cell::Empty,
            ];
            answer.push(cells, Vec::new());
        }
    }
    Ok(answer)
}
