//! What the writers of all formats have in common.

use crate::format::field::report::{LeftOut, LeftOutReason, LeftOuts};
use crate::model::lang::Lang;
use crate::model::name::Modality;
use crate::model::record::{Claim, Records};
use crate::model::time::{Period, TimeSpan};
use crate::model::vocabulary::short_name;
use oxigraph::model::NamedNode;
use rustc_hash::FxHashMap;

/// Records in a format of the field.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FieldText {
    /// The bytes of the file.
    pub bytes: Vec<u8>,
    /// What the format cannot hold, or holds in a lesser form, by kind: `edge.deal` is the deal of an edge.
    pub left_out: Vec<LeftOut>,
}

/// The records that are written, and the account of what the format does not hold.
pub(super) struct Writing<'a> {
    pub(super) records: &'a Records,
    claims: FxHashMap<&'a NamedNode, Vec<&'a Claim>>,
    left_out: LeftOuts,
}

impl<'a> Writing<'a> {
    /// O(n) in the number of claims.
    pub(super) fn new(records: &'a Records) -> Self {
        let mut claims: FxHashMap<_, Vec<_>> = FxHashMap::default();
        for claim in records.claims.values() {
            claims.entry(&claim.about).or_default().push(claim);
        }
        Self {
            records,
            claims,
            left_out: LeftOuts::default(),
        }
    }

    /// Returns the claims about a thing, in the order of their ids.
    pub(super) fn claims(&self, about: &NamedNode) -> Vec<&'a Claim> {
        self.claims.get(about).cloned().unwrap_or_default()
    }

    /// Counts a value that the format does not hold.
    pub(super) fn lost(&mut self, kind: &str, id: &NamedNode, value: &str) {
        let place = short_name(id.as_str());
        let reason = LeftOutReason::NoPlaceInFormat;
        self.left_out.add(reason, kind, place, value);
    }

    /// Counts a value that the format holds in a lesser form.
    pub(super) fn lesser(&mut self, kind: &str, id: &NamedNode, value: &str) {
        let place = short_name(id.as_str());
        let reason = LeftOutReason::LesserForm;
        self.left_out.add(reason, kind, place, value);
    }

    /// Counts what is said in a claim and neither its value, its text, its day nor its document.
    pub(super) fn lost_of_claim(&mut self, claim: &Claim) {
        let about = &claim.about;
        let node =
            |node: &Option<NamedNode>| node.as_ref().map(|one| short_name(one.as_str()).to_owned());
        let speaker = claim.asserted_by.as_ref() != claim.document.as_ref();
        let is_plain = claim.modality == Modality::Statement;
        let all = [
            (
                "claim.asserted_by",
                node(&claim.asserted_by).filter(|_| speaker),
            ),
            ("claim.attributed_to", node(&claim.attributed_to)),
            ("claim.qualifies", node(&claim.qualifies)),
            (
                "claim.modality",
                (!is_plain).then(|| claim.modality.to_string()),
            ),
            (
                "claim.stance",
                claim.stance.map(|stance| stance.to_string()),
            ),
            (
                "claim.holds_from",
                claim.holds_from.map(|time| time.to_string()),
            ),
            (
                "claim.fact_id",
                (!claim.fact_ids.is_empty()).then(|| claim.fact_ids.join(";")),
            ),
        ];
        for (kind, value) in all {
            if let Some(value) = value {
                self.lost(kind, about, &value);
            }
        }
    }

    /// Counts the records for which neither FollowTheMoney nor BODS has a place: deals, observations, identities, topics and
    /// what the map says of itself, with the claims about them.
    pub(super) fn lost_records(&mut self) {
        let records = self.records;
        let kinds: [(&str, Vec<&'a NamedNode>); 5] = [
            ("deal", records.deals.keys().collect()),
            ("observation", records.observations.keys().collect()),
            ("identity", records.identities.keys().collect()),
            ("topic", records.topics.keys().collect()),
            ("map", records.descriptions.keys().collect()),
        ];
        for (kind, ids) in kinds {
            for id in ids {
                self.lost(kind, id, records.label(id, Lang::En));
                for _ in self.claims(id) {
                    self.lost(&format!("{kind}.claim"), id, kind);
                }
            }
        }
    }

    /// Ends the account.
    pub(super) fn finish(self, bytes: Vec<u8>) -> FieldText {
        FieldText {
            bytes,
            left_out: self.left_out.finish(),
        }
    }
}

/// Which end of a time is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    First,
    Last,
}

/// Returns a time as a day, a month or a year, which is what formats of the field know, and whether it says the same; a
/// quarter, a half or a range becomes its first or last day.
pub(super) fn plain_time(time: TimeSpan, end: End) -> Option<(String, bool)> {
    if let TimeSpan::At(Period::Day(_) | Period::Month(..) | Period::Year(_)) = time {
        return Some((time.to_string(), true));
    }
    let day = match end {
        End::First => time.earliest(),
        End::Last => time.latest(),
    };
    day.map(|day| (day.to_string(), false))
}
