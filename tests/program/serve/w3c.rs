//! The W3C's suites of the SPARQL 1.1 Protocol, Service Description and Graph Store Protocol, over the wire.

use super::client::{Answer, Server, TOKEN};
use crate::support::outside;
use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::dataset::{CanonicalizationAlgorithm, Dataset};
use oxigraph::model::{NamedNode, NamedOrBlankNode, Quad, Term};
use std::path::Path;

const MF: &str = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#";
const HT: &str = "http://www.w3.org/2011/http#";
const CNT: &str = "http://www.w3.org/2011/content#";
const UT: &str = "http://www.w3.org/2009/sparql/tests/test-update#";
const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const RDFS: &str = "http://www.w3.org/2000/01/rdf-schema#";

/// A manifest as triples.
struct Manifest(Vec<Quad>);

impl Manifest {
    fn open(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).unwrap();
        let base = format!("file://{}", path.display());
        let parser = RdfParser::from_format(RdfFormat::Turtle)
            .with_base_iri(base)
            .unwrap();
        Self(parser.for_slice(&text).map(|quad| quad.unwrap()).collect())
    }

    fn all(&self, subject: &Term, property: &str) -> Vec<Term> {
        let quads = self.0.iter().filter(|quad| {
            Term::from(quad.subject.clone()) == *subject && quad.predicate.as_str() == property
        });
        quads.map(|quad| quad.object.clone()).collect()
    }

    fn one(&self, subject: &Term, property: &str) -> Option<Term> {
        self.all(subject, property).into_iter().next()
    }

    fn text(&self, subject: &Term, property: &str) -> Option<String> {
        self.one(subject, property).map(|term| match term {
            Term::Literal(literal) => literal.value().to_owned(),
            Term::NamedNode(name) => name.as_str().to_owned(),
            other => panic!("{other}"),
        })
    }

    fn list(&self, head: Option<Term>) -> Vec<Term> {
        let (mut found, mut at) = (Vec::new(), head);
        while let Some(node) = at {
            found.extend(self.one(&node, &format!("{RDF}first")));
            at = self.one(&node, &format!("{RDF}rest"));
        }
        found
    }

    /// The tests, in the order of the manifest.
    fn tests(&self) -> Vec<Term> {
        let entries = self
            .0
            .iter()
            .find(|quad| quad.predicate.as_str() == format!("{MF}entries"));
        self.list(entries.map(|quad| quad.object.clone()))
    }

    fn headers(&self, of: &Term) -> Vec<(String, String)> {
        let headers = self.list(self.one(of, &format!("{HT}headers")));
        let headers = headers.iter().map(|header| {
            let part = |name: &str| self.text(header, &format!("{HT}{name}")).unwrap();
            (part("fieldName").to_lowercase(), part("fieldValue"))
        });
        headers.collect()
    }

    fn body(&self, of: &Term) -> Option<String> {
        let body = self.one(of, &format!("{HT}body"))?;
        self.text(&body, &format!("{CNT}chars"))
    }
}

/// The triples of a text, with blank nodes that look alike being one.
fn graph(text: &[u8], media: &str, base: &str) -> Dataset {
    let media = media.split(';').next().unwrap();
    let format = RdfFormat::from_media_type(media).unwrap_or_else(|| panic!("{media} is no RDF"));
    let parser = RdfParser::from_format(format).with_base_iri(base).unwrap();
    let mut graph: Dataset = parser.for_slice(text).map(|quad| quad.unwrap()).collect();
    graph.canonicalize(CanonicalizationAlgorithm::Unstable);
    graph
}

/// Sends a request of a manifest, with strings of it replaced.
fn send(
    server: &Server,
    manifest: &Manifest,
    request: &Term,
    replace: &dyn Fn(&str) -> String,
) -> Answer {
    let part = |name: &str| manifest.text(request, &format!("{HT}{name}")).unwrap();
    let authority = format!("Bearer {TOKEN}");
    let mut headers = manifest.headers(request);
    headers.retain(|(name, _)| name != "content-length" && name != "host");
    headers.push(("authorization".to_owned(), authority));
    headers.push(("host".to_owned(), "www.example".to_owned()));
    let headers: Vec<_> = headers
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let body = manifest.body(request).unwrap_or_default();
    let is_multipart = headers
        .iter()
        .any(|(_, value)| value.starts_with("multipart/"));
    let body = match is_multipart {
        // Lines of a body in parts end as those of the head.
        true => body
            .lines()
            .map(str::trim_start)
            .collect::<Vec<_>>()
            .join("\r\n"),
        false => body,
    };
    let path = replace(&part("absolutePath"));
    // A host in front of the path is named by the header.
    let path = path.strip_prefix("http://www.example").unwrap_or(&path);
    server.send(
        &part("methodName"),
        path,
        &headers,
        replace(&body).as_bytes(),
    )
}

/// Returns what is wrong with an answer.
fn faults(
    manifest: &Manifest,
    request: &Term,
    answer: &Answer,
    replace: &dyn Fn(&str) -> String,
) -> Vec<String> {
    let mut faults = Vec::new();
    let expected = manifest.one(request, &format!("{HT}resp")).unwrap();
    let statuses = manifest.all(&expected, &format!("{MF}expectedStatus"));
    let fits = |status: &Term| {
        let name = status.to_string();
        let name = name
            .trim_end_matches('>')
            .rsplit('#')
            .next()
            .unwrap()
            .to_owned();
        let code = answer.status;
        match name.as_str() {
            "OK" => code == 200,
            "Created" => code == 201,
            "NoContent" => code == 204,
            "NotFound" => code == 404,
            "StatusCode2xx" => (200..300).contains(&code),
            "StatusCode3xx" => (300..400).contains(&code),
            "StatusCode4xx" => (400..500).contains(&code),
            other => panic!("{other}"),
        }
    };
    if !statuses.iter().any(fits) {
        faults.push(format!(
            "status {}: {}",
            answer.status,
            String::from_utf8_lossy(&answer.body)
        ));
        return faults;
    }
    let media = answer.header("content-type").unwrap_or_default();
    match manifest
        .text(&expected, &format!("{MF}expectedFormat"))
        .as_deref()
    {
        Some("boolean" | "tabular") if !media.starts_with("application/sparql-results+") => {
            faults.push(format!("{media} is no form of results"));
        }
        Some("RDF") => drop(graph(&answer.body, media, "http://www.example/")),
        _ => {}
    }
    if let Some(boolean) = manifest.text(&expected, &format!("{MF}expectedBoolean")) {
        let found = answer.json()["boolean"].to_string();
        if found != boolean {
            faults.push(format!("{found}, not {boolean}"));
        }
    }
    for (name, value) in manifest.headers(&expected) {
        if answer.header(&name) != Some(value.as_str()) {
            faults.push(format!("{name}: {:?}, not {value}", answer.header(&name)));
        }
    }
    if let Some(body) = manifest.body(&expected) {
        let base = "http://www.example/";
        let wanted = graph(replace(&body).as_bytes(), "text/turtle", base);
        if graph(&answer.body, media, base) != wanted {
            faults.push(format!("another graph: {}", answer.text()));
        }
    }
    faults
}

/// Runs the tests of a manifest, each on a server with the graphs that it names.
fn run(path: &Path, replace: &dyn Fn(&str) -> String) -> usize {
    let manifest = Manifest::open(path);
    let folder = path.parent().unwrap();
    let mut problems = Vec::new();
    let tests = manifest.tests();
    let server = Server::writable("", &["--allow-host", "www.example"]);
    for test in &tests {
        let name = manifest
            .text(test, &format!("{MF}name"))
            .unwrap_or_default();
        let authority = format!("Bearer {TOKEN}");
        let form = [
            ("authorization", authority.as_str()),
            ("content-type", "application/sparql-update"),
        ];
        assert_eq!(
            server.send("POST", "/sparql", &form, b"CLEAR ALL").status,
            200
        );
        for data in manifest.all(test, &format!("{UT}graphData")) {
            let file = manifest.text(&data, &format!("{UT}graph")).unwrap();
            let file = folder.join(file.rsplit('/').next().unwrap());
            let label = manifest.text(&data, &format!("{RDFS}label")).unwrap();
            let triples = std::fs::read(file).unwrap();
            let form = [
                ("authorization", authority.as_str()),
                ("content-type", "application/n-triples"),
            ];
            let put = server.send("PUT", &format!("/graphs?graph={label}"), &form, &triples);
            assert_eq!(put.status, 201, "{}", put.text());
        }
        let action = manifest.one(test, &format!("{MF}action")).unwrap();
        let requests = manifest.list(manifest.one(&action, &format!("{HT}requests")));
        assert!(!requests.is_empty(), "{name}");
        let mut location = String::new();
        for request in requests {
            let here = |text: &str| replace(text).replace("$LOCATION$", &location);
            let answer = send(&server, &manifest, &request, &here);
            let faults = faults(&manifest, &request, &answer, &here);
            problems.extend(faults.into_iter().map(|fault| format!("{name}: {fault}")));
            if let Some(place) = answer.header("location") {
                place.clone_into(&mut location);
            }
        }
    }
    assert!(
        problems.is_empty(),
        "{}:\n{}",
        path.display(),
        problems.join("\n")
    );
    tests.len()
}

#[test]
fn the_suite_of_the_protocol() {
    let Some(root) = outside::find("w3c", "the W3C's suite of the SPARQL Protocol") else {
        return;
    };
    let path = root.join("sparql/sparql11/protocol/manifest.ttl");
    assert_eq!(run(&path, &str::to_owned), 34);
}

#[test]
fn the_suites_of_the_graph_store() {
    let Some(root) = outside::find("w3c", "the W3C's suites of the Graph Store Protocol") else {
        return;
    };
    let folder = root.join("sparql/sparql11/graph-store-protocol");
    // The store has an address of its own.
    let replace = |text: &str| {
        text.replace("/gsp", "/graphs")
            .replace("%2Fgsp", "%2Fgraphs")
    };
    let mut count = 0;
    for name in ["manifest-direct.ttl", "manifest-indirect.ttl"] {
        count += run(&folder.join(name), &replace);
    }
    assert_eq!(count, 13);
}

#[test]
fn the_suite_of_the_service_description() {
    let sd = "http://www.w3.org/ns/sparql-service-description#";
    let server = Server::start(&[]);
    for media in [
        "text/turtle",
        "application/rdf+xml",
        "application/n-triples",
        "application/ld+json",
    ] {
        let answer = server.send("GET", "/sparql", &[("accept", media)], b"");
        assert_eq!(answer.status, 200);
        let base = format!("http://{}/sparql", server.address);
        let found = graph(&answer.body, answer.header("content-type").unwrap(), &base);
        // The three tests: it is RDF, it has a triple with the endpoint, and it keeps to the schema.
        let node = |local: &str| NamedNode::new(format!("{sd}{local}")).unwrap();
        let is_a = NamedNode::new(format!("{RDF}type")).unwrap();
        let endpoint = NamedNode::new(&base).unwrap();
        let services: Vec<NamedOrBlankNode> = found
            .quads_for_object(&node("Service"))
            .filter(|quad| quad.predicate == is_a)
            .map(|quad| quad.subject.into_owned())
            .collect();
        let [service] = services.as_slice() else {
            panic!("{media}: one service is expected: {}", answer.text());
        };
        let values = |subject: &NamedOrBlankNode, property: &str| -> Vec<Term> {
            let property = node(property);
            let quads = found.quads_for_subject(subject);
            let quads = quads.filter(|quad| quad.predicate == property);
            quads.map(|quad| quad.object.into_owned()).collect()
        };
        assert_eq!(
            values(service, "endpoint"),
            [Term::from(endpoint)],
            "{media}"
        );
        assert_eq!(
            values(service, "supportedLanguage"),
            [Term::from(node("SPARQL11Query"))]
        );
        assert_eq!(values(service, "resultFormat").len(), 10);
        let datasets = values(service, "defaultDataset");
        let Some(Term::BlankNode(dataset)) = datasets.first() else {
            panic!("{media}: a dataset is expected");
        };
        let dataset = dataset.clone().into();
        assert_eq!(values(&dataset, "defaultGraph").len(), 1);
        let graphs = values(&dataset, "namedGraph");
        let names: Vec<Term> = graphs
            .into_iter()
            .flat_map(|graph| match graph {
                Term::BlankNode(graph) => values(&graph.into(), "name"),
                _ => Vec::new(),
            })
            .collect();
        let board = NamedNode::new("https://w3id.org/powermap/ns#board").unwrap();
        assert!(names.contains(&board.into()), "{names:?}");
    }
}
