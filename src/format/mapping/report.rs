//! What was read of a foreign table by its mapping.

use crate::format::field::FieldReport;
use crate::format::mapping::players::{MadePlayer, Matched, MatchedBy};
use crate::model::lang::Lang;
use crate::model::record::Records;
use crate::words::Message;

/// How many players that were made are named.
const NAMED_MAX: usize = 5;

/// What was made of a foreign table.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct MappedReading {
    /// The records, sorted.
    pub records: Records,
    /// What was read, what was left out, and who the players are.
    pub report: MappedReport,
}

/// What was read of a foreign table.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct MappedReport {
    /// What was read and what was left out.
    pub field: FieldReport,
    /// The texts that are players of the map, by what they were found.
    pub matched: Vec<Matched>,
    /// The players that were made.
    pub made: Vec<MadePlayer>,
    /// Rows that are one edge with an earlier row.
    pub same: Vec<SameEdge>,
}

/// Two rows with the same players, kind, deal and day: a further claim on one edge, or one deal that was entered twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SameEdge {
    /// The place of the first row.
    pub first: String,
    /// The place of the second.
    pub second: String,
}

impl SameEdge {
    /// Returns a line on the two rows.
    pub fn text(&self, lang: Lang) -> String {
        let parts: [(&str, &dyn std::fmt::Display); 2] =
            [("first", &self.first), ("second", &self.second)];
        Message::MappedSameEdge.filled(lang, &parts)
    }
}

impl MappedReport {
    /// Returns lines on the players: whom names stand for, and who is new.
    pub fn players(&self, lang: Lang) -> Vec<String> {
        let between = Message::ListSeparator.text(lang);
        let mut lines = Vec::new();
        for matched in &self.matched {
            let message = match matched.by {
                MatchedBy::Id => Message::MatchedById,
                MatchedBy::Name => Message::MatchedByName,
                MatchedBy::Alias => Message::MatchedByAlias,
                MatchedBy::Identifier => Message::MatchedByIdentifier,
            };
            let examples = matched.examples.iter();
            let examples = examples.map(|(text, id)| format!("{text} → {id}"));
            let examples = examples.collect::<Vec<_>>().join(between);
            let count = &matched.count;
            lines.push(message.filled(lang, &[("count", count), ("examples", &examples)]));
        }
        if !self.made.is_empty() {
            let named = self.made.iter().take(NAMED_MAX);
            let mut names = named
                .map(|made| made.name.as_str())
                .collect::<Vec<_>>()
                .join(between);
            if self.made.len() > NAMED_MAX {
                names.push('…');
            }
            let count = self.made.len();
            lines.push(Message::MadePlayers.filled(lang, &[("count", &count), ("names", &names)]));
        }
        for made in &self.made {
            if let Some(like) = &made.like {
                let parts: [(&str, &dyn std::fmt::Display); 2] =
                    [("name", &made.name), ("like", like)];
                lines.push(Message::MadeLikeKnown.filled(lang, &parts));
            }
        }
        lines
    }
}
