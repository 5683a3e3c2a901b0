//! The compiled map: the same quads and answers as in memory, and no file that is not right is believed.

use crate::support::seal;
use oxigraph::model::{
    BlankNode, GraphName, Literal, NamedNode, NamedOrBlankNode, Quad, Term, TermRef, Triple,
};
use powermap_rdf::{CompiledStore, Format, Hint, Loader, MemoryStore, ReadStore, StoreError};
use proptest::prelude::*;
use spareval::QueryableDataset;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

fn iri(name: &str) -> NamedNode {
    NamedNode::new(format!("http://a.example/{name}")).unwrap()
}

fn typed(value: &str, datatype: &str) -> Term {
    let datatype = format!("http://www.w3.org/2001/XMLSchema#{datatype}");
    Literal::new_typed_literal(value, NamedNode::new(datatype).unwrap()).into()
}

/// Literals of every section of the dictionary, with values that are written in several ways.
fn literals() -> Vec<Term> {
    let mut terms: Vec<Term> = vec![
        Literal::new_simple_literal("").into(),
        Literal::new_simple_literal("\u{0}\u{7f}é漢字🂡").into(),
        Literal::new_language_tagged_literal_unchecked("power", "en").into(),
        Literal::new_language_tagged_literal_unchecked("棋子", "zh-hans").into(),
        Literal::new_typed_literal("x", iri("type")).into(),
        typed("true", "boolean"),
        typed("1", "boolean"),
        typed("2025", "gYear"),
        typed("2025-10-01T00:00:00Z", "dateTime"),
    ];
    for text in [
        "0",
        "-1",
        "+1",
        "01",
        "1",
        "9223372036854775807",
        "9223372036854775808",
        "x",
    ] {
        terms.extend([
            typed(text, "integer"),
            typed(text, "decimal"),
            typed(text, "double"),
        ]);
    }
    for text in ["1.0", "1.50", "-0.0", "0.1"] {
        terms.extend([
            typed(text, "decimal"),
            typed(text, "double"),
            typed(text, "float"),
        ]);
    }
    for text in ["NaN", "INF", "-INF", "1e3", "1E3", "1000"] {
        terms.extend([typed(text, "double"), typed(text, "float")]);
    }
    for text in [
        "2025-10-01",
        "2025-10-01Z",
        "1969-12-31",
        "0001-01-01",
        "-0001-01-01",
        "2025-02-30",
    ] {
        terms.push(typed(text, "date"));
    }
    terms.extend((0..40).map(|n| Literal::from(n * 37 % 41).into()));
    terms.extend(
        (0..40).map(|n| Literal::new_simple_literal(format!("shared beginning {n}")).into()),
    );
    terms
}

fn node() -> impl Strategy<Value = NamedOrBlankNode> {
    prop_oneof![
        8 => (0..30u8).prop_map(|n| iri(&format!("player/{n}")).into()),
        1 => (0..5u8).prop_map(|n| BlankNode::new(format!("b{n}")).unwrap().into()),
    ]
}

fn quads() -> impl Strategy<Value = Vec<Quad>> {
    let object = prop_oneof![
        node().prop_map(Term::from),
        prop::sample::select(literals()),
    ];
    let graph = prop_oneof![
        4 => Just(GraphName::DefaultGraph),
        2 => (0..3u8).prop_map(|n| iri(&format!("graph/{n}")).into()),
        1 => Just(BlankNode::new("g").unwrap().into()),
    ];
    let quad = (node(), 0..6u8, object, graph)
        .prop_map(|(s, p, o, g)| Quad::new(s, iri(&format!("p{p}")), o, g));
    prop::collection::vec(quad, 0..120)
}

/// What a dataset says of a pattern, as text.
fn matching<'a, D: QueryableDataset<'a>>(
    dataset: &D,
    pattern: [Option<&Term>; 3],
    graph: Option<Option<&Term>>,
) -> Vec<String> {
    let internal = |term: &Term| dataset.internalize_term(term.clone()).ok().unwrap();
    let [s, p, o] = pattern.map(|term| term.map(internal));
    let graph = graph.map(|graph| graph.map(internal));
    let quads = dataset.internal_quads_for_pattern(
        s.as_ref(),
        p.as_ref(),
        o.as_ref(),
        graph.as_ref().map(Option::as_ref),
    );
    let text = |term| dataset.externalize_term(term).ok().unwrap().to_string();
    let mut found: Vec<String> = quads
        .map(|quad| quad.ok().unwrap())
        .map(|quad| {
            let graph = quad.graph_name.map_or_else(String::new, text);
            format!(
                "{} {} {} {graph}",
                text(quad.subject),
                text(quad.predicate),
                text(quad.object)
            )
        })
        .collect();
    found.sort();
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn holds_the_same_quads(quads in quads()) {
        let memory = MemoryStore::from_quads(quads.clone());
        let compiled = CompiledStore::in_memory(&memory).unwrap();
        compiled.verify().unwrap();
        prop_assert_eq!(compiled.quad_count(), memory.quad_count());
        let found: Vec<Quad> = compiled.quads().collect::<Result<_, _>>().unwrap();
        let all: BTreeSet<String> = found.iter().map(ToString::to_string).collect();
        prop_assert_eq!(found.len(), all.len());
        prop_assert_eq!(all, quads.iter().map(ToString::to_string).collect::<BTreeSet<_>>());
        let names: BTreeSet<_> = compiled.graph_names().iter().map(ToString::to_string).collect();
        prop_assert_eq!(names, memory.graph_names().iter().map(ToString::to_string).collect());
        for quad in &quads {
            for term in [quad.subject.clone().into(), quad.predicate.clone().into(), quad.object.clone()] {
                let id = compiled.term_id(TermRef::from(&term)).unwrap().unwrap();
                prop_assert_eq!(compiled.term(id).unwrap(), term);
            }
        }
    }

    #[test]
    fn every_pattern_gives_what_memory_gives(quads in quads(), picks in prop::collection::vec((any::<prop::sample::Index>(), 0..8u8, 0..4u8), 12)) {
        let memory = MemoryStore::from_quads(quads.clone());
        let compiled = CompiledStore::in_memory(&memory).unwrap();
        let merged: Vec<NamedOrBlankNode> = vec![iri("graph/0").into(), iri("graph/2").into(), iri("nowhere").into()];
        for (pick, mask, graph) in picks {
            let absent = Quad::new(iri("absent"), iri("p0"), iri("absent"), GraphName::DefaultGraph);
            let quad = if quads.is_empty() { &absent } else { pick.get(&quads) };
            let terms: [Term; 3] = [quad.subject.clone().into(), quad.predicate.clone().into(), quad.object.clone()];
            let pattern = [0, 1, 2].map(|at| (mask >> at & 1 == 1).then_some(&terms[at]));
            let name: Term = iri("graph/1").into();
            let graph = match graph { 0 => None, 1 => Some(Some(&name)), _ => Some(None) };
            prop_assert_eq!(
                matching(&compiled.dataset(), pattern, graph),
                matching(&memory.dataset(), pattern, graph)
            );
            prop_assert_eq!(
                matching(&compiled.dataset_with_default(&merged), pattern, Some(None)),
                matching(&memory.dataset_with_default(&merged), pattern, Some(None))
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    /// Named graphs in memory over a file are what they are over a snapshot in memory.
    #[test]
    fn a_graph_over_the_file_takes_the_place_of_the_one_in_it(
        quads in quads(),
        changes in prop::collection::vec((0..5u8, self::quads()), 1..4),
        mask in 0..8u8,
    ) {
        let mut memory = MemoryStore::from_quads(quads.clone());
        let mut compiled = CompiledStore::in_memory(&memory).unwrap();
        let file_terms = compiled.term_count();
        for (name, quads) in changes {
            let name = iri(&format!("graph/{name}"));
            let triples: Vec<Triple> = quads.into_iter().map(Triple::from).collect();
            memory = memory.with_graph(name.clone(), triples.clone());
            compiled = compiled.with_graph(name, triples).unwrap();
        }
        compiled.verify().unwrap();
        prop_assert!(compiled.term_count() >= file_terms);
        for id in 0..compiled.term_count() {
            let term = compiled.term(id).unwrap();
            prop_assert_eq!(compiled.term_id(TermRef::from(&term)).unwrap(), Some(id));
        }
        prop_assert!(compiled.term(compiled.term_count()).is_err());
        prop_assert_eq!(compiled.quad_count(), memory.quad_count());
        let found: Vec<Quad> = compiled.quads().collect::<Result<_, _>>().unwrap();
        let text = |quads: &[Quad]| -> BTreeSet<String> { quads.iter().map(ToString::to_string).collect() };
        let expected: Vec<Quad> = memory.quads().collect();
        prop_assert_eq!(text(&found), text(&expected));
        let names: BTreeSet<_> = compiled.graph_names().into_iter().map(|name| name.to_string()).collect();
        prop_assert_eq!(names, memory.graph_names().into_iter().map(|name| name.to_string()).collect());
        let merged: Vec<NamedOrBlankNode> = (0..5).map(|n| iri(&format!("graph/{n}")).into()).collect();
        for quad in expected.iter().take(10) {
            let terms: [Term; 3] = [quad.subject.clone().into(), quad.predicate.clone().into(), quad.object.clone()];
            let pattern = [0, 1, 2].map(|at| (mask >> at & 1 == 1).then_some(&terms[at]));
            prop_assert_eq!(matching(&compiled.dataset(), pattern, None), matching(&memory.dataset(), pattern, None));
            prop_assert_eq!(
                matching(&compiled.dataset_with_default(&merged), pattern, Some(None)),
                matching(&memory.dataset_with_default(&merged), pattern, Some(None))
            );
        }
    }
}

/// A map with some of everything.
fn sample() -> MemoryStore {
    let quads = literals().into_iter().enumerate().flat_map(|(n, term)| {
        let subject = iri(&format!("player/{}", n % 17));
        let graph = match n % 3 {
            0 => iri("graph").into(),
            _ => GraphName::DefaultGraph,
        };
        [
            Quad::new(
                subject.clone(),
                iri(&format!("p{}", n % 4)),
                term,
                graph.clone(),
            ),
            Quad::new(
                subject,
                iri("knows"),
                iri(&format!("player/{}", n % 7)),
                graph,
            ),
        ]
    });
    MemoryStore::from_quads(quads)
}

fn read_file(path: &Path) -> Result<Vec<Quad>, StoreError> {
    read_all(&CompiledStore::open(path)?)
}

/// Reads all that can be read.
fn read_all(store: &CompiledStore) -> Result<Vec<Quad>, StoreError> {
    store.quad_count();
    let quads: Vec<Quad> = store.quads().collect::<Result<_, _>>()?;
    for quad in &quads {
        store.term_id(quad.object.as_ref())?;
        let dataset = store.dataset();
        let object = dataset.internalize_term(quad.object.clone())?;
        for found in dataset.internal_quads_for_pattern(None, None, Some(&object), None) {
            found?;
        }
    }
    for id in 0..store.term_count().min(1000) {
        store.term(id)?;
    }
    let triples = quads.iter().take(3).cloned().map(Triple::from);
    store.with_graph(iri("over"), triples)?.verify()?;
    store.verify()?;
    Ok(quads)
}

#[test]
fn the_same_bytes_every_time() {
    let folder = tempfile::tempdir().unwrap();
    let mut files = ["a.pmap", "b.pmap"].map(|name| {
        let path = folder.path().join(name);
        CompiledStore::write(&sample(), &path).unwrap();
        std::fs::read(path).unwrap()
    });
    let last = files[1].len() - 1;
    assert_eq!(files[0], files[1]);
    files[1][last] ^= 1;
    assert_ne!(files[0], files[1]);
}

#[test]
fn the_same_bytes_with_any_number_of_threads() {
    let folder = tempfile::tempdir().unwrap();
    // Long enough to be read in parts, with more terms than one thread puts into blocks at a time.
    let mut text = String::new();
    for n in 0..40_000 {
        let (node, graph) = (format!("<x:node/{}>", n * 7919 % 40_000), n % 3);
        writeln!(text, "{node} <x:p{}> \"text {n}\" .", n % 5).unwrap();
        writeln!(text, "{node} <x:knows> _:b{} <x:graph{graph}> .", n % 999).unwrap();
    }
    let files = [1, 2, 5].map(|threads| {
        let path = folder.path().join(format!("{threads}.pmap"));
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        pool.build().unwrap().install(|| {
            let loader = Loader::new().add_bytes("map.nq", Format::NQuads, text.as_bytes());
            CompiledStore::write(&loader.load().unwrap().store, &path).unwrap();
        });
        std::fs::read(path).unwrap()
    });
    assert!(files[0] == files[1] && files[0] == files[2]);
    let store = CompiledStore::from_bytes(&files[0]).unwrap();
    assert_eq!(store.quad_count(), 80_000);
    store.verify().unwrap();
}

#[test]
fn no_changed_byte_is_believed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("map.pmap");
    CompiledStore::write(&sample(), &path).unwrap();
    read_file(&path).unwrap();
    let right = std::fs::read(&path).unwrap();
    let ends = (0..64).chain(right.len() - 64..right.len());
    for place in ends.chain((64..right.len() - 64).step_by(11)) {
        let mut wrong = right.clone();
        wrong[place] ^= 1 << (place % 8);
        std::fs::write(&path, &wrong).unwrap();
        match read_file(&path) {
            Err(StoreError::Damaged { .. }) => {}
            other => panic!("byte {place}: {other:?}"),
        }
    }
}

#[test]
fn no_other_length_is_believed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("map.pmap");
    CompiledStore::write(&sample(), &path).unwrap();
    let right = std::fs::read(&path).unwrap();
    for len in (0..right.len()).step_by(7) {
        std::fs::write(&path, &right[..len]).unwrap();
        let error = read_file(&path).unwrap_err();
        assert!(
            matches!(error, StoreError::Damaged { .. }),
            "{len}: {error}"
        );
    }
    let longer = [&right[..], &[0; 64]].concat();
    std::fs::write(&path, longer).unwrap();
    assert!(matches!(read_file(&path), Err(StoreError::Damaged { .. })));
}

#[test]
fn errors_say_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("map.pmap");
    CompiledStore::write(&sample(), &path).unwrap();
    let right = std::fs::read(&path).unwrap();
    let changed = |place: usize, bytes: &[u8]| {
        let mut wrong = right.clone();
        wrong[place..place + bytes.len()].copy_from_slice(bytes);
        wrong
    };
    let mut swapped = right[12..16].to_vec();
    swapped.reverse();
    for (bytes, expected) in [
        (Vec::new(), "the file is empty"),
        (
            b"@prefix : <x:> .".to_vec(),
            "it does not start as a compiled map does",
        ),
        (right[..12].to_vec(), "it is cut short"),
        (
            changed(8, &9u32.to_le_bytes()),
            "it has version 9 of the layout, this program reads version 1",
        ),
        (
            changed(12, &swapped),
            "its bytes are in the order of another kind of processor",
        ),
        (changed(200, &[0xaa; 8]), "its bytes from 0 on were changed"),
    ] {
        std::fs::write(&path, bytes).unwrap();
        let error = read_file(&path).unwrap_err();
        let text = error.to_string();
        let place = "map.pmap: not a compiled map that can be read: ";
        assert!(text.ends_with(&format!("{place}{expected}")), "{text}");
        assert_eq!(error.hint(), Some(Hint::CompileAgain));
    }
    let missing = CompiledStore::open(&folder.path().join("none.pmap")).unwrap_err();
    assert!(matches!(missing, StoreError::Io { .. }), "{missing}");
    assert!(CompiledStore::open(folder.path()).is_err());
}

#[test]
fn a_file_with_right_checksums_and_wrong_numbers_is_an_error_at_worst() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("map.pmap");
    CompiledStore::write(&sample(), &path).unwrap();
    let right = std::fs::read(path).unwrap();
    let mut sealed = right.clone();
    seal::seal(&mut sealed);
    assert!(sealed == right, "the seal is that of the writer");
    let (mut refused, mut read) = (0, 0);
    for seed in 0..3000 {
        let store = CompiledStore::from_bytes(&seal::mutated(&right, seed));
        match store.and_then(|store| read_all(&store)) {
            Ok(_) => read += 1,
            Err(StoreError::Damaged { .. }) => refused += 1,
            Err(error) => panic!("seed {seed}: {error}"),
        }
    }
    assert!(
        refused > 1500 && read > 50,
        "{refused} refused, {read} read"
    );
}
