//! Property paths on numbers: breadth-first search along relations.

use crate::sparql::bytes::vec_bytes;
use crate::sparql::engine::batch::Batch;
use crate::sparql::engine::context::{Context, Flow, Sink, store_error};
use crate::sparql::engine::plan::join::End;
use crate::sparql::engine::plan::node::StepId;
use crate::sparql::engine::plan::path::{PathExpr, PathStep};
use crate::sparql::engine::relation::{Key, Relation};
use crate::sparql::engine::run::output::Output;
use crate::sparql::engine::run::state::Run;
use crate::sparql::error::SparqlError;
use crate::sparql::memory::{Held, Holder};
use crate::store::compiled::graph::GraphRef;
use crate::store::compiled::scan::Scan;
use rustc_hash::FxHashSet;

impl PathStep<'_> {
    pub(crate) fn run(
        &self,
        id: StepId,
        run: &Run<'_, '_>,
        input: &Batch,
        sink: &mut Sink<'_>,
    ) -> Result<Flow, SparqlError> {
        let context = run.context;
        let mut walk = Walk {
            context,
            relations: run.relations,
            graphs: &self.graphs,
            steps: 0,
            kept: 0,
            held: context.memory.hold(Holder::Path),
        };
        if let Some(repeated) = self.repeated() {
            if !self.subject_known && !self.object_known {
                return self.run_open(repeated, &mut walk, input, sink);
            }
            let flow = self.run_known(id, run, repeated, &mut walk, (input, sink))?;
            if let Some(flow) = flow {
                return Ok(flow);
            }
        }
        let mut out = Output::new(context, input.columns.len(), sink);
        let mut found = Vec::new();
        for row in 0..input.len {
            let value = |end: End| match end {
                End::Slot(slot) => input.get(slot, row),
                End::Term(term) => term,
            };
            // From the known end, or from every node that can be a start.
            let (starts, far, forward) = match (self.subject_known, self.object_known) {
                (true, _) => (vec![value(self.subject)], self.object, true),
                (false, true) => (vec![value(self.object)], self.subject, false),
                (false, false) => (walk.starts(&self.expr)?, self.object, true),
            };
            let mut of_starts = context.memory.hold(Holder::Path);
            of_starts.set(vec_bytes(&starts, 0))?;
            for start in starts {
                found.clear();
                walk.reach(&self.expr, start, forward, &mut found)?;
                for end in &found {
                    let fits = match far {
                        End::Term(term) => term == *end,
                        End::Slot(slot) if self.subject_known && self.object_known => {
                            input.get(slot, row) == *end
                        }
                        // A path from a node to itself.
                        End::Slot(_) => self.subject != self.object || start == *end,
                    };
                    if !fits {
                        continue;
                    }
                    let (first, last) = if forward {
                        (start, *end)
                    } else {
                        (*end, start)
                    };
                    let subject = self.subject.slot().filter(|_| !self.subject_known);
                    let object = self.object.slot().filter(|_| !self.object_known);
                    let values = [subject.zip(Some(first)), object.zip(Some(last))];
                    if out.row(input, row, values.into_iter().flatten())? == Flow::Stop {
                        return Ok(Flow::Stop);
                    }
                }
                walk.give_back(found.len());
            }
        }
        out.finish()
    }
}

pub(crate) struct Walk<'a, 'c> {
    pub(crate) context: &'a Context<'c>,
    relations: &'a [Relation<'a>],
    graphs: &'a [GraphRef<'a>],
    steps: usize,
    /// How many nodes are in the lists and sets of the walk now.
    kept: usize,
    held: Held,
}

/// How many bytes a node takes in a list and in a set, both of which double when they are full.
const NODE_BYTES: usize = 20;
/// Number of nodes that bytes are counted for at a time.
const NODES_COUNTED: usize = 1 << 10;

impl Walk<'_, '_> {
    /// Returns all nodes that a path can start from.
    fn starts(&self, expr: &PathExpr) -> Result<Vec<u32>, SparqlError> {
        let mut starts = match expr {
            PathExpr::Step(relation, false) => self.keys(*relation, Key::Subject)?,
            PathExpr::Step(relation, true) => self.keys(*relation, Key::Object)?,
            PathExpr::Sequence(first, second) if reaches_itself(first) => {
                [self.starts(first)?, self.starts(second)?].concat()
            }
            PathExpr::Sequence(first, _) => self.starts(first)?,
            PathExpr::Either(left, right) => [self.starts(left)?, self.starts(right)?].concat(),
            PathExpr::Except(..) | PathExpr::Optional(_) | PathExpr::Star(_) => {
                let mut nodes = Vec::new();
                for graph in self.graphs {
                    nodes.extend_from_slice(graph.subjects().map_err(store_error)?.keys);
                    nodes.extend_from_slice(graph.objects().map_err(store_error)?.keys);
                }
                nodes
            }
            PathExpr::Plus(inner) => self.starts(inner)?,
        };
        starts.sort_unstable();
        starts.dedup();
        Ok(starts)
    }

    /// Returns the pairs of a path by the node that it starts from; `forward`: from its subject.
    pub(crate) fn pairs(
        &mut self,
        expr: &PathExpr,
        forward: bool,
    ) -> Result<(Vec<(u32, u32)>, Held), SparqlError> {
        let mut found = Vec::new();
        let mut held = self.context.memory.hold(Holder::Path);
        if let PathExpr::Step(relation, against) = expr {
            let key = match forward != *against {
                true => Key::Subject,
                false => Key::Object,
            };
            let pairs = self.relations[*relation].pairs(key)?;
            held.set(pairs.values.len() * size_of::<(u32, u32)>())?;
            for (place, from) in pairs.keys.iter().enumerate() {
                found.extend(pairs.values_at(place).iter().map(|to| (*from, *to)));
            }
            return Ok((found, held));
        }
        let mut ends = Vec::new();
        for start in self.starts(expr)? {
            ends.clear();
            self.reach(expr, start, true, &mut ends)?;
            held.set(vec_bytes(&found, found.len() + ends.len()))?;
            found.extend(ends.iter().map(|end| match forward {
                true => (start, *end),
                false => (*end, start),
            }));
            self.give_back(ends.len());
        }
        Ok((found, held))
    }

    /// Returns the nodes of the graphs that are not among some, which are ascending.
    pub(crate) fn nodes_beside(&self, some: &[u32]) -> Result<Vec<u32>, SparqlError> {
        let mut nodes = self.starts(&PathExpr::Except(Vec::new(), false))?;
        nodes.retain(|node| some.binary_search(node).is_err());
        Ok(nodes)
    }

    fn keys(&self, relation: usize, key: Key) -> Result<Vec<u32>, SparqlError> {
        Ok(self.relations[relation].pairs(key)?.keys.to_vec())
    }

    /// Counts nodes that lists and sets keep.
    fn keep(&mut self, nodes: usize) -> Result<(), SparqlError> {
        self.kept += nodes;
        let counted = self.kept.next_multiple_of(NODES_COUNTED);
        self.held.set(counted * NODE_BYTES)
    }

    /// Subtracts nodes that are no longer kept.
    fn give_back(&mut self, nodes: usize) {
        self.kept -= nodes;
    }

    /// Finds the nodes at the other end, each once; they count as kept until the caller gives them back.
    fn reach(
        &mut self,
        expr: &PathExpr,
        start: u32,
        forward: bool,
        found: &mut Vec<u32>,
    ) -> Result<(), SparqlError> {
        self.steps += 1;
        if self.steps.is_multiple_of(1 << 12) {
            self.context.check()?;
        }
        match expr {
            PathExpr::Step(relation, against) => {
                let relation = &self.relations[*relation];
                let key = match forward != *against {
                    true => Key::Subject,
                    false => Key::Object,
                };
                let values = relation.values_of(key, start)?;
                self.keep(values.len())?;
                found.extend_from_slice(values);
            }
            PathExpr::Except(predicates, against) => {
                let from = found.len();
                self.reach_by_others(predicates, start, forward != *against, found)?;
                self.give_back(once_each(found, from));
            }
            PathExpr::Sequence(first, second) => {
                let steps = match forward {
                    true => [first, second],
                    false => [second, first],
                };
                self.reach_in_two(steps.map(|step| &**step), start, forward, found)?;
            }
            PathExpr::Either(left, right) => {
                let from = found.len();
                self.reach(left, start, forward, found)?;
                self.reach(right, start, forward, found)?;
                self.give_back(once_each(found, from));
            }
            PathExpr::Optional(inner) => {
                if self.is_node(start)? {
                    let mut ends = Vec::new();
                    self.reach(inner, start, forward, &mut ends)?;
                    self.keep(1)?;
                    found.push(start);
                    let (all, before) = (ends.len(), found.len());
                    found.extend(ends.into_iter().filter(|end| *end != start));
                    self.give_back(all - (found.len() - before));
                }
            }
            PathExpr::Star(inner) => {
                if self.is_node(start)? {
                    self.keep(1)?;
                    self.close(inner, vec![start], forward, found)?;
                }
            }
            PathExpr::Plus(inner) => {
                let mut first = Vec::new();
                self.reach(inner, start, forward, &mut first)?;
                self.close(inner, first, forward, found)?;
            }
        }
        Ok(())
    }

    /// Finds the nodes at the other end of triples with any predicate but these.
    fn reach_by_others(
        &mut self,
        predicates: &[u32],
        start: u32,
        is_subject: bool,
        found: &mut Vec<u32>,
    ) -> Result<(), SparqlError> {
        let (subject, object) = match is_subject {
            true => (Some(start), None),
            false => (None, Some(start)),
        };
        for graph in self.graphs {
            for triple in Scan::new(*graph, [subject, None, object]) {
                let [subject, predicate, object] = triple.map_err(store_error)?;
                if !predicates.contains(&predicate) {
                    self.keep(1)?;
                    found.push(if is_subject { object } else { subject });
                }
            }
        }
        Ok(())
    }

    /// Finds the nodes at the end of a sequence of two paths.
    fn reach_in_two(
        &mut self,
        [first, second]: [&PathExpr; 2],
        start: u32,
        forward: bool,
        found: &mut Vec<u32>,
    ) -> Result<(), SparqlError> {
        let (mut middle, mut seen) = (Vec::new(), FxHashSet::default());
        self.reach(first, start, forward, &mut middle)?;
        let between = middle.len();
        for node in middle {
            let mut ends = Vec::new();
            self.reach(second, node, forward, &mut ends)?;
            let (all, before) = (ends.len(), found.len());
            found.extend(ends.into_iter().filter(|end| seen.insert(*end)));
            self.give_back(all - (found.len() - before));
        }
        self.give_back(between);
        Ok(())
    }

    pub(crate) fn is_node(&self, number: u32) -> Result<bool, SparqlError> {
        for graph in self.graphs {
            let is_subject = !graph.subjects().map_err(store_error)?.of(number).is_empty();
            if is_subject || !graph.objects().map_err(store_error)?.of(number).is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Finds all nodes that can be reached from some, including these, which the caller keeps.
    fn close(
        &mut self,
        expr: &PathExpr,
        starts: Vec<u32>,
        forward: bool,
        found: &mut Vec<u32>,
    ) -> Result<(), SparqlError> {
        let mut next = found.len();
        let mut seen: FxHashSet<u32> = FxHashSet::default();
        let all = starts.len();
        found.extend(starts.into_iter().filter(|start| seen.insert(*start)));
        self.give_back(all - (found.len() - next));
        let mut ends = Vec::new();
        while let Some(node) = found.get(next).copied() {
            next += 1;
            ends.clear();
            self.reach(expr, node, forward, &mut ends)?;
            let before = found.len();
            found.extend(ends.iter().filter(|end| seen.insert(**end)));
            self.give_back(ends.len() - (found.len() - before));
        }
        Ok(())
    }
}

/// Removes duplicates among the nodes from a place on; returns how many.
fn once_each(nodes: &mut Vec<u32>, from: usize) -> usize {
    nodes[from..].sort_unstable();
    let mut place = from;
    for at in from..nodes.len() {
        if place == from || nodes[place - 1] != nodes[at] {
            nodes[place] = nodes[at];
            place += 1;
        }
    }
    let gone = nodes.len() - place;
    nodes.truncate(place);
    gone
}

/// Returns whether a path can have no step.
fn reaches_itself(expr: &PathExpr) -> bool {
    match expr {
        PathExpr::Step(..) | PathExpr::Except(..) => false,
        PathExpr::Sequence(left, right) => reaches_itself(left) && reaches_itself(right),
        PathExpr::Either(left, right) => reaches_itself(left) || reaches_itself(right),
        PathExpr::Optional(_) | PathExpr::Star(_) => true,
        PathExpr::Plus(inner) => reaches_itself(inner),
    }
}
