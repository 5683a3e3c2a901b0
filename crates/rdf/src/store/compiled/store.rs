//! Quads in a compiled file, with graphs in memory over it.

use crate::store::compiled::build;
use crate::store::compiled::graph::{Graph, GraphRef};
use crate::store::compiled::kind::Kind;
use crate::store::compiled::layout::Directory;
use crate::store::compiled::named::NamedGraph;
use crate::store::compiled::pages::{self, MAGIC, Pages};
use crate::store::compiled::terms::Terms;
use crate::store::dictionary::{self, Layer, TermId};
use crate::store::error::StoreError;
use crate::store::memory::MemoryStore;
use crate::store::term_key;
use oxigraph::model::{Term, TermRef};
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

/// The extension of compiled files.
pub(crate) const ENDING: &str = "pmap";

/// Quads in a compiled file. Cheap to clone: the mapping is shared.
///
/// # Example
/// ```
/// use powermap_rdf::{Format, rdf};
/// use powermap_rdf::CompiledStore;
/// use powermap_rdf::MemoryStore;
/// use powermap_rdf::ReadStore;
///
/// let text = b"<x:nvidia> <x:funds> <x:openai> .";
/// let store = MemoryStore::from_quads(rdf::parse(text, Format::Turtle, "one.ttl")?);
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("one.pmap");
/// CompiledStore::write(&store, &path)?;
/// let compiled = CompiledStore::open(&path)?;
/// let quads: Vec<_> = compiled.quads().collect::<Result<_, _>>()?;
/// assert_eq!(quads, store.quads().collect::<Vec<_>>());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct CompiledStore {
    file: Arc<File>,
    /// The named graphs, by the numbers of their names.
    pub(super) named: Arc<[NamedGraph]>,
    /// Terms that the file lacks; their numbers follow on those of the file.
    pub(super) added: Arc<Layer>,
}

#[derive(Debug)]
struct File {
    pages: Pages,
    terms: Terms,
    /// The default graph, which may be empty, and then the named graphs by the number of their name.
    graphs: Vec<Graph>,
    origin: [u8; 32],
}

impl CompiledStore {
    /// The version of the layout that this program writes and reads.
    pub const VERSION: u32 = pages::VERSION;

    /// Compiles a snapshot into a file, whole or not at all.
    ///
    /// Time O(n log n) for n terms and triples, with all threads. In addition to the snapshot, memory for 8 bytes per
    /// triple of the largest graph, about 60 per triple of its two most frequent predicates, and 13 per term, or 29
    /// while those of the largest kind are sorted.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(store: &MemoryStore, path: &Path) -> Result<(), StoreError> {
        Self::write_from(store, [0; 32], path, &|_| {})
    }

    /// Compiles a snapshot as [`CompiledStore::write`] does, with a hash of what it was read from; calls `report` with
    /// the number of triples written so far.
    pub fn write_from(
        store: &MemoryStore,
        origin: [u8; 32],
        path: &Path,
        report: &dyn Fn(u64),
    ) -> Result<(), StoreError> {
        build::write(store, origin, path, report)
    }

    /// Opens a compiled file. O(graphs and predicates), independent of the number of triples: microseconds.
    ///
    /// The file must not be changed in place while it is open: it is never written to by this library, which replaces
    /// files whole. A file that is cut short by others while it is open can end the process with a bus error.
    ///
    /// # Errors
    /// [`StoreError::Io`]; [`StoreError::Damaged`] when it is no compiled map, of another version, or damaged.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Self::of(Pages::map(path)?)
    }

    /// Returns whether a path means a compiled file: its name ends in `.pmap`, or it is a file that starts as one.
    ///
    /// # Errors
    /// When the file exists and cannot be read.
    pub fn is_at(path: &Path) -> Result<bool, StoreError> {
        if path.extension().is_some_and(|ending| ending == ENDING) {
            return Ok(true);
        }
        if !path.is_file() {
            return Ok(false);
        }
        let mut start = Vec::with_capacity(MAGIC.len());
        let file = std::fs::File::open(path);
        file.and_then(|file| file.take(MAGIC.len() as u64).read_to_end(&mut start))
            .map_err(|error| StoreError::io("read the file", path, error))?;
        Ok(start == MAGIC)
    }

    /// Returns the compiled file that these bytes are, for instance of a map that is part of a program.
    ///
    /// # Errors
    /// As [`CompiledStore::open`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, StoreError> {
        Self::of(Pages::owned(bytes)?)
    }

    /// Returns a compiled map in memory, without a file.
    ///
    /// # Errors
    /// None in practice: the file was just built.
    pub fn in_memory(store: &MemoryStore) -> Result<Self, StoreError> {
        let mut bytes = Vec::new();
        build::write_to(store, [0; 32], &mut bytes, &|_| {})
            .map_err(|error| StoreError::io("compile the map", "(memory)", error))?;
        Self::from_bytes(&bytes)
    }

    fn of(pages: Pages) -> Result<Self, StoreError> {
        let Directory {
            terms,
            graphs,
            origin,
        } = Directory::read(&pages)?;
        Ok(Self {
            named: (1..graphs.len()).map(NamedGraph::InFile).collect(),
            added: Arc::default(),
            file: Arc::new(File {
                pages,
                terms,
                graphs,
                origin,
            }),
        })
    }

    /// Returns what the file was compiled from, as its writer described it: a hash.
    pub(crate) fn origin(&self) -> [u8; 32] {
        self.file.origin
    }

    /// Returns the bytes of the file, which is all but the graphs of [`CompiledStore::with_graph`].
    pub(crate) fn pages(&self) -> &Pages {
        &self.file.pages
    }

    /// Returns the terms of the file. Numbers from its length on are those of terms that [`CompiledStore::with_graph`]
    /// added, which are in no order.
    pub(crate) fn terms(&self) -> &Terms {
        &self.file.terms
    }

    fn in_file(&self, place: usize) -> GraphRef<'_> {
        GraphRef {
            graph: &self.file.graphs[place],
            pages: &self.file.pages,
        }
    }

    /// Returns the default graph in the file.
    pub fn default_graph(&self) -> GraphRef<'_> {
        // The directory always has one.
        self.in_file(0)
    }

    /// Returns the named graphs by the numbers of their names.
    pub fn named_graphs(&self) -> impl Iterator<Item = GraphRef<'_>> {
        self.named.iter().map(|graph| self.named_ref(graph))
    }

    /// Returns the graph of this name, if it holds triples.
    pub fn named_graph(&self, name: TermId) -> Option<GraphRef<'_>> {
        let place = self.named_place(name).ok()?;
        Some(self.named_ref(&self.named[place]))
    }

    fn named_ref<'a>(&'a self, graph: &'a NamedGraph) -> GraphRef<'a> {
        match graph {
            NamedGraph::InFile(place) => self.in_file(*place),
            NamedGraph::Held(held) => GraphRef {
                graph: &held.graph,
                pages: &held.pages,
            },
        }
    }

    /// Returns the place of a named graph, or where it would be.
    pub(super) fn named_place(&self, name: TermId) -> Result<usize, usize> {
        let name_of = |graph: &NamedGraph| self.named_ref(graph).graph.name;
        self.named.binary_search_by_key(&Some(name), name_of)
    }

    /// Returns the number of the term of a key. O(log n).
    pub(crate) fn find_key(&self, key: &str) -> Result<Option<TermId>, StoreError> {
        if let Some(id) = self.file.terms.find(&self.file.pages, key)? {
            return Ok(Some(id));
        }
        let place = self.added.find(key, dictionary::hash(key));
        Ok(place.map(|place| self.file.terms.len() + place as u32))
    }

    /// Returns whether a number stands for an IRI. O(log n).
    ///
    /// # Errors
    /// When the file is damaged.
    pub fn is_iri(&self, id: TermId) -> Result<bool, StoreError> {
        if id < self.terms().len() {
            return Ok(self.terms().range(Kind::Iri).contains(&id));
        }
        Ok(matches!(self.term(id)?, Term::NamedNode(_)))
    }

    /// Puts the key of a term into `key`: a letter for the kind of the term (`I` for an IRI, `i` and `d` for numbers),
    /// then its text. O(1).
    ///
    /// # Errors
    /// When the file is damaged.
    pub fn write_key(&self, id: TermId, key: &mut String) -> Result<(), StoreError> {
        match id.checked_sub(self.file.terms.len()) {
            Some(place) if (place as usize) < self.added.len() => {
                self.added.key(place as usize).clone_into(key);
                Ok(())
            }
            _ => self.file.terms.write_key(&self.file.pages, id, key),
        }
    }

    /// Returns how many different terms have a number: numbers run from 0 up to this.
    pub fn term_count(&self) -> u32 {
        self.file.terms.len() + self.added.len() as u32
    }

    /// Returns how many bytes the file has.
    pub fn file_bytes(&self) -> u64 {
        self.file.pages.len() as u64
    }

    /// Returns the number of a term, if it occurs. O(log n).
    ///
    /// # Errors
    /// [`StoreError::Damaged`].
    pub fn term_id(&self, term: TermRef<'_>) -> Result<Option<TermId>, StoreError> {
        let mut key = String::new();
        term_key::write_key(term, &mut key);
        self.find_key(&key)
    }

    /// Returns the term of a number below [`CompiledStore::term_count`]. O(1).
    ///
    /// # Errors
    /// [`StoreError::Damaged`], also for other numbers.
    pub fn term(&self, id: TermId) -> Result<Term, StoreError> {
        if id < self.file.terms.len() {
            return self.file.terms.term(&self.file.pages, id);
        }
        let mut key = String::new();
        self.write_key(id, &mut key)?;
        Ok(term_key::term(&key))
    }

    /// Checks all of the file: every checksum and every number. O(size of the file).
    ///
    /// # Errors
    /// [`StoreError::Damaged`].
    pub fn verify(&self) -> Result<(), StoreError> {
        self.file.pages.verify()?;
        self.file.terms.verify(&self.file.pages)?;
        self.default_graph().verify()?;
        self.named_graphs().try_for_each(GraphRef::verify)
    }
}
