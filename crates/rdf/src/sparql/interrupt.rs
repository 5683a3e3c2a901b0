//! Lets a timeout reach joins of patterns that share no variable.
//!
//! The evaluator checks the cancellation token when it reads triples. The product of two sets of solutions is made
//! without reading any, and a query that forgot to connect its patterns spends its time on it. So each
//! product gets a function call on each of its rows: the function has no value until the token is cancelled, and then
//! one whose storing fails (see [`MergedDefaultGraph`](crate::sparql::dataset::MergedDefaultGraph)).

use crate::sparql::algebra::{in_scope_variables, nothing, visit};
use crate::sparql::parameters::read_variables;
use oxigraph::model::{Literal, NamedNode, Variable};
use spargebra::algebra::{Expression, Function, GraphPattern};
use spargebra::term::{NamedNodePattern, TermPattern, TriplePattern};
use std::collections::BTreeSet;
use std::mem::replace;

/// The IRI of the function; no prefix expands to it.
pub(crate) const FUNCTION: &str = "urn:x-powermap:interrupt";
/// The name of a variable that no query can contain.
const VARIABLE: &str = " interrupt";

/// Makes all products in a pattern interruptible.
pub(crate) fn make_interruptible(pattern: &mut GraphPattern) {
    // A product inside a product is wrapped with it: only the outermost of a chain of joins counts.
    visit(pattern, &mut |pattern| match pattern {
        GraphPattern::Join { left, right } => {
            unwrap(left);
            unwrap(right);
            wrap(pattern);
        }
        GraphPattern::Bgp { .. } => wrap(pattern),
        GraphPattern::Filter { inner, .. } if is_wrapped(inner) => filter(pattern),
        _ => {}
    });
}

fn is_wrapped(pattern: &GraphPattern) -> bool {
    matches!(pattern, GraphPattern::Extend { variable, .. } if variable.as_str() == VARIABLE)
}

fn unwrap(pattern: &mut GraphPattern) {
    if is_wrapped(pattern)
        && let GraphPattern::Extend { inner, .. } = pattern
    {
        *pattern = replace(inner, nothing());
    }
}

fn wrap(pattern: &mut GraphPattern) {
    match components(pattern).len() {
        0 | 1 => {}
        2 => extend(pattern),
        _ => nest(pattern),
    }
}

fn extend(pattern: &mut GraphPattern) {
    *pattern = GraphPattern::Extend {
        inner: Box::new(replace(pattern, nothing())),
        variable: Variable::new_unchecked(VARIABLE),
        expression: Expression::FunctionCall(
            Function::Custom(NamedNode::new_unchecked(FUNCTION)),
            Vec::new(),
        ),
    };
}

/// Makes a product of three or more into products of two, each interruptible: the evaluator holds the inner ones in
/// memory, and would finish each of them before it makes a row of the whole.
fn nest(pattern: &mut GraphPattern) {
    let mut parts = Vec::new();
    take_parts(replace(pattern, nothing()), &mut parts);
    let mut groups: Vec<(BTreeSet<String>, GraphPattern)> = Vec::new();
    for (mut names, mut part) in parts {
        let mut apart = Vec::with_capacity(groups.len() + 1);
        for (others, group) in groups {
            if others.is_disjoint(&names) && !names.is_empty() {
                apart.push((others, group));
            } else {
                names.extend(others);
                part = join(group, part);
            }
        }
        apart.push((names, part));
        groups = apart;
    }
    *pattern = product(groups.into_iter().map(|(_, group)| group).collect());
}

/// Returns the product of patterns as a balanced tree, which is no deeper than it has to be, since the evaluator
/// recurses.
fn product(mut patterns: Vec<GraphPattern>) -> GraphPattern {
    if patterns.len() < 2 {
        return patterns.pop().unwrap_or_else(nothing);
    }
    let right = product(patterns.split_off(patterns.len() / 2));
    let left = product(patterns);
    let mut both = join(without_variable(left), without_variable(right));
    extend(&mut both);
    both
}

/// Returns the pattern without the variable of the interruption, which can be bound once only.
fn without_variable(pattern: GraphPattern) -> GraphPattern {
    if !is_wrapped(&pattern) {
        return pattern;
    }
    GraphPattern::Project {
        variables: in_scope_variables(&pattern)
            .into_iter()
            .filter(|variable| variable.as_str() != VARIABLE)
            .collect(),
        inner: Box::new(pattern),
    }
}

/// Returns the patterns of a join, each with its variables.
fn take_parts(pattern: GraphPattern, parts: &mut Vec<(BTreeSet<String>, GraphPattern)>) {
    match pattern {
        GraphPattern::Join { left, right } => {
            take_parts(*left, parts);
            take_parts(*right, parts);
        }
        GraphPattern::Bgp { patterns } => parts.extend(patterns.into_iter().map(|triple| {
            let names = names_of_triple(&triple);
            let patterns = vec![triple];
            (names, GraphPattern::Bgp { patterns })
        })),
        GraphPattern::Extend {
            inner, variable, ..
        } if variable.as_str() == VARIABLE => take_parts(*inner, parts),
        other => {
            let mut names = Vec::new();
            collect_parts(&other, &mut names);
            parts.push((names.into_iter().flatten().collect(), other));
        }
    }
}

fn join(left: GraphPattern, right: GraphPattern) -> GraphPattern {
    match (left, right) {
        (GraphPattern::Bgp { patterns: mut all }, GraphPattern::Bgp { patterns }) => {
            all.extend(patterns);
            GraphPattern::Bgp { patterns: all }
        }
        (left, right) => GraphPattern::Join {
            left: Box::new(left),
            right: Box::new(right),
        },
    }
}

/// Keeps a filter over several parts of a product above the interruption, below which the evaluator would move it.
fn filter(pattern: &mut GraphPattern) {
    let GraphPattern::Filter { expr, inner } = pattern else {
        return;
    };
    let components = components(inner);
    let mut conditions = Vec::new();
    conjuncts(replace(expr, Literal::from(true).into()), &mut conditions);
    unwrap(inner);
    let mut spanning = None;
    for condition in conditions {
        let variables = read_variables(&condition);
        if components.iter().any(|part| variables.is_subset(part)) {
            **inner = GraphPattern::Filter {
                expr: condition,
                inner: Box::new(replace(inner, nothing())),
            };
        } else {
            spanning = Some(match spanning {
                Some(others) => Expression::And(Box::new(others), Box::new(condition)),
                None => condition,
            });
        }
    }
    wrap(inner);
    match spanning {
        Some(spanning) => {
            *expr = Expression::If(
                Box::new(Expression::Bound(Variable::new_unchecked(VARIABLE))),
                Box::new(Literal::from(false).into()),
                Box::new(spanning),
            );
        }
        None => *pattern = replace(inner, nothing()),
    }
}

fn conjuncts(expression: Expression, found: &mut Vec<Expression>) {
    match expression {
        Expression::And(left, right) => {
            conjuncts(*left, found);
            conjuncts(*right, found);
        }
        expression => found.push(expression),
    }
}

/// Returns the sets of variables that the patterns of a join connect.
fn components(pattern: &GraphPattern) -> Vec<BTreeSet<String>> {
    let mut components: Vec<BTreeSet<String>> = Vec::new();
    let mut parts = Vec::new();
    collect_parts(pattern, &mut parts);
    for mut names in parts {
        if names.is_empty() {
            continue;
        }
        components.retain_mut(|component| {
            let is_apart = component.is_disjoint(&names);
            if !is_apart {
                names.append(component);
            }
            is_apart
        });
        components.push(names);
    }
    components
}

/// Returns the variables of each pattern of a join.
fn collect_parts(pattern: &GraphPattern, parts: &mut Vec<BTreeSet<String>>) {
    match pattern {
        GraphPattern::Join { left, right } => {
            collect_parts(left, parts);
            collect_parts(right, parts);
        }
        GraphPattern::Bgp { patterns } => parts.extend(patterns.iter().map(names_of_triple)),
        GraphPattern::Path {
            subject, object, ..
        } => parts.push([subject, object].into_iter().filter_map(name).collect()),
        GraphPattern::Extend {
            inner, variable, ..
        } if variable.as_str() == VARIABLE => collect_parts(inner, parts),
        GraphPattern::Filter { inner, .. } => collect_parts(inner, parts),
        other => parts.push(
            in_scope_variables(other)
                .into_iter()
                .map(Variable::into_string)
                .collect(),
        ),
    }
}

fn names_of_triple(triple: &TriplePattern) -> BTreeSet<String> {
    let mut names: BTreeSet<_> = [&triple.subject, &triple.object]
        .into_iter()
        .filter_map(name)
        .collect();
    if let NamedNodePattern::Variable(variable) = &triple.predicate {
        names.insert(variable.as_str().to_owned());
    }
    names
}

/// Returns the variable, or the blank node, which in a pattern is a variable too.
fn name(term: &TermPattern) -> Option<String> {
    match term {
        TermPattern::Variable(variable) => Some(variable.as_str().to_owned()),
        TermPattern::BlankNode(node) => Some(node.to_string()),
        _ => None,
    }
}
