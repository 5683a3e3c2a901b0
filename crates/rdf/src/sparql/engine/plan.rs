//! What is done with the rows, step by step.

use crate::sparql::engine::condition::Condition;
use crate::sparql::engine::group::Aggregate;
use crate::sparql::engine::join::Bgp;
use crate::sparql::engine::path::PathStep;
use crate::sparql::engine::scalar::Scalar;
use crate::sparql::engine::scan::Pattern;
use crate::sparql::engine::slots::Slots;
use crate::sparql::engine::table::{Source, Table};

/// A step with the steps before it.
pub(crate) enum Node<'a> {
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
        /// Which of them are wanted, if not all are.
        best: Option<Best>,
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

/// The first so many rows by a slot, and those that are equal to the last of them there.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Best {
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

impl Node<'_> {
    /// Tells each join which slots anyone asks for, given those that the steps after this one ask for. O(n · v / 64) for
    /// n steps and v slots.
    pub(crate) fn prune(&mut self, mut needed: Slots) {
        match self {
            Node::Input => {}
            Node::Join(input, bgp) => {
                bgp.needed = needed.clone();
                needed.extend(bgp.bound.iter().copied());
                input.prune(needed);
            }
            Node::Scan(input, pattern) => {
                needed.extend(pattern.ends.iter().filter_map(|end| end.slot()));
                input.prune(needed);
            }
            Node::Path(input, path) => {
                needed.extend(
                    [path.subject, path.object]
                        .iter()
                        .filter_map(|end| end.slot()),
                );
                input.prune(needed);
            }
            Node::Table(input, table) | Node::Minus(input, table) => {
                if let Source::Plan(plan) = &mut table.source {
                    plan.prune(table.slots.iter().copied().collect());
                }
                needed.extend(table.common());
                input.prune(needed);
            }
            Node::Filter(input, conditions) => {
                for condition in conditions.iter_mut() {
                    condition.prune();
                    needed.extend(condition.slots());
                }
                input.prune(needed);
            }
            Node::Optional { left, right, row } => {
                needed.insert(*row);
                right.prune(needed.clone());
                right.fed(&mut needed);
                left.prune(needed);
            }
            Node::Mark {
                input, node, row, ..
            } => {
                node.prune(Slots::from_iter([*row]));
                node.take_first();
                node.fed(&mut needed);
                input.prune(needed);
            }
            Node::Split {
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
            Node::Union(input, branches) => {
                for branch in branches.iter_mut() {
                    branch.prune(needed.clone());
                }
                for branch in branches {
                    branch.fed(&mut needed);
                }
                input.prune(needed);
            }
            Node::Extend(input, _, computed) => {
                match computed {
                    Computed::Copy(slot) => {
                        needed.insert(*slot);
                    }
                    Computed::Term(_) => {}
                    Computed::Expression(scalar) => needed.extend(scalar.slots()),
                }
                input.prune(needed);
            }
            Node::Distinct(input, slots) => input.prune(slots.iter().copied().collect()),
            Node::Group {
                input,
                keys,
                aggregates,
                ..
            } => {
                let columns = aggregates.iter().flat_map(|aggregate| &aggregate.columns);
                input.prune(keys.iter().chain(columns).copied().collect());
            }
            Node::Sort { input, by, .. } => {
                needed.extend(by.iter().map(|(slot, _)| *slot));
                input.prune(needed);
            }
            Node::Slice { input, .. } => input.prune(needed),
        }
    }

    /// Makes the best rows do, where others can be left out before they have terms.
    pub(crate) fn keep_best(&mut self, wanted: Best) {
        match self {
            Node::Extend(input, slot, _) if *slot != wanted.slot => input.keep_best(wanted),
            Node::Extend(input, _, Computed::Copy(slot)) => input.keep_best(Best {
                slot: *slot,
                ..wanted
            }),
            Node::Group {
                aggregates, best, ..
            } if aggregates.iter().any(|one| one.slot == wanted.slot) => *best = Some(wanted),
            _ => {}
        }
    }

    /// Makes one result for each row do, where that is easily done.
    pub(crate) fn take_first(&mut self) {
        if let Node::Join(_, bgp) = self {
            bgp.first_only = true;
        }
    }

    /// Adds the slots that this reads of the rows that are fed in.
    pub(crate) fn fed(&self, slots: &mut Slots) {
        match self {
            Node::Input => {}
            Node::Join(input, bgp) => {
                slots.extend(bgp.bound.iter().copied());
                input.fed(slots);
            }
            Node::Scan(input, pattern) => {
                slots.extend(pattern.ends.iter().filter_map(|end| end.slot()));
                input.fed(slots);
            }
            Node::Path(input, path) => {
                slots.extend(
                    [path.subject, path.object]
                        .iter()
                        .filter_map(|end| end.slot()),
                );
                input.fed(slots);
            }
            Node::Table(input, table) | Node::Minus(input, table) => {
                slots.extend(table.common());
                input.fed(slots);
            }
            Node::Filter(input, conditions) => {
                slots.extend(conditions.iter().flat_map(Condition::slots));
                input.fed(slots);
            }
            Node::Optional { left, right, .. } => {
                right.fed(slots);
                left.fed(slots);
            }
            Node::Mark { input, node, .. } => {
                node.fed(slots);
                input.fed(slots);
            }
            Node::Split {
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
            Node::Union(input, branches) => {
                for branch in branches {
                    branch.fed(slots);
                }
                input.fed(slots);
            }
            Node::Extend(input, _, computed) => {
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
            Node::Distinct(..) | Node::Group { .. } | Node::Sort { .. } | Node::Slice { .. } => {}
        }
    }
}
