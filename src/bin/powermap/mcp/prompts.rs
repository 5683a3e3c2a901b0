//! The prompts: questions that lead an assistant through several tools, each with an example.

use rmcp::ErrorData;
use rmcp::model::{GetPromptResult, JsonObject, Prompt, PromptArgument, PromptMessage, Role};

/// A prompt: its name, what it is for, its arguments (name, what it is, an example) and its text, with the arguments in braces.
struct Entry {
    name: &'static str,
    description: &'static str,
    arguments: &'static [(&'static str, &'static str, &'static str)],
    text: &'static str,
}

const ALL: [Entry; 5] = [
    Entry {
        name: "follow-the-money",
        description: "Where the money goes round through a player, and who says so",
        arguments: &[("player", "A player by id or name", "openai")],
        text: "Use powermap to find where the money goes round through {player}. Call `loops` with through={player}, then \
            `show` for the two players of its largest loop. Say what each step of the largest three loops is, with its amount \
            (bounds as they are: \"up to\" where only the upper one is known), its status and its source (document and \
            locator). Say which legs have no known amount. Do not add amounts that the tools do not add.",
    },
    Entry {
        name: "who-controls",
        description: "Who controls a company, how surely, and by what",
        arguments: &[
            ("player", "A company by id or name", "openai"),
            ("as_of", "The day, such as 2025-11-30", "2025-11-30"),
        ],
        text: "Use powermap to say who controls {player} on {as_of}. Call `control` with of={player} and as_of={as_of}. For \
            each row say the verdict (certain, joint, possible, no), its basis (stated, votes, shares, chain) and the share \
            held, with the claims beneath it. Then call `conflicts` and say whether sources contradict each other about it.",
    },
    Entry {
        name: "what-if-it-fails",
        description: "Who is hurt if a player fails",
        arguments: &[("player", "A player by id or name", "openai")],
        text: "Use powermap to say who is hurt if {player} fails. Call `exposure` with of={player}; keep stakes, debts, orders \
            and lost supplies apart, since an order is lost business and no asset. Call `dependence` with of={player} for who \
            depends on it. Say for which players no base is known, and give no number there.",
    },
    Entry {
        name: "check-a-statement",
        description: "Whether the map bears a statement out, and who says otherwise",
        arguments: &[(
            "statement",
            "A sentence about players and deals",
            "NVIDIA has invested $100 billion in OpenAI",
        )],
        text: "Use powermap to check this statement: \"{statement}\". Find its players with `search`, read them with `show`, \
            and look for claims about the same edge or figure. Say: borne out, contradicted, or not known; with the amount, \
            its bounds, the status (planned money is not paid money), the day, and each source with document and locator. \
            Call `conflicts` for what sources do not agree on.",
    },
    Entry {
        name: "what-changed",
        description: "What changed on the board between two days",
        arguments: &[
            ("from", "The first day", "2025-09-01"),
            ("to", "The second day", "2025-10-15"),
        ],
        text: "Use powermap to say what changed between {from} and {to}. Call `diff` with before={from} and after={to}, and \
            `timeline` with from={from} and to={to}. Group what came, what went and what changed by deal, with amounts, statuses \
            and sources.",
    },
];

/// Returns the prompts there are.
pub(super) fn all() -> Vec<Prompt> {
    let argument = |(name, what, example): &(&str, &str, &str)| {
        PromptArgument::new(*name)
            .with_description(format!("{what}; for example {example}"))
            .with_required(true)
    };
    let prompt = |entry: &Entry| {
        let arguments = entry.arguments.iter().map(argument).collect();
        Prompt::new(entry.name, Some(entry.description), Some(arguments))
    };
    ALL.iter().map(prompt).collect()
}

/// Returns a prompt with its arguments filled in.
pub(super) fn get(name: &str, arguments: &JsonObject) -> Result<GetPromptResult, ErrorData> {
    let Some(entry) = ALL.iter().find(|entry| entry.name == name) else {
        let names = ALL.each_ref().map(|entry| entry.name).join(", ");
        let message = format!("there is no prompt {name}: expected one of {names}");
        return Err(ErrorData::invalid_params(message, None));
    };
    let mut text = String::new();
    let mut rest = entry.text;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let (place, after) = after.split_once('}').unwrap_or((after, ""));
        let value = arguments.get(place).and_then(|value| value.as_str());
        let Some(value) = value.filter(|value| !value.trim().is_empty()) else {
            let example = entry.arguments.iter().find(|(name, ..)| *name == place);
            let example = example.map_or("", |(.., example)| example);
            let message = format!("the prompt {name} needs {place}, for example {example}");
            return Err(ErrorData::invalid_params(message, None));
        };
        text.push_str(value);
        rest = after;
    }
    text.push_str(rest);
    let message = PromptMessage::new_text(Role::User, text);
    Ok(GetPromptResult::new(vec![message]).with_description(entry.description))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prompts_take_their_examples_and_name_what_is_missing() {
        for entry in &ALL {
            let examples = entry.arguments.iter();
            let arguments: JsonObject = examples
                .map(|(name, _, example)| ((*name).to_owned(), (*example).into()))
                .collect();
            let filled = get(entry.name, &arguments).unwrap();
            let text = serde_json::to_string(&filled.messages).unwrap();
            for (_, _, example) in entry.arguments {
                assert!(text.contains(example), "{}: {text}", entry.name);
            }
            let error = get(entry.name, &JsonObject::new()).unwrap_err();
            assert!(error.message.contains("needs"), "{}", error.message);
        }
        assert!(get("x", &JsonObject::new()).is_err());
    }
}
