//! Records as cells: for writing, and to tell whether two rows say the same.

use crate::format::csv::cells::{concept_text, id_text, list_text};
use crate::format::csv::columns::{column_of, is_language_tag};
use crate::format::csv::ids::own;
use crate::format::csv::scan::CELL_BYTES_MAX;
use crate::format::csv::scheme::scheme_text;
use crate::model::content_id::fnv1a;
use crate::model::lang::Labels;
use crate::model::name::{Modality, Right};
use crate::model::quantity::Quantity;
use crate::model::record::{Claim, Edge, Identifier, Identity, Observation};
use crate::model::time::TimeSpan;
use crate::model::unit::Unit;
use oxigraph::model::NamedNode;
use std::borrow::Cow;

/// The cells of one row by column, without the empty ones, and what they cannot hold.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Cells {
    pub(super) cells: Vec<(Cow<'static, str>, String)>,
    pub(super) lost: Vec<String>,
}

impl Cells {
    pub(super) fn set(&mut self, column: impl Into<Cow<'static, str>>, text: impl Into<String>) {
        let (column, text) = (column.into(), text.into());
        if text.contains('\0') || text.len() > CELL_BYTES_MAX {
            self.lost.push(format!(
                "the text for the column {column}, which has a NUL character or is too long"
            ));
        } else if !text.is_empty() {
            self.cells.push((column, text));
        }
    }

    fn iris(&mut self, column: &'static str, iris: &[NamedNode]) {
        let mut texts = Vec::with_capacity(iris.len());
        for iri in iris {
            match id_text(iri) {
                Some(text) => texts.push(text),
                None => (self.lost).push(format!("<{}>, which is not a valid IRI", iri.as_str())),
            }
        }
        self.set(column, list_text(&texts));
    }

    pub(super) fn iri(&mut self, column: &'static str, iri: Option<&NamedNode>) {
        if let Some(iri) = iri {
            match id_text(iri) {
                Some(text) => self.set(column, text),
                None => self
                    .lost
                    .push(format!("<{}>, which is not a valid IRI", iri.as_str())),
            }
        }
    }

    pub(super) fn concept(&mut self, column: &'static str, iri: Option<&NamedNode>) {
        if let Some(iri) = iri {
            match concept_text(iri) {
                Some(text) => self.set(column, text),
                None => self
                    .lost
                    .push(format!("<{}>, which is not a valid IRI", iri.as_str())),
            }
        }
    }

    pub(super) fn time(&mut self, column: &'static str, time: Option<TimeSpan>) {
        if let Some(time) = time {
            self.set(column, time.to_string());
        }
    }

    pub(super) fn text(&mut self, column: &'static str, text: Option<&str>) {
        if let Some(text) = text {
            self.set(column, text);
        }
    }

    pub(super) fn list(&mut self, column: &'static str, parts: &[String]) {
        self.set(column, list_text(parts));
    }

    pub(super) fn labels(&mut self, stem: &str, labels: &Labels) {
        for (tag, text) in labels.iter() {
            if tag.is_empty() || is_language_tag(tag) {
                self.set(column_of(stem, tag), text);
            } else {
                self.lost.push(format!("the text in the language '{tag}'"));
            }
        }
    }

    /// All cells as one text, for comparing.
    pub(super) fn key(&self) -> String {
        let mut key = String::new();
        for (column, text) in &self.cells {
            // Neither character can be part of a column's name.
            key.push_str(column);
            key.push('\u{1f}');
            key.push_str(text);
            key.push('\u{1e}');
        }
        key
    }
}

/// The cells of an identifier, without its id.
pub(super) fn identifier(identifier: &Identifier) -> Cells {
    let mut cells = Cells::default();
    cells.iri("player", Some(&identifier.player));
    match scheme_text(&identifier.scheme) {
        Some(text) => cells.set("scheme", text),
        None => {
            let scheme = identifier.scheme.as_str();
            cells
                .lost
                .push(format!("<{scheme}>, which is not a valid IRI"));
        }
    }
    cells.set("value", identifier.value.as_str());
    cells
}

/// The cells of an identity, without its id.
pub(super) fn identity(identity: &Identity) -> Cells {
    let mut cells = Cells::default();
    for (column, player) in ["a", "b"].into_iter().zip(&identity.players) {
        cells.iri(column, Some(player));
    }
    cells
}

/// The cells of an edge, without its id.
pub(super) fn edge(edge: &Edge) -> Cells {
    let mut cells = Cells::default();
    cells.iri("from", Some(&edge.from));
    cells.iri("to", Some(&edge.to));
    cells.set("family", edge.family.name());
    cells.concept("kind", edge.kind.as_ref());
    cells.iri("deal", edge.deal.as_ref());
    cells.time("since", edge.since);
    cells.time("until", edge.until);
    cells.iri("part_of_total", edge.part_of_total.as_ref());
    cells.iris("components", &edge.components);
    cells.labels("label", &edge.labels);
    cells
}

/// The cells of an observation, without its id.
pub(super) fn observation(observation: &Observation) -> Cells {
    let mut cells = Cells::default();
    cells.iri("subject", Some(&observation.subject));
    cells.concept("metric", Some(&observation.metric));
    cells.time("period", observation.period);
    cells.iri("deal", observation.deal.as_ref());
    cells.iri("part_of_total", observation.part_of_total.as_ref());
    cells.labels("label", &observation.labels);
    cells
}

/// The cells of a claim, without its id and what it is about.
pub(super) fn claim(claim: &Claim) -> Cells {
    let mut cells = Cells::default();
    cells.iri("document", claim.document.as_ref());
    cells.text("locator", claim.locator.as_deref());
    if claim.asserted_by != claim.document {
        cells.iri("asserted_by", claim.asserted_by.as_ref());
    }
    cells.iri("attributed_to", claim.attributed_to.as_ref());
    cells.time("said", claim.said);
    if let Some(value) = &claim.quantity {
        quantity(&mut cells, value);
    }
    cells.set("status", claim.status.map_or("", |status| status.name()));
    let same = claim.same.map(|same| if same { "yes" } else { "no" });
    cells.set("same", same.unwrap_or_default());
    if claim.modality != Modality::Statement {
        cells.set("modality", claim.modality.name());
    }
    cells.set("stance", claim.stance.map_or("", |stance| stance.name()));
    cells.iri("qualifies", claim.qualifies.as_ref());
    cells.labels("text", &claim.text);
    cells.time("period", claim.period);
    cells.time("holds_from", claim.holds_from);
    cells.text("as_printed", claim.as_printed.as_deref());
    cells.list("fact_id", &claim.fact_ids);
    cells
}

fn quantity(cells: &mut Cells, quantity: &Quantity) {
    match (quantity.lower, quantity.upper) {
        (None, None) => {
            cells.lost.push("a quantity without bounds".to_owned());
            return;
        }
        (Some(lower), Some(upper)) if lower.to_bits() == upper.to_bits() => {
            cells.set("amount", lower.to_string());
        }
        (lower, upper) => {
            cells.set(
                "lower",
                bound(lower, if quantity.lower_exclusive { ">" } else { "" }),
            );
            cells.set(
                "upper",
                bound(upper, if quantity.upper_exclusive { "<" } else { "" }),
            );
        }
    }
    let right = quantity
        .unit
        .right()
        .filter(|right| *right != Right::Capital);
    let unit = right.and(Unit::percent()).unwrap_or(quantity.unit);
    cells.set("unit", unit.code());
    cells.set("right", right.map_or("", Right::name));
    if quantity.approximate {
        cells.set("approximate", "true");
    }
}

fn bound(bound: Option<f64>, sign: &str) -> String {
    bound.map_or(String::new(), |bound| format!("{sign}{bound}"))
}

/// The id of a claim that has none: the same for the same content, whatever the table or line it comes from.
pub(in crate::format) fn claim_id(content: &Claim) -> NamedNode {
    let mut cells = Cells::default();
    cells.iri("about", Some(&content.about));
    cells.cells.extend(claim(content).cells);
    own(&format!("claim-{:016x}", fnv1a(cells.key().as_bytes())))
}

/// An id as it stands in a cell, for messages.
pub(super) fn id_or_iri(iri: &NamedNode) -> String {
    id_text(iri).unwrap_or_else(|| iri.as_str().to_owned())
}
