//! Which variables the solutions of a pattern can bind, which have a value in every one of them, and where functions of
//! chance stand.
//!
//! The planner needs this at every level of a query, so it is computed once for all patterns, the inner ones first.

use crate::sparql::algebra::{expressions, inner_patterns};
use crate::sparql::engine::plan::slots::Slots;
use crate::sparql::engine::plan::volatile::is_volatile;
use oxigraph::model::Variable;
use rustc_hash::{FxHashMap, FxHashSet};
use spargebra::algebra::{AggregateExpression, AggregateFunction, Expression, GraphPattern};
use spargebra::term::{NamedNodePattern, TermPattern, TriplePattern};
use std::marker::PhantomData;
use std::rc::Rc;

/// The variables of a pattern, by their numbers.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scope {
    /// The variables that its solutions can bind.
    pub(crate) can: Slots,
    /// The variables bound in every solution.
    pub(crate) certain: Slots,
}

/// The scopes of the patterns of a query.
#[derive(Default)]
pub(crate) struct Scopes<'q> {
    /// The names of the variables by their numbers.
    pub(crate) names: Vec<String>,
    numbers: FxHashMap<String, usize>,
    /// By the address of the pattern, which no other one can have while the query is borrowed.
    known: FxHashMap<usize, Rc<Scope>>,
    /// The patterns that contain volatile functions, by address too.
    volatile: FxHashSet<usize>,
    query: PhantomData<&'q GraphPattern>,
}

impl<'q> Scopes<'q> {
    /// Finds the scopes of a pattern and of all patterns in it. O(n · v / 64) for n patterns and v variables.
    pub(crate) fn of(pattern: &'q GraphPattern) -> Self {
        let mut scopes = Self::default();
        let mut open = vec![(pattern, false)];
        while let Some((pattern, is_next)) = open.pop() {
            if is_next {
                let scope = Rc::new(scopes.find(pattern));
                scopes.known.insert(place(pattern), scope);
                let mut inner = inner_patterns(pattern).into_iter();
                if expressions(pattern).into_iter().any(is_volatile)
                    || inner.any(|inner| scopes.is_volatile(inner))
                {
                    scopes.volatile.insert(place(pattern));
                }
            } else {
                open.push((pattern, true));
                let inner = inner_patterns(pattern).into_iter();
                open.extend(inner.map(|inner| (inner, false)));
            }
        }
        scopes
    }

    /// Returns the scope of a pattern; O(1) for patterns of the query.
    pub(crate) fn scope(&mut self, pattern: &GraphPattern) -> Rc<Scope> {
        match self.known.get(&place(pattern)) {
            Some(scope) => Rc::clone(scope),
            None => Rc::new(self.find(pattern)),
        }
    }

    /// Returns whether functions of chance stand in a pattern of the query.
    pub(crate) fn is_volatile(&self, pattern: &GraphPattern) -> bool {
        self.volatile.contains(&place(pattern))
    }

    fn find(&mut self, pattern: &GraphPattern) -> Scope {
        match pattern {
            GraphPattern::Bgp { patterns } => self.triples(patterns),
            GraphPattern::Path {
                subject, object, ..
            } => {
                let ends = [self.variable(subject), self.variable(object)];
                all_certain(ends.into_iter().flatten().collect())
            }
            GraphPattern::Join { left, right } | GraphPattern::Lateral { left, right } => {
                let (left, right) = (self.scope(left), self.scope(right));
                Scope {
                    can: &left.can | &right.can,
                    certain: &left.certain | &right.certain,
                }
            }
            GraphPattern::LeftJoin { left, right, .. } => {
                let (left, right) = (self.scope(left), self.scope(right));
                Scope {
                    can: &left.can | &right.can,
                    certain: left.certain.clone(),
                }
            }
            GraphPattern::Union { left, right } => {
                let (left, right) = (self.scope(left), self.scope(right));
                Scope {
                    can: &left.can | &right.can,
                    certain: &left.certain & &right.certain,
                }
            }
            GraphPattern::Graph { name, inner } => {
                let mut scope = self.copy(inner);
                if let NamedNodePattern::Variable(name) = name {
                    scope.can.insert(self.number(name));
                }
                scope
            }
            GraphPattern::Minus { left: inner, .. }
            | GraphPattern::Filter { inner, .. }
            | GraphPattern::OrderBy { inner, .. }
            | GraphPattern::Distinct { inner }
            | GraphPattern::Reduced { inner }
            | GraphPattern::Slice { inner, .. } => self.copy(inner),
            GraphPattern::Extend {
                inner,
                variable,
                expression,
            } => self.extend(inner, variable, expression),
            GraphPattern::Values {
                variables,
                bindings,
            } => {
                let mut scope = Scope::default();
                for (place, name) in variables.iter().enumerate() {
                    let number = self.number(name);
                    scope.can.insert(number);
                    if bindings.iter().all(|row| row[place].is_some()) {
                        scope.certain.insert(number);
                    }
                }
                scope
            }
            GraphPattern::Project { inner, variables } => {
                let can = variables.iter().map(|name| self.number(name)).collect();
                Scope {
                    certain: &self.scope(inner).certain & &can,
                    can,
                }
            }
            GraphPattern::Group {
                inner,
                variables,
                aggregates,
            } => self.group(inner, variables, aggregates),
            GraphPattern::Service { inner, .. } => Scope {
                can: self.scope(inner).can.clone(),
                certain: Slots::new(),
            },
        }
    }

    fn triples(&mut self, patterns: &[TriplePattern]) -> Scope {
        let mut found = Slots::new();
        for triple in patterns {
            found.extend(self.variable(&triple.subject));
            found.extend(self.variable(&triple.object));
            if let NamedNodePattern::Variable(predicate) = &triple.predicate {
                found.insert(self.number(predicate));
            }
        }
        all_certain(found)
    }

    fn extend(
        &mut self,
        inner: &GraphPattern,
        variable: &Variable,
        expression: &Expression,
    ) -> Scope {
        let mut scope = self.copy(inner);
        let has_value = match expression {
            Expression::NamedNode(_) | Expression::Literal(_) => true,
            Expression::Variable(from) => scope.certain.contains(&self.number(from)),
            _ => false,
        };
        let number = self.number(variable);
        scope.can.insert(number);
        if has_value {
            scope.certain.insert(number);
        }
        scope
    }

    fn group(
        &mut self,
        inner: &GraphPattern,
        variables: &[Variable],
        aggregates: &[(Variable, AggregateExpression)],
    ) -> Scope {
        let mut can: Slots = variables.iter().map(|name| self.number(name)).collect();
        let mut certain = &self.scope(inner).certain & &can;
        for (name, aggregate) in aggregates {
            let number = self.number(name);
            can.insert(number);
            let is_count = match aggregate {
                AggregateExpression::CountSolutions { .. } => true,
                AggregateExpression::FunctionCall { name, expr, .. } => {
                    *name == AggregateFunction::Count && matches!(expr, Expression::Variable(_))
                }
            };
            if is_count {
                certain.insert(number);
            }
        }
        Scope { can, certain }
    }

    fn copy(&mut self, pattern: &GraphPattern) -> Scope {
        Scope::clone(&self.scope(pattern))
    }

    fn number(&mut self, variable: &Variable) -> usize {
        if let Some(number) = self.numbers.get(variable.as_str()) {
            return *number;
        }
        let number = self.names.len();
        self.names.push(variable.as_str().to_owned());
        self.numbers.insert(variable.as_str().to_owned(), number);
        number
    }

    fn variable(&mut self, term: &TermPattern) -> Option<usize> {
        match term {
            TermPattern::Variable(variable) => Some(self.number(variable)),
            _ => None,
        }
    }
}

fn place(pattern: &GraphPattern) -> usize {
    std::ptr::from_ref(pattern).addr()
}

fn all_certain(variables: Slots) -> Scope {
    Scope {
        certain: variables.clone(),
        can: variables,
    }
}
