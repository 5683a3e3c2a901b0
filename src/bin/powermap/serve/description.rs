//! The SPARQL 1.1 Service Description of the endpoint.

use crate::serve::app::App;
use crate::serve::cache::Tag;
use crate::serve::problem::Problem;
use crate::serve::sparql::{GRAPHS, base, chosen};
use anyhow::Result;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::Response;
use oxigraph::io::{RdfFormat, RdfParser, RdfSerializer};
use oxigraph::model::NamedOrBlankNode;
use powermap::Map;
use powermap_rdf::{ReadStore, ResultFormat};
use std::sync::Arc;

/// The namespace of the W3C's names of formats.
const FORMATS: &str = "http://www.w3.org/ns/formats/";

pub(super) async fn describe(
    State(app): State<Arc<App>>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let (media, format) = chosen(request.headers(), &GRAPHS)?;
    let endpoint = base(&request).replace("/service", "/sparql");
    let tag = Tag::new(
        app.atlas.edition().hash(),
        &["description", &endpoint, media],
    );
    if tag.is_known(request.method(), request.headers()) {
        return Ok(tag.not_modified());
    }
    let lang = app.settings.lang;
    let written = app.work(lang, move |app| {
        let edition = app.atlas.edition();
        let text = text(edition.map(), &endpoint, app.settings.is_writable)?;
        in_format(&text, format)
    });
    Ok(tag.answer(media, written.await?))
}

/// Returns the description in Turtle.
fn text(map: &Map, endpoint: &str, is_writable: bool) -> Result<String> {
    // An address that a header made up may not end the IRI.
    let endpoint: String = endpoint
        .chars()
        .filter(|c| !"<>\"{}|\\^` ".contains(*c))
        .collect();
    let mut text = format!(
        "@prefix sd: <http://www.w3.org/ns/sparql-service-description#> .\n\
         @prefix void: <http://rdfs.org/ns/void#> .\n\
         <{endpoint}> a sd:Service ;\n  sd:endpoint <{endpoint}> ;\n  sd:supportedLanguage sd:SPARQL11Query"
    );
    if is_writable {
        text.push_str(", sd:SPARQL11Update");
    }
    let formats = |names: &[&str]| {
        let names = names.iter().map(|name| format!("<{FORMATS}{name}>"));
        names.collect::<Vec<_>>().join(", ")
    };
    let graphs = [
        "Turtle",
        "N-Triples",
        "RDF_XML",
        "JSON-LD",
        "TriG",
        "N-Quads",
    ];
    let rows = [
        "SPARQL_Results_JSON",
        "SPARQL_Results_XML",
        "SPARQL_Results_CSV",
        "SPARQL_Results_TSV",
    ];
    text.push_str(&format!(
        " ;\n  sd:resultFormat {}, {} ;\n  sd:inputFormat {} ;\n  sd:feature sd:UnionDefaultGraph ;\n  \
         sd:defaultDataset [ a sd:Dataset ;\n    sd:defaultGraph [ a sd:Graph ; void:triples {} ]",
        formats(&rows),
        formats(&graphs),
        formats(&graphs),
        map.store()?.quad_count(),
    ));
    let mut names = map.store()?.graph_names();
    names.sort_by_cached_key(ToString::to_string);
    for name in names {
        if let NamedOrBlankNode::NamedNode(name) = name {
            text.push_str(&format!(
                " ;\n    sd:namedGraph [ a sd:NamedGraph ; sd:name {name} ; sd:graph [ a sd:Graph ] ]"
            ));
        }
    }
    text.push_str(" ] .\n");
    Ok(text)
}

fn in_format(text: &str, format: ResultFormat) -> Result<Vec<u8>> {
    let format = match format {
        ResultFormat::Turtle => return Ok(text.as_bytes().to_vec()),
        ResultFormat::NTriples => RdfFormat::NTriples,
        ResultFormat::RdfXml => RdfFormat::RdfXml,
        ResultFormat::JsonLd => RdfFormat::JsonLd {
            profile: oxigraph::io::JsonLdProfileSet::empty(),
        },
        ResultFormat::TriG => RdfFormat::TriG,
        _ => RdfFormat::NQuads,
    };
    let mut serializer = RdfSerializer::from_format(format).for_writer(Vec::new());
    for quad in RdfParser::from_format(RdfFormat::Turtle).for_slice(text) {
        serializer.serialize_quad(&quad?)?;
    }
    Ok(serializer.finish()?)
}
