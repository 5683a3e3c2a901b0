//! Feeds rows into patterns where that is sound, and joins by hash elsewhere.
//!
//! Feeding is the same as joining solutions where each variable that both sides have is bound in every solution of
//! either, where no expression inside would see a variable that only the rows around have, and where nothing inside
//! depends on how often it is evaluated. Rows of which some lack a value are split; other patterns are evaluated alone,
//! and joined by the values that there are.

use crate::sparql::algebra::exists_patterns;
use crate::sparql::engine::plan::compiler::{Compiler, Make};
use crate::sparql::engine::plan::node::{Op, Source, Table};
use crate::sparql::engine::plan::rows::{NoPlan, Rows};
use crate::sparql::engine::plan::slots::Slots;
use crate::sparql::parameters::read_variables;
use spargebra::algebra::{Expression, GraphPattern};

/// Number of times that patterns are compiled once for rows with a value and once for rows without.
const SPLITS_MAX: usize = 12;

impl<'c, 'a> Compiler<'c, 'a> {
    /// Returns whether a pattern has the same solutions with rows fed into it as joined with them.
    pub(crate) fn can_be_fed(&mut self, pattern: &GraphPattern, rows: &Rows<'a>) -> bool {
        if !rows.is_unit && self.scopes.is_volatile(pattern) {
            return false;
        }
        if rows.scope.is_empty() {
            return true;
        }
        let (scope, is_certain) = (self.scope_of(pattern), self.certain_of(pattern));
        let mut shared = scope.intersection(&rows.scope);
        if shared.any(|slot| !is_certain.contains(&slot)) {
            return false;
        }
        match pattern {
            GraphPattern::Filter { expr, inner } => {
                let scope = self.scope_of(inner);
                self.reads_within(expr, &scope, rows)
            }
            GraphPattern::LeftJoin {
                left,
                right,
                expression: Some(expression),
            } => {
                let scope = &self.scope_of(left) | &self.scope_of(right);
                self.reads_within(expression, &scope, rows)
            }
            GraphPattern::Extend {
                inner,
                variable,
                expression,
            } => {
                let scope = self.scope_of(inner);
                !rows.scope.contains(&self.slot(variable.as_str()))
                    && self.reads_within(expression, &scope, rows)
            }
            _ => true,
        }
    }

    /// Returns whether an expression, with the patterns of `EXISTS` in it, reads only what is in scope, of the slots
    /// that rows around have. Inside of `EXISTS` it sees the values of the row that is looked at too.
    fn reads_within(&mut self, expression: &Expression, scope: &Slots, rows: &Rows<'a>) -> bool {
        let names = read_variables(expression);
        let mut read: Slots = names.iter().map(|name| self.slot(name)).collect();
        for pattern in exists_patterns(expression) {
            read = &read | &self.scope_of(pattern);
        }
        read.intersection(&rows.scope).all(|slot| {
            let is_substituted = |substituted: &Slots| substituted.contains(&slot);
            scope.contains(&slot) || self.substituted.as_ref().is_some_and(is_substituted)
        })
    }

    /// Feeds rows into what `make` compiles, which has a value for each of these slots; rows of which some lack one are
    /// split.
    pub(crate) fn feed(
        &mut self,
        slots: &Slots,
        rows: Rows<'a>,
        make: &mut Make<'_, 'c, 'a>,
    ) -> Result<Rows<'a>, NoPlan> {
        let is_open = |slot: &usize| !rows.bound.contains(slot);
        let Some(slot) = slots.intersection(&rows.scope).find(is_open) else {
            return make(self, rows);
        };
        self.splits += 1;
        if self.splits > SPLITS_MAX {
            return self.apart(rows, make);
        }
        // A waiting condition must not be consumed by one of the two branches.
        let waiting = std::mem::take(&mut self.waiting);
        let mut fed = rows.fed();
        fed.is_unit = false;
        fed.bound.insert(slot);
        let bound = self.feed(slots, fed, make)?;
        let mut fed = rows.fed();
        fed.is_unit = false;
        fed.scope.remove(&slot);
        let unbound = self.feed(slots, fed, make)?;
        self.waiting = waiting;
        Ok(Rows {
            node: Op::Split {
                input: Box::new(rows.node),
                slot,
                bound: Box::new(bound.node),
                unbound: Box::new(unbound.node),
            }
            .into(),
            scope: &bound.scope | &unbound.scope,
            bound: &bound.bound & &unbound.bound,
            is_unit: false,
        })
    }

    /// Joins rows by hash with those that `make` compiles from the unit row.
    pub(crate) fn apart(
        &mut self,
        rows: Rows<'a>,
        make: &mut Make<'_, 'c, 'a>,
    ) -> Result<Rows<'a>, NoPlan> {
        if self.substituted.is_some() {
            return Err(NoPlan::NotKnown(
                "EXISTS of a pattern that is more than a join",
            ));
        }
        let waiting = std::mem::take(&mut self.waiting);
        let table = make(self, Rows::unit())?;
        self.waiting = waiting;
        let source = Source::Plan(Box::new(table.node));
        Ok(self.join_table(rows, source, table.scope, table.bound))
    }

    /// Joins rows with rows that do not depend on them, `bound` the slots of these that have a value in each.
    pub(crate) fn join_table(
        &self,
        rows: Rows<'a>,
        source: Source<'a>,
        scope: Slots,
        bound: Slots,
    ) -> Rows<'a> {
        let (shared, open) = scope
            .intersection(&rows.scope)
            .partition(|slot| bound.contains(slot) && rows.bound.contains(slot));
        let table = Table {
            source,
            shared,
            open,
            slots: scope.iter().collect(),
        };
        Rows {
            node: Op::Table(Box::new(rows.node), table).into(),
            scope: &rows.scope | &scope,
            bound: &rows.bound | &bound,
            is_unit: false,
        }
    }
}
