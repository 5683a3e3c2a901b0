//! What kind of loop it is.

use crate::model::name::{Family, Flow};
use crate::words::Message;
use std::fmt;

/// The type of a loop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LoopType {
    /// Two players; cash goes out as an investment and comes back for goods or services, or as an investment too.
    RoundTrip,
    /// Two players; one gives equity, or a right to it, and the other pays the first for goods or services.
    EquityForPurchase,
    /// Two players who pay each other for goods or services.
    MutualTrade,
    /// Three players or more.
    MultiParty,
    /// Two players, otherwise: something other than cash and equity is among the legs that close it.
    Other,
    /// One leg is missing.
    Near,
}

impl LoopType {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::RoundTrip,
        Self::EquityForPurchase,
        Self::MutualTrade,
        Self::MultiParty,
        Self::Other,
        Self::Near,
    ];

    /// Returns the rule. `hops` has, for each hop, the family and the flow of each of its legs.
    ///
    /// Cash both ways is a round trip if any of it is an investment, and a mutual trade if all of it pays for supplies.
    /// Failing cash both ways, equity one way and cash for a supply the other is equity for purchase.
    pub(super) fn of(hops: &[Vec<(Family, Flow)>]) -> Self {
        let [there, back] = hops else {
            return Self::MultiParty;
        };
        let has = |hop: &[(Family, Flow)], wanted: (Family, Flow)| hop.contains(&wanted);
        let has_cash = |hop: &[(Family, Flow)]| hop.iter().any(|(_, flow)| *flow == Flow::Cash);
        let invests = |hop: &[(Family, Flow)]| has(hop, (Family::Investment, Flow::Cash));
        let pays = |hop: &[(Family, Flow)]| has(hop, (Family::Supply, Flow::Cash));
        let gives_equity = |hop: &[(Family, Flow)]| has(hop, (Family::Investment, Flow::Equity));
        if has_cash(there) && has_cash(back) {
            return match invests(there) || invests(back) {
                true => Self::RoundTrip,
                false => Self::MutualTrade,
            };
        }
        let is_sold =
            |equity: &[(Family, Flow)], cash: &[(Family, Flow)]| gives_equity(equity) && pays(cash);
        match is_sold(there, back) || is_sold(back, there) {
            true => Self::EquityForPurchase,
            false => Self::Other,
        }
    }

    /// Returns its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::RoundTrip => "round-trip",
            Self::EquityForPurchase => "equity-for-purchase",
            Self::MutualTrade => "mutual-trade",
            Self::MultiParty => "multi-party",
            Self::Other => "other",
            Self::Near => "near",
        }
    }

    pub(crate) fn word(self) -> Message {
        match self {
            Self::RoundTrip => Message::RoundTrip,
            Self::EquityForPurchase => Message::EquityForPurchase,
            Self::MutualTrade => Message::MutualTrade,
            Self::MultiParty => Message::MultiParty,
            Self::Other => Message::OtherLoop,
            Self::Near => Message::NearLoop,
        }
    }
}

impl fmt::Display for LoopType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_type_follows_from_what_goes_which_way() {
        let invested = (Family::Investment, Flow::Cash);
        let (warrant, paid) = (
            (Family::Investment, Flow::Equity),
            (Family::Supply, Flow::Cash),
        );
        let of = |there: &[_], back: &[_]| LoopType::of(&[there.to_vec(), back.to_vec()]);
        assert_eq!(of(&[invested], &[paid]), LoopType::RoundTrip);
        assert_eq!(of(&[paid], &[invested, warrant]), LoopType::RoundTrip);
        assert_eq!(of(&[invested], &[invested]), LoopType::RoundTrip);
        assert_eq!(of(&[warrant], &[paid]), LoopType::EquityForPurchase);
        assert_eq!(of(&[paid], &[warrant]), LoopType::EquityForPurchase);
        assert_eq!(of(&[paid], &[paid]), LoopType::MutualTrade);
        assert_eq!(of(&[warrant], &[invested]), LoopType::Other);
        assert_eq!(LoopType::of(&vec![vec![invested]; 3]), LoopType::MultiParty);
    }
}
