//! The named queries of the topic `checks`: what they refute in a map.

use crate::analysis::checks::Refuted;
use crate::catalogue::built_in::QUERIES;
use crate::catalogue::{Catalogue, NamedQuery};
use crate::map::base::Map;
use crate::map::error::MapError;
use oxigraph::model::{NamedOrBlankNode, Term};
use oxigraph::sparql::QuerySolution;
use powermap_rdf::{Evaluator, Results};
use rayon::prelude::*;
use std::sync::atomic::{AtomicBool, Ordering};

impl Map {
    /// Returns what the check queries refute, by the name of the query.
    ///
    /// A row counts if its verdict is `fails`, or the query gives refutations only and no verdicts. The queries run in
    /// parallel.
    ///
    /// # Errors
    /// Those of the queries.
    pub fn refuted(&self) -> Result<Vec<Refuted>, MapError> {
        self.refuted_until(&self.plain_evaluator(), &AtomicBool::new(false))
    }

    /// Runs the check queries until the flag is raised: then no further query is begun, and the error is [`MapError::Cancelled`].
    pub(crate) fn refuted_until(
        &self,
        evaluator: &Evaluator,
        cancel: &AtomicBool,
    ) -> Result<Vec<Refuted>, MapError> {
        // Once, before many queries ask for it at the same time.
        self.store()?;
        let checks = QUERIES
            .iter()
            .filter(|(path, _)| path.starts_with("queries/checks/"));
        let checks: Vec<_> = checks.collect();
        let found: Vec<_> = checks
            .par_iter()
            .map(|(path, text)| {
                if cancel.load(Ordering::Relaxed) {
                    return Err(MapError::Cancelled);
                }
                let catalogue = Catalogue::from_sources([(path, text)])?;
                let mut found = Vec::new();
                for entry in catalogue.entries() {
                    found.extend(self.refuted_by(entry, evaluator)?);
                }
                Ok(found)
            })
            .collect::<Result<_, MapError>>()?;
        Ok(found.into_iter().flatten().collect())
    }

    /// Returns what one check query refutes.
    pub(crate) fn refuted_by_check(&self, name: &str) -> Result<Vec<Refuted>, MapError> {
        let evaluator = self.plain_evaluator();
        let path = format!("queries/checks/{name}.rq");
        let mut found = Vec::new();
        for (path, text) in QUERIES.iter().filter(|(known, _)| *known == path) {
            let catalogue = Catalogue::from_sources([(*path, *text)])?;
            for entry in catalogue.entries() {
                found.extend(self.refuted_by(entry, &evaluator)?);
            }
        }
        Ok(found)
    }

    fn refuted_by(
        &self,
        entry: &NamedQuery,
        evaluator: &Evaluator,
    ) -> Result<Vec<Refuted>, MapError> {
        let Results::Solutions(rows) = self.ask_with(entry, &[], evaluator)? else {
            return Ok(Vec::new());
        };
        let mut found: Vec<Refuted> = Vec::new();
        for row in rows {
            // Rows that differ in nothing that is reported are one finding.
            if let Some(refuted) = refuted(entry, &row?)
                && !found.contains(&refuted)
            {
                found.push(refuted);
            }
        }
        Ok(found)
    }
}

fn refuted(entry: &NamedQuery, row: &QuerySolution) -> Option<Refuted> {
    let text = |name: &str| match row.get(name) {
        Some(Term::Literal(literal)) => Some(literal.value().to_owned()),
        _ => None,
    };
    let has_verdict = row.variables().iter().any(|v| v.as_str() == "verdict");
    if has_verdict && text("verdict").as_deref() != Some("fails") {
        return None;
    }
    let claim = |name: &str| match row.get(name) {
        Some(Term::NamedNode(node)) => Some(NamedOrBlankNode::from(node.clone())),
        Some(Term::BlankNode(node)) => Some(node.clone().into()),
        _ => None,
    };
    let mut claims: Vec<_> = ["claim_a", "claim_b"]
        .into_iter()
        .filter_map(claim)
        .collect();
    claims.dedup();
    Some(Refuted {
        query: entry.name.clone(),
        question: entry.header.summary.clone(),
        question_zh: entry.header.summary_zh.clone(),
        about: row.get("about")?.clone(),
        metric: match row.get("metric") {
            Some(Term::NamedNode(metric)) => Some(metric.clone()),
            _ => None,
        },
        claims,
        found: text("found"),
        expected: text("expected"),
        reason: text("reason").unwrap_or_default(),
    })
}
