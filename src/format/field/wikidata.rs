//! Items of Wikidata, in the JSON of its entities.
//!
//! `docs/formats/wikidata.md` says what becomes what.

use crate::format::field::fields::Fields;
use crate::format::field::gather::{Gather, Source, id, id_of};
use crate::format::field::items::Item;
use crate::format::field::reader::RecordReader;
use crate::format::field::report::LeftOutReason;
use crate::format::field::value;
use crate::model::name::{Family, PlayerType, Right, Stance, Status, Tier};
use crate::model::quantity::Quantity;
use crate::model::record::{Document, Edge};
use crate::model::time::TimeSpan;
use crate::model::vocabulary::{pm, short_name};
use oxigraph::model::{NamedNode, NamedNodeRef};
use powermap_rdf::FormatError;

/// A property that is an edge: its number, the family and the kind, and whether the edge runs from the value to the item.
type Tie = (&'static str, Family, NamedNodeRef<'static>, bool);

const TIES: &[Tie] = &[
    ("P127", Family::Investment, pm::OWNERSHIP, true),
    ("P1830", Family::Investment, pm::OWNERSHIP, false),
    ("P749", Family::Investment, pm::OWNERSHIP, true),
    ("P355", Family::Investment, pm::OWNERSHIP, false),
    ("P169", Family::Influence, pm::LEADERSHIP, true),
    ("P488", Family::Influence, pm::LEADERSHIP, true),
    ("P1037", Family::Influence, pm::LEADERSHIP, true),
    ("P3320", Family::Influence, pm::BOARD_SEAT, true),
    ("P112", Family::Influence, pm::FOUNDING, true),
    ("P108", Family::Influence, pm::EMPLOYMENT, false),
    ("P463", Family::Influence, pm::MEMBERSHIP, false),
    ("P102", Family::Influence, pm::MEMBERSHIP, false),
    ("P69", Family::Influence, pm::EDUCATION, false),
    ("P22", Family::Influence, pm::FAMILY, true),
    ("P25", Family::Influence, pm::FAMILY, true),
    ("P26", Family::Influence, pm::FAMILY, false),
    ("P40", Family::Influence, pm::FAMILY, false),
    ("P3373", Family::Influence, pm::FAMILY, false),
];

/// Properties that only organisations have.
const OF_ORGANISATIONS: &[&str] = &[
    "P169", "P127", "P749", "P355", "P1278", "P159", "P1454", "P452", "P3320",
];

/// Properties that are identifiers of a scheme.
const IDENTIFIERS: &[(&str, NamedNodeRef<'static>)] = &[
    ("P1278", pm::LEI),
    ("P5531", pm::CIK),
    ("P946", pm::ISIN),
    ("P1320", pm::OPEN_CORPORATES),
    ("P2622", pm::GB_COH),
];

/// The item of a human being.
const HUMAN: &str = "Q5";

/// Reads items.
pub(super) struct Reader;

impl RecordReader for Reader {
    fn read(&mut self, item: Item, gather: &mut Gather<'_>) -> Result<(), FormatError> {
        let mut fields = item.fields;
        if fields.has("entities") {
            fields.inside("entities", |entities| {
                let keys: Vec<_> = entities.keys().map(str::to_owned).collect();
                for key in keys {
                    entities.inside(&key, |entity| one(entity, gather));
                }
            });
            gather.left(LeftOutReason::NoPlace, "", &fields);
            return Ok(());
        }
        match fields.has("id") {
            true => one(&mut fields, gather),
            false => return Err(gather.wrong("an item of Wikidata has an 'id'")),
        }
        Ok(())
    }
}

/// Reads an item. What is left of it is counted.
fn one(entity: &mut Fields, gather: &mut Gather<'_>) {
    let own = entity.text("id").unwrap_or_default();
    let node = id("wikidata", &own);
    let source = Source {
        document: database(gather),
        locator: own.clone(),
        said: gather.date("", entity, "modified"),
    };
    let mut claims = Fields::default();
    entity.inside("claims", |inside| claims = std::mem::take(inside));
    let (is_human, is_organisation) = sort(&mut claims);
    if is_human || is_organisation {
        let player_type = if is_human {
            PlayerType::Person
        } else {
            PlayerType::Company
        };
        gather.player(&node, player_type, None);
        names(&node, entity, gather);
        gather.identifier(&node, pm::WIKIDATA, &own, &source);
    } else {
        let labels = entity.inside("labels", |labels| {
            labels.inside("en", |label| label.text("value")).flatten()
        });
        gather.topic(&node, &labels.flatten().unwrap_or_else(|| own.clone()));
    }
    let english = entity.inside("descriptions", |all| {
        all.inside("en", |one| one.text("value")).flatten()
    });
    if let Some(description) = english.flatten() {
        let mut claim = source.claim(&node);
        claim.text.insert("en", &description);
        gather.claim(claim);
    }
    for (property, scheme) in IDENTIFIERS {
        claims.each(property, |statement| {
            let value = main_value(statement, |value| value.text("value"));
            if let Some(value) = value
                && !gather.identifier(&node, *scheme, &value, &source)
            {
                gather.not_understood("claims", property, &value, "an identifier of its scheme");
            }
        });
    }
    for tie in TIES {
        claims.each(tie.0, |statement| {
            edge(tie, &node, &source, statement, gather)
        });
    }
    gather.left(LeftOutReason::NoPlace, "claims", &claims);
    gather.left(LeftOutReason::NoPlace, "", entity);
    *entity = Fields::default();
}

fn database(gather: &mut Gather<'_>) -> NamedNode {
    gather.document(id("wikidata", "database"), || Document {
        title: Some("Wikidata".to_owned()),
        url: Some("https://www.wikidata.org".to_owned()),
        tier: Some(Tier::Aggregator),
        ..Document::default()
    })
}

/// Returns whether an item is a human being, or an organisation.
fn sort(claims: &mut Fields) -> (bool, bool) {
    let mut is_human = false;
    claims.each("P31", |statement| {
        let class = statement.inside("mainsnak", |snak| {
            snak.inside("datavalue", |data| {
                data.inside("value", |value| value.peek("id") == Some(HUMAN))
                    .unwrap_or(false)
            })
        });
        is_human |= class.flatten() == Some(true);
    });
    (
        is_human,
        OF_ORGANISATIONS.iter().any(|property| claims.has(property)),
    )
}

/// Takes the names of an item, each in its language.
fn names(node: &NamedNode, entity: &mut Fields, gather: &mut Gather<'_>) {
    entity.inside("labels", |labels| {
        let languages: Vec<_> = labels.keys().map(str::to_owned).collect();
        for language in languages {
            labels.inside(&language, |label| {
                label.text("language");
                if let Some(name) = label.text("value") {
                    gather.name(node, &language, &name);
                }
            });
        }
    });
    entity.inside("aliases", |aliases| {
        let languages: Vec<_> = aliases.keys().map(str::to_owned).collect();
        for language in languages {
            aliases.each(&language, |alias| {
                alias.text("language");
                if let Some(name) = alias.text("value") {
                    gather.alias(node, &name);
                }
            });
        }
    });
}

/// Takes something from the value of a statement.
fn main_value<T>(statement: &mut Fields, take: impl FnOnce(&mut Fields) -> Option<T>) -> Option<T> {
    statement
        .inside("mainsnak", |snak| snak.inside("datavalue", take).flatten())
        .flatten()
}

/// Reads a statement that ties the item to another one.
fn edge(
    (property, family, kind, is_turned): &Tie,
    node: &NamedNode,
    source: &Source,
    statement: &mut Fields,
    gather: &mut Gather<'_>,
) {
    let other = main_value(statement, |data| {
        data.inside("value", |value| value.text("id")).flatten()
    });
    let Some(other) = other else {
        // Somebody unknown, or nobody: there is no other end.
        return;
    };
    let own = statement
        .text("id")
        .unwrap_or_else(|| format!("{}-{property}-{other}", source.locator));
    let other = id("wikidata", &other);
    gather.refer(
        &other,
        match *kind == pm::FAMILY {
            true => PlayerType::Person,
            false => PlayerType::Company,
        },
    );
    let (mut since, mut until, mut share) = (None, None, None);
    statement.inside("qualifiers", |qualifiers| {
        since = time(qualifiers, "P580", gather).or_else(|| time(qualifiers, "P585", gather));
        until = time(qualifiers, "P582", gather);
        share = proportion(qualifiers, gather);
    });
    let until = gather.until("claims", since, until);
    let rank = statement.text("rank");
    let (from, to) = match is_turned {
        true => (other, node.clone()),
        false => (node.clone(), other),
    };
    let edge_id = tie_id([&from, &to], *kind, since, gather);
    let edge = Edge {
        family: *family,
        kind: Some(kind.into_owned()),
        from,
        to,
        deal: None,
        since,
        until,
        part_of_total: None,
        components: Vec::new(),
        labels: Default::default(),
    };
    gather.edge(&edge_id, edge);
    let mut claim = source.claim(&edge_id);
    claim.locator = Some(own);
    claim.quantity = share.filter(|_| *family == Family::Investment);
    (claim.stance, claim.status) = match rank.as_deref() {
        Some("deprecated") => (Some(Stance::Opposes), Some(Status::Disputed)),
        Some("preferred") => (Some(Stance::Supports), None),
        _ => (None, None),
    };
    if let Some(document) = reference(statement, gather) {
        claim.document = Some(document);
    }
    claim.text.insert("", property);
    gather.claim(claim);
}

/// Returns the id of an edge of these ends, kind and start: an item and its inverse tell of one edge, and so do statements that
/// leave the start open. Those with another start are other edges.
fn tie_id(
    ends: [&NamedNode; 2],
    kind: NamedNodeRef<'_>,
    since: Option<TimeSpan>,
    gather: &mut Gather<'_>,
) -> NamedNode {
    let [from, to] = ends.map(|end| {
        let own = short_name(end.as_str());
        own.strip_prefix("wikidata-").unwrap_or(own)
    });
    let text = format!("{from}-{to}-{}", short_name(kind.as_str()));
    let first = id("wikidata-tie", &text);
    let other = gather.edge_mut(&first).and_then(|edge| edge.since);
    match (since, other) {
        (Some(since), Some(other)) if since != other => {
            id("wikidata-tie", &format!("{text}-{since}"))
        }
        _ => first,
    }
}

/// Takes the first time of a qualifier, as exact as it is said to be.
fn time(qualifiers: &mut Fields, property: &str, gather: &mut Gather<'_>) -> Option<TimeSpan> {
    let mut found = None;
    qualifiers.each(property, |snak| {
        let (text, precision) = snak
            .inside("datavalue", |data| {
                data.inside("value", |value| match found.is_none() {
                    true => (value.text("time"), value.text("precision")),
                    false => (None, None),
                })
            })
            .flatten()
            .unwrap_or_default();
        let Some(text) = text else { return };
        // `+1983-07-28T00:00:00Z`; 9 is a year, 10 a month, 11 a day.
        let date = text
            .trim_start_matches('+')
            .split('T')
            .next()
            .unwrap_or_default();
        let length = match precision.as_deref() {
            Some("9") => "1983".len(),
            Some("10") => "1983-07".len(),
            Some("11") => "1983-07-28".len(),
            _ => 0,
        };
        found = date.get(..length).and_then(value::date);
        if found.is_none() {
            gather.not_understood(
                "qualifiers",
                property,
                &text,
                "a day, a month or a year of our era",
            );
        }
    });
    found
}

/// Takes the part of a firm that a qualifier states.
fn proportion(qualifiers: &mut Fields, gather: &mut Gather<'_>) -> Option<Quantity> {
    let mut found = None;
    qualifiers.each("P1107", |snak| {
        let amount = snak.inside("datavalue", |data| {
            data.inside("value", |value| value.text("amount")).flatten()
        });
        let Some(text) = amount.flatten() else { return };
        let percent = value::number(text.trim_start_matches('+')).map(|part| part * 100.0);
        let share = percent.map(|percent| value::share(&format!("{percent:.6}"), Right::Capital));
        match share {
            Some(Ok(share)) if found.is_none() => found = Some(share),
            _ => gather.not_understood("qualifiers", "P1107", &text, "a part from 0 to 1"),
        }
    });
    found
}

/// Takes the address of the first reference, as a document.
fn reference(statement: &mut Fields, gather: &mut Gather<'_>) -> Option<NamedNode> {
    let mut found = None;
    statement.each("references", |reference| {
        reference.inside("snaks", |snaks| {
            snaks.each("P854", |snak| {
                if found.is_none() {
                    found = snak
                        .inside("datavalue", |data| data.text("value"))
                        .flatten();
                }
            });
        });
    });
    let url = found?;
    Some(
        gather.document(id_of("wikidata-reference", &[&url]), || Document {
            title: Some(url.clone()),
            url: Some(url.clone()).filter(|url| NamedNode::new(url.as_str()).is_ok()),
            ..Document::default()
        }),
    )
}
