//! The SPARQL 1.1 Graph Store HTTP Protocol, on the text of the map.
//!
//! A graph that holds no triple does not exist, as everywhere in this store.

use crate::serve::app::App;
use crate::serve::cache::Tag;
use crate::serve::guard::check_writing;
use crate::serve::params::{media_type, pairs};
use crate::serve::problem::Problem;
use crate::serve::sparql::{GRAPHS, base, bytes, chosen};
use anyhow::Result;
use axum::body::Body;
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header};
use oxigraph::io::{RdfFormat, RdfParser, RdfSerializer};
use oxigraph::model::{BlankNode, GraphName, NamedNode, NamedOrBlankNode, Quad, Term, Triple};
use powermap::map::MapChange;
use powermap::model::vocabulary::PREFIXES;
use powermap::{Map, MapError};
use powermap_rdf::ResultFormat;
use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Answers for the graph that the parameters name: `graph=IRI` or `default`.
pub(super) async fn indirect(
    State(app): State<Arc<App>>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let wrong = || {
        Problem::bad_request("which graph is meant?")
            .with_hint("name it with ?graph=IRI, or ask for ?default")
    };
    let given = pairs(request.uri().query().unwrap_or_default())?;
    let graph = match given.as_slice() {
        [(name, value)] if name == "default" && value.is_empty() => GraphName::DefaultGraph,
        [(name, value)] if name == "graph" => {
            let graph = NamedNode::new(value);
            graph
                .map_err(|error| {
                    Problem::bad_request(format!("graph {value:?} is no IRI: {error}"))
                })?
                .into()
        }
        [] if request.method() == Method::POST => return added(app, request).await,
        _ => return Err(wrong()),
    };
    answer(app, request, graph).await
}

/// Answers for the graph whose name is the address itself.
pub(super) async fn direct(
    State(app): State<Arc<App>>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let name = base(&request);
    let graph = NamedNode::new(&name);
    let graph =
        graph.map_err(|error| Problem::bad_request(format!("{name:?} is no IRI: {error}")))?;
    answer(app, request, graph.into()).await
}

async fn answer(
    app: Arc<App>,
    request: Request,
    graph: GraphName,
) -> Result<Response<Body>, Problem> {
    let method = request.method().clone();
    match method {
        Method::GET | Method::HEAD => read(app, &method, request.headers().clone(), graph).await,
        Method::PUT | Method::POST | Method::DELETE => {
            check_writing(&app.settings, request.headers())?;
            let triples = match method {
                Method::DELETE => Vec::new(),
                _ => body(&app, request, &graph).await?,
            };
            write(app, method, graph, triples).await
        }
        _ => Err(Problem::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "a graph takes GET, HEAD, PUT, POST and DELETE",
        )
        .with_header(header::ALLOW, "GET, HEAD, PUT, POST, DELETE")),
    }
}

fn missing(graph: &GraphName) -> Problem {
    Problem::new(
        StatusCode::NOT_FOUND,
        format!("there is no triple in the graph {graph}"),
    )
}

/// Returns the triples of a graph; those of a map's text alone for the default graph.
fn triples(map: &Map, graph: &GraphName) -> Result<Vec<Triple>> {
    let quads = map.store()?.matching(None, None, None, graph.as_ref());
    let triples = quads.map(|quad| Ok(Triple::from(quad.map_err(MapError::from)?)));
    triples.collect()
}

async fn read(
    app: Arc<App>,
    method: &Method,
    headers: HeaderMap,
    graph: GraphName,
) -> Result<Response<Body>, Problem> {
    let (media, format) = chosen(&headers, &GRAPHS)?;
    let name = graph.to_string();
    let tag = Tag::new(app.atlas.edition().hash(), &["graph", &name, media]);
    if tag.is_known(method, &headers) {
        return Ok(tag.not_modified());
    }
    let lang = app.settings.lang;
    let written = app.work(lang, move |app| {
        let edition = app.atlas.edition();
        let triples = triples(edition.map(), &graph)?;
        if triples.is_empty() && graph != GraphName::DefaultGraph {
            return Ok(Err(graph));
        }
        Ok(Ok(serialised(&triples, format)?))
    });
    match written.await? {
        Ok(bytes) => Ok(tag.answer(media, bytes)),
        Err(graph) => Err(missing(&graph)),
    }
}

fn serialised(triples: &[Triple], format: ResultFormat) -> Result<Vec<u8>> {
    let mut serializer = RdfSerializer::from_format(rdf_format(format));
    for (prefix, iri) in PREFIXES.iter() {
        serializer = serializer.with_prefix(prefix, iri)?;
    }
    let mut serializer = serializer.for_writer(Vec::new());
    for triple in triples {
        serializer.serialize_triple(triple)?;
    }
    Ok(serializer.finish()?)
}

fn rdf_format(format: ResultFormat) -> RdfFormat {
    match format {
        ResultFormat::NTriples => RdfFormat::NTriples,
        ResultFormat::RdfXml => RdfFormat::RdfXml,
        ResultFormat::JsonLd => RdfFormat::JsonLd {
            profile: oxigraph::io::JsonLdProfileSet::empty(),
        },
        ResultFormat::TriG => RdfFormat::TriG,
        ResultFormat::NQuads => RdfFormat::NQuads,
        _ => RdfFormat::Turtle,
    }
}

/// Reads the triples of a body, which may come in several parts.
async fn body(app: &App, request: Request, graph: &GraphName) -> Result<Vec<Triple>, Problem> {
    let media = media_type(request.headers())?.unwrap_or_default();
    let base = match graph {
        GraphName::NamedNode(name) => name.as_str().to_owned(),
        _ => base(&request),
    };
    if media != "multipart/form-data" {
        let format = format_of(&media)?;
        let bytes = bytes(app, request.into_body()).await?;
        return parsed(&bytes, format, &base);
    }
    let broken = |error: &dyn std::fmt::Display| {
        Problem::bad_request(format!("the parts of the body cannot be read: {error}"))
    };
    let mut parts = Multipart::from_request(request, &())
        .await
        .map_err(|error| broken(&error))?;
    let (mut triples, mut left) = (Vec::new(), app.settings.body_max);
    while let Some(part) = parts.next_field().await.map_err(|error| broken(&error))? {
        let media = part.content_type().unwrap_or_default();
        let media = media
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_owned();
        let format = format_of(&media)?;
        let bytes = part.bytes().await.map_err(|error| broken(&error))?;
        left = left.checked_sub(bytes.len()).ok_or_else(|| {
            Problem::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "the parts of the body are too long",
            )
        })?;
        triples.extend(parsed(&bytes, format, &base)?);
    }
    Ok(triples)
}

fn format_of(media: &str) -> Result<RdfFormat, Problem> {
    RdfFormat::from_media_type(media).ok_or_else(|| {
        let detail = match media.is_empty() {
            true => "the request does not say what its body is".to_owned(),
            false => format!("a body of type {media} holds no triples"),
        };
        let known: Vec<_> = GRAPHS.iter().map(|(media, _)| *media).collect();
        Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail)
            .with_hint(format!("send one of {}", known.join(", ")))
    })
}

/// Reads triples; their blank nodes are named after what is read, so that none of the map is meant.
fn parsed(bytes: &[u8], format: RdfFormat, base: &str) -> Result<Vec<Triple>, Problem> {
    let wrong = |error: &dyn std::fmt::Display| {
        Problem::bad_request(format!("the body cannot be read: {error}"))
    };
    let parser = RdfParser::from_format(format).without_named_graphs();
    let parser = parser.with_base_iri(base).map_err(|error| wrong(&error))?;
    let digest = Sha256::digest(bytes);
    let mark: String = digest[..6]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let mut names: HashMap<BlankNode, BlankNode> = HashMap::new();
    let mut triples = Vec::new();
    for quad in parser.for_slice(bytes) {
        let quad = quad.map_err(|error| wrong(&error))?;
        let mut renamed = |node: BlankNode| {
            let number = names.len();
            let fresh = || BlankNode::new_unchecked(format!("put-{mark}-{number}"));
            names.entry(node).or_insert_with(fresh).clone()
        };
        let subject = match quad.subject {
            NamedOrBlankNode::BlankNode(node) => renamed(node).into(),
            subject => subject,
        };
        let object = match quad.object {
            Term::BlankNode(node) => renamed(node).into(),
            object => object,
        };
        triples.push(Triple::new(subject, quad.predicate, object));
    }
    Ok(triples)
}

/// Replaces, extends or empties a graph.
async fn write(
    app: Arc<App>,
    method: Method,
    graph: GraphName,
    triples: Vec<Triple>,
) -> Result<Response<Body>, Problem> {
    let lang = app.settings.lang;
    let place = graph.clone();
    let is_delete = method == Method::DELETE;
    let replaces = method != Method::POST;
    let existed = app.work(lang, move |app| {
        let mut existed = false;
        app.atlas.change(|map| {
            let quad = |triple: Triple| triple.in_graph(graph.clone());
            let old = self::triples(map, &graph)?;
            existed = !old.is_empty();
            let old: HashSet<Quad> = old.into_iter().map(quad).collect();
            let new: HashSet<Quad> = triples.into_iter().map(quad).collect();
            let mut change = MapChange {
                inserts: new.difference(&old).cloned().collect(),
                deletes: match replaces {
                    true => old.difference(&new).cloned().collect(),
                    false => Vec::new(),
                },
            };
            for quads in [&mut change.inserts, &mut change.deletes] {
                quads.sort_by_cached_key(ToString::to_string);
            }
            change.check()?;
            let is_empty = change.inserts.is_empty() && change.deletes.is_empty();
            Ok((!is_empty).then_some(change))
        })?;
        Ok(existed)
    });
    let existed = existed.await?;
    if is_delete && !existed && place != GraphName::DefaultGraph {
        return Err(missing(&place));
    }
    tracing::info!(graph = %place, %method, "changed");
    let mut response = Response::new(Body::empty());
    *response.status_mut() = match existed || is_delete {
        true => StatusCode::NO_CONTENT,
        false => StatusCode::CREATED,
    };
    Ok(response)
}

/// Adds triples to a graph that gets a name of its own, which the answer tells.
async fn added(app: Arc<App>, request: Request) -> Result<Response<Body>, Problem> {
    check_writing(&app.settings, request.headers())?;
    let base = base(&request);
    let triples = body(&app, request, &GraphName::DefaultGraph).await?;
    let text: String = triples.iter().map(ToString::to_string).collect();
    let digest = Sha256::digest(text);
    let mark: String = digest[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let name = format!("{}/{mark}", base.trim_end_matches('/'));
    let graph = NamedNode::new(&name);
    let graph =
        graph.map_err(|error| Problem::bad_request(format!("{name:?} is no IRI: {error}")))?;
    let mut response = write(app, Method::POST, graph.into(), triples).await?;
    if let Ok(location) = HeaderValue::from_str(&name) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    *response.status_mut() = StatusCode::CREATED;
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_nodes_of_a_body_are_its_own() {
        let text = b"_:a <p> _:b . _:b <p> _:a .";
        let read = || parsed(text, RdfFormat::Turtle, "http://x.example/g").unwrap();
        let triples = read();
        assert_eq!(triples, read());
        assert_eq!(triples[0].predicate.as_str(), "http://x.example/p");
        assert_eq!(Term::from(triples[0].subject.clone()), triples[1].object);
        assert!(triples[0].subject.to_string().starts_with("_:put-"));
        assert!(parsed(b"<a> <b>", RdfFormat::Turtle, "http://x.example/").is_err());
    }
}
