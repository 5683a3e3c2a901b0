//! A plan in words, with how many rows each step made.

use crate::sparql::engine::condition::Condition;
use crate::sparql::engine::join::{Bgp, End};
use crate::sparql::engine::plan::{Computed, Node};
use crate::sparql::engine::table::Source;
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::fmt::Write;

/// How many rows each step of a plan made: by where the step is in memory.
pub(crate) type Counts = RefCell<FxHashMap<usize, u64>>;

/// The key of a step.
pub(crate) fn key(node: &Node<'_>) -> usize {
    std::ptr::from_ref(node).addr()
}

/// Writes plans.
pub(crate) struct Explainer<'e> {
    pub(crate) names: &'e [String],
    pub(crate) counts: &'e Counts,
}

impl Explainer<'_> {
    /// A line for each step, the last step first, what it gets its rows from below it.
    pub(crate) fn lines(&self, node: &Node<'_>) -> Vec<String> {
        let mut lines = Vec::new();
        self.add(node, 0, &mut lines);
        lines
    }

    fn add(&self, node: &Node<'_>, depth: usize, lines: &mut Vec<String>) {
        if matches!(node, Node::Input) {
            return;
        }
        let rows = self.counts.borrow().get(&key(node)).copied().unwrap_or(0);
        let (text, children) = self.step(node);
        let indent = "  ".repeat(depth);
        lines.push(format!("{indent}{text}: {rows} rows"));
        for (word, child) in children {
            if !word.is_empty() {
                lines.push(format!("{indent}  {word}"));
            }
            self.add(child, depth + 1 + usize::from(!word.is_empty()), lines);
        }
    }

    /// What a step does, and the steps that it has below it: first those with a word for what they are.
    fn step<'n, 'a>(&self, node: &'n Node<'a>) -> (String, Vec<(&'static str, &'n Node<'a>)>) {
        match node {
            Node::Input => (String::new(), Vec::new()),
            Node::Join(input, bgp) => (self.join(bgp), vec![("", input)]),
            Node::Scan(input, pattern) => {
                let [subject, predicate, object] = pattern.ends.map(|end| self.end(&end));
                let predicate = match pattern.except.len() {
                    0 => predicate,
                    1 => "any predicate but one".to_owned(),
                    count => format!("any predicate but {count}"),
                };
                (
                    format!("read {subject} {predicate} {object}"),
                    vec![("", input)],
                )
            }
            Node::Path(input, path) => {
                let (subject, object) = (self.end(&path.subject), self.end(&path.object));
                (
                    format!("walk a path from {subject} to {object}"),
                    vec![("", input)],
                )
            }
            Node::Table(input, table) => {
                let shared = self.slots(&table.common());
                let mut children = vec![("", &**input)];
                let text = match &table.source {
                    Source::Rows(rows) => format!("join {} given rows{shared}", rows.len),
                    Source::Plan(plan) => {
                        children.insert(0, ("rows, made once:", plan));
                        format!("join by hash{shared}")
                    }
                };
                (text, children)
            }
            Node::Minus(input, table) => {
                let mut children = vec![("", &**input)];
                if let Source::Plan(plan) = &table.source {
                    children.insert(0, ("rows, made once:", plan));
                }
                (format!("minus{}", self.slots(&table.common())), children)
            }
            Node::Filter(input, conditions) => {
                let words: Vec<String> = conditions.iter().map(|c| self.condition(c)).collect();
                let mut children: Vec<(&str, &Node<'_>)> = Vec::new();
                for condition in conditions {
                    if let Condition::Exists { node, .. } = condition {
                        children.push(("looking for:", node));
                    }
                }
                children.push(("", input));
                (format!("filter {}", words.join(", ")), children)
            }
            Node::Optional { left, right, .. } => (
                "optional".to_owned(),
                vec![("extended by:", right), ("", left)],
            ),
            Node::Mark { input, node, .. } => (
                "look whether there is anything".to_owned(),
                vec![("looking for:", node), ("", input)],
            ),
            Node::Split {
                input,
                slot,
                bound,
                unbound,
            } => (
                format!("split by having a value on {}", self.name(*slot)),
                vec![("with:", bound), ("without:", unbound), ("", input)],
            ),
            Node::Union(input, branches) => {
                let mut children: Vec<(&str, &Node<'_>)> =
                    branches.iter().map(|branch| ("either:", branch)).collect();
                children.push(("", input));
                ("union".to_owned(), children)
            }
            Node::Extend(input, slot, computed) => {
                let how = match computed {
                    Computed::Expression(scalar) if scalar.is_outside() => {
                        " by the evaluator of the whole standard"
                    }
                    _ => "",
                };
                (
                    format!("compute {}{how}", self.name(*slot)),
                    vec![("", input)],
                )
            }
            Node::Distinct(input, slots) => {
                (format!("distinct{}", self.slots(slots)), vec![("", input)])
            }
            Node::Group { input, keys, .. } => {
                (format!("group{}", self.slots(keys)), vec![("", input)])
            }
            Node::Sort { input, by, limit } => {
                let slots: Vec<usize> = by.iter().map(|(slot, _)| *slot).collect();
                let mut text = format!("sort{}", self.slots(&slots));
                if let Some(limit) = limit {
                    // Writing to a string cannot fail.
                    let _ = write!(text, ", the first {limit}");
                }
                (text, vec![("", input)])
            }
            Node::Slice { input, .. } => ("slice".to_owned(), vec![("", input)]),
        }
    }

    fn join(&self, bgp: &Bgp) -> String {
        let count = match bgp.atoms.len() {
            1 => "1 pattern".to_owned(),
            count => format!("{count} patterns"),
        };
        let order = bgp.order.borrow();
        match order.is_empty() {
            true => format!("check {count}"),
            false => format!("search {count}{}", self.slots(&order)),
        }
    }

    fn condition(&self, condition: &Condition<'_>) -> String {
        let columns = self.slots(&condition.slots());
        match condition {
            Condition::Allowed { .. } => format!("by ranges of numbers{columns}"),
            Condition::Same { .. } => format!("by equality{columns}"),
            Condition::Bound(..) => format!("by having a value{columns}"),
            Condition::Exists { wanted: true, .. } => "by what exists".to_owned(),
            Condition::Exists { wanted: false, .. } => "by what does not exist".to_owned(),
            Condition::Ask(ask) if ask.scalar.is_outside() => {
                format!("by the evaluator of the whole standard{columns}")
            }
            Condition::Ask(_) => format!("by an expression{columns}"),
        }
    }

    fn slots(&self, slots: &[usize]) -> String {
        match slots {
            [] => String::new(),
            slots => {
                let names: Vec<String> = slots.iter().map(|slot| self.name(*slot)).collect();
                format!(" on {}", names.join(" "))
            }
        }
    }

    fn end(&self, end: &End) -> String {
        match end {
            End::Slot(slot) => self.name(*slot),
            End::Term(_) => "a term".to_owned(),
        }
    }

    fn name(&self, slot: usize) -> String {
        match self.names.get(slot) {
            Some(name) if !name.is_empty() && !name.starts_with("_:") => format!("?{name}"),
            _ => "a node".to_owned(),
        }
    }
}
