//! `GRAPH ?g { … }` as the standard has it: the block is evaluated in each named graph, and `?g` is bound after that.
//!
//! The evaluator passes `?g` to the triple patterns in the block instead, which is faster and gives the same where each
//! solution matches a triple and nothing in the block reads `?g`. Where it would not give the same (`MINUS` or a
//! sub-select anywhere inside, `VALUES` alone, a filter on `?g`), the block is replaced by one copy for each graph
//! here.

use crate::sparql::algebra::{in_scope_variables, nothing, visit};
use crate::sparql::parameters::reads;
use oxigraph::model::{NamedNode, Variable};
use spargebra::algebra::GraphPattern;
use spargebra::term::{GroundTerm, NamedNodePattern};

/// Spreads the blocks that need it over the named graphs, which are listed only then.
///
/// # Errors
/// The errors of `graphs`.
pub(crate) fn spread<E>(
    pattern: &mut GraphPattern,
    graphs: impl FnOnce() -> Result<Vec<NamedNode>, E>,
) -> Result<(), E> {
    let mut is_needed = false;
    visit(pattern, &mut |pattern| {
        is_needed |= block(pattern).is_some();
    });
    if is_needed {
        let graphs = graphs()?;
        visit(pattern, &mut |pattern| {
            if let Some((variable, inner)) = block(pattern) {
                *pattern = over_graphs(&graphs, variable, inner);
            }
        });
    }
    Ok(())
}

/// Returns the variable and the inside of a block that must be spread.
pub(crate) fn block(pattern: &GraphPattern) -> Option<(&Variable, &GraphPattern)> {
    match pattern {
        GraphPattern::Graph {
            name: NamedNodePattern::Variable(variable),
            inner,
        } if !matches_a_triple(inner) || has_own_scope(inner) || reads(inner, variable) => {
            Some((variable, inner))
        }
        _ => None,
    }
}

/// Returns a block as one copy for each graph.
pub(crate) fn over_graphs(
    graphs: &[NamedNode],
    variable: &Variable,
    inner: &GraphPattern,
) -> GraphPattern {
    graphs
        .iter()
        .map(|graph| in_graph(graph, variable, inner))
        .reduce(|left, right| GraphPattern::Union {
            left: Box::new(left),
            right: Box::new(right),
        })
        .unwrap_or_else(nothing)
}

/// Returns the block in one graph, with the variable bound to its name.
fn in_graph(graph: &NamedNode, variable: &Variable, inner: &GraphPattern) -> GraphPattern {
    let block = GraphPattern::Graph {
        name: graph.clone().into(),
        inner: Box::new(inner.clone()),
    };
    if in_scope_variables(inner).contains(variable) {
        GraphPattern::Join {
            left: Box::new(block),
            right: Box::new(GraphPattern::Values {
                variables: vec![variable.clone()],
                bindings: vec![vec![Some(GroundTerm::NamedNode(graph.clone()))]],
            }),
        }
    } else {
        GraphPattern::Extend {
            inner: Box::new(block),
            variable: variable.clone(),
            expression: graph.clone().into(),
        }
    }
}

/// Returns whether a pattern has a part in which another `?g` would be meant, or to which `?g` would be one more shared
/// variable.
fn has_own_scope(pattern: &GraphPattern) -> bool {
    let mut found = false;
    visit(&mut pattern.clone(), &mut |pattern| {
        found |= matches!(
            pattern,
            GraphPattern::Project { .. } | GraphPattern::Group { .. } | GraphPattern::Minus { .. }
        );
    });
    found
}

/// Returns whether each solution of a pattern matches a triple of the graph, so that this binds the graph's name.
fn matches_a_triple(pattern: &GraphPattern) -> bool {
    match pattern {
        // A block without any pattern is known to the evaluator.
        GraphPattern::Bgp { .. } | GraphPattern::Path { .. } => true,
        GraphPattern::Join { left, right } => matches_a_triple(left) || matches_a_triple(right),
        GraphPattern::Union { left, right } => matches_a_triple(left) && matches_a_triple(right),
        GraphPattern::LeftJoin { left: inner, .. }
        | GraphPattern::Lateral { left: inner, .. }
        | GraphPattern::Filter { inner, .. }
        | GraphPattern::Extend { inner, .. } => matches_a_triple(inner),
        _ => false,
    }
}
