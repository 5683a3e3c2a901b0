//! Players that are one: what joins them, what keeps them apart, and what every answer makes of it.

use powermap::analysis::{CONTROL, ConflictReason, ControlOptions, Position, Verdict};
use powermap::format::csv::{self, Source, Table};
use powermap::map::{FindingKind, NewFile};
use powermap::model::vocabulary::{expand, short_name};
use powermap::model::{Board, Measure, Outcome, Policy, Records};
use powermap::network::Network;
use powermap::{Map, View};
use powermap_rdf::{Format, Results};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;
use std::time::Instant;
use tempfile::TempDir;

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn map(files: &[(&str, &str)]) -> Map {
    Map::open(folder(files).path()).unwrap()
}

fn refused(files: &[(&str, &str)]) -> String {
    Map::open(folder(files).path()).unwrap_err().to_string()
}

fn known_by(map: &Map, day: &str) -> Map {
    map.with_view(View {
        known_by: Some(day.parse().unwrap()),
        as_of: Some("2026-01-01".parse().unwrap()),
        ..View::default()
    })
}

fn by_policy(map: &Map, policy: Policy) -> Map {
    map.with_view(View {
        policy,
        ..View::default()
    })
}

/// Each player that is shown as another one.
fn shown(map: &Map) -> Vec<(String, String)> {
    let board = map.board().unwrap();
    let pairs = board.joined.pairs();
    let short = |id: &oxigraph::model::NamedNode| short_name(id.as_str()).to_owned();
    pairs.map(|(a, b)| (short(a), short(b))).collect()
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    let pairs = expected.iter();
    pairs
        .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
        .collect()
}

/// Who controls a company, how surely, and the share of the capital.
fn control(map: &Map, company: &str) -> Vec<(String, Verdict, f64)> {
    let player = map.player(company).unwrap();
    let report = map.control(&ControlOptions::of(player)).unwrap();
    let rows = report.rows.into_iter();
    rows.map(|row| {
        let name = short_name(row.controller.as_str()).to_owned();
        let share = row.share.map_or(f64::NAN, |share| share.upper);
        (name, row.verdict, (share * 1e6).round() / 1e6)
    })
    .collect()
}

fn rows(map: &Map, query: &str) -> Vec<String> {
    let Results::Solutions(rows) = map.query(query).unwrap() else {
        panic!("not a SELECT query");
    };
    rows.map(|row| {
        let row = row.unwrap();
        let cells = row.values().iter().flatten().map(|cell| {
            let text = cell.to_string();
            short_name(text.trim_matches(['<', '>'])).to_owned()
        });
        cells.collect::<Vec<_>>().join(" ")
    })
    .collect()
}

const PLAYERS: &str = "id,type,name_en,identifier\n\
    acme,company,Acme,\n\
    acme-inc,company,Acme Incorporated,\n\
    target,company,Target,\n\
    other,company,Other,\n";
const DOCUMENTS: &str = "id,title,issued,tier\n\
    filing,Filing,2025-03-01,primary\n\
    register,Register,2025-06-01,news\n\
    blog,Blog,2025-09-01,blog\n";
/// Two stakes of 30 percent each, of holders that may be one.
const EDGES: &str = "id,from,to,family,kind,amount,unit,since,status,document\n\
    first,acme,target,investment,ownership,30,percent,2020,completed,filing\n\
    second,acme-inc,target,investment,ownership,30,percent,2020,completed,filing\n";
const IDENTITIES: &str = "a,b,same,document,locator,status\n";

fn holders(identities: &str) -> Map {
    map(&holder_files(&format!("{IDENTITIES}{identities}"))
        .each_ref()
        .map(|(a, b)| (*a, b.as_str())))
}

fn holder_files(identities: &str) -> [(&'static str, String); 4] {
    [
        ("players.csv", PLAYERS.to_owned()),
        ("documents.csv", DOCUMENTS.to_owned()),
        ("edges.csv", EDGES.to_owned()),
        ("identities.csv", identities.to_owned()),
    ]
}

#[test]
fn control_is_that_of_the_joined_holder() {
    let map = holders("acme-inc,acme,yes,register,line 7,\n");
    assert_eq!(shown(&map), pairs(&[("acme-inc", "acme")]));
    assert_eq!(
        control(&map, "target"),
        [("acme".to_owned(), Verdict::Certain, 0.6)]
    );
    // Before the register came out, nobody knew.
    let before = known_by(&map, "2025-05-31");
    assert_eq!(shown(&before), []);
    assert_eq!(
        control(&before, "target"),
        [
            ("acme".to_owned(), Verdict::No, 0.3),
            ("acme-inc".to_owned(), Verdict::No, 0.3)
        ]
    );
    assert_eq!(shown(&known_by(&map, "2025-06-01")).len(), 1);
    // An earlier day of the board knows as much as a later one.
    let early = map.with_view(View {
        as_of: Some("2021-01-01".parse().unwrap()),
        ..View::default()
    });
    assert_eq!(shown(&early).len(), 1);
}

#[test]
fn a_name_and_an_id_of_either_record_find_the_player() {
    let map = holders("acme-inc,acme,yes,register,line 7,\n");
    let acme = expand("acme").unwrap();
    for name in [
        "acme",
        "acme-inc",
        "Acme",
        "ACME INCORPORATED",
        "id:acme-inc",
    ] {
        assert_eq!(map.player(name).unwrap(), acme, "{name}");
        assert_eq!(
            map.position().unwrap().player(name).unwrap(),
            acme,
            "{name}"
        );
    }
    // By the id of a record that is not shown, through the network that an analysis has built.
    let position = map.position().unwrap();
    position.network().unwrap();
    assert_eq!(position.player("acme-inc").unwrap(), acme);
    let answer = map.answer(&CONTROL, [("of", "target")]).unwrap();
    assert_eq!(answer.rows.len(), 1);
    let options = ControlOptions::of(expand("acme-inc").unwrap());
    assert!(map.control(&options).is_ok());
    // One name of two records that are one is no question; of two that are not it is.
    let files = |identities| {
        map_of_two(
            "id,type,name_en\na,company,Acme\nb,company,Acme\n",
            identities,
        )
    };
    assert_eq!(
        files("a,b,same\na,b,yes\n").player("Acme").unwrap(),
        expand("a").unwrap()
    );
    assert!(files("a,b,same\na,b,no\n").player("Acme").is_err());
}

fn map_of_two(players: &str, identities: &str) -> Map {
    map(&[("players.csv", players), ("identities.csv", identities)])
}

#[test]
fn the_records_on_the_board_have_all_names_and_speak_of_the_player_that_is_shown() {
    let files = [
        (
            "players.csv",
            "id,type,name_en,name_zh,alias,note,part_of\n\
            beta,company,Beta,,B1,,\nbeta-2,company,Beta Ltd,贝塔,B1;B2,A note,parent\nparent,company,Parent,,,,\n",
        ),
        ("documents.csv", DOCUMENTS),
        (
            "identities.csv",
            "a,b,same,document\nbeta,beta-2,yes,filing\n",
        ),
        (
            "observations.csv",
            "id,subject,metric,document,amount,unit\no,beta-2,revenue,filing,5,USD_bn\n",
        ),
        (
            "claims.csv",
            "id,about,document,text,asserted_by\nc,beta-2,filing,It grows,beta-2\n",
        ),
    ];
    let map = map(&files);
    let records = map.shown_records().unwrap();
    let beta = expand("beta").unwrap();
    let player = &records.players[&beta];
    assert_eq!(
        player.labels.iter().collect::<Vec<_>>(),
        [("en", "Beta"), ("zh", "贝塔")]
    );
    assert_eq!(player.aliases, ["B1", "Beta Ltd", "B2"]);
    assert_eq!(player.note.as_deref(), Some("A note"));
    assert_eq!(player.part_of, expand("parent"));
    assert_eq!(records.players.len(), 2);
    assert_eq!(records.observations[0].subject, beta);
    let claim = &records.claims[&oxigraph::model::NamedOrBlankNode::from(expand("c").unwrap())];
    assert_eq!(
        (&claim.about, claim.asserted_by.as_ref()),
        (&beta, Some(&beta))
    );
    // The text itself keeps what it says.
    assert_eq!(map.records().unwrap().players.len(), 3);
}

#[test]
fn sums_between_joined_players_count_all_their_edges() {
    let edges = "id,from,to,family,kind,amount,unit,since,status,document\n\
        e1,acme,target,supply,chips,3,USD_bn,2024,committed,filing\n\
        e2,acme-inc,target,supply,chips,4,USD_bn,2024,committed,filing\n\
        e3,target,other,supply,chips,1,USD_bn,2024,committed,filing\n";
    let map = map(&[
        ("players.csv", PLAYERS),
        ("documents.csv", DOCUMENTS),
        ("edges.csv", edges),
        (
            "identities.csv",
            "a,b,same,document\nacme,acme-inc,yes,filing\n",
        ),
    ]);
    let position = map.position().unwrap();
    let lens = position.network().unwrap();
    let (acme, target) = (
        lens.network.node(&expand("acme").unwrap()).unwrap(),
        lens.network.node(&expand("target").unwrap()).unwrap(),
    );
    assert_eq!(lens.network.node(&expand("acme-inc").unwrap()), Some(acme));
    assert_eq!(lens.network.graph.node_count(), 3);
    let between: Vec<_> = lens
        .edges()
        .filter(|edge| lens.network.graph.source(*edge) == acme)
        .filter(|edge| lens.network.graph.target(*edge) == target)
        .collect();
    let sums = lens.quantities(&between, Measure::Amount);
    let sums: Vec<_> = sums.values().map(ToString::to_string).collect();
    assert_eq!(sums, ["$7 bn"]);
    // SPARQL shows one supplier; its two edges keep the ends written in the text.
    assert_eq!(
        rows(&map, "SELECT ?who { ?who pm:supplies id:target }"),
        ["acme"]
    );
    assert_eq!(
        rows(
            &map,
            "SELECT ?e ?from { ?e pm:from ?from ; pm:to id:target } ORDER BY ?e"
        ),
        ["e1 acme", "e2 acme-inc"]
    );
    assert_eq!(
        rows(&map, "SELECT ?who ?one { ?who pm:shownAs ?one }"),
        ["acme-inc acme"]
    );
    // And in a picture.
    let scene = powermap::picture::whole_scene(&position, powermap::Lang::En).unwrap();
    let names: Vec<_> = scene.players().iter().map(|p| p.name.as_str()).collect();
    assert_eq!(names.len(), 3, "{names:?}");
    assert!(names.contains(&"Acme") && !names.contains(&"Acme Incorporated"));
}

#[test]
fn a_stake_in_what_is_the_same_player_is_left_out_and_told() {
    let edges = "id,from,to,family,kind,amount,unit,since,status,document\n\
        own,acme,acme-inc,investment,ownership,100,percent,2020,completed,filing\n\
        itself,other,other,investment,loan,1,USD_bn,2020,completed,filing\n\
        stake,acme-inc,target,investment,ownership,60,percent,2020,completed,filing\n";
    let map = map(&[
        ("players.csv", PLAYERS),
        ("documents.csv", DOCUMENTS),
        ("edges.csv", edges),
        (
            "identities.csv",
            "a,b,same,document\nacme,acme-inc,yes,register\n",
        ),
    ]);
    let board = map.board().unwrap();
    let on_board: Vec<_> = board
        .edges
        .keys()
        .map(|id| short_name(id.as_str()))
        .collect();
    assert_eq!(
        on_board,
        ["itself", "stake"],
        "an edge that was written so stays"
    );
    assert_eq!(board.within, [expand("own").unwrap()]);
    assert_eq!(rows(&map, "SELECT ?e ?p { ?e pm:within ?p }"), ["own acme"]);
    assert!(
        !map.shown_records()
            .unwrap()
            .edges
            .contains_key(&expand("own").unwrap())
    );
    assert!(findings(&map).contains(&(
        "edge-within-a-player".to_owned(),
        "from acme to acme-inc, which are one player, acme".to_owned()
    )));
    let before = known_by(&map, "2025-05-31");
    assert!(before.board().unwrap().within.is_empty());
}

/// The check queries that found something, and what.
fn findings(map: &Map) -> Vec<(String, String)> {
    let found = map.check().unwrap().into_iter();
    found
        .filter_map(|finding| match finding.kind {
            FindingKind::Refuted(refuted) => Some((refuted.query.clone(), refuted.reason)),
            _ => None,
        })
        .collect()
}

#[test]
fn only_identities_that_hold_join() {
    for (status, joins) in [
        ("", true),
        ("committed", true),
        ("completed", true),
        ("rumoured", false),
        ("disputed", false),
        ("announced", false),
        ("cancelled", false),
    ] {
        let map = holders(&format!("acme,acme-inc,yes,register,l,{status}\n"));
        assert_eq!(shown(&map).len(), usize::from(joins), "{status}");
        let links = map.board().unwrap().joined.links().to_vec();
        let outcome = if joins {
            Outcome::Joined
        } else {
            Outcome::Loose
        };
        assert_eq!((links.len(), &links[0].outcome), (1, &outcome), "{status}");
        assert_eq!(links[0].claims.len(), 1);
    }
    // A history: said, and withdrawn later.
    let map =
        holders("acme,acme-inc,yes,filing,l,completed\nacme,acme-inc,yes,register,l,disputed\n");
    assert_eq!(shown(&by_policy(&map, Policy::Latest)), []);
    assert_eq!(shown(&map).len(), 1, "the filing is nearer to the facts");
    assert_eq!(
        shown(&known_by(&by_policy(&map, Policy::Latest), "2025-05-31")).len(),
        1
    );
    // What somebody thinks joins nobody.
    let header = "a,b,same,document,modality\n";
    let files = holder_files(&format!("{header}acme,acme-inc,yes,filing,opinion\n"));
    let map = self::map(&files.each_ref().map(|(a, b)| (*a, b.as_str())));
    assert_eq!(shown(&map), []);
}

#[test]
fn where_claims_say_both_the_policy_decides() {
    let both = "acme,acme-inc,yes,filing,l,\nacme-inc,acme,no,blog,l,\n";
    let map = holders(both);
    assert_eq!(
        map.records().unwrap().identities.len(),
        1,
        "the order of two means nothing"
    );
    for (policy, joins) in [
        (Policy::Weighed, true),
        (Policy::MostTrusted, true),
        (Policy::Latest, false),
        (Policy::Lowest, false),
        (Policy::All, false),
        (Policy::Highest, true),
    ] {
        let map = by_policy(&map, policy);
        assert_eq!(shown(&map).len(), usize::from(joins), "{policy}");
        let different = if joins {
            Outcome::Joined
        } else {
            Outcome::Different
        };
        assert_eq!(
            map.board().unwrap().joined.links()[0].outcome,
            different,
            "{policy}"
        );
    }
    let conflicts = map.conflicts().unwrap();
    assert_eq!(conflicts.len(), 1);
    assert_eq!(conflicts[0].reason, ConflictReason::OneAndNot);
    assert_eq!(known_by(&map, "2025-08-31").conflicts().unwrap(), []);
    // Of equal rank, they are not joined.
    let map = holders("acme,acme-inc,yes,filing,l,\nacme,acme-inc,no,filing,m,\n");
    assert_eq!(shown(&map), []);
    // A rumour that they are not one keeps nobody apart.
    let map = holders("acme,acme-inc,yes,blog,l,\nacme,acme-inc,no,filing,m,rumoured\n");
    assert_eq!(shown(&map).len(), 1);
    // A correction takes the place of what it corrects.
    let header = "id,a,b,same,document\n";
    let files = holder_files(&format!("{header}i,acme,acme-inc,no,blog\n"));
    let claims = "id,about,document,same,stance,qualifies\n\
        c1,i,filing,yes,,\nc2,i,blog,no,supersedes,c1\n";
    let mut files: Vec<_> = files.iter().map(|(a, b)| (*a, b.as_str())).collect();
    files.push(("claims.csv", claims));
    assert_eq!(shown(&self::map(&files)), []);
}

#[test]
fn a_circle_with_a_difference_in_it_is_cut_at_its_last_link() {
    let players = "id,type\na,company\nb,company\nc,company\nd,company\n";
    let orders = [
        "a,b,yes\nb,c,yes\nc,d,yes\nd,a,no\n",
        "c,d,yes\na,d,no\nc,b,yes\nb,a,yes\n",
    ];
    for order in orders {
        let map = map_of_two(players, &format!("a,b,same\n{order}"));
        assert_eq!(shown(&map), pairs(&[("b", "a"), ("c", "a")]));
        let board = map.board().unwrap();
        let refused = board.joined.links().iter();
        let refused: Vec<_> = refused
            .filter(|link| matches!(link.outcome, Outcome::Contradicted(_)))
            .collect();
        assert_eq!(refused.len(), 1);
        assert_eq!(refused[0].players, ["c", "d"].map(|id| expand(id).unwrap()));
        let apart = ["a", "d"].map(|id| expand(id).unwrap());
        assert_eq!(refused[0].outcome, Outcome::Contradicted(apart));
        let findings = findings(&map);
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert_eq!(
            findings[0].1,
            "the identity of c and d is not followed: a and d are said not to be one"
        );
        let found = map.check().unwrap().into_iter();
        let claims = found.flat_map(|finding| finding.claims).count();
        assert_eq!(claims, 2, "what says so, and what says no");
    }
    // A nearer source is followed first.
    let map = self::map(&[
        ("players.csv", players),
        ("documents.csv", DOCUMENTS),
        (
            "identities.csv",
            "a,b,same,document\na,b,yes,blog\nb,c,yes,filing\na,c,no,blog\n",
        ),
    ]);
    assert_eq!(shown(&map), pairs(&[("c", "b")]));
}

const LEI: &str = "HWUPKR0MPOU8FGXBT394";

#[test]
fn one_identifier_makes_one_player_unless_a_claim_says_no() {
    let players = format!(
        "id,type,name_en,identifier\nb,company,B,lei:{LEI}; wikidata:q182477\na,fund,A,LEI:{}\n\
         c,company,C,isin:US67066G1040\nd,company,D,isin:US67066G1040\n",
        LEI.to_lowercase()
    );
    let map = map_of_two(&players, "a,b,same\n");
    assert_eq!(
        shown(&map),
        pairs(&[("b", "a")]),
        "an ISIN names a security"
    );
    assert_eq!(map.records().unwrap().identifiers.len(), 5);
    assert_eq!(map.check().unwrap().len(), 0);
    let map = map_of_two(&players, "a,b,same\na,b,no\n");
    assert_eq!(shown(&map), []);
    let links = map.board().unwrap().joined.links().to_vec();
    let outcomes: Vec<_> = links.iter().map(|link| &link.outcome).collect();
    let both = ["a", "b"].map(|id| expand(id).unwrap());
    assert_eq!(
        outcomes,
        [&Outcome::Contradicted(both), &Outcome::Different]
    );
    assert_eq!(findings(&map), [], "the map says why");
    // Three have it, and two of them are different: the third is one with the first.
    let players = format!(
        "id,type,identifier\na,company,lei:{LEI}\nb,company,lei:{LEI}\nc,company,lei:{LEI}\n"
    );
    let map = map_of_two(&players, "a,b,same\na,b,no\n");
    assert_eq!(shown(&map), pairs(&[("c", "a")]));
    let map = map_of_two(&players, "a,b,same\na,b,no\na,c,no\n");
    assert_eq!(shown(&map), pairs(&[("c", "b")]));
}

#[test]
fn a_primary_source_comes_before_a_shared_identifier_and_that_before_other_sources() {
    let players =
        format!("id,type,identifier\na,company,lei:{LEI}\nb,company,lei:{LEI}\nc,company,\n");
    let with = |document| {
        let identities = format!("a,b,same,document\na,c,no,filing\nb,c,yes,{document}\n");
        let files = [
            ("players.csv", players.as_str()),
            ("documents.csv", DOCUMENTS),
            ("identities.csv", &identities),
        ];
        shown(&map(&files))
    };
    assert_eq!(with("filing"), pairs(&[("c", "b")]));
    assert_eq!(with("register"), pairs(&[("b", "a")]));
    assert_eq!(with("blog"), pairs(&[("b", "a")]));
}

#[test]
fn an_identifier_with_a_claim_is_known_when_its_document_is_out() {
    let identifiers = format!(
        "player,scheme,value,document,status\nacme,lei,{LEI},filing,\nacme-inc,LEI,{LEI},register,\n\
         target,GB-COH,01,register,\nother,gb-coh,01,filing,rumoured\n"
    );
    let map = map(&[
        ("players.csv", PLAYERS),
        ("documents.csv", DOCUMENTS),
        ("identifiers.csv", &identifiers),
    ]);
    assert_eq!(
        shown(&map),
        pairs(&[("acme-inc", "acme")]),
        "a rumour joins nobody"
    );
    assert_eq!(map.board().unwrap().joined.links()[0].claims.len(), 2);
    assert_eq!(shown(&known_by(&map, "2025-05-31")), []);
}

#[test]
fn a_person_and_a_company_are_never_one() {
    let players = format!(
        "id,type,identifier\nada,person,lei:{LEI}\nworks,company,lei:{LEI}\nfund,fund,lei:{LEI}\n"
    );
    let folder = folder(&[("players.csv", &players)]);
    let map = Map::open(folder.path()).unwrap();
    assert_eq!(shown(&map), pairs(&[("works", "fund")]));
    let warnings: Vec<_> = map.warnings().iter().map(ToString::to_string).collect();
    let path = folder.path().join("players.csv").display().to_string();
    assert_eq!(
        warnings[0].replace(&path, "players.csv"),
        "players.csv:3:1: lei HWUPKR0MPOU8FGXBT394 is an identifier of 'works', a company, and of 'ada', a person, \
         players.csv, line 2: they are not shown as one (correct one of the identifiers or types)"
    );
    assert_eq!(
        findings(&map),
        [(
            "identity-not-followed".to_owned(),
            format!(
                "LEI {LEI} of ada and fund is not followed: ada and fund are of different sorts"
            )
        )]
    );
    // Whoever says so.
    let map = map_of_two(
        "id,type\nada,person\nworks,company\n",
        "a,b,same\nada,works,yes\n",
    );
    assert_eq!(shown(&map), []);
    assert_eq!(
        findings(&map)[0].1,
        "the identity of ada and works is not followed: ada and works are of different sorts"
    );
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    let players = ("players.csv", "id,type\nacme,company\nbabbage,company\n");
    for (name, text, expected) in [
        (
            "identities.csv",
            "a,b,same\nacme,acme,yes\n",
            "identities.csv:2:6: column 2 'b': 'acme' is the player in the column 'a' too (give the other player, or \
             remove the row)",
        ),
        (
            "identities.csv",
            "a,b,same\nacme,babage,yes\n",
            "identities.csv:2:6: column 'b': there is no player 'babage' (did you mean 'babbage'?)",
        ),
        (
            "identities.csv",
            "a,b,same\nacme,babbage,perhaps\n",
            "identities.csv:2:14: column 3 'same': 'perhaps' is neither yes nor no (write yes or no; true, false, 1 and 0 are read too)",
        ),
        (
            "identities.csv",
            "a,b,same\nacme,babbage,\n",
            "identities.csv:2:1: nothing says so: the cell 'same' is empty (write yes or no, or add a row about the \
             identity to claims.csv)",
        ),
        (
            "identities.csv",
            "a,b,same\nacme,babbage,yes\nbabbage,acme,yes\n",
            "identities.csv:3:1: this row says the same as identities.csv, line 2 (remove it, or tell the two apart by a \
             date, a document or an id)",
        ),
        (
            "identifiers.csv",
            "player,scheme,value\nacme,lie,x\n",
            "identifiers.csv:2:6: column 2 'scheme': 'lie' is no scheme of identifiers: expected lei, cik, isin, wikidata, \
             opencorporates, opensanctions, littlesis, icij, or the code of a register such as GB-COH (did you mean 'lei'?)",
        ),
        (
            "identifiers.csv",
            "player,scheme,value\nacme,lei,HWUPKR0MPOU8FGXBT349\n",
            "identifiers.csv:2:10: column 3 'value': 'HWUPKR0MPOU8FGXBT349' is no identifier of the scheme lei: expected the \
             check digits 94 at the end (ISO 17442), or one of the other characters is wrong",
        ),
        (
            "identifiers.csv",
            "player,scheme,value\nnobody,cik,1\n",
            "identifiers.csv:2:1: column 'player': there is no player 'nobody' (add a row such as 'nobody,company' to \
             players.csv)",
        ),
        (
            "more-players.csv",
            "id,type,identifier\nada,person,Q7259\n",
            "more-players.csv:2:12: column 3 'identifier': 'Q7259' has no scheme: expected a scheme, a colon and a value, \
             such as lei:549300S4KLFTLO7GSQ80",
        ),
        (
            "more-players.csv",
            "id,type,identifier\nada,person,wikidata:7259\n",
            "more-players.csv:2:12: column 3 'identifier': '7259' is no identifier of the scheme wikidata: expected Q and a \
             number, such as Q21708200",
        ),
    ] {
        let folder = folder(&[players, (name, text)]);
        let error = Map::open(folder.path()).unwrap_err();
        let error = match error.hint() {
            Some(hint) => format!("{error} ({hint})"),
            None => error.to_string(),
        };
        let prefix = format!("{}/", folder.path().display());
        assert_eq!(error.replace(&prefix, ""), expected);
    }
    let error = refused(&[
        players,
        ("identities.csv", "a,b,same,note\nacme,babbage,yes,\n"),
    ]);
    assert!(error.contains("the column 'note' is not known"), "{error}");
}

#[test]
fn what_is_wrong_in_rdf_is_a_finding() {
    let text = "@prefix pm: <https://w3id.org/powermap/ns#> . @prefix id: <https://w3id.org/powermap/id/> .\n\
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n\
        id:acme a pm:Company ; rdfs:label 'Acme' ; pm:identifier [ pm:scheme pm:LEJ ; pm:value 'x' ] , \
            [ pm:scheme pm:CIK ; pm:value 'abc' ] , [ pm:scheme pm:CIK ] , 'lei' .\n\
        id:self a pm:Identity ; pm:between id:acme , id:acme .\n\
        id:far a pm:Identity ; pm:between id:acme , id:acne .\n\
        id:claim a pm:Claim ; pm:about id:acme ; pm:same true .\n";
    let map = map(&[("map.ttl", text)]);
    let problems: Vec<_> = map
        .problems()
        .unwrap()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        problems,
        [
            "id:acme, pm:identifier: a node with pm:scheme and pm:value is expected, not \"lei\"",
            "id:acme, pm:scheme: pm:LEJ is no scheme of identifiers (did you mean pm:LEI?)",
            "id:acme, pm:value: 'abc' is no identifier of the scheme cik: expected 1 to 10 digits, such as 0001045810",
            "id:acme, pm:value: is required and missing",
            "id:claim, pm:same: a claim that does not speak of an identity (pm:Identity) has none",
            "id:far, pm:between: there is no player id:acne (did you mean id:acme?)",
            "id:self, pm:between: two different players are expected, and there is one",
        ]
    );
    assert_eq!(shown(&map), []);
}

#[test]
fn rdf_and_tables_say_the_same() {
    let identifiers = format!(
        "player,scheme,value,document,locator\nacme,lei,{LEI},filing,p1\nacme,isin,US67066G1040,,\n"
    );
    let identities = "id,a,b,same,document,locator,said,status,asserted_by,text\n\
        i,acme,acme-inc,yes,register,p3,2025-06-02,completed,other,They are one\n\
        ,target,other,no,filing,p4,,,,\n,acme,target,,,,,,,\n";
    let players = PLAYERS.replace(
        "target,company,Target,",
        "target,company,Target,GB-COH:0123;wikidata:Q42",
    );
    let claims = "about,document,same,period\nidentity-x,filing,yes,2025\n";
    let identity = "id,a,b,same\nidentity-x,acme,other,\n";
    let files = [
        ("players.csv", players.as_str()),
        ("documents.csv", DOCUMENTS),
        ("identifiers.csv", &identifiers),
        (
            "identities.csv",
            &identities.replace(",acme,target,,,,,,,\n", ""),
        ),
        ("more-identities.csv", identity),
        ("claims.csv", claims),
    ];
    let first = map(&files);
    let records = first.records().unwrap();
    assert_eq!(
        (records.identifiers.len(), records.identities.len()),
        (4, 3)
    );
    // To RDF and back.
    let again = Map::from_quads(first.quads().unwrap()).unwrap();
    assert_eq!(again.records().unwrap(), records);
    // To tables and back.
    let written = first.tables().unwrap();
    assert_eq!(written.left_out, Vec::<String>::new());
    let text_of = |table: Table| {
        let found = written.tables.iter().find(|(of, _)| *of == table);
        found.unwrap().1.clone()
    };
    assert!(text_of(Table::Players).contains("GB-COH:0123;wikidata:Q42"));
    assert!(
        text_of(Table::Identities)
            .contains("\ni,acme,acme-inc,yes,register,p3,other,,2025-06-02,completed")
    );
    let files: Vec<_> = written
        .tables
        .iter()
        .map(|(table, text)| (format!("{table}.csv"), text.clone()))
        .collect();
    let files: Vec<_> = files
        .iter()
        .map(|(a, b)| (a.as_str(), b.as_str()))
        .collect();
    assert_eq!(map(&files).records().unwrap(), records);
}

#[test]
fn a_compiled_map_answers_as_its_text() {
    let map = holders("acme-inc,acme,yes,register,line 7,\n");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("map.pmap");
    map.compile(&path, |_| {}).unwrap();
    let open = || Map::open(&path).unwrap();
    assert_eq!(open().records().unwrap(), map.records().unwrap());
    // Without the records: the network comes from the columns.
    let (text, compiled) = (map.position().unwrap(), open().position().unwrap());
    assert_eq!(
        compiled.network().unwrap().network,
        text.network().unwrap().network
    );
    assert_eq!(control(&open(), "target"), control(&map, "target"));
    let position = open().position().unwrap();
    position.network().unwrap();
    assert_eq!(
        position.player("acme-inc").unwrap(),
        expand("acme").unwrap()
    );
    let before = "2025-05-31";
    assert_eq!(
        control(&known_by(&open(), before), "target"),
        control(&known_by(&map, before), "target")
    );
    assert_eq!(control(&known_by(&open(), before), "target").len(), 2);
    let query = "SELECT ?who ?whom { ?who pm:investsIn ?whom }";
    assert_eq!(rows(&open(), query), ["acme target"]);
    let first = expand("second").unwrap();
    let compiled = open();
    let records = compiled.records_of([first.clone().into()]).unwrap();
    assert_eq!(records.edges[&first].from, expand("acme").unwrap());
}

#[test]
fn a_hundred_thousand_identities_of_one_player_take_no_time() {
    let count = 100_000;
    let mut players = String::from("id,type,name_en,identifier\n");
    let mut identities = String::from("a,b,same\n");
    for number in 0..count {
        players.push_str(&format!(
            "p{number:06},company,Player {number},CIK:{number}\n"
        ));
        if number > 0 {
            let hub = if number % 2 == 0 { 0 } else { number - 1 };
            identities.push_str(&format!("p{hub:06},p{number:06},yes\n"));
        }
    }
    // Half of them share one identifier too, and one is apart from all the others.
    players.push_str("stranger,company,Stranger,\n");
    identities.push_str("p000000,stranger,no\np050000,stranger,yes\n");
    let sources = [
        Source {
            name: "players.csv",
            table: Table::Players,
            bytes: players.as_bytes(),
        },
        Source {
            name: "identities.csv",
            table: Table::Identities,
            bytes: identities.as_bytes(),
        },
    ];
    let known = Map::from_quads([]).unwrap();
    let (mut records, _) = csv::read(&sources, known.records().unwrap())
        .strict()
        .unwrap();
    records.concepts = known.records().unwrap().concepts.clone();
    for (number, identifier) in records.identifiers.values_mut().enumerate() {
        if number % 2 == 0 {
            identifier.value = "0000000001".to_owned();
        }
    }
    let start = Instant::now();
    let board = Board::resolve(&records, View::default());
    let (records, board) = (Arc::new(records), Arc::new(board));
    let position = Position::new(Arc::clone(&records), Arc::clone(&board));
    let names = position.records().players[0].aliases.len();
    let seconds = start.elapsed().as_secs_f64();
    assert_eq!(names, count - 1);
    let first = expand("p000000").unwrap();
    assert_eq!(board.joined.members(&first).len(), count);
    assert_eq!(
        board.joined.shown(&expand("stranger").unwrap()),
        &expand("stranger").unwrap()
    );
    assert!(seconds < 20.0, "{seconds} s");
    let network = Network::from_board(&records, &board).unwrap();
    assert_eq!(network.graph.node_count(), 2);
}

#[test]
fn who_is_shown_depends_on_no_order() {
    // A foreign id comes after those of the map's own, whatever its letters.
    let players = "id,type\nhttp://a.example/x,company\nzeta,company\neta,company\n";
    for identities in [
        "zeta,eta,yes\nzeta,http://a.example/x,yes\n",
        "http://a.example/x,zeta,yes\neta,zeta,yes\n",
    ] {
        let map = map_of_two(players, &format!("a,b,same\n{identities}"));
        assert_eq!(
            shown(&map),
            pairs(&[("http://a.example/x", "eta"), ("zeta", "eta")])
        );
    }
}

#[test]
fn a_map_without_identities_is_shown_as_it_is() {
    let map = Map::built_in().unwrap();
    assert!(map.board().unwrap().joined.is_empty());
    let (records, shown): (&Records, &Records) =
        (map.records().unwrap(), map.shown_records().unwrap());
    assert!(std::ptr::eq(records, shown));
}

#[test]
fn an_import_counts_identifiers_and_identities_and_refuses_what_is_wrong() {
    let folder = folder(&[("players.csv", PLAYERS), ("documents.csv", DOCUMENTS)]);
    let file = |text: &str| NewFile {
        name: "identities.csv".to_owned(),
        bytes: text.as_bytes().to_vec(),
        format: Format::Csv,
        table: None,
    };
    let wrong = file("a,b,same\nacme,acme,yes\nacme,acme-inc,yes\n");
    let error = Map::import(folder.path(), std::slice::from_ref(&wrong), false).unwrap_err();
    assert!(
        error.to_string().starts_with("identities.csv:2:6:"),
        "{error}"
    );
    let imported = Map::import(folder.path(), &[wrong], true).unwrap();
    assert_eq!(imported.left_out.len(), 1);
    assert_eq!((imported.added.identities, imported.added.claims), (1, 1));
    assert_eq!(shown(&imported.map), pairs(&[("acme-inc", "acme")]));
    let identifiers = NewFile {
        name: "identifiers.csv".to_owned(),
        ..file("player,scheme,value\nacme,cik,1\nother,wikidata,Q1\n")
    };
    let imported = Map::import(folder.path(), &[identifiers], false).unwrap();
    assert_eq!((imported.added.identifiers, imported.added.claims), (2, 0));
}

#[test]
fn an_update_may_say_that_two_players_are_one() {
    let files = [
        ("players.csv", PLAYERS),
        ("edges.csv", EDGES),
        ("documents.csv", DOCUMENTS),
    ];
    let folder = folder(&files);
    let mut map = Map::open(folder.path()).unwrap();
    assert_eq!(control(&map, "target").len(), 2);
    map.update(
        "INSERT DATA { id:i a pm:Identity ; pm:between id:acme , id:acme-inc . \
         id:c a pm:Claim ; pm:about id:i ; pm:same true ; pm:document id:filing ; pm:locator 'p9' }",
    )
    .unwrap();
    assert_eq!(control(&map, "target").len(), 1);
}

/// Joins pair by pair, in their order, whatever leaves all that are said to differ in different groups.
fn naive(said: &BTreeMap<(usize, usize), bool>, players: usize) -> Vec<usize> {
    let mut group: Vec<usize> = (0..players).collect();
    for (a, b) in said
        .iter()
        .filter(|(_, same)| **same)
        .map(|(pair, _)| *pair)
    {
        let (one, other) = (group[a].min(group[b]), group[a].max(group[b]));
        let joined: Vec<_> = group
            .iter()
            .map(|of| if *of == other { one } else { *of })
            .collect();
        let mut apart = said.iter().filter(|(_, same)| !**same);
        if apart.all(|((x, y), _)| joined[*x] != joined[*y]) {
            group = joined;
        }
    }
    group
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn groups_are_those_of_the_definition(
        rows in proptest::collection::vec((0usize..9, 0usize..9, prop::bool::weighted(0.7)), 0..20),
    ) {
        let mut said: BTreeMap<(usize, usize), bool> = BTreeMap::new();
        for (a, b, same) in rows.into_iter().filter(|(a, b, _)| a != b) {
            // Of equal rank, who says no has it.
            let known = said.entry((a.min(b), a.max(b))).or_insert(true);
            *known &= same;
        }
        let mut players = String::from("id,type\n");
        (0..9).for_each(|number| players.push_str(&format!("p{number},company\n")));
        let mut identities = String::from("a,b,same\n");
        for ((a, b), same) in said.iter().rev() {
            identities.push_str(&format!("p{b},p{a},{}\n", if *same { "yes" } else { "no" }));
        }
        let map = map_of_two(&players, &identities);
        let board = map.board().unwrap();
        let expected = naive(&said, 9);
        for (number, first) in expected.iter().enumerate() {
            let id = expand(&format!("p{number}")).unwrap();
            prop_assert_eq!(board.joined.shown(&id), &expand(&format!("p{first}")).unwrap());
        }
    }
}

/// Two records of one holder, each with a stake in the same company, by two registers.
fn told_by_two(edges: &str) -> Map {
    let players = "id,type,name_en,identifier\n\
        a1,company,Acme,lei:HWUPKR0MPOU8FGXBT394\n\
        a2,company,ACME INC,lei:HWUPKR0MPOU8FGXBT394\n\
        co,company,Co,\n";
    let documents = "id,title,issued,tier\nr1,One,2025-03-01,primary\nr2,Two,2025-03-01,primary\n";
    let edges = format!("id,from,to,family,kind,amount,unit,since,status,document\n{edges}");
    map(&[
        ("players.csv", players),
        ("documents.csv", documents),
        ("edges.csv", &edges),
    ])
}

#[test]
fn a_stake_that_two_records_of_one_holder_tell_counts_once() {
    let holder = |verdict, share| vec![("a1".to_owned(), verdict, share)];
    let stakes = |first: &str, second: &str| {
        control(
            &told_by_two(&format!(
                "e1,a1,co,investment,ownership,{first}\ne2,a2,co,investment,ownership,{second}\n"
            )),
            "co",
        )
    };
    let thirty = "30,percent,2020-01-01,completed";
    let no = holder(Verdict::No, 0.3);
    assert_eq!(stakes(&format!("{thirty},r1"), &format!("{thirty},r2")), no);
    // A register that has another day, or none, knows of the same stake.
    assert_eq!(
        stakes(
            &format!("{thirty},r1"),
            "30,percent,2019-12-15,completed,r2"
        ),
        no
    );
    assert_eq!(
        stakes(&format!("{thirty},r1"), "30,percent,,completed,r2"),
        no
    );
    // Where the two differ, the stake is what both allow, or disputed.
    assert_eq!(
        stakes(&format!("{thirty},r1"), "<=60,percent,2020,completed,r2"),
        no
    );
    assert_eq!(
        stakes(&format!("{thirty},r1"), "60,percent,2020,completed,r2"),
        holder(Verdict::Possible, 0.6)
    );
    // One that does not know how much says nothing more.
    assert_eq!(stakes(&format!("{thirty},r1"), ",,,completed,r2"), no);
    // A document that lists both tells of two stakes; votes are no capital.
    assert_eq!(
        stakes(&format!("{thirty},r1"), &format!("{thirty},r1")),
        holder(Verdict::Certain, 0.6)
    );
    assert_eq!(
        stakes(
            "40,percent-votes,2020,completed,r1",
            &format!("{thirty},r2")
        ),
        no
    );
}

#[test]
fn money_that_two_records_of_one_player_tell_counts_once_if_it_begins_together() {
    let lent = |first: &str, second: &str| {
        let map = told_by_two(&format!(
            "e1,a1,co,investment,loan,5,USD_bn,{first},committed,r1\n\
             e2,a2,co,investment,loan,5,USD_bn,{second},committed,r2\n"
        ));
        let board = map.board().unwrap();
        let again = board.told_again.iter();
        let again: Vec<_> = again
            .map(|(again, edge)| {
                format!(
                    "{} {}",
                    short_name(again.as_str()),
                    short_name(edge.as_str())
                )
            })
            .collect();
        let counted = rows(&map, "SELECT ?a ?b { ?a pm:countedAs ?b }");
        assert_eq!(again, counted);
        board.edges.len()
    };
    assert_eq!(lent("2020", "2020-05"), 1);
    assert_eq!(lent("2020", ""), 1);
    assert_eq!(lent("2020", "2021"), 2);
}

#[test]
fn named_queries_speak_of_the_player_that_is_shown() {
    let map = told_by_two(
        "e1,a1,co,investment,loan,5,USD_bn,2020,committed,r1\n\
         e2,a2,co,supply,chips,4,USD_bn,2021,committed,r2\n",
    );
    let catalogue = powermap::catalogue::Catalogue::built_in().unwrap();
    let ask = |map: &Map, name: &str, player: &str| {
        let given = [("player".to_owned(), player.to_owned())];
        let query = catalogue.get(name).unwrap();
        let Results::Solutions(rows) = map.ask(query, &given).unwrap() else {
            panic!("not a SELECT query");
        };
        rows.filter(Result::is_ok).count()
    };
    // A name or an id of either record finds the edges of both.
    assert_eq!(ask(&map, "edges-of", "a1"), 2);
    assert_eq!(ask(&map, "edges-of", "a2"), 2);
    assert_eq!(ask(&map, "investments-by", "ACME INC"), 1);
    assert_eq!(ask(&map, "edges-of", "co"), 2);
    // What the text says stays as it is.
    assert_eq!(rows(&map, "SELECT ?e { ?e pm:from id:a2 }"), ["e2"]);
}
