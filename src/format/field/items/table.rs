//! The rows of a table, each a record whose fields the headings name.

use crate::format::field::fields::Fields;
use crate::format::field::items::Item;
use crate::format::field::items::input::Input;
use csv::{ErrorKind, Reader, ReaderBuilder, StringRecord};
use powermap_rdf::FormatError;
use serde_json::{Map, Value};

/// The rows of a source.
pub(in crate::format::field) struct Rows<'a> {
    reader: Reader<Input<'a>>,
    source_name: &'a str,
    /// The steps to each column.
    columns: Vec<Vec<String>>,
    row: StringRecord,
    is_over: bool,
}

impl<'a> Rows<'a> {
    pub(super) fn new(
        input: Input<'a>,
        separator: u8,
        source_name: &'a str,
    ) -> Result<Self, FormatError> {
        let mut reader = ReaderBuilder::new()
            .delimiter(separator)
            .flexible(true)
            .from_reader(input);
        let headings = reader
            .headers()
            .map_err(|error| problem(&error, source_name))?;
        let columns = headings
            .iter()
            .map(|heading| heading.trim().split('.').map(str::to_owned).collect())
            .collect();
        Ok(Self {
            reader,
            source_name,
            columns,
            row: StringRecord::new(),
            is_over: false,
        })
    }

    pub(super) fn is_over(&self) -> bool {
        self.is_over
    }

    pub(super) fn next(&mut self) -> Option<Result<Item, FormatError>> {
        match self.reader.read_record(&mut self.row) {
            Ok(true) => {}
            Ok(false) => return None,
            Err(error) => {
                self.is_over = !matches!(error.kind(), ErrorKind::Utf8 { .. });
                return Some(Err(problem(&error, self.source_name)));
            }
        }
        let line = self.row.position().map_or(0, csv::Position::line);
        if self.row.len() > self.columns.len() {
            let message = format!(
                "the row has {} cells, and there are {} headings",
                self.row.len(),
                self.columns.len()
            );
            let error = FormatError::syntax(self.source_name, message).at(line, 1);
            return Some(Err(
                error.with_hint("put text that has a separator in it between quotes")
            ));
        }
        let mut fields = Map::new();
        for (steps, cell) in self.columns.iter().zip(&self.row) {
            if !cell.trim().is_empty() {
                put(&mut fields, steps, cell);
            }
        }
        Some(Ok(Item {
            line,
            name: String::new(),
            fields: Fields::of(Value::Object(fields)).unwrap_or_default(),
        }))
    }
}

/// Puts a cell where the steps of its heading lead to.
fn put(fields: &mut Map<String, Value>, steps: &[String], cell: &str) {
    let text = Value::String(cell.to_owned());
    let Some((first, rest)) = steps.split_first() else {
        return;
    };
    if rest.is_empty() {
        match fields.get_mut(first) {
            // `Entity.LegalName` may stand after `Entity.LegalName.xmllang`.
            Some(Value::Object(inner)) => {
                inner.insert("$".to_owned(), text);
            }
            // Two columns may have one heading.
            Some(Value::Array(list)) => list.push(text),
            Some(one) => {
                let before = std::mem::take(one);
                *one = Value::Array(vec![before, text]);
            }
            None => {
                fields.insert(first.clone(), text);
            }
        }
        return;
    }
    let inner = fields
        .entry(first.clone())
        .or_insert_with(|| Value::Object(Map::new()));
    if !inner.is_object() {
        let own = std::mem::take(inner);
        *inner = Value::Object(Map::from_iter([("$".to_owned(), own)]));
    }
    if let Value::Object(inner) = inner {
        put(inner, rest, cell);
    }
}

fn problem(error: &csv::Error, source_name: &str) -> FormatError {
    let line = error.position().map_or(1, csv::Position::line);
    let message = match error.kind() {
        ErrorKind::Utf8 { .. } => "the row is not in UTF-8".to_owned(),
        ErrorKind::Io(error) => format!("the rest cannot be read: {error}"),
        _ => error.to_string(),
    };
    FormatError::syntax(source_name, message).at(line, 1)
}
