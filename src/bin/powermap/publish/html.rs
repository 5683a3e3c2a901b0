//! Pages of HTML: what all of them have, tables, and links between them.

use crate::describe::{Words, claim_id};
use crate::markup::escaped;
use crate::report::Report;
use crate::words::Message;
use indexmap::IndexSet;
use oxigraph::model::NamedOrBlankNode;
use powermap::model::vocabulary::short_name;
use powermap::story::{SentencePart, Story};

/// The style of all pages.
pub(super) const STYLE: &str = "body{margin:0 auto;max-width:70em;padding:0 1em 3em;font:1em/1.5 system-ui,sans-serif;color:#1a1a1a;background:#fff}\
table{border-collapse:collapse;display:block;overflow-x:auto;font-size:.92em}th,td{border-bottom:1px solid #ccc;padding:.25em .7em .25em 0;text-align:left;vertical-align:top}\
img{max-width:100%;height:auto}a{color:#0b4f8a}sup{line-height:0}ul.names{columns:18em}footer{margin-top:3em;font-size:.9em}\
@media(prefers-color-scheme:dark){body{color:#eee;background:#161616}a{color:#8ac4ff}th,td{border-color:#444}img{background:#fff}}\n";

/// Returns the name of a file for an id: the same for the same id, and no path out of its folder.
pub(super) fn file_name(id: &str) -> String {
    let mut name = String::with_capacity(id.len());
    for byte in id.bytes() {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' => name.push(char::from(byte)),
            // Where upper and lower case are one name of a file, they stay two.
            byte => name.push_str(&format!("~{byte:02x}")),
        }
    }
    name
}

/// A page under construction.
pub(super) struct Page<'a> {
    words: Words<'a>,
    title: String,
    /// How the page is away from the first one: nothing, or `../`.
    root: &'static str,
    body: String,
    /// The claims that were named, in the order of their numbers.
    notes: IndexSet<NamedOrBlankNode>,
}

impl<'a> Page<'a> {
    pub(super) fn new(words: Words<'a>, title: &str, root: &'static str) -> Self {
        let mut page = Self {
            words,
            title: title.to_owned(),
            root,
            body: String::new(),
            notes: IndexSet::new(),
        };
        page.raw(&format!("<h1>{}</h1>\n", escaped(title)));
        page
    }

    /// Adds HTML.
    pub(super) fn raw(&mut self, html: &str) {
        self.body.push_str(html);
    }

    pub(super) fn paragraph(&mut self, text: &str) {
        if !text.is_empty() {
            self.raw(&format!("<p>{}</p>\n", escaped(text)));
        }
    }

    pub(super) fn heading(&mut self, text: &str) {
        self.raw(&format!("<h2>{}</h2>\n", escaped(text)));
    }

    /// Adds links to the data of the page.
    pub(super) fn data(&mut self, files: &[(&str, String)]) {
        let links = files
            .iter()
            .map(|(name, file)| format!("<a href=\"{}{}\">{name}</a>", self.root, escaped(file)));
        let links = links.collect::<Vec<_>>().join(" · ");
        self.raw(&format!("<p>{links}</p>\n"));
    }

    /// Adds a list of links, by name.
    pub(super) fn links(&mut self, links: &[(String, String)]) {
        self.raw("<ul class=\"names\">\n");
        for (file, name) in links {
            let link = format!(
                "<li><a href=\"{}{}\">{}</a></li>\n",
                self.root,
                escaped(file),
                escaped(name)
            );
            self.raw(&link);
        }
        self.raw("</ul>\n");
    }

    /// Adds a story, each figure with the numbers of its claims.
    pub(super) fn story(&mut self, story: &Story) {
        for section in &story.sections {
            self.heading(&section.heading);
            self.raw("<ul>\n");
            for line in &section.lines {
                let mut text = String::new();
                for part in line.parts() {
                    match part {
                        SentencePart::Text(own) => text.push_str(&escaped(own)),
                        SentencePart::Claims(claims) => text.push_str(&self.numbers(claims)),
                    }
                }
                self.raw(&format!("<li>{text}</li>\n"));
            }
            self.raw("</ul>\n");
        }
    }

    /// Adds a table with the numbers of the claims beneath each row; nothing where it is empty.
    pub(super) fn table(&mut self, report: &Report) {
        if report.is_empty() {
            return;
        }
        self.heading(report.title());
        let (headings, rows) = report.people();
        let has_claims = rows.iter().any(|(_, claims)| !claims.is_empty());
        let mut table = "<table>\n<tr>".to_owned();
        let sources = has_claims.then(|| Message::HeadingSources.text(self.words.lang));
        for heading in headings.iter().map(String::as_str).chain(sources) {
            table.push_str(&format!("<th>{}</th>", escaped(heading)));
        }
        table.push_str("</tr>\n");
        for (cells, claims) in rows {
            table.push_str("<tr>");
            for cell in cells {
                table.push_str(&format!("<td>{}</td>", escaped(&cell)));
            }
            if has_claims {
                table.push_str(&format!("<td>{}</td>", self.numbers(claims)));
            }
            table.push_str("</tr>\n");
        }
        self.raw(&(table + "</table>\n"));
    }

    /// Returns the numbers of claims, each a link to its page; those that are new get the next ones.
    fn numbers(&mut self, claims: &[NamedOrBlankNode]) -> String {
        let mut links = Vec::new();
        for id in claims {
            if !self.words.records.claims.contains_key(id) {
                continue;
            }
            let number = self.notes.insert_full(id.clone()).0 + 1;
            links.push(format!(
                "<a href=\"{}{}\">{number}</a>",
                self.root,
                claim_file(id)
            ));
        }
        match links.is_empty() {
            true => String::new(),
            false => format!("<sup>{}</sup>", links.join(" ")),
        }
    }

    /// Returns the page, with the list of its sources.
    pub(super) fn finish(mut self) -> Vec<u8> {
        let lang = self.words.lang;
        if !self.notes.is_empty() {
            self.heading(Message::SourcesBelow.text(lang));
            self.raw("<ol>\n");
            for id in std::mem::take(&mut self.notes) {
                let Some(claim) = self.words.records.claims.get(&id) else {
                    continue;
                };
                let place = escaped(&self.words.source(claim));
                let link = format!(
                    "<li><a href=\"{}{}\">{place}</a></li>\n",
                    self.root,
                    claim_file(&id)
                );
                self.raw(&link);
            }
            self.raw("</ol>\n");
        }
        let root = self.root;
        let title = escaped(&self.title);
        format!(
            "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n\
             <link rel=\"stylesheet\" href=\"{root}style.css\">\n</head>\n<body>\n{}\
             <footer><a href=\"{root}index.html\">{}</a></footer>\n</body>\n</html>\n",
            lang.tag(),
            self.body,
            Message::BoardTitle.text(lang),
        )
        .into_bytes()
    }
}

/// Returns the file of the page on a claim.
pub(super) fn claim_file(id: &NamedOrBlankNode) -> String {
    format!("claims/{}.html", file_name(&claim_id(id)))
}

/// Returns the file of the page on a thing that has an id, in the folder of its kind.
pub(super) fn thing_file(folder: &str, iri: &str, ending: &str) -> String {
    format!("{folder}/{}.{ending}", file_name(short_name(iri)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_stay_in_their_folder_and_apart() {
        assert_eq!(file_name("openai"), "openai");
        assert_eq!(file_name("../x"), "~2e~2e~2fx");
        assert_ne!(file_name("A"), file_name("a"));
        assert_eq!(file_name("棋"), "~e6~a3~8b");
        assert_eq!(
            thing_file("players", "https://w3id.org/powermap/id/amd", "json"),
            "players/amd.json"
        );
    }
}
