//! The tools: one for each analysis of the table, and those for players, queries and the picture.

use crate::door::board::OPTIONS;
use crate::door::schema::{self, answer, object, property, row};
use powermap::Lang;
use powermap::analysis::{self, Analysis};
use rmcp::model::{JsonObject, Tool, ToolAnnotations};
use serde_json::{Map as Object, Value, json};
use std::sync::Arc;

/// The names of the tools that are no analyses.
pub(super) const SEARCH: &str = "search";
pub(super) const SHOW: &str = "show";
pub(super) const ASK: &str = "ask";
pub(super) const QUERY: &str = "query";
pub(super) const BOARD: &str = "board";

/// Returns all tools, those for finding things first.
pub(super) fn all() -> Vec<Tool> {
    let mut tools = vec![search(), show(), ask(), query(), board()];
    tools.extend(analysis::all().iter().map(of_analysis));
    tools
}

/// Returns the tool of an analysis.
fn of_analysis(analysis: &Analysis) -> Tool {
    tool(
        property(analysis.name),
        analysis.title_in(Lang::En),
        format!("{} {}", analysis.question_in(Lang::En), analysis.definition),
        schema::input(analysis),
        answer(row(Some(analysis.columns)), false),
    )
}

fn tool(
    name: String,
    title: &str,
    description: String,
    input: JsonObject,
    output: JsonObject,
) -> Tool {
    let annotations = ToolAnnotations::with_title(title)
        .read_only(true)
        .destructive(false)
        .idempotent(true)
        .open_world(false);
    Tool::new(name, description, Arc::new(input))
        .with_title(title)
        .with_raw_output_schema(Arc::new(output))
        .with_annotations(annotations)
}

/// Returns properties together with those that every tool has.
fn with_common(own: Value, has_rows: bool) -> Object<String, Value> {
    let mut properties = match own {
        Value::Object(own) => own,
        _ => Object::new(),
    };
    properties.extend(schema::common(false, has_rows));
    properties
}

fn search() -> Tool {
    let own = json!({
        "text": {"type": "string",
            "description": "A part of a name, an alias, an id or a summary, in English or Chinese; empty for all"},
        "kind": {"type": "string", "enum": ["player", "deal", "document", "query"],
            "description": "Only things of this kind"}
    });
    tool(
        SEARCH.to_owned(),
        "Search",
        "Finds players, deals, documents and named queries by a part of their name, and gives the ids that other tools take."
            .to_owned(),
        object(with_common(own, true), &["text".to_owned()]),
        answer(row(None), false),
    )
}

fn show() -> Tool {
    let own = json!({
        "player": {"type": "string", "description": "An id, an IRI, or a name in any language", "examples": ["openai"]}
    });
    tool(
        SHOW.to_owned(),
        "Show a player",
        "All there is about one player: deals, edges to and from others with amounts and statuses, figures, what is said about \
         it and by it, loops, dependence, owners, exposure, contradictions."
            .to_owned(),
        object(with_common(own, true), &["player".to_owned()]),
        answer(row(None), true),
    )
}

fn ask() -> Tool {
    let own = json!({
        "query": {"type": "string",
            "description": "The name of a named query; without one, all are listed with what they answer and take"},
        "parameters": {"type": "object",
            "description": "The values of its parameters by name, such as {\"player\": \"openai\"}",
            "additionalProperties": {"type": ["string", "number", "boolean"]}}
    });
    tool(
        ASK.to_owned(),
        "Ask a named query",
        "Runs one of the named queries, or lists them: investments, totals of computing capacity, statuses and how they changed, \
         figures and forecasts, why one claim won over another, checks."
            .to_owned(),
        object(with_common(own, true), &[]),
        answer(row(None), false),
    )
}

fn query() -> Tool {
    let own = json!({
        "sparql": {"type": "string",
            "description": "SELECT, ASK, CONSTRUCT or DESCRIBE. The prefixes pm:, id:, call:, cur:, unit: and the usual ones \
                need no declaration; the default graph has the text, the board of the day and the ontology",
            "examples": ["SELECT ?who { ?who pm:investsIn id:openai }"]}
    });
    tool(
        QUERY.to_owned(),
        "Run a SPARQL query",
        "Runs a SPARQL 1.1 query on the map, the board of the day and the ontology; analyses can be called as SERVICE call:NAME. \
         The resources powermap://vocabulary and powermap://queries have the terms and examples."
            .to_owned(),
        object(with_common(own, true), &["sparql".to_owned()]),
        answer(row(None), false),
    )
}

fn board() -> Tool {
    let mut own = json!({
        "format": {"type": "string", "enum": ["svg", "json"], "default": "svg",
            "description": "The picture as SVG, or what is drawn, with places, amounts and sources, as JSON"},
        "players": {"type": "string", "description": "Draw these players only, separated by commas"},
        "around": {"type": "string", "description": "Draw this player and those near it"},
        "hops": {"type": "integer", "minimum": 0, "default": 1, "description": "With around, how many edges away"},
        "top": {"type": "integer", "minimum": 1, "maximum": 256,
            "description": "Draw this many players, those with the most at stake"},
        "family": {"type": "string", "description": "Only edges of these families: investment, supply, influence"},
        "look": {"type": "string", "enum": ["money", "board", "dot"],
            "description": "money: arrows run the way the money goes; board: the way the edges run; dot: in layers"},
        "loops": {"type": "integer", "minimum": 0, "description": "How many loops to point out"},
        "size": {"type": "string", "enum": ["a4", "a3", "16:9", "1:1", "column"]},
        "theme": {"type": "string", "enum": ["light", "dark"]},
        "title": {"type": "string", "description": "What stands above the picture, in place of its finding"},
        "diff": {"type": "string", "description": "Two days with a comma between them: what came, went and changed"}
    });
    if let Value::Object(own) = &mut own {
        debug_assert!(
            own.keys()
                .all(|name| name == "format" || OPTIONS.contains(&name.as_str()))
        );
    }
    let output = json!({
        "type": "object",
        "properties": {
            "view": {"type": "object"},
            "format": {"type": "string"},
            "picture": {"type": ["string", "object", "null"],
                "description": "The text of the SVG, or the drawing; null where it is too large"},
            "left_out": {"type": ["object", "null"]}
        },
        "required": ["view", "format", "picture", "left_out"]
    });
    let output = match output {
        Value::Object(output) => output,
        _ => Object::new(),
    };
    tool(
        BOARD.to_owned(),
        "Draw the board",
        "Draws the board of the day: players as pieces, deals as arrows with amounts and numbered sources, the greatest loops \
         pointed out, a finding in a sentence above."
            .to_owned(),
        object(with_common(own, false), &[]),
        output,
    )
}
