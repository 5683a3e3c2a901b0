//! The closed lists of the model: player types, families, flows, statuses, modalities, stances, tiers, policies.
//!
//! Each name is the local name of a term of the ontology in kebab case: `letter-of-intent` is `pm:LetterOfIntent`.
//! The open lists (kinds and metrics) live in the ontology only, so that a map can add to them.

use crate::model::error::ModelError;
use crate::model::vocabulary::{PM, to_camel, to_kebab};
use oxigraph::model::NamedNode;
use serde::{Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

macro_rules! names {
    ($(#[$doc:meta])* $type:ident, $what:literal; $($(#[$variant_doc:meta])* $variant:ident = $name:literal,)*) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $type { $($(#[$variant_doc])* $variant,)* }

        impl $type {
            /// All of them, in their order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Returns the name in CSV files and on the command line.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// Returns the IRI of the term.
            pub fn iri(self) -> NamedNode {
                NamedNode::new_unchecked(format!("{PM}{}", to_camel(self.name())))
            }

            /// Returns the one that an IRI stands for.
            pub fn from_iri(iri: &str) -> Option<Self> {
                let name = to_kebab(iri.strip_prefix(PM)?);
                Self::ALL.iter().copied().find(|one| one.name() == name)
            }
        }

        impl FromStr for $type {
            type Err = ModelError;

            fn from_str(text: &str) -> Result<Self, ModelError> {
                Self::ALL.iter().copied().find(|one| one.name() == text).ok_or_else(|| {
                    let names: Vec<_> = Self::ALL.iter().map(|one| one.name()).collect();
                    ModelError::Name {
                        what: $what,
                        text: text.to_owned(),
                        expected: format!("one of {}", names.join(", ")),
                    }
                })
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.name())
            }
        }

        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.name())
            }
        }
    };
}

names! {
    /// What a share is a share of.
    Right, "right";
    /// The capital, by which ownership is counted.
    Capital = "capital",
    /// The votes of the owners.
    Votes = "votes",
    /// The seats of the board that somebody may fill.
    Appointment = "appointment",
    /// The profit.
    Profit = "profit",
    /// What is left when the firm is wound up.
    Surplus = "surplus",
}

names! {
    /// What a player is.
    PlayerType, "player type";
    /// A human being.
    Person = "person",
    /// A firm.
    Company = "company",
    /// An investor whose trade is investing.
    Fund = "fund",
    /// A lender.
    Bank = "bank",
    /// A state or a part of one.
    Government = "government",
    /// A joint undertaking of several players.
    Venture = "venture",
    /// Several players seen as one: staff, investors, an industry.
    Group = "group",
    /// A speaker whom the source does not name.
    Voice = "voice",
    /// A thing that is made and sold.
    Product = "product",
}

impl PlayerType {
    /// Returns whether it is somebody in particular: a group stands for several, a voice has no name.
    pub fn is_named(self) -> bool {
        !matches!(self, Self::Group | Self::Voice)
    }

    /// Returns the IRI of the class.
    pub fn class(self) -> NamedNode {
        match self {
            Self::Voice => NamedNode::new_unchecked(format!("{PM}AnonymousVoice")),
            _ => self.iri(),
        }
    }

    /// Returns the type that a class stands for.
    pub(crate) fn from_class(iri: &str) -> Option<Self> {
        match iri.strip_prefix(PM)? {
            "AnonymousVoice" => Some(Self::Voice),
            "Organisation" => Some(Self::Company),
            "Voice" => None,
            _ => Self::from_iri(iri),
        }
    }
}

names! {
    /// The family of an edge.
    Family, "family";
    /// Investor to investee.
    Investment = "investment",
    /// Supplier to customer.
    Supply = "supply",
    /// The one who acts to the one acted upon.
    Influence = "influence",
}

impl Family {
    /// Returns the local name of the plain property on the board: `investsIn`, `supplies`, `influences`.
    pub fn verb(self) -> &'static str {
        match self {
            Self::Investment => "investsIn",
            Self::Supply => "supplies",
            Self::Influence => "influences",
        }
    }
}

names! {
    /// What moves along an edge.
    Flow, "flow";
    /// Money.
    Cash = "cash",
    /// Shares of a firm, or the right to them.
    Equity = "equity",
    /// A claim to be paid back.
    Debt = "debt",
    /// Things.
    Goods = "goods",
    /// Work or the use of things.
    Service = "service",
    /// A promise to stand in.
    Guarantee = "guarantee",
    /// A stake that is held: nothing moves, and who holds whom can be walked.
    Ownership = "ownership",
}

names! {
    /// How far a deal has come. The order is that of firmness, see [`Status::rank`].
    Status, "status";
    /// Called off, or replaced.
    Cancelled = "cancelled",
    /// At a halt.
    Stalled = "stalled",
    /// Said not to be so.
    Disputed = "disputed",
    /// Told without a source that stands for it.
    Rumoured = "rumoured",
    /// Intended in writing, not binding.
    LetterOfIntent = "letter-of-intent",
    /// Made public by a party.
    Announced = "announced",
    /// Meant to be done.
    Planned = "planned",
    /// Agreed, if conditions are met.
    Contingent = "contingent",
    /// Binding.
    Committed = "committed",
    /// Done.
    Completed = "completed",
}

impl Status {
    /// Returns the step on the ladder from rumoured (1) to completed (7); `None` for stalled, disputed and cancelled,
    /// which are off the ladder.
    pub fn rank(self) -> Option<u8> {
        (self >= Self::Rumoured).then(|| self as u8 - Self::Disputed as u8)
    }

    /// Returns whether a party is bound: committed or completed.
    pub fn is_binding(self) -> bool {
        self >= Self::Committed
    }
}

names! {
    /// In what sense a claim is meant.
    Modality, "modality";
    /// Said to be so.
    Statement = "statement",
    /// Passed on from hearsay.
    Report = "report",
    /// Meant to be done.
    Plan = "plan",
    /// Expected.
    Forecast = "forecast",
    /// Reckoned from partial knowledge.
    Estimate = "estimate",
    /// Worked out by the source from other figures.
    Derivation = "derivation",
    /// Compared with something else to show its size.
    Comparison = "comparison",
    /// What would follow if something were so.
    Hypothesis = "hypothesis",
    /// What is to happen if something else does.
    Condition = "condition",
    /// A judgement.
    Opinion = "opinion",
    /// A worry.
    Concern = "concern",
    /// A picture.
    Metaphor = "metaphor",
    /// Something recorded as not known.
    Question = "question",
}

impl Modality {
    /// Returns whether a value in such a claim is meant as the value of the thing itself.
    pub(crate) fn is_firm(self) -> bool {
        self <= Self::Comparison
    }
}

names! {
    /// Where a claim stands towards what it is about, or towards the claim that it qualifies.
    Stance, "stance";
    /// In favour.
    Supports = "supports",
    /// Against.
    Opposes = "opposes",
    /// Says the same.
    Confirms = "confirms",
    /// Says otherwise.
    Contests = "contests",
    /// Puts an error right.
    Corrects = "corrects",
    /// Takes its place.
    Supersedes = "supersedes",
}

names! {
    /// How near a document is to the fact. The order is that of trust.
    Tier, "source tier";
    /// One person's page.
    Blog = "blog",
    /// A summary of other pages.
    Aggregator = "aggregator",
    /// A newsroom.
    News = "news",
    /// A party's own filing or contract.
    Primary = "primary",
}

names! {
    /// The rule that picks one value where claims disagree.
    Policy, "policy";
    /// The claim nearest to the facts; among equals the latest; a farther one where it tells of a later change.
    Weighed = "weighed",
    /// The claim said last.
    Latest = "latest",
    /// The claim with the lowest upper bound.
    Lowest = "lowest",
    /// The claim with the highest upper bound.
    Highest = "highest",
    /// The claim whose document is nearest to the fact; among these the last said.
    MostTrusted = "most-trusted",
    /// Every claim.
    All = "all",
}

#[expect(
    clippy::derivable_impls,
    reason = "the macro that makes the type has no default"
)]
impl Default for Policy {
    fn default() -> Self {
        Self::Weighed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_iris_go_both_ways() {
        for status in Status::ALL {
            assert_eq!(status.name().parse::<Status>().unwrap(), *status);
            assert_eq!(Status::from_iri(status.iri().as_str()), Some(*status));
        }
        assert_eq!(
            Status::LetterOfIntent.iri().as_str(),
            format!("{PM}LetterOfIntent")
        );
        for kind in PlayerType::ALL {
            assert_eq!(PlayerType::from_class(kind.class().as_str()), Some(*kind));
        }
    }

    #[test]
    fn the_ladder_runs_from_rumoured_to_completed() {
        assert_eq!(Status::Rumoured.rank(), Some(1));
        assert_eq!(Status::Completed.rank(), Some(7));
        assert_eq!(Status::Cancelled.rank(), None);
        assert!(Status::Committed.is_binding() && !Status::Contingent.is_binding());
    }
}
