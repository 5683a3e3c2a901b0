//! Gathers what a page shows.

use crate::analysis::conflicts::conflicts;
use crate::analysis::error::AnalysisError;
use crate::analysis::position::Position;
use crate::model::board::Board;
use crate::model::lang::Lang;
use crate::model::name::{Flow, Status};
use crate::model::record::{Edge, Records};
use crate::model::resolve::Resolution;
use crate::model::sum::hulls;
use crate::model::vocabulary::short_name;
use crate::network::columns::Kind;
use crate::picture::choice::{Players, belongs, is_core};
use crate::picture::error::SceneError;
use crate::picture::gather::SceneOptions;
use crate::picture::heading::Heading;
use crate::picture::loops;
use crate::picture::page::days::Days;
use crate::picture::page::tables::{Places, TEXT_MAX, Tables, both, figures};
use crate::picture::page::{players, rounds};
use crate::picture::strength::Strength;
use indexmap::{IndexMap, IndexSet};
use oxigraph::model::{NamedNode, NamedOrBlankNode};
use powermap_picture::{
    EdgeState, PageConflict, PageData, PageEdge, PageStatus, PageWay, clean_text,
};
use std::collections::HashSet;

/// The states of an edge by place of the day, and every claim that any of them rests on.
#[derive(Default)]
struct History {
    states: Vec<(usize, Option<EdgeState>)>,
    claims: IndexSet<NamedOrBlankNode>,
}

/// Gathers the data of the page of a position.
pub(super) fn gather(position: &Position, options: &SceneOptions) -> Result<PageData, SceneError> {
    let records = position.records();
    let days = Days::of(position);
    let mut tables = Tables::new(records);
    let (histories, union) = histories(&days, &tables, position);
    if histories.is_empty() {
        return Err(SceneError::no_edges(position));
    }
    // Pieces are those of the position's own day; players of other days come after them.
    let strength = Strength::of(&[position, &union])?;
    let found = loops::find(position)?;
    let shown = match position.edges().next() {
        Some(_) => position,
        None => &union,
    };
    let named = match options.choice.players {
        Players::All => Heading::of_board(shown, &found, Lang::En)?.loops,
        _ => Vec::new(),
    };
    let cast = (options.choice).cast(&[shown], &strength, (&found, &named))?;
    let places = Places {
        players: ordered(position, &histories, &cast.drawn, &strength),
        edges: histories.keys().cloned().collect(),
    };
    let mut data = PageData::default();
    data.days = days.days.iter().map(ToString::to_string).collect();
    data.step = days.step;
    data.today = days.today;
    data.follows_value = options.money;
    data.statuses = statuses(&tables);
    data.figures = figures();
    data.units = tables.units();
    data.ranking = strength.ranking;
    data.edges = edges(&union, histories, &places, &mut tables)?;
    data.players = players::gather(position, &places, &strength, &mut tables)?;
    let usual = rounds::Usual {
        choice: &options.choice,
        strength: &strength,
        today: &cast,
    };
    rounds::add(&mut data, &days, &places, &usual, &mut tables)?;
    data.near = rounds::near(position, &places, &tables)?;
    data.conflicts = contradictions(position, &places, &mut tables);
    (data.claims, data.documents) = tables.finish();
    Ok(data)
}

/// Returns what each edge is from which day on, and the position of all edges that are ever there, each as it was last.
fn histories(
    days: &Days<'_>,
    tables: &Tables<'_>,
    position: &Position,
) -> (IndexMap<NamedNode, History>, Position) {
    let mut histories: IndexMap<NamedNode, History> = IndexMap::new();
    let mut union: IndexMap<NamedNode, Resolution> = IndexMap::new();
    for (place, on_day) in days.positions() {
        let edges: IndexMap<&NamedNode, &Resolution> = on_day
            .edges()
            .map(|(id, _, resolution)| (id, resolution))
            .collect();
        for (id, history) in &mut histories {
            let is_there = history
                .states
                .last()
                .is_some_and(|(_, state)| state.is_some());
            if is_there && !edges.contains_key(id) {
                history.states.push((place, None));
            }
        }
        for (id, resolution) in edges {
            let history = histories.entry(id.clone()).or_default();
            let next = Some(state(resolution, tables));
            // What only rests on other claims looks the same.
            if history.states.last().is_none_or(|(_, last)| *last != next) {
                history.states.push((place, next));
            }
            history.claims.extend(resolution.claims.iter().cloned());
            union.insert(id.clone(), resolution.clone());
        }
    }
    histories.sort_unstable_keys();
    union.sort_unstable_keys();
    let board = Board {
        edges: union,
        ..position.board().clone()
    };
    (histories, position.with_board(board))
}

/// Returns the players of all edges and those drawn first, the strongest first.
fn ordered(
    position: &Position,
    histories: &IndexMap<NamedNode, History>,
    drawn: &IndexSet<NamedNode>,
    strength: &Strength,
) -> IndexSet<NamedNode> {
    let edges = histories
        .keys()
        .filter_map(|id| position.records().edges.get(id));
    let ends = edges.flat_map(|edge| [&edge.from, &edge.to]);
    let mut players: IndexSet<NamedNode> = ends.chain(drawn).cloned().collect();
    players.sort_by(|a, b| {
        let order = strength.score(b).total_cmp(&strength.score(a));
        order.then_with(|| a.cmp(b))
    });
    players
}

fn statuses(tables: &Tables<'_>) -> Vec<PageStatus> {
    let statuses = Status::ALL.iter().map(|status| {
        let mut shown = PageStatus::default();
        status.name().clone_into(&mut shown.name);
        shown.words = tables.words(&status.iri());
        shown.binding = status.is_binding();
        shown
    });
    statuses.collect()
}

/// Returns what an edge is, as a page sums it.
fn state(resolution: &Resolution, tables: &Tables<'_>) -> EdgeState {
    let values = resolution.values.iter().map(|value| value.quantity);
    let mut state = EdgeState::default();
    state.status = resolution.status.map(|status| status.name().to_owned());
    state.values = hulls(values)
        .iter()
        .map(|hull| tables.quantity(hull))
        .collect();
    state.disputed = resolution.disputed;
    state
}

fn edges(
    union: &Position,
    histories: IndexMap<NamedNode, History>,
    places: &Places,
    tables: &mut Tables<'_>,
) -> Result<Vec<PageEdge>, SceneError> {
    let lens = union.network().map_err(AnalysisError::from)?;
    let ways: IndexMap<NamedNode, PageWay> = lens
        .edges()
        .map(|edge| {
            (
                lens.network.id(edge),
                way(lens.network.columns.kind_of(edge)),
            )
        })
        .collect();
    let records = union.records();
    let mut shown = Vec::with_capacity(histories.len());
    for (id, history) in histories {
        let Some(edge) = records.edges.get(&id) else {
            continue;
        };
        let Edge { from, to, .. } = edge;
        let (from, to) = (places.player(from), places.player(to));
        // The ends of every edge have a place.
        let ends = (from.unwrap_or_default(), to.unwrap_or_default());
        let mut page = PageEdge::new(short_name(id.as_str()), ends.0, ends.1, edge.family.into());
        page.kind = edge.kind.as_ref().map(|kind| tables.words(kind));
        page.way = ways.get(&id).copied().unwrap_or_default();
        page.core = is_core(records, edge);
        page.leads = belongs(records, edge);
        page.deal = edge.deal.as_ref().map(|deal| tables.words(deal));
        page.since = edge.since.map(|since| since.to_string());
        page.until = edge.until.map(|until| until.to_string());
        page.total = total(records, edge, places);
        page.states = history.states;
        page.claims = tables.claims_of(&history.claims);
        shown.push(page);
    }
    Ok(shown)
}

/// Returns the place of the nearest total of an edge that is ever there.
fn total(records: &Records, edge: &Edge, places: &Places) -> Option<usize> {
    let mut seen = HashSet::new();
    let mut total = edge.part_of_total.as_ref()?;
    loop {
        if let Some(place) = places.edges.get_index_of(total) {
            return Some(place);
        }
        // Totals that contain each other lead nowhere.
        if !seen.insert(total) {
            return None;
        }
        total = records.edges.get(total)?.part_of_total.as_ref()?;
    }
}

/// Returns which way the value goes along edges of a kind.
fn way(kind: &Kind) -> PageWay {
    match (kind.carries, kind.returns) {
        (Some(Flow::Cash), _) => PageWay::Forward,
        (Some(Flow::Ownership), _) => PageWay::Held,
        (_, Some(Flow::Cash)) => PageWay::Backward,
        (None, Some(Flow::Equity)) => PageWay::Right,
        (None, Some(_)) => PageWay::Backward,
        _ if kind.mutual => PageWay::Mutual,
        _ => PageWay::Forward,
    }
}

/// Returns the claims that contradict each other, about players of the page and their edges and figures.
fn contradictions(
    position: &Position,
    places: &Places,
    tables: &mut Tables<'_>,
) -> Vec<PageConflict> {
    let records = position.records();
    let mut shown = Vec::new();
    for conflict in conflicts(records, position.view()) {
        let concerned = concerned(records, &conflict.about, places);
        let mut claims = tables.claims_of([&conflict.claim_a]);
        claims.extend(tables.claims_of([&conflict.claim_b]));
        if let [a, b] = claims[..]
            && !concerned.is_empty()
        {
            let mut page = PageConflict::default();
            page.about =
                both(|lang| clean_text(&records.described(&conflict.about, lang), TEXT_MAX));
            page.reason = both(|lang| conflict.reason.word().text(lang));
            page.players = concerned;
            page.claims = [a, b];
            shown.push(page);
        }
    }
    shown
}

/// Returns the places of the players that a claim about something concerns.
fn concerned(records: &Records, about: &NamedNode, places: &Places) -> Vec<usize> {
    let edge = records.edges.get(about);
    let ends = edge.into_iter().flat_map(|edge| [&edge.from, &edge.to]);
    let observation = records.observations.get(about);
    let subject = observation.map(|observation| &observation.subject);
    let is_deal = records.deals.contains_key(about);
    let edges = is_deal.then(|| records.edges.values());
    let of_deal = edges
        .into_iter()
        .flatten()
        .filter(|edge| edge.deal.as_ref() == Some(about));
    let parties = of_deal.flat_map(|edge| [&edge.from, &edge.to]);
    let pair = records.identities.get(about);
    let pair = pair.into_iter().flat_map(|identity| &identity.players);
    let all = ends
        .chain(subject)
        .chain(parties)
        .chain(pair)
        .chain([about]);
    let mut found: Vec<usize> = all.filter_map(|id| places.player(id)).collect();
    found.sort_unstable();
    found.dedup();
    found
}
