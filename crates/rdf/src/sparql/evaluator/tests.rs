use super::*;
use crate::hint::Hint;
use crate::prefixes::tests::prefixes;
use crate::sparql::results::{ResultFormat, write};
use crate::sparql::rows::Results;
use crate::sparql::service::{Call, ServiceAnswer};
use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::{Dataset, Literal, Quad};

fn dataset() -> Dataset {
    let text = "
            @prefix pm: <https://w3id.org/powermap/ns#> . @prefix id: <https://w3id.org/powermap/id/> .
            @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
            id:nvidia pm:investsIn id:openai ; rdfs:label \"英伟达\"@zh .
            id:amd pm:investsIn id:xai .
            pm:board { id:openai pm:supplies id:oracle . id:nvidia pm:investsIn id:openai }";
    RdfParser::from_format(RdfFormat::TriG)
        .for_slice(text)
        .collect::<Result<_, _>>()
        .unwrap()
}

fn id(name: &str) -> Term {
    NamedNode::new(format!("https://w3id.org/powermap/id/{name}"))
        .unwrap()
        .into()
}

fn given(name: &str, term: impl Into<Term>) -> (String, Term) {
    (name.to_owned(), term.into())
}

/// Returns the result as CSV lines without the header.
fn rows(evaluator: &Evaluator, query: &str, parameters: &[(String, Term)]) -> Vec<String> {
    let dataset = dataset();
    let results = evaluator.query(&dataset, query, parameters).unwrap();
    let mut bytes = Vec::new();
    write(results, ResultFormat::Csv, evaluator.prefixes(), &mut bytes).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    text.lines()
        .skip(1)
        .map(|line| line.replace("https://w3id.org/powermap/id/", ""))
        .collect()
}

fn error(evaluator: &Evaluator, query: &str, parameters: &[(String, Term)]) -> SparqlError {
    let dataset = dataset();
    match evaluator.query(&dataset, query, parameters) {
        Err(error) => error,
        Ok(results) => write_error(evaluator, results),
    }
}

fn error_on(dataset: &Dataset, evaluator: &Evaluator, query: &str) -> SparqlError {
    match evaluator.query(dataset, query, &[]) {
        Err(error) => error,
        Ok(results) => write_error(evaluator, results),
    }
}

fn write_error(evaluator: &Evaluator, results: Results<'_>) -> SparqlError {
    let sink = std::io::sink();
    write(results, ResultFormat::Csv, evaluator.prefixes(), sink)
        .expect_err("an error was expected")
}

#[test]
fn default_graphs_merge_without_repeating() {
    let evaluator = Evaluator::new().with_prefixes(prefixes());
    let count = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }";
    assert_eq!(rows(&evaluator, count, &[]), ["3"]);
    let board = NamedNode::new("https://w3id.org/powermap/ns#board").unwrap();
    let evaluator = evaluator.with_default_graphs(vec![
        GraphName::DefaultGraph,
        board.clone().into(),
        board.into(),
    ]);
    assert_eq!(rows(&evaluator, count, &[]), ["4"]);
    // FROM decides where it is given.
    let from = "SELECT (COUNT(*) AS ?n) FROM pm:board WHERE { ?s ?p ?o }";
    assert_eq!(rows(&evaluator, from, &[]), ["2"]);
    let named = "SELECT (COUNT(*) AS ?n) FROM NAMED pm:board WHERE { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }";
    assert_eq!(rows(&evaluator, named, &[]), ["2"]);
}

#[test]
fn parameters_reach_every_scope_that_shares_the_variable() {
    let evaluator = Evaluator::new().with_prefixes(prefixes());
    let nvidia = [given("player", id("nvidia"))];
    for (query, expected) in [
        (
            "SELECT ?player ?to { ?player pm:investsIn ?to }",
            vec!["nvidia,openai"],
        ),
        (
            "SELECT * { ?s pm:investsIn ?to FILTER(?s = ?player) }",
            vec!["nvidia,openai"],
        ),
        (
            "SELECT ?s { ?s pm:investsIn ?to FILTER EXISTS { ?player pm:investsIn ?to } }",
            vec!["nvidia"],
        ),
        (
            "SELECT ?to { { SELECT ?player ?to { ?player pm:investsIn ?to } } }",
            vec!["openai"],
        ),
        // A sub-select that keeps the variable to itself is another variable.
        (
            "SELECT ?n ?to { ?player pm:investsIn ?to { SELECT (COUNT(*) AS ?n) { ?player pm:investsIn ?x } } }",
            vec!["2,openai"],
        ),
        (
            "SELECT ?s { ?s pm:investsIn ?o MINUS { ?player pm:investsIn ?o } }",
            vec!["amd"],
        ),
        (
            "SELECT ?player { ?player pm:investsIn ?o MINUS { ?player pm:investsIn id:openai } }",
            vec![],
        ),
        (
            "SELECT ?player (COUNT(?o) AS ?n) { ?player pm:investsIn ?o } GROUP BY ?player",
            vec!["nvidia,1"],
        ),
        (
            "SELECT ?player ?o { VALUES (?player ?o) { (id:amd 1) (id:nvidia 2) (UNDEF 3) } } ORDER BY DESC(?o)",
            vec!["nvidia,3", "nvidia,2"],
        ),
        (
            "SELECT ?s { ?s ?p ?o FILTER(BOUND(?player) && sameTerm(?s, ?player) && isIRI(?o)) }",
            vec!["nvidia"],
        ),
        (
            "SELECT ?o { ?player (pm:investsIn|pm:x)+ ?o }",
            vec!["openai"],
        ),
    ] {
        assert_eq!(rows(&evaluator, query, &nvidia), expected, "{query}");
    }
    let literal = [given("p", Literal::from("text"))];
    assert!(rows(&evaluator, "SELECT ?o { ?s ?p ?o }", &literal).is_empty());
    let graph = [given(
        "g",
        NamedNode::new("https://w3id.org/powermap/ns#board").unwrap(),
    )];
    assert_eq!(
        rows(
            &evaluator,
            "SELECT ?o { GRAPH ?g { ?s pm:supplies ?o } }",
            &graph
        ),
        ["oracle"]
    );
}

#[test]
fn parameters_reach_templates() {
    let dataset = dataset();
    let evaluator = Evaluator::new().with_prefixes(prefixes());
    let query = "CONSTRUCT { ?player pm:x ?to } WHERE { ?s pm:investsIn ?to }";
    let Ok(Results::Graph(triples)) =
        evaluator.query(&dataset, query, &[given("player", id("amd"))])
    else {
        panic!("CONSTRUCT gives triples");
    };
    let triples: Vec<_> = triples.map(Result::unwrap).collect();
    assert_eq!(triples.len(), 2);
    assert!(
        triples
            .iter()
            .all(|triple| Term::from(triple.subject.clone()) == id("amd"))
    );
}

#[test]
fn wrong_parameters_are_named() {
    let evaluator = Evaluator::new().with_prefixes(prefixes());
    let query = "SELECT ?n { ?player pm:investsIn ?to BIND(1 AS ?n) }";
    let cases = [
        (vec![given("plyer", id("amd"))], "?plyer"),
        (vec![given("plyer", id("amd"))], "it has ?player, ?to"),
        (
            vec![given("n", id("amd"))],
            "?n cannot be given from outside",
        ),
        (
            vec![given("to", oxigraph::model::BlankNode::default())],
            "?to cannot be a blank node",
        ),
        (
            vec![given("to", id("amd")), given("to", id("amd"))],
            "?to was given more than once",
        ),
    ];
    for (parameters, expected) in cases {
        let error = error(&evaluator, query, &parameters).to_string();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn row_limit_is_never_silent() {
    let dataset = dataset();
    for (limit, expected, cut) in [(0, 0, true), (2, 2, true), (3, 3, false), (9, 3, false)] {
        let evaluator = Evaluator::new()
            .with_prefixes(prefixes())
            .with_row_limit(limit);
        let Ok(Results::Solutions(mut rows)) =
            evaluator.query(&dataset, "SELECT * { ?s ?p ?o }", &[])
        else {
            panic!("SELECT gives rows");
        };
        assert_eq!(rows.by_ref().map(Result::unwrap).count(), expected);
        assert_eq!(rows.is_cut(), cut, "limit {limit}");
        assert!(rows.next().is_none());
    }
}

#[test]
fn timeout_says_how_long() {
    // In a complete graph, walks of seven steps are too many to enumerate.
    let node = |n| NamedNode::new(format!("http://example.com/{n}")).unwrap();
    let dataset: Dataset = (0..60)
        .flat_map(|from| (0..60).map(move |to| (from, to)))
        .map(|(from, to)| {
            let knows = NamedNode::new_unchecked("http://example.com/knows");
            Quad::new(node(from), knows, node(to), GraphName::DefaultGraph)
        })
        .collect();
    let evaluator = Evaluator::new()
        .with_prefixes(prefixes())
        .with_timeout(Duration::from_millis(30));
    let walk = "?a ?x ?b . ?b ?x ?c . ?c ?x ?d . ?d ?x ?e . ?e ?x ?f . ?f ?x ?g . ?g ?x ?h";
    for query in [
        format!("SELECT (COUNT(*) AS ?n) {{ {walk} }}"),
        format!("SELECT * {{ {walk} }}"),
        format!("ASK {{ {walk} FILTER(?h = 1) }}"),
    ] {
        let error = error_on(&dataset, &evaluator, &query);
        assert!(matches!(error, SparqlError::Timeout { .. }), "{error}");
        assert!(error.to_string().contains("30ms"), "{error}");
    }
    // Enough time changes nothing.
    let evaluator = Evaluator::new()
        .with_prefixes(prefixes())
        .with_timeout(Duration::from_secs(600));
    assert_eq!(
        rows(&evaluator, "SELECT ?o { id:amd pm:investsIn ?o }", &[]),
        ["xai"]
    );
}

#[test]
fn timeout_reaches_patterns_that_are_not_connected() {
    let dataset = dataset();
    let evaluator = Evaluator::new()
        .with_prefixes(prefixes())
        .with_timeout(Duration::from_millis(30));
    let apart: String = (0..40).map(|n| format!("?a{n} ?b{n} ?c{n} . ")).collect();
    for query in [
        format!("SELECT (COUNT(*) AS ?n) {{ {apart} }}"),
        format!("ASK {{ {apart} FILTER(?a0 = ?a39 && ?a39 != ?a0 && isIRI(?b7)) }}"),
        format!("SELECT * {{ {apart} }} ORDER BY ?c3"),
        format!("ASK {{ ?x pm:supplies ?y OPTIONAL {{ {apart} }} FILTER(?a39 = 1) }}"),
    ] {
        let error = error_on(&dataset, &evaluator, &query);
        assert!(
            matches!(error, SparqlError::Timeout { .. }),
            "{query}: {error}"
        );
    }
    // Making a query interruptible does not change its results.
    let patient = Evaluator::new()
        .with_prefixes(prefixes())
        .with_timeout(Duration::from_secs(600));
    for query in [
        "SELECT ?a ?d { ?a pm:investsIn ?b . ?c pm:investsIn ?d FILTER(?b != ?d && ?a = id:amd) } ORDER BY ?a ?d",
        "SELECT (COUNT(*) AS ?n) (COUNT(DISTINCT *) AS ?m) { ?a ?b ?c . ?d ?e ?f }",
        "SELECT ?a { ?a pm:investsIn ?b . ?c rdfs:label ?d MINUS { ?x pm:supplies ?y . ?a rdfs:label ?z } }",
        "SELECT * { { ?a pm:investsIn ?b . ?c rdfs:label ?d FILTER(?a = ?c) } ?b ?p ?q }",
        "SELECT * { ?a pm:investsIn ?b . ?c rdfs:label ?d FILTER(isIRI(?a)) FILTER(?a = ?c) }",
        "SELECT * { ?a pm:investsIn ?b . ?c rdfs:label ?d . ?e ?f ?g . ?b ?h ?i FILTER(?g != ?d) }",
        "SELECT * { ?a pm:investsIn [ ?p ?o ] . ?c rdfs:label ?d . ?e pm:supplies+ ?f }",
        "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . { ?d ?e ?f } { ?g ?h ?i FILTER(?g != ?h) } }",
    ] {
        let sorted = |evaluator: &Evaluator| {
            let mut rows = rows(evaluator, query, &[]);
            rows.sort();
            rows
        };
        assert_eq!(
            sorted(&patient),
            sorted(&Evaluator::new().with_prefixes(prefixes())),
            "{query}"
        );
    }
}

#[test]
fn the_variable_of_graph_is_bound_after_its_block() {
    let evaluator = Evaluator::new().with_prefixes(prefixes());
    for (query, expected) in [
        (
            "SELECT ?o { GRAPH ?g { ?s pm:supplies ?o } }",
            vec!["oracle"],
        ),
        (
            "SELECT ?n { GRAPH ?g { SELECT (COUNT(*) AS ?n) { ?s pm:nothing ?o } } }",
            vec!["0"],
        ),
        (
            "SELECT ?s { GRAPH ?g { ?s pm:supplies ?o MINUS { ?x pm:supplies ?y } } }",
            vec!["openai"],
        ),
        (
            "SELECT ?s { GRAPH ?g { ?s pm:supplies ?o { ?x pm:investsIn ?y MINUS { ?a pm:supplies ?b } } } }",
            vec!["openai"],
        ),
        (
            "SELECT ?s { GRAPH ?g { ?s pm:supplies ?o FILTER(BOUND(?g)) } }",
            vec![],
        ),
        (
            "SELECT ?x { GRAPH ?g { VALUES (?x ?g) { (1 pm:board) (2 pm:other) } } }",
            vec!["1"],
        ),
        (
            "SELECT ?x FROM NAMED pm:other { GRAPH ?g { VALUES ?x { 1 } } }",
            vec!["1"],
        ),
        (
            "SELECT ?s { ?s ?p ?o FILTER EXISTS { GRAPH ?g { ?s ?q ?r MINUS { ?s pm:supplies ?r } } } } ",
            vec!["nvidia", "nvidia"],
        ),
    ] {
        assert_eq!(rows(&evaluator, query, &[]), expected, "{query}");
    }
}

#[test]
fn products_within_a_graph_stay_in_it() {
    let text = "<urn:g> { <urn:a> <urn:p> 1 } <urn:h> { <urn:a> <urn:q> 2 . <urn:a> <urn:r> 3 }";
    let quads = RdfParser::from_format(RdfFormat::TriG).for_slice(text);
    let dataset: Dataset = quads.collect::<Result<_, _>>().unwrap();
    let query = "ASK { GRAPH ?g { ?a <urn:p> ?b . ?c <urn:q> ?d . ?e <urn:r> ?f } }";
    for evaluator in [
        Evaluator::new().with_prefixes(prefixes()),
        Evaluator::new()
            .with_prefixes(prefixes())
            .with_timeout(Duration::from_secs(600)),
    ] {
        let answer = evaluator.query(&dataset, query, &[]).unwrap();
        assert!(matches!(answer, Results::Boolean(false)));
    }
}

struct Echo;

impl Service for Echo {
    /// Returns one row: `?pattern` is the text of the pattern.
    fn call(&self, call: &Call<'_>) -> Result<ServiceAnswer, Box<dyn Error + Send + Sync>> {
        let text = call.pattern.to_string();
        if text.contains("slow") {
            let limit = Duration::from_secs(1);
            return Err(SparqlError::Timeout { limit }.into());
        }
        if text.contains("fail") {
            return Err("no such thing".into());
        }
        Ok(ServiceAnswer {
            variables: vec![oxigraph::model::Variable::new_unchecked("pattern")],
            rows: vec![vec![Some(Literal::from(text).into())]],
            notices: Vec::new(),
        })
    }
}

#[test]
fn services_get_parameters_and_unknown_ones_are_refused() {
    let echo = NamedNode::new("https://w3id.org/powermap/call#echo").unwrap();
    let evaluator = Evaluator::new()
        .with_prefixes(prefixes())
        .with_service(&echo, Arc::new(Echo));
    let query =
        "SELECT ?pattern { SERVICE call:echo { [] call:through ?player ; call:x ?pattern } }";
    let rows = rows(&evaluator, query, &[given("player", id("nvidia"))]);
    assert!(rows[0].contains("<nvidia>"), "{rows:?}");

    let failing = error(
        &evaluator,
        "SELECT * { SERVICE call:echo { [] call:fail 1 } }",
        &[],
    );
    assert_eq!(
        failing.to_string(),
        "service <https://w3id.org/powermap/call#echo>: no such thing"
    );
    assert_eq!(failing.hint(), None);
    let deep = error(
        &evaluator,
        "SELECT * { SERVICE call:echo { [] call:slow 1 } }",
        &[],
    );
    assert_eq!(deep.hint(), Some(Hint::MoreTime), "{deep}");
    let unknown = error(
        &evaluator,
        "SELECT * { SERVICE <http://example.com/> { ?s ?p ?o } }",
        &[],
    );
    assert_eq!(
        unknown.to_string(),
        "no service <http://example.com/> here: queries never reach the network; the registered services are \
             <https://w3id.org/powermap/call#echo>"
    );
    let unknown = error(
        &Evaluator::new().with_prefixes(prefixes()),
        "ASK { SERVICE <http://example.com/> { ?s ?p ?o } }",
        &[],
    );
    assert!(
        unknown.to_string().contains("none is registered"),
        "{unknown}"
    );
}

#[test]
fn bad_base_and_prefix_are_refused() {
    let error = Evaluator::new()
        .with_prefixes(prefixes())
        .with_base_iri("not an iri")
        .err()
        .unwrap();
    assert!(
        error.to_string().starts_with("base IRI \"not an iri\""),
        "{error}"
    );
    assert!(
        Evaluator::new()
            .with_prefixes(prefixes())
            .with_prefix("x", "nope")
            .is_err()
    );
    let evaluator = Evaluator::new()
        .with_prefixes(prefixes())
        .with_base_iri("http://example.com/")
        .unwrap();
    assert!(evaluator.parse_query("ASK { <a> <b> <c> }").is_ok());
}
