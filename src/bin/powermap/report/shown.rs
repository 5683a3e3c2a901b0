//! Reports as people read them, cell by cell, with the ids beneath the words.

use crate::report::{CLAIMS, Report, SOURCES, Value};
use crate::words::Message;
use oxigraph::model::NamedOrBlankNode;
use powermap_rdf::table::Cell;

/// A cell as people read it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct ShownCell {
    /// The words.
    pub(crate) text: String,
    /// The ids or names that programs read in their place.
    pub(crate) data: Vec<String>,
}

/// Rows with headings as people read them.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Shown {
    /// The names and the headings of the columns.
    pub(crate) columns: Vec<(String, String)>,
    /// The rows, each with the claims that it rests on.
    pub(crate) rows: Vec<(Vec<ShownCell>, Vec<NamedOrBlankNode>)>,
}

impl Report {
    /// Returns the rows as people read them. The claims of a row take the place of the columns of sources.
    pub(crate) fn shown(&self) -> Shown {
        let is_shown =
            |name: &str| !self.hidden.contains(&name) && ![SOURCES.0, CLAIMS].contains(&name);
        let columns = self.columns.iter().filter(|(name, _)| is_shown(name));
        let columns = columns.map(|(name, heading)| ((*name).to_owned(), heading.clone()));
        let rows = self.rows.iter().map(|line| {
            let cells = self.columns.iter().zip(&line.values);
            let cells = cells.filter(|((name, _), _)| is_shown(name));
            let cells = cells.map(|(_, value)| self.shown_cell(value)).collect();
            (cells, line.claims.clone())
        });
        Shown {
            columns: columns.collect(),
            rows: rows.collect(),
        }
    }

    fn shown_cell(&self, value: &Value) -> ShownCell {
        let plain = |cell: &Cell| (cell.text().into_owned(), Vec::new());
        let (text, data) = match value {
            Value::Plain(cell) => plain(cell),
            Value::Cells { people, .. } => plain(people),
            Value::Words { people, data } => (people.clone(), vec![data.clone()]),
            Value::List { people, data } => (people.clone(), data.clone()),
            Value::Sources { places, .. } => {
                (places.join(Message::Semicolon.text(self.lang)), Vec::new())
            }
            Value::Quantities(quantities) => {
                let shown: Vec<_> = quantities.iter().map(|q| q.display(self.lang)).collect();
                (shown.join(Message::Semicolon.text(self.lang)), Vec::new())
            }
        };
        ShownCell { text, data }
    }
}
