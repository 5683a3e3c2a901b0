//! Points, boxes and curves, with only the arithmetic that gives the same bits on every machine.

use serde::Serialize;

/// A point of the sheet, y downwards.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Point {
    /// To the right.
    pub x: f64,
    /// Downwards.
    pub y: f64,
}

/// Returns a point from its coordinates.
pub(crate) fn point(x: f64, y: f64) -> Point {
    Point { x, y }
}

impl Point {
    /// Returns the point moved by a distance.
    pub(crate) fn plus(self, x: f64, y: f64) -> Self {
        point(self.x + x, self.y + y)
    }

    /// Returns the point at a share of the way to another.
    #[inline]
    pub(crate) fn towards(self, other: Self, share: f64) -> Self {
        point(
            self.x + (other.x - self.x) * share,
            self.y + (other.y - self.y) * share,
        )
    }

    /// Returns the distance to another point.
    #[inline]
    pub(crate) fn distance(self, other: Self) -> f64 {
        let (x, y) = (other.x - self.x, other.y - self.y);
        (x * x + y * y).sqrt()
    }

    /// Returns the direction to another point, of length 1; to the right where both are the same.
    pub(crate) fn direction(self, other: Self) -> Self {
        let distance = self.distance(other);
        if distance == 0.0 {
            return point(1.0, 0.0);
        }
        point((other.x - self.x) / distance, (other.y - self.y) / distance)
    }
}

/// A box with sides along the sheet's.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Rect {
    /// The left side.
    pub x: f64,
    /// The upper side.
    pub y: f64,
    /// The width.
    pub width: f64,
    /// The height.
    pub height: f64,
}

impl Rect {
    /// Returns a box around its centre.
    pub(crate) fn around(centre: Point, width: f64, height: f64) -> Self {
        Self {
            x: centre.x - width / 2.0,
            y: centre.y - height / 2.0,
            width,
            height,
        }
    }

    /// Returns the centre.
    pub fn centre(&self) -> Point {
        point(self.x + self.width / 2.0, self.y + self.height / 2.0)
    }

    /// Returns the box with a margin on all sides.
    pub(crate) fn grown(&self, margin: f64) -> Self {
        Self {
            x: self.x - margin,
            y: self.y - margin,
            width: self.width + 2.0 * margin,
            height: self.height + 2.0 * margin,
        }
    }

    /// Returns whether two boxes share more than a side.
    #[inline]
    pub fn overlaps(&self, other: &Self) -> bool {
        self.x < other.x + other.width
            && other.x < self.x + self.width
            && self.y < other.y + other.height
            && other.y < self.y + self.height
    }

    /// Returns whether a box lies in this one.
    pub fn holds(&self, other: &Self) -> bool {
        self.x <= other.x
            && self.y <= other.y
            && other.x + other.width <= self.x + self.width
            && other.y + other.height <= self.y + self.height
    }

    /// Returns whether a point lies in this box.
    pub fn has(&self, at: Point) -> bool {
        (self.x..=self.x + self.width).contains(&at.x)
            && (self.y..=self.y + self.height).contains(&at.y)
    }

    /// Returns whether a segment meets the box (Liang and Barsky 1984).
    #[inline]
    pub(crate) fn meets(&self, a: Point, b: Point) -> bool {
        let (mut from, mut to) = (0.0_f64, 1.0_f64);
        let sides = [
            (a.x - b.x, a.x - self.x),
            (b.x - a.x, self.x + self.width - a.x),
            (a.y - b.y, a.y - self.y),
            (b.y - a.y, self.y + self.height - a.y),
        ];
        for (step, room) in sides {
            if step == 0.0 {
                if room < 0.0 {
                    return false;
                }
            } else if step < 0.0 {
                from = from.max(room / step);
            } else {
                to = to.min(room / step);
            }
        }
        from <= to
    }
}

/// A cubic Bézier curve.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Cubic {
    /// Where it starts, its two points of control, and where it ends.
    pub points: [Point; 4],
}

impl Cubic {
    /// Returns a curve between two points whose middle is `bow` to the left of the straight line.
    pub(crate) fn bowed(from: Point, to: Point, bow: f64) -> Self {
        let way = from.direction(to);
        // The middle of a cubic lies at three quarters of the way to its points of control.
        let (x, y) = (way.y * bow / 0.75, -way.x * bow / 0.75);
        Self {
            points: [
                from,
                from.towards(to, 0.3).plus(x, y),
                from.towards(to, 0.7).plus(x, y),
                to,
            ],
        }
    }

    /// Returns the point at a share of the curve's parameter.
    pub(crate) fn at(&self, share: f64) -> Point {
        let [a, b, c, d] = self.points;
        let (ab, bc, cd) = (
            a.towards(b, share),
            b.towards(c, share),
            c.towards(d, share),
        );
        ab.towards(bc, share).towards(bc.towards(cd, share), share)
    }

    /// Returns the part between two shares (de Casteljau).
    pub(crate) fn part(&self, from: f64, to: f64) -> Self {
        let rest = if from >= 1.0 {
            0.0
        } else {
            (to - from) / (1.0 - from)
        };
        self.after(from).before(rest)
    }

    fn before(&self, share: f64) -> Self {
        let [a, b, c, d] = self.points;
        let (ab, bc, cd) = (
            a.towards(b, share),
            b.towards(c, share),
            c.towards(d, share),
        );
        let (abc, bcd) = (ab.towards(bc, share), bc.towards(cd, share));
        Self {
            points: [a, ab, abc, abc.towards(bcd, share)],
        }
    }

    fn after(&self, share: f64) -> Self {
        let [a, b, c, d] = self.points;
        let turned = Self {
            points: [d, c, b, a],
        };
        let [d, c, b, a] = turned.before(1.0 - share).points;
        Self {
            points: [a, b, c, d],
        }
    }

    /// Returns points along the curve, both ends among them.
    pub(crate) fn flattened(&self, steps: usize) -> Vec<Point> {
        (0..=steps)
            .map(|step| self.at(step as f64 / steps as f64))
            .collect()
    }
}

/// Returns the smallest box around points.
pub(crate) fn bounds(points: &[Point]) -> Rect {
    let fold = |f: fn(f64, f64) -> f64, start: f64, of: fn(&Point) -> f64| {
        points.iter().map(of).fold(start, f)
    };
    let (left, top) = (
        fold(f64::min, f64::INFINITY, |p| p.x),
        fold(f64::min, f64::INFINITY, |p| p.y),
    );
    Rect {
        x: left,
        y: top,
        width: fold(f64::max, f64::NEG_INFINITY, |p| p.x) - left,
        height: fold(f64::max, f64::NEG_INFINITY, |p| p.y) - top,
    }
}

/// Returns whether two segments cross at a point inside both.
#[inline]
pub(crate) fn cross(a: Point, b: Point, c: Point, d: Point) -> bool {
    let side = |p: Point, q: Point, r: Point| (q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x);
    let (one, two) = (side(a, b, c), side(a, b, d));
    let (three, four) = (side(c, d, a), side(c, d, b));
    ((one > 0.0 && two < 0.0) || (one < 0.0 && two > 0.0))
        && ((three > 0.0 && four < 0.0) || (three < 0.0 && four > 0.0))
}

/// Returns the distance of a point from a segment.
pub(crate) fn distance_to(at: Point, a: Point, b: Point) -> f64 {
    let (x, y) = (b.x - a.x, b.y - a.y);
    let length = x * x + y * y;
    if length == 0.0 {
        return at.distance(a);
    }
    let share = (((at.x - a.x) * x + (at.y - a.y) * y) / length).clamp(0.0, 1.0);
    at.distance(a.towards(b, share))
}

/// Counts how often the lines through two rows of points cross.
pub(crate) fn crossings(one: &[Point], other: &[Point]) -> usize {
    let all = bounds(other);
    let mut count = 0;
    for w in one.windows(2) {
        if !boxes_meet(
            w[0],
            w[1],
            point(all.x, all.y),
            point(all.x + all.width, all.y + all.height),
        ) {
            continue;
        }
        count += other
            .windows(2)
            .filter(|v| boxes_meet(w[0], w[1], v[0], v[1]) && cross(w[0], w[1], v[0], v[1]))
            .count();
    }
    count
}

/// Returns whether the boxes around two segments meet, which is much cheaper than whether these cross.
#[inline]
pub(crate) fn boxes_meet(a: Point, b: Point, c: Point, d: Point) -> bool {
    a.x.min(b.x) <= c.x.max(d.x)
        && c.x.min(d.x) <= a.x.max(b.x)
        && a.y.min(b.y) <= c.y.max(d.y)
        && c.y.min(d.y) <= a.y.max(b.y)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_of_a_curve_lies_on_it() {
        let curve = Cubic::bowed(point(0.0, 0.0), point(100.0, 0.0), 20.0);
        assert_eq!(curve.at(0.5), point(50.0, -20.0));
        let part = curve.part(0.25, 0.75);
        for (a, b) in [
            (part.at(0.0), curve.at(0.25)),
            (part.at(0.5), curve.at(0.5)),
            (part.at(1.0), curve.at(0.75)),
        ] {
            assert!(a.distance(b) < 1e-9, "{a:?} {b:?}");
        }
    }

    #[test]
    fn lines_cross_or_not() {
        let (a, b) = (point(0.0, 0.0), point(2.0, 2.0));
        assert!(cross(a, b, point(0.0, 2.0), point(2.0, 0.0)));
        assert!(
            !cross(a, b, a, point(2.0, 0.0)),
            "a shared end is no crossing"
        );
        let square = Rect::around(point(0.0, 0.0), 2.0, 2.0);
        assert!(square.meets(point(-3.0, 0.0), point(3.0, 0.5)));
        assert!(!square.meets(point(-3.0, 0.0), point(0.0, 3.0)));
    }
}
