//! `SERVICE` blocks: joins with the answers of services, which were called before.

use crate::sparql::engine::batch::{Batch, UNBOUND};
use crate::sparql::engine::plan::compiler::Compiler;
use crate::sparql::engine::plan::node::Source;
use crate::sparql::engine::plan::rows::{NoPlan, Rows};
use crate::sparql::engine::plan::slots::Slots;
use crate::sparql::memory::Holder;
use crate::sparql::service::Kept;
use spargebra::term::NamedNodePattern;

impl<'a> Compiler<'_, 'a> {
    /// Returns the answer to a call, if a service gave one.
    pub(crate) fn answer(&self, name: &NamedNodePattern) -> Option<&Kept> {
        match name {
            NamedNodePattern::NamedNode(name) => self.context.answers.get(name.as_str()),
            NamedNodePattern::Variable(_) => None,
        }
    }

    /// Joins rows with an answer.
    pub(crate) fn service(
        &mut self,
        name: &NamedNodePattern,
        rows: Rows<'a>,
    ) -> Result<Rows<'a>, NoPlan> {
        // The general evaluator reports the error.
        let answer = self.answer(name).cloned();
        let answer = answer.ok_or(NoPlan::NotKnown("SERVICE of a name that is not known"))?;
        let variables = answer.variables.iter();
        let slots: Vec<usize> = variables.map(|name| self.slot(name.as_str())).collect();
        let mut batch = Batch::new(self.slots);
        batch.len = answer.rows.len();
        let bytes = answer.rows.len() * slots.len() * size_of::<u32>();
        self.context.memory.keep(Holder::Service, bytes)?;
        for (place, slot) in slots.iter().enumerate() {
            let numbers = answer.rows.iter().map(|row| match &row[place] {
                Some(term) => self.context.number_of_term(term.clone()),
                None => Ok(UNBOUND),
            });
            batch.columns[*slot] = numbers.collect::<Result<_, _>>()?;
        }
        let is_full = |slot: &usize| !batch.columns[*slot].contains(&UNBOUND);
        let bound = slots.iter().copied().filter(is_full).collect();
        let scope: Slots = slots.into_iter().collect();
        Ok(self.join_table(rows, Source::Rows(batch), scope, bound))
    }
}
