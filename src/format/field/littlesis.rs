//! LittleSis: entities and relationships, as its API answers and its bulk files have them.
//!
//! `docs/formats/littlesis.md` says what becomes what.

use crate::format::field::fields::Fields;
use crate::format::field::gather::{Gather, Source, described, id};
use crate::format::field::items::Item;
use crate::format::field::reader::RecordReader;
use crate::format::field::report::LeftOutReason;
use crate::format::field::value;
use crate::model::name::{Family, PlayerType, Right, Status, Tier};
use crate::model::quantity::Quantity;
use crate::model::record::{Claim, Document, Edge};
use crate::model::time::TimeSpan;
use crate::model::unit::Unit;
use crate::model::vocabulary::pm;
use oxigraph::model::{NamedNode, NamedNodeRef};
use powermap_rdf::FormatError;

/// What a category of relationships becomes: its number at LittleSis, the family and the kind, and whether the edge runs from
/// the second entity to the first one.
const CATEGORIES: &[(&str, Family, NamedNodeRef<'static>, bool)] = &[
    ("1", Family::Influence, pm::EMPLOYMENT, false),
    ("2", Family::Influence, pm::EDUCATION, false),
    ("3", Family::Influence, pm::MEMBERSHIP, false),
    ("4", Family::Influence, pm::FAMILY, false),
    ("5", Family::Investment, pm::GRANT, false),
    ("6", Family::Supply, pm::OTHER_SERVICES, false),
    ("7", Family::Influence, pm::LOBBYING, false),
    ("8", Family::Influence, pm::ASSOCIATION, false),
    ("9", Family::Influence, pm::ASSOCIATION, false),
    ("10", Family::Investment, pm::OWNERSHIP, false),
    // A hierarchy runs from the child to the parent.
    ("11", Family::Influence, pm::CONTROL, true),
    ("12", Family::Influence, pm::ASSOCIATION, false),
];

/// Reads answers and records.
pub(super) struct Reader;

impl RecordReader for Reader {
    fn read(&mut self, item: Item, gather: &mut Gather<'_>) -> Result<(), FormatError> {
        let mut fields = item.fields;
        if fields.has("type") {
            return match record(&mut fields, gather) {
                true => Ok(()),
                false => Err(gather
                    .wrong("a record of LittleSis has a 'type', an 'id' and 'attributes'")
                    .with_hint("entities and relationships are read")),
            };
        }
        for key in ["data", "included"] {
            fields.each(key, |inner| {
                record(inner, gather);
            });
        }
        gather.left(LeftOutReason::NoPlace, "", &fields);
        Ok(())
    }
}

/// Reads a record; returns whether it is one. What is left of it is counted.
fn record(fields: &mut Fields, gather: &mut Gather<'_>) -> bool {
    let Some(sort) = fields.text("type") else {
        return false;
    };
    let own = fields.text("id");
    let mut attributes = Fields::default();
    fields.inside("attributes", |inside| attributes = std::mem::take(inside));
    let Some(own) = own.or_else(|| attributes.text("id")) else {
        return false;
    };
    // The id stands here too.
    attributes.text("id");
    let address = fields.inside("links", |links| links.text("self")).flatten();
    let source = source(
        &own,
        address.or_else(|| fields.text("self")),
        &mut attributes,
        gather,
    );
    match sort.as_str() {
        "entities" => entity(&own, attributes, &source, gather),
        "relationships" => relationship(&own, attributes, &source, gather),
        _ => {
            gather.left_out(LeftOutReason::NoPlace, &sort, &own);
            gather.left(LeftOutReason::NoPlace, &sort, &attributes);
        }
    }
    gather.left(LeftOutReason::NoPlace, &sort, fields);
    *fields = Fields::default();
    true
}

fn source(
    own: &str,
    address: Option<String>,
    attributes: &mut Fields,
    gather: &mut Gather<'_>,
) -> Source {
    let document = gather.document(id("littlesis", "database"), || Document {
        title: Some("LittleSis".to_owned()),
        url: Some("https://littlesis.org".to_owned()),
        tier: Some(Tier::Aggregator),
        ..Document::default()
    });
    Source {
        document,
        locator: address.unwrap_or_else(|| own.to_owned()),
        said: gather.date("attributes", attributes, "updated_at"),
    }
}

fn player_id(own: &str) -> NamedNode {
    id("littlesis", own)
}

fn entity(own: &str, mut attributes: Fields, source: &Source, gather: &mut Gather<'_>) {
    let node = player_id(own);
    let player_type = match attributes.text("primary_ext").as_deref() {
        Some("Person") => PlayerType::Person,
        _ if attributes.peek_any("types", |text| text == "Government Body") => {
            PlayerType::Government
        }
        _ => PlayerType::Company,
    };
    let names = attributes
        .text("name")
        .into_iter()
        .chain(attributes.texts("aliases"));
    let names: Vec<_> = names.collect();
    gather.player(&node, player_type, names);
    gather.identifier(&node, pm::LITTLE_SIS, own, source);
    if let Some(parent) = attributes.text("parent_id") {
        gather.refer(&player_id(&parent), PlayerType::Company);
        gather.part_of(&node, &player_id(&parent));
    }
    gather.describe(attributes, &node, source);
}

fn relationship(own: &str, mut attributes: Fields, source: &Source, gather: &mut Gather<'_>) {
    let ends = ["entity1_id", "entity2_id"].map(|key| attributes.text(key));
    let category = attributes.text("category_id").unwrap_or_default();
    let known = CATEGORIES.iter().find(|(number, ..)| *number == category);
    let ([Some(first), Some(second)], Some((_, family, kind, is_turned))) = (ends, known) else {
        gather.left_out(LeftOutReason::Incomplete, "relationships", own);
        gather.left(LeftOutReason::Incomplete, "relationships", &attributes);
        return;
    };
    let (from, to) = match is_turned {
        true => (player_id(&second), player_id(&first)),
        false => (player_id(&first), player_id(&second)),
    };
    for end in [&from, &to] {
        gather.refer(end, PlayerType::Company);
    }
    let node = id("littlesis-tie", own);
    let since = date(&mut attributes, "start_date", gather);
    let end = date(&mut attributes, "end_date", gather);
    let until = gather.until("relationships", since, end);
    let is_current = attributes.peek_flag("is_current");
    // A gift is made on a day, and stays made.
    let until = until.filter(|_| *kind != pm::GRANT);
    let edge = Edge {
        family: *family,
        kind: Some(position(*kind, &mut attributes).into_owned()),
        from,
        to,
        deal: None,
        since,
        until,
        part_of_total: None,
        components: Vec::new(),
        labels: Default::default(),
    };
    gather.edge(&node, edge);
    let mut quantities: Vec<Option<Quantity>> = amounts(&mut attributes, gather)
        .into_iter()
        .map(Some)
        .collect();
    if quantities.is_empty() {
        quantities.push(None);
    }
    let is_over = is_current == Some(false) && until.is_none() && *kind != pm::GRANT;
    let text = described(&attributes);
    for (number, quantity) in quantities.into_iter().enumerate() {
        let mut claim = Claim {
            quantity,
            status: Some(if is_over {
                Status::Cancelled
            } else {
                Status::Completed
            }),
            ..source.claim(&node)
        };
        if number == 0 && !text.is_empty() {
            claim.text.insert("", &text);
        }
        gather.claim(claim);
    }
}

/// Takes a date that may have zeros for what is not known.
fn date(attributes: &mut Fields, key: &str, gather: &mut Gather<'_>) -> Option<TimeSpan> {
    let text = attributes.text(key)?;
    let date = value::partial_date(&text);
    if date.is_none() {
        gather.not_understood("relationships", key, &text, value::DATE_EXPECTED);
    }
    date
}

/// Returns what a position is: a seat on the board, the lead, or a job.
fn position(kind: NamedNodeRef<'static>, attributes: &mut Fields) -> NamedNodeRef<'static> {
    if kind != pm::EMPLOYMENT {
        return kind;
    }
    let is = |attributes: &mut Fields, key| {
        let flag = attributes.inside("category_attributes", |inner| inner.peek_flag(key));
        flag.flatten() == Some(true)
    };
    match (is(attributes, "is_executive"), is(attributes, "is_board")) {
        (true, _) => pm::LEADERSHIP,
        (_, true) => pm::BOARD_SEAT,
        _ => kind,
    }
}

/// Takes the amount of a gift or a trade, and the share of a stake.
fn amounts(attributes: &mut Fields, gather: &mut Gather<'_>) -> Vec<Quantity> {
    let mut found = Vec::new();
    if let Some(text) = attributes.text("amount") {
        let code = attributes
            .text("currency")
            .unwrap_or_else(|| "usd".to_owned());
        let unit: Option<Unit> = code.to_uppercase().parse().ok();
        match value::number(&text).zip(unit) {
            Some((amount, unit)) => found.push(Quantity::exact(amount, unit)),
            None => {
                gather.not_understood("relationships", "amount", &text, "an amount in a currency")
            }
        }
    }
    attributes.inside("category_attributes", |inner| {
        if let Some(text) = inner.text("percent_stake") {
            match value::share(&text, Right::Capital) {
                Ok(share) => found.push(share),
                Err(expected) => {
                    gather.not_understood("category_attributes", "percent_stake", &text, expected)
                }
            }
        }
        if let Some(text) = inner.text("shares") {
            let unit = Unit::named().find(|unit| unit.code() == "shares");
            match value::number(&text).zip(unit) {
                Some((count, unit)) => found.push(Quantity::exact(count, unit)),
                None => gather.not_understood("category_attributes", "shares", &text, "a number"),
            }
        }
    });
    found
}
