//! The state of the compiler: slots, graphs, relations, and the conditions of enclosing filters.

use crate::sparql::engine::context::{Context, store_error};
use crate::sparql::engine::plan::certain::Scopes;
use crate::sparql::engine::plan::join::Allowed;
use crate::sparql::engine::plan::node::{Condition, Op};
use crate::sparql::engine::plan::rows::{NoPlan, Rows};
use crate::sparql::engine::plan::scalar::Memos;
use crate::sparql::engine::plan::slots::Slots;
use crate::sparql::engine::relation::Relation;
use crate::sparql::error::SparqlError;
use crate::store::compiled::graph::GraphRef;
use oxigraph::model::{Literal, NamedNode};
use rustc_hash::FxHashMap;
use spargebra::algebra::GraphPattern;
use std::collections::BTreeMap;

/// Compiles a pattern on rows that are fed into it.
pub(crate) type Make<'m, 'c, 'a> =
    dyn FnMut(&mut Compiler<'c, 'a>, Rows<'a>) -> Result<Rows<'a>, NoPlan> + 'm;

/// The active graph of triple patterns.
pub(crate) struct ActiveGraph<'a> {
    /// The graphs whose union it is.
    pub(crate) union: Vec<GraphRef<'a>>,
    /// Whether the dataset has it: in one that it has not, even the empty pattern has no solution.
    pub(crate) is_there: bool,
}

/// Compiles patterns to plans.
pub(crate) struct Compiler<'c, 'a> {
    pub(crate) context: &'c Context<'a>,
    /// The slot of each name in scope.
    names: BTreeMap<String, usize>,
    /// The slot of each variable by its number, filled in on demand.
    seen: Vec<Option<usize>>,
    pub(crate) scopes: Scopes<'c>,
    /// How many values are remembered of expressions, and how many truths.
    pub(crate) memos: Memos,
    /// Every name that a slot was given.
    named: Vec<(usize, String)>,
    pub(crate) slots: usize,
    pub(crate) relations: Vec<Relation<'a>>,
    relation_of: FxHashMap<(usize, u32), usize>,
    /// The default graph of the query, then graphs that it names.
    pub(crate) graphs: Vec<ActiveGraph<'a>>,
    pub(crate) graph: usize,
    /// The graphs of `FROM NAMED`, if present.
    pub(crate) named_graphs: Option<Vec<u32>>,
    /// The number of patterns compiled twice.
    pub(crate) splits: usize,
    /// The number of `EXISTS` inside expressions so far.
    pub(crate) marks: usize,
    /// Inside of `EXISTS`: the slots that have a value in each row that is looked at.
    pub(crate) substituted: Option<Slots>,
    /// The value of `NOW`, computed on first use.
    pub(crate) now: Option<Literal>,
    /// The term numbers that enclosing filters allow for slots.
    pub(crate) hints: Vec<Allowed>,
    /// Conditions of enclosing filters that can be checked as soon as their slots are bound.
    pub(crate) waiting: Vec<Condition<'a>>,
}

impl<'c, 'a> Compiler<'c, 'a> {
    /// Returns a compiler for a query of this pattern.
    pub(crate) fn new(
        context: &'c Context<'a>,
        default_graph: Vec<GraphRef<'a>>,
        named: Option<&[NamedNode]>,
        query: &'c GraphPattern,
    ) -> Result<Self, SparqlError> {
        let numbers = |names: &[NamedNode]| {
            let names = names.iter();
            names
                .map(|name| context.number_of_term(name.clone().into()))
                .collect()
        };
        Ok(Self {
            context,
            names: BTreeMap::new(),
            seen: Vec::new(),
            scopes: Scopes::of(query),
            memos: Memos::default(),
            named: Vec::new(),
            slots: 0,
            relations: Vec::new(),
            relation_of: FxHashMap::default(),
            graphs: vec![ActiveGraph {
                union: default_graph,
                is_there: true,
            }],
            graph: 0,
            named_graphs: named.map(numbers).transpose()?,
            splits: 0,
            marks: 0,
            substituted: None,
            now: None,
            hints: Vec::new(),
            waiting: Vec::new(),
        })
    }

    /// Returns the graphs whose union the current patterns look at.
    pub(crate) fn graphs(&self) -> &[GraphRef<'a>] {
        &self.graphs[self.graph].union
    }

    pub(crate) fn new_slot(&mut self) -> usize {
        self.slots += 1;
        self.slots - 1
    }

    /// Returns the names of the slots; empty for those that have none.
    pub(crate) fn slot_names(&self) -> Vec<String> {
        let mut names = vec![String::new(); self.slots];
        for (slot, name) in &self.named {
            names[*slot].clone_from(name);
        }
        names
    }

    /// Returns the slot of a name.
    pub(crate) fn slot(&mut self, name: &str) -> usize {
        if let Some(slot) = self.names.get(name) {
            return *slot;
        }
        let slot = self.new_slot();
        self.names.insert(name.to_owned(), slot);
        self.named.push((slot, name.to_owned()));
        slot
    }

    /// Replaces the names in scope; returns the previous ones.
    pub(crate) fn see(&mut self, names: BTreeMap<String, usize>) -> BTreeMap<String, usize> {
        self.seen.clear();
        std::mem::replace(&mut self.names, names)
    }

    /// Returns the slots of the variables that solutions of a pattern can bind.
    pub(crate) fn scope_of(&mut self, pattern: &GraphPattern) -> Slots {
        let scope = self.scopes.scope(pattern);
        self.slots_of(&scope.can)
    }

    /// Returns the slots of the variables that have a value in every solution of a pattern.
    pub(crate) fn certain_of(&mut self, pattern: &GraphPattern) -> Slots {
        let scope = self.scopes.scope(pattern);
        self.slots_of(&scope.certain)
    }

    /// Returns the slots of the variables that the solutions of both patterns can bind: those that have a value in
    /// every one, and those that may have none.
    pub(crate) fn shared(&mut self, left: &GraphPattern, right: &GraphPattern) -> (Slots, Slots) {
        let (left, right) = (self.scopes.scope(left), self.scopes.scope(right));
        let certain = &left.certain & &right.certain;
        let shared = left.can.intersection(&right.can);
        let open = shared.filter(|number| !certain.contains(number)).collect();
        (self.slots_of(&certain), self.slots_of(&open))
    }

    fn slots_of(&mut self, variables: &Slots) -> Slots {
        let slots = variables.iter().map(|number| {
            if let Some(Some(slot)) = self.seen.get(number) {
                return *slot;
            }
            let name = self.scopes.names[number].clone();
            let slot = self.slot(&name);
            if self.seen.len() <= number {
                self.seen.resize(number + 1, None);
            }
            self.seen[number] = Some(slot);
            slot
        });
        slots.collect()
    }

    /// Returns the place of the relation of a predicate in the current graph.
    pub(crate) fn relation(&mut self, predicate: u32) -> Result<usize, NoPlan> {
        let key = (self.graph, predicate);
        if let Some(place) = self.relation_of.get(&key) {
            return Ok(*place);
        }
        let relation = Relation::open(self.graphs(), predicate, &self.context.memory);
        let relation = relation.map_err(store_error)?;
        self.relations.push(relation);
        self.relation_of.insert(key, self.relations.len() - 1);
        Ok(self.relations.len() - 1)
    }

    /// Filters rows by the waiting conditions whose slots are bound.
    pub(crate) fn settle(&mut self, mut rows: Rows<'a>) -> Rows<'a> {
        let waiting = std::mem::take(&mut self.waiting);
        let is_ready = |condition: &Condition<'_>| {
            let slots = condition.slots();
            slots.iter().all(|slot| rows.bound.contains(slot))
        };
        let (ready, waiting): (Vec<_>, Vec<_>) = waiting.into_iter().partition(is_ready);
        self.waiting = waiting;
        if !ready.is_empty() {
            rows.node = Op::Filter(Box::new(rows.node), ready).into();
        }
        rows
    }

    /// Compiles a part that conditions of enclosing filters must not restrict.
    pub(crate) fn shielded<T>(
        &mut self,
        make: impl FnOnce(&mut Self) -> Result<T, NoPlan>,
    ) -> Result<T, NoPlan> {
        let hints = std::mem::take(&mut self.hints);
        let waiting = std::mem::take(&mut self.waiting);
        let made = make(self);
        self.hints = hints;
        self.waiting = waiting;
        made
    }
}
