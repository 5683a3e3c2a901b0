//! Which variables have a value in every solution of a pattern.

use oxigraph::model::Variable;
use spargebra::algebra::{AggregateExpression, AggregateFunction, Expression, GraphPattern};
use spargebra::term::{NamedNodePattern, TermPattern};
use std::collections::BTreeSet;

/// The variables that have a value in every solution.
pub(crate) fn certain(pattern: &GraphPattern) -> BTreeSet<Variable> {
    match pattern {
        GraphPattern::Bgp { patterns } => {
            let mut found = BTreeSet::new();
            for triple in patterns {
                found.extend(variable(&triple.subject));
                found.extend(variable(&triple.object));
                if let NamedNodePattern::Variable(predicate) = &triple.predicate {
                    found.insert(predicate.clone());
                }
            }
            found
        }
        GraphPattern::Path {
            subject, object, ..
        } => variable(subject)
            .into_iter()
            .chain(variable(object))
            .collect(),
        GraphPattern::Join { left, right } | GraphPattern::Lateral { left, right } => {
            let mut found = certain(left);
            found.extend(certain(right));
            found
        }
        GraphPattern::LeftJoin { left, .. } | GraphPattern::Minus { left, .. } => certain(left),
        GraphPattern::Union { left, right } => certain(left)
            .intersection(&certain(right))
            .cloned()
            .collect(),
        GraphPattern::Graph { inner, .. }
        | GraphPattern::Filter { inner, .. }
        | GraphPattern::OrderBy { inner, .. }
        | GraphPattern::Distinct { inner }
        | GraphPattern::Reduced { inner }
        | GraphPattern::Slice { inner, .. } => certain(inner),
        GraphPattern::Extend {
            inner,
            variable,
            expression,
        } => {
            let mut found = certain(inner);
            let has_value = match expression {
                Expression::NamedNode(_) | Expression::Literal(_) => true,
                Expression::Variable(from) => found.contains(from),
                _ => false,
            };
            if has_value {
                found.insert(variable.clone());
            }
            found
        }
        GraphPattern::Values {
            variables,
            bindings,
        } => {
            let is_full = |place: usize| bindings.iter().all(|row| row[place].is_some());
            let names = variables.iter().enumerate();
            names
                .filter(|(place, _)| is_full(*place))
                .map(|(_, name)| name.clone())
                .collect()
        }
        GraphPattern::Project { inner, variables } => {
            let inner = certain(inner);
            variables
                .iter()
                .filter(|name| inner.contains(name))
                .cloned()
                .collect()
        }
        GraphPattern::Group {
            inner,
            variables,
            aggregates,
        } => {
            let inner = certain(inner);
            let counts = aggregates.iter().filter(|(_, aggregate)| match aggregate {
                AggregateExpression::CountSolutions { .. } => true,
                AggregateExpression::FunctionCall { name, expr, .. } => {
                    *name == AggregateFunction::Count && matches!(expr, Expression::Variable(_))
                }
            });
            variables
                .iter()
                .filter(|name| inner.contains(name))
                .chain(counts.map(|(name, _)| name))
                .cloned()
                .collect()
        }
        GraphPattern::Service { .. } => BTreeSet::new(),
    }
}

fn variable(term: &TermPattern) -> Option<Variable> {
    match term {
        TermPattern::Variable(variable) => Some(variable.clone()),
        _ => None,
    }
}
