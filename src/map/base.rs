//! The type `Map`: its text, its view, and what is computed from them.

use crate::analysis::position::Position;
use crate::callable;
use crate::format::field::FieldReport;
use crate::map::built_in;
use crate::map::error::MapError;
use crate::map::limits::Limits;
use crate::map::notice::MapNotice;
use crate::map::open::OpenOptions;
use crate::map::seen::Worked;
use crate::model::view::View;
use crate::model::vocabulary::{PREFIXES, pm};
use oxigraph::model::{GraphName, Quad, Triple};
use powermap_rdf::{
    CacheProblem, Evaluator, Format, Loader, MemoryStore, ReadStore, Results, SourceMap, Store,
    SyntaxProblem, rdf,
};
use std::path::Path;
use std::sync::Arc;

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
    pub(super) text: Store,
    /// Whether `text` holds the board of the default view too, as in a compiled map.
    pub(super) has_board: bool,
    /// Where the text comes from, if from a disk.
    pub(super) source: Option<SourceMap>,
    /// Whether the text is that of the program.
    pub(super) is_built_in: bool,
    pub(super) warnings: Arc<[SyntaxProblem]>,
    /// What readers have to know about the tables.
    pub(super) table_notices: Arc<[MapNotice]>,
    /// What was read of files in formats of the field.
    pub(super) field_reports: Arc<[FieldReport]>,
    /// The view as it was asked for; that of the board has its days filled in.
    pub(super) requested: View,
    pub(super) limits: Limits,
    pub(super) cache_problems: Arc<[CacheProblem]>,
    pub(super) worked: Worked,
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
        Ok(Self {
            is_built_in: true,
            ..Self::of(text?.store, ontology?)
        })
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
        OpenOptions::new().open(path)
    }

    /// Puts the ontology beside the text.
    pub(super) fn of(text: MemoryStore, ontology: Vec<Triple>) -> Self {
        let text = text.with_graph(pm::ONTOLOGY.into_owned(), ontology);
        Self {
            text: text.into(),
            has_board: false,
            source: None,
            is_built_in: false,
            warnings: Arc::default(),
            table_notices: Arc::default(),
            field_reports: Arc::default(),
            requested: View::default(),
            limits: Limits::new(),
            cache_problems: Arc::default(),
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

    /// Returns the same map, whose queries and analyses keep to these limits. O(1).
    #[must_use]
    pub fn with_limits(&self, limits: Limits) -> Self {
        Self {
            limits,
            ..self.clone()
        }
    }

    /// Returns the limits.
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// Returns why the cache could not be used, where the map was opened with one.
    pub fn cache_problems(&self) -> &[CacheProblem] {
        &self.cache_problems
    }

    /// What reading tables had to make up, such as players that occur in edges only.
    pub fn warnings(&self) -> &[SyntaxProblem] {
        &self.warnings
    }

    /// Returns what was read, and what was left out, of each file that is in a format of the field. None for a compiled map.
    pub fn field_reports(&self) -> &[FieldReport] {
        &self.field_reports
    }

    /// Where the map is kept on disk: its sources and the file that updates go to. Nothing for a map in memory.
    pub fn source(&self) -> Option<&SourceMap> {
        self.source.as_ref()
    }

    /// The view that was asked for; that of the board has its days filled in.
    pub fn view(&self) -> View {
        self.requested
    }

    /// Returns an evaluator whose default graph is the text, the board and the ontology together, with the analyses of the
    /// board as services, within the limits of the map.
    pub fn evaluator(&self) -> Evaluator {
        let map = self.clone();
        let position = move || Ok(map.with_checks(map.bare_position()?, map.plain_evaluator()));
        let map = self.clone();
        let store = move || Ok(map.store()?.clone());
        let evaluator = callable::register_lazy(self.plain_evaluator(), position, store);
        match self.limits.rows() {
            Some(rows) => evaluator.with_row_limit(rows),
            None => evaluator,
        }
    }

    /// Returns an evaluator without the services, which the check queries do not call, and without a limit on rows.
    pub(crate) fn plain_evaluator(&self) -> Evaluator {
        let mut evaluator = Evaluator::new();
        if let Some(time) = self.limits.time() {
            evaluator = evaluator.with_timeout(time);
        }
        if let Some(bytes) = self.limits.memory() {
            evaluator = evaluator.with_memory_limit(bytes);
        }
        evaluator
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
        Ok(self.with_checks(self.bare_position()?, self.plain_evaluator()))
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

    /// Runs a SPARQL query, within the limits of the map.
    ///
    /// # Errors
    /// Those of the query's text and of its evaluation.
    pub fn query(&self, text: &str) -> Result<Results<'_>, MapError> {
        let dataset = self.store()?.dataset();
        Ok(self.evaluator().query(dataset, text, &[])?)
    }
}

/// The triples of the ontology.
pub(super) fn ontology() -> Result<Vec<Triple>, MapError> {
    let text = built_in::ONTOLOGY.as_bytes();
    let quads = rdf::parse(text, Format::Turtle, "powermap.ttl")?;
    Ok(quads.into_iter().map(Triple::from).collect())
}
