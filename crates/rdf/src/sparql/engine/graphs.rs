//! `GRAPH`: which graphs the patterns inside look at.

use crate::sparql::engine::batch::Batch;
use crate::sparql::engine::compile::{Compiler, NoPlan, Rows};
use crate::sparql::engine::plan::Node;
use crate::sparql::engine::slots::Slots;
use crate::sparql::engine::table::Source;
use crate::sparql::graph_variable;
use crate::store::compiled::graph::GraphRef;
use oxigraph::model::{NamedOrBlankNode, Variable};
use spargebra::algebra::GraphPattern;
use spargebra::term::NamedNodePattern;

/// For so many graphs at most a block is compiled.
const GRAPHS_MAX: usize = 256;

/// What triple patterns are matched against.
pub(crate) struct ActiveGraph<'a> {
    /// It is the union of these.
    pub(crate) union: Vec<GraphRef<'a>>,
    /// Whether the dataset has it: in one that it has not, even the empty pattern has no solution.
    pub(crate) is_there: bool,
}

impl<'a> Compiler<'_, 'a> {
    /// Joins rows with a `GRAPH` block, the whole of which is `pattern`.
    pub(crate) fn graph_block(
        &mut self,
        pattern: &GraphPattern,
        name: &NamedNodePattern,
        inner: &GraphPattern,
        rows: Rows<'a>,
    ) -> Result<Rows<'a>, NoPlan> {
        match name {
            NamedNodePattern::NamedNode(name) => {
                let number = self.context.number_of_term(name.clone().into())?;
                self.in_graph(number, inner, rows)
            }
            NamedNodePattern::Variable(name) => {
                let is_spread = graph_variable::block(pattern).is_some();
                self.in_each_graph(name, inner, rows, is_spread)
            }
        }
    }

    fn in_graph(
        &mut self,
        number: u32,
        inner: &GraphPattern,
        rows: Rows<'a>,
    ) -> Result<Rows<'a>, NoPlan> {
        let is_named = self
            .named_graphs
            .as_ref()
            .is_none_or(|named| named.contains(&number));
        let graph = self.context.dataset.store().named_graph(number);
        let union: Vec<GraphRef<'a>> = graph.into_iter().filter(|_| is_named).collect();
        let is_there = match &self.named_graphs {
            Some(_) => is_named,
            None => !union.is_empty(),
        };
        self.graphs.push(ActiveGraph { union, is_there });
        let before = std::mem::replace(&mut self.graph, self.graphs.len() - 1);
        let rows = self.pattern(inner, rows);
        self.graph = before;
        rows
    }

    /// The block in each named graph, with the variable bound to its name. `is_spread`: in those that IRIs name.
    fn in_each_graph(
        &mut self,
        variable: &Variable,
        inner: &GraphPattern,
        rows: Rows<'a>,
        is_spread: bool,
    ) -> Result<Rows<'a>, NoPlan> {
        let slot = self.slot(variable.as_str());
        let store = self.context.dataset.store();
        let is_asked_for = |number: &u32| {
            let mut hints = self.hints.iter().filter(|hint| hint.slot == slot);
            hints.all(|hint| hint.holds(*number))
        };
        let is_iri = |graph: &GraphRef<'_>| {
            matches!(graph.graph.label, Some(NamedOrBlankNode::NamedNode(_)))
        };
        let numbers: Vec<u32> = match &self.named_graphs {
            Some(named) => named.iter().copied().filter(is_asked_for).collect(),
            None => store
                .named_graphs()
                .filter(|graph| !is_spread || is_iri(graph))
                .filter_map(|graph| graph.graph.name)
                .filter(is_asked_for)
                .collect(),
        };
        if numbers.len() > GRAPHS_MAX {
            return Err(NoPlan::NotKnown("GRAPH with a variable over many graphs"));
        }
        let name = Slots::from_iter([slot]);
        let mut branches = Vec::new();
        let waiting = std::mem::take(&mut self.waiting);
        for number in numbers {
            let mut batch = Batch::unit(self.slots);
            batch.columns[slot] = vec![number];
            let source = Source::Rows(batch);
            let fed = self.join_table(rows.fed(), source, name.clone(), name.clone());
            branches.push(self.in_graph(number, inner, fed)?);
        }
        self.waiting = waiting;
        let scope = &self.scope_of(inner) | &name;
        Ok(union_of(rows, scope, branches))
    }
}

/// What each of some steps makes of rows, `scope` the slots that any of them adds.
pub(crate) fn union_of<'a>(rows: Rows<'a>, scope: Slots, branches: Vec<Rows<'a>>) -> Rows<'a> {
    let bounds = branches.iter().map(|branch| branch.bound.clone());
    let bound = bounds.reduce(|all, bound| &all & &bound);
    Rows {
        scope: &rows.scope | &scope,
        bound: bound.unwrap_or(rows.bound),
        node: Node::Union(
            Box::new(rows.node),
            branches.into_iter().map(|branch| branch.node).collect(),
        ),
        is_unit: false,
    }
}
