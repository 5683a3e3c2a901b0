//! A made-up graph of reified edges and plain ones, the same on every machine.
//!
//! For each 6.4 triples there is one reified edge: its class (`:Investment`, `:Supply` or `:Influence`), `:from`, `:to`,
//! `:amount` (an integer below 10⁹) and `:date`; for each five edges a player with its class and label; and beside each
//! edge the plain one between the same two players, once, as `:investsIn`, `:supplies` or `:influences`. Both ends are
//! ⌊n · u^2.5⌋ with u uniform, so that the players with low numbers have most of the edges.

use crate::engines::Failure;
use rand_xoshiro::SplitMix64;
use rand_xoshiro::rand_core::{Rng, SeedableRng};
use rustc_hash::FxHashSet;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

/// The namespace of everything in the graph.
pub(crate) const NAMESPACE: &str = "https://w3id.org/powermap/id/";
const XSD: &str = "http://www.w3.org/2001/XMLSchema#";
const KINDS: [(&str, &str); 3] = [
    ("Investment", "investsIn"),
    ("Supply", "supplies"),
    ("Influence", "influences"),
];
/// What ids stand for in the tables beside players, edges and literals, in the order of their ids.
const CONSTANTS: [&str; 13] = [
    "type",
    "label",
    "from",
    "to",
    "amount",
    "date",
    "investsIn",
    "supplies",
    "influences",
    "Investment",
    "Supply",
    "Influence",
    "Player",
];

struct Edge {
    kind: usize,
    from: u32,
    to: u32,
    amount: u32,
    date: String,
    /// Whether it is the first one of its kind between the two.
    is_first: bool,
}

pub(crate) struct Graph {
    players: u32,
    edges: Vec<Edge>,
}

impl Graph {
    /// A graph of about this number of triples.
    pub(crate) fn new(triples: usize) -> Self {
        let count = (triples as f64 / 6.4).round().max(1.0) as usize;
        let players = count.div_ceil(5).max(6) as u32;
        let mut random = Random(SplitMix64::seed_from_u64(1));
        let mut seen = FxHashSet::default();
        let edges = (0..count)
            .map(|_| {
                let kind = random.below(3) as usize;
                let (from, to) = (random.end(players), random.end(players));
                let amount = random.below(1_000_000_000) as u32;
                let date = format!(
                    "20{:02}-{:02}-{:02}",
                    random.below(25),
                    1 + random.below(12),
                    1 + random.below(28)
                );
                let is_first = seen.insert((kind, from, to));
                Edge {
                    kind,
                    from,
                    to,
                    amount,
                    date,
                    is_first,
                }
            })
            .collect();
        Self { players, edges }
    }

    pub(crate) fn triples(&self) -> u64 {
        let plain = self.edges.iter().filter(|edge| edge.is_first).count() as u64;
        2 * u64::from(self.players) + 5 * self.edges.len() as u64 + plain
    }

    pub(crate) fn write_ntriples(&self, path: &Path) -> Result<(), Failure> {
        let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
        let rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
        let label = "http://www.w3.org/2000/01/rdf-schema#label";
        let id = NAMESPACE;
        for player in 0..self.players {
            writeln!(out, "<{id}e{player}> <{rdf}> <{id}Player> .")?;
            writeln!(out, "<{id}e{player}> <{label}> \"Player {player}\"@en .")?;
        }
        for (number, edge) in self.edges.iter().enumerate() {
            let (class, plain) = KINDS[edge.kind];
            let Edge {
                from,
                to,
                amount,
                date,
                ..
            } = edge;
            let is = format!("<{id}r{number}>");
            writeln!(out, "{is} <{rdf}> <{id}{class}> .")?;
            writeln!(out, "{is} <{id}from> <{id}e{from}> .")?;
            writeln!(out, "{is} <{id}to> <{id}e{to}> .")?;
            writeln!(out, "{is} <{id}amount> \"{amount}\"^^<{XSD}integer> .")?;
            writeln!(out, "{is} <{id}date> \"{date}\"^^<{XSD}date> .")?;
            if edge.is_first {
                writeln!(out, "<{id}e{from}> <{id}{plain}> <{id}e{to}> .")?;
            }
        }
        out.flush()?;
        Ok(())
    }

    /// Tables for engines that know no RDF: `triples.csv` of ids, `literals.csv` with the amount or the date of an id,
    /// `edges.csv` with a row for each reified edge, and `constants.csv` with the ids of properties and classes.
    pub(crate) fn write_tables(&self, folder: &Path) -> Result<(), Failure> {
        let create = |name: &str| -> Result<_, Failure> {
            let file = File::create(folder.join(name))?;
            Ok(BufWriter::with_capacity(1 << 20, file))
        };
        // Players come first, then edges, labels, constants, amounts and dates.
        let edges_at = self.players as usize;
        let labels_at = edges_at + self.edges.len();
        let constants_at = labels_at + self.players as usize;
        let amounts_at = constants_at + CONSTANTS.len();
        let amounts = distinct(self.edges.iter().map(|edge| edge.amount));
        let dates_at = amounts_at + amounts.len();
        let dates = distinct(self.edges.iter().map(|edge| edge.date.as_str()));
        let constant = |name: &str| {
            let place = CONSTANTS.iter().position(|known| *known == name);
            constants_at + place.unwrap_or_default()
        };

        let mut out = create("constants.csv")?;
        writeln!(out, "id,name")?;
        for name in CONSTANTS {
            writeln!(out, "{},{name}", constant(name))?;
        }
        out.flush()?;

        let mut out = create("literals.csv")?;
        writeln!(out, "id,amount,date")?;
        for (place, amount) in amounts.iter().enumerate() {
            writeln!(out, "{},{amount},", amounts_at + place)?;
        }
        for (place, date) in dates.iter().enumerate() {
            writeln!(out, "{},,{date}", dates_at + place)?;
        }
        out.flush()?;

        let mut out = create("triples.csv")?;
        writeln!(out, "s,p,o")?;
        let [rdf, label, from, to, amount, date] =
            ["type", "label", "from", "to", "amount", "date"].map(constant);
        for player in 0..self.players as usize {
            writeln!(out, "{player},{rdf},{}", constant("Player"))?;
            writeln!(out, "{player},{label},{}", labels_at + player)?;
        }
        for (number, edge) in self.edges.iter().enumerate() {
            let (class, plain) = KINDS[edge.kind];
            let is = edges_at + number;
            let amount_at = amounts_at + place(&amounts, &edge.amount);
            let date_at = dates_at + place(&dates, &edge.date.as_str());
            writeln!(out, "{is},{rdf},{}", constant(class))?;
            writeln!(out, "{is},{from},{}", edge.from)?;
            writeln!(out, "{is},{to},{}", edge.to)?;
            writeln!(out, "{is},{amount},{amount_at}")?;
            writeln!(out, "{is},{date},{date_at}")?;
            if edge.is_first {
                writeln!(out, "{},{},{}", edge.from, constant(plain), edge.to)?;
            }
        }
        out.flush()?;

        let mut out = create("edges.csv")?;
        writeln!(out, "id,kind,source,target,amount,date")?;
        for (number, edge) in self.edges.iter().enumerate() {
            writeln!(
                out,
                "{},{},{},{},{},{}",
                edges_at + number,
                edge.kind,
                edge.from,
                edge.to,
                edge.amount,
                edge.date
            )?;
        }
        out.flush()?;
        Ok(())
    }
}

fn distinct<T: Ord>(values: impl Iterator<Item = T>) -> Vec<T> {
    let mut values: Vec<T> = values.collect();
    values.sort_unstable();
    values.dedup();
    values
}

fn place<T: Ord>(values: &[T], value: &T) -> usize {
    values.partition_point(|other| other < value)
}

struct Random(SplitMix64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0.next_u64()
    }

    fn below(&mut self, end: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(end)) >> 64) as u64
    }

    /// An end of an edge. A power of 2.5 in operations that are the same everywhere.
    fn end(&mut self, players: u32) -> u32 {
        let uniform = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        let skewed = uniform * uniform * uniform.sqrt();
        ((f64::from(players) * skewed) as u32).min(players - 1)
    }
}
