//! What lines and labels of a picture say: widths of one currency, how firm what the label speaks of is, and no nought that
//! nobody states.

#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests may panic like the tests"
)]

use powermap::model::Lang;
use powermap::picture::{self, Choice, Players, SceneOptions};
use powermap::{Map, View};
use powermap_picture::{Arrow, Change, Drawing, Firmness, Role, Scene, Theme, svg};
use std::collections::BTreeSet;
use std::fs;

/// A scene of rows of `edges.csv`.
fn scene(rows: &str, options: &SceneOptions) -> Scene {
    let folder = tempfile::tempdir().unwrap();
    let header = "id,from,to,family,kind,lower,upper,unit,status,document,part_of_total\n";
    fs::write(folder.path().join("edges.csv"), format!("{header}{rows}")).unwrap();
    let map = Map::open(folder.path()).unwrap();
    picture::scene(&map.position().unwrap(), options).unwrap()
}

fn arrows<'a>(scene: &'a Scene, from: &str, to: &str) -> Vec<&'a Arrow> {
    let id = |player: usize| scene.players()[player].id.as_str();
    let is_it = |arrow: &&Arrow| id(arrow.from) == from && id(arrow.to) == to;
    scene.arrows().iter().filter(is_it).collect()
}

#[test]
fn amounts_of_another_currency_have_no_width() {
    let rows = "e1,a,b,investment,,100,100,USD_bn,committed,paper,\n\
        e2,b,c,investment,,100,100,JPY_bn,committed,paper,\n\
        e3,c,a,supply,,3,3,USD_bn,committed,paper,\n";
    let drawing = Drawing::chess(scene(rows, &SceneOptions::default()));
    let widths = |from: &str, to: &str| -> f64 {
        let arrow = arrows(&drawing.scene, from, to)[0];
        let mut all = drawing.scene.arrows().iter();
        drawing.arrows[all.position(|other| other == arrow).unwrap()].width
    };
    assert!(widths("a", "b") > 6.0 && widths("b", "c") < 2.0);
    let legend = svg(&drawing, Theme::Light);
    for text in ["$1 bn", "$100 bn", "Other, or no amount"] {
        assert!(legend.contains(&format!(">{text}</text>")), "{text}");
    }
    let alone = "e1,a,b,investment,,100,100,USD_bn,committed,paper,\n";
    let alone = Drawing::chess(scene(alone, &SceneOptions::default()));
    assert!(!svg(&alone, Theme::Light).contains("Other, or no amount"));
}

#[test]
fn a_line_is_as_firm_as_what_its_label_speaks_of() {
    let rows = "e1,a,b,investment,,5,5,USD_bn,committed,paper,\n\
        e2,a,b,investment,,,,,announced,paper,\n\
        e3,b,c,supply,,5,5,USD_bn,committed,paper,\n\
        e4,b,c,supply,,7,7,USD_bn,announced,paper,\n\
        e5,c,d,supply,,5,5,USD_bn,announced,paper,\n\
        e6,d,a,supply,,5,5,USD_bn,,paper,\n\
        e7,d,b,supply,,,,,announced,paper,\n\
        e8,d,b,supply,,,,,,paper,\n";
    let found = scene(rows, &SceneOptions::default());
    let firmness = |from, to| arrows(&found, from, to)[0].firmness;
    // The label says 5, and 5 are committed.
    assert_eq!(firmness("a", "b"), Firmness::Firm);
    assert_eq!(firmness("b", "c"), Firmness::Partly);
    assert_eq!(firmness("c", "d"), Firmness::Loose);
    assert_eq!(firmness("d", "a"), Firmness::Unstated);
    assert_eq!(firmness("d", "b"), Firmness::Unstated);
    let legend = svg(&Drawing::chess(found), Theme::Light);
    for text in [
        "Committed or done",
        "In part committed",
        "Not committed",
        "No status stated",
    ] {
        assert!(legend.contains(&format!(">{text}</text>")), "{text}");
    }
}

#[test]
fn no_arrow_has_a_nought_that_nobody_states() {
    let rows = "all,fund,firm,investment,round,47,47,USD_bn,committed,paper,\n\
        one,one,firm,investment,equity,41,41,USD_bn,committed,paper,all\n\
        two,two,firm,investment,equity,6,6,USD_bn,committed,paper,all\n\
        nil,firm,two,investment,loan,0,0,USD_bn,committed,paper,\n";
    let found = scene(rows, &SceneOptions::default());
    let total = arrows(&found, "fund", "firm")[0];
    assert_eq!(
        (total.label().as_str(), total.main_value()),
        ("see its parts", None)
    );
    assert_eq!(total.values[0].whole.as_ref().unwrap().text, "$47 bn");
    assert_eq!(arrows(&found, "one", "firm")[0].label(), "$41 bn");
    // Somebody states this one.
    assert_eq!(arrows(&found, "firm", "two")[0].label(), "$0");
    let text = svg(&Drawing::chess(found), Theme::Light);
    assert!(text.contains(">see its parts</text>"));
}

#[test]
fn parts_that_stay_apart_are_drawn_without_their_total() {
    let rows = "all,fund,firm,investment,round,47,47,USD_bn,committed,paper,\n\
        one,fund,firm,investment,equity,41,41,USD_bn,committed,paper,all\n\
        two,fund,firm,investment,equity,6,6,USD_bn,committed,paper,all\n\
        sum,firm,mill,supply,chips,10,10,USD_bn,committed,paper,\n\
        bit,firm,mill,supply,chips,4,4,USD_bn,committed,paper,sum\n";
    let options = |split, players| SceneOptions {
        split,
        choice: Choice { players, top: None },
        loops_found: Some(0),
        ..SceneOptions::default()
    };
    let labels = |found: &Scene, from: &str, to: &str| -> Vec<String> {
        let mut labels: Vec<_> = arrows(found, from, to).iter().map(|a| a.label()).collect();
        labels.sort();
        labels
    };
    let apart = scene(rows, &options(true, Players::All));
    assert_eq!(labels(&apart, "fund", "firm"), ["$41 bn", "$6 bn"]);
    assert_eq!(labels(&apart, "firm", "mill"), ["$4 bn", "$6 bn"]);
    let whole = scene(rows, &options(false, Players::All));
    assert_eq!(labels(&whole, "fund", "firm"), ["$47 bn"]);
    // Files that other tools read have every edge as it is stated.
    let file = scene(rows, &options(true, Players::Unfolded));
    assert_eq!(labels(&file, "fund", "firm"), ["$41 bn", "$47 bn", "$6 bn"]);
}

#[test]
fn what_has_no_start_is_first_told_of_and_not_new() {
    let folder = tempfile::tempdir().unwrap();
    let rows = "id,from,to,family,since,status,document,said\n\
        old,a,b,investment,2024-01-01,committed,paper,2024-01-01\n\
        new,b,c,investment,2025-03-01,committed,paper,2025-03-01\n\
        told,c,a,supply,,committed,paper,2025-03-01\n";
    fs::write(folder.path().join("edges.csv"), rows).unwrap();
    let position = Map::open(folder.path()).unwrap().position().unwrap();
    let at = |day: &str| {
        position.at(View {
            as_of: Some(day.parse().unwrap()),
            ..View::default()
        })
    };
    let options = SceneOptions::default();
    let found = picture::scene_of_difference(&at("2025-01-01"), &at("2025-06-01"), &options);
    let found = found.unwrap();
    let change = |from, to| arrows(&found, from, to)[0].change;
    assert_eq!(change("a", "b"), Some(Change::Same));
    assert_eq!(change("b", "c"), Some(Change::Came));
    assert_eq!(change("c", "a"), Some(Change::Told));
    let text = svg(&Drawing::chess(found), Theme::Light);
    assert!(text.contains(">First told of, start unknown</text>"));
    assert!(!text.contains(">Gone</text>"));
}

#[test]
fn a_choice_of_players_has_a_finding_or_a_plain_title() {
    let position = Map::built_in().unwrap().position().unwrap();
    let finding = |players| {
        let options = SceneOptions {
            choice: Choice { players, top: None },
            ..SceneOptions::default()
        };
        let found = picture::scene(&position, &options).unwrap();
        (found.finding.unwrap(), found.loops.len())
    };
    let player = |name: &str| position.player(name).unwrap();
    let around = |name: &str| finding(Players::Around(player(name), 1));
    let (text, loops) = around("nvidia");
    assert!(
        text.contains("NVIDIA supplies OpenAI and puts money into it") && loops == 2,
        "{text}"
    );
    let plain = ("CoreWeave and those it is tied to".to_owned(), 0);
    assert_eq!(around("coreweave"), plain);
    let listed = finding(Players::Listed(["oracle", "amd"].map(player).to_vec()));
    assert_eq!(
        listed,
        ("What there is between AMD and Oracle".to_owned(), 0)
    );
}

#[test]
fn a_board_of_no_day_says_so() {
    let rows = "e1,a,b,investment,,1,1,USD_bn,committed,paper,\n";
    for (lang, words) in [
        (Lang::En, "The board, without a day"),
        (Lang::Zh, "棋盘，无日期"),
    ] {
        let options = SceneOptions {
            lang,
            ..SceneOptions::default()
        };
        let drawing = Drawing::chess(scene(rows, &options));
        let mut stamps = drawing.texts.iter().filter(|text| text.role == Role::Stamp);
        assert!(stamps.any(|text| text.text.starts_with(words)));
        let ends = |text: &str| text.ends_with('：') || text.contains("：，");
        assert!(!drawing.texts.iter().any(|text| ends(&text.text)));
    }
}

/// Numbers in descriptions of arrows are those of the list below the picture; other sources are named.
#[test]
fn every_number_of_a_source_is_in_the_list() {
    let map = Map::built_in().unwrap();
    let scene = picture::scene(&map.position().unwrap(), &SceneOptions::default()).unwrap();
    let drawing = Drawing::chess(scene);
    let footnotes = drawing
        .texts
        .iter()
        .filter(|text| text.role == Role::Footnote);
    let listed: BTreeSet<usize> = footnotes
        .filter_map(|text| text.text.parse().ok())
        .collect();
    assert!(listed.len() > 10, "{listed:?}");
    let svg = svg(&drawing, Theme::Light);
    let mut count = 0;
    for about in svg.split("<title>").skip(1) {
        let about = about.split("</title>").next().unwrap();
        let numbers = about.split("; sources ").nth(1).unwrap_or_default();
        let numbers = numbers.split("; ").next().unwrap_or_default();
        for number in numbers.split(", ").filter(|number| !number.is_empty()) {
            assert!(listed.contains(&number.parse().unwrap()), "{about}");
            count += 1;
        }
    }
    assert!(count > 10, "{count}");
}

#[test]
fn small_numbers_are_explained_where_there_are_some() {
    let amount = "e1,a,b,investment,,1,1,USD_bn,committed,paper,\n";
    let none = "e1,a,b,influence,leadership,,,,committed,paper,\n";
    for (rows, has_numbers) in [(amount, true), (none, false)] {
        let drawing = Drawing::chess(scene(rows, &SceneOptions::default()));
        let mut texts = drawing.texts.iter();
        let is_explained = texts.any(|text| text.text.contains("numbers: sources."));
        assert_eq!(is_explained, has_numbers, "{rows}");
    }
}
