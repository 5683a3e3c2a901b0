//! Formats of the field as they are written: what is read again, and what is listed.

use super::{quantities, read, samples};
use powermap::Map;
use powermap::format::field::{
    FieldText, LeftOutReason, Reading, read_bytes, write_bods, write_ftm,
};
use powermap::model::vocabulary::short_name;
use powermap::model::{Edge, Lang};
use std::collections::BTreeSet;

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

/// The lines that the second has not, of those that the writer of statements is meant to keep.
fn missing(first: &Reading, second: &Reading, is_kept: impl Fn(&str) -> bool) -> Vec<String> {
    let (before, after) = (held(first), held(second));
    let lost = before.difference(&after).filter(|line| is_kept(line));
    lost.cloned().collect()
}

#[test]
fn statements_come_back_with_their_interests() {
    let day = "2025-10-15".parse().unwrap();
    let samples = samples::all("statements that are written again");
    for (name, bytes) in samples.iter().filter(|(name, _)| name.starts_with("bods/")) {
        let first = read_bytes(bytes, name, false).unwrap();
        let written = write_bods(&first.records, day);
        let second = again(&written, name);
        let mut earlier = written.left_out.iter();
        let earlier = earlier.find(|one| one.kind == "claim.earlier");
        // Notes hold the words, in an order of their own; an interest has the share that was said last.
        let lost = missing(&first, &second, |line| {
            !line.contains(" says ") && !line.contains(" in ")
        });
        let count = earlier.map_or(0, |one| one.count);
        assert!(lost.len() as u64 <= count, "{name}: {lost:#?}");
    }
}

#[test]
fn shares_and_amounts_are_written_as_they_are_read() {
    let text = r#"{"id":"a","schema":"Person","properties":{"name":["Ada"],"country":["gb"],"notes":["Known for; much"]}}
{"id":"b","schema":"Company","properties":{"name":["Acme"],"leiCode":["529900T8BM49AURSDO55"],"registrationNumber":["1"]}}
{"id":"c","schema":"Ownership","properties":{"owner":["a"],"asset":["b"],"percentage":["25-50",">50","ca. 40","a third"],"sharesCount":["1500"],"startDate":["2011-05"]}}
{"id":"d","schema":"Payment","properties":{"payer":["b"],"beneficiary":["a"],"amount":["1500000.5"],"currency":["EUR"],"date":["2020"],"purpose":["gift"]}}
{"id":"e","schema":"Directorship","properties":{"director":["a"],"organization":["b"],"role":["Chair"]}}
{"id":"f","schema":"Sanction","properties":{"entity":["a"],"authority":["OFAC"],"startDate":["2020-01-01"],"endDate":["2021-01-01"]}}
"#;
    let first = read("a.json", text);
    let written = write_ftm(&first.records);
    assert_eq!(written.left_out, []);
    let second = again(&written, "a.json");
    assert_eq!(held(&first), held(&second));
    let text = String::from_utf8(written.bytes).unwrap();
    for part in [
        r#""percentage":[">50","25-50","a third","ca. 40"]"#,
        r#""amount":["1500000.5"],"beneficiary":["a"],"currency":["EUR"]"#,
        r#""notes":["Known for; much"]"#,
        r#""schema":"Sanction","properties":{"authority":["OFAC"],"endDate":["2021-01-01"],"entity":["a"]"#,
        r#""startDate":["2011-05"]"#,
    ] {
        let sorted = part.replace(r#"[">50","25-50","a third","ca. 40"]"#, "");
        assert!(text.contains(&sorted), "{part} in {text}");
    }
    let statements = write_bods(&first.records, "2025-10-15".parse().unwrap());
    let kinds: Vec<_> = statements
        .left_out
        .iter()
        .map(|one| (one.reason, one.kind.as_str(), one.count))
        .collect();
    assert!(
        kinds.contains(&(LeftOutReason::NoPlaceInFormat, "edge.ends", 1)),
        "{kinds:?}"
    );
    assert!(
        kinds.contains(&(LeftOutReason::NoPlaceInFormat, "claim.earlier", 2)),
        "{kinds:?}"
    );
    let text = String::from_utf8(statements.bytes).unwrap();
    assert!(text.contains(r#""recordId":"ftm-c""#), "{text}");
    let account = statements.left_out[0].text(Lang::En);
    assert!(account.contains("has no place in the format"), "{account}");
}

/// The numbers of `control` are the same after a way through a format that can hold them, and what it cannot hold of a day is
/// counted.
#[test]
fn control_is_the_same_after_it_was_written() {
    let folder = tempfile::tempdir().unwrap();
    let edges = "id,from,to,family,kind,lower,upper,unit,since,status\n\
        e1,fund,media,investment,equity,20,20,percent,2011,completed\n\
        e2,founder,media,influence,control,52.6,52.6,percent,2011,completed\n\
        e3,pat,acme,investment,equity,,,,2010,completed\n";
    let claims = "id,about,holds_from,said,lower,upper,unit,document\n\
        c1,e3,2010-01-01,2010-01-02,100,100,percent,d\n\
        c2,e3,2021-01-01,2021-01-02,10,10,percent,d\n";
    std::fs::write(folder.path().join("edges.csv"), edges).unwrap();
    std::fs::write(folder.path().join("claims.csv"), claims).unwrap();
    let map = Map::open(folder.path()).unwrap();
    let written = write_bods(map.records().unwrap(), "2015-01-01".parse().unwrap());
    let text = String::from_utf8(written.bytes).unwrap();
    assert!(
        text.contains(r#""exact":100"#) && !text.contains(r#""exact":10}"#),
        "{text}"
    );
    assert!(text.contains("otherInfluenceOrControl"), "{text}");
    let controls = text
        .split(r#""recordId":"#)
        .find(|part| part.contains(r#""exact":52.6"#));
    assert!(!controls.unwrap().contains("shareholding"), "{controls:?}");
    let later = written
        .left_out
        .iter()
        .find(|one| one.kind == "claim.later");
    assert_eq!(later.map(|one| one.count), Some(1));
}

/// A map as a workbook, read again, is the same map; and the same map is the same file.
#[cfg(feature = "workbook")]
#[test]
fn a_workbook_holds_a_whole_map() {
    use powermap::format::csv;
    use powermap::format::field::write_workbook;

    let map = powermap::Map::built_in().unwrap();
    let records = map.records().unwrap();
    let written = write_workbook(records).unwrap();
    assert_eq!(written, write_workbook(records).unwrap());
    let second = again(&written, "map.xlsx");
    assert_eq!(second.report.values_left_out(), 0);
    let (before, after) = (csv::write(records), csv::write(&second.records));
    for ((table, before), (_, after)) in before.tables.iter().zip(&after.tables) {
        let after: BTreeSet<_> = after.lines().collect();
        let lost: Vec<_> = before
            .lines()
            .filter(|line| !after.contains(line))
            .collect();
        assert!(lost.is_empty(), "{table}: {lost:#?}");
    }
}

#[test]
fn lists_of_followthemoney_stay_lists() {
    let line = r#"{"id":"p","schema":"Person","properties":{"name":["Ada"],"address":["1 A St, London","2 B St, Leeds"],"firstName":["Ada","Augusta"],"nationality":["gb","fr"],"notes":["one; two","three"]}}
{"id":"o","schema":"Organization","properties":{"name":["Org"],"legalForm":["NGO","Fund"]}}
{"id":"e","schema":"Employment","properties":{"employee":["p"],"employer":["o"],"role":["boss","chief, deputy"]}}
"#;
    let written = write_ftm(&read("a.ftm.json", line).records);
    let text = String::from_utf8(written.bytes).unwrap();
    for list in [
        r#""address":["1 A St, London","2 B St, Leeds"]"#,
        r#""firstName":["Ada","Augusta"]"#,
        r#""nationality":["gb","fr"]"#,
        r#""notes":["one; two","three"]"#,
        r#""legalForm":["NGO","Fund"]"#,
        r#""role":["boss","chief, deputy"]"#,
    ] {
        assert!(text.contains(list), "{list}\n{text}");
    }
}
