//! Who may ask: hosts and origins against DNS rebinding and cross-site requests, and the token that writing needs.

use crate::serve::app::{App, Settings};
use crate::serve::problem::Problem;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header};
use axum::middleware::Next;
use axum::response::IntoResponse;
use percent_encoding::percent_decode_str;
use std::net::IpAddr;
use std::sync::Arc;

/// What browsers may not do with any answer, whatever is in it.
const HEADERS: [(header::HeaderName, &str); 4] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "SAMEORIGIN"),
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; frame-ancestors 'self'",
    ),
];

/// Lets a request through, or turns it away.
pub(super) async fn guard(
    State(app): State<Arc<App>>,
    request: Request,
    next: Next,
) -> Response<Body> {
    let origin = match check(&app.settings, request.headers(), request.uri().host()) {
        Ok(origin) => origin,
        Err(problem) => return decorated(problem.into_response(), None),
    };
    if let Err(problem) = sound(&app.settings, &request) {
        return decorated(problem.into_response(), origin);
    }
    if request.method() == Method::OPTIONS
        && let Some(origin) = &origin
        && request
            .headers()
            .contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
    {
        return decorated(preflight(), Some(origin.clone()));
    }
    decorated(next.run(request).await, origin)
}

/// Checks what can be told of a request before its body comes: that its path is text, and how long its body will be.
fn sound(settings: &Settings, request: &Request) -> Result<(), Problem> {
    if percent_decode_str(request.uri().path())
        .decode_utf8()
        .is_err()
    {
        return Err(Problem::bad_request("the path is not UTF-8")
            .with_hint("write its bytes that are no text as %XX of UTF-8"));
    }
    let length = request.headers().get(header::CONTENT_LENGTH);
    let length = length.and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    match length.is_some_and(|length| length > settings.body_max as u64) {
        true => Err(too_long(settings)),
        false => Ok(()),
    }
}

/// Returns the error of a body that is too long.
pub(super) fn too_long(settings: &Settings) -> Problem {
    let detail = format!("the body has more than {} bytes", settings.body_max);
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, detail)
}

/// Adds the headers that every answer has, and the origin that may read it.
fn decorated(mut response: Response<Body>, origin: Option<HeaderValue>) -> Response<Body> {
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    if let Some(origin) = origin {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.append(header::VARY, HeaderValue::from_static("origin"));
        let exposed = HeaderValue::from_static("etag, powermap-cut");
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
    }
    response
}

fn preflight() -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    for (name, value) in [
        (
            header::ACCESS_CONTROL_ALLOW_METHODS,
            "GET, HEAD, POST, PUT, DELETE",
        ),
        (
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            "accept, authorization, content-type, if-none-match",
        ),
        (header::ACCESS_CONTROL_MAX_AGE, "600"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Checks the host and the origin; returns the origin of another site that may read the answer.
fn check(
    settings: &Settings,
    headers: &HeaderMap,
    absolute: Option<&str>,
) -> Result<Option<HeaderValue>, Problem> {
    let one = |name: header::HeaderName| {
        let mut values = headers.get_all(name).iter();
        (values.next(), values.next().is_some())
    };
    let (host, is_repeated) = one(header::HOST);
    let host = host
        .map(|host| host.to_str().unwrap_or_default())
        .or(absolute);
    let host = host.filter(|_| !is_repeated).ok_or_else(|| {
        Problem::bad_request("the request names no host, or several: expected one Host header")
    })?;
    if !is_own(settings, name_of(host)) {
        let detail = format!(
            "{} is not a name of this server",
            name_of(host).escape_debug()
        );
        return Err(Problem::new(StatusCode::MISDIRECTED_REQUEST, detail)
            .with_hint("a name that the server is reached by is named with --allow-host"));
    }
    let (Some(origin), _) = one(header::ORIGIN) else {
        return Ok(None);
    };
    let text = origin.to_str().unwrap_or_default();
    let same = text
        .split_once("://")
        .is_some_and(|(_, own)| own.eq_ignore_ascii_case(host));
    if same {
        return Ok(None);
    }
    if settings.origins.iter().any(|known| known == text) {
        return Ok(Some(origin.clone()));
    }
    let detail = format!("pages of {} may not ask this server", text.escape_debug());
    Err(Problem::new(StatusCode::FORBIDDEN, detail)
        .with_hint("an origin that may is named with --allow-origin"))
}

/// Returns a host without its port and brackets.
fn name_of(host: &str) -> &str {
    if let Some(rest) = host.strip_prefix('[') {
        return rest.split(']').next().unwrap_or_default();
    }
    match host.rsplit_once(':') {
        Some((name, port)) if port.chars().all(|c| c.is_ascii_digit()) => name,
        _ => host,
    }
}

/// Returns whether the server is meant: by an address, which no name server can turn elsewhere, or by one of its names.
fn is_own(settings: &Settings, name: &str) -> bool {
    let name = name.trim_end_matches('.').to_lowercase();
    name.parse::<IpAddr>().is_ok() || name == "localhost" || settings.hosts.contains(&name)
}

/// Fails unless a request may write.
pub(super) fn check_writing(settings: &Settings, headers: &HeaderMap) -> Result<(), Problem> {
    if !settings.is_writable {
        return Err(
            Problem::new(StatusCode::FORBIDDEN, "this server only reads")
                .with_hint("it writes where it was started with --writable"),
        );
    }
    let given = headers.get(header::AUTHORIZATION);
    let given = given
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let token = match given.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
        _ => "",
    };
    if settings.is_token(token) {
        return Ok(());
    }
    let detail = match given.is_empty() {
        true => "writing needs a token",
        false => "this token may not write",
    };
    Err(Problem::new(StatusCode::UNAUTHORIZED, detail)
        .with_hint("send the header Authorization: Bearer TOKEN")
        .with_header(header::WWW_AUTHENTICATE, "Bearer realm=\"powermap\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::{self, Command};

    fn settings(more: &[&str]) -> Settings {
        let words = ["powermap", "serve"]
            .iter()
            .chain(more)
            .map(std::ffi::OsString::from);
        let args = args::parse(args::command(), words.collect()).unwrap();
        let Command::Serve(serve) = &args.command else {
            unreachable!("the verb is serve");
        };
        Settings::new(serve, &args.options, None)
    }

    #[test]
    fn only_hosts_and_origins_of_the_server_may_ask() {
        let open = [
            "--allow-host=map.example",
            "--allow-origin=https://notebook.example",
        ];
        for (host, origin, more, expected) in [
            ("127.0.0.1:7878", None, &[][..], Ok(false)),
            ("[::1]:7878", None, &[], Ok(false)),
            ("localhost", Some("http://localhost"), &[], Ok(false)),
            (
                "localhost:7878",
                Some("http://localhost:7878"),
                &[],
                Ok(false),
            ),
            (
                "localhost:7878",
                Some("http://localhost:8080"),
                &[],
                Err(403),
            ),
            ("localhost:7878", Some("null"), &[], Err(403)),
            ("evil.example", None, &[], Err(421)),
            ("localhost.evil.example", None, &[], Err(421)),
            ("127.0.0.1.evil.example", None, &[], Err(421)),
            ("map.example", None, &open, Ok(false)),
            (
                "map.example",
                Some("https://notebook.example"),
                &open,
                Ok(true),
            ),
            (
                "map.example",
                Some("https://notebook.example.evil"),
                &open,
                Err(403),
            ),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_str(host).unwrap());
            if let Some(origin) = origin {
                headers.insert(header::ORIGIN, HeaderValue::from_str(origin).unwrap());
            }
            let found = check(&settings(more), &headers, None);
            let found = found.map(|origin| origin.is_some());
            let found = found.map_err(|problem| problem.into_response().status().as_u16());
            assert_eq!(found, expected, "{host} {origin:?}");
        }
        assert!(check(&settings(&[]), &HeaderMap::new(), None).is_err());
    }
}
