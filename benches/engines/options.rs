//! The arguments that the benches of queries share.

use crate::engines::Failure;
use crate::engines::engine::{KINDS, Kind};
use std::path::PathBuf;
use std::time::Duration;

/// What a bench is asked to do.
pub(crate) struct Options {
    /// Numbers of triples.
    pub(crate) sizes: Vec<usize>,
    pub(crate) engines: Vec<&'static Kind>,
    /// Timed runs of each query at most.
    pub(crate) runs: usize,
    /// No query is run again once it has had this time with one engine.
    pub(crate) budget: Duration,
    /// When an engine has to give up a query.
    pub(crate) limit: Option<Duration>,
    /// Only queries of these names, if any are given.
    pub(crate) only: Vec<String>,
    /// One engine after the other even where all fit into memory.
    pub(crate) is_apart: bool,
    /// Where to put the figures as tab-separated lines.
    pub(crate) results: Option<PathBuf>,
    /// What only one of the benches knows.
    pub(crate) others: Vec<(String, String)>,
}

impl Options {
    /// Reads the command line; `others` are further options with a value.
    pub(crate) fn read(
        sizes: &[usize],
        limit: Option<Duration>,
        others: &[&str],
    ) -> Result<Self, Failure> {
        let mut options = Self {
            sizes: Vec::new(),
            engines: KINDS.iter().collect(),
            runs: 5,
            budget: Duration::from_secs(20),
            limit,
            only: Vec::new(),
            is_apart: false,
            results: None,
            others: Vec::new(),
        };
        let mut words = std::env::args().skip(1).filter(|word| word != "--bench");
        while let Some(word) = words.next() {
            if word == "--apart" {
                options.is_apart = true;
                continue;
            }
            if !word.starts_with("--") {
                options.sizes.push(word.parse::<f64>()? as usize);
                continue;
            }
            let value = words
                .next()
                .ok_or_else(|| format!("{word} needs a value"))?;
            let names = value.split(',').map(str::to_owned);
            match word.as_str() {
                "--engine" => {
                    options.engines = names
                        .map(|name| Kind::of(&name))
                        .collect::<Result<_, _>>()?;
                }
                "--query" => options.only = names.collect(),
                "--runs" => options.runs = value.parse()?,
                "--budget" => options.budget = Duration::try_from_secs_f64(value.parse()?)?,
                "--limit" => options.limit = Some(Duration::try_from_secs_f64(value.parse()?)?),
                "--results" => options.results = Some(value.into()),
                other if others.contains(&other) => options.others.push((word, value)),
                _ => return Err(format!("no option {word}").into()),
            }
        }
        // Ratios are against the first of the list, whatever the order in which they were asked for.
        let place = |kind: &&Kind| KINDS.iter().position(|other| other.name == kind.name);
        options.engines.sort_by_key(place);
        options.engines.dedup_by_key(|kind| kind.name);
        if options.sizes.is_empty() {
            options.sizes = sizes.to_vec();
        }
        Ok(options)
    }

    /// Whether a query of this name is wanted.
    pub(crate) fn wants(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == name)
    }
}
