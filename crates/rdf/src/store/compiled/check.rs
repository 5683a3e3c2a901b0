//! Validates columns of numbers before they are used as offsets or terms.

/// Returns whether numbers ascend, each of them once, below a limit.
pub(super) fn is_set(numbers: &[u32], limit: u32) -> bool {
    numbers.is_sorted_by(|a, b| a < b) && numbers.last().is_none_or(|last| *last < limit)
}

/// Returns whether these are the ends of ranges that are not empty and that make up `0..len` together.
pub(super) fn is_partition(offsets: &[u32], len: usize) -> bool {
    offsets.first() == Some(&0)
        && offsets.is_sorted_by(|a, b| a < b)
        && offsets.last().is_some_and(|last| *last as usize == len)
}

/// Returns whether the numbers of each range ascend, each of them once, below a limit.
pub(super) fn are_sets(offsets: &[u32], numbers: &[u32], limit: u32) -> bool {
    offsets.windows(2).all(|ends| {
        numbers
            .get(ends[0] as usize..ends[1] as usize)
            .is_some_and(|range| is_set(range, limit))
    })
}
