//! What can go wrong with a map.

use crate::analysis::error::AnalysisError;
use crate::analysis::source_error::SourceError;
use crate::callable::error::CallError;
use crate::model::find::UnknownPlayer;
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
    /// The id of something that is not in the map, given to a named query.
    #[error("there is nothing '{name}' in the map")]
    UnknownId {
        /// The id as given.
        name: String,
        /// The ids that are nearest to it.
        near: Vec<String>,
    },
    /// An analysis.
    #[error(transparent)]
    Analysis(#[from] AnalysisError),
    /// The file of a compiled map, when an analysis reads it.
    #[error(transparent)]
    Position(SourceError),
    /// The system refuses the thread that watches the time.
    #[error("a thread could not be started: {0}")]
    Thread(std::io::Error),
    /// The caller asked to stop.
    #[error("cancelled before the check queries had all run")]
    Cancelled,
    /// Files that would bring records into the map that cannot be read, or not wholly: a line for each, with its place.
    #[error("{}", .0.join("\n"))]
    Records(Vec<String>),
    /// Files that say other things of what a file of the same name in the map is about.
    #[error("{}: the map has a file of this name, which says otherwise\n{}", .path.display(), .problems.join("\n"))]
    EarlierEdition {
        /// The file in the map.
        path: PathBuf,
        /// What cannot be read with both: a line for each, with its place.
        problems: Vec<String>,
    },
    /// Files that say nothing new, and whose names are taken.
    #[error("{}: the map has a file of this name, and the new one says nothing that is not in the map", .0.display())]
    NothingNew(PathBuf),
    /// Files that hold nothing, or only what the map says already: the first of them.
    #[error("{0}: the file holds nothing that is not in the map")]
    NothingHeld(String),
    /// An import into something that is no folder.
    #[error("{}: files can be imported into a folder only", .0.display())]
    NoFolder(PathBuf),
    /// A file of a map that is to be replaced, and is not there.
    #[error("{}: there is no such file in the map to be replaced", .0.display())]
    NothingToReplace(PathBuf),
    /// A file of which the map has several editions, where one is to be replaced.
    #[error("the map has several files of this name: {}", .names.join(", "))]
    SeveralEditions {
        /// What they are called in the folder of the map.
        names: Vec<String>,
    },
    /// An update of a compiled map.
    #[error("a compiled map cannot be changed")]
    Compiled,
    /// An update that would write what is derived.
    #[error("the graph {graph} is derived and cannot be written")]
    DerivedGraph {
        /// The graph, in short form.
        graph: String,
    },
}

impl MapError {
    /// Returns what to try about it.
    pub fn hint(&self) -> Option<Hint> {
        Some(match self {
            Self::Format(error) => error.hint()?,
            Self::Store(error) => error.hint()?,
            Self::Unreadable(error) => error.hint()?,
            Self::Sparql(error) => error.hint().or_else(|| CallError::hint_of(error))?,
            Self::UnknownPlayer(error) => error.hint(),
            Self::UnknownId { near, .. } if near.is_empty() => Hint::from(
                "give the id of an edge, a deal, a player, an observation or a document of the map; show PLAYER lists those about a player",
            ),
            Self::UnknownId { near, .. } => Hint::DidYouMean(near.clone()),
            Self::Analysis(error) => error.hint()?,
            Self::Position(error) => error.hint()?,
            Self::NothingHeld(_) => Hint::from(
                "give a file with players, edges, claims or other records in a form of `powermap import --help`",
            ),
            Self::NoFolder(_) => Hint::from("make a folder and move the file into it"),
            Self::EarlierEdition { .. } | Self::NothingNew(_) => Hint::from(
                "if it is an earlier edition, put the new one in its place (import --replace); else give the new one another name",
            ),
            Self::SeveralEditions { names } => Hint::from(format!(
                "look at them, and name those that the new one replaces: {}",
                names
                    .iter()
                    .map(|name| format!("--replace={name}"))
                    .collect::<Vec<_>>()
                    .join(" ")
            )),
            Self::NothingToReplace(_) => Hint::from(
                "name the file of the earlier edition: --replace=FILE, as it is called in the folder of the map",
            ),
            Self::Compiled => {
                Hint::from("update the text that it was compiled from, and compile that again")
            }
            Self::DerivedGraph { .. } => Hint::from("write claims; the board follows from them"),
            Self::Shapes(_) | Self::Thread(_) | Self::Cancelled | Self::Records(_) => return None,
        })
    }
}

impl From<MapError> for SourceError {
    fn from(error: MapError) -> Self {
        let hint = error.hint();
        Self::new(error, hint)
    }
}
