//! Timeline: what happened when?

use crate::analysis::answer::{Answer, Cell};
use crate::analysis::column::{ColumnKind, column};
use crate::analysis::definition::Analysis;
use crate::analysis::error::AnalysisError;
use crate::analysis::parameter::{Arguments, ParameterKind, parameter};
use crate::analysis::position::Position;
use crate::model::board::Board;
use crate::model::name::Status;
use crate::model::quantity::Quantity;
use crate::model::record::{Edge, Records};
use crate::model::resolve::{Candidate, Resolution, ResolvedValue, resolve};
use crate::model::time::{Day, Period, TimeSpan};
use crate::words::Message;
use oxigraph::model::{NamedNode, NamedOrBlankNode};
use serde::Serialize;
use std::fmt;
use std::sync::atomic::AtomicBool;

/// Names the kind of event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TimelineEvent {
    /// A deal was announced, or an event took place.
    Deal,
    /// An edge began.
    Begins,
    /// An edge ended.
    Ends,
    /// The status of an edge changed.
    Status,
    /// A claim gave an edge another value, from a day that it states.
    Value,
    /// A figure about a period was measured or forecast.
    Figure,
}

impl TimelineEvent {
    fn cell(self) -> Cell {
        let message = match self {
            Self::Deal => Message::EventDeal,
            Self::Begins => Message::EventBegins,
            Self::Ends => Message::EventEnds,
            Self::Status => Message::EventStatus,
            Self::Value => Message::EventValue,
            Self::Figure => Message::EventFigure,
        };
        Cell::message(self.to_string(), message)
    }
}

impl fmt::Display for TimelineEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Deal => "deal",
            Self::Begins => "begins",
            Self::Ends => "ends",
            Self::Status => "status",
            Self::Value => "value",
            Self::Figure => "figure",
        })
    }
}

/// One line of the timeline.
#[derive(Debug, Clone, PartialEq)]
pub struct TimelineEntry {
    /// When, as exactly as the source says.
    pub when: TimeSpan,
    /// The kind of event.
    pub what: TimelineEvent,
    /// The deal, edge or observation.
    pub subject: NamedNode,
    /// The new status, for a change of status.
    pub status: Option<Status>,
    /// The new value, for a change of value; for an edge that begins, those of its first day.
    pub values: Vec<Quantity>,
    /// The claims that say so.
    pub claims: Vec<NamedOrBlankNode>,
}

/// Lists dated deals, edges, status changes and figures in order of time.
///
/// Only what is known by the board's `known_by` is listed: an edge or an observation with a known claim, a deal with
/// a known claim about it or about one of its edges, or with none at all. A time that is less exact than a day is
/// placed at its first day; an open start comes first.
///
/// # Complexity
/// O(n log n) in the number of records; the claims about an edge are resolved once for each day from which the value or the
/// status of any of them holds.
///
/// # Example
/// ```
/// use powermap::analysis::timeline;
/// use powermap::model::{Board, Records};
/// assert!(timeline(&Records::default(), &Board::default()).is_empty());
/// ```
pub fn timeline(records: &Records, board: &Board) -> Vec<TimelineEntry> {
    let mut entries = Vec::new();
    let mut claims_of = std::collections::HashMap::<&NamedNode, Vec<Candidate<'_>>>::new();
    for (id, claim) in &records.claims {
        let candidate = Candidate::new(records, id, claim);
        if candidate.is_known_by(board.view.known_by) {
            claims_of.entry(&claim.about).or_default().push(candidate);
        }
    }
    let claims = |id: &NamedNode| claims_of.get(id).map_or(&[][..], Vec::as_slice);
    let ids = |id: &NamedNode| claims(id).iter().map(|c| c.id.clone()).collect::<Vec<_>>();
    let mut entry = |when: Option<TimeSpan>, what, subject: &NamedNode, now: Now, claims| {
        entries.extend(when.map(|when| TimelineEntry {
            when,
            what,
            subject: subject.clone(),
            status: now.status,
            values: now.values,
            claims,
        }));
    };
    let mut deal_claims = std::collections::HashMap::<&NamedNode, Vec<NamedOrBlankNode>>::new();
    for (id, edge) in &records.edges {
        if claims(id).is_empty() {
            continue;
        }
        if let Some(deal) = &edge.deal {
            deal_claims.entry(deal).or_default().extend(ids(id));
        }
        let (at_first, changes) = values(edge, claims(id), board, board.edges.get(id));
        let said: Vec<_> = at_first
            .iter()
            .flat_map(|value| value.claims.clone())
            .collect();
        let said = if said.is_empty() { ids(id) } else { said };
        let values = at_first.iter().map(|value| value.quantity).collect();
        let begins = Now { values, ..NOTHING };
        entry(edge.since, TimelineEvent::Begins, id, begins, said);
        entry(edge.until, TimelineEvent::Ends, id, NOTHING, ids(id));
        for NewValue {
            when,
            value,
            claims,
        } in changes
        {
            let values = vec![value];
            let now = Now { values, ..NOTHING };
            entry(Some(when), TimelineEvent::Value, id, now, claims);
        }
        for (when, status, claims) in status_changes(edge, claims(id), board, board.edges.get(id)) {
            let status = Some(status);
            let now = Now { status, ..NOTHING };
            entry(Some(when), TimelineEvent::Status, id, now, claims);
        }
    }
    for (id, observation) in &records.observations {
        if let Some(deal) = &observation.deal {
            deal_claims.entry(deal).or_default().extend(ids(id));
        }
        if !claims(id).is_empty() {
            let said = board.observations.get(id).map(said_by);
            let said = said.filter(|claims| !claims.is_empty());
            let said = said.unwrap_or_else(|| ids(id));
            entry(observation.period, TimelineEvent::Figure, id, NOTHING, said);
        }
    }
    for (id, deal) in &records.deals {
        let mut support = ids(id);
        support.extend(deal_claims.remove(id).unwrap_or_default());
        if !support.is_empty() || board.view.known_by.is_none() {
            entry(deal.announced, TimelineEvent::Deal, id, NOTHING, support);
        }
    }
    for entry in &mut entries {
        entry.claims.sort_by_cached_key(ToString::to_string);
        entry.claims.dedup();
    }
    entries.sort_by_cached_key(|e| (first_day(e.when), e.what, e.subject.clone(), e.status));
    entries
}

fn first_day(when: TimeSpan) -> (Option<Day>, Option<Day>) {
    (when.earliest(), when.latest())
}

/// What an entry says of its subject.
struct Now {
    status: Option<Status>,
    values: Vec<Quantity>,
}

const NOTHING: Now = Now {
    status: None,
    values: Vec::new(),
};

/// A value that an edge takes on, from when, and the claims that say so.
struct NewValue {
    when: TimeSpan,
    value: Quantity,
    claims: Vec<NamedOrBlankNode>,
}

fn day_of(day: Day) -> TimeSpan {
    TimeSpan::At(Period::Day(day))
}

/// Returns the values on the first day of an edge, and how they change later: what the board of each day says from which the
/// value of a claim holds.
fn values(
    edge: &Edge,
    claims: &[Candidate<'_>],
    board: &Board,
    resolution: Option<&Resolution>,
) -> (Vec<ResolvedValue>, Vec<NewValue>) {
    // Claims that are corrected or replaced are known, and do not count.
    let counts = |c: &&Candidate<'_>| resolution.is_none_or(|r| r.claims.contains(c.id));
    let claims: Vec<_> = claims.iter().filter(counts).copied().collect();
    let says_so = |c: &&Candidate<'_>| c.quantity.is_some() && c.claim.modality.is_firm();
    // A value that comes with a status holds from when that does.
    let start = |c: &Candidate<'_>| match c.claim.status {
        Some(_) => c
            .claim
            .holds_from
            .or(c.claim.said)
            .or(c.known_from.map(day_of)),
        None => c.claim.holds_from,
    };
    let mut starts: Vec<TimeSpan> = claims.iter().filter(says_so).filter_map(start).collect();
    starts.sort_by_key(|when| (when.earliest(), when.latest()));
    starts.dedup_by_key(|when| when.earliest());
    let first = edge.since.and_then(TimeSpan::earliest);
    let on = |day: Option<Day>| resolve(&claims, day, board.view.policy).values;
    let mut before = match (starts.first(), first) {
        (Some(start), None) => on(start.earliest()),
        (None, None) => on(board.view.as_of),
        (_, first) => on(first),
    };
    let at_first = before.clone();
    let mut changes = Vec::new();
    let is_later = |when: &TimeSpan| when.earliest() > first && when.earliest() <= board.view.as_of;
    for when in starts.into_iter().filter(is_later) {
        let now = on(when.earliest());
        for found in &now {
            let same = before.iter().find(|value| value.measure == found.measure);
            if same.is_none_or(|value| value.quantity != found.quantity) {
                let (value, claims) = (found.quantity, found.claims.clone());
                changes.push(NewValue {
                    when,
                    value,
                    claims,
                });
            }
        }
        before = now;
    }
    (at_first, changes)
}

/// Returns the claims that the values of a thing rest on.
fn said_by(resolution: &Resolution) -> Vec<NamedOrBlankNode> {
    let values = resolution.values.iter();
    values.flat_map(|value| value.claims.clone()).collect()
}

/// Returns the statuses that an edge takes on one after the other, from when, and the claims that say so: what the board
/// says of each day from which a claim states one.
fn status_changes(
    edge: &Edge,
    claims: &[Candidate<'_>],
    board: &Board,
    resolution: Option<&Resolution>,
) -> Vec<(TimeSpan, Status, Vec<NamedOrBlankNode>)> {
    let counts = |c: &&Candidate<'_>| resolution.is_none_or(|r| r.claims.contains(c.id));
    let claims: Vec<_> = claims.iter().filter(counts).copied().collect();
    let with_status = claims.iter().filter(|c| c.claim.status.is_some());
    let mut days: Vec<(Day, TimeSpan)> = with_status
        .filter_map(|c| Some((c.effective()?, c.claim.holds_from.or(c.claim.said)?)))
        .collect();
    // No status before there is an edge.
    if let Some((begins, since)) = edge
        .since
        .and_then(|since| Some((since.earliest()?, since)))
    {
        for first in days.iter_mut().filter(|(day, _)| *day < begins) {
            *first = (begins, since);
        }
    }
    // Of several that begin on one day, the most exact one.
    days.sort_by_key(|(day, when)| (*day, when.latest()));
    days.dedup_by_key(|(day, _)| *day);
    let mut before = None;
    let mut changes = Vec::new();
    for (day, when) in days {
        let now = resolve(&claims, Some(day), board.view.policy);
        if let Some(status) = now.status.filter(|status| before != Some(*status)) {
            before = Some(status);
            changes.push((when, status, now.status_claims));
        }
    }
    changes
}

/// The entry in the table of analyses.
pub const ANALYSIS: Analysis = Analysis {
    name: "timeline",
    title: Message::TimelineTitle,
    question: Message::TimelineQuestion,
    definition: "Dated deals, edges that begin or end, changes of status and figures, in order of time, as the board has them. A time that is \
        less exact than a day is placed at its first day. Only what is known by the day of what is known is listed.",
    parameters: &[
        parameter(
            "from",
            ParameterKind::Time,
            "Leave out what was over before this day (or month, or year)",
        ),
        parameter(
            "to",
            ParameterKind::Time,
            "Leave out what began after this day (or month, or year)",
        ),
        parameter(
            "player",
            ParameterKind::Player,
            "Only what this player takes part in",
        ),
    ],
    columns: &[
        column(
            "when",
            Message::HeadingWhen,
            ColumnKind::Time,
            "When, as exactly as the source says",
        ),
        column(
            "what",
            Message::HeadingWhat,
            ColumnKind::Text,
            "deal, begins, ends, status, value or figure",
        ),
        column(
            "subject",
            Message::HeadingSubject,
            ColumnKind::Id,
            "The deal, the edge or the observation",
        ),
        column(
            "detail",
            Message::HeadingDetail,
            ColumnKind::Text,
            "The new status, or the values on the board",
        ),
        column(
            "claims",
            Message::HeadingClaims,
            ColumnKind::Claims("claim"),
            "The claims that say so",
        ),
    ],
    examples: &[
        "powermap timeline --player openai --from 2025-09",
        "powermap timeline --from 2025-09-01 --to 2025-10-31 --lang zh",
    ],
    run,
};

fn run(
    position: &Position,
    arguments: &Arguments,
    _: &AtomicBool,
) -> Result<Answer, AnalysisError> {
    position.check_claims("timeline")?;
    let records = position.records();
    let (from, to) = (arguments.time("from"), arguments.time("to"));
    let player = arguments.id("player");
    let all = position.filter().is_open();
    let mut answer = Answer::default();
    for entry in timeline(records, position.board()) {
        let concerns = player
            .as_ref()
            .is_none_or(|player| records.takes_part(player, &entry.subject));
        let passes = all
            || records.edges.get(&entry.subject).is_some_and(|edge| {
                let resolution = position.resolution(&entry.subject);
                resolution.is_some_and(|resolution| position.admits(edge, resolution))
            });
        if concerns && passes && is_within(entry.when, from, to) {
            let detail = detail(position, &entry);
            let cells = [
                entry.when.into(),
                entry.what.cell(),
                entry.subject.into(),
                detail,
                entry.claims.into(),
            ];
            answer.push(cells, Vec::new());
        }
    }
    Ok(answer)
}

/// Returns whether an entry is neither over before the first day nor begins after the last.
fn is_within(when: TimeSpan, from: Option<TimeSpan>, to: Option<TimeSpan>) -> bool {
    let from = from.and_then(TimeSpan::earliest);
    let to = to.and_then(TimeSpan::latest);
    let is_over = matches!((when.latest(), from), (Some(end), Some(from)) if end < from);
    let is_later = matches!((when.earliest(), to), (Some(start), Some(to)) if start > to);
    !is_over && !is_later
}

/// Returns the new status, or what is known of the value.
fn detail(position: &Position, entry: &TimelineEntry) -> Cell {
    let values = || {
        let resolution = position.resolution(&entry.subject);
        let values = resolution.iter().flat_map(|resolution| &resolution.values);
        Cell::quantities(values.map(|value| value.quantity))
    };
    match (entry.what, entry.status) {
        (TimelineEvent::Status, Some(status)) => {
            Cell::term(position.records(), status.name(), &status.iri())
        }
        (TimelineEvent::Begins | TimelineEvent::Value, _) => {
            Cell::quantities(entry.values.iter().copied())
        }
        (TimelineEvent::Figure, _) => values(),
        _ => Cell::Empty,
    }
}
