//! Rows as columns of term numbers.

use crate::sparql::bytes::vec_bytes;

/// The number that stands for "no value".
pub(crate) const UNBOUND: u32 = u32::MAX;
/// How many rows go from one step to the next together.
pub(crate) const BATCH_ROWS: usize = 4096;

/// Rows as columns. A column is empty if no row has a value, or if no step reads it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Batch {
    pub(crate) len: usize,
    /// One for each slot of the plan.
    pub(crate) columns: Vec<Vec<u32>>,
    /// How many solutions each row stands for; empty if each is one.
    pub(crate) weights: Vec<u64>,
}

impl Batch {
    /// Returns no rows, with this many slots.
    pub(crate) fn new(slots: usize) -> Self {
        Self {
            len: 0,
            columns: vec![Vec::new(); slots],
            weights: Vec::new(),
        }
    }

    /// Returns the one row without values that every evaluation starts from.
    pub(crate) fn unit(slots: usize) -> Self {
        Self {
            len: 1,
            ..Self::new(slots)
        }
    }

    #[inline]
    pub(crate) fn get(&self, slot: usize, row: usize) -> u32 {
        self.columns[slot].get(row).copied().unwrap_or(UNBOUND)
    }

    /// Returns how many solutions a row stands for.
    #[inline]
    pub(crate) fn weight(&self, row: usize) -> u64 {
        self.weights.get(row).copied().unwrap_or(1)
    }

    /// Adds rows whose values were put into the columns, each of this weight.
    pub(crate) fn lengthen(&mut self, rows: usize, weight: u64) {
        if weight != 1 || !self.weights.is_empty() {
            self.weights.resize(self.len, 1);
            self.weights.resize(self.len + rows, weight);
        }
        self.len += rows;
    }

    /// Returns the values of a row in some slots.
    pub(crate) fn key(&self, slots: &[usize], row: usize) -> Vec<u32> {
        slots.iter().map(|slot| self.get(*slot, row)).collect()
    }

    pub(crate) fn clear(&mut self) {
        self.len = 0;
        self.weights.clear();
        for column in &mut self.columns {
            column.clear();
        }
    }

    /// Adds a row of another batch, which stands for `times` as many solutions.
    pub(crate) fn push_row(&mut self, from: &Self, row: usize, times: u64) {
        for (column, other) in self.columns.iter_mut().zip(&from.columns) {
            if let Some(value) = other.get(row) {
                // A column without values so far is padded.
                column.resize(self.len, UNBOUND);
                column.push(*value);
            }
        }
        self.lengthen(1, from.weight(row).saturating_mul(times));
    }

    /// Adds a row of another batch `times` times.
    pub(crate) fn push_rows(&mut self, from: &Self, row: usize, times: usize) {
        for (column, other) in self.columns.iter_mut().zip(&from.columns) {
            if let Some(value) = other.get(row) {
                column.resize(self.len, UNBOUND);
                column.resize(self.len + times, *value);
            }
        }
        self.lengthen(times, from.weight(row));
    }

    /// Puts values into the last rows.
    pub(crate) fn set_rows(&mut self, slot: usize, values: impl ExactSizeIterator<Item = u32>) {
        let column = &mut self.columns[slot];
        column.resize(self.len - values.len(), UNBOUND);
        column.extend(values);
    }

    /// Puts a value into the last row.
    pub(crate) fn set_last(&mut self, slot: usize, value: u32) {
        let column = &mut self.columns[slot];
        column.resize(self.len, UNBOUND);
        column[self.len - 1] = value;
    }

    /// Makes all columns that have a value as long as there are rows.
    pub(crate) fn fill_up(&mut self) {
        for column in &mut self.columns {
            if !column.is_empty() {
                column.resize(self.len, UNBOUND);
            }
        }
    }

    /// Returns how many bytes it takes.
    pub(crate) fn bytes(&self) -> usize {
        let columns = self.columns.iter();
        columns.map(|column| vec_bytes(column, 0)).sum::<usize>()
            + vec_bytes(&self.weights, 0)
            + size_of_val(&self.columns[..])
    }

    /// Returns how many bytes it takes with all rows of another batch.
    pub(crate) fn bytes_with(&self, other: &Self) -> usize {
        let columns = self.columns.iter().zip(&other.columns);
        let bytes = columns.map(
            |(column, more)| match column.is_empty() && more.is_empty() {
                true => 0,
                false => vec_bytes(column, self.len + other.len),
            },
        );
        let weights = match self.weights.is_empty() && other.weights.is_empty() {
            true => 0,
            false => vec_bytes(&self.weights, self.len + other.len),
        };
        bytes.sum::<usize>() + weights + size_of_val(&self.columns[..])
    }

    /// Returns the rows at these places, in this order.
    pub(crate) fn pick(&self, rows: &[u32]) -> Self {
        let pick = |column: &Vec<u32>| match column.is_empty() {
            true => Vec::new(),
            false => rows.iter().map(|row| column[*row as usize]).collect(),
        };
        Self {
            len: rows.len(),
            columns: self.columns.iter().map(pick).collect(),
            weights: match self.weights.is_empty() {
                true => Vec::new(),
                false => rows.iter().map(|row| self.weight(*row as usize)).collect(),
            },
        }
    }

    /// Adds all rows of another batch.
    pub(crate) fn append(&mut self, other: &Self) {
        for (column, more) in self.columns.iter_mut().zip(&other.columns) {
            if !more.is_empty() {
                column.resize(self.len, UNBOUND);
                column.extend_from_slice(more);
            }
        }
        if !self.weights.is_empty() || !other.weights.is_empty() {
            self.weights.resize(self.len, 1);
            self.weights.extend_from_slice(&other.weights);
            self.weights.resize(self.len + other.len, 1);
        }
        self.len += other.len;
        self.fill_up();
    }
}
