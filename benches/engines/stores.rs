//! The engines: Oxigraph's store in memory, and our stores behind our evaluator.

use crate::engines::Failure;
use crate::engines::engine::{Answer, Engine, Question, Stop};
use crate::engines::substitute::substituted;
use crate::engines::tally;
use oxigraph::io::RdfFormat;
use oxigraph::model::{GraphName, NamedNode, Term};
use oxigraph::sparql::{CancellationToken, QueryEvaluationError, QueryResults, SparqlEvaluator};
use oxigraph::store::Store;
use powermap_rdf::{
    CompiledStore, Evaluator, Loader, MemoryStore, ReadDataset, ReadStore, Results, SparqlError,
};
use std::path::Path;
use std::sync::mpsc;
use std::thread;

/// The default graph: the dataset's own, and the named graphs of the question.
fn default_graphs(question: &Question) -> Vec<GraphName> {
    let named = question.graphs.iter().map(NamedNode::new_unchecked);
    [GraphName::DefaultGraph]
        .into_iter()
        .chain(named.map(Into::into))
        .collect()
}

/// Oxigraph's store in memory with Oxigraph's own evaluator.
pub(crate) struct Oxigraph {
    store: Store,
    /// Its prefixes, so that texts mean the same.
    evaluator: Evaluator,
}

impl Oxigraph {
    pub(crate) fn load(rdf: &Path) -> Result<Self, Failure> {
        let store = Store::new()?;
        let is_quads = rdf.extension().is_some_and(|ending| ending == "nq");
        let format = match is_quads {
            true => RdfFormat::NQuads,
            false => RdfFormat::NTriples,
        };
        // The loader halves the number: one half parses, the other sorts.
        let threads = 2 * thread::available_parallelism()?.get();
        let mut loader = store.bulk_loader().with_num_threads(threads);
        loader.parallel_load_from_file(format, rdf)?;
        loader.commit()?;
        Ok(Self {
            store,
            evaluator: Evaluator::new(),
        })
    }

    fn run(&self, question: &Question, token: CancellationToken) -> Result<Answer, Stop> {
        let query = self.evaluator.parse_query(&substituted(question))?;
        let mut prepared = SparqlEvaluator::new()
            .with_cancellation_token(token)
            .for_query(query);
        if !question.graphs.is_empty() {
            let graphs = default_graphs(question);
            prepared.dataset_mut().set_default_graph(graphs);
        }
        let late = |error| match error {
            QueryEvaluationError::Cancelled => Stop::Late,
            error => error.into(),
        };
        let is_checked = question.is_checked;
        match prepared.on_store(&self.store).execute().map_err(late)? {
            QueryResults::Boolean(value) => Ok(tally::truth(value)),
            QueryResults::Solutions(rows) => tally::rows(rows, is_checked).map_err(late),
            QueryResults::Graph(triples) => tally::triples(triples, is_checked).map_err(late),
        }
    }
}

impl Engine for Oxigraph {
    fn ask(&self, question: &Question) -> Result<Answer, Stop> {
        let token = CancellationToken::new();
        let Some(limit) = question.limit else {
            return self.run(question, token);
        };
        let (done, wait) = mpsc::channel::<()>();
        let watched = token.clone();
        thread::scope(|scope| {
            scope.spawn(move || {
                if wait.recv_timeout(limit) == Err(mpsc::RecvTimeoutError::Timeout) {
                    watched.cancel();
                }
            });
            let answer = self.run(question, token);
            drop(done);
            answer
        })
    }
}

/// Our store in memory with our evaluator.
pub(crate) struct Memory {
    store: MemoryStore,
}

impl Memory {
    pub(crate) fn load(rdf: &Path) -> Result<Self, Failure> {
        let store = Loader::new().add_path(rdf)?.load()?.store;
        Ok(Self { store })
    }
}

impl Engine for Memory {
    fn ask(&self, question: &Question) -> Result<Answer, Stop> {
        ask(Evaluator::new(), self.store.dataset(), question)
    }
}

/// Makes the compiled file of an RDF file.
pub(crate) fn compile(rdf: &Path, file: &Path) -> Result<(), Failure> {
    let store = Loader::new().add_path(rdf)?.load()?.store;
    Ok(CompiledStore::write(&store, file)?)
}

/// Our compiled store with our evaluator.
pub(crate) struct Compiled {
    store: CompiledStore,
    /// Whether the evaluator may use the columns.
    has_columns: bool,
}

impl Compiled {
    pub(crate) fn open(file: &Path, has_columns: bool) -> Result<Self, Failure> {
        let store = CompiledStore::open(file)?;
        Ok(Self { store, has_columns })
    }
}

impl Engine for Compiled {
    fn ask(&self, question: &Question) -> Result<Answer, Stop> {
        let evaluator = Evaluator::new();
        let evaluator = match self.has_columns {
            true => evaluator,
            false => evaluator.without_columns(),
        };
        ask(evaluator, self.store.dataset(), question)
    }
}

/// Asks any of our stores, through the evaluator that the program uses.
fn ask<'a>(
    evaluator: Evaluator,
    dataset: impl ReadDataset<'a>,
    question: &Question,
) -> Result<Answer, Stop> {
    let mut evaluator = evaluator.with_default_graphs(default_graphs(question));
    if let Some(limit) = question.limit {
        evaluator = evaluator.with_timeout(limit);
    }
    let parameters: Vec<(String, Term)> = question
        .parameters
        .iter()
        .map(|(name, term)| Ok((name.clone(), term.parse()?)))
        .collect::<Result<_, Stop>>()?;
    let late = |error| match error {
        SparqlError::Timeout { .. } => Stop::Late,
        error => error.into(),
    };
    let is_checked = question.is_checked;
    match evaluator
        .query(dataset, &question.text, &parameters)
        .map_err(late)?
    {
        Results::Boolean(value) => Ok(tally::truth(value)),
        Results::Solutions(rows) => tally::read_rows(rows, is_checked).map_err(late),
        Results::Graph(triples) => tally::triples(triples, is_checked).map_err(late),
    }
}
