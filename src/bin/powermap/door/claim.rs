//! A claim as a form has it: what it adds to a map, and what it takes away again.

use crate::failure::fail;
use anyhow::Result;
use oxigraph::model::{NamedNode, NamedOrBlankNode, Quad, Term};
use powermap::Map;
use powermap::format::csv::{self, Source, Table};
use powermap::format::record_quads;
use powermap::map::MapChange;
use powermap::model::vocabulary::{ID, expand, short_name, to_camel};
use powermap::model::{Claim, Document, Edge, Family, Labels, Lang, Records};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::collections::{HashSet, VecDeque};
use std::fmt::Display;
use std::str::FromStr;

/// How the ids of claims begin that were added here; others are not taken back.
const ADDED: &str = "added-claim-";

/// The fields of the form. Those that are empty are not there.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ClaimForm {
    /// The edge that it is about, where there is one already.
    about: String,
    /// Otherwise the players, the family, the kind and the start of the edge.
    from: String,
    to: String,
    family: String,
    kind: String,
    since: String,
    /// The bounds of the amount and its unit.
    lower: String,
    upper: String,
    unit: String,
    approximate: bool,
    status: String,
    modality: String,
    /// The document by its id or, for a new one, its title, address and day.
    document: String,
    title: String,
    url: String,
    issued: String,
    locator: String,
    said: String,
    asserted_by: String,
    attributed_to: String,
    /// What it says, in words of the map's own.
    text: String,
}

fn parsed<T: FromStr<Err: Display>>(name: &'static str, text: &str) -> Result<Option<T>> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    match text.parse() {
        Ok(value) => Ok(Some(value)),
        Err(error) => fail!("the field {}: {}", name, error),
    }
}

fn required(name: &'static str, text: &str) -> Result<String> {
    match text.trim() {
        "" => {
            fail!("the claim needs the field {}", name; "who says what, where it stands and when: fill in what is missing")
        }
        text => Ok(text.to_owned()),
    }
}

fn player(map: &Map, name: &'static str, text: &str) -> Result<NamedNode> {
    Ok(map.player(&required(name, text)?)?)
}

fn maybe_player(map: &Map, text: &str) -> Result<Option<NamedNode>> {
    match text.trim() {
        "" => Ok(None),
        text => Ok(Some(map.player(text)?)),
    }
}

impl ClaimForm {
    /// Returns what the claim adds to a map: the claim and, where they are new, its edge and its document.
    ///
    /// # Errors
    /// A field that is missing or whose value is not right.
    pub(crate) fn change(&self, map: &Map, lang: Lang) -> Result<(NamedNode, MapChange)> {
        let mut records = Records::default();
        let about = self.edge(map, &mut records)?;
        let document = self.document(map, lang, &mut records)?;
        let mut text = Labels::default();
        if !self.text.trim().is_empty() {
            text.insert(lang.tag(), self.text.trim());
        }
        let claim = Claim {
            asserted_by: maybe_player(map, &self.asserted_by)?,
            attributed_to: maybe_player(map, &self.attributed_to)?,
            document: Some(document),
            text,
            ..self.told(about)?
        };
        if claim.quantity.is_none() && claim.status.is_none() && claim.text.is_empty() {
            fail!("the claim says nothing: it has neither an amount, nor a status, nor a text"; "fill in one of them");
        }
        let id = named(ADDED, &format!("{claim:?}"));
        if map
            .records()?
            .claims
            .contains_key(&NamedOrBlankNode::from(id.clone()))
        {
            fail!(
                "this claim is on the map already: {}",
                short_name(id.as_str())
            );
        }
        records.claims.insert(id.clone().into(), claim);
        let change = MapChange {
            inserts: record_quads(&records),
            deletes: Vec::new(),
        };
        change.check()?;
        Ok((id, change))
    }

    /// Returns the edge that the claim is about: the one that is named, one of the same players, kind and start, or a new one.
    fn edge(&self, map: &Map, records: &mut Records) -> Result<NamedNode> {
        let known = map.records()?;
        if !self.about.trim().is_empty() {
            let about = expand(&self.about);
            return match about
                .filter(|id| known.edges.contains_key(id) || known.observations.contains_key(id))
            {
                Some(id) => Ok(id),
                None => fail!("there is no relation '{}'", self.about.trim()),
            };
        }
        let edge = Edge {
            family: match parsed("family", &required("family", &self.family)?)? {
                Some(family) => family,
                None => fail!("the claim needs the field {}", "family"),
            },
            kind: match self.kind.trim() {
                "" => None,
                kind => Some(concept(known, kind)?),
            },
            from: player(map, "from", &self.from)?,
            to: player(map, "to", &self.to)?,
            deal: None,
            since: parsed("since", &self.since)?,
            until: None,
            part_of_total: None,
            components: Vec::new(),
            labels: Labels::default(),
        };
        if edge.from == edge.to {
            fail!(
                "a relation is between two players, and both are '{}'",
                self.from.trim()
            );
        }
        let ends = |edge: &Edge| {
            let ends = [edge.from.clone(), edge.to.clone()];
            let [from, to] = ends.clone();
            match known.is_mutual(edge) && to < from {
                true => [to, from],
                false => ends,
            }
        };
        let same = known.edges.iter().find(|(_, other)| {
            (&other.kind, other.since, other.family) == (&edge.kind, edge.since, edge.family)
                && ends(other) == ends(&edge)
        });
        if let Some((id, _)) = same {
            return Ok(id.clone());
        }
        let id = named("added-edge-", &format!("{edge:?}"));
        records.edges.insert(id.clone(), edge);
        Ok(id)
    }

    fn document(&self, map: &Map, lang: Lang, records: &mut Records) -> Result<NamedNode> {
        let known = map.records()?;
        let wanted = self.document.trim();
        if !wanted.is_empty() {
            let by_name = || {
                let mut documents = known.documents.keys();
                documents
                    .find(|id| known.label(id, lang) == wanted)
                    .cloned()
            };
            let by_id = expand(wanted).filter(|id| known.documents.contains_key(id));
            return match by_id.or_else(by_name) {
                Some(id) => Ok(id),
                None => {
                    fail!("there is no document '{}'", wanted; "for a new one, give its title and its day instead")
                }
            };
        }
        let title = required("document", &self.title)?;
        let url = self.url.trim();
        let is_of_web = url.starts_with("https://") || url.starts_with("http://");
        let is_address = is_of_web && NamedNode::new(url).is_ok();
        if !url.is_empty() && !is_address {
            fail!(
                "'{}' is no value for {}: expected {}",
                url,
                "url",
                "an address that begins with https:// or http://, without spaces"
            );
        }
        let mut labels = Labels::default();
        labels.insert(lang.tag(), &title);
        let document = Document {
            title: Some(title),
            labels,
            issued: parsed("issued", &self.issued)?,
            url: Some(url.to_owned()).filter(|url| !url.is_empty()),
            tier: None,
        };
        let id = named("added-document-", &format!("{document:?}"));
        if !known.documents.contains_key(&id) {
            records.documents.insert(id.clone(), document);
        }
        Ok(id)
    }

    /// Returns what the claim says and when, read as a row of a table of claims is.
    fn told(&self, about: NamedNode) -> Result<Claim> {
        let locator = match self.locator.trim() {
            "" => "page",
            locator => locator,
        };
        let approximate = if self.approximate { "yes" } else { "" };
        let said = required("said", &self.said)?;
        if !(self.lower.trim().is_empty() && self.upper.trim().is_empty()) {
            required("unit", &self.unit)?;
        }
        let cells = [
            ("about", "edge"),
            ("document", "document"),
            ("locator", locator),
            ("said", &said),
            ("lower", &self.lower),
            ("upper", &self.upper),
            ("unit", &self.unit),
            ("approximate", approximate),
            ("status", &self.status),
            ("modality", &self.modality),
        ];
        let names = cells.map(|(name, _)| name).join(",");
        let quoted = cells.map(|(_, cell)| format!("\"{}\"", cell.trim().replace('"', "\"\"")));
        let table = format!("{names}\n{}\n", quoted.join(","));
        let source = Source {
            name: "claim",
            table: Table::Claims,
            bytes: table.as_bytes(),
        };
        let reading = csv::read(&[source], &known());
        if let Some(problem) = reading.problems.first() {
            let (name, message) = field_of(&problem.message);
            match &problem.hint {
                Some(hint) => fail!("the field {}: {}", name, message; "{}", hint),
                None => fail!("the field {}: {}", name, message),
            }
        }
        let read = reading.records.claims.into_values().next();
        Ok(Claim {
            about: about.clone(),
            ..read.unwrap_or_else(|| Claim::about(about))
        })
    }
}

/// Returns the records that the row of a claim refers to.
fn known() -> Records {
    let id = |name: &str| NamedNode::new_unchecked(format!("{ID}{name}"));
    let mut known = Records::default();
    let edge = Edge {
        family: Family::Influence,
        kind: None,
        from: id("from"),
        to: id("to"),
        deal: None,
        since: None,
        until: None,
        part_of_total: None,
        components: Vec::new(),
        labels: Labels::default(),
    };
    known.edges.insert(id("edge"), edge);
    known.documents.insert(id("document"), Document::default());
    known
}

/// Returns the column that a message about a cell names, and what it says of the cell.
fn field_of(message: &str) -> (&str, &str) {
    let named = message
        .split_once(" '")
        .and_then(|(_, rest)| rest.split_once("': "));
    named.unwrap_or(("claim", message))
}

/// Returns the kind of a name.
fn concept(records: &Records, name: &str) -> Result<NamedNode> {
    let local = to_camel(name.trim_start_matches("pm:"));
    let found = records
        .concepts
        .keys()
        .find(|id| short_name(id.as_str()) == local);
    match found {
        Some(id) => Ok(id.clone()),
        None => fail!("there is no kind '{}'", name),
    }
}

/// Returns an id that depends on what the thing says, and on nothing else.
fn named(word: &str, says: &str) -> NamedNode {
    let digest = Sha256::digest(says);
    let hex: String = digest[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    NamedNode::new_unchecked(format!("{ID}{word}{hex}"))
}

/// Returns the claims that were added here, by their ids.
pub(crate) fn added(records: &Records) -> impl Iterator<Item = (&NamedNode, &Claim)> {
    records.claims.iter().filter_map(|(id, claim)| match id {
        NamedOrBlankNode::NamedNode(id) if short_name(id.as_str()).starts_with(ADDED) => {
            Some((id, claim))
        }
        _ => None,
    })
}

/// Returns whether there is a claim of this id.
pub(crate) fn is_known(records: &Records, name: &str) -> bool {
    expand(name).is_some_and(|id| records.claims.contains_key(&NamedOrBlankNode::from(id)))
}

/// Returns what taking a claim back takes away: the claim, and what was added here and nobody else speaks of.
///
/// # Errors
/// A claim that was not added here.
pub(crate) fn taken_back(map: &Map, name: &str) -> Result<MapChange> {
    let records = map.records()?;
    let found = added(records).find(|(id, _)| short_name(id.as_str()) == name);
    let Some((id, claim)) = found else {
        fail!("{} was not added here", name; "what stands in the files of the map is changed there, or by an update at /sparql");
    };
    let others = || {
        records
            .claims
            .iter()
            .filter(|(other, _)| **other != NamedOrBlankNode::from(id.clone()))
    };
    let mut gone: HashSet<NamedOrBlankNode> = HashSet::from([id.clone().into()]);
    let is_own = |id: &NamedNode, word: &str| short_name(id.as_str()).starts_with(word);
    if is_own(&claim.about, "added-edge-") && !others().any(|(_, other)| other.about == claim.about)
    {
        gone.insert(claim.about.clone().into());
    }
    if let Some(document) = &claim.document
        && is_own(document, "added-document-")
        && !others().any(|(_, other)| other.document.as_ref() == Some(document))
    {
        gone.insert(document.clone().into());
    }
    Ok(MapChange {
        inserts: Vec::new(),
        deletes: statements(&map.quads()?, gone),
    })
}

/// Returns the statements about things, and about the blank nodes that these lead to.
fn statements(quads: &[Quad], things: HashSet<NamedOrBlankNode>) -> Vec<Quad> {
    let mut open: VecDeque<NamedOrBlankNode> = things.iter().cloned().collect();
    let mut seen = things;
    let mut found = Vec::new();
    while let Some(thing) = open.pop_front() {
        for quad in quads.iter().filter(|quad| quad.subject == thing) {
            if let Term::BlankNode(node) = &quad.object
                && seen.insert(node.clone().into())
            {
                open.push_back(node.clone().into());
            }
            found.push(quad.clone());
        }
    }
    found
}
