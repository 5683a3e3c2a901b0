//! Finds the rows of a table that are compatible with a row: equal in each slot that both have bound.

use crate::sparql::bytes::{key_bytes, table_growth};
use crate::sparql::engine::batch::{BATCH_ROWS, Batch, UNBOUND};
use crate::sparql::engine::context::Context;
use crate::sparql::error::SparqlError;
use crate::sparql::memory::{Held, Holder};
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::rc::Rc;

/// The places of rows by their values in some slots.
type Places = FxHashMap<Vec<u32>, Vec<u32>>;

/// The rows of a table with an index of the slots that both sides have.
pub(crate) struct Made {
    pub(crate) rows: Batch,
    pub(crate) index: Index,
    /// Accounts for the memory of the rows.
    pub(crate) _held: Held,
}

impl Made {
    /// Returns the rows of a batch that survive `MINUS`: no row here is compatible and shares a bound slot with them.
    pub(crate) fn rows_apart(&self, batch: &Batch) -> Result<Vec<u32>, SparqlError> {
        let mut lookup = Lookup::default();
        let mut rows = Vec::new();
        for row in 0..batch.len {
            if !self.index.has(&self.rows, batch, row, &mut lookup)? {
                rows.push(row as u32);
            }
        }
        Ok(rows)
    }
}

/// The rows of a table by their values in the slots that both sides have.
pub(crate) struct Index {
    /// The slots that always have a value, on both sides.
    shared: Vec<usize>,
    /// The slots that may have none, on either side.
    open: Vec<usize>,
    /// The rows grouped by which of the open slots are bound.
    groups: Vec<Group>,
    /// Accounts for the memory of the index.
    held: RefCell<Held>,
}

struct Group {
    slots: Vec<usize>,
    rows: Vec<u32>,
    /// The places of the rows by the open slots that both sides have bound, built on demand.
    places: RefCell<FxHashMap<Vec<usize>, Rc<Places>>>,
}

/// The lookup tables for rows with the same bound slots, cached between rows.
#[derive(Default)]
pub(crate) struct Lookup {
    slots: Option<Vec<usize>>,
    parts: Vec<(Vec<usize>, Rc<Places>)>,
}

impl Index {
    /// O(n) for n rows.
    pub(crate) fn new(
        context: &Context<'_>,
        rows: &Batch,
        shared: &[usize],
        open: &[usize],
    ) -> Result<Self, SparqlError> {
        let mut held = context.memory.hold(Holder::Table);
        let mut groups: Vec<Group> = Vec::new();
        let mut group_of: FxHashMap<Vec<usize>, usize> = FxHashMap::default();
        for row in 0..rows.len {
            if row % BATCH_ROWS == 0 {
                let more = BATCH_ROWS.min(rows.len - row);
                held.add(more * 2 * size_of::<u32>())?;
            }
            let slots = with_value(rows, open, row);
            let place = match group_of.get(&slots) {
                Some(place) => *place,
                None => {
                    held.add(2 * (size_of::<Group>() + size_of_val(&slots[..])))?;
                    groups.push(Group {
                        slots: slots.clone(),
                        rows: Vec::new(),
                        places: RefCell::default(),
                    });
                    group_of.insert(slots, groups.len() - 1);
                    groups.len() - 1
                }
            };
            groups[place].rows.push(row as u32);
        }
        Ok(Self {
            shared: shared.to_vec(),
            open: open.to_vec(),
            groups,
            held: RefCell::new(held),
        })
    }

    /// Makes `lookup` the one for a row.
    fn prepare(
        &self,
        rows: &Batch,
        input: &Batch,
        row: usize,
        lookup: &mut Lookup,
    ) -> Result<(), SparqlError> {
        let slots = with_value(input, &self.open, row);
        if lookup.slots.as_ref() == Some(&slots) {
            return Ok(());
        }
        lookup.parts.clear();
        for group in &self.groups {
            let has = |slot: &&usize| slots.contains(slot);
            let common: Vec<usize> = group.slots.iter().filter(has).copied().collect();
            let key = [&self.shared[..], &common].concat();
            let mut known = group.places.borrow_mut();
            let places = match known.get(&common) {
                Some(places) => Rc::clone(places),
                None => {
                    let places = Rc::new(self.places(rows, &group.rows, &key)?);
                    known.insert(common, Rc::clone(&places));
                    places
                }
            };
            lookup.parts.push((key, places));
        }
        lookup.slots = Some(slots);
        Ok(())
    }

    /// Returns the places of some rows by their values in some slots.
    fn places(&self, rows: &Batch, of: &[u32], key: &[usize]) -> Result<Places, SparqlError> {
        let mut places = Places::default();
        let entry = size_of::<[Vec<u32>; 2]>();
        for some in of.chunks(BATCH_ROWS) {
            // Each row may have a key of its own.
            let keys = some.len() * (key_bytes(key.len()) + key_bytes(1));
            let table = table_growth(places.capacity(), places.len() + some.len(), entry);
            self.held.borrow_mut().add(keys + table)?;
            for row in some {
                let values = rows.key(key, *row as usize);
                places.entry(values).or_default().push(*row);
            }
        }
        Ok(places)
    }

    /// Returns the places of the rows that agree with a row. `rows` are those that the index was made of.
    pub(crate) fn agreeing<'l>(
        &self,
        rows: &Batch,
        input: &'l Batch,
        row: usize,
        lookup: &'l mut Lookup,
    ) -> Result<impl Iterator<Item = u32> + use<'l>, SparqlError> {
        self.prepare(rows, input, row, lookup)?;
        let parts = lookup.parts.iter();
        let found = parts.filter_map(move |(key, places)| places.get(&input.key(key, row)));
        Ok(found.flatten().copied())
    }

    /// Returns whether a row agrees with one that has a value in common with it.
    pub(crate) fn has(
        &self,
        rows: &Batch,
        input: &Batch,
        row: usize,
        lookup: &mut Lookup,
    ) -> Result<bool, SparqlError> {
        self.prepare(rows, input, row, lookup)?;
        let mut parts = lookup.parts.iter();
        let has = |places: &Places, key: &[usize]| places.contains_key(&input.key(key, row));
        Ok(parts.any(|(key, places)| !key.is_empty() && has(places, key)))
    }
}

/// Returns the slots in which a row has a value.
fn with_value(rows: &Batch, slots: &[usize], row: usize) -> Vec<usize> {
    let has_value = |slot: &&usize| rows.get(**slot, row) != UNBOUND;
    slots.iter().filter(has_value).copied().collect()
}
