//! Columns of Arrow that hold texts, in whatever way.

use crate::format::csv::sheet::Fault;
use arrow_array::cast::AsArray;
use arrow_array::types::{Int32Type, Int64Type, UInt32Type, UInt64Type};
use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;
use std::borrow::Cow;
use std::sync::Arc;

/// A column of texts, or of whole numbers that stand for names.
pub(super) struct Texts<'b> {
    /// The texts; of a dictionary, its values.
    values: &'b ArrayRef,
    /// Of a dictionary, the value of each row.
    keys: Option<Keys<'b>>,
}

struct Keys<'b> {
    column: &'b ArrayRef,
    of_rows: Vec<usize>,
}

impl<'b> Texts<'b> {
    /// Returns the texts of a column; nothing for a column of another type.
    pub(super) fn of(column: &'b ArrayRef) -> Option<Self> {
        let texts = match column.as_any_dictionary_opt() {
            None => Self {
                values: column,
                keys: None,
            },
            Some(dictionary) => Self {
                values: dictionary.values(),
                keys: Some(Keys {
                    column,
                    of_rows: match dictionary.values().is_empty() {
                        true => vec![0; dictionary.len()],
                        false => dictionary.normalized_keys(),
                    },
                }),
            },
        };
        let is_text = matches!(
            texts.values.data_type(),
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View
        );
        (is_text || texts.is_numbers()).then_some(texts)
    }

    /// Returns whether these are whole numbers.
    pub(super) fn is_numbers(&self) -> bool {
        use DataType::{Int32, Int64, UInt32, UInt64};
        matches!(self.values.data_type(), Int32 | Int64 | UInt32 | UInt64)
    }

    /// Returns whether each value is held once, however many rows have it.
    pub(super) fn is_dictionary(&self) -> bool {
        self.keys.is_some()
    }

    /// Returns the text of a row; nothing for a null.
    pub(super) fn get(&self, row: usize) -> Option<Cow<'b, str>> {
        self.value(self.place(row)?)
    }

    /// Returns where the text of a row stands among the values; nothing for a null.
    fn place(&self, row: usize) -> Option<usize> {
        match &self.keys {
            None => Some(row),
            Some(keys) => keys
                .column
                .is_valid(row)
                .then(|| keys.of_rows.get(row).copied())?,
        }
    }

    fn value(&self, place: usize) -> Option<Cow<'b, str>> {
        let values = self.values;
        if place >= values.len() || values.is_null(place) {
            return None;
        }
        Some(match values.data_type() {
            DataType::Utf8 => values.as_string::<i32>().value(place).into(),
            DataType::LargeUtf8 => values.as_string::<i64>().value(place).into(),
            DataType::Utf8View => values.as_string_view().value(place).into(),
            DataType::Int32 => values
                .as_primitive::<Int32Type>()
                .value(place)
                .to_string()
                .into(),
            DataType::Int64 => values
                .as_primitive::<Int64Type>()
                .value(place)
                .to_string()
                .into(),
            DataType::UInt32 => values
                .as_primitive::<UInt32Type>()
                .value(place)
                .to_string()
                .into(),
            DataType::UInt64 => values
                .as_primitive::<UInt64Type>()
                .value(place)
                .to_string()
                .into(),
            _ => return None,
        })
    }
}

/// The most texts outside of dictionaries that are remembered.
const TEXTS_MAX: usize = 64;

/// What the texts of a column stand for, so that each is read once.
#[derive(Debug)]
pub(super) struct Memo<T> {
    /// The values of the dictionary that was met last; a column has the same one for many rows.
    dictionary: Option<ArrayRef>,
    /// What they stand for.
    of_values: Vec<Option<T>>,
    /// The first few texts outside of dictionaries.
    of_texts: Vec<(String, T)>,
}

impl<T> Default for Memo<T> {
    fn default() -> Self {
        Self {
            dictionary: None,
            of_values: Vec::new(),
            of_texts: Vec::new(),
        }
    }
}

impl<T: Copy> Memo<T> {
    /// Returns what the text of a row stands for; nothing for a null.
    pub(super) fn get(
        &mut self,
        texts: &Texts<'_>,
        row: usize,
        read: impl FnOnce(&str) -> Result<T, Fault>,
    ) -> Result<Option<T>, Fault> {
        let Some(place) = texts.place(row) else {
            return Ok(None);
        };
        if texts.keys.is_none() {
            return texts
                .value(place)
                .map(|text| self.of_text(&text, read))
                .transpose();
        }
        let is_same = self
            .dictionary
            .as_ref()
            .is_some_and(|known| Arc::ptr_eq(known, texts.values));
        if !is_same {
            self.dictionary = Some(Arc::clone(texts.values));
            self.of_values.clear();
            self.of_values.resize(texts.values.len(), None);
        }
        if let Some(known) = self.of_values.get(place).copied().flatten() {
            return Ok(Some(known));
        }
        let value = texts.value(place).map(|text| read(&text)).transpose()?;
        if let Some(known) = self.of_values.get_mut(place) {
            *known = value;
        }
        Ok(value)
    }

    fn of_text(
        &mut self,
        text: &str,
        read: impl FnOnce(&str) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        if let Some((_, known)) = self.of_texts.iter().find(|(known, _)| known == text) {
            return Ok(*known);
        }
        let value = read(text)?;
        if self.of_texts.len() < TEXTS_MAX {
            self.of_texts.push((text.to_owned(), value));
        }
        Ok(value)
    }
}
