//! Paths that can have no step, from and to constants, in the graph or not: text, columns and the definition of
//! SPARQL 1.1 §18.4 agree.

use crate::engine::queries::Chance;
use crate::engine::seeded;
use oxigraph::model::{GraphName, Literal, NamedNode, Quad, Term};
use powermap_rdf::{CompiledStore, Evaluator, MemoryStore, ReadDataset, ReadStore, Results};
use std::collections::BTreeSet;

/// A property path.
#[derive(Debug, Clone)]
enum Path {
    Step(&'static str),
    Reverse(Box<Self>),
    Sequence(Box<Self>, Box<Self>),
    Either(Box<Self>, Box<Self>),
    Optional(Box<Self>),
    Star(Box<Self>),
    Plus(Box<Self>),
}

impl Path {
    fn by_chance(chance: &mut Chance, depth: usize) -> Self {
        let name = ["p", "q"][chance.below(2)];
        if depth == 0 {
            return Self::Step(name);
        }
        let part = |chance: &mut Chance| Box::new(Self::by_chance(chance, depth - 1));
        match chance.below(8) {
            0 => Self::Reverse(part(chance)),
            1 => Self::Sequence(part(chance), part(chance)),
            2 => Self::Either(part(chance), part(chance)),
            3 => Self::Optional(part(chance)),
            4 | 5 => Self::Star(part(chance)),
            6 => Self::Plus(part(chance)),
            _ => Self::Step(name),
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Step(name) => format!("ex:{name}"),
            Self::Reverse(inner) => format!("^({})", inner.text()),
            Self::Sequence(first, second) => format!("({})/({})", first.text(), second.text()),
            Self::Either(left, right) => format!("({}|{})", left.text(), right.text()),
            Self::Optional(inner) => format!("({})?", inner.text()),
            Self::Star(inner) => format!("({})*", inner.text()),
            Self::Plus(inner) => format!("({})+", inner.text()),
        }
    }

    fn reversed(&self) -> Self {
        let turned = |inner: &Self| Box::new(inner.reversed());
        match self {
            Self::Step(name) => Self::Reverse(Box::new(Self::Step(name))),
            Self::Reverse(inner) => (**inner).clone(),
            Self::Sequence(first, second) => Self::Sequence(turned(second), turned(first)),
            Self::Either(left, right) => Self::Either(turned(left), turned(right)),
            Self::Optional(inner) => Self::Optional(turned(inner)),
            Self::Star(inner) => Self::Star(turned(inner)),
            Self::Plus(inner) => Self::Plus(turned(inner)),
        }
    }
}

type Pairs = BTreeSet<(String, String)>;

/// The triples of one graph.
struct Graph(BTreeSet<(String, &'static str, String)>);

impl Graph {
    fn nodes(&self) -> BTreeSet<String> {
        let ends = self.0.iter().flat_map(|(s, _, o)| [s.clone(), o.clone()]);
        ends.collect()
    }

    /// The solutions of a path between two ends, `None` for a variable, as the standard defines them.
    fn path(&self, from: Option<&str>, path: &Path, to: Option<&str>) -> Pairs {
        let fits = |end: Option<&str>, term: &str| end.is_none_or(|end| end == term);
        let swapped = |pairs: Pairs| pairs.into_iter().map(|(a, b)| (b, a)).collect();
        match path {
            Path::Step(name) => {
                let triples = self
                    .0
                    .iter()
                    .filter(|(s, p, o)| p == name && fits(from, s) && fits(to, o));
                triples.map(|(s, _, o)| (s.clone(), o.clone())).collect()
            }
            Path::Reverse(inner) => swapped(self.path(to, inner, from)),
            Path::Sequence(first, second) => {
                let (first, second) = (self.path(from, first, None), self.path(None, second, to));
                let joined = first.iter().flat_map(|(start, middle)| {
                    let fitting = second.iter().filter(move |(between, _)| between == middle);
                    fitting.map(move |(_, end)| (start.clone(), end.clone()))
                });
                joined.collect()
            }
            Path::Either(left, right) => &self.path(from, left, to) | &self.path(from, right, to),
            Path::Optional(inner) => &self.no_step(from, to) | &self.path(from, inner, to),
            Path::Star(inner) => match (from, to) {
                (Some(from), _) => self.closure(from, [from.to_owned()], inner, to),
                (None, Some(_)) => {
                    swapped(self.path(to, &Path::Star(Box::new(inner.reversed())), None))
                }
                (None, None) => {
                    let nodes = self.nodes();
                    let from_each = |node: &String| self.closure(node, [node.clone()], inner, None);
                    nodes.iter().flat_map(from_each).collect()
                }
            },
            Path::Plus(inner) => match (from, to) {
                (Some(from), _) => {
                    let first = self.path(Some(from), inner, None);
                    self.closure(from, first.into_iter().map(|(_, end)| end), inner, to)
                }
                (None, Some(_)) => {
                    swapped(self.path(to, &Path::Plus(Box::new(inner.reversed())), None))
                }
                (None, None) => {
                    let nodes = self.nodes();
                    let from_each = |node: &String| self.path(Some(node), path, None);
                    nodes.iter().flat_map(from_each).collect()
                }
            },
        }
    }

    fn no_step(&self, from: Option<&str>, to: Option<&str>) -> Pairs {
        let itself = |term: &str| (term.to_owned(), term.to_owned());
        match (from, to) {
            (None, None) => self.nodes().iter().map(|node| itself(node)).collect(),
            (Some(from), Some(to)) if from != to => Pairs::new(),
            (Some(term), _) | (None, Some(term)) => Pairs::from([itself(term)]),
        }
    }

    fn closure(
        &self,
        from: &str,
        starts: impl IntoIterator<Item = String>,
        path: &Path,
        to: Option<&str>,
    ) -> Pairs {
        let mut open: Vec<String> = starts.into_iter().collect();
        let mut seen = BTreeSet::new();
        while let Some(node) = open.pop() {
            if seen.insert(node.clone()) {
                open.extend(
                    self.path(Some(&node), path, None)
                        .into_iter()
                        .map(|(_, end)| end),
                );
            }
        }
        seen.retain(|node| to.is_none_or(|to| to == node));
        seen.into_iter()
            .map(|node| (from.to_owned(), node))
            .collect()
    }
}

const PREFIX: &str = "PREFIX ex: <http://a.example/> ";
const GRAPHS: [&str; 3] = ["g0", "g1", "nothing"];

fn iri(name: &str) -> NamedNode {
    NamedNode::new(format!("http://a.example/{name}")).unwrap()
}

/// Triples of the default graph and two named ones.
fn data(chance: &mut Chance) -> (Vec<Quad>, [Graph; 3]) {
    let mut quads = Vec::new();
    let mut graphs = [(); 3].map(|()| Graph(BTreeSet::new()));
    for _ in 0..3 + chance.below(9) {
        let subject = iri(&format!("n{}", chance.below(5)));
        let object: Term = match chance.below(8) {
            0 => Literal::new_simple_literal("x").into(),
            n => iri(&format!("n{}", n % 5)).into(),
        };
        let predicate = ["p", "q"][chance.below(2)];
        let at = chance.below(3);
        let graph = match at {
            2 => GraphName::DefaultGraph,
            at => iri(GRAPHS[at]).into(),
        };
        let triple = (subject.to_string(), predicate, object.to_string());
        graphs[at].0.insert(triple);
        quads.push(Quad::new(subject, iri(predicate), object, graph));
    }
    (quads, graphs)
}

fn rows<'a>(dataset: impl ReadDataset<'a>, text: &str) -> BTreeSet<String> {
    match Evaluator::new().query(dataset, text, &[]).unwrap() {
        Results::Boolean(answer) => BTreeSet::from([answer.to_string()]),
        Results::Solutions(rows) => rows
            .map(|row| {
                let row = row.unwrap();
                let cells = row
                    .values()
                    .iter()
                    .map(|cell| cell.as_ref().map_or("-".to_owned(), ToString::to_string));
                cells.collect::<Vec<_>>().join(" ")
            })
            .collect(),
        Results::Graph(_) => unreachable!("no query constructs"),
    }
}

fn same(quads: &[Quad], text: &str, expected: &BTreeSet<String>) {
    let memory = MemoryStore::from_quads(quads.to_vec());
    let compiled = CompiledStore::in_memory(&memory).unwrap();
    let text = format!("{PREFIX}{text}");
    assert_eq!(
        &rows(memory.dataset(), &text),
        expected,
        "text: {text} {quads:?}"
    );
    assert_eq!(
        &rows(compiled.dataset(), &text),
        expected,
        "columns: {text} {quads:?}"
    );
}

/// An end as the query writes it, and the constant it is.
fn end(chance: &mut Chance, variable: &str) -> (String, Option<String>) {
    match chance.below(6) {
        0 => (variable.to_owned(), None),
        1 => ("ex:nowhere".to_owned(), Some(iri("nowhere").to_string())),
        2 => ("\"x\"".to_owned(), Some("\"x\"".to_owned())),
        n => {
            let name = format!("n{n}");
            (format!("ex:{name}"), Some(iri(&name).to_string()))
        }
    }
}

#[test]
fn a_constant_is_reached_without_a_step() {
    let data = [Quad::new(
        iri("a"),
        iri("p"),
        iri("b"),
        GraphName::DefaultGraph,
    )];
    let nowhere = BTreeSet::from([iri("nowhere").to_string()]);
    for text in [
        "SELECT ?y { ex:nowhere ex:p* ?y }",
        "SELECT ?y { ?y ex:p* ex:nowhere }",
        "SELECT ?y { ex:nowhere ex:p? ?y }",
        "SELECT ?y { ex:nowhere (ex:p|ex:q)* ?y }",
        "SELECT ?y { OPTIONAL { ex:nowhere ^(ex:p*) ?y } }",
        "SELECT ?y { BIND(ex:nowhere AS ?y) FILTER EXISTS { ex:nowhere ex:p* ?y } }",
        "SELECT ?y { BIND(ex:nowhere AS ?y) FILTER EXISTS { ex:nowhere ex:p* [] } }",
        "SELECT ?y { BIND(ex:nowhere AS ?y) MINUS { ex:a ex:p* ?y } }",
    ] {
        same(&data, text, &nowhere);
    }
    for (text, answer) in [
        ("ASK { ex:nowhere ex:p* ex:nowhere }", true),
        ("ASK { ex:nowhere ex:p*/ex:q* ex:nowhere }", true),
        ("ASK { ex:nowhere ex:p* ex:a }", false),
        ("ASK { GRAPH ex:g { ex:nowhere ex:p* ?y } }", false),
    ] {
        same(&data, text, &BTreeSet::from([answer.to_string()]));
    }
}

#[test]
fn paths_between_constants_are_as_defined() {
    for seed in 0..2000 {
        let mut chance = seeded(seed);
        let (quads, graphs) = data(&mut chance);
        let path = Path::by_chance(&mut chance, 3);
        let (from, from_term) = end(&mut chance, "?a");
        let (to, to_term) = end(&mut chance, "?b");
        let pattern = format!("{from} {} {to}", path.text());
        let columns = match (&from_term, &to_term) {
            (None, None) => "?a ?b",
            (None, Some(_)) => "?a",
            (Some(_), None) => "?b",
            (Some(_), Some(_)) => "",
        };
        let found: [Vec<String>; 3] = graphs.map(|graph| {
            let pairs = graph.path(from_term.as_deref(), &path, to_term.as_deref());
            let cells = pairs.into_iter().map(|(a, b)| match columns {
                "?a ?b" => format!("{a} {b}"),
                "?a" => a,
                _ => b,
            });
            cells.collect()
        });
        // A graph without triples is none.
        let is_there = |at: usize| quads.iter().any(|q| q.graph_name == iri(GRAPHS[at]).into());
        if columns.is_empty() {
            for (graph, found) in found.iter().enumerate() {
                let block = match graph {
                    2 => pattern.clone(),
                    graph => format!("GRAPH ex:{} {{ {pattern} }}", GRAPHS[graph]),
                };
                let answer = !found.is_empty() && (graph == 2 || is_there(graph));
                let answer = BTreeSet::from([answer.to_string()]);
                same(&quads, &format!("ASK {{ {block} }}"), &answer);
            }
            continue;
        }
        let plain: BTreeSet<String> = found[2].iter().cloned().collect();
        same(
            &quads,
            &format!("SELECT DISTINCT {columns} {{ {pattern} }}"),
            &plain,
        );
        let mut optional = plain.clone();
        if optional.is_empty() {
            optional.insert(
                columns
                    .split(' ')
                    .map(|_| "-")
                    .collect::<Vec<_>>()
                    .join(" "),
            );
        }
        let text = format!("SELECT DISTINCT {columns} {{ OPTIONAL {{ {pattern} }} }}");
        same(&quads, &text, &optional);
        let text = format!("ASK {{ FILTER EXISTS {{ {pattern} }} }}");
        same(
            &quads,
            &text,
            &BTreeSet::from([(!plain.is_empty()).to_string()]),
        );
        let in_graphs = (0..2).filter(|at| is_there(*at)).flat_map(|at| {
            let graph = iri(GRAPHS[at]).to_string();
            found[at].iter().map(move |row| format!("{graph} {row}"))
        });
        let text = format!("SELECT DISTINCT ?g {columns} {{ GRAPH ?g {{ {pattern} }} }}");
        same(&quads, &text, &in_graphs.collect());
    }
}
