//! Integrated ownership: what somebody owns of a company directly and through others.

use crate::network::error::{NetworkError, check_cancelled, check_start};
use crate::network::graph::Graph;
use crate::network::ownership::blocks::Block;
use crate::network::ownership::reach::{Arcs, Reach, Side};
use crate::network::ownership::shares::Shares;
use rayon::prelude::*;
use std::ops::Range;
use std::sync::atomic::AtomicBool;

/// Components between two looks at the cancel flag.
const POLL: usize = 1 << 12;

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
}

/// Who holds how much of one company, through all chains.
///
/// Solves y = a + Ay for the company's column a of the matrix A of shares, from the company upwards, among those nodes
/// only that own anything of it: strongly connected component by component, so that without cycles nothing is iterated
/// and each edge is looked at a few times. Components of up to 128 nodes are eliminated, larger ones iterated until the
/// residual is below 10⁻¹², relative to the result.
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
/// # Errors
/// A node that is not there, shares of another graph, a large component that does not settle, or cancelled.
///
/// # Complexity
/// O(n) to set up; then O(r) for r edges above the company, plus s³ for each component of s ≤ 128 nodes, and the edges
/// of each larger one a few dozen times. [`Form::Corrected`] solves a larger component once for each of its nodes. O(n +
/// r) space. Shares that are known exactly take half of the time.
///
/// # References
/// Brioschi, Buzzacchi and Colombo, *Risk Capital Financing and the Separation of Ownership and Control in Business
/// Groups*, J. Banking & Finance 1989. Baldone, Brioschi and Paleari, *Ownership Measures Among Firms Connected by
/// Cross-Shareholdings and a Further Analogy with Input-Output Theory*, 4th JAFEE conference 1998. Vitali, Glattfelder
/// and Battiston, *The Network of Global Corporate Control*, PLoS ONE 2011.
///
/// # Example
/// ```
/// use powermap::network::graph::Graph;
/// use powermap::network::ownership::{Form, Shares, owners};
/// use std::sync::atomic::AtomicBool;
/// // 0 holds 0.8 of 1 and 0.1 to 0.2 of 2; 1 holds half of 2.
/// let (graph, _) = Graph::from_edges(3, &[0, 0, 1], &[1, 2, 2])?;
/// let shares = Shares::new(&graph, &[0.8, 0.1, 0.5], &[0.8, 0.2, 0.5])?;
/// let found = owners(&graph, &shares, 2, Form::Corrected, &AtomicBool::new(false))?;
/// assert_eq!(found.nodes, [0, 1]);
/// assert_eq!(found.lower, [0.1 + 0.8 * 0.5, 0.5]);
/// assert_eq!(found.upper, [0.2 + 0.8 * 0.5, 0.5]);
/// # Ok::<(), powermap::network::error::NetworkError>(())
/// ```
pub fn owners(
    graph: &Graph,
    shares: &Shares,
    company: u32,
    form: Form,
    cancel: &AtomicBool,
) -> Result<Integrated, NetworkError> {
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
/// use powermap::network::graph::Graph;
/// use powermap::network::ownership::{Form, Shares, holdings};
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
/// # Ok::<(), powermap::network::error::NetworkError>(())
/// ```
pub fn holdings(
    graph: &Graph,
    shares: &Shares,
    owner: u32,
    form: Form,
    cancel: &AtomicBool,
) -> Result<Integrated, NetworkError> {
    both_bounds(graph, shares, (owner, Side::Holdings), form, cancel)
}

fn both_bounds(
    graph: &Graph,
    shares: &Shares,
    (start, side): (u32, Side),
    form: Form,
    cancel: &AtomicBool,
) -> Result<Integrated, NetworkError> {
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
            cancel,
        };
        pass.run(start)
    };
    let upper = pass(shares.upper(), Bound::Upper)?;
    if shares.are_points() {
        return Ok(join(&upper, &upper));
    }
    Ok(join(&pass(shares.lower(), Bound::Lower)?, &upper))
}

/// Puts both bounds beside each other; who has a lower one has an upper one.
fn join(lower: &Listed, upper: &Listed) -> Integrated {
    let mut circular = [lower.circular.as_slice(), &upper.circular].concat();
    circular.sort_unstable();
    circular.dedup();
    let mut joined = Integrated {
        nodes: Vec::with_capacity(upper.values.len()),
        lower: Vec::with_capacity(upper.values.len()),
        upper: Vec::with_capacity(upper.values.len()),
        circular,
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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bound {
    Lower,
    Upper,
}

/// One matrix, one start, one way round.
struct Pass<'a> {
    arcs: Arcs<'a>,
    form: Form,
    bound: Bound,
    cancel: &'a AtomicBool,
}

/// What one pass has come to.
struct Listed {
    /// The values above 0, sorted by node.
    values: Vec<(u32, f64)>,
    /// The nodes in circular components.
    circular: Vec<u32>,
}

/// What has been found about each node of a reach, by its place.
struct Found {
    /// What came in from earlier components, and at the start itself 1.
    inflow: Vec<f64>,
    values: Vec<f64>,
    circular: Vec<u32>,
}

impl Pass<'_> {
    fn run(&self, start: u32) -> Result<Listed, NetworkError> {
        // Who follows one owner may simply stop on coming back to it; who looks for all owners must count and divide.
        let once = self.form == Form::Corrected && self.arcs.side == Side::Holdings;
        let reach = Reach::new(self.arcs, start, once, self.cancel)?;
        let size = reach.nodes.len();
        let mut found = Found {
            inflow: vec![0.0; size],
            values: vec![0.0; size],
            circular: Vec::new(),
        };
        found.inflow[0] = 1.0;
        for (number, range) in reach.blocks().enumerate() {
            if number.is_multiple_of(POLL) {
                check_cancelled(self.cancel)?;
            }
            if range.len() == 1 {
                self.settle_single(&reach, &mut found, range.start, once);
            } else {
                self.settle_block(&reach, &mut found, range)?;
            }
        }
        if once {
            // What comes back to the owner was collected where it had started from.
            found.values[0] = found.inflow[0];
        }
        let most = match self.form {
            Form::Gross => f64::INFINITY,
            Form::Corrected => 1.0,
        };
        let values = reach.nodes.iter().zip(&found.values);
        let mut listed: Vec<(u32, f64)> = values
            .filter(|(_, value)| **value > 0.0)
            .map(|(node, value)| (*node, value.min(most)))
            .collect();
        listed.sort_unstable_by_key(|(node, _)| *node);
        Ok(Listed {
            values: listed,
            circular: found.circular,
        })
    }

    /// A component of one node, perhaps with a share in itself.
    fn settle_single(&self, reach: &Reach, found: &mut Found, place: usize, once: bool) {
        let node = reach.nodes[place];
        if once && place == 0 {
            found.inflow[0] = 0.0;
            self.push(reach, found, place..place + 1, &[1.0]);
            return;
        }
        let own = self.arcs.to(node, |other| other == node);
        let own: f64 = own.map(|(_, weight)| weight).sum();
        let inflow = found.inflow[place];
        let is_start = place == 0;
        if own == 0.0 {
            found.values[place] = if is_start { 0.0 } else { inflow };
            self.push(reach, found, place..place + 1, &[inflow]);
        } else if own >= 1.0 - 1e-13 {
            self.settle_circular(reach, found, place..place + 1);
        } else {
            let visits = inflow / (1.0 - own);
            found.values[place] = match (self.form, self.arcs.side) {
                (Form::Gross, _) | (Form::Corrected, Side::Holdings) => {
                    visits - f64::from(u8::from(is_start))
                }
                (Form::Corrected, Side::Owners) if is_start => own,
                (Form::Corrected, Side::Owners) => inflow,
            };
            self.push(reach, found, place..place + 1, &[visits]);
        }
    }

    fn settle_block(
        &self,
        reach: &Reach,
        found: &mut Found,
        range: Range<usize>,
    ) -> Result<(), NetworkError> {
        let inflow = found.inflow[range.clone()].to_vec();
        if inflow.contains(&f64::INFINITY) {
            found.values[range.clone()].fill(f64::INFINITY);
            let endless = vec![f64::INFINITY; range.len()];
            self.push(reach, found, range, &endless);
            return Ok(());
        }
        let block = Block::new(self.arcs, reach, range.clone());
        let Some(visits) = block.solve(&inflow, self.cancel)? else {
            self.settle_circular(reach, found, range);
            return Ok(());
        };
        let values = &mut found.values[range.clone()];
        values.copy_from_slice(&visits);
        if (self.form, self.arcs.side) == (Form::Corrected, Side::Owners) {
            let correct = |(at, value): (usize, &mut f64)| {
                *value = match block.returns(at, self.cancel)? {
                    Some(returns) if range.start + at == 0 => 1.0 - returns.recip(),
                    Some(returns) => *value / returns,
                    None => self.bound_without_answer(),
                };
                Ok(())
            };
            // One solution for each node; they have nothing to do with each other.
            values.par_iter_mut().enumerate().try_for_each(correct)?;
        } else if range.start == 0 {
            values[0] -= 1.0;
        }
        self.push(reach, found, range, &visits);
        Ok(())
    }

    fn bound_without_answer(&self) -> f64 {
        match self.bound {
            Bound::Lower => 0.0,
            Bound::Upper => 1.0,
        }
    }

    /// A component in which nothing gets less. What it hands on is lost in rounding, so that a lower bound must do
    /// without it, and an upper bound must not.
    fn settle_circular(&self, reach: &Reach, found: &mut Found, range: Range<usize>) {
        found.circular.extend(&reach.nodes[range.clone()]);
        let entered: f64 = found.inflow[range.clone()].iter().sum();
        let shared_out = |node: &u32| -> f64 { self.arcs.of(*node).map(|(_, w)| w).sum() };
        let conserved = self.arcs.side == Side::Owners
            && (reach.nodes[range.clone()].iter()).all(|node| shared_out(node) <= 1.0 + 1e-12);
        for place in range.clone() {
            found.values[place] = match (self.form, self.bound) {
                (Form::Gross, _) => f64::INFINITY,
                // A walk that has come in comes by everybody.
                (Form::Corrected, _) if conserved => entered,
                (Form::Corrected, Bound::Upper) => 1.0,
                // What comes in at the node itself is sure.
                (Form::Corrected, Bound::Lower) => found.inflow[place],
            };
        }
        if self.bound == Bound::Upper {
            let endless = vec![f64::INFINITY; range.len()];
            self.push(reach, found, range, &endless);
        }
    }

    /// Hands on from a finished component to the later ones, and from the start to itself.
    fn push(&self, reach: &Reach, found: &mut Found, range: Range<usize>, visits: &[f64]) {
        let is_start = range == (0..1);
        for (node, visits) in reach.nodes[range.clone()].iter().zip(visits) {
            let later = |other: u32| {
                let place = reach.place(other);
                place.is_some_and(|place| is_start || !range.contains(&place))
            };
            for (other, weight) in self.arcs.to(*node, later) {
                if let Some(place) = reach.place(other) {
                    found.inflow[place] += weight * visits;
                }
            }
        }
    }
}
