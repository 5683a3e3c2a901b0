//! One graph as three sorted columns of term numbers, so that any pattern is one range.

use crate::store::dictionary::TermId;
use std::ops::Range;
use std::sync::OnceLock;

/// The number of rows from which sorting is parallel.
const SORTED_AT_ONCE: usize = 1 << 14;

/// The order in which a permutation sorts: its first, second and third column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    SubjectPredicateObject,
    PredicateObjectSubject,
    ObjectSubjectPredicate,
}

impl Order {
    /// Columns in this order as (subject, predicate, object).
    fn restore(self, [a, b, c]: [TermId; 3]) -> [TermId; 3] {
        match self {
            Self::SubjectPredicateObject => [a, b, c],
            Self::PredicateObjectSubject => [c, a, b],
            Self::ObjectSubjectPredicate => [b, c, a],
        }
    }

    /// (Subject, predicate, object) as columns in this order.
    fn arrange(self, [s, p, o]: [TermId; 3]) -> [TermId; 3] {
        match self {
            Self::SubjectPredicateObject => [s, p, o],
            Self::PredicateObjectSubject => [p, o, s],
            Self::ObjectSubjectPredicate => [o, s, p],
        }
    }
}

/// The distinct values of the first column, with the start of the rows of each.
#[derive(Debug)]
enum Keys {
    /// Every number from this one on has an entry in `starts`: found at once.
    Dense(TermId),
    /// The numbers that occur, sorted: found by bisection.
    Sparse(Vec<TermId>),
}

/// The triples in one order: the first column by its distinct values, the others side by side.
#[derive(Debug)]
struct Permutation {
    keys: Keys,
    /// The start of the rows of each key, with one more entry at the end.
    starts: Vec<u32>,
    rows: Vec<[TermId; 2]>,
}

impl Permutation {
    fn key_count(&self) -> usize {
        self.starts.len() - 1
    }

    fn key(&self, place: usize) -> TermId {
        match &self.keys {
            Keys::Dense(first) => first + place as u32,
            Keys::Sparse(keys) => keys[place],
        }
    }

    /// Returns the place of a value of the first column, and its rows.
    fn rows_of(&self, key: TermId) -> (usize, Range<usize>) {
        let place = match &self.keys {
            Keys::Dense(first) => key.checked_sub(*first).map(|place| place as usize),
            Keys::Sparse(keys) => keys.binary_search(&key).ok(),
        };
        match place {
            Some(place) if place < self.key_count() => (
                place,
                self.starts[place] as usize..self.starts[place + 1] as usize,
            ),
            _ => (0, 0..0),
        }
    }

    /// Returns the rows that start with these one or two or three values, and the place of their key.
    fn range(
        &self,
        a: Option<TermId>,
        b: Option<TermId>,
        c: Option<TermId>,
    ) -> (usize, Range<usize>) {
        let Some(a) = a else {
            return (0, 0..self.rows.len());
        };
        let (place, all) = self.rows_of(a);
        let Some(b) = b else { return (place, all) };
        let rows = &self.rows[all.clone()];
        let (from, to) = match c {
            None => {
                let from = rows.partition_point(|row| row[0] < b);
                (from, from + rows[from..].partition_point(|row| row[0] == b))
            }
            Some(c) => match rows.binary_search(&[b, c]) {
                Ok(place) => (place, place + 1),
                Err(place) => (place, place),
            },
        };
        (place, all.start + from..all.start + to)
    }

    /// From rows that are sorted and distinct, as columns of this order.
    fn from_sorted(triples: &[[TermId; 3]]) -> Self {
        let (mut keys, mut starts) = (Vec::new(), Vec::new());
        let mut rows = Vec::with_capacity(triples.len());
        for [a, b, c] in triples {
            if keys.last() != Some(a) {
                keys.push(*a);
                starts.push(rows.len() as u32);
            }
            rows.push([*b, *c]);
        }
        starts.push(rows.len() as u32);
        keys.shrink_to_fit();
        starts.shrink_to_fit();
        Self {
            keys: Keys::Sparse(keys),
            starts,
            rows,
        }
        .with_better_keys()
    }

    /// By counting: linear in the triples and in the span of the first column, and stable, so that
    /// rows that come sorted by the other columns stay so.
    fn from_counts(
        first: TermId,
        span: usize,
        count: usize,
        triples: impl Iterator<Item = [TermId; 3]> + Clone,
    ) -> Self {
        let mut starts = vec![0u32; span + 1];
        for [a, ..] in triples.clone() {
            starts[(a - first) as usize] += 1;
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += std::mem::replace(start, sum);
        }
        let mut rows = vec![[0, 0]; count];
        // Each start moves on as its rows are filled in, and ends up where the next one began.
        for [a, b, c] in triples {
            let next = &mut starts[(a - first) as usize];
            rows[*next as usize] = [b, c];
            *next += 1;
        }
        starts.rotate_right(1);
        starts[0] = 0;
        Self {
            keys: Keys::Dense(first),
            starts,
            rows,
        }
    }

    /// Sorts the rows of each key and closes the gaps that repetitions leave.
    fn sort_rows(&mut self) {
        sort_rows(&mut self.rows, &self.starts);
        let mut end = 0;
        for place in 0..self.key_count() {
            let range = self.starts[place] as usize..self.starts[place + 1] as usize;
            self.starts[place] = end as u32;
            let mut last = None;
            for i in range {
                let row = self.rows[i];
                if last != Some(row) {
                    self.rows[end] = row;
                    end += 1;
                    last = Some(row);
                }
            }
        }
        if let Some(last) = self.starts.last_mut() {
            *last = end as u32;
        }
        self.rows.truncate(end);
    }

    /// Returns the rows with their keys in the smaller form, or the faster one where both are as large.
    fn with_better_keys(self) -> Self {
        let place_count = self.key_count();
        match &self.keys {
            Keys::Dense(_) => {
                let used = (0..place_count).filter(|i| self.starts[*i] < self.starts[i + 1]);
                if used.clone().count() * 4 >= place_count {
                    return self;
                }
                let used: Vec<usize> = used.collect();
                let mut starts: Vec<u32> = used.iter().map(|i| self.starts[*i]).collect();
                starts.push(self.rows.len() as u32);
                Self {
                    keys: Keys::Sparse(used.iter().map(|i| self.key(*i)).collect()),
                    starts,
                    rows: self.rows,
                }
            }
            Keys::Sparse(keys) => {
                let (Some(first), Some(last)) = (keys.first(), keys.last()) else {
                    return self;
                };
                let span = (last - first) as usize + 1;
                if span > keys.len() * 4 {
                    return self;
                }
                let mut starts = Vec::with_capacity(span + 1);
                for (key, start) in keys.iter().zip(&self.starts) {
                    starts.resize((key - first) as usize + 1, *start);
                }
                starts.push(self.rows.len() as u32);
                Self {
                    keys: Keys::Dense(*first),
                    starts,
                    rows: self.rows,
                }
            }
        }
    }

    /// Returns the rows of a range that begins in the rows of the key at `place`.
    fn iter(&self, order: Order, (place, range): (usize, Range<usize>)) -> Scan<'_> {
        Scan {
            permutation: self,
            order,
            place,
            position: range.start,
            end: range.end,
        }
    }

    /// Returns the rows of any range, in the order by subject.
    fn iter_at(&self, range: Range<usize>) -> Scan<'_> {
        let after = self
            .starts
            .partition_point(|start| *start as usize <= range.start);
        let place = after.saturating_sub(1);
        self.iter(Order::SubjectPredicateObject, (place, range))
    }
}

/// One graph in three orders: SPO, and POS and OSP once a pattern asks for them.
///
/// Compiling needs neither, so a large text that is only read to be compiled is sorted once.
#[derive(Debug)]
pub(crate) struct GraphIndex {
    spo: Permutation,
    pos: OnceLock<Permutation>,
    osp: OnceLock<Permutation>,
}

impl Default for GraphIndex {
    fn default() -> Self {
        Self::from_sorted(Vec::new())
    }
}

impl GraphIndex {
    /// From lists of triples in any order, with repetitions.
    ///
    /// Counts instead of comparing where the numbers are dense: O(n) then, O(n log n) else.
    pub(crate) fn from_triples(lists: Vec<Vec<[TermId; 3]>>) -> Self {
        let triples = lists.iter().flatten().copied();
        let Some((first, span)) = span(triples.clone().map(|t| t[0])) else {
            return Self::default();
        };
        let count = lists.iter().map(Vec::len).sum();
        if count < 64 || span > 4 * count {
            let mut triples: Vec<_> = triples.collect();
            triples.sort_unstable();
            triples.dedup();
            return Self::from_sorted(triples);
        }
        let mut spo = Permutation::from_counts(first, span, count, triples);
        drop(lists);
        spo.sort_rows();
        Self::from_spo(spo.with_better_keys())
    }

    /// From triples that are sorted and distinct.
    pub(crate) fn from_sorted(triples: Vec<[TermId; 3]>) -> Self {
        Self::from_spo(Permutation::from_sorted(&triples))
    }

    fn from_spo(spo: Permutation) -> Self {
        Self {
            spo,
            pos: OnceLock::new(),
            osp: OnceLock::new(),
        }
    }

    /// O(n) the first time, then O(1).
    fn osp(&self) -> &Permutation {
        let (old, new) = (Order::SubjectPredicateObject, Order::ObjectSubjectPredicate);
        self.osp.get_or_init(|| derive(&self.spo, old, new))
    }

    /// O(n) the first time, then O(1).
    fn pos(&self) -> &Permutation {
        let (old, new) = (Order::ObjectSubjectPredicate, Order::PredicateObjectSubject);
        self.pos.get_or_init(|| derive(self.osp(), old, new))
    }

    pub(crate) fn len(&self) -> usize {
        self.spo.rows.len()
    }

    /// Returns the triples that fit, sorted by the order that answers the pattern.
    pub(crate) fn scan(&self, s: Option<TermId>, p: Option<TermId>, o: Option<TermId>) -> Scan<'_> {
        let (permutation, order, range) = self.find(s, p, o);
        permutation.iter(order, range)
    }

    /// Returns all triples sorted by subject, in `count` parts of about the same length.
    pub(crate) fn parts(&self, count: usize) -> Vec<Scan<'_>> {
        let len = self.len();
        let bounds = (0..count).map(|part| len * part / count..len * (part + 1) / count);
        bounds.map(|range| self.spo.iter_at(range)).collect()
    }

    fn find(
        &self,
        s: Option<TermId>,
        p: Option<TermId>,
        o: Option<TermId>,
    ) -> (&Permutation, Order, (usize, Range<usize>)) {
        match (s, p, o) {
            (Some(_), None, Some(_)) | (None, None, Some(_)) => {
                let osp = self.osp();
                (osp, Order::ObjectSubjectPredicate, osp.range(o, s, p))
            }
            (None, Some(_), _) => {
                let pos = self.pos();
                (pos, Order::PredicateObjectSubject, pos.range(p, o, s))
            }
            _ => (
                &self.spo,
                Order::SubjectPredicateObject,
                self.spo.range(s, p, o),
            ),
        }
    }

    /// This graph without some triples and with others, both sorted and distinct. O(n).
    pub(crate) fn apply(&self, inserts: &[[TermId; 3]], deletes: &[[TermId; 3]]) -> Self {
        let mut merged = Vec::with_capacity(self.len() + inserts.len());
        let (mut inserts, mut deletes) = (inserts.iter().peekable(), deletes.iter().peekable());
        for triple in self.scan(None, None, None) {
            while let Some(insert) = inserts.next_if(|insert| **insert < triple) {
                merged.push(*insert);
            }
            let inserted = inserts.next_if(|insert| **insert == triple).is_some();
            while deletes.next_if(|delete| **delete < triple).is_some() {}
            let deleted = deletes.next_if(|delete| **delete == triple).is_some();
            if inserted || !deleted {
                merged.push(triple);
            }
        }
        merged.extend(inserts);
        Self::from_sorted(merged)
    }
}

/// Sorts the rows of each key, with all threads: rows from the first of some starts to the last.
fn sort_rows(rows: &mut [[TermId; 2]], starts: &[u32]) {
    let key_count = starts.len() - 1;
    if rows.len() < SORTED_AT_ONCE || key_count == 1 {
        for key in starts.windows(2) {
            let range = (key[0] - starts[0]) as usize..(key[1] - starts[0]) as usize;
            rows[range].sort_unstable();
        }
        return;
    }
    let middle = key_count / 2;
    let (left, right) = rows.split_at_mut((starts[middle] - starts[0]) as usize);
    rayon::join(
        || sort_rows(left, &starts[..=middle]),
        || sort_rows(right, &starts[middle..]),
    );
}

/// Returns the smallest number and how many there are up to the largest.
fn span(numbers: impl Iterator<Item = TermId> + Clone) -> Option<(TermId, usize)> {
    let (first, last) = (numbers.clone().min()?, numbers.max()?);
    Some((first, (last - first) as usize + 1))
}

/// Returns the next permutation from one that ends with the columns `x, y` and starts with `a`, where the
/// new one starts with the last column: since the old one is sorted, a stable count by the new
/// first column alone leaves the rest sorted.
fn derive(from: &Permutation, old: Order, new: Order) -> Permutation {
    let triples = from
        .iter(old, (0, 0..from.rows.len()))
        .map(move |triple| new.arrange(triple));
    let Some((first, span)) = span(triples.clone().map(|t| t[0])) else {
        return Permutation::from_sorted(&[]);
    };
    if span <= 4 * from.rows.len() + 64 {
        return Permutation::from_counts(first, span, from.rows.len(), triples).with_better_keys();
    }
    let mut triples: Vec<_> = triples.collect();
    triples.sort_unstable();
    Permutation::from_sorted(&triples)
}

/// The triples of a range, one by one, as (subject, predicate, object).
#[derive(Debug, Clone)]
pub struct Scan<'a> {
    permutation: &'a Permutation,
    order: Order,
    /// The key of the current row.
    place: usize,
    position: usize,
    end: usize,
}

impl<'a> Scan<'a> {
    /// Returns no triples.
    pub(crate) fn empty(graph: &'a GraphIndex) -> Self {
        graph.spo.iter(Order::SubjectPredicateObject, (0, 0..0))
    }
}

impl Iterator for Scan<'_> {
    type Item = [TermId; 3];

    #[inline]
    fn next(&mut self) -> Option<[TermId; 3]> {
        if self.position >= self.end {
            return None;
        }
        while self.permutation.starts[self.place + 1] as usize <= self.position {
            self.place += 1;
        }
        let [b, c] = self.permutation.rows[self.position];
        self.position += 1;
        let a = self.permutation.key(self.place);
        Some(self.order.restore([a, b, c]))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.end - self.position;
        (left, Some(left))
    }
}

impl ExactSizeIterator for Scan<'_> {}
