//! Control by majority, alone or together with controlled companies.

use crate::error::{GraphError, check_cancelled, check_start};
use crate::graph::Graph;
use crate::ownership::reach::{Arcs, Side};
use crate::ownership::shares::Shares;
use std::sync::atomic::AtomicBool;

/// A sum of shares must exceed the threshold by more than this, so that rounding does not turn a half into a majority.
const ROUNDING: f64 = 1e-12;

/// Candidates or companies between two checks of the cancel flag.
const POLL: usize = 1 << 8;

/// The answer to whether an owner controls a company, given shares within bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ControlVerdict {
    /// The owner controls the company for no shares within the bounds.
    No,
    /// The owner controls the company for some shares within the bounds, but not for all.
    Possible,
    /// The owner controls the company for all shares within the bounds.
    Certain,
}

/// Returns who controls a company: a verdict for each node that may own a part of it, directly or through others, sorted
/// by node.
///
/// An owner controls a company if it and the companies that it controls together hold more than `threshold` of it; 0.5
/// stands for a majority. Control is the least set with this property: it starts from the owner's own holdings, and a
/// cycle of companies does not control itself. Shares count as votes. The shares that a company holds in itself do not
/// help to control it. The company itself is not in the result.
///
/// A verdict is certain if the lower bounds of the shares are enough. It is possible if the upper bounds are, as far as
/// the lower bounds of all other owners leave room for them. Both are exact: since the bounds of one company do not
/// restrict those of another, some shares within the bounds realise everything that is possible for one owner at once.
///
/// # Errors
/// A company that the graph does not have, shares of another graph, a threshold below 0 or not below 1, or cancelled.
///
/// # Complexity
/// O(Σ d) time for the numbers of holdings d of all that each of the owners may control, O(n) space.
///
/// # References
/// Chapelle and Szafarz, *Controlling Firms Through the Majority Voting Rule*, Physica A 2005. The least set is the
/// company control problem of logic programming: Ceri, Gottlob and Tanca, *Logic Programming and Databases*, Springer
/// 1990.
///
/// # Example
/// ```
/// use powermap_graph::{ControlVerdict, Graph, Shares, controllers};
/// use std::sync::atomic::AtomicBool;
///
/// // 0 has the majority in 1; together they hold 0.5 to 0.6 of 3, and 2 holds 0.2 to 0.3.
/// let (graph, _) = Graph::from_edges(4, &[0, 0, 1, 2], &[1, 3, 3, 3])?;
/// let shares = Shares::new(&graph, &[0.6, 0.1, 0.4, 0.2], &[0.7, 0.2, 0.4, 0.3])?;
/// assert_eq!(
///     controllers(&graph, &shares, 3, 0.5, &AtomicBool::new(false))?,
///     [(0, ControlVerdict::Possible), (1, ControlVerdict::No), (2, ControlVerdict::No)],
/// );
/// # Ok::<(), powermap_graph::GraphError>(())
/// ```
pub fn controllers(
    graph: &Graph,
    shares: &Shares,
    company: u32,
    threshold: f64,
    cancel: &AtomicBool,
) -> Result<Vec<(u32, ControlVerdict)>, GraphError> {
    check(graph, shares, company, threshold)?;
    let mut candidates = owners_at_most(graph, shares, company, cancel)?;
    let mut coalition = Coalition::new(graph, shares, threshold);
    coalition.within = Some(vec![false; graph.node_count() as usize]);
    for node in candidates.iter().chain([&company]) {
        if let Some(within) = &mut coalition.within {
            within[*node as usize] = true;
        }
    }
    candidates.sort_unstable();
    let mut result = Vec::with_capacity(candidates.len());
    for owner in candidates {
        let mut reached = |certain| {
            let controlled = coalition.gather(owner, Some(company), certain, cancel)?;
            Ok(controlled.contains(&company))
        };
        let verdict = match (reached(false)?, shares.are_points()) {
            (false, _) => ControlVerdict::No,
            (true, true) => ControlVerdict::Certain,
            (true, false) if reached(true)? => ControlVerdict::Certain,
            (true, false) => ControlVerdict::Possible,
        };
        result.push((owner, verdict));
    }
    Ok(result)
}

/// Returns the companies that an owner controls, certainly or possibly, sorted by node.
///
/// The verdicts are those of [`controllers`] for each company, without [`ControlVerdict::No`].
///
/// # Errors
/// As for [`controllers`].
///
/// # Complexity
/// O(Σ d) time for the numbers of holdings d of all that the owner may control, O(n) space.
///
/// # References
/// As for [`controllers`].
///
/// # Example
/// ```
/// use powermap_graph::{ControlVerdict, Graph, Shares, controlled};
/// use std::sync::atomic::AtomicBool;
///
/// // A half is no majority, so 0 does not control 3.
/// let (graph, _) = Graph::from_edges(4, &[0, 0, 1], &[1, 3, 2])?;
/// let shares = Shares::new(&graph, &[0.51, 0.5, 0.5], &[0.51, 0.5, 0.8])?;
/// assert_eq!(
///     controlled(&graph, &shares, 0, 0.5, &AtomicBool::new(false))?,
///     [(1, ControlVerdict::Certain), (2, ControlVerdict::Possible)],
/// );
/// # Ok::<(), powermap_graph::GraphError>(())
/// ```
pub fn controlled(
    graph: &Graph,
    shares: &Shares,
    owner: u32,
    threshold: f64,
    cancel: &AtomicBool,
) -> Result<Vec<(u32, ControlVerdict)>, GraphError> {
    check(graph, shares, owner, threshold)?;
    let mut coalition = Coalition::new(graph, shares, threshold);
    let mut certain = coalition.gather(owner, None, true, cancel)?;
    let mut possible = coalition.gather(owner, None, false, cancel)?;
    certain.sort_unstable();
    possible.sort_unstable();
    let verdict = |company: u32| match certain.binary_search(&company) {
        Ok(_) => (company, ControlVerdict::Certain),
        Err(_) => (company, ControlVerdict::Possible),
    };
    Ok(possible.into_iter().map(verdict).collect())
}

fn check(graph: &Graph, shares: &Shares, node: u32, threshold: f64) -> Result<(), GraphError> {
    check_start(node, graph.node_count())?;
    shares.check_graph(graph)?;
    if !(0.0..1.0).contains(&threshold) {
        return Err(GraphError::BadParameter {
            name: "threshold",
            value: threshold.to_string(),
            expected: "a fraction from 0 to below 1",
        });
    }
    Ok(())
}

/// Lists the nodes that may own a part of a company, directly or through others.
fn owners_at_most(
    graph: &Graph,
    shares: &Shares,
    company: u32,
    cancel: &AtomicBool,
) -> Result<Vec<u32>, GraphError> {
    let arcs = Arcs {
        graph,
        weights: shares.upper(),
        has_zeros: shares.have_zeros(),
        side: Side::Owners,
    };
    let mut seen = vec![false; graph.node_count() as usize];
    seen[company as usize] = true;
    let mut found = vec![company];
    let mut next = 0;
    while next < found.len() {
        if next.is_multiple_of(POLL) {
            check_cancelled(cancel)?;
        }
        for (owner, _) in arcs.of(found[next]) {
            if !std::mem::replace(&mut seen[owner as usize], true) {
                found.push(owner);
            }
        }
        next += 1;
    }
    found.swap_remove(0);
    Ok(found)
}

/// An owner and the companies that it controls.
struct Coalition<'a> {
    graph: &'a Graph,
    shares: &'a Shares,
    threshold: f64,
    /// The companies to consider; all if `None`.
    within: Option<Vec<bool>>,
    /// The holdings of the coalition in each company, by the bound in use and by the lower bound.
    held: Vec<(f64, f64)>,
    joined: Vec<bool>,
}

impl<'a> Coalition<'a> {
    fn new(graph: &'a Graph, shares: &'a Shares, threshold: f64) -> Self {
        Self {
            graph,
            shares,
            threshold,
            within: None,
            held: vec![(0.0, 0.0); graph.node_count() as usize],
            joined: vec![false; graph.node_count() as usize],
        }
    }

    /// Lists the companies that an owner controls by the lower or the upper bounds, and stops at the wanted one if any.
    fn gather(
        &mut self,
        owner: u32,
        wanted: Option<u32>,
        certain: bool,
        cancel: &AtomicBool,
    ) -> Result<Vec<u32>, GraphError> {
        let mut members = vec![owner];
        let mut touched = Vec::new();
        self.joined[owner as usize] = true;
        let mut next = 0;
        while next < members.len() && (next == 0 || members.last().copied() != wanted) {
            if next.is_multiple_of(POLL) {
                check_cancelled(cancel)?;
            }
            self.add(members[next], certain, &mut members, &mut touched);
            next += 1;
        }
        for company in touched {
            self.held[company as usize] = (0.0, 0.0);
        }
        for member in &members {
            self.joined[*member as usize] = false;
        }
        members.swap_remove(0);
        Ok(members)
    }

    /// Adds the holdings of a new member, and the companies that they bring under control.
    fn add(&mut self, member: u32, certain: bool, members: &mut Vec<u32>, touched: &mut Vec<u32>) {
        for edge in self.graph.out_edges(member) {
            let company = self.graph.target(edge);
            let (lower, upper) = self.shares.bounds(edge);
            let matters = self.within.as_ref().is_none_or(|w| w[company as usize]);
            if upper == 0.0 || self.joined[company as usize] || !matters {
                continue;
            }
            let held = &mut self.held[company as usize];
            if held.0 == 0.0 {
                touched.push(company);
            }
            let most = if certain {
                held.0 += lower;
                held.0
            } else {
                held.0 += upper;
                held.1 += lower;
                // No more than the lower bounds of the other owners leave.
                held.0.min(1.0 - (self.shares.taken(company) - held.1))
            };
            if most > self.threshold + ROUNDING {
                self.joined[company as usize] = true;
                members.push(company);
            }
        }
    }
}
