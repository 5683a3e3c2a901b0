//! The help of the program in another language than English.

use crate::words::{Message, help};
use clap::builder::StyledStr;
use clap::{Arg, Command};
use powermap::Lang;
use powermap::analysis;

/// How paragraphs begin that are lists of what is the same in every language.
const HEADED: [(&str, Message); 3] = [
    ("Examples:", Message::HelpExamples),
    ("Example:", Message::HelpExamples),
    ("Columns: ", Message::HelpColumns),
];

/// Returns a command whose help is in a language. What the table of the language lacks stays in English.
pub(crate) fn in_language(mut command: Command, lang: Lang) -> Command {
    if lang == Lang::En {
        return command;
    }
    // What clap adds itself is there from now on.
    command.build();
    translated(command, lang)
}

fn translated(command: Command, lang: Lang) -> Command {
    let about = command.get_about().map(|text| words(text, lang));
    let after = command.get_after_help().map(|text| words(text, lang));
    let mut command = command
        .mut_args(|argument| argument_in(argument, lang))
        .mut_subcommands(|inner| translated(inner, lang))
        .subcommand_help_heading(Message::HelpCommands.text(lang))
        .help_template(Message::HelpTemplate.text(lang));
    if let Some(about) = about {
        command = command.about(about);
    }
    match after {
        Some(after) => command.after_help(after),
        None => command,
    }
}

fn argument_in(argument: Arg, lang: Lang) -> Arg {
    let mut text = argument
        .get_help()
        .map(|text| words(text, lang))
        .unwrap_or_default();
    let takes_values = argument.get_action().takes_values();
    let defaults: Vec<_> = argument
        .get_default_values()
        .iter()
        .map(|value| value.to_string_lossy().into_owned())
        .collect();
    if takes_values && !defaults.is_empty() {
        text.push_str(&Message::HelpDefault.filled(lang, &[("value", &defaults.join(" "))]));
    }
    let names: Vec<_> = argument
        .get_possible_values()
        .iter()
        .filter(|value| !value.is_hide_set())
        .map(|value| value.get_name().to_owned())
        .collect();
    if takes_values && !names.is_empty() {
        text.push_str(&Message::HelpChoices.filled(lang, &[("values", &names.join(", "))]));
    }
    let heading = match (argument.get_help_heading(), argument.is_positional()) {
        (Some(_), _) => Message::HelpOptionsOfEveryVerb,
        (None, true) => Message::HelpArguments,
        (None, false) => Message::HelpOptions,
    };
    argument
        .help(text)
        .help_heading(heading.text(lang))
        .hide_default_value(true)
        .hide_possible_values(true)
}

/// Returns a text of the help in a language, paragraph by paragraph.
fn words(text: &StyledStr, lang: Lang) -> String {
    let text = text.to_string();
    let paragraphs = text.split("\n\n").map(|paragraph| {
        for (start, heading) in HEADED {
            if let Some(rest) = paragraph.strip_prefix(start) {
                return format!("{}{rest}", heading.text(lang));
            }
        }
        let of_analysis = || question(paragraph, lang);
        let found = help(paragraph, lang).or_else(of_analysis);
        found.unwrap_or(paragraph).to_owned()
    });
    paragraphs.collect::<Vec<_>>().join("\n\n")
}

/// Returns the question of an analysis in a language.
fn question(english: &str, lang: Lang) -> Option<&'static str> {
    let analysis = analysis::all()
        .iter()
        .find(|analysis| analysis.question_in(Lang::En) == english)?;
    Some(analysis.question_in(lang))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args;
    use std::collections::BTreeSet;

    /// All paragraphs of the help that need a translation.
    fn paragraphs(command: &Command) -> BTreeSet<String> {
        let of_arguments = command.get_arguments().filter_map(Arg::get_help);
        let texts = of_arguments
            .chain(command.get_about())
            .chain(command.get_after_help());
        let mut found: BTreeSet<String> = BTreeSet::new();
        for text in texts {
            let text = text.to_string();
            let own = text.split("\n\n").map(str::to_owned);
            found.extend(own.filter(|own| !HEADED.iter().any(|(start, _)| own.starts_with(start))));
        }
        for inner in command.get_subcommands() {
            found.extend(paragraphs(inner));
        }
        found
    }

    #[test]
    fn the_help_is_in_every_language() {
        let mut command = args::command();
        command.build();
        let all = paragraphs(&command);
        for lang in Lang::ALL.into_iter().filter(|lang| *lang != Lang::En) {
            // The definitions of analyses are in English.
            let is_definition =
                |text: &str| analysis::all().iter().any(|one| one.definition == text);
            let is_missing = |text: &&String| {
                help(text, lang).or_else(|| question(text, lang)).is_none() && !is_definition(text)
            };
            let missing: Vec<_> = all.iter().filter(is_missing).collect();
            assert!(
                missing.is_empty(),
                "not in the table of {lang:?}: {missing:#?}"
            );
        }
    }
}
