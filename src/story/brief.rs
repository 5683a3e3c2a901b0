//! One page on one player.

use crate::analysis::control::{Control, ControlOptions, Verdict, control};
use crate::analysis::error::AnalysisError;
use crate::analysis::loops::{LoopsOptions, loops};
use crate::analysis::position::Position;
use crate::analysis::standing::{StandingOptions, standing};
use crate::model::lang::Lang;
use crate::model::name::Family;
use crate::story::Story;
use crate::story::circle::{partners, way_round};
use crate::story::ledger::Ledger;
use crate::story::rank::contradictions;
use crate::story::sentence::{Filling, Sentence};
use crate::words::Message;
use oxigraph::model::NamedNode;
use std::sync::atomic::AtomicBool;

/// How many loops, holders and contradictions are told.
const MOST: usize = 3;

/// Returns one page on a player: who it is and how strong, what it buys, sells, puts into others and gets, the loops
/// through it, who holds and controls it, what the sources do not agree on, and what is not known.
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
    let who = who(&ledger, player, cancel)?;
    story.push(Message::BriefWho.text(lang), who);
    let (money, silent) = money(&ledger, player);
    story.push(Message::BriefMoney.text(lang), money);
    story.push(
        Message::BriefLoops.text(lang),
        through(&ledger, player, cancel)?,
    );
    story.push(
        Message::BriefControl.text(lang),
        holders(&ledger, player, cancel)?,
    );
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

/// Returns how somebody who does not control a player holds a part of it: now or perhaps once, itself or through others.
fn holds(row: &Control) -> Message {
    let is_held = row.share.is_none_or(|share| share.lower > 0.0) || row.votes.is_some();
    match (row.direct.is_some() || row.votes.is_some(), is_held) {
        (true, true) => Message::BriefHolds,
        (true, false) => Message::BriefMayHold,
        (false, true) => Message::BriefHoldsThrough,
        (false, false) => Message::BriefMayHoldThrough,
    }
}

/// Returns who controls a player, or else holds the most of it.
fn holders(
    ledger: &Ledger<'_>,
    player: &NamedNode,
    cancel: &AtomicBool,
) -> Result<Vec<Sentence>, AnalysisError> {
    let found = control(ledger.position, &ControlOptions::of(player.clone()), cancel)?;
    let told = found.rows.iter().take(MOST).map(|row| {
        let message = match row.verdict {
            Verdict::Certain => Message::BriefControls,
            Verdict::Possible => Message::BriefMayControl,
            Verdict::Joint => Message::BriefControlsJointly,
            Verdict::No => holds(row),
        };
        let edges = row.edges.iter();
        let claims = edges
            .flat_map(|edge| ledger.position.claims(edge, None))
            .collect();
        let name = ledger.name(&row.controller);
        let Some(share) = row.share else {
            return ledger.say(
                message,
                &[
                    ("name", &name.resting_on(claims)),
                    ("share", &Filling::default()),
                ],
            );
        };
        let share = share.percent(ledger.lang);
        let share = Message::BriefShare.filled(ledger.lang, &[("share", &share)]);
        let share = Filling::text(share).resting_on(claims);
        ledger.say(message, &[("name", &name), ("share", &share)])
    });
    Ok(told.collect())
}
