//! What an edge is besides its two ends, one column for each attribute.

use crate::model::name::{Family, Flow, Status};
use crate::model::quantity::Quantity;
use crate::model::unit::{Measure, Unit};
use crate::network::subset::Subset;
use oxigraph::model::NamedNode;
use std::collections::BTreeMap;

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

/// A unit, as its place in [`Columns::units`].
pub type UnitNumber = u8;

/// The number that stands for "none" in the columns of kinds and units.
pub const NONE: u8 = u8::MAX;

/// The values of one measure, by edge.
///
/// A missing bound is an infinity on its side, so that comparisons need no special case. 17 bytes per edge and a bit.
#[derive(Debug, Clone, PartialEq)]
pub struct Values {
    /// The least value.
    pub lower: Box<[f64]>,
    /// The greatest value.
    pub upper: Box<[f64]>,
    /// The unit of both; [`NONE`] where there is no value.
    pub unit: Box<[UnitNumber]>,
    /// The edges whose source says "about".
    pub approximate: Subset,
}

/// The attributes of the edges, by edge id.
///
/// Days are counted from 0001-01-01; a missing start is `i32::MIN`, a missing end `i32::MAX`. 11 bytes per edge, and 17
/// for each measure that any edge has a value of.
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
    /// The values, for the measures that there are any of.
    pub values: BTreeMap<Measure, Values>,
    /// The kinds there are.
    pub kinds: Vec<Kind>,
    /// The units there are.
    pub units: Vec<Unit>,
}

impl Columns {
    /// The value of an edge in one measure. O(1).
    #[inline]
    pub fn value(&self, edge: u32, measure: Measure) -> Option<Quantity> {
        let at = edge as usize;
        let values = self.values.get(&measure)?;
        let unit = *self.units.get(values.unit[at] as usize)?;
        let bound = |bound: f64| bound.is_finite().then_some(bound);
        Some(Quantity {
            lower: bound(values.lower[at]),
            upper: bound(values.upper[at]),
            unit,
            approximate: values.approximate.contains(edge),
        })
    }

    /// The kind of an edge.
    #[inline]
    pub fn kind_of(&self, edge: u32) -> &Kind {
        &self.kinds[self.kind[edge as usize] as usize]
    }
}
