//! Writes files atomically: whole or not at all.

use crate::store::error::StoreError;
use std::collections::BTreeSet;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

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

/// Puts files into a folder, which is made if it is not there: all of them whole, or none.
///
/// Each is written beside its place as by [`write_file_with`], and they take their places once all are on the disk.
///
/// # Errors
/// When the folder cannot be made or written, or the disk is full. No file is another then, and the folder is gone if it was
/// not there.
///
/// ```
/// use powermap_rdf::write_files;
///
/// let folder = tempfile::tempdir()?;
/// let tour = folder.path().join("tour");
/// write_files(&tour, &[("a.md".to_owned(), b"a".to_vec()), ("b.md".to_owned(), b"b".to_vec())])?;
/// assert_eq!(std::fs::read(tour.join("b.md"))?, b"b");
/// assert!(write_files(&tour.join("a.md"), &[]).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write_files(folder: &Path, files: &[(String, Vec<u8>)]) -> Result<(), StoreError> {
    let is_new = !folder.exists();
    std::fs::create_dir_all(folder)
        .map_err(|error| StoreError::io("make the folder", folder, error))?;
    let written = files.iter().map(|(name, bytes)| {
        let path = folder.join(name);
        let target = std::fs::canonicalize(&path).unwrap_or(path);
        let failed = |error| StoreError::io("write the file", &target, error);
        let permissions = std::fs::metadata(&target).ok();
        let permissions = permissions.map(|metadata| metadata.permissions());
        let temporary = Temporary::create(&target).map_err(failed)?;
        let fill = temporary.fill(|out| out.write_all(bytes), permissions);
        fill.map_err(failed)?;
        Ok((temporary, target))
    });
    let written: Result<Vec<_>, StoreError> = written.collect();
    if written.is_err() && is_new {
        // An empty folder is in nobody's way, so failing to remove it is no failure.
        let _ = std::fs::remove_dir(folder);
    }
    for (temporary, target) in written? {
        let replaced = temporary.replace(&target);
        replaced.map_err(|error| StoreError::io("write the file", &target, error))?;
        sync_folder_of(&target)?;
    }
    Ok(())
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

/// The temporary files and folders of this process that have not taken their place yet.
static TEMPORARIES: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

fn temporaries() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    TEMPORARIES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Removes what this process has written and not put in its place yet, as a program does that is told to stop. Whatever is
/// being written then fails, and no further file is begun until the process ends.
pub fn remove_temporaries() {
    let unfinished = temporaries();
    for path in unfinished.iter() {
        // Nothing better can be done about what cannot be removed.
        let _ = match path.is_dir() {
            true => std::fs::remove_dir_all(path),
            false => std::fs::remove_file(path),
        };
    }
    // Whoever would begin a file waits for the end of the process.
    std::mem::forget(unfinished);
}

/// A path that [`remove_temporaries`] removes, until this is dropped.
#[derive(Debug)]
pub struct TemporaryPath(PathBuf);

impl TemporaryPath {
    /// Notes a path before anything is there.
    pub fn note(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        temporaries().insert(path.clone());
        Self(path)
    }
}

impl Drop for TemporaryPath {
    fn drop(&mut self) {
        temporaries().remove(&self.0);
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
    _noted: TemporaryPath,
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
            let noted = TemporaryPath::note(&path);
            match OpenOptions::new().write(true).create_new(true).open(&path) {
                Ok(file) => {
                    return Ok(Self {
                        path,
                        file,
                        done: false,
                        _noted: noted,
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

/// How long a process that waits for its turn sleeps before it looks again.
const TURN: Duration = Duration::from_millis(2);

/// A lock on a folder, held until it is dropped or the process ends in whatever way.
#[derive(Debug)]
pub(crate) struct FolderLock {
    _file: File,
}

impl FolderLock {
    /// Waits until no other process holds the lock.
    pub(crate) fn take(folder: &Path) -> Result<Self, StoreError> {
        Self::held(folder, File::lock)
    }

    /// Waits until no other process holds the lock, but not longer than this.
    pub(crate) fn take_within(folder: &Path, wait: Duration) -> Result<Self, StoreError> {
        let start = Instant::now();
        let mut is_late = false;
        let lock = |file: &File| loop {
            match file.try_lock() {
                Ok(()) => return Ok(()),
                Err(TryLockError::Error(error)) => return Err(error),
                Err(TryLockError::WouldBlock) if start.elapsed() >= wait => {
                    is_late = true;
                    return Err(std::io::ErrorKind::WouldBlock.into());
                }
                Err(TryLockError::WouldBlock) => std::thread::sleep(TURN),
            }
        };
        let taken = Self::held(folder, lock);
        match is_late {
            true => Err(StoreError::Busy {
                path: folder.to_owned(),
                seconds: wait.as_secs_f64(),
            }),
            false => taken,
        }
    }

    /// Locks a folder in some way.
    ///
    /// On Unix the folder itself is locked, which leaves no trace; elsewhere, and on file systems
    /// that cannot do that, a hidden lock file is.
    fn held(
        folder: &Path,
        mut lock: impl FnMut(&File) -> std::io::Result<()>,
    ) -> Result<Self, StoreError> {
        let failed = |error| StoreError::io("lock the folder", folder, error);
        if cfg!(unix)
            && let Ok(file) = File::open(folder)
        {
            match lock(&file) {
                Ok(()) => return Ok(Self { _file: file }),
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {
                    return Err(failed(error));
                }
                Err(_) => {}
            }
        }
        let path = folder.join(".powermap.lock");
        let file = OpenOptions::new()
            .create(true)
            .append(true)
            .open(&path)
            .map_err(failed)?;
        lock(&file).map_err(failed)?;
        Ok(Self { _file: file })
    }
}
