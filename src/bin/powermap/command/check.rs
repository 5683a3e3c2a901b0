//! `check`: what is wrong with a map.

use crate::describe::Words;
use crate::exit::Exit;
use crate::input;
use crate::options::Options;
use crate::output::Output;
use crate::report::{Report, Value};
use crate::spoken;
use crate::words::Message;
use anyhow::Result;
use indexmap::IndexMap;
use oxigraph::model::{NamedNode, NamedOrBlankNode, Term};
use powermap::map::{Finding, FindingKind, NoticeKind, SourceLine};
use powermap::model::Labels;
use powermap::model::vocabulary::{compact, short_name};
use powermap_rdf::ValidationResult;
use std::collections::BTreeMap;

/// How many examples stand beside a kind of finding.
const EXAMPLES: usize = 3;

pub(crate) fn run(options: &Options, output: &Output) -> Result<Exit> {
    // What the tables lack is known to who reads them only.
    let map = input::text(options.map.as_deref(), options)?;
    let words = Words::of(&map, map.records()?, options.lang);
    for warning in map.warnings() {
        output.warning(&spoken::problem(warning, output.lang));
    }
    // What cannot be read is among the findings.
    let notices = map.notices()?.into_iter();
    output.notices(notices.filter(|notice| notice.kind != NoticeKind::Unread));
    let findings = map.check()?;
    let things: Vec<_> = findings.iter().flat_map(things).collect();
    let findings = Findings {
        words,
        lines: map.source_lines(&things)?,
        list: &findings,
    };
    let mut report = if options.all {
        findings.all()
    } else {
        findings.by_kind()
    };
    let is_clean = findings.list.is_empty();
    if is_clean {
        output.note(Message::NoProblems.text(words.lang));
    }
    let is_cut = report.cut(options.limit_rows);
    report.write(output)?;
    if is_cut {
        output.cut(options.limit_rows);
    }
    if !options.all && !is_clean {
        output.note(Message::AllFindings.text(words.lang));
    }
    Ok(if is_clean { Exit::Done } else { Exit::No })
}

/// What a map is found to have, and the lines that it has it on.
struct Findings<'a> {
    words: Words<'a>,
    list: &'a [Finding],
    lines: BTreeMap<NamedNode, SourceLine>,
}

impl Findings<'_> {
    /// One row for each finding.
    fn all(&self) -> Report {
        let mut report = self.report([
            ("check", Message::HeadingCheck),
            ("about", Message::HeadingAbout),
            ("file", Message::HeadingFile),
            ("line", Message::HeadingLine),
            ("finding", Message::HeadingFinding),
            ("claims", Message::HeadingClaimSources),
        ]);
        for finding in self.list {
            let line = self.line(finding);
            report.push([
                kind(self.words, finding).0,
                about(self.words, &finding.about),
                Value::from(line.map(|line| line.file.clone())),
                Value::from(line.map(|line| line.line.to_string())),
                message(self.words, finding).into(),
                self.words.claims(&finding.claims),
            ]);
        }
        report
    }

    /// One row for each kind of finding: how many there are, and the first of them.
    fn by_kind(&self) -> Report {
        let mut report = self.report([
            ("check", Message::HeadingCheck),
            ("count", Message::HeadingCount),
            ("finding", Message::HeadingFinding),
            ("examples", Message::HeadingExamples),
        ]);
        let mut kinds: IndexMap<String, (Value, Vec<&Finding>)> = IndexMap::new();
        for finding in self.list {
            let (check, question) = kind(self.words, finding);
            let (_, list) = kinds.entry(question).or_insert_with(|| (check, Vec::new()));
            list.push(finding);
        }
        for (question, (check, list)) in kinds {
            report.push([
                check,
                Value::from(list.len().to_string()),
                question.into(),
                self.examples(&list),
            ]);
        }
        report
    }

    fn report<const N: usize>(&self, columns: [(&'static str, Message); N]) -> Report {
        let lang = self.words.lang;
        Report::new(lang, "check", Message::Findings.text(lang), columns)
    }

    /// Returns the places of the first findings, each named once.
    fn examples(&self, findings: &[&Finding]) -> Value {
        let separator = self.words.separator();
        let mut examples: Vec<String> = Vec::new();
        for finding in findings {
            let name = match &finding.about {
                Term::NamedNode(node) => short_name(node.as_str()).to_owned(),
                other => other.to_string(),
            };
            let example = match self.line(finding) {
                Some(SourceLine { file, line }) => format!("{file}:{line} {name}"),
                None => name,
            };
            if !examples.contains(&example) {
                examples.push(example);
            }
        }
        let is_cut = examples.len() > EXAMPLES;
        examples.truncate(EXAMPLES);
        let list = |separator| {
            let list = examples.join(separator);
            match is_cut {
                true => Message::MoreExamples.filled(self.words.lang, &[("list", &list)]),
                false => list,
            }
        };
        Value::Words {
            people: list(separator),
            data: examples.join(";"),
        }
    }

    /// Returns the line of what a finding is about, or else that of a claim that it rests on.
    fn line(&self, finding: &Finding) -> Option<&SourceLine> {
        things(finding).find_map(|thing| self.lines.get(&thing))
    }
}

/// Returns the things whose lines a finding may be shown at, the best first.
fn things(finding: &Finding) -> impl Iterator<Item = NamedNode> {
    let about = match &finding.about {
        Term::NamedNode(node) => Some(node.clone()),
        _ => None,
    };
    let claims = finding.claims.iter().filter_map(|claim| match claim {
        NamedOrBlankNode::NamedNode(node) => Some(node.clone()),
        NamedOrBlankNode::BlankNode(_) => None,
    });
    about.into_iter().chain(claims)
}

/// Returns what a finding is about.
fn about(words: Words<'_>, about: &Term) -> Value {
    match about {
        Term::NamedNode(node) => words.thing(node),
        other => other.to_string().into(),
    }
}

/// Returns the name of the check, and what it asks.
fn kind(words: Words<'_>, finding: &Finding) -> (Value, String) {
    match &finding.kind {
        FindingKind::Record(_) => {
            let check = Value::Words {
                people: Message::Record.text(words.lang).to_owned(),
                data: "record".to_owned(),
            };
            (check, Message::RecordUnread.text(words.lang).to_owned())
        }
        FindingKind::Shape(found) => {
            let check = format!("shape/{}", found.component_name());
            (check.into(), misshapen(words, found, None))
        }
        FindingKind::Refuted(refuted) => {
            let question = refuted.question_in(words.lang);
            (refuted.query.as_str().into(), question.to_owned())
        }
    }
}

fn message(words: Words<'_>, finding: &Finding) -> String {
    match &finding.kind {
        FindingKind::Record(problem) => match &problem.property {
            Some(property) => format!("{}: {}", compact(property.as_str()), problem.message),
            None => problem.message.clone(),
        },
        FindingKind::Shape(found) => misshapen(words, found, found.value.as_ref()),
        FindingKind::Refuted(refuted) => refuted.reason_in(words.lang),
    }
}

/// Returns what a shape says, and the path and the value that it says it of.
fn misshapen(words: Words<'_>, finding: &ValidationResult, value: Option<&Term>) -> String {
    let messages = Labels::from(finding.messages.clone());
    let message = messages.get(words.lang).unwrap_or_default();
    let mut place: Vec<_> = finding.path.iter().cloned().collect();
    place.extend(value.map(|value| match value {
        Term::NamedNode(node) => compact(node.as_str()),
        other => other.to_string(),
    }));
    if place.is_empty() {
        return message.to_owned();
    }
    format!("{}: {message}", place.join(" "))
}
