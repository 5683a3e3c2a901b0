//! Diff: what changed between two boards?

use crate::analysis::answer::{Answer, Cell, Support};
use crate::analysis::column::{ColumnKind, column};
use crate::analysis::definition::Analysis;
use crate::analysis::error::AnalysisError;
use crate::analysis::parameter::{Arguments, Parameter, ParameterKind, Presence};
use crate::analysis::position::Position;
use crate::analysis::standing::{Piece, StandingOptions, standing};
use crate::model::board::Board;
use crate::model::lang::Lang;
use crate::model::resolve::{Resolution, ResolvedValue};
use crate::model::view::View;
use crate::words::Message;
use oxigraph::model::NamedNode;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::atomic::AtomicBool;

/// What happened to an edge or an observation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DifferenceKind {
    /// It is on the second board only.
    Added,
    /// It is on the first board only.
    Removed,
    /// It is on both, with another status.
    Status,
    /// It is on both, with other values.
    Value,
    /// It is a player, and another piece.
    Standing,
}

impl DifferenceKind {
    fn message(self) -> Message {
        match self {
            Self::Added => Message::Added,
            Self::Removed => Message::Removed,
            Self::Status => Message::StatusChanged,
            Self::Value => Message::ValueChanged,
            Self::Standing => Message::StandingChanged,
        }
    }

    fn cell(self) -> Cell {
        Cell::message(self.to_string(), self.message())
    }

    /// Returns what happened in words.
    pub fn text(self, lang: Lang) -> &'static str {
        self.message().text(lang)
    }
}

impl fmt::Display for DifferenceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Status => "status",
            Self::Value => "value",
            Self::Standing => "standing",
        })
    }
}

/// One difference between two boards.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// The edge or observation.
    pub subject: NamedNode,
    /// What happened to it.
    pub change: DifferenceKind,
    /// What held of it on the first board.
    pub before: Option<Resolution>,
    /// What holds of it on the second.
    pub after: Option<Resolution>,
}

/// Compares two boards of the same map.
///
/// Values are compared as values: a number that merely rests on other claims has not changed. Sorted by id, then by
/// kind of change.
///
/// # Complexity
/// O(n log n) in the size of the boards.
///
/// # Example
/// ```
/// use powermap::analysis::diff;
/// use powermap::model::Board;
/// assert!(diff(&Board::default(), &Board::default()).is_empty());
/// ```
pub fn diff(before: &Board, after: &Board) -> Vec<Difference> {
    let mut differences = Vec::new();
    for (before, after) in [
        (&before.edges, &after.edges),
        (&before.observations, &after.observations),
    ] {
        let ids: BTreeSet<_> = before.keys().chain(after.keys()).collect();
        for id in ids {
            let (old, new) = (before.get(id), after.get(id));
            for change in changes(old, new) {
                differences.push(Difference {
                    subject: id.clone(),
                    change,
                    before: old.cloned(),
                    after: new.cloned(),
                });
            }
        }
    }
    differences
}

fn changes(before: Option<&Resolution>, after: Option<&Resolution>) -> Vec<DifferenceKind> {
    let (before, after) = match (before, after) {
        (None, Some(_)) => return vec![DifferenceKind::Added],
        (Some(_), None) => return vec![DifferenceKind::Removed],
        (Some(before), Some(after)) => (before, after),
        (None, None) => return Vec::new(),
    };
    let mut changes = Vec::new();
    if before.status != after.status {
        changes.push(DifferenceKind::Status);
    }
    let values = |resolution: &Resolution| {
        let value = |v: &ResolvedValue| (v.measure, v.quantity);
        resolution.values.iter().map(value).collect::<Vec<_>>()
    };
    if values(before) != values(after) {
        changes.push(DifferenceKind::Value);
    }
    changes
}

/// The entry in the table of analyses.
pub const ANALYSIS: Analysis = Analysis {
    name: "diff",
    title: Message::DiffTitle,
    question: Message::DiffQuestion,
    definition: "Edges and figures that came or went, those whose status or value is another one, and players that are \
        another chess piece. Values are compared as values: a number that merely rests on other claims has not changed.",
    parameters: &[
        moment(
            "d1",
            "The first board: DAY, or DAY@KNOWN-BY for that day's board as it was known on another",
        ),
        moment("d2", "The second board: DAY or DAY@KNOWN-BY"),
    ],
    columns: &[
        column(
            "change",
            Message::HeadingChange,
            ColumnKind::Text,
            "added, removed, status, value or standing",
        ),
        column(
            "subject",
            Message::HeadingSubject,
            ColumnKind::Id,
            "The edge, the observation or the player",
        ),
        column(
            "before",
            Message::HeadingBefore,
            ColumnKind::Text,
            "The status and values on the first board",
        ),
        column(
            "after",
            Message::HeadingAfter,
            ColumnKind::Text,
            "The status and values on the second board",
        ),
    ],
    examples: &[
        "powermap diff 2025-09-01 2025-10-31",
        "powermap diff 2025-10-31@2025-10-31 2025-10-31@2026-03-31",
    ],
    run,
};

const fn moment(name: &'static str, help: &'static str) -> Parameter {
    Parameter {
        name,
        kind: ParameterKind::Moment,
        presence: Presence::Required,
        is_positional: true,
        help,
    }
}

fn run(
    position: &Position,
    arguments: &Arguments,
    cancel: &AtomicBool,
) -> Result<Answer, AnalysisError> {
    position.check_claims("diff")?;
    let (before, after) = sides(position, arguments);
    let records = position.records();
    let passes = |difference: &Difference| match records.edges.get(&difference.subject) {
        Some(edge) => [&difference.before, &difference.after]
            .into_iter()
            .flatten()
            .any(|resolution| position.admits(edge, resolution)),
        None => position.filter().is_open(),
    };
    let mut answer = Answer::default();
    let differences = diff(before.board(), after.board());
    for difference in differences.into_iter().filter(passes) {
        let side = |resolution| side(position, difference.change, resolution);
        let cells = [
            difference.change.cell(),
            difference.subject.clone().into(),
            side(difference.before.as_ref()),
            side(difference.after.as_ref()),
        ];
        answer.push(cells, support(&difference));
    }
    standings(&before, &after, cancel, &mut answer)?;
    for (day, count) in [&before, &after]
        .into_iter()
        .filter_map(Position::unknown_starts)
    {
        answer.note(
            Message::UnknownStartsOn,
            &[("day", &day), ("count", &count)],
        );
    }
    Ok(answer)
}

/// Returns the positions of the two days.
pub(crate) fn sides(position: &Position, arguments: &Arguments) -> (Position, Position) {
    let on = |name: &str| {
        let (as_of, known_by) = arguments.moment(name).unzip();
        position.at(View {
            as_of,
            known_by: known_by.flatten().or(position.view().known_by),
            policy: position.policy(),
        })
    };
    (on("d1"), on("d2"))
}

fn support(difference: &Difference) -> Vec<Support> {
    vec![Support {
        id: difference.subject.clone(),
        measure: None,
    }]
}

/// Adds the players that are other pieces; one that is on one board only is no piece on the other.
fn standings(
    before: &Position,
    after: &Position,
    cancel: &AtomicBool,
    answer: &mut Answer,
) -> Result<(), AnalysisError> {
    let rows = |position: &Position| -> Result<BTreeMap<NamedNode, Piece>, AnalysisError> {
        let report = standing(position, &StandingOptions::default(), cancel)?;
        Ok(report
            .rows
            .into_iter()
            .filter_map(|row| Some((row.player, row.piece?)))
            .collect())
    };
    let (before, after) = (rows(before)?, rows(after)?);
    let players: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    for player in players {
        let (old, new) = (before.get(player), after.get(player));
        if old != new {
            let piece = |piece: Option<&Piece>| {
                piece.map_or(Cell::Empty, |p| Cell::message(p.name(), p.word()))
            };
            let cells = [
                DifferenceKind::Standing.cell(),
                player.clone().into(),
                piece(old),
                piece(new),
            ];
            answer.push(cells, Vec::new());
        }
    }
    Ok(())
}

/// Returns what held on one side: the status or the values, or both of what came or went.
fn side(position: &Position, change: DifferenceKind, resolution: Option<&Resolution>) -> Cell {
    let status = || match resolution.and_then(|r| r.status) {
        Some(status) => Cell::term(position.records(), status.name(), &status.iri()),
        None => Cell::Empty,
    };
    let quantities = || {
        let values = resolution.iter().flat_map(|resolution| &resolution.values);
        Cell::quantities(values.map(|value| value.quantity))
    };
    match change {
        DifferenceKind::Status => status(),
        DifferenceKind::Value | DifferenceKind::Standing => quantities(),
        DifferenceKind::Added | DifferenceKind::Removed => Cell::joined([status(), quantities()]),
    }
}
