//! PNG, drawn from the SVG with the fonts of the system.

use crate::error::PictureError;
use crate::layout::Drawing;
use crate::svg::svg;
use crate::theme::Theme;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::fontdb::{Database, Family, ID, Query};
use resvg::usvg::{FontResolver, Options, Tree};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use unicode_width::UnicodeWidthChar;

/// The most pixels on a side.
const SIDE_MAX: f32 = 20_000.0;

/// Fonts without serifs for wide characters; the default fallback might choose one with serifs.
const WIDE: [&str; 7] = [
    "PingFang SC",
    "Microsoft YaHei",
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
];

/// A picture in pixels.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Png {
    /// The bytes of the file.
    pub bytes: Vec<u8>,
    /// The characters that no font of the system has; they are drawn as boxes, or not at all.
    pub missing: BTreeSet<char>,
}

/// Draws a drawing in pixels, `scale` of them for each unit of its sheet.
///
/// # Errors
/// The scale is not a positive number or gives more than 20,000 pixels on a side, or the system has no font.
pub fn png(drawing: &Drawing, theme: Theme, scale: f32) -> Result<Png, PictureError> {
    if !(scale.is_finite() && scale > 0.0) {
        return Err(PictureError::Scale { scale, width: 0.0 });
    }
    let missing = Arc::new(Mutex::new(BTreeSet::new()));
    let usual = FontResolver::default_fallback_selector();
    let seen = Arc::clone(&missing);
    let mut options = Options {
        font_family: "sans-serif".to_owned(),
        font_resolver: FontResolver {
            select_font: FontResolver::default_font_selector(),
            select_fallback: Box::new(move |character, tried, fonts| {
                let preferred = preferred(character, tried, fonts);
                let found = preferred.or_else(|| usual(character, tried, fonts));
                if found.is_none()
                    && let Ok(mut seen) = seen.lock()
                {
                    seen.insert(character);
                }
                found
            }),
        },
        ..Options::default()
    };
    options.fontdb_mut().load_system_fonts();
    if options.fontdb.is_empty() {
        return Err(PictureError::NoFonts);
    }
    name_generic_families(options.fontdb_mut());
    let tree = Tree::from_str(&svg(drawing, theme), &options)
        .map_err(|error| PictureError::Png(error.to_string()))?;
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
        .map_err(|error| PictureError::Png(error.to_string()))?;
    drop(options);
    let missing = missing.lock().map(|seen| seen.clone()).unwrap_or_default();
    Ok(Png { bytes, missing })
}

/// Gives the generic families fonts that the system has.
///
/// The database takes them for Arial and Times New Roman; where these are missing too, all text would be left out.
fn name_generic_families(fonts: &mut Database) {
    let has = |fonts: &Database, family: Family<'_>| {
        let query = Query {
            families: &[family],
            ..Query::default()
        };
        fonts.query(&query).is_some()
    };
    let found = |fonts: &Database, usual: &[&str]| {
        let usual = usual.iter().find(|name| has(fonts, Family::Name(name)));
        // The order of the faces is that of the file system, which differs.
        let names = fonts
            .faces()
            .filter_map(|face| Some((face.monospaced, face.families.first()?.0.as_str())));
        let any = || names.min().map(|(_, name)| name);
        usual.copied().or_else(any).map(str::to_owned)
    };
    if !has(fonts, Family::SansSerif)
        && let Some(name) = found(fonts, &["DejaVu Sans", "Noto Sans"])
    {
        fonts.set_sans_serif_family(name);
    }
    if !has(fonts, Family::Serif)
        && let Some(name) = found(fonts, &["DejaVu Serif", "Noto Serif"])
    {
        fonts.set_serif_family(name);
    }
}

/// Returns a font for a wide character, as bold as the one that lacks it.
fn preferred(character: char, tried: &[ID], fonts: &Database) -> Option<ID> {
    if character.width() != Some(2) {
        return None;
    }
    let lacking = tried.first().and_then(|id| fonts.face(*id))?;
    let has_serifs =
        |name: &str| name.contains("Serif") || name == "Georgia" || name.starts_with("Times");
    if lacking.families.iter().any(|(name, _)| has_serifs(name)) {
        return None;
    }
    let found = fonts.query(&Query {
        families: &WIDE.map(Family::Name),
        weight: lacking.weight,
        ..Query::default()
    })?;
    (!tried.contains(&found)).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_written_with_whatever_font_there_is() {
        let mut system = Database::new();
        system.load_system_fonts();
        // Without any font there is nothing to test.
        for face in system.faces().take(40) {
            let mut fonts = Database::new();
            fonts.push_face_info(face.clone());
            name_generic_families(&mut fonts);
            for family in [Family::SansSerif, Family::Serif] {
                let query = Query {
                    families: &[family],
                    ..Query::default()
                };
                assert!(fonts.query(&query).is_some(), "{:?}", face.families);
            }
        }
    }
}
