//! A source as a stream of records, whatever its syntax: JSON, JSON lines, XML or a table.
//!
//! A record is held in memory, the source is not.

mod frames;
pub(in crate::format) mod input;
mod json;
mod lines;
mod table;
mod xml;

use crate::format::field::fields::Fields;
use crate::format::field::items::input::Input;
use powermap_rdf::FormatError;
use serde_json::Value;

/// The most bytes that a record may have.
pub(super) const RECORD_BYTES_MAX: usize = 64 << 20;

/// How the records of a source are written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// One object in JSON on each line.
    Lines,
    /// One array of objects in JSON, or one object after the other; in the array under a key of the first object, if one
    /// is named.
    Json(Option<&'static str>),
    /// Elements of XML, by their names without prefixes.
    Xml(&'static [&'static str]),
    /// A table with a line of headings, whose cells are separated by this. A point in a heading is a step into a record.
    Table(u8),
}

/// One record of a source.
#[derive(Debug)]
pub(super) struct Item {
    /// The line on which it begins, from 1.
    pub(super) line: u64,
    /// The name of the element, where the source is XML.
    pub(super) name: String,
    /// Its fields.
    pub(super) fields: Fields,
}

/// The records of a source, one after the other. After an error that is no end, reading can go on with the next one.
pub(super) enum Items<'a> {
    Lines(lines::Lines<'a>),
    Json(json::Values<'a>),
    Xml(xml::Elements<'a>),
    Table(Box<table::Rows<'a>>),
}

impl<'a> Items<'a> {
    /// Begins with the records of an input.
    ///
    /// # Errors
    /// A table without a line of headings.
    pub(super) fn new(
        input: Input<'a>,
        layout: Layout,
        source_name: &'a str,
    ) -> Result<Self, FormatError> {
        Ok(match layout {
            Layout::Lines => Self::Lines(lines::Lines::new(input, source_name)),
            Layout::Json(key) => Self::Json(json::Values::new(input, key, source_name)),
            Layout::Xml(names) => Self::Xml(xml::Elements::new(input, names, source_name)),
            Layout::Table(separator) => {
                Self::Table(Box::new(table::Rows::new(input, separator, source_name)?))
            }
        })
    }

    /// Returns the next record.
    ///
    /// # Errors
    /// A record that cannot be read; [`Items::is_over`] says whether anything can follow.
    pub(super) fn next(&mut self) -> Option<Result<Item, FormatError>> {
        match self {
            Self::Lines(lines) => lines.next(),
            Self::Json(values) => values.next(),
            Self::Xml(elements) => elements.next(),
            Self::Table(rows) => rows.next(),
        }
    }

    /// Returns whether nothing can be read any more after an error.
    pub(super) fn is_over(&self) -> bool {
        match self {
            Self::Lines(lines) => lines.is_over(),
            Self::Json(values) => values.is_over(),
            Self::Xml(elements) => elements.is_over(),
            Self::Table(rows) => rows.is_over(),
        }
    }
}

/// Returns the object that a text in JSON is.
fn object(text: &[u8], line: u64, source_name: &str) -> Result<Item, FormatError> {
    let value: Value = serde_json::from_slice(text).map_err(|error| {
        let message = error.to_string();
        let message = message.split(" at line ").next().unwrap_or_default();
        let at = line + (error.line() as u64).saturating_sub(1);
        FormatError::syntax(source_name, format!("this is no JSON: {message}"))
            .at(at, error.column() as u64)
    })?;
    let kind = match &value {
        Value::Null => "null",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    };
    let fields = Fields::of(value).ok_or_else(|| {
        let message = format!("{kind} stands here, and a record is an object");
        FormatError::syntax(source_name, message).at(line, 1)
    })?;
    Ok(Item {
        line,
        name: String::new(),
        fields,
    })
}

fn too_large(line: u64, source_name: &str) -> FormatError {
    let message = format!(
        "a record of more than {} MiB begins here",
        RECORD_BYTES_MAX >> 20
    );
    FormatError::syntax(source_name, message).at(line, 1)
}

fn unread(error: &std::io::Error, line: u64, source_name: &str) -> FormatError {
    FormatError::syntax(source_name, format!("the rest cannot be read: {error}")).at(line, 1)
}
