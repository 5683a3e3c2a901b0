//! What an edge is besides its two ends, one column for each attribute.

use crate::model::name::{Family, Flow, Status};
use oxigraph::model::NamedNode;

/// A kind of edge: the concept, and what flows along it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kind {
    /// The concept; `None` for edges without a kind.
    pub concept: Option<NamedNode>,
    /// What moves from source to target.
    pub carries: Option<Flow>,
    /// What comes back.
    pub returns: Option<Flow>,
}

/// A unit of money or anything else, by its code; the number in a column is its place in [`Columns::units`].
pub type UnitNumber = u8;

/// The number that stands for "none" in the columns of kinds and units.
pub const NONE: u8 = u8::MAX;

/// The attributes of the edges, by edge id.
///
/// Days are counted from 0001-01-01; a missing start is `i32::MIN`, a missing end `i32::MAX`. A missing bound is an
/// infinity on its side, so that comparisons need no special case. 30 bytes per edge.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Columns {
    /// The family.
    pub family: Box<[Family]>,
    /// The kind, as a place in `kinds`.
    pub kind: Box<[u8]>,
    /// The status.
    pub status: Box<[Option<Status>]>,
    /// The first day.
    pub since: Box<[i32]>,
    /// The last day.
    pub until: Box<[i32]>,
    /// The least amount of money.
    pub lower: Box<[f64]>,
    /// The greatest amount of money.
    pub upper: Box<[f64]>,
    /// The currency of both, as a place in `units`; [`NONE`] where there is no amount.
    pub unit: Box<[UnitNumber]>,
    /// The kinds there are.
    pub kinds: Vec<Kind>,
    /// The codes of the currencies there are.
    pub units: Vec<&'static str>,
}
