//! Claims and documents as plain data, for answers that carry their evidence.

use crate::model::quantity::Quantity;
use crate::model::record::{Claim, Document};
use crate::model::vocabulary::short_name;
use oxigraph::model::{NamedNode, NamedOrBlankNode};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// A quantity with bounds and a unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Bounds {
    /// The least it can be; open if `None`.
    pub lower: Option<f64>,
    /// The most it can be; open if `None`.
    pub upper: Option<f64>,
    /// The unit of both.
    pub unit: String,
    /// Whether the source says "about".
    #[serde(default, skip_serializing_if = "is_false")]
    pub approximate: bool,
    /// Whether it is more than the lower bound.
    #[serde(default, skip_serializing_if = "is_false")]
    pub lower_exclusive: bool,
    /// Whether it is less than the upper bound.
    #[serde(default, skip_serializing_if = "is_false")]
    pub upper_exclusive: bool,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
fn is_false(value: &bool) -> bool {
    !value
}

impl From<Quantity> for Bounds {
    fn from(quantity: Quantity) -> Self {
        Self {
            lower: quantity.lower,
            upper: quantity.upper,
            unit: quantity.unit.code().to_string(),
            approximate: quantity.approximate,
            lower_exclusive: quantity.lower_exclusive,
            upper_exclusive: quantity.upper_exclusive,
        }
    }
}

/// What one source says, with everything that bears on whether it counts.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ClaimRecord {
    /// What it is about.
    pub about: String,
    /// The value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Bounds>,
    /// The status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Of an identity: whether the two players are one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub same: Option<bool>,
    /// In what sense it is meant.
    pub modality: String,
    /// Where it stands towards what it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stance: Option<String>,
    /// The claim that it qualifies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qualifies: Option<String>,
    /// Who says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asserted_by: Option<String>,
    /// Whose estimate or view is reported.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attributed_to: Option<String>,
    /// The document that it stands in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// Where in the document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locator: Option<String>,
    /// When it was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub said: Option<String>,
    /// From when it holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holds_from: Option<String>,
    /// The time that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// What it says, by language.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub text: BTreeMap<String, String>,
    /// The printed form that the map resolves to something else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub as_printed: Option<String>,
}

fn short(id: &NamedNode) -> String {
    short_name(id.as_str()).to_owned()
}

impl From<&Claim> for ClaimRecord {
    fn from(claim: &Claim) -> Self {
        let id = |id: &Option<NamedNode>| id.as_ref().map(short);
        let texts = claim.text.iter();
        Self {
            about: short(&claim.about),
            value: claim.quantity.map(Bounds::from),
            status: claim.status.map(|status| status.name().to_owned()),
            same: claim.same,
            modality: claim.modality.name().to_owned(),
            stance: claim.stance.map(|stance| stance.name().to_owned()),
            qualifies: id(&claim.qualifies),
            asserted_by: id(&claim.asserted_by),
            attributed_to: id(&claim.attributed_to),
            document: id(&claim.document),
            locator: claim.locator.clone(),
            said: claim.said.map(|time| time.to_string()),
            holds_from: claim.holds_from.map(|time| time.to_string()),
            period: claim.period.map(|time| time.to_string()),
            text: texts
                .map(|(tag, text)| (tag.to_owned(), text.to_owned()))
                .collect(),
            as_printed: claim.as_printed.clone(),
        }
    }
}

/// A text that claims stand in.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct DocumentRecord {
    /// Its title.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Its names, by language.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// When it came out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issued: Option<String>,
    /// Where it can be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// How near it is to the facts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tier: Option<String>,
}

impl From<&Document> for DocumentRecord {
    fn from(document: &Document) -> Self {
        let labels = document.labels.iter();
        Self {
            title: document.title.clone(),
            labels: labels
                .map(|(tag, text)| (tag.to_owned(), text.to_owned()))
                .collect(),
            issued: document.issued.map(|time| time.to_string()),
            url: document.url.clone(),
            tier: document.tier.map(|tier| tier.name().to_owned()),
        }
    }
}

/// Returns what a claim is called in evidence: its short id, or, for a blank node, whose label means nothing outside of
/// its file, a hash of what it says.
pub fn claim_key(id: &NamedOrBlankNode, claim: &Claim) -> String {
    match id {
        NamedOrBlankNode::NamedNode(id) => short(id),
        NamedOrBlankNode::BlankNode(_) => {
            // A record is plain data, which can always be written.
            let text = serde_json::to_vec(&ClaimRecord::from(claim)).unwrap_or_default();
            let digest: String = Sha256::digest(text)[..8]
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect();
            format!("_:{digest}")
        }
    }
}
