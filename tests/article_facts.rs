//! The built-in map against the table of the article's facts: none is missing, and no number has changed on the way.
//!
//! The table was made from the collected facts, not from the map, so that the two check each other.

use powermap::map::Map;
use powermap::model::lang::Lang;
use powermap::model::quantity::Quantity;
use powermap::model::record::{Claim, Records};
use powermap::model::unit::Unit;
use std::collections::BTreeMap;

const FACTS: &str = include_str!("data/article_facts.csv");

/// The claims of each fact, by id.
fn claims_by_fact(records: &Records) -> BTreeMap<&str, Vec<&Claim>> {
    let mut by_fact: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for claim in records.claims.values() {
        for fact in claim.fact_ids.iter().filter(|id| id.starts_with('S')) {
            by_fact.entry(fact.as_str()).or_default().push(claim);
        }
    }
    by_fact
}

/// The value in a row of the table, in base units, without regard to whether it is approximate.
fn printed_value(row: &csv::StringRecord) -> Option<(Option<f64>, Option<f64>, &'static str)> {
    let (unit, scale) = match &row[5] {
        "" => return None,
        code => Unit::parse_scaled(code).unwrap(),
    };
    let bound = |text: &str| (!text.is_empty()).then(|| text.parse::<f64>().unwrap() * scale);
    Some((bound(&row[3]), bound(&row[4]), unit.code()))
}

#[test]
fn every_fact_of_the_article_is_in_the_map() {
    let map = Map::built_in().unwrap();
    let by_fact = claims_by_fact(map.records());
    let mut reader = csv::Reader::from_reader(FACTS.as_bytes());
    let rows: Vec<_> = reader.records().collect::<Result<_, _>>().unwrap();
    assert_eq!(rows.len(), 143);
    assert_eq!(by_fact.len(), rows.len(), "facts in the map");
    for row in &rows {
        let fact = &row[0];
        let claims = by_fact
            .get(fact)
            .unwrap_or_else(|| panic!("{fact} has no claim"));
        assert_eq!(claims.len().to_string(), row[2], "{fact}: number of claims");
        for claim in claims {
            assert_eq!(
                claim.locator.as_deref(),
                Some(&row[1]),
                "{fact}: the paragraph"
            );
        }
        let stated = claims.iter().find_map(|claim| claim.quantity).map(
            |Quantity {
                 lower, upper, unit, ..
             }| (lower, upper, unit.code()),
        );
        assert_eq!(stated, printed_value(row), "{fact}: the value");
    }
}

#[test]
fn every_reference_of_the_map_leads_somewhere() {
    let map = Map::built_in().unwrap();
    assert_eq!(map.problems(), []);
    let records = map.records();
    for (id, claim) in &records.claims {
        let about = &claim.about;
        assert!(
            records.edges.contains_key(about)
                || records.observations.contains_key(about)
                || records.deals.contains_key(about)
                || records.players.contains_key(about)
                || records.topics.contains_key(about),
            "{id}: {about} is not defined"
        );
        let document = claim.document.as_ref().expect("a document");
        assert!(records.documents.contains_key(document), "{id}: {document}");
        for speaker in claim.asserted_by.iter().chain(&claim.attributed_to) {
            assert!(
                records.players.contains_key(speaker) || records.documents.contains_key(speaker),
                "{id}: {speaker}"
            );
        }
        for lang in [Lang::En, Lang::Zh] {
            assert!(
                claim.text.exact(lang.tag()).is_some(),
                "{id}: no text in {lang:?}"
            );
        }
    }
    for (id, edge) in &records.edges {
        for end in [&edge.from, &edge.to] {
            assert!(records.players.contains_key(end), "{id}: {end}");
        }
    }
}
