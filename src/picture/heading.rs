//! The sentences that a picture stands under, and the loops that they name.

use crate::analysis::diff;
use crate::analysis::error::AnalysisError;
use crate::analysis::loops::Loop;
use crate::analysis::position::Position;
use crate::model::lang::Lang;
use crate::model::view::View;
use crate::picture::choice::{Cast, Choice, Players};
use crate::picture::error::SceneError;
use crate::picture::loops::is_among;
use crate::picture::strength::Strength;
use crate::story::{Sentence, between, change, headline_of};
use crate::words::Message;
use oxigraph::model::NamedNode;
use powermap_picture::{Scene, clean_text};
use std::sync::atomic::AtomicBool;

/// The most loops that are pointed out because a finding names them, which is how many colours there are.
const NAMED_MAX: usize = 6;
/// How many players a plain title names.
const NAMES_MAX: usize = 4;

/// Returns who is drawn of some positions, the first of which is the one that is drawn and the second, if any, an earlier one;
/// and what the picture says. `found` are the loops of the first, the greatest first.
///
/// # Errors
/// Nobody is left, and those of the network and of the analyses.
pub(crate) fn choose(
    choice: &Choice,
    positions: &[&Position],
    strength: &Strength,
    found: &[Loop],
    lang: Lang,
) -> Result<(Cast, Option<Heading>), SceneError> {
    let position = positions[0];
    let whole = match (positions.get(1), &choice.players) {
        (Some(before), _) => Heading::of_difference(before, position, lang)?,
        (None, Players::All) => Some(Heading::of_board(position, found, lang)?),
        _ => None,
    };
    let named = whole.as_ref().map_or(&[][..], |heading| &heading.loops);
    let cast = choice.cast(positions, strength, (found, named))?;
    let heading = match (whole, &choice.players) {
        (None, Players::Listed(_) | Players::Around(..)) => {
            Some(Heading::of_choice(position, found, choice, &cast, lang)?)
        }
        (whole, _) => whole,
    };
    Ok((cast, heading))
}

/// What stands above a picture.
#[derive(Debug, Clone, Default)]
pub(crate) struct Heading {
    finding: String,
    standfirst: Vec<Sentence>,
    /// The loops that the finding names, as places among all loops.
    pub(crate) loops: Vec<usize>,
}

impl Heading {
    /// Returns what a board says as a whole; `found` are its loops, the greatest first.
    ///
    /// # Errors
    /// Those of the network.
    pub(crate) fn of_board(
        position: &Position,
        found: &[Loop],
        lang: Lang,
    ) -> Result<Self, AnalysisError> {
        let headline = headline_of(position, found, lang)?;
        let mut loops = headline.loops;
        loops.truncate(NAMED_MAX);
        Ok(Self {
            finding: headline.finding.text(),
            standfirst: headline.standfirst,
            loops,
        })
    }

    /// Returns what a board says of the players that are drawn: of the loops among them, those through the one in the
    /// middle where there is one; without any, whom the picture shows.
    ///
    /// # Errors
    /// Those of the network.
    fn of_choice(
        position: &Position,
        found: &[Loop],
        choice: &Choice,
        cast: &Cast,
        lang: Lang,
    ) -> Result<Self, AnalysisError> {
        let centre = match &choice.players {
            Players::Around(centre, _) => Some(centre),
            _ => None,
        };
        let is_shown = |one: &Loop| {
            let through = |centre: &NamedNode| one.hops.iter().any(|hop| hop.from == *centre);
            is_among(one, |player| cast.drawn.contains(player)) && centre.is_none_or(through)
        };
        let places: Vec<usize> = (0..found.len())
            .filter(|place| is_shown(&found[*place]))
            .collect();
        if places.is_empty() {
            return Ok(Self {
                finding: whom(position, choice, cast, lang),
                ..Self::default()
            });
        }
        let kept: Vec<Loop> = places.iter().map(|place| found[*place].clone()).collect();
        let mut heading = Self::of_board(position, &kept, lang)?;
        for place in &mut heading.loops {
            *place = places[*place];
        }
        Ok(heading)
    }

    /// Returns what changed from one board to a later one; no loop is named.
    ///
    /// # Errors
    /// Those of the analyses.
    fn of_difference(
        before: &Position,
        after: &Position,
        lang: Lang,
    ) -> Result<Option<Self>, AnalysisError> {
        let (Some(d1), Some(d2)) = (moment(&before.view()), moment(&after.view())) else {
            return Ok(None);
        };
        let days = [("d1", d1.as_str()), ("d2", d2.as_str())];
        let days = diff::ANALYSIS.arguments(days, after)?;
        let never = AtomicBool::new(false);
        let mut told = change(after, &diff::ANALYSIS, &days, lang, &never)?.into_iter();
        let first = told.next();
        Ok(first.map(|first| Self {
            finding: first.text(),
            standfirst: told.collect(),
            loops: Vec::new(),
        }))
    }

    /// Puts the sentences above a scene.
    pub(crate) fn put(&self, scene: &mut Scene, lang: Lang) {
        scene.finding = Some(clean_text(&self.finding, 300));
        let standfirst: Vec<_> = self.standfirst.iter().map(Sentence::text).collect();
        let standfirst = standfirst.join(between(lang));
        scene.standfirst = (!standfirst.is_empty()).then(|| clean_text(&standfirst, 600));
    }
}

/// Returns the days of a view as the analyses read them.
fn moment(view: &View) -> Option<String> {
    let day = view.as_of?;
    Some(match view.known_by {
        Some(known_by) => format!("{day}@{known_by}"),
        None => day.to_string(),
    })
}

/// Returns whom a picture shows.
fn whom(position: &Position, choice: &Choice, cast: &Cast, lang: Lang) -> String {
    let name = |id| position.records().label(id, lang);
    match &choice.players {
        Players::Around(centre, hops) => {
            let message = match hops {
                0 => Message::StoryLine,
                1 => Message::PictureAround,
                _ => Message::PictureNear,
            };
            let name = name(centre);
            message.filled(lang, &[("player", &name), ("text", &name), ("hops", hops)])
        }
        _ if cast.drawn.len() <= NAMES_MAX => {
            let names: Vec<_> = cast.drawn.iter().map(name).collect();
            let (last, first) = names.split_last().unwrap_or((&"", &[]));
            let names = match first {
                [] => (*last).to_owned(),
                first => {
                    let first = first.join(Message::StoryListSeparator.text(lang));
                    [&first, *last].join(Message::StoryLastSeparator.text(lang))
                }
            };
            Message::PictureBetween.filled(lang, &[("names", &names)])
        }
        _ => Message::PictureAmong.filled(lang, &[("count", &cast.drawn.len())]),
    }
}
