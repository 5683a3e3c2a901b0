//! The drawing as JSON: players, arrows, sources, and where all of them stand.

use crate::layout::Drawing;
use serde_json::Value;

/// Writes a drawing as JSON; the names of the fields are those of [`Drawing`].
///
/// ```
/// use powermap_picture::{Drawing, Lang, Player, PlayerType, Scene, json};
///
/// let mut scene = Scene::new("Alone", Lang::En);
/// scene.add_player(Player::new("mill", "The Mill", PlayerType::Company));
/// let value: serde_json::Value = serde_json::from_str(&json(&Drawing::chess(scene)))?;
/// assert_eq!(value["scene"]["players"][0]["id"], "mill");
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn json(drawing: &Drawing) -> String {
    // Nothing in a drawing can fail to be written: its maps have text for keys.
    let mut value = serde_json::to_value(drawing).unwrap_or_default();
    if let Value::Object(fields) = &mut value {
        for (name, field) in fields.iter_mut() {
            // Places are as exact as in the SVG; the amounts of the scene stay as they are.
            if name != "scene" {
                round(field);
            }
        }
    }
    let mut text = serde_json::to_string_pretty(&value).unwrap_or_default();
    text.push('\n');
    text
}

fn round(value: &mut Value) {
    match value {
        Value::Number(number) if number.is_f64() => {
            let rounded = number.as_f64().map(|n| (n * 100.0).round() / 100.0 + 0.0);
            *value = rounded.into();
        }
        Value::Array(items) => items.iter_mut().for_each(round),
        Value::Object(fields) => fields.values_mut().for_each(round),
        _ => {}
    }
}
