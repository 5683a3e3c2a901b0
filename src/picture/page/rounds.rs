//! Where the money goes round on each day, and what the board says then.

use crate::analysis::loops::{Loop, LoopsOptions, loops as find_loops};
use crate::analysis::position::Position;
use crate::model::lang::Lang;
use crate::picture::choice::{Cast, Choice, Players};
use crate::picture::error::SceneError;
use crate::picture::heading::Heading;
use crate::picture::loops::find;
use crate::picture::page::days::Days;
use crate::picture::page::tables::{Places, TEXT_MAX, Tables};
use crate::picture::strength::Strength;
use crate::story::{Sentence, between, headline_of, way};
use indexmap::IndexMap;
use powermap_picture::{PageData, PageHeadline, PageLoop, PageNearLoop, clean_text};
use std::sync::atomic::AtomicBool;

/// How many of the greatest loops of a day are kept, each with the number that the table of loops has, and how many near
/// loops.
const LOOPS: usize = 40;
const NEAR: usize = 200;
/// Up to how many days times edges loops are found for every day.
const WORK_MAX: usize = 400_000;

/// Who is on the board unless the reader chooses.
pub(super) struct Usual<'a> {
    pub(super) choice: &'a Choice,
    pub(super) strength: &'a Strength,
    /// Those of the position's own day.
    pub(super) today: &'a Cast,
}

/// Adds the loops, the headline and the usual players of each day, or on large maps of the position's own day only.
pub(super) fn add(
    data: &mut PageData,
    days: &Days<'_>,
    places: &Places,
    usual: &Usual<'_>,
    tables: &mut Tables<'_>,
) -> Result<(), SceneError> {
    let mut known: IndexMap<String, usize> = IndexMap::new();
    data.has_all_loops = days.days.len() * places.edges.len() <= WORK_MAX;
    let is_wanted = |place: usize| data.has_all_loops || place == days.today;
    for (place, position) in days.positions().filter(|(place, _)| is_wanted(*place)) {
        let found = find(&position)?;
        let mut numbers = Vec::new();
        for one in found.iter().take(LOOPS) {
            let page = page_loop(one, &position, places, tables)?;
            // The claims of a loop follow from its steps and its amount.
            let key = format!("{:?} {:?}", page.steps, page.text);
            let number = *known.entry(key).or_insert_with(|| {
                data.loops.push(page);
                data.loops.len() - 1
            });
            numbers.push(number);
        }
        let headline = headline(&position, &found, &numbers, tables)?;
        let own;
        let cast = match place == days.today {
            true => usual.today,
            false => {
                own = cast(&position, &found, usual)?;
                &own
            }
        };
        let players = cast.drawn.iter().filter_map(|id| places.player(id));
        let players: Vec<usize> = players.collect();
        if data.casts.last().is_none_or(|(_, last)| *last != players) {
            // Where one day is known only, its players are those of all days.
            let from = if data.has_all_loops { place } else { 0 };
            data.casts.push((from, players));
        }
        if data
            .loop_days
            .last()
            .is_none_or(|(_, last)| *last != numbers)
        {
            data.loop_days.push((place, numbers));
        }
        if data
            .headlines
            .last()
            .is_none_or(|(_, last)| *last != headline)
        {
            data.headlines.push((place, headline));
        }
    }
    Ok(())
}

/// Returns who is on the board of a day; nobody where it has no edge.
fn cast(position: &Position, found: &[Loop], usual: &Usual<'_>) -> Result<Cast, SceneError> {
    let named = match usual.choice.players {
        Players::All => Heading::of_board(position, found, Lang::En)?.loops,
        _ => Vec::new(),
    };
    match (usual.choice).cast(&[position], usual.strength, (found, &named)) {
        Err(SceneError::NoPlayers) => Ok(Cast::default()),
        found => found,
    }
}

fn page_loop(
    one: &Loop,
    position: &Position,
    places: &Places,
    tables: &mut Tables<'_>,
) -> Result<PageLoop, SceneError> {
    let place = |number: usize| places.player(&one.hops[number].from).unwrap_or_default();
    // From the strongest of its players on.
    let first = (0..one.hops.len()).min_by_key(|number| place(*number));
    let first = first.unwrap_or_default();
    let order: Vec<usize> = (0..one.hops.len())
        .map(|step| (first + step) % one.hops.len())
        .collect();
    let start = &one.hops[first].from;
    let sentences = [
        way(position, one, start, Lang::En)?,
        way(position, one, start, Lang::Zh)?,
    ];
    let mut page = PageLoop::default();
    page.players = order.iter().map(|number| place(*number)).collect();
    let steps = order.iter();
    page.steps = steps
        .map(|number| places.edges_of(&one.hops[*number].edges))
        .collect();
    page.claims = tables.claims_of(sentences[0].claims());
    page.text = sentences.map(|sentence| clean_text(&sentence.text(), TEXT_MAX));
    Ok(page)
}

fn headline(
    position: &Position,
    found: &[Loop],
    numbers: &[usize],
    tables: &mut Tables<'_>,
) -> Result<PageHeadline, SceneError> {
    let mut page = PageHeadline::default();
    for (place, lang) in [Lang::En, Lang::Zh].into_iter().enumerate() {
        let headline = headline_of(position, found, lang)?;
        let standfirst: Vec<String> = headline.standfirst.iter().map(Sentence::text).collect();
        let named = headline.loops.iter();
        page.loops = named
            .filter_map(|place| numbers.get(*place).copied())
            .collect();
        page.finding[place] = clean_text(&headline.finding.text(), TEXT_MAX);
        page.standfirst[place] = clean_text(&standfirst.join(between(lang)), TEXT_MAX);
        let below = headline.standfirst.iter().flat_map(Sentence::claims);
        page.claims = tables.claims_of(headline.finding.claims().chain(below));
    }
    Ok(page)
}

/// Returns the loops that lack one leg on the position's day, the greatest first.
pub(super) fn near(
    position: &Position,
    places: &Places,
    tables: &Tables<'_>,
) -> Result<Vec<PageNearLoop>, SceneError> {
    let options = LoopsOptions {
        near: true,
        loops_max: NEAR,
        ..LoopsOptions::default()
    };
    let found = find_loops(position, &options, &AtomicBool::new(false))?.loops;
    let shown = found.iter().filter_map(|one| {
        let missing = one.missing.as_ref()?;
        let hops = one.hops.iter().map(|hop| &hop.from);
        let players = hops.chain([&missing.from]);
        let mut page = PageNearLoop::default();
        page.players = players.filter_map(|player| places.player(player)).collect();
        page.steps = one
            .hops
            .iter()
            .map(|hop| places.edges_of(&hop.edges))
            .collect();
        page.ties = places.edges_of(&missing.ties);
        page.amount = one.circulating.map(|amount| tables.quantity(&amount));
        Some(page)
    });
    Ok(shown.collect())
}
