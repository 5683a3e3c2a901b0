//! The reference page of the analyses, made from their table.

use crate::analysis::column::ColumnKind;
use crate::analysis::definition::{Analysis, FILTER, VIEW};
use crate::analysis::parameter::{Parameter, ParameterKind, Presence};
use crate::analysis::table::all;
use crate::model::lang::Lang;
use std::fmt::Write;

/// Returns the analyses as a Markdown page: what they answer, take and give, as verbs of the program and in SPARQL.
///
/// ```
/// assert!(powermap::analysis::markdown_page().contains("\n## timeline\n"));
/// ```
pub fn markdown_page() -> String {
    let mut page = String::from(
        "# Analyses\n\n\
         Each is a verb of the program (`powermap NAME`), a service in SPARQL (`SERVICE call:NAME { … }`) and a function \
         of the library (`powermap::analysis`), with the same parameters and columns. The documentation of the library \
         has formulas, complexity and references. This page is made from the table that all three read.\n\n\
         In SPARQL, a parameter or a column is a property of one node in the block. Columns give their values to \
         variables; a row that has a list in a column is there once for each of its members. On each analysis, \
         `call:claim` gives the claims that the numbers of a row rest on, as `--explain` does in the program.\n",
    );
    for analysis in all() {
        add(&mut page, analysis);
    }
    line(
        &mut page,
        "\n## Parameters of every analysis\n\nWhich edges count:",
    );
    parameters(&mut page, FILTER);
    line(&mut page, "\nFrom where the board is looked at:");
    parameters(&mut page, VIEW);
    page
}

fn add(page: &mut String, analysis: &Analysis) {
    line(
        page,
        format!(
            "\n## {}\n\n{}\n\n{}",
            analysis.name,
            analysis.question_in(Lang::En),
            analysis.question_in(Lang::Zh)
        ),
    );
    line(page, format!("\n{}", analysis.definition));
    if !analysis.parameters.is_empty() {
        parameters(page, analysis.parameters);
    }
    line(
        page,
        "\n| column | in SPARQL | meaning |\n| --- | --- | --- |",
    );
    for column in analysis.columns {
        let names: Vec<_> = column
            .names()
            .iter()
            .map(|name| format!("`{name}`"))
            .collect();
        let properties: Vec<_> = column
            .properties()
            .iter()
            .map(|p| format!("`call:{p}`"))
            .collect();
        let many = match column.kind {
            ColumnKind::Ids(_) => " (one row for each)",
            ColumnKind::Claims(one) if one != column.name => " (one row for each)",
            _ => "",
        };
        line(
            page,
            format!(
                "| {} | {}{many} | {} |",
                names.join(", "),
                properties.join(", "),
                column.help
            ),
        );
    }
    line(
        page,
        format!("\n```sh\n{}\n```", analysis.examples.join("\n")),
    );
}

fn parameters(page: &mut String, parameters: &[Parameter]) {
    line(
        page,
        "\n| parameter | in SPARQL | value | | meaning |\n| --- | --- | --- | --- | --- |",
    );
    for parameter in parameters {
        let presence = match parameter.presence {
            Presence::Required => "required".to_owned(),
            Presence::Optional => "optional".to_owned(),
            Presence::Repeatable => "any number".to_owned(),
            Presence::Default(value) => format!("`{value}` unless given"),
        };
        let option = match parameter.is_positional {
            true => parameter.name.to_uppercase(),
            false => format!("--{}", parameter.name),
        };
        line(
            page,
            format!(
                "| `{option}` | `call:{}` | {} | {presence} | {} |",
                parameter.property(),
                value(parameter.kind),
                parameter.help
            ),
        );
    }
}

/// Returns what a value of a parameter is.
fn value(kind: ParameterKind) -> String {
    match kind {
        ParameterKind::Player => "a player".to_owned(),
        ParameterKind::Edge => "an edge".to_owned(),
        ParameterKind::Concept => "a concept".to_owned(),
        ParameterKind::Family => "investment, supply, influence".to_owned(),
        ParameterKind::Flow => {
            "cash, equity, debt, goods, service, guarantee, ownership".to_owned()
        }
        ParameterKind::Status => "a status".to_owned(),
        ParameterKind::Day => "a day".to_owned(),
        ParameterKind::Time => "a day, month, quarter or year".to_owned(),
        ParameterKind::Moment => "a day, or day@known-by".to_owned(),
        ParameterKind::Integer(least, u64::MAX) => format!("a whole number from {least}"),
        ParameterKind::Integer(least, most) => format!("a whole number from {least} to {most}"),
        ParameterKind::Number => "a number".to_owned(),
        ParameterKind::Fraction(names) => {
            let names = names
                .iter()
                .map(|(name, percent)| format!("{name} ({percent}%)"));
            format!(
                "0 to below 1, a percentage, {}",
                names.collect::<Vec<_>>().join(", ")
            )
        }
        ParameterKind::Word(words) => words.join(", "),
        ParameterKind::Text => "text".to_owned(),
        ParameterKind::Flag => "yes or no".to_owned(),
    }
}

fn line(page: &mut String, text: impl AsRef<str>) {
    writeln!(page, "{}", text.as_ref()).expect("writing to memory does not fail");
}
