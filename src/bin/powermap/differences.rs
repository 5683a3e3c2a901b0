//! The differences between two boards, as a report.

use crate::describe::{Words, values};
use crate::report::{Report, Value};
use crate::words::Message;
use anyhow::Result;
use oxigraph::model::NamedOrBlankNode;
use powermap::Map;
use powermap::model::{Lang, Resolution};

/// Returns what differs between the boards of two maps.
pub(crate) fn report(before: &Map, after: &Map, lang: Lang) -> Result<Report> {
    let words = [
        Words::of(before, before.records()?, lang),
        Words::of(after, after.records()?, lang),
    ];
    let mut report = Report::new(
        lang,
        "diff",
        Message::ChangesTitle.text(lang),
        [
            ("change", Message::HeadingChange),
            ("subject", Message::HeadingSubject),
            ("before", Message::HeadingBefore),
            ("after", Message::HeadingAfter),
        ],
    );
    for difference in before.diff(after)? {
        let of = usize::from(difference.after.is_some());
        let change = Value::Words {
            people: difference.change.text(lang).to_owned(),
            data: difference.change.to_string(),
        };
        let sides = [&difference.before, &difference.after]
            .into_iter()
            .flatten();
        let mut claims: Vec<NamedOrBlankNode> = sides.flat_map(|one| one.claims.clone()).collect();
        claims.sort_by_cached_key(ToString::to_string);
        claims.dedup();
        let values = [
            change,
            words[of].thing(&difference.subject),
            state(words[0], difference.before.as_ref()),
            state(words[1], difference.after.as_ref()),
        ];
        report.push_on(values, claims);
    }
    Ok(report)
}

/// The status and the values of an edge or an observation in words.
fn state(words: Words<'_>, resolution: Option<&Resolution>) -> Value {
    let status = resolution.and_then(|one| one.status);
    let values = values(resolution);
    let text = |status: Option<String>, lang: Lang| {
        let values = values.iter().map(|quantity| quantity.display(lang));
        status
            .into_iter()
            .chain(values)
            .collect::<Vec<_>>()
            .join(" ")
    };
    Value::Words {
        people: text(status.map(|status| words.name(&status.iri())), words.lang),
        data: text(status.map(|status| status.to_string()), Lang::En),
    }
}
