//! A text for people in every language.

use crate::words::Lang;
use serde::{Serialize, Serializer};

/// A text in every language.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Texts([String; Lang::ALL.len()]);

impl Texts {
    /// Returns the texts that a function gives for each language.
    pub fn new(text: impl FnMut(Lang) -> String) -> Self {
        Self(Lang::ALL.map(text))
    }

    /// Returns the text in a language.
    pub fn get(&self, lang: Lang) -> &str {
        &self.0[lang as usize]
    }
}

impl Serialize for Texts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(Lang::ALL.map(|lang| (lang.tag(), self.get(lang))))
    }
}
