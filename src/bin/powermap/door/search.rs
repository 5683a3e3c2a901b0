//! Looking for players, deals, documents and named queries by a part of a name.

use crate::describe::summary;
use crate::door::atlas::Atlas;
use crate::door::schema::of_query;
use crate::failure::fail;
use crate::reply::Reply;
use anyhow::Result;
use oxigraph::model::NamedNode;
use powermap::Map;
use powermap::catalogue::Catalogue;
use powermap::evidence::{AnswerRow, AnswerTable};
use powermap::model::vocabulary::short_name;
use powermap::model::{Lang, PlayerType};
use serde_json::{Map as Object, Value};

/// The kinds of things that are found.
const KINDS: [&str; 4] = ["player", "deal", "document", "query"];

/// Checks that a kind of things, and a type of players, are ones.
///
/// # Errors
/// A value that is none, with those that are.
pub(crate) fn check(kind: Option<&str>, class: Option<&str>) -> Result<()> {
    if let Some(kind) = kind.filter(|kind| !KINDS.contains(kind)) {
        fail!(
            "'{}' is no value for {}: expected one of {}",
            kind,
            "kind",
            KINDS.join(", ")
        );
    }
    let types: Vec<_> = PlayerType::ALL.iter().map(|one| one.name()).collect();
    if let Some(class) = class.filter(|class| kind == Some("player") && !types.contains(class)) {
        fail!(
            "'{}' is no value for {}: expected one of {}",
            class,
            "type",
            types.join(", ")
        );
    }
    Ok(())
}

/// The columns of what is found.
pub(crate) const COLUMNS: [&str; 4] = ["kind", "id", "name", "type"];

/// Something that is found, better ones first: the whole name, its beginning, the beginning of a word, anywhere.
type Hit = (u8, usize, String, AnswerRow);

/// Returns everything whose name, alias, id or summary has a text in it, in any language. Case does not count. An empty
/// text finds everything of the kind.
pub(crate) fn search(
    map: &Map,
    catalogue: &Catalogue,
    text: &str,
    kind: Option<&str>,
    lang: Lang,
) -> Result<AnswerTable> {
    let wanted = text.trim().to_lowercase();
    let records = map.shown_records()?;
    let mut hits: Vec<Hit> = Vec::new();
    let is_wanted = |of: &str| kind.is_none_or(|kind| kind == of);
    let mut add = |kind: &str, id: &str, name: &str, class: &str, names: &[&str]| {
        let rank = names.iter().filter_map(|name| rank(name, &wanted)).min();
        if let (true, Some(rank)) = (is_wanted(kind), rank) {
            let values = [kind, id, name, class].map(Into::into).to_vec();
            let row = AnswerRow {
                values,
                claims: Vec::new(),
            };
            hits.push((rank, name.chars().count(), id.to_owned(), row));
        }
    };
    let label = |id: &NamedNode| records.label(id, lang).to_owned();
    for (id, player) in &records.players {
        let short = short_name(id.as_str());
        let labels = player.labels.iter().map(|(_, label)| label);
        let names: Vec<&str> = labels
            .chain(player.aliases.iter().map(String::as_str))
            .chain([short])
            .collect();
        add(
            "player",
            short,
            &label(id),
            player.player_type.name(),
            &names,
        );
    }
    for (id, deal) in &records.deals {
        let short = short_name(id.as_str());
        let labels = deal.labels.iter().map(|(_, label)| label);
        let names: Vec<&str> = labels.chain([short]).collect();
        let class = if deal.is_event { "event" } else { "deal" };
        add("deal", short, &label(id), class, &names);
    }
    for (id, document) in &records.documents {
        let short = short_name(id.as_str());
        let labels = document.labels.iter().map(|(_, label)| label);
        let names: Vec<&str> = labels
            .chain(document.title.as_deref())
            .chain([short])
            .collect();
        let tier = document.tier.map_or("", |tier| tier.name());
        add("document", short, &label(id), tier, &names);
    }
    for entry in catalogue.entries() {
        let names = [
            entry.name.as_str(),
            entry.header.summary.as_str(),
            entry.header.summary_zh.as_str(),
        ];
        add(
            "query",
            &entry.name,
            summary(entry, lang),
            &entry.topic,
            &names,
        );
    }
    hits.sort_by(|a, b| (a.0, a.1, &a.2).cmp(&(b.0, b.1, &b.2)));
    Ok(AnswerTable {
        key: "found".to_owned(),
        title: String::new(),
        columns: COLUMNS.map(str::to_owned).to_vec(),
        rows: hits.into_iter().map(|(.., row)| row).collect(),
    })
}

fn rank(name: &str, wanted: &str) -> Option<u8> {
    let name = name.to_lowercase();
    if name == wanted {
        return Some(0);
    }
    if name.starts_with(wanted) {
        return Some(1);
    }
    let at = name.find(wanted)?;
    let before = name[..at].chars().next_back();
    Some(if before.is_some_and(char::is_alphanumeric) {
        3
    } else {
        2
    })
}

/// Lists the named queries.
pub(crate) fn queries(atlas: &Atlas, lang: Lang) -> Reply {
    let rows = atlas.catalogue().entries().map(|entry| {
        let parameters = entry.header.parameters.iter().map(|parameter| {
            let schema = of_query(parameter);
            (parameter.name.clone(), schema)
        });
        let parameters: Object<String, Value> = parameters.collect();
        let values = [
            entry.topic.as_str().into(),
            entry.name.as_str().into(),
            summary(entry, lang).into(),
            parameters.into(),
        ];
        AnswerRow {
            values: values.to_vec(),
            claims: Vec::new(),
        }
    });
    let columns = ["topic", "name", "summary", "parameters"];
    Reply {
        tables: vec![AnswerTable {
            key: "queries".to_owned(),
            title: String::new(),
            columns: columns.map(str::to_owned).to_vec(),
            rows: rows.collect(),
        }],
        ..Reply::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_by_their_parts_in_any_language() {
        let (map, catalogue) = (Map::built_in().unwrap(), Catalogue::built_in().unwrap());
        let first = |text: &str, kind| {
            let found = search(&map, &catalogue, text, kind, Lang::En).unwrap();
            let row = found.rows.into_iter().next();
            row.map(|row| row.values[1].as_str().unwrap_or_default().to_owned())
        };
        assert_eq!(first("甲骨文", None).as_deref(), Some("oracle"));
        assert_eq!(first("OPENAI", Some("player")).as_deref(), Some("openai"));
        assert_eq!(
            first("huang", Some("player")).as_deref(),
            Some("jensen-huang")
        );
        assert!(first("who invests", Some("query")).is_some());
        assert_eq!(first("xyzzy", None), None);
    }
}
