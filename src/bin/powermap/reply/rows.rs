//! The rows of a query as an answer: each with the claims about what it names.

use crate::reply::Reply;
use crate::report::number_json;
use anyhow::Result;
use oxigraph::model::{NamedNode, NamedOrBlankNode};
use powermap::Map;
use powermap::evidence::{AnswerRow, AnswerTable, Beneath};
use powermap::model::vocabulary::{PREFIXES, expand};
use powermap_rdf::algebra::{TokenKind, tokens};
use powermap_rdf::table::Cell;
use powermap_rdf::{Results, results as written};
use serde_json::Value;

/// How an id begins.
const ID: &str = "id:";

/// Returns the rows of a query that names these things.
pub(super) fn results(map: &Map, results: Results<'_>, asked: Vec<NamedNode>) -> Result<Reply> {
    let (table, summary) = written::table(results, &PREFIXES)?;
    let beneath = Beneath::new(map, asked)?;
    let rows = table.rows.iter().map(|row| {
        let ids: Vec<NamedOrBlankNode> = row.iter().filter_map(id).collect();
        AnswerRow {
            values: row.iter().map(json).collect(),
            claims: beneath.claims(&ids),
        }
    });
    let notices = summary.notices.iter();
    Ok(Reply {
        tables: vec![AnswerTable {
            key: "rows".to_owned(),
            title: String::new(),
            rows: rows.collect(),
            columns: table.columns,
        }],
        notes: notices.map(|notice| notice.text("en").to_owned()).collect(),
        is_partial: summary.is_cut,
        ..Reply::default()
    })
}

fn json(cell: &Cell) -> Value {
    match cell {
        Cell::Empty => Value::Null,
        Cell::Text(text) => text.as_str().into(),
        Cell::Integer(number) => (*number).into(),
        Cell::Number(number) => number_json(*number),
        Cell::Bool(value) => (*value).into(),
    }
}

/// Returns the thing whose id stands in a cell.
fn id(cell: &Cell) -> Option<NamedOrBlankNode> {
    match cell {
        Cell::Text(text) if text.starts_with(ID) => Some(expand(text)?.into()),
        _ => None,
    }
}

/// Returns the things that the text of a query names.
pub(super) fn named_in(text: &str) -> Vec<NamedNode> {
    let names = tokens(text);
    let names =
        names.filter(|token| matches!(token.kind, TokenKind::PrefixedName | TokenKind::Iri));
    names.filter_map(|token| expand(token.text)).collect()
}
