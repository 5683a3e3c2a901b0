#![doc = include_str!("../README.md")]
// Not in the manifest: tests, benches and examples may do both.
#![warn(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

mod amount;
mod attributes;
mod dot;
mod error;
#[cfg(any(feature = "pdf", feature = "png"))]
mod fonts;
mod gexf;
mod glyph;
mod graphml;
mod json;
mod layout;
mod mermaid;
mod names;
mod page;
#[cfg(feature = "pdf")]
mod pdf;
#[cfg(feature = "png")]
mod png;
mod scene;
mod svg;
mod text;
mod theme;
mod words;
mod xml;

pub use dot::dot;
pub use error::PictureError;
#[cfg(any(feature = "pdf", feature = "png"))]
pub use fonts::Rendered;
pub use gexf::gexf;
pub use graphml::graphml;
pub use json::json;
pub use layout::geometry::{Cubic, Point, Rect};
pub use layout::graphviz::has_graphviz;
pub use layout::quality::Quality;
pub use layout::{
    Drawing, PlacedArrow, PlacedLabel, PlacedPiece, PlacedText, Role, Sample, SampleKind,
};
pub use mermaid::mermaid;
pub use page::{
    Bilingual, DayStep, EdgeState, PageClaim, PageConflict, PageData, PageDependence, PageDocument,
    PageEdge, PageFigure, PageFigures, PageHeadline, PageLoop, PageNearLoop, PagePlayer,
    PageQuantity, PageStatus, PageUnit, PageWay, page,
};
#[cfg(feature = "pdf")]
pub use pdf::pdf;
#[cfg(feature = "png")]
pub use png::png;
pub use scene::{
    Amount, Arrow, ArrowValue, Change, Family, Firmness, LeftOut, Piece, Player, PlayerType,
    Ranking, Scene, SceneLoop, Sheet, Source, Stamp, WidthSample,
};
pub use svg::svg;
pub use text::clean_text;
pub use theme::Theme;
pub use words::Lang;
