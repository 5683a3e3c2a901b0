//! A first mapping as text, with what it was guessed from.

use crate::format::mapping::columns::ColumnGuess;
use crate::format::mapping::file::{DATES, NUMBERS};
use crate::format::mapping::guess::{Guessed, LeftOutGuess, SheetGuess, Suggestion, Written};
use crate::format::mapping::roles::Certainty;
use crate::model::lang::Lang;
use crate::words::Message;

/// The most characters of a cell that a comment shows.
const SAMPLE_CHARS_MAX: usize = 40;

struct Printer {
    text: String,
    undecided: usize,
    numbers: Vec<String>,
    lang: Lang,
}

/// Writes what was guessed of a file.
pub(super) fn mapping(file_name: &str, guesses: &[Guessed], lang: Lang) -> Suggestion {
    let mut printer = Printer {
        text: String::new(),
        undecided: 0,
        numbers: Vec::new(),
        lang,
    };
    let name = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
    printer.comment(&Message::MappingHead.filled(lang, &[("file", &plain(name))]));
    printer.comment(Message::MappingHow.text(lang));
    printer.line(&format!("file = {}", quoted(name)));
    for guess in guesses {
        printer.text.push('\n');
        match guess {
            Guessed::Sheet(guess) => printer.sheet(guess),
            Guessed::Unknown(sheet, cells) => {
                let cells = samples(cells, lang);
                let parts: [(&str, &dyn std::fmt::Display); 2] =
                    [("sheet", &plain(sheet)), ("cells", &cells)];
                printer.comment(&Message::MappingSheetUnknown.filled(lang, &parts));
            }
        }
    }
    if printer.undecided > 0 {
        let count = printer.undecided;
        let note = Message::MappingUndecided.filled(lang, &[("count", &count)]);
        printer.text = format!("# {note}\n{}", printer.text);
    }
    Suggestion {
        text: printer.text,
        undecided: printer.undecided,
        numbers: printer.numbers,
    }
}

impl Printer {
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn comment(&mut self, comment: &str) {
        self.line(&format!("# {comment}"));
    }

    /// Writes a line with what it was guessed from.
    fn remarked(&mut self, line: &str, remark: &str) {
        match remark.is_empty() {
            true => self.line(line),
            false => self.line(&format!("{line}  # {remark}")),
        }
    }

    /// Writes a value in quotes, and counts it where it is not decided.
    fn value(&mut self, text: &str) -> String {
        self.undecided += usize::from(text == "?");
        quoted(text)
    }

    fn sheet(&mut self, guess: &SheetGuess) {
        let lang = self.lang;
        self.line("[[sheet]]");
        if let Some(name) = &guess.name {
            self.line(&format!("name = {}", quoted(name)));
        }
        let rows = Message::MappingRows.filled(lang, &[("count", &guess.rows)]);
        self.remarked(&format!("table = \"{}\"", guess.table), &rows);
        self.line(&format!("header = {}", guess.header));
        if let Some(last) = guess.last {
            self.remarked(&format!("last = {last}"), Message::MappingLast.text(lang));
        }
        let numbers = NUMBERS.map(|(name, marks)| (name, marks));
        self.written("numbers", &guess.numbers, &numbers);
        self.written("dates", &guess.dates, &DATES);
        if !guess.constants.is_empty() {
            self.line("\n[sheet.constants]");
            for (name, text) in &guess.constants {
                let value = self.value(text);
                self.line(&format!("{name} = {value}"));
            }
        }
        self.line("\n[sheet.columns]");
        for column in &guess.columns {
            self.column(column);
        }
        if !guess.left_out.is_empty() {
            self.line("\n[sheet.left_out]");
            for column in &guess.left_out {
                self.left_out(column);
            }
        }
    }

    fn written<T: Copy + PartialEq>(
        &mut self,
        key: &str,
        written: &Written<T>,
        known: &[(&str, T)],
    ) {
        let lang = self.lang;
        match written {
            Written::Either => {}
            Written::As(way, cell) => {
                let name = known.iter().find(|(_, known)| known == way);
                let name = name.map_or("?", |(name, _)| name);
                let remark = Message::MappingAsIn.filled(lang, &[("cell", &sample(cell))]);
                self.remarked(&format!("{key} = \"{name}\""), &remark);
            }
            Written::Unknown(cells) => {
                let ways: Vec<_> = known.iter().map(|(name, _)| quoted(name)).collect();
                let ways = ways.join(Message::ListSeparator.text(lang));
                let cells = samples(cells, lang);
                let parts: [(&str, &dyn std::fmt::Display); 2] =
                    [("cells", &cells), ("ways", &ways)];
                let remark = Message::MappingChoose.filled(lang, &parts);
                self.undecided += 1;
                self.remarked(&format!("{key} = \"?\""), &remark);
            }
        }
    }

    fn column(&mut self, column: &ColumnGuess) {
        let lang = self.lang;
        let mut keys = vec![format!("column = \"{}\"", column.column)];
        if let Some(unit) = &column.unit {
            keys.push(format!("unit = {}", self.value(unit)));
        }
        if let Some(factor) = column.factor {
            keys.push(format!("factor = {factor}"));
        }
        if let Some(scheme) = column.scheme {
            keys.push(format!("scheme = \"{scheme}\""));
        }
        if let Some(claim) = &column.claim {
            keys.push(format!("claim = {}", quoted(claim)));
        }
        if !column.with.is_empty() {
            let with = column.with.iter();
            let with: Vec<_> = with
                .map(|(name, text)| format!("{name} = {}", quoted(text)))
                .collect();
            keys.push(format!("with = {{ {} }}", with.join(", ")));
        }
        if !column.values.is_empty() {
            let mut values = Vec::new();
            for (theirs, ours) in &column.values {
                values.push(format!("{} = {}", quoted(theirs), self.value(ours)));
            }
            keys.push(format!("values = {{ {} }}", values.join(", ")));
        }
        let value = match keys.len() {
            1 => quoted(column.column),
            _ => format!("{{ {} }}", keys.join(", ")),
        };
        let certainty = match column.certainty {
            Certainty::Sure => Message::MappingSure,
            Certainty::Likely => Message::MappingLikely,
            Certainty::Guess => Message::MappingGuess,
        };
        let cells = samples(&column.samples, lang);
        let remark = match cells.is_empty() {
            true => certainty.text(lang).to_owned(),
            false => {
                let certainty = certainty.text(lang);
                let parts: [(&str, &dyn std::fmt::Display); 2] =
                    [("certainty", &certainty), ("cells", &cells)];
                Message::MappingSamples.filled(lang, &parts)
            }
        };
        self.remarked(&format!("{} = {value}", quoted(&column.heading)), &remark);
    }

    fn left_out(&mut self, column: &LeftOutGuess) {
        let lang = self.lang;
        let reason = match &column.taken {
            Some((ours, theirs)) => {
                let parts: [(&str, &dyn std::fmt::Display); 2] =
                    [("column", ours), ("other", &plain(theirs))];
                Message::MappingTaken.filled(lang, &parts)
            }
            None if column.has_numbers => {
                self.numbers.push(plain(&column.heading));
                Message::MappingNumbers.text(lang).to_owned()
            }
            None => Message::MappingNoColumn.text(lang).to_owned(),
        };
        let cells = samples(&column.samples, lang);
        let line = format!("{} = {}", quoted(&column.heading), quoted(&reason));
        self.remarked(&line, &cells);
    }
}

/// Returns a text in quotes, as TOML has it.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => quoted.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// Returns a text that fits in a comment.
fn plain(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

fn sample(text: &str) -> String {
    let short: String = plain(text).chars().take(SAMPLE_CHARS_MAX).collect();
    let more = if short.chars().count() < text.chars().count() {
        "…"
    } else {
        ""
    };
    format!("\"{short}{more}\"")
}

fn samples(cells: &[String], lang: Lang) -> String {
    let cells: Vec<_> = cells.iter().map(|cell| sample(cell)).collect();
    cells.join(Message::ListSeparator.text(lang))
}
