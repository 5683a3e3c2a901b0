//! What a page has to know before it asks: the title of the map, its days, the words that requests may use, what can be asked.

use crate::describe::{Words, summary};
use crate::door::atlas::Atlas;
use crate::door::request::Seen;
use crate::failure::fail;
use crate::words;
use anyhow::Result;
use oxigraph::model::Term;
use powermap::Map;
use powermap::analysis::{self, Analysis, FILTER, Parameter, ParameterKind, Presence};
use powermap::catalogue::{NamedQuery, QueryParameter, QueryParameterType, QueryPresence};
use powermap::evidence::SeenFrom;
use powermap::model::vocabulary::compact;
use powermap::model::{Family, Flow, Lang, PlayerType, Policy, Status};
use powermap::picture::changing_days;
use powermap_rdf::algebra::{TokenKind, tokens};
use serde_json::{Value, json};

/// Returns what the map is, from where a request looks at it, and what may be asked of it.
pub(crate) fn about(atlas: &Atlas, seen: Seen, is_writable: bool) -> Result<Value> {
    let edition = atlas.edition();
    let map = edition.seen_from(seen.view);
    let (lang, records) = (seen.lang, map.shown_records()?);
    let view: SeenFrom = map.board()?.view.into();
    let words = Words::of(&map, records, lang);
    let days = changing_days(&map.position()?);
    let days: Vec<_> = days.iter().map(ToString::to_string).collect();
    let title = records.title(lang).unwrap_or_else(|| atlas.name());
    let limits = map.limits();
    let concept = |name: &str, iri| json!({"name": name, "label": records.label(&iri, lang)});
    let statuses = Status::ALL.iter().map(|one| concept(one.name(), one.iri()));
    let policies = Policy::ALL.iter().map(|one| concept(one.name(), one.iri()));
    let families = Family::ALL.iter().map(|one| {
        let label = map.class_label(&one.iri(), lang);
        json!({"name": one.name(), "label": label.unwrap_or_else(|| one.name().to_owned())})
    });
    let types = PlayerType::ALL
        .iter()
        .filter(|one| one.is_named())
        .map(|one| {
            let label = map.class_label(&one.class(), lang);
            json!({"name": one.name(), "label": label.unwrap_or_else(|| one.name().to_owned())})
        });
    let analyses = analysis::all().iter().map(|entry| of_analysis(entry, lang));
    let queries = atlas
        .catalogue()
        .entries()
        .map(|entry| of_query(entry, lang));
    Ok(json!({
        "title": title,
        "description": records.description(),
        "version": env!("CARGO_PKG_VERSION"),
        "hash": edition.hash(),
        "writable": is_writable,
        "lang": lang.tag(),
        "view": view,
        "view_text": words.view_text(),
        "days": days,
        "players": records.players.len(),
        "limits": {"seconds": limits.time().map(|time| time.as_secs()), "rows": limits.rows(), "bytes": limits.memory()},
        "policies": policies.collect::<Vec<_>>(),
        "families": families.collect::<Vec<_>>(),
        "statuses": statuses.collect::<Vec<_>>(),
        "types": types.collect::<Vec<_>>(),
        "analyses": analyses.collect::<Vec<_>>(),
        "queries": queries.collect::<Vec<_>>(),
    }))
}

fn of_analysis(entry: &Analysis, lang: Lang) -> Value {
    let parameters = entry.parameters.iter().chain(FILTER);
    let parameters: Vec<_> = parameters.map(|one| of_parameter(one, lang)).collect();
    json!({
        "name": entry.name,
        "title": entry.title_in(lang),
        "question": entry.question_in(lang),
        "takes_days": entry.takes_moments(),
        "parameters": parameters,
    })
}

/// Returns a parameter as a form needs it: the type of its field, and its choices.
fn of_parameter(parameter: &Parameter, lang: Lang) -> Value {
    let (kind, choices): (&str, Vec<&str>) = match parameter.kind {
        ParameterKind::Player => ("player", Vec::new()),
        ParameterKind::Day => ("date", Vec::new()),
        ParameterKind::Integer(..) => ("integer", Vec::new()),
        ParameterKind::Number => ("decimal", Vec::new()),
        ParameterKind::Flag => ("boolean", Vec::new()),
        ParameterKind::Word(words) => ("choice", words.to_vec()),
        ParameterKind::Family => ("choice", Family::ALL.iter().map(|one| one.name()).collect()),
        ParameterKind::Flow => ("choice", Flow::ALL.iter().map(|one| one.name()).collect()),
        ParameterKind::Status => ("choice", Status::ALL.iter().map(|one| one.name()).collect()),
        ParameterKind::Moment => ("moment", Vec::new()),
        _ => ("string", Vec::new()),
    };
    json!({
        "name": parameter.name,
        "kind": kind,
        "choices": choices,
        "required": parameter.presence == Presence::Required,
        "repeatable": parameter.presence == Presence::Repeatable,
        "default": match parameter.presence {
            Presence::Default(usual) => Some(usual),
            _ => None,
        },
        "help": words::help(parameter.help, lang).unwrap_or(parameter.help),
    })
}

fn of_query(entry: &NamedQuery, lang: Lang) -> Value {
    // The language of labels is that of the page.
    let parameters = entry
        .header
        .parameters
        .iter()
        .filter(|one| one.name != "lang");
    let parameters: Vec<_> = parameters.map(of_query_parameter).collect();
    json!({
        "name": entry.name,
        "topic": entry.topic,
        "summary": summary(entry, lang),
        "parameters": parameters,
    })
}

fn of_query_parameter(parameter: &QueryParameter) -> Value {
    json!({
        "name": parameter.name,
        "kind": parameter.kind.to_string(),
        "required": parameter.presence == QueryPresence::Required,
        "default": match &parameter.presence {
            QueryPresence::Default(usual) => Some(usual.as_str()),
            _ => None,
        },
        "help": parameter.description,
    })
}

/// Returns the text of a named query with the values of its parameters in their places, as a query that stands alone; what is
/// not given stays a variable.
///
/// # Errors
/// A value that is not right.
pub(crate) fn query_text(
    map: &Map,
    entry: &NamedQuery,
    given: &[(String, String)],
) -> Result<String> {
    let mut values: Vec<(&str, String)> = Vec::new();
    for parameter in &entry.header.parameters {
        let given = given.iter().find(|(name, _)| *name == parameter.name);
        let text = match (given, &parameter.presence) {
            (Some((_, text)), _) => text,
            (None, QueryPresence::Default(usual)) => usual,
            (None, _) => continue,
        };
        let term: Term = match (parameter.kind, map.player(text)) {
            (QueryParameterType::Player, Ok(player)) => player.into(),
            _ => match parameter.kind.term(text) {
                Ok(term) => term,
                Err(reason) => fail!(
                    "'{}' is no value for {}: expected {}",
                    text,
                    parameter.name,
                    reason
                ),
            },
        };
        let text = match &term {
            Term::NamedNode(node) => compact(node.as_str()),
            other => other.to_string(),
        };
        values.push((&parameter.name, text));
    }
    Ok(filled_in(&entry.text, &values))
}

/// Returns a query with values in the places of parameters, which begin with `$`. What is selected keeps its name, and a value
/// groups nothing.
fn filled_in(query: &str, values: &[(&str, String)]) -> String {
    let mut text = String::with_capacity(query.len());
    let (mut end, mut depth) = (0, 0_usize);
    let (mut is_selected, mut is_grouped) = (false, false);
    for token in tokens(query) {
        match (token.kind, token.text) {
            (TokenKind::Word, word) => {
                let is = |known: &str| word.eq_ignore_ascii_case(known);
                if is("select") {
                    (is_selected, depth) = (true, 0);
                } else if is("where") {
                    is_selected = false;
                } else if is("group") {
                    (is_grouped, depth) = (true, 0);
                } else if ["having", "order", "limit", "offset", "values"]
                    .iter()
                    .any(|known| is(known))
                {
                    is_grouped = false;
                }
            }
            (TokenKind::Symbol, "{" | "}") => (is_selected, is_grouped) = (false, false),
            (TokenKind::Symbol, "(") => depth += 1,
            (TokenKind::Symbol, ")") => depth = depth.saturating_sub(1),
            _ => {}
        }
        let name = match token.kind {
            TokenKind::Variable => token.text.strip_prefix('$'),
            _ => None,
        };
        let value = values.iter().find(|(known, _)| Some(*known) == name);
        let Some((name, value)) = value else {
            continue;
        };
        text.push_str(&query[end..token.start]);
        end = token.start + token.text.len();
        match (is_selected, is_grouped) {
            (true, _) if depth == 0 => text.push_str(&format!("({value} AS ?{name})")),
            (_, true) if depth == 0 => {}
            _ => text.push_str(value),
        }
    }
    text + &query[end..]
}

#[cfg(test)]
mod tests {
    use super::*;
    use powermap::catalogue::Catalogue;
    use powermap::model::vocabulary::PREFIXES;

    #[test]
    fn the_text_of_a_named_query_stands_alone() {
        let (map, catalogue) = (Map::built_in().unwrap(), Catalogue::built_in().unwrap());
        let given = [("player".to_owned(), "OpenAI".to_owned())];
        for entry in catalogue.entries() {
            let text = query_text(&map, entry, &[]).unwrap();
            assert!(map.evaluator().parse_query(&text).is_ok(), "{text}");
        }
        // A parameter that is selected and grouped by is bound as well.
        let parts = catalogue.get("compute-parts").unwrap();
        let rows = |results| powermap_rdf::results::table(results, &PREFIXES).unwrap().0;
        let text = query_text(&map, parts, &[]).unwrap();
        let asked = rows(map.ask(parts, &[]).unwrap());
        assert!(!asked.rows.is_empty());
        assert_eq!(rows(map.query(&text).unwrap()), asked);
        let text = query_text(&map, catalogue.get("investments-in").unwrap(), &given).unwrap();
        assert!(
            text.contains("pm:to id:openai") && text.contains("= \"en\""),
            "{text}"
        );
        let names = [("player".to_owned(), "a b".to_owned())];
        assert!(query_text(&map, catalogue.get("investments-in").unwrap(), &names).is_err());
    }
}
