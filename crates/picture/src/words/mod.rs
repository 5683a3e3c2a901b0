//! The words around players and arrows: one table for each language.

mod chinese;
mod english;

use crate::scene::{Change, Family, Firmness, PlayerType, Ranking};
use serde::Serialize;

/// The language of the words of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Chinese.
    Zh,
}

macro_rules! messages {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// A text for people. Names in braces are filled in.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Message { $($(#[$doc])* $name,)* }

        impl Message {
            #[cfg(test)]
            const ALL: &'static [Self] = &[$(Self::$name),*];
        }
    };
}

messages! {
    /// Between a thing and what is said of it.
    Colon,
    /// Between the items of a list.
    ListSeparator,
    /// Between the parts of a sentence.
    Comma,
    /// Between the parts of the stamp under the headline.
    StampSeparator,
    OnePlayer,
    Players,
    /// The note on what is left out: `{players}`, `{edges}`.
    LeftOut,
    /// The edges that are not drawn: `{edges}`.
    EdgesLeftOut,
    /// The kinds of an arrow, after its family: `{kinds}`.
    InBrackets,
    /// What a sum is left of, and the parts taken away: `{whole}`, `{parts}`.
    OfWhole,
    /// The parts that a sum goes on to include: `{parts}`, `{unit}`.
    IncludesParts,
    /// The numbers of the sources of an arrow: `{numbers}`.
    SourcesOfArrow,
    /// What the whole picture shows: `{players}`, `{arrows}`, `{names}`.
    Description,
    /// How many more names there are than the ones listed: `{count}`.
    AndMore,
    /// The name of folded players, for one of them: `{count}`.
    OneOther,
    /// The name of folded players: `{count}`.
    Others,
    OneEdge,
    Edges,
    OneClaim,
    Claims,
    OneSource,
    Sources,
    /// The day of a picture: `{day}`.
    AsOf,
    /// The last day whose knowledge counts: `{day}`.
    KnownBy,
    /// The stamp of a picture of one day: `{now}`.
    BoardOfDay,
    /// The stamp of a picture of no day.
    BoardOfNoDay,
    /// The stamp of a difference: `{before}`, `{now}`.
    WhatChanged,
    /// The rule that picks a value: `{policy}`.
    WhereClaimsDisagree,
    LegendHeading,
    SourcesHeading,
    LegendInvestment,
    LegendSupply,
    LegendInfluence,
    /// Investment, where arrows follow the value.
    LegendMoneyInvestment,
    /// Supply, where arrows follow the value.
    LegendMoneySupply,
    /// Influence, where all of it is that people lead.
    LegendLeads,
    LegendFirm,
    LegendPartly,
    LegendLoose,
    /// No status is stated, of all edges or of some.
    LegendUnstated,
    /// A width that shows no amount.
    LegendNoWidth,
    LegendCame,
    LegendTold,
    LegendWent,
    LegendChanged,
    LegendSame,
    LegendOrganisation,
    LegendPerson,
    LegendGroup,
    /// What the pieces go by: `{ranking}`.
    PiecesNote,
    PiecesByMoneyNote,
    /// What follows the note on pieces where arrows have sources.
    SmallNumbersNote,
    ByStanding,
    ByEdges,
    Investment,
    Supply,
    Influence,
    People,
    Companies,
    Funds,
    Banks,
    Governments,
    Ventures,
    Groups,
    Voices,
    Products,
    Person,
    Company,
    Fund,
    Bank,
    Government,
    Venture,
    Group,
    Voice,
    Product,
}

impl Lang {
    /// All languages, in the order of the texts of a page.
    pub const ALL: [Self; 2] = [Self::En, Self::Zh];

    /// Returns the BCP 47 tag.
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh",
        }
    }

    /// Returns a text as it is in the table.
    pub(crate) fn text(self, message: Message) -> &'static str {
        match self {
            Self::En => english::text(message),
            Self::Zh => chinese::text(message),
        }
    }

    /// Returns a text with its places filled in; what is put in is not searched again.
    pub(crate) fn filled(self, message: Message, parts: &[(&str, &str)]) -> String {
        let mut filled = String::new();
        let mut rest = self.text(message);
        while let Some((before, after)) = rest.split_once('{') {
            filled.push_str(before);
            let (name, after) = after.split_once('}').unwrap_or((after, ""));
            let part = parts.iter().find(|(known, _)| *known == name);
            filled.push_str(part.map_or("", |(_, text)| text));
            rest = after;
        }
        filled.push_str(rest);
        filled
    }

    /// Returns a number with the word for one thing or for several.
    pub(crate) fn counted(self, count: usize, one: Message, several: Message) -> String {
        let message = if count == 1 { one } else { several };
        self.filled(message, &[("count", &count.to_string())])
    }

    /// Returns the number of edges, in words.
    pub(crate) fn edges(self, count: usize) -> String {
        self.counted(count, Message::OneEdge, Message::Edges)
    }
}

impl Family {
    /// Returns the name of an arrow of the family.
    pub(crate) fn word(self) -> Message {
        match self {
            Self::Investment => Message::Investment,
            Self::Supply => Message::Supply,
            Self::Influence => Message::Influence,
        }
    }

    /// Returns the name in the legend.
    pub(crate) fn legend(self, follows_value: bool, leads: bool) -> Message {
        match self {
            Self::Investment if follows_value => Message::LegendMoneyInvestment,
            Self::Supply if follows_value => Message::LegendMoneySupply,
            Self::Investment => Message::LegendInvestment,
            Self::Supply => Message::LegendSupply,
            Self::Influence if leads => Message::LegendLeads,
            Self::Influence => Message::LegendInfluence,
        }
    }
}

impl Firmness {
    /// Returns the name in the legend.
    pub(crate) fn legend(self) -> Message {
        match self {
            Self::Firm => Message::LegendFirm,
            Self::Partly => Message::LegendPartly,
            Self::Loose => Message::LegendLoose,
            Self::Unstated => Message::LegendUnstated,
        }
    }
}

impl Change {
    /// Returns the name in the legend.
    pub(crate) fn legend(self) -> Message {
        match self {
            Self::Came => Message::LegendCame,
            Self::Told => Message::LegendTold,
            Self::Went => Message::LegendWent,
            Self::Changed => Message::LegendChanged,
            Self::Same => Message::LegendSame,
        }
    }
}

impl Ranking {
    /// Returns what the pieces go by.
    pub(crate) fn word(self) -> Message {
        match self {
            Self::Standing => Message::ByStanding,
            Self::Edges => Message::ByEdges,
        }
    }
}

impl PlayerType {
    /// Returns the name of one player of the type.
    pub(crate) fn word(self) -> Message {
        match self {
            Self::Person => Message::Person,
            Self::Company => Message::Company,
            Self::Fund => Message::Fund,
            Self::Bank => Message::Bank,
            Self::Government => Message::Government,
            Self::Venture => Message::Venture,
            Self::Group => Message::Group,
            Self::Voice => Message::Voice,
            Self::Product => Message::Product,
        }
    }

    /// Returns the name of several players of the type.
    pub(crate) fn plural(self) -> Message {
        match self {
            Self::Person => Message::People,
            Self::Company => Message::Companies,
            Self::Fund => Message::Funds,
            Self::Bank => Message::Banks,
            Self::Government => Message::Governments,
            Self::Venture => Message::Ventures,
            Self::Group => Message::Groups,
            Self::Voice => Message::Voices,
            Self::Product => Message::Products,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// The names in braces of a text.
    fn places(text: &str) -> BTreeSet<&str> {
        text.split('{')
            .skip(1)
            .map(|part| part.split_once('}').unwrap().0)
            .collect()
    }

    #[test]
    fn every_message_has_a_text_in_every_language() {
        assert!(Message::ALL.len() > 50);
        for message in Message::ALL {
            let english = Lang::En.text(*message);
            for lang in Lang::ALL {
                let text = lang.text(*message);
                assert!(!text.trim().is_empty(), "{message:?} {lang:?}");
                // Languages without a plural may give the number in the singular too.
                let places = places(text).into_iter().filter(|place| *place != "count");
                let expected = super::tests::places(english);
                let expected = expected.into_iter().filter(|place| *place != "count");
                assert!(places.eq(expected), "{message:?} {lang:?}: {text}");
            }
        }
    }

    #[test]
    fn numbers_and_texts_are_filled_in() {
        assert_eq!(Lang::En.edges(1), "1 edge");
        assert_eq!(Lang::En.edges(0), "0 edges");
        assert_eq!(Lang::Zh.edges(1), "1 条关系");
        let parts = [("before", "{now}"), ("now", "today")];
        assert_eq!(
            Lang::En.filled(Message::WhatChanged, &parts),
            "What changed: {now} → today"
        );
        assert_eq!(Lang::En.filled(Message::AsOf, &[]), "as of ");
    }
}
