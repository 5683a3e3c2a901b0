//! What pages ask besides rows, and the claims that they add, as OpenAPI.

use serde_json::{Value, json};

fn problem() -> Value {
    json!({"$ref": "#/components/responses/Problem"})
}

fn parameter(name: &str, place: &str, description: &str) -> Value {
    json!({"name": name, "in": place, "required": place == "path", "description": description, "schema": {"type": "string"}})
}

/// Returns the parameters of the view and the language.
fn view() -> Vec<Value> {
    [
        ("as-of", "The day the board is looked at"),
        ("known-by", "Count only the claims known by this day"),
        ("policy", "Which claim wins where claims disagree"),
        ("lang", "The language of names, notes and errors"),
    ]
    .map(|(name, description)| parameter(name, "query", description))
    .to_vec()
}

fn operation(id: &str, summary: &str, mut own: Vec<Value>, media: &str) -> Value {
    own.extend(view());
    json!({
        "operationId": id, "summary": summary, "parameters": own,
        "responses": {
            "200": {"description": "The answer", "content": {media: {"schema": {}}}},
            "default": problem()
        }
    })
}

/// Returns the fields of a claim as the form has them.
fn claim() -> Value {
    let fields = [
        (
            "about",
            "The relation or figure that it is about; without it, a relation of these players, family, kind and start, or a figure of this subject, metric and period",
        ),
        ("from", "The player that acts"),
        (
            "from_type",
            "What it is, such as company, where it is new on the map",
        ),
        ("to", "The player acted upon"),
        ("to_type", "What it is, where it is new on the map"),
        ("family", "investment, supply or influence"),
        ("kind", "The kind of the relation, such as equity"),
        ("since", "A day, month or year"),
        ("subject", "The player that the figure is about"),
        ("subject_type", "What it is, where it is new on the map"),
        (
            "metric",
            "What the figure measures, such as revenue; a claim with it is about a figure",
        ),
        ("period", "The day, month or year of the figure"),
        ("lower", "The least it can be"),
        ("upper", "The most it can be"),
        ("unit", "The unit of both, such as USD or USD bn"),
        ("status", "The status"),
        (
            "modality",
            "In what sense it is meant; statement unless given",
        ),
        ("document", "The id of a document on the map"),
        ("title", "The title of a new document"),
        ("url", "Its address"),
        ("issued", "When it came out"),
        ("locator", "Where in the document"),
        ("said", "When it was said"),
        ("asserted_by", "Who says it"),
        ("attributed_to", "Whose estimate or view is reported"),
        ("text", "What it says"),
    ];
    let mut properties: serde_json::Map<String, Value> = fields
        .into_iter()
        .map(|(name, description)| {
            (
                name.to_owned(),
                json!({"type": "string", "description": description}),
            )
        })
        .collect();
    let about = json!({"type": "boolean", "description": "Whether the source says about"});
    properties.insert("approximate".to_owned(), about);
    json!({"type": "object", "properties": properties, "required": ["said"], "additionalProperties": false})
}

/// Returns the addresses and their operations.
pub(super) fn all(is_writable: bool) -> Vec<(&'static str, Value)> {
    let get = |operation: Value| json!({"get": operation});
    let json = "application/json";
    let mut paths = vec![
        (
            "/api/about",
            get(operation(
                "about",
                "What the map is, its days, and what may be asked of it",
                Vec::new(),
                json,
            )),
        ),
        (
            "/api/vocabulary",
            get(operation(
                "vocabulary",
                "The words of queries: terms, services, prefixes",
                Vec::new(),
                json,
            )),
        ),
        (
            "/queries/{query}",
            get(operation(
                "queryText",
                "The text of a named query, with the parameters that are given in their places",
                vec![parameter("query", "path", "The name of the query")],
                "application/sparql-query",
            )),
        ),
    ];
    if !is_writable {
        return paths;
    }
    let token = json!([{"token": []}]);
    let preview = || {
        parameter(
            "preview",
            "query",
            "true says what would change on the board, and changes nothing",
        )
    };
    let mut list = operation(
        "addedClaims",
        "The claims that were added here",
        Vec::new(),
        json,
    );
    list["security"] = token.clone();
    let mut add = operation(
        "addClaim",
        "Adds a claim with its source",
        vec![preview()],
        json,
    );
    add["security"] = token.clone();
    add["requestBody"] = json!({"required": true, "content": {json: {"schema": claim()}}});
    add["responses"]["201"] = json!({"description": "It was added; the rows say what changed"});
    let name = parameter("claim", "path", "The id of the claim");
    let mut take_back = operation(
        "takeClaimBack",
        "Takes a claim back that was added here",
        vec![name, preview()],
        json,
    );
    take_back["security"] = token;
    paths.push(("/api/claims", json!({"get": list, "post": add})));
    paths.push(("/api/claims/{claim}", json!({"delete": take_back})));
    paths
}
