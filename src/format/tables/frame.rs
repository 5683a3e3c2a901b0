//! A part of a table being read: typed access to its cells, whose errors say which.

use crate::format::csv::sheet::Fault;
use crate::format::tables::columns::{LANGUAGES, UNIX_EPOCH};
use crate::model::lang::Labels;
use crate::model::time::{Day, Period, TimeSpan};
use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Decimal128Type, Float32Type, Float64Type, Int32Type, Int64Type, UInt32Type,
    UInt64Type,
};
use arrow_array::{Array, ArrayRef, RecordBatch, StringArray};
use arrow_schema::{DataType, Schema};
use oxigraph::model::NamedNode;
use powermap_rdf::{FormatError, nearest};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// Some rows of a file.
pub(super) struct Frame<'a> {
    /// The file, for errors.
    name: &'a str,
    columns: FxHashMap<String, ArrayRef>,
    /// How many rows of the file come before.
    before: usize,
}

/// What stands in the columns of a type, for people.
fn words(data_type: &DataType) -> &'static str {
    match data_type {
        DataType::Utf8 => "text",
        DataType::Boolean => "true and false",
        DataType::Float64 => "numbers",
        DataType::Date32 => "days",
        DataType::List(item) if matches!(item.data_type(), DataType::Struct(_)) => {
            "lists of a language and a text"
        }
        DataType::List(_) => "lists of text",
        _ => "another type",
    }
}

/// Checks that a file has the columns that it needs, none that is not known, and each with a type that can be read.
pub(super) fn check(name: &str, found: &Schema, expected: &Schema) -> Result<(), FormatError> {
    let wrong = |message: String| FormatError::syntax(name, message);
    for field in found.fields() {
        let column = field.name();
        // The index that pandas writes.
        if column.starts_with("__index_level_") {
            continue;
        }
        let Ok(known) = expected.field_with_name(column) else {
            let names: Vec<_> = expected
                .fields()
                .iter()
                .map(|f| f.name().as_str())
                .collect();
            let message = format!(
                "the column '{column}' is not known: expected {}",
                names.join(", ")
            );
            return Err(match nearest(column, names).first() {
                Some(near) => wrong(message).with_hint(format!("did you mean '{near}'?")),
                None => wrong(message).with_hint("docs/tables.md lists the columns of each table"),
            });
        };
        let is_time = expected.field_with_name(&format!("{column}_first")).is_ok();
        if !is_readable(field.data_type(), known.data_type(), is_time) {
            let or_days = if is_time { " or days" } else { "" };
            return Err(wrong(format!(
                "the column '{column}' has the type {}: expected {}{or_days}",
                field.data_type(),
                words(known.data_type()),
            )));
        }
    }
    for field in expected
        .fields()
        .iter()
        .filter(|field| !field.is_nullable())
    {
        if found.field_with_name(field.name()).is_err() {
            return Err(wrong(format!("the column '{}' is missing", field.name())));
        }
    }
    Ok(())
}

fn is_readable(found: &DataType, expected: &DataType, is_time: bool) -> bool {
    match (found, expected) {
        (DataType::Null, _) => true,
        (DataType::Date32, DataType::Utf8) => is_time,
        (found, DataType::Float64) => is_number(found),
        (DataType::List(found), DataType::List(expected)) => {
            match (found.data_type(), expected.data_type()) {
                (DataType::Struct(found), DataType::Struct(expected)) => {
                    let names = found
                        .iter()
                        .zip(expected)
                        .all(|(a, b)| a.name() == b.name());
                    let are_texts = found.iter().all(|f| *f.data_type() == DataType::Utf8);
                    found.len() == expected.len() && names && are_texts
                }
                (found, expected) => found == expected,
            }
        }
        (found, expected) => found == expected,
    }
}

pub(in crate::format) fn is_number(found: &DataType) -> bool {
    use DataType::{Float32, Float64, Int32, Int64, UInt32, UInt64};
    matches!(
        found,
        Float32 | Float64 | Int32 | Int64 | UInt32 | UInt64 | DataType::Decimal128(..)
    )
}

/// Returns a number of a column of any type of number; nothing for a null.
pub(in crate::format) fn number(array: &dyn Array, row: usize) -> Option<f64> {
    if array.is_null(row) {
        return None;
    }
    Some(match array.data_type() {
        DataType::Float64 => array.as_primitive::<Float64Type>().value(row),
        DataType::Float32 => array.as_primitive::<Float32Type>().value(row).into(),
        DataType::Int32 => array.as_primitive::<Int32Type>().value(row).into(),
        DataType::UInt32 => array.as_primitive::<UInt32Type>().value(row).into(),
        DataType::Int64 => array.as_primitive::<Int64Type>().value(row) as f64,
        DataType::UInt64 => array.as_primitive::<UInt64Type>().value(row) as f64,
        DataType::Decimal128(..) => {
            let decimals = array.as_primitive::<Decimal128Type>();
            // Its text is read as any other number is, to the nearest double.
            decimals.value_as_string(row).parse().ok()?
        }
        _ => return None,
    })
}

/// Returns a day of a column of days; nothing for a null.
///
/// # Errors
/// A day that the calendar does not have.
pub(in crate::format) fn day(array: &dyn Array, row: usize) -> Result<Option<Day>, Fault> {
    let Some(days) = array.as_primitive_opt::<Date32Type>() else {
        return Ok(None);
    };
    if days.is_null(row) {
        return Ok(None);
    }
    let number = days.value(row).checked_add(UNIX_EPOCH);
    let day = number.and_then(|number| Day::FIRST.plus(number));
    day.map(Some)
        .ok_or_else(|| Fault::new("the day is before the year 1 or after the year 9999"))
}

/// A column of texts; nothing where the file does not have it.
pub(super) struct Texts<'f> {
    frame: &'f Frame<'f>,
    name: &'static str,
    array: Option<&'f StringArray>,
}

impl<'f> Frame<'f> {
    /// Returns the rows of a file that come after some others.
    pub(super) fn new(name: &'f str, batch: &RecordBatch, before: usize) -> Self {
        let fields = batch.schema_ref().fields().iter();
        let columns = fields.zip(batch.columns()).filter_map(|(field, column)| {
            // A column without any value has no type.
            let is_known = *column.data_type() != DataType::Null;
            is_known.then(|| (field.name().clone(), Arc::clone(column)))
        });
        Self {
            name,
            columns: columns.collect(),
            before,
        }
    }

    fn column(&self, name: &str) -> Option<&ArrayRef> {
        self.columns.get(name)
    }

    /// Returns the error of a cell.
    pub(super) fn wrong(&self, row: usize, column: &str, fault: Fault) -> FormatError {
        let (message, hint) = fault.into_parts();
        let number = self.before + row + 1;
        let message = format!("row {number}, column '{column}': {message}");
        let error = FormatError::syntax(self.name, message);
        hint.into_iter().fold(error, FormatError::with_hint)
    }

    /// Returns a column of texts.
    pub(super) fn texts(&'f self, name: &'static str) -> Texts<'f> {
        let array = self.column(name).and_then(|column| column.as_string_opt());
        Texts {
            frame: self,
            name,
            array,
        }
    }

    /// Returns the number in a cell.
    pub(super) fn number(&self, name: &str, row: usize) -> Option<f64> {
        number(self.column(name)?, row)
    }

    /// Returns the truth value in a cell.
    pub(super) fn flag(&self, name: &str, row: usize) -> Option<bool> {
        let flags = self.column(name)?.as_boolean_opt()?;
        flags.is_valid(row).then(|| flags.value(row))
    }

    /// Returns the time in a cell.
    pub(super) fn time(
        &self,
        name: &'static str,
        row: usize,
    ) -> Result<Option<TimeSpan>, FormatError> {
        let Some(column) = self.column(name) else {
            return Ok(None);
        };
        match column.data_type() {
            DataType::Date32 => {
                let day = day(column, row).map_err(|fault| self.wrong(row, name, fault))?;
                Ok(day.map(|day| TimeSpan::At(Period::Day(day))))
            }
            _ => self.texts(name).read(row, |text| Ok(text.parse()?)),
        }
    }

    /// Returns the list of texts in a cell.
    pub(super) fn list(&self, name: &str, row: usize) -> Vec<String> {
        let lists = self
            .column(name)
            .and_then(|column| column.as_list_opt::<i32>());
        let list = lists
            .filter(|lists| lists.is_valid(row))
            .map(|l| l.value(row));
        let texts = list.as_ref().and_then(|list| list.as_string_opt::<i32>());
        let texts = texts.into_iter().flatten().flatten();
        texts.map(str::to_owned).collect()
    }

    /// Returns the ids in a cell with a list, sorted.
    pub(super) fn ids(&self, name: &str, row: usize) -> Result<Vec<NamedNode>, FormatError> {
        let ids = self.list(name, row).into_iter();
        let ids = ids.map(|text| crate::format::csv::cells::id(&text));
        let ids: Result<Vec<_>, _> = ids.collect();
        let mut ids = ids.map_err(|fault| self.wrong(row, name, fault))?;
        ids.sort_unstable();
        Ok(ids)
    }

    /// Returns the texts of a cell in all languages.
    pub(super) fn labels(&self, stem: &str, row: usize) -> Result<Labels, FormatError> {
        let mut labels = Labels::default();
        for language in LANGUAGES {
            let column = self.column(&format!("{stem}_{language}"));
            let texts = column.and_then(|column| column.as_string_opt::<i32>());
            if let Some(texts) = texts.filter(|texts| texts.is_valid(row)) {
                labels.insert(language, texts.value(row));
            }
        }
        let name = format!("{stem}_other");
        let lists = self
            .column(&name)
            .and_then(|column| column.as_list_opt::<i32>());
        let Some(lists) = lists.filter(|lists| lists.is_valid(row)) else {
            return Ok(labels);
        };
        let list = lists.value(row);
        let parts = list
            .as_struct_opt()
            .map(|list| list.columns())
            .unwrap_or_default();
        if let [tags, texts] = parts
            && let (Some(tags), Some(texts)) =
                (tags.as_string_opt::<i32>(), texts.as_string_opt::<i32>())
        {
            for pair in tags.iter().zip(texts) {
                let (Some(tag), Some(text)) = pair else {
                    let fault = Fault::new("a language or its text is null");
                    return Err(self.wrong(row, &name, fault));
                };
                let is_tag = |c: u8| c.is_ascii_alphanumeric() || c == b'-';
                if !tag.bytes().all(is_tag) {
                    let fault = Fault::new(format!("'{tag}' is not the tag of a language"));
                    return Err(self.wrong(row, &name, fault));
                }
                labels.insert(tag, text);
            }
        }
        Ok(labels)
    }
}

impl<'f> Texts<'f> {
    /// Returns the text of a row; nothing for a null.
    pub(super) fn get(&self, row: usize) -> Option<&'f str> {
        let array = self.array.filter(|array| array.is_valid(row))?;
        Some(array.value(row))
    }

    /// Returns the text of a row for a record to hold.
    pub(super) fn owned(&self, row: usize) -> Option<String> {
        self.get(row).map(str::to_owned)
    }

    /// Returns what a text stands for; nothing for a null.
    pub(super) fn read<T>(
        &self,
        row: usize,
        read: impl FnOnce(&str) -> Result<T, Fault>,
    ) -> Result<Option<T>, FormatError> {
        let value = self.get(row).map(read).transpose();
        value.map_err(|fault| self.frame.wrong(row, self.name, fault))
    }

    /// Returns what a text stands for; an error for a null.
    pub(super) fn need<T>(
        &self,
        row: usize,
        read: impl FnOnce(&str) -> Result<T, Fault>,
    ) -> Result<T, FormatError> {
        let missing = || Fault::new("is null: a text is expected in each row");
        self.read(row, read)?
            .ok_or_else(|| self.frame.wrong(row, self.name, missing()))
    }

    /// Returns the id in a row; an error for a null.
    pub(super) fn id(&self, row: usize) -> Result<NamedNode, FormatError> {
        self.need(row, crate::format::csv::cells::id)
    }

    /// Returns the id in a row; nothing for a null.
    pub(super) fn maybe_id(&self, row: usize) -> Result<Option<NamedNode>, FormatError> {
        self.read(row, crate::format::csv::cells::id)
    }
}
