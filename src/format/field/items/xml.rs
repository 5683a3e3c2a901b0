//! Elements of XML, each read into fields: attributes with `@` before their names, text under `$` where there is more.
//!
//! Document types are refused: nothing of these sources has one, and entities of one's own can be made to grow without
//! bound or to read other files.

use crate::format::field::fields::Fields;
use crate::format::field::items::input::Input;
use crate::format::field::items::{Item, RECORD_BYTES_MAX, too_large};
use powermap_rdf::FormatError;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use serde_json::{Map, Value};

/// The most elements within each other.
const DEPTH_MAX: usize = 100;

/// The elements of a source that are records.
pub(in crate::format::field) struct Elements<'a> {
    reader: Reader<Input<'a>>,
    names: &'static [&'static str],
    source_name: &'a str,
    buffer: Vec<u8>,
    is_over: bool,
}

/// An element that is not closed yet.
struct Open {
    name: String,
    fields: Map<String, Value>,
    text: String,
}

impl<'a> Elements<'a> {
    pub(super) fn new(
        input: Input<'a>,
        names: &'static [&'static str],
        source_name: &'a str,
    ) -> Self {
        let mut reader = Reader::from_reader(input);
        reader.config_mut().expand_empty_elements = true;
        Self {
            reader,
            names,
            source_name,
            buffer: Vec::new(),
            is_over: false,
        }
    }

    pub(super) fn is_over(&self) -> bool {
        self.is_over
    }

    pub(super) fn next(&mut self) -> Option<Result<Item, FormatError>> {
        if self.is_over {
            return None;
        }
        let next = self.element().transpose();
        if !matches!(next, Some(Ok(_))) {
            // Where an element ends is not known after an error.
            self.is_over = true;
        }
        next
    }

    fn element(&mut self) -> Result<Option<Item>, FormatError> {
        let mut open: Vec<Open> = Vec::new();
        let (mut began, mut size) = (0, 0);
        loop {
            self.buffer.clear();
            let line = self.line();
            let event = self.reader.read_event_into(&mut self.buffer);
            let event = event.map_err(|error| wrong(&error, line, self.source_name))?;
            size += event.len();
            if !open.is_empty() && size > RECORD_BYTES_MAX {
                return Err(too_large(began, self.source_name));
            }
            match event {
                Event::Start(start) => {
                    let element =
                        opened(&start).map_err(|error| wrong(&error, line, self.source_name))?;
                    if open.is_empty() {
                        if !self.names.contains(&element.name.as_str()) {
                            continue;
                        }
                        (began, size) = (line, 0);
                    }
                    if open.len() == DEPTH_MAX {
                        let message =
                            format!("more than {DEPTH_MAX} elements stand within each other");
                        return Err(FormatError::syntax(self.source_name, message).at(line, 1));
                    }
                    open.push(element);
                }
                Event::Text(text) => {
                    if let Some(last) = open.last_mut() {
                        let text = text.unescape();
                        last.text +=
                            &text.map_err(|error| wrong(&error, line, self.source_name))?;
                    }
                }
                Event::CData(data) => {
                    if let Some(last) = open.last_mut() {
                        let text = data.decode();
                        last.text +=
                            &text.map_err(|error| wrong(&error, line, self.source_name))?;
                    }
                }
                Event::End(_) => {
                    let Some(closed) = open.pop() else { continue };
                    let (name, value) = (closed.name.clone(), closed.value());
                    match open.last_mut() {
                        Some(parent) => add(&mut parent.fields, name, value),
                        None => return Ok(Some(item(began, name, value))),
                    }
                }
                Event::DocType(_) => {
                    let error = FormatError::syntax(
                        self.source_name,
                        "a document type is not read, since its entities could be anything",
                    );
                    return Err(error
                        .at(line, 1)
                        .with_hint("take the line with <!DOCTYPE out"));
                }
                Event::Eof if open.is_empty() => return Ok(None),
                Event::Eof => {
                    let message = "the file ends within the record that begins here";
                    return Err(FormatError::syntax(self.source_name, message).at(began, 1));
                }
                _ => {}
            }
        }
    }

    fn line(&self) -> u64 {
        self.reader.get_ref().line()
    }
}

/// Returns an element that is a record; one of text alone has it as its only field.
fn item(line: u64, name: String, value: Value) -> Item {
    let value = match value {
        Value::Object(map) => Value::Object(map),
        text => Value::Object(Map::from_iter([("$".to_owned(), text)])),
    };
    Item {
        line,
        name,
        fields: Fields::of(value).unwrap_or_default(),
    }
}

impl Open {
    fn value(mut self) -> Value {
        let text = self.text.trim();
        if self.fields.is_empty() {
            return Value::String(text.to_owned());
        }
        if !text.is_empty() {
            self.fields.insert("$".to_owned(), text.into());
        }
        Value::Object(self.fields)
    }
}

/// Returns an element with its attributes, without those that declare namespaces or schemas.
fn opened(start: &BytesStart<'_>) -> Result<Open, quick_xml::Error> {
    let name = String::from_utf8_lossy(start.local_name().as_ref()).into_owned();
    let mut fields = Map::new();
    for attribute in start.attributes() {
        let attribute = attribute?;
        let key = String::from_utf8_lossy(attribute.key.as_ref()).into_owned();
        if key.starts_with("xmlns") || key.starts_with("xsi:") {
            continue;
        }
        let local = key.rsplit(':').next().unwrap_or_default();
        let value = attribute.unescape_value()?;
        fields.insert(format!("@{local}"), value.into());
    }
    Ok(Open {
        name,
        fields,
        text: String::new(),
    })
}

/// Adds an element to its parent; several of one name become a list.
fn add(fields: &mut Map<String, Value>, name: String, value: Value) {
    match fields.get_mut(&name) {
        None => {
            fields.insert(name, value);
        }
        Some(Value::Array(list)) => list.push(value),
        Some(one) => {
            let first = std::mem::take(one);
            *one = Value::Array(vec![first, value]);
        }
    }
}

fn wrong(error: &dyn std::fmt::Display, line: u64, source_name: &str) -> FormatError {
    FormatError::syntax(source_name, format!("this is no XML: {error}")).at(line, 1)
}
