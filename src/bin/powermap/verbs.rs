//! The verbs that the table of analyses gives: one for each, with its parameters as options.

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, Command};
use powermap::Lang;
use powermap::analysis;
use powermap::analysis::{Analysis, FILTER, Parameter, ParameterKind, Presence};

/// What stands for `--explain`.
const EXPLAIN: &str = "explain";

/// An analysis and what was given for its parameters, as text.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// The analysis.
    pub(crate) analysis: &'static Analysis,
    /// Names of parameters and values.
    pub(crate) given: Vec<(&'static str, String)>,
    /// Whether the edges and claims under every number are wanted.
    pub(crate) explain: bool,
}

/// The commands of all analyses.
pub(crate) fn commands() -> impl Iterator<Item = Command> {
    analysis::all().iter().map(command)
}

fn command(analysis: &'static Analysis) -> Command {
    let columns: Vec<_> = analysis.columns.iter().flat_map(|c| c.names()).collect();
    let examples: Vec<_> = analysis
        .examples
        .iter()
        .map(|line| format!("  {line}"))
        .collect();
    let parameters = analysis.parameters.iter().chain(FILTER);
    Command::new(analysis.name)
        .about(analysis.question_in(Lang::En))
        .after_help(format!(
            "{}\n\nColumns: {}.\n\nExamples:\n{}",
            analysis.definition,
            columns.join(", "),
            examples.join("\n")
        ))
        .args(parameters.map(argument))
        .arg(
            Arg::new(EXPLAIN)
                .long(EXPLAIN)
                .action(ArgAction::SetTrue)
                .help("Print the edges and claims under every number"),
        )
}

fn argument(parameter: &'static Parameter) -> Arg {
    let name = parameter.name;
    let argument = Arg::new(name).help(parameter.help);
    let argument = match parameter.kind {
        ParameterKind::Flag => return argument.long(name).action(ArgAction::SetTrue),
        ParameterKind::Word(words) => argument
            .value_name("WORD")
            .value_parser(PossibleValuesParser::new(words)),
        kind => argument.value_name(value_name(kind)),
    };
    let argument = if parameter.is_positional {
        argument.value_name(name.to_uppercase())
    } else {
        argument.long(name)
    };
    match parameter.presence {
        Presence::Required => argument.required(true),
        Presence::Optional => argument,
        Presence::Repeatable => argument.action(ArgAction::Append),
        Presence::Default(value) => argument.default_value(value),
    }
    .allow_negative_numbers(matches!(
        parameter.kind,
        ParameterKind::Number | ParameterKind::Fraction(_) | ParameterKind::Integer(..)
    ))
}

fn value_name(kind: ParameterKind) -> &'static str {
    match kind {
        ParameterKind::Player => "PLAYER",
        ParameterKind::Edge => "EDGE",
        ParameterKind::Concept => "CONCEPT",
        ParameterKind::Family => "FAMILY",
        ParameterKind::Flow => "FLOW",
        ParameterKind::Status => "STATUS",
        ParameterKind::Day | ParameterKind::Moment => "DAY",
        ParameterKind::Time => "DATE",
        ParameterKind::Integer(..) => "N",
        ParameterKind::Number => "NUMBER",
        ParameterKind::Fraction(_) => "PART",
        ParameterKind::Word(_) => "WORD",
        ParameterKind::Text => "TEXT",
        ParameterKind::Flag => "",
    }
}

/// The call of an analysis, if that is what the arguments ask for.
pub(crate) fn call(matches: &ArgMatches) -> Option<Call> {
    let (name, matches) = matches.subcommand()?;
    let analysis = analysis::find(name)?;
    let mut given = Vec::new();
    for parameter in analysis.parameters.iter().chain(FILTER) {
        let name = parameter.name;
        if parameter.kind == ParameterKind::Flag {
            given.extend(matches.get_flag(name).then(|| (name, "true".to_owned())));
        } else if let Some(values) = matches.get_many::<String>(name) {
            given.extend(values.map(|value| (name, value.clone())));
        }
    }
    Some(Call {
        analysis,
        given,
        explain: matches.get_flag(EXPLAIN),
    })
}
