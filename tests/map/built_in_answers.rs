//! What the analyses find on the built-in map: the questions of the article, answered with figures whose claims are named.

#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests may panic like the tests"
)]

use crate::support::built_in::{map, on};
use powermap::Map;
use powermap::analysis::{ControlBasis, Verdict};
use powermap::analysis::{
    ControlOptions, Dependence, DependenceOptions, DependenceSide, ExposureOptions, FoundPath,
    Loop, LoopType, LoopsOptions, PathsOptions, Piece, StandingOptions, control, dependence,
    exposure, loops, paths, standing,
};
use powermap::model::vocabulary::short_name;
use powermap::model::{Measure, Quantity};
use std::sync::atomic::AtomicBool;

static NEVER: AtomicBool = AtomicBool::new(false);

/// The claims that edges rest on in a measure, by their short ids.
fn claims(map: &Map, edges: &[oxigraph::model::NamedNode], measure: Measure) -> Vec<String> {
    let position = map.position().unwrap();
    let ids = edges
        .iter()
        .flat_map(|edge| position.claims(edge, Some(measure)));
    let mut claims: Vec<_> = ids
        .map(|id| short_name(id.to_string().trim_matches(['<', '>'])).to_owned())
        .collect();
    claims.sort();
    claims
}

/// What OpenAI gets from its suppliers of compute on a day, by power.
fn supply(day: &str) -> Vec<Dependence> {
    let options = DependenceOptions {
        players: vec![map().player("openai").unwrap()],
        sides: vec![DependenceSide::Supply],
        basis: Some(Some(Measure::Capacity)),
        days: vec![day.parse().unwrap()],
    };
    dependence(&map().position().unwrap(), &options, &NEVER)
        .unwrap()
        .rows
}

fn share<'a>(rows: &'a [Dependence], supplier: &str) -> &'a Dependence {
    let supplier = map().player(supplier).unwrap();
    rows.iter()
        .find(|row| row.counterparty == supplier)
        .unwrap()
}

#[test]
fn openais_dependence_on_nvidia_falls_with_the_deals_of_october_2025() {
    // In summer there is one figure in gigawatts: the first site in the Emirates.
    let august = supply("2025-08-31");
    assert_eq!(august.len(), 1);
    assert_eq!(share(&august, "g42").herfindahl.headline, 1.0);
    // Then NVIDIA's ten or more stand beside G42's one.
    let september = supply("2025-09-30");
    let nvidia = share(&september, "nvidia");
    assert!((nvidia.share.headline - 10.0 / 11.0).abs() < 1e-9);
    assert!((nvidia.share.lower - 10.0 / 11.0).abs() < 1e-9 && nvidia.share.upper == 1.0);
    // And then AMD's up to six, and Broadcom's ten.
    let october = supply("2025-10-31");
    let later = share(&october, "nvidia");
    assert!((later.share.headline - 10.0 / 27.0).abs() < 1e-9);
    assert!((later.share.lower - 10.0 / 27.0).abs() < 1e-9);
    let amd = share(&october, "amd").share;
    assert!(amd.lower == 0.0 && (amd.headline - 6.0 / 27.0).abs() < 1e-9);
    // NVIDIA's "ten or more" enters its own share and the whole: AMD has 6 of 27 at most.
    assert!((amd.upper - 6.0 / 27.0).abs() < 1e-9);
    assert_eq!((later.known, later.counterparties), (4, 8));
    assert!(later.share.headline < nvidia.share.headline);
    assert!(later.herfindahl.headline < 0.33 && nvidia.herfindahl.headline > 0.83);
    let sources = claims(&on("2025-10-31"), &later.edges, Measure::Capacity);
    assert!(sources.contains(&"claim-s038".to_owned()), "{sources:?}");
}

#[test]
fn every_partner_has_something_at_stake_if_openai_fails() {
    let options = ExposureOptions::of(map().player("openai").unwrap());
    let report = exposure(&map().position().unwrap(), &options, &NEVER).unwrap();
    let stake = |name: &str| {
        let player = map().player(name).unwrap();
        report.rows.iter().find(|row| row.player == player).unwrap()
    };
    // Put in and lent, in billions of dollars: at least what binds, at most all.
    let bounds = |amounts: &[Quantity]| {
        amounts
            .first()
            .map(|amount| (amount.lower.unwrap(), amount.upper.unwrap()))
    };
    for (name, direct, orders) in [
        ("microsoft", Some((13e9, 13e9)), Some((250e9, 250e9))),
        ("aws", None, Some((138e9, 138e9))),
        ("softbank", Some((60e9, 60e9)), None),
        ("nvidia", Some((30e9, 30e9)), None),
        ("disney", Some((0.0, 1e9)), None),
        ("debt-lenders-2025", Some((0.0, 100e9)), None),
    ] {
        let row = stake(name);
        assert_eq!(
            (bounds(&row.direct), bounds(&row.orders)),
            (direct, orders),
            "{name}"
        );
        assert!(
            !claims(map(), &row.edges, Measure::Amount).is_empty(),
            "{name}"
        );
    }
    assert_eq!(bounds(&stake("jpmorgan").debts), Some((4e9, 4e9)));
    assert_eq!(stake("jpmorgan").stakes, []);
    // What nobody states is not guessed, and no number rests on it.
    for name in ["oracle", "amd", "broadcom"] {
        let row = stake(name);
        assert!(row.direct.is_empty() && row.orders.is_empty(), "{name}");
        assert_eq!((row.cascade, row.cascade_bounds), (None, None), "{name}");
        assert!(!row.edges.is_empty(), "{name}");
    }
    // A loan that is all lent by others who are named has no row of its own.
    let banks = map().player("banks-2024").unwrap();
    assert!(report.listed_by_parts.contains(&banks));
    assert!(report.rows.iter().all(|row| row.player != banks));
    assert!(
        report
            .without_base
            .contains(&map().player("microsoft").unwrap())
    );
    assert!(stake("oracle").base.is_some());
}

#[test]
fn who_stood_by_altman_in_2023_reaches_him_in_one_hop() {
    let november = on("2023-11-30");
    let altman = map().player("sam-altman").unwrap();
    for name in [
        "satya-nadella",
        "vinod-khosla",
        "ron-conway",
        "openai-staff",
        "first-vc-in-openai",
        "sv-ceos-investors",
    ] {
        let options = PathsOptions::between(map().player(name).unwrap(), altman.clone());
        let report = paths(&november.position().unwrap(), &options, &NEVER).unwrap();
        let first = &report.paths[0].steps;
        assert_eq!(first.len(), 1, "{name}");
        let backing = first[0]
            .edges
            .iter()
            .any(|edge| edge.as_str().contains("-backing-"));
        assert!(
            backing && !claims(&november, &first[0].edges, Measure::Amount).is_empty(),
            "{name}"
        );
    }
    // Nadella also reaches him through Microsoft and OpenAI.
    let options = PathsOptions::between(map().player("satya-nadella").unwrap(), altman);
    let later = on("2025-10-31");
    let report = paths(&later.position().unwrap(), &options, &NEVER).unwrap();
    let way = |path: &FoundPath| {
        let steps = path.steps.iter();
        let names: Vec<_> = steps.map(|step| short_name(step.to.as_str())).collect();
        names.join(" ")
    };
    let ways: Vec<_> = report.paths.iter().map(way).collect();
    let through = |way: &str| ways.iter().any(|other| other == way);
    assert!(through("microsoft openai sam-altman"), "{ways:?}");
}

#[test]
fn altman_is_a_player_by_the_numbers_and_openai_the_king() {
    for day in ["2023-11-30", "2025-08-31", "2025-10-31"] {
        let report = standing(
            &on(day).position().unwrap(),
            &StandingOptions::default(),
            &NEVER,
        )
        .unwrap();
        assert_eq!(
            report.rows[0].player,
            map().player("openai").unwrap(),
            "{day}"
        );
        let altman = map().player("sam-altman").unwrap();
        let place = report
            .rows
            .iter()
            .position(|row| row.player == altman)
            .unwrap();
        // Among the first five of dozens, a queen each time; nobody on the board is less constrained.
        assert!(
            place < 5 && report.rows[place].piece == Some(Piece::Queen),
            "{day}: {place}"
        );
        let room = report.rows[place].constraint.unwrap();
        let freer = report
            .rows
            .iter()
            .filter(|row| row.constraint.is_some_and(|c| c < room - 1e-9));
        assert_eq!(freer.count(), 0, "{day}");
        // But he owns and supplies nothing there, so that nobody's dealings depend on him: his power is influence.
        assert_eq!(report.rows[place].leverage, 0.0);
    }
}

#[test]
fn its_foundation_controls_openai_and_nobody_else_does() {
    let options = ControlOptions::of(map().player("openai").unwrap());
    let report = control(&map().position().unwrap(), &options, &NEVER).unwrap();
    let foundation = &report.rows[0];
    assert_eq!(
        foundation.controller,
        map().player("openai-foundation").unwrap()
    );
    assert_eq!(
        (foundation.verdict, foundation.basis),
        (Verdict::Certain, ControlBasis::Stated)
    );
    let microsoft = &report.rows[1];
    assert_eq!(microsoft.controller, map().player("microsoft").unwrap());
    assert_eq!(
        (microsoft.verdict, microsoft.share.unwrap().bounds()),
        (Verdict::No, (0.27, 0.27))
    );
    assert!(
        report.rows[1..]
            .iter()
            .all(|row| row.verdict == Verdict::No)
    );
    // SoftBank holds 11 %, and is to hold 13.
    let softbank = map().player("softbank").unwrap();
    let row = report
        .rows
        .iter()
        .find(|row| row.controller == softbank)
        .unwrap();
    assert_eq!(row.share.unwrap().bounds(), (0.11, 0.13));
    let amd = ControlOptions::of(map().player("amd").unwrap());
    let rows = map().control(&amd).unwrap().rows;
    // The warrant and the stake are the same shares.
    assert_eq!(
        (rows[0].controller.clone(), rows[0].share.unwrap().bounds()),
        (map().player("openai").unwrap(), (0.0, 0.09))
    );
    // And that is not the last word: the shares of most investors are not known.
    assert!(report.unknown.len() > 5);
    let options = ControlOptions::of(map().player("meta-blue-owl-venture").unwrap());
    let report = control(&map().position().unwrap(), &options, &NEVER).unwrap();
    assert_eq!(report.rows[0].verdict, Verdict::Certain);
}

/// The loop through just these players, smallest id first, on a day.
fn circle(day: &str, players: &[&str]) -> Loop {
    let wanted: Vec<_> = players
        .iter()
        .map(|name| map().player(name).unwrap())
        .collect();
    let options = LoopsOptions {
        length_max: players.len() as u32,
        through: wanted.clone(),
        ..LoopsOptions::default()
    };
    let report = loops(&on(day).position().unwrap(), &options, &NEVER).unwrap();
    let same = |found: &&Loop| {
        let hops = found.hops.iter().map(|hop| &hop.from);
        hops.eq(wanted.iter())
    };
    report
        .loops
        .iter()
        .find(same)
        .unwrap_or_else(|| panic!("{players:?} on {day}"))
        .clone()
}

/// The claims beneath all edges of a loop.
fn beneath(day: &str, found: &Loop) -> Vec<String> {
    let edges: Vec<_> = found
        .hops
        .iter()
        .flat_map(|hop| hop.edges.clone())
        .collect();
    claims(&on(day), &edges, Measure::Amount)
}

#[test]
fn nvidia_gets_back_what_it_invests_and_amd_gives_equity_for_orders() {
    let day = "2025-10-31";
    // NVIDIA puts up to 100 billion into OpenAI, which buys NVIDIA's chips.
    let nvidia = circle(day, &["nvidia", "openai"]);
    assert_eq!(nvidia.loop_type, LoopType::RoundTrip);
    let amount = nvidia.circulating.unwrap();
    assert_eq!((amount.lower, amount.upper), (None, Some(100e9)));
    let sources = beneath(day, &nvidia);
    assert!(
        sources.contains(&"claim-s040".to_owned()) && sources.contains(&"claim-s038".to_owned()),
        "{sources:?}"
    );
    // AMD pays with a right to its shares: no money goes round, whatever the article makes of it.
    let amd = circle(day, &["amd", "openai"]);
    assert_eq!(amd.loop_type, LoopType::EquityForPurchase);
    assert!(amd.circulating.is_none());
    let sources = beneath(day, &amd);
    assert!(
        sources
            .iter()
            .any(|claim| claim == "claim-s049" || claim == "claim-s050"),
        "{sources:?}"
    );
    // By February 2026 the plan was replaced by an equity round of 30 billion.
    let later = circle("2026-02-27", &["nvidia", "openai"]);
    assert_eq!(later.circulating.unwrap().upper, Some(30e9));
}

#[test]
fn the_money_goes_round_through_oracle_microsoft_and_stargate() {
    let day = "2025-10-31";
    // That Oracle buys NVIDIA's chips for it was first said on 2025-12-02.
    for (day, players, upper) in [
        ("2025-12-31", &["nvidia", "openai", "oracle"][..], 100e9),
        (day, &["microsoft", "nvidia", "openai"], 100e9),
        (day, &["microsoft", "openai"], 13e9),
        (day, &["openai", "stargate"], 500e9),
        (day, &["openai", "oracle", "stargate"], 500e9),
    ] {
        let found = circle(day, players);
        assert_eq!(found.circulating.unwrap().upper, Some(upper), "{players:?}");
        for hop in &found.hops {
            assert!(
                !claims(&on(day), &hop.edges, Measure::Amount).is_empty(),
                "{players:?}"
            );
        }
        let expected = if players.len() > 2 {
            LoopType::MultiParty
        } else {
            LoopType::RoundTrip
        };
        assert_eq!(found.loop_type, expected, "{players:?}");
    }
    // Microsoft's 13 billion came back many times over: 250 billion of cloud.
    let (lower, upper) = circle(day, &["microsoft", "openai"]).ratio.unwrap();
    assert!((lower - 0.052).abs() < 1e-9 && (upper - 0.052).abs() < 1e-9);
}

#[test]
fn no_loop_leads_through_softbank_or_coreweave_as_far_as_the_reports_go() {
    // SoftBank invests and nobody is reported to pay it; CoreWeave sells and nobody is reported to fund it.
    for name in ["softbank", "coreweave"] {
        let options = LoopsOptions {
            length_max: 8,
            through: vec![map().player(name).unwrap()],
            ..LoopsOptions::default()
        };
        let report = loops(&map().position().unwrap(), &options, &NEVER).unwrap();
        assert!(report.loops.is_empty() && !report.is_cut, "{name}");
    }
}

#[test]
fn a_word_of_several_names_leads_to_all_of_them() {
    for name in ["Khosla", "kosla"] {
        let error = map().player(name).unwrap_err();
        let hint = error.hint().unwrap().to_string();
        assert!(
            hint.contains("khosla-ventures") && hint.contains("vinod-khosla"),
            "{name}: {hint}"
        );
    }
    let named = |name: &str| map().player(name).unwrap().into_string();
    assert!(named("Jensen").ends_with("jensen-huang"));
    assert!(named("Masayoshi").ends_with("masayoshi-son"));
}
