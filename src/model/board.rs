//! The board: what holds on a day, as far as it was known by a day, by a policy.

use crate::model::joined::{Joined, Known, joined};
use crate::model::name::{Policy, Stance, Status};
use crate::model::record::{Edge, Records};
use crate::model::resolve::{Candidate, Resolution, resolve};
use crate::model::time::{Day, TimeSpan};
use crate::model::told_again::told_again;
use crate::model::view::View;
use indexmap::IndexMap;
use oxigraph::model::{NamedNode, NamedOrBlankNode};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// The resolved view of a map.
///
/// An edge is on the board if a claim about it is known, it has begun, it is not known to have ended, and it is not
/// cancelled. Nobody knew it before somebody said it: an edge without a start begins with the first day that a claim of it
/// speaks of. Dates that are less exact than a day are read generously: since the first day that they can mean, until the
/// last.
///
/// An end counts as known once a claim that was said at or after the end is known; an end that no claim is late
/// enough for (the term of a contract) is known from the start.
///
/// Players that are one (see [`Joined`]) are shown as one. Edges keep the ends that the records have; an edge between two
/// players that are one is left out, and an edge that several records of one player tell is there once.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Board {
    /// The view, its days filled in.
    pub view: View,
    /// The edges on the board, sorted by id, and what holds of them.
    pub edges: IndexMap<NamedNode, Resolution>,
    /// How many edges without a start are known, and left out since no claim of them speaks of so early a day.
    pub unknown_starts: usize,
    /// Which players are shown as one.
    pub joined: Arc<Joined>,
    /// The edges that are left out since both their ends are shown as one player, sorted by id.
    pub within: Vec<NamedNode>,
    /// The edges that are left out since another record of the same player tells them too, each with the edge that counts and
    /// has their claims; sorted by id.
    pub told_again: Vec<(NamedNode, NamedNode)>,
    /// The observations that are known, sorted by id, and their values.
    pub observations: IndexMap<NamedNode, Resolution>,
    /// The claims that are known, sorted by id: about whatever, and superseded ones too.
    pub claims: Vec<NamedOrBlankNode>,
}

impl Board {
    /// Resolves the records.
    ///
    /// O(c log c) in the number of claims, plus one pass over edges and observations.
    pub fn resolve(records: &Records, view: View) -> Self {
        let candidates: Vec<_> = records
            .claims
            .iter()
            .map(|(id, claim)| Candidate::new(records, id, claim))
            .collect();
        let view = View {
            as_of: view
                .as_of
                .or(view.known_by)
                .or_else(|| candidates.iter().filter_map(|c| c.known_from).max())
                .or_else(|| last_start(records)),
            ..view
        };
        let superseded = superseded(&candidates, view);
        let mut by_subject: HashMap<&NamedNode, Vec<Candidate<'_>>> = HashMap::new();
        for candidate in &candidates {
            by_subject
                .entry(&candidate.claim.about)
                .or_default()
                .push(*candidate);
        }
        let claims = Claims {
            by_subject,
            superseded,
            view,
        };
        let is_joined = !records.identities.is_empty() || !records.identifiers.is_empty();
        let mut board = Self {
            view,
            joined: match is_joined {
                true => Arc::new(joined(records, &claims, view)),
                false => Arc::default(),
            },
            claims: known_claims(&candidates, view),
            ..Self::default()
        };
        for (id, edge) in &records.edges {
            let (all, known) = (claims.all(id), claims.known(id));
            let begins = edge.since.and_then(TimeSpan::earliest);
            let begins = begins.or_else(|| known.iter().filter_map(Candidate::effective).min());
            let is_before =
                matches!((view.as_of, begins), (Some(day), Some(begins)) if day < begins);
            if is_before {
                board.unknown_starts += usize::from(edge.since.is_none() && !known.is_empty());
            } else if is_on_board(edge, all, &known, view) {
                if board.is_within(edge) {
                    board.within.push(id.clone());
                    continue;
                }
                let resolution = resolve(&known, view.as_of, view.policy);
                board.edges.insert(id.clone(), resolution);
            }
        }
        board.count_once(records, &claims);
        for id in records.observations.keys() {
            let known = claims.known(id);
            if !known.is_empty() {
                let resolution = resolve(&known, view.as_of, view.policy);
                board.observations.insert(id.clone(), resolution);
            }
        }
        board
    }

    /// Gives the claims about edges that are told again to those that they are.
    fn count_once(&mut self, records: &Records, claims: &Claims<'_>) {
        if self.joined.is_empty() {
            return;
        }
        self.told_again = told_again(records, self);
        let mut known: BTreeMap<&NamedNode, Vec<Candidate<'_>>> = BTreeMap::new();
        let again: HashSet<_> = self.told_again.iter().map(|(again, _)| again).collect();
        self.edges.retain(|id, _| !again.contains(id));
        for (again, edge) in &self.told_again {
            let all = known.entry(edge).or_insert_with(|| claims.known(edge));
            all.extend(claims.known(again));
        }
        for (edge, known) in known {
            let resolution = resolve(&known, self.view.as_of, self.view.policy);
            self.edges.insert(edge.clone(), resolution);
        }
    }

    /// Returns whether an edge between two players of the records is one between a player and itself.
    fn is_within(&self, edge: &Edge) -> bool {
        !self.joined.is_empty()
            && edge.from != edge.to
            && self.joined.shown(&edge.from) == self.joined.shown(&edge.to)
    }
}

/// All claims by what they are about, and which of them stand.
struct Claims<'a> {
    by_subject: HashMap<&'a NamedNode, Vec<Candidate<'a>>>,
    superseded: HashSet<&'a NamedNode>,
    view: View,
}

impl<'a> Claims<'a> {
    fn all(&self, about: &NamedNode) -> &[Candidate<'a>] {
        self.by_subject.get(about).map_or(&[], Vec::as_slice)
    }
}

impl<'a> Known<'a> for Claims<'a> {
    fn known(&self, about: &NamedNode) -> Vec<Candidate<'a>> {
        let stands = |candidate: &Candidate<'_>| match candidate.id {
            NamedOrBlankNode::NamedNode(id) => !self.superseded.contains(id),
            NamedOrBlankNode::BlankNode(_) => true,
        };
        self.all(about)
            .iter()
            .filter(|c| c.is_known_by(self.view.known_by) && stands(c))
            .copied()
            .collect()
    }

    fn is_claimed(&self, about: &NamedNode) -> bool {
        !self.all(about).is_empty()
    }
}

fn known_claims(candidates: &[Candidate<'_>], view: View) -> Vec<NamedOrBlankNode> {
    let mut claims: Vec<_> = candidates
        .iter()
        .filter(|c| c.is_known_by(view.known_by))
        .map(|c| c.id.clone())
        .collect();
    claims.sort_by_cached_key(ToString::to_string);
    claims
}

/// Returns the last day on which an edge begins, where edges end: if no claim has a day, those that follow each other say how far
/// the map goes.
fn last_start(records: &Records) -> Option<Day> {
    if records.edges.values().all(|edge| edge.until.is_none()) {
        return None;
    }
    let starts = records.edges.values().filter_map(|edge| edge.since);
    starts.filter_map(TimeSpan::earliest).max()
}

/// Returns the claims that a known claim corrects or takes the place of.
fn superseded<'a>(candidates: &[Candidate<'a>], view: View) -> HashSet<&'a NamedNode> {
    candidates
        .iter()
        .filter(|c| {
            let counts = match c.claim.stance {
                Some(Stance::Corrects) => true,
                Some(Stance::Supersedes) => {
                    let from = c.effective().zip(view.as_of);
                    from.is_none_or(|(from, day)| from <= day)
                }
                _ => false,
            };
            counts && c.is_known_by(view.known_by)
        })
        .filter_map(|c| c.claim.qualifies.as_ref())
        .collect()
}

fn is_on_board(edge: &Edge, all: &[Candidate<'_>], known: &[Candidate<'_>], view: View) -> bool {
    let is_before = |a: Option<Day>, b: Option<Day>| matches!((a, b), (Some(a), Some(b)) if a < b);
    if known.is_empty() {
        return false;
    }
    if let Some(until) = edge.until {
        let tells_the_end = |c: &Candidate<'_>| c.known_from >= until.earliest();
        let end_is_known = known.iter().any(tells_the_end) || !all.iter().any(tells_the_end);
        if end_is_known && is_before(until.latest(), view.as_of) {
            return false;
        }
    }
    // The same edges are on the board by every policy.
    resolve(known, view.as_of, Policy::Weighed).status != Some(Status::Cancelled)
}
