//! `mapping.toml` as it is written: keys, and where they stand.

use powermap_rdf::{FormatError, SyntaxProblem, nearest};
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, Visitor};
use std::collections::BTreeMap;
use std::fmt;
use toml::Spanned;

/// What a key may have that is not decided yet.
pub(super) const UNDECIDED: &str = "?";

/// The keys of a file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MappingText {
    pub(super) file: Option<String>,
    #[serde(default)]
    pub(super) sheet: Vec<Spanned<SheetText>>,
}

/// The keys of a sheet.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SheetText {
    pub(super) name: Option<String>,
    pub(super) table: Option<Spanned<String>>,
    pub(super) header: Option<Spanned<u64>>,
    pub(super) last: Option<Spanned<u64>>,
    pub(super) numbers: Option<Spanned<String>>,
    pub(super) dates: Option<Spanned<String>>,
    pub(super) players: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) constants: BTreeMap<Spanned<String>, Spanned<Constant>>,
    #[serde(default)]
    pub(super) columns: BTreeMap<Spanned<String>, Spanned<ColumnText>>,
    #[serde(default)]
    pub(super) left_out: BTreeMap<Spanned<String>, String>,
}

/// The keys of a column.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ColumnKeys {
    pub(super) column: Spanned<String>,
    pub(super) unit: Option<Spanned<String>>,
    pub(super) factor: Option<Spanned<f64>>,
    pub(super) scheme: Option<Spanned<String>>,
    pub(super) numbers: Option<Spanned<String>>,
    pub(super) dates: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) values: BTreeMap<String, Constant>,
    pub(super) claim: Option<String>,
    #[serde(default)]
    pub(super) with: BTreeMap<Spanned<String>, Spanned<Constant>>,
}

impl ColumnKeys {
    /// Returns the keys of a column of which only the name is given.
    pub(super) fn of(column: Spanned<String>) -> Self {
        Self {
            column,
            unit: None,
            factor: None,
            scheme: None,
            numbers: None,
            dates: None,
            values: BTreeMap::new(),
            claim: None,
            with: BTreeMap::new(),
        }
    }
}

/// A column: the name of ours alone, or keys.
#[derive(Debug)]
pub(super) enum ColumnText {
    Name(String),
    Keys(Box<ColumnKeys>),
}

impl<'de> Deserialize<'de> for ColumnText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Of;
        impl<'de> Visitor<'de> for Of {
            type Value = ColumnText;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a column, or a table such as { column = \"amount\", unit = \"USD_mn\" }")
            }

            fn visit_str<E>(self, text: &str) -> Result<ColumnText, E> {
                Ok(ColumnText::Name(text.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<ColumnText, A::Error> {
                let keys = ColumnKeys::deserialize(MapAccessDeserializer::new(map))?;
                Ok(ColumnText::Keys(Box::new(keys)))
            }
        }
        deserializer.deserialize_any(Of)
    }
}

/// A value that is the same in each row, as the text of a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Constant(pub(super) String);

impl<'de> Deserialize<'de> for Constant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error;
        match toml::Value::deserialize(deserializer)? {
            toml::Value::String(text) => Ok(Self(text)),
            toml::Value::Array(_) | toml::Value::Table(_) => Err(D::Error::custom(
                "expected a text, a number, a day, true or false",
            )),
            toml::Value::Integer(number) => Ok(Self(number.to_string())),
            toml::Value::Float(number) => Ok(Self(number.to_string())),
            toml::Value::Boolean(is_so) => Ok(Self(is_so.to_string())),
            toml::Value::Datetime(day) => Ok(Self(day.to_string())),
        }
    }
}

/// Reads the keys.
///
/// # Errors
/// Text that is not TOML, keys that are not known, and values of another type, with their line and column.
pub(super) fn read(text: &str, source_name: &str) -> Result<MappingText, FormatError> {
    toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        let (message, hint) = words(error.message());
        FormatError::Syntax(Box::new(problem(text, source_name, at, message, hint)))
    })
}

/// Returns a problem at a byte of the text.
pub(super) fn problem(
    text: &str,
    source_name: &str,
    at: usize,
    message: String,
    hint: Option<String>,
) -> SyntaxProblem {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() as u64 + 1;
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    SyntaxProblem {
        source_name: source_name.to_owned(),
        line: Some(line),
        column: Some(before[start..].chars().count() as u64 + 1),
        message,
        hint,
    }
}

/// Returns the words of the parser in ours.
fn words(message: &str) -> (String, Option<String>) {
    let quoted = || -> Vec<&str> { message.split('`').skip(1).step_by(2).collect() };
    if message.starts_with("unknown field") {
        let names = quoted();
        if let Some((unknown, known)) = names.split_first() {
            let near = nearest(unknown, known.iter().copied());
            let hint = near.first().map(|near| format!("did you mean '{near}'?"));
            let known = known.join(", ");
            return (
                format!("the key '{unknown}' is not known: expected {known}"),
                hint,
            );
        }
    }
    if let Some(name) = message.strip_prefix("missing field ") {
        let name = name.trim_matches('`');
        return (format!("the key '{name}' is missing"), None);
    }
    if let Some((found, expected)) = message
        .strip_prefix("invalid type: ")
        .and_then(|rest| rest.rsplit_once(", expected "))
    {
        return (format!("this is {found}: expected {expected}"), None);
    }
    if message.starts_with("duplicate key") {
        let hint =
            "each heading is there once; columns of equal headings are called Name, Name#2, Name#3";
        return ("this key is there twice".to_owned(), Some(hint.to_owned()));
    }
    let line = message.lines().collect::<Vec<_>>().join(", ");
    (format!("this is not TOML: {line}"), None)
}
