//! "Did you mean": the names nearest to a misspelt one.

/// Returns up to three of the names that are near to what was typed, the nearest first, equal ones in alphabetical
/// order.
///
/// Near means at most two slips of the finger (an insertion, deletion, substitution or swap of neighbours), or one in
/// four letters of longer words; case does not count. O(n · a · b) for n names.
///
/// ```
/// use powermap_rdf::nearest;
/// assert_eq!(nearest("nvidai", ["amd", "nvidia"]), ["nvidia"]);
/// assert!(nearest("xyz", ["nvidia"]).is_empty());
/// ```
pub fn nearest<'a>(typed: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let typed = typed.trim().to_lowercase();
    let limit = (typed.chars().count() / 4).max(2);
    let mut near: Vec<_> = names
        .into_iter()
        .map(|name| (strsim::osa_distance(&typed, &name.to_lowercase()), name))
        .filter(|(distance, name)| *distance <= limit && *distance < name.chars().count())
        .collect();
    near.sort_unstable();
    near.dedup();
    near.truncate(3);
    near.into_iter().map(|(_, name)| name).collect()
}
