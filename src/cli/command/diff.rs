//! `diff`: what differs between two boards.

use crate::analysis::diff::{Change, status};
use crate::cli::args::{Diff, Moment, Options};
use crate::cli::command::finish;
use crate::cli::describe::{Words, values};
use crate::cli::exit::Exit;
use crate::cli::input;
use crate::cli::output::Output;
use crate::cli::report::{Report, Value};
use crate::model::resolve::Resolution;
use crate::model::view::View;
use anyhow::{Result, bail};

pub(crate) fn run(args: &Diff, options: &Options, output: &Output) -> Result<Exit> {
    if options.as_of.is_some() {
        bail!(
            "diff takes its days as arguments, not --as-of\nhint: powermap diff {} {}",
            args.before.as_of,
            args.after.as_of
        );
    }
    let map = input::map(options)?;
    let on = |moment: Moment| {
        map.with_view(View {
            as_of: Some(moment.as_of),
            known_by: moment.known_by.or(options.known_by),
            policy: options.policy,
        })
    };
    let (before, after) = (on(args.before), on(args.after));
    let words = Words::new(&map, options.lang);
    let mut report = Report::new(
        "diff",
        options.lang.pick("Differences", "变化"),
        [
            ("change", "变化"),
            ("subject", "对象"),
            ("before", "之前"),
            ("after", "之后"),
        ],
    );
    for difference in before.diff(&after) {
        let side = |resolution| side(words, difference.change, resolution);
        report.push([
            change(words, difference.change),
            words.thing(&difference.subject),
            side(difference.before.as_ref()),
            side(difference.after.as_ref()),
        ]);
    }
    finish(report, options.limit_rows, output)
}

fn change(words: Words<'_>, change: Change) -> Value {
    let people = match change {
        Change::Added => words.lang.pick("added", "新增"),
        Change::Removed => words.lang.pick("removed", "移除"),
        Change::Status => words.lang.pick("status", "状态"),
        Change::Value => words.lang.pick("value", "数值"),
    };
    Value::Words {
        people: people.to_owned(),
        data: change.to_string(),
    }
}

/// What held on one side: the status or the values, or both of what came or went.
fn side(words: Words<'_>, change: Change, resolution: Option<&Resolution>) -> Value {
    let status = || words.status(status(resolution));
    let quantities = || words.quantities(values(resolution));
    match change {
        Change::Status => status(),
        Change::Value => quantities(),
        Change::Added | Change::Removed => both(words, [status(), quantities()]),
    }
}

fn both(words: Words<'_>, values: [Value; 2]) -> Value {
    let (mut for_people, mut for_programs) = (Vec::new(), Vec::new());
    for value in values {
        if let Value::Words { people, data } = value
            && !data.is_empty()
        {
            for_people.push(people);
            for_programs.push(data);
        }
    }
    Value::Words {
        people: for_people.join(words.separator()),
        data: for_programs.join(";"),
    }
}
