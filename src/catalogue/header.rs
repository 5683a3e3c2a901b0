//! The `#+` lines at the top of a named query.
//!
//! ```text
//! #+ summary: Who funds a player?
//! #+ summary-zh: 谁出资？
//! #+ param: player player required -- whose backers
//! #+ param: limit integer 20
//! #+ tags: investment, money
//! #+ example: powermap ask backers --player openai
//! ```

use crate::catalogue::parameter::{QueryParameter, QueryParameterType, QueryPresence};

/// What the header of a query says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// What the query answers, in English.
    pub summary: String,
    /// The title in Chinese; empty where a user's own query has none.
    pub summary_zh: String,
    /// The parameters, in the order of the header.
    pub parameters: Vec<QueryParameter>,
    /// The tags, in the order of the header.
    pub tags: Vec<String>,
    /// A command that runs the query; may be empty.
    pub example: String,
}

/// Something wrong in a header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HeaderError {
    /// The line, from 1.
    pub(crate) line: usize,
    /// The column in characters, from 1.
    pub(crate) column: usize,
    /// What is wrong and what was expected.
    pub(crate) message: String,
}

const KEYS: &str = "expected one of summary, summary-zh, param, tags, example";

impl Header {
    /// Reads the header of a query.
    pub(crate) fn parse(text: &str) -> Result<Self, HeaderError> {
        let mut header = Self::default();
        let mut seen = Vec::new();
        let mut is_over = false;
        for (index, line) in text.lines().enumerate() {
            let line = line.strip_prefix('\u{feff}').unwrap_or(line);
            let fail = |at: &str, message: String| HeaderError {
                line: index + 1,
                column: column_of(line, at),
                message,
            };
            let Some(content) = line.trim_start().strip_prefix("#+") else {
                is_over |= !line.trim().is_empty() && !line.trim_start().starts_with('#');
                continue;
            };
            if is_over {
                let message = "a #+ line after the query has begun: they stand at the top";
                return Err(fail(line.trim_start(), message.to_owned()));
            }
            let Some((key, value)) = content.split_once(':') else {
                return Err(fail(
                    content.trim(),
                    format!("no `key: value` here: {KEYS}"),
                ));
            };
            let (key, value) = (key.trim(), value.trim());
            if value.is_empty() {
                return Err(fail(key, format!("{key} has no value")));
            }
            if key != "param" {
                if seen.contains(&key) {
                    return Err(fail(key, format!("{key} stands here a second time")));
                }
                seen.push(key);
            }
            match key {
                "summary" => header.summary = value.to_owned(),
                "summary-zh" => header.summary_zh = value.to_owned(),
                "example" => header.example = value.to_owned(),
                "tags" => header.tags = tags(value).map_err(|(at, why)| fail(at, why))?,
                "param" => {
                    let parameter = parameter(value).map_err(|(at, why)| fail(at, why))?;
                    if header.parameters.iter().any(|p| p.name == parameter.name) {
                        let message = format!("the parameter {} is declared twice", parameter.name);
                        return Err(fail(value, message));
                    }
                    header.parameters.push(parameter);
                }
                _ => return Err(fail(key, format!("unknown key {key:?}: {KEYS}"))),
            }
        }
        if header.summary.is_empty() {
            return Err(HeaderError {
                line: 1,
                column: 1,
                message: "no summary: expected a line `#+ summary: what the query answers`"
                    .to_owned(),
            });
        }
        Ok(header)
    }
}

/// Returns the column of a part of a line, in characters from 1.
fn column_of(line: &str, part: &str) -> usize {
    let offset = (part.as_ptr() as usize).saturating_sub(line.as_ptr() as usize);
    line.get(..offset)
        .map_or(1, |before| before.chars().count() + 1)
}

type Slip<'a> = (&'a str, String);

fn tags(value: &str) -> Result<Vec<String>, Slip<'_>> {
    let mut tags: Vec<String> = Vec::new();
    for tag in value.split(',') {
        let trimmed = tag.trim();
        if !is_name(trimmed, '-') {
            return Err((
                tag,
                format!(
                    "{trimmed:?} is no tag: expected words of a-z, 0-9 and -, set off by commas"
                ),
            ));
        }
        if tags.iter().any(|known| known == trimmed) {
            return Err((trimmed, format!("the tag {trimmed} stands here twice")));
        }
        tags.push(trimmed.to_owned());
    }
    Ok(tags)
}

/// Reads `NAME TYPE required|optional|DEFAULT -- description`.
fn parameter(value: &str) -> Result<QueryParameter, Slip<'_>> {
    const FORM: &str = "expected NAME TYPE required|optional|DEFAULT -- description";
    let (declaration, description) = match value.split_once("--") {
        Some((declaration, description)) => (declaration.trim(), description.trim()),
        None => (value, ""),
    };
    let Some((name, rest)) = declaration.split_once(char::is_whitespace) else {
        return Err((value, format!("the parameter has no type: {FORM}")));
    };
    if !is_name(name, '_') {
        return Err((
            name,
            format!("{name:?} is no name of a parameter: expected a-z, 0-9 and _, a letter first"),
        ));
    }
    let rest = rest.trim_start();
    let Some((kind, presence)) = rest.split_once(char::is_whitespace) else {
        return Err((
            rest,
            format!("the parameter {name} does not say whether it is required: {FORM}"),
        ));
    };
    let presence = presence.trim();
    let parsed: QueryParameterType = kind.parse().map_err(|why| (kind, why))?;
    let presence = match presence {
        "required" => QueryPresence::Required,
        "optional" => QueryPresence::Optional,
        default => {
            if let Err(why) = parsed.term(default) {
                let message = format!("the default {default:?} of {name} is no {parsed}: {why}");
                return Err((presence, message));
            }
            QueryPresence::Default(default.to_owned())
        }
    };
    Ok(QueryParameter {
        name: name.to_owned(),
        kind: parsed,
        presence,
        description: description.to_owned(),
    })
}

/// Returns whether a text is made of a-z, 0-9 and one more character, with a letter first.
pub(crate) fn is_name(text: &str, joint: char) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == joint)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_full_header_is_read() {
        let header = Header::parse(
            "#+ summary: Who funds: a player?\n# a remark\n\n#+summary-zh:谁出资？\n\
             #+ param: player player required -- whose -- backers\n#+ param: limit integer 20\n\
             #+ param: as_of date optional\n#+ tags: investment, money\n#+ example: powermap ask x\nSELECT * {}\n",
        )
        .unwrap();
        assert_eq!(header.summary, "Who funds: a player?");
        assert_eq!(header.summary_zh, "谁出资？");
        assert_eq!(header.tags, ["investment", "money"]);
        assert_eq!(header.example, "powermap ask x");
        let [player, limit, as_of] = &header.parameters[..] else {
            panic!("three parameters");
        };
        assert_eq!(player.description, "whose -- backers");
        assert_eq!(player.presence, QueryPresence::Required);
        assert_eq!(limit.presence, QueryPresence::Default("20".to_owned()));
        assert_eq!(
            (as_of.kind, &as_of.presence),
            (QueryParameterType::Date, &QueryPresence::Optional)
        );
    }

    #[test]
    fn slips_have_a_place() {
        for (line, column, expected) in [
            ("#+ sumary: x", 4, "unknown key \"sumary\""),
            ("#+ summary", 4, "no `key: value` here"),
            ("#+ tags:", 4, "tags has no value"),
            ("#+ summary: again", 4, "a second time"),
            (
                "  #+ param: 中 player required",
                13,
                "no name of a parameter",
            ),
            ("#+ param: x", 11, "has no type"),
            ("#+ param: x number required", 13, "unknown type \"number\""),
            (
                "#+ param: x integer",
                13,
                "does not say whether it is required",
            ),
            (
                "#+ param: x integer many",
                21,
                "the default \"many\" of x is no integer: expected a whole number",
            ),
            ("#+ param: y date optional", 11, "declared twice"),
            ("#+ tags: a, B c", 12, "is no tag"),
            ("#+ tags: a, a", 13, "stands here twice"),
        ] {
            let text = format!("#+ summary: s\n#+ param: y integer 1\n{line}\nSELECT * {{}}");
            let error = Header::parse(&text).unwrap_err();
            assert!(
                error.message.contains(expected),
                "{line}: {}",
                error.message
            );
            assert_eq!((error.line, error.column), (3, column), "{line}");
        }
        let late = Header::parse("#+ summary: s\nSELECT * {}\n#+ tags: a").unwrap_err();
        assert_eq!((late.line, late.column), (3, 1));
        assert!(
            Header::parse("SELECT * {}")
                .unwrap_err()
                .message
                .contains("no summary")
        );
    }

    proptest! {
        #[test]
        fn the_parser_never_panics(
            text in "(#\\+ ?(summary|summary-zh|param|tags|example|x)?:? ?[a-z中 :,\\-\u{feff}]{0,20}\r?\n?){0,6}"
        ) {
            if let Err(error) = Header::parse(&text) {
                prop_assert!(!error.message.is_empty());
                prop_assert!(error.line >= 1 && error.line <= text.lines().count().max(1));
                prop_assert!(error.column >= 1);
            }
        }

        #[test]
        fn any_text_is_read_or_refused(text in any::<String>()) {
            let _ = Header::parse(&text).map_err(|error| assert!(!error.message.is_empty()));
        }
    }
}
