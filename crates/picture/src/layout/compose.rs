//! The last phase of every layout: labels, panel, and how well the drawing can be read.

use crate::layout::geometry::Rect;
use crate::layout::quality::Quality;
use crate::layout::{Drawing, PlacedArrow, PlacedPiece, captions, sheet};
use crate::scene::Scene;

/// Puts labels on the arrows and a panel next to the board.
pub(crate) fn compose(
    scene: Scene,
    board: Rect,
    pieces: Vec<PlacedPiece>,
    arrows: Vec<PlacedArrow>,
) -> Drawing {
    let (labels, labels_left_out) = captions::put(&scene, &arrows, &pieces, board);
    let panel = sheet::set(&scene, board);
    let mut drawing = Drawing {
        scene,
        width: panel.width,
        height: panel.height,
        board,
        side: 0,
        pieces,
        arrows,
        labels,
        labels_left_out,
        texts: panel.texts,
        samples: panel.samples,
        quality: Quality::default(),
    };
    drawing.quality = Quality::of(&drawing);
    drawing
}
