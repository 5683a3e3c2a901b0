//! Writes files atomically: whole or not at all.

use crate::store::error::StoreError;
use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// Puts these bytes into a file, whole or not at all: see [`write_file_with`].
///
/// # Errors
/// As [`write_file_with`].
///
/// # Example
/// ```
/// use powermap_rdf::write_file;
///
/// let folder = tempfile::tempdir()?;
/// write_file(&folder.path().join("board.dot"), b"digraph {}")?;
/// assert!(write_file(&folder.path().join("missing/board.dot"), b"digraph {}").is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write_file(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    write_file_with(path, |out| out.write_all(bytes))
}

/// Puts what a function writes into a file, whole or not at all.
///
/// The bytes go to a temporary file in the same folder, reach the disk, and then take the place
/// of the file in one step: a reader sees the old content or the new one, and so does everyone
/// after a crash. The permissions of a file that is there are kept, and a link is followed. What
/// is no regular file (a pipe, a terminal, a device) is written to as it is.
///
/// # Errors
/// When the folder is missing or may not be written, the disk is full, or the function fails. The
/// file is as it was then, and the temporary file is gone.
pub fn write_file_with(
    path: &Path,
    write: impl FnOnce(&mut (dyn Write + Send)) -> std::io::Result<()>,
) -> Result<(), StoreError> {
    let failed = |error| StoreError::io("write the file", path, error);
    let target = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    match std::fs::metadata(&target) {
        Ok(metadata) if metadata.is_dir() => Err(failed(std::io::ErrorKind::IsADirectory.into())),
        Ok(metadata) if !metadata.is_file() => {
            let file = OpenOptions::new()
                .write(true)
                .open(&target)
                .map_err(failed)?;
            let mut out = BufWriter::new(file);
            write(&mut out).and_then(|()| out.flush()).map_err(failed)
        }
        found => {
            let permissions = found.ok().map(|metadata| metadata.permissions());
            let temporary = Temporary::create(&target).map_err(failed)?;
            temporary.fill(write, permissions).map_err(failed)?;
            temporary.replace(&target).map_err(failed)?;
            sync_folder_of(&target)
        }
    }
}

/// Removes a file, so that it stays removed after a crash. A file that is not there is fine.
pub(crate) fn remove_file(path: &Path) -> Result<(), StoreError> {
    let failed = |error| StoreError::io("remove the file", path, error);
    match std::fs::remove_file(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(failed(error)),
        Ok(()) => sync_folder_of(path),
    }
}

/// Removes temporary files that a killed process left next to a file. Only for a caller
/// that knows that no one else writes that file now.
pub(crate) fn remove_leftovers(path: &Path) {
    let prefix = temporary_prefix(path);
    let Ok(entries) = std::fs::read_dir(folder_of(path)) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(&prefix) && name.ends_with(TEMPORARY_SUFFIX) {
            // It does no harm where it is, so failing to remove it is no failure.
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

/// Returns the folder that a file is in.
pub(crate) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

const TEMPORARY_SUFFIX: &str = ".tmp";

fn temporary_prefix(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    format!(".{name}.")
}

/// A temporary file, removed unless it takes the place of another.
struct Temporary {
    path: PathBuf,
    file: File,
    done: bool,
}

impl Temporary {
    fn create(target: &Path) -> std::io::Result<Self> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        loop {
            let name = format!(
                "{}{}-{}{TEMPORARY_SUFFIX}",
                temporary_prefix(target),
                std::process::id(),
                NUMBER.fetch_add(1, Ordering::Relaxed)
            );
            let path = folder_of(target).join(name);
            match OpenOptions::new().write(true).create_new(true).open(&path) {
                Ok(file) => {
                    return Ok(Self {
                        path,
                        file,
                        done: false,
                    });
                }
                // Left by a process of the same number that was stopped: take the next name.
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn fill(
        &self,
        write: impl FnOnce(&mut (dyn Write + Send)) -> std::io::Result<()>,
        permissions: Option<std::fs::Permissions>,
    ) -> std::io::Result<()> {
        let mut out = BufWriter::new(&self.file);
        write(&mut out)?;
        out.flush()?;
        if let Some(permissions) = permissions {
            self.file.set_permissions(permissions)?;
        }
        self.file.sync_all()
    }

    fn replace(mut self, target: &Path) -> std::io::Result<()> {
        std::fs::rename(&self.path, target)?;
        self.done = true;
        Ok(())
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if !self.done {
            // Nothing better can be done about a file that cannot be removed.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// Makes the names in the folder of a file reach the disk, where the system can do that.
fn sync_folder_of(path: &Path) -> Result<(), StoreError> {
    if !cfg!(unix) {
        return Ok(());
    }
    let folder = folder_of(path);
    let synced = File::open(folder).and_then(|folder| folder.sync_all());
    synced.map_err(|source| StoreError::Io {
        action: "bring the folder to the disk",
        path: folder.to_owned(),
        source,
        hint: "the change is in place, but is lost if the machine stops now; open the map again",
    })
}

/// A lock on a folder, held until it is dropped or the process ends in whatever way.
#[derive(Debug)]
pub(crate) struct FolderLock {
    _file: File,
}

impl FolderLock {
    /// Waits until no other process holds the lock.
    ///
    /// On Unix the folder itself is locked, which leaves no trace; elsewhere, and on file systems
    /// that cannot do that, a hidden lock file is.
    pub(crate) fn take(folder: &Path) -> Result<Self, StoreError> {
        if cfg!(unix)
            && let Ok(file) = File::open(folder)
            && file.lock().is_ok()
        {
            return Ok(Self { _file: file });
        }
        let path = folder.join(".powermap.lock");
        let failed = |error| StoreError::io("lock the folder", folder, error);
        let file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&path)
            .map_err(failed)?;
        file.lock().map_err(failed)?;
        Ok(Self { _file: file })
    }
}
