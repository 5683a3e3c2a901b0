//! Constraints as SPARQL: each asks for the focus nodes, and their values, that break it.
//!
//! The queries are those that SHACL §4 defines the components by, put to all focus nodes at once: the nodes are the
//! subjects of a triple that only the query sees (see `sets.rs`), as are the other sets that a constraint speaks of.
//! They are built as algebra and run as they stand, each step for the bindings of the one before (`LATERAL`): the
//! order is known to be good, since every step starts from a focus node.

use crate::sparql::shapes::path::is_reflexive;
use crate::sparql::shapes::shape::{NodeSet, Plan, ShapeId, ValueTest};
use oxigraph::model::{Literal, NamedNode, Term, Variable};
use spargebra::Query;
use spargebra::algebra::{Expression, Function, GraphPattern, PropertyPathExpression as Path};
use spargebra::term::{NamedNodePattern, TermPattern, TriplePattern};

/// The set of the focus nodes.
pub(crate) const FOCUS: &str = "focus";

/// The predicate and object of the triples that say which nodes are in a set.
pub(crate) fn set_name(set: &str) -> NamedNode {
    NamedNode::new_unchecked(format!("urn:x-powermap:shapes:{set}"))
}

/// A comparison that `sh:minInclusive` and its like ask for, with the constant on the right.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Comparison {
    /// `sh:minInclusive`.
    NotLess,
    /// `sh:minExclusive`.
    Greater,
    /// `sh:maxInclusive`, `sh:lessThanOrEquals`.
    NotGreater,
    /// `sh:maxExclusive`, `sh:lessThan`.
    Less,
}

/// How many values there may be.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Bound {
    /// So many or more.
    AtLeast(usize),
    /// So many or fewer.
    AtMost(usize),
}

fn variable(name: &str) -> Variable {
    Variable::new_unchecked(name)
}

fn read(name: &str) -> Expression {
    variable(name).into()
}

fn not(expression: Expression) -> Expression {
    Expression::Not(expression.into())
}

/// An error counts as false.
fn surely(expression: Expression) -> Expression {
    Expression::Coalesce(vec![expression, Literal::from(false).into()])
}

fn same(left: &str, right: &str) -> Expression {
    Expression::SameTerm(read(left).into(), read(right).into())
}

fn call(function: Function, arguments: Vec<Expression>) -> Expression {
    Expression::FunctionCall(function, arguments)
}

/// Joins expressions two by two, so that a long list makes no deep tree.
fn join(
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

fn any(parts: Vec<Expression>) -> Expression {
    join(parts, Literal::from(false).into(), Expression::Or)
}

fn all(parts: Vec<Expression>) -> Expression {
    join(parts, Literal::from(true).into(), Expression::And)
}

fn exists(pattern: GraphPattern) -> Expression {
    Expression::Exists(pattern.into())
}

/// Whether a variable's term is in a set.
fn is_in(name: &str, set: &str) -> Expression {
    exists(members(name, set))
}

fn fails(name: &str, set: usize) -> Expression {
    is_in(name, &set.to_string())
}

fn triple(
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

/// The terms of a set.
fn members(name: &str, set: &str) -> GraphPattern {
    let set = set_name(set);
    triple(name, set.clone(), set)
}

fn lateral(left: GraphPattern, right: GraphPattern) -> GraphPattern {
    GraphPattern::Lateral {
        left: left.into(),
        right: right.into(),
    }
}

fn filter(inner: GraphPattern, expr: Expression) -> GraphPattern {
    GraphPattern::Filter {
        expr,
        inner: inner.into(),
    }
}

fn bind(inner: GraphPattern, expression: Expression, name: &str) -> GraphPattern {
    GraphPattern::Extend {
        inner: inner.into(),
        variable: variable(name),
        expression,
    }
}

/// From the bound `?focus` to the values of the path, or to the focus itself where there is none.
///
/// SPARQL lets `p*` lead from a term to itself only where the term is in the data; SHACL wants it for every node.
fn step(path: Option<&Path>, to: &str) -> GraphPattern {
    let stay = || bind(GraphPattern::default(), read("focus"), to);
    match path {
        None => stay(),
        Some(Path::NamedNode(predicate)) => triple("focus", predicate.clone(), variable(to)),
        Some(path) => {
            let walk = GraphPattern::Path {
                subject: variable("focus").into(),
                path: path.clone(),
                object: variable(to).into(),
            };
            if is_reflexive(path) {
                GraphPattern::Union {
                    left: stay().into(),
                    right: walk.into(),
                }
            } else {
                walk
            }
        }
    }
}

/// All pairs of a focus node and a value; a pair may come more than once.
fn values(path: Option<&Path>) -> GraphPattern {
    lateral(members("focus", FOCUS), step(path, "value"))
}

/// Whether the focus has a value of the path that is the term of a variable.
fn has(path: Option<&Path>, name: &str) -> Expression {
    exists(filter(step(path, "other"), same("other", name)))
}

fn project(inner: GraphPattern, columns: &[&str]) -> GraphPattern {
    GraphPattern::Project {
        inner: inner.into(),
        variables: columns.iter().map(|name| variable(name)).collect(),
    }
}

fn distinct(inner: GraphPattern) -> GraphPattern {
    GraphPattern::Distinct {
        inner: inner.into(),
    }
}

/// The distinct values of a path: those of one property are distinct as they come.
fn distinct_values(path: Option<&Path>, found: GraphPattern) -> GraphPattern {
    let found = project(found, &["focus", "value"]);
    match path {
        None | Some(Path::NamedNode(_)) => found,
        Some(_) => distinct(found),
    }
}

fn select(inner: GraphPattern, columns: &[&str]) -> Query {
    query(distinct(project(inner, columns)))
}

fn query(pattern: GraphPattern) -> Query {
    Query::Select {
        dataset: None,
        pattern,
        base_iri: None,
    }
}

fn plan(pattern: GraphPattern, sets: Vec<NodeSet>) -> Plan {
    Plan {
        query: select(pattern, &["focus", "value"]),
        sets,
        test: None,
    }
}

/// The subjects, or the objects, of a property's triples, as `?focus`.
pub(crate) fn ends_of(predicate: &NamedNode, subjects: bool) -> Query {
    let pattern = if subjects {
        triple("focus", predicate.clone(), variable("other"))
    } else {
        triple("other", predicate.clone(), variable("focus"))
    };
    select(pattern, &["focus"])
}

/// The instances of a class and of its subclasses, as `?focus`.
pub(crate) fn instances(class: &NamedNode) -> Query {
    use crate::model::vocabulary::common::{SUB_CLASS_OF, TYPE};
    let classes = GraphPattern::Path {
        subject: variable("class").into(),
        path: Path::ZeroOrMore(Box::new(SUB_CLASS_OF.into_owned().into())),
        object: class.clone().into(),
    };
    select(
        lateral(
            classes,
            triple("focus", TYPE.into_owned(), variable("class")),
        ),
        &["focus"],
    )
}

/// The values of a path at the focus nodes.
pub(crate) fn values_of(path: &Path) -> Query {
    select(values(Some(path)), &["value"])
}

/// A row for each value that fails a test.
pub(crate) fn tested(path: Option<&Path>, test: ValueTest) -> Plan {
    Plan {
        query: query(distinct_values(path, values(path))),
        sets: Vec::new(),
        test: Some(test),
    }
}

/// `sh:class`.
pub(crate) fn class(path: Option<&Path>, class: NamedNode) -> Plan {
    let pattern = filter(values(path), not(is_in("value", "0")));
    plan(pattern, vec![NodeSet::Instances(class)])
}

/// `sh:in`.
pub(crate) fn listed(path: Option<&Path>, terms: Vec<Term>) -> Plan {
    let pattern = filter(values(path), not(is_in("value", "0")));
    plan(pattern, vec![NodeSet::Listed(terms)])
}

/// `sh:hasValue`.
pub(crate) fn has_value(path: Option<&Path>, term: Term) -> Plan {
    let found = exists(filter(step(path, "other"), is_in("other", "0")));
    let pattern = filter(members("focus", FOCUS), not(found));
    plan(pattern, vec![NodeSet::Listed(vec![term])])
}

/// `sh:nodeKind`: the value is of one of these kinds.
pub(crate) fn node_kind(path: Option<&Path>, kinds: &[Function]) -> Plan {
    let kinds = kinds
        .iter()
        .map(|kind| call(kind.clone(), vec![read("value")]));
    plan(filter(values(path), not(any(kinds.collect()))), Vec::new())
}

/// `sh:languageIn`: the value has a language that one of these ranges matches.
pub(crate) fn language_in(path: Option<&Path>, ranges: &[String]) -> Plan {
    let matches = ranges.iter().map(|range| {
        let language = call(Function::Lang, vec![read("value")]);
        let range = Literal::new_simple_literal(range).into();
        call(Function::LangMatches, vec![language, range])
    });
    let matches = surely(any(matches.collect()));
    plan(filter(values(path), not(matches)), Vec::new())
}

/// `sh:uniqueLang`: the focus nodes of which two values have one language.
pub(crate) fn unique_lang(path: &Path) -> Plan {
    let language = |name: &str| call(Function::Lang, vec![read(name)]);
    let clash = all(vec![
        not(same("value", "other")),
        Expression::Equal(language("value").into(), language("other").into()),
        not(Expression::Equal(
            language("value").into(),
            Box::new(Literal::new_simple_literal("").into()),
        )),
    ]);
    let pairs = filter(
        lateral(values(Some(path)), step(Some(path), "other")),
        clash,
    );
    Plan {
        query: select(pairs, &["focus"]),
        sets: Vec::new(),
        test: None,
    }
}

fn compare(left: Expression, comparison: Comparison, right: Expression) -> Expression {
    let (left, right) = (left.into(), right.into());
    match comparison {
        Comparison::NotLess => Expression::GreaterOrEqual(left, right),
        Comparison::Greater => Expression::Greater(left, right),
        Comparison::NotGreater => Expression::LessOrEqual(left, right),
        Comparison::Less => Expression::Less(left, right),
    }
}

/// `sh:minInclusive` and its like: values that cannot be compared break the constraint too.
pub(crate) fn range(path: Option<&Path>, comparison: Comparison, limit: Literal) -> Plan {
    let fits = surely(compare(read("value"), comparison, limit.into()));
    plan(filter(values(path), not(fits)), Vec::new())
}

/// `sh:lessThan` and `sh:lessThanOrEquals`.
pub(crate) fn less(path: &Path, comparison: Comparison, predicate: &NamedNode) -> Plan {
    let pairs = lateral(
        values(Some(path)),
        triple("focus", predicate.clone(), variable("other")),
    );
    // The evaluator finds every term equal to itself, but only literals have an order.
    let fits = all(vec![
        call(Function::IsLiteral, vec![read("value")]),
        compare(read("value"), comparison, read("other")),
    ]);
    plan(filter(pairs, not(surely(fits))), Vec::new())
}

/// `sh:equals`: the values that only one side has.
pub(crate) fn equals(path: Option<&Path>, predicate: &NamedNode) -> Plan {
    let property = Path::from(predicate.clone());
    let one_way =
        |from: Option<&Path>, to: Option<&Path>| filter(values(from), not(has(to, "value")));
    let pattern = GraphPattern::Union {
        left: one_way(path, Some(&property)).into(),
        right: one_way(Some(&property), path).into(),
    };
    plan(pattern, Vec::new())
}

/// `sh:disjoint`: the values that both sides have.
pub(crate) fn disjoint(path: Option<&Path>, predicate: &NamedNode) -> Plan {
    let property = Path::from(predicate.clone());
    plan(
        filter(values(path), has(Some(&property), "value")),
        Vec::new(),
    )
}

/// `sh:closed`: the values of properties that are not among these.
pub(crate) fn closed(path: Option<&Path>, allowed: Vec<Term>) -> Plan {
    let nodes = lateral(members("focus", FOCUS), step(path, "node"));
    let triples = lateral(nodes, triple("node", variable("path"), variable("value")));
    let pattern = filter(triples, not(is_in("path", "0")));
    Plan {
        query: select(pattern, &["focus", "value", "path"]),
        sets: vec![NodeSet::Listed(allowed)],
        test: None,
    }
}

/// Whether the focus has so many different values of the path that fulfil a condition, or more.
fn has_at_least(path: &Path, count: usize, condition: Option<Expression>) -> Expression {
    let Some(skipped) = count.checked_sub(1) else {
        return Literal::from(true).into();
    };
    let mut found = step(Some(path), "value");
    if let Some(condition) = condition {
        found = filter(found, condition);
    }
    exists(GraphPattern::Slice {
        inner: distinct_values(Some(path), found).into(),
        start: skipped,
        length: Some(1),
    })
}

fn counted(path: &Path, bound: Bound, condition: Option<Expression>, sets: Vec<NodeSet>) -> Plan {
    let broken = match bound {
        Bound::AtLeast(least) => not(has_at_least(path, least, condition)),
        Bound::AtMost(most) => has_at_least(path, most.saturating_add(1), condition),
    };
    plan(filter(members("focus", FOCUS), broken), sets)
}

/// `sh:minCount` and `sh:maxCount`.
pub(crate) fn count(path: &Path, bound: Bound) -> Plan {
    counted(path, bound, None, Vec::new())
}

/// `sh:qualifiedMinCount` and `sh:qualifiedMaxCount`: counts the values that conform to a shape and to none of its
/// siblings.
pub(crate) fn qualified(path: &Path, bound: Bound, shape: ShapeId, siblings: &[ShapeId]) -> Plan {
    let mut sets = vec![NodeSet::Failing(shape)];
    let mut conditions = vec![not(fails("value", 0))];
    for sibling in siblings {
        conditions.push(fails("value", sets.len()));
        sets.push(NodeSet::Failing(*sibling));
    }
    counted(path, bound, Some(all(conditions)), sets)
}

/// How many of a list of shapes a value has to conform to.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Quota {
    /// `sh:and`, `sh:node`, `sh:property`.
    All,
    /// `sh:or`.
    Any,
    /// `sh:xone`.
    One,
    /// `sh:not`.
    None,
}

/// The constraints over the conformance of values to other shapes.
pub(crate) fn conformance(path: Option<&Path>, quota: Quota, shapes: &[ShapeId]) -> Plan {
    let failing = || (0..shapes.len()).map(|set| fails("value", set)).collect();
    let number = |value: i64| Expression::from(Literal::from(value));
    let broken = match quota {
        Quota::All => any(failing()),
        Quota::Any => all(failing()),
        Quota::None => not(any(failing())),
        Quota::One => {
            let counted = (0..shapes.len()).map(|set| {
                Expression::If(
                    fails("value", set).into(),
                    number(0).into(),
                    number(1).into(),
                )
            });
            let conforming = join(counted.collect(), number(0), Expression::Add);
            not(Expression::Equal(conforming.into(), number(1).into()))
        }
    };
    let sets = shapes
        .iter()
        .map(|shape| NodeSet::Failing(*shape))
        .collect();
    plan(filter(values(path), broken), sets)
}
