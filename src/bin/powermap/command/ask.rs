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
use crate::words::Message;
use anyhow::Result;
use powermap::catalogue::{Catalogue, NamedQuery, QUERIES, QueryParameter, QueryPresence};
use powermap::evidence::Question;
use powermap::model::Lang;
use std::io::Write;
use std::path::Path;

pub(crate) fn run(args: &Ask, options: &Options, output: &Output) -> Result<Exit> {
    let Some(name) = &args.name else {
        return list(&catalogue(args)?, options, output);
    };
    let catalogue = catalogue_with(name, args)?;
    let entry = catalogue.get(name)?;
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

/// All named queries: the built-in ones and those of the user's folder.
fn catalogue(args: &Ask) -> Result<Catalogue> {
    let built_in = Catalogue::built_in()?;
    Ok(match &args.queries {
        Some(folder) => built_in.with_folder(folder)?,
        None => built_in,
    })
}

/// A catalogue with this query in it, if there is one: to parse one query takes less time than to parse all.
fn catalogue_with(name: &str, args: &Ask) -> Result<Catalogue> {
    let has_name = |path: &str| Path::new(path).file_stem().is_some_and(|stem| stem == name);
    match QUERIES.iter().find(|(path, _)| has_name(path)) {
        Some(one) if args.queries.is_none() => Ok(Catalogue::from_sources([*one])?),
        _ => catalogue(args),
    }
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
