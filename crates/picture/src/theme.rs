//! The colours of a picture: few, quiet, apart for colour-blind readers, with enough contrast for small text.

use crate::scene::Family;
use serde::Serialize;
use std::str::FromStr;

/// The theme of a picture: light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// Ink on paper; the theme to print.
    #[default]
    Light,
    /// Light on dark.
    Dark,
}

impl FromStr for Theme {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "light" => Ok(Self::Light),
            "dark" => Ok(Self::Dark),
            _ => Err("expected light or dark".to_owned()),
        }
    }
}

/// The colours of a theme, as `#rrggbb`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Colours {
    /// The sheet.
    pub(crate) paper: &'static str,
    /// The light squares.
    pub(crate) square_light: &'static str,
    /// The dark squares.
    pub(crate) square_dark: &'static str,
    /// Lines around the board; too faint for text.
    pub(crate) rule: &'static str,
    /// Text and pieces.
    pub(crate) ink: &'static str,
    /// Text of lesser weight.
    pub(crate) muted: &'static str,
    /// The pieces of groups.
    pub(crate) group: &'static str,
    /// The glow of what is chosen on a page.
    pub(crate) glow: &'static str,
    /// Loops, in the order of their numbers.
    pub(crate) loops: [&'static str; 6],
    /// Investment, supply, influence.
    pub(crate) families: [&'static str; 3],
}

impl Theme {
    /// Returns the colours.
    pub(crate) fn colours(self) -> Colours {
        match self {
            Self::Light => Colours {
                paper: "#fffdf9",
                square_light: "#fcf9f2",
                square_dark: "#f2ece0",
                rule: "#b9b09f",
                ink: "#211f1c",
                muted: "#5d584f",
                group: "#8b857a",
                glow: "#f5cf5b",
                loops: [
                    "#f2b840", "#54c4b4", "#db92d2", "#a9bcf4", "#bcd152", "#cdbdaa",
                ],
                families: ["#17508c", "#a13d08", "#5a5563"],
            },
            Self::Dark => Colours {
                paper: "#14161a",
                square_light: "#22262c",
                square_dark: "#1a1d22",
                rule: "#4b515b",
                ink: "#f1ede4",
                muted: "#b4aea3",
                group: "#8e897f",
                glow: "#8a6d1b",
                loops: [
                    "#876111", "#1d7065", "#84427f", "#43549c", "#5c6b12", "#5f5448",
                ],
                families: ["#82b8ee", "#f0a063", "#c0bacb"],
            },
        }
    }
}

impl Colours {
    /// Returns the colour of a loop by its place; after the last one, the first comes again.
    pub(crate) fn of_loop(&self, place: usize) -> &'static str {
        self.loops[place % self.loops.len()]
    }

    /// Returns the colour of a family.
    pub(crate) fn family(&self, family: Family) -> &'static str {
        self.families[family as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The relative luminance of WCAG 2.2.
    fn luminance(colour: &str) -> f64 {
        let part = |at: usize| {
            let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
            if value <= 0.040_45 {
                value / 12.92
            } else {
                libm::pow((value + 0.055) / 1.055, 2.4)
            }
        };
        0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
    }

    fn contrast(a: &str, b: &str) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn all_text_has_the_contrast_of_wcag_aa() {
        assert!((contrast("#000000", "#ffffff") - 21.0).abs() < 1e-9);
        for theme in [Theme::Light, Theme::Dark] {
            let colours = theme.colours();
            let grounds = [colours.paper, colours.square_light, colours.square_dark];
            for text in colours
                .families
                .into_iter()
                .chain([colours.ink, colours.muted])
            {
                for ground in grounds {
                    let found = contrast(text, ground);
                    assert!(found >= 4.5, "{theme:?}: {text} on {ground}: {found:.2}");
                }
            }
            for ground in colours.loops {
                let found = contrast(colours.ink, ground);
                assert!(found >= 4.5, "{theme:?}: a number on {ground}: {found:.2}");
            }
            // Graphics need 3 : 1.
            for ground in grounds {
                assert!(contrast(colours.group, ground) >= 3.0, "{theme:?} {ground}");
            }
        }
    }

    /// What a colour looks like without one kind of cone (Viénot, Brettel & Mollon 1999, on linear light).
    fn seen_without(colour: &str, cone: usize) -> [f64; 3] {
        let linear: Vec<f64> = [1, 3, 5]
            .map(|at| {
                let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
                libm::pow(value, 2.2)
            })
            .to_vec();
        let (r, g, b) = (linear[0], linear[1], linear[2]);
        match cone {
            0 => [
                0.1124 * r + 0.8876 * g,
                0.1124 * r + 0.8876 * g,
                0.004 * r - 0.004 * g + b,
            ],
            _ => [
                0.2928 * r + 0.7072 * g,
                0.2928 * r + 0.7072 * g,
                -0.0223 * r + 0.0223 * g + b,
            ],
        }
    }

    #[test]
    fn families_differ_for_the_colour_blind() {
        for theme in [Theme::Light, Theme::Dark] {
            let loops = theme.colours().loops;
            for cone in [0, 1] {
                for (i, one) in loops[..3].iter().enumerate() {
                    for other in &loops[..i] {
                        let (a, b) = (seen_without(one, cone), seen_without(other, cone));
                        let apart: f64 = a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum();
                        assert!(apart.sqrt() > 0.08, "{theme:?}: {one} and {other}: {apart}");
                    }
                }
            }
            let families = theme.colours().families;
            for cone in [0, 1] {
                for (i, one) in families.iter().enumerate() {
                    for other in &families[..i] {
                        let (a, b) = (seen_without(one, cone), seen_without(other, cone));
                        let apart: f64 = a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum();
                        assert!(apart.sqrt() > 0.08, "{theme:?}: {one} and {other}: {apart}");
                    }
                }
            }
        }
    }
}
