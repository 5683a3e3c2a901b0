//! A call once its block has been read: which parameters have which values, and where the values of its rows go.

use crate::callable::block::Block;
use crate::callable::error::CallError;
use crate::callable::signature::{Signature, Slot};
use crate::callable::values::is_same;
use indexmap::IndexMap;
use oxigraph::model::{NamedNode, Term, Variable};
use spargebra::term::TermPattern;
use std::collections::BTreeSet;

/// The most rows that a call gives.
pub(crate) const ROWS_MAX: usize = 1_000_000;

/// The parameters and columns that a block names.
#[derive(Debug, Default)]
pub(crate) struct Request {
    /// Parameters with a value, by their place in the signature.
    constants: Vec<(usize, Term)>,
    /// Parameters with a variable that the block gives values to.
    variables: Vec<(usize, Variable)>,
    /// The columns that are asked for.
    pub(crate) columns: Vec<(Slot, Wanted)>,
}

/// What the value of a column is for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Wanted {
    /// It is bound to a variable.
    Variable(Variable),
    /// It has to be this one.
    Constant(Term),
}

/// The values of the parameters of one run, by their place in the signature.
pub(crate) type Given = Vec<(usize, Term)>;

/// Rows of values for variables.
#[derive(Debug, Default, Clone)]
pub(crate) struct Table {
    pub(crate) variables: Vec<Variable>,
    pub(crate) rows: Vec<Vec<Option<Term>>>,
}

impl Table {
    /// Returns a table of one row without variables.
    pub(crate) fn unit() -> Self {
        Self {
            variables: Vec::new(),
            rows: vec![Vec::new()],
        }
    }
}

impl Request {
    /// Separates parameters from columns. A name that is both is a parameter where it has a value.
    ///
    /// # Errors
    /// A property that is neither, and a parameter with a variable that has no value.
    pub(crate) fn read(
        block: &Block,
        tables: &BTreeSet<Variable>,
        signature: &Signature,
    ) -> Result<Self, CallError> {
        let mut request = Self::default();
        for (name, object) in &block.properties {
            let (parameter, column) = (signature.parameter(name), signature.column(name));
            let constant = match object {
                TermPattern::NamedNode(iri) => Some(Term::from(iri.clone())),
                TermPattern::Literal(literal) => Some(Term::from(literal.clone())),
                _ => None,
            };
            match (parameter, column, object) {
                (None, None, _) => return Err(signature.unknown(name)),
                (Some(parameter), _, TermPattern::Variable(v)) if tables.contains(v) => {
                    request.variables.push((parameter, v.clone()));
                }
                (_, Some(column), TermPattern::Variable(variable)) => {
                    let wanted = Wanted::Variable(variable.clone());
                    request.columns.push((column, wanted));
                }
                // A blank node is a variable that nobody reads.
                (_, Some(_), TermPattern::BlankNode(_)) => {}
                (parameter, column, _) => match (parameter, column, constant) {
                    (Some(parameter), _, Some(term)) => request.constants.push((parameter, term)),
                    (_, Some(column), Some(term)) => {
                        request.columns.push((column, Wanted::Constant(term)));
                    }
                    _ => {
                        return Err(CallError::Unbound {
                            name: name.clone(),
                            variable: object.to_string().trim_start_matches('?').to_owned(),
                        });
                    }
                },
            }
        }
        Ok(request)
    }

    /// Returns the runs that the rows of a table ask for, each with the rows that it is for.
    pub(crate) fn runs(&self, table: &Table) -> IndexMap<Given, Vec<usize>> {
        let mut runs: IndexMap<Given, Vec<usize>> = IndexMap::new();
        for (number, row) in table.rows.iter().enumerate() {
            let mut given = self.constants.clone();
            for (parameter, variable) in &self.variables {
                let place = table.variables.iter().position(|v| v == variable);
                // What is UNDEF is not given.
                let value = place.and_then(|place| row[place].clone());
                given.extend(value.map(|value| (*parameter, value)));
            }
            runs.entry(given).or_default().push(number);
        }
        runs
    }

    /// Returns whether each row of an answer gives at least one row.
    pub(crate) fn keeps_all(&self, table: &Table) -> bool {
        let mut seen: BTreeSet<_> = table.variables.iter().collect();
        self.columns.iter().all(|(_, wanted)| match wanted {
            Wanted::Variable(variable) => seen.insert(variable),
            Wanted::Constant(_) => false,
        })
    }
}

/// The rows of a call while they are made.
#[derive(Debug)]
pub(crate) struct Sink<'a> {
    columns: &'a [(Slot, Wanted)],
    /// For each column the place of its variable.
    places: Vec<Option<usize>>,
    pub(crate) table: Table,
    /// How many rows are enough.
    enough: usize,
}

impl<'a> Sink<'a> {
    /// Returns a sink for the columns of a request and the variables of a table.
    pub(crate) fn new(request: &'a Request, table: &Table, rows_wanted: Option<usize>) -> Self {
        let mut variables = table.variables.clone();
        let mut places = Vec::new();
        for (_, wanted) in &request.columns {
            let Wanted::Variable(variable) = wanted else {
                places.push(None);
                continue;
            };
            let known = variables.iter().position(|v| v == variable);
            places.push(Some(known.unwrap_or_else(|| {
                variables.push(variable.clone());
                variables.len() - 1
            })));
        }
        let rows = Vec::new();
        Self {
            columns: &request.columns,
            places,
            table: Table { variables, rows },
            enough: rows_wanted.unwrap_or(usize::MAX),
        }
    }

    /// Returns whether there are as many rows as the query can use.
    pub(crate) fn is_full(&self) -> bool {
        self.table.rows.len() >= self.enough
    }

    /// Adds the rows that a row of a table and one of an answer make: one for each choice of the values of a column.
    ///
    /// # Errors
    /// [`CallError::TooManyRows`].
    pub(crate) fn add(
        &mut self,
        base: &[Option<Term>],
        mut values: impl FnMut(Slot) -> Vec<Term>,
    ) -> Result<(), CallError> {
        let mut row = base.to_vec();
        row.resize(self.table.variables.len(), None);
        // A variable is settled by the table or by the first of its columns, even if that has no value.
        let settled: Vec<_> = row.iter().map(Option::is_some).collect();
        let mut found = vec![(row, settled)];
        for (column, (slot, wanted)) in self.columns.iter().enumerate() {
            let values = values(*slot);
            if let Wanted::Constant(term) = wanted {
                if !values.iter().any(|value| is_same(value, term)) {
                    return Ok(());
                }
                continue;
            }
            let Some(place) = self.places[column] else {
                continue;
            };
            let mut next = Vec::new();
            for (row, settled) in found {
                if settled[place] {
                    let fits = match &row[place] {
                        Some(known) => values.iter().any(|value| is_same(value, known)),
                        None => values.is_empty(),
                    };
                    if fits {
                        next.push((row, settled));
                    }
                    continue;
                }
                let mut settled = settled;
                settled[place] = true;
                if values.is_empty() {
                    next.push((row, settled));
                    continue;
                }
                if self.table.rows.len() + next.len() + values.len() > ROWS_MAX {
                    return Err(CallError::TooManyRows { most: ROWS_MAX });
                }
                for value in &values {
                    let mut row = row.clone();
                    row[place] = Some(value.clone());
                    next.push((row, settled.clone()));
                }
            }
            found = next;
        }
        self.table
            .rows
            .extend(found.into_iter().map(|(row, _)| row));
        if self.table.rows.len() > ROWS_MAX {
            return Err(CallError::TooManyRows { most: ROWS_MAX });
        }
        Ok(())
    }
}

/// Returns the IRI by which a pattern reads a table that is there already.
pub(crate) fn table_iri() -> NamedNode {
    NamedNode::new_unchecked("urn:x-powermap:table")
}
