//! The bounds of all stakes, checked and tightened.

use crate::error::{GraphError, check_weight_count};
use crate::graph::Graph;

/// Shares that sum to more than 1 by no more than this sum to 1: somebody has rounded.
const ROUNDING: f64 = 1e-9;

/// A rest of a company that is smaller than this is no rest.
const REST_MIN: f64 = 1e-12;

/// The share of each edge's target that its source holds, within bounds: what [`Graph`] is to a network, this is to who
/// owns whom.
///
/// Parallel edges are stakes beside each other and add up; the sum stands on the first of them, and the others count 0.
/// A loop is what a company holds in itself.
///
/// **Tightened bounds.** The owners of a company cannot hold more than the whole of it, so each holds at most what the
/// sure holdings of the others leave: the upper bound of owner i is the least of its sum and 1 − Σ l(j) over all other
/// owners j. Every way to fill the bounds that does not hand out more than the whole keeps to that.
///
/// **Shares above one.** Where even the lower bounds sum to more than 1, at least one of them is wrong. Such a company is
/// [`Shares::oversubscribed`]: its lower bounds are scaled down in proportion so that they sum to 1, and its upper bounds
/// stay as they are, at most 1. A sum that exceeds 1 by rounding only (10⁻⁹) is scaled and not marked. An unknown rest
/// of a company is nobody's: shares may sum to less than 1.
///
/// 16 bytes for each edge (8 if all shares are known exactly) and 8 for each node.
#[derive(Debug, Clone, PartialEq)]
pub struct Shares {
    lower: Vec<f64>,
    /// Empty if it is the same as `lower`.
    upper: Vec<f64>,
    /// How much of each company surely has an owner; 0 where that cannot be said because the bounds contradict it.
    taken: Vec<f64>,
    /// Whether some bound is 0.
    have_zeros: bool,
    oversubscribed: Vec<u32>,
}

impl Shares {
    /// Checks and tightens bounds by edge id, as fractions of the edge's target.
    ///
    /// # Errors
    /// Not one share for each edge, or bounds that are not two numbers 0 ≤ lower ≤ upper ≤ 1.
    ///
    /// # Complexity
    /// O(n + m) time and space.
    ///
    /// # Example
    /// ```
    /// use powermap_graph::graph::Graph;
    /// use powermap_graph::ownership::Shares;
    /// let (graph, _) = Graph::from_edges(3, &[0, 1], &[2, 2])?;
    /// let shares = Shares::new(&graph, &[0.25, 0.5], &[0.5, 0.9])?;
    /// // 0 holds 0.25 at least, which leaves 0.75 to 1.
    /// assert_eq!(shares.bounds(1), (0.5, 0.75));
    /// # Ok::<(), powermap_graph::error::GraphError>(())
    /// ```
    pub fn new(graph: &Graph, lower: &[f64], upper: &[f64]) -> Result<Self, GraphError> {
        check_weight_count(lower.len(), graph.edge_count())?;
        check_weight_count(upper.len(), graph.edge_count())?;
        let bad = |(l, u): (&f64, &f64)| !(*l >= 0.0 && l <= u && *u <= 1.0);
        if let Some(edge) = lower.iter().zip(upper).position(bad) {
            return Err(GraphError::BadShare {
                edge: edge as u32,
                lower: lower[edge].to_string(),
                upper: upper[edge].to_string(),
            });
        }
        let mut this = Self {
            lower: vec![0.0; lower.len()],
            upper: vec![0.0; upper.len()],
            taken: vec![0.0; graph.node_count() as usize],
            have_zeros: false,
            oversubscribed: Vec::new(),
        };
        for company in 0..graph.node_count() {
            this.settle(graph, company, lower, upper);
        }
        // No upper bound is 0 if no lower one is.
        this.have_zeros = this.lower.contains(&0.0);
        if this.lower == this.upper {
            this.upper = Vec::new();
        }
        Ok(this)
    }

    /// Adds up and tightens what is held in one company.
    fn settle(&mut self, graph: &Graph, company: u32, lower: &[f64], upper: &[f64]) {
        let edges = graph.in_edges(company);
        let mut previous = None;
        let mut total = 0.0;
        // Parallel edges stand together.
        for (owner, edge) in graph.sources_of(company).iter().zip(edges) {
            let first = match previous {
                Some((same, first)) if same == owner => first,
                _ => *edge,
            };
            previous = Some((owner, first));
            self.lower[first as usize] += lower[*edge as usize];
            self.upper[first as usize] += upper[*edge as usize];
            total += lower[*edge as usize];
        }
        let contradictory = total > 1.0 + ROUNDING;
        for edge in edges {
            let (lower, upper) = (
                &mut self.lower[*edge as usize],
                &mut self.upper[*edge as usize],
            );
            let left = if contradictory {
                1.0
            } else {
                1.0 - (total - *lower)
            };
            if total > 1.0 {
                *lower /= total;
            }
            // What is left after rounding only is nothing.
            let left = if left < REST_MIN { 0.0 } else { left };
            *upper = upper.min(left).max(*lower);
        }
        if contradictory {
            self.oversubscribed.push(company);
        } else {
            self.taken[company as usize] = total.min(1.0);
        }
    }

    /// The tightened bounds of an edge; those of all its parallel edges together on the first of them.
    pub fn bounds(&self, edge: u32) -> (f64, f64) {
        (self.lower[edge as usize], self.upper()[edge as usize])
    }

    /// The companies whose lower bounds sum to more than 1, sorted.
    pub fn oversubscribed(&self) -> &[u32] {
        &self.oversubscribed
    }

    /// Whether every share is known exactly.
    pub(super) fn are_points(&self) -> bool {
        self.upper.is_empty()
    }

    /// Whether some edges have no share, by one bound at least.
    pub(super) fn have_zeros(&self) -> bool {
        self.have_zeros
    }

    pub(super) fn lower(&self) -> &[f64] {
        &self.lower
    }

    pub(super) fn upper(&self) -> &[f64] {
        if self.are_points() {
            &self.lower
        } else {
            &self.upper
        }
    }

    /// How much of a company surely has an owner.
    pub(super) fn taken(&self, company: u32) -> f64 {
        self.taken[company as usize]
    }

    /// Fails unless these are the shares of that graph, as far as the number of edges tells.
    pub(super) fn check_graph(&self, graph: &Graph) -> Result<(), GraphError> {
        check_weight_count(self.lower.len(), graph.edge_count())?;
        check_weight_count(self.upper().len(), graph.edge_count())
    }
}
