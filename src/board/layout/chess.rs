//! The chess look: players as pieces on squares, arrows between them.

use crate::board::layout::geometry::{Point, Rect, point};
use crate::board::layout::labels::{self, Surface, Wanted};
use crate::board::layout::quality::{Quality, line};
use crate::board::layout::routes::{Bundle, bows, trimmed};
use crate::board::layout::sheet::{self, MARGIN, NOTE_SIZE, notes_width};
use crate::board::layout::squares::{Problem, Tie, place};
use crate::board::layout::{Drawing, PlacedArrow, PlacedLabel, PlacedPiece, PlacedText, Role};
use crate::board::scene::{Arrow, Piece, Scene};
use crate::board::text::{clean, width, wrap};
use crate::model::lang::Lang;
use crate::model::name::Family;
use crate::model::quantity::Quantity;
use crate::model::unit::{Measure, Unit};
use std::collections::BTreeMap;

/// The side of a square.
const SQUARE: f64 = 116.0;
/// The size of names.
const NAME: f64 = 13.0;
/// The size of labels.
const LABEL: f64 = 11.0;
/// The most players whose arrows all get labels; on fuller boards only figures do.
const ALL_LABELLED: usize = 40;

/// Lays a scene out on a board of 8 × 8 squares, or more where that would be too full.
///
/// Places are found by a search with a fixed number of steps, so that the same scene always gives the same drawing.
/// Time: O(s a (a + p)) for s steps, a ties and p players; s falls as a and p grow.
///
/// ```
/// use powermap::board::{gather::Options, layout::chess, scene::Scene};
/// use powermap::map::Map;
/// let map = Map::built_in()?;
/// let drawing = chess::lay_out(Scene::of(&map.position(), &Options::default())?);
/// assert_eq!((drawing.side, drawing.quality.overlaps), (8, 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn lay_out(scene: Scene) -> Drawing {
    let side = side_for(scene.players.len());
    let bundles = pairs(&scene);
    let squares = place(&Problem {
        side,
        players: scene.players.len(),
        ties: bundles
            .iter()
            .map(|(ends, arrows)| tie(&scene, *ends, arrows))
            .collect(),
    });
    let board = Rect {
        x: MARGIN,
        y: MARGIN,
        width: SQUARE * side as f64,
        height: SQUARE * side as f64,
    };
    let pieces: Vec<PlacedPiece> = scene
        .players
        .iter()
        .zip(&squares)
        .map(|(player, square)| piece(&player.name, player.piece, *square, side, board))
        .collect();
    let widths = Widths::of(&scene);
    let arrows = arrows(&scene, &bundles, &pieces, &widths);
    let (labels, labels_left_out) = put_labels(&scene, &arrows, &pieces, board);
    let panel = sheet::set(&scene, board, &widths.samples(scene.lang));
    let mut texts = panel.texts;
    texts.extend(square_names(board, side));
    let mut drawing = Drawing {
        scene,
        width: panel.width,
        height: panel.height,
        board,
        side,
        pieces,
        arrows,
        labels,
        labels_left_out,
        texts,
        samples: panel.samples,
        quality: Quality::default(),
    };
    drawing.quality = Quality::of(&drawing);
    drawing
}

/// The squares on a side: at least half of them stay free for arrows.
fn side_for(players: usize) -> usize {
    let mut side = 8;
    while side * side < 2 * players {
        side += 1;
    }
    side
}

/// The arrows between each two players, by the lower place first.
fn pairs(scene: &Scene) -> BTreeMap<[usize; 2], Vec<usize>> {
    let mut pairs: BTreeMap<[usize; 2], Vec<usize>> = BTreeMap::new();
    for (number, arrow) in scene.arrows.iter().enumerate() {
        let ends = [arrow.from.min(arrow.to), arrow.from.max(arrow.to)];
        pairs.entry(ends).or_default().push(number);
    }
    pairs
}

fn tie(scene: &Scene, ends: [usize; 2], arrows: &[usize]) -> Tie {
    let leads = arrows.iter().any(|arrow| scene.arrows[*arrow].leads);
    let edges: usize = arrows
        .iter()
        .map(|arrow| scene.arrows[*arrow].edges.len())
        .sum();
    Tie {
        ends,
        count: arrows.len(),
        weight: 0.5 + 0.25 * (edges as f64).sqrt() + if leads { 1.5 } else { 0.0 },
        leads,
    }
}

fn piece(name: &str, piece: Piece, square: usize, side: usize, board: Rect) -> PlacedPiece {
    let (column, row) = (square % side, square / side);
    let corner = point(
        board.x + column as f64 * SQUARE,
        board.y + row as f64 * SQUARE,
    );
    let size = match piece {
        Piece::King | Piece::Queen => 62.0,
        Piece::Rook | Piece::Bishop | Piece::Knight => 56.0,
        Piece::Pawn | Piece::Pawns => 50.0,
    };
    let lines = wrap(name, NAME, SQUARE - 6.0, 2);
    let line_height = NAME * 1.12;
    let name_height = line_height * lines.len() as f64;
    let middle = corner.x + SQUARE / 2.0;
    let top = corner.y + (SQUARE - size - 3.0 - name_height) / 2.0;
    let name_width = lines
        .iter()
        .map(|line| width(line, NAME))
        .fold(0.0, f64::max);
    PlacedPiece {
        square: format!("{}{}", column_name(column), side - row),
        glyph: Rect {
            x: middle - size / 2.0,
            y: top,
            width: size,
            height: size,
        },
        name: Rect {
            x: middle - name_width / 2.0,
            y: top + size + 3.0,
            width: name_width,
            height: name_height,
        },
        lines,
        size: NAME,
    }
}

/// a to z, then aa and so on.
fn column_name(column: usize) -> String {
    let letter = char::from(b'a' + (column % 26) as u8);
    match column / 26 {
        0 => letter.to_string(),
        round => format!("{}{letter}", column_name(round - 1)),
    }
}

fn square_names(board: Rect, side: usize) -> Vec<PlacedText> {
    let mut names = Vec::new();
    let mut name = |at: Point, text: String| {
        names.push(PlacedText {
            at,
            role: Role::Square,
            size: 10.0,
            text,
            url: None,
        });
    };
    for place in 0..side {
        let middle = (place as f64 + 0.5) * SQUARE;
        let below = board.y + board.height + 14.0;
        name(point(board.x + middle, below), column_name(place));
        let left = board.x - 11.0;
        name(
            point(left, board.y + middle + 3.5),
            (side - place).to_string(),
        );
    }
    names
}

/// How thick arrows are: by the money, where it is in the currency that most arrows are in.
struct Widths {
    unit: Option<Unit>,
    least: f64,
    most: f64,
}

impl Widths {
    fn of(scene: &Scene) -> Self {
        let mut counts: BTreeMap<Unit, usize> = BTreeMap::new();
        for arrow in &scene.arrows {
            if let Some(quantity) = money(arrow) {
                *counts.entry(quantity.unit).or_default() += 1;
            }
        }
        let unit = counts
            .iter()
            .max_by_key(|(_, count)| **count)
            .map(|(unit, _)| *unit);
        let amounts = || {
            scene
                .arrows
                .iter()
                .filter_map(|arrow| magnitude(arrow, unit))
        };
        Self {
            unit,
            least: amounts().fold(f64::INFINITY, f64::min),
            most: amounts().fold(0.0, f64::max),
        }
    }

    fn arrow(&self, arrow: &Arrow) -> f64 {
        match magnitude(arrow, self.unit) {
            Some(amount) => thickness(amount),
            None if arrow.family == Family::Influence => 1.1,
            None => 1.6,
        }
    }

    /// Two samples for the legend: round amounts near the least and the most.
    fn samples(&self, lang: Lang) -> Vec<(f64, String)> {
        let Some(unit) = self.unit else {
            return Vec::new();
        };
        let round = |amount: f64| libm::pow(10.0, libm::floor(libm::log10(amount)));
        let mut amounts = vec![round(self.least), round(self.most)];
        amounts.dedup();
        amounts
            .into_iter()
            .map(|amount| {
                (
                    thickness(amount),
                    Quantity::exact(amount, unit).display(lang),
                )
            })
            .collect()
    }
}

fn money(arrow: &Arrow) -> Option<&Quantity> {
    let is_money = |quantity: &&Quantity| quantity.unit.measure() == Measure::Amount;
    arrow
        .values
        .iter()
        .map(|value| &value.quantity)
        .find(is_money)
}

fn magnitude(arrow: &Arrow, unit: Option<Unit>) -> Option<f64> {
    let quantity = money(arrow).filter(|quantity| Some(quantity.unit) == unit)?;
    quantity
        .upper
        .or(quantity.lower)
        .filter(|amount| *amount > 0.0)
}

/// One and a quarter units more for ten times the amount, from ten million on.
fn thickness(amount: f64) -> f64 {
    (1.3 + 1.15 * (libm::log10(amount) - 8.0)).clamp(1.3, 7.0)
}

fn arrows(
    scene: &Scene,
    pairs: &BTreeMap<[usize; 2], Vec<usize>>,
    pieces: &[PlacedPiece],
    widths: &Widths,
) -> Vec<PlacedArrow> {
    let bundles: Vec<Bundle> = pairs
        .iter()
        .map(|(ends, arrows)| Bundle {
            ends: *ends,
            from: pieces[ends[0]].glyph.centre().plus(0.0, 6.0),
            to: pieces[ends[1]].glyph.centre().plus(0.0, 6.0),
            gaps: vec![20.0; arrows.len() - 1],
        })
        .collect();
    let bodies: Vec<(usize, Rect)> = pieces
        .iter()
        .enumerate()
        .flat_map(|(player, piece)| [(player, piece.glyph), (player, piece.name)])
        .collect();
    let bows = bows(&bundles, &bodies);
    let mut placed = vec![None; scene.arrows.len()];
    for ((bundle, bow), arrows) in bundles.iter().zip(bows).zip(pairs.values()) {
        let half = bundle.gaps.iter().sum::<f64>() / 2.0;
        for (number, arrow) in arrows.iter().enumerate() {
            let offset = bundle.gaps[..number].iter().sum::<f64>() - half;
            let body = |player: usize| [pieces[player].glyph.grown(-6.0), pieces[player].name];
            let mut curve = bundle.curve(bow, offset);
            let [low, high] = bundle.ends;
            let cut = trimmed(&curve, &body(low), &body(high), 4.0);
            curve = cut.unwrap_or(curve.part(0.3, 0.7));
            if scene.arrows[*arrow].from == high {
                curve.points.reverse();
            }
            placed[*arrow] = Some(PlacedArrow {
                curves: vec![curve],
                width: widths.arrow(&scene.arrows[*arrow]),
            });
        }
    }
    // Every arrow is in one of the pairs.
    placed.into_iter().flatten().collect()
}

fn put_labels(
    scene: &Scene,
    arrows: &[PlacedArrow],
    pieces: &[PlacedPiece],
    board: Rect,
) -> (Vec<PlacedLabel>, usize) {
    let lines: Vec<_> = arrows.iter().map(line).collect();
    let is_crowded = scene.players.len() > ALL_LABELLED;
    let mut wanted: Vec<(usize, String, String)> = Vec::new();
    for (number, arrow) in scene.arrows.iter().enumerate() {
        let text = clean(&arrow.label(scene.lang), 40);
        if text.is_empty() || (is_crowded && arrow.main_value().is_none()) {
            continue;
        }
        wanted.push((number, text, notes(arrow.label_sources())));
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
    let boxes: Vec<Wanted> = wanted
        .iter()
        .map(|(arrow, text, notes)| Wanted {
            line: *arrow,
            width: width(text, LABEL) + notes_width(notes, LABEL) + 5.0,
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
    let mut labels = Vec::new();
    for ((arrow, text, notes), found) in wanted.into_iter().zip(labels::place(&boxes, &surface)) {
        if let Some(found) = found {
            labels.push(PlacedLabel {
                arrow,
                rect: found.rect,
                text,
                notes,
                size: LABEL,
                leader: found.leader,
            });
        }
    }
    let left_out = scene.arrows.len() - labels.len();
    labels.sort_by_key(|label| label.arrow);
    (labels, left_out)
}

/// Numbers of sources as people write them: `1–3,7`.
fn notes(numbers: &[usize]) -> String {
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

/// The size of raised numbers beside a label of a size.
pub fn note_size(size: f64) -> f64 {
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

    #[test]
    fn columns_have_names() {
        assert_eq!(
            ["a", "z", "aa", "ba"].map(str::to_owned),
            [0, 25, 26, 52].map(column_name)
        );
    }
}
