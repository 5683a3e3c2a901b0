//! Integrated ownership: what somebody owns of a company directly and through others.

use crate::error::{GraphError, check_start};
use crate::graph::Graph;
use crate::ownership::pass::{Bound, Listed, Pass, WORK_MAX};
use crate::ownership::reach::{Arcs, Side};
use crate::ownership::shares::Shares;
use std::sync::atomic::AtomicBool;

/// How ownership that goes round counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Each time: Y = A + AY, that is Y = (I − A)⁻¹A. Shares in a cycle count as often as they go round, so that the
    /// members of a cycle and their owners' shares in them can come to more than 1, and to infinity in a cycle that owns
    /// itself wholly. Brioschi, Buzzacchi and Colombo 1989.
    Gross,
    /// Once: y(i,j) = a(i,j) + Σₖ y(i,k)·a(k,j) over all k other than i, that is the former over the diagonal of
    /// (I − A)⁻¹. Never more than 1: it is the chance to come by i on a walk from j that goes from each company to one
    /// of its owners as they hold shares. Baldone, Brioschi and Paleari 1998.
    Corrected,
}

/// Integrated ownership within bounds, for all nodes where it can be more than 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Integrated {
    /// The owners (or the companies), sorted.
    pub nodes: Vec<u32>,
    /// What is surely owned, as a fraction of the company, by place in `nodes`.
    pub lower: Vec<f64>,
    /// What is owned at most.
    pub upper: Vec<f64>,
    /// The members of cycles that own themselves wholly, or may as far as the upper bounds go; sorted. There the matrix
    /// is singular, and only [`Form::Corrected`] has finite answers.
    pub circular: Vec<u32>,
    /// The members of components so large that it would take too long to find out for each how much of its ownership is
    /// counted again and again; sorted. Their bounds hold, and are further apart than the shares make them: see
    /// [`owners`]. [`holdings`] of any one of them is sharp.
    pub coarse: Vec<u32>,
}

/// Who holds how much of one company, through all chains.
///
/// Solves y = a + Ay for the company's column a of the matrix A of shares, from the company upwards, among those nodes
/// only that own anything of it: strongly connected component by component, so that without cycles nothing is iterated
/// and each edge is looked at a few times. Components of up to 128 nodes are eliminated, larger ones iterated until the
/// residual is below 10⁻¹², relative to the result; of what is smaller than that, nothing is known but that it is small.
///
/// **Bounds.** Each form is a sum over walks of products of shares, so it grows with each share: the lower bounds come
/// from the lower shares and the upper ones from the [tightened](Shares) upper shares. Both hold for each way to fill
/// the bounds without handing out more than the whole of a company. The lower one is always attained, by the lower
/// shares themselves; the upper one if all upper shares can hold at once.
///
/// **Cycles that lose nothing.** Where the shares in a cycle leave nothing to outsiders, its members are listed as
/// circular. By [`Form::Gross`] they own infinitely much. By [`Form::Corrected`] each of them owns as much as all of
/// them together take up. Where only upper bounds go that far, the upper bound is 1 for all that own a part through it,
/// or infinite for the gross form, and the lower one stays finite.
///
/// **Large components.** [`Form::Corrected`] divides by how often a walk from each owner comes back to it, which takes
/// one solution for each member of a cycle. Where a component is so large that this would take more than some seconds
/// (s·(s + e) above 2²⁴ for its s nodes and e edges), it is done for those that are visited most, and for the others the
/// chance of coming back is bounded by their first step. They are listed as coarse.
///
/// # Errors
/// A node that is not there, shares of another graph, a large component that does not settle, or cancelled.
///
/// # Complexity
/// O(n) to set up; then O(r) for r edges above the company, plus s³ for each component of s ≤ 128 nodes, and the edges
/// of each larger one a few dozen times. [`Form::Corrected`] solves a larger component once for each of its nodes, up to
/// the limit above. O(n + r) space. Shares that are known exactly take half of the time.
///
/// # References
/// Brioschi, Buzzacchi and Colombo, *Risk Capital Financing and the Separation of Ownership and Control in Business
/// Groups*, J. Banking & Finance 1989. Baldone, Brioschi and Paleari, *Ownership Measures Among Firms Connected by
/// Cross-Shareholdings and a Further Analogy with Input-Output Theory*, 4th JAFEE conference 1998. Vitali, Glattfelder
/// and Battiston, *The Network of Global Corporate Control*, PLoS ONE 2011.
///
/// # Example
/// ```
/// use powermap_graph::graph::Graph;
/// use powermap_graph::ownership::{Form, Shares, owners};
/// use std::sync::atomic::AtomicBool;
/// // 0 holds 0.8 of 1 and 0.1 to 0.2 of 2; 1 holds half of 2.
/// let (graph, _) = Graph::from_edges(3, &[0, 0, 1], &[1, 2, 2])?;
/// let shares = Shares::new(&graph, &[0.8, 0.1, 0.5], &[0.8, 0.2, 0.5])?;
/// let found = owners(&graph, &shares, 2, Form::Corrected, &AtomicBool::new(false))?;
/// assert_eq!(found.nodes, [0, 1]);
/// assert_eq!(found.lower, [0.1 + 0.8 * 0.5, 0.5]);
/// assert_eq!(found.upper, [0.2 + 0.8 * 0.5, 0.5]);
/// # Ok::<(), powermap_graph::error::GraphError>(())
/// ```
pub fn owners(
    graph: &Graph,
    shares: &Shares,
    company: u32,
    form: Form,
    cancel: &AtomicBool,
) -> Result<Integrated, GraphError> {
    both_bounds(graph, shares, (company, Side::Owners), form, cancel)
}

/// How much of each company one owner holds, through all chains.
///
/// The same numbers as [`owners`] gives for each company, from the other end: solves y = a + yA for the owner's row a,
/// among those companies only that it owns anything of. [`Form::Corrected`] leaves out what comes back to the owner, so
/// that it costs no more than the other.
///
/// # Errors
/// As for [`owners`].
///
/// # Complexity
/// As for [`owners`], of the edges below the owner, in either form.
///
/// # References
/// As for [`owners`].
///
/// # Example
/// ```
/// use powermap_graph::graph::Graph;
/// use powermap_graph::ownership::{Form, Shares, holdings};
/// use std::sync::atomic::AtomicBool;
/// // Two companies own half of each other.
/// let (graph, _) = Graph::from_edges(2, &[0, 1], &[1, 0])?;
/// let shares = Shares::new(&graph, &[0.5, 0.5], &[0.5, 0.5])?;
/// let never = AtomicBool::new(false);
/// let corrected = holdings(&graph, &shares, 0, Form::Corrected, &never)?;
/// assert_eq!(corrected.lower, [0.25, 0.5]);
/// let gross = holdings(&graph, &shares, 0, Form::Gross, &never)?;
/// for (found, expected) in gross.lower.iter().zip([1.0 / 3.0, 2.0 / 3.0]) {
///     assert!((found - expected).abs() < 1e-12);
/// }
/// # Ok::<(), powermap_graph::error::GraphError>(())
/// ```
pub fn holdings(
    graph: &Graph,
    shares: &Shares,
    owner: u32,
    form: Form,
    cancel: &AtomicBool,
) -> Result<Integrated, GraphError> {
    both_bounds(graph, shares, (owner, Side::Holdings), form, cancel)
}

fn both_bounds(
    graph: &Graph,
    shares: &Shares,
    (start, side): (u32, Side),
    form: Form,
    cancel: &AtomicBool,
) -> Result<Integrated, GraphError> {
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

/// Puts both bounds beside each other; who has a lower one has an upper one.
fn join(lower: &Listed, upper: &Listed) -> Integrated {
    let both = |a: &[u32], b: &[u32]| {
        let mut nodes = [a, b].concat();
        nodes.sort_unstable();
        nodes.dedup();
        nodes
    };
    let mut joined = Integrated {
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
