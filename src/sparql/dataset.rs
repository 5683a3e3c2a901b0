//! A default graph made of several graphs.

use oxigraph::model::{GraphName, Term};
use spareval::{ExpressionTerm, InternalQuad, QueryableDataset};
use std::rc::Rc;

/// A dataset whose default graph is the RDF merge of some of its graphs.
///
/// The evaluator's own union repeats a triple that stands in two of the graphs, which makes counts and sums wrong;
/// this one yields it once, from the first graph that holds it. A blank node that two graphs share stays one node:
/// they come from one store.
pub(crate) struct MergedDefaultGraph<D, T> {
    dataset: Rc<D>,
    /// `None` is the dataset's own default graph.
    graphs: Rc<[Option<T>]>,
}

impl<'a, D: QueryableDataset<'a>> MergedDefaultGraph<D, D::InternalTerm> {
    /// Puts the merge of `graphs` in the place of the dataset's default graph.
    pub(crate) fn new(dataset: D, graphs: &[GraphName]) -> Result<Self, D::Error> {
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
        })
    }
}

impl<'a, D: QueryableDataset<'a>> QueryableDataset<'a> for MergedDefaultGraph<D, D::InternalTerm> {
    type InternalTerm = D::InternalTerm;
    type Error = D::Error;

    fn internal_quads_for_pattern(
        &self,
        subject: Option<&D::InternalTerm>,
        predicate: Option<&D::InternalTerm>,
        object: Option<&D::InternalTerm>,
        graph_name: Option<Option<&D::InternalTerm>>,
    ) -> impl Iterator<Item = Result<InternalQuad<D::InternalTerm>, D::Error>> + use<'a, D> {
        let reads_default = graph_name == Some(None);
        let graphs = if reads_default {
            Rc::clone(&self.graphs)
        } else {
            Rc::from([])
        };
        // Exactly one of the two parts yields anything; an enum would say so at the price of a second iterator type.
        let direct = (!reads_default).then(|| {
            self.dataset
                .internal_quads_for_pattern(subject, predicate, object, graph_name)
        });
        let merged: Vec<_> = graphs
            .iter()
            .map(|graph| {
                self.dataset.internal_quads_for_pattern(
                    subject,
                    predicate,
                    object,
                    Some(graph.as_ref()),
                )
            })
            .collect();
        let dataset = Rc::clone(&self.dataset);
        let merged = merged
            .into_iter()
            .enumerate()
            .flat_map(|(index, quads)| quads.map(move |quad| (index, quad)))
            .filter_map(move |(index, quad)| {
                let quad = match quad {
                    Ok(quad) => quad,
                    Err(error) => return Some(Err(error)),
                };
                match holds(&*dataset, &quad, &graphs[..index]) {
                    Ok(true) => None,
                    Ok(false) => Some(Ok(InternalQuad {
                        graph_name: None,
                        ..quad
                    })),
                    Err(error) => Some(Err(error)),
                }
            });
        direct.into_iter().flatten().chain(merged)
    }

    fn internal_named_graphs(
        &self,
    ) -> impl Iterator<Item = Result<D::InternalTerm, D::Error>> + use<'a, D> {
        self.dataset.internal_named_graphs()
    }

    fn contains_internal_graph_name(&self, graph_name: &D::InternalTerm) -> Result<bool, D::Error> {
        self.dataset.contains_internal_graph_name(graph_name)
    }

    fn internalize_term(&self, term: Term) -> Result<D::InternalTerm, D::Error> {
        self.dataset.internalize_term(term)
    }

    fn externalize_term(&self, term: D::InternalTerm) -> Result<Term, D::Error> {
        self.dataset.externalize_term(term)
    }

    fn externalize_expression_term(
        &self,
        term: D::InternalTerm,
    ) -> Result<ExpressionTerm, D::Error> {
        self.dataset.externalize_expression_term(term)
    }

    fn internalize_expression_term(
        &self,
        term: ExpressionTerm,
    ) -> Result<D::InternalTerm, D::Error> {
        self.dataset.internalize_expression_term(term)
    }

    fn internal_term_effective_boolean_value(
        &self,
        term: D::InternalTerm,
    ) -> Result<Option<bool>, D::Error> {
        self.dataset.internal_term_effective_boolean_value(term)
    }
}

/// Whether one of the graphs holds the triple of this quad.
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
