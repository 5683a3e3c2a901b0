//! Errors of stores: a message with the place, and a hint as data.

use crate::format::error::FormatError;
use crate::hint::Hint;
use std::path::PathBuf;
use thiserror::Error;

/// Why a store could not be read or written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The text of a source is not right, or data does not fit a format.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// The operating system refused.
    #[error("{path}: could not {action}: {source}", path = .path.display())]
    Io {
        /// The action that failed, as in "read the file".
        action: &'static str,
        /// On which file or folder.
        path: PathBuf,
        /// The error of the operating system.
        source: std::io::Error,
        /// A suggestion.
        hint: &'static str,
    },
    /// The patch file names blank nodes of a text that is not the text it was made for.
    #[error(
        "{patch}: the updates name blank nodes of {source_name}, and that file was changed since",
        patch = .patch.display()
    )]
    TextChanged {
        /// The patch file.
        patch: PathBuf,
        /// The name of the text.
        source_name: String,
    },
    /// Another process changed the map since it was opened.
    #[error(
        "{path}: another process changed the map since it was opened",
        path = .path.display()
    )]
    Conflict {
        /// The patch file.
        path: PathBuf,
    },
    /// Other processes kept the map to themselves for longer than was to be waited.
    #[error(
        "{path}: other processes have been changing the map for {seconds} seconds",
        path = .path.display()
    )]
    Busy {
        /// The folder of the map.
        path: PathBuf,
        /// How long it was waited.
        seconds: f64,
    },
    /// A compiled map is not as it was written, or is none.
    #[error(
        "{path}: not a compiled map that can be read: {what}",
        path = .path.display()
    )]
    Damaged {
        /// The compiled map.
        path: PathBuf,
        /// The problem.
        what: String,
    },
    /// More different terms, or triples in one graph, than 32 bits can count.
    #[error("the data has too many {what} for one map: the limit is {limit}")]
    TooLarge {
        /// Terms or triples.
        what: &'static str,
        /// The limit.
        limit: usize,
    },
}

impl StoreError {
    /// Returns a suggestion.
    pub fn hint(&self) -> Option<Hint> {
        Some(match self {
            Self::Format(error) => error.hint()?,
            Self::Io { hint, .. } => Hint::from(*hint),
            Self::TextChanged { .. } => Hint::from(
                "restore the file, or remove the lines with its blank nodes and its 'H sha256' line from the patch; \
                 nothing was changed",
            ),
            Self::Conflict { .. } => {
                Hint::from("open it again and repeat the update; nothing was changed")
            }
            Self::Busy { .. } => Hint::from("wait longer, or try again; nothing was changed"),
            Self::Damaged { .. } => Hint::CompileAgain,
            Self::TooLarge { .. } => Hint::from("split it into several maps"),
        })
    }

    /// Returns an error of the operating system, with the path and what to try about it.
    pub fn io(action: &'static str, path: impl Into<PathBuf>, source: std::io::Error) -> Self {
        use std::io::ErrorKind;
        let hint = match source.kind() {
            ErrorKind::NotFound => "check the path; nothing was changed",
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
                "check who may read and write there; nothing was changed"
            }
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
                "free some space and try again; nothing was changed"
            }
            ErrorKind::IsADirectory => "give a file, not a folder",
            ErrorKind::NotADirectory => "give a folder, not a file",
            _ => "nothing was changed",
        };
        Self::Io {
            action,
            path: path.into(),
            source,
            hint,
        }
    }
}
