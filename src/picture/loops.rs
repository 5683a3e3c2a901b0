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

/// Picks the loops to point out: the greatest of those whose players are not all in one that is picked already, then the
/// greatest of the others.
pub(crate) fn pick(found: &[Loop], count: usize, keeps: impl Fn(&NamedNode) -> bool) -> Vec<&Loop> {
    let kept = found
        .iter()
        .filter(|one| one.hops.iter().all(|hop| keeps(&hop.from)));
    let players = |one: &Loop| -> HashSet<NamedNode> {
        one.hops.iter().map(|hop| hop.from.clone()).collect()
    };
    let mut picked: Vec<(usize, &Loop, HashSet<NamedNode>)> = Vec::new();
    let mut rest = Vec::new();
    for (place, one) in kept.enumerate() {
        if picked.len() == count {
            break;
        }
        let own = players(one);
        if picked.iter().any(|(_, _, other)| own.is_subset(other)) {
            rest.push((place, one, own));
        } else {
            picked.push((place, one, own));
        }
    }
    let missing = count - picked.len();
    picked.extend(rest.into_iter().take(missing));
    picked.sort_by_key(|(place, ..)| *place);
    picked.into_iter().map(|(_, one, _)| one).collect()
}

/// Marks the arrows of given loops: those between one player and the next, whichever way they point, since the money
/// for a supply goes against its edge.
pub(crate) fn mark_given(
    arrows: &mut [Arrow],
    players: &[Player],
    cast: &Cast,
    loops: &[Vec<NamedNode>],
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
        found.push(SceneLoop::new(places, names.join(" → ")));
    }
    Ok(found)
}

fn mark(arrow: &mut Arrow, number: usize) {
    if !arrow.loops.contains(&number) {
        arrow.loops.push(number);
    }
}

/// Marks the arrows of the edges that loops run along; `before` is the number of loops that have a number already.
pub(crate) fn mark_found(
    arrows: &mut [Arrow],
    cast: &Cast,
    position: &Position,
    found: &[&Loop],
    before: usize,
    lang: Lang,
) -> Result<Vec<SceneLoop>, SceneError> {
    let mut marked = Vec::new();
    for (number, one) in found.iter().enumerate() {
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
        let mut shown = SceneLoop::new(players, way(position, one, start, lang)?.text());
        shown.sources = sources;
        marked.push(shown);
    }
    Ok(marked)
}
