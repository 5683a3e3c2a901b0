//! Pieces and their names.

use crate::board::layout::PlacedPiece;
use crate::board::layout::geometry::Rect;
use crate::board::scene::Piece;
use crate::board::text::{width, wrap};

/// The size of names.
const NAME: f64 = 13.0;

/// A piece and its name in the middle of a cell; the name has at most two lines, as wide as the cell.
pub(crate) fn stand(name: &str, piece: Piece, cell: &Rect) -> PlacedPiece {
    let size = match piece {
        Piece::King | Piece::Queen => 62.0,
        Piece::Rook | Piece::Bishop | Piece::Knight => 56.0,
        Piece::Pawn | Piece::Pawns => 50.0,
    };
    let lines = wrap(name, NAME, cell.width - 6.0, 2);
    let line_height = NAME * 1.12;
    let name_height = line_height * lines.len() as f64;
    let middle = cell.centre().x;
    let top = cell.y + (cell.height - size - 3.0 - name_height) / 2.0;
    let name_width = lines
        .iter()
        .map(|line| width(line, NAME))
        .fold(0.0, f64::max);
    PlacedPiece {
        square: String::new(),
        glyph: Rect {
            x: middle - size / 2.0,
            y: top,
            width: size,
            height: size,
        },
        name: Rect {
            x: middle - name_width / 2.0,
            y: top + size + 3.0,
            width: name_width,
            height: name_height,
        },
        lines,
        size: NAME,
    }
}
