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

/// Returns one graph of numbered triples as columns in memory.
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
    let runs = triples.chunk_by(|left, right| left[1] == right[1]);
    let pairs_of = |run: &[[TermId; 3]]| run.iter().map(|[s, _, o]| pair(*s, *o)).collect();
    graph.predicates(
        runs.map(|run| (run[0][1], vec![pairs_of(run)])),
        &mut out,
        |_| {},
    )?;
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

    /// Writes predicates in the order of their numbers, each with lists of its pairs, all of them different.
    ///
    /// While one is written, the next one is sorted; so no more than two are held in sorted form. Calls `report`
    /// with the number of triples written after each.
    pub(super) fn predicates(
        &mut self,
        predicates: impl Iterator<Item = (TermId, Vec<Vec<u64>>)> + Send,
        out: &mut Output<'_>,
        mut report: impl FnMut(u64),
    ) -> io::Result<()> {
        let mut predicates = predicates.fuse();
        let mut made = None;
        loop {
            let write = || match made {
                Some(made) => self.write(made, out),
                None => Ok(0),
            };
            let make = || predicates.next().map(|(id, lists)| Made::new(id, lists));
            let (written, next) = rayon::join(write, make);
            report(written?);
            if next.is_none() {
                return Ok(());
            }
            made = next;
        }
    }

    /// Gives how many triples there are.
    fn write(&mut self, made: Made, out: &mut Output<'_>) -> io::Result<u64> {
        let place = self.predicates.len() as u32;
        let Made {
            id,
            by_subject,
            by_object,
        } = made;
        let (subjects, objects) = (&mut self.subjects, &mut self.objects);
        let write = || Ok::<_, io::Error>((by_subject.write(out)?, by_object.write(out)?));
        let note = || {
            subjects.add(&by_subject.keys, place);
            objects.add(&by_object.keys, place);
        };
        let (written, ()) = rayon::join(write, note);
        let triples = by_subject.values.len() as u64;
        let (by_subject, by_object) = written?;
        self.triples += triples;
        self.predicates.push(Predicate {
            id,
            triples: triples as u32,
            by_subject,
            by_object,
        });
        Ok(triples)
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

/// Returns a pair as one number: key first.
pub(super) fn pair(key: TermId, value: TermId) -> u64 {
    u64::from(key) << 32 | u64::from(value)
}

/// A predicate in both orders, ready to be written.
struct Made {
    id: TermId,
    by_subject: Columns,
    by_object: Columns,
}

impl Made {
    fn new(id: TermId, lists: Vec<Vec<u64>>) -> Self {
        let (by_subject, by_object) = rayon::join(
            || Columns::new(lists.concat()),
            || Columns::new(lists.iter().flatten().map(|p| p.rotate_left(32)).collect()),
        );
        Self {
            id,
            by_subject,
            by_object,
        }
    }
}

/// One order of a predicate.
struct Columns {
    keys: Vec<TermId>,
    /// The start of the values of each key, and the end.
    offsets: Vec<u32>,
    values: Vec<TermId>,
}

impl Columns {
    fn new(mut pairs: Vec<u64>) -> Self {
        pairs.par_sort_unstable();
        let (mut keys, mut offsets) = (Vec::new(), Vec::new());
        for (at, pair) in (0..).zip(&pairs) {
            let key = (pair >> 32) as u32;
            if keys.last() != Some(&key) {
                keys.push(key);
                offsets.push(at);
            }
        }
        offsets.push(pairs.len() as u32);
        Self {
            keys,
            offsets,
            values: pairs.iter().map(|pair| *pair as u32).collect(),
        }
    }

    fn write(&self, out: &mut Output<'_>) -> io::Result<Order> {
        Ok(Order {
            key_count: self.keys.len() as u32,
            offsets: if self.keys.len() == self.values.len() {
                None
            } else {
                Some(out.column(&self.offsets)?)
            },
            keys: out.column(&self.keys)?,
            values: out.column(&self.values)?,
            checked: AtomicBool::new(false),
        })
    }
}

/// Collects which predicates each term has; predicates come in order.
struct SetsBuilder {
    /// The number of the set so far of each term; 0 is the empty set.
    of: Vec<u32>,
    /// The parts of a set: another set and one more predicate.
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

    /// Notes that these terms have a predicate.
    fn add(&mut self, terms: &[TermId], predicate: u32) {
        for term in terms {
            let set = &mut self.of[*term as usize];
            *set = *self.with.entry((*set, predicate)).or_insert_with(|| {
                self.sets.push((*set, predicate));
                self.sets.len() as u32 - 1
            });
        }
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
