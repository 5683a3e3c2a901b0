//! [GEXF 1.3](https://gexf.net/), for Gephi and others: with places, colours, and the days on which edges hold.

use crate::attributes::{Attribute, EDGE, PLAYER, Values, family_colour, label, player_colour};
use crate::layout::PlacedPiece;
use crate::scene::{Arrow, Family, Firmness, Scene};
use crate::xml::Xml;

/// Writes a scene as GEXF, with the places of its players, or without any if `pieces` is empty; y points up.
///
/// An edge has a spell from its first day to its last; one with neither holds always. Players are `n0`, `n1`, … and
/// arrows `e0`, `e1`, …, in the order of the scene, so that parallel arrows stay apart.
///
/// ```
/// use powermap_picture::{Arrow, Family, Lang, Player, PlayerType, Scene, gexf};
///
/// let mut scene = Scene::new("A loan", Lang::En);
/// let bank = scene.add_player(Player::new("bank", "The Bank", PlayerType::Bank));
/// let mill = scene.add_player(Player::new("mill", "The Mill", PlayerType::Company));
/// let mut loan = Arrow::new(bank, mill, Family::Investment);
/// loan.first_day = Some("2025-09-22".to_owned());
/// scene.add_arrow(loan)?;
/// assert!(gexf(&scene, &[]).contains("<spell start=\"2025-09-22\"/>"));
/// # Ok::<(), powermap_picture::PictureError>(())
/// ```
pub fn gexf(scene: &Scene, pieces: &[PlacedPiece]) -> String {
    let mut xml = Xml::document();
    xml.open("gexf")
        .text_attribute("xmlns", "http://gexf.net/1.3")
        .text_attribute("xmlns:viz", "http://gexf.net/1.3/viz")
        .text_attribute("version", "1.3");
    xml.open("meta");
    xml.open("creator").text("powermap").close();
    xml.open("description").text(&scene.headline()).close();
    xml.close();
    xml.open("graph")
        .text_attribute("defaultedgetype", "directed")
        .text_attribute("mode", "dynamic")
        .text_attribute("timeformat", "date");
    declare(&mut xml, "node", &PLAYER);
    declare(&mut xml, "edge", &EDGE);
    xml.open("nodes");
    for (place, player) in scene.players.iter().enumerate() {
        xml.open("node")
            .text_attribute("id", &format!("n{place}"))
            .text_attribute("label", &player.name);
        values(&mut xml, &PLAYER, scene, player);
        colour(&mut xml, player_colour(player));
        if let Some(piece) = pieces.get(place) {
            let middle = piece.glyph.centre();
            xml.open("viz:position")
                .number_attribute("x", middle.x)
                .number_attribute("y", -middle.y)
                .number_attribute("z", 0.0)
                .close();
            xml.open("viz:size")
                .number_attribute("value", piece.glyph.width)
                .close();
        }
        xml.close();
    }
    xml.close();
    xml.open("edges");
    for (place, arrow) in scene.arrows.iter().enumerate() {
        let [source, target] = arrow.ends_of_edges();
        xml.open("edge")
            .text_attribute("id", &format!("e{place}"))
            .text_attribute("source", &format!("n{source}"))
            .text_attribute("target", &format!("n{target}"))
            .text_attribute("label", &label(arrow, scene.lang));
        values(&mut xml, &EDGE, scene, arrow);
        spell(&mut xml, arrow);
        colour(&mut xml, family_colour(arrow.family));
        let shape = match (arrow.firmness, arrow.family) {
            (Firmness::Unstated, _) => "dotted",
            (Firmness::Loose, _) => "dashed",
            (_, Family::Supply) => "double",
            _ => "solid",
        };
        xml.open("viz:shape").text_attribute("value", shape).close();
        xml.close();
    }
    xml.finish()
}

/// Declares the attributes of players or edges.
fn declare<T>(xml: &mut Xml, of: &str, attributes: &[Attribute<T>]) {
    xml.open("attributes").text_attribute("class", of);
    for attribute in attributes {
        let values = match attribute.values {
            Values::Text => "string",
            Values::Number => "double",
            Values::Integer => "integer",
            Values::YesOrNo => "boolean",
        };
        xml.open("attribute")
            .text_attribute("id", attribute.name)
            .text_attribute("title", attribute.name)
            .text_attribute("type", values)
            .close();
    }
    xml.close();
}

fn values<T>(xml: &mut Xml, attributes: &[Attribute<T>], scene: &Scene, thing: &T) {
    xml.open("attvalues");
    for attribute in attributes {
        if let Some(value) = (attribute.of)(scene, thing) {
            xml.open("attvalue")
                .text_attribute("for", attribute.name)
                .text_attribute("value", &value)
                .close();
        }
    }
    xml.close();
}

/// Writes the days on which an edge may hold.
fn spell(xml: &mut Xml, arrow: &Arrow) {
    let (start, end) = (&arrow.first_day, &arrow.last_day);
    if start.is_none() && end.is_none() {
        return;
    }
    xml.open("spells").open("spell");
    for (name, day) in [("start", start), ("end", end)] {
        if let Some(day) = day {
            xml.text_attribute(name, day);
        }
    }
    xml.close().close();
}

fn colour(xml: &mut Xml, channels: [u8; 3]) {
    xml.open("viz:color");
    for (name, value) in ["r", "g", "b"].into_iter().zip(channels) {
        xml.number_attribute(name, f64::from(value));
    }
    xml.close();
}
