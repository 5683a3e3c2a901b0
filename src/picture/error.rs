//! What can go wrong when a scene is gathered.

use crate::analysis::error::AnalysisError;
use crate::analysis::position::Position;
use crate::model::find::UnknownPlayer;
use powermap_picture::PictureError;
use powermap_rdf::Hint;
use thiserror::Error;

/// An error of gathering a scene.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SceneError {
    /// A player that is not in the map.
    #[error(transparent)]
    UnknownPlayer(#[from] UnknownPlayer),
    /// The standing of the players could not be computed.
    #[error(transparent)]
    Analysis(#[from] AnalysisError),
    /// The scene or its drawing could not be made.
    #[error(transparent)]
    Picture(#[from] PictureError),
    /// A board without any edge.
    #[error("there is no edge on the board of this day")]
    NoEdges {
        /// Whether a filter may have left the edges out.
        filtered: bool,
    },
    /// A map without any edge, on whatever day.
    #[error("there is no edge in the map")]
    EmptyMap,
    /// A choice that leaves nobody to draw.
    #[error("no player is left to draw")]
    NoPlayers,
    /// Two players next to each other in a loop without an edge between them.
    #[error("there is no edge on the picture between {from} and {to}, where the loop goes along")]
    BrokenLoop {
        /// The player where the loop breaks off.
        from: String,
        /// The player that it should go on to.
        to: String,
    },
}

impl SceneError {
    /// Returns what a board without an edge is, by what the map has and whether a filter was given.
    pub(crate) fn no_edges(position: &Position) -> Self {
        let filtered = !position.filter().is_open();
        match position.records().edges.is_empty() && !filtered {
            true => Self::EmptyMap,
            false => Self::NoEdges { filtered },
        }
    }

    /// Returns what to try about it. For a picture that could not be drawn, that follows from the variant of its error.
    pub fn hint(&self) -> Option<Hint> {
        match self {
            Self::UnknownPlayer(error) => Some(error.hint()),
            Self::Analysis(error) => error.hint(),
            Self::NoEdges { filtered: true } => Some(Hint::from("filter less")),
            Self::NoEdges { filtered: false } => Some(Hint::from("choose a later day")),
            Self::EmptyMap => Some(Hint::from("add edges to the map")),
            Self::NoPlayers => Some(Hint::from("choose more players")),
            Self::Picture(_) | Self::BrokenLoop { .. } => None,
        }
    }
}
