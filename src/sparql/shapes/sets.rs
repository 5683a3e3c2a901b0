//! A dataset with sets of nodes that only the query at hand sees.

use indexmap::IndexSet;
use oxigraph::model::Term;
use rustc_hash::FxBuildHasher;
use spareval::{ExpressionTerm, InternalQuad, QueryableDataset};
use std::rc::Rc;

/// Nodes in the form that a dataset has for them, in the order in which they were found.
pub(crate) type Nodes<T> = IndexSet<T, FxBuildHasher>;

/// A set of nodes by its name.
pub(crate) type NamedSet<T> = (T, Rc<Nodes<T>>);

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
        let members = set.cloned().map(|(name, nodes)| {
            let found = match subject.map(|node| nodes.get_index_of(node)) {
                None => 0..nodes.len(),
                Some(Some(place)) => place..place + 1,
                Some(None) => 0..0,
            };
            found.filter_map(move |place| {
                Some(Ok(InternalQuad {
                    subject: nodes.get_index(place)?.clone(),
                    predicate: name.clone(),
                    object: name.clone(),
                    graph_name: None,
                }))
            })
        });
        let quads = set.is_none().then(|| {
            self.data
                .internal_quads_for_pattern(subject, predicate, object, graph_name)
        });
        members
            .into_iter()
            .flatten()
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
