//! One page on one player.

use crate::analysis::control::{
    Control, ControlDirection, ControlOptions, Holding, Verdict, control,
};
use crate::analysis::error::AnalysisError;
use crate::analysis::loops::{LoopsOptions, loops};
use crate::analysis::position::Position;
use crate::analysis::standing::{StandingOptions, standing};
use crate::model::lang::Lang;
use crate::model::name::{Family, Status};
use crate::model::vocabulary::pm;
use crate::story::Story;
use crate::story::circle::way_round;
use crate::story::ledger::Ledger;
use crate::story::partners::partners;
use crate::story::rank::contradictions;
use crate::story::sentence::{Filling, Sentence};
use crate::words::Message;
use oxigraph::model::{NamedNode, NamedOrBlankNode};
use std::collections::BTreeSet;
use std::fmt::Display;
use std::sync::atomic::AtomicBool;

/// How many loops, holders and contradictions are told.
const MOST: usize = 3;

/// Returns one page on a player: who it is, who leads it and how strong it is, what it buys, sells, puts into others and gets,
/// the loops through it, who holds and controls it, what it holds and controls, what the sources do not agree on, and what is not known.
///
/// Costs what [`standing`](crate::analysis::standing()), [`control`](crate::analysis::control()) and the loops through
/// the player take.
///
/// # Errors
/// Those of the analyses.
///
/// ```
/// use powermap::{Lang, Map};
/// use powermap::story::brief;
/// use std::sync::atomic::AtomicBool;
///
/// let map = Map::built_in()?;
/// let oracle = map.player("oracle")?;
/// let story = brief(&map.position()?, &oracle, Lang::En, &AtomicBool::new(false))?;
/// assert_eq!(story.title, "Oracle");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn brief(
    position: &Position,
    player: &NamedNode,
    lang: Lang,
    cancel: &AtomicBool,
) -> Result<Story, AnalysisError> {
    let ledger = Ledger::new(position, lang)?;
    let mut story = Story {
        title: position.records().label(player, lang).to_owned(),
        subject: Some(player.clone()),
        ..Story::default()
    };
    let mut who = who(&ledger, player, cancel)?;
    who.extend(leaders(&ledger, player));
    story.push(Message::BriefWho.text(lang), who);
    let (money, silent) = money(&ledger, player);
    story.push(Message::BriefMoney.text(lang), money);
    story.push(
        Message::BriefLoops.text(lang),
        through(&ledger, player, cancel)?,
    );
    for (heading, direction) in [
        (Message::BriefControl, ControlDirection::Owners),
        (Message::BriefHoldings, ControlDirection::Holdings),
    ] {
        story.push(
            heading.text(lang),
            held(&ledger, player, direction, cancel)?,
        );
    }
    let records = position.records();
    let concerns = |id: &NamedNode| id == player || records.takes_part(player, id);
    story.push(
        Message::TourContradictions.text(lang),
        contradictions(&ledger, MOST, concerns),
    );
    story.push(Message::TourUnknown.text(lang), silent);
    Ok(story)
}

/// Returns what a player is, and its piece.
fn who(
    ledger: &Ledger<'_>,
    player: &NamedNode,
    cancel: &AtomicBool,
) -> Result<Vec<Sentence>, AnalysisError> {
    let record = ledger.position.records().players.get(player);
    let note = record.and_then(|record| record.note.clone());
    let mut lines: Vec<_> = note
        .map(|note| ledger.say(Message::StoryLine, &[("text", &Filling::text(note))]))
        .into_iter()
        .collect();
    let standing = standing(ledger.position, &StandingOptions::default(), cancel)?;
    let pieced = standing.rows.iter().filter(|row| row.piece.is_some());
    let ranked = pieced
        .clone()
        .zip(1..)
        .find(|(row, _)| row.player == *player);
    if let Some((row, rank)) = ranked
        && let Some(piece) = row.piece
    {
        let places = [
            ("rank", &Filling::text(rank)),
            ("count", &Filling::text(pieced.count())),
            ("piece", &Filling::text(piece.word().text(ledger.lang))),
        ];
        lines.push(ledger.say(Message::BriefStanding, &places));
    }
    Ok(lines)
}

/// Returns what a player buys, sells, puts into others and gets, and of how many edges no amount is known.
fn money(ledger: &Ledger<'_>, player: &NamedNode) -> (Vec<Sentence>, Vec<Sentence>) {
    let sides = [
        (None, Some(player), Family::Supply, Message::BriefBuys),
        (Some(player), None, Family::Supply, Message::BriefSells),
        (None, Some(player), Family::Investment, Message::BriefGets),
        (Some(player), None, Family::Investment, Message::BriefPuts),
    ];
    let mut told = Vec::new();
    let (mut all, mut silent) = (0, 0);
    for (from, to, family, message) in sides {
        let edges = ledger.edges(from, to, family);
        all += edges.len();
        let has_value = |edge: &&u32| {
            ledger
                .lens
                .network
                .columns
                .values_of(**edge, None)
                .next()
                .is_some()
        };
        silent += edges.len() - edges.iter().filter(has_value).count();
        if let Some(list) = partners(ledger, player, from.is_some(), family) {
            let mut sentence = ledger.say(message, &[]);
            sentence.append(list);
            sentence.append(ledger.say(Message::StoryStop, &[]));
            told.push(sentence);
        }
    }
    let places = [
        ("unknown", &Filling::text(silent)),
        ("all", &Filling::text(all)),
    ];
    let silent = (silent > 0).then(|| ledger.say(Message::BriefUnknown, &places));
    (told, silent.into_iter().collect())
}

/// Returns the greatest loops through a player.
fn through(
    ledger: &Ledger<'_>,
    player: &NamedNode,
    cancel: &AtomicBool,
) -> Result<Vec<Sentence>, AnalysisError> {
    let options = LoopsOptions {
        through: vec![player.clone()],
        ..LoopsOptions::default()
    };
    let found = loops(ledger.position, &options, cancel)?.loops;
    let greatest = found.iter().take(MOST);
    Ok(greatest.map(|one| way_round(ledger, one, player)).collect())
}

/// Returns who leads a player and sits on its board, and whom it leads and on whose board it sits.
fn leaders(ledger: &Ledger<'_>, player: &NamedNode) -> Vec<Sentence> {
    let network = ledger.lens.network;
    let sides = [
        (true, pm::LEADERSHIP, Message::BriefLedBy),
        (true, pm::BOARD_SEAT, Message::BriefOnItsBoard),
        (false, pm::LEADERSHIP, Message::BriefLeads),
        (false, pm::BOARD_SEAT, Message::BriefOnBoardOf),
    ];
    let mut told = Vec::new();
    for (is_of, kind, message) in sides {
        let ends = if is_of {
            (None, Some(player))
        } else {
            (Some(player), None)
        };
        let mut edges = ledger.edges(ends.0, ends.1, Family::Influence);
        let is_kind = |edge: &u32| {
            let concept = network.columns.kind_of(*edge).concept.as_ref();
            concept.is_some_and(|concept| *concept == kind)
        };
        edges.retain(|edge| {
            is_kind(edge) && ledger.lens.status(*edge).is_none_or(Status::is_binding)
        });
        if edges.is_empty() {
            continue;
        }
        let other = |edge: &u32| match is_of {
            true => network.player(network.graph.source(*edge)),
            false => network.player(network.graph.target(*edge)),
        };
        let others: BTreeSet<NamedNode> = edges.iter().map(other).collect();
        let ids = edges.iter().map(|edge| network.id(*edge));
        let claims = ids
            .flat_map(|id| ledger.position.claims(&id, None))
            .collect();
        let names = ledger.names(&others).resting_on(claims);
        told.push(ledger.say(message, &[("names", &names)]));
    }
    told
}

/// Returns what is between a holder and what it holds: control, or a part, now or perhaps once, directly or through others.
fn tie(row: &Control, direction: ControlDirection) -> Message {
    let is_held = row.share.is_none_or(|share| share.lower > 0.0) || row.votes.is_some();
    let is_direct = row.direct.is_some() || row.votes.is_some();
    let [of_holder, of_held] = match row.verdict {
        Verdict::Certain => [Message::BriefControls, Message::BriefControlsOther],
        Verdict::Possible => [Message::BriefMayControl, Message::BriefMayControlOther],
        Verdict::Joint => [
            Message::BriefControlsJointly,
            Message::BriefControlsOtherJointly,
        ],
        Verdict::No => match (is_direct, is_held) {
            (true, true) => [Message::BriefHolds, Message::BriefHoldsOther],
            (true, false) => [Message::BriefMayHold, Message::BriefMayHoldOther],
            (false, true) => [Message::BriefHoldsThrough, Message::BriefHoldsOtherThrough],
            (false, false) => [
                Message::BriefMayHoldThrough,
                Message::BriefMayHoldOtherThrough,
            ],
        },
    };
    match direction {
        ControlDirection::Owners => of_holder,
        ControlDirection::Holdings => of_held,
    }
}

/// Returns how much a row says is held, of the votes and of the capital.
fn part(ledger: &Ledger<'_>, row: &Control) -> String {
    let percent = |held: Option<Holding>| held.map(|held| held.percent(ledger.lang));
    let says =
        |message: Message, places: &[(&str, &dyn Display)]| message.filled(ledger.lang, places);
    match (percent(row.votes), percent(row.share)) {
        (Some(votes), Some(share)) => says(
            Message::BriefVotesAndShare,
            &[("votes", &votes), ("share", &share)],
        ),
        (Some(votes), None) => says(Message::BriefVotes, &[("votes", &votes)]),
        (None, Some(share)) => says(Message::BriefShare, &[("share", &share)]),
        (None, None) => String::new(),
    }
}

/// Returns the claims that say what an edge gives of a company: those of its shares, or else of its status.
fn claims_of_part(ledger: &Ledger<'_>, edge: &NamedNode) -> Vec<NamedOrBlankNode> {
    let Some(found) = ledger.position.resolution(edge) else {
        return Vec::new();
    };
    let rights = found
        .values
        .iter()
        .filter(|value| value.quantity.unit.right().is_some());
    let claims: Vec<_> = rights.flat_map(|value| value.claims.clone()).collect();
    match (claims.is_empty(), found.status_claims.is_empty()) {
        (false, _) => claims,
        (true, false) => found.status_claims.clone(),
        (true, true) => found.claims.clone(),
    }
}

/// Returns who controls a player, or else holds the most of it; or what it controls and holds itself.
fn held(
    ledger: &Ledger<'_>,
    player: &NamedNode,
    direction: ControlDirection,
    cancel: &AtomicBool,
) -> Result<Vec<Sentence>, AnalysisError> {
    let options = ControlOptions {
        direction,
        ..ControlOptions::of(player.clone())
    };
    let found = control(ledger.position, &options, cancel)?;
    let other = |row: &Control| match direction {
        ControlDirection::Owners => row.controller.clone(),
        ControlDirection::Holdings => row.company.clone(),
    };
    // One more takes as much room as its name.
    let most = match found.rows.len() {
        count if count == MOST + 1 => count,
        _ => MOST,
    };
    let told = found.rows.iter().take(most).map(|row| {
        let edges = row.edges.iter();
        let claims: Vec<_> = edges
            .flat_map(|edge| claims_of_part(ledger, edge))
            .collect();
        let (name, part) = (ledger.name(&other(row)), part(ledger, row));
        let (name, share) = match part.is_empty() {
            true => (name.resting_on(claims), Filling::default()),
            false => (name, Filling::text(part).resting_on(claims)),
        };
        ledger.say(tie(row, direction), &[("name", &name), ("share", &share)])
    });
    let mut told: Vec<_> = told.collect();
    let others: Vec<_> = found.rows.iter().skip(most).map(other).collect();
    if !others.is_empty() {
        told.push(ledger.say(Message::BriefOthers, &[("names", &ledger.names(&others))]));
    }
    let records = ledger.position.records();
    let is_own = |edge: &NamedNode| {
        let edge = records.edges.get(edge);
        edge.is_some_and(|edge| edge.to == *player)
    };
    let unknown = found.unknown.iter().filter(|(_, edge)| is_own(edge));
    let unknown: BTreeSet<_> = unknown.map(|(owner, _)| owner).collect();
    if direction == ControlDirection::Owners && !unknown.is_empty() {
        let names = ledger.names(unknown);
        told.push(ledger.say(Message::BriefPartUnknown, &[("names", &names)]));
    }
    Ok(told)
}
