//! The network from the columns of a compiled map is that of its records and its board.

#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests may panic like the tests"
)]

use oxigraph::model::{GraphName, Literal, NamedNode, Quad, Term};
use powermap::format::record_quads;
use powermap::model::{Policy, generate};
use powermap::network::Network;
use powermap::{Map, View};
use powermap_rdf::CompiledStore;

fn made_up(players: u32, edges: u64, seed: u64) -> Vec<Quad> {
    let options = generate::GenerateOptions {
        players,
        edges,
        seed,
        skew: 1.0,
        from: "2015-01-01".parse().unwrap(),
        to: "2025-12-31".parse().unwrap(),
    };
    record_quads(&generate::records(&options).unwrap())
}

/// The network from columns, which is that of the records if there is one.
fn compared(map: &Map, what: &str) -> Option<Network> {
    let store = map.store().unwrap().in_memory().unwrap();
    let compiled = CompiledStore::in_memory(&store).unwrap();
    let found = Network::from_compiled(&compiled).unwrap();
    if let Some(found) = &found {
        let expected = Network::from_board(map.records().unwrap(), map.board().unwrap()).unwrap();
        assert!(
            *found == expected,
            "{what}: {found:?}\nis not\n{expected:?}"
        );
    }
    found
}

#[test]
fn of_maps_as_they_are() {
    let mut maps = vec![Map::built_in().unwrap()];
    maps.extend((1..4).map(|seed| Map::from_quads(made_up(30, 200, seed)).unwrap()));
    maps.push(Map::from_quads([]).unwrap());
    for (number, map) in maps.iter().enumerate() {
        let day = |text: &str| View {
            as_of: Some(text.parse().unwrap()),
            ..View::default()
        };
        let all = View {
            policy: Policy::All,
            ..View::default()
        };
        for view in [View::default(), day("2020-06-30"), day("2025-09-15"), all] {
            let what = format!("map {number}, {view:?}");
            let network = compared(&map.with_view(view), &what).expect(&what);
            assert!(number == 4 || view != View::default() || network.graph.edge_count() > 20);
        }
    }
}

/// A graph in memory over the file counts as one in it.
#[test]
fn of_another_day_over_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("map.pmap");
    Map::built_in().unwrap().compile(&path, |_| {}).unwrap();
    let view = View {
        as_of: Some("2025-09-15".parse().unwrap()),
        ..View::default()
    };
    let map = Map::open(&path).unwrap().with_view(view);
    let powermap_rdf::Store::Compiled(store) = map.store().unwrap() else {
        panic!("a compiled map has a compiled store");
    };
    let expected = Network::from_board(map.records().unwrap(), map.board().unwrap()).unwrap();
    assert!(Network::from_compiled(store).unwrap().unwrap() == expected);
}

/// Text that says something else than a writer of records would: another network, the same by both ways, or none.
#[test]
fn of_text_that_is_not_as_it_should_be() {
    let original = made_up(12, 30, 5);
    // A linear congruential generator, so that a failure can be repeated.
    let mut state = 9u64;
    let mut next = |below: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let pm = |name: &str| NamedNode::new(format!("https://w3id.org/powermap/ns#{name}")).unwrap();
    let (mut found, mut none) = (0, 0);
    for round in 0..300 {
        let mut quads = original.clone();
        for _ in 0..1 + next(4) {
            let (one, other) = (next(quads.len()), next(quads.len()));
            let object = quads[other].object.clone();
            match next(9) {
                0 => quads[one].object = object,
                1 => quads.push(Quad {
                    object,
                    ..quads[one].clone()
                }),
                2 => {
                    quads.remove(one);
                }
                3 => quads[one].subject = quads[other].subject.clone(),
                4 if next(4) == 0 => quads[one].graph_name = GraphName::from(pm("somewhere")),
                5 => quads[one].object = Literal::new_simple_literal("no such thing").into(),
                6 => quads[one].object = Term::from(pm("Supply")),
                7 => {
                    // A second class, or one of the user's own.
                    let kind = NamedNode::new("http://www.w3.org/1999/02/22-rdf-syntax-ns#type");
                    let classes = ["Supply", "Investment", "Person", "Observation", "Mine"];
                    quads.push(Quad {
                        predicate: kind.unwrap(),
                        object: pm(classes[next(5)]).into(),
                        ..quads[one].clone()
                    });
                    let below = "http://www.w3.org/2000/01/rdf-schema#subClassOf";
                    let parent = [pm("Influence"), pm("Company")][next(2)].clone();
                    quads.push(Quad::new(
                        pm("Mine"),
                        NamedNode::new(below).unwrap(),
                        parent,
                        GraphName::DefaultGraph,
                    ));
                }
                _ => {
                    let edges: Vec<usize> = (0..quads.len())
                        .filter(|at| quads[*at].predicate == pm("from"))
                        .collect();
                    let at = edges[next(edges.len())];
                    let (name, object) = match next(3) {
                        0 => ("since", Literal::new_simple_literal("2019-Q2").into()),
                        1 => (
                            "partOfTotal",
                            quads[edges[next(edges.len())]].subject.clone().into(),
                        ),
                        _ => ("kind", object),
                    };
                    quads[at].predicate = match next(6) {
                        0 => pm(name),
                        _ => quads[at].predicate.clone(),
                    };
                    quads.push(Quad {
                        predicate: pm(name),
                        object,
                        ..quads[at].clone()
                    });
                }
            }
        }
        let map = Map::from_quads(quads).unwrap();
        match compared(&map, &format!("round {round}")) {
            Some(_) => found += 1,
            None => none += 1,
        }
    }
    assert!(
        found > 100 && none > 10,
        "{found} found, {none} left to the records"
    );
}
