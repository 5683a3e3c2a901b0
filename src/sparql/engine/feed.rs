//! Whether rows can be fed into a pattern, and what is done where they cannot.
//!
//! Feeding is the same as joining solutions where each variable that both sides have is bound in every solution of
//! either, where no expression inside would see a variable that only the rows around have, and where nothing inside
//! depends on how often it is evaluated. Rows of which some lack
//! a value are split; other patterns are evaluated apart, and joined by the values that there are.

use crate::sparql::algebra::in_scope_variables;
use crate::sparql::engine::certain::certain;
use crate::sparql::engine::compile::{Compiler, NoPlan, Rows};
use crate::sparql::engine::expressions::exists_patterns;
use crate::sparql::engine::plan::Node;
use crate::sparql::engine::table::{Source, Table};
use crate::sparql::engine::volatile::has_volatile;
use crate::sparql::parameters::read_variables;
use spargebra::algebra::{Expression, GraphPattern};
use std::collections::BTreeSet;

/// So many times at most a pattern is compiled for rows with and without a value.
const SPLITS_MAX: usize = 12;

impl<'a> Compiler<'_, 'a> {
    /// Joins rows with a pattern that cannot be taken apart: by feeding them in, or else with the rows that it has alone.
    pub(crate) fn whole(
        &mut self,
        pattern: &GraphPattern,
        rows: Rows<'a>,
    ) -> Result<Rows<'a>, NoPlan> {
        if !self.can_be_fed(pattern, &rows) {
            return self.apart(rows, &mut |compiler, rows| compiler.step(pattern, rows));
        }
        let scope = self.scope_of(pattern);
        self.feed(&scope, rows, &mut |compiler, rows| {
            compiler.step(pattern, rows)
        })
    }

    fn can_be_fed(&mut self, pattern: &GraphPattern, rows: &Rows<'a>) -> bool {
        if !rows.is_unit && self.is_volatile && has_volatile(pattern) {
            return false;
        }
        if rows.scope.is_empty() {
            return true;
        }
        let mut shared = &self.scope_of(pattern) & &rows.scope;
        for name in certain(pattern) {
            shared.remove(&self.slot(name.as_str()));
        }
        if !shared.is_empty() {
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

    /// Whether an expression, with the patterns of `EXISTS` in it, reads only what is in scope, of the slots that rows
    /// around have. Inside of `EXISTS` it sees the values of the row that is looked at too.
    fn reads_within(
        &mut self,
        expression: &Expression,
        scope: &BTreeSet<usize>,
        rows: &Rows<'a>,
    ) -> bool {
        let mut names = read_variables(expression);
        for pattern in exists_patterns(expression) {
            let variables = in_scope_variables(&pattern);
            names.extend(variables.iter().map(|name| name.as_str().to_owned()));
        }
        names.iter().all(|name| {
            let slot = self.slot(name);
            let is_substituted = |substituted: &BTreeSet<usize>| substituted.contains(&slot);
            !rows.scope.contains(&slot)
                || scope.contains(&slot)
                || self.substituted.as_ref().is_some_and(is_substituted)
        })
    }

    /// Feeds rows into what `make` compiles, which has a value for each of these slots; rows of which some lack one are
    /// split.
    pub(crate) fn feed(
        &mut self,
        slots: &BTreeSet<usize>,
        rows: Rows<'a>,
        make: &mut dyn FnMut(&mut Self, Rows<'a>) -> Result<Rows<'a>, NoPlan>,
    ) -> Result<Rows<'a>, NoPlan> {
        let mut shared = slots.intersection(&rows.scope);
        let Some(slot) = shared.find(|slot| !rows.bound.contains(slot)).copied() else {
            return make(self, rows);
        };
        self.splits += 1;
        if self.splits > SPLITS_MAX {
            return self.apart(rows, make);
        }
        let mut fed = rows.fed();
        fed.is_unit = false;
        fed.bound.insert(slot);
        let bound = self.feed(slots, fed, make)?;
        let mut fed = rows.fed();
        fed.is_unit = false;
        fed.scope.remove(&slot);
        let unbound = self.feed(slots, fed, make)?;
        Ok(Rows {
            node: Node::Split {
                input: Box::new(rows.node),
                slot,
                bound: Box::new(bound.node),
                unbound: Box::new(unbound.node),
            },
            scope: &bound.scope | &unbound.scope,
            bound: &bound.bound & &unbound.bound,
            is_unit: false,
        })
    }

    /// Joins rows with those that `make` compiles alone.
    fn apart(
        &mut self,
        rows: Rows<'a>,
        make: &mut dyn FnMut(&mut Self, Rows<'a>) -> Result<Rows<'a>, NoPlan>,
    ) -> Result<Rows<'a>, NoPlan> {
        if self.substituted.is_some() {
            return Err(NoPlan::NotKnown(
                "EXISTS of a pattern that is more than a join",
            ));
        }
        let table = make(self, Rows::unit())?;
        let source = Source::Plan(Box::new(table.node));
        Ok(self.join_table(rows, source, table.scope, table.bound))
    }

    /// Joins rows with rows that do not depend on them, `bound` the slots of these that have a value in each.
    pub(crate) fn join_table(
        &self,
        rows: Rows<'a>,
        source: Source<'a>,
        scope: BTreeSet<usize>,
        bound: BTreeSet<usize>,
    ) -> Rows<'a> {
        let (shared, open) = scope
            .intersection(&rows.scope)
            .partition(|slot| bound.contains(slot) && rows.bound.contains(slot));
        let table = Table {
            source,
            shared,
            open,
            slots: scope.iter().copied().collect(),
            made: Default::default(),
        };
        Rows {
            node: Node::Table(Box::new(rows.node), table),
            scope: &rows.scope | &scope,
            bound: &rows.bound | &bound,
            is_unit: false,
        }
    }
}
