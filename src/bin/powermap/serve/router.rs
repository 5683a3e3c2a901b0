//! Which address is answered by what.

use crate::mcp::Handler;
use crate::picture::PictureFormat;
use crate::serve::app::App;
use crate::serve::problem::Problem;
use crate::serve::{
    api, claims, description, explorer, graphs, guard, lookup, openapi, picture, sparql,
};
use axum::Router;
use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, Response, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::IntoResponse;
use axum::routing::{any, delete, get};
use rmcp::transport::streamable_http_server::session::local::LocalSessionManager;
use rmcp::transport::streamable_http_server::{StreamableHttpServerConfig, StreamableHttpService};
use std::sync::Arc;
use std::time::Instant;
use tower_http::compression::CompressionLayer;

/// Returns the routes, with what every request goes through: counting, the guard, compression.
pub(super) fn router(app: &Arc<App>) -> Router {
    let mut router = explorer::routes(Router::new())
        .route("/sparql", get(sparql::get).post(sparql::post))
        .route("/sparql/", get(sparql::get).post(sparql::post))
        .route("/service", get(description::describe))
        .route("/graphs", any(graphs::indirect))
        .route("/graphs/{*path}", any(graphs::direct))
        .route("/api/players", get(api::players))
        .route("/api/search", get(api::search))
        .route("/api/show/{player}", get(api::show))
        .route("/api/brief/{player}", get(api::brief))
        .route("/api/ask", get(api::queries))
        .route("/api/ask/{query}", get(api::ask))
        .route("/api/about", get(lookup::about))
        .route("/api/vocabulary", get(lookup::vocabulary))
        .route("/api/{analysis}", get(api::analysis))
        .route("/queries/{query}", get(lookup::query))
        .route("/openapi.json", get(openapi::document))
        .route("/health", get(health))
        .route("/metrics", get(metrics));
    if app.settings.is_writable {
        router = router
            .route("/api/claims", get(claims::list).post(claims::add))
            .route("/api/claims/{claim}", delete(claims::take_back));
    }
    for (name, format) in PictureFormat::NAMES {
        router = router.route(
            &format!("/board.{name}"),
            get(move |app, request| picture::board(app, request, format)),
        );
    }
    router
        .nest_service("/mcp", protocol(app))
        .fallback(|| async { not_found() })
        .method_not_allowed_fallback(|| async {
            let status = StatusCode::METHOD_NOT_ALLOWED;
            Problem::new(status, "this address takes other methods")
                .with_hint("/openapi.json lists the addresses and their methods")
        })
        .layer(CompressionLayer::new().gzip(true))
        .layer(from_fn_with_state(Arc::clone(app), guard::guard))
        .layer(from_fn_with_state(Arc::clone(app), observe))
        .with_state(Arc::clone(app))
}

fn not_found() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "there is nothing at this address")
        .with_hint("/openapi.json lists the addresses")
}

/// Returns the Model Context Protocol over HTTP; hosts and origins were checked before it.
fn protocol(app: &Arc<App>) -> StreamableHttpService<Handler, LocalSessionManager> {
    let handler = Handler::new(Arc::clone(&app.atlas), app.settings.lang);
    let config = StreamableHttpServerConfig::default()
        .disable_allowed_hosts()
        .with_max_request_body_bytes(app.settings.body_max);
    StreamableHttpService::new(move || Ok(handler.clone()), Arc::default(), config)
}

/// Counts a request, and writes a line about it.
async fn observe(State(app): State<Arc<App>>, request: Request, next: Next) -> Response<Body> {
    let start = Instant::now();
    let _at_work = app.metrics.request();
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let route = request.extensions().get::<MatchedPath>();
    let route = route.map_or_else(|| "other".to_owned(), |route| route.as_str().to_owned());
    let response = next.run(request).await;
    let (status, took) = (response.status().as_u16(), start.elapsed());
    app.metrics.answered(&route, status, took);
    let milliseconds = took.as_micros() as f64 / 1e3;
    tracing::info!(%method, path, status, milliseconds, "request");
    response
}

async fn health(State(app): State<Arc<App>>) -> Response<Body> {
    let edition = app.atlas.edition();
    let body = serde_json::json!({
        "status": "ok",
        "version": env!("CARGO_PKG_VERSION"),
        "map": app.atlas.name(),
        "hash": edition.hash(),
        "writable": app.settings.is_writable,
    });
    plain("application/json", body.to_string() + "\n")
}

async fn metrics(State(app): State<Arc<App>>) -> Response<Body> {
    plain(
        "text/plain; version=0.0.4; charset=utf-8",
        app.metrics.text(),
    )
}

fn plain(media: &'static str, body: String) -> Response<Body> {
    let no_store = (header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    let media = (header::CONTENT_TYPE, HeaderValue::from_static(media));
    ([media, no_store], body).into_response()
}
