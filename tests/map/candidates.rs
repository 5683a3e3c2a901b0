//! Players that may be one: how well names are told apart, and what becomes of a decision.

use powermap::Map;
use powermap::format::csv::{self, Source, Table};
use powermap::map::NewFile;
use powermap::model::vocabulary::short_name;
use powermap::model::{Ground, Joined, Lang, Likeness, Records};
use powermap_rdf::Format;
use std::fmt::Write as _;
use std::fs;

fn records(tables: &[(Table, &str)]) -> Records {
    let sources: Vec<_> = tables
        .iter()
        .map(|(table, text)| Source {
            name: table.name(),
            table: *table,
            bytes: text.as_bytes(),
        })
        .collect();
    csv::read(&sources, &Records::default()).strict().unwrap().0
}

/// Each pair with its likeness and its grounds in words.
fn found(records: &Records) -> Vec<String> {
    let texts = |grounds: &[Ground]| {
        let texts: Vec<_> = grounds.iter().map(|one| one.text(Lang::En)).collect();
        texts.join(", ")
    };
    let candidates = records.candidates(&Joined::default());
    let lines = candidates.iter().map(|pair| {
        let [one, other] = &pair.players;
        let (one, other) = (short_name(one.as_str()), short_name(other.as_str()));
        let (supporting, contrary) = (texts(&pair.supporting), texts(&pair.contrary));
        let likeness = pair.likeness.name();
        format!("{one} {other} {likeness}: {supporting} | {contrary}")
    });
    lines.collect()
}

#[test]
fn names_of_one_player_are_found_and_others_are_not() {
    let text = include_str!("../data/name_pairs.csv");
    let rows: Vec<Vec<String>> = text
        .lines()
        .skip(1)
        .map(|line| {
            let table = format!("id,type,name_en,alias\n{line}\n");
            let mut cells = ::csv::Reader::from_reader(table.as_bytes());
            let row = cells.records().next().unwrap().unwrap();
            row.iter().map(str::to_owned).collect()
        })
        .collect();
    assert!(rows.len() >= 60);
    let (mut missed, mut wrong) = (Vec::new(), Vec::new());
    for row in &rows {
        let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let (one, other) = (quoted(&row[0]), quoted(&row[1]));
        let kind = &row[2];
        let table = format!("id,type,name_en\na,{kind},{one}\nb,{kind},{other}\n");
        let is_found = !found(&records(&[(Table::Players, &table)])).is_empty();
        match (row[3] == "yes", is_found) {
            (true, false) => missed.push(row[0].as_str()),
            (false, true) => wrong.push(row[0].as_str()),
            _ => {}
        }
    }
    assert_eq!(missed, [""; 0], "of {}", rows.len());
    // Firms that differ in their legal form alone: listed, with that against them.
    assert_eq!(wrong, ["Müller & Söhne GmbH & Co. KG"]);
}

#[test]
fn what_speaks_for_and_against_is_told() {
    let players = "id,type,name_en,alias,identifier\n\
        a,company,Acme Ltd,,lei:HWUPKR0MPOU8FGXBT394;isin:US0378331005\n\
        b,company,Acme GmbH,,isin:US0378331005\n\
        c,person,Acme,,\n\
        d,company,ACME Ltd,,lei:549300S4KLFTLO7GSQ80\n\
        e,company,Other,acme ltd,GB-COH:01234567\n\
        f,company,Owner Inc,,\n\
        g,company,Owner,,\n";
    let edges = "id,from,to,family,kind\nstake,f,g,investment,ownership\n";
    let claims = "about,document,text\n\
        a,register,jurisdiction: gb; incorporationDate: 2001-02-03\n\
        d,register,country: de; incorporationDate: 2001\n";
    let identities = "a,b,same,document\na,e,no,register\n";
    let tables = [
        (Table::Players, players),
        (Table::Edges, edges),
        (Table::Claims, claims),
        (Table::Identities, identities),
    ];
    assert_eq!(
        found(&records(&tables)),
        [
            "a b identifier: Acme Ltd and Acme GmbH are one name, both are isin US0378331005 | legal forms ltd and gmbh",
            "d e name: both are called ACME Ltd | in de and in gb",
            "a d name: both are called Acme Ltd, both since 2001-02-03 | lei HWUPKR0MPOU8FGXBT394 and 549300S4KLFTLO7GSQ80, in gb and in de",
            "b d similar-name: Acme GmbH and ACME Ltd are one name | legal forms gmbh and ltd",
            "b e similar-name: Acme GmbH and acme ltd are one name | legal forms gmbh and ltd",
            "f g similar-name: Owner Inc and Owner are one name | the edge stake runs between them",
        ]
    );
}

#[test]
fn many_with_one_name_are_compared_with_the_first() {
    let mut table = "id,type,name_en\n".to_owned();
    for number in 0..3000 {
        let _ = writeln!(table, "p{number:04},company,Acme");
        let _ = writeln!(table, "q{number:04},company,Number {number} Ltd");
    }
    let records = records(&[(Table::Players, &table)]);
    let candidates = records.candidates(&Joined::default());
    assert_eq!(candidates.len(), 2999);
    assert!(
        candidates
            .iter()
            .all(|pair| pair.likeness == Likeness::Name)
    );
}

#[test]
fn a_row_that_is_accepted_joins_and_is_no_question_any_more() {
    let folder = tempfile::tempdir().unwrap();
    let players = "id,type,name_en\na,company,Acme Ltd\nb,company,Acme Limited\n";
    fs::write(folder.path().join("players.csv"), players).unwrap();
    let map = Map::open(folder.path()).unwrap();
    let open = |map: &Map| {
        let joined = map.board().unwrap().joined.clone();
        map.records().unwrap().candidates(&joined).len()
    };
    assert_eq!(open(&map), 1);
    let decided = |row: &str| {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("players.csv"), players).unwrap();
        let rows = format!("a,b,same,status,document\na,b,{row},register\n");
        fs::write(folder.path().join("identities.csv"), rows).unwrap();
        open(&Map::open(folder.path()).unwrap()) == 0
    };
    assert!(!decided("yes,rumoured"));
    assert!(decided("no,completed") && decided("no,rumoured") && decided("yes,"));
    let row = "a,b,same,status,document,locator,text\na,b,yes,completed,comparison-of-players,similar-name,for: it\n";
    let file = NewFile {
        name: "identities.csv".to_owned(),
        bytes: row.as_bytes().to_vec(),
        format: Format::Csv,
        table: None,
    };
    let map = Map::import(folder.path(), &[file], false).unwrap().map;
    assert_eq!(open(&map), 0);
    let players = map.shown_records().unwrap().players.len();
    assert_eq!(players, 1);
}
