//! Runs a plan: each step hands its rows in batches to the step after it.
//!
//! The plan stays as it is; what a run finds out, such as rows that are made once, is its [`state`].

mod concat;
pub(crate) mod explain;
mod filter;
mod group;
mod index;
mod join;
mod levels;
mod output;
mod path;
mod scalar;
mod scan;
mod search;
mod sort;
pub(crate) mod state;
mod table;

use crate::sparql::bytes::{key_bytes, table_bytes};
use crate::sparql::engine::batch::{BATCH_ROWS, Batch, UNBOUND};
use crate::sparql::engine::context::{Context, Flow, Sink};
use crate::sparql::engine::plan::condition::Condition;
use crate::sparql::engine::plan::node::{Computed, Node, Op};
use crate::sparql::engine::relation::Relation;
use crate::sparql::engine::run::group::Groups;
use crate::sparql::engine::run::index::Lookup;
use crate::sparql::engine::run::state::State;
use crate::sparql::error::SparqlError;
use crate::sparql::memory::{Held, Holder};
use rustc_hash::FxHashSet;

/// One evaluation of a plan.
pub(crate) struct Run<'r, 'a> {
    pub(crate) context: &'r Context<'a>,
    pub(crate) relations: &'r [Relation<'a>],
    /// How many slots a row has.
    pub(crate) slots: usize,
    pub(crate) state: &'r State,
    /// Whether the rows of each step are counted.
    pub(crate) is_counted: bool,
}

impl Run<'_, '_> {
    /// Hands the rows of a step to `sink`, given the rows that are fed in from outside.
    pub(crate) fn node(
        &self,
        node: &Node<'_>,
        feed: &Batch,
        sink: &mut Sink<'_>,
    ) -> Result<Flow, SparqlError> {
        if !self.is_counted {
            return self.step(node, feed, sink);
        }
        let mut rows = 0;
        let flow = self.step(node, feed, &mut |batch| {
            rows += batch.len as u64;
            sink(batch)
        });
        let count = &self.state.step(node.id).rows;
        count.set(count.get() + rows);
        flow
    }

    fn step(
        &self,
        node: &Node<'_>,
        feed: &Batch,
        sink: &mut Sink<'_>,
    ) -> Result<Flow, SparqlError> {
        match &node.op {
            Op::Input => sink(feed),
            Op::Join(input, bgp) => self.node(input, feed, &mut |batch| {
                bgp.run(node.id, self, batch, sink)
            }),
            Op::Scan(input, pattern) => self.node(input, feed, &mut |batch| {
                pattern.run(self.context, batch, sink)
            }),
            Op::Path(input, path) => self.node(input, feed, &mut |batch| {
                path.run(self.context, self.relations, batch, sink)
            }),
            Op::Table(input, table) => self.node(input, feed, &mut |batch| {
                table.join(node.id, self, batch, sink)
            }),
            Op::Minus(input, table) => self.node(input, feed, &mut |batch| {
                let (made, mut lookup) = (table.made(node.id, self)?, Lookup::default());
                let mut rows = Vec::new();
                for row in 0..batch.len {
                    if !made.has(batch, row, &mut lookup)? {
                        rows.push(row as u32);
                    }
                }
                hand_on(batch, &rows, sink)
            }),
            Op::Filter(input, conditions) => self.node(input, feed, &mut |batch| {
                self.filter(conditions, batch, sink)
            }),
            Op::Optional { left, right, row } => self.node(left, feed, &mut |batch| {
                self.gathered(sink, |sink| self.optional(right, *row, batch, sink))
            }),
            Op::Mark {
                input,
                node,
                row,
                slot,
                answers,
            } => self.node(input, feed, &mut |batch| {
                let found = self.exists(node, *row, batch)?;
                let (mut batch, _held) = self.widened(batch)?;
                let numbers = found.into_iter().map(|found| answers[usize::from(found)]);
                batch.columns[*slot] = numbers.collect();
                sink(&batch)
            }),
            Op::Split {
                input,
                slot,
                bound,
                unbound,
            } => self.node(input, feed, &mut |batch| {
                let is_bound = |row: &u32| batch.get(*slot, *row as usize) != UNBOUND;
                let (with, without): (Vec<u32>, Vec<u32>) =
                    (0..batch.len as u32).partition(is_bound);
                self.gathered(sink, |sink| {
                    for (rows, node) in [(with, bound), (without, unbound)] {
                        if !rows.is_empty()
                            && self.node(node, &batch.pick(&rows), sink)? == Flow::Stop
                        {
                            return Ok(Flow::Stop);
                        }
                    }
                    Ok(Flow::Go)
                })
            }),
            Op::Union(input, branches) => self.node(input, feed, &mut |batch| {
                self.gathered(sink, |sink| {
                    for branch in branches {
                        if self.node(branch, batch, sink)? == Flow::Stop {
                            return Ok(Flow::Stop);
                        }
                    }
                    Ok(Flow::Go)
                })
            }),
            Op::Extend(input, slot, computed) => self.node(input, feed, &mut |batch| {
                let (mut batch, _held) = self.widened(batch)?;
                batch.columns[*slot] = match computed {
                    Computed::Copy(from) => batch.columns[*from].clone(),
                    Computed::Term(number) => vec![*number; batch.len],
                    Computed::Expression(scalar) => scalar.numbers(self, &batch)?,
                };
                sink(&batch)
            }),
            Op::Distinct(input, slots) => {
                let mut seen: FxHashSet<Vec<u32>> = FxHashSet::default();
                let mut held = self.context.memory.hold(Holder::Distinct);
                self.node(input, feed, &mut |batch| {
                    let wanted = seen.len() + batch.len;
                    let table = table_bytes(seen.capacity(), wanted, size_of::<Vec<u32>>());
                    held.set(table + wanted * key_bytes(slots.len()))?;
                    let rows: Vec<u32> = (0..batch.len as u32)
                        .filter(|row| seen.insert(batch.key(slots, *row as usize)))
                        .collect();
                    hand_on(batch, &rows, sink)
                })
            }
            Op::Group {
                input,
                keys,
                aggregates,
                top,
            } => {
                let mut groups = Groups::new(keys, aggregates);
                let mut held = self.context.memory.hold(Holder::Group);
                self.node(input, feed, &mut |batch| {
                    held.set(groups.bytes_with(batch.len))?;
                    groups.add(self.context, batch)?;
                    Ok(Flow::Go)
                })?;
                held.add(groups.row_bytes())?;
                let rows = groups.finish(self.context, self.slots, top.as_ref())?;
                let places: Vec<u32> = (0..rows.len as u32).collect();
                in_batches(&rows, &places, sink)
            }
            Op::Sort { input, by, limit } => {
                let mut all = Batch::new(self.slots);
                let mut held = self.context.memory.hold(Holder::Sort);
                self.node(input, feed, &mut |batch| {
                    held.set(all.bytes_with(batch))?;
                    all.append(batch);
                    Ok(Flow::Go)
                })?;
                let rows = sort::sorted(self.context, &all, by, *limit)?;
                in_batches(&all, &rows, sink)
            }
            Op::Slice {
                input,
                start,
                length,
            } => {
                let (mut skip, mut left) = (*start, length.unwrap_or(usize::MAX));
                if left == 0 {
                    return Ok(Flow::Go);
                }
                let mut is_stopped = false;
                self.node(input, feed, &mut |batch| {
                    let first = skip.min(batch.len);
                    skip -= first;
                    let last = first + left.min(batch.len - first);
                    left -= last - first;
                    let rows: Vec<u32> = (first as u32..last as u32).collect();
                    is_stopped = hand_on(batch, &rows, sink)? == Flow::Stop;
                    Ok(if is_stopped || left == 0 {
                        Flow::Stop
                    } else {
                        Flow::Go
                    })
                })?;
                Ok(if is_stopped { Flow::Stop } else { Flow::Go })
            }
        }
    }

    /// Hands the rows that a step makes of one batch on in as few batches as their number takes. Without this, each
    /// step that makes two batches of one would double their number, and steps that cost something for each batch
    /// would take ages.
    fn gathered(
        &self,
        sink: &mut Sink<'_>,
        make: impl FnOnce(&mut Sink<'_>) -> Result<Flow, SparqlError>,
    ) -> Result<Flow, SparqlError> {
        let mut rows = Batch::new(self.slots);
        let mut held = self.context.memory.hold(Holder::Batches);
        let flow = make(&mut |batch| {
            if rows.len == 0 && batch.len >= BATCH_ROWS {
                return sink(batch);
            }
            held.set(rows.bytes_with(batch))?;
            rows.append(batch);
            if rows.len < BATCH_ROWS {
                return Ok(Flow::Go);
            }
            let flow = sink(&rows);
            rows.clear();
            flow
        })?;
        match flow {
            Flow::Go if rows.len > 0 => sink(&rows),
            flow => Ok(flow),
        }
    }

    /// Copies a batch that is to get one column more, and counts its bytes.
    fn widened(&self, batch: &Batch) -> Result<(Batch, Held), SparqlError> {
        let mut held = self.context.memory.hold(Holder::Batches);
        held.set(batch.bytes() + batch.len * size_of::<u32>())?;
        Ok((batch.clone(), held))
    }

    /// Returns which rows can be extended by a step. `row` is where their numbers are kept meanwhile.
    pub(crate) fn exists(
        &self,
        node: &Node<'_>,
        row: usize,
        batch: &Batch,
    ) -> Result<Vec<bool>, SparqlError> {
        let (mut fed, _held) = self.widened(batch)?;
        fed.columns[row] = (0..fed.len as u32).collect();
        let mut found = vec![false; fed.len];
        self.node(node, &fed, &mut |out| {
            for place in &out.columns[row] {
                found[*place as usize] = true;
            }
            Ok(Flow::Go)
        })?;
        Ok(found)
    }

    fn filter(
        &self,
        conditions: &[Condition<'_>],
        batch: &Batch,
        sink: &mut Sink<'_>,
    ) -> Result<Flow, SparqlError> {
        let mut rows: Vec<u32> = (0..batch.len as u32).collect();
        for condition in conditions {
            if rows.is_empty() {
                break;
            }
            rows = condition.keep(self, batch, rows)?;
        }
        hand_on(batch, &rows, sink)
    }

    fn optional(
        &self,
        right: &Node<'_>,
        row: usize,
        batch: &Batch,
        sink: &mut Sink<'_>,
    ) -> Result<Flow, SparqlError> {
        let (mut fed, _held) = self.widened(batch)?;
        fed.columns[row] = (0..batch.len as u32).collect();
        let mut is_extended = vec![false; batch.len];
        let mut is_stopped = false;
        self.node(right, &fed, &mut |out| {
            for place in &out.columns[row] {
                is_extended[*place as usize] = true;
            }
            let flow = sink(out)?;
            is_stopped = flow == Flow::Stop;
            Ok(flow)
        })?;
        if is_stopped {
            return Ok(Flow::Stop);
        }
        let rows: Vec<u32> = (0..batch.len as u32)
            .filter(|row| !is_extended[*row as usize])
            .collect();
        hand_on(batch, &rows, sink)
    }
}

/// Hands rows on as many at a time as other steps do.
fn in_batches(all: &Batch, rows: &[u32], sink: &mut Sink<'_>) -> Result<Flow, SparqlError> {
    for rows in rows.chunks(BATCH_ROWS) {
        if sink(&all.pick(rows))? == Flow::Stop {
            return Ok(Flow::Stop);
        }
    }
    Ok(Flow::Go)
}

/// Hands some rows of a batch on.
fn hand_on(batch: &Batch, rows: &[u32], sink: &mut Sink<'_>) -> Result<Flow, SparqlError> {
    if rows.len() == batch.len {
        return sink(batch);
    }
    if rows.is_empty() {
        return Ok(Flow::Go);
    }
    sink(&batch.pick(rows))
}
