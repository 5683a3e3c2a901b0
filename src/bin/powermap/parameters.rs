//! Arguments before clap reads them: `ask NAME --player openai`, whose options only the named query knows, and the verb.

use crate::args;
use clap::Command;
use clap::error::{ContextKind, ContextValue};
use powermap::Lang;
use std::collections::BTreeMap;
use std::ffi::OsString;

/// Turns options behind `ask NAME` that are not the program's own into `--param=NAME=VALUE`, and `--help` there into
/// `--describe`. All other arguments stay as they are.
pub(crate) fn rewrite(arguments: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let arguments: Vec<_> = arguments.into_iter().collect();
    let arguments = without_options_of_help(arguments);
    if !arguments.iter().any(|argument| argument == "ask") {
        return arguments;
    }
    let known = known_options();
    let mut rewritten = Vec::with_capacity(arguments.len());
    let mut words = 0;
    let mut rest = arguments.iter();
    rewritten.extend(rest.next().cloned());
    while let Some(argument) = rest.next() {
        let text = argument.to_str().unwrap_or_default();
        let Some(option) = text.strip_prefix("--").filter(|option| !option.is_empty()) else {
            if text == "-h" && words >= 2 {
                rewritten.push("--describe".into());
                continue;
            }
            words += usize::from(!text.starts_with('-'));
            if words == 1 && text != "ask" && !text.starts_with('-') {
                return arguments;
            }
            rewritten.push(argument.clone());
            continue;
        };
        let (name, value) = match option.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (option, None),
        };
        match known.get(name) {
            _ if name == "help" && words >= 2 => rewritten.push("--describe".into()),
            None if words >= 2 => {
                let name = name.replace('-', "_");
                let next = || rest.next().map(|next| next.to_string_lossy().into_owned());
                rewritten.push(match value.map(str::to_owned).or_else(next) {
                    Some(value) => format!("--param={name}={value}").into(),
                    None => format!("--param={name}").into(),
                });
            }
            takes_value => {
                rewritten.push(argument.clone());
                if takes_value == Some(&true) && value.is_none() {
                    rewritten.extend(rest.next().cloned());
                }
            }
        }
    }
    rewritten
}

/// Takes the options of every verb away that stand between `help` and the verb: `help --lang zh import`. The language is known
/// by then, and the others change nothing about help.
fn without_options_of_help(arguments: Vec<OsString>) -> Vec<OsString> {
    if verb_like(&arguments).as_deref() != Some("help") {
        return arguments;
    }
    let known = known_options();
    let mut kept: Vec<OsString> = Vec::with_capacity(arguments.len());
    let mut rest = arguments.into_iter();
    kept.extend(rest.next());
    while let Some(argument) = rest.next() {
        let option = argument.to_str().and_then(|text| text.strip_prefix("--"));
        let option = option.map(|option| match option.split_once('=') {
            Some((name, _)) => (known.get(name).copied(), true),
            None => (known.get(option).copied(), false),
        });
        match option {
            Some((Some(takes_value), has_value)) => {
                if takes_value && !has_value {
                    rest.next();
                }
            }
            _ => kept.push(argument),
        }
    }
    kept
}

/// Turns arguments whose first word is no verb into those of `show` for a player of that name: the word and all that
/// follow it up to an option. `None` where that is not what is wrong.
pub(crate) fn as_player(arguments: &[OsString], error: &clap::Error) -> Option<Vec<OsString>> {
    let word = match error.get(ContextKind::InvalidSubcommand)? {
        ContextValue::String(word) => word,
        _ => return None,
    };
    let at = arguments
        .iter()
        .position(|argument| argument == word.as_str())?;
    let (before, rest) = arguments.split_at(at);
    let words: Vec<&str> = rest.iter().map_while(|word| word.to_str()).collect();
    let words: Vec<&str> = words
        .into_iter()
        .take_while(|word| !word.starts_with('-'))
        .collect();
    let after = rest.iter().skip(words.len());
    let mut shown = before.to_vec();
    shown.extend(["show".into(), words.join(" ").into()]);
    shown.extend(after.cloned());
    Some(shown)
}

/// Returns whether the player of [`as_player`] has several words, as a question has.
pub(crate) fn is_of_several_words(shown: &[OsString]) -> bool {
    let mut after = shown.iter().skip_while(|word| *word != "show");
    let player = after.nth(1).and_then(|player| player.to_str());
    player.is_some_and(|player| player.contains(' '))
}

/// The verb among arguments that may not be right.
pub(crate) fn verb(arguments: &[OsString]) -> Option<String> {
    let word = verb_like(arguments)?;
    let program = args::command();
    Some(program.find_subcommand(word)?.get_name().to_owned())
}

/// Returns the first word that is no option and no value of one.
fn verb_like(arguments: &[OsString]) -> Option<String> {
    let program = args::command();
    let takes_value = |option: &str| {
        let long = option.strip_prefix("--");
        let short = option
            .strip_prefix('-')
            .and_then(|rest| rest.chars().next());
        program.get_arguments().any(|argument| {
            let is_it = match long {
                Some(long) => argument.get_long() == Some(long),
                None => option.len() == 2 && argument.get_short() == short,
            };
            is_it && argument.get_action().takes_values()
        })
    };
    let mut rest = arguments.iter().skip(1);
    while let Some(argument) = rest.next() {
        let text = argument.to_str()?;
        if !text.starts_with('-') {
            return Some(text.to_owned());
        }
        if takes_value(text) {
            rest.next();
        }
    }
    None
}

/// The language that arguments ask for, which may not be right.
pub(crate) fn lang(arguments: &[OsString]) -> Lang {
    let mut texts = arguments.iter().filter_map(|argument| argument.to_str());
    while let Some(text) = texts.next() {
        let value = match text.strip_prefix("--lang") {
            Some("") => texts.next(),
            Some(value) => value.strip_prefix('='),
            None => continue,
        };
        if let Some(lang) = value.and_then(|value| value.parse().ok()) {
            return lang;
        }
    }
    Lang::default()
}

/// The long options of the program and of `ask`, and whether each takes a value.
fn known_options() -> BTreeMap<String, bool> {
    let program = args::command();
    let ask = program.find_subcommand("ask").map(Command::get_arguments);
    let options = program.get_arguments().chain(ask.into_iter().flatten());
    let mut known: BTreeMap<_, _> = options
        .filter_map(|option| {
            let name = option.get_long()?.to_owned();
            Some((name, option.get_action().takes_values()))
        })
        .collect();
    known.insert("help".to_owned(), false);
    known.insert("version".to_owned(), false);
    known
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rewritten(arguments: &str) -> String {
        let arguments = arguments.split(' ').map(OsString::from);
        let rewritten = rewrite(arguments).into_iter();
        let words: Vec<_> = rewritten.map(|word| word.into_string().unwrap()).collect();
        words.join(" ")
    }

    #[test]
    fn options_of_the_query_become_parameters() {
        for (given, expected) in [
            (
                "powermap --map m ask investments-in --player openai --lang zh",
                "powermap --map m ask investments-in --param=player=openai --lang zh",
            ),
            (
                "powermap ask x --least-amount=-5 --quiet --last",
                "powermap ask x --param=least_amount=-5 --quiet --param=last",
            ),
            ("powermap ask x --help", "powermap ask x --describe"),
            ("powermap ask x -h -q", "powermap ask x --describe -q"),
            ("powermap ask --help", "powermap ask --help"),
            ("powermap ask --wrong x", "powermap ask --wrong x"),
            ("powermap show ask --wrong x", "powermap show ask --wrong x"),
            (
                "powermap --map ask show --wrong x",
                "powermap --map ask show --wrong x",
            ),
        ] {
            assert_eq!(rewritten(given), expected);
        }
    }

    #[test]
    fn the_verb_is_found_whatever_stands_around_it() {
        for (given, expected) in [
            ("powermap conflicts --policy newest", Some("conflicts")),
            ("powermap --map show -q loops -o ask", Some("loops")),
            ("powermap -o show --as-of=x ask", Some("ask")),
            ("powermap --as-of x", None),
            ("powermap conflict", None),
        ] {
            let arguments: Vec<_> = given.split(' ').map(OsString::from).collect();
            assert_eq!(verb(&arguments).as_deref(), expected, "{given}");
        }
    }
}
