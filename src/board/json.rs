//! The drawing as JSON: players, arrows, sources, and where all of it stands.

use crate::board::layout::Drawing;
use serde_json::Value;

/// Writes a drawing; the names of the fields are those of [`Drawing`].
///
/// ```
/// use powermap::board::{gather::Options, json, layout::chess, scene::Scene};
/// use powermap::map::Map;
/// let map = Map::built_in()?;
/// let text = json::write(&chess::lay_out(Scene::of(&map.position()?, &Options::default())?));
/// let value: serde_json::Value = serde_json::from_str(&text)?;
/// assert_eq!(value["scene"]["players"][0]["id"], "openai");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write(drawing: &Drawing) -> String {
    // Nothing in a drawing can fail to be written: its maps have text for keys.
    let mut value = serde_json::to_value(drawing).unwrap_or_default();
    if let Value::Object(fields) = &mut value {
        for (name, field) in fields.iter_mut() {
            // What stands on the sheet is as exact as in the SVG; the quantities of the scene stay as they are.
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
