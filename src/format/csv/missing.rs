//! Ids that rows refer to and that no row defines: some things are made from their ids, the rest is pointed out.

use crate::format::csv::Table;
use crate::format::csv::reader::Reader;
use crate::format::csv::sheet::{Fault, Reference};
use crate::model::lang::Labels;
use crate::model::name::PlayerType;
use crate::model::record::{Deal, Document, Player, Records};
use crate::model::vocabulary::{ID, PM, short_name, to_kebab};
use oxigraph::model::{NamedNode, NamedOrBlankNode};
use powermap_rdf::nearest;
use rustc_hash::FxHashSet;

/// The number of unknown ids whose nearest known ones are looked up: each takes a pass over all ids.
const SUGGESTIONS_MAX: usize = 20;

/// What a column refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Role {
    Player,
    /// A player that is not made from its id: one that is meant to be another needs a row of its own.
    Identified,
    Deal,
    Document,
    Concept,
    Anything,
}

impl Role {
    /// The tables in which it would be defined.
    fn tables(self) -> &'static [Table] {
        match self {
            Self::Player | Self::Identified => &[Table::Players],
            Self::Deal => &[Table::Deals],
            Self::Document => &[Table::Documents],
            Self::Concept => &[],
            Self::Anything => &Table::ALL,
        }
    }
}

fn role(column: &str) -> Role {
    match column {
        "from" | "to" => Role::Player,
        "a" | "b" | "player" => Role::Identified,
        "deal" => Role::Deal,
        "document" => Role::Document,
        "kind" | "metric" => Role::Concept,
        _ => Role::Anything,
    }
}

impl Reader<'_> {
    /// Makes the players, deals and documents that are only referred to, and warns of every id that is not defined.
    pub(super) fn make_missing(&mut self) {
        let mut seen = FxHashSet::default();
        let (mut unknown, mut identified) = (Vec::new(), Vec::new());
        let mut nobody = FxHashSet::default();
        for reference in std::mem::take(&mut self.references) {
            let role = role(reference.column);
            let is_broken = |table| self.broken.contains(&(table, reference.id.clone()));
            let is_broken = role.tables().iter().copied().any(is_broken);
            if is_broken && role == Role::Identified {
                nobody.insert(reference.id.clone());
            }
            if !seen.insert((role, reference.id.clone())) || is_broken {
                continue;
            }
            match role {
                Role::Player => self.make_player(&reference),
                Role::Identified => identified.push(reference),
                Role::Deal => self.make_deal(&reference),
                Role::Document => self.make_document(&reference),
                Role::Concept => self.check_concept(&reference),
                Role::Anything => unknown.push(reference),
            }
        }
        // Now that everything is made that can be.
        for reference in identified {
            let all = [self.known, &self.records];
            if !all
                .iter()
                .any(|records| records.players.contains_key(&reference.id))
            {
                self.reject_nobody(&reference, nobody.len() < SUGGESTIONS_MAX);
                nobody.insert(reference.id);
            }
        }
        if !nobody.is_empty() {
            self.drop_unknown(&nobody);
        }
        self.warn_of_unlike();
        unknown.retain(|reference| {
            ![self.known, &self.records]
                .into_iter()
                .any(|records| has(records, &reference.id))
        });
        for (number, reference) in unknown.iter().enumerate() {
            self.point_out(reference, number < SUGGESTIONS_MAX);
        }
    }

    fn reject_nobody(&mut self, reference: &Reference, suggest: bool) {
        let name = short_name(reference.id.as_str()).to_owned();
        let near = suggest.then(|| {
            let all = [self.known, &self.records].into_iter();
            suggestion(&name, all.flat_map(|records| records.players.keys()))
        });
        let column = reference.column;
        let fault = Fault::new(format!("column '{column}': there is no player '{name}'"));
        let hint = near.flatten();
        let hint =
            hint.unwrap_or_else(|| format!("add a row such as '{name},company' to players.csv"));
        self.reject(reference.spot, fault.with_hint(hint));
    }

    fn make_player(&mut self, reference: &Reference) {
        let id = &reference.id;
        let all = [self.known, &self.records];
        if all
            .iter()
            .any(|r| r.players.contains_key(id) || r.topics.contains_key(id))
        {
            if let Some(name) = &reference.name {
                let message = format!(
                    "'{name}' is read as the player '{}'",
                    short_name(id.as_str())
                );
                let fault =
                    Fault::new(message).with_hint("write the id of another one, if that is meant");
                self.warn(reference.spot, fault);
            }
            return;
        }
        let own = short_name(id.as_str());
        let name = reference.name.as_deref().unwrap_or(own);
        let near = suggestion(own, all.iter().flat_map(|r| r.players.keys()));
        let player = Player {
            player_type: PlayerType::Company,
            labels: label(name),
            aliases: Vec::new(),
            note: None,
            part_of: None,
        };
        let fault = Fault::new(format!(
            "the player '{name}' is in no table of players, and becomes a company of that name"
        ));
        let hint =
            near.unwrap_or_else(|| format!("add a row such as '{own},company' to players.csv"));
        self.records.players.insert(id.clone(), player);
        self.warn(reference.spot, fault.with_hint(hint));
    }

    fn make_deal(&mut self, reference: &Reference) {
        let id = &reference.id;
        let all = [self.known, &self.records];
        if all.iter().any(|records| records.deals.contains_key(id)) {
            return;
        }
        let name = short_name(id.as_str());
        let deal = Deal {
            labels: label(name),
            ..Deal::default()
        };
        let fault = Fault::new(format!(
            "the deal '{name}' is in no table of deals, and gets its id for a name"
        ));
        self.records.deals.insert(id.clone(), deal);
        self.warn(
            reference.spot,
            fault.with_hint("add a row for it to deals.csv"),
        );
    }

    fn make_document(&mut self, reference: &Reference) {
        let id = &reference.id;
        let all = [self.known, &self.records];
        if all.iter().any(|records| records.documents.contains_key(id)) {
            return;
        }
        let name = short_name(id.as_str());
        let is_address = name.starts_with("https://") || name.starts_with("http://");
        let document = Document {
            title: Some(name.to_owned()),
            url: is_address.then(|| name.to_owned()),
            ..Document::default()
        };
        let fault = Fault::new(format!(
            "the document '{name}' is in no table of documents, and gets its id for a title"
        ));
        self.records.documents.insert(id.clone(), document);
        self.warn(
            reference.spot,
            fault.with_hint("add a row for it to documents.csv"),
        );
    }

    /// Warns of a kind or metric that the ontology does not know, where it is at hand.
    fn check_concept(&mut self, reference: &Reference) {
        let concepts = &self.known.concepts;
        let Some(local) = reference.id.as_str().strip_prefix(PM) else {
            return;
        };
        if concepts.is_empty() || concepts.contains_key(&reference.id) {
            return;
        }
        let name = to_kebab(local);
        let names: Vec<_> = concepts
            .keys()
            .filter_map(|iri| iri.as_str().strip_prefix(PM).map(to_kebab))
            .collect();
        let near = nearest(&name, names.iter().map(String::as_str));
        let fault = Fault::new(format!("the ontology has no {} '{name}'", reference.column));
        let hint = match near.first() {
            Some(near) => format!("did you mean '{near}'?"),
            None => "give a full IRI for one of your own".to_owned(),
        };
        self.warn(reference.spot, fault.with_hint(hint));
    }

    fn point_out(&mut self, reference: &Reference, suggest: bool) {
        let name = short_name(reference.id.as_str()).to_owned();
        let near = suggest.then(|| {
            let ids = [self.known, &self.records].into_iter().flat_map(ids);
            suggestion(&name, ids)
        });
        let fault = Fault::new(format!(
            "column '{}': there is nothing with the id '{name}'",
            reference.column
        ));
        let fault = match near.flatten() {
            Some(near) => fault.with_hint(near),
            None => fault.with_hint("add a row that defines it"),
        };
        self.leave(reference.spot, fault);
    }
}

fn label(name: &str) -> Labels {
    let mut labels = Labels::default();
    labels.insert("", name);
    labels
}

fn suggestion<'a>(name: &str, ids: impl Iterator<Item = &'a NamedNode>) -> Option<String> {
    let near = nearest(name, ids.filter_map(|id| id.as_str().strip_prefix(ID)));
    near.first().map(|near| format!("did you mean '{near}'?"))
}

/// The ids of everything.
fn ids(records: &Records) -> impl Iterator<Item = &NamedNode> {
    let claims = records.claims.keys().filter_map(|id| match id {
        NamedOrBlankNode::NamedNode(id) => Some(id),
        NamedOrBlankNode::BlankNode(_) => None,
    });
    records
        .players
        .keys()
        .chain(records.topics.keys())
        .chain(records.descriptions.keys())
        .chain(records.deals.keys())
        .chain(records.identifiers.keys())
        .chain(records.identities.keys())
        .chain(records.edges.keys())
        .chain(records.observations.keys())
        .chain(records.documents.keys())
        .chain(claims)
}

fn has(records: &Records, id: &NamedNode) -> bool {
    records.players.contains_key(id)
        || records.topics.contains_key(id)
        || records.descriptions.contains_key(id)
        || records.deals.contains_key(id)
        || records.identifiers.contains_key(id)
        || records.identities.contains_key(id)
        || records.edges.contains_key(id)
        || records.observations.contains_key(id)
        || records.documents.contains_key(id)
        || records
            .claims
            .contains_key(&NamedOrBlankNode::from(id.clone()))
}
