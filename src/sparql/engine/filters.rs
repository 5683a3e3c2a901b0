//! Filters, `OPTIONAL` and `MINUS`.

use crate::sparql::engine::comparison::{self, Numbers, Operator};
use crate::sparql::engine::compile::{Compiler, NoPlan, Rows};
use crate::sparql::engine::condition::{Ask, Condition};
use crate::sparql::engine::expressions::has_exists;
use crate::sparql::engine::join::Allowed;
use crate::sparql::engine::plan::Node;
use crate::sparql::engine::slots::Slots;
use crate::sparql::engine::table::{Source, Table};
use oxigraph::model::Term;
use spargebra::algebra::{Expression, GraphPattern};

impl<'a> Compiler<'_, 'a> {
    pub(crate) fn filter(
        &mut self,
        expression: &Expression,
        inner: &GraphPattern,
        rows: Rows<'a>,
    ) -> Result<Rows<'a>, NoPlan> {
        let mut conjuncts = Vec::new();
        split(expression, &mut conjuncts);
        let outer = rows.scope.clone();
        for conjunct in &conjuncts {
            if exists(conjunct).is_none() {
                self.check_scope(conjunct, &[inner], &outer)?;
            }
        }
        let (later, conjuncts): (Vec<_>, Vec<_>) = conjuncts
            .into_iter()
            .partition(|conjunct| has_exists(conjunct));
        // What restricts a variable to some numbers helps the joins inside.
        let scope = &outer | &self.scope_of(inner);
        let mut conditions = Vec::new();
        for conjunct in conjuncts {
            conditions.push(self.condition(conjunct, &scope)?);
        }
        let before = self.hints.len();
        let is_direct = matches!(inner, GraphPattern::Bgp { .. });
        let known = outer;
        for condition in &conditions {
            if let Condition::Allowed { allowed, .. } = condition {
                let is_new = self.hints.iter().all(|hint| hint.slot != allowed.slot);
                if is_new {
                    self.hints.push(allowed.clone());
                }
            }
        }
        let hinted: Vec<usize> = self.hints[before..].iter().map(|hint| hint.slot).collect();
        let stored = self.context.dataset.store().term_count();
        let rows = self.pattern(inner, rows);
        self.hints.truncate(before);
        let mut rows = rows?;
        if is_direct && joins_once(&rows.node) {
            let mut used = Slots::new();
            conditions.retain(|condition| match condition {
                Condition::Allowed {
                    allowed, asked_for, ..
                } => {
                    let is_decided = asked_for.iter().all(|range| range.start >= stored);
                    let is_used = hinted.contains(&allowed.slot)
                        && !known.contains(&allowed.slot)
                        && is_decided
                        && is_searched(&rows.node, allowed.slot);
                    // A second restriction of the same slot is no hint.
                    !(is_used && used.insert(allowed.slot))
                }
                _ => true,
            });
        }
        for conjunct in later {
            if let Some((pattern, wanted)) = exists(conjunct) {
                conditions.push(self.exists(pattern, wanted, &rows)?);
            } else {
                let (expression, next) = self.lift(conjunct, rows)?;
                rows = next;
                let asked = self.asked(&expression, &rows.scope)?;
                conditions.push(Condition::Ask(Ask::new(asked)));
            }
        }
        if !conditions.is_empty() {
            rows.node = Node::Filter(Box::new(rows.node), conditions);
        }
        Ok(rows)
    }

    fn exists(
        &mut self,
        pattern: &GraphPattern,
        wanted: bool,
        rows: &Rows<'a>,
    ) -> Result<Condition<'a>, NoPlan> {
        let (node, row) = self.looked_for(pattern, rows)?;
        Ok(Condition::Exists {
            node: Box::new(node),
            row,
            wanted,
        })
    }

    /// What finds out whether rows can be extended by a pattern, and where it keeps the number of the row.
    pub(crate) fn looked_for(
        &mut self,
        pattern: &GraphPattern,
        rows: &Rows<'a>,
    ) -> Result<(Node<'a>, usize), NoPlan> {
        if !is_transparent(pattern) {
            return Err(NoPlan::NotKnown(
                "EXISTS of a pattern that is more than a join",
            ));
        }
        let hints = std::mem::take(&mut self.hints);
        let row = self.new_slot();
        let mut fed = rows.fed();
        fed.is_unit = false;
        let found = self.pattern(pattern, fed);
        self.hints = hints;
        Ok((found?.node, row))
    }

    fn condition(
        &mut self,
        expression: &Expression,
        scope: &Slots,
    ) -> Result<Condition<'a>, NoPlan> {
        if let Some((slot, numbers)) = self.numbers(expression)?
            && scope.contains(&slot)
        {
            return Ok(Condition::Allowed {
                allowed: Allowed {
                    slot,
                    ranges: numbers.ranges,
                },
                asked_for: numbers.asked_for,
                asked: Ask::new(self.asked(expression, scope)?),
            });
        }
        let (inner, equal) = match expression {
            Expression::Not(inner) => (&**inner, false),
            other => (other, true),
        };
        match inner {
            Expression::Equal(left, right) => {
                if let (Expression::Variable(left), Expression::Variable(right)) =
                    (&**left, &**right)
                {
                    return Ok(Condition::Same {
                        left: self.slot(left.as_str()),
                        right: self.slot(right.as_str()),
                        equal,
                        asked: Ask::new(self.asked(expression, scope)?),
                    });
                }
            }
            Expression::Bound(name) => {
                return Ok(Condition::Bound(self.slot(name.as_str()), equal));
            }
            _ => {}
        }
        Ok(Condition::Ask(Ask::new(self.asked(expression, scope)?)))
    }

    /// The numbers that a comparison allows for its variable.
    fn numbers(&mut self, expression: &Expression) -> Result<Option<(usize, Numbers)>, NoPlan> {
        if let Expression::Not(inner) = expression
            && let Some((name, Operator::Equal, Expression::NamedNode(node))) =
                comparison::parts(inner)
        {
            let number = self.context.number_of_term(Term::from(node.clone()))?;
            let numbers = Numbers {
                ranges: [0..number, number + 1..u32::MAX]
                    .into_iter()
                    .filter(|range| !range.is_empty())
                    .collect(),
                asked_for: Vec::new(),
            };
            return Ok(Some((self.slot(name.as_str()), numbers)));
        }
        if let Expression::In(inner, list) = expression
            && let Expression::Variable(name) = &**inner
        {
            let mut found = Vec::new();
            for item in list {
                let Expression::NamedNode(node) = item else {
                    return Ok(None);
                };
                found.push(self.context.number_of_term(Term::from(node.clone()))?);
            }
            found.sort_unstable();
            found.dedup();
            let numbers = Numbers {
                ranges: found.into_iter().map(|number| number..number + 1).collect(),
                asked_for: Vec::new(),
            };
            return Ok(Some((self.slot(name.as_str()), numbers)));
        }
        let Some((name, operator, constant)) = comparison::parts(expression) else {
            return Ok(None);
        };
        let numbers = match constant {
            Expression::NamedNode(node) if operator == Operator::Equal => {
                let number = self.context.number_of_term(Term::from(node.clone()))?;
                Some(Numbers::one(number))
            }
            Expression::Literal(literal) => {
                comparison::with_literal(self.context, operator, literal)?
            }
            _ => None,
        };
        Ok(numbers.map(|numbers| (self.slot(name.as_str()), numbers)))
    }

    pub(crate) fn left_join(
        &mut self,
        left: &GraphPattern,
        right: &GraphPattern,
        expression: Option<&Expression>,
        rows: Rows<'a>,
    ) -> Result<Rows<'a>, NoPlan> {
        let outer = rows.scope.clone();
        let left_rows = self.pattern(left, rows)?;
        // Restrictions from around would turn rows that they refuse into rows without a value.
        let hints = std::mem::take(&mut self.hints);
        let row = self.new_slot();
        let mut fed = left_rows.fed();
        fed.is_unit = false;
        let right_rows = self.pattern(right, fed);
        self.hints = hints;
        let mut right_rows = right_rows?;
        if let Some(expression) = expression {
            let mut conjuncts = Vec::new();
            split(expression, &mut conjuncts);
            let mut conditions = Vec::new();
            for conjunct in conjuncts {
                self.check_scope(conjunct, &[left, right], &outer)?;
                conditions.push(self.condition(conjunct, &right_rows.scope)?);
            }
            right_rows.node = Node::Filter(Box::new(right_rows.node), conditions);
        }
        Ok(Rows {
            node: Node::Optional {
                left: Box::new(left_rows.node),
                right: Box::new(right_rows.node),
                row,
            },
            scope: &left_rows.scope | &right_rows.scope,
            bound: left_rows.bound,
            is_unit: false,
        })
    }

    pub(crate) fn minus(
        &mut self,
        left: &GraphPattern,
        right: &GraphPattern,
        rows: Rows<'a>,
    ) -> Result<Rows<'a>, NoPlan> {
        let outer = rows.scope.clone();
        let mut rows = self.pattern(left, rows)?;
        let shared = self.shared(left, right).ok_or(NoPlan::NotKnown(
            "MINUS on a variable that may have no value",
        ))?;
        if shared.is_empty() {
            // Nothing to disagree about removes nothing.
            return Ok(rows);
        }
        let of_right = self.scope_of(right);
        let meets_outer = of_right
            .intersection(&outer)
            .any(|slot| !shared.contains(&slot));
        if is_transparent(right) && !meets_outer {
            let condition = self.exists(right, false, &rows)?;
            rows.node = Node::Filter(Box::new(rows.node), vec![condition]);
            return Ok(rows);
        }
        let hints = std::mem::take(&mut self.hints);
        let table = self.pattern(right, Rows::unit());
        self.hints = hints;
        let table = table?;
        let table = Table {
            source: Source::Plan(Box::new(table.node)),
            slots: table.scope.iter().collect(),
            shared: shared.iter().collect(),
            made: Default::default(),
        };
        rows.node = Node::Minus(Box::new(rows.node), table);
        Ok(rows)
    }
}

/// The pattern of `EXISTS` or `NOT EXISTS`, and whether it has to be there.
fn exists(expression: &Expression) -> Option<(&GraphPattern, bool)> {
    match expression {
        Expression::Exists(pattern) => Some((pattern, true)),
        Expression::Not(inner) => exists(inner).map(|(pattern, wanted)| (pattern, !wanted)),
        _ => None,
    }
}

fn split<'e>(expression: &'e Expression, conjuncts: &mut Vec<&'e Expression>) {
    match expression {
        Expression::And(left, right) => {
            split(left, conjuncts);
            split(right, conjuncts);
        }
        other => conjuncts.push(other),
    }
}

/// Whether feeding rows into a pattern gives what substituting their values would.
fn is_transparent(pattern: &GraphPattern) -> bool {
    match pattern {
        GraphPattern::Bgp { .. } | GraphPattern::Path { .. } => true,
        GraphPattern::Join { left, right } | GraphPattern::Union { left, right } => {
            is_transparent(left) && is_transparent(right)
        }
        GraphPattern::Filter { inner, .. } => is_transparent(inner),
        _ => false,
    }
}

/// Whether a step is a join of the incoming rows and nothing more.
fn joins_once(node: &Node<'_>) -> bool {
    matches!(node, Node::Join(input, _) if matches!(**input, Node::Input))
}

/// Whether the search of a join goes over a slot.
fn is_searched(node: &Node<'_>, slot: usize) -> bool {
    let Node::Join(_, bgp) = node else {
        return false;
    };
    let mut searched = bgp.atoms.iter().flat_map(|atom| atom.slots());
    !bgp.bound.contains(&slot) && searched.any(|other| other == slot)
}
