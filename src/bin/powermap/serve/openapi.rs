//! The description of the server as OpenAPI 3.1, from the table of analyses and the named queries.

mod pages;

use crate::door::board::OPTIONS;
use crate::door::schema;
use crate::picture::PictureFormat;
use crate::serve::api::FORM_NAMES;
use crate::serve::app::App;
use crate::serve::cache::Tag;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Response;
use powermap::Lang;
use powermap::analysis::{self, Analysis, FILTER, Parameter, Presence};
use powermap::catalogue::{NamedQuery, QueryPresence};
use serde_json::{Map as Object, Value, json};
use std::sync::Arc;

pub(super) async fn document(State(app): State<Arc<App>>, request: Request) -> Response<Body> {
    let tag = Tag::new(app.atlas.edition().hash(), &["openapi"]);
    if tag.is_known(request.method(), request.headers()) {
        return tag.not_modified();
    }
    let text = described(&app).to_string() + "\n";
    tag.answer("application/json", text)
}

fn described(app: &App) -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "powermap",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Who owns, funds, supplies and steers whom, in which deal, for how much, since when, and who says so. \
                Each row of an answer has the claims that it rests on.",
            "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"}
        },
        "servers": [{"url": "/"}],
        "paths": paths(app),
        "components": components()
    })
}

/// Returns the addresses and their operations.
fn paths(app: &App) -> Object<String, Value> {
    let mut paths = Object::new();
    let mut add = |path: &str, operations: Value| {
        paths.insert(path.to_owned(), operations);
    };
    for entry in analysis::all() {
        add(&format!("/api/{}", entry.name), of_analysis(entry));
    }
    for entry in app.atlas.catalogue().entries() {
        add(&format!("/api/ask/{}", entry.name), of_query(entry));
    }
    let player = json!([{"name": "player", "in": "path", "required": true,
        "description": "An id, an IRI, or a name in any language", "schema": {"type": "string"}}]);
    add(
        "/api/show/{player}",
        rows(
            "showPlayer",
            "All there is about a player",
            &player,
            "Tables",
        ),
    );
    add(
        "/api/brief/{player}",
        rows(
            "briefPlayer",
            "One page on a player, each sentence with its claims",
            &player,
            "Answer",
        ),
    );
    let mut looking = vec![query_parameter(
        "q",
        "A part of a name",
        json!({"type": "string"}),
    )];
    looking.push(query_parameter(
        "type",
        "Only those of this type",
        json!({"type": "string"}),
    ));
    add(
        "/api/players",
        rows(
            "listPlayers",
            "The players, or those whose names have a text in them",
            &json!(looking),
            "Answer",
        ),
    );
    looking.push(query_parameter(
        "kind",
        "Only things of this kind",
        json!({"type": "string", "enum": ["player", "deal", "document", "query"]}),
    ));
    add(
        "/api/search",
        rows(
            "search",
            "Players, deals, documents and named queries by a part of a name",
            &json!(looking),
            "Answer",
        ),
    );
    add(
        "/api/ask",
        rows(
            "listQueries",
            "The named queries and what they take",
            &json!([]),
            "Answer",
        ),
    );
    let boards = PictureFormat::NAMES.iter();
    paths.extend(boards.map(|(name, _)| (format!("/board.{name}"), of_board(name))));
    let protocols = of_protocols(app.settings.is_writable).into_iter();
    paths.extend(protocols.map(|(path, operations)| (path.to_owned(), operations)));
    paths
}

/// Returns what several operations refer to.
fn components() -> Value {
    json!({
        "schemas": {
            "Answer": schema::answer(schema::row(None), false),
            "Tables": schema::answer(schema::row(None), true),
            "Problem": {
                "type": "object",
                "description": "Problem details (RFC 9457)",
                "properties": {
                    "type": {"type": "string"}, "title": {"type": "string"},
                    "status": {"type": "integer"}, "detail": {"type": "string"},
                    "hint": {"type": "string", "description": "What to try"}
                },
                "required": ["type", "title", "status", "detail"]
            }
        },
        "responses": {
            "Problem": {
                "description": "What went wrong, and what to try",
                "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
            }
        },
        "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}
    })
}

fn query_parameter(name: &str, description: &str, schema: Value) -> Value {
    json!({"name": name, "in": "query", "required": false, "description": description, "schema": schema})
}

/// Returns a parameter of an analysis.
fn parameter(parameter: &Parameter) -> Value {
    let value = schema::value(parameter);
    let mut described = query_parameter(parameter.name, parameter.help, value);
    described["required"] = (parameter.presence == Presence::Required).into();
    if parameter.presence == Presence::Repeatable {
        let one = described["schema"].take();
        described["schema"] = json!({"type": "array", "items": one});
        described["style"] = "form".into();
        described["explode"] = true.into();
    }
    described
}

/// Returns the parameters that every address of the interface takes.
fn common(takes_moments: bool) -> Vec<Value> {
    let properties = schema::common(takes_moments, true).into_iter();
    let mut parameters: Vec<Value> = properties
        .map(|(name, mut schema)| {
            let description = schema["description"].take();
            if let Value::Object(schema) = &mut schema {
                schema.remove("description");
            }
            query_parameter(
                &name.replace('_', "-"),
                description.as_str().unwrap_or_default(),
                schema,
            )
        })
        .collect();
    parameters.push(query_parameter(
        "format",
        "The form of the answer, in place of the Accept header; words is JSON for pages, as people read it",
        json!({"type": "string", "enum": FORM_NAMES}),
    ));
    parameters.push(query_parameter(
        "evidence",
        "Return the answer as evidence that powermap verify checks",
        json!({"type": "boolean", "default": false}),
    ));
    parameters
}

/// Returns an operation that answers with rows.
fn rows(id: &str, summary: &str, own: &Value, schema: &str) -> Value {
    let answer = json!({"$ref": format!("#/components/schemas/{schema}")});
    operation(
        id,
        summary,
        own.as_array().cloned().unwrap_or_default(),
        false,
        &answer,
    )
}

fn operation(
    id: &str,
    summary: &str,
    mut parameters: Vec<Value>,
    takes_moments: bool,
    schema: &Value,
) -> Value {
    parameters.extend(common(takes_moments));
    json!({"get": {
        "operationId": id,
        "summary": summary,
        "parameters": parameters,
        "responses": {
            "200": {"description": "The answer", "content": {
                "application/json": {"schema": schema},
                "text/csv": {"schema": {"type": "string"}},
                "text/tab-separated-values": {"schema": {"type": "string"}}
            }},
            "304": {"description": "The client has this answer"},
            "default": {"$ref": "#/components/responses/Problem"}
        }
    }})
}

fn of_analysis(entry: &Analysis) -> Value {
    let own = entry
        .parameters
        .iter()
        .chain(FILTER)
        .map(parameter)
        .collect();
    let schema = Value::Object(schema::answer(schema::row(Some(entry.columns)), false));
    let id = schema::property(entry.name);
    let mut described = operation(
        &id,
        entry.question_in(Lang::En),
        own,
        entry.takes_moments(),
        &schema,
    );
    described["get"]["description"] = entry.definition.into();
    described
}

fn of_query(entry: &NamedQuery) -> Value {
    let own = entry.header.parameters.iter().map(|parameter| {
        let mut schema = schema::of_query(parameter);
        let description = schema["description"].take();
        if let Value::Object(schema) = &mut schema {
            schema.remove("description");
        }
        let text = description.as_str().unwrap_or_default();
        let mut described = query_parameter(&parameter.name, text, schema);
        described["required"] = (parameter.presence == QueryPresence::Required).into();
        described
    });
    // What every address takes is not said twice.
    let own: Vec<Value> = own.filter(|one| one["name"] != "lang").collect();
    let id = format!("ask_{}", entry.name.replace('-', "_"));
    rows(&id, &entry.header.summary, &json!(own), "Answer")
}

fn of_board(format: &str) -> Value {
    let options = OPTIONS.iter().chain(&["money"]);
    let mut parameters: Vec<Value> = options
        .map(|name| {
            let description = format!("As the option --{name} of powermap board");
            query_parameter(name, &description, json!({"type": "string"}))
        })
        .collect();
    let common = common(false).into_iter();
    parameters.extend(common.filter(|one| {
        !["max-rows", "offset", "format", "evidence"]
            .contains(&one["name"].as_str().unwrap_or_default())
    }));
    json!({"get": {
        "operationId": format!("board_{format}"),
        "summary": format!("The board of the day as {format}"),
        "parameters": parameters,
        "responses": {
            "200": {"description": "The picture"},
            "304": {"description": "The client has this picture"},
            "default": {"$ref": "#/components/responses/Problem"}
        }
    }})
}

/// Returns the operations of the protocols that have descriptions of their own, and of what pages ask.
fn of_protocols(is_writable: bool) -> Vec<(&'static str, Value)> {
    let responses = json!({"200": {"description": "The answer"}, "default": {"$ref": "#/components/responses/Problem"}});
    let graphs = |name: &str| json!({"type": "array", "items": {"type": "string", "format": "uri"}, "description": name});
    let get = json!({
        "operationId": "query", "summary": "SPARQL 1.1 Protocol: a query; without one, the service description",
        "parameters": [
            query_parameter("query", "The text of the query", json!({"type": "string"})),
            query_parameter("default-graph-uri", "The graphs whose merge is the default graph", graphs("graphs")),
            query_parameter("named-graph-uri", "The named graphs", graphs("graphs"))
        ],
        "responses": responses
    });
    let post = json!({
        "operationId": "queryOrUpdate", "summary": "SPARQL 1.1 Protocol: a query, or an update where the server is writable",
        "requestBody": {"required": true, "content": {
            "application/sparql-query": {"schema": {"type": "string"}},
            "application/sparql-update": {"schema": {"type": "string"}},
            "application/x-www-form-urlencoded": {"schema": {"type": "object",
                "properties": {"query": {"type": "string"}, "update": {"type": "string"}}}}
        }},
        "security": if is_writable { json!([{}, {"token": []}]) } else { json!([{}]) },
        "responses": responses
    });
    let graph = |id: &str, summary: &str| {
        json!({
            "operationId": id, "summary": summary,
            "parameters": [query_parameter("graph", "The graph; ?default without a value means the default graph",
                json!({"type": "string"}))],
            "responses": responses
        })
    };
    let mut store =
        json!({"get": graph("getGraph", "Graph Store Protocol: the triples of a graph")});
    if is_writable {
        for (method, id, summary) in [
            ("put", "putGraph", "Graph Store Protocol: replaces a graph"),
            (
                "post",
                "postGraph",
                "Graph Store Protocol: adds triples to a graph",
            ),
            (
                "delete",
                "deleteGraph",
                "Graph Store Protocol: empties a graph",
            ),
        ] {
            store[method] = graph(id, summary);
            store[method]["security"] = json!([{"token": []}]);
        }
    }
    let simple = |id: &str, summary: &str| json!({"get": {"operationId": id, "summary": summary, "responses": responses}});
    let mut all = vec![
        ("/sparql", json!({"get": get, "post": post})),
        ("/graphs", store),
        (
            "/health",
            simple(
                "health",
                "Whether the server answers, and the hash of its map",
            ),
        ),
        (
            "/metrics",
            simple("metrics", "Counts in the text format of Prometheus"),
        ),
    ];
    all.extend(pages::all(is_writable));
    all
}
