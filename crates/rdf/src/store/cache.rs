//! A cache of compiled maps between runs: filled when an entry is missing, and verified before use.

use crate::store::atomic::{self, FolderLock};
use crate::store::compiled::store::{CompiledStore, ENDING};
use crate::store::error::StoreError;
use crate::store::files::{self, IsForeign};
use crate::store::fingerprint::{Fingerprint, text_bytes};
use crate::store::memory::MemoryStore;
use sha2::{Digest, Sha256};
use std::fs::DirBuilder;
use std::path::{Path, PathBuf};
use thiserror::Error;

/// Text of fewer bytes is read in less than a third of a second, and is not cached.
pub(crate) const TEXT_BYTES_MIN: u64 = 4 << 20;

/// A folder of compiled maps, one for each map of text. All of it can be deleted at any time.
///
/// An entry belongs to the content of all files of its map, the updates next to them, and the program that made it: it
/// is found by the path of the map, and used if the hash in it is that of what is on the disk now. Before that all of
/// its checksums are compared. A new entry takes the place of the old one in one step.
#[derive(Debug, Clone)]
pub struct Cache {
    folder: PathBuf,
    program: Vec<u8>,
    text_bytes_min: u64,
    is_foreign: Option<IsForeign>,
}

/// Why a map is not kept, or had to be compiled again; the map itself is right.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum CacheProblem {
    /// The entry is damaged.
    #[error("{}: the kept form of the map is damaged and is made anew ({what})", .path.display())]
    Damaged {
        /// The entry.
        path: PathBuf,
        /// The problem.
        what: String,
    },
    /// The entry cannot be read or written.
    #[error("the map is not kept in compiled form: {0}")]
    Io(StoreError),
    /// The text changed while it was read.
    #[error("the map is not kept in compiled form: its files changed while they were read")]
    Changed,
}

/// A place in the cache for one map of text with one content.
#[derive(Debug, Clone)]
pub struct Place {
    path: PathBuf,
    /// The map on disk as it was when the place was asked for; none for texts in memory.
    source: Option<(PathBuf, Fingerprint)>,
    key: [u8; 32],
    is_foreign: Option<IsForeign>,
}

impl Cache {
    /// Returns the cache in a folder, which is made when it is needed.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            program: Vec::new(),
            text_bytes_min: TEXT_BYTES_MIN,
            is_foreign: None,
        }
    }

    /// Uses only entries of the program that these bytes name: another one may read the same text differently.
    #[must_use]
    pub fn with_program(self, program: impl Into<Vec<u8>>) -> Self {
        Self {
            program: program.into(),
            ..self
        }
    }

    /// Caches maps of at least this many bytes of text, instead of the built-in minimum.
    #[must_use]
    pub fn with_text_bytes_min(self, text_bytes_min: u64) -> Self {
        Self {
            text_bytes_min,
            ..self
        }
    }

    /// Counts the files of which this function says so among those of a map, as
    /// [`Loader::with_foreign`](crate::Loader::with_foreign) does.
    #[must_use]
    pub fn with_foreign(self, is_foreign: IsForeign) -> Self {
        let is_foreign = Some(is_foreign);
        Self { is_foreign, ..self }
    }

    /// Returns the place for the map at a path as it is now; `None` if it is too small to be worth it. `derived` is
    /// what the compiled form has besides the text.
    pub fn place(&self, map: &Path, derived: &[u8]) -> Result<Option<Place>, StoreError> {
        if text_bytes(map, self.is_foreign)? < self.text_bytes_min {
            return Ok(None);
        }
        let fingerprint = Fingerprint::of(map, self.is_foreign)?;
        let whole = std::fs::canonicalize(map)
            .map_err(|error| StoreError::io("open the map", map, error))?;
        let name = Sha256::digest(whole.as_os_str().as_encoded_bytes());
        let key = self.key(derived, &fingerprint.content);
        Ok(Some(Place {
            source: Some((map.to_owned(), fingerprint)),
            ..self.place_named(&name, key)
        }))
    }

    /// Returns the place for a map of texts in memory, such as one that is part of a program, under a name of its own.
    pub fn place_of_texts<'a>(
        &self,
        name: &str,
        texts: impl IntoIterator<Item = &'a [u8]>,
    ) -> Place {
        let mut content = Sha256::new();
        for text in texts {
            content.update((text.len() as u64).to_le_bytes());
            content.update(text);
        }
        let key = self.key(name.as_bytes(), &content.finalize());
        self.place_named(&Sha256::digest(name), key)
    }

    fn place_named(&self, name: &[u8], key: [u8; 32]) -> Place {
        Place {
            path: self
                .folder
                .join(files::hexadecimal(&name[..16]))
                .with_extension(ENDING),
            source: None,
            key,
            is_foreign: self.is_foreign,
        }
    }

    fn key(&self, derived: &[u8], content: &[u8]) -> [u8; 32] {
        let mut key = Sha256::new();
        for part in [
            env!("CARGO_PKG_VERSION").as_bytes(),
            &CompiledStore::VERSION.to_le_bytes(),
            &self.program,
            derived,
            content,
        ] {
            key.update((part.len() as u64).to_le_bytes());
            key.update(part);
        }
        key.finalize().into()
    }
}

impl Place {
    /// Returns the cached map, if it is of this content and undamaged.
    pub fn find(&self) -> Result<Option<CompiledStore>, CacheProblem> {
        // To open a pipe would wait for who writes into it.
        if std::fs::metadata(&self.path).is_ok_and(|found| !found.is_file()) {
            let error = std::io::Error::other("it is no file");
            let error = StoreError::io("open the kept form of the map", &self.path, error);
            return Err(CacheProblem::Io(error));
        }
        match CompiledStore::open(&self.path) {
            Ok(store) if store.origin() != self.key => Ok(None),
            Ok(store) => match store.pages().verify() {
                Ok(()) => Ok(Some(store)),
                Err(error) => Err(self.problem(error)),
            },
            Err(StoreError::Io { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => {
                Ok(None)
            }
            Err(error) => Err(self.problem(error)),
        }
    }

    /// Caches what was read from the map, unless its files have changed since this place was asked for. Calls `report`
    /// with the number of triples written so far.
    pub fn fill(
        &self,
        store: &MemoryStore,
        report: &dyn Fn(u64),
    ) -> Result<CompiledStore, CacheProblem> {
        if let Some((map, then)) = &self.source {
            let now = Fingerprint::of(map, self.is_foreign).map_err(CacheProblem::Io)?;
            if now != *then {
                return Err(CacheProblem::Changed);
            }
        }
        self.write(store, report)
            .map_err(|error| self.problem(error))
    }

    fn write(
        &self,
        store: &MemoryStore,
        report: &dyn Fn(u64),
    ) -> Result<CompiledStore, StoreError> {
        let folder = atomic::folder_of(&self.path);
        let mut builder = DirBuilder::new();
        #[cfg(unix)]
        {
            // The text may be private to its owner.
            use std::os::unix::fs::DirBuilderExt;
            builder.mode(0o700);
        }
        builder
            .recursive(true)
            .create(folder)
            .map_err(|error| StoreError::io("make the folder", folder, error))?;
        let _lock = FolderLock::take(folder)?;
        atomic::remove_leftovers(&self.path);
        // Another process may have written it first.
        if let Ok(Some(store)) = self.find() {
            return Ok(store);
        }
        CompiledStore::write_from(store, self.key, &self.path, report)?;
        CompiledStore::open(&self.path)
    }

    fn problem(&self, error: StoreError) -> CacheProblem {
        match error {
            StoreError::Damaged { path, what } => CacheProblem::Damaged { path, what },
            error => CacheProblem::Io(error),
        }
    }
}
