//! The analyses, players and named queries as JSON and CSV.

use crate::door::json::{Room, answer};
use crate::door::request::{Seen, check_days};
use crate::door::search as looking;
use crate::door::shown;
use crate::evidence;
use crate::reply::{self, Reply};
use crate::serve::app::App;
use crate::serve::cache::Tag;
use crate::serve::params::{pairs, take_one};
use crate::serve::problem::Problem;
use crate::serve::sparql::{chosen, seen};
use crate::serve::tables;
use anyhow::Result;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::Response;
use powermap::Map;
use powermap::evidence::{AnswerTable, Question};
use powermap::model::vocabulary::short_name;
use powermap_rdf::table::TableFormat;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// An answer over HTTP has as many bytes as it has.
const ROOM: Room = Room {
    bytes: usize::MAX,
    rows: usize::MAX,
};

/// The forms of answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Json,
    Table(TableFormat),
    /// JSON for pages, in words.
    Words,
}

/// The forms by media type and by name.
const FORMS: [(&str, Form); 4] = [
    ("application/json", Form::Json),
    ("text/csv; charset=utf-8", Form::Table(TableFormat::Csv)),
    (
        "text/tab-separated-values; charset=utf-8",
        Form::Table(TableFormat::Tsv),
    ),
    ("application/json", Form::Words),
];
pub(super) const FORM_NAMES: [&str; 4] = ["json", "csv", "tsv", "words"];

/// A request that was read.
struct Read {
    given: Vec<(String, String)>,
    seen: Seen,
    media: &'static str,
    form: Form,
    /// Whether the answer is wanted with everything that it rests on.
    has_evidence: bool,
    tag: Tag,
    is_known: bool,
}

fn read(app: &App, request: &Request) -> Result<Read, Problem> {
    let mut given = pairs(request.uri().query().unwrap_or_default())?;
    let seen = seen(app, &mut given)?;
    let wrong = |name: &str, value: &str, expected: &str| {
        Problem::bad_request(format!(
            "'{value}' is no value for {name}: expected {expected}"
        ))
    };
    let (media, form) = match take_one(&mut given, "format")? {
        None => chosen(request.headers(), &FORMS)?,
        Some(name) => {
            let place = FORM_NAMES.iter().position(|known| *known == name);
            let place = place.ok_or_else(|| wrong("format", &name, &FORM_NAMES.join(", ")))?;
            FORMS[place]
        }
    };
    let has_evidence = match take_one(&mut given, "evidence")?.as_deref() {
        None | Some("false") => false,
        Some("true" | "") => true,
        Some(value) => return Err(wrong("evidence", value, "true or false")),
    };
    let query = request.uri().query().unwrap_or_default();
    let path = request.uri().path();
    let tag = Tag::new(
        app.atlas.edition().hash(),
        &[path, query, media, app.settings.lang.tag()],
    );
    Ok(Read {
        given,
        seen,
        media: if has_evidence {
            "application/json"
        } else {
            media
        },
        form,
        has_evidence,
        is_known: tag.is_known(request.method(), request.headers()),
        tag,
    })
}

/// Asks a question and writes the answer in the form that is wanted.
async fn answered(
    app: Arc<App>,
    read: Read,
    question: impl FnOnce(&App, &Map, Vec<(String, String)>) -> Result<Asked> + Send + 'static,
) -> Result<Response<Body>, Problem> {
    if read.is_known {
        return Ok(read.tag.not_modified());
    }
    let Read {
        given,
        seen,
        media,
        form,
        has_evidence,
        tag,
        ..
    } = read;
    let bytes = app.work(seen.lang, move |app| {
        let map = app.atlas.edition().seen_from(seen.view);
        let asked = question(app, &map, given)?;
        if let (true, Asked::Question(question)) = (has_evidence, &asked) {
            let bundle = evidence::bundle(&map, question.clone(), seen.lang)?;
            return Ok(bundle.named(app.atlas.name()).to_json().into_bytes());
        }
        let (question, reply) = match asked {
            Asked::Question(question) => {
                let reply = reply::ask(&map, &question, seen.lang)?;
                (serde_json::to_value(question)?, reply)
            }
            Asked::Reply(question, reply) => (question, reply),
        };
        match form {
            Form::Json => {
                let answer = answer(&map, question, &reply, seen, ROOM)?;
                Ok((serde_json::to_string(&answer)? + "\n").into_bytes())
            }
            Form::Words => {
                let answer = shown::answer(&map, question, &reply, seen)?;
                Ok((serde_json::to_string(&answer)? + "\n").into_bytes())
            }
            Form::Table(format) => {
                tables::written(&cut(reply.tables, seen), map.records()?, format)
            }
        }
    });
    Ok(tag.answer(media, bytes.await?))
}

/// Leaves the rows out that were not wanted.
fn cut(mut tables: Vec<AnswerTable>, seen: Seen) -> Vec<AnswerTable> {
    let (mut skip, mut left) = (seen.offset, seen.rows_max.unwrap_or(usize::MAX));
    for table in &mut tables {
        let first = skip.min(table.rows.len());
        skip -= first;
        table.rows.drain(..first);
        table.rows.truncate(left);
        left -= table.rows.len();
    }
    tables
}

/// What a request asks.
enum Asked {
    /// A question of which evidence can be kept.
    Question(Question),
    /// Something else, and its answer.
    Reply(Value, Reply),
}

pub(super) async fn analysis(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let read = read(&app, &request)?;
    if powermap::analysis::find(&name).is_none() {
        let names = powermap::analysis::all().iter().map(|entry| entry.name);
        let names: Vec<_> = names
            .chain([
                "players",
                "search",
                "show",
                "brief",
                "ask",
                "about",
                "vocabulary",
            ])
            .collect();
        let detail = format!("there is no analysis {name}");
        return Err(Problem::new(axum::http::StatusCode::NOT_FOUND, detail)
            .with_hint(format!("there are {}", names.join(", "))));
    }
    let seen = read.seen;
    answered(app, read, move |_, _, given| {
        check_days(&name, seen)?;
        let mut parameters: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in given {
            let values = parameters.entry(name.replace('_', "-")).or_default();
            values.push(value);
        }
        Ok(Asked::Question(Question::Analysis { name, parameters }))
    })
    .await
}

/// Fails where parameters are left that nothing takes.
fn none_left(given: &[(String, String)], known: &str) -> Result<()> {
    match given {
        [] => Ok(()),
        [(name, _), ..] => {
            crate::failure::fail!("the argument '{}' is not expected", name; "it takes {}", known)
        }
    }
}

/// The parameters that every address takes.
const COMMON: &str = "as-of, known-by, policy, lang, max-rows, offset, format, evidence";

pub(super) async fn show(
    State(app): State<Arc<App>>,
    Path(player): Path<String>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let read = read(&app, &request)?;
    answered(app, read, move |_, map, given| {
        none_left(&given, COMMON)?;
        let player = short_name(map.player(&player)?.as_str()).to_owned();
        Ok(Asked::Question(Question::Show { player }))
    })
    .await
}

pub(super) async fn brief(
    State(app): State<Arc<App>>,
    Path(player): Path<String>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let read = read(&app, &request)?;
    let lang = read.seen.lang.tag().to_owned();
    answered(app, read, move |_, map, given| {
        none_left(&given, COMMON)?;
        let player = short_name(map.player(&player)?.as_str()).to_owned();
        Ok(Asked::Question(Question::Brief { player, lang }))
    })
    .await
}

/// Finds things of a kind, or of all, by a part of a name.
async fn found(
    app: Arc<App>,
    request: Request,
    kind: Option<&'static str>,
) -> Result<Response<Body>, Problem> {
    let read = read(&app, &request)?;
    let lang = read.seen.lang;
    answered(app, read, move |app, map, mut given| {
        let mut one = |name: &str| {
            let place = given.iter().position(|(known, _)| known == name)?;
            Some(given.remove(place).1)
        };
        let (text, class) = (one("q").unwrap_or_default(), one("type"));
        let asked = if kind.is_none() { one("kind") } else { None };
        none_left(&given, &format!("q, type, kind, {COMMON}"))?;
        let kind = asked.as_deref().or(kind);
        looking::check(kind, class.as_deref())?;
        let mut table = looking::search(map, app.atlas.catalogue(), &text, kind, lang)?;
        if let Some(class) = &class {
            table
                .rows
                .retain(|row| row.values.last().and_then(Value::as_str) == Some(class));
        }
        let reply = Reply {
            tables: vec![table],
            ..Reply::default()
        };
        let question = json!({"search": {"q": text, "kind": kind, "type": class}});
        Ok(Asked::Reply(question, reply))
    })
    .await
}

pub(super) async fn players(
    State(app): State<Arc<App>>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    found(app, request, Some("player")).await
}

pub(super) async fn search(
    State(app): State<Arc<App>>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    found(app, request, None).await
}

pub(super) async fn queries(
    State(app): State<Arc<App>>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let read = read(&app, &request)?;
    let lang = read.seen.lang;
    answered(app, read, move |app, _, given| {
        none_left(&given, COMMON)?;
        let reply = looking::queries(&app.atlas, lang);
        Ok(Asked::Reply(json!({"ask": null}), reply))
    })
    .await
}

pub(super) async fn ask(
    State(app): State<Arc<App>>,
    Path(name): Path<String>,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let read = read(&app, &request)?;
    let lang = read.seen.lang;
    answered(app, read, move |app, _, given| {
        let entry = app.atlas.catalogue().get(&name)?;
        let given = given.into_iter();
        let given = given.map(|(name, value)| (name.replace('-', "_"), value));
        let given = reply::with_lang(entry, given.collect(), lang);
        let mut parameters = BTreeMap::new();
        for (name, value) in given {
            if parameters.insert(name.clone(), value).is_some() {
                crate::failure::fail!("{} was given more than once", name);
            }
        }
        Ok(Asked::Question(Question::Ask {
            name,
            parameters,
            text: entry.text.clone(),
        }))
    })
    .await
}
