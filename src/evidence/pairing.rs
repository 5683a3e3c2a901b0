//! Which row of one answer is which row of another.

use serde_json::Value;
use std::collections::BTreeMap;

/// Rows as places in two lists: those that are the same, and those that changed, went or came.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Pairs {
    /// The rows with the same values.
    pub(crate) same: Vec<(usize, usize)>,
    /// All other rows; a pair is a row that changed.
    pub(crate) changed: Vec<(Option<usize>, Option<usize>)>,
}

/// Pairs rows with the same values, whatever their order; then, among those with the same first value, the ones that
/// have the most values in common, the first ones first.
///
/// O(n log n), and O(k²) for k changed rows with one first value.
pub(crate) fn pairs(before: &[&[Value]], after: &[&[Value]]) -> Pairs {
    let mut found = Pairs::default();
    let key = |row: &[Value]| Value::from(row.to_vec()).to_string();
    let mut waiting: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (place, row) in after.iter().enumerate().rev() {
        waiting.entry(key(row)).or_default().push(place);
    }
    let mut left: BTreeMap<String, [Vec<usize>; 2]> = BTreeMap::new();
    let first = |row: &[Value]| row.first().map_or_else(String::new, Value::to_string);
    for (place, row) in before.iter().enumerate() {
        match waiting.get_mut(&key(row)).and_then(Vec::pop) {
            Some(other) => found.same.push((place, other)),
            None => left.entry(first(row)).or_default()[0].push(place),
        }
    }
    let mut new: Vec<usize> = waiting.into_values().flatten().collect();
    new.sort_unstable();
    for place in new {
        left.entry(first(after[place])).or_default()[1].push(place);
    }
    for [mut gone, mut new] in left.into_values() {
        let common = |one: usize, other: usize| {
            let values = before[one].iter().zip(after[other]);
            values.filter(|(one, other)| one == other).count()
        };
        while !gone.is_empty() && !new.is_empty() {
            let (mut best, mut most) = ((0, 0), 0);
            for (one, old) in gone.iter().enumerate() {
                for (other, new) in new.iter().enumerate() {
                    let shared = common(*old, *new);
                    if shared > most {
                        (best, most) = ((one, other), shared);
                    }
                }
            }
            let (one, other) = best;
            found
                .changed
                .push((Some(gone.remove(one)), Some(new.remove(other))));
        }
        found
            .changed
            .extend(gone.into_iter().map(|row| (Some(row), None)));
        found
            .changed
            .extend(new.into_iter().map(|row| (None, Some(row))));
    }
    found.changed.sort_unstable_by_key(|(before, after)| {
        (before.is_none(), before.unwrap_or(0), after.unwrap_or(0))
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn rows_are_paired_by_what_they_have_in_common() {
        let row = |values: Value| values.as_array().cloned().unwrap_or_default();
        let before = [
            row(json!(["a", "no", 1])),
            row(json!(["b", "no", 2])),
            row(json!(["a", "certain", 3])),
            row(json!(["c", "no", 4])),
        ];
        let after = [
            row(json!(["d", "no", 5])),
            row(json!(["a", "certain", 6])),
            row(json!(["b", "no", 2])),
            row(json!(["a", "no", 7])),
        ];
        let slices =
            |rows: &'static [Vec<Value>]| rows.iter().map(Vec::as_slice).collect::<Vec<_>>();
        let (before, after) = (before.to_vec().leak(), after.to_vec().leak());
        let found = pairs(&slices(before), &slices(after));
        assert_eq!(found.same, [(1, 2)]);
        assert_eq!(
            found.changed,
            [
                (Some(0), Some(3)),
                (Some(2), Some(1)),
                (Some(3), None),
                (None, Some(0))
            ]
        );
    }
}
