//! Floor 7: `Map`, the type that an embedder starts from.

pub mod built_in;
pub mod error;
pub mod names;

use crate::analysis::conflicts::{self, Conflict};
use crate::analysis::diff::{self, Difference};
use crate::analysis::timeline::{self, Entry};
use crate::format::board_graph::board_triples;
use crate::format::{Format, rdf};
use crate::map::error::MapError;
use crate::model::board::Board;
use crate::model::record::Records;
use crate::model::view::View;
use crate::model::vocabulary::pm;
use crate::sparql::evaluator::Evaluator;
use crate::sparql::rows::Results;
use crate::store::load::Loader;
use crate::store::memory::MemoryStore;
use crate::store::read::ReadStore;
use crate::store::records::{self, RecordProblem};
use oxigraph::model::{GraphName, Quad, Triple};
use std::path::Path;
use std::sync::Arc;

/// A map of power, looked at from a [`View`].
///
/// ```
/// use powermap::map::Map;
/// use powermap::sparql::rows::Results;
///
/// let map = Map::built_in()?;
/// let Results::Solutions(rows) = map.query("SELECT ?who { ?who pm:investsIn id:openai }")? else {
///     unreachable!("a SELECT query gives rows");
/// };
/// assert!(rows.count() > 3);
/// # Ok::<(), powermap::map::error::MapError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Map {
    /// The triples of the text, and the ontology in its own graph.
    text: MemoryStore,
    records: Arc<Records>,
    problems: Arc<[RecordProblem]>,
    board: Arc<Board>,
    /// The text, the ontology and the board.
    store: MemoryStore,
}

impl Map {
    /// The built-in map of Silicon Valley.
    ///
    /// # Errors
    /// None in practice: the text is part of the program, and tests read it.
    pub fn built_in() -> Result<Self, MapError> {
        let mut quads = Vec::new();
        for (name, text) in built_in::SILICON_VALLEY {
            quads.extend(rdf::parse(text.as_bytes(), Format::Turtle, name)?);
        }
        Self::from_quads(quads)
    }

    /// A map of the given triples.
    ///
    /// # Errors
    /// As [`Map::built_in`].
    pub fn from_quads(quads: impl IntoIterator<Item = Quad>) -> Result<Self, MapError> {
        Self::from_store(&MemoryStore::from_quads(quads))
    }

    /// The map in a file, or in all files of a folder.
    ///
    /// # Errors
    /// When a file cannot be read or its text is not right.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, MapError> {
        Self::from_store(&Loader::new().add_path(path)?.load()?.store)
    }

    fn from_store(text: &MemoryStore) -> Result<Self, MapError> {
        let ontology = rdf::parse(
            built_in::ONTOLOGY.as_bytes(),
            Format::Turtle,
            "powermap.ttl",
        )?;
        let ontology = ontology.into_iter().map(Triple::from);
        Self::of(
            text.with_graph(pm::ONTOLOGY.into_owned(), ontology),
            View::default(),
        )
    }

    /// Reads the records of the text and resolves the board.
    fn of(text: MemoryStore, view: View) -> Result<Self, MapError> {
        let (records, problems) = records::read(&text.dataset())?;
        let map = Self {
            store: text.clone(),
            text,
            records: Arc::new(records),
            problems: problems.into(),
            board: Arc::default(),
        };
        Ok(map.with_view(view))
    }

    /// The same map looked at from another day, with other knowledge, or by another policy.
    ///
    /// O(c log c) in the number of claims; the text and the records are shared.
    #[must_use]
    pub fn with_view(&self, view: View) -> Self {
        let board = Board::resolve(&self.records, view);
        let triples = board_triples(&self.records, &board);
        Self {
            store: self.text.with_graph(pm::BOARD.into_owned(), triples),
            board: Arc::new(board),
            ..self.clone()
        }
    }

    /// The players, deals, edges, observations, claims and documents of the map.
    pub fn records(&self) -> &Records {
        &self.records
    }

    /// What stands in the text but cannot be read as a record, or not wholly.
    pub fn problems(&self) -> &[RecordProblem] {
        &self.problems
    }

    /// The board of the map's view.
    pub fn board(&self) -> &Board {
        &self.board
    }

    /// The triples: the text, the ontology in `pm:ontology` and the board in `pm:board`.
    pub fn store(&self) -> &MemoryStore {
        &self.store
    }

    /// An evaluator whose default graph is the text, the board and the ontology together.
    pub fn evaluator(&self) -> Evaluator {
        Evaluator::new().with_default_graphs(vec![
            GraphName::DefaultGraph,
            pm::BOARD.into_owned().into(),
            pm::ONTOLOGY.into_owned().into(),
        ])
    }

    /// Runs a SPARQL query.
    ///
    /// # Errors
    /// Those of the query's text and of its evaluation.
    pub fn query(&self, text: &str) -> Result<Results<'_>, MapError> {
        Ok(self.evaluator().query(self.store.dataset(), text, &[])?)
    }

    /// What the sources do not agree on, as far as known by the view's day.
    pub fn conflicts(&self) -> Vec<Conflict> {
        conflicts::conflicts(self.records(), self.board.view)
    }

    /// What happened when.
    pub fn timeline(&self) -> Vec<Entry> {
        timeline::timeline(self.records(), self.board())
    }

    /// What differs between this map's board and another one's.
    pub fn diff(&self, other: &Self) -> Vec<Difference> {
        diff::diff(self.board(), other.board())
    }
}
