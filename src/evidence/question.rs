//! Questions to a map, as data that can be asked again.

use crate::evidence::error::EvidenceError;
use crate::model::view::View;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Display;
use std::str::FromStr;

/// A question to a map.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Question {
    /// An analysis of the table.
    Analysis {
        /// Its name.
        name: String,
        /// The values of its parameters, as text.
        parameters: BTreeMap<String, Vec<String>>,
    },
    /// A named query.
    Ask {
        /// Its name.
        name: String,
        /// The values of its parameters, as text.
        parameters: BTreeMap<String, String>,
        /// Its text, so that a query of one's own can be asked again without its file.
        text: String,
    },
    /// A query in SPARQL.
    Query {
        /// Its text.
        text: String,
    },
    /// All there is about a player.
    Show {
        /// The player.
        player: String,
    },
    /// One page on a player.
    Brief {
        /// The player.
        player: String,
        /// The language of its sentences.
        lang: String,
    },
    /// The story of the map.
    Tour {
        /// The language of its sentences.
        lang: String,
    },
}

/// The view that an answer was seen from, as text.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SeenFrom {
    /// The day of the board.
    pub as_of: Option<String>,
    /// The last day whose claims count; all claims if `None`.
    pub known_by: Option<String>,
    /// The rule that picks one value where claims disagree.
    pub policy: String,
}

impl From<View> for SeenFrom {
    fn from(view: View) -> Self {
        Self {
            as_of: view.as_of.map(|day| day.to_string()),
            known_by: view.known_by.map(|day| day.to_string()),
            policy: view.policy.name().to_owned(),
        }
    }
}

impl SeenFrom {
    /// Returns the view.
    ///
    /// # Errors
    /// [`EvidenceError::View`].
    pub fn view(&self) -> Result<View, EvidenceError> {
        fn read<T: FromStr<Err: Display>>(
            field: &'static str,
            text: &str,
        ) -> Result<T, EvidenceError> {
            text.parse().map_err(|error: T::Err| EvidenceError::View {
                field,
                text: text.to_owned(),
                reason: error.to_string(),
            })
        }
        let day = |field, text: &Option<String>| {
            let read = |text: &String| read(field, text);
            text.as_ref().map(read).transpose()
        };
        Ok(View {
            as_of: day("as_of", &self.as_of)?,
            known_by: day("known_by", &self.known_by)?,
            policy: read("policy", &self.policy)?,
        })
    }
}
