//! Small maps from the field, each with the value that a careful reader of its sources would print.

use crate::support::verdicts::{control, report, row};
use powermap::analysis::{
    ControlBasis, ControlOptions, LoopsOptions, PathStep, PathWeight, PathsOptions, Verdict,
};
use powermap::map::FindingKind;
use powermap::model::vocabulary::{PREFIXES, short_name};
use powermap::model::{Flow, Policy, Quantity, TimeSpan};
use powermap::{Lang, Map, View, picture};
use powermap_picture::Drawing;
use powermap_rdf::Results;
use std::fs;
use tempfile::TempDir;

/// A map of these tables; a table of edges is alone.
fn map(files: &[(&str, &str)]) -> (TempDir, Map) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let map = Map::open(folder.path()).unwrap();
    (folder, map)
}

const EDGES: &str =
    "id,from,to,family,kind,right,lower,upper,amount,unit,since,until,status,document,locator\n";

fn edges(rows: &str) -> Map {
    map(&[("edges.csv", &format!("{EDGES}{rows}"))]).1
}

use ControlBasis::{Chain, Shares, Stated, Votes};
use Verdict::{Certain, Joint, No, Possible};

#[test]
fn one_stake_in_two_documents_is_one_stake() {
    let header = "from,to,family,kind,amount,unit,since,status,document,locator\n";
    let row_of = |document| {
        format!("pat,target,investment,ownership,30,percent,2020,completed,{document},p5\n")
    };
    let text = format!("{header}{}{}", row_of("report-2023"), row_of("report-2024"));
    let (_folder, map) = map(&[("edges.csv", &text)]);
    assert_eq!(map.records().unwrap().edges.len(), 1);
    assert_eq!(map.records().unwrap().claims.len(), 2);
    assert_eq!(
        control(&map, "target"),
        [row("pat", No, Shares, (0.3, 0.3))]
    );
    // Another start, kind, deal or player is another edge; ids say so too.
    let map = edges(
        "a,pat,target,investment,ownership,,,,30,percent,2020,,completed,x,1\n\
         b,pat,target,investment,ownership,,,,30,percent,2020,,completed,y,1\n",
    );
    assert_eq!(
        control(&map, "target"),
        [row("pat", Certain, Shares, (0.6, 0.6))]
    );
    // A row without an id joins the one edge that it fits.
    let map = edges(
        "a,pat,target,investment,ownership,,,,30,percent,2020,,completed,x,1\n\
         ,pat,target,investment,ownership,,,,31,percent,2020,,completed,y,1\n",
    );
    assert_eq!(map.records().unwrap().edges.len(), 1);
    // Claims of equal rank that exclude each other are joined to the least interval that holds both, and disputed.
    let board = map.board().unwrap();
    assert!(board.edges[0].disputed);
    assert_eq!(
        control(&map, "target"),
        [row("pat", No, Shares, (0.3, 0.31))]
    );
}

#[test]
fn votes_and_capital_are_apart() {
    let map = edges(
        "cap,holdco,utility,investment,ownership,,,,27.74,percent,2019,,completed,ir,capital\n\
         fund,fund,utility,investment,ownership,,,,40,percent,2019,,completed,ir,capital\n\
         vote,holdco,utility,investment,ownership,votes,,,62.45,percent,2019,,completed,ir,votes\n",
    );
    assert_eq!(
        control(&map, "utility"),
        [
            row("holdco", Certain, Votes, (0.2774, 0.2774)),
            row("fund", No, Votes, (0.4, 0.4)),
        ]
    );
    // Neither 20 % of the capital nor 35 % of the votes controls.
    let map = edges(
        "e0,pat,alpha,investment,ownership,capital,,,20,percent,2019,,completed,reg,shares\n\
         e1,pat,alpha,investment,ownership,votes,,,35,percent,2019,,completed,reg,votes\n",
    );
    assert_eq!(control(&map, "alpha"), [row("pat", No, Votes, (0.2, 0.2))]);
    // Who holds all the votes that are stated leaves the others what is left.
    let map = edges(
        "e0,pat,alpha,investment,ownership,votes,,,45,percent,2019,,completed,reg,1\n\
         e1,sam,alpha,investment,ownership,,,,80,percent,2019,,completed,reg,2\n",
    );
    assert_eq!(
        control(&map, "alpha"),
        [
            row("sam", Possible, Votes, (0.8, 0.8)),
            row("pat", No, Votes, None),
        ]
    );
    let map =
        edges("e0,pat,alpha,investment,ownership,profit,,,90,percent,2019,,completed,reg,1\n");
    assert_eq!(control(&map, "alpha"), []);
}

#[test]
fn control_that_is_stated_counts_whatever_the_shares() {
    for kind in [
        "control",
        "charter-control",
        "contract-control",
        "golden-share",
        "consolidation",
        "majority-appointment",
        "nominee",
    ] {
        let map = edges(&format!(
            "e0,founder,media-co,investment,ownership,,,,10,percent,2019,,completed,charter,r0\n\
             e1,fund,media-co,investment,ownership,,,,90,percent,2019,,completed,charter,r1\n\
             e2,founder,media-co,influence,{kind},,,,52.6,percent,2019,,completed,charter,r2\n"
        ));
        assert_eq!(
            control(&map, "media-co"),
            [
                row("founder", Certain, Stated, (0.1, 0.1)),
                row("fund", No, Shares, (0.9, 0.9)),
            ],
            "{kind}"
        );
    }
    // Through somebody who holds in its own name for another.
    let map = edges(
        "e0,nominee-ltd,target,investment,ownership,,,,80,percent,2019,,completed,bods,1\n\
         e1,pat,nominee-ltd,influence,control,,,,,,2019,,completed,bods,2\n",
    );
    assert_eq!(
        control(&map, "target"),
        [
            row("nominee-ltd", Certain, Shares, (0.8, 0.8)),
            row("pat", Certain, Chain, None),
        ]
    );
    // A planned takeover makes its buyer possible.
    let map = edges(
        "e0,owner,target,investment,ownership,,,,100,percent,2019,,completed,r,1\n\
         e1,buyer,target,influence,control,,,,,,2020,,planned,r,2\n",
    );
    assert_eq!(
        control(&map, "target"),
        [
            row("owner", Certain, Shares, (1.0, 1.0)),
            row("buyer", Possible, Stated, None),
        ]
    );
    // Two that are both certain cannot be; both are shown, and the company is named.
    let map = edges(
        "e0,one,target,influence,control,,,,,,2019,,completed,r,1\n\
         e1,two,target,influence,control,,,,,,2019,,completed,r,2\n",
    );
    let found = report(&map, "target");
    assert_eq!(found.contradicted, [map.player("target").unwrap()]);
    assert!(found.rows.iter().all(|row| row.verdict == Certain));
    // A circle of statements ends.
    let map = edges(
        "e0,one,two,influence,control,,,,,,2019,,completed,r,1\n\
         e1,two,one,influence,control,,,,,,2019,,completed,r,2\n",
    );
    assert_eq!(control(&map, "one"), [row("two", Certain, Stated, None)]);
}

#[test]
fn a_stake_without_a_number_is_named() {
    let map = edges(
        "e0,pat,alpha,investment,ownership,,,,,,2019,,completed,reg,r0\n\
         e1,sam,alpha,investment,ownership,,,,30,percent,2019,,completed,reg,r1\n",
    );
    let found = report(&map, "alpha");
    assert_eq!(found.unknown.len(), 1);
    assert_eq!(found.unknown[0].0, map.player("pat").unwrap());
}

#[test]
fn a_ratio_of_an_investment_is_a_share() {
    for ratio in ["0.51", "0.29", "0.07"] {
        let map = edges(&format!(
            "e0,pat,a,investment,ownership,,,,{ratio},ratio,2019,,completed,wikidata,1\n"
        ));
        let share: f64 = ratio.parse().unwrap();
        let verdict = if share > 0.5 { Certain } else { No };
        assert_eq!(
            control(&map, "a"),
            [row("pat", verdict, Shares, (share, share))]
        );
    }
    // A multiple is none.
    let map = edges("e0,pat,a,investment,ownership,,,,2,ratio,2019,,completed,w,1\n");
    assert_eq!(report(&map, "a").unknown.len(), 1);
}

#[test]
fn bounds_can_be_exclusive() {
    let band = |lower, upper| {
        format!(
            "e0,pat,acorn,investment,ownership,,{lower},{upper},,percent,2020,,completed,psc,1\n"
        )
    };
    let verdict = |lower, upper| control(&edges(&band(lower, upper)), "acorn")[0].1;
    assert_eq!(verdict(">50", "75"), Certain);
    assert_eq!(verdict("50", "75"), Possible);
    assert_eq!(verdict(">=50", "<75"), Possible);
    assert_eq!(verdict(">25", "50"), No);
    assert_eq!(verdict("", "<=50"), No);
    // More than 25 and more than 25 is more than half, if one has both.
    let map = edges(
        "e0,pat,acorn,investment,ownership,,>25,50,,percent,2020,,completed,psc,1\n\
         e1,sub,acorn,investment,ownership,,>25,50,,percent,2020,,completed,psc,2\n\
         e2,pat,sub,investment,ownership,,>75,100,,percent,2020,,completed,psc,3\n",
    );
    let rows = control(&map, "acorn");
    assert_eq!((rows[0].0.as_str(), rows[0].1), ("pat", Certain));
    // As text and back.
    let tables = map.tables().unwrap();
    let (_, text) = tables
        .tables
        .iter()
        .find(|(table, _)| table.name() == "edges")
        .unwrap();
    assert!(text.contains(">75"), "{text}");
    let again = Map::from_quads(map.quads().unwrap()).unwrap();
    assert_eq!(again.records().unwrap(), map.records().unwrap());
    let quantity = map.board().unwrap().edges[2].values[0].quantity;
    assert_eq!(quantity.to_string(), "> 75–100%");
    // Bounds that exclude every number, and signs on the wrong side.
    for (lower, upper) in [(">50", "50"), (">50", "<50"), ("<50", ""), ("", ">50")] {
        let text = format!("{EDGES}{}", band(lower, upper));
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("edges.csv"), text).unwrap();
        let error = Map::open(folder.path()).unwrap_err().to_string();
        assert!(error.contains("edges.csv:2:"), "{error}");
    }
    let joint = edges(
        "e0,a,venture,investment,ownership,,,,50,percent,2020,,completed,r,1\n\
         e1,b,venture,investment,ownership,,,,50,percent,2020,,completed,r,2\n",
    );
    assert_eq!(
        control(&joint, "venture"),
        [
            row("a", Joint, Shares, (0.5, 0.5)),
            row("b", Joint, Shares, (0.5, 0.5))
        ]
    );
}

#[test]
fn a_moment_is_read_as_its_day() {
    let prefixes: String = PREFIXES
        .iter()
        .map(|(name, iri)| format!("@prefix {name}: <{iri}> .\n"))
        .collect();
    let text = format!(
        "{prefixes}id:pat a pm:Person . id:alpha a pm:Company . id:reg a pm:Document .\n\
         id:e1 a pm:Investment ; pm:from id:pat ; pm:to id:alpha ; pm:kind pm:Ownership ;\n\
             pm:since \"2022-03-15T21:30:34.488Z\"^^xsd:dateTime ; pm:until \"2023-01-31T00:00:00+02:00\"^^xsd:dateTime .\n\
         id:c1 a pm:Claim ; pm:about id:e1 ; pm:document id:reg ; pm:modality pm:Statement ;\n\
             pm:amount [ pm:lower 60 ; pm:upper 60 ; pm:unit unit:PERCENT ] ; pm:status pm:Completed .\n"
    );
    let (_folder, map) = map(&[("a.ttl", &text)]);
    assert_eq!(map.problems().unwrap(), []);
    let on = |day: &str| {
        let as_of = Some(day.parse().unwrap());
        control(
            &map.with_view(View {
                as_of,
                ..View::default()
            }),
            "alpha",
        )
    };
    assert_eq!(on("2020-01-01"), []);
    assert_eq!(on("2022-06-01"), [row("pat", Certain, Shares, (0.6, 0.6))]);
    assert_eq!(on("2023-02-01"), []);
    for text in [
        "2022-03-15Z",
        "2022-03-15+02:00",
        "2022-03-15T21:30:34",
        "2022-03-15T24:30:34.488-05:00",
    ] {
        let read = text.parse::<TimeSpan>().map(|span| span.to_string());
        let is_hour = !text.contains("T24");
        assert_eq!(
            read.ok(),
            is_hour.then(|| "2022-03-15".to_owned()),
            "{text}"
        );
    }
}

#[test]
fn successive_stakes_are_no_contradiction() {
    let (_folder, map) = map(&[
        (
            "edges.csv",
            "id,from,to,family,kind,since\nrel-1,mara,weave-ltd,investment,ownership,2002-03-09\n",
        ),
        (
            "claims.csv",
            "id,about,document,locator,said,holds_from,amount,unit,status\n\
             c1,rel-1,register,v1,2019-01-20,2002-03-09,100,percent,completed\n\
             c2,rel-1,register,v2,2021-09-25,2021-09-24,40,percent,completed\n",
        ),
    ]);
    assert_eq!(map.conflicts().unwrap(), []);
    assert!(!map.board().unwrap().edges[0].disputed);
    let on = |day: &str| {
        let as_of = Some(day.parse().unwrap());
        control(
            &map.with_view(View {
                as_of,
                ..View::default()
            }),
            "weave-ltd",
        )[0]
        .3
    };
    assert_eq!(on("2010-01-01"), Some((1.0, 1.0)));
    assert_eq!(on("2021-09-24"), Some((0.4, 0.4)));
    let timeline = map.timeline().unwrap();
    let values: Vec<_> = timeline
        .iter()
        .filter_map(|entry| {
            Some((
                entry.when.to_string(),
                entry.what.to_string(),
                entry.values.first()?.point()?,
            ))
        })
        .collect();
    assert_eq!(
        values,
        [
            ("2002-03-09".to_owned(), "begins".to_owned(), 100.0),
            ("2021-09-24".to_owned(), "value".to_owned(), 40.0),
        ]
    );
}

#[test]
fn the_timeline_says_what_the_board_of_the_day_says() {
    let (_folder, map) = map(&[
        (
            "documents.csv",
            "id,issued,tier\nfiling,2025-10-06,primary\npaper,2025-10-08,news\n",
        ),
        (
            "edges.csv",
            "id,from,to,family,kind,since\ne,maker,lab,supply,chips,2025-10-06\n",
        ),
        (
            "claims.csv",
            "id,about,document,said,holds_from,amount,unit,status\n\
             early,e,paper,2025-10-08,2025-10,12,USD_bn,completed\n\
             sure,e,filing,2025-10-06,,10,USD_bn,committed\n\
             late,e,filing,2026-03-01,2026-02-01,10,USD_bn,cancelled\n",
        ),
    ]);
    let told: Vec<_> = map
        .timeline()
        .unwrap()
        .into_iter()
        .map(|entry| {
            let claims: Vec<_> = entry.claims.iter().map(ToString::to_string).collect();
            let claims = claims
                .join(" ")
                .replace("https://w3id.org/powermap/id/", "");
            let status = entry.status.map_or("", |status| status.name());
            (
                entry.when.to_string(),
                entry.what.to_string(),
                status,
                claims,
            )
        })
        .collect();
    let told: Vec<_> = told
        .iter()
        .map(|(when, what, status, claims)| (&when[..], &what[..], *status, &claims[..]))
        .collect();
    // What the paper retells is neither the value nor a status of any day.
    assert_eq!(
        told,
        [
            ("2025-10-06", "begins", "", "<sure>"),
            ("2025-10-06", "status", "committed", "<sure>"),
            ("2026-02-01", "status", "cancelled", "<late>"),
        ]
    );
}

#[test]
fn a_stake_told_through_others_does_not_count_beside_its_chain() {
    let map = edges(
        "e1,pat,holdco,investment,ownership,,,,80,percent,2017,,completed,bods,s1\n\
         e2,holdco,target,investment,ownership,,,,50,percent,2017,,completed,bods,s2\n\
         e3,pat,target,investment,ownership,,,,40,percent,2017,,completed,bods,s3\n",
    );
    let rows = control(&map, "target");
    // Whoever decides in one half of the votes decides with the other half.
    assert_eq!(rows[0].1, Joint);
    assert_eq!(rows[1], row("pat", Joint, Chain, (0.4, 0.4)));
    assert_eq!(report(&map, "target").indirect.len(), 1);
    // Declared as such, whatever the number; and counted where there is no chain.
    let declared = |chain: &str| {
        edges(&format!(
            "{chain}e3,pat,target,investment,indirect-ownership,,,,35,percent,2017,,completed,bods,s3\n"
        ))
    };
    let chain = "e1,pat,holdco,investment,ownership,,,,80,percent,2017,,completed,bods,s1\n\
                 e2,holdco,target,investment,ownership,,,,50,percent,2017,,completed,bods,s2\n";
    assert_eq!(control(&declared(chain), "target")[1].3, Some((0.4, 0.4)));
    assert_eq!(control(&declared(""), "target")[0].3, Some((0.35, 0.35)));
    // A direct stake that is not the product counts.
    let map = edges(&format!(
        "{chain}e3,pat,target,investment,ownership,,,,10,percent,2017,,completed,bods,s3\n"
    ));
    assert_eq!(control(&map, "target")[0].3, Some((0.5, 0.5)));
}

#[test]
fn an_interest_made_of_others_counts_with_them_only() {
    let header =
        "id,from,to,family,kind,right,amount,unit,since,components,status,document,locator\n";
    let map_of = |rows: &str| map(&[("edges.csv", &format!("{header}{rows}"))]).1;
    let chain = "e1,pat,alpha,investment,ownership,,80,percent,2017,,completed,d,1\n\
                 e2,alpha,beta,investment,ownership,,60,percent,2017,,completed,d,2\n\
                 e3,beta,target,investment,ownership,,40,percent,2017,,completed,d,3\n";
    let made = |kind: &str, parts: &str| {
        map_of(&format!(
            "{chain}e4,pat,target,investment,{kind},,15,percent,2017,{parts},completed,d,4\n"
        ))
    };
    let pat = |map: &Map| {
        let found = control(map, "target").into_iter();
        found
            .map(|row| (row.0.clone(), row.3))
            .find(|(who, _)| who == "pat")
            .unwrap()
            .1
    };
    let near = |share: Option<(f64, f64)>, whole: f64| share == Some((whole, whole));
    // 80 % of 60 % of 40 %, and not 15 % besides, whatever kind the interest has.
    assert!(near(pat(&made("ownership", "e1;e2;e3")), 0.192));
    assert!(near(pat(&made("indirect-ownership", "e1;e2;e3")), 0.192));
    // Declared as held through others, without a list: the chain of three is found.
    assert!(near(pat(&made("indirect-ownership", "")), 0.192));
    // Neither declared nor listed: a stake of its own.
    assert!(near(pat(&made("ownership", "")), 0.342));
    // Where a part is not on the map, or says of no share, the interest is all that is known.
    let alone = map_of("e4,pat,target,investment,ownership,,15,percent,2017,e1;e2,completed,d,4\n");
    assert!(near(pat(&alone), 0.15));
    let vague = map_of(
        "e1,pat,alpha,influence,association,,,,2017,,completed,d,1\n\
         e2,alpha,target,investment,ownership,,40,percent,2017,,completed,d,2\n\
         e4,pat,target,investment,ownership,,15,percent,2017,e1;e2,completed,d,4\n",
    );
    assert!(near(pat(&vague), 0.15));
    // Interests that are made of each other are all that is known, too.
    let round = map_of(
        "e1,pat,target,investment,ownership,,15,percent,2017,e2,completed,d,1\n\
         e2,sam,target,investment,ownership,,20,percent,2017,e1,completed,d,2\n",
    );
    assert!(near(pat(&round), 0.15));
    let made = made("ownership", "e1;e2;e3");
    assert_eq!(report(&made, "target").indirect.len(), 1);
    // A compiled map gives the same.
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("map.pmap");
    made.compile(&file, |_| {}).unwrap();
    assert!(near(pat(&Map::open(&file).unwrap()), 0.192));
}

/// Rows of ownership: id, owner, company, kind, right, percent.
fn stakes(rows: &[(&str, &str, &str, &str, &str, u32)]) -> Map {
    let rows = rows.iter().map(|(id, from, to, kind, right, percent)| {
        let family = if kind.contains("control") {
            "influence"
        } else {
            "investment"
        };
        let (percent, unit) = match percent {
            0 => (String::new(), ""),
            percent => (percent.to_string(), "percent"),
        };
        format!(
            "{id},{from},{to},{family},{kind},{right},,,{percent},{unit},2020,,completed,d,{id}\n"
        )
    });
    edges(&rows.collect::<String>())
}

#[test]
fn a_direct_stake_beside_an_indirect_one_counts_alone() {
    for right in ["", "votes"] {
        let map = stakes(&[
            ("e1", "pat", "h", "ownership", right, 60),
            ("e2", "h", "t", "ownership", right, 30),
            ("e3", "pat", "t", "indirect-ownership", right, 18),
            ("e4", "pat", "t", "ownership", right, 15),
        ]);
        let pat = control(&map, "t")
            .into_iter()
            .find(|row| row.0 == "pat")
            .unwrap();
        assert_eq!(pat.1, No, "{right}: 15 and 30 through h are no majority");
        let report = report(&map, "t");
        assert_eq!(report.indirect.len(), 1);
        assert!(report.unknown.is_empty());
    }
}

#[test]
fn control_through_votes_is_a_chain() {
    let map = stakes(&[
        ("e1", "pat", "h1", "ownership", "votes", 90),
        ("e2", "h1", "t", "ownership", "votes", 90),
    ]);
    assert_eq!(
        control(&map, "t"),
        [
            row("h1", Certain, Votes, None),
            row("pat", Certain, Chain, None)
        ]
    );
    let report = report(&map, "t");
    assert!(report.contradicted.is_empty());
    assert_eq!(report.rows[1].votes, None, "pat has no vote of its own");
}

#[test]
fn below_a_majority_control_by_another_takes_nothing() {
    let map = stakes(&[
        ("e1", "fund", "t", "ownership", "", 30),
        ("e2", "small", "t", "ownership", "", 5),
        ("e3", "founder", "t", "charter-control", "", 0),
        ("e4", "owner", "founder", "ownership", "", 80),
    ]);
    let verdicts = |threshold: f64| {
        let options = ControlOptions {
            threshold,
            ..ControlOptions::of(map.player("t").unwrap())
        };
        let report = map.control(&options).unwrap();
        assert!(report.contradicted.is_empty());
        let rows = report.rows.into_iter();
        let mut rows: Vec<_> = rows
            .map(|row| (short_name(row.controller.as_str()).to_owned(), row.verdict))
            .collect();
        rows.sort();
        rows
    };
    let of = |fund: Verdict| {
        let rows = [
            ("founder", Certain),
            ("fund", fund),
            ("owner", Certain),
            ("small", No),
        ];
        rows.map(|(name, verdict)| (name.to_owned(), verdict))
    };
    assert_eq!(verdicts(0.5), of(No));
    assert_eq!(verdicts(0.25), of(Certain));
    // Several can exceed a quarter.
    let map = stakes(&[
        ("e1", "a", "t", "ownership", "", 30),
        ("e2", "b", "t", "ownership", "", 30),
    ]);
    let options = ControlOptions {
        threshold: 0.25,
        ..ControlOptions::of(map.player("t").unwrap())
    };
    let report = map.control(&options).unwrap();
    assert_eq!(
        report
            .rows
            .iter()
            .filter(|row| row.verdict == Certain)
            .count(),
        2
    );
    assert!(report.contradicted.is_empty());
}

#[test]
fn to_control_itself_takes_nothing_from_others() {
    let map = stakes(&[
        ("e1", "b", "x", "ownership", "", 60),
        ("e2", "x", "x", "charter-control", "", 0),
    ]);
    assert_eq!(control(&map, "x"), [row("b", Certain, Shares, (0.6, 0.6))]);
}

#[test]
fn a_right_to_appoint_most_of_the_board_is_control() {
    let of = |percent| stakes(&[("e1", "a", "t", "ownership", "appointment", percent)]);
    assert_eq!(control(&of(75), "t"), [row("a", Certain, Stated, None)]);
    assert!(report(&of(75), "t").unknown.is_empty());
    // Less than a majority of the board is no control, and tells no share.
    assert_eq!(control(&of(40), "t"), []);
    let unknown = report(&of(40), "t").unknown;
    let owners: Vec<_> = unknown
        .iter()
        .map(|(owner, _)| short_name(owner.as_str()))
        .collect();
    assert_eq!(owners, ["a"]);
}

#[test]
fn votes_above_the_whole_are_said() {
    let map = stakes(&[
        ("e1", "a", "t", "ownership", "votes", 70),
        ("e2", "b", "t", "ownership", "votes", 60),
    ]);
    let above = report(&map, "t").oversubscribed;
    let above: Vec<_> = above.iter().map(|id| short_name(id.as_str())).collect();
    assert_eq!(above, ["t"]);
}

#[test]
fn a_claim_counts_with_its_status_from_the_day_it_speaks_of() {
    let edges = "id,from,to,family,kind,since\ne,a,b,investment,equity,2025-09-22\n";
    let claims = "id,about,amount,unit,status,said,document,stance,qualifies\n\
                  c1,e,100,USD_bn,letter-of-intent,2025-09-22,d,,\n\
                  c2,e,120,USD_bn,completed,2025-10-20,d,,\n\
                  c3,e,30,USD_bn,committed,2026-02-27,d,supersedes,c1\n\
                  c4,e,99,USD_bn,,2026-03-01,blog,,\n";
    let documents = "id,title,tier\nd,Filing,primary\nblog,Blog,blog\n";
    let tables = [
        ("edges.csv", edges),
        ("claims.csv", claims),
        ("documents.csv", documents),
    ];
    let map = map(&tables).1;
    let on = |day: &str| {
        let view = powermap::View {
            as_of: Some(day.parse().unwrap()),
            ..powermap::View::default()
        };
        let map = map.with_view(view);
        let board = map.board().unwrap();
        let edge = &board.edges[0];
        (
            edge.status.unwrap().name(),
            edge.values[0].quantity.upper.unwrap() / 1e9,
        )
    };
    assert_eq!(on("2025-09-30"), ("letter-of-intent", 100.0));
    assert_eq!(on("2025-10-31"), ("completed", 120.0));
    assert_eq!(on("2026-03-31"), ("committed", 30.0));
}

#[test]
fn a_list_of_parts_that_does_not_lead_there_tells_nothing() {
    let header = "id,from,to,family,kind,amount,unit,since,components,status,document,locator\n";
    let text = "e1,pat,h,investment,ownership,80,percent,2017,,completed,d,1\n\
                e4,pat,t,investment,ownership,60,percent,2017,e1,completed,d,4\n";
    let map = map(&[("edges.csv", &format!("{header}{text}"))]).1;
    assert_eq!(
        control(&map, "t"),
        [row("pat", Certain, Shares, (0.6, 0.6))]
    );
}

#[test]
fn stakes_that_follow_each_other_are_seen_from_the_last_without_any_day() {
    let header = "id,from,to,family,kind,amount,unit,since,until,status\n";
    let text = "e1,a,x,investment,ownership,60,percent,,2021-06-30,completed\n\
                e2,b,x,investment,ownership,60,percent,2021-07-01,,completed\n";
    let map = map(&[("edges.csv", &format!("{header}{text}"))]).1;
    assert_eq!(control(&map, "x"), [row("b", Certain, Shares, (0.6, 0.6))]);
}

#[test]
fn a_zero_before_a_comma_is_no_group_of_thousands() {
    let text = "from,to,family,amount,unit\na,b,investment,\"0,125\",USD_bn\n";
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("edges.csv"), text).unwrap();
    let error = Map::open(folder.path()).unwrap_err().to_string();
    assert!(
        error.contains("edges.csv:2:") && error.contains("0,125"),
        "{error}"
    );
}

#[test]
fn an_edge_is_no_part_of_itself() {
    let text = "id,from,to,family,kind,amount,unit,components\n\
                e1,pat,target,investment,ownership,15,percent,e1\n";
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("edges.csv"), text).unwrap();
    let error = Map::open(folder.path()).unwrap_err().to_string();
    assert!(
        error.contains("edges.csv:2:") && error.contains("no part of itself"),
        "{error}"
    );
}

#[test]
fn a_warrant_is_held_by_its_holder() {
    let map = edges(
        "e0,founder,alpha,investment,ownership,,,,60,percent,2019,,completed,cap,r0\n\
         e1,vc,alpha,investment,ownership,,,,40,percent,2019,,completed,cap,r1\n\
         e2,advisor,alpha,investment,warrant,,,,20,percent,2020,,completed,cap,r2\n",
    );
    assert_eq!(
        control(&map, "alpha"),
        [
            row("founder", Certain, Shares, (0.6, 0.6)),
            row("vc", No, Shares, (0.4, 0.4)),
            row("advisor", No, Shares, (0.0, 0.2)),
        ]
    );
    let direct = report(&map, "alpha").rows;
    assert_eq!(direct.last().unwrap().direct.unwrap().bounds(), (0.0, 0.2));
}

#[test]
fn a_warrant_in_the_older_form_is_held_by_its_holder() {
    let map = edges(
        "e0,founder,alpha,investment,ownership,,,,60,percent,2019-01-01,,completed,cap,r0\n\
         e1,vc,alpha,investment,ownership,,,,40,percent,2019-01-01,,completed,cap,r1\n\
         e2,alpha,advisor,investment,warrant,,,,20,percent,2020-01-01,,completed,cap,r2\n",
    );
    assert_eq!(
        control(&map, "alpha"),
        [
            row("founder", Certain, Shares, (0.6, 0.6)),
            row("vc", No, Shares, (0.4, 0.4)),
            row("advisor", No, Shares, (0.0, 0.2)),
        ]
    );
    let [notice] = &map.notices().unwrap()[..] else {
        panic!("one notice is expected");
    };
    let text = notice.text(Lang::En);
    assert!(text.contains("edges.csv:4: e2 (alpha → advisor)"), "{text}");
    assert!(text.contains("Put the holder into 'from'"), "{text}");
}

#[test]
fn spreadsheets_write_more_than_the_table() {
    let cells = "from,to,family,kind,upper,unit,since,status,document,locator";
    let row = "ada,babbage,investment,equity,20,USD_mn,2024,committed,ledger,p3";
    for text in [
        format!("{cells},,\n{row},,\n"),
        format!("{cells}\n{row},,\n"),
        format!("{cells},,\n{row}\n"),
        format!("sep=,\n{cells}\n{row}\n"),
        format!("sep=,\r\n{cells}, ,\r\n{row},,\r\n"),
    ] {
        let (_folder, map) = map(&[("edges.csv", &text)]);
        assert_eq!(map.records().unwrap().edges.len(), 1, "{text}");
    }
    let refused = |text: &str| {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("edges.csv"), text).unwrap();
        Map::open(folder.path()).unwrap_err()
    };
    let semicolons = format!("sep=;\n{cells}\n{row}\n").replace(',', ";");
    let (_folder, map) = map(&[("edges.csv", &semicolons)]);
    assert_eq!(map.records().unwrap().edges.len(), 1);
    let error = refused(&format!("{cells}\n{row},x\n")).to_string();
    assert!(error.contains("edges.csv:2:"), "{error}");
}

#[test]
fn a_decimal_comma_is_named() {
    for (cell, hint) in [
        ("12,5", "12.5"),
        ("-0,25", "-0.25"),
        ("1,2,3", "separators"),
    ] {
        let text =
            format!("from,to,family,upper,unit,document\na,b,investment,\"{cell}\",USD_mn,d\n");
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("edges.csv"), text).unwrap();
        let error = format!("{:?}", Map::open(folder.path()).unwrap_err());
        assert!(error.contains(hint), "{cell}: {error}");
    }
    // Where commas separate the cells, those in a number separate its thousands.
    let text = "from,to,family,upper,unit\na,b,investment,\"12,500\",USD_mn\n";
    let (_folder, map) = map(&[("edges.csv", text)]);
    let claims = &map.records().unwrap().claims;
    assert_eq!(claims[0].quantity.unwrap().upper, Some(1.25e10));
}

#[test]
fn nobody_knew_an_edge_before_somebody_said_it() {
    let (_folder, map) = map(&[
        ("edges.csv", "id,from,to,family,kind\ne,a,b,supply,cloud\n"),
        (
            "claims.csv",
            "about,document,said,amount,unit,status\ne,d,2025-03,5,USD_bn,announced\n",
        ),
    ]);
    let on = |day: &str| {
        let as_of = Some(day.parse().unwrap());
        let map = map.with_view(View {
            as_of,
            ..View::default()
        });
        let board = map.board().unwrap();
        (board.edges.len(), board.unknown_starts)
    };
    assert_eq!(on("2025-02-28"), (0, 1));
    assert_eq!(on("2025-03-01"), (1, 0));
}

#[test]
fn a_nearer_source_is_not_undone_by_a_retelling() {
    let documents =
        "id,issued,tier\nfiling,2025-10-06,primary\npaper,2025-12-01,news\nblog,2026-01-01,blog\n";
    let edge = "id,from,to,family,kind,since\ne,buyer,maker,supply,chips,2025-10-06\n";
    let resolved = |claims: &str, as_of: &str, policy| {
        let claims = format!("about,document,said,holds_from,lower,upper,unit,status\n{claims}");
        let (_folder, map) = map(&[
            ("documents.csv", documents),
            ("edges.csv", edge),
            ("claims.csv", &claims),
        ]);
        let as_of = Some(as_of.parse().unwrap());
        let map = map.with_view(View {
            as_of,
            policy,
            ..View::default()
        });
        let board = map.board().unwrap();
        board.edges.first().map(|(_, edge)| {
            let value = edge.values.first().map(|value| value.quantity.to_string());
            (edge.status.unwrap().name(), value, edge.disputed)
        })
    };
    let weighed = |claims: &str| resolved(claims, "2026-02-01", Policy::Weighed);
    let value = |text: &str| Some(text.to_owned());
    // A newspaper that repeats a filing does not undo it; one that tells of a change does.
    let filing = "e,filing,2025-10-06,,10,10,USD_bn,committed\n";
    let repeated = format!("{filing}e,paper,2025-12-01,,,12,USD_bn,announced\n");
    assert_eq!(
        weighed(&repeated),
        Some(("committed", value("$10 bn"), false))
    );
    assert_eq!(
        resolved(&repeated, "2026-02-01", Policy::Latest),
        Some(("announced", value("≤ $12 bn"), false))
    );
    let changed = format!("{filing}e,paper,2025-12-01,2025-11-20,8,8,USD_bn,contingent\n");
    assert_eq!(
        weighed(&changed),
        Some(("contingent", value("$8 bn"), false))
    );
    assert_eq!(
        resolved(&changed, "2025-11-01", Policy::Weighed),
        Some(("committed", value("$10 bn"), false))
    );
    // A change that is told of as having been before the filing is none.
    let before = format!("{filing}e,paper,2025-12-01,2025-09-01,8,8,USD_bn,contingent\n");
    assert_eq!(weighed(&before).unwrap().0, "committed");
    // Cancelled, and the edge is gone.
    let cancelled = format!("{filing}e,paper,2025-12-01,2025-11-30,,,,cancelled\n");
    assert_eq!(weighed(&cancelled), None);
    assert!(weighed(&format!("{filing}e,paper,2025-12-01,,,,,cancelled\n")).is_some());
    // Equal rank: what both allow, or the hull, disputed. Whatever the order and the ids.
    let both = [
        "e,filing,2025-10-06,,10,10,USD_bn,committed\n",
        "e,filing,2025-10-06,,,10,USD_bn,committed\n",
    ];
    for order in [[0, 1], [1, 0]] {
        let claims: String = order.map(|at| both[at]).concat();
        assert_eq!(
            weighed(&claims),
            Some(("committed", value("$10 bn"), false))
        );
    }
    let clash = [
        "e,filing,2025-10-06,,10,10,USD_bn,committed\n",
        "e,filing,2025-10-06,,,8,USD_bn,planned\n",
    ];
    for order in [[0, 1], [1, 0]] {
        let claims: String = order.map(|at| clash[at]).concat();
        assert_eq!(weighed(&claims), Some(("planned", value("≤ $10 bn"), true)));
    }
}

#[test]
fn a_name_of_several_players_is_no_name() {
    let (_folder, map) = map(&[
        (
            "players.csv",
            "id,type,name_en,name_zh,alias,note\n\
             p1,company,Meridian Holdings,,,registered in Jersey\n\
             p2,company,Meridian Holdings,,,registered in Cyprus\n\
             p3,person,Jo\u{e3}o da Silva,,,\n\
             p4,person,Joao da Silva,,,\n\
             p5,company,Альфа Банк,,Alfa Bank,\n\
             p6,company,AIfa Bank,,,capital i instead of l\n\
             p10,company,Straße AG,,,\n\
             p11,company,Oracle,甲骨文,ORCL,\n\
             p12,company,Meridian,,,\n",
        ),
        ("edges.csv", "from,to,family\np3,p1,investment\n"),
    ]);
    let found = |name: &str| {
        map.player(name)
            .map(|id| short_name(id.as_str()).to_owned())
    };
    let error = found("Meridian Holdings").unwrap_err();
    assert!(error.to_string().contains("p1, p2"), "{error}");
    assert!(error.hint().unwrap().to_string().contains("id"));
    // Composed or decomposed, in any case, at any width.
    for name in [
        "Jo\u{e3}o da Silva",
        "Joa\u{303}o da Silva",
        "JO\u{c3}O DA SILVA",
    ] {
        assert_eq!(found(name).unwrap(), "p3", "{name}");
    }
    // The first words of one name alone.
    assert_eq!(found("Joa\u{303}o").unwrap(), "p3");
    assert!(found("Meri").is_err(), "no whole word");
    assert!(found("Al").is_err(), "too short");
    assert_eq!(found("joao da silva").unwrap(), "p4");
    assert_eq!(found("alfa bank").unwrap(), "p5");
    assert_eq!(found("AIFA BANK").unwrap(), "p6");
    assert_eq!(found("STRASSE AG").unwrap(), "p10");
    assert_eq!(found("ＯＲＡＣＬＥ").unwrap(), "p11");
    for name in ["Oracle Corp.", "Oracle Corporation", "oracle, Inc.", "orcl"] {
        assert_eq!(found(name).unwrap(), "p11", "{name}");
    }
    // The name itself comes before names without their legal form.
    assert_eq!(found("Meridian").unwrap(), "p12");
    assert!(found("Corp.").is_err() && found("").is_err());
}

#[test]
fn circular_ownership_is_a_loop_that_can_be_asked_for() {
    let map = edges(
        "e1,alpha,beta,investment,ownership,,,,100,percent,2019,,completed,reg,r1\n\
         e2,beta,alpha,investment,ownership,,,,100,percent,2019,,completed,reg,r2\n\
         e3,beta,gamma,investment,ownership,,,,10,percent,2019,,completed,reg,r3\n",
    );
    assert!(
        map.loops(&LoopsOptions::default())
            .unwrap()
            .loops
            .is_empty()
    );
    let options = LoopsOptions {
        flows: vec![Flow::Ownership],
        ..LoopsOptions::default()
    };
    let found = map.loops(&options).unwrap().loops;
    let names: Vec<_> = found[0]
        .hops
        .iter()
        .map(|hop| short_name(hop.from.as_str()))
        .collect();
    assert_eq!((found.len(), names), (1, vec!["alpha", "beta"]));
    // Each holds all of itself through the other.
    let percent = |q: Option<Quantity>| q.map(|q| (q.lower, q.upper, q.unit.code()));
    let whole = Some((Some(100.0), Some(100.0), "percent"));
    assert_eq!(percent(found[0].circulating), whole);
    assert_eq!(percent(found[0].hops[0].amount), whole);
    // Cross-holdings of 40 % and up to 25 %: each holds at most 10 % of itself; a share that is not known says nothing
    // of the product but what the others allow.
    let map = edges(
        "e1,alpha,beta,investment,ownership,,,,40,percent,2019,,completed,reg,r1\n\
         e2,beta,alpha,investment,ownership,,,25,,percent,2019,,completed,reg,r2\n\
         e3,beta,gamma,investment,ownership,,,,60,percent,2019,,completed,reg,r3\n\
         e4,gamma,beta,investment,ownership,,,,,,2019,,completed,reg,r4\n",
    );
    let found = map.loops(&options).unwrap().loops;
    let shares: Vec<_> = found
        .iter()
        .map(|found| (percent(found.circulating), found.has_unknown))
        .collect();
    let upper = |upper| Some((None, Some(upper), "percent"));
    assert_eq!(shares, [(upper(10.0), false), (upper(60.0), true)]);
    assert!(found[1].hops.iter().any(|hop| hop.amount.is_none()));
}

#[test]
fn money_walks_from_a_customer_to_its_supplier_and_rivals_are_no_path() {
    let map = edges(
        "e1,maker,lab,supply,chips,,,,5,USD,2020,,completed,reg,r1\n\
         e2,fund,lab,investment,equity,,,,9,USD,2020,,completed,reg,r2\n\
         e3,maker,rival,influence,competition,,,,,,2020,,completed,reg,r3\n\
         e4,fund,bank,investment,equity,,,2,,USD,2020,,completed,reg,r4\n\
         e5,bank,maker,investment,loan,,,,7,USD,2020,,completed,reg,r5\n\
         e6,lab,fund,influence,competition,,,,,,2020,,completed,reg,r6\n",
    );
    let ways = |from: &str, to: &str, flows: Vec<Flow>, weight| {
        let options = PathsOptions {
            flows,
            weight,
            ..PathsOptions::between(map.player(from).unwrap(), map.player(to).unwrap())
        };
        let paths = map.paths(&options).unwrap().paths;
        let name = |step: &PathStep| short_name(step.to.as_str()).to_owned();
        paths
            .iter()
            .map(|path| path.steps.iter().map(name).collect::<Vec<_>>().join(" "))
            .collect::<Vec<_>>()
    };
    let cash = || vec![Flow::Cash];
    use PathWeight::{Amount, Hops};
    assert_eq!(
        ways("fund", "maker", cash(), Hops),
        ["bank maker", "lab maker"]
    );
    // Five can go through the lab, at most two through the bank.
    assert_eq!(
        ways("fund", "maker", cash(), Amount),
        ["lab maker", "bank maker"]
    );
    assert!(ways("maker", "fund", cash(), Hops).is_empty());
    assert_eq!(
        ways("maker", "fund", vec![], Hops),
        ["bank fund", "lab fund"]
    );
    assert_eq!(ways("maker", "lab", vec![Flow::Goods], Hops), ["lab"]);
    assert!(ways("lab", "rival", vec![], Hops).is_empty());
    // The loop fund–lab–maker–… lacks a leg; that of the rivals is no tie.
    let near = LoopsOptions {
        near: true,
        ..LoopsOptions::default()
    };
    let found = map.loops(&near).unwrap().loops;
    let missing: Vec<_> = found
        .iter()
        .filter_map(|found| found.missing.as_ref())
        .map(|leg| (short_name(leg.from.as_str()), short_name(leg.to.as_str())))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
    // What ties two players by influence is enough for a near loop.
    let map = edges(
        "e1,maker,lab,supply,chips,,,,5,USD,2020,,completed,reg,r1\n\
         e2,fund,lab,investment,equity,,,,9,USD,2020,,completed,reg,r2\n\
         e3,maker,fund,influence,partnership,,,,,,2020,,completed,reg,r3\n",
    );
    let found = map.loops(&near).unwrap().loops;
    assert_eq!(found.len(), 1);
    let missing = found[0].missing.as_ref().unwrap();
    assert_eq!(short_name(missing.from.as_str()), "maker");
    assert_eq!(short_name(missing.to.as_str()), "fund");
    assert_eq!(short_name(missing.ties[0].as_str()), "e3");
    let amount = found[0].circulating.unwrap();
    assert_eq!((amount.lower, amount.upper), (Some(5.0), Some(5.0)));
}

#[test]
fn goods_go_round_in_time_only_where_two_trades_do() {
    let map = edges(
        "e1,maker,lab,supply,chips,,,,5,USD,2020-01-01,,completed,reg,r1\n\
         e2,lab,maker,supply,cloud,,,,9,USD,2020-02-01,,completed,reg,r2\n",
    );
    let found = |window, flows| {
        let options = LoopsOptions {
            window: Some(window),
            flows,
            ..LoopsOptions::default()
        };
        map.loops(&options).unwrap().loops
    };
    let all = || vec![Flow::Goods, Flow::Service, Flow::Cash];
    // The chips and their price are one trade on one day: no loop within days.
    assert!(found(10, all()).is_empty());
    assert!(found(10, vec![Flow::Goods, Flow::Service]).is_empty());
    let later = found(40, vec![Flow::Goods, Flow::Service]);
    assert_eq!(later.len(), 1);
    // Goods begin with the chips, cash with the lab that pays for them.
    assert_eq!(short_name(later[0].hops[0].from.as_str()), "maker");
    let paid = found(40, vec![Flow::Cash]);
    assert_eq!(short_name(paid[0].hops[0].from.as_str()), "lab");
}

#[test]
fn an_edge_to_itself_is_exported() {
    let map = edges(
        "e1,alpha,alpha,investment,ownership,,,,10,percent,2020,,completed,reg,r1\n\
         e2,pat,alpha,investment,ownership,,,,40,percent,2020,,completed,reg,r2\n",
    );
    let scene = picture::whole_scene(&map.position().unwrap(), Lang::En).unwrap();
    assert_eq!(scene.arrows().len(), 2);
    for text in [
        powermap_picture::gexf(&scene, &[]),
        powermap_picture::graphml(&scene, &[]),
    ] {
        assert_eq!(text.matches("<edge ").count(), 2, "{text}");
    }
    // A picture of it is drawn without the edge that has no length.
    assert_eq!(Drawing::chess(scene.clone()).scene.arrows().len(), 1);
    assert_eq!(Drawing::layered(scene).scene.arrows().len(), 1);
}

#[test]
fn a_path_without_a_step_reaches_its_constant() {
    let data = "@prefix ex: <http://example.org/> .\n\
                ex:a a ex:T ; ex:p 1, 2 ; ex:next ex:b .\nex:b a ex:T ; ex:next ex:c .\n";
    let (folder, text) = map(&[("data.ttl", data)]);
    let file = folder.path().join("data.pmap");
    text.compile(&file, |_| {}).unwrap();
    for map in [text, Map::open(&file).unwrap()] {
        let column = |query: &str| {
            let prefix = "PREFIX ex: <http://example.org/> SELECT ?y ";
            let Results::Solutions(rows) = map.query(&format!("{prefix}{query}")).unwrap() else {
                unreachable!("a SELECT query gives rows");
            };
            let mut found: Vec<_> = rows
                .map(|row| row.unwrap().get("y").map(ToString::to_string))
                .collect();
            found.sort();
            found
        };
        let names = |names: &[&str]| -> Vec<_> {
            let iri = |name: &&str| Some(format!("<http://example.org/{name}>"));
            names.iter().map(iri).collect()
        };
        assert_eq!(column("{ ex:nowhere ex:p0* ?y }"), names(&["nowhere"]));
        assert_eq!(column("{ ?y ex:p0* ex:nowhere }"), names(&["nowhere"]));
        assert_eq!(column("{ ex:nowhere ex:p? ?y }"), names(&["nowhere"]));
        assert_eq!(column("{ ex:nowhere ex:p0+ ?y }"), names(&[]));
        assert_eq!(column("{ ex:a ex:next* ?y }"), names(&["a", "b", "c"]));
        assert_eq!(column("{ ex:a ex:p0* ?y }"), names(&["a"]));
    }
}

#[test]
fn who_buys_a_company_controls_it_once_the_purchase_is_completed() {
    let row_of = |id: &str, buyer: &str, share: &str, status: &str| {
        let unit = if share.is_empty() { "" } else { "percent" };
        format!("{id},{buyer},target,investment,acquisition,,,,{share},{unit},2024,,{status},x,1\n")
    };
    let one = |share: &str, status: &str| edges(&row_of("a", "buyer", share, status));
    let controller = |map: &Map| {
        let rows = control(map, "target");
        rows.first().map(|row| (row.0.clone(), row.1, row.2))
    };
    let buyer = |verdict, basis| Some(("buyer".to_owned(), verdict, basis));
    assert_eq!(controller(&one("", "completed")), buyer(Certain, Stated));
    assert_eq!(controller(&one("", "announced")), buyer(Possible, Stated));
    // Bound to buy is not yet the owner.
    assert_eq!(controller(&one("", "committed")), buyer(Possible, Stated));
    // Where a share is said, the share decides.
    assert_eq!(controller(&one("30", "completed")), buyer(No, Shares));
    assert_eq!(controller(&one("60", "completed")), buyer(Certain, Shares));
    // A bid that was turned down is nothing.
    assert_eq!(controller(&one("", "cancelled")), None);
    // An owner stays one until the purchase of another is completed.
    let founder = "f,founder,target,investment,ownership,,,,60,percent,2020,,completed,x,1\n";
    let map = edges(&format!("{founder}{}", row_of("a", "buyer", "", "planned")));
    let rows = control(&map, "target");
    let verdicts: Vec<_> = rows.iter().map(|row| (row.0.as_str(), row.1)).collect();
    assert_eq!(verdicts, [("founder", Certain), ("buyer", Possible)]);
    // It is the bought company's stakes that its buyer controls.
    let map = edges(&format!(
        "{}s,target,below,investment,ownership,,,,80,percent,2020,,completed,x,1\n",
        row_of("a", "buyer", "", "completed")
    ));
    let rows = control(&map, "below");
    assert!(
        rows.iter()
            .any(|row| (row.0.as_str(), row.1) == ("buyer", Certain))
    );
}

#[test]
fn thresholds_have_names() {
    let map = edges("a,pat,target,investment,ownership,,,,26,percent,2020,,completed,x,1\n");
    let verdict = |threshold: &str| {
        let given = [("of", "target"), ("threshold", threshold)];
        let answer = map.answer(&powermap::analysis::CONTROL, given);
        answer.map(|answer| answer.rows[0].cells[1].data())
    };
    for (threshold, expected) in [
        ("majority", "no"),
        ("beneficial-owner", "certain"),
        ("25%", "certain"),
        ("26 %", "joint"),
        ("minority", "certain"),
        ("0.3", "no"),
    ] {
        assert_eq!(verdict(threshold).unwrap(), expected, "{threshold}");
    }
    for wrong in ["half", "1", "100%", "-0.1", "NaN", "25%%", ""] {
        let error = verdict(wrong).unwrap_err().to_string();
        assert!(error.contains("beneficial-owner"), "{wrong}: {error}");
    }
}

#[test]
fn a_map_can_say_what_it_is() {
    let players = "id,type,name_en,name_zh,note\nmine,map,The bakers,面包商,Who lends flour to whom.\nada,company,Ada,,\n";
    let (folder, map) = map(&[
        ("players.csv", players),
        ("edges.csv", "from,to,family\nada,ben,supply\n"),
    ]);
    let records = map.records().unwrap();
    assert_eq!(records.title(Lang::En), Some("The bakers"));
    assert_eq!(records.title(Lang::Zh), Some("面包商"));
    assert_eq!(records.description(), Some("Who lends flour to whom."));
    assert!(
        !records
            .players
            .contains_key(&powermap::model::vocabulary::expand("mine").unwrap())
    );
    let story = map.tour(Lang::En).unwrap();
    assert_eq!(story.title, "The bakers");
    assert_eq!(
        story.sections[0].lines[0].text(),
        "Who lends flour to whom."
    );
    let scene = picture::scene(&map.position().unwrap(), &picture::SceneOptions::default());
    assert_eq!(scene.unwrap().title, "The bakers");
    drop(folder);
    let (_folder, wrong) = (
        tempfile::tempdir().unwrap(),
        "id,type,alias\nmine,map,ours\n",
    );
    fs::write(_folder.path().join("players.csv"), wrong).unwrap();
    let error = Map::open(_folder.path()).unwrap_err().to_string();
    assert!(error.contains("a map has names and a note only"), "{error}");
}

#[test]
fn the_contradictions_that_are_farthest_apart_come_first() {
    let map = map(&[
        (
            "edges.csv",
            "id,from,to,family\nx,a,b,supply\ny,c,d,supply\nz,e,f,supply\n",
        ),
        (
            "claims.csv",
            "about,document,amount,unit,status\n\
             x,one,10,USD,\nx,two,11,USD,\n\
             y,one,1,USD,\ny,two,50,USD,\n\
             z,one,,,committed\nz,two,,,cancelled\n",
        ),
    ])
    .1;
    let found = map.conflicts().unwrap();
    let order: Vec<_> = found
        .iter()
        .map(|conflict| (short_name(conflict.about.as_str()), conflict.apart))
        .collect();
    assert_eq!(order, [("y", Some(50.0)), ("z", None), ("x", Some(1.1))]);
}

#[test]
fn what_cannot_be_read_is_one_finding() {
    let (_folder, map) = map(&[(
        "map.ttl",
        "@prefix pm: <https://w3id.org/powermap/ns#> . @prefix id: <https://w3id.org/powermap/id/> .\n\
         @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n\
         id:e a pm:Supply ; pm:from id:a ; pm:to id:b ; pm:since \"2020-13-40\"^^xsd:date .\n\
         id:c a pm:Claim ; pm:about id:e ; pm:document id:d ; pm:locator \"1\" ; pm:said \"soon\" .\n\
         id:c2 a pm:Claim ; pm:about id:e ; pm:document id:d ; pm:locator \"2\" .\n",
    )]);
    let found: Vec<String> = map
        .check()
        .unwrap()
        .into_iter()
        .filter_map(|finding| match finding.kind {
            FindingKind::Record(problem) => Some(problem.to_string()),
            FindingKind::Shape(result) => Some(format!("shape {}", result.path?)),
            FindingKind::Refuted(refuted) => Some(refuted.query),
        })
        .filter(|text| {
            ["since", "said", "kind"]
                .iter()
                .any(|word| text.contains(word))
        })
        .collect();
    // Neither once more as a shape, nor once for each of two claims.
    assert_eq!(found.len(), 3, "{found:#?}");
    assert!(found[2].contains("edge-without-kind"), "{found:#?}");
}

#[test]
fn a_contradiction_of_later_days_is_none_of_an_earlier_one() {
    let (_folder, map) = map(&[
        (
            "edges.csv",
            "id,from,to,family,kind,since\ne,maker,lab,supply,chips,2020-01-01\n",
        ),
        (
            "claims.csv",
            "id,about,document,said,amount,unit\n\
             a,e,paper,2024-01-01,10,USD_bn\nb,e,journal,2024-02-01,20,USD_bn\n",
        ),
    ]);
    let on = |day: &str| {
        let as_of = Some(day.parse().unwrap());
        let view = View {
            as_of,
            ..View::default()
        };
        map.with_view(view).conflicts().unwrap().len()
    };
    assert_eq!((on("2024-01-31"), on("2024-02-01")), (0, 1));
    assert_eq!(map.conflicts().unwrap().len(), 1);
}
