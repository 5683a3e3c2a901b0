//! Diff: what changed between two boards?

use crate::model::board::Board;
use crate::model::name::Status;
use crate::model::resolve::{Resolution, ResolvedValue};
use oxigraph::model::NamedNode;
use serde::Serialize;
use std::collections::BTreeSet;
use std::fmt;

/// What happened to an edge or an observation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// It is on the second board only.
    Added,
    /// It is on the first board only.
    Removed,
    /// It is on both, with another status.
    Status,
    /// It is on both, with other values.
    Value,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Status => "status",
            Self::Value => "value",
        })
    }
}

/// One difference between two boards.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// The edge or observation.
    pub subject: NamedNode,
    /// What happened to it.
    pub change: Change,
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
/// use powermap::analysis::diff::diff;
/// use powermap::model::board::Board;
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

fn changes(before: Option<&Resolution>, after: Option<&Resolution>) -> Vec<Change> {
    let (before, after) = match (before, after) {
        (None, Some(_)) => return vec![Change::Added],
        (Some(_), None) => return vec![Change::Removed],
        (Some(before), Some(after)) => (before, after),
        (None, None) => return Vec::new(),
    };
    let mut changes = Vec::new();
    if before.status != after.status {
        changes.push(Change::Status);
    }
    let values = |resolution: &Resolution| {
        let value = |v: &ResolvedValue| (v.measure, v.quantity);
        resolution.values.iter().map(value).collect::<Vec<_>>()
    };
    if values(before) != values(after) {
        changes.push(Change::Value);
    }
    changes
}

/// The status that a side of a difference has, for display.
pub fn status(resolution: Option<&Resolution>) -> Option<Status> {
    resolution.and_then(|r| r.status)
}
