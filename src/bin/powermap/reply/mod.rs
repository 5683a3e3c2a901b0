//! Answers for other programs: a question asked of a map, its rows as data with the claims beneath each.

mod rows;

use crate::command::{analysis, show};
use crate::describe::Words;
use crate::failure::fail;
use crate::reply::rows::{named_in, results};
use crate::report::Report;
use crate::story;
use anyhow::{Context, Result};
use powermap::analysis::find;
use powermap::catalogue::{Catalogue, NamedQuery, QueryParameterType};
use powermap::evidence::{AnswerTable, Question};
use powermap::model::Lang;
use powermap::{Map, analysis as analyses};
use std::collections::BTreeMap;

/// An answer.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reply {
    /// The rows.
    pub(crate) tables: Vec<AnswerTable>,
    /// The reports that the tables were made from, which have the words for people; none for the rows of queries.
    pub(crate) reports: Vec<Report>,
    /// The notes on them.
    pub(crate) notes: Vec<String>,
    /// How they are defined.
    pub(crate) formula: String,
    /// Whether a limit left something out; a note says what.
    pub(crate) is_partial: bool,
}

/// Asks a map a question. Words are in a language, unless the question has one of its own.
pub(crate) fn ask(map: &Map, question: &Question, lang: Lang) -> Result<Reply> {
    match question {
        Question::Analysis { name, parameters } => of_analysis(map, name, parameters, lang),
        Question::Ask {
            name,
            parameters,
            text,
        } => {
            let catalogue = Catalogue::from_sources([(format!("{name}.rq"), text)])?;
            let given: Vec<_> = parameters.clone().into_iter().collect();
            named(map, catalogue.get(name)?, &given, lang)
        }
        Question::Query { text } => {
            let mut reply = results(map, map.query(text)?, named_in(text))?;
            let notices = map.query_notices(text)?.into_iter();
            reply.notes.extend(notices.map(|notice| notice.text(lang)));
            Ok(Reply {
                formula: text.clone(),
                ..reply
            })
        }
        Question::Show { player } => {
            let reports = show::reports(map, &map.player(player)?, lang)?;
            Ok(Reply {
                tables: reports.iter().map(Report::answer).collect(),
                reports,
                ..Reply::default()
            })
        }
        Question::Brief { player, lang } => {
            let lang = lang.parse()?;
            let brief = map.brief(&map.player(player)?, lang)?;
            Ok(of_story(map, &brief, lang)?)
        }
        Question::Tour { lang } => {
            let lang = lang.parse()?;
            Ok(of_story(map, &map.tour(lang)?, lang)?)
        }
        _ => fail!("this version cannot ask that question"; "use the version that wrote it"),
    }
}

fn of_analysis(
    map: &Map,
    name: &str,
    parameters: &BTreeMap<String, Vec<String>>,
    lang: Lang,
) -> Result<Reply> {
    let Some(entry) = find(name) else {
        let names = analyses::all().iter().map(|entry| entry.name);
        fail!(
            "there is no analysis {}", name;
            "there are {}", names.collect::<Vec<_>>().join(", ")
        );
    };
    let given = parameters.iter().flat_map(|(name, values)| {
        let values = values.iter();
        values.map(move |value| (name.as_str(), value.as_str()))
    });
    let position = map.position()?;
    let answer = map.answer_on(&position, entry, given)?;
    let words = Words::of(map, map.shown_records()?, lang);
    let report = analysis::evident(words, &position, entry, &answer);
    let notes = answer.notes.iter();
    Ok(Reply {
        tables: vec![report.answer()],
        reports: vec![report],
        notes: notes.map(|note| note.text(lang).to_owned()).collect(),
        formula: entry.definition.to_owned(),
        is_partial: answer.is_partial,
    })
}

/// Runs a named query.
pub(crate) fn named(
    map: &Map,
    entry: &NamedQuery,
    given: &[(String, String)],
    lang: Lang,
) -> Result<Reply> {
    // Names that no player has are left out.
    let asked = given.iter().filter_map(|(_, value)| map.player(value).ok());
    let mut reply = results(map, map.ask(entry, given)?, asked.collect())?;
    let notice = map.ask_notice(entry, given)?;
    reply.notes.extend(notice.map(|notice| notice.text(lang)));
    Ok(Reply {
        formula: entry.text.clone(),
        ..reply
    })
}

/// Returns the parameters of a named query with the language of the reports, which is that of labels and texts too unless
/// a parameter says otherwise.
pub(crate) fn with_lang(
    entry: &NamedQuery,
    mut given: Vec<(String, String)>,
    lang: Lang,
) -> Vec<(String, String)> {
    for parameter in &entry.header.parameters {
        let is_given = given.iter().any(|(name, _)| *name == parameter.name);
        if parameter.kind == QueryParameterType::Lang && !is_given {
            given.push((parameter.name.clone(), lang.tag().to_owned()));
        }
    }
    given
}

fn of_story(map: &Map, story: &powermap::story::Story, lang: Lang) -> Result<Reply> {
    let records = map.shown_records().context("reading the records")?;
    let report = story::rows(story, Words::of(map, records, lang));
    Ok(Reply {
        tables: vec![report.answer()],
        reports: vec![report],
        ..Reply::default()
    })
}
