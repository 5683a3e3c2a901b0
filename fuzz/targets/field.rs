//! Any bytes as a file in a format of the field: read strictly and leniently; every value is held or counted.

#![no_main]

use libfuzzer_sys::fuzz_target;
use powermap::format::field::read_bytes;

fuzz_target!(|bytes: &[u8]| {
    let strict = read_bytes(bytes, "file", false);
    let Ok(lenient) = read_bytes(bytes, "file", true) else {
        return;
    };
    let report = &lenient.report;
    match strict {
        Ok(strict) => {
            assert!(report.problems.is_empty());
            assert_eq!(strict.records, lenient.records);
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
    for problem in &report.problems {
        assert!(!problem.message.is_empty());
    }
});
