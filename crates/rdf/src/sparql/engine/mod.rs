//! Evaluates queries on the columns of a compiled map.
//!
//! A query becomes a plan of steps ([`plan`]) that hand rows of term numbers to each other in batches; terms are looked
//! up at the end. Triple patterns are joined by a worst-case optimal search ([`join`]) in an order that exact sizes
//! suggest ([`order`]). What the numbers of terms cannot decide is asked of the evaluator of the whole standard, a batch
//! at a time ([`outside`]); a query with a pattern that is not known here is left to it altogether.

mod answers;
mod batch;
mod certain;
mod comparison;
mod compile;
mod concat;
mod condition;
mod construct;
mod context;
mod cost;
mod explain;
mod expressions;
mod feed;
mod filters;
mod given;
mod graphs;
mod group;
mod index;
mod join;
mod language;
mod modifiers;
mod order;
mod output;
mod outside;
mod parts;
mod path;
mod patterns;
mod plan;
mod relation;
mod run;
mod scalar;
mod scan;
mod search;
mod slots;
mod sort;
mod table;
mod value;
mod volatile;

use crate::sparql::engine::batch::Batch;
use crate::sparql::engine::compile::{Compiler, NoPlan, Rows};
pub(crate) use crate::sparql::engine::construct::columns_of;
pub(crate) use crate::sparql::engine::context::Context;
use crate::sparql::engine::context::{Flow, store_error};
use crate::sparql::engine::explain::{Counts, Explainer};
use crate::sparql::engine::plan::Node;
use crate::sparql::engine::run::Run;
use crate::sparql::error::SparqlError;
use crate::sparql::memory::{Holder, term_bytes};
use crate::store::compiled::graph::GraphRef;
use crate::store::compiled::keys::Keys;
use crate::store::error::StoreError;
use oxigraph::model::{NamedNode, Term, Variable};
use spargebra::algebra::GraphPattern;
use std::ops::Range;

/// The rows of a query, their terms not looked up yet.
pub(crate) struct Found<'a> {
    context: Context<'a>,
    /// The columns in the order of `SELECT`.
    pub(crate) variables: Vec<Variable>,
    slots: Vec<usize>,
    rows: Batch,
    /// The steps in words, if they were asked for.
    pub(crate) plan: Vec<String>,
}

/// What the engine makes of a pattern.
pub(crate) enum Outcome<'a> {
    Found(Box<Found<'a>>),
    /// It has a part that is not known here: this.
    NotKnown(&'static str),
}

/// Evaluates a pattern. `named`: the graphs of `FROM NAMED`. `limit`: so many rows are enough. `explain`: whether the
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
        node = Node::Slice {
            input: Box::new(node),
            start: 0,
            length: Some(limit),
        };
    }
    node.prune(slots.iter().copied().collect());
    let counts = Counts::default();
    let run = Run {
        context: &context,
        relations: &compiler.relations,
        slots: compiler.slots,
        counts: explain.then_some(&counts),
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
                counts: &counts,
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

impl<'a> Found<'a> {
    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.rows.len
    }

    /// The different terms in all of the rows, by their numbers.
    pub(crate) fn distinct_terms(self) -> Result<Vec<Term>, SparqlError> {
        let memory = &self.context.memory;
        let columns = self.slots.iter().map(|slot| &self.rows.columns[*slot]);
        let mut held = memory.hold(Holder::Result);
        held.set(self.rows.len * self.slots.len() * size_of::<u32>())?;
        let mut numbers: Vec<u32> = columns.flatten().copied().collect();
        numbers.sort_unstable();
        numbers.dedup();
        let mut terms = Vec::new();
        for number in numbers {
            if let Some(term) = self.context.term(number).map_err(store_error)? {
                memory.keep(Holder::Result, term_bytes(Some(term.as_ref())))?;
                terms.push(term);
            }
        }
        Ok(terms)
    }

    /// Puts the keys of the terms of some rows into `keys`, column by column.
    pub(crate) fn keys(&self, rows: Range<usize>, keys: &mut Keys) -> Result<(), StoreError> {
        let column = |slot: &usize| rows.clone().map(|row| self.rows.get(*slot, row)).collect();
        let columns: Vec<Vec<u32>> = self.slots.iter().map(column).collect();
        self.context.dataset.keys(&columns, keys)
    }
}
