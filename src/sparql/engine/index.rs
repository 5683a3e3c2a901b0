//! Which rows of a table agree with a row: they have the same value in each slot in which both have one.

use crate::sparql::engine::batch::{Batch, UNBOUND};
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::rc::Rc;

/// The places of rows by their values in some slots.
type Places = FxHashMap<Vec<u32>, Vec<u32>>;

/// The rows of a table by their values in the slots that both sides have.
pub(crate) struct Index {
    /// The slots that always have a value, on both sides.
    shared: Vec<usize>,
    /// The slots that may have none, on either side.
    open: Vec<usize>,
    /// Rows that have values in the same ones of the open slots.
    groups: Vec<Group>,
}

struct Group {
    slots: Vec<usize>,
    rows: Vec<u32>,
    /// By the open slots in which both sides have a value; made when they are first asked for.
    places: RefCell<FxHashMap<Vec<usize>, Rc<Places>>>,
}

/// What has to be looked at for rows that have values in certain slots.
#[derive(Default)]
pub(crate) struct Lookup {
    slots: Option<Vec<usize>>,
    parts: Vec<(Vec<usize>, Rc<Places>)>,
}

impl Index {
    /// O(n) for n rows.
    pub(crate) fn new(rows: &Batch, shared: &[usize], open: &[usize]) -> Self {
        let mut groups: Vec<Group> = Vec::new();
        let mut group_of: FxHashMap<Vec<usize>, usize> = FxHashMap::default();
        for row in 0..rows.len {
            let slots = with_value(rows, open, row);
            let place = *group_of.entry(slots).or_insert_with_key(|slots| {
                groups.push(Group {
                    slots: slots.clone(),
                    rows: Vec::new(),
                    places: RefCell::default(),
                });
                groups.len() - 1
            });
            groups[place].rows.push(row as u32);
        }
        Self {
            shared: shared.to_vec(),
            open: open.to_vec(),
            groups,
        }
    }

    /// Makes `lookup` the one for a row.
    fn prepare(&self, rows: &Batch, input: &Batch, row: usize, lookup: &mut Lookup) {
        let slots = with_value(input, &self.open, row);
        if lookup.slots.as_ref() == Some(&slots) {
            return;
        }
        lookup.parts.clear();
        for group in &self.groups {
            let has = |slot: &&usize| slots.contains(slot);
            let common: Vec<usize> = group.slots.iter().filter(has).copied().collect();
            let key = [&self.shared[..], &common].concat();
            let mut places = group.places.borrow_mut();
            let places = places.entry(common).or_insert_with(|| {
                let mut places = Places::default();
                for row in &group.rows {
                    let values = rows.key(&key, *row as usize);
                    places.entry(values).or_default().push(*row);
                }
                Rc::new(places)
            });
            lookup.parts.push((key, Rc::clone(places)));
        }
        lookup.slots = Some(slots);
    }

    /// The places of the rows that agree with a row. `rows` are those that the index was made of.
    pub(crate) fn agreeing<'l>(
        &self,
        rows: &Batch,
        input: &'l Batch,
        row: usize,
        lookup: &'l mut Lookup,
    ) -> impl Iterator<Item = u32> + use<'l> {
        self.prepare(rows, input, row, lookup);
        let parts = lookup.parts.iter();
        let found = parts.filter_map(move |(key, places)| places.get(&input.key(key, row)));
        found.flatten().copied()
    }

    /// Whether a row agrees with one that has a value in common with it.
    pub(crate) fn has(&self, rows: &Batch, input: &Batch, row: usize, lookup: &mut Lookup) -> bool {
        self.prepare(rows, input, row, lookup);
        let mut parts = lookup.parts.iter();
        parts.any(|(key, places)| !key.is_empty() && places.contains_key(&input.key(key, row)))
    }
}

/// Those of some slots in which a row has a value.
fn with_value(rows: &Batch, slots: &[usize], row: usize) -> Vec<usize> {
    let has_value = |slot: &&usize| rows.get(**slot, row) != UNBOUND;
    slots.iter().filter(has_value).copied().collect()
}
