//! How much room there is for tables.

use crate::fitted::fitted;
use crate::options::Options;
use powermap_rdf::table::{Table, TableFormat};
use std::env;
use std::io::{self, IsTerminal};
use terminal_size::{Height, Width, terminal_size_of};

/// The lines of the headings of a table.
const HEADING: usize = 2;
/// The most tables that share a screen; where there are more, one has to scroll.
const TABLES_MAX: usize = 3;
/// The fewest rows that a screenful shows of a table.
const ROWS_MIN: usize = 5;

/// The columns and lines that tables are fitted to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Screen {
    /// The columns; `None` where tables are as wide as they are.
    pub(crate) columns: Option<usize>,
    /// The lines; `None` where all rows are printed.
    lines: Option<usize>,
}

impl Screen {
    /// Returns the room that the options give, or else the terminal that stdout is, or `COLUMNS`; there is no end to a file,
    /// nor to a pipe without these.
    pub(crate) fn of(options: &Options) -> Self {
        let size = terminal_size_of(io::stdout()).filter(|_| options.output.is_none());
        let columns = || columns(size).filter(|_| options.output.is_none());
        let lines = size.map(|(_, lines)| usize::from(lines.0));
        Self {
            columns: options
                .width
                .or_else(|| columns().filter(|_| !options.wide)),
            // Where nothing may be said, nothing says that rows are missing.
            lines: lines.filter(|_| !options.all && !options.quiet),
        }
    }

    /// Returns whether there is room for everything.
    pub(crate) fn is_endless(self) -> bool {
        self == Self::default()
    }

    /// Returns the most of a number of rows that there may be room for.
    pub(crate) fn rows_max(self, rows: usize) -> usize {
        self.lines_of(1).map_or(rows, |most| rows.min(most))
    }

    /// Returns as many of the first rows of a table as there is room for, as text, and how many these are; `first` makes the
    /// table of a number of rows, and the table is one of several that are printed one under the other.
    pub(crate) fn fit(
        self,
        rows: usize,
        tables: usize,
        mut first: impl FnMut(usize) -> Table,
    ) -> (String, usize) {
        let text = |table: &Table| match self.columns {
            Some(columns) => fitted(table, columns),
            None => table.to_text(TableFormat::Table),
        };
        let Some(most) = self.lines_of(tables) else {
            return (text(&first(rows)), rows);
        };
        let mut shown = rows.min(most);
        let mut lines = |rows| text(&first(rows)).lines().count().saturating_sub(HEADING);
        loop {
            let lines = lines(shown);
            if lines <= most || shown <= 1 {
                break;
            }
            shown = (shown * most / lines).clamp(1, shown - 1);
        }
        // The rows that had no room may have been the ones that made all the others long.
        while shown < rows && lines(shown + 1) <= most {
            shown += 1;
        }
        (text(&first(shown)), shown)
    }

    /// Returns the most lines of each of a number of tables.
    fn lines_of(self, tables: usize) -> Option<usize> {
        // Headings, and what stands below a table.
        let lines = self.lines?.saturating_sub(3 * HEADING);
        Some((lines / tables.clamp(1, TABLES_MAX)).max(ROWS_MIN))
    }
}

/// Returns the columns that text on stdout may take.
pub(crate) fn stdout_columns() -> Option<usize> {
    columns(terminal_size_of(io::stdout()))
}

/// Returns the columns that what is told on stderr may take.
pub(crate) fn stderr_columns() -> Option<usize> {
    columns(terminal_size_of(io::stderr()))
}

/// Returns the columns of a terminal, or those of `COLUMNS`.
fn columns(terminal: Option<(Width, Height)>) -> Option<usize> {
    let terminal = terminal.map(|(columns, _)| usize::from(columns.0));
    let told = || env::var("COLUMNS").ok()?.parse().ok();
    terminal.or_else(told).filter(|columns| *columns > 0)
}

/// Returns whether a stream is a terminal that shows colours, and nobody forbids them (<https://no-color.org>).
pub(crate) fn has_colours(stream: impl IsTerminal) -> bool {
    let forbidden = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let is_dumb = env::var_os("TERM").is_some_and(|value| value == "dumb");
    !forbidden && !is_dumb && stream.is_terminal()
}
