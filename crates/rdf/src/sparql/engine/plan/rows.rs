//! The rows of a pattern while a plan is made.

use crate::sparql::engine::plan::node::{Node, Op};
use crate::sparql::engine::plan::slots::Slots;
use crate::sparql::error::SparqlError;

/// Why there is no plan.
pub(crate) enum NoPlan {
    /// This is not known here.
    NotKnown(&'static str),
    Failed(SparqlError),
}

impl From<SparqlError> for NoPlan {
    fn from(error: SparqlError) -> Self {
        Self::Failed(error)
    }
}

/// The rows of a pattern: how they are made, and which slots they have.
pub(crate) struct Rows<'a> {
    pub(crate) node: Node<'a>,
    /// The slots that can have a value.
    pub(crate) scope: Slots,
    /// The slots that have a value in each row.
    pub(crate) bound: Slots,
    /// Whether it is the one row without values.
    pub(crate) is_unit: bool,
}

impl Rows<'_> {
    pub(crate) fn unit() -> Self {
        Self {
            node: Op::Input.into(),
            scope: Slots::new(),
            bound: Slots::new(),
            is_unit: true,
        }
    }

    /// Returns the rows that are fed in, with the slots of these.
    pub(crate) fn fed<'b>(&self) -> Rows<'b> {
        Rows {
            node: Op::Input.into(),
            scope: self.scope.clone(),
            bound: self.bound.clone(),
            is_unit: self.is_unit,
        }
    }
}

/// Unites what each of some steps makes of rows, `scope` the slots that any of them adds.
pub(crate) fn union_of<'a>(rows: Rows<'a>, scope: Slots, branches: Vec<Rows<'a>>) -> Rows<'a> {
    let bounds = branches.iter().map(|branch| branch.bound.clone());
    let bound = bounds.reduce(|all, bound| &all & &bound);
    Rows {
        scope: &rows.scope | &scope,
        bound: bound.unwrap_or(rows.bound),
        node: Op::Union(
            Box::new(rows.node),
            branches.into_iter().map(|branch| branch.node).collect(),
        )
        .into(),
        is_unit: false,
    }
}
