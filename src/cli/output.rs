//! What the program prints: data to stdout or a file, all else to stderr.

use crate::cli::args::Options;
use crate::cli::exit::Exit;
use crate::format::error::FormatError;
use crate::format::table::TableFormat;
use crate::map::error::MapError;
use crate::model::lang::Lang;
use crate::sparql::error::SparqlError;
use crate::sparql::results::ResultFormat;
use crate::store::error::StoreError;
use anyhow::{Context, Result, bail};
use clap::error::ErrorKind;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::PathBuf;

/// Where the results of a verb go, and how.
#[derive(Debug, Clone)]
pub(crate) struct Output {
    /// The format that was asked for.
    pub(crate) format: ResultFormat,
    /// The language of headings and messages.
    pub(crate) lang: Lang,
    file: Option<PathBuf>,
    quiet: bool,
}

impl Output {
    pub(crate) fn new(options: &Options) -> Self {
        Self {
            format: options.format,
            lang: options.lang,
            file: options.output.clone(),
            quiet: options.quiet,
        }
    }

    /// The format of a report, which is a table and no graph.
    pub(crate) fn table_format(&self) -> Result<TableFormat> {
        let name = self.format.name();
        match name.parse() {
            Ok(format) => Ok(format),
            Err(_) => bail!(
                "a report cannot be written as {name}\nhint: use --format {}",
                TableFormat::NAMES.map(|(name, _)| name).join(", ")
            ),
        }
    }

    /// Writes data to stdout, or to the file of `--output`, which is whole or not there at all.
    pub(crate) fn data<T>(&self, write: impl FnOnce(&mut dyn Write) -> Result<T>) -> Result<T> {
        let Some(path) = &self.file else {
            let mut out = Watched::new(BufWriter::new(io::stdout().lock()));
            let written = write(&mut out).and_then(|written| {
                out.flush()?;
                Ok(written)
            });
            return match out.has_failed {
                true => written.context("could not write to stdout"),
                false => written,
            };
        };
        let mut bytes = Vec::new();
        let written = write(&mut bytes)?;
        let failed = |error| MapError::from(StoreError::io("write the file", path, error));
        std::fs::write(path, bytes).map_err(failed)?;
        Ok(written)
    }

    /// Tells that rows were left out, because `limit` is the most that was wanted.
    pub(crate) fn cut(&self, limit: Option<usize>) {
        let limit = limit.unwrap_or_default();
        self.note(&match self.lang {
            Lang::En => format!("only the first {limit} rows: --limit-rows left the others out"),
            Lang::Zh => format!("只列出前 {limit} 行：其余被 --limit-rows 略去"),
        });
    }

    /// Tells something that is no error and no data.
    pub(crate) fn note(&self, text: &str) {
        if !self.quiet {
            say(text);
        }
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

/// Writes a line to stderr. Nobody can be told that stderr is closed, so that is ignored.
fn say(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// A word in colour where stderr is a terminal and nothing forbids it (<https://no-color.org>).
fn painted(word: &str, code: &str) -> String {
    let forbidden = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    if !forbidden && io::stderr().is_terminal() {
        format!("\x1b[1;{code}m{word}\x1b[0m")
    } else {
        word.to_owned()
    }
}

/// Prints what went wrong, and after an empty line what to try.
fn report(message: &str, hint: Option<&str>) {
    say(&format!(
        "{} {}",
        painted("error:", "31"),
        message.trim_end()
    ));
    if let Some(hint) = hint {
        say(&format!("\n{} {}", painted("hint:", "36"), hint.trim()));
    }
}

/// Prints an error with its causes.
pub(crate) fn error(error: &anyhow::Error) {
    let mut message = String::new();
    for cause in error.chain() {
        let text = cause.to_string();
        // A transparent error says the same as its cause.
        if !message.contains(&text) {
            if !message.is_empty() {
                message.push_str(": ");
            }
            message.push_str(&text);
        }
    }
    if let Some((message, hint)) = message.split_once("\nhint: ") {
        return report(message, Some(hint));
    }
    // The lower floors, which know no lines of advice, put it in parentheses.
    match hint_of(error) {
        Some(hint) => report(&message.replace(&format!(" ({hint})"), ""), Some(&hint)),
        None => report(&message, None),
    }
}

fn hint_of(error: &anyhow::Error) -> Option<String> {
    error.chain().find_map(|cause| {
        let format = |error: &FormatError| error.problem()?.hint.clone();
        let store = |error: &StoreError| match error {
            StoreError::Format(error) => format(error),
            StoreError::Io { hint, .. } => Some((*hint).to_owned()),
            _ => None,
        };
        match cause.downcast_ref::<MapError>() {
            Some(MapError::Format(error)) => return format(error),
            Some(MapError::Store(error)) => return store(error),
            _ => {}
        }
        cause
            .downcast_ref()
            .and_then(format)
            .or_else(|| cause.downcast_ref().and_then(store))
    })
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

/// Prints help or the version, or what is wrong with the arguments.
pub(crate) fn usage(error: &clap::Error) -> Exit {
    let is_help = matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
    );
    if is_help {
        return match error.print() {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                report(&format!("could not write to stdout: {error}"), None);
                Exit::Error
            }
            _ => Exit::Done,
        };
    }
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        say(error.render().to_string().trim_end());
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
    if hints.is_empty() {
        hints.push("--help behind a verb shows its options and examples".to_owned());
    }
    let message = message.join("\n\n");
    let message = message.strip_prefix("error: ").unwrap_or(&message);
    report(message, Some(&hints.join("\nhint: ")));
    Exit::Error
}
