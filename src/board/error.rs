//! What can go wrong with a picture.

use crate::analysis::error::AnalysisError;
use crate::model::find::UnknownPlayer;
use thiserror::Error;

/// An error of the picture of a board.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum BoardError {
    /// A player that is not in the map.
    #[error(transparent)]
    UnknownPlayer(#[from] UnknownPlayer),
    /// The standing of the players could not be told.
    #[error(transparent)]
    Analysis(#[from] AnalysisError),
    /// A board without any edge.
    #[error("there is no edge on the board of this day{}", hint(.filtered))]
    NoEdges {
        /// Whether a filter may have left the edges out.
        filtered: bool,
    },
    /// A choice that leaves nobody to draw.
    #[error("no player is left to draw\nhint: --top, --around or --players leave out too much")]
    NoPlayers,
    /// Two players next to each other in a loop without an edge between them.
    #[error("there is no edge on the picture between {from} and {to}, where the loop goes along")]
    BrokenLoop {
        /// The player where the loop breaks off.
        from: String,
        /// The player that it should go on to.
        to: String,
    },
    /// A scale that no picture can have.
    #[error(
        "a picture cannot have the scale {scale}{}\nhint: choose a number such as 2", pixels(.width)
    )]
    Scale {
        /// The scale.
        scale: f32,
        /// The pixels on the longer side, if the scale is a number.
        width: f32,
    },
    /// No font to write text with.
    #[error(
        "there is no font on this system to write text with\nhint: install one, such as fonts-noto-core, or write SVG"
    )]
    NoFonts,
    /// The picture could not be drawn.
    #[error("the picture could not be drawn: {0}")]
    Png(String),
    /// Graphviz did not lay the picture out.
    #[error(
        "Graphviz ({engine}) gave no picture: {reason}\nhint: --engine built-in needs no Graphviz"
    )]
    Graphviz {
        /// The program.
        engine: String,
        /// What went wrong.
        reason: String,
    },
}

fn hint(filtered: &bool) -> &'static str {
    if *filtered {
        "\nhint: --family, --kind, --min-status or --min-amount leave out too much"
    } else {
        "\nhint: choose a later day with --as-of or --known-by; powermap timeline lists what happened when"
    }
}

fn pixels(width: &f32) -> String {
    if *width > 0.0 {
        format!(": its longer side would have {width:.0} pixels")
    } else {
        String::new()
    }
}
