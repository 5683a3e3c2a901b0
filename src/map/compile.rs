//! Maps as compiled files.

use crate::map::base::{Map, ontology};
use crate::map::error::MapError;
use crate::map::limits::Limits;
use crate::map::seen::Worked;
use crate::model::view::View;
use crate::model::vocabulary::pm;
use oxigraph::model::NamedOrBlankNode;
use powermap_rdf::{CompiledStore, Listener, Phase, Progress, ReadStore, Store};
use std::path::Path;
use std::sync::Arc;

/// What a compiled file has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Compiled {
    /// How many triples, over all graphs, the ontology and the board among them.
    pub triples: u64,
    /// How many bytes.
    pub bytes: u64,
}

impl Map {
    /// Writes the map as a file that [`Map::open`] opens in microseconds: the text, the ontology and the board of the
    /// default view, whatever the view of this map.
    ///
    /// The file is written whole or not at all, and takes the place of one that is there. The same map gives the same
    /// bytes. Reports progress now and then, from any thread. O(n log n) in the number of triples; see `docs/compiled.md` for what is in it.
    ///
    /// # Errors
    /// When the file cannot be written, or this map is a compiled one that is damaged.
    ///
    /// ```
    /// use powermap::Map;
    /// let folder = tempfile::tempdir()?;
    /// let path = folder.path().join("map.pmap");
    /// let compiled = Map::built_in()?.compile(&path, |_| {})?;
    /// assert_eq!(compiled.bytes, std::fs::metadata(&path)?.len());
    /// assert_eq!(Map::open(&path)?.records()?, Map::built_in()?.records()?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn compile(
        &self,
        path: impl AsRef<Path>,
        report: impl Fn(Progress) + Send + Sync,
    ) -> Result<Compiled, MapError> {
        let path = path.as_ref();
        let listener = Listener::new(report);
        let store = self.store_to_compile(&listener)?;
        let told = |triples| listener.tell(Phase::Compiling, triples);
        CompiledStore::write_from(&*store.in_memory()?, [0; 32], path, &told)?;
        let written = CompiledStore::open(path)?;
        Ok(Compiled {
            triples: written.quad_count(),
            bytes: written.file_bytes(),
        })
    }

    /// The map of a compiled file.
    pub(super) fn of_compiled(store: CompiledStore) -> Result<Self, MapError> {
        let names = store.graph_names();
        let has = |name: NamedOrBlankNode| names.contains(&name);
        let has_board = has(pm::BOARD.into_owned().into());
        let mut text = Store::from(store);
        // A file that was compiled from bare triples.
        if !has(pm::ONTOLOGY.into_owned().into()) {
            text = text.with_graph(pm::ONTOLOGY.into_owned(), ontology()?)?;
        }
        Ok(Self {
            text,
            has_board,
            source: None,
            is_built_in: false,
            warnings: Arc::default(),
            table_notices: Arc::default(),
            field_reports: Arc::default(),
            requested: View::default(),
            limits: Limits::new(),
            cache_problems: Arc::default(),
            worked: Worked::default(),
        })
    }
}
