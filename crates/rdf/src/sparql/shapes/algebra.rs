//! Short names for pieces of SPARQL algebra.

use oxigraph::model::{Literal, NamedNode, Variable};
use spargebra::Query;
use spargebra::algebra::{Expression, Function, GraphPattern};
use spargebra::term::{NamedNodePattern, TermPattern, TriplePattern};

/// Returns the predicate and object of the triples that say which nodes are the focus nodes.
pub(crate) fn focus_set() -> NamedNode {
    NamedNode::new_unchecked("urn:x-powermap:shapes:focus")
}

/// Returns the predicate and object of the triples that say which nodes are in a set.
pub(crate) fn set_name(number: usize) -> NamedNode {
    NamedNode::new_unchecked(format!("urn:x-powermap:shapes:{number}"))
}

pub(crate) fn variable(name: &str) -> Variable {
    Variable::new_unchecked(name)
}

pub(crate) fn read(name: &str) -> Expression {
    variable(name).into()
}

pub(crate) fn not(expression: Expression) -> Expression {
    Expression::Not(expression.into())
}

/// Turns an error into false.
pub(crate) fn surely(expression: Expression) -> Expression {
    Expression::Coalesce(vec![expression, Literal::from(false).into()])
}

pub(crate) fn same(left: &str, right: &str) -> Expression {
    Expression::SameTerm(read(left).into(), read(right).into())
}

pub(crate) fn call(function: Function, arguments: Vec<Expression>) -> Expression {
    Expression::FunctionCall(function, arguments)
}

/// Joins expressions two by two, so that a long list makes no deep tree.
pub(crate) fn join(
    mut parts: Vec<Expression>,
    none: Expression,
    with: fn(Box<Expression>, Box<Expression>) -> Expression,
) -> Expression {
    if parts.len() < 2 {
        return parts.pop().unwrap_or(none);
    }
    let right = parts.split_off(parts.len() / 2);
    with(
        join(parts, none.clone(), with).into(),
        join(right, none, with).into(),
    )
}

pub(crate) fn any(parts: Vec<Expression>) -> Expression {
    join(parts, Literal::from(false).into(), Expression::Or)
}

pub(crate) fn all(parts: Vec<Expression>) -> Expression {
    join(parts, Literal::from(true).into(), Expression::And)
}

pub(crate) fn exists(pattern: GraphPattern) -> Expression {
    Expression::Exists(pattern.into())
}

/// Returns whether a variable's term is in a set.
pub(crate) fn is_in(name: &str, set: usize) -> Expression {
    let set = set_name(set);
    exists(triple(name, set.clone(), set))
}

pub(crate) fn triple(
    subject: &str,
    predicate: impl Into<NamedNodePattern>,
    object: impl Into<TermPattern>,
) -> GraphPattern {
    GraphPattern::Bgp {
        patterns: vec![TriplePattern {
            subject: variable(subject).into(),
            predicate: predicate.into(),
            object: object.into(),
        }],
    }
}

/// Returns the focus nodes, as `?focus`.
pub(crate) fn focus() -> GraphPattern {
    let set = focus_set();
    triple("focus", set.clone(), set)
}

pub(crate) fn lateral(left: GraphPattern, right: GraphPattern) -> GraphPattern {
    GraphPattern::Lateral {
        left: left.into(),
        right: right.into(),
    }
}

pub(crate) fn filter(inner: GraphPattern, expr: Expression) -> GraphPattern {
    GraphPattern::Filter {
        expr,
        inner: inner.into(),
    }
}

pub(crate) fn bind(inner: GraphPattern, expression: Expression, name: &str) -> GraphPattern {
    GraphPattern::Extend {
        inner: inner.into(),
        variable: variable(name),
        expression,
    }
}

pub(crate) fn project(inner: GraphPattern, columns: &[&str]) -> GraphPattern {
    GraphPattern::Project {
        inner: inner.into(),
        variables: columns.iter().map(|name| variable(name)).collect(),
    }
}

pub(crate) fn distinct(inner: GraphPattern) -> GraphPattern {
    GraphPattern::Distinct {
        inner: inner.into(),
    }
}

pub(crate) fn select(inner: GraphPattern, columns: &[&str]) -> Query {
    query(distinct(project(inner, columns)))
}

pub(crate) fn query(pattern: GraphPattern) -> Query {
    Query::Select {
        dataset: None,
        pattern,
        base_iri: None,
    }
}
