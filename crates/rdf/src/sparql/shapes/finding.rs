//! The results of a validation.

use oxigraph::model::{NamedNode, Term};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;

/// The severity of a finding, the least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// `sh:Info`: worth knowing.
    Info,
    /// `sh:Warning`: probably a mistake.
    Warning,
    /// `sh:Violation`: a definite error; the default of a shape without `sh:severity`.
    #[default]
    Violation,
}

impl Severity {
    /// Its name, in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Violation => "violation",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One place where the data does not keep to a shape: a validation result of SHACL §3.6.2.
#[derive(Debug, Clone, PartialEq)]
pub struct ValidationResult {
    /// The node that was looked at.
    pub focus: Term,
    /// The property path from the focus to the values, with the prefixes given; `None` where the shape is about the
    /// node itself.
    pub path: Option<String>,
    /// The value at fault; `None` where the fault is in the values as a whole, such as their number.
    pub value: Option<Term>,
    /// The kind of constraint, such as `sh:MinCountConstraintComponent`.
    pub component: NamedNode,
    /// The shape that holds the constraint.
    pub shape: Term,
    /// The severity of the shape.
    pub severity: Severity,
    /// The messages of the shape by language tag (empty for text without a language); a short default where it has no
    /// `sh:message`.
    pub messages: BTreeMap<String, String>,
}

impl ValidationResult {
    /// Returns the local name of the component without `ConstraintComponent`: `MinCount`.
    ///
    /// ```
    /// # use powermap_rdf::{ValidationResult, Severity};
    /// # use oxigraph::model::NamedNode;
    /// # let node = NamedNode::new("http://a.example/x").unwrap();
    /// let component = NamedNode::new("http://www.w3.org/ns/shacl#MinCountConstraintComponent").unwrap();
    /// # let finding = ValidationResult { focus: node.clone().into(), path: None, value: None, component,
    /// #     shape: node.into(), severity: Severity::Violation, messages: Default::default() };
    /// assert_eq!(finding.component_name(), "MinCount");
    /// ```
    pub fn component_name(&self) -> &str {
        let iri = self.component.as_str();
        let local = iri.rsplit_once('#').map_or(iri, |(_, local)| local);
        local.strip_suffix("ConstraintComponent").unwrap_or(local)
    }
}

/// Adds the message of a language; where there is one already, the smaller text stays, so that order never matters.
pub(crate) fn add_message(messages: &mut BTreeMap<String, String>, tag: &str, text: &str) {
    let present = messages
        .entry(tag.to_owned())
        .or_insert_with(|| text.to_owned());
    if text < present.as_str() {
        text.clone_into(present);
    }
}
