//! The rows of a named query as people read them: names in place of ids, quantities in one cell, sources by number.

use crate::describe::Words;
use crate::footnotes::Footnotes;
use crate::words::{cell as cell_in, heading};
use indexmap::IndexSet;
use oxigraph::model::NamedOrBlankNode;
use powermap::model::vocabulary::expand;
use powermap::model::{Quantity, Unit};
use powermap_rdf::table::{Cell, Table};

/// How an id begins.
const ID: &str = "id:";
/// How the name of a column ends that says whether a bound is excluded.
const EXCLUSIVE: &str = "_exclusive";
/// The column of the documents that a row rests on.
const SOURCES: &str = "sources";

/// What becomes a column.
enum Column {
    /// A column as it is, with names in place of ids.
    Own(usize),
    /// The documents of a row.
    Sources(usize),
    /// A lower and an upper bound, a unit, and the columns that say whether they are approximate and excluded.
    Quantity([usize; 3], [Option<usize>; 3]),
    /// A bound, the column that says whether it is excluded, and what marks it then.
    Bound(usize, usize, &'static str),
}

/// Returns the things whose ids stand in a table.
pub(crate) fn ids(table: &Table) -> IndexSet<NamedOrBlankNode> {
    let sources = table.columns.iter().position(|name| name == SOURCES);
    let cells = table.rows.iter().flat_map(|row| row.iter().enumerate());
    let ids = cells.flat_map(|(at, cell)| match cell {
        Cell::Text(text) if Some(at) == sources => documents(text).filter_map(expand).collect(),
        Cell::Text(text) if text.starts_with(ID) => expand(text).into_iter().collect(),
        _ => Vec::new(),
    });
    ids.map(Into::into).collect()
}

/// Returns the ids of the documents in a cell.
fn documents(text: &str) -> impl Iterator<Item = &str> {
    text.split(';')
        .map(str::trim)
        .filter(|part| !part.is_empty())
}

/// Returns the first rows of a table as people read it; their sources get numbers.
pub(crate) fn for_people(
    table: &Table,
    rows: usize,
    words: Words<'_>,
    notes: &mut Footnotes,
) -> Table {
    let columns = columns(&table.columns);
    let headings = columns.iter().map(|(name, _)| heading(name, words.lang));
    let mut shown = Table::new(headings);
    for row in table.rows.iter().take(rows) {
        let cells = columns.iter().map(|(_, column)| match column {
            Column::Own(at) => named(row.get(*at), words),
            Column::Sources(at) => sources(row.get(*at), words, notes),
            Column::Quantity(bounds, flags) => quantity(row, *bounds, *flags, words),
            Column::Bound(at, excluded, mark) => match row.get(*at) {
                Some(bound) if is_true(row, Some(*excluded)) => {
                    format!("{mark} {}", bound.text()).into()
                }
                bound => bound.cloned().unwrap_or(Cell::Empty),
            },
        });
        shown.push(cells.collect::<Vec<_>>());
    }
    shown
}

/// Returns what columns of a query become, and what these are called.
fn columns(names: &[String]) -> Vec<(String, Column)> {
    let place = |name: &str| names.iter().position(|other| other == name);
    let bounds = place("lower").zip(place("upper"));
    let quantity = bounds.zip(place("unit"));
    let flags = ["approximate", "lower_exclusive", "upper_exclusive"].map(place);
    let mut columns = Vec::new();
    for (at, name) in names.iter().enumerate() {
        if let Some(((lower, upper), unit)) = quantity {
            if at == lower {
                let column = Column::Quantity([lower, upper, unit], flags);
                columns.push(("quantity".to_owned(), column));
            }
            if [lower, upper, unit].contains(&at) || flags.contains(&Some(at)) {
                continue;
            }
        }
        // Whether a bound is excluded is marked at the bound.
        if name.ends_with(EXCLUSIVE) {
            continue;
        }
        if let Some(excluded) = place(&format!("{name}{EXCLUSIVE}")) {
            let mark = if name.ends_with("lower") { ">" } else { "<" };
            columns.push((name.clone(), Column::Bound(at, excluded, mark)));
            continue;
        }
        // The name of the next column is that of this one.
        if place(&format!("{name}_name")).is_some() {
            continue;
        }
        if name == SOURCES {
            columns.push((name.clone(), Column::Sources(at)));
            continue;
        }
        let name = name.strip_suffix("_name").unwrap_or(name);
        columns.push((name.to_owned(), Column::Own(at)));
    }
    columns
}

fn number(cell: Option<&Cell>) -> Option<f64> {
    match cell? {
        Cell::Integer(number) => Some(*number as f64),
        Cell::Number(number) => Some(*number),
        Cell::Text(text) => text.parse().ok(),
        _ => None,
    }
}

/// Returns a cell with the names of the things whose ids stand in it.
fn named(cell: Option<&Cell>, words: Words<'_>) -> Cell {
    let Some(Cell::Text(text)) = cell else {
        return cell.cloned().unwrap_or(Cell::Empty);
    };
    match text.starts_with(ID).then(|| expand(text)).flatten() {
        Some(id) => words.name(&id).into(),
        None => cell_in(text, words.lang).unwrap_or(text).into(),
    }
}

fn sources(cell: Option<&Cell>, words: Words<'_>, notes: &mut Footnotes) -> Cell {
    let Some(Cell::Text(text)) = cell else {
        return cell.cloned().unwrap_or(Cell::Empty);
    };
    let places = documents(text)
        .map(|part| expand(part).map_or_else(|| part.to_owned(), |id| words.name(&id)));
    notes.numbers(&places.collect::<Vec<_>>()).into()
}

fn is_true(row: &[Cell], at: Option<usize>) -> bool {
    at.and_then(|at| row.get(at))
        .is_some_and(|cell| cell.text() == "true")
}

fn quantity(
    row: &[Cell],
    [lower, upper, unit]: [usize; 3],
    [approximate, above, below]: [Option<usize>; 3],
    words: Words<'_>,
) -> Cell {
    let bounds = (number(row.get(lower)), number(row.get(upper)));
    let unit = row.get(unit).map(Cell::text).unwrap_or_default();
    let is_approximate = is_true(row, approximate);
    let known: Option<Unit> = unit.parse().ok();
    let read = known.and_then(|unit| Quantity::new(bounds.0, bounds.1, unit, is_approximate).ok());
    match read {
        Some(quantity) => {
            let excluding = Quantity {
                lower_exclusive: is_true(row, above),
                upper_exclusive: is_true(row, below),
                ..quantity
            };
            excluding.display(words.lang).into()
        }
        None if bounds == (None, None) => Cell::Empty,
        None => {
            let bound =
                |bound: Option<f64>| bound.map_or_else(String::new, |bound| bound.to_string());
            format!("{}..{} {unit}", bound(bounds.0), bound(bounds.1)).into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use powermap::{Lang, Map};

    #[test]
    fn rows_have_names_and_quantities() {
        let map = Map::built_in().unwrap();
        let words = Words::of(&map, map.records().unwrap(), Lang::En);
        let columns = [
            "investor",
            "investor_name",
            "lower",
            "upper",
            "unit",
            "edge",
            "sources",
        ];
        let mut table = Table::new(columns);
        let amount = Cell::Number(13e9);
        table.push([
            "id:microsoft".into(),
            "Microsoft".into(),
            Cell::Empty,
            amount,
            "USD".into(),
            "id:amd-openai-2025-10-warrant".into(),
            "article;article".into(),
        ]);
        let shown = for_people(&table, 1, words, &mut Footnotes::default());
        assert_eq!(shown.columns, ["investor", "quantity", "edge", "sources"]);
        let cells: Vec<_> = shown.rows[0]
            .iter()
            .map(|cell| cell.text().into_owned())
            .collect();
        assert_eq!(
            cells,
            ["Microsoft", "≤ $13 bn", "OpenAI → AMD (warrant)", "1"]
        );
    }
}
