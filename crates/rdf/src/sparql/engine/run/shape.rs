//! The shape of a join of which solutions are counted: what depends on what.
//!
//! Once a variable of a join has a value, the variables that only patterns with it hold together are independent, so the
//! numbers of their solutions multiply. This is factorised aggregation (Olteanu and Závodný, ACM TODS 2015): the tree
//! of variables is their f-tree, and a count costs what the tree has, not what the join has.

use crate::sparql::engine::plan::join::Atom;
use crate::sparql::engine::run::levels::{Level, Role};
use rustc_hash::FxHashMap;

/// A variable of a join, with those that are independent of each other once it has a value.
pub(crate) struct Branch {
    pub(crate) level: usize,
    /// The sources of the level of which only the number of pairs matters: their values are independent of all else.
    pub(crate) fans: Vec<usize>,
    pub(crate) below: Vec<Branch>,
}

/// What a search makes rows of, and what it counts.
pub(crate) struct Shape {
    /// The levels that rows are made of, each with what is counted once it has a value.
    pub(crate) made: Vec<Branch>,
    /// The part that is counted first.
    pub(crate) counted: Vec<Branch>,
}

impl Shape {
    /// Returns the shape of a join. O(n²) for n levels.
    pub(crate) fn new(levels: &[Level<'_>], atoms: &[Atom]) -> Self {
        let level_of: FxHashMap<usize, usize> = (0..)
            .zip(levels)
            .map(|(at, level)| (level.slot, at))
            .collect();
        let edges = atoms.iter().filter_map(|atom| {
            let level =
                |end: crate::sparql::engine::plan::join::End| level_of.get(&end.slot()?).copied();
            Some((level(atom.subject)?, level(atom.object)?))
        });
        let tree = Tree {
            levels,
            edges: edges.collect(),
        };
        let mut shape = Self {
            made: Vec::new(),
            counted: Vec::new(),
        };
        let all: Vec<usize> = (0..levels.len()).collect();
        for branch in tree.branches(&all) {
            match tree.is_needed(&branch) {
                true => tree.make(branch, &mut shape.made),
                false => shape.counted.push(branch),
            }
        }
        shape.made.sort_by_key(|branch| branch.level);
        shape
    }

    /// Returns whether a row can stand for several solutions.
    pub(crate) fn counts(&self) -> bool {
        let made = |branch: &Branch| !branch.fans.is_empty() || !branch.below.is_empty();
        !self.counted.is_empty() || self.made.iter().any(made)
    }
}

struct Tree<'t, 'a> {
    levels: &'t [Level<'a>],
    /// The pairs of levels that a pattern connects.
    edges: Vec<(usize, usize)>,
}

impl Tree<'_, '_> {
    /// Returns the groups of some levels that nothing connects, each as a branch. The levels are ascending.
    fn branches(&self, levels: &[usize]) -> Vec<Branch> {
        let mut group_of: FxHashMap<usize, usize> = levels.iter().map(|at| (*at, *at)).collect();
        let mut changed = true;
        while changed {
            changed = false;
            for (left, right) in &self.edges {
                if let (Some(&one), Some(&other)) = (group_of.get(left), group_of.get(right))
                    && one != other
                {
                    let least = one.min(other);
                    group_of.insert(*left, least);
                    group_of.insert(*right, least);
                    changed = true;
                }
            }
        }
        let first = levels.iter().filter(|level| group_of[level] == **level);
        let branch = |first: &usize| {
            let rest = levels
                .iter()
                .filter(|level| *level != first && group_of[level] == *first);
            self.branch(*first, &rest.copied().collect::<Vec<_>>())
        };
        first.map(branch).collect()
    }

    fn branch(&self, level: usize, rest: &[usize]) -> Branch {
        let (mut fans, mut below) = (Vec::new(), Vec::new());
        for branch in self.branches(rest) {
            match self.fan(level, &branch) {
                Some(place) => fans.push(place),
                None => below.push(branch),
            }
        }
        Branch { level, fans, below }
    }

    /// Returns the source of a level that lists all that a branch can be, if nothing else restricts it.
    fn fan(&self, level: usize, branch: &Branch) -> Option<usize> {
        let leaf = &self.levels[branch.level];
        let [pattern] = &leaf.patterns[..] else {
            return None;
        };
        let is_free = branch.below.is_empty()
            && branch.fans.is_empty()
            && pattern.role == Role::Second
            && leaf.allowed.is_none()
            && !leaf.is_needed;
        let patterns = &self.levels[level].patterns;
        let place = patterns
            .iter()
            .position(|first| first.place == pattern.place && first.role == Role::First);
        place.filter(|_| is_free)
    }

    fn is_needed(&self, branch: &Branch) -> bool {
        self.levels[branch.level].is_needed
            || branch.below.iter().any(|branch| self.is_needed(branch))
    }

    /// Adds a branch to those that rows are made of, with those below it that rows are made of too.
    fn make(&self, branch: Branch, made: &mut Vec<Branch>) {
        let (needed, below) = branch
            .below
            .into_iter()
            .partition(|branch| self.is_needed(branch));
        made.push(Branch { below, ..branch });
        let needed: Vec<Branch> = needed;
        for branch in needed {
            self.make(branch, made);
        }
    }
}
