//! The deals of a made-up map as plain numbers.

use crate::model::generate::GenerateOptions;
use crate::model::generate::kinds::{self, EQUITY, Kind, Measured};
use crate::model::generate::player::{Ranks, type_of};
use crate::model::generate::random::{Random, rounded};
use crate::model::name::Status;
use crate::model::quantity::Quantity;
use crate::model::time::Day;
use crate::model::unit::Unit;

/// A deal: edges that begin on one day.
#[derive(Debug, Clone, PartialEq)]
pub struct DealDraft {
    /// The number of the deal, from 0.
    pub number: u64,
    /// When it was made known.
    pub announced: Day,
    /// Its edges, one to four.
    pub edges: Vec<EdgeDraft>,
}

/// An edge, with what is claimed of it.
#[derive(Debug, Clone, PartialEq)]
pub struct EdgeDraft {
    /// The number of the edge, from 0.
    pub number: u64,
    /// The player that acts.
    pub from: u32,
    /// The player acted upon.
    pub to: u32,
    /// What kind of edge it is.
    pub kind: &'static Kind,
    /// The amount, capacity, share or count, if it has one.
    pub quantity: Option<Quantity>,
    /// Another value that somebody claims on the same day.
    pub contested: Option<Quantity>,
    /// The statuses and the days on which they were reported, the first on the day of the deal.
    pub history: Vec<(Status, Day)>,
}

impl EdgeDraft {
    /// Returns the status reported last.
    pub fn status(&self) -> Status {
        self.history.last().map_or(Status::Announced, |last| last.0)
    }
}

/// The deals, one by one, until all edges are there.
#[derive(Debug, Clone)]
pub struct Deals {
    options: GenerateOptions,
    random: Random,
    ranks: Ranks,
    calendar: Vec<Day>,
    /// How many tenths of a percent of each player are still nobody's.
    unowned: Vec<u16>,
    units: Units,
    deal: u64,
    edge: u64,
}

/// The units other than currencies.
#[derive(Debug, Clone, Copy)]
struct Units {
    power: Unit,
    stocks: Unit,
    stake: Unit,
}

/// The purpose of the stream that the deals are drawn from.
const PURPOSE: u64 = 3;

/// How often a deal has one, two, three and four edges.
const SIZES: &[(u64, u64)] = &[(50, 1), (25, 2), (15, 3), (10, 4)];

/// The statuses that an edge can begin with.
const FIRST: &[(u64, Status)] = &[
    (10, Status::Rumoured),
    (10, Status::LetterOfIntent),
    (35, Status::Announced),
    (15, Status::Planned),
    (5, Status::Contingent),
    (15, Status::Committed),
    (10, Status::Completed),
];

/// The way up.
const LADDER: [Status; 7] = [
    Status::Rumoured,
    Status::LetterOfIntent,
    Status::Announced,
    Status::Planned,
    Status::Contingent,
    Status::Committed,
    Status::Completed,
];

impl Deals {
    pub(super) fn new(options: &GenerateOptions) -> Self {
        let days = std::iter::successors(Some(options.from), |day| day.after());
        let named = |code: &str| {
            let unit = Unit::named().find(|unit| unit.code() == code);
            unit.expect("a unit of the table of units")
        };
        Self {
            options: *options,
            random: Random::new(options.seed, PURPOSE),
            ranks: Ranks::new(options.players, options.seed),
            calendar: days.take_while(|day| *day <= options.to).collect(),
            unowned: vec![1000; options.players as usize],
            units: Units {
                power: named("GW"),
                stocks: named("shares"),
                stake: named("percent"),
            },
            deal: 0,
            edge: 0,
        }
    }

    fn player(&mut self) -> u32 {
        let exponent = 1.0 + self.options.skew;
        let rank = self.random.skewed(self.options.players, exponent);
        self.ranks.player(rank)
    }

    /// Returns a player that is not this one; the neighbour by number if the draw falls on it.
    fn other_than(&mut self, one: u32) -> u32 {
        let other = self.player();
        if other == one {
            (one + 1) % self.options.players
        } else {
            other
        }
    }

    fn edge(&mut self, from: u32, to: u32, day: usize) -> EdgeDraft {
        let seed = self.options.seed;
        let (a, b) = (type_of(seed, from), type_of(seed, to));
        let mut kind = kinds::between(a, b, &mut self.random);
        if kind.measure == Measured::Stake && self.unowned[to as usize] < 10 {
            kind = &EQUITY;
        }
        let quantity = self.quantity(kind.measure, to);
        let contested = quantity.filter(|_| self.random.percent(8));
        let contested = contested.and_then(|quantity| self.contested(quantity));
        let number = self.edge;
        self.edge += 1;
        EdgeDraft {
            number,
            from,
            to,
            kind,
            quantity,
            contested,
            history: self.history(day),
        }
    }

    fn quantity(&mut self, measure: Measured, to: u32) -> Option<Quantity> {
        match measure {
            Measured::Nothing => None,
            Measured::Money(median) => Some(self.money(median)),
            Measured::MoneyOrPower(median) => Some(if self.random.percent(50) {
                self.money(median)
            } else {
                // In tenths of a gigawatt.
                let tenths = rounded(self.random.log_normal(5.0, 1.0)).min(200.0);
                self.bounded(tenths, 10.0, self.units.power)
            }),
            Measured::Stake => {
                let left = u64::from(self.unowned[to as usize]);
                let stake = 1 + self.random.below((left / 2).max(1));
                self.unowned[to as usize] -= stake as u16;
                Some(Quantity::exact(stake as f64 / 10.0, self.units.stake))
            }
            Measured::Stocks => {
                let stocks = rounded(self.random.log_normal(2e7, 1.0));
                Some(self.bounded(stocks, 1.0, self.units.stocks))
            }
        }
    }

    /// Returns a sum of money around a median in millions.
    fn money(&mut self, median: f64) -> Quantity {
        let sum = self.random.log_normal(median * 1e6, 1.5).clamp(1e5, 1e12);
        let unit = *self.random.weighted(&[
            (90, Unit::USD),
            (5, Unit::Currency("EUR")),
            (3, Unit::Currency("CNY")),
            (2, Unit::Currency("GBP")),
        ]);
        self.bounded(rounded(sum), 1.0, unit)
    }

    /// Returns a value, exact or with bounds.
    fn bounded(&mut self, parts: f64, per_unit: f64, unit: Unit) -> Quantity {
        let value = parts / per_unit;
        let (lower, upper) = match self.random.below(10) {
            0..6 => (Some(value), Some(value)),
            6 | 7 => (None, Some(value)),
            8 => (Some(value), None),
            _ => (Some(value), Some(parts * 2.0 / per_unit)),
        };
        Quantity {
            lower,
            upper,
            unit,
            approximate: self.random.percent(5),
            lower_exclusive: false,
            upper_exclusive: false,
        }
    }

    /// Returns a lower value than one that is exact, which cannot be right as well.
    fn contested(&mut self, quantity: Quantity) -> Option<Quantity> {
        let value = quantity.point()?;
        Some(Quantity::exact(value / 2.0, quantity.unit))
    }

    /// Returns statuses from the day of the deal on: up the ladder, or off it at the end.
    fn history(&mut self, day: usize) -> Vec<(Status, Day)> {
        let mut status = *self.random.weighted(FIRST);
        let mut day = day;
        let mut history = vec![(status, self.calendar[day])];
        while history.len() < 4 && self.random.percent(40) {
            day += 20 + self.random.below(280) as usize;
            let Some(date) = self.calendar.get(day) else {
                break;
            };
            let rank = usize::from(status.rank().unwrap_or(1));
            let steps = LADDER.len() - rank;
            if steps == 0 {
                break;
            }
            if self.random.percent(10) {
                let end = [Status::Stalled, Status::Disputed, Status::Cancelled];
                history.push((end[self.random.below(3) as usize], *date));
                break;
            }
            status = LADDER[rank + self.random.below(steps as u64) as usize];
            history.push((status, *date));
        }
        history
    }
}

impl Iterator for Deals {
    type Item = DealDraft;

    fn next(&mut self) -> Option<DealDraft> {
        let left = self.options.edges.saturating_sub(self.edge);
        if left == 0 {
            return None;
        }
        let size = *self.random.weighted(SIZES);
        let day = self.random.below(self.calendar.len() as u64) as usize;
        let a = self.player();
        let b = self.other_than(a);
        let mut edges = Vec::with_capacity(size as usize);
        edges.push(self.edge(a, b, day));
        for _ in 1..size.min(left) {
            let (from, to) = match self.random.below(10) {
                0..4 => (b, a),
                4..7 => (a, self.other_than(a)),
                _ => (self.other_than(b), b),
            };
            let edge = self.edge(from, to, day);
            edges.push(edge);
        }
        let number = self.deal;
        self.deal += 1;
        Some(DealDraft {
            number,
            announced: self.calendar[day],
            edges,
        })
    }
}
