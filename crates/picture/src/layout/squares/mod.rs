//! Which player stands on which square.
//!
//! Minimises a cost: long ties, crossings, ties through the squares of others, ties that leave a player in nearly the
//! same direction, and crowding. The search is threshold accepting (Dueck & Scheuer 1990), simulated annealing
//! without a random decision: a move is taken if it costs no more than a threshold that sinks to zero. It starts from a
//! greedy placement, and its number of steps depends on the scene only, so that the result does too.

mod lines;

use crate::layout::random::Random;
use crate::layout::squares::lines::{Field, NARROW, Spot};
use rayon::prelude::*;

/// Two players with arrows between them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Tie {
    pub(crate) ends: [usize; 2],
    /// The number of arrows.
    pub(crate) count: usize,
    /// How strongly it pulls.
    pub(crate) weight: f32,
    /// Whether one leads the other, so that they stand next to each other.
    pub(crate) leads: bool,
}

/// What is to be placed.
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    /// The numbers of columns and of rows.
    pub(crate) size: [usize; 2],
    pub(crate) players: usize,
    pub(crate) ties: Vec<Tie>,
}

/// The rounds of settling at the end of a search, and how far a player may move in them.
const SETTLING: usize = 3;
const REACH: usize = 2;
/// The number of searches on a board that is not crowded, and of those on one with few ties: there, a search that starts
/// cooler gets as far with less work.
const SEARCHES: u64 = 64;
const SEARCHES_FEW: u64 = 32;
const CROSSING: f32 = 8.0;
/// What it costs, for each arrow, that two players stand nearer to each other than arrows with labels need.
const SWALLOWED: f32 = 10.0;
const ROOMY: f32 = 1.9;
/// What it costs, for each square more between them, that somebody stands far from whom he leads.
const LEADING: f32 = 6.0;
const ANGLE: f32 = 6.0;
const CROWD: f32 = 1.0;
/// What a move may cost at the start of a search.
const HEAT: f32 = 80.0;
const HEAT_FEW: f32 = 25.0;
/// The most pairs of ties, or of ties and players, that one search compares, which bounds its time. A small scene needs
/// less: a fixed number for each pair of a tie and a player.
const WORK: usize = 400_000;
const WORK_FOR_A_PAIR: usize = 600;
const WORK_FOR_A_PAIR_FEW: usize = 360;
/// The most pairs that the one search of a crowded board compares.
const WORK_CROWDED: usize = 12_000_000;
/// From how many ties on a board is crowded.
const CROWDED: usize = 150;
/// Up to how many ties a board has few.
const FEW: usize = 40;

/// The seeds of the searches that are worth their time.
fn seeds(problem: &Problem) -> std::ops::Range<u64> {
    match problem.ties.len() {
        ..=FEW => 0..SEARCHES_FEW,
        ties if is_crowded(ties) => 0..1,
        _ => 0..SEARCHES,
    }
}

/// Returns whether a number of ties makes a board crowded.
pub(crate) fn is_crowded(ties: usize) -> bool {
    ties > CROWDED
}

/// The square of each player, rows first.
pub(crate) type Plan = Vec<usize>;

/// Returns the best plans that the searches of all seeds find; all start from one greedy placement.
pub(crate) fn plans(problem: &Problem, count: usize) -> Vec<Plan> {
    let mut start = Search::new(problem);
    start.start();
    let searched = |seed| {
        let mut search = start.clone();
        search.improve(seed);
        (search.cost(), search)
    };
    let mut found: Vec<_> = seeds(problem).into_par_iter().map(searched).collect();
    found.sort_by(|(a, _), (b, _)| a.total_cmp(b));
    found.truncate(count);
    let settled = |(_, mut search): (f32, Search<'_>)| {
        if !search.is_crowded() {
            search.settle();
        }
        centred(&search.squares, problem.size)
    };
    found.into_par_iter().map(settled).collect()
}

/// Moves all players together to the middle of the board.
fn centred(squares: &[usize], [columns, rows]: [usize; 2]) -> Vec<usize> {
    let shift = |side: usize, of: &dyn Fn(usize) -> usize| {
        let places = || squares.iter().map(|square| of(*square));
        let (least, most) = (places().min().unwrap_or(0), places().max().unwrap_or(0));
        (side - 1 - (most - least)) / 2 + side - least
    };
    let right = shift(columns, &|square| square % columns);
    let down = shift(rows, &|square| square / columns);
    // One side too many is added above, so that nothing is below zero.
    let moved = |square: usize| {
        (square / columns + down - rows) * columns + (square % columns + right - columns)
    };
    squares.iter().map(|square| moved(*square)).collect()
}

#[derive(Clone)]
struct Search<'a> {
    problem: &'a Problem,
    /// The ties of each player.
    ties_of: Vec<Vec<usize>>,
    squares: Vec<usize>,
    /// Who stands on each square.
    taken: Vec<Option<usize>>,
    placed: Vec<bool>,
    /// Where players and ties are. A tie weighs something there once both its ends are placed, and nothing while an
    /// evaluation has counted it, so that what two ties share is counted once.
    field: Field,
    /// The ties that this evaluation has counted.
    seen: Vec<usize>,
    /// The cost of the place of each player, where it is known.
    cost_before: Vec<Option<f32>>,
    /// The number of pairs compared so far.
    work: usize,
}

impl<'a> Search<'a> {
    fn new(problem: &'a Problem) -> Self {
        let mut ties_of = vec![Vec::new(); problem.players];
        for (number, tie) in problem.ties.iter().enumerate() {
            for end in tie.ends {
                ties_of[end].push(number);
            }
        }
        Self {
            ties_of,
            squares: vec![0; problem.players],
            taken: vec![None; problem.size[0] * problem.size[1]],
            placed: vec![false; problem.players],
            field: Field::new(
                problem.players,
                problem.ties.iter().map(|tie| (tie.ends, tie.count)),
            ),
            seen: Vec::new(),
            cost_before: vec![None; problem.players],
            work: 0,
            problem,
        }
    }

    fn is_crowded(&self) -> bool {
        is_crowded(self.problem.ties.len())
    }

    fn spot(&self, square: usize) -> Spot {
        let columns = self.problem.size[0];
        Spot {
            x: (square % columns) as f32,
            y: (square / columns) as f32,
        }
    }

    fn put(&mut self, player: usize, square: usize) {
        self.squares[player] = square;
        self.taken[square] = Some(player);
        let at = self.spot(square);
        self.field.put_player(player, at);
        let is_new = !std::mem::replace(&mut self.placed[player], true);
        for tie in &self.ties_of[player] {
            let Tie { ends, count, .. } = self.problem.ties[*tie];
            let other = ends[usize::from(ends[0] == player)];
            if !self.placed[other] {
                continue;
            }
            let there = self.field.player(other);
            match ends[0] == player {
                true => self.field.put_tie(*tie, at, there),
                false => self.field.put_tie(*tie, there, at),
            }
            if is_new {
                self.field.weigh(*tie, weight(count));
            }
        }
    }

    /// Places the players one by one, those with the most ties to placed ones first, each where it costs least.
    fn start(&mut self) {
        for _ in 0..self.problem.players {
            let ties = |player: &usize| {
                let placed = self.ties_of[*player].iter().filter(|tie| {
                    let [a, b] = self.problem.ties[**tie].ends;
                    self.placed[a] || self.placed[b]
                });
                (
                    placed.count(),
                    self.ties_of[*player].len(),
                    std::cmp::Reverse(*player),
                )
            };
            let next = (0..self.problem.players)
                .filter(|player| !self.placed[*player])
                .max_by_key(ties);
            let Some(player) = next else { return };
            let free: Vec<_> = (0..self.taken.len())
                .filter(|square| self.taken[*square].is_none())
                .collect();
            let mut best = (f32::INFINITY, free[0]);
            for square in free {
                self.put(player, square);
                let cost = if self.is_crowded() {
                    // Without a look at crossings.
                    self.lengths(player) + self.crowding(player)
                } else {
                    self.cost_around(&[player], f32::INFINITY)
                };
                self.taken[square] = None;
                if cost < best.0 {
                    best = (cost, square);
                }
            }
            self.put(player, best.1);
        }
    }

    fn improve(&mut self, seed: u64) {
        let players = self.problem.players;
        if players < 2 {
            return;
        }
        let mut random = Random::new(seed);
        let (mut cost, mut best_cost) = (0.0_f32, 0.0_f32);
        let mut best = self.squares.clone();
        self.work = 0;
        let ties = self.problem.ties.len();
        let (heat, limit) = match ties {
            ..=FEW => (HEAT_FEW, WORK_FOR_A_PAIR_FEW * players * ties),
            _ if self.is_crowded() => (HEAT, WORK_CROWDED),
            _ => (HEAT, WORK_FOR_A_PAIR * players * ties),
        };
        let limit = match self.is_crowded() {
            true => limit,
            false => limit.min(WORK),
        };
        while self.work < limit {
            let left = 1.0 - self.work as f32 / limit as f32;
            let player = random.below(players);
            let square = self.target(player, &mut random);
            // A move that changes nothing is work too, or the search might never end.
            self.work += 1;
            let Some(change) = self.exchange(player, square, heat * left * left) else {
                continue;
            };
            cost += change;
            if cost < best_cost - 1e-3 {
                best_cost = cost;
                best.clone_from(&self.squares);
            }
        }
        self.taken.fill(None);
        for (player, square) in best.into_iter().enumerate() {
            self.put(player, square);
        }
        self.cost_before.fill(None);
    }

    /// Moves each player to a better square close by, as long as there is one; chance may have missed it.
    fn settle(&mut self) {
        let [columns, rows] = self.problem.size;
        for _ in 0..SETTLING {
            let mut has_moved = false;
            for player in 0..self.problem.players {
                let square = self.squares[player];
                let (column, row) = (square % columns, square / columns);
                for row in row.saturating_sub(REACH)..=(row + REACH).min(rows - 1) {
                    for column in column.saturating_sub(REACH)..=(column + REACH).min(columns - 1) {
                        let moved = self.exchange(player, row * columns + column, -1e-3);
                        has_moved |= moved.is_some();
                    }
                }
            }
            if !has_moved {
                return;
            }
        }
    }

    /// Anywhere, or near a player that this one is tied to.
    fn target(&self, player: usize, random: &mut Random) -> usize {
        let [columns, rows] = self.problem.size;
        let ties = &self.ties_of[player];
        if ties.is_empty() || random.below(3) == 0 {
            return random.below(columns * rows);
        }
        let [a, b] = self.problem.ties[ties[random.below(ties.len())]].ends;
        let near = self.squares[if a == player { b } else { a }];
        let mut shifted = |at: usize, side: usize| {
            let moved = (at + random.below(7)).saturating_sub(3);
            moved.min(side - 1)
        };
        let column = shifted(near % columns, columns);
        shifted(near / columns, rows) * columns + column
    }

    /// Moves a player to a square, and a player there to the first one's square, unless that costs more than `most`;
    /// returns the cost.
    fn exchange(&mut self, player: usize, square: usize, most: f32) -> Option<f32> {
        let origin = self.squares[player];
        if origin == square {
            return None;
        }
        let other = self.taken[square];
        let pair = [player, other.unwrap_or(player)];
        let moved = &pair[..if other.is_some() { 2 } else { 1 }];
        let before = match (other, self.cost_before[player]) {
            (None, Some(cost)) => cost,
            _ => self.cost_around(moved, f32::INFINITY),
        };
        if other.is_none() {
            self.cost_before[player] = Some(before);
        }
        self.swap(player, square);
        let change = self.cost_around(moved, before + most) - before;
        if change > most {
            self.swap(player, origin);
            return None;
        }
        self.cost_before.fill(None);
        Some(change)
    }

    fn swap(&mut self, player: usize, square: usize) {
        let origin = self.squares[player];
        let other = self.taken[square];
        self.taken[origin] = None;
        if let Some(other) = other {
            self.put(other, origin);
        }
        self.put(player, square);
    }

    /// What all places cost together; what two ties or players share counts for both.
    fn cost(&mut self) -> f32 {
        let players = 0..self.problem.players;
        players
            .map(|player| self.cost_around(&[player], f32::INFINITY))
            .sum()
    }

    /// The part of the cost that depends on where these players stand; no more than is needed to see that it is above
    /// a limit.
    fn cost_around(&mut self, moved: &[usize], limit: f32) -> f32 {
        let cost = self.cost_until(moved, limit);
        for tie in std::mem::take(&mut self.seen) {
            self.field.weigh(tie, weight(self.problem.ties[tie].count));
        }
        cost
    }

    /// Computes the part of the cost, and leaves the counted ties without weight.
    fn cost_until(&mut self, moved: &[usize], limit: f32) -> f32 {
        let around = |player: &usize| self.crowding(*player) + self.lengths(*player);
        let mut cost: f32 = moved.iter().map(around).sum();
        for player in moved {
            for place in 0..self.ties_of[*player].len() {
                if cost > limit {
                    return cost;
                }
                let tie = self.ties_of[*player][place];
                if self.field.counts(tie) {
                    self.work += self.problem.ties.len() + self.problem.players;
                    self.field.weigh(tie, 0);
                    self.seen.push(tie);
                    cost += self.cost_of(tie, cost, limit);
                }
            }
        }
        if cost > limit {
            return cost;
        }
        self.work += self.problem.ties.len();
        let passed = |player: &usize| self.field.passed(*player);
        cost + moved.iter().map(passed).sum::<f32>()
    }

    /// What the ties of a player cost for being short or long.
    fn lengths(&self, player: usize) -> f32 {
        let at = self.field.player(player);
        let ties = self.ties_of[player].iter().map(|tie| {
            let tie = &self.problem.ties[*tie];
            let other = tie.ends[usize::from(tie.ends[0] == player)];
            match self.placed[other] {
                true => length_cost(tie, at.distance(self.field.player(other))),
                false => 0.0,
            }
        });
        ties.sum()
    }

    /// What a tie costs besides its length: its crossings, the squares that it goes through, and the narrow angles at its
    /// ends. What it shares with a tie counted before is counted there. No more is computed than is needed to see that it
    /// is above a limit together with what was found `before`.
    fn cost_of(&self, number: usize, before: f32, limit: f32) -> f32 {
        let tie = &self.problem.ties[number];
        let crossed = self.field.crossed(number) * f32::from(weight(tie.count));
        let cost = CROSSING * crossed;
        if before + cost > limit {
            return cost;
        }
        let cost = cost + self.field.passes(number) * (tie.count as f32).sqrt();
        if before + cost > limit {
            return cost;
        }
        cost + ANGLE / (1.0 - NARROW) * self.field.narrowness(number, tie.ends)
    }

    /// Returns the cost of standing next to others, and far from the middle with many ties.
    fn crowding(&self, player: usize) -> f32 {
        let [columns, rows] = self.problem.size;
        let middle = Spot {
            x: (columns as f32 - 1.0) / 2.0,
            y: (rows as f32 - 1.0) / 2.0,
        };
        let degree = self.ties_of[player].len() as f32;
        let mut cost = 0.03 * degree * self.field.player(player).distance(middle);
        let square = self.squares[player];
        let (column, row) = (square % columns, square / columns);
        for row in row.saturating_sub(1)..=(row + 1).min(rows - 1) {
            for column in column.saturating_sub(1)..=(column + 1).min(columns - 1) {
                let other = self.taken[row * columns + column];
                if other.is_some_and(|other| other != player) {
                    cost += CROWD;
                }
            }
        }
        cost
    }
}

/// Returns the number of arrows that a tie counts for; more would not change where it runs.
fn weight(count: usize) -> u8 {
    count.min(100) as u8
}

/// Arrows need room for their labels, so that there is a best length; those who lead stand closer.
fn length_cost(tie: &Tie, length: f32) -> f32 {
    let best = match (tie.leads, tie.count) {
        (true, 1) => 1.0,
        (_, 1 | 2) => 2.0,
        _ => 2.6,
    };
    if length < best {
        // Neighbours leave no room for an arrow with its head and its label.
        let is_swallowed = length < ROOMY && !tie.leads;
        let swallowed = if is_swallowed {
            SWALLOWED * tie.count as f32
        } else {
            0.0
        };
        swallowed + 4.0 * (best - length) * (tie.count as f32).sqrt()
    } else {
        let pull = if tie.leads && tie.count == 1 {
            LEADING
        } else {
            0.3 * tie.weight
        };
        pull * (length - best)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::geometry::{cross, distance_to, point};

    fn tie(a: usize, b: usize) -> Tie {
        Tie {
            ends: [a, b],
            count: 1,
            weight: 1.0,
            leads: false,
        }
    }

    #[test]
    fn everybody_has_a_square_of_their_own() {
        let ties = (1..12).map(|leaf| tie(0, leaf)).collect();
        let problem = Problem {
            size: [8, 8],
            players: 20,
            ties,
        };
        let found = plans(&problem, 3);
        assert_eq!(found, plans(&problem, 3));
        let mut squares = found[0].clone();
        squares.sort_unstable();
        squares.dedup();
        assert_eq!(squares.len(), 20);
        assert!(squares.iter().all(|square| *square < 64));
    }

    #[test]
    fn a_star_and_a_ring_cross_nowhere() {
        let star: Vec<_> = (1..13).map(|leaf| tie(0, leaf)).collect();
        let ring: Vec<_> = (0..8).map(|node| tie(node, (node + 1) % 8)).collect();
        for (players, ties) in [(13, star), (8, ring)] {
            let problem = Problem {
                size: [8, 8],
                players,
                ties,
            };
            let squares = &plans(&problem, 1)[0];
            let at =
                |player: usize| point((squares[player] % 8) as f64, (squares[player] / 8) as f64);
            for (number, one) in problem.ties.iter().enumerate() {
                for other in &problem.ties[..number] {
                    let [a, b, c, d] =
                        [one.ends[0], one.ends[1], other.ends[0], other.ends[1]].map(at);
                    assert!(!cross(a, b, c, d));
                }
                let [a, b] = one.ends.map(at);
                for player in (0..players).filter(|player| !one.ends.contains(player)) {
                    assert!(distance_to(at(player), a, b) > 0.5);
                }
            }
        }
    }
}
