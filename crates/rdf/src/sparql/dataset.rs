//! The dataset as the evaluator sees it: a default graph made of several graphs, and a way to stop.

use crate::sparql::error::DatasetError;
use crate::sparql::memory::{Holder, Memory};
use crate::store::read::ReadDataset;
use oxigraph::model::{GraphName, Term};
use oxigraph::sparql::CancellationToken;
use spareval::{ExpressionTerm, InternalQuad, QueryableDataset};
use std::rc::Rc;

/// A dataset whose default graph is the RDF merge of some of its graphs.
///
/// The evaluator's own union repeats a triple that stands in two of the graphs, which makes counts and sums wrong;
/// this one yields it once, from the first graph that holds it. A blank node that two graphs share stays one node:
/// they come from one store.
///
/// Once the token is cancelled, no term that an expression computed can be stored any more; see
/// [`interrupt`](crate::sparql::interrupt). Nor can it where there is no memory left for it.
pub(crate) struct MergedDefaultGraph<D, T> {
    dataset: Rc<D>,
    /// `None` is the dataset's own default graph.
    graphs: Rc<[Option<T>]>,
    token: CancellationToken,
    memory: Memory,
}

impl<'a, D: QueryableDataset<'a>> MergedDefaultGraph<D, D::InternalTerm> {
    /// Puts the merge of `graphs` in the place of the dataset's default graph.
    pub(crate) fn new(
        dataset: D,
        graphs: &[GraphName],
        token: CancellationToken,
        memory: Memory,
    ) -> Result<Self, D::Error> {
        let mut internal: Vec<Option<D::InternalTerm>> = Vec::with_capacity(graphs.len());
        for graph in graphs {
            let graph = match graph {
                GraphName::DefaultGraph => None,
                GraphName::NamedNode(node) => Some(dataset.internalize_term(node.clone().into())?),
                GraphName::BlankNode(node) => Some(dataset.internalize_term(node.clone().into())?),
            };
            if !internal.contains(&graph) {
                internal.push(graph);
            }
        }
        Ok(Self {
            dataset: Rc::new(dataset),
            graphs: internal.into(),
            token,
            memory,
        })
    }
}

impl<'a, D: QueryableDataset<'a>> MergedDefaultGraph<D, D::InternalTerm> {
    /// Passes on a term, and counts the terms that the dataset had to keep.
    fn counted(
        &self,
        term: Result<D::InternalTerm, D::Error>,
    ) -> Result<D::InternalTerm, DatasetError<D::Error>>
    where
        D: ReadDataset<'a>,
    {
        let computed = self.dataset.computed_bytes();
        self.memory
            .set(Holder::Terms, computed)
            .map_err(|error| DatasetError::Memory(Box::new(error)))?;
        term.map_err(DatasetError::Store)
    }

    /// Returns the quads of several graphs, each triple once.
    fn merged(
        &self,
        subject: Option<&D::InternalTerm>,
        predicate: Option<&D::InternalTerm>,
        object: Option<&D::InternalTerm>,
    ) -> impl Iterator<Item = Result<InternalQuad<D::InternalTerm>, DatasetError<D::Error>>> + use<'a, D>
    {
        let [subject, predicate, object] = [subject, predicate, object].map(Option::<&_>::cloned);
        let dataset = Rc::clone(&self.dataset);
        let graphs = Rc::clone(&self.graphs);
        // A graph is opened only when the ones before it are read: often the first quad is enough.
        let found = (0..graphs.len()).flat_map({
            let (dataset, graphs) = (Rc::clone(&dataset), Rc::clone(&graphs));
            move |index| {
                let graph = graphs[index].as_ref();
                dataset
                    .internal_quads_for_pattern(
                        subject.as_ref(),
                        predicate.as_ref(),
                        object.as_ref(),
                        Some(graph),
                    )
                    .map(move |quad| (index, quad))
            }
        });
        found.filter_map(move |(index, quad)| {
            let quad = quad.and_then(|quad| {
                let is_repeated = holds(&*dataset, &quad, &graphs[..index])?;
                Ok((!is_repeated).then_some(InternalQuad {
                    graph_name: None,
                    ..quad
                }))
            });
            quad.map_err(DatasetError::Store).transpose()
        })
    }
}

impl<'a, D: ReadDataset<'a>> QueryableDataset<'a> for MergedDefaultGraph<D, D::InternalTerm> {
    type InternalTerm = D::InternalTerm;
    type Error = DatasetError<D::Error>;

    fn internal_quads_for_pattern(
        &self,
        subject: Option<&D::InternalTerm>,
        predicate: Option<&D::InternalTerm>,
        object: Option<&D::InternalTerm>,
        graph_name: Option<Option<&D::InternalTerm>>,
    ) -> impl Iterator<Item = Result<InternalQuad<D::InternalTerm>, Self::Error>> + use<'a, D> {
        let reads_default = graph_name == Some(None);
        let (direct, merged) = match (&*self.graphs, reads_default) {
            ([graph], true) => (Some(Some(graph.as_ref())), None),
            (_, false) => (Some(graph_name), None),
            (_, true) => (None, Some(self.merged(subject, predicate, object))),
        };
        // Only one of the two is present.
        let direct = direct.map(|graph| {
            self.dataset
                .internal_quads_for_pattern(subject, predicate, object, graph)
                .map(move |quad| {
                    let mut quad = quad.map_err(DatasetError::Store)?;
                    if reads_default {
                        quad.graph_name = None;
                    }
                    Ok(quad)
                })
        });
        direct
            .into_iter()
            .flatten()
            .chain(merged.into_iter().flatten())
    }

    fn internal_named_graphs(
        &self,
    ) -> impl Iterator<Item = Result<D::InternalTerm, Self::Error>> + use<'a, D> {
        self.dataset
            .internal_named_graphs()
            .map(|graph| graph.map_err(DatasetError::Store))
    }

    fn contains_internal_graph_name(
        &self,
        graph_name: &D::InternalTerm,
    ) -> Result<bool, Self::Error> {
        self.dataset
            .contains_internal_graph_name(graph_name)
            .map_err(DatasetError::Store)
    }

    fn internalize_term(&self, term: Term) -> Result<D::InternalTerm, Self::Error> {
        self.counted(self.dataset.internalize_term(term))
    }

    fn externalize_term(&self, term: D::InternalTerm) -> Result<Term, Self::Error> {
        self.dataset
            .externalize_term(term)
            .map_err(DatasetError::Store)
    }

    fn externalize_expression_term(
        &self,
        term: D::InternalTerm,
    ) -> Result<ExpressionTerm, Self::Error> {
        self.dataset
            .externalize_expression_term(term)
            .map_err(DatasetError::Store)
    }

    fn internalize_expression_term(
        &self,
        term: ExpressionTerm,
    ) -> Result<D::InternalTerm, Self::Error> {
        if self.token.is_cancelled() {
            return Err(DatasetError::Cancelled);
        }
        self.counted(self.dataset.internalize_expression_term(term))
    }

    fn internal_term_effective_boolean_value(
        &self,
        term: D::InternalTerm,
    ) -> Result<Option<bool>, Self::Error> {
        self.dataset
            .internal_term_effective_boolean_value(term)
            .map_err(DatasetError::Store)
    }
}

/// Returns whether one of the graphs holds the triple of this quad.
fn holds<'a, D: QueryableDataset<'a>>(
    dataset: &D,
    quad: &InternalQuad<D::InternalTerm>,
    graphs: &[Option<D::InternalTerm>],
) -> Result<bool, D::Error> {
    for graph in graphs {
        let found = dataset
            .internal_quads_for_pattern(
                Some(&quad.subject),
                Some(&quad.predicate),
                Some(&quad.object),
                Some(graph.as_ref()),
            )
            .next();
        if found.transpose()?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}
