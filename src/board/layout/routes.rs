//! How arrows bend: parallel ones fan out, all of them around pieces that are in the way.

use crate::board::layout::geometry::{Cubic, Point, Rect, bounds, crossings};

/// How many steps a curve is taken for while routes are tried.
const STEPS: usize = 8;
/// The bows that are tried, in shares of the arrow's length.
const BOWS: [f64; 9] = [0.05, -0.05, 0.0, 0.11, -0.11, 0.18, -0.18, 0.26, -0.26];

/// The arrows between two players, which fan out together.
#[derive(Debug, Clone)]
pub(crate) struct Bundle {
    pub(crate) ends: [usize; 2],
    pub(crate) from: Point,
    pub(crate) to: Point,
    /// How far the arrows are from each other in the middle.
    pub(crate) gaps: Vec<f64>,
}

impl Bundle {
    /// The curve that is this far to the left of the middle one.
    pub(crate) fn curve(&self, bow: f64, offset: f64) -> Cubic {
        // Parallel arrows start and end a little apart, so that their heads can be told from each other.
        let way = self.from.direction(self.to);
        let port = (offset * 0.35).clamp(-14.0, 14.0);
        let (x, y) = (way.y * port, -way.x * port);
        let bow = bow * self.from.distance(self.to) + offset - port;
        Cubic::bowed(self.from.plus(x, y), self.to.plus(x, y), bow)
    }

    fn line(&self, bow: f64) -> Vec<Point> {
        self.curve(bow, 0.0).flattened(STEPS)
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
    let mut lines: Vec<Vec<Point>> = bundles.iter().map(|bundle| bundle.line(BOWS[0])).collect();
    for _ in 0..2 {
        for (number, bundle) in bundles.iter().enumerate() {
            let mut best = (f64::INFINITY, bows[number]);
            for bow in BOWS {
                let line = bundle.line(bow);
                let wide = bounds(&line).grown(bundle.half_width());
                let outside = if board.holds(&wide) { 0.0 } else { 60.0 };
                let cost = outside + cost(number, bundle, bow, &line, bundles, &lines, bodies);
                if cost < best.0 - 1e-9 {
                    best = (cost, bow);
                }
            }
            bows[number] = best.1;
            lines[number] = bundle.line(best.1);
        }
    }
    bows
}

fn cost(
    number: usize,
    bundle: &Bundle,
    bow: f64,
    line: &[Point],
    bundles: &[Bundle],
    lines: &[Vec<Point>],
    bodies: &[(usize, Rect)],
) -> f64 {
    let own = bounds(line);
    let mut cost = 6.0 * bow.abs();
    for (player, body) in bodies {
        if bundle.ends.contains(player) {
            continue;
        }
        let wide = body.grown(bundle.half_width() + 3.0);
        if !wide.overlaps(&own.grown(1.0)) {
            continue;
        }
        if line.windows(2).any(|w| wide.meets(w[0], w[1])) {
            cost += 6.0 * (bundle.gaps.len() + 1) as f64;
        }
        if line.windows(2).any(|w| body.meets(w[0], w[1])) {
            cost += 8.0;
        }
    }
    let count = (bundle.gaps.len() + 1) as f64;
    for (other_number, other) in lines.iter().enumerate() {
        if other_number == number || !bounds(other).overlaps(&own) {
            continue;
        }
        let crossed = crossings(line, other) as f64;
        let others = (bundles[other_number].gaps.len() + 1) as f64;
        cost += 2.0 * crossed * count * others;
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
