//! The labels of the arrows.

use crate::layout::geometry::Rect;
use crate::layout::labels::{self, Request, Surface};
use crate::layout::sheet::{NOTE_SIZE, notes_width};
use crate::layout::{PlacedArrow, PlacedLabel, PlacedPiece};
use crate::scene::{Change, Scene};
use crate::text::{clean_text, width};

/// The size of labels.
const LABEL: f64 = 11.0;
/// The most players whose arrows all get labels; on fuller boards only figures do.
const ALL_LABELLED: usize = 40;

/// Places labels for the arrows, figures first; also returns how many found no room.
pub(crate) fn put(
    scene: &Scene,
    arrows: &[PlacedArrow],
    pieces: &[PlacedPiece],
    board: Rect,
) -> (Vec<PlacedLabel>, usize) {
    let lines: Vec<_> = arrows.iter().map(PlacedArrow::line).collect();
    let is_crowded = scene.players.len() > ALL_LABELLED;
    let mut wanted: Vec<(usize, String, String)> = Vec::new();
    let mut left_out = 0;
    for (number, arrow) in scene.arrows.iter().enumerate() {
        if arrow.change == Some(Change::Same) {
            continue;
        }
        // That somebody leads somebody is seen from where they stand.
        let is_silent = arrow.leads && arrow.main_value().is_none() && arrow.change.is_none();
        let mut text = clean_text(&arrow.marked_label(), 40);
        if is_silent {
            text.clear();
        }
        if text.is_empty() && arrow.loops.is_empty() {
            continue;
        }
        if is_crowded && arrow.main_value().is_none() {
            left_out += 1;
            continue;
        }
        let sources = match arrow.main_value() {
            Some(_) => arrow.label_sources(),
            None => Vec::new(),
        };
        wanted.push((number, text, notes(&sources)));
    }
    // Figures first, thick arrows before thin ones.
    wanted.sort_by(|(a, ..), (b, ..)| {
        let key = |arrow: usize| {
            let has_no_figure = scene.arrows[arrow].main_value().is_none();
            (has_no_figure, -arrows[arrow].width, arrow)
        };
        let (a, b) = (key(*a), key(*b));
        a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2))
    });
    let boxes: Vec<Request> = wanted
        .iter()
        .map(|(arrow, text, notes)| Request {
            line: *arrow,
            width: width(text, LABEL)
                + notes_width(notes, LABEL)
                + discs_width(scene.arrows[*arrow].loops.len())
                + 5.0,
            height: LABEL * 1.25,
        })
        .collect();
    let bodies: Vec<Rect> = pieces
        .iter()
        .flat_map(|piece| [piece.glyph, piece.name.grown(2.0)])
        .collect();
    let surface = Surface {
        inside: board,
        bodies: &bodies,
        lines: &lines,
    };
    let (mut labels, count) = (Vec::new(), wanted.len());
    for ((arrow, text, notes), found) in wanted.into_iter().zip(labels::place(&boxes, &surface)) {
        if let Some(found) = found {
            labels.push(PlacedLabel {
                arrow,
                rect: found.rect,
                loops: scene.arrows[arrow].loops.clone(),
                text,
                notes,
                size: LABEL,
                leader: found.leader,
            });
        }
    }
    left_out += count - labels.len();
    labels.sort_by_key(|label| label.arrow);
    (labels, left_out)
}

/// Formats the numbers of sources as people write them: `1–3,7`.
pub(crate) fn notes(numbers: &[usize]) -> String {
    let mut text = String::new();
    let mut rest = numbers;
    while let Some(first) = rest.first() {
        let run = rest
            .iter()
            .enumerate()
            .take_while(|(i, n)| **n == first + i)
            .count();
        if !text.is_empty() {
            text.push(',');
        }
        match run {
            1 => text.push_str(&first.to_string()),
            2 => text.push_str(&format!("{first},{}", first + 1)),
            run => text.push_str(&format!("{first}–{}", first + run - 1)),
        }
        rest = &rest[run..];
    }
    text
}

/// The width of the number of a loop in its disc.
pub(crate) const DISC: f64 = 14.0;

/// Returns how wide the numbers of some loops before a label are.
pub(crate) fn discs_width(count: usize) -> f64 {
    if count == 0 {
        0.0
    } else {
        DISC * count as f64 + 2.0
    }
}

/// Returns the size of raised numbers next to a label of a size.
pub(crate) fn note_size(size: f64) -> f64 {
    size * NOTE_SIZE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_numbers_are_short() {
        assert_eq!(notes(&[1, 2, 3, 5, 7, 8]), "1–3,5,7,8");
        assert_eq!(notes(&[]), "");
    }
}
