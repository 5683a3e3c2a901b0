//! What can go wrong with a map.

use crate::format::error::FormatError;
use crate::sparql::error::SparqlError;
use crate::store::error::StoreError;
use thiserror::Error;

/// An error of a map: of its text, its store, a query, or a name that it does not know.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum MapError {
    /// The text of the map.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// The files of the map.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A query or an update.
    #[error(transparent)]
    Sparql(#[from] SparqlError),
    /// A player that is not in the map.
    #[error("there is no player '{name}'{}", suggestion(.near))]
    UnknownPlayer {
        /// The name as given.
        name: String,
        /// The ids of the players whose names are nearest to it.
        near: Vec<String>,
    },
    /// An update that would write what is derived.
    #[error(
        "the graph {graph} is derived and cannot be written\nhint: write claims; the board follows from them"
    )]
    DerivedGraph {
        /// The graph, in short form.
        graph: String,
    },
}

fn suggestion(near: &[String]) -> String {
    match near {
        [] => "\nhint: powermap ask players lists them all".to_owned(),
        near => format!("\nhint: did you mean {}?", near.join(", or ")),
    }
}
