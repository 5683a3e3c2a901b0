//! The terms of SHACL that are more than a parameter's name.

use oxigraph::model::{NamedNode, NamedNodeRef};

/// The namespace of SHACL.
pub(crate) const SH: &str = "http://www.w3.org/ns/shacl#";

/// Returns a term of SHACL by its local name.
pub(crate) fn sh(local: &str) -> NamedNode {
    NamedNode::new_unchecked(format!("{SH}{local}"))
}

/// Returns the constraint component of a parameter: `sh:MinCountConstraintComponent` for `minCount`.
pub(crate) fn component(parameter: &str) -> NamedNode {
    let mut chars = parameter.chars();
    let first = chars.next().map(|c| c.to_ascii_uppercase());
    let name: String = first.into_iter().chain(chars).collect();
    sh(&format!("{name}ConstraintComponent"))
}

/// `rdf:first`.
pub(crate) const FIRST: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/1999/02/22-rdf-syntax-ns#first");
/// `rdf:rest`.
pub(crate) const REST: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/1999/02/22-rdf-syntax-ns#rest");
/// `rdf:nil`.
pub(crate) const NIL: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/1999/02/22-rdf-syntax-ns#nil");
/// `rdfs:Class`.
pub(crate) const RDFS_CLASS: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/2000/01/rdf-schema#Class");
/// `owl:Class`.
pub(crate) const OWL_CLASS: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/2002/07/owl#Class");

/// Properties of a shape that say nothing about the data.
pub(crate) const ANNOTATIONS: &[&str] = &["name", "description", "order", "group", "defaultValue"];

/// The parameters of the constraints of SHACL Core, sorted.
pub(crate) const PARAMETERS: &[&str] = &[
    "and",
    "class",
    "closed",
    "datatype",
    "disjoint",
    "equals",
    "flags",
    "hasValue",
    "ignoredProperties",
    "in",
    "languageIn",
    "lessThan",
    "lessThanOrEquals",
    "maxCount",
    "maxExclusive",
    "maxInclusive",
    "maxLength",
    "minCount",
    "minExclusive",
    "minInclusive",
    "minLength",
    "node",
    "nodeKind",
    "not",
    "or",
    "pattern",
    "property",
    "qualifiedMaxCount",
    "qualifiedMinCount",
    "qualifiedValueShape",
    "qualifiedValueShapesDisjoint",
    "uniqueLang",
    "xone",
];

/// What a shape may have besides [`PARAMETERS`] and [`ANNOTATIONS`], sorted.
pub(crate) const OF_SHAPES: &[&str] = &[
    "deactivated",
    "message",
    "path",
    "severity",
    "targetClass",
    "targetNode",
    "targetObjectsOf",
    "targetSubjectsOf",
];

/// Properties of nodes that are no shapes: steps of paths, prefixes, the header of a graph, and results of validations.
/// Any other property of the namespace makes its subject a shape, so that a misspelt one is noticed.
pub(crate) const OF_OTHERS: &[&str] = &[
    "alternativePath",
    "inversePath",
    "oneOrMorePath",
    "zeroOrMorePath",
    "zeroOrOnePath",
    "declare",
    "namespace",
    "prefix",
    "entailment",
    "shapesGraph",
    "suggestedShapesGraph",
    "conforms",
    "detail",
    "focusNode",
    "result",
    "resultMessage",
    "resultPath",
    "resultSeverity",
    "shapesGraphWellFormed",
    "sourceConstraint",
    "sourceConstraintComponent",
    "sourceShape",
    "value",
];
