//! JSON schemas of what the doors take and give, from the table of analyses.

use crate::door::request::{LANG, OFFSET, ROWS_MAX, view_parameters};
use powermap::analysis::{
    Analysis, Column, ColumnKind, FILTER, Parameter, ParameterKind, Presence,
};
use powermap::catalogue::{QueryParameter, QueryParameterType, QueryPresence};
use powermap::model::{Family, Flow, Status};
use serde_json::{Map as Object, Value, json};

/// Returns the schema of one value of a parameter, and its help.
pub(crate) fn value(parameter: &Parameter) -> Value {
    let names = |names: Vec<&str>| json!({"type": "string", "enum": names});
    let mut schema = match parameter.kind {
        ParameterKind::Player => json!({"type": "string", "examples": ["openai", "Sam Altman"]}),
        ParameterKind::Edge | ParameterKind::Concept | ParameterKind::Text => {
            json!({"type": "string"})
        }
        ParameterKind::Family => names(Family::ALL.iter().map(|one| one.name()).collect()),
        ParameterKind::Flow => names(Flow::ALL.iter().map(|one| one.name()).collect()),
        ParameterKind::Status => names(Status::ALL.iter().map(|one| one.name()).collect()),
        ParameterKind::Day => json!({"type": "string", "format": "date"}),
        ParameterKind::Time => {
            json!({"type": "string", "examples": ["2025-10-15", "2025-10", "2025"]})
        }
        ParameterKind::Moment => {
            json!({"type": "string", "examples": ["2025-10-15", "2025-10-15@2025-10-31"]})
        }
        ParameterKind::Integer(least, u64::MAX) => json!({"type": "integer", "minimum": least}),
        ParameterKind::Integer(least, most) => {
            json!({"type": "integer", "minimum": least, "maximum": most})
        }
        ParameterKind::Number => json!({"type": "number"}),
        ParameterKind::Fraction(known) => json!({"anyOf": [
            {"type": "number", "minimum": 0, "exclusiveMaximum": 1},
            names(known.iter().map(|(name, _)| *name).collect()),
            {"type": "string", "pattern": "^[0-9.]+ ?%$"},
        ]}),
        ParameterKind::Word(words) => names(words.to_vec()),
        ParameterKind::Flag => json!({"type": "boolean"}),
    };
    if let Presence::Default(usual) = parameter.presence {
        schema["default"] = match (parameter.kind, usual.parse::<f64>()) {
            (
                ParameterKind::Integer(..) | ParameterKind::Number | ParameterKind::Fraction(_),
                Ok(number),
            ) => crate::report::number_json(number),
            _ => usual.into(),
        };
    }
    schema
}

/// Returns the schema of a parameter: of a value, or of a list where it may be repeated.
fn parameter_schema(parameter: &Parameter) -> Value {
    let value = value(parameter);
    let mut schema = match parameter.presence {
        Presence::Repeatable => json!({"type": "array", "items": value}),
        _ => value,
    };
    schema["description"] = parameter.help.into();
    schema
}

/// Returns a name as the properties of JSON have it.
pub(crate) fn property(name: &str) -> String {
    name.replace('-', "_")
}

/// Returns the properties that every request has: the view and the language, and the rows where there are some.
pub(crate) fn common(takes_moments: bool, has_rows: bool) -> Object<String, Value> {
    let mut properties = Object::new();
    for parameter in view_parameters(takes_moments) {
        properties.insert(property(parameter.name), parameter_schema(parameter));
    }
    let lang = json!({"type": "string", "enum": ["en", "zh"], "default": "en",
        "description": "The language of names, notes and errors"});
    properties.insert(property(LANG), lang);
    if has_rows {
        let most = json!({"type": "integer", "minimum": 1,
            "description": "The most rows; an answer that has more says how to get them"});
        properties.insert(property(ROWS_MAX), most);
        let first = json!({"type": "integer", "minimum": 0, "default": 0,
            "description": "How many rows to leave out at the beginning"});
        properties.insert(property(OFFSET), first);
    }
    properties
}

/// Returns the schema of an object with these properties and no others.
pub(crate) fn object(
    properties: Object<String, Value>,
    required: &[String],
) -> Object<String, Value> {
    let mut schema = Object::new();
    schema.insert("type".to_owned(), "object".into());
    schema.insert("properties".to_owned(), properties.into());
    if !required.is_empty() {
        schema.insert("required".to_owned(), json!(required));
    }
    schema.insert("additionalProperties".to_owned(), false.into());
    schema
}

/// Returns the schema of what an analysis takes.
pub(crate) fn input(analysis: &Analysis) -> Object<String, Value> {
    let own = analysis.parameters.iter().chain(FILTER);
    let mut properties: Object<String, Value> = own
        .clone()
        .map(|parameter| (property(parameter.name), parameter_schema(parameter)))
        .collect();
    properties.extend(common(analysis.takes_moments(), true));
    let required = own.filter(|parameter| parameter.presence == Presence::Required);
    let required: Vec<_> = required.map(|parameter| property(parameter.name)).collect();
    object(properties, &required)
}

/// Returns the schema of a parameter of a named query.
pub(crate) fn of_query(parameter: &QueryParameter) -> Value {
    let mut schema = match parameter.kind {
        QueryParameterType::Integer => json!({"type": "integer"}),
        QueryParameterType::Decimal => json!({"type": "number"}),
        QueryParameterType::Date => json!({"type": "string", "format": "date"}),
        QueryParameterType::Boolean => json!({"type": "boolean"}),
        _ => json!({"type": "string"}),
    };
    schema["description"] = format!("{} ({})", parameter.description, parameter.kind).into();
    if let QueryPresence::Default(usual) = &parameter.presence {
        schema["default"] = match (parameter.kind, usual.parse::<f64>(), usual.parse::<bool>()) {
            (QueryParameterType::Integer | QueryParameterType::Decimal, Ok(number), _) => {
                crate::report::number_json(number)
            }
            (QueryParameterType::Boolean, _, Ok(value)) => value.into(),
            _ => usual.as_str().into(),
        };
    }
    schema
}

/// Returns the schemas of the values of a column, by the names that programs see.
fn column(column: &Column) -> Vec<(String, Value)> {
    let text = json!({"type": ["string", "null"]});
    let number = json!({"type": ["number", "null"]});
    let list = json!({"type": ["array", "null"], "items": {"type": "string"}});
    let names = column.names();
    let mut schemas: Vec<Value> = match column.kind {
        ColumnKind::Ids(_) => vec![list],
        ColumnKind::Claims(one) if one != column.name => vec![list],
        ColumnKind::Integer => vec![json!({"type": ["integer", "null"]})],
        ColumnKind::Number => vec![number],
        ColumnKind::Quantity | ColumnKind::OwnQuantity => vec![number.clone(), number, text],
        ColumnKind::Amount | ColumnKind::Share | ColumnKind::Range => vec![number.clone(), number],
        _ => vec![text],
    };
    for schema in &mut schemas {
        schema["description"] = column.help.into();
    }
    let exclusive = column.exclusive_names().into_iter().map(|name| {
        let told = "Whether the bound is excluded; only where one of the answer is";
        (
            name,
            json!({"type": ["boolean", "null"], "description": told}),
        )
    });
    names.into_iter().zip(schemas).chain(exclusive).collect()
}

/// Returns the schema of a row; `None` for rows whose columns are not known beforehand.
pub(crate) fn row(columns: Option<&[Column]>) -> Value {
    let mut properties: Object<String, Value> = Object::new();
    for one in columns.into_iter().flatten() {
        for (name, schema) in column(one) {
            // Claims stand in the evidence of the row.
            if name != crate::report::CLAIMS {
                properties.entry(name).or_insert(schema);
            }
        }
    }
    properties.insert(
        crate::door::json::EVIDENCE.to_owned(),
        json!({
            "type": "array",
            "description": "The claims that the row rests on, each with its document and its place there",
            "items": {
                "type": "object",
                "properties": {
                    "claim": {"type": "string"},
                    "document": {"type": ["string", "null"]},
                    "locator": {"type": ["string", "null"]}
                },
                "required": ["claim", "document", "locator"]
            }
        }),
    );
    let mut schema = json!({"type": "object", "properties": properties});
    if columns.is_some() {
        schema["required"] = json!([crate::door::json::EVIDENCE]);
    }
    schema
}

/// Returns the schema of an answer with these rows, in one table or in several.
pub(crate) fn answer(row: Value, has_several_tables: bool) -> Object<String, Value> {
    let rows = json!({"type": "array", "items": row});
    let strings = json!({"type": "array", "items": {"type": "string"}});
    let mut properties = json!({
        "question": {"type": "object", "description": "The question as it was understood"},
        "view": {
            "type": "object",
            "description": "From where the map was seen",
            "properties": {
                "as_of": {"type": ["string", "null"]},
                "known_by": {"type": ["string", "null"]},
                "policy": {"type": "string"}
            },
            "required": ["as_of", "known_by", "policy"]
        },
        "notes": {"type": "array", "items": {"type": "string"},
            "description": "What is missing, assumed or left out"},
        "claims": {"type": "object", "additionalProperties": {"type": "object"},
            "description": "What each claim says, who says it and when, by id"},
        "documents": {"type": "object", "additionalProperties": {"type": "object"},
            "description": "The documents of these claims: title, day, address, by id"},
        "left_out": {
            "type": ["object", "null"],
            "description": "How many rows were left out, and how to get them",
            "properties": {
                "rows": {"type": "integer"},
                "of": {"type": "integer"},
                "next_offset": {"type": "integer"},
                "how": {"type": "string"}
            },
            "required": ["rows", "of", "how"]
        }
    });
    let mut required = vec![
        "question",
        "view",
        "notes",
        "claims",
        "documents",
        "left_out",
    ];
    if has_several_tables {
        properties["tables"] = json!({"type": "array", "items": {
            "type": "object",
            "properties": {
                "key": {"type": "string"}, "title": {"type": "string"},
                "columns": strings, "rows": rows
            },
            "required": ["key", "title", "columns", "rows"]
        }});
        required.push("tables");
    } else {
        properties["columns"] = strings;
        properties["rows"] = rows;
        required.extend(["columns", "rows"]);
    }
    let mut schema = Object::new();
    schema.insert("type".to_owned(), "object".into());
    schema.insert("properties".to_owned(), properties);
    schema.insert("required".to_owned(), json!(required));
    schema
}
