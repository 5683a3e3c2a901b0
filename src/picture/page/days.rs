//! What each edge is on which day.

use crate::analysis::position::Position;
use crate::model::board::Board;
use crate::model::record::{Edge, Records};
use crate::model::resolve::{Candidate, Resolution};
use crate::model::time::{Day, TimeSpan};
use crate::model::view::View;
use indexmap::IndexMap;
use oxigraph::model::{NamedNode, NamedOrBlankNode};
use powermap_picture::DayStep;
use std::collections::BTreeSet;
use std::collections::HashSet;

/// The most days that a slider has; where the board changes on more, it goes by months, then by years.
const DAYS_MAX: usize = 400;

/// The days on which a board changes, and what each edge is from each of them on.
#[derive(Debug, Default)]
pub(crate) struct Days {
    /// The days, in order.
    pub(crate) days: Vec<Day>,
    /// How exact they are.
    pub(crate) step: DayStep,
    /// The place of the day that the position is of.
    pub(crate) today: usize,
    /// For each edge the places of the days on which it changes, and what it is from then on; nothing where it is
    /// not on the board.
    pub(crate) states: IndexMap<NamedNode, Vec<(usize, Option<Resolution>)>>,
}

/// Resolves the board on each day on which it may change; also the position of all edges that were ever on it.
///
/// An edge that is not on the board of the position's own day counts as it was when it was last there, or first will
/// be.
pub(crate) fn gather(position: &Position) -> (Days, Position) {
    let records = records(position);
    let today = position.day();
    let (days, step) = thinned(changes(&records, today));
    let mut found = Days {
        step,
        today: days
            .iter()
            .position(|day| Some(*day) == today)
            .unwrap_or_default(),
        ..Days::default()
    };
    let mut union = position.board().clone();
    for (place, day) in days.iter().enumerate() {
        let view = View {
            as_of: Some(*day),
            ..position.view()
        };
        let board = Board::resolve(&records, view);
        for (id, edge) in &records.edges {
            let state = board.edges.get(id).filter(|r| position.admits(edge, r));
            let known = found.states.entry(id.clone()).or_default();
            if known.last().and_then(|(_, last)| last.as_ref()) != state {
                known.push((place, state.cloned()));
            }
            // Later days win, as long as today has no say.
            if let Some(state) = state
                && position
                    .board()
                    .edges
                    .get(id)
                    .is_none_or(|r| !position.admits(edge, r))
                && (place <= found.today || !union.edges.contains_key(id))
            {
                union.edges.insert(id.clone(), state.clone());
            }
        }
    }
    union.edges.sort_unstable_keys();
    found.days = days;
    (found, position.with_board(union))
}

/// The edges and whatever is said about them; nothing else bears on what they are.
fn records(position: &Position) -> Records {
    let all = position.records();
    let about: HashSet<&NamedNode> = all.edges.keys().collect();
    let mut claims = all.claims.clone();
    let own = all
        .claims
        .iter()
        .filter(|(_, claim)| about.contains(&claim.about));
    let named: HashSet<&NamedNode> = own
        .filter_map(|(id, _)| match id {
            NamedOrBlankNode::NamedNode(id) => Some(id),
            NamedOrBlankNode::BlankNode(_) => None,
        })
        .collect();
    claims.retain(|_, claim| {
        about.contains(&claim.about) || claim.qualifies.as_ref().is_some_and(|c| named.contains(c))
    });
    Records {
        edges: all.edges.clone(),
        claims,
        documents: all.documents.clone(),
        ..Records::default()
    }
}

/// Every day on which an edge may begin, end or get another status or value.
fn changes(records: &Records, today: Option<Day>) -> BTreeSet<Day> {
    let mut days: BTreeSet<Day> = today.into_iter().collect();
    let mut add = |day: Option<Day>| days.extend(day);
    for Edge { since, until, .. } in records.edges.values() {
        add(since.and_then(TimeSpan::earliest));
        add(until.and_then(TimeSpan::latest).and_then(Day::after));
    }
    for (id, claim) in &records.claims {
        add(Candidate::new(records, id, claim).effective());
    }
    days
}

/// The days, or fewer of them; the last one stays.
fn thinned(days: BTreeSet<Day>) -> (Vec<Day>, DayStep) {
    let last_of = |same: &dyn Fn(Day, Day) -> bool| {
        let mut kept: Vec<Day> = Vec::new();
        for day in &days {
            if kept.last().is_some_and(|last| same(*last, *day)) {
                kept.pop();
            }
            kept.push(*day);
        }
        kept
    };
    let months = || last_of(&|a, b| (a.year(), a.month()) == (b.year(), b.month()));
    if days.len() <= DAYS_MAX {
        return (days.into_iter().collect(), DayStep::Day);
    }
    let months = months();
    if months.len() <= DAYS_MAX {
        return (months, DayStep::Month);
    }
    (last_of(&|a, b| a.year() == b.year()), DayStep::Year)
}
