//! From a snapshot in memory to a compiled file.

use crate::store::atomic;
use crate::store::compiled::columns::{GraphBuilder, pair};
use crate::store::compiled::kind::{Entry, Kind, text_order};
use crate::store::compiled::layout::Directory;
use crate::store::compiled::output::Output;
use crate::store::compiled::terms::{Section, Terms};
use crate::store::compiled::text::{BLOCK, TextBuilder, TextSection};
use crate::store::dictionary::TermId;
use crate::store::error::StoreError;
use crate::store::memory::MemoryStore;
use oxigraph::model::{NamedOrBlankNode, Term};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

/// The number of texts in a unit of parallel work: whole blocks.
const TEXTS_AT_ONCE: usize = 4096 * BLOCK as usize;

/// Compiles a snapshot into a file, whole or not at all. `origin` says what it was compiled from; Calls `report` with
/// the number of triples written so far.
pub(crate) fn write(
    store: &MemoryStore,
    origin: [u8; 32],
    path: &Path,
    report: &dyn Fn(u64),
) -> Result<(), StoreError> {
    atomic::write_file_with(path, |mut out| write_to(store, origin, &mut out, report))
}

/// Compiles a snapshot.
pub(crate) fn write_to(
    store: &MemoryStore,
    origin: [u8; 32],
    out: &mut (dyn Write + Send),
    report: &dyn Fn(u64),
) -> io::Result<()> {
    write_parts(store, origin, Output::start(out)?, report)
}

fn write_parts(
    store: &MemoryStore,
    origin: [u8; 32],
    mut out: Output<'_>,
    report: &dyn Fn(u64),
) -> io::Result<()> {
    let used = used(store);
    let (sorted, ids) = sorted_terms(store, &used);
    drop(used);
    let names = std::iter::once(None).chain(store.graph_ids().map(Some));
    let mut names: Vec<_> = names
        .map(|old| (old.map(|old| ids[old as usize]), old))
        .collect();
    names.sort_unstable();
    // The default graph, which comes first, is divided while the dictionary is written.
    let (terms, default_graph) = rayon::join(
        || write_terms(store, sorted, &mut out),
        || by_predicate(store, None, &ids),
    );
    let (terms, mut default_graph) = (terms?, Some(default_graph));
    let mut graphs = Vec::with_capacity(names.len());
    let mut written = 0;
    for (name, old) in names {
        let mut graph = GraphBuilder::new(terms.len());
        let predicates = default_graph.take();
        let predicates = predicates.unwrap_or_else(|| by_predicate(store, old, &ids));
        graph.predicates(predicates.into_iter(), &mut out, |triples| {
            written += triples;
            report(written);
        })?;
        graphs.push(graph.finish(name, label(store, old), &mut out)?);
    }
    let directory = Directory {
        terms,
        graphs,
        origin,
    };
    out.finish(&directory.write())
}

/// Returns which numbers of the snapshot occur in a quad.
fn used(store: &MemoryStore) -> Vec<AtomicBool> {
    let used: Vec<AtomicBool> = (0..store.term_count()).map(|_| false.into()).collect();
    let mark = |id: TermId| used[id as usize].store(true, Ordering::Relaxed);
    for graph in std::iter::once(None).chain(store.graph_ids().map(Some)) {
        graph.into_iter().for_each(mark);
        let parts = store.parts(graph, rayon::current_num_threads());
        parts
            .into_par_iter()
            .for_each(|part| part.flatten().for_each(mark));
    }
    used
}

/// The terms of each kind in order, each with its key for sorting.
type Sorted = [Vec<(u64, TermId)>; Kind::ALL.len()];

/// Returns the terms in order, and the new number of each old one that is used.
fn sorted_terms(store: &MemoryStore, used: &[AtomicBool]) -> (Sorted, Vec<TermId>) {
    let mut ids = vec![TermId::MAX; used.len()];
    let mut all = Sorted::default();
    let mut next = 0;
    for (kind, old) in Kind::ALL.into_iter().zip(by_kind(store, used)) {
        let sorted = sorted(store, kind, old);
        for (_, id) in &sorted {
            ids[*id as usize] = next;
            next += 1;
        }
        all[kind as usize] = sorted;
    }
    (all, ids)
}

/// Writes the dictionary.
fn write_terms(store: &MemoryStore, sorted: Sorted, out: &mut Output<'_>) -> io::Result<Terms> {
    let mut sections = [(Section::Integers(0), 0); Kind::ALL.len()];
    for (kind, sorted) in Kind::ALL.into_iter().zip(sorted) {
        let values = sorted.par_iter().map(|(key, _)| (key ^ 1 << 63) as i64);
        let section = match kind {
            Kind::Integer => Section::Integers(out.column(&values.collect::<Vec<i64>>())?),
            Kind::Date => {
                let days = values.map(|days| days as i32);
                Section::Dates(out.column(&days.collect::<Vec<i32>>())?)
            }
            kind => {
                let builder = texts(store, &sorted);
                Section::Text(TextSection {
                    kind,
                    count: builder.count,
                    index: out.column(&builder.index)?,
                    bytes: out.column(&builder.bytes)?,
                })
            }
        };
        sections[kind as usize] = (section, sorted.len() as u32);
    }
    Terms::new(sections).ok_or_else(|| io::Error::other("too many terms"))
}

/// Returns the numbers that are used, by the kinds of their terms.
fn by_kind(store: &MemoryStore, used: &[AtomicBool]) -> [Vec<TermId>; Kind::ALL.len()] {
    let dictionary = store.dictionary();
    let used = used.par_iter().enumerate();
    let ids = used.filter(|(_, used)| used.load(Ordering::Relaxed));
    ids.map(|(id, _)| id as TermId)
        .fold(Default::default, |mut by_kind: [Vec<TermId>; _], id| {
            by_kind[Entry::of(dictionary.key(id)).kind() as usize].push(id);
            by_kind
        })
        .reduce(Default::default, |mut all, next| {
            for (all, mut next) in all.iter_mut().zip(next) {
                all.append(&mut next);
            }
            all
        })
}

/// Returns the texts of sorted terms in blocks.
fn texts(store: &MemoryStore, sorted: &[(u64, TermId)]) -> TextBuilder {
    let dictionary = store.dictionary();
    let parts: Vec<TextBuilder> = sorted
        .par_chunks(TEXTS_AT_ONCE)
        .map(|sorted| {
            let mut builder = TextBuilder::default();
            for (_, id) in sorted {
                if let Entry::Text(_, text) = Entry::of(dictionary.key(*id)) {
                    builder.push(text);
                }
            }
            builder
        })
        .collect();
    let mut all = TextBuilder::default();
    for part in parts {
        all.append(&part);
    }
    all.finish();
    all
}

/// Returns the terms of a kind in order, each with what tells most pairs apart: the value of an integer or a day, and
/// of text eight bytes after what all have in common.
fn sorted(store: &MemoryStore, kind: Kind, ids: Vec<TermId>) -> Vec<(u64, TermId)> {
    let dictionary = store.dictionary();
    let entry = |id: TermId| Entry::of(dictionary.key(id));
    let text = |id: TermId| match entry(id) {
        Entry::Text(_, text) => text,
        _ => "",
    };
    let first = ids.first().map_or("", |id| text(*id));
    let shared = ids.par_iter().map(|id| {
        let pairs = first.bytes().zip(text(*id).bytes());
        pairs.take_while(|(left, right)| left == right).count()
    });
    let shared = shared.min().unwrap_or_default();
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
    keyed
}

/// Returns the name of a graph as a term.
fn label(store: &MemoryStore, name: Option<TermId>) -> Option<NamedOrBlankNode> {
    match store.term(name?) {
        Term::NamedNode(node) => Some(node.into()),
        Term::BlankNode(node) => Some(node.into()),
        Term::Literal(_) => None,
    }
}

/// Returns the pairs of a graph by predicate, in the numbers of the file; a list from each thread.
fn by_predicate(
    store: &MemoryStore,
    graph: Option<TermId>,
    ids: &[TermId],
) -> BTreeMap<TermId, Vec<Vec<u64>>> {
    let parts = store.parts(graph, rayon::current_num_threads());
    let lists: Vec<FxHashMap<TermId, Vec<u64>>> = parts
        .into_par_iter()
        .map(|part| {
            let mut counts: FxHashMap<TermId, usize> = FxHashMap::default();
            for [_, p, _] in part.clone() {
                *counts.entry(p).or_default() += 1;
            }
            let empty = counts
                .into_iter()
                .map(|(p, count)| (p, Vec::with_capacity(count)));
            let mut lists: FxHashMap<TermId, Vec<u64>> = empty.collect();
            for [s, p, o] in part {
                let pair = pair(ids[s as usize], ids[o as usize]);
                lists.entry(p).or_default().push(pair);
            }
            lists
        })
        .collect();
    let mut by_predicate: BTreeMap<TermId, Vec<Vec<u64>>> = BTreeMap::new();
    for (p, pairs) in lists.into_iter().flatten() {
        by_predicate.entry(ids[p as usize]).or_default().push(pairs);
    }
    by_predicate
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::{Format, rdf};
    use crate::store::compiled::pages::PAGE_BYTES;
    use crate::store::compiled::store::CompiledStore;
    use oxigraph::model::Quad;
    use std::fs::File;
    use std::io::{Seek, SeekFrom};

    fn sample() -> MemoryStore {
        let text = b"PREFIX : <http://a.example/>
            :nvidia :funds :openai, :xai ; :name 'NVIDIA'@en ; :since '2025-09-22' ; :stake 7, 1.5, 2e3 .
            GRAPH :board { :nvidia :funds [ :name 'one' ] . }";
        MemoryStore::from_quads(rdf::parse(text, Format::TriG, "one.trig").unwrap())
    }

    /// A disk with so much room.
    struct Disk(usize);

    impl Write for Disk {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let len = bytes.len().min(self.0);
            self.0 -= len;
            match len {
                0 if !bytes.is_empty() => Err(io::ErrorKind::StorageFull.into()),
                len => Ok(len),
            }
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_disk_that_is_full_at_any_byte_is_an_error() {
        let store = sample();
        let mut bytes = Vec::new();
        write_to(&store, [0; 32], &mut bytes, &|_| {}).unwrap();
        for room in 0..bytes.len() {
            let error = write_to(&store, [0; 32], &mut Disk(room), &|_| {}).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::StorageFull, "byte {room}");
        }
        write_to(&store, [0; 32], &mut Disk(bytes.len()), &|_| {}).unwrap();
    }

    #[test]
    fn columns_beyond_four_gigabytes_are_read_as_they_were_written() {
        const PAGES: usize = (4 << 30) / PAGE_BYTES;
        let store = sample();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("map.pmap");
        let mut file = File::create(&path).unwrap();
        // The two share their place in the file.
        let mut same = file.try_clone().unwrap();
        let mut out = Output::start(&mut file).unwrap();
        out.skip_pages(PAGES).unwrap();
        let hole = (PAGES * PAGE_BYTES) as i64;
        same.seek(SeekFrom::Current(hole)).unwrap();
        write_parts(&store, [0; 32], out, &|_| {}).unwrap();
        let compiled = CompiledStore::open(&path).unwrap();
        assert!(compiled.file_bytes() > 4 << 30);
        let quads: Result<Vec<Quad>, _> = compiled.quads().collect();
        let in_memory = CompiledStore::in_memory(&store).unwrap();
        let expected: Result<Vec<Quad>, _> = in_memory.quads().collect();
        assert_eq!(quads.unwrap(), expected.unwrap());
        // Damage there is found as anywhere else.
        same.seek(SeekFrom::Start(hole as u64 + PAGE_BYTES as u64))
            .unwrap();
        same.write_all(b"#").unwrap();
        let damaged = CompiledStore::open(&path).unwrap();
        assert!(damaged.quads().any(|quad| quad.is_err()));
    }
}
