//! The parameters of a shape's constraints, read and handed to the compiler.

use crate::sparql::shapes::compile::{self, Bound};
use crate::sparql::shapes::condition::{Comparison, Condition};
use crate::sparql::shapes::error::ShapesError;
use crate::sparql::shapes::graph::ShapesGraph;
use crate::sparql::shapes::parse::Reader;
use crate::sparql::shapes::sh::{PARAMETERS, SH, component, sh};
use crate::sparql::shapes::shape::{Check, NodeSet, Plan, ShapeId, ValueTest};
use oxigraph::model::{Literal, NamedNode, Term};
use regex::{Regex, RegexBuilder};
use spargebra::algebra::{Function, PropertyPathExpression as Path};
use std::collections::BTreeMap;

/// Parameters that only a property shape may have.
const OF_PROPERTY_SHAPES: &[&str] = &[
    "lessThan",
    "lessThanOrEquals",
    "maxCount",
    "minCount",
    "qualifiedMaxCount",
    "qualifiedMinCount",
    "qualifiedValueShape",
    "qualifiedValueShapesDisjoint",
    "uniqueLang",
];

/// Parameters of which a shape may have several, each a constraint of its own.
const REPEATABLE: &[&str] = &[
    "and",
    "class",
    "disjoint",
    "equals",
    "hasValue",
    "lessThan",
    "lessThanOrEquals",
    "node",
    "not",
    "or",
    "property",
    "xone",
];

/// Returns the constraints of the shape that is being read.
pub(crate) fn checks(
    reader: &mut Reader<'_>,
    node: &Term,
    path: Option<&Path>,
) -> Result<Vec<Check>, ShapesError> {
    let mut checks = Vec::new();
    for &name in PARAMETERS {
        let values = reader.values(node, name);
        if values.is_empty() {
            continue;
        }
        if path.is_none() && OF_PROPERTY_SHAPES.contains(&name) {
            let problem = format!("sh:{name} stands on a node shape");
            return Err(reader.error(problem, "a property shape, with sh:path"));
        }
        if !REPEATABLE.contains(&name) {
            reader.one(node, name)?;
        }
        for value in values {
            let mut parameter = Parameter {
                reader,
                node,
                path,
                name,
                value: &value,
            };
            let (condition, descends) = parameter.condition()?;
            let plan = match &condition {
                // A missing value is not one of the values.
                Some(condition) if name != "hasValue" => compile::each_value(path, condition),
                _ => match parameter.plan()? {
                    Some(plan) => plan,
                    None => continue,
                },
            };
            checks.push(Check {
                component: component(name),
                messages: default_messages(reader.graph, name, &value),
                plan,
                condition,
                descends,
            });
        }
    }
    Ok(checks)
}

fn default_messages(graph: &ShapesGraph, name: &str, value: &Term) -> BTreeMap<String, String> {
    let constraint = match value {
        Term::BlankNode(_) => format!("sh:{name}"),
        value => format!("sh:{name} {}", graph.written(value)),
    };
    let mut messages = BTreeMap::new();
    messages.insert("en".to_owned(), format!("{constraint} does not hold."));
    messages.insert("zh".to_owned(), format!("不满足 {constraint}。"));
    messages
}

/// One value of one parameter.
struct Parameter<'r, 'g> {
    reader: &'r mut Reader<'g>,
    node: &'r Term,
    path: Option<&'r Path>,
    name: &'static str,
    value: &'r Term,
}

impl Parameter<'_, '_> {
    /// Returns the constraint, if it is a condition on each value, and the shape that it descends into.
    fn condition(&mut self) -> Result<(Option<Condition>, Option<ShapeId>), ShapesError> {
        let passes = |test| Condition::In(NodeSet::Passing(test));
        let condition = match self.name {
            "node" | "property" | "not" | "and" | "or" | "xone" => {
                let (condition, descends) = self.conformance()?;
                return Ok((Some(condition), descends));
            }
            "class" => Condition::In(NodeSet::Instances(self.iri()?)),
            "datatype" => passes(ValueTest::Datatype(self.iri()?)),
            "nodeKind" => Condition::Kind(self.node_kinds()?),
            "in" => Condition::In(NodeSet::Listed(self.list()?)),
            "hasValue" if self.path.is_none() => {
                Condition::In(NodeSet::Listed(vec![self.value.clone()]))
            }
            "pattern" => passes(ValueTest::Pattern(self.pattern()?)),
            "minLength" => passes(ValueTest::MinLength(self.count()?)),
            "maxLength" => passes(ValueTest::MaxLength(self.count()?)),
            "minInclusive" => self.range(Comparison::NotLess)?,
            "minExclusive" => self.range(Comparison::Greater)?,
            "maxInclusive" => self.range(Comparison::NotGreater)?,
            "maxExclusive" => self.range(Comparison::Less)?,
            "languageIn" => Condition::Language(self.languages()?),
            _ => return Ok((None, None)),
        };
        Ok((Some(condition), None))
    }

    /// The evaluator reads `"300"^^xsd:byte` as a number, which it is not.
    fn range(&self, comparison: Comparison) -> Result<Condition, ShapesError> {
        Ok(Condition::All(vec![
            Condition::Compare(comparison, self.literal()?),
            Condition::In(NodeSet::Passing(ValueTest::WellFormed)),
        ]))
    }

    /// Returns the other constraints; nothing for a parameter that only adds to another one, or is turned off.
    fn plan(&mut self) -> Result<Option<Plan>, ShapesError> {
        match self.name {
            "equals" => return Ok(Some(compile::equals(self.path, &self.iri()?))),
            "disjoint" => return Ok(Some(compile::disjoint(self.path, &self.iri()?))),
            "hasValue" => return Ok(Some(compile::has_value(self.path, self.value.clone()))),
            "closed" => return self.closed(),
            "flags" => self.needs("pattern")?,
            "qualifiedValueShapesDisjoint" => self.needs("qualifiedValueShape")?,
            "ignoredProperties" => self.needs("closed")?,
            "qualifiedValueShape" => {
                if self.reader.one(self.node, "qualifiedMinCount")?.is_none() {
                    self.needs("qualifiedMaxCount")?;
                }
            }
            _ => {
                if let Some(path) = self.path {
                    return self.of_property_shape(path);
                }
            }
        }
        Ok(None)
    }

    /// Returns the constraints that need a path; nothing where they are turned off.
    fn of_property_shape(&mut self, path: &Path) -> Result<Option<Plan>, ShapesError> {
        let size = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
        Ok(Some(match self.name {
            "minCount" => compile::count(path, Bound::AtLeast(size(self.count()?))),
            "maxCount" => compile::count(path, Bound::AtMost(size(self.count()?))),
            "qualifiedMinCount" => self.qualified(path, Bound::AtLeast(size(self.count()?)))?,
            "qualifiedMaxCount" => self.qualified(path, Bound::AtMost(size(self.count()?)))?,
            "lessThan" => compile::less(path, Comparison::Less, &self.iri()?),
            "lessThanOrEquals" => compile::less(path, Comparison::NotGreater, &self.iri()?),
            "uniqueLang" if self.reader.boolean(self.name, self.value)? => {
                compile::unique_lang(path)
            }
            _ => return Ok(None),
        }))
    }

    /// Returns the constraints that ask whether values conform to other shapes.
    fn conformance(&mut self) -> Result<(Condition, Option<ShapeId>), ShapesError> {
        let nodes = match self.name {
            "and" | "or" | "xone" => self.list()?,
            _ => vec![self.value.clone()],
        };
        let mut shapes = Vec::with_capacity(nodes.len());
        for node in &nodes {
            if matches!(node, Term::Literal(_)) {
                return Err(self.unfit("shapes"));
            }
            let has_path = !self.reader.values(node, "path").is_empty();
            match self.name {
                "property" if !has_path => return Err(self.unfit("a property shape, with sh:path")),
                "node" if has_path => return Err(self.unfit("a node shape, without sh:path")),
                _ => shapes.push(self.reader.shape(node)?),
            }
        }
        let descends = (self.name == "property")
            .then(|| shapes.first().copied())
            .flatten();
        let parts = shapes.iter().map(|id| self.reader.condition(*id)).collect();
        let condition = match self.name {
            "or" => Condition::Any(parts),
            "xone" => Condition::One(parts),
            "not" => Condition::not(Condition::All(parts)),
            _ => Condition::All(parts),
        };
        Ok((condition, descends))
    }

    fn qualified(&mut self, path: &Path, bound: Bound) -> Result<Plan, ShapesError> {
        let Some(value_shape) = self.reader.one(self.node, "qualifiedValueShape")?.cloned() else {
            return Err(self.reader.error(
                format!("sh:{} stands alone", self.name),
                "sh:qualifiedValueShape beside it",
            ));
        };
        let shape = self.reader.shape(&value_shape)?;
        let is_disjoint = match self.reader.one(self.node, "qualifiedValueShapesDisjoint")? {
            Some(value) => self.reader.boolean("qualifiedValueShapesDisjoint", value)?,
            None => false,
        };
        let mut conditions = vec![self.reader.condition(shape)];
        if is_disjoint {
            for sibling in self.siblings(&value_shape) {
                let sibling = self.reader.shape(&sibling)?;
                conditions.push(Condition::not(self.reader.condition(sibling)));
            }
        }
        let condition = Condition::All(conditions);
        Ok(compile::qualified(path, bound, &condition))
    }

    /// Returns the other qualified value shapes of the shapes that this one is a property of (SHACL §4.7.3).
    fn siblings(&self, own: &Term) -> Vec<Term> {
        let graph = self.reader.graph;
        let mut siblings = Vec::new();
        for parent in graph.subjects_of(&sh("property"), self.node) {
            for property in self.reader.values(&parent, "property") {
                for shape in self.reader.values(&property, "qualifiedValueShape") {
                    if shape != *own && !siblings.contains(&shape) {
                        siblings.push(shape);
                    }
                }
            }
        }
        siblings
    }

    /// `sh:closed`, with the properties of the shape's own property shapes and those in `sh:ignoredProperties`.
    fn closed(&mut self) -> Result<Option<Plan>, ShapesError> {
        if !self.reader.boolean(self.name, self.value)? {
            return Ok(None);
        }
        let mut allowed = Vec::new();
        for property in self.reader.values(self.node, "property") {
            let paths = self.reader.values(&property, "path");
            allowed.extend(
                paths
                    .into_iter()
                    .filter(|path| matches!(path, Term::NamedNode(_))),
            );
        }
        if let Some(ignored) = self.reader.one(self.node, "ignoredProperties")? {
            match self.reader.graph.list(ignored) {
                Some(ignored) if ignored.iter().all(|p| matches!(p, Term::NamedNode(_))) => {
                    allowed.extend(ignored)
                }
                _ => {
                    return Err(self.reader.unfit(
                        "ignoredProperties",
                        ignored,
                        "a list of properties",
                    ));
                }
            }
        }
        Ok(Some(compile::closed(self.path, allowed)))
    }

    fn pattern(&self) -> Result<Regex, ShapesError> {
        let text = self.literal()?;
        let mut builder = RegexBuilder::new(text.value());
        if let Some(flags) = self.reader.one(self.node, "flags")? {
            let expected = "letters out of i, m, q, s, x";
            let Term::Literal(letters) = flags else {
                return Err(self.reader.unfit("flags", flags, expected));
            };
            if letters.value().contains('q') {
                builder = RegexBuilder::new(&regex::escape(text.value()));
            }
            for flag in letters.value().chars() {
                match flag {
                    'i' => builder.case_insensitive(true),
                    'm' => builder.multi_line(true),
                    's' => builder.dot_matches_new_line(true),
                    'x' => builder.ignore_whitespace(true),
                    'q' => &mut builder,
                    _ => return Err(self.reader.unfit("flags", flags, expected)),
                };
            }
        }
        builder.build().map_err(|error| {
            let reason = error.to_string();
            let reason = reason.lines().last().unwrap_or_default().to_owned();
            let problem = format!(
                "sh:pattern is {}, which cannot be read ({reason})",
                self.value
            );
            self.reader.error(problem, "a regular expression")
        })
    }

    fn node_kinds(&self) -> Result<&'static [Function], ShapesError> {
        let local = match self.value {
            Term::NamedNode(kind) => kind.as_str().strip_prefix(SH).unwrap_or_default(),
            _ => "",
        };
        Ok(match local {
            "IRI" => &[Function::IsIri],
            "BlankNode" => &[Function::IsBlank],
            "Literal" => &[Function::IsLiteral],
            "BlankNodeOrIRI" => &[Function::IsBlank, Function::IsIri],
            "BlankNodeOrLiteral" => &[Function::IsBlank, Function::IsLiteral],
            "IRIOrLiteral" => &[Function::IsIri, Function::IsLiteral],
            _ => {
                return Err(self.unfit(
                    "one of sh:IRI, sh:BlankNode, sh:Literal, sh:BlankNodeOrIRI, sh:BlankNodeOrLiteral, sh:IRIOrLiteral",
                ));
            }
        })
    }

    fn languages(&self) -> Result<Vec<String>, ShapesError> {
        self.list()?
            .into_iter()
            .map(|tag| match tag {
                Term::Literal(tag) => Ok(tag.value().to_owned()),
                _ => Err(self.unfit("a list of language tags")),
            })
            .collect()
    }

    fn list(&self) -> Result<Vec<Term>, ShapesError> {
        self.reader
            .graph
            .list(self.value)
            .ok_or_else(|| self.unfit("a list"))
    }

    fn iri(&self) -> Result<NamedNode, ShapesError> {
        self.reader.iri(self.name, self.value)
    }

    fn literal(&self) -> Result<Literal, ShapesError> {
        match self.value {
            Term::Literal(literal) => Ok(literal.clone()),
            _ => Err(self.unfit("a literal")),
        }
    }

    fn count(&self) -> Result<u64, ShapesError> {
        match self.value {
            Term::Literal(literal) => literal
                .value()
                .parse()
                .map_err(|_| self.unfit("a whole number, 0 or more")),
            _ => Err(self.unfit("a whole number, 0 or more")),
        }
    }

    /// An error unless the shape has another parameter too.
    fn needs(&self, other: &str) -> Result<(), ShapesError> {
        if self.reader.one(self.node, other)?.is_some() {
            return Ok(());
        }
        Err(self.reader.error(
            format!("sh:{} stands alone", self.name),
            format!("sh:{other} beside it"),
        ))
    }

    fn unfit(&self, expected: &str) -> ShapesError {
        self.reader.unfit(self.name, self.value, expected)
    }
}
