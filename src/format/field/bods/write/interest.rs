//! Edges and what is claimed of them to interests.

use super::{Writer, parts, taken};
use crate::format::field::bods::interest::meaning;
use crate::model::name::{Right, Status};
use crate::model::quantity::Quantity;
use crate::model::record::{Claim, Edge};
use crate::model::time::TimeSpan;
use crate::model::vocabulary::{pm, short_name, to_kebab};
use oxigraph::model::{NamedNode, NamedNodeRef};
use serde_json::{Map, Value};

/// The right to appoint the board, of which a share is one whatever else the edge is.
const BOARD: &str = "appointmentOfBoard";

/// The types of interest that are shares of a right, each of its own.
const STAKES: [&str; 4] = [
    "shareholding",
    "votingRights",
    "rightsToProfitOrIncome",
    "rightsToSurplusAssetsOnDissolution",
];

/// Returns the type of interest that an edge of a kind is, and whether that type says all that the kind does; nothing for
/// what is no interest.
pub(super) fn sort_of(kind: NamedNodeRef<'_>) -> Option<(&'static str, bool)> {
    Some(match kind {
        pm::OWNERSHIP | pm::INDIRECT_OWNERSHIP => ("shareholding", true),
        pm::EQUITY | pm::ACQUISITION => ("shareholding", false),
        pm::MAJORITY_APPOINTMENT => (BOARD, true),
        pm::SIGNIFICANT_INFLUENCE => ("otherInfluenceOrControl", true),
        pm::CONTROL
        | pm::CONTRACT_CONTROL
        | pm::GOLDEN_SHARE
        | pm::CONSOLIDATION
        | pm::ULTIMATE_CONSOLIDATION
        | pm::FUND_MANAGEMENT => ("otherInfluenceOrControl", false),
        pm::CHARTER_CONTROL => ("controlViaCompanyRulesOrArticles", true),
        pm::LEADERSHIP => ("seniorManagingOfficial", true),
        pm::BOARD_SEAT => ("boardMember", true),
        pm::SETTLOR => ("settlor", true),
        pm::TRUSTEE => ("trustee", true),
        pm::PROTECTOR => ("protector", true),
        pm::BENEFICIARY => ("beneficiaryOfLegalArrangement", true),
        pm::CONTRACT_RIGHTS => ("rightsGrantedByContract", true),
        pm::NOMINEE => ("nominator", true),
        pm::USE_OF_ASSETS => ("enjoymentAndUseOfAssets", true),
        _ => return None,
    })
}

/// Returns what an arrangement is in which somebody has an edge of this kind.
pub(super) fn arrangement_of(kind: NamedNodeRef<'_>) -> Option<&'static str> {
    match kind {
        pm::SETTLOR | pm::TRUSTEE | pm::PROTECTOR | pm::BENEFICIARY => Some("trust"),
        pm::NOMINEE => Some("nomination"),
        _ => None,
    }
}

/// Returns the type of interest of a share of a right.
fn sort_of_right(right: Right) -> &'static str {
    match right {
        Right::Capital => "shareholding",
        Right::Votes => "votingRights",
        Right::Appointment => BOARD,
        Right::Profit => "rightsToProfitOrIncome",
        Right::Surplus => "rightsToSurplusAssetsOnDissolution",
    }
}

/// Returns the type of interest that a text tells of, where it is one that becomes an edge of this kind.
pub(super) fn told(words: &mut Vec<String>, kind: NamedNodeRef<'_>) -> Option<String> {
    let of_edge = match kind {
        pm::INDIRECT_OWNERSHIP => pm::OWNERSHIP,
        kind => kind,
    };
    let sort = taken(words, "type")?;
    let is_of_kind = meaning(&sort, None).is_some_and(|meaning| meaning.kind == of_edge);
    if !is_of_kind {
        words.push(format!("type: {sort}"));
    }
    is_of_kind.then_some(sort)
}

impl Writer<'_> {
    /// Returns the interests that an edge is: one for each right of which a share is claimed, by the claim that was said
    /// last, or else one without a share. Nothing for what is no interest, which is counted.
    pub(super) fn interests(
        &mut self,
        id: &NamedNode,
        edge: &Edge,
        claims: &[&Claim],
    ) -> Vec<Value> {
        let name = edge
            .kind
            .as_ref()
            .map(|kind| to_kebab(short_name(kind.as_str())));
        let name = name.unwrap_or_else(|| edge.family.name().to_owned());
        let kind = edge.kind.as_ref().map(NamedNode::as_ref);
        let mut words = Vec::new();
        for claim in claims {
            words.push(
                claim
                    .text
                    .iter()
                    .flat_map(|(_, text)| parts(text))
                    .collect(),
            );
        }
        let found = kind.and_then(|kind| {
            let told = words.iter_mut().find_map(|words| told(words, kind));
            let (sort, says_all) = sort_of(kind).or(told.as_ref().map(|_| ("", true)))?;
            Some((told.unwrap_or_else(|| sort.to_owned()), says_all))
        });
        let Some((sort, says_all)) = found else {
            self.writing.lost(&format!("edge.{name}"), id, &name);
            return Vec::new();
        };
        let mut statuses = claims.iter().filter_map(|claim| claim.status).peekable();
        let is_open = statuses.peek().is_some() && !statuses.any(|one| one == Status::Completed);
        let is_conditional = is_open
            && kind == Some(pm::CONTRACT_RIGHTS)
            && claims
                .iter()
                .any(|claim| claim.status == Some(Status::Contingent));
        if is_open && !is_conditional {
            self.writing.lost("edge.planned", id, &name);
            return Vec::new();
        }
        let sort = match is_conditional {
            true => "conditionalRightsGrantedByContract".to_owned(),
            false => sort,
        };
        if !says_all {
            self.writing.lesser("edge.kind", id, &name);
        }
        let mut common = self.dates(id, edge);
        if let Some(level) = level(&name, &mut words) {
            common.insert("directOrIndirect".to_owned(), level.into());
        }
        common.insert("type".to_owned(), sort.into());
        let mut interests = self.of_shares(id, claims, &common, &mut words);
        if interests.is_empty() {
            interests.push(common);
        }
        // What has no share of its own is told with the first interest.
        let mut rest: Vec<_> = words.into_iter().flatten().collect();
        if !says_all {
            rest.insert(0, name);
        }
        if let Some(first) = interests.first_mut() {
            detail(first, &rest);
        }
        interests.into_iter().map(Value::Object).collect()
    }

    /// Returns an interest for each right of which a share is claimed, and takes the words of these claims. Other values are
    /// put into words.
    fn of_shares(
        &mut self,
        id: &NamedNode,
        claims: &[&Claim],
        common: &Map<String, Value>,
        words: &mut [Vec<String>],
    ) -> Vec<Map<String, Value>> {
        let kept = self.last_of_each_right(claims);
        let mut interests = Vec::new();
        // A share of what is no stake, such as control by a contract, says how much of it there is and not that it is one.
        let is_stake = common
            .get("type")
            .is_some_and(|sort| STAKES.iter().any(|stake| sort == stake));
        for (claim, words) in claims.iter().zip(words) {
            let Some(quantity) = &claim.quantity else {
                continue;
            };
            let Some(right) = quantity.unit.right() else {
                let unit = quantity.unit.measure().name();
                words.push(format!("{unit}: {quantity}"));
                self.writing
                    .lesser("claim.quantity", id, &quantity.to_string());
                continue;
            };
            if !kept.iter().any(|one| std::ptr::eq(*one, *claim)) {
                continue;
            }
            let mut interest = common.clone();
            if is_stake {
                interest.insert("type".to_owned(), sort_of_right(right).into());
            }
            interest.insert("share".to_owned(), share_of(quantity));
            if quantity.approximate {
                self.writing
                    .lesser("claim.approximate", id, &quantity.to_string());
            }
            detail(&mut interest, &std::mem::take(words));
            interests.push(interest);
        }
        interests
    }

    fn dates(&mut self, id: &NamedNode, edge: &Edge) -> Map<String, Value> {
        let mut dates = Map::new();
        if let Some(since) = edge.since {
            let day = self.day("edge.since", id, since, TimeSpan::earliest);
            dates.insert("startDate".to_owned(), day.into());
        }
        if let Some(until) = edge.until {
            let day = self.day("edge.until", id, until, TimeSpan::latest);
            dates.insert("endDate".to_owned(), day.into());
        }
        dates
    }

    /// Returns for each right the claim of a share that holds on the day and was said last by then; the others are counted.
    fn last_of_each_right<'c>(&mut self, claims: &[&'c Claim]) -> Vec<&'c Claim> {
        let mut last: Vec<&'c Claim> = Vec::new();
        let right = |claim: &Claim| claim.quantity.and_then(|quantity| quantity.unit.right());
        for claim in claims.iter().copied() {
            let Some(of) = right(claim) else { continue };
            let begins = |span: Option<TimeSpan>| span.and_then(TimeSpan::earliest);
            let is_later = [claim.said, claim.holds_from]
                .into_iter()
                .any(|span| begins(span).is_some_and(|day| day > self.day));
            if is_later {
                let share = claim.quantity.map(|quantity| quantity.to_string());
                self.writing
                    .lost("claim.later", &claim.about, &share.unwrap_or_default());
                continue;
            }
            if !claim.modality.is_firm() {
                let share = claim.quantity.map(|quantity| quantity.to_string());
                self.writing
                    .lost("claim.quantity", &claim.about, &share.unwrap_or_default());
                continue;
            }
            let said = |claim: &Claim| claim.said.and_then(TimeSpan::latest);
            match last.iter_mut().find(|known| right(known) == Some(of)) {
                None => last.push(claim),
                Some(known) => {
                    let earlier = if said(claim) >= said(known) {
                        std::mem::replace(known, claim)
                    } else {
                        claim
                    };
                    if let Some(quantity) = earlier.quantity {
                        self.writing
                            .lost("claim.earlier", &earlier.about, &quantity.to_string());
                    }
                }
            }
        }
        last
    }
}

/// Returns whether an interest is direct, as far as the kind or a text says.
fn level(name: &str, words: &mut [Vec<String>]) -> Option<String> {
    let told = words
        .iter_mut()
        .find_map(|words| taken(words, "directOrIndirect"));
    told.or_else(|| match name {
        "indirect-ownership" | "ultimate-consolidation" => Some("indirect".to_owned()),
        "ownership" => Some("direct".to_owned()),
        _ => None,
    })
}

/// Adds words to the details of an interest.
fn detail(interest: &mut Map<String, Value>, words: &[String]) {
    if words.is_empty() {
        return;
    }
    let known = interest.get("details").and_then(Value::as_str);
    let words = words.join("; ");
    let text = known.map_or_else(|| words.clone(), |known| format!("{known}; {words}"));
    interest.insert("details".to_owned(), text.into());
}

/// Returns a share as its bounds.
fn share_of(quantity: &Quantity) -> Value {
    let mut share = Map::new();
    let mut put = |key: &str, value: Option<f64>| {
        if let Some(value) = value {
            share.insert(key.to_owned(), value.into());
        }
    };
    if quantity.point().is_some() {
        put("exact", quantity.point());
    } else {
        let lower = if quantity.lower_exclusive {
            "exclusiveMinimum"
        } else {
            "minimum"
        };
        let upper = if quantity.upper_exclusive {
            "exclusiveMaximum"
        } else {
            "maximum"
        };
        put(lower, quantity.lower);
        put(upper, quantity.upper);
    }
    Value::Object(share)
}
