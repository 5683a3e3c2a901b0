//! The files of the site: pages on players, deals, claims and documents, the board, and the data behind each.

use crate::command::{analysis, board, show};
use crate::describe::{Words, claim_id};
use crate::markup::escaped;
use crate::options::Options;
use crate::publish::html::{Page, STYLE, claim_file, thing_file};
use crate::report::Report;
use crate::words::Message;
use anyhow::Result;
use oxigraph::model::{NamedNode, NamedOrBlankNode};
use powermap::Map;
use powermap::analysis::{Answer, LOOPS};
use powermap::evidence::{ClaimRecord, DocumentRecord};
use powermap::model::Claim;
use powermap::model::vocabulary::short_name;
use powermap_rdf::table::TableFormat;
use rayon::prelude::*;
use serde_json::json;
use std::collections::HashMap;
use std::iter::once;

/// A file of the site: its path, and what is in it.
type File = (String, Vec<u8>);

/// The site of a map.
pub(super) struct Site<'m> {
    map: &'m Map,
    words: Words<'m>,
    title: String,
}

impl<'m> Site<'m> {
    pub(super) fn new(map: &'m Map, options: &Options, title: Option<&str>) -> Result<Self> {
        let words = Words::of(map, map.shown_records()?, options.lang);
        let own = words.records.title(options.lang).map(str::to_owned);
        let name = options.map.as_ref().and_then(|path| path.file_stem());
        let name = name.map(|name| name.to_string_lossy().into_owned());
        let usual = || Message::BoardTitle.text(options.lang).to_owned();
        let usual = own.or(name).unwrap_or_else(usual);
        Ok(Self {
            map,
            words,
            title: title.map_or(usual, str::to_owned),
        })
    }

    /// Returns all files.
    pub(super) fn files(&self, options: &Options) -> Result<Vec<File>> {
        let records = self.words.records;
        // What they share is worked out once, before they are made side by side.
        self.map.position()?.network()?;
        let players: Vec<_> = records.players.keys().collect();
        let found = show::all_contradictions(self.map)?;
        let pages = players.par_iter().map(|id| self.player(id, &found));
        let mut files: Vec<File> = pages.collect::<Result<Vec<_>>>()?.concat();
        for id in records.deals.keys() {
            files.extend(self.deal(id)?);
        }
        for (id, claim) in &records.claims {
            files.push((claim_file(id), self.claim(id, claim)));
        }
        let mut of_document: HashMap<_, Vec<_>> = HashMap::new();
        for (id, claim) in &records.claims {
            if let Some(document) = &claim.document {
                of_document.entry(document).or_default().push((id, claim));
            }
        }
        for id in records.documents.keys() {
            let claims = of_document.remove(id).unwrap_or_default();
            files.push(self.document(id, claims));
        }
        files.extend(self.loops()?);
        files.push(("style.css".to_owned(), STYLE.as_bytes().to_vec()));
        let position = self.map.position()?;
        let picture = board::overview(options, &position)?;
        files.push(("board.svg".to_owned(), picture.into_bytes()));
        files.push(self.search());
        files.push(self.claims());
        files.push(self.index()?);
        files.sort();
        Ok(files)
    }

    fn player(&self, id: &NamedNode, found: &Answer) -> Result<Vec<File>> {
        let reports = show::reports_among(self.map, id, self.words.lang, found)?;
        let file = |ending: &str| thing_file("players", id.as_str(), ending);
        let mut page = Page::new(self.words, &self.words.name(id), "../");
        page.paragraph(&self.words.view_text());
        page.data(&[("JSON", file("json")), ("CSV", file("csv"))]);
        page.story(&self.map.brief(id, self.words.lang)?);
        for report in &reports {
            page.table(report);
        }
        Ok(vec![
            (file("html"), page.finish()),
            (file("json"), json_of(&reports, self)?),
            (file("csv"), csv_of(&reports)),
        ])
    }

    fn deal(&self, id: &NamedNode) -> Result<Vec<File>> {
        let (map, words) = (self.map, self.words);
        let board = map.board()?;
        let title = words.name(id);
        let edges = show::edges(
            words,
            board,
            "edges",
            Message::EdgesOnBoard.text(words.lang),
            |edge| edge.deal.as_ref() == Some(id),
        );
        let said = show::said(words, "said_about", Message::SaidAbout, |claim| {
            claim.about == *id
        });
        let reports = [edges, said];
        let file = |ending: &str| thing_file("deals", id.as_str(), ending);
        let mut page = Page::new(words, &title, "../");
        page.data(&[("JSON", file("json")), ("CSV", file("csv"))]);
        for report in &reports {
            page.table(report);
        }
        Ok(vec![
            (file("html"), page.finish()),
            (file("json"), json_of(&reports, self)?),
            (file("csv"), csv_of(&reports)),
        ])
    }

    fn claim(&self, id: &NamedOrBlankNode, claim: &Claim) -> Vec<u8> {
        let words = self.words;
        let mut page = Page::new(words, &claim_id(id), "../");
        page.paragraph(claim.text.get(words.lang).unwrap_or_default());
        let mut links = Vec::new();
        let records = words.records;
        // A document may speak for itself.
        let sources = [&claim.document, &claim.asserted_by, &claim.attributed_to];
        for thing in sources.into_iter().flatten() {
            let folder = match records.documents.contains_key(thing) {
                true => "documents",
                false if records.players.contains_key(thing) => "players",
                false => continue,
            };
            let link = (
                thing_file(folder, thing.as_str(), "html"),
                words.name(thing),
            );
            if !links.contains(&link) {
                links.push(link);
            }
        }
        for folder in ["players", "deals"] {
            let edge = records.edges.get(&claim.about);
            let ends = edge.map_or_else(Vec::new, |edge| match folder {
                "players" => vec![&edge.from, &edge.to],
                _ => edge.deal.iter().collect(),
            });
            for thing in ends.into_iter().chain([&claim.about]) {
                let is_there = match folder {
                    "players" => records.players.contains_key(thing),
                    _ => records.deals.contains_key(thing),
                };
                if is_there {
                    links.push((
                        thing_file(folder, thing.as_str(), "html"),
                        words.name(thing),
                    ));
                }
            }
        }
        links.dedup();
        let row = show::claims_report(words, "claim", Message::HeadingClaim, once((id, claim)));
        page.table(&row);
        page.paragraph(&words.source(claim));
        page.links(&links);
        page.finish()
    }

    fn document(&self, id: &NamedNode, claims: Vec<(&NamedOrBlankNode, &Claim)>) -> File {
        let words = self.words;
        let mut page = Page::new(words, &words.name(id), "../");
        let document = &words.records.documents[id];
        let issued = document.issued.map(|time| time.to_string());
        page.paragraph(&issued.unwrap_or_default());
        if let Some(url) = document
            .url
            .as_deref()
            .filter(|url| url.starts_with("http"))
        {
            let url = escaped(url);
            page.raw(&format!(
                "<p><a href=\"{url}\" rel=\"noopener\">{url}</a></p>\n"
            ));
        }
        page.table(&show::claims_report(
            words,
            "claims",
            Message::HeadingClaims,
            claims.into_iter(),
        ));
        (thing_file("documents", id.as_str(), "html"), page.finish())
    }

    fn loops(&self) -> Result<Vec<File>> {
        let position = self.map.position()?;
        let report = analysis::section(self.words, self.map, &position, &LOOPS, &[])?;
        let mut page = Page::new(self.words, report.title(), "");
        page.data(&[
            ("JSON", "loops.json".to_owned()),
            ("CSV", "loops.csv".to_owned()),
        ]);
        page.table(&report);
        let reports = [report];
        Ok(vec![
            ("loops.html".to_owned(), page.finish()),
            ("loops.json".to_owned(), json_of(&reports, self)?),
            ("loops.csv".to_owned(), csv_of(&reports)),
        ])
    }

    /// What can be looked for: each name with its page.
    fn search(&self) -> File {
        let records = self.words.records;
        let entry = |folder: &str, id: &NamedNode, names: Vec<&str>| {
            json!({"kind": folder, "id": short_name(id.as_str()), "name": self.words.name(id), "names": names,
                "page": thing_file(folder, id.as_str(), "html")})
        };
        let players = records.players.iter().map(|(id, player)| {
            let labels = player.labels.iter().map(|(_, label)| label);
            entry(
                "players",
                id,
                labels
                    .chain(player.aliases.iter().map(String::as_str))
                    .collect(),
            )
        });
        let deals = records.deals.iter().map(|(id, deal)| {
            entry(
                "deals",
                id,
                deal.labels.iter().map(|(_, label)| label).collect(),
            )
        });
        let documents = records
            .documents
            .keys()
            .map(|id| entry("documents", id, Vec::new()));
        let all: serde_json::Value = players.chain(deals).chain(documents).collect();
        ("search.json".to_owned(), format!("{all}\n").into_bytes())
    }

    /// All claims and documents as data.
    fn claims(&self) -> File {
        let records = self.words.records;
        let claims: serde_json::Map<String, serde_json::Value> = (records.claims.iter())
            .map(|(id, claim)| (claim_id(id), json!(ClaimRecord::from(claim))))
            .collect();
        let documents: serde_json::Map<String, serde_json::Value> = (records.documents.iter())
            .map(|(id, document)| {
                (
                    short_name(id.as_str()).to_owned(),
                    json!(DocumentRecord::from(document)),
                )
            })
            .collect();
        let all = json!({"claims": claims, "documents": documents});
        ("claims.json".to_owned(), format!("{all}\n").into_bytes())
    }

    fn index(&self) -> Result<File> {
        let (words, lang) = (self.words, self.words.lang);
        let mut page = Page::new(words, &self.title, "");
        page.paragraph(&words.view_text());
        page.raw(&format!(
            "<p><img src=\"board.svg\" alt=\"{}\"></p>\n",
            escaped(&self.title)
        ));
        page.data(&[
            (
                Message::WhereMoneyGoesRound.text(lang),
                "loops.html".to_owned(),
            ),
            ("claims.json", "claims.json".to_owned()),
            ("search.json", "search.json".to_owned()),
        ]);
        page.story(&self.map.tour(lang)?);
        let records = words.records;
        for (heading, folder, ids) in [
            (
                Message::WhoIsWho,
                "players",
                records.players.keys().collect::<Vec<_>>(),
            ),
            (
                Message::DealsAndEvents,
                "deals",
                records.deals.keys().collect(),
            ),
            (
                Message::SourcesTitle,
                "documents",
                records.documents.keys().collect(),
            ),
        ] {
            let links = ids.into_iter();
            let links = links.map(|id| (thing_file(folder, id.as_str(), "html"), words.name(id)));
            let mut links: Vec<_> = links.collect();
            links.sort_by(|a, b| a.1.cmp(&b.1));
            page.heading(heading.text(lang));
            page.links(&links);
        }
        Ok(("index.html".to_owned(), page.finish()))
    }
}

/// Returns reports as JSON: rows by the key of their report, each with its claims.
fn json_of(reports: &[Report], site: &Site<'_>) -> Result<Vec<u8>> {
    let mut all = serde_json::Map::new();
    let view: powermap::evidence::SeenFrom = site.map.board()?.view.into();
    all.insert("view".to_owned(), serde_json::to_value(view)?);
    for report in reports {
        let table = report.answer();
        let rows = table.rows.iter().map(|row| {
            let mut object: serde_json::Map<String, serde_json::Value> = table
                .columns
                .iter()
                .cloned()
                .zip(row.values.iter().cloned())
                .collect();
            let claims: Vec<_> = row.claims.iter().map(claim_id).collect();
            object.insert("claims".to_owned(), claims.into());
            serde_json::Value::from(object)
        });
        all.insert(table.key.clone(), rows.collect());
    }
    Ok((serde_json::to_string(&all)? + "\n").into_bytes())
}

fn csv_of(reports: &[Report]) -> Vec<u8> {
    crate::report::joined(reports)
        .to_text(TableFormat::Csv)
        .into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args;

    #[test]
    fn every_link_leads_to_a_file() {
        let words = ["powermap", "publish", "--output", "x"].map(std::ffi::OsString::from);
        let args = args::parse(args::command(), words.to_vec()).unwrap();
        let map = Map::built_in().unwrap();
        let site = Site::new(&map, &args.options, None).unwrap();
        let files = site.files(&args.options).unwrap();
        let names: std::collections::BTreeSet<&str> =
            files.iter().map(|(name, _)| name.as_str()).collect();
        let mut count = 0;
        for (name, bytes) in files.iter().filter(|(name, _)| name.ends_with(".html")) {
            let text = std::str::from_utf8(bytes).unwrap();
            for link in text
                .split("href=\"")
                .skip(1)
                .map(|rest| rest.split('"').next().unwrap())
            {
                if link.starts_with("http") {
                    continue;
                }
                let target = match link.strip_prefix("../") {
                    Some(target) => target.to_owned(),
                    None => link.to_owned(),
                };
                assert!(names.contains(target.as_str()), "{name}: {link}");
                count += 1;
            }
        }
        assert!(count > 2_000, "{count}");
        for name in [
            "index.html",
            "players/openai.html",
            "players/openai.csv",
            "deals/amd-openai-2025-10.html",
            "claims/claim-e020.html",
            "loops.json",
            "search.json",
        ] {
            assert!(names.contains(name), "{name}");
        }
        let bytes: usize = files.iter().map(|(_, bytes)| bytes.len()).sum();
        assert!(bytes < 10_000_000, "{bytes}");
        assert!(story_of(&files, "players/openai.html").contains("<sup><a href=\"../claims/"));
    }

    fn story_of(files: &[File], name: &str) -> String {
        let found = files.iter().find(|(known, _)| known == name).unwrap();
        String::from_utf8(found.1.clone()).unwrap()
    }
}
