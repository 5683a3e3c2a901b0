//! Counts the solutions of a join, or of parts of it, without making them.

use crate::sparql::engine::context::Sink;
use crate::sparql::engine::run::levels::{Level, Source};
use crate::sparql::engine::run::search::{Cursor, Search, Step, agree};
use crate::sparql::engine::run::shape::{Branch, Shape};
use crate::sparql::error::SparqlError;
use crate::store::compiled::graph::Pairs;

/// Number of keys that are compared at once: mostly, lists of keys that are joined are long runs of the same ones.
const RUN: usize = 64;

impl<'a> Search<'a, '_> {
    /// Makes the rows of the current row that comes in, each with how many solutions it stands for.
    pub(crate) fn tally(
        &mut self,
        shape: &Shape,
        sink: &mut Sink<'_>,
    ) -> Result<Step, SparqlError> {
        let weight = self.product(1, &shape.counted)?;
        match weight {
            0 => Ok(Step::Go),
            weight => self.make(shape, 0, weight, sink),
        }
    }

    /// Makes the rows of the levels from a place on.
    fn make(
        &mut self,
        shape: &Shape,
        at: usize,
        weight: u64,
        sink: &mut Sink<'_>,
    ) -> Result<Step, SparqlError> {
        let Some(branch) = shape.made.get(at) else {
            return self.emit(self.join.enough.min(weight), sink);
        };
        let level = &self.join.levels[branch.level];
        let mut cursors = self.opened(branch.level)?;
        let sources = level.sources()?;
        let step = loop {
            let Some(number) = self.next_allowed(level, &mut cursors)? else {
                break Step::Go;
            };
            self.bind(level, number, &cursors, sources);
            let fans = fans(&branch.fans, &cursors, sources);
            let weight = self.product(weight.saturating_mul(fans), &branch.below)?;
            if weight > 0 {
                match self.make(shape, at + 1, weight, sink)? {
                    Step::Go => {}
                    step => break step,
                }
            }
            cursors[0].at += 1;
        };
        self.cursors[branch.level] = cursors;
        Ok(step)
    }

    /// Multiplies a number by those of the solutions of some branches.
    fn product(&mut self, start: u64, branches: &[Branch]) -> Result<u64, SparqlError> {
        let mut product = start;
        for branch in branches {
            if product == 0 {
                break;
            }
            product = product.saturating_mul(self.count(branch)?);
        }
        Ok(product)
    }

    /// Returns how many solutions a branch has, or as many as are enough.
    fn count(&mut self, branch: &Branch) -> Result<u64, SparqlError> {
        let level = &self.join.levels[branch.level];
        let mut cursors = self.opened(branch.level)?;
        let sum = match (&cursors[..], branch.below.is_empty()) {
            ([only], true) if branch.fans.is_empty() => numbers_in(level, only),
            (_, true) if self.join.enough == u64::MAX => {
                self.count_stars(level, &branch.fans, &mut cursors)?
            }
            _ => self.count_each(level, branch, &mut cursors)?,
        };
        self.cursors[branch.level] = cursors;
        Ok(sum)
    }

    fn count_each(
        &mut self,
        level: &'a Level<'a>,
        branch: &Branch,
        cursors: &mut [Cursor<'a>],
    ) -> Result<u64, SparqlError> {
        let (mut sum, sources): (u64, _) = (0, level.sources()?);
        while sum < self.join.enough
            && let Some(number) = self.next_allowed(level, cursors)?
        {
            self.bind(level, number, cursors, sources);
            let fans = fans(&branch.fans, cursors, sources);
            sum = sum.saturating_add(self.product(fans, &branch.below)?);
            cursors[0].at += 1;
        }
        Ok(sum)
    }

    /// Counts the solutions of a level of which all other variables are independent, a range of allowed numbers at a
    /// time.
    fn count_stars(
        &mut self,
        level: &'a Level<'a>,
        fans: &[usize],
        cursors: &mut [Cursor<'a>],
    ) -> Result<u64, SparqlError> {
        let sources = level.sources()?;
        let pairs = fans.iter().filter_map(|fan| match &sources[*fan] {
            // A key with one value multiplies by one.
            Source::First(pairs, _) if !pairs.offsets.is_empty() => Some((*fan, *pairs)),
            _ => None,
        });
        let pairs: Vec<(usize, Pairs<'a>)> = pairs.collect();
        let Some(allowed) = level.allowed.filter(|allowed| allowed.ranges.len() > 1) else {
            return self.count_runs(&pairs, cursors);
        };
        let ends: Vec<usize> = cursors.iter().map(|cursor| cursor.end).collect();
        let mut sum: u64 = 0;
        for range in &allowed.ranges {
            for (cursor, end) in cursors.iter_mut().zip(&ends) {
                let before = |limit: u32| cursor.list[..*end].partition_point(|n| *n < limit);
                (cursor.at, cursor.end) = (before(range.start), before(range.end));
            }
            sum = sum.saturating_add(self.count_runs(&pairs, cursors)?);
        }
        Ok(sum)
    }

    /// Counts the products of the numbers of values that pairs have for each number that all lists hold.
    fn count_runs(
        &mut self,
        pairs: &[(usize, Pairs<'a>)],
        cursors: &mut [Cursor<'a>],
    ) -> Result<u64, SparqlError> {
        let mut sum: u64 = 0;
        loop {
            self.look_up()?;
            while let Some((first, rest)) = cursors.split_first()
                && let Some(run) = first.run()
                && rest.iter().all(|cursor| cursor.run() == Some(run))
            {
                sum = sum.saturating_add(products(pairs, cursors, RUN));
                cursors.iter_mut().for_each(|cursor| cursor.at += RUN);
            }
            for _ in 0..RUN {
                if agree(cursors).is_none() {
                    return Ok(sum);
                }
                sum = sum.saturating_add(products(pairs, cursors, 1));
                cursors[0].at += 1;
            }
        }
    }

    /// Returns the lists of a level.
    fn opened(&mut self, level: usize) -> Result<Vec<Cursor<'a>>, SparqlError> {
        let mut cursors = std::mem::take(&mut self.cursors[level]);
        self.open(&self.join.levels[level], &mut cursors)?;
        Ok(cursors)
    }
}

impl<'a> Cursor<'a> {
    /// Returns the next numbers, if there are enough for a run.
    fn run(&self) -> Option<&'a [u32]> {
        self.list[..self.end].get(self.at..self.at + RUN)
    }
}

/// Returns the sum, over some keys from where the cursors are, of the products of the numbers of their values.
fn products(pairs: &[(usize, Pairs<'_>)], cursors: &[Cursor<'_>], keys: usize) -> u64 {
    match pairs {
        [] => keys as u64,
        [(cursor, pairs)] => {
            let at = cursors[*cursor].at;
            u64::from(pairs.offsets[at + keys] - pairs.offsets[at])
        }
        several => (0..keys).fold(0, |sum: u64, key| {
            let values = several.iter().map(|(cursor, pairs)| {
                let at = cursors[*cursor].at + key;
                u64::from(pairs.offsets[at + 1] - pairs.offsets[at])
            });
            sum.saturating_add(values.fold(1, u64::saturating_mul))
        }),
    }
}

/// Returns the product of the numbers of values that some sources have for the number that the cursors are at.
fn fans(fans: &[usize], cursors: &[Cursor<'_>], sources: &[Source<'_>]) -> u64 {
    let values = fans.iter().map(|fan| match &sources[*fan] {
        Source::First(pairs, _) => pairs.range(cursors[*fan].at).len() as u64,
        _ => 1,
    });
    values.fold(1, u64::saturating_mul)
}

/// Returns how many numbers of a list are allowed at a level.
fn numbers_in(level: &Level<'_>, cursor: &Cursor<'_>) -> u64 {
    let list = &cursor.list[cursor.at.min(cursor.end)..cursor.end];
    match level.allowed {
        Some(allowed) if allowed.ranges.len() > 1 => {
            let before = |limit: u32| list.partition_point(|number| *number < limit) as u64;
            let ranges = allowed.ranges.iter();
            ranges
                .map(|range| before(range.end) - before(range.start))
                .sum()
        }
        _ => list.len() as u64,
    }
}
