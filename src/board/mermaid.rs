//! A [Mermaid](https://mermaid.js.org) flowchart, for Markdown.

use crate::board::dot::kind_name;
use crate::board::scene::{Firmness, Scene, change_mark};
use crate::board::theme::Theme;
use crate::model::name::{Family, PlayerType};

/// Writes a scene as a flowchart with a subgraph for each kind of player.
///
/// Everything that Mermaid or HTML could take for more than text becomes an entity.
///
/// ```
/// use powermap::board::{gather::Options, mermaid, scene::Scene};
/// use powermap::map::Map;
/// let map = Map::built_in()?;
/// let text = mermaid::write(&Scene::of(&map.position()?, &Options::default())?);
/// assert!(text.contains("flowchart LR"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write(scene: &Scene) -> String {
    let mut text = format!(
        "---\ntitle: {}\n---\nflowchart LR\n",
        json_string(&scene.title)
    );
    for kind in PlayerType::ALL {
        let players = scene.players.iter().enumerate();
        let players: Vec<_> = players.filter(|(_, p)| p.player_type == *kind).collect();
        if players.is_empty() {
            continue;
        }
        text.push_str(&format!(
            "  subgraph {}s[\"{}\"]\n",
            kind.name(),
            kind_name(*kind, scene.lang)
        ));
        for (place, player) in players {
            let name = escaped(&player.name);
            let (open, close) = match kind {
                PlayerType::Person => ("([", "])"),
                PlayerType::Group | PlayerType::Voice => ("{{", "}}"),
                _ => ("[", "]"),
            };
            text.push_str(&format!("    n{place}{open}\"{name}\"{close}\n"));
        }
        text.push_str("  end\n");
    }
    for arrow in &scene.arrows {
        let line = match (arrow.family, arrow.firmness) {
            (_, Firmness::Loose) => "-.->",
            (Family::Supply, _) => "==>",
            _ => "-->",
        };
        let label = format!("{}{}", change_mark(arrow.change), arrow.label(scene.lang));
        let label = match label.is_empty() {
            true => String::new(),
            false => format!("|\"{}\"|", escaped(&label)),
        };
        text.push_str(&format!("  n{} {line}{label} n{}\n", arrow.from, arrow.to));
    }
    let colours = Theme::Light.colours();
    for family in Family::ALL {
        let places = scene.arrows.iter().enumerate();
        let places: Vec<_> = places
            .filter(|(_, arrow)| arrow.family == *family)
            .map(|(place, _)| place.to_string())
            .collect();
        if !places.is_empty() {
            let colour = colours.family(*family);
            text.push_str(&format!(
                "  linkStyle {} stroke:{colour},color:{colour}\n",
                places.join(",")
            ));
        }
    }
    text
}

/// Text inside quotes: Mermaid reads `#` and `&` as starts of entities, and Markdown inside backticks.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '"' | '#' | '&' | '<' | '>' | '`' | '\\' | ';' | '|' => {
                escaped.push_str(&format!("#{};", character as u32));
            }
            c => escaped.push(c),
        }
    }
    escaped
}

/// A title in the YAML before the chart: JSON strings are YAML strings.
fn json_string(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
