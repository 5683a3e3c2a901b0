//! The parameters of a shape's constraints, read and handed to the compiler.

use crate::model::lang::Labels;
use crate::sparql::shapes::compile::{self, Bound, Comparison, Quota};
use crate::sparql::shapes::error::ShapesError;
use crate::sparql::shapes::graph::written;
use crate::sparql::shapes::parse::Reader;
use crate::sparql::shapes::sh::{PARAMETERS, SH, component, sh};
use crate::sparql::shapes::shape::{Check, Plan, ShapeId, ValueTest};
use oxigraph::model::{Literal, NamedNode, Term};
use regex::{Regex, RegexBuilder};
use spargebra::algebra::{Function, PropertyPathExpression as Path};

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

/// The constraints of the shape that is being read.
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
            let Some((plan, descends)) = parameter.plan()? else {
                continue;
            };
            checks.push(Check {
                component: component(name),
                messages: default_messages(name, &value),
                plan,
                descends,
            });
        }
    }
    Ok(checks)
}

fn default_messages(name: &str, value: &Term) -> Labels {
    let constraint = match value {
        Term::BlankNode(_) => format!("sh:{name}"),
        value => format!("sh:{name} {}", written(value)),
    };
    let mut messages = Labels::default();
    messages.insert("en", &format!("{constraint} does not hold."));
    messages.insert("zh", &format!("不满足 {constraint}。"));
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
    /// The constraint, and the shape that it descends into; nothing for a parameter that only adds to another one.
    fn plan(&mut self) -> Result<Option<(Plan, Option<ShapeId>)>, ShapesError> {
        let plan = match self.name {
            "node" | "property" | "not" | "and" | "or" | "xone" => return self.shapes().map(Some),
            "minCount" | "maxCount" | "qualifiedMinCount" | "qualifiedMaxCount" | "uniqueLang"
            | "lessThan" | "lessThanOrEquals" => match self.path {
                Some(path) => self.of_property_shape(path)?,
                None => None,
            },
            "closed" => self.closed()?,
            "flags" => {
                self.needs("pattern")?;
                None
            }
            "qualifiedValueShape" => {
                if self.reader.one(self.node, "qualifiedMinCount")?.is_none() {
                    self.needs("qualifiedMaxCount")?;
                }
                None
            }
            "qualifiedValueShapesDisjoint" => {
                self.needs("qualifiedValueShape")?;
                None
            }
            "ignoredProperties" => {
                self.needs("closed")?;
                None
            }
            _ => Some(self.of_values()?),
        };
        Ok(plan.map(|plan| (plan, None)))
    }

    /// The constraints that each value keeps to by itself or not, and those between properties.
    fn of_values(&mut self) -> Result<Plan, ShapesError> {
        let path = self.path;
        Ok(match self.name {
            "class" => compile::class(path, self.iri()?),
            "datatype" => compile::tested(path, ValueTest::Datatype(self.iri()?)),
            "nodeKind" => compile::node_kind(path, self.node_kinds()?),
            "in" => compile::listed(path, self.list()?),
            "hasValue" => compile::has_value(path, self.value.clone()),
            "pattern" => compile::tested(path, ValueTest::Pattern(self.pattern()?)),
            "minLength" => compile::tested(path, ValueTest::MinLength(self.count()?)),
            "maxLength" => compile::tested(path, ValueTest::MaxLength(self.count()?)),
            "minInclusive" => compile::range(path, Comparison::NotLess, self.literal()?),
            "minExclusive" => compile::range(path, Comparison::Greater, self.literal()?),
            "maxInclusive" => compile::range(path, Comparison::NotGreater, self.literal()?),
            "maxExclusive" => compile::range(path, Comparison::Less, self.literal()?),
            "equals" => compile::equals(path, &self.iri()?),
            "disjoint" => compile::disjoint(path, &self.iri()?),
            "languageIn" => compile::language_in(path, &self.languages()?),
            other => {
                return Err(self
                    .reader
                    .error(format!("sh:{other} is not supported"), "SHACL Core"));
            }
        })
    }

    /// The constraints that need a path; nothing where they are turned off.
    fn of_property_shape(&mut self, path: &Path) -> Result<Option<Plan>, ShapesError> {
        let size = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
        Ok(Some(match self.name {
            "minCount" => compile::count(path, Bound::AtLeast(size(self.count()?))),
            "maxCount" => compile::count(path, Bound::AtMost(size(self.count()?))),
            "qualifiedMinCount" => self.qualified(path, Bound::AtLeast(size(self.count()?)))?,
            "qualifiedMaxCount" => self.qualified(path, Bound::AtMost(size(self.count()?)))?,
            "lessThan" => compile::less(path, Comparison::Less, &self.iri()?),
            "lessThanOrEquals" => compile::less(path, Comparison::NotGreater, &self.iri()?),
            _ if self.reader.boolean(self.name, self.value)? => compile::unique_lang(path),
            _ => return Ok(None),
        }))
    }

    /// The constraints that ask whether values conform to other shapes.
    fn shapes(&mut self) -> Result<(Plan, Option<ShapeId>), ShapesError> {
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
        let quota = match self.name {
            "or" => Quota::Any,
            "xone" => Quota::One,
            "not" => Quota::None,
            _ => Quota::All,
        };
        let descends = (self.name == "property")
            .then(|| shapes.first().copied())
            .flatten();
        Ok((compile::conformance(self.path, quota, &shapes), descends))
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
        let mut siblings = Vec::new();
        if is_disjoint {
            for sibling in self.siblings(&value_shape) {
                siblings.push(self.reader.shape(&sibling)?);
            }
        }
        Ok(compile::qualified(path, bound, shape, &siblings))
    }

    /// The other qualified value shapes of the shapes that this one is a property of (SHACL §4.7.3).
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
