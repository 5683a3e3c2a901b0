//! HTML: one file to explore a map with, from disk and without a network.
//!
//! The page holds what each edge is on each day, the claims beneath, and the loops of each day; its script lays out and
//! draws the players that are wanted. It loads nothing: its policy allows only the script and the style that are in it,
//! each by its hash.

mod data;

use crate::page::data::Script;
use crate::theme::{Colours, Theme};
use crate::words::Lang;
use sha2::{Digest, Sha256};

pub use crate::page::data::{
    Bilingual, DayStep, EdgeState, PageClaim, PageConflict, PageData, PageDependence, PageDocument,
    PageEdge, PageFigure, PageFigures, PageHeadline, PageLoop, PageNearLoop, PagePlayer,
    PageQuantity, PageStatus, PageUnit, PageWay,
};

/// The script, in the order in which its parts build on each other.
const SCRIPT: &str = concat!(
    "\"use strict\";\n",
    include_str!("script/words.js"),
    include_str!("script/quantity.js"),
    include_str!("script/sums.js"),
    include_str!("script/view.js"),
    include_str!("script/squares.js"),
    include_str!("script/routes.js"),
    include_str!("script/labels.js"),
    include_str!("script/draw.js"),
    include_str!("script/legend.js"),
    include_str!("script/address.js"),
    include_str!("script/lists.js"),
    include_str!("script/dossier.js"),
    include_str!("script/search.js"),
    include_str!("script/files.js"),
    include_str!("script/main.js"),
);
const STYLE: &str = include_str!("page.css");
const PAGE: &str = include_str!("page.html");

/// Writes an HTML page to explore a map with.
///
/// The page shows any day, any players and any filter: its script sums the edges of an arrow as the tables do, lays the
/// players out, and draws them. Both languages are in it; `lang` is the one that it opens in. Without a theme it opens in
/// that of the reader's system, or else light.
///
/// ```
/// use powermap_picture::{Lang, PageData, PagePlayer, PlayerType, page};
///
/// let mut data = PageData::default();
/// data.titles = ["The Mill".to_owned(), "磨坊".to_owned()];
/// data.players.push(PagePlayer::new("mill", data.titles.clone(), PlayerType::Company));
/// data.casts.push((0, vec![0]));
/// let text = page(&data, Lang::Zh, None);
/// assert!(text.starts_with("<!DOCTYPE html>") && text.contains("<title>磨坊</title>"));
/// ```
pub fn page(data: &PageData, lang: Lang, theme: Option<Theme>) -> String {
    let script = Script::new(data, lang, theme);
    let style = format!("{}{STYLE}", colours());
    let policy = format!(
        "default-src 'none'; script-src '{}'; style-src '{}'; img-src blob:; base-uri 'none'; form-action 'none'",
        hash(SCRIPT),
        hash(&style)
    );
    fill(
        PAGE,
        &[
            ("lang", lang.tag()),
            ("policy", &policy),
            ("title", &escaped(&data.titles[lang as usize])),
            ("style", &style),
            ("data", &script.to_json()),
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

/// Returns the colours of both themes as variables of the style, so that a click changes the theme.
fn colours() -> String {
    let block = |theme: Theme| {
        let Colours {
            paper,
            square_light,
            square_dark,
            rule,
            ink,
            muted,
            group,
            glow,
            loops,
            families: [investment, supply, influence],
        } = theme.colours();
        let named = [
            ("paper", paper),
            ("square-light", square_light),
            ("square-dark", square_dark),
            ("rule", rule),
            ("ink", ink),
            ("muted", muted),
            ("group", group),
            ("glow", glow),
            ("investment", investment),
            ("supply", supply),
            ("influence", influence),
        ];
        let named = named.map(|(name, colour)| format!("--{name}:{colour};"));
        let loops = loops.iter().zip(1..);
        let loops = loops.map(|(colour, number)| format!("--loop-{number}:{colour};"));
        named.into_iter().chain(loops).collect::<String>()
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
