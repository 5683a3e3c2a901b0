//! `timeline`: what happened when.

use crate::analysis::timeline::{Entry, What};
use crate::cli::args::{Options, Timeline};
use crate::cli::command::finish;
use crate::cli::describe::{Words, empty, time, values};
use crate::cli::exit::Exit;
use crate::cli::input;
use crate::cli::output::Output;
use crate::cli::report::{Report, Value};
use crate::map::Map;
use crate::model::record::Records;
use crate::model::time::TimeSpan;
use anyhow::Result;
use oxigraph::model::NamedNode;

pub(crate) fn run(args: &Timeline, options: &Options, output: &Output) -> Result<Exit> {
    let map = input::map(options)?;
    let player = args.player.as_deref().map(|name| map.player(name));
    let player = player.transpose()?;
    let words = Words::new(&map, options.lang);
    let mut report = Report::new(
        "timeline",
        options.lang.pick("Timeline", "时间线"),
        [
            ("when", "时间"),
            ("what", "事项"),
            ("subject", "对象"),
            ("detail", "详情"),
            ("claims", "出处"),
        ],
    );
    for entry in map.timeline() {
        let concerns = player
            .as_ref()
            .is_none_or(|player| takes_part(map.records(), player, &entry.subject));
        if concerns && is_within(entry.when, args) {
            report.push([
                time(Some(entry.when)),
                what(words, entry.what),
                words.thing(&entry.subject),
                detail(&map, words, &entry),
                words.claims(&entry.claims),
            ]);
        }
    }
    finish(report, options.limit_rows, output)
}

/// Whether an entry is neither over before the first day nor begins after the last.
fn is_within(when: TimeSpan, args: &Timeline) -> bool {
    let from = args.from.and_then(TimeSpan::earliest);
    let to = args.to.and_then(TimeSpan::latest);
    let is_over = matches!((when.latest(), from), (Some(end), Some(from)) if end < from);
    let is_later = matches!((when.earliest(), to), (Some(start), Some(to)) if start > to);
    !is_over && !is_later
}

/// Whether a player is at an end of an edge, the subject of an observation, or either of these in a deal.
pub(crate) fn takes_part(records: &Records, player: &NamedNode, subject: &NamedNode) -> bool {
    let at_edge = |id: &NamedNode| {
        let edge = records.edges.get(id);
        edge.is_some_and(|edge| edge.from == *player || edge.to == *player)
    };
    let observed = |id: &NamedNode| {
        let observation = records.observations.get(id);
        observation.is_some_and(|observation| observation.subject == *player)
    };
    if !records.deals.contains_key(subject) {
        return at_edge(subject) || observed(subject);
    }
    let edges = records.edges.iter();
    let observations = records.observations.iter();
    edges
        .filter(|(_, edge)| edge.deal.as_ref() == Some(subject))
        .any(|(id, _)| at_edge(id))
        || observations
            .filter(|(_, observation)| observation.deal.as_ref() == Some(subject))
            .any(|(id, _)| observed(id))
}

fn what(words: Words<'_>, what: What) -> Value {
    let people = match what {
        What::Deal => words.lang.pick("deal", "交易"),
        What::Begins => words.lang.pick("begins", "开始"),
        What::Ends => words.lang.pick("ends", "结束"),
        What::Status => words.lang.pick("status", "状态"),
        What::Figure => words.lang.pick("figure", "数字"),
    };
    Value::Words {
        people: people.to_owned(),
        data: what.to_string(),
    }
}

/// The new status, or what is known of the value.
fn detail(map: &Map, words: Words<'_>, entry: &Entry) -> Value {
    match entry.what {
        What::Status => words.status(entry.status),
        What::Begins => words.quantities(values(map.board().edges.get(&entry.subject))),
        What::Figure => words.quantities(values(map.board().observations.get(&entry.subject))),
        What::Deal | What::Ends => empty(),
    }
}
