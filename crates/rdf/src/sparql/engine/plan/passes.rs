//! Passes over a whole plan: numbering its steps, pruning unread columns, and pushing limits down.

use crate::sparql::engine::plan::node::{Computed, Condition, Node, Op, Source, StepId, TopK};
use crate::sparql::engine::plan::slots::Slots;

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

    /// Tells each join which slots later steps read, given those that the steps after this one read. O(n · v / 64)
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
                pattern.needed = needed.clone();
                needed.extend(pattern.slots());
                input.prune(needed);
            }
            Op::Path(input, path) => {
                path.needed = needed.clone();
                needed.extend(path.slots());
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
                node.look_for(*row);
                node.fed(&mut needed);
                input.prune(needed);
            }
            Op::Split {
                input,
                slot,
                bound,
                unbound,
            } => {
                prune_branches([&mut **bound, unbound], &mut needed);
                needed.insert(*slot);
                input.prune(needed);
            }
            Op::Union(input, branches) => {
                prune_branches(branches, &mut needed);
                input.prune(needed);
            }
            Op::Extend(input, _, computed) => {
                needed.extend(computed.slots());
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

    /// Prunes a step that finds out which rows have a match, `row` the slot of their numbers: the first one is enough.
    fn look_for(&mut self, row: usize) {
        self.prune(Slots::from_iter([row]));
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
                slots.extend(pattern.slots());
                input.fed(slots);
            }
            Op::Path(input, path) => {
                slots.extend(path.slots());
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
                slots.extend(computed.slots());
                input.fed(slots);
            }
            // These start from nothing: see `compile`.
            Op::Distinct(..) | Op::Group { .. } | Op::Sort { .. } | Op::Slice { .. } => {}
        }
    }
}

impl<'a> Condition<'a> {
    /// Returns the slots that it reads.
    pub(crate) fn slots(&self) -> Vec<usize> {
        match self {
            Self::Allowed { allowed, .. } => vec![allowed.slot],
            Self::Same { left, right, .. } => vec![*left, *right],
            Self::Bound(slot, _) => vec![*slot],
            Self::Exists { node, .. } => {
                let mut slots = Slots::new();
                node.fed(&mut slots);
                slots.iter().collect()
            }
            Self::Check(check) => check.slots.clone(),
        }
    }

    pub(crate) fn prune(&mut self) {
        if let Self::Exists { node, row, .. } = self {
            node.look_for(*row);
        }
    }

    /// Returns the plan of an `EXISTS` condition.
    pub(crate) fn node(&mut self) -> Option<&mut Node<'a>> {
        match self {
            Self::Exists { node, .. } => Some(node),
            _ => None,
        }
    }
}

/// Prunes branches that share their input, and adds the slots that they read from it.
fn prune_branches<'n, 'a: 'n>(
    branches: impl IntoIterator<Item = &'n mut Node<'a>>,
    needed: &mut Slots,
) {
    let wanted = needed.clone();
    for branch in branches {
        branch.prune(wanted.clone());
        branch.fed(needed);
    }
}
