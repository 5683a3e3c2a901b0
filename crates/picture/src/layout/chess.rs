//! The chess layout: players as pieces on squares, with arrows between them.

use crate::layout::compose::{column_name, compose};
use crate::layout::fans::{arrows, pairs, without_self_arrows};
use crate::layout::geometry::Rect;
use crate::layout::pieces::stand;
use crate::layout::quality::{count_crossings, count_through};
use crate::layout::routes::BENT_MAX;
use crate::layout::sheet::{self, Board, Panel, squares_for};
use crate::layout::squares::{Problem, Tie, plans};
use crate::layout::{Drawing, PlacedArrow, PlacedPiece};
use crate::scene::{Player, Scene};
use rayon::prelude::*;
use std::collections::BTreeMap;

/// The side of a square whose pieces have their usual size.
const SQUARE: f64 = 116.0;
/// The number of squares for two players, most of which stay free for arrows.
const SQUARES_FOR_TWO: usize = 5;
/// The number of placements that arrows are drawn for.
const DRAWN: usize = 32;
/// The number of placements that labels are put on, and up to how many pairs of players with arrows.
const LABELLED: usize = 6;
const LABELLED_MAX: usize = 60;
/// The number of crossings that an arrow through a piece counts for, and an arrow whose label has no room.
const THROUGH: usize = 8;
const SILENT: usize = 4;

impl Drawing {
    /// Lays a scene out as pieces on a board of squares, in the shape that its sheet has room for; columns and rows at its
    /// sides where nobody stands are left away, and the squares are as large as they can be then.
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
    /// assert_eq!((drawing.squares, drawing.quality.overlaps), ([3, 2], 0));
    /// ```
    pub fn chess(scene: Scene) -> Self {
        let scene = without_self_arrows(scene);
        // A sheet without an end is better short.
        let for_two = match scene.sheet.ratio() {
            Some(_) => SQUARES_FOR_TWO,
            None => SQUARES_FOR_TWO - 1,
        };
        let least = (scene.players.len() * for_two).div_ceil(2);
        let size = squares_for(scene.sheet, least.max(COLUMNS_MIN * ROWS_MIN));
        let pairs = pairs(&scene);
        let problem = Problem {
            size,
            players: scene.players.len(),
            ties: pairs
                .iter()
                .map(|(ends, arrows)| tie(&scene, *ends, arrows))
                .collect(),
        };
        // The arrows are drawn for the best of several searches; the drawing that reads best is kept, the first of equals.
        let drawn = if pairs.len() > BENT_MAX { 1 } else { DRAWN };
        let plans: Vec<_> = plans(&problem, drawn)
            .iter()
            .map(|plan| cropped(plan, size[0]))
            .collect();
        let mut panels: BTreeMap<[usize; 2], Panel> = BTreeMap::new();
        for (_, squares) in &plans {
            let panel = || sheet::set(&scene, Board::Squares(*squares));
            panels.entry(*squares).or_insert_with(panel);
        }
        let mut placed: Vec<_> = plans
            .into_par_iter()
            .map(|(plan, squares)| {
                let board = panels[&squares].board;
                let pieces = stand_on(&scene, &plan, squares, board);
                let arrows = arrows(&scene, board, &pairs, &pieces);
                let faults = faults(&scene, &pieces, &arrows);
                // Among equals, the one with the largest squares.
                let area = squares[0] as f64 / board.width;
                (faults, area, squares, pieces, arrows)
            })
            .collect();
        placed.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        placed.truncate(if pairs.len() > LABELLED_MAX {
            1
        } else {
            LABELLED
        });
        // The labels are put on the best of these, since not all leave the same room for them.
        let drawings: Vec<_> = placed
            .into_par_iter()
            .map(|(_, _, squares, pieces, arrows)| {
                let panel = panels[&squares].clone();
                compose(scene.clone(), panel.board, pieces, arrows, squares, panel)
            })
            .collect();
        let best = drawings.into_iter().min_by_key(reading);
        best.unwrap_or_else(|| {
            let panel = sheet::set(&scene, Board::Fixed(0.0, 0.0));
            compose(scene, panel.board, Vec::new(), Vec::new(), [0, 0], panel)
        })
    }
}

/// Returns how hard a drawing is to read.
fn reading(drawing: &Drawing) -> usize {
    let quality = drawing.quality;
    let faults = quality.crossings + THROUGH * quality.through;
    faults + SILENT * drawing.labels_left_out + quality.across
}

/// Returns how bad a plan is.
fn faults(scene: &Scene, pieces: &[PlacedPiece], arrows: &[PlacedArrow]) -> usize {
    let lines: Vec<_> = arrows.iter().map(PlacedArrow::line).collect();
    count_crossings(&lines) + THROUGH * count_through(scene, pieces, &lines)
}

/// The fewest columns and rows that a board is drawn with.
const COLUMNS_MIN: usize = 3;
const ROWS_MIN: usize = 2;

/// Returns the places of players as column and row, without the columns and rows around them that nobody stands on, and
/// the numbers of columns and rows that are left.
fn cropped(squares: &[usize], columns: usize) -> (Vec<[usize; 2]>, [usize; 2]) {
    let places: Vec<[usize; 2]> = squares
        .iter()
        .map(|square| [square % columns, square / columns])
        .collect();
    let ends = |axis: usize| {
        let all = || places.iter().map(|place| place[axis]);
        (
            all().min().unwrap_or_default(),
            all().max().unwrap_or_default(),
        )
    };
    let ([left, right], [top, bottom]) = (<[usize; 2]>::from(ends(0)), <[usize; 2]>::from(ends(1)));
    let size = [
        (right - left + 1).max(COLUMNS_MIN),
        (bottom - top + 1).max(ROWS_MIN),
    ];
    let shift = |size: usize, used: usize| (size - used) / 2;
    let (x, y) = (
        shift(size[0], right - left + 1),
        shift(size[1], bottom - top + 1),
    );
    let moved = places
        .iter()
        .map(|[column, row]| [column - left + x, row - top + y]);
    (moved.collect(), size)
}

fn stand_on(
    scene: &Scene,
    places: &[[usize; 2]],
    squares: [usize; 2],
    board: Rect,
) -> Vec<PlacedPiece> {
    let players = scene.players.iter().zip(places);
    let side = board.width / squares[0] as f64;
    let piece = |(player, [column, row]): (&Player, &[usize; 2])| {
        let cell = Rect {
            x: board.x + *column as f64 * side,
            y: board.y + *row as f64 * side,
            width: side,
            height: side,
        };
        PlacedPiece {
            square: format!("{}{}", column_name(*column), squares[1] - row),
            ..stand(player, &cell, side / SQUARE)
        }
    };
    players.map(piece).collect()
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
