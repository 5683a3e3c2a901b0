//! What spreadsheets of others call things: the words of `data/spreadsheets/words.tsv`.

use crate::model::name_key::folded;
use rustc_hash::FxHashMap;
use std::sync::LazyLock;

const WORDS: &str = include_str!("../../../data/spreadsheets/words.tsv");

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::of(WORDS));

/// Words for one thing.
#[derive(Debug)]
pub(super) struct Entry {
    /// Our word.
    pub(super) ours: &'static str,
    /// What goes with it, such as the family of a kind; `-` for nothing.
    pub(super) detail: &'static str,
    /// Their words as [`folded`] writes them.
    words: Vec<String>,
}

/// All words, by what they are words for.
#[derive(Debug)]
pub(super) struct Lexicon {
    entries: FxHashMap<&'static str, Vec<Entry>>,
    /// The place of each word among the entries of what it is a word for.
    places: FxHashMap<(&'static str, String), usize>,
}

/// Returns the words that spreadsheets use.
pub(super) fn lexicon() -> &'static Lexicon {
    &LEXICON
}

impl Lexicon {
    fn of(text: &'static str) -> Self {
        let mut entries: FxHashMap<&'static str, Vec<Entry>> = FxHashMap::default();
        let mut places = FxHashMap::default();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let mut cells = line.split('\t');
            let (Some(of), Some(ours), Some(detail), Some(words)) =
                (cells.next(), cells.next(), cells.next(), cells.next())
            else {
                continue;
            };
            let own = entries.entry(of).or_default();
            let words: Vec<_> = words.split('|').map(folded).collect();
            for word in &words {
                places.entry((of, word.clone())).or_insert(own.len());
            }
            own.push(Entry {
                ours,
                detail,
                words,
            });
        }
        Self { entries, places }
    }

    /// Returns the entry that has a word, which is folded already.
    pub(super) fn find(&self, of: &'static str, word: &str) -> Option<&Entry> {
        let at = self.places.get(&(of, word.to_owned()))?;
        self.entries.get(of)?.get(*at)
    }

    /// Returns the entry with the longest word that a folded text begins with, and what comes after that word.
    ///
    /// A word of Latin letters ends where no letter follows it.
    pub(super) fn at_start<'t>(
        &self,
        of: &'static str,
        text: &'t str,
    ) -> Option<(&Entry, &'t str)> {
        self.longest(of, |word| {
            let rest = text.strip_prefix(word)?;
            let meets = is_letter(word.chars().next_back()) && is_letter(rest.chars().next());
            (!meets).then_some(rest)
        })
    }

    /// Returns the entry with the longest word that a folded text ends with, and what comes before that word.
    pub(super) fn at_end<'t>(&self, of: &'static str, text: &'t str) -> Option<(&Entry, &'t str)> {
        self.longest(of, |word| {
            let rest = text.strip_suffix(word)?;
            let meets = is_letter(word.chars().next()) && is_letter(rest.chars().next_back());
            (!meets).then_some(rest)
        })
    }

    fn longest<'t>(
        &self,
        of: &'static str,
        rest: impl Fn(&str) -> Option<&'t str>,
    ) -> Option<(&Entry, &'t str)> {
        let entries = self.entries.get(of)?;
        let found = entries.iter().flat_map(|entry| {
            let rests = entry.words.iter().filter_map(|word| rest(word));
            rests.map(move |rest| (entry, rest))
        });
        // The shorter the rest, the longer the word; of equals, the first.
        found.min_by_key(|(_, rest)| rest.len())
    }

    /// Returns all entries of what words are for.
    pub(super) fn entries(&self, of: &'static str) -> &[Entry] {
        self.entries.get(of).map_or(&[], Vec::as_slice)
    }
}

impl Entry {
    /// Returns their words, folded.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(String::as_str)
    }
}

/// Returns whether a character is a letter of a script that puts spaces between words.
fn is_letter(c: Option<char>) -> bool {
    c.is_some_and(|c| c.is_alphabetic() && c < '\u{2e80}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn every_line_of_the_words_is_read_and_no_word_stands_for_two_things() {
        let lines = WORDS.lines().filter(|line| !line.starts_with('#'));
        assert_eq!(
            lines.count(),
            lexicon().entries.values().map(Vec::len).sum::<usize>()
        );
        let mut twice = Vec::new();
        let mut all: BTreeMap<_, _> = lexicon().entries.iter().collect();
        // Headings of parties are told apart by those beside them.
        all.retain(|of, _| !of.starts_with("from.") && !of.starts_with("to."));
        for (of, entries) in all {
            let mut seen = BTreeMap::new();
            for entry in entries {
                for word in &entry.words {
                    if let Some(other) = seen.insert(word.clone(), entry.ours)
                        && other != entry.ours
                    {
                        twice.push(format!("{of}: {word} is {other} and {}", entry.ours));
                    }
                }
            }
        }
        assert_eq!(twice, Vec::<String>::new());
    }

    #[test]
    fn words_end_where_no_letter_follows() {
        let scale = |text| {
            lexicon()
                .at_start("scale", text)
                .map(|(entry, rest)| (entry.ours, rest))
        };
        assert_eq!(scale("mn usd"), Some(("6", " usd")));
        assert_eq!(scale("million"), Some(("6", "")));
        assert_eq!(scale("months"), None);
        assert_eq!(folded("  Ｔｏｔａｌ \n Sum "), "total sum");
    }
}
