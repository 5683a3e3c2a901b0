//! Errors of drawing and writing.

use thiserror::Error;

/// An error of a picture. What to try instead follows from the variant.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum PictureError {
    /// An arrow whose ends are no players of its scene.
    #[error(
        "an arrow runs from player {from} to player {to}; expected numbers below {players}, the number of players"
    )]
    Ends {
        /// The place where it starts.
        from: usize,
        /// The place where it ends.
        to: usize,
        /// The number of players.
        players: usize,
    },
    /// A scale that no picture can have; 2 is a usual one.
    #[error("a picture cannot have the scale {scale}{}", pixels(.width))]
    Scale {
        /// The scale.
        scale: f32,
        /// The pixels on the longer side; 0 where the scale is not a positive number.
        width: f32,
    },
    /// The system has no font, which a PNG and a PDF need; an SVG does not.
    #[error("there is no font on this system to write text with")]
    NoFonts,
    /// A PNG or a PDF could not be drawn.
    #[error("the picture could not be drawn: {0}")]
    Rendering(String),
    /// Graphviz did not lay the picture out; the built-in layouts do not need it.
    #[error("Graphviz ({engine}) gave no picture: {reason}")]
    Graphviz {
        /// The program that was run.
        engine: String,
        /// What went wrong.
        reason: String,
    },
}

fn pixels(width: &f32) -> String {
    if *width > 0.0 {
        format!(": its longer side would have {width:.0} pixels")
    } else {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_without_a_size_says_no_pixels() {
        let message = |scale, width| PictureError::Scale { scale, width }.to_string();
        assert_eq!(message(-1.0, 0.0), "a picture cannot have the scale -1");
        assert_eq!(
            message(100.0, 143_684.0),
            "a picture cannot have the scale 100: its longer side would have 143684 pixels"
        );
    }
}
