//! Evaluates queries against anything that holds triples.

use crate::prefixes::Prefixes;
use crate::sparql::calls;
use crate::sparql::cancellation::Cancellation;
use crate::sparql::dataset::MergedDefaultGraph;
use crate::sparql::doubling::Doubling;
use crate::sparql::error::SparqlError;
use crate::sparql::evaluation::Evaluation;
use crate::sparql::graph_variable;
use crate::sparql::interrupt;
use crate::sparql::memory::Memory;
use crate::sparql::nesting;
use crate::sparql::regular;
use crate::sparql::rows::Guard;
use crate::sparql::select;
use crate::sparql::service::{Answers, Service, Services};
use crate::sparql::syntax::{SyntaxError, TextKind};
use crate::store::read::ReadDataset;
use oxigraph::model::{GraphName, Literal, NamedNode, Term};
use oxigraph::sparql::QueryEvaluationError;
use oxiri::{Iri, IriParseError};
use spareval::{QueryEvaluator, QueryableDataset};
use spargebra::algebra::{GraphPattern, QueryDataset};
use spargebra::{Query, SparqlParser, Update};
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

/// Evaluates SPARQL 1.1 queries and updates: prefixes, limits, parameters, services.
///
/// Nothing that it evaluates reaches files or the network.
///
/// ```
/// use oxigraph::model::{Dataset, GraphName, NamedNode, Quad};
/// use powermap_rdf::{Evaluator, Prefixes, Results};
///
/// let id = |name: &str| NamedNode::new(format!("http://example.com/{name}")).unwrap();
/// let invests = id("investsIn");
/// let mut dataset = Dataset::new();
/// dataset.insert(&Quad::new(id("nvidia"), invests, id("openai"), GraphName::DefaultGraph));
///
/// let prefixes = Prefixes::from_iter([("ex", "http://example.com/")]);
/// let evaluator = Evaluator::new().with_prefixes(prefixes);
/// let parameters = [("player".to_owned(), id("nvidia").into())];
/// let query = "SELECT ?to WHERE { ?player ex:investsIn ?to }";
/// let Results::Solutions(mut rows) = evaluator.query(&dataset, query, &parameters)? else {
///     unreachable!("SELECT gives rows")
/// };
/// assert_eq!(rows.next().unwrap()?.get("to"), Some(&id("openai").into()));
/// assert!(rows.next().is_none());
/// # Ok::<_, powermap_rdf::SparqlError>(())
/// ```
#[derive(Clone)]
pub struct Evaluator {
    prefixes: Prefixes,
    base_iri: Option<String>,
    timeout: Option<Duration>,
    pub(crate) limit_rows: Option<usize>,
    /// In bytes.
    limit_memory: Option<usize>,
    pub(crate) explain: bool,
    /// Whether queries may run on columns.
    pub(crate) columns: bool,
    default_graphs: Vec<GraphName>,
    pub(crate) services: Services,
    /// Cancels the evaluations, in addition to a timeout of their own.
    cancellation: Option<Cancellation>,
}

impl Default for Evaluator {
    fn default() -> Self {
        Self::new()
    }
}

impl Evaluator {
    /// Returns an evaluator without prefixes, limits or services, on the dataset's own default graph.
    pub fn new() -> Self {
        Self {
            prefixes: Prefixes::default(),
            base_iri: None,
            timeout: None,
            limit_rows: None,
            limit_memory: None,
            explain: false,
            columns: true,
            default_graphs: vec![GraphName::DefaultGraph],
            services: Services::new(),
            cancellation: None,
        }
    }

    /// Sets the prefixes that queries may use without declaring them, in place of those set before.
    #[must_use]
    pub fn with_prefixes(mut self, prefixes: Prefixes) -> Self {
        self.prefixes = prefixes;
        self
    }

    /// Adds a prefix, or replaces one, that queries may use without declaring it.
    ///
    /// # Errors
    /// [`SparqlError::InvalidIri`].
    pub fn with_prefix(mut self, prefix: &str, iri: &str) -> Result<Self, SparqlError> {
        check_iri(&format!("prefix {prefix}:"), iri)?;
        self.prefixes.insert(prefix, iri);
        Ok(self)
    }

    /// Resolves relative IRIs in the text against this one.
    ///
    /// # Errors
    /// [`SparqlError::InvalidIri`].
    pub fn with_base_iri(mut self, iri: &str) -> Result<Self, SparqlError> {
        check_iri("base IRI", iri)?;
        self.base_iri = Some(iri.to_owned());
        Ok(self)
    }

    /// Stops with [`SparqlError::Timeout`] after this time, counted from the call until the last row is read.
    #[must_use]
    pub fn with_timeout(mut self, limit: Duration) -> Self {
        self.timeout = Some(limit);
        self
    }

    /// Stops after this many rows or triples; [`Rows::is_cut`](crate::sparql::rows::Rows::is_cut) tells whether there
    /// were more.
    #[must_use]
    pub fn with_row_limit(mut self, rows: usize) -> Self {
        self.limit_rows = Some(rows);
        self
    }

    /// Stops with [`SparqlError::Memory`] before a query holds more than this many bytes.
    ///
    /// What counts is what this crate holds for one query: on the columns of a compiled map everything that grows with
    /// the data (rows, sets, groups, what is sorted, the nodes of paths), and for any query the terms that it computes,
    /// the answers of the services that it calls, and the rows of a table that is written. Not counted are the map
    /// itself and what the general evaluator, spareval, holds (on a store in memory, and where columns do not know a
    /// pattern): its sorted rows, groups and hash joins cannot be seen. A batch of some thousand rows between two steps
    /// may come on top.
    #[must_use]
    pub fn with_memory_limit(mut self, bytes: usize) -> Self {
        self.limit_memory = Some(bytes);
        self
    }

    /// Records how queries are evaluated, for [`Rows::plan`](crate::sparql::rows::Rows::plan).
    #[must_use]
    pub fn with_plans(mut self) -> Self {
        self.explain = true;
        self
    }

    /// Gives all queries to the general evaluator, spareval, those on a compiled map too: for comparisons.
    #[must_use]
    pub fn without_columns(mut self) -> Self {
        self.columns = false;
        self
    }

    /// Returns the graphs whose merge is the default graph of a query without `FROM`.
    #[must_use]
    pub fn with_default_graphs(mut self, graphs: Vec<GraphName>) -> Self {
        self.default_graphs = graphs;
        self
    }

    /// Registers the service that `SERVICE <iri>` calls.
    #[must_use]
    pub fn with_service(mut self, iri: &NamedNode, service: Arc<dyn Service>) -> Self {
        self.services.insert(iri.as_str().to_owned(), service);
        self
    }

    /// Evaluates within something that can be cancelled, and without limits of its own: for what a service evaluates.
    #[must_use]
    pub fn within(mut self, cancellation: &Cancellation) -> Self {
        self.cancellation = Some(cancellation.clone());
        self.timeout = None;
        self.limit_rows = None;
        self
    }

    /// Returns the prefixes that need no declaration, sorted.
    pub fn prefixes(&self) -> &Prefixes {
        &self.prefixes
    }

    /// Parses a query.
    ///
    /// # Errors
    /// [`SparqlError::Syntax`].
    pub fn parse_query(&self, text: &str) -> Result<Query, SparqlError> {
        let parser = self.parser()?;
        let parse = |text: &str| parser.clone().parse_query(text);
        self.parse(text, TextKind::Query, &|text| {
            let mut query = match parse(text) {
                Ok(query) => query,
                Err(error) => match select::with_aliases(text).map(|text| parse(&text)) {
                    Some(Ok(mut query)) => {
                        select::without_coalesce(&mut query);
                        query
                    }
                    _ => return Err(error.to_string()),
                },
            };
            select::order_columns(&mut query, text);
            Ok(query)
        })
    }

    /// Parses an update.
    ///
    /// # Errors
    /// [`SparqlError::Syntax`].
    pub fn parse_update(&self, text: &str) -> Result<Update, SparqlError> {
        let parser = self.parser()?;
        self.parse(text, TextKind::Update, &|text| {
            let update = parser.clone().parse_update(text);
            update.map_err(|error| error.to_string())
        })
    }

    /// Parses a text; `parse` returns the message of the parser where it does not parse.
    fn parse<T>(
        &self,
        text: &str,
        kind: TextKind,
        parse: &dyn Fn(&str) -> Result<T, String>,
    ) -> Result<T, SparqlError> {
        nesting::parse(text, || {
            let doubling = Doubling::of(text);
            doubling.check(text)?;
            let parsed = match doubling.with_flags(text) {
                // Explaining it would parse it again and again, without the flags.
                Some(other) => parse(&other).map_err(|message| {
                    let message = doubling.message(text, &message);
                    SyntaxError::new(text, &message, kind, &self.prefixes, &|_| None)
                }),
                None => parse(text).map_err(|message| {
                    let parse = |text: &str| parse(text).err();
                    SyntaxError::new(text, &message, kind, &self.prefixes, &parse)
                }),
            }?;
            regular::check(text)?;
            Ok(parsed)
        })
    }

    fn parser(&self) -> Result<SparqlParser, SparqlError> {
        let mut parser = SparqlParser::new();
        for (prefix, iri) in self.prefixes.iter() {
            parser = parser
                .with_prefix(prefix, iri)
                .map_err(|error| invalid_iri(&format!("prefix {prefix}:"), iri, &error))?;
        }
        if let Some(iri) = &self.base_iri {
            parser = parser
                .with_base_iri(iri)
                .map_err(|error| invalid_iri("base IRI", iri, &error))?;
        }
        Ok(parser)
    }

    /// Returns an evaluator for one run, with the services and a token of its own, and what watches over it.
    pub(crate) fn start(&self) -> Result<Evaluation, SparqlError> {
        let cancellation = self.cancellation.clone().unwrap_or_default();
        let mut evaluator = QueryEvaluator::new().with_cancellation_token(cancellation.token());
        if self.is_interruptible() {
            let cancellation = cancellation.clone();
            evaluator = evaluator.with_custom_function(
                NamedNode::new_unchecked(interrupt::FUNCTION),
                move |_| {
                    let is_cancelled = cancellation.is_cancelled();
                    is_cancelled.then(|| Literal::from(true).into())
                },
            );
        }
        let services = self.services.keys().cloned().collect();
        let memory = Memory::new(self.limit_memory);
        let guard = Guard::start(self.timeout, cancellation, memory, services);
        Ok(Evaluation {
            evaluator,
            guard,
            kept: Answers::new(),
        })
    }

    fn is_interruptible(&self) -> bool {
        self.timeout.is_some() || self.cancellation.is_some()
    }

    /// Calls the services of the pattern of an update.
    pub(crate) fn answer_services(
        &self,
        pattern: &mut GraphPattern,
        run: &mut Evaluation,
    ) -> Result<(), SparqlError> {
        calls::answer(pattern, &self.services, None, run)
    }

    /// Returns the graphs whose merge is the default graph of a query.
    pub(crate) fn default_graphs(&self, from: Option<&QueryDataset>) -> Vec<GraphName> {
        match from {
            Some(from) => from.default.iter().cloned().map(Into::into).collect(),
            None => self.default_graphs.clone(),
        }
    }

    /// Returns the dataset with the default graph that `FROM` or, without one, this evaluator asks for.
    pub(crate) fn dataset<'a, D: ReadDataset<'a>>(
        &self,
        dataset: D,
        from: Option<&QueryDataset>,
        run: &Evaluation,
    ) -> Result<MergedDefaultGraph<D, D::InternalTerm>, SparqlError> {
        let graphs = self.default_graphs(from);
        let guard = &run.guard;
        MergedDefaultGraph::new(
            dataset,
            &graphs,
            guard.cancellation().token(),
            guard.memory(),
        )
        .map_err(store_error)
    }

    /// Makes a pattern ready for the evaluator: what it would read otherwise than the standard, and what would keep
    /// it from stopping. `named` are the graphs of `FROM NAMED`.
    pub(crate) fn finish_pattern<'a>(
        &self,
        pattern: &mut GraphPattern,
        dataset: &impl QueryableDataset<'a>,
        named: Option<Vec<NamedNode>>,
    ) -> Result<(), SparqlError> {
        // This makes sub-selects, in which the evaluator would take `?g` of a block around for another variable.
        if self.is_interruptible() {
            interrupt::make_interruptible(pattern);
        }
        graph_variable::spread(pattern, || match named {
            Some(named) => Ok(named),
            None => named_graphs(dataset),
        })
    }
}

/// Returns the names of all named graphs, sorted.
pub(crate) fn named_graphs<'a, D: QueryableDataset<'a>>(
    dataset: &D,
) -> Result<Vec<NamedNode>, SparqlError> {
    let mut names = Vec::new();
    for graph in dataset.internal_named_graphs() {
        let graph = graph.map_err(store_error)?;
        // GRAPH names graphs by IRIs only.
        if let Term::NamedNode(name) = dataset.externalize_term(graph).map_err(store_error)? {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

pub(crate) fn store_error(error: impl Error + Send + Sync + 'static) -> SparqlError {
    SparqlError::Evaluation(QueryEvaluationError::Dataset(Box::new(error)))
}

fn check_iri(what: &str, text: &str) -> Result<(), SparqlError> {
    match Iri::parse(text) {
        Ok(_) => Ok(()),
        Err(error) => Err(invalid_iri(what, text, &error)),
    }
}

fn invalid_iri(what: &str, text: &str, error: &IriParseError) -> SparqlError {
    SparqlError::InvalidIri {
        what: what.to_owned(),
        text: text.to_owned(),
        reason: error.to_string(),
    }
}

#[cfg(test)]
mod tests;
