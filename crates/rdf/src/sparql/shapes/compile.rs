//! Compiles constraints to SPARQL: each query finds the focus nodes and values that violate one.
//!
//! The queries are those that SHACL §4 defines the components by, put to all focus nodes at once: the nodes are the
//! subjects of a triple that only the query sees (see `sets.rs`), as are the other sets that a constraint speaks of.
//! They are built as algebra and run as they stand, each step for the bindings of the one before (`LATERAL`): the
//! order is known to be good, since every step starts from a focus node.

use crate::sparql::shapes::algebra::{
    all, bind, call, distinct, exists, filter, focus, is_in, lateral, not, project, read, same,
    select, surely, triple, variable,
};
use crate::sparql::shapes::condition::{Comparison, Condition, compare};
use crate::sparql::shapes::path::is_reflexive;
use crate::sparql::shapes::shape::{NodeSet, Plan};
use oxigraph::model::{Literal, NamedNode, Term};
use spargebra::Query;
use spargebra::algebra::{Expression, Function, GraphPattern, PropertyPathExpression as Path};

/// The number of values allowed.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Bound {
    /// This many or more.
    AtLeast(usize),
    /// This many or fewer.
    AtMost(usize),
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

/// Returns all pairs of a focus node and a value; a pair may come more than once.
fn values(path: Option<&Path>) -> GraphPattern {
    lateral(focus(), step(path, "value"))
}

/// Returns whether the focus has a value of the path that is the term of a variable.
fn has(path: Option<&Path>, name: &str) -> Expression {
    exists(filter(step(path, "other"), same("other", name)))
}

/// Returns the distinct values of a path: those of one property are distinct as they come.
fn distinct_values(path: Option<&Path>, found: GraphPattern) -> GraphPattern {
    let found = project(found, &["focus", "value"]);
    match path {
        None | Some(Path::NamedNode(_)) => found,
        Some(_) => distinct(found),
    }
}

fn plan(pattern: GraphPattern, sets: Vec<NodeSet>) -> Plan {
    Plan {
        query: select(pattern, &["focus", "value"]),
        sets,
    }
}

/// Returns the subjects, or the objects, of a property's triples, as `?focus`.
pub(crate) fn ends_of(predicate: &NamedNode, subjects: bool) -> Query {
    let pattern = if subjects {
        triple("focus", predicate.clone(), variable("other"))
    } else {
        triple("other", predicate.clone(), variable("focus"))
    };
    select(pattern, &["focus"])
}

/// Returns the instances of a class and of its subclasses, as `?focus`.
pub(crate) fn instances(class: &NamedNode) -> Query {
    use oxigraph::model::vocab::{rdf::TYPE, rdfs::SUB_CLASS_OF};
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

/// Returns the values of a path at the focus nodes.
pub(crate) fn values_of(path: &Path) -> Query {
    select(values(Some(path)), &["value"])
}

/// Returns the values that do not fulfil a condition.
pub(crate) fn each_value(path: Option<&Path>, condition: &Condition) -> Plan {
    let mut sets = Vec::new();
    let broken = not(condition.expression(&mut sets));
    plan(filter(values(path), broken), sets)
}

/// `sh:hasValue`.
pub(crate) fn has_value(path: Option<&Path>, term: Term) -> Plan {
    let found = exists(filter(step(path, "other"), is_in("other", 0)));
    let pattern = filter(focus(), not(found));
    plan(pattern, vec![NodeSet::Listed(vec![term])])
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
    }
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
    let nodes = lateral(focus(), step(path, "node"));
    let triples = lateral(nodes, triple("node", variable("path"), variable("value")));
    let pattern = filter(triples, not(is_in("path", 0)));
    Plan {
        query: select(pattern, &["focus", "value", "path"]),
        sets: vec![NodeSet::Listed(allowed)],
    }
}

/// Returns the condition that the focus has at least `count` different values of the path that fulfil a condition.
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
    plan(filter(focus(), broken), sets)
}

/// `sh:minCount` and `sh:maxCount`.
pub(crate) fn count(path: &Path, bound: Bound) -> Plan {
    counted(path, bound, None, Vec::new())
}

/// `sh:qualifiedMinCount` and `sh:qualifiedMaxCount`: counts the values that fulfil a condition.
pub(crate) fn qualified(path: &Path, bound: Bound, condition: &Condition) -> Plan {
    let mut sets = Vec::new();
    let condition = condition.expression(&mut sets);
    counted(path, bound, Some(condition), sets)
}
