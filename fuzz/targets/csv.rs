//! Any bytes as any table: what is read can be written, and is the same when it is read again.

#![no_main]

use libfuzzer_sys::fuzz_target;
use powermap::format::csv::{Source, Table, self};
use powermap::model::Records;

fuzz_target!(|bytes: &[u8]| {
    // The first byte chooses the table; the text may hold several, separated by form feeds.
    let Some((choice, text)) = bytes.split_first() else {
        return;
    };
    let sources: Vec<_> = text
        .split(|byte| *byte == 0x0C)
        .enumerate()
        .map(|(number, bytes)| {
            let table = Table::ALL[(usize::from(*choice) + number) % Table::ALL.len()];
            Source {
                name: table.name(),
                table,
                bytes,
            }
        })
        .collect();
    let reading = csv::read(&sources, &Records::default());
    for problem in reading.problems.iter().chain(&reading.warnings) {
        assert!(problem.line.is_some_and(|line| line > 0));
        assert!(problem.column.is_some_and(|column| column > 0));
    }
    let written = csv::write(&reading.records);
    assert_eq!(written.left_out, Vec::<String>::new());
    let sources: Vec<_> = written
        .tables
        .iter()
        .map(|(table, text)| Source {
            name: table.name(),
            table: *table,
            bytes: text.as_bytes(),
        })
        .collect();
    let again = csv::read(&sources, &Records::default());
    assert_eq!(again.problems, []);
    // A row that is wrong keeps what it would have defined from being made up, which is over once it is gone.
    if reading.problems.is_empty() {
        assert_eq!(again.records, reading.records);
    }
    assert_eq!(
        csv::write(&again.records),
        written_once_more(&again.records)
    );
});

/// The text of records that were read from their text.
fn written_once_more(records: &Records) -> csv::Written {
    let written = csv::write(records);
    let sources: Vec<_> = written
        .tables
        .iter()
        .map(|(table, text)| Source {
            name: table.name(),
            table: *table,
            bytes: text.as_bytes(),
        })
        .collect();
    csv::write(&csv::read(&sources, &Records::default()).records)
}
