//! What became of each claim about one thing: which gave the value and the status, and why each of the others did not.
//!
//! The rule is that of [`resolve`](crate::model::resolve); this only says how it came out.

use crate::model::name::Policy;
use crate::model::quantity::Quantity;
use crate::model::resolve::{Candidate, Resolution, common, in_force, weighed};
use crate::model::time::Day;
use crate::model::vocabulary::PM;
use oxigraph::model::{NamedNode, NamedOrBlankNode};
use std::collections::{BTreeMap, HashSet};

/// What became of a claim's value or status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It is the value.
    Wins,
    /// The value is what it and others of equal rank allow together.
    Joined,
    /// It and others of equal rank exclude each other, and the value holds them all.
    Contradicted,
    /// It says what the winning claim says.
    Agrees,
    /// A claim nearer to the facts won.
    Farther,
    /// A later claim won.
    Earlier,
    /// It does not hold yet on the day.
    NotYet,
    /// It is not meant as the value of the thing itself, and others are.
    LessFirm,
    /// Its status is firmer than that of a claim of equal rank.
    Firmer,
    /// The policy wants a lower value.
    Higher,
    /// The policy wants a higher value.
    Lower,
    /// It equals the winner in all that the policy looks at.
    Tied,
}

impl Outcome {
    /// Returns the concept of the ontology.
    pub(crate) fn iri(self) -> NamedNode {
        let name = match self {
            Self::Wins => "Wins",
            Self::Joined => "Joined",
            Self::Contradicted => "Contradicted",
            Self::Agrees => "Agrees",
            Self::Farther => "FartherFromFacts",
            Self::Earlier => "Earlier",
            Self::NotYet => "NotYet",
            Self::LessFirm => "LessFirm",
            Self::Firmer => "Firmer",
            Self::Higher => "HigherThanWanted",
            Self::Lower => "LowerThanWanted",
            Self::Tied => "Tied",
        };
        NamedNode::new_unchecked(format!("{PM}{name}"))
    }
}

/// What became of one claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ClaimOutcome {
    /// The claim.
    pub(crate) claim: NamedOrBlankNode,
    /// What became of its value, if it gives one.
    pub(crate) value: Option<Outcome>,
    /// What became of its status, if it gives one.
    pub(crate) status: Option<Outcome>,
}

/// Returns what became of each candidate in a resolution of these candidates, in their order.
///
/// O(n log n) in their number.
pub(crate) fn outcomes(
    candidates: &[Candidate<'_>],
    as_of: Option<Day>,
    policy: Policy,
    resolution: &Resolution,
) -> Vec<ClaimOutcome> {
    let mut by_unit: BTreeMap<&str, Vec<(Candidate<'_>, Quantity)>> = BTreeMap::new();
    for candidate in candidates {
        if let Some(quantity) = candidate.quantity {
            let group = by_unit.entry(quantity.unit.code()).or_default();
            group.push((*candidate, quantity));
        }
    }
    let groups: BTreeMap<&str, Group<'_>> = by_unit
        .into_iter()
        .map(|(unit, group)| (unit, Group::of(in_force(group, as_of), unit, resolution)))
        .collect();
    let of_status = StatusOutcomes::of(candidates, resolution);
    let outcome = |candidate: &Candidate<'_>| {
        let group = candidate.quantity.map(|quantity| quantity.unit.code());
        let group = group.and_then(|unit| groups.get(unit));
        ClaimOutcome {
            claim: candidate.id.clone(),
            value: group.and_then(|group| group.outcome(candidate, as_of, policy)),
            status: of_status.outcome(candidate, as_of, policy, resolution),
        }
    };
    candidates.iter().map(outcome).collect()
}

/// The claims in one unit, and what is decided among them.
struct Group<'c> {
    /// Those that hold on the day and are meant as the value.
    in_force: HashSet<&'c NamedOrBlankNode>,
    /// Those that a value of the board rests on.
    sources: HashSet<&'c NamedOrBlankNode>,
    /// The first of the sources.
    winner: Option<Candidate<'c>>,
    /// Those of the greatest weight.
    weighed: HashSet<&'c NamedOrBlankNode>,
    /// What became of these.
    together: Outcome,
}

impl<'c> Group<'c> {
    fn of(
        in_force: Vec<(Candidate<'c>, Quantity)>,
        unit: &str,
        resolution: &'c Resolution,
    ) -> Self {
        let values =
            || (resolution.values.iter()).filter(|value| value.quantity.unit.code() == unit);
        let of_first: HashSet<_> = values()
            .next()
            .iter()
            .flat_map(|value| &value.claims)
            .collect();
        let winner = in_force.iter().find(|(c, _)| of_first.contains(c.id));
        let weighed = weighed(in_force.iter().map(|(candidate, _)| candidate));
        let quantities = || weighed.iter().filter_map(|winner| winner.quantity);
        let first = quantities().next();
        let together = if quantities().all(|quantity| Some(quantity) == first) {
            Outcome::Wins
        } else if common(quantities()).is_some() {
            Outcome::Joined
        } else {
            Outcome::Contradicted
        };
        Self {
            winner: winner.map(|(candidate, _)| *candidate),
            weighed: weighed.iter().map(|candidate| candidate.id).collect(),
            together,
            sources: values().flat_map(|value| &value.claims).collect(),
            in_force: in_force.iter().map(|(candidate, _)| candidate.id).collect(),
        }
    }

    fn outcome(
        &self,
        candidate: &Candidate<'_>,
        as_of: Option<Day>,
        policy: Policy,
    ) -> Option<Outcome> {
        if !self.in_force.contains(candidate.id) {
            let is_ahead = !candidate.has_value_on(as_of);
            return Some(match is_ahead {
                true => Outcome::NotYet,
                false => Outcome::LessFirm,
            });
        }
        if !self.sources.contains(candidate.id) {
            return Some(lost(candidate, self.winner.as_ref()?, policy));
        }
        Some(match self.weighed.contains(candidate.id) {
            _ if policy != Policy::Weighed => Outcome::Wins,
            true => self.together,
            false => Outcome::Agrees,
        })
    }
}

/// The claims that the status rests on.
struct StatusOutcomes<'c, 'a> {
    sources: HashSet<&'c NamedOrBlankNode>,
    winner: Option<&'c Candidate<'a>>,
}

impl<'c, 'a> StatusOutcomes<'c, 'a> {
    fn of(candidates: &'c [Candidate<'a>], resolution: &'c Resolution) -> Self {
        let sources: HashSet<_> = resolution.status_claims.iter().collect();
        let winner = candidates.iter().find(|c| sources.contains(c.id));
        Self { sources, winner }
    }

    fn outcome(
        &self,
        candidate: &Candidate<'_>,
        as_of: Option<Day>,
        policy: Policy,
        resolution: &Resolution,
    ) -> Option<Outcome> {
        let status = candidate.claim.status?;
        if self.sources.contains(candidate.id) {
            return Some(Outcome::Wins);
        }
        let winner = self.winner?;
        let (from, winner_from) = (candidate.effective(), winner.effective());
        if as_of.is_some() && from > as_of && winner_from <= as_of {
            return Some(Outcome::NotYet);
        }
        if resolution.status == Some(status) {
            return Some(Outcome::Agrees);
        }
        let is_equal = candidate.tier == winner.tier && candidate.age() == winner.age();
        Some(if policy == Policy::Weighed && is_equal {
            Outcome::Firmer
        } else {
            lost(candidate, winner, policy)
        })
    }
}

/// Returns why a claim lost to another one.
fn lost(loser: &Candidate<'_>, winner: &Candidate<'_>, policy: Policy) -> Outcome {
    let (farther, nearer) = (loser.tier < winner.tier, loser.tier > winner.tier);
    match policy {
        Policy::Lowest => Outcome::Higher,
        Policy::Highest | Policy::All => Outcome::Lower,
        Policy::Weighed if farther || loser.age() == winner.age() => Outcome::Farther,
        Policy::Weighed => Outcome::Earlier,
        Policy::MostTrusted if farther => Outcome::Farther,
        Policy::MostTrusted | Policy::Latest if loser.known_from < winner.known_from => {
            Outcome::Earlier
        }
        Policy::Latest if farther => Outcome::Farther,
        Policy::MostTrusted | Policy::Latest if nearer => Outcome::Earlier,
        Policy::MostTrusted | Policy::Latest => Outcome::Tied,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::name::Status;
    use crate::model::name::Tier;
    use crate::model::record::{Claim, Document, Records};
    use crate::model::resolve::resolve;

    const ONTOLOGY: &str = include_str!("../../data/ontology/powermap.ttl");

    /// Records with one claim for each tier, day, amount and status.
    fn records(claims: &[(Tier, &str, &str, Option<Status>)]) -> Records {
        let about = NamedNode::new_unchecked("https://example.org/edge");
        let mut records = Records::default();
        for (number, (tier, said, amount, status)) in claims.iter().enumerate() {
            let document = NamedNode::new_unchecked(format!("https://example.org/{}", tier.name()));
            records.documents.insert(
                document.clone(),
                Document {
                    tier: Some(*tier),
                    ..Document::default()
                },
            );
            let mut claim = Claim::about(about.clone());
            claim.document = Some(document);
            claim.said = Some(said.parse().unwrap());
            claim.status = *status;
            let bound = |text: &str| text.parse::<f64>().ok();
            let (lower, upper) = amount.split_once('-').unwrap();
            let unit = "USD".parse().unwrap();
            claim.quantity = Some(Quantity::new(bound(lower), bound(upper), unit, false).unwrap());
            let id = NamedNode::new_unchecked(format!("https://example.org/claim-{number}"));
            records.claims.insert(id.into(), claim);
        }
        records
    }

    fn told(claims: &[(Tier, &str, &str, Option<Status>)], policy: Policy) -> Vec<Outcome> {
        let records = records(claims);
        let candidates: Vec<_> = (records.claims.iter())
            .map(|(id, claim)| Candidate::new(&records, id, claim))
            .collect();
        let resolution = resolve(&candidates, None, policy);
        outcomes(&candidates, None, policy, &resolution)
            .into_iter()
            .filter_map(|outcome| outcome.value)
            .collect()
    }

    #[test]
    fn each_claim_is_told_why_it_lost() {
        let claims = [
            (Tier::Primary, "2025-01-01", "10-10", None),
            (Tier::News, "2025-02-01", "12-12", None),
            (Tier::Primary, "2024-01-01", "9-9", None),
            (Tier::Blog, "2024-01-01", "10-10", None),
        ];
        let by = |policy| told(&claims, policy);
        assert_eq!(
            by(Policy::Weighed),
            [
                Outcome::Wins,
                Outcome::Farther,
                Outcome::Earlier,
                Outcome::Agrees
            ]
        );
        assert_eq!(by(Policy::Latest)[0], Outcome::Earlier);
        assert_eq!(by(Policy::Lowest)[1], Outcome::Higher);
        assert_eq!(by(Policy::Highest)[2], Outcome::Lower);
        assert!(
            by(Policy::All)
                .iter()
                .all(|outcome| *outcome == Outcome::Wins)
        );
    }

    #[test]
    fn claims_of_equal_rank_are_joined_or_contradicted() {
        let equal = |amount| (Tier::News, "2025-01-01", amount, None);
        let joined = told(&[equal("10-10"), equal("-10")], Policy::Weighed);
        assert_eq!(joined, [Outcome::Joined, Outcome::Joined]);
        let apart = told(&[equal("10-10"), equal("12-12")], Policy::Weighed);
        assert_eq!(apart, [Outcome::Contradicted, Outcome::Contradicted]);
    }

    #[test]
    fn the_less_firm_status_of_equal_rank_wins() {
        let equal = |status| (Tier::News, "2025-01-01", "1-1", Some(status));
        let records = records(&[equal(Status::Committed), equal(Status::Announced)]);
        let candidates: Vec<_> = (records.claims.iter())
            .map(|(id, claim)| Candidate::new(&records, id, claim))
            .collect();
        let resolution = resolve(&candidates, None, Policy::Weighed);
        let found = outcomes(&candidates, None, Policy::Weighed, &resolution);
        let statuses: Vec<_> = found.iter().filter_map(|outcome| outcome.status).collect();
        assert_eq!(statuses, [Outcome::Firmer, Outcome::Wins]);
    }

    #[test]
    fn every_outcome_is_a_concept_of_the_ontology() {
        for outcome in [
            Outcome::Wins,
            Outcome::Joined,
            Outcome::Contradicted,
            Outcome::Agrees,
            Outcome::Farther,
            Outcome::Earlier,
            Outcome::NotYet,
            Outcome::LessFirm,
            Outcome::Firmer,
            Outcome::Higher,
            Outcome::Lower,
            Outcome::Tied,
        ] {
            let iri = outcome.iri();
            let name = iri.as_str().strip_prefix(PM).unwrap();
            let concept =
                format!("pm:{name} a skos:Concept ;\n    skos:inScheme pm:OutcomeScheme ;");
            assert!(ONTOLOGY.contains(&concept), "{name}");
        }
    }
}
