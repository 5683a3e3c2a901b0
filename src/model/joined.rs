//! Which players are one, as seen from a view.
//!
//! # What joins
//! - An identity whose claims, as far as they count, say that its two players are one, and which holds: it has no status, or is
//!   committed or completed. Where claims say both, each side that holds has a say and the policy decides: the nearest
//!   to the facts by `weighed` (where these do not agree, the two are not one), the last by `latest`, the most trusted by
//!   `most-trusted`; `lowest` and `all` join nobody whom anyone says to be another, `highest` joins whom anyone says to be one.
//! - An identifier of a scheme that identifies (`pm:identifies`), which two players share.
//!
//! Opinions, concerns and the like join nobody. A claim that states from when it holds counts from that day; any other
//! holds on every day, since two players do not become one by being found out. It is known from the day that it was
//! said or its document came out, as every claim is.
//!
//! # What keeps apart
//! Players that are said not to be one, by a claim that holds, are never in one group; nor are a person, an organisation, a
//! voice and a product. Identities that a primary source states are followed first, in the order of their players' ids; then
//! shared identifiers, in the order of scheme, value and ids; then all other identities, those nearest to the facts first.
//! What would join two that stay apart is not followed, and is listed.
//!
//! # Who is shown
//! The player with the first id: those of the map's own namespace come before others, else in the order of characters.

use crate::model::groups::{Apart, Groups};
use crate::model::name::{Policy, Status, Tier};
use crate::model::record::Records;
use crate::model::resolve::{Candidate, prevailing, resolve};
use crate::model::view::View;
use crate::model::vocabulary::ID;
use oxigraph::model::{NamedNode, NamedOrBlankNode};
use rustc_hash::FxHashMap;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Which players are shown as one, and why others are not.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Joined {
    /// For each player that is shown as another: that one.
    shown: FxHashMap<NamedNode, NamedNode>,
    /// Each player that others are shown as: all that it was joined from, sorted by id, itself among them.
    members: BTreeMap<NamedNode, Vec<NamedNode>>,
    /// What ties two players, in the order in which it was followed, and what came of it.
    links: Vec<Link>,
}

/// Something that says of two players that they are one, or are not.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// The two players, as the records have them.
    pub players: [NamedNode; 2],
    /// What says so.
    pub basis: Basis,
    /// The claims that it rests on, sorted by id.
    pub claims: Vec<NamedOrBlankNode>,
    /// What came of it.
    pub outcome: Outcome,
}

/// What a link rests on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Basis {
    /// An identity, and its status.
    Identity(NamedNode, Option<Status>),
    /// An identifier that both have: its scheme and its value.
    Identifier(NamedNode, String),
}

/// What comes of a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The two are shown as one.
    Joined,
    /// It says that the two are not one.
    Different,
    /// It does not hold: its status is not binding, or it is no firm statement.
    Loose,
    /// It is not followed: these two would be one, who are said not to be.
    Contradicted([NamedNode; 2]),
    /// It is not followed: these two would be one, who are of sorts that are never one.
    Unlike([NamedNode; 2]),
}

impl Joined {
    /// Returns the player that the board shows for one of the records: mostly itself. O(1).
    pub fn shown<'a>(&'a self, player: &'a NamedNode) -> &'a NamedNode {
        self.shown.get(player).unwrap_or(player)
    }

    /// Returns whether every player is shown as itself.
    pub fn is_empty(&self) -> bool {
        self.shown.is_empty()
    }

    /// Returns, for each player that is shown as another one, that one.
    pub(crate) fn all_shown(&self) -> &FxHashMap<NamedNode, NamedNode> {
        &self.shown
    }

    /// Returns the players that are shown as another one, with that one, sorted by id.
    pub fn pairs(&self) -> impl Iterator<Item = (&NamedNode, &NamedNode)> {
        let groups = self.members.iter();
        let mut pairs: Vec<_> = groups
            .flat_map(|(shown, members)| members.iter().map(move |member| (member, shown)))
            .filter(|(member, shown)| member != shown)
            .collect();
        pairs.sort_unstable();
        pairs.into_iter()
    }

    /// Returns the players that others are shown as, with all that each was joined from, sorted by id.
    pub(crate) fn groups(&self) -> impl Iterator<Item = (&NamedNode, &[NamedNode])> {
        let groups = self.members.iter();
        groups.map(|(shown, members)| (shown, members.as_slice()))
    }

    /// Returns the players of the records that one on the board was joined from, sorted by id; nothing where it is one
    /// record.
    pub fn members(&self, shown: &NamedNode) -> &[NamedNode] {
        self.members.get(shown).map_or(&[], Vec::as_slice)
    }

    /// Returns what was said of which two players being one, in the order in which it was followed.
    pub fn links(&self) -> &[Link] {
        &self.links
    }
}

/// The claims about one thing that count in a view.
pub(super) trait Known<'a> {
    /// Returns the claims about something that are known and stand.
    fn known(&self, about: &NamedNode) -> Vec<Candidate<'a>>;

    /// Returns whether any claim is about something, known or not.
    fn is_claimed(&self, about: &NamedNode) -> bool;
}

/// A link that joins two players, by their numbers, before it is followed.
struct Tie {
    tier: Option<Tier>,
    players: (u32, u32),
    basis: Basis,
    claims: Vec<NamedOrBlankNode>,
}

/// The players that links speak of, in the order in which one of them is shown.
struct Numbers<'a> {
    players: Vec<&'a NamedNode>,
    number: FxHashMap<&'a NamedNode, u32>,
}

impl<'a> Numbers<'a> {
    fn of(mut players: Vec<&'a NamedNode>) -> Self {
        players.sort_unstable_by_key(|player| rank(player));
        players.dedup();
        let number = players.iter().copied().zip(0..).collect();
        Self { players, number }
    }

    fn pair(&self, [one, other]: [&NamedNode; 2]) -> Option<(u32, u32)> {
        let (one, other) = (*self.number.get(one)?, *self.number.get(other)?);
        Some((one.min(other), one.max(other)))
    }

    fn ids(&self, (one, other): (u32, u32)) -> [NamedNode; 2] {
        [one, other].map(|number| self.players[number as usize].clone())
    }
}

/// The order in which players are shown: the map's own ids first.
fn rank(player: &NamedNode) -> (bool, &str) {
    (!player.as_str().starts_with(ID), player.as_str())
}

/// Returns which players are one. O(n log n) in the identities, the identifiers and the claims about them.
pub(super) fn joined<'a>(records: &'a Records, known: &impl Known<'a>, view: View) -> Joined {
    let shared = shared(records, known, view);
    let of_identities = records.identities.values().flat_map(|i| &i.players);
    let of_identifiers = shared.values().flatten().map(|(player, _)| *player);
    let numbers = Numbers::of(of_identities.chain(of_identifiers).collect());
    let types = numbers.players.iter();
    let mut groups = Groups::new(types.map(|id| Some(records.players.get(*id)?.player_type)));
    let (mut ties, mut links) = (Vec::new(), Vec::new());
    for pair in pairs(records, known, view) {
        let Some(players) = numbers.pair(pair.players) else {
            continue;
        };
        let outcome = match pair.verdict {
            Verdict::Same => {
                ties.push(Tie {
                    tier: pair.tier,
                    players,
                    basis: pair.basis,
                    claims: pair.claims,
                });
                continue;
            }
            Verdict::Different => {
                groups.set_apart(players.0, players.1);
                Outcome::Different
            }
            Verdict::Loose => Outcome::Loose,
        };
        links.push(Link {
            players: numbers.ids(players),
            basis: pair.basis,
            claims: pair.claims,
            outcome,
        });
    }
    ties.sort_by(|a, b| {
        let key = |tie: &Tie| (Reverse(tie.tier), tie.players);
        key(a).cmp(&key(b)).then_with(|| a.basis.cmp(&b.basis))
    });
    let follow = |groups: &mut Groups, tie: Tie| {
        let joined = groups.join(tie.players.0, tie.players.1);
        link(&numbers, tie, joined)
    };
    let is_primary = |tie: &Tie| tie.tier == Some(Tier::Primary);
    let (primary, rest): (Vec<_>, Vec<_>) = ties.into_iter().partition(is_primary);
    let mut followed = Vec::new();
    for tie in primary {
        followed.push(follow(&mut groups, tie));
    }
    for ((scheme, value), having) in shared {
        let having = having.into_iter();
        let having = having.filter_map(|(id, claims)| Some((*numbers.number.get(id)?, claims)));
        let basis = Basis::Identifier(scheme.clone(), value.to_owned());
        followed.extend(join_all(&mut groups, &numbers, &basis, having.collect()));
    }
    for tie in rest {
        followed.push(follow(&mut groups, tie));
    }
    followed.append(&mut links);
    let (shown, members) = grouped(&numbers, &mut groups);
    Joined {
        shown,
        members,
        links: followed,
    }
}

/// Joins all that share an identifier, each with the first group of them that it can be one with.
///
/// Linear in the players where none must stay apart.
fn join_all(
    groups: &mut Groups,
    numbers: &Numbers<'_>,
    basis: &Basis,
    mut having: Vec<(u32, Vec<NamedOrBlankNode>)>,
) -> Vec<Link> {
    having.sort_by_key(|(player, _)| *player);
    having.dedup_by(|later, kept| {
        let is_same = later.0 == kept.0;
        if is_same {
            kept.1.append(&mut later.1);
        }
        is_same
    });
    let mut links = Vec::new();
    let mut firsts: Vec<(u32, Vec<NamedOrBlankNode>)> = Vec::new();
    for (player, claims) in having {
        let mut refused = None;
        let mut joined = None;
        for (first, of_first) in &firsts {
            let mut both = of_first.clone();
            both.extend(claims.iter().cloned());
            both.sort_by_cached_key(ToString::to_string);
            let tie = Tie {
                tier: None,
                players: (*first, player),
                basis: basis.clone(),
                claims: both,
            };
            match groups.join(*first, player) {
                Ok(()) => {
                    joined = Some(link(numbers, tie, Ok(())));
                    break;
                }
                Err(apart) => {
                    refused.get_or_insert_with(|| link(numbers, tie, Err(apart)));
                }
            }
        }
        if joined.is_none() {
            firsts.push((player, claims));
        }
        links.extend(joined.or(refused));
    }
    links
}

fn link(numbers: &Numbers<'_>, tie: Tie, joined: Result<(), Apart>) -> Link {
    Link {
        players: numbers.ids(tie.players),
        basis: tie.basis,
        claims: tie.claims,
        outcome: match joined {
            Ok(()) => Outcome::Joined,
            Err(Apart::Different(one, other)) => Outcome::Contradicted(numbers.ids((one, other))),
            Err(Apart::Sorts(one, other)) => Outcome::Unlike(numbers.ids((one, other))),
        },
    }
}

type Grouped = (
    FxHashMap<NamedNode, NamedNode>,
    BTreeMap<NamedNode, Vec<NamedNode>>,
);

/// Returns who is shown as whom, and who is shown for whom.
fn grouped(numbers: &Numbers<'_>, groups: &mut Groups) -> Grouped {
    // In the order of numbers, so that the first of a group is the one that is shown.
    let mut first: FxHashMap<u32, u32> = FxHashMap::default();
    let mut shown = FxHashMap::default();
    let mut members: BTreeMap<NamedNode, Vec<NamedNode>> = BTreeMap::new();
    for (player, number) in numbers.players.iter().zip(0..) {
        let root = groups.root(number);
        let of = *first.entry(root).or_insert(number);
        if of != number {
            let one = numbers.players[of as usize];
            shown.insert((*player).clone(), one.clone());
            let all = members
                .entry(one.clone())
                .or_insert_with(|| vec![one.clone()]);
            all.push((*player).clone());
        }
    }
    members.values_mut().for_each(|all| all.sort_unstable());
    (shown, members)
}

/// The players that have each identifier which more than one has, with the claims that say so.
type Shared<'a> = BTreeMap<(&'a NamedNode, &'a str), Vec<(&'a NamedNode, Vec<NamedOrBlankNode>)>>;

/// Returns the identifiers of identifying schemes that several players have. O(n) for n identifiers, where few are shared.
fn shared<'a>(records: &'a Records, known: &impl Known<'a>, view: View) -> Shared<'a> {
    let mut shared = Shared::new();
    let mut first = FxHashMap::default();
    for (id, identifier) in &records.identifiers {
        let concept = records.concepts.get(&identifier.scheme);
        if concept.and_then(|concept| concept.identifies) != Some(true) {
            continue;
        }
        let claims = known.known(id);
        let side = Side::of(claims, view);
        if known.is_claimed(id) && !side.holds {
            continue;
        }
        let key = (&identifier.scheme, identifier.value.as_str());
        let own = (&identifier.player, side.ids());
        match first.entry(key) {
            std::collections::hash_map::Entry::Vacant(entry) => {
                entry.insert(own);
            }
            std::collections::hash_map::Entry::Occupied(entry) => {
                let all = shared
                    .entry(key)
                    .or_insert_with(|| vec![entry.get().clone()]);
                all.push(own);
            }
        }
    }
    shared
}

/// The claims of one side, and what they come to.
struct Side<'a> {
    claims: Vec<Candidate<'a>>,
    status: Option<Status>,
    holds: bool,
}

impl<'a> Side<'a> {
    /// Takes the claims that count on the day: those that state a later beginning do not.
    fn of(mut claims: Vec<Candidate<'a>>, view: View) -> Self {
        claims.retain(|claim| match (claim.stated_start(), view.as_of) {
            (Some(from), Some(day)) => from <= day,
            _ => true,
        });
        let status = resolve(&claims, view.as_of, view.policy).status;
        let is_firm = claims.iter().any(|claim| claim.claim.modality.is_firm());
        Self {
            holds: is_firm && status.is_none_or(Status::is_binding),
            claims,
            status,
        }
    }

    fn ids(&self) -> Vec<NamedOrBlankNode> {
        let mut ids: Vec<_> = self.claims.iter().map(|claim| claim.id.clone()).collect();
        ids.sort_by_cached_key(ToString::to_string);
        ids
    }
}

/// What comes of all that is said of two players.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Same,
    Different,
    Loose,
}

/// Two players that identities speak of.
struct Pair<'a> {
    players: [&'a NamedNode; 2],
    basis: Basis,
    tier: Option<Tier>,
    claims: Vec<NamedOrBlankNode>,
    verdict: Verdict,
}

/// Returns what is said of each two players, by those whose claims are known; in the order of their ids.
fn pairs<'a>(records: &'a Records, known: &impl Known<'a>, view: View) -> Vec<Pair<'a>> {
    let mut by_players: BTreeMap<&[NamedNode; 2], Vec<&NamedNode>> = BTreeMap::new();
    for (id, identity) in &records.identities {
        by_players.entry(&identity.players).or_default().push(id);
    }
    let pairs = by_players.into_iter().filter_map(|(players, ids)| {
        let claims: Vec<_> = ids.iter().flat_map(|id| known.known(id)).collect();
        let (yes, no): (Vec<_>, Vec<_>) = claims
            .into_iter()
            .filter(|claim| claim.claim.same.is_some())
            .partition(|claim| claim.claim.same == Some(true));
        let (yes, no) = (Side::of(yes, view), Side::of(no, view));
        let verdict = match (yes.holds, no.holds) {
            (true, true) if is_same(&yes, &no, view.policy) => Verdict::Same,
            (true, false) => Verdict::Same,
            (_, true) => Verdict::Different,
            (false, false) => Verdict::Loose,
        };
        let side = match verdict {
            Verdict::Same => yes,
            Verdict::Different => no,
            Verdict::Loose if yes.claims.is_empty() => no,
            Verdict::Loose => yes,
        };
        (!side.claims.is_empty()).then(|| Pair {
            players: players.each_ref(),
            basis: Basis::Identity(ids[0].clone(), side.status),
            tier: side.claims.iter().filter_map(|claim| claim.tier).max(),
            claims: side.ids(),
            verdict,
        })
    });
    pairs.collect()
}

/// Returns whether two players are one, where some claims that hold say so and others say that they are not.
fn is_same(yes: &Side<'_>, no: &Side<'_>, policy: Policy) -> bool {
    match policy {
        Policy::Lowest | Policy::All => false,
        Policy::Highest => true,
        _ => {
            let all = yes.claims.iter().chain(&no.claims);
            prevailing(all, policy)
                .iter()
                .all(|claim| claim.claim.same == Some(true))
        }
    }
}
