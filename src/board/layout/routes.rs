//! How arrows bend: parallel ones fan out, all of them around pieces that are in the way.

use crate::board::layout::geometry::{Cubic, Point, Rect, bounds, crossings};
use crate::board::layout::squares::is_crowded;

/// How many steps a curve is taken for while routes are tried.
const STEPS: usize = 6;
/// The bows that are tried, in shares of the arrow's length.
const BOWS: [f64; 9] = [0.0, 0.05, -0.05, 0.11, -0.11, 0.18, -0.18, 0.26, -0.26];

/// The arrows between two players, which fan out together.
#[derive(Debug, Clone)]
pub(crate) struct Bundle {
    pub(crate) ends: [usize; 2],
    pub(crate) from: Point,
    pub(crate) to: Point,
    /// How far the arrows are from each other in the middle.
    pub(crate) gaps: Vec<f64>,
}

/// An outermost arrow of a bundle: the box around it, and its line.
type Edge = (Rect, Vec<Point>);

impl Bundle {
    /// The curve that is this far to the left of the middle one.
    pub(crate) fn curve(&self, bow: f64, offset: f64) -> Cubic {
        // Parallel arrows start and end a little apart, so that their heads can be told from each other.
        let way = self.from.direction(self.to);
        let port = (offset * 0.25).clamp(-22.0, 22.0);
        let (x, y) = (way.y * port, -way.x * port);
        let bow = bow * self.from.distance(self.to) + offset - port;
        Cubic::bowed(self.from.plus(x, y), self.to.plus(x, y), bow)
    }

    fn line(&self, bow: f64) -> Vec<Point> {
        self.curve(bow, 0.0).flattened(STEPS)
    }

    /// The outermost arrows, without their ends, which lie in the pieces.
    fn edges(&self, bow: f64) -> Vec<Edge> {
        let half = self.half_width();
        let offsets = if half == 0.0 {
            vec![0.0]
        } else {
            vec![-half, half]
        };
        let line = |offset: f64| {
            let line = self.curve(bow, offset).part(0.1, 0.9).flattened(STEPS);
            (bounds(&line), line)
        };
        offsets.into_iter().map(line).collect()
    }

    fn count(&self) -> usize {
        self.gaps.len() + 1
    }

    fn half_width(&self) -> f64 {
        self.gaps.iter().sum::<f64>() / 2.0
    }
}

/// The bow of each bundle, as a share of its length.
///
/// Each stays on the board and takes the bow that hits the fewest boxes and crosses the fewest others, in order, twice.
pub(crate) fn bows(bundles: &[Bundle], bodies: &[(usize, Rect)], board: Rect) -> Vec<f64> {
    let mut bows = vec![BOWS[0]; bundles.len()];
    let mut edges: Vec<_> = bundles.iter().map(|b| b.edges(BOWS[0])).collect();
    let (passes, tried) = if is_crowded(bundles.len()) {
        (1, &BOWS[..5])
    } else {
        (2, &BOWS[..])
    };
    for _ in 0..passes {
        for (number, bundle) in bundles.iter().enumerate() {
            let mut best = (f64::INFINITY, bows[number]);
            for bow in tried.iter().copied() {
                let line = bundle.line(bow);
                let wide = bounds(&line).grown(bundle.half_width());
                let outside = if board.holds(&wide) { 0.0 } else { 60.0 };
                let hits = in_the_way(bundle, &line, bodies);
                let crossed = crossed(number, &bundle.edges(bow), bundles, &edges);
                let cost = outside + hits + crossed + 4.0 * bow.abs();
                if cost < best.0 - 1e-9 {
                    best = (cost, bow);
                }
            }
            bows[number] = best.1;
            edges[number] = bundle.edges(best.1);
        }
    }
    bows
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
        if line.windows(2).any(|w| wide.meets(w[0], w[1])) {
            cost += 2.0 * bundle.count() as f64;
        }
        if line.windows(2).any(|w| body.meets(w[0], w[1])) {
            cost += 2.0 * bundle.count() as f64;
        }
    }
    cost
}

/// How many crossings there are with all other bundles, as far as their outermost arrows tell.
fn crossed(number: usize, own: &[Edge], bundles: &[Bundle], edges: &[Vec<Edge>]) -> f64 {
    let mut count = 0.0;
    for (other_number, others) in edges.iter().enumerate() {
        if other_number == number {
            continue;
        }
        let arrows = (bundles[number].count() * bundles[other_number].count()) as f64;
        let share = arrows / (own.len() * others.len()) as f64;
        for (around, line) in own {
            for (around_other, other) in others {
                if around.overlaps(around_other) {
                    count += share * crossings(line, other) as f64;
                }
            }
        }
    }
    count
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
