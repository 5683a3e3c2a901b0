//! An engine as the benches see it, and the list of all.

use crate::engines::Failure;
use crate::engines::stores::{self, Compiled, Memory, Oxigraph};
use serde::{Deserialize, Serialize};
use std::error::Error;
use std::path::Path;
use std::time::Duration;

/// Something that holds triples and answers queries.
pub(crate) trait Engine {
    /// Asks, and reads the answer to its last row, terms decoded.
    fn ask(&self, question: &Question) -> Result<Answer, Stop>;
}

/// How the file of an engine is made.
pub(crate) struct Build {
    /// Engines with the same ending share a file.
    pub(crate) ending: &'static str,
    /// Makes the file at the second path from the RDF at the first one.
    pub(crate) make: fn(&Path, &Path) -> Result<(), Failure>,
}

/// An engine before it holds anything.
pub(crate) struct Kind {
    /// What it is called on the command line and in tables.
    pub(crate) name: &'static str,
    /// Makes the file that is then opened; nothing for engines that read the RDF at each start.
    pub(crate) build: Option<Build>,
    /// Opens the file that was built, or loads the RDF.
    pub(crate) open: fn(&Path) -> Result<Box<dyn Engine>, Failure>,
    /// About how much memory it takes for each triple, to tell whether all fit side by side.
    pub(crate) bytes_per_triple: u64,
}

/// All engines. The ratios are against the first.
pub(crate) const KINDS: &[Kind] = &[
    Kind {
        name: "oxigraph",
        build: None,
        open: |rdf| Ok(Box::new(Oxigraph::load(rdf)?)),
        bytes_per_triple: 450,
    },
    Kind {
        name: "memory",
        build: None,
        open: |rdf| Ok(Box::new(Memory::load(rdf)?)),
        bytes_per_triple: 150,
    },
    Kind {
        name: "compiled",
        build: Some(Build {
            ending: "pmap",
            make: stores::compile,
        }),
        open: |file| Ok(Box::new(Compiled::open(file, true)?)),
        bytes_per_triple: 40,
    },
    Kind {
        name: "compiled-plain",
        build: Some(Build {
            ending: "pmap",
            make: stores::compile,
        }),
        open: |file| Ok(Box::new(Compiled::open(file, false)?)),
        bytes_per_triple: 40,
    },
];

impl Kind {
    /// The engine of this name.
    pub(crate) fn of(name: &str) -> Result<&'static Self, Failure> {
        let names = || KINDS.iter().map(|kind| kind.name).collect::<Vec<_>>();
        KINDS
            .iter()
            .find(|kind| kind.name == name)
            .ok_or_else(|| format!("no engine {name:?}: expected {}", names().join(", ")).into())
    }
}

/// What is asked of all engines.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Question {
    pub(crate) name: String,
    pub(crate) text: String,
    /// Terms in N-Triples for variables.
    pub(crate) parameters: Vec<(String, String)>,
    /// The named graphs that are part of the default graph.
    pub(crate) graphs: Vec<String>,
    /// When to give up.
    pub(crate) limit: Option<Duration>,
    /// Whether the answer is to be compared, which takes some time of its own.
    pub(crate) is_checked: bool,
}

/// What came back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Answer {
    pub(crate) rows: u64,
    /// The rows as text without their order; 0 where the answer was not checked.
    pub(crate) fingerprint: u64,
    /// All integers in the rows together, for those who have no terms to compare.
    pub(crate) sum: i64,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Stop {
    /// The time was over.
    Late,
    /// Anything else.
    Failed(String),
}

impl<E: Error> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Failed(error.to_string())
    }
}
