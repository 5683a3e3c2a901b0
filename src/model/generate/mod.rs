//! Made-up maps of any size, for benchmarks and tests: the same options and seed give the same map on every machine.
//!
//! # The distribution
//! With N players and skew s, each end of an edge is the player of rank ⌊N · U^(1+s)⌋, U uniform. The expected degree
//! of rank r falls as r^(−s/(1+s)), so the degrees have a power-law tail with the exponent 2 + 1/s: uniform for s = 0,
//! 3 for s = 1, 2.5 for s = 2. The two ends are drawn from the same ranks, so whoever gives much also takes much. Which
//! player has which rank depends on the seed. There are parallel edges; no edge leads to its own start.
//!
//! Edges come in deals of one to four (half of the deals have one), all of one date; four in ten of the further edges
//! of a deal run back along its first one, which makes round trips. Sums of money are log-normal (σ = 1.5) around a
//! median for each kind, with two digits, between 10⁵ and 10¹²: six in ten are exact, two "up to", one "at least",
//! one a range up to twice the sum. Stakes into one player never sum to more than 100 %, whatever the policy. Each edge has one claim or
//! more: statuses move up the ladder over months, and about one exact value in
//! twelve is contradicted by another document.
//!
//! A map with more edges starts with the edges of the map with fewer, all else equal.
//!
//! # Complexity
//! On one core, with N = M / 10 and s = 1 (`powermap generate --to edges`, `--to ntriples`):
//!
//! | edges | plain table | N-Triples |
//! |---|---|---|
//! | 10⁵ | 0.06 s, 6 MB | 1.7 s, 19 MB |
//! | 10⁶ | 0.42 s, 6 MB | 15 s, 19 MB (2.9 GB of text) |
//! | 10⁷ | 3.4 s, 8 MB | |
//!
//! O(N + M); the memory is two bytes for each player and some kilobytes for the dates, whatever the number of edges.
//!
//! # Reference
//! The law of the ranks is that of F. Chung, L. Lu, *Connected components in random graphs with given expected degree
//! sequences*, Annals of Combinatorics 6 (2002), with both ends drawn by inversion.

mod deal;
mod kinds;
mod player;
mod random;
mod records;

pub use crate::model::generate::deal::{DealDraft, Deals, EdgeDraft};
pub use crate::model::generate::kinds::Kind;
pub use crate::model::generate::records::{Chunks, chunks, records};

use crate::model::error::ModelError;
use crate::model::time::Day;

/// What the map shall be like.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GenerateOptions {
    /// How many players there are, at most [`PLAYERS_MAX`].
    pub players: u32,
    /// How many edges there are, at most [`EDGES_MAX`].
    pub edges: u64,
    /// Where the random numbers begin.
    pub seed: u64,
    /// How unequal the degrees are: 0 (uniform) to [`SKEW_MAX`]; 1 is like a network of firms.
    pub skew: f64,
    /// The first day of the deals.
    pub from: Day,
    /// The last day of the deals and claims.
    pub to: Day,
}

/// The most players.
pub const PLAYERS_MAX: u32 = 100_000_000;
/// The most edges.
pub const EDGES_MAX: u64 = 10_000_000_000;
/// The greatest skew: beyond it a few players would have nearly all edges.
pub const SKEW_MAX: f64 = 10.0;

impl GenerateOptions {
    /// Returns whether such a map can be made.
    ///
    /// # Errors
    /// [`ModelError::Generate`] for too few or too many players, too many edges, a skew out of bounds, and dates in
    /// the wrong order.
    pub fn check(&self) -> Result<(), ModelError> {
        let fault = |option, value: String, expected: String| {
            Err(ModelError::Generate {
                option,
                value,
                expected,
            })
        };
        let players = self.players;
        if players > PLAYERS_MAX {
            return fault(
                "number of players",
                players.to_string(),
                format!("at most {PLAYERS_MAX}"),
            );
        }
        if self.edges > EDGES_MAX {
            return fault(
                "number of edges",
                self.edges.to_string(),
                format!("at most {EDGES_MAX}"),
            );
        }
        if self.edges > 0 && players < 2 {
            let expected = "at least 2, because an edge has two ends";
            return fault(
                "number of players",
                players.to_string(),
                expected.to_owned(),
            );
        }
        if !(0.0..=SKEW_MAX).contains(&self.skew) {
            return fault(
                "skew",
                self.skew.to_string(),
                format!("0 (uniform) to {SKEW_MAX}"),
            );
        }
        if self.from > self.to {
            let expected = format!("{} or later, the first day", self.from);
            return fault("last day", self.to.to_string(), expected);
        }
        Ok(())
    }
}

/// Returns the deals of a made-up map one by one, as plain numbers: the cheapest form for a graph without RDF.
///
/// # Errors
/// As [`GenerateOptions::check`].
///
/// # Example
/// ```
/// use powermap::model::generate::{self, GenerateOptions};
///
/// let options = GenerateOptions {
///     players: 100,
///     edges: 1000,
///     seed: 1,
///     skew: 1.0,
///     from: "2015-01-01".parse()?,
///     to: "2025-12-31".parse()?,
/// };
/// let edges: Vec<_> = generate::deals(&options)?.flat_map(|deal| deal.edges).collect();
/// assert_eq!(edges.len(), 1000);
/// assert!(edges.iter().all(|edge| edge.from != edge.to && edge.from < 100 && edge.to < 100));
/// # Ok::<(), powermap::model::ModelError>(())
/// ```
pub fn deals(options: &GenerateOptions) -> Result<Deals, ModelError> {
    options.check()?;
    Ok(Deals::new(options))
}
