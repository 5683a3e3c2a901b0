//! Ties as straight lines between squares, in columns of numbers, so that many are compared at once.
//!
//! Coordinates are columns and rows of squares, whole numbers, so that every product is exact. Columns are filled up to
//! whole groups of eight numbers with what affects nothing.

use std::ops::Range;
use wide::f32x8;

/// The cost of a tie that passes right through a square, and the cost more for each arrow of the player there: an arrow
/// that goes round the piece crosses some of them.
const THROUGH: f32 = 20.0;
const THROUGH_ARROW: f32 = 1.5;
/// How far from a middle of a square a tie is seen to pass through it, in squares. No square besides its ends is that
/// near to the end of a tie.
const CLEARANCE: f32 = 0.52;
/// How much less a tie passes through a square for each square that it is off the middle.
const FADE: f32 = 0.6 / CLEARANCE;
/// The cosine from which on two directions are nearly the same.
pub(crate) const NARROW: f32 = 0.9;
/// The place of a player without a square: far enough away to affect nothing.
const NOWHERE: f32 = -1e4;

/// How many ties or players are compared at once.
const LANES: usize = 8;

/// A square as a point.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Spot {
    pub(crate) x: f32,
    pub(crate) y: f32,
}

impl Spot {
    pub(crate) fn distance(self, other: Self) -> f32 {
        let Self { x, y } = self.to(other);
        (x * x + y * y).sqrt()
    }

    fn to(self, other: Self) -> Self {
        Self {
            x: other.x - self.x,
            y: other.y - self.y,
        }
    }
}

/// Numbers, eight at a time.
#[derive(Debug, Clone)]
struct Column(Vec<f32x8>);

impl Column {
    fn of(number: f32, count: usize) -> Self {
        Self(vec![f32x8::splat(number); count.div_ceil(LANES)])
    }

    fn get(&self, place: usize) -> f32 {
        self.0[place / LANES].to_array()[place % LANES]
    }

    fn put(&mut self, place: usize, number: f32) {
        self.0[place / LANES].as_mut_array()[place % LANES] = number;
    }

    fn groups(&self) -> impl Iterator<Item = f32x8> {
        self.0.iter().copied()
    }
}

/// Places, one column for each coordinate.
#[derive(Debug, Clone)]
struct Spots {
    x: Column,
    y: Column,
}

impl Spots {
    fn all_at(coordinate: f32, count: usize) -> Self {
        Self {
            x: Column::of(coordinate, count),
            y: Column::of(coordinate, count),
        }
    }

    fn at(&self, place: usize) -> Spot {
        Spot {
            x: self.x.get(place),
            y: self.y.get(place),
        }
    }

    fn put(&mut self, place: usize, at: Spot) {
        self.x.put(place, at.x);
        self.y.put(place, at.y);
    }

    fn groups(&self) -> impl Iterator<Item = (f32x8, f32x8)> {
        self.x.groups().zip(self.y.groups())
    }
}

/// Returns the sum of a group, in an order that is the same on every machine.
fn sum(group: f32x8) -> f32 {
    group.to_array().iter().sum()
}

/// The lines of all ties, and the players' places.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    /// The first ends of ties, and how far it is from there to the second ones.
    starts: Spots,
    spans: Spots,
    /// How much less a tie passes through a point for what that is off it, times its length.
    fades: Column,
    /// The directions from start to end, of length 1.
    ways: Spots,
    /// The directions in which the ties that count leave each player, player by player; none for the others.
    fans: Spots,
    /// Where the fan of each player starts, and the last ends.
    fan_starts: Vec<usize>,
    /// The places of each tie in the fans of its ends.
    slots: Vec<[usize; 2]>,
    /// The number of arrows of each tie; 0 for those that do not count now.
    counts: Column,
    /// The square roots of these.
    roots: Column,
    players: Spots,
    /// The cost of passing right through each player.
    tolls: Column,
}

impl Field {
    /// A field for the ties between these players, and how many arrows each tie stands for.
    pub(crate) fn new(
        players: usize,
        ties: impl Iterator<Item = ([usize; 2], usize)> + Clone,
    ) -> Self {
        let mut tolls = Column::of(THROUGH, players);
        let mut fan_starts = vec![0_usize; players + 1];
        for (ends, arrows) in ties.clone() {
            for end in ends {
                tolls.put(end, tolls.get(end) + THROUGH_ARROW * arrows as f32);
                fan_starts[end + 1] += 1;
            }
        }
        for player in 0..players {
            let fan = fan_starts[player + 1].next_multiple_of(LANES);
            fan_starts[player + 1] = fan_starts[player] + fan;
        }
        let mut next = fan_starts.clone();
        let mut slot = |player: usize| {
            next[player] += 1;
            next[player] - 1
        };
        let slots: Vec<_> = ties.map(|(ends, _)| ends.map(&mut slot)).collect();
        let ties = slots.len();
        Self {
            starts: Spots::all_at(NOWHERE, ties),
            spans: Spots::all_at(0.0, ties),
            fades: Column::of(0.0, ties),
            ways: Spots::all_at(0.0, ties),
            fans: Spots::all_at(0.0, fan_starts[players]),
            fan_starts,
            counts: Column::of(0.0, ties),
            roots: Column::of(0.0, ties),
            players: Spots::all_at(NOWHERE, players),
            slots,
            tolls,
        }
    }

    pub(crate) fn player(&self, player: usize) -> Spot {
        self.players.at(player)
    }

    pub(crate) fn put_player(&mut self, player: usize, at: Spot) {
        self.players.put(player, at);
    }

    pub(crate) fn put_tie(&mut self, tie: usize, a: Spot, b: Spot) {
        self.starts.put(tie, a);
        let span = a.to(b);
        self.spans.put(tie, span);
        let shorter = 1.0 / a.distance(b);
        self.fades.put(tie, FADE * shorter);
        let way = Spot {
            x: span.x * shorter,
            y: span.y * shorter,
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
    pub(crate) fn weigh(&mut self, tie: usize, count: u8) {
        self.counts.put(tie, f32::from(count));
        self.roots.put(tie, f32::from(count).sqrt());
        let none = Spot { x: 0.0, y: 0.0 };
        let way = if count == 0 { none } else { self.ways.at(tie) };
        self.spread(tie, way);
    }

    /// Returns whether a tie counts now.
    pub(crate) fn counts(&self, tie: usize) -> bool {
        self.counts.get(tie) != 0.0
    }

    /// How nearly a tie leaves its ends in the direction of others that count: for each of them, how far the cosine of the
    /// angle between them is above [`NARROW`].
    pub(crate) fn narrowness(&self, tie: usize, ends: [usize; 2]) -> f32 {
        let way = self.ways.at(tie);
        let fan = |player: usize| self.fan_starts[player]..self.fan_starts[player + 1];
        self.narrow(fan(ends[0]), way.x, way.y) + self.narrow(fan(ends[1]), -way.x, -way.y)
    }

    fn narrow(&self, fan: Range<usize>, x: f32, y: f32) -> f32 {
        let fan = fan.start / LANES..fan.end / LANES;
        let (x, y) = (f32x8::splat(x), f32x8::splat(y));
        let mut all = f32x8::ZERO;
        for (xs, ys) in self.fans.x.0[fan.clone()].iter().zip(&self.fans.y.0[fan]) {
            let over = x * *xs + y * *ys - f32x8::splat(NARROW);
            all += over.simd_gt(f32x8::ZERO) & over;
        }
        sum(all)
    }

    /// Returns how many arrows cross a tie at a point inside both.
    pub(crate) fn crossed(&self, tie: usize) -> f32 {
        let (from, span) = (self.starts.at(tie), self.spans.at(tie));
        let (from_x, from_y) = (f32x8::splat(from.x), f32x8::splat(from.y));
        let (ex, ey) = (f32x8::splat(span.x), f32x8::splat(span.y));
        let mut all = f32x8::ZERO;
        let lines = self.starts.groups().zip(self.spans.groups());
        for (((x, y), (fx, fy)), counts) in lines.zip(self.counts.groups()) {
            let (ux, uy) = (x - from_x, y - from_y);
            // On which side of this line the ends of the other are, and the other way round.
            let one = ex * uy - ey * ux;
            let two = one + ex * fy - ey * fx;
            let three = fy * ux - fx * uy;
            let four = three + fx * ey - fy * ex;
            let is_crossed = (one * two).simd_lt(f32x8::ZERO) & (three * four).simd_lt(f32x8::ZERO);
            all += is_crossed & counts;
        }
        sum(all)
    }

    /// Returns how much a tie passes through the squares of players between its ends.
    pub(crate) fn passes(&self, tie: usize) -> f32 {
        let (from, span) = (self.starts.at(tie), self.spans.at(tie));
        let (x, y) = (f32x8::splat(from.x), f32x8::splat(from.y));
        let span = (f32x8::splat(span.x), f32x8::splat(span.y));
        let fade = f32x8::splat(self.fades.get(tie));
        let mut all = f32x8::ZERO;
        for ((xs, ys), tolls) in self.players.groups().zip(self.tolls.groups()) {
            all += tolls * passing((xs - x, ys - y), span, fade);
        }
        sum(all)
    }

    /// Returns how much the lines of all ties that count pass through the square of a player.
    pub(crate) fn passed(&self, player: usize) -> f32 {
        let at = self.player(player);
        let (x, y) = (f32x8::splat(at.x), f32x8::splat(at.y));
        let lines = self.starts.groups().zip(self.spans.groups());
        let weights = self.fades.groups().zip(self.roots.groups());
        let mut all = f32x8::ZERO;
        for (((xs, ys), span), (fades, roots)) in lines.zip(weights) {
            all += passing((x - xs, y - ys), span, fades) * roots;
        }
        self.tolls.get(player) * sum(all)
    }
}

/// Returns how much lines pass through squares, each at most 1; the squares are seen from the starts of the lines.
#[inline]
fn passing((x, y): (f32x8, f32x8), (ex, ey): (f32x8, f32x8), fade: f32x8) -> f32x8 {
    let length = ex * ex + ey * ey;
    let along = x * ex + y * ey;
    let off = ex * y - ey * x;
    let is_between = along.simd_gt(f32x8::ZERO) & along.simd_lt(length);
    let is_near = (off * off).simd_lt(f32x8::splat(CLEARANCE * CLEARANCE) * length);
    is_between & is_near & (f32x8::ONE - fade * off.abs())
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
            assert_eq!(field.crossed(0), 3.0 * crossed.count() as f32);
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
            let found = f64::from(field.passes(0));
            assert!((found - passes).abs() < 1e-2, "{found} {passes}");
            let passed: f64 = counted
                .map(|(_, (c, d))| 3.0_f64.sqrt() * cost(a, *c, *d))
                .sum();
            assert!((f64::from(field.passed(0)) - passed).abs() < 1e-2);
        }
    }
}
