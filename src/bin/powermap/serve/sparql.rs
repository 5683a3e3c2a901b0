//! The SPARQL 1.1 Protocol: queries by GET and both kinds of POST, updates by both kinds of POST.

use crate::door::request::{Seen, take};
use crate::door::trouble::Trouble;
use crate::serve::app::App;
use crate::serve::cache::Tag;
use crate::serve::guard::too_long;
use crate::serve::params::{media_type, pairs, take_all, take_one};
use crate::serve::problem::Problem;
use crate::serve::stream::{ChunkWriter, Written};
use crate::serve::{description, negotiate, update};
use anyhow::Result;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use oxigraph::model::NamedNode;
use powermap::model::vocabulary::PREFIXES;
use powermap::{Map, MapError};
use powermap_rdf::{ReadStore, ResultFormat, results};
use spargebra::Query;
use spargebra::algebra::QueryDataset;
use std::io;
use std::sync::Arc;
use tokio::sync::oneshot;

/// The forms of rows and of answers that are yes or no, the first one for whoever takes anything.
const ROWS: [(&str, ResultFormat); 5] = [
    ("application/sparql-results+json", ResultFormat::Json),
    ("application/sparql-results+xml", ResultFormat::Xml),
    ("text/csv; charset=utf-8", ResultFormat::Csv),
    (
        "text/tab-separated-values; charset=utf-8",
        ResultFormat::Tsv,
    ),
    ("application/json", ResultFormat::Json),
];
/// The forms of graphs.
pub(super) const GRAPHS: [(&str, ResultFormat); 6] = [
    ("text/turtle; charset=utf-8", ResultFormat::Turtle),
    ("application/n-triples", ResultFormat::NTriples),
    ("application/rdf+xml", ResultFormat::RdfXml),
    ("application/ld+json", ResultFormat::JsonLd),
    ("application/trig", ResultFormat::TriG),
    ("application/n-quads", ResultFormat::NQuads),
];
/// What gives another answer every time.
const VOLATILE: [&str; 5] = ["RAND", "NOW", "UUID", "STRUUID", "BNODE"];

/// A request of the protocol, by GET or by either POST.
pub(super) struct Asked {
    pub(super) text: String,
    /// The parameters besides the text.
    pub(super) pairs: Vec<(String, String)>,
    pub(super) headers: HeaderMap,
    /// The address of the endpoint, against which the text is read.
    pub(super) base: String,
}

/// The head of an answer.
struct Head {
    media: &'static str,
    is_cut: bool,
}

pub(super) async fn get(
    State(app): State<Arc<App>>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let mut given = pairs(request.uri().query().unwrap_or_default())?;
    if !take_all(&mut given, "update").is_empty() {
        return Err(Problem::bad_request("an update has to be sent by POST"));
    }
    let Some(text) = take_one(&mut given, "query")? else {
        return description::describe(State(app), request).await;
    };
    let (method, headers) = (request.method().clone(), request.headers().clone());
    let seen = seen(&app, &mut given)?;
    let accept = headers.get_all(header::ACCEPT).iter();
    let accept: Vec<&str> = accept.filter_map(|value| value.to_str().ok()).collect();
    let query = request.uri().query().unwrap_or_default();
    let tag = Tag::new(
        app.atlas.edition().hash(),
        &["sparql", query, &accept.join(",")],
    );
    let is_volatile = {
        let text = text.to_uppercase();
        VOLATILE.iter().any(|word| text.contains(word))
    };
    if !is_volatile && tag.is_known(&method, &headers) {
        return Ok(tag.not_modified());
    }
    let base = base(&request);
    let asked = Asked {
        text,
        pairs: given,
        headers,
        base,
    };
    let mut response = query_answer(app, asked, seen).await?;
    if !is_volatile {
        tag.put(response.headers_mut());
    }
    Ok(response)
}

pub(super) async fn post(
    State(app): State<Arc<App>>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let mut given = pairs(request.uri().query().unwrap_or_default())?;
    let base = base(&request);
    let (head, body) = request.into_parts();
    let headers = head.headers;
    let media = media_type(&headers)?;
    let unknown = |media: &str| {
        let detail = format!("a body of type {media} is neither a query nor an update");
        Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail).with_hint(
            "send application/sparql-query, application/sparql-update or application/x-www-form-urlencoded",
        )
    };
    let media = media.ok_or_else(|| unknown("that nobody names"))?;
    let is_form = media == "application/x-www-form-urlencoded";
    if !is_form && media != "application/sparql-query" && media != "application/sparql-update" {
        return Err(unknown(&media));
    }
    let text = text(&app, body).await?;
    let (query, update) = if is_form {
        given.extend(pairs(&text)?);
        (
            take_one(&mut given, "query")?,
            take_one(&mut given, "update")?,
        )
    } else if take_one(&mut given, "query")?.is_some() {
        return Err(Problem::bad_request(
            "a query stands in the address and another one in the body",
        ));
    } else if media == "application/sparql-query" {
        (Some(text), None)
    } else {
        (None, Some(text))
    };
    let seen = seen(&app, &mut given)?;
    let asked = |text| Asked {
        text,
        pairs: given,
        headers,
        base,
    };
    match (query, update) {
        (Some(query), None) => query_answer(app, asked(query), seen).await,
        (None, Some(text)) => update::update(app, asked(text), seen).await,
        (None, None) => Err(Problem::bad_request(
            "the form has neither a query nor an update",
        )),
        (Some(_), Some(_)) => Err(Problem::bad_request(
            "the form has a query and an update: expected one of them",
        )),
    }
}

/// Returns the address of a request without what follows the path.
pub(super) fn base(request: &Request) -> String {
    let host = request.headers().get(header::HOST);
    let host = host.and_then(|host| host.to_str().ok());
    let host = host.or_else(|| Some(request.uri().authority()?.as_str()));
    let forwarded = request.headers().get("x-forwarded-proto");
    let scheme = match forwarded.and_then(|scheme| scheme.to_str().ok()) {
        Some("https") => "https",
        _ => "http",
    };
    format!(
        "{scheme}://{}{}",
        host.unwrap_or("localhost"),
        request.uri().path()
    )
}

/// Reads a body of text, within bounds on its size and on the time that it takes.
pub(super) async fn text(app: &App, body: Body) -> Result<String, Problem> {
    let bytes = bytes(app, body).await?;
    String::from_utf8(bytes).map_err(|_| Problem::bad_request("the body is not UTF-8"))
}

/// Reads a body.
pub(super) async fn bytes(app: &App, body: Body) -> Result<Vec<u8>, Problem> {
    let read = to_bytes(body, app.settings.body_max);
    match tokio::time::timeout(app.settings.patience, read).await {
        Ok(Ok(bytes)) => Ok(bytes.into()),
        Ok(Err(error)) => {
            let is_long = std::error::Error::source(&error)
                .is_some_and(|cause| cause.to_string().contains("length limit"));
            Err(match is_long {
                true => too_long(&app.settings),
                false => Problem::bad_request("the body ended before it was whole"),
            })
        }
        Err(_) => Err(Problem::new(
            StatusCode::REQUEST_TIMEOUT,
            "the body took too long",
        )),
    }
}

/// Takes the view and the language out of parameters; others may be for other servers, and stay.
pub(super) fn seen(app: &App, given: &mut Vec<(String, String)>) -> Result<Seen, Problem> {
    let edition = app.atlas.edition();
    let lang = app.settings.lang;
    let seen = take(edition.map().view(), lang, given);
    seen.map_err(|error| Trouble::of(&error, lang).into())
}

/// Returns the graphs of a parameter.
pub(super) fn graphs(
    pairs: &mut Vec<(String, String)>,
    name: &str,
) -> Result<Vec<NamedNode>, Problem> {
    let values = take_all(pairs, name).into_iter();
    let graphs = values.map(|value| {
        NamedNode::new(&value)
            .map_err(|error| Problem::bad_request(format!("{name} {value:?} is no IRI: {error}")))
    });
    graphs.collect()
}

/// Answers a query.
async fn query_answer(
    app: Arc<App>,
    mut asked: Asked,
    seen: Seen,
) -> Result<Response<Body>, Problem> {
    let default = graphs(&mut asked.pairs, "default-graph-uri")?;
    let named = graphs(&mut asked.pairs, "named-graph-uri")?;
    let is_given = !default.is_empty() || !named.is_empty();
    let dataset = is_given.then_some(QueryDataset {
        default,
        named: Some(named),
    });
    let turn = app.turn().await?;
    let (sender, receiver) = oneshot::channel();
    let runtime = tokio::runtime::Handle::current();
    let is_whole = app.settings.has_row_limit;
    let worker = Arc::clone(&app);
    let (failed, failure) = oneshot::channel();
    tokio::task::spawn_blocking(move || {
        let _turn = turn;
        let edition = worker.atlas.edition();
        let map = edition.seen_from(seen.view);
        let written = run(&map, &asked, dataset, |head| {
            ChunkWriter::new(head, sender, is_whole, runtime)
        });
        if let Err(error) = written {
            // Nobody listens where the answer began already.
            let _ = failed.send(error);
        }
    });
    let (head, body): (Head, Written) = match receiver.await {
        Ok(begun) => begun,
        Err(_) => {
            return Err(match failure.await {
                Ok(Failed::Problem(problem)) => problem,
                Ok(Failed::Error(error)) => Trouble::of(&error, seen.lang).into(),
                Err(_) => Problem::internal(),
            });
        }
    };
    let mut response = Response::new(body.into_body());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(head.media));
    headers.insert(header::VARY, HeaderValue::from_static("accept, origin"));
    if head.is_cut {
        headers.insert("powermap-cut", HeaderValue::from_static("rows"));
    }
    Ok(response)
}

/// Why a query has no answer.
enum Failed {
    Problem(Problem),
    Error(anyhow::Error),
}

impl From<MapError> for Failed {
    fn from(error: MapError) -> Self {
        Self::Error(error.into())
    }
}

/// Runs a query and writes its answer.
fn run(
    map: &Map,
    asked: &Asked,
    dataset: Option<QueryDataset>,
    writer: impl FnOnce(Head) -> ChunkWriter<Head>,
) -> Result<(), Failed> {
    let evaluator = map
        .evaluator()
        .with_base_iri(&asked.base)
        .map_err(MapError::from)?;
    let mut query = evaluator.parse_query(&asked.text).map_err(MapError::from)?;
    if let Some(given) = dataset {
        let (Query::Select { dataset, .. }
        | Query::Construct { dataset, .. }
        | Query::Describe { dataset, .. }
        | Query::Ask { dataset, .. }) = &mut query;
        // What the protocol says goes before what the query says.
        *dataset = Some(given);
    }
    let offers = match &query {
        Query::Select { .. } | Query::Ask { .. } => &ROWS[..],
        Query::Construct { .. } | Query::Describe { .. } => &GRAPHS[..],
    };
    let (media, format) = chosen(&asked.headers, offers).map_err(Failed::Problem)?;
    let found = map.store()?.dataset();
    let found = evaluator
        .evaluate(found, query, &[])
        .map_err(MapError::from)?;
    let mut out = writer(Head {
        media,
        is_cut: false,
    });
    match results::write(found, format, &PREFIXES, &mut out) {
        Ok(written) => {
            if let Some(head) = out.head() {
                head.is_cut = written.is_cut;
            }
            // A client that is gone is no error.
            let _ = out.finish();
            Ok(())
        }
        Err(error) if out.has_begun() => {
            out.abort(io::Error::other(error.to_string()));
            Ok(())
        }
        Err(error) => Err(MapError::from(error).into()),
    }
}

/// Returns the form that a client likes best.
pub(super) fn chosen<T: Copy>(
    headers: &HeaderMap,
    offers: &[(&'static str, T)],
) -> Result<(&'static str, T), Problem> {
    let names: Vec<&str> = offers.iter().map(|(media, _)| *media).collect();
    let chosen = negotiate::choose(headers, &names);
    let found = offers.iter().find(|(media, _)| Some(*media) == chosen);
    found.copied().ok_or_else(|| {
        let detail = format!("none of these forms is accepted: {}", names.join(", "));
        Problem::new(StatusCode::NOT_ACCEPTABLE, detail)
    })
}
