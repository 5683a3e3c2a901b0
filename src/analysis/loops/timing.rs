//! Loops along which time moves on.

use crate::analysis::loops::leg_graph::Leg;

/// Returns where a walk of hops can begin so that it respects time, and the legs that count then: those of each hop with
/// which legs of the others can be chosen so that time moves on within the window.
///
/// It can begin at the first hops, as many as `beginnings`, and goes on from the last hop to the first. Of several
/// beginnings the earliest is taken. A leg without a first day (`i32::MIN`) cannot be placed. O(L² d²) for L hops of d legs.
pub(super) fn in_time(
    hops: &[Vec<Leg>],
    beginnings: usize,
    day: impl Fn(&Leg) -> i32,
    window: u32,
) -> Option<(usize, Vec<Vec<Leg>>)> {
    let mut best: Option<(i32, usize)> = None;
    for (first, hop) in hops.iter().enumerate().take(beginnings) {
        for leg in hop {
            let start = day(leg);
            let is_earlier = best.is_none_or(|(known, _)| start < known);
            if start != i32::MIN && is_earlier && follows(hops, &day, first, start, window) {
                best = Some((start, first));
            }
        }
    }
    let (start, first) = best?;
    let order = (0..hops.len()).map(|step| (first + step) % hops.len());
    let mut legs = hops.to_vec();
    // What the hop before can begin with at the earliest, and what comes after at the latest.
    let mut earliest = start;
    for at in order.clone() {
        legs[at].retain(|leg| day(leg) >= earliest);
        earliest = legs[at].iter().map(&day).min()?;
    }
    let mut latest = i64::from(start) + i64::from(window);
    for at in order.rev() {
        legs[at].retain(|leg| i64::from(day(leg)) <= latest);
        latest = i64::from(legs[at].iter().map(&day).max()?);
    }
    Some((first, legs))
}

/// Returns whether the other hops have legs in order of time after a start, within the window.
fn follows(
    hops: &[Vec<Leg>],
    day: &impl Fn(&Leg) -> i32,
    first: usize,
    start: i32,
    window: u32,
) -> bool {
    let mut now = start;
    for step in 1..hops.len() {
        let hop = &hops[(first + step) % hops.len()];
        // The earliest that is not too early leaves the most room for those that follow.
        match hop.iter().map(day).filter(|next| *next >= now).min() {
            Some(next) => now = next,
            None => return false,
        }
    }
    i64::from(now) - i64::from(start) <= i64::from(window)
}

/// Returns what [`in_time`] does for a loop of two players, whose two legs have to fit each other: one trade gives legs both
/// ways on the same day, and is no loop.
pub(super) fn pair_in_time(
    hops: &[Vec<Leg>; 2],
    day: impl Fn(&Leg) -> i32,
    fits: impl Fn(&Leg, &Leg) -> bool,
    window: u32,
) -> Option<(usize, Vec<Vec<Leg>>)> {
    let until = |start: i32| i64::from(start) + i64::from(window);
    let pairs = |first: usize| {
        let (hops, day, fits) = (&hops, &day, &fits);
        hops[first].iter().flat_map(move |leg| {
            let next = hops[1 - first].iter();
            next.filter(move |next| {
                let (start, end) = (day(leg), day(next));
                start != i32::MIN
                    && end >= start
                    && i64::from(end) <= until(start)
                    && fits(leg, next)
            })
            .map(move |next| (*leg, *next))
        })
    };
    let starts = [0, 1].into_iter().flat_map(|first| {
        let starts = pairs(first).map(|(leg, _)| day(&leg));
        starts.min().map(|start| (start, first))
    });
    let (start, first) = starts.min()?;
    let mut legs = vec![Vec::new(); 2];
    for (leg, next) in pairs(first) {
        if i64::from(day(&next)) <= until(start) {
            legs[first].push(leg);
            legs[1 - first].push(next);
        }
    }
    for hop in &mut legs {
        hop.sort_unstable();
        hop.dedup();
    }
    Some((first, legs))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Legs are their own days.
    fn day(leg: &Leg) -> i32 {
        if *leg == 0 { i32::MIN } else { *leg as i32 }
    }

    #[test]
    fn the_earliest_beginning_from_which_time_moves_on() {
        let hops = vec![vec![30, 12], vec![10, 11], vec![20]];
        assert_eq!(
            in_time(&hops, 3, day, 100),
            // What began on day 12 does not follow on day 20.
            Some((1, vec![vec![30], vec![10, 11], vec![20]]))
        );
        // From 11 on: 20, then 30.
        assert_eq!(
            in_time(&hops, 3, day, 19),
            Some((1, vec![vec![30], vec![11], vec![20]]))
        );
        assert_eq!(in_time(&hops, 3, day, 18), None);
        // It can begin with the first hop only.
        assert_eq!(in_time(&hops, 1, day, 100), None);
        // On the same day is not earlier.
        assert_eq!(
            in_time(&[vec![5], vec![5]], 2, day, 0),
            Some((0, vec![vec![5], vec![5]]))
        );
        // What has no day cannot be placed.
        assert_eq!(in_time(&[vec![0], vec![5]], 2, day, 100), None);
    }

    #[test]
    fn two_legs_have_to_fit() {
        let hops = [vec![5, 9], vec![5, 7]];
        let all = |_: &Leg, _: &Leg| true;
        assert_eq!(
            pair_in_time(&hops, day, all, 9),
            Some((0, vec![vec![5], vec![5, 7]]))
        );
        // The two of day 5 are one trade.
        let fits = |a: &Leg, b: &Leg| a != b;
        assert_eq!(
            pair_in_time(&hops, day, fits, 9),
            Some((0, vec![vec![5], vec![7]]))
        );
        assert_eq!(pair_in_time(&hops, day, fits, 1), None);
        let turned = [vec![9], vec![5, 0]];
        assert_eq!(
            pair_in_time(&turned, day, fits, 4),
            Some((1, vec![vec![9], vec![5]]))
        );
    }
}
