//! A choice of edges: one bit each.

/// Some of the edges of a graph, as a cheap view of it.
///
/// ```
/// use powermap_graph::subset::Subset;
/// let even = Subset::of(5, |edge| edge % 2 == 0);
/// assert!(even.contains(4) && !even.contains(3));
/// assert_eq!(even.count(), 3);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subset {
    words: Box<[u64]>,
}

impl Subset {
    /// The edges out of `edge_count` for which a test holds. One pass.
    pub fn of(edge_count: u32, keep: impl Fn(u32) -> bool) -> Self {
        let mut words = vec![0_u64; (edge_count as usize).div_ceil(64)].into_boxed_slice();
        for edge in 0..edge_count {
            words[edge as usize / 64] |= u64::from(keep(edge)) << (edge % 64);
        }
        Self { words }
    }

    /// Whether an edge is in it; an edge that is not in the graph is not.
    #[inline]
    pub fn contains(&self, edge: u32) -> bool {
        self.words
            .get(edge as usize / 64)
            .is_some_and(|word| word >> (edge % 64) & 1 == 1)
    }

    /// How many edges are in it.
    pub fn count(&self) -> u32 {
        self.words.iter().map(|word| word.count_ones()).sum()
    }
}
