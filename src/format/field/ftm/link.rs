//! Links between entities: edges, and what is said of them.

use crate::format::field::fields::Fields;
use crate::format::field::ftm::schema::{self, Link};
use crate::format::field::ftm::{Entity, first_date, words};
use crate::format::field::gather::{Gather, id};
use crate::format::field::report::LeftOutReason;
use crate::format::field::value;
use crate::model::name::{Family, Modality, Right, Status};
use crate::model::quantity::Quantity;
use crate::model::record::{Claim, Edge};
use crate::model::unit::Unit;
use crate::model::vocabulary::pm;
use oxigraph::model::{NamedNode, NamedNodeRef};

/// Words in the role of a director that make it the head.
const HEADS: &[&str] = &[
    "chief executive",
    "ceo",
    "president",
    "chair",
    "leader",
    "general director",
];

/// Reads an entity that is a link.
pub(super) fn read(entity: &Entity, link: &Link, mut properties: Fields, gather: &mut Gather<'_>) {
    let from = properties.texts(link.from);
    let to = properties.texts(link.to);
    if from.is_empty() || to.is_empty() {
        gather.left_out(LeftOutReason::Incomplete, &entity.schema, &entity.own_id);
        for end in from.iter().chain(&to) {
            gather.left_out(LeftOutReason::Incomplete, &entity.schema, end);
        }
        gather.left(LeftOutReason::Incomplete, &entity.schema, &properties);
        return;
    }
    let since = first_date(entity, &mut properties, "startDate", gather);
    let since = since.or_else(|| first_date(entity, &mut properties, "date", gather));
    let until = first_date(entity, &mut properties, "endDate", gather);
    let until = gather.until(&entity.schema, since, until);
    let kind = kind(link, &properties);
    let claims = claims(entity, link, &mut properties, gather);
    let mut number = 0;
    for from in &from {
        for to in &to {
            number += 1;
            let node = match number {
                1 => entity.node.clone(),
                _ => id("ftm", &format!("{}-{number}", entity.own_id)),
            };
            let edge = Edge {
                since,
                until,
                ..edge(link, kind, &id("ftm", from), &id("ftm", to), gather)
            };
            gather.edge(&node, edge);
            for claim in &claims {
                gather.claim(Claim {
                    about: node.clone(),
                    ..claim.clone()
                });
            }
        }
    }
}

/// Reads the parent companies of a company, each an edge of unknown share.
pub(super) fn parents(entity: &Entity, properties: &mut Fields, gather: &mut Gather<'_>) {
    let link = &schema::PARENT;
    for parent in properties.texts(link.from) {
        let node = id("ftm", &format!("{}-parent-{parent}", entity.own_id));
        let edge = edge(link, link.kind, &id("ftm", &parent), &entity.node, gather);
        gather.edge(&node, edge);
        gather.claim(entity.source.claim(&node));
    }
}

fn edge(
    link: &Link,
    kind: NamedNodeRef<'_>,
    from: &NamedNode,
    to: &NamedNode,
    gather: &mut Gather<'_>,
) -> Edge {
    gather.refer(from, link.ends[0]);
    gather.refer(to, link.ends[1]);
    Edge {
        family: link.family,
        kind: Some(kind.into_owned()),
        from: from.clone(),
        to: to.clone(),
        deal: None,
        since: None,
        until: None,
        part_of_total: None,
        components: Vec::new(),
        labels: Default::default(),
    }
}

/// Returns the kind of an edge: who heads an organisation leads it.
fn kind(link: &Link, properties: &Fields) -> NamedNodeRef<'static> {
    let is_head = |role: &str| HEADS.iter().any(|head| role.to_lowercase().contains(head));
    match link.kind == pm::BOARD_SEAT && properties.peek_any("role", is_head) {
        true => pm::LEADERSHIP,
        false => link.kind,
    }
}

/// Returns what is said of an edge: a claim for each value, the first of which says the rest too.
fn claims(
    entity: &Entity,
    link: &Link,
    properties: &mut Fields,
    gather: &mut Gather<'_>,
) -> Vec<Claim> {
    let mut claims = Vec::new();
    let claim = |quantity: Quantity| Claim {
        quantity: Some(quantity),
        ..entity.source.claim(&entity.node)
    };
    if link.kind == pm::OWNERSHIP {
        for text in properties.texts("percentage") {
            match value::share(&text, Right::Capital) {
                Ok(share) => claims.push(claim(share)),
                Err(expected) => {
                    gather.not_understood(&entity.schema, "percentage", &text, expected);
                    claims.push(Claim {
                        as_printed: Some(text),
                        ..entity.source.claim(&entity.node)
                    });
                }
            }
        }
        let shares = Unit::named().find(|unit| unit.code() == "shares");
        for text in properties.texts("sharesCount") {
            match value::number(&text)
                .zip(shares)
                .filter(|(count, _)| *count >= 0.0)
            {
                Some((count, unit)) => claims.push(claim(Quantity::exact(count, unit))),
                None => gather.not_understood(&entity.schema, "sharesCount", &text, "a number"),
            }
        }
    }
    if [pm::PAYMENT, pm::LOAN].contains(&link.kind) {
        let amounts = amounts(entity, properties, gather);
        claims.extend(amounts.into_iter().map(claim));
    }
    if claims.is_empty() {
        claims.push(entity.source.claim(&entity.node));
    }
    if let Some(first) = claims.first_mut() {
        let text = words(&entity.schema, properties);
        if !text.is_empty() {
            first.text.insert("", &text);
        }
    }
    for claim in &mut claims {
        claim.modality = Modality::Statement;
        claim.status = (link.family == Family::Investment).then_some(Status::Completed);
    }
    claims
}

/// Returns the amounts of a payment or debt: as paid, or else as converted to euros or dollars.
fn amounts(entity: &Entity, properties: &mut Fields, gather: &mut Gather<'_>) -> Vec<Quantity> {
    let mut found = Vec::new();
    let mut read = |key: &str, text: &str, unit: Option<Unit>, gather: &mut Gather<'_>| {
        let amount = value::number(text).zip(unit);
        match amount {
            Some((amount, unit)) => found.push(Quantity::exact(amount, unit)),
            None => gather.not_understood(&entity.schema, key, text, "an amount in a currency"),
        }
    };
    let currency = properties.text("currency").or_else(|| {
        let currencies = properties.texts("currency");
        for text in currencies.iter().skip(1) {
            properties.put_back("currency", text);
        }
        currencies.into_iter().next()
    });
    let unit = currency
        .as_deref()
        .and_then(|code| code.to_uppercase().parse().ok());
    let texts = properties.texts("amount");
    if let (Some(code), true) = (currency, unit.is_none() || texts.is_empty()) {
        properties.put_back("currency", &code);
    }
    for text in &texts {
        read("amount", text, unit, gather);
    }
    // An amount stated in two currencies counts once; the second stays in the text of the claim.
    let converted = [("amountEur", "EUR"), ("amountUsd", "USD")].into_iter();
    let converted = converted
        .filter(|_| texts.is_empty())
        .find(|(key, _)| properties.has(key));
    if let Some((key, code)) = converted {
        for text in properties.texts(key) {
            read(key, &text, code.parse().ok(), gather);
        }
    }
    found
}
