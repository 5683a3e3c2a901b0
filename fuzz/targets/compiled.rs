//! Any bytes as a compiled map, and a right one with any changes: under right checksums, so that what is behind them is
//! reached. Reading all of it gives quads or an error.

#![no_main]

#[path = "../../tests/support/seal.rs"]
mod seal;

use libfuzzer_sys::fuzz_target;
use oxigraph::model::{NamedNode, Quad, Triple};
use powermap_rdf::{CompiledStore, ReadStore, StoreError};
use spareval::QueryableDataset;

const RIGHT: &[u8] = include_bytes!("../seeds/compiled/right.pmap");
/// A change: where, and the number that is put there.
const CHANGE: usize = 2 + 8;

fuzz_target!(|bytes: &[u8]| {
    read(bytes.to_vec());
    let mut changed = RIGHT.to_vec();
    for change in bytes.chunks_exact(CHANGE) {
        let at = usize::from(u16::from_le_bytes([change[0], change[1]])) % (RIGHT.len() - 72);
        changed[at..at + 8].copy_from_slice(&change[2..]);
    }
    read(changed);
});

fn read(mut bytes: Vec<u8>) {
    seal::seal(&mut bytes);
    if let Ok(store) = CompiledStore::from_bytes(&bytes) {
        // Either is fine; what counts is that it ends.
        let _ = read_all(&store);
    }
}

fn read_all(store: &CompiledStore) -> Result<(), StoreError> {
    store.quad_count();
    for id in 0..store.term_count().min(1000) {
        if let Ok(term) = store.term(id) {
            store.term_id(term.as_ref())?;
        }
    }
    let quads: Vec<Quad> = store.quads().collect::<Result<_, _>>()?;
    let dataset = store.dataset();
    for quad in &quads {
        let object = dataset.internalize_term(quad.object.clone())?;
        for found in dataset.internal_quads_for_pattern(None, None, Some(&object), None) {
            found?;
        }
    }
    let name = NamedNode::new_unchecked("x:over");
    let over = store.with_graph(name, quads.into_iter().map(Triple::from))?;
    over.verify()
}
