//! Reads the manifests of the W3C test suites.

use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::vocab::{rdf, rdfs};
use oxigraph::model::{
    Graph, GraphName, NamedNode, NamedNodeRef, NamedOrBlankNodeRef, Quad, Term, TermRef, Triple,
};
use std::fs;
use std::path::{Path, PathBuf};

/// Where the files stand on the web; relative IRIs in them are resolved against it.
const BASE: &str = "https://w3c.github.io/rdf-tests/sparql/";
const MF: &str = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#";
const QT: &str = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#";
const UT: &str = "http://www.w3.org/2009/sparql/tests/test-update#";

/// The files of the suites.
pub(crate) struct Suites {
    /// The folder with `sparql10` and `sparql11`.
    root: PathBuf,
}

/// One test of a manifest.
#[derive(Debug)]
pub(crate) struct Test {
    /// Folder and name, as in `sparql11/bind/bind01`.
    pub(crate) id: String,
    /// The folder, as in `sparql11/bind`.
    pub(crate) suite: String,
    /// The local name of its class, as in `QueryEvaluationTest`.
    pub(crate) kind: String,
    /// The query or update.
    pub(crate) request: String,
    /// What it runs on.
    pub(crate) data: Data,
    /// The file with the expected result of a query.
    pub(crate) result: Option<String>,
    /// What an update leaves.
    pub(crate) after: Data,
    /// Repeated rows may be left out.
    pub(crate) is_lax: bool,
}

/// The files of a dataset.
#[derive(Debug, Default)]
pub(crate) struct Data {
    /// The files of the default graph.
    pub(crate) default: Vec<String>,
    /// The files and names of the named graphs.
    pub(crate) named: Vec<(String, String)>,
}

impl Suites {
    /// Returns the suites in a folder, or in its folder `sparql`.
    pub(crate) fn open(root: &Path) -> Self {
        let inner = root.join("sparql");
        let root = if inner.is_dir() {
            inner
        } else {
            root.to_owned()
        };
        Self { root }
    }

    /// The text of a file, by its IRI.
    pub(crate) fn text(&self, iri: &str) -> Result<String, String> {
        let local = iri.strip_prefix(BASE).ok_or(format!("{iri} is not here"))?;
        let path = self.root.join(local);
        fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))
    }

    /// The triples of an RDF file, by its IRI.
    pub(crate) fn triples(&self, iri: &str, graph: &GraphName) -> Result<Vec<Quad>, String> {
        let extension = iri.rsplit('.').next().unwrap_or_default();
        let format = RdfFormat::from_extension(extension)
            .ok_or(format!("{iri}: the format is not known"))?;
        RdfParser::from_format(format)
            .with_base_iri(iri)
            .map_err(|error| error.to_string())?
            .with_default_graph(graph.clone())
            .rename_blank_nodes()
            .for_slice(&self.text(iri)?)
            .collect::<Result<_, _>>()
            .map_err(|error| format!("{iri}: {error}"))
    }

    /// All quads of a dataset.
    pub(crate) fn quads(&self, data: &Data) -> Result<Vec<Quad>, String> {
        let mut quads = Vec::new();
        for file in &data.default {
            quads.extend(self.triples(file, &GraphName::DefaultGraph)?);
        }
        for (file, name) in &data.named {
            let name = NamedNode::new(name).map_err(|error| error.to_string())?;
            quads.extend(self.triples(file, &name.into())?);
        }
        Ok(quads)
    }

    /// All tests of a manifest and those that it includes, in order.
    pub(crate) fn tests(&self, manifest: &str) -> Result<Vec<Test>, String> {
        let iri = format!("{BASE}{manifest}");
        let graph: Graph = self
            .triples(&iri, &GraphName::DefaultGraph)?
            .into_iter()
            .map(Triple::from)
            .collect();
        let node = NamedNode::new(&iri).map_err(|error| error.to_string())?;
        let suite = manifest.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut tests = Vec::new();
        for included in list(&graph, node.as_ref().into(), MF, "include") {
            let Term::NamedNode(included) = included else {
                return Err(format!("{iri} includes {included}"));
            };
            let included = included.as_str().strip_prefix(BASE).unwrap_or_default();
            tests.extend(self.tests(included)?);
        }
        for entry in list(&graph, node.as_ref().into(), MF, "entries") {
            let Term::NamedNode(entry) = entry else {
                return Err(format!("{iri} has the entry {entry}"));
            };
            tests.push(test(&graph, &entry, suite)?);
        }
        Ok(tests)
    }
}

fn test(graph: &Graph, entry: &NamedNode, suite: &str) -> Result<Test, String> {
    let subject = entry.as_ref().into();
    let name = entry.as_str().rsplit(['#', '/']).next().unwrap_or_default();
    let id = format!("{suite}/{name}");
    let action = object(graph, subject, MF, "action");
    let result = object(graph, subject, MF, "result");
    let kind = iris(graph, subject, rdf::TYPE)
        .into_iter()
        .find_map(|iri| iri.strip_prefix(MF).map(str::to_owned))
        .ok_or(format!("{id} has no class"))?;
    let mut data = Data::default();
    let mut after = Data::default();
    let request = match &action {
        Some(Term::NamedNode(file)) => Some(file.as_str().to_owned()),
        action => action.as_ref().and_then(node).and_then(|action| {
            add_data(graph, action, QT, &mut data);
            add_data(graph, action, UT, &mut data);
            let request = object(graph, action, QT, "query");
            request
                .or_else(|| object(graph, action, UT, "request"))
                .and_then(|term| iri(&term))
        }),
    };
    if let Some(node) = result.as_ref().and_then(node) {
        add_data(graph, node, UT, &mut after);
    }
    let lax = format!("{MF}LaxCardinality");
    Ok(Test {
        suite: suite.to_owned(),
        kind,
        request: request.unwrap_or_default(),
        data,
        result: result.as_ref().and_then(iri),
        after,
        is_lax: object(graph, subject, MF, "resultCardinality").and_then(|t| iri(&t)) == Some(lax),
        id,
    })
}

fn add_data(graph: &Graph, node: NamedOrBlankNodeRef<'_>, namespace: &str, data: &mut Data) {
    let property = |name: &str| NamedNode::new_unchecked(format!("{namespace}{name}"));
    data.default
        .extend(iris(graph, node, property("data").as_ref()));
    for named in graph.objects_for_subject_predicate(node, property("graphData").as_ref()) {
        match named {
            TermRef::NamedNode(file) => {
                let file = file.as_str().to_owned();
                data.named.push((file.clone(), file));
            }
            TermRef::BlankNode(named) => {
                let file = object(graph, named.into(), namespace, "graph").and_then(|t| iri(&t));
                let label = graph.object_for_subject_predicate(named, rdfs::LABEL);
                if let (Some(file), Some(TermRef::Literal(label))) = (file, label) {
                    data.named.push((file, label.value().to_owned()));
                }
            }
            TermRef::Literal(_) => {}
        }
    }
}

fn list(graph: &Graph, subject: NamedOrBlankNodeRef<'_>, namespace: &str, name: &str) -> Vec<Term> {
    let mut members = Vec::new();
    let mut rest = object(graph, subject, namespace, name);
    while let Some(node) = rest.as_ref().and_then(node) {
        let Some(first) = graph.object_for_subject_predicate(node, rdf::FIRST) else {
            break;
        };
        members.push(first.into_owned());
        let next = graph.object_for_subject_predicate(node, rdf::REST);
        rest = next.map(TermRef::into_owned);
    }
    members
}

/// The object of a property.
pub(crate) fn object(
    graph: &Graph,
    subject: NamedOrBlankNodeRef<'_>,
    namespace: &str,
    name: &str,
) -> Option<Term> {
    let property = NamedNode::new_unchecked(format!("{namespace}{name}"));
    graph
        .object_for_subject_predicate(subject, &property)
        .map(TermRef::into_owned)
}

fn iris(
    graph: &Graph,
    subject: NamedOrBlankNodeRef<'_>,
    property: NamedNodeRef<'_>,
) -> Vec<String> {
    let mut found: Vec<_> = graph
        .objects_for_subject_predicate(subject, property)
        .filter_map(|term| iri(&term.into_owned()))
        .collect();
    found.sort();
    found
}

fn iri(term: &Term) -> Option<String> {
    match term {
        Term::NamedNode(node) => Some(node.as_str().to_owned()),
        _ => None,
    }
}

/// The term as a subject.
pub(crate) fn node(term: &Term) -> Option<NamedOrBlankNodeRef<'_>> {
    match term {
        Term::NamedNode(node) => Some(node.as_ref().into()),
        Term::BlankNode(node) => Some(node.as_ref().into()),
        Term::Literal(_) => None,
    }
}
