//! The types of interests, and the shares that go with them.

use crate::format::field::fields::Fields;
use crate::format::field::gather::Gather;
use crate::format::field::value::number;
use crate::model::name::{Family, Right, Status};
use crate::model::quantity::Quantity;
use crate::model::unit::Unit;
use crate::model::vocabulary::pm;
use oxigraph::model::NamedNodeRef;
use std::fmt;

/// What a type of interest becomes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Meaning {
    pub(super) family: Family,
    pub(super) kind: NamedNodeRef<'static>,
    /// The right that its share is a share of; nothing where the map has no such share.
    pub(super) right: Option<Right>,
    /// What its edge is called after; interests of one word share an edge.
    pub(super) word: &'static str,
    pub(super) status: Status,
    /// Whether its type has to be told, since the kind of the edge does not.
    pub(super) is_told: bool,
}

/// The words that the edges of interests are called after.
pub(super) const WORDS: &[&str] = &[
    "interest",
    "appointment",
    "influence",
    "official",
    "chair",
    "seat",
    "settlor",
    "trustee",
    "protector",
    "beneficiary",
    "contract",
    "conditional",
    "articles",
    "law",
    "nominator",
    "nominee",
    "assets",
];

impl Meaning {
    fn owned(right: Right) -> Self {
        Self {
            right: Some(right),
            is_told: false,
            ..Self::unknown()
        }
    }

    /// Returns a stake of which nothing more is known.
    pub(super) fn unknown() -> Self {
        Self {
            family: Family::Investment,
            kind: pm::OWNERSHIP,
            right: None,
            word: "interest",
            status: Status::Completed,
            is_told: true,
        }
    }

    fn power(kind: NamedNodeRef<'static>, word: &'static str) -> Self {
        Self {
            family: Family::Influence,
            kind,
            right: None,
            word,
            status: Status::Completed,
            is_told: true,
        }
    }
}

/// Returns what a type of interest becomes, in the spelling of 0.3 and 0.4 or with hyphens as in 0.2.
pub(super) fn meaning(sort: &str, share: Option<Share>) -> Option<Meaning> {
    let is_majority = share.is_none_or(|share| share.lower > Some(50.0) || share.is_above_half());
    Some(match camel(sort).as_str() {
        "shareholding" => Meaning::owned(Right::Capital),
        "votingRights" => Meaning::owned(Right::Votes),
        "rightsToSurplusAssetsOnDissolution" => Meaning::owned(Right::Surplus),
        "rightsToProfitOrIncome" => Meaning::owned(Right::Profit),
        "appointmentOfBoard" if is_majority => Meaning {
            is_told: false,
            ..Meaning::power(pm::MAJORITY_APPOINTMENT, "appointment")
        },
        "appointmentOfBoard" => Meaning::owned(Right::Appointment),
        "otherInfluenceOrControl" | "otherInfluenceOrControlOfTrust" => {
            Meaning::power(pm::SIGNIFICANT_INFLUENCE, "influence")
        }
        "seniorManagingOfficial" => Meaning::power(pm::LEADERSHIP, "official"),
        "boardChair" => Meaning::power(pm::LEADERSHIP, "chair"),
        "boardMember" => Meaning::power(pm::BOARD_SEAT, "seat"),
        "settlor" | "settlorOfTrust" => Meaning::power(pm::SETTLOR, "settlor"),
        "trustee" | "trusteeOfTrust" => Meaning::power(pm::TRUSTEE, "trustee"),
        "protector" | "protectorOfTrust" => Meaning::power(pm::PROTECTOR, "protector"),
        "beneficiaryOfLegalArrangement" | "beneficiaryOfTrust" => {
            Meaning::power(pm::BENEFICIARY, "beneficiary")
        }
        "rightsGrantedByContract" => Meaning::power(pm::CONTRACT_RIGHTS, "contract"),
        "conditionalRightsGrantedByContract" => Meaning {
            status: Status::Contingent,
            ..Meaning::power(pm::CONTRACT_RIGHTS, "conditional")
        },
        "controlViaCompanyRulesOrArticles" => Meaning::power(pm::CHARTER_CONTROL, "articles"),
        "controlByLegalFramework" => Meaning::power(pm::CONTROL, "law"),
        "nominator" => Meaning::power(pm::NOMINEE, "nominator"),
        "nominee" => Meaning::power(pm::MEMBERSHIP, "nominee"),
        "enjoymentAndUseOfAssets" | "rightToProfitOrIncomeFromAssets" => Meaning {
            family: Family::Investment,
            ..Meaning::power(pm::USE_OF_ASSETS, "assets")
        },
        "unknownInterest" | "unpublishedInterest" => Meaning::unknown(),
        _ => return None,
    })
}

/// Returns a name in the spelling of 0.4: `voting-rights` is `votingRights`.
fn camel(name: &str) -> String {
    let mut parts = name.split('-');
    let mut camel = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let mut letters = part.chars();
        camel.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        camel.push_str(letters.as_str());
    }
    camel
}

/// A share, in percent of what is not said yet.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Share {
    lower: Option<f64>,
    upper: Option<f64>,
    excludes: [bool; 2],
}

impl Share {
    /// Returns the share as a share of a right.
    pub(super) fn of(self, right: Right) -> Option<Quantity> {
        let unit = Unit::percent()?.of_right(right)?;
        let quantity = Quantity::new(self.lower, self.upper, unit, false).ok()?;
        quantity.excluding(self.excludes[0], self.excludes[1]).ok()
    }

    fn is_above_half(self) -> bool {
        self.lower == Some(50.0) && self.excludes[0]
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.of(Right::Capital) {
            Some(quantity) => quantity.fmt(f),
            None => write!(f, "{:?}–{:?}", self.lower, self.upper),
        }
    }
}

/// Takes the share of an interest. What is none is counted.
pub(super) fn share(interest: &mut Fields, gather: &mut Gather<'_>) -> Option<Share> {
    let found = interest.inside("share", |share| {
        let mut bound = |key: &str| {
            // Before 0.3, `exclusiveMinimum` says whether the minimum is exclusive.
            if share.peek_flag(key).is_some() {
                return None;
            }
            let text = share.text(key)?;
            let value = number(&text).filter(|value| (0.0..=100.0).contains(value));
            if value.is_none() {
                gather.not_understood("interests.share", key, &text, "a number from 0 to 100");
            }
            value
        };
        let exact = bound("exact");
        let (minimum, maximum) = (bound("minimum"), bound("maximum"));
        let (above, below) = (bound("exclusiveMinimum"), bound("exclusiveMaximum"));
        let flags =
            ["exclusiveMinimum", "exclusiveMaximum"].map(|key| share.flag(key) == Some(true));
        if let Some(exact) = exact {
            return Share {
                lower: Some(exact),
                upper: Some(exact),
                excludes: [false; 2],
            };
        }
        Share {
            lower: above.or(minimum),
            upper: below.or(maximum),
            excludes: [above.is_some() || flags[0], below.is_some() || flags[1]],
        }
    })?;
    let is_there = found.lower.is_some() || found.upper.is_some();
    if is_there && found.of(Right::Capital).is_none() {
        gather.not_understood(
            "interests",
            "share",
            &found.to_string(),
            "a minimum that is not above the maximum",
        );
        return None;
    }
    is_there.then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_of_every_version_has_a_meaning() {
        for sort in [
            "shareholding",
            "votingRights",
            "appointmentOfBoard",
            "otherInfluenceOrControl",
            "seniorManagingOfficial",
            "settlor",
            "trustee",
            "protector",
            "beneficiaryOfLegalArrangement",
            "rightsToSurplusAssetsOnDissolution",
            "rightsToProfitOrIncome",
            "rightsGrantedByContract",
            "conditionalRightsGrantedByContract",
            "controlViaCompanyRulesOrArticles",
            "controlByLegalFramework",
            "boardMember",
            "boardChair",
            "unknownInterest",
            "unpublishedInterest",
            "enjoymentAndUseOfAssets",
            "rightToProfitOrIncomeFromAssets",
            "nominee",
            "nominator",
            "voting-rights",
            "appointment-of-board",
            "settlor-of-trust",
            "other-influence-or-control-of-trust",
            "beneficiary-of-trust",
            "trustee-of-trust",
            "protector-of-trust",
            "rights-granted-by-contract",
            "senior-managing-official",
        ] {
            let meaning = meaning(sort, None);
            let has_word = meaning.is_some_and(|meaning| WORDS.contains(&meaning.word));
            assert!(has_word, "{sort}");
        }
        assert!(meaning("friendship", None).is_none());
    }

    #[test]
    fn a_part_of_the_board_is_no_majority() {
        let part = |lower, excludes| Share {
            lower: Some(lower),
            upper: None,
            excludes: [excludes, false],
        };
        let kind = |share| meaning("appointmentOfBoard", Some(share)).unwrap().kind;
        assert_eq!(kind(part(50.0, true)), pm::MAJORITY_APPOINTMENT);
        assert_eq!(kind(part(50.0, false)), pm::OWNERSHIP);
        assert_eq!(kind(part(75.0, false)), pm::MAJORITY_APPOINTMENT);
    }
}
