//! A dataset with sets of nodes that only the query at hand sees.

use crate::sparql::shapes::shape::ValueTest;
use indexmap::IndexSet;
use oxigraph::model::Term;
use rustc_hash::{FxBuildHasher, FxHashMap};
use spareval::{ExpressionTerm, InternalQuad, QueryableDataset};
use std::cell::RefCell;
use std::rc::Rc;

/// Nodes in the form that a dataset has for them, in the order in which they were found.
pub(crate) type Nodes<T> = IndexSet<T, FxBuildHasher>;

/// The definition of a set.
pub(crate) enum Members<T> {
    /// These nodes.
    Nodes(Rc<Nodes<T>>),
    /// The terms that pass a test, with its answers so far.
    Passing(ValueTest, RefCell<FxHashMap<T, bool>>),
}

/// A set by its name.
pub(crate) type NamedSet<T> = (T, Members<T>);

/// A dataset whose default graph also says which nodes are in some sets, by triples `node name name`.
///
/// So a query can start from thousands of nodes, blank ones among them, and ask whether a node is in a set, each at the
/// price of a look into a hash table. Patterns with a variable for the predicate do not see these triples.
pub(crate) struct WithSets<D, T> {
    data: Rc<D>,
    sets: Vec<NamedSet<T>>,
}

impl<'a, D: QueryableDataset<'a>> WithSets<D, D::InternalTerm> {
    pub(crate) fn new(data: Rc<D>, sets: Vec<NamedSet<D::InternalTerm>>) -> Self {
        Self { data, sets }
    }

    fn contains(
        &self,
        members: &Members<D::InternalTerm>,
        term: &D::InternalTerm,
    ) -> Result<bool, D::Error> {
        match members {
            Members::Nodes(nodes) => Ok(nodes.contains(term)),
            Members::Passing(test, known) => {
                if let Some(passes) = known.borrow().get(term) {
                    return Ok(*passes);
                }
                let passes = test.passes(&self.data.externalize_term(term.clone())?);
                known.borrow_mut().insert(term.clone(), passes);
                Ok(passes)
            }
        }
    }
}

fn membership<T: Clone>(node: T, set: &T) -> InternalQuad<T> {
    InternalQuad {
        subject: node,
        predicate: set.clone(),
        object: set.clone(),
        graph_name: None,
    }
}

impl<'a, D: QueryableDataset<'a>> QueryableDataset<'a> for WithSets<D, D::InternalTerm> {
    type InternalTerm = D::InternalTerm;
    type Error = D::Error;

    fn internal_quads_for_pattern(
        &self,
        subject: Option<&D::InternalTerm>,
        predicate: Option<&D::InternalTerm>,
        object: Option<&D::InternalTerm>,
        graph_name: Option<Option<&D::InternalTerm>>,
    ) -> impl Iterator<Item = Result<InternalQuad<D::InternalTerm>, D::Error>> + use<'a, D> {
        let set = predicate.and_then(|p| self.sets.iter().find(|(name, _)| name == p));
        let (mut one, mut all, mut quads) = (None, None, None);
        match (set, subject) {
            (None, _) => {
                let found = self
                    .data
                    .internal_quads_for_pattern(subject, predicate, object, graph_name);
                quads = Some(found);
            }
            (Some((name, members)), Some(node)) => match self.contains(members, node) {
                Ok(true) => one = Some(Ok(membership(node.clone(), name))),
                Ok(false) => {}
                Err(error) => one = Some(Err(error)),
            },
            (Some((name, Members::Nodes(nodes))), None) => {
                let (name, nodes) = (name.clone(), Rc::clone(nodes));
                let node = move |place| {
                    let node = nodes.get_index(place)?;
                    Some(Ok(membership(node.clone(), &name)))
                };
                all = Some((0..usize::MAX).map_while(node));
            }
            (Some((_, Members::Passing(..))), None) => {}
        }
        one.into_iter()
            .chain(all.into_iter().flatten())
            .chain(quads.into_iter().flatten())
    }

    fn internal_named_graphs(
        &self,
    ) -> impl Iterator<Item = Result<D::InternalTerm, D::Error>> + use<'a, D> {
        self.data.internal_named_graphs()
    }

    fn contains_internal_graph_name(&self, graph_name: &D::InternalTerm) -> Result<bool, D::Error> {
        self.data.contains_internal_graph_name(graph_name)
    }

    fn internalize_term(&self, term: Term) -> Result<D::InternalTerm, D::Error> {
        self.data.internalize_term(term)
    }

    fn externalize_term(&self, term: D::InternalTerm) -> Result<Term, D::Error> {
        self.data.externalize_term(term)
    }

    fn externalize_expression_term(
        &self,
        term: D::InternalTerm,
    ) -> Result<ExpressionTerm, D::Error> {
        self.data.externalize_expression_term(term)
    }

    fn internalize_expression_term(
        &self,
        term: ExpressionTerm,
    ) -> Result<D::InternalTerm, D::Error> {
        self.data.internalize_expression_term(term)
    }

    fn internal_term_effective_boolean_value(
        &self,
        term: D::InternalTerm,
    ) -> Result<Option<bool>, D::Error> {
        self.data.internal_term_effective_boolean_value(term)
    }
}
