//! What stands above a picture.

use crate::analysis::error::AnalysisError;
use crate::analysis::loops::{Loop, LoopsOptions, loops};
use crate::analysis::position::Position;
use crate::model::lang::Lang;
use crate::model::name::Family;
use crate::model::unit::Measure;
use crate::story::circle::{Circle, way_round};
use crate::story::ledger::{Ledger, by_size};
use crate::story::sentence::{Filling, Sentence};
use crate::words::Message;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::AtomicBool;

/// What a board says in one sentence, and what goes with it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Headline {
    /// The finding.
    pub finding: Sentence,
    /// What stands below it.
    pub standfirst: Vec<Sentence>,
    /// The loops that the finding names, as places among those of the board, the greatest first.
    pub loops: Vec<usize>,
}

/// Returns what a board says: how much can come back to those who pay for what is bought from them; where nothing goes
/// round, the greatest flow of money; where no amount is known, how much there is.
///
/// Costs what [`loops`](crate::analysis::loops()) takes for three players, and O(n + m).
///
/// # Errors
/// Those of the network and of the loops.
///
/// ```
/// use powermap::{Lang, Map};
/// use powermap::story::headline;
/// use std::sync::atomic::AtomicBool;
///
/// let map = Map::built_in()?;
/// let headline = headline(&map.position()?, Lang::En, &AtomicBool::new(false))?;
/// assert!(headline.finding.text().contains("OpenAI"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn headline(
    position: &Position,
    lang: Lang,
    cancel: &AtomicBool,
) -> Result<Headline, AnalysisError> {
    let found = loops(position, &LoopsOptions::default(), cancel)?.loops;
    headline_of(position, &found, lang)
}

/// Returns the headline of a position whose loops of up to three players are known, the greatest first.
pub(crate) fn headline_of(
    position: &Position,
    found: &[Loop],
    lang: Lang,
) -> Result<Headline, AnalysisError> {
    let ledger = Ledger::new(position, lang)?;
    let Some(circle) = Circle::of(&ledger, found) else {
        let finding = match found.first() {
            Some(one) => way_round(&ledger, one, &one.hops[0].from),
            None => greatest_flow(&ledger),
        };
        return Ok(Headline {
            finding,
            standfirst: Vec::new(),
            loops: (0..found.len().min(1)).collect(),
        });
    };
    let standfirst = [
        circle.orders(&ledger),
        circle.shares(&ledger),
        circle.longest(&ledger),
    ];
    let mut named: Vec<usize> = circle
        .named()
        .filter_map(|one| found.iter().position(|other| other == one))
        .collect();
    let mut finding = circle.finding(&ledger);
    let mut standfirst: Vec<_> = standfirst.into_iter().flatten().collect();
    if let Some(greatest) = found.first().filter(|one| circle.is_less_than(one)) {
        standfirst.insert(0, finding);
        finding = way_round(&ledger, greatest, &greatest.hops[0].from);
        named.push(0);
    }
    named.sort_unstable();
    named.dedup();
    Ok(Headline {
        loops: named,
        finding,
        standfirst,
    })
}

/// Returns the greatest sum of money between two players.
fn greatest_flow(ledger: &Ledger<'_>) -> Sentence {
    let network = ledger.lens.network;
    let mut pairs: BTreeMap<(u32, u32, Family), Vec<u32>> = BTreeMap::new();
    for edge in ledger.lens.edges() {
        let ends = (network.graph.source(edge), network.graph.target(edge));
        let key = (ends.0, ends.1, network.columns.family(edge));
        if ends.0 != ends.1 && ledger.is_paid(edge) {
            pairs.entry(key).or_default().push(edge);
        }
    }
    let sums = pairs.iter().filter_map(|(key, edges)| {
        let sum = ledger.sum_in(edges, Measure::Amount)?;
        Some((*key, sum))
    });
    let greatest = sums.reduce(|best, next| {
        let order = by_size(&next.1.greatest, &best.1.greatest);
        if order.is_gt() { next } else { best }
    });
    match greatest {
        Some(((from, to, family), sum)) => {
            let (from, to) = (network.player(from), network.player(to));
            let plan = ledger.plan(&sum.edges());
            let message = match (family, plan.is_some()) {
                (Family::Supply, false) => Message::GreatestSale,
                (Family::Supply, true) => Message::GreatestSalePlanned,
                (_, false) => Message::GreatestInvestment,
                (_, true) => Message::GreatestInvestmentPlanned,
            };
            ledger.say(
                message,
                &[
                    ("from", &ledger.name(&from)),
                    ("to", &ledger.name(&to)),
                    ("amount", &ledger.amount(&sum)),
                    ("status", &plan.unwrap_or_default()),
                ],
            )
        }
        None => {
            let edges = ledger.lens.edges();
            let mut ends = BTreeSet::new();
            let mut count = 0;
            let mut is_money = false;
            for edge in edges {
                count += 1;
                is_money |= network.columns.family(edge) != Family::Influence;
                ends.extend([network.graph.source(edge), network.graph.target(edge)]);
            }
            if count == 0 {
                let players = Filling::text(ledger.position.records().players.len());
                return ledger.say(Message::NoEdges, &[("players", &players)]);
            }
            let message = match is_money {
                true => Message::NoAmounts,
                false => Message::OnlyInfluence,
            };
            ledger.say(
                message,
                &[
                    ("players", &Filling::text(ends.len())),
                    ("edges", &Filling::text(count)),
                ],
            )
        }
    }
}
