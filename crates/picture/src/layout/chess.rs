//! The chess layout: players as pieces on squares, with arrows between them.

use crate::layout::compose::compose;
use crate::layout::fans::{arrows, pairs, without_self_arrows};
use crate::layout::geometry::{Point, Rect, point};
use crate::layout::pieces::stand;
use crate::layout::quality::{count_crossings, count_through};
use crate::layout::sheet::MARGIN;
use crate::layout::squares::{Problem, Tie, plans};
use crate::layout::{Drawing, PlacedArrow, PlacedPiece, PlacedText, Role};
use crate::scene::{Player, Scene};
use rayon::prelude::*;

/// The side of a square.
const SQUARE: f64 = 116.0;
/// The number of placements that arrows are drawn for.
const DRAWN: usize = 32;
/// The number of crossings that an arrow through a piece counts for.
const THROUGH: usize = 8;

impl Drawing {
    /// Lays a scene out as pieces on a board of 8 × 8 squares, or more where that would be too full.
    ///
    /// Places are found by a search with a fixed number of steps, so that the same scene always gives the same drawing.
    /// Time: O(s a (a + p)) for s steps, a pairs of players with arrows and p players; s falls as a and p grow.
    ///
    /// ```
    /// use powermap_picture::{Drawing, Lang, Player, PlayerType, Scene};
    ///
    /// let mut scene = Scene::new("Alone", Lang::En);
    /// scene.add_player(Player::new("mill", "The Mill", PlayerType::Company));
    /// let drawing = Drawing::chess(scene);
    /// assert_eq!((drawing.side, drawing.quality.overlaps), (8, 0));
    /// ```
    pub fn chess(scene: Scene) -> Self {
        let scene = without_self_arrows(scene);
        let side = side_for(scene.players.len());
        let pairs = pairs(&scene);
        let problem = Problem {
            side,
            players: scene.players.len(),
            ties: pairs
                .iter()
                .map(|(ends, arrows)| tie(&scene, *ends, arrows))
                .collect(),
        };
        let board = Rect {
            x: MARGIN,
            y: MARGIN,
            width: SQUARE * side as f64,
            height: SQUARE * side as f64,
        };
        // The arrows are drawn for the best of several searches; the drawing that reads best is kept, the first of equals.
        let plans: Vec<_> = plans(&problem, DRAWN)
            .into_par_iter()
            .map(|plan| {
                let pieces = stand_on(&scene, &plan, side, board);
                let arrows = arrows(&scene, board, &pairs, &pieces);
                let faults = faults(&scene, &pieces, &arrows);
                (faults, pieces, arrows)
            })
            .collect();
        let best = plans.into_iter().min_by_key(|(faults, ..)| *faults);
        let (_, pieces, arrows) = best.unwrap_or_default();
        let mut drawing = compose(scene, board, pieces, arrows);
        drawing.side = side;
        drawing.texts.extend(square_names(board, side));
        drawing
    }
}

/// Returns how bad a plan is.
fn faults(scene: &Scene, pieces: &[PlacedPiece], arrows: &[PlacedArrow]) -> usize {
    let lines: Vec<_> = arrows.iter().map(PlacedArrow::line).collect();
    count_crossings(&lines) + THROUGH * count_through(scene, pieces, &lines)
}

fn stand_on(scene: &Scene, squares: &[usize], side: usize, board: Rect) -> Vec<PlacedPiece> {
    let players = scene.players.iter().zip(squares);
    let piece = |(player, square): (&Player, &usize)| {
        let (column, row) = (square % side, square / side);
        let cell = Rect {
            x: board.x + column as f64 * SQUARE,
            y: board.y + row as f64 * SQUARE,
            width: SQUARE,
            height: SQUARE,
        };
        PlacedPiece {
            square: format!("{}{}", column_name(column), side - row),
            ..stand(player, &cell)
        }
    };
    players.map(piece).collect()
}

/// Returns the number of squares on a side: at least half of all squares stay free for arrows.
fn side_for(players: usize) -> usize {
    let mut side = 8;
    while side * side < 2 * players {
        side += 1;
    }
    side
}

fn tie(scene: &Scene, ends: [usize; 2], arrows: &[usize]) -> Tie {
    let leads = arrows.iter().any(|arrow| scene.arrows[*arrow].leads);
    let edges: usize = arrows
        .iter()
        .map(|arrow| scene.arrows[*arrow].edges.len())
        .sum();
    Tie {
        ends,
        count: arrows.len(),
        weight: 0.5 + 0.25 * (edges as f32).sqrt() + if leads { 1.5 } else { 0.0 },
        leads,
    }
}

/// Returns the name of a column: a to z, then aa and so on.
fn column_name(column: usize) -> String {
    let letter = char::from(b'a' + (column % 26) as u8);
    match column / 26 {
        0 => letter.to_string(),
        round => format!("{}{letter}", column_name(round - 1)),
    }
}

fn square_names(board: Rect, side: usize) -> Vec<PlacedText> {
    let mut names = Vec::new();
    let mut name = |at: Point, text: String| {
        names.push(PlacedText {
            at,
            role: Role::Square,
            size: 10.0,
            text,
            url: None,
        });
    };
    for place in 0..side {
        let middle = (place as f64 + 0.5) * SQUARE;
        let below = board.y + board.height + 14.0;
        name(point(board.x + middle, below), column_name(place));
        let left = board.x - 11.0;
        name(
            point(left, board.y + middle + 3.5),
            (side - place).to_string(),
        );
    }
    names
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
