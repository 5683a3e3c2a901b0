//! The analyses inside SPARQL: parameters, columns, joins, errors, and patterns that say what an edge is.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use oxigraph::model::{GraphName, NamedNode, Quad, Term};
use powermap::analysis::{Analysis, Cell, Column, ColumnKind, ParameterKind, Presence};
use powermap::{Map, MapError, analysis, callable};
use powermap_rdf::{
    Evaluator, Format, MemoryStore, Notice, ReadStore, Results, Rows, SparqlError, rdf,
};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::LazyLock;
use std::time::Duration;

static MAP: LazyLock<Map> = LazyLock::new(|| Map::built_in().unwrap());

const PREFIXES: &str = "PREFIX ex: <http://example.com/> ";

/// The rows as text, their cells parted by blanks, and what was said beside them.
fn run(
    evaluator: &Evaluator,
    store: &impl ReadStore,
    query: &str,
) -> Result<(Vec<String>, Vec<Notice>), SparqlError> {
    let query = format!("{PREFIXES}{query}");
    match evaluator.query(store.dataset(), &query, &[])? {
        Results::Solutions(mut rows) => {
            let found = lines(&mut rows)?;
            Ok((found, rows.notices().to_vec()))
        }
        Results::Boolean(answer) => Ok((vec![answer.to_string()], Vec::new())),
        Results::Graph(triples) => {
            let lines = triples.map(|triple| Ok(triple?.to_string()));
            Ok((lines.collect::<Result<_, SparqlError>>()?, Vec::new()))
        }
    }
}

fn lines<I>(rows: &mut Rows<I>) -> Result<Vec<String>, SparqlError>
where
    Rows<I>: Iterator<Item = Result<oxigraph::sparql::QuerySolution, SparqlError>>,
{
    rows.map(|row| {
        let cells = row?
            .values()
            .iter()
            .map(|term| match term {
                None => "-".to_owned(),
                Some(Term::NamedNode(node)) => {
                    let iri = node.as_str();
                    iri.rsplit(['/', '#']).next().unwrap_or(iri).to_owned()
                }
                Some(Term::Literal(literal)) => literal.value().to_owned(),
                Some(term) => term.to_string(),
            })
            .collect::<Vec<_>>();
        Ok(cells.join(" "))
    })
    .collect()
}

fn ask_map(query: &str) -> Vec<String> {
    run(&MAP.evaluator(), MAP.store().unwrap(), query)
        .unwrap_or_else(|error| panic!("{query}: {error}"))
        .0
}

/// The text of an error and, on a line of its own, what to try.
fn with_hint(error: SparqlError) -> String {
    let error = MapError::from(error);
    match error.hint() {
        Some(hint) => format!("{error}\nhint: {hint}"),
        None => error.to_string(),
    }
}

fn error_of_map(query: &str) -> String {
    match run(&MAP.evaluator(), MAP.store().unwrap(), query) {
        Err(error) => with_hint(error),
        Ok((rows, _)) => panic!("{query}: no error, {} rows", rows.len()),
    }
}

/// The text of the error behind the name of the service.
fn message(query: &str) -> String {
    let error = error_of_map(query);
    let (service, message) = error.split_once(">: ").unwrap();
    assert!(service.starts_with("service <https://w3id.org/powermap/call#"));
    message.to_owned()
}

/// Values for the parameters that an analysis needs.
fn needed(analysis: &Analysis) -> String {
    let values = analysis
        .parameters
        .iter()
        .filter(|p| p.presence == Presence::Required);
    let mut days = ["2025-09-01", "2025-10-31"].into_iter();
    let mut players = ["id:openai", "id:nvidia"].into_iter();
    let values = values.map(|parameter| {
        let value = match parameter.kind {
            ParameterKind::Player => players.next().unwrap().to_owned(),
            ParameterKind::Moment => format!("{:?}^^xsd:date", days.next().unwrap()),
            kind => panic!("{}: no value for a {kind:?}", analysis.name),
        };
        format!("call:{} {value} ; ", parameter.property())
    });
    let mut text: String = values.collect();
    if analysis.name == "what-if" {
        text.push_str("call:without id:openai ; ");
    }
    text.push_str("call:partial true ; ");
    text
}

fn camel(name: &str) -> String {
    let mut words = name.split('_');
    let mut camel = words.next().unwrap().to_owned();
    for word in words {
        camel.push_str(&word[..1].to_uppercase());
        camel.push_str(&word[1..]);
    }
    camel
}

/// The names of the properties of a column, in snake case.
fn names(column: &Column) -> Vec<String> {
    match column.kind {
        ColumnKind::Ids(one) | ColumnKind::Claims(one) => vec![one.to_owned()],
        _ => column.names(),
    }
}

/// How many values a part of a cell has.
fn values(cell: &Cell, part: usize) -> usize {
    let bounds = |lower: Option<f64>, upper: Option<f64>| [lower, upper][part].iter().len();
    match cell {
        Cell::Empty => 0,
        Cell::Ids(ids) => ids.len(),
        Cell::Claims(ids) => ids.len(),
        Cell::Words { data, .. } => usize::from(!data.is_empty()),
        Cell::Quantity(quantity) if part < 2 => bounds(quantity.lower, quantity.upper),
        Cell::Range { lower, upper } => bounds(Some(*lower), Some(*upper)),
        Cell::Share { lower, upper, .. } => bounds(*lower, *upper),
        _ => 1,
    }
}

#[test]
fn every_analysis_can_be_called_with_all_its_columns() {
    for analysis in analysis::all() {
        let given = needed(analysis);
        let position = MAP.position().unwrap();
        // As many rows as the program prints, if nothing is asked for that has several values.
        let count = format!(
            "SELECT (COUNT(*) AS ?n) {{ SERVICE call:{} {{ [] {given} call:row ?row }} }}",
            analysis.name
        );
        let rows: usize = ask_map(&count)[0].parse().unwrap();
        assert!(rows > 0, "{}", analysis.name);
        let texts: Vec<(&str, String)> = analysis
            .parameters
            .iter()
            .filter(|p| p.presence == Presence::Required || p.name == "without")
            .zip(match analysis.name {
                "paths" => vec!["openai", "nvidia"],
                "diff" => vec!["2025-09-01", "2025-10-31"],
                _ => vec!["openai"],
            })
            .map(|(p, value)| (p.name, value.to_owned()))
            .collect();
        let texts = texts.iter().map(|(name, value)| (*name, value.as_str()));
        let arguments = analysis.arguments(texts, &position).unwrap();
        let never = std::sync::atomic::AtomicBool::new(false);
        let answer = analysis.answer(&position, &arguments, &never).unwrap();
        assert_eq!(rows, answer.rows.len(), "{}", analysis.name);

        for (place, column) in analysis.columns.iter().enumerate() {
            for (part, name) in names(column).into_iter().enumerate() {
                let query = format!(
                    "SELECT ?x {{ SERVICE call:{} {{ [] {given} call:{} ?x }} }}",
                    analysis.name,
                    camel(&name)
                );
                let mut bound = ask_map(&query);
                bound.retain(|x| x != "-");
                let expected = answer.rows.iter().map(|row| match (column.kind, part) {
                    // The unit is that of all amounts of the row.
                    (ColumnKind::Quantity, 2) => usize::from(row.unit(analysis.columns).is_some()),
                    _ => values(&row.cells[place], part),
                });
                assert_eq!(bound.len(), expected.sum::<usize>(), "{query}");
            }
        }
        let claims = format!(
            "SELECT DISTINCT ?row {{ SERVICE call:{} {{ [] {given} call:row ?row ; call:claim ?claim }}
                ?claim a pm:Claim }}",
            analysis.name
        );
        assert!(
            !ask_map(&claims).is_empty(),
            "{}: no row has claims",
            analysis.name
        );
    }
}

#[test]
fn values_have_the_types_of_the_board_graph() {
    let query = "SELECT ?lower ?unit ?day ?n ?word ?claim {
        SERVICE call:dependence { [] call:of id:openai ; call:on \"supply\" ; call:by \"capacity\" ;
            call:lower ?lower ; call:unit ?unit ; call:day ?day ; call:row ?n ; call:side ?word ; call:claim ?claim }
        FILTER(BOUND(?lower)) } LIMIT 1";
    let map = &*MAP;
    let Results::Solutions(mut rows) = map.query(query).unwrap() else {
        panic!("rows");
    };
    let row = rows.next().unwrap().unwrap();
    let datatype = |name: &str| match row.get(name) {
        Some(Term::Literal(literal)) => literal
            .datatype()
            .as_str()
            .rsplit('#')
            .next()
            .unwrap()
            .to_owned(),
        Some(Term::NamedNode(_)) => "IRI".to_owned(),
        other => format!("{other:?}"),
    };
    let found = ["lower", "unit", "day", "n", "word", "claim"].map(datatype);
    assert!(
        ["integer", "decimal"].contains(&found[0].as_str()),
        "{found:?}"
    );
    assert_eq!(found[1..], ["IRI", "date", "integer", "string", "IRI"]);
}

#[test]
fn rows_join_with_the_rest_of_the_query() {
    // Who supplies OpenAI with compute and is a backer of it too, with a name from the text of the map.
    let query = "SELECT DISTINCT ?name {
        SERVICE call:dependence { [] call:of id:openai ; call:on \"supply\" ; call:by \"capacity\" ;
            call:counterparty ?who ; call:shareLower ?share }
        ?who pm:investsIn id:openai ; rdfs:label ?name FILTER(LANG(?name) = \"en\") } ORDER BY ?name";
    let found = ask_map(query);
    assert!(found.contains(&"NVIDIA".to_owned()), "{found:?}");
    // A variable that stays unbound joins with anything, and FILTER sees that it is unbound.
    let query = "SELECT (COUNT(*) AS ?n) {
        SERVICE call:dependence { [] call:of id:openai ; call:on \"supply\" ; call:upper ?upper }
        FILTER(!BOUND(?upper)) }";
    let without: usize = ask_map(query)[0].parse().unwrap();
    assert!(without > 0);
    let query = "SELECT ?upper ?x {
        SERVICE call:dependence { [] call:of id:openai ; call:on \"supply\" ; call:upper ?upper }
        VALUES (?upper ?x) { (\"any\" 1) } }";
    assert_eq!(ask_map(query).len(), without);
    // In OPTIONAL, EXISTS and a sub-select.
    for query in [
        "SELECT ?p { VALUES ?p { id:openai } OPTIONAL { SERVICE call:dependence { [] call:player ?p ; call:side ?s } } } LIMIT 1",
        "SELECT ?p { VALUES ?p { id:openai } FILTER EXISTS { SERVICE call:dependence { [] call:player ?p } } }",
        "SELECT ?p { { SELECT DISTINCT ?p { SERVICE call:dependence { [] call:player ?p ; call:of \"OpenAI\" } } } }",
    ] {
        assert_eq!(ask_map(query), ["openai"], "{query}");
    }
    let ask = "ASK { SERVICE call:dependence { [] call:player id:openai ; call:counterparty id:nvidia } }";
    assert_eq!(ask_map(ask), ["true"]);
}

#[test]
fn values_run_the_analysis_for_each_row() {
    let of = |values: &str| {
        ask_map(&format!(
            "SELECT ?p ?player ?side {{ SERVICE call:dependence {{ {values} [] call:of ?p ; call:on ?side ;
                call:player ?player }} }}"
        ))
        .into_iter()
        .collect::<BTreeSet<_>>()
    };
    assert_eq!(
        of("VALUES ?p { id:openai id:meta } VALUES ?side { \"supply\" }"),
        ["openai openai supply", "meta meta supply"]
            .map(str::to_owned)
            .into()
    );
    assert_eq!(
        of("VALUES (?p ?side) { (id:openai \"supply\") (id:meta \"portfolio\") }"),
        ["openai openai supply", "meta meta portfolio"]
            .map(str::to_owned)
            .into()
    );
    assert_eq!(
        of("BIND(IRI(CONCAT(STR(id:), \"openai\")) AS ?p) VALUES ?side { \"supply\" }"),
        ["openai openai supply"].map(str::to_owned).into()
    );
    // UNDEF leaves the parameter out.
    assert!(of("VALUES (?p ?side) { (UNDEF \"supply\") }").len() > 3);
}

#[test]
fn constants_filters_and_binds_work_on_the_rows() {
    let all = ask_map(
        "SELECT ?n { SERVICE call:dependence { [] call:of id:openai ; call:row ?n ; call:shareLower ?s } }",
    );
    let row =
        "SELECT ?n { SERVICE call:dependence { [] call:of id:openai ; call:row 2 ; call:row ?n } }";
    assert_eq!(ask_map(row), ["2"]);
    let same = "SELECT ?n { SERVICE call:dependence { [] call:of id:openai ; call:row 2.0 ; call:row ?n } }";
    assert_eq!(ask_map(same), ["2"]);
    let filtered = ask_map(
        "SELECT ?n ?m { SERVICE call:dependence { [] call:of id:openai ; call:row ?n ; call:shareLower ?s
            FILTER(?n > 1) BIND(?n * 10 AS ?m) } } ORDER BY ?n",
    );
    assert_eq!(filtered.len(), all.len() - 1);
    assert_eq!(filtered[0], "2 20");
    let nobody =
        "SELECT * { SERVICE call:dependence { [] call:player ?x ; call:counterparty ?x } }";
    assert!(ask_map(nobody).is_empty());
}

#[test]
fn wrong_calls_are_named() {
    for (block, expected) in [
        (
            "[] call:playr id:openai",
            "no parameter or column call:playr\nparameters: call:from, call:to, call:player,",
        ),
        (
            "[] call:playr id:openai",
            "\nhint: did you mean call:player?",
        ),
        (
            "[] call:sorcery 1",
            "no parameter or column call:sorcery\nparameters: call:from,",
        ),
        (
            "[] pm:player id:openai ; call:when ?w",
            "pm:player is no parameter or column: those begin with call:\n",
        ),
        (
            "[] ?p id:openai ; call:when ?w",
            "the variable ?p as a property of the call node cannot stand in this block",
        ),
        (
            "[] call:player ?who ; call:when ?w",
            "call:player is a parameter, and ?who has no value here\nhint: a block sees no values from outside; write \
             a constant, or VALUES ?who { … } inside of the block",
        ),
        (
            "[] call:player 7 ; call:when ?w",
            "\"7\"^^xsd:integer is no value for call:player: expected the IRI of a player",
        ),
        (
            "[] call:player \"nvidai\" ; call:when ?w",
            "did you mean nvidia",
        ),
        (
            "[] call:from id:openai ; call:when ?w",
            "id:openai is no value for call:from: expected an xsd:date",
        ),
        (
            "[] call:from \"soon\" ; call:when ?w",
            "\"soon\" is no value for call:from: expected a date such as",
        ),
        (
            "[] call:player id:openai, id:nvidia ; call:when ?w",
            "call:player may be given once, and has 2 values",
        ),
        (
            "[] call:minStatus 1 ; call:when ?w",
            "expected the IRI of a status, such as pm:Announced",
        ),
        (
            "[] call:partial 2 ; call:when ?w",
            "\"2\"^^xsd:integer is no value for call:partial: expected true or false",
        ),
        (
            "",
            "a block without parameters and columns cannot stand in this block",
        ),
        (
            "[] call:when ?w . [] call:what ?x",
            "call:what of a second node cannot stand in this block",
        ),
        (
            "id:x call:when ?w",
            "call:when of <https://w3id.org/powermap/id/x> cannot stand",
        ),
        (
            "[] call:when ?w . ?a pm:from ?b",
            "the pattern ?a <https://w3id.org/powermap/ns#from> ?b",
        ),
        (
            "OPTIONAL { [] call:when ?w }",
            "an OPTIONAL around the call cannot stand",
        ),
        (
            "{ [] call:when ?w } UNION { [] call:what ?w }",
            "a UNION around the call cannot stand",
        ),
        ("[] call:when/call:what ?w", "cannot stand in this block"),
        (
            "{ SELECT ?w { [] call:when ?w } }",
            "a sub-select around the call cannot stand",
        ),
    ] {
        let message = message(&format!(
            "SELECT * {{ SERVICE call:timeline {{ {block} }} }}"
        ));
        assert!(
            message.starts_with(expected) || message.contains(expected),
            "{block}: {message}"
        );
    }
    let missing =
        message("SELECT * { SERVICE call:diff { [] call:change ?x ; call:d1 \"2025-09-01\" } }");
    assert!(
        missing.starts_with("call:d2 is missing: The second board"),
        "{missing}"
    );
    let silent = "SELECT * { SERVICE SILENT call:timeline { [] call:playr ?x } }";
    assert_eq!(ask_map(silent), ["-"]);
    let variable = error_of_map("SELECT * { SERVICE ?s { [] call:playr ?x } }");
    assert_eq!(
        variable,
        "SERVICE ?s is not allowed: name the service by its IRI"
    );
}

#[test]
fn nothing_is_left_out_silently() {
    let call = "[] call:source id:microsoft ; call:target id:nvidia ; call:maxHops 6 ;
        call:path ?path ; call:step 1";
    let error = message(&format!("SELECT * {{ SERVICE call:paths {{ {call} }} }}"));
    assert!(error.starts_with("the answer is not complete: "), "{error}");
    assert!(
        error.ends_with(
            "\nhint: a limit in the call (call:limit) or call:partial true takes what there is"
        ),
        "{error}"
    );
    for (more, expected) in [("call:partial true", 10), ("call:limit 3", 3)] {
        let query = format!("SELECT * {{ SERVICE call:paths {{ {call} ; {more} }} }}");
        let (rows, notices) = run(&MAP.evaluator(), MAP.store().unwrap(), &query).unwrap();
        assert_eq!(rows.len(), expected);
        assert_eq!(notices.len(), 1, "{more}");
    }
}

#[test]
fn limits_reach_into_a_call() {
    // There are far more than a million rows in all.
    let dense = store((0..30).flat_map(|from| (0..30).map(move |to| (from, to))));
    let evaluator = callable::register_store(
        Evaluator::new().with_prefixes(powermap::model::vocabulary::PREFIXES.clone()),
        &dense,
    )
    .unwrap();
    let block = "SERVICE call:paths { [] call:source ex:0 ; call:target ex:1 ; call:maxHops 9 ;
        call:path ?path ; call:from ?a ; call:to ?b . ?a ex:to ?b }";
    let all = run(&evaluator, &dense, &format!("SELECT * {{ {block} }}")).unwrap_err();
    assert!(all.to_string().contains("more than 1000000 rows"), "{all}");
    let (rows, _) = run(
        &evaluator,
        &dense,
        &format!("SELECT ?path ?a {{ {block} }} LIMIT 5 OFFSET 2"),
    )
    .unwrap();
    assert_eq!(rows.len(), 5);
    let limited = evaluator.clone().with_row_limit(7);
    let query = format!("{PREFIXES} SELECT * {{ {block} }}");
    let Results::Solutions(mut rows) = limited.query(dense.dataset(), &query, &[]).unwrap() else {
        panic!("rows");
    };
    assert_eq!(rows.by_ref().map(Result::unwrap).count(), 7);
    assert!(rows.is_cut());
}

#[test]
fn a_timeout_reaches_into_a_call() {
    let dense = store((0..60).flat_map(|from| (0..60).map(move |to| (from, to))));
    let evaluator = callable::register_store(
        Evaluator::new().with_prefixes(powermap::model::vocabulary::PREFIXES.clone()),
        &dense,
    )
    .unwrap()
    .with_timeout(Duration::from_millis(50));
    for query in [
        // No path at all: nothing is found, and the search does not end in any time.
        "SELECT * { SERVICE call:loops { [] call:maxLength 50 ; call:loop 0 ; call:from ?a ; call:to ?b . ?a ex:to ?b } }",
        // The pattern itself.
        "SELECT * { SERVICE call:loops { [] call:loop ?l ; call:from ?a ; call:to ?b .
            ?a ex:to ?b . ?c ex:to ?d . ?e ex:to ?f . ?g ex:to ?h FILTER(CONCAT(STR(?a), STR(?d), STR(?f), STR(?h)) = \"\") } }",
    ] {
        let error = run(&evaluator, &dense, query).unwrap_err();
        assert!(matches!(error, SparqlError::Timeout { .. }), "{query}: {error}");
    }
}

fn node(name: u32) -> NamedNode {
    NamedNode::new(format!("http://example.com/{name}")).unwrap()
}

/// A store that knows nothing of power.
fn store(edges: impl IntoIterator<Item = (u32, u32)>) -> MemoryStore {
    let to = NamedNode::new("http://example.com/to").unwrap();
    edges
        .into_iter()
        .map(|(from, end)| Quad::new(node(from), to.clone(), node(end), GraphName::DefaultGraph))
        .collect()
}

/// The walks of the rows `walk from to`.
fn walks(rows: &[String]) -> Vec<Vec<u32>> {
    let mut walks: Vec<Vec<u32>> = Vec::new();
    for row in rows {
        let cells: Vec<u32> = row.split(' ').map(|cell| cell.parse().unwrap()).collect();
        let [walk, from, to] = cells[..] else {
            panic!("three cells in {row}");
        };
        if walks.len() < walk as usize {
            walks.push(vec![from]);
        }
        let last = walks.last_mut().unwrap();
        assert_eq!(last.last(), Some(&from));
        last.push(to);
    }
    walks
}

/// All simple paths, by trying every next node.
fn naive_paths(
    edges: &[(u32, u32)],
    path: &mut Vec<u32>,
    most: usize,
    found: &mut BTreeSet<Vec<u32>>,
    end: u32,
) {
    let last = *path.last().unwrap();
    if path.len() > most {
        return;
    }
    for (from, to) in edges {
        if *from != last {
            continue;
        }
        if *to == end {
            let mut whole = path.clone();
            whole.push(end);
            found.insert(whole);
        } else if !path.contains(to) {
            path.push(*to);
            naive_paths(edges, path, most, found, end);
            path.pop();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn paths_over_a_pattern_are_the_simple_paths(
        edges in prop::collection::vec((0_u32..6, 0_u32..6), 0..18), most in 1_usize..6,
    ) {
        let store = store(edges.iter().copied());
        let evaluator = callable::register_store(Evaluator::new().with_prefixes(powermap::model::vocabulary::PREFIXES.clone()), &store).unwrap();
        let query = format!("SELECT ?p ?a ?b {{ SERVICE call:paths {{ [] call:source ex:0 ; call:target ex:1 ;
            call:maxHops {most} ; call:path ?p ; call:from ?a ; call:to ?b . ?a ex:to ?b }} }}");
        let (rows, _) = run(&evaluator, &store, &query).unwrap();
        let found = walks(&rows);
        prop_assert!(found.is_sorted_by_key(Vec::len));
        let mut naive = BTreeSet::new();
        naive_paths(&edges, &mut vec![0], most, &mut naive, 1);
        prop_assert_eq!(found.len(), naive.len());
        prop_assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), naive);
    }

    #[test]
    fn paths_over_a_pattern_reach_what_a_property_path_reaches(
        edges in prop::collection::vec((0_u32..6, 0_u32..6), 0..12),
    ) {
        let store = store(edges.iter().copied());
        let evaluator = callable::register_store(Evaluator::new().with_prefixes(powermap::model::vocabulary::PREFIXES.clone()), &store).unwrap();
        let values = "VALUES ?t { ex:1 ex:2 ex:3 ex:4 ex:5 }";
        let ours = format!("SELECT DISTINCT ?t {{ SERVICE call:paths {{ {values} [] call:source ex:0 ;
            call:target ?t ; call:maxHops 9 ; call:from ?a ; call:to ?b . ?a ex:to ?b }} }} ORDER BY ?t");
        let theirs = format!("SELECT DISTINCT ?t {{ {values} ex:0 ex:to+ ?t }} ORDER BY ?t");
        prop_assert_eq!(run(&evaluator, &store, &ours).unwrap().0, run(&evaluator, &store, &theirs).unwrap().0);
    }

    #[test]
    fn loops_over_a_pattern_are_the_simple_cycles(
        edges in prop::collection::vec((0_u32..6, 0_u32..6), 0..18), most in 2_usize..6, through in 0_u32..6, other in 0_u32..6,
    ) {
        let store = store(edges.iter().copied());
        let evaluator = callable::register_store(Evaluator::new().with_prefixes(powermap::model::vocabulary::PREFIXES.clone()), &store).unwrap();
        let mut naive = BTreeSet::new();
        for start in 0..6 {
            let above: Vec<_> = edges.iter().copied().filter(|(f, t)| *f >= start && *t >= start && f != t).collect();
            naive_paths(&above, &mut vec![start], most, &mut naive, start);
        }
        for only in [vec![], vec![through], vec![through, other]] {
            let property = only.iter().map(|node| format!("call:through ex:{node} ; ")).collect::<String>();
            let query = format!("SELECT ?l ?a ?b {{ SERVICE call:loops {{ [] call:maxLength {most} ; {property}
                call:loop ?l ; call:from ?a ; call:to ?b . ?a ex:to ?b }} }}");
            let (rows, _) = run(&evaluator, &store, &query).unwrap();
            let expected = naive.iter().filter(|l| only.iter().all(|node| l.contains(node)));
            prop_assert_eq!(walks(&rows).into_iter().collect::<BTreeSet<_>>(), expected.cloned().collect());
        }
    }
}

const SOCIAL: &str = r#"
    @prefix ex: <http://example.com/> .
    ex:ada ex:knows ex:bob, ex:cyd . ex:bob ex:knows ex:eve . ex:cyd ex:knows ex:eve . ex:eve ex:knows ex:ada .
    ex:bob ex:blocked true .
    ex:m1 ex:by ex:ada ; ex:to ex:cyd ; ex:words 3 . ex:m2 ex:by ex:ada ; ex:to ex:cyd ; ex:words 9 .
    ex:m3 ex:by ex:cyd ; ex:to _:someone . ex:m4 ex:by _:someone ; ex:to "the end" .
"#;

fn social() -> (Evaluator, MemoryStore) {
    let quads = rdf::parse(SOCIAL.as_bytes(), Format::Turtle, "social.ttl").unwrap();
    let store = MemoryStore::from_quads(quads);
    (
        callable::register_store(
            Evaluator::new().with_prefixes(powermap::model::vocabulary::PREFIXES.clone()),
            &store,
        )
        .unwrap(),
        store,
    )
}

#[test]
fn a_pattern_says_what_an_edge_is() {
    let (evaluator, store) = social();
    let rows = |query: &str| {
        run(&evaluator, &store, query)
            .unwrap_or_else(|error| panic!("{query}: {error}"))
            .0
    };
    let paths = "[] call:source ex:ada ; call:target ex:eve ; call:path ?path ; call:step ?step ; call:from ?a ; call:to ?b";
    assert_eq!(
        rows(&format!(
            "SELECT ?path ?step ?a ?b {{ SERVICE call:paths {{ {paths} . ?a ex:knows ?b }} }}"
        )),
        ["1 1 ada bob", "1 2 bob eve", "2 1 ada cyd", "2 2 cyd eve"]
    );
    // What a filter reads of the pattern keeps edges out, not rows.
    for filter in [
        "FILTER(?b != ex:bob)",
        "FILTER NOT EXISTS { ?b ex:blocked true }",
        "OPTIONAL { ?b ex:blocked ?no } FILTER(!BOUND(?no))",
        "MINUS { ?b ex:blocked true }",
    ] {
        assert_eq!(
            rows(&format!(
                "SELECT ?a ?b {{ SERVICE call:paths {{ {paths} . ?a ex:knows ?b {filter} }} }}"
            )),
            ["ada cyd", "cyd eve"],
            "{filter}"
        );
    }
    assert_eq!(
        rows(&format!(
            "SELECT ?a ?b {{ SERVICE call:paths {{ {paths} . ?a ex:knows ?b FILTER(?path = 2 && ?step = 1) }} }}"
        )),
        ["ada cyd"]
    );
    // Parallel edges are legs of one step; a blank node of the pattern is a variable; ends may be blank or literals.
    assert_eq!(
        rows("SELECT ?path ?step ?e { SERVICE call:paths { [] call:source ex:ada ; call:target \"the end\" ;
            call:path ?path ; call:step ?step ; call:from ?a ; call:to ?b ; call:edge ?e . ?e ex:by ?a ; ex:to ?b } }"),
        ["1 1 m1", "1 1 m2", "1 2 m3", "1 3 m4"]
    );
    assert_eq!(
        rows("SELECT ?step { SERVICE call:paths { [] call:source ex:ada ; call:target \"the end\" ; call:maxHops 3 ;
            call:step ?step ; call:from ?a ; call:to ?b . [] ex:by ?a ; ex:to ?b } }"),
        ["1", "2", "3"]
    );
    // The rows join with what stands around the block, through blank nodes as well.
    assert_eq!(
        rows(
            "SELECT ?m { SERVICE call:paths { [] call:source ex:cyd ; call:target \"the end\" ;
            call:step 2 ; call:from ?a ; call:to ?b . [] ex:by ?a ; ex:to ?b } ?m ex:by ?a }"
        ),
        ["m4"]
    );
    assert_eq!(
        rows("SELECT ?step ?a ?b { SERVICE call:loops { [] call:loop ?loop ; call:step ?step ; call:from ?a ;
            call:to ?b . ?a ex:knows ?b } } ORDER BY ?step ?b ?a"),
        ["1 ada bob", "1 ada cyd", "2 bob eve", "2 cyd eve", "3 eve ada", "3 eve ada"]
    );
    // A property path and VALUES in the pattern, several pairs of ends.
    assert_eq!(
        rows("SELECT ?s ?b { SERVICE call:paths { VALUES (?s ?t) { (ex:ada ex:eve) (ex:bob ex:ada) (ex:x ex:y) }
            VALUES ?b { ex:ada ex:eve ex:cyd } [] call:source ?s ; call:target ?t ; call:maxHops 1 ;
            call:from ?a ; call:to ?b . ?a ex:knows/ex:knows ?b } }"),
        ["ada eve", "bob ada"]
    );
}

#[test]
fn wrong_patterns_are_named() {
    let (evaluator, store) = social();
    for (block, expected) in [
        (
            "[] call:target ex:eve ; call:from ?a ; call:to ?b . ?a ex:knows ?b",
            "call:source is missing: The node that the paths begin at",
        ),
        (
            "[] call:source ex:ada ; call:target ex:eve ; call:from ?a . ?a ex:knows ?b",
            "call:to needs a variable of the pattern in the block that says what an edge is: there is none",
        ),
        (
            "[] call:source ex:ada ; call:target ex:eve ; call:from ?a ; call:to ?x . ?a ex:knows ?b",
            "?x does not occur in it",
        ),
        (
            "[] call:source ex:ada ; call:target ex:eve ; call:from ex:ada ; call:to ?b . ?a ex:knows ?b",
            "found <http://example.com/ada>",
        ),
        (
            "[] call:source ex:ada ; call:target ex:eve ; call:from ?a ; call:to ?b ; call:maxHops 0 . ?a ex:knows ?b",
            "\"0\"^^xsd:integer is no value for call:maxHops: expected an xsd:integer from 1 to 1000",
        ),
        (
            "[] call:source ex:ada ; call:target ex:eve ; call:from ?a ; call:to ?b ; call:maxHop 2 . ?a ex:knows ?b",
            "no parameter or column call:maxHop\nparameters: call:source, call:target, call:maxHops,",
        ),
        (
            "[] call:source ex:ada ; call:target ex:eve ; call:from ?a ; call:to ?b ; call:maxHop 2 . ?a ex:knows ?b",
            "\nhint: did you mean call:maxHops?",
        ),
        (
            "[] call:source ex:ada ; call:target ex:eve ; call:from ?a ; call:to ?b ; call:lower ?x . ?a ex:knows ?b",
            "no parameter or column call:lower",
        ),
        (
            "[] call:source ex:ada ; call:target ?t ; call:from ?a ; call:to ?b . ?a ex:knows ?b",
            "call:target is a parameter, and ?t has no value here",
        ),
    ] {
        let query = format!("SELECT * {{ SERVICE call:paths {{ {block} }} }}");
        let error = with_hint(run(&evaluator, &store, &query).unwrap_err());
        assert!(error.contains(expected), "{block}: {error}");
    }
    let query = "SELECT ?p { SERVICE call:paths { [] call:source ex:ada ; call:target ex:eve ; call:limit 1 ;
        call:path ?p ; call:step 1 ; call:from ?a ; call:to ?b . ?a ex:knows ?b } }";
    let (rows, notices) = run(&evaluator, &store, query).unwrap();
    assert_eq!(rows, ["1"]);
    assert_eq!(
        notices[0].text("en"),
        "there are more paths than the first 1"
    );
}

#[test]
fn a_plain_store_has_the_analyses_too() {
    let text = r#"
        @prefix pm: <https://w3id.org/powermap/ns#> . @prefix id: <https://w3id.org/powermap/id/> .
        id:a a pm:Company . id:b a pm:Company .
        id:e a pm:Investment ; pm:kind pm:Equity ; pm:from id:a ; pm:to id:b .
        [] a pm:Claim ; pm:about id:e ; pm:document id:d ; pm:locator "p1" ;
            pm:amount [ pm:lower 5 ; pm:upper 5 ; pm:unit <https://w3id.org/powermap/unit/currency/USD> ] .
    "#;
    let quads = rdf::parse(text.as_bytes(), Format::Turtle, "map.ttl").unwrap();
    let store = MemoryStore::from_quads(quads);
    let evaluator = callable::register_store(
        Evaluator::new().with_prefixes(powermap::model::vocabulary::PREFIXES.clone()),
        &store,
    )
    .unwrap();
    let query =
        "SELECT ?from ?to ?edge { SERVICE call:paths { [] call:source id:a ; call:target id:b ;
        call:from ?from ; call:to ?to ; call:edge ?edge } }";
    assert_eq!(run(&evaluator, &store, query).unwrap().0, ["a b e"]);
    // The claim is a blank node, and still joins.
    let query = "SELECT ?place { SERVICE call:paths { [] call:source id:a ; call:target id:b ; call:claim ?claim }
        ?claim pm:locator ?place }";
    assert_eq!(run(&evaluator, &store, query).unwrap().0, ["p1"]);
    // An update can call as well, with the store as it was before.
    let update = "INSERT { ?from pm:reaches ?to } WHERE { SERVICE call:paths { [] call:source id:a ; call:target id:b ;
        call:from ?from ; call:to ?to } }";
    let updated = evaluator.update(&store, update, &[]).unwrap();
    assert_eq!(updated.inserts.len(), 1);
}
