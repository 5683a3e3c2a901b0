//! Where labels stand: on their arrows where there is room, else near them, joined by a thin line.

use crate::layout::geometry::{Point, Rect, bounds, distance_to, point};

/// The number of places along an arrow that are tried.
const PLACES: usize = 33;
/// How far beside its arrow a label may stand without a line that leads to it.
const BESIDE: f64 = 9.0;
/// The rings around an arrow's middle that are tried when it has no room, in units of the sheet.
const RINGS: usize = 18;
/// What it costs to lie across another arrow, and to stand off its own.
const ACROSS: f64 = 6.0;
const OFF: f64 = 3.0;
/// How much of an arrow stays visible, at least, beside its label: its head and some of its line.
const VISIBLE: f64 = 26.0;

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
/// others. `None` for those that have no room near their arrow where they would be nearest to it and leave it to be seen.
pub(crate) fn place(wanted: &[Request], surface: &Surface<'_>) -> Vec<Option<Found>> {
    let boxes: Vec<Rect> = surface.lines.iter().map(|line| bounds(line)).collect();
    let mut found: Vec<Option<Found>> = vec![None; wanted.len()];
    for _ in 0..3 {
        for (number, label) in wanted.iter().enumerate() {
            found[number] = None;
            let taken: Vec<Rect> = found.iter().flatten().map(|f| f.rect).collect();
            let on = on_line(label, surface, &boxes, &taken);
            // A label that lies across another arrow is better off where a thin line leads to it.
            let off = match on {
                Some((cost, _)) if cost < ACROSS => None,
                _ => near(label, surface, &boxes, &taken),
            };
            let best = on.into_iter().chain(off);
            found[number] = best
                .min_by(|(a, _), (b, _)| a.total_cmp(b))
                .map(|(_, found)| found);
        }
    }
    found
}

fn is_free(rect: &Rect, surface: &Surface<'_>, taken: &[Rect]) -> bool {
    surface.inside.holds(rect)
        && !surface.bodies.iter().any(|body| body.overlaps(rect))
        && !taken.iter().any(|other| other.overlaps(rect))
}

/// Counts the other arrows that a box lies across.
pub(crate) fn across(rect: &Rect, own: usize, lines: &[Vec<Point>], boxes: &[Rect]) -> usize {
    let hits = |(number, line): &(usize, &Vec<Point>)| {
        *number != own
            && boxes[*number].grown(1.0).overlaps(rect)
            && line.windows(2).any(|w| rect.meets(w[0], w[1]))
    };
    lines.iter().enumerate().filter(hits).count()
}

/// Returns how near a line comes to the middle of a box.
pub(crate) fn distance(rect: &Rect, line: &[Point]) -> f64 {
    let at = rect.centre();
    let segments = line.windows(2).map(|w| distance_to(at, w[0], w[1]));
    segments.fold(f64::INFINITY, f64::min)
}

/// Returns whether another line is nearer to the middle of a box than its own.
pub(crate) fn is_astray(rect: &Rect, own: usize, lines: &[Vec<Point>], boxes: &[Rect]) -> bool {
    let near = distance(rect, &lines[own]);
    lines.iter().enumerate().any(|(number, line)| {
        number != own
            && boxes[number].grown(near + 1.0).has(rect.centre())
            && distance(rect, line) < near - 1e-9
    })
}

/// Returns whether too little of a line lies outside of a box; a short line has to be seen nearly whole.
pub(crate) fn hides(rect: &Rect, line: &[Point]) -> bool {
    let (mut length, mut visible) = (0.0, 0.0);
    for w in line.windows(2) {
        let step = w[0].distance(w[1]);
        length += step;
        if !rect.has(w[0].towards(w[1], 0.5)) {
            visible += step;
        }
    }
    visible < VISIBLE.min(0.9 * length)
}

/// Finds the best place on an arrow or right beside it.
fn on_line(
    label: &Request,
    surface: &Surface<'_>,
    boxes: &[Rect],
    taken: &[Rect],
) -> Option<(f64, Found)> {
    let mut best: Option<(f64, Rect)> = None;
    let line = &surface.lines[label.line];
    for step in 0..PLACES {
        let place = 0.1 + 0.8 * step as f64 / (PLACES - 1) as f64;
        let anchor = at(line, place);
        let (before, after) = (at(line, place - 0.05), at(line, place + 0.05));
        let way = before.direction(after);
        // How far the middle of a box is from a line in this direction that it touches.
        let reach = (way.y.abs() * label.width + way.x.abs() * label.height) / 2.0 + 3.0;
        for (side, more) in [
            (0.0, 0.0),
            (reach, 1.5),
            (-reach, 1.5),
            (reach + BESIDE, 3.0),
            (-reach - BESIDE, 3.0),
        ] {
            let rect = Rect::around(
                anchor.plus(-way.y * side, way.x * side),
                label.width,
                label.height,
            );
            if !is_free(&rect, surface, taken) || hides(&rect, line) {
                continue;
            }
            let cost = more
                + ACROSS * across(&rect, label.line, surface.lines, boxes) as f64
                + 4.0 * (place - 0.5).abs();
            if best.is_some_and(|(least, _)| cost >= least)
                || is_astray(&rect, label.line, surface.lines, boxes)
            {
                continue;
            }
            best = Some((cost, rect));
        }
    }
    best.map(|(cost, rect)| (cost, Found { rect, leader: None }))
}

/// Finds a place near an arrow, to which a thin line leads.
fn near(
    label: &Request,
    surface: &Surface<'_>,
    boxes: &[Rect],
    taken: &[Rect],
) -> Option<(f64, Found)> {
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
                let covered = across(&rect, label.line, surface.lines, boxes);
                let cost = OFF + ACROSS * covered as f64 + ring as f64;
                let line = &surface.lines[label.line];
                if best.is_some_and(|(least, _)| cost >= least)
                    || hides(&rect, line)
                    || is_astray(&rect, label.line, surface.lines, boxes)
                {
                    continue;
                }
                let leader = Some(anchor);
                best = Some((cost, Found { rect, leader }));
            }
        }
    }
    best
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
