//! The picture of the board for a request.

use crate::args::{self, Command};
use crate::command::board::picture;
use crate::door::request::Seen;
use crate::failure::fail;
use crate::output::Output;
use crate::picture::PictureFormat;
use anyhow::Result;
use powermap::Map;
use std::ffi::OsString;

/// What a request may say of a picture, the same as the options of the verb `board`; those that are yes or no.
pub(crate) const OPTIONS: [&str; 17] = [
    "around",
    "diff",
    "family",
    "hops",
    "kind",
    "look",
    "loop",
    "loops",
    "min-amount",
    "min-status",
    "players",
    "scale",
    "size",
    "theme",
    "title",
    "top",
    "split",
];
const FLAGS: [&str; 2] = ["money", "split"];

/// Draws the board of a map as a request wants it.
pub(crate) fn draw(
    map: &Map,
    name: Option<&str>,
    seen: Seen,
    given: &[(String, String)],
    format: PictureFormat,
) -> Result<Vec<u8>> {
    let mut words: Vec<OsString> = vec!["powermap".into(), "board".into(), "--quiet".into()];
    words.push(format!("--lang={}", seen.lang.tag()).into());
    words.push(format!("--policy={}", seen.view.policy.name()).into());
    // The title of a map that has no other is its name.
    words.extend(name.map(|name| format!("--map={name}").into()));
    let mut look = None;
    for (name, value) in given {
        let plain = name.replace('_', "-");
        if FLAGS.contains(&plain.as_str()) {
            match value.as_str() {
                "true" | "" => words.push(format!("--{plain}").into()),
                "false" => {}
                _ => fail!(
                    "'{}' is no value for {}: expected {}",
                    value,
                    plain,
                    "true or false"
                ),
            }
        } else if plain == "diff" {
            let days: Vec<&str> = value.split(',').collect();
            if days.len() != 2 || days.iter().any(|day| day.starts_with('-')) {
                fail!(
                    "'{}' is no value for {}: expected {}",
                    value,
                    plain,
                    "two days with a comma between them"
                );
            }
            words.push("--diff".into());
            words.extend(days.into_iter().map(OsString::from));
        } else if OPTIONS.contains(&plain.as_str()) {
            if plain == "look" {
                look = Some(value.as_str());
            }
            words.push(format!("--{plain}={value}").into());
        } else {
            let known = [&OPTIONS[..], &FLAGS[..1]].concat().join(", ");
            fail!("the board has no parameter {}", name; "it takes {}", known);
        }
    }
    if look == Some("dot") {
        // No other program is started for a request.
        words.push("--engine=built-in".into());
    }
    let args = args::parse(args::command(), words)?;
    let Command::Board(board) = &args.command else {
        fail!("the board has no parameter {}", "command");
    };
    let output = Output::new(&args.options);
    let (bytes, _) = picture(board, &args.options, map, format, &output)?;
    Ok(bytes)
}
