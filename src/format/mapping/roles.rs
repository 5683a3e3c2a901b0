//! What headings are words for.

use crate::format::mapping::amounts::{Word, unit_of, word_of};
use crate::format::mapping::lexicon::{Entry, lexicon};
use crate::model::name_key::folded;

/// How sure a guess is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Certainty {
    /// The heading has a word of ours among others, or the cells alone say it.
    Guess,
    /// The heading is a word of ours with a unit or the like.
    Likely,
    /// The heading is a word of ours.
    Sure,
}

/// A heading taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Heading {
    /// As it stands there.
    pub(super) name: String,
    /// Without what stands in brackets, folded.
    bare: String,
    /// The unit that it names, with its power of ten.
    pub(super) unit: Option<(&'static str, i32)>,
    /// The power of ten that it names without a unit.
    pub(super) power: Option<i32>,
}

/// What a heading is a word for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Meaning {
    pub(super) entry: &'static Entry,
    pub(super) certainty: Certainty,
}

impl Heading {
    pub(super) fn of(name: &str) -> Self {
        let text = folded(name);
        let (mut bare, mut inside) = (String::new(), Vec::new());
        let mut rest = text.as_str();
        while let Some(open) = rest.find(['(', '[']) {
            bare.push_str(&rest[..open]);
            let after = &rest[open + 1..];
            let close = after.find([')', ']']).unwrap_or(after.len());
            inside.push(after[..close].trim());
            rest = after.get(close + 1..).unwrap_or("");
        }
        bare.push_str(rest);
        let is_end =
            |c: char| c.is_whitespace() || matches!(c, ':' | '*' | '?' | ',' | '/' | '-' | '#');
        let mut heading = Self {
            name: name.to_owned(),
            bare: bare.trim_matches(is_end).to_owned(),
            unit: None,
            power: None,
        };
        for words in inside {
            heading.take_unit(words);
        }
        // "Amount in USD m", "Stake %", "金额万元": what is left after a word of ours.
        if heading.unit.is_none() && heading.power.is_none() {
            for of in ["heading", "observation", "value.metric"] {
                let found = lexicon().at_start(of, &heading.bare);
                let rest = found.map(|(_, rest)| rest.trim_matches(is_end).to_owned());
                if let Some(rest) = rest.filter(|rest| !rest.is_empty())
                    && heading.take_unit(&rest)
                {
                    let length = heading.bare.len() - rest.len();
                    heading.bare.truncate(length);
                    heading.bare = heading.bare.trim_matches(is_end).to_owned();
                    break;
                }
            }
        }
        heading
    }

    /// Takes the unit or the scale that words name; returns whether they are nothing else.
    fn take_unit(&mut self, words: &str) -> bool {
        if let Some(unit) = unit_of(words) {
            self.unit = self.unit.or(Some(unit));
            return true;
        }
        let words = words.strip_prefix("in ").unwrap_or(words);
        match word_of(words) {
            Some((Word::Scale(power), "" | "s" | ".")) => {
                self.power = self.power.or(Some(power));
                true
            }
            _ => false,
        }
    }

    /// Returns what the heading is a word for, among words of one sort.
    pub(super) fn meaning(&self, of: &'static str) -> Option<Meaning> {
        let meaning = |entry, certainty| Some(Meaning { entry, certainty });
        let full = folded(&self.name);
        let whole = || lexicon().find("whole", &full).filter(|_| of == "heading");
        if let Some(entry) = lexicon().find(of, &full).or_else(whole) {
            return meaning(entry, Certainty::Sure);
        }
        if let Some(entry) = lexicon().find(of, &self.bare) {
            return meaning(entry, Certainty::Likely);
        }
        // Of "target company", both words fit; the last word of a heading says what it is, in English and Chinese alike.
        let at_end = lexicon().at_end(of, &self.bare);
        let at_start = lexicon().at_start(of, &self.bare);
        let is_long = |rest: &str| rest.chars().count() < 2 * self.bare.chars().count() / 3 + 2;
        let found = at_end.or(at_start).filter(|(_, rest)| is_long(rest));
        meaning(found?.0, Certainty::Guess)
    }

    /// Returns the metric that the heading names, with the period that stands after it: `Revenue 2024`.
    pub(super) fn metric(&self) -> Option<(&'static str, Option<String>)> {
        let (entry, rest) = lexicon().at_start("value.metric", &self.bare)?;
        let period = rest.trim_matches([' ', ',', '-', '_', ':']);
        if period.is_empty() {
            return Some((entry.ours, None));
        }
        let read = crate::format::mapping::days::day(period, None).ok()?;
        Some((entry.ours, Some(read)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_have_units() {
        for (name, unit, power) in [
            ("Amount (USD m)", Some(("USD", 6)), None),
            ("Amount in USD m", Some(("USD", 6)), None),
            ("Betrag [Mio. €]", Some(("EUR", 6)), None),
            ("金额（万元）", Some(("CNY", 4)), None),
            ("金额（亿）", None, Some(8)),
            ("Stake %", Some(("percent", 0)), None),
            ("持股比例(%)", Some(("percent", 0)), None),
            ("Amount, millions", None, Some(6)),
            ("Investor", None, None),
            ("Deal date (UTC)", None, None),
        ] {
            let heading = Heading::of(name);
            assert_eq!((heading.unit, heading.power), (unit, power), "{name}");
        }
    }

    #[test]
    fn headings_mean_columns() {
        let told = |name: &str, of| {
            let meaning = Heading::of(name).meaning(of)?;
            Some((meaning.entry.ours, meaning.certainty))
        };
        use Certainty::{Guess, Likely, Sure};
        assert_eq!(told("Amount (USD m)", "heading"), Some(("amount", Likely)));
        assert_eq!(told("Amount", "heading"), Some(("amount", Sure)));
        assert_eq!(
            told("投资金额（万元）", "heading"),
            Some(("amount", Likely))
        );
        assert_eq!(told("Total amount", "heading"), Some(("amount", Guess)));
        assert_eq!(
            told("Lead Investor", "from.investment"),
            Some(("from", Sure))
        );
        assert_eq!(told("Weather", "heading"), None);
        assert_eq!(
            Heading::of("Revenue 2024 (USD m)").metric(),
            Some(("revenue", Some("2024".to_owned())))
        );
    }
}
