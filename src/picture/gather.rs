//! From a position to a scene.

use crate::analysis::position::Position;
use crate::model::lang::Lang;
use crate::model::name::{Family, PlayerType};
use crate::model::quantity::Quantity;
use crate::model::record::{Edge, Records};
use crate::model::resolve::{Resolution, ResolvedValue};
use crate::model::time::TimeSpan;
use crate::model::vocabulary::short_name;
use crate::picture::choice::{Cast, Choice, Players, belongs};
use crate::picture::convert::{amount, stamp};
use crate::picture::direction::Backward;
use crate::picture::error::SceneError;
use crate::picture::heading::choose;
use crate::picture::loops::{self, PointedOut};
use crate::picture::merge::{BoardEdge, Sums, claim_id, firmness};
use crate::picture::sources::Sources;
use crate::picture::strength::Strength;
use crate::picture::widths::set_magnitudes;
use crate::words::Message;
use indexmap::IndexSet;
use oxigraph::model::{NamedNode, NamedOrBlankNode};
use powermap_picture::{Arrow, Change, LeftOut, Player, Scene, clean_text};
use std::collections::BTreeMap;

/// The longest name that is kept, in characters.
const NAME_MAX: usize = 80;

/// What a picture shows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SceneOptions {
    /// What it is called; the title of the map if nothing is said, and "The board of power" if it has none.
    pub title: Option<String>,
    /// The language of its words.
    pub lang: Lang,
    /// Which players are drawn.
    pub choice: Choice,
    /// Whether parallel edges stay apart.
    pub split: bool,
    /// Loops to point out: players, each of which has an edge to the next, the last to the first.
    pub loops: Vec<Vec<NamedNode>>,
    /// How many loops to look for and point out as well: those around which the most may go, with all players drawn;
    /// one that lies within another only after those that do not. `None` for those that the finding names, of which
    /// there are none between two boards.
    pub loops_found: Option<usize>,
    /// Whether arrows run the way the value goes: from customer to supplier, who is paid, and from the issuer of
    /// shares to who gets them for nothing. Otherwise they run as edges do, from who acts to who is acted upon.
    pub money: bool,
}

/// Returns the scene of a position; its filter decides which edges count.
///
/// Edges of one family from one player to another become one arrow. Its value is their sum: an
/// interval for each unit, totals and their parts counted once, wherever the parts are drawn.
///
/// O(n log n + m log m) for n players and m edges, times the depth of totals in totals.
///
/// # Errors
/// No edge or player is left, or a loop goes where no arrow is.
///
/// ```
/// use powermap::Map;
/// use powermap::picture::{SceneOptions, scene};
///
/// let map = Map::built_in()?;
/// let scene = scene(&map.position()?, &SceneOptions::default())?;
/// assert_eq!(scene.players()[0].name, "OpenAI");
/// assert!(scene.arrows().iter().all(|arrow| !arrow.sources.is_empty()));
///
/// let drawing = powermap_picture::Drawing::chess(scene);
/// assert_eq!((drawing.scene.players().len(), drawing.quality.overlaps), (18, 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn scene(position: &Position, options: &SceneOptions) -> Result<Scene, SceneError> {
    gather(position, None, &Strength::of(&[position])?, options)
}

/// Returns the scene of every player and every edge on its own, nothing folded or merged, for files that other tools
/// read.
///
/// O(n log n + m log m) for n players and m edges, besides what standing takes.
///
/// # Errors
/// No edge is left.
///
/// ```
/// use powermap::picture::whole_scene;
/// use powermap::{Lang, Map};
///
/// let scene = whole_scene(&Map::built_in()?.position()?, Lang::En)?;
/// let text = powermap_picture::gexf(&scene, &[]);
/// assert!(text.contains("<spell start=\"2025-09-22\"/>"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn whole_scene(position: &Position, lang: Lang) -> Result<Scene, SceneError> {
    let options = SceneOptions {
        lang,
        choice: Choice {
            players: Players::Unfolded,
            ..Choice::default()
        },
        split: true,
        loops_found: Some(0),
        ..SceneOptions::default()
    };
    scene(position, &options)
}

/// Returns the scene of what came, went and changed from one position to a later one of the same records.
///
/// # Errors
/// As [`scene`].
pub fn scene_of_difference(
    before: &Position,
    after: &Position,
    options: &SceneOptions,
) -> Result<Scene, SceneError> {
    let strength = Strength::of(&[after, before])?;
    gather(after, Some(before), &strength, options)
}

/// Returns the scene of a position, with players of the given strength.
pub(crate) fn gather(
    position: &Position,
    before: Option<&Position>,
    strength: &Strength,
    options: &SceneOptions,
) -> Result<Scene, SceneError> {
    let records = position.records();
    let edges = edges(position, before);
    if edges.is_empty() {
        return Err(SceneError::no_edges(position));
    }
    let positions: Vec<_> = std::iter::once(position).chain(before).collect();
    let found = match options.choice.players {
        Players::Unfolded if options.loops_found == Some(0) => Vec::new(),
        _ => loops::find(position)?,
    };
    let (cast, heading) = choose(&options.choice, &positions, strength, &found, options.lang)?;
    let backward = match options.money {
        true => Backward::of(&positions)?,
        false => Backward::default(),
    };
    let shown = |edge: &Edge| cast.shows(records, edge);
    let groups = group(&edges, &cast, options.split, &backward, shown);
    // Files that other tools read have every edge with all that is known of it.
    let is_split = options.split && options.choice.players != Players::Unfolded;
    let now = Sums::of(records, board_edges(position), is_split);
    let claims = groups.values().flatten().flat_map(|(edge, old)| {
        let old = old.iter().flat_map(|old| &old.claims);
        let parts = now.parts(edge.id).flat_map(|part| &part.resolution.claims);
        edge.resolution.claims.iter().chain(old).chain(parts)
    });
    let sources = Sources::of(records, claims);
    let book = Book {
        records,
        sources: &sources,
        now,
        before: before.map(|before| Sums::of(records, board_edges(before), is_split)),
    };
    let (mut arrows, money): (Vec<_>, Vec<_>) = groups
        .iter()
        .map(|(key, edges)| arrow(&book, key, edges, options.lang))
        // A total next to its parts would count them twice.
        .filter(|(arrow, _)| !is_split || arrow.in_parts.is_none())
        .unzip();
    let widths = set_magnitudes(&mut arrows, &money, options.lang);
    let players = players(records, &cast, strength, options.lang);
    let wanted = PointedOut {
        given: &options.loops,
        count: options.loops_found,
        named: heading.as_ref().map_or(&[], |heading| &heading.loops),
    };
    let marked = wanted.mark(&mut arrows, &players, &cast, position, &found, options.lang)?;
    let own = records.title(options.lang);
    let usual = own.unwrap_or_else(|| Message::BoardTitle.text(options.lang));
    let title = clean_text(options.title.as_deref().unwrap_or(usual), 120);
    let mut scene = Scene::new(title, options.lang.into());
    scene.view = stamp(&position.view());
    scene.before = before.map(|before| stamp(&before.view()));
    if let Some(heading) = &heading {
        heading.put(&mut scene, options.lang);
    }
    scene.follows_value = options.money;
    scene.left_out = left_out(&edges, &cast, &groups);
    for player in players {
        scene.add_player(player);
    }
    scene.ranking = strength.ranking;
    for arrow in arrows {
        scene.add_arrow(arrow)?;
    }
    scene.sources = sources.list(options.lang);
    scene.loops = marked;
    scene.widths = widths;
    scene.number_cited_first();
    Ok(scene)
}

/// Counts the players and edges that have no place on the picture.
fn left_out(edges: &Edges<'_>, cast: &Cast, groups: &BTreeMap<Key, Vec<Pair<'_>>>) -> LeftOut {
    let drawn: usize = groups.values().map(Vec::len).sum();
    let has_no_place = |id: &&NamedNode| !cast.drawn.contains(*id);
    let players = cast.degrees.keys().filter(has_no_place).count();
    LeftOut::new(players, edges.len() - drawn)
}

/// An edge and what held of it before, if it was on the earlier board.
type Pair<'a> = (BoardEdge<'a>, Option<&'a Resolution>);
/// From, to, family, what happened to it, the edge's place where parallel edges stay apart, and whether the edges run the
/// other way.
type Key = (usize, usize, Family, Option<Change>, usize, bool);
/// Edges by id, what happened to each, and what held of it before.
type Edges<'a> = BTreeMap<&'a NamedNode, (BoardEdge<'a>, Option<Change>, Option<&'a Resolution>)>;

/// What arrows are written from.
struct Book<'a> {
    records: &'a Records,
    sources: &'a Sources<'a>,
    now: Sums<'a>,
    /// For the difference of two boards, the earlier one.
    before: Option<Sums<'a>>,
}

/// The edges of a position that count.
fn board_edges(position: &Position) -> impl Iterator<Item = BoardEdge<'_>> {
    position.edges().map(|(id, edge, resolution)| BoardEdge {
        id,
        edge,
        resolution,
    })
}

/// The edges of a position and, if there is an earlier one, what happened to each.
fn edges<'a>(position: &'a Position, before: Option<&'a Position>) -> Edges<'a> {
    let all = |position: &'a Position| board_edges(position).map(|edge| (edge.id, edge));
    let mut found: BTreeMap<_, _> = all(position)
        .map(|(id, edge)| {
            // Without a start, an edge is on the board from the first day on which somebody speaks of it.
            let came = match edge.edge.since {
                Some(_) => Change::Came,
                None => Change::Told,
            };
            (id, (edge, before.map(|_| came), None))
        })
        .collect();
    for (id, old) in before.into_iter().flat_map(all) {
        match found.get_mut(id) {
            None => {
                found.insert(id, (old, Some(Change::Went), None));
            }
            Some((edge, change, resolution)) => {
                let is_same = is_same(edge.resolution, old.resolution);
                *change = Some(if is_same {
                    Change::Same
                } else {
                    Change::Changed
                });
                *resolution = (!is_same).then_some(old.resolution);
            }
        }
    }
    found
}

/// Whether status and values are the same, whichever claims they rest on.
fn is_same(a: &Resolution, b: &Resolution) -> bool {
    let values = |resolution: &Resolution| -> Vec<_> {
        let value = |v: &ResolvedValue| (v.measure, v.quantity);
        resolution.values.iter().map(value).collect()
    };
    a.status == b.status && values(a) == values(b)
}

/// Puts edges that become one arrow together.
fn group<'a>(
    edges: &Edges<'a>,
    cast: &Cast,
    split: bool,
    backward: &Backward,
    shown: impl Fn(&Edge) -> bool,
) -> BTreeMap<Key, Vec<Pair<'a>>> {
    let place = |player: &NamedNode| cast.drawn.get_index_of(player);
    let mut groups: BTreeMap<Key, Vec<Pair<'a>>> = BTreeMap::new();
    for (number, (edge, change, old)) in edges.values().enumerate() {
        let (Some(from), Some(to)) = (place(&edge.edge.from), place(&edge.edge.to)) else {
            continue;
        };
        // A picture has no room for an edge from a player to itself; a file that other tools read has.
        if (from == to && !split) || !shown(edge.edge) {
            continue;
        }
        let is_backward = backward.has(edge.id);
        let (from, to) = if is_backward { (to, from) } else { (from, to) };
        let number = if split { number } else { 0 };
        let key = (from, to, edge.edge.family, *change, number, is_backward);
        groups.entry(key).or_default().push((*edge, *old));
    }
    groups
}

/// Returns the arrow of some edges, and the money that they are worth.
fn arrow<'a>(
    book: &Book<'a>,
    key: &Key,
    pairs: &[Pair<'a>],
    lang: Lang,
) -> (Arrow, Option<Quantity>) {
    let Book {
        records, sources, ..
    } = *book;
    let (from, to, family, change, _, is_backward) = *key;
    let edges: Vec<BoardEdge<'a>> = pairs.iter().map(|(edge, _)| *edge).collect();
    let old: Vec<BoardEdge<'a>> = pairs
        .iter()
        .filter_map(|(edge, old)| {
            Some(BoardEdge {
                resolution: (*old)?,
                ..*edge
            })
        })
        .collect();
    // What went is on the earlier board only.
    let board = match (change, &book.before) {
        (Some(Change::Went), Some(before)) => before,
        _ => &book.now,
    };
    let values = board.values(&edges, sources, lang);
    let before = book.before.as_ref();
    let before = before.map(|before| before.values(&old, sources, lang).quantities);
    let values_before: Vec<_> = before
        .into_iter()
        .flatten()
        .filter(|old| !values.quantities.contains(old))
        .map(|old| amount(&old, lang))
        .collect();
    let money = values.money();
    let claims: IndexSet<&NamedOrBlankNode> = edges
        .iter()
        .chain(&old)
        .flat_map(|edge| &edge.resolution.claims)
        .collect();
    let mut claim_ids: Vec<_> = claims.iter().map(|id| claim_id(id)).collect();
    let mut numbers = sources.numbers(claims.iter().copied());
    // A value may also rest on the claims of parts that are drawn at other arrows.
    claim_ids.extend(values.shown.iter().flat_map(|value| value.claims.clone()));
    numbers.extend(values.shown.iter().flat_map(|value| &value.sources));
    claim_ids.sort_unstable();
    claim_ids.dedup();
    numbers.sort_unstable();
    numbers.dedup();
    let (since, until) = span(&edges);
    let mut arrow = Arrow::new(from, to, family.into());
    arrow.kinds = kinds(records, &edges, lang);
    arrow.since = since.map(|since| since.to_string());
    arrow.until = until.map(|until| until.to_string());
    arrow.first_day = since
        .and_then(TimeSpan::earliest)
        .map(|day| day.to_string());
    arrow.last_day = until.and_then(TimeSpan::latest).map(|day| day.to_string());
    arrow.status = edges
        .iter()
        .filter_map(|edge| edge.resolution.status)
        .max()
        .map(|status| status.name().to_owned());
    arrow.firmness = firmness(&values.labelled(&edges));
    arrow.in_parts = (values.is_in_parts()).then(|| Message::PictureInParts.text(lang).to_owned());
    arrow.without_value = values.unknown;
    arrow.values = values.shown;
    arrow.values_before = values_before;
    arrow.edges = edges
        .iter()
        .map(|edge| short_name(edge.id.as_str()).to_owned())
        .collect();
    arrow.sources = numbers;
    arrow.claims = claim_ids;
    arrow.disputed = edges.iter().any(|edge| edge.resolution.disputed);
    arrow.leads = edges.iter().any(|edge| belongs(records, edge.edge));
    arrow.is_backward = is_backward;
    arrow.is_mutual = edges.iter().all(|edge| records.is_mutual(edge.edge));
    arrow.change = change;
    (arrow, money)
}

/// Returns the names of the kinds of some edges, each once.
fn kinds(records: &Records, edges: &[BoardEdge<'_>], lang: Lang) -> Vec<String> {
    let kinds = edges.iter().filter_map(|edge| edge.edge.kind.as_ref());
    let names = kinds.map(|kind| clean_text(records.label(kind, lang), NAME_MAX));
    let names: IndexSet<String> = names.collect();
    names.into_iter().collect()
}

/// Returns from the earliest beginning of some edges to their latest end; nothing where one is not known.
fn span(edges: &[BoardEdge<'_>]) -> (Option<TimeSpan>, Option<TimeSpan>) {
    let all = |of: fn(&Edge) -> Option<TimeSpan>| -> Option<Vec<TimeSpan>> {
        edges.iter().map(|edge| of(edge.edge)).collect()
    };
    let since = all(|edge| edge.since).and_then(|all| all.into_iter().min_by_key(|s| s.earliest()));
    let until = all(|edge| edge.until).and_then(|all| {
        // An end that is open is the last.
        let end = |span: &TimeSpan| (span.latest().is_none(), span.latest());
        all.into_iter().max_by_key(end)
    });
    (since, until)
}

fn players(records: &Records, cast: &Cast, strength: &Strength, lang: Lang) -> Vec<Player> {
    let degree = |id: &NamedNode| cast.degrees.get(id).copied().unwrap_or_default();
    let drawn = cast.drawn.iter().map(|id| {
        let kind = records
            .players
            .get(id)
            .map_or(PlayerType::Company, |player| player.player_type);
        let name = clean_text(records.label(id, lang), NAME_MAX);
        let mut player = Player::new(short_name(id.as_str()), name, kind.into());
        id.as_str().clone_into(&mut player.iri);
        player.piece = strength.piece(id);
        player.degree = degree(id);
        player
    });
    drawn.collect()
}
