//! The chess look: players as pieces on squares, arrows between them.

use crate::board::layout::compose::compose;
use crate::board::layout::geometry::{Point, Rect, point};
use crate::board::layout::pieces::stand;
use crate::board::layout::routes::{Bundle, bows, trimmed};
use crate::board::layout::sheet::MARGIN;
use crate::board::layout::squares::{Problem, Tie, place};
use crate::board::layout::widths::Widths;
use crate::board::layout::{Drawing, PlacedArrow, PlacedPiece, PlacedText, Role};
use crate::board::scene::Scene;
use std::collections::BTreeMap;

/// The side of a square.
const SQUARE: f64 = 116.0;
/// Lays a scene out on a board of 8 × 8 squares, or more where that would be too full.
///
/// Places are found by a search with a fixed number of steps, so that the same scene always gives the same drawing.
/// Time: O(s a (a + p)) for s steps, a ties and p players; s falls as a and p grow.
///
/// ```
/// use powermap::board::{gather::Options, layout::chess, scene::Scene};
/// use powermap::map::Map;
/// let map = Map::built_in()?;
/// let drawing = chess::lay_out(Scene::of(&map.position(), &Options::default())?);
/// assert_eq!((drawing.side, drawing.quality.overlaps), (8, 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn lay_out(scene: Scene) -> Drawing {
    let side = side_for(scene.players.len());
    let bundles = pairs(&scene);
    let squares = place(&Problem {
        side,
        players: scene.players.len(),
        ties: bundles
            .iter()
            .map(|(ends, arrows)| tie(&scene, *ends, arrows))
            .collect(),
    });
    let board = Rect {
        x: MARGIN,
        y: MARGIN,
        width: SQUARE * side as f64,
        height: SQUARE * side as f64,
    };
    let pieces: Vec<PlacedPiece> = scene
        .players
        .iter()
        .zip(&squares)
        .map(|(player, square)| {
            let (column, row) = (square % side, square / side);
            let cell = Rect {
                x: board.x + column as f64 * SQUARE,
                y: board.y + row as f64 * SQUARE,
                width: SQUARE,
                height: SQUARE,
            };
            PlacedPiece {
                square: format!("{}{}", column_name(column), side - row),
                ..stand(&player.name, player.piece, &cell)
            }
        })
        .collect();
    let widths = Widths::of(&scene);
    let arrows = arrows(&scene, &bundles, &pieces, &widths);
    let mut drawing = compose(scene, board, pieces, arrows);
    drawing.side = side;
    drawing.texts.extend(square_names(board, side));
    drawing
}

/// The squares on a side: at least half of them stay free for arrows.
fn side_for(players: usize) -> usize {
    let mut side = 8;
    while side * side < 2 * players {
        side += 1;
    }
    side
}

/// The arrows between each two players, by the lower place first.
fn pairs(scene: &Scene) -> BTreeMap<[usize; 2], Vec<usize>> {
    let mut pairs: BTreeMap<[usize; 2], Vec<usize>> = BTreeMap::new();
    for (number, arrow) in scene.arrows.iter().enumerate() {
        let ends = [arrow.from.min(arrow.to), arrow.from.max(arrow.to)];
        pairs.entry(ends).or_default().push(number);
    }
    pairs
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
        weight: 0.5 + 0.25 * (edges as f64).sqrt() + if leads { 1.5 } else { 0.0 },
        leads,
    }
}

/// a to z, then aa and so on.
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

fn arrows(
    scene: &Scene,
    pairs: &BTreeMap<[usize; 2], Vec<usize>>,
    pieces: &[PlacedPiece],
    widths: &Widths,
) -> Vec<PlacedArrow> {
    let bundles: Vec<Bundle> = pairs
        .iter()
        .map(|(ends, arrows)| Bundle {
            ends: *ends,
            from: pieces[ends[0]].glyph.centre().plus(0.0, 6.0),
            to: pieces[ends[1]].glyph.centre().plus(0.0, 6.0),
            gaps: vec![20.0; arrows.len() - 1],
        })
        .collect();
    let bodies: Vec<(usize, Rect)> = pieces
        .iter()
        .enumerate()
        .flat_map(|(player, piece)| [(player, piece.glyph), (player, piece.name)])
        .collect();
    let bows = bows(&bundles, &bodies);
    let mut placed = vec![None; scene.arrows.len()];
    for ((bundle, bow), arrows) in bundles.iter().zip(bows).zip(pairs.values()) {
        let half = bundle.gaps.iter().sum::<f64>() / 2.0;
        for (number, arrow) in arrows.iter().enumerate() {
            let offset = bundle.gaps[..number].iter().sum::<f64>() - half;
            let body = |player: usize| [pieces[player].glyph.grown(-6.0), pieces[player].name];
            let mut curve = bundle.curve(bow, offset);
            let [low, high] = bundle.ends;
            let cut = trimmed(&curve, &body(low), &body(high), 4.0);
            curve = cut.unwrap_or(curve.part(0.3, 0.7));
            if scene.arrows[*arrow].from == high {
                curve.points.reverse();
            }
            placed[*arrow] = Some(PlacedArrow {
                curves: vec![curve],
                width: widths.arrow(&scene.arrows[*arrow]),
            });
        }
    }
    // Every arrow is in one of the pairs.
    placed.into_iter().flatten().collect()
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
