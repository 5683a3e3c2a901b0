//! The circle layout: the members of the loops on a ring, in the order of the loops, and the others around it.

use crate::layout::compose::compose;
use crate::layout::fans::{arrows, pairs, without_self_arrows};
use crate::layout::geometry::{Point, Rect, point};
use crate::layout::pieces::{NAME, stand_as};
use crate::layout::sheet::{self, MARGIN};
use crate::layout::{Drawing, PlacedPiece};
use crate::scene::Scene;
use std::f64::consts::{FRAC_PI_2, TAU};

/// The cell that a player takes up.
const WIDTH: f64 = 132.0;
const HEIGHT: f64 = 132.0;
/// The least distance between neighbours on a ring, and between the two rings; labels stand in it.
const APART: f64 = 178.0;
/// How much wider than high a ring is, since names are wide.
const WIDE: f64 = 1.3;
/// The sides of the smallest and the largest piece.
const SMALLEST: f64 = 30.0;
const LARGEST: f64 = 92.0;
/// How often all pairs of the outer ring may change places.
const PASSES: usize = 4;
/// The number of turns of the outer ring that are tried, for each place on it.
const TURNS: usize = 8;

impl Drawing {
    /// Lays a scene out as a ring of the members of its loops, in the order in which the loops run, with the other players in
    /// grey on a second ring around it, each as near as can be to those that it deals with. Without loops, all players stand
    /// on one ring. The area of a piece is the money on the arrows at it, as far as these have a magnitude.
    ///
    /// Time: O(p² a) for p players and a arrows, besides routing the arrows.
    ///
    /// ```
    /// use powermap_picture::{Drawing, Lang, Player, PlayerType, Scene};
    ///
    /// let mut scene = Scene::new("Alone", Lang::En);
    /// scene.add_player(Player::new("mill", "The Mill", PlayerType::Company));
    /// let drawing = Drawing::circle(scene);
    /// assert_eq!((drawing.squares, drawing.quality.overlaps), ([0, 0], 0));
    /// ```
    pub fn circle(scene: Scene) -> Self {
        let mut scene = without_self_arrows(scene);
        scene.area_is_money = true;
        let ring = ring(&scene);
        let is_on_ring = |player: &usize| ring.contains(player);
        let others: Vec<usize> = (0..scene.players.len())
            .filter(|player| !is_on_ring(player))
            .collect();
        let radius = radius(ring.len());
        let outer = (radius + APART).max(radius_for(others.len()));
        let far = if others.is_empty() { radius } else { outer };
        let board = Rect {
            x: MARGIN,
            y: MARGIN,
            width: 2.0 * far * WIDE + WIDTH + 20.0,
            height: 2.0 * far + HEIGHT + 20.0,
        };
        let mut angles = vec![0.0; scene.players.len()];
        for (place, player) in ring.iter().enumerate() {
            angles[*player] = TAU * place as f64 / ring.len() as f64 - FRAC_PI_2;
        }
        place_others(&scene, &ring, &others, &mut angles);
        let at = |player: usize, angle: f64| {
            let is_member = ring.contains(&player);
            on(
                board.centre(),
                if is_member { radius } else { outer },
                angle,
            )
        };
        swap_others(&scene, &others, &mut angles, at);
        let money = money(&scene);
        let most = money.iter().copied().fold(0.0, f64::max);
        let pieces: Vec<PlacedPiece> = (0..scene.players.len())
            .map(|player| {
                let middle = at(player, angles[player]);
                let part = if most > 0.0 {
                    money[player] / most
                } else {
                    0.0
                };
                let side = (LARGEST * part.sqrt()).max(SMALLEST);
                let cell = Rect::around(middle, WIDTH, HEIGHT);
                PlacedPiece {
                    is_aside: !ring.contains(&player),
                    ..stand_as(&scene.players[player], &cell, side, NAME)
                }
            })
            .collect();
        let arrows = arrows(&scene, board, &pairs(&scene), &pieces);
        let panel = sheet::set(&scene, sheet::Board::Fixed(board.width, board.height));
        compose(scene, board, pieces, arrows, [0, 0], panel)
    }
}

fn on(centre: Point, radius: f64, angle: f64) -> Point {
    let (x, y) = (libm::cos(angle), libm::sin(angle));
    point(centre.x + radius * WIDE * x, centre.y + radius * y)
}

/// Returns the least radius on which some players have room.
fn radius_for(count: usize) -> f64 {
    APART * count as f64 / TAU
}

/// Returns the radius of the inner ring.
fn radius(count: usize) -> f64 {
    match count {
        0 | 1 => 0.0,
        _ => radius_for(count).max(APART * 0.75),
    }
}

/// Returns the players on the inner ring: those of the first loop in its order, then those of the next ones, each after the
/// player that it follows; all players where there is no loop.
fn ring(scene: &Scene) -> Vec<usize> {
    let mut ring: Vec<usize> = Vec::new();
    for one in &scene.loops {
        let mut after = None;
        for player in &one.players {
            let place = ring.iter().position(|other| other == player);
            after = Some(place.unwrap_or_else(|| {
                let place = after.map_or(ring.len(), |after| after + 1);
                ring.insert(place, *player);
                place
            }));
        }
    }
    match ring.is_empty() {
        true => (0..scene.players.len()).collect(),
        false => ring,
    }
}

/// Gives the players outside of the ring evenly spaced angles, each near the middle of the players on the ring that it has
/// arrows with.
fn place_others(scene: &Scene, ring: &[usize], others: &[usize], angles: &mut [f64]) {
    let wanted = |player: usize| {
        let (mut x, mut y) = (0.0, 0.0);
        for arrow in &scene.arrows {
            let other = match (arrow.from == player, arrow.to == player) {
                (true, _) => arrow.to,
                (_, true) => arrow.from,
                _ => continue,
            };
            if ring.contains(&other) {
                x += libm::cos(angles[other]);
                y += libm::sin(angles[other]);
            }
        }
        libm::atan2(y, x)
    };
    let mut order: Vec<(f64, usize)> = others
        .iter()
        .map(|player| (wanted(*player), *player))
        .collect();
    order.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let count = order.len();
    let place = |number: usize, turn: usize| {
        TAU * (number as f64 + turn as f64 / TURNS as f64) / count as f64 - FRAC_PI_2
    };
    let off = |turn: usize| -> f64 {
        let places = order.iter().enumerate();
        places
            .map(|(number, (wanted, _))| 1.0 - libm::cos(place(number, turn) - wanted))
            .sum()
    };
    let turns = 0..count * TURNS;
    let best = turns.min_by(|a, b| off(*a).total_cmp(&off(*b)));
    for (number, (_, player)) in order.iter().enumerate() {
        angles[*player] = place(number, best.unwrap_or_default());
    }
}

/// Lets pairs of players on the outer ring change places while that shortens the arrows.
fn swap_others(
    scene: &Scene,
    others: &[usize],
    angles: &mut [f64],
    at: impl Fn(usize, f64) -> Point,
) {
    let length = |angles: &[f64], ends: [usize; 2]| -> f64 {
        let of = |player: usize| at(player, angles[player]);
        let arrows = scene.arrows.iter();
        let own = arrows.filter(|arrow| ends.contains(&arrow.from) || ends.contains(&arrow.to));
        own.map(|arrow| of(arrow.from).distance(of(arrow.to))).sum()
    };
    for _ in 0..PASSES {
        let mut is_better = false;
        for (place, one) in others.iter().enumerate() {
            for other in &others[place + 1..] {
                let before = length(angles, [*one, *other]);
                angles.swap(*one, *other);
                if length(angles, [*one, *other]) < before - 1e-6 {
                    is_better = true;
                } else {
                    angles.swap(*one, *other);
                }
            }
        }
        if !is_better {
            break;
        }
    }
}

/// Returns the money on the arrows at each player.
fn money(scene: &Scene) -> Vec<f64> {
    let mut money = vec![0.0; scene.players.len()];
    for arrow in &scene.arrows {
        for end in [arrow.from, arrow.to] {
            money[end] += arrow.magnitude.unwrap_or_default();
        }
    }
    money
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::{Arrow, Family, Player, PlayerType, SceneLoop};
    use crate::words::Lang;

    /// Returns a scene of six players, with loops of three and of two of them.
    fn scene() -> Scene {
        let mut scene = Scene::new("Loops", Lang::En);
        for name in ["a", "b", "c", "d", "e", "f"] {
            scene.add_player(Player::new(name, name, PlayerType::Company));
        }
        for (from, to, magnitude) in [
            (0, 2, 4e9),
            (2, 4, 4e9),
            (4, 0, 1e9),
            (2, 1, 1e9),
            (1, 2, 1e9),
            (3, 4, 1e8),
        ] {
            let mut arrow = Arrow::new(from, to, Family::Investment);
            arrow.magnitude = Some(magnitude);
            scene.add_arrow(arrow).unwrap();
        }
        scene.loops = vec![
            SceneLoop::new(1, vec![0, 2, 4], "1"),
            SceneLoop::new(2, vec![2, 1], "2"),
        ];
        scene
    }

    #[test]
    fn members_stand_in_the_order_of_their_loops() {
        assert_eq!(ring(&scene()), [0, 2, 1, 4]);
        let mut without = scene();
        without.loops.clear();
        assert_eq!(ring(&without), [0, 1, 2, 3, 4, 5]);
    }

    #[test]
    fn areas_are_as_the_money() {
        let drawing = Drawing::circle(scene());
        let area = |player: usize| {
            let glyph = drawing.pieces[player].glyph;
            glyph.width * glyph.height
        };
        // Ten billion at c, five at a.
        assert!((area(2) / area(0) - 2.0).abs() < 1e-9);
        let aside: Vec<bool> = drawing.pieces.iter().map(|piece| piece.is_aside).collect();
        assert_eq!(aside, [false, false, false, true, false, true]);
        assert_eq!(drawing.quality.overlaps, 0);
        // d deals with e only, and stands nearer to it than f, which deals with nobody.
        let distance = |a: usize, b: usize| {
            let middle = |player: usize| drawing.pieces[player].glyph.centre();
            middle(a).distance(middle(b))
        };
        assert!(distance(3, 4) < distance(5, 4));
    }
}
