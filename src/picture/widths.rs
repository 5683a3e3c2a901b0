//! What the thickness of arrows shows: money, in the currency that most arrows are in.

use crate::model::lang::Lang;
use crate::model::quantity::Quantity;
use crate::model::unit::Unit;
use powermap_picture::{Arrow, WidthSample};
use std::collections::BTreeMap;

/// Sets the magnitudes of arrows from the money of each, and returns samples for the legend: round amounts near the
/// least and the most.
pub(crate) fn set_magnitudes(
    arrows: &mut [Arrow],
    money: &[Option<Quantity>],
    lang: Lang,
) -> Vec<WidthSample> {
    let mut counts: BTreeMap<Unit, usize> = BTreeMap::new();
    for quantity in money.iter().flatten() {
        *counts.entry(quantity.unit).or_default() += 1;
    }
    let Some((unit, _)) = counts.into_iter().max_by_key(|(_, count)| *count) else {
        return Vec::new();
    };
    for (arrow, quantity) in arrows.iter_mut().zip(money) {
        let quantity = quantity.filter(|quantity| quantity.unit == unit);
        let amount = quantity.and_then(|quantity| quantity.upper.or(quantity.lower));
        arrow.magnitude = amount.filter(|amount| *amount > 0.0);
    }
    let amounts = || arrows.iter().filter_map(|arrow| arrow.magnitude);
    let ends = [
        amounts().fold(f64::INFINITY, f64::min),
        amounts().fold(0.0, f64::max),
    ];
    if ends[0].is_infinite() {
        return Vec::new();
    }
    let mut rounded = ends
        .map(|end| libm::pow(10.0, libm::floor(libm::log10(end))))
        .to_vec();
    rounded.dedup();
    let sample = |amount| WidthSample {
        magnitude: amount,
        text: Quantity::exact(amount, unit).display(lang),
    };
    rounded.into_iter().map(sample).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use powermap_picture::Family;

    fn set(money: &[Option<Quantity>]) -> (Vec<Option<f64>>, Vec<String>) {
        let mut arrows = vec![Arrow::new(0, 1, Family::Investment); money.len()];
        let samples = set_magnitudes(&mut arrows, money, Lang::En);
        (
            arrows.into_iter().map(|arrow| arrow.magnitude).collect(),
            samples.into_iter().map(|sample| sample.text).collect(),
        )
    }

    #[test]
    fn one_currency_has_widths() {
        let euro: Unit = "EUR".parse().unwrap();
        let usd = |amount| Some(Quantity::exact(amount, Unit::USD));
        let (magnitudes, samples) = set(&[
            usd(3e9),
            None,
            Some(Quantity::exact(5e9, euro)),
            Some(Quantity::new(Some(1e8), None, Unit::USD, false).unwrap()),
        ]);
        assert_eq!(magnitudes, [Some(3e9), None, None, Some(1e8)]);
        assert_eq!(samples, ["$100 mn", "$1 bn"]);
        assert_eq!(set(&[None]).1, Vec::<String>::new());
        assert_eq!(set(&[usd(0.0)]), (vec![None], Vec::new()));
        assert_eq!(set(&[usd(2e9), usd(3e9)]).1, ["$1 bn"]);
    }
}
