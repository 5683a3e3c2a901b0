//! `VALUES`: rows in the text of the query.

use crate::sparql::engine::batch::{Batch, UNBOUND};
use crate::sparql::engine::plan::compiler::Compiler;
use crate::sparql::engine::plan::join::Allowed;
use crate::sparql::engine::plan::rows::NoPlan;
use crate::sparql::error::SparqlError;
use oxigraph::model::Variable;
use spargebra::term::GroundTerm;

/// More rows than this restrict nothing before they are joined.
const HINTS_MAX: usize = 256;

impl Compiler<'_, '_> {
    /// Returns the rows of `VALUES`.
    pub(crate) fn values(
        &mut self,
        variables: &[Variable],
        bindings: &[Vec<Option<GroundTerm>>],
    ) -> Result<Batch, NoPlan> {
        let slots: Vec<usize> = variables
            .iter()
            .map(|name| self.slot(name.as_str()))
            .collect();
        let mut batch = Batch::new(self.slots);
        batch.len = bindings.len();
        for (place, slot) in slots.into_iter().enumerate() {
            let numbers = bindings.iter().map(|row| self.given(row[place].as_ref()));
            batch.columns[slot] = numbers.collect::<Result<_, _>>()?;
        }
        Ok(batch)
    }

    /// Restricts the variables to the terms that the rows have for them, where they have one in each row.
    pub(crate) fn hint(
        &mut self,
        variables: &[Variable],
        bindings: &[Vec<Option<GroundTerm>>],
    ) -> Result<(), NoPlan> {
        if bindings.len() > HINTS_MAX {
            return Ok(());
        }
        for (place, name) in variables.iter().enumerate() {
            let slot = self.slot(name.as_str());
            let is_known = self.hints.iter().any(|hint| hint.slot == slot);
            if is_known || bindings.iter().any(|row| row[place].is_none()) {
                continue;
            }
            let numbers = bindings.iter().map(|row| self.given(row[place].as_ref()));
            let mut numbers = numbers.collect::<Result<Vec<u32>, _>>()?;
            numbers.sort_unstable();
            numbers.dedup();
            let ranges = numbers.into_iter().map(|number| number..number + 1);
            self.hints.push(Allowed {
                slot,
                ranges: ranges.collect(),
            });
        }
        Ok(())
    }

    fn given(&self, term: Option<&GroundTerm>) -> Result<u32, SparqlError> {
        match term {
            Some(GroundTerm::NamedNode(node)) => self.context.number_of_term(node.clone().into()),
            Some(GroundTerm::Literal(literal)) => {
                self.context.number_of_term(literal.clone().into())
            }
            None => Ok(UNBOUND),
        }
    }
}
