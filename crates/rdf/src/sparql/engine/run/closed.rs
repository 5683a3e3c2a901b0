//! Paths of one step or more, or of none or more, by the closure of their steps.
//!
//! Where both ends are open, the pairs are listed from the sets of the closure, or counted by them. Where one end or both
//! are known in many rows, the sets answer for each of them; few rows are searched one by one.

use crate::sparql::engine::batch::Batch;
use crate::sparql::engine::context::{Flow, Sink};
use crate::sparql::engine::plan::join::{End, Purpose};
use crate::sparql::engine::plan::node::StepId;
use crate::sparql::engine::plan::path::{PathExpr, PathStep};
use crate::sparql::engine::run::closure::{Closure, Sets};
use crate::sparql::engine::run::output::Output;
use crate::sparql::engine::run::path::Walk;
use crate::sparql::engine::run::state::Run;
use crate::sparql::error::SparqlError;

/// The closure of a path with all of its sets, for steps with many rows.
pub(crate) struct Closed {
    closure: Closure,
    sets: Sets,
    /// How many nodes each component reaches.
    counts: Vec<u64>,
}

/// Number of rows with a known end from which the closure is made; fewer are searched.
const ROWS_MANY: usize = 32;

impl PathStep<'_> {
    /// Returns the path that is repeated, and whether it may be left out, if this is such a path.
    pub(crate) fn repeated(&self) -> Option<(&PathExpr, bool)> {
        match &self.expr {
            PathExpr::Plus(inner) => Some((inner, false)),
            PathExpr::Star(inner) => Some((inner, true)),
            _ => None,
        }
    }

    /// Returns the slot of an end if it has no value yet and later steps read it.
    fn wanted(&self, end: End, is_known: bool) -> Option<usize> {
        end.slot()
            .filter(|slot| !is_known && self.needed.contains(slot))
    }

    /// Joins rows with the pairs of a repeated path whose ends are both open.
    pub(crate) fn run_open(
        &self,
        (inner, is_star): (&PathExpr, bool),
        walk: &mut Walk<'_, '_>,
        input: &Batch,
        sink: &mut Sink<'_>,
    ) -> Result<Flow, SparqlError> {
        let is_listed = self.purpose == Purpose::Rows;
        let subject = self.wanted(self.subject, false);
        let object = self.wanted(self.object, false);
        // The count of an object is the number of subjects that lead to it.
        let forward = is_listed || object.is_none() || subject.is_some();
        let closure = walk.closure(inner, forward)?;
        let others = match is_star {
            true => walk.nodes_beside(closure.nodes())?,
            false => Vec::new(),
        };
        let mut out = Output::new(walk.context, input.columns.len(), sink);
        let all = Open {
            closure: &closure,
            others: &others,
            is_star,
            enough: match self.purpose {
                Purpose::Any => 1,
                _ => u64::MAX,
            },
        };
        for row in 0..input.len {
            let place = (input, row);
            let flow = if self.subject == self.object {
                let slot = self.subject.slot();
                all.loops(place, slot, &mut out)?
            } else {
                match (subject, object) {
                    _ if is_listed => all.list(walk, place, [subject, object], &mut out)?,
                    (Some(_), Some(_)) => all.list(walk, place, [subject, object], &mut out)?,
                    (Some(slot), None) | (None, Some(slot)) => {
                        all.count_each(walk, place, slot, &mut out)?
                    }
                    (None, None) => all.count(walk, place, &mut out)?,
                }
            };
            if flow == Flow::Stop {
                return Ok(Flow::Stop);
            }
        }
        out.finish()
    }

    /// Joins rows that know an end, or both, with a repeated path by the sets of its closure; `None` where that does not
    /// pay, or would take too much memory.
    pub(crate) fn run_known(
        &self,
        id: StepId,
        run: &Run<'_, '_>,
        (inner, is_star): (&PathExpr, bool),
        walk: &mut Walk<'_, '_>,
        (input, sink): (&Batch, &mut Sink<'_>),
    ) -> Result<Option<Flow>, SparqlError> {
        let known = &run.state.step(id).closure;
        if known.get().is_none() && input.len < ROWS_MANY {
            return Ok(None);
        }
        let closed = match known.get() {
            Some(closed) => closed,
            None => {
                let closed = Closed::new(walk, inner, self.subject_known)?;
                known.get_or_init(|| closed)
            }
        };
        let Some(closed) = closed else {
            return Ok(None);
        };
        let mut out = Output::new(walk.context, input.columns.len(), sink);
        let (near, far) = match self.subject_known {
            true => (self.subject, self.object),
            false => (self.object, self.subject),
        };
        let is_far_known = self.subject_known && self.object_known;
        let mut found = Vec::new();
        for row in 0..input.len {
            let value = |end: End| match end {
                End::Slot(slot) => input.get(slot, row),
                End::Term(term) => term,
            };
            let start = value(near);
            let place = closed.closure.place(start);
            let is_alone = is_star && place.is_none() && walk.is_node(start)?;
            let flow = if is_far_known || self.subject == self.object {
                let end = value(if is_far_known { far } else { near });
                let reaches = closed.reaches(place, end)
                    || is_star && start == end && { is_alone || place.is_some() };
                match reaches {
                    true => out.row(input, row, [])?,
                    false => Flow::Go,
                }
            } else {
                let slot = self.wanted(far, false);
                let slot = slot.or(far.slot().filter(|_| self.purpose == Purpose::Rows));
                found.clear();
                match (slot, place) {
                    (Some(slot), Some(place)) => {
                        closed
                            .closure
                            .reached(&closed.sets, place, is_star, &mut found);
                        out.list((input, row), None, (slot, &found))?
                    }
                    (Some(slot), None) if is_alone => out.row(input, row, [(slot, start)])?,
                    (None, Some(place)) => {
                        let itself = is_star && !closed.closure.is_cyclic(place);
                        let count = closed.counts[closed.closure.component(place)];
                        let count = count + u64::from(itself);
                        match (count, self.purpose) {
                            (0, _) => Flow::Go,
                            (_, Purpose::Any) => out.row(input, row, [])?,
                            (count, _) => out.row_times(input, row, count, [])?,
                        }
                    }
                    (None, None) if is_alone => out.row(input, row, [])?,
                    (_, None) => Flow::Go,
                }
            };
            if flow == Flow::Stop {
                return Ok(Some(Flow::Stop));
            }
        }
        out.finish().map(Some)
    }
}

impl Walk<'_, '_> {
    fn closure(&mut self, inner: &PathExpr, forward: bool) -> Result<Closure, SparqlError> {
        let (pairs, _held) = self.pairs(inner, forward)?;
        Closure::new(self.context, &pairs)
    }
}

impl Closed {
    /// Returns the closure with all of its sets, if these are not too large.
    fn new(
        walk: &mut Walk<'_, '_>,
        inner: &PathExpr,
        forward: bool,
    ) -> Result<Option<Self>, SparqlError> {
        let closure = walk.closure(inner, forward)?;
        if !closure.is_small() {
            return Ok(None);
        }
        Ok(Some(Self {
            sets: closure.all_sets(walk.context)?,
            counts: closure.counts(walk.context)?,
            closure,
        }))
    }

    fn reaches(&self, from: Option<usize>, to: u32) -> bool {
        match (from, self.closure.place(to)) {
            (Some(from), Some(to)) => self.closure.reaches(&self.sets, from, to),
            _ => false,
        }
    }
}

/// The pairs of a repeated path.
struct Open<'o> {
    closure: &'o Closure,
    /// The nodes that only reach themselves, in no step.
    others: &'o [u32],
    is_star: bool,
    /// How many pairs are enough where they are counted.
    enough: u64,
}

impl Open<'_> {
    /// Adds a row for each node that reaches itself.
    fn loops(
        &self,
        (input, row): (&Batch, usize),
        slot: Option<usize>,
        out: &mut Output<'_, '_, '_>,
    ) -> Result<Flow, SparqlError> {
        let nodes = self.closure.nodes().iter().enumerate();
        let reach = nodes.filter(|(place, _)| self.is_star || self.closure.is_cyclic(*place));
        let all: Vec<u32> = reach
            .map(|(_, node)| *node)
            .chain(self.others.iter().copied())
            .collect();
        match slot {
            Some(slot) => out.list((input, row), None, (slot, &all)),
            None => Ok(Flow::Go),
        }
    }

    /// Adds a row for each pair.
    fn list(
        &self,
        walk: &Walk<'_, '_>,
        (input, row): (&Batch, usize),
        [subject, object]: [Option<usize>; 2],
        out: &mut Output<'_, '_, '_>,
    ) -> Result<Flow, SparqlError> {
        let (mut flow, mut found) = (Flow::Go, Vec::new());
        self.closure.each_sets(walk.context, |sets| {
            for (place, node) in self.closure.nodes().iter().enumerate() {
                found.clear();
                self.closure.reached(&sets, place, self.is_star, &mut found);
                let fixed = subject.map(|subject| (subject, *node));
                flow = match object {
                    Some(object) => out.list((input, row), fixed, (object, &found))?,
                    // The objects are not read, but each is a row.
                    None => {
                        let mut flow = Flow::Go;
                        for _ in &found {
                            flow = out.row(input, row, fixed)?;
                            if flow == Flow::Stop {
                                break;
                            }
                        }
                        flow
                    }
                };
                if flow == Flow::Stop {
                    return Ok(false);
                }
            }
            Ok(true)
        })?;
        for node in self.others {
            if flow == Flow::Stop {
                break;
            }
            let ends = [subject, object].into_iter().flatten();
            flow = out.row(input, row, ends.map(|slot| (slot, *node)))?;
        }
        Ok(flow)
    }

    /// Adds a row for each node, which stands for all pairs that begin with it.
    fn count_each(
        &self,
        walk: &Walk<'_, '_>,
        (input, row): (&Batch, usize),
        slot: usize,
        out: &mut Output<'_, '_, '_>,
    ) -> Result<Flow, SparqlError> {
        let counts = self.closure.counts(walk.context)?;
        for (place, node) in self.closure.nodes().iter().enumerate() {
            let itself = self.is_star && !self.closure.is_cyclic(place);
            let count = counts[self.closure.component(place)] + u64::from(itself);
            let count = count.min(self.enough);
            if count > 0 && out.row_times(input, row, count, [(slot, *node)])? == Flow::Stop {
                return Ok(Flow::Stop);
            }
        }
        out.list((input, row), None, (slot, self.others))
    }

    /// Adds one row, which stands for all pairs.
    fn count(
        &self,
        walk: &Walk<'_, '_>,
        (input, row): (&Batch, usize),
        out: &mut Output<'_, '_, '_>,
    ) -> Result<Flow, SparqlError> {
        let counts = self.closure.counts(walk.context)?;
        let places = 0..self.closure.nodes().len();
        let of_nodes = places.map(|place| {
            let itself = self.is_star && !self.closure.is_cyclic(place);
            counts[self.closure.component(place)] + u64::from(itself)
        });
        let count = of_nodes.sum::<u64>() + self.others.len() as u64;
        match count.min(self.enough) {
            0 => Ok(Flow::Go),
            count => out.row_times(input, row, count, []),
        }
    }
}
