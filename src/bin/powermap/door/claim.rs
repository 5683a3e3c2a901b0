//! A claim as a form has it: what it adds to a map, and what it takes away again.

mod back;
mod told;

pub(crate) use crate::door::claim::back::{is_known, taken_back};

use crate::failure::fail;
use anyhow::Result;
use oxigraph::model::{NamedNode, NamedOrBlankNode};
use powermap::Map;
use powermap::format::record_quads;
use powermap::map::MapChange;
use powermap::model::vocabulary::{ID, expand, short_name, to_camel};
use powermap::model::{
    Claim, Document, Edge, Family, Labels, Lang, Observation, Player, PlayerType, Records,
};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::fmt::Display;
use std::str::FromStr;

/// How the ids of claims begin that were added here; others are not taken back.
const ADDED: &str = "added-claim-";
/// How those of what came with them begin.
const ADDED_EDGE: &str = "added-edge-";
const ADDED_FIGURE: &str = "added-figure-";
const ADDED_PLAYER: &str = "added-player-";
const ADDED_DOCUMENT: &str = "added-document-";

/// The fields of the form. Those that are empty are not there.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ClaimForm {
    /// The edge that it is about, where there is one already.
    about: String,
    /// Otherwise the players, the family, the kind and the start of the edge.
    from: String,
    to: String,
    /// What these are, where they are new on the map.
    from_type: String,
    to_type: String,
    family: String,
    kind: String,
    since: String,
    /// Otherwise the figure: of whom, of what, and of when; and what the player is, where it is new on the map.
    subject: String,
    subject_type: String,
    metric: String,
    period: String,
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

/// Returns the player of a name or, where its type is given, a new one.
fn player(
    map: &Map,
    name: &'static str,
    (text, of_type): (&str, &str),
    lang: Lang,
    new: &mut Records,
) -> Result<NamedNode> {
    let text = required(name, text)?;
    let Some(player_type) = parsed::<PlayerType>("type", of_type)? else {
        return Ok(map.player(&text)?);
    };
    if map.records()?.has_player_named(&text) {
        let id = map.player(&text)?;
        fail!(
            "there is a player '{}' already: {}", text, short_name(id.as_str());
            "leave the type empty for that one; give another name for a new one"
        );
    }
    let mut labels = Labels::default();
    labels.insert(lang.tag(), &text);
    let player = Player {
        player_type,
        labels,
        aliases: Vec::new(),
        note: None,
        part_of: None,
    };
    let id = named(ADDED_PLAYER, &format!("{player:?}"));
    new.players.insert(id.clone(), player);
    Ok(id)
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
        let about = match self.metric.trim() {
            "" => self.edge(map, lang, &mut records)?,
            metric => self.figure(map, metric, lang, &mut records)?,
        };
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
        self.check_share(&claim)?;
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
    fn edge(&self, map: &Map, lang: Lang, records: &mut Records) -> Result<NamedNode> {
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
        let family: Family = match parsed("family", &required("family", &self.family)?)? {
            Some(family) => family,
            None => fail!("the claim needs the field {}", "family"),
        };
        let kind = match self.kind.trim() {
            "" => None,
            kind => Some(concept(known, kind)?),
        };
        if let Some(kind) = &kind
            && !map.is_kind_of(kind, family)?
        {
            fail!(
                "'{}' is no kind of {}", self.kind.trim(), family.name();
                "take a kind of the family, or the family of the kind; powermap ask kinds lists them"
            );
        }
        let (from, to) = (
            (&self.from[..], &self.from_type[..]),
            (&self.to[..], &self.to_type[..]),
        );
        let edge = Edge {
            family,
            kind,
            from: player(map, "from", from, lang, records)?,
            to: player(map, "to", to, lang, records)?,
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
        let id = named(ADDED_EDGE, &format!("{edge:?}"));
        records.edges.insert(id.clone(), edge);
        Ok(id)
    }

    /// Returns the figure that the claim is about: one of the same player, metric and period, or a new one.
    fn figure(
        &self,
        map: &Map,
        metric: &str,
        lang: Lang,
        records: &mut Records,
    ) -> Result<NamedNode> {
        let known = map.records()?;
        let found = concept(known, metric)?;
        if !map.is_metric(&found)? {
            fail!("'{}' is no metric", metric; "powermap ask metrics lists them");
        }
        let subject = (&self.subject[..], &self.subject_type[..]);
        let figure = Observation {
            subject: player(map, "subject", subject, lang, records)?,
            metric: found,
            period: parsed("period", &self.period)?,
            deal: None,
            part_of_total: None,
            labels: Labels::default(),
        };
        let same = known.observations.iter().find(|(_, other)| {
            (&other.subject, &other.metric, other.period)
                == (&figure.subject, &figure.metric, figure.period)
        });
        if let Some((id, _)) = same {
            return Ok(id.clone());
        }
        let id = named(ADDED_FIGURE, &format!("{figure:?}"));
        records.observations.insert(id.clone(), figure);
        Ok(id)
    }

    /// Checks that a part of a whole is no more than the whole.
    fn check_share(&self, claim: &Claim) -> Result<()> {
        let share = claim
            .quantity
            .filter(|quantity| quantity.unit.code().starts_with("percent"));
        // A figure such as growth may be more.
        let Some(share) = share.filter(|_| self.metric.trim().is_empty()) else {
            return Ok(());
        };
        let most = [share.lower, share.upper]
            .into_iter()
            .flatten()
            .fold(0.0, f64::max);
        if most > 100.0 {
            fail!("{} percent is more than the whole", most; "give a share of 100 or less");
        }
        Ok(())
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
        let id = named(ADDED_DOCUMENT, &format!("{document:?}"));
        if !known.documents.contains_key(&id) {
            records.documents.insert(id.clone(), document);
        }
        Ok(id)
    }
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
