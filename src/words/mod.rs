//! Below all floors: the languages, and what is said to people: one table for each language.
//!
//! Errors, the definitions of analyses and the help of their parameters are in English; the program has them in other
//! languages. Names of players, kinds and the like are data of a map, by language.

use serde::Serialize;
use std::fmt::{Display, Write};

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

mod chinese;
mod english;
mod texts;

pub use crate::words::texts::Texts;

/// A language of output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Chinese.
    Zh,
}

impl Lang {
    /// All languages.
    pub const ALL: [Self; 2] = [Self::En, Self::Zh];

    /// Returns the BCP 47 tag.
    pub fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Zh => "zh",
        }
    }

    /// Returns how quantities are written.
    pub(crate) fn figures(self) -> &'static Figures {
        match self {
            Self::En => &english::FIGURES,
            Self::Zh => &chinese::FIGURES,
        }
    }
}

/// How a language writes quantities.
pub(crate) struct Figures {
    /// The least value of each scale word, and the word with the space before it, the greatest first.
    pub(crate) scales: &'static [(f64, &'static str)],
    /// Whether a unit follows a scale word without a space.
    pub(crate) is_scale_joined: bool,
    /// Whether amounts of US dollars have a sign before the number in place of a unit after it.
    pub(crate) has_dollar_sign: bool,
}

macro_rules! messages {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// A text for people. Names in braces are filled in.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) enum Message { $($(#[$doc])* $name,)* }

        impl Message {
            #[cfg(test)]
            const ALL: &'static [Self] = &[$(Self::$name),*];
        }
    };
}

messages! {
    /// Between the items of a list in a sentence.
    StoryListSeparator,
    /// Before the last item of a list in a sentence.
    StoryLastSeparator,
    /// An amount with an open lower bound: `{amount}`.
    StoryUpTo,
    /// An amount with an open upper bound: `{amount}`.
    StoryAtLeast,
    /// An approximate amount: `{amount}`.
    StoryAbout,
    /// `{name}`
    NameWithoutAmount,
    /// How many more of a list: `{count}`.
    StoryMore,
    /// The numbers from one on, as words.
    StoryNumbers,
    /// The end of a sentence.
    StoryStop,
    /// A text alone: `{text}`.
    StoryLine,
    /// An edge without a name: `{from}`, `{to}`, `{kind}`.
    DescribedEdge,
    /// An observation without a name: `{subject}`, `{metric}`.
    DescribedFigure,
    /// An observation without a name: `{subject}`, `{metric}`, `{period}`.
    DescribedFigureOf,
    FamilyInvestment,
    FamilySupply,
    FamilyInfluence,
    /// `{count}`, `{hub}`, `{amount}`, `{names}`
    Finding,
    /// `{hub}`, `{amount}`, `{names}`
    FindingOne,
    /// `{count}`, `{hub}`, `{names}`
    FindingUnknown,
    /// `{hub}`, `{names}`
    FindingOneUnknown,
    /// `{hub}`
    OrdersOf,
    /// `{name}`, `{amount}`
    NameAndAmount,
    /// `{names}`
    OrdersSilent,
    /// `{hub}`, `{names}`, `{sources}`
    RightsForOrders,
    /// `{hub}`, `{names}`, `{sources}`
    RightsForOrdersOne,
    /// `{hub}`, `{names}`
    SharesForOrders,
    /// `{hub}`, `{names}`
    SharesForOrdersOne,
    /// `{way}`, `{amount}`
    WayRound,
    /// `{way}`
    WayRoundUnknown,
    /// `{names}`: those of the finding for whom no sum is known.
    FindingOthers,
    /// `{way}`, `{amount}`, `{steps}`
    WayRoundOneSilent,
    /// `{way}`, `{amount}`, `{silent}`, `{steps}`
    WayRoundSilent,
    /// `{from}`, `{to}`, `{amount}`
    GreatestSale,
    /// `{from}`, `{to}`, `{amount}`, `{status}`
    GreatestSalePlanned,
    /// `{from}`, `{to}`, `{amount}`
    GreatestInvestment,
    /// `{from}`, `{to}`, `{amount}`, `{status}`
    GreatestInvestmentPlanned,
    /// A board without an edge: `{players}` of the map.
    NoEdges,
    /// `{players}`, `{edges}`
    NoAmounts,
    /// `{players}`, `{edges}`
    OnlyInfluence,
    /// Heading.
    TourCircle,
    /// Heading.
    TourDeals,
    /// Heading.
    TourDependence,
    /// Heading.
    TourContradictions,
    /// Heading.
    TourStanding,
    /// Heading.
    TourUnknown,
    /// `{deal}`, `{amount}`, `{notes}`
    DealOfOrders,
    /// `{deal}`, `{amount}`, `{notes}`
    DealOfMoney,
    /// `{player}`, `{counterparty}`, `{share}`, `{unit}`, `{known}`, `{all}`
    DependsForSupply,
    /// `{from}`, `{to}`, `{amount}`
    PairOfOrders,
    /// `{from}`, `{to}`, `{amount}`, `{status}`
    PairOfOrdersPlanned,
    /// `{from}`, `{to}`, `{amount}`
    PairOfMoney,
    /// `{from}`, `{to}`, `{amount}`, `{status}`
    PairOfMoneyPlanned,
    /// `{deal}`, `{amount}`
    DealOfOrdersAlone,
    /// `{deal}`, `{amount}`
    DealOfMoneyAlone,
    /// `{player}`, `{counterparty}`, `{share}`, `{unit}`, `{known}`, `{all}`
    DependsForFunding,
    ChangeOfDays,
    ChangeGreatest,
    ChangeWithoutStart,
    ChangeEdge,
    ChangeWithout,
    ChangeAmount,
    ChangeLoops,
    ChangeGreatestLoop,
    ChangePieces,
    ChangePiece,
    ChangeNoPiece,
    StoryEnd,
    StoryDescription,
    TourAbout,
    Contradiction,
    /// `{names}`
    TourKing,
    /// `{names}`
    TourQueen,
    TourQueens,
    TourRook,
    /// `{names}`
    TourRooks,
    /// `{unknown}`, `{all}`, `{pairs}`
    AmountsUnknown,
    /// Heading.
    BriefWho,
    /// Heading.
    BriefMoney,
    /// Heading.
    BriefLoops,
    /// Heading.
    BriefControl,
    /// `{rank}`, `{count}`, `{piece}`
    BriefStanding,
    /// Before a list.
    BriefBuys,
    /// Before a list.
    BriefSells,
    /// Before a list.
    BriefGets,
    /// Before a list.
    BriefPuts,
    /// `{unknown}`, `{all}`
    BriefUnknown,
    /// `{name}`, `{share}`
    BriefControls,
    /// `{name}`, `{share}`
    BriefMayControl,
    /// `{name}`, `{share}`
    BriefControlsJointly,
    /// `{name}`, `{share}`
    BriefHolds,
    /// `{name}`, `{share}`
    BriefMayHold,
    /// `{name}`, `{share}`
    BriefHoldsThrough,
    /// `{name}`, `{share}`
    BriefMayHoldThrough,
    /// `{name}`, `{amount}`, `{status}`
    NameAndPlan,
    /// `{name}`, `{amount}`, `{status}`
    NameAndPartPlan,
    /// `{hub}`, `{names}`, `{count}`, `{amount}`
    FindingPlanned,
    /// `{hub}`, `{names}`, `{count}`, `{amount}`
    FindingOnePlanned,
    /// `{share}`
    BriefShare,
    BriefHoldings,
    BriefLedBy,
    BriefLeads,
    BriefOnItsBoard,
    BriefOnBoardOf,
    BriefControlsOther,
    BriefMayControlOther,
    BriefControlsOtherJointly,
    BriefHoldsOther,
    BriefMayHoldOther,
    BriefHoldsOtherThrough,
    BriefMayHoldOtherThrough,
    BriefVotes,
    BriefVotesAndShare,
    BriefOthers,
    BriefPartUnknown,
    /// Between the items of a list.
    ListSeparator,
    /// Between the parts of a cell.
    Semicolon,
    /// A list of names: `{title}`, `{names}`.
    Listed,
    /// The title of a picture that has no other.
    BoardTitle,
    /// In place of an amount that the parts of a total have all of.
    PictureInParts,
    /// The plain title of a picture of a player and its neighbours: `{player}`.
    PictureAround,
    /// The plain title of a picture of a player and those near it: `{player}`, `{hops}`.
    PictureNear,
    /// The plain title of a picture of a few players: `{names}`.
    PictureBetween,
    /// The plain title of a picture of many players: `{count}`.
    PictureAmong,
    LoopsTitle,
    LoopsQuestion,
    PathsTitle,
    PathsQuestion,
    TimelineTitle,
    TimelineQuestion,
    StandingTitle,
    StandingQuestion,
    ConflictsTitle,
    ConflictsQuestion,
    ControlTitle,
    ControlQuestion,
    DependenceTitle,
    DependenceQuestion,
    DiffTitle,
    DiffQuestion,
    WhatIfTitle,
    WhatIfQuestion,
    ExposureTitle,
    ExposureQuestion,
    HeadingLoop,
    HeadingStep,
    HeadingLoopsFrom,
    HeadingPathsFrom,
    HeadingLoopsTo,
    HeadingPathsTo,
    HeadingEdges,
    HeadingLoopsQuantity,
    HeadingDependenceQuantity,
    HeadingType,
    HeadingRatio,
    HeadingPath,
    HeadingWhen,
    HeadingWhat,
    HeadingSubject,
    HeadingDetail,
    HeadingClaims,
    HeadingPlayer,
    HeadingPiece,
    HeadingScore,
    HeadingPagerank,
    HeadingPagerankReverse,
    HeadingMoney,
    HeadingBetweenness,
    HeadingBonacich,
    HeadingBonacichNegative,
    HeadingConstraint,
    HeadingLeverage,
    HeadingCore,
    HeadingAbout,
    HeadingMetric,
    HeadingApart,
    HeadingClaimA,
    HeadingClaimB,
    HeadingReason,
    HeadingController,
    HeadingVerdict,
    HeadingShare,
    HeadingControlDirect,
    HeadingExposureDirect,
    HeadingStakes,
    HeadingDebts,
    HeadingOrders,
    HeadingSupplies,
    HeadingCompany,
    HeadingSide,
    HeadingCounterparty,
    HeadingBasis,
    HeadingHhi,
    HeadingShareHeadline,
    HeadingHhiBounds,
    HeadingAsymmetry,
    HeadingAsymmetryBounds,
    HeadingDay,
    HeadingKnown,
    HeadingCounterparties,
    HeadingChange,
    HeadingBefore,
    HeadingAfter,
    HeadingAnalysis,
    HeadingMeasure,
    HeadingCascade,
    HeadingCascadeBounds,
    HeadingImpact,
    HeadingBase,
    RoundTrip,
    EquityForPurchase,
    MutualTrade,
    MultiParty,
    OtherLoop,
    Pawn,
    Knight,
    Bishop,
    Rook,
    Queen,
    King,
    EventDeal,
    EventBegins,
    EventEnds,
    EventValue,
    EventStatus,
    EventFigure,
    DisjointValues,
    StatusClash,
    OneAndNot,
    Contested,
    Certain,
    Joint,
    BasisStated,
    BasisVotes,
    BasisShares,
    BasisChain,
    ControlContradicted,
    CountedByChain,
    HeadingVotes,
    PercentOfVotes,
    PercentOfSeats,
    PercentOfProfit,
    PercentOfSurplus,
    Possible,
    NoControl,
    Supply,
    Funding,
    Sales,
    Portfolio,
    ByEdges,
    Added,
    Removed,
    StatusChanged,
    ValueChanged,
    StandingChanged,
    There,
    WholeRow,
    /// `{reason}`, `{question}`
    Refuted,
    /// `{reason}`, `{question}`, `{found}`, `{expected}`
    RefutedFigures,
    NothingFlows,
    /// `{seen}`
    LoopsBrokenOff,
    /// `{seen}`, `{kept}`
    GreatestLoops,
    /// `{seen}`, `{kept}`
    LoopsAtLimit,
    /// `{length}`, `{number}`
    LoopsOfLength,
    /// `{total}`
    LoopsInAll,
    CountBrokenOff,
    OneEdgeWithoutAmount,
    /// `{number}`
    EdgesWithoutAmount,
    OneMixedLoop,
    /// `{number}`
    MixedLoops,
    HeadingFlows,
    HeadingStepAmount,
    HeadingTies,
    HeadingPathsQuantity,
    NearLoop,
    MissingLeg,
    FlowCash,
    FlowEquity,
    FlowDebt,
    FlowGoods,
    FlowService,
    FlowGuarantee,
    FlowOwnership,
    /// `{flow}`, `{other}`
    FlowForFlow,
    OneOpenLoop,
    /// `{number}`
    OpenLoops,
    TieInvestment,
    TieSupply,
    TieInfluence,
    /// `{tie}`
    TieAgainst,
    ComparisonBrokenOff,
    /// `{length}`, `{observed}`, `{mean}`, `{deviation}`, `{samples}`, `{z}`, `{p}`
    Comparison,
    /// `{found}`
    PathsBrokenOff,
    /// `{found}`
    PathsAtLimit,
    /// `{limit}`
    MoreLoops,
    /// `{limit}`
    MorePaths,
    /// `{error}`
    BetweennessSampled,
    /// `{units}`
    MoneyLeftOut,
    ShareUnknown,
    SharesAboveWhole,
    CoarseBounds,
    OwnsItself,
    /// `{player}`, `{side}`, `{total}`
    ListedByParts,
    /// `{player}`, `{side}`, `{day}`, `{unit}`
    MissingBase,
    /// `{player}`, `{side}`, `{day}`, `{unit}`
    PartialBase,
    /// `{known}`, `{lower}`, `{upper}`
    DebtRank,
    BasesInSeveralCurrencies,
    BaseUnknown,
    TotalsListedByParts,
    NoLossOfTheGiver,
    AmountUnknown,
    AmountNotBound,
    Gigawatts,
    Megawatts,
    Kilowatts,
    Watts,
    Percent,
    Times,
    Months,
    Years,
    Days,
    Gpus,
    Shares,
    Users,
    Heads,
    Reactors,
    TokensPerMinute,
    TokensPerWeek,
    GpusPerYear,
    WafersPerMonth,
    DollarsPerGpu,
    DollarsPerShare,
    DollarsPerYear,
    EurosPerYear,
    PoundsPerYear,
    YuanPerYear,
    YenPerYear,
    UsDollars,
    Yuan,
    Euros,
    Pounds,
    Yen,
    OneUnread,
    /// `{count}`
    Unread,
    OneUndefinedKind,
    /// `{count}`
    UndefinedKinds,
    OneUnusedCell,
    /// `{count}`
    UnusedCells,
    OneWithoutRecord,
    /// `{count}`
    WithoutRecord,
    OneMissingTable,
    /// `{count}`
    MissingTables,
    OneOtherFormat,
    /// `{count}`
    OtherFormat,
    /// `{count}`, `{kind}`, `{reason}`, `{examples}`
    LeftOutKind,
    OneLeftOut,
    /// `{count}`
    LeftOut,
    LeftOutNotUnderstood,
    LeftOutIncomplete,
    LeftOutSaidOtherwise,
    LeftOutNoPlace,
    LeftOutNoPlaceInFormat,
    LeftOutLesserForm,
    LikeIdentifier,
    LikeNameAndPlace,
    LikeName,
    LikeSimilarName,
    GroundSameIdentifier,
    GroundOtherIdentifier,
    GroundSameName,
    GroundSimilarName,
    GroundOtherForm,
    GroundSamePlace,
    GroundOtherPlace,
    GroundSameBeginning,
    GroundOtherBeginning,
    GroundEdge,
    /// `{source}`, `{format}`, `{records}`, `{values}`, `{held}`, `{left_out}`
    FieldSummary,
    /// `{count}`, `{examples}`
    FieldReferred,
    /// `{count}`, `{examples}`
    MatchedById,
    /// `{count}`, `{examples}`
    MatchedByName,
    /// `{count}`, `{examples}`
    MatchedByAlias,
    /// `{count}`, `{examples}`
    MatchedByIdentifier,
    /// `{count}`, `{names}`
    MadePlayers,
    /// `{name}`, `{like}`
    MadeLikeKnown,
    /// `{first}`, `{second}`
    MappedSameEdge,
    /// `{file}`
    MappingHead,
    MappingHow,
    /// `{count}`
    MappingUndecided,
    /// `{sheet}`, `{cells}`
    MappingSheetUnknown,
    /// `{count}`
    MappingRows,
    MappingLast,
    /// `{cell}`
    MappingAsIn,
    /// `{cells}`, `{ways}`
    MappingChoose,
    MappingSure,
    MappingLikely,
    MappingGuess,
    /// `{certainty}`, `{cells}`
    MappingSamples,
    /// `{other}`, `{column}`
    MappingTaken,
    MappingNumbers,
    MappingNoColumn,
    OneTurnedRound,
    /// `{count}`
    TurnedRound,
    OnePerhapsOldForm,
    /// `{count}`
    PerhapsOldForm,
    OneUnknownStart,
    /// `{count}`
    UnknownStarts,
    /// `{day}`, `{count}`
    UnknownStartsOn,
    OneUnknownGraph,
    /// `{count}`
    UnknownGraphs,
    OneUnknownTerm,
    /// `{count}`
    UnknownTerms,
    /// `{count}`
    AndMore,
}

impl Message {
    /// Returns the text as it is in the table.
    pub(crate) fn text(self, lang: Lang) -> &'static str {
        match lang {
            Lang::En => english::text(self),
            Lang::Zh => chinese::text(self),
        }
    }

    /// Returns the pieces of the text: each with the name of the place after it, if there is one.
    pub(crate) fn places(
        self,
        lang: Lang,
    ) -> impl Iterator<Item = (&'static str, Option<&'static str>)> {
        let mut rest = Some(self.text(lang));
        std::iter::from_fn(move || {
            let text = rest.take()?;
            let Some((before, after)) = text.split_once('{') else {
                return Some((text, None));
            };
            let (name, after) = after.split_once('}').unwrap_or((after, ""));
            rest = Some(after);
            Some((before, Some(name)))
        })
    }

    /// Returns the text with its places filled in; what is put in is not searched again.
    pub(crate) fn filled(self, lang: Lang, parts: &[(&str, &dyn Display)]) -> String {
        let mut filled = String::new();
        for (text, place) in self.places(lang) {
            filled.push_str(text);
            if let Some((_, part)) = parts.iter().find(|(known, _)| Some(*known) == place) {
                // Writing to a string cannot fail.
                let _ = write!(filled, "{part}");
            }
        }
        filled
    }

    /// Returns the text in every language, with the same parts filled in.
    pub(crate) fn texts(self, parts: &[(&str, &dyn Display)]) -> Texts {
        Texts::new(|lang| self.filled(lang, parts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_has_a_text_in_every_language() {
        for lang in Lang::ALL {
            for message in Message::ALL {
                let text = message.text(lang);
                assert!(!text.trim().is_empty(), "{message:?} {lang:?}");
                let count = |mark| text.matches(mark).count();
                assert_eq!(count('{'), count('}'), "{message:?} {lang:?}");
            }
            assert!(!lang.figures().scales.is_empty());
        }
    }

    #[test]
    fn texts_are_filled_in_by_name() {
        let parts: &[(&str, &dyn Display)] = &[("kept", &"{seen}"), ("seen", &7)];
        let texts = Message::GreatestLoops.texts(parts);
        assert!(
            texts
                .get(Lang::En)
                .starts_with("7 loops in all; these are the {seen} with")
        );
        assert!(texts.get(Lang::Zh).starts_with("共有 7 个循环"));
    }

    #[test]
    fn texts_are_written_by_the_tag_of_their_language() {
        let json = serde_json::to_string(&Message::There.texts(&[])).unwrap();
        assert_eq!(json, r#"{"en":"there","zh":"有"}"#);
    }
}
