//! Floor 7: `Map`, the type that an embedder starts from.

pub(crate) mod ask;
pub(crate) mod built_in;
pub(crate) mod cached;
pub(crate) mod check;
pub(crate) mod compile;
pub(crate) mod error;
pub(crate) mod import;
pub(crate) mod names;
pub(crate) mod quads;
pub(crate) mod refute;
mod seen;
mod tables;
pub(crate) mod update;

pub use crate::map::built_in::{ONTOLOGY, SHAPES, SILICON_VALLEY};
pub use crate::map::cached::Cached;
pub use crate::map::check::{Finding, FindingKind};
pub use crate::map::compile::Compiled;
pub use crate::map::error::MapError;
pub use crate::map::import::{Added, Imported, NewFile};
pub use crate::map::update::Change;

use crate::analysis::conflicts::{self, Conflict};
use crate::analysis::diff::{self, Difference};
use crate::analysis::position::Position;
use crate::analysis::timeline::{self, TimelineEntry};
use crate::callable;
use crate::format::quads::record_quads;
use crate::map::seen::Worked;
use crate::model::view::View;
use crate::model::vocabulary::{PREFIXES, pm};
use oxigraph::model::{GraphName, Quad, Triple};
use powermap_rdf::{
    CompiledStore, Evaluator, Format, Loader, MemoryStore, ReadStore, Results, SourceMap, Store,
    SyntaxProblem, TableSource, rdf,
};
use std::path::Path;
use std::sync::{Arc, Mutex};

/// A map of power, looked at from a [`View`].
///
/// Records, board and network are worked out when they are first asked for, and shared by clones.
///
/// ```
/// use powermap::Map;
/// use powermap_rdf::Results;
///
/// let map = Map::built_in()?;
/// let Results::Solutions(rows) = map.query("SELECT ?who { ?who pm:investsIn id:openai }")? else {
///     unreachable!("a SELECT query gives rows");
/// };
/// assert!(rows.count() > 3);
/// # Ok::<(), powermap::MapError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Map {
    /// The triples of the text, and the ontology in its own graph.
    text: Store,
    /// Whether `text` holds the board of the default view too, as in a compiled map.
    has_board: bool,
    /// Where the text comes from, if from a disk.
    source: Option<SourceMap>,
    warnings: Arc<[SyntaxProblem]>,
    /// The view as it was asked for; that of the board has its days filled in.
    requested: View,
    worked: Worked,
}

impl Map {
    /// The built-in map of Silicon Valley.
    ///
    /// # Errors
    /// None in practice: the text is part of the program, and tests read it.
    pub fn built_in() -> Result<Self, MapError> {
        let loader = built_in::SILICON_VALLEY
            .iter()
            .fold(Loader::new(), |loader, (name, text)| {
                loader.add_bytes(*name, Format::Turtle, text.as_bytes())
            });
        let (text, ontology) = rayon::join(|| loader.load(), ontology);
        Ok(Self::of(text?.store, ontology?))
    }

    /// A map of the given triples.
    ///
    /// # Errors
    /// As [`Map::built_in`].
    pub fn from_quads(quads: impl IntoIterator<Item = Quad>) -> Result<Self, MapError> {
        Ok(Self::of(MemoryStore::from_quads(quads), ontology()?))
    }

    /// The map in a file, or in all files of a folder: RDF of any format and CSV tables, and the updates beside them;
    /// or a file of [`Map::compile`], which takes microseconds.
    ///
    /// # Errors
    /// When a file cannot be read or its text is not right; the error says where.
    ///
    /// ```
    /// use powermap::Map;
    /// let folder = tempfile::tempdir()?;
    /// std::fs::write(folder.path().join("edges.csv"), "from,to,family\nada,babbage,influence\n")?;
    /// let map = Map::open(folder.path())?;
    /// assert_eq!(map.records()?.players.len(), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn open(path: impl AsRef<Path>) -> Result<Self, MapError> {
        Self::open_with(path, Loader::new())
    }

    /// Opens as [`Map::open`] does, by a loader of the caller's, such as one that reports progress.
    ///
    /// # Errors
    /// As [`Map::open`].
    pub fn open_with(path: impl AsRef<Path>, loader: Loader<'_>) -> Result<Self, MapError> {
        let path = path.as_ref();
        if CompiledStore::is_at(path)? {
            return Self::of_compiled(CompiledStore::open(path)?);
        }
        let ontology = ontology()?;
        let warnings = Mutex::new(Vec::new());
        let read = |tables: &[TableSource], text: &MemoryStore| {
            let known = text.with_graph(pm::ONTOLOGY.into_owned(), ontology.iter().cloned());
            let (records, found) = tables::read(tables, &known)?;
            if let Ok(mut warnings) = warnings.lock() {
                *warnings = found;
            }
            Ok(record_quads(&records))
        };
        let source = SourceMap::open(path, loader.with_tables(read))?;
        let mut map = Self::of(source.store().clone(), ontology.clone());
        map.warnings = warnings.into_inner().unwrap_or_default().into();
        map.source = Some(source);
        Ok(map)
    }

    /// Puts the ontology beside the text.
    fn of(text: MemoryStore, ontology: Vec<Triple>) -> Self {
        let text = text.with_graph(pm::ONTOLOGY.into_owned(), ontology);
        Self {
            text: text.into(),
            has_board: false,
            source: None,
            warnings: Arc::default(),
            requested: View::default(),
            worked: Worked::default(),
        }
    }

    /// The same map looked at from another day, with other knowledge, or by another policy.
    ///
    /// O(1); resolving the board is O(c log c) in the number of claims, and done when it is asked for. The text and the
    /// records are shared.
    #[must_use]
    pub fn with_view(&self, view: View) -> Self {
        if view == self.requested {
            return self.clone();
        }
        Self {
            requested: view,
            worked: self.worked.for_another_view(),
            ..self.clone()
        }
    }

    /// What reading tables had to make up, such as players that occur in edges only.
    pub fn warnings(&self) -> &[SyntaxProblem] {
        &self.warnings
    }

    /// Where the map is kept on disk: its sources and the file that updates go to. Nothing for a map in memory.
    pub fn source(&self) -> Option<&SourceMap> {
        self.source.as_ref()
    }

    /// The view that was asked for; that of the board has its days filled in.
    pub fn view(&self) -> View {
        self.requested
    }

    /// An evaluator whose default graph is the text, the board and the ontology together, with the analyses of the
    /// board as services.
    pub fn evaluator(&self) -> Evaluator {
        let map = self.clone();
        let position = move || Ok(map.with_checks(map.bare_position()?, map.plain_evaluator()));
        let map = self.clone();
        let store = move || Ok(map.store()?.clone());
        callable::register_lazy(self.plain_evaluator(), position, store)
    }

    /// The same without the services, which the check queries do not call.
    fn plain_evaluator(&self) -> Evaluator {
        Evaluator::new()
            .with_prefixes(PREFIXES.clone())
            .with_default_graphs(vec![
                GraphName::DefaultGraph,
                pm::BOARD.into_owned().into(),
                pm::ONTOLOGY.into_owned().into(),
            ])
    }

    /// Returns the position that analyses look at: the board of the view, with the checks of the map.
    ///
    /// # Errors
    /// As [`Map::records`].
    pub fn position(&self) -> Result<Position, MapError> {
        self.position_with(self.plain_evaluator())
    }

    /// Returns the position, its check queries run by an evaluator of the caller's, such as one that stops after some
    /// time.
    ///
    /// # Errors
    /// As [`Map::records`].
    pub fn position_with(&self, evaluator: Evaluator) -> Result<Position, MapError> {
        Ok(self.with_checks(self.bare_position()?, evaluator))
    }

    fn with_checks(&self, position: &Position, evaluator: Evaluator) -> Position {
        let map = self.clone();
        let seen = position.view();
        position.clone().with_checks(Arc::new(move |view, cancel| {
            // The view that is most often asked for needs no new board.
            let other = (view != seen).then(|| map.with_view(view));
            Ok(other
                .as_ref()
                .unwrap_or(&map)
                .refuted_until(&evaluator, cancel)?)
        }))
    }

    /// Runs a SPARQL query.
    ///
    /// # Errors
    /// Those of the query's text and of its evaluation.
    pub fn query(&self, text: &str) -> Result<Results<'_>, MapError> {
        self.query_with(&self.evaluator(), text)
    }

    /// Runs a SPARQL query by an evaluator of the caller's, such as one that stops after some time.
    ///
    /// # Errors
    /// As [`Map::query`].
    pub fn query_with(&self, evaluator: &Evaluator, text: &str) -> Result<Results<'_>, MapError> {
        Ok(evaluator.query(self.store()?.dataset(), text, &[])?)
    }

    /// Returns what the sources do not agree on, as far as known by the view's day.
    ///
    /// # Errors
    /// As [`Map::records`].
    pub fn conflicts(&self) -> Result<Vec<Conflict>, MapError> {
        Ok(conflicts::conflicts(self.records()?, self.board()?.view))
    }

    /// Returns what happened when.
    ///
    /// # Errors
    /// As [`Map::records`].
    pub fn timeline(&self) -> Result<Vec<TimelineEntry>, MapError> {
        Ok(timeline::timeline(self.records()?, self.board()?))
    }

    /// Returns what differs between this map's board and another one's.
    ///
    /// # Errors
    /// As [`Map::records`].
    pub fn diff(&self, other: &Self) -> Result<Vec<Difference>, MapError> {
        Ok(diff::diff(self.board()?, other.board()?))
    }
}

/// The triples of the ontology.
fn ontology() -> Result<Vec<Triple>, MapError> {
    let text = built_in::ONTOLOGY.as_bytes();
    let quads = rdf::parse(text, Format::Turtle, "powermap.ttl")?;
    Ok(quads.into_iter().map(Triple::from).collect())
}
