//! `verify`: asks the question of a file of evidence again and says what still holds.

use crate::args::Verify;
use crate::evidence;
use crate::exit::Exit;
use crate::failure::fail;
use crate::input;
use crate::options::Options;
use crate::output::Output;
use crate::report::{self, Report, Value};
use crate::words::Message;
use anyhow::{Context, Result};
use powermap::evidence::{Bundle, RowChange, SourceChange, SourceChangeKind, Verification};
use powermap::model::Lang;
use serde_json::Value as Json;

pub(crate) fn run(args: &Verify, options: &Options, output: &Output) -> Result<Exit> {
    let Ok(text) = String::from_utf8(input::bytes(&args.file)?) else {
        fail!("{}: the file is not UTF-8", args.file.display());
    };
    let before = Bundle::from_json(&text).with_context(|| args.file.display().to_string())?;
    let view = before.view.view()?;
    let map = input::map(options, output)?;
    let map = map.with_view(powermap::View {
        as_of: options.as_of.or(view.as_of),
        known_by: options.known_by.or(view.known_by),
        policy: view.policy,
    });
    let now = evidence::bundle(&map, before.question.clone(), options.lang)?;
    let found = before.verify(&now, &map)?;
    let reports = [changes(&found, options.lang), sources(&found, options.lang)];
    if !found.holds() || output.format.is_some() {
        report::write_all(&reports, "", output)?;
    }
    tell(&found, output);
    Ok(match found.holds() {
        true => Exit::Done,
        false => Exit::No,
    })
}

/// The rows that are not as they were.
fn changes(found: &Verification, lang: Lang) -> Report {
    let columns = [
        ("change", Message::HeadingChange),
        ("table", Message::HeadingTable),
        ("before", Message::HeadingBefore),
        ("after", Message::HeadingAfter),
        ("because", Message::HeadingBecause),
    ];
    let title = Message::RowsChanged.text(lang);
    let mut report = Report::new(lang, "rows", title, columns);
    for change in &found.changes {
        let (data, message) = match (&change.before, &change.after) {
            (Some(_), Some(_)) => ("changed", Message::RowChanged),
            (Some(_), None) => ("gone", Message::RowGone),
            _ => ("new", Message::RowNew),
        };
        report.push([
            Value::Words {
                people: message.text(lang).to_owned(),
                data: data.to_owned(),
            },
            change.table.as_str().into(),
            row(change, change.before.as_ref(), change.after.as_ref()).into(),
            row(change, change.after.as_ref(), change.before.as_ref()).into(),
            Value::List {
                people: change.because.join(Message::Semicolon.text(lang)),
                data: change.because.clone(),
            },
        ]);
    }
    report
}

/// A row in words: what it is about, and what differs from the other one; all of it where there is no other.
fn row(change: &RowChange, values: Option<&Vec<Json>>, other: Option<&Vec<Json>>) -> String {
    let cells = change.columns.iter().zip(values.into_iter().flatten());
    let mut parts = Vec::new();
    for (place, (column, value)) in cells.enumerate() {
        let same = other.and_then(|other| other.get(place)) == Some(value);
        if value.is_null() && other.is_none() || same && place > 0 {
            continue;
        }
        let text = match value {
            Json::String(text) => text.clone(),
            Json::Null => "?".to_owned(),
            value => value.to_string(),
        };
        parts.push(format!("{column} {text}"));
    }
    parts.join(", ")
}

/// The claims and documents that are not as they were.
fn sources(found: &Verification, lang: Lang) -> Report {
    let columns = [
        ("source", Message::HeadingSource),
        ("kind", Message::HeadingKind),
        ("change", Message::HeadingChange),
        ("fields", Message::HeadingFields),
    ];
    let title = Message::SourcesChanged.text(lang);
    let mut report = Report::new(lang, "sources", title, columns);
    for source in &found.sources {
        let (kind, word) = match source.is_document {
            true => ("document", Message::WordDocument),
            false => ("claim", Message::WordClaim),
        };
        let (change, message) = became(source);
        report.push([
            source.key.as_str().into(),
            Value::Words {
                people: word.text(lang).to_owned(),
                data: kind.to_owned(),
            },
            Value::Words {
                people: message.text(lang).to_owned(),
                data: change.to_owned(),
            },
            Value::List {
                people: source.fields.join(Message::Semicolon.text(lang)),
                data: source.fields.clone(),
            },
        ]);
    }
    report
}

fn became(source: &SourceChange) -> (&'static str, Message) {
    match source.kind {
        SourceChangeKind::Altered => ("altered", Message::SourceAltered),
        SourceChangeKind::Gone => ("gone", Message::SourceGone),
        SourceChangeKind::NoLongerCounts => ("no-longer-counts", Message::SourceNoLongerCounts),
        _ => ("new", Message::SourceNew),
    }
}

/// Says in a sentence or two what became of the answer.
fn tell(found: &Verification, output: &Output) {
    let lang = output.lang;
    let count = |number: usize| number.to_string();
    if found.is_broken {
        output.warning(Message::EvidenceBroken.text(lang));
    }
    if found.is_other_formula {
        output.warning(Message::FormulaChanged.text(lang));
    }
    if let Some(version) = &found.other_version {
        output.note(&Message::OtherVersion.filled(lang, &[("version", version)]));
    }
    let holding = count(found.holding);
    let verdict = match found.holds() {
        true => Message::StillHolds.filled(lang, &[("rows", &holding)]),
        false => Message::NoLongerHolds.filled(
            lang,
            &[
                ("rows", &holding),
                ("changed", &count(found.changes.len())),
                ("sources", &count(found.sources.len())),
            ],
        ),
    };
    output.note(&verdict);
    if found.holds() && found.is_other_map {
        output.note(Message::MapChangedElsewhere.text(lang));
    }
}
