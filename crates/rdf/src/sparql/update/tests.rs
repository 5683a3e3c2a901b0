use super::*;
use crate::format::Format;
use crate::format::rdf;
use crate::prefixes::tests::prefixes;
use oxigraph::model::NamedNode;

fn store(trig: &str) -> MemoryStore {
    let text = format!(
        "@prefix pm: <https://w3id.org/powermap/ns#> . @prefix id: <https://w3id.org/powermap/id/> . {trig}"
    );
    MemoryStore::from_quads(rdf::parse(text.as_bytes(), Format::TriG, "t").unwrap())
}

/// Returns the quads of the result without the long names.
fn lines(quads: &[Quad]) -> Vec<String> {
    quads
        .iter()
        .map(|quad| {
            quad.to_string()
                .replace("https://w3id.org/powermap/", "")
                .replace("<id/", "<")
                .replace("<ns#", "<")
        })
        .collect()
}

fn update(store: &MemoryStore, text: &str) -> Updated {
    Evaluator::new()
        .with_prefixes(prefixes())
        .update(store, text, &[])
        .unwrap()
}

#[test]
fn the_difference_is_net() {
    let before = store("id:a pm:x 1 . id:b pm:x 2 . pm:g { id:c pm:x 3 }");
    let updated = update(
        &before,
        "INSERT DATA { id:n pm:x 9 . id:a pm:x 1 } ; DELETE DATA { id:b pm:x 2 . id:none pm:x 0 } ;
             DELETE { ?s pm:x ?o } INSERT { ?s pm:y ?o } WHERE { ?s pm:x ?o FILTER(?o = 9) } ;
             INSERT DATA { id:b pm:x 2 } ; CLEAR GRAPH pm:g ; DROP GRAPH pm:none",
    );
    assert_eq!(
        lines(&updated.inserts),
        ["<n> <y> \"9\"^^<http://www.w3.org/2001/XMLSchema#integer>"]
    );
    assert_eq!(
        lines(&updated.deletes),
        ["<c> <x> \"3\"^^<http://www.w3.org/2001/XMLSchema#integer> <g>"]
    );
    assert_eq!(updated.store.quad_count(), 3);
    assert_eq!(before.quad_count(), 3);
}

#[test]
fn new_blank_nodes_get_the_next_free_labels() {
    let before = store("_:update-1 pm:x id:a .");
    let text = "INSERT DATA { _:update-1 pm:y [] . _:update-1 pm:y id:b } ;
                    INSERT { ?s pm:z [ pm:of ?s ] } WHERE { ?s pm:y id:b }";
    let once = update(&before, text);
    assert_eq!(lines(&once.inserts), lines(&update(&before, text).inserts));
    assert_eq!(
        lines(&once.inserts),
        [
            "_:update-1 <y> <b>",
            "_:update-1 <y> _:update-2",
            "_:update-1 <z> _:update-3",
            "_:update-3 <of> _:update-1",
        ]
    );
    // The next update goes on after them, and keeps those of the store.
    let again = update(&once.store, "INSERT { ?s pm:w [] } WHERE { ?s pm:y id:b }");
    assert_eq!(lines(&again.inserts), ["_:update-1 <w> _:update-4"]);
    assert_eq!(again.store.quad_count(), 6);
}

#[test]
fn graphs_without_triples_do_not_exist() {
    let before = store("pm:g { id:c pm:x 3 }");
    let run = |text: &str| {
        Evaluator::new()
            .with_prefixes(prefixes())
            .update(&before, text, &[])
    };
    assert!(run("CREATE GRAPH pm:new ; CREATE SILENT GRAPH pm:g ; CLEAR GRAPH pm:new").is_ok());
    assert!(matches!(
        run("CREATE GRAPH pm:g"),
        Err(SparqlError::GraphExists(_))
    ));
    assert!(run("DROP GRAPH pm:g ; CREATE GRAPH pm:g").is_ok());
    assert_eq!(run("CLEAR ALL").unwrap().store.quad_count(), 0);
    assert_eq!(run("MOVE pm:g TO DEFAULT").unwrap().inserts.len(), 1);
    assert_eq!(run("CLEAR DEFAULT ; DROP NAMED").unwrap().deletes.len(), 1);
}

#[test]
fn nothing_is_loaded() {
    let load = |silent| {
        let text = format!("LOAD {silent} <file:///etc/hostname>");
        Evaluator::new()
            .with_prefixes(prefixes())
            .update(&MemoryStore::default(), &text, &[])
    };
    let error = load("").unwrap_err().to_string();
    assert!(
        error.starts_with("LOAD <file:///etc/hostname> is refused"),
        "{error}"
    );
    assert_eq!(load("SILENT").unwrap().store.quad_count(), 0);
}

#[test]
fn an_error_leaves_the_snapshot_as_it_was() {
    let before = store("id:a pm:x 1 .");
    let text = "DELETE DATA { id:a pm:x 1 } ; LOAD <http://example.com/>";
    assert!(
        Evaluator::new()
            .with_prefixes(prefixes())
            .update(&before, text, &[])
            .is_err()
    );
    assert_eq!(before.quad_count(), 1);
}

#[test]
fn parameters_reach_patterns_and_templates() {
    let before = store("id:a pm:x 1 . id:b pm:x 1 .");
    let text = "DELETE { ?who pm:x ?o } INSERT { GRAPH ?g { ?who ?p ?o } } WHERE { ?who pm:x ?o }";
    let iri = |name: &str| -> Term {
        NamedNode::new(format!("https://w3id.org/powermap/{name}"))
            .unwrap()
            .into()
    };
    let given = |name: &str, term: Term| (name.to_owned(), term);
    let parameters = [
        given("who", iri("id/a")),
        given("g", iri("ns#g")),
        given("p", iri("ns#y")),
    ];
    let updated = Evaluator::new()
        .with_prefixes(prefixes())
        .update(&before, text, &parameters)
        .unwrap();
    let number = "\"1\"^^<http://www.w3.org/2001/XMLSchema#integer>";
    assert_eq!(lines(&updated.deletes), [format!("<a> <x> {number}")]);
    assert_eq!(lines(&updated.inserts), [format!("<a> <y> {number} <g>")]);
    let error = Evaluator::new()
        .with_prefixes(prefixes())
        .update(&before, text, &[given("x", iri("id/a"))])
        .unwrap_err();
    assert!(error.to_string().contains("?g, ?o, ?p, ?who"), "{error}");
}

#[test]
fn time_is_limited() {
    // Hours of work that need no memory, so that it does not matter how late the clock is looked at.
    let triples: String = (0..100_000)
        .map(|n| format!("id:p{n} pm:x {n} . "))
        .collect();
    let before = store(&triples);
    let evaluator = Evaluator::new()
        .with_prefixes(prefixes())
        .with_timeout(std::time::Duration::from_millis(30));
    let text = "DELETE { ?a pm:x ?d } WHERE { ?a pm:x ?b . ?c pm:x ?d
            FILTER(CONCAT(STR(?a), STR(?c)) = \"\") }";
    let error = evaluator.update(&before, text, &[]).unwrap_err();
    assert!(matches!(error, SparqlError::Timeout { .. }), "{error}");
}
