//! Answers as JSON of a bounded size: rows with the claims beneath them, and what was left out.

use crate::door::request::Seen;
use crate::reply::Reply;
use anyhow::Result;
use oxigraph::model::NamedOrBlankNode;
use powermap::Map;
use powermap::evidence::{
    AnswerRow, AnswerTable, ClaimRecord, DocumentRecord, SeenFrom, claim_key,
};
use powermap::model::vocabulary::short_name;
use powermap::model::{Lang, Records};
use serde_json::{Map as Object, Value, json};

/// The name under which each row has its claims.
pub(crate) const EVIDENCE: &str = "evidence";

/// The most that an answer may be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Room {
    /// The bytes of its JSON.
    pub(crate) bytes: usize,
    /// Its rows.
    pub(crate) rows: usize,
}

/// An entry of an object that may have to be added.
type Entry = Option<(String, Value)>;

/// Collects rows and what is beneath them while there is room.
struct Writer<'r> {
    records: &'r Records,
    lang: Lang,
    bytes_left: usize,
    rows_left: usize,
    claims: Object<String, Value>,
    documents: Object<String, Value>,
}

/// Returns an answer of one table or of several as JSON.
pub(crate) fn answer(
    map: &Map,
    question: Value,
    reply: &Reply,
    seen: Seen,
    room: Room,
) -> Result<Value> {
    let mut answer = Object::new();
    answer.insert("question".to_owned(), question);
    let view: SeenFrom = map.board()?.view.into();
    answer.insert("view".to_owned(), serde_json::to_value(view)?);
    answer.insert("notes".to_owned(), json!(reply.notes));
    let used = serde_json::to_string(&answer)?.len();
    let mut writer = Writer {
        records: map.records()?,
        lang: seen.lang,
        bytes_left: room.bytes.saturating_sub(used + 1_000),
        rows_left: seen.rows_max.unwrap_or(usize::MAX).min(room.rows),
        claims: Object::new(),
        documents: Object::new(),
    };
    let total: usize = reply.tables.iter().map(|table| table.rows.len()).sum();
    let (mut skip, mut written) = (seen.offset, 0);
    let mut tables = Vec::with_capacity(reply.tables.len());
    for table in &reply.tables {
        let first = skip.min(table.rows.len());
        skip -= first;
        let rows = writer.rows(table, &table.rows[first..])?;
        written += rows.len();
        tables.push((table, rows));
    }
    if let [(table, rows)] = tables.as_mut_slice() {
        answer.insert("columns".to_owned(), json!(table.columns));
        answer.insert("rows".to_owned(), std::mem::take(rows).into());
    } else {
        let tables = tables.into_iter().map(|(table, rows)| {
            json!({"key": table.key, "title": table.title, "columns": table.columns, "rows": rows})
        });
        answer.insert("tables".to_owned(), tables.collect());
    }
    answer.insert("claims".to_owned(), writer.claims.into());
    answer.insert("documents".to_owned(), writer.documents.into());
    let next = seen.offset.saturating_add(written);
    let left_out = left_out(total, next, written, reply.is_partial, seen.rows_max);
    answer.insert("left_out".to_owned(), left_out);
    Ok(Value::Object(answer))
}

/// Says how many rows were left out, and how to get them; nothing where none were.
pub(crate) fn left_out(
    total: usize,
    next: usize,
    written: usize,
    is_partial: bool,
    asked: Option<usize>,
) -> Value {
    let rows = total.saturating_sub(next);
    if rows == 0 && !is_partial {
        return Value::Null;
    }
    let mut left = json!({"rows": rows, "of": total});
    let mut how = Vec::new();
    if rows > 0 && written > 0 {
        left["next_offset"] = next.into();
        how.push(format!("ask again with offset={next} for the next rows"));
    } else if rows > 0 && asked != Some(0) {
        how.push("the next row alone is larger than an answer may be".to_owned());
    }
    if is_partial {
        how.push("a limit ended the search: the notes say which".to_owned());
    }
    how.push("or ask for less: one player, a filter, an earlier day".to_owned());
    left["how"] = how.join("; ").into();
    left
}

impl Writer<'_> {
    /// Returns the first rows, as many as there is room for.
    fn rows(&mut self, table: &AnswerTable, rows: &[AnswerRow]) -> Result<Vec<Value>> {
        let mut key = EVIDENCE.to_owned();
        while table.columns.contains(&key) {
            key.insert(0, '_');
        }
        let mut written = Vec::new();
        for row in rows {
            if self.rows_left == 0 {
                break;
            }
            let is_first = self.claims.is_empty() && written.is_empty();
            let Some(row) = self.row(table, row, &key, is_first)? else {
                // What comes after would be out of order.
                self.rows_left = 0;
                break;
            };
            self.rows_left -= 1;
            written.push(row);
        }
        Ok(written)
    }

    /// Returns a row with its evidence, if there is room; the first row always has some.
    fn row(
        &mut self,
        table: &AnswerTable,
        row: &AnswerRow,
        key: &str,
        is_first: bool,
    ) -> Result<Option<Value>> {
        let mut object = Object::new();
        for (column, value) in table.columns.iter().zip(&row.values) {
            object.insert(column.clone(), value.clone());
        }
        let mut size = serde_json::to_string(&object)?.len() + key.len() + 6;
        let mut evidence = Vec::new();
        let (mut claims, mut documents) = (Object::new(), Object::new());
        let mut cut = 0;
        for (place, id) in row.claims.iter().enumerate() {
            let Some((reference, claim, document)) = self.claim(id)? else {
                continue;
            };
            let mut more = serde_json::to_string(&reference)?.len() + 1;
            for (known, new) in [
                (&self.claims, claim.as_ref()),
                (&self.documents, document.as_ref()),
            ] {
                if let Some((key, value)) = new
                    && !known.contains_key(key)
                    && !claims.contains_key(key)
                    && !documents.contains_key(key)
                {
                    more += key.len() + serde_json::to_string(value)?.len() + 4;
                }
            }
            if size + more > self.bytes_left {
                if !is_first {
                    return Ok(None);
                }
                cut = row.claims.len() - place;
                break;
            }
            size += more;
            evidence.push(reference);
            claims.extend(claim);
            documents.extend(document);
        }
        if size > self.bytes_left {
            return Ok(None);
        }
        self.bytes_left -= size;
        object.insert(key.to_owned(), evidence.into());
        if cut > 0 {
            object.insert(format!("{key}_left_out"), cut.into());
        }
        self.claims.extend(claims);
        self.documents.extend(documents);
        Ok(Some(object.into()))
    }

    /// Returns a reference to a claim, what it says, and its document.
    fn claim(&self, id: &NamedOrBlankNode) -> Result<Option<(Value, Entry, Entry)>> {
        let Some(claim) = self.records.claims.get(id) else {
            return Ok(None);
        };
        let key = claim_key(id, claim);
        let document = claim.document.as_ref();
        let short = document.map(|id| short_name(id.as_str()).to_owned());
        let reference = json!({"claim": key, "document": short, "locator": claim.locator});
        if self.claims.contains_key(&key) {
            return Ok(Some((reference, None, None)));
        }
        let mut record = serde_json::to_value(ClaimRecord::from(claim))?;
        if let Some(text) = claim.text.get(self.lang) {
            record["text"] = text.into();
        }
        let document = match (document, short) {
            (Some(id), Some(short)) => {
                let found = self.records.documents.get(id);
                let record = found.map_or_else(DocumentRecord::default, Into::into);
                let title = self.records.label(id, self.lang);
                let mut record = serde_json::to_value(record)?;
                if let Value::Object(fields) = &mut record {
                    fields.remove("labels");
                    fields.insert("title".to_owned(), title.into());
                }
                Some((short, record))
            }
            _ => None,
        };
        Ok(Some((reference, Some((key, record)), document)))
    }
}
