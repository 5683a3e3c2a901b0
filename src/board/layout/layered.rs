//! The look of Graphviz without Graphviz: players in layers, arrows pointing down where they can.
//!
//! Sugiyama's method (Sugiyama, Tagawa & Toda 1981): arrows that close a cycle are turned round, each player gets the
//! layer of the longest way to it, long arrows a place in each layer between, layers are put in order by the mean of
//! their neighbours, and at last everybody is moved towards the mean of their neighbours.

use crate::board::layout::Drawing;
use crate::board::layout::compose::compose;
use crate::board::layout::fans::{arrows, pairs};
use crate::board::layout::geometry::Rect;
use crate::board::layout::pieces::stand;
use crate::board::layout::sheet::MARGIN;
use crate::board::scene::Scene;

/// The cell that a player takes up.
const WIDTH: f64 = 128.0;
const HEIGHT: f64 = 106.0;
/// The room between two layers, for labels.
const BETWEEN: f64 = 74.0;
/// The most players in one layer; others go to the next.
const LAYER_MAX: usize = 7;
const SWEEPS: usize = 24;

/// Lays a scene out in layers.
///
/// Time: O(s l) for s sweeps and l places in the layers, which are at most players plus arrows times layers.
///
/// ```
/// use powermap::board::{gather::Options, layout::layered, scene::Scene};
/// use powermap::map::Map;
/// let map = Map::built_in()?;
/// let drawing = layered::lay_out(Scene::of(&map.position(), &Options::default())?);
/// assert_eq!((drawing.side, drawing.quality.overlaps), (0, 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn lay_out(scene: Scene) -> Drawing {
    let layers = Layers::of(&scene);
    let places = layers.places();
    let left = places.iter().map(|(x, _)| *x).fold(f64::INFINITY, f64::min);
    let right = places
        .iter()
        .map(|(x, _)| *x)
        .fold(f64::NEG_INFINITY, f64::max);
    let last = places.iter().map(|(_, layer)| *layer).max().unwrap_or(0);
    let board = Rect {
        x: MARGIN,
        y: MARGIN,
        width: (right - left) + WIDTH + 160.0,
        height: (last + 1) as f64 * HEIGHT + last as f64 * BETWEEN + 60.0,
    };
    let pieces: Vec<_> = scene
        .players
        .iter()
        .zip(&places)
        .map(|(player, (x, layer))| {
            let cell = Rect {
                x: board.x + 80.0 + x - left,
                y: board.y + 30.0 + *layer as f64 * (HEIGHT + BETWEEN),
                width: WIDTH,
                height: HEIGHT,
            };
            stand(player, &cell)
        })
        .collect();
    let arrows = arrows(&scene, board, &pairs(&scene), &pieces);
    compose(scene, board, pieces, arrows)
}

/// Nodes in layers: first the players, then the places that long arrows take up on their way.
struct Layers {
    players: usize,
    layer: Vec<usize>,
    above: Vec<Vec<usize>>,
    below: Vec<Vec<usize>>,
    /// The nodes of each layer, from left to right.
    order: Vec<Vec<usize>>,
}

impl Layers {
    fn of(scene: &Scene) -> Self {
        let players = scene.players.len();
        let arcs = acyclic(scene);
        let layer = layers(players, &arcs);
        let mut layers = Self {
            players,
            above: vec![Vec::new(); players],
            below: vec![Vec::new(); players],
            order: Vec::new(),
            layer,
        };
        for (from, to) in arcs {
            layers.connect(from, to);
        }
        let count = layers.layer.iter().max().map_or(0, |last| last + 1);
        layers.order = vec![Vec::new(); count];
        for node in 0..layers.layer.len() {
            layers.order[layers.layer[node]].push(node);
        }
        layers.sort();
        layers
    }

    /// Joins two players, with a place in each layer between.
    fn connect(&mut self, from: usize, to: usize) {
        let mut last = from;
        for layer in self.layer[from] + 1..self.layer[to] {
            let node = self.layer.len();
            self.layer.push(layer);
            self.above.push(vec![last]);
            self.below.push(Vec::new());
            self.below[last].push(node);
            last = node;
        }
        self.below[last].push(to);
        self.above[to].push(last);
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
            let crossings = self.crossings();
            if crossings < best.0 {
                best = (crossings, self.order.clone());
            }
        }
        self.order = best.1;
    }

    fn crossings(&self) -> usize {
        let mut place = vec![0; self.layer.len()];
        for layer in &self.order {
            for (at, node) in layer.iter().enumerate() {
                place[*node] = at;
            }
        }
        let mut count = 0;
        for layer in &self.order {
            let arcs: Vec<(usize, usize)> = layer
                .iter()
                .flat_map(|node| {
                    self.below[*node]
                        .iter()
                        .map(|to| (place[*node], place[*to]))
                })
                .collect();
            for (number, (a, b)) in arcs.iter().enumerate() {
                count += arcs[..number]
                    .iter()
                    .filter(|(c, d)| (a < c && b > d) || (a > c && b < d))
                    .count();
            }
        }
        count
    }

    /// The left side and the layer of each player.
    fn places(&self) -> Vec<(f64, usize)> {
        let wide = |node: usize| if node < self.players { WIDTH } else { 34.0 };
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
        (0..self.players)
            .map(|node| (x[node], self.layer[node]))
            .collect()
    }
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

/// The arrows, each pair of players once, those turned round that would close a cycle.
fn acyclic(scene: &Scene) -> Vec<(usize, usize)> {
    let mut arcs: Vec<(usize, usize)> = Vec::new();
    let mut below: Vec<Vec<usize>> = vec![Vec::new(); scene.players.len()];
    let reaches = |below: &[Vec<usize>], from: usize, to: usize| {
        let (mut stack, mut seen) = (vec![from], vec![false; below.len()]);
        while let Some(node) = stack.pop() {
            if node == to {
                return true;
            }
            if !std::mem::replace(&mut seen[node], true) {
                stack.extend(&below[node]);
            }
        }
        false
    };
    for arrow in &scene.arrows {
        let (from, to) = (arrow.from, arrow.to);
        if arcs.contains(&(from, to)) || arcs.contains(&(to, from)) {
            continue;
        }
        let arc = if reaches(&below, to, from) {
            (to, from)
        } else {
            (from, to)
        };
        below[arc.0].push(arc.1);
        arcs.push(arc);
    }
    arcs
}

/// The layer of each player: one more than the lowest above it, and more where a layer is full.
fn layers(players: usize, arcs: &[(usize, usize)]) -> Vec<usize> {
    let mut above: Vec<Vec<usize>> = vec![Vec::new(); players];
    let mut open = vec![0; players];
    for (from, to) in arcs {
        above[*to].push(*from);
        open[*from] += 1;
    }
    // From the bottom up, so that whoever only acts stands right above whom they act upon.
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
    height.into_iter().map(|h| top - h).collect()
}
