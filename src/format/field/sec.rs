//! Schedules 13D and 13G: who has more than five percent of a class of shares of an American company.
//!
//! `docs/formats/sec.md` says what becomes what.

use crate::format::field::fields::Fields;
use crate::format::field::gather::{Gather, Source, described, id, id_of};
use crate::format::field::items::Item;
use crate::format::field::reader::RecordReader;
use crate::format::field::report::LeftOutReason;
use crate::format::field::value;
use crate::model::name::{Family, PlayerType, Right, Status, Tier};
use crate::model::quantity::Quantity;
use crate::model::record::{Claim, Document, Edge};
use crate::model::time::TimeSpan;
use crate::model::unit::Unit;
use crate::model::vocabulary::pm;
use oxigraph::model::NamedNode;
use powermap_rdf::FormatError;

/// Reads filings.
pub(super) struct Reader;

impl RecordReader for Reader {
    fn read(&mut self, item: Item, gather: &mut Gather<'_>) -> Result<(), FormatError> {
        let mut fields = item.fields;
        let mut form = Fields::default();
        fields.inside("formData", |inside| form = std::mem::take(inside));
        let sort = fields
            .inside("headerData", |header| header.text("submissionType"))
            .flatten();
        let sort = match &*item.name {
            "ownershipDocument" => {
                let form = fields.text("documentType").unwrap_or_default();
                format!("FORM {form}")
            }
            "infoTable" => "13F INFORMATION TABLE".to_owned(),
            _ => sort.unwrap_or_default(),
        };
        if !sort.starts_with("SCHEDULE 13") {
            let error = gather.wrong(format!("'{sort}' is no schedule 13D or 13G"));
            return Err(error.with_hint("filings of other sorts are not read"));
        }
        let Some((issuer, source)) = issuer(&sort, &mut form, gather) else {
            return Err(gather.wrong("the filing does not say who issued the shares"));
        };
        let mut holders = Vec::new();
        form.inside("reportingPersons", |persons| {
            persons.each("reportingPersonInfo", |person| {
                holders.extend(holder(person, &source, gather));
            });
        });
        form.each("coverPageHeaderReportingPersonDetails", |person| {
            holders.extend(holder(person, &source, gather));
        });
        write(&issuer, &holders, &source, gather);
        gather.describe(form, &issuer, &source.source);
        gather.left(LeftOutReason::NoPlace, "", &fields);
        Ok(())
    }
}

/// A filing: where it stands, and the day of the event that it reports.
struct Filing {
    source: Source,
    event: Option<TimeSpan>,
}

/// Takes the issuer and the dates from the cover page.
fn issuer(sort: &str, form: &mut Fields, gather: &mut Gather<'_>) -> Option<(NamedNode, Filing)> {
    let (mut event, mut name, mut cik) = (None, None, None);
    form.inside("coverPageHeader", |cover| {
        event = american(
            cover,
            &["dateOfEvent", "eventDateRequiresFilingThisStatement"],
            gather,
        );
        cover.inside("issuerInfo", |issuer| {
            name = issuer.text("issuerName");
            cik = issuer
                .text("issuerCIK")
                .or_else(|| issuer.text("issuerCik"));
        });
    });
    let mut signed = None;
    for key in ["signatureInfo", "signatureInformation"] {
        form.each(key, |info| {
            let mut sign = |details: &mut Fields| {
                signed = signed.or_else(|| details.peek("date").and_then(value::american_date));
            };
            info.each("signaturePerson", |person| {
                person.each("signatureDetails", &mut sign)
            });
            info.each("signatureDetails", &mut sign);
        });
    }
    let name = name?;
    let node = match &cik {
        Some(cik) => id("cik", &format!("{:0>10}", cik.trim())),
        None => id_of("sec-issuer", &[&name]),
    };
    let day = event.map_or_else(String::new, |event| event.to_string());
    let document = gather.document(id_of("sec-filing", &[sort, &name, &day]), || Document {
        title: Some(format!("{sort} on {name}")),
        issued: signed,
        tier: Some(Tier::Primary),
        ..Document::default()
    });
    let source = Source {
        document,
        locator: gather.place(),
        said: signed.or(event),
    };
    gather.player(&node, PlayerType::Company, [name]);
    if let Some(cik) = cik
        && !gather.identifier(&node, pm::CIK, &cik, &source)
    {
        gather.not_understood("issuerInfo", "issuerCIK", &cik, "up to ten digits");
    }
    Some((node, Filing { source, event }))
}

/// Takes the first of some fields as a day, month first.
fn american(fields: &mut Fields, keys: &[&str], gather: &mut Gather<'_>) -> Option<TimeSpan> {
    let key = keys.iter().find(|key| fields.has(key))?;
    let text = fields.text(key)?;
    let date = value::american_date(&text);
    if date.is_none() {
        gather.not_understood("coverPageHeader", key, &text, "a day such as 12/31/2024");
    }
    date
}

/// One who reports shares.
struct Holder {
    node: NamedNode,
    /// How many shares in all, and how many of these others have a say over, too.
    shares: Option<f64>,
    shared: f64,
    percent: Option<Quantity>,
    text: String,
}

fn holder(person: &mut Fields, filing: &Filing, gather: &mut Gather<'_>) -> Option<Holder> {
    let source = &filing.source;
    let name = person.text("reportingPersonName")?;
    let cik = person.text("reportingPersonCIK");
    let node = match &cik {
        Some(cik) => id("cik", &format!("{:0>10}", cik.trim())),
        None => id_of("sec-holder", &[&name]),
    };
    let player_type = match person.peek_any("typeOfReportingPerson", |sort| sort == "IN") {
        true => PlayerType::Person,
        false => PlayerType::Company,
    };
    gather.player(&node, player_type, [name]);
    if let Some(cik) = cik
        && !gather.identifier(&node, pm::CIK, &cik, source)
    {
        gather.not_understood(
            "reportingPersonInfo",
            "reportingPersonCIK",
            &cik,
            "up to ten digits",
        );
    }
    let number = |fields: &mut Fields, key: &str, gather: &mut Gather<'_>| {
        let text = fields.text(key)?;
        let number = value::number(&text).filter(|number| *number >= 0.0);
        if number.is_none() {
            gather.not_understood("reportingPersonInfo", key, &text, "a number of shares");
        }
        number
    };
    let shares = [
        "aggregateAmountOwned",
        "reportingPersonBeneficiallyOwnedAggregateNumberOfShares",
    ]
    .into_iter()
    .find_map(|key| number(person, key, gather));
    let shared = |fields: &Fields| {
        let keys = ["sharedVotingPower", "sharedDispositivePower"];
        let powers = keys
            .iter()
            .filter_map(|key| value::number(fields.peek(key)?));
        powers.fold(0.0, f64::max)
    };
    let inner = person.inside("reportingPersonBeneficiallyOwnedNumberOfShares", |inner| {
        shared(inner)
    });
    let shared = inner.unwrap_or_else(|| shared(person));
    let percent = person
        .text("percentOfClass")
        .or_else(|| person.text("classPercent"));
    let percent = percent.and_then(|text| {
        let share = value::share(&text, Right::Capital);
        if let Err(expected) = share {
            gather.not_understood("reportingPersonInfo", "percentOfClass", &text, expected);
        }
        share.ok()
    });
    let text = described(person);
    *person = Fields::default();
    Some(Holder {
        node,
        shares,
        shared,
        percent,
        text,
    })
}

/// Writes a stake for each who reports shares. What one reports as shared with another one is a part of what that one does.
fn write(issuer: &NamedNode, holders: &[Holder], filing: &Filing, gather: &mut Gather<'_>) {
    let shares = Unit::named().find(|unit| unit.code() == "shares");
    let stake = |holder: &Holder| id_of("sec-stake", &[holder.node.as_str(), issuer.as_str()]);
    for (place, holder) in holders.iter().enumerate() {
        let total = holders.iter().enumerate().find(|(other, total)| {
            let (Some(own), Some(all)) = (holder.shares, total.shares) else {
                return false;
            };
            let is_within = own < all && own <= total.shared;
            // Of equal numbers, which a firm and its parent report, the last one counts.
            *other != place
                && total.node != holder.node
                && own > 0.0
                && (is_within || own == all && *other > place)
        });
        let node = stake(holder);
        let edge = Edge {
            family: Family::Investment,
            kind: Some(pm::OWNERSHIP.into_owned()),
            from: holder.node.clone(),
            to: issuer.clone(),
            deal: None,
            since: filing.event,
            until: None,
            part_of_total: total.map(|(_, total)| stake(total)),
            components: Vec::new(),
            labels: Default::default(),
        };
        gather.edge(&node, edge);
        let count = holder
            .shares
            .zip(shares)
            .map(|(count, unit)| Quantity::exact(count, unit));
        for (number, quantity) in [holder.percent, count].into_iter().flatten().enumerate() {
            let mut claim = Claim {
                quantity: Some(quantity),
                status: Some(Status::Completed),
                holds_from: filing.event,
                ..filing.source.claim(&node)
            };
            if number == 0 {
                claim.text.insert("", &holder.text);
            }
            gather.claim(claim);
        }
        if holder.percent.is_none() && count.is_none() {
            gather.claim(filing.source.claim(&node));
        }
    }
}
