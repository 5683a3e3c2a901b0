//! Made-up maps: the same bytes, the right counts, a tail in the degrees, and nothing that the shapes object to.

use oxigraph::model::NamedNode;
use powermap::Map;
use powermap::format::{csv, write_edges, write_rdf};
use powermap::model::generate::{self, GenerateOptions, PLAYERS_MAX};
use powermap::model::{Day, Records};
use powermap_rdf::{Format, rdf};
use proptest::prelude::*;
use std::collections::HashMap;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn options(players: u32, edges: u64, seed: u64, skew: f64) -> GenerateOptions {
    GenerateOptions {
        players,
        edges,
        seed,
        skew,
        from: day("2015-01-01"),
        to: day("2025-12-31"),
    }
}

fn edges(options: &GenerateOptions) -> String {
    let mut text = Vec::new();
    write_edges(generate::deals(options).unwrap(), &mut text, |_| ()).unwrap();
    String::from_utf8(text).unwrap()
}

fn text(options: &GenerateOptions, format: Format) -> Vec<u8> {
    let mut text = Vec::new();
    write_rdf(
        generate::chunks(options).unwrap(),
        format,
        &mut text,
        |_| (),
    )
    .unwrap();
    text
}

#[test]
fn the_bytes_depend_on_the_seed_alone() {
    let first = options(100, 2000, 1, 1.0);
    assert_eq!(edges(&first), edges(&first));
    assert_ne!(edges(&first), edges(&GenerateOptions { seed: 2, ..first }));
    assert_eq!(text(&first, Format::Turtle), text(&first, Format::Turtle));
    let fewer = edges(&GenerateOptions {
        edges: 777,
        ..first
    });
    assert!(edges(&first).starts_with(&fewer));
}

/// The share of all edge ends that the most linked hundredth of the players has.
fn share_of_hubs(skew: f64) -> f64 {
    let mut degrees = vec![0_u64; 10_000];
    for deal in generate::deals(&options(10_000, 100_000, 3, skew)).unwrap() {
        for edge in deal.edges {
            degrees[edge.from as usize] += 1;
            degrees[edge.to as usize] += 1;
        }
    }
    degrees.sort_unstable();
    let hubs: u64 = degrees[9_900..].iter().sum();
    hubs as f64 / degrees.iter().sum::<u64>() as f64
}

#[test]
fn the_hubs_have_the_share_that_the_law_says() {
    // The first hundredth of the ranks is drawn with the probability 0.01^(1/(1+s)).
    assert!(share_of_hubs(0.0) < 0.03);
    for skew in [1.0, 2.0] {
        let expected = 0.01_f64.powf(1.0 / (1.0 + skew));
        let share = share_of_hubs(skew);
        assert!(
            (share - expected).abs() < 0.02,
            "{skew}: {share}, not {expected}"
        );
    }
}

#[test]
fn stakes_in_one_player_stay_below_the_whole() {
    let mut stakes: HashMap<u32, f64> = HashMap::new();
    for deal in generate::deals(&options(20, 20_000, 5, 1.0)).unwrap() {
        for edge in deal
            .edges
            .iter()
            .filter(|edge| edge.kind.name == "ownership")
        {
            let quantity = edge.quantity.unwrap();
            assert_eq!(quantity.unit.code(), "percent");
            *stakes.entry(edge.to).or_default() += quantity.point().unwrap();
        }
    }
    assert!(stakes.len() > 5);
    assert!(
        stakes.values().all(|sum| *sum <= 100.0 + 1e-9),
        "{stakes:?}"
    );
}

#[test]
fn a_made_up_map_conforms_and_has_contradictions() {
    let map = Map::from_quads(
        rdf::parse(
            &text(&options(200, 600, 1, 1.0), Format::Turtle),
            Format::Turtle,
            "made-up.ttl",
        )
        .unwrap(),
    )
    .unwrap();
    assert!(
        map.problems().unwrap().is_empty(),
        "{:?}",
        map.problems().unwrap()
    );
    assert!(!map.conflicts().unwrap().is_empty());
    let claims = map.records().unwrap().claims.values();
    let statuses: std::collections::BTreeSet<_> = claims.filter_map(|claim| claim.status).collect();
    assert_eq!(statuses.len(), 10, "{statuses:?}");
}

#[test]
fn every_form_holds_the_same_map() {
    let options = options(60, 150, 9, 2.0);
    let records = generate::records(&options).unwrap();
    for format in [
        Format::Turtle,
        Format::TriG,
        Format::NTriples,
        Format::NQuads,
        Format::RdfXml,
        Format::JsonLd,
    ] {
        let quads = rdf::parse(&text(&options, format), format, "made-up").unwrap();
        let read = Map::from_quads(quads).unwrap();
        let read = read.records().unwrap();
        assert_eq!(read.edges, records.edges, "{format:?}");
        assert_eq!(read.players, records.players, "{format:?}");
        assert_eq!(read.claims, records.claims, "{format:?}");
        assert_eq!(read.observations, records.observations, "{format:?}");
    }
    let written = csv::write(&records);
    assert_eq!(written.left_out, Vec::<String>::new());
    let sources: Vec<_> = written
        .tables
        .iter()
        .map(|(table, text)| csv::Source {
            name: table.name(),
            table: *table,
            bytes: text.as_bytes(),
        })
        .collect();
    let read = csv::read(&sources, &Records::default()).strict().unwrap().0;
    assert_eq!(read, records);
    let plain = edges(&options);
    for (line, edge) in plain.lines().skip(1).zip(
        generate::deals(&options)
            .unwrap()
            .flat_map(|deal| deal.edges),
    ) {
        let id = format!("https://w3id.org/powermap/id/e{}", edge.number);
        let edge = &records.edges[&NamedNode::new(id).unwrap()];
        let family = edge.family.name();
        assert!(line.contains(&format!(",{family},")), "{line}");
    }
    let made = [csv::Source {
        name: "edges.csv",
        table: csv::Table::Edges,
        bytes: plain.as_bytes(),
    }];
    let (read, _) = csv::read(&made, &Records::default()).strict().unwrap();
    assert_eq!(read.edges.len(), 150);
}

#[test]
fn wishes_that_cannot_be_met_are_errors() {
    let good = options(10, 10, 1, 1.0);
    for (bad, says) in [
        (GenerateOptions { players: 0, ..good }, "at least 2"),
        (GenerateOptions { players: 1, ..good }, "at least 2"),
        (
            GenerateOptions {
                players: PLAYERS_MAX + 1,
                ..good
            },
            "at most",
        ),
        (
            GenerateOptions {
                edges: u64::MAX,
                ..good
            },
            "at most",
        ),
        (GenerateOptions { skew: -0.1, ..good }, "0 (uniform)"),
        (
            GenerateOptions {
                skew: f64::NAN,
                ..good
            },
            "0 (uniform)",
        ),
        (
            GenerateOptions {
                from: day("2026-01-01"),
                ..good
            },
            "2026-01-01 or later",
        ),
    ] {
        let error = generate::deals(&bad).unwrap_err().to_string();
        assert!(error.contains(says), "{error}");
    }
    let empty = GenerateOptions {
        players: 0,
        edges: 0,
        ..good
    };
    assert_eq!(edges(&empty).lines().count(), 1);
    let mut out = Vec::new();
    let error = write_rdf(
        generate::chunks(&good).unwrap(),
        Format::Csv,
        &mut out,
        |_| (),
    );
    assert_eq!(error.unwrap_err().kind(), std::io::ErrorKind::InvalidInput);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn counts_are_exact_and_ends_and_dates_are_in_bounds(
        players in 2_u32..300,
        count in 0_u64..500,
        seed: u64,
        skew in 0.0..10.0,
        first in 1_i16..9990,
        years in 0_i16..10,
    ) {
        let from = Day::new(first, 3, 1).unwrap();
        let to = Day::new(first + years, 3, 1).unwrap();
        let options = GenerateOptions { players, edges: count, seed, skew, from, to };
        let records = generate::records(&options).unwrap();
        prop_assert_eq!(records.players.len(), players as usize);
        prop_assert_eq!(records.edges.len() as u64, count);
        for edge in records.edges.values() {
            prop_assert!(edge.from != edge.to);
            prop_assert!(records.players.contains_key(&edge.from));
            prop_assert!(records.players.contains_key(&edge.to));
            let since = edge.since.unwrap().earliest().unwrap();
            prop_assert!(from <= since && since <= to);
        }
        for claim in records.claims.values() {
            prop_assert!(records.documents.contains_key(claim.document.as_ref().unwrap()));
            prop_assert!(claim.said.unwrap().latest().unwrap() <= to);
        }
    }
}
