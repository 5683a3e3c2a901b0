//! Level 2: who owns whom.

use crate::format::field::fields::Fields;
use crate::format::field::gather::{Gather, Source, described, id};
use crate::format::field::gleif::{Reader, each_within, entity_id};
use crate::format::field::value::range;
use crate::model::name::{Family, PlayerType, Status};
use crate::model::record::Edge;
use crate::model::time::TimeSpan;
use crate::model::vocabulary::pm;
use oxigraph::model::{NamedNode, NamedNodeRef};
use powermap_rdf::FormatError;

/// What a type of relationship becomes.
enum Meaning {
    /// An edge from the end node to the start node.
    Above(Family, NamedNodeRef<'static>),
    /// An edge from the start node to the end node.
    Below(Family, NamedNodeRef<'static>),
    /// The start node is a part of the end node.
    Part,
}

fn meaning(relationship: &str) -> Option<Meaning> {
    Some(match relationship {
        "IS_DIRECTLY_CONSOLIDATED_BY" => Meaning::Above(Family::Influence, pm::CONSOLIDATION),
        "IS_ULTIMATELY_CONSOLIDATED_BY" => {
            Meaning::Above(Family::Influence, pm::ULTIMATE_CONSOLIDATION)
        }
        "IS_FUND-MANAGED_BY" => Meaning::Above(Family::Influence, pm::FUND_MANAGEMENT),
        "IS_FEEDER_TO" => Meaning::Below(Family::Investment, pm::OWNERSHIP),
        "IS_SUBFUND_OF" | "IS_INTERNATIONAL_BRANCH_OF" => Meaning::Part,
        _ => return None,
    })
}

/// The times that a relationship is about.
#[derive(Default)]
struct Times {
    since: Option<TimeSpan>,
    until: Option<TimeSpan>,
    /// The period of the accounts that show it.
    accounts: Option<TimeSpan>,
}

/// Reads a relationship.
///
/// # Errors
/// One without its two nodes, or of an unknown type.
pub(super) fn read(
    reader: &Reader,
    mut fields: Fields,
    gather: &mut Gather<'_>,
) -> Result<(), FormatError> {
    let mut registration = Fields::default();
    fields.inside("Registration", |inside| {
        registration = std::mem::take(inside)
    });
    let mut relationship = Fields::default();
    fields.inside("Relationship", |inside| {
        relationship = std::mem::take(inside)
    });
    let node = |relationship: &mut Fields, key| {
        let id = relationship.inside(key, |node| {
            let is_lei = node.peek("NodeIDType").is_none_or(|scheme| scheme == "LEI");
            let id = node.text("NodeID").filter(|_| is_lei);
            node.text("NodeIDType");
            id
        });
        id.flatten()
    };
    let start = node(&mut relationship, "StartNode");
    let end = node(&mut relationship, "EndNode");
    let (Some(start), Some(end)) = (start, end) else {
        return Err(gather
            .wrong("a relationship has a 'StartNode' and an 'EndNode' with the LEI of each")
            .with_hint("nodes of other sorts are not read"));
    };
    let named = relationship.text("RelationshipType").unwrap_or_default();
    let Some(meaning) = meaning(&named) else {
        let error = gather.wrong(format!("'{named}' is no type of relationship"));
        return Err(error.with_hint("such as IS_DIRECTLY_CONSOLIDATED_BY"));
    };
    let locator = format!("{start} {named} {end}");
    let mut source = reader.source("relationships", locator.clone(), &mut registration, gather);
    let times = times(&mut relationship, gather);
    let is_over = relationship.text("RelationshipStatus").as_deref() == Some("INACTIVE");
    let times = Times {
        until: times.until.or(source.said.filter(|_| is_over)),
        ..times
    };
    let ends = [entity_id(&start), entity_id(&end)];
    for (node, lei) in ends.iter().zip([&start, &end]) {
        gather.refer(node, PlayerType::Company);
        if !gather.identifier(node, pm::LEI, lei, &source) {
            gather.not_understood(
                "Relationship",
                "NodeID",
                lei,
                "18 letters or digits and 2 check digits",
            );
        }
    }
    gather.no_place(
        "Registration",
        &mut registration,
        &["NextRenewalDate", "ManagingLOU"],
    );
    for (key, inner) in [
        ("Relationship", relationship),
        ("Registration", registration),
    ] {
        fields.put_all(key, inner);
    }
    let text = described(&fields);
    source.locator = locator.clone();
    write(
        &meaning,
        ends,
        &times,
        &text,
        &id("gleif", &locator),
        &source,
        gather,
    );
    Ok(())
}

fn times(relationship: &mut Fields, gather: &mut Gather<'_>) -> Times {
    let mut times = Times::default();
    for (list, one) in [
        ("RelationshipPeriods", "RelationshipPeriod"),
        ("Period", "RelationshipPeriod"),
    ] {
        each_within(relationship, list, one, |period| {
            let sort = period
                .text("PeriodType")
                .or_else(|| period.text("periodType"));
            let mut date = |keys: [&str; 2]| {
                let key = keys.into_iter().find(|key| period.has(key))?;
                gather.date("RelationshipPeriod", period, key)
            };
            let start = date(["StartDate", "startDate"]);
            let end = date(["EndDate", "endDate"]);
            match sort.as_deref() {
                Some("RELATIONSHIP_PERIOD") => {
                    times.since = times.since.or(start);
                    times.until = end.or(times.until);
                }
                Some("ACCOUNTING_PERIOD") => {
                    times.accounts =
                        times
                            .accounts
                            .or(gather.range("RelationshipPeriod", start, end))
                }
                sort => {
                    let text =
                        range(start, end).map_or_else(String::new, |range| range.to_string());
                    period.put_back(sort.unwrap_or("PeriodType"), &text);
                }
            }
        });
    }
    times.until = gather.until("RelationshipPeriod", times.since, times.until);
    times
}

fn write(
    meaning: &Meaning,
    [start, end]: [NamedNode; 2],
    times: &Times,
    text: &str,
    node: &NamedNode,
    source: &Source,
    gather: &mut Gather<'_>,
) {
    let (family, kind, from, to) = match meaning {
        Meaning::Above(family, kind) => (*family, *kind, end, start),
        Meaning::Below(family, kind) => (*family, *kind, start, end),
        Meaning::Part => {
            gather.player(&start, PlayerType::Company, None);
            let is_held = gather.part_of(&start, &end);
            let mut claim = source.claim(&start);
            claim.period = range(times.since, times.until);
            let part = if is_held { "" } else { " (a second one)" };
            claim
                .text
                .insert("", &format!("{}{part}; {text}", source.locator));
            gather.claim(claim);
            return;
        }
    };
    let edge = Edge {
        family,
        kind: Some(kind.into_owned()),
        from,
        to,
        deal: None,
        since: times.since,
        until: times.until,
        part_of_total: None,
        components: Vec::new(),
        labels: Default::default(),
    };
    gather.edge(node, edge);
    let mut claim = source.claim(node);
    claim.status = Some(Status::Completed);
    claim.period = times.accounts;
    if !text.is_empty() {
        claim.text.insert("", text);
    }
    gather.claim(claim);
}
