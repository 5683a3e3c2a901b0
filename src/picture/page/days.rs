//! What each edge is on which day.

use crate::analysis::position::Position;
use crate::model::board::Board;
use crate::model::record::{Edge, Records};
use crate::model::resolve::Candidate;
use crate::model::time::{Day, TimeSpan};
use crate::model::view::View;
use oxigraph::model::{NamedNode, NamedOrBlankNode};
use powermap_picture::DayStep;
use std::collections::BTreeSet;
use std::collections::HashSet;

/// The most days that a slider has; where the board changes on more, it goes by months, then by years.
const DAYS_MAX: usize = 400;

/// The days on which a board changes.
pub(crate) struct Days<'a> {
    position: &'a Position,
    /// The edges and whatever is said about them.
    records: Records,
    /// The days, in order; none where nothing in the map has a day.
    pub(crate) days: Vec<Day>,
    /// How exact they are.
    pub(crate) step: DayStep,
    /// The place of the day that the position is of.
    pub(crate) today: usize,
}

impl<'a> Days<'a> {
    /// Finds the days up to the last one on which the map learnt anything, or that of the position, whichever is later.
    ///
    /// O(c log c) for c claims.
    pub(crate) fn of(position: &'a Position) -> Self {
        let records = records(position);
        let today = position.day();
        let view = View {
            as_of: None,
            ..position.view()
        };
        let learnt = Board::resolve(position.records(), view).view.as_of;
        let end = learnt.max(today);
        let mut changes = changes(&records, today);
        changes.retain(|day| Some(*day) <= end);
        let (days, step) = thinned(changes, today);
        let place = days.iter().position(|day| Some(*day) == today);
        Self {
            today: place.unwrap_or_default(),
            position,
            records,
            days,
            step,
        }
    }

    /// Returns the position on each day, one after the other, with the place of the day; where there are no days, the one
    /// there is.
    pub(crate) fn positions(&self) -> impl Iterator<Item = (usize, Position)> {
        (0..self.days.len().max(1)).map(|place| {
            if place == self.today {
                return (place, self.position.clone());
            }
            let view = View {
                as_of: self.days.get(place).copied(),
                ..self.position.view()
            };
            let board = Board::resolve(&self.records, view);
            (place, self.position.with_board(board))
        })
    }
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

/// The days, or fewer of them; the last one and today stay.
fn thinned(days: BTreeSet<Day>, today: Option<Day>) -> (Vec<Day>, DayStep) {
    let last_of = |same: &dyn Fn(Day, Day) -> bool| {
        let mut kept: Vec<Day> = Vec::new();
        for day in &days {
            if (kept.last()).is_some_and(|last| same(*last, *day) && Some(*last) != today) {
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
