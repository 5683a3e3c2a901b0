//! The board as GraphML and GEXF: what is in the files, and that they are what their schemas say.

#![allow(
    clippy::unwrap_used,
    reason = "helpers of tests may panic like the tests"
)]

use crate::support::outside;
use powermap::model::Lang;
use powermap::picture::{self, SceneOptions};
use powermap::{Map, View};
use powermap_picture::{Drawing, Scene, gexf, graphml};
use roxmltree::{Document, Node};
use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

fn built_in(lang: Lang) -> Scene {
    picture::whole_scene(&Map::built_in().unwrap().position().unwrap(), lang).unwrap()
}

/// Labels that could break a file.
fn nasty() -> Map {
    let folder = tempfile::tempdir().unwrap();
    let players = format!(
        "id,type,name_en\n\
         a,company,\"<script>alert(1)</script> & \"\"quotes\"\" 'x' ]]> <!-- -->\"\n\
         b,company,شركة \u{202e}الحوسبة\n\
         c,company,\u{1}bell\u{7}\u{b}\u{fffe}\u{feff} 甲骨文\n\
         d,company,{}\n\
         e,company,a{}\n",
        "长x".repeat(5_000),
        "\u{301}".repeat(5_000)
    );
    let edges = "id,from,to,family,kind,lower,upper,unit,status,since,until,document,locator\n\
        e1,a,b,investment,,1,2,USD_bn,committed,2025-03,,paper,p1\n\
        e2,a,b,investment,,,5,USD_bn,planned,2025,2026-02,paper,p1\n\
        e3,b,c,supply,,,,,planned,,,paper,p2\n\
        e4,d,a,influence,,,,,planned,,,paper,p2\n\
        e5,e,a,supply,,2,,GW,planned,,,paper,p2\n";
    fs::write(folder.path().join("players.csv"), players).unwrap();
    fs::write(folder.path().join("edges.csv"), edges).unwrap();
    Map::open(folder.path()).unwrap()
}

/// Every scene that is checked, each in both formats, with and without places.
fn files() -> Vec<(String, String)> {
    let nasty = nasty().position().unwrap();
    let mut scenes = vec![
        ("nasty", picture::whole_scene(&nasty, Lang::En).unwrap()),
        ("whole", built_in(Lang::Zh)),
    ];
    let position = Map::built_in().unwrap().position().unwrap();
    let at = |day: &str| {
        position.at(View {
            as_of: Some(day.parse().unwrap()),
            ..View::default()
        })
    };
    let (before, after) = (at("2025-10-31"), at("2026-02-27"));
    let changed = picture::scene_of_difference(&before, &after, &SceneOptions::default()).unwrap();
    scenes.push(("changed", changed));
    let mut files = Vec::new();
    for (name, scene) in scenes {
        files.push((format!("{name}.graphml"), graphml(&scene, &[])));
        files.push((format!("{name}.gexf"), gexf(&scene, &[])));
    }
    for position in [nasty, position] {
        let drawing = Drawing::chess(picture::scene(&position, &SceneOptions::default()).unwrap());
        let (scene, pieces) = (&drawing.scene, &drawing.pieces);
        files.push(("placed.graphml".to_owned(), graphml(scene, pieces)));
        files.push(("placed.gexf".to_owned(), gexf(scene, pieces)));
    }
    files
}

fn all<'a>(document: &'a Document<'_>, name: &str) -> Vec<Node<'a, 'a>> {
    let elements = document.descendants();
    elements.filter(|n| n.tag_name().name() == name).collect()
}

/// What GraphML says of a node or an edge under a name.
fn data<'a>(node: &Node<'a, '_>, key: &str) -> Option<&'a str> {
    let found = node.children().find(|n| n.attribute("key") == Some(key));
    found.map(|n| n.text().unwrap_or_default())
}

/// What GEXF says of a node or an edge under a name.
fn value<'a>(node: &Node<'a, '_>, name: &str) -> Option<&'a str> {
    let found = node
        .descendants()
        .find(|n| n.attribute("for") == Some(name));
    found.and_then(|n| n.attribute("value"))
}

#[test]
fn files_hold_every_player_and_every_edge() {
    let map = Map::built_in().unwrap();
    let scene = built_in(Lang::En);
    assert_eq!(scene.arrows().len(), map.board().unwrap().edges.len());
    assert!(scene.arrows().iter().all(|arrow| arrow.edges.len() == 1));
    for text in [graphml(&scene, &[]), gexf(&scene, &[])] {
        let document = Document::parse(&text).unwrap();
        assert_eq!(all(&document, "node").len(), scene.players().len());
        let edges = all(&document, "edge");
        assert_eq!(edges.len(), scene.arrows().len());
        let ids: BTreeSet<_> = edges.iter().map(|edge| edge.attribute("id")).collect();
        assert_eq!(
            ids.len(),
            edges.len(),
            "parallel edges have ids of their own"
        );
        let nodes = all(&document, "node");
        let nodes: BTreeSet<_> = nodes.iter().map(|node| node.attribute("id")).collect();
        for edge in &edges {
            for end in ["source", "target"] {
                assert!(nodes.contains(&edge.attribute(end)));
            }
        }
    }
}

#[test]
fn an_edge_tells_amount_status_days_and_sources() {
    let scene = picture::whole_scene(&nasty().position().unwrap(), Lang::En).unwrap();
    let text = graphml(&scene, &[]);
    let document = Document::parse(&text).unwrap();
    let edges = all(&document, "edge");
    let both: Vec<_> = edges
        .iter()
        .filter(|e| data(e, "edge-unit") == Some("USD"))
        .collect();
    let told = |name: &str| -> Vec<_> { both.iter().map(|edge| data(edge, name)).collect() };
    assert_eq!(told("edge-lower"), [Some("1000000000"), None]);
    assert_eq!(told("edge-upper"), [Some("2000000000"), Some("5000000000")]);
    assert_eq!(told("edge-status"), [Some("committed"), Some("planned")]);
    assert_eq!(told("edge-since"), [Some("2025-03"), Some("2025")]);
    assert_eq!(told("edge-until"), [None, Some("2026-02")]);
    assert_eq!(told("edge-family"), [Some("investment"); 2]);
    assert_eq!(told("edge-sources"), [Some("paper"); 2]);

    let text = gexf(&scene, &[]);
    let document = Document::parse(&text).unwrap();
    let edges = all(&document, "edge");
    let both: Vec<_> = edges
        .iter()
        .filter(|e| value(e, "unit") == Some("USD"))
        .collect();
    let days = |edge: &Node<'_, '_>, end: &str| {
        let spell = edge
            .descendants()
            .find(|n| n.has_tag_name(("http://gexf.net/1.3", "spell")));
        spell.and_then(|spell| spell.attribute(end).map(str::to_owned))
    };
    let starts: Vec<_> = both.iter().map(|edge| days(edge, "start")).collect();
    let ends: Vec<_> = both.iter().map(|edge| days(edge, "end")).collect();
    assert_eq!(
        starts,
        [Some("2025-03-01".to_owned()), Some("2025-01-01".to_owned())]
    );
    assert_eq!(ends, [None, Some("2026-02-28".to_owned())]);
}

#[test]
fn a_drawing_gives_places_and_colours() {
    let position = Map::built_in().unwrap().position().unwrap();
    let drawing = Drawing::chess(picture::scene(&position, &SceneOptions::default()).unwrap());
    let text = gexf(&drawing.scene, &drawing.pieces);
    let document = Document::parse(&text).unwrap();
    let viz = |name| -> Vec<_> {
        let elements = document.descendants();
        let found = elements.filter(|n| n.has_tag_name(("http://gexf.net/1.3/viz", name)));
        found.collect()
    };
    let places: BTreeSet<_> = viz("position")
        .iter()
        .map(|n| (n.attribute("x"), n.attribute("y")))
        .collect();
    assert_eq!(places.len(), drawing.scene.players().len());
    assert_eq!(
        viz("color").len(),
        drawing.scene.players().len() + drawing.scene.arrows().len()
    );
    let text = graphml(&drawing.scene, &drawing.pieces);
    let document = Document::parse(&text).unwrap();
    for (node, piece) in all(&document, "node").iter().zip(&drawing.pieces) {
        let y: f64 = data(node, "node-y").unwrap().parse().unwrap();
        assert!((y + piece.glyph.centre().y).abs() < 0.01, "y points up");
    }
}

#[test]
fn files_are_the_same_each_time_and_hold_only_what_xml_allows() {
    let files = files();
    assert_eq!(files, self::files());
    for (name, text) in &files {
        let document = Document::parse(text).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(all(&document, "script").is_empty());
        let is_bad = |c: char| {
            (c.is_control() && c != '\n')
                || matches!(c, '\u{202e}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
        };
        assert!(!text.contains(is_bad), "{name}");
        assert!(text.len() < 300_000, "{name}: {} bytes", text.len());
    }
    let text = &files[0].1;
    let document = Document::parse(text).unwrap();
    let names: Vec<_> = all(&document, "node")
        .iter()
        .filter_map(|n| data(n, "node-label"))
        .collect();
    assert!(
        names.contains(&"<script>alert(1)</script> & \"quotes\" 'x' ]]> <!-- -->"),
        "{names:?}"
    );
    assert!(names.contains(&"bell 甲骨文"), "{names:?}");
}

/// The schemas are those of `tests/schemas/fetch`, which `.ci/run` calls.
#[test]
fn files_are_what_their_schemas_say() {
    let skipped = "GraphML and GEXF held to their schemas";
    let Some(folder) = outside::find("schemas", skipped) else {
        return;
    };
    let Some(xmllint) = outside::find("xmllint", skipped) else {
        return;
    };
    for (name, text) in files() {
        let (schema, text) = if name.ends_with(".gexf") {
            ("gexf.xsd", as_1_2(&text))
        } else {
            ("graphml.xsd", text)
        };
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), text).unwrap();
        let output = Command::new(&xmllint)
            .args(["--noout", "--schema"])
            .arg(folder.join(schema))
            .arg(file.path())
            .output()
            .unwrap();
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{name}: {errors}");
    }
}

/// The package has the schema of GEXF 1.2, which knows all that is written here under other names of namespaces, and has
/// a single one: the conversion that made it lost the namespace of colours and places, as in 1.3.
fn as_1_2(text: &str) -> String {
    text.replace(
        "\"http://gexf.net/1.3/viz\"",
        "\"http://www.gexf.net/1.2draft\"",
    )
    .replace(
        "\"http://gexf.net/1.3\"",
        "\"http://www.gexf.net/1.2draft\"",
    )
    .replace("version=\"1.3\"", "version=\"1.2\"")
}
