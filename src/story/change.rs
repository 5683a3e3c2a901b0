//! What a change comes to: between two days, or if something were otherwise.

use crate::analysis::definition::Analysis;
use crate::analysis::diff::{self, DifferenceKind, diff};
use crate::analysis::error::AnalysisError;
use crate::analysis::loops::{LoopsOptions, LoopsReport, loops};
use crate::analysis::parameter::Arguments;
use crate::analysis::position::Position;
use crate::analysis::standing::{Piece, StandingOptions, standing};
use crate::analysis::what_if;
use crate::model::lang::Lang;
use crate::model::quantity::Quantity;
use crate::model::unit::Measure;
use crate::story::circle::way_round;
use crate::story::ledger::{Ledger, by_size};
use crate::story::sentence::{Filling, Sentence};
use crate::words::Message;
use oxigraph::model::NamedNode;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::AtomicBool;

/// How many edges that came are named.
const EDGES_MAX: usize = 3;

/// Returns what the rows of `diff` or `what-if` come to, in a few sentences: how many edges came and went and the greatest
/// of them, what becomes of the loops, and who is another piece. Other analyses have none.
///
/// Costs what [`loops`](crate::analysis::loops()) and [`standing`](crate::analysis::standing()) take on both boards.
///
/// # Errors
/// Those of the analyses.
///
/// ```
/// use powermap::analysis::DIFF;
/// use powermap::{Lang, Map};
/// use powermap::story::change;
/// use std::sync::atomic::AtomicBool;
///
/// let map = Map::built_in()?;
/// let position = map.position()?;
/// let days = DIFF.arguments([("d1", "2025-09-01"), ("d2", "2025-10-31")], &position)?;
/// let story = change(&position, &DIFF, &days, Lang::En, &AtomicBool::new(false))?;
/// assert!(story[0].text().contains("from 2025-09-01 to 2025-10-31"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn change(
    position: &Position,
    analysis: &Analysis,
    arguments: &Arguments,
    lang: Lang,
    cancel: &AtomicBool,
) -> Result<Vec<Sentence>, AnalysisError> {
    let (before, after, first) = if analysis.name == diff::ANALYSIS.name {
        let (before, after) = diff::sides(position, arguments);
        let first = days(&before, &after, arguments, lang)?;
        (before, after, first)
    } else if analysis.name == what_if::ANALYSIS.name {
        let change = what_if::change(arguments)?;
        let after = what_if::changed(position, &change)?;
        let first = without(position, &after, &change, lang)?;
        (position.clone(), after, first)
    } else {
        return Ok(Vec::new());
    };
    let (before, after) = (Ledger::new(&before, lang)?, Ledger::new(&after, lang)?);
    let mut told = first;
    told.extend(going_round(&before, &after, cancel)?);
    told.extend(pieces(&before, &after, cancel)?);
    Ok(told)
}

/// Returns how many edges came, went and changed between two days, the greatest of those that came, and how many of them
/// no source dates.
fn days(
    before: &Position,
    after: &Position,
    arguments: &Arguments,
    lang: Lang,
) -> Result<Vec<Sentence>, AnalysisError> {
    let ledger = Ledger::new(after, lang)?;
    let mut by_kind: BTreeMap<DifferenceKind, BTreeSet<NamedNode>> = BTreeMap::new();
    for difference in diff(before.board(), after.board()) {
        let resolutions = [&difference.before, &difference.after];
        let edge = after.records().edges.get(&difference.subject);
        let counts = |edge| {
            let mut resolutions = resolutions.iter().copied().flatten();
            resolutions.any(|resolution| after.admits(edge, resolution))
        };
        if edge.is_some_and(counts) {
            let subjects = by_kind.entry(difference.change).or_default();
            subjects.insert(difference.subject);
        }
    }
    let none = BTreeSet::new();
    let of = |kind| by_kind.get(&kind).unwrap_or(&none);
    let changed: BTreeSet<_> = of(DifferenceKind::Status)
        .union(of(DifferenceKind::Value))
        .collect();
    let day = |name: &str| {
        let day = arguments.moment(name).map(|(day, _)| day.to_string());
        Filling::text(day.unwrap_or_default())
    };
    let places = [
        ("before", &day("d1")),
        ("after", &day("d2")),
        ("came", &Filling::text(of(DifferenceKind::Added).len())),
        ("went", &Filling::text(of(DifferenceKind::Removed).len())),
        ("changed", &Filling::text(changed.len())),
    ];
    let mut told = vec![ledger.say(Message::ChangeOfDays, &places)];
    let added = of(DifferenceKind::Added);
    told.extend(greatest(&ledger, added));
    let has_no_start = |id: &&NamedNode| {
        let edge = after.records().edges.get(*id);
        edge.is_some_and(|edge| edge.since.is_none())
    };
    let without_start = added.iter().filter(has_no_start).count();
    if without_start > 0 {
        let count = Filling::text(without_start);
        told.push(ledger.say(Message::ChangeWithoutStart, &[("count", &count)]));
    }
    Ok(told)
}

/// Returns the edges of the greatest amounts.
fn greatest(ledger: &Ledger<'_>, edges: &BTreeSet<NamedNode>) -> Option<Sentence> {
    let amount = |id: &NamedNode| -> Option<Quantity> {
        let resolution = ledger.position.resolution(id)?;
        let values = resolution.values.iter();
        let amounts = values.filter(|value| value.measure == Measure::Amount);
        amounts.map(|value| value.quantity).max_by(by_size)
    };
    let mut sized: Vec<_> = edges
        .iter()
        .filter_map(|id| Some((amount(id)?, id)))
        .collect();
    sized.sort_by(|(a, one), (b, other)| by_size(b, a).then_with(|| one.cmp(other)));
    let told = sized.iter().take(EDGES_MAX).map(|(amount, id)| {
        let claims = ledger.position.claims(id, Some(Measure::Amount));
        let thing = ledger.position.records().described(id, ledger.lang);
        let amount = Filling::quantity(*amount, claims, ledger.lang);
        let places = [("thing", &Filling::text(thing)), ("amount", &amount)];
        ledger.say(Message::ChangeEdge, &places)
    });
    let told: Vec<_> = told.collect();
    if told.is_empty() {
        return None;
    }
    let mut sentence = ledger.say(Message::ChangeGreatest, &[]);
    sentence.append(ledger.listed(told));
    sentence.append(ledger.say(Message::StoryEnd, &[]));
    Some(sentence)
}

/// Returns how many edges go with what is taken away, or which is worth something else.
fn without(
    position: &Position,
    after: &Position,
    change: &what_if::WhatIf,
    lang: Lang,
) -> Result<Vec<Sentence>, AnalysisError> {
    let ledger = Ledger::new(position, lang)?;
    let records = position.records();
    let mut told = Vec::new();
    let players = change.players.iter().map(|id| ledger.label(id));
    let edges = change.edges.iter().map(|id| records.described(id, lang));
    let gone: Vec<String> = players.chain(edges).collect();
    if !gone.is_empty() {
        let count = position.edges().count() - after.edges().count();
        let places = [
            ("what", &Filling::text(ledger.list(gone))),
            ("count", &Filling::text(count)),
        ];
        told.push(ledger.say(Message::ChangeWithout, &places));
    }
    if let Some((edge, amount)) = &change.amount {
        let places = [
            ("what", &Filling::text(records.described(edge, lang))),
            ("amount", &Filling::quantity(*amount, Vec::new(), lang)),
        ];
        told.push(ledger.say(Message::ChangeAmount, &places));
    }
    Ok(told)
}

/// Returns how many loops there are before and after, and the greatest after.
fn going_round(
    before: &Ledger<'_>,
    after: &Ledger<'_>,
    cancel: &AtomicBool,
) -> Result<Vec<Sentence>, AnalysisError> {
    let found = |ledger: &Ledger<'_>| loops(ledger.position, &LoopsOptions::default(), cancel);
    let (old, new) = (found(before)?, found(after)?);
    let count = |report: &LoopsReport| Filling::text(report.seen);
    let places = [("before", &count(&old)), ("after", &count(&new))];
    let mut told = vec![after.say(Message::ChangeLoops, &places)];
    let greatest = new.loops.first().filter(|one| one.circulating.is_some());
    if let Some(one) = greatest {
        let mut sentence = after.say(Message::ChangeGreatestLoop, &[]);
        sentence.append(way_round(after, one, &one.hops[0].from));
        told.push(sentence);
    }
    Ok(told)
}

/// Returns who becomes, or no longer is, a king, a queen or a rook.
fn pieces(
    before: &Ledger<'_>,
    after: &Ledger<'_>,
    cancel: &AtomicBool,
) -> Result<Option<Sentence>, AnalysisError> {
    let rows = |ledger: &Ledger<'_>| -> Result<Vec<(NamedNode, Piece)>, AnalysisError> {
        let report = standing(ledger.position, &StandingOptions::default(), cancel)?;
        let rows = report.rows.into_iter();
        Ok(rows
            .filter_map(|row| Some((row.player, row.piece?)))
            .collect())
    };
    let (old, new) = (rows(before)?, rows(after)?);
    let piece = |rows: &[(NamedNode, Piece)], player: &NamedNode| {
        let found = rows.iter().find(|(other, _)| other == player);
        found.map(|(_, piece)| *piece)
    };
    let is_high =
        |piece: Option<Piece>| matches!(piece, Some(Piece::King | Piece::Queen | Piece::Rook));
    let mut told: Vec<String> = Vec::new();
    let mut seen = BTreeSet::new();
    for (player, _) in new.iter().chain(&old) {
        let (was, is) = (piece(&old, player), piece(&new, player));
        if was == is || !(is_high(was) || is_high(is)) || !seen.insert(player) {
            continue;
        }
        let lang = after.lang;
        let word = |piece: Option<Piece>| {
            piece
                .map_or(Message::ChangeNoPiece, |piece| piece.word())
                .text(lang)
        };
        let name = after.label(player);
        let places: [(&str, &dyn std::fmt::Display); 3] = [
            ("player", &name),
            ("before", &word(was)),
            ("after", &word(is)),
        ];
        told.push(Message::ChangePiece.filled(lang, &places));
    }
    if told.is_empty() {
        return Ok(None);
    }
    let list = Filling::text(after.list(told));
    Ok(Some(after.say(Message::ChangePieces, &[("list", &list)])))
}
