//! `call:loops` and `call:paths` over a pattern: the block says itself what an edge is, over any RDF.
//!
//! ```sparql
//! SELECT ?path ?step ?a ?b WHERE {
//!   SERVICE call:paths { [] call:source ex:ada ; call:target ex:eve ; call:maxHops 4 ;
//!       call:path ?path ; call:step ?step ; call:from ?a ; call:to ?b .
//!     ?a ex:knows ?b FILTER(?a != ex:bob) }
//! }
//! ```
//!
//! There is an edge from each `?a` to each `?b` that the pattern binds to the variables of `call:from` and `call:to`;
//! with `call:edge ?e`, `?e` names it, and parallel edges are legs of one step, a row each. The pattern is everything in
//! the block that is not the call, with the `FILTER` and `BIND` that read nothing else; it sees the default graph of
//! the query without its `FROM`. Its other variables are not seen outside of the block. Ends may be any terms.
//!
//! `call:paths` gives the simple paths from `call:source` to `call:target`; `call:loops` the simple cycles, each once,
//! from its smallest node on, with `call:through` those through all of these nodes. The shortest come first,
//! and equally long ones always in the same order.
//!
//! # Complexity
//! Besides evaluating the pattern: O(m log m) for m edges, and for each length up to the longest allowed the time of
//! [`Paths`](powermap_graph::Paths) or [`Cycles`](powermap_graph::Cycles).

use crate::callable::block::{Block, Layer};
use crate::callable::context::{Context, joined, projected};
use crate::callable::edges::Edges;
use crate::callable::error::CallError;
use crate::callable::request::{Request, Sink};
use crate::callable::signature::Signature;
use crate::callable::values::check_counts;
use crate::callable::walker::{Kernel, Walker, Walks};
use oxigraph::model::Variable;
use powermap_rdf::algebra::in_scope_variables;
use powermap_rdf::{Call, ReadStore, ServiceAnswer};
use spargebra::algebra::GraphPattern;
use spargebra::term::TermPattern;
use std::collections::BTreeSet;

/// Answers a call with a pattern.
pub(crate) fn answer<S: ReadStore>(
    kernel: Kernel,
    mut block: Block,
    context: &Context<S>,
    call: &Call<'_>,
) -> Result<ServiceAnswer, CallError> {
    let signature = kernel.signature();
    let (pattern, scope) = take_pattern(&mut block, &signature);
    let variables = block.table_variables();
    let request = Request::read(&block, &variables, &signature)?;
    let from = end(&block, "from", &scope)?;
    let to = end(&block, "to", &scope)?;
    let is_named = block.properties.iter().any(|(name, _)| name == "edge");
    let edge = is_named.then(|| end(&block, "edge", &scope)).transpose()?;
    let ends: BTreeSet<_> = [&from, &to].into_iter().chain(&edge).cloned().collect();
    let edges = context.rows(
        projected(pattern, ends.into_iter().collect()),
        call.cancellation,
    )?;
    let edges = Edges::new(&edges, &from, &to, edge.as_ref())?;
    let table = context.table(&block, call.cancellation)?;
    let is_filtered = block.layers.iter().any(|l| matches!(l, Layer::Filter(_)));
    let wanted = call.rows_wanted.filter(|_| !is_filtered);
    let mut walker = Walker {
        edges: &edges,
        sink: Sink::new(&request, &table, wanted),
        table: &table,
        row: 0,
    };
    let mut notices = Vec::new();
    for (given, rows) in request.runs(&table) {
        check_counts(&signature.parameters, &given)?;
        let walks = Walks::read(kernel, &signature, &given)?;
        if let Some(notice) = walker.run(&walks, &rows, call)? {
            notices.push(notice);
        }
    }
    let table = context.finish(walker.sink, block.layers, call.cancellation)?;
    Ok(ServiceAnswer {
        variables: table.variables,
        rows: table.rows,
        notices,
    })
}

/// Takes the pattern that says what an edge is out of a block, and gives it with its variables.
fn take_pattern(block: &mut Block, signature: &Signature) -> (GraphPattern, BTreeSet<Variable>) {
    let mut parts = std::mem::take(&mut block.patterns);
    let mut scope: BTreeSet<_> = parts.iter().flat_map(in_scope_variables).collect();
    let is_parameter = |variable: &Variable| {
        block.properties.iter().any(|(name, object)| {
            signature.parameter(name).is_some() && *object == TermPattern::from(variable.clone())
        })
    };
    // VALUES that give no parameter a value are part of the pattern if they share a variable with it.
    let (inner, tables) = block.tables.drain(..).partition(|table| {
        let variables = in_scope_variables(table);
        !variables.iter().any(is_parameter) && !variables.is_disjoint(&scope)
    });
    block.tables = tables;
    for table in inner {
        scope.extend(in_scope_variables(&table));
        parts.push(table);
    }
    let mut pattern = joined(parts).unwrap_or_default();
    // What stands in the block besides the pattern, and what is made of that.
    let mut others = block.table_variables();
    others.extend(
        block
            .properties
            .iter()
            .filter_map(|(_, object)| match object {
                TermPattern::Variable(variable) => Some(variable.clone()),
                _ => None,
            }),
    );
    let mut outer = Vec::new();
    for layer in block.layers.drain(..) {
        let read = layer.variables();
        let is_inner = read.iter().any(|variable| scope.contains(variable))
            && !read
                .iter()
                .any(|v| others.contains(v) && !scope.contains(v));
        if !is_inner {
            if let Layer::Bind(variable, _) = &layer {
                others.insert(variable.clone());
            }
            outer.push(layer);
            continue;
        }
        match &layer {
            Layer::Bind(variable, _) => {
                scope.insert(variable.clone());
            }
            Layer::Optional(right, _) => scope.extend(in_scope_variables(right)),
            Layer::Filter(_) | Layer::Minus(_) => {}
        }
        pattern = layer.over(pattern);
    }
    block.layers = outer;
    (pattern, scope)
}

/// Returns the variable of the pattern that a property names.
fn end(
    block: &Block,
    name: &'static str,
    scope: &BTreeSet<Variable>,
) -> Result<Variable, CallError> {
    let mut objects = block.properties.iter().filter(|(other, _)| other == name);
    let found = match objects.next() {
        Some((_, TermPattern::Variable(variable))) if scope.contains(variable) => {
            return Ok(variable.clone());
        }
        Some((_, TermPattern::Variable(variable))) => format!("{variable} does not occur in it"),
        Some((_, object)) => format!("found {object}"),
        None => "there is none".to_owned(),
    };
    Err(CallError::NoEnd { name, found })
}
