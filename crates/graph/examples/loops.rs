//! Where does money return to its sender? Bounded cycles of a small graph of payments.
//!
//! `cargo run -p powermap-graph --example loops`

use powermap_graph::{Cycles, Ending, Graph, Subset, TemporalCycles};
use std::ops::ControlFlow;
use std::sync::atomic::AtomicBool;

const NAMES: [&str; 5] = ["Maker", "Cloud", "Lab", "Fund", "Utility"];

/// Payer, payee, amount in millions, day.
const PAYMENTS: [(u32, u32, f64, i64); 8] = [
    (0, 2, 100.0, 10), // Maker invests in Lab
    (2, 1, 300.0, 40), // Lab rents from Cloud
    (1, 0, 250.0, 55), // Cloud buys from Maker
    (2, 1, 50.0, 90),
    (3, 2, 80.0, 20), // Fund invests in Lab
    (0, 1, 5.0, 30),
    (1, 4, 60.0, 60), // Cloud pays Utility
    (4, 3, 1.0, 70),
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let never = AtomicBool::new(false);
    let sources = PAYMENTS.map(|payment| payment.0);
    let targets = PAYMENTS.map(|payment| payment.1);
    let (graph, order) = Graph::from_edges(NAMES.len() as u32, &sources, &targets)?;
    // Attributes are kept by edge id, in the order of the graph.
    let amounts: Vec<f64> = order.iter().map(|at| PAYMENTS[*at as usize].2).collect();
    let days: Vec<i64> = order.iter().map(|at| PAYMENTS[*at as usize].3).collect();

    let cycles = Cycles::new(&graph, |_| true, None);
    let counts = cycles.count(4, &never);
    println!("Cycles of up to 4 players: {}", counts.total());
    let ending = cycles.for_each(4, &never, |cycle| {
        let next = cycle.iter().cycle().skip(1);
        // The least amount of any hop limits what can go around.
        let least = (cycle.iter().zip(next))
            .map(|(from, to)| graph.edges_between(*from, *to))
            .map(|edges| edges.map(|edge| amounts[edge as usize]).sum::<f64>())
            .fold(f64::INFINITY, f64::min);
        let names: Vec<&str> = cycle.iter().map(|node| NAMES[*node as usize]).collect();
        println!("  {} → back: {least} million", names.join(" → "));
        ControlFlow::Continue(())
    });
    assert_eq!(ending, Ending::Complete);

    let large = Subset::of(graph.edge_count(), |edge| amounts[edge as usize] >= 50.0);
    let cycles = Cycles::new(&graph, |edge| large.contains(edge), None);
    println!(
        "By payments of 50 million and more: {}",
        cycles.count(4, &never).total()
    );

    let timed = TemporalCycles::new(&graph, &days, |_| true)?;
    println!("One payment after the other, within 60 days:");
    timed.for_each(60, 4, &never, |edges| {
        let steps = edges.iter().map(|edge| {
            let (from, to) = (graph.source(*edge), graph.target(*edge));
            let day = days[*edge as usize];
            format!(
                "{} → {} on day {day}",
                NAMES[from as usize], NAMES[to as usize]
            )
        });
        println!("  {}", steps.collect::<Vec<_>>().join(", "));
        ControlFlow::Continue(())
    });
    Ok(())
}
