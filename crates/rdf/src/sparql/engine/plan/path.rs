//! Property paths between numbers of terms.

use crate::sparql::engine::plan::join::{End, Purpose};
use crate::sparql::engine::plan::slots::Slots;
use crate::store::compiled::graph::GraphRef;

/// A path between two nodes, as a set of pairs.
#[derive(Debug, Clone)]
pub(crate) enum PathExpr {
    /// One step along a relation; `true` against its direction.
    Step(usize, bool),
    /// One step along any predicate but these; `true` against its direction.
    Except(Vec<u32>, bool),
    Sequence(Box<PathExpr>, Box<PathExpr>),
    Either(Box<PathExpr>, Box<PathExpr>),
    /// No step or one.
    Optional(Box<PathExpr>),
    /// No step or more.
    Star(Box<PathExpr>),
    /// One step or more.
    Plus(Box<PathExpr>),
}

/// A path pattern to be joined with the rows that come in.
#[derive(Debug, Clone)]
pub(crate) struct PathStep<'a> {
    pub(crate) subject: End,
    pub(crate) expr: PathExpr,
    pub(crate) object: End,
    /// Whether the ends have a value in each row that comes in.
    pub(crate) subject_known: bool,
    pub(crate) object_known: bool,
    /// Where the nodes are, for paths of no step.
    pub(crate) graphs: Vec<GraphRef<'a>>,
    pub(crate) purpose: Purpose,
    /// The slots that later steps read.
    pub(crate) needed: Slots,
}

impl PathStep<'_> {
    /// Returns the slots of its ends.
    pub(crate) fn slots(&self) -> impl Iterator<Item = usize> {
        [self.subject, self.object]
            .into_iter()
            .filter_map(End::slot)
    }
}
