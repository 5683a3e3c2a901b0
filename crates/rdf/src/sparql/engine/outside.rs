//! Evaluates expressions that this engine does not support by the general evaluator, spareval.
//!
//! It reads the rows of a batch as a graph: each row is a node with a property for each column. So it works on the same
//! numbers of terms, and only terms that the expression reads are built.

use crate::sparql::engine::batch::{Batch, UNBOUND};
use crate::sparql::engine::context::Context;
use crate::sparql::error::SparqlError;
use crate::sparql::nesting;
use crate::store::compiled::dataset::CompiledDataset;
use crate::store::error::StoreError;
use crate::store::query_term::QueryTerm;
use oxigraph::model::{Literal, NamedNode, Term, Variable};
use oxigraph::sparql::{QueryEvaluationError, QueryResults};
use spareval::{ExpressionTerm, InternalQuad, QueryableDataset};
use spargebra::Query;
use spargebra::algebra::{Expression, GraphPattern};
use spargebra::term::{NamedNodePattern, TermPattern, TriplePattern};
use std::num::NonZeroU64;
use std::rc::Rc;

/// The namespace of the properties of a row; no prefix expands to it.
const COLUMN: &str = "urn:x-powermap:column:";
/// The name of a variable that no query can contain.
const ROW: &str = " row";
const VALUE: &str = " value";

/// Returns the number of the value of an expression in each row; [`UNBOUND`] where it is an error.
pub(crate) fn values(
    context: &Context<'_>,
    expression: &Expression,
    columns: &[(Variable, usize)],
    batch: &Batch,
) -> Result<Vec<u32>, SparqlError> {
    let mut found = vec![UNBOUND; batch.len];
    let inner = GraphPattern::Extend {
        inner: Box::new(rows_pattern(columns, batch)),
        variable: variable(VALUE),
        expression: expression.clone(),
    };
    let variables = vec![variable(ROW), variable(VALUE)];
    // Each column may be a level.
    let levels = columns.len() + nesting::levels(&inner);
    nesting::with_room(levels, || {
        run(context, inner, variables, batch, columns, |row, value| {
            if let Some(value) = value {
                found[row] = context.number_of_term(value.clone())?;
            }
            Ok(())
        })
    })?;
    Ok(found)
}

fn variable(name: &str) -> Variable {
    Variable::new_unchecked(name)
}

/// Returns the pattern whose solutions are the rows.
pub(crate) fn rows_pattern(columns: &[(Variable, usize)], batch: &Batch) -> GraphPattern {
    let triple = |place: usize, object: &Variable| TriplePattern {
        subject: TermPattern::Variable(variable(ROW)),
        predicate: NamedNodePattern::NamedNode(NamedNode::new_unchecked(format!(
            "{COLUMN}{place}"
        ))),
        object: TermPattern::Variable(object.clone()),
    };
    // The extra last column has a value in each row.
    let mut patterns = vec![triple(columns.len(), &variable(" any"))];
    let mut optional = Vec::new();
    for (place, (name, slot)) in columns.iter().enumerate() {
        let column = &batch.columns[*slot];
        if column.is_empty() {
            continue;
        }
        if column.contains(&UNBOUND) {
            optional.push(triple(place, name));
        } else {
            patterns.push(triple(place, name));
        }
    }
    let mut pattern = GraphPattern::Bgp { patterns };
    for triple in optional {
        pattern = GraphPattern::LeftJoin {
            left: Box::new(pattern),
            right: Box::new(GraphPattern::Bgp {
                patterns: vec![triple],
            }),
            expression: None,
        };
    }
    pattern
}

fn run(
    context: &Context<'_>,
    inner: GraphPattern,
    variables: Vec<Variable>,
    batch: &Batch,
    columns: &[(Variable, usize)],
    mut each: impl FnMut(usize, Option<&Term>) -> Result<(), SparqlError>,
) -> Result<(), SparqlError> {
    let query = Query::Select {
        dataset: None,
        pattern: GraphPattern::Project {
            inner: Box::new(inner),
            variables,
        },
        base_iri: context.base_iri.clone(),
    };
    let columns = columns.iter().map(|(_, slot)| &batch.columns[*slot]);
    let columns = columns.cloned().collect();
    let dataset = RowsDataset::new(context.dataset.clone(), columns, batch.len);
    let prepared = context.evaluator.prepare(&query);
    let failed = |error| match error {
        QueryEvaluationError::Cancelled => SparqlError::Cancelled,
        error => SparqlError::Evaluation(error),
    };
    let results = prepared.execute(dataset).map_err(failed)?;
    if let QueryResults::Solutions(solutions) = results {
        for solution in solutions {
            // A pattern of `REGEX` that differs from row to row may take long to compile.
            context.check()?;
            let solution = solution.map_err(failed)?;
            if let Some(Term::Literal(row)) = solution.get(0)
                && let Ok(row) = row.value().parse()
            {
                each(row, solution.get(1))?;
            }
        }
    }
    Ok(())
}

/// A row or the number of a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Cell(NonZeroU64);

const A_ROW: u64 = 1 << 40;
const A_COLUMN: u64 = 1 << 41;

impl Cell {
    fn number(number: u32) -> Option<Self> {
        NonZeroU64::new(u64::from(number.wrapping_add(1))).map(Self)
    }

    fn marked(mark: u64, place: usize) -> Self {
        Self(NonZeroU64::MIN.saturating_add(mark + place as u64 - 1))
    }

    fn place(self, mark: u64) -> Option<usize> {
        (self.0.get() & mark != 0).then(|| (self.0.get() & !mark) as usize)
    }

    fn term(self) -> Option<QueryTerm> {
        QueryTerm::of_number((self.0.get() as u32).wrapping_sub(1))
    }
}

/// A batch as a graph.
#[derive(Clone)]
pub(crate) struct RowsDataset<'a> {
    terms: CompiledDataset<'a>,
    rows: usize,
    columns: Rc<[Vec<u32>]>,
}

impl<'a> RowsDataset<'a> {
    pub(crate) fn new(terms: CompiledDataset<'a>, columns: Rc<[Vec<u32>]>, rows: usize) -> Self {
        Self {
            terms,
            rows,
            columns,
        }
    }

    fn object(&self, row: usize, column: usize) -> Option<Cell> {
        match self.columns.get(column) {
            Some(values) => Cell::number(values.get(row).copied().unwrap_or(UNBOUND)),
            None => Some(Cell::marked(A_ROW, row)),
        }
    }
}

impl<'a> QueryableDataset<'a> for RowsDataset<'a> {
    type InternalTerm = Cell;
    type Error = StoreError;

    fn internal_quads_for_pattern(
        &self,
        subject: Option<&Cell>,
        predicate: Option<&Cell>,
        object: Option<&Cell>,
        _: Option<Option<&Cell>>,
    ) -> impl Iterator<Item = Result<InternalQuad<Cell>, StoreError>> + use<'a> {
        let column = predicate.and_then(|cell| cell.place(A_COLUMN));
        let rows = match (column, subject) {
            (None, _) => 0..0,
            (_, None) => 0..self.rows,
            (_, Some(cell)) => match cell.place(A_ROW) {
                Some(row) if row < self.rows => row..row + 1,
                _ => 0..0,
            },
        };
        let (all, wanted) = (self.clone(), object.copied());
        rows.filter_map(move |row| {
            let column = column?;
            let object = all.object(row, column)?;
            wanted.is_none_or(|wanted| wanted == object).then(|| {
                Ok(InternalQuad {
                    subject: Cell::marked(A_ROW, row),
                    predicate: Cell::marked(A_COLUMN, column),
                    object,
                    graph_name: None,
                })
            })
        })
    }

    fn internalize_term(&self, term: Term) -> Result<Cell, StoreError> {
        if let Term::NamedNode(node) = &term
            && let Some(column) = node.as_str().strip_prefix(COLUMN)
            && let Ok(column) = column.parse()
        {
            return Ok(Cell::marked(A_COLUMN, column));
        }
        let number = self.terms.internalize_term(term)?.number();
        Ok(Cell::number(number).unwrap_or(Cell(NonZeroU64::MIN)))
    }

    fn externalize_term(&self, cell: Cell) -> Result<Term, StoreError> {
        if let Some(row) = cell.place(A_ROW) {
            return Ok(Literal::from(row as u64).into());
        }
        match cell.term() {
            Some(term) => self.terms.externalize_term(term),
            None => Ok(Literal::from(0).into()),
        }
    }

    fn externalize_expression_term(&self, cell: Cell) -> Result<ExpressionTerm, StoreError> {
        match cell.term() {
            Some(term) if cell.place(A_ROW).is_none() => {
                self.terms.externalize_expression_term(term)
            }
            _ => Ok(self.externalize_term(cell)?.into()),
        }
    }

    fn internalize_expression_term(&self, term: ExpressionTerm) -> Result<Cell, StoreError> {
        let number = self.terms.internalize_expression_term(term)?.number();
        Ok(Cell::number(number).unwrap_or(Cell(NonZeroU64::MIN)))
    }
}
