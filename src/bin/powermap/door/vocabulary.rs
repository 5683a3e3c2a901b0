//! The words that queries are written with: the terms of the ontology, the analyses as services, prefixes.

use anyhow::Result;
use powermap::Map;
use powermap::analysis::{self, Analysis, FILTER, Presence};
use powermap::model::Lang;
use powermap::model::vocabulary::{PREFIXES, to_camel};
use powermap_rdf::results;
use serde_json::{Value, json};

/// A term of the ontology.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Term {
    /// What it is: `class`, `property`, or the name of the scheme that it is in.
    pub(crate) kind: String,
    /// Its name with its prefix, as queries have it.
    pub(crate) name: String,
    /// Its label.
    pub(crate) label: String,
}

/// Returns the terms of the ontology by kind and name, each once for each kind.
pub(crate) fn terms(map: &Map, lang: Lang) -> Result<Vec<Term>> {
    let query = "SELECT ?kind ?term ?label WHERE { GRAPH pm:ontology { \
        { ?term a rdfs:Class BIND('class' AS ?kind) } UNION { ?term a owl:Class BIND('class' AS ?kind) } \
        UNION { ?term a owl:ObjectProperty BIND('property' AS ?kind) } \
        UNION { ?term a owl:DatatypeProperty BIND('property' AS ?kind) } \
        UNION { ?term a rdf:Property BIND('property' AS ?kind) } \
        UNION { ?term skos:inScheme ?scheme BIND(STRAFTER(STR(?scheme), '#') AS ?kind) } \
        OPTIONAL { ?term rdfs:label ?text FILTER(LANG(?text) = 'en') } \
        OPTIONAL { ?term skos:prefLabel ?pref FILTER(LANG(?pref) = 'en') } \
        BIND(COALESCE(?text, ?pref, '') AS ?label) } } ORDER BY ?kind ?term";
    let query = query.replace("'en'", &format!("'{}'", lang.tag()));
    let (table, _) = results::table(map.query(&query)?, &PREFIXES)?;
    let mut terms: Vec<Term> = Vec::new();
    for row in &table.rows {
        let [kind, name, label] = row.as_slice() else {
            continue;
        };
        let [kind, name, label] = [kind, name, label].map(|cell| cell.text().into_owned());
        let is_known = |last: &Term| last.kind == kind && last.name == name;
        if !terms.last().is_some_and(is_known) {
            terms.push(Term { kind, name, label });
        }
    }
    Ok(terms)
}

/// Returns everything that can stand in a query as data: terms, services with what they take and give, prefixes.
pub(crate) fn listed(map: &Map, lang: Lang) -> Result<Value> {
    let terms = terms(map, lang)?.into_iter();
    let terms: Vec<_> = terms
        .map(|term| json!({"name": term.name, "kind": term.kind, "label": term.label}))
        .collect();
    let services: Vec<_> = (analysis::all().iter())
        .map(|entry| service(entry, lang))
        .collect();
    let prefixes: Vec<_> = (PREFIXES.iter())
        .map(|(prefix, iri)| json!({"name": format!("{prefix}:"), "iri": iri}))
        .collect();
    Ok(json!({"terms": terms, "services": services, "prefixes": prefixes}))
}

/// Returns an analysis as queries call it, with a pattern that calls it.
fn service(entry: &Analysis, lang: Lang) -> Value {
    let property = |name: &str| {
        // Names of columns have underscores, those of parameters hyphens.
        let camel = to_camel(&name.replace('_', "-"));
        let mut letters = camel.chars();
        let first = letters.next().map(|c| c.to_ascii_lowercase());
        format!(
            "call:{}",
            first.into_iter().chain(letters).collect::<String>()
        )
    };
    let parameters = entry.parameters.iter().chain(FILTER);
    let parameters: Vec<_> = parameters
        .map(|one| json!({"name": property(one.name), "required": one.presence == Presence::Required}))
        .collect();
    let columns = entry.columns.iter().flat_map(|column| column.names());
    let columns: Vec<_> = columns.map(|name| property(&name)).collect();
    json!({
        "name": format!("call:{}", entry.name),
        "label": entry.question_in(lang),
        "parameters": parameters,
        "columns": columns,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_and_services_are_listed_as_queries_have_them() {
        let map = Map::built_in().unwrap();
        let listed = listed(&map, Lang::Zh).unwrap();
        let has = |list: &str, name: &str| {
            let list = listed[list].as_array().unwrap();
            list.iter().any(|one| one["name"] == name)
        };
        assert!(has("terms", "pm:investsIn") && has("terms", "pm:Equity"));
        assert!(has("services", "call:loops") && has("prefixes", "id:"));
        let loops = listed["services"].as_array().unwrap();
        let loops = loops
            .iter()
            .find(|one| one["name"] == "call:loops")
            .unwrap();
        let text = loops.to_string();
        assert!(
            text.contains("call:maxLength") && text.contains("call:through"),
            "{text}"
        );
    }
}
