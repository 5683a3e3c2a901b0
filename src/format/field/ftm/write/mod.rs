//! Records to FollowTheMoney: one entity on each line.

mod link;
mod text;

pub(super) use text::is_together;

use crate::format::field::ftm::schema;
use crate::format::field::written::{End, FieldText, Writing, plain_time};
use crate::model::content_id::fnv1a;
use crate::model::lang::Lang;
use crate::model::name::PlayerType;
use crate::model::record::{Claim, Player, Records};
use crate::model::time::TimeSpan;
use crate::model::vocabulary::{ID, PM, pm, short_name};
use oxigraph::model::NamedNode;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What the ids of documents begin with that are datasets of FollowTheMoney.
const DATASET: &str = "ftm-dataset-";

/// What the ids of documents begin with that are files of FollowTheMoney without a dataset.
const FILE: &str = "ftm-file-";

/// The schema of things whose claims the reader puts in words after its name.
const SANCTION: &str = "Sanction";

/// Writes players, edges and documents as entities of FollowTheMoney, one on each line, in the order of their ids.
///
/// O(n log n) in the number of records.
///
/// ```
/// use powermap::format::field::{read_bytes, write_ftm};
///
/// let line = r#"{"id":"a","schema":"Person","properties":{"name":["Ada"],"birthDate":["1975"]}}"#;
/// let reading = read_bytes(line.as_bytes(), "people.json", false)?;
/// let written = write_ftm(&reading.records);
/// assert!(written.left_out.is_empty());
/// let text = String::from_utf8(written.bytes)?;
/// assert!(text.contains(r#""birthDate":["1975"]"#));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write_ftm(records: &Records) -> FieldText {
    let mut writer = Writer::new(records);
    let mut lines = Lines::default();
    writer.documents(&mut lines);
    for (id, player) in &records.players {
        writer.player(id, player, &mut lines);
    }
    for (id, edge) in &records.edges {
        let entity = writer.edge(id, edge);
        lines.add(&entity);
    }
    writer.writing.lost_records();
    writer.writing.finish(lines.0)
}

#[derive(Default)]
struct Lines(Vec<u8>);

impl Lines {
    fn add(&mut self, entity: &Entity) {
        // Texts and lists of texts have a form in JSON, and writing to memory cannot fail.
        if serde_json::to_writer(&mut self.0, entity).is_ok() {
            self.0.push(b'\n');
        }
    }
}

/// An entity on its way.
#[derive(Debug, Default, Serialize)]
struct Entity {
    id: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    caption: String,
    schema: &'static str,
    properties: BTreeMap<String, Vec<String>>,
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    datasets: BTreeSet<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    referents: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_change: Option<String>,
}

impl Entity {
    fn put(&mut self, property: &str, value: impl Into<String>) {
        let value = value.into();
        let values = self.properties.entry(property.to_owned()).or_default();
        if !value.trim().is_empty() && !values.contains(&value) {
            values.push(value);
        }
        if values.is_empty() {
            self.properties.remove(property);
        }
    }
}

struct Writer<'a> {
    writing: Writing<'a>,
    /// The identifiers of each player, with their schemes.
    identifiers: FxHashMap<&'a NamedNode, Vec<(&'a NamedNode, &'a NamedNode, &'a str)>>,
    /// Players that somebody owns: they have to be assets.
    owned: FxHashSet<&'a NamedNode>,
}

impl<'a> Writer<'a> {
    fn new(records: &'a Records) -> Self {
        let mut identifiers: FxHashMap<_, Vec<_>> = FxHashMap::default();
        for (id, one) in &records.identifiers {
            let known = identifiers.entry(&one.player).or_default();
            known.push((id, &one.scheme, one.value.as_str()));
        }
        let stakes = records.edges.values();
        let stakes = stakes.filter(|edge| edge.kind.as_ref().is_some_and(link::is_stake));
        Self {
            writing: Writing::new(records),
            identifiers,
            owned: stakes.map(|edge| &edge.to).collect(),
        }
    }

    /// Returns the id of an entity: letters, digits, points and hyphens, as FollowTheMoney has them. What came from there
    /// has the id again that it had.
    fn own_id(&self, id: &NamedNode) -> String {
        let records = self.writing.records;
        let own = id.as_str().strip_prefix(ID).and_then(|local| {
            let own = decoded(local.strip_prefix("ftm-")?);
            let plain = NamedNode::new_unchecked(format!("{ID}{own}"));
            let is_taken =
                records.players.contains_key(&plain) || records.edges.contains_key(&plain);
            (!is_taken).then_some(own)
        });
        let text = own.unwrap_or_else(|| short_name(id.as_str()).to_owned());
        let is_allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
        let ends = |c: char| c.is_ascii_alphanumeric();
        if text.chars().all(is_allowed) && text.starts_with(ends) && text.ends_with(ends) {
            return text;
        }
        let plain: String = text
            .chars()
            .map(|c| if is_allowed(c) { c } else { '-' })
            .collect();
        let plain = plain.trim_matches(|c| !ends(c));
        let hash = fnv1a(id.as_str().as_bytes()) & 0xffff_ffff;
        match plain.is_empty() {
            true => format!("{hash:08x}"),
            false => format!("{plain}-{hash:08x}"),
        }
    }

    /// Returns the id of the entity for a document, which may be a player as well: the voice of the map itself.
    fn document_id(&self, id: &NamedNode) -> String {
        let own = self.own_id(id);
        match self.writing.records.players.contains_key(id) {
            true => format!("{own}-document"),
            false => own,
        }
    }

    /// Returns the schema that a player is written in.
    fn schema(&self, id: &NamedNode) -> &'static str {
        let player_type = self.writing.records.players.get(id);
        match player_type.map(|player| player.player_type) {
            Some(PlayerType::Person) => "Person",
            Some(PlayerType::Government) => "PublicBody",
            Some(PlayerType::Product) => "Asset",
            Some(PlayerType::Voice) => "LegalEntity",
            Some(PlayerType::Venture | PlayerType::Group) if !self.owned.contains(id) => {
                "Organization"
            }
            _ => "Company",
        }
    }

    /// Writes the documents that are no datasets.
    fn documents(&mut self, lines: &mut Lines) {
        for (id, document) in &self.writing.records.documents {
            if dataset(id).is_some() {
                continue;
            }
            let name = self.writing.records.label(id, Lang::En);
            let mut entity = Entity {
                id: self.document_id(id),
                caption: name.to_owned(),
                schema: "Document",
                ..Entity::default()
            };
            entity.put("fileName", name);
            entity.put("title", document.title.as_deref().unwrap_or(name));
            for (_, label) in document.labels.iter() {
                entity.put("title", label);
            }
            if let Some(issued) = document.issued {
                self.date(
                    &mut entity,
                    "date",
                    ("document.issued", id),
                    issued,
                    End::First,
                );
            }
            if let Some(url) = &document.url {
                entity.put("sourceUrl", url);
            }
            if let Some(tier) = document.tier {
                self.writing.lost("document.tier", id, tier.name());
            }
            lines.add(&entity);
        }
    }

    fn player(&mut self, id: &NamedNode, player: &Player, lines: &mut Lines) {
        let schema = self.schema(id);
        let mut entity = Entity {
            id: self.own_id(id),
            schema,
            ..Entity::default()
        };
        self.names(id, player, &mut entity);
        if let Some(note) = &player.note {
            entity.put("notes", note);
        }
        self.player_type(id, player.player_type, &mut entity);
        self.identifiers(id, &mut entity);
        for claim in self.writing.claims(id) {
            match self.of_schema(claim) {
                Some(own) => lines.add(&own),
                None => self.about_player(claim, &mut entity),
            }
        }
        lines.add(&entity);
        if let Some(whole) = &player.part_of {
            let mut part = Entity {
                id: format!("{}-part-of", entity.id),
                schema: "UnknownLink",
                ..Entity::default()
            };
            part.put("subject", &entity.id);
            part.put("object", self.own_id(whole));
            part.put("role", "part of");
            lines.add(&part);
        }
    }

    fn names(&mut self, id: &NamedNode, player: &Player, entity: &mut Entity) {
        let best = player.labels.get(Lang::En);
        entity.caption = best.unwrap_or(short_name(id.as_str())).to_owned();
        entity.put("name", entity.caption.clone());
        for (tag, label) in player.labels.iter() {
            entity.put("name", label);
            if !tag.is_empty() && best != Some(label) {
                self.writing
                    .lesser(&format!("player.name@{tag}"), id, label);
            }
        }
        for alias in &player.aliases {
            entity.put("alias", alias);
        }
    }

    /// Says by a topic what is no schema; what has neither is counted.
    fn player_type(&mut self, id: &NamedNode, player_type: PlayerType, entity: &mut Entity) {
        match player_type {
            PlayerType::Fund => entity.put("topics", "fin.fund"),
            PlayerType::Bank => entity.put("topics", "fin.bank"),
            PlayerType::Venture | PlayerType::Group | PlayerType::Voice => {
                self.writing.lesser("player.type", id, player_type.name());
            }
            PlayerType::Person
            | PlayerType::Company
            | PlayerType::Government
            | PlayerType::Product => {}
        }
    }

    fn identifiers(&mut self, id: &NamedNode, entity: &mut Entity) {
        let known = self.identifiers.get(id).cloned().unwrap_or_default();
        for (node, scheme, value) in known {
            for claim in self.writing.claims(node) {
                self.source(claim, entity);
                self.writing.lost_of_claim(claim);
            }
            let is_company = entity.schema == "Company";
            let is_entity = entity.schema != "Asset";
            let found = schema::IDENTIFIERS
                .iter()
                .find(|(property, of)| *of == scheme.as_ref() && *property != "isin");
            match (found, scheme.as_str().strip_prefix(PM)) {
                (Some((property @ "wikidataId", _)), _) => entity.put(property, value),
                (Some((property @ ("leiCode" | "icijId"), _)), _) if is_entity => {
                    entity.put(property, value);
                }
                (Some((property @ ("cikCode" | "isinCode"), _)), _) if is_company => {
                    entity.put(property, value);
                }
                (None, _) if *scheme == pm::OPEN_SANCTIONS => {
                    if value != entity.id {
                        entity.referents.push(value.to_owned());
                    }
                }
                (None, _) if *scheme == pm::OPEN_CORPORATES && is_entity => {
                    let url = format!("https://opencorporates.com/companies/{value}");
                    entity.put("opencorporatesUrl", url);
                }
                (None, Some(code)) if is_entity && code.as_bytes().get(2) == Some(&b'-') => {
                    entity.put("registrationNumber", value);
                    entity.put("jurisdiction", code[..2].to_ascii_lowercase());
                }
                _ => {
                    let kind = format!("identifier.{}", short_name(scheme.as_str()));
                    self.writing.lost(&kind, id, value);
                }
            }
        }
    }

    /// Adds what a claim says of a player in words; its value has no place.
    fn about_player(&mut self, claim: &Claim, entity: &mut Entity) {
        self.source(claim, entity);
        self.writing.lost_of_claim(claim);
        for (_, words) in claim.text.iter() {
            text::restore(words, "notes", entity);
        }
        let locator = claim.locator.as_deref();
        if let Some(locator) = locator.filter(|locator| *locator != entity.id) {
            self.writing.lost("claim.locator", &claim.about, locator);
        }
        let lost = [
            ("claim.quantity", claim.quantity.map(|one| one.to_string())),
            ("claim.status", claim.status.map(|one| one.to_string())),
            ("claim.period", claim.period.map(|one| one.to_string())),
            ("claim.as_printed", claim.as_printed.clone()),
        ];
        for (kind, value) in lost {
            if let Some(value) = value {
                self.writing.lost(kind, &claim.about, &value);
            }
        }
    }

    /// Returns the entity that a claim was read from: a sanction, whose properties stand in its text after the schema.
    fn of_schema(&mut self, claim: &Claim) -> Option<Entity> {
        let words = claim.text.exact("")?;
        let (schema, words) = words.split_once(": ")?;
        let own_id = claim.locator.clone()?;
        let is_free = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
        if schema != SANCTION || !own_id.chars().all(is_free) {
            return None;
        }
        let mut entity = Entity {
            id: own_id,
            schema: SANCTION,
            ..Entity::default()
        };
        entity.put("entity", self.own_id(&claim.about));
        let ends = match claim.period {
            Some(TimeSpan::Range(from, to)) => [from.map(TimeSpan::At), to.map(TimeSpan::At)],
            at => [at, None],
        };
        for (property, time) in ["startDate", "endDate"].into_iter().zip(ends) {
            if let Some(time) = time {
                self.date(
                    &mut entity,
                    property,
                    ("claim.period", &claim.about),
                    time,
                    End::First,
                );
            }
        }
        text::restore(words, "summary", &mut entity);
        self.source(claim, &mut entity);
        self.writing.lost_of_claim(claim);
        Some(entity)
    }

    /// Adds the document of a claim and when it was said: a dataset by its name, any other as a proof.
    fn source(&mut self, claim: &Claim, entity: &mut Entity) {
        if let Some(id) = &claim.document {
            match dataset(id) {
                // The file that is written is the document of what it says.
                Some("") => {}
                Some(name) => {
                    let title = self.writing.records.documents.get(id);
                    let title = title.and_then(|document| document.title.as_deref());
                    let names = title.unwrap_or(name).split(", ");
                    entity.datasets.extend(names.map(str::to_owned));
                }
                None => entity.put("proof", self.document_id(id)),
            }
        }
        let Some(said) = claim.said.and_then(|said| plain_time(said, End::Last)) else {
            return;
        };
        match &entity.last_change {
            Some(known) if *known != said.0 => {
                self.writing.lesser("claim.said", &claim.about, &said.0);
                entity.last_change = entity.last_change.take().max(Some(said.0));
            }
            _ => entity.last_change = Some(said.0),
        }
    }

    fn date(
        &mut self,
        entity: &mut Entity,
        property: &str,
        (kind, id): (&str, &NamedNode),
        time: TimeSpan,
        end: End,
    ) {
        match plain_time(time, end) {
            Some((text, is_same)) => {
                entity.put(property, text);
                if !is_same {
                    self.writing.lesser(kind, id, &time.to_string());
                }
            }
            None => self.writing.lost(kind, id, &time.to_string()),
        }
    }
}

/// Returns the name of a document that is a dataset of FollowTheMoney; an empty one for a file of it.
fn dataset(id: &NamedNode) -> Option<&str> {
    let local = id.as_str().strip_prefix(ID)?;
    match local.starts_with(FILE) {
        true => Some(""),
        false => local.strip_prefix(DATASET),
    }
}

/// Returns the text that an id was made from, in which `~2e` stands for a byte.
fn decoded(local: &str) -> String {
    let mut bytes = Vec::with_capacity(local.len());
    let mut rest = local;
    while let Some((before, after)) = rest.split_once('~') {
        bytes.extend(before.bytes());
        let code = after.get(..2).map(|code| u8::from_str_radix(code, 16));
        match code {
            Some(Ok(byte)) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            _ => {
                bytes.push(b'~');
                rest = after;
            }
        }
    }
    bytes.extend(rest.bytes());
    String::from_utf8(bytes).unwrap_or_else(|_| local.to_owned())
}
