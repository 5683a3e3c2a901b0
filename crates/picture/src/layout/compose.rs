//! The last phase of every layout: the sheet, labels, and how well the drawing can be read.

use crate::layout::flow::SMALL;
use crate::layout::geometry::{Point, Rect, point};
use crate::layout::quality::Quality;
use crate::layout::sheet::Panel;
use crate::layout::{Drawing, PlacedArrow, PlacedPiece, PlacedText, Role, captions};
use crate::scene::Scene;

/// Puts a board where its sheet has room for it, and labels on the arrows.
pub(crate) fn compose(
    scene: Scene,
    board: Rect,
    mut pieces: Vec<PlacedPiece>,
    mut arrows: Vec<PlacedArrow>,
    squares: [usize; 2],
    panel: Panel,
) -> Drawing {
    let (x, y) = (panel.board.x - board.x, panel.board.y - board.y);
    for piece in &mut pieces {
        piece.glyph = moved(piece.glyph, x, y);
        piece.name = moved(piece.name, x, y);
    }
    for curve in arrows.iter_mut().flat_map(|arrow| &mut arrow.curves) {
        curve.points = curve.points.map(|at| at.plus(x, y));
    }
    let board = moved(board, x, y);
    let (labels, labels_left_out) = captions::put(&scene, &arrows, &pieces, board);
    let mut texts = panel.texts;
    texts.extend(square_names(board, squares));
    let mut drawing = Drawing {
        scene,
        width: panel.width,
        height: panel.height,
        board,
        squares,
        pieces,
        arrows,
        labels,
        labels_left_out,
        texts,
        samples: panel.samples,
        quality: Quality::default(),
    };
    drawing.quality = Quality::of(&drawing);
    drawing
}

fn moved(rect: Rect, x: f64, y: f64) -> Rect {
    Rect {
        x: rect.x + x,
        y: rect.y + y,
        ..rect
    }
}

/// Returns the names of the columns under the board and of the rows beside it.
fn square_names(board: Rect, squares: [usize; 2]) -> Vec<PlacedText> {
    let [columns, rows] = squares;
    let mut names = Vec::new();
    let mut name = |at: Point, text: String| {
        names.push(PlacedText {
            at,
            role: Role::Square,
            size: SMALL,
            text,
            url: None,
        });
    };
    for column in 0..columns {
        let middle = (column as f64 + 0.5) * board.width / columns as f64;
        let below = board.y + board.height + 14.0;
        name(point(board.x + middle, below), column_name(column));
    }
    for row in 0..rows {
        let middle = (row as f64 + 0.5) * board.height / rows as f64;
        let left = board.x - 11.0;
        name(
            point(left, board.y + middle + 3.5),
            (rows - row).to_string(),
        );
    }
    names
}

/// Returns the name of a column: a to z, then aa and so on.
pub(crate) fn column_name(column: usize) -> String {
    let letter = char::from(b'a' + (column % 26) as u8);
    match column / 26 {
        0 => letter.to_string(),
        round => format!("{}{letter}", column_name(round - 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_names() {
        assert_eq!(
            ["a", "z", "aa", "ba"].map(str::to_owned),
            [0, 25, 26, 52].map(column_name)
        );
    }
}
