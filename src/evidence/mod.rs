//! Floor 8: evidence: what an answer rests on, kept in one file and checked again later.
//!
//! An answer is some [`AnswerTable`]s, whose rows name the claims beneath them. A [`Bundle`] holds it together with its
//! question, the view, those claims and their documents, and the hash of the map; [`Bundle::verify`] holds it against the
//! answer of another day, or of another map.

pub(crate) mod beneath;
pub(crate) mod bundle;
pub(crate) mod error;
pub(crate) mod hash;
pub(crate) mod pairing;
pub(crate) mod question;
pub(crate) mod source;
pub(crate) mod table;
pub(crate) mod verify;

pub use crate::evidence::beneath::Beneath;
pub use crate::evidence::bundle::{Bundle, BundleMap, EvidenceRow, EvidenceTable};
pub use crate::evidence::error::EvidenceError;
pub use crate::evidence::question::{Question, SeenFrom};
pub use crate::evidence::source::{Bounds, ClaimRecord, DocumentRecord, claim_key};
pub use crate::evidence::table::{AnswerRow, AnswerTable};
pub use crate::evidence::verify::{RowChange, SourceChange, SourceChangeKind, Verification};
