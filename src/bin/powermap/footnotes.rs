//! Sources by number: each place of a document gets the next number where it first stands in what is printed.

use crate::fitted::wrapped;
use crate::words::Message;
use indexmap::IndexSet;
use powermap::Lang;
use powermap_rdf::table::TableFormat;

/// The places that were given numbers, in their order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Footnotes {
    places: IndexSet<String>,
}

impl Footnotes {
    /// Returns the numbers of places, runs of three and more as `1–3`; places that are new get the next ones.
    pub(crate) fn numbers(&mut self, places: &[String]) -> String {
        let mut numbers: Vec<usize> = places
            .iter()
            .map(|place| self.places.insert_full(place.clone()).0 + 1)
            .collect();
        numbers.sort_unstable();
        numbers.dedup();
        let runs = numbers.chunk_by(|one, next| one + 1 == *next);
        let runs = runs.map(|run| match run {
            [first, _, .., last] => format!("{first}–{last}"),
            few => few
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(", "),
        });
        runs.collect::<Vec<_>>().join(", ")
    }

    /// Returns the list of the places, under a heading; nothing where there are none.
    pub(crate) fn list(&self, format: TableFormat, columns: Option<usize>, lang: Lang) -> String {
        if self.places.is_empty() {
            return String::new();
        }
        let heading = Message::SourcesBelow.text(lang);
        let places = self.places.iter().enumerate();
        let mut text = match format {
            TableFormat::Markdown => format!("**{heading}**\n\n"),
            _ => format!("{heading}\n"),
        };
        for (number, place) in places {
            let number = number + 1;
            let line = match format {
                TableFormat::Markdown => format!("{number}. {place}"),
                _ => format!("[{number}] {place}"),
            };
            let line = match columns {
                Some(columns) => wrapped(&line, columns, number.to_string().len() + 3),
                None => line,
            };
            text.push_str(&line);
            text.push('\n');
        }
        text
    }

    /// Returns the places in the order of their numbers.
    pub(crate) fn places(&self) -> impl Iterator<Item = &str> {
        self.places.iter().map(String::as_str)
    }

    /// Returns the places as one paragraph; nothing where there are none.
    pub(crate) fn paragraph(&self, columns: usize, lang: Lang) -> String {
        if self.places.is_empty() {
            return String::new();
        }
        let places = self.places().zip(1..);
        let places: Vec<_> = places
            .map(|(place, number)| format!("[{number}] {place}"))
            .collect();
        let separator = Message::Semicolon.text(lang);
        let heading = Message::SourcesBelow.text(lang);
        let colon = Message::Colon.text(lang);
        wrapped(
            &format!("{heading}{colon}{}", places.join(separator)),
            columns,
            4,
        )
    }
}
