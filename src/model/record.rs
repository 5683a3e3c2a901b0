//! Players, deals, edges, observations, claims and documents as plain types, and a map of them.
//!
//! A record says what the text says and nothing more: edges carry identity, claims carry values. What holds on a
//! given day is computed by [`crate::model::board`].

use crate::model::lang::{Labels, Lang};
use crate::model::name::{Family, Flow, Modality, PlayerType, Stance, Status, Tier};
use crate::model::quantity::Quantity;
use crate::model::time::TimeSpan;
use crate::model::vocabulary::short_name;
use indexmap::IndexMap;
use oxigraph::model::{NamedNode, NamedOrBlankNode};
use std::collections::BTreeMap;

/// A person or an organisation: a node of the map.
#[derive(Debug, Clone, PartialEq)]
pub struct Player {
    /// What it is.
    pub player_type: PlayerType,
    /// Its names.
    pub labels: Labels,
    /// Other names.
    pub aliases: Vec<String>,
    /// A note.
    pub note: Option<String>,
    /// The organisation that it is a part of.
    pub part_of: Option<NamedNode>,
}

/// Something that claims are about and that is no player: a resource, an idea, a place.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Topic {
    /// Its names.
    pub labels: Labels,
}

/// What a map says of itself.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MapDescription {
    /// Its titles.
    pub labels: Labels,
    /// What it is about.
    pub note: Option<String>,
}

/// An agreement or event between players, which groups edges.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Deal {
    /// Whether it is a happening rather than an agreement.
    pub is_event: bool,
    /// Its names.
    pub labels: Labels,
    /// When it was made known.
    pub announced: Option<TimeSpan>,
    /// A note.
    pub note: Option<String>,
}

/// One directed relation between two players.
#[derive(Debug, Clone, PartialEq)]
pub struct Edge {
    /// Investment, supply or influence.
    pub family: Family,
    /// The concept inside the family, such as `pm:Equity`.
    pub kind: Option<NamedNode>,
    /// The player that acts: investor, supplier, the one with influence.
    pub from: NamedNode,
    /// The player acted upon: investee, customer, the one influenced.
    pub to: NamedNode,
    /// The deal that it is part of.
    pub deal: Option<NamedNode>,
    /// Since when it holds.
    pub since: Option<TimeSpan>,
    /// The last time it held.
    pub until: Option<TimeSpan>,
    /// The total that already counts its amount.
    pub part_of_total: Option<NamedNode>,
    /// The edges that it is made of, where it is held through others: it counts with them, never beside them.
    pub components: Vec<NamedNode>,
    /// Its names, if any.
    pub labels: Labels,
}

/// A figure about a player, a product or a topic, measured or forecast.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    /// Whom or what it is about.
    pub subject: NamedNode,
    /// What is measured, such as `pm:Revenue`.
    pub metric: NamedNode,
    /// The time it is about.
    pub period: Option<TimeSpan>,
    /// The deal that it belongs or reacts to.
    pub deal: Option<NamedNode>,
    /// The total that already counts it.
    pub part_of_total: Option<NamedNode>,
    /// Its names, if any.
    pub labels: Labels,
}

/// What a register calls a player.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identifier {
    /// The player.
    pub player: NamedNode,
    /// The register, or whoever else gives out the identifiers, such as `pm:LEI`.
    pub scheme: NamedNode,
    /// The identifier.
    pub value: String,
}

/// Two players that claims say to be one, or not to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The two, in the order of their ids.
    pub players: [NamedNode; 2],
}

/// What one source says about an edge, an observation, a deal, a player, an identity or a topic.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    /// What it is about.
    pub about: NamedNode,
    /// The value.
    pub quantity: Option<Quantity>,
    /// The status.
    pub status: Option<Status>,
    /// Of an identity: whether the two players are one.
    pub same: Option<bool>,
    /// In what sense it is meant.
    pub modality: Modality,
    /// Where it stands.
    pub stance: Option<Stance>,
    /// The claim that it qualifies.
    pub qualifies: Option<NamedNode>,
    /// Who says it.
    pub asserted_by: Option<NamedNode>,
    /// Whose estimate or view is reported.
    pub attributed_to: Option<NamedNode>,
    /// The document that it stands in.
    pub document: Option<NamedNode>,
    /// Where in the document.
    pub locator: Option<String>,
    /// When it was said.
    pub said: Option<TimeSpan>,
    /// From when the status or value holds, if not from when it was said.
    pub holds_from: Option<TimeSpan>,
    /// The time that the statement is about.
    pub period: Option<TimeSpan>,
    /// What it says, in words of the map's own.
    pub text: Labels,
    /// The printed form that the map resolves to something else.
    pub as_printed: Option<String>,
    /// The facts that it stands for.
    pub fact_ids: Vec<String>,
}

impl Claim {
    /// Returns a claim about something, with nothing else in it.
    pub fn about(about: NamedNode) -> Self {
        Self {
            about,
            quantity: None,
            status: None,
            same: None,
            modality: Modality::Statement,
            stance: None,
            qualifies: None,
            asserted_by: None,
            attributed_to: None,
            document: None,
            locator: None,
            said: None,
            holds_from: None,
            period: None,
            text: Labels::default(),
            as_printed: None,
            fact_ids: Vec::new(),
        }
    }
}

/// A text that claims stand in.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Document {
    /// Its title.
    pub title: Option<String>,
    /// Its names.
    pub labels: Labels,
    /// When it came out.
    pub issued: Option<TimeSpan>,
    /// Where it can be read.
    pub url: Option<String>,
    /// How near it is to the facts.
    pub tier: Option<Tier>,
}

/// What a concept of the ontology says that the analyses need: its names and, for a kind, its flows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Concept {
    /// Its names.
    pub labels: Labels,
    /// What moves along an edge of this kind.
    pub carries: Option<Flow>,
    /// What comes back for it.
    pub returns: Option<Flow>,
    /// Whether an edge of this kind holds as much the other way.
    pub mutual: bool,
    /// Whether players that share an identifier of it are one; `None` for what is no scheme of identifiers.
    pub identifies: Option<bool>,
}

/// All records of a map, by id, each list sorted by id.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Records {
    /// The players.
    pub players: IndexMap<NamedNode, Player>,
    /// The topics.
    pub topics: IndexMap<NamedNode, Topic>,
    /// What the map says of itself: once for each file that does.
    pub descriptions: IndexMap<NamedNode, MapDescription>,
    /// The deals and events.
    pub deals: IndexMap<NamedNode, Deal>,
    /// What registers call the players.
    pub identifiers: IndexMap<NamedNode, Identifier>,
    /// The identities.
    pub identities: IndexMap<NamedNode, Identity>,
    /// The edges.
    pub edges: IndexMap<NamedNode, Edge>,
    /// The observations.
    pub observations: IndexMap<NamedNode, Observation>,
    /// The claims; a claim may also have a blank node for an id.
    pub claims: IndexMap<NamedOrBlankNode, Claim>,
    /// The documents.
    pub documents: IndexMap<NamedNode, Document>,
    /// The concepts of the ontology and of the map: kinds, metrics, statuses.
    pub concepts: IndexMap<NamedNode, Concept>,
}

impl Records {
    /// Returns the title of the map in a language, if it says one; the first of several.
    pub fn title(&self, lang: Lang) -> Option<&str> {
        self.descriptions
            .values()
            .find_map(|one| one.labels.get(lang))
    }

    /// Returns whether an edge holds as much the other way, as a partnership does.
    pub fn is_mutual(&self, edge: &Edge) -> bool {
        let kind = edge.kind.as_ref().and_then(|kind| self.concepts.get(kind));
        kind.is_some_and(|kind| kind.mutual)
    }

    /// Returns what the map says it is about, if it does; the first of several.
    pub fn description(&self) -> Option<&str> {
        self.descriptions
            .values()
            .find_map(|one| one.note.as_deref())
    }

    /// Returns the name of anything in the map, in a language; the short form of its IRI if it has none.
    pub fn label<'a>(&'a self, id: &'a NamedNode, lang: Lang) -> &'a str {
        let labels = self
            .players
            .get(id)
            .map(|p| &p.labels)
            .or_else(|| self.deals.get(id).map(|d| &d.labels))
            .or_else(|| self.topics.get(id).map(|t| &t.labels))
            .or_else(|| self.descriptions.get(id).map(|m| &m.labels))
            .or_else(|| self.concepts.get(id).map(|c| &c.labels))
            .or_else(|| self.documents.get(id).map(|d| &d.labels))
            .or_else(|| self.edges.get(id).map(|e| &e.labels))
            .or_else(|| self.observations.get(id).map(|o| &o.labels));
        labels
            .and_then(|labels| labels.get(lang))
            .or_else(|| self.documents.get(id).and_then(|d| d.title.as_deref()))
            .unwrap_or_else(|| short_name(id.as_str()))
    }

    /// Returns the edges that are parts of others' totals, with these, as they are stated.
    pub(crate) fn stated_totals(&self) -> BTreeMap<&NamedNode, &NamedNode> {
        let stated = |(id, edge): (_, &'_ Edge)| {
            let (total, _) = self.edges.get_key_value(edge.part_of_total.as_ref()?)?;
            Some((id, total))
        };
        self.edges.iter().filter_map(stated).collect()
    }

    /// Sorts every list by id, so that nothing that is made from the records depends on the order of reading.
    pub fn sort(&mut self) {
        self.players.sort_unstable_keys();
        self.topics.sort_unstable_keys();
        self.descriptions.sort_unstable_keys();
        self.deals.sort_unstable_keys();
        self.identifiers.sort_unstable_keys();
        self.identities.sort_unstable_keys();
        self.edges.sort_unstable_keys();
        self.observations.sort_unstable_keys();
        self.claims.sort_by_cached_key(|id, _| id.to_string());
        self.documents.sort_unstable_keys();
        self.concepts.sort_unstable_keys();
    }
}
