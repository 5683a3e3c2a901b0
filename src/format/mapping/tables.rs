//! Tables of ours that are made of foreign ones, as texts.

use crate::format::csv::Table;
use crate::format::csv::taken_ids::made_id;
use crate::format::mapping::players::Players;
use crate::format::mapping::row::{Made, written};
use crate::format::mapping::sheets::{ForeignFile, ForeignSheet};
use crate::model::record::Records;
use std::collections::{BTreeMap, BTreeSet};

/// The cells of a row of ours by column, and the line that it is on.
pub(super) type OurRow = (u64, BTreeMap<String, String>);

/// A table of ours that is made of a sheet: rows that come one after the other.
pub(super) struct OurTable {
    pub(super) name: String,
    pub(super) table: Table,
    pub(super) rows: Vec<OurRow>,
}

/// Returns the tables of players, deals and documents that rows refer to, and that nothing defines.
pub(super) fn made_tables(
    file_name: &str,
    tables: &[OurTable],
    made: &Made,
    players: &Players<'_>,
    known: &Records,
) -> Vec<OurTable> {
    let rows = tables.iter().flat_map(|table| &table.rows);
    let defined: BTreeSet<_> = rows.filter_map(|(_, cells)| cells.get("id")).collect();
    let cells = |cells: &[(&str, &str)]| {
        let cells = cells.iter().filter(|(_, text)| !text.is_empty());
        cells
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
            .collect()
    };
    let mut all = Vec::new();
    let mut push = |table, rows: Vec<BTreeMap<String, String>>| {
        all.push(OurTable {
            name: file_name.to_owned(),
            table,
            rows: (2..).zip(rows).collect(),
        });
    };
    let players = players.new_ones().map(|(id, new)| {
        let identifiers = new.identifiers.join(";");
        cells(&[
            ("id", &written(id)),
            ("type", &new.player_type),
            ("name_und", &new.name),
            ("identifier", &identifiers),
        ])
    });
    push(Table::Players, players.collect());
    let documents = made.documents.iter();
    let documents = documents.filter(|(id, _)| !known.documents.contains_key(*id));
    let documents = documents.map(|(id, title)| (written(id), title));
    let documents = documents.filter(|(id, _)| !defined.contains(id));
    let documents = documents.map(|(id, title)| {
        let is_address = title.starts_with("http://") || title.starts_with("https://");
        let url = if is_address {
            title.replace(' ', "%20")
        } else {
            String::new()
        };
        cells(&[("id", &id), ("title", title), ("url", &url)])
    });
    push(Table::Documents, documents.collect());
    let deals = made.deals.iter();
    let deals = deals.filter(|(id, _)| !known.deals.contains_key(*id));
    let deals = deals.map(|(id, name)| (written(id), name));
    let deals = deals.filter(|(id, _)| !defined.contains(id));
    let deals = deals.map(|(id, name)| cells(&[("id", &id), ("label_und", name)]));
    push(Table::Deals, deals.collect());
    all
}

/// Returns a table as texts, each row on its line; rows that share a line are in several texts.
pub(super) fn texts(table: &OurTable) -> Vec<(String, Table, String)> {
    let mut texts = Vec::new();
    let mut rest: Vec<&OurRow> = table.rows.iter().collect();
    while !rest.is_empty() {
        let (mut now, mut later) = (Vec::new(), Vec::new());
        let mut line = 1;
        for row in rest {
            if row.0 > line {
                line = row.0;
                now.push(row);
            } else {
                later.push(row);
            }
        }
        if now.is_empty() {
            // A row on the first line has no place for the header above it; it is not one of ours then.
            break;
        }
        texts.push((table.name.clone(), table.table, text(&now)));
        rest = later;
    }
    texts
}

fn text(rows: &[&OurRow]) -> String {
    let columns: BTreeSet<&str> = rows
        .iter()
        .flat_map(|(_, cells)| cells.keys().map(String::as_str))
        .collect();
    let columns: Vec<_> = columns.into_iter().collect();
    let mut text = columns.join(",");
    text.push('\n');
    let mut line = 2;
    for (at, cells) in rows {
        while line < *at {
            text.push('\n');
            line += 1;
        }
        let quoted = columns.iter().map(|column| {
            let cell = cells.get(*column).map_or("", String::as_str);
            // Line ends become spaces, so that lines are rows.
            let cell = cell.replace(['\r', '\n'], " ").replace('"', "\"\"");
            format!("\"{cell}\"")
        });
        text.push_str(&quoted.collect::<Vec<_>>().join(","));
        text.push('\n');
        line += 1;
    }
    text
}

/// The file as the document of what it says.
pub(super) struct FileSource {
    pub(super) id: String,
    pub(super) title: String,
    sheet: Option<String>,
}

impl FileSource {
    pub(super) fn new(file: &ForeignFile, sheet: &ForeignSheet) -> Self {
        let title = file.name.rsplit(['/', '\\']).next().unwrap_or(&file.name);
        Self {
            id: written(&made_id(title)),
            title: title.to_owned(),
            sheet: (!sheet.name.is_empty()).then(|| sheet.name.clone()),
        }
    }

    pub(super) fn locator(&self, line: u64) -> String {
        match &self.sheet {
            Some(sheet) => format!("{sheet}, row {line}"),
            None => format!("line {line}"),
        }
    }
}
