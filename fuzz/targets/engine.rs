//! Any bytes as choices that make a query: on the columns of a compiled map it gives what the evaluator of the whole
//! standard gives on the store in memory.

#![no_main]

#[path = "../../tests/rdf/engine"]
mod engine {
    pub(crate) mod answers;
    pub(crate) mod queries;
}

use crate::engine::answers::{Answer, answer, evaluator};
use crate::engine::queries::{Chance, data, query};
use libfuzzer_sys::fuzz_target;
use powermap_rdf::{CompiledStore, MemoryStore, ReadStore};
use std::sync::LazyLock;
use std::time::Duration;

/// The quads of one seed, which do not change, in either form.
static STORES: LazyLock<(MemoryStore, CompiledStore)> = LazyLock::new(|| {
    let mut state: u64 = 5;
    let mut chance = Chance::new(move |limit| {
        state = state.wrapping_mul(0x5851_F42D_4C95_7F2D).wrapping_add(1);
        (state >> 33) as usize % limit
    });
    let memory = MemoryStore::from_quads(data(&mut chance));
    let compiled = CompiledStore::in_memory(&memory).expect("a small store can be compiled");
    (memory, compiled)
});

/// The time that a text takes to be parsed doubles with every few levels of brackets.
const NESTING_MAX: usize = 12;

fn nesting(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for letter in text.chars() {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

fuzz_target!(|bytes: &[u8]| {
    let own = bytes.to_vec();
    let mut left = own.into_iter();
    // After the last byte every choice is the first one.
    let mut chance = Chance::new(move |limit| usize::from(left.next().unwrap_or(0)) % limit);
    let query = query(&mut chance);
    if nesting(&query.text) > NESTING_MAX {
        return;
    }
    let (memory, compiled) = &*STORES;
    // Products of many patterns can take for ever in either.
    let evaluator = evaluator().with_timeout(Duration::from_secs(2));
    let took_long = |answer: &Answer| {
        answer
            .rows
            .iter()
            .any(|row| row.starts_with("error the query was stopped"))
    };
    let expected = answer(&evaluator, memory.dataset(), &query);
    if took_long(&expected) {
        return;
    }
    let found = answer(&evaluator, compiled.dataset(), &query);
    if !took_long(&found) {
        expected.assert_same(&found, &query, "columns");
    }
});
