//! A run of a plan: what its steps share, and its state by the numbers of steps and of remembered values.

use crate::sparql::engine::context::Context;
use crate::sparql::engine::plan::node::StepId;
use crate::sparql::engine::plan::scalar::Memos;
use crate::sparql::engine::relation::Relation;
use crate::sparql::engine::run::closed::Closed;
use crate::sparql::engine::run::index::Made;
use crate::sparql::engine::run::known::Known;
use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

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

/// Values of an expression by the number of the only term that it reads.
pub(crate) type Remembered<T> = RefCell<Known<T>>;

/// The state of a run.
pub(crate) struct State {
    steps: Vec<StepState>,
    values: Vec<Remembered<u32>>,
    truths: Vec<Remembered<bool>>,
}

/// The state of a step.
#[derive(Default)]
pub(crate) struct StepState {
    /// The number of rows that it made, if counted.
    pub(crate) rows: Cell<u64>,
    /// The search order of a join, chosen on its first rows.
    pub(crate) order: OnceCell<Vec<usize>>,
    /// The rows that are made once.
    pub(crate) made: OnceCell<Rc<Made>>,
    /// The closure of a path; `None` where it would take too much memory.
    pub(crate) closure: OnceCell<Option<Closed>>,
}

impl State {
    /// Returns the state of a plan of this many steps that has not run yet.
    pub(crate) fn new(steps: usize, memos: Memos) -> Self {
        Self {
            steps: (0..steps).map(|_| StepState::default()).collect(),
            values: (0..memos.values).map(|_| RefCell::default()).collect(),
            truths: (0..memos.truths).map(|_| RefCell::default()).collect(),
        }
    }

    pub(crate) fn step(&self, id: StepId) -> &StepState {
        &self.steps[id]
    }

    /// Returns the numbers of the values that an expression had so far.
    pub(crate) fn values(&self, memo: usize) -> &Remembered<u32> {
        &self.values[memo]
    }

    /// Returns the truth values that an expression had so far.
    pub(crate) fn truths(&self, memo: usize) -> &Remembered<bool> {
        &self.truths[memo]
    }
}
