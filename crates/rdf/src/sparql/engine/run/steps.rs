//! The steps of a plan: each takes the rows of those before it and hands its own to a sink.

use crate::sparql::bytes::{key_bytes, table_bytes};
use crate::sparql::engine::batch::{Batch, UNBOUND};
use crate::sparql::engine::context::{Flow, Sink};
use crate::sparql::engine::plan::group::Aggregate;
use crate::sparql::engine::plan::node::{Computed, Condition, Node, Op, StepId, Table, TopK};
use crate::sparql::engine::run::batches::{hand_on, in_batches};
use crate::sparql::engine::run::group::Groups;
use crate::sparql::engine::run::index::Made;
use crate::sparql::engine::run::sort::sorted;
use crate::sparql::engine::run::state::Run;
use crate::sparql::error::SparqlError;
use crate::sparql::memory::Holder;
use rustc_hash::FxHashSet;
use std::rc::Rc;

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
                path.run(node.id, self, batch, sink)
            }),
            Op::Table(input, table) => self.node(input, feed, &mut |batch| {
                table.join(&*self.made(node.id, table)?, self, batch, sink)
            }),
            Op::Minus(input, table) => self.node(input, feed, &mut |batch| {
                let rows = self.made(node.id, table)?.rows_apart(batch)?;
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
                self.gathered(sink, |sink| {
                    self.split(*slot, [bound, unbound], batch, sink)
                })
            }),
            Op::Union(input, branches) => self.node(input, feed, &mut |batch| {
                self.gathered(sink, |sink| self.union(branches, batch, sink))
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
            Op::Distinct(input, slots) => self.distinct(input, slots, feed, sink),
            Op::Group {
                input,
                keys,
                aggregates,
                top,
            } => self.group(input, (keys, aggregates, top.as_ref()), feed, sink),
            Op::Sort { input, by, limit } => self.sort(input, (by, *limit), feed, sink),
            Op::Slice {
                input,
                start,
                length,
            } => self.slice(input, (*start, *length), feed, sink),
        }
    }

    /// Returns the rows of a table, made on first use; `id` is the step that it belongs to.
    fn made(&self, id: StepId, table: &Table<'_>) -> Result<Rc<Made>, SparqlError> {
        let known = &self.state.step(id).made;
        if let Some(made) = known.get() {
            return Ok(Rc::clone(made));
        }
        let made = table.make(self, |plan, sink| {
            self.node(plan, &Batch::unit(self.slots), sink)
        })?;
        Ok(Rc::clone(known.get_or_init(|| Rc::new(made))))
    }

    /// Returns which rows a step extends. `row` is the slot that holds their numbers while it runs.
    fn exists(&self, node: &Node<'_>, row: usize, batch: &Batch) -> Result<Vec<bool>, SparqlError> {
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
            rows = condition.keep(self, batch, rows, |node, row, batch| {
                self.exists(node, row, batch)
            })?;
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

    /// Runs the first step on the rows with a value in the slot, and the second one on the others.
    fn split(
        &self,
        slot: usize,
        [bound, unbound]: [&Node<'_>; 2],
        batch: &Batch,
        sink: &mut Sink<'_>,
    ) -> Result<Flow, SparqlError> {
        let is_bound = |row: &u32| batch.get(slot, *row as usize) != UNBOUND;
        let (with, without): (Vec<u32>, Vec<u32>) = (0..batch.len as u32).partition(is_bound);
        for (rows, node) in [(with, bound), (without, unbound)] {
            if !rows.is_empty() && self.node(node, &batch.pick(&rows), sink)? == Flow::Stop {
                return Ok(Flow::Stop);
            }
        }
        Ok(Flow::Go)
    }

    fn union(
        &self,
        branches: &[Node<'_>],
        batch: &Batch,
        sink: &mut Sink<'_>,
    ) -> Result<Flow, SparqlError> {
        for branch in branches {
            if self.node(branch, batch, sink)? == Flow::Stop {
                return Ok(Flow::Stop);
            }
        }
        Ok(Flow::Go)
    }

    fn distinct(
        &self,
        input: &Node<'_>,
        slots: &[usize],
        feed: &Batch,
        sink: &mut Sink<'_>,
    ) -> Result<Flow, SparqlError> {
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

    fn group(
        &self,
        input: &Node<'_>,
        (keys, aggregates, top): (&[usize], &[Aggregate], Option<&TopK>),
        feed: &Batch,
        sink: &mut Sink<'_>,
    ) -> Result<Flow, SparqlError> {
        let mut groups = Groups::new(keys, aggregates);
        let mut held = self.context.memory.hold(Holder::Group);
        self.node(input, feed, &mut |batch| {
            held.set(groups.bytes_with(batch.len))?;
            groups.add(self.context, batch)?;
            Ok(Flow::Go)
        })?;
        held.add(groups.row_bytes())?;
        let rows = groups.finish(self.context, self.slots, top)?;
        let places: Vec<u32> = (0..rows.len as u32).collect();
        in_batches(&rows, &places, sink)
    }

    fn sort(
        &self,
        input: &Node<'_>,
        (by, limit): (&[(usize, bool)], Option<usize>),
        feed: &Batch,
        sink: &mut Sink<'_>,
    ) -> Result<Flow, SparqlError> {
        let mut all = Batch::new(self.slots);
        let mut held = self.context.memory.hold(Holder::Sort);
        self.node(input, feed, &mut |batch| {
            held.set(all.bytes_with(batch))?;
            all.append(batch);
            Ok(Flow::Go)
        })?;
        let rows = sorted(self.context, &all, by, limit)?;
        in_batches(&all, &rows, sink)
    }

    fn slice(
        &self,
        input: &Node<'_>,
        (start, length): (usize, Option<usize>),
        feed: &Batch,
        sink: &mut Sink<'_>,
    ) -> Result<Flow, SparqlError> {
        let (mut skip, mut left) = (start, length.unwrap_or(usize::MAX));
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
