//! `GROUP_CONCAT`.

use spareval::ExpressionTerm;

/// Strings put together so far. The language stays where all have the same one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Concatenation {
    text: String,
    /// Nothing before the first string.
    language: Option<Option<String>>,
}

impl Concatenation {
    /// Adds a value; returns false if it is not a string.
    pub(crate) fn add(&mut self, value: Option<ExpressionTerm>, separator: &str) -> bool {
        let (text, language) = match value {
            Some(ExpressionTerm::StringLiteral(text)) => (text, None),
            Some(ExpressionTerm::LangStringLiteral { value, language }) => (value, Some(language)),
            _ => return false,
        };
        match &mut self.language {
            None => self.language = Some(language),
            Some(before) => {
                if *before != language {
                    *before = None;
                }
                self.text.push_str(separator);
            }
        }
        self.text.push_str(&text);
        true
    }

    /// Returns how many bytes it takes.
    pub(crate) fn bytes(&self) -> usize {
        size_of::<Self>() + self.text.capacity()
    }

    /// Returns the text put together so far.
    pub(crate) fn value(&self) -> ExpressionTerm {
        let value = self.text.clone();
        match self.language.clone().flatten() {
            Some(language) => ExpressionTerm::LangStringLiteral { value, language },
            None => ExpressionTerm::StringLiteral(value),
        }
    }
}
