//! Walks over the algebra of queries.

use oxigraph::model::Variable;
use spargebra::algebra::{AggregateExpression, Expression, GraphPattern, OrderExpression};
use std::collections::BTreeSet;

/// Visits a pattern and all patterns in it, the inner ones first, those of `EXISTS` too.
///
/// The content of a `SERVICE` block belongs to the service and is not visited.
pub fn visit(pattern: &mut GraphPattern, each: &mut dyn FnMut(&mut GraphPattern)) {
    for inner in inner_patterns_mut(pattern) {
        visit(inner, each);
    }
    each(pattern);
}

/// Returns the patterns that a pattern is made of, those of `EXISTS` too, to be changed; the content of a `SERVICE` block
/// is none.
pub(crate) fn inner_patterns_mut(pattern: &mut GraphPattern) -> Vec<&mut GraphPattern> {
    let mut found = Vec::new();
    match pattern {
        GraphPattern::Bgp { .. }
        | GraphPattern::Path { .. }
        | GraphPattern::Values { .. }
        | GraphPattern::Service { .. } => {}
        GraphPattern::Join { left, right }
        | GraphPattern::Lateral { left, right }
        | GraphPattern::Union { left, right }
        | GraphPattern::Minus { left, right } => found.extend([&mut **left, &mut **right]),
        GraphPattern::LeftJoin {
            left,
            right,
            expression,
        } => {
            found.extend([&mut **left, &mut **right]);
            if let Some(expression) = expression {
                add_exists(expression, &mut found);
            }
        }
        GraphPattern::Filter {
            expr: expression,
            inner,
        }
        | GraphPattern::Extend {
            expression, inner, ..
        } => {
            found.push(inner);
            add_exists(expression, &mut found);
        }
        GraphPattern::OrderBy { inner, expression } => {
            found.push(inner);
            for OrderExpression::Asc(e) | OrderExpression::Desc(e) in expression {
                add_exists(e, &mut found);
            }
        }
        GraphPattern::Group {
            inner, aggregates, ..
        } => {
            found.push(inner);
            for (_, aggregate) in aggregates {
                if let AggregateExpression::FunctionCall { expr, .. } = aggregate {
                    add_exists(expr, &mut found);
                }
            }
        }
        GraphPattern::Graph { inner, .. }
        | GraphPattern::Project { inner, .. }
        | GraphPattern::Distinct { inner }
        | GraphPattern::Reduced { inner }
        | GraphPattern::Slice { inner, .. } => found.push(inner),
    }
    found
}

/// Adds the patterns of `EXISTS` in an expression.
fn add_exists<'e>(expression: &'e mut Expression, found: &mut Vec<&'e mut GraphPattern>) {
    match expression {
        Expression::Exists(pattern) => found.push(pattern),
        expression => {
            for inner in operands(expression) {
                add_exists(inner, found);
            }
        }
    }
}

/// Writes a function that lists operands, of an expression that can be changed or of one that is read.
macro_rules! list_operands {
    ($(#[$doc:meta])* $name:ident, $iter:ident $(, $mutable:tt)?) => {
        $(#[$doc])*
        pub(crate) fn $name(expression: &$($mutable)? Expression) -> Vec<&$($mutable)? Expression> {
            match expression {
                Expression::NamedNode(_)
                | Expression::Literal(_)
                | Expression::Variable(_)
                | Expression::Bound(_)
                | Expression::Exists(_) => Vec::new(),
                Expression::Or(left, right)
                | Expression::And(left, right)
                | Expression::Equal(left, right)
                | Expression::SameTerm(left, right)
                | Expression::Greater(left, right)
                | Expression::GreaterOrEqual(left, right)
                | Expression::Less(left, right)
                | Expression::LessOrEqual(left, right)
                | Expression::Add(left, right)
                | Expression::Subtract(left, right)
                | Expression::Multiply(left, right)
                | Expression::Divide(left, right) => vec![left, right],
                Expression::UnaryPlus(inner)
                | Expression::UnaryMinus(inner)
                | Expression::Not(inner) => vec![inner],
                Expression::If(condition, yes, no) => vec![condition, yes, no],
                Expression::In(inner, list) => {
                    std::iter::once(&$($mutable)? **inner).chain(list).collect()
                }
                Expression::Coalesce(list) | Expression::FunctionCall(_, list) => {
                    list.$iter().collect()
                }
            }
        }
    };
}

list_operands!(
    /// Returns the expressions that an expression is made of, to be changed; the pattern of `EXISTS` is none.
    operands,
    iter_mut,
    mut
);
list_operands!(
    /// Returns the expressions that an expression is made of; the pattern of `EXISTS` is none.
    parts,
    iter
);

/// Returns the patterns of `EXISTS` in an expression, from left to right.
pub(crate) fn exists_patterns(expression: &Expression) -> Vec<&GraphPattern> {
    let (mut found, mut open) = (Vec::new(), vec![expression]);
    while let Some(expression) = open.pop() {
        if let Expression::Exists(pattern) = expression {
            found.push(&**pattern);
        }
        open.extend(parts(expression).into_iter().rev());
    }
    found
}

/// Returns the expressions of a pattern itself, those of the patterns in it left out.
pub(crate) fn expressions(pattern: &GraphPattern) -> Vec<&Expression> {
    match pattern {
        GraphPattern::Filter { expr, .. } => vec![expr],
        GraphPattern::Extend { expression, .. } => vec![expression],
        GraphPattern::LeftJoin { expression, .. } => expression.iter().collect(),
        GraphPattern::OrderBy { expression, .. } => {
            let by = expression.iter();
            by.map(|(OrderExpression::Asc(e) | OrderExpression::Desc(e))| e)
                .collect()
        }
        GraphPattern::Group { aggregates, .. } => {
            let aggregates = aggregates.iter();
            let read = aggregates.map(|(_, aggregate)| match aggregate {
                AggregateExpression::FunctionCall { expr, .. } => Some(expr),
                AggregateExpression::CountSolutions { .. } => None,
            });
            read.flatten().collect()
        }
        _ => Vec::new(),
    }
}

/// Returns the patterns that a pattern is made of, those of `EXISTS` too.
pub(crate) fn inner_patterns(pattern: &GraphPattern) -> Vec<&GraphPattern> {
    let mut found: Vec<&GraphPattern> = match pattern {
        GraphPattern::Bgp { .. } | GraphPattern::Path { .. } | GraphPattern::Values { .. } => {
            Vec::new()
        }
        GraphPattern::Join { left, right }
        | GraphPattern::Lateral { left, right }
        | GraphPattern::Union { left, right }
        | GraphPattern::Minus { left, right }
        | GraphPattern::LeftJoin { left, right, .. } => vec![left, right],
        GraphPattern::Filter { inner, .. }
        | GraphPattern::Extend { inner, .. }
        | GraphPattern::OrderBy { inner, .. }
        | GraphPattern::Group { inner, .. }
        | GraphPattern::Graph { inner, .. }
        | GraphPattern::Project { inner, .. }
        | GraphPattern::Distinct { inner }
        | GraphPattern::Reduced { inner }
        | GraphPattern::Slice { inner, .. }
        | GraphPattern::Service { inner, .. } => vec![inner],
    };
    for expression in expressions(pattern) {
        found.extend(exists_patterns(expression));
    }
    found
}

/// Returns the variables that the solutions of a pattern can bind.
pub fn in_scope_variables(pattern: &GraphPattern) -> BTreeSet<Variable> {
    let mut variables = BTreeSet::new();
    pattern.on_in_scope_variable(|variable| {
        variables.insert(variable.clone());
    });
    variables
}

/// Returns a pattern without solutions.
pub(crate) fn nothing() -> GraphPattern {
    GraphPattern::Values {
        variables: Vec::new(),
        bindings: Vec::new(),
    }
}
