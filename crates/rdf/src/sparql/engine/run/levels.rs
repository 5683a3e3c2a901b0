//! The levels of a search: its variables, with the sorted lists of the patterns for each.

use crate::sparql::engine::plan::join::{Allowed, End};
use crate::sparql::engine::relation::{Key, Relation};
use crate::sparql::engine::run::shape::Shape;
use crate::sparql::error::SparqlError;
use crate::store::compiled::graph::Pairs;
use std::cell::OnceCell;

/// The source of the list of a pattern at a level.
pub(crate) enum Source<'a> {
    /// A fixed list.
    Fixed(&'a [u32]),
    /// A fixed list, merged from several graphs.
    Merged(Vec<u32>),
    /// The list of the pairs for the value of an outer slot.
    Outer(Pairs<'a>, usize),
    /// The lists of several graphs for the value of an outer slot, merged for each value: only few may come.
    Spread(&'a Relation<'a>, Key, usize),
    /// The keys of the pairs; the values of the one that is found go to this place.
    First(Pairs<'a>, usize),
    /// The values that a list of the kind `First` left at this place.
    Second(usize),
}

/// The role of a pattern at a level.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Its other end is known already.
    Known(End),
    /// The level of its first variable.
    First,
    /// The level of its second variable.
    Second,
}

/// A pattern at a level, before its pairs are read.
pub(crate) struct Unread<'a> {
    pub(crate) relation: &'a Relation<'a>,
    pub(crate) key: Key,
    pub(crate) role: Role,
    /// The place of the pattern.
    pub(crate) place: usize,
}

impl<'a> Unread<'a> {
    fn source(&self) -> Result<Source<'a>, SparqlError> {
        let pairs = || self.relation.pairs(self.key);
        Ok(match self.role {
            Role::Known(End::Term(term)) => match self.relation.merged(self.key, term)? {
                Some(list) => Source::Merged(list),
                None => Source::Fixed(self.relation.values_of(self.key, term)?),
            },
            Role::Known(End::Slot(slot)) if self.relation.is_in_one() => {
                Source::Outer(pairs()?, slot)
            }
            Role::Known(End::Slot(slot)) => Source::Spread(self.relation, self.key, slot),
            Role::First => Source::First(pairs()?, self.place),
            Role::Second => Source::Second(self.place),
        })
    }
}

/// A variable of the search.
pub(crate) struct Level<'a> {
    pub(crate) slot: usize,
    pub(crate) patterns: Vec<Unread<'a>>,
    pub(crate) sources: OnceCell<Vec<Source<'a>>>,
    pub(crate) allowed: Option<&'a Allowed>,
    pub(crate) is_needed: bool,
}

impl<'a> Level<'a> {
    /// Returns where its lists come from. Unions of graphs are made when the search first gets here.
    #[inline]
    pub(crate) fn sources(&self) -> Result<&[Source<'a>], SparqlError> {
        if let Some(sources) = self.sources.get() {
            return Ok(sources);
        }
        let sources = self.patterns.iter().map(Unread::source);
        let sources = sources.collect::<Result<Vec<_>, _>>()?;
        Ok(self.sources.get_or_init(|| sources))
    }
}

/// A join that is ready to run.
pub(crate) struct Join<'a> {
    pub(crate) levels: Vec<Level<'a>>,
    /// Patterns whose both ends are known before the search starts.
    pub(crate) checks: Vec<(&'a Relation<'a>, End, End)>,
    pub(crate) first_only: bool,
    /// The slots of incoming rows that later steps read.
    pub(crate) copied: Vec<usize>,
    /// What rows are made of, where others than the needed variables are counted.
    pub(crate) shape: Option<Shape>,
    /// How many solutions are enough where they are counted.
    pub(crate) enough: u64,
}
