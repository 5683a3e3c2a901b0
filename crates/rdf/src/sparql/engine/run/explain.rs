//! A plan in words, with how many rows each step made.

use crate::sparql::engine::plan::join::{Bgp, End};
use crate::sparql::engine::plan::node::{Computed, Condition, Node, Op, Source, StepId, Table};
use crate::sparql::engine::plan::scan::Pattern;
use crate::sparql::engine::run::state::State;
use std::fmt::Write;

/// The description of a step and the steps below it, those with a label first.
type Words<'n, 'a> = (String, Vec<(&'static str, &'n Node<'a>)>);

/// Writes plans.
pub(crate) struct Explainer<'e> {
    pub(crate) names: &'e [String],
    /// The state of the run, with the row count of each step.
    pub(crate) state: &'e State,
}

impl Explainer<'_> {
    /// Returns a line for each step: the last step first, its inputs below it.
    pub(crate) fn lines(&self, node: &Node<'_>) -> Vec<String> {
        let mut lines = Vec::new();
        self.add(node, 0, &mut lines);
        lines
    }

    fn add(&self, node: &Node<'_>, depth: usize, lines: &mut Vec<String>) {
        if matches!(node.op, Op::Input) {
            return;
        }
        let rows = self.state.step(node.id).rows.get();
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

    fn step<'n, 'a>(&self, node: &'n Node<'a>) -> Words<'n, 'a> {
        match &node.op {
            Op::Input => (String::new(), Vec::new()),
            Op::Join(input, bgp) => (self.join(node.id, bgp), vec![("", input)]),
            Op::Scan(input, pattern) => (self.scan(pattern), vec![("", input)]),
            Op::Path(input, path) => {
                let (subject, object) = (self.end(&path.subject), self.end(&path.object));
                (
                    format!("walk a path from {subject} to {object}"),
                    vec![("", input)],
                )
            }
            Op::Table(input, table) => self.table(input, table),
            Op::Minus(input, table) => {
                let mut children = vec![("", &**input)];
                if let Source::Plan(plan) = &table.source {
                    children.insert(0, ("rows, made once:", plan));
                }
                (format!("minus{}", self.slots(&table.common())), children)
            }
            Op::Filter(input, conditions) => self.filter(input, conditions),
            Op::Optional { left, right, .. } => (
                "optional".to_owned(),
                vec![("extended by:", right), ("", left)],
            ),
            Op::Mark { input, node, .. } => (
                "mark what exists".to_owned(),
                vec![("looking for:", node), ("", input)],
            ),
            Op::Split {
                input,
                slot,
                bound,
                unbound,
            } => (
                format!("split by having a value on {}", self.name(*slot)),
                vec![("with:", bound), ("without:", unbound), ("", input)],
            ),
            Op::Union(input, branches) => {
                let mut children: Vec<(&str, &Node<'_>)> =
                    branches.iter().map(|branch| ("either:", branch)).collect();
                children.push(("", input));
                ("union".to_owned(), children)
            }
            Op::Extend(input, slot, computed) => {
                let how = match computed {
                    Computed::Expression(scalar) if scalar.is_outside() => {
                        " by the general evaluator"
                    }
                    _ => "",
                };
                (
                    format!("compute {}{how}", self.name(*slot)),
                    vec![("", input)],
                )
            }
            Op::Distinct(input, slots) => {
                (format!("distinct{}", self.slots(slots)), vec![("", input)])
            }
            Op::Group { input, keys, .. } => {
                (format!("group{}", self.slots(keys)), vec![("", input)])
            }
            Op::Sort { input, by, limit } => {
                let slots: Vec<usize> = by.iter().map(|(slot, _)| *slot).collect();
                let mut text = format!("sort{}", self.slots(&slots));
                if let Some(limit) = limit {
                    // Writing to a string cannot fail.
                    let _ = write!(text, ", the first {limit}");
                }
                (text, vec![("", input)])
            }
            Op::Slice { input, .. } => ("slice".to_owned(), vec![("", input)]),
        }
    }

    fn table<'n, 'a>(&self, input: &'n Node<'a>, table: &'n Table<'a>) -> Words<'n, 'a> {
        let shared = self.slots(&table.common());
        match &table.source {
            Source::Rows(rows) => (
                format!("join {} given rows{shared}", rows.len),
                vec![("", input)],
            ),
            Source::Plan(plan) => (
                format!("join by hash{shared}"),
                vec![("rows, made once:", plan), ("", input)],
            ),
        }
    }

    fn filter<'n, 'a>(
        &self,
        input: &'n Node<'a>,
        conditions: &'n [Condition<'a>],
    ) -> Words<'n, 'a> {
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

    fn join(&self, id: StepId, bgp: &Bgp) -> String {
        let count = match bgp.atoms.len() {
            1 => "1 pattern".to_owned(),
            count => format!("{count} patterns"),
        };
        match self.state.step(id).order.get() {
            Some(order) if !order.is_empty() => format!("search {count}{}", self.slots(order)),
            _ => format!("check {count}"),
        }
    }

    fn scan(&self, pattern: &Pattern<'_>) -> String {
        let [subject, predicate, object] = pattern.ends.map(|end| self.end(&end));
        let predicate = match pattern.except.len() {
            0 => predicate,
            1 => "any predicate but one".to_owned(),
            count => format!("any predicate but {count}"),
        };
        format!("read {subject} {predicate} {object}")
    }

    fn condition(&self, condition: &Condition<'_>) -> String {
        let columns = self.slots(&condition.slots());
        match condition {
            Condition::Allowed { .. } => format!("by ranges of numbers{columns}"),
            Condition::Same { .. } => format!("by equality{columns}"),
            Condition::Bound(..) => format!("by having a value{columns}"),
            Condition::Exists { wanted: true, .. } => "by what exists".to_owned(),
            Condition::Exists { wanted: false, .. } => "by what does not exist".to_owned(),
            Condition::Check(check) if check.scalar.is_outside() => {
                format!("by the general evaluator{columns}")
            }
            Condition::Check(_) => format!("by an expression{columns}"),
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
