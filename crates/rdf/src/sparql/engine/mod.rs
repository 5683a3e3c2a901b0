//! Evaluates queries on the columns of a compiled map.
//!
//! A query becomes a [`plan`] of steps, which never changes once it is made; a [`run`] of it hands rows of term numbers
//! from step to step in batches, and keeps its state by the numbers of the steps. Terms are looked up at the
//! end. Triple patterns are joined by a worst-case optimal search in an order that exact sizes suggest. What the
//! numbers of terms cannot decide goes to the general evaluator, spareval, a batch at a time ([`outside`]); a query
//! with a pattern that is not known here goes to it as a whole.

mod batch;
mod construct;
mod context;
mod found;
mod outside;
mod plan;
mod relation;
mod run;
mod value;

use crate::sparql::engine::batch::Batch;
pub(crate) use crate::sparql::engine::construct::columns_of;
pub(crate) use crate::sparql::engine::context::Context;
use crate::sparql::engine::context::Flow;
pub(crate) use crate::sparql::engine::found::Found;
use crate::sparql::engine::plan::compiler::Compiler;
use crate::sparql::engine::plan::join::Purpose;
use crate::sparql::engine::plan::node::Op;
use crate::sparql::engine::plan::rows::{NoPlan, Rows};
use crate::sparql::engine::run::explain::Explainer;
use crate::sparql::engine::run::state::{Run, State};
use crate::sparql::error::SparqlError;
use crate::sparql::memory::Holder;
use crate::store::compiled::graph::GraphRef;
use oxigraph::model::NamedNode;
use spargebra::algebra::GraphPattern;

/// The outcome of evaluating a pattern.
pub(crate) enum Outcome<'a> {
    Found(Box<Found<'a>>),
    /// The pattern has an unsupported part, which is named.
    NotKnown(&'static str),
}

/// Evaluates a pattern. `named`: the graphs of `FROM NAMED`. `limit`: how many rows are enough. `explain`: whether the
/// plan is wanted too.
pub(crate) fn evaluate<'a>(
    context: Context<'a>,
    default_graph: Vec<GraphRef<'a>>,
    named: Option<&[NamedNode]>,
    pattern: &GraphPattern,
    limit: Option<usize>,
    explain: bool,
) -> Result<Outcome<'a>, SparqlError> {
    let mut compiler = Compiler::new(&context, default_graph, named, pattern)?;
    compiler.scope_of(pattern);
    let rows = match compiler.pattern(pattern, Rows::unit()) {
        Ok(rows) => rows,
        Err(NoPlan::NotKnown(what)) => return Ok(Outcome::NotKnown(what)),
        Err(NoPlan::Failed(error)) => return Err(error),
    };
    let mut variables = Vec::new();
    pattern.on_in_scope_variable(|variable| {
        if !variables.contains(variable) {
            variables.push(variable.clone());
        }
    });
    let slots: Vec<usize> = variables
        .iter()
        .map(|name| compiler.slot(name.as_str()))
        .collect();
    let mut node = rows.node;
    if let Some(limit) = limit {
        node = Op::Slice {
            input: Box::new(node),
            start: 0,
            length: Some(limit),
        }
        .into();
    }
    node.prune(slots.iter().copied().collect());
    node.serve(Purpose::Rows);
    let mut steps = 0;
    node.number(&mut steps);
    let state = State::new(steps, compiler.memos);
    let run = Run {
        context: &context,
        relations: &compiler.relations,
        slots: compiler.slots,
        state: &state,
        is_counted: explain,
    };
    let mut found = Batch::new(compiler.slots);
    let mut held = context.memory.hold(Holder::Result);
    run.node(&node, &Batch::unit(compiler.slots), &mut |batch| {
        held.set(found.bytes_with(batch))?;
        found.append(batch);
        Ok(Flow::Go)
    })?;
    let plan = match explain {
        true => {
            let names = compiler.slot_names();
            let explainer = Explainer {
                names: &names,
                state: &state,
            };
            explainer.lines(&node)
        }
        false => Vec::new(),
    };
    drop(compiler);
    held.keep();
    Ok(Outcome::Found(Box::new(Found {
        context,
        variables,
        slots,
        rows: found,
        plan,
    })))
}
