//! What pages ask before they ask: what the map is and what may be asked, the words of queries, the texts of named queries.

use crate::door::about::{about as about_of, query_text};
use crate::door::request::Seen;
use crate::door::vocabulary::listed;
use crate::serve::app::App;
use crate::serve::cache::Tag;
use crate::serve::params::pairs;
use crate::serve::problem::Problem;
use crate::serve::sparql::seen;
use anyhow::Result;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::Response;
use std::sync::Arc;

/// Answers with a text that depends on the address and the map alone.
async fn answered(
    app: Arc<App>,
    request: Request,
    media: &'static str,
    text: impl FnOnce(&App, Seen, Vec<(String, String)>) -> Result<String> + Send + 'static,
) -> Result<Response<Body>, Problem> {
    let query = request.uri().query().unwrap_or_default();
    let mut given = pairs(query)?;
    let seen = seen(&app, &mut given)?;
    let parts = [request.uri().path(), query, app.settings.lang.tag()];
    let tag = Tag::new(app.atlas.edition().hash(), &parts);
    if tag.is_known(request.method(), request.headers()) {
        return Ok(tag.not_modified());
    }
    let text = app.work(seen.lang, move |app| text(app, seen, given));
    Ok(tag.answer(media, text.await?))
}

/// What the map is, its days, and what may be asked.
pub(super) async fn about(
    State(app): State<Arc<App>>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    answered(app, request, "application/json", |app, seen, _| {
        let about = about_of(&app.atlas, seen, app.settings.is_writable)?;
        Ok(about.to_string() + "\n")
    })
    .await
}

/// The words of queries.
pub(super) async fn vocabulary(
    State(app): State<Arc<App>>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    answered(app, request, "application/json", |app, seen, _| {
        let listed = listed(app.atlas.edition().map(), seen.lang)?;
        Ok(listed.to_string() + "\n")
    })
    .await
}

/// The text of a named query with the parameters that are given in it.
pub(super) async fn query(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    answered(
        app,
        request,
        "application/sparql-query",
        move |app, seen, given| {
            let map = app.atlas.edition().seen_from(seen.view);
            let entry = app.atlas.catalogue().get(&name)?;
            let given = crate::reply::with_lang(entry, given, seen.lang);
            query_text(&map, entry, &given)
        },
    )
    .await
}
