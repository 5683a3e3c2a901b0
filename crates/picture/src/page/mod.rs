//! HTML: one file to explore the picture with, from disk and without a network.
//!
//! The page holds the picture in both languages, the claims under it, and the state of each edge on each day. It loads
//! nothing: its policy allows only the scripts and styles that are in it, each by its hash.

mod data;

use crate::layout::Drawing;
use crate::page::data::Script;
use crate::svg;
use crate::theme::{Colours, Theme};
use crate::words::Lang;
use sha2::{Digest, Sha256};

pub use crate::page::data::{
    Bilingual, DayStep, EdgeState, PageClaim, PageData, PageDocument, PageEdge, PagePlayer,
};

/// The library that pans and zooms; its licence is part of every page.
const PANZOOM: &str = include_str!("vendor/panzoom-4.6.2.min.js");
const PANZOOM_LICENCE: &str = include_str!("vendor/panzoom-LICENSE.txt");
const SCRIPT: &str = include_str!("page.js");
const STYLE: &str = include_str!("page.css");
const PAGE: &str = include_str!("page.html");

/// The colours of the picture as variables of the style, so that a click changes the theme.
const COLOURS: Colours = Colours {
    paper: "var(--paper)",
    square_light: "var(--square-light)",
    square_dark: "var(--square-dark)",
    rule: "var(--rule)",
    ink: "var(--ink)",
    muted: "var(--muted)",
    group: "var(--group)",
    glow: "var(--glow)",
    loops: [
        "var(--loop-1)",
        "var(--loop-2)",
        "var(--loop-3)",
        "var(--loop-4)",
        "var(--loop-5)",
        "var(--loop-6)",
    ],
    families: ["var(--investment)", "var(--supply)", "var(--influence)"],
};

/// Writes an HTML page to explore a picture.
///
/// The drawings show the same players and arrows in English and in Chinese, at the same places: lay one scene out with
/// [room](crate::Scene::with_room_for) for the names of the other, and [reword](Drawing::reworded) it. They should show
/// every edge of every day, so that nothing moves when the day changes: the page hides those that are not there on its
/// day. `lang` is the language that the page opens in. Without a theme it opens in that of the reader's system, or else
/// light.
///
/// ```
/// use powermap_picture::{Drawing, Lang, PageData, Player, PlayerType, Scene, page};
///
/// let scenes = [("The Mill", Lang::En), ("磨坊", Lang::Zh)].map(|(name, lang)| {
///     let mut scene = Scene::new(name, lang);
///     scene.add_player(Player::new("mill", name, PlayerType::Company));
///     scene
/// });
/// let [english, chinese] = scenes;
/// let drawing = Drawing::chess(english.clone().with_room_for(&chinese));
/// let drawings = [drawing.reworded(english), drawing.reworded(chinese)];
/// let text = page(&drawings, &PageData::default(), Lang::Zh, None);
/// assert!(text.starts_with("<!DOCTYPE html>") && text.contains("<title>磨坊</title>"));
/// ```
pub fn page(drawings: &[Drawing; 2], data: &PageData, lang: Lang, theme: Option<Theme>) -> String {
    let script = Script::new(drawings, data, lang, theme);
    let pictures: String = drawings
        .iter()
        .map(|drawing| svg::write_part(drawing, COLOURS))
        .collect();
    let style = format!("{}{STYLE}", colours());
    let vendor = format!("/*\n{PANZOOM_LICENCE}*/\n{PANZOOM}");
    let policy = format!(
        "default-src 'none'; script-src '{}' '{}'; style-src '{}'; base-uri 'none'; form-action 'none'",
        hash(&vendor),
        hash(SCRIPT),
        hash(&style)
    );
    let [english, chinese] = drawings;
    let title = match lang {
        Lang::En => &english.scene.title,
        Lang::Zh => &chinese.scene.title,
    };
    fill(
        PAGE,
        &[
            ("lang", lang.tag()),
            ("policy", &policy),
            ("title", &escaped(title)),
            ("style", &style),
            ("pictures", &pictures),
            ("data", &script.to_json()),
            ("vendor", &vendor),
            ("script", SCRIPT),
        ],
    )
}

/// Puts text into the places `{{name}}`; what is put in is not searched again.
fn fill(template: &str, parts: &[(&str, &str)]) -> String {
    let mut page = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        page.push_str(before);
        let (name, after) = after.split_once("}}").unwrap_or((after, ""));
        let part = parts.iter().find(|(known, _)| *known == name);
        page.push_str(part.map_or("", |(_, text)| text));
        rest = after;
    }
    page.push_str(rest);
    page
}

/// Returns the colours of both themes as variables of the style.
fn colours() -> String {
    let block = |theme: Theme| {
        let own = theme.colours();
        let pairs = [
            (COLOURS.paper, own.paper),
            (COLOURS.square_light, own.square_light),
            (COLOURS.square_dark, own.square_dark),
            (COLOURS.rule, own.rule),
            (COLOURS.ink, own.ink),
            (COLOURS.muted, own.muted),
            (COLOURS.group, own.group),
            (COLOURS.glow, own.glow),
            (COLOURS.families[0], own.families[0]),
            (COLOURS.families[1], own.families[1]),
            (COLOURS.families[2], own.families[2]),
        ];
        let line = |(name, colour): (&str, &str)| {
            let name = name.trim_start_matches("var(").trim_end_matches(')');
            format!("{name}:{colour};")
        };
        let loops = COLOURS.loops.into_iter().zip(own.loops);
        pairs.into_iter().chain(loops).map(line).collect::<String>()
    };
    let (light, dark) = (block(Theme::Light), block(Theme::Dark));
    format!(
        ":root{{color-scheme:light;{light}}}\n\
         :root[data-theme=dark]{{color-scheme:dark;{dark}}}\n\
         @media print{{:root[data-theme=dark]{{color-scheme:light;{light}}}}}\n"
    )
}

/// Returns the hash of a script or style as a policy names it.
fn hash(text: &str) -> String {
    format!("sha256-{}", base64(&Sha256::digest(text.as_bytes())))
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let byte = |at: usize| u32::from(three.get(at).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for place in 0..4 {
            if place > three.len() {
                text.push('=');
            } else {
                let letter = bits >> (18 - 6 * place) & 63;
                text.push(char::from(LETTERS[letter as usize]));
            }
        }
    }
    text
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_of_the_policy() {
        for (bytes, text) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v")] {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
        assert_eq!(
            hash(""),
            "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
        );
    }

    #[test]
    fn what_is_put_in_is_not_looked_through() {
        let parts = [("a", "{{b}}"), ("b", "no")];
        assert_eq!(fill("<{{a}}|{{none}}>", &parts), "<{{b}}|>");
    }
}
