//! The walk over a query that replaces its parameters by terms.

use crate::sparql::algebra::{in_scope_variables, nothing, operands};
use crate::sparql::error::SparqlError;
use oxigraph::model::{Literal, NamedNode, Term, Variable};
use spargebra::algebra::{AggregateExpression, Expression, GraphPattern, OrderExpression};
use spargebra::term::{
    GraphNamePattern, GroundTerm, GroundTermPattern, NamedNodePattern, TermPattern, TriplePattern,
};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// The value of a parameter: a term that can stand in a pattern.
#[derive(Clone)]
enum Value {
    Iri(NamedNode),
    Literal(Literal),
}

impl Value {
    fn expression(&self) -> Expression {
        match self {
            Self::Iri(iri) => iri.clone().into(),
            Self::Literal(literal) => literal.clone().into(),
        }
    }

    fn ground(&self) -> GroundTerm {
        match self {
            Self::Iri(iri) => iri.clone().into(),
            Self::Literal(literal) => literal.clone().into(),
        }
    }
}

/// One walk over a query that replaces variables and notes those that it meets.
#[derive(Default)]
pub(crate) struct Binding {
    values: BTreeMap<String, Value>,
    /// The variables that an inner scope shares with the outermost one; `None` in the outermost scope itself.
    scope: Option<BTreeSet<Variable>>,
    pub(crate) read: RefCell<BTreeSet<String>>,
    pub(crate) assigned: RefCell<BTreeSet<String>>,
}

impl Binding {
    pub(crate) fn new(parameters: &[(String, Term)]) -> Result<Self, SparqlError> {
        let mut values = BTreeMap::new();
        for (name, term) in parameters {
            let value = if let Term::NamedNode(iri) = term {
                Value::Iri(iri.clone())
            } else if let Term::Literal(literal) = term {
                Value::Literal(literal.clone())
            } else {
                return Err(SparqlError::BlankParameter { name: name.clone() });
            };
            if values.insert(name.clone(), value).is_some() {
                return Err(SparqlError::RepeatedParameter { name: name.clone() });
            }
        }
        Ok(Self {
            values,
            ..Self::default()
        })
    }

    pub(crate) fn free(self) -> BTreeSet<String> {
        let assigned = self.assigned.into_inner();
        let mut free = self.read.into_inner();
        free.retain(|name| !assigned.contains(name));
        free
    }

    pub(crate) fn check(self) -> Result<(), SparqlError> {
        let names: Vec<_> = self.values.keys().cloned().collect();
        if let Some(name) = names.iter().find(|n| self.assigned.borrow().contains(*n)) {
            return Err(SparqlError::AssignedParameter { name: name.clone() });
        }
        let free = self.free();
        match names.into_iter().find(|name| !free.contains(name)) {
            Some(name) => Err(SparqlError::UnknownParameter {
                name,
                variables: free.into_iter().collect(),
            }),
            None => Ok(()),
        }
    }

    fn in_scope(&self, variable: &Variable) -> bool {
        self.scope
            .as_ref()
            .is_none_or(|scope| scope.contains(variable))
    }

    /// Returns the value that replaces a variable which the query reads here.
    fn value(&self, variable: &Variable) -> Option<&Value> {
        if !self.in_scope(variable) {
            return None;
        }
        self.read.borrow_mut().insert(variable.as_str().to_owned());
        self.values.get(variable.as_str())
    }

    fn assign(&self, variable: &Variable) {
        if self.in_scope(variable) {
            self.assigned
                .borrow_mut()
                .insert(variable.as_str().to_owned());
        }
    }

    /// The pattern of a whole query: its projection hides nothing, since parameters come from outside of it.
    pub(crate) fn root(&self, pattern: &mut GraphPattern) {
        match pattern {
            GraphPattern::Slice { inner, .. }
            | GraphPattern::Distinct { inner }
            | GraphPattern::Reduced { inner } => self.root(inner),
            GraphPattern::Project { inner, variables } => {
                self.pattern(inner);
                self.keep(inner, variables);
            }
            _ => self.pattern(pattern),
        }
    }

    pub(crate) fn pattern(&self, pattern: &mut GraphPattern) {
        match pattern {
            GraphPattern::Bgp { patterns } => {
                if !patterns.iter_mut().all(|triple| self.triple(triple)) {
                    *pattern = nothing();
                }
            }
            GraphPattern::Path {
                subject, object, ..
            } => [subject, object]
                .into_iter()
                .for_each(|term| self.term(term)),
            GraphPattern::Join { left, right }
            | GraphPattern::Lateral { left, right }
            | GraphPattern::Union { left, right } => {
                self.pattern(left);
                self.pattern(right);
            }
            GraphPattern::LeftJoin {
                left,
                right,
                expression,
            } => {
                self.pattern(left);
                self.pattern(right);
                expression.iter_mut().for_each(|e| self.expression(e));
            }
            GraphPattern::Minus { left, right } => self.minus(left, right),
            GraphPattern::Filter { expr, inner } => {
                self.expression(expr);
                self.pattern(inner);
            }
            GraphPattern::Graph { name, inner } => {
                self.pattern(inner);
                if !self.name(name) {
                    *pattern = nothing();
                }
            }
            GraphPattern::Service { name, inner, .. } => {
                // A literal is no service: the variable stays, and the evaluator says that it is not bound.
                self.name(name);
                self.pattern(inner);
            }
            GraphPattern::Extend {
                inner,
                variable,
                expression,
            } => {
                self.pattern(inner);
                self.expression(expression);
                self.assign(variable);
            }
            GraphPattern::Values {
                variables,
                bindings,
            } => self.rows(variables, bindings),
            GraphPattern::OrderBy { inner, expression } => self.ordered(inner, expression),
            GraphPattern::Project { inner, variables } => self.sub_select(inner, variables),
            GraphPattern::Distinct { inner }
            | GraphPattern::Reduced { inner }
            | GraphPattern::Slice { inner, .. } => self.pattern(inner),
            GraphPattern::Group {
                inner,
                variables,
                aggregates,
            } => self.group(inner, variables, aggregates),
        }
    }

    fn ordered(&self, inner: &mut GraphPattern, by: &mut [OrderExpression]) {
        self.pattern(inner);
        for OrderExpression::Asc(expression) | OrderExpression::Desc(expression) in by {
            self.expression(expression);
        }
    }

    fn group(
        &self,
        inner: &mut GraphPattern,
        variables: &[Variable],
        aggregates: &mut [(Variable, AggregateExpression)],
    ) {
        self.pattern(inner);
        // The groups are still made by it: a group by nothing would differ on empty data.
        self.keep(inner, variables);
        for (variable, aggregate) in aggregates {
            self.assign(variable);
            if let AggregateExpression::FunctionCall { expr, .. } = aggregate {
                self.expression(expr);
            }
        }
    }

    /// `MINUS` takes away only what shares a variable: a replaced one must stay shared.
    fn minus(&self, left: &mut GraphPattern, right: &mut GraphPattern) {
        let mut shared = in_scope_variables(left);
        let right_variables = in_scope_variables(right);
        shared.retain(|variable| right_variables.contains(variable));
        self.pattern(left);
        self.pattern(right);
        let shared: Vec<_> = shared.into_iter().collect();
        self.keep(left, &shared);
        self.keep(right, &shared);
    }

    fn sub_select(&self, inner: &mut GraphPattern, variables: &[Variable]) {
        let scope = variables
            .iter()
            .filter(|variable| self.in_scope(variable))
            .cloned()
            .collect();
        let nested = Self {
            values: self.values.clone(),
            scope: Some(scope),
            ..Self::default()
        };
        nested.pattern(inner);
        nested.keep(inner, variables);
        self.read.borrow_mut().extend(nested.read.into_inner());
        self.assigned
            .borrow_mut()
            .extend(nested.assigned.into_inner());
    }

    /// Gives the replaced ones among these variables back to the solutions of a pattern.
    fn keep(&self, pattern: &mut GraphPattern, variables: &[Variable]) {
        if let GraphPattern::OrderBy { inner, .. } = pattern {
            // Below the ordering, so that it stays next to the modifier that it serves.
            return self.keep(inner, variables);
        }
        for variable in variables {
            let Some(value) = self.value(variable) else {
                continue;
            };
            let inner = Box::new(std::mem::replace(pattern, nothing()));
            *pattern = if in_scope_variables(&inner).contains(variable) {
                GraphPattern::Join {
                    left: inner,
                    right: Box::new(GraphPattern::Values {
                        variables: vec![variable.clone()],
                        bindings: vec![vec![Some(value.ground())]],
                    }),
                }
            } else {
                GraphPattern::Extend {
                    inner,
                    variable: variable.clone(),
                    expression: value.expression(),
                }
            };
        }
    }

    /// Keeps the rows of a `VALUES` block that agree, without the replaced columns.
    fn rows(&self, variables: &mut Vec<Variable>, rows: &mut Vec<Vec<Option<GroundTerm>>>) {
        let mut column = 0;
        while column < variables.len() {
            if let Some(value) = self.value(&variables[column]) {
                let value = value.ground();
                rows.retain(|row| row[column].as_ref().is_none_or(|term| *term == value));
                for row in rows.iter_mut() {
                    row.remove(column);
                }
                variables.remove(column);
            } else {
                column += 1;
            }
        }
    }

    /// Replaces in a triple pattern; `false` where a literal came into the predicate, so that nothing can match.
    pub(crate) fn triple(&self, triple: &mut TriplePattern) -> bool {
        self.term(&mut triple.subject);
        self.term(&mut triple.object);
        self.name(&mut triple.predicate)
    }

    pub(crate) fn term(&self, term: &mut TermPattern) {
        if let TermPattern::Variable(variable) = term
            && let Some(value) = self.value(variable)
        {
            *term = match value {
                Value::Iri(iri) => iri.clone().into(),
                Value::Literal(literal) => literal.clone().into(),
            };
        }
    }

    pub(crate) fn ground_term(&self, term: &mut GroundTermPattern) {
        if let GroundTermPattern::Variable(variable) = term
            && let Some(value) = self.value(variable)
        {
            *term = match value {
                Value::Iri(iri) => GroundTermPattern::NamedNode(iri.clone()),
                Value::Literal(literal) => GroundTermPattern::Literal(literal.clone()),
            };
        }
    }

    pub(crate) fn graph(&self, graph: &mut GraphNamePattern) -> bool {
        if let GraphNamePattern::Variable(variable) = graph {
            match self.value(variable) {
                Some(Value::Iri(iri)) => *graph = GraphNamePattern::NamedNode(iri.clone()),
                Some(Value::Literal(_)) => return false,
                None => {}
            }
        }
        true
    }

    /// Replaces where only an IRI can stand; `false` where the value is a literal.
    pub(crate) fn name(&self, name: &mut NamedNodePattern) -> bool {
        if let NamedNodePattern::Variable(variable) = name {
            match self.value(variable) {
                Some(Value::Iri(iri)) => *name = iri.clone().into(),
                Some(Value::Literal(_)) => return false,
                None => {}
            }
        }
        true
    }

    pub(crate) fn expression(&self, expression: &mut Expression) {
        match expression {
            Expression::Variable(variable) => {
                if let Some(value) = self.value(variable) {
                    *expression = value.expression();
                }
            }
            Expression::Bound(variable) => {
                if self.value(variable).is_some() {
                    *expression = Literal::from(true).into();
                }
            }
            Expression::Exists(pattern) => self.pattern(pattern),
            expression => {
                for operand in operands(expression) {
                    self.expression(operand);
                }
            }
        }
    }
}
