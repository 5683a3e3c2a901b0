//! Claims that are added to the map and taken back, and what either changes before it is done.

use crate::describe::Words;
use crate::differences;
use crate::door::claim::{ClaimForm, added, is_known, taken_back};
use crate::door::request::Seen;
use crate::door::shown;
use crate::failure::fail;
use crate::reply::Reply;
use crate::serve::app::App;
use crate::serve::guard::check_writing;
use crate::serve::params::{media_type, pairs, take_one};
use crate::serve::problem::Problem;
use crate::serve::sparql::{seen, text};
use anyhow::Result;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, Response, StatusCode, header};
use powermap::Map;
use powermap::map::MapChange;
use powermap::model::vocabulary::short_name;
use serde_json::{Value, json};
use std::sync::Arc;

/// A request to change claims that may do so.
struct Asked {
    seen: Seen,
    /// Whether only what it would change is asked for.
    is_preview: bool,
}

fn asked(app: &App, request: &Request) -> Result<Asked, Problem> {
    check_writing(&app.settings, request.headers())?;
    let mut given = pairs(request.uri().query().unwrap_or_default())?;
    let seen = seen(app, &mut given)?;
    let is_preview = match take_one(&mut given, "preview")?.as_deref() {
        None | Some("false") => false,
        Some("true" | "") => true,
        Some(value) => {
            let detail = format!("'{value}' is no value for preview: expected true or false");
            return Err(Problem::bad_request(detail));
        }
    };
    match given.as_slice() {
        [] => Ok(Asked { seen, is_preview }),
        [(name, _), ..] => {
            let detail = format!("the argument '{name}' is not expected");
            Err(Problem::bad_request(detail)
                .with_hint("it takes preview, as-of, known-by, policy, lang"))
        }
    }
}

/// Lists the claims that were added here.
pub(super) async fn list(
    State(app): State<Arc<App>>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let seen = asked(&app, &request)?.seen;
    let listed = app.work(seen.lang, move |app| {
        let edition = app.atlas.edition();
        let records = edition.map().records()?;
        let words = Words::of(edition.map(), records, seen.lang);
        let claims = added(records)
            .map(|(id, claim)| json!({"id": short_name(id.as_str()), "claim": words.told(claim)}));
        Ok(json!({"claims": claims.collect::<Vec<_>>()}))
    });
    Ok(written(StatusCode::OK, &listed.await?))
}

/// Adds a claim, or says what it would change.
pub(super) async fn add(
    State(app): State<Arc<App>>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let asked = asked(&app, &request)?;
    let media = media_type(request.headers())?.unwrap_or_default();
    if media != "application/json" {
        let detail = format!("a body of type {media:?} is no claim");
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail)
            .with_hint("send application/json"));
    }
    let body = text(&app, request.into_body()).await?;
    let form: ClaimForm = serde_json::from_str(&body)
        .map_err(|error| Problem::bad_request(format!("the body is no claim: {error}")))?;
    let lang = asked.seen.lang;
    changed(app, asked, StatusCode::CREATED, move |map| {
        let (id, change) = form.change(map, lang)?;
        Ok((Some(short_name(id.as_str()).to_owned()), change))
    })
    .await
}

/// Takes a claim back, or says what that would change.
pub(super) async fn take_back(
    State(app): State<Arc<App>>,
    Path(claim): Path<String>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let asked = asked(&app, &request)?;
    let name = claim.clone();
    let is_there = app.work(asked.seen.lang, move |app| {
        let edition = app.atlas.edition();
        Ok(is_known(edition.map().records()?, &name))
    });
    if !is_there.await? {
        let detail = format!("there is no claim '{claim}'");
        return Err(Problem::new(StatusCode::NOT_FOUND, detail));
    }
    changed(app, asked, StatusCode::OK, move |map| {
        Ok((None, taken_back(map, &claim)?))
    })
    .await
}

/// Makes a change, or says what it would come to.
async fn changed(
    app: Arc<App>,
    asked: Asked,
    done: StatusCode,
    plan: impl FnOnce(&Map) -> Result<(Option<String>, MapChange)> + Send + 'static,
) -> Result<Response<Body>, Problem> {
    let Asked { seen, is_preview } = asked;
    let answer = app.work(seen.lang, move |app| {
        if is_preview {
            let edition = app.atlas.edition();
            let (id, change) = plan(edition.map())?;
            return told(edition.map(), id, &change, seen);
        }
        let mut answer = None;
        app.atlas.change(|map| {
            let (id, change) = plan(map)?;
            answer = Some(told(map, id, &change, seen)?);
            Ok(Some(change))
        })?;
        match answer {
            Some(answer) => Ok(answer),
            None => fail!("nothing was changed"),
        }
    });
    let answer = answer.await?;
    if !is_preview {
        tracing::info!(inserts = %answer["inserts"], deletes = %answer["deletes"], "changed");
    }
    Ok(written(
        if is_preview { StatusCode::OK } else { done },
        &answer,
    ))
}

/// Says what a change comes to on the board of the day that is asked for or, if none is, of the last one with it or without it.
fn told(map: &Map, id: Option<String>, change: &MapChange, seen: Seen) -> Result<Value> {
    let mut after = map.with_change(change)?;
    if seen.has_day || seen.view.known_by.is_some() {
        after = after.with_view(seen.view);
    } else {
        let view = map.board()?.view;
        if view.as_of > after.board()?.view.as_of {
            after = after.with_view(view);
        }
    }
    let before = map.with_view(after.board()?.view);
    let report = differences::report(&before, &after, seen.lang)?;
    let reply = Reply {
        tables: vec![report.answer()],
        reports: vec![report],
        ..Reply::default()
    };
    let mut answer = shown::answer(&after, json!({"claim": id}), &reply, seen)?;
    answer["id"] = id.into();
    answer["inserts"] = change.inserts.len().into();
    answer["deletes"] = change.deletes.len().into();
    Ok(answer)
}

fn written(status: StatusCode, body: &Value) -> Response<Body> {
    let mut response = Response::new(Body::from(body.to_string() + "\n"));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
