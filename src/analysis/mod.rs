//! Floor 5: one file per analysis, a position in, a report out.
//!
//! An analysis never touches a store: what it needs is handed to it as a [`position::Position`]. Each has a function
//! with options and a report of its own for those who embed it, and an entry in [`table::all`], from which the program,
//! SPARQL and the reference page take its name, parameters and columns.

pub(crate) mod answer;
#[cfg(feature = "parquet")]
pub(crate) mod arrow;
pub(crate) mod checks;
pub(crate) mod column;
pub(crate) mod concentration;
pub(crate) mod conflicts;
pub(crate) mod control;
pub(crate) mod definition;
pub(crate) mod dependence;
pub(crate) mod diff;
pub(crate) mod error;
pub(crate) mod exposure;
pub(crate) mod facts;
pub(crate) mod loops;
pub(crate) mod page;
mod pairs;
pub(crate) mod parameter;
pub(crate) mod paths;
pub(crate) mod position;
pub(crate) mod source_error;
pub(crate) mod standing;
pub(crate) mod table;
pub(crate) mod timeline;
pub(crate) mod walk;
pub(crate) mod what_if;

pub use crate::analysis::answer::{Answer, Cell, Note, Row, Support, percent, three_decimals};
#[cfg(feature = "parquet")]
pub use crate::analysis::arrow::record_batch;
pub use crate::analysis::checks::{Checks, Refuted};
pub use crate::analysis::column::{Column, ColumnKind};
pub use crate::analysis::conflicts::{Conflict, ConflictReason, conflicts};
pub use crate::analysis::control::{
    Control, ControlBasis, ControlDirection, ControlOptions, ControlReport, Holding, Verdict,
    control,
};
pub use crate::analysis::definition::{Analysis, FILTER, VIEW};
pub use crate::analysis::dependence::{
    Dependence, DependenceBasis, DependenceOptions, DependenceReport, DependenceSide, Figure,
    ListedByParts, MissingBase, dependence,
};
pub use crate::analysis::diff::{Difference, DifferenceKind, diff};
pub use crate::analysis::error::AnalysisError;
pub use crate::analysis::exposure::{
    Exposure, ExposureBase, ExposureOptions, ExposureReport, PlayerBase, exposure,
};
pub use crate::analysis::loops::{
    Loop, LoopStep, LoopType, LoopsOptions, LoopsReport, MissingLeg, Significance, count_loops,
    for_each_loop, loops, significance,
};
pub use crate::analysis::page::markdown_page;
pub use crate::analysis::parameter::{
    Argument, Arguments, Parameter, ParameterKind, Presence, between, whole,
};
pub use crate::analysis::paths::{
    FoundPath, PathStep, PathWeight, PathsOptions, PathsReport, Tie, paths,
};
pub use crate::analysis::position::{Lens, Position};
pub use crate::analysis::source_error::SourceError;
pub use crate::analysis::standing::{Piece, Standing, StandingOptions, StandingReport, standing};
pub use crate::analysis::table::{all, find};
pub use crate::analysis::timeline::{TimelineEntry, TimelineEvent, timeline};
pub use crate::analysis::walk::StepFlow;
pub use crate::analysis::what_if::{WhatIf, changed};
pub use crate::words::Texts;

// The entries of the table, by name.
pub use crate::analysis::conflicts::ANALYSIS as CONFLICTS;
pub use crate::analysis::control::ANALYSIS as CONTROL;
pub use crate::analysis::dependence::ANALYSIS as DEPENDENCE;
pub use crate::analysis::diff::ANALYSIS as DIFF;
pub use crate::analysis::exposure::ANALYSIS as EXPOSURE;
pub use crate::analysis::loops::ANALYSIS as LOOPS;
pub use crate::analysis::paths::ANALYSIS as PATHS;
pub use crate::analysis::standing::ANALYSIS as STANDING;
pub use crate::analysis::timeline::ANALYSIS as TIMELINE;
pub use crate::analysis::what_if::ANALYSIS as WHAT_IF;
