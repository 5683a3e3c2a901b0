//! The help of the program: its groups of verbs, its paragraphs, and all of it in another language than English.

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

/// The verbs by what one wants to do.
const GROUPS: [(Message, &[&str]); 6] = [
    (
        Message::HelpSee,
        &["tour", "brief", "show", "board", "timeline"],
    ),
    (
        Message::HelpFollow,
        &[
            "loops",
            "paths",
            "control",
            "exposure",
            "dependence",
            "standing",
        ],
    ),
    (
        Message::HelpDoubt,
        &[
            "conflicts",
            "what-if",
            "diff",
            "check",
            "identities",
            "verify",
        ],
    ),
    (Message::HelpAsk, &["ask", "query"]),
    (
        Message::HelpMake,
        &[
            "import",
            "update",
            "export",
            "compile",
            "generate",
            "completions",
        ],
    ),
    (Message::HelpServe, &["serve", "mcp", "publish"]),
];

/// Returns a command whose help is in a language. What the table of the language lacks stays in English.
pub(crate) fn in_language(mut command: Command, lang: Lang) -> Command {
    if lang != Lang::En {
        // What clap adds itself is there from now on.
        command.build();
        command = translated(command, lang);
    }
    let template = Message::HelpOfAll
        .text(lang)
        .replace("{groups}", &groups(&command, lang));
    // Lines are fitted when they are printed, by the width of what they show.
    refilled(command).term_width(0).help_template(template)
}

/// Returns a command whose paragraphs of help are one line each, whatever lines they are written in.
fn refilled(command: Command) -> Command {
    let after = command.get_after_help().map(|text| {
        let text = text.to_string();
        let paragraphs = text.split("\n\n").map(one_line);
        paragraphs.collect::<Vec<_>>().join("\n\n")
    });
    let command = command.mut_subcommands(refilled);
    match after {
        Some(after) => command.after_help(after),
        None => command,
    }
}

/// Returns a paragraph in one line, save for lists, whose lines begin with a space.
fn one_line(paragraph: &str) -> String {
    if paragraph.contains("\n ") {
        return paragraph.to_owned();
    }
    let mut text = String::new();
    for line in paragraph.lines() {
        let is_wide = |character: Option<char>| character.is_some_and(|one| !one.is_ascii());
        let is_chinese = is_wide(text.chars().last()) && is_wide(line.chars().next());
        if !text.is_empty() && !is_chinese {
            text.push(' ');
        }
        text.push_str(line);
    }
    text
}

/// Returns the verbs under their headings.
fn groups(command: &Command, lang: Lang) -> String {
    let names = GROUPS.iter().flat_map(|(_, names)| *names);
    let indent = names.map(|name| name.len()).max().unwrap_or(0) + 4;
    let mut text = String::new();
    for (heading, names) in GROUPS {
        text.push_str(&format!("{}\n", heading.text(lang)));
        for name in names {
            // A build without the server has fewer verbs.
            let Some(verb) = command.find_subcommand(name) else {
                continue;
            };
            let about = verb
                .get_about()
                .map(ToString::to_string)
                .unwrap_or_default();
            let pad = indent - 2;
            text.push_str(&format!("  {name:pad$}{about}\n"));
        }
        text.push('\n');
    }
    text
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
    fn every_verb_stands_in_one_group() {
        let mut grouped: Vec<&str> = GROUPS
            .iter()
            .flat_map(|(_, names)| *names)
            .copied()
            .collect();
        grouped.sort_unstable();
        let command = args::command();
        let mut verbs: Vec<&str> = command.get_subcommands().map(Command::get_name).collect();
        verbs.sort_unstable();
        assert_eq!(grouped, verbs);
    }

    #[test]
    fn the_help_is_in_every_language() {
        let mut command = args::command();
        command.build();
        let all = paragraphs(&command);
        for lang in Lang::ALL.into_iter().filter(|lang| *lang != Lang::En) {
            let is_missing =
                |text: &&String| help(text, lang).or_else(|| question(text, lang)).is_none();
            let missing: Vec<_> = all.iter().filter(is_missing).collect();
            assert!(
                missing.is_empty(),
                "not in the table of {lang:?}: {missing:#?}"
            );
        }
    }
}
