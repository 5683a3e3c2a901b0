//! What stands in small print on a sheet: days, counts and sources, in words.

use crate::scene::{Scene, Source, Stamp};
use crate::words::{Lang, Message};
use std::collections::BTreeSet;

/// Returns a footnote in words: the name of a document, its day, and the places in it.
pub(crate) fn footnote(source: &Source, lang: Lang) -> String {
    let mut text = source.name.clone();
    if let Some(issued) = &source.issued {
        text.push_str(lang.text(Message::Comma));
        // Of a span with an open start, its last day is printed.
        text.push_str(
            issued
                .split('/')
                .find(|part| *part != "..")
                .unwrap_or(issued),
        );
    }
    if !source.places.is_empty() {
        text.push_str(lang.text(Message::Colon));
        text.push_str(&source.places.join(lang.text(Message::ListSeparator)));
    }
    text
}

/// Returns the lines under the title: the days, the rule if it is not the usual one, and the counts.
pub(crate) fn stamp(scene: &Scene) -> Vec<String> {
    let lang = scene.lang;
    let comma = lang.text(Message::Comma);
    let days = |stamp: &Stamp| {
        let known = [
            (Message::AsOf, &stamp.as_of),
            (Message::KnownBy, &stamp.known_by),
        ];
        let days = known
            .into_iter()
            .filter_map(|(message, day)| Some(lang.filled(message, &[("day", day.as_deref()?)])));
        days.collect::<Vec<_>>().join(comma)
    };
    let now = days(&scene.view);
    let mut lines = vec![match &scene.before {
        None if now.is_empty() => lang.text(Message::BoardOfNoDay).to_owned(),
        Some(before) => lang.filled(
            Message::WhatChanged,
            &[("before", &days(before)), ("now", &now)],
        ),
        None => lang.filled(Message::BoardOfDay, &[("now", &now)]),
    }];
    if let Some(policy) = scene.view.unusual_policy() {
        lines.push(lang.filled(Message::WhereClaimsDisagree, &[("policy", policy)]));
    }
    let edges: usize = scene.arrows.iter().map(|arrow| arrow.edges.len()).sum();
    let claims: BTreeSet<&String> = scene.arrows.iter().flat_map(|a| &a.claims).collect();
    let mut counts = vec![
        lang.edges(edges),
        lang.counted(claims.len(), Message::OneClaim, Message::Claims),
    ];
    // Only the sources of figures are listed; a picture without figures has others.
    let cited = scene.cited().len();
    if cited > 0 {
        counts.push(lang.counted(cited, Message::OneSource, Message::Sources));
    }
    lines.push(counts.join(comma));
    lines
}
