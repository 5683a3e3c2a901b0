//! Records to tables.

use crate::format::csv::cells::{concept_text, id_text};
use crate::format::csv::print::claim_id;
use crate::format::csv::scheme::scheme_text;
use crate::format::tables::ArrowTable;
use crate::format::tables::columns::{Bounds, Columns};
use crate::model::lang::Labels;
use crate::model::record::{
    Claim, Deal, Document, Edge, Identifier, Identity, Observation, Records,
};
use arrow_array::RecordBatch;
use arrow_schema::ArrowError;
use oxigraph::model::{NamedNode, NamedOrBlankNode};
use rustc_hash::FxHashSet;
use std::borrow::Cow;

/// Returns the tables of all records but the concepts, which belong to the ontology.
///
/// Rows have the order of the records. A claim whose id is a blank node gets the id that its content leads to.
///
/// O(n) in the number of records.
///
/// # Errors
/// More text in one column than Arrow's 32-bit offsets can count.
///
/// # Example
/// ```
/// use powermap::Map;
/// use powermap::format::tables::{self, ArrowTable};
///
/// let map = Map::built_in()?;
/// let written = tables::write(map.records()?)?;
/// let (table, edges) = &written[4];
/// assert_eq!((*table, edges.num_rows()), (ArrowTable::Edges, map.records()?.edges.len()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write(records: &Records) -> Result<Vec<(ArrowTable, RecordBatch)>, ArrowError> {
    Ok(vec![
        (ArrowTable::Players, players(records)?),
        (
            ArrowTable::Identifiers,
            identifiers(&rows(&records.identifiers))?,
        ),
        (
            ArrowTable::Identities,
            identities(&rows(&records.identities))?,
        ),
        (ArrowTable::Deals, deals(&rows(&records.deals))?),
        (ArrowTable::Edges, edges(&rows(&records.edges))?),
        (
            ArrowTable::Observations,
            observations(&rows(&records.observations))?,
        ),
        (ArrowTable::Claims, claims(records)?),
        (ArrowTable::Documents, documents(&rows(&records.documents))?),
    ])
}

type Rows<'r, T> = Vec<(&'r NamedNode, &'r T)>;

fn rows<T>(records: &indexmap::IndexMap<NamedNode, T>) -> Rows<'_, T> {
    records.iter().collect()
}

/// Returns an id as our tables have it: the local part of an `id:` IRI, else a form that reads back as the IRI.
pub(crate) fn id(iri: &NamedNode) -> Cow<'_, str> {
    id_text(iri).map_or(Cow::from(iri.as_str()), Cow::from)
}

/// Returns a concept as our tables have it, such as `equity`.
pub(crate) fn concept(iri: &NamedNode) -> Cow<'_, str> {
    concept_text(iri).map_or(Cow::from(iri.as_str()), Cow::from)
}

/// Returns the id of a claim; a blank node as RDF writes it.
pub(crate) fn node(node: &NamedOrBlankNode) -> String {
    match node {
        NamedOrBlankNode::NamedNode(node) => id(node).into_owned(),
        NamedOrBlankNode::BlankNode(node) => node.to_string(),
    }
}

/// A row of players: a player, a topic, or what the map says of itself.
#[derive(Clone, Copy)]
struct PlayerRow<'r> {
    id: &'r NamedNode,
    what: &'static str,
    labels: &'r Labels,
    aliases: &'r [String],
    note: Option<&'r str>,
    part_of: Option<&'r NamedNode>,
}

fn players(records: &Records) -> Result<RecordBatch, ArrowError> {
    let plain = |id, what, labels| PlayerRow {
        id,
        what,
        labels,
        aliases: &[],
        note: None,
        part_of: None,
    };
    let players = records.players.iter().map(|(id, player)| PlayerRow {
        aliases: &player.aliases,
        note: player.note.as_deref(),
        part_of: player.part_of.as_ref(),
        ..plain(id, player.player_type.name(), &player.labels)
    });
    let topics = records.topics.iter();
    let topics = topics.map(|(id, topic)| plain(id, "topic", &topic.labels));
    let descriptions = records.descriptions.iter().map(|(id, map)| PlayerRow {
        note: map.note.as_deref(),
        ..plain(id, "map", &map.labels)
    });
    let rows: Vec<_> = players.chain(topics).chain(descriptions).collect();
    let mut columns = Columns::of(&rows);
    columns.required("id", |row| id(row.id));
    columns.required("type", |row| row.what.into());
    columns.labels("name", |row| row.labels);
    columns.list("alias", |row| Some(row.aliases.to_vec()));
    columns.text("note", |row| row.note.map(Cow::from));
    columns.text("part_of", |row| row.part_of.map(id));
    columns.finish()
}

fn identifiers(rows: &Rows<'_, Identifier>) -> Result<RecordBatch, ArrowError> {
    let mut columns = Columns::of(rows);
    columns.required("id", |row| id(row.0));
    columns.required("player", |row| id(&row.1.player));
    columns.required("scheme", |row| {
        scheme_text(&row.1.scheme).map_or(row.1.scheme.as_str().into(), Cow::from)
    });
    columns.required("value", |row| row.1.value.as_str().into());
    columns.finish()
}

fn identities(rows: &Rows<'_, Identity>) -> Result<RecordBatch, ArrowError> {
    let mut columns = Columns::of(rows);
    columns.required("id", |row| id(row.0));
    columns.required("a", |row| id(&row.1.players[0]));
    columns.required("b", |row| id(&row.1.players[1]));
    columns.finish()
}

fn deals(rows: &Rows<'_, Deal>) -> Result<RecordBatch, ArrowError> {
    let mut columns = Columns::of(rows);
    columns.required("id", |row| id(row.0));
    columns.flag("event", |row| Some(row.1.is_event));
    columns.labels("label", |row| &row.1.labels);
    columns.time("announced", |row| row.1.announced);
    columns.text("note", |row| row.1.note.as_deref().map(Cow::from));
    columns.finish()
}

fn edges(rows: &Rows<'_, Edge>) -> Result<RecordBatch, ArrowError> {
    let mut columns = Columns::of(rows);
    columns.required("id", |row| id(row.0));
    columns.required("from", |row| id(&row.1.from));
    columns.required("to", |row| id(&row.1.to));
    columns.required("family", |row| row.1.family.name().into());
    columns.text("kind", |row| row.1.kind.as_ref().map(concept));
    columns.text("deal", |row| row.1.deal.as_ref().map(id));
    columns.time("since", |row| row.1.since);
    columns.time("until", |row| row.1.until);
    columns.text("part_of_total", |row| row.1.part_of_total.as_ref().map(id));
    columns.list("components", |row| {
        Some(row.1.components.iter().map(id).collect())
    });
    columns.labels("label", |row| &row.1.labels);
    columns.finish()
}

fn observations(rows: &Rows<'_, Observation>) -> Result<RecordBatch, ArrowError> {
    let mut columns = Columns::of(rows);
    columns.required("id", |row| id(row.0));
    columns.required("subject", |row| id(&row.1.subject));
    columns.required("metric", |row| concept(&row.1.metric));
    columns.time("period", |row| row.1.period);
    columns.text("deal", |row| row.1.deal.as_ref().map(id));
    columns.text("part_of_total", |row| row.1.part_of_total.as_ref().map(id));
    columns.labels("label", |row| &row.1.labels);
    columns.finish()
}

/// Returns the claims with their ids, those of blank nodes last: one that says the same as a claim with a name is that
/// claim.
fn named_claims(records: &Records) -> Vec<(NamedNode, &Claim)> {
    let mut named = Vec::with_capacity(records.claims.len());
    let mut blank = Vec::new();
    for (id, claim) in &records.claims {
        match id {
            NamedOrBlankNode::NamedNode(id) => named.push((id.clone(), claim)),
            NamedOrBlankNode::BlankNode(_) => blank.push((claim_id(claim), claim)),
        }
    }
    if !blank.is_empty() {
        let mut taken: FxHashSet<_> = named.iter().map(|(id, _)| id.clone()).collect();
        blank.retain(|(id, _)| taken.insert(id.clone()));
        named.extend(blank);
        named.sort_by(|(a, _), (b, _)| a.cmp(b));
    }
    named
}

fn claims(records: &Records) -> Result<RecordBatch, ArrowError> {
    let rows = named_claims(records);
    let mut columns = Columns::of(&rows);
    columns.required("id", |row| id(&row.0));
    columns.required("about", |row| id(&row.1.about));
    columns.text("document", |row| row.1.document.as_ref().map(id));
    columns.text("locator", |row| row.1.locator.as_deref().map(Cow::from));
    columns.text("asserted_by", |row| row.1.asserted_by.as_ref().map(id));
    columns.text("attributed_to", |row| row.1.attributed_to.as_ref().map(id));
    columns.time("said", |row| row.1.said);
    columns.time("holds_from", |row| row.1.holds_from);
    columns.time("period", |row| row.1.period);
    columns.bounds(["lower", "upper"], |row| {
        row.1.quantity.as_ref().map(Bounds::from)
    });
    columns.text("unit", |row| row.1.quantity.map(|q| q.unit.code().into()));
    columns.flag("approximate", |row| row.1.quantity.map(|q| q.approximate));
    columns.text("status", |row| row.1.status.map(|s| s.name().into()));
    columns.flag("same", |row| row.1.same);
    columns.text("modality", |row| Some(row.1.modality.name().into()));
    columns.text("stance", |row| row.1.stance.map(|s| s.name().into()));
    columns.text("qualifies", |row| row.1.qualifies.as_ref().map(id));
    columns.labels("text", |row| &row.1.text);
    columns.text("as_printed", |row| {
        row.1.as_printed.as_deref().map(Cow::from)
    });
    columns.list("fact_id", |row| Some(row.1.fact_ids.clone()));
    columns.finish()
}

fn documents(rows: &Rows<'_, Document>) -> Result<RecordBatch, ArrowError> {
    let mut columns = Columns::of(rows);
    columns.required("id", |row| id(row.0));
    columns.text("title", |row| row.1.title.as_deref().map(Cow::from));
    columns.labels("label", |row| &row.1.labels);
    columns.time("issued", |row| row.1.issued);
    columns.text("url", |row| row.1.url.as_deref().map(Cow::from));
    columns.text("tier", |row| row.1.tier.map(|tier| tier.name().into()));
    columns.finish()
}
