//! Ties as straight lines between squares, in columns of numbers, so that many are compared at once.
//!
//! Coordinates are columns and rows of squares, whole numbers, so that every product is exact.

use std::ops::Range;

/// The cost of a tie that passes right through a square, and the cost more for each arrow of the player there: an arrow
/// that goes round the piece crosses some of them.
const THROUGH: f32 = 20.0;
const THROUGH_ARROW: f32 = 1.5;
/// How far from a middle of a square a tie is seen to pass through it, in squares. No square besides its ends is that
/// near to the end of a tie.
const CLEARANCE: f32 = 0.52;
/// The cosine from which on two directions are nearly the same.
pub(crate) const NARROW: f32 = 0.9;
/// The place of a player without a square: far enough away to affect nothing.
const NOWHERE: f32 = -1e4;

/// A square as a point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Spot {
    pub(crate) x: f32,
    pub(crate) y: f32,
}

impl Spot {
    pub(crate) fn distance(self, other: Self) -> f32 {
        let (x, y) = (other.x - self.x, other.y - self.y);
        (x * x + y * y).sqrt()
    }
}

/// Places, one column for each coordinate.
#[derive(Debug, Clone)]
struct Spots {
    x: Vec<f32>,
    y: Vec<f32>,
}

impl Spots {
    fn nowhere(count: usize) -> Self {
        Self {
            x: vec![NOWHERE; count],
            y: vec![NOWHERE; count],
        }
    }

    fn at(&self, place: usize) -> Spot {
        Spot {
            x: self.x[place],
            y: self.y[place],
        }
    }

    fn put(&mut self, place: usize, at: Spot) {
        self.x[place] = at.x;
        self.y[place] = at.y;
    }
}

/// The lines of all ties, and the players' places.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    /// The first and the second ends of ties.
    starts: Spots,
    ends: Spots,
    /// The directions from start to end, of length 1.
    ways: Spots,
    /// The directions in which the ties that count leave each player, player by player; none for the others.
    fans: Spots,
    /// Where the fan of each player starts, and the last ends.
    fan_starts: Vec<usize>,
    /// The places of each tie in the fans of its ends.
    slots: Vec<[usize; 2]>,
    /// The number of arrows of each tie; 0 for those that do not count now.
    counts: Vec<i32>,
    players: Spots,
    /// The cost of passing right through each player.
    tolls: Vec<f32>,
}

impl Field {
    /// A field for the ties between these players, and how many arrows each tie stands for.
    pub(crate) fn new(
        players: usize,
        ties: impl Iterator<Item = ([usize; 2], usize)> + Clone,
    ) -> Self {
        let (mut tolls, mut fan_starts) = (vec![THROUGH; players], vec![0; players + 1]);
        for (ends, arrows) in ties.clone() {
            for end in ends {
                tolls[end] += THROUGH_ARROW * arrows as f32;
                fan_starts[end + 1] += 1;
            }
        }
        for player in 0..players {
            fan_starts[player + 1] += fan_starts[player];
        }
        let mut next = fan_starts.clone();
        let mut slot = |player: usize| {
            next[player] += 1;
            next[player] - 1
        };
        let slots: Vec<_> = ties.map(|(ends, _)| ends.map(&mut slot)).collect();
        let mut field = Self {
            starts: Spots::nowhere(slots.len()),
            ends: Spots::nowhere(slots.len()),
            ways: Spots::nowhere(slots.len()),
            fans: Spots::nowhere(2 * slots.len()),
            fan_starts,
            counts: vec![0; slots.len()],
            players: Spots::nowhere(players),
            slots,
            tolls,
        };
        for tie in 0..field.slots.len() {
            field.weigh(tie, 0);
        }
        field
    }

    pub(crate) fn player(&self, player: usize) -> Spot {
        self.players.at(player)
    }

    pub(crate) fn put_player(&mut self, player: usize, at: Spot) {
        self.players.put(player, at);
    }

    pub(crate) fn put_tie(&mut self, tie: usize, a: Spot, b: Spot) {
        self.starts.put(tie, a);
        self.ends.put(tie, b);
        let length = a.distance(b);
        let way = Spot {
            x: (b.x - a.x) / length,
            y: (b.y - a.y) / length,
        };
        self.ways.put(tie, way);
        if self.counts(tie) {
            self.spread(tie, way);
        }
    }

    /// Puts a tie into the fans of its ends.
    fn spread(&mut self, tie: usize, way: Spot) {
        let [first, second] = self.slots[tie];
        self.fans.put(first, way);
        let back = Spot {
            x: -way.x,
            y: -way.y,
        };
        self.fans.put(second, back);
    }

    /// Sets the number of arrows that a tie counts for.
    pub(crate) fn weigh(&mut self, tie: usize, count: i32) {
        self.counts[tie] = count;
        let none = Spot { x: 0.0, y: 0.0 };
        let way = if count == 0 { none } else { self.ways.at(tie) };
        self.spread(tie, way);
    }

    /// Returns whether a tie counts now.
    pub(crate) fn counts(&self, tie: usize) -> bool {
        self.counts[tie] != 0
    }

    pub(crate) fn ends(&self, tie: usize) -> [Spot; 2] {
        [self.starts.at(tie), self.ends.at(tie)]
    }

    /// How nearly a tie leaves its ends in the direction of others that count: for each of them, how far the cosine of the
    /// angle between them is above [`NARROW`].
    pub(crate) fn narrowness(&self, tie: usize, ends: [usize; 2]) -> f32 {
        let way = self.ways.at(tie);
        let fan = |player: usize| self.fan_starts[player]..self.fan_starts[player + 1];
        self.narrow(fan(ends[0]), way.x, way.y) + self.narrow(fan(ends[1]), -way.x, -way.y)
    }

    fn narrow(&self, fan: Range<usize>, x: f32, y: f32) -> f32 {
        let (xs, ys) = (&self.fans.x[fan.clone()], &self.fans.y[fan]);
        let mut sum = 0.0;
        for (a, b) in xs.iter().zip(ys) {
            let over = x * a + y * b - NARROW;
            sum += if over > 0.0 { over } else { 0.0 };
        }
        sum
    }

    /// Returns how many arrows cross a line from one square to another at a point inside both.
    pub(crate) fn crossed(&self, a: Spot, b: Spot) -> i32 {
        let (ex, ey) = (b.x - a.x, b.y - a.y);
        let count = self.counts.len();
        let (cx, cy) = (&self.starts.x[..count], &self.starts.y[..count]);
        let (dx, dy) = (&self.ends.x[..count], &self.ends.y[..count]);
        let counts = &self.counts[..count];
        let mut sum = 0;
        // Without a branch inside, the loop takes several ties at a time.
        for tie in 0..count {
            let (ux, uy) = (cx[tie] - a.x, cy[tie] - a.y);
            let (vx, vy) = (dx[tie] - a.x, dy[tie] - a.y);
            // On which side of this line the ends of the other are, and the other way round.
            let (one, two) = (ex * uy - ey * ux, ex * vy - ey * vx);
            let (fx, fy) = (vx - ux, vy - uy);
            let three = fy * ux - fx * uy;
            let four = three + fx * ey - fy * ex;
            let is_crossed = (one * two < 0.0) & (three * four < 0.0);
            sum += if is_crossed { counts[tie] } else { 0 };
        }
        sum
    }

    /// Returns how much a line from one square to another passes through the squares of players between its ends.
    pub(crate) fn passes(&self, a: Spot, b: Spot) -> f32 {
        let count = self.players.x.len();
        let (x, y) = (&self.players.x[..count], &self.players.y[..count]);
        let mut is_free = true;
        // As above: most lines pass through nobody, which is soon known.
        for player in 0..count {
            let at = Spot {
                x: x[player],
                y: y[player],
            };
            is_free &= !is_passed(at, a, b);
        }
        if is_free {
            return 0.0;
        }
        let cost = |player| self.tolls[player] * passing(self.player(player), a, b);
        (0..count).map(cost).sum()
    }

    /// Returns how much the lines of all ties that count pass through the square of a player.
    pub(crate) fn passed(&self, player: usize) -> f32 {
        let at = self.player(player);
        let count = self.counts.len();
        let (ax, ay) = (&self.starts.x[..count], &self.starts.y[..count]);
        let (bx, by) = (&self.ends.x[..count], &self.ends.y[..count]);
        let mut is_free = true;
        for tie in 0..count {
            let a = Spot {
                x: ax[tie],
                y: ay[tie],
            };
            let b = Spot {
                x: bx[tie],
                y: by[tie],
            };
            is_free &= !is_passed(at, a, b);
        }
        if is_free {
            return 0.0;
        }
        let cost = |tie: usize| {
            let [a, b] = self.ends(tie);
            passing(at, a, b) * (self.counts[tie] as f32).sqrt()
        };
        self.tolls[player] * (0..count).map(cost).sum::<f32>()
    }
}

/// Returns whether a line passes through a square.
#[inline]
fn is_passed(at: Spot, a: Spot, b: Spot) -> bool {
    let (ex, ey) = (b.x - a.x, b.y - a.y);
    let (ux, uy) = (at.x - a.x, at.y - a.y);
    let length = ex * ex + ey * ey;
    let along = ux * ex + uy * ey;
    let off = ex * uy - ey * ux;
    (along > 0.0) & (along < length) & (off * off < CLEARANCE * CLEARANCE * length)
}

/// Returns how much a line passes through a square, at most 1.
fn passing(at: Spot, a: Spot, b: Spot) -> f32 {
    if !is_passed(at, a, b) {
        return 0.0;
    }
    let (ex, ey) = (b.x - a.x, b.y - a.y);
    let off = ex * (at.y - a.y) - ey * (at.x - a.x);
    let near = off.abs() / a.distance(b);
    1.0 - 0.6 / CLEARANCE * near
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::geometry::{cross, distance_to, point};
    use crate::layout::random::Random;

    /// What is asked of eight lines at a time is what is asked of each.
    #[test]
    fn lines_cross_and_pass_as_geometry_says() {
        let mut random = Random::new(7);
        let mut spot = || Spot {
            x: random.below(9) as f32,
            y: random.below(9) as f32,
        };
        let far = |spot: Spot| point(f64::from(spot.x), f64::from(spot.y));
        for _ in 0..200 {
            let mut field = Field::new(40, (0..20).map(|tie| ([tie, tie + 20], 0)));
            let mut ends = Vec::new();
            for tie in 0..20 {
                let (a, mut b) = (spot(), spot());
                while a == b {
                    b = spot();
                }
                field.put_tie(tie, a, b);
                field.weigh(tie, if tie % 5 == 0 { 0 } else { 3 });
                field.put_player(tie, a);
                ends.push((a, b));
            }
            let (a, b) = ends[0];
            let counted = ends.iter().enumerate().filter(|(tie, _)| tie % 5 != 0);
            let crossed = counted
                .clone()
                .filter(|(_, (c, d))| cross(far(a), far(b), far(*c), far(*d)));
            assert_eq!(field.crossed(a, b), 3 * crossed.count() as i32);
            let cost = |at: Spot, a: Spot, b: Spot| {
                let near = distance_to(far(at), far(a), far(b));
                let is_passed = at != a && at != b && near < f64::from(CLEARANCE);
                if is_passed {
                    f64::from(THROUGH) * (1.0 - 0.6 * near / f64::from(CLEARANCE))
                } else {
                    0.0
                }
            };
            let passes: f64 = ends.iter().map(|(at, _)| cost(*at, a, b)).sum();
            let found = f64::from(field.passes(a, b));
            assert!((found - passes).abs() < 1e-2, "{found} {passes}");
            let passed: f64 = counted
                .map(|(_, (c, d))| 3.0_f64.sqrt() * cost(a, *c, *d))
                .sum();
            assert!((f64::from(field.passed(0)) - passed).abs() < 1e-2);
        }
    }
}
