//! Maps of text that are compiled when they are first opened.

use crate::map::error::MapError;
use crate::map::{Map, built_in};
use powermap_rdf::{Cache, CacheProblem, CompiledStore, Loader, Phase};
use std::path::Path;

/// A map that was opened with a cache.
#[derive(Debug)]
pub struct Cached {
    /// The map, right in any case.
    pub map: Map,
    /// What was wrong with the cache.
    pub problems: Vec<CacheProblem>,
}

impl Map {
    /// As [`Map::open_with`]; but a large map of text is compiled into the cache, and from then on taken from there
    /// while its files, its updates and the program stay what they are.
    ///
    /// A map that comes from the cache is a compiled one: it has no [`Map::source`] and no [`Map::warnings`], and cannot
    /// be changed. Where the cache cannot be used, the text is read.
    ///
    /// O(bytes of the text) for a hash of it, about a gigabyte in a second, and O(bytes of the entry) for its checksums.
    ///
    /// # Errors
    /// As [`Map::open`]. What is wrong with the cache is no error; it is returned with the map.
    ///
    /// ```
    /// use powermap::Map;
    /// use powermap_rdf::{Cache, Loader};
    ///
    /// let folder = tempfile::tempdir()?;
    /// let text = folder.path().join("edges.csv");
    /// std::fs::write(&text, "from,to,family\nada,babbage,influence\n")?;
    /// let cache = Cache::new(folder.path().join("cache")).with_text_bytes_min(1);
    /// for _ in 0..2 {
    ///     let cached = Map::open_cached(&text, Loader::new(), &cache)?;
    ///     assert_eq!(cached.map.records()?.players.len(), 2);
    ///     assert!(cached.problems.is_empty());
    /// }
    /// assert!(folder.path().join("cache").exists());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn open_cached(
        path: impl AsRef<Path>,
        loader: Loader<'_>,
        cache: &Cache,
    ) -> Result<Cached, MapError> {
        let path = path.as_ref();
        let mut problems = Vec::new();
        // What is wrong with the text itself is found, and reported better, where it is read.
        let place = match CompiledStore::is_at(path)? {
            false => cache.place(path, built_in::ONTOLOGY.as_bytes()),
            true => Ok(None),
        };
        let Ok(Some(place)) = place else {
            let map = Self::open_with(path, loader)?;
            return Ok(Cached { map, problems });
        };
        let found = place.find();
        if let Ok(Some(store)) = found {
            let map = Self::of_compiled(store)?;
            return Ok(Cached { map, problems });
        }
        let listener = loader.listener();
        let mut map = Self::open_with(path, loader)?;
        problems.extend(found.err());
        // Where even reading fails, writing would only tell that again.
        if !matches!(problems[..], [CacheProblem::Io(_)]) {
            let store = map.store_to_compile(&listener)?;
            let told = |triples| listener.tell(Phase::Compiling, triples);
            match place.fill(path, &*store.in_memory()?, &told) {
                Ok(store) => map = Self::of_compiled(store)?,
                Err(problem) => problems.push(problem),
            }
        }
        Ok(Cached { map, problems })
    }
}
