//! The columns of a claim, which three tables share.

use crate::format::csv::cells::{self, Bound, Sign};
use crate::format::csv::local;
use crate::format::csv::sheet::{Fault, Row};
use crate::model::name::{Modality, Right, Stance, Status};
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
    "right",
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
    claim.same = row.read("same", cells::boolean);
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

fn right(text: &str) -> Result<Right, Fault> {
    cells::listed(
        text,
        Right::ALL.iter().map(|one| one.name()),
        Right::from_iri,
    )
}

/// Reads `amount`, or `lower` and `upper`, with their unit.
fn quantity(row: &mut Row<'_, '_>) -> Option<Quantity> {
    let has_unit = row.has("unit");
    let mut unit = row.read("unit", |text| Ok(Unit::parse_scaled(text)?));
    let numbers = row.numbers();
    let mut own_unit = None;
    let mut bound = |column| {
        row.read(column, |text| {
            let own = local::amount(text).filter(|_| !has_unit);
            let (text, unit) = match &own {
                Some((text, code)) => (text.as_str(), Some(Unit::parse_scaled(code)?)),
                None => (text, unit),
            };
            if let Some(unit) = unit.filter(|_| own.is_some()) {
                if own_unit.is_some_and(|known| known != unit) {
                    return Err(two_units());
                }
                own_unit = Some(unit);
            }
            let power = unit.map_or(0, |(_, scale)| scale.log10().round() as i32);
            cells::bound(text, power, |digits| local::number(digits, numbers))
        })
    };
    let cells = [bound("amount"), bound("lower"), bound("upper")];
    unit = unit.or(own_unit);
    let right = row.read("right", right);
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
        for column in ["unit", "right", "approximate"] {
            if row.has(column) && (column != "approximate" || approximate) {
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
    if !has_unit && unit.is_none() {
        row.reject(first, no_unit());
        return None;
    }
    let (mut unit, _) = unit?;
    if let Some(right) = right {
        match unit.of_right(right) {
            Some(of_right) => unit = of_right,
            None => {
                row.reject("right", no_share());
                return None;
            }
        }
    }
    let (lower, upper) = bounds(row, cells)?;
    let value = |bound: Option<Bound>| bound.map(|bound| bound.value);
    let excludes = |bound: Option<Bound>| bound.is_some_and(|bound| bound.sign.is_exclusive());
    let quantity = Quantity::new(value(lower), value(upper), unit, approximate);
    match quantity.and_then(|quantity| quantity.excluding(excludes(lower), excludes(upper))) {
        Ok(quantity) => Some(quantity),
        Err(error) => {
            row.reject(first, Fault::from(error));
            None
        }
    }
}

/// Returns the lower and the upper bound that the cells of a row state; `None` where there are none, or they clash.
fn bounds(
    row: &mut Row<'_, '_>,
    [amount, lower, upper]: [Option<Bound>; 3],
) -> Option<(Option<Bound>, Option<Bound>)> {
    if let Some(amount) = amount {
        return Some(match amount.sign {
            Sign::None => (Some(amount), Some(amount)),
            Sign::More | Sign::AtLeast => (Some(amount), None),
            Sign::Less | Sign::AtMost => (None, Some(amount)),
        });
    }
    for (column, bound, wrong) in [
        ("lower", lower, [Sign::Less, Sign::AtMost]),
        ("upper", upper, [Sign::More, Sign::AtLeast]),
    ] {
        if bound.is_some_and(|bound| wrong.contains(&bound.sign)) {
            row.reject(column, wrong_side());
            return None;
        }
    }
    (lower.is_some() || upper.is_some()).then_some((lower, upper))
}

fn wrong_side() -> Fault {
    Fault::new("the sign before the number belongs to the other bound")
        .with_hint("write '>' or '>=' in the column 'lower', '<' or '<=' in the column 'upper'")
}

fn no_share() -> Fault {
    Fault::new("only a share in percent is a share of a right")
        .with_hint("write percent in the column 'unit', or leave 'right' empty")
}

fn bounds_and_amount() -> Fault {
    Fault::new("there is an amount as well, which sets both bounds")
        .with_hint("give either the amount, or lower and upper")
}

fn two_units() -> Fault {
    Fault::new("the two bounds are in different units")
        .with_hint("give both in one, or fill in the column 'unit'")
}

fn no_unit() -> Fault {
    Fault::new("the number has no unit")
        .with_hint("fill in the column 'unit', for example USD, USD_bn or GW")
}
