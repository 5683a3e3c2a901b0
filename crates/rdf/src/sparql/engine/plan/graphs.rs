//! `GRAPH`: which graphs the patterns inside look at.

use crate::sparql::engine::batch::Batch;
use crate::sparql::engine::plan::compiler::{ActiveGraph, Compiler, Make};
use crate::sparql::engine::plan::node::Source;
use crate::sparql::engine::plan::rows::{NoPlan, Rows, union_of};
use crate::sparql::engine::plan::slots::Slots;
use crate::sparql::graph_variable;
use crate::store::compiled::graph::GraphRef;
use oxigraph::model::{NamedOrBlankNode, Variable};
use spargebra::algebra::GraphPattern;
use spargebra::term::NamedNodePattern;

/// Number of graphs up to which a block is compiled for each of them.
const GRAPHS_MAX: usize = 256;

impl<'c, 'a> Compiler<'c, 'a> {
    /// Joins rows with a `GRAPH` block, the whole of which is `pattern`; `make` compiles what is inside.
    pub(crate) fn graph_block(
        &mut self,
        pattern: &GraphPattern,
        (name, inner): (&NamedNodePattern, &GraphPattern),
        rows: Rows<'a>,
        make: &mut Make<'_, 'c, 'a>,
    ) -> Result<Rows<'a>, NoPlan> {
        match name {
            NamedNodePattern::NamedNode(name) => {
                let number = self.context.number_of_term(name.clone().into())?;
                self.in_graph(number, rows, make)
            }
            NamedNodePattern::Variable(name) => {
                let is_spread = graph_variable::block(pattern).is_some();
                self.in_each_graph((name, inner), rows, is_spread, make)
            }
        }
    }

    fn in_graph(
        &mut self,
        number: u32,
        rows: Rows<'a>,
        make: &mut Make<'_, 'c, 'a>,
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
        let rows = make(self, rows);
        self.graph = before;
        rows
    }

    /// Joins rows with the block in each named graph, with the variable bound to its name. `is_spread`: in those that
    /// IRIs name.
    fn in_each_graph(
        &mut self,
        (variable, inner): (&Variable, &GraphPattern),
        rows: Rows<'a>,
        is_spread: bool,
        make: &mut Make<'_, 'c, 'a>,
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
            branches.push(self.in_graph(number, fed, make)?);
        }
        self.waiting = waiting;
        let scope = &self.scope_of(inner) | &name;
        Ok(union_of(rows, scope, branches))
    }
}
