//! Answers as CSV and TSV: for spreadsheets.

use anyhow::Result;
use powermap::evidence::{AnswerTable, claim_key};
use powermap::model::Records;
use powermap::model::vocabulary::short_name;
use powermap_rdf::table::{Cell, Table, TableFormat};
use serde_json::Value;

/// Returns tables as one, with the claims of each row and where they stand in two more columns; where there are several, the
/// first column has the key of each.
pub(super) fn written(
    tables: &[AnswerTable],
    records: &Records,
    format: TableFormat,
) -> Result<Vec<u8>> {
    let mut columns: Vec<String> = Vec::new();
    if tables.len() > 1 {
        columns.push("report".to_owned());
    }
    for column in tables.iter().flat_map(|table| &table.columns) {
        if !columns.contains(column) || tables.len() == 1 {
            columns.push(column.clone());
        }
    }
    let has_claims = tables
        .iter()
        .flat_map(|table| &table.rows)
        .any(|row| !row.claims.is_empty());
    if has_claims {
        columns.extend(["claims", "sources"].map(str::to_owned));
    }
    let mut all = Table::new(columns.iter().cloned());
    for table in tables {
        for row in &table.rows {
            let mut cells = vec![Cell::Empty; columns.len()];
            if tables.len() > 1 {
                cells[0] = table.key.as_str().into();
            }
            for (number, (column, value)) in table.columns.iter().zip(&row.values).enumerate() {
                let place = match tables.len() {
                    1 => Some(number),
                    _ => columns.iter().position(|other| other == column),
                };
                if let Some(place) = place {
                    cells[place] = cell(value);
                }
            }
            if has_claims {
                let claims = row.claims.iter();
                let claims = claims.filter_map(|id| Some((id, records.claims.get(id)?)));
                let (mut keys, mut places) = (Vec::new(), Vec::new());
                for (id, claim) in claims {
                    keys.push(claim_key(id, claim));
                    let document = claim.document.as_ref();
                    let document = document.map_or("", |id| short_name(id.as_str()));
                    let locator = claim.locator.as_deref();
                    let place = match locator {
                        Some(locator) => format!("{document}, {locator}"),
                        None => document.to_owned(),
                    };
                    if !places.contains(&place) {
                        places.push(place);
                    }
                }
                let count = columns.len();
                cells[count - 2] = keys.join(";").into();
                cells[count - 1] = places.join(";").into();
            }
            all.push(cells);
        }
    }
    let mut bytes = Vec::new();
    all.write(format, &mut bytes)?;
    Ok(bytes)
}

fn cell(value: &Value) -> Cell {
    match value {
        Value::Null => Cell::Empty,
        Value::Bool(value) => (*value).into(),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => whole.into(),
            (None, Some(number)) => number.into(),
            (None, None) => number.to_string().into(),
        },
        Value::String(text) => text.as_str().into(),
        Value::Array(values) => {
            let texts = values.iter().map(|value| cell(value).text().into_owned());
            texts.collect::<Vec<_>>().join(";").into()
        }
        Value::Object(_) => value.to_string().into(),
    }
}
