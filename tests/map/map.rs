//! `Map`: opening, looking from another day, and changing.

use powermap::model::vocabulary::expand;
use powermap::model::{Policy, Status};
use powermap::{Map, View};
use powermap_rdf::Results;
use std::fs;
use tempfile::TempDir;

const DEALS: &str = r#"
@prefix pm: <https://w3id.org/powermap/ns#> .
@prefix id: <https://w3id.org/powermap/id/> .
@prefix cur: <http://qudt.org/vocab/currency/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
id:paper a pm:Document . # a comment that has to stay
id:claim-1 a pm:Claim ; pm:about id:loan ; pm:document id:paper ; pm:assertedBy id:paper ; pm:modality pm:Plan ;
    pm:said "2025-01-10"^^xsd:date ; pm:status pm:Announced ; pm:amount [ pm:upper 5e9 ; pm:unit cur:USD ] .
id:claim-2 a pm:Claim ; pm:about id:loan ; pm:document id:paper ; pm:assertedBy id:paper ; pm:modality pm:Statement ;
    pm:said "2025-03-01"^^xsd:date ; pm:status pm:Completed ;
    pm:amount [ pm:lower 7e9 ; pm:upper 7e9 ; pm:unit cur:USD ] .
"#;

/// A folder with players and an edge in tables, and the claims about it in Turtle.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("deals.ttl", DEALS);
    write(
        "players.csv",
        "id,type,name_en,name_zh\nbank,bank,Bank,银行\nfirm,company,Firm,\n",
    );
    write(
        "edges.csv",
        "id,from,to,family,kind,since,document,said\nloan,bank,firm,investment,loan,2025-01-10,paper,2025-01-05\n",
    );
    folder
}

fn text(map: &Map, query: &str) -> Vec<String> {
    let Results::Solutions(rows) = map.query(query).unwrap() else {
        panic!("not a SELECT query");
    };
    rows.map(|row| {
        let cells: Vec<_> = row
            .unwrap()
            .values()
            .iter()
            .map(|cell| cell.as_ref().map_or(String::new(), ToString::to_string))
            .collect();
        cells.join(" ")
    })
    .collect()
}

fn upper(map: &Map) -> Vec<String> {
    text(
        map,
        "SELECT (STR(?u) AS ?text) { id:loan pm:amountUpper ?u }",
    )
}

#[test]
fn tables_and_turtle_make_one_map() {
    let folder = folder();
    let map = Map::open(folder.path()).unwrap();
    assert_eq!(map.problems().unwrap(), []);
    assert_eq!(map.warnings(), [], "the players are in players.csv");
    assert_eq!(
        map.records().unwrap().claims.len(),
        3,
        "two in Turtle and the one that the table implies"
    );
    assert_eq!(
        text(&map, "SELECT ?b { id:bank pm:investsIn ?b }"),
        ["<https://w3id.org/powermap/id/firm>"]
    );
    assert_eq!(upper(&map), ["\"7000000000\""]);
}

#[test]
fn the_view_decides_what_is_on_the_board() {
    let folder = folder();
    let map = Map::open(folder.path()).unwrap();
    let day = |text: &str| Some(text.parse().unwrap());
    let loan = expand("loan").unwrap();
    let early = map.with_view(View {
        known_by: day("2025-02-01"),
        ..View::default()
    });
    assert_eq!(upper(&early), ["\"5000000000\""]);
    assert_eq!(
        early.board().unwrap().edges[&loan].status,
        Some(Status::Announced)
    );
    let lowest = map.with_view(View {
        policy: Policy::Lowest,
        ..View::default()
    });
    assert_eq!(upper(&lowest), ["\"5000000000\""]);
    let before = map.with_view(View {
        as_of: day("2025-01-09"),
        ..View::default()
    });
    assert!(before.board().unwrap().edges.is_empty());
    assert_eq!(
        text(&before, "SELECT ?b { id:bank pm:investsIn ?b }"),
        [""; 0]
    );
    let all = map.with_view(View {
        policy: Policy::All,
        ..View::default()
    });
    assert_eq!(all.board().unwrap().edges[&loan].values.len(), 2);
    assert!(
        all.board().unwrap().edges[&loan].disputed,
        "at most 5 and exactly 7 exclude each other"
    );
}

#[test]
fn an_update_is_kept_beside_the_text() {
    let folder = folder();
    let mut map = Map::open(folder.path()).unwrap().with_view(View {
        policy: Policy::Highest,
        ..View::default()
    });
    let change = map
        .update("DELETE { ?c pm:status ?s } INSERT { ?c pm:status pm:Cancelled } WHERE { id:loan pm:restsOn ?c . ?c pm:status ?s ; pm:said ?d FILTER(?d > '2025-02-01'^^xsd:date) }")
        .unwrap();
    assert_eq!((change.inserts.len(), change.deletes.len()), (1, 1));
    assert_eq!(
        map.board().unwrap().view.policy,
        Policy::Highest,
        "the view stays"
    );
    assert!(
        map.board().unwrap().edges.is_empty(),
        "a cancelled edge is off the board"
    );
    let again = Map::open(folder.path()).unwrap();
    assert!(again.board().unwrap().edges.is_empty());
    assert_eq!(
        fs::read_to_string(folder.path().join("deals.ttl")).unwrap(),
        DEALS
    );
    assert!(folder.path().join("updates.rdfp").exists());
}

#[test]
fn the_board_and_the_ontology_cannot_be_written() {
    let folder = folder();
    let mut map = Map::open(folder.path()).unwrap();
    for update in [
        "INSERT DATA { GRAPH pm:board { id:a pm:investsIn id:b } }",
        "DELETE WHERE { GRAPH pm:ontology { ?s ?p ?o } }",
    ] {
        let error = map.update(update).unwrap_err().to_string();
        assert!(
            error.contains("is derived and cannot be written"),
            "{update}: {error}"
        );
    }
    assert!(!folder.path().join("updates.rdfp").exists());
    // All that is there to be cleared is the text; what is derived follows from it.
    map.update("CLEAR ALL").unwrap();
    assert!(map.records().unwrap().edges.is_empty());
    assert!(map.board().unwrap().edges.is_empty());
    let mut map = Map::built_in().unwrap();
    assert!(map.update("INSERT DATA { id:a pm:from").is_err());
}
