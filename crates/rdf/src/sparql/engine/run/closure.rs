//! The closure of a relation: which nodes can be reached from which, by strongly connected components and sets of bits.
//!
//! Nodes that reach each other reach the same nodes, so one set for each component is enough (Nuutila 1995). Components
//! are numbered as Tarjan's search completes them, those that a component leads to before it; the set of one is the union
//! of theirs and its own nodes. Nodes have their bits in the order of their components: a set has none beyond those of
//! its own component. Where the sets of all components would take too much memory, they are made for some of the nodes
//! at a time.

use crate::sparql::bytes::vec_bytes;
use crate::sparql::engine::context::Context;
use crate::sparql::error::SparqlError;
use crate::sparql::memory::{Held, Holder};
use std::ops::Range;

/// Number of bytes of the sets that are made at a time.
const SETS_BYTES: usize = 32 << 20;
/// Number of words that are computed between two looks at the clock.
const WORDS_BETWEEN_CHECKS: usize = 1 << 20;
const NONE: u32 = u32::MAX;

/// A relation, ready for its closure.
pub(crate) struct Closure {
    /// The terms that the relation connects, ascending.
    nodes: Vec<u32>,
    /// The component of each node.
    component: Vec<u32>,
    /// The place of the bit of each node.
    bit: Vec<u32>,
    /// The node of each bit.
    node_of: Vec<u32>,
    /// The first bit of each component, and the end.
    firsts: Vec<u32>,
    /// Where the components that each leads to start in `next`, and the end.
    starts: Vec<u32>,
    next: Vec<u32>,
    /// Whether the nodes of a component reach themselves.
    is_cyclic: Vec<bool>,
    _held: Held,
}

/// The sets of all components for some of the words of bits.
pub(crate) struct Sets {
    words: Range<usize>,
    bits: Vec<u64>,
    _held: Held,
}

impl Closure {
    /// Makes it of the pairs of a relation, in any order. O(n log n).
    pub(crate) fn new(context: &Context<'_>, pairs: &[(u32, u32)]) -> Result<Self, SparqlError> {
        let mut held = context.memory.hold(Holder::Path);
        // The lists here, and as much again while they are made.
        held.set(pairs.len() * 64)?;
        let mut nodes: Vec<u32> = pairs.iter().flat_map(|(from, to)| [*from, *to]).collect();
        nodes.sort_unstable();
        nodes.dedup();
        let graph = Edges::new(&nodes, pairs);
        context.check()?;
        let component = components(&graph);
        let count = component.iter().max().map_or(0, |last| *last as usize + 1);
        let mut firsts = vec![0; count + 1];
        for component in &component {
            firsts[*component as usize + 1] += 1;
        }
        for at in 0..count {
            firsts[at + 1] += firsts[at];
        }
        let mut places = firsts.clone();
        let (mut bit, mut node_of) = (vec![0; nodes.len()], vec![0; nodes.len()]);
        for (node, component) in (0..).zip(&component) {
            let place = &mut places[*component as usize];
            bit[node as usize] = *place;
            node_of[*place as usize] = node;
            *place += 1;
        }
        let mut closure = Self {
            nodes,
            component,
            bit,
            node_of,
            firsts,
            starts: vec![0],
            next: Vec::new(),
            is_cyclic: Vec::with_capacity(count),
            _held: held,
        };
        closure.connect(&graph, count);
        let lists = [
            &closure.nodes,
            &closure.component,
            &closure.bit,
            &closure.node_of,
            &closure.firsts,
            &closure.starts,
            &closure.next,
        ];
        let bytes = lists.iter().map(|list| vec_bytes(list, 0)).sum::<usize>() + count;
        closure._held.set(bytes)?;
        Ok(closure)
    }

    /// Adds the edges between components.
    fn connect(&mut self, graph: &Edges, count: usize) {
        let mut seen = vec![NONE; count];
        for component in 0..count as u32 {
            let bits = self.bits_of(component);
            let mut is_cyclic = bits.len() > 1;
            for bit in bits {
                for to in graph.from(self.node_of[bit]) {
                    let other = self.component[*to as usize];
                    if other == component {
                        is_cyclic = true;
                    } else if std::mem::replace(&mut seen[other as usize], component) != component {
                        self.next.push(other);
                    }
                }
            }
            self.starts.push(self.next.len() as u32);
            self.is_cyclic.push(is_cyclic);
        }
    }

    pub(crate) fn nodes(&self) -> &[u32] {
        &self.nodes
    }

    fn components(&self) -> usize {
        self.is_cyclic.len()
    }

    fn bits_of(&self, component: u32) -> Range<usize> {
        let at = component as usize;
        self.firsts[at] as usize..self.firsts[at + 1] as usize
    }

    /// Returns the place of a term among the nodes.
    pub(crate) fn place(&self, term: u32) -> Option<usize> {
        self.nodes.binary_search(&term).ok()
    }

    /// Returns whether a node reaches itself in one step or more.
    pub(crate) fn is_cyclic(&self, place: usize) -> bool {
        self.is_cyclic[self.component[place] as usize]
    }

    fn words(&self) -> usize {
        self.nodes.len().div_ceil(64)
    }

    /// Returns whether the sets of all components for all nodes fit into the room of what is made at a time.
    pub(crate) fn is_small(&self) -> bool {
        self.components().saturating_mul(self.words()) <= SETS_BYTES / 8
    }

    /// Calls `each` with the sets of all components, for some of the nodes at a time, until it wants no more.
    pub(crate) fn each_sets(
        &self,
        context: &Context<'_>,
        mut each: impl FnMut(Sets) -> Result<bool, SparqlError>,
    ) -> Result<(), SparqlError> {
        let at_once = (SETS_BYTES / 8 / self.components().max(1)).max(1);
        for start in (0..self.words()).step_by(at_once) {
            let end = self.words().min(start + at_once);
            if !each(self.sets(context, start..end)?)? {
                break;
            }
        }
        Ok(())
    }

    /// Returns the sets of all components for these words of bits.
    pub(crate) fn sets(
        &self,
        context: &Context<'_>,
        words: Range<usize>,
    ) -> Result<Sets, SparqlError> {
        let mut held = context.memory.hold(Holder::Path);
        let width = words.len();
        held.set(self.components() * width * 8)?;
        let mut bits = vec![0u64; self.components() * width];
        let mut since = 0;
        for component in 0..self.components() {
            let own = self.bits_of(component as u32);
            // No set has bits beyond those of its component.
            let Some(used) = (own.end.div_ceil(64).min(words.end)).checked_sub(words.start) else {
                continue;
            };
            let (before, after) = bits.split_at_mut(component * width);
            let set = &mut after[..used];
            for bit in own.start.max(words.start * 64)..own.end.min(words.end * 64) {
                set[bit / 64 - words.start] |= 1 << (bit % 64);
            }
            let next = self.starts[component] as usize..self.starts[component + 1] as usize;
            since += used * next.len();
            for other in &self.next[next] {
                let other = &before[*other as usize * width..][..used];
                for (word, other) in set.iter_mut().zip(other) {
                    *word |= other;
                }
            }
            if since >= WORDS_BETWEEN_CHECKS {
                since = 0;
                context.check()?;
            }
        }
        Ok(Sets {
            words,
            bits,
            _held: held,
        })
    }

    /// Returns how many nodes each component reaches in one step or more. O(e · n / 64) for n nodes and e edges between
    /// components.
    pub(crate) fn counts(&self, context: &Context<'_>) -> Result<Vec<u64>, SparqlError> {
        let mut counts: Vec<u64> = vec![0; self.components()];
        self.each_sets(context, |sets| {
            let width = sets.words.len();
            for (count, set) in counts.iter_mut().zip(sets.bits.chunks(width)) {
                *count += set
                    .iter()
                    .map(|word| u64::from(word.count_ones()))
                    .sum::<u64>();
            }
            Ok(true)
        })?;
        for (count, is_cyclic) in counts.iter_mut().zip(&self.is_cyclic) {
            *count -= u64::from(!is_cyclic);
        }
        Ok(counts)
    }

    /// Returns the number of the component of a node.
    pub(crate) fn component(&self, place: usize) -> usize {
        self.component[place] as usize
    }

    /// Adds the terms that a node reaches, as far as the sets have them; `is_star`: itself too, in no step.
    pub(crate) fn reached(&self, sets: &Sets, place: usize, is_star: bool, found: &mut Vec<u32>) {
        let (component, width) = (self.component(place), sets.words.len());
        let own = self.bit[place] as usize;
        let with_itself = is_star || self.is_cyclic[component];
        for (at, word) in sets.bits[component * width..][..width].iter().enumerate() {
            let (mut word, first) = (*word, (sets.words.start + at) * 64);
            while word != 0 {
                let bit = first + word.trailing_zeros() as usize;
                word &= word - 1;
                if bit != own || with_itself {
                    found.push(self.nodes[self.node_of[bit] as usize]);
                }
            }
        }
    }

    /// Returns whether a node reaches another in one step or more. `sets` are all.
    pub(crate) fn reaches(&self, sets: &Sets, from: usize, to: usize) -> bool {
        if from == to {
            return self.is_cyclic(from);
        }
        let (bit, width) = (self.bit[to] as usize, sets.words.len());
        sets.bits[self.component(from) * width + bit / 64] & (1 << (bit % 64)) != 0
    }

    pub(crate) fn all_sets(&self, context: &Context<'_>) -> Result<Sets, SparqlError> {
        self.sets(context, 0..self.words())
    }
}

/// The edges of a graph, by the places of nodes.
struct Edges {
    starts: Vec<u32>,
    to: Vec<u32>,
}

impl Edges {
    fn new(nodes: &[u32], pairs: &[(u32, u32)]) -> Self {
        // Pairs mostly come by their first node.
        let mut last = (NONE, 0);
        let mut place = |term: u32| {
            if last.0 != term {
                last = (term, nodes.partition_point(|node| *node < term) as u32);
            }
            last.1
        };
        let from: Vec<u32> = pairs.iter().map(|(from, _)| place(*from)).collect();
        let mut starts = vec![0; nodes.len() + 1];
        for from in &from {
            starts[*from as usize + 1] += 1;
        }
        for at in 0..nodes.len() {
            starts[at + 1] += starts[at];
        }
        let (mut ends, mut to) = (starts.clone(), vec![0; pairs.len()]);
        for (from, (_, term)) in from.iter().zip(pairs) {
            let end = &mut ends[*from as usize];
            to[*end as usize] = nodes.partition_point(|node| node < term) as u32;
            *end += 1;
        }
        Self { starts, to }
    }

    fn from(&self, node: u32) -> &[u32] {
        let at = node as usize;
        &self.to[self.starts[at] as usize..self.starts[at + 1] as usize]
    }
}

/// Returns the strongly connected component of each node, numbered so that edges lead to equal or lower numbers. Tarjan
/// (1972), without recursion. O(n + e).
fn components(graph: &Edges) -> Vec<u32> {
    let count = graph.starts.len() - 1;
    let (mut component, mut low, mut index) =
        (vec![NONE; count], vec![0; count], vec![NONE; count]);
    let (mut stack, mut calls): (Vec<u32>, Vec<(u32, u32)>) = (Vec::new(), Vec::new());
    let (mut next_index, mut next_component) = (0, 0);
    for root in 0..count as u32 {
        if index[root as usize] != NONE {
            continue;
        }
        calls.push((root, 0));
        while let Some((node, edge)) = calls.last_mut() {
            let at = *node as usize;
            if *edge == 0 {
                (index[at], low[at]) = (next_index, next_index);
                next_index += 1;
                stack.push(*node);
            }
            if let Some(to) = graph.from(*node).get(*edge as usize) {
                *edge += 1;
                let other = *to as usize;
                if index[other] == NONE {
                    calls.push((*to, 0));
                } else if component[other] == NONE {
                    low[at] = low[at].min(index[other]);
                }
                continue;
            }
            let node = *node;
            calls.pop();
            if low[at] == index[at] {
                while let Some(member) = stack.pop() {
                    component[member as usize] = next_component;
                    if member == node {
                        break;
                    }
                }
                next_component += 1;
            }
            if let Some((parent, _)) = calls.last() {
                let parent = *parent as usize;
                low[parent] = low[parent].min(low[at]);
            }
        }
    }
    component
}
