//! HTML: one file to explore the board with, from disk and without a network.
//!
//! The page holds the picture in both languages, the claims under it, and what each edge was on which day. It loads
//! nothing: its policy allows only the scripts and styles that are in it, each by its hash.

mod data;
mod days;

use crate::analysis::position::Position;
use crate::board::error::BoardError;
use crate::board::gather::{Options, gather};
use crate::board::html::data::Data;
use crate::board::layout::Drawing;
use crate::board::scene::Scene;
use crate::board::strength::Strength;
use crate::board::svg;
use crate::board::theme::{Colours, Theme};
use crate::model::lang::Lang;
use sha2::{Digest, Sha256};

/// Pans and zooms; the licence stands beside it and in every page.
const PANZOOM: &str = include_str!("vendor/panzoom-4.6.2.min.js");
const PANZOOM_LICENCE: &str = include_str!("vendor/panzoom-LICENSE.txt");
const SCRIPT: &str = include_str!("page.js");
const STYLE: &str = include_str!("page.css");
const PAGE: &str = include_str!("page.html");

/// The colours of the picture, left to the style of the page, so that a theme changes at a click.
const COLOURS: Colours = Colours {
    paper: "var(--paper)",
    square_light: "var(--square-light)",
    square_dark: "var(--square-dark)",
    rule: "var(--rule)",
    ink: "var(--ink)",
    muted: "var(--muted)",
    group: "var(--group)",
    glow: "var(--glow)",
    families: ["var(--investment)", "var(--supply)", "var(--influence)"],
};

/// A page, and what is drawn on it.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// The file.
    pub text: String,
    /// The drawing in English and in Chinese; pieces and arrows stand at the same places.
    pub drawings: [Drawing; 2],
}

/// Writes the page of a position; both languages are in it.
///
/// The picture shows every edge that is on the board on any day, so that nothing moves when the day changes; the page
/// hides those that are not there on the day that is looked at. `titles` are the title in English and Chinese, and
/// `lay_out` places a scene; both languages share what it gives. `theme` is that of the page where the reader's
/// system asks for none; nothing follows the system.
///
/// O(d·c log c) for d days on which the board changes and c claims, besides the layout.
///
/// # Errors
/// Those of [`Scene::of`] and of `lay_out`.
///
/// ```
/// use powermap::board::{error::BoardError, gather::Options, html, layout::chess};
/// use powermap::map::Map;
/// let map = Map::built_in()?;
/// let titles = ["The board".to_owned(), "棋局".to_owned()];
/// let lay_out = |scene| Ok::<_, BoardError>(chess::lay_out(scene));
/// let page = html::write(&map.position()?, &Options::default(), &titles, None, lay_out)?;
/// assert!(page.text.starts_with("<!DOCTYPE html>") && page.text.len() < 1_000_000);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write<E: From<BoardError>>(
    position: &Position,
    options: &Options,
    titles: &[String; 2],
    theme: Option<Theme>,
    lay_out: impl FnOnce(Scene) -> Result<Drawing, E>,
) -> Result<Page, E> {
    let (days, union) = days::gather(position);
    // Pieces are those of the position's own day; who is on the board on other days only comes behind.
    let strength = Strength::of(&[position, &union])?;
    let scene = |lang: Lang| {
        let [english, chinese] = titles;
        let options = Options {
            title: Some(lang.pick(english, chinese).clone()),
            lang,
            ..options.clone()
        };
        gather(&union, None, &strength, &options)
    };
    // One layout for both, with room for either name, so that nothing moves when the language changes.
    let (english, chinese) = (scene(Lang::En)?, scene(Lang::Zh)?);
    let mut both = english.clone();
    for (player, other) in both.players.iter_mut().zip(&chinese.players) {
        player.second_name = Some(other.name.clone());
    }
    let drawing = lay_out(both)?;
    let drawings = [drawing.reworded(english), drawing.reworded(chinese)];
    let data = Data::new(&union, &days, &drawings, options.lang, theme);
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
    let title = &options.lang.pick(&drawings[0], &drawings[1]).scene.title;
    let text = fill(
        PAGE,
        &[
            ("lang", options.lang.tag()),
            ("policy", &policy),
            ("title", &escaped(title)),
            ("style", &style),
            ("pictures", &pictures),
            ("data", &data.to_script()),
            ("vendor", &vendor),
            ("script", SCRIPT),
        ],
    );
    Ok(Page { text, drawings })
}

/// Puts text into the places `{{name}}`; what is put in is not looked through again.
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

/// The colours of both themes as the style's variables.
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
        pairs.map(line).concat()
    };
    let (light, dark) = (block(Theme::Light), block(Theme::Dark));
    format!(
        ":root{{color-scheme:light;{light}}}\n\
         :root[data-theme=dark]{{color-scheme:dark;{dark}}}\n\
         @media print{{:root[data-theme=dark]{{color-scheme:light;{light}}}}}\n"
    )
}

/// The hash of a script or style as a policy names it.
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
