//! Paths without a step from a constant that is no node of the graph.
//!
//! By SPARQL 1.1 §18.4 a constant end of such a path (`ex:nowhere ex:p* ?y`, `ex:p?`) is a solution whether or not it
//! stands in the graph. The engine on columns and spareval both begin with nodes of the graph. A term that is none has no
//! steps, so the path comes to this one solution, which is put in its place.

use crate::sparql::algebra::{inner_patterns_mut, visit};
use crate::sparql::error::SparqlError;
use crate::sparql::evaluator::{named_graphs, store_error};
use crate::sparql::graph_variable::over_graphs;
use oxigraph::model::{BlankNode, NamedNode, Variable};
use spareval::QueryableDataset;
use spargebra::algebra::{GraphPattern, PropertyPathExpression};
use spargebra::term::{GroundTerm, NamedNodePattern, TermPattern};

/// Replaces each path from or to a constant by its solution, where the constant is no node of the graph that the path is
/// matched in. `named` are the graphs of `FROM NAMED`.
///
/// Two lookups for each such path.
///
/// # Errors
/// Those of the dataset.
pub(crate) fn fill_in<'a, D: QueryableDataset<'a>>(
    pattern: &mut GraphPattern,
    dataset: &D,
    named: Option<&[NamedNode]>,
) -> Result<(), SparqlError> {
    if !has_candidate(pattern) {
        return Ok(());
    }
    let mut graphs = Graphs {
        dataset,
        named,
        bound: Vec::new(),
    };
    graphs.fill(pattern, &Place::Default)?;
    let bound = graphs.bound;
    visit(pattern, &mut |pattern| rename(pattern, &bound));
    Ok(())
}

/// The graph that a pattern is matched in.
enum Place<T> {
    Default,
    Named(T),
    /// A graph that is not there.
    Nowhere,
}

struct Graphs<'d, 'n, D> {
    dataset: &'d D,
    named: Option<&'n [NamedNode]>,
    /// The blank nodes of the query that solutions bind now.
    bound: Vec<BlankNode>,
}

impl<'a, D: QueryableDataset<'a>> Graphs<'_, '_, D> {
    fn fill(
        &mut self,
        pattern: &mut GraphPattern,
        place: &Place<D::InternalTerm>,
    ) -> Result<(), SparqlError> {
        if let GraphPattern::Graph {
            name: NamedNodePattern::Variable(variable),
            inner,
        } = pattern
            && has_candidate(inner)
        {
            *pattern = over_graphs(&self.names()?, variable, inner);
        }
        match pattern {
            GraphPattern::Path {
                subject,
                path,
                object,
            } => {
                let ends = candidate(subject, path, object);
                if let Some((constant, other)) = ends
                    && !self.is_node(constant, place)?
                {
                    *pattern = self.solution(ground(constant), other.clone());
                }
                Ok(())
            }
            GraphPattern::Graph {
                name: NamedNodePattern::NamedNode(name),
                inner,
            } => {
                let inside = self.place(name)?;
                self.fill(inner, &inside)
            }
            other => inner_patterns_mut(other)
                .into_iter()
                .try_for_each(|inner| self.fill(inner, place)),
        }
    }

    fn names(&self) -> Result<Vec<NamedNode>, SparqlError> {
        if let Some(named) = self.named {
            return Ok(named.to_vec());
        }
        named_graphs(self.dataset)
    }

    fn place(&self, name: &NamedNode) -> Result<Place<D::InternalTerm>, SparqlError> {
        let graph = self
            .dataset
            .internalize_term(name.clone().into())
            .map_err(store_error)?;
        let is_there = match self.named {
            Some(named) => named.contains(name),
            None => self
                .dataset
                .contains_internal_graph_name(&graph)
                .map_err(store_error)?,
        };
        Ok(match is_there {
            true => Place::Named(graph),
            false => Place::Nowhere,
        })
    }

    /// Returns whether a constant is a subject or an object in a graph; nothing is missing from a graph that is not there.
    fn is_node(
        &self,
        constant: &TermPattern,
        place: &Place<D::InternalTerm>,
    ) -> Result<bool, SparqlError> {
        let graph = match place {
            Place::Default => None,
            Place::Named(graph) => Some(graph),
            Place::Nowhere => return Ok(true),
        };
        let Some(term) = ground(constant) else {
            return Ok(true);
        };
        let term = self
            .dataset
            .internalize_term(term.into())
            .map_err(store_error)?;
        for ends in [(Some(&term), None), (None, Some(&term))] {
            let mut quads =
                self.dataset
                    .internal_quads_for_pattern(ends.0, None, ends.1, Some(graph));
            if quads.next().transpose().map_err(store_error)?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Returns the pattern whose one solution binds the other end, if it has a name, to the constant.
    fn solution(&mut self, constant: Option<GroundTerm>, other: TermPattern) -> GraphPattern {
        let variable = match other {
            TermPattern::Variable(variable) => Some(variable),
            TermPattern::BlankNode(node) => {
                let variable = variable_of(&node);
                self.bound.push(node);
                Some(variable)
            }
            // Both ends are the same constant, so the solution binds nothing.
            _ => None,
        };
        let row = variable.iter().map(|_| constant.clone()).collect();
        GraphPattern::Values {
            variables: variable.into_iter().collect(),
            bindings: vec![row],
        }
    }
}

/// Returns the constant end of a path that can have no step, and its other end: a variable, or the same constant.
fn candidate<'p>(
    subject: &'p TermPattern,
    path: &PropertyPathExpression,
    object: &'p TermPattern,
) -> Option<(&'p TermPattern, &'p TermPattern)> {
    let is_open =
        |end: &TermPattern| matches!(end, TermPattern::Variable(_) | TermPattern::BlankNode(_));
    let ends = match (is_open(subject), is_open(object)) {
        (false, true) => (subject, object),
        (true, false) => (object, subject),
        (false, false) if subject == object => (subject, object),
        _ => return None,
    };
    can_have_no_step(path, subject == object).then_some(ends)
}

/// Returns whether a path has a solution without a step at a constant that is no node. A sequence meets in a node of the
/// graph, unless both of its ends are that constant.
fn can_have_no_step(path: &PropertyPathExpression, is_closed: bool) -> bool {
    let inside = |path| can_have_no_step(path, is_closed);
    match path {
        PropertyPathExpression::NamedNode(_) | PropertyPathExpression::NegatedPropertySet(_) => {
            false
        }
        PropertyPathExpression::Reverse(inner) => inside(inner),
        // Each of its steps goes on to any node.
        PropertyPathExpression::OneOrMore(inner) => can_have_no_step(inner, false),
        PropertyPathExpression::Sequence(first, second) => {
            is_closed && inside(first) && inside(second)
        }
        PropertyPathExpression::Alternative(left, right) => inside(left) || inside(right),
        PropertyPathExpression::ZeroOrMore(_) | PropertyPathExpression::ZeroOrOne(_) => true,
    }
}

fn has_candidate(pattern: &mut GraphPattern) -> bool {
    let mut found = false;
    visit(pattern, &mut |pattern| {
        if let GraphPattern::Path {
            subject,
            path,
            object,
        } = pattern
        {
            found |= candidate(subject, path, object).is_some();
        }
    });
    found
}

fn ground(constant: &TermPattern) -> Option<GroundTerm> {
    match constant {
        TermPattern::NamedNode(node) => Some(GroundTerm::NamedNode(node.clone())),
        TermPattern::Literal(literal) => Some(GroundTerm::Literal(literal.clone())),
        _ => None,
    }
}

/// Returns a variable of a name that no query can contain.
fn variable_of(node: &BlankNode) -> Variable {
    Variable::new_unchecked(format!(" {}", node.as_str()))
}

/// Puts variables in the place of some blank nodes.
fn rename(pattern: &mut GraphPattern, bound: &[BlankNode]) {
    let put = |end: &mut TermPattern| {
        if let TermPattern::BlankNode(node) = end
            && bound.contains(node)
        {
            *end = TermPattern::Variable(variable_of(node));
        }
    };
    match pattern {
        GraphPattern::Bgp { patterns } => {
            for triple in patterns {
                put(&mut triple.subject);
                put(&mut triple.object);
            }
        }
        GraphPattern::Path {
            subject, object, ..
        } => {
            put(subject);
            put(object);
        }
        _ => {}
    }
}
