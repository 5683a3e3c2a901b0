//! The layered layout: players in layers, arrows pointing down where they can.
//!
//! Sugiyama's method (Sugiyama, Tagawa & Toda 1981): arrows that close a cycle are turned round, each player gets the
//! layer of the longest path to it, and a long arrow gets a place in each layer that it runs through. Layers are ordered
//! by the mean of their neighbours and by exchanging adjacent players (Gansner and others 1993); at last every player
//! moves towards the mean of its neighbours.

mod layers;

use crate::layout::compose::compose;
use crate::layout::fans::{arrows, pairs, without_self_arrows};
use crate::layout::geometry::{Cubic, Point, Rect, point};
use crate::layout::layered::layers::{GAP, Layers};
use crate::layout::pieces::stand;
use crate::layout::routes::trimmed;
use crate::layout::sheet::{self, MARGIN};
use crate::layout::widths::thickness;
use crate::layout::{Drawing, PlacedArrow, PlacedPiece};
use crate::scene::Scene;
use std::collections::BTreeMap;

/// The cell that a player takes up.
const WIDTH: f64 = 128.0;
const HEIGHT: f64 = 106.0;
/// The room between two layers, for labels.
const BETWEEN: f64 = 74.0;

impl Drawing {
    /// Lays a scene out in layers, arrows pointing down where they can.
    ///
    /// Time: O(s (l + c)) for s sweeps, l places in the layers, which are at most players plus arrows times layers, and c
    /// pairs of lines that start next to each other.
    ///
    /// ```
    /// use powermap_picture::{Drawing, Lang, Player, PlayerType, Scene};
    ///
    /// let mut scene = Scene::new("Alone", Lang::En);
    /// scene.add_player(Player::new("mill", "The Mill", PlayerType::Company));
    /// let drawing = Drawing::layered(scene);
    /// assert_eq!((drawing.squares, drawing.quality.overlaps), ([0, 0], 0));
    /// ```
    pub fn layered(scene: Scene) -> Self {
        let scene = without_self_arrows(scene);
        let pairs = pairs(&scene);
        let layers = Layers::of(&scene, &pairs);
        let middles = layers.middles(WIDTH);
        let ends = |choose: fn(f64, f64) -> f64| middles.iter().copied().reduce(choose);
        let (left, right) = (
            ends(f64::min).unwrap_or_default(),
            ends(f64::max).unwrap_or_default(),
        );
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
            .map(|(place, player)| stand(player, &Rect::around(middle(place), WIDTH, HEIGHT), 1.0))
            .collect();
        let mut placed: Vec<Option<PlacedArrow>> = vec![None; scene.arrows.len()];
        let mut short = BTreeMap::new();
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
                let width = thickness(arrow);
                placed[*number] = Some(PlacedArrow { curves, width });
            }
        }
        // An arrow without a place in between runs as on the chess board.
        let mut rest = arrows(&scene, board, &short, &pieces).into_iter();
        let placed = placed
            .into_iter()
            .filter_map(|arrow| arrow.or_else(|| rest.next()));
        let placed = placed.collect();
        let panel = sheet::set(&scene, sheet::Board::Fixed(board.width, board.height));
        compose(scene, board, pieces, placed, [0, 0], panel)
    }
}

/// Returns curves through some points, the ends of which are pieces; straight down at the points between.
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
