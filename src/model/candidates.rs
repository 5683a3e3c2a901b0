//! Players that may be one, and what speaks for it and against it.

use crate::model::groups::Sort;
use crate::model::identifier::scheme_name;
use crate::model::joined::Joined;
use crate::model::lang::Lang;
use crate::model::name::{PlayerType, Status};
use crate::model::name_key::keys;
use crate::model::record::{Player, Records};
use crate::model::vocabulary::{PM, short_name};
use crate::words::Message;
use oxigraph::model::NamedNode;
use rustc_hash::{FxHashMap, FxHashSet};
use std::collections::{BTreeMap, BTreeSet};

/// How many players with one key are compared each with each; of more, each is compared with the first.
const EACH_WITH_EACH_MAX: usize = 8;

/// The words before a value in the text of a claim that name where a player has its seat or is from.
const PLACES: &[&str] = &[
    "jurisdiction",
    "jurisdiction.code",
    "country",
    "mainCountry",
    "nationality",
    "nationalities.code",
    "Entity.LegalJurisdiction",
];

/// The words before a value in the text of a claim that say when a player began.
const BEGINNINGS: &[&str] = &["birthDate", "incorporationDate", "foundingDate"];

/// Why two players may be one, the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Likeness {
    /// They have an identifier in common.
    Identifier,
    /// They have a name and a jurisdiction in common.
    NameAndPlace,
    /// They have a name in common, without regard to case.
    Name,
    /// Their names are one without punctuation, marks and legal forms, in Latin letters.
    SimilarName,
}

impl Likeness {
    /// Returns the likeness in a word for programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Identifier => "identifier",
            Self::NameAndPlace => "name-and-place",
            Self::Name => "name",
            Self::SimilarName => "similar-name",
        }
    }

    /// Returns the likeness in words for people.
    pub fn text(self, lang: Lang) -> &'static str {
        match self {
            Self::Identifier => Message::LikeIdentifier,
            Self::NameAndPlace => Message::LikeNameAndPlace,
            Self::Name => Message::LikeName,
            Self::SimilarName => Message::LikeSimilarName,
        }
        .text(lang)
    }
}

/// Something that speaks for two players being one, or against it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ground {
    /// An identifier that both have: its scheme and its value.
    SameIdentifier(String, String),
    /// Identifiers of one scheme that differ.
    OtherIdentifier(String, [String; 2]),
    /// A name that both have, as either has it.
    SameName([String; 2]),
    /// Legal forms that differ.
    OtherForm([String; 2]),
    /// A jurisdiction, country or nationality that both have.
    SamePlace(String),
    /// Jurisdictions that differ.
    OtherPlace([String; 2]),
    /// A day of birth or founding that both have.
    SameBeginning(String),
    /// Days of birth or founding that differ.
    OtherBeginning([String; 2]),
    /// An edge that runs between them.
    Edge(NamedNode),
}

impl Ground {
    /// Returns the ground in words.
    pub fn text(&self, lang: Lang) -> String {
        let of_one = |message: Message, one: &str| message.filled(lang, &[("one", &one)]);
        let of_two = |message: Message, [one, other]: &[String; 2]| {
            message.filled(lang, &[("one", one), ("other", other)])
        };
        match self {
            Self::SameIdentifier(scheme, value) => {
                of_one(Message::GroundSameIdentifier, &format!("{scheme} {value}"))
            }
            Self::OtherIdentifier(scheme, [one, other]) => Message::GroundOtherIdentifier
                .filled(lang, &[("scheme", scheme), ("one", one), ("other", other)]),
            Self::SameName([one, other]) if one == other => of_one(Message::GroundSameName, one),
            Self::SameName(names) => of_two(Message::GroundSimilarName, names),
            Self::OtherForm(forms) => of_two(Message::GroundOtherForm, forms),
            Self::SamePlace(place) => of_one(Message::GroundSamePlace, place),
            Self::OtherPlace(places) => of_two(Message::GroundOtherPlace, places),
            Self::SameBeginning(day) => of_one(Message::GroundSameBeginning, day),
            Self::OtherBeginning(days) => of_two(Message::GroundOtherBeginning, days),
            Self::Edge(edge) => of_one(Message::GroundEdge, short_name(edge.as_str())),
        }
    }
}

/// Two players that may be one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidates {
    /// The two, in the order of their ids.
    pub players: [NamedNode; 2],
    /// Why they may be.
    pub likeness: Likeness,
    /// What speaks for it.
    pub supporting: Vec<Ground>,
    /// What speaks against it.
    pub contrary: Vec<Ground>,
}

/// What is known of a player that tells it from others.
#[derive(Default)]
struct Traits<'a> {
    identifiers: Vec<(&'a NamedNode, &'a str)>,
    places: BTreeSet<String>,
    beginnings: BTreeSet<&'a str>,
}

impl Records {
    /// Returns the pairs of players that may be one: those with an identifier or a name in common. Pairs that are said not
    /// to be one, or to be one by a claim that holds, are decided, and those that are shown as one are no question; a person is never an organisation. Sorted by
    /// likeness, then by how much speaks for and against it, then by the ids.
    ///
    /// Near linear in the number of players, names and claims: only players with a key in common are compared, and where more
    /// than eight have it, each with the first of them.
    ///
    /// ```
    /// use powermap::format::csv::{self, Source, Table};
    /// use powermap::model::{Joined, Likeness, Records};
    ///
    /// let text = b"id,type,name_en\na,company,Acme Ltd\nb,company,ACME Limited\nc,person,Acme\n";
    /// let players = Source { name: "players.csv", table: Table::Players, bytes: text };
    /// let (records, _) = csv::read(&[players], &Records::default()).strict()?;
    /// let found = records.candidates(&Joined::default());
    /// assert_eq!((found.len(), found[0].likeness), (1, Likeness::SimilarName));
    /// # Ok::<(), powermap_rdf::FormatError>(())
    /// ```
    pub fn candidates(&self, joined: &Joined) -> Vec<Candidates> {
        let traits = self.traits();
        let linked = self.linked();
        let decided = self.decided();
        let mut found = Vec::new();
        for pair in self.pairs() {
            let [one, other] = pair;
            let (Some(a), Some(b)) = (self.players.get(one), self.players.get(other)) else {
                continue;
            };
            let players = [one.clone(), other.clone()];
            let is_open = Sort::of(a.player_type) == Sort::of(b.player_type)
                && joined.shown(one) != joined.shown(other)
                && !decided.contains(&players);
            if !is_open {
                continue;
            }
            let mut candidates = Candidates {
                players,
                likeness: Likeness::SimilarName,
                supporting: Vec::new(),
                contrary: Vec::new(),
            };
            let none = Traits::default();
            let of = |id| traits.get(id).unwrap_or(&none);
            candidates.compare_names([a, b]);
            candidates.compare(of(one), of(other));
            if let Some(edge) = linked.get(&candidates.players) {
                candidates.contrary.push(Ground::Edge((*edge).clone()));
            }
            if !candidates.supporting.is_empty() {
                found.push(candidates);
            }
        }
        found.sort_by(|one, other| one.rank().cmp(&other.rank()));
        found
    }

    /// Returns the pairs of which a claim says that they are not one, or that they are and holds.
    fn decided(&self) -> FxHashSet<&[NamedNode; 2]> {
        let claims = self.claims.values().filter(|claim| match claim.same {
            Some(true) => claim.status.is_none_or(Status::is_binding),
            Some(false) => true,
            None => false,
        });
        let identities = claims.filter_map(|claim| self.identities.get(&claim.about));
        identities.map(|one| &one.players).collect()
    }

    /// Returns the pairs of players that have a key in common: an identifier, or a name as it is compared.
    fn pairs(&self) -> BTreeSet<[&NamedNode; 2]> {
        let mut blocks: FxHashMap<String, Vec<&NamedNode>> = FxHashMap::default();
        for (id, player) in &self.players {
            let is_person = player.player_type == PlayerType::Person;
            let mut own = BTreeSet::new();
            for name in names(player) {
                own.extend(keys(name, is_person).into_iter().map(|one| one.key));
            }
            for key in own {
                blocks.entry(key).or_default().push(id);
            }
        }
        for one in self.identifiers.values() {
            // No key of a name has a space in it.
            let key = format!("{} {}", one.scheme.as_str(), one.value);
            blocks.entry(key).or_default().push(&one.player);
        }
        let mut pairs = BTreeSet::new();
        let mut add = |one, other| match Ord::cmp(one, other) {
            std::cmp::Ordering::Less => _ = pairs.insert([one, other]),
            std::cmp::Ordering::Equal => {}
            std::cmp::Ordering::Greater => _ = pairs.insert([other, one]),
        };
        let mut blocks: Vec<_> = blocks
            .into_values()
            .filter(|block| block.len() > 1)
            .collect();
        for block in &mut blocks {
            block.sort_unstable();
            let firsts = match block.len() {
                ..=EACH_WITH_EACH_MAX => block.len(),
                _ => 1,
            };
            for (at, one) in block.iter().enumerate().take(firsts) {
                for other in &block[at + 1..] {
                    add(*one, *other);
                }
            }
        }
        pairs
    }

    fn traits(&self) -> FxHashMap<&NamedNode, Traits<'_>> {
        let mut traits: FxHashMap<&NamedNode, Traits<'_>> = FxHashMap::default();
        for one in self.identifiers.values() {
            let own = traits.entry(&one.player).or_default();
            own.identifiers.push((&one.scheme, &one.value));
            // The code of a register begins with its country.
            let code = one.scheme.as_str().strip_prefix(PM).unwrap_or_default();
            if let Some((country, _)) = code
                .split_once('-')
                .filter(|(country, _)| country.len() == 2)
            {
                own.places.insert(country.to_ascii_lowercase());
            }
        }
        for claim in self.claims.values() {
            if !self.players.contains_key(&claim.about) {
                continue;
            }
            for (_, text) in claim.text.iter() {
                for part in text.split("; ") {
                    let Some((key, value)) = part.split_once(": ") else {
                        continue;
                    };
                    if PLACES.contains(&key) {
                        let own = traits.entry(&claim.about).or_default();
                        let codes = value.split(", ").filter_map(country);
                        own.places.extend(codes);
                    } else if BEGINNINGS.contains(&key) {
                        let own = traits.entry(&claim.about).or_default();
                        own.beginnings.extend(value.split(", "));
                    }
                }
            }
        }
        traits
    }

    /// Returns the first edge between each two players that have one.
    fn linked(&self) -> BTreeMap<[NamedNode; 2], &NamedNode> {
        let mut linked = BTreeMap::new();
        for (id, edge) in &self.edges {
            let mut ends = [edge.from.clone(), edge.to.clone()];
            ends.sort();
            linked.entry(ends).or_insert(id);
        }
        linked
    }
}

impl Candidates {
    /// Says which of their names are one.
    fn compare_names(&mut self, [one, other]: [&Player; 2]) {
        let is_person = one.player_type == PlayerType::Person;
        let mut known = BTreeMap::new();
        for name in names(one) {
            for key in keys(name, is_person) {
                known.entry(key.key).or_insert((name, key.form));
            }
        }
        for name in names(other) {
            for key in keys(name, is_person) {
                let Some((first, form)) = known.get(&key.key) else {
                    continue;
                };
                let is_same = first.to_lowercase() == name.to_lowercase();
                if is_same {
                    self.likeness = self.likeness.min(Likeness::Name);
                }
                let second = if is_same { first } else { name };
                push(
                    &mut self.supporting,
                    Ground::SameName([first, second].map(str::to_owned)),
                );
                if *form != key.form && !form.is_empty() && !key.form.is_empty() {
                    push(
                        &mut self.contrary,
                        Ground::OtherForm([form.clone(), key.form]),
                    );
                }
            }
        }
        // What one name of several says is enough.
        let has_same =
            |ground: &Ground| matches!(ground, Ground::SameName([one, other]) if one == other);
        if self.supporting.iter().any(has_same) {
            self.supporting.retain(has_same);
            self.contrary.clear();
        }
        self.supporting.truncate(1);
        self.contrary.truncate(1);
    }

    /// Says what else they have in common, and what differs.
    fn compare(&mut self, one: &Traits<'_>, other: &Traits<'_>) {
        let has_name = !self.supporting.is_empty();
        for (scheme, value) in &one.identifiers {
            let of_scheme = other.identifiers.iter().filter(|(of, _)| of == scheme);
            let values: Vec<_> = of_scheme.map(|(_, value)| *value).collect();
            let name = scheme_name(scheme);
            if values.contains(value) {
                self.likeness = Likeness::Identifier;
                let ground = Ground::SameIdentifier(name, (*value).to_owned());
                push(&mut self.supporting, ground);
            } else if let [differing] = values.as_slice() {
                let ground = Ground::OtherIdentifier(name, [*value, *differing].map(str::to_owned));
                push(&mut self.contrary, ground);
            }
        }
        match one.places.intersection(&other.places).next() {
            Some(place) => {
                self.supporting.push(Ground::SamePlace(place.clone()));
                if has_name && self.likeness == Likeness::Name {
                    self.likeness = Likeness::NameAndPlace;
                }
            }
            None => {
                if let (Some(a), Some(b)) = (one.places.first(), other.places.first()) {
                    self.contrary
                        .push(Ground::OtherPlace([a.clone(), b.clone()]));
                }
            }
        }
        if let (Some(a), Some(b)) = (one.beginnings.first(), other.beginnings.first()) {
            // A year holds its days.
            let agrees = |a: &str| {
                other
                    .beginnings
                    .iter()
                    .any(|b| a.starts_with(b) || b.starts_with(a))
            };
            match one.beginnings.iter().find(|a| agrees(a)) {
                Some(day) => self
                    .supporting
                    .push(Ground::SameBeginning((*day).to_owned())),
                None => self
                    .contrary
                    .push(Ground::OtherBeginning([*a, *b].map(str::to_owned))),
            }
        }
    }

    fn rank(&self) -> (Likeness, usize, std::cmp::Reverse<usize>, &[NamedNode; 2]) {
        let support = std::cmp::Reverse(self.supporting.len());
        (self.likeness, self.contrary.len(), support, &self.players)
    }
}

fn push(grounds: &mut Vec<Ground>, ground: Ground) {
    if !grounds.contains(&ground) {
        grounds.push(ground);
    }
}

/// Returns the names of a player.
fn names(player: &Player) -> impl Iterator<Item = &str> {
    let labels = player.labels.iter().map(|(_, label)| label);
    labels.chain(player.aliases.iter().map(String::as_str))
}

/// Returns the code of a country: of a region (`US-DE`) that of its country.
fn country(text: &str) -> Option<String> {
    let code = text.split('-').next().unwrap_or(text).trim();
    let is_code = code.len() == 2 && code.bytes().all(|b| b.is_ascii_alphabetic());
    is_code.then(|| code.to_ascii_lowercase())
}
