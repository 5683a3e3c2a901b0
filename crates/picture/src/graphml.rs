//! [GraphML](http://graphml.graphdrawing.org/), for yEd, Gephi, igraph, networkx and others.

use crate::attributes::{Attribute, EDGE, PLAYER, Values, family_colour, label, player_colour};
use crate::layout::PlacedPiece;
use crate::scene::Scene;
use crate::xml::{Xml, number};

/// The keys besides the attributes of both formats, under the names that tools look for.
const PLAYER_KEYS: [(&str, Values); 7] = [
    ("label", Values::Text),
    ("x", Values::Number),
    ("y", Values::Number),
    ("size", Values::Number),
    ("r", Values::Integer),
    ("g", Values::Integer),
    ("b", Values::Integer),
];
const EDGE_KEYS: [(&str, Values); 4] = [
    ("label", Values::Text),
    ("r", Values::Integer),
    ("g", Values::Integer),
    ("b", Values::Integer),
];

/// Writes a scene as GraphML, with the places of its players, or without any if `pieces` is empty; y points up.
///
/// Players are `n0`, `n1`, … and arrows `e0`, `e1`, …, in the order of the scene, so that parallel arrows stay apart.
///
/// ```
/// use powermap_picture::{Drawing, Lang, Player, PlayerType, Scene, graphml};
///
/// let mut scene = Scene::new("Alone", Lang::En);
/// scene.add_player(Player::new("mill", "The Mill", PlayerType::Company));
/// assert!(graphml(&scene, &[]).contains("<node id=\"n0\">"));
/// let drawing = Drawing::chess(scene);
/// assert!(graphml(&drawing.scene, &drawing.pieces).contains("<data key=\"node-x\">"));
/// ```
pub fn graphml(scene: &Scene, pieces: &[PlacedPiece]) -> String {
    let mut xml = Xml::document();
    xml.open("graphml")
        .text_attribute("xmlns", "http://graphml.graphdrawing.org/xmlns")
        .text_attribute("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance")
        .text_attribute(
            "xsi:schemaLocation",
            "http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.1/graphml.xsd",
        );
    xml.open("desc").text(&scene.headline()).close();
    keys(&mut xml, "node", &PLAYER_KEYS, &PLAYER);
    keys(&mut xml, "edge", &EDGE_KEYS, &EDGE);
    xml.open("graph")
        .text_attribute("id", "board")
        .text_attribute("edgedefault", "directed");
    for (place, player) in scene.players.iter().enumerate() {
        xml.open("node").text_attribute("id", &format!("n{place}"));
        data(&mut xml, "node", "label", &player.name);
        if let Some(piece) = pieces.get(place) {
            let middle = piece.glyph.centre();
            data(&mut xml, "node", "x", &number(middle.x));
            data(&mut xml, "node", "y", &number(-middle.y));
            data(&mut xml, "node", "size", &number(piece.glyph.width));
        }
        colour(&mut xml, "node", player_colour(player));
        all(&mut xml, "node", &PLAYER, scene, player);
        xml.close();
    }
    for (place, arrow) in scene.arrows.iter().enumerate() {
        let [source, target] = arrow.ends_of_edges();
        xml.open("edge")
            .text_attribute("id", &format!("e{place}"))
            .text_attribute("source", &format!("n{source}"))
            .text_attribute("target", &format!("n{target}"));
        data(&mut xml, "edge", "label", &label(arrow, scene.lang));
        colour(&mut xml, "edge", family_colour(arrow.family));
        all(&mut xml, "edge", &EDGE, scene, arrow);
        xml.close();
    }
    xml.finish()
}

/// Declares the attributes of players or edges.
fn keys<T>(xml: &mut Xml, of: &str, own: &[(&str, Values)], shared: &[Attribute<T>]) {
    let shared = shared
        .iter()
        .map(|attribute| (attribute.name, attribute.values));
    for (name, values) in own.iter().copied().chain(shared) {
        let values = match values {
            Values::Text => "string",
            Values::Number => "double",
            Values::Integer => "int",
            Values::YesOrNo => "boolean",
        };
        xml.open("key")
            .text_attribute("id", &key(of, name))
            .text_attribute("for", of)
            .text_attribute("attr.name", name)
            .text_attribute("attr.type", values)
            .close();
    }
}

fn all<T>(xml: &mut Xml, of: &str, attributes: &[Attribute<T>], scene: &Scene, thing: &T) {
    for attribute in attributes {
        if let Some(value) = (attribute.of)(scene, thing) {
            data(xml, of, attribute.name, &value);
        }
    }
}

fn colour(xml: &mut Xml, of: &str, channels: [u8; 3]) {
    for (name, value) in ["r", "g", "b"].into_iter().zip(channels) {
        data(xml, of, name, &value.to_string());
    }
}

fn data(xml: &mut Xml, of: &str, name: &str, value: &str) {
    xml.open("data")
        .text_attribute("key", &key(of, name))
        .text(value)
        .close();
}

/// Returns the id of an attribute, which is unique in the file.
fn key(of: &str, name: &str) -> String {
    format!("{of}-{name}")
}
