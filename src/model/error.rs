//! What can be wrong with a word of the model.

use powermap_rdf::Hint;
use thiserror::Error;

/// A value that the model does not accept: what it was, and what was expected.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum ModelError {
    /// Text that is no date.
    #[error("'{text}' is not a date: expected {expected}")]
    Date {
        /// The text as given.
        text: String,
        /// What would have been right.
        expected: &'static str,
    },
    /// A unit that is not known.
    #[error("'{text}' is not a known unit: expected {expected}")]
    Unit {
        /// The text as given.
        text: String,
        /// The nearest known units, or examples.
        expected: String,
    },
    /// Text that is no number.
    #[error("'{text}' is not a number: expected digits such as 100000000000, 1e11 or 0.5")]
    Number {
        /// The text as given.
        text: String,
    },
    /// Bounds in the wrong order.
    #[error("the lower bound {lower} is above the upper bound {upper}")]
    Bounds {
        /// The lower bound as given.
        lower: f64,
        /// The upper bound as given.
        upper: f64,
    },
    /// Bounds that exclude every number.
    #[error("no number is within the bounds: both are {value}, and one of them is excluded")]
    Empty {
        /// The value of both bounds.
        value: f64,
    },
    /// Two quantities that cannot be added or compared.
    #[error("{left} and {right} cannot be combined: they measure different things, or need a rate")]
    Mismatch {
        /// The code of the one unit.
        left: String,
        /// The code of the other.
        right: String,
    },
    /// A name that is not in a list.
    #[error("'{text}' is not a {what}: expected {expected}")]
    Name {
        /// What kind of name was wanted.
        what: &'static str,
        /// The text as given.
        text: String,
        /// The names there are.
        expected: String,
    },
    /// A value that a scheme of identifiers does not have.
    #[error("'{text}' is no identifier of the scheme {scheme}: expected {expected}")]
    Identifier {
        /// The text as given.
        text: String,
        /// The name of the scheme.
        scheme: String,
        /// What would have been right.
        expected: String,
    },
    /// A wish for a made-up map that cannot be met.
    #[error("the {option} cannot be {value}: expected {expected}")]
    Generate {
        /// The name of the option.
        option: &'static str,
        /// Its value as given.
        value: String,
        /// What would have been right.
        expected: String,
    },
}

impl ModelError {
    /// Returns what to try about it, where the message does not say what was expected.
    pub fn hint(&self) -> Option<Hint> {
        match self {
            Self::Bounds { .. } => Some(Hint::from("swap them, or give one only")),
            Self::Empty { .. } => Some(Hint::from("make both inclusive, or correct one of them")),
            _ => None,
        }
    }
}
