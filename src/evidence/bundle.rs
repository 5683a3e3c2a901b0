//! A bundle of evidence: an answer with everything that it rests on, as one JSON file.

use crate::evidence::error::EvidenceError;
use crate::evidence::question::{Question, SeenFrom};
use crate::evidence::source::{ClaimRecord, DocumentRecord, claim_key};
use crate::evidence::table::AnswerTable;
use crate::map::Map;
use crate::map::MapError;
use crate::model::record::Records;
use crate::model::vocabulary::short_name;
use oxigraph::model::NamedOrBlankNode;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The format that this version writes and reads.
const FORMAT: &str = "powermap-evidence/1";

/// An answer with its question, its view, the claims and documents beneath it, and the hash of the map.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Bundle {
    /// The format of the file.
    pub format: String,
    /// The version that wrote it.
    pub version: String,
    /// The question.
    pub question: Question,
    /// From where the map was seen, its days filled in.
    pub view: SeenFrom,
    /// The map.
    pub map: BundleMap,
    /// How the answer is defined; empty where the question says it all.
    pub formula: String,
    /// The answer.
    pub tables: Vec<EvidenceTable>,
    /// The notes on it.
    pub notes: Vec<String>,
    /// The claims beneath the rows.
    pub claims: BTreeMap<String, ClaimRecord>,
    /// The documents of these claims.
    pub documents: BTreeMap<String, DocumentRecord>,
    /// The hash of all of the above, which shows whether the file was changed since.
    #[serde(default)]
    pub seal: String,
}

/// The map that an answer is from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundleMap {
    /// The hash of what it says; see [`Map::content_hash`].
    pub hash: String,
    /// What it is called.
    pub name: String,
}

/// Rows under a title.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EvidenceTable {
    /// What programs call it.
    pub key: String,
    /// What people call it.
    pub title: String,
    /// The names of the columns.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<EvidenceRow>,
}

/// A row, and the keys of the claims that it rests on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EvidenceRow {
    /// One value for each column.
    pub values: Vec<Value>,
    /// The claims beneath it.
    pub claims: Vec<String>,
}

impl Bundle {
    /// Returns the evidence of an answer of this map.
    ///
    /// O(n log n) in the size of the map, for its hash.
    ///
    /// # Errors
    /// As [`Map::records`].
    ///
    /// ```
    /// use powermap::Map;
    /// use powermap::evidence::{AnswerRow, AnswerTable, Bundle, Question};
    ///
    /// let map = Map::built_in()?;
    /// let claim = map.records()?.claims.keys().next().cloned();
    /// let rows = vec![AnswerRow { values: vec!["openai".into()], claims: claim.into_iter().collect() }];
    /// let columns = vec!["who".to_owned()];
    /// let table = AnswerTable { columns, rows, ..AnswerTable::default() };
    /// let text = "SELECT ?who { ?who a pm:Company } LIMIT 1".to_owned();
    /// let bundle = Bundle::new(&map, Question::Query { text }, "", vec![table], Vec::new())?;
    /// assert_eq!(bundle.claims.len(), 1);
    ///
    /// let read = Bundle::from_json(&bundle.to_json())?;
    /// assert!(read.is_sealed() && read.verify(&bundle, &map)?.holds());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(
        map: &Map,
        question: Question,
        formula: &str,
        tables: Vec<AnswerTable>,
        notes: Vec<String>,
    ) -> Result<Self, MapError> {
        let records = map.records()?;
        let mut sources = Sources::new(records);
        let tables = tables.into_iter();
        let tables = tables.map(|table| sources.table(table)).collect();
        let Sources {
            claims, documents, ..
        } = sources;
        Ok(Self {
            format: FORMAT.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            question,
            view: map.board()?.view.into(),
            map: BundleMap {
                hash: map.content_hash()?,
                name: String::new(),
            },
            formula: formula.to_owned(),
            tables,
            notes,
            claims,
            documents,
            seal: String::new(),
        }
        .sealed())
    }

    /// Returns the same evidence with a name for its map.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        name.clone_into(&mut self.map.name);
        self.sealed()
    }

    /// Reads a file of evidence.
    ///
    /// # Errors
    /// [`EvidenceError`].
    pub fn from_json(text: &str) -> Result<Self, EvidenceError> {
        #[derive(Deserialize)]
        struct Head {
            format: String,
        }
        let head: Head = serde_json::from_str(text)?;
        if head.format != FORMAT {
            return Err(EvidenceError::Format {
                found: head.format,
                expected: FORMAT,
            });
        }
        Ok(serde_json::from_str(text)?)
    }

    /// Returns the file, which ends with a line end.
    pub fn to_json(&self) -> String {
        // Plain data can always be written.
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// Returns whether the evidence is as it was when it was written.
    pub fn is_sealed(&self) -> bool {
        self.seal == self.clone().sealed().seal
    }

    fn sealed(mut self) -> Self {
        self.seal = String::new();
        let text = serde_json::to_vec(&self).unwrap_or_default();
        let digest = Sha256::digest(text);
        self.seal = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        self
    }
}

/// Collects the claims and documents beneath rows.
struct Sources<'r> {
    records: &'r Records,
    claims: BTreeMap<String, ClaimRecord>,
    documents: BTreeMap<String, DocumentRecord>,
}

impl<'r> Sources<'r> {
    fn new(records: &'r Records) -> Self {
        Self {
            records,
            claims: BTreeMap::new(),
            documents: BTreeMap::new(),
        }
    }

    fn table(&mut self, table: AnswerTable) -> EvidenceTable {
        let rows = table.rows.into_iter();
        let rows = rows.map(|row| EvidenceRow {
            claims: row.claims.iter().filter_map(|id| self.claim(id)).collect(),
            values: row.values,
        });
        EvidenceTable {
            rows: rows.collect(),
            key: table.key,
            title: table.title,
            columns: table.columns,
        }
    }

    /// Adds a claim and its document; returns its key.
    fn claim(&mut self, id: &NamedOrBlankNode) -> Option<String> {
        let claim = self.records.claims.get(id)?;
        let key = claim_key(id, claim);
        if !self.claims.contains_key(&key) {
            self.claims.insert(key.clone(), claim.into());
            if let Some(id) = &claim.document {
                let document = self.records.documents.get(id);
                let record = document.map_or_else(DocumentRecord::default, Into::into);
                self.documents
                    .insert(short_name(id.as_str()).to_owned(), record);
            }
        }
        Some(key)
    }
}
