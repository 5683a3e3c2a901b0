//! What arrows are worth.

use crate::words::{Lang, Message};
use serde::Serialize;

/// What the edges of an arrow are worth together.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ArrowValue {
    /// The sum.
    pub quantity: Amount,
    /// The sum with the parts that are drawn at other arrows, where there are any.
    pub whole: Option<Amount>,
    /// The ids of the edges that are summed: a part is not, where its total is.
    pub edges: Vec<String>,
    /// The ids of the parts that are drawn at other arrows, and taken away here.
    pub parts_elsewhere: Vec<String>,
    /// The ids of the parts that are drawn at other arrows and still included, since they have no value in this unit.
    pub parts_included: Vec<String>,
    /// The ids of the claims that the sum rests on.
    pub claims: Vec<String>,
    /// The numbers of the sources of these claims.
    pub sources: Vec<usize>,
    /// Whether it is printed beside the first value, which says as little without it as it without that: another currency,
    /// votes beside a share of the capital.
    pub is_beside: bool,
}

impl ArrowValue {
    /// Returns a value without ids and sources.
    pub fn new(quantity: Amount) -> Self {
        Self {
            quantity,
            whole: None,
            edges: Vec::new(),
            parts_elsewhere: Vec::new(),
            parts_included: Vec::new(),
            claims: Vec::new(),
            sources: Vec::new(),
            is_beside: false,
        }
    }

    /// Returns whether nothing is left of the sum besides the parts that are drawn at other arrows: a nought that no source
    /// states.
    pub fn is_in_parts(&self) -> bool {
        let is_nought = (self.quantity.lower, self.quantity.upper) == (Some(0.0), Some(0.0));
        self.whole.is_some() && is_nought
    }

    /// Returns the value in words, with what it is left of: `$6 bn of $47 bn (less part-1)`.
    pub fn note(&self, lang: Lang) -> String {
        let separator = lang.text(Message::ListSeparator);
        let mut note = self.quantity.text.clone();
        if let Some(whole) = &self.whole {
            let parts = self.parts_elsewhere.join(separator);
            let values = [("whole", whole.text.as_str()), ("parts", &parts)];
            note.push_str(&lang.filled(Message::OfWhole, &values));
        }
        if !self.parts_included.is_empty() {
            let parts = self.parts_included.join(separator);
            let values = [("parts", parts.as_str()), ("unit", &self.quantity.unit)];
            note.push_str(&lang.filled(Message::IncludesParts, &values));
        }
        note
    }
}

/// A number with bounds and a unit, and how it is printed.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Amount {
    /// The least it can be; open if `None`.
    pub lower: Option<f64>,
    /// The most it can be; open if `None`.
    pub upper: Option<f64>,
    /// The code of the unit, such as `USD`.
    pub unit: String,
    /// Whether the number is only about right.
    pub approximate: bool,
    /// The text that is printed, in the language of the scene.
    #[serde(skip)]
    pub text: String,
}

impl Amount {
    /// Returns an exact amount.
    pub fn exact(value: f64, unit: impl Into<String>, text: impl Into<String>) -> Self {
        Self::between(Some(value), Some(value), unit, text)
    }

    /// Returns an amount between two bounds, each of which may be open.
    pub fn between(
        lower: Option<f64>,
        upper: Option<f64>,
        unit: impl Into<String>,
        text: impl Into<String>,
    ) -> Self {
        Self {
            lower,
            upper,
            unit: unit.into(),
            approximate: false,
            text: text.into(),
        }
    }
}
