//! Answers as JSON for pages: headings and cells in words, as the terminal prints them, with the claims beneath each row told in
//! full. A page computes and formats nothing.

use crate::describe::Words;
use crate::door::json::left_out;
use crate::door::request::Seen;
use crate::reply::Reply;
use crate::report::{Shown, ShownCell};
use anyhow::Result;
use oxigraph::model::{NamedNode, NamedOrBlankNode};
use powermap::Map;
use powermap::evidence::{AnswerTable, SeenFrom, claim_key};
use powermap::model::vocabulary::{expand, short_name};
use powermap::model::{Claim, Records};
use serde_json::{Map as Object, Value, json};

/// A table with its key and title.
struct Titled {
    key: String,
    title: String,
    shown: Shown,
}

/// Returns an answer in words.
pub(crate) fn answer(map: &Map, question: Value, reply: &Reply, seen: Seen) -> Result<Value> {
    let view: SeenFrom = map.board()?.view.into();
    let view_text = Words::of(map, map.shown_records()?, seen.lang).view_text();
    let mut told = Told {
        words: Words::of(map, map.records()?, seen.lang),
        claims: Object::new(),
        documents: Object::new(),
    };
    let tables = tables(reply);
    let total: usize = tables.iter().map(|table| table.shown.rows.len()).sum();
    let (mut skip, mut left) = (seen.offset, seen.rows_max.unwrap_or(usize::MAX));
    let (mut written, mut all) = (0, Vec::with_capacity(tables.len()));
    for Titled { key, title, shown } in tables {
        let columns = shown.columns.into_iter();
        let columns: Vec<_> = columns
            .map(|(name, heading)| json!({"name": name, "heading": heading}))
            .collect();
        let first = skip.min(shown.rows.len());
        skip -= first;
        let rows = shown.rows.into_iter().skip(first).take(left);
        let rows: Vec<_> = rows
            .map(|(cells, claims)| told.row(cells, &claims))
            .collect();
        left -= rows.len();
        written += rows.len();
        all.push(json!({"key": key, "title": title, "columns": columns, "rows": rows}));
    }
    let next = seen.offset.saturating_add(written);
    Ok(json!({
        "question": question,
        "view": view,
        "view_text": view_text,
        "notes": reply.notes,
        "tables": all,
        "claims": told.claims,
        "documents": told.documents,
        "left_out": left_out(total, next, written, reply.is_partial, seen.rows_max),
    }))
}

/// Returns the tables of a reply in words: those of its reports or, for the rows of a query, the values as they are.
fn tables(reply: &Reply) -> Vec<Titled> {
    if reply.reports.is_empty() {
        return reply.tables.iter().map(of_values).collect();
    }
    let titled = |report: &crate::report::Report| Titled {
        key: report.key.to_owned(),
        title: report.title().to_owned(),
        shown: report.shown(),
    };
    reply.reports.iter().map(titled).collect()
}

fn of_values(table: &AnswerTable) -> Titled {
    let cell = |value: &Value| match value {
        Value::Null => ShownCell::default(),
        Value::String(text) => ShownCell {
            text: text.clone(),
            data: vec![text.clone()],
        },
        other => ShownCell {
            text: other.to_string(),
            data: Vec::new(),
        },
    };
    let rows = table.rows.iter();
    let rows = rows.map(|row| (row.values.iter().map(cell).collect(), row.claims.clone()));
    let columns = table.columns.iter();
    Titled {
        key: table.key.clone(),
        title: table.title.clone(),
        shown: Shown {
            columns: columns.map(|name| (name.clone(), name.clone())).collect(),
            rows: rows.collect(),
        },
    }
}

/// Collects claims and documents in words, each once.
struct Told<'a> {
    words: Words<'a>,
    claims: Object<String, Value>,
    documents: Object<String, Value>,
}

impl Told<'_> {
    fn row(&mut self, cells: Vec<ShownCell>, claims: &[NamedOrBlankNode]) -> Value {
        let cells = cells.into_iter().map(|cell| self.cell(cell));
        let cells: Vec<_> = cells.collect();
        let evidence = claims.iter().filter_map(|id| self.claim(id));
        let evidence: Vec<_> = evidence.collect();
        json!({"cells": cells, "evidence": evidence})
    }

    /// Returns a cell with what it names: players, a deal, the ends of an edge; others by their ids.
    fn cell(&self, cell: ShownCell) -> Value {
        let ShownCell { text, data } = cell;
        let records = self.words.records;
        let short = |id: &NamedNode| short_name(id.as_str()).to_owned();
        let player = |name: &String| {
            let id = expand(name).filter(|id| records.players.contains_key(id))?;
            Some(json!({"id": short(&id), "name": self.words.name(&id)}))
        };
        let players: Option<Vec<_>> = data.iter().map(player).collect();
        let [one] = data.as_slice() else {
            return match players {
                Some(players) if !players.is_empty() => json!({"text": text, "players": players}),
                _ if data.is_empty() => json!({"text": text}),
                _ => json!({"text": text, "data": data}),
            };
        };
        let id = expand(one);
        let deal = id.as_ref().filter(|id| records.deals.contains_key(*id));
        let edge = id.as_ref().and_then(|id| records.edges.get(id));
        match (players, deal, edge) {
            (Some(players), ..) => json!({"text": text, "players": players}),
            (_, Some(deal), _) => json!({"text": text, "data": data, "deal": short(deal)}),
            (_, _, Some(edge)) => {
                let ends = json!({"from": short(&edge.from), "to": short(&edge.to)});
                json!({"text": text, "data": data, "edge": ends})
            }
            _ if one.is_empty() || *one == text => json!({"text": text}),
            _ => json!({"text": text, "data": data}),
        }
    }

    /// Adds a claim and its document, and returns what the claim is called.
    fn claim(&mut self, id: &NamedOrBlankNode) -> Option<String> {
        let claim = self.words.records.claims.get(id)?;
        let key = claim_key(id, claim);
        if !self.claims.contains_key(&key) {
            let told = self.words.told(claim);
            self.claims.insert(key.clone(), told);
            if let Some(document) = &claim.document {
                let short = short_name(document.as_str());
                if !self.documents.contains_key(short) {
                    let told = document_in_words(self.words, document);
                    self.documents.insert(short.to_owned(), told);
                }
            }
        }
        Some(key)
    }
}

impl Words<'_> {
    /// Returns what a claim says in words, field by field; fields that it has not are left out.
    pub(crate) fn told(self, claim: &Claim) -> Value {
        let lang = self.lang;
        let label = |id: NamedNode| self.records.label(&id, lang).to_owned();
        let name = |id: &Option<NamedNode>| id.as_ref().map(|id| self.name(id));
        let id = |id: &Option<NamedNode>| id.as_ref().map(|id| short_name(id.as_str()).to_owned());
        let fields = [
            ("about", Some(self.name(&claim.about))),
            (
                "about_id",
                Some(short_name(claim.about.as_str()).to_owned()),
            ),
            ("text", claim.text.get(lang).map(str::to_owned)),
            (
                "amount",
                claim.quantity.map(|quantity| quantity.display(lang)),
            ),
            ("status", claim.status.map(|status| label(status.iri()))),
            ("modality", Some(label(claim.modality.iri()))),
            ("stance", claim.stance.map(|stance| label(stance.iri()))),
            ("asserted_by", name(&claim.asserted_by)),
            ("asserted_by_id", id(&claim.asserted_by)),
            ("attributed_to", name(&claim.attributed_to)),
            ("attributed_to_id", id(&claim.attributed_to)),
            ("document", id(&claim.document)),
            ("locator", claim.locator.clone()),
            ("source", Some(self.source(claim))),
            ("said", claim.said.map(|time| time.to_string())),
            ("holds_from", claim.holds_from.map(|time| time.to_string())),
            ("as_printed", claim.as_printed.clone()),
        ];
        let known = fields.into_iter();
        known
            .filter_map(|(name, value)| Some((name.to_owned(), Value::from(value?))))
            .collect::<Object<_, _>>()
            .into()
    }
}

fn document_in_words(words: Words<'_>, id: &NamedNode) -> Value {
    let records: &Records = words.records;
    let mut told = json!({"title": records.label(id, words.lang)});
    if let Some(document) = records.documents.get(id) {
        if let Some(issued) = document.issued {
            told["issued"] = issued.to_string().into();
        }
        if let Some(url) = &document.url {
            told["url"] = url.as_str().into();
        }
        if let Some(tier) = document.tier {
            told["tier"] = records.label(&tier.iri(), words.lang).into();
        }
    }
    told
}
