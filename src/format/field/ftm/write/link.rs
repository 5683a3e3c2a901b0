//! Edges to links of FollowTheMoney.

use super::{Entity, Writer, text};
use crate::format::field::written::End;
use crate::model::lang::Lang;
use crate::model::name::{Right, Status};
use crate::model::quantity::Quantity;
use crate::model::record::{Claim, Edge};
use crate::model::unit::{Measure, Unit};
use crate::model::vocabulary::{pm, short_name, to_kebab};
use oxigraph::model::NamedNode;

/// A schema that links two entities: its properties, and what the entities have to be.
struct Shape {
    schema: &'static str,
    from: (&'static str, &'static str),
    to: (&'static str, &'static str),
}

const fn shape(
    schema: &'static str,
    from: (&'static str, &'static str),
    to: (&'static str, &'static str),
) -> Shape {
    Shape { schema, from, to }
}

static OWNERSHIP: Shape = shape("Ownership", ("owner", "LegalEntity"), ("asset", "Asset"));
static DEBT: Shape = shape(
    "Debt",
    ("creditor", "LegalEntity"),
    ("debtor", "LegalEntity"),
);
static PAYMENT: Shape = shape(
    "Payment",
    ("payer", "LegalEntity"),
    ("beneficiary", "LegalEntity"),
);
static DIRECTORSHIP: Shape = shape(
    "Directorship",
    ("director", "LegalEntity"),
    ("organization", "Organization"),
);
static EMPLOYMENT: Shape = shape(
    "Employment",
    ("employee", "Person"),
    ("employer", "Organization"),
);
static MEMBERSHIP: Shape = shape(
    "Membership",
    ("member", "LegalEntity"),
    ("organization", "Organization"),
);
static FAMILY: Shape = shape("Family", ("person", "Person"), ("relative", "Person"));
static ASSOCIATE: Shape = shape("Associate", ("person", "Person"), ("associate", "Person"));
static SUCCESSION: Shape = shape(
    "Succession",
    ("predecessor", "LegalEntity"),
    ("successor", "LegalEntity"),
);
static REPRESENTATION: Shape = shape(
    "Representation",
    ("agent", "LegalEntity"),
    ("client", "LegalEntity"),
);
static UNKNOWN: Shape = shape("UnknownLink", ("subject", "Thing"), ("object", "Thing"));

/// Returns whether an edge of a kind is a stake, whose object has to be an asset.
pub(super) fn is_stake(kind: &NamedNode) -> bool {
    [
        pm::OWNERSHIP,
        pm::INDIRECT_OWNERSHIP,
        pm::ACQUISITION,
        pm::EQUITY,
    ]
    .contains(&kind.as_ref())
}

/// Returns the shape that the kind of an edge has, and the kind that it says by itself.
fn shape_of(kind: &NamedNode) -> (&'static Shape, Option<&'static str>) {
    let kind = kind.as_ref();
    match kind {
        _ if is_stake(&kind.into_owned()) => (&OWNERSHIP, Some("ownership")),
        pm::LOAN => (&DEBT, Some("loan")),
        pm::PAYMENT => (&PAYMENT, Some("payment")),
        pm::GRANT => (&PAYMENT, None),
        pm::BOARD_SEAT => (&DIRECTORSHIP, Some("board-seat")),
        pm::LEADERSHIP => (&DIRECTORSHIP, None),
        pm::EMPLOYMENT => (&EMPLOYMENT, Some("employment")),
        pm::MEMBERSHIP => (&MEMBERSHIP, Some("membership")),
        pm::FAMILY => (&FAMILY, Some("family")),
        pm::ASSOCIATION => (&ASSOCIATE, Some("association")),
        pm::SUCCESSION => (&SUCCESSION, Some("succession")),
        pm::REPRESENTATION => (&REPRESENTATION, Some("representation")),
        _ => (&UNKNOWN, None),
    }
}

/// Returns whether a schema is, or extends, another one.
fn is_a(schema: &str, wanted: &str) -> bool {
    match wanted {
        "Thing" => true,
        "LegalEntity" => schema != "Asset",
        "Organization" => matches!(schema, "Organization" | "Company" | "PublicBody"),
        "Asset" => matches!(schema, "Asset" | "Company"),
        wanted => schema == wanted,
    }
}

impl Writer<'_> {
    /// Returns the link that an edge is; where no schema fits, or nothing is done yet, an `UnknownLink` that says of what
    /// kind and status it is.
    pub(super) fn edge(&mut self, id: &NamedNode, edge: &Edge) -> Entity {
        let claims = self.writing.claims(id);
        let (shape, says) = self.shape(edge, &claims);
        let mut entity = Entity {
            id: self.own_id(id),
            schema: shape.schema,
            ..Entity::default()
        };
        entity.put(shape.from.0, self.own_id(&edge.from));
        entity.put(shape.to.0, self.own_id(&edge.to));
        self.kind(id, edge, says, &claims, &mut entity);
        if let Some(since) = edge.since {
            self.date(
                &mut entity,
                "startDate",
                ("edge.since", id),
                since,
                End::First,
            );
        }
        if let Some(until) = edge.until {
            self.date(&mut entity, "endDate", ("edge.until", id), until, End::Last);
        }
        if let Some(deal) = &edge.deal {
            let name = self.writing.records.label(deal, Lang::En);
            entity.put("summary", format!("deal: {name}"));
            self.writing.lesser("edge.deal", id, name);
        }
        for (_, label) in edge.labels.iter() {
            entity.put("description", label);
        }
        for component in &edge.components {
            let component = short_name(component.as_str());
            self.writing.lost("edge.components", id, component);
        }
        if let Some(total) = &edge.part_of_total {
            self.writing
                .lost("edge.part_of_total", id, short_name(total.as_str()));
        }
        for claim in claims {
            self.claim(claim, &mut entity);
        }
        entity
    }

    fn shape(&self, edge: &Edge, claims: &[&Claim]) -> (&'static Shape, Option<&'static str>) {
        let (shape, says) = edge.kind.as_ref().map_or((&UNKNOWN, None), shape_of);
        let fits = |node: &NamedNode, wanted: &str| is_a(self.schema(node), wanted);
        let fit = fits(&edge.from, shape.from.1) && fits(&edge.to, shape.to.1);
        let mut statuses = claims.iter().filter_map(|claim| claim.status).peekable();
        let is_open =
            statuses.peek().is_some() && !statuses.any(|status| status == Status::Completed);
        match fit && !is_open {
            true => (shape, says),
            // A link between things of which nothing is known is read as an association.
            false => (
                &UNKNOWN,
                says.filter(|kind| *kind == "association" && !is_open),
            ),
        }
    }

    /// Says the kind of an edge where its schema does not.
    fn kind(
        &mut self,
        id: &NamedNode,
        edge: &Edge,
        says: Option<&str>,
        claims: &[&Claim],
        entity: &mut Entity,
    ) {
        let name = edge
            .kind
            .as_ref()
            .map(|kind| to_kebab(short_name(kind.as_str())));
        let name = name.unwrap_or_else(|| edge.family.name().to_owned());
        if says == Some(name.as_str()) {
            return;
        }
        let property = if entity.schema == "Payment" {
            "purpose"
        } else {
            "role"
        };
        let of_head = |claim: &&Claim| {
            let words = claim.text.exact("");
            words.is_some_and(|words| words.contains("role: "))
        };
        // Whoever heads an organisation has a role that says so, where the source had one.
        if entity.schema == "Directorship" && claims.iter().any(of_head) {
            return;
        }
        entity.put(property, &name);
        // A directorship with this role is read as what it was.
        if entity.schema != DIRECTORSHIP.schema {
            self.writing.lesser("edge.kind", id, &name);
        }
    }

    fn claim(&mut self, claim: &Claim, entity: &mut Entity) {
        self.source(claim, entity);
        self.writing.lost_of_claim(claim);
        let about = &claim.about;
        if let Some(quantity) = &claim.quantity
            && !(claim.modality.is_firm() && self.quantity(claim, quantity, entity))
        {
            let text = quantity.to_string();
            entity.put(
                "summary",
                format!("{}: {text}", quantity.unit.measure().name()),
            );
            self.writing.lesser("claim.quantity", about, &text);
        }
        match claim.status {
            None => {}
            Some(Status::Completed) if matches!(entity.schema, "Directorship" | "Membership") => {
                entity.put("status", Status::Completed.name());
            }
            // What a link of these schemas says is so.
            Some(Status::Completed) => {}
            Some(status)
                if matches!(entity.schema, "Payment" | "Debt" | "Family" | "Associate") =>
            {
                self.writing.lost("claim.status", about, status.name());
            }
            Some(status) => entity.put("status", status.name()),
        }
        for (_, words) in claim.text.iter() {
            text::restore(words, "summary", entity);
        }
        if let Some(printed) = &claim.as_printed {
            match entity.schema {
                // What was printed in the place of a share, and could not be read as one; not a name, which a text explains.
                "Ownership" if claim.quantity.is_none() && claim.text.is_empty() => {
                    entity.put("percentage", printed);
                }
                _ => self.writing.lost("claim.as_printed", about, printed),
            }
        }
        if let Some(locator) = &claim.locator
            && *locator != entity.id
        {
            entity.put("recordId", locator);
        }
        if let Some(period) = claim.period {
            self.writing
                .lost("claim.period", about, &period.to_string());
        }
    }

    /// Puts a value where the schema has a place for it; whether it has one.
    fn quantity(&mut self, claim: &Claim, quantity: &Quantity, entity: &mut Entity) -> bool {
        let point = quantity.point();
        let is_settled = claim.status.is_none_or(Status::is_binding);
        let held = match (entity.schema, quantity.unit.measure(), point) {
            ("Ownership", Measure::Share, _) if quantity.unit.right() == Some(Right::Capital) => {
                let Some(text) = share_text(quantity) else {
                    return false;
                };
                entity.put("percentage", text);
                if quantity.approximate && point.is_none() {
                    self.writing
                        .lesser("claim.approximate", &claim.about, &quantity.to_string());
                }
                return true;
            }
            ("Ownership", Measure::Units, Some(count)) if quantity.unit.code() == "shares" => {
                entity.put("sharesCount", count.to_string());
                true
            }
            ("Payment" | "Debt", _, Some(amount)) if is_settled => {
                money(quantity.unit, ("amount", "currency"), amount, entity)
            }
            ("Ownership", _, Some(amount)) if is_settled => money(
                quantity.unit,
                ("sharesValue", "sharesCurrency"),
                amount,
                entity,
            ),
            _ => false,
        };
        if held && quantity.approximate {
            self.writing
                .lesser("claim.approximate", &claim.about, &quantity.to_string());
        }
        held
    }
}

/// Puts an amount of money, unless the entity has one in another currency.
fn money(unit: Unit, (property, currency): (&str, &str), amount: f64, entity: &mut Entity) -> bool {
    let Unit::Currency(code) = unit else {
        return false;
    };
    if let Some(known) = entity.properties.get(currency)
        && known.first().is_some_and(|known| known != code)
    {
        return false;
    }
    entity.put(property, amount.to_string());
    entity.put(currency, code);
    true
}

/// Returns a share as a text that is read as the same share; nothing where it is none.
fn share_text(quantity: &Quantity) -> Option<String> {
    let about = if quantity.approximate { "ca. " } else { "" };
    let lower = if quantity.lower_exclusive { ">" } else { "" };
    let upper = if quantity.upper_exclusive { "<" } else { "" };
    let is_share = |value: f64| (0.0..=100.0).contains(&value);
    if !quantity.lower.is_none_or(is_share) || !quantity.upper.is_none_or(is_share) {
        return None;
    }
    match (quantity.point(), quantity.lower, quantity.upper) {
        (Some(value), _, _) => Some(format!("{about}{value}")),
        (None, Some(from), Some(to)) => Some(format!("{lower}{from}-{upper}{to}")),
        (None, Some(from), None) if quantity.lower_exclusive => Some(format!(">{from}")),
        (None, Some(from), None) => Some(format!("≥{from}")),
        (None, None, Some(to)) if quantity.upper_exclusive => Some(format!("<{to}")),
        (None, None, Some(to)) => Some(format!("≤{to}")),
        (None, None, None) => None,
    }
}
