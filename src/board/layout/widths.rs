//! How thick arrows are.

use crate::board::scene::{Arrow, Scene};
use crate::model::lang::Lang;
use crate::model::name::Family;
use crate::model::quantity::Quantity;
use crate::model::unit::{Measure, Unit};
use std::collections::BTreeMap;

/// How thick arrows are: by the money, where it is in the currency that most arrows are in.
pub(crate) struct Widths {
    unit: Option<Unit>,
    least: f64,
    most: f64,
}

impl Widths {
    pub(crate) fn of(scene: &Scene) -> Self {
        let mut counts: BTreeMap<Unit, usize> = BTreeMap::new();
        for arrow in &scene.arrows {
            if let Some(quantity) = money(arrow) {
                *counts.entry(quantity.unit).or_default() += 1;
            }
        }
        let unit = counts
            .iter()
            .max_by_key(|(_, count)| **count)
            .map(|(unit, _)| *unit);
        let amounts = || {
            scene
                .arrows
                .iter()
                .filter_map(|arrow| magnitude(arrow, unit))
        };
        Self {
            unit,
            least: amounts().fold(f64::INFINITY, f64::min),
            most: amounts().fold(0.0, f64::max),
        }
    }

    pub(crate) fn arrow(&self, arrow: &Arrow) -> f64 {
        match magnitude(arrow, self.unit) {
            Some(amount) => thickness(amount),
            None if arrow.family == Family::Influence => 1.1,
            None => 1.6,
        }
    }

    /// Two samples for the legend: round amounts near the least and the most.
    pub(crate) fn samples(&self, lang: Lang) -> Vec<(f64, String)> {
        let Some(unit) = self.unit else {
            return Vec::new();
        };
        let round = |amount: f64| libm::pow(10.0, libm::floor(libm::log10(amount)));
        let mut amounts = vec![round(self.least), round(self.most)];
        amounts.dedup();
        amounts
            .into_iter()
            .map(|amount| {
                (
                    thickness(amount),
                    Quantity::exact(amount, unit).display(lang),
                )
            })
            .collect()
    }
}

fn money(arrow: &Arrow) -> Option<&Quantity> {
    let is_money = |quantity: &&Quantity| quantity.unit.measure() == Measure::Amount;
    arrow
        .values
        .iter()
        .map(|value| &value.quantity)
        .find(is_money)
}

fn magnitude(arrow: &Arrow, unit: Option<Unit>) -> Option<f64> {
    let quantity = money(arrow).filter(|quantity| Some(quantity.unit) == unit)?;
    quantity
        .upper
        .or(quantity.lower)
        .filter(|amount| *amount > 0.0)
}

/// One and a quarter units more for ten times the amount, from ten million on.
fn thickness(amount: f64) -> f64 {
    (1.3 + 1.15 * (libm::log10(amount) - 8.0)).clamp(1.3, 7.0)
}
