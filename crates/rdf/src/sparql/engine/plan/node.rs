//! The steps of a plan: what is done with the rows.

use crate::sparql::engine::plan::condition::Condition;
use crate::sparql::engine::plan::group::Aggregate;
use crate::sparql::engine::plan::join::Bgp;
use crate::sparql::engine::plan::path::PathStep;
use crate::sparql::engine::plan::scalar::Scalar;
use crate::sparql::engine::plan::scan::Pattern;
use crate::sparql::engine::plan::slots::Slots;
use crate::sparql::engine::plan::table::{Source, Table};

/// The number of a step in its plan, from 0.
pub(crate) type StepId = usize;

/// A step with the steps before it.
pub(crate) struct Node<'a> {
    /// Which step of the plan it is, once the whole plan is there.
    pub(crate) id: StepId,
    pub(crate) op: Op<'a>,
}

impl<'a> From<Op<'a>> for Node<'a> {
    fn from(op: Op<'a>) -> Self {
        Self { id: 0, op }
    }
}

/// What a step does.
pub(crate) enum Op<'a> {
    /// The rows that are fed in from outside; at the outermost, one row without values.
    Input,
    /// Joins with triple patterns.
    Join(Box<Node<'a>>, Bgp),
    /// Joins with one pattern whose predicate is a variable.
    Scan(Box<Node<'a>>, Pattern<'a>),
    /// Joins with a property path.
    Path(Box<Node<'a>>, PathStep<'a>),
    /// Joins with rows that do not depend on those that come in.
    Table(Box<Node<'a>>, Table<'a>),
    Filter(Box<Node<'a>>, Vec<Condition<'a>>),
    /// Each row with what it is extended to, or as it is.
    Optional {
        left: Box<Node<'a>>,
        right: Box<Node<'a>>,
        /// Where the number of the row is kept meanwhile.
        row: usize,
    },
    /// Each row with whether there is something that it can be extended to.
    Mark {
        input: Box<Node<'a>>,
        node: Box<Node<'a>>,
        /// Where the number of the row is kept meanwhile.
        row: usize,
        /// Where the answer goes: one of these two numbers, no or yes.
        slot: usize,
        answers: [u32; 2],
    },
    /// What one step makes of the rows that have a value in a slot, and another one of those that have none.
    Split {
        input: Box<Node<'a>>,
        slot: usize,
        bound: Box<Node<'a>>,
        unbound: Box<Node<'a>>,
    },
    /// What each of these makes of the rows.
    Union(Box<Node<'a>>, Vec<Node<'a>>),
    /// The rows that no row of the table agrees with.
    Minus(Box<Node<'a>>, Table<'a>),
    Extend(Box<Node<'a>>, usize, Computed),
    Distinct(Box<Node<'a>>, Vec<usize>),
    Group {
        input: Box<Node<'a>>,
        keys: Vec<usize>,
        aggregates: Vec<Aggregate>,
        /// Which of the groups are wanted, if not all are.
        top: Option<TopK>,
    },
    Sort {
        input: Box<Node<'a>>,
        /// Slots, and whether the greatest come first.
        by: Vec<(usize, bool)>,
        /// How many rows are wanted of the sorted ones.
        limit: Option<usize>,
    },
    Slice {
        input: Box<Node<'a>>,
        start: usize,
        length: Option<usize>,
    },
}

/// The first `count` rows by a slot, and those that are equal to the last of them there.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TopK {
    pub(crate) slot: usize,
    pub(crate) descending: bool,
    pub(crate) count: usize,
}

/// A value that is put into a slot.
pub(crate) enum Computed {
    Copy(usize),
    Term(u32),
    Expression(Scalar),
}

impl<'a> Node<'a> {
    /// Numbers this step and all below it, from `next` on.
    pub(crate) fn number(&mut self, next: &mut StepId) {
        self.id = *next;
        *next += 1;
        for child in self.children() {
            child.number(next);
        }
    }

    /// Returns the steps right below this one.
    fn children(&mut self) -> Vec<&mut Self> {
        match &mut self.op {
            Op::Input => Vec::new(),
            Op::Join(input, _)
            | Op::Scan(input, _)
            | Op::Path(input, _)
            | Op::Extend(input, ..)
            | Op::Distinct(input, _)
            | Op::Group { input, .. }
            | Op::Sort { input, .. }
            | Op::Slice { input, .. } => vec![input],
            Op::Table(input, table) | Op::Minus(input, table) => match &mut table.source {
                Source::Rows(_) => vec![input],
                Source::Plan(plan) => vec![plan, input],
            },
            Op::Filter(input, conditions) => {
                let nodes = conditions.iter_mut().filter_map(Condition::node);
                nodes.chain([&mut **input]).collect()
            }
            Op::Optional { left, right, .. } => vec![right, left],
            Op::Mark { input, node, .. } => vec![node, input],
            Op::Split {
                input,
                bound,
                unbound,
                ..
            } => vec![bound, unbound, input],
            Op::Union(input, branches) => branches.iter_mut().chain([&mut **input]).collect(),
        }
    }

    /// Tells each join which slots anyone asks for, given those that the steps after this one ask for. O(n · v / 64)
    /// for n steps and v slots.
    pub(crate) fn prune(&mut self, mut needed: Slots) {
        match &mut self.op {
            Op::Input => {}
            Op::Join(input, bgp) => {
                bgp.needed = needed.clone();
                needed.extend(bgp.bound.iter().copied());
                input.prune(needed);
            }
            Op::Scan(input, pattern) => {
                needed.extend(pattern.ends.iter().filter_map(|end| end.slot()));
                input.prune(needed);
            }
            Op::Path(input, path) => {
                needed.extend(
                    [path.subject, path.object]
                        .iter()
                        .filter_map(|end| end.slot()),
                );
                input.prune(needed);
            }
            Op::Table(input, table) | Op::Minus(input, table) => {
                if let Source::Plan(plan) = &mut table.source {
                    plan.prune(table.slots.iter().copied().collect());
                }
                needed.extend(table.common());
                input.prune(needed);
            }
            Op::Filter(input, conditions) => {
                for condition in conditions.iter_mut() {
                    condition.prune();
                    needed.extend(condition.slots());
                }
                input.prune(needed);
            }
            Op::Optional { left, right, row } => {
                needed.insert(*row);
                right.prune(needed.clone());
                right.fed(&mut needed);
                left.prune(needed);
            }
            Op::Mark {
                input, node, row, ..
            } => {
                node.prune(Slots::from_iter([*row]));
                node.semi_join();
                node.fed(&mut needed);
                input.prune(needed);
            }
            Op::Split {
                input,
                slot,
                bound,
                unbound,
            } => {
                for branch in [&mut *bound, unbound] {
                    branch.prune(needed.clone());
                }
                bound.fed(&mut needed);
                unbound.fed(&mut needed);
                needed.insert(*slot);
                input.prune(needed);
            }
            Op::Union(input, branches) => {
                for branch in branches.iter_mut() {
                    branch.prune(needed.clone());
                }
                for branch in branches {
                    branch.fed(&mut needed);
                }
                input.prune(needed);
            }
            Op::Extend(input, _, computed) => {
                match computed {
                    Computed::Copy(slot) => {
                        needed.insert(*slot);
                    }
                    Computed::Term(_) => {}
                    Computed::Expression(scalar) => needed.extend(scalar.slots()),
                }
                input.prune(needed);
            }
            Op::Distinct(input, slots) => input.prune(slots.iter().copied().collect()),
            Op::Group {
                input,
                keys,
                aggregates,
                ..
            } => {
                let columns = aggregates.iter().flat_map(|aggregate| &aggregate.columns);
                input.prune(keys.iter().chain(columns).copied().collect());
            }
            Op::Sort { input, by, .. } => {
                needed.extend(by.iter().map(|(slot, _)| *slot));
                input.prune(needed);
            }
            Op::Slice { input, .. } => input.prune(needed),
        }
    }

    /// Pushes a top-k into the group below, before terms are decoded, where that is possible.
    pub(crate) fn push_top_k(&mut self, wanted: TopK) {
        match &mut self.op {
            Op::Extend(input, slot, _) if *slot != wanted.slot => input.push_top_k(wanted),
            Op::Extend(input, _, Computed::Copy(slot)) => input.push_top_k(TopK {
                slot: *slot,
                ..wanted
            }),
            Op::Group {
                aggregates, top, ..
            } if aggregates.iter().any(|one| one.slot == wanted.slot) => *top = Some(wanted),
            _ => {}
        }
    }

    /// Makes a join stop after the first match of each row.
    pub(crate) fn semi_join(&mut self) {
        if let Op::Join(_, bgp) = &mut self.op {
            bgp.first_only = true;
        }
    }

    /// Adds the slots that this reads of the rows that are fed in.
    pub(crate) fn fed(&self, slots: &mut Slots) {
        match &self.op {
            Op::Input => {}
            Op::Join(input, bgp) => {
                slots.extend(bgp.bound.iter().copied());
                input.fed(slots);
            }
            Op::Scan(input, pattern) => {
                slots.extend(pattern.ends.iter().filter_map(|end| end.slot()));
                input.fed(slots);
            }
            Op::Path(input, path) => {
                slots.extend(
                    [path.subject, path.object]
                        .iter()
                        .filter_map(|end| end.slot()),
                );
                input.fed(slots);
            }
            Op::Table(input, table) | Op::Minus(input, table) => {
                slots.extend(table.common());
                input.fed(slots);
            }
            Op::Filter(input, conditions) => {
                slots.extend(conditions.iter().flat_map(Condition::slots));
                input.fed(slots);
            }
            Op::Optional { left, right, .. } => {
                right.fed(slots);
                left.fed(slots);
            }
            Op::Mark { input, node, .. } => {
                node.fed(slots);
                input.fed(slots);
            }
            Op::Split {
                input,
                slot,
                bound,
                unbound,
            } => {
                slots.insert(*slot);
                bound.fed(slots);
                unbound.fed(slots);
                input.fed(slots);
            }
            Op::Union(input, branches) => {
                for branch in branches {
                    branch.fed(slots);
                }
                input.fed(slots);
            }
            Op::Extend(input, _, computed) => {
                match computed {
                    Computed::Copy(slot) => {
                        slots.insert(*slot);
                    }
                    Computed::Term(_) => {}
                    Computed::Expression(scalar) => slots.extend(scalar.slots()),
                }
                input.fed(slots);
            }
            // These start from nothing: see `compile`.
            Op::Distinct(..) | Op::Group { .. } | Op::Sort { .. } | Op::Slice { .. } => {}
        }
    }
}
