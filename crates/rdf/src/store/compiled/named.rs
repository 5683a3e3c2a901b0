//! The named graphs of a compiled store.

use crate::store::compiled::graph::Graph;
use crate::store::compiled::pages::Pages;
use std::sync::Arc;

/// The location of a named graph.
#[derive(Debug, Clone)]
pub(super) enum NamedGraph {
    /// At this place of the file's directory.
    InFile(usize),
    /// In memory.
    Held(Arc<Held>),
}

/// A graph with columns of its own.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) graph: Graph,
    pub(super) pages: Pages,
}
