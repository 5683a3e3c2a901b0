//! `CONSTRUCT`: the evaluator of the whole standard fills the template in, from rows that were found on columns.

use crate::sparql::engine::Found;
use crate::sparql::engine::outside::{RowsDataset, rows_pattern};
use oxigraph::model::Variable;
use oxigraph::sparql::{QueryEvaluationError, QueryResults, QueryTripleIter};
use spargebra::Query;
use spargebra::algebra::GraphPattern;
use spargebra::term::{NamedNodePattern, TermPattern, TriplePattern};
use std::collections::BTreeSet;

/// The pattern with the columns that a template reads, and no others.
pub(crate) fn columns_of(pattern: &GraphPattern, template: &[TriplePattern]) -> GraphPattern {
    let mut read = BTreeSet::new();
    for triple in template {
        for end in [&triple.subject, &triple.object] {
            if let TermPattern::Variable(name) = end {
                read.insert(name.clone());
            }
        }
        if let NamedNodePattern::Variable(name) = &triple.predicate {
            read.insert(name.clone());
        }
    }
    GraphPattern::Project {
        inner: Box::new(pattern.clone()),
        variables: read.into_iter().collect(),
    }
}

impl<'a> Found<'a> {
    /// The triples of a template, made while they are read.
    pub(crate) fn triples(
        self,
        template: &[TriplePattern],
    ) -> Result<QueryTripleIter<'a>, QueryEvaluationError> {
        let columns: Vec<(Variable, usize)> =
            self.variables.iter().cloned().zip(self.slots).collect();
        let query = Query::Construct {
            template: template.to_vec(),
            dataset: None,
            pattern: rows_pattern(&columns, &self.rows),
            base_iri: None,
        };
        let rows = RowsDataset::new(self.context.dataset, &columns, &self.rows);
        match self.context.evaluator.prepare(&query).execute(rows)? {
            QueryResults::Graph(triples) => Ok(triples),
            _ => Ok(QueryTripleIter::new(std::iter::empty())),
        }
    }
}
