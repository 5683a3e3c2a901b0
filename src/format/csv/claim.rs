//! The columns of a claim, which three tables share.

use crate::format::csv::cells;
use crate::format::csv::sheet::{Fault, Row};
use crate::model::name::{Modality, Stance, Status};
use crate::model::quantity::Quantity;
use crate::model::record::Claim;
use crate::model::unit::Unit;
use oxigraph::model::NamedNode;

/// The columns that say something of a claim, apart from its texts.
const SAYING: &[&str] = &[
    "document",
    "locator",
    "asserted_by",
    "attributed_to",
    "said",
    "lower",
    "upper",
    "amount",
    "status",
    "modality",
    "stance",
    "qualifies",
    "holds_from",
    "as_printed",
    "fact_id",
];

/// Whether a row of edges or observations says anything of a claim.
pub(super) fn is_said(row: &Row<'_, '_>) -> bool {
    SAYING.iter().any(|column| row.has(column)) || row.has_text("text")
}

/// Reads the columns of a claim; the speaker is the document if no other is named.
pub(super) fn read(row: &mut Row<'_, '_>, about: NamedNode) -> Claim {
    let mut claim = Claim::about(about);
    claim.quantity = quantity(row);
    claim.status = row.read("status", status);
    claim.modality = row
        .read("modality", modality)
        .unwrap_or(Modality::Statement);
    claim.stance = row.read("stance", stance);
    claim.qualifies = row.reference("qualifies");
    claim.document = row.reference("document");
    claim.asserted_by = row.reference("asserted_by").or(claim.document.clone());
    claim.attributed_to = row.reference("attributed_to");
    claim.locator = row.text("locator");
    claim.said = row.time("said");
    claim.holds_from = row.time("holds_from");
    claim.text = row.labels("text");
    claim.as_printed = row.text("as_printed");
    claim.fact_ids = row
        .text("fact_id")
        .map_or(Vec::new(), |text| cells::list(&text));
    claim
}

fn status(text: &str) -> Result<Status, Fault> {
    cells::listed(
        text,
        Status::ALL.iter().map(|one| one.name()),
        Status::from_iri,
    )
}

fn modality(text: &str) -> Result<Modality, Fault> {
    cells::listed(
        text,
        Modality::ALL.iter().map(|one| one.name()),
        Modality::from_iri,
    )
}

fn stance(text: &str) -> Result<Stance, Fault> {
    cells::listed(
        text,
        Stance::ALL.iter().map(|one| one.name()),
        Stance::from_iri,
    )
}

/// Reads `amount`, or `lower` and `upper`, with their unit.
fn quantity(row: &mut Row<'_, '_>) -> Option<Quantity> {
    let unit = row.read("unit", |text| Ok(Unit::parse_scaled(text)?));
    let power = unit.map_or(0, |(_, scale)| scale.log10().round() as i32);
    let mut number = |column| row.read(column, |text| cells::number(text, power));
    let (amount, lower, upper) = (number("amount"), number("lower"), number("upper"));
    let approximate = row.read("approximate", cells::boolean).unwrap_or(false);
    let one_side = ["lower", "upper"]
        .into_iter()
        .find(|column| row.has(column));
    let first = if row.has("amount") {
        Some("amount")
    } else {
        one_side
    };
    let Some(first) = first else {
        for column in ["unit", "approximate"] {
            if row.has(column) && (column == "unit" || approximate) {
                let fault = Fault::new("there is no number to go with it, so it is left out");
                row.warn(column, fault.with_hint("fill in amount, lower or upper"));
            }
        }
        return None;
    };
    if let (Some(side), true) = (one_side, row.has("amount")) {
        row.reject(side, bounds_and_amount());
        return None;
    }
    if !row.has("unit") {
        row.reject(first, no_unit());
        return None;
    }
    let (unit, _) = unit?;
    let (lower, upper) = (lower.or(amount), upper.or(amount));
    if lower.is_none() && upper.is_none() {
        return None;
    }
    match Quantity::new(lower, upper, unit, approximate) {
        Ok(quantity) => Some(quantity),
        Err(error) => {
            row.reject(first, Fault::from(error));
            None
        }
    }
}

fn bounds_and_amount() -> Fault {
    Fault::new("there is an amount as well, which sets both bounds")
        .with_hint("give either the amount, or lower and upper")
}

fn no_unit() -> Fault {
    Fault::new("the number has no unit")
        .with_hint("fill in the column 'unit', for example USD, USD_bn or GW")
}
