//! What the program says to people: one table for each language.
//!
//! Help and errors stand in English where they arise; the tables of other languages have them by the English text. Errors
//! of the library that no table has stay in English.

use powermap::Lang;

/// The table of a language: a text for each message.
macro_rules! table {
    ($($message:ident => $text:literal,)*) => {
        pub(super) fn text(message: Message) -> &'static str {
            match message {
                $(Message::$message => $text,)*
            }
        }
    };
}

/// A list of texts in English and what they are in another language.
macro_rules! pairs {
    ($($english:literal => $text:literal,)*) => {
        &[$(($english, $text)),*]
    };
}

mod chinese;
mod english;

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
    /// Between the parts of a sentence.
    Comma,
    /// Between the items of a list in a sentence.
    ListSeparator,
    /// Between parts that have commas of their own, and the items of a cell.
    Semicolon,
    /// A text and what is added to it: `{text}`, `{remark}`.
    WithRemark,
    HeadingSection,
    HeadingSentence,
    /// The day of the board: `{as_of}`.
    ViewOf,
    /// The days of the board: `{as_of}`, `{known_by}`.
    ViewOfTwo,
    NothingFound,
    /// `{limit}`
    MoreRows,
    /// One row that a screenful leaves out.
    OneRowBelow,
    /// Rows that a screenful leaves out: `{count}`.
    RowsBelow,
    /// The heading of the list of sources below a table.
    SourcesBelow,
    /// What a format cannot hold: `{sentence}`.
    LeftOut,
    /// The title of a picture of a map without a name.
    BoardTitle,
    OnePlayer,
    Players,
    OneArrow,
    Arrows,
    OneCrossing,
    Crossings,
    /// `{count}`
    /// `{count}`
    WithoutLabel,
    EdgesOnBoard,
    WhereMoneyGoesRound,
    KingAndQueensDependOn,
    WhoIsWho,
    SourcesTitle,
    /// What to try after the tour: `{map}` (the option that names the map, or nothing), `{player}`.
    NextSteps,
    ToOthers,
    FromOthers,
    SaidAbout,
    SaidBy,
    LoopsThroughIt,
    DependsOn,
    OwnedBy,
    HurtIfItFails,
    DealsAndEvents,
    /// The heading of what was said of a player's records being one.
    JoinedFrom,
    EdgesWithin,
    OutcomeJoined,
    OutcomeDifferent,
    OutcomeLoose,
    /// `{one}`, `{other}`
    OutcomeContradicted,
    /// `{one}`, `{other}`
    OutcomeUnlike,
    Figures,
    /// A claim that names no document.
    NoDocument,
    /// The name in a language: `{tag}`.
    NameIn,
    Basis,
    NamedQueries,
    UsageHeading,
    ParametersHeading,
    ExampleHeading,
    Required,
    Optional,
    /// `{value}`
    DefaultValue,
    NoPlan,
    Findings,
    NoProblems,
    /// The kind of a finding about a record.
    Record,
    /// `{name}`, `{triples}`, `{bytes}`, `{each}`
    Compiled,
    OneNewPlayer,
    NewPlayers,
    OneNewIdentifier,
    NewIdentifiers,
    OneNewIdentity,
    NewIdentities,
    OneNewDeal,
    NewDeals,
    OneNewEdge,
    NewEdges,
    OneNewObservation,
    NewObservations,
    OneNewClaim,
    NewClaims,
    OneNewDocument,
    NewDocuments,
    NothingNew,
    Gone,
    ChangesTitle,
    /// What an import brought: `{list}`.
    New,
    /// An edge that an import brought: `{id}`, `{reason}`
    ToldTwice,
    /// A file whose name the map has already: `{file}`
    NameTaken,
    /// What to do with a mapping: `{file}`, `{mapping}`
    SuggestedWhole,
    /// `{columns}`
    SuggestedWithoutNumbers,
    /// `{count}`
    SuggestedInPart,
    /// `{plus}`, `{minus}`
    Changed,
    /// `{plus}`, `{minus}`
    WouldChange,
    HeadingSources,
    HeadingClaims,
    HeadingStatus,
    HeadingKind,
    HeadingQuantity,
    HeadingPlayer,
    HeadingType,
    HeadingEdgeCount,
    HeadingNote,
    HeadingDocument,
    HeadingTitle,
    HeadingIssued,
    HeadingTier,
    HeadingClaimCount,
    HeadingUrl,
    HeadingRow,
    HeadingSubject,
    HeadingMeasure,
    HeadingValues,
    HeadingTopic,
    HeadingName,
    HeadingSummary,
    HeadingParameters,
    HeadingField,
    HeadingValue,
    HeadingId,
    HeadingIdentifier,
    HeadingRecord,
    HeadingOtherRecord,
    CandidatesTitle,
    HeadingLikeness,
    HeadingFor,
    HeadingAgainst,
    HowToDecide,
    HeadingOutcome,
    HeadingAlias,
    HeadingPartOf,
    HeadingDeal,
    HeadingAnnounced,
    HeadingDealPlayers,
    HeadingEdge,
    HeadingFrom,
    HeadingTo,
    HeadingFamily,
    HeadingSince,
    HeadingUntil,
    HeadingObservation,
    HeadingMetric,
    HeadingPeriod,
    HeadingClaim,
    HeadingAbout,
    HeadingText,
    HeadingModality,
    HeadingAssertedBy,
    HeadingAttributedTo,
    HeadingSaid,
    HeadingCheck,
    HeadingFinding,
    HeadingClaimSources,
    HeadingCount,
    HeadingExamples,
    HeadingFile,
    HeadingLine,
    /// What the check of records asks.
    RecordUnread,
    /// Some of several examples: `{list}`.
    MoreExamples,
    AllFindings,
    /// Between names of which one is meant.
    OrSeparator,
    HelpCommands,
    HelpTemplate,
    /// A group of verbs.
    HelpSee,
    /// A group of verbs.
    HelpFollow,
    /// A group of verbs.
    HelpDoubt,
    /// A group of verbs.
    HelpAsk,
    /// A group of verbs.
    HelpMake,
    /// The help of the program: `{groups}`.
    HelpOfAll,
    /// `{value}`
    HelpDefault,
    /// `{values}`
    HelpChoices,
    HelpOptionsOfEveryVerb,
    HelpArguments,
    HelpOptions,
    HelpExamples,
    HelpColumns,
    HeadingChange,
    HeadingTable,
    HeadingBefore,
    HeadingAfter,
    HeadingBecause,
    HeadingSource,
    HeadingFields,
    RowsChanged,
    RowChanged,
    RowGone,
    RowNew,
    SourcesChanged,
    WordDocument,
    WordClaim,
    SourceAltered,
    SourceGone,
    SourceNoLongerCounts,
    SourceNew,
    EvidenceBroken,
    FormulaChanged,
    /// `{version}`
    OtherVersion,
    /// `{rows}`
    StillHolds,
    /// `{rows}`, `{changed}`, `{sources}`
    NoLongerHolds,
    MapChangedElsewhere,
    /// A group of verbs.
    HelpServe,
    /// `{address}`
    Listening,
    Stopping,
    /// `{files}`, `{bytes}`, `{folder}`
    Published,
    LabelError,
    LabelWarning,
    LabelHint,
}

impl Message {
    /// Returns the text as it is in the table.
    pub(crate) fn text(self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => english::text(self),
            Lang::Zh => chinese::text(self),
        }
    }

    /// Returns the text with its places filled in; what is put in is not searched again.
    pub(crate) fn filled(self, lang: Lang, parts: &[(&str, &str)]) -> String {
        let mut filled = String::new();
        let mut rest = self.text(lang);
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
}

/// Returns a paragraph of the help in a language, if its table has it.
pub(crate) fn help(english: &str, lang: Lang) -> Option<&'static str> {
    let table = match lang {
        Lang::En => return None,
        Lang::Zh => chinese::HELP,
    };
    let found = table.iter().find(|(known, _)| *known == english);
    found.map(|(_, text)| *text)
}

/// Returns the text of an error in a language, if its table has it, with its parts filled in.
pub(crate) fn said_or(english: &str, lang: Lang, parts: &[String]) -> Option<String> {
    let table = match lang {
        Lang::En => return None,
        Lang::Zh => chinese::ERRORS,
    };
    let (_, text) = table.iter().find(|(known, _)| *known == english)?;
    Some(numbered(text, parts))
}

/// Returns the text of an error in a language, in English where its table lacks it, with its parts filled in.
pub(crate) fn said(english: &str, lang: Lang, parts: &[String]) -> String {
    said_or(english, lang, parts).unwrap_or_else(|| match parts {
        // A text without parts may have braces of its own.
        [] => of_library(english, lang).unwrap_or_else(|| english.to_owned()),
        parts => numbered(english, parts),
    })
}

/// Returns the heading of a column of a query, which its variable names.
pub(crate) fn heading(name: &str, lang: Lang) -> String {
    let known = match lang {
        Lang::En => None,
        Lang::Zh => chinese::HEADINGS.iter().find(|(known, _)| *known == name),
    };
    known.map_or_else(|| name.replace('_', " "), |(_, text)| (*text).to_owned())
}

/// Returns a text in a cell of a query in a language, where it is a word that the query gives.
pub(crate) fn cell(text: &str, lang: Lang) -> Option<&'static str> {
    let known = match lang {
        Lang::En => None,
        Lang::Zh => chinese::CELLS.iter().find(|(known, _)| *known == text),
    };
    known.map(|(_, text)| *text)
}

/// Returns what the library says in a language, if its table has it: of the texts that fit, the one with the most words of
/// its own. The last part may be such a text, too.
pub(crate) fn of_library(english: &str, lang: Lang) -> Option<String> {
    let table = match lang {
        Lang::En => return None,
        Lang::Zh => chinese::LIBRARY.iter().chain(chinese::TABLES),
    };
    let fitting = table.filter_map(|(known, text)| {
        let length = known.len() - 2 * known.matches("{}").count();
        Some((length, text, parts_of(english, known)?))
    });
    let (_, text, mut parts) = fitting.max_by_key(|(length, ..)| *length)?;
    if let Some(last) = parts.last_mut()
        && let Some(text) = of_library(last, lang)
    {
        *last = text;
    }
    Some(numbered(text, &parts))
}

/// Returns what stands in the place of each `{}` of a template; nothing where the text is not made of it.
fn parts_of(text: &str, template: &str) -> Option<Vec<String>> {
    let mut literals = template.split("{}");
    let mut rest = text.strip_prefix(literals.next()?)?;
    let literals: Vec<_> = literals.collect();
    let mut parts = Vec::new();
    for (number, literal) in literals.iter().enumerate() {
        let is_last = number + 1 == literals.len();
        let at = match is_last {
            true => rest.strip_suffix(literal)?.len(),
            false => rest.find(literal)?,
        };
        parts.push(rest[..at].to_owned());
        rest = &rest[at + literal.len()..];
    }
    rest.is_empty().then_some(parts)
}

/// Fills parts in for `{0}`, `{1}` and so on, or one after the other for `{}`.
fn numbered(text: &str, parts: &[String]) -> String {
    let (mut filled, mut rest, mut next) = (String::new(), text, 0);
    while let Some((before, after)) = rest.split_once('{') {
        let (place, after) = after.split_once('}').unwrap_or((after, ""));
        filled.push_str(before);
        filled.push_str(
            parts
                .get(place.parse().unwrap_or(next))
                .map_or("", String::as_str),
        );
        next += 1;
        rest = after;
    }
    filled + rest
}

/// Returns a number with the word for one thing or for several.
pub(crate) fn counted(lang: Lang, count: usize, [one, several]: [Message; 2]) -> String {
    let message = if count == 1 { one } else { several };
    message.filled(lang, &[("count", &count.to_string())])
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// The names in braces of a text, save for numbers: languages without a plural give them in the singular too.
    fn places(text: &str) -> BTreeSet<&str> {
        // Examples of SPARQL have braces of their own.
        text.split('{')
            .skip(1)
            .filter_map(|part| Some(part.split_once('}')?.0))
            .filter(|place| *place != "count" && !place.contains(' '))
            .collect()
    }

    #[test]
    fn every_message_has_a_text_in_every_language() {
        for message in Message::ALL {
            let english = Message::text(*message, Lang::En);
            for lang in [Lang::En, Lang::Zh] {
                let text = message.text(lang);
                assert!(!text.trim().is_empty(), "{message:?} {lang:?}");
                assert_eq!(places(text), places(english), "{message:?} {lang:?}");
            }
        }
    }

    /// The texts of `fail!` in the sources of the program: those that stand in a file after each call.
    fn failures(folder: &std::path::Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                failures(&path, found);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            for call in code.split("fail!(").skip(1) {
                let literal = call.trim_start().strip_prefix('"');
                let literal = literal.and_then(|rest| rest.split_once('"'));
                found.extend(literal.map(|(literal, _)| literal.to_owned()));
            }
        }
    }

    #[test]
    fn errors_of_the_program_are_in_every_language() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut found = Vec::new();
        failures(&root.join("src/bin/powermap"), &mut found);
        assert!(found.len() > 20, "{found:?}");
        for english in found {
            let text = said_or(&english, Lang::Zh, &[]);
            assert!(text.is_some(), "not in the table: {english:?}");
        }
    }

    #[test]
    fn errors_have_the_same_parts_in_every_language() {
        let texts = chinese::ERRORS.iter().chain(chinese::LIBRARY);
        for (english, text) in texts.chain(chinese::TABLES) {
            let count = english.matches("{}").count();
            for number in 0..count {
                assert!(text.contains(&format!("{{{number}}}")), "{english}: {text}");
            }
            assert_eq!(text.matches('{').count(), count, "{english}: {text}");
        }
        let parts = ["a".to_owned(), "{0}".to_owned()];
        assert_eq!(said("{} and {}", Lang::En, &parts), "a and {0}");
    }

    #[test]
    fn texts_of_the_library_are_found_by_their_template() {
        let told = |text| of_library(text, Lang::Zh);
        assert_eq!(told("the file is encrypted").as_deref(), Some("文件已加密"));
        assert_eq!(
            told("row 3, column 'unit': is null, and the row has a number").as_deref(),
            Some("第 3 行，列“unit”：为空，而该行有数值")
        );
        assert_eq!(told("nobody has said this"), None);
        assert_eq!(of_library("the file is encrypted", Lang::En), None);
    }

    #[test]
    fn numbers_and_texts_are_filled_in() {
        let arrows = [Message::OneArrow, Message::Arrows];
        assert_eq!(counted(Lang::En, 1, arrows), "1 arrow");
        assert_eq!(counted(Lang::En, 0, arrows), "0 arrows");
        assert_eq!(counted(Lang::Zh, 1, arrows), "1 条箭头");
        let parts = [("text", "{remark}"), ("remark", "a source")];
        assert_eq!(
            Message::WithRemark.filled(Lang::En, &parts),
            "{remark} (a source)"
        );
    }
}
