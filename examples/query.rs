//! Runs a SPARQL query on the built-in map: `cargo run --example query -- 'SELECT …'`.

use powermap::Map;
use powermap_rdf::results::{ResultFormat, write};
use std::io::stdout;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let query = std::env::args().nth(1);
    let query = query.as_deref().unwrap_or(
        "SELECT ?investor ?investee ?upTo WHERE {
           ?edge a pm:Investment ; pm:from ?investor ; pm:to ?investee ; pm:amountUpper ?upTo
         } ORDER BY DESC(?upTo) LIMIT 5",
    );
    let map = Map::built_in()?;
    let results = map.query(query)?;
    write(
        results,
        ResultFormat::Table,
        map.evaluator().prefixes(),
        stdout().lock(),
    )?;
    Ok(())
}
