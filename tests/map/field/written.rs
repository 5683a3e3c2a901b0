//! Formats of the field as they are written: what is read again, and what is listed.

use super::{left_out, quantities, read, said, samples};
use powermap::Map;
use powermap::format::csv::{self, Source, Table};
use powermap::format::field::{
    FieldFormat, FieldText, LeftOutReason, Reading, read_bytes, write_ftm,
};
use powermap::model::vocabulary::{PM, short_name};
use powermap::model::{Edge, Records};
use std::collections::{BTreeMap, BTreeSet};

/// Reads tables, which are right.
fn tables(tables: &[(Table, &str)]) -> Records {
    let sources: Vec<_> = tables
        .iter()
        .map(|(table, text)| Source {
            name: table.name(),
            table: *table,
            bytes: text.as_bytes(),
        })
        .collect();
    let known = Map::built_in().unwrap().records().unwrap().concepts.clone();
    let known = Records {
        concepts: known,
        ..Records::default()
    };
    let (records, _) = csv::read(&sources, &known).strict().unwrap();
    records
}

fn again(written: &FieldText, name: &str) -> Reading {
    read_bytes(&written.bytes, name, false).unwrap_or_else(|error| {
        panic!(
            "{name}: {error}\n{}",
            String::from_utf8_lossy(&written.bytes)
        )
    })
}

/// What a reading knows of an edge, without its id.
fn ends(edge: &Edge) -> String {
    let time = |time: Option<_>| {
        time.map_or(String::new(), |time: powermap::model::TimeSpan| {
            time.to_string()
        })
    };
    format!(
        "{} {} -> {} {}..{}",
        edge.kind
            .as_ref()
            .map_or("", |kind| short_name(kind.as_str())),
        short_name(edge.from.as_str()),
        short_name(edge.to.as_str()),
        time(edge.since),
        time(edge.until)
    )
}

/// The players, edges, values and texts of records, a line each.
fn held(reading: &Reading) -> BTreeSet<String> {
    let records = &reading.records;
    let mut lines = BTreeSet::new();
    for (id, player) in &records.players {
        let id = short_name(id.as_str());
        lines.insert(format!("{id} is a {}", player.player_type));
        for name in player.labels.iter().map(|(_, name)| name) {
            lines.insert(format!("{id} is called {name}"));
        }
        for alias in &player.aliases {
            lines.insert(format!("{id} is also called {alias}"));
        }
    }
    for one in records.identifiers.values() {
        let (player, scheme) = (one.player.as_str(), one.scheme.as_str());
        let (player, scheme) = (short_name(player), short_name(scheme));
        lines.insert(format!("{player} {scheme} {}", one.value));
    }
    for (id, edge) in &records.edges {
        let id = short_name(id.as_str());
        lines.insert(format!("{id}: {}", ends(edge)));
        for quantity in quantities(reading, id) {
            lines.insert(format!("{id} has {quantity}"));
        }
    }
    for claim in records.claims.values() {
        if records.topics.contains_key(&claim.about) {
            continue;
        }
        let about = short_name(claim.about.as_str());
        let document = claim.document.as_ref();
        lines.insert(format!(
            "{about} in {}",
            document.map_or("", |id| short_name(id.as_str()))
        ));
        for text in claim.text.iter().map(|(_, text)| text) {
            let words = text.split([' ', ',', ';']).filter(|word| !word.is_empty());
            lines.extend(words.map(|word| format!("{about} says {word}")));
        }
    }
    lines
}

#[test]
fn entities_come_back_as_they_were() {
    let samples = samples::all("entities that are written again");
    for (name, bytes) in samples.iter().filter(|(name, _)| name.starts_with("ftm/")) {
        let first = read_bytes(bytes, name, false).unwrap();
        let written = write_ftm(&first.records);
        let second = again(&written, name);
        let (before, after) = (held(&first), held(&second));
        let lost: Vec<_> = before.difference(&after).collect();
        // A topic, such as an address, has no place of its own; a merged date is one.
        let count = before.len();
        assert!(
            lost.is_empty(),
            "{name}: {} of {count}: {lost:#?}",
            lost.len()
        );
    }
}
