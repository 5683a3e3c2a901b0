//! What can go wrong with a map.

use crate::analysis::error::AnalysisError;
use crate::analysis::facts::ReadError;
use crate::model::find::UnknownPlayer;
use crate::records::RecordProblem;
use powermap_rdf::{FormatError, Hint, ShapesError, SparqlError, StoreError};
use std::path::PathBuf;
use std::sync::Arc;
use thiserror::Error;

/// An error of a map: of its text, its store, a query, or a name that it does not know.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum MapError {
    /// The text of the map.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// The files of the map.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The file of a compiled map, when its records or its board are read.
    #[error(transparent)]
    Unreadable(Arc<StoreError>),
    /// A query or an update.
    #[error(transparent)]
    Sparql(#[from] SparqlError),
    /// The shapes that a map is checked against.
    #[error(transparent)]
    Shapes(#[from] ShapesError),
    /// A player that is not in the map.
    #[error(transparent)]
    UnknownPlayer(#[from] UnknownPlayer),
    /// An analysis.
    #[error(transparent)]
    Analysis(#[from] AnalysisError),
    /// The file of a compiled map, when an analysis reads it.
    #[error("{0}")]
    Position(ReadError),
    /// The system refuses the thread that watches the time.
    #[error("a thread could not be started: {0}")]
    Thread(std::io::Error),
    /// The caller asked to stop.
    #[error("cancelled before the check queries had all run")]
    Cancelled,
    /// Files that would bring records into the map that cannot be read, or not wholly.
    #[error("{}", lines(.0))]
    Records(Vec<RecordProblem>),
    /// An import into something that is no folder.
    #[error(
        "{}: files can be imported into a folder only\nhint: make a folder and move the file into it", .0.display()
    )]
    NoFolder(PathBuf),
    /// An update of a compiled map.
    #[error(
        "a compiled map cannot be changed\nhint: update the text that it was compiled from, and compile that again"
    )]
    Compiled,
    /// An update that would write what is derived.
    #[error(
        "the graph {graph} is derived and cannot be written\nhint: write claims; the board follows from them"
    )]
    DerivedGraph {
        /// The graph, in short form.
        graph: String,
    },
}

impl MapError {
    /// Returns what to try about it, where the message does not say it.
    pub fn hint(&self) -> Option<Hint> {
        match self {
            Self::Store(error) => error.hint(),
            Self::Unreadable(error) => error.hint(),
            Self::Sparql(error) => error.hint(),
            Self::Position(error) => error
                .downcast_ref()
                .and_then(Self::hint)
                .or_else(|| error.downcast_ref().and_then(StoreError::hint)),
            _ => None,
        }
    }
}

/// One problem a line.
fn lines(problems: &[RecordProblem]) -> String {
    let lines: Vec<_> = problems.iter().map(ToString::to_string).collect();
    lines.join("\n")
}
