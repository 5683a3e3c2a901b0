//! Holding an answer against a later one: what still holds, what changed, and because of which claim.

use crate::evidence::bundle::{Bundle, EvidenceRow, EvidenceTable};
use crate::evidence::pairing::pairs;
use crate::evidence::source::claim_key;
use crate::map::Map;
use crate::map::MapError;
use crate::model::vocabulary::short_name;
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What became of an answer.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[non_exhaustive]
pub struct Verification {
    /// The number of rows that are as they were.
    pub holding: usize,
    /// The rows that are not.
    pub changes: Vec<RowChange>,
    /// The claims and documents beneath the rows that are not as they were.
    pub sources: Vec<SourceChange>,
    /// Whether the file of evidence was changed after it was written.
    pub is_broken: bool,
    /// Whether the map says anything else than it did, beneath these rows or elsewhere.
    pub is_other_map: bool,
    /// Whether the answer is defined in another way.
    pub is_other_formula: bool,
    /// The version that wrote the evidence, where it is another one.
    pub other_version: Option<String>,
}

/// A row that changed, went or came.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RowChange {
    /// The table, by its key.
    pub table: String,
    /// The names of its columns.
    pub columns: Vec<String>,
    /// The row as it was.
    pub before: Option<Vec<Value>>,
    /// The row as it is.
    pub after: Option<Vec<Value>>,
    /// The keys of the claims and documents beneath it that changed.
    pub because: Vec<String>,
}

/// A claim or a document that is not as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourceChange {
    /// Its key.
    pub key: String,
    /// Whether it is a document.
    pub is_document: bool,
    /// What became of it.
    pub kind: SourceChangeKind,
    /// Where it was altered, the names of what says something else.
    pub fields: Vec<String>,
}

/// What became of a claim or a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum SourceChangeKind {
    /// It says something else.
    Altered,
    /// It is not on the map any more.
    Gone,
    /// It is on the map, and no row rests on it any more.
    NoLongerCounts,
    /// No row rested on it before.
    New,
}

impl Verification {
    /// Returns whether every row and every source is as it was, and the file was not changed.
    pub fn holds(&self) -> bool {
        self.changes.is_empty()
            && self.sources.is_empty()
            && !self.is_broken
            && !self.is_other_formula
    }
}

impl Bundle {
    /// Holds this evidence against the answer that a map gives to its question now.
    ///
    /// # Errors
    /// As [`Map::records`].
    pub fn verify(&self, now: &Self, map: &Map) -> Result<Verification, MapError> {
        let records = map.records()?;
        let claims: BTreeSet<String> = (records.claims.iter())
            .map(|(id, claim)| claim_key(id, claim))
            .collect();
        let documents = records.documents.keys();
        let documents: BTreeSet<String> = documents
            .map(|id| short_name(id.as_str()).to_owned())
            .collect();
        let mut sources = changes(&self.claims, &now.claims, &claims, false);
        sources.extend(changes(&self.documents, &now.documents, &documents, true));
        let mut verification = Verification {
            is_broken: !self.is_sealed(),
            is_other_map: self.map.hash != now.map.hash,
            is_other_formula: self.formula != now.formula,
            other_version: (self.version != now.version).then(|| self.version.clone()),
            ..Verification::default()
        };
        let keys: BTreeSet<&str> = (self.tables.iter().chain(&now.tables))
            .map(|table| table.key.as_str())
            .collect();
        for key in keys {
            let find = |bundle: &Self| bundle.tables.iter().find(|table| table.key == key).cloned();
            let empty = EvidenceTable {
                key: key.to_owned(),
                title: String::new(),
                columns: Vec::new(),
                rows: Vec::new(),
            };
            let [before, after] = [find(self), find(now)].map(|t| t.unwrap_or(empty.clone()));
            self.compare(now, &before, &after, &sources, &mut verification);
        }
        verification.sources = sources;
        Ok(verification)
    }

    fn compare(
        &self,
        now: &Self,
        before: &EvidenceTable,
        after: &EvidenceTable,
        sources: &[SourceChange],
        found: &mut Verification,
    ) {
        let values = |table: &'_ EvidenceTable| -> Vec<Vec<Value>> {
            table.rows.iter().map(|row| row.values.clone()).collect()
        };
        let (old, new) = (values(before), values(after));
        let [old, new] =
            [&old, &new].map(|rows| rows.iter().map(Vec::as_slice).collect::<Vec<_>>());
        let pairs = pairs(&old, &new);
        found.holding += pairs.same.len();
        for (one, other) in pairs.changed {
            let one = one.map(|place| &before.rows[place]);
            let other = other.map(|place| &after.rows[place]);
            let columns = match other {
                Some(_) => &after.columns,
                None => &before.columns,
            };
            found.changes.push(RowChange {
                table: before.key.clone(),
                columns: columns.clone(),
                because: self.because(now, one, other, sources),
                before: one.map(|row| row.values.clone()),
                after: other.map(|row| row.values.clone()),
            });
        }
    }

    /// Returns the keys of the changed sources beneath a row, before or after.
    fn because(
        &self,
        now: &Self,
        before: Option<&EvidenceRow>,
        after: Option<&EvidenceRow>,
        sources: &[SourceChange],
    ) -> Vec<String> {
        let mut beneath: BTreeSet<&str> = BTreeSet::new();
        for (bundle, row) in [(self, before), (now, after)] {
            for key in row.into_iter().flat_map(|row| &row.claims) {
                beneath.insert(key);
                let claim = bundle.claims.get(key);
                beneath.extend(claim.and_then(|claim| claim.document.as_deref()));
            }
        }
        let changed = sources.iter().map(|change| &change.key);
        let changed = changed.filter(|key| beneath.contains(key.as_str()));
        changed.cloned().collect()
    }
}

/// Returns what became of sources, given the keys of all that are on the map.
fn changes<T: PartialEq + Serialize>(
    before: &BTreeMap<String, T>,
    after: &BTreeMap<String, T>,
    all: &BTreeSet<String>,
    is_document: bool,
) -> Vec<SourceChange> {
    let mut found = Vec::new();
    let mut add = |key: &str, kind, fields| {
        found.push(SourceChange {
            key: key.to_owned(),
            is_document,
            kind,
            fields,
        });
    };
    for (key, old) in before {
        match after.get(key) {
            Some(new) if old == new => {}
            Some(new) => add(key, SourceChangeKind::Altered, fields(old, new)),
            None if all.contains(key) => add(key, SourceChangeKind::NoLongerCounts, Vec::new()),
            None => add(key, SourceChangeKind::Gone, Vec::new()),
        }
    }
    for key in after.keys().filter(|key| !before.contains_key(*key)) {
        add(key, SourceChangeKind::New, Vec::new());
    }
    found
}

/// Returns the names of the fields in which two records differ.
fn fields<T: Serialize>(old: &T, new: &T) -> Vec<String> {
    let values = |record: &T| match serde_json::to_value(record) {
        Ok(Value::Object(fields)) => fields,
        _ => serde_json::Map::new(),
    };
    let (old, new) = (values(old), values(new));
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let differing = names
        .into_iter()
        .filter(|name| old.get(*name) != new.get(*name));
    differing.cloned().collect()
}
