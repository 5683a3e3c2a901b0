//! Tells steps what their rows are for: where only their number matters, they are counted, not made.

use crate::sparql::engine::plan::group::{Aggregate, Function};
use crate::sparql::engine::plan::join::Purpose;
use crate::sparql::engine::plan::node::{Computed, Condition, Node, Op, Source};

impl Node<'_> {
    /// Tells this step, and those below it, what its rows are for.
    ///
    /// Solutions may be counted where all steps up to the aggregates do with a row what they would do with each of the
    /// solutions that it stands for. Steps that look at a number of rows, and expressions with another value each time,
    /// take each solution for itself.
    pub(crate) fn serve(&mut self, purpose: Purpose) {
        match &mut self.op {
            Op::Input => {}
            Op::Join(input, bgp) => {
                bgp.purpose = purpose;
                input.serve(purpose);
            }
            Op::Scan(input, pattern) => {
                pattern.purpose = purpose;
                input.serve(purpose);
            }
            Op::Path(input, path) => {
                path.purpose = purpose;
                input.serve(purpose);
            }
            Op::Table(input, table) => {
                if let Source::Plan(plan) = &mut table.source {
                    plan.serve(purpose);
                }
                input.serve(purpose);
            }
            Op::Minus(input, table) => {
                if let Source::Plan(plan) = &mut table.source {
                    plan.serve(Purpose::Any);
                }
                input.serve(purpose);
            }
            Op::Filter(input, conditions) => {
                for node in conditions.iter_mut().filter_map(Condition::node) {
                    node.serve(Purpose::Any);
                }
                input.serve(purpose);
            }
            Op::Optional { left, right, .. } => {
                right.serve(purpose);
                left.serve(purpose);
            }
            Op::Mark { input, node, .. } => {
                node.serve(Purpose::Any);
                input.serve(purpose);
            }
            Op::Split {
                input,
                bound,
                unbound,
                ..
            } => {
                bound.serve(purpose);
                unbound.serve(purpose);
                input.serve(purpose);
            }
            Op::Union(input, branches) => {
                branches.iter_mut().for_each(|branch| branch.serve(purpose));
                input.serve(purpose);
            }
            Op::Extend(input, _, computed) => {
                let is_volatile = match computed {
                    Computed::Expression(scalar) => scalar.is_volatile(),
                    Computed::Copy(_) | Computed::Term(_) => false,
                };
                input.serve(if is_volatile { Purpose::Rows } else { purpose });
            }
            Op::Distinct(input, _) => input.serve(Purpose::Any),
            Op::Group {
                input, aggregates, ..
            } => input.serve(purpose_of(aggregates)),
            Op::Sort { input, .. } | Op::Slice { input, .. } => input.serve(Purpose::Rows),
        }
    }
}

/// Returns what aggregates need of the rows.
fn purpose_of(aggregates: &[Aggregate]) -> Purpose {
    let of = |aggregate: &Aggregate| match &aggregate.function {
        _ if aggregate.distinct => Purpose::Any,
        Function::Least | Function::Greatest | Function::Sample => Purpose::Any,
        Function::Concatenate(_) => Purpose::Rows,
        _ => Purpose::Count,
    };
    let mut purpose = Purpose::Any;
    for one in aggregates.iter().map(of) {
        match one {
            Purpose::Rows => return Purpose::Rows,
            Purpose::Count => purpose = Purpose::Count,
            Purpose::Any => {}
        }
    }
    purpose
}
