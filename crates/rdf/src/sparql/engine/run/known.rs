//! Values of an expression by the number of the only term that it reads, each computed once.

use crate::sparql::bytes::table_growth;
use crate::sparql::engine::context::Context;
use crate::sparql::error::SparqlError;
use crate::sparql::memory::Holder;
use rustc_hash::FxHashMap;

/// Number of terms that share a page.
const PAGE: usize = 1 << 10;

/// The values so far. Those of stored terms stand in pages by their numbers, which is faster than hashing them.
pub(crate) struct Known<T> {
    pages: Vec<Option<Box<[Option<T>; PAGE]>>>,
    others: FxHashMap<u32, T>,
}

impl<T> Default for Known<T> {
    fn default() -> Self {
        Self {
            pages: Vec::new(),
            others: FxHashMap::default(),
        }
    }
}

impl<T: Copy> Known<T> {
    /// Returns the value of a number.
    #[inline]
    pub(crate) fn get(&self, number: u32) -> Option<T> {
        match self.pages.get(number as usize / PAGE) {
            Some(Some(page)) => page[number as usize % PAGE],
            Some(None) => None,
            None => self.others.get(&number).copied(),
        }
    }

    /// Remembers the value of a number.
    pub(crate) fn insert(
        &mut self,
        context: &Context<'_>,
        number: u32,
        value: T,
    ) -> Result<(), SparqlError> {
        if self.pages.is_empty() {
            let pages = (context.dataset.store().term_count() as usize).div_ceil(PAGE);
            let bytes = pages * size_of::<Option<Box<[Option<T>; PAGE]>>>();
            context.memory.keep(Holder::Values, bytes)?;
            self.pages.resize_with(pages, || None);
        }
        let Some(page) = self.pages.get_mut(number as usize / PAGE) else {
            let (known, entry) = (&mut self.others, size_of::<(u32, T)>());
            let bytes = table_growth(known.capacity(), known.len() + 1, entry);
            context.memory.keep(Holder::Values, bytes)?;
            known.insert(number, value);
            return Ok(());
        };
        if page.is_none() {
            let bytes = size_of::<[Option<T>; PAGE]>();
            context.memory.keep(Holder::Values, bytes)?;
        }
        let page = page.get_or_insert_with(|| Box::new([None; PAGE]));
        page[number as usize % PAGE] = Some(value);
        Ok(())
    }
}
