//! Many sources, read in parallel, to one snapshot.

use crate::format::Format;
use crate::store::error::StoreError;
use crate::store::files::{self, IsForeign, SourceFile};
use crate::store::intern::{self, Part};
use crate::store::lines;
use crate::store::memory::MemoryStore;
use oxigraph::model::{NamedNode, Quad};
use rayon::prelude::*;
use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// The number of bytes from which a text is read in parts.
const PART_BYTES_MIN: u64 = 1 << 20;

/// A table file: its name and its text.
#[derive(Debug, Clone)]
pub struct TableSource {
    /// The name, for errors.
    pub name: String,
    /// The text.
    pub bytes: Vec<u8>,
}

/// A file in a format that the embedder reads.
#[derive(Debug, Clone)]
pub struct ForeignSource {
    /// The name, for errors.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
}

/// Turns all foreign files together into quads.
type ForeignReader<'a> =
    dyn Fn(&[ForeignSource]) -> Result<Vec<Quad>, StoreError> + Send + Sync + 'a;

/// Turns all table files together into quads, given what the other sources say: a table of edges is only understood
/// together with the players.
pub(crate) type TableReader<'a> =
    dyn Fn(&[TableSource], &MemoryStore) -> Result<Vec<Quad>, StoreError> + Send + Sync + 'a;

/// The progress of loading a map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// The current phase.
    pub phase: Phase,
    /// The number of quads processed so far; all of them in phases that cannot tell.
    pub quads: u64,
}

/// The steps of loading and compiling, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Phase {
    /// Text is being read.
    Reading,
    /// The terms of the sources are being put together.
    Merging,
    /// The triples are being sorted.
    Sorting,
    /// The board is being resolved, to be compiled with the text.
    Resolving,
    /// The compiled file is being written.
    Compiling,
}

/// An optional callback for progress.
#[derive(Clone, Default)]
pub struct Listener<'a>(Option<Arc<dyn Fn(Progress) + Send + Sync + 'a>>);

impl<'a> Listener<'a> {
    /// Calls this function, from any thread.
    pub fn new(report: impl Fn(Progress) + Send + Sync + 'a) -> Self {
        Self(Some(Arc::new(report)))
    }

    /// Reports the progress of a phase.
    pub fn tell(&self, phase: Phase, quads: u64) {
        if let Some(report) = &self.0 {
            report(Progress { phase, quads });
        }
    }
}

/// Collects sources and loads them together.
///
/// Sources are read in parallel with each other, and large N-Triples and N-Quads in parts; the
/// result does not depend on how many threads there are. Blank nodes of two sources never meet,
/// see [`crate::format::rdf::BlankNodeLabels`].
///
/// # Example
/// ```
/// use powermap_rdf::Format;
/// use powermap_rdf::Loader;
/// use powermap_rdf::ReadStore;
///
/// let loaded = Loader::new()
///     .add_bytes("a.nt", Format::NTriples, b"<x:a> <x:b> <x:c> .")
///     .add_bytes("b.ttl", Format::Turtle, b"<x:a> <x:b> <x:c>, <x:d> .")
///     .load()?;
/// assert_eq!(loaded.store.quad_count(), 2);
/// # Ok::<(), powermap_rdf::StoreError>(())
/// ```
#[derive(Default)]
pub struct Loader<'a> {
    sources: Vec<Source<'a>>,
    skipped: Vec<Skipped>,
    left_out: Vec<PathBuf>,
    tables: Option<Box<TableReader<'a>>>,
    foreign: Option<(IsForeign, Box<ForeignReader<'a>>)>,
    hashes: bool,
    listener: Listener<'a>,
}

/// A source to be read.
struct Source<'a> {
    name: String,
    format: Format,
    content: Content<'a>,
}

enum Content<'a> {
    Bytes(Cow<'a, [u8]>),
    File(PathBuf),
}

/// The result of loading.
#[derive(Debug)]
pub struct Loaded {
    /// All quads of all sources.
    pub store: MemoryStore,
    /// The sources that were read, in order.
    pub sources: Vec<LoadedSource>,
    /// The sources that were left out, and why.
    pub skipped: Vec<Skipped>,
}

/// One source that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoadedSource {
    /// Its name, which its blank nodes carry: for a file, the path below the folder given.
    pub name: String,
    /// The file, unless it was given as bytes.
    pub path: Option<PathBuf>,
    /// Its format.
    pub format: Format,
    /// The classes of which it names an instance, sorted, of the default graph and others; none for a table.
    pub classes: Vec<NamedNode>,
    /// How many quads it says, repetitions counted; 0 for a table, whose rows only mean something together with others, and
    /// for a foreign file.
    pub quads: u64,
    /// The SHA-256 of its bytes in hexadecimal, when hashes were wanted and it has blank nodes.
    pub sha256: Option<String>,
}

/// One file that was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// The file.
    pub path: PathBuf,
    /// Why.
    pub reason: &'static str,
}

impl<'a> Loader<'a> {
    /// Returns a loader without sources.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads the `.csv` files, all together, with this function; without one, they are left out and reported.
    #[must_use]
    pub fn with_tables(
        mut self,
        reader: impl Fn(&[TableSource], &MemoryStore) -> Result<Vec<Quad>, StoreError>
        + Send
        + Sync
        + 'a,
    ) -> Self {
        self.tables = Some(Box::new(reader));
        self
    }

    /// Reads the files of which `is_foreign` says so, all together and before the tables, with this function. Only files
    /// that are added later are looked at.
    #[must_use]
    pub fn with_foreign(
        mut self,
        is_foreign: IsForeign,
        reader: impl Fn(&[ForeignSource]) -> Result<Vec<Quad>, StoreError> + Send + Sync + 'a,
    ) -> Self {
        self.foreign = Some((is_foreign, Box::new(reader)));
        self
    }

    /// Also takes the hash of each source that has blank nodes: their names are only right for
    /// that content.
    #[must_use]
    pub fn with_hashes(mut self) -> Self {
        self.hashes = true;
        self
    }

    /// Calls this function now and then, from any thread.
    #[must_use]
    pub fn with_progress(mut self, report: impl Fn(Progress) + Send + Sync + 'a) -> Self {
        self.listener = Listener::new(report);
        self
    }

    /// Returns the callback for progress, for work after loading.
    pub fn listener(&self) -> Listener<'a> {
        self.listener.clone()
    }

    /// Adds text that is in memory already. The name stands in errors and blank node labels.
    #[must_use]
    pub fn add_bytes(
        mut self,
        name: impl Into<String>,
        format: Format,
        bytes: impl Into<Cow<'a, [u8]>>,
    ) -> Self {
        self.push(name.into(), format, Content::Bytes(bytes.into()));
        self
    }

    /// Adds a file whose format is known, whatever its name.
    #[must_use]
    pub fn add_file(mut self, path: impl Into<PathBuf>, format: Format) -> Self {
        let path = path.into();
        self.push(files::file_name(&path), format, Content::File(path));
        self
    }

    /// Leaves a file out of the folders that are added later, as if it were not there.
    #[must_use]
    pub fn leave_out(mut self, path: impl Into<PathBuf>) -> Self {
        self.left_out.push(path.into());
        self
    }

    /// Adds a file by its ending, or all files of a folder and the folders in it, sorted by name.
    ///
    /// In a folder, hidden files and files of unknown endings are left out and reported.
    ///
    /// # Errors
    /// When there is no such file or folder, it may not be read, or a single file has an unknown
    /// ending.
    pub fn add_path(mut self, path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let is_foreign = self.foreign.as_ref().map(|(is_foreign, _)| *is_foreign);
        let listing = files::list(path.as_ref(), is_foreign)?;
        self.skipped.extend(listing.skipped);
        for SourceFile { name, path, format } in listing.files {
            if self.left_out.contains(&path) {
                continue;
            }
            self.push(name, format, Content::File(path));
        }
        Ok(self)
    }

    /// Adds a file or folder before what was added so far: of two tables that contradict each other the later one is
    /// blamed.
    pub(crate) fn add_path_first(self, path: impl AsRef<Path>) -> Result<Self, StoreError> {
        let count = self.sources.len();
        let mut loader = self.add_path(path)?;
        loader.sources.rotate_left(count);
        Ok(loader)
    }

    fn push(&mut self, name: String, format: Format, content: Content<'a>) {
        // Two sources of one name would share their blank nodes.
        let mut unique = name.clone();
        let mut number = 2;
        while self.sources.iter().any(|source| source.name == unique) {
            unique = format!("{name}#{number}");
            number += 1;
        }
        self.sources.push(Source {
            name: unique,
            format,
            content,
        });
    }

    /// Reads everything.
    ///
    /// Time O(n) for n quads while there is memory. Peak memory is that of the terms, 20 bytes for each quad (up to 32
    /// while lists grow), and the text of what is neither N-Triples nor N-Quads.
    ///
    /// # Errors
    /// The first source, in the order they were added, that cannot be read or is not right.
    pub fn load(mut self) -> Result<Loaded, StoreError> {
        let mut skipped = std::mem::take(&mut self.skipped);
        let tables: Vec<_> = self
            .sources
            .extract_if(.., |source| source.format == Format::Csv)
            .collect();
        let foreign: Vec<_> = self
            .sources
            .extract_if(.., |source| source.format == Format::Foreign)
            .collect();
        if self.tables.is_none() {
            skipped.extend(tables.iter().map(|source| Skipped {
                path: source.path().unwrap_or(Path::new(&source.name)).to_owned(),
                reason: "a table, and no reader for tables was given",
            }));
        }
        let read = AtomicU64::new(0);
        let count = |quads: u64| {
            let quads = read.fetch_add(quads, Ordering::Relaxed) + quads;
            self.listener.tell(Phase::Reading, quads);
        };
        let read_sources: Vec<Result<ReadSource, StoreError>> = self
            .sources
            .par_iter()
            .map(|source| self.read(source, &count))
            .collect();
        let mut sources = Vec::with_capacity(read_sources.len());
        let mut all = Vec::with_capacity(sources.capacity());
        for (source, read) in self.sources.iter().zip(read_sources) {
            let ReadSource { parts, sha256 } = read?;
            sources.push(LoadedSource {
                name: source.name.clone(),
                path: source.path().map(Path::to_owned),
                format: source.format,
                classes: intern::classes(&parts),
                quads: parts.iter().map(Part::quad_count).sum(),
                sha256,
            });
            all.push(parts);
        }
        let quads = read.into_inner();
        self.listener.tell(Phase::Merging, quads);
        let names: Vec<String> = sources.iter().map(|source| source.name.clone()).collect();
        let merged = intern::merge(all, &names)?;
        self.listener.tell(Phase::Sorting, quads);
        let mut store = merged.into_store();
        if let (Some((_, reader)), false) = (&self.foreign, foreign.is_empty()) {
            let files: Vec<_> = foreign.iter().filter_map(Source::foreign).collect();
            store = store.apply(&reader(&files)?, []);
            sources.extend(foreign.iter().map(Source::loaded_table));
            sources.sort_by(|a, b| a.name.cmp(&b.name));
        }
        if let (Some(reader), false) = (&self.tables, tables.is_empty()) {
            let texts: Vec<_> = tables
                .iter()
                .map(Source::table)
                .collect::<Result<_, StoreError>>()?;
            let quads = reader(&texts, &store)?;
            store = store.apply(&quads, []);
            sources.extend(tables.iter().map(Source::loaded_table));
            sources.sort_by(|a, b| a.name.cmp(&b.name));
        }
        Ok(Loaded {
            store,
            sources,
            skipped,
        })
    }

    fn read(
        &self,
        source: &Source<'_>,
        count: &(impl Fn(u64) + Sync),
    ) -> Result<ReadSource, StoreError> {
        let bytes = match &source.content {
            Content::Bytes(bytes) => Cow::Borrowed(&**bytes),
            // Large files of lines are never in memory as text.
            Content::File(path) if source.is_lines() && files::size(path)? >= PART_BYTES_MIN => {
                let threads = rayon::current_num_threads();
                let (format, name) = (source.format, &source.name);
                let parts = lines::read_file_parts(path, format, name, threads, count)?;
                let sha256 = match self.wants_hash(&parts) {
                    true => Some(files::sha256_of_file(path)?),
                    false => None,
                };
                return Ok(ReadSource { parts, sha256 });
            }
            Content::File(path) => Cow::Owned(files::read(path)?),
        };
        let parts = self.read_bytes(source, &bytes, count)?;
        let sha256 = self.wants_hash(&parts).then(|| files::sha256(&bytes));
        Ok(ReadSource { parts, sha256 })
    }

    fn read_bytes(
        &self,
        source: &Source<'_>,
        bytes: &[u8],
        count: &(impl Fn(u64) + Sync),
    ) -> Result<Vec<Part>, StoreError> {
        let (format, name) = (source.format, &source.name);
        if source.is_lines() && bytes.len() as u64 >= PART_BYTES_MIN {
            let threads = rayon::current_num_threads();
            return lines::read_slice_parts(bytes, format, name, threads, count);
        }
        Ok(vec![intern::read_whole(bytes, format, name, count)?])
    }

    fn wants_hash(&self, parts: &[Part]) -> bool {
        self.hashes && parts.iter().any(Part::has_blank_nodes)
    }
}

/// The result of reading one source.
struct ReadSource {
    parts: Vec<Part>,
    sha256: Option<String>,
}

impl Source<'_> {
    /// Returns whether the text can be read in parts.
    fn is_lines(&self) -> bool {
        matches!(self.format, Format::NTriples | Format::NQuads)
    }

    /// Returns the text of a table.
    fn table(&self) -> Result<TableSource, StoreError> {
        let bytes = match &self.content {
            Content::Bytes(bytes) => bytes.to_vec(),
            Content::File(path) => files::read(path)?,
        };
        Ok(TableSource {
            name: self.name.clone(),
            bytes,
        })
    }

    /// Returns the file of a foreign source, which is never given as bytes.
    fn foreign(&self) -> Option<ForeignSource> {
        Some(ForeignSource {
            name: self.name.clone(),
            path: self.path()?.to_owned(),
        })
    }

    fn loaded_table(&self) -> LoadedSource {
        LoadedSource {
            name: self.name.clone(),
            path: self.path().map(Path::to_owned),
            format: self.format,
            classes: Vec::new(),
            quads: 0,
            sha256: None,
        }
    }

    fn path(&self) -> Option<&Path> {
        match &self.content {
            Content::File(path) => Some(path),
            Content::Bytes(_) => None,
        }
    }
}
