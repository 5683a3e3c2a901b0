//! The look of Graphviz without Graphviz: players in layers, arrows pointing down where they can.
//!
//! Sugiyama's method (Sugiyama, Tagawa & Toda 1981): arrows that close a cycle are turned round, each player gets the
//! layer of the longest way to it, long arrows a place in each layer between, through which they run. Layers are put in
//! order by the mean of their neighbours and by exchanging those beside each other (Gansner and others 1993), and at last
//! everybody is moved towards the mean of their neighbours.

mod layers;

use crate::board::layout::compose::compose;
use crate::board::layout::fans::{arrows, pairs};
use crate::board::layout::geometry::{Cubic, Point, Rect, point};
use crate::board::layout::layered::layers::{GAP, Layers};
use crate::board::layout::pieces::stand;
use crate::board::layout::routes::trimmed;
use crate::board::layout::sheet::MARGIN;
use crate::board::layout::widths::Widths;
use crate::board::layout::{Drawing, PlacedArrow, PlacedPiece};
use crate::board::scene::Scene;
use std::collections::BTreeMap;

/// The cell that a player takes up.
const WIDTH: f64 = 128.0;
const HEIGHT: f64 = 106.0;
/// The room between two layers, for labels.
const BETWEEN: f64 = 74.0;

/// Lays a scene out in layers.
///
/// Time: O(s (l + c)) for s sweeps, l places in the layers, which are at most players plus arrows times layers, and c pairs
/// of lines that start beside each other.
///
/// ```
/// use powermap::board::{gather::Options, layout::layered, scene::Scene};
/// use powermap::map::Map;
/// let map = Map::built_in()?;
/// let drawing = layered::lay_out(Scene::of(&map.position()?, &Options::default())?);
/// assert_eq!((drawing.side, drawing.quality.overlaps), (0, 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn lay_out(scene: Scene) -> Drawing {
    let pairs = pairs(&scene);
    let layers = Layers::of(&scene, &pairs);
    let middles = layers.middles(WIDTH);
    let of = |fold: fn(f64, f64) -> f64, start| middles.iter().copied().fold(start, fold);
    let (left, right) = (of(f64::min, f64::INFINITY), of(f64::max, f64::NEG_INFINITY));
    let last = layers.layer.iter().max().map_or(0.0, |last| *last as f64);
    let board = Rect {
        x: MARGIN,
        y: MARGIN,
        width: (right - left) + WIDTH + 60.0,
        height: (last + 1.0) * HEIGHT + last * BETWEEN + 60.0,
    };
    let middle = |node: usize| {
        let y = 30.0 + layers.layer[node] as f64 * (HEIGHT + BETWEEN) + HEIGHT / 2.0;
        point(
            board.x + 30.0 + WIDTH / 2.0 + middles[node] - left,
            board.y + y,
        )
    };
    let pieces: Vec<_> = scene
        .players
        .iter()
        .enumerate()
        .map(|(place, player)| stand(player, &Rect::around(middle(place), WIDTH, HEIGHT)))
        .collect();
    let mut placed: Vec<Option<PlacedArrow>> = vec![None; scene.arrows.len()];
    let (mut short, widths) = (BTreeMap::new(), Widths::of(&scene));
    for (ends, numbers) in &pairs {
        let way = &layers.ways[ends];
        if way.len() == 2 {
            short.insert(*ends, numbers.clone());
            continue;
        }
        let points: Vec<Point> = way.iter().map(|node| middle(*node)).collect();
        for (place, number) in numbers.iter().enumerate() {
            let offset = (place as f64 - (numbers.len() - 1) as f64 / 2.0) * GAP;
            let mut curves = along(
                &points,
                offset,
                [&pieces[way[0]], &pieces[way[way.len() - 1]]],
            );
            let arrow = &scene.arrows[*number];
            if arrow.from != way[0] {
                curves.reverse();
                curves.iter_mut().for_each(|curve| curve.points.reverse());
            }
            let width = widths.arrow(arrow);
            placed[*number] = Some(PlacedArrow { curves, width });
        }
    }
    // What needs no place in between runs as on the chess board.
    let mut rest = arrows(&scene, board, &short, &pieces).into_iter();
    let placed = placed
        .into_iter()
        .filter_map(|arrow| arrow.or_else(|| rest.next()));
    let placed = placed.collect();
    compose(scene, board, pieces, placed)
}

/// The curves through some points, the ends of which are pieces; straight down at the points between.
fn along(points: &[Point], offset: f64, ends: [&PlacedPiece; 2]) -> Vec<Cubic> {
    let last = points.len() - 1;
    let shifted = |place: usize| points[place].plus(offset, 0.0);
    let mut curves: Vec<Cubic> = (0..last)
        .map(|place| {
            let (from, to) = (shifted(place), shifted(place + 1));
            let down = (to.y - from.y) * 0.4;
            let after = if place == 0 {
                from.towards(to, 0.3)
            } else {
                from.plus(0.0, down)
            };
            let before = if place + 1 == last {
                to.towards(from, 0.3)
            } else {
                to.plus(0.0, -down)
            };
            Cubic {
                points: [from, after, before, to],
            }
        })
        .collect();
    let boxes = ends.map(|piece| [piece.glyph.grown(2.0), piece.name]);
    if let Some(cut) = trimmed(&curves[0], &boxes[0], &[], 4.0) {
        curves[0] = cut;
    }
    if let Some(cut) = trimmed(&curves[last - 1], &[], &boxes[1], 4.0) {
        curves[last - 1] = cut;
    }
    curves
}
