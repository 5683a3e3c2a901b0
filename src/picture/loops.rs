//! Loops that are pointed out: those that are given, and the greatest that are found.

use crate::analysis::loops::{self, LoopStep};
use crate::analysis::position::Position;
use crate::model::vocabulary::short_name;
use crate::picture::choice::Cast;
use crate::picture::error::SceneError;
use oxigraph::model::NamedNode;
use powermap_picture::{Arrow, Player};
use std::collections::HashSet;
use std::sync::atomic::AtomicBool;

/// Marks the arrows of given loops: those between one player and the next, whichever way they point, since the money
/// for a supply goes against its arrow.
pub(crate) fn mark_given(
    arrows: &mut [Arrow],
    players: &[Player],
    cast: &Cast,
    loops: &[Vec<NamedNode>],
) -> Result<Vec<Vec<usize>>, SceneError> {
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
                    arrow.in_loop = true;
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
        found.push(places);
    }
    Ok(found)
}

/// Finds a number of loops, those around which the most may go, and marks the arrows of the edges that they run along.
///
/// Loops through players who are not drawn one by one are passed over.
pub(crate) fn mark_found(
    arrows: &mut [Arrow],
    cast: &Cast,
    position: &Position,
    count: usize,
) -> Result<Vec<Vec<usize>>, SceneError> {
    if count == 0 {
        return Ok(Vec::new());
    }
    let options = loops::LoopsOptions::default();
    let found = loops::loops(position, &options, &AtomicBool::new(false))?;
    let places = |hops: &[LoopStep]| -> Option<Vec<usize>> {
        hops.iter()
            .map(|hop| cast.drawn.get_index_of(&hop.from))
            .collect()
    };
    let mut edges = HashSet::new();
    let mut marked = Vec::new();
    for found in &found.loops {
        let Some(places) = places(&found.hops) else {
            continue;
        };
        edges.extend(
            found
                .hops
                .iter()
                .flat_map(|hop| &hop.edges)
                .map(|edge| short_name(edge.as_str())),
        );
        marked.push(places);
        if marked.len() == count {
            break;
        }
    }
    for arrow in arrows {
        arrow.in_loop |= arrow.edges.iter().any(|edge| edges.contains(edge.as_str()));
    }
    Ok(marked)
}
