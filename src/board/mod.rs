//! Floor 6: the picture of the board.
//!
//! Three phases, each a type: a [`scene::Scene`] says what is to be drawn, a [`layout::Drawing`] says where, and the
//! writers turn a drawing into text or pixels. Writers compute no layout, so that every format shows the same picture.

mod attributes;
pub mod choice;
pub mod dot;
pub mod error;
pub mod gather;
pub mod gexf;
mod glyph;
pub mod graphml;
pub mod html;
pub mod json;
pub mod layout;
mod loops;
mod merge;
pub mod mermaid;
#[cfg(feature = "png")]
pub mod png;
pub mod scene;
mod sources;
pub mod strength;
pub mod svg;
pub mod text;
pub mod theme;
mod xml;
