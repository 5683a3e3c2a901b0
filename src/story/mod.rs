//! The story of a board: sentences by templates, each figure with the claims that it rests on.
//!
//! Nothing is said that no table says: amounts are the sums of the tables, loops those of [`loops`](crate::analysis::loops()),
//! and so on.

mod brief;
mod change;
mod circle;
mod headline;
mod ledger;
mod partners;
mod rank;
mod sentence;
mod tour;

pub use crate::story::brief::brief;
pub use crate::story::change::change;
pub(crate) use crate::story::circle::way;
pub(crate) use crate::story::headline::headline_of;
pub use crate::story::headline::{Headline, headline};
pub(crate) use crate::story::sentence::between;
pub use crate::story::sentence::{Sentence, SentencePart};
pub use crate::story::tour::tour;

use oxigraph::model::NamedNode;

/// Sections under a title.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Story {
    /// What it is called.
    pub title: String,
    /// The player that it is about, or that is the strongest in it.
    pub subject: Option<NamedNode>,
    /// The sections, none of them empty.
    pub sections: Vec<StorySection>,
}

/// Sentences under a heading.
#[derive(Debug, Clone, PartialEq)]
pub struct StorySection {
    /// The heading.
    pub heading: String,
    /// The sentences, each on a line of its own.
    pub lines: Vec<Sentence>,
}

impl Story {
    /// Adds a section, unless it is empty.
    fn push(&mut self, heading: &str, lines: Vec<Sentence>) {
        if !lines.is_empty() {
            let heading = heading.to_owned();
            self.sections.push(StorySection { heading, lines });
        }
    }

    /// Returns all sentences, in order.
    pub fn sentences(&self) -> impl Iterator<Item = &Sentence> {
        self.sections.iter().flat_map(|section| &section.lines)
    }
}
