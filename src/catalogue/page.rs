//! The reference page of the catalogue, made from the headers.

use crate::catalogue::parameter::QueryPresence;
use crate::catalogue::{Catalogue, NamedQuery};
use std::collections::BTreeMap;
use std::fmt::Write;

impl Catalogue {
    /// Returns the catalogue as a Markdown page: by topic, and in each by name.
    pub fn markdown_page(&self) -> String {
        let mut topics: BTreeMap<&str, Vec<&NamedQuery>> = BTreeMap::new();
        for entry in self.entries() {
            topics.entry(&entry.topic).or_default().push(entry);
        }
        let mut page = String::from(
            "# Named queries\n\n\
             `powermap ask NAME --parameter value` runs one; `--queries DIR` adds your own. This page is made from the \
             headers in `queries/`.\n",
        );
        for (topic, entries) in topics {
            line(&mut page, format_args!("\n## {topic}"));
            for entry in entries {
                add_entry(&mut page, entry);
            }
        }
        page
    }
}

fn add_entry(page: &mut String, entry: &NamedQuery) {
    let header = &entry.header;
    line(
        page,
        format_args!("\n### {}\n\n{}", entry.name, header.summary),
    );
    if !header.summary_zh.is_empty() {
        line(page, format_args!("\n{}", header.summary_zh));
    }
    if !header.parameters.is_empty() {
        line(
            page,
            format_args!("\n| parameter | type | | meaning |\n| --- | --- | --- | --- |"),
        );
        for parameter in &header.parameters {
            let presence = match &parameter.presence {
                QueryPresence::Required => "required".to_owned(),
                QueryPresence::Optional => "optional".to_owned(),
                QueryPresence::Default(text) => format!("`{text}` unless given"),
            };
            let (name, kind) = (&parameter.name, parameter.kind);
            let meaning = parameter.description.replace('|', "\\|");
            line(
                page,
                format_args!("| `{name}` | {kind} | {presence} | {meaning} |"),
            );
        }
    }
    if !header.example.is_empty() {
        line(page, format_args!("\n```sh\n{}\n```", header.example));
    }
    if !header.tags.is_empty() {
        line(page, format_args!("\nTags: {}", header.tags.join(", ")));
    }
}

fn line(page: &mut String, text: std::fmt::Arguments<'_>) {
    writeln!(page, "{text}").expect("writing to memory does not fail");
}
