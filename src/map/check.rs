//! Checking a map: what cannot be read, what has not the right shape, and what the check queries refute.

use crate::analysis::checks::Refuted;
use crate::map::base::Map;
use crate::map::built_in;
use crate::map::error::MapError;
use crate::model::vocabulary::{PREFIXES, compact, pm};
use crate::records::RecordProblem;
use oxigraph::model::{NamedOrBlankNode, Term};
use powermap_rdf::{Format, ReadStore, Shapes, ValidationResult, rdf};
use std::collections::HashSet;

/// Something that a check found.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The kind of finding.
    pub kind: FindingKind,
    /// The thing that it is about.
    pub about: Term,
    /// The claims that say what is at fault, or are about it, sorted by id.
    pub claims: Vec<NamedOrBlankNode>,
}

/// The kinds of findings.
#[derive(Debug, Clone, PartialEq)]
pub enum FindingKind {
    /// A part of the text that cannot be read as a record, or not wholly.
    Record(RecordProblem),
    /// A place that does not keep to the shapes of the ontology.
    Shape(ValidationResult),
    /// A statement that a check query refutes.
    Refuted(Refuted),
}

/// The path from an edge to the schemes of its kind.
const KIND_SCHEME: &str = "pm:kind/skos:inScheme";

impl Map {
    /// Returns what is wrong with the map, as far as can be found without asking its sources.
    ///
    /// O(n log n) in the size of the map.
    ///
    /// ```
    /// use powermap::Map;
    /// use powermap::map::FindingKind;
    ///
    /// // The article contradicts itself in places, but all of it can be read.
    /// let findings = Map::built_in()?.check()?;
    /// assert!(findings.iter().all(|finding| matches!(finding.kind, FindingKind::Refuted(_))));
    /// # Ok::<(), powermap::MapError>(())
    /// ```
    ///
    /// # Errors
    /// Those of the queries that check, and of [`Map::records`].
    pub fn check(&self) -> Result<Vec<Finding>, MapError> {
        let mut findings: Vec<Finding> = self
            .problems()?
            .iter()
            .map(|problem| {
                self.finding(
                    problem.subject.clone(),
                    FindingKind::Record(problem.clone()),
                )
            })
            .collect::<Result<_, MapError>>()?;
        let unread = self.problems()?.iter();
        let unread = unread.filter_map(|problem| {
            let property = compact(problem.property.as_ref()?.as_str());
            Some((problem.subject.clone(), property))
        });
        let unread: HashSet<(Term, String)> = unread.collect();
        for finding in self.misshapen()? {
            if self.is_said_already(&finding, &unread)? {
                continue;
            }
            findings.push(self.finding(finding.focus.clone(), FindingKind::Shape(finding))?);
        }
        findings.extend(self.refuted()?.into_iter().map(|refuted| Finding {
            about: refuted.about.clone(),
            claims: refuted.claims.clone(),
            kind: FindingKind::Refuted(refuted),
        }));
        Ok(findings)
    }

    /// Returns whether something else says what a shape does: that a value cannot be read, or that an edge has no kind.
    fn is_said_already(
        &self,
        finding: &ValidationResult,
        unread: &HashSet<(Term, String)>,
    ) -> Result<bool, MapError> {
        let Some(path) = &finding.path else {
            return Ok(false);
        };
        if finding.value.is_some() && unread.contains(&(finding.focus.clone(), path.clone())) {
            return Ok(true);
        }
        let Term::NamedNode(focus) = &finding.focus else {
            return Ok(false);
        };
        let edge = self.records()?.edges.get(focus);
        Ok(path == KIND_SCHEME && edge.is_some_and(|edge| edge.kind.is_none()))
    }

    /// Where the text, together with the ontology, does not keep to the shapes. The board is derived and not looked at.
    fn misshapen(&self) -> Result<Vec<ValidationResult>, MapError> {
        let quads = rdf::parse(built_in::SHAPES.as_bytes(), Format::Turtle, "shapes.ttl")?;
        let mut graphs = self.text.graph_names();
        graphs.retain(|graph| *graph != NamedOrBlankNode::from(pm::BOARD.into_owned()));
        let dataset = self.text.dataset_with_default(&graphs);
        Ok(Shapes::parse(quads, PREFIXES.clone())?.validate(dataset)?)
    }

    fn finding(&self, about: Term, kind: FindingKind) -> Result<Finding, MapError> {
        let node = match &about {
            Term::NamedNode(node) => Some(NamedOrBlankNode::from(node.clone())),
            Term::BlankNode(node) => Some(node.clone().into()),
            _ => None,
        };
        let claims = self.records()?.claims.iter().filter(|(id, claim)| {
            Some(*id) == node.as_ref()
                || node.as_ref() == Some(&NamedOrBlankNode::from(claim.about.clone()))
        });
        Ok(Finding {
            kind,
            claims: claims.map(|(id, _)| id.clone()).collect(),
            about,
        })
    }
}
