//! The context of calls: the position, the store, and an evaluator.

use crate::analysis::position::Position;
use crate::analysis::source_error::SourceError;
use crate::callable::block::{Block, Layer};
use crate::callable::error::CallError;
use crate::callable::request::{Sink, Table, table_iri};
use oxigraph::model::Variable;
use powermap_rdf::{Call, Cancellation, Evaluator, ReadStore, Results, Service, ServiceAnswer};
use spargebra::Query;
use spargebra::algebra::GraphPattern;
use std::error::Error;
use std::sync::Arc;

/// Makes the position when a query calls.
pub(crate) type Lazy<T> = dyn Fn() -> Result<T, SourceError> + Send + Sync;

/// A position, its store, and an evaluator for the rest of a block, apart from the call.
pub(crate) struct Context<S> {
    pub(crate) position: Box<Lazy<Position>>,
    pub(crate) store: Box<Lazy<S>>,
    pub(crate) evaluator: Evaluator,
}

impl<S: ReadStore> Context<S> {
    pub(crate) fn position(&self) -> Result<Position, CallError> {
        (self.position)().map_err(CallError::Records)
    }

    /// Returns the rows of `VALUES` in a block; one empty row if there are none.
    pub(crate) fn table(
        &self,
        block: &Block,
        cancellation: &Cancellation,
    ) -> Result<Table, CallError> {
        let Some(pattern) = joined(block.tables.clone()) else {
            return Ok(Table::unit());
        };
        self.select(pattern, &self.evaluator, cancellation)
    }

    /// Returns the rows of a pattern, with all of its variables.
    pub(crate) fn rows(
        &self,
        pattern: GraphPattern,
        cancellation: &Cancellation,
    ) -> Result<Table, CallError> {
        self.select(pattern, &self.evaluator, cancellation)
    }

    /// Returns the rows of a call as the evaluator wants them: with `FILTER` and `BIND` over them.
    pub(crate) fn finish(
        &self,
        sink: Sink<'_>,
        layers: Vec<Layer>,
        cancellation: &Cancellation,
    ) -> Result<Table, CallError> {
        for layer in &layers {
            layer.check_over_rows()?;
        }
        if layers.is_empty() {
            return Ok(sink.table);
        }
        let evaluator = self.evaluator.clone();
        let evaluator = evaluator.with_service(&table_iri(), Arc::new(Rows(sink.table)));
        let rows = GraphPattern::Service {
            name: table_iri().into(),
            inner: Box::new(GraphPattern::Bgp {
                patterns: Vec::new(),
            }),
            silent: false,
        };
        let pattern = layers
            .into_iter()
            .fold(rows, |inner, layer| layer.over(inner));
        self.select(pattern, &evaluator, cancellation)
    }

    fn select(
        &self,
        pattern: GraphPattern,
        evaluator: &Evaluator,
        cancellation: &Cancellation,
    ) -> Result<Table, CallError> {
        let query = Query::Select {
            dataset: None,
            pattern,
            base_iri: None,
        };
        let evaluator = evaluator.clone().within(cancellation);
        let store = (self.store)().map_err(CallError::Records)?;
        let results = evaluator.evaluate(store.dataset(), query, &[])?;
        let Results::Solutions(rows) = results else {
            return Ok(Table::default());
        };
        let variables = rows.variables().to_vec();
        let rows = rows.map(|row| Ok(row?.values().to_vec()));
        let rows = rows.collect::<Result<_, CallError>>()?;
        Ok(Table { variables, rows })
    }
}

/// Returns the join of patterns; nothing if there are none.
pub(crate) fn joined(patterns: impl IntoIterator<Item = GraphPattern>) -> Option<GraphPattern> {
    patterns
        .into_iter()
        .reduce(|left, right| GraphPattern::Join {
            left: Box::new(left),
            right: Box::new(right),
        })
}

/// Returns the pattern with these variables only.
pub(crate) fn projected(pattern: GraphPattern, variables: Vec<Variable>) -> GraphPattern {
    GraphPattern::Project {
        inner: Box::new(pattern),
        variables,
    }
}

/// A service that gives the rows of a table.
struct Rows(Table);

impl Service for Rows {
    fn call(&self, _: &Call<'_>) -> Result<ServiceAnswer, Box<dyn Error + Send + Sync>> {
        Ok(ServiceAnswer {
            variables: self.0.variables.clone(),
            rows: self.0.rows.clone(),
            notices: Vec::new(),
        })
    }
}
