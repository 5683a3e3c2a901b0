//! The explorer at `/`: a page, its style and its scripts, which are parts of the program and ask everything of the addresses that
//! other programs ask, too.

use crate::serve::app::App;
use crate::serve::cache::Tag;
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, Response, header};
use axum::routing::get;
use std::sync::Arc;

/// What the page may do: run scripts and use styles of this server and ask it, and nothing else.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// A file of the explorer.
macro_rules! file {
    ($address:literal, $media:ident, $path:literal) => {
        ($address, $media, include_str!(concat!("explorer/", $path)))
    };
}

/// The files: address, type and text.
const FILES: &[(&str, &str, &str)] = &[
    file!("/", HTML, "index.html"),
    file!("/explorer/explorer.css", CSS, "explorer.css"),
    file!("/explorer/main.js", SCRIPT, "main.js"),
    file!("/explorer/state.js", SCRIPT, "state.js"),
    file!("/explorer/api.js", SCRIPT, "api.js"),
    file!("/explorer/dom.js", SCRIPT, "dom.js"),
    file!("/explorer/rows.js", SCRIPT, "rows.js"),
    file!("/explorer/search.js", SCRIPT, "search.js"),
    file!("/explorer/board.js", SCRIPT, "board.js"),
    file!("/explorer/views.js", SCRIPT, "views.js"),
    file!("/explorer/forms.js", SCRIPT, "forms.js"),
    file!("/explorer/editor.js", SCRIPT, "editor.js"),
    file!("/explorer/completion.js", SCRIPT, "completion.js"),
    file!("/explorer/claims.js", SCRIPT, "claims.js"),
    file!("/explorer/words.js", SCRIPT, "words.js"),
    file!("/explorer/english.js", SCRIPT, "english.js"),
    file!("/explorer/chinese.js", SCRIPT, "chinese.js"),
];

/// Adds the addresses of the files to the routes.
pub(super) fn routes(mut router: Router<Arc<App>>) -> Router<Arc<App>> {
    for (address, media, text) in FILES {
        router = router.route(
            address,
            get(move |request: Request| async move { answer(&request, address, media, text) }),
        );
    }
    router
}

fn answer(
    request: &Request,
    address: &'static str,
    media: &'static str,
    text: &'static str,
) -> Response<Body> {
    // A file is the same for every map.
    let tag = Tag::new("explorer", &[address, text]);
    let mut response = match tag.is_known(request.method(), request.headers()) {
        true => tag.not_modified(),
        false => tag.answer(media, text),
    };
    let policy = HeaderValue::from_static(POLICY);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    fn text(address: &str) -> &'static str {
        let found = FILES.iter().find(|(known, ..)| *known == address);
        found.map_or_else(|| panic!("no {address}"), |(.., text)| text)
    }

    /// The texts of a table of words by their names: lines such as `  name: "text",`.
    fn words(address: &str) -> BTreeMap<&'static str, &'static str> {
        let lines = text(address).lines();
        let entries = lines.filter_map(|line| line.strip_prefix("  ")?.split_once(": "));
        entries
            .map(|(name, text)| (name, text.trim_end_matches(',')))
            .collect()
    }

    /// The places in braces of a text.
    fn places(text: &str) -> BTreeSet<&str> {
        let parts = text.split('{').skip(1);
        parts
            .filter_map(|part| Some(part.split_once('}')?.0))
            .collect()
    }

    #[test]
    fn both_languages_have_the_same_words() {
        let (english, chinese) = (words("/explorer/english.js"), words("/explorer/chinese.js"));
        assert!(english.len() > 100, "{}", english.len());
        let names = |table: &BTreeMap<&'static str, _>| table.keys().copied().collect::<Vec<_>>();
        assert_eq!(names(&english), names(&chinese));
        for (name, english) in &english {
            let chinese = chinese[name];
            assert_eq!(places(english), places(chinese), "{name}");
            assert!(chinese.len() > 2 && english.len() > 2, "{name}");
            let is_chinese = chinese
                .chars()
                .any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
            let has_words = places(english).is_empty() && english.chars().any(char::is_alphabetic);
            let is_a_name = [
                "\"SVG\"",
                "\"CSV\"",
                "\"English\"",
                "\"中文\"",
                "\"SPARQL\"",
            ]
            .contains(english);
            assert!(is_chinese || !has_words || is_a_name, "{name}: {chinese}");
        }
    }

    #[test]
    fn every_word_that_is_shown_is_in_the_tables_and_every_word_of_them_is_shown() {
        let known = words("/explorer/english.js");
        let mut used = BTreeSet::new();
        for (address, _, text) in FILES {
            if ["/explorer/english.js", "/explorer/chinese.js"].contains(address) {
                continue;
            }
            for mark in ["say(\"", "data-say=\"", "data-say-label=\"", "say: \""] {
                for part in text.split(mark).skip(1) {
                    let name = part.split('"').next().unwrap_or_default();
                    assert!(known.contains_key(name), "{address}: {name}");
                    used.insert(name);
                }
            }
        }
        let unused: Vec<_> = known.keys().filter(|name| !used.contains(*name)).collect();
        assert!(unused.is_empty(), "{unused:?}");
    }

    #[test]
    fn scripts_import_files_that_are_served_and_put_no_markup_into_the_page() {
        for (address, media, text) in FILES {
            for line in text.lines() {
                if let Some((_, path)) = line.split_once(" from \"./") {
                    let path = path.split('"').next().unwrap_or_default();
                    let file = format!("/explorer/{path}");
                    assert!(
                        FILES.iter().any(|(known, ..)| *known == file),
                        "{address}: {path}"
                    );
                }
                for wrong in [
                    "innerHTML",
                    "outerHTML",
                    "insertAdjacentHTML",
                    "document.write",
                    "eval(",
                    "style=\"",
                    "onclick=",
                ] {
                    assert!(!line.contains(wrong), "{address}: {line}");
                }
            }
            assert!(text.lines().count() <= 400, "{address} is too long");
            assert!(
                *media != HTML || !text.contains("://"),
                "{address} names another host"
            );
        }
    }
}
