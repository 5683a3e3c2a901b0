//! Pieces and their names.

use crate::layout::PlacedPiece;
use crate::layout::geometry::{Point, Rect, point};
use crate::scene::{Piece, Player};
use crate::text::{width, wrap};

/// The size of names, and how much smaller and larger they may be.
pub(crate) const NAME: f64 = 13.0;
const SMALLER: f64 = 0.85;
const LARGER: f64 = 1.15;
/// How high a line of a name is, as a share of its size.
const LINE: f64 = 1.12;
/// The room between a piece and its name.
const BELOW: f64 = 3.0;

/// Returns a piece of a scale and its name in the middle of a cell; the name has at most two lines, as wide as the cell. Where a player has
/// a second name, the box of the name is large enough for both.
pub(crate) fn stand(player: &Player, cell: &Rect, scale: f64) -> PlacedPiece {
    let size = match player.piece {
        Piece::King | Piece::Queen => 62.0,
        Piece::Rook | Piece::Bishop | Piece::Knight => 56.0,
        Piece::Pawn | Piece::Pawns => 50.0,
    };
    stand_as(
        player,
        cell,
        size * scale,
        NAME * scale.clamp(SMALLER, LARGER),
    )
}

/// As [`stand`], with a piece of the given side and letters of the given size.
pub(crate) fn stand_as(player: &Player, cell: &Rect, side: f64, size: f64) -> PlacedPiece {
    let width_max = cell.width - 6.0;
    let names = [Some(&player.name), player.second_name.as_ref()];
    let boxes = names.into_iter().flatten().map(|name| {
        let lines = lines(name, size, width_max);
        (widest(&lines, size), LINE * size * lines.len() as f64)
    });
    let (name_width, name_height) = boxes.fold((0.0, 0.0), |(a, b): (f64, f64), (c, d)| {
        (a.max(c), b.max(d))
    });
    let middle = cell.centre().x;
    let top = cell.y + (cell.height - side - BELOW - name_height) / 2.0;
    PlacedPiece {
        square: String::new(),
        glyph: Rect {
            x: middle - side / 2.0,
            y: top,
            width: side,
            height: side,
        },
        name: below(point(middle, top + side), name_width, name_height),
        lines: lines(&player.name, size, width_max),
        size,
        width_max,
        is_aside: false,
    }
}

/// Returns a piece at its place with another name, whose box fits that name only.
pub(crate) fn renamed(piece: &PlacedPiece, name: &str) -> PlacedPiece {
    let lines = lines(name, piece.size, piece.width_max);
    let foot = point(piece.glyph.centre().x, piece.glyph.y + piece.glyph.height);
    PlacedPiece {
        name: below(
            foot,
            widest(&lines, piece.size),
            LINE * piece.size * lines.len() as f64,
        ),
        lines,
        ..piece.clone()
    }
}

fn lines(name: &str, size: f64, width_max: f64) -> Vec<String> {
    wrap(name, size, width_max, 2)
}

fn widest(lines: &[String], size: f64) -> f64 {
    lines
        .iter()
        .map(|line| width(line, size))
        .fold(0.0, f64::max)
}

/// Returns the box of a name below the foot of a piece.
fn below(foot: Point, width: f64, height: f64) -> Rect {
    Rect {
        x: foot.x - width / 2.0,
        y: foot.y + BELOW,
        width,
        height,
    }
}
