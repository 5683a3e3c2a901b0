//! Finds and reads the files of a map.

use crate::format::Format;
use crate::format::error::FormatError;
use crate::store::error::StoreError;
use crate::store::load::Skipped;
use sha2::{Digest, Sha256};
use std::io::Read;
use std::path::{Path, PathBuf};

/// The name of the patch file in a folder.
pub(crate) const PATCH_NAME: &str = "updates.rdfp";

/// Returns whether a file is in a format that the embedder reads, whatever its ending.
pub type IsForeign = fn(&Path) -> bool;

/// One file of a map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SourceFile {
    /// The path below the folder that was given, with `/` between its parts.
    pub(crate) name: String,
    pub(crate) path: PathBuf,
    pub(crate) format: Format,
}

/// The content of a path.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    pub(crate) files: Vec<SourceFile>,
    pub(crate) skipped: Vec<Skipped>,
}

/// Returns the files of a map: the file itself, or those in the folder, sorted by name.
pub(crate) fn list(path: &Path, is_foreign: Option<IsForeign>) -> Result<Listing, StoreError> {
    let metadata =
        std::fs::metadata(path).map_err(|error| StoreError::io("open the map", path, error))?;
    let mut listing = Listing::default();
    if metadata.is_dir() {
        list_folder(path, "", is_foreign, &mut listing)?;
    } else {
        listing.files.push(SourceFile {
            name: file_name(path),
            path: path.to_owned(),
            format: format_of(path, is_foreign)?,
        });
    }
    Ok(listing)
}

/// Returns the format of a file: by its content where the embedder knows it, else by its ending.
fn format_of(path: &Path, is_foreign: Option<IsForeign>) -> Result<Format, FormatError> {
    match is_foreign.is_some_and(|is_foreign| is_foreign(path)) {
        true => Ok(Format::Foreign),
        false => Format::from_path(path),
    }
}

fn list_folder(
    folder: &Path,
    prefix: &str,
    is_foreign: Option<IsForeign>,
    listing: &mut Listing,
) -> Result<(), StoreError> {
    let failed = |error| StoreError::io("list the folder", folder, error);
    let mut entries = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        entries.push((
            entry.file_name(),
            entry.file_type().map_err(failed)?,
            entry.path(),
        ));
    }
    entries.sort_by(|left, right| left.0.cmp(&right.0));
    for (name, kind, path) in entries {
        let mut skip = |reason| {
            listing.skipped.push(Skipped {
                path: path.clone(),
                reason,
            });
        };
        let Some(name) = name.to_str() else {
            skip("the name is not UTF-8");
            continue;
        };
        let full_name = format!("{prefix}{name}");
        if name.starts_with('.') {
            skip("hidden");
        } else if kind.is_dir() {
            // Links to folders are not followed, so that no ring of links is walked for ever.
            list_folder(&path, &format!("{full_name}/"), is_foreign, listing)?;
        } else if let Ok(format) = format_of(&path, is_foreign) {
            listing.files.push(SourceFile {
                name: full_name,
                path,
                format,
            });
        } else if path.extension().is_some_and(|ending| ending == "rdfp") {
            skip(if full_name == PATCH_NAME {
                "updates: they count when the folder is opened as a map"
            } else {
                "updates of one file: they count when that file is opened by itself"
            });
        } else {
            skip("the ending is not that of a known format");
        }
    }
    Ok(())
}

/// Returns the last part of a path as text.
pub(crate) fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(
        || path.display().to_string(),
        |name| name.to_string_lossy().into_owned(),
    )
}

pub(crate) fn read(path: &Path) -> Result<Vec<u8>, StoreError> {
    std::fs::read(path).map_err(|error| StoreError::io("read the file", path, error))
}

/// Returns the content of a file; `None` when there is no such file.
pub(crate) fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>, StoreError> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(StoreError::io("read the file", path, error)),
    }
}

/// Returns the SHA-256 of bytes, in hexadecimal.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

/// Returns the SHA-256 of a file, in hexadecimal, without holding it in memory.
pub(crate) fn sha256_of_file(path: &Path) -> Result<String, StoreError> {
    Ok(hexadecimal(&digest_of_file(path)?))
}

/// Returns the SHA-256 of a file, without holding it in memory.
pub(crate) fn digest_of_file(path: &Path) -> Result<[u8; 32], StoreError> {
    let failed = |error| StoreError::io("read the file", path, error);
    let mut file = std::fs::File::open(path).map_err(failed)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let length = match file.read(&mut buffer) {
            Ok(0) => return Ok(hash.finalize().into()),
            Ok(length) => length,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(failed(error)),
        };
        hash.update(&buffer[..length]);
    }
}

pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) fn size(path: &Path) -> Result<u64, StoreError> {
    std::fs::metadata(path)
        .map(|metadata| metadata.len())
        .map_err(|error| StoreError::io("read the file", path, error))
}
