//! Rows of answers, compared as far as names, numbers of edges and rounding do not matter.

use oxigraph::model::NamedNode;
use powermap::analysis::{Answer, Cell, find};

/// The column of an analysis.
pub(crate) fn at(name: &str, column: &str) -> usize {
    let columns = find(name).unwrap().columns;
    columns.iter().position(|c| c.name == column).unwrap()
}

/// The rows without some columns.
pub(crate) fn without(name: &str, answer: &Answer, columns: &[&str]) -> Vec<Vec<Cell>> {
    let gone: Vec<usize> = columns.iter().map(|column| at(name, column)).collect();
    let rows = answer.rows.iter().map(|row| {
        let cells = row.cells.iter().enumerate();
        let left = cells.filter(|(place, _)| !gone.contains(place));
        left.map(|(_, cell)| cell.clone()).collect()
    });
    rows.collect()
}

/// The rows in an order that does not hang on names or amounts, loops and paths as sets of their hops without numbers.
pub(crate) fn sorted(name: &str, answer: &Answer) -> Vec<Vec<Cell>> {
    let key = |cells: &Vec<Cell>| -> Vec<String> {
        let named = cells
            .iter()
            .filter(|cell| matches!(cell, Cell::Id(_) | Cell::Ids(_) | Cell::Words { .. }));
        named.map(Cell::data).collect()
    };
    let mut blocks: Vec<Vec<Vec<Cell>>> = Vec::new();
    let is_grouped = matches!(name, "loops" | "paths");
    let mut number = None;
    for row in &answer.rows {
        if !is_grouped || number != Some(&row.cells[0]) {
            blocks.push(Vec::new());
        }
        number = Some(&row.cells[0]);
        let cells = row.cells[if is_grouped { 2 } else { 0 }..].to_vec();
        blocks.last_mut().unwrap().push(cells);
    }
    blocks.iter_mut().for_each(|block| block.sort_by_key(key));
    blocks.sort_by_key(|block| block.iter().map(key).collect::<Vec<_>>());
    let mut rows = Vec::new();
    for (number, block) in blocks.into_iter().enumerate() {
        let numbered = block.into_iter().map(|mut cells| {
            cells.push(number.into());
            cells
        });
        rows.extend(numbered);
    }
    rows
}

/// Equal but for rounding.
fn near(a: &Cell, b: &Cell) -> bool {
    let bounds = |a: Option<f64>, b: Option<f64>| match (a, b) {
        (Some(a), Some(b)) => a == b || (a - b).abs() <= 2e-6 * (1.0 + a.abs()),
        (a, b) => a == b,
    };
    match (a, b) {
        (Cell::Number(a), Cell::Number(b)) => bounds(Some(*a), Some(*b)),
        (
            Cell::Range { lower, upper },
            Cell::Range {
                lower: low,
                upper: up,
            },
        ) => bounds(Some(*lower), Some(*low)) && bounds(Some(*upper), Some(*up)),
        (
            Cell::Share { lower, upper, .. },
            Cell::Share {
                lower: low,
                upper: up,
                ..
            },
        ) => bounds(*lower, *low) && bounds(*upper, *up),
        (a, b) => a == b,
    }
}

pub(crate) fn all_near(a: &[Vec<Cell>], b: &[Vec<Cell>]) -> bool {
    let rows = |(a, b): (&Vec<Cell>, &Vec<Cell>)| {
        a.len() == b.len() && a.iter().zip(b).all(|(a, b)| near(a, b))
    };
    a.len() == b.len() && a.iter().zip(b).all(rows)
}

/// The same rows under other names of players.
pub(crate) fn renamed(answer: &Answer, name: impl Fn(&NamedNode) -> NamedNode) -> Answer {
    let mut answer = answer.clone();
    for cell in answer.rows.iter_mut().flat_map(|row| &mut row.cells) {
        if let Cell::Id(id) = cell {
            *id = name(id);
        }
    }
    answer
}
