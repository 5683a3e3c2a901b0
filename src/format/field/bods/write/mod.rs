//! Records to statements of the Beneficial Ownership Data Standard, version 0.4.

mod interest;
mod party;
mod relationship;

use crate::format::field::written::{FieldText, Writing};
use crate::model::content_id::fnv1a;
use crate::model::lang::Lang;
use crate::model::name::{PlayerType, Tier};
use crate::model::record::{Claim, Identifier, Player, Records};
use crate::model::time::{Day, TimeSpan};
use crate::model::vocabulary::{ID, short_name};
use oxigraph::model::NamedNode;
use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::{Map, Value, json};

/// How long the id of a statement may be.
const STATEMENT_ID_CHARS: std::ops::RangeInclusive<usize> = 32..=64;

/// What the ids of documents begin with that are a publisher and its source.
const SOURCE: &str = "bods-source";

/// Reasons for which an interested party is not named.
const REASONS: &[&str] = &[
    "noBeneficialOwners",
    "subjectUnableToConfirmOrIdentifyBeneficialOwner",
    "interestedPartyHasNotProvidedInformation",
    "subjectExemptFromDisclosure",
    "interestedPartyExemptFromDisclosure",
    "unknown",
    "informationUnknownToPublisher",
];

/// Writes persons, entities and the stakes, offices and powers between them as statements of version 0.4, in one array, in the
/// order of their ids. What is only planned or announced is no interest, and is counted as left out.
///
/// The day is that of publication, and of statements that nothing says the day of.
///
/// O(n log n) in the number of records.
///
/// ```
/// use powermap::format::field::{read_bytes, write_bods};
///
/// let lines = r#"{"id":"a","schema":"Person","properties":{"name":["Ada"]}}
/// {"id":"b","schema":"Company","properties":{"name":["Acme"]}}
/// {"id":"c","schema":"Ownership","properties":{"owner":["a"],"asset":["b"],"percentage":[">50"]}}
/// "#;
/// let reading = read_bytes(lines.as_bytes(), "owners.json", false)?;
/// let written = write_bods(&reading.records, "2025-10-15".parse()?);
/// let text = String::from_utf8(written.bytes)?;
/// assert!(text.contains(r#""share":{"exclusiveMinimum":50.0}"#));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write_bods(records: &Records, day: Day) -> FieldText {
    let mut writer = Writer::new(records, day);
    for (id, player) in &records.players {
        writer.party(id, player);
    }
    writer.relationships();
    writer.writing.lost_records();
    let mut bytes = b"[\n".to_vec();
    bytes.extend(writer.statements.join(",\n").bytes());
    bytes.extend(b"\n]\n");
    writer.writing.finish(bytes)
}

struct Writer<'a> {
    writing: Writing<'a>,
    identifiers: FxHashMap<&'a NamedNode, Vec<(&'a NamedNode, &'a Identifier)>>,
    /// Arrangements, and what the edges to them say they are.
    arrangements: FxHashMap<&'a NamedNode, &'static str>,
    day: Day,
    statements: Vec<String>,
    statement_ids: FxHashSet<String>,
}

/// A statement before it has an id.
struct Statement<'s> {
    record: &'s str,
    sort: &'static str,
    /// The record of the party that the declaration is about.
    subject: &'s str,
    details: Value,
    /// What nothing but a note can hold.
    notes: Vec<String>,
}

impl<'a> Writer<'a> {
    fn new(records: &'a Records, day: Day) -> Self {
        let mut identifiers: FxHashMap<_, Vec<_>> = FxHashMap::default();
        for (id, one) in &records.identifiers {
            identifiers.entry(&one.player).or_default().push((id, one));
        }
        let arrangements = records.edges.values().filter_map(|edge| {
            let kind = edge.kind.as_ref()?;
            Some((&edge.to, interest::arrangement_of(kind.as_ref())?))
        });
        Self {
            writing: Writing::new(records),
            arrangements: arrangements.collect(),
            identifiers,
            day,
            statements: Vec::new(),
            statement_ids: FxHashSet::default(),
        }
    }

    /// Returns the id of the record about a thing; what came from statements has the one again that it had.
    fn record(&self, id: &NamedNode) -> String {
        let records = self.writing.records;
        let own = id.as_str().strip_prefix(ID).and_then(|local| {
            let own = local.strip_prefix("bods-")?;
            let plain = NamedNode::new_unchecked(format!("{ID}{own}"));
            let is_taken =
                records.players.contains_key(&plain) || records.edges.contains_key(&plain);
            (!is_taken && !own.contains('~')).then(|| own.to_owned())
        });
        own.unwrap_or_else(|| short_name(id.as_str()).to_owned())
    }

    fn player(&self, id: &NamedNode) -> Option<&'a Player> {
        self.writing.records.players.get(id)
    }

    /// Returns the reason that a party without a name stands for, which is no record of its own.
    fn unspecified(&self, id: &NamedNode) -> Option<&'a str> {
        let player = self.player(id)?;
        let reason = player.labels.exact("")?;
        let is_reason = player.player_type == PlayerType::Voice && REASONS.contains(&reason);
        is_reason.then_some(reason)
    }

    /// Adds a statement with the source, the day and the id that its claims lead to.
    fn add(&mut self, id: &NamedNode, statement: Statement<'_>, claims: &[&'a Claim]) {
        let mut fields = Map::new();
        fields.insert("statementDate".to_owned(), self.said(id, claims).into());
        fields.insert("declarationSubject".to_owned(), statement.subject.into());
        fields.insert("recordId".to_owned(), statement.record.into());
        fields.insert("recordType".to_owned(), statement.sort.into());
        fields.insert("recordStatus".to_owned(), "new".into());
        fields.insert("recordDetails".to_owned(), statement.details);
        let notes = statement.notes.iter().map(|note| {
            json!({"statementPointerTarget": "/recordDetails", "motivation": "commenting", "description": note})
        });
        let notes: Vec<_> = notes.collect();
        if !notes.is_empty() {
            fields.insert("annotations".to_owned(), notes.into());
        }
        self.source(id, claims, &mut fields);
        let text = Value::Object(fields.clone()).to_string();
        let statement_id = self.statement_id(id, &text, claims);
        fields.insert("statementId".to_owned(), statement_id.into());
        self.statements.push(Value::Object(fields).to_string());
    }

    /// Returns the id that the one statement of the claims had, or one that follows from the text.
    fn statement_id(&mut self, id: &NamedNode, text: &str, claims: &[&Claim]) -> String {
        let mut locators: Vec<_> = claims
            .iter()
            .filter_map(|claim| claim.locator.as_deref())
            .collect();
        locators.sort_unstable();
        locators.dedup();
        if let [only] = locators.as_slice()
            && STATEMENT_ID_CHARS.contains(&only.chars().count())
            && self.statement_ids.insert((*only).to_owned())
        {
            return (*only).to_owned();
        }
        for locator in locators {
            self.writing.lost("claim.locator", id, locator);
        }
        let [first, second] = [text, id.as_str()].map(|text| fnv1a(text.as_bytes()));
        let statement_id = format!("{first:016x}{second:016x}");
        self.statement_ids.insert(statement_id.clone());
        statement_id
    }

    /// Returns the last day on which anything of it was said.
    fn said(&mut self, id: &NamedNode, claims: &[&Claim]) -> String {
        let documents = &self.writing.records.documents;
        let issued = |claim: &&Claim| documents.get(claim.document.as_ref()?)?.issued;
        let said = claims.iter().filter_map(|claim| claim.said);
        let said = said.max_by_key(|time| time.latest());
        match said.or_else(|| claims.iter().find_map(issued)) {
            Some(time) => self.day("claim.said", id, time, TimeSpan::latest),
            None => {
                self.writing
                    .lesser("statement.statementDate", id, &self.day.to_string());
                self.day.to_string()
            }
        }
    }

    /// Returns a time as a day, which is all that statements have; a month becomes its first or last one.
    fn day(
        &mut self,
        kind: &str,
        id: &NamedNode,
        time: TimeSpan,
        end: fn(TimeSpan) -> Option<Day>,
    ) -> String {
        if time.earliest() != time.latest() {
            self.writing.lesser(kind, id, &time.to_string());
        }
        let day = end(time).or(time.earliest()).or(time.latest());
        day.unwrap_or(self.day).to_string()
    }

    /// Adds who published a statement, and what it rests on.
    fn source(&mut self, id: &NamedNode, claims: &[&'a Claim], fields: &mut Map<String, Value>) {
        let mut documents: Vec<_> = claims
            .iter()
            .filter_map(|claim| claim.document.as_ref())
            .collect();
        documents.dedup();
        for other in documents.iter().skip(1) {
            self.writing
                .lost("claim.document", id, short_name(other.as_str()));
        }
        let Some(node) = documents.first() else {
            return;
        };
        let records = self.writing.records;
        let title = records.label(node, Lang::En);
        let is_split = short_name(node.as_str()).starts_with(SOURCE);
        let (publisher, description) = match title.split_once(": ").filter(|_| is_split) {
            Some((publisher, description)) => (publisher, Some(description)),
            None => (title, None),
        };
        fields.insert(
            "publicationDetails".to_owned(),
            json!({
                "publicationDate": self.day.to_string(),
                "bodsVersion": "0.4",
                "publisher": {"name": publisher},
            }),
        );
        let mut source = Map::new();
        let document = records.documents.get(*node);
        match document.and_then(|document| document.tier) {
            Some(Tier::Primary) => source.insert("type".to_owned(), json!(["selfDeclaration"])),
            Some(_) => source.insert("type".to_owned(), json!(["thirdParty"])),
            None => None,
        };
        if let Some(url) = document.and_then(|document| document.url.as_deref()) {
            source.insert("url".to_owned(), url.into());
        }
        if let Some(description) = description {
            source.insert("description".to_owned(), description.into());
        }
        let speakers = claims.iter().filter_map(|claim| claim.asserted_by.as_ref());
        let mut speakers: Vec<_> = speakers
            .filter(|speaker| speaker != node)
            .map(|speaker| json!({"name": records.label(speaker, Lang::En)}))
            .collect();
        speakers.dedup();
        if !speakers.is_empty() {
            source.insert("assertedBy".to_owned(), speakers.into());
        }
        if !source.is_empty() {
            fields.insert("source".to_owned(), source.into());
        }
    }

    /// Counts what claims say beside their value, text, day, document and speaker.
    fn lost_of(&mut self, claims: &[&Claim], since: Option<TimeSpan>) {
        for claim in claims {
            let mut rest = (*claim).clone();
            // The speaker stands in the source, and an interest has its start.
            rest.asserted_by.clone_from(&rest.document);
            rest.holds_from = rest.holds_from.filter(|from| Some(*from) != since);
            self.writing.lost_of_claim(&rest);
            let lost = [
                ("claim.period", claim.period.map(|one| one.to_string())),
                ("claim.as_printed", claim.as_printed.clone()),
            ];
            for (kind, value) in lost {
                if let Some(value) = value {
                    self.writing.lost(kind, &claim.about, &value);
                }
            }
        }
    }
}

/// Takes the value of a key from a text of the form `key: value; key: value`.
fn taken(words: &mut Vec<String>, key: &str) -> Option<String> {
    let begins = |part: &String| {
        part.strip_prefix(key)
            .is_some_and(|rest| rest.starts_with(": "))
    };
    let at = words.iter().position(begins)?;
    let part = words.remove(at);
    part.split_once(": ").map(|(_, value)| value.to_owned())
}

/// Returns the parts of a text of the form `key: value; key: value`.
fn parts(text: &str) -> Vec<String> {
    text.split("; ").map(str::to_owned).collect()
}
