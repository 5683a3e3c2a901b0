//! Which players are drawn, and which edges between them.

use crate::analysis::loops::Loop;
use crate::analysis::position::Position;
use crate::model::name::{Family, PlayerType};
use crate::model::record::{Edge, Records};
use crate::model::vocabulary::short_name;
use crate::network::columns::is_control;
use crate::picture::error::SceneError;
use crate::picture::loops::pick;
use crate::picture::stake::Stakes;
use crate::picture::strength::Strength;
use indexmap::{IndexMap, IndexSet};
use oxigraph::model::NamedNode;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// The most players that are drawn one by one, whatever is asked for.
pub const DRAWN_MAX: usize = 256;
/// How many are drawn of the whole board if nothing else is asked for, besides those who lead them.
const OF_THE_BOARD: usize = 12;
/// How many arrows these may have between them before no more players are drawn, and how many with those who lead them.
const ARROWS: usize = 22;
const ARROWS_AND_LEADERS: usize = 30;
/// How many arrows players have between them at most, however many are asked for: more can neither be read nor laid out in
/// time.
const ARROWS_MAX: usize = 400;
/// How many of the greatest loops have their members drawn before all others.
const LOOPS_FIRST: usize = 3;
/// How many are drawn if the players are chosen.
const OF_A_CHOICE: usize = 32;
/// Kinds by which a person leads an organisation, the foremost first; after them comes a stake.
const LEADS: [&str; 3] = ["Leadership", "Control", "Founding"];
/// Kinds of influence by which a person belongs to an organisation.
const BELONGS: [&str; 5] = [
    "Leadership",
    "Founding",
    "BoardSeat",
    "Employment",
    "Control",
];

/// Which players a picture is about. The default is the whole board, at most 12 players, those with the most at stake,
/// and the people who lead them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Choice {
    /// Whom it is about.
    pub players: Players,
    /// How many are drawn, at most [`DRAWN_MAX`], besides those who lead them, and no more than have 400 arrows between
    /// them unless they are listed. The members of the greatest loops come first, then whoever deals in the most money with
    /// those already drawn.
    pub top: Option<usize>,
}

/// Whom a picture is about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Players {
    /// Everybody with an edge.
    #[default]
    All,
    /// Everybody with an edge, however many, and every edge: for files that no one looks at as a picture.
    Unfolded,
    /// These.
    Listed(Vec<NamedNode>),
    /// One and those within this number of edges of it, whichever way they point.
    Around(NamedNode, usize),
}

/// The players of a picture, those of the highest standing first.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Cast {
    /// Those drawn one by one.
    pub(crate) drawn: IndexSet<NamedNode>,
    /// The number of edges at each that count.
    pub(crate) degrees: IndexMap<NamedNode, usize>,
    /// Who is drawn because of leading whom.
    leaders: BTreeSet<(NamedNode, NamedNode)>,
    /// Whether every edge between those drawn is drawn.
    all_edges: bool,
    /// Those asked for by name, all edges of whom are drawn if they are people.
    named: BTreeSet<NamedNode>,
}

impl Cast {
    /// Returns whether an edge is drawn where both its ends are: money and goods are, and influence where it is asked
    /// for, or is control, or says who leads a player that is drawn.
    pub(crate) fn shows(&self, records: &Records, edge: &Edge) -> bool {
        self.all_edges
            || is_at_stake(edge)
            || self.leaders.contains(&(edge.from.clone(), edge.to.clone())) && rank(edge).is_some()
            || [&edge.from, &edge.to]
                .iter()
                .any(|end| self.named.contains(*end) && is_person(records, end))
            || [&edge.from, &edge.to]
                .iter()
                .any(|end| self.named.contains(*end))
                && belongs(records, edge)
    }
}

/// Returns whether an edge is of money, goods or control.
fn is_at_stake(edge: &Edge) -> bool {
    edge.family != Family::Influence
        || edge
            .kind
            .as_ref()
            .is_some_and(|kind| is_control(kind.as_ref()))
}

fn is_person(records: &Records, id: &NamedNode) -> bool {
    let player = records.players.get(id);
    player.is_some_and(|player| player.player_type == PlayerType::Person)
}

/// Returns how far ahead the kind of an edge is among those by which somebody leads somebody.
fn rank(edge: &Edge) -> Option<usize> {
    let kind = short_name(edge.kind.as_ref()?.as_str());
    let found = LEADS.iter().position(|known| *known == kind);
    found.or_else(|| (kind == "Ownership").then_some(LEADS.len()))
}

/// Returns whether a person belongs to an organisation by an edge.
pub(crate) fn belongs(records: &Records, edge: &Edge) -> bool {
    let kind = edge.kind.as_ref().map(|kind| short_name(kind.as_str()));
    kind.is_some_and(|kind| BELONGS.contains(&kind) || kind == "Ownership")
        && is_person(records, &edge.from)
}

/// Returns whether an edge is of money, goods or control, or says that a person leads or belongs to an organisation: what is
/// drawn where influence is not asked for.
pub(crate) fn is_core(records: &Records, edge: &Edge) -> bool {
    is_at_stake(edge) || belongs(records, edge)
}

impl Choice {
    /// Picks the players among the ends of the edges of some positions, the first of which is the one that is drawn.
    /// `loops` are all loops, the greatest first, and `named` the places of those whose members come before all others.
    ///
    /// O((n + m) log n) for n players and m edges.
    pub(crate) fn cast(
        &self,
        positions: &[&Position],
        strength: &Strength,
        (loops, named): (&[Loop], &[usize]),
    ) -> Result<Cast, SceneError> {
        let edges: IndexMap<&NamedNode, &Edge> = positions
            .iter()
            .flat_map(|position| position.edges())
            .map(|(id, edge, _)| (id, edge))
            .collect();
        let filter = positions[0].filter();
        let mut cast = Cast {
            all_edges: self.players == Players::Unfolded
                || !filter.kinds.is_empty()
                || filter.families.contains(&Family::Influence),
            ..Cast::default()
        };
        for edge in edges.values() {
            for end in [&edge.from, &edge.to] {
                *cast.degrees.entry(end.clone()).or_default() += 1;
            }
        }
        let centre = match &self.players {
            Players::Around(centre, _) => Some(centre),
            _ => None,
        };
        cast.named.extend(centre.cloned());
        let players: Vec<NamedNode> = match &self.players {
            Players::All | Players::Unfolded => {
                // Where nothing is at stake, influence is all there is to show.
                cast.all_edges |= !edges.values().any(|edge| is_at_stake(edge));
                let is_shown = |edge: &&&Edge| cast.all_edges || is_at_stake(edge);
                let shown = edges.values().filter(is_shown);
                let ends: IndexSet<_> = shown.flat_map(|edge| [&edge.from, &edge.to]).collect();
                ends.into_iter().cloned().collect()
            }
            Players::Listed(listed) => {
                cast.named.extend(listed.iter().cloned());
                let listed: IndexSet<_> = listed.iter().cloned().collect();
                listed.into_iter().collect()
            }
            Players::Around(centre, hops) => {
                let records = positions[0].records();
                let shown = edges
                    .values()
                    .copied()
                    .filter(|edge| cast.shows(records, edge));
                within(shown, centre, *hops)
            }
        };
        if players.is_empty() {
            return Err(SceneError::NoPlayers);
        }
        let mut chosen = self.chosen(positions[0], &edges, &players, &cast, (loops, named))?;
        if self.players == Players::All {
            self.add_leaders(
                &edges,
                positions[0].records(),
                strength,
                &mut cast,
                &mut chosen,
            );
        }
        let by_standing = |a: &NamedNode, b: &NamedNode| {
            // The one in the middle stays first, however weak it is.
            let is_centre = |player: &NamedNode| centre == Some(player);
            let order = is_centre(b).cmp(&is_centre(a));
            let order = order.then(strength.score(b).total_cmp(&strength.score(a)));
            order.then_with(|| a.cmp(b))
        };
        chosen.sort_by(by_standing);
        cast.drawn = chosen;
        Ok(cast)
    }

    /// Returns those of some players who have the most at stake, as many as there is room for.
    fn chosen(
        &self,
        position: &Position,
        edges: &IndexMap<&NamedNode, &Edge>,
        players: &[NamedNode],
        cast: &Cast,
        (loops, named): (&[Loop], &[usize]),
    ) -> Result<IndexSet<NamedNode>, SceneError> {
        let most = self.most(players.len());
        let is_all = most == players.len();
        // So few cannot have more arrows, one of each family each way.
        let is_few = most * most.saturating_sub(1) * Family::ALL.len() <= ARROWS_MAX;
        if is_all && (is_few || matches!(self.players, Players::Listed(_) | Players::Unfolded)) {
            return Ok(players.iter().cloned().collect());
        }
        let centre = match &self.players {
            Players::Around(centre, _) => Some(centre),
            _ => None,
        };
        let among: HashSet<&NamedNode> = players.iter().collect();
        let greatest = pick(loops, LOOPS_FIRST, |player| among.contains(player));
        let first = named.iter().chain(&greatest);
        let hops = first.flat_map(|place| &loops[*place].hops);
        let first: Vec<&NamedNode> = centre
            .into_iter()
            .chain(hops.map(|hop| &hop.from))
            .collect();
        let arrows = match (&self.players, self.top) {
            (Players::All, None) => ARROWS,
            (Players::Listed(_) | Players::Unfolded, _) => usize::MAX,
            _ => ARROWS_MAX,
        };
        let counted = edges.values().copied();
        let counted = counted.filter(|edge| cast.all_edges || is_at_stake(edge));
        let mut stakes = Stakes::of(position, position.records(), players, counted, loops)?;
        Ok(stakes.choose(&first, most, arrows))
    }

    /// Adds the person who leads each of the players, the strongest where there are several.
    fn add_leaders(
        &self,
        edges: &IndexMap<&NamedNode, &Edge>,
        records: &Records,
        strength: &Strength,
        cast: &mut Cast,
        chosen: &mut IndexSet<NamedNode>,
    ) {
        let mut leaders: BTreeMap<&NamedNode, Vec<&Edge>> = BTreeMap::new();
        let mut arrows = BTreeSet::new();
        for edge in edges.values().copied() {
            let is_drawn = chosen.contains(&edge.to);
            if is_drawn && rank(edge).is_some() && is_person(records, &edge.from) {
                leaders.entry(&edge.to).or_default().push(edge);
            } else if is_drawn && chosen.contains(&edge.from) && cast.shows(records, edge) {
                arrows.insert((&edge.from, &edge.to, edge.family));
            }
        }
        let room = match self.top {
            Some(_) => usize::MAX,
            None => ARROWS_AND_LEADERS.saturating_sub(arrows.len()),
        };
        let led: Vec<NamedNode> = chosen.iter().cloned().collect();
        for player in led
            .iter()
            .filter(|led| leaders.contains_key(led))
            .take(room)
        {
            let foremost = leaders[player].iter().min_by(|a, b| {
                let order = rank(a).cmp(&rank(b));
                let order = order.then(strength.score(&b.from).total_cmp(&strength.score(&a.from)));
                order.then_with(|| a.from.cmp(&b.from))
            });
            if let Some(edge) = foremost {
                chosen.insert(edge.from.clone());
                cast.leaders.insert((edge.from.clone(), player.clone()));
            }
        }
    }

    /// Returns how many of a number of players are drawn, besides those who lead them.
    fn most(&self, players: usize) -> usize {
        let usual = match &self.players {
            Players::Unfolded => return players,
            Players::All => OF_THE_BOARD,
            Players::Listed(_) | Players::Around(..) => OF_A_CHOICE,
        };
        let most = self.top.map_or(usual, |top| top.clamp(1, DRAWN_MAX));
        most.min(players)
    }
}

/// Returns the players within a number of edges of one, breadth first.
fn within<'a>(
    edges: impl Iterator<Item = &'a Edge>,
    centre: &NamedNode,
    hops: usize,
) -> Vec<NamedNode> {
    let mut neighbours: BTreeMap<&NamedNode, Vec<&NamedNode>> = BTreeMap::new();
    for edge in edges {
        neighbours.entry(&edge.from).or_default().push(&edge.to);
        neighbours.entry(&edge.to).or_default().push(&edge.from);
    }
    let mut found = IndexSet::from([centre]);
    let mut ring = 0..1;
    for _ in 0..hops {
        let end = found.len();
        for place in ring {
            for neighbour in neighbours.get(found[place]).into_iter().flatten() {
                found.insert(neighbour);
            }
        }
        ring = end..found.len();
    }
    found.into_iter().cloned().collect()
}
