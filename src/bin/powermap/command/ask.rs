//! `ask`: runs a named query, or lists them.

use crate::args::Ask;
use crate::command::finish;
use crate::command::query::write;
use crate::describe::summary;
use crate::evidence;
use crate::exit::Exit;
use crate::input;
use crate::options::Options;
use crate::output::Output;
use crate::reply;
use crate::report::{Report, Value};
use crate::spoken;
use crate::words::Message;
use anyhow::Result;
use powermap::catalogue::{
    Catalogue, LeftOutFiles, NamedQuery, QUERIES, QueryParameter, QueryPresence,
};
use powermap::evidence::Question;
use powermap::model::Lang;
use std::io::Write;
use std::path::Path;

pub(crate) fn run(args: &Ask, options: &Options, output: &Output) -> Result<Exit> {
    let Some(name) = &args.name else {
        let (catalogue, left_out) = catalogue(args)?;
        warn_of(&left_out, options, output);
        return list(&catalogue, options, output);
    };
    let (catalogue, mut left_out) = catalogue_with(name, args)?;
    let entry = match catalogue.get(name) {
        Ok(entry) => entry,
        Err(error) => {
            // Whoever asks for a query with a fault wants to know of the fault.
            if let Some(at) = left_out.iter().position(|(path, _)| is_named(path, name)) {
                return Err(left_out.swap_remove(at).1.into());
            }
            warn_of(&left_out, options, output);
            return Err(error.into());
        }
    };
    if args.describe {
        output.data(|out| Ok(describe(entry, options.lang, out)?))?;
        return Ok(Exit::Done);
    }
    let given = reply::with_lang(entry, args.param.clone(), options.lang);
    let map = input::map(options, output)?;
    evidence::write(options, &map, || Question::Ask {
        name: entry.name.clone(),
        parameters: given.iter().cloned().collect(),
        text: entry.text.clone(),
    })?;
    let results = map.ask(entry, &given)?;
    output.notices(map.ask_notice(entry, &given)?);
    write(results, Some(&map), options, output)
}

/// Warns of the files of queries that were left out, each with its fault.
fn warn_of(left_out: &LeftOutFiles, options: &Options, output: &Output) {
    for (_, error) in left_out {
        output.warning(&spoken::message(error, options.lang));
    }
}

/// All named queries, the built-in ones and those of the user's folder, and the faults of files that were left out.
fn catalogue(args: &Ask) -> Result<(Catalogue, LeftOutFiles)> {
    let built_in = Catalogue::built_in()?;
    Ok(match &args.queries {
        Some(folder) => built_in.with_folder(folder)?,
        None => (built_in, Vec::new()),
    })
}

/// A catalogue with this query in it, if there is one: to parse one query takes less time than to parse all.
fn catalogue_with(name: &str, args: &Ask) -> Result<(Catalogue, LeftOutFiles)> {
    let built_in = |(path, _): &&(&str, &str)| is_named(Path::new(path), name);
    match QUERIES.iter().find(built_in) {
        Some(one) if args.queries.is_none() => Ok((Catalogue::from_sources([*one])?, Vec::new())),
        _ => catalogue(args),
    }
}

/// Returns whether the query of a file has this name.
fn is_named(path: &Path, name: &str) -> bool {
    path.file_stem().is_some_and(|stem| stem == name)
}

fn list(catalogue: &Catalogue, options: &Options, output: &Output) -> Result<Exit> {
    let mut report = Report::new(
        options.lang,
        "queries",
        Message::NamedQueries.text(options.lang),
        [
            ("topic", Message::HeadingTopic),
            ("name", Message::HeadingName),
            ("summary", Message::HeadingSummary),
            ("parameters", Message::HeadingParameters),
        ],
    );
    let mut entries: Vec<_> = catalogue.entries().collect();
    entries.sort_by_key(|entry| (&entry.topic, &entry.name));
    for entry in entries {
        let parameters: Vec<_> = entry.header.parameters.iter().map(usage).collect();
        report.push([
            Value::from(entry.topic.as_str()),
            entry.name.as_str().into(),
            summary(entry, options.lang).into(),
            parameters.join(" ").into(),
        ]);
    }
    finish(report, options.limit_rows, output)
}

/// The parameter as an option: in brackets where it may be left out.
fn usage(parameter: &QueryParameter) -> String {
    let name = parameter.name.replace('_', "-");
    let option = format!("--{name} {}", parameter.kind.to_string().to_uppercase());
    match parameter.presence {
        QueryPresence::Required => option,
        _ => format!("[{option}]"),
    }
}

/// What a query answers and takes.
fn describe(entry: &NamedQuery, lang: Lang, out: &mut dyn Write) -> std::io::Result<()> {
    let header = &entry.header;
    writeln!(out, "{}\n", summary(entry, lang))?;
    let parameters: Vec<_> = header.parameters.iter().map(usage).collect();
    let usage_heading = Message::UsageHeading.text(lang);
    writeln!(
        out,
        "{usage_heading} powermap ask {} {}",
        entry.name,
        parameters.join(" ")
    )?;
    if !header.parameters.is_empty() {
        writeln!(out, "\n{}", Message::ParametersHeading.text(lang))?;
    }
    let width = header
        .parameters
        .iter()
        .map(|p| p.name.len())
        .max()
        .unwrap_or(0);
    for parameter in &header.parameters {
        let presence = match &parameter.presence {
            QueryPresence::Required => Message::Required.text(lang).to_owned(),
            QueryPresence::Optional => Message::Optional.text(lang).to_owned(),
            QueryPresence::Default(value) => {
                Message::DefaultValue.filled(lang, &[("value", value)])
            }
        };
        let name = parameter.name.replace('_', "-");
        let line = format!(
            "  --{name:width$}  {} ({presence})  {}",
            parameter.kind, parameter.description
        );
        writeln!(out, "{}", line.trim_end())?;
    }
    if !header.example.is_empty() {
        writeln!(
            out,
            "\n{}\n  {}",
            Message::ExampleHeading.text(lang),
            header.example
        )?;
    }
    Ok(())
}
