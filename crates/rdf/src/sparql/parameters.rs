//! Binding parameters: replaces variables by terms in the algebra of a query, never in its text.
//!
//! A variable is replaced wherever it is the one that the outermost scope sees: in patterns, filters, `EXISTS`,
//! `SERVICE` blocks, `VALUES`, and in sub-selects that project it. A sub-select that does not project it has a
//! variable of its own that happens to have the same name; it stays. Where the variable belongs to a result it comes
//! back with the given value.

use crate::sparql::binding::Binding;
use crate::sparql::error::SparqlError;
use oxigraph::model::{Term, Variable};
use spargebra::algebra::{Expression, GraphPattern};
use spargebra::{GraphUpdateOperation, Query, Update};
use std::collections::BTreeSet;

/// Binds parameters in a query.
///
/// # Errors
/// [`SparqlError::UnknownParameter`], [`SparqlError::AssignedParameter`], [`SparqlError::BlankParameter`],
/// [`SparqlError::RepeatedParameter`].
pub(crate) fn bind(query: &mut Query, parameters: &[(String, Term)]) -> Result<(), SparqlError> {
    if parameters.is_empty() {
        return Ok(());
    }
    let binding = Binding::new(parameters)?;
    match query {
        Query::Select { pattern, .. }
        | Query::Describe { pattern, .. }
        | Query::Ask { pattern, .. } => binding.root(pattern),
        Query::Construct {
            template, pattern, ..
        } => {
            binding.root(pattern);
            template.retain_mut(|triple| binding.triple(triple));
        }
    }
    binding.check()
}

/// Returns the variables of a query that can be given from outside, sorted.
pub fn free_variables(query: &Query) -> BTreeSet<String> {
    let binding = Binding::default();
    let mut query = query.clone();
    match &mut query {
        Query::Select { pattern, .. }
        | Query::Describe { pattern, .. }
        | Query::Ask { pattern, .. }
        | Query::Construct { pattern, .. } => binding.root(pattern),
    }
    binding.free()
}

/// Binds parameters in the `WHERE` clauses and templates of an update.
///
/// # Errors
/// As [`bind`]; a parameter must occur in one of the operations.
pub(crate) fn bind_update(
    update: &mut Update,
    parameters: &[(String, Term)],
) -> Result<(), SparqlError> {
    if parameters.is_empty() {
        return Ok(());
    }
    let binding = Binding::new(parameters)?;
    for operation in &mut update.operations {
        if let GraphUpdateOperation::DeleteInsert {
            delete,
            insert,
            pattern,
            ..
        } = operation
        {
            binding.pattern(pattern);
            delete.retain_mut(|quad| {
                binding.ground_term(&mut quad.subject);
                binding.ground_term(&mut quad.object);
                binding.name(&mut quad.predicate) && binding.graph(&mut quad.graph_name)
            });
            insert.retain_mut(|quad| {
                binding.term(&mut quad.subject);
                binding.term(&mut quad.object);
                binding.name(&mut quad.predicate) && binding.graph(&mut quad.graph_name)
            });
        }
    }
    binding.check()
}

/// Returns whether a pattern reads or assigns a variable, outside of sub-selects that hide it.
pub(crate) fn reads(pattern: &GraphPattern, variable: &Variable) -> bool {
    let binding = Binding::default();
    binding.pattern(&mut pattern.clone());
    binding.read.borrow().contains(variable.as_str())
        || binding.assigned.borrow().contains(variable.as_str())
}

/// Returns the variables that an expression reads.
pub fn read_variables(expression: &Expression) -> BTreeSet<String> {
    let binding = Binding::default();
    binding.expression(&mut expression.clone());
    binding.read.into_inner()
}
