//! From a snapshot in memory to a compiled file.

use crate::store::atomic;
use crate::store::compiled::columns::{GraphBuilder, pair};
use crate::store::compiled::graph::Graph;
use crate::store::compiled::kind::{Entry, Kind, text_order};
use crate::store::compiled::layout::Directory;
use crate::store::compiled::output::Output;
use crate::store::compiled::terms::{Section, Terms};
use crate::store::compiled::text::{TextBuilder, TextSection};
use crate::store::dictionary::TermId;
use crate::store::error::StoreError;
use crate::store::memory::MemoryStore;
use oxigraph::model::{NamedOrBlankNode, Term};
use rayon::prelude::*;
use std::io::{self, Write};
use std::path::Path;

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
    let mut out = Output::start(out)?;
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
    let mut predicates = Vec::new();
    for [_, p, _] in store.scan(old_name, None, None, None) {
        if !found[p as usize] {
            found[p as usize] = true;
            predicates.push(p);
        }
    }
    drop(found);
    predicates.sort_unstable_by_key(|p| ids[*p as usize]);
    let label = old_name.and_then(|old| match store.term(old) {
        Term::NamedNode(node) => Some(NamedOrBlankNode::from(node)),
        Term::BlankNode(node) => Some(node.into()),
        Term::Literal(_) => None,
    });
    let mut graph = GraphBuilder::new(terms);
    for old in predicates {
        let pairs = store.scan(old_name, None, Some(old), None);
        let pairs = pairs.map(|[s, _, o]| pair(ids[s as usize], ids[o as usize]));
        graph.predicate(ids[old as usize], pairs.collect(), out)?;
    }
    graph.finish(name, label, out)
}
