//! Loops along which time moves on.

use crate::analysis::loops::leg_graph::Leg;

/// Returns where a loop can begin so that it respects time, and the legs that count then: those of each hop with which
/// legs of the others can be chosen so that time moves on within the window.
///
/// Of several beginnings the earliest is taken. A leg without a first day (`i32::MIN`) cannot be placed. O(L² d²) for L
/// hops of d legs.
pub(super) fn in_time(
    hops: &[Vec<Leg>],
    day: impl Fn(&Leg) -> i32,
    window: u32,
) -> Option<(usize, Vec<Vec<Leg>>)> {
    let mut best: Option<(i32, usize)> = None;
    for (first, hop) in hops.iter().enumerate() {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_earliest_beginning_from_which_time_moves_on() {
        // Legs are their own days.
        let day = |leg: &Leg| if *leg == 0 { i32::MIN } else { *leg as i32 };
        let hops = vec![vec![30, 12], vec![10, 11], vec![20]];
        assert_eq!(
            in_time(&hops, day, 100),
            // What began on day 12 does not follow on day 20.
            Some((1, vec![vec![30], vec![10, 11], vec![20]]))
        );
        // From 11 on: 20, then 30.
        assert_eq!(
            in_time(&hops, day, 19),
            Some((1, vec![vec![30], vec![11], vec![20]]))
        );
        assert_eq!(in_time(&hops, day, 18), None);
        // On the same day is not earlier.
        assert_eq!(
            in_time(&[vec![5], vec![5]], day, 0),
            Some((0, vec![vec![5], vec![5]]))
        );
        // What has no day cannot be placed.
        assert_eq!(in_time(&[vec![0], vec![5]], day, 100), None);
    }
}
