//! Loops that are pointed out: those that are given, and the greatest that are found.

use crate::analysis::loops::{self, Loop, LoopsOptions};
use crate::analysis::position::Position;
use crate::model::lang::Lang;
use crate::model::vocabulary::short_name;
use crate::picture::choice::Cast;
use crate::picture::error::SceneError;
use crate::story::way;
use oxigraph::model::NamedNode;
use powermap_picture::{Arrow, Player, SceneLoop};
use std::collections::HashSet;
use std::sync::atomic::AtomicBool;

/// Finds all loops, those around which the most may go first.
///
/// # Errors
/// Those of the analysis.
pub(crate) fn find(position: &Position) -> Result<Vec<Loop>, SceneError> {
    let options = LoopsOptions::default();
    Ok(loops::loops(position, &options, &AtomicBool::new(false))?.loops)
}

/// Picks the places of the loops to point out: the greatest of those whose players are not all in one that is picked
/// already, then the greatest of the others.
pub(crate) fn pick(found: &[Loop], count: usize, keeps: impl Fn(&NamedNode) -> bool) -> Vec<usize> {
    let kept = found
        .iter()
        .enumerate()
        .filter(|(_, one)| is_among(one, &keeps));
    let players = |one: &Loop| -> HashSet<NamedNode> {
        one.hops.iter().map(|hop| hop.from.clone()).collect()
    };
    let mut picked: Vec<(usize, HashSet<NamedNode>)> = Vec::new();
    let mut rest = Vec::new();
    for (place, one) in kept {
        if picked.len() == count {
            break;
        }
        let own = players(one);
        if picked.iter().any(|(_, other)| own.is_subset(other)) {
            rest.push((place, own));
        } else {
            picked.push((place, own));
        }
    }
    let missing = count - picked.len();
    picked.extend(rest.into_iter().take(missing));
    let mut places: Vec<usize> = picked.into_iter().map(|(place, _)| place).collect();
    places.sort_unstable();
    places
}

/// Returns whether all players of a loop are among some.
pub(crate) fn is_among(one: &Loop, keeps: impl Fn(&NamedNode) -> bool) -> bool {
    one.hops.iter().all(|hop| keeps(&hop.from))
}

/// Returns the place of the loop that goes along some players, either way, whichever comes first.
fn found_along(found: &[Loop], players: &[NamedNode]) -> Option<usize> {
    let is_it = |one: &Loop| {
        let own: Vec<_> = one.hops.iter().map(|hop| &hop.from).collect();
        let turned = |way: &mut dyn Iterator<Item = &NamedNode>| {
            let way: Vec<_> = way.collect();
            (0..way.len()).any(|turn| {
                let round = way.iter().cycle().skip(turn);
                round.zip(&own).all(|(a, b)| a == b)
            })
        };
        own.len() == players.len()
            && (turned(&mut players.iter()) || turned(&mut players.iter().rev()))
    };
    found.iter().position(is_it)
}

/// The loops that a picture points out.
pub(crate) struct PointedOut<'a> {
    /// Those that are given, as players.
    pub(crate) given: &'a [Vec<NamedNode>],
    /// How many of the greatest, if that is said.
    pub(crate) count: Option<usize>,
    /// Those that the finding names, as places among all loops.
    pub(crate) named: &'a [usize],
}

impl PointedOut<'_> {
    /// Marks the arrows of the loops, of those found only the ones whose players are all drawn, and each once.
    ///
    /// # Errors
    /// A given loop goes where no arrow is.
    pub(crate) fn mark(
        &self,
        arrows: &mut [Arrow],
        players: &[Player],
        cast: &Cast,
        position: &Position,
        found: &[Loop],
        lang: Lang,
    ) -> Result<Vec<SceneLoop>, SceneError> {
        let mut marked = mark_given(arrows, players, cast, self.given, found)?;
        let is_drawn = |id: &NamedNode| cast.drawn.contains(id);
        let mut picked = match self.count {
            Some(count) => pick(found, count, is_drawn),
            None => self.named.to_vec(),
        };
        picked.retain(|place| {
            let is_marked = marked.iter().any(|one| one.number == place + 1);
            !is_marked && is_among(&found[*place], is_drawn)
        });
        let before = marked.len();
        let picked = (found, picked.as_slice());
        marked.extend(mark_found(arrows, cast, position, picked, before, lang)?);
        Ok(marked)
    }
}

/// Marks the arrows of given loops: those between one player and the next, whichever way they point, since the money
/// for a supply goes against its edge. Each has the number that it has among those found, or one after them.
fn mark_given(
    arrows: &mut [Arrow],
    players: &[Player],
    cast: &Cast,
    loops: &[Vec<NamedNode>],
    known: &[Loop],
) -> Result<Vec<SceneLoop>, SceneError> {
    let place = |player: &NamedNode| cast.drawn.get_index_of(player);
    let name = |player: &NamedNode| match place(player) {
        Some(place) => players[place].name.clone(),
        None => short_name(player.as_str()).to_owned(),
    };
    let mut found = Vec::new();
    for steps in loops {
        let mut places = Vec::new();
        for (from, to) in steps.iter().zip(steps.iter().cycle().skip(1)) {
            let ends = place(from).zip(place(to));
            let mut is_there = false;
            for arrow in arrows.iter_mut() {
                let ways = [(arrow.from, arrow.to), (arrow.to, arrow.from)];
                if ends.is_some_and(|ends| ways.contains(&ends)) {
                    mark(arrow, found.len());
                    is_there = true;
                }
            }
            let Some((place, _)) = ends.filter(|_| is_there) else {
                return Err(SceneError::BrokenLoop {
                    from: name(from),
                    to: name(to),
                });
            };
            places.push(place);
        }
        let names: Vec<String> = steps.iter().chain(steps.first()).map(name).collect();
        let number = match found_along(known, steps) {
            Some(place) => place + 1,
            None => known.len() + found.len() + 1,
        };
        found.push(SceneLoop::new(number, places, names.join(" → ")));
    }
    Ok(found)
}

fn mark(arrow: &mut Arrow, number: usize) {
    if !arrow.loops.contains(&number) {
        arrow.loops.push(number);
    }
}

/// Marks the arrows of the edges that the loops at some places run along; each has the number of its place, from 1, as in
/// the table of all loops. `before` is the number of loops that are marked already.
fn mark_found(
    arrows: &mut [Arrow],
    cast: &Cast,
    position: &Position,
    (found, places): (&[Loop], &[usize]),
    before: usize,
    lang: Lang,
) -> Result<Vec<SceneLoop>, SceneError> {
    let mut marked = Vec::new();
    for (number, place_found) in places.iter().enumerate() {
        let one = &found[*place_found];
        let edges: HashSet<&str> = one
            .hops
            .iter()
            .flat_map(|hop| &hop.edges)
            .map(|edge| short_name(edge.as_str()))
            .collect();
        let mut sources = Vec::new();
        for arrow in arrows.iter_mut() {
            if arrow.edges.iter().any(|edge| edges.contains(edge.as_str())) {
                mark(arrow, before + number);
                if arrow.main_value().is_some() {
                    sources.extend(arrow.label_sources());
                }
            }
        }
        sources.sort_unstable();
        sources.dedup();
        let place = |player: &NamedNode| cast.drawn.get_index_of(player).unwrap_or_default();
        // From the strongest of its players on.
        let strongest = one
            .hops
            .iter()
            .map(|hop| &hop.from)
            .min_by_key(|player| place(player));
        let Some(start) = strongest else { continue };
        let first = one
            .hops
            .iter()
            .position(|hop| hop.from == *start)
            .unwrap_or_default();
        let hops = one.hops.iter().cycle().skip(first).take(one.hops.len());
        let players = hops.map(|hop| place(&hop.from)).collect();
        let mut shown = SceneLoop::new(
            place_found + 1,
            players,
            way(position, one, start, lang)?.text(),
        );
        shown.sources = sources;
        marked.push(shown);
    }
    Ok(marked)
}
