//! Entity tags and conditional requests (RFC 9110, §8.8 and §13).

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header};
use sha2::{Digest, Sha256};

/// The tag of an answer: it depends on what the map says and on what was asked, and on nothing else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tag(String);

impl Tag {
    /// Returns the tag of an answer of a map with this hash, to a question that these parts tell apart.
    pub(super) fn new(map: &str, parts: &[&str]) -> Self {
        let mut hasher = Sha256::new();
        for part in [env!("CARGO_PKG_VERSION"), map].iter().chain(parts) {
            hasher.update((part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        let digest = hasher.finalize();
        let hex: String = digest[..12]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        // Weak, since the bytes may be compressed.
        Self(format!("W/\"{hex}\""))
    }

    /// Returns whether the client has this answer already.
    pub(super) fn is_known(&self, method: &Method, headers: &HeaderMap) -> bool {
        if method != Method::GET && method != Method::HEAD {
            return false;
        }
        let known = headers.get_all(header::IF_NONE_MATCH).iter();
        let mut known = known.filter_map(|value| value.to_str().ok());
        let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
        known.any(|value| {
            value.trim() == "*" || value.split(',').any(|tag| opaque(tag) == opaque(&self.0))
        })
    }

    /// Adds the tag to an answer, which has to be asked for again whenever it is used.
    pub(super) fn put(&self, headers: &mut HeaderMap) {
        if let Ok(value) = HeaderValue::from_str(&self.0) {
            headers.insert(header::ETAG, value);
        }
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        headers.insert(header::VARY, HeaderValue::from_static("accept, origin"));
    }

    /// Returns the answer that says that nothing changed.
    pub(super) fn not_modified(&self) -> Response<Body> {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        self.put(response.headers_mut());
        response
    }

    /// Returns an answer with this tag.
    pub(super) fn answer(&self, media: &'static str, body: impl Into<Body>) -> Response<Body> {
        let mut response = Response::new(body.into());
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
        self.put(headers);
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_known_again() {
        let tag = Tag::new("hash", &["/api/loops", "as-of=2025-10-31"]);
        assert_ne!(tag, Tag::new("hash", &["/api/loop", "sas-of=2025-10-31"]));
        assert_ne!(tag, Tag::new("other", &["/api/loops", "as-of=2025-10-31"]));
        let asked = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_NONE_MATCH, HeaderValue::from_str(value).unwrap());
            headers
        };
        let strong = tag.0.trim_start_matches("W/").to_owned();
        for (value, expected) in [
            (tag.0.clone(), true),
            (format!("\"x\", {}", tag.0), true),
            (strong, true),
            ("*".to_owned(), true),
            ("\"x\"".to_owned(), false),
        ] {
            assert_eq!(
                tag.is_known(&Method::GET, &asked(&value)),
                expected,
                "{value}"
            );
            assert!(!tag.is_known(&Method::POST, &asked(&value)));
        }
    }
}
