//! Joins of triple patterns by the leapfrog triejoin of Veldhuizen (ICDT 2014), which is worst-case optimal.
//!
//! The variables of the patterns get an order. At each of them, the sorted lists that the patterns give for it are
//! intersected by galloping, and the search goes on to the next variable with each number that all of them hold.

use crate::sparql::engine::batch::{BATCH_ROWS, Batch};
use crate::sparql::engine::context::{Context, Flow, Sink};
use crate::sparql::engine::order::order;
use crate::sparql::engine::relation::{Key, Relation};
use crate::sparql::engine::slots::Slots;
use crate::sparql::error::SparqlError;
use crate::sparql::memory::{Held, Holder};
use crate::store::compiled::graph::Pairs;
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::ops::Range;

/// One end of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Slot(usize),
    Term(u32),
}

impl End {
    /// The slot, if it is one.
    pub(crate) fn slot(self) -> Option<usize> {
        match self {
            Self::Slot(slot) => Some(slot),
            Self::Term(_) => None,
        }
    }
}

/// A triple pattern with a known predicate.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Atom {
    pub(crate) subject: End,
    /// The place of its relation in the plan.
    pub(crate) relation: usize,
    pub(crate) object: End,
}

impl Atom {
    /// The slots of its ends.
    pub(crate) fn slots(self) -> impl Iterator<Item = usize> {
        [self.subject, self.object]
            .into_iter()
            .filter_map(End::slot)
    }
}

/// The numbers that a slot may have: ranges, ascending and apart.
#[derive(Debug, Clone)]
pub(crate) struct Allowed {
    pub(crate) slot: usize,
    pub(crate) ranges: Vec<Range<u32>>,
}

impl Allowed {
    fn span(&self) -> Range<u32> {
        match (self.ranges.first(), self.ranges.last()) {
            (Some(first), Some(last)) => first.start..last.end,
            _ => 0..0,
        }
    }

    pub(crate) fn holds(&self, number: u32) -> bool {
        self.next_from(number) == Some(number)
    }

    /// The first number from this on that is allowed.
    fn next_from(&self, number: u32) -> Option<u32> {
        let place = self.ranges.partition_point(|range| range.end <= number);
        let range = self.ranges.get(place)?;
        Some(range.start.max(number))
    }
}

/// Patterns to be joined with the rows that come in.
#[derive(Debug, Clone)]
pub(crate) struct Bgp {
    pub(crate) atoms: Vec<Atom>,
    pub(crate) allowed: Vec<Allowed>,
    /// The slots that have a value in each row that comes in.
    pub(crate) bound: Vec<usize>,
    /// One result for each row is enough.
    pub(crate) first_only: bool,
    /// The slots that anyone asks for.
    pub(crate) needed: Slots,
    /// The order of the search, once it was thought about.
    pub(crate) order: RefCell<Vec<usize>>,
}

/// Where the list of a pattern at a level comes from.
#[derive(Debug, Clone, Copy)]
enum Source<'a> {
    /// Always the same.
    Fixed(&'a [u32]),
    /// What the pairs have for the value of an outer slot.
    Outer(Pairs<'a>, usize),
    /// The keys of the pairs; the values of the one that is found go to this place.
    First(Pairs<'a>, usize),
    /// What was put at this place.
    Second(usize),
}

#[derive(Debug)]
struct Level<'a> {
    slot: usize,
    sources: Vec<Source<'a>>,
    allowed: Option<&'a Allowed>,
    is_needed: bool,
}

/// A join that is ready to run.
struct Join<'a> {
    levels: Vec<Level<'a>>,
    /// Patterns whose both ends are known before the search starts.
    checks: Vec<(Pairs<'a>, End, End)>,
    first_only: bool,
    /// The slots of rows that come in and are asked for.
    copied: Vec<usize>,
}

/// A list at a level, and how far it is read.
#[derive(Debug, Clone, Copy)]
struct Cursor<'a> {
    list: &'a [u32],
    at: usize,
    end: usize,
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

impl Bgp {
    /// Joins the rows with the patterns.
    pub(crate) fn run(
        &self,
        context: &Context<'_>,
        relations: &[Relation<'_>],
        input: &Batch,
        sink: &mut Sink<'_>,
    ) -> Result<Flow, SparqlError> {
        if input.len == 0 {
            return Ok(Flow::Go);
        }
        if self.order.borrow().is_empty() {
            let found = order(&self.atoms, &self.allowed, relations, &self.bound);
            self.order.replace(found);
        }
        let join = self.prepare(relations, &self.order.borrow())?;
        let mut search = Search {
            context,
            join: &join,
            input,
            row: 0,
            values: vec![0; input.columns.len()],
            seconds: vec![&[]; self.atoms.len()],
            cursors: join.levels.iter().map(|_| Vec::new()).collect(),
            out: Batch::new(input.columns.len()),
            held: context.memory.hold(Holder::Batches),
            steps: 0,
        };
        for row in 0..input.len {
            search.row = row;
            for slot in &self.bound {
                search.values[*slot] = input.get(*slot, row);
            }
            if search.passes_checks() && search.descend(0, sink)? == Step::Stop {
                return Ok(Flow::Stop);
            }
        }
        match search.out.len {
            0 => Ok(Flow::Go),
            _ => search.flush(sink),
        }
    }

    fn prepare<'a>(
        &'a self,
        relations: &'a [Relation<'_>],
        slots: &[usize],
    ) -> Result<Join<'a>, SparqlError> {
        let mut levels: Vec<Level<'a>> = slots
            .iter()
            .map(|slot| Level {
                slot: *slot,
                sources: Vec::new(),
                allowed: self.allowed.iter().find(|allowed| allowed.slot == *slot),
                is_needed: self.needed.contains(slot),
            })
            .collect();
        let mut checks = Vec::new();
        let level_of: FxHashMap<usize, usize> =
            (0..).zip(slots).map(|(at, slot)| (*slot, at)).collect();
        let level = |end: End| end.slot().and_then(|slot| level_of.get(&slot).copied());
        for (place, atom) in self.atoms.iter().enumerate() {
            let relation = &relations[atom.relation];
            let known = |pairs: Pairs<'a>, end: End| match end {
                End::Term(term) => Source::Fixed(pairs.values_of(term)),
                End::Slot(slot) => Source::Outer(pairs, slot),
            };
            match (level(atom.subject), level(atom.object)) {
                (None, None) => {
                    checks.push((relation.pairs(Key::Subject)?, atom.subject, atom.object));
                }
                (None, Some(object)) => {
                    let pairs = relation.pairs(Key::Subject)?;
                    levels[object].sources.push(known(pairs, atom.subject));
                }
                (Some(subject), None) => {
                    let pairs = relation.pairs(Key::Object)?;
                    levels[subject].sources.push(known(pairs, atom.object));
                }
                (Some(subject), Some(object)) => {
                    let (first, second, key) = if subject < object {
                        (subject, object, Key::Subject)
                    } else {
                        (object, subject, Key::Object)
                    };
                    let pairs = relation.pairs(key)?;
                    levels[first].sources.push(Source::First(pairs, place));
                    levels[second].sources.push(Source::Second(place));
                }
            }
        }
        Ok(Join {
            levels,
            checks,
            first_only: self.first_only,
            copied: self
                .needed
                .iter()
                .filter(|slot| !level_of.contains_key(slot))
                .collect(),
        })
    }
}

impl<'a> Join<'a> {
    /// The pairs of which only the number is asked for from a level on: those of one pattern that is alone there.
    fn counted(&self, depth: usize) -> Option<Pairs<'a>> {
        let [first, last] = self.levels.get(depth..)? else {
            return None;
        };
        let is_needed = !self.copied.is_empty() || self.levels.iter().any(|level| level.is_needed);
        match (&first.sources[..], &last.sources[..]) {
            ([Source::First(pairs, place)], [Source::Second(other)])
                if place == other && last.allowed.is_none() && !is_needed && !self.first_only =>
            {
                Some(*pairs)
            }
            _ => None,
        }
    }
}

#[derive(PartialEq, Eq)]
enum Step {
    Go,
    /// No more results for this row.
    NextRow,
    Stop,
}

struct Search<'a, 'c> {
    context: &'a Context<'c>,
    join: &'a Join<'a>,
    input: &'a Batch,
    row: usize,
    /// The value of each slot that has one so far.
    values: Vec<u32>,
    /// By pattern: its list for the later of its two variables.
    seconds: Vec<&'a [u32]>,
    /// By level; kept so that their memory is.
    cursors: Vec<Vec<Cursor<'a>>>,
    out: Batch,
    held: Held,
    steps: u32,
}

impl<'a> Search<'a, '_> {
    fn passes_checks(&self) -> bool {
        let value = |end: End| match end {
            End::Slot(slot) => self.values[slot],
            End::Term(term) => term,
        };
        self.join.checks.iter().all(|(pairs, subject, object)| {
            let objects = pairs.values_of(value(*subject));
            objects.binary_search(&value(*object)).is_ok()
        })
    }

    /// The lists of a level, narrowed to the span of what is allowed.
    fn open(&self, level: &Level<'a>, cursors: &mut Vec<Cursor<'a>>) {
        cursors.clear();
        for source in &level.sources {
            let list = match *source {
                Source::Fixed(list) => list,
                Source::Outer(pairs, slot) => pairs.values_of(self.values[slot]),
                Source::First(pairs, _) => pairs.keys,
                Source::Second(place) => self.seconds[place],
            };
            let (mut at, mut end) = (0, list.len());
            if let Some(allowed) = level.allowed {
                let span = allowed.span();
                at = list.partition_point(|number| *number < span.start);
                end = list.partition_point(|number| *number < span.end);
            }
            cursors.push(Cursor { list, at, end });
        }
    }

    fn descend(&mut self, depth: usize, sink: &mut Sink<'_>) -> Result<Step, SparqlError> {
        let join = self.join;
        let Some(level) = join.levels.get(depth) else {
            return self.emit(sink);
        };
        let mut cursors = std::mem::take(&mut self.cursors[depth]);
        self.open(level, &mut cursors);
        if let ([only], Some(pairs)) = (&cursors[..], join.counted(depth)) {
            let list = only.list;
            self.cursors[depth] = cursors;
            return self.count(level, pairs, list, sink);
        }
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

    /// As many rows as there are pairs of the keys that are allowed.
    fn count(
        &mut self,
        level: &Level<'a>,
        pairs: Pairs<'a>,
        keys: &[u32],
        sink: &mut Sink<'_>,
    ) -> Result<Step, SparqlError> {
        let place = |number: u32| keys.partition_point(|other| *other < number);
        self.out.len += match level.allowed {
            Some(allowed) => {
                let ranges = allowed.ranges.iter();
                ranges
                    .map(|range| pairs.count(place(range.start)..place(range.end)))
                    .sum()
            }
            None => pairs.count(0..keys.len()),
        };
        if self.out.len >= BATCH_ROWS && self.flush(sink)? == Flow::Stop {
            return Ok(Step::Stop);
        }
        Ok(Step::Go)
    }

    /// Goes on with each number that all lists of a level hold.
    fn intersect(
        &mut self,
        level: &Level<'a>,
        cursors: &mut [Cursor<'a>],
        depth: usize,
        sink: &mut Sink<'_>,
    ) -> Result<Step, SparqlError> {
        loop {
            let Some(number) = agree(cursors) else {
                return Ok(Step::Go);
            };
            self.steps = self.steps.wrapping_add(1);
            if self.steps.is_multiple_of(1 << 16) {
                self.context.check()?;
            }
            if let Some(allowed) = level.allowed {
                match allowed.next_from(number) {
                    None => return Ok(Step::Go),
                    Some(next) if next > number => {
                        cursors[0].seek(next);
                        continue;
                    }
                    Some(_) => {}
                }
            }
            self.values[level.slot] = number;
            for (cursor, source) in cursors.iter().zip(&level.sources) {
                if let Source::First(pairs, place) = source {
                    self.seconds[*place] = pairs.values_at(cursor.at);
                }
            }
            match self.descend(depth + 1, sink)? {
                Step::Go => {}
                step => return Ok(step),
            }
            cursors[0].at += 1;
        }
    }

    /// A row for the values that all slots have now.
    fn emit(&mut self, sink: &mut Sink<'_>) -> Result<Step, SparqlError> {
        for slot in &self.join.copied {
            let value = self.input.get(*slot, self.row);
            self.out.columns[*slot].push(value);
        }
        for level in self.join.levels.iter().filter(|level| level.is_needed) {
            let value = self.values[level.slot];
            self.out.columns[level.slot].push(value);
        }
        self.out.len += 1;
        if self.out.len >= BATCH_ROWS && self.flush(sink)? == Flow::Stop {
            return Ok(Step::Stop);
        }
        Ok(if self.join.first_only {
            Step::NextRow
        } else {
            Step::Go
        })
    }

    /// A row for each number of a list at the last level.
    fn emit_all(
        &mut self,
        last: &Level<'a>,
        list: &[u32],
        sink: &mut Sink<'_>,
    ) -> Result<Step, SparqlError> {
        let has_columns =
            !self.join.copied.is_empty() || self.join.levels.iter().any(|level| level.is_needed);
        if !has_columns {
            // Only how many there are is asked for.
            self.out.len += list.len();
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
            self.out.len = len;
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

/// The next number that all lists hold, with every cursor on it.
#[inline]
fn agree(cursors: &mut [Cursor<'_>]) -> Option<u32> {
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
