//! The Offshore Leaks database of the International Consortium of Investigative Journalists, as CSV.
//!
//! `docs/formats/icij.md` says what becomes what.

use crate::format::field::fields::Fields;
use crate::format::field::gather::{Gather, Source, described, id, id_of};
use crate::format::field::items::Item;
use crate::format::field::reader::RecordReader;
use crate::format::field::report::LeftOutReason;
use crate::model::name::{Family, PlayerType, Tier};
use crate::model::record::{Document, Edge};
use crate::model::vocabulary::pm;
use oxigraph::model::{NamedNode, NamedNodeRef};
use powermap_rdf::FormatError;

/// What a type of relationship becomes.
const TYPES: &[(&str, Family, NamedNodeRef<'static>)] = &[
    ("officer_of", Family::Influence, pm::BOARD_SEAT),
    ("intermediary_of", Family::Influence, pm::REPRESENTATION),
    ("underlying", Family::Influence, pm::ASSOCIATION),
    ("connected_to", Family::Influence, pm::ASSOCIATION),
];

/// Words in the link between an officer and an entity, and what it is then.
const LINKS: &[(&str, Family, NamedNodeRef<'static>)] = &[
    ("shareholder", Family::Investment, pm::OWNERSHIP),
    ("beneficial owner", Family::Investment, pm::OWNERSHIP),
    ("owner", Family::Investment, pm::OWNERSHIP),
    ("beneficiary", Family::Influence, pm::BENEFICIARY),
    ("protector", Family::Influence, pm::PROTECTOR),
    ("settlor", Family::Influence, pm::SETTLOR),
    ("trustee", Family::Influence, pm::TRUSTEE),
    ("nominator", Family::Influence, pm::NOMINEE),
    ("president", Family::Influence, pm::LEADERSHIP),
    ("chair", Family::Influence, pm::LEADERSHIP),
];

/// Reads nodes and relationships.
pub(super) struct Reader;

impl RecordReader for Reader {
    fn read(&mut self, item: Item, gather: &mut Gather<'_>) -> Result<(), FormatError> {
        let mut fields = item.fields;
        match fields.has("node_id_start") || fields.has("START_ID") {
            true => relationship(&mut fields, gather),
            false => node(&mut fields, gather),
        }
        .map(|()| gather.left(LeftOutReason::NoPlace, "", &fields))
    }
}

fn source(fields: &mut Fields, own: &str, gather: &mut Gather<'_>) -> Source {
    let leak = fields
        .text("sourceID")
        .unwrap_or_else(|| "Offshore Leaks".to_owned());
    let document = gather.document(id_of("icij-source", &[&leak]), || Document {
        title: Some(format!("ICIJ: {leak}")),
        url: Some("https://offshoreleaks.icij.org".to_owned()),
        tier: Some(Tier::Aggregator),
        ..Document::default()
    });
    Source {
        document,
        locator: own.to_owned(),
        said: None,
    }
}

fn node_id(own: &str) -> NamedNode {
    id("icij", own)
}

/// Reads an entity, an officer, an intermediary, an address or another node.
fn node(fields: &mut Fields, gather: &mut Gather<'_>) -> Result<(), FormatError> {
    let Some(own) = fields.text("node_id") else {
        return Err(gather.wrong("the row has no 'node_id'"));
    };
    let node = node_id(&own);
    let source = source(fields, &own, gather);
    let has_name = fields.has("name");
    if !has_name && let Some(address) = fields.text("address") {
        gather.topic(&node, &address);
    } else {
        let names = [
            fields.text("name"),
            fields.text("original_name"),
            fields.text("former_name"),
        ];
        // Officers are people or firms: the file does not say which.
        gather.player(&node, PlayerType::Company, names.into_iter().flatten());
        gather.identifier(&node, pm::ICIJ, &own, &source);
    }
    gather.describe(std::mem::take(fields), &node, &source);
    Ok(())
}

/// Reads a relationship between two nodes.
fn relationship(fields: &mut Fields, gather: &mut Gather<'_>) -> Result<(), FormatError> {
    let mut take = |keys: [&str; 2]| keys.into_iter().find_map(|key| fields.text(key));
    let start = take(["node_id_start", "START_ID"]);
    let end = take(["node_id_end", "END_ID"]);
    let sort = take(["rel_type", "TYPE"]).unwrap_or_default();
    let (Some(start), Some(end)) = (start, end) else {
        return Err(gather.wrong("the row lacks 'node_id_start' or 'node_id_end'"));
    };
    let link = fields.peek("link").unwrap_or_default().to_lowercase();
    let locator = format!("{start} {sort} {end}");
    let source = source(fields, &locator, gather);
    let since = gather.date("", fields, "start_date");
    let until = gather.date("", fields, "end_date");
    let until = gather.until("relationship", since, until);
    let ends = [node_id(&start), node_id(&end)];
    let is_same = matches!(
        sort.as_str(),
        "same_name_as" | "same_as" | "similar" | "probably_same_officer_as"
    );
    let known = TYPES.iter().find(|(known, ..)| *known == sort);
    let Some((_, family, kind)) = known.filter(|_| !is_same) else {
        gather.refer(&ends[0], PlayerType::Company);
        let mut claim = source.claim(&ends[0]);
        claim
            .text
            .insert("", &format!("{sort}: {end}; {}", described(fields)));
        if is_same {
            gather.refer(&ends[1], PlayerType::Company);
            gather.alike(&ends[0], &ends[1], claim);
        } else {
            // Where a node is registered is said of the node.
            gather.claim(claim);
        }
        *fields = Fields::default();
        return Ok(());
    };
    let by_link = LINKS
        .iter()
        .find(|(word, ..)| sort == "officer_of" && link.contains(word));
    let (family, kind) = by_link.map_or((*family, *kind), |(_, family, kind)| (*family, *kind));
    for end in &ends {
        gather.refer(end, PlayerType::Company);
    }
    let node = id_of("icij-tie", &[&locator, &link]);
    let [from, to] = ends;
    let edge = Edge {
        family,
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
    gather.edge(&node, edge);
    let mut claim = source.claim(&node);
    let text = described(fields);
    if !text.is_empty() {
        claim.text.insert("", &text);
    }
    gather.claim(claim);
    *fields = Fields::default();
    Ok(())
}
