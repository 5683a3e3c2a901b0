//! Cells that refer to other things, by id or by name.

use super::{Fault, Row, Spot};
use crate::format::csv::cells;
use crate::format::csv::names::is_name;
use oxigraph::model::NamedNode;
use std::rc::Rc;

/// One id that a row refers to, and where.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::format::csv) struct Reference {
    pub(in crate::format::csv) column: &'static str,
    pub(in crate::format::csv) id: NamedNode,
    pub(in crate::format::csv) spot: Spot,
    /// The name that stands in the place of the id, if one does.
    pub(in crate::format::csv) name: Option<String>,
}

impl Row<'_, '_> {
    /// Reads the id of something else, and remembers that the row refers to it.
    pub(in crate::format::csv) fn reference(&mut self, column: &'static str) -> Option<NamedNode> {
        let id = self.read(column, cells::id)?;
        self.refer(column, id, None)
    }

    /// Reads the ids of other things than the one of the row, sorted, and remembers that the row refers to them.
    pub(in crate::format::csv) fn references(
        &mut self,
        column: &'static str,
        own: Option<&NamedNode>,
    ) -> Vec<NamedNode> {
        let texts = self.text(column).map(|text| cells::list(&text));
        let mut found = Vec::new();
        for text in texts.unwrap_or_default() {
            match cells::id(&text) {
                Ok(id) if Some(&id) == own => {
                    self.reject(column, Fault::new("an edge is no part of itself"));
                }
                Ok(id) => found.extend(self.refer(column, id, None)),
                Err(fault) => self.reject(column, fault),
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Reads the id of a player, or its name, which must not be missing.
    pub(in crate::format::csv) fn required_player(
        &mut self,
        column: &'static str,
        what: &str,
    ) -> Option<NamedNode> {
        let text = self.trimmed(column).to_owned();
        if text.is_empty() || cells::id(&text).is_ok() || !is_name(&text) {
            return self.required_reference(column, what);
        }
        let names = Rc::clone(&self.sheet.names);
        let id = self.read(column, |text| names.find(text))?;
        self.refer(column, id, Some(text))
    }

    /// Reads the name of a kind or metric, and remembers that the row refers to it.
    pub(in crate::format::csv) fn concept(&mut self, column: &'static str) -> Option<NamedNode> {
        let id = self.read(column, cells::concept)?;
        self.refer(column, id, None)
    }

    fn refer(
        &mut self,
        column: &'static str,
        id: NamedNode,
        name: Option<String>,
    ) -> Option<NamedNode> {
        let position = self.position(column)?;
        let place = self.cells[position].place;
        self.references.push(Reference {
            column,
            id: id.clone(),
            spot: Spot {
                source: self.sheet.source,
                line: place.line,
                column: self.sheet.scanner.column(place),
            },
            name,
        });
        Some(id)
    }

    /// A reference that must not be missing.
    pub(in crate::format::csv) fn required_reference(
        &mut self,
        column: &'static str,
        what: &str,
    ) -> Option<NamedNode> {
        if self.has(column) {
            self.reference(column)
        } else {
            self.required(column, what, cells::id)
        }
    }
}
