//! An SVG with its text set in the fonts of the system, for PNG and PDF.

use crate::error::PictureError;
use crate::layout::Drawing;
use crate::svg::svg;
use crate::theme::Theme;
use resvg::usvg::fontdb::{Database, Family, ID, Query};
use resvg::usvg::{FontResolver, Options, Tree};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use unicode_width::UnicodeWidthChar;

/// Fonts without serifs for wide characters, and fonts with them; the default fallback might choose the other kind, or a face
/// with the forms of Japanese.
const WIDE: [&str; 7] = [
    "PingFang SC",
    "Microsoft YaHei",
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
];

const WIDE_SERIF: [&str; 6] = [
    "Songti SC",
    "SimSun",
    "Noto Serif CJK SC",
    "Noto Serif SC",
    "Source Han Serif SC",
    "AR PL UMing CN",
];

/// A picture as the bytes of a file, with the fonts of the system.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Rendered {
    /// The bytes of the file.
    pub bytes: Vec<u8>,
    /// The characters that no font of the system has; they are drawn as boxes, or not at all.
    pub missing: BTreeSet<char>,
}

/// Returns the tree of the SVG of a drawing, its text set, and the characters that no font of the system has.
pub(crate) fn set(drawing: &Drawing, theme: Theme) -> Result<(Tree, BTreeSet<char>), PictureError> {
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
        .map_err(|error| PictureError::Rendering(error.to_string()))?;
    drop(options);
    let missing = missing.lock().map(|seen| seen.clone()).unwrap_or_default();
    Ok((tree, missing))
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
    let query = |families: &[Family<'_>]| {
        let found = fonts.query(&Query {
            families,
            weight: lacking.weight,
            ..Query::default()
        });
        found.filter(|found| !tried.contains(found))
    };
    match lacking.families.iter().any(|(name, _)| has_serifs(name)) {
        true => query(&WIDE_SERIF.map(Family::Name)),
        false => None,
    }
    .or_else(|| query(&WIDE.map(Family::Name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A database with faces of these names, which have no file behind them.
    fn faces(names: &[&str]) -> Database {
        let mut system = Database::new();
        system.load_system_fonts();
        let mut fonts = Database::new();
        for name in names {
            let Some(mut face) = system.faces().next().cloned() else {
                continue;
            };
            face.families = vec![((*name).to_owned(), face.families[0].1)];
            fonts.push_face_info(face);
        }
        fonts
    }

    #[test]
    fn wide_characters_have_the_forms_of_chinese() {
        let names = [
            "Liberation Serif",
            "Noto Serif CJK JP",
            "Noto Serif CJK SC",
            "Liberation Sans",
            "Noto Sans CJK JP",
            "Noto Sans CJK SC",
        ];
        let fonts = faces(&names);
        let ids: Vec<ID> = fonts.faces().map(|face| face.id).collect();
        // Without any font there is nothing to test.
        if ids.len() == names.len() {
            assert_eq!(preferred('关', &ids[..1], &fonts), Some(ids[2]));
            assert_eq!(preferred('关', &ids[3..4], &fonts), Some(ids[5]));
            assert_eq!(preferred('k', &ids[..1], &fonts), None);
        }
    }

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
