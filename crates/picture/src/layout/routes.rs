//! How arrows bend: parallel arrows fan out, and all of them go around pieces in their way.

use crate::layout::geometry::{Cubic, Point, Rect, bounds, crossings};
use crate::layout::squares::is_crowded;

/// The number of steps of a curve while routes are tried.
const STEPS: usize = 6;
/// The bows that are tried, in shares of the arrow's length: on crowded boards the first five, else the first nine, and all
/// of them by arrows that would go through a piece.
const BOWS: [f64; 17] = [
    0.0, 0.05, -0.05, 0.11, -0.11, 0.18, -0.18, 0.26, -0.26, 0.31, -0.31, 0.36, -0.36, 0.42, -0.42,
    0.48, -0.48,
];
/// What it costs to leave the board, which nothing makes good, and to come too close to a piece or a name, or right
/// through it, for each arrow; a crossing costs 1.
const OUTSIDE: f64 = 1e6;
const HIT: f64 = 6.0;
/// The factor on the cost of a hit in the last round, and on the gaps of arrows that would still go through a piece.
const LAST: f64 = 10.0;
const CLOSER: f64 = 0.7;

/// The most bundles that bend. Where there are more, no bow leads round the others, and each arrow is straight.
pub(crate) const BENT_MAX: usize = 600;

/// A curve as points.
type Line = [Point; STEPS + 1];

/// The arrows between two players, which fan out together.
#[derive(Debug, Clone)]
pub(crate) struct Bundle {
    pub(crate) ends: [usize; 2],
    pub(crate) from: Point,
    pub(crate) to: Point,
    /// The distances between the arrows in the middle.
    pub(crate) gaps: Vec<f64>,
}

/// An outermost arrow of a bundle: the box around it, and its line.
type Edge = (Rect, Line);

impl Bundle {
    /// Returns the curve that is `offset` to the left of the middle one.
    pub(crate) fn curve(&self, bow: f64, offset: f64) -> Cubic {
        // Parallel arrows start and end a little apart, so that their heads can be told apart.
        let way = self.from.direction(self.to);
        let port = (offset * 0.25).clamp(-22.0, 22.0);
        let (x, y) = (way.y * port, -way.x * port);
        let bow = bow * self.from.distance(self.to) + offset - port;
        Cubic::bowed(self.from.plus(x, y), self.to.plus(x, y), bow)
    }

    fn line(&self, bow: f64) -> Line {
        points(&self.curve(bow, 0.0))
    }

    /// The outermost arrows, without their ends, which lie in the pieces; twice the same where there is one only.
    fn edges(&self, bow: f64) -> [Edge; 2] {
        let half = self.half_width();
        let edge = |offset: f64| {
            let line = points(&self.curve(bow, offset).part(0.1, 0.9));
            (bounds(&line), line)
        };
        let first = edge(-half);
        [first, if half == 0.0 { first } else { edge(half) }]
    }

    /// Returns the number of different outermost arrows.
    fn edge_count(&self) -> usize {
        self.count().min(2)
    }

    fn count(&self) -> usize {
        self.gaps.len() + 1
    }

    fn half_width(&self) -> f64 {
        self.gaps.iter().sum::<f64>() / 2.0
    }
}

/// Returns the bow of each bundle, as a share of its length.
///
/// Time: O(b²) for b bundles; O(b) above [`BENT_MAX`].
///
/// Each stays on the board and takes the bow that hits the fewest boxes and crosses the fewest others, in order, twice.
/// Then the arrows of those that still hit one move closer together, and take the bow that hits the fewest, whatever it
/// crosses.
pub(crate) fn bows(bundles: &mut [Bundle], bodies: &[(usize, Rect)], board: Rect) -> Vec<f64> {
    let mut bows = vec![BOWS[0]; bundles.len()];
    if bundles.len() > BENT_MAX {
        return bows;
    }
    let mut edges: Vec<_> = bundles.iter().map(|b| b.edges(BOWS[0])).collect();
    let (passes, tried) = if is_crowded(bundles.len()) {
        (1, &BOWS[..5])
    } else {
        (2, &BOWS[..9])
    };
    for _ in 0..passes {
        for number in 0..bundles.len() {
            let ground = Surroundings {
                bundles,
                edges: &edges,
                bodies,
                board,
            };
            (bows[number], edges[number]) = ground.best(number, tried, 1.0);
        }
    }
    for number in 0..bundles.len() {
        let bundle = &mut bundles[number];
        if in_the_way(bundle, &bundle.line(bows[number]), bodies) == 0.0 {
            continue;
        }
        for gap in &mut bundle.gaps {
            *gap *= CLOSER;
        }
        let ground = Surroundings {
            bundles,
            edges: &edges,
            bodies,
            board,
        };
        (bows[number], edges[number]) = ground.best(number, &BOWS, LAST);
    }
    bows
}

/// Everything that a bundle avoids.
struct Surroundings<'a> {
    bundles: &'a [Bundle],
    edges: &'a [[Edge; 2]],
    bodies: &'a [(usize, Rect)],
    board: Rect,
}

impl Surroundings<'_> {
    /// Returns the bow of those tried that costs a bundle least, and its outermost arrows then.
    fn best(&self, number: usize, tried: &[f64], weight_of_hits: f64) -> (f64, [Edge; 2]) {
        let bundle = &self.bundles[number];
        let mut best = (f64::INFINITY, tried[0], self.edges[number]);
        for bow in tried.iter().copied() {
            let line = bundle.line(bow);
            let wide = bounds(&line).grown(bundle.half_width());
            let outside = if self.board.holds(&wide) {
                0.0
            } else {
                OUTSIDE
            };
            let hits = weight_of_hits * in_the_way(bundle, &line, self.bodies);
            let cost = outside + hits + 4.0 * bow.abs();
            if cost >= best.0 - 1e-9 {
                continue;
            }
            let own = bundle.edges(bow);
            let cost = cost + self.crossed(number, &own, best.0 - cost);
            if cost < best.0 - 1e-9 {
                best = (cost, bow, own);
            }
        }
        (best.1, best.2)
    }

    /// Returns how many crossings there are with all other bundles, judged by their outermost arrows; no more than is needed
    /// to see that they are above a limit.
    fn crossed(&self, number: usize, own: &[Edge; 2], limit: f64) -> f64 {
        let bundle = &self.bundles[number];
        let own = &own[..bundle.edge_count()];
        let mut count = 0.0;
        for (other_number, (other, others)) in self.bundles.iter().zip(self.edges).enumerate() {
            if other_number == number {
                continue;
            }
            let others = &others[..other.edge_count()];
            let arrows = (bundle.count() * other.count()) as f64;
            let share = arrows / (own.len() * others.len()) as f64;
            for (around, line) in own {
                for (around_other, other) in others {
                    if around.overlaps(around_other) {
                        count += share * crossings(line, other) as f64;
                    }
                }
            }
            if count > limit {
                return count;
            }
        }
        count
    }
}

fn points(curve: &Cubic) -> Line {
    std::array::from_fn(|step| curve.at(step as f64 / STEPS as f64))
}

/// What it costs that a bundle goes through pieces and names, or close by.
fn in_the_way(bundle: &Bundle, line: &[Point], bodies: &[(usize, Rect)]) -> f64 {
    let own = bounds(line).grown(1.0);
    let mut cost = 0.0;
    for (player, body) in bodies {
        let wide = body.grown(bundle.half_width() + 3.0);
        if bundle.ends.contains(player) || !wide.overlaps(&own) {
            continue;
        }
        if line.windows(2).any(|w| body.meets(w[0], w[1])) {
            cost += HIT * bundle.count() as f64;
        } else if line.windows(2).any(|w| wide.meets(w[0], w[1])) {
            cost += HIT;
        }
    }
    cost
}

/// Cuts a curve where it leaves the boxes at its ends, with a gap; `None` if nothing is left.
pub(crate) fn trimmed(curve: &Cubic, from: &[Rect], to: &[Rect], gap: f64) -> Option<Cubic> {
    let fine = 96;
    let inside = |share: f64, boxes: &[Rect]| {
        let at = curve.at(share);
        boxes.iter().any(|rect| rect.grown(gap).has(at))
    };
    let share = |step: usize| step as f64 / f64::from(fine as u32);
    let start = (0..=fine)
        .rev()
        .map(share)
        .find(|s| *s < 0.75 && inside(*s, from));
    let end = (0..=fine).map(share).find(|s| *s > 0.25 && inside(*s, to));
    let (start, end) = (start.unwrap_or(0.0), end.unwrap_or(1.0));
    (end - start > 0.08).then(|| curve.part(start, end))
}
