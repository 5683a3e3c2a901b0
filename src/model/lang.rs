//! The languages that labels are shown in, and labels.

use crate::model::error::ModelError;
pub use crate::words::Lang;
use serde::Serialize;
use std::collections::BTreeMap;
use std::str::FromStr;

impl FromStr for Lang {
    type Err = ModelError;

    fn from_str(text: &str) -> Result<Self, ModelError> {
        match text {
            "en" => Ok(Self::En),
            "zh" => Ok(Self::Zh),
            _ => Err(ModelError::Name {
                what: "language",
                text: text.to_owned(),
                expected: "en or zh".to_owned(),
            }),
        }
    }
}

/// Text by language tag; the empty tag holds text without a language.
///
/// ```
/// use powermap::model::{Labels, Lang};
/// let mut labels = Labels::default();
/// labels.insert("en", "Oracle");
/// labels.insert("zh", "甲骨文");
/// assert_eq!(labels.get(Lang::Zh), Some("甲骨文"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(transparent)]
pub struct Labels(BTreeMap<String, String>);

impl From<BTreeMap<String, String>> for Labels {
    fn from(texts: BTreeMap<String, String>) -> Self {
        Self(texts)
    }
}

impl Labels {
    /// Sets the text of a language; where one is set already, the smaller text stays, so that order never matters.
    pub fn insert(&mut self, tag: &str, text: &str) {
        match self.0.get_mut(tag) {
            Some(present) if present.as_str() <= text => {}
            Some(present) => text.clone_into(present),
            None => {
                self.0.insert(tag.to_owned(), text.to_owned());
            }
        }
    }

    /// Returns the text in a language, or the nearest there is: a regional form of it, English, none, any.
    pub fn get(&self, lang: Lang) -> Option<&str> {
        self.exact(lang.tag())
            .or_else(|| {
                self.0
                    .iter()
                    .find(|(tag, _)| {
                        tag.strip_prefix(lang.tag())
                            .is_some_and(|rest| rest.starts_with('-'))
                    })
                    .map(|(_, text)| text.as_str())
            })
            .or_else(|| self.exact("en"))
            .or_else(|| self.exact(""))
            .or_else(|| self.0.values().next().map(String::as_str))
    }

    /// Returns the text under exactly this tag.
    pub fn exact(&self, tag: &str) -> Option<&str> {
        self.0.get(tag).map(String::as_str)
    }

    /// Returns tag and text, in the order of the tags.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(tag, text)| (tag.as_str(), text.as_str()))
    }

    /// Returns whether there is no text at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
