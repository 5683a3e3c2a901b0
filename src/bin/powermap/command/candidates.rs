//! `identities`: lists players that may be one, and writes rows that a person can accept or refuse.

use crate::describe::Words;
use crate::exit::Exit;
use crate::input;
use crate::options::Options;
use crate::output::Output;
use crate::report::{Report, Value};
use crate::words::Message;
use anyhow::Result;
use oxigraph::model::NamedNode;
use powermap::model::vocabulary::{ID, compact};
use powermap::model::{Candidates, Ground, Lang, Status};
use powermap_rdf::results::ResultFormat;

/// The columns of the rows that a map reads as `identities.csv`.
const COLUMNS: [&str; 7] = ["a", "b", "same", "status", "document", "locator", "text"];

/// The document that the rows name: the comparison itself.
const DOCUMENT: &str = "comparison-of-players";

pub(crate) fn run(options: &Options, output: &Output) -> Result<Exit> {
    let map = input::map(options, output)?;
    let (records, board) = (map.records()?, map.board()?);
    let candidates = records.candidates(&board.joined);
    let ends_in_csv = output
        .file()
        .and_then(|path| path.extension())
        .is_some_and(|ending| ending.eq_ignore_ascii_case("csv"));
    if output.format == Some(ResultFormat::Csv) || (output.format.is_none() && ends_in_csv) {
        output.data(|out| {
            let mut rows = csv::Writer::from_writer(out);
            rows.write_record(COLUMNS)?;
            for pair in &candidates {
                rows.write_record(row(pair))?;
            }
            Ok(rows.flush()?)
        })?;
        output.note(Message::HowToDecide.text(output.lang));
        return Ok(Exit::Done);
    }
    let lang = output.lang;
    let words = Words::of(&map, records, lang);
    let mut report = Report::new(
        lang,
        "candidates",
        Message::CandidatesTitle.text(lang),
        [
            ("a", Message::HeadingRecord),
            ("b", Message::HeadingOtherRecord),
            ("likeness", Message::HeadingLikeness),
            ("for", Message::HeadingFor),
            ("against", Message::HeadingAgainst),
        ],
    );
    for pair in &candidates {
        let [one, other] = &pair.players;
        let likeness = Value::Words {
            people: pair.likeness.text(lang).to_owned(),
            data: pair.likeness.name().to_owned(),
        };
        report.push([
            words.thing(one),
            words.thing(other),
            likeness,
            grounds(&pair.supporting, lang).into(),
            grounds(&pair.contrary, lang).into(),
        ]);
    }
    super::finish(report, options.limit_rows, output)
}

/// The row of a pair: rumoured, so that it joins nobody until somebody has looked at it.
fn row(pair: &Candidates) -> [String; 7] {
    let [one, other] = &pair.players;
    let contrary = grounds(&pair.contrary, Lang::En);
    let supporting = grounds(&pair.supporting, Lang::En);
    let text = match contrary.is_empty() {
        true => format!("for: {supporting}"),
        false => format!("for: {supporting}; against: {contrary}"),
    };
    [
        id(one),
        id(other),
        "yes".to_owned(),
        Status::Rumoured.name().to_owned(),
        DOCUMENT.to_owned(),
        pair.likeness.name().to_owned(),
        text,
    ]
}

fn id(node: &NamedNode) -> String {
    match node.as_str().strip_prefix(ID) {
        Some(local) => local.to_owned(),
        None => compact(node.as_str()),
    }
}

fn grounds(grounds: &[Ground], lang: Lang) -> String {
    let texts: Vec<_> = grounds.iter().map(|ground| ground.text(lang)).collect();
    texts.join("; ")
}
