//! What a picture says in words: its finding, and the way of each loop.

use crate::analysis::loops::Loop;
use crate::model::lang::Lang;
use crate::model::quantity::Quantity;
use crate::model::record::Records;
use crate::words::Message;
use oxigraph::model::NamedNode;

/// Returns the way of a loop and what can go round it, from one of its players on.
pub(crate) fn way(records: &Records, found: &Loop, start: &NamedNode, lang: Lang) -> String {
    let place = found
        .hops
        .iter()
        .position(|hop| hop.from == *start)
        .unwrap_or_default();
    let players = found
        .hops
        .iter()
        .cycle()
        .skip(place)
        .take(found.hops.len() + 1);
    let names: Vec<&str> = players.map(|hop| records.label(&hop.from, lang)).collect();
    let way = names.join(" → ");
    match found.circulating {
        Some(quantity) => {
            let amount = in_words(&quantity, lang);
            Message::LoopWay.filled(lang, &[("way", &way), ("amount", &amount)])
        }
        None => Message::LoopWayUnknown.filled(lang, &[("way", &way)]),
    }
}

/// Returns what the loops of a board come to, as a headline; nothing without a loop that has an amount.
///
/// `loops` are those around which the most may go, the greatest first.
pub(crate) fn finding(records: &Records, loops: &[Loop], lang: Lang) -> Option<String> {
    let greatest = loops.first()?;
    let amount = in_words(greatest.circulating.as_ref()?, lang);
    let through = |player: &NamedNode| {
        let has = |found: &&Loop| found.hops.iter().any(|hop| hop.from == *player);
        loops.iter().filter(has).count()
    };
    let players = greatest.hops.iter().map(|hop| &hop.from);
    let (count, hub) = players
        .map(|player| (through(player), player))
        .max_by(|a, b| a.0.cmp(&b.0).then_with(|| b.1.cmp(a.1)))?;
    let name = records.label(hub, lang);
    let message = if count == 1 {
        Message::FindingOneLoop
    } else {
        Message::FindingLoops
    };
    Some(message.filled(
        lang,
        &[("count", &count), ("player", &name), ("amount", &amount)],
    ))
}

/// Returns an amount in words: "up to $30 bn".
fn in_words(quantity: &Quantity, lang: Lang) -> String {
    let one = |bound: f64| Quantity::exact(bound, quantity.unit).display(lang);
    match (quantity.lower, quantity.upper) {
        (None, Some(upper)) => Message::UpTo.filled(lang, &[("amount", &one(upper))]),
        (Some(lower), None) => Message::AtLeast.filled(lang, &[("amount", &one(lower))]),
        _ => quantity.display(lang),
    }
}
