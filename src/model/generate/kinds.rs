//! Which kinds of edges there are, how frequent they are between which players, and what their values look like.

use crate::model::generate::random::Random;
use crate::model::name::{Family, PlayerType};

/// A kind of the ontology as the generator uses it.
#[derive(Debug, PartialEq)]
pub struct Kind {
    /// The family that it belongs to.
    pub family: Family,
    /// Its name in tables, such as `credit-line`.
    pub name: &'static str,
    pub(super) measure: Measured,
}

/// What a kind of edge is measured in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Measured {
    Nothing,
    /// Money, with the median in millions.
    Money(f64),
    /// Money with the median in millions, or half of the time electric power.
    MoneyOrPower(f64),
    Stake,
    Stocks,
}

const fn kind(family: Family, name: &'static str, measure: Measured) -> Kind {
    Kind {
        family,
        name,
        measure,
    }
}

/// Stands in for a stake of which nothing is left.
pub(super) const EQUITY: Kind = kind(Family::Investment, "equity", Measured::Money(200.0));

const INVESTMENT: &[(u64, Kind)] = &[
    (30, EQUITY),
    (16, kind(Family::Investment, "ownership", Measured::Stake)),
    (4, kind(Family::Investment, "warrant", Measured::Stocks)),
    (15, kind(Family::Investment, "loan", Measured::Money(300.0))),
    (
        6,
        kind(Family::Investment, "credit-line", Measured::Money(500.0)),
    ),
    (
        20,
        kind(Family::Investment, "funding", Measured::Money(50.0)),
    ),
    (
        5,
        kind(Family::Investment, "acquisition", Measured::Money(800.0)),
    ),
    (
        4,
        kind(Family::Investment, "guarantee", Measured::Money(150.0)),
    ),
];

const SUPPLY: &[(u64, Kind)] = &[
    (
        22,
        kind(Family::Supply, "chips", Measured::MoneyOrPower(300.0)),
    ),
    (8, kind(Family::Supply, "memory", Measured::Money(200.0))),
    (
        30,
        kind(Family::Supply, "cloud", Measured::MoneyOrPower(400.0)),
    ),
    (
        18,
        kind(Family::Supply, "data-centre", Measured::MoneyOrPower(600.0)),
    ),
    (
        14,
        kind(Family::Supply, "development", Measured::Money(20.0)),
    ),
    (8, kind(Family::Supply, "licence", Measured::Money(30.0))),
];

const OF_A_PERSON: &[(u64, Kind)] = &[
    (22, kind(Family::Influence, "leadership", Measured::Nothing)),
    (10, kind(Family::Influence, "founding", Measured::Nothing)),
    (22, kind(Family::Influence, "employment", Measured::Nothing)),
    (30, kind(Family::Influence, "board-seat", Measured::Nothing)),
    (10, kind(Family::Influence, "backing", Measured::Nothing)),
    (6, kind(Family::Influence, "opposition", Measured::Nothing)),
];

const OF_AN_ORGANISATION: &[(u64, Kind)] = &[
    (
        40,
        kind(Family::Influence, "partnership", Measured::Nothing),
    ),
    (
        24,
        kind(Family::Influence, "competition", Measured::Nothing),
    ),
    (14, kind(Family::Influence, "backing", Measured::Nothing)),
    (12, kind(Family::Influence, "leverage", Measured::Nothing)),
    (10, kind(Family::Influence, "control", Measured::Nothing)),
];

/// Returns the kind of an edge between two players: nobody invests in a person, and only makers of things supply.
pub(super) fn between(from: PlayerType, to: PlayerType, random: &mut Random) -> &'static Kind {
    let (investment, supply) = match (from, to) {
        (_, PlayerType::Person) => (0, 0),
        (PlayerType::Person, _) => (25, 0),
        (PlayerType::Fund | PlayerType::Bank, _) => (90, 0),
        (PlayerType::Government, _) => (50, 0),
        _ => (35, 50),
    };
    let draw = random.below(100);
    let list = if draw < investment {
        INVESTMENT
    } else if draw < investment + supply {
        SUPPLY
    } else if from == PlayerType::Person {
        OF_A_PERSON
    } else {
        OF_AN_ORGANISATION
    };
    random.weighted(list)
}
