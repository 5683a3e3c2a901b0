//! `check`: what is wrong with a map.

use crate::args::Options;
use crate::describe::Words;
use crate::exit::Exit;
use crate::input;
use crate::output::Output;
use crate::report::{Report, Value};
use crate::words::Message;
use anyhow::Result;
use oxigraph::model::Term;
use powermap::map::{Finding, FindingKind, NoticeKind};
use powermap::model::Labels;
use powermap::model::vocabulary::compact;
use powermap_rdf::ValidationResult;

pub(crate) fn run(options: &Options, output: &Output) -> Result<Exit> {
    // What the tables lack is known to who reads them only.
    let map = input::text(options.map.as_deref(), options)?;
    let words = Words::of(&map, map.records()?, options.lang);
    for warning in map.warnings() {
        output.warning(&warning.to_string());
    }
    // What cannot be read is among the findings.
    let notices = map.notices()?.into_iter();
    output.notices(notices.filter(|notice| notice.kind != NoticeKind::Unread));
    let findings = map.check()?;
    let mut report = Report::new(
        words.lang,
        "check",
        Message::Findings.text(words.lang),
        [
            ("check", Message::HeadingCheck),
            ("about", Message::HeadingAbout),
            ("finding", Message::HeadingFinding),
            ("claims", Message::HeadingClaimSources),
        ],
    );
    for finding in &findings {
        report.push([
            check(words, finding),
            about(words, &finding.about),
            message(words, finding).into(),
            words.claims(&finding.claims),
        ]);
    }
    if findings.is_empty() {
        output.note(Message::NoProblems.text(words.lang));
    }
    let is_cut = report.cut(options.limit_rows);
    report.write(output)?;
    if is_cut {
        output.cut(options.limit_rows);
    }
    Ok(if findings.is_empty() {
        Exit::Done
    } else {
        Exit::No
    })
}

/// Returns what a finding is about.
fn about(words: Words<'_>, about: &Term) -> Value {
    match about {
        Term::NamedNode(node) => words.thing(node),
        other => other.to_string().into(),
    }
}

fn check(words: Words<'_>, finding: &Finding) -> Value {
    let (people, data) = match &finding.kind {
        FindingKind::Record(_) => (Message::Record.text(words.lang), "record"),
        FindingKind::Shape(finding) => return format!("shape/{}", finding.component_name()).into(),
        FindingKind::Refuted(refuted) => return refuted.query.as_str().into(),
    };
    Value::Words {
        people: people.to_owned(),
        data: data.to_owned(),
    }
}

fn message(words: Words<'_>, finding: &Finding) -> String {
    match &finding.kind {
        FindingKind::Record(problem) => match &problem.property {
            Some(property) => format!("{}: {}", compact(property.as_str()), problem.message),
            None => problem.message.clone(),
        },
        FindingKind::Shape(finding) => misshapen(words, finding),
        FindingKind::Refuted(refuted) => refuted.reason_in(words.lang),
    }
}

/// Returns what a shape says, and the path and the value that it says it of.
fn misshapen(words: Words<'_>, finding: &ValidationResult) -> String {
    let messages = Labels::from(finding.messages.clone());
    let message = messages.get(words.lang).unwrap_or_default();
    let mut place: Vec<_> = finding.path.iter().cloned().collect();
    place.extend(finding.value.as_ref().map(|value| match value {
        Term::NamedNode(node) => compact(node.as_str()),
        other => other.to_string(),
    }));
    if place.is_empty() {
        return message.to_owned();
    }
    format!("{}: {message}", place.join(" "))
}
