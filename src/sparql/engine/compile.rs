//! From the algebra of a query to a plan.
//!
//! Patterns are joined by feeding the rows of one into the other. That is the same as joining their solutions where
//! each variable that both have is bound in every solution of either; where that cannot be told, and for what is not
//! known here, the whole query is left to the evaluator of the whole standard.

use crate::sparql::engine::batch::{Batch, UNBOUND};
use crate::sparql::engine::certain::Scopes;
use crate::sparql::engine::context::{Context, store_error};
use crate::sparql::engine::join::Allowed;
use crate::sparql::engine::plan::{Computed, Node};
use crate::sparql::engine::relation::Relation;
use crate::sparql::engine::slots::Slots;
use crate::sparql::engine::table::{Source, Table};
use crate::sparql::error::SparqlError;
use crate::sparql::memory::{Held, Holder};
use crate::store::compiled::graph::GraphRef;
use oxigraph::model::Variable;
use rustc_hash::FxHashMap;
use spargebra::algebra::{Expression, GraphPattern};
use spargebra::term::{GroundTerm, NamedNodePattern};
use std::collections::BTreeMap;

/// So many times at most a pattern is compiled for rows with and without a value.
const SPLITS_MAX: usize = 12;

/// Why there is no plan.
pub(crate) enum NoPlan {
    /// This is not known here.
    NotKnown(&'static str),
    Failed(SparqlError),
}

impl From<SparqlError> for NoPlan {
    fn from(error: SparqlError) -> Self {
        Self::Failed(error)
    }
}

/// The rows of a pattern: how they are made, and which slots they have.
pub(crate) struct Rows<'a> {
    pub(crate) node: Node<'a>,
    /// The slots that can have a value.
    pub(crate) scope: Slots,
    /// The slots that have a value in each row.
    pub(crate) bound: Slots,
    /// Whether it is the one row without values.
    pub(crate) is_unit: bool,
}

impl Rows<'_> {
    pub(crate) fn unit() -> Self {
        Self {
            node: Node::Input,
            scope: Slots::new(),
            bound: Slots::new(),
            is_unit: true,
        }
    }

    /// The rows that are fed in, with the slots of these.
    pub(crate) fn fed<'b>(&self) -> Rows<'b> {
        Rows {
            node: Node::Input,
            scope: self.scope.clone(),
            bound: self.bound.clone(),
            is_unit: self.is_unit,
        }
    }
}

/// Makes plans.
pub(crate) struct Compiler<'c, 'a> {
    pub(crate) context: &'c Context<'a>,
    /// The slot of each name that can be seen.
    names: BTreeMap<String, usize>,
    /// The same by the number of the variable, as far as it was asked for.
    seen: Vec<Option<usize>>,
    scopes: Scopes,
    /// Every name that a slot was given.
    named: Vec<(usize, String)>,
    pub(crate) slots: usize,
    pub(crate) relations: Vec<Relation<'a>>,
    relation_of: FxHashMap<(usize, u32), usize>,
    /// What counts the bytes of the relations.
    held: Held,
    /// The default graph of the query, then graphs that it names.
    graphs: Vec<Vec<GraphRef<'a>>>,
    graph: usize,
    /// How many patterns were compiled twice.
    splits: usize,
    /// How many answers of `EXISTS` have a slot.
    pub(crate) marks: usize,
    /// Numbers that slots are restricted to by filters around.
    pub(crate) hints: Vec<Allowed>,
}

impl<'c, 'a> Compiler<'c, 'a> {
    /// For a query of this pattern.
    pub(crate) fn new(
        context: &'c Context<'a>,
        default_graph: Vec<GraphRef<'a>>,
        query: &GraphPattern,
    ) -> Self {
        Self {
            context,
            names: BTreeMap::new(),
            seen: Vec::new(),
            scopes: Scopes::of(query),
            named: Vec::new(),
            slots: 0,
            relations: Vec::new(),
            relation_of: FxHashMap::default(),
            held: context.memory.hold(Holder::Graphs),
            graphs: vec![default_graph],
            graph: 0,
            splits: 0,
            marks: 0,
            hints: Vec::new(),
        }
    }

    /// The graphs whose union the current patterns look at.
    pub(crate) fn graphs(&self) -> &[GraphRef<'a>] {
        &self.graphs[self.graph]
    }

    pub(crate) fn new_slot(&mut self) -> usize {
        self.slots += 1;
        self.slots - 1
    }

    /// The names of the slots; empty for those that have none.
    pub(crate) fn slot_names(&self) -> Vec<String> {
        let mut names = vec![String::new(); self.slots];
        for (slot, name) in &self.named {
            names[*slot].clone_from(name);
        }
        names
    }

    /// The slot of a name.
    pub(crate) fn slot(&mut self, name: &str) -> usize {
        if let Some(slot) = self.names.get(name) {
            return *slot;
        }
        let slot = self.new_slot();
        self.names.insert(name.to_owned(), slot);
        self.named.push((slot, name.to_owned()));
        slot
    }

    /// Puts these names in the place of those that can be seen, which it gives back.
    pub(crate) fn see(&mut self, names: BTreeMap<String, usize>) -> BTreeMap<String, usize> {
        self.seen.clear();
        std::mem::replace(&mut self.names, names)
    }

    /// The slots of the variables that solutions of a pattern can bind.
    pub(crate) fn scope_of(&mut self, pattern: &GraphPattern) -> Slots {
        let scope = self.scopes.scope(pattern);
        self.slots_of(&scope.can)
    }

    /// The slots of the variables that have a value in every solution of a pattern.
    fn certain_of(&mut self, pattern: &GraphPattern) -> Slots {
        let scope = self.scopes.scope(pattern);
        self.slots_of(&scope.certain)
    }

    /// The slots of the variables that the solutions of both patterns can bind; nothing where one of these may have no
    /// value.
    pub(crate) fn shared(&mut self, left: &GraphPattern, right: &GraphPattern) -> Option<Slots> {
        let (left, right) = (self.scopes.scope(left), self.scopes.scope(right));
        let shared = &left.can & &right.can;
        let certain = &(&shared & &left.certain) & &right.certain;
        (certain.iter().count() == shared.iter().count()).then(|| self.slots_of(&shared))
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

    /// The place of the relation of a predicate in the current graph.
    pub(crate) fn relation(&mut self, predicate: u32) -> Result<usize, NoPlan> {
        let key = (self.graph, predicate);
        if let Some(place) = self.relation_of.get(&key) {
            return Ok(*place);
        }
        let relation = Relation::open(self.graphs(), predicate).map_err(store_error)?;
        self.held.add(relation.bytes())?;
        self.relations.push(relation);
        self.relation_of.insert(key, self.relations.len() - 1);
        Ok(self.relations.len() - 1)
    }

    /// Joins rows with a pattern.
    pub(crate) fn pattern(
        &mut self,
        pattern: &GraphPattern,
        rows: Rows<'a>,
    ) -> Result<Rows<'a>, NoPlan> {
        if !rows.scope.is_empty() {
            let (scope, is_certain) = (self.scope_of(pattern), self.certain_of(pattern));
            for slot in (&scope & &rows.scope).iter() {
                if !is_certain.contains(&slot) {
                    return Err(NoPlan::NotKnown(
                        "a join on a variable that may have no value",
                    ));
                }
                if !rows.bound.contains(&slot) {
                    return self.split(pattern, slot, rows);
                }
            }
        }
        match pattern {
            GraphPattern::Bgp { .. } | GraphPattern::Path { .. } | GraphPattern::Join { .. } => {
                self.join(pattern, rows)
            }
            GraphPattern::LeftJoin {
                left,
                right,
                expression,
            } => self.left_join(left, right, expression.as_ref(), rows),
            GraphPattern::Filter { expr, inner } => self.filter(expr, inner, rows),
            GraphPattern::Union { left, right } => self.union(left, right, rows),
            GraphPattern::Graph {
                name: NamedNodePattern::NamedNode(name),
                inner,
            } => {
                let number = self.context.number_of_term(name.clone().into())?;
                let graph = self.context.dataset.store().named_graph(number);
                // Such a graph makes even the empty pattern, which asks for no triple, have no solution.
                let graph = graph.ok_or(NoPlan::NotKnown("GRAPH of a graph that is not there"))?;
                self.graphs.push(vec![graph]);
                let before = std::mem::replace(&mut self.graph, self.graphs.len() - 1);
                let rows = self.pattern(inner, rows);
                self.graph = before;
                rows
            }
            GraphPattern::Graph { .. } => Err(NoPlan::NotKnown("GRAPH with a variable")),
            GraphPattern::Lateral { .. } => Err(NoPlan::NotKnown("LATERAL")),
            GraphPattern::Service { .. } => Err(NoPlan::NotKnown("SERVICE")),
            GraphPattern::Minus { left, right } => self.minus(left, right, rows),
            GraphPattern::Extend {
                inner,
                variable,
                expression,
            } => self.extend(inner, variable, expression, rows),
            GraphPattern::Values {
                variables,
                bindings,
            } => {
                let table = self.values(variables, bindings)?;
                let (scope, bound) = (self.scope_of(pattern), self.certain_of(pattern));
                self.join_table(rows, Source::Rows(table), scope, bound)
            }
            GraphPattern::OrderBy { .. }
            | GraphPattern::Project { .. }
            | GraphPattern::Distinct { .. }
            | GraphPattern::Reduced { .. }
            | GraphPattern::Slice { .. }
            | GraphPattern::Group { .. } => {
                let table = self.alone(pattern)?;
                if rows.is_unit {
                    return Ok(table);
                }
                let source = Source::Plan(Box::new(table.node));
                self.join_table(rows, source, table.scope, table.bound)
            }
        }
    }

    /// Joins rows, some of which have no value in a slot, with a pattern that always has one for it.
    fn split(
        &mut self,
        pattern: &GraphPattern,
        slot: usize,
        rows: Rows<'a>,
    ) -> Result<Rows<'a>, NoPlan> {
        self.splits += 1;
        if self.splits > SPLITS_MAX {
            return Err(NoPlan::NotKnown(
                "joins on too many variables that may have no value",
            ));
        }
        let mut fed = rows.fed();
        fed.is_unit = false;
        fed.bound.insert(slot);
        let bound = self.pattern(pattern, fed)?;
        let mut fed = rows.fed();
        fed.is_unit = false;
        fed.scope.remove(&slot);
        let unbound = self.pattern(pattern, fed)?;
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

    /// Joins rows with rows that do not depend on them.
    fn join_table(
        &mut self,
        rows: Rows<'a>,
        source: Source<'a>,
        scope: Slots,
        bound: Slots,
    ) -> Result<Rows<'a>, NoPlan> {
        let shared: Vec<usize> = scope.intersection(&rows.scope).collect();
        let table = Table {
            source,
            shared,
            slots: scope.iter().collect(),
            made: Default::default(),
        };
        Ok(Rows {
            node: Node::Table(Box::new(rows.node), table),
            scope: &rows.scope | &scope,
            bound: &rows.bound | &bound,
            is_unit: false,
        })
    }

    fn values(
        &mut self,
        variables: &[Variable],
        bindings: &[Vec<Option<GroundTerm>>],
    ) -> Result<Batch, NoPlan> {
        let slots: Vec<usize> = variables
            .iter()
            .map(|name| self.slot(name.as_str()))
            .collect();
        let mut batch = Batch::new(self.slots);
        batch.len = bindings.len();
        for (place, slot) in slots.into_iter().enumerate() {
            let numbers = bindings.iter().map(|row| match &row[place] {
                Some(GroundTerm::NamedNode(node)) => {
                    self.context.number_of_term(node.clone().into())
                }
                Some(GroundTerm::Literal(literal)) => {
                    self.context.number_of_term(literal.clone().into())
                }
                None => Ok(UNBOUND),
            });
            batch.columns[slot] = numbers.collect::<Result<_, _>>()?;
        }
        Ok(batch)
    }

    fn extend(
        &mut self,
        inner: &GraphPattern,
        variable: &Variable,
        expression: &Expression,
        rows: Rows<'a>,
    ) -> Result<Rows<'a>, NoPlan> {
        let slot = self.slot(variable.as_str());
        if rows.scope.contains(&slot) {
            return Err(NoPlan::NotKnown("a join on a computed variable"));
        }
        let outer = rows.scope.clone();
        let mut rows = self.pattern(inner, rows)?;
        self.check_scope(expression, &[inner], &outer)?;
        let (expression, next) = self.lift(expression, rows)?;
        rows = next;
        let computed = self.computed(&expression, &rows)?;
        let has_value = match &computed {
            Computed::Copy(from) => rows.bound.contains(from),
            Computed::Term(_) => true,
            Computed::Expression(_) => false,
        };
        rows.node = Node::Extend(Box::new(rows.node), slot, computed);
        rows.scope.insert(slot);
        if has_value {
            rows.bound.insert(slot);
        }
        rows.is_unit = false;
        Ok(rows)
    }

    fn union(
        &mut self,
        left: &GraphPattern,
        right: &GraphPattern,
        rows: Rows<'a>,
    ) -> Result<Rows<'a>, NoPlan> {
        let (mut patterns, mut open) = (Vec::new(), vec![right, left]);
        while let Some(pattern) = open.pop() {
            match pattern {
                GraphPattern::Union { left, right } => open.extend([&**right, &**left]),
                pattern => patterns.push(pattern),
            }
        }
        let (mut branches, mut scope) = (Vec::new(), rows.scope.clone());
        let mut bound: Option<Slots> = None;
        for pattern in patterns {
            let branch = self.pattern(pattern, rows.fed())?;
            scope = &scope | &branch.scope;
            bound = Some(match bound {
                Some(bound) => &bound & &branch.bound,
                None => branch.bound,
            });
            branches.push(branch.node);
        }
        Ok(Rows {
            node: Node::Union(Box::new(rows.node), branches),
            scope,
            bound: bound.unwrap_or_default(),
            is_unit: false,
        })
    }
}
