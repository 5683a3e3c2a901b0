//! The page at `/`: the board, and links to players, queries and the other doors.

use crate::describe::{Words, summary};
use crate::door::request::Seen;
use crate::markup::escaped;
use crate::serve::app::App;
use crate::serve::cache::Tag;
use crate::serve::params::pairs;
use crate::serve::problem::Problem;
use crate::serve::sparql::seen;
use crate::words::Message;
use anyhow::Result;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Response, header};
use oxigraph::model::NamedNode;
use powermap::analysis::{self, Analysis, Presence};
use powermap::catalogue::{NamedQuery, QueryPresence};
use powermap::model::vocabulary::short_name;
use powermap::{Lang, Map};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// The style of the page.
const STYLE: &str = "body{margin:0 auto;max-width:82em;padding:0 1em 3em;font:1em/1.5 system-ui,sans-serif;color:#1a1a1a;background:#fff}\
iframe{width:100%;height:46em;border:1px solid #999}ul{columns:18em;padding-left:1.2em}li{break-inside:avoid}\
a{color:#0b4f8a}code{font-size:.95em}@media(prefers-color-scheme:dark){body{color:#eee;background:#161616}a{color:#8ac4ff}}";

/// Where the other doors are.
const DOORS: [(&str, &str); 6] = [
    ("/sparql", "SPARQL 1.1"),
    ("/graphs?default", "Graph Store"),
    ("/openapi.json", "OpenAPI 3.1"),
    ("/board.svg", "SVG"),
    ("/health", "health"),
    ("/metrics", "metrics"),
];

pub(super) async fn index(
    State(app): State<Arc<App>>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let query = request.uri().query().unwrap_or_default().to_owned();
    let seen = seen(&app, &mut pairs(&query)?)?;
    let tag = Tag::new(app.atlas.edition().hash(), &["/", &query, seen.lang.tag()]);
    if tag.is_known(request.method(), request.headers()) {
        return Ok(tag.not_modified());
    }
    let text = app.work(seen.lang, move |app| {
        let map = app.atlas.edition().seen_from(seen.view);
        text(app, &map, seen)
    });
    let text = text.await?;
    let policy = policy_of_page(&text);
    let mut response = tag.answer("text/html; charset=utf-8", text);
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    Ok(response)
}

fn text(app: &App, map: &Map, seen: Seen) -> Result<String> {
    let lang = seen.lang;
    let words = Words::of(map, map.shown_records()?, lang);
    let own = words.records.title(lang).map(str::to_owned);
    let title = own.unwrap_or_else(|| app.atlas.name().to_owned());
    let view = view_of(seen);
    let mut body = format!(
        "<h1>{}</h1>\n<p>{}</p>\n<iframe src=\"/board.html{}\" title=\"{}\"></iframe>\n",
        escaped(&title),
        escaped(&words.view_text()),
        escaped(&view),
        escaped(&title),
    );
    for (heading, items) in [
        (Message::WhoIsWho, players(words, &view)),
        (Message::HeadingAnalyses, analyses(lang, &view)),
        (Message::NamedQueries, queries(app, lang, &view)),
        (Message::HeadingDoors, doors()),
    ] {
        body.push_str(&format!("<h2>{}</h2>\n<ul>\n", escaped(heading.text(lang))));
        for (address, name) in items {
            let (address, name) = (escaped(&address), escaped(&name));
            body.push_str(&format!("<li><a href=\"{address}\">{name}</a></li>\n"));
        }
        body.push_str("</ul>\n");
    }
    Ok(format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{}</title>\n<style>{STYLE}</style>\n</head>\n\
         <body>\n{body}</body>\n</html>\n",
        lang.tag(),
        escaped(&title)
    ))
}

/// Links: addresses and names.
type Links = Vec<(String, String)>;

fn players(words: Words<'_>, view: &str) -> Links {
    let players = words.records.players.keys();
    let mut players: Vec<_> = players.map(|id| (words.name(id), id)).collect();
    players.sort();
    let link = |(name, id): (String, &NamedNode)| {
        let id = form_urlencoded::byte_serialize(short_name(id.as_str()).as_bytes());
        (format!("/api/show/{}{view}", id.collect::<String>()), name)
    };
    players.into_iter().map(link).collect()
}

fn analyses(lang: Lang, view: &str) -> Links {
    let link = |entry: &Analysis| {
        let mut parameters = entry.parameters.iter();
        let needs = parameters.any(|parameter| parameter.presence == Presence::Required);
        let address = match needs {
            true => "/openapi.json".to_owned(),
            false => format!("/api/{}{view}", entry.name),
        };
        (
            address,
            format!("{}: {}", entry.name, entry.question_in(lang)),
        )
    };
    analysis::all().iter().map(link).collect()
}

fn queries(app: &App, lang: Lang, view: &str) -> Links {
    let link = |entry: &NamedQuery| {
        let mut parameters = entry.header.parameters.iter();
        let needs = parameters.any(|parameter| parameter.presence == QueryPresence::Required);
        let address = match needs {
            true => "/api/ask".to_owned(),
            false => format!("/api/ask/{}{view}", entry.name),
        };
        (address, format!("{}: {}", entry.name, summary(entry, lang)))
    };
    app.atlas.catalogue().entries().map(link).collect()
}

fn doors() -> Links {
    let link = |(address, name): &(&str, &str)| ((*address).to_owned(), (*name).to_owned());
    DOORS.iter().map(link).collect()
}

/// Returns the view and the language as the query of an address.
fn view_of(seen: Seen) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    let usual = powermap::View::default();
    for (name, day) in [("as-of", seen.view.as_of), ("known-by", seen.view.known_by)] {
        if let Some(day) = day {
            query.append_pair(name, &day.to_string());
        }
    }
    if seen.view.policy != usual.policy {
        query.append_pair("policy", seen.view.policy.name());
    }
    if seen.lang != powermap::Lang::default() {
        query.append_pair("lang", seen.lang.tag());
    }
    match query.finish() {
        query if query.is_empty() => query,
        query => format!("?{query}"),
    }
}

/// Returns what a page may do: run the scripts that stand in it as they are, and load nothing.
pub(super) fn policy_of_page(text: &str) -> String {
    let hashes: Vec<String> = elements(text, "script")
        .map(|script| format!("'sha256-{}'", base64(&Sha256::digest(script))))
        .collect();
    let scripts = match hashes.is_empty() {
        true => "'none'".to_owned(),
        false => hashes.join(" "),
    };
    format!(
        "default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; img-src data: blob:; frame-src 'self'; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
    )
}

/// Returns what stands in the elements of a name that are scripts by their type.
fn elements<'t>(text: &'t str, name: &'t str) -> impl Iterator<Item = &'t str> {
    let open = format!("<{name}");
    let close = format!("</{name}>");
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            let at = rest.find(&open)?;
            let (attributes, after) = rest[at + open.len()..].split_once('>')?;
            let (inside, after) = after.split_once(close.as_str())?;
            rest = after;
            if !attributes.contains("application/json") {
                return Some(inside);
            }
        }
    })
}

/// Returns bytes in base64, as policies have hashes.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let number = group
            .iter()
            .fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
        let number = number << (8 * (3 - group.len()));
        for place in 0..4 {
            match place <= group.len() {
                true => text.push(char::from(
                    DIGITS[(number >> (18 - 6 * place)) as usize & 63],
                )),
                false => text.push('='),
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_of_scripts_are_those_that_browsers_compute() {
        for (bytes, expected) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
        ] {
            assert_eq!(base64(bytes.as_bytes()), expected);
        }
        let page = "<script type=\"application/json\">{}</script><script>alert('x')</script>";
        let scripts: Vec<_> = elements(page, "script").collect();
        assert_eq!(scripts, ["alert('x')"]);
        assert!(policy_of_page("<p>").contains("script-src 'none'"));
        assert!(policy_of_page(page).contains("script-src 'sha256-"));
    }
}
