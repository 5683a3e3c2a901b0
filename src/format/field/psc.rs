//! The British register of companies: people with significant control, and basic data of companies.
//!
//! `docs/formats/companies-house.md` says what becomes what.

use crate::format::field::fields::Fields;
use crate::format::field::gather::{Gather, Source, described, id};
use crate::format::field::items::Item;
use crate::format::field::reader::RecordReader;
use crate::format::field::report::LeftOutReason;
use crate::format::field::value;
use crate::model::name::{Family, PlayerType, Right, Status, Tier};
use crate::model::quantity::Quantity;
use crate::model::record::{Document, Edge};
use crate::model::time::{Period, TimeSpan};
use crate::model::unit::Unit;
use crate::model::vocabulary::pm;
use oxigraph::model::{NamedNode, NamedNodeRef};
use powermap_rdf::FormatError;

/// How a nature of control begins, and the right that its band is a part of.
const RIGHTS: &[(&str, Right)] = &[
    ("ownership-of-shares-", Right::Capital),
    ("voting-rights-", Right::Votes),
    ("right-to-share-surplus-assets-", Right::Surplus),
    ("part-right-to-share-surplus-assets-", Right::Surplus),
];

/// A bound, and whether it is outside of its band.
type End = (f64, bool);

/// The bands of the law: the lower and the upper bound, and whether each is outside of the band.
///
/// # Reference
/// Companies Act 2006, schedule 1A, and the Register of People with Significant Control Regulations 2016, schedule 2: more
/// than 25 % and not more than 50 %; more than 50 % and less than 75 %; 75 % or more.
const BANDS: &[(&str, End, Option<End>)] = &[
    ("25-to-50-percent", (25.0, true), Some((50.0, false))),
    ("50-to-75-percent", (50.0, true), Some((75.0, true))),
    ("75-to-100-percent", (75.0, false), Some((100.0, false))),
    ("more-than-25-percent", (25.0, true), None),
];

/// Natures of control without a band, by how they begin: the kind of edge that each is.
const POWERS: &[(&str, NamedNodeRef<'static>)] = &[
    ("right-to-appoint-and-remove-", pm::MAJORITY_APPOINTMENT),
    (
        "significant-influence-or-control",
        pm::SIGNIFICANT_INFLUENCE,
    ),
];

/// In what capacity an interest is held, where it is not for oneself: each is an interest of its own.
const CAPACITIES: &[&str] = &["-as-trust", "-as-firm"];

/// Reads records of the register.
pub(super) struct Reader;

impl RecordReader for Reader {
    fn read(&mut self, item: Item, gather: &mut Gather<'_>) -> Result<(), FormatError> {
        let mut fields = item.fields;
        if fields.has("CompanyNumber") {
            company(fields, gather);
            return Ok(());
        }
        let date = day_of(&mut fields, gather);
        let number = fields.text("company_number");
        let mut data = Fields::default();
        fields.inside("data", |inside| data = std::mem::take(inside));
        gather.left(LeftOutReason::NoPlace, "", &fields);
        let kind = data.text("kind").unwrap_or_default();
        if kind.starts_with("totals#") {
            gather.left(LeftOutReason::NoPlace, "totals", &data);
            gather.left_out(LeftOutReason::NoPlace, "totals.kind", &kind);
            return Ok(());
        }
        let Some(number) = number else {
            let error = gather.wrong("the record has no 'company_number', which is a text");
            return Err(error.with_hint(
                "a line of the snapshot of people with significant control is expected",
            ));
        };
        let company = company_id(&number);
        let source = source(&mut data, &company, date, gather);
        company_of(&company, &number, &source, gather);
        gather.no_place(&kind, &mut data, &["etag"]);
        match kind.as_str() {
            "persons-with-significant-control-statement" | "exemptions" => {
                statement(&kind, &company, data, &source, gather);
                Ok(())
            }
            _ if kind.ends_with("-person-with-significant-control")
                || kind.ends_with("-beneficial-owner") =>
            {
                owner(&kind, &company, data, &source, gather);
                Ok(())
            }
            _ => Err(gather
                .wrong(format!("'{kind}' is no kind of record of the register"))
                .with_hint("such as individual-person-with-significant-control")),
        }
    }
}

/// Returns the day of the snapshot: as the record has it, or the name of the file.
fn day_of(fields: &mut Fields, gather: &mut Gather<'_>) -> Option<TimeSpan> {
    let own = gather.date("", fields, "ContentDate");
    own.or_else(|| {
        let name = gather.source_name();
        let starts = name.char_indices().map(|(at, _)| at);
        let mut days = starts.filter_map(|at| name.get(at..at + 10));
        days.find_map(|day| {
            value::date(day).filter(|date| matches!(date, TimeSpan::At(Period::Day(_))))
        })
    })
}

/// Returns the id of a company by its number, which has eight characters.
fn company_id(number: &str) -> NamedNode {
    id("gb-coh", &padded(number))
}

fn padded(number: &str) -> String {
    let number = number.trim().to_ascii_uppercase();
    let is_number = number.bytes().all(|byte| byte.is_ascii_digit());
    match is_number && number.len() < 8 {
        true => format!("{number:0>8}"),
        false => number,
    }
}

fn company_of(company: &NamedNode, number: &str, source: &Source, gather: &mut Gather<'_>) {
    gather.refer(company, PlayerType::Company);
    gather.identifier(company, pm::GB_COH, &padded(number), source);
}

/// Returns where a record stands: the register on a day, and the address within it.
fn source(
    data: &mut Fields,
    company: &NamedNode,
    date: Option<TimeSpan>,
    gather: &mut Gather<'_>,
) -> Source {
    let day = date.map_or_else(String::new, |date| format!("-{date}"));
    let document = gather.document(id("companies-house", &format!("psc{day}")), || Document {
        title: Some("Companies House: people with significant control".to_owned()),
        issued: date,
        tier: Some(Tier::Primary),
        ..Document::default()
    });
    let own = data.inside("links", |links| links.text("self")).flatten();
    Source {
        document,
        locator: own.unwrap_or_else(|| company.as_str().to_owned()),
        said: date,
    }
}

/// Says in a claim about a company what it or the registrar states of it.
fn statement(
    kind: &str,
    company: &NamedNode,
    mut data: Fields,
    source: &Source,
    gather: &mut Gather<'_>,
) {
    let start = gather.date(kind, &mut data, "notified_on");
    let end = gather.date(kind, &mut data, "ceased_on");
    let mut claim = source.claim(company);
    claim.period = gather.range(kind, start, end);
    claim
        .text
        .insert("", &format!("{kind}: {}", described(&data)));
    gather.claim(claim);
}

/// Reads a person or a body with significant control over a company.
fn owner(
    kind: &str,
    company: &NamedNode,
    mut data: Fields,
    source: &Source,
    gather: &mut Gather<'_>,
) {
    let key = source.locator.rsplit('/').next().unwrap_or_default();
    let number = company.as_str().rsplit('-').next().unwrap_or_default();
    let player = id("psc", &format!("{number}-{key}"));
    let player_type = match kind {
        _ if kind.starts_with("legal-person") => PlayerType::Government,
        _ if kind.starts_with("corporate-entity") => PlayerType::Company,
        _ => PlayerType::Person,
    };
    let name = name(&mut data).or_else(|| data.peek("description").map(str::to_owned));
    gather.player(&player, player_type, name);
    data.inside("identification", |identification| {
        british_number(&player, identification, source, gather);
    });
    let since = gather.date(kind, &mut data, "notified_on");
    let until = gather.date(kind, &mut data, "ceased_on");
    let is_over = until.is_none() && data.peek_flag("ceased") == Some(true);
    let until = gather.until(kind, since, until);
    let natures = data.texts("natures_of_control");
    let interest = Interest {
        player: &player,
        company,
        since,
        until,
        status: if is_over {
            Status::Cancelled
        } else {
            Status::Completed
        },
        source,
    };
    for nature in &natures {
        interest.read(kind, nature, gather);
    }
    if natures.is_empty() {
        interest.edge("interest", Family::Investment, pm::OWNERSHIP, gather);
        gather.claim(interest.claim(&interest.node("interest")));
    }
    gather.describe(data, &player, source);
}

fn name(data: &mut Fields) -> Option<String> {
    let whole = data.text("name");
    whole.or_else(|| {
        let parts = data.inside("name_elements", |elements| {
            let keys = ["title", "forename", "middle_name", "surname"];
            keys.map(|key| elements.text(key))
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
        });
        parts
            .map(|parts| parts.join(" "))
            .filter(|name| !name.is_empty())
    })
}

/// Takes the number of a body that is in the British register itself.
fn british_number(
    player: &NamedNode,
    identification: &mut Fields,
    source: &Source,
    gather: &mut Gather<'_>,
) {
    let is_british = ["country_registered", "place_registered"]
        .iter()
        .any(|key| {
            let place = identification.peek(key).unwrap_or_default().to_lowercase();
            let places = [
                "england",
                "wales",
                "scotland",
                "northern ireland",
                "united kingdom",
                "companies house",
            ];
            places.iter().any(|known| place.contains(known)) || place == "uk"
        });
    let number = identification
        .peek("registration_number")
        .unwrap_or_default();
    let number = padded(number);
    let digits = number.get(2..).filter(|digits| digits.len() == 6);
    let is_number = digits.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    if is_british && is_number && gather.identifier(player, pm::GB_COH, &number, source) {
        identification.text("registration_number");
    }
}

/// What one holder has of one company.
struct Interest<'s> {
    player: &'s NamedNode,
    company: &'s NamedNode,
    since: Option<TimeSpan>,
    until: Option<TimeSpan>,
    status: Status,
    source: &'s Source,
}

impl Interest<'_> {
    /// Reads one nature of control.
    fn read(&self, kind: &str, nature: &str, gather: &mut Gather<'_>) {
        let capacity = CAPACITIES
            .iter()
            .find(|capacity| nature.contains(**capacity));
        let capacity = capacity.copied().unwrap_or_default();
        let interest = format!("interest{capacity}");
        let mut claim = match share(nature) {
            Some(share) => {
                self.edge(&interest, Family::Investment, pm::OWNERSHIP, gather);
                let mut claim = self.claim(&self.node(&interest));
                claim.quantity = Some(share);
                claim
            }
            None => {
                let power = POWERS.iter().find(|(start, _)| nature.starts_with(start));
                let Some((word, power)) = power else {
                    gather.not_understood(
                        kind,
                        "natures_of_control",
                        nature,
                        "a nature of control of the register",
                    );
                    self.edge(&interest, Family::Investment, pm::OWNERSHIP, gather);
                    let mut claim = self.claim(&self.node(&interest));
                    claim.as_printed = Some(nature.to_owned());
                    gather.claim(claim);
                    return;
                };
                let word = format!("{}{capacity}", word.trim_end_matches('-'));
                self.edge(&word, Family::Influence, *power, gather);
                self.claim(&self.node(&word))
            }
        };
        claim.text.insert("", nature);
        gather.claim(claim);
    }

    /// Returns the id of the edge for one sort of interest.
    fn node(&self, word: &str) -> NamedNode {
        NamedNode::new_unchecked(format!("{}-{word}", self.player.as_str()))
    }

    fn claim(&self, about: &NamedNode) -> crate::model::record::Claim {
        let mut claim = self.source.claim(about);
        claim.status = Some(self.status);
        claim.holds_from = self.since;
        claim
    }

    fn edge(&self, word: &str, family: Family, kind: NamedNodeRef<'_>, gather: &mut Gather<'_>) {
        let edge = Edge {
            family,
            kind: Some(kind.into_owned()),
            from: self.player.clone(),
            to: self.company.clone(),
            deal: None,
            since: self.since,
            until: self.until,
            part_of_total: None,
            components: Vec::new(),
            labels: Default::default(),
        };
        gather.edge(&self.node(word), edge);
    }
}

/// Returns the share that a nature of control states, within the bounds of its band.
fn share(nature: &str) -> Option<Quantity> {
    let (rest, right) = RIGHTS
        .iter()
        .find_map(|(start, right)| Some((nature.strip_prefix(start)?, *right)))?;
    let (_, lower, upper) = BANDS.iter().find(|(band, ..)| rest.starts_with(band))?;
    let unit = Unit::percent()?.of_right(right)?;
    let most = upper.map(|(bound, _)| bound);
    Quantity::new(Some(lower.0), most, unit, false)
        .and_then(|share| share.excluding(lower.1, upper.is_some_and(|(_, excludes)| excludes)))
        .ok()
}

/// Reads the basic data of a company.
fn company(mut fields: Fields, gather: &mut Gather<'_>) {
    let number = fields.text("CompanyNumber").unwrap_or_default();
    let node = company_id(&number);
    let document = gather.document(id("companies-house", "companies"), || Document {
        title: Some("Companies House: basic company data".to_owned()),
        tier: Some(Tier::Primary),
        ..Document::default()
    });
    let source = Source {
        document,
        locator: fields.text("URI").unwrap_or_else(|| number.clone()),
        said: None,
    };
    let mut names: Vec<_> = fields.text("CompanyName").into_iter().collect();
    for place in 1..=10 {
        let before = format!("PreviousName_{place}");
        let inner = fields
            .inside(&before, |inner| inner.text("CompanyName"))
            .flatten();
        names.extend(inner.or_else(|| fields.text(&format!("{before}.CompanyName"))));
    }
    gather.player(&node, PlayerType::Company, names);
    gather.identifier(&node, pm::GB_COH, &padded(&number), &source);
    gather.describe(fields, &node, &source);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_are_those_of_the_law() {
        for (nature, expected) in [
            ("ownership-of-shares-25-to-50-percent", "> 25–50%"),
            (
                "ownership-of-shares-50-to-75-percent-as-trust",
                "> 50–< 75%",
            ),
            ("ownership-of-shares-75-to-100-percent", "75–100%"),
            (
                "ownership-of-shares-more-than-25-percent-registered-overseas-entity",
                "> 25%",
            ),
        ] {
            assert_eq!(share(nature).unwrap().to_string(), expected, "{nature}");
        }
        let votes = share("voting-rights-50-to-75-percent-limited-liability-partnership").unwrap();
        assert_eq!(votes.unit.right(), Some(Right::Votes));
        assert_eq!(share("ownership-of-shares-12-percent"), None);
        assert_eq!(share("significant-influence-or-control"), None);
    }

    #[test]
    fn numbers_of_companies_have_eight_characters() {
        assert_eq!(padded("1234567"), "01234567");
        assert_eq!(padded("oe031044"), "OE031044");
        assert_eq!(padded("SC123456"), "SC123456");
    }
}
