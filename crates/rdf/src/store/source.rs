//! A map on disk: text that stays as its author wrote it, and a patch file with the updates.

use crate::format::rdf::BlankNodeLabels;
use crate::format::rdf_patch::{self, Patch};
use crate::store::atomic::{FolderLock, folder_of};
use crate::store::error::StoreError;
use crate::store::files;
use crate::store::load::{LoadedSource, Loader, Skipped};
use crate::store::memory::MemoryStore;
use indexmap::IndexSet;
use oxigraph::model::{BlankNode, GraphName, Literal, NamedOrBlankNode, Quad, Term};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// The ending of the patch file next to a single file.
const PATCH_ENDING: &str = "rdfp";
/// The header that says which content of a text file the patch belongs to, as `sha256sum` does.
const HASH_HEADER: &str = "sha256";

/// A map in a folder, or in one file, that can be read and changed.
///
/// The text is never written to. A change is kept in an
/// [RDF Patch](crate::format::rdf_patch) file, `updates.rdfp` in the folder or `FILE.rdfp` next to
/// the file, which holds what all changes together come to; see
/// [`commit`](SourceMap::commit).
///
/// # Example
/// ```
/// use oxigraph::model::{GraphName, NamedNode, Quad};
/// use powermap_rdf::Loader;
/// use powermap_rdf::ReadStore;
/// use powermap_rdf::SourceMap;
///
/// let folder = tempfile::tempdir()?;
/// std::fs::write(folder.path().join("deals.nt"), "<x:a> <x:funds> <x:b> .\n")?;
/// let mut map = SourceMap::open(folder.path(), Loader::new())?;
/// let node = NamedNode::new("x:c")?;
/// let quad = Quad::new(node.clone(), node.clone(), node, GraphName::DefaultGraph);
/// map.commit(&[quad], &[])?;
/// let again = SourceMap::open(folder.path(), Loader::new())?;
/// assert_eq!(again.store().quad_count(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct SourceMap {
    pub(crate) patch_path: PathBuf,
    /// The patch file as it was read or last written; `None` when there is none.
    pub(crate) patch_bytes: Option<Vec<u8>>,
    /// The quads of the text alone.
    pub(crate) text: MemoryStore,
    /// The text with the changes.
    pub(crate) store: MemoryStore,
    pub(crate) inserts: IndexSet<Quad>,
    pub(crate) deletes: IndexSet<Quad>,
    /// Headers of the patch file that are not ours, to be kept.
    pub(crate) other_headers: Vec<(String, Term)>,
    sources: Vec<LoadedSource>,
    skipped: Vec<Skipped>,
    /// The lock of a map that was opened to be changed, held by all its clones.
    pub(crate) lock: Option<Arc<FolderLock>>,
}

impl SourceMap {
    /// Reads the text at a path, with what the loader holds already, and applies its patch file.
    ///
    /// Takes no lock and writes nothing: a reader sees the state before or after a commit of
    /// another process, never half of one.
    ///
    /// # Errors
    /// As [`Loader::load`]; when the patch file is not right; and
    /// [`StoreError::TextChanged`] when it names blank nodes of a text file that was edited since.
    pub fn open(path: impl AsRef<Path>, loader: Loader<'_>) -> Result<Self, StoreError> {
        let path = path.as_ref();
        let loader = loader.add_path_first(path)?.with_hashes();
        let patch_path = patch_path(path);
        let mut loaded = loader.load()?;
        loaded.skipped.retain(|skipped| skipped.path != patch_path);
        let mut map = Self {
            patch_bytes: files::read_if_there(&patch_path)?,
            patch_path,
            store: loaded.store.clone(),
            text: loaded.store,
            inserts: IndexSet::new(),
            deletes: IndexSet::new(),
            other_headers: Vec::new(),
            sources: loaded.sources,
            skipped: loaded.skipped,
            lock: None,
        };
        if let Some(bytes) = &map.patch_bytes {
            let patch = rdf_patch::parse(bytes, &map.patch_path.display().to_string())?;
            map.check_headers(&patch)?;
            map.store = map.text.apply(&patch.inserts, &patch.deletes);
            map.inserts = patch.inserts.into_iter().collect();
            map.deletes = patch.deletes.into_iter().collect();
            map.other_headers = patch.headers;
            map.other_headers.retain(|(name, _)| name != HASH_HEADER);
        }
        Ok(map)
    }

    /// Reads a map as [`open`](Self::open) does, and keeps other processes from changing it until it and its clones are
    /// dropped, so that the next [`commit`](Self::commit) finds what was read. Waits for its turn.
    ///
    /// # Errors
    /// As [`open`](Self::open); [`StoreError::Busy`] when others keep the map longer than `wait`.
    pub fn open_to_change(
        path: impl AsRef<Path>,
        loader: Loader<'_>,
        wait: Duration,
    ) -> Result<Self, StoreError> {
        let lock = FolderLock::take_within(folder_of(&patch_path(path.as_ref())), wait)?;
        let map = Self::open(path, loader)?;
        Ok(Self {
            lock: Some(Arc::new(lock)),
            ..map
        })
    }

    /// Returns the current state of the map. Clone it to keep it while the map changes.
    pub fn store(&self) -> &MemoryStore {
        &self.store
    }

    /// Returns the sources that were read.
    pub fn sources(&self) -> &[LoadedSource] {
        &self.sources
    }

    /// Returns the files that were left out, and why.
    pub fn skipped(&self) -> &[Skipped] {
        &self.skipped
    }

    /// Returns the file that changes are written to. It exists while there are any.
    pub fn patch_path(&self) -> &Path {
        &self.patch_path
    }

    /// Refuses a patch that names blank nodes of a text that has changed since.
    fn check_headers(&self, patch: &Patch) -> Result<(), StoreError> {
        for (name, value) in &patch.headers {
            if name != HASH_HEADER {
                continue;
            }
            let Term::Literal(value) = value else {
                continue;
            };
            let Some((hash, source_name)) = value.value().split_once("  ") else {
                continue;
            };
            let same = self
                .sources
                .iter()
                .any(|source| source.name == source_name && source.sha256.as_deref() == Some(hash));
            if !same {
                return Err(StoreError::TextChanged {
                    patch: self.patch_path.clone(),
                    source_name: source_name.to_owned(),
                });
            }
        }
        Ok(())
    }

    /// Returns the headers for a patch of these quads: the hash of each text whose blank nodes they name.
    pub(crate) fn headers<'a>(&self, quads: impl Iterator<Item = &'a Quad>) -> Vec<(String, Term)> {
        let named: BTreeSet<&str> = quads
            .flat_map(blank_nodes)
            .filter_map(|node| node.as_str().rsplit_once('-').map(|(prefix, _)| prefix))
            .collect();
        let mut headers = self.other_headers.clone();
        for source in &self.sources {
            if let Some(hash) = &source.sha256
                && named.contains(BlankNodeLabels::new(&source.name).source_part())
            {
                let value = Literal::new_simple_literal(format!("{hash}  {}", source.name));
                headers.push((HASH_HEADER.to_owned(), value.into()));
            }
        }
        headers
    }
}

/// Returns where the patch file of a map is.
pub(crate) fn patch_path(path: &Path) -> PathBuf {
    if path.is_dir() {
        return path.join(files::PATCH_NAME);
    }
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".");
    name.push(PATCH_ENDING);
    path.with_file_name(name)
}

/// Returns the blank nodes of a quad: its subject, its object, its graph.
pub fn blank_nodes(quad: &Quad) -> impl Iterator<Item = &BlankNode> {
    let subject = match &quad.subject {
        NamedOrBlankNode::BlankNode(node) => Some(node),
        NamedOrBlankNode::NamedNode(_) => None,
    };
    let object = match &quad.object {
        Term::BlankNode(node) => Some(node),
        _ => None,
    };
    let graph = match &quad.graph_name {
        GraphName::BlankNode(node) => Some(node),
        _ => None,
    };
    [subject, object, graph].into_iter().flatten()
}
