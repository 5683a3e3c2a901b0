//! The search of a join.

use crate::sparql::engine::batch::{BATCH_ROWS, Batch};
use crate::sparql::engine::context::{Context, Flow, Sink};
use crate::sparql::engine::plan::join::End;
use crate::sparql::engine::run::levels::{Join, Level, Source};
use crate::sparql::error::SparqlError;
use crate::sparql::memory::{Held, Holder};
use crate::store::compiled::graph::first_from;

/// The step up to which a search gallops; beyond it, it starts from where the number would be in an even list.
const NEAR: usize = 8;

/// A list at a level, with the position reached.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cursor<'a> {
    pub(crate) list: &'a [u32],
    pub(crate) at: usize,
    pub(crate) end: usize,
}

impl Cursor<'_> {
    /// Goes on to the first number from `wanted` on.
    #[inline]
    fn seek(&mut self, wanted: u32) {
        let list = &self.list[..self.end];
        if self.at >= list.len() || list[self.at] >= wanted {
            return;
        }
        let (mut low, mut step) = (self.at, 1);
        while low + step < list.len() && list[low + step] < wanted {
            low += step;
            if step == NEAR {
                self.at = low + first_from(&list[low..], wanted);
                return;
            }
            step *= 2;
        }
        let high = (low + step).min(list.len());
        self.at = low + 1 + list[low + 1..high].partition_point(|number| *number < wanted);
    }

    #[inline]
    fn now(&self) -> Option<u32> {
        (self.at < self.end).then(|| self.list[self.at])
    }
}

/// The next action.
#[derive(PartialEq, Eq)]
pub(crate) enum Step {
    Go,
    /// No more results for this row.
    NextRow,
    Stop,
}

/// A search for the results of each row.
pub(crate) struct Search<'a, 'c> {
    context: &'a Context<'c>,
    pub(crate) join: &'a Join<'a>,
    input: &'a Batch,
    row: usize,
    /// The values of the slots bound so far.
    values: Vec<u32>,
    /// By pattern: its list for the later of its two variables.
    seconds: Vec<&'a [u32]>,
    /// By level; kept to reuse their memory.
    pub(crate) cursors: Vec<Vec<Cursor<'a>>>,
    out: Batch,
    held: Held,
    steps: u32,
}

impl<'a, 'c> Search<'a, 'c> {
    /// Returns a search of a join of this many patterns.
    pub(crate) fn new(
        context: &'a Context<'c>,
        join: &'a Join<'a>,
        input: &'a Batch,
        patterns: usize,
    ) -> Self {
        Self {
            context,
            join,
            input,
            row: 0,
            values: vec![0; input.columns.len()],
            seconds: vec![&[]; patterns],
            cursors: join.levels.iter().map(|_| Vec::new()).collect(),
            out: Batch::new(input.columns.len()),
            held: context.memory.hold(Holder::Batches),
            steps: 0,
        }
    }

    /// Hands the results of all rows on, `bound` the slots that have a value in each of them.
    pub(crate) fn run(mut self, bound: &[usize], sink: &mut Sink<'_>) -> Result<Flow, SparqlError> {
        for row in 0..self.input.len {
            self.row = row;
            for slot in bound {
                self.values[*slot] = self.input.get(*slot, row);
            }
            if !self.passes_checks() {
                continue;
            }
            let step = match &self.join.shape {
                Some(shape) => self.tally(shape, sink)?,
                None => self.descend(0, sink)?,
            };
            if step == Step::Stop {
                return Ok(Flow::Stop);
            }
        }
        match self.out.len {
            0 => Ok(Flow::Go),
            _ => self.flush(sink),
        }
    }

    fn passes_checks(&self) -> bool {
        let value = |end: End| match end {
            End::Slot(slot) => self.values[slot],
            End::Term(term) => term,
        };
        let mut checks = self.join.checks.iter();
        checks.all(|(relation, subject, object)| relation.has(value(*subject), value(*object)))
    }

    /// Opens the lists of a level, narrowed to the allowed span.
    pub(crate) fn open(
        &self,
        level: &'a Level<'a>,
        cursors: &mut Vec<Cursor<'a>>,
    ) -> Result<(), SparqlError> {
        cursors.clear();
        for source in level.sources()? {
            let list: &[u32] = match source {
                Source::Fixed(list) => list,
                Source::Merged(list) => list,
                Source::Outer(pairs, slot) => pairs.values_of(self.values[*slot]),
                Source::Spread(relation, key, slot) => {
                    relation.values_of(*key, self.values[*slot])?
                }
                Source::First(pairs, _) => pairs.keys,
                Source::Second(place) => self.seconds[*place],
            };
            let (mut at, mut end) = (0, list.len());
            if let Some(allowed) = level.allowed {
                let span = allowed.span();
                at = list.partition_point(|number| *number < span.start);
                end = list.partition_point(|number| *number < span.end);
            }
            cursors.push(Cursor { list, at, end });
        }
        Ok(())
    }

    fn descend(&mut self, depth: usize, sink: &mut Sink<'_>) -> Result<Step, SparqlError> {
        let join = self.join;
        let Some(level) = join.levels.get(depth) else {
            return self.emit(1, sink);
        };
        let mut cursors = std::mem::take(&mut self.cursors[depth]);
        self.open(level, &mut cursors)?;
        let is_last = depth + 1 == join.levels.len();
        let step = match &mut cursors[..] {
            [only]
                if is_last
                    && !join.first_only
                    && level.allowed.is_none_or(|allowed| allowed.ranges.len() < 2) =>
            {
                let list = only.list;
                let range = only.at..only.end.max(only.at);
                self.emit_all(level, &list[range], sink)?
            }
            _ => self.intersect(level, &mut cursors, depth, sink)?,
        };
        self.cursors[depth] = cursors;
        Ok(step)
    }

    /// Goes on with each number that all lists of a level hold.
    fn intersect(
        &mut self,
        level: &'a Level<'a>,
        cursors: &mut [Cursor<'a>],
        depth: usize,
        sink: &mut Sink<'_>,
    ) -> Result<Step, SparqlError> {
        let sources = level.sources()?;
        loop {
            let Some(number) = self.next_allowed(level, cursors)? else {
                return Ok(Step::Go);
            };
            self.bind(level, number, cursors, sources);
            match self.descend(depth + 1, sink)? {
                Step::Go => {}
                step => return Ok(step),
            }
            cursors[0].at += 1;
        }
    }

    /// Returns the next number that all lists of a level hold and that is allowed there.
    #[inline]
    pub(crate) fn next_allowed(
        &mut self,
        level: &Level<'a>,
        cursors: &mut [Cursor<'a>],
    ) -> Result<Option<u32>, SparqlError> {
        loop {
            let Some(number) = agree(cursors) else {
                return Ok(None);
            };
            self.steps = self.steps.wrapping_add(1);
            if self.steps.is_multiple_of(1 << 16) {
                self.context.check()?;
            }
            let Some(allowed) = level.allowed else {
                return Ok(Some(number));
            };
            match allowed.next_from(number) {
                None => return Ok(None),
                Some(next) if next > number => cursors[0].seek(next),
                Some(_) => return Ok(Some(number)),
            }
        }
    }

    /// Gives the variable of a level a value, which the cursors are at.
    #[inline]
    pub(crate) fn bind(
        &mut self,
        level: &Level<'a>,
        number: u32,
        cursors: &[Cursor<'a>],
        sources: &'a [Source<'a>],
    ) {
        self.values[level.slot] = number;
        for (cursor, source) in cursors.iter().zip(sources) {
            if let Source::First(pairs, place) = source {
                self.seconds[*place] = pairs.values_at(cursor.at);
            }
        }
    }

    /// Looks whether the evaluation was cancelled.
    pub(crate) fn look_up(&mut self) -> Result<(), SparqlError> {
        self.steps = self.steps.wrapping_add(1);
        match self.steps.is_multiple_of(1 << 10) {
            true => self.context.check(),
            false => Ok(()),
        }
    }

    /// Adds a row of the current values of all slots, which stands for this many solutions of the row that came in.
    pub(crate) fn emit(&mut self, weight: u64, sink: &mut Sink<'_>) -> Result<Step, SparqlError> {
        for slot in &self.join.copied {
            let value = self.input.get(*slot, self.row);
            self.out.columns[*slot].push(value);
        }
        for level in self.join.levels.iter().filter(|level| level.is_needed) {
            let value = self.values[level.slot];
            self.out.columns[level.slot].push(value);
        }
        let weight = self.input.weight(self.row).saturating_mul(weight);
        self.out.lengthen(1, weight);
        if self.out.len >= BATCH_ROWS && self.flush(sink)? == Flow::Stop {
            return Ok(Step::Stop);
        }
        Ok(if self.join.first_only {
            Step::NextRow
        } else {
            Step::Go
        })
    }

    /// Adds a row for each number of a list at the last level.
    fn emit_all(
        &mut self,
        last: &Level<'a>,
        list: &[u32],
        sink: &mut Sink<'_>,
    ) -> Result<Step, SparqlError> {
        let has_columns =
            !self.join.copied.is_empty() || self.join.levels.iter().any(|level| level.is_needed);
        if !has_columns {
            // Only their number matters.
            self.out.lengthen(list.len(), self.input.weight(self.row));
            if self.out.len >= BATCH_ROWS && self.flush(sink)? == Flow::Stop {
                return Ok(Step::Stop);
            }
            return Ok(Step::Go);
        }
        for list in list.chunks(BATCH_ROWS) {
            let len = self.out.len + list.len();
            for slot in &self.join.copied {
                let value = self.input.get(*slot, self.row);
                self.out.columns[*slot].resize(len, value);
            }
            for level in self.join.levels.iter().filter(|level| level.is_needed) {
                let column = &mut self.out.columns[level.slot];
                if level.slot == last.slot {
                    column.extend_from_slice(list);
                } else {
                    column.resize(len, self.values[level.slot]);
                }
            }
            self.out.lengthen(list.len(), self.input.weight(self.row));
            if len >= BATCH_ROWS && self.flush(sink)? == Flow::Stop {
                return Ok(Step::Stop);
            }
        }
        Ok(Step::Go)
    }

    fn flush(&mut self, sink: &mut Sink<'_>) -> Result<Flow, SparqlError> {
        self.context.check()?;
        self.held.set(self.out.bytes())?;
        let flow = sink(&self.out)?;
        self.out.clear();
        Ok(flow)
    }
}

/// Returns the next number that all lists hold, with every cursor on it.
#[inline]
pub(crate) fn agree(cursors: &mut [Cursor<'_>]) -> Option<u32> {
    let (first, rest) = cursors.split_first_mut()?;
    let mut number = first.now()?;
    'again: loop {
        for cursor in rest.iter_mut() {
            cursor.seek(number);
            let found = cursor.now()?;
            if found != number {
                first.seek(found);
                number = first.now()?;
                continue 'again;
            }
        }
        return Some(number);
    }
}
