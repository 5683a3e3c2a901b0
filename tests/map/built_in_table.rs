//! The questions that a careful reader would put to the built-in map, and what has to be printed: one test for each, from
//! the doors that show it.

#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests may panic like the tests"
)]

use crate::support::built_in::{known_by, map, on};
use crate::support::verdicts::control;
use oxigraph::model::{NamedOrBlankNode, Term};
use powermap::analysis::{
    ControlBasis, DependenceOptions, DependenceSide, ExposureOptions, Piece, StandingOptions,
    Verdict,
};
use powermap::catalogue::Catalogue;
use powermap::model::vocabulary::{expand, short_name};
use powermap::model::{Measure, Status};
use powermap::{Map, picture};
use powermap_rdf::Results;
use std::collections::{BTreeMap, BTreeSet};

/// A row: each column with a value, ids in short.
type Row = BTreeMap<String, String>;

fn rows(results: Results<'_>) -> Vec<Row> {
    let Results::Solutions(rows) = results else {
        panic!("rows are expected");
    };
    let text = |term: &Term| match term {
        Term::NamedNode(node) => short_name(node.as_str()).to_owned(),
        Term::Literal(literal) => literal.value().to_owned(),
        Term::BlankNode(_) => "[]".to_owned(),
    };
    rows.map(|row| {
        let row = row.unwrap();
        row.iter()
            .map(|(variable, term)| (variable.as_str().to_owned(), text(term)))
            .collect()
    })
    .collect()
}

/// The rows of a named query.
fn ask(map: &Map, name: &str, arguments: &[(&str, &str)]) -> Vec<Row> {
    let catalogue = Catalogue::built_in().unwrap();
    let entry = catalogue.get(name).unwrap();
    let arguments: Vec<_> = arguments
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    rows(map.ask(entry, &arguments).unwrap())
}

/// The one value of each row of a one-line query.
fn values(map: &Map, query: &str) -> BTreeSet<String> {
    let rows = rows(map.query(query).unwrap());
    rows.into_iter().flat_map(BTreeMap::into_values).collect()
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn column(rows: &[Row], name: &str) -> Vec<String> {
    let cells = rows.iter().filter_map(|row| row.get(name).cloned());
    cells.collect()
}

fn number(row: &Row, name: &str) -> f64 {
    row[name].parse().unwrap()
}

/// The value of an edge or observation on the board.
fn value(map: &Map, id: &str, measure: Measure) -> (Option<f64>, Option<f64>) {
    let id = expand(id).unwrap();
    let board = map.board().unwrap();
    let resolution = board
        .edges
        .get(&id)
        .or_else(|| board.observations.get(&id))
        .unwrap();
    let quantity = resolution.value(measure).unwrap().quantity;
    (quantity.lower, quantity.upper)
}

fn status(map: &Map, edge: &str) -> Option<Status> {
    map.board().unwrap().edges[&expand(edge).unwrap()].status
}

/// What `why` says of each claim: the outcomes of its value and of its status.
fn why(map: &Map, about: &str) -> BTreeMap<String, (String, String)> {
    let rows = ask(map, "why", &[("about", about)]);
    let cell = |row: &Row, name: &str| row.get(name).cloned().unwrap_or_default();
    rows.iter()
        .map(|row| {
            let outcomes = (cell(row, "value_outcome"), cell(row, "status_outcome"));
            (row["claim"].clone(), outcomes)
        })
        .collect()
}

#[test]
fn who_invests_in_openai_and_in_disney() {
    let investors = values(map(), "SELECT ?who { ?who pm:investsIn id:openai }");
    assert!(investors.contains("nvidia") && investors.contains("disney"));
    assert!(!investors.contains("amd"), "the warrant is OpenAI's");
    assert_eq!(
        values(map(), "SELECT ?who { ?who pm:investsIn id:disney }"),
        set(&[])
    );
    assert!(values(map(), "SELECT ?who { ?who pm:investsIn id:amd }").contains("openai"));
    let asked = ask(map(), "investments-in", &[("player", "openai")]);
    let asked: BTreeSet<_> = column(&asked, "investor").into_iter().collect();
    assert_eq!(asked, investors);
    assert_eq!(ask(map(), "investments-in", &[("player", "disney")]), []);
    let warrant = &ask(map(), "warrants", &[])[..];
    let of = |row: &Row| {
        row.values()
            .any(|cell| cell == "amd-openai-2025-10-warrant")
    };
    assert!(warrant.iter().any(of));
}

#[test]
fn who_controls_openai() {
    let rows = control(map(), "openai");
    let (name, verdict, basis, _) = &rows[0];
    assert_eq!(
        (name.as_str(), *verdict, *basis),
        ("openai-foundation", Verdict::Certain, ControlBasis::Stated)
    );
    let share = |name: &str| rows.iter().find(|row| row.0 == name).unwrap().3;
    assert_eq!(share("microsoft"), Some((0.27, 0.27)));
    assert_eq!(
        share("softbank"),
        Some((0.11, 0.13)),
        "11 held, about 13 planned"
    );
    assert_eq!(share("openai-foundation"), None, "nobody says how much");
    assert!(rows[1..].iter().all(|row| row.1 == Verdict::No));
    // Before it was said, on 2025-10-28, nobody is certain.
    assert!(
        control(&on("2025-10-27"), "openai")
            .iter()
            .all(|row| row.1 != Verdict::Certain)
    );
    let stated = ask(map(), "leaders", &[]);
    assert!(stated.iter().any(|row| {
        row["from"] == "openai-foundation" && row["kind"] == "control" && row["to"] == "openai"
    }));
}

#[test]
fn completed_takeovers_control() {
    let first = |map: &Map, company: &str| {
        let (name, verdict, basis, _) = control(map, company).swap_remove(0);
        (name, verdict, basis)
    };
    let stated = |name: &str| (name.to_owned(), Verdict::Certain, ControlBasis::Stated);
    assert_eq!(first(map(), "xai"), stated("spacex"));
    assert_eq!(first(map(), "io"), stated("openai"));
    // Announced on 2025-05-21 and closed on 2025-07-09.
    let before = on("2025-06-30");
    assert_eq!(first(&before, "io").1, Verdict::Possible);
    assert_eq!(
        status(&before, "openai-io-2025-05-shares"),
        Some(Status::Announced)
    );
    assert_eq!(
        status(map(), "openai-io-2025-05-shares"),
        Some(Status::Completed)
    );
}

#[test]
fn who_controls_amd() {
    let rows = control(map(), "amd");
    let (name, verdict, _, share) = &rows[0];
    assert_eq!((name.as_str(), *verdict), ("openai", Verdict::No));
    assert!(
        matches!(share, Some((0.0, upper)) if *upper <= 0.10),
        "the warrant and the stake are the same shares"
    );
}

#[test]
fn amds_warrant_is_what_its_filing_says() {
    for map in [&known_by("2025-10-14"), &known_by("2025-10-31"), map()] {
        let warrant = "amd-openai-2025-10-warrant";
        assert_eq!(status(map, warrant), Some(Status::Committed));
        let shares = value(map, warrant, Measure::Units);
        assert_eq!(shares, (Some(1.6e8), Some(1.6e8)));
        let why = why(map, warrant);
        assert_eq!(why["claim-e020"], ("wins".into(), "wins".into()));
        // The conditions are said beside it.
        assert_eq!(why["claim-e022-b"].1, "farther from the facts");
        let conditions = ask(map, "contingent", &[]);
        assert!(column(&conditions, "claim").contains(&"claim-e022-b".to_owned()));
    }
}

#[test]
fn nvidias_ten_gigawatts_are_a_letter_of_intent() {
    let edge = "nvidia-openai-2025-09-data-centre";
    for map in [&on("2025-09-22"), &known_by("2025-10-31"), map()] {
        assert_eq!(status(map, edge), Some(Status::LetterOfIntent));
        assert_eq!(value(map, edge, Measure::Capacity), (Some(10.0), None));
    }
    assert_eq!(why(map(), edge)["claim-s038"].1, "farther from the facts");
    let history = ask(map(), "status-history", &[("about", edge)]);
    let speakers: BTreeSet<_> = column(&history, "speaker").into_iter().collect();
    assert!(speakers.contains("nvidia-and-openai"), "{speakers:?}");
}

#[test]
fn oracles_market_value_is_that_of_the_close() {
    let figure = "oracle-market-capitalisation-2025-09-10";
    assert_eq!(
        value(map(), figure, Measure::Amount),
        (Some(9.33e11), Some(9.33e11))
    );
    let rows = ask(map(), "figures-of", &[("player", "oracle")]);
    let row = rows
        .iter()
        .find(|row| row["observation"] == figure)
        .unwrap();
    assert_eq!(row["disputed"], "true");
    let why = why(map(), figure);
    assert_eq!(why["claim-e044"].0, "wins");
    assert_eq!(
        why["claim-s005"].0, "farther from the facts",
        "the article retells"
    );
    let beside = ask(map(), "disputed", &[]);
    assert!(column(&beside, "claim").contains(&"claim-s005".to_owned()));
}

#[test]
fn the_pledge_of_stargate_has_value_and_status_of_one_claim() {
    let pledge = "stargate-2025-01-pledge";
    assert_eq!(
        value(map(), pledge, Measure::Amount),
        (Some(5e11), Some(5e11))
    );
    assert_eq!(status(map(), pledge), Some(Status::Announced));
    assert_eq!(
        why(map(), pledge)["claim-e056-a"],
        ("wins".into(), "wins".into())
    );
    // Where the two do come from several claims, the value says so.
    let apart = "SELECT ?edge { ?value pm:of ?edge ; pm:statusApart true }";
    let apart = values(map(), apart);
    assert!(
        !apart.contains(pledge) && apart.contains("amd-openai-2025-10-warrant"),
        "{apart:?}"
    );
    let row = ask(map(), "investments-in", &[("player", "amd")]);
    let of_warrant = |row: &&Row| row["edge"] == "amd-openai-2025-10-warrant";
    assert_eq!(row.iter().find(of_warrant).unwrap()["status_apart"], "true");
}

#[test]
fn who_led_openai_in_november_2023() {
    for (day, leaders) in [
        ("2023-11-16", &["sam-altman"][..]),
        ("2023-11-18", &["mira-murati"]),
        ("2023-11-20", &["emmett-shear"]),
        ("2023-11-30", &["sam-altman"]),
    ] {
        let map = on(day);
        let rows = ask(&map, "leaders", &[]);
        let rows = rows.iter().filter(|row| row["to"] == "openai");
        let named: BTreeSet<_> = rows.map(|row| row["from"].clone()).collect();
        assert_eq!(named, set(leaders), "{day}");
        let query = "SELECT ?who { ?edge pm:kind pm:Leadership ; pm:to id:openai ; pm:from ?who ; pm:restsOn ?claim }";
        assert_eq!(values(&map, query), set(leaders), "{day}");
    }
}

#[test]
fn softbank_and_its_co_investors_are_counted_once() {
    let own = map().player("softbank").unwrap();
    let others = map().player("openai-co-investors-2025").unwrap();
    let openai = map().player("openai").unwrap();
    let exposure = map()
        .exposure(&ExposureOptions::of(openai.clone()))
        .unwrap();
    let bounds = |player| {
        let row = exposure
            .rows
            .iter()
            .find(|row| row.player == player)
            .unwrap();
        (row.direct[0].lower, row.direct[0].upper)
    };
    assert_eq!(bounds(own), (Some(60e9), Some(60e9)));
    assert_eq!(bounds(others), (Some(11e9), Some(11e9)));
    let options = DependenceOptions {
        players: vec![openai],
        sides: vec![DependenceSide::Funding],
        basis: Some(Some(Measure::Amount)),
        days: Vec::new(),
    };
    let report = map().dependence(&options).unwrap();
    let funding = &report.rows;
    let worth = |name: &str| {
        let player = map().player(name).unwrap();
        let row = funding
            .iter()
            .find(|row| row.counterparty == player)
            .unwrap();
        row.value.and_then(|quantity| quantity.upper)
    };
    assert_eq!(worth("softbank"), Some(60e9));
    assert_eq!(worth("openai-co-investors-2025"), Some(11e9));
    // The round of 47 is what its parts are, and neither has a row nor is drawn again.
    let venture = map().player("openai-venture-investors").unwrap();
    assert!(funding.iter().all(|row| row.counterparty != venture));
    let listed = report.listed_by_parts.iter();
    let listed: Vec<_> = listed.map(|total| &total.counterparty).collect();
    assert!(listed.contains(&&venture), "{listed:?}");
    let scene = picture::scene(
        &map().position().unwrap(),
        &picture::SceneOptions::default(),
    )
    .unwrap();
    let place = |id: &str| {
        scene
            .players()
            .iter()
            .position(|player| player.id == id)
            .unwrap()
    };
    let (from, to) = (place("softbank"), place("openai"));
    let arrow = scene
        .arrows()
        .iter()
        .find(|arrow| (arrow.from, arrow.to) == (from, to) && arrow.label().contains("bn"));
    assert_eq!(arrow.unwrap().label(), "$60 bn");
}

#[test]
fn amazon_is_bound_to_pay_openai_15_of_50() {
    let rows = ask(map(), "bound-to-pay", &[("player", "openai")]);
    let amazon: Vec<_> = rows.iter().filter(|row| row["payer"] == "amazon").collect();
    let [row] = amazon.as_slice() else {
        panic!("{amazon:?}");
    };
    assert_eq!((number(row, "lower"), number(row, "upper")), (15e9, 15e9));
    assert_eq!(number(row, "of_upper"), 50e9);
    assert_eq!(row["of_status"], "contingent");
    assert_eq!(
        value(
            map(),
            "amazon-openai-2026-02-equity-conditional",
            Measure::Amount
        ),
        (Some(35e9), Some(35e9))
    );
    let conditional = status(map(), "amazon-openai-2026-02-equity-conditional");
    assert_eq!(conditional, Some(Status::Contingent));
    let openai = map().player("openai").unwrap();
    let exposure = map().exposure(&ExposureOptions::of(openai)).unwrap();
    let amazon = map().player("amazon").unwrap();
    let row = exposure
        .rows
        .iter()
        .find(|row| row.player == amazon)
        .unwrap();
    assert_eq!(
        (row.direct[0].lower, row.direct[0].upper),
        (Some(15e9), Some(50e9))
    );
}

#[test]
fn the_compute_of_openai_is_the_sum_of_its_parts() {
    let rows = ask(map(), "compute-total", &[("player", "openai")]);
    let sum = rows.iter().find(|row| row["role"] == "sum").unwrap();
    assert!(
        number(sum, "lower") >= 23.0 && !sum.contains_key("upper"),
        "{sum:?}"
    );
    let part = |name: &str| {
        let is_part = |row: &&Row| row["role"] == "part" && row["supplier"] == name;
        let row = rows.iter().find(is_part).unwrap();
        let bound = |name: &str| row.get(name).map(|text| text.parse::<f64>().unwrap());
        (
            bound("lower"),
            bound("upper"),
            row["status"].clone(),
            row["sources"].clone(),
        )
    };
    let (lower, upper, status, _) = part("nvidia");
    assert_eq!(
        (lower, upper, status.as_str()),
        (Some(10.0), None, "letter of intent")
    );
    let (lower, upper, _, sources) = part("broadcom");
    assert_eq!((lower, upper), (Some(10.0), Some(10.0)));
    assert!(
        sources.contains("doc-digwatch-openai-broadcom"),
        "by the parties: {sources}"
    );
    let (lower, upper, status, _) = part("aws");
    assert_eq!(
        (lower, upper, status.as_str()),
        (Some(2.0), Some(2.0), "committed")
    );
    assert_eq!(part("g42").0, Some(1.0));
    assert_eq!(part("amd").1, Some(6.0));
    let of_parts: f64 = ["nvidia", "broadcom", "aws", "g42", "amd"]
        .map(|name| part(name).0.unwrap_or(0.0))
        .iter()
        .sum();
    assert_eq!(number(sum, "lower"), of_parts);
    // AMD's six are agreed by both parties; the "up to 6" of others does not undo it.
    assert_eq!(part("amd").0, Some(6.0));
    assert_eq!(of_parts, 29.0);
    let stated = rows.iter().filter(|row| row["role"] == "stated");
    let stated: BTreeMap<_, _> = stated
        .map(|row| (row["sources"].as_str(), row["upper"].as_str()))
        .collect();
    assert_eq!(stated["article"], "26");
}

#[test]
fn which_suppliers_have_a_stake_in_openai() {
    let rows = ask(map(), "suppliers-with-a-stake", &[("player", "openai")]);
    let firmness: BTreeMap<_, _> = rows
        .iter()
        .map(|row| (row["supplier"].as_str(), row["status"].as_str()))
        .collect();
    let expected = [
        ("disney", "announced"),
        ("microsoft", "completed"),
        ("nvidia", "completed"),
    ];
    assert_eq!(firmness, expected.into());
}

#[test]
fn openais_dependence_before_is_told_with_its_coverage() {
    let rows = ask(map(), "dependence-over-time", &[("player", "openai")]);
    let before: Vec<_> = rows
        .iter()
        .filter(|row| row["day"] == "2025-09-01")
        .collect();
    let spending = before[0];
    assert_eq!(spending["basis"], "spending");
    assert_eq!(
        (spending["supplier"].as_str(), spending["period"].as_str()),
        ("nvidia", "2024")
    );
    assert_eq!(
        (
            number(spending, "share_lower"),
            number(spending, "share_upper")
        ),
        (0.8, 0.8)
    );
    // One supplier whose power is known is no share of the whole.
    assert!(
        before[1..]
            .iter()
            .all(|row| !row.contains_key("share_upper"))
    );
    let covered = |row: &Row| (row["known_suppliers"].clone(), row["suppliers"].clone());
    assert_eq!(covered(before[1]), ("1".into(), "2".into()));
    let after = rows
        .iter()
        .find(|row| row["day"] != "2025-09-01" && row["basis"] == "GW");
    assert_eq!(covered(after.unwrap()), ("4".into(), "8".into()));
}

#[test]
fn the_years_of_cash_burn_do_not_contradict_their_sum() {
    let total = expand("openai-cumulative-cash-burn-2029").unwrap();
    assert!(
        map()
            .conflicts()
            .unwrap()
            .iter()
            .all(|conflict| conflict.about != total)
    );
    let about = |finding: &powermap::map::Finding| finding.about == total.clone().into();
    assert!(!map().check().unwrap().iter().any(about));
    assert_eq!(
        value(map(), "openai-cumulative-cash-burn-2029", Measure::Amount),
        (Some(1.15e11), Some(1.15e11))
    );
}

#[test]
fn chesky_and_conway_are_told_by_one_sentence() {
    let rows = ask(map(), "ouster-backers", &[]);
    for (backer, claim) in [
        ("brian-chesky", "claim-e177-a"),
        ("ron-conway", "claim-e177-b"),
    ] {
        let row = rows.iter().find(|row| row["claim"] == claim).unwrap();
        assert_eq!(
            (row["backer"].as_str(), row["in_event"].as_str()),
            (backer, "true")
        );
    }
    let backers = "SELECT ?who { ?edge pm:kind pm:Backing ; pm:partOf id:openai-ouster-2023-11 ; pm:from ?who ; pm:restsOn ?c }";
    let backers = values(map(), backers);
    assert!(backers.contains("brian-chesky") && backers.contains("ron-conway"));
}

#[test]
fn as_high_as_asserts_the_figure() {
    // 高达 in paragraphs 4, 11, 16, 24 and 34, 长达 in paragraph 37; 最多 in 14 and 16 is an upper bound.
    let records = map().records().unwrap();
    let bounds = |claim: &str| {
        let quantity = records.claims[&NamedOrBlankNode::from(expand(claim).unwrap())]
            .quantity
            .unwrap();
        (quantity.lower, quantity.upper)
    };
    for (claim, figure) in [
        ("claim-s009", 26.0),
        ("claim-s027", 8e9),
        ("claim-s050", 6.0),
        ("claim-s065", 6e9),
        ("claim-s107", 5e11),
        ("claim-s119", 10.0),
    ] {
        assert_eq!(bounds(claim), (Some(figure), Some(figure)), "{claim}");
    }
    assert_eq!(bounds("claim-s040"), (None, Some(1e11)));
    assert_eq!(bounds("claim-s048"), (None, Some(1.6e8)));
}

#[test]
fn anonymous_voices_are_the_unnamed() {
    let rows = ask(map(), "anonymous-voices", &[]);
    assert_eq!(rows.len(), 28);
    let joint = column(&rows, "speaker");
    assert!(
        !joint
            .iter()
            .any(|speaker| speaker.contains("-and-") || speaker == "stargate-founders")
    );
    // Joint statements have the companies that make them.
    let members = "SELECT ?member { id:claim-e001 pm:assertedBy/org:hasMember ?member }";
    assert_eq!(values(map(), members), set(&["nvidia", "openai"]));
    let joint = "SELECT ?claim { ?claim pm:assertedBy/org:hasMember ?member }";
    assert_eq!(values(map(), joint).len(), 44);
}

#[test]
fn names_are_found_as_printed_by_alias_by_ticker_and_with_a_suffix() {
    for (name, id) in [
        ("埃里克森", "larry-ellison"),
        ("阿尔特曼", "sam-altman"),
        ("MSFT", "microsoft"),
        ("Oracle Corp.", "oracle"),
    ] {
        assert_eq!(map().player(name).unwrap(), expand(id).unwrap(), "{name}");
    }
    let found = ask(map(), "find-player", &[("text", "埃里克森")]);
    assert_eq!(column(&found, "player"), ["larry-ellison"]);
    // It is the article's slip all the same, and no name that he bears.
    let slip = ask(map(), "printed-name-unknown", &[]);
    assert_eq!(column(&slip, "claim_a"), ["claim-s097-a"]);
}

#[test]
fn why_tells_of_every_claim_what_became_of_it() {
    // For every edge and figure with several claims, each value and status has an outcome, and one of them wins.
    let query = "SELECT ?claim ?about ?amount ?status ?value_outcome ?status_outcome {
        ?about pm:restsOn ?claim . ?other pm:about ?about . FILTER(?other != ?claim)
        FILTER EXISTS { ?about pm:restsOn ?other }
        OPTIONAL { ?claim pm:amount ?amount } OPTIONAL { ?claim pm:status ?status }
        OPTIONAL { ?claim pm:valueOutcome ?value_outcome } OPTIONAL { ?claim pm:statusOutcome ?status_outcome } }";
    let told = rows(map().query(query).unwrap());
    assert!(told.len() > 100);
    for row in &told {
        assert_eq!(
            row.contains_key("amount"),
            row.contains_key("value_outcome"),
            "{row:?}"
        );
        assert_eq!(
            row.contains_key("status"),
            row.contains_key("status_outcome"),
            "{row:?}"
        );
    }
    let broadcom = why(map(), "broadcom-openai-2025-10-development");
    assert_eq!(broadcom["claim-e031"].0, "joined", "10 and up to 10 are 10");
    let cash = why(map(), "openai-cash-burn-2025");
    assert_eq!(cash["claim-s030"].0, "replaced");
    let plan = why(&known_by("2025-10-31"), "nvidia-openai-2025-09-equity");
    assert_eq!(plan["claim-e012"].1, "not known yet");
    let plan = why(map(), "nvidia-openai-2025-09-equity");
    assert_eq!(plan["claim-s040"].0, "not on the board");
}

#[test]
fn openai_is_the_king_and_those_who_deal_with_it_stand_around_it() {
    let rows = map().standing(&StandingOptions::default()).unwrap().rows;
    let names: Vec<_> = rows
        .iter()
        .map(|row| short_name(row.player.as_str()).to_owned())
        .collect();
    assert_eq!(names[..2], ["openai", "sam-altman"]);
    assert_eq!(
        (rows[0].piece, rows[1].piece),
        (Some(Piece::King), Some(Piece::Queen))
    );
    let place = |name: &str| names.iter().position(|other| other == name).unwrap();
    for name in [
        "nvidia",
        "microsoft",
        "amd",
        "softbank",
        "oracle",
        "stargate",
    ] {
        assert!(place(name) < 15, "{name}: {}", place(name));
    }
    for name in ["nvidia", "microsoft", "amd", "softbank"] {
        assert!(place(name) < place("nscale"), "{name}");
    }
    // What each pays and is paid: 13 bn put in and 250 bn of orders.
    let money = |name: &str| rows[place(name)].money.map(|q| (q.lower, q.upper));
    assert_eq!(money("microsoft"), Some((Some(263e9), Some(263e9))));
    assert_eq!(money("oracle"), None, "no source gives an amount");
    // Groups and voices are no pieces.
    let groups = ["openai-board", "musk-bidders"];
    assert!(groups.iter().all(|name| {
        let row = &rows[place(name)];
        row.piece.is_none() && row.score.is_none()
    }));
}
