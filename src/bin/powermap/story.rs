//! Stories as text, Markdown or HTML, with their sources as footnotes; as rows for programs.

use crate::describe::{Words, claim_id};
use crate::fitted::wrapped;
use crate::footnotes::Footnotes;
use crate::markup::escaped;
use crate::output::Output;
use crate::report::{Report, Value};
use crate::words::Message;
use anyhow::Result;
use indexmap::IndexSet;
use powermap::model::Lang;
use powermap::story::{Sentence, SentencePart, Story};
use powermap_rdf::table::TableFormat;

/// The columns that text is wrapped to where nothing says how many there are.
const COLUMNS: usize = 100;

/// Writes a story as text or Markdown with its sources below, then what to try next; as rows for programs.
pub(crate) fn write(
    story: &Story,
    words: Words<'_>,
    subtitle: &str,
    last_word: &str,
    output: &Output,
) -> Result<()> {
    let format = output.table_format()?;
    match format {
        TableFormat::Table => output.text(format, |out| {
            let columns = output.screen.columns.unwrap_or(COLUMNS);
            Ok(out.write_all(text(story, words, subtitle, last_word, columns).as_bytes())?)
        }),
        TableFormat::Markdown => output.text(format, |out| {
            Ok(out.write_all(markdown(story, words, subtitle).as_bytes())?)
        }),
        _ => rows(story, words).write(output),
    }
}

/// The sentences, one in a row, with the claims that they rest on.
pub(crate) fn rows(story: &Story, words: Words<'_>) -> Report {
    let columns = [
        ("section", Message::HeadingSection),
        ("sentence", Message::HeadingSentence),
        ("claims", Message::HeadingClaims),
    ];
    let mut report = Report::new(words.lang, "story", story.title.as_str(), columns);
    for section in &story.sections {
        for line in &section.lines {
            let mut claims: Vec<_> = line.claims().cloned().collect();
            claims.sort_by_cached_key(claim_id);
            claims.dedup();
            let ids: Vec<_> = claims.iter().map(claim_id).collect();
            let values = [
                Value::from(section.heading.as_str()),
                line.text().into(),
                ids.join(";").into(),
            ];
            report.push_on(values, claims);
        }
    }
    report
}

/// Returns a sentence with the numbers of its sources in brackets.
fn noted(sentence: &Sentence, words: Words<'_>, notes: &mut Footnotes) -> String {
    let mut text = String::new();
    for part in sentence.parts() {
        match part {
            SentencePart::Text(own) => text.push_str(own),
            SentencePart::Claims(claims) => {
                let claims = claims.iter().filter_map(|id| words.records.claims.get(id));
                let places: IndexSet<String> = claims.map(|claim| words.source(claim)).collect();
                let places: Vec<String> = places.into_iter().collect();
                if !places.is_empty() {
                    text.push_str(&format!(" [{}]", notes.numbers(&places)));
                }
            }
        }
    }
    text
}

/// Returns sentences as a paragraph, with an empty line below; nothing where there are none.
pub(crate) fn paragraph(
    sentences: &[Sentence],
    words: Words<'_>,
    notes: &mut Footnotes,
    columns: Option<usize>,
) -> String {
    let noted = sentences.iter().map(|one| noted(one, words, notes));
    let noted: Vec<_> = noted.collect();
    if noted.is_empty() {
        return String::new();
    }
    let separator = match words.lang {
        Lang::En => " ",
        Lang::Zh => "",
    };
    wrapped(&noted.join(separator), columns.unwrap_or(COLUMNS), 0) + "\n\n"
}

fn text(
    story: &Story,
    words: Words<'_>,
    subtitle: &str,
    last_word: &str,
    columns: usize,
) -> String {
    let mut notes = Footnotes::default();
    let title = match subtitle.is_empty() {
        true => story.title.clone(),
        false => format!("{} · {subtitle}", story.title),
    };
    let mut lines = vec![wrapped(&title, columns, 0)];
    let colon = Message::Colon.text(words.lang);
    for section in &story.sections {
        if let [only] = section.lines.as_slice() {
            let line = format!(
                "{}{colon}{}",
                section.heading,
                noted(only, words, &mut notes)
            );
            lines.push(wrapped(&line, columns, 4));
            continue;
        }
        lines.push(section.heading.clone());
        for line in &section.lines {
            let line = format!("  {}", noted(line, words, &mut notes));
            lines.push(wrapped(&line, columns, 4));
        }
    }
    lines.push(notes.paragraph(columns, words.lang));
    lines.push(wrapped(last_word, columns, 4));
    lines.retain(|line| !line.is_empty());
    lines.join("\n") + "\n"
}

/// Returns a story as Markdown.
pub(crate) fn markdown(story: &Story, words: Words<'_>, subtitle: &str) -> String {
    let mut notes = Footnotes::default();
    let mut text = format!("# {}\n\n{subtitle}\n", story.title);
    for section in &story.sections {
        text.push_str(&format!("\n## {}\n\n", section.heading));
        for line in &section.lines {
            text.push_str(&format!("- {}\n", noted(line, words, &mut notes)));
        }
    }
    let list = notes.list(TableFormat::Markdown, None, words.lang);
    match list.is_empty() {
        true => text,
        false => format!("{text}\n{list}"),
    }
}

/// Returns a story as a page of HTML that needs nothing else.
pub(crate) fn html(story: &Story, words: Words<'_>, subtitle: &str) -> String {
    let mut notes = Footnotes::default();
    let lang = words.lang.tag();
    let title = escaped(&story.title);
    let mut body = format!("<h1>{title}</h1>\n<p>{}</p>\n", escaped(subtitle));
    for section in &story.sections {
        body.push_str(&format!("<h2>{}</h2>\n<ul>\n", escaped(&section.heading)));
        for line in &section.lines {
            let line = escaped(&noted(line, words, &mut notes));
            body.push_str(&format!("<li>{line}</li>\n"));
        }
        body.push_str("</ul>\n");
    }
    let heading = Message::SourcesBelow.text(words.lang);
    body.push_str(&format!("<h2>{heading}</h2>\n<ol>\n"));
    for place in notes.places() {
        body.push_str(&format!("<li>{}</li>\n", escaped(place)));
    }
    body.push_str("</ol>\n");
    format!(
        "<!DOCTYPE html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n\
         <style>body{{max-width:44em;margin:2em auto;padding:0 1em;font:1em/1.5 system-ui,sans-serif}}\
         ol{{font-size:.9em}}</style>\n</head>\n<body>\n{body}</body>\n</html>\n"
    )
}
