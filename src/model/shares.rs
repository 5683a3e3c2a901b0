//! What several edges between an owner and a company come to as a share: one rule for control and for the picture.

use crate::model::name::{Flow, Status};
use crate::model::quantity::Quantity;
use std::collections::BTreeMap;

/// How far a share is its owner's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tenure {
    /// It is held.
    Held,
    /// It is planned, announced, contingent: it may come to nothing.
    Planned,
    /// It is a right to shares that may never be used: a warrant, an option.
    Right,
}

impl Tenure {
    /// Returns how far a share of a status is its owner's; one of which nobody says the status is held.
    pub(crate) fn of(is_right: bool, status: Option<Status>) -> Self {
        match status {
            _ if is_right => Self::Right,
            Some(status) if !status.is_binding() => Self::Planned,
            _ => Self::Held,
        }
    }
}

/// Returns whether an edge that carries and returns these is a right to shares, which gives none before it is used: a warrant,
/// an option, a grant.
pub(crate) fn is_right_to_shares(carries: Option<Flow>, returns: Option<Flow>) -> bool {
    returns == Some(Flow::Equity) && carries.is_none()
}

/// Returns the share that some edges of an owner come to, each with its kind: at least the most that one kind says is held,
/// since kinds may tell of the same shares twice, and at most all together, up to the whole. Nothing where none has a share.
///
/// `sum` adds the edges of a set up, totals and their parts once.
pub(crate) fn held<K: Ord, E: Copy>(
    edges: impl IntoIterator<Item = (K, E, Tenure)>,
    sum: impl Fn(&[E]) -> Option<Quantity>,
) -> Option<Quantity> {
    let (mut all, mut by_kind) = (Vec::new(), BTreeMap::<K, Vec<E>>::new());
    for (kind, edge, tenure) in edges {
        all.push(edge);
        if tenure == Tenure::Held {
            by_kind.entry(kind).or_default().push(edge);
        }
    }
    let all = sum(&all)?;
    let whole = (all.unit.code().starts_with("percent")).then_some(100.0);
    let held = by_kind.values().filter_map(|edges| sum(edges));
    let least = held
        .filter_map(|held| Some((held.lower?, held.lower_exclusive)))
        .max_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let (lower, lower_exclusive) = least.unzip();
    let most = match (all.upper, whole) {
        (Some(upper), Some(whole)) => Some(upper.min(whole)),
        (upper, _) => upper,
    };
    // More than the whole can be stated to be held.
    let upper = most.map(|most| lower.map_or(most, |lower| most.max(lower)));
    Some(Quantity {
        lower,
        upper,
        lower_exclusive: lower_exclusive.unwrap_or(false),
        upper_exclusive: all.upper_exclusive && upper == all.upper,
        ..all
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::unit::Unit;
    use Tenure::{Held, Planned, Right};

    fn share(edges: &[(&str, f64, Tenure)]) -> Option<(Option<f64>, Option<f64>)> {
        let (percent, _) = Unit::parse_scaled("percent").unwrap();
        let sum = |places: &[usize]| {
            let values = places.iter().map(|place| edges[*place].1);
            (!places.is_empty()).then(|| Quantity::exact(values.sum(), percent))
        };
        let places = edges.iter().enumerate();
        let found = held(
            places.map(|(at, (kind, _, tenure))| (*kind, at, *tenure)),
            sum,
        );
        found.map(|share| (share.lower, share.upper))
    }

    #[test]
    fn what_is_held_is_the_least_and_all_together_the_most() {
        assert_eq!(share(&[]), None);
        let stake = ("ownership", 40.0, Held);
        assert_eq!(share(&[stake]), Some((Some(40.0), Some(40.0))));
        let more = [stake, ("warrant", 20.0, Right), ("equity", 15.0, Planned)];
        assert_eq!(share(&more), Some((Some(40.0), Some(75.0))));
        // Shares that may be told twice by another kind.
        let twice = [stake, ("equity", 30.0, Held)];
        assert_eq!(share(&twice), Some((Some(40.0), Some(70.0))));
        let same = [stake, ("ownership", 30.0, Held)];
        assert_eq!(share(&same), Some((Some(70.0), Some(70.0))));
        assert_eq!(share(&[("option", 20.0, Right)]), Some((None, Some(20.0))));
        let above = [stake, ("equity", 90.0, Planned)];
        assert_eq!(share(&above), Some((Some(40.0), Some(100.0))));
    }
}
