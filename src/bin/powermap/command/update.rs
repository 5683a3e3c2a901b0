//! `update`: changes a map on disk.

use crate::args::Update;
use crate::exit::Exit;
use crate::failure::fail;
use crate::input;
use crate::options::Options;
use crate::output::Output;
use crate::words::Message;
use anyhow::Result;
use powermap::map::MapChange;
use std::collections::HashSet;

pub(crate) fn run(args: &Update, options: &Options, output: &Output) -> Result<Exit> {
    if options.map.is_none() && !args.dry_run {
        fail!(
            "the built-in map cannot be changed";
            "powermap export --output my-map/, then powermap update --map my-map/ …"
        );
    }
    let text = input::query_text(args.text.as_deref(), args.file.as_deref())?;
    let path = options.map.as_deref();
    let mut map = match args.dry_run {
        true => input::text(path, options)?,
        false => input::to_change(path, args.wait, options)?,
    };
    let plan = map.plan_update(&text)?;
    let before: HashSet<_> = map.problems()?.iter().map(ToString::to_string).collect();
    if !args.dry_run {
        map.apply(&plan)?;
    }
    tell(&plan, args.dry_run, output);
    for problem in map.problems()? {
        let problem = problem.to_string();
        if !before.contains(&problem) {
            output.warning(&problem);
        }
    }
    Ok(Exit::Done)
}

/// Lists what changed, as lines of N-Quads after a minus or a plus.
fn tell(plan: &MapChange, is_dry_run: bool, output: &Output) {
    for quad in &plan.deletes {
        output.note(&format!("- {quad} ."));
    }
    for quad in &plan.inserts {
        output.note(&format!("+ {quad} ."));
    }
    let message = match is_dry_run {
        true => Message::WouldChange,
        false => Message::Changed,
    };
    let (plus, minus) = (
        plan.inserts.len().to_string(),
        plan.deletes.len().to_string(),
    );
    output.note(&message.filled(output.lang, &[("plus", &plus), ("minus", &minus)]));
}
