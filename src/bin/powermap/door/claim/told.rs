//! What a claim of the form says and when, read as a row of a table of claims is.

use super::{ClaimForm, required};
use crate::failure::fail;
use anyhow::Result;
use oxigraph::model::NamedNode;
use powermap::format::csv::{self, Source, Table};
use powermap::model::vocabulary::ID;
use powermap::model::{Claim, Document, Edge, Family, Labels, Records};

impl ClaimForm {
    /// Returns what the claim says and when, read as a row of a table of claims is.
    pub(super) fn told(&self, about: NamedNode) -> Result<Claim> {
        let locator = match self.locator.trim() {
            "" => "page",
            locator => locator,
        };
        let approximate = if self.approximate { "yes" } else { "" };
        let said = required("said", &self.said)?;
        if !(self.lower.trim().is_empty() && self.upper.trim().is_empty()) {
            required("unit", &self.unit)?;
        }
        let cells = [
            ("about", "edge"),
            ("document", "document"),
            ("locator", locator),
            ("said", &said),
            ("lower", &self.lower),
            ("upper", &self.upper),
            ("unit", &self.unit),
            ("approximate", approximate),
            ("status", &self.status),
            ("modality", &self.modality),
        ];
        let names = cells.map(|(name, _)| name).join(",");
        let quoted = cells.map(|(_, cell)| format!("\"{}\"", cell.trim().replace('"', "\"\"")));
        let table = format!("{names}\n{}\n", quoted.join(","));
        let source = Source {
            name: "claim",
            table: Table::Claims,
            bytes: table.as_bytes(),
        };
        let reading = csv::read(&[source], &known());
        if let Some(problem) = reading.problems.first() {
            let (name, message) = field_of(&problem.message);
            match &problem.hint {
                Some(hint) => fail!("the field {}: {}", name, message; "{}", hint),
                None => fail!("the field {}: {}", name, message),
            }
        }
        let read = reading.records.claims.into_values().next();
        Ok(Claim {
            about: about.clone(),
            ..read.unwrap_or_else(|| Claim::about(about))
        })
    }
}

/// Returns the records that the row of a claim refers to.
fn known() -> Records {
    let id = |name: &str| NamedNode::new_unchecked(format!("{ID}{name}"));
    let mut known = Records::default();
    let edge = Edge {
        family: Family::Influence,
        kind: None,
        from: id("from"),
        to: id("to"),
        deal: None,
        since: None,
        until: None,
        part_of_total: None,
        components: Vec::new(),
        labels: Labels::default(),
    };
    known.edges.insert(id("edge"), edge);
    known.documents.insert(id("document"), Document::default());
    known
}

/// Returns the column that a message about a cell names, and what it says of the cell.
fn field_of(message: &str) -> (&str, &str) {
    let named = message
        .split_once(" '")
        .and_then(|(_, rest)| rest.split_once("': "));
    named.unwrap_or(("claim", message))
}
