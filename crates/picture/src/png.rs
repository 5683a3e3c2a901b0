//! PNG, drawn from the SVG with the fonts of the system.

use crate::error::PictureError;
use crate::fonts::{Rendered, set};
use crate::layout::Drawing;
use crate::theme::Theme;
use resvg::tiny_skia::{Pixmap, Transform};

/// The most pixels on a side.
const SIDE_MAX: f32 = 20_000.0;

/// Draws a drawing in pixels, `scale` of them for each unit of its sheet.
///
/// # Errors
/// The scale is not a positive number or gives more than 20,000 pixels on a side, or the system has no font.
pub fn png(drawing: &Drawing, theme: Theme, scale: f32) -> Result<Rendered, PictureError> {
    if !(scale.is_finite() && scale > 0.0) {
        return Err(PictureError::Scale { scale, width: 0.0 });
    }
    let (tree, missing) = set(drawing, theme)?;
    let size = tree.size();
    let factor = drawing.width as f32 * scale / size.width();
    let (pixels_x, pixels_y) = (size.width() * factor, size.height() * factor);
    if pixels_x.max(pixels_y) > SIDE_MAX {
        return Err(PictureError::Scale {
            scale,
            width: pixels_x.max(pixels_y),
        });
    }
    let mut pixels =
        Pixmap::new(pixels_x.ceil() as u32, pixels_y.ceil() as u32).ok_or(PictureError::Scale {
            scale,
            width: pixels_x,
        })?;
    let transform = Transform::from_scale(factor, factor);
    resvg::render(&tree, transform, &mut pixels.as_mut());
    let bytes = pixels
        .encode_png()
        .map_err(|error| PictureError::Rendering(error.to_string()))?;
    Ok(Rendered { bytes, missing })
}
