//! Fingerprints of the text of a map.

use crate::store::error::StoreError;
use crate::store::files::{self, IsForeign};
use crate::store::source::patch_path;
use rayon::prelude::*;
use sha2::{Digest, Sha256};
use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The content of all files of a map, and what the file system says of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fingerprint {
    /// A hash of the names and the bytes of all sources and of the updates next to them.
    pub(crate) content: [u8; 32],
    /// File metadata that changes whenever a file is written, even with the same bytes.
    stamps: Vec<Stamp>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Stamp {
    bytes: u64,
    modified: Option<SystemTime>,
    /// The file and the time of its last change of any kind, where the system reports them.
    #[cfg(unix)]
    unix: [i64; 4],
}

impl Stamp {
    fn of(metadata: &Metadata) -> Self {
        #[cfg(unix)]
        use std::os::unix::fs::MetadataExt;
        Self {
            bytes: metadata.len(),
            modified: metadata.modified().ok(),
            #[cfg(unix)]
            unix: [
                metadata.dev() as i64,
                metadata.ino() as i64,
                metadata.ctime(),
                metadata.ctime_nsec(),
            ],
        }
    }
}

/// Returns the files whose content a map is: its sources by name, and the updates if there are any.
fn parts(path: &Path, is_foreign: Option<IsForeign>) -> Result<Vec<(String, PathBuf)>, StoreError> {
    let sources = files::list(path, is_foreign)?.files.into_iter();
    let mut parts: Vec<_> = sources.map(|file| (file.name, file.path)).collect();
    let updates = patch_path(path);
    if updates.exists() {
        // No source has an empty name.
        parts.push((String::new(), updates));
    }
    Ok(parts)
}

fn metadata(path: &Path) -> Result<Metadata, StoreError> {
    std::fs::metadata(path).map_err(|error| StoreError::io("read the file", path, error))
}

/// Returns how many bytes of text a map has.
pub(crate) fn text_bytes(path: &Path, is_foreign: Option<IsForeign>) -> Result<u64, StoreError> {
    let sizes = parts(path, is_foreign)?
        .into_iter()
        .map(|(_, path)| metadata(&path));
    sizes.map(|metadata| Ok(metadata?.len())).sum()
}

impl Fingerprint {
    /// Reads all files of the map. O(n) in the bytes of its text, with all threads.
    pub(crate) fn of(path: &Path, is_foreign: Option<IsForeign>) -> Result<Self, StoreError> {
        let parts = parts(path, is_foreign)?;
        let stamps = |parts: &[(String, PathBuf)]| {
            let stamps = parts
                .iter()
                .map(|(_, path)| Ok(Stamp::of(&metadata(path)?)));
            stamps.collect::<Result<Vec<_>, StoreError>>()
        };
        // Before the content, so that later writes have another stamp.
        let stamps = stamps(&parts)?;
        let digests: Vec<[u8; 32]> = parts
            .par_iter()
            .map(|(_, path)| files::digest_of_file(path))
            .collect::<Result<_, _>>()?;
        let mut hash = Sha256::new();
        for ((name, _), digest) in parts.iter().zip(digests) {
            hash.update((name.len() as u64).to_le_bytes());
            hash.update(name);
            hash.update(digest);
        }
        Ok(Self {
            content: hash.finalize().into(),
            stamps,
        })
    }
}
