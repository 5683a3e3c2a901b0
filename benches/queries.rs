//! Six queries on made-up graphs of any size, one engine beside the other.
//!
//! `cargo bench --bench queries -- [SIZE…] [--engine NAME,…] [--query NAME,…] [--runs N] [--budget SECONDS]
//! [--limit SECONDS] [--apart] [--results FILE] [--dump FOLDER]`: sizes are numbers of triples (`6.4e6`), by default 10⁵.
//!
//! - **J2** and **J3** are cycles of two and three edges, **P** is everything that one player reaches by investments,
//!   **G** the ten players that invest most, **S** all edges with their four properties, **F** a count of great amounts.
//!   Every answer is read to its last row, terms decoded: Oxigraph's by its iterator, ours by `Rows::next_row`, which
//!   copies no term.
//! - Each engine has a process of its own, so that neither finds the memory of the other, and the engines take turns
//!   query by query; where they do not fit into memory together (or with `--apart`), one after the other.
//! - First each engine gives an answer that is compared: a hash of all rows, whatever their order. Then the query runs
//!   `--runs` times (5), but not again once an engine has had it for `--budget` seconds (20) in all, the first answer
//!   included. Where there was no time for a second run, the time of the first one counts, hashing included. Ratios are
//!   medians of the first engine's times over those of the other: above 1 is faster than Oxigraph.
//! - `build, load s` and `peak MiB` are for making the file of an engine, or for loading where it has none; `open µs`
//!   and `resident MiB` are for opening that file in a new process.
//!
//! `--dump FOLDER` writes the graph of the last size there and stops, unless engines are named: as N-Triples
//! (`graph.nt`) and as tables of ids, for engines that know no RDF; `benches/peers/queries` uses it. Ends with 1 where
//! results differ. What was measured stands in `benches/peers/README.md`.

#![allow(clippy::print_stdout, reason = "the figures are the output")]

mod engines;
#[path = "queries/graph.rs"]
mod graph;

use crate::engines::comparison::compare;
use crate::engines::engine::Question;
use crate::engines::options::Options;
use crate::engines::{Failure, table, worker};
use crate::graph::{Graph, NAMESPACE};
use std::path::Path;
use std::process::ExitCode;

const QUERIES: &[(&str, &str)] = &[
    ("J2", "SELECT * { ?a :investsIn ?b . ?b :supplies ?a }"),
    (
        "J3",
        "SELECT * { ?a :investsIn ?b . ?b :supplies ?c . ?c :influences ?a }",
    ),
    ("P", "SELECT ?x { :e5 :investsIn+ ?x }"),
    (
        "G",
        "SELECT ?f (SUM(?m) AS ?sum) { ?r a :Investment ; :from ?f ; :amount ?m } \
         GROUP BY ?f ORDER BY DESC(?sum) LIMIT 10",
    ),
    (
        "S",
        "SELECT * { ?r :from ?f ; :to ?t ; :amount ?m ; :date ?d }",
    ),
    (
        "F",
        "SELECT (COUNT(*) AS ?n) { ?r :amount ?m FILTER(?m > 900000000) }",
    ),
];

fn main() -> Result<ExitCode, Failure> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, words @ ..] = &words[..]
        && flag == "--worker"
    {
        worker::work(words)?;
        return Ok(ExitCode::SUCCESS);
    }
    let options = Options::read(&[100_000], None, &["--dump"])?;
    let dump = options.others.last().map(|(_, folder)| Path::new(folder));
    let temporary = tempfile::tempdir()?;
    let folder = dump.unwrap_or(temporary.path());
    std::fs::create_dir_all(folder)?;
    let mut is_same = true;
    for size in &options.sizes {
        let rdf = folder.join("graph.nt");
        let graph = Graph::new(*size);
        graph.write_ntriples(&rdf)?;
        if dump.is_some() {
            graph.write_tables(folder)?;
        }
        let triples = graph.triples();
        drop(graph);
        if dump.is_some() && !words.iter().any(|word| word == "--engine") {
            println!("{triples} triples in {}", folder.display());
            continue;
        }
        let questions = QUERIES
            .iter()
            .filter(|(name, _)| options.wants(name))
            .map(|(name, text)| Question {
                name: (*name).to_owned(),
                text: format!("PREFIX : <{NAMESPACE}>\n{text}"),
                parameters: Vec::new(),
                graphs: Vec::new(),
                limit: options.limit,
                is_checked: false,
            })
            .collect::<Vec<_>>();
        let comparison = compare(&rdf, triples, &questions, &options)?;
        is_same &= table::print(&comparison);
        if let Some(path) = &options.results {
            table::write(&comparison, path)?;
        }
    }
    Ok(match is_same {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}
