//! What the program prints: data to stdout or a file, all else to stderr.

use crate::exit::Exit;
use crate::failure::{fail, hint};
use crate::fitted::{fit_help, fit_lines};
use crate::neutral::{Neutral, neutral};
use crate::options::Options;
use crate::picture::OutputFormat;
use crate::screen::{Screen, has_colours, stderr_columns, stdout_columns};
use crate::spoken;
use crate::spreadsheet::AsText;
use crate::words::{Message, said};
use anyhow::{Context, Result};
use clap::error::ErrorKind;
use powermap::MapError;
use powermap::map::MapNotice;
use powermap::model::Lang;
use powermap_rdf::results::ResultFormat;
use powermap_rdf::table::TableFormat;
use powermap_rdf::{SparqlError, StoreError, TemporaryPath, write_file_with};
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

/// Where the results of a verb go, and how.
#[derive(Debug, Clone)]
pub(crate) struct Output {
    /// The format that was asked for, if one was.
    pub(crate) format: Option<ResultFormat>,
    /// The language of headings and messages.
    pub(crate) lang: Lang,
    /// What tables are fitted to.
    pub(crate) screen: Screen,
    file: Option<PathBuf>,
    quiet: bool,
    /// Whether CSV is for a spreadsheet.
    spreadsheet: bool,
}

impl Output {
    pub(crate) fn new(options: &Options) -> Self {
        Self {
            format: options.format.and_then(OutputFormat::rows),
            lang: options.lang,
            screen: Screen::of(options),
            file: options.output.clone(),
            quiet: options.quiet,
            spreadsheet: options.spreadsheet,
        }
    }

    /// The format of a report, which is a table and no graph.
    pub(crate) fn table_format(&self) -> Result<TableFormat> {
        let name = self.format.unwrap_or_default().name();
        match name.parse() {
            Ok(format) => Ok(format),
            Err(_) => fail!(
                "a report cannot be written as {}", name;
                "use --format {}", TableFormat::NAMES.map(|(name, _)| name).join(", ")
            ),
        }
    }

    /// Writes data to stdout, or to the file of `--output`, which is whole or not there at all.
    pub(crate) fn data<T>(&self, write: impl FnOnce(&mut dyn Write) -> Result<T>) -> Result<T> {
        self.put(io::stdout().is_terminal(), write)
    }

    /// Writes rows or sentences in a format as [`data`](Self::data) does; what people read holds nothing that a terminal
    /// obeys, even where a pager stands before it.
    pub(crate) fn text<T>(
        &self,
        format: TableFormat,
        write: impl FnOnce(&mut dyn Write) -> Result<T>,
    ) -> Result<T> {
        let is_for_people = matches!(format, TableFormat::Table | TableFormat::Markdown);
        self.put(is_for_people || io::stdout().is_terminal(), write)
    }

    fn put<T>(
        &self,
        is_for_people: bool,
        write: impl FnOnce(&mut dyn Write) -> Result<T>,
    ) -> Result<T> {
        match self.spreadsheet && self.format == Some(ResultFormat::Csv) {
            true => self.send(is_for_people, |out| {
                let mut cells = AsText::new(out);
                let written = write(&mut cells)?;
                cells.finish()?;
                Ok(written)
            }),
            false => self.send(is_for_people, write),
        }
    }

    fn send<T>(
        &self,
        is_for_people: bool,
        write: impl FnOnce(&mut dyn Write) -> Result<T>,
    ) -> Result<T> {
        if let Some(path) = &self.file {
            return to_file(path, write);
        }
        let stdout = BufWriter::new(io::stdout().lock());
        match is_for_people {
            true => to_stdout(Neutral::new(stdout), write),
            false => to_stdout(stdout, write),
        }
    }

    /// The file of `--output`.
    pub(crate) fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    /// Tells that rows were left out, because `limit` is the most that was wanted.
    pub(crate) fn cut(&self, limit: Option<usize>) {
        let limit = limit.unwrap_or_default().to_string();
        self.note(&Message::MoreRows.filled(self.lang, &[("limit", &limit)]));
    }

    /// Tells how many rows had no room on the screen.
    pub(crate) fn more(&self, rows: usize) {
        if rows > 0 {
            let message = match rows {
                1 => Message::OneRowBelow,
                _ => Message::RowsBelow,
            };
            self.note(&message.filled(self.lang, &[("count", &rows.to_string())]));
        }
    }

    /// Tells what could not be written, in a sentence.
    pub(crate) fn left_out(&self, sentence: &str) {
        self.warning(&Message::LeftOut.filled(self.lang, &[("sentence", sentence)]));
    }

    /// Tells what was wrong with a part of the input, while the rest was used.
    pub(crate) fn problem(&self, text: &str) {
        let text = neutral(text);
        say(&format!(
            "{}{text}",
            painted(Message::LabelError.text(self.lang), "31")
        ));
    }

    /// Tells of something that looks wrong and is no error.
    pub(crate) fn warning(&self, text: &str) {
        if !self.quiet {
            let text = neutral(text);
            say(&format!(
                "{}{text}",
                painted(Message::LabelWarning.text(self.lang), "33")
            ));
        }
    }

    /// Whether nothing but errors is told.
    pub(crate) fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// Tells what a reader of the map has to know.
    pub(crate) fn notices(&self, notices: impl IntoIterator<Item = MapNotice>) {
        for notice in notices {
            self.warning(&notice.text(self.lang));
        }
    }

    /// Tells something that is no error and no data.
    pub(crate) fn note(&self, text: &str) {
        if !self.quiet {
            say(&neutral(text));
        }
    }
}

fn to_stdout<T>(out: impl Write, write: impl FnOnce(&mut dyn Write) -> Result<T>) -> Result<T> {
    let mut out = Watched::new(out);
    let written = write(&mut out).and_then(|written| {
        out.flush()?;
        Ok(written)
    });
    match out.has_failed {
        true => written.context("could not write to stdout"),
        false => written,
    }
}

/// Writes a file whole or not at all.
pub(crate) fn to_file<T>(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<T>,
) -> Result<T> {
    // What went wrong besides writing cannot pass through the file's own kind of error.
    let mut written = None;
    let filed = write_file_with(path, |out| {
        let mut out = Watched::new(out);
        let result = write(&mut out);
        let ok = result.is_ok();
        let failed_to_write = out.has_failed;
        match result {
            Err(error) if failed_to_write => Err(io_error(error)),
            result => {
                written = Some(result);
                // Nothing may be put in place after an error.
                if ok {
                    Ok(())
                } else {
                    Err(io::ErrorKind::Interrupted.into())
                }
            }
        }
    });
    match (written, filed) {
        (Some(Err(error)), _) => Err(error),
        (_, Err(error)) => Err(MapError::from(error).into()),
        (Some(Ok(written)), Ok(())) => Ok(written),
        (None, Ok(())) => fail!("{}: nothing was written", path.display()),
    }
}

/// Checks that a folder is not there yet, or empty.
pub(crate) fn check_new_folder(path: &Path) -> Result<()> {
    let failed = |error| MapError::from(StoreError::io("write the folder", path, error));
    let is_taken = |path: &Path| Ok::<_, io::Error>(std::fs::read_dir(path)?.next().is_some());
    if path.exists() && is_taken(path).map_err(failed)? {
        fail!(
            "{}: the folder is not empty", path.display();
            "choose a new one: nothing is overwritten"
        );
    }
    Ok(())
}

/// Makes a folder with these files in it, whole or not at all. It must not be there yet, or be empty.
pub(crate) fn to_new_folder(path: &Path, files: &[(String, Vec<u8>)]) -> Result<()> {
    let failed = |action| {
        move |error| anyhow::Error::from(MapError::from(StoreError::io(action, path, error)))
    };
    check_new_folder(path)?;
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(format!(".{}.tmp", std::process::id()));
    let temporary = path.with_file_name(name);
    let _noted = TemporaryPath::note(&temporary);
    let fill = || -> Result<()> {
        std::fs::create_dir_all(&temporary).map_err(failed("make the folder"))?;
        for (name, bytes) in files {
            let file = temporary.join(name);
            if let Some(parent) = file.parent() {
                std::fs::create_dir_all(parent).map_err(failed("make the folder"))?;
            }
            to_file(&file, |out| Ok(out.write_all(bytes)?))?;
        }
        if path.exists() {
            std::fs::remove_dir(path).map_err(failed("replace the folder"))?;
        }
        std::fs::rename(&temporary, path).map_err(failed("make the folder"))
    };
    let filled = fill();
    if filled.is_err() {
        // What is left of it is in nobody's way, so failing to remove it is no failure.
        let _ = std::fs::remove_dir_all(&temporary);
    }
    filled
}

/// The error of the operating system inside an error.
fn io_error(error: anyhow::Error) -> io::Error {
    match error.downcast::<io::Error>() {
        Ok(error) => error,
        Err(error) => match error.downcast::<SparqlError>() {
            Ok(SparqlError::Io(error)) => error,
            Ok(error) => io::Error::other(error),
            Err(error) => io::Error::other(error.to_string()),
        },
    }
}

/// A writer that remembers whether writing failed, so that the error can say what was written to.
struct Watched<W> {
    inner: W,
    has_failed: bool,
}

impl<W: Write> Watched<W> {
    fn new(inner: W) -> Self {
        Self {
            inner,
            has_failed: false,
        }
    }

    fn watch<T>(&mut self, result: io::Result<T>) -> io::Result<T> {
        self.has_failed |= result.is_err();
        result
    }
}

impl<W: Write> Write for Watched<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let result = self.inner.write(bytes);
        self.watch(result)
    }

    fn flush(&mut self) -> io::Result<()> {
        let result = self.inner.flush();
        self.watch(result)
    }
}

/// Writes lines to stderr, as wide as there is room. Nobody can be told that stderr is closed, so that is ignored.
fn say(text: &str) {
    let text = match stderr_columns() {
        Some(columns) => fit_lines(text, columns),
        None => text.to_owned(),
    };
    let _ = writeln!(io::stderr(), "{text}");
}

/// A word in colour where stderr shows colours.
fn painted(word: &str, code: &str) -> String {
    match has_colours(io::stderr()) {
        true => format!("\x1b[1;{code}m{word}\x1b[0m"),
        false => word.to_owned(),
    }
}

/// Prints what went wrong, and after an empty line what to try.
fn report(message: &str, hint: Option<&str>, lang: Lang) {
    say(&format!(
        "{}{}",
        painted(Message::LabelError.text(lang), "31"),
        neutral(message.trim_end())
    ));
    if let Some(hint) = hint {
        say(&format!(
            "\n{}{}",
            painted(Message::LabelHint.text(lang), "36"),
            neutral(hint.trim())
        ));
    }
}

/// Prints an error with its causes.
pub(crate) fn error(error: &anyhow::Error, lang: Lang) {
    let mut message = String::new();
    for cause in error.chain() {
        let text = spoken::message(cause, lang);
        // A transparent error says the same as its cause.
        if !message.contains(&text) {
            if !message.is_empty() {
                message.push_str(": ");
            }
            message.push_str(&text);
        }
    }
    report(&message, hint(error, lang).as_deref(), lang);
}

/// Whether the reader of stdout went away, as `head` does.
pub(crate) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let io = cause
            .downcast_ref::<io::Error>()
            .or_else(|| match cause.downcast_ref()? {
                SparqlError::Io(error) => Some(error),
                _ => None,
            })
            .or_else(|| match cause.downcast_ref()? {
                MapError::Sparql(SparqlError::Io(error)) => Some(error),
                _ => None,
            });
        io.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    })
}

/// Prints help or the version in lines that fit.
fn print_help(error: &clap::Error) -> io::Result<()> {
    let text = error.render();
    let text = match has_colours(io::stdout()) {
        true => text.ansi().to_string(),
        false => text.to_string(),
    };
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{}", fit_help(&text, stdout_columns()))?;
    stdout.flush()
}

/// Prints help or the version, or what is wrong with the arguments of a verb, if one was typed, or of what may be a question.
pub(crate) fn usage(
    error: &clap::Error,
    verb: Option<&str>,
    is_question: bool,
    lang: Lang,
) -> Exit {
    let is_help = matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    );
    if is_help {
        return match print_help(error) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                report(&format!("could not write to stdout: {error}"), None, lang);
                Exit::Error
            }
            _ => Exit::Done,
        };
    }
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        say(&fit_help(&error.render().to_string(), stderr_columns()));
        return Exit::Error;
    }
    let see = || match (verb, error.kind()) {
        // Who types a question finds an answer in one of these.
        (None, ErrorKind::InvalidSubcommand) => said(
            "powermap show PLAYER and powermap brief PLAYER tell of one player, powermap ask lists the questions, powermap --help the verbs",
            lang,
            &[],
        ),
        _ => said(
            "see `powermap {} --help`",
            lang,
            &[verb.unwrap_or("VERB").to_owned()],
        ),
    };
    // A verb that is spelt alike may have nothing to do with a question.
    if let Some((message, mut hints)) = spoken::usage(error, lang) {
        hints.extend((is_question || hints.is_empty()).then(see));
        report(&message, Some(&hints.join("\n")), lang);
        return Exit::Error;
    }
    let text = error.render().to_string();
    let mut message = Vec::new();
    let mut hints = Vec::new();
    for paragraph in text.trim_end().split("\n\n") {
        if let Some(tip) = paragraph.trim_start().strip_prefix("tip: ") {
            hints.extend(tip.split("\n  tip: ").map(str::to_owned));
        } else if !paragraph.starts_with("For more information") {
            message.push(paragraph);
        }
    }
    hints.extend((is_question || hints.is_empty()).then(see));
    let message = message.join("\n\n");
    let message = message.strip_prefix("error: ").unwrap_or(&message);
    report(message, Some(&hints.join("\nhint: ")), lang);
    Exit::Error
}
