//! Any bytes as a plain edge list: the same in one block and line by line, and a network if rows are right.

#![no_main]

use libfuzzer_sys::fuzz_target;
use powermap::format::edge_list::EdgeListReader;
use powermap::network::Network;

fuzz_target!(|bytes: &[u8]| {
    let concepts = Default::default();
    let read = |blocks: &mut dyn Iterator<Item = &[u8]>| {
        let mut reader = EdgeListReader::new("edges.csv", &concepts).skip_wrong_rows();
        for block in blocks {
            reader.read(block)?;
        }
        reader.finish()
    };
    let whole = read(&mut std::iter::once(bytes));
    let lines = read(&mut bytes.split_inclusive(|byte| *byte == b'\n'));
    let (Ok(whole), Ok(lines)) = (whole, lines) else {
        return;
    };
    assert_eq!(whole.from, lines.from);
    assert_eq!(whole.attributes, lines.attributes);
    assert_eq!(whole.problems, lines.problems);
    for problem in &whole.problems {
        assert!(problem.line.is_some() && problem.column.is_some());
    }
    let edges = whole.from.len();
    let network = Network::from_edges(whole, &concepts).expect("a list this short has no limits");
    assert_eq!(network.graph.edge_count() as usize, edges);
});
