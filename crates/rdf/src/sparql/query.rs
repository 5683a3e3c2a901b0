//! Evaluates queries: on the columns of a compiled map, or by the general evaluator, spareval.

use crate::sparql::calls;
use crate::sparql::dataset::MergedDefaultGraph;
use crate::sparql::engine::{self, Context, Outcome};
use crate::sparql::error::SparqlError;
use crate::sparql::evaluation::Evaluation;
use crate::sparql::evaluator::{Evaluator, store_error};
use crate::sparql::nesting;
use crate::sparql::parameters;
use crate::sparql::rows::{Results, Rows};
use crate::sparql::solutions::Solutions;
use crate::sparql::zero_length;
use crate::store::compiled::dataset::CompiledDataset;
use crate::store::read::ReadDataset;
use oxigraph::model::{GraphName, NamedNode, Term};
use oxigraph::sparql::QueryResults;
use oxiri::Iri;
use spargebra::Query;

/// Number of levels up to which the general evaluator looks for a good order of joins.
const LEVELS_OPTIMIZED: usize = 500;

impl Evaluator {
    /// Parses and evaluates a query, with terms for some of its variables.
    ///
    /// The rows are computed while they are read, or, on the columns of a compiled map, found first and their terms
    /// looked up while they are read; an error can come with any row.
    ///
    /// # Errors
    /// Any [`SparqlError`].
    pub fn query<'a>(
        &self,
        dataset: impl ReadDataset<'a>,
        text: &str,
        parameters: &[(String, Term)],
    ) -> Result<Results<'a>, SparqlError> {
        self.evaluate(dataset, self.parse_query(text)?, parameters)
    }

    /// Evaluates a parsed query; see [`Evaluator::query`].
    ///
    /// # Errors
    /// Any [`SparqlError`] but a syntax error.
    pub fn evaluate<'a>(
        &self,
        dataset: impl ReadDataset<'a>,
        query: Query,
        parameters: &[(String, Term)],
    ) -> Result<Results<'a>, SparqlError> {
        let (Query::Select { pattern, .. }
        | Query::Construct { pattern, .. }
        | Query::Describe { pattern, .. }
        | Query::Ask { pattern, .. }) = &query;
        let levels = nesting::levels(pattern);
        nesting::with_room(levels, move || {
            nesting::check(levels)?;
            self.evaluate_within(dataset, query, parameters)
        })
    }

    fn evaluate_within<'a>(
        &self,
        dataset: impl ReadDataset<'a>,
        mut query: Query,
        parameters: &[(String, Term)],
    ) -> Result<Results<'a>, SparqlError> {
        parameters::bind(&mut query, parameters)?;
        let mut run = self.start()?;
        let from = query.dataset().cloned();
        let named = from.as_ref().and_then(|from| from.named.clone());
        let limit = match &query {
            // One more row shows that the limit cuts some off.
            Query::Select { .. } => self.limit_rows.map(|rows| rows.saturating_add(1)),
            _ => None,
        };
        let (Query::Select { pattern, .. }
        | Query::Construct { pattern, .. }
        | Query::Describe { pattern, .. }
        | Query::Ask { pattern, .. }) = &mut query;
        calls::answer(pattern, &self.services, limit, &mut run)?;
        let compiled = dataset.compiled().filter(|_| self.columns);
        let dataset = self.dataset(dataset, from.as_ref(), &run)?;
        zero_length::fill_in(pattern, &dataset, named.as_deref())?;
        if let Some(compiled) = compiled {
            match self.on_columns(compiled, &mut query, run)? {
                Ok(results) => return Ok(results),
                Err(again) => run = again,
            }
        }
        let (Query::Select { pattern, .. }
        | Query::Construct { pattern, .. }
        | Query::Describe { pattern, .. }
        | Query::Ask { pattern, .. }) = &mut query;
        let levels = nesting::levels_in_general(pattern);
        nesting::check(levels)?;
        run.guard.levels = levels;
        run.guard.watch()?;
        nesting::with_room(levels, || self.in_general(dataset, query, named, run))
    }

    /// Evaluates a query by the general evaluator.
    fn in_general<'a, D: ReadDataset<'a>>(
        &self,
        dataset: MergedDefaultGraph<D, D::InternalTerm>,
        mut query: Query,
        named: Option<Vec<NamedNode>>,
        run: Evaluation,
    ) -> Result<Results<'a>, SparqlError> {
        let (Query::Select { pattern, .. }
        | Query::Construct { pattern, .. }
        | Query::Describe { pattern, .. }
        | Query::Ask { pattern, .. }) = &mut query;
        self.finish_pattern(pattern, &dataset, named)?;
        let Evaluation {
            evaluator, guard, ..
        } = run;
        // The order that it looks for takes more than quadratic time, and cannot be stopped.
        let evaluator = match guard.levels > LEVELS_OPTIMIZED {
            true => evaluator.without_optimizations(),
            false => evaluator,
        };
        let mut prepared = evaluator.prepare(&query);
        prepared
            .dataset_mut()
            .set_default_graph(vec![GraphName::DefaultGraph]);
        Ok(match prepared.execute(dataset) {
            Ok(QueryResults::Boolean(value)) => Results::Boolean(value),
            Ok(QueryResults::Solutions(rows)) => {
                let rows = Solutions::of_terms(rows);
                Results::Solutions(Rows::new(rows, self.limit_rows, guard))
            }
            Ok(QueryResults::Graph(triples)) => {
                Results::Graph(Rows::new(triples, self.limit_rows, guard))
            }
            Err(error) => return Err(guard.explain(error)),
        })
    }

    /// Evaluates a query on the columns of a compiled map; returns the evaluation when the query has to be evaluated
    /// otherwise, its pattern replaced by what was found where it was evaluated.
    fn on_columns<'a>(
        &self,
        dataset: CompiledDataset<'a>,
        query: &mut Query,
        mut run: Evaluation,
    ) -> Result<Result<Results<'a>, Evaluation>, SparqlError> {
        let (pattern, limit) = match query {
            Query::Select { pattern, .. } => {
                let limit = self.limit_rows.map(|rows| rows.saturating_add(1));
                (pattern.clone(), limit)
            }
            Query::Ask { pattern, .. } => (pattern.clone(), Some(1)),
            Query::Construct {
                template, pattern, ..
            } => (engine::columns_of(pattern, template), None),
            Query::Describe { pattern, .. } => (pattern.clone(), None),
        };
        let from = query.dataset();
        let mut graphs = Vec::new();
        for name in self.default_graphs(from) {
            match name {
                GraphName::DefaultGraph => graphs.extend(dataset.default_graphs()),
                GraphName::NamedNode(name) => {
                    let id = dataset
                        .store()
                        .term_id(name.as_ref().into())
                        .map_err(store_error)?;
                    graphs.extend(id.and_then(|id| dataset.store().named_graph(id)));
                }
                GraphName::BlankNode(_) => return Ok(Err(run)),
            }
        }
        let named = from.and_then(|from| from.named.as_deref());
        let context = Context {
            dataset,
            cancellation: run.guard.cancellation(),
            memory: run.guard.memory(),
            evaluator: run.evaluator.clone(),
            answers: run.kept.clone(),
            base_iri: base_iri(query).cloned(),
            levels: nesting::levels(&pattern),
            small: Default::default(),
        };
        let mut found =
            match engine::evaluate(context, graphs, named, &pattern, limit, self.explain) {
                Ok(Outcome::Found(found)) => found,
                Ok(Outcome::NotKnown(what)) => {
                    run.guard.plan = vec![format!("the general evaluator: {what}")];
                    return Ok(Err(run));
                }
                Err(error) => return Err(run.guard.expired().unwrap_or(error)),
            };
        run.guard.plan = std::mem::take(&mut found.plan);
        Ok(Ok(match query {
            Query::Ask { .. } => Results::Boolean(found.len() > 0),
            Query::Select { .. } => {
                let rows = Solutions::of_numbers(*found);
                Results::Solutions(Rows::new(rows, self.limit_rows, run.guard))
            }
            Query::Construct { template, .. } => {
                run.guard.watch()?;
                match found.triples(template) {
                    Ok(triples) => Results::Graph(Rows::new(triples, self.limit_rows, run.guard)),
                    Err(error) => return Err(run.guard.explain(error)),
                }
            }
            Query::Describe { pattern, .. } => {
                *pattern = run.keep_nodes(found.distinct_terms()?);
                return Ok(Err(run));
            }
        }))
    }
}

fn base_iri(query: &Query) -> Option<&Iri<String>> {
    let (Query::Select { base_iri, .. }
    | Query::Construct { base_iri, .. }
    | Query::Describe { base_iri, .. }
    | Query::Ask { base_iri, .. }) = query;
    base_iri.as_ref()
}
