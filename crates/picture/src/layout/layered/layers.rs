//! Nodes in layers, and the order within each.

use crate::scene::Scene;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// The most players in one layer; others go to the next.
const LAYER_MAX: usize = 7;
const SWEEPS: usize = 24;
/// How far parallel arrows are from each other.
pub(crate) const GAP: f64 = 13.0;
/// The room that a place on the way takes up besides its arrows.
const ROOM: f64 = 24.0;

/// Nodes in layers: first the players, then the places that long arrows take up on their way.
pub(crate) struct Layers {
    /// The layer of each node.
    pub(crate) layer: Vec<usize>,
    /// The way between each two players with arrows between them, from the upper one down, by the lower place first.
    pub(crate) ways: BTreeMap<[usize; 2], Vec<usize>>,
    /// The number of arrows through each node that is no player.
    arrows: Vec<Option<usize>>,
    above: Vec<Vec<usize>>,
    below: Vec<Vec<usize>>,
    /// The nodes of each layer, from left to right.
    order: Vec<Vec<usize>>,
}

impl Layers {
    pub(crate) fn of(scene: &Scene, pairs: &BTreeMap<[usize; 2], Vec<usize>>) -> Self {
        let players = scene.players.len();
        let arcs = acyclic(scene);
        let layer = layers(players, &arcs);
        let mut layers = Self {
            ways: BTreeMap::new(),
            arrows: vec![None; players],
            above: vec![Vec::new(); players],
            below: vec![Vec::new(); players],
            order: Vec::new(),
            layer,
        };
        for (from, to) in arcs {
            let ends = [from.min(to), from.max(to)];
            layers.connect(from, to, pairs.get(&ends).map_or(1, Vec::len));
        }
        let count = layers.layer.iter().max().map_or(0, |last| last + 1);
        layers.order = vec![Vec::new(); count];
        for node in 0..layers.layer.len() {
            layers.order[layers.layer[node]].push(node);
        }
        layers.sort();
        layers
    }

    /// Joins two players, with a place for their arrows in each layer between.
    fn connect(&mut self, from: usize, to: usize, arrows: usize) {
        let mut last = from;
        let mut way = vec![from];
        for layer in self.layer[from] + 1..self.layer[to] {
            let node = self.layer.len();
            self.layer.push(layer);
            self.arrows.push(Some(arrows));
            way.push(node);
            self.above.push(vec![last]);
            self.below.push(Vec::new());
            self.below[last].push(node);
            last = node;
        }
        self.below[last].push(to);
        self.above[to].push(last);
        way.push(to);
        self.ways.insert([from.min(to), from.max(to)], way);
    }

    /// Puts each layer in the order of the means of the layer before it, down and up again.
    fn sort(&mut self) {
        let mut best = (usize::MAX, self.order.clone());
        for sweep in 0..SWEEPS {
            let count = self.order.len();
            let is_down = sweep % 2 == 0;
            for step in 1..count {
                let layer = if is_down { step } else { count - 1 - step };
                let before = if is_down { layer - 1 } else { layer + 1 };
                let mut place = vec![0.0; self.layer.len()];
                for (at, node) in self.order[before].iter().enumerate() {
                    place[*node] = at as f64;
                }
                let sides = if is_down { &self.above } else { &self.below };
                let mut keyed: Vec<(f64, usize, usize)> = self.order[layer]
                    .iter()
                    .enumerate()
                    .map(|(at, node)| {
                        let near = &sides[*node];
                        let sum: f64 = near.iter().map(|n| place[*n]).sum();
                        let mean = if near.is_empty() {
                            at as f64
                        } else {
                            sum / near.len() as f64
                        };
                        (mean, at, *node)
                    })
                    .collect();
                keyed.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
                self.order[layer] = keyed.into_iter().map(|(.., node)| node).collect();
            }
            self.exchange();
            let crossings = self.crossings();
            if crossings < best.0 {
                best = (crossings, self.order.clone());
            }
        }
        self.order = best.1;
    }

    /// Exchanges adjacent nodes as long as that saves crossings.
    fn exchange(&mut self) {
        let mut place = self.places();
        for _ in 0..SWEEPS {
            let mut has_changed = false;
            for layer in &mut self.order {
                for at in 1..layer.len() {
                    let (left, right) = (layer[at - 1], layer[at]);
                    let count = |a: usize, b: usize| {
                        between(&self.above, &self.arrows, a, b, &place)
                            + between(&self.below, &self.arrows, a, b, &place)
                    };
                    if count(right, left) < count(left, right) {
                        layer.swap(at - 1, at);
                        (place[left], place[right]) = (at, at - 1);
                        has_changed = true;
                    }
                }
            }
            if !has_changed {
                return;
            }
        }
    }

    fn crossings(&self) -> usize {
        let place = self.places();
        let mut count = 0;
        for layer in &self.order {
            for (at, left) in layer.iter().enumerate() {
                for right in &layer[at + 1..] {
                    count += between(&self.below, &self.arrows, *left, *right, &place);
                }
            }
        }
        count
    }

    /// The place of each node in its layer.
    fn places(&self) -> Vec<usize> {
        let mut place = vec![0; self.layer.len()];
        for layer in &self.order {
            for (at, node) in layer.iter().enumerate() {
                place[*node] = at;
            }
        }
        place
    }

    /// The middle of each node, where players are so wide.
    pub(crate) fn middles(&self, player: f64) -> Vec<f64> {
        let wide = |node: usize| match self.arrows[node] {
            None => player,
            Some(arrows) => ROOM + GAP * arrows as f64,
        };
        let mut x = vec![0.0; self.layer.len()];
        for layer in &self.order {
            let mut at = -layer.iter().map(|node| wide(*node)).sum::<f64>() / 2.0;
            for node in layer {
                x[*node] = at;
                at += wide(*node);
            }
        }
        for _ in 0..SWEEPS {
            for layer in &self.order {
                let mut wish: Vec<f64> = layer
                    .iter()
                    .map(|node| {
                        let near = self.above[*node].iter().chain(&self.below[*node]);
                        let middles: Vec<f64> = near.map(|n| x[*n] + wide(*n) / 2.0).collect();
                        match middles.len() {
                            0 => x[*node],
                            count => middles.iter().sum::<f64>() / count as f64 - wide(*node) / 2.0,
                        }
                    })
                    .collect();
                spread(layer, &mut wish, &wide);
                for (node, at) in layer.iter().zip(wish) {
                    x[*node] = at;
                }
            }
        }
        (0..x.len())
            .map(|node| x[node] + wide(node) / 2.0)
            .collect()
    }
}

/// Counts how often the arrows of a node cross those of another to the right of it, on one side of their layer.
fn between(
    near: &[Vec<usize>],
    arrows: &[Option<usize>],
    left: usize,
    right: usize,
    place: &[usize],
) -> usize {
    // Between places on the way it is known how many arrows there are; between players one stands for all.
    let count = |a: usize, b: usize| arrows[a].or(arrows[b]).unwrap_or(1);
    let mut crossings = 0;
    for one in &near[left] {
        for other in &near[right] {
            if place[*one] > place[*other] {
                crossings += count(left, *one) * count(right, *other);
            }
        }
    }
    crossings
}

/// Moves neighbours apart until none overlaps, half of it to each side.
fn spread(layer: &[usize], at: &mut [f64], wide: &impl Fn(usize) -> f64) {
    let mut right = at.to_vec();
    let mut left = at.to_vec();
    for place in 1..layer.len() {
        right[place] = right[place].max(right[place - 1] + wide(layer[place - 1]));
    }
    for place in (0..layer.len().saturating_sub(1)).rev() {
        left[place] = left[place].min(left[place + 1] - wide(layer[place]));
    }
    for (place, at) in at.iter_mut().enumerate() {
        *at = (right[place] + left[place]) / 2.0;
    }
}

/// Returns the arrows, each pair of players once, those turned round that lead back.
///
/// P. Eades, X. Lin and W. F. Smyth, *A Fast and Effective Heuristic for the Feedback Arc Set Problem* (1993): players
/// nobody acts on come first, those who act on nobody last, and between them whoever acts on more than act on it.
fn acyclic(scene: &Scene) -> Vec<(usize, usize)> {
    let players = scene.players.len();
    let mut arcs: BTreeSet<(usize, usize)> = BTreeSet::new();
    let mut pairs = Vec::new();
    for arrow in &scene.arrows {
        let is_new =
            !arcs.contains(&(arrow.from, arrow.to)) && !arcs.contains(&(arrow.to, arrow.from));
        if is_new && arrow.from != arrow.to {
            pairs.push((arrow.from, arrow.to));
        }
        arcs.insert((arrow.from, arrow.to));
    }
    let (mut first, mut last) = (Vec::new(), Vec::new());
    let mut left: BTreeSet<usize> = (0..players).collect();
    while !left.is_empty() {
        let degrees = |player: usize| {
            let out = arcs
                .iter()
                .filter(|(from, to)| *from == player && left.contains(to));
            let into = arcs
                .iter()
                .filter(|(from, to)| *to == player && left.contains(from));
            (out.count() as i64, into.count() as i64)
        };
        let sink = left.iter().copied().find(|player| degrees(*player).0 == 0);
        let source = left.iter().copied().find(|player| degrees(*player).1 == 0);
        let best = left.iter().copied().max_by_key(|player| {
            let (out, into) = degrees(*player);
            (out - into, std::cmp::Reverse(*player))
        });
        let Some(next) = source.or(sink).or(best) else {
            break;
        };
        left.remove(&next);
        if sink.is_some() {
            &mut last
        } else {
            &mut first
        }
        .push(next);
    }
    let order = first.into_iter().chain(last.into_iter().rev());
    let mut place = vec![0; players];
    for (at, player) in order.enumerate() {
        place[player] = at;
    }
    pairs
        .into_iter()
        .map(|(from, to)| match place[from] < place[to] {
            true => (from, to),
            false => (to, from),
        })
        .collect()
}

/// Returns the layer of each player: one more than the lowest above it, and more where a layer is full.
fn layers(players: usize, arcs: &[(usize, usize)]) -> Vec<usize> {
    let mut above: Vec<Vec<usize>> = vec![Vec::new(); players];
    let mut open = vec![0; players];
    for (from, to) in arcs {
        above[*to].push(*from);
        open[*from] += 1;
    }
    // From the bottom up, so that a player who only acts stands right above those acted upon.
    let mut height = vec![0; players];
    let mut full: Vec<usize> = Vec::new();
    let mut ready: Vec<usize> = (0..players).filter(|p| open[*p] == 0).collect();
    while !ready.is_empty() {
        let mut next = Vec::new();
        for player in ready {
            while full
                .get(height[player])
                .is_some_and(|count| *count >= LAYER_MAX)
            {
                height[player] += 1;
            }
            full.resize(full.len().max(height[player] + 1), 0);
            full[height[player]] += 1;
            for parent in &above[player] {
                height[*parent] = height[*parent].max(height[player] + 1);
                open[*parent] -= 1;
                if open[*parent] == 0 {
                    next.push(*parent);
                }
            }
        }
        ready = next;
    }
    let top = height.iter().copied().max().unwrap_or(0);
    let mut layer: Vec<usize> = height.into_iter().map(|h| top - h).collect();
    for _ in 0..SWEEPS {
        if !tighten(&mut layer, arcs) {
            break;
        }
    }
    layer
}

/// Moves each player towards the side on which it has more neighbours, as far as these and full layers allow, so that
/// arrows get shorter; returns whether any has moved.
fn tighten(layer: &mut [usize], arcs: &[(usize, usize)]) -> bool {
    let last = layer.iter().copied().max().unwrap_or(0);
    let mut count = vec![0; last + 1];
    for layer in layer.iter() {
        count[*layer] += 1;
    }
    let mut has_moved = false;
    for player in 0..layer.len() {
        let above = arcs
            .iter()
            .filter(|arc| arc.1 == player)
            .map(|arc| layer[arc.0]);
        let below = arcs
            .iter()
            .filter(|arc| arc.0 == player)
            .map(|arc| layer[arc.1]);
        let pull = above.clone().count().cmp(&below.clone().count());
        let own = layer[player];
        let mut wished: Vec<usize> = match pull {
            Ordering::Greater => (above.max().map_or(own, |above| above + 1)..own).collect(),
            Ordering::Less => (own + 1..below.min().unwrap_or(own)).rev().collect(),
            Ordering::Equal => Vec::new(),
        };
        wished.retain(|layer| count[*layer] < LAYER_MAX);
        if let Some(wished) = wished.first() {
            count[own] -= 1;
            count[*wished] += 1;
            layer[player] = *wished;
            has_moved = true;
        }
    }
    has_moved
}
