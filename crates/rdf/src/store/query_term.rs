//! Terms inside one query evaluation: those of the store, and those that the query computed.

use crate::store::dictionary::{self, Layer, MAX_TERMS, TermId};
use crate::store::error::StoreError;
use std::num::NonZeroU32;

/// A term inside one query evaluation: four bytes, equal exactly when the terms are.
///
/// Either a term of the store or one that the query computed and the store does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct QueryTerm(NonZeroU32);

/// Set for computed terms; the other bits are the place in the evaluation's own dictionary.
const COMPUTED: u32 = 1 << 31;

impl QueryTerm {
    /// Returns the term of this number in the store.
    #[inline]
    pub fn stored(id: TermId) -> Self {
        // Numbers of stored terms stay below 2^31 - 1, so neither the sum nor the mark collide.
        Self(NonZeroU32::MIN.saturating_add(id))
    }

    /// Its number in the store, unless the query computed it.
    #[inline]
    pub fn id(self) -> Option<TermId> {
        let value = self.0.get();
        (value & COMPUTED == 0).then(|| value - 1)
    }

    /// Returns a number for the term: that in the store, or one beyond; never `u32::MAX`.
    #[inline]
    pub(crate) fn number(self) -> u32 {
        self.0.get() - 1
    }

    /// Returns the term of a number; `None` for `u32::MAX`.
    #[inline]
    pub(crate) fn of_number(number: u32) -> Option<Self> {
        NonZeroU32::new(number.wrapping_add(1)).map(Self)
    }

    fn computed(place: u32) -> Self {
        Self(NonZeroU32::MIN.saturating_add(COMPUTED - 1 + place))
    }
}

/// The terms that a query computed, and a buffer for looking terms up.
#[derive(Debug, Default)]
pub(crate) struct Computed {
    terms: Layer,
    key: String,
}

impl Computed {
    /// Returns the term whose key `write` puts into the buffer: the stored one that `find` knows, or a computed one.
    pub(crate) fn term_of_key(
        &mut self,
        write: impl FnOnce(&mut String),
        find: impl FnOnce(&str) -> Result<Option<TermId>, StoreError>,
    ) -> Result<QueryTerm, StoreError> {
        let Self { terms, key } = self;
        write(key);
        // Looking up computed terms is faster than looking up stored ones.
        let hash = dictionary::hash(key);
        if let Some(place) = terms.find(key, hash) {
            return Ok(QueryTerm::computed(place as u32));
        }
        if let Some(id) = find(key)? {
            return Ok(QueryTerm::stored(id));
        }
        let place = terms.push(key, hash);
        if place >= MAX_TERMS {
            return Err(StoreError::TooLarge {
                what: "computed terms",
                limit: MAX_TERMS,
            });
        }
        Ok(QueryTerm::computed(place as u32))
    }

    /// Returns the key of a computed term.
    pub(crate) fn key(&self, term: QueryTerm) -> &str {
        self.terms.key((term.0.get() & !COMPUTED) as usize)
    }

    /// Returns how many bytes they take.
    pub(crate) fn bytes(&self) -> usize {
        self.terms.bytes()
    }

    /// Returns a buffer for a key.
    pub(crate) fn buffer(&mut self) -> &mut String {
        &mut self.key
    }
}
