//! Reports as programs read them: the bounds and the unit of a quantity in columns of their own, lists as lists.

use crate::report::{CLAIMS, Line, QUANTITY, Report, SOURCES, Value, bounds};
use powermap::evidence::{AnswerRow, AnswerTable};
use powermap::model::Quantity;
use powermap_rdf::table::{Cell, Table};

/// A cell for programs.
enum Data<'a> {
    One(Cell),
    Many(&'a [String]),
}

impl Data<'_> {
    /// Returns it as the cell of a table.
    fn cell(self) -> Cell {
        match self {
            Self::One(cell) => cell,
            Self::Many([]) => Cell::Empty,
            Self::Many(names) => Cell::Text(names.join(";")),
        }
    }

    /// Returns it as JSON, lists as arrays.
    fn json(self) -> serde_json::Value {
        match self {
            Self::One(Cell::Empty) => serde_json::Value::Null,
            Self::One(Cell::Text(text)) => text.into(),
            Self::One(Cell::Integer(number)) => number.into(),
            Self::One(Cell::Number(number)) => number_json(number),
            Self::One(Cell::Bool(value)) => value.into(),
            Self::Many(names) => names.into(),
        }
    }
}

/// Returns a number as JSON, whole ones without a point.
pub(crate) fn number_json(number: f64) -> serde_json::Value {
    /// Whole numbers up to here are exact.
    const WHOLE_MAX: f64 = 9_007_199_254_740_992.0;
    match number.fract() == 0.0 && number.abs() <= WHOLE_MAX {
        true => (number as i64).into(),
        false => number.into(),
    }
}

/// Returns whether the bounds of a value are excluded; nothing where there is no bound.
fn excluded(value: &Value, repeat: usize) -> [Option<bool>; 2] {
    match value {
        Value::Cells { data, excluded, .. } => {
            let told = |end: usize| {
                let bound = data.get(end).filter(|bound| **bound != Cell::Empty);
                bound.map(|_| excluded[end])
            };
            [told(0), told(1)]
        }
        Value::Quantities(quantities) => match quantities.get(repeat) {
            Some(quantity) => [
                quantity.lower.map(|_| quantity.lower_exclusive),
                quantity.upper.map(|_| quantity.upper_exclusive),
            ],
            None => [None; 2],
        },
        _ => [None; 2],
    }
}

impl Report {
    /// The columns that programs read: at the end, whether bounds are excluded, for the columns where some are.
    fn program_columns(&self) -> Vec<String> {
        let mut columns = Vec::new();
        let mut exclusive = Vec::new();
        for (place, (name, _)) in self.columns.iter().enumerate() {
            let names = match self.names(name) {
                Some(names) => names.to_vec(),
                None if *name == QUANTITY.0 => ["lower", "upper", "unit"].map(str::to_owned).into(),
                None => vec![(*name).to_owned()],
            };
            if self.has_excluded(place) {
                let bounds = names.iter().take(2);
                exclusive.extend(bounds.map(|name| format!("{name}_exclusive")));
            }
            columns.extend(names);
        }
        columns.extend(exclusive);
        columns
    }

    /// Returns whether some bound in a column is excluded.
    fn has_excluded(&self, place: usize) -> bool {
        let is_excluded =
            |quantity: &Quantity| quantity.lower_exclusive || quantity.upper_exclusive;
        self.rows.iter().any(|line| match line.values.get(place) {
            Some(Value::Cells { excluded, .. }) => *excluded != [false; 2],
            Some(Value::Quantities(quantities)) => quantities.iter().any(is_excluded),
            _ => false,
        })
    }

    /// The rows that programs read, each with that of people which it is from.
    fn program_rows(&self) -> impl Iterator<Item = (&Line, Vec<Data<'_>>)> {
        let places = 0..self.columns.len();
        let excluding: Vec<usize> = places.filter(|place| self.has_excluded(*place)).collect();
        self.rows.iter().flat_map(move |line| {
            let excluding = excluding.clone();
            let repeats = line.values.iter().map(|value| match value {
                Value::Quantities(quantities) => quantities.len(),
                _ => 1,
            });
            let repeats = repeats.max().unwrap_or(1);
            (0..repeats).map(move |repeat| {
                let mut row = self.program_row(line, repeat);
                for value in excluding.iter().filter_map(|place| line.values.get(*place)) {
                    row.extend(excluded(value, repeat).map(|told| Data::One(told.into())));
                }
                (line, row)
            })
        })
    }

    fn program_row<'a>(&'a self, line: &'a Line, repeat: usize) -> Vec<Data<'a>> {
        let mut cells = Vec::with_capacity(line.values.len());
        let one = |cell: &Cell| Data::One(cell.clone());
        for ((name, _), value) in self.columns.iter().zip(&line.values) {
            let names = self.names(name).map_or(1, <[_]>::len);
            match value {
                Value::Cells { data, .. } => cells.extend(data.iter().map(one)),
                // Nothing is nothing in each of the columns.
                Value::Plain(Cell::Empty) => {
                    cells.extend((0..names).map(|_| Data::One(Cell::Empty)));
                }
                Value::Plain(cell) => cells.push(one(cell)),
                Value::Words { data, .. } | Value::Sources { data, .. } => {
                    cells.push(Data::One(match data.is_empty() {
                        true => Cell::Empty,
                        false => Cell::Text(data.clone()),
                    }));
                }
                Value::List { data, .. } => cells.push(Data::Many(data)),
                Value::Quantities(quantities) => {
                    cells.extend(bounds(quantities.get(repeat)).map(Data::One));
                }
            }
        }
        cells
    }

    /// The table that programs read.
    pub(crate) fn for_programs(&self) -> Table {
        let mut table = Table::new(self.program_columns());
        for (_, row) in self.program_rows() {
            table.push(row.into_iter().map(Data::cell).collect::<Vec<_>>());
        }
        table
    }

    /// The table as an answer with the claims beneath each row, which take the place of the columns of sources.
    pub(crate) fn answer(&self) -> AnswerTable {
        let is_of_sources = |name: &str| [SOURCES.0, CLAIMS].contains(&name);
        let columns = self.program_columns();
        let keep: Vec<bool> = columns.iter().map(|name| !is_of_sources(name)).collect();
        let kept = |(place, _): &(usize, _)| keep.get(*place) == Some(&true);
        let rows = self.program_rows().map(|(line, row)| {
            let values = row.into_iter().map(Data::json).enumerate();
            AnswerRow {
                values: values.filter(kept).map(|(_, value)| value).collect(),
                claims: line.claims.clone(),
            }
        });
        let rows = rows.collect();
        let columns = columns.into_iter().zip(&keep);
        AnswerTable {
            key: self.key.to_owned(),
            title: self.title.clone(),
            columns: columns
                .filter(|(_, keep)| **keep)
                .map(|(name, _)| name)
                .collect(),
            rows,
        }
    }
}
