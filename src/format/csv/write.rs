//! Records to tables.

use crate::format::csv::Table;
use crate::format::csv::columns::Columns;
use crate::format::csv::print::{self, Cells};
use crate::format::csv::scheme::listed_text;
use crate::model::record::{Claim, Identifier, Records};
use oxigraph::model::{NamedNode, NamedOrBlankNode};
use rustc_hash::{FxHashMap, FxHashSet};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// Records as tables.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Written {
    /// The text of each table, in the order of [`Table::ALL`].
    pub tables: Vec<(Table, String)>,
    /// What the tables cannot hold, a sentence each: nothing is left out without being named here.
    pub left_out: Vec<String>,
}

/// Writes all eight tables; the same records give the same text.
///
/// Rows are sorted by id. Reading the tables together gives the same records again, with two exceptions: an edge
/// without a claim gets one, and a claim whose id is a blank node gets the id that its content leads to. Concepts
/// belong to the ontology and are not written.
///
/// A claim stands in the row of its edge or observation if it has the id that reading would give it there and the
/// columns can hold it; all others stand in `claims.csv`.
///
/// O(n log n) in the number of records.
///
/// # Example
/// ```
/// use powermap::format::csv::{self, Source, Table};
/// use powermap::model::Records;
///
/// let text = b"from,to,family,kind\nnvidia,openai,investment,equity\n";
/// let edges = Source { name: "edges.csv", table: Table::Edges, bytes: text };
/// let (records, _) = csv::read(&[edges], &Records::default()).strict()?;
/// let written = csv::write(&records);
/// assert!(written.left_out.is_empty());
///
/// let sources: Vec<_> = written
///     .tables
///     .iter()
///     .map(|(table, text)| Source { name: table.name(), table: *table, bytes: text.as_bytes() })
///     .collect();
/// assert_eq!(csv::read(&sources, &Records::default()).strict()?.0, records);
/// # Ok::<(), powermap_rdf::FormatError>(())
/// ```
pub fn write(records: &Records) -> Written {
    let mut left_out = Vec::new();
    let mut claims = claims_by_subject(records, &mut left_out);
    let mut sheets = vec![
        players(records, &claims, &mut left_out),
        identifiers(records, &mut claims),
        identities(records, &mut claims, &mut left_out),
        deals(records),
        edges(records, &mut claims),
        observations(records, &mut claims, &mut left_out),
    ];
    sheets.push(rest(claims));
    sheets.push(documents(records));
    let tables = Table::ALL
        .into_iter()
        .zip(sheets)
        .map(|(table, sheet)| (table, sheet.text(table, &mut left_out)))
        .collect();
    Written { tables, left_out }
}

/// Rows that belong to one table, by the id that they are sorted by.
#[derive(Default)]
struct Sheet {
    rows: Vec<(NamedNode, Cells)>,
}

impl Sheet {
    fn add(&mut self, id: &NamedNode, cells: Cells) {
        let mut row = Cells::default();
        row.iri("id", Some(id));
        row.cells.extend(cells.cells);
        row.lost.extend(cells.lost);
        self.rows.push((id.clone(), row));
    }

    fn text(mut self, table: Table, left_out: &mut Vec<String>) -> String {
        self.rows.sort_by(|(a, _), (b, _)| a.cmp(b));
        let columns = table.columns();
        let mut readable = Vec::with_capacity(self.rows.len());
        for (id, Cells { cells, lost }) in self.rows {
            let name = print::id_or_iri(&id);
            let notes = lost
                .iter()
                .map(|what| format!("{table}.csv: of '{name}', {what}"));
            left_out.extend(notes);
            // An observation or an identity may leave its claims to the table of claims.
            let is_needed = |column: &str| match table {
                Table::Observations => column != "document",
                Table::Identities => column != "same",
                _ => true,
            };
            let is_missing = |column: &str| is_needed(column) && cell(&cells, column).is_empty();
            match columns.required.iter().find(|column| is_missing(column)) {
                Some(missing) => {
                    left_out.push(format!("{table}.csv: '{name}', which has no '{missing}'"));
                }
                None => readable.push(cells),
            }
        }
        print_table(columns, &readable)
    }
}

type Row = Vec<(Cow<'static, str>, String)>;

fn cell<'r>(row: &'r Row, column: &str) -> &'r str {
    let found = row.iter().find(|(of, _)| of == column);
    found.map_or("", |(_, text)| text)
}

/// The header and the rows: the named columns in their order with the id in front, then other languages.
fn print_table(columns: &Columns, rows: &[Row]) -> String {
    let others = columns.named().filter(|column| *column != "id");
    let named: Vec<_> = ["id"].into_iter().chain(others).collect();
    let others: BTreeSet<_> = rows
        .iter()
        .flatten()
        .map(|(column, _)| column.as_ref())
        .filter(|column| !named.iter().any(|named| named == column))
        .collect();
    let header: Vec<_> = named.iter().copied().chain(others).collect();
    let mut text = header.join(",");
    text.push('\n');
    for row in rows {
        for (i, column) in header.iter().enumerate() {
            if i > 0 {
                text.push(',');
            }
            push_cell(&mut text, cell(row, column));
        }
        text.push('\n');
    }
    text
}

/// Writes a cell, in quotes if it could be read otherwise without them.
fn push_cell(text: &mut String, cell: &str) {
    if cell.contains([',', '"', '\n', '\r']) || cell.trim() != cell {
        text.push('"');
        text.push_str(&cell.replace('"', "\"\""));
        text.push('"');
    } else {
        text.push_str(cell);
    }
}

fn players(records: &Records, claims: &Unwritten<'_>, left_out: &mut Vec<String>) -> Sheet {
    let mut sheet = Sheet::default();
    let mut listed: FxHashMap<&NamedNode, Vec<String>> = FxHashMap::default();
    for (id, identifier) in &records.identifiers {
        if let Some(text) = in_list(id, identifier, records, claims) {
            listed.entry(&identifier.player).or_default().push(text);
        }
    }
    listed.values_mut().for_each(|texts| texts.sort_unstable());
    for (id, player) in &records.players {
        let mut cells = Cells::default();
        cells.set("type", player.player_type.name());
        cells.labels("name", &player.labels);
        cells.list("alias", &player.aliases);
        cells.text("note", player.note.as_deref());
        cells.iri("part_of", player.part_of.as_ref());
        cells.list("identifier", listed.get(id).map_or(&[], Vec::as_slice));
        sheet.add(id, cells);
    }
    for (id, topic) in &records.topics {
        if records.players.contains_key(id) {
            let name = print::id_or_iri(id);
            left_out.push(format!(
                "players.csv: the topic '{name}', which is a player as well"
            ));
            continue;
        }
        let mut cells = Cells::default();
        cells.set("type", "topic");
        cells.labels("name", &topic.labels);
        sheet.add(id, cells);
    }
    for (id, description) in &records.descriptions {
        let mut cells = Cells::default();
        cells.set("type", "map");
        cells.labels("name", &description.labels);
        cells.text("note", description.note.as_deref());
        sheet.add(id, cells);
    }
    sheet
}

/// An identifier as the row of its player holds it; `None` where it needs a row of its own.
fn in_list(
    id: &NamedNode,
    identifier: &Identifier,
    records: &Records,
    claims: &Unwritten<'_>,
) -> Option<String> {
    let text = listed_text(identifier)?;
    let is_plain = *id == identifier.content_id()
        && !claims.contains_key(id)
        && records.players.contains_key(&identifier.player)
        && !text.contains('\0');
    is_plain.then_some(text)
}

fn identifiers(records: &Records, claims: &mut Unwritten<'_>) -> Sheet {
    let mut sheet = Sheet::default();
    for (id, identifier) in &records.identifiers {
        if in_list(id, identifier, records, claims).is_none() {
            let own = own_claims(Table::Identifiers, id, claims);
            add_with_claims(&mut sheet, id, &print::identifier(identifier), own);
        }
    }
    sheet
}

fn identities(records: &Records, claims: &mut Unwritten<'_>, left_out: &mut Vec<String>) -> Sheet {
    let mut sheet = Sheet::default();
    for (id, identity) in &records.identities {
        if !claims.contains_key(id) {
            let name = print::id_or_iri(id);
            left_out.push(format!("identities.csv: '{name}', which no claim is about"));
            continue;
        }
        let own = own_claims(Table::Identities, id, claims);
        add_with_claims(&mut sheet, id, &print::identity(identity), own);
    }
    sheet
}

fn deals(records: &Records) -> Sheet {
    let mut sheet = Sheet::default();
    for (id, deal) in &records.deals {
        let mut cells = Cells::default();
        cells.labels("label", &deal.labels);
        cells.time("announced", deal.announced);
        cells.set("event", if deal.is_event { "true" } else { "" });
        cells.text("note", deal.note.as_deref());
        sheet.add(id, cells);
    }
    sheet
}

fn documents(records: &Records) -> Sheet {
    let mut sheet = Sheet::default();
    for (id, document) in &records.documents {
        let mut cells = Cells::default();
        cells.text("title", document.title.as_deref());
        cells.labels("label", &document.labels);
        cells.time("issued", document.issued);
        match &document.url {
            Some(url) if NamedNode::new(url.as_str()).is_err() => {
                cells
                    .lost
                    .push(format!("'{url}', which is not a valid URL"));
            }
            url => cells.text("url", url.as_deref()),
        }
        cells.set("tier", document.tier.map_or("", |tier| tier.name()));
        sheet.add(id, cells);
    }
    sheet
}

/// The claims that are not written yet, by what they are about, with their ids.
type Unwritten<'r> = FxHashMap<&'r NamedNode, Vec<(NamedNode, &'r Claim)>>;

fn claims_by_subject<'r>(records: &'r Records, left_out: &mut Vec<String>) -> Unwritten<'r> {
    let mut claims = Unwritten::default();
    let mut ids = FxHashSet::default();
    let named = |id: &NamedOrBlankNode| matches!(id, NamedOrBlankNode::NamedNode(_));
    // Blank nodes last: one that says the same as a claim with a name is that claim.
    let (first, last): (Vec<_>, Vec<_>) = records.claims.iter().partition(|(id, _)| named(id));
    for (id, claim) in first.into_iter().chain(last) {
        let id = match id {
            NamedOrBlankNode::NamedNode(id) => id.clone(),
            NamedOrBlankNode::BlankNode(_) => print::claim_id(claim),
        };
        if !ids.insert(id.clone()) {
            continue;
        }
        if claim.document.is_some() && claim.asserted_by.is_none() {
            let name = print::id_or_iri(&id);
            left_out.push(format!(
                "claims.csv: of '{name}', that nobody is named who says it; its document will be"
            ));
        }
        claims.entry(&claim.about).or_default().push((id, claim));
    }
    claims
}

/// The cells of the claims about a thing that its own table can hold, taken from those that are not written yet.
fn own_claims(table: Table, id: &NamedNode, claims: &mut Unwritten<'_>) -> Vec<Cells> {
    let holds = |claim: &Claim, cells: &Cells| {
        let known = |column: &str| {
            table.columns().named().any(|known| known == column)
                || table.columns().language(column).is_some()
        };
        claim.document.is_some()
            && claim.period.is_none()
            && (table != Table::Identities || claim.same.is_some())
            && cells.cells.iter().all(|(column, _)| known(column))
    };
    let mut own = Vec::new();
    if let Some(list) = claims.get_mut(id) {
        list.sort_by(|(a, _), (b, _)| a.cmp(b));
        list.retain(|(id, claim)| {
            let cells = print::claim(claim);
            let is_own = holds(claim, &cells) && print::claim_id(claim) == *id;
            if is_own {
                own.push(cells);
            }
            !is_own
        });
    }
    own
}

/// One row for each claim of the table's own, or one without.
fn add_with_claims(sheet: &mut Sheet, id: &NamedNode, thing: &Cells, claims: Vec<Cells>) {
    if claims.is_empty() {
        sheet.add(id, thing.clone());
    }
    for claim in claims {
        let mut cells = thing.clone();
        cells.cells.extend(claim.cells);
        cells.lost.extend(claim.lost);
        sheet.add(id, cells);
    }
}

fn edges(records: &Records, claims: &mut Unwritten<'_>) -> Sheet {
    let mut sheet = Sheet::default();
    for (id, edge) in &records.edges {
        let own = own_claims(Table::Edges, id, claims);
        let cells = match edge.components.contains(id) {
            true => {
                let mut others = edge.clone();
                others.components.retain(|part| part != id);
                let mut cells = print::edge(&others);
                cells.lost.push("itself as a part of it".to_owned());
                cells
            }
            false => print::edge(edge),
        };
        add_with_claims(&mut sheet, id, &cells, own);
    }
    sheet
}

fn observations(
    records: &Records,
    claims: &mut Unwritten<'_>,
    left_out: &mut Vec<String>,
) -> Sheet {
    let mut sheet = Sheet::default();
    for (id, observation) in &records.observations {
        let is_claimed = claims.contains_key(id);
        let own = own_claims(Table::Observations, id, claims);
        if is_claimed {
            add_with_claims(&mut sheet, id, &print::observation(observation), own);
        } else {
            let name = print::id_or_iri(id);
            left_out.push(format!(
                "observations.csv: '{name}', which no claim is about"
            ));
        }
    }
    sheet
}

/// The claims that stand in no other table.
fn rest(claims: Unwritten<'_>) -> Sheet {
    let mut sheet = Sheet::default();
    let mut claims: Vec<_> = claims.into_values().flatten().collect();
    claims.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
    for (id, claim) in claims {
        let mut cells = Cells::default();
        cells.iri("about", Some(&claim.about));
        let content = print::claim(claim);
        cells.cells.extend(content.cells);
        cells.lost.extend(content.lost);
        sheet.add(&id, cells);
    }
    sheet
}
