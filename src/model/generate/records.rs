//! The records of a made-up map, in pieces that fit into memory, or all at once.

use crate::model::error::ModelError;
use crate::model::generate::deal::{DealDraft, Deals, EdgeDraft};
use crate::model::generate::player::{type_of, words};
use crate::model::generate::random::{Random, mixed, rounded};
use crate::model::generate::{GenerateOptions, deals};
use crate::model::lang::Labels;
use crate::model::name::{Modality, PlayerType, Status, Tier};
use crate::model::quantity::Quantity;
use crate::model::record::{Claim, Deal, Document, Edge, Observation, Player, Records};
use crate::model::time::{Day, Period, TimeSpan};
use crate::model::unit::Unit;
use crate::model::vocabulary::{ID, PM, to_camel};
use oxigraph::model::NamedNode;

/// How many players or deals one piece has.
const PIECE: usize = 512;

/// Every kind of document comes out once a month, so that their number does not depend on that of the edges.
const TIERS: &[(u64, Tier)] = &[
    (30, Tier::Primary),
    (45, Tier::News),
    (15, Tier::Aggregator),
    (10, Tier::Blog),
];

/// The seed of what is claimed, so that the plain form need not draw it.
const PURPOSE: u64 = 4;

/// The records of a made-up map piece by piece: players with their observations, documents, deals with their edges and
/// claims. All pieces together are what [`records`] gives.
#[derive(Debug, Clone)]
pub struct Chunks {
    options: GenerateOptions,
    player: u32,
    /// The first day of the next month that needs documents.
    month: Option<Day>,
    deals: Deals,
}

/// Returns the records of a made-up map in pieces, so that a map of any size can be written.
///
/// # Errors
/// As [`GenerateOptions::check`].
pub fn chunks(options: &GenerateOptions) -> Result<Chunks, ModelError> {
    Ok(Chunks {
        options: *options,
        player: 0,
        month: Some(options.from),
        deals: deals(options)?,
    })
}

/// Returns all records of a made-up map, sorted.
///
/// # Errors
/// As [`GenerateOptions::check`].
///
/// # Example
/// ```
/// use powermap::model::generate::{self, GenerateOptions};
///
/// let options = GenerateOptions {
///     players: 10,
///     edges: 30,
///     seed: 1,
///     skew: 1.0,
///     from: "2020-01-01".parse()?,
///     to: "2025-12-31".parse()?,
/// };
/// let records = generate::records(&options)?;
/// assert_eq!((records.players.len(), records.edges.len()), (10, 30));
/// assert!(records.claims.len() >= 30);
/// assert_eq!(records, generate::records(&options)?);
/// # Ok::<(), powermap::model::ModelError>(())
/// ```
pub fn records(options: &GenerateOptions) -> Result<Records, ModelError> {
    let mut all = Records::default();
    for piece in chunks(options)? {
        all.players.extend(piece.players);
        all.deals.extend(piece.deals);
        all.edges.extend(piece.edges);
        all.observations.extend(piece.observations);
        all.claims.extend(piece.claims);
        all.documents.extend(piece.documents);
    }
    all.sort();
    Ok(all)
}

impl Iterator for Chunks {
    type Item = Records;

    fn next(&mut self) -> Option<Records> {
        let mut piece = Records::default();
        if self.player < self.options.players {
            for _ in 0..PIECE.min((self.options.players - self.player) as usize) {
                add_player(&mut piece, &self.options, self.player);
                self.player += 1;
            }
        } else if let Some(day) = self.month {
            for (_, tier) in TIERS {
                let (id, document) = document(*tier, day);
                piece.documents.insert(id, document);
            }
            let next = Period::Month(day.year(), day.month()).last().after();
            self.month = next.filter(|day| *day <= self.options.to);
        } else {
            for deal in self.deals.by_ref().take(PIECE) {
                add_deal(&mut piece, &self.options, &deal);
            }
            if piece.deals.is_empty() {
                return None;
            }
        }
        Some(piece)
    }
}

fn own(local: &str) -> NamedNode {
    NamedNode::new_unchecked(format!("{ID}{local}"))
}

fn player_id(player: u32) -> NamedNode {
    own(&format!("p{player}"))
}

fn concept(kebab: &str) -> NamedNode {
    NamedNode::new_unchecked(format!("{PM}{}", to_camel(kebab)))
}

fn labels(en: String, zh: String) -> Labels {
    let mut labels = Labels::default();
    labels.insert("en", &en);
    labels.insert("zh", &zh);
    labels
}

fn on(day: Day) -> Option<TimeSpan> {
    Some(TimeSpan::At(Period::Day(day)))
}

fn document(tier: Tier, day: Day) -> (NamedNode, Document) {
    let month = Period::Month(day.year(), day.month());
    let document = Document {
        title: Some(format!("The {tier} digest of {month}")),
        issued: Some(TimeSpan::At(month)),
        tier: Some(tier),
        ..Document::default()
    };
    (document_id(tier, day), document)
}

fn document_id(tier: Tier, day: Day) -> NamedNode {
    let month = Period::Month(day.year(), day.month());
    own(&format!("{tier}-{month}"))
}

/// Returns a claim of some document of the month in which it was said.
fn claim(about: &NamedNode, tier: Tier, day: Day, random: &mut Random) -> Claim {
    let mut claim = Claim::about(about.clone());
    claim.document = Some(document_id(tier, day));
    claim.asserted_by = claim.document.clone();
    claim.locator = Some(format!("p{}", 1 + random.below(400)));
    claim.said = on(day);
    claim
}

fn add_player(piece: &mut Records, options: &GenerateOptions, number: u32) {
    let id = player_id(number);
    let player_type = type_of(options.seed, number);
    let (en, zh) = words(player_type);
    let player = Player {
        player_type,
        labels: labels(format!("{en} {number}"), format!("{zh} {number}")),
        aliases: Vec::new(),
        note: None,
        part_of: None,
    };
    piece.players.insert(id.clone(), player);
    if player_type == PlayerType::Person || player_type == PlayerType::Government {
        return;
    }
    let mut random = Random::new(mixed(options.seed, 5), u64::from(number));
    if !random.percent(40) {
        return;
    }
    let revenue = random.log_normal(1e9, 1.5).clamp(1e6, 1e12);
    let last_year = Period::Year(options.to.year().saturating_sub(1).max(1));
    let today = Period::Day(options.to);
    let mut figures = vec![
        ("revenue", last_year, revenue),
        (
            "market-capitalisation",
            today,
            revenue * (1.0 + 9.0 * random.uniform()),
        ),
    ];
    if random.percent(30) {
        figures.push(("backlog", today, revenue * (0.2 + 2.0 * random.uniform())));
    }
    for (metric, period, value) in figures {
        let about = own(&format!("p{number}-{metric}"));
        let observation = Observation {
            subject: id.clone(),
            metric: concept(metric),
            period: Some(TimeSpan::At(period)),
            deal: None,
            part_of_total: None,
            labels: Labels::default(),
        };
        piece.observations.insert(about.clone(), observation);
        let tier = *random.weighted(TIERS);
        let mut claim = claim(&about, tier, options.to, &mut random);
        claim.quantity = Some(Quantity::exact(rounded(value), Unit::USD));
        let of = own(&format!("p{number}-{metric}-claim"));
        piece.claims.insert(of.into(), claim);
    }
}

fn add_deal(piece: &mut Records, options: &GenerateOptions, draft: &DealDraft) {
    let id = own(&format!("d{}", draft.number));
    let deal = Deal {
        labels: labels(
            format!("Deal {}", draft.number),
            format!("交易 {}", draft.number),
        ),
        announced: on(draft.announced),
        ..Deal::default()
    };
    piece.deals.insert(id.clone(), deal);
    let mut random = Random::new(mixed(options.seed, PURPOSE), draft.number);
    for edge in &draft.edges {
        add_edge(piece, &id, draft.announced, edge, &mut random);
    }
}

fn add_edge(
    piece: &mut Records,
    deal: &NamedNode,
    day: Day,
    draft: &EdgeDraft,
    random: &mut Random,
) {
    let id = own(&format!("e{}", draft.number));
    let edge = Edge {
        family: draft.kind.family,
        kind: Some(concept(draft.kind.name)),
        from: player_id(draft.from),
        to: player_id(draft.to),
        deal: Some(deal.clone()),
        since: on(day),
        until: None,
        part_of_total: None,
        components: Vec::new(),
        labels: Labels::default(),
    };
    let mut claims = Vec::with_capacity(draft.history.len() + 1);
    for (status, day) in &draft.history {
        let tier = *random.weighted(TIERS);
        let mut claim = claim(&id, tier, *day, random);
        claim.status = Some(*status);
        claim.modality = match status {
            Status::LetterOfIntent | Status::Planned => Modality::Plan,
            Status::Rumoured => Modality::Report,
            _ => Modality::Statement,
        };
        // A third of what is said comes from one of the two.
        claim.asserted_by = match random.below(6) {
            0 => Some(edge.from.clone()),
            1 => Some(edge.to.clone()),
            _ => claim.asserted_by,
        };
        if claims.is_empty() {
            claim.quantity = draft.quantity;
        }
        claims.push(claim);
    }
    if let Some(quantity) = draft.contested {
        // Of another tier than most, so that a policy has something to choose by.
        let mut claim = claim(&id, Tier::Blog, day, random);
        claim.modality = Modality::Estimate;
        claim.quantity = Some(quantity);
        claims.push(claim);
    }
    for (number, claim) in claims.into_iter().enumerate() {
        let of = own(&format!("e{}-claim-{}", draft.number, number + 1));
        piece.claims.insert(of.into(), claim);
    }
    piece.edges.insert(id, edge);
}
