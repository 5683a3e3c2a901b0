//! Reads RDF, writes it as a compiled file, and answers a query from that file:
//! `cargo run --example compiled -- data.ttl data.pmap 'SELECT * { ?s ?p ?o } LIMIT 5'`.

#![allow(clippy::print_stdout, reason = "the answer is the output")]

use powermap_rdf::{CompiledStore, Evaluator, Loader, Prefixes, ReadStore, ResultFormat, results};
use std::time::Duration;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [data, compiled, query] = &arguments[..] else {
        return Err("give a file of RDF, the file to write, and a query".into());
    };
    let loaded = Loader::new().add_path(data)?.load()?;
    CompiledStore::write(&loaded.store, compiled.as_ref())?;

    let store = CompiledStore::open(compiled.as_ref())?;
    println!(
        "{} triples, {} bytes",
        store.quad_count(),
        store.file_bytes()
    );
    let evaluator = Evaluator::new()
        .with_prefixes(Prefixes::from_iter([(
            "rdfs",
            "http://www.w3.org/2000/01/rdf-schema#",
        )]))
        .with_timeout(Duration::from_secs(30));
    let found = evaluator.query(store.dataset(), query, &[])?;
    let written = results::write(
        found,
        ResultFormat::Table,
        evaluator.prefixes(),
        std::io::stdout(),
    )?;
    println!("{} rows", written.rows);
    Ok(())
}
