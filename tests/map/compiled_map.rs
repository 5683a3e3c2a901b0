//! A compiled map answers as the text that it was compiled from, and reads no more than it is asked for.

#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests may panic like the tests"
)]

use crate::support::seal;
use powermap::analysis::Presence::Required;
use powermap::analysis::{Analysis, ParameterKind};
use powermap::catalogue::{Catalogue, QueryPresence};
use powermap::format::record_quads;
use powermap::model::vocabulary::short_name;
use powermap::model::{Policy, generate};
use powermap::{Map, MapError, View, analysis};
use powermap_rdf::{CompiledStore, Format, ReadStore, Results, rdf};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use tempfile::TempDir;

fn compiled(map: &Map) -> (Map, PathBuf, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("map.pmap");
    map.compile(&path, |_| {}).unwrap();
    (Map::open(&path).unwrap(), path, folder)
}

/// A made-up map of some thousand triples.
fn made_up(edges: u64) -> Map {
    let options = generate::GenerateOptions {
        players: 60,
        edges,
        seed: 7,
        skew: 1.0,
        from: "2015-01-01".parse().unwrap(),
        to: "2025-12-31".parse().unwrap(),
    };
    Map::from_quads(record_quads(&generate::records(&options).unwrap())).unwrap()
}

fn day(text: &str) -> View {
    View {
        as_of: Some(text.parse().unwrap()),
        ..View::default()
    }
}

fn lines(results: Results<'_>) -> Vec<String> {
    let mut lines: Vec<String> = match results {
        Results::Boolean(answer) => vec![answer.to_string()],
        Results::Solutions(rows) => rows.map(|row| format!("{:?}", row.unwrap())).collect(),
        Results::Graph(triples) => triples.map(|t| t.unwrap().to_string()).collect(),
    };
    lines.sort();
    lines
}

fn asked(map: &Map, query: &str) -> Vec<String> {
    lines(map.query(query).unwrap())
}

fn assert_same(text: &Map, compiled: &Map) {
    assert_eq!(compiled.records().unwrap(), text.records().unwrap());
    assert_eq!(compiled.problems().unwrap(), text.problems().unwrap());
    assert_eq!(compiled.board().unwrap(), text.board().unwrap());
    assert_eq!(
        compiled.position().unwrap().view(),
        text.position().unwrap().view()
    );
    assert!(
        compiled.position().unwrap().network().unwrap().network
            == text.position().unwrap().network().unwrap().network
    );
    let sorted = |mut quads: Vec<oxigraph::model::Quad>| {
        quads.sort_by(rdf::compare_quads);
        quads
    };
    assert_eq!(
        sorted(compiled.quads().unwrap()),
        sorted(text.quads().unwrap())
    );
    assert_eq!(
        sorted(compiled.board_quads().unwrap()),
        sorted(text.board_quads().unwrap())
    );
    assert_eq!(
        compiled.store().unwrap().quad_count(),
        text.store().unwrap().quad_count()
    );
}

#[test]
fn a_compiled_map_has_the_records_and_boards_of_its_text() {
    for map in [Map::built_in().unwrap(), made_up(150)] {
        let (compiled, ..) = compiled(&map);
        assert_same(&map, &compiled);
        let days = ["2016-01-01", "2025-06-30"].map(day);
        let policy = View {
            policy: Policy::Highest,
            ..View::default()
        };
        let known = View {
            known_by: Some("2025-09-30".parse().unwrap()),
            ..View::default()
        };
        for view in days.into_iter().chain([policy, known, View::default()]) {
            assert_same(&map.with_view(view), &compiled.with_view(view));
        }
        let back = compiled.with_view(days[0]).with_view(View::default());
        assert_same(&map, &back);
    }
}

#[test]
fn every_named_query_gives_the_same_rows() {
    let text = Map::built_in().unwrap();
    let (compiled, ..) = compiled(&text);
    let catalogue = Catalogue::built_in().unwrap();
    for view in [View::default(), day("2025-09-30")] {
        let (text, compiled) = (text.with_view(view), compiled.with_view(view));
        for entry in catalogue.entries() {
            let given: Vec<_> = entry
                .header
                .parameters
                .iter()
                .filter(|parameter| parameter.presence == QueryPresence::Required)
                .map(|parameter| {
                    let option = format!("--{}", parameter.name.replace('_', "-"));
                    let mut words = entry.header.example.split_whitespace();
                    words.find(|word| *word == option).unwrap();
                    (parameter.name.clone(), words.next().unwrap().to_owned())
                })
                .collect();
            let rows = |map: &Map| lines(map.ask(entry, &given).unwrap());
            assert_eq!(rows(&compiled), rows(&text), "{} {view:?}", entry.path);
        }
    }
}

/// What an analysis answers about two players and two days.
fn answered(map: &Map, analysis: &Analysis, players: [&str; 2]) -> String {
    let position = map.position().unwrap();
    let [mut players, mut days] =
        [players, ["2025-09-01", "2025-10-15"]].map(|both| both.into_iter().cycle());
    let required = analysis.parameters.iter();
    let required = required.filter(|p| p.presence == Required);
    let mut given: Vec<_> = required
        .map(|parameter| match parameter.kind {
            ParameterKind::Player => (parameter.name, players.next().unwrap()),
            ParameterKind::Day | ParameterKind::Moment => (parameter.name, days.next().unwrap()),
            kind => panic!("{}: {kind:?}", analysis.name),
        })
        .collect();
    if analysis.name == "what-if" {
        given.push(("without", players.next().unwrap()));
    }
    let arguments = analysis
        .arguments(given, &position)
        .unwrap_or_else(|error| panic!("{}: {error}", analysis.name));
    let never = AtomicBool::new(false);
    format!(
        "{:?}",
        (analysis.run)(&position, &arguments, &never).unwrap()
    )
}

#[test]
fn every_analysis_gives_the_same_report() {
    let made = made_up(300);
    let records = made.records().unwrap();
    let mut degrees: BTreeMap<&str, usize> = BTreeMap::new();
    for edge in records.edges.values() {
        for end in [&edge.from, &edge.to] {
            *degrees.entry(short_name(end.as_str())).or_default() += 1;
        }
    }
    let mut busiest: Vec<_> = degrees.into_iter().collect();
    busiest.sort_by_key(|(name, degree)| (Reverse(*degree), *name));
    let busiest = [busiest[0].0.to_owned(), busiest[1].0.to_owned()];
    let built_in = ["openai", "nvidia"].map(str::to_owned);
    for (text, [one, other]) in [(Map::built_in().unwrap(), built_in), (made, busiest)] {
        let (_, path, _folder) = compiled(&text);
        for analysis in analysis::all() {
            // Opened anew: what one analysis has read is there for the next.
            let compiled = Map::open(&path).unwrap();
            let [of_compiled, of_text] =
                [&compiled, &text].map(|map| answered(map, analysis, [&one, &other]));
            assert_eq!(of_compiled, of_text, "{}", analysis.name);
        }
    }
}

#[test]
fn a_compiled_map_cannot_be_changed() {
    let (mut map, path, _folder) = compiled(&Map::built_in().unwrap());
    let before = fs::read(&path).unwrap();
    let error = map.update("INSERT DATA { id:x a pm:Person }").unwrap_err();
    assert!(matches!(error, MapError::Compiled));
    let hint = error.hint().unwrap().to_string();
    assert!(hint.contains("update the text"), "{hint}");
    let change = Map::built_in()
        .unwrap()
        .plan_update("INSERT DATA { id:x a pm:Person }")
        .unwrap();
    assert!(matches!(map.apply(&change), Err(MapError::Compiled)));
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn compiling_a_compiled_map_gives_the_same_bytes() {
    let (map, path, folder) = compiled(&made_up(40));
    let again = folder.path().join("again.pmap");
    map.with_view(day("2016-01-01"))
        .compile(&again, |_| {})
        .unwrap();
    assert_eq!(fs::read(&again).unwrap(), fs::read(&path).unwrap());
    map.compile(&path, |_| {}).unwrap();
    assert_eq!(
        map.records().unwrap(),
        Map::open(&path).unwrap().records().unwrap()
    );
}

#[test]
fn a_map_is_known_by_its_first_bytes_too() {
    let (map, path, folder) = compiled(&made_up(5));
    let other = folder.path().join("renamed.ttl");
    fs::rename(&path, &other).unwrap();
    assert_eq!(
        Map::open(&other).unwrap().records().unwrap(),
        map.records().unwrap()
    );
    fs::write(&path, "@prefix : <x:> .").unwrap();
    let error = Map::open(&path).unwrap_err().to_string();
    assert!(
        error.contains("it does not start as a compiled map does"),
        "{error}"
    );
}

#[test]
fn bare_triples_are_completed_when_they_are_opened() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bare.pmap");
    let map = made_up(20);
    let text = map.quads().unwrap().into_iter().collect();
    CompiledStore::write(&text, &path).unwrap();
    assert_same(&map, &Map::open(&path).unwrap());
}

/// One page after the other is damaged: who does not look there does not see it.
#[test]
fn damage_is_found_by_who_looks_there_and_never_answered_over() {
    let (map, path, _folder) = compiled(&made_up(4000));
    let mut bytes = fs::read(&path).unwrap();
    assert!(
        bytes.len() > 20 << 16,
        "pages are too few to part: {}",
        bytes.len()
    );
    let query = "SELECT ?a ?b { GRAPH pm:board { ?a pm:investsIn ?b } }";
    let expected = asked(&map, query);
    let (sums, _) = seal::parts(&bytes).unwrap();
    const CALL: &str = "SELECT * { SERVICE call:loops { [] call:loop ?loop ; call:step ?step ; call:from ?from ; call:limit 5 } }";
    let loops = asked(&map, CALL);
    assert!(loops.len() >= 5, "{loops:?}");
    let (mut answered, mut refused, mut called) = (0, 0, 0);
    for page in (0..sums >> 16).step_by(2) {
        let at = (page << 16) + 100;
        bytes[at] ^= 1;
        fs::write(&path, &bytes).unwrap();
        let map = Map::open(&path).unwrap();
        match map.query(query) {
            Ok(Results::Solutions(rows)) => {
                let rows: Result<Vec<_>, _> =
                    rows.map(|row| row.map(|row| format!("{row:?}"))).collect();
                match rows {
                    Ok(mut rows) => {
                        rows.sort();
                        assert_eq!(rows, expected, "page {page}");
                        answered += 1;
                    }
                    Err(error) => {
                        assert!(error.to_string().contains("map.pmap"), "{error}");
                        refused += 1;
                    }
                }
            }
            Ok(_) => unreachable!("SELECT gives rows"),
            Err(error) => {
                assert!(error.to_string().contains("map.pmap"), "{error}");
                refused += 1;
            }
        }
        // Loops need the network only, which comes from columns of its own.
        match map.query(CALL) {
            Ok(results) => {
                assert_eq!(lines(results), loops, "page {page}");
                called += 1;
            }
            Err(error) => assert!(error.to_string().contains("map.pmap"), "{error}"),
        }
        // What reads everything says so.
        match map.records() {
            Ok(records) => assert_eq!(records.edges.len(), 4000),
            Err(error) => {
                assert!(matches!(error, MapError::Unreadable(_)), "{error}");
                let late = map.with_view(day("2016-01-01"));
                let query = "SELECT * { SERVICE call:timeline { [] call:when ?w } }";
                let errors = [
                    map.records().err(),
                    map.problems().err(),
                    map.board().err(),
                    map.conflicts().err(),
                    map.timeline().err(),
                    map.diff(&late).err(),
                    map.tables().err(),
                    map.check().err(),
                    map.refuted().err(),
                    map.player("openai").err(),
                    map.query(query).err(),
                    late.store().err(),
                    late.position().err(),
                    late.query("ASK { }").err(),
                ];
                for (method, error) in errors.into_iter().enumerate() {
                    let error = error.unwrap_or_else(|| panic!("method {method} hides the damage"));
                    assert!(error.to_string().contains("map.pmap"), "{method}: {error}");
                }
                // A position is read when an analysis asks for more than the network.
                assert!(map.position().is_err() || map.position().unwrap().problem().is_some());
            }
        }
        bytes[at] ^= 1;
    }
    assert!(
        answered > 5 && refused > 1 && called > 1,
        "{answered} answered, {refused} refused, {called} called"
    );
    fs::write(&path, &bytes).unwrap();
    Map::open(&path).unwrap().board().unwrap();
}

#[test]
fn text_formats_survive_compiling() {
    let folder = tempfile::tempdir().unwrap();
    let text =
        "@prefix : <x:> . :g { :a :b _:n . _:n :c \"x\"@en-GB, 01, 1.50, \"2025\" } :a :b :c .";
    let source = folder.path().join("a.trig");
    fs::write(&source, text).unwrap();
    let map = Map::open(&source).unwrap();
    let (compiled, ..) = compiled(&map);
    let bytes = |map: &Map| {
        rdf::serialise(
            map.quads().unwrap(),
            Format::NQuads,
            &powermap::model::vocabulary::PREFIXES,
        )
        .unwrap()
    };
    assert_eq!(bytes(&compiled), bytes(&map));
}

/// What leads astray in a file that was made up, under right checksums, is an error at worst for all that reads a map.
#[test]
fn wrong_numbers_under_right_checksums_break_nothing() {
    let (_, path, _folder) = compiled(&made_up(15));
    let right = fs::read(&path).unwrap();
    let (mut read, mut refused) = (0, 0);
    for seed in 0..400 {
        fs::write(&path, seal::mutated(&right, seed)).unwrap();
        let Ok(map) = Map::open(&path) else {
            refused += 1;
            continue;
        };
        let network = map
            .position()
            .is_ok_and(|position| position.network().is_ok());
        let late = map.with_view(day("2020-01-01"));
        match (map.store().and(map.board()), late.store().and(late.board())) {
            (Ok(_), Ok(_)) if network => read += 1,
            _ => refused += 1,
        }
        if let Ok(Results::Solutions(rows)) =
            map.query("SELECT * { ?a pm:investsIn ?b . ?a ?c ?d }")
        {
            rows.take(100).for_each(drop);
        }
    }
    assert!(read > 20 && refused > 100, "{read} read, {refused} refused");
}

/// A file of a version in which another policy was the usual one holds that policy's board, which is no answer now.
#[test]
fn the_board_in_a_file_counts_only_if_it_is_by_the_usual_policy() {
    let other = View {
        policy: Policy::Latest,
        ..View::default()
    };
    let store = Map::built_in().unwrap().with_view(other);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("old.pmap");
    let memory = store.store().unwrap().in_memory().unwrap();
    CompiledStore::write_from(&memory, [0; 32], &path, &|_| {}).unwrap();
    let (old, new) = (Map::open(&path).unwrap(), Map::built_in().unwrap());
    assert_eq!(old.board().unwrap(), new.board().unwrap());
    let triples = |map: &Map| -> BTreeSet<String> {
        let quads = map.board_quads().unwrap().into_iter();
        quads.map(|quad| quad.to_string()).collect()
    };
    assert!(triples(&old) == triples(&new));
    assert!(triples(&store) != triples(&new), "the policies differ");
}
