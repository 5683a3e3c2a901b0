//! Where labels stand: on their arrows where there is room, else near them, joined by a thin line.

use crate::layout::geometry::{Point, Rect, bounds, point};

/// The places on an arrow that are tried, the middle first.
const PLACES: [f64; 13] = [
    0.5, 0.42, 0.58, 0.36, 0.64, 0.3, 0.7, 0.24, 0.76, 0.18, 0.82, 0.13, 0.87,
];
/// The rings around an arrow's middle that are tried when it has no room, in units of the sheet.
const RINGS: usize = 14;

/// A label to be placed.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// The place of its arrow among the lines.
    pub(crate) line: usize,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

/// Where a label stands, and what leads to it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Found {
    pub(crate) rect: Rect,
    pub(crate) leader: Option<Point>,
}

/// What labels avoid.
pub(crate) struct Surface<'a> {
    /// Where labels may stand.
    pub(crate) inside: Rect,
    /// The boxes of pieces and names.
    pub(crate) bodies: &'a [Rect],
    /// The lines of all arrows.
    pub(crate) lines: &'a [Vec<Point>],
}

/// Places labels in their order, so that none lies on another one or on a piece; then each once more, knowing the
/// others. `None` for those that have no room anywhere near their arrow.
pub(crate) fn place(wanted: &[Request], surface: &Surface<'_>) -> Vec<Option<Found>> {
    let boxes: Vec<Rect> = surface.lines.iter().map(|line| bounds(line)).collect();
    let mut found: Vec<Option<Found>> = vec![None; wanted.len()];
    for _ in 0..3 {
        for (number, label) in wanted.iter().enumerate() {
            found[number] = None;
            let taken: Vec<Rect> = found.iter().flatten().map(|f| f.rect).collect();
            found[number] = on_line(label, surface, &boxes, &taken)
                .or_else(|| near(label, surface, &boxes, &taken));
        }
    }
    found
}

fn is_free(rect: &Rect, surface: &Surface<'_>, taken: &[Rect]) -> bool {
    surface.inside.holds(rect)
        && !surface.bodies.iter().any(|body| body.overlaps(rect))
        && !taken.iter().any(|other| other.overlaps(rect))
}

/// Counts the other arrows that a box covers.
fn covered(rect: &Rect, own: usize, surface: &Surface<'_>, boxes: &[Rect]) -> usize {
    let hits = |(number, line): &(usize, &Vec<Point>)| {
        *number != own
            && boxes[*number].grown(1.0).overlaps(rect)
            && line.windows(2).any(|w| rect.meets(w[0], w[1]))
    };
    surface.lines.iter().enumerate().filter(hits).count()
}

fn on_line(
    label: &Request,
    surface: &Surface<'_>,
    boxes: &[Rect],
    taken: &[Rect],
) -> Option<Found> {
    let mut best: Option<(f64, Rect)> = None;
    for place in PLACES {
        let at = at(&surface.lines[label.line], place);
        let rect = Rect::around(at, label.width, label.height);
        if !is_free(&rect, surface, taken) {
            continue;
        }
        let cost =
            3.0 * covered(&rect, label.line, surface, boxes) as f64 + 4.0 * (place - 0.5).abs();
        if best.is_none_or(|(least, _)| cost < least) {
            best = Some((cost, rect));
        }
    }
    best.map(|(_, rect)| Found { rect, leader: None })
}

fn near(label: &Request, surface: &Surface<'_>, boxes: &[Rect], taken: &[Rect]) -> Option<Found> {
    let mut best: Option<(f64, Found)> = None;
    for place in [0.5, 0.3, 0.7] {
        let anchor = at(&surface.lines[label.line], place);
        for ring in 1..=RINGS {
            let (x, y) = (ring as f64 * 11.0, ring as f64 * 8.0);
            let (wide, high) = (x + label.width / 2.0, y + label.height / 2.0);
            for (dx, dy) in [
                (0.0, -high),
                (0.0, high),
                (wide, 0.0),
                (-wide, 0.0),
                (wide, -high),
                (-wide, -high),
                (wide, high),
                (-wide, high),
            ] {
                let centre = point(anchor.x + dx, anchor.y + dy);
                let rect = Rect::around(centre, label.width, label.height);
                if !is_free(&rect, surface, taken) {
                    continue;
                }
                let cost = 3.0 * covered(&rect, label.line, surface, boxes) as f64 + ring as f64;
                if best.is_none_or(|(least, _)| cost < least) {
                    let leader = Some(anchor);
                    best = Some((cost, Found { rect, leader }));
                }
            }
        }
    }
    best.map(|(_, found)| found)
}

/// Returns the point at a share of a line's length.
pub(crate) fn at(line: &[Point], share: f64) -> Point {
    let length: f64 = line.windows(2).map(|w| w[0].distance(w[1])).sum();
    let mut left = length * share;
    for w in line.windows(2) {
        let step = w[0].distance(w[1]);
        if left <= step && step > 0.0 {
            return w[0].towards(w[1], left / step);
        }
        left -= step;
    }
    line.last().copied().unwrap_or_default()
}
