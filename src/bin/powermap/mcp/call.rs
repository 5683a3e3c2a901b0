//! Calls of tools.

use crate::door::atlas::Atlas;
use crate::door::json::{Room, answer};
use crate::door::request::{Seen, check_days, take};
use crate::door::trouble::Trouble;
use crate::door::{board, search};
use crate::failure::fail;
use crate::mcp::tools::{ASK, BOARD, QUERY, SEARCH, SHOW};
use crate::picture::{DrawnFormat, PictureFormat};
use crate::reply::{self, Reply};
use anyhow::{Context, Result};
use powermap::evidence::{Question, SeenFrom};
use powermap::model::vocabulary::short_name;
use powermap::{Lang, Map};
use rmcp::model::{CallToolResult, ContentBlock, JsonObject};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The most bytes of an answer. The protocol has it twice, once inside of a text, and both together stay below 100,000.
const ROOM: Room = Room {
    bytes: 40_000,
    rows: usize::MAX,
};
/// The most bytes of a picture, which is there once.
const PICTURE_MAX: usize = 80_000;

/// Calls a tool. What is wrong with a call is part of the result, so that the assistant can mend it.
pub(super) fn call(
    atlas: &Atlas,
    tool: &str,
    arguments: &JsonObject,
    lang: Lang,
) -> CallToolResult {
    let answered = answered(atlas, tool, arguments, lang);
    match answered {
        Ok(value) if tool == BOARD => {
            let text = "The picture is in the structured content.";
            let mut result = CallToolResult::structured(value);
            result.content = vec![ContentBlock::text(text)];
            result
        }
        Ok(value) => CallToolResult::structured(value),
        Err(error) => {
            let asked = arguments.get("lang").and_then(Value::as_str);
            let lang = asked.and_then(|lang| lang.parse().ok()).unwrap_or(lang);
            let trouble = Trouble::of(&error, lang);
            let mut text = format!("error: {}", trouble.message);
            if let Some(hint) = trouble.hint {
                text.push_str(&format!("\nhint: {hint}"));
            }
            CallToolResult::error(vec![ContentBlock::text(text)])
        }
    }
}

fn answered(atlas: &Atlas, tool: &str, arguments: &JsonObject, lang: Lang) -> Result<Value> {
    let mut given = texts(arguments)?;
    let edition = atlas.edition();
    let seen = take(edition.map().view(), lang, &mut given)?;
    let map = edition.seen_from(seen.view);
    let (question, reply) = match tool {
        BOARD => return drawn(&map, atlas, seen, given),
        SEARCH => found(&map, atlas, given, seen)?,
        SHOW => {
            let [player] = only(given, ["player"])?;
            let player = player.context("show needs a player")?;
            let player = short_name(map.player(&player)?.as_str()).to_owned();
            asked(&map, Question::Show { player }, seen.lang)?
        }
        QUERY => {
            let [text] = only(given, ["sparql"])?;
            let text = text.context("query needs the text of a query as sparql")?;
            let question = Question::Query { text };
            let reply = reply::ask(&map, &question, seen.lang)?;
            // The client has its own text.
            (json!({"query": "sparql"}), reply)
        }
        ASK => ask(&map, atlas, arguments, given, seen.lang)?,
        name => {
            let mut parameters: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for (name, value) in given {
                let values = parameters.entry(name.replace('_', "-")).or_default();
                values.push(value);
            }
            let name = name.replace('_', "-");
            check_days(&name, seen)?;
            asked(&map, Question::Analysis { name, parameters }, seen.lang)?
        }
    };
    answer(&map, question, &reply, seen, ROOM)
}

/// Returns the arguments as text, those that are lists once for each value; what is no plain value is left to the tool.
fn texts(arguments: &JsonObject) -> Result<Vec<(String, String)>> {
    let mut texts = Vec::new();
    for (name, value) in arguments {
        let values = match value {
            Value::Array(values) => values.as_slice(),
            Value::Object(_) if name == "parameters" => &[],
            value => std::slice::from_ref(value),
        };
        for value in values {
            texts.extend(plain(name, value)?.map(|text| (name.clone(), text)));
        }
    }
    Ok(texts)
}

/// Returns a plain value as text; nothing for `null`.
fn plain(name: &str, value: &Value) -> Result<Option<String>> {
    Ok(Some(match value {
        Value::Null => return Ok(None),
        Value::String(text) => text.clone(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => number.to_string(),
        _ => fail!(
            "'{}' is no value for {}: expected {}",
            value,
            name,
            "a text, a number, true or false"
        ),
    }))
}

/// Takes arguments out by their names; any other is an error.
fn only<const N: usize>(
    given: Vec<(String, String)>,
    names: [&str; N],
) -> Result<[Option<String>; N]> {
    let mut found = [const { None }; N];
    for (name, value) in given {
        match names.iter().position(|known| *known == name) {
            Some(place) => found[place] = Some(value),
            None => {
                fail!("the argument '{}' is not expected", name; "it takes {}", names.join(", "))
            }
        }
    }
    Ok(found)
}

/// Asks a question, and returns it with its answer.
fn asked(map: &Map, question: Question, lang: Lang) -> Result<(Value, Reply)> {
    let reply = reply::ask(map, &question, lang)?;
    Ok((serde_json::to_value(question)?, reply))
}

fn found(
    map: &Map,
    atlas: &Atlas,
    given: Vec<(String, String)>,
    seen: Seen,
) -> Result<(Value, Reply)> {
    let [text, kind] = only(given, ["text", "kind"])?;
    let text = text.context("search needs a text")?;
    let table = search::search(map, atlas.catalogue(), &text, kind.as_deref(), seen.lang)?;
    let reply = Reply {
        tables: vec![table],
        ..Reply::default()
    };
    Ok((json!({"search": text, "kind": kind}), reply))
}

/// Runs a named query, or lists them.
fn ask(
    map: &Map,
    atlas: &Atlas,
    arguments: &JsonObject,
    given: Vec<(String, String)>,
    lang: Lang,
) -> Result<(Value, Reply)> {
    let [name] = only(given, ["query"])?;
    let Some(name) = name else {
        return Ok((json!({"ask": null}), search::queries(atlas, lang)));
    };
    let mut parameters = Vec::new();
    let values = arguments.get("parameters").and_then(Value::as_object);
    for (name, value) in values.into_iter().flatten() {
        parameters.extend(plain(name, value)?.map(|text| (name.replace('-', "_"), text)));
    }
    let entry = atlas.catalogue().get(&name)?;
    let question = json!({"ask": {"name": name, "parameters": values}});
    let parameters = reply::with_lang(entry, parameters, lang);
    Ok((question, reply::named(map, entry, &parameters, lang)?))
}

/// Draws the board.
fn drawn(map: &Map, atlas: &Atlas, seen: Seen, mut given: Vec<(String, String)>) -> Result<Value> {
    let place = given.iter().position(|(name, _)| name == "format");
    let format = place.map_or_else(|| "svg".to_owned(), |place| given.remove(place).1);
    let drawn = match format.as_str() {
        "svg" => DrawnFormat::Svg,
        "json" => DrawnFormat::Json,
        _ => fail!(
            "'{}' is no value for {}: expected {}",
            format,
            "format",
            "svg or json"
        ),
    };
    let name = map.source().map(|_| atlas.name());
    let bytes = board::draw(map, name, seen, &given, PictureFormat::Drawn(drawn))?;
    let text = String::from_utf8(bytes)?;
    let picture = match drawn {
        DrawnFormat::Json => serde_json::from_str(&text)?,
        _ => Value::String(text),
    };
    let size = serde_json::to_string(&picture)?.len();
    let is_too_large = size > PICTURE_MAX;
    let left_out = match is_too_large {
        true => {
            json!({"bytes": size, "how": "ask for less: top=6, around one player, or the other format"})
        }
        false => Value::Null,
    };
    let view: SeenFrom = map.board()?.view.into();
    Ok(json!({
        "view": view,
        "format": format,
        "picture": if is_too_large { Value::Null } else { picture },
        "left_out": left_out,
    }))
}
