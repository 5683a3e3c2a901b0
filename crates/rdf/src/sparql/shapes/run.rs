//! Running shapes over a dataset.

use crate::prefixes::Prefixes;
use crate::sparql::error::SparqlError;
use crate::sparql::shapes::algebra::{focus_set, set_name};
use crate::sparql::shapes::compile::instances;
use crate::sparql::shapes::finding::ValidationResult;
use crate::sparql::shapes::graph::written;
use crate::sparql::shapes::sets::{Members, Nodes, WithSets};
use crate::sparql::shapes::shape::{Check, NodeSet, Shape, ShapeId, Target};
use indexmap::IndexMap;
use oxigraph::model::{NamedNode, Term};
use oxigraph::sparql::{QueryEvaluationError, QueryResults, QuerySolution};
use spareval::{QueryEvaluator, QueryableDataset};
use spargebra::Query;
use std::cell::RefCell;
use std::rc::Rc;

/// A run of shapes over one dataset.
pub(crate) struct Run<'s, 'a, D: QueryableDataset<'a>> {
    shapes: &'s [Shape],
    prefixes: &'s Prefixes,
    data: Rc<D>,
    evaluator: QueryEvaluator,
    /// The instances of classes, computed on demand.
    instances: IndexMap<NamedNode, Rc<Nodes<D::InternalTerm>>>,
}

/// A node that breaks a constraint.
struct Row {
    focus: Term,
    value: Option<Term>,
    path: Option<Term>,
}

impl<'s, 'a, D: QueryableDataset<'a>> Run<'s, 'a, D> {
    pub(crate) fn new(shapes: &'s [Shape], prefixes: &'s Prefixes, dataset: D) -> Self {
        Self {
            shapes,
            prefixes,
            data: Rc::new(dataset),
            // The queries are written in the order in which they are best run.
            evaluator: QueryEvaluator::new().without_optimizations(),
            instances: IndexMap::new(),
        }
    }

    /// Returns the findings of all shapes with targets, each with the number of its shape.
    pub(crate) fn validate(mut self) -> Result<Vec<(ShapeId, ValidationResult)>, SparqlError> {
        let mut findings = Vec::new();
        for (id, shape) in self.shapes.iter().enumerate() {
            let focus = self.targets(shape)?;
            self.report(id, &focus, &mut findings)?;
        }
        Ok(findings)
    }

    fn targets(&mut self, shape: &Shape) -> Result<Rc<Nodes<D::InternalTerm>>, SparqlError> {
        let mut found = Nodes::default();
        for target in &shape.targets {
            match target {
                Target::Node(node) => {
                    found.insert(self.internal(node.clone())?);
                }
                Target::Class(class) => {
                    let instances = self.instances(class)?;
                    if shape.targets.len() == 1 {
                        return Ok(instances);
                    }
                    found.extend(instances.iter().cloned());
                }
                Target::Query(query) => found.extend(self.nodes(query, &Rc::default())?),
            }
        }
        Ok(Rc::new(found))
    }

    /// Adds what the shape finds at these nodes.
    fn report(
        &mut self,
        id: ShapeId,
        focus: &Rc<Nodes<D::InternalTerm>>,
        findings: &mut Vec<(ShapeId, ValidationResult)>,
    ) -> Result<(), SparqlError> {
        let shape = &self.shapes[id];
        if shape.is_deactivated || focus.is_empty() {
            return Ok(());
        }
        for check in &shape.checks {
            if let Some(property) = check.descends {
                let values = self.values(shape, focus)?;
                self.report(property, &values, findings)?;
                continue;
            }
            for row in self.rows(shape, check, focus)? {
                findings.push((id, finding(shape, check, row, self.prefixes)));
            }
        }
        Ok(())
    }

    /// Returns which of these nodes do not conform to a shape.
    fn failing(
        &mut self,
        id: ShapeId,
        focus: &Rc<Nodes<D::InternalTerm>>,
    ) -> Result<Nodes<D::InternalTerm>, SparqlError> {
        let shape = &self.shapes[id];
        let mut failing = Nodes::default();
        if shape.is_deactivated || focus.is_empty() {
            return Ok(failing);
        }
        for check in &shape.checks {
            for row in self.rows(shape, check, focus)? {
                failing.insert(self.internal(row.focus)?);
            }
        }
        Ok(failing)
    }

    /// Returns the nodes, with their values, that break a constraint.
    fn rows(
        &mut self,
        shape: &Shape,
        check: &Check,
        focus: &Rc<Nodes<D::InternalTerm>>,
    ) -> Result<Vec<Row>, SparqlError> {
        let mut sets = Vec::with_capacity(check.plan.sets.len());
        let mut values = None;
        for set in &check.plan.sets {
            sets.push(Members::Nodes(match set {
                NodeSet::Instances(class) => self.instances(class)?,
                NodeSet::Listed(terms) => {
                    let terms = terms.iter().map(|term| self.internal(term.clone()));
                    Rc::new(terms.collect::<Result<_, _>>()?)
                }
                NodeSet::Failing(other) => {
                    let values = match &values {
                        Some(values) => values,
                        None => values.insert(self.values(shape, focus)?),
                    };
                    Rc::new(self.failing(*other, values)?)
                }
                NodeSet::Passing(test) => {
                    sets.push(Members::Passing(test.clone(), RefCell::default()));
                    continue;
                }
            }));
        }
        let mut rows = Vec::new();
        for solution in self.solutions(&check.plan.query, focus, sets)? {
            rows.extend(row(&solution.map_err(SparqlError::Evaluation)?));
        }
        Ok(rows)
    }

    /// Returns the value nodes of a shape at these focus nodes.
    fn values(
        &self,
        shape: &Shape,
        focus: &Rc<Nodes<D::InternalTerm>>,
    ) -> Result<Rc<Nodes<D::InternalTerm>>, SparqlError> {
        match &shape.values {
            Some(query) => Ok(Rc::new(self.nodes(query, focus)?)),
            None => Ok(Rc::clone(focus)),
        }
    }

    fn instances(&mut self, class: &NamedNode) -> Result<Rc<Nodes<D::InternalTerm>>, SparqlError> {
        if let Some(found) = self.instances.get(class) {
            return Ok(Rc::clone(found));
        }
        let found = Rc::new(self.nodes(&instances(class), &Rc::default())?);
        self.instances.insert(class.clone(), Rc::clone(&found));
        Ok(found)
    }

    /// Returns the nodes in the only column of a query.
    fn nodes(
        &self,
        query: &Query,
        focus: &Rc<Nodes<D::InternalTerm>>,
    ) -> Result<Nodes<D::InternalTerm>, SparqlError> {
        let mut nodes = Nodes::default();
        for solution in self.solutions(query, focus, Vec::new())? {
            let solution = solution.map_err(SparqlError::Evaluation)?;
            if let Some(Some(node)) = solution.values().first() {
                nodes.insert(self.internal(node.clone())?);
            }
        }
        Ok(nodes)
    }

    fn solutions(
        &self,
        query: &Query,
        focus: &Rc<Nodes<D::InternalTerm>>,
        sets: Vec<Members<D::InternalTerm>>,
    ) -> Result<
        impl Iterator<Item = Result<QuerySolution, QueryEvaluationError>> + use<'a, D>,
        SparqlError,
    > {
        let focus = Members::Nodes(Rc::clone(focus));
        let mut named = vec![(self.internal(focus_set().into())?, focus)];
        for (number, set) in sets.into_iter().enumerate() {
            named.push((self.internal(set_name(number).into())?, set));
        }
        let dataset = WithSets::new(Rc::clone(&self.data), named);
        let results = self.evaluator.prepare(query).execute(dataset);
        match results.map_err(SparqlError::Evaluation)? {
            QueryResults::Solutions(solutions) => Ok(Some(solutions).into_iter().flatten()),
            QueryResults::Boolean(_) | QueryResults::Graph(_) => Ok(None.into_iter().flatten()),
        }
    }

    fn internal(&self, term: Term) -> Result<D::InternalTerm, SparqlError> {
        self.data.internalize_term(term).map_err(|error| {
            SparqlError::Evaluation(QueryEvaluationError::Dataset(Box::new(error)))
        })
    }
}

fn row(solution: &QuerySolution) -> Option<Row> {
    Some(Row {
        focus: solution.get("focus")?.clone(),
        value: solution.get("value").cloned(),
        path: solution.get("path").cloned(),
    })
}

fn finding(shape: &Shape, check: &Check, row: Row, prefixes: &Prefixes) -> ValidationResult {
    let messages = if shape.messages.is_empty() {
        &check.messages
    } else {
        &shape.messages
    };
    ValidationResult {
        focus: row.focus,
        path: row
            .path
            .as_ref()
            .map(|path| written(path, prefixes))
            .or_else(|| shape.path.clone()),
        value: row.value,
        component: check.component.clone(),
        shape: shape.node.clone(),
        severity: shape.severity,
        messages: messages.clone(),
    }
}
