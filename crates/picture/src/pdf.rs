//! PDF, drawn from the SVG with the fonts of the system: lines stay lines and text stays text.

use crate::error::PictureError;
use crate::fonts::{Rendered, set};
use crate::layout::Drawing;
use crate::theme::Theme;
use krilla::Document;
use krilla::geom::Size;
use krilla::page::PageSettings;
use krilla_svg::{SurfaceExt, SvgSettings};

/// Points of a PDF in a pixel of an SVG: 72 and 96 to the inch.
const POINTS: f32 = 72.0 / 96.0;

/// Draws a drawing on one page of its size, with the fonts embedded. The same drawing gives the same bytes on the same fonts.
///
/// # Errors
/// The system has no font, or the drawing has no area.
pub fn pdf(drawing: &Drawing, theme: Theme) -> Result<Rendered, PictureError> {
    let (tree, missing) = set(drawing, theme)?;
    let wrong = |what: &str| PictureError::Rendering(what.to_owned());
    let (width, height) = (tree.size().width() * POINTS, tree.size().height() * POINTS);
    let settings = PageSettings::from_wh(width, height).ok_or_else(|| wrong("it has no area"))?;
    let size = Size::from_wh(width, height).ok_or_else(|| wrong("it has no area"))?;
    let mut document = Document::new();
    let mut page = document.start_page_with(settings);
    let mut surface = page.surface();
    surface
        .draw_svg(&tree, size, SvgSettings::default())
        .ok_or_else(|| wrong("a part of it cannot be written"))?;
    surface.finish();
    page.finish();
    let bytes = document
        .finish()
        .map_err(|error| wrong(&format!("{error:?}")))?;
    Ok(Rendered { bytes, missing })
}
