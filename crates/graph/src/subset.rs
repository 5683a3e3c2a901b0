//! A set of edges, as one bit for each edge of a graph.

/// A set of edges of one graph, to search a part of it without a copy.
///
/// Pass `|edge| subset.contains(edge)` wherever a kernel takes a `keep` function. One bit of memory per edge of the graph.
///
/// # Example
/// ```
/// use powermap_graph::Subset;
///
/// let even = Subset::of(5, |edge| edge % 2 == 0);
/// assert!(even.contains(4) && !even.contains(3));
/// assert_eq!(even.count(), 3);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subset {
    words: Box<[u64]>,
}

impl Subset {
    /// Collects the edges of `0..edge_count` for which `keep` holds; `keep` is called once for each edge.
    ///
    /// # Complexity
    /// O(m) time for m edges.
    pub fn of(edge_count: u32, keep: impl Fn(u32) -> bool) -> Self {
        let mut words = vec![0_u64; (edge_count as usize).div_ceil(64)].into_boxed_slice();
        for edge in 0..edge_count {
            words[edge as usize / 64] |= u64::from(keep(edge)) << (edge % 64);
        }
        Self { words }
    }

    /// Returns whether an edge is in the set; false for an edge that the graph does not have.
    #[inline]
    pub fn contains(&self, edge: u32) -> bool {
        self.words
            .get(edge as usize / 64)
            .is_some_and(|word| word >> (edge % 64) & 1 == 1)
    }

    /// Returns the number of edges in the set.
    pub fn count(&self) -> u32 {
        self.words.iter().map(|word| word.count_ones()).sum()
    }
}
