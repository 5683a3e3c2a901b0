//! Laws of all scenes: whatever is in one, every layout places it and every writer writes it.

#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests may panic like the tests"
)]

use powermap_picture::{
    Amount, Arrow, ArrowValue, Change, Drawing, Family, Firmness, Lang, PageData, PageDocument,
    Piece, Player, PlayerType, Role, Scene, SceneLoop, Sheet, Source, Stamp, Theme, WidthSample,
    dot, gexf, graphml, json, mermaid, page, svg,
};
use proptest::prelude::*;
use roxmltree::Document;

/// Checks every layout and every format of a scene.
fn check(scene: &Scene) {
    for drawing in [
        Drawing::chess(scene.clone()),
        Drawing::layered(scene.clone()),
    ] {
        assert_eq!(drawing.pieces.len(), scene.players().len());
        assert_eq!(drawing.arrows.len(), scene.arrows().len());
        assert!(drawing.width.is_finite() && drawing.height.is_finite());
        for piece in &drawing.pieces {
            assert!(drawing.board.holds(&piece.glyph), "{piece:?}");
        }
        for theme in [Theme::Light, Theme::Dark] {
            let text = svg(&drawing, theme);
            let document = Document::parse(&text).unwrap();
            let is_script = |n: roxmltree::Node<'_, '_>| n.tag_name().name() == "script";
            assert!(!document.descendants().any(is_script));
            assert!(!text.contains("javascript:") && !text.contains("NaN"));
        }
        let _: serde_json::Value = serde_json::from_str(&json(&drawing)).unwrap();
        for text in [
            graphml(scene, &drawing.pieces),
            gexf(scene, &drawing.pieces),
        ] {
            let document = Document::parse(&text).unwrap();
            let edges = document
                .descendants()
                .filter(|n| n.tag_name().name() == "edge")
                .count();
            assert_eq!(edges, scene.arrows().len());
        }
    }
    graphviz_rust::parse(&dot(scene)).unwrap();
    assert!(mermaid(scene).contains("flowchart LR"));
}

#[test]
fn an_empty_scene_is_an_empty_board() {
    for lang in Lang::ALL {
        let scene = Scene::new("", lang);
        check(&scene);
        let drawing = Drawing::chess(scene);
        assert_eq!((drawing.squares, drawing.quality.overlaps), ([3, 2], 0));
    }
}

#[test]
fn numbers_without_a_source_are_passed_over() {
    let mut scene = Scene::new("Numbers", Lang::En);
    for name in ["a", "b"] {
        scene.add_player(Player::new(name, name, PlayerType::Person));
    }
    let mut arrow = Arrow::new(0, 1, Family::Influence);
    arrow.sources = vec![0, 1, usize::MAX];
    arrow.magnitude = Some(f64::NAN);
    arrow
        .values
        .push(ArrowValue::new(Amount::exact(f64::INFINITY, "", "∞")));
    scene.add_arrow(arrow).unwrap();
    let mut source = Source::new(7, "s", "A source");
    source.url = Some("javascript:alert(1)".to_owned());
    scene.sources.push(source);
    scene.loops = vec![
        SceneLoop::new(1, vec![9, 9], "a → b"),
        SceneLoop::new(1000, Vec::new(), ""),
    ];
    scene.loops[0].sources = vec![0, 7, usize::MAX];
    scene.widths = vec![WidthSample {
        magnitude: f64::INFINITY,
        text: "much".to_owned(),
    }];
    check(&scene);
    assert!(!dot(&scene).contains("URL=\"javascript"));
}

#[test]
fn a_page_links_only_to_the_web() {
    let mut data = PageData::default();
    data.titles = ["</script>", "<b>"].map(str::to_owned);
    for url in ["javascript:alert(1)", "https://example.org/"] {
        let mut document = PageDocument::default();
        document.url = Some(url.to_owned());
        data.documents.push(document);
    }
    let text = page(&data, Lang::En, None);
    assert_eq!(text.matches("<script").count(), 2);
    assert!(text.contains("\"url\":null") && text.contains("\"url\":\"https://example.org/\""));
    assert!(!text.contains("javascript:alert"));
}

#[test]
fn another_scene_is_laid_out_anew() {
    let mut scene = Scene::new("One", Lang::En);
    scene.add_player(Player::new("a", "A", PlayerType::Fund));
    let drawing = Drawing::layered(scene.clone());
    let mut renamed = Scene::new("Eins", Lang::En);
    renamed.add_player(Player::new("a", "Alpha", PlayerType::Fund));
    let moved = drawing.reworded(renamed);
    assert_eq!(moved.pieces[0].glyph, drawing.pieces[0].glyph);
    assert_eq!(moved.pieces[0].lines, ["Alpha"]);
    scene.add_player(Player::new("b", "B", PlayerType::Fund));
    assert_eq!(drawing.reworded(scene.clone()), Drawing::chess(scene));
}

#[test]
fn every_sheet_has_its_shape_and_holds_all_of_the_words() {
    for sheet in Sheet::ALL {
        let mut scene = Scene::new("A title", Lang::En);
        scene.finding = Some("What the picture says in one sentence. ".repeat(4));
        scene.standfirst = Some("More of what it says. ".repeat(9));
        scene.sheet = *sheet;
        for name in ["a", "b"] {
            scene.add_player(Player::new(name, name, PlayerType::Company));
        }
        let mut arrow = Arrow::new(0, 1, Family::Supply);
        let mut value = ArrowValue::new(Amount::exact(1e9, "USD", "$1 bn"));
        value.sources = (1..=120).collect();
        arrow.values.push(value);
        arrow.loops = vec![0];
        scene.add_arrow(arrow).unwrap();
        scene.loops = vec![SceneLoop::new(7, vec![0, 1], "a → b → a")];
        scene.sources = (1..=120)
            .map(|number| Source::new(number, "s", "A source"))
            .collect();
        let drawing = Drawing::chess(scene);
        if let Some(ratio) = sheet.ratio() {
            assert!(
                (drawing.width / drawing.height - ratio).abs() < 1e-6,
                "{sheet:?}"
            );
        }
        for text in &drawing.texts {
            let is_inside =
                text.at.x >= 0.0 && text.at.x < drawing.width && text.at.y < drawing.height;
            assert!(is_inside, "{sheet:?} {text:?}");
            // The numbers of footnotes end before their words.
            let is_number = text.text.len() == 3 && text.text.parse::<usize>().is_ok();
            let words = drawing
                .texts
                .iter()
                .find(|other| other.at.y == text.at.y && other.at.x > text.at.x);
            assert!(!is_number || words.unwrap().at.x - text.at.x > 20.0);
        }
        assert_eq!(Sheet::of_name(sheet.name()), Some(*sheet));
        assert!(svg(&drawing, Theme::Light).contains("inkscape:groupmode=\"layer\""));
    }
}

#[test]
fn the_sources_of_what_is_drawn_come_first() {
    let mut scene = Scene::new("Sources", Lang::En);
    for name in ["a", "b"] {
        scene.add_player(Player::new(name, name, PlayerType::Company));
    }
    let mut arrow = Arrow::new(0, 1, Family::Investment);
    arrow.sources = vec![1, 3];
    let mut value = ArrowValue::new(Amount::exact(1e9, "USD", "$1 bn"));
    value.sources = vec![3];
    arrow.values.push(value);
    scene.add_arrow(arrow).unwrap();
    scene.sources = (1..=3)
        .map(|number| Source::new(number, format!("s{number}"), "A source"))
        .collect();
    scene.number_cited_first();
    let ids: Vec<_> = scene
        .sources
        .iter()
        .map(|source| source.id.as_str())
        .collect();
    assert_eq!(ids, ["s3", "s1", "s2"]);
    assert_eq!(
        (
            &scene.arrows()[0].sources[..],
            &scene.arrows()[0].values[0].sources[..]
        ),
        (&[1, 2][..], &[1][..])
    );
    let drawing = Drawing::chess(scene);
    let notes = drawing
        .texts
        .iter()
        .filter(|text| text.role == Role::Footnote);
    // A number and its words, of the one that is cited.
    assert_eq!(notes.count(), 2);
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        "[a-zA-Z ]{1,40}",
        "\\PC{0,12}",
        ".{0,12}",
        Just("</script><script>{{data}}\"'`#;|\\".to_owned()),
        Just("长x".repeat(400)),
    ]
}

fn scenes() -> impl Strategy<Value = Scene> {
    let player = (text(), 0..PlayerType::ALL.len(), 0..Piece::ALL.len());
    let arrow = (
        (any::<usize>(), any::<usize>()),
        (0..3_usize, 0..3_usize),
        proptest::option::of(0..4_usize),
        proptest::option::of(any::<f64>()),
        text(),
    );
    (
        (text(), text(), any::<bool>()),
        proptest::collection::vec(player, 0..12),
        proptest::collection::vec(arrow, 0..20),
        proptest::collection::vec((text(), proptest::option::of(text())), 0..5),
    )
        .prop_map(|((title, day, is_chinese), players, arrows, sources)| {
            let lang = if is_chinese { Lang::Zh } else { Lang::En };
            let mut scene = Scene::new(title, lang);
            scene.view.as_of = Some(day.clone());
            scene.view.policy = day;
            scene.before = is_chinese.then(Stamp::default);
            let count = players.len();
            for (name, kind, piece) in players {
                let mut player = Player::new(name.clone(), name, PlayerType::ALL[kind]);
                player.piece = Piece::ALL[piece];
                scene.add_player(player);
            }
            for ((from, to), (family, firmness), change, magnitude, label) in arrows {
                if count < 2 {
                    break;
                }
                let from = from % count;
                let to = (from + 1 + to % (count - 1)) % count;
                let mut arrow = Arrow::new(from, to, Family::ALL[family]);
                arrow.firmness = Firmness::ALL[firmness];
                arrow.change = change.map(|change| Change::ALL[change]);
                arrow.magnitude = magnitude;
                arrow.edges = vec![label.clone()];
                arrow.claims = vec![label.clone()];
                arrow.sources = vec![family + 1];
                arrow.loops = (0..firmness).collect();
                match magnitude {
                    Some(value) => arrow
                        .values
                        .push(ArrowValue::new(Amount::exact(value, "USD", label))),
                    None => arrow.kinds.push(label),
                }
                scene.add_arrow(arrow).unwrap();
            }
            for (place, (name, url)) in sources.into_iter().enumerate() {
                let mut source = Source::new(place + 1, name.clone(), name);
                source.url = url;
                scene.sources.push(source);
            }
            scene
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_scene_is_drawn_and_written(scene in scenes()) {
        check(&scene);
    }
}
