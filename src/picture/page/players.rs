//! What is known of each player besides its edges.

use crate::analysis::answer::percent;
use crate::analysis::dependence::{Dependence, DependenceBasis, DependenceOptions, dependence};
use crate::analysis::position::Position;
use crate::model::name::PlayerType;
use crate::model::resolve::Resolution;
use crate::model::vocabulary::short_name;
use crate::picture::error::SceneError;
use crate::picture::page::tables::{Places, TEXT_MAX, Tables, both, name};
use crate::picture::strength::{STANDING_MAX, Strength};
use crate::words::Message;
use indexmap::IndexMap;
use oxigraph::model::NamedNode;
use powermap_picture::{PageDependence, PageFigure, PagePlayer, Piece, clean_text};
use std::collections::HashSet;
use std::sync::atomic::AtomicBool;

/// How many counterparties are listed for each side of a player.
const COUNTERPARTIES: usize = 5;

/// Gathers the players in the order of their places.
pub(super) fn gather(
    position: &Position,
    places: &Places,
    strength: &Strength,
    tables: &mut Tables<'_>,
) -> Result<Vec<PagePlayer>, SceneError> {
    let records = position.records();
    let on_board: HashSet<&NamedNode> = position
        .edges()
        .flat_map(|(_, edge, _)| [&edge.from, &edge.to])
        .collect();
    let mut ranks = 1..;
    let mut shown = Vec::with_capacity(places.players.len());
    for id in &places.players {
        let record = records.players.get(id);
        let kind = record.map_or(PlayerType::Company, |player| player.player_type);
        let mut page = PagePlayer::new(short_name(id.as_str()), tables.words(id), kind.into());
        page.piece = strength.piece(id);
        if on_board.contains(id) && page.piece != Piece::Pawns {
            page.rank = ranks.next();
        }
        if let Some(record) = record {
            page.aliases = record.aliases.iter().map(|alias| name(alias)).collect();
            let note = record.note.as_deref();
            page.note = note.map(|note| clean_text(note, TEXT_MAX));
        }
        shown.push(page);
    }
    add_figures(&mut shown, position, places, tables);
    add_dependence(&mut shown, position, places)?;
    Ok(shown)
}

/// Adds what was measured or forecast of each player, as it holds on the position's day.
fn add_figures(
    shown: &mut [PagePlayer],
    position: &Position,
    places: &Places,
    tables: &mut Tables<'_>,
) {
    for (id, resolution) in &position.board().observations {
        let Some(observation) = position.records().observations.get(id) else {
            continue;
        };
        let Some(player) = places.player(&observation.subject) else {
            continue;
        };
        let Resolution { values, status, .. } = resolution;
        let mut figure = PageFigure::default();
        figure.metric = tables.words(&observation.metric);
        figure.period = observation.period.map(|period| period.to_string());
        let values = values.iter().map(|value| tables.quantity(&value.quantity));
        figure.values = values.collect();
        figure.status = status.map(|status| status.name().to_owned());
        figure.disputed = resolution.disputed;
        figure.claims = tables.claims_of(&resolution.claims);
        shown[player].figures.push(figure);
    }
}

/// Adds on whom each player depends, on the position's day; not on boards where that would take longer than all else.
fn add_dependence(
    shown: &mut [PagePlayer],
    position: &Position,
    places: &Places,
) -> Result<(), SceneError> {
    if places.players.len() as u64 * places.edges.len() as u64 > STANDING_MAX {
        return Ok(());
    }
    let report = dependence(
        position,
        &DependenceOptions::default(),
        &AtomicBool::new(false),
    )?;
    let mut counts: IndexMap<(usize, &'static str, DependenceBasis), usize> = IndexMap::new();
    let says = |row: &&Dependence| row.has_share() && row.basis != DependenceBasis::Edges;
    for row in report.rows.iter().filter(says) {
        let ends = (places.player(&row.player), places.player(&row.counterparty));
        let (Some(player), Some(other)) = ends else {
            continue;
        };
        let count = counts
            .entry((player, row.side.name(), row.basis))
            .or_default();
        *count += 1;
        if *count > COUNTERPARTIES {
            continue;
        }
        let share = row.share;
        let (lower, upper) = (Some(share.lower), Some(share.upper));
        let mut page = PageDependence::default();
        row.side.name().clone_into(&mut page.side);
        page.other = other;
        page.basis = both(|lang| match row.basis {
            DependenceBasis::In(unit) => unit.symbol(lang),
            DependenceBasis::Edges => Message::ByEdges.text(lang),
        });
        page.share = both(|lang| percent(lower, upper, share.excluded, lang));
        page.edges = places.edges_of(&row.edges);
        shown[player].dependence.push(page);
    }
    Ok(())
}
