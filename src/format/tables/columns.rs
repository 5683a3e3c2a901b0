//! Arrow columns out of rows: one function for each type of column that our tables have.

use crate::model::lang::Labels;
use crate::model::quantity::Quantity;
use crate::model::time::{Day, TimeSpan};
use arrow_array::builder::{ListBuilder, StringBuilder, StructBuilder};
use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Float64Array, Int64Array, RecordBatch, RecordBatchOptions,
    StringArray,
};
use arrow_schema::{ArrowError, DataType, Field, Fields, Schema};
use std::borrow::Cow;
use std::sync::Arc;

/// The languages whose texts have a column of their own.
pub(super) const LANGUAGES: [&str; 2] = ["en", "zh"];

/// Returns the fields of a text in any other language.
pub(super) fn other_fields() -> Fields {
    let text = |name| Field::new(name, DataType::Utf8, false);
    vec![text("language"), text("text")].into()
}

/// Returns the number of a day as Arrow counts, from 1970-01-01.
pub(super) fn day_number(day: Day) -> i32 {
    Day::FIRST.days_until(day) - UNIX_EPOCH
}

/// The days from 0001-01-01 to 1970-01-01.
pub(super) const UNIX_EPOCH: i32 = 719_162;

/// Columns that are made from the same rows, in the order in which they are added.
#[derive(Debug)]
pub(crate) struct Columns<'r, R> {
    rows: &'r [R],
    fields: Vec<Field>,
    arrays: Vec<ArrayRef>,
}

impl<'r, R> Columns<'r, R> {
    /// Returns no columns of these rows.
    pub(crate) fn of(rows: &'r [R]) -> Self {
        Self {
            rows,
            fields: Vec::new(),
            arrays: Vec::new(),
        }
    }

    fn push(&mut self, name: impl Into<String>, array: ArrayRef, may_be_null: bool) {
        let field = Field::new(name, array.data_type().clone(), may_be_null);
        self.fields.push(field);
        self.arrays.push(array);
    }

    /// Adds a column of texts, one in each row.
    pub(crate) fn required(&mut self, name: &str, text: impl Fn(&'r R) -> Cow<'r, str>) {
        let texts = StringArray::from_iter_values(self.rows.iter().map(text));
        self.push(name, Arc::new(texts), false);
    }

    /// Adds a column of texts.
    pub(crate) fn text(
        &mut self,
        name: impl Into<String>,
        text: impl Fn(&'r R) -> Option<Cow<'r, str>>,
    ) {
        let texts: StringArray = self.rows.iter().map(text).collect();
        self.push(name, Arc::new(texts), true);
    }

    /// Adds a column of numbers.
    pub(crate) fn number(
        &mut self,
        name: impl Into<String>,
        number: impl Fn(&'r R) -> Option<f64>,
    ) {
        let numbers: Float64Array = self.rows.iter().map(number).collect();
        self.push(name, Arc::new(numbers), true);
    }

    /// Adds a column of whole numbers.
    pub(crate) fn integer(&mut self, name: &str, number: impl Fn(&'r R) -> Option<i64>) {
        let numbers: Int64Array = self.rows.iter().map(number).collect();
        self.push(name, Arc::new(numbers), true);
    }

    /// Adds a column of truth values.
    pub(crate) fn flag(&mut self, name: impl Into<String>, flag: impl Fn(&'r R) -> Option<bool>) {
        let flags: BooleanArray = self.rows.iter().map(flag).collect();
        self.push(name, Arc::new(flags), true);
    }

    /// Adds a time as it is written, and the first and the last day that it can mean in columns of their own.
    pub(crate) fn time(&mut self, name: &str, time: impl Fn(&'r R) -> Option<TimeSpan>) {
        self.text(name, |row| time(row).map(|time| time.to_string().into()));
        self.day(format!("{name}_first"), |row| time(row)?.earliest());
        self.day(format!("{name}_last"), |row| time(row)?.latest());
    }

    fn day(&mut self, name: String, day: impl Fn(&'r R) -> Option<Day>) {
        let numbers = self.rows.iter().map(|row| day(row).map(day_number));
        let days: Date32Array = numbers.collect();
        self.push(name, Arc::new(days), true);
    }

    /// Adds the bounds of a quantity and whether they are excluded, with these beginnings of their names.
    pub(crate) fn bounds(
        &mut self,
        [lower, upper]: [&str; 2],
        bounds: impl Fn(&'r R) -> Option<Bounds>,
    ) {
        for (name, end) in [(lower, 0), (upper, 1)] {
            self.number(name, |row| bounds(row)?.ends[end]);
            self.flag(format!("{name}_exclusive"), |row| {
                let bounds = bounds(row)?;
                bounds.ends[end].map(|_| bounds.excluded[end])
            });
        }
    }

    /// Adds texts in the languages that have a column, and a list of those in others.
    pub(crate) fn labels(&mut self, stem: &str, labels: impl Fn(&'r R) -> &'r Labels) {
        for language in LANGUAGES {
            self.text(format!("{stem}_{language}"), |row| {
                labels(row).exact(language).map(Cow::from)
            });
        }
        let texts = || StringBuilder::new();
        let one = StructBuilder::new(other_fields(), vec![Box::new(texts()), Box::new(texts())]);
        let item = Field::new("item", DataType::Struct(other_fields()), false);
        let mut list = ListBuilder::new(one).with_field(item);
        for row in self.rows {
            let others = labels(row).iter();
            let mut others = others
                .filter(|(tag, _)| !LANGUAGES.contains(tag))
                .peekable();
            let is_any = others.peek().is_some();
            for (tag, text) in others {
                let one = list.values();
                for (place, part) in [tag, text].into_iter().enumerate() {
                    if let Some(column) = one.field_builder::<StringBuilder>(place) {
                        column.append_value(part);
                    }
                }
                one.append(true);
            }
            list.append(is_any);
        }
        self.push(format!("{stem}_other"), Arc::new(list.finish()), true);
    }

    /// Adds a column of lists of texts; an empty list is nothing.
    pub(crate) fn list<T: AsRef<str>>(
        &mut self,
        name: &str,
        list: impl Fn(&'r R) -> Option<Vec<T>>,
    ) {
        let item = Field::new("item", DataType::Utf8, false);
        let mut lists = ListBuilder::new(StringBuilder::new()).with_field(item);
        for row in self.rows {
            let texts = list(row).unwrap_or_default();
            for text in &texts {
                lists.values().append_value(text);
            }
            lists.append(!texts.is_empty());
        }
        self.push(name, Arc::new(lists.finish()), true);
    }

    /// Returns the columns as a table.
    pub(crate) fn finish(self) -> Result<RecordBatch, ArrowError> {
        let schema = Arc::new(Schema::new(self.fields));
        let options = RecordBatchOptions::new().with_row_count(Some(self.rows.len()));
        RecordBatch::try_new_with_options(schema, self.arrays, &options)
    }
}

/// Two ends, each of which may be open or excluded.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    /// The least and the greatest value; nothing where it is open.
    pub(crate) ends: [Option<f64>; 2],
    /// Whether these are excluded.
    pub(crate) excluded: [bool; 2],
}

impl From<&Quantity> for Bounds {
    fn from(quantity: &Quantity) -> Self {
        Self {
            ends: [quantity.lower, quantity.upper],
            excluded: [quantity.lower_exclusive, quantity.upper_exclusive],
        }
    }
}
