//! Checking a map: what cannot be read, what counts itself, and what the claims about it are.

use crate::map::Map;
use crate::map::error::MapError;
use crate::map::refute::Refuted;
use crate::store::records::RecordProblem;
use oxigraph::model::{NamedNode, NamedOrBlankNode, Term};
use std::collections::BTreeSet;

/// Something that a check found.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// What it is.
    pub what: What,
    /// What it was found at.
    pub about: Term,
    /// The claims that say what is at fault, or are about it, sorted by id.
    pub claims: Vec<NamedOrBlankNode>,
}

/// The kinds of findings.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum What {
    /// A part of the text that cannot be read as a record, or not wholly.
    Record(RecordProblem),
    /// Amounts each of which is part of the next one's total, the last of the first's.
    TotalCycle(Vec<NamedNode>),
    /// What a check query found not to be so.
    Refuted(Refuted),
}

impl Map {
    /// What is wrong with the map, as far as it can be told without asking its sources.
    ///
    /// O(n log n) in the size of the map.
    ///
    /// ```
    /// use powermap::map::Map;
    /// use powermap::map::check::What;
    ///
    /// // The article contradicts itself in places, but all of it can be read.
    /// let findings = Map::built_in()?.check()?;
    /// assert!(findings.iter().all(|finding| matches!(finding.what, What::Refuted(_))));
    /// # Ok::<(), powermap::map::error::MapError>(())
    /// ```
    ///
    /// # Errors
    /// Those of the queries that check.
    pub fn check(&self) -> Result<Vec<Finding>, MapError> {
        let mut findings: Vec<_> = self
            .problems()
            .iter()
            .map(|problem| self.finding(problem.subject.clone(), What::Record(problem.clone())))
            .collect();
        for cycle in self.total_cycles() {
            let about = Term::from(cycle[0].clone());
            findings.push(self.finding(about, What::TotalCycle(cycle)));
        }
        findings.extend(self.refuted()?.into_iter().map(|refuted| Finding {
            about: refuted.about.clone(),
            claims: refuted.claims.clone(),
            what: What::Refuted(refuted),
        }));
        Ok(findings)
    }

    fn finding(&self, about: Term, what: What) -> Finding {
        let node = match &about {
            Term::NamedNode(node) => Some(NamedOrBlankNode::from(node.clone())),
            Term::BlankNode(node) => Some(node.clone().into()),
            _ => None,
        };
        let claims = self.records().claims.iter().filter(|(id, claim)| {
            Some(*id) == node.as_ref()
                || node.as_ref() == Some(&NamedOrBlankNode::from(claim.about.clone()))
        });
        Finding {
            what,
            claims: claims.map(|(id, _)| id.clone()).collect(),
            about,
        }
    }

    /// The rings of `pm:partOfTotal`, each from its smallest id, sorted.
    fn total_cycles(&self) -> Vec<Vec<NamedNode>> {
        let records = self.records();
        let total_of = |id: &NamedNode| {
            let edge = records.edges.get(id).and_then(|e| e.part_of_total.as_ref());
            edge.or_else(|| records.observations.get(id)?.part_of_total.as_ref())
        };
        let mut seen = BTreeSet::new();
        let mut cycles = Vec::new();
        for start in records.edges.keys().chain(records.observations.keys()) {
            let mut path: Vec<&NamedNode> = Vec::new();
            let mut next = Some(start);
            while let Some(id) = next {
                if let Some(at) = path.iter().position(|other| *other == id) {
                    let mut cycle: Vec<_> = path[at..].iter().map(|id| (*id).clone()).collect();
                    let smallest = cycle.iter().enumerate().min_by_key(|(_, id)| *id);
                    let places = smallest.map_or(0, |(place, _)| place);
                    cycle.rotate_left(places);
                    cycles.push(cycle);
                    break;
                }
                // Whatever this leads to was followed before.
                if !seen.insert(id) {
                    break;
                }
                path.push(id);
                next = total_of(id);
            }
        }
        cycles.sort();
        cycles
    }
}
