//! The resources: the vocabulary, the analyses, the named queries, and pages on players.

use crate::describe::{Words, summary};
use crate::door::atlas::Atlas;
use crate::door::trouble::Trouble;
use crate::door::vocabulary::terms;
use crate::story;
use anyhow::Result;
use powermap::Lang;
use powermap::analysis;
use powermap::model::vocabulary::{PREFIXES, compact};
use rmcp::ErrorData;
use rmcp::model::{ReadResourceResult, Resource, ResourceContents, ResourceTemplate};

/// How the addresses of resources begin.
const SCHEME: &str = "powermap://";
/// The most bytes of a resource.
const BYTES_MAX: usize = 90_000;

/// The resources by name: what each is, and how it is written.
const ALL: [(&str, &str, &str); 4] = [
    (
        "vocabulary",
        "The words of the map: classes, properties, kinds, statuses and metrics, with their labels",
        "text/markdown",
    ),
    (
        "analyses",
        "What each analysis answers, how it is defined, its parameters and columns",
        "text/markdown",
    ),
    (
        "queries",
        "The named queries and what they take",
        "text/markdown",
    ),
    (
        "examples",
        "Example queries in SPARQL, some of which call analyses",
        "text/markdown",
    ),
];

/// Returns the resources there are.
pub(super) fn all() -> Vec<Resource> {
    let resource = |(name, description, kind): &(&str, &str, &str)| {
        Resource::new(format!("{SCHEME}{name}"), *name)
            .with_description(*description)
            .with_mime_type(*kind)
    };
    ALL.iter().map(resource).collect()
}

/// Returns the resources that take a name.
pub(super) fn templates() -> Vec<ResourceTemplate> {
    let template = |uri: &str, name: &str, description: &str, kind: &str| {
        ResourceTemplate::new(format!("{SCHEME}{uri}"), name)
            .with_description(description)
            .with_mime_type(kind)
    };
    vec![
        template(
            "player/{id}",
            "player",
            "One page on a player, each figure with its source",
            "text/markdown",
        ),
        template(
            "query/{name}",
            "query",
            "The text of a named query",
            "application/sparql-query",
        ),
    ]
}

/// Reads a resource.
pub(super) fn read(atlas: &Atlas, uri: &str, lang: Lang) -> Result<ReadResourceResult, ErrorData> {
    let missing = || {
        let names = ALL.map(|(name, ..)| format!("{SCHEME}{name}")).join(", ");
        let message = format!("there is no resource {uri}: expected one of {names}");
        ErrorData::resource_not_found(message, None)
    };
    let path = uri.strip_prefix(SCHEME).ok_or_else(missing)?;
    let (kind, text) = match path.split_once('/') {
        Some(("player", id)) => ("text/markdown", player(atlas, id, lang)),
        Some(("query", name)) => ("application/sparql-query", query(atlas, name)),
        Some(_) => return Err(missing()),
        None => {
            let (_, _, kind) = ALL
                .iter()
                .find(|(name, ..)| *name == path)
                .ok_or_else(missing)?;
            let text = match path {
                "vocabulary" => vocabulary(atlas, lang),
                "analyses" => Ok(analysis::markdown_page()),
                "queries" => Ok(queries(atlas, lang)),
                _ => Ok(examples()),
            };
            (*kind, text)
        }
    };
    let text = text.map_err(|error| {
        let trouble = Trouble::of(&error, lang);
        let hint = trouble.hint.map(|hint| format!("; {hint}"));
        ErrorData::resource_not_found(trouble.message + &hint.unwrap_or_default(), None)
    })?;
    let contents = ResourceContents::text(bounded(text), uri).with_mime_type(kind);
    Ok(ReadResourceResult::new(vec![contents]))
}

/// Cuts a text that is too long, at the end of a line, and says so.
fn bounded(mut text: String) -> String {
    if text.len() <= BYTES_MAX {
        return text;
    }
    let mut end = BYTES_MAX;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let end = text[..end].rfind('\n').unwrap_or(end);
    let left = text.len() - end;
    text.truncate(end);
    text + &format!("\n\n({left} more bytes are left out; ask for a part of it with a query.)\n")
}

fn player(atlas: &Atlas, id: &str, lang: Lang) -> Result<String> {
    let map = atlas.edition().map().clone();
    let player = map.player(&percent_decoded(id))?;
    let words = Words::of(&map, map.shown_records()?, lang);
    Ok(story::markdown(
        &map.brief(&player, lang)?,
        words,
        &words.view_text(),
    ))
}

/// Returns a part of an address as text.
fn percent_decoded(text: &str) -> String {
    // As in a form, save that these two stand for themselves.
    let form = text.replace('+', "%2B").replace('&', "%26");
    let pairs = form_urlencoded::parse(form.as_bytes());
    let parts = pairs.map(|(name, value)| match value.is_empty() {
        true => name.into_owned(),
        false => format!("{name}={value}"),
    });
    parts.collect()
}

fn query(atlas: &Atlas, name: &str) -> Result<String> {
    Ok(atlas.catalogue().get(name)?.text.clone())
}

/// Lists the concepts of the ontology that queries name, by what they are.
fn vocabulary(atlas: &Atlas, lang: Lang) -> Result<String> {
    let mut text = "# Vocabulary\n\nPrefixes that need no declaration:\n\n".to_owned();
    for (prefix, iri) in PREFIXES.iter() {
        text.push_str(&format!("- `{prefix}:` <{iri}>\n"));
    }
    let mut last = String::new();
    for term in terms(atlas.edition().map(), lang)? {
        if term.kind != last {
            text.push_str(&format!("\n## {}\n\n", term.kind));
            last = term.kind;
        }
        text.push_str(&format!("- `{}` {}\n", term.name, term.label));
    }
    Ok(text)
}

fn queries(atlas: &Atlas, lang: Lang) -> String {
    let mut text =
        "# Named queries\n\nRun one with the tool `ask`; `powermap://query/NAME` has its text.\n"
            .to_owned();
    let mut entries: Vec<_> = atlas.catalogue().entries().collect();
    entries.sort_by_key(|entry| (&entry.topic, &entry.name));
    let mut topic = "";
    for entry in entries {
        if entry.topic != topic {
            topic = &entry.topic;
            text.push_str(&format!("\n## {topic}\n\n"));
        }
        let parameters = entry.header.parameters.iter();
        let parameters: Vec<_> = parameters
            .map(|parameter| format!("{} ({})", parameter.name, parameter.kind))
            .collect();
        let takes = match parameters.is_empty() {
            true => String::new(),
            false => format!(" Takes {}.", parameters.join(", ")),
        };
        text.push_str(&format!(
            "- `{}`: {}{takes}\n",
            entry.name,
            summary(entry, lang)
        ));
    }
    text
}

/// The example queries: what each asks, and its text.
const EXAMPLES: [(&str, &str); 5] = [
    (
        "Who invests in OpenAI on the board of the day",
        "SELECT ?who { ?who pm:investsIn id:openai }",
    ),
    (
        "Every edge between two players, with what its claims say and where",
        "SELECT ?edge ?status ?lower ?upper ?unit ?document ?locator {\n  ?edge pm:from id:nvidia ; pm:to id:openai .\n  \
         ?claim pm:about ?edge ; pm:document ?document .\n  OPTIONAL { ?claim pm:locator ?locator }\n  OPTIONAL { ?claim pm:status ?status }\n  \
         OPTIONAL { ?claim pm:amount ?amount . ?amount pm:unit ?unit\n    OPTIONAL { ?amount pm:lower ?lower } OPTIONAL { ?amount pm:upper ?upper } }\n}",
    ),
    (
        "The loops of money through OpenAI, by calling an analysis",
        "SELECT ?loop ?step ?from ?to ?edge {\n  SERVICE call:loops { [] call:through id:openai ; call:maxLength 3 ;\n    \
         call:loop ?loop ; call:step ?step ; call:from ?from ; call:to ?to ; call:edge ?edge }\n}",
    ),
    (
        "Who controls a company",
        "SELECT ?controller ?verdict ?basis {\n  SERVICE call:control { [] call:of id:openai ; call:controller ?controller ; \
         call:verdict ?verdict ; call:basis ?basis }\n}",
    ),
    (
        "How many claims each document carries",
        "SELECT ?document (COUNT(?claim) AS ?claims) { ?claim pm:document ?document } GROUP BY ?document ORDER BY DESC(?claims)",
    ),
];

fn examples() -> String {
    let prefix = compact("https://w3id.org/powermap/ns#investsIn");
    let mut text = format!(
        "# Example queries\n\nTerms such as `{prefix}` need no declaration of their prefix.\n"
    );
    for (title, query) in EXAMPLES {
        text.push_str(&format!("\n## {title}\n\n```sparql\n{query}\n```\n"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use powermap::Map;

    #[test]
    fn every_example_has_an_answer() {
        let map = Map::built_in().unwrap();
        for (title, query) in EXAMPLES {
            let results = map.query(query).unwrap();
            let (table, _) = powermap_rdf::results::table(results, &PREFIXES).unwrap();
            assert!(!table.rows.is_empty(), "{title}");
        }
    }

    #[test]
    fn resources_are_read_and_bounded() {
        let atlas = Atlas::new(Map::built_in().unwrap(), "built-in").unwrap();
        for resource in all() {
            let read = read(&atlas, &resource.uri, Lang::En).unwrap();
            let text = serde_json::to_string(&read.contents).unwrap();
            assert!((500..100_000).contains(&text.len()), "{}", resource.uri);
        }
        let player = read(&atlas, "powermap://player/openai", Lang::En).unwrap();
        assert!(
            serde_json::to_string(&player.contents)
                .unwrap()
                .contains("OpenAI")
        );
        for wrong in [
            "powermap://x",
            "powermap://player/nvidai",
            "http://x/",
            "powermap://a/b",
        ] {
            assert!(read(&atlas, wrong, Lang::En).is_err(), "{wrong}");
        }
        assert!(bounded("句\n".repeat(50_000)).len() < BYTES_MAX + 100);
    }
}
