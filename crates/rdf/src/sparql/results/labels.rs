//! Labels of the blank nodes of a result.

use oxigraph::model::{BlankNode, BlankNodeRef, Term, TermRef};
use std::collections::HashMap;

/// Gives blank nodes labels in the order in which they appear.
///
/// The evaluator labels the ones that it makes at random, and the output must not differ from run to run.
#[derive(Default)]
pub(crate) struct Labels(HashMap<String, BlankNode>);

impl Labels {
    pub(crate) fn node(&mut self, node: BlankNodeRef<'_>) -> &BlankNode {
        let next = self.0.len() + 1;
        self.0
            .entry(node.as_str().to_owned())
            .or_insert_with(|| BlankNode::new_unchecked(format!("b{next}")))
    }

    /// Returns a term with the label that was given to it, if it is a blank node.
    pub(crate) fn of<'t>(&'t self, term: TermRef<'t>) -> TermRef<'t> {
        match term {
            TermRef::BlankNode(node) => match self.0.get(node.as_str()) {
                Some(node) => node.as_ref().into(),
                None => term,
            },
            term => term,
        }
    }

    pub(crate) fn term(&mut self, term: Term) -> Term {
        match term {
            Term::BlankNode(node) => self.node(node.as_ref()).clone().into(),
            term => term,
        }
    }
}
