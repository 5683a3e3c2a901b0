//! What a careful reader of the sources would print of small maps: amounts that are not known, plans, rights, totals.

use crate::support::verdicts::control;
use powermap::analysis::{ControlBasis, DependenceOptions, ExposureOptions, Verdict};
use powermap::model::vocabulary::{expand, short_name};
use powermap::model::{Lang, Quantity};
use powermap::picture::{self, Choice, Players, SceneOptions};
use powermap::{Map, View};
use std::fs;

fn tables(files: &[(&str, &str)]) -> Map {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    Map::open(folder.path()).unwrap()
}

const HEADER: &str =
    "id,from,to,family,kind,right,lower,upper,amount,unit,since,status,document,part_of_total\n";

fn edges(rows: &str) -> Map {
    tables(&[("edges.csv", &format!("{HEADER}{rows}"))])
}

fn tour(map: &Map) -> String {
    let story = map.tour(Lang::En).unwrap();
    let lines: Vec<_> = story.sentences().map(|sentence| sentence.text()).collect();
    lines.join("\n")
}

/// The label of the arrow between the only two players.
fn label(map: &Map) -> String {
    let options = SceneOptions {
        choice: Choice {
            players: Players::Unfolded,
            ..Choice::default()
        },
        ..SceneOptions::default()
    };
    let scene = picture::scene(&map.position().unwrap(), &options).unwrap();
    scene.arrows()[0].label()
}

fn bounds(quantity: &Quantity) -> (Option<f64>, Option<f64>) {
    (quantity.lower, quantity.upper)
}

#[test]
fn a_claim_that_says_from_when_it_holds_says_nothing_of_the_days_before() {
    let map = tables(&[
        (
            "documents.csv",
            "id,issued,tier\nfiling,2023-12-31,primary\npaper,2024-02-15,news\n",
        ),
        (
            "edges.csv",
            "id,from,to,family,kind,since\ne,a,d,investment,ownership,2020-01-01\n",
        ),
        (
            "claims.csv",
            "about,document,said,holds_from,amount,unit,status\n\
             e,filing,2024-01-02,2023-12-31,30,percent,completed\n\
             e,filing,2024-02-01,2024-01-31,40,percent,completed\n\
             e,paper,2024-02-15,2024-02-15,55,percent,completed\n",
        ),
    ]);
    let on = |day: &str| {
        let as_of = Some(day.parse().unwrap());
        let view = View {
            as_of,
            ..View::default()
        };
        control(&map.with_view(view), "d")
            .first()
            .and_then(|row| row.3)
    };
    assert_eq!(on("2020-01-01"), None);
    assert_eq!(on("2023-12-31"), Some((0.3, 0.3)));
    assert_eq!(on("2024-02-01"), Some((0.4, 0.4)));
    assert_eq!(on("2024-03-01"), Some((0.55, 0.55)));
    let told: Vec<_> = map
        .timeline()
        .unwrap()
        .into_iter()
        .filter(|entry| entry.status.is_none())
        .map(|entry| {
            (
                entry.when.to_string(),
                entry.values.first().and_then(|q| q.point()),
            )
        })
        .collect();
    let value = |when: &str, value| (when.to_owned(), value);
    assert_eq!(
        told,
        [
            value("2020-01-01", None),
            value("2023-12-31", Some(30.0)),
            value("2024-01-31", Some(40.0)),
            value("2024-02-15", Some(55.0)),
        ]
    );
}

#[test]
fn an_edge_without_an_amount_beside_others_opens_the_shares() {
    let map = edges(
        "e1,a,b,supply,cloud,,,,1,USD_bn,2024,committed,d,\n\
         e2,a,b,supply,chips,,,,,,2024,committed,d,\n\
         e3,c,b,supply,chips,,,,9,USD_bn,2024,committed,d,\n",
    );
    let options = DependenceOptions {
        players: vec![map.player("b").unwrap()],
        ..DependenceOptions::default()
    };
    let report = map.dependence(&options).unwrap();
    let shares: Vec<_> = report
        .rows
        .iter()
        .map(|row| {
            let value = row.value.as_ref().map(bounds);
            (
                short_name(row.counterparty.as_str()),
                row.share.lower,
                row.share.upper,
                value,
            )
        })
        .collect();
    let billions = |number: f64| Some((Some(number * 1e9), Some(number * 1e9)));
    assert_eq!(
        shares,
        [
            ("c", 0.0, 0.9, billions(9.0)),
            ("a", 0.1, 1.0, billions(1.0))
        ]
    );
    assert_eq!(report.partial[0].counterparties, [map.player("a").unwrap()]);
    assert!(!tour(&map).contains("90%"), "{}", tour(&map));
    // A part of a total has its amount in that.
    let map = edges(
        "t,group,b,investment,equity,,,,6,USD_bn,2024,completed,d,\n\
         p,a,b,investment,equity,,,,,,2024,completed,d,t\n\
         q,a,b,investment,equity,,,,4,USD_bn,2025,completed,d,\n",
    );
    let options = DependenceOptions {
        players: vec![map.player("b").unwrap()],
        ..DependenceOptions::default()
    };
    let rows = map.dependence(&options).unwrap().rows;
    assert_eq!((rows[0].share.lower, rows[0].share.upper), (0.6, 0.6));
}

#[test]
fn rights_and_plans_are_no_holdings_in_the_picture_either() {
    let map = edges(
        "a1,pat,co,investment,ownership,,,,40,percent,2020,completed,d,\n\
         a2,pat,co,investment,warrant,,,,20,percent,2020,completed,d,\n\
         a3,pat,co,investment,ownership,,,,15,percent,2021,planned,d,\n",
    );
    assert_eq!(control(&map, "co")[0].3, Some((0.4, 0.75)));
    assert_eq!(label(&map), "40–75%");
    // A right to votes is none to capital.
    let map = edges(
        "a1,pat,co,investment,ownership,votes,,,40,percent,2020,completed,d,\n\
         a2,pat,co,investment,warrant,votes,,,20,percent,2020,completed,d,\n",
    );
    let options = powermap::analysis::ControlOptions::of(map.player("co").unwrap());
    let row = &map.control(&options).unwrap().rows[0];
    assert_eq!(
        (row.verdict, row.basis),
        (Verdict::Possible, ControlBasis::Votes)
    );
    assert_eq!(row.votes.unwrap().bounds(), (0.4, 0.6));
    assert_eq!((row.share, row.direct), (None, None));
    assert_eq!(label(&map), "40–60% of votes");
}

#[test]
fn a_parent_is_no_contradiction_to_its_subsidiary() {
    let map = edges(
        "s1,mum,hold,investment,ownership,,,,80,percent,2020,completed,d,\n\
         s2,hold,op,investment,ownership,,,,60,percent,2020,completed,d,\n\
         s3,mum,op,investment,ownership,,,,5,percent,2020,completed,d,\n",
    );
    let options = powermap::analysis::ControlOptions::of(map.player("op").unwrap());
    let report = map.control(&options).unwrap();
    let certain = report
        .rows
        .iter()
        .filter(|row| row.verdict == Verdict::Certain);
    assert_eq!((certain.count(), report.contradicted.len()), (2, 0));
}

#[test]
fn what_was_given_for_nothing_is_no_stake_and_a_guarantee_no_money() {
    let map = edges(
        "g,giver,x,investment,grant,,,,3,USD_bn,2024,completed,d,\n\
         u,bank,x,investment,guarantee,,,,8,USD_bn,2024,completed,d,\n\
         c,fund,x,investment,equity,,,,1,USD_bn,2024,completed,d,\n",
    );
    let options = ExposureOptions::of(map.player("x").unwrap());
    let rows = map.exposure(&options).unwrap().rows;
    let told: Vec<_> = rows
        .iter()
        .map(|row| {
            (
                short_name(row.player.as_str()),
                row.stakes.len(),
                row.debts.len(),
            )
        })
        .collect();
    assert_eq!(told, [("bank", 0, 1), ("fund", 1, 0)]);
    let tour = tour(&map);
    assert!(!tour.contains("bank puts"), "{tour}");
    assert!(tour.contains("giver puts into x: $3 bn"), "{tour}");
}

#[test]
fn values_of_several_currencies_are_not_added_up() {
    let map = tables(&[
        (
            "edges.csv",
            "from,to,family,kind,amount,unit,since,status\n\
             a,x,investment,equity,10,USD_bn,2024,completed\nb,x,investment,equity,10,JPY_bn,2024,completed\n",
        ),
        (
            "observations.csv",
            "subject,metric,document,amount,unit,period\n\
             a,market-capitalisation,d,20,USD_bn,2024\nb,market-capitalisation,d,2000,JPY_bn,2024\n",
        ),
    ]);
    let options = ExposureOptions::of(map.player("x").unwrap());
    let report = map.exposure(&options).unwrap();
    assert!(report.has_several_currencies && report.rank.is_none());
    let impacts: Vec<_> = report.rows.iter().map(|row| row.impact).collect();
    assert!(impacts.contains(&Some((0.5, 0.5))), "{impacts:?}");
}

#[test]
fn a_total_is_no_less_than_its_parts() {
    let map = edges(
        "t,a,b,investment,equity,,,10,,USD_bn,2024,announced,d,\n\
         p,a,b,investment,equity,,,,3,USD_bn,2024,completed,d,t\n",
    );
    assert_eq!(label(&map), "$3–10 bn");
    let options = ExposureOptions::of(map.player("b").unwrap());
    let rows = map.exposure(&options).unwrap().rows;
    assert_eq!(bounds(&rows[0].stakes[0]), (Some(3e9), Some(10e9)));
}

#[test]
fn both_sides_of_a_trade_are_among_the_largest_deals() {
    let map = edges(
        "i,v,lab,investment,equity,,,,50,USD_bn,2024,completed,d,\n\
         s,v,lab,supply,chips,,,,10,USD_bn,2024,committed,d,\n\
         q,q,lab,supply,chips,,,,1,USD_bn/year,2024,committed,d,\n",
    );
    let tour = tour(&map);
    for line in [
        "v puts into lab: $50 bn",
        "lab buys from v: $10 bn",
        "lab buys from q: 1 bn USD/year",
    ] {
        assert!(tour.contains(line), "{tour}");
    }
}

#[test]
fn rumours_and_what_is_stalled_make_no_circle() {
    let map = edges(
        "i,w,lab,investment,equity,,,,7,USD_bn,2024,stalled,d,\n\
         s,w,lab,supply,chips,,,,7,USD_bn,2024,rumoured,d,\n\
         j,v,lab,investment,equity,,,,5,USD_bn,2024,planned,d,\n\
         k,v,lab,supply,chips,,,,4,USD_bn,2024,committed,d,\n",
    );
    let tour = tour(&map);
    assert!(
        tour.contains(
            "v supplies lab and plans to put money into it: $4 bn can come back as orders."
        ),
        "{tour}"
    );
    assert!(tour.contains("w ($7 bn, rumoured)"), "{tour}");
}

#[test]
fn what_goes_takes_its_amount_off_the_totals_that_stay() {
    let map = edges(
        "t,x,y,investment,equity,,,,100,USD_bn,2020,completed,d,\n\
         p,z,y,investment,equity,,,,40,USD_bn,2020,completed,d,t\n\
         q,w,y,investment,equity,,,,10,USD_bn,2020,completed,d,p\n",
    );
    let id = |name: &str| expand(&format!("id:{name}")).unwrap();
    let amount_of_total = |gone: &[&str]| {
        let gone: Vec<_> = gone.iter().map(|name| id(name)).collect();
        let position = map.position().unwrap().without(&[], &gone).unwrap();
        let values = &position.resolution(&id("t")).unwrap().values;
        values[0].quantity.in_base_unit().upper
    };
    assert_eq!(amount_of_total(&[]), Some(100e9));
    assert_eq!(amount_of_total(&["q"]), Some(90e9));
    // What a part of it that stays has of it does not go.
    assert_eq!(amount_of_total(&["p"]), Some(70e9));
    assert_eq!(amount_of_total(&["p", "q"]), Some(60e9));
}

#[test]
fn totals_in_a_circle_of_which_one_has_ended_have_an_end() {
    let map = tables(&[(
        "edges.csv",
        "id,from,to,family,kind,amount,unit,since,until,part_of_total,document\n\
         a,x,y,investment,equity,5,USD_bn,2020,,b,d\n\
         b,x,y,investment,equity,7,USD_bn,2020,2021-06-01,a,d\n\
         c,x,y,investment,equity,1,USD_bn,2020,,,d\n",
    )]);
    let map = map.with_view(View {
        as_of: Some("2024-01-01".parse().unwrap()),
        ..map.view()
    });
    let gone = [expand("id:a").unwrap()];
    let position = map.position().unwrap().without(&[], &gone).unwrap();
    let left: Vec<_> = position
        .edges()
        .map(|(id, ..)| short_name(id.as_str()))
        .collect();
    assert_eq!(left, ["c"]);
}
