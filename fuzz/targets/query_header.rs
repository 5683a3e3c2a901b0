//! Any text as a named query: its header, its parameters and their values.

#![no_main]

use libfuzzer_sys::fuzz_target;
use powermap::catalogue::{Catalogue, QueryParameterType};

fuzz_target!(|text: &str| {
    for value in text.lines().take(3) {
        for (_, kind) in QueryParameterType::NAMES {
            match kind.term(value) {
                Ok(_) => {}
                Err(reason) => assert!(!reason.is_empty()),
            }
        }
    }
    match Catalogue::from_sources([("topic/name.rq", text)]) {
        Ok(catalogue) => prepare(&catalogue, text),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});

/// Fills in every parameter with a line of the text.
fn prepare(catalogue: &Catalogue, text: &str) {
    for entry in catalogue.entries() {
        let lines = text.lines().chain(["1"]).cycle();
        let given: Vec<_> = entry
            .header
            .parameters
            .iter()
            .zip(lines)
            .map(|(parameter, line)| (parameter.name.clone(), line.to_owned()))
            .collect();
        if let Ok((_, terms)) = catalogue.prepare(&entry.name, &given) {
            assert_eq!(terms.len(), given.len());
        }
    }
    assert!(!catalogue.markdown_page().is_empty());
}
