//! Control by majority: who decides in a company, alone or with the companies that it decides in.

use crate::error::{GraphError, check_cancelled, check_start};
use crate::graph::Graph;
use crate::ownership::reach::{Arcs, Side};
use crate::ownership::shares::Shares;
use std::sync::atomic::AtomicBool;

/// A sum of shares must exceed the threshold by more than this, so that rounding does not make a majority of a half.
const ROUNDING: f64 = 1e-12;

/// Candidates or companies between two looks at the cancel flag.
const POLL: usize = 1 << 8;

/// Whether somebody controls a company.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Whatever the shares are within their bounds, no.
    No,
    /// For some shares within the bounds, and not for others.
    Possible,
    /// Whatever the shares are within their bounds.
    Certain,
}

/// Who controls a company: a verdict for everybody that may own anything of it, directly or through others.
///
/// A player controls a company if it and the companies that it controls together hold more than `threshold` of it. Read
/// as the least set for which that holds: control starts from what a player holds itself, and a cycle of companies does
/// not lift itself. The shares are taken as the votes. What a company holds in itself does not help to take it over. The
/// verdict is certain if the lower bounds of the shares are enough; it is possible if, for the companies in question,
/// the upper bounds are, and the sure holdings of all others leave as much. Both are exact: since the owners of one
/// company have nothing to do with those of another, there are shares within the bounds that make all that is possible
/// for one player come true at once.
///
/// The result is sorted by node. Nobody is in two minds about itself: the company is not in it.
///
/// # Errors
/// A node that is not there, shares of another graph, a threshold below 0 or not below 1, or cancelled.
///
/// # Complexity
/// O(Σ d) time for the holdings d of what each of the owners may control, O(n) space.
///
/// # References
/// Chapelle and Szafarz, *Controlling Firms Through the Majority Voting Rule*, Physica A 2005. The least set is the company
/// control problem of logic programming: Ceri, Gottlob and Tanca, *Logic Programming and Databases*, Springer 1990.
///
/// # Example
/// ```
/// use powermap_graph::graph::Graph;
/// use powermap_graph::ownership::{Shares, Verdict, controllers};
/// use std::sync::atomic::AtomicBool;
/// // 0 has the majority in 1; both together hold 0.6 of 3, and 2 holds a part that is not well known.
/// let (graph, _) = Graph::from_edges(4, &[0, 0, 1, 2], &[1, 3, 3, 3])?;
/// let shares = Shares::new(&graph, &[0.6, 0.1, 0.4, 0.2], &[0.7, 0.2, 0.4, 0.3])?;
/// assert_eq!(
///     controllers(&graph, &shares, 3, 0.5, &AtomicBool::new(false))?,
///     [(0, Verdict::Possible), (1, Verdict::No), (2, Verdict::No)],
/// );
/// # Ok::<(), powermap_graph::error::GraphError>(())
/// ```
pub fn controllers(
    graph: &Graph,
    shares: &Shares,
    company: u32,
    threshold: f64,
    cancel: &AtomicBool,
) -> Result<Vec<(u32, Verdict)>, GraphError> {
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
            (false, _) => Verdict::No,
            (true, true) => Verdict::Certain,
            (true, false) if reached(true)? => Verdict::Certain,
            (true, false) => Verdict::Possible,
        };
        result.push((owner, verdict));
    }
    Ok(result)
}

/// What a player controls, certainly or possibly: the same verdicts as those of [`controllers`], from the other end,
/// without those that are [`Verdict::No`].
///
/// The result is sorted by node.
///
/// # Errors
/// As for [`controllers`].
///
/// # Complexity
/// O(Σ d) time for the holdings d of what it may control, O(n) space.
///
/// # References
/// As for [`controllers`].
///
/// # Example
/// ```
/// use powermap_graph::graph::Graph;
/// use powermap_graph::ownership::{Shares, Verdict, controlled};
/// use std::sync::atomic::AtomicBool;
/// // Half is no majority.
/// let (graph, _) = Graph::from_edges(4, &[0, 0, 1], &[1, 3, 2])?;
/// let shares = Shares::new(&graph, &[0.51, 0.5, 0.5], &[0.51, 0.5, 0.8])?;
/// assert_eq!(
///     controlled(&graph, &shares, 0, 0.5, &AtomicBool::new(false))?,
///     [(1, Verdict::Certain), (2, Verdict::Possible)],
/// );
/// # Ok::<(), powermap_graph::error::GraphError>(())
/// ```
pub fn controlled(
    graph: &Graph,
    shares: &Shares,
    owner: u32,
    threshold: f64,
    cancel: &AtomicBool,
) -> Result<Vec<(u32, Verdict)>, GraphError> {
    check(graph, shares, owner, threshold)?;
    let mut coalition = Coalition::new(graph, shares, threshold);
    let mut certain = coalition.gather(owner, None, true, cancel)?;
    let mut possible = coalition.gather(owner, None, false, cancel)?;
    certain.sort_unstable();
    possible.sort_unstable();
    let verdict = |company: u32| match certain.binary_search(&company) {
        Ok(_) => (company, Verdict::Certain),
        Err(_) => (company, Verdict::Possible),
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

/// Everybody that may own anything of a company, directly or through others.
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

/// A player and the companies that it has come to control.
struct Coalition<'a> {
    graph: &'a Graph,
    shares: &'a Shares,
    threshold: f64,
    /// Which companies matter; all without it.
    within: Option<Vec<bool>>,
    /// What the coalition holds of each company, by the bound in question and by the lower one.
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

    /// The companies that a player controls, up to the wanted one if there is one, by the lower or the upper bounds.
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

    /// Adds what a new member holds, and takes in the companies that this decides.
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
                // No more than the sure holdings of the others leave.
                held.0.min(1.0 - (self.shares.taken(company) - held.1))
            };
            if most > self.threshold + ROUNDING {
                self.joined[company as usize] = true;
                members.push(company);
            }
        }
    }
}
