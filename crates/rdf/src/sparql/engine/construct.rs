//! `CONSTRUCT`: the general evaluator, spareval, fills in the template, from rows that were found on columns.

use crate::sparql::bytes::triple_bytes;
use crate::sparql::engine::found::Found;
use crate::sparql::engine::outside::{RowsDataset, rows_pattern};
use crate::sparql::memory::Holder;
use crate::sparql::nesting;
use oxigraph::model::Variable;
use oxigraph::sparql::{QueryEvaluationError, QueryResults, QueryTripleIter};
use spargebra::Query;
use spargebra::algebra::GraphPattern;
use spargebra::term::{NamedNodePattern, TermPattern, TriplePattern};
use std::collections::BTreeSet;

/// The number of triples that the general evaluator remembers to skip duplicates, before it forgets them all.
const TRIPLES_REMEMBERED: usize = 1 << 20;

/// Returns the pattern with the columns that a template reads, and no others.
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
    /// Returns the triples of a template, made while they are read.
    pub(crate) fn triples(
        mut self,
        template: &[TriplePattern],
    ) -> Result<QueryTripleIter<'a>, QueryEvaluationError> {
        let columns: Vec<(Variable, usize)> =
            self.variables.iter().cloned().zip(self.slots).collect();
        let pattern = rows_pattern(&columns, &self.rows);
        // Each column may be a level.
        let levels = columns.len() + nesting::levels(&pattern);
        let query = Query::Construct {
            template: template.to_vec(),
            dataset: None,
            pattern,
            base_iri: None,
        };
        let columns = columns.iter();
        let columns = columns.map(|(_, slot)| std::mem::take(&mut self.rows.columns[*slot]));
        let rows = RowsDataset::new(self.context.dataset, columns.collect(), self.rows.len);
        let evaluator = self.context.evaluator;
        let results = nesting::with_room(levels, || evaluator.prepare(&query).execute(rows))?;
        let QueryResults::Graph(mut triples) = results else {
            return Ok(QueryTripleIter::new(std::iter::empty()));
        };
        let mut held = self.context.memory.hold(Holder::Triples);
        let mut count = 0usize;
        Ok(QueryTripleIter::new(std::iter::from_fn(move || {
            let triple = nesting::with_room(levels, || triples.next())?;
            Some(triple.and_then(|triple| {
                count += 1;
                let counted = match count.is_multiple_of(TRIPLES_REMEMBERED) {
                    true => held.set(0),
                    false => held.add(triple_bytes(&triple.predicate, &triple.object)),
                };
                counted.map_err(|error| QueryEvaluationError::Dataset(Box::new(error)))?;
                Ok(triple)
            }))
        })))
    }
}
