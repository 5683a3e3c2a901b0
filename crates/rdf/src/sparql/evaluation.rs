//! One evaluation of a query or an update: the general evaluator, what watches over it, and what services answered.

use crate::sparql::rows::Guard;
use crate::sparql::service::{Answers, Kept, ServiceAnswer};
use oxigraph::model::{NamedNode, Term, Variable};
use spareval::QueryEvaluator;
use spargebra::algebra::GraphPattern;
use spargebra::term::TriplePattern;
use std::mem::replace;

/// One evaluation: the general evaluator, and the guard of its limits.
pub(crate) struct Evaluation {
    pub(crate) evaluator: QueryEvaluator,
    pub(crate) guard: Guard,
    /// The answers of services.
    pub(crate) kept: Answers,
}

impl Evaluation {
    /// Keeps an answer for the evaluator; returns the pattern that reads it.
    pub(crate) fn keep(&mut self, answer: ServiceAnswer, service: &NamedNode) -> GraphPattern {
        let name = format!("{}#{}", service.as_str(), self.kept.len() + 1);
        let name = NamedNode::new_unchecked(name);
        let pattern = GraphPattern::Service {
            name: name.clone().into(),
            inner: Box::new(shape(&answer)),
            silent: false,
        };
        self.guard.add_notices(answer.notices);
        let kept = Kept {
            variables: answer.variables.into(),
            rows: answer.rows.into(),
        };
        self.kept.insert(name.as_str().to_owned(), kept.clone());
        let evaluator = replace(&mut self.evaluator, QueryEvaluator::new());
        self.evaluator = evaluator.with_service_handler(name, kept);
        pattern
    }

    /// Keeps nodes for the evaluator; returns the pattern that reads them, one in each row.
    pub(crate) fn keep_nodes(&mut self, nodes: Vec<Term>) -> GraphPattern {
        let answer = ServiceAnswer {
            variables: vec![Variable::new_unchecked("node")],
            rows: nodes.into_iter().map(|node| vec![Some(node)]).collect(),
            notices: Vec::new(),
        };
        self.keep(answer, &NamedNode::new_unchecked("urn:x-powermap:nodes"))
    }
}

/// Returns a pattern that binds the variables that have a value in all rows of an answer, and may bind the others.
fn shape(answer: &ServiceAnswer) -> GraphPattern {
    let any = NamedNode::new_unchecked("urn:x-powermap:any");
    let (mut full, mut partial) = (Vec::new(), Vec::new());
    for (place, variable) in answer.variables.iter().enumerate() {
        let is_full = answer.rows.iter().all(|row| row[place].is_some());
        let columns = if is_full { &mut full } else { &mut partial };
        columns.push(TriplePattern {
            subject: any.clone().into(),
            predicate: any.clone().into(),
            object: variable.clone().into(),
        });
    }
    GraphPattern::LeftJoin {
        left: Box::new(GraphPattern::Bgp { patterns: full }),
        right: Box::new(GraphPattern::Bgp { patterns: partial }),
        expression: None,
    }
}
