//! The bounds of all shares, checked and tightened.

use crate::error::{GraphError, check_weight_count};
use crate::graph::Graph;

/// A sum of shares may exceed 1 by this much through rounding.
const ROUNDING: f64 = 1e-9;

/// A remainder of a company below this is rounding error.
const REST_MIN: f64 = 1e-12;

/// The shares of a graph of owners and companies, within bounds: each edge leads from an owner to a company, and stands for
/// a fraction of the company.
///
/// Parallel edges add up; the first of them carries the sum, and the others count 0. A self-loop is the share that a
/// company holds in itself. Shares of a company may sum to less than 1; the rest belongs to nobody.
///
/// **Tightened bounds.** The shares of a company cannot sum to more than 1, so the upper bound of owner i is the lesser of
/// its own upper bound and 1 − Σ l(j), over the lower bounds l(j) of all other owners j.
///
/// **Contradictory bounds.** If even the lower bounds of a company sum to more than 1, at least one of them is wrong, and
/// the company is [oversubscribed](Shares::oversubscribed): its lower bounds are scaled to a sum of 1, and its upper bounds
/// are only limited to 1. A sum above 1 by no more than 10⁻⁹ counts as rounding: it is scaled, and the company is not
/// oversubscribed.
///
/// Memory: 16 bytes for each edge (8 if all shares are exact) and 8 for each node.
#[derive(Debug, Clone, PartialEq)]
pub struct Shares {
    lower: Vec<f64>,
    /// Empty if equal to `lower`.
    upper: Vec<f64>,
    /// The part of each company that certainly has an owner; 0 for a company with contradictory bounds.
    taken: Vec<f64>,
    /// Says whether some bound is 0.
    have_zeros: bool,
    oversubscribed: Vec<u32>,
}

impl Shares {
    /// Checks and tightens the bounds of each edge, by edge id, as fractions of the edge's target.
    ///
    /// Pass the same slice twice for exact shares.
    ///
    /// # Errors
    /// [`GraphError::WeightCount`] unless there is one share for each edge, [`GraphError::BadShare`] unless
    /// 0 ≤ lower ≤ upper ≤ 1 for each.
    ///
    /// # Complexity
    /// O(n + m) time and space.
    ///
    /// # Example
    /// ```
    /// use powermap_graph::{Graph, Shares};
    ///
    /// let (graph, _) = Graph::from_edges(3, &[0, 1], &[2, 2])?;
    /// let shares = Shares::new(&graph, &[0.25, 0.5], &[0.5, 0.9])?;
    /// // Node 0 holds at least 0.25, which leaves at most 0.75 to node 1.
    /// assert_eq!(shares.bounds(1), (0.5, 0.75));
    /// # Ok::<(), powermap_graph::GraphError>(())
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

    /// Adds up and tightens the shares of one company.
    fn settle(&mut self, graph: &Graph, company: u32, lower: &[f64], upper: &[f64]) {
        let edges = graph.in_edges(company);
        let mut previous = None;
        let mut total = 0.0;
        // Parallel edges are consecutive.
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
            // A remainder that is rounding error is 0.
            let left = if left < REST_MIN { 0.0 } else { left };
            *upper = upper.min(left).max(*lower);
        }
        if contradictory {
            self.oversubscribed.push(company);
        } else {
            self.taken[company as usize] = total.min(1.0);
        }
    }

    /// Returns the tightened bounds of an edge, the lower first; the first of parallel edges carries the sum.
    ///
    /// # Panics
    /// If the graph does not have the edge.
    pub fn bounds(&self, edge: u32) -> (f64, f64) {
        (self.lower[edge as usize], self.upper()[edge as usize])
    }

    /// Returns the companies whose lower bounds sum to more than 1, sorted.
    pub fn oversubscribed(&self) -> &[u32] {
        &self.oversubscribed
    }

    /// Returns whether every share is exact.
    pub(super) fn are_points(&self) -> bool {
        self.upper.is_empty()
    }

    /// Returns whether some edges have a bound of 0.
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

    /// Returns the part of a company that certainly has an owner.
    pub(super) fn taken(&self, company: u32) -> f64 {
        self.taken[company as usize]
    }

    /// Fails if the graph has another number of edges than that of these shares.
    pub(super) fn check_graph(&self, graph: &Graph) -> Result<(), GraphError> {
        check_weight_count(self.lower.len(), graph.edge_count())?;
        check_weight_count(self.upper().len(), graph.edge_count())
    }
}
