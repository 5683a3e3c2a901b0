//! The columns of a graph being made: pairs in both orders, and which predicates each term has.

use crate::store::compiled::graph::{Graph, Order, Predicate};
use crate::store::compiled::output::Output;
use crate::store::compiled::sets::Sets;
use crate::store::dictionary::TermId;
use oxigraph::model::NamedOrBlankNode;
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::io;
use std::sync::atomic::AtomicBool;

/// One graph of numbered triples as columns in memory.
pub(super) fn held_graph(
    (name, label): (TermId, NamedOrBlankNode),
    mut triples: Vec<[TermId; 3]>,
    terms: u32,
) -> io::Result<(Graph, Vec<u8>)> {
    triples.sort_unstable_by_key(|[s, p, o]| [*p, *s, *o]);
    triples.dedup();
    let mut bytes = Vec::new();
    let mut out = Output::start(&mut bytes)?;
    let mut graph = GraphBuilder::new(terms);
    for run in triples.chunk_by(|left, right| left[1] == right[1]) {
        let pairs = run.iter().map(|[s, _, o]| pair(*s, *o));
        graph.predicate(run[0][1], pairs.collect(), &mut out)?;
    }
    let graph = graph.finish(Some(name), Some(label), &mut out)?;
    out.finish(&[])?;
    Ok((graph, bytes))
}

/// Writes a graph, predicate by predicate in the order of their numbers.
pub(super) struct GraphBuilder {
    predicates: Vec<Predicate>,
    triples: u64,
    subjects: SetsBuilder,
    objects: SetsBuilder,
    terms: u32,
}

impl GraphBuilder {
    pub(super) fn new(terms: u32) -> Self {
        Self {
            predicates: Vec::new(),
            triples: 0,
            subjects: SetsBuilder::new(terms),
            objects: SetsBuilder::new(terms),
            terms,
        }
    }

    pub(super) fn predicate(
        &mut self,
        id: TermId,
        mut pairs: Vec<u64>,
        out: &mut Output<'_>,
    ) -> io::Result<()> {
        let place = self.predicates.len() as u32;
        pairs.par_sort_unstable();
        let by_subject = write_order(&pairs, place, &mut self.subjects, out)?;
        for pair in &mut pairs {
            *pair = pair.rotate_left(32);
        }
        pairs.par_sort_unstable();
        let by_object = write_order(&pairs, place, &mut self.objects, out)?;
        self.triples += pairs.len() as u64;
        self.predicates.push(Predicate {
            id,
            triples: pairs.len() as u32,
            by_subject,
            by_object,
        });
        Ok(())
    }

    pub(super) fn finish(
        self,
        name: Option<TermId>,
        label: Option<NamedOrBlankNode>,
        out: &mut Output<'_>,
    ) -> io::Result<Graph> {
        Ok(Graph {
            name,
            label,
            triples: self.triples,
            predicates: self.predicates,
            subjects: self.subjects.write(out)?,
            objects: self.objects.write(out)?,
            terms: self.terms,
        })
    }
}

/// A pair as one number: key first.
pub(super) fn pair(key: TermId, value: TermId) -> u64 {
    u64::from(key) << 32 | u64::from(value)
}

/// Writes sorted pairs, and notes that their keys have this predicate.
fn write_order(
    pairs: &[u64],
    predicate: u32,
    sets: &mut SetsBuilder,
    out: &mut Output<'_>,
) -> io::Result<Order> {
    let (mut keys, mut offsets) = (Vec::new(), Vec::new());
    let values: Vec<TermId> = pairs.iter().map(|pair| *pair as u32).collect();
    for (at, pair) in (0..).zip(pairs) {
        let key = (pair >> 32) as u32;
        if keys.last() != Some(&key) {
            keys.push(key);
            offsets.push(at);
            sets.add(key, predicate);
        }
    }
    offsets.push(pairs.len() as u32);
    Ok(Order {
        key_count: keys.len() as u32,
        offsets: if keys.len() == values.len() {
            None
        } else {
            Some(out.column(&offsets)?)
        },
        keys: out.column(&keys)?,
        values: out.column(&values)?,
        checked: AtomicBool::new(false),
    })
}

/// Collects which predicates each term has; predicates come in order.
struct SetsBuilder {
    /// The number of the set so far of each term; 0 is the empty set.
    of: Vec<u32>,
    /// What a set is made of: another one and a predicate more.
    sets: Vec<(u32, u32)>,
    with: FxHashMap<(u32, u32), u32>,
}

impl SetsBuilder {
    fn new(terms: u32) -> Self {
        Self {
            of: vec![0; terms as usize],
            sets: vec![(0, 0)],
            with: FxHashMap::default(),
        }
    }

    fn add(&mut self, term: TermId, predicate: u32) {
        let set = &mut self.of[term as usize];
        *set = *self.with.entry((*set, predicate)).or_insert_with(|| {
            self.sets.push((*set, predicate));
            self.sets.len() as u32 - 1
        });
    }

    fn write(self, out: &mut Output<'_>) -> io::Result<Sets> {
        let (mut keys, mut ids) = (Vec::new(), Vec::new());
        let (mut offsets, mut members) = (vec![0], Vec::new());
        // Sets that no term has in the end are left out; the others are numbered by their first term.
        let mut numbers = vec![None; self.sets.len()];
        for (term, set) in (0..).zip(&self.of).filter(|(_, set)| **set != 0) {
            let number = *numbers[*set as usize].get_or_insert_with(|| {
                let start = members.len();
                let mut rest = *set;
                while rest != 0 {
                    let (before, predicate) = self.sets[rest as usize];
                    members.push(predicate);
                    rest = before;
                }
                members[start..].reverse();
                offsets.push(members.len() as u32);
                offsets.len() as u32 - 2
            });
            keys.push(term);
            ids.push(number);
        }
        Ok(Sets {
            key_count: keys.len() as u32,
            keys: out.column(&keys)?,
            ids: out.column(&ids)?,
            set_count: offsets.len() as u32 - 1,
            offsets: out.column(&offsets)?,
            member_count: members.len() as u32,
            members: out.column(&members)?,
            checked: AtomicBool::new(false),
        })
    }
}
