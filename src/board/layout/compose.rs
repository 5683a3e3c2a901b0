//! The last phase of every look: labels, panel, and how well it can be read.

use crate::board::layout::geometry::Rect;
use crate::board::layout::quality::Quality;
use crate::board::layout::widths::Widths;
use crate::board::layout::{Drawing, PlacedArrow, PlacedPiece, captions, sheet};
use crate::board::scene::Scene;

/// Puts labels on arrows and a panel beside the board.
pub(crate) fn compose(
    scene: Scene,
    board: Rect,
    pieces: Vec<PlacedPiece>,
    arrows: Vec<PlacedArrow>,
) -> Drawing {
    let widths = Widths::of(&scene);
    let (labels, labels_left_out) = captions::put(&scene, &arrows, &pieces, board);
    let panel = sheet::set(&scene, board, &widths.samples(scene.lang));
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
