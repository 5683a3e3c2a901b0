//! From the words of the model to those of a picture.

use crate::model::lang::Lang;
use crate::model::name::{Family, PlayerType};
use crate::model::quantity::Quantity;
use crate::model::view::View;
use powermap_picture::{Amount, Stamp};

impl From<Lang> for powermap_picture::Lang {
    fn from(lang: Lang) -> Self {
        match lang {
            Lang::En => Self::En,
            Lang::Zh => Self::Zh,
        }
    }
}

impl From<Family> for powermap_picture::Family {
    fn from(family: Family) -> Self {
        match family {
            Family::Investment => Self::Investment,
            Family::Supply => Self::Supply,
            Family::Influence => Self::Influence,
        }
    }
}

impl From<PlayerType> for powermap_picture::PlayerType {
    fn from(kind: PlayerType) -> Self {
        match kind {
            PlayerType::Person => Self::Person,
            PlayerType::Company => Self::Company,
            PlayerType::Fund => Self::Fund,
            PlayerType::Bank => Self::Bank,
            PlayerType::Government => Self::Government,
            PlayerType::Venture => Self::Venture,
            PlayerType::Group => Self::Group,
            PlayerType::Voice => Self::Voice,
            PlayerType::Product => Self::Product,
        }
    }
}

/// Returns a quantity as it is printed in a language.
pub(crate) fn amount(quantity: &Quantity, lang: Lang) -> Amount {
    let text = quantity.display(lang);
    let Quantity { lower, upper, .. } = *quantity;
    let mut amount = Amount::between(lower, upper, quantity.unit.code(), text);
    amount.approximate = quantity.approximate;
    amount
}

/// Returns the days and the rule of a view as text.
pub(crate) fn stamp(view: &View) -> Stamp {
    let mut stamp = Stamp::default();
    stamp.as_of = view.as_of.map(|day| day.to_string());
    stamp.known_by = view.known_by.map(|day| day.to_string());
    stamp.policy = view.policy.name().to_owned();
    stamp
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names of both sides are one vocabulary: JSON and the network formats show them.
    #[test]
    fn names_stay_the_same() {
        for family in Family::ALL {
            let other = powermap_picture::Family::from(*family);
            assert_eq!(other.name(), family.name());
        }
        for kind in PlayerType::ALL {
            let other = powermap_picture::PlayerType::from(*kind);
            assert_eq!(other.name(), kind.name());
        }
        for lang in [Lang::En, Lang::Zh] {
            assert_eq!(powermap_picture::Lang::from(lang).tag(), lang.tag());
        }
        assert_eq!(stamp(&View::default()), Stamp::default());
    }
}
