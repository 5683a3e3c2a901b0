//! FollowTheMoney: entities in JSON lines, as OpenSanctions, Aleph and others export them.
//!
//! `docs/formats/ftm.md` says what becomes what.

mod link;
mod schema;
pub(super) mod write;

use crate::format::field::fields::Fields;
use crate::format::field::ftm::write::is_together;
use crate::format::field::gather::{Gather, Source, described_by, id, id_of};
use crate::format::field::items::Item;
use crate::format::field::reader::RecordReader;
use crate::format::field::report::LeftOutReason;
use crate::format::field::value;
use crate::model::name::{PlayerType, Tier};
use crate::model::record::Document;
use crate::model::time::TimeSpan;
use crate::model::vocabulary::pm;
use oxigraph::model::NamedNode;
use powermap_rdf::FormatError;
use schema::Role;

/// How deep entities may stand within the properties of others.
const NESTED_MAX: u8 = 8;

/// Reads entities.
pub(super) struct Reader;

impl RecordReader for Reader {
    fn read(&mut self, item: Item, gather: &mut Gather<'_>) -> Result<(), FormatError> {
        let mut fields = item.fields;
        match entity(&mut fields, gather, 0) {
            true => Ok(()),
            false => Err(gather
                .wrong("an entity has an 'id' and a 'schema', which are texts")
                .with_hint("entities of FollowTheMoney are expected, one on each line")),
        }
    }
}

/// One entity, without its properties.
struct Entity {
    own_id: String,
    node: NamedNode,
    schema: String,
    source: Source,
}

/// Reads one entity and those within it; returns whether it is one at all.
fn entity(fields: &mut Fields, gather: &mut Gather<'_>, depth: u8) -> bool {
    if fields.peek("id").is_none() || fields.peek("schema").is_none() {
        return false;
    }
    let own_id = fields.text("id").unwrap_or_default();
    let schema = fields.text("schema").unwrap_or_default();
    let entity = Entity {
        node: id("ftm", &own_id),
        source: source(fields, &own_id, gather),
        own_id,
        schema,
    };
    gather.no_place("", fields, &["first_seen", "last_seen", "target", "origin"]);
    let caption = fields.text("caption");
    let referents = fields.texts("referents");
    let mut properties = Fields::default();
    fields.inside("properties", |inside| properties = std::mem::take(inside));
    nested(&mut properties, gather, depth);
    match schema::role(&entity.schema) {
        Some(Role::Player(player_type)) => {
            player(&entity, player_type, caption, &mut properties, gather);
            same(&entity, &referents, gather);
        }
        Some(Role::Topic(name)) => {
            let name = properties
                .text(name)
                .or_else(|| properties.texts(name).into_iter().next());
            let name = caption.or(name).unwrap_or_else(|| entity.own_id.clone());
            gather.topic(&entity.node, &name);
            gather.tell(
                &words(&entity.schema, &properties),
                &entity.node,
                &entity.source,
            );
        }
        Some(Role::Claim(whom)) => about(&entity, whom, properties, gather),
        Some(Role::Link(link)) => link::read(&entity, link, properties, gather),
        None => {
            gather.left_out(LeftOutReason::NoPlace, &entity.schema, &entity.own_id);
            gather.left(LeftOutReason::NoPlace, &entity.schema, &properties);
        }
    }
    gather.left(LeftOutReason::NoPlace, "", fields);
    true
}

/// Reads entities that stand within properties, and leaves their ids in their place.
fn nested(properties: &mut Fields, gather: &mut Gather<'_>, depth: u8) {
    if depth == NESTED_MAX {
        return;
    }
    let keys: Vec<_> = properties.keys().map(str::to_owned).collect();
    for key in keys {
        let mut found = Vec::new();
        properties.each(&key, |inner| {
            if let Some(own_id) = inner.peek("id").map(str::to_owned)
                && entity(inner, gather, depth + 1)
            {
                found.push(own_id);
                // What was left of it is counted already.
                *inner = Fields::default();
            }
        });
        if !found.is_empty() {
            found.extend(properties.texts(&key));
            properties.put(&key, found);
        }
    }
}

/// Returns where an entity comes from: its datasets, or else the file.
fn source(fields: &mut Fields, own_id: &str, gather: &mut Gather<'_>) -> Source {
    let mut datasets = fields.texts("datasets");
    datasets.extend(fields.texts("dataset"));
    datasets.sort();
    datasets.dedup();
    let document = match datasets.is_empty() {
        true => {
            let title = gather.source_name().to_owned();
            gather.document(id_of("ftm-file", &[&title]), || Document {
                title: Some(title),
                ..Document::default()
            })
        }
        false => {
            let title = datasets.join(", ");
            gather.document(id("ftm-dataset", &datasets.join("_")), || Document {
                title: Some(title),
                tier: Some(Tier::Aggregator),
                ..Document::default()
            })
        }
    };
    Source {
        document,
        locator: own_id.to_owned(),
        said: gather.date("", fields, "last_change"),
    }
}

fn player(
    entity: &Entity,
    player_type: PlayerType,
    caption: Option<String>,
    properties: &mut Fields,
    gather: &mut Gather<'_>,
) {
    let names = schema::NAMES.iter().flat_map(|key| properties.texts(key));
    let names: Vec<_> = caption.into_iter().chain(names).collect();
    gather.player(&entity.node, player_type, names);
    for (key, scheme) in schema::IDENTIFIERS {
        for text in properties.texts(key) {
            if !gather.identifier(&entity.node, *scheme, &text, &entity.source) {
                gather.not_understood(&entity.schema, key, &text, "an identifier of its scheme");
            }
        }
    }
    for url in properties.texts("opencorporatesUrl") {
        let value = url
            .split_once("/companies/")
            .map(|(_, value)| value.to_owned());
        let is_held = value.is_some_and(|value| {
            gather.identifier(&entity.node, pm::OPEN_CORPORATES, &value, &entity.source)
        });
        if !is_held {
            gather.not_understood(
                &entity.schema,
                "opencorporatesUrl",
                &url,
                "an address of a company",
            );
        }
    }
    let is_british = properties.peek_any("jurisdiction", |text| text == "gb" || text == "uk");
    if is_british {
        for text in properties.texts("registrationNumber") {
            if !gather.identifier(&entity.node, pm::GB_COH, &text, &entity.source) {
                properties.put_back("registrationNumber", &text);
            }
        }
    }
    link::parents(entity, properties, gather);
    let properties = std::mem::take(properties);
    gather.tell(
        &words(&entity.schema, &properties),
        &entity.node,
        &entity.source,
    );
}

/// Says that the ids which an entity was merged from are its identifiers, by which others that have them are the same.
fn same(entity: &Entity, referents: &[String], gather: &mut Gather<'_>) {
    if referents.is_empty() {
        return;
    }
    for other in referents.iter().chain([&entity.own_id]) {
        gather.identifier(&entity.node, pm::OPEN_SANCTIONS, other, &entity.source);
    }
}

/// Says in a claim about each player that a property names what the other properties are.
fn about(entity: &Entity, whom: &str, mut properties: Fields, gather: &mut Gather<'_>) {
    let players = properties.texts(whom);
    if players.is_empty() {
        gather.left_out(LeftOutReason::Incomplete, &entity.schema, &entity.own_id);
        gather.left(LeftOutReason::Incomplete, &entity.schema, &properties);
        return;
    }
    let start = first_date(entity, &mut properties, "startDate", gather);
    let end = first_date(entity, &mut properties, "endDate", gather);
    let period = gather.range(&entity.schema, start, end);
    let text = words(&entity.schema, &properties);
    for player in players {
        let player = id("ftm", &player);
        gather.refer(&player, PlayerType::Company);
        let mut claim = entity.source.claim(&player);
        claim.period = period;
        claim.text.insert("", &format!("{}: {text}", entity.schema));
        gather.claim(claim);
    }
}

/// Returns what is left of the properties in one text, from which they can be told apart again.
fn words(schema: &str, properties: &Fields) -> String {
    described_by(properties, |property| is_together(schema, property))
}

/// Takes the first date of a property; the others stay.
fn first_date(
    entity: &Entity,
    properties: &mut Fields,
    key: &str,
    gather: &mut Gather<'_>,
) -> Option<TimeSpan> {
    let mut dates = properties.texts(key);
    dates.sort();
    let mut first = None;
    for text in dates {
        match value::date(&text) {
            None => gather.not_understood(&entity.schema, key, &text, value::DATE_EXPECTED),
            date if first.is_none() => first = date,
            Some(_) => properties.put_back(key, &text),
        }
    }
    first
}
