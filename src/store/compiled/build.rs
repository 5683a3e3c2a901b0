//! From a snapshot in memory to a compiled file.

use crate::store::atomic;
use crate::store::compiled::graph::{Graph, Order, Predicate};
use crate::store::compiled::kind::{Entry, Kind, text_order};
use crate::store::compiled::layout::Directory;
use crate::store::compiled::pages::{BYTE_ORDER, MAGIC, PAGE_BYTES, VERSION, checksum};
use crate::store::compiled::sets::Sets;
use crate::store::compiled::terms::{Section, Terms};
use crate::store::compiled::text::{TextBuilder, TextSection};
use crate::store::dictionary::TermId;
use crate::store::error::StoreError;
use crate::store::memory::MemoryStore;
use oxigraph::model::{NamedOrBlankNode, Term};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::io::{self, Write};
use std::path::Path;
use std::sync::atomic::AtomicBool;

/// Compiles a snapshot into a file, whole or not at all. `origin` says what it was compiled from.
pub(crate) fn write(store: &MemoryStore, origin: [u8; 32], path: &Path) -> Result<(), StoreError> {
    atomic::write_file_with(path, |mut out| write_to(store, origin, &mut out))
}

/// Compiles a snapshot.
pub(crate) fn write_to(
    store: &MemoryStore,
    origin: [u8; 32],
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut out = Output::new(out);
    out.bytes(&MAGIC)?;
    out.bytes(&VERSION.to_le_bytes())?;
    out.bytes(&BYTE_ORDER.to_le_bytes())?;
    let used = used(store);
    let (terms, ids) = write_terms(store, &used, &mut out)?;
    drop(used);
    let names = std::iter::once(None).chain(store.graph_ids().map(Some));
    let mut names: Vec<_> = names
        .map(|old| (old.map(|old| ids[old as usize]), old))
        .collect();
    names.sort_unstable();
    let mut graphs = Vec::with_capacity(names.len());
    for (name, old) in names {
        graphs.push(write_graph(store, name, old, &ids, terms.len(), &mut out)?);
    }
    let directory = Directory {
        terms,
        graphs,
        origin,
    };
    out.finish(&directory.write())
}

/// Which numbers of the snapshot occur in a quad.
fn used(store: &MemoryStore) -> Vec<bool> {
    let mut used = vec![false; store.term_count() as usize];
    for graph in std::iter::once(None).chain(store.graph_ids().map(Some)) {
        if let Some(name) = graph {
            used[name as usize] = true;
        }
        for id in store.scan(graph, None, None, None).flatten() {
            used[id as usize] = true;
        }
    }
    used
}

/// Writes the dictionary; gives the new number of each old one that is used.
fn write_terms(
    store: &MemoryStore,
    used: &[bool],
    out: &mut Output<'_>,
) -> io::Result<(Terms, Vec<TermId>)> {
    let dictionary = store.dictionary();
    let mut by_kind: [Vec<TermId>; Kind::ALL.len()] = Default::default();
    for (id, _) in (0..).zip(used).filter(|(_, used)| **used) {
        by_kind[Entry::of(dictionary.key(id)).kind() as usize].push(id);
    }
    let mut ids = vec![TermId::MAX; used.len()];
    let mut next = 0;
    let mut sections = [(Section::Integers(0), 0); Kind::ALL.len()];
    for (kind, old) in Kind::ALL.into_iter().zip(by_kind) {
        let old = sorted(store, kind, old);
        for id in &old {
            ids[*id as usize] = next;
            next += 1;
        }
        let entries = old.iter().map(|id| Entry::of(dictionary.key(*id)));
        let section = match kind {
            Kind::Integer => {
                let values = entries.filter_map(|entry| match entry {
                    Entry::Integer(value) => Some(value),
                    _ => None,
                });
                Section::Integers(out.column(&values.collect::<Vec<i64>>())?)
            }
            Kind::Date => {
                let values = entries.filter_map(|entry| match entry {
                    Entry::Date(days) => Some(days),
                    _ => None,
                });
                Section::Dates(out.column(&values.collect::<Vec<i32>>())?)
            }
            kind => {
                let mut builder = TextBuilder::default();
                for entry in entries {
                    if let Entry::Text(_, text) = entry {
                        builder.push(text);
                    }
                }
                builder.finish();
                Section::Text(TextSection {
                    kind,
                    count: builder.count,
                    index: out.column(&builder.index)?,
                    bytes: out.column(&builder.bytes)?,
                })
            }
        };
        sections[kind as usize] = (section, old.len() as u32);
    }
    let terms = Terms::new(sections).ok_or_else(|| io::Error::other("too many terms"))?;
    Ok((terms, ids))
}

/// The terms of a kind in order. Most pairs are told apart by eight bytes behind what all have in common.
fn sorted(store: &MemoryStore, kind: Kind, ids: Vec<TermId>) -> Vec<TermId> {
    let dictionary = store.dictionary();
    let entry = |id: TermId| Entry::of(dictionary.key(id));
    let text = |id: TermId| match entry(id) {
        Entry::Text(_, text) => text,
        _ => "",
    };
    let first = ids.first().map_or("", |id| text(*id));
    let shared = ids.iter().fold(first.len(), |shared, id| {
        let pairs = first[..shared].bytes().zip(text(*id).bytes());
        pairs.take_while(|(left, right)| left == right).count()
    });
    let mut keyed: Vec<(u64, TermId)> = ids
        .into_par_iter()
        .map(|id| {
            let key = match entry(id) {
                Entry::Integer(value) => value as u64 ^ 1 << 63,
                Entry::Date(days) => i64::from(days) as u64 ^ 1 << 63,
                // These are in the order of values, which no prefix tells.
                Entry::Text(Kind::Decimal | Kind::Double, _) => 0,
                Entry::Text(_, text) => {
                    let rest = &text.as_bytes()[shared..];
                    let mut prefix = [0; 8];
                    let len = rest.len().min(8);
                    prefix[..len].copy_from_slice(&rest[..len]);
                    u64::from_be_bytes(prefix)
                }
            };
            (key, id)
        })
        .collect();
    keyed.par_sort_unstable_by(|left, right| {
        let texts = || text_order(kind, text(left.1), text(right.1));
        left.0.cmp(&right.0).then_with(texts)
    });
    keyed.into_iter().map(|(_, id)| id).collect()
}

fn write_graph(
    store: &MemoryStore,
    name: Option<TermId>,
    old_name: Option<TermId>,
    ids: &[TermId],
    terms: u32,
    out: &mut Output<'_>,
) -> io::Result<Graph> {
    let mut found = vec![false; ids.len()];
    let mut old_predicates = Vec::new();
    for [_, p, _] in store.scan(old_name, None, None, None) {
        if !found[p as usize] {
            found[p as usize] = true;
            old_predicates.push(p);
        }
    }
    drop(found);
    old_predicates.sort_unstable_by_key(|p| ids[*p as usize]);
    let mut predicates = Vec::with_capacity(old_predicates.len());
    let (mut subjects, mut objects) = (SetsBuilder::new(terms), SetsBuilder::new(terms));
    let mut triples = 0;
    for (place, old) in (0..).zip(old_predicates) {
        let mut pairs: Vec<u64> = store
            .scan(old_name, None, Some(old), None)
            .map(|[s, _, o]| pair(ids[s as usize], ids[o as usize]))
            .collect();
        pairs.par_sort_unstable();
        let by_subject = write_order(&pairs, place, &mut subjects, out)?;
        for pair in &mut pairs {
            *pair = pair.rotate_left(32);
        }
        pairs.par_sort_unstable();
        let by_object = write_order(&pairs, place, &mut objects, out)?;
        triples += pairs.len() as u64;
        predicates.push(Predicate {
            id: ids[old as usize],
            triples: pairs.len() as u32,
            by_subject,
            by_object,
        });
    }
    Ok(Graph {
        name,
        label: old_name.and_then(|old| match store.term(old) {
            Term::NamedNode(node) => Some(NamedOrBlankNode::from(node)),
            Term::BlankNode(node) => Some(node.into()),
            Term::Literal(_) => None,
        }),
        triples,
        predicates,
        subjects: subjects.write(out)?,
        objects: objects.write(out)?,
        terms,
    })
}

fn pair(key: TermId, value: TermId) -> u64 {
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

/// Writes pages and their checksums.
struct Output<'a> {
    out: &'a mut dyn Write,
    page: Vec<u8>,
    written: usize,
    sums: Vec<u8>,
}

impl<'a> Output<'a> {
    fn new(out: &'a mut dyn Write) -> Self {
        Self {
            out,
            page: Vec::with_capacity(PAGE_BYTES),
            written: 0,
            sums: Vec::new(),
        }
    }

    fn bytes(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let (now, later) = bytes.split_at(bytes.len().min(PAGE_BYTES - self.page.len()));
            self.page.extend_from_slice(now);
            if self.page.len() == PAGE_BYTES {
                self.end_page()?;
            }
            bytes = later;
        }
        Ok(())
    }

    fn end_page(&mut self) -> io::Result<()> {
        self.out.write_all(&self.page)?;
        self.sums
            .extend_from_slice(&checksum(&self.page).to_le_bytes());
        self.written += self.page.len();
        self.page.clear();
        Ok(())
    }

    /// Writes numbers; gives the byte where they start.
    fn column<T: bytemuck::NoUninit>(&mut self, numbers: &[T]) -> io::Result<usize> {
        let start = self.written + self.page.len();
        let bytes: &[u8] = bytemuck::cast_slice(numbers);
        self.bytes(bytes)?;
        self.bytes(&[0; 8][..bytes.len().next_multiple_of(8) - bytes.len()])?;
        Ok(start)
    }

    fn finish(mut self, directory: &[u8]) -> io::Result<()> {
        if !self.page.is_empty() {
            self.end_page()?;
        }
        let (sums, start) = (std::mem::take(&mut self.sums), self.written);
        let mut trailer = Vec::new();
        for number in [
            start,
            sums.len(),
            start + sums.len(),
            directory.len(),
            start + sums.len() + directory.len() + crate::store::compiled::pages::TRAILER_BYTES,
        ] {
            trailer.extend_from_slice(&(number as u64).to_le_bytes());
        }
        trailer.extend_from_slice(&checksum(&sums).to_le_bytes());
        trailer.extend_from_slice(&checksum(directory).to_le_bytes());
        trailer.extend_from_slice(&checksum(&trailer).to_le_bytes());
        self.out.write_all(&sums)?;
        self.out.write_all(directory)?;
        self.out.write_all(&trailer)
    }
}
