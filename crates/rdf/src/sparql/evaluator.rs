//! Evaluates queries against anything that holds triples.

use crate::prefixes::Prefixes;
use crate::sparql::cancellation::Cancellation;
use crate::sparql::dataset::MergedDefaultGraph;
use crate::sparql::engine::{self, Context, Outcome};
use crate::sparql::error::SparqlError;
use crate::sparql::graph_variable;
use crate::sparql::interrupt;
use crate::sparql::memory::Memory;
use crate::sparql::nesting;
use crate::sparql::parameters;
use crate::sparql::rows::{Guard, Results, Rows};
use crate::sparql::service::{self, Answers, Service, Services};
use crate::sparql::solutions::Solutions;
use crate::sparql::syntax::{SyntaxError, TextKind};
use crate::store::compiled::dataset::CompiledDataset;
use crate::store::read::ReadDataset;
use oxigraph::model::{GraphName, Literal, NamedNode, Term};
use oxigraph::sparql::{QueryEvaluationError, QueryResults};
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
    limit_rows: Option<usize>,
    /// In bytes.
    limit_memory: Option<usize>,
    explain: bool,
    /// Whether columns answer what they can.
    columns: bool,
    default_graphs: Vec<GraphName>,
    services: Services,
    /// What stops the evaluations besides a timeout of their own.
    cancellation: Option<Cancellation>,
    functions: QueryEvaluator,
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
            functions: QueryEvaluator::new(),
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

    /// Stops after this many rows or triples; [`Rows::is_cut`] tells whether there were more.
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

    /// Records how queries are evaluated, for [`Rows::plan`].
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

    /// Registers a function that expressions can call by its IRI; `None` is an evaluation error, as in the standard.
    #[must_use]
    pub fn with_function(
        mut self,
        iri: NamedNode,
        function: impl Fn(&[Term]) -> Option<Term> + Send + Sync + 'static,
    ) -> Self {
        self.functions = self.functions.with_custom_function(iri, function);
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
        nesting::parse(text, || {
            parser.clone().parse_query(text).map_err(|error| {
                let parse = |text: &str| {
                    parser
                        .clone()
                        .parse_query(text)
                        .err()
                        .map(|e| e.to_string())
                };
                let message = error.to_string();
                SyntaxError::new(text, &message, TextKind::Query, &self.prefixes, &parse).into()
            })
        })
    }

    /// Parses an update.
    ///
    /// # Errors
    /// [`SparqlError::Syntax`].
    pub fn parse_update(&self, text: &str) -> Result<Update, SparqlError> {
        let parser = self.parser()?;
        nesting::parse(text, || {
            parser.clone().parse_update(text).map_err(|error| {
                let parse = |text: &str| {
                    parser
                        .clone()
                        .parse_update(text)
                        .err()
                        .map(|e| e.to_string())
                };
                let message = error.to_string();
                SyntaxError::new(text, &message, TextKind::Update, &self.prefixes, &parse).into()
            })
        })
    }

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
            self.evaluate_within(levels, dataset, query, parameters)
        })
    }

    fn evaluate_within<'a>(
        &self,
        levels: usize,
        dataset: impl ReadDataset<'a>,
        mut query: Query,
        parameters: &[(String, Term)],
    ) -> Result<Results<'a>, SparqlError> {
        parameters::bind(&mut query, parameters)?;
        let mut run = self.start()?;
        let named = query.dataset().and_then(|from| from.named.clone());
        let limit = match &query {
            // One more tells that there are more.
            Query::Select { .. } => self.limit_rows.map(|rows| rows.saturating_add(1)),
            _ => None,
        };
        let (Query::Select { pattern, .. }
        | Query::Construct { pattern, .. }
        | Query::Describe { pattern, .. }
        | Query::Ask { pattern, .. }) = &mut query;
        service::answer(pattern, &self.services, limit, &mut run)?;
        if let Some(compiled) = dataset.compiled().filter(|_| self.columns) {
            match self.on_columns(compiled, &mut query, run)? {
                Ok(results) => return Ok(results),
                Err(again) => run = again,
            }
        }
        run.guard.levels = levels;
        run.guard.watch()?;
        let dataset = self.dataset(dataset, query.dataset(), &run)?;
        let (Query::Select { pattern, .. }
        | Query::Construct { pattern, .. }
        | Query::Describe { pattern, .. }
        | Query::Ask { pattern, .. }) = &mut query;
        self.finish_pattern(pattern, &dataset, named)?;
        let Run {
            evaluator, guard, ..
        } = run;
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

    /// Evaluates a query on the columns of a compiled map; gives the run back when the query has to be evaluated
    /// otherwise, its pattern replaced by what was found where it was evaluated.
    fn on_columns<'a>(
        &self,
        dataset: CompiledDataset<'a>,
        query: &mut Query,
        mut run: Run,
    ) -> Result<Result<Results<'a>, Run>, SparqlError> {
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
    pub(crate) fn start(&self) -> Result<Run, SparqlError> {
        let cancellation = self.cancellation.clone().unwrap_or_default();
        let mut evaluator = self
            .functions
            .clone()
            .with_cancellation_token(cancellation.token());
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
        Ok(Run {
            evaluator,
            guard,
            kept: Answers::new(),
        })
    }

    fn is_interruptible(&self) -> bool {
        self.timeout.is_some() || self.cancellation.is_some()
    }

    /// Calls what the pattern of an update calls.
    pub(crate) fn answer_services(
        &self,
        pattern: &mut GraphPattern,
        run: &mut Run,
    ) -> Result<(), SparqlError> {
        service::answer(pattern, &self.services, None, run)
    }

    /// Returns the graphs whose merge is the default graph of a query.
    fn default_graphs(&self, from: Option<&QueryDataset>) -> Vec<GraphName> {
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
        run: &Run,
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

/// One evaluation: the engine, and what watches over it.
pub(crate) struct Run {
    pub(crate) evaluator: QueryEvaluator,
    pub(crate) guard: Guard,
    /// What services answered.
    pub(crate) kept: Answers,
}

fn named_graphs<'a, D: QueryableDataset<'a>>(dataset: &D) -> Result<Vec<NamedNode>, SparqlError> {
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

fn base_iri(query: &Query) -> Option<&Iri<String>> {
    let (Query::Select { base_iri, .. }
    | Query::Construct { base_iri, .. }
    | Query::Describe { base_iri, .. }
    | Query::Ask { base_iri, .. }) = query;
    base_iri.as_ref()
}

fn store_error(error: impl Error + Send + Sync + 'static) -> SparqlError {
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
mod tests {
    use super::*;
    use crate::prefixes::tests::prefixes;
    use crate::sparql::results::{ResultFormat, write};
    use crate::sparql::service::{Call, ServiceAnswer};
    use crate::store::hint::Hint;
    use oxigraph::io::{RdfFormat, RdfParser};
    use oxigraph::model::{Dataset, Literal, Quad};

    fn dataset() -> Dataset {
        let text = "
            @prefix pm: <https://w3id.org/powermap/ns#> . @prefix id: <https://w3id.org/powermap/id/> .
            @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
            id:nvidia pm:investsIn id:openai ; rdfs:label \"英伟达\"@zh .
            id:amd pm:investsIn id:xai .
            pm:board { id:openai pm:supplies id:oracle . id:nvidia pm:investsIn id:openai }";
        RdfParser::from_format(RdfFormat::TriG)
            .for_slice(text)
            .collect::<Result<_, _>>()
            .unwrap()
    }

    fn id(name: &str) -> Term {
        NamedNode::new(format!("https://w3id.org/powermap/id/{name}"))
            .unwrap()
            .into()
    }

    fn given(name: &str, term: impl Into<Term>) -> (String, Term) {
        (name.to_owned(), term.into())
    }

    /// Returns the result as CSV lines without the header.
    fn rows(evaluator: &Evaluator, query: &str, parameters: &[(String, Term)]) -> Vec<String> {
        let dataset = dataset();
        let results = evaluator.query(&dataset, query, parameters).unwrap();
        let mut bytes = Vec::new();
        write(results, ResultFormat::Csv, evaluator.prefixes(), &mut bytes).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        text.lines()
            .skip(1)
            .map(|line| line.replace("https://w3id.org/powermap/id/", ""))
            .collect()
    }

    fn error(evaluator: &Evaluator, query: &str, parameters: &[(String, Term)]) -> SparqlError {
        let dataset = dataset();
        match evaluator.query(&dataset, query, parameters) {
            Err(error) => error,
            Ok(results) => write_error(evaluator, results),
        }
    }

    fn error_on(dataset: &Dataset, evaluator: &Evaluator, query: &str) -> SparqlError {
        match evaluator.query(dataset, query, &[]) {
            Err(error) => error,
            Ok(results) => write_error(evaluator, results),
        }
    }

    fn write_error(evaluator: &Evaluator, results: Results<'_>) -> SparqlError {
        let sink = std::io::sink();
        write(results, ResultFormat::Csv, evaluator.prefixes(), sink)
            .expect_err("an error was expected")
    }

    #[test]
    fn default_graphs_merge_without_repeating() {
        let evaluator = Evaluator::new().with_prefixes(prefixes());
        let count = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }";
        assert_eq!(rows(&evaluator, count, &[]), ["3"]);
        let board = NamedNode::new("https://w3id.org/powermap/ns#board").unwrap();
        let evaluator = evaluator.with_default_graphs(vec![
            GraphName::DefaultGraph,
            board.clone().into(),
            board.into(),
        ]);
        assert_eq!(rows(&evaluator, count, &[]), ["4"]);
        // FROM decides where it is given.
        let from = "SELECT (COUNT(*) AS ?n) FROM pm:board WHERE { ?s ?p ?o }";
        assert_eq!(rows(&evaluator, from, &[]), ["2"]);
        let named = "SELECT (COUNT(*) AS ?n) FROM NAMED pm:board WHERE { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }";
        assert_eq!(rows(&evaluator, named, &[]), ["2"]);
    }

    #[test]
    fn parameters_reach_every_scope_that_shares_the_variable() {
        let evaluator = Evaluator::new().with_prefixes(prefixes());
        let nvidia = [given("player", id("nvidia"))];
        for (query, expected) in [
            (
                "SELECT ?player ?to { ?player pm:investsIn ?to }",
                vec!["nvidia,openai"],
            ),
            (
                "SELECT * { ?s pm:investsIn ?to FILTER(?s = ?player) }",
                vec!["nvidia,openai"],
            ),
            (
                "SELECT ?s { ?s pm:investsIn ?to FILTER EXISTS { ?player pm:investsIn ?to } }",
                vec!["nvidia"],
            ),
            (
                "SELECT ?to { { SELECT ?player ?to { ?player pm:investsIn ?to } } }",
                vec!["openai"],
            ),
            // A sub-select that keeps the variable to itself is another variable.
            (
                "SELECT ?n ?to { ?player pm:investsIn ?to { SELECT (COUNT(*) AS ?n) { ?player pm:investsIn ?x } } }",
                vec!["2,openai"],
            ),
            (
                "SELECT ?s { ?s pm:investsIn ?o MINUS { ?player pm:investsIn ?o } }",
                vec!["amd"],
            ),
            (
                "SELECT ?player { ?player pm:investsIn ?o MINUS { ?player pm:investsIn id:openai } }",
                vec![],
            ),
            (
                "SELECT ?player (COUNT(?o) AS ?n) { ?player pm:investsIn ?o } GROUP BY ?player",
                vec!["nvidia,1"],
            ),
            (
                "SELECT ?player ?o { VALUES (?player ?o) { (id:amd 1) (id:nvidia 2) (UNDEF 3) } } ORDER BY DESC(?o)",
                vec!["nvidia,3", "nvidia,2"],
            ),
            (
                "SELECT ?s { ?s ?p ?o FILTER(BOUND(?player) && sameTerm(?s, ?player) && isIRI(?o)) }",
                vec!["nvidia"],
            ),
            (
                "SELECT ?o { ?player (pm:investsIn|pm:x)+ ?o }",
                vec!["openai"],
            ),
        ] {
            assert_eq!(rows(&evaluator, query, &nvidia), expected, "{query}");
        }
        let literal = [given("p", Literal::from("text"))];
        assert!(rows(&evaluator, "SELECT ?o { ?s ?p ?o }", &literal).is_empty());
        let graph = [given(
            "g",
            NamedNode::new("https://w3id.org/powermap/ns#board").unwrap(),
        )];
        assert_eq!(
            rows(
                &evaluator,
                "SELECT ?o { GRAPH ?g { ?s pm:supplies ?o } }",
                &graph
            ),
            ["oracle"]
        );
    }

    #[test]
    fn parameters_reach_templates() {
        let dataset = dataset();
        let evaluator = Evaluator::new().with_prefixes(prefixes());
        let query = "CONSTRUCT { ?player pm:x ?to } WHERE { ?s pm:investsIn ?to }";
        let Ok(Results::Graph(triples)) =
            evaluator.query(&dataset, query, &[given("player", id("amd"))])
        else {
            panic!("CONSTRUCT gives triples");
        };
        let triples: Vec<_> = triples.map(Result::unwrap).collect();
        assert_eq!(triples.len(), 2);
        assert!(
            triples
                .iter()
                .all(|triple| Term::from(triple.subject.clone()) == id("amd"))
        );
    }

    #[test]
    fn wrong_parameters_are_named() {
        let evaluator = Evaluator::new().with_prefixes(prefixes());
        let query = "SELECT ?n { ?player pm:investsIn ?to BIND(1 AS ?n) }";
        let cases = [
            (vec![given("plyer", id("amd"))], "?plyer"),
            (vec![given("plyer", id("amd"))], "it has ?player, ?to"),
            (
                vec![given("n", id("amd"))],
                "?n cannot be given from outside",
            ),
            (
                vec![given("to", oxigraph::model::BlankNode::default())],
                "?to cannot be a blank node",
            ),
            (
                vec![given("to", id("amd")), given("to", id("amd"))],
                "?to was given more than once",
            ),
        ];
        for (parameters, expected) in cases {
            let error = error(&evaluator, query, &parameters).to_string();
            assert!(error.contains(expected), "{error}");
        }
    }

    #[test]
    fn row_limit_is_never_silent() {
        let dataset = dataset();
        for (limit, expected, cut) in [(0, 0, true), (2, 2, true), (3, 3, false), (9, 3, false)] {
            let evaluator = Evaluator::new()
                .with_prefixes(prefixes())
                .with_row_limit(limit);
            let Ok(Results::Solutions(mut rows)) =
                evaluator.query(&dataset, "SELECT * { ?s ?p ?o }", &[])
            else {
                panic!("SELECT gives rows");
            };
            assert_eq!(rows.by_ref().map(Result::unwrap).count(), expected);
            assert_eq!(rows.is_cut(), cut, "limit {limit}");
            assert!(rows.next().is_none());
        }
    }

    #[test]
    fn timeout_says_how_long() {
        // Everybody knows everybody: seven steps have more walks than anyone can wait for.
        let node = |n| NamedNode::new(format!("http://example.com/{n}")).unwrap();
        let dataset: Dataset = (0..60)
            .flat_map(|from| (0..60).map(move |to| (from, to)))
            .map(|(from, to)| {
                let knows = NamedNode::new_unchecked("http://example.com/knows");
                Quad::new(node(from), knows, node(to), GraphName::DefaultGraph)
            })
            .collect();
        let evaluator = Evaluator::new()
            .with_prefixes(prefixes())
            .with_timeout(Duration::from_millis(30));
        let walk = "?a ?x ?b . ?b ?x ?c . ?c ?x ?d . ?d ?x ?e . ?e ?x ?f . ?f ?x ?g . ?g ?x ?h";
        for query in [
            format!("SELECT (COUNT(*) AS ?n) {{ {walk} }}"),
            format!("SELECT * {{ {walk} }}"),
            format!("ASK {{ {walk} FILTER(?h = 1) }}"),
        ] {
            let error = error_on(&dataset, &evaluator, &query);
            assert!(matches!(error, SparqlError::Timeout { .. }), "{error}");
            assert!(error.to_string().contains("30ms"), "{error}");
        }
        // Enough time changes nothing.
        let evaluator = Evaluator::new()
            .with_prefixes(prefixes())
            .with_timeout(Duration::from_secs(600));
        assert_eq!(
            rows(&evaluator, "SELECT ?o { id:amd pm:investsIn ?o }", &[]),
            ["xai"]
        );
    }

    #[test]
    fn timeout_reaches_patterns_that_are_not_connected() {
        let dataset = dataset();
        let evaluator = Evaluator::new()
            .with_prefixes(prefixes())
            .with_timeout(Duration::from_millis(30));
        let apart: String = (0..40).map(|n| format!("?a{n} ?b{n} ?c{n} . ")).collect();
        for query in [
            format!("SELECT (COUNT(*) AS ?n) {{ {apart} }}"),
            format!("ASK {{ {apart} FILTER(?a0 = ?a39 && ?a39 != ?a0 && isIRI(?b7)) }}"),
            format!("SELECT * {{ {apart} }} ORDER BY ?c3"),
            format!("ASK {{ ?x pm:supplies ?y OPTIONAL {{ {apart} }} FILTER(?a39 = 1) }}"),
        ] {
            let error = error_on(&dataset, &evaluator, &query);
            assert!(
                matches!(error, SparqlError::Timeout { .. }),
                "{query}: {error}"
            );
        }
        // What is made interruptible gives what it gave.
        let patient = Evaluator::new()
            .with_prefixes(prefixes())
            .with_timeout(Duration::from_secs(600));
        for query in [
            "SELECT ?a ?d { ?a pm:investsIn ?b . ?c pm:investsIn ?d FILTER(?b != ?d && ?a = id:amd) } ORDER BY ?a ?d",
            "SELECT (COUNT(*) AS ?n) (COUNT(DISTINCT *) AS ?m) { ?a ?b ?c . ?d ?e ?f }",
            "SELECT ?a { ?a pm:investsIn ?b . ?c rdfs:label ?d MINUS { ?x pm:supplies ?y . ?a rdfs:label ?z } }",
            "SELECT * { { ?a pm:investsIn ?b . ?c rdfs:label ?d FILTER(?a = ?c) } ?b ?p ?q }",
            "SELECT * { ?a pm:investsIn ?b . ?c rdfs:label ?d FILTER(isIRI(?a)) FILTER(?a = ?c) }",
            "SELECT * { ?a pm:investsIn ?b . ?c rdfs:label ?d . ?e ?f ?g . ?b ?h ?i FILTER(?g != ?d) }",
            "SELECT * { ?a pm:investsIn [ ?p ?o ] . ?c rdfs:label ?d . ?e pm:supplies+ ?f }",
            "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . { ?d ?e ?f } { ?g ?h ?i FILTER(?g != ?h) } }",
        ] {
            let sorted = |evaluator: &Evaluator| {
                let mut rows = rows(evaluator, query, &[]);
                rows.sort();
                rows
            };
            assert_eq!(
                sorted(&patient),
                sorted(&Evaluator::new().with_prefixes(prefixes())),
                "{query}"
            );
        }
    }

    #[test]
    fn the_variable_of_graph_is_bound_after_its_block() {
        let evaluator = Evaluator::new().with_prefixes(prefixes());
        for (query, expected) in [
            (
                "SELECT ?o { GRAPH ?g { ?s pm:supplies ?o } }",
                vec!["oracle"],
            ),
            (
                "SELECT ?n { GRAPH ?g { SELECT (COUNT(*) AS ?n) { ?s pm:nothing ?o } } }",
                vec!["0"],
            ),
            (
                "SELECT ?s { GRAPH ?g { ?s pm:supplies ?o MINUS { ?x pm:supplies ?y } } }",
                vec!["openai"],
            ),
            (
                "SELECT ?s { GRAPH ?g { ?s pm:supplies ?o { ?x pm:investsIn ?y MINUS { ?a pm:supplies ?b } } } }",
                vec!["openai"],
            ),
            (
                "SELECT ?s { GRAPH ?g { ?s pm:supplies ?o FILTER(BOUND(?g)) } }",
                vec![],
            ),
            (
                "SELECT ?x { GRAPH ?g { VALUES (?x ?g) { (1 pm:board) (2 pm:other) } } }",
                vec!["1"],
            ),
            (
                "SELECT ?x FROM NAMED pm:other { GRAPH ?g { VALUES ?x { 1 } } }",
                vec!["1"],
            ),
            (
                "SELECT ?s { ?s ?p ?o FILTER EXISTS { GRAPH ?g { ?s ?q ?r MINUS { ?s pm:supplies ?r } } } } ",
                vec!["nvidia", "nvidia"],
            ),
        ] {
            assert_eq!(rows(&evaluator, query, &[]), expected, "{query}");
        }
    }

    #[test]
    fn products_within_a_graph_stay_in_it() {
        let text =
            "<urn:g> { <urn:a> <urn:p> 1 } <urn:h> { <urn:a> <urn:q> 2 . <urn:a> <urn:r> 3 }";
        let quads = RdfParser::from_format(RdfFormat::TriG).for_slice(text);
        let dataset: Dataset = quads.collect::<Result<_, _>>().unwrap();
        let query = "ASK { GRAPH ?g { ?a <urn:p> ?b . ?c <urn:q> ?d . ?e <urn:r> ?f } }";
        for evaluator in [
            Evaluator::new().with_prefixes(prefixes()),
            Evaluator::new()
                .with_prefixes(prefixes())
                .with_timeout(Duration::from_secs(600)),
        ] {
            let answer = evaluator.query(&dataset, query, &[]).unwrap();
            assert!(matches!(answer, Results::Boolean(false)));
        }
    }

    struct Echo;

    impl Service for Echo {
        /// Returns one row: `?pattern` is the text of the pattern.
        fn call(&self, call: &Call<'_>) -> Result<ServiceAnswer, Box<dyn Error + Send + Sync>> {
            let text = call.pattern.to_string();
            if text.contains("slow") {
                let limit = Duration::from_secs(1);
                return Err(SparqlError::Timeout { limit }.into());
            }
            if text.contains("fail") {
                return Err("no such thing".into());
            }
            Ok(ServiceAnswer {
                variables: vec![oxigraph::model::Variable::new_unchecked("pattern")],
                rows: vec![vec![Some(Literal::from(text).into())]],
                notices: Vec::new(),
            })
        }
    }

    #[test]
    fn services_get_parameters_and_unknown_ones_are_refused() {
        let echo = NamedNode::new("https://w3id.org/powermap/call#echo").unwrap();
        let evaluator = Evaluator::new()
            .with_prefixes(prefixes())
            .with_service(&echo, Arc::new(Echo));
        let query =
            "SELECT ?pattern { SERVICE call:echo { [] call:through ?player ; call:x ?pattern } }";
        let rows = rows(&evaluator, query, &[given("player", id("nvidia"))]);
        assert!(rows[0].contains("<nvidia>"), "{rows:?}");

        let failing = error(
            &evaluator,
            "SELECT * { SERVICE call:echo { [] call:fail 1 } }",
            &[],
        );
        assert_eq!(
            failing.to_string(),
            "service <https://w3id.org/powermap/call#echo>: no such thing"
        );
        assert_eq!(failing.hint(), None);
        let deep = error(
            &evaluator,
            "SELECT * { SERVICE call:echo { [] call:slow 1 } }",
            &[],
        );
        assert_eq!(deep.hint(), Some(Hint::MoreTime), "{deep}");
        let unknown = error(
            &evaluator,
            "SELECT * { SERVICE <http://example.com/> { ?s ?p ?o } }",
            &[],
        );
        assert_eq!(
            unknown.to_string(),
            "no service <http://example.com/> here: queries never reach the network; the registered services are \
             <https://w3id.org/powermap/call#echo>"
        );
        let unknown = error(
            &Evaluator::new().with_prefixes(prefixes()),
            "ASK { SERVICE <http://example.com/> { ?s ?p ?o } }",
            &[],
        );
        assert!(
            unknown.to_string().contains("none is registered"),
            "{unknown}"
        );
    }

    #[test]
    fn bad_base_and_prefix_are_refused() {
        let error = Evaluator::new()
            .with_prefixes(prefixes())
            .with_base_iri("not an iri")
            .err()
            .unwrap();
        assert!(
            error.to_string().starts_with("base IRI \"not an iri\""),
            "{error}"
        );
        assert!(
            Evaluator::new()
                .with_prefixes(prefixes())
                .with_prefix("x", "nope")
                .is_err()
        );
        let evaluator = Evaluator::new()
            .with_prefixes(prefixes())
            .with_base_iri("http://example.com/")
            .unwrap();
        assert!(evaluator.parse_query("ASK { <a> <b> <c> }").is_ok());
    }
}
