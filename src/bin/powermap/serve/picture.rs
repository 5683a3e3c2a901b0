//! The picture of the board, in every format that it has.

use crate::door::board::draw;
use crate::picture::{DrawnFormat, PictureFormat};
use crate::serve::app::App;
use crate::serve::cache::Tag;
use crate::serve::params::pairs;
use crate::serve::policy::policy_of_page;
use crate::serve::problem::Problem;
use crate::serve::sparql::seen;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Response, header};
use std::sync::Arc;

/// What an SVG may do where it is opened by itself.
const POLICY_OF_SVG: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'";

fn media(format: PictureFormat) -> &'static str {
    match format {
        PictureFormat::Html => "text/html; charset=utf-8",
        PictureFormat::Drawn(format) => match format {
            DrawnFormat::Svg => "image/svg+xml",
            DrawnFormat::Png => "image/png",
            DrawnFormat::Pdf => "application/pdf",
            DrawnFormat::Dot => "text/vnd.graphviz; charset=utf-8",
            DrawnFormat::Mermaid => "text/plain; charset=utf-8",
            DrawnFormat::Json => "application/json",
            DrawnFormat::GraphMl | DrawnFormat::Gexf => "application/xml",
        },
    }
}

pub(super) async fn board(
    State(app): State<Arc<App>>,
    request: Request,
    format: PictureFormat,
) -> Result<Response<Body>, Problem> {
    let query = request.uri().query().unwrap_or_default();
    let mut given = pairs(query)?;
    let seen = seen(&app, &mut given)?;
    let path = request.uri().path();
    let tag = Tag::new(
        app.atlas.edition().hash(),
        &[path, query, app.settings.lang.tag()],
    );
    if tag.is_known(request.method(), request.headers()) {
        return Ok(tag.not_modified());
    }
    let bytes = app.work(seen.lang, move |app| {
        let map = app.atlas.edition().seen_from(seen.view);
        let name = map.source().map(|_| app.atlas.name());
        draw(&map, name, seen, &given, format)
    });
    let bytes = bytes.await?;
    let policy = match format {
        PictureFormat::Html => Some(policy_of_page(&String::from_utf8_lossy(&bytes))),
        PictureFormat::Drawn(DrawnFormat::Svg) => Some(POLICY_OF_SVG.to_owned()),
        PictureFormat::Drawn(_) => None,
    };
    let mut response = tag.answer(media(format), bytes);
    if let Some(policy) = policy.and_then(|policy| HeaderValue::from_str(&policy).ok()) {
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    Ok(response)
}
