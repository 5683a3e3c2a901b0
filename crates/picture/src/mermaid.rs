//! A [Mermaid](https://mermaid.js.org) flowchart, for Markdown.

use crate::scene::{Family, Firmness, PlayerType, Scene};
use crate::theme::Theme;

/// Writes a scene as a Mermaid flowchart, with a subgraph for each type of player.
///
/// Every character that Mermaid or HTML could take for more than text becomes an entity.
///
/// ```
/// use powermap_picture::{Lang, Player, PlayerType, Scene, mermaid};
///
/// let mut scene = Scene::new("Alone", Lang::En);
/// scene.add_player(Player::new("mill", "The <Mill>", PlayerType::Company));
/// let text = mermaid(&scene);
/// assert!(text.contains("flowchart LR") && text.contains("n0[\"The #60;Mill#62;\"]"));
/// ```
pub fn mermaid(scene: &Scene) -> String {
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
            scene.lang.text(kind.plural())
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
            (_, Firmness::Loose | Firmness::Unstated) if arrow.is_mutual => "-.-",
            _ if arrow.is_mutual => "---",
            (_, Firmness::Loose | Firmness::Unstated) => "-.->",
            (Family::Supply, _) => "==>",
            _ => "-->",
        };
        let label = arrow.marked_label();
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

/// Escapes text inside quotes: Mermaid reads `#` and `&` as starts of entities, and Markdown inside backticks.
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

/// Returns the title for the YAML before the chart: JSON strings are YAML strings.
fn json_string(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
