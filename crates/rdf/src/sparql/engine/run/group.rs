//! `GROUP BY` and aggregates.

use crate::sparql::bytes::{key_bytes, table_bytes, vec_bytes};
use crate::sparql::engine::batch::{Batch, UNBOUND};
use crate::sparql::engine::context::Context;
use crate::sparql::engine::plan::group::{Aggregate, Function};
use crate::sparql::engine::plan::node::TopK;
use crate::sparql::engine::run::concat::Concatenation;
use crate::sparql::engine::run::sort::Keys;
use crate::sparql::engine::value::{Number, total_order};
use crate::sparql::error::SparqlError;
use crate::sparql::memory::Holder;
use fixedbitset::FixedBitSet;
use oxigraph::sparql::QueryEvaluationError;
use rustc_hash::{FxHashMap, FxHashSet};
use spareval::ExpressionTerm;
use std::cmp::Ordering;

/// By how much the groups may grow with a batch before it is counted.
const TEXT_BYTES: usize = 1 << 20;

/// The groups while rows come in.
pub(crate) struct Groups<'p> {
    keys: &'p [usize],
    aggregates: &'p [Aggregate],
    /// The groups by their key if it is a single column, which is faster.
    by_one: FxHashMap<u32, u32>,
    by_many: FxHashMap<Vec<u32>, u32>,
    /// The key of each group, one after the other, in the order of their first rows.
    found: Vec<u32>,
    count: u32,
    states: Vec<State>,
    /// The number of bytes of the values seen and of their texts.
    seen: usize,
}

/// The state of an aggregate in a group. There are many of these, visited in any order, so they are small.
#[derive(Debug, Clone, Default)]
struct State {
    rows: u64,
    /// Sums of whole numbers, for as long as there are no others.
    whole: i64,
    best: Option<u32>,
    /// An operand had no value, or not a number.
    failed: bool,
    more: Option<Box<More>>,
}

/// The state that few aggregates need.
#[derive(Debug, Clone, Default)]
struct More {
    /// The sum, once it is no longer an integer.
    sum: Option<Number>,
    text: Concatenation,
    /// The values seen, for distinct aggregates.
    seen: Seen,
}

/// Distinct values of some columns.
#[derive(Debug, Clone, Default)]
struct Seen {
    /// A bit for each stored term, where there is one group and one column.
    bits: FixedBitSet,
    one: FxHashSet<u32>,
    many: FxHashSet<Vec<u32>>,
}

impl Seen {
    /// Adds the value of one column; returns whether it is new. Stored terms below `stored` have a bit each.
    fn insert_one(&mut self, number: u32, stored: u32) -> bool {
        if number >= stored {
            return self.one.insert(number);
        }
        self.bits.grow(stored as usize);
        !self.bits.put(number as usize)
    }
}

impl State {
    fn sum(&self) -> Option<Number> {
        self.more.as_ref()?.sum
    }

    fn more(&mut self) -> &mut More {
        self.more.get_or_insert_default()
    }

    /// Adds the value of a term to the sum, `times` times.
    fn add(&mut self, context: &Context<'_>, number: u32, times: u64) -> Result<(), SparqlError> {
        if let (Some(value), None) = (context.integer(number)?, self.sum())
            && let Ok(times) = i64::try_from(times)
            && let Some(value) = value.checked_mul(times)
            && let Some(sum) = self.whole.checked_add(value)
        {
            self.whole = sum;
            return Ok(());
        }
        let before = self.sum().unwrap_or(Number::Integer(self.whole.into()));
        let value = context.value(number)?;
        let sum = value
            .as_ref()
            .and_then(Number::of)
            .and_then(|value| value.times(times))
            .and_then(|value| before.add(value));
        self.failed |= sum.is_none();
        self.more().sum = sum;
        Ok(())
    }

    fn text_bytes(&self) -> usize {
        self.more.as_ref().map_or(0, |more| more.text.bytes())
    }

    /// Returns its own size in bytes, without the values seen.
    fn own_bytes(&self) -> usize {
        let more = self.more.as_ref();
        more.map_or(0, |more| size_of::<More>() + more.text.bytes())
    }
}

impl<'p> Groups<'p> {
    pub(crate) fn new(keys: &'p [usize], aggregates: &'p [Aggregate]) -> Self {
        // Without keys there is one group, even of no rows.
        let count = u32::from(keys.is_empty());
        Self {
            keys,
            aggregates,
            by_one: FxHashMap::default(),
            by_many: FxHashMap::default(),
            found: Vec::new(),
            count,
            states: vec![State::default(); count as usize * aggregates.len()],
            seen: 0,
        }
    }

    /// Returns how many bytes they take if each of `more` rows is a group of its own.
    pub(crate) fn bytes_with(&self, more: usize) -> usize {
        let (count, keys) = (self.count as usize + more, self.keys.len());
        let by_many = match keys {
            0 | 1 => 0,
            _ => {
                let (entry, capacity) = (size_of::<(Vec<u32>, u32)>(), self.by_many.capacity());
                table_bytes(capacity, count, entry) + count * key_bytes(keys)
            }
        };
        let by_one = match keys {
            1 => table_bytes(self.by_one.capacity(), count, size_of::<[u32; 2]>()),
            _ => 0,
        };
        let (found, states) = match keys {
            0 => (0, self.states.len()),
            _ => (count * keys, count * self.aggregates.len()),
        };
        let lists = vec_bytes(&self.found, found) + vec_bytes(&self.states, states);
        by_one + by_many + lists + self.seen
    }

    /// Returns how many bytes their rows take, with the longest text on its way there.
    pub(crate) fn row_bytes(&self) -> usize {
        let columns = self.keys.len() + self.aggregates.len();
        let longest = self.states.iter().map(State::text_bytes).max();
        self.count as usize * columns * size_of::<u32>() + longest.unwrap_or(0)
    }

    /// Returns the group of each row.
    fn places(&mut self, batch: &Batch) -> Vec<u32> {
        let before = self.count;
        let mut places = vec![0; batch.len];
        match self.keys {
            [] => {}
            [slot] => {
                for (row, place) in places.iter_mut().enumerate() {
                    let key = batch.get(*slot, row);
                    *place = *self.by_one.entry(key).or_insert_with(|| {
                        self.found.push(key);
                        self.count += 1;
                        self.count - 1
                    });
                }
            }
            slots => {
                let mut key = Vec::with_capacity(slots.len());
                for (row, place) in places.iter_mut().enumerate() {
                    key.clear();
                    key.extend(slots.iter().map(|slot| batch.get(*slot, row)));
                    *place = match self.by_many.get(&key) {
                        Some(place) => *place,
                        None => {
                            self.found.extend_from_slice(&key);
                            self.by_many.insert(key.clone(), self.count);
                            self.count += 1;
                            self.count - 1
                        }
                    };
                }
            }
        }
        if self.count > before {
            let states = self.count as usize * self.aggregates.len();
            self.states.resize(states, State::default());
        }
        places
    }

    /// Adds rows.
    pub(crate) fn add(&mut self, context: &Context<'_>, batch: &Batch) -> Result<(), SparqlError> {
        let width = self.aggregates.len();
        if self.keys.is_empty()
            && let [only] = self.aggregates
            && only.function == Function::Rows
            && !only.distinct
        {
            let solutions = match batch.weights.is_empty() {
                true => batch.len as u64,
                false => batch
                    .weights
                    .iter()
                    .fold(0, |sum, one| one.saturating_add(sum)),
            };
            let state = &mut self.states[0];
            state.rows = state.rows.saturating_add(solutions);
            return Ok(());
        }
        let places = self.places(batch);
        // Few sets are large enough for a bit for each term.
        let stored = match self.keys.is_empty() {
            true => context.dataset.store().term_count(),
            false => 0,
        };
        // Texts can grow by much more than one row takes.
        let (start, mut held) = (self.seen, context.memory.hold(Holder::Group));
        for (at, aggregate) in self.aggregates.iter().enumerate() {
            for (row, place) in places.iter().enumerate() {
                let state = &mut self.states[*place as usize * width + at];
                let before = state.own_bytes();
                if aggregate.add(context, state, (batch, row), stored)? {
                    self.seen += match aggregate.columns.len() {
                        1 => table_bytes(0, 2, size_of::<u32>()),
                        columns => table_bytes(0, 2, size_of::<Vec<u32>>()) + key_bytes(columns),
                    };
                }
                self.seen += state.own_bytes() - before;
                if self.seen - start > TEXT_BYTES {
                    held.set(self.seen - start)?;
                }
            }
        }
        Ok(())
    }

    /// Returns a row for each group that is wanted.
    pub(crate) fn finish(
        self,
        context: &Context<'_>,
        slots: usize,
        top: Option<&TopK>,
    ) -> Result<Batch, SparqlError> {
        let wanted = match top {
            Some(top) => self.top(context, top)?,
            None => (0..self.count).collect(),
        };
        let mut batch = Batch::new(slots);
        batch.len = wanted.len();
        let groups = || wanted.iter().map(|group| *group as usize);
        for (at, slot) in self.keys.iter().enumerate() {
            let keys = groups().map(|group| self.found[group * self.keys.len() + at]);
            batch.columns[*slot] = keys.collect();
        }
        for (at, aggregate) in self.aggregates.iter().enumerate() {
            let states = groups().map(|group| &self.states[group * self.aggregates.len() + at]);
            batch.columns[aggregate.slot] = states
                .map(|state| context.number_of_value(aggregate.finish(context, state)?))
                .collect::<Result<_, _>>()?;
        }
        Ok(batch)
    }

    /// Returns the groups of a top-k, in their order.
    fn top(&self, context: &Context<'_>, top: &TopK) -> Result<Vec<u32>, SparqlError> {
        let mut groups: Vec<u32> = (0..self.count).collect();
        let mut aggregates = self.aggregates.iter().enumerate();
        let Some((at, aggregate)) = aggregates.find(|(_, one)| one.slot == top.slot) else {
            return Ok(groups);
        };
        if top.count == 0 || top.count >= groups.len() {
            return Ok(groups);
        }
        let mut held = context.memory.hold(Holder::Group);
        held.add(groups.len() * size_of::<(u32, Option<ExpressionTerm>)>())?;
        let states = self.states.iter().skip(at).step_by(self.aggregates.len());
        let values = states.map(|state| aggregate.finish(context, state));
        let keys = Keys::of_values(values.collect::<Result<_, _>>()?);
        let compare = |left: &u32, right: &u32| {
            let order = keys.compare(*left as usize, *right as usize);
            match top.descending {
                true => order.reverse(),
                false => order,
            }
        };
        let (_, last, _) = groups.select_nth_unstable_by(top.count - 1, compare);
        let last = *last;
        groups.retain(|group| compare(group, &last).is_le());
        groups.sort_unstable();
        Ok(groups)
    }
}

impl Aggregate {
    /// Adds a row; returns whether its values are kept as seen.
    fn add(
        &self,
        context: &Context<'_>,
        state: &mut State,
        (batch, row): (&Batch, usize),
        stored: u32,
    ) -> Result<bool, SparqlError> {
        if self.distinct && self.function == Function::Rows {
            let is_new = match self.columns[..] {
                [only] => state.more().seen.insert_one(batch.get(only, row), stored),
                _ => state.more().seen.many.insert(batch.key(&self.columns, row)),
            };
            state.rows += u64::from(is_new);
            return Ok(is_new);
        }
        if self.distinct {
            let number = batch.get(self.columns[0], row);
            if number == UNBOUND {
                state.failed = true;
                return Ok(false);
            }
            let number = self.distinct_number(context, number)?;
            if !state.more().seen.insert_one(number, stored) {
                return Ok(false);
            }
        }
        // Distinct values count once, however many solutions there are.
        let weight = match self.distinct {
            true => 1,
            false => batch.weight(row),
        };
        if self.function == Function::Rows {
            state.rows = state.rows.saturating_add(weight);
            return Ok(self.distinct);
        }
        let number = batch.get(self.columns[0], row);
        if number == UNBOUND {
            state.failed = true;
            return Ok(self.distinct);
        }
        state.rows = state.rows.saturating_add(weight);
        match &self.function {
            Function::Rows | Function::Count | Function::CountAll => {}
            Function::Sample => state.best = state.best.or(Some(number)),
            Function::Concatenate(separator) => {
                let value = context.value(number)?;
                let is_added = state.more().text.add(value, separator);
                state.failed |= !is_added;
            }
            Function::Sum | Function::Average => state.add(context, number, weight)?,
            Function::Least | Function::Greatest => {
                let better = match self.function {
                    Function::Least => Ordering::Less,
                    _ => Ordering::Greater,
                };
                let is_better = match state.best {
                    Some(best) => context.order(number, best)? == better,
                    None => true,
                };
                if is_better {
                    state.best = Some(number);
                }
            }
        }
        Ok(self.distinct)
    }

    /// Sums of distinct values tell values apart, counts tell terms apart.
    fn distinct_number(&self, context: &Context<'_>, number: u32) -> Result<u32, SparqlError> {
        if self.function == Function::Count {
            return Ok(number);
        }
        let value = context.value(number)?;
        context.number_of_value(value)
    }

    fn finish(
        &self,
        context: &Context<'_>,
        state: &State,
    ) -> Result<Option<ExpressionTerm>, SparqlError> {
        let Ok(count) = i64::try_from(state.rows) else {
            let message = "the number of solutions is beyond the range of xsd:integer";
            let error = QueryEvaluationError::Unexpected(message.into());
            return Err(SparqlError::Evaluation(error));
        };
        let sum = state.sum().unwrap_or(Number::Integer(state.whole.into()));
        Ok(match &self.function {
            Function::Rows | Function::Count => Some(ExpressionTerm::IntegerLiteral(count.into())),
            Function::Sample => match state.best {
                Some(first) => context.value(first)?,
                None => None,
            },
            _ if state.failed => None,
            Function::CountAll => Some(ExpressionTerm::IntegerLiteral(count.into())),
            Function::Concatenate(_) => Some(match &state.more {
                Some(more) => more.text.value(),
                None => Concatenation::default().value(),
            }),
            Function::Sum => Some(sum.value()),
            Function::Average if count == 0 => Some(ExpressionTerm::IntegerLiteral(0.into())),
            Function::Average => sum.divide(count).map(Number::value),
            Function::Least | Function::Greatest => match state.best {
                Some(best) => context.value(best)?,
                None => None,
            },
        })
    }
}

impl Context<'_> {
    /// Returns the order of two terms; quick where their numbers tell it.
    pub(crate) fn order(&self, left: u32, right: u32) -> Result<Ordering, SparqlError> {
        if left == right {
            return Ok(Ordering::Equal);
        }
        if let (Some(kind), Some(other)) = (self.kind(left), self.kind(right))
            && kind == other
            && kind.is_in_order()
        {
            return Ok(left.cmp(&right));
        }
        Ok(total_order(
            self.value(left)?.as_ref(),
            self.value(right)?.as_ref(),
        ))
    }
}
