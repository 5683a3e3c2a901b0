//! Opening maps on disk: text is read or taken from a cache, compiled files are mapped.

use crate::format::field::{FieldReport, field_format, read_file};
use crate::format::mapping::{Mapping, is_mapping_file, mapping_near, read_mapped};
use crate::format::quads::record_quads;
#[cfg(feature = "parquet")]
use crate::format::tables::{ArrowTable, is_parquet, read as read_parquet};
use crate::map::base::{Map, ontology};
use crate::map::built_in;
use crate::map::error::MapError;
use crate::map::notice::{MapNotice, NoticeKind};
use crate::map::tables::{self, Tables};
use crate::model::record::Records;
use crate::model::vocabulary::pm;
use powermap_rdf::{
    Cache, CacheProblem, CompiledStore, ForeignSource, Loader, MemoryStore, Phase, Progress,
    SourceMap, TableSource,
};
#[cfg(feature = "parquet")]
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;

/// The tables that hold the records of a map.
#[cfg(feature = "parquet")]
const RECORD_TABLES: [&str; 8] = {
    let mut names = [""; 8];
    let mut at = 0;
    while at < names.len() {
        names[at] = ArrowTable::RECORDS[at].name();
        at += 1;
    }
    names
};

/// How a map on disk is opened: who hears of the progress, and whether large texts are cached.
#[derive(Default)]
pub struct OpenOptions<'a> {
    loader: Loader<'a>,
    cache: Option<&'a Cache>,
    /// How long to wait for the turn to change the map, where it is opened for that.
    turn: Option<Duration>,
    mapping: Option<&'a Mapping>,
}

impl fmt::Debug for OpenOptions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenOptions")
            .field("cache", &self.cache)
            .finish_non_exhaustive()
    }
}

impl<'a> OpenOptions<'a> {
    /// Returns options without progress and cache, as [`Map::open`] has them.
    pub fn new() -> Self {
        Self::default()
    }

    /// Calls this function now and then, from any thread.
    #[must_use]
    pub fn with_progress(self, report: impl Fn(Progress) + Send + Sync + 'a) -> Self {
        Self {
            loader: self.loader.with_progress(report),
            ..self
        }
    }

    /// Compiles a large map of text into the cache, and from then on takes it from there while its files, its updates and
    /// the program stay what they are.
    ///
    /// A map that comes from the cache is a compiled one: it has no [`Map::source`] and no [`Map::warnings`], and cannot
    /// be changed. Where the cache cannot be used, the text is read, and [`Map::cache_problems`] says why.
    ///
    /// O(bytes of the text) for a hash of it, about a gigabyte in a second, and O(bytes of the entry) for its checksums.
    ///
    /// ```
    /// use powermap::map::OpenOptions;
    /// use powermap_rdf::Cache;
    ///
    /// let folder = tempfile::tempdir()?;
    /// let text = folder.path().join("edges.csv");
    /// std::fs::write(&text, "from,to,family\nada,babbage,influence\n")?;
    /// let cache = Cache::new(folder.path().join("cache")).with_text_bytes_min(1);
    /// for _ in 0..2 {
    ///     let map = OpenOptions::new().with_cache(&cache).open(&text)?;
    ///     assert_eq!(map.records()?.players.len(), 2);
    ///     assert!(map.cache_problems().is_empty());
    /// }
    /// assert!(folder.path().join("cache").exists());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_cache(self, cache: &'a Cache) -> Self {
        let cache = Some(cache);
        Self { cache, ..self }
    }

    /// Reads a single file by a mapping, which says what its columns are; without one, the mapping that lies beside a file is
    /// taken.
    ///
    /// ```
    /// use powermap::format::mapping::Mapping;
    /// use powermap::map::OpenOptions;
    ///
    /// let folder = tempfile::tempdir()?;
    /// let table = folder.path().join("deals.csv");
    /// std::fs::write(&table, "Investor;Target\nAda;Babbage\n")?;
    /// let text = "[[sheet]]\ntable = \"edges\"\n[sheet.constants]\nkind = \"equity\"\n\
    ///             [sheet.columns]\nInvestor = \"from\"\nTarget = \"to\"\n";
    /// let mapping = Mapping::parse(text, "mapping.toml")?;
    /// let map = OpenOptions::new().with_mapping(&mapping).open(&table)?;
    /// assert_eq!(map.records()?.edges.len(), 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_mapping(self, mapping: &'a Mapping) -> Self {
        let mapping = Some(mapping);
        Self { mapping, ..self }
    }

    /// Keeps other processes from changing the map from before it is read until it is dropped, so that it can be changed
    /// whatever they do; waits that long for them.
    ///
    /// # Errors
    /// [`open`](Self::open) has one for a map that others keep for longer.
    #[must_use]
    pub fn to_change(self, wait: Duration) -> Self {
        Self {
            turn: Some(wait),
            ..self
        }
    }

    /// Opens the built-in map. A cache keeps it in compiled form, so that only its first use reads text; where the cache
    /// cannot be used, the text is read each time.
    ///
    /// # Errors
    /// As [`Map::built_in`].
    ///
    /// ```
    /// use powermap::map::OpenOptions;
    /// use powermap_rdf::Cache;
    ///
    /// let folder = tempfile::tempdir()?;
    /// let cache = Cache::new(folder.path());
    /// for _ in 0..2 {
    ///     let map = OpenOptions::new().with_cache(&cache).built_in()?;
    ///     assert!(map.player("OpenAI").is_ok());
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn built_in(self) -> Result<Map, MapError> {
        let Some(cache) = self.cache else {
            return Map::built_in();
        };
        let texts = built_in::SILICON_VALLEY.iter().map(|(_, text)| *text);
        let texts = texts.chain([built_in::ONTOLOGY]).map(str::as_bytes);
        let place = cache.place_of_texts("the built-in map", texts);
        let store = match place.find() {
            Ok(Some(store)) => store,
            Err(CacheProblem::Io(_)) => return Map::built_in(),
            Ok(None) | Err(_) => {
                let map = Map::built_in()?;
                let store = map.store_to_compile(&self.loader.listener())?;
                match place.fill(&*store.in_memory()?, &|_| {}) {
                    Ok(store) => store,
                    // The text is at hand: nothing is lost.
                    Err(_) => return Ok(map),
                }
            }
        };
        Ok(Map {
            is_built_in: true,
            ..Map::of_compiled(store)?
        })
    }

    /// Opens the map in a file, or in all files of a folder; see [`Map::open`].
    ///
    /// # Errors
    /// As [`Map::open`]. What is wrong with the cache is no error.
    pub fn open(self, path: impl AsRef<Path>) -> Result<Map, MapError> {
        let path = path.as_ref();
        if CompiledStore::is_at(path)? {
            return Map::of_compiled(CompiledStore::open(path)?);
        }
        let reading = Reading {
            turn: self.turn,
            mapping: self.mapping,
        };
        match self.cache {
            // The cache does not look at a mapping that lies beside a single file.
            Some(cache) if self.turn.is_none() && !is_mapped(path, self.mapping) => {
                open_cached(path, self.loader, cache)
            }
            _ => open_text_for(path, self.loader, reading),
        }
    }
}

/// How text is read.
#[derive(Clone, Copy, Default)]
struct Reading<'a> {
    turn: Option<Duration>,
    mapping: Option<&'a Mapping>,
}

/// Returns whether a mapping says what is in a single file.
fn is_mapped(path: &Path, mapping: Option<&Mapping>) -> bool {
    mapping.is_some() || (path.is_file() && !matches!(mapping_near(path), Ok(None)))
}

/// Opens a map of text. Sources that are added to the loader are read as if they were in the folder.
pub(super) fn open_text(path: &Path, loader: Loader<'_>) -> Result<Map, MapError> {
    open_text_for(path, loader, Reading::default())
}

fn open_text_for(path: &Path, loader: Loader<'_>, how: Reading<'_>) -> Result<Map, MapError> {
    let ontology = ontology()?;
    let found = Mutex::new(Tables::default());
    let read = |tables: &[TableSource], text: &MemoryStore| {
        let known = text.with_graph(pm::ONTOLOGY.into_owned(), ontology.iter().cloned());
        let mut read = tables::read(tables, &known)?;
        let quads = record_quads(&std::mem::take(&mut read.records));
        if let Ok(mut found) = found.lock() {
            *found = read;
        }
        Ok(quads)
    };
    let reports: Mutex<Vec<FieldReport>> = Mutex::default();
    let missing: Mutex<Vec<String>> = Mutex::default();
    let read_field = |files: &[ForeignSource]| {
        let mut quads = Vec::new();
        #[cfg(feature = "parquet")]
        let (tables, files): (Vec<_>, Vec<_>) =
            files.iter().partition(|file| is_parquet(&file.path));
        #[cfg(feature = "parquet")]
        if let Ok(mut missing) = missing.lock() {
            *missing = missing_tables(&tables);
        }
        #[cfg(feature = "parquet")]
        for file in tables {
            // What several files say of one thing is put together as in any other text.
            let records = read_parquet(&[(&file.path, &file.name)])?;
            quads.extend(record_quads(&records));
        }
        for file in files {
            if is_mapping_file(&file.path) {
                continue;
            }
            let near = match how.mapping {
                Some(mapping) => Some(mapping.clone()),
                None => mapping_near(&file.path)?,
            };
            let (records, report) = match near {
                Some(mapping) => {
                    let known = Records::default();
                    let reading = read_mapped(&file.path, &file.name, &mapping, &known, false)?;
                    (reading.records, reading.report.field)
                }
                None => {
                    let reading = read_file(&file.path, &file.name, &Records::default(), false)?;
                    (reading.records, reading.report)
                }
            };
            quads.extend(record_quads(&records));
            if let Ok(mut reports) = reports.lock() {
                reports.push(report);
            }
        }
        Ok(quads)
    };
    let is_foreign: fn(&Path) -> bool = match how.mapping {
        Some(_) => |path| path.is_file(),
        None => is_field,
    };
    let loader = loader
        .with_tables(read)
        .with_foreign(is_foreign, read_field);
    let source = match how.turn {
        Some(wait) => SourceMap::open_to_change(path, loader, wait)?,
        None => SourceMap::open(path, loader)?,
    };
    let mut map = Map::of(source.store().clone(), ontology.clone());
    let found = found.into_inner().unwrap_or_default();
    map.warnings = found.warnings.into();
    let missing = missing.into_inner().unwrap_or_default();
    let missing = MapNotice::of(NoticeKind::MissingTable, missing.into_iter());
    map.table_notices = found.notices.into_iter().chain(missing).collect();
    map.field_reports = reports.into_inner().unwrap_or_default().into();
    map.source = Some(source);
    Ok(map)
}

/// Returns the tables that folders with several tables of Parquet lack.
#[cfg(feature = "parquet")]
fn missing_tables(files: &[&ForeignSource]) -> Vec<String> {
    let mut folders: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for file in files {
        let (folder, name) = file.name.rsplit_once('/').unwrap_or(("", &file.name));
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        if RECORD_TABLES.contains(&stem) {
            folders.entry(folder).or_default().insert(stem);
        }
    }
    let mut missing = Vec::new();
    // One table alone is no export that lost the others.
    for (folder, found) in folders.into_iter().filter(|(_, found)| found.len() > 1) {
        let lacking = RECORD_TABLES.iter().filter(|table| !found.contains(*table));
        missing.extend(lacking.map(|table| match folder {
            "" => format!("{table}.parquet"),
            folder => format!("{folder}/{table}.parquet"),
        }));
    }
    missing
}

/// Returns whether a file is in a format of the field, a table of Parquet, a table that a mapping lies beside, or a mapping.
fn is_field(path: &Path) -> bool {
    if is_mapping_file(path) || !matches!(mapping_near(path), Ok(None)) {
        return true;
    }
    #[cfg(feature = "parquet")]
    if is_parquet(path) {
        return true;
    }
    field_format(path).is_some()
}

fn open_cached(path: &Path, loader: Loader<'_>, cache: &Cache) -> Result<Map, MapError> {
    // What is wrong with the text itself is found, and reported better, where it is read.
    let cache = cache.clone().with_foreign(is_field);
    let Ok(Some(place)) = cache.place(path, built_in::ONTOLOGY.as_bytes()) else {
        return open_text(path, loader);
    };
    let mut problems: Vec<CacheProblem> = Vec::new();
    match place.find() {
        Ok(Some(store)) => return Map::of_compiled(store),
        Ok(None) => {}
        Err(problem) => problems.push(problem),
    }
    let listener = loader.listener();
    let mut map = open_text(path, loader)?;
    // Where even reading fails, writing would only say the same again.
    if !matches!(problems[..], [CacheProblem::Io(_)]) {
        let store = map.store_to_compile(&listener)?;
        let report = |triples| listener.tell(Phase::Compiling, triples);
        match place.fill(&*store.in_memory()?, &report) {
            Ok(store) => map = Map::of_compiled(store)?,
            Err(problem) => problems.push(problem),
        }
    }
    map.cache_problems = problems.into();
    Ok(map)
}
