//! Finding a player by what a person types.

use crate::model::joined::Joined;
use crate::model::name_key::{folded, is_legal_form, without_form_at_end};
use crate::model::record::Records;
use crate::model::vocabulary::{expand, short_name};
use indexmap::IndexSet;
use oxigraph::model::NamedNode;
use powermap_rdf::{Hint, nearest};
use std::collections::BTreeSet;
use thiserror::Error;

/// A name that stands for no player, or for several.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}", self.message())]
pub struct UnknownPlayer {
    /// The name as given.
    pub name: String,
    /// The ids of the players that all have this name.
    pub fits: Vec<String>,
    /// The ids of the players whose names are nearest to it, where none has it.
    pub near: Vec<String>,
}

impl UnknownPlayer {
    fn message(&self) -> String {
        match self.fits.as_slice() {
            [] => format!("there is no player '{}'", self.name),
            fits => format!(
                "'{}' is the name of several players: {}",
                self.name,
                fits.join(", ")
            ),
        }
    }

    /// Returns what to try about it.
    pub fn hint(&self) -> Hint {
        match (self.fits.as_slice(), self.near.as_slice()) {
            ([], []) => Hint::NamedQuery("players"),
            ([], near) => Hint::DidYouMean(near.to_vec()),
            _ => Hint::from("give the id of the one that is meant"),
        }
    }
}

/// The fewest characters that a name is looked for by.
const TYPED_MIN: usize = 2;
/// The fewest characters that stand for the beginning of a name.
const BEGINNING_MIN: usize = 4;
/// The most names that are suggested.
pub(crate) const NEAR_MAX: usize = 5;

/// Words at the end of a name that people leave out, and that are no legal form.
const LEFT_AWAY: [&str; 2] = ["holdings", "group"];

/// Returns a comparable name without the legal form at its end.
pub(crate) fn without_legal_form(name: &str) -> &str {
    let bare = name.trim_end_matches(['.', ',', ' ']);
    match bare.rsplit_once([' ', ',']) {
        Some((rest, last)) if is_legal_form(last) || LEFT_AWAY.contains(&last) => {
            rest.trim_end_matches(['.', ',', ' '])
        }
        _ => without_form_at_end(bare),
    }
}

/// Returns the names that have what was typed in them, the shortest first, or else those nearest to it.
pub(crate) fn near<'a>(wanted: &str, names: impl Iterator<Item = &'a str> + Clone) -> Vec<&'a str> {
    let is_long = wanted.chars().nth(TYPED_MIN - 1).is_some();
    let mut found: Vec<_> = match is_long {
        true => names.clone().filter(|name| name.contains(wanted)).collect(),
        false => Vec::new(),
    };
    found.sort_by_key(|name| (name.chars().count(), *name));
    match found.is_empty() {
        true => nearest(wanted, names),
        false => found,
    }
}

/// Returns the names of which one word is nearest to what was typed.
fn near_by_word<'a>(wanted: &str, names: impl Iterator<Item = &'a str> + Clone) -> Vec<&'a str> {
    let words: BTreeSet<&str> = names.clone().flat_map(|name| name.split(' ')).collect();
    let found = nearest(wanted, words);
    let named = |word| names.clone().filter(move |name| has_words(name, word));
    found.into_iter().flat_map(named).collect()
}

/// Returns whether a name has these words, whole.
fn has_words(name: &str, words: &str) -> bool {
    let mut places = name.match_indices(words);
    places.any(|(at, found)| {
        let (before, after) = (&name[..at], &name[at + found.len()..]);
        (before.is_empty() || before.ends_with(' ')) && (after.is_empty() || after.starts_with(' '))
    })
}

impl Records {
    /// Returns the player of an id, an IRI, a name in any language, an alias, or what a register calls it.
    ///
    /// Names are compared in NFKC without regard to case, and so are identifiers, whatever their scheme, where nobody has the
    /// name. Where nobody has either, a legal form at the end does not
    /// count: "Oracle Corp." is Oracle, and so is its Chinese name with the word for a company. Where nobody has that either,
    /// the first words are enough that one player's name alone begins with, if nobody else has them.
    ///
    /// # Errors
    /// [`UnknownPlayer`] with the nearest names, or with all players that have the name. Linear in the number of players.
    pub(crate) fn find_player(&self, name: &str) -> Result<NamedNode, UnknownPlayer> {
        self.find_shown(name, &Joined::default())
    }

    /// Returns the player that is shown for the one of an id or a name, as [`Records::find_player`] finds it; a name that
    /// several players have is no question where they are one.
    pub(crate) fn find_shown(
        &self,
        name: &str,
        joined: &Joined,
    ) -> Result<NamedNode, UnknownPlayer> {
        let players = &self.players;
        if let Some(id) = expand(name).filter(|id| players.contains_key(id)) {
            return Ok(joined.shown(&id).clone());
        }
        let wanted = folded(name);
        let all: Vec<(String, &NamedNode)> = players
            .iter()
            .flat_map(|(id, player)| {
                let labels = player.labels.iter().map(|(_, label)| label);
                let names = labels.chain(player.aliases.iter().map(String::as_str));
                let names = names.chain([short_name(id.as_str())]);
                names
                    .map(folded)
                    .map(move |name| (name, id))
                    .collect::<Vec<_>>()
            })
            .collect();
        let having = |is_it: &dyn Fn(&str) -> bool| {
            let mut ids: Vec<&NamedNode> = Vec::new();
            for (_, id) in all.iter().filter(|(name, _)| is_it(name)) {
                let shown = joined.shown(id);
                if ids.last() != Some(&shown) {
                    ids.push(shown);
                }
            }
            if !joined.is_empty() {
                ids.sort_unstable();
                ids.dedup();
            }
            ids
        };
        let mut fits = having(&|name| name == wanted);
        if fits.is_empty() {
            fits = self.registered(&wanted, joined);
        }
        if fits.is_empty() {
            let bare = without_legal_form(&wanted);
            fits = having(&|name| without_legal_form(name) == bare);
        }
        if fits.is_empty() && wanted.chars().nth(BEGINNING_MIN - 1).is_some() {
            // The first words of one name alone, a person by the first name; nobody else may have these words.
            let begins = |name: &str| {
                let rest = name.strip_prefix(wanted.as_str());
                rest.is_some_and(|rest| rest.starts_with(' '))
            };
            let one = having(&begins);
            if one.len() == 1 && one == having(&|name| has_words(name, &wanted)) {
                fits = one;
            }
        }
        if let [only] = fits.as_slice() {
            return Ok((*only).clone());
        }
        let short = |id: &NamedNode| short_name(id.as_str()).to_owned();
        let near = match fits.as_slice() {
            [] => {
                let names = all.iter().map(|(name, _)| name.as_str());
                match near(&wanted, names.clone()) {
                    found if found.is_empty() => near_by_word(&wanted, names),
                    found => found,
                }
            }
            _ => Vec::new(),
        };
        let near = near
            .into_iter()
            .filter_map(|name| all.iter().find(|(other, _)| other == name))
            .map(|(_, id)| short(id))
            .collect::<IndexSet<_>>();
        Err(UnknownPlayer {
            name: name.to_owned(),
            fits: fits.into_iter().map(short).collect(),
            near: near.into_iter().take(NEAR_MAX).collect(),
        })
    }

    /// Returns the players that are shown for those that some register calls so.
    fn registered<'a>(&'a self, wanted: &str, joined: &'a Joined) -> Vec<&'a NamedNode> {
        let identifiers = self.identifiers.values();
        let named = identifiers.filter(|one| folded(&one.value) == wanted);
        let players = named.filter_map(|one| self.players.get_key_value(&one.player));
        let mut shown: Vec<_> = players.map(|(id, _)| joined.shown(id)).collect();
        shown.sort_unstable();
        shown.dedup();
        shown
    }

    /// Returns whether a player has this name, as names are compared. O(n) in the number of players.
    ///
    /// ```
    /// use powermap::model::Records;
    /// assert!(!Records::default().has_player_named("NVIDIA"));
    /// ```
    pub fn has_player_named(&self, name: &str) -> bool {
        let wanted = folded(name);
        self.players.iter().any(|(id, player)| {
            let labels = player.labels.iter().map(|(_, label)| label);
            let mut names = labels.chain(player.aliases.iter().map(String::as_str));
            names.any(|name| folded(name) == wanted) || folded(short_name(id.as_str())) == wanted
        })
    }

    /// Returns whether a player is at an end of an edge, the subject of an observation, or either of these in a deal.
    ///
    /// Linear in the number of edges and observations for a deal, else O(1).
    pub fn takes_part(&self, player: &NamedNode, subject: &NamedNode) -> bool {
        let at_edge = |id: &NamedNode| {
            let edge = self.edges.get(id);
            edge.is_some_and(|edge| edge.from == *player || edge.to == *player)
        };
        let observed = |id: &NamedNode| {
            let observation = self.observations.get(id);
            observation.is_some_and(|observation| observation.subject == *player)
        };
        if !self.deals.contains_key(subject) {
            return at_edge(subject) || observed(subject);
        }
        let (edges, observations) = (self.edges.iter(), self.observations.iter());
        edges
            .filter(|(_, edge)| edge.deal.as_ref() == Some(subject))
            .any(|(id, _)| at_edge(id))
            || observations
                .filter(|(_, observation)| observation.deal.as_ref() == Some(subject))
                .any(|(id, _)| observed(id))
    }
}
