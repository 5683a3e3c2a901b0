//! The tour: the board in a page.

use crate::analysis::answer::percent;
use crate::analysis::dependence::{DependenceBasis, DependenceOptions, DependenceSide, dependence};
use crate::analysis::error::AnalysisError;
use crate::analysis::position::Position;
use crate::analysis::standing::{Piece, StandingOptions, StandingReport, standing};
use crate::model::lang::Lang;
use crate::model::name::Family;
use crate::model::unit::Measure;
use crate::story::Story;
use crate::story::headline::headline;
use crate::story::ledger::{Ledger, Worth, by_size};
use crate::story::rank::contradictions;
use crate::story::sentence::{Filling, Sentence, between};
use crate::words::Message;
use oxigraph::model::NamedNode;
use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

/// How many of the largest deals are told.
const DEALS: usize = 5;
/// How many players are told to depend on somebody.
const DEPENDENTS: usize = 4;
/// How many contradictions are told.
const CONTRADICTIONS: usize = 3;
/// From which share on somebody depends on a counterparty.
const SHARE_MIN: f64 = 0.25;

/// Returns the story of a board: the circle of money, the largest deals, who depends on whom, what the sources do not agree
/// on, who is strong, and what is not known.
///
/// Costs what [`headline`](crate::story::headline()), [`standing`](crate::analysis::standing()) and
/// [`dependence`](crate::analysis::dependence()) take.
///
/// # Errors
/// Those of the analyses.
///
/// ```
/// use powermap::{Lang, Map};
/// use powermap::story::tour;
/// use std::sync::atomic::AtomicBool;
///
/// let map = Map::built_in()?;
/// let story = tour(&map.position()?, Lang::En, &AtomicBool::new(false))?;
/// assert!(story.sentences().all(|sentence| !sentence.text().is_empty()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn tour(position: &Position, lang: Lang, cancel: &AtomicBool) -> Result<Story, AnalysisError> {
    let ledger = Ledger::new(position, lang)?;
    let mut story = Story {
        title: (position.records().title(lang))
            .unwrap_or_else(|| Message::BoardTitle.text(lang))
            .to_owned(),
        ..Story::default()
    };
    let headline = headline(position, lang, cancel)?;
    let mut circle = vec![headline.finding];
    circle.extend(headline.standfirst);
    let standing = standing(position, &StandingOptions::default(), cancel)?;
    if let Some(about) = position.records().description() {
        let about = Filling::text(about);
        let line = ledger.say(Message::StoryDescription, &[("about", &about)]);
        story.push(Message::TourAbout.text(lang), vec![line]);
    }
    story.push(Message::TourCircle.text(lang), circle);
    story.push(Message::TourDeals.text(lang), deals(&ledger));
    let pieced = standing.rows.iter().filter(|row| row.piece.is_some());
    let strong: Vec<_> = pieced.map(|row| row.player.clone()).collect();
    story.subject = strong.first().cloned();
    story.push(
        Message::TourDependence.text(lang),
        dependents(&ledger, &strong, cancel)?,
    );
    story.push(
        Message::TourContradictions.text(lang),
        contradictions(&ledger, CONTRADICTIONS, |_| true),
    );
    story.push(
        Message::TourStanding.text(lang),
        strongest(&ledger, &standing),
    );
    story.push(Message::TourUnknown.text(lang), unknown(&ledger, &strong));
    Ok(story)
}

/// A deal, or what lies between two players beside all deals.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Matter {
    Deal(NamedNode),
    Between(NamedNode, NamedNode),
}

/// Returns the largest deals by the money put in or paid, the greatest first.
fn deals(ledger: &Ledger<'_>) -> Vec<Sentence> {
    let records = ledger.position.records();
    let network = ledger.lens.network;
    let mut matters: BTreeMap<(Matter, Family), Vec<u32>> = BTreeMap::new();
    for edge in ledger.lens.edges() {
        let family = network.columns.family(edge);
        let (from, to) = (network.graph.source(edge), network.graph.target(edge));
        if from == to || !ledger.is_paid(edge) || ledger.is_in_total(edge) {
            continue;
        }
        let record = records.edges.get(&network.id(edge));
        let matter = match record.and_then(|record| record.deal.clone()) {
            Some(deal) => Matter::Deal(deal),
            None => Matter::Between(network.player(from), network.player(to)),
        };
        matters.entry((matter, family)).or_default().push(edge);
    }
    let sums = matters.into_iter().filter_map(|((matter, family), edges)| {
        let sum = ledger.sum_in(&edges, Measure::Amount)?;
        Some((matter, family, sum))
    });
    // A deal is told by the greater of its sides; beside deals, either side is a trade of its own.
    let mut largest: BTreeMap<(Matter, Option<Family>), (Family, Worth)> = BTreeMap::new();
    for (matter, family, sum) in sums {
        let side = match matter {
            Matter::Deal(_) => None,
            Matter::Between(..) => Some(family),
        };
        let is_larger = |known: &(Family, Worth)| by_size(&sum.greatest, &known.1.greatest).is_gt();
        let key = (matter, side);
        if largest.get(&key).is_none_or(is_larger) {
            largest.insert(key, (family, sum));
        }
    }
    let mut largest: Vec<_> = largest.into_iter().collect();
    largest.sort_by(|(a, (_, one)), (b, (_, other))| {
        by_size(&other.greatest, &one.greatest).then_with(|| a.cmp(b))
    });
    let told = largest.iter().take(DEALS);
    told.map(|((matter, _), (family, sum))| deal(ledger, matter, *family, sum))
        .collect()
}

/// Returns what one deal comes to.
fn deal(ledger: &Ledger<'_>, matter: &Matter, family: Family, sum: &Worth) -> Sentence {
    let records = ledger.position.records();
    let is_supply = family == Family::Supply;
    let amount = ledger.amount(sum);
    let id = match matter {
        Matter::Deal(id) => id,
        Matter::Between(from, to) => {
            let plan = ledger.plan(&sum.edges());
            let message = match (is_supply, plan.is_some()) {
                (true, false) => Message::PairOfOrders,
                (true, true) => Message::PairOfOrdersPlanned,
                (false, false) => Message::PairOfMoney,
                (false, true) => Message::PairOfMoneyPlanned,
            };
            let places = [
                ("from", &ledger.name(from)),
                ("to", &ledger.name(to)),
                ("amount", &amount),
                ("status", &plan.unwrap_or_default()),
            ];
            return ledger.say(message, &places);
        }
    };
    let announced = records.deals.get(id).and_then(|deal| deal.announced);
    let status = sum
        .edges()
        .into_iter()
        .filter_map(|edge| ledger.lens.status(edge))
        .min();
    let status = status.map(|status| records.label(&status.iri(), ledger.lang).to_owned());
    let announced = announced.map(|day| day.to_string());
    let notes: Vec<_> = [announced, status].into_iter().flatten().collect();
    let mut places = vec![("deal", ledger.name(id)), ("amount", amount)];
    let message = match (is_supply, notes.is_empty()) {
        (true, false) => Message::DealOfOrders,
        (false, false) => Message::DealOfMoney,
        (true, true) => Message::DealOfOrdersAlone,
        (false, true) => Message::DealOfMoneyAlone,
    };
    let notes = notes.join(Message::StoryListSeparator.text(ledger.lang));
    places.push(("notes", Filling::text(notes)));
    let places: Vec<_> = places
        .iter()
        .map(|(name, filling)| (*name, filling))
        .collect();
    ledger.say(message, &places)
}

/// Returns who of the strongest depends most on one counterparty, by what is known.
fn dependents(
    ledger: &Ledger<'_>,
    strong: &[NamedNode],
    cancel: &AtomicBool,
) -> Result<Vec<Sentence>, AnalysisError> {
    let options = DependenceOptions {
        sides: vec![DependenceSide::Supply, DependenceSide::Funding],
        ..DependenceOptions::default()
    };
    let report = dependence(ledger.position, &options, cancel)?;
    let mut told = Vec::new();
    let sides = options.sides.iter();
    for (player, side) in strong
        .iter()
        .flat_map(|player| sides.clone().map(move |side| (player, *side)))
    {
        let rows = report.rows.iter().filter(|row| {
            let is_known = matches!(row.basis, DependenceBasis::In(_));
            let is_meant = row.player == *player && row.side == side;
            let is_one = strong.contains(&row.counterparty);
            let is_share = row.has_share() && row.share.lower >= SHARE_MIN && row.share.lower < 1.0;
            // A share of a part that is less than a half is no sentence.
            let is_most = 2 * row.known >= row.counterparties;
            is_known && is_meant && is_one && is_share && is_most
        });
        let most = rows.reduce(|best, next| match next.share.lower > best.share.lower {
            true => next,
            false => best,
        });
        let Some(row) = most else { continue };
        let message = match row.side {
            DependenceSide::Supply => Message::DependsForSupply,
            _ => Message::DependsForFunding,
        };
        let DependenceBasis::In(unit) = row.basis else {
            continue;
        };
        let edges = row.edges.iter();
        let claims = edges.flat_map(|edge| ledger.position.claims(edge, Some(unit.measure())));
        let share = percent(
            Some(row.share.lower),
            Some(row.share.upper),
            row.share.excluded,
            ledger.lang,
        );
        let share = Filling::text(share).resting_on(claims.collect());
        let places = [
            ("player", &ledger.name(&row.player)),
            ("counterparty", &ledger.name(&row.counterparty)),
            ("share", &share),
            ("unit", &Filling::text(unit.symbol(ledger.lang))),
            ("known", &Filling::text(row.known)),
            ("all", &Filling::text(row.counterparties)),
        ];
        told.push(ledger.say(message, &places));
        if told.len() == DEPENDENTS {
            break;
        }
    }
    Ok(told)
}

/// Returns who are king, queens and rooks.
fn strongest(ledger: &Ledger<'_>, standing: &StandingReport) -> Vec<Sentence> {
    let ranks = [
        (Piece::King, [Message::TourKing; 2]),
        (Piece::Queen, [Message::TourQueen, Message::TourQueens]),
        (Piece::Rook, [Message::TourRook, Message::TourRooks]),
    ];
    let told = ranks.into_iter().filter_map(|(piece, [one, several])| {
        let rows = standing.rows.iter().filter(|row| row.piece == Some(piece));
        let players: Vec<_> = rows.map(|row| &row.player).collect();
        let message = if players.len() == 1 { one } else { several };
        (!players.is_empty()).then(|| ledger.say(message, &[("names", &ledger.names(players))]))
    });
    let told: Vec<_> = told.collect();
    match told.is_empty() {
        true => told,
        false => vec![Sentence::joined(told, between(ledger.lang))],
    }
}

/// Returns how much of the board has no amount, and whose.
fn unknown(ledger: &Ledger<'_>, strong: &[NamedNode]) -> Vec<Sentence> {
    let network = ledger.lens.network;
    let money = |edge: &u32| network.columns.family(*edge) != Family::Influence;
    let edges: Vec<u32> = ledger.lens.edges().filter(money).collect();
    let is_unknown = |edge: &&u32| network.columns.value(**edge, Measure::Amount).is_none();
    let without: Vec<u32> = edges.iter().filter(is_unknown).copied().collect();
    if without.is_empty() {
        return Vec::new();
    }
    let rank: BTreeMap<&NamedNode, usize> = strong.iter().zip(0..).collect();
    let mut ends: Vec<(usize, u32, u32)> = without
        .iter()
        .map(|edge| {
            let (from, to) = (network.graph.source(*edge), network.graph.target(*edge));
            let of = |node| {
                rank.get(&network.player(node))
                    .copied()
                    .unwrap_or(usize::MAX / 2)
            };
            (of(from) + of(to), from, to)
        })
        .collect();
    ends.sort_unstable();
    ends.dedup();
    let label = |node| ledger.label(&network.player(node));
    let pairs = ends
        .iter()
        .take(3)
        .map(|(_, from, to)| format!("{} → {}", label(*from), label(*to)));
    let pairs = Filling::text(ledger.list(pairs.collect()));
    let places = [
        ("unknown", &Filling::text(without.len())),
        ("all", &Filling::text(edges.len())),
        ("pairs", &pairs),
    ];
    vec![ledger.say(Message::AmountsUnknown, &places)]
}
