//! Which player stands on which square.
//!
//! Minimises a cost: long ties, crossings, ties through the squares of others, ties that leave a player in nearly the
//! same direction, and crowding. The search is threshold accepting (Dueck & Scheuer 1990), simulated annealing
//! without a random decision: a move is taken if it costs no more than a threshold that sinks to zero. It starts from a
//! greedy placement, and its number of steps depends on the scene only, so that the result does too.

use crate::board::layout::geometry::{Point, boxes_meet, cross, distance_to, point};
use crate::board::layout::random::Random;

/// Two players with arrows between them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Tie {
    pub(crate) ends: [usize; 2],
    /// How many arrows there are.
    pub(crate) count: usize,
    /// How strongly it pulls.
    pub(crate) weight: f64,
    /// Whether one leads the other, so that they stand side by side.
    pub(crate) leads: bool,
}

/// What is to be placed.
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    pub(crate) side: usize,
    pub(crate) players: usize,
    pub(crate) ties: Vec<Tie>,
}

/// How often everybody may settle at the end of a search, and how far away.
const SETTLING: usize = 3;
const REACH: usize = 2;
/// How many searches there are on a board that is not crowded.
const SEARCHES: u64 = 8;
const CROSSING: f64 = 8.0;
const THROUGH: f64 = 30.0;
const ANGLE: f64 = 6.0;
const CROWD: f64 = 1.0;
/// How far from a middle of a square a tie is seen to pass through it, in squares.
const CLEARANCE: f64 = 0.52;
/// The cosine from which on two directions are nearly the same.
const NARROW: f64 = 0.9;
/// What a move may cost at the start of a search.
const HEAT: f64 = 12.0;
/// How many pairs of ties, or of ties and players, one search looks at; it bounds the time.
const WORK: usize = 400_000;
/// The same for a crowded board, which is searched only once.
const WORK_CROWDED: usize = 12_000_000;
/// From how many ties on a board is crowded.
const CROWDED: usize = 150;

/// The seeds of the searches that are worth their time.
pub(crate) fn seeds(problem: &Problem) -> std::ops::Range<u64> {
    0..if is_crowded(problem.ties.len()) {
        1
    } else {
        SEARCHES
    }
}

/// Whether so many ties leave no room for niceties.
pub(crate) fn is_crowded(ties: usize) -> bool {
    ties > CROWDED
}

/// The square of each player, rows first, as the search of a seed finds it.
pub(crate) fn place(problem: &Problem, seed: u64) -> Vec<usize> {
    let mut search = Search::new(problem);
    search.start();
    search.improve(seed);
    centred(&search.squares, problem.side)
}

/// The same places, moved together so that as much of the board is free on one side as on the other.
fn centred(squares: &[usize], side: usize) -> Vec<usize> {
    let shift = |of: &dyn Fn(usize) -> usize| {
        let places = || squares.iter().map(|square| of(*square));
        let (least, most) = (places().min().unwrap_or(0), places().max().unwrap_or(0));
        (side - 1 - (most - least)) / 2 + side - least
    };
    let (columns, rows) = (shift(&|s| s % side), shift(&|s| s / side));
    // One side too many is added above, so that nothing is below zero.
    let moved =
        |square: usize| (square / side + rows - side) * side + (square % side + columns - side);
    squares.iter().map(|square| moved(*square)).collect()
}

struct Search<'a> {
    problem: &'a Problem,
    /// The ties of each player.
    ties_of: Vec<Vec<usize>>,
    squares: Vec<usize>,
    /// Who stands on each square.
    taken: Vec<Option<usize>>,
    at: Vec<Point>,
    /// Where the ends of each tie are; what `at` says, without a detour.
    lines: Vec<[Point; 2]>,
    placed: Vec<bool>,
    /// Whether everybody is placed, so that nobody has to be asked.
    is_complete: bool,
    /// Marks the ties that have been seen, by the number of the look.
    seen: Vec<u32>,
    look: u32,
    /// What the places of each player cost, where that is known.
    cost_before: Vec<Option<f64>>,
    /// How many pairs have been looked at.
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
            taken: vec![None; problem.side * problem.side],
            at: vec![point(0.0, 0.0); problem.players],
            lines: vec![[point(0.0, 0.0); 2]; problem.ties.len()],
            placed: vec![false; problem.players],
            is_complete: false,
            seen: vec![0; problem.ties.len()],
            look: 0,
            cost_before: vec![None; problem.players],
            work: 0,
            problem,
        }
    }

    fn centre_of(&self, square: usize) -> Point {
        let side = self.problem.side;
        point((square % side) as f64, (square / side) as f64)
    }

    fn put(&mut self, player: usize, square: usize) {
        self.squares[player] = square;
        let at = self.centre_of(square);
        self.at[player] = at;
        for tie in &self.ties_of[player] {
            let end = usize::from(self.problem.ties[*tie].ends[0] != player);
            self.lines[*tie][end] = at;
        }
        self.placed[player] = true;
        self.taken[square] = Some(player);
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
            let mut best = (f64::INFINITY, free[0]);
            for square in free {
                self.put(player, square);
                let cost = if is_crowded(self.problem.ties.len()) {
                    self.rough_cost(player)
                } else {
                    self.cost_around(&[player], f64::INFINITY)
                };
                self.taken[square] = None;
                if cost < best.0 {
                    best = (cost, square);
                }
            }
            self.put(player, best.1);
        }
    }

    /// What the place of a player costs without a look at crossings.
    fn rough_cost(&self, player: usize) -> f64 {
        let ties = self.ties_of[player]
            .iter()
            .filter(|tie| self.is_placed(**tie));
        let lengths = ties.map(|tie| {
            let [a, b] = self.lines[*tie];
            length_cost(&self.problem.ties[*tie], a.distance(b))
        });
        lengths.sum::<f64>() + self.crowding(player)
    }

    fn improve(&mut self, seed: u64) {
        self.is_complete = true;
        let players = self.problem.players;
        if players < 2 {
            return;
        }
        let mut random = Random(seed);
        let (mut cost, mut best_cost) = (0.0_f64, 0.0_f64);
        let mut best = self.squares.clone();
        self.work = 0;
        let limit = if is_crowded(self.problem.ties.len()) {
            WORK_CROWDED
        } else {
            WORK
        };
        while self.work < limit {
            let left = 1.0 - self.work as f64 / limit as f64;
            let player = random.below(players);
            let square = self.target(player, &mut random);
            // A move that changes nothing is work too, or the search might never end.
            self.work += 1;
            let Some(change) = self.exchange(player, square, HEAT * left * left) else {
                continue;
            };
            cost += change;
            if cost < best_cost - 1e-9 {
                best_cost = cost;
                best.clone_from(&self.squares);
            }
        }
        self.taken.fill(None);
        for (player, square) in best.into_iter().enumerate() {
            self.put(player, square);
        }
        self.cost_before.fill(None);
        if !is_crowded(self.problem.ties.len()) {
            self.settle();
        }
    }

    /// Moves each player to a better square close by, as long as there is one; chance may have missed it.
    fn settle(&mut self) {
        let side = self.problem.side;
        for _ in 0..SETTLING {
            let mut has_moved = false;
            for player in 0..self.problem.players {
                let (column, row) = (self.squares[player] % side, self.squares[player] / side);
                for row in row.saturating_sub(REACH)..=(row + REACH).min(side - 1) {
                    for column in column.saturating_sub(REACH)..=(column + REACH).min(side - 1) {
                        let moved = self.exchange(player, row * side + column, -1e-6);
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
        let side = self.problem.side;
        let ties = &self.ties_of[player];
        if ties.is_empty() || random.below(3) == 0 {
            return random.below(side * side);
        }
        let [a, b] = self.problem.ties[ties[random.below(ties.len())]].ends;
        let near = self.squares[if a == player { b } else { a }];
        let mut shifted = |at: usize| {
            let moved = (at + random.below(7)).saturating_sub(3);
            moved.min(side - 1)
        };
        let column = shifted(near % side);
        shifted(near / side) * side + column
    }

    /// Moves a player to a square, and whoever stands there to the player's, unless that costs more than `most`; gives
    /// what it costs.
    fn exchange(&mut self, player: usize, square: usize, most: f64) -> Option<f64> {
        let origin = self.squares[player];
        if origin == square {
            return None;
        }
        let other = self.taken[square];
        let pair = [player, other.unwrap_or(player)];
        let moved = &pair[..if other.is_some() { 2 } else { 1 }];
        let before = match (other, self.cost_before[player]) {
            (None, Some(cost)) => cost,
            _ => self.cost_around(moved, f64::INFINITY),
        };
        if other.is_none() {
            self.cost_before[player] = Some(before);
        }
        self.put_back(player, square);
        let change = self.cost_around(moved, before + most) - before;
        if change > most {
            self.put_back(player, origin);
            return None;
        }
        self.cost_before.fill(None);
        Some(change)
    }

    fn put_back(&mut self, player: usize, square: usize) {
        let origin = self.squares[player];
        if origin == square {
            return;
        }
        let other = self.taken[square];
        self.taken[origin] = None;
        if let Some(other) = other {
            self.put(other, origin);
        }
        self.put(player, square);
    }

    /// The part of the cost that depends on where these players stand; no more than is needed to see that it is above
    /// a limit.
    fn cost_around(&mut self, moved: &[usize], limit: f64) -> f64 {
        self.look += 1;
        let ties = &self.problem.ties;
        let mut cost: f64 = moved.iter().map(|player| self.crowding(*player)).sum();
        for player in moved {
            for tie in &self.ties_of[*player] {
                let [a, b] = self.lines[*tie];
                if self.is_placed(*tie) {
                    cost += length_cost(&ties[*tie], a.distance(b));
                }
            }
        }
        for player in moved {
            for place in 0..self.ties_of[*player].len() {
                let tie = self.ties_of[*player][place];
                if cost > limit {
                    return cost;
                }
                if self.seen[tie] != self.look && self.is_placed(tie) {
                    self.seen[tie] = self.look;
                    self.work += ties.len() + self.problem.players;
                    cost += self.cost_of(tie);
                }
            }
        }
        if cost > limit {
            return cost;
        }
        self.work += ties.len();
        for (number, tie) in ties.iter().enumerate() {
            if self.seen[number] != self.look && self.is_placed(number) {
                let [a, b] = self.lines[number];
                for player in moved {
                    cost += through(self.at[*player], a, b) * weight_of(tie);
                }
            }
        }
        cost
    }

    fn is_placed(&self, tie: usize) -> bool {
        self.is_complete
            || self.problem.ties[tie]
                .ends
                .iter()
                .all(|end| self.placed[*end])
    }

    /// What a tie costs besides its length: its crossings, the squares that it goes through, and the narrow angles at its
    /// ends. What it shares with a tie that has been seen in this look is counted there.
    fn cost_of(&self, number: usize) -> f64 {
        let tie = &self.problem.ties[number];
        let [a, b] = self.lines[number];
        let mut cost = 0.0;
        for (other_number, [c, d]) in self.lines.iter().enumerate() {
            // The cheapest and most telling question first.
            if !boxes_meet(a, b, *c, *d) {
                continue;
            }
            let other = &self.problem.ties[other_number];
            let is_new = other_number == number || self.seen[other_number] == self.look;
            let meets = other.ends.iter().any(|end| tie.ends.contains(end));
            if is_new || meets || !self.is_placed(other_number) {
                continue;
            }
            if cross(a, b, *c, *d) {
                cost += CROSSING * (tie.count * other.count) as f64;
            }
        }
        for (player, at) in self.at.iter().enumerate() {
            if self.placed[player] && !tie.ends.contains(&player) {
                cost += through(*at, a, b) * weight_of(tie);
            }
        }
        for end in tie.ends {
            let from = self.at[end];
            let own = if tie.ends[0] == end { b } else { a };
            for other in &self.ties_of[end] {
                if *other == number || self.seen[*other] == self.look || !self.is_placed(*other) {
                    continue;
                }
                let [c, d] = self.problem.ties[*other].ends;
                let way = self.at[if c == end { d } else { c }];
                cost += narrowness(from, own, way);
            }
        }
        cost
    }

    /// What it costs that a player stands beside others, and far from the middle if it has many ties.
    fn crowding(&self, player: usize) -> f64 {
        let at = self.at[player];
        let middle = (self.problem.side as f64 - 1.0) / 2.0;
        let degree = self.ties_of[player].len() as f64;
        let mut cost = 0.03 * degree * at.distance(point(middle, middle));
        for (other, place) in self.at.iter().enumerate() {
            if other == player || !self.placed[other] {
                continue;
            }
            let (x, y) = ((place.x - at.x).abs(), (place.y - at.y).abs());
            if x <= 1.0 && y <= 1.0 {
                cost += CROWD;
            }
        }
        cost
    }
}

fn weight_of(tie: &Tie) -> f64 {
    (tie.count as f64).sqrt()
}

/// Arrows need room for their labels, so that there is a best length; those who lead stand closer.
fn length_cost(tie: &Tie, length: f64) -> f64 {
    let best = match (tie.leads, tie.count) {
        (true, 1) => 1.2,
        (_, 1 | 2) => 2.0,
        _ => 2.6,
    };
    if length < best {
        4.0 * (best - length) * (tie.count as f64).sqrt()
    } else {
        0.3 * tie.weight * (length - best)
    }
}

/// How much a tie passes through a square with this middle.
fn through(square: Point, a: Point, b: Point) -> f64 {
    // Most squares are far off, and a comparison is cheap.
    if square.x < a.x.min(b.x) - CLEARANCE
        || square.x > a.x.max(b.x) + CLEARANCE
        || square.y < a.y.min(b.y) - CLEARANCE
        || square.y > a.y.max(b.y) + CLEARANCE
    {
        return 0.0;
    }
    let near = distance_to(square, a, b);
    if near < CLEARANCE {
        THROUGH * (1.0 - 0.6 * near / CLEARANCE)
    } else {
        0.0
    }
}

/// How nearly two ways from one point are the same.
fn narrowness(from: Point, one: Point, other: Point) -> f64 {
    let (a, b) = (one.x - from.x, one.y - from.y);
    let (c, d) = (other.x - from.x, other.y - from.y);
    let product = a * c + b * d;
    let lengths = (a * a + b * b) * (c * c + d * d);
    if product <= 0.0 || product * product <= NARROW * NARROW * lengths {
        return 0.0;
    }
    ANGLE * (product / lengths.sqrt() - NARROW) / (1.0 - NARROW)
}

#[cfg(test)]
mod tests {
    use super::*;

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
            side: 8,
            players: 20,
            ties,
        };
        let mut squares = place(&problem, 1);
        assert_eq!(squares, place(&problem, 1));
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
                side: 8,
                players,
                ties,
            };
            let squares = place(&problem, 1);
            let at =
                |player: usize| point((squares[player] % 8) as f64, (squares[player] / 8) as f64);
            for (number, one) in problem.ties.iter().enumerate() {
                for other in &problem.ties[..number] {
                    let [a, b, c, d] =
                        [one.ends[0], one.ends[1], other.ends[0], other.ends[1]].map(at);
                    assert!(!cross(a, b, c, d));
                }
                for player in (0..players).filter(|player| !one.ends.contains(player)) {
                    assert_eq!(through(at(player), at(one.ends[0]), at(one.ends[1])), 0.0);
                }
            }
        }
    }
}
