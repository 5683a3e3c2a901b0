//! The attributes of players and edges in files for network tools: one list for GraphML and GEXF.

use crate::scene::{Arrow, Family, Player, PlayerType, Scene};
use crate::theme::{Colours, Theme};
use crate::words::Lang;

/// The type of the values of an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Values {
    Text,
    Number,
    Integer,
    YesOrNo,
}

/// An attribute of players or edges.
pub(crate) struct Attribute<T> {
    pub(crate) name: &'static str,
    pub(crate) values: Values,
    /// Returns its value, where it is known.
    pub(crate) of: fn(&Scene, &T) -> Option<String>,
}

const fn attribute<T>(
    name: &'static str,
    values: Values,
    of: fn(&Scene, &T) -> Option<String>,
) -> Attribute<T> {
    Attribute { name, values, of }
}

/// The attributes of players, besides name, place, size and colour.
pub(crate) const PLAYER: [Attribute<Player>; 6] = [
    attribute("player", Values::Text, |_, p| some(&p.id)),
    attribute("iri", Values::Text, |_, p| some(&p.iri)),
    attribute("type", Values::Text, |_, p| some(p.player_type.name())),
    attribute("piece", Values::Text, |_, p| some(p.piece.name())),
    attribute("edges", Values::Integer, |_, p| Some(p.degree.to_string())),
    attribute("folded", Values::Text, |_, p| list(&p.folded)),
];

/// The attributes of edges, besides label and colour. `lower`, `upper` and `unit` are those of the value that the label
/// shows; `values` has all of them in words.
pub(crate) const EDGE: [Attribute<Arrow>; 17] = [
    attribute("family", Values::Text, |_, a| some(a.family.name())),
    attribute("kinds", Values::Text, |_, a| list(&a.kinds)),
    attribute("status", Values::Text, |_, a| {
        a.status.as_deref().and_then(some)
    }),
    attribute("firmness", Values::Text, |_, a| some(a.firmness.name())),
    attribute("lower", Values::Number, |_, a| {
        Some(a.main_value()?.quantity.lower?.to_string())
    }),
    attribute("upper", Values::Number, |_, a| {
        Some(a.main_value()?.quantity.upper?.to_string())
    }),
    attribute("unit", Values::Text, |_, a| {
        some(&a.main_value()?.quantity.unit)
    }),
    attribute("values", Values::Text, |scene, a| {
        let values = a.values.iter();
        list(&values.map(|v| v.note(scene.lang)).collect::<Vec<_>>())
    }),
    attribute("since", Values::Text, |_, a| a.since.clone()),
    attribute("until", Values::Text, |_, a| a.until.clone()),
    attribute("edges", Values::Text, |_, a| list(&a.edges)),
    attribute("claims", Values::Text, |_, a| list(&a.claims)),
    attribute("sources", Values::Text, |scene, a| {
        let sources = a.sources.iter().filter_map(|n| scene.source(*n));
        list(&sources.map(|s| s.name.clone()).collect::<Vec<_>>())
    }),
    attribute("links", Values::Text, |scene, a| {
        let sources = a.sources.iter().filter_map(|n| scene.source(*n));
        list(&sources.filter_map(|s| s.url.clone()).collect::<Vec<_>>())
    }),
    attribute("disputed", Values::YesOrNo, |_, a| {
        Some(a.disputed.to_string())
    }),
    attribute("loop", Values::YesOrNo, |_, a| {
        Some((!a.loops.is_empty()).to_string())
    }),
    attribute("change", Values::Text, |_, a| some(a.change?.name())),
];

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn list(items: &[String]) -> Option<String> {
    some(&items.join("; "))
}

/// Returns the label of an edge: its value or kind, else its family.
pub(crate) fn label(arrow: &Arrow, lang: Lang) -> String {
    let label = arrow.label();
    if label.is_empty() {
        lang.text(arrow.family.word()).to_owned()
    } else {
        label
    }
}

/// Returns the colour of a player as red, green and blue: full for organisations, light for persons, grey for groups.
pub(crate) fn player_colour(player: &Player) -> [u8; 3] {
    let Colours {
        ink, group, rule, ..
    } = Theme::Light.colours();
    channels(match player.player_type {
        PlayerType::Person => rule,
        kind if kind.is_group() => group,
        _ => ink,
    })
}

/// Returns the colour of a family as red, green and blue.
pub(crate) fn family_colour(family: Family) -> [u8; 3] {
    channels(Theme::Light.colours().family(family))
}

fn channels(colour: &str) -> [u8; 3] {
    let digits = u32::from_str_radix(colour.trim_start_matches('#'), 16).unwrap_or_default();
    let [_, red, green, blue] = digits.to_be_bytes();
    [red, green, blue]
}
