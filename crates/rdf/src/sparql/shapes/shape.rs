//! Shapes as they are run: targets, and constraints compiled to queries.

use crate::sparql::shapes::condition::Condition;
use crate::sparql::shapes::finding::Severity;
use crate::sparql::shapes::lexical;
use oxigraph::model::{NamedNode, Term};
use regex::Regex;
use spargebra::Query;
use std::collections::BTreeMap;

/// The place of a shape among all shapes that were read.
pub(crate) type ShapeId = usize;

/// A node shape or a property shape.
#[derive(Debug, Clone)]
pub(crate) struct Shape {
    pub(crate) node: Term,
    /// The path as text, for findings.
    pub(crate) path: Option<String>,
    pub(crate) targets: Vec<Target>,
    pub(crate) checks: Vec<Check>,
    /// The values of the path at the focus nodes; `None` for a node
    /// shape, whose value is the focus itself.
    pub(crate) values: Option<Query>,
    pub(crate) severity: Severity,
    pub(crate) messages: BTreeMap<String, String>,
    pub(crate) is_deactivated: bool,
    /// What conformance to the shape means, if that is a condition on the node by itself and a short one: then it is
    /// asked for on the spot instead of looking for all nodes that fail.
    pub(crate) condition: Option<Condition>,
}

/// The target of a shape (SHACL §2.1.3).
#[derive(Debug, Clone)]
pub(crate) enum Target {
    /// This node, whether it is in the data or not.
    Node(Term),
    /// The instances of a class and of its subclasses.
    Class(NamedNode),
    /// The nodes that this query gives.
    Query(Box<Query>),
}

/// One constraint of a shape.
#[derive(Debug, Clone)]
pub(crate) struct Check {
    pub(crate) component: NamedNode,
    /// The default message.
    pub(crate) messages: BTreeMap<String, String>,
    pub(crate) plan: Plan,
    /// The check as a condition on each value, if it is one.
    pub(crate) condition: Option<Condition>,
    /// For `sh:property`: the shape whose own findings are reported in place of this one's.
    pub(crate) descends: Option<ShapeId>,
}

/// How to find the nodes that break a constraint: a query over all focus nodes at once.
///
/// It gives `?focus`, where there is one the faulty `?value`, and for `sh:closed` the `?path`.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) query: Query,
    /// The sets that the query speaks of besides the focus nodes: the first is number 0.
    pub(crate) sets: Vec<NodeSet>,
}

/// A set of nodes that a query refers to.
#[derive(Debug, Clone)]
pub(crate) enum NodeSet {
    /// The instances of a class and of its subclasses.
    Instances(NamedNode),
    /// These terms.
    Listed(Vec<Term>),
    /// The values of the path that do not conform to a shape.
    Failing(ShapeId),
    /// The terms that pass a test; the query can ask about a term, but not for all of them.
    Passing(ValueTest),
}

/// A condition on the written form of a value. The evaluator knows literals by their value only: to it
/// `"01"^^xsd:byte` is the integer 1, so these conditions cannot be put to it.
#[derive(Debug, Clone)]
pub(crate) enum ValueTest {
    /// A well-formed literal of this datatype.
    Datatype(NamedNode),
    /// Text in which the expression matches somewhere.
    Pattern(Regex),
    /// Text of at least this many characters.
    MinLength(u64),
    /// Text of at most this many characters.
    MaxLength(u64),
    /// No literal, or one whose text stands for a value of its datatype.
    WellFormed,
}

impl ValueTest {
    /// Returns whether a value passes; blank nodes have no text to be looked at.
    pub(crate) fn passes(&self, value: &Term) -> bool {
        if matches!(self, Self::WellFormed) {
            return !matches!(value, Term::Literal(literal) if !lexical::is_well_formed(literal));
        }
        let text = match value {
            Term::NamedNode(node) => node.as_str(),
            Term::Literal(literal) => literal.value(),
            _ => return false,
        };
        // A text has no more characters than bytes, so the count fits.
        let length = || text.chars().count() as u64;
        match self {
            Self::Datatype(datatype) => lexical::has_datatype(value, datatype),
            Self::Pattern(pattern) => pattern.is_match(text),
            Self::MinLength(least) => length() >= *least,
            Self::MaxLength(most) => length() <= *most,
            Self::WellFormed => true,
        }
    }
}
