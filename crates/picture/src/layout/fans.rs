//! The arrows of a scene as curves: those between the same two players fan out.

use crate::layout::geometry::Rect;
use crate::layout::routes::{Bundle, bows, trimmed};
use crate::layout::widths::thickness;
use crate::layout::{PlacedArrow, PlacedPiece};
use crate::scene::Scene;
use std::collections::BTreeMap;

/// How far two parallel arrows are from each other in the middle, and several, of which one in the middle has its label
/// between the others.
const GAP: f64 = 13.0;
const GAP_OF_SEVERAL: f64 = 18.0;

/// Returns the scene as layouts draw it: without arrows from a player to itself.
pub(crate) fn without_self_arrows(mut scene: Scene) -> Scene {
    scene.arrows.retain(|arrow| arrow.from != arrow.to);
    scene
}

/// Groups arrows by the two players that they join, the lower place first.
pub(crate) fn pairs(scene: &Scene) -> BTreeMap<[usize; 2], Vec<usize>> {
    let mut pairs: BTreeMap<[usize; 2], Vec<usize>> = BTreeMap::new();
    for (number, arrow) in scene.arrows.iter().enumerate() {
        let ends = [arrow.from.min(arrow.to), arrow.from.max(arrow.to)];
        pairs.entry(ends).or_default().push(number);
    }
    pairs
}

/// Returns the arrows between pieces, in the order of the scene.
pub(crate) fn arrows(
    scene: &Scene,
    board: Rect,
    pairs: &BTreeMap<[usize; 2], Vec<usize>>,
    pieces: &[PlacedPiece],
) -> Vec<PlacedArrow> {
    let mut bundles: Vec<Bundle> = pairs
        .iter()
        .map(|(ends, arrows)| Bundle {
            ends: *ends,
            from: pieces[ends[0]].glyph.centre().plus(0.0, 6.0),
            to: pieces[ends[1]].glyph.centre().plus(0.0, 6.0),
            gaps: match arrows.len() {
                3..=5 => vec![GAP_OF_SEVERAL; arrows.len() - 1],
                count => vec![GAP; count - 1],
            },
        })
        .collect();
    let bodies: Vec<(usize, Rect)> = pieces
        .iter()
        .enumerate()
        .flat_map(|(player, piece)| [(player, piece.glyph), (player, piece.name)])
        .collect();
    let bows = bows(&mut bundles, &bodies, board);
    let mut placed = vec![None; scene.arrows.len()];
    for ((bundle, bow), arrows) in bundles.iter().zip(bows).zip(pairs.values()) {
        let half = bundle.gaps.iter().sum::<f64>() / 2.0;
        for (number, arrow) in arrows.iter().enumerate() {
            let offset = bundle.gaps[..number].iter().sum::<f64>() - half;
            let body = |player: usize| [pieces[player].glyph.grown(2.0), pieces[player].name];
            let mut curve = bundle.curve(bow, offset);
            let [low, high] = bundle.ends;
            let cut = trimmed(&curve, &body(low), &body(high), 4.0);
            curve = cut.unwrap_or(curve.part(0.3, 0.7));
            if scene.arrows[*arrow].from == high {
                curve.points.reverse();
            }
            placed[*arrow] = Some(PlacedArrow {
                curves: vec![curve],
                width: thickness(&scene.arrows[*arrow]),
            });
        }
    }
    // Every arrow is in one of the pairs.
    placed.into_iter().flatten().collect()
}
