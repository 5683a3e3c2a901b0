//! A plain edge list as a network: `cargo run --release --example edge_list -- edges.csv`.

use powermap::Map;
use powermap::format::edge_list;
use powermap::format::edge_list::EdgeListReader;
use powermap::network::{Flows, Network};
use powermap_graph::{PageRankOptions, core_numbers, pagerank, strong_components};
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("give an edge list")?;
    let never = AtomicBool::new(false);
    let concepts = Map::built_in()?.records()?.concepts.clone();
    let start = Instant::now();
    let reader = EdgeListReader::new(path.as_str(), &concepts);
    let list = edge_list::file::read_file(Path::new(&path), reader, |_| {})?;
    println!("read: {:.2?}", start.elapsed());
    let network = Network::from_edges(list, &concepts)?;
    println!("built: {:.2?}", start.elapsed());
    let graph = &network.graph;
    println!(
        "{} players, {} edges",
        graph.node_count(),
        graph.edge_count()
    );
    let flows = Flows::of(&network, &[], |_| true)?;
    println!("{} flows", flows.graph.edge_count());
    drop(flows);
    strong_components(graph, &never)?;
    let options = PageRankOptions::new(0.85).with_rounds_max(100);
    pagerank(graph, None, &options, &never)?;
    let cores = core_numbers(graph, &never)?;
    println!("innermost core: {}", cores.iter().max().unwrap_or(&0));
    println!("analysed: {:.2?}", start.elapsed());
    Ok(())
}
