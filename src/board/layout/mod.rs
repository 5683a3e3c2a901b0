//! From a scene to a drawing: where everything stands on the sheet.

pub(crate) mod captions;
pub mod chess;
mod compose;
mod fans;
pub mod geometry;
pub mod graphviz;
mod labels;
pub mod layered;
mod pieces;
pub mod quality;
mod random;
mod routes;
pub(crate) mod sheet;
mod squares;
mod widths;

use crate::board::layout::geometry::{Cubic, Point, Rect};
use crate::board::layout::quality::Quality;
use crate::board::scene::Scene;
use serde::Serialize;

/// A scene with a place for everything; units are those of the sheet, y points down.
///
/// The sheet has the shape of A4 and A3 on their side, so that it prints without a change of scale.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Drawing {
    /// What is drawn.
    pub scene: Scene,
    /// How wide the sheet is.
    pub width: f64,
    /// How high it is.
    pub height: f64,
    /// The board.
    pub board: Rect,
    /// How many squares a side of it has; 0 where there are none.
    pub side: usize,
    /// The players, in the order of the scene.
    pub pieces: Vec<PlacedPiece>,
    /// The arrows, in the order of the scene.
    pub arrows: Vec<PlacedArrow>,
    /// What stands at the arrows.
    pub labels: Vec<PlacedLabel>,
    /// How many arrows have no label because there is no room for it.
    pub labels_left_out: usize,
    /// All other text.
    pub texts: Vec<PlacedText>,
    /// The samples of the legend.
    pub samples: Vec<Sample>,
    /// How well it can be read.
    pub quality: Quality,
}

impl Drawing {
    /// The same drawing in the words of a scene of the same players and arrows, such as one in another language: pieces
    /// and arrows stay where they are, labels and legend are set anew.
    pub fn reworded(&self, scene: Scene) -> Self {
        let names = self.pieces.iter().zip(&scene.players);
        let pieces = names.map(|(piece, player)| pieces::renamed(piece, &player.name));
        let pieces = pieces.collect();
        let mut drawing = compose::compose(scene, self.board, pieces, self.arrows.clone());
        drawing.side = self.side;
        let squares = self.texts.iter().filter(|text| text.role == Role::Square);
        drawing.texts.extend(squares.cloned());
        drawing
    }
}

/// A piece on the sheet.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlacedPiece {
    /// The name of its square, such as e4; nothing where there are no squares.
    pub square: String,
    /// The box of the piece itself.
    pub glyph: Rect,
    /// The box of its name.
    pub name: Rect,
    /// The lines of its name.
    pub lines: Vec<String>,
    /// The size of the letters.
    pub size: f64,
    /// How wide its name may be.
    pub width_max: f64,
}

/// An arrow on the sheet.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlacedArrow {
    /// The curves from end to end; each starts where the one before ends.
    pub curves: Vec<Cubic>,
    /// How thick it is.
    pub width: f64,
}

/// What stands at an arrow.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlacedLabel {
    /// The arrow, as a place in the scene.
    pub arrow: usize,
    /// Its box.
    pub rect: Rect,
    /// The words.
    pub text: String,
    /// The numbers of the sources, small and raised.
    pub notes: String,
    /// The size of the letters.
    pub size: f64,
    /// The point of the arrow that a thin line leads to, where the label does not stand on it.
    pub leader: Option<Point>,
}

/// A line of text.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlacedText {
    /// The left end of its base line; the middle for square names.
    pub at: Point,
    /// How it looks.
    pub role: Role,
    /// The size of the letters.
    pub size: f64,
    /// The words.
    pub text: String,
    /// Where a click leads.
    pub url: Option<String>,
}

/// How a line of text looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The title.
    Title,
    /// The stamp under the title.
    Stamp,
    /// A heading.
    Heading,
    /// A word of the legend.
    Legend,
    /// A footnote.
    Footnote,
    /// The name of a row or a column of squares.
    Square,
}

/// A sample of the legend.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Sample {
    /// Its box.
    pub rect: Rect,
    /// What it shows.
    pub what: SampleKind,
}

/// What a sample of the legend shows.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SampleKind {
    /// An arrow of a family.
    Family(crate::model::name::Family),
    /// A line of a firmness.
    Firmness(crate::board::scene::Firmness),
    /// A line this thick.
    Width(f64),
    /// A piece, in the look of a kind of player.
    Piece(crate::board::scene::Piece, crate::model::name::PlayerType),
    /// The glow of a loop.
    Loop,
    /// A mark of change.
    Change(crate::board::scene::Change),
}
