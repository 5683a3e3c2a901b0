//! Integrated ownership, direct and through others.

use crate::error::{GraphError, check_start};
use crate::graph::Graph;
use crate::ownership::pass::{Bound, Listed, Pass, WORK_MAX};
use crate::ownership::reach::{Arcs, Side};
use crate::ownership::shares::Shares;
use std::sync::atomic::AtomicBool;

/// The way in which ownership through cycles counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnershipForm {
    /// Counts every round through a cycle: Y = A + AY, that is, Y = (I − A)⁻¹A.
    ///
    /// The members of a cycle, and owners of shares in them, can come to more than 1, and to infinity if the cycle owns
    /// itself wholly. Brioschi, Buzzacchi and Colombo 1989.
    Gross,
    /// Counts each owner once: y(i,j) = a(i,j) + Σₖ y(i,k)·a(k,j) over all k other than i, that is, the gross value over
    /// the diagonal of (I − A)⁻¹.
    ///
    /// Never more than 1: it is the probability that a walk from j, which goes from each company to one of its owners in
    /// proportion to their shares, visits i. Baldone, Brioschi and Paleari 1998.
    Corrected,
}

/// The result of [`owners`] and [`holdings`]: integrated ownership within bounds, for all nodes for which it can be above
/// 0.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct IntegratedOwnership {
    /// The owners of the company, or the companies of the owner, sorted.
    pub nodes: Vec<u32>,
    /// The lower bound of the fraction owned, by position in `nodes`.
    pub lower: Vec<f64>,
    /// The upper bound of the fraction owned, by position in `nodes`.
    pub upper: Vec<f64>,
    circular: Vec<u32>,
    coarse: Vec<u32>,
}

impl IntegratedOwnership {
    /// Returns the members of cycles that own themselves wholly, or may by the upper bounds of their shares; sorted.
    ///
    /// The matrix is singular there, and only [`OwnershipForm::Corrected`] has finite values.
    pub fn circular(&self) -> &[u32] {
        &self.circular
    }

    /// Returns the members of components too large for an exact correction; sorted.
    ///
    /// Their bounds hold, but are wider than the shares make them; see [`owners`]. [`holdings`] of a single one of them
    /// is exact.
    pub fn coarse(&self) -> &[u32] {
        &self.coarse
    }
}

/// Returns how much of one company each owner holds, directly and through all chains of companies.
///
/// Solves y = a + Ay for the company's column a of the matrix A of shares, from the company upwards, for the nodes that
/// own a part of it, one strongly connected component at a time: without cycles nothing is iterated, and each edge is
/// visited a few times. Components of up to 128 nodes are solved by elimination, larger ones by iteration until the
/// residual is below 10⁻¹², relative to the result; values below that have no correct digits.
///
/// **Bounds.** Each form is a sum over walks of products of shares, so it grows with each share: lower bounds come from
/// the lower shares, and upper bounds from the [tightened](Shares) upper shares. Both hold for all shares within the
/// bounds that sum to no more than 1 for each company. The lower bound is attained by the lower shares, the upper bound if
/// all upper shares are possible at once.
///
/// **Circular ownership.** If the shares in a cycle leave nothing to outsiders, its members are
/// [circular](IntegratedOwnership::circular). In the gross form they own an infinite amount; in the corrected form each
/// of them owns as much as all of them hold together. If only upper bounds go that far, the upper bound is infinite in the
/// gross form and 1 in the corrected one, for all that own a part through the cycle, and the lower bound is finite.
///
/// **Large components.** The corrected form divides by the number of visits of a walk to its start, which takes one
/// solution for each member of a cycle. If that would take more than some seconds (s·(s + e) above 2²⁴ for s nodes and e
/// edges), it is computed for the most visited members, and for the others the probability of return is bounded by their
/// first step. These are [coarse](IntegratedOwnership::coarse).
///
/// # Errors
/// A company that the graph does not have, shares of another graph, a large component that does not converge, or
/// cancelled.
///
/// # Complexity
/// O(n + r) time for r edges above the company, plus O(s³) for each component of s ≤ 128 nodes, and a few dozen visits to
/// the edges of each larger one. The corrected form solves a larger component once for each of its nodes, up to the limit
/// above. O(n + r) space. Exact shares take half the time of bounds.
///
/// # References
/// Brioschi, Buzzacchi and Colombo, *Risk Capital Financing and the Separation of Ownership and Control in Business
/// Groups*, J. Banking & Finance 1989. Baldone, Brioschi and Paleari, *Ownership Measures Among Firms Connected by
/// Cross-Shareholdings and a Further Analogy with Input-Output Theory*, 4th JAFEE conference 1998. Vitali, Glattfelder
/// and Battiston, *The Network of Global Corporate Control*, PLoS ONE 2011.
///
/// # Example
/// ```
/// use powermap_graph::{Graph, OwnershipForm, Shares, owners};
/// use std::sync::atomic::AtomicBool;
///
/// // 0 holds 0.8 of 1 and 0.1 to 0.2 of 2; 1 holds half of 2.
/// let (graph, _) = Graph::from_edges(3, &[0, 0, 1], &[1, 2, 2])?;
/// let shares = Shares::new(&graph, &[0.8, 0.1, 0.5], &[0.8, 0.2, 0.5])?;
/// let found = owners(&graph, &shares, 2, OwnershipForm::Corrected, &AtomicBool::new(false))?;
/// assert_eq!(found.nodes, [0, 1]);
/// assert_eq!(found.lower, [0.1 + 0.8 * 0.5, 0.5]);
/// assert_eq!(found.upper, [0.2 + 0.8 * 0.5, 0.5]);
/// # Ok::<(), powermap_graph::GraphError>(())
/// ```
pub fn owners(
    graph: &Graph,
    shares: &Shares,
    company: u32,
    form: OwnershipForm,
    cancel: &AtomicBool,
) -> Result<IntegratedOwnership, GraphError> {
    both_bounds(graph, shares, (company, Side::Owners), form, cancel)
}

/// Returns how much of each company one owner holds, directly and through all chains of companies.
///
/// The values are those of [`owners`] for each company. Solves y = a + yA for the owner's row a, for the companies that it
/// owns a part of. [`OwnershipForm::Corrected`] leaves out the walks that return to the owner, so it costs no more than
/// [`OwnershipForm::Gross`], and no value is coarse.
///
/// # Errors
/// As for [`owners`].
///
/// # Complexity
/// As for [`owners`] in the gross form, for the r edges below the owner.
///
/// # References
/// As for [`owners`].
///
/// # Example
/// ```
/// use powermap_graph::{Graph, OwnershipForm, Shares, holdings};
/// use std::sync::atomic::AtomicBool;
///
/// // Two companies own half of each other.
/// let (graph, _) = Graph::from_edges(2, &[0, 1], &[1, 0])?;
/// let shares = Shares::new(&graph, &[0.5, 0.5], &[0.5, 0.5])?;
/// let never = AtomicBool::new(false);
/// let corrected = holdings(&graph, &shares, 0, OwnershipForm::Corrected, &never)?;
/// assert_eq!(corrected.lower, [0.25, 0.5]);
/// let gross = holdings(&graph, &shares, 0, OwnershipForm::Gross, &never)?;
/// for (found, expected) in gross.lower.iter().zip([1.0 / 3.0, 2.0 / 3.0]) {
///     assert!((found - expected).abs() < 1e-12);
/// }
/// # Ok::<(), powermap_graph::GraphError>(())
/// ```
pub fn holdings(
    graph: &Graph,
    shares: &Shares,
    owner: u32,
    form: OwnershipForm,
    cancel: &AtomicBool,
) -> Result<IntegratedOwnership, GraphError> {
    both_bounds(graph, shares, (owner, Side::Holdings), form, cancel)
}

fn both_bounds(
    graph: &Graph,
    shares: &Shares,
    (start, side): (u32, Side),
    form: OwnershipForm,
    cancel: &AtomicBool,
) -> Result<IntegratedOwnership, GraphError> {
    check_start(start, graph.node_count())?;
    shares.check_graph(graph)?;
    let pass = |weights, bound| {
        let arcs = Arcs {
            graph,
            weights,
            has_zeros: shares.have_zeros(),
            side,
        };
        let pass = Pass {
            arcs,
            form,
            bound,
            work_max: WORK_MAX,
            cancel,
        };
        pass.run(start)
    };
    let upper = pass(shares.upper(), Bound::Upper)?;
    if shares.are_points() && upper.coarse.is_empty() {
        return Ok(join(&upper, &upper));
    }
    Ok(join(&pass(shares.lower(), Bound::Lower)?, &upper))
}

/// Joins both bounds by node; each node with a lower bound has an upper one.
fn join(lower: &Listed, upper: &Listed) -> IntegratedOwnership {
    let both = |a: &[u32], b: &[u32]| {
        let mut nodes = [a, b].concat();
        nodes.sort_unstable();
        nodes.dedup();
        nodes
    };
    let mut joined = IntegratedOwnership {
        nodes: Vec::with_capacity(upper.values.len()),
        lower: Vec::with_capacity(upper.values.len()),
        upper: Vec::with_capacity(upper.values.len()),
        circular: both(&lower.circular, &upper.circular),
        coarse: both(&lower.coarse, &upper.coarse),
    };
    let mut lower = lower.values.iter().peekable();
    for (node, upper) in upper.values.iter().copied() {
        let sure = lower.next_if(|(other, _)| *other == node);
        let sure = sure.map_or(0.0, |(_, value)| *value);
        joined.nodes.push(node);
        joined.lower.push(sure.min(upper));
        joined.upper.push(upper);
    }
    joined
}
