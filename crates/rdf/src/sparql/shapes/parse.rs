//! Triples to shapes.

use crate::sparql::shapes::compile::{ends_of, values_of};
use crate::sparql::shapes::condition::Condition;
use crate::sparql::shapes::error::ShapesError;
use crate::sparql::shapes::finding::{Severity, add_message};
use crate::sparql::shapes::graph::ShapesGraph;
use crate::sparql::shapes::parameters;
use crate::sparql::shapes::path;
use crate::sparql::shapes::sh::{
    ANNOTATIONS, OF_OTHERS, OF_SHAPES, OWL_CLASS, PARAMETERS, RDFS_CLASS, SH, sh,
};
use crate::sparql::shapes::shape::{Check, Shape, ShapeId, Target};
use crate::spelling::nearest;
use oxigraph::model::vocab::rdf;
use oxigraph::model::{Literal, NamedNode, Term};
use rustc_hash::FxHashMap;
use spargebra::algebra::PropertyPathExpression as Path;
use std::collections::BTreeMap;

/// Shapes inside shapes deeper than this are refused.
const MAX_DEPTH: usize = 50;

/// Longer conditions are not written out inside other shapes.
const MAX_CONDITION: usize = 50;

/// Reads all shapes of a graph.
pub(crate) fn parse(graph: &ShapesGraph) -> Result<Vec<Shape>, ShapesError> {
    let mut reader = Reader {
        graph,
        shapes: Vec::new(),
        ids: FxHashMap::default(),
        open: Vec::new(),
    };
    // Shapes with names first: so an error in one without a name can tell the way to it.
    let (named, unnamed): (Vec<_>, Vec<_>) = graph
        .subjects()
        .map(|subject| Term::from(subject.clone()))
        .partition(|node| matches!(node, Term::NamedNode(_)));
    for node in named.into_iter().chain(unnamed) {
        if is_shape(graph, &node) {
            reader.shape(&node)?;
        }
        if graph
            .objects(&node, sh("entailment").as_ref())
            .next()
            .is_some()
        {
            return Err(ShapesError {
                shape: graph.written(&node),
                problem: "sh:entailment asks for triples to be derived first".to_owned(),
                expected: "a graph that holds all its triples".to_owned(),
            });
        }
    }
    Ok(reader.shapes)
}

/// Returns whether a node is a shape by its type or by one of its properties (SHACL §2.1).
fn is_shape(graph: &ShapesGraph, node: &Term) -> bool {
    let types = [sh("NodeShape"), sh("PropertyShape")];
    graph.has_type(node, &[types[0].as_ref(), types[1].as_ref()])
        || graph.pairs(node).iter().any(|(predicate, _)| {
            let local = predicate.as_str().strip_prefix(SH);
            local.is_some_and(|local| !ANNOTATIONS.contains(&local) && !OF_OTHERS.contains(&local))
        })
}

/// Returns the conditions of all constraints of a node shape, if each is one and they are not many: a shape that others
/// refer to again and again must not grow without end.
fn condition(checks: &[Check]) -> Option<Condition> {
    let parts: Option<Vec<_>> = checks.iter().map(|check| check.condition.clone()).collect();
    parts
        .map(Condition::All)
        .filter(|condition| condition.size() <= MAX_CONDITION)
}

/// The shapes that are read, and those that are being read.
pub(crate) struct Reader<'g> {
    pub(crate) graph: &'g ShapesGraph,
    shapes: Vec<Shape>,
    ids: FxHashMap<Term, ShapeId>,
    /// From the outermost to the innermost, with the paths as text.
    open: Vec<(Term, Option<String>)>,
}

impl Reader<'_> {
    /// Reads the shape that a node stands for, unless it is read already.
    pub(crate) fn shape(&mut self, node: &Term) -> Result<ShapeId, ShapesError> {
        if let Some(id) = self.ids.get(node) {
            return Ok(*id);
        }
        if self.open.iter().any(|(open, _)| open == node) {
            let problem = format!(
                "it refers to {}, and so to itself",
                self.graph.written(node)
            );
            return Err(self.error(problem, "shapes that do not go in a circle"));
        }
        if self.open.len() >= MAX_DEPTH {
            let problem = format!("more than {MAX_DEPTH} shapes stand inside one another");
            return Err(self.error(problem, "fewer"));
        }
        let is_known = !self.graph.pairs(node).is_empty();
        if !is_known && !matches!(node, Term::BlankNode(_)) {
            let problem = format!(
                "it refers to {}, of which nothing is said",
                self.graph.written(node)
            );
            return Err(self.error(problem, "a shape of the same graph"));
        }
        self.open.push((node.clone(), None));
        let shape = self.open_shape(node)?;
        self.open.pop();
        let id = self.shapes.len();
        self.shapes.push(shape);
        self.ids.insert(node.clone(), id);
        Ok(id)
    }

    fn open_shape(&mut self, node: &Term) -> Result<Shape, ShapesError> {
        let path = self.path(node)?;
        let text = path
            .as_ref()
            .map(|path| path::text(path, &self.graph.prefixes));
        if let Some(open) = self.open.last_mut() {
            open.1.clone_from(&text);
        }
        self.check_names(node)?;
        let (targets, severity) = (self.targets(node)?, self.severity(node)?);
        let messages = self.messages(node)?;
        let is_deactivated = match self.one(node, "deactivated")? {
            None => false,
            Some(value) => self.boolean("deactivated", value)?,
        };
        let checks = parameters::checks(self, node, path.as_ref())?;
        let condition = match &path {
            _ if is_deactivated => Some(Condition::All(Vec::new())),
            None => condition(&checks),
            Some(_) => None,
        };
        Ok(Shape {
            node: node.clone(),
            targets,
            checks,
            values: path.as_ref().map(values_of),
            path: text,
            severity,
            messages,
            is_deactivated,
            condition,
        })
    }

    /// Returns what conformance to a shape that is read already asks of a node.
    pub(crate) fn condition(&self, id: ShapeId) -> Condition {
        let condition = self
            .shapes
            .get(id)
            .and_then(|shape| shape.condition.clone());
        condition.unwrap_or_else(|| Condition::conforms(id))
    }

    /// Refuses every property of the SHACL namespace that is not one of SHACL Core's.
    fn check_names(&self, node: &Term) -> Result<(), ShapesError> {
        let known = || {
            [OF_SHAPES, PARAMETERS, ANNOTATIONS]
                .into_iter()
                .flatten()
                .copied()
        };
        for (predicate, _) in self.graph.pairs(node) {
            let Some(local) = predicate.as_str().strip_prefix(SH) else {
                continue;
            };
            if !known().any(|name| name == local) {
                let near = nearest(local, known());
                let expected = match near.first() {
                    Some(_) => format!("sh:{}", near.join(" or sh:")),
                    None => "a property that SHACL Core puts on shapes".to_owned(),
                };
                return Err(self.error(format!("sh:{local} is not supported"), expected));
            }
        }
        Ok(())
    }

    fn path(&self, node: &Term) -> Result<Option<Path>, ShapesError> {
        let types = |name| {
            self.graph
                .objects(node, rdf::TYPE)
                .any(|t| *t == Term::from(sh(name)))
        };
        match self.one(node, "path")? {
            None if types("PropertyShape") => Err(self.error(
                "it is a sh:PropertyShape without sh:path".to_owned(),
                "a sh:path",
            )),
            Some(_) if types("NodeShape") => Err(self.error(
                "it is a sh:NodeShape and has sh:path".to_owned(),
                "either sh:PropertyShape, or no sh:path",
            )),
            None => Ok(None),
            Some(value) => path::parse(self.graph, value)
                .map(Some)
                .map_err(|(problem, expected)| self.error(problem, expected)),
        }
    }

    fn targets(&self, node: &Term) -> Result<Vec<Target>, ShapesError> {
        let mut targets = Vec::new();
        let iri = |name: &str, value: &Term| self.iri(name, value);
        for class in self.values(node, "targetClass") {
            targets.push(Target::Class(iri("targetClass", &class)?));
        }
        if let Term::NamedNode(class) = node
            && self.graph.has_type(node, &[RDFS_CLASS, OWL_CLASS])
        {
            targets.push(Target::Class(class.clone()));
        }
        for value in self.values(node, "targetNode") {
            if matches!(value, Term::BlankNode(_)) {
                return Err(self.unfit("targetNode", &value, "an IRI or a literal"));
            }
            targets.push(Target::Node(value));
        }
        for (name, subjects) in [("targetSubjectsOf", true), ("targetObjectsOf", false)] {
            for predicate in self.values(node, name) {
                let query = ends_of(&iri(name, &predicate)?, subjects);
                targets.push(Target::Query(query.into()));
            }
        }
        Ok(targets)
    }

    fn severity(&self, node: &Term) -> Result<Severity, ShapesError> {
        let Some(value) = self.one(node, "severity")? else {
            return Ok(Severity::default());
        };
        for (name, severity) in [
            ("Info", Severity::Info),
            ("Warning", Severity::Warning),
            ("Violation", Severity::Violation),
        ] {
            if *value == Term::from(sh(name)) {
                return Ok(severity);
            }
        }
        Err(self.unfit("severity", value, "sh:Info, sh:Warning or sh:Violation"))
    }

    fn messages(&self, node: &Term) -> Result<BTreeMap<String, String>, ShapesError> {
        let mut messages = BTreeMap::new();
        for message in self.values(node, "message") {
            match &message {
                Term::Literal(text) => {
                    add_message(&mut messages, text.language().unwrap_or(""), text.value())
                }
                _ => return Err(self.unfit("message", &message, "text")),
            }
        }
        Ok(messages)
    }

    /// Returns the values of a property of SHACL.
    pub(crate) fn values(&self, node: &Term, name: &str) -> Vec<Term> {
        self.graph
            .objects(node, sh(name).as_ref())
            .cloned()
            .collect()
    }

    /// Returns the only value of a property, if there is one.
    pub(crate) fn one(&self, node: &Term, name: &str) -> Result<Option<&Term>, ShapesError> {
        let name_iri = sh(name);
        let mut values = self
            .graph
            .pairs(node)
            .iter()
            .filter(|(predicate, _)| *predicate == name_iri);
        match (values.next(), values.next()) {
            (_, Some(_)) => Err(self.error(format!("sh:{name} has more than one value"), "one")),
            (value, None) => Ok(value.map(|(_, value)| value)),
        }
    }

    pub(crate) fn iri(&self, name: &str, value: &Term) -> Result<NamedNode, ShapesError> {
        match value {
            Term::NamedNode(iri) => Ok(iri.clone()),
            _ => Err(self.unfit(name, value, "an IRI")),
        }
    }

    pub(crate) fn boolean(&self, name: &str, value: &Term) -> Result<bool, ShapesError> {
        match value {
            Term::Literal(literal) if *literal == Literal::from(true) => Ok(true),
            Term::Literal(literal) if *literal == Literal::from(false) => Ok(false),
            _ => Err(self.unfit(name, value, "true or false")),
        }
    }

    /// Returns an error about the value of a property.
    pub(crate) fn unfit(&self, name: &str, value: &Term, expected: &str) -> ShapesError {
        self.error(
            format!("sh:{name} is {}", self.graph.written(value)),
            expected,
        )
    }

    /// Returns an error about the innermost shape that is being read.
    pub(crate) fn error(&self, problem: String, expected: impl Into<String>) -> ShapesError {
        let named = self
            .open
            .iter()
            .rposition(|(node, _)| matches!(node, Term::NamedNode(_)));
        let mut shape = match named.map(|place| &self.open[place].0) {
            Some(Term::NamedNode(name)) => self.graph.prefixes.compact(name.as_str()),
            _ => "without a name".to_owned(),
        };
        for (_, path) in &self.open[named.unwrap_or(0)..] {
            if let Some(path) = path {
                shape.push_str(&format!(", path {path}"));
            }
        }
        ShapesError {
            shape,
            problem,
            expected: expected.into(),
        }
    }
}
