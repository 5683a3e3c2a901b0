//! What a map says about its text: everything that is not read, with its place, in every view and form of the map.

use powermap::map::{MapNotice, NoticeKind};
use powermap::{Lang, Map, View};
use std::collections::BTreeSet;
use std::fs;
use tempfile::TempDir;

const PREFIXES: &str = "@prefix pm: <https://w3id.org/powermap/ns#> .
@prefix ex: <http://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix cur: <http://qudt.org/vocab/currency/> .
";

const EDGES: &str = "id,from,to,family,kind,amount,unit,since,until,status,document,locator\n";

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let text = match name.ends_with(".ttl") {
            true => format!("{PREFIXES}{text}"),
            false => (*text).to_owned(),
        };
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn notices(files: &[(&str, &str)]) -> Vec<MapNotice> {
    let folder = folder(files);
    Map::open(folder.path()).unwrap().notices().unwrap()
}

fn kinds(notices: &[MapNotice]) -> Vec<(NoticeKind, usize)> {
    let kinds = notices.iter().map(|notice| (notice.kind, notice.count));
    kinds.collect()
}

fn text(notices: &[MapNotice]) -> String {
    let texts = notices.iter().map(|notice| notice.text(Lang::En));
    texts.collect::<Vec<_>>().join("\n")
}

const GOOD: &str =
    "ex:a a pm:Company ; rdfs:label \"A\" .\nex:b a pm:Company ; rdfs:label \"B\" .\n";

#[test]
fn the_built_in_map_is_read_as_a_whole() {
    assert_eq!(Map::built_in().unwrap().notices().unwrap(), []);
}

#[test]
fn what_is_not_read_is_said_with_its_file_and_line() {
    for (faulty, expected) in [
        (
            "ex:e a pm:Supply ; pm:from ex:a ; pm:to ex:b ;\n  pm:since \"20x1\"^^xsd:date .",
            "faulty.ttl:7: <http://example.org/e>, pm:since: '20x1' is not a date",
        ),
        (
            "ex:c a pm:Claim ; pm:about ex:a ;\n\n  pm:amount [ pm:lower \"ten\" ; pm:unit cur:USD ] .",
            "faulty.ttl:8: <http://example.org/c>, pm:lower: 'ten' is not a finite number",
        ),
        (
            "ex:e a pm:Suply ; pm:from ex:a ; pm:to ex:b .",
            "faulty.ttl:6: <http://example.org/e>, rdf:type: there is no pm:Suply (did you mean pm:Supply?)",
        ),
        (
            "ex:e a pm:Supply ; pm:from ex:a ;\n  pm:to ex:b ;\n  pm:sinse \"2020\" .",
            "faulty.ttl:8: <http://example.org/e>, pm:sinse: there is no pm:sinse (did you mean pm:since?)",
        ),
        (
            "ex:c a pm:Claim ; pm:about ex:a ; pm:amount [ pm:uper 1 ; pm:upper 1 ; pm:unit cur:USD ] .",
            "faulty.ttl:6: _:faulty.ttl-0, pm:uper: there is no pm:uper (did you mean pm:upper?)",
        ),
        (
            "ex:e a pm:Supply ; pm:from ex:a ; pm:to ex:b ; pm:kind pm:Chps .",
            "faulty.ttl:6: there is no pm:Chps (did you mean pm:Chips?)",
        ),
        (
            "ex:e a pm:Supply ; pm:from ex:a .",
            "faulty.ttl:6: <http://example.org/e>, pm:to: is required and missing",
        ),
    ] {
        let found = notices(&[("a.ttl", GOOD), ("faulty.ttl", faulty)]);
        assert!(
            text(&found).contains(expected),
            "{faulty}: {}",
            text(&found)
        );
    }
}

#[test]
fn cells_and_files_that_count_for_nothing_are_said() {
    let edges = "from,to,family,kind\na,b,supply,chps\n";
    let claims = "about,document,unit\nnothing,d,USD\n";
    let found = notices(&[
        ("edges.csv", edges),
        ("claims.csv", claims),
        (
            "people.ttl",
            "ex:p a <http://xmlns.com/foaf/0.1/Person> .\n",
        ),
        ("prices.xlsx", ""),
        ("README.md", "A map.\n"),
    ]);
    assert_eq!(
        kinds(&found),
        [
            (NoticeKind::UndefinedKind, 1),
            (NoticeKind::UnusedCell, 2),
            (NoticeKind::WithoutRecord, 1),
            (NoticeKind::OtherFormat, 1),
        ]
    );
    let text = text(&found);
    for expected in [
        "edges.csv:2: there is no pm:Chps (did you mean pm:Chips?)",
        "claims.csv:2:1: column 'about': there is nothing with the id 'nothing'",
        "people.ttl",
        "prices.xlsx",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    assert!(!text.contains("README"), "{text}");
}

#[test]
fn files_that_only_add_to_records_hold_some() {
    let found = notices(&[
        ("a.ttl", GOOD),
        ("names.ttl", "ex:a rdfs:label \"甲\"@zh .\n"),
        (
            "classes.ttl",
            "ex:Bank rdfs:subClassOf pm:Company . ex:x a ex:Bank ; rdfs:label \"X\" .\n",
        ),
        (
            "terms.ttl",
            "<http://example.org/Term> a <http://www.w3.org/2002/07/owl#Class> .\n",
        ),
    ]);
    assert_eq!(found, []);
}

#[test]
fn notices_are_bounded_and_the_same_each_time() {
    let mut faulty = String::new();
    for number in 0..500 {
        faulty.push_str(&format!("ex:e{number} a pm:Suply .\n"));
    }
    let files = [("a.ttl", GOOD), ("faulty.ttl", &*faulty)];
    let found = notices(&files);
    assert_eq!(
        kinds(&found),
        [(NoticeKind::Unread, 500), (NoticeKind::WithoutRecord, 1)]
    );
    assert_eq!(text(&found).lines().count(), 7);
    assert!(text(&found).contains("and 497 more"));
    for _ in 0..3 {
        assert_eq!(notices(&files), found);
    }
    for notice in &found {
        assert_ne!(notice.text(Lang::Zh), notice.text(Lang::En));
    }
}

#[test]
fn a_compiled_map_keeps_the_notices_of_its_text() {
    let folder = folder(&[
        ("a.ttl", GOOD),
        (
            "faulty.ttl",
            "ex:e a pm:Suply .\nex:f a pm:Supply ; pm:from ex:a ; pm:to ex:b ; pm:kind pm:Chps .\n",
        ),
    ]);
    let map = Map::open(folder.path()).unwrap();
    let file = folder.path().join("map.pmap");
    map.compile(&file, |_| {}).unwrap();
    let compiled = Map::open(&file).unwrap();
    assert_eq!(compiled.notices().unwrap(), map.notices().unwrap());
    assert_eq!(map.notices().unwrap().len(), 2);
    let quads = |map: &Map| {
        let quads = map.quads().unwrap().into_iter();
        quads.map(|quad| quad.to_string()).collect::<BTreeSet<_>>()
    };
    assert_eq!(quads(&compiled), quads(&map));
    let again = folder.path().join("again.pmap");
    compiled.compile(&again, |_| {}).unwrap();
    assert_eq!(fs::read(again).unwrap(), fs::read(file).unwrap());
}

#[test]
fn a_day_says_how_many_edges_without_a_start_it_leaves_out() {
    let edges = format!("{EDGES}e,a,b,supply,chips,,,,,completed,d,1\n");
    let documents = "id,issued\nd,2020-01-01\n";
    let folder = folder(&[("edges.csv", &edges), ("documents.csv", documents)]);
    let map = Map::open(folder.path()).unwrap();
    assert_eq!(map.notices().unwrap(), []);
    let on = |day: &str| {
        let view = View {
            as_of: Some(day.parse().unwrap()),
            ..View::default()
        };
        kinds(&map.with_view(view).notices().unwrap())
    };
    assert_eq!(on("2019-12-31"), [(NoticeKind::UnknownStart, 1)]);
    assert_eq!(on("2020-01-01"), []);
}

#[test]
fn terms_of_a_query_that_nothing_defines_are_said() {
    let map = Map::built_in().unwrap();
    let unknown = |query: &str| {
        let notices = map.query_notices(query).unwrap();
        notices.into_iter().next().map(|notice| notice.examples)
    };
    let invests = vec!["there is no pm:investIn (did you mean pm:investsIn?)".to_owned()];
    for query in [
        "ASK { ?a pm:investIn ?b }",
        "SELECT * { ?a pm:investsIn ?b MINUS { ?a pm:investIn+ ?b } }",
        "SELECT * { SERVICE call:paths { [] call:from ?a ; call:to ?b . ?a pm:investIn ?b } }",
        "PREFIX p: <https://w3id.org/powermap/ns#> SELECT * { ?a ?b ?c FILTER(?b = p:investIn) }",
        "CONSTRUCT { ?a pm:investIn ?b } WHERE { ?a pm:investsIn ?b }",
    ] {
        assert_eq!(unknown(query), Some(invests.clone()), "{query}");
    }
    for query in [
        "ASK { ?a pm:investsIn ?b ; pm:kind pm:Equity }",
        "ASK { ?a rdfs:label \"<https://w3id.org/powermap/ns#investIn>\" }",
        "ASK { GRAPH pm:board { ?a pm:status pm:Completed } }",
    ] {
        assert_eq!(unknown(query), None, "{query}");
    }
}

/// The kinds of notices, and whether the edge `w` runs to `alpha`.
fn warrant(rows: &str) -> (Vec<(NoticeKind, usize)>, bool) {
    let folder = folder(&[("edges.csv", &format!("{EDGES}{rows}"))]);
    let map = Map::open(folder.path()).unwrap();
    let edges = &map.records().unwrap().edges;
    let (_, edge) = edges
        .iter()
        .find(|(id, _)| id.as_str().ends_with("/w"))
        .unwrap();
    (
        kinds(&map.notices().unwrap()),
        edge.to.as_str().ends_with("/alpha"),
    )
}

#[test]
fn a_warrant_in_the_older_form_is_turned_round_where_its_document_lists_all_holders() {
    let holders = "e0,founder,alpha,investment,ownership,60,percent,2019,,completed,cap,r0\n\
                   e1,vc,alpha,investment,ownership,40,percent,2019,,completed,cap,r1\n";
    let part = "e0,founder,alpha,investment,ownership,60,percent,2019,,completed,cap,r0\n";
    let old = |document: &str| {
        format!("w,alpha,advisor,investment,warrant,20,percent,2020,,completed,{document},r2\n")
    };
    let new = "w,advisor,alpha,investment,warrant,20,percent,2020,,completed,cap,r2\n";
    let turned = (vec![(NoticeKind::TurnedRound, 1)], true);
    let asked = (vec![(NoticeKind::PerhapsOldForm, 1)], false);
    for (rows, expected) in [
        (format!("{holders}{}", old("cap")), turned.clone()),
        // The order of the rows does not matter.
        (format!("{}{holders}", old("cap")), turned),
        (format!("{holders}{new}"), (vec![], true)),
        // A document of its own: alpha holds a warrant on advisor.
        (format!("{holders}{}", old("contract")), (vec![], false)),
        // Not all holders are listed, so that it may be a report of what alpha has.
        (format!("{part}{}", old("cap")), asked),
        // Somebody else holds shares of advisor, so that it issues some.
        (
            format!(
                "{holders}{}s,ann,advisor,investment,ownership,5,percent,2019,,completed,x,1\n",
                old("cap")
            ),
            (vec![], false),
        ),
        // The document tells of stakes in others too.
        (
            format!(
                "{holders}{}s,alpha,beta,investment,ownership,5,percent,2019,,completed,cap,1\n",
                old("cap")
            ),
            (vec![], false),
        ),
    ] {
        assert_eq!(warrant(&rows), expected, "{rows}");
    }
}

#[test]
fn a_warrant_of_rdf_stays_as_it_is_and_is_asked_about() {
    let stake = |id: &str, from: &str, to: &str, kind: &str, share: u8| {
        format!(
            "ex:{id} a pm:Investment ; pm:kind pm:{kind} ; pm:from ex:{from} ; pm:to ex:{to} .\n\
             ex:c-{id} a pm:Claim ; pm:about ex:{id} ; pm:document ex:cap ;\n  \
             pm:amount [ pm:lower {share} ; pm:upper {share} ; pm:unit <http://qudt.org/vocab/unit/PERCENT> ] .\n"
        )
    };
    let rows = [
        stake("e0", "b", "a", "Ownership", 100),
        stake("w", "a", "x", "Warrant", 20),
    ];
    let found = notices(&[("a.ttl", GOOD), ("edges.ttl", &rows.concat())]);
    assert_eq!(
        kinds(&found),
        [(NoticeKind::PerhapsOldForm, 1)],
        "{}",
        text(&found)
    );
    assert!(text(&found).contains("edges.ttl:9: "), "{}", text(&found));
}

#[test]
fn graphs_of_a_query_that_are_not_there_are_said() {
    let map = Map::built_in().unwrap();
    let unknown = |query: &str| {
        let notices = map.query_notices(query).unwrap();
        let notice = notices
            .iter()
            .find(|notice| notice.kind == NoticeKind::UnknownGraph);
        notice.map_or(Vec::new(), |notice| notice.examples.clone())
    };
    assert_eq!(
        unknown("SELECT * FROM <http://example.org/x> { ?a ?b ?c }"),
        ["<http://example.org/x>"]
    );
    assert_eq!(
        unknown(
            "ASK FROM pm:board FROM NAMED <http://example.org/y> FROM <http://example.org/x> {}"
        ),
        ["<http://example.org/x>", "<http://example.org/y>"]
    );
    for query in [
        "SELECT * FROM pm:board { ?a ?b ?c }",
        "SELECT * { GRAPH ?g { ?a ?b ?c } }",
    ] {
        assert!(unknown(query).is_empty(), "{query}");
    }
}

#[test]
fn of_very_many_unknown_terms_the_first_are_compared() {
    let map = Map::built_in().unwrap();
    let triples: String = (0..20_000)
        .map(|number| format!("?s pm:investsIn{number:05} ?s . "))
        .collect();
    let query = format!("CONSTRUCT {{ ?s pm:investIn ?s . {triples} }} {{ ?s a pm:Company }}");
    let notices = map.query_notices(&query).unwrap();
    assert_eq!(notices.len(), 1);
    assert_eq!(notices[0].count, 20_001);
    assert!(notices[0].examples[0].contains("did you mean pm:investsIn?"));
}
