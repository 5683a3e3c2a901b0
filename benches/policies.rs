//! How long it takes to resolve the board of a made-up map under each policy.
//!
//! `cargo bench --bench policies -- [EDGES…]`; without sizes, 10⁵ and 10⁶ edges. The policies take turns; times are medians
//! of five turns in milliseconds, beside their ratio to that of `latest`.

#![allow(clippy::print_stdout, reason = "the figures are the output")]

use powermap::View;
use powermap::model::generate::{self, GenerateOptions};
use powermap::model::{Board, Policy};
use std::time::Instant;

type Failure = Box<dyn std::error::Error>;

const TURNS: usize = 5;

fn main() -> Result<(), Failure> {
    let words = std::env::args().skip(1).filter(|word| word != "--bench");
    let mut sizes = words
        .map(|word| Ok(word.parse::<f64>()? as u64))
        .collect::<Result<Vec<u64>, Failure>>()?;
    if sizes.is_empty() {
        sizes = vec![100_000, 1_000_000];
    }
    println!("| edges | claims | policy | ms | beside latest |");
    println!("|---:|---:|---|---:|---:|");
    for edges in sizes {
        let records = generate::records(&GenerateOptions {
            players: u32::try_from(edges / 10)?,
            edges,
            seed: 7,
            skew: 1.0,
            from: "2015-01-01".parse()?,
            to: "2025-12-31".parse()?,
        })?;
        let mut times = vec![Vec::new(); Policy::ALL.len()];
        for _ in 0..TURNS {
            for (policy, times) in Policy::ALL.iter().zip(&mut times) {
                let view = View {
                    policy: *policy,
                    ..View::default()
                };
                let start = Instant::now();
                let board = Board::resolve(&records, view);
                times.push(start.elapsed().as_secs_f64() * 1e3);
                if board.edges.is_empty() {
                    return Err("the board is empty".into());
                }
            }
        }
        for times in &mut times {
            times.sort_by(f64::total_cmp);
        }
        let medians: Vec<f64> = times.iter().map(|times| times[TURNS / 2]).collect();
        let latest = Policy::ALL.iter().zip(&medians);
        let latest = latest.filter(|(policy, _)| **policy == Policy::Latest);
        let latest = latest.map(|(_, median)| *median).sum::<f64>();
        for (policy, median) in Policy::ALL.iter().zip(&medians) {
            println!(
                "| {edges} | {} | {} | {median:.0} | {:.2} |",
                records.claims.len(),
                policy.name(),
                median / latest
            );
        }
    }
    Ok(())
}
