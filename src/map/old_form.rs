//! Warrants as older versions had them: from the issuer to the holder.
//!
//! A warrant runs from its holder, as every stake does. Nothing in one edge tells the two forms apart; its document can. One
//! that otherwise tells who holds shares of the warrant's `from` is about that company's shares, so that a warrant in it is
//! most likely one on that company. Where these stakes come to the whole, the document is the list of holders, and a row
//! of a table is read the other way round. Where they do not, a notice asks.

use crate::format::csv::Source;
use crate::format::csv::places::places;
use crate::map::notice::{MapNotice, NoticeKind, at, warrant};
use crate::model::name::{Family, Flow};
use crate::model::record::{Concept, Edge, Records};
use crate::model::unit::Measure;
use crate::model::vocabulary::pm;
use indexmap::IndexMap;
use oxigraph::model::NamedNode;
use std::collections::{BTreeMap, BTreeSet};

/// What a document tells of stakes other than the warrants that one company is the `from` of.
#[derive(Default)]
struct Told<'r> {
    /// Stakes, and the part of the whole in percent that each is said to be.
    stakes: BTreeMap<&'r NamedNode, f64>,
    warrants: BTreeSet<&'r NamedNode>,
}

/// How much speaks for the older form.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Evidence {
    /// The document lists all holders of the company.
    Whole,
    /// The document tells of stakes in the company only.
    Part,
}

/// Returns the warrants that are, or may be, from the issuer to the holder. Linear in edges and claims.
pub(super) fn old_warrants<'r>(
    records: &'r Records,
    concepts: &IndexMap<NamedNode, Concept>,
) -> Vec<(&'r NamedNode, Evidence)> {
    let is_warrant = |edge: &Edge| {
        let concept = edge.kind.as_ref().and_then(|kind| concepts.get(kind));
        concept.is_some_and(|kind| kind.carries.is_none() && kind.returns == Some(Flow::Equity))
    };
    if !records.edges.values().any(is_warrant) {
        return Vec::new();
    }
    let is_stake = |edge: &Edge| {
        let concept = edge.kind.as_ref().and_then(|kind| concepts.get(kind));
        let is_held = edge.kind.as_ref().is_none_or(|kind| *kind == pm::OWNERSHIP);
        let returns_equity = concept.is_some_and(|kind| kind.returns == Some(Flow::Equity));
        edge.family == Family::Investment && (is_held || returns_equity)
    };
    let mut documents: BTreeMap<&NamedNode, Told<'_>> = BTreeMap::new();
    for claim in records.claims.values() {
        let (Some(document), Some((id, edge))) =
            (&claim.document, records.edges.get_key_value(&claim.about))
        else {
            continue;
        };
        let told = documents.entry(document).or_default();
        if is_warrant(edge) {
            told.warrants.insert(id);
        } else if is_stake(edge) {
            let share = claim
                .quantity
                .and_then(|quantity| match quantity.unit.measure() {
                    Measure::Share => quantity.in_base_unit().point(),
                    _ => None,
                });
            let known = told.stakes.entry(id).or_default();
            *known = known.max(share.unwrap_or_default());
        }
    }
    let issuers: BTreeSet<_> = records
        .edges
        .values()
        .filter(|edge| is_stake(edge) && !is_warrant(edge))
        .map(|edge| &edge.to)
        .collect();
    let mut found: BTreeMap<&NamedNode, Evidence> = BTreeMap::new();
    for told in documents.values() {
        for id in &told.warrants {
            let Some(edge) = records.edges.get(*id) else {
                continue;
            };
            let is_of_issuer = |stake: &&NamedNode| {
                let stake = records.edges.get(*stake);
                stake.is_some_and(|stake| stake.to == edge.from)
            };
            if told.stakes.is_empty()
                || !told.stakes.keys().all(is_of_issuer)
                || issuers.contains(&edge.to)
            {
                continue;
            }
            let sum: f64 = told.stakes.values().sum();
            let evidence = match (sum - 100.0).abs() < 0.5 {
                true => Evidence::Whole,
                false => Evidence::Part,
            };
            found.insert(id, evidence);
        }
    }
    found.into_iter().collect()
}

/// Turns the warrants of tables that are from the issuer to the holder; returns the notice of it.
pub(super) fn turn_round(
    records: &mut Records,
    concepts: &IndexMap<NamedNode, Concept>,
    tables: &[Source<'_>],
) -> Option<MapNotice> {
    let old: Vec<NamedNode> = old_warrants(records, concepts)
        .into_iter()
        .filter(|(_, evidence)| *evidence == Evidence::Whole)
        .map(|(id, _)| id.clone())
        .collect();
    if old.is_empty() {
        return None;
    }
    let rows: Vec<_> = (tables.iter())
        .map(|table| (table.name, places(table, records)))
        .collect();
    let mut cases = Vec::new();
    for id in old {
        let Some(edge) = records.edges.get_mut(&id) else {
            continue;
        };
        let text = warrant(&edge.from, &edge.to, &id);
        let mut rows = rows.iter();
        let place = rows.find_map(|(name, rows)| Some(format!("{name}:{}", rows.get(&id)?)));
        cases.push(at(place, &text));
        std::mem::swap(&mut edge.from, &mut edge.to);
    }
    MapNotice::of(NoticeKind::TurnedRound, cases.into_iter())
}
