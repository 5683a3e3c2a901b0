//! From a scene to a drawing: where everything stands on the sheet.

pub(crate) mod captions;
mod chess;
mod circle;
mod compose;
mod fans;
mod flow;
pub(crate) mod geometry;
pub(crate) mod graphviz;
mod labels;
mod layered;
mod pieces;
pub(crate) mod quality;
mod random;
mod routes;
mod sheet;
mod squares;
pub(crate) mod stamp;
mod widths;

use crate::layout::geometry::{Cubic, Point, Rect};
use crate::layout::quality::Quality;
use crate::scene::{Change, Family, Firmness, Piece, PlayerType, Scene};
use serde::Serialize;

/// The number of steps that a curve is measured in.
const STEPS: usize = 16;

/// A scene with a place for everything, in units of the sheet; y points down.
///
/// The sheet has the shape that the scene asks for.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Drawing {
    /// The scene that is drawn.
    pub scene: Scene,
    /// The width of the sheet.
    pub width: f64,
    /// The height of the sheet.
    pub height: f64,
    /// The box of the board.
    pub board: Rect,
    /// The numbers of columns and rows of squares; 0 for layouts without squares.
    pub squares: [usize; 2],
    /// The players, in the order of the scene.
    pub pieces: Vec<PlacedPiece>,
    /// The arrows, in the order of the scene.
    pub arrows: Vec<PlacedArrow>,
    /// The labels of the arrows.
    pub labels: Vec<PlacedLabel>,
    /// The number of arrows whose label found no room.
    pub labels_left_out: usize,
    /// All other text.
    pub texts: Vec<PlacedText>,
    /// The samples of the legend.
    pub samples: Vec<Sample>,
    /// How well it can be read.
    pub quality: Quality,
}

impl Drawing {
    /// Returns the drawing in the words of another scene of the same players and arrows, such as one in another language.
    ///
    /// Pieces and arrows stay where they are; labels and legend are set anew. A scene that lacks a player or an arrow of
    /// this one, or has one more, is laid out anew as pieces on a chess board.
    #[must_use]
    pub fn reworded(&self, scene: Scene) -> Self {
        let ends = |scene: &Scene| -> Vec<_> {
            let ends = scene.arrows.iter().map(|arrow| (arrow.from, arrow.to));
            ends.collect()
        };
        if scene.players.len() != self.pieces.len() || ends(&scene) != ends(&self.scene) {
            return Self::chess(scene);
        }
        let names = self.pieces.iter().zip(&scene.players);
        let pieces = names.map(|(piece, player)| pieces::renamed(piece, &player.name));
        let pieces = pieces.collect();
        let panel = sheet::set(&scene, sheet::Board::Kept(self.board, self.squares[0]));
        compose::compose(
            scene,
            self.board,
            pieces,
            self.arrows.clone(),
            self.squares,
            panel,
        )
    }
}

/// A piece on the sheet.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
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
    /// Whether it stands aside from what the picture is about, and is drawn in grey.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_aside: bool,
}

/// An arrow on the sheet.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PlacedArrow {
    /// The curves from end to end; each starts where the one before ends.
    pub curves: Vec<Cubic>,
    /// How thick it is.
    pub width: f64,
}

impl PlacedArrow {
    /// Returns points along the arrow, both ends among them.
    pub fn line(&self) -> Vec<Point> {
        let mut line: Vec<Point> = Vec::new();
        for curve in &self.curves {
            line.extend(
                curve
                    .flattened(STEPS)
                    .into_iter()
                    .skip(usize::from(!line.is_empty())),
            );
        }
        line
    }
}

/// The label of an arrow.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PlacedLabel {
    /// The arrow, as a place in the scene.
    pub arrow: usize,
    /// Its box.
    pub rect: Rect,
    /// The words.
    pub text: String,
    /// The loops that the arrow is a step of, as places in [`Scene::loops`]; their numbers stand before the words.
    pub loops: Vec<usize>,
    /// The numbers of the sources, small and raised.
    pub notes: String,
    /// The size of the letters.
    pub size: f64,
    /// The point of the arrow that a thin line leads to, where the label does not stand on it.
    pub leader: Option<Point>,
}

/// A line of text.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PlacedText {
    /// The left end of its base line; the middle for square names.
    pub at: Point,
    /// How it looks.
    pub role: Role,
    /// The size of the letters.
    pub size: f64,
    /// The words.
    pub text: String,
    /// The address of its link.
    pub url: Option<String>,
}

/// What a line of text is, which decides how it looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Role {
    /// The title, small above the finding.
    Kicker,
    /// The finding, or else the title.
    Title,
    /// The sentences under the headline.
    Standfirst,
    /// The way of a loop in words.
    Loop,
    /// The note on what is left out.
    Note,
    /// The stamp under the title.
    Stamp,
    /// A heading.
    Heading,
    /// A text of the legend.
    Legend,
    /// A footnote.
    Footnote,
    /// The name of a row or a column of squares.
    Square,
}

/// A sample of the legend.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Sample {
    /// The box of the sample.
    pub rect: Rect,
    /// What it shows.
    pub what: SampleKind,
}

/// What a sample of the legend shows.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum SampleKind {
    /// An arrow of a family, as firm as most of them are.
    Family(Family, Firmness),
    /// A line of a firmness.
    Firmness(Firmness),
    /// A line this thick.
    Width(f64),
    /// A piece, filled as for a type of player.
    Piece(Piece, PlayerType),
    /// The number of a loop in its colour, as a place in [`Scene::loops`].
    Loop(usize),
    /// A mark of change.
    Change(Change),
}
