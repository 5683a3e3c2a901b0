//! How well a drawing can be read, measured on its geometry.

use crate::layout::geometry::{Point, Rect, bounds, crossings};
use crate::layout::labels::{across, hides, is_astray};
use crate::layout::{Drawing, PlacedArrow, PlacedPiece};
use crate::scene::Scene;
use serde::Serialize;

/// The faults of a drawing, counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[non_exhaustive]
pub struct Quality {
    /// How often arrows cross.
    pub crossings: usize,
    /// How often an arrow goes through the piece or the name of a player that is not at its end.
    pub through: usize,
    /// How many pairs of labels, pieces and names lie on each other.
    pub overlaps: usize,
    /// How many labels are nearer to another arrow than to their own.
    pub astray: usize,
    /// How often a label lies across an arrow that is not its own.
    pub across: usize,
    /// How many arrows are shorter than their label, so that it hides their head or their line.
    pub swallowed: usize,
}

/// Counts how often lines cross each other.
///
/// O(a² s²) for a lines of s steps, less where their boxes are apart.
pub(crate) fn count_crossings(lines: &[Vec<Point>]) -> usize {
    let boxes: Vec<Rect> = lines.iter().map(|line| bounds(line)).collect();
    let mut count = 0;
    for (number, line) in lines.iter().enumerate() {
        for (other_number, other) in lines.iter().enumerate().take(number) {
            if boxes[number].overlaps(&boxes[other_number]) {
                count += crossings(line, other);
            }
        }
    }
    count
}

/// Counts how often a line goes through the piece or the name of a player that is not at its end.
pub(crate) fn count_through(scene: &Scene, pieces: &[PlacedPiece], lines: &[Vec<Point>]) -> usize {
    let mut count = 0;
    for (arrow, line) in scene.arrows.iter().zip(lines) {
        let around = bounds(line).grown(1.0);
        for (player, piece) in pieces.iter().enumerate() {
            let is_end = player == arrow.from || player == arrow.to;
            let hits = |rect: &Rect| {
                around.overlaps(rect) && line.windows(2).any(|w| rect.meets(w[0], w[1]))
            };
            count += usize::from(!is_end && (hits(&piece.glyph) || hits(&piece.name)));
        }
    }
    count
}

impl Quality {
    /// Measures a drawing.
    pub(crate) fn of(drawing: &Drawing) -> Self {
        let lines: Vec<_> = drawing.arrows.iter().map(PlacedArrow::line).collect();
        let mut boxes: Vec<(usize, Rect)> = Vec::new();
        for (player, piece) in drawing.pieces.iter().enumerate() {
            boxes.push((player, piece.glyph));
            if !piece.lines.is_empty() {
                boxes.push((player, piece.name));
            }
        }
        let players = drawing.pieces.len();
        let labels = drawing.labels.iter().enumerate();
        boxes.extend(labels.map(|(number, label)| (players + number, label.rect)));
        let mut overlaps = 0;
        for (place, (owner, one)) in boxes.iter().enumerate() {
            overlaps += boxes[..place]
                .iter()
                .filter(|(other, rect)| other != owner && one.overlaps(rect))
                .count();
        }
        let around: Vec<Rect> = lines.iter().map(|line| bounds(line)).collect();
        let labels = || drawing.labels.iter();
        Self {
            astray: labels()
                .filter(|label| is_astray(&label.rect, label.arrow, &lines, &around))
                .count(),
            across: labels()
                .map(|label| across(&label.rect, label.arrow, &lines, &around))
                .sum(),
            swallowed: labels()
                .filter(|label| hides(&label.rect, &lines[label.arrow]))
                .count(),
            crossings: count_crossings(&lines),
            through: count_through(&drawing.scene, &drawing.pieces, &lines),
            overlaps,
        }
    }
}
