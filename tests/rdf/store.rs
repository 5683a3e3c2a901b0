//! The snapshot in memory against the plain set of quads that it stands for.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use oxigraph::model::{
    BlankNode, Dataset, GraphName, GraphNameRef, Literal, NamedNode, NamedOrBlankNode, Quad, Term,
    TermRef, Triple,
};
use powermap_rdf::{MemoryStore, QueryTerm, ReadStore};
use proptest::prelude::*;
use spareval::{ExpressionTerm, QueryableDataset};
use std::collections::BTreeSet;

fn node(n: u8) -> NamedNode {
    NamedNode::new_unchecked(format!("http://a.example/{n}"))
}

fn subjects() -> impl Strategy<Value = NamedOrBlankNode> {
    prop_oneof![
        (0u8..5).prop_map(|n| node(n).into()),
        (0u8..2).prop_map(|n| BlankNode::new_unchecked(format!("b{n}")).into()),
    ]
}

fn objects() -> impl Strategy<Value = Term> {
    let integer = NamedNode::new_unchecked("http://www.w3.org/2001/XMLSchema#integer");
    prop_oneof![
        subjects().prop_map(Into::into),
        (0u8..3).prop_map(|n| Literal::from(i64::from(n)).into()),
        (0u8..3).prop_map(move |n| {
            Literal::new_typed_literal(format!("0{n}"), integer.clone()).into()
        }),
        (0u8..2).prop_map(|n| Literal::new_simple_literal(n.to_string()).into()),
        (0u8..2).prop_map(|n| {
            Literal::new_language_tagged_literal_unchecked(n.to_string(), "en").into()
        }),
    ]
}

fn graph_names() -> impl Strategy<Value = GraphName> {
    prop_oneof![
        2 => Just(GraphName::DefaultGraph),
        2 => (0u8..3).prop_map(|n| node(n).into()),
        1 => Just(BlankNode::new_unchecked("g").into()),
    ]
}

fn quads(most: usize) -> impl Strategy<Value = Vec<Quad>> {
    let quad = (
        subjects(),
        (0u8..4).prop_map(node),
        objects(),
        graph_names(),
    )
        .prop_map(|(s, p, o, g)| Quad::new(s, p, o, g));
    prop::collection::vec(quad, 0..most)
}

/// Quads in a form that can be compared and printed.
fn lines(quads: impl IntoIterator<Item = Quad>) -> Vec<String> {
    let mut lines: Vec<String> = quads.into_iter().map(|quad| quad.to_string()).collect();
    lines.sort();
    lines
}

/// Everything that a dataset answers to a pattern, as text.
fn answers<'a, D: QueryableDataset<'a>>(
    dataset: &D,
    [s, p, o]: [Option<&Term>; 3],
    graph: Option<Option<&Term>>,
) -> Vec<String> {
    let internal = |term: &Term| dataset.internalize_term(term.clone()).unwrap();
    let external = |term| dataset.externalize_term(term).unwrap().to_string();
    let (s, p, o) = (s.map(internal), p.map(internal), o.map(internal));
    let graph = graph.map(|graph| graph.map(internal));
    let mut answers: Vec<String> = dataset
        .internal_quads_for_pattern(
            s.as_ref(),
            p.as_ref(),
            o.as_ref(),
            graph.as_ref().map(Option::as_ref),
        )
        .map(|quad| {
            let quad = quad.unwrap();
            let graph = quad.graph_name.map(external);
            format!(
                "{} {} {} {graph:?}",
                external(quad.subject),
                external(quad.predicate),
                external(quad.object)
            )
        })
        .collect();
    answers.sort();
    answers
}

/// All patterns that the terms of a quad give, with each place open or given: 8 shapes of a
/// triple, each in one graph, in the default graph and in all named graphs.
fn check_patterns(store: &MemoryStore, reference: &Dataset, probe: &Quad) {
    let terms: [Term; 3] = [
        probe.subject.clone().into(),
        probe.predicate.clone().into(),
        probe.object.clone(),
    ];
    let graph: Option<Term> = match &probe.graph_name {
        GraphName::NamedNode(node) => Some(node.clone().into()),
        GraphName::BlankNode(node) => Some(node.clone().into()),
        GraphName::DefaultGraph => None,
    };
    let dataset = store.dataset();
    for mask in 0..8 {
        let pattern = [0, 1, 2].map(|place| (mask & (1 << place) != 0).then_some(&terms[place]));
        for graph in [None, Some(None), Some(graph.as_ref())] {
            assert_eq!(
                answers(&dataset, pattern, graph),
                answers(&reference, pattern, graph),
                "pattern {pattern:?} in {graph:?}"
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_store_answers_every_pattern_as_the_set_of_quads_does(
        quads in quads(60),
        strangers in quads(6),
    ) {
        let store = MemoryStore::from_quads(quads.clone());
        let reference: Dataset = quads.iter().collect();
        prop_assert_eq!(store.quad_count(), reference.len() as u64);
        prop_assert_eq!(lines(store.quads()), lines(reference.iter().map(|q| q.into_owned())));
        for probe in quads.iter().chain(&strangers) {
            check_patterns(&store, &reference, probe);
            prop_assert_eq!(store.contains(probe.as_ref()), reference.contains(probe.as_ref()));
        }
        let names: BTreeSet<String> = reference
            .iter()
            .filter(|quad| !quad.graph_name.is_default_graph())
            .map(|quad| quad.graph_name.to_string())
            .collect();
        let found: BTreeSet<String> =
            store.graph_names().iter().map(ToString::to_string).collect();
        prop_assert_eq!(&names, &found);
        let dataset = store.dataset();
        let seen: BTreeSet<String> = dataset
            .internal_named_graphs()
            .map(|name| dataset.externalize_term(name.unwrap()).unwrap().to_string())
            .collect();
        prop_assert_eq!(names, seen);
    }

    #[test]
    fn a_change_gives_a_new_store_and_leaves_the_old(
        start in quads(40),
        steps in prop::collection::vec((quads(20), quads(20)), 1..6),
    ) {
        let mut store = MemoryStore::from_quads(start.clone());
        let mut reference: Dataset = start.iter().collect();
        for (inserts, deletes) in steps {
            let before = lines(store.quads());
            let next = store.apply(&inserts, &deletes);
            prop_assert_eq!(before, lines(store.quads()));
            for quad in &deletes {
                reference.remove(quad);
            }
            reference.extend(inserts.iter().cloned());
            store = next;
            prop_assert_eq!(
                lines(store.quads()),
                lines(reference.iter().map(|q| q.into_owned()))
            );
            for probe in inserts.iter().chain(&deletes) {
                check_patterns(&store, &reference, probe);
            }
        }
    }

    #[test]
    fn one_graph_is_replaced_and_the_others_stay(
        start in quads(40),
        name in 0u8..4,
        graph in quads(30),
    ) {
        let store = MemoryStore::from_quads(start.clone());
        let name = node(name);
        let triples: Vec<Triple> = graph.into_iter().map(Triple::from).collect();
        let next = store.with_graph(name.clone(), triples.clone());
        let others = start.into_iter().filter(|quad| quad.graph_name != name.clone().into());
        let reference: Dataset = others
            .chain(triples.iter().map(|triple| triple.clone().in_graph(name.clone())))
            .collect();
        prop_assert_eq!(lines(next.quads()), lines(reference.iter().map(|q| q.into_owned())));
        for triple in &triples {
            check_patterns(&next, &reference, &triple.clone().in_graph(name.clone()));
        }
    }

    #[test]
    fn a_wider_default_graph_is_a_union_without_repetitions(quads in quads(60)) {
        let store = MemoryStore::from_quads(quads.clone());
        let reference: Dataset = quads
            .iter()
            .filter(|quad| {
                [GraphName::DefaultGraph, node(0).into(), node(1).into()].contains(&quad.graph_name)
            })
            .map(|quad| Quad { graph_name: GraphName::DefaultGraph, ..quad.clone() })
            .collect();
        let dataset = store.dataset_with_default(&[node(1).into(), node(0).into(), node(9).into()]);
        for quad in &quads {
            let subject: Term = quad.subject.clone().into();
            for pattern in [[None; 3], [Some(&subject), None, None], [None, None, Some(&quad.object)]] {
                prop_assert_eq!(
                    answers(&dataset, pattern, Some(None)),
                    answers(&&reference, pattern, Some(None))
                );
            }
        }
    }

    #[test]
    fn counts_and_scans_agree(quads in quads(80)) {
        let store = MemoryStore::from_quads(quads);
        for graph in std::iter::once(None).chain(store.graph_ids().map(Some)) {
            for [s, p, o] in store.scan(graph, None, None, None) {
                for mask in 0..8 {
                    let given = |place: u32, id| (mask & (1 << place) != 0).then_some(id);
                    let pattern = (given(0, s), given(1, p), given(2, o));
                    let found: Vec<_> =
                        store.scan(graph, pattern.0, pattern.1, pattern.2).collect();
                    prop_assert!(found.contains(&[s, p, o]));
                    let counted = store.count(graph, pattern.0, pattern.1, pattern.2);
                    prop_assert_eq!(found.len(), counted);
                    prop_assert_eq!(found.iter().collect::<BTreeSet<_>>().len(), counted);
                }
            }
        }
    }
}

#[test]
fn a_computed_term_that_is_stored_is_the_stored_one() {
    let one = Literal::from(1);
    let quad = Quad::new(node(0), node(1), one.clone(), GraphName::DefaultGraph);
    let store = MemoryStore::from_quads([quad]);
    let dataset = store.dataset();
    let stored = dataset.internalize_term(one.into()).unwrap();
    let computed = dataset
        .internalize_expression_term(ExpressionTerm::IntegerLiteral(1.into()))
        .unwrap();
    assert_eq!(stored, computed);
    assert!(stored.id().is_some());
    let two = dataset
        .internalize_expression_term(ExpressionTerm::IntegerLiteral(2.into()))
        .unwrap();
    assert_eq!(two.id(), None);
    assert_eq!(
        two,
        dataset.internalize_term(Literal::from(2).into()).unwrap()
    );
    assert_eq!(
        dataset.externalize_term(two).unwrap(),
        Literal::from(2).into()
    );
    assert_eq!(size_of::<Option<QueryTerm>>(), 4);
}

#[test]
fn numbers_stay_as_they_are_written() {
    let integer = NamedNode::new_unchecked("http://www.w3.org/2001/XMLSchema#integer");
    let quads = ["1", "01", "+1"].map(|text| {
        let literal = Literal::new_typed_literal(text, integer.clone());
        Quad::new(node(0), node(1), literal, GraphName::DefaultGraph)
    });
    let store = MemoryStore::from_quads(quads.clone());
    assert_eq!(lines(store.quads()), lines(quads));
}

#[test]
fn patterns_over_many_triples_agree() {
    // Enough triples, in enough graphs, to take the counting paths and the sparse ones.
    let mut quads = Vec::new();
    for n in 0..6_000u32 {
        let graph: GraphName = if n % 3 == 0 {
            node(200).into()
        } else {
            GraphName::DefaultGraph
        };
        quads.push(Quad::new(
            NamedNode::new_unchecked(format!("http://a.example/s{}", n % 1_500)),
            node((n % 7) as u8),
            NamedNode::new_unchecked(format!("http://a.example/o{}", n.wrapping_mul(7919) % 900)),
            graph.clone(),
        ));
        if n % 2_000 == 0 {
            quads.push(Quad::new(
                node(100),
                node(101),
                Literal::from(i64::from(n)),
                graph,
            ));
        }
    }
    quads.extend_from_within(..500);
    let store = MemoryStore::from_quads(quads.clone());
    let reference: Dataset = quads.iter().collect();
    assert_eq!(store.quad_count(), reference.len() as u64);
    for probe in quads.iter().step_by(997) {
        check_patterns(&store, &reference, probe);
    }
    let small = store.with_graph(node(201), [Triple::new(node(1), node(2), node(3))]);
    let name = node(201);
    let object = node(3);
    let found = small.matching(
        None,
        None,
        Some(TermRef::from(object.as_ref())),
        name.as_ref().into(),
    );
    assert_eq!(found.count(), 1);
    let default = |store: &MemoryStore| {
        store
            .matching(None, None, None, GraphNameRef::DefaultGraph)
            .count()
    };
    assert_eq!(default(&small), default(&store));
}
