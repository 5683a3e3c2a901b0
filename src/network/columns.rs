//! What an edge is besides its two ends, one column for each attribute.

use crate::model::name::{Family, Flow, Status};
use crate::model::quantity::Quantity;
use crate::model::record::Concept;
use crate::model::shares::is_right_to_shares;
use crate::model::unit::{Measure, Unit};
use crate::model::vocabulary::pm;
use oxigraph::model::{NamedNode, NamedNodeRef};
use powermap_graph::Subset;
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
    /// Whether an edge holds as much the other way, as a partnership does.
    pub mutual: bool,
}

impl Kind {
    /// Returns what flows along edges of a family that have no kind: money for shares, goods for money.
    pub(crate) fn of_family(family: Family) -> Self {
        let (carries, returns) = match family {
            Family::Investment => (Some(Flow::Cash), Some(Flow::Equity)),
            Family::Supply => (Some(Flow::Goods), Some(Flow::Cash)),
            Family::Influence => (None, None),
        };
        Self {
            concept: None,
            carries,
            returns,
            mutual: false,
        }
    }

    /// Returns a concept with what the map says of it.
    pub(crate) fn of_concept(concept: NamedNode, known: Option<&Concept>) -> Self {
        Self {
            concept: Some(concept),
            carries: known.and_then(|known| known.carries),
            returns: known.and_then(|known| known.returns),
            mutual: known.is_some_and(|known| known.mutual),
        }
    }

    /// Returns whether an edge of this kind gives control whatever the shares.
    pub(crate) fn is_control(&self) -> bool {
        (self.concept.as_ref()).is_some_and(|concept| is_control(concept.as_ref()))
    }

    /// Returns whether an edge of this kind is the purchase of a whole player, or of control over it.
    pub(crate) fn is_takeover(&self) -> bool {
        (self.concept.as_ref()).is_some_and(|concept| *concept == pm::ACQUISITION)
    }

    /// Returns whether an edge of this kind leads to what a nominee holds for the one who controls it.
    pub(crate) fn is_nominee(&self) -> bool {
        (self.concept.as_ref()).is_some_and(|concept| *concept == pm::NOMINEE)
    }

    /// Returns whether an edge of this kind gives control through others, at the top of a chain.
    pub(crate) fn is_ultimate_control(&self) -> bool {
        (self.concept.as_ref()).is_some_and(|concept| *concept == pm::ULTIMATE_CONSOLIDATION)
    }

    /// Returns whether an edge of this kind is a debt, or a guarantee of one: what it says in percent is interest, or a part
    /// of the debt.
    pub(crate) fn is_debt(&self) -> bool {
        let is_debt = |flow: Option<Flow>| matches!(flow, Some(Flow::Debt | Flow::Guarantee));
        is_debt(self.carries) || is_debt(self.returns)
    }

    /// Returns whether an edge of this kind is shares for something: money, other shares.
    pub(crate) fn is_purchase_of_shares(&self) -> bool {
        self.returns == Some(Flow::Equity) && self.carries.is_some()
    }

    /// Returns whether an edge of this kind is a right to shares, which gives none before it is used: a warrant, an option, a
    /// grant.
    pub(crate) fn is_right_to_shares(&self) -> bool {
        is_right_to_shares(self.carries, self.returns)
    }
}

/// Returns whether an edge of a kind gives control whatever the shares.
pub(crate) fn is_control(kind: NamedNodeRef<'_>) -> bool {
    CONTROLS.contains(&kind)
}

/// The kinds of influence that are control.
const CONTROLS: [NamedNodeRef<'static>; 7] = [
    pm::CONTROL,
    pm::CHARTER_CONTROL,
    pm::CONTRACT_CONTROL,
    pm::GOLDEN_SHARE,
    pm::CONSOLIDATION,
    pm::MAJORITY_APPOINTMENT,
    pm::NOMINEE,
];

/// A unit, as its place in [`Columns::units`].
pub(crate) type UnitNumber = u8;

/// The number that stands for "none" in the columns of kinds and units.
pub(crate) const NONE: u8 = u8::MAX;

/// One attribute of every edge. It takes no memory where all edges have the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Column<T> {
    /// All edges have this.
    Same(T),
    /// What each edge has.
    Each(Box<[T]>),
}

impl<T: Copy + PartialEq> Column<T> {
    /// The column of these values.
    pub fn of(values: Vec<T>) -> Self {
        match values.first() {
            Some(first) if values.iter().all(|value| value == first) => Self::Same(*first),
            _ => Self::Each(values.into()),
        }
    }

    /// What an edge has.
    #[inline]
    pub fn get(&self, edge: u32) -> T {
        match self {
            Self::Same(value) => *value,
            Self::Each(values) => values[edge as usize],
        }
    }
}

impl<T: Copy + PartialEq> FromIterator<T> for Column<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        Self::of(values.into_iter().collect())
    }
}

/// The values of one measure, by edge.
///
/// A missing bound is an infinity on its side, so that comparisons need no special case. At most 17 bytes per edge
/// and three bits; 8 where all are exact and in one unit.
#[derive(Debug, Clone, PartialEq)]
pub struct Values {
    /// The least value.
    pub lower: Box<[f64]>,
    /// The greatest value, unless it is the least one of every edge that has a value.
    pub upper: Option<Box<[f64]>>,
    /// The unit of both; [`NONE`] where there is no value.
    pub unit: Column<UnitNumber>,
    /// The edges whose source says "about".
    pub approximate: Subset,
    /// The edges whose bounds are exclusive, the lower and the upper ones; none where no bound is.
    pub exclusive: Option<[Subset; 2]>,
}

impl Values {
    /// Puts bounds together; those of edges without a unit do not count.
    pub(crate) fn new(
        lower: Vec<f64>,
        upper: Option<Vec<f64>>,
        unit: Vec<UnitNumber>,
        approximate: Subset,
        exclusive: Option<[Subset; 2]>,
    ) -> Self {
        let is_wide = |upper: &Vec<f64>| {
            let mut bounds = lower.iter().zip(upper).zip(&unit);
            bounds.any(|((lower, upper), unit)| *unit != NONE && lower != upper)
        };
        Self {
            upper: upper.filter(is_wide).map(Into::into),
            lower: lower.into(),
            unit: Column::of(unit),
            approximate,
            exclusive,
        }
    }

    /// Returns whether the lower (0) or the upper (1) bound of an edge is exclusive.
    #[inline]
    fn is_exclusive(&self, side: usize, edge: u32) -> bool {
        (self.exclusive.as_ref()).is_some_and(|exclusive| exclusive[side].contains(edge))
    }

    /// The greatest value of an edge that has one.
    #[inline]
    pub fn upper(&self, edge: u32) -> f64 {
        self.upper.as_ref().unwrap_or(&self.lower)[edge as usize]
    }
}

/// The attributes of the edges, by edge id.
///
/// Days are counted from 0001-01-01; a missing start is `i32::MIN`, a missing end `i32::MAX`. At most 11 bytes per edge,
/// and what [`Values`] takes for each measure that any edge has a value of.
#[derive(Debug, Clone, PartialEq)]
pub struct Columns {
    /// The family.
    pub family: Column<Family>,
    /// The kind, as a place in `kinds`.
    pub kind: Column<u8>,
    /// The status.
    pub status: Column<Option<Status>>,
    /// The first day.
    pub since: Column<i32>,
    /// The last day.
    pub until: Column<i32>,
    /// The values, for the measures that there are any of.
    pub values: BTreeMap<Measure, Values>,
    /// The values of edges that have several of one measure, in units that do not convert; `values` has none of these.
    pub several: BTreeMap<(u32, Measure), Vec<Quantity>>,
    /// The kinds there are.
    pub kinds: Vec<Kind>,
    /// The units there are.
    pub units: Vec<Unit>,
}

impl Columns {
    /// The values of an edge in one measure, or in all: one for each unit.
    pub fn values_of(&self, edge: u32, measure: Option<Measure>) -> impl Iterator<Item = Quantity> {
        let wanted = Measure::ALL
            .into_iter()
            .filter(move |own| measure.is_none_or(|measure| measure == *own));
        wanted.flat_map(move |measure| {
            let several = match self.several.is_empty() {
                true => None,
                false => self.several.get(&(edge, measure)),
            };
            let several = several.into_iter().flatten().copied();
            self.value(edge, measure).into_iter().chain(several)
        })
    }

    /// Whether any edge has a value in a measure.
    pub fn has_values(&self, measure: Measure) -> bool {
        self.values.contains_key(&measure) || self.several.keys().any(|(_, own)| *own == measure)
    }

    /// The value of an edge in one measure; `None` where it has none, or several in units that do not convert. O(1).
    #[inline]
    pub fn value(&self, edge: u32, measure: Measure) -> Option<Quantity> {
        let at = edge as usize;
        let values = self.values.get(&measure)?;
        let unit = *self.units.get(values.unit.get(edge) as usize)?;
        let bound = |bound: f64| bound.is_finite().then_some(bound);
        Some(Quantity {
            lower: bound(values.lower[at]),
            upper: bound(values.upper(edge)),
            unit,
            approximate: values.approximate.contains(edge),
            lower_exclusive: values.is_exclusive(0, edge),
            upper_exclusive: values.is_exclusive(1, edge),
        })
    }

    /// The family of an edge.
    #[inline]
    pub fn family(&self, edge: u32) -> Family {
        self.family.get(edge)
    }

    /// The status of an edge.
    #[inline]
    pub fn status(&self, edge: u32) -> Option<Status> {
        self.status.get(edge)
    }

    /// The first day of an edge, `i32::MIN` where it is not known.
    #[inline]
    pub fn since(&self, edge: u32) -> i32 {
        self.since.get(edge)
    }

    /// The last day of an edge, `i32::MAX` where it is not known.
    #[inline]
    pub fn until(&self, edge: u32) -> i32 {
        self.until.get(edge)
    }

    /// The kind of an edge.
    #[inline]
    pub fn kind_of(&self, edge: u32) -> &Kind {
        &self.kinds[self.kind.get(edge) as usize]
    }
}
