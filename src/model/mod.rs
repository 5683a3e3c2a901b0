//! Floor 0: the words of a map of power as plain types.
//!
//! Nothing here reads files, triples or the clock.

pub(crate) mod board;
pub(crate) mod candidates;
pub(crate) mod circles;
pub(crate) mod content_id;
mod described;
pub(crate) mod error;
pub(crate) mod find;
pub mod generate;
pub(crate) mod groups;
pub(crate) mod identifier;
pub(crate) mod joined;
pub(crate) mod lang;
pub(crate) mod name;
pub(crate) mod name_key;
pub(crate) mod outcome;
pub(crate) mod quantity;
pub(crate) mod record;
mod removal;
pub(crate) mod resolve;
pub(crate) mod seen;
pub(crate) mod shares;
pub(crate) mod short_id;
pub(crate) mod short_iri;
pub(crate) mod sum;
pub(crate) mod time;
mod told_again;
pub(crate) mod unit;
pub(crate) mod view;
pub mod vocabulary;

pub use crate::model::board::Board;
pub use crate::model::candidates::{Candidates, Ground, Likeness};
pub use crate::model::error::ModelError;
pub use crate::model::find::UnknownPlayer;
pub use crate::model::joined::{Basis, Joined, Link, Outcome};
pub use crate::model::lang::{Labels, Lang};
pub use crate::model::name::{
    Family, Flow, Modality, PlayerType, Policy, Right, Stance, Status, Tier,
};
pub use crate::model::quantity::{Quantity, plain_number};
pub use crate::model::record::{
    Claim, Concept, Deal, Document, Edge, Identifier, Identity, MapDescription, Observation,
    Player, Records, Topic,
};
pub use crate::model::resolve::{Candidate, Resolution, ResolvedValue, resolve};
pub use crate::model::short_id::short_id;
pub use crate::model::time::{Day, Period, TimeSpan};
pub use crate::model::unit::{Measure, NamedUnit, Unit};
pub use crate::model::view::View;
