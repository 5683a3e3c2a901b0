//! Edge lists as Arrow tables and Parquet files.

use crate::format::csv::cells;
use crate::format::csv::sheet::Fault;
use crate::format::edge_list::header::{Header, ROLES, Role};
use crate::format::edge_list::piece::{family, kind_of, number_of, status};
use crate::format::edge_list::texts::{Memo, Texts};
use crate::format::edge_list::{Attributes, EdgeList, EdgeListReader, NONE, PROBLEMS_MAX};
use crate::format::tables::file::{damaged, open};
use crate::format::tables::{TABLE_KEY, frame};
use crate::model::name::{Family, Status};
use crate::model::quantity::Quantity;
use crate::model::short_iri::short;
use crate::model::time::{Day, TimeSpan};
use crate::model::unit::Unit;
use crate::model::vocabulary::expand;
use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ArrowReaderOptions;
use powermap_rdf::{FormatError, StoreError, SyntaxProblem};
use std::hash::BuildHasher;
use std::path::Path;
use std::sync::Arc;

/// The rows that are in memory at once.
const BATCH_ROWS: usize = 1 << 16;

/// What the texts of the columns stand for, as far as it is known.
#[derive(Debug, Default)]
pub(super) struct Known {
    ends: [Memo<u32>; 2],
    families: Memo<Family>,
    kinds: Memo<u8>,
    statuses: Memo<Status>,
    units: Memo<(u8, i32)>,
}

/// What is wrong with a row, and in which column.
type Wrong = (Role, Fault);

/// The columns of some rows.
#[derive(Default)]
struct Table<'b> {
    ends: [Option<Texts<'b>>; 2],
    family: Option<Texts<'b>>,
    kind: Option<Texts<'b>>,
    status: Option<Texts<'b>>,
    days: [Option<Days<'b>>; 2],
    bounds: [Option<&'b ArrayRef>; 2],
    unit: Option<Texts<'b>>,
}

/// A column of days, or of times as text.
enum Days<'b> {
    Days(&'b ArrayRef),
    Times(Texts<'b>),
}

impl Days<'_> {
    /// Returns the first or the last day of a row.
    fn get(&self, row: usize, day: fn(TimeSpan) -> Option<Day>) -> Result<Option<Day>, Fault> {
        match self {
            Self::Days(days) => frame::day(days, row),
            Self::Times(texts) => match texts.get(row) {
                Some(text) => Ok(day(text.parse::<TimeSpan>()?)),
                None => Ok(None),
            },
        }
    }
}

/// Returns the role of a column and how a file gives it; nothing for a column that a list does not have.
fn role(name: &str) -> Option<Role> {
    let found = ROLES.iter().find(|(known, _)| *known == name);
    found.map(|(_, role)| *role)
}

impl EdgeListReader<'_> {
    /// Reads the rows of an Arrow table, whose columns have the names of [the list](crate::format::edge_list); others are
    /// passed over.
    ///
    /// `from` and `to` are texts or whole numbers; times are texts or days; what is null is not known. All tables that are
    /// given to one reader have the same columns. O(n) in the number of rows; each value of a dictionary is looked at once.
    ///
    /// # Errors
    /// A column that is missing or of another type; a null at an end of an edge, or another value that is not right, with
    /// its row and column, unless wrong rows are to be left out; more rows, ids, kinds or units than there are numbers for.
    ///
    /// ```
    /// use arrow_array::{Float64Array, Int64Array, RecordBatch};
    /// use powermap::format::edge_list::EdgeListReader;
    /// use std::sync::Arc;
    ///
    /// let batch = RecordBatch::try_from_iter([
    ///     ("from", Arc::new(Int64Array::from(vec![1, 2])) as _),
    ///     ("to", Arc::new(Int64Array::from(vec![2, 1])) as _),
    ///     ("amount", Arc::new(Float64Array::from(vec![Some(5.0), None])) as _),
    /// ])?;
    /// let concepts = indexmap::IndexMap::new();
    /// let mut reader = EdgeListReader::new("frame", &concepts);
    /// reader.read_table(&batch)?;
    /// let list = reader.finish()?;
    /// assert_eq!((list.id(list.from[0]), list.id_count()), ("1", 2));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn read_table(&mut self, batch: &RecordBatch) -> Result<(), FormatError> {
        let header = match self.header.take() {
            Some(header) => header,
            None => self.header_of(&batch.schema())?,
        };
        let table = self.columns(batch)?;
        let mut known = std::mem::take(&mut self.known);
        let result = self.rows_of(&table, &header, batch.num_rows(), &mut known);
        (self.header, self.known) = (Some(header), known);
        result
    }

    /// Reads a Parquet file, of its columns only those that a list has.
    pub(super) fn read_parquet(
        mut self,
        path: &Path,
        report: impl Fn(u32),
    ) -> Result<EdgeList, StoreError> {
        let name = self.source_name.clone();
        let file = open(path, &name)?;
        if file.entry(TABLE_KEY) == Some("board") {
            let message = "this is the board of a map, which has an edge for each value and totals beside their parts";
            let hint = "give the folder that it is in to --map";
            return Err(FormatError::syntax(&name, message.to_owned())
                .with_hint(hint)
                .into());
        }
        // Texts that repeat stay numbers of a dictionary, so that each is looked at once.
        let as_read = |field: &Arc<Field>| match (role(field.name()), field.data_type()) {
            (Some(_), DataType::Utf8) => {
                let texts =
                    DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
                field.as_ref().clone().with_data_type(texts)
            }
            _ => field.as_ref().clone(),
        };
        let fields = file.metadata.schema().fields();
        let wanted = fields.iter().enumerate();
        let wanted = wanted.filter(|(_, field)| role(field.name()).is_some());
        let wanted: Vec<_> = wanted.map(|(at, _)| at).collect();
        let schema = Schema::new(fields.iter().map(as_read).collect::<Vec<_>>());
        let options = ArrowReaderOptions::new()
            .with_skip_arrow_metadata(true)
            .with_schema(Arc::new(schema));
        let rows = file.rows(&name, Some(options))?;
        let mask = ProjectionMask::roots(rows.parquet_schema(), wanted);
        let (schema, rows) = (rows.schema().clone(), rows.with_projection(mask));
        let batches = rows.with_batch_size(BATCH_ROWS).build();
        for batch in batches.map_err(|error| damaged(&name, &error))? {
            self.read_table(&batch.map_err(|error| damaged(&name, &error))?)?;
            report(self.rows);
        }
        if self.header.is_none() {
            // A file without rows has its columns all the same.
            self.header = Some(self.header_of(&schema)?);
        }
        Ok(self.finish()?)
    }

    fn header_of(&mut self, schema: &Schema) -> Result<Header, FormatError> {
        let roles = schema
            .fields()
            .iter()
            .filter_map(|field| role(field.name()));
        let header = Header {
            separator: b',',
            roles: roles.collect(),
        };
        let wrong = |message: String| FormatError::syntax(&self.source_name, message);
        for needed in [Role::From, Role::To] {
            if !header.has(needed) {
                let names: Vec<_> = schema.fields().iter().map(|f| f.name().as_str()).collect();
                return Err(wrong(format!("the column '{}' is missing", needed.name()))
                    .with_hint(format!("there are the columns {}", names.join(", "))));
            }
        }
        header.check(&self.source_name)?;
        self.list.attributes = Attributes::for_header(&header);
        Ok(header)
    }

    /// Returns the columns by their roles, each of a type that can be read.
    fn columns<'b>(&self, batch: &'b RecordBatch) -> Result<Table<'b>, FormatError> {
        let mut table = Table::default();
        for (field, array) in batch.schema_ref().fields().iter().zip(batch.columns()) {
            let Some(role) = role(field.name()).filter(|_| *array.data_type() != DataType::Null)
            else {
                continue;
            };
            let wrong = |expected: &str| {
                let (name, found) = (field.name(), array.data_type());
                let message =
                    format!("the column '{name}' has the type {found}: expected {expected}");
                FormatError::syntax(&self.source_name, message)
            };
            let texts = || Texts::of(array).filter(|texts| !texts.is_numbers());
            match role {
                Role::From | Role::To => {
                    let texts = Texts::of(array).ok_or_else(|| wrong("text or whole numbers"))?;
                    table.ends[usize::from(role == Role::To)] = Some(texts);
                }
                Role::Since | Role::Until => {
                    let days = match array.data_type() {
                        DataType::Date32 => Some(Days::Days(array)),
                        _ => texts().map(Days::Times),
                    };
                    let days = days.ok_or_else(|| wrong("days or text, without a time of day"))?;
                    table.days[usize::from(role == Role::Until)] = Some(days);
                }
                Role::Amount | Role::Lower | Role::Upper => {
                    if !frame::is_number(array.data_type()) {
                        return Err(wrong("numbers"));
                    }
                    match role {
                        Role::Amount => table.bounds = [Some(array); 2],
                        _ => table.bounds[usize::from(role == Role::Upper)] = Some(array),
                    }
                }
                Role::Family => table.family = Some(texts().ok_or_else(|| wrong("text"))?),
                Role::Kind => table.kind = Some(texts().ok_or_else(|| wrong("text"))?),
                Role::Status => table.status = Some(texts().ok_or_else(|| wrong("text"))?),
                Role::Unit => table.unit = Some(texts().ok_or_else(|| wrong("text"))?),
            }
        }
        Ok(table)
    }

    fn rows_of(
        &mut self,
        table: &Table<'_>,
        header: &Header,
        count: usize,
        known: &mut Known,
    ) -> Result<(), FormatError> {
        for row in 0..count {
            let number = self.rows.checked_add(1).filter(|rows| *rows < u32::MAX);
            self.rows = number.ok_or_else(|| {
                FormatError::syntax(&self.source_name, "too many rows: at most 2³² − 2")
            })?;
            let Err((role, fault)) = self.row(table, header, row, known) else {
                continue;
            };
            let (message, hint) = fault.into_parts();
            let problem = SyntaxProblem {
                source_name: self.source_name.clone(),
                line: None,
                column: None,
                message: format!("row {}, column '{}': {message}", self.rows, role.name()),
                hint,
            };
            if !self.skips {
                return Err(FormatError::Syntax(Box::new(problem)));
            }
            self.list.skipped.push(self.rows);
            if self.list.problems.len() < PROBLEMS_MAX {
                self.list.problems.push(problem);
            }
        }
        Ok(())
    }

    /// Adds a row, or says what is wrong with it.
    fn row(
        &mut self,
        table: &Table<'_>,
        header: &Header,
        row: usize,
        known: &mut Known,
    ) -> Result<(), Wrong> {
        let mut ends = [0; 2];
        for (at, role) in [(0, Role::From), (1, Role::To)] {
            let end = match &table.ends[at] {
                None => Ok(None),
                Some(texts) if texts.is_dictionary() => {
                    known.ends[at].get(texts, row, |text| self.end(text))
                }
                // Names that do not repeat are not worth remembering.
                Some(texts) => texts.get(row).map(|text| self.end(&text)).transpose(),
            };
            let end = end.map_err(|fault| (role, fault))?;
            ends[at] = end.ok_or_else(|| (role, Fault::new("is null: each edge has two ends")))?;
        }
        let family = word(
            &mut known.families,
            table.family.as_ref(),
            row,
            Role::Family,
            family,
        )?;
        let kinds = &mut self.list.attributes.kinds;
        let concepts = self.concepts;
        let kind = word(
            &mut known.kinds,
            table.kind.as_ref(),
            row,
            Role::Kind,
            |text| {
                number_of(kinds, kind_of(text, concepts)?)
                    .ok_or_else(|| Fault::new("there are more than 255 kinds"))
            },
        )?;
        let status = word(
            &mut known.statuses,
            table.status.as_ref(),
            row,
            Role::Status,
            status,
        )?;
        let [since, until] = days(table, row)?;
        let (lower, upper, unit) = self.bounds(table, header, row, &mut known.units)?;
        let number = |day: Day| Day::FIRST.days_until(day);
        let columns = &mut self.list.attributes;
        add(&mut columns.family, family.unwrap_or(Family::Influence));
        add(&mut columns.kind, kind.unwrap_or(NONE));
        add(&mut columns.status, status);
        add(&mut columns.since, since.map_or(i32::MIN, number));
        add(&mut columns.until, until.map_or(i32::MAX, number));
        add(&mut columns.lower, lower.unwrap_or(f64::NEG_INFINITY));
        add(&mut columns.upper, upper.unwrap_or(f64::INFINITY));
        add(&mut columns.unit, unit);
        self.list.from.push(ends[0]);
        self.list.to.push(ends[1]);
        Ok(())
    }

    fn end(&mut self, text: &str) -> Result<u32, Fault> {
        let is_plain =
            |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        let iri;
        let held = if !text.is_empty() && text.bytes().all(is_plain) {
            text
        } else {
            iri = expand(text).ok_or_else(|| {
                Fault::new(format!("'{text}' is not an id")).with_hint(
                    "write letters, digits and hyphens such as 'sam-altman', or a full IRI",
                )
            })?;
            short(iri.as_str())
        };
        let hash = self.ids.hasher.hash_one(held);
        let number = self.ids.number(held, hash);
        number.ok_or_else(|| Fault::new("there are too many ids"))
    }

    fn bounds(
        &mut self,
        table: &Table<'_>,
        header: &Header,
        row: usize,
        known: &mut Memo<(u8, i32)>,
    ) -> Result<(Option<f64>, Option<f64>, u8), Wrong> {
        let bounds = table.bounds.map(|column| frame::number(column?, row));
        if bounds == [None, None] {
            return Ok((None, None, NONE));
        }
        let units = &mut self.list.attributes.units;
        let mut unit = |text: &str| {
            let (unit, scale) = Unit::parse_scaled(text)?;
            let number = number_of(units, unit);
            let number = number.ok_or_else(|| Fault::new("there are more than 255 units"))?;
            Ok((number, scale.log10().round() as i32))
        };
        let given = word(known, table.unit.as_ref(), row, Role::Unit, &mut unit)?;
        let (unit, power) = match given {
            Some(unit) => unit,
            None if header.has(Role::Unit) => {
                let fault = Fault::new("is null, and the row has a number");
                return Err((Role::Unit, fault.with_hint("write the unit, such as USD")));
            }
            None => unit("USD").map_err(|fault| (Role::Unit, fault))?,
        };
        let role = [Role::Amount, Role::Lower]
            .into_iter()
            .find(|role| header.has(*role));
        let role = role.unwrap_or(Role::Upper);
        // As a text with this power of ten, so that it is rounded once only.
        let scaled = |bound: Option<f64>| match (bound, power) {
            (Some(bound), power) if power != 0 && bound.is_finite() => {
                cells::number(&bound.to_string(), power).map(Some)
            }
            (bound, _) => Ok(bound),
        };
        let lower = scaled(bounds[0]).map_err(|fault| (role, fault))?;
        let upper = scaled(bounds[1]).map_err(|fault| (role, fault))?;
        Quantity::new(lower, upper, Unit::USD, false).map_err(|error| (role, error.into()))?;
        Ok((lower, upper, unit))
    }
}

/// Returns what a text of a row stands for.
fn word<T: Copy>(
    known: &mut Memo<T>,
    texts: Option<&Texts<'_>>,
    row: usize,
    role: Role,
    read: impl FnOnce(&str) -> Result<T, Fault>,
) -> Result<Option<T>, Wrong> {
    let value = texts.map(|texts| known.get(texts, row, read));
    let value = value.transpose().map_err(|fault| (role, fault))?;
    Ok(value.flatten())
}

/// Returns the first and the last day of a row.
fn days(table: &Table<'_>, row: usize) -> Result<[Option<Day>; 2], Wrong> {
    let day = |at: usize, role, day| {
        let found = table.days[at].as_ref().map(|days| days.get(row, day));
        let found = found.transpose().map_err(|fault| (role, fault))?;
        Ok(found.flatten())
    };
    let since = day(0, Role::Since, TimeSpan::earliest)?;
    let until = day(1, Role::Until, TimeSpan::latest)?;
    match (since, until) {
        (Some(since), Some(until)) if until < since => {
            Err((Role::Until, Fault::new("the edge ends before it starts")))
        }
        ends => Ok([ends.0, ends.1]),
    }
}

fn add<T>(column: &mut Option<Vec<T>>, value: T) {
    if let Some(column) = column {
        column.push(value);
    }
}
