//! The loops that a picture points out: those that its finding names, with the numbers of the table of loops.

#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests may panic like the tests"
)]

use powermap::analysis::{LoopsOptions, Position, loops};
use powermap::model::Lang;
use powermap::picture::{self, Choice, Players, SceneOptions};
use powermap::story::headline;
use powermap::{Map, View};
use powermap_picture::{Drawing, Role, Scene, Theme, svg};
use std::sync::atomic::AtomicBool;

static NEVER: AtomicBool = AtomicBool::new(false);

fn at(day: &str) -> Position {
    let view = View {
        as_of: Some(day.parse().unwrap()),
        ..View::default()
    };
    Map::built_in().unwrap().with_view(view).position().unwrap()
}

/// The ids of the players of each loop that is pointed out, with its number.
fn marked(scene: &Scene) -> Vec<(usize, Vec<String>)> {
    let id = |player: &usize| scene.players()[*player].id.clone();
    let loops = scene.loops.iter();
    loops
        .map(|one| {
            let mut players: Vec<String> = one.players.iter().map(id).collect();
            players.sort();
            (one.number, players)
        })
        .collect()
}

#[test]
fn the_loops_that_are_marked_are_those_that_the_headline_names() {
    let mut counts = Vec::new();
    for day in ["2025-10-01", "2025-10-31", "2026-02-27"] {
        let position = at(day);
        let scene = picture::scene(&position, &SceneOptions::default()).unwrap();
        let table = loops(&position, &LoopsOptions::default(), &NEVER).unwrap();
        let told = headline(&position, Lang::En, &NEVER).unwrap();
        assert_eq!(scene.finding.as_deref(), Some(&*told.finding.text()));
        let named = told.loops.iter().map(|place| {
            let hops = &table.loops[*place].hops;
            let short = |iri: &str| iri.rsplit(['/', '#']).next().unwrap().to_owned();
            let mut players: Vec<String> =
                hops.iter().map(|hop| short(hop.from.as_str())).collect();
            players.sort();
            (place + 1, players)
        });
        let named: Vec<_> = named.collect();
        assert_eq!(marked(&scene), named, "{day}");
        for (_, players) in &named {
            let names = scene
                .players()
                .iter()
                .filter(|player| players.contains(&player.id));
            let below = told.standfirst.iter().map(|sentence| sentence.text());
            let texts = [told.finding.text(), below.collect()].concat();
            assert!(
                names.clone().all(|player| texts.contains(&player.name)),
                "{texts}"
            );
        }
        counts.push(named.len());
    }
    assert_eq!(counts.last(), Some(&4));
}

#[test]
fn a_loop_has_its_number_in_the_table_wherever_it_is_named() {
    let position = at("2026-02-27");
    let player = |name: &str| position.player(name).unwrap();
    let options = SceneOptions {
        loops: vec![
            vec![player("openai"), player("nvidia")],
            vec![
                player("amd"),
                player("openai"),
                player("nvidia"),
                player("oracle"),
            ],
        ],
        loops_found: Some(2),
        choice: Choice {
            players: Players::Listed(
                ["amd", "openai", "nvidia", "oracle", "microsoft"]
                    .map(player)
                    .to_vec(),
            ),
            top: None,
        },
        ..SceneOptions::default()
    };
    // No arrow closes the second.
    assert!(picture::scene(&position, &options).is_err());
    let options = SceneOptions {
        loops: options.loops[..1].to_vec(),
        ..options
    };
    let scene = picture::scene(&position, &options).unwrap();
    let numbers: Vec<usize> = scene.loops.iter().map(|one| one.number).collect();
    // The one that is given is the fifth of the table; it is not marked twice.
    assert_eq!(numbers, [5, 1, 4]);
    let drawing = Drawing::chess(scene);
    for label in &drawing.labels {
        assert_eq!(label.loops, drawing.scene.arrows()[label.arrow].loops);
    }
    let text = svg(&drawing, Theme::Light);
    assert!(text.contains(">5</text>") && text.contains("(5) OpenAI"));
    assert!(drawing.texts.iter().any(|text| text.role == Role::Loop));
}
